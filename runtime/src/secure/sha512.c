/*
 * HMAC and HKDF with SHA-512, on libsodium's.
 *
 * Knows no protocol. Read next: oprf.c, opaque_parts.h.
 */
#include <sodium.h>
#include <string.h>

#include "secure/sha512.h"

void cx_sha512(const coax_bytes *pieces, size_t n_pieces, uint8_t ret_hash[CX_SHA512])
{
    crypto_hash_sha512_state state;
    (void)crypto_hash_sha512_init(&state);
    for (size_t i = 0; i < n_pieces; i++)
        (void)crypto_hash_sha512_update(&state, pieces[i].data, pieces[i].len);
    (void)crypto_hash_sha512_final(&state, ret_hash);
    sodium_memzero(&state, sizeof state);
}

/* libsodium's parameters may not be NULL, an empty key may. */
static void start(crypto_auth_hmacsha512_state *state, coax_bytes key)
{
    static const uint8_t none[1] = { 0 };
    (void)crypto_auth_hmacsha512_init(state, key.len > 0 ? key.data : none, key.len);
}

void cx_hmac_sha512(coax_bytes key, const coax_bytes *pieces, size_t n_pieces,
                    uint8_t ret_mac[CX_SHA512])
{
    crypto_auth_hmacsha512_state state;
    start(&state, key);
    for (size_t i = 0; i < n_pieces; i++)
        (void)crypto_auth_hmacsha512_update(&state, pieces[i].data, pieces[i].len);
    (void)crypto_auth_hmacsha512_final(&state, ret_mac);
    sodium_memzero(&state, sizeof state);
}

void cx_hkdf_extract(coax_bytes salt, const coax_bytes *pieces, size_t n_pieces,
                     uint8_t ret_key[CX_SHA512])
{
    cx_hmac_sha512(salt, pieces, n_pieces, ret_key);
}

void cx_hkdf_expand(coax_bytes key, const coax_bytes *info, size_t n_info, uint8_t *ret_bytes,
                    size_t len)
{
    crypto_auth_hmacsha512_state state;
    uint8_t block[CX_SHA512];
    uint8_t count = 0;
    size_t done = 0;
    while (done < len) {
        start(&state, key);
        if (count > 0)
            (void)crypto_auth_hmacsha512_update(&state, block, sizeof block);
        for (size_t i = 0; i < n_info; i++)
            (void)crypto_auth_hmacsha512_update(&state, info[i].data, info[i].len);
        count++;
        (void)crypto_auth_hmacsha512_update(&state, &count, 1);
        (void)crypto_auth_hmacsha512_final(&state, block);
        size_t part = len - done < sizeof block ? len - done : sizeof block;
        memcpy(ret_bytes + done, block, part);
        done += part;
    }
    sodium_memzero(block, sizeof block);
    sodium_memzero(&state, sizeof state);
}
