/*
 * Client stubs of sink.idl; see sink_client.h.
 *
 * Made by idlc from sink.idl: change the schema, not this file.
 */
#include "sink_client.h"

static acme_sink_sink_send_result acme_sink_sink_send_typed(const coax_result *result)
{
    acme_sink_sink_send_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_sink_receipt *)result->reply;
    switch (result->error_index) {
    case 1: typed.not_found = (const acme_sink_not_found *)result->error; break;
    case 2: typed.empty = (const acme_sink_empty *)result->error; break;
    case 3: typed.broke = (const sink_common_broke *)result->error; break;
    default: break;
    }
    return typed;
}

acme_sink_sink_send_result acme_sink_sink_send_result_keep(const acme_sink_sink_send_result *result)
{
    acme_sink_sink_send_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_send_result_free(acme_sink_sink_send_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_send_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    acme_sink_sink_send_result typed = acme_sink_sink_send_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_send_fn)user_fn)(self, &typed);
}

coax_err acme_sink_sink_send(coax_client *client, const acme_sink_containers *request,
                             const coax_call_options *options, acme_sink_sink_send_fn done,
                             void *self)
{
    return coax_gen_call(client, ACME_SINK_SINK_SEND_METHOD, request, options,
                         acme_sink_sink_send_done, (coax_gen_any_fn)done, self);
}

coax_err acme_sink_sink_send_to(coax_peer peer, const acme_sink_containers *request,
                                const coax_call_options *options, acme_sink_sink_send_fn done,
                                void *self)
{
    return coax_gen_call_to(peer, ACME_SINK_SINK_SEND_METHOD, request, options,
                            acme_sink_sink_send_done, (coax_gen_any_fn)done, self);
}

coax_err acme_sink_sink_send_wait(coax_client *client, const acme_sink_containers *request,
                                  const coax_call_options *options,
                                  acme_sink_sink_send_result *ret_result)
{
    coax_result result;
    coax_err err =
        coax_gen_call_wait(client, ACME_SINK_SINK_SEND_METHOD, request, options, &result);
    *ret_result = acme_sink_sink_send_typed(&result);
    return err;
}

static acme_sink_sink_balance_result acme_sink_sink_balance_typed(const coax_result *result)
{
    acme_sink_sink_balance_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_sink_sink_balance_response *)result->reply;
    return typed;
}

acme_sink_sink_balance_result
acme_sink_sink_balance_result_keep(const acme_sink_sink_balance_result *result)
{
    acme_sink_sink_balance_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_balance_result_free(acme_sink_sink_balance_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_balance_done(void *self, coax_gen_any_fn user_fn,
                                        const coax_result *result)
{
    acme_sink_sink_balance_result typed = acme_sink_sink_balance_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_balance_fn)user_fn)(self, &typed);
}

coax_err acme_sink_sink_balance(coax_client *client, const acme_sink_sink_balance_request *request,
                                const coax_call_options *options, acme_sink_sink_balance_fn done,
                                void *self)
{
    return coax_gen_call(client, ACME_SINK_SINK_BALANCE_METHOD, request, options,
                         acme_sink_sink_balance_done, (coax_gen_any_fn)done, self);
}

coax_err acme_sink_sink_balance_to(coax_peer peer, const acme_sink_sink_balance_request *request,
                                   const coax_call_options *options, acme_sink_sink_balance_fn done,
                                   void *self)
{
    return coax_gen_call_to(peer, ACME_SINK_SINK_BALANCE_METHOD, request, options,
                            acme_sink_sink_balance_done, (coax_gen_any_fn)done, self);
}

coax_err acme_sink_sink_balance_wait(coax_client *client,
                                     const acme_sink_sink_balance_request *request,
                                     const coax_call_options *options,
                                     acme_sink_sink_balance_result *ret_result)
{
    coax_result result;
    coax_err err =
        coax_gen_call_wait(client, ACME_SINK_SINK_BALANCE_METHOD, request, options, &result);
    *ret_result = acme_sink_sink_balance_typed(&result);
    return err;
}

static acme_sink_sink_ping_result acme_sink_sink_ping_typed(const coax_result *result)
{
    acme_sink_sink_ping_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_sink_sink_ping_response *)result->reply;
    return typed;
}

