/*
 * One connection's state machine: bytes in, messages out; frames in, bytes out. Both roles.
 *
 * Opens the connection (HELLO, WELCOME), splits bytes into frames, puts messages together,
 * keeps the send queue, and ends the connection with a reason when the peer breaks a rule, a limit
 * or a deadline. Knows no calls, no sockets and no clock: who owns the bytes' way calls
 * cx_link_receive, cx_link_output and cx_link_sent, with `now` in nanoseconds. Specification:
 * docs/wire.md. Read next: receive.c, opening.c, send.c, outq.h, partial.h.
 *
 * States:  HELLO -> AUTH (server) | WELCOME (client) -> OPEN -> CLOSED. Invariants: no
 * event comes after CLOSED but on_closed, which comes exactly once; no byte is kept that a limit
 * did not allow; no frame of a call is looked at before OPEN; an idle open link holds no buffer. One
 * thread.
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
#include "link/shared.h"
#include "wire/frame.h"

#define CX_NAME_MAX 255u     /* bytes of a peer's name */
#define CX_PULL_BELOW 65536u /* unsent bytes below which on_pull is called */

typedef enum cx_role { CX_ROLE_CLIENT = 0, CX_ROLE_SERVER = 1 } cx_role;

typedef enum cx_link_state {
    CX_LINK_HELLO = 1, /* server: waits for HELLO */
    CX_LINK_AUTH,      /* server: who the peer is is being decided; what it sends ahead is held */
    CX_LINK_WELCOME,   /* client: waits for WELCOME; frames may be queued already */
    CX_LINK_OPEN,
    CX_LINK_CLOSED /* nothing comes in any more; what is queued, GOAWAY last, may still be sent */
} cx_link_state;

typedef struct cx_link cx_link;

/* How a client proves who it is: the first step. Borrowed for the call it is given to. */
typedef struct cx_shown {
    coax_str mechanism; /* empty: it shows nothing */
    coax_str user;
    coax_bytes proof;
    bool has_steps; /* client: AUTH frames follow, and nothing else leaves before WELCOME */
} cx_shown;

/* One more step of a login. Borrowed for the call it is given to. */
typedef struct cx_step {
    coax_bytes proof;
    uint32_t memory_kib;
    uint32_t passes;
} cx_step;

/*
 * One whole message, without what stood in front of it. `data` is valid during the callback; a
 * receiver that wants to keep it may take `owned` (a block of the host's pool that holds `data`) by
 * setting it to NULL.
 */
typedef struct cx_message {
    const uint8_t *data; /* of no use when len is 0 */
    size_t len;
    void *owned; /* NULL: `data` lies in the caller's buffer */
    size_t owned_cap;
    coax_bytes metadata; /* an encoded Metadata, valid as long as data; .data NULL: none */
    uint32_t deadline_us;
    bool has_deadline;
} cx_message;

/* What is sent in front of a message, and how. All zero: nothing. */
typedef struct cx_head {
    const uint32_t *deadline_us; /* NULL: none */
    coax_bytes metadata;         /* an encoded Metadata; .data NULL: none */
    uint8_t priority;            /* coax_priority; the same for all frames of one call */
    bool is_ordered;             /* may not overtake an earlier frame of its call */
} cx_head;

