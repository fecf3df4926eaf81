/*
 * Serves the services of sink.idl.
 *
 * Fill the handlers of a service and give them to its _serve(), or to _serve_client() where the
 * server is to call. They are copied; `self` is borrowed. A handler answers with its method's
 * _reply() or one of its _throw_ functions, now or later, as long as the call lives;
 * coax_call_fail() is for all else.
 *
 * Made by idlc from sink.idl: change the schema, not this file.
 */
#ifndef SERVER_COAX_GEN_ACME_SINK_SINK_H
#define SERVER_COAX_GEN_ACME_SINK_SINK_H

#include <coax/gen_server.h>

#include "sink.h"

COAX_BEGIN_DECLS

/* Streams and events of sink.idl have no stubs in this version. */

/** What serves acme.sink.Sink: `self` is what was given to serve. NULL: `unimplemented`. */
typedef struct acme_sink_sink_handlers {
    /** Sends it once. */
    void (*send)(void *self, coax_call call, const acme_sink_containers *request);
    void (*balance)(void *self, coax_call call, const acme_sink_sink_balance_request *request);
    void (*ping)(void *self, coax_call call, const acme_sink_sink_ping_request *request);
    /** Deprecated: use ping. */
    void (*old)(void *self, coax_call call, const acme_sink_nothing *request);
    void (*hint)(void *self, coax_call call, const acme_sink_sink_hint_request *request);
} acme_sink_sink_handlers;

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

COAX_END_DECLS

#endif
