/*
 * Events: what a server says to everybody who subscribed.
 *
 * Generated stubs are typed: x_subscribe on clients, x_emit on servers. A subscription belongs to a
 * client and is restored when the client reconnects. Peers may be put into named groups, which are
 * the server's and forget peers that leave. Invariants: an event is encoded once for all; what
 * waits for one peer is bounded by `max_event_queue` of limits.h, or is one event that is longer;
 * events of one name reach one subscriber in the order of emitting, and what a policy drops is
 * counted.
 */
#ifndef COAX_EVENT_H
#define COAX_EVENT_H

#include <coax/call.h>

COAX_BEGIN_DECLS

/** One handler for one event on one client. A zeroed one is stale. */
typedef struct coax_subscription {
    coax_loop *loop;
    uint32_t index;
    uint32_t generation;
} coax_subscription;

/** All zero is the default. */
typedef struct coax_subscribe_options {
    size_t size;
    /**
     * The server has the subscription (COAX_OK), refused it, or it is lost with the connection of a
     * client that does not reconnect; then no event comes any more. Again after each reconnect.
     * NULL: silence.
     */
    void (*on_status)(void *self, const coax_status *status);
    coax_error *error; /* NULL, or gets the words when it can't start */
} coax_subscribe_options;

#define COAX_SUBSCRIBE_OPTIONS_INIT                                                                \
    {                                                                                              \
        sizeof(coax_subscribe_options), NULL, NULL                                                 \
    }

/** Ends it: its handler is not called any more. @return COAX_OK, COAX_ERR_STALE. Loop's thread. */
COAX_API coax_err coax_subscription_close(coax_subscription subscription);

/** What becomes of an event for a subscriber whose event queue is full. */
typedef enum coax_slow_policy {
    COAX_SLOW_DROP_NEWEST = 0, /* this one is dropped */
    COAX_SLOW_DROP_OLDEST,     /* the oldest that wait make room */
    COAX_SLOW_DISCONNECT       /* the subscriber is closed with resource_exhausted */
} coax_slow_policy;

/** What became of one emit, in subscribers. */
typedef struct coax_emit_report {
    uint32_t n_queued;  /* will be sent unless the connection ends or a later emit drops it */
    uint32_t n_dropped; /* events dropped to keep within max_event_queue, this one or older ones */
    uint32_t n_disconnected; /* closed for being slow */
    uint32_t n_failed;       /* no memory, or longer than that peer takes */
} coax_emit_report;

/** To whom, and how. All zero: to everyone subscribed, dropping the newest. */
typedef struct coax_emit_options {
    size_t size;
    coax_peer peer;    /* not zeroed: to this one only */
    const char *group; /* not NULL: to the members of this group only */
    coax_peer except;  /* not zeroed: not to this one */
    coax_slow_policy policy;
    /**
     * NULL, or written before emit returns: what is known then. On the thread of a server with one
     * loop that is all; with many it is the calling thread's own loop; on a thread that runs none
     * of them it is nothing yet.
     */
    coax_emit_report *ret_report;
    /**
     * NULL, or told once from the loop that emitted (the server's first loop where another thread
     * did): the sum over all loops.
     */
    void (*on_done)(void *self, const coax_emit_report *report);
    void *self;
    coax_error *error; /* NULL, or gets the words of a refusal */
} coax_emit_options;

#define COAX_EMIT_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(coax_emit_options), { NULL, 0, 0 }, NULL, { NULL, 0, 0 }, COAX_SLOW_DROP_NEWEST,    \
            NULL, NULL, NULL, NULL                                                                 \
    }

/**
 * Puts a server's peer into a group, which is made when its first member joins and gone with its
 * last. Twice is once. @param group 1 to 128 bytes, copied.
 * @return COAX_OK, COAX_ERR_STALE, COAX_ERR_INVALID_ARGUMENT (the name),
 * COAX_ERR_RESOURCE_EXHAUSTED (max_groups of this peer), COAX_ERR_NO_MEMORY, COAX_ERR_MISUSE (a
 * client's peer). Peer's loop's thread.
 */
COAX_API coax_err coax_peer_join(coax_peer peer, const char *group);
/**
 * Takes it out. @return COAX_OK, COAX_ERR_STALE, COAX_ERR_NOT_FOUND (no member),
 * COAX_ERR_INVALID_ARGUMENT (the name). Peer's loop's thread.
 */
COAX_API coax_err coax_peer_leave(coax_peer peer, const char *group);
/**
 * Members on the calling thread's loop of `server` (all of them where it has one loop); none for
 * NULL.
 */
COAX_API size_t coax_server_group_size(coax_server *server, const char *group);

COAX_END_DECLS

#endif
