/*
 * HandshakeState by the paper: revision 34, section 5.3, with pre-shared keys (section 9).
 *
 * Read next: channel_opening.c.
 */
#include <stdio.h>
#include <string.h>

#include "secure/handshake_state.h"

/* "Noise_XXpsk3_25519_ChaChaPoly_BLAKE2b" is the longest of those there are. */
enum { NAME_MAX_LEN = 64 };

static coax_err check_setup(const cx_handshake_setup *setup)
{
    const cx_pattern *pattern = setup->pattern;
    bool wants_s = setup->initiator ? pattern->initiator_is_known : pattern->responder_is_known;
    bool wants_rs = setup->initiator ? pattern->responder_is_known : pattern->initiator_is_known;
    for (unsigned i = setup->initiator ? 0 : 1; i < pattern->n_messages; i += 2)
        wants_s = wants_s || memchr(pattern->tokens[i], CX_TOKEN_S, CX_PATTERN_TOKENS) != NULL;
    if ((wants_s && setup->s == NULL) || (wants_rs && setup->rs == NULL) ||
        (pattern->is_psk && setup->psk == NULL))
        return COAX_ERR_MISUSE;
    return COAX_OK;
}

coax_err cx_handshake_initialize(cx_handshake_state *state, const cx_handshake_setup *setup)
{
    char name[NAME_MAX_LEN];
    const cx_pattern *pattern = setup->pattern;
    coax_err err = check_setup(setup);
    if (err != COAX_OK)
        return err;
    memset(state, 0, sizeof *state);
    state->pattern = pattern;
    state->env = setup->env;
    state->initiator = setup->initiator;
    (void)snprintf(name, sizeof name, "Noise_%s_25519_%s_%s", pattern->name, setup->cipher->name,
                   setup->hash->name);
    cx_symmetric_initialize(&state->symmetric_state, name, setup->cipher, setup->hash);
    cx_symmetric_mix_hash(&state->symmetric_state, setup->prologue.data, setup->prologue.len);
    if (setup->s != NULL)
        state->s = *setup->s;
    state->has_e = setup->e != NULL;
    if (state->has_e)
        state->e = *setup->e;
    state->has_rs = setup->rs != NULL;
    if (state->has_rs)
        memcpy(state->rs, setup->rs, CX_DH);
    if (setup->psk != NULL)
        memcpy(state->psk, setup->psk, CX_DH);
    if (pattern->initiator_is_known)
        cx_symmetric_mix_hash(&state->symmetric_state,
                              state->initiator ? state->s.public_key : state->rs, CX_DH);
    if (pattern->responder_is_known)
        cx_symmetric_mix_hash(&state->symmetric_state,
                              state->initiator ? state->rs : state->s.public_key, CX_DH);
    return COAX_OK;
}

/* MixKey(DH(...)). */
static coax_err mix_dh(cx_handshake_state *state, const cx_key_pair *ours, const uint8_t *theirs)
{
    uint8_t shared[CX_DH];
    const bool is_good = cx_dh(ours->secret, theirs, shared);
    if (is_good)
        cx_symmetric_mix_key(&state->symmetric_state, shared, sizeof shared);
    sodium_memzero(shared, sizeof shared);
    return is_good ? COAX_OK : COAX_ERR_PROTOCOL;
}

/* The tokens that add no bytes. */
static coax_err mix_token(cx_handshake_state *state, uint8_t token)
{
    switch (token) {
    case CX_TOKEN_EE: return mix_dh(state, &state->e, state->re);
    case CX_TOKEN_SS: return mix_dh(state, &state->s, state->rs);
    case CX_TOKEN_ES: /* the initiator's e, the responder's s */
        return state->initiator ? mix_dh(state, &state->e, state->rs)
                                : mix_dh(state, &state->s, state->re);
    case CX_TOKEN_SE:
        return state->initiator ? mix_dh(state, &state->s, state->re)
                                : mix_dh(state, &state->e, state->rs);
    default: /* CX_TOKEN_PSK */
        cx_symmetric_mix_key_and_hash(&state->symmetric_state, state->psk, sizeof state->psk);
        return COAX_OK;
    }
}

