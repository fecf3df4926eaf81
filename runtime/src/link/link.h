/*
 * One connection's state machine: bytes in, messages out; frames in, bytes out. Both roles.
 *
 * Opens the connection (preface, HELLO, WELCOME), splits bytes into frames, puts messages together,
 * keeps the send queue, and ends the connection with a reason when the peer breaks a rule, a limit
 * or a deadline. Knows no calls, no sockets and no clock: who owns the bytes' way calls
 * cx_link_receive, cx_link_output and cx_link_sent, with `now` in nanoseconds. Specification:
 * docs/wire.md. Read next: receive.c, outq.h, opening.c.
 *
 * States:  PREFACE (server) -> HELLO (server) | WELCOME (client) -> OPEN -> CLOSED
 * Invariants: no callback runs after CLOSED but on_closed, which runs exactly once; no byte is kept
 * that a limit did not allow; an idle open link holds no buffer. One thread.
 */
#ifndef CX_LINK_LINK_H
#define CX_LINK_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/error.h>
#include <coax/limits.h>
#include <coax/writer.h>

#include "link/host.h"
#include "link/outq.h"
#include "link/partial.h"
#include "wire/frame.h"

typedef enum cx_role { CX_ROLE_CLIENT = 0, CX_ROLE_SERVER = 1 } cx_role;

typedef enum cx_link_state {
    CX_LINK_PREFACE = 1, /* server: waits for the preface */
    CX_LINK_HELLO,       /* server: waits for HELLO */
    CX_LINK_WELCOME,     /* client: waits for WELCOME; requests may be queued already */
    CX_LINK_OPEN,
    CX_LINK_CLOSED /* nothing comes in any more; what is queued, GOAWAY last, may still be sent */
} cx_link_state;

typedef struct cx_link cx_link;

/* One whole message. `data` is valid during the callback; a receiver that wants to keep it may take
 * `owned` (a block of the host's pool that holds `data`) by setting it to NULL. */
typedef struct cx_message {
    const uint8_t *data;
    size_t len;
    void *owned; /* NULL: `data` lies in the caller's buffer */
    size_t owned_cap;
} cx_message;

/* The layer above. All run inside cx_link_receive, except where said. */
typedef struct cx_link_events {
    /* OPEN: the peer's limits and name are known. */
    void (*on_open)(cx_link *link);
    /* A first frame of a message (RESPONSE, ERROR, REQUEST, ONEWAY) that will come in several:
     * false skips it. */
    bool (*accepts)(cx_link *link, const cx_frame *frame);
    /* A whole message, or a CANCEL (empty). */
    void (*on_message)(cx_link *link, const cx_frame *frame, cx_message *message);
    /* The output queue was empty and is no more. From wherever the output came. */
    void (*on_dirty)(cx_link *link);
    /* After COAX_ERR_WOULD_BLOCK: below half of max_send_queue again. Inside cx_link_sent. */
    void (*on_writable)(cx_link *link);
    /* A message queued before the peer's limits were known is larger than they allow, and is
     * dropped. */
    void (*on_unsendable)(cx_link *link, const cx_frame *frame, const coax_error *why);
    /* CLOSED. From wherever the end was found, also from inside cx_link_begin's caller: the layer
     * above defers. */
    void (*on_closed)(cx_link *link);
} cx_link_events;

/* What one connection is configured with; shared by all connections of a server, borrowed, outlives
 * them. */
typedef struct cx_link_config {
    const char *name;   /* told to the peer; not NULL; at most 255 bytes of UTF-8 */
    coax_limits limits; /* resolved: no zero (cx_limits_resolve) */
    const cx_link_events *events;
} cx_link_config;

