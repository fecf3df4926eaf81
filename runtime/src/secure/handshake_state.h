/*
 * Noise's HandshakeState (revision 34, section 5.3): one handshake of one side.
 *
 * Knows no wire: messages come and go as bytes. Read next: handshake_state.c; channel_opening.c, which uses it.
 */
#ifndef CX_SECURE_HANDSHAKE_STATE_H
#define CX_SECURE_HANDSHAKE_STATE_H

#include "secure/dh.h"
#include "secure/pattern.h"
#include "secure/symmetric_state.h"

/* A message around an empty payload, with the longest tag. */
#define CX_HANDSHAKE_MESSAGE_MAX (2u * CX_DH + 2u * CX_CIPHER_TAG_MAX)

typedef struct cx_handshake_state {
    cx_symmetric_state symmetric_state;
    const cx_pattern *pattern;
    const coax_env *env;
    bool initiator;
    uint8_t next; /* the message to be written or read next; pattern->n_messages: all are through */
    bool has_e;   /* given; else made when the pattern wants it */
    bool has_rs;
    cx_key_pair s;
    cx_key_pair e;
    uint8_t rs[CX_DH];
    uint8_t re[CX_DH];
    uint8_t psk[CX_DH];
} cx_handshake_state;

/* What Initialize is given. Pointers are borrowed for the call, but for env; NULL is the paper's "empty". */
typedef struct cx_handshake_setup {
    const cx_pattern *pattern;
    const cx_cipher *cipher;
    const cx_hash *hash;
    const coax_env *env;
    bool initiator;
    coax_bytes prologue;
    const cx_key_pair *s;
    const cx_key_pair
        *e; /* for known answers alone: an ephemeral key used twice betrays both connections */
    const uint8_t *rs;
    const uint8_t *psk;
} cx_handshake_setup;

/* Initialize. COAX_ERR_MISUSE: the pattern wants a key that is not given. */
COAX_MUST_USE coax_err cx_handshake_initialize(cx_handshake_state *state,
                                               const cx_handshake_setup *setup);

/*
 * WriteMessage: to `out`, which has room for cx_pattern_message_len and the payload. COAX_ERR_PROTOCOL: the peer's key is
 * of low order.
 */
COAX_MUST_USE coax_err cx_handshake_write_message(cx_handshake_state *state, coax_bytes payload,
                                                  uint8_t *out, size_t *ret_len);
/*
 * ReadMessage: the payload goes to `out`, which has room for `len` bytes. COAX_ERR_TAMPERED: it does not open;
 * COAX_ERR_PROTOCOL: too short, or the peer's key is of low order. The state is of no use afterwards.
 */
COAX_MUST_USE coax_err cx_handshake_read_message(cx_handshake_state *state, const uint8_t *message,
                                                 size_t len, uint8_t *out, size_t *ret_len);

static inline bool cx_handshake_is_over(const cx_handshake_state *state)
{
    return state->next == state->pattern->n_messages;
}
/* Whether the next message is this side's to write. */
static inline bool cx_handshake_writes(const cx_handshake_state *state)
{
    return !cx_handshake_is_over(state) && (state->next % 2 == 0) == state->initiator;
}

/* Split, for this side: what it sends with, and what it receives with. */
void cx_handshake_split(cx_handshake_state *state, cx_cipher_state *ret_out,
                        cx_cipher_state *ret_in);

void cx_handshake_wipe(cx_handshake_state *state);

#endif
