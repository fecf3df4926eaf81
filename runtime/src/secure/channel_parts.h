/*
 * What the files of the channel share: the state of its opening, and how it fails.
 *
 * Read next: channel_opening.c, channel_records.c.
 */
#ifndef CX_SECURE_CHANNEL_PARTS_H
#define CX_SECURE_CHANNEL_PARTS_H

#include "secure/channel.h"
#include "secure/gate.h"
#include "secure/handshake_state.h"
#include "secure/preface.h"

#define CX_MESSAGE_HEAD 2u /* the length in front of a handshake message */

/* The longest that is awaited, and that is sent: words of a refusal; a message that has not left, and a refusal. */
#define CX_OPENING_IN CX_REFUSAL_MAX
#define CX_OPENING_OUT (CX_MESSAGE_HEAD + CX_HANDSHAKE_MESSAGE_MAX + CX_REFUSAL_MAX)

/* What the next bytes are. */
typedef enum cx_step {
    CX_STEP_PREFACE = 0, /* server */
    CX_STEP_HEAD,        /* the gate where there is one, and the length of a message */
    CX_STEP_MESSAGE,     /* the same, and the message */
    CX_STEP_REFUSAL,     /* client: code and length of the words */
    CX_STEP_WORDS,       /* client: the same, and the words */
    CX_STEP_STRANGER,    /* client: the four bytes that tell who that is */
    CX_STEP_OVER         /* ready, or failed */
} cx_step;

/* Lives from the first byte until the handshake is over and all that was said in clear has left. */
struct cx_channel_opening {
    cx_handshake_state handshake; /* wiped as soon as it is over */
    const cx_suite *suite;
    size_t cap;           /* of this block */
    uint8_t step;         /* cx_step */
    uint8_t pattern;      /* cx_pattern_id */
    uint8_t suite_id;     /* coax_suite */
    bool may_speak;       /* server: the peer may hear a refusal */
    bool is_waiting;      /* for cx_channel_resume */
    bool knows_peer;      /* on_peer_key has been asked */
    uint16_t in_len;      /* bytes in `in` */
    uint16_t need;        /* bytes of it that make the step complete */
    uint16_t message_len; /* that must come next, or comes */
    uint16_t out_len;
    uint16_t out_sent;
    uint8_t preface[CX_PREFACE_LEN];
    uint8_t in[CX_OPENING_IN];
    uint8_t out[CX_OPENING_OUT];
};

/* channel.c */
void *cx_channel_take(cx_channel *channel, size_t size, size_t *ret_cap);
void cx_channel_give(cx_channel *channel, void *block, size_t cap);
/* Ends the channel, once: wipes what it receives with, and tells the owner. */
void cx_channel_fail(cx_channel *channel, cx_last last, coax_err code, const char *format, ...)
    COAX_PRINTF(4, 5);
void cx_channel_fail_with(cx_channel *channel, cx_last last, const coax_error *why);

/* channel_opening.c */
/* A client reports a refusal that came in clear: `len` words at `bytes`, whatever they are. */
void cx_channel_fail_refused(cx_channel *channel, unsigned pattern, unsigned wire,
                             const uint8_t *bytes, size_t len);
COAX_MUST_USE coax_err cx_opening_create(cx_channel *channel);
/* The client's preface and first message. */
void cx_opening_start(cx_channel *channel);
/* Returns how many bytes it took; the channel is READY, failed, waits, or wants more. */
size_t cx_opening_receive(cx_channel *channel, const uint8_t *data, size_t len);
/* The message that waited. */
void cx_opening_resume(cx_channel *channel);
/* Puts a refusal into the output, where one may be sent. */
cx_last cx_opening_refuse(cx_channel *channel, coax_err code, const char *words);
/* Frees it when nothing of it is needed. */
void cx_opening_release_if_over(cx_channel *channel);

/* channel_records.c */
size_t cx_records_receive(cx_channel *channel, uint8_t *data, size_t len, uint64_t now);
void cx_records_deinit(cx_channel *channel);

#endif