struct cx_link {
    cx_host *host;
    const cx_link_config *config;
    uint8_t role;            /* cx_role */
    uint8_t state;           /* cx_link_state */
    bool is_writable_wanted; /* a sender met COAX_ERR_WOULD_BLOCK */
    bool is_started;
    cx_timer timer;      /* before OPEN the open deadline, then progress */
    uint64_t tail_since; /* when the incomplete frame began */
    uint8_t *tail;       /* an incomplete frame, from the pool; NULL when there is none */
    uint32_t tail_len;
    uint32_t tail_cap;
    cx_partials partials; /* messages of which more frames are to come */
    cx_outq out;
    char *peer_name; /* NUL-terminated, from the pool; NULL when empty */
    uint32_t peer_max_frame;
    uint32_t peer_max_message;
    uint32_t peer_max_concurrent_calls;
    coax_error *reason; /* why it closed; from the pool, NULL: no memory for words */
    coax_err reason_code;
};

/* A frame being written straight into the send queue. */
typedef struct cx_sending {
    cx_link *link;
    coax_writer writer;
    cx_outq_mark mark;
    cx_frame frame;
} cx_sending;

/* Prepares a link and, for the client, queues preface and HELLO. Takes no memory on the server. */
COAX_MUST_USE coax_err cx_link_init(cx_link *link, cx_host *host, const cx_link_config *config,
                                    cx_role role);
/* Frees everything; no callback. Works on a zeroed link. */
void cx_link_deinit(cx_link *link);
/* The transport is connected: the open deadline runs from here. */
void cx_link_start(cx_link *link, uint64_t now);

/* Takes bytes that arrived. Any split is fine. A failure closes the link, with a reason and a
 * GOAWAY in the queue. */
void cx_link_receive(cx_link *link, const uint8_t *data, size_t len, uint64_t now);

/* Fills up to `max` slices with what to send next, in order; they stay valid until cx_link_sent has
 * taken them. Returns how many. Large messages join in turns of about 64 KiB, so ask again after
 * each cx_link_sent. */
size_t cx_link_output(cx_link *link, coax_bytes *ret_slices, size_t max);
/* The first `n` bytes of what cx_link_output gave have left. */
void cx_link_sent(cx_link *link, size_t n);
/* Unsent bytes, also those cx_link_output has not given yet. */
size_t cx_link_queued(const cx_link *link);

/*
 * Begins a frame: reserves the header and prepares sending->writer, into which the caller encodes
 * the payload at once, before anything else happens on this link. Then cx_link_commit or
 * cx_link_abandon. Returns COAX_OK, COAX_ERR_WOULD_BLOCK (queue full, on_writable follows),
 * COAX_ERR_CLOSED, COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_link_begin(cx_link *link, const cx_frame *frame, cx_sending *ret);
/* Queues it, or rolls it back and returns the writer's error: COAX_ERR_TOO_LARGE past the peer's
 * max_message, COAX_ERR_WOULD_BLOCK past max_send_queue, COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_link_commit(cx_sending *sending);
void cx_link_abandon(cx_sending *sending);
/* Payload bytes written so far. */
size_t cx_sending_len(const cx_sending *sending);

/* A frame without payload (CANCEL). */
COAX_MUST_USE coax_err cx_link_send_empty(cx_link *link, const cx_frame *frame);

/* What is known of a call's messages is no longer wanted: drops the rest of an outgoing one
 * (returns true when none of it had been sent, so that the peer need not be told) and what has
 * arrived of an incoming one. */
bool cx_link_forget(cx_link *link, uint32_t call);

/* Closes: queues GOAWAY with `code` and the words if it can, and keeps both as the reason. Nothing
 * on a closed link. */
void cx_link_fail(cx_link *link, coax_err code, const char *format, ...) COAX_PRINTF(3, 4);
/* The transport is gone: the same without GOAWAY, and what was queued is dropped. */
void cx_link_lost(cx_link *link, coax_err code, const char *words);

/* Why the link closed: code and words. */
void cx_link_reason(const cx_link *link, coax_error *ret);

/* Fills the defaults in and refuses what can't work: COAX_ERR_BAD_OPTION, the option named in
 * `error`. */
COAX_MUST_USE coax_err cx_limits_resolve(coax_limits *limits, coax_error *error);

#endif
