/*
 * Calls and peers: the small handles a handler or a caller holds, and what may be done with them.
 *
 * Invariants: a handle is a value (index and generation) and may be copied, kept and compared
 * freely; once what it names has ended, every function answers COAX_ERR_STALE and nothing else
 * happens. The loop a handle belongs to must outlive it. All functions here belong on the loop's
 * thread, unless they say otherwise. A @blocking handler's call belongs on its worker instead
 * (n_workers in server.h says what may be done with it).
 */
#ifndef COAX_CALL_H
#define COAX_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/descriptor.h>
#include <coax/error.h>
#include <coax/metadata.h>

COAX_BEGIN_DECLS

typedef struct coax_loop coax_loop;
typedef struct coax_client coax_client;
typedef struct coax_server coax_server;

/** One call: in a handler the one being answered, at a caller one under way. A zeroed one is stale.
 */
typedef struct coax_call {
    coax_loop *loop;
    uint32_t index;
    uint32_t generation;
} coax_call;

/** The other end of one connection. A zeroed one is stale. */
typedef struct coax_peer {
    coax_loop *loop;
    uint32_t index;
    uint32_t generation;
} coax_peer;

/**
 * How a call ended. `code` is a canonical one when the peer decided, else local; `message` is never
 * NULL and NUL-terminated, lives as long as the result it is part of.
 */
typedef struct coax_status {
    coax_err code;
    const char *message;
    uint32_t error_id;      /* wire id of a typed error this schema does or doesn't know; 0: none */
    coax_bytes details;     /* the typed error still encoded; absent when there is none */
    coax_metadata initial;  /* what the answering side sent in front of its answer */
    coax_metadata trailing; /* and with the end */
    uint32_t
        retry_after_ms; /* with `resource_exhausted` and `unavailable`: not before; 0: not told */
} coax_status;

/**
 * Who leaves first where several messages wait. A frame under way is finished; of large messages
 * the higher ones are cut first. Low ones leave when nothing else waits.
 */
typedef enum coax_priority {
    COAX_PRIORITY_DEFAULT = 0, /* the method's, else normal */
    COAX_PRIORITY_HIGH,
    COAX_PRIORITY_NORMAL,
    COAX_PRIORITY_LOW
} coax_priority;

/** Per-call options; all zero is the default. */
typedef struct coax_call_options {
    size_t size;         /* sizeof(coax_call_options); 0 is read as this version's */
    uint32_t timeout_ms; /* 0: the method's @timeout, else the client's call_timeout_ms */
    coax_call parent;    /* a call being handled: its remaining time bounds this one, so deadlines
                            count down across hops; and, on the same loop, this one is cancelled
                            when nobody waits for that one any more */
    coax_call *ret_call; /* NULL, or gets the handle, for coax_call_cancel */
    coax_error *error;   /* NULL, or gets the words when the call can't start */
    const coax_metadata *metadata; /* NULL, or goes with the request; copied. Too much of it
                                      (max_metadata): COAX_ERR_TOO_LARGE */
    coax_priority priority;        /* 0: the method's @priority */
    /**
     * On a client that reconnects: while there is no connection the call waits for one, within its
     * deadline, instead of failing with COAX_ERR_UNAVAILABLE.
     */
    bool waits_for_ready;
} coax_call_options;

#define COAX_CALL_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(coax_call_options), 0, { NULL, 0, 0 }, NULL, NULL, NULL, COAX_PRIORITY_DEFAULT,     \
            false                                                                                  \
    }

/** Whether the call is still under way. A worker's own call on its worker, too. */
COAX_API bool coax_call_is_live(coax_call call);

/**
 * Ends a call under way at the caller: its callback runs with COAX_ERR_CANCELLED from the loop, and
 * the peer is told. Legal in any callback, its own included.
 * @return COAX_OK; COAX_ERR_STALE when it has ended already; COAX_ERR_MISUSE for a call being
 * handled, which is answered instead.
 */
COAX_API coax_err coax_call_cancel(coax_call call);

/**
 * Answers a call being handled with an error instead of a reply.
 * @param code    1 to 16 as they are; local codes travel as coax_err_to_wire() says. COAX_OK is
 * refused (COAX_ERR_MISUSE).
 * @param format  printf's; the message is cut at 1 KiB. Copied. NULL: what the code means.
 * @return COAX_OK, COAX_ERR_STALE (caller gone, cancelled, answered already), COAX_ERR_MISUSE (a
 * call made here), COAX_ERR_WOULD_BLOCK (the call lives on; try again on_writable).
 */
COAX_API coax_err coax_call_fail(coax_call call, coax_err code, const char *format, ...)
    COAX_PRINTF(3, 4);

/**
 * Said with a failure of a call being handled, whatever fails it: not to be tried again before so many
 * milliseconds (coax_status.retry_after_ms at the caller). 0: nothing is said of that.
 * @return COAX_OK, COAX_ERR_STALE, COAX_ERR_MISUSE (a call made here, or one-way). On a worker too.
 */
COAX_API coax_err coax_call_set_retry(coax_call call, uint32_t retry_after_ms);

/**
 * Who made the call being handled. Stale peer when the call is. On a worker too; what is done with
 * the peer belongs on the loop's thread.
 */
COAX_API coax_peer coax_call_peer(coax_call call);

/** Milliseconds until the call's deadline, rounded up; UINT32_MAX without one; 0 once it has passed
 * or the call is stale. */
COAX_API uint32_t coax_call_remaining_ms(coax_call call);

/** The packet id of the method; 0 when stale. */
COAX_API uint32_t coax_call_method_id(coax_call call);

