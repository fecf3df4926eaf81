/*
 * Calls and peers: the small handles a handler or a caller holds, and what may be done with them.
 *
 * Invariants: a handle is a value (index and generation) and may be copied, kept and compared
 * freely; once what it names has ended, every function answers COAX_ERR_STALE and nothing else
 * happens. The loop a handle belongs to must outlive it. All functions here belong on the loop's
 * thread, unless they say otherwise.
 */
#ifndef COAX_CALL_H
#define COAX_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/descriptor.h>
#include <coax/error.h>

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
    uint32_t error_id;  /* wire id of a typed error this schema does or doesn't know; 0: none */
    coax_bytes details; /* the typed error still encoded; absent when there is none */
} coax_status;

/** Per-call options; all zero is the default. */
typedef struct coax_call_options {
    size_t size;         /* sizeof(coax_call_options); 0 is read as this version's */
    uint32_t timeout_ms; /* 0: the method's @timeout, else the client's call_timeout_ms */
    coax_call parent;    /* a call being handled: its remaining time bounds this one, so deadlines
                            count down across hops */
    coax_call *ret_call; /* NULL, or gets the handle, for coax_call_cancel */
    coax_error *error;   /* NULL, or gets the words when the call can't start */
} coax_call_options;

#define COAX_CALL_OPTIONS_INIT                                                                     \
    {                                                                                              \
        sizeof(coax_call_options), 0, { NULL, 0, 0 }, NULL, NULL                                   \
    }

/** Whether the call is still under way. */
COAX_API bool coax_call_is_live(coax_call call);

/**
 * Ends a call under way at the caller: its callback runs with COAX_ERR_CANCELLED from the loop, and
 * the peer is told.
 * @return COAX_OK, or COAX_ERR_STALE when it has ended already.
 */
COAX_API coax_err coax_call_cancel(coax_call call);

/**
 * Answers a call being handled with an error instead of a reply.
 * @param code    1 to 16 as they are; local codes travel as coax_err_to_wire() says. COAX_OK is
 * refused (COAX_ERR_MISUSE).
 * @param format  printf's; the message is cut at 1 KiB. Copied.
 * @return COAX_OK, COAX_ERR_STALE (caller gone, cancelled, answered already), COAX_ERR_WOULD_BLOCK.
 */
COAX_API coax_err coax_call_fail(coax_call call, coax_err code, const char *format, ...)
    COAX_PRINTF(3, 4);

/** Who made the call being handled. Stale peer when the call is. */
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

/** Whether the connection is open. */
COAX_API bool coax_peer_is_open(coax_peer peer);

/** The name the peer gave in its HELLO or WELCOME, cut to `size` with its NUL; empty when stale.
 * Returns the full length. */
COAX_API size_t coax_peer_name(coax_peer peer, char *buffer, size_t size);

/** The peer's transport address ("tcp://127.0.0.1:51234"), likewise. */
COAX_API size_t coax_peer_address(coax_peer peer, char *buffer, size_t size);

/** Closes the connection with a reason. Legal in any callback; calls in flight fail with
 * COAX_ERR_UNAVAILABLE. */
COAX_API coax_err coax_peer_close(coax_peer peer, coax_err reason, const char *words);

COAX_END_DECLS

#endif
