/*
 * Noise's handshake patterns (revision 34, sections 7 and 9) as a table of tokens.
 *
 * XX, IK and XXpsk3 go on the wire; the others are there so that test vectors from elsewhere check more of what is
 * shared. Read next: pattern.c, handshake_state.h.
 */
#ifndef CX_SECURE_PATTERN_H
#define CX_SECURE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CX_PATTERN_MESSAGES 3u
#define CX_PATTERN_TOKENS 5u /* in one message, and its end */

typedef enum cx_token {
    CX_TOKEN_END = 0,
    CX_TOKEN_E,
    CX_TOKEN_S,
    CX_TOKEN_EE,
    CX_TOKEN_ES,
    CX_TOKEN_SE,
    CX_TOKEN_SS,
    CX_TOKEN_PSK
} cx_token;

typedef struct cx_pattern {
    const char *name;
    bool initiator_is_known; /* pre-message -> s */
    bool responder_is_known; /* pre-message <- s */
    bool is_psk;             /* one of the messages has CX_TOKEN_PSK */
    uint8_t n_messages;      /* the initiator's and the responder's in turn */
    uint8_t tokens[CX_PATTERN_MESSAGES][CX_PATTERN_TOKENS]; /* cx_token */
} cx_pattern;

/* By its name in the paper; NULL: not known. */
const cx_pattern *cx_pattern_named(const char *name);
/* By its number on the wire (cx_pattern_id); NULL: not known. */
const cx_pattern *cx_pattern_find(unsigned id);

/* How long message `index` is around an empty payload, with a cipher whose tag has `tag` bytes. */
size_t cx_pattern_message_len(const cx_pattern *pattern, unsigned index, size_t tag);

#endif