/**
 * Answers a call that reached the fallback handler with an encoded reply.
 * @param reply  Copied. One MessagePack value; not checked.
 * @return as coax_call_fail.
 */
COAX_API coax_err coax_call_reply_raw(coax_call call, coax_bytes reply);

/** Something happened to a call. */
typedef void (*coax_call_fn)(void *self, coax_call call);

/**
 * Has a handler's call watched: `fn` is told once, from the loop, when nobody waits for its answer
 * any more: the caller cancelled (COAX_ERR_CANCELLED), the deadline passed
 * (COAX_ERR_DEADLINE_EXCEEDED), the connection ended (COAX_ERR_UNAVAILABLE). Calls made with this
 * one as `parent` have been cancelled by then. The call goes on counting for max_concurrent_calls
 * until the handler answers in vain (any of reply, fail, throw, coax_call_end: COAX_ERR_STALE),
 * also from inside `fn`. `fn` NULL: no more.
 * @return COAX_OK, COAX_ERR_STALE (cancelled already, say: `fn` will not come), COAX_ERR_MISUSE
 * (a call made here).
 */
COAX_API coax_err coax_call_on_cancel(coax_call call,
                                      void (*fn)(void *self, coax_call call, coax_err why),
                                      void *self);

/**
 * For a stream: `fn` is told, from the loop, after an item was refused with COAX_ERR_WOULD_BLOCK
 * and there is room for it again; in a handler also when its call is over meanwhile, so that it can
 * let go. `fn` NULL: no more.
 * @return COAX_OK, COAX_ERR_STALE, COAX_ERR_MISUSE (this side has no items).
 */
COAX_API coax_err coax_call_on_writable(coax_call call, coax_call_fn fn, void *self);

/**
 * No more items from this side. At the caller the peer may go on; in a handler of a stream of
 * replies it ends the call with success. Methods that answer with one reply end with that.
 * @return COAX_OK; COAX_ERR_STALE; COAX_ERR_CLOSED (this side has ended); COAX_ERR_MISUSE (no
 * stream, or one that ends with a reply). Never COAX_ERR_WOULD_BLOCK.
 */
COAX_API coax_err coax_call_end(coax_call call);

/**
 * Stops and goes on delivering the peer's items; what is under way waits in the runtime, at most a
 * window of it and a half, and then the peer waits. The peer's end waits as well; what ends the
 * call otherwise does not, and drops what waits. Legal in the item's own callback.
 * @return COAX_OK (twice as well), COAX_ERR_STALE, COAX_ERR_MISUSE (the peer has no items).
 */
COAX_API coax_err coax_call_pause(coax_call call);
COAX_API coax_err coax_call_resume(coax_call call);

/**
 * A handler's or a caller's own pointer, borrowed, kept with the call while it lives.
 * @return COAX_OK, COAX_ERR_STALE; the getter: NULL when stale or never set.
 */
COAX_API coax_err coax_call_set_data(coax_call call, void *data);
COAX_API void *coax_call_data(coax_call call);

/**
 * In a handler what came with the request, at a caller the peer's initial metadata as soon as it
 * has come; empty (never NULL) without, or when stale. Valid until the call ends.
 */
COAX_API const coax_metadata *coax_call_metadata(coax_call call);

/**
 * Initial metadata of an answer: sent at once, in front of the first item or the reply. Copied.
 * @return COAX_OK, COAX_ERR_STALE, COAX_ERR_MISUSE (a second time, after the first item, one-way),
 * COAX_ERR_INVALID_ARGUMENT (coax_metadata_check), COAX_ERR_TOO_LARGE (max_metadata),
 * COAX_ERR_WOULD_BLOCK. NULL or none: nothing is sent, and it may be called again.
 */
COAX_API coax_err coax_call_send_metadata(coax_call call, const coax_metadata *metadata);

/** Trailing metadata: kept, and sent with whatever ends the call; a second one replaces the first.
 * Copied. @return as coax_call_send_metadata, and COAX_ERR_NO_MEMORY. */
COAX_API coax_err coax_call_set_trailer(coax_call call, const coax_metadata *metadata);

/** Whether the connection is open. */
COAX_API bool coax_peer_is_open(coax_peer peer);

/** The name the peer gave in its HELLO or WELCOME, cut to `size` with its NUL; empty when stale.
 * Returns the full length. */
COAX_API size_t coax_peer_name(coax_peer peer, char *buffer, size_t size);

/** The peer's transport address ("tcp://127.0.0.1:51234", without "plain+" in front), likewise. */
COAX_API size_t coax_peer_address(coax_peer peer, char *buffer, size_t size);

/**
 * Smoothed round-trip time in microseconds (RFC 6298's smoothing over PINGs); 0 before the first
 * answer, when stale, and for peers that are not pinged (heartbeat_ms in limits.h).
 */
COAX_API uint32_t coax_peer_rtt_us(coax_peer peer);

/**
 * A server's or a client's own pointer for this connection, borrowed; on_disconnect can still read
 * it. @return COAX_OK, COAX_ERR_STALE; the getter: NULL when stale or never set.
 */
COAX_API coax_err coax_peer_set_data(coax_peer peer, void *data);
COAX_API void *coax_peer_data(coax_peer peer);

/**
 * Closes the connection; the peer is told `reason` and `words` (copied; NULL: none). Legal in any
 * callback; calls in flight fail with COAX_ERR_UNAVAILABLE, from the loop.
 * @return COAX_OK, COAX_ERR_STALE.
 */
COAX_API coax_err coax_peer_close(coax_peer peer, coax_err reason, const char *words);

COAX_END_DECLS

#endif
