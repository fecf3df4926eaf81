/*
 * Serves the services of sink.idl.
 *
 * Fill the handlers of a service and give them to its _serve(), or to _serve_client() where the
 * server is to call. They are copied; `self` is borrowed. What is sent is checked first, and
 * borrowed for the call.
 *
 * Of a method x, as long as the call lives, in its handler or later:
 *     x_receive()       has the caller's items given to a function, from now on
 *     x_take()          waits for the caller's next item; false: there is none any more
 *     x_push()          sends an item; coax_call_end() after the last
 *     x_reply()         answers
 *     x_throw_y()       answers with the error y
 *     coax_call_fail()  answers with any other error
 *
 * Of an event x:
 *     x_emit()          tells everyone who subscribed, or whom `options` name
 *
 * Made by idlc from sink.idl: change the schema, not this file.
 */
#ifndef SERVER_COAX_GEN_ACME_SINK_SINK_H
#define SERVER_COAX_GEN_ACME_SINK_SINK_H

#include <coax/gen_server.h>

#include "sink.h"

COAX_BEGIN_DECLS

/** What serves acme.sink.Sink: `self` is what was given to serve. NULL: `unimplemented`. */
typedef struct acme_sink_sink_handlers {
    /** Sends it once. */
    void (*send)(void *self, coax_call call, const acme_sink_containers *request);
    void (*balance)(void *self, coax_call call, const acme_sink_sink_balance_request *request);
    void (*ping)(void *self, coax_call call, const acme_sink_sink_ping_request *request);
    /** Deprecated: use ping. */
    void (*old)(void *self, coax_call call, const acme_sink_nothing *request);
    void (*hint)(void *self, coax_call call, const acme_sink_sink_hint_request *request);
    /** All there was, oldest first. */
    void (*statement)(void *self, coax_call call, const acme_sink_sink_statement_request *request);
    void (*upload)(void *self, coax_call call, const acme_sink_sink_upload_request *request);
    /** Says it and hears it. Deprecated. */
    void (*chat)(void *self, coax_call call, const acme_sink_sink_chat_request *request);
    /** May wait: it runs on a worker thread. */
    void (*gather)(void *self, coax_call call, const acme_sink_sink_gather_request *request);
    /** May wait: it runs on a worker thread. */
    void (*mirror)(void *self, coax_call call, const acme_sink_sink_mirror_request *request);
} acme_sink_sink_handlers;

/** `handlers` NULL: events only. */
COAX_MUST_USE coax_err acme_sink_sink_serve(coax_server *server,
                                            const acme_sink_sink_handlers *handlers, void *self);
COAX_MUST_USE coax_err acme_sink_sink_serve_client(coax_client *client,
                                                   const acme_sink_sink_handlers *handlers,
                                                   void *self);

coax_err acme_sink_sink_send_reply(coax_call call, const acme_sink_receipt *reply);
coax_err acme_sink_sink_send_throw_not_found(coax_call call, const acme_sink_not_found *error);
coax_err acme_sink_sink_send_throw_empty(coax_call call, const acme_sink_empty *error);
coax_err acme_sink_sink_send_throw_broke(coax_call call, const sink_common_broke *error);

coax_err acme_sink_sink_balance_reply(coax_call call, const acme_sink_sink_balance_response *reply);

coax_err acme_sink_sink_ping_reply(coax_call call, const acme_sink_sink_ping_response *reply);

coax_err acme_sink_sink_old_reply(coax_call call, const acme_sink_nothing *reply);

COAX_MUST_USE coax_err acme_sink_sink_statement_push(coax_call call,
                                                     const acme_sink_defaults *item);
coax_err acme_sink_sink_statement_throw_not_found(coax_call call, const acme_sink_not_found *error);

/** The caller's next item, borrowed until it returns. */
typedef void (*acme_sink_sink_upload_receive_fn)(void *self, coax_call call,
                                                 const acme_sink_defaults *item);
coax_err acme_sink_sink_upload_receive(coax_call call, acme_sink_sink_upload_receive_fn on_item,
                                       coax_call_fn on_end, void *self);
coax_err acme_sink_sink_upload_reply(coax_call call, const acme_sink_nothing *reply);
coax_err acme_sink_sink_upload_throw_empty(coax_call call, const acme_sink_empty *error);
coax_err acme_sink_sink_upload_throw_broke(coax_call call, const sink_common_broke *error);

/** The caller's next item, borrowed until it returns. */
typedef void (*acme_sink_sink_chat_receive_fn)(void *self, coax_call call,
                                               const acme_sink_scalars *item);
coax_err acme_sink_sink_chat_receive(coax_call call, acme_sink_sink_chat_receive_fn on_item,
                                     coax_call_fn on_end, void *self);
COAX_MUST_USE coax_err acme_sink_sink_chat_push(coax_call call, const acme_sink_tree *item);

bool acme_sink_sink_gather_take(coax_call call, const acme_sink_tree **ret_item);
coax_err acme_sink_sink_gather_reply(coax_call call, const acme_sink_sink_gather_response *reply);

bool acme_sink_sink_mirror_take(coax_call call, const acme_sink_scalars **ret_item);
COAX_MUST_USE coax_err acme_sink_sink_mirror_push(coax_call call, const acme_sink_scalars *item);

/** What it costs now. */
coax_err acme_sink_sink_rate_emit(coax_server *server, const acme_sink_late *event,
                                  const coax_emit_options *options);

/** acme.sink.Bells has events only and nothing to handle: give NULL. */
typedef struct acme_sink_bells_handlers acme_sink_bells_handlers;

COAX_MUST_USE coax_err acme_sink_bells_serve(coax_server *server,
                                             const acme_sink_bells_handlers *handlers, void *self);

coax_err acme_sink_bells_rings_emit(coax_server *server, const acme_sink_bells_rings_request *event,
                                    const coax_emit_options *options);

/** Silence. Deprecated: listen to rings. */
coax_err acme_sink_bells_stops_emit(coax_server *server, const acme_sink_nothing *event,
                                    const coax_emit_options *options);

COAX_END_DECLS

#endif
