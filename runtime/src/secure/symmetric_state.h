/*
 * Noise's SymmetricState (revision 34, section 5.2): the chaining key, the handshake hash, and a CipherState.
 *
 * Knows neither keys of people nor patterns. Read next: symmetric_state.c, handshake_state.h.
 */
#ifndef CX_SECURE_SYMMETRIC_STATE_H
#define CX_SECURE_SYMMETRIC_STATE_H

#include "secure/cipher_state.h"
#include "secure/hash.h"

typedef struct cx_symmetric_state {
    cx_cipher_state cipher_state;
    const cx_cipher *cipher;
    const cx_hash *hash;
    uint8_t ck[CX_HASH_LEN_MAX];
    uint8_t h[CX_HASH_LEN_MAX];
} cx_symmetric_state;

/* InitializeSymmetric. */
void cx_symmetric_initialize(cx_symmetric_state *state, const char *protocol_name,
                             const cx_cipher *cipher, const cx_hash *hash);
/* MixKey. */
void cx_symmetric_mix_key(cx_symmetric_state *state, const uint8_t *input_key_material, size_t len);
/* MixHash. */
void cx_symmetric_mix_hash(cx_symmetric_state *state, const uint8_t *data, size_t len);
/* MixKeyAndHash. */
void cx_symmetric_mix_key_and_hash(cx_symmetric_state *state, const uint8_t *input_key_material,
                                   size_t len);
/* GetHandshakeHash: hash->len bytes. */
static inline const uint8_t *cx_symmetric_handshake_hash(const cx_symmetric_state *state)
{
    return state->h;
}
/* EncryptAndHash: to `out`, which gets len + cx_cipher_tag bytes. */
COAX_MUST_USE coax_err cx_symmetric_encrypt_and_hash(cx_symmetric_state *state,
                                                     const uint8_t *plain, size_t len,
                                                     uint8_t *out);
/* DecryptAndHash: to `out`, which gets len - cx_cipher_tag bytes, and is not `sealed`. */
COAX_MUST_USE coax_err cx_symmetric_decrypt_and_hash(cx_symmetric_state *state,
                                                     const uint8_t *sealed, size_t len,
                                                     uint8_t *out);
/* Split: the first for what the initiator sends, the second for what the responder sends. */
void cx_symmetric_split(cx_symmetric_state *state, cx_cipher_state *ret_first,
                        cx_cipher_state *ret_second);

#endif