/* The layer above. They run inside cx_link_receive, except where said. */
typedef struct cx_link_events {
    /*
     * Client: HELLO is being written; says what to show. Anything but COAX_OK ends the link with it.
     */
    coax_err (*on_show)(cx_link *link, cx_shown *ret);
    /*
     * Server: HELLO has come (AUTH). Answered by cx_link_accept, cx_link_turn_away or cx_link_say, now or
     * later, but before the open deadline.
     */
    void (*on_hello)(cx_link *link, const cx_shown *shown);
    /* An AUTH that was due. */
    void (*on_auth)(cx_link *link, const cx_step *step);
    /* Client: WELCOME has come; false: not yet welcome, and the link has been ended. */
    bool (*on_welcome)(cx_link *link);
    /* OPEN: the peer's limits and name are known. */
    void (*on_open)(cx_link *link);
    /*
     * The first of several frames of anything but a REQUEST or ONEWAY: false throws the message
     * away as it comes.
     */
    bool (*accepts)(cx_link *link, const cx_frame *frame);
    /*
     * The first of several frames of a REQUEST or ONEWAY: false, with a code and words, refuses the message before
     * any of it is kept (on_refused).
     */
    bool (*may_begin)(cx_link *link, const cx_frame *frame, coax_error *ret_why);
    /*
     * A whole message, or a CANCEL, WINDOW, SUBSCRIBE or UNSUBSCRIBE. `frame` is the message's
     * first. The message of an END or HEAD is empty.
     */
    void (*on_message)(cx_link *link, const cx_frame *frame, cx_message *message);
    /*
     * A message is thrown away and the connection goes on: may_begin said so, it passed max_message or
     * max_metadata (COAX_ERR_TOO_LARGE), or what should stand in front of it is not there
     * (COAX_ERR_INVALID_ARGUMENT).
     */
    void (*on_refused)(cx_link *link, const cx_frame *frame, const coax_error *why);
    /*
     * There is output, and there was none since the last cx_link_output. Inside whatever made it.
     */
    void (*on_dirty)(cx_link *link);
    /* After COAX_ERR_WOULD_BLOCK: below low_watermark again. Inside cx_link_output or _sent. */
    void (*on_writable)(cx_link *link);
    /*
     * Only with wants_pull: little is unsent (CX_PULL_BELOW), and more may be queued now. Inside
     * cx_link_output.
     */
    void (*on_pull)(cx_link *link);
    /* The peer takes no new calls; those under way go on. `words` are valid during the callback. */
    void (*on_goaway_drain)(cx_link *link, uint32_t retry_after_ms, const char *words);
    /* Whether something is under way for which an open connection is needed. Asked by a timer. */
    bool (*is_busy)(cx_link *link);
    /*
     * A message queued before the peer's limits were known passes them and is dropped. `len` is its
     * length.
     */
    void (*on_unsendable)(cx_link *link, const cx_frame *frame, size_t len);
    /*
     * CLOSED. Inside whatever found the end, also the layer above's own call: it puts its work off.
     */
    void (*on_closed)(cx_link *link);
} cx_link_events;

/* What has passed so far. Frames sent are in `out`. */
typedef struct cx_link_counts {
    uint64_t bytes_received;
    uint64_t bytes_sent;
    uint64_t frames_received;
    uint64_t pings_received;
    uint64_t pings_sent;
} cx_link_counts;

/* What is known of the peer's life, and of whether the connection is needed. Times of the clock. */
typedef struct cx_beat {
    uint64_t heard_ns;  /* bytes came */
    uint64_t moved_ns;  /* a full socket was seen to take bytes again */
    uint64_t used_ns;   /* a frame of a call came or went, or something was under way */
    uint64_t ping_ns;   /* our last PING */
    uint64_t sample_ns; /* when a PING is due though the peer is not silent */
    uint64_t pinged_ns; /* until when the peer's PINGs have used its time up */
    uint64_t srtt_ns;   /* smoothed round-trip time; 0: not known */
    uint32_t n_moves;
    uint32_t seen_moves;
    uint8_t nonce[8];
    bool awaits_pong;
    bool is_stuck;  /* the socket took less than it was given */
    bool had_grace; /* the pulse fired late, and has waited once more */
} cx_beat;

/* Pointers are borrowed and outlive the link. */
typedef struct cx_link_config {
    cx_role role;
    const char *name;          /* told to the peer; not NULL, at most CX_NAME_MAX bytes of UTF-8 */
    const coax_limits *limits; /* cx_limits_resolve has seen them */
    const cx_link_events *events;
    bool
        is_unattended; /* nobody runs this side's loop between calls: the peer is asked not to ping */
} cx_link_config;

