/*
 * What generated server code calls. Users fill the generated handler struct.
 */
#ifndef COAX_GEN_SERVER_H
#define COAX_GEN_SERVER_H

#include <coax/call.h>
#include <coax/client.h>
#include <coax/event.h>
#include <coax/gen.h>
#include <coax/gen_client.h>
#include <coax/server.h>

COAX_BEGIN_DECLS

/** Calls the typed handler: `handlers` is the server's copy of the user's struct. For one-way
 * methods `call` is live only inside the handler. */
typedef void (*coax_gen_handle_fn)(const void *handlers, void *self, coax_call call,
                                   const void *request);

/** One method that can be served. `offset` is the function pointer's place in the handler struct;
 * NULL there means not served. */
typedef struct coax_gen_handler {
    const coax_method *method;
    coax_gen_handle_fn handle;
    size_t offset;
} coax_gen_handler;

/** What serve registers: a service, its rows, and the user's struct with its size. */
typedef struct coax_gen_service {
    const coax_service *service;
    const coax_gen_handler *rows;
    size_t n_rows;
    size_t handlers_size;
} coax_gen_service;

/**
 * Adds a service. `handlers` is copied, `self` is borrowed until the server ends.
 * @return COAX_OK, COAX_ERR_IN_USE (a packet id is taken: served twice, or two names with one
 * hash), COAX_ERR_NO_MEMORY. Loop's thread.
 */
COAX_API COAX_MUST_USE coax_err coax_gen_serve(coax_server *server, const coax_gen_service *service,
                                               const void *handlers, void *self);
/** The same on a client: the server may then call it. */
COAX_API COAX_MUST_USE coax_err coax_gen_serve_client(coax_client *client,
                                                      const coax_gen_service *service,
                                                      const void *handlers, void *self);

/**
 * Checks, encodes and sends the reply, which is borrowed for the call; ends the call.
 * A reply that breaks its own schema's rules is not sent: the caller gets `internal`, this returns
 * COAX_ERR_INVALID_ARGUMENT and on_error has the words.
 * @return COAX_OK, COAX_ERR_STALE, COAX_ERR_WOULD_BLOCK (the call lives on; try again on_writable),
 * COAX_ERR_TOO_LARGE (the caller gets resource_exhausted), COAX_ERR_MISUSE when `method` isn't the
 * call's or `reply` is NULL.
 */
COAX_API coax_err coax_gen_reply(coax_call call, const coax_method *method, const void *reply);

/** Ends the call with a typed error; `error` is one of method->errors. @return as coax_gen_reply.
 */
COAX_API coax_err coax_gen_throw(coax_call call, const coax_method *method, const coax_type *error,
                                 const void *value);

/**
 * In a handler of a method whose caller streams: from now on items go to `on_item`; `on_end` (NULL
 * is fine) is told once, when the caller has ended or the call is over (coax_call_is_live tells
 * which), unless the handler has ended it. Until it is called items wait in the runtime, at most a
 * window of them and a half. `glue` is the method's.
 * @return COAX_OK, COAX_ERR_STALE, COAX_ERR_MISUSE (another method's, or a second time).
 */
COAX_API coax_err coax_gen_receive(coax_call call, const coax_method *method, coax_gen_item_fn glue,
                                   coax_gen_any_fn on_item, coax_call_fn on_end, void *self);

/**
 * In a @blocking handler: waits for the caller's next item, valid until the next take or the call's
 * end. False: there is none any more, because the caller has ended or the call has
 * (coax_call_is_live tells which).
 */
COAX_API bool coax_gen_take(coax_call call, const coax_method *method, const void **ret_item);

/**
 * Checks and encodes an event once and queues it for whom `options` (NULL: everyone subscribed)
 * say.
 * @return COAX_OK, also when nobody was there; COAX_ERR_INVALID_ARGUMENT, COAX_ERR_TOO_LARGE (own
 * max_message), COAX_ERR_STALE (options->peer; from a thread that is not the peer's loop's: only
 * when it is no peer of this server), COAX_ERR_MISUSE (the service is not served),
 * COAX_ERR_BAD_OPTION, COAX_ERR_CLOSED, COAX_ERR_NO_MEMORY. Any thread, while the server is there.
 */
COAX_API coax_err coax_gen_emit(coax_server *server, const coax_method *event, const void *value,
                                const coax_emit_options *options);

COAX_END_DECLS

#endif