acme_sink_sink_ping_result acme_sink_sink_ping_result_keep(const acme_sink_sink_ping_result *result)
{
    acme_sink_sink_ping_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_ping_result_free(acme_sink_sink_ping_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_ping_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    acme_sink_sink_ping_result typed = acme_sink_sink_ping_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_ping_fn)user_fn)(self, &typed);
}

coax_err acme_sink_sink_ping(coax_client *client, const acme_sink_sink_ping_request *request,
                             const coax_call_options *options, acme_sink_sink_ping_fn done,
                             void *self)
{
    return coax_gen_call(client, ACME_SINK_SINK_PING_METHOD, request, options,
                         acme_sink_sink_ping_done, (coax_gen_any_fn)done, self);
}

coax_err acme_sink_sink_ping_to(coax_peer peer, const acme_sink_sink_ping_request *request,
                                const coax_call_options *options, acme_sink_sink_ping_fn done,
                                void *self)
{
    return coax_gen_call_to(peer, ACME_SINK_SINK_PING_METHOD, request, options,
                            acme_sink_sink_ping_done, (coax_gen_any_fn)done, self);
}

coax_err acme_sink_sink_ping_wait(coax_client *client, const acme_sink_sink_ping_request *request,
                                  const coax_call_options *options,
                                  acme_sink_sink_ping_result *ret_result)
{
    coax_result result;
    coax_err err =
        coax_gen_call_wait(client, ACME_SINK_SINK_PING_METHOD, request, options, &result);
    *ret_result = acme_sink_sink_ping_typed(&result);
    return err;
}

static acme_sink_sink_old_result acme_sink_sink_old_typed(const coax_result *result)
{
    acme_sink_sink_old_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_sink_nothing *)result->reply;
    return typed;
}

acme_sink_sink_old_result acme_sink_sink_old_result_keep(const acme_sink_sink_old_result *result)
{
    acme_sink_sink_old_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_old_result_free(acme_sink_sink_old_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_old_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    acme_sink_sink_old_result typed = acme_sink_sink_old_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_old_fn)user_fn)(self, &typed);
}

coax_err acme_sink_sink_old(coax_client *client, const acme_sink_nothing *request,
                            const coax_call_options *options, acme_sink_sink_old_fn done,
                            void *self)
{
    return coax_gen_call(client, ACME_SINK_SINK_OLD_METHOD, request, options,
                         acme_sink_sink_old_done, (coax_gen_any_fn)done, self);
}

coax_err acme_sink_sink_old_to(coax_peer peer, const acme_sink_nothing *request,
                               const coax_call_options *options, acme_sink_sink_old_fn done,
                               void *self)
{
    return coax_gen_call_to(peer, ACME_SINK_SINK_OLD_METHOD, request, options,
                            acme_sink_sink_old_done, (coax_gen_any_fn)done, self);
}

coax_err acme_sink_sink_old_wait(coax_client *client, const acme_sink_nothing *request,
                                 const coax_call_options *options,
                                 acme_sink_sink_old_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_call_wait(client, ACME_SINK_SINK_OLD_METHOD, request, options, &result);
    *ret_result = acme_sink_sink_old_typed(&result);
    return err;
}

coax_err acme_sink_sink_hint(coax_client *client, const acme_sink_sink_hint_request *request,
                             const coax_call_options *options)
{
    return coax_gen_send(client, ACME_SINK_SINK_HINT_METHOD, request, options);
}

coax_err acme_sink_sink_hint_to(coax_peer peer, const acme_sink_sink_hint_request *request,
                                const coax_call_options *options)
{
    return coax_gen_send_to(peer, ACME_SINK_SINK_HINT_METHOD, request, options);
}

typedef void (*acme_sink_sink_statement_next_fn)(void *self, coax_call call,
                                                 const acme_sink_defaults *item);
typedef void (*acme_sink_sink_statement_finish_fn)(void *self,
                                                   const acme_sink_sink_statement_result *result);

static acme_sink_sink_statement_result acme_sink_sink_statement_typed(const coax_result *result)
{
    acme_sink_sink_statement_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    switch (result->error_index) {
    case 1: typed.not_found = (const acme_sink_not_found *)result->error; break;
    default: break;
    }
    return typed;
}

acme_sink_sink_statement_result
acme_sink_sink_statement_result_keep(const acme_sink_sink_statement_result *result)
{
    acme_sink_sink_statement_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_statement_result_free(acme_sink_sink_statement_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_statement_done(void *self, coax_gen_any_fn user_fn,
                                          const coax_result *result)
{
    acme_sink_sink_statement_result typed = acme_sink_sink_statement_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_statement_finish_fn)user_fn)(self, &typed);
}

