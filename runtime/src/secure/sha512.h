/*
 * HMAC-SHA-512 (RFC 2104) and HKDF-SHA-512 (RFC 5869) over bytes that lie in pieces.
 *
 * OPAQUE and the OPRF hash what they concatenate; pieces spare them the copies, of secrets above
 * all. Pieces of no bytes may have NULL. Any thread.
 */
#ifndef CX_SECURE_SHA512_H
#define CX_SECURE_SHA512_H

#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>

#define CX_SHA512 64u
#define CX_HKDF_MAX (255u * CX_SHA512)

/* One piece. */
static inline coax_bytes cx_piece(const void *data, size_t len)
{
    coax_bytes piece = { (const uint8_t *)data, len };
    return piece;
}

/* A piece of text, without its NUL. */
static inline coax_bytes cx_piece_text(const char *text)
{
    return cx_piece(text, strlen(text));
}

void cx_sha512(const coax_bytes *pieces, size_t n_pieces, uint8_t ret_hash[CX_SHA512]);

void cx_hmac_sha512(coax_bytes key, const coax_bytes *pieces, size_t n_pieces,
                    uint8_t ret_mac[CX_SHA512]);

/* HKDF-Extract: a key from `input`. `salt` may be empty. */
void cx_hkdf_extract(coax_bytes salt, const coax_bytes *pieces, size_t n_pieces,
                     uint8_t ret_key[CX_SHA512]);

/* HKDF-Expand: `len` bytes, at most CX_HKDF_MAX, for the purpose that `info` names. */
void cx_hkdf_expand(coax_bytes key, const coax_bytes *info, size_t n_info, uint8_t *ret_bytes,
                    size_t len);

#endif
