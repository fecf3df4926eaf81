/*
 * Noise's CipherState (revision 34, section 5.1): a key and a nonce that counts.
 *
 * Knows no handshake and no records. Read next: cipher_state.c, suite.h.
 */
#ifndef CX_SECURE_CIPHER_STATE_H
#define CX_SECURE_CIPHER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/error.h>

#include "secure/suite.h"

#define CX_NONCE_END UINT64_MAX /* reserved for Rekey (section 5.1): never used for a message */

typedef struct cx_cipher_state {
    const cx_cipher *cipher;
    uint64_t n;
    uint8_t k[CX_CIPHER_KEY];
    bool has_key;
} cx_cipher_state;

/* InitializeKey. `key` NULL is the paper's "empty". */
void cx_cipher_initialize_key(cx_cipher_state *state, const cx_cipher *cipher, const uint8_t *key);
/* HasKey. */
static inline bool cx_cipher_has_key(const cx_cipher_state *state)
{
    return state->has_key;
}
/* SetNonce. */
void cx_cipher_set_nonce(cx_cipher_state *state, uint64_t n);

/* What ciphertexts are longer by. */
size_t cx_cipher_tag(const cx_cipher_state *state);

/*
 * EncryptWithAd: `plain` to `out` (len + cx_cipher_tag bytes), which may be the same place. COAX_ERR_RESOURCE_EXHAUSTED:
 * the nonces are used up.
 */
COAX_MUST_USE coax_err cx_cipher_encrypt_with_ad(cx_cipher_state *state, coax_bytes ad,
                                                 const uint8_t *plain, size_t len, uint8_t *out);
/*
 * DecryptWithAd: `len` bytes, tag included, to `out` (len - cx_cipher_tag bytes), which may be the same place.
 * COAX_ERR_TAMPERED: it does not open, and the nonce stays; COAX_ERR_RESOURCE_EXHAUSTED.
 */
COAX_MUST_USE coax_err cx_cipher_decrypt_with_ad(cx_cipher_state *state, coax_bytes ad,
                                                 const uint8_t *sealed, size_t len, uint8_t *out);
/* Rekey: k = REKEY(k). The nonce goes on. */
void cx_cipher_rekey(cx_cipher_state *state);
/* Forgets the key. */
void cx_cipher_wipe(cx_cipher_state *state);

#endif
