/*
 * CipherState by the paper: revision 34, section 5.1, and REKEY of section 4.2.
 *
 * Read next: symmetric_state.c; channel_records.c, which uses two of these for a connection's life.
 */
#include <string.h>

#include <sodium.h>

#include "secure/cipher_state.h"

void cx_cipher_initialize_key(cx_cipher_state *state, const cx_cipher *cipher, const uint8_t *key)
{
    state->cipher = cipher;
    state->n = 0;
    state->has_key = key != NULL;
    if (key != NULL)
        memcpy(state->k, key, sizeof state->k);
    else
        sodium_memzero(state->k, sizeof state->k);
}

void cx_cipher_set_nonce(cx_cipher_state *state, uint64_t n)
{
    state->n = n;
}

size_t cx_cipher_tag(const cx_cipher_state *state)
{
    return state->has_key ? state->cipher->tag : 0;
}

/* Without a key the bytes pass as they are. */
static void pass(const uint8_t *from, size_t len, uint8_t *to)
{
    if (len > 0 && from != to)
        memmove(to, from, len);
}

coax_err cx_cipher_encrypt_with_ad(cx_cipher_state *state, coax_bytes ad, const uint8_t *plain,
                                   size_t len, uint8_t *out)
{
    if (!state->has_key) {
        pass(plain, len, out);
        return COAX_OK;
    }
    if (state->n == CX_NONCE_END)
        return COAX_ERR_RESOURCE_EXHAUSTED;
    state->cipher->encrypt(state->k, state->n, ad, plain, len, out);
    state->n++;
    return COAX_OK;
}

coax_err cx_cipher_decrypt_with_ad(cx_cipher_state *state, coax_bytes ad, const uint8_t *sealed,
                                   size_t len, uint8_t *out)
{
    if (!state->has_key) {
        pass(sealed, len, out);
        return COAX_OK;
    }
    if (state->n == CX_NONCE_END)
        return COAX_ERR_RESOURCE_EXHAUSTED;
    if (len < state->cipher->tag ||
        !state->cipher->decrypt(state->k, state->n, ad, sealed, len, out))
        return COAX_ERR_TAMPERED;
    state->n++;
    return COAX_OK;
}

void cx_cipher_rekey(cx_cipher_state *state)
{
    static const uint8_t zeros[CX_CIPHER_KEY];
    uint8_t sealed[CX_CIPHER_KEY + CX_CIPHER_TAG_MAX];
    state->cipher->encrypt(state->k, CX_NONCE_END, (coax_bytes){ NULL, 0 }, zeros, sizeof zeros,
                           sealed);
    memcpy(state->k, sealed, sizeof state->k);
    sodium_memzero(sealed, sizeof sealed);
}

void cx_cipher_wipe(cx_cipher_state *state)
{
    sodium_memzero(state->k, sizeof state->k);
    state->has_key = false;
    state->n = 0;
}
