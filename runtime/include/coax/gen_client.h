/*
 * What generated client stubs call. Users call the stubs.
 */
#ifndef COAX_GEN_CLIENT_H
#define COAX_GEN_CLIENT_H

#include <coax/client.h>
#include <coax/event.h>
#include <coax/gen.h>
#include <coax/stream.h>

COAX_BEGIN_DECLS

/** What a result's pointers point into; reference-counted. */
typedef struct coax_memory coax_memory;

/** The untyped end of a call. Generated results have the typed pointers instead of the last three.
 */
typedef struct coax_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory;  /* NULL when nothing was decoded */
    const void *reply;    /* set when err is COAX_OK */
    uint32_t error_index; /* 1 + index into method->errors of the error thrown; 0: none of them */
    const void *error;
} coax_result;

typedef void (*coax_gen_any_fn)(void);
/** Turns the untyped result into the typed one and calls the user's function. */
typedef void (*coax_gen_done_fn)(void *self, coax_gen_any_fn user_fn, const coax_result *result);

/**
 * Checks, encodes and starts a call. The request is borrowed until it returns.
 * @return COAX_OK: exactly one `done` will come, from the loop. Else none will:
 * COAX_ERR_INVALID_ARGUMENT (a constraint; words in options->error), COAX_ERR_TOO_LARGE,
 * COAX_ERR_WOULD_BLOCK, COAX_ERR_RESOURCE_EXHAUSTED, COAX_ERR_UNAVAILABLE (closed),
 * COAX_ERR_NO_MEMORY, COAX_ERR_STALE.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_call(coax_client *client, const coax_method *method,
                                              const void *request, const coax_call_options *options,
                                              coax_gen_done_fn done, coax_gen_any_fn user_fn,
                                              void *self);
COAX_API COAX_MUST_USE coax_err coax_gen_call_to(coax_peer peer, const coax_method *method,
                                                 const void *request,
                                                 const coax_call_options *options,
                                                 coax_gen_done_fn done, coax_gen_any_fn user_fn,
                                                 void *self);

/**
 * The same, and waits. `ret_result` is always written; release its memory with coax_memory_unref.
 * Any thread but the loop's own (COAX_ERR_DEADLOCK).
 * @return ret_result->err.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_call_wait(coax_client *client, const coax_method *method,
                                                   const void *request,
                                                   const coax_call_options *options,
                                                   coax_result *ret_result);

/** Checks, encodes and queues a one-way message; no callback. Loop's thread, except on a client
 * from coax_dial: any thread. */
COAX_API COAX_MUST_USE coax_err coax_gen_send(coax_client *client, const coax_method *method,
                                              const void *request,
                                              const coax_call_options *options);
COAX_API COAX_MUST_USE coax_err coax_gen_send_to(coax_peer peer, const coax_method *method,
                                                 const void *request,
                                                 const coax_call_options *options);

/** Gives an untyped item to the user's typed function. */
typedef void (*coax_gen_item_fn)(void *self, coax_gen_any_fn user_fn, coax_call call,
                                 const void *item);

/** How a streaming method's callbacks are called: one const table per method, made by idlc. */
typedef struct coax_gen_stream_glue {
    coax_gen_item_fn item; /* NULL where the peer streams nothing */
    coax_gen_done_fn end;
} coax_gen_stream_glue;

/** The user's functions for one stream. */
typedef struct coax_gen_stream_fns {
    coax_gen_any_fn on_item; /* NULL: items are dropped as they come */
    coax_call_fn on_writable;
    coax_gen_any_fn on_end; /* not NULL */
} coax_gen_stream_fns;

