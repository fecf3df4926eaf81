/*
 * Server side of sink.idl; see sink_server.h.
 *
 * Made by idlc from sink.idl: change the schema, not this file.
 */
#include "sink_server.h"

static void acme_sink_sink_send_handle(const void *handlers, void *self, coax_call call,
                                       const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->send(self, call, (const acme_sink_containers *)request);
}

static void acme_sink_sink_balance_handle(const void *handlers, void *self, coax_call call,
                                          const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->balance(self, call, (const acme_sink_sink_balance_request *)request);
}

static void acme_sink_sink_ping_handle(const void *handlers, void *self, coax_call call,
                                       const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->ping(self, call, (const acme_sink_sink_ping_request *)request);
}

static void acme_sink_sink_old_handle(const void *handlers, void *self, coax_call call,
                                      const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->old(self, call, (const acme_sink_nothing *)request);
}

static void acme_sink_sink_hint_handle(const void *handlers, void *self, coax_call call,
                                       const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->hint(self, call, (const acme_sink_sink_hint_request *)request);
}

static const coax_gen_handler acme_sink_sink_rows[] = {
    { ACME_SINK_SINK_SEND_METHOD, acme_sink_sink_send_handle,
      offsetof(acme_sink_sink_handlers, send) },
    { ACME_SINK_SINK_BALANCE_METHOD, acme_sink_sink_balance_handle,
      offsetof(acme_sink_sink_handlers, balance) },
    { ACME_SINK_SINK_PING_METHOD, acme_sink_sink_ping_handle,
      offsetof(acme_sink_sink_handlers, ping) },
    { ACME_SINK_SINK_OLD_METHOD, acme_sink_sink_old_handle,
      offsetof(acme_sink_sink_handlers, old) },
    { ACME_SINK_SINK_HINT_METHOD, acme_sink_sink_hint_handle,
      offsetof(acme_sink_sink_handlers, hint) },
};

COAX_SERVED(acme_sink_sink, 5);

coax_err acme_sink_sink_serve(coax_server *server, const acme_sink_sink_handlers *handlers,
                              void *self)
{
    return coax_gen_serve(server, &acme_sink_sink_served, handlers, self);
}

coax_err acme_sink_sink_serve_client(coax_client *client, const acme_sink_sink_handlers *handlers,
                                     void *self)
{
    return coax_gen_serve_client(client, &acme_sink_sink_served, handlers, self);
}

coax_err acme_sink_sink_send_reply(coax_call call, const acme_sink_receipt *reply)
{
    return coax_gen_reply(call, ACME_SINK_SINK_SEND_METHOD, reply);
}

coax_err acme_sink_sink_send_throw_not_found(coax_call call, const acme_sink_not_found *error)
{
    return coax_gen_throw(call, ACME_SINK_SINK_SEND_METHOD, &acme_sink_not_found_type, error);
}

coax_err acme_sink_sink_send_throw_empty(coax_call call, const acme_sink_empty *error)
{
    return coax_gen_throw(call, ACME_SINK_SINK_SEND_METHOD, &acme_sink_empty_type, error);
}

coax_err acme_sink_sink_send_throw_broke(coax_call call, const sink_common_broke *error)
{
    return coax_gen_throw(call, ACME_SINK_SINK_SEND_METHOD, &sink_common_broke_type, error);
}

coax_err acme_sink_sink_balance_reply(coax_call call, const acme_sink_sink_balance_response *reply)
{
    return coax_gen_reply(call, ACME_SINK_SINK_BALANCE_METHOD, reply);
}

coax_err acme_sink_sink_ping_reply(coax_call call, const acme_sink_sink_ping_response *reply)
{
    return coax_gen_reply(call, ACME_SINK_SINK_PING_METHOD, reply);
}

coax_err acme_sink_sink_old_reply(coax_call call, const acme_sink_nothing *reply)
{
    return coax_gen_reply(call, ACME_SINK_SINK_OLD_METHOD, reply);
}