static void acme_sink_sink_statement_each(void *self, coax_gen_any_fn user_fn, coax_call call,
                                          const void *item)
{
    if (user_fn != NULL)
        ((acme_sink_sink_statement_next_fn)user_fn)(self, call, (const acme_sink_defaults *)item);
}

COAX_STREAM_GLUE(acme_sink_sink_statement, acme_sink_sink_statement_each);

static coax_gen_stream_fns
acme_sink_sink_statement_fns(const acme_sink_sink_statement_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_item = (coax_gen_any_fn)events->on_item;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_sink_sink_statement(coax_client *client,
                                  const acme_sink_sink_statement_request *request,
                                  const coax_call_options *options,
                                  const acme_sink_sink_statement_events *events, void *self,
                                  coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_statement_fns(events);
    return coax_gen_stream(client, ACME_SINK_SINK_STATEMENT_METHOD, request, options,
                           &acme_sink_sink_statement_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_statement_to(coax_peer peer,
                                     const acme_sink_sink_statement_request *request,
                                     const coax_call_options *options,
                                     const acme_sink_sink_statement_events *events, void *self,
                                     coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_statement_fns(events);
    return coax_gen_stream_to(peer, ACME_SINK_SINK_STATEMENT_METHOD, request, options,
                              &acme_sink_sink_statement_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_statement_open(coax_client *client,
                                       const acme_sink_sink_statement_request *request,
                                       const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_SINK_SINK_STATEMENT_METHOD, request, options,
                                ret_stream);
}

bool acme_sink_sink_statement_next(coax_stream *stream, const acme_sink_defaults **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_stream_next(stream, ACME_SINK_SINK_STATEMENT_METHOD, &item))
        return false;
    *ret_item = (const acme_sink_defaults *)item;
    return true;
}

coax_err acme_sink_sink_statement_finish(coax_stream *stream,
                                         acme_sink_sink_statement_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, ACME_SINK_SINK_STATEMENT_METHOD, &result);
    *ret_result = acme_sink_sink_statement_typed(&result);
    return err;
}

typedef void (*acme_sink_sink_upload_finish_fn)(void *self,
                                                const acme_sink_sink_upload_result *result);

static acme_sink_sink_upload_result acme_sink_sink_upload_typed(const coax_result *result)
{
    acme_sink_sink_upload_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_sink_nothing *)result->reply;
    switch (result->error_index) {
    case 1: typed.empty = (const acme_sink_empty *)result->error; break;
    case 2: typed.broke = (const sink_common_broke *)result->error; break;
    default: break;
    }
    return typed;
}

acme_sink_sink_upload_result
acme_sink_sink_upload_result_keep(const acme_sink_sink_upload_result *result)
{
    acme_sink_sink_upload_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_upload_result_free(acme_sink_sink_upload_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_upload_done(void *self, coax_gen_any_fn user_fn,
                                       const coax_result *result)
{
    acme_sink_sink_upload_result typed = acme_sink_sink_upload_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_upload_finish_fn)user_fn)(self, &typed);
}

COAX_STREAM_GLUE(acme_sink_sink_upload, NULL);

static coax_gen_stream_fns acme_sink_sink_upload_fns(const acme_sink_sink_upload_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_sink_sink_upload(coax_client *client, const acme_sink_sink_upload_request *request,
                               const coax_call_options *options,
                               const acme_sink_sink_upload_events *events, void *self,
                               coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_upload_fns(events);
    return coax_gen_stream(client, ACME_SINK_SINK_UPLOAD_METHOD, request, options,
                           &acme_sink_sink_upload_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_upload_to(coax_peer peer, const acme_sink_sink_upload_request *request,
                                  const coax_call_options *options,
                                  const acme_sink_sink_upload_events *events, void *self,
                                  coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_upload_fns(events);
    return coax_gen_stream_to(peer, ACME_SINK_SINK_UPLOAD_METHOD, request, options,
                              &acme_sink_sink_upload_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_upload_send(coax_call call, const acme_sink_defaults *item)
{
    return coax_gen_item(call, ACME_SINK_SINK_UPLOAD_METHOD, item);
}

coax_err acme_sink_sink_upload_open(coax_client *client,
                                    const acme_sink_sink_upload_request *request,
                                    const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_SINK_SINK_UPLOAD_METHOD, request, options, ret_stream);
}

coax_err acme_sink_sink_upload_put(coax_stream *stream, const acme_sink_defaults *item)
{
    return coax_gen_stream_put(stream, ACME_SINK_SINK_UPLOAD_METHOD, item);
}

coax_err acme_sink_sink_upload_finish(coax_stream *stream, acme_sink_sink_upload_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, ACME_SINK_SINK_UPLOAD_METHOD, &result);
    *ret_result = acme_sink_sink_upload_typed(&result);
    return err;
}

typedef void (*acme_sink_sink_chat_next_fn)(void *self, coax_call call, const acme_sink_tree *item);
typedef void (*acme_sink_sink_chat_finish_fn)(void *self, const acme_sink_sink_chat_result *result);

static acme_sink_sink_chat_result acme_sink_sink_chat_typed(const coax_result *result)
{
    acme_sink_sink_chat_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    return typed;
}

acme_sink_sink_chat_result acme_sink_sink_chat_result_keep(const acme_sink_sink_chat_result *result)
{
    acme_sink_sink_chat_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_chat_result_free(acme_sink_sink_chat_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_chat_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    acme_sink_sink_chat_result typed = acme_sink_sink_chat_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_chat_finish_fn)user_fn)(self, &typed);
}

static void acme_sink_sink_chat_each(void *self, coax_gen_any_fn user_fn, coax_call call,
                                     const void *item)
{
    if (user_fn != NULL)
        ((acme_sink_sink_chat_next_fn)user_fn)(self, call, (const acme_sink_tree *)item);
}

COAX_STREAM_GLUE(acme_sink_sink_chat, acme_sink_sink_chat_each);

static coax_gen_stream_fns acme_sink_sink_chat_fns(const acme_sink_sink_chat_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_item = (coax_gen_any_fn)events->on_item;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_sink_sink_chat(coax_client *client, const acme_sink_sink_chat_request *request,
                             const coax_call_options *options,
                             const acme_sink_sink_chat_events *events, void *self,
                             coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_chat_fns(events);
    return coax_gen_stream(client, ACME_SINK_SINK_CHAT_METHOD, request, options,
                           &acme_sink_sink_chat_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_chat_to(coax_peer peer, const acme_sink_sink_chat_request *request,
                                const coax_call_options *options,
                                const acme_sink_sink_chat_events *events, void *self,
                                coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_chat_fns(events);
    return coax_gen_stream_to(peer, ACME_SINK_SINK_CHAT_METHOD, request, options,
                              &acme_sink_sink_chat_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_chat_send(coax_call call, const acme_sink_scalars *item)
{
    return coax_gen_item(call, ACME_SINK_SINK_CHAT_METHOD, item);
}

coax_err acme_sink_sink_chat_open(coax_client *client, const acme_sink_sink_chat_request *request,
                                  const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_SINK_SINK_CHAT_METHOD, request, options, ret_stream);
}

bool acme_sink_sink_chat_next(coax_stream *stream, const acme_sink_tree **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_stream_next(stream, ACME_SINK_SINK_CHAT_METHOD, &item))
        return false;
    *ret_item = (const acme_sink_tree *)item;
    return true;
}

coax_err acme_sink_sink_chat_put(coax_stream *stream, const acme_sink_scalars *item)
{
    return coax_gen_stream_put(stream, ACME_SINK_SINK_CHAT_METHOD, item);
}

coax_err acme_sink_sink_chat_finish(coax_stream *stream, acme_sink_sink_chat_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, ACME_SINK_SINK_CHAT_METHOD, &result);
    *ret_result = acme_sink_sink_chat_typed(&result);
    return err;
}

typedef void (*acme_sink_sink_gather_finish_fn)(void *self,
                                                const acme_sink_sink_gather_result *result);

static acme_sink_sink_gather_result acme_sink_sink_gather_typed(const coax_result *result)
{
    acme_sink_sink_gather_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_sink_sink_gather_response *)result->reply;
    return typed;
}

acme_sink_sink_gather_result
acme_sink_sink_gather_result_keep(const acme_sink_sink_gather_result *result)
{
    acme_sink_sink_gather_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_gather_result_free(acme_sink_sink_gather_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_gather_done(void *self, coax_gen_any_fn user_fn,
                                       const coax_result *result)
{
    acme_sink_sink_gather_result typed = acme_sink_sink_gather_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_gather_finish_fn)user_fn)(self, &typed);
}

COAX_STREAM_GLUE(acme_sink_sink_gather, NULL);

static coax_gen_stream_fns acme_sink_sink_gather_fns(const acme_sink_sink_gather_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_sink_sink_gather(coax_client *client, const acme_sink_sink_gather_request *request,
                               const coax_call_options *options,
                               const acme_sink_sink_gather_events *events, void *self,
                               coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_gather_fns(events);
    return coax_gen_stream(client, ACME_SINK_SINK_GATHER_METHOD, request, options,
                           &acme_sink_sink_gather_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_gather_to(coax_peer peer, const acme_sink_sink_gather_request *request,
                                  const coax_call_options *options,
                                  const acme_sink_sink_gather_events *events, void *self,
                                  coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_gather_fns(events);
    return coax_gen_stream_to(peer, ACME_SINK_SINK_GATHER_METHOD, request, options,
                              &acme_sink_sink_gather_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_gather_send(coax_call call, const acme_sink_tree *item)
{
    return coax_gen_item(call, ACME_SINK_SINK_GATHER_METHOD, item);
}

coax_err acme_sink_sink_gather_open(coax_client *client,
                                    const acme_sink_sink_gather_request *request,
                                    const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_SINK_SINK_GATHER_METHOD, request, options, ret_stream);
}

coax_err acme_sink_sink_gather_put(coax_stream *stream, const acme_sink_tree *item)
{
    return coax_gen_stream_put(stream, ACME_SINK_SINK_GATHER_METHOD, item);
}

coax_err acme_sink_sink_gather_finish(coax_stream *stream, acme_sink_sink_gather_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, ACME_SINK_SINK_GATHER_METHOD, &result);
    *ret_result = acme_sink_sink_gather_typed(&result);
    return err;
}

typedef void (*acme_sink_sink_mirror_next_fn)(void *self, coax_call call,
                                              const acme_sink_scalars *item);
typedef void (*acme_sink_sink_mirror_finish_fn)(void *self,
                                                const acme_sink_sink_mirror_result *result);

static acme_sink_sink_mirror_result acme_sink_sink_mirror_typed(const coax_result *result)
{
    acme_sink_sink_mirror_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    return typed;
}

acme_sink_sink_mirror_result
acme_sink_sink_mirror_result_keep(const acme_sink_sink_mirror_result *result)
{
    acme_sink_sink_mirror_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_sink_sink_mirror_result_free(acme_sink_sink_mirror_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_sink_sink_mirror_done(void *self, coax_gen_any_fn user_fn,
                                       const coax_result *result)
{
    acme_sink_sink_mirror_result typed = acme_sink_sink_mirror_typed(result);
    if (user_fn != NULL)
        ((acme_sink_sink_mirror_finish_fn)user_fn)(self, &typed);
}

static void acme_sink_sink_mirror_each(void *self, coax_gen_any_fn user_fn, coax_call call,
                                       const void *item)
{
    if (user_fn != NULL)
        ((acme_sink_sink_mirror_next_fn)user_fn)(self, call, (const acme_sink_scalars *)item);
}

COAX_STREAM_GLUE(acme_sink_sink_mirror, acme_sink_sink_mirror_each);

static coax_gen_stream_fns acme_sink_sink_mirror_fns(const acme_sink_sink_mirror_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_item = (coax_gen_any_fn)events->on_item;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_sink_sink_mirror(coax_client *client, const acme_sink_sink_mirror_request *request,
                               const coax_call_options *options,
                               const acme_sink_sink_mirror_events *events, void *self,
                               coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_mirror_fns(events);
    return coax_gen_stream(client, ACME_SINK_SINK_MIRROR_METHOD, request, options,
                           &acme_sink_sink_mirror_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_mirror_to(coax_peer peer, const acme_sink_sink_mirror_request *request,
                                  const coax_call_options *options,
                                  const acme_sink_sink_mirror_events *events, void *self,
                                  coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_sink_sink_mirror_fns(events);
    return coax_gen_stream_to(peer, ACME_SINK_SINK_MIRROR_METHOD, request, options,
                              &acme_sink_sink_mirror_glue, &fns, self, ret_call);
}

coax_err acme_sink_sink_mirror_send(coax_call call, const acme_sink_scalars *item)
{
    return coax_gen_item(call, ACME_SINK_SINK_MIRROR_METHOD, item);
}

coax_err acme_sink_sink_mirror_open(coax_client *client,
                                    const acme_sink_sink_mirror_request *request,
                                    const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_SINK_SINK_MIRROR_METHOD, request, options, ret_stream);
}

bool acme_sink_sink_mirror_next(coax_stream *stream, const acme_sink_scalars **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_stream_next(stream, ACME_SINK_SINK_MIRROR_METHOD, &item))
        return false;
    *ret_item = (const acme_sink_scalars *)item;
    return true;
}

coax_err acme_sink_sink_mirror_put(coax_stream *stream, const acme_sink_scalars *item)
{
    return coax_gen_stream_put(stream, ACME_SINK_SINK_MIRROR_METHOD, item);
}

coax_err acme_sink_sink_mirror_finish(coax_stream *stream, acme_sink_sink_mirror_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, ACME_SINK_SINK_MIRROR_METHOD, &result);
    *ret_result = acme_sink_sink_mirror_typed(&result);
    return err;
}

static void acme_sink_sink_rate_each(void *self, coax_gen_any_fn user_fn, coax_peer peer,
                                     const void *event)
{
    if (user_fn != NULL)
        ((acme_sink_sink_rate_fn)user_fn)(self, peer, (const acme_sink_late *)event);
}

coax_err acme_sink_sink_rate_subscribe(coax_client *client, acme_sink_sink_rate_fn on_event,
                                       void *self, const coax_subscribe_options *options,
                                       coax_subscription *ret_subscription)
{
    return coax_gen_subscribe(client, ACME_SINK_SINK_RATE_METHOD, acme_sink_sink_rate_each,
                              (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

coax_err acme_sink_sink_rate_subscribe_wait(coax_client *client, acme_sink_sink_rate_fn on_event,
                                            void *self, const coax_subscribe_options *options,
                                            coax_subscription *ret_subscription)
{
    return coax_gen_subscribe_wait(client, ACME_SINK_SINK_RATE_METHOD, acme_sink_sink_rate_each,
                                   (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

static void acme_sink_bells_rings_each(void *self, coax_gen_any_fn user_fn, coax_peer peer,
                                       const void *event)
{
    if (user_fn != NULL)
        ((acme_sink_bells_rings_fn)user_fn)(self, peer,
                                            (const acme_sink_bells_rings_request *)event);
}

coax_err acme_sink_bells_rings_subscribe(coax_client *client, acme_sink_bells_rings_fn on_event,
                                         void *self, const coax_subscribe_options *options,
                                         coax_subscription *ret_subscription)
{
    return coax_gen_subscribe(client, ACME_SINK_BELLS_RINGS_METHOD, acme_sink_bells_rings_each,
                              (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

coax_err acme_sink_bells_rings_subscribe_wait(coax_client *client,
                                              acme_sink_bells_rings_fn on_event, void *self,
                                              const coax_subscribe_options *options,
                                              coax_subscription *ret_subscription)
{
    return coax_gen_subscribe_wait(client, ACME_SINK_BELLS_RINGS_METHOD, acme_sink_bells_rings_each,
                                   (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

static void acme_sink_bells_stops_each(void *self, coax_gen_any_fn user_fn, coax_peer peer,
                                       const void *event)
{
    if (user_fn != NULL)
        ((acme_sink_bells_stops_fn)user_fn)(self, peer, (const acme_sink_nothing *)event);
}

coax_err acme_sink_bells_stops_subscribe(coax_client *client, acme_sink_bells_stops_fn on_event,
                                         void *self, const coax_subscribe_options *options,
                                         coax_subscription *ret_subscription)
{
    return coax_gen_subscribe(client, ACME_SINK_BELLS_STOPS_METHOD, acme_sink_bells_stops_each,
                              (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

coax_err acme_sink_bells_stops_subscribe_wait(coax_client *client,
                                              acme_sink_bells_stops_fn on_event, void *self,
                                              const coax_subscribe_options *options,
                                              coax_subscription *ret_subscription)
{
    return coax_gen_subscribe_wait(client, ACME_SINK_BELLS_STOPS_METHOD, acme_sink_bells_stops_each,
                                   (coax_gen_any_fn)on_event, self, options, ret_subscription);
}