/**
 * Starts a streaming call: the request leaves, items follow with coax_gen_item. Without @timeout
 * and timeout_ms it has no deadline. @param ret_call NULL, or gets the handle. @return as
 * coax_gen_call; COAX_OK: on_end comes exactly once, last.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_stream(coax_client *client, const coax_method *method,
                                                const void *request,
                                                const coax_call_options *options,
                                                const coax_gen_stream_glue *glue,
                                                const coax_gen_stream_fns *fns, void *self,
                                                coax_call *ret_call);
COAX_API COAX_MUST_USE coax_err coax_gen_stream_to(coax_peer peer, const coax_method *method,
                                                   const void *request,
                                                   const coax_call_options *options,
                                                   const coax_gen_stream_glue *glue,
                                                   const coax_gen_stream_fns *fns, void *self,
                                                   coax_call *ret_call);

/**
 * Checks, encodes and queues one item, from the caller or from the handler, whichever the handle
 * is. Borrowed for the call. On a worker's handle (@blocking) it waits where others get
 * COAX_ERR_WOULD_BLOCK.
 * @return COAX_OK, COAX_ERR_WOULD_BLOCK (credit or queue: on_writable follows), COAX_ERR_STALE,
 * COAX_ERR_INVALID_ARGUMENT (nothing was sent; words to on_error of a server), COAX_ERR_TOO_LARGE,
 * COAX_ERR_CLOSED (this side has ended), COAX_ERR_MISUSE (another method's, or NULL),
 * COAX_ERR_NO_MEMORY.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_item(coax_call call, const coax_method *method,
                                              const void *item);

/** The same in blocking style (stream.h). `ret_stream` is to be given to coax_gen_stream_finish. */
COAX_API COAX_MUST_USE coax_err coax_gen_stream_open(coax_client *client, const coax_method *method,
                                                     const void *request,
                                                     const coax_call_options *options,
                                                     coax_stream **ret_stream);
/**
 * Waits for the next item, valid until the next call on this stream. False: there is none any more.
 */
COAX_API bool coax_gen_stream_next(coax_stream *stream, const coax_method *method,
                                   const void **ret_item);
/**
 * Waits for room and sends. @return as coax_gen_item without COAX_ERR_WOULD_BLOCK; when the stream
 * has ended, why.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_stream_put(coax_stream *stream, const coax_method *method,
                                                    const void *item);
/**
 * Ends and frees the stream: this side's items end, and the status, or the reply of a method that
 * has one, is waited for. Where items of the peer are left unread the stream is cancelled instead.
 * `ret_result` is always written.
 * @return ret_result->err.
 */
COAX_API coax_err coax_gen_stream_finish(coax_stream *stream, const coax_method *method,
                                         coax_result *ret_result);

/** Gives an untyped event to the user's typed function. */
typedef void (*coax_gen_event_fn)(void *self, coax_gen_any_fn user_fn, coax_peer peer,
                                  const void *event);

/**
 * Subscribes; `user_fn` is called for every event from the loop. Legal before the connection is
 * open. Several handlers of one event cost one subscription on the wire. @param ret_subscription
 * NULL, or gets the handle.
 * @return COAX_OK, COAX_ERR_UNAVAILABLE (closed), COAX_ERR_RESOURCE_EXHAUSTED (max_subscriptions),
 * COAX_ERR_NO_MEMORY.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_subscribe(coax_client *client, const coax_method *event,
                                                   coax_gen_event_fn glue, coax_gen_any_fn user_fn,
                                                   void *self,
                                                   const coax_subscribe_options *options,
                                                   coax_subscription *ret_subscription);
/** The same, and waits until the server has it or refused. Any thread but the loop's own. */
COAX_API COAX_MUST_USE coax_err coax_gen_subscribe_wait(
    coax_client *client, const coax_method *event, coax_gen_event_fn glue, coax_gen_any_fn user_fn,
    void *self, const coax_subscribe_options *options, coax_subscription *ret_subscription);

/** One more owner. NULL is fine. Any thread. */
COAX_API coax_memory *coax_memory_ref(coax_memory *memory);
/** One owner less; the last one frees. NULL is fine. Any thread. */
COAX_API void coax_memory_unref(coax_memory *memory);

COAX_END_DECLS

#endif
