/*
 * SymmetricState by the paper: revision 34, section 5.2.
 *
 * Read next: handshake_state.c.
 */
#include <string.h>

#include "secure/symmetric_state.h"

void cx_symmetric_initialize(cx_symmetric_state *state, const char *protocol_name,
                             const cx_cipher *cipher, const cx_hash *hash)
{
    const size_t len = strlen(protocol_name);
    const coax_bytes name = { (const uint8_t *)protocol_name, len };
    state->cipher = cipher;
    state->hash = hash;
    memset(state->h, 0, sizeof state->h);
    if (len <= hash->len)
        memcpy(state->h, protocol_name, len);
    else
        cx_hash_pieces(hash, &name, 1, state->h);
    memcpy(state->ck, state->h, sizeof state->ck);
    cx_cipher_initialize_key(&state->cipher_state, cipher, NULL);
}

void cx_symmetric_mix_key(cx_symmetric_state *state, const uint8_t *input_key_material, size_t len)
{
    uint8_t temp_k[CX_HASH_LEN_MAX]; /* cut to 32 bytes */
    cx_hash_hkdf(state->hash, state->ck, (coax_bytes){ input_key_material, len }, state->ck, temp_k,
                 NULL);
    cx_cipher_initialize_key(&state->cipher_state, state->cipher, temp_k);
    sodium_memzero(temp_k, sizeof temp_k);
}

void cx_symmetric_mix_hash(cx_symmetric_state *state, const uint8_t *data, size_t len)
{
    const coax_bytes pieces[2] = { { state->h, state->hash->len }, { data, len } };
    cx_hash_pieces(state->hash, pieces, 2, state->h);
}

void cx_symmetric_mix_key_and_hash(cx_symmetric_state *state, const uint8_t *input_key_material,
                                   size_t len)
{
    uint8_t temp_h[CX_HASH_LEN_MAX], temp_k[CX_HASH_LEN_MAX];
    cx_hash_hkdf(state->hash, state->ck, (coax_bytes){ input_key_material, len }, state->ck, temp_h,
                 temp_k);
    cx_symmetric_mix_hash(state, temp_h, state->hash->len);
    cx_cipher_initialize_key(&state->cipher_state, state->cipher, temp_k);
    sodium_memzero(temp_h, sizeof temp_h);
    sodium_memzero(temp_k, sizeof temp_k);
}

coax_err cx_symmetric_encrypt_and_hash(cx_symmetric_state *state, const uint8_t *plain, size_t len,
                                       uint8_t *out)
{
    const coax_bytes ad = { state->h, state->hash->len };
    const size_t sealed = len + cx_cipher_tag(&state->cipher_state);
    coax_err err = cx_cipher_encrypt_with_ad(&state->cipher_state, ad, plain, len, out);
    if (err == COAX_OK)
        cx_symmetric_mix_hash(state, out, sealed);
    return err;
}

coax_err cx_symmetric_decrypt_and_hash(cx_symmetric_state *state, const uint8_t *sealed, size_t len,
                                       uint8_t *out)
{
    const coax_bytes ad = { state->h, state->hash->len };
    coax_err err = cx_cipher_decrypt_with_ad(&state->cipher_state, ad, sealed, len, out);
    if (err == COAX_OK)
        cx_symmetric_mix_hash(state, sealed, len);
    return err;
}

void cx_symmetric_split(cx_symmetric_state *state, cx_cipher_state *ret_first,
                        cx_cipher_state *ret_second)
{
    uint8_t temp_k1[CX_HASH_LEN_MAX], temp_k2[CX_HASH_LEN_MAX];
    cx_hash_hkdf(state->hash, state->ck, (coax_bytes){ NULL, 0 }, temp_k1, temp_k2, NULL);
    cx_cipher_initialize_key(ret_first, state->cipher, temp_k1);
    cx_cipher_initialize_key(ret_second, state->cipher, temp_k2);
    sodium_memzero(temp_k1, sizeof temp_k1);
    sodium_memzero(temp_k2, sizeof temp_k2);
}
