/*
 * BLAKE2b, SHA-256 and SHA-512 as Noise wants them, and HMAC and HKDF over any of them.
 *
 * libsodium has HMAC for SHA-2 only, and Noise uses it with BLAKE2b too: one HMAC serves all three. Read next:
 * symmetric_state.c.
 */
#include <string.h>

#include "secure/hash.h"

static void blake2b_init(cx_hash_state *state)
{
    (void)crypto_generichash_blake2b_init(&state->blake2b, NULL, 0, 64);
}

static void blake2b_update(cx_hash_state *state, const uint8_t *data, size_t len)
{
    (void)crypto_generichash_blake2b_update(&state->blake2b, data, len);
}

static void blake2b_final(cx_hash_state *state, uint8_t *ret_hash)
{
    (void)crypto_generichash_blake2b_final(&state->blake2b, ret_hash, 64);
}

const cx_hash cx_hash_blake2b = { "BLAKE2b", 64, 128, blake2b_init, blake2b_update, blake2b_final };

static void sha256_init(cx_hash_state *state)
{
    (void)crypto_hash_sha256_init(&state->sha256);
}

static void sha256_update(cx_hash_state *state, const uint8_t *data, size_t len)
{
    (void)crypto_hash_sha256_update(&state->sha256, data, len);
}

static void sha256_final(cx_hash_state *state, uint8_t *ret_hash)
{
    (void)crypto_hash_sha256_final(&state->sha256, ret_hash);
}

const cx_hash cx_hash_sha256 = { "SHA256", 32, 64, sha256_init, sha256_update, sha256_final };

static void sha512_init(cx_hash_state *state)
{
    (void)crypto_hash_sha512_init(&state->sha512);
}

static void sha512_update(cx_hash_state *state, const uint8_t *data, size_t len)
{
    (void)crypto_hash_sha512_update(&state->sha512, data, len);
}

static void sha512_final(cx_hash_state *state, uint8_t *ret_hash)
{
    (void)crypto_hash_sha512_final(&state->sha512, ret_hash);
}

const cx_hash cx_hash_sha512 = { "SHA512", 64, 128, sha512_init, sha512_update, sha512_final };

static void update_pieces(const cx_hash *hash, cx_hash_state *state, const coax_bytes *pieces,
                          size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (pieces[i].len > 0)
            hash->update(state, pieces[i].data, pieces[i].len);
    }
}

void cx_hash_pieces(const cx_hash *hash, const coax_bytes *pieces, size_t n, uint8_t *ret_hash)
{
    cx_hash_state state;
    hash->init(&state);
    update_pieces(hash, &state, pieces, n);
    hash->final(&state, ret_hash);
    sodium_memzero(&state, sizeof state);
}

/* Begins the inner or the outer hash with the key, XORed with its padding byte. */
static void begin_padded(const cx_hash *hash, cx_hash_state *state, coax_bytes key, uint8_t padding)
{
    uint8_t block[CX_HASH_BLOCK_MAX];
    memset(block, padding, sizeof block);
    for (size_t i = 0; i < key.len; i++)
        block[i] ^= key.data[i];
    hash->init(state);
    hash->update(state, block, hash->block);
    sodium_memzero(block, sizeof block);
}

void cx_hash_hmac(const cx_hash *hash, coax_bytes key, const coax_bytes *pieces, size_t n,
                  uint8_t *ret_mac)
{
    cx_hash_state state;
    uint8_t inner[CX_HASH_LEN_MAX];
    begin_padded(hash, &state, key, 0x36);
    update_pieces(hash, &state, pieces, n);
    hash->final(&state, inner);
    begin_padded(hash, &state, key, 0x5c);
    hash->update(&state, inner, hash->len);
    hash->final(&state, ret_mac);
    sodium_memzero(&state, sizeof state);
    sodium_memzero(inner, sizeof inner);
}

void cx_hash_hkdf(const cx_hash *hash, const uint8_t *chaining_key, coax_bytes input_key_material,
                  uint8_t *ret_1, uint8_t *ret_2, uint8_t *ret_3)
{
    uint8_t temp_key[CX_HASH_LEN_MAX], previous[CX_HASH_LEN_MAX];
    uint8_t *const outputs[3] = { ret_1, ret_2, ret_3 };
    const coax_bytes key = { temp_key, hash->len };
    cx_hash_hmac(hash, (coax_bytes){ chaining_key, hash->len }, &input_key_material, 1, temp_key);
    for (uint8_t i = 0; i < 3 && outputs[i] != NULL; i++) {
        const uint8_t count = (uint8_t)(i + 1);
        const coax_bytes pieces[2] = { { previous, i == 0 ? 0 : hash->len }, { &count, 1 } };
        cx_hash_hmac(hash, key, pieces, 2, previous);
        memcpy(outputs[i], previous, hash->len);
    }
    sodium_memzero(temp_key, sizeof temp_key);
    sodium_memzero(previous, sizeof previous);
}
