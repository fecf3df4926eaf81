/*
 * Noise's hash functions (revision 34, section 4.3 and 12.5 to 12.8): HASH, HMAC-HASH and HKDF.
 *
 * Over pieces, so that nobody puts secrets together first. Read next: hash.c.
 */
#ifndef CX_SECURE_HASH_H
#define CX_SECURE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#include <coax/bytes.h>

#define CX_HASH_LEN_MAX 64u
#define CX_HASH_BLOCK_MAX 128u

typedef union cx_hash_state {
    crypto_generichash_blake2b_state blake2b;
    crypto_hash_sha256_state sha256;
    crypto_hash_sha512_state sha512;
} cx_hash_state;

typedef struct cx_hash {
    const char *name; /* as in Noise's protocol names */
    size_t len;       /* HASHLEN */
    size_t block;     /* BLOCKLEN */
    void (*init)(cx_hash_state *state);
    void (*update)(cx_hash_state *state, const uint8_t *data, size_t len);
    void (*final)(cx_hash_state *state, uint8_t *ret_hash);
} cx_hash;

extern const cx_hash cx_hash_blake2b;
extern const cx_hash cx_hash_sha256;
extern const cx_hash cx_hash_sha512;

/* HASH of the pieces one behind the other. `ret_hash` may be one of them. */
void cx_hash_pieces(const cx_hash *hash, const coax_bytes *pieces, size_t n, uint8_t *ret_hash);

/* HMAC-HASH (RFC 2104). `key` is at most a block long: Noise has no longer ones. */
void cx_hash_hmac(const cx_hash *hash, coax_bytes key, const coax_bytes *pieces, size_t n,
                  uint8_t *ret_mac);

/*
 * HKDF (section 4.3): two outputs of hash->len bytes each, or three where `ret_3` is not NULL. `chaining_key` has
 * hash->len bytes, and may be an output.
 */
void cx_hash_hkdf(const cx_hash *hash, const uint8_t *chaining_key, coax_bytes input_key_material,
                  uint8_t *ret_1, uint8_t *ret_2, uint8_t *ret_3);

#endif
