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

static void acme_sink_sink_statement_handle(const void *handlers, void *self, coax_call call,
                                            const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->statement(self, call, (const acme_sink_sink_statement_request *)request);
}

static void acme_sink_sink_upload_handle(const void *handlers, void *self, coax_call call,
                                         const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->upload(self, call, (const acme_sink_sink_upload_request *)request);
}

static void acme_sink_sink_chat_handle(const void *handlers, void *self, coax_call call,
                                       const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->chat(self, call, (const acme_sink_sink_chat_request *)request);
}

static void acme_sink_sink_gather_handle(const void *handlers, void *self, coax_call call,
                                         const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->gather(self, call, (const acme_sink_sink_gather_request *)request);
}

static void acme_sink_sink_mirror_handle(const void *handlers, void *self, coax_call call,
                                         const void *request)
{
    const acme_sink_sink_handlers *typed = (const acme_sink_sink_handlers *)handlers;
    typed->mirror(self, call, (const acme_sink_sink_mirror_request *)request);
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
    { ACME_SINK_SINK_STATEMENT_METHOD, acme_sink_sink_statement_handle,
      offsetof(acme_sink_sink_handlers, statement) },
    { ACME_SINK_SINK_UPLOAD_METHOD, acme_sink_sink_upload_handle,
      offsetof(acme_sink_sink_handlers, upload) },
    { ACME_SINK_SINK_CHAT_METHOD, acme_sink_sink_chat_handle,
      offsetof(acme_sink_sink_handlers, chat) },
    { ACME_SINK_SINK_GATHER_METHOD, acme_sink_sink_gather_handle,
      offsetof(acme_sink_sink_handlers, gather) },
    { ACME_SINK_SINK_MIRROR_METHOD, acme_sink_sink_mirror_handle,
      offsetof(acme_sink_sink_handlers, mirror) },
};

COAX_SERVED(acme_sink_sink, 10);

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

coax_err acme_sink_sink_statement_push(coax_call call, const acme_sink_defaults *item)
{
    return coax_gen_item(call, ACME_SINK_SINK_STATEMENT_METHOD, item);
}

coax_err acme_sink_sink_statement_throw_not_found(coax_call call, const acme_sink_not_found *error)
{
    return coax_gen_throw(call, ACME_SINK_SINK_STATEMENT_METHOD, &acme_sink_not_found_type, error);
}

static void acme_sink_sink_upload_received(void *self, coax_gen_any_fn user_fn, coax_call call,
                                           const void *item)
{
    if (user_fn != NULL)
        ((acme_sink_sink_upload_receive_fn)user_fn)(self, call, (const acme_sink_defaults *)item);
}

coax_err acme_sink_sink_upload_receive(coax_call call, acme_sink_sink_upload_receive_fn on_item,
                                       coax_call_fn on_end, void *self)
{
    return coax_gen_receive(call, ACME_SINK_SINK_UPLOAD_METHOD, acme_sink_sink_upload_received,
                            (coax_gen_any_fn)on_item, on_end, self);
}

coax_err acme_sink_sink_upload_reply(coax_call call, const acme_sink_nothing *reply)
{
    return coax_gen_reply(call, ACME_SINK_SINK_UPLOAD_METHOD, reply);
}

coax_err acme_sink_sink_upload_throw_empty(coax_call call, const acme_sink_empty *error)
{
    return coax_gen_throw(call, ACME_SINK_SINK_UPLOAD_METHOD, &acme_sink_empty_type, error);
}

coax_err acme_sink_sink_upload_throw_broke(coax_call call, const sink_common_broke *error)
{
    return coax_gen_throw(call, ACME_SINK_SINK_UPLOAD_METHOD, &sink_common_broke_type, error);
}

static void acme_sink_sink_chat_received(void *self, coax_gen_any_fn user_fn, coax_call call,
                                         const void *item)
{
    if (user_fn != NULL)
        ((acme_sink_sink_chat_receive_fn)user_fn)(self, call, (const acme_sink_scalars *)item);
}

coax_err acme_sink_sink_chat_receive(coax_call call, acme_sink_sink_chat_receive_fn on_item,
                                     coax_call_fn on_end, void *self)
{
    return coax_gen_receive(call, ACME_SINK_SINK_CHAT_METHOD, acme_sink_sink_chat_received,
                            (coax_gen_any_fn)on_item, on_end, self);
}

coax_err acme_sink_sink_chat_push(coax_call call, const acme_sink_tree *item)
{
    return coax_gen_item(call, ACME_SINK_SINK_CHAT_METHOD, item);
}

bool acme_sink_sink_gather_take(coax_call call, const acme_sink_tree **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_take(call, ACME_SINK_SINK_GATHER_METHOD, &item))
        return false;
    *ret_item = (const acme_sink_tree *)item;
    return true;
}

coax_err acme_sink_sink_gather_reply(coax_call call, const acme_sink_sink_gather_response *reply)
{
    return coax_gen_reply(call, ACME_SINK_SINK_GATHER_METHOD, reply);
}

bool acme_sink_sink_mirror_take(coax_call call, const acme_sink_scalars **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_take(call, ACME_SINK_SINK_MIRROR_METHOD, &item))
        return false;
    *ret_item = (const acme_sink_scalars *)item;
    return true;
}

coax_err acme_sink_sink_mirror_push(coax_call call, const acme_sink_scalars *item)
{
    return coax_gen_item(call, ACME_SINK_SINK_MIRROR_METHOD, item);
}

coax_err acme_sink_sink_rate_emit(coax_server *server, const acme_sink_late *event,
                                  const coax_emit_options *options)
{
    return coax_gen_emit(server, ACME_SINK_SINK_RATE_METHOD, event, options);
}

COAX_SERVED_EVENTS(acme_sink_bells);

coax_err acme_sink_bells_serve(coax_server *server, const acme_sink_bells_handlers *handlers,
                               void *self)
{
    return coax_gen_serve(server, &acme_sink_bells_served, handlers, self);
}

coax_err acme_sink_bells_rings_emit(coax_server *server, const acme_sink_bells_rings_request *event,
                                    const coax_emit_options *options)
{
    return coax_gen_emit(server, ACME_SINK_BELLS_RINGS_METHOD, event, options);
}

coax_err acme_sink_bells_stops_emit(coax_server *server, const acme_sink_nothing *event,
                                    const coax_emit_options *options)
{
    return coax_gen_emit(server, ACME_SINK_BELLS_STOPS_METHOD, event, options);
}