struct cx_link {
    cx_host *host;
    cx_link_config config;
    uint8_t state;    /* cx_link_state */
    bool is_dirty;    /* on_dirty has been told */
    bool is_blocked;  /* a sender met COAX_ERR_WOULD_BLOCK and waits for on_writable */
    bool skips;       /* the frame being received is thrown away */
    bool had_grace;   /* the timer fired late, and has waited once more */
    bool wants_pull;  /* the layer above's: on_pull is wanted */
    bool is_draining; /* we take no new calls: the peer has been told */
    bool peer_drains; /* it has told us so */
    bool awaits_auth; /* before OPEN: an AUTH is due */
    bool is_holding;  /* AUTH: `tail` is what was sent ahead */
    /* Client, until OPEN: only what is the link's own may leave, also at the end. Or cx_link_keep_back. */
    bool is_reserved;
    cx_timer timer;    /* before OPEN the open deadline, then progress */
    uint64_t begun_ns; /* when the incomplete frame began */
    uint64_t below_ns; /* when something incomplete below the link began */
    uint8_t *tail;     /* an incomplete frame, from the pool; NULL when there is none */
    uint32_t tail_len;
    uint32_t tail_cap;
    cx_partials partials;    /* messages of which frames are missing */
    cx_frame frame;          /* the frame being received, while frame_left > 0 */
    uint32_t frame_left;     /* bytes to come of a frame for a partial message, or for nobody */
    uint32_t early_left;     /* client before OPEN: bytes that may still leave */
    uint32_t early_used;     /* before OPEN: bytes of frames that came */
    uint32_t retry_after_ms; /* in the GOAWAY that ended it, ours or the peer's; 0: none */
    cx_outq out;
    cx_link_counts counts;
    char *peer_name; /* NUL-terminated, from the pool; NULL: none */
    uint16_t peer_name_len;
    uint32_t peer_max_frame;
    uint32_t peer_max_message;
    uint32_t peer_max_concurrent_calls;
    uint32_t peer_window;
    uint32_t peer_min_ping_ms; /* 0: don't ping it between calls */
    uint32_t kept;             /* unsent bytes below the link */
    uint32_t last_call;        /* the last REQUEST taken, for people */
    cx_timer pulse;            /* heartbeat and idle time */
    cx_beat beat;
    coax_err reason_code;
    coax_error *reason; /* why it closed; from the pool; NULL: there was no memory for words */
};

/* A frame being written straight into the send queue. */
typedef struct cx_sending {
    coax_writer writer;
    cx_link *link;
    cx_outq_frame room;
    cx_frame frame;
    size_t most; /* the longest payload allowed */
    size_t head; /* payload bytes in front of the message */
} cx_sending;

/* Prepares a link. COAX_ERR_NO_MEMORY: nothing to deinit. */
COAX_MUST_USE coax_err cx_link_init(cx_link *link, cx_host *host, const cx_link_config *config);
/* Frees everything; no event. Works on a zeroed link. */
void cx_link_deinit(cx_link *link);
/*
 * Bytes can pass: the client's HELLO is queued in front of everything, and the open deadline runs, unless
 * cx_link_connected has begun it before.
 */
void cx_link_start(cx_link *link, uint64_t now);
/*
 * The transport is there, and cx_link_start follows when others have said what comes before HELLO. They take
 * `others` bytes of those that may leave before WELCOME.
 */
void cx_link_connected(cx_link *link, uint64_t now, uint32_t others);

/*
 * Server, AUTH: lets the peer in, answers with WELCOME, and takes what it sent ahead. Nothing in any other
 * state. Runs events, so it is for the loop, or for inside of on_hello and on_auth.
 */
void cx_link_accept(cx_link *link, uint64_t now);
/*
 * Server, AUTH: closes with GOAWAY, which says that the peer may come back after so long (0: nothing of
 * it).
 */
void cx_link_turn_away(cx_link *link, coax_err code, uint32_t retry_after_ms, const char *words);
/*
 * Before OPEN: sends AUTH. A server waits for the peer's. False: there was no memory, and the link has been closed.
 */
bool cx_link_say(cx_link *link, const cx_step *step);

/*
 * Takes bytes that arrived. Any split is fine. A failure closes the link, with a reason and a
 * GOAWAY in the queue.
 */
void cx_link_receive(cx_link *link, const uint8_t *data, size_t len, uint64_t now);

/*
 * Fills up to `max` slices with what to send next, in order; they are valid until the next call on
 * this link. What cx_link_sent does not take may come later, behind what has been queued since.
 * Returns how many. Large messages join in turns of about 256 KiB, so ask again after
 * each cx_link_sent.
 */
size_t cx_link_output(cx_link *link, coax_bytes *ret_slices, size_t max);
/* Something waits for on_pull: sets wants_pull, and says on_dirty. */
void cx_link_want_pull(cx_link *link);
/*
 * The first `n` bytes of what cx_link_output gave have left; comes before any other call on this
 * link.
 */
void cx_link_sent(cx_link *link, size_t n);
/*
 * `n` bytes of which cx_link_sent has been told are still with whoever took them, because the transport is
 * full; `moves`: some have just left. They count as unsent.
 */
void cx_link_keeps(cx_link *link, size_t n, bool moves);
/*
 * Bytes have come: the peer lives. Those of something that began at `since` and is incomplete (CX_WHEEL_NEVER: nothing)
 * are with whoever passes them on; it must go on within progress_timeout_ms, as frames must.
 */
