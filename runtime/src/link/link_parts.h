/*
 * What the files of the link share: link.c ends it, receive.c splits bytes, opening.c is the
 * handshake, send.c the way out.
 */
#ifndef CX_LINK_PARTS_H
#define CX_LINK_PARTS_H

#include "link/link.h"
#include "secure/preface.h"

/*
 * Bytes that may be held for a connection before WELCOME, the preface included; also what a client
 * may send ahead.
 */
#define CX_EARLY_MAX 4096u
#define CX_EARLY_FRAMES (CX_EARLY_MAX - CX_PREFACE_LEN)

/* judge.c: what is to be done with a frame. */
typedef enum cx_frame_way {
    CX_WAY_WHOLE,  /* handle it when all of it is there */
    CX_WAY_STREAM, /* its payload goes into a partial message, or nowhere (link->skips) */
    CX_WAY_CLOSED  /* the link has been closed */
} cx_frame_way;

/* Judges a header of CX_FRAME_HEADER bytes, leaves it in link->frame and says what comes next. */
cx_frame_way cx_link_judge(cx_link *link, const uint8_t *bytes, uint64_t now);

/*
 * Judges what is left of link->frame once the head of its message is known; may refuse the message or close the link.
 */
void cx_link_judge_rest(cx_link *link, cx_partial *partial);

/*
 * Throws away the message whose frame link->frame is, as it comes, and says so above. `partial`
 * NULL: it has this frame only.
 */
cx_frame_way cx_link_refuse(cx_link *link, cx_partial *partial, const coax_error *why);

/*
 * opening.c: the parts of the handshake, each called when its bytes are there. A failure has closed
 * the link.
 */
void cx_opening_begin(cx_link *link); /* client: queue HELLO */
void cx_opening_hello(cx_link *link, const uint8_t *payload, size_t len);
void cx_opening_welcome(cx_link *link, const uint8_t *payload, size_t len);
void cx_opening_auth(cx_link *link, const uint8_t *payload, size_t len);
/*
 * GOAWAY: the peer's, which closes the link; and ours, with the link's reason, as its last words.
 */
void cx_opening_goaway(cx_link *link, uint16_t code, const uint8_t *payload, size_t len);
void cx_opening_goaway_send(cx_link *link);

/* send.c */
/*
 * cx_link_begin and cx_link_commit without regard to state and max_send_queue, for frames of the
 * link's own.
 */
coax_err cx_link_begin_own(cx_link *link, const cx_frame *frame, cx_lane lane, cx_sending *ret);
coax_err cx_link_commit_own(cx_sending *sending);
/* Tells the shell that there is output, once. */
void cx_link_dirty(cx_link *link);

/* heartbeat.c */
#define CX_PING_LEN 8u
/* A timer that fires so much later than it was due: nobody ran the loop. */
#define CX_LATE_NS 100000000u
void cx_heartbeat_open(cx_link *link);
void cx_heartbeat_on_pulse(cx_timer *timer, uint64_t now);
void cx_heartbeat_on_ping(cx_link *link, const uint8_t *payload, size_t len);
void cx_heartbeat_on_pong(cx_link *link, const uint8_t *payload, size_t len);
/*
 * Whether `timer` fired late: then it is armed again, unless it had its grace already, so that what
 * has arrived in the meantime is read before anything is decided.
 */
bool cx_link_is_late(cx_link *link, cx_timer *timer, bool *had_grace, uint64_t now);

/* receive.c: OPEN: takes what was held. */
void cx_link_take_held(cx_link *link, uint64_t now);

/* link.c: arms the progress timer if something is incomplete and it is not armed. */
void cx_link_watch_progress(cx_link *link, uint64_t now);

#endif
