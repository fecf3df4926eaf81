/*
 * The ciphers and hashes a handshake is put together from, as tables of functions over libsodium.
 *
 * Noise names a protocol by pattern, DH, cipher and hash; the DH is always 25519 here. Three pairs go on the wire
 * (coax_suite); any pair can be run by tests. Read next: cipher.c, hash.h, suite.c.
 */
#ifndef CX_SECURE_SUITE_H
#define CX_SECURE_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/auth.h>
#include <coax/bytes.h>

#define CX_CIPHER_KEY 32u
#define CX_CIPHER_TAG_MAX 32u

/* An AEAD under a 32-byte key and a counting nonce. Both directions may work in place. */
typedef struct cx_cipher {
    const char *name; /* as in Noise's protocol names */
    size_t tag;       /* bytes that ciphertexts are longer by */
    bool (*is_available)(void);
    void (*encrypt)(const uint8_t *key, uint64_t n, coax_bytes ad, const uint8_t *plain, size_t len,
                    uint8_t *out);
    bool (*decrypt)(const uint8_t *key, uint64_t n, coax_bytes ad, const uint8_t *sealed,
                    size_t len, uint8_t *out);
} cx_cipher;

extern const cx_cipher cx_cipher_chachapoly;
extern const cx_cipher cx_cipher_aesgcm;
extern const cx_cipher
    cx_cipher_aegis256; /* is_available is false where libsodium is older than 1.0.19 */

struct cx_hash;

typedef struct cx_suite {
    const char *name; /* "25519_ChaChaPoly_BLAKE2b" */
    const cx_cipher *cipher;
    const struct cx_hash *hash;
} cx_suite;

/* Of a number on the wire (coax_suite); NULL: not known, or not available here. */
const cx_suite *cx_suite_find(unsigned id);

#endif