void cx_link_awaits(cx_link *link, uint64_t since, uint64_t now);
/* Unsent bytes. */
size_t cx_link_queued(const cx_link *link);

/*
 * Begins a frame: reserves the header, writes what `head` (NULL is fine, borrowed for the call)
 * says and prepares sending->writer, into which the caller encodes the message at once, before
 * anything else happens on this link. Then cx_link_commit or cx_link_abandon. Returns COAX_OK,
 * COAX_ERR_WOULD_BLOCK (queue full, on_writable follows), COAX_ERR_CLOSED, COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_link_begin(cx_link *link, const cx_frame *frame, const cx_head *head,
                                     cx_sending *ret);
/* Bytes of the message so far. */
size_t cx_sending_len(const cx_sending *sending);
/*
 * Queues the frame, or drops it and returns what the writer met: COAX_ERR_TOO_LARGE past the peer's
 * max_message (or, in an empty queue, past max_send_queue), COAX_ERR_WOULD_BLOCK past
 * max_send_queue, COAX_ERR_NO_MEMORY, or the encoder's own.
 */
COAX_MUST_USE coax_err cx_link_commit(cx_sending *sending);
void cx_link_abandon(cx_sending *sending);
/* Words for an error of begin or commit. */
void cx_link_send_error(const cx_link *link, coax_err err, coax_error *error);
/*
 * A frame without a message; of `head` (NULL is fine) the metadata goes with it. END is_ordered,
 * CANCEL and WINDOW are not. It passes max_send_queue, because each belongs to something that did
 * not. False: no memory, or closed.
 */
bool cx_link_send_empty(cx_link *link, const cx_frame *frame, const cx_head *head);
/*
 * Queues a message that was encoded elsewhere. Takes a reference of its own (small ones are
 * copied). Returns as cx_link_begin and cx_link_commit.
 */
COAX_MUST_USE coax_err cx_link_send_shared(cx_link *link, const cx_frame *frame, cx_shared *message,
                                           const cx_head *head);

/*
 * The messages of `call` are no longer wanted: drops what is not sent of an outgoing one and what
 * has arrived of an incoming one. Returns true when there was an outgoing one of which nothing has
 * left, so that the peer never hears of the call.
 */
bool cx_link_forget(cx_link *link, uint32_t call);
/*
 * Drops only what has arrived of an incoming message of `call`; what is sent goes on. The peer may send the rest, which
 * nobody takes.
 */
void cx_link_forget_parts(cx_link *link, uint32_t call);

/*
 * Whether a large message of `call` still waits to be sent, so that its id can't be used for
 * another.
 */
bool cx_link_is_sending(const cx_link *link, uint32_t call);

/*
 * Closes: queues GOAWAY with the code and words if it can, and keeps both as the reason. Nothing on
 * a closed link.
 */
void cx_link_fail(cx_link *link, coax_err code, const char *format, ...) COAX_PRINTF(3, 4);
/*
 * The same without GOAWAY, when there is nobody to read it: the transport is gone, or the peer
 * closed. Large messages are dropped.
 */
void cx_link_end(cx_link *link, coax_err code, const char *format, ...) COAX_PRINTF(3, 4);
/* Nothing that is queued leaves any more: the peer is not who it was for. */
void cx_link_keep_back(cx_link *link);
/*
 * Tells the peer that no new calls are taken here; those under way go on, and the layer above
 * closes when they have ended. Twice is once. False: not open, or no memory.
 */
bool cx_link_drain(cx_link *link, uint32_t retry_after_ms, const char *words);
static inline bool cx_link_is_draining(const cx_link *link)
{
    return COAX_UNLIKELY(link->is_draining);
}

static inline bool cx_link_peer_drains(const cx_link *link)
{
    return COAX_UNLIKELY(link->peer_drains);
}

/* Smoothed round-trip time in microseconds; 0: not known. */
uint32_t cx_link_rtt_us(const cx_link *link);
/* Why the link closed: code and words. */
void cx_link_reason(const cx_link *link, coax_error *ret);

/*
 * Fills the defaults in and refuses what can't work: COAX_ERR_BAD_OPTION, the option named in
 * `error`.
 */
COAX_MUST_USE coax_err cx_limits_resolve(coax_limits *limits, coax_error *error);

#endif