/* With a pre-shared key, ephemeral keys are mixed into the key too (section 9.2). */
static void mix_e(cx_handshake_state *state, const uint8_t *e)
{
    cx_symmetric_mix_hash(&state->symmetric_state, e, CX_DH);
    if (state->pattern->is_psk)
        cx_symmetric_mix_key(&state->symmetric_state, e, CX_DH);
}

static coax_err write_token(cx_handshake_state *state, uint8_t token, uint8_t *out, size_t *at)
{
    coax_err err;
    switch (token) {
    case CX_TOKEN_E:
        if (!state->has_e)
            cx_dh_generate(state->env, &state->e);
        memcpy(out + *at, state->e.public_key, CX_DH);
        mix_e(state, state->e.public_key);
        *at += CX_DH;
        return COAX_OK;
    case CX_TOKEN_S: {
        const size_t len = CX_DH + cx_cipher_tag(&state->symmetric_state.cipher_state);
        err = cx_symmetric_encrypt_and_hash(&state->symmetric_state, state->s.public_key, CX_DH,
                                            out + *at);
        *at += len;
        return err;
    }
    default: return mix_token(state, token);
    }
}

coax_err cx_handshake_write_message(cx_handshake_state *state, coax_bytes payload, uint8_t *out,
                                    size_t *ret_len)
{
    size_t at = 0;
    coax_err err = COAX_OK;
    for (const uint8_t *token = state->pattern->tokens[state->next]; *token != CX_TOKEN_END;
         token++) {
        err = write_token(state, *token, out, &at);
        if (err != COAX_OK)
            return err;
    }
    const size_t len = payload.len + cx_cipher_tag(&state->symmetric_state.cipher_state);
    err =
        cx_symmetric_encrypt_and_hash(&state->symmetric_state, payload.data, payload.len, out + at);
    if (err != COAX_OK)
        return err;
    state->next++;
    *ret_len = at + len;
    return COAX_OK;
}

static coax_err read_token(cx_handshake_state *state, uint8_t token, coax_bytes *message)
{
    if (token != CX_TOKEN_E && token != CX_TOKEN_S)
        return mix_token(state, token);
    const size_t tag =
        token == CX_TOKEN_S ? cx_cipher_tag(&state->symmetric_state.cipher_state) : 0;
    if (message->len < CX_DH + tag)
        return COAX_ERR_PROTOCOL;
    coax_err err = COAX_OK;
    if (token == CX_TOKEN_E) {
        memcpy(state->re, message->data, CX_DH);
        mix_e(state, state->re);
    } else {
        err = cx_symmetric_decrypt_and_hash(&state->symmetric_state, message->data, CX_DH + tag,
                                            state->rs);
        state->has_rs = err == COAX_OK;
    }
    message->data += CX_DH + tag;
    message->len -= CX_DH + tag;
    return err;
}

coax_err cx_handshake_read_message(cx_handshake_state *state, const uint8_t *message, size_t len,
                                   uint8_t *out, size_t *ret_len)
{
    coax_bytes left = { message, len };
    for (const uint8_t *token = state->pattern->tokens[state->next]; *token != CX_TOKEN_END;
         token++) {
        coax_err err = read_token(state, *token, &left);
        if (err != COAX_OK)
            return err;
    }
    const size_t tag = cx_cipher_tag(&state->symmetric_state.cipher_state);
    if (left.len < tag)
        return COAX_ERR_PROTOCOL;
    coax_err err = cx_symmetric_decrypt_and_hash(&state->symmetric_state, left.data, left.len, out);
    if (err != COAX_OK)
        return err;
    state->next++;
    *ret_len = left.len - tag;
    return COAX_OK;
}

void cx_handshake_split(cx_handshake_state *state, cx_cipher_state *ret_out,
                        cx_cipher_state *ret_in)
{
    if (state->initiator)
        cx_symmetric_split(&state->symmetric_state, ret_out, ret_in);
    else
        cx_symmetric_split(&state->symmetric_state, ret_in, ret_out);
}

void cx_handshake_wipe(cx_handshake_state *state)
{
    sodium_memzero(state, sizeof *state);
}
