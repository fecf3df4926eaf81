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
