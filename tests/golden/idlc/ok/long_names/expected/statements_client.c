/*
 * Client stubs of statements.idl; see statements_client.h.
 *
 * Made by idlc from statements.idl: change the schema, not this file.
 */
#include "statements_client.h"

typedef void (*acme_accounting_statements_pull_next_fn)(void *self, coax_call call,
                                                        const acme_accounting_statement_item *item);
typedef void (*acme_accounting_statements_pull_finish_fn)(
    void *self, const acme_accounting_statements_pull_result *result);

static acme_accounting_statements_pull_result
acme_accounting_statements_pull_typed(const coax_result *result)
{
    acme_accounting_statements_pull_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    switch (result->error_index) {
    case 1:
        typed.no_such_statement = (const acme_accounting_no_such_statement *)result->error;
        break;
    default: break;
    }
    return typed;
}

acme_accounting_statements_pull_result
acme_accounting_statements_pull_result_keep(const acme_accounting_statements_pull_result *result)
{
    acme_accounting_statements_pull_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_accounting_statements_pull_result_free(acme_accounting_statements_pull_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_accounting_statements_pull_done(void *self, coax_gen_any_fn user_fn,
                                                 const coax_result *result)
{
    acme_accounting_statements_pull_result typed = acme_accounting_statements_pull_typed(result);
    if (user_fn != NULL)
        ((acme_accounting_statements_pull_finish_fn)user_fn)(self, &typed);
}

static void acme_accounting_statements_pull_each(void *self, coax_gen_any_fn user_fn,
                                                 coax_call call, const void *item)
{
    if (user_fn != NULL)
        ((acme_accounting_statements_pull_next_fn)user_fn)(
            self, call, (const acme_accounting_statement_item *)item);
}

COAX_STREAM_GLUE(acme_accounting_statements_pull, acme_accounting_statements_pull_each);

static coax_gen_stream_fns
acme_accounting_statements_pull_fns(const acme_accounting_statements_pull_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_item = (coax_gen_any_fn)events->on_item;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_accounting_statements_pull(coax_client *client,
                                         const acme_accounting_statements_pull_request *request,
                                         const coax_call_options *options,
                                         const acme_accounting_statements_pull_events *events,
                                         void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_pull_fns(events);
    return coax_gen_stream(client, ACME_ACCOUNTING_STATEMENTS_PULL_METHOD, request, options,
                           &acme_accounting_statements_pull_glue, &fns, self, ret_call);
}

coax_err acme_accounting_statements_pull_to(coax_peer peer,
                                            const acme_accounting_statements_pull_request *request,
                                            const coax_call_options *options,
                                            const acme_accounting_statements_pull_events *events,
                                            void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_pull_fns(events);
    return coax_gen_stream_to(peer, ACME_ACCOUNTING_STATEMENTS_PULL_METHOD, request, options,
                              &acme_accounting_statements_pull_glue, &fns, self, ret_call);
}

coax_err
acme_accounting_statements_pull_open(coax_client *client,
                                     const acme_accounting_statements_pull_request *request,
                                     const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_ACCOUNTING_STATEMENTS_PULL_METHOD, request, options,
                                ret_stream);
}

bool acme_accounting_statements_pull_next(coax_stream *stream,
                                          const acme_accounting_statement_item **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_stream_next(stream, ACME_ACCOUNTING_STATEMENTS_PULL_METHOD, &item))
        return false;
    *ret_item = (const acme_accounting_statement_item *)item;
    return true;
}

coax_err acme_accounting_statements_pull_finish(coax_stream *stream,
                                                acme_accounting_statements_pull_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, ACME_ACCOUNTING_STATEMENTS_PULL_METHOD, &result);
    *ret_result = acme_accounting_statements_pull_typed(&result);
    return err;
}

typedef void (*acme_accounting_statements_push_finish_fn)(
    void *self, const acme_accounting_statements_push_result *result);

static acme_accounting_statements_push_result
acme_accounting_statements_push_typed(const coax_result *result)
{
    acme_accounting_statements_push_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_accounting_statements_push_response *)result->reply;
    switch (result->error_index) {
    case 1:
        typed.no_such_statement = (const acme_accounting_no_such_statement *)result->error;
        break;
    default: break;
    }
    return typed;
}

acme_accounting_statements_push_result
acme_accounting_statements_push_result_keep(const acme_accounting_statements_push_result *result)
{
    acme_accounting_statements_push_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_accounting_statements_push_result_free(acme_accounting_statements_push_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_accounting_statements_push_done(void *self, coax_gen_any_fn user_fn,
                                                 const coax_result *result)
{
    acme_accounting_statements_push_result typed = acme_accounting_statements_push_typed(result);
    if (user_fn != NULL)
        ((acme_accounting_statements_push_finish_fn)user_fn)(self, &typed);
}

COAX_STREAM_GLUE(acme_accounting_statements_push, NULL);

static coax_gen_stream_fns
acme_accounting_statements_push_fns(const acme_accounting_statements_push_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_accounting_statements_push(coax_client *client,
                                         const acme_accounting_statements_push_request *request,
                                         const coax_call_options *options,
                                         const acme_accounting_statements_push_events *events,
                                         void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_push_fns(events);
    return coax_gen_stream(client, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD, request, options,
                           &acme_accounting_statements_push_glue, &fns, self, ret_call);
}

coax_err acme_accounting_statements_push_to(coax_peer peer,
                                            const acme_accounting_statements_push_request *request,
                                            const coax_call_options *options,
                                            const acme_accounting_statements_push_events *events,
                                            void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_push_fns(events);
    return coax_gen_stream_to(peer, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD, request, options,
                              &acme_accounting_statements_push_glue, &fns, self, ret_call);
}

coax_err acme_accounting_statements_push_send(coax_call call,
                                              const acme_accounting_statement_item *item)
{
    return coax_gen_item(call, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD, item);
}

coax_err
acme_accounting_statements_push_open(coax_client *client,
                                     const acme_accounting_statements_push_request *request,
                                     const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD, request, options,
                                ret_stream);
}

coax_err acme_accounting_statements_push_put(coax_stream *stream,
                                             const acme_accounting_statement_item *item)
{
    return coax_gen_stream_put(stream, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD, item);
}

coax_err acme_accounting_statements_push_finish(coax_stream *stream,
                                                acme_accounting_statements_push_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD, &result);
    *ret_result = acme_accounting_statements_push_typed(&result);
    return err;
}

typedef void (*acme_accounting_statements_reconcile_all_next_fn)(
    void *self, coax_call call, const acme_accounting_statement_item *item);
typedef void (*acme_accounting_statements_reconcile_all_finish_fn)(
    void *self, const acme_accounting_statements_reconcile_all_result *result);

static acme_accounting_statements_reconcile_all_result
acme_accounting_statements_reconcile_all_typed(const coax_result *result)
{
    acme_accounting_statements_reconcile_all_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    return typed;
}

acme_accounting_statements_reconcile_all_result
acme_accounting_statements_reconcile_all_result_keep(
    const acme_accounting_statements_reconcile_all_result *result)
{
    acme_accounting_statements_reconcile_all_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_accounting_statements_reconcile_all_result_free(
    acme_accounting_statements_reconcile_all_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_accounting_statements_reconcile_all_done(void *self, coax_gen_any_fn user_fn,
                                                          const coax_result *result)
{
    acme_accounting_statements_reconcile_all_result typed =
        acme_accounting_statements_reconcile_all_typed(result);
    if (user_fn != NULL)
        ((acme_accounting_statements_reconcile_all_finish_fn)user_fn)(self, &typed);
}

static void acme_accounting_statements_reconcile_all_each(void *self, coax_gen_any_fn user_fn,
                                                          coax_call call, const void *item)
{
    if (user_fn != NULL)
        ((acme_accounting_statements_reconcile_all_next_fn)user_fn)(
            self, call, (const acme_accounting_statement_item *)item);
}

COAX_STREAM_GLUE(acme_accounting_statements_reconcile_all,
                 acme_accounting_statements_reconcile_all_each);

static coax_gen_stream_fns acme_accounting_statements_reconcile_all_fns(
    const acme_accounting_statements_reconcile_all_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_item = (coax_gen_any_fn)events->on_item;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_accounting_statements_reconcile_all(
    coax_client *client, const acme_accounting_statement_item *request,
    const coax_call_options *options, const acme_accounting_statements_reconcile_all_events *events,
    void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_reconcile_all_fns(events);
    return coax_gen_stream(client, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD, request,
                           options, &acme_accounting_statements_reconcile_all_glue, &fns, self,
                           ret_call);
}

coax_err acme_accounting_statements_reconcile_all_to(
    coax_peer peer, const acme_accounting_statement_item *request, const coax_call_options *options,
    const acme_accounting_statements_reconcile_all_events *events, void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_reconcile_all_fns(events);
    return coax_gen_stream_to(peer, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD, request,
                              options, &acme_accounting_statements_reconcile_all_glue, &fns, self,
                              ret_call);
}

coax_err acme_accounting_statements_reconcile_all_send(coax_call call,
                                                       const acme_accounting_statement_item *item)
{
    return coax_gen_item(call, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD, item);
}

coax_err acme_accounting_statements_reconcile_all_open(
    coax_client *client, const acme_accounting_statement_item *request,
    const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD, request,
                                options, ret_stream);
}

bool acme_accounting_statements_reconcile_all_next(coax_stream *stream,
                                                   const acme_accounting_statement_item **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_stream_next(stream, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD, &item))
        return false;
    *ret_item = (const acme_accounting_statement_item *)item;
    return true;
}

coax_err acme_accounting_statements_reconcile_all_put(coax_stream *stream,
                                                      const acme_accounting_statement_item *item)
{
    return coax_gen_stream_put(stream, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD, item);
}

coax_err acme_accounting_statements_reconcile_all_finish(
    coax_stream *stream, acme_accounting_statements_reconcile_all_result *ret_result)
{
    coax_result result;
    coax_err err =
        coax_gen_stream_finish(stream, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD, &result);
    *ret_result = acme_accounting_statements_reconcile_all_typed(&result);
    return err;
}

typedef void (*acme_accounting_statements_reconcile_some_of_next_fn)(
    void *self, coax_call call, const acme_accounting_statement_item *item);
typedef void (*acme_accounting_statements_reconcile_some_of_finish_fn)(
    void *self, const acme_accounting_statements_reconcile_some_of_result *result);

static acme_accounting_statements_reconcile_some_of_result
acme_accounting_statements_reconcile_some_of_typed(const coax_result *result)
{
    acme_accounting_statements_reconcile_some_of_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    return typed;
}

acme_accounting_statements_reconcile_some_of_result
acme_accounting_statements_reconcile_some_of_result_keep(
    const acme_accounting_statements_reconcile_some_of_result *result)
{
    acme_accounting_statements_reconcile_some_of_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_accounting_statements_reconcile_some_of_result_free(
    acme_accounting_statements_reconcile_some_of_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_accounting_statements_reconcile_some_of_done(void *self, coax_gen_any_fn user_fn,
                                                              const coax_result *result)
{
    acme_accounting_statements_reconcile_some_of_result typed =
        acme_accounting_statements_reconcile_some_of_typed(result);
    if (user_fn != NULL)
        ((acme_accounting_statements_reconcile_some_of_finish_fn)user_fn)(self, &typed);
}

static void acme_accounting_statements_reconcile_some_of_each(void *self, coax_gen_any_fn user_fn,
                                                              coax_call call, const void *item)
{
    if (user_fn != NULL)
        ((acme_accounting_statements_reconcile_some_of_next_fn)user_fn)(
            self, call, (const acme_accounting_statement_item *)item);
}

COAX_STREAM_GLUE(acme_accounting_statements_reconcile_some_of,
                 acme_accounting_statements_reconcile_some_of_each);

static coax_gen_stream_fns acme_accounting_statements_reconcile_some_of_fns(
    const acme_accounting_statements_reconcile_some_of_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_item = (coax_gen_any_fn)events->on_item;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_accounting_statements_reconcile_some_of(
    coax_client *client, const acme_accounting_statements_reconcile_some_of_request *request,
    const coax_call_options *options,
    const acme_accounting_statements_reconcile_some_of_events *events, void *self,
    coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_reconcile_some_of_fns(events);
    return coax_gen_stream(client, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD, request,
                           options, &acme_accounting_statements_reconcile_some_of_glue, &fns, self,
                           ret_call);
}

coax_err acme_accounting_statements_reconcile_some_of_to(
    coax_peer peer, const acme_accounting_statements_reconcile_some_of_request *request,
    const coax_call_options *options,
    const acme_accounting_statements_reconcile_some_of_events *events, void *self,
    coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_reconcile_some_of_fns(events);
    return coax_gen_stream_to(peer, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD, request,
                              options, &acme_accounting_statements_reconcile_some_of_glue, &fns,
                              self, ret_call);
}

coax_err
acme_accounting_statements_reconcile_some_of_send(coax_call call,
                                                  const acme_accounting_statement_item *item)
{
    return coax_gen_item(call, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD, item);
}

coax_err acme_accounting_statements_reconcile_some_of_open(
    coax_client *client, const acme_accounting_statements_reconcile_some_of_request *request,
    const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD,
                                request, options, ret_stream);
}

bool acme_accounting_statements_reconcile_some_of_next(
    coax_stream *stream, const acme_accounting_statement_item **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_stream_next(stream, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD, &item))
        return false;
    *ret_item = (const acme_accounting_statement_item *)item;
    return true;
}

coax_err
acme_accounting_statements_reconcile_some_of_put(coax_stream *stream,
                                                 const acme_accounting_statement_item *item)
{
    return coax_gen_stream_put(stream, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD, item);
}

coax_err acme_accounting_statements_reconcile_some_of_finish(
    coax_stream *stream, acme_accounting_statements_reconcile_some_of_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(
        stream, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD, &result);
    *ret_result = acme_accounting_statements_reconcile_some_of_typed(&result);
    return err;
}

typedef void (*acme_accounting_statements_archive_everything_finish_fn)(
    void *self, const acme_accounting_statements_archive_everything_result *result);

static acme_accounting_statements_archive_everything_result
acme_accounting_statements_archive_everything_typed(const coax_result *result)
{
    acme_accounting_statements_archive_everything_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_accounting_statements_archive_everything_response *)result->reply;
    return typed;
}

acme_accounting_statements_archive_everything_result
acme_accounting_statements_archive_everything_result_keep(
    const acme_accounting_statements_archive_everything_result *result)
{
    acme_accounting_statements_archive_everything_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_accounting_statements_archive_everything_result_free(
    acme_accounting_statements_archive_everything_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_accounting_statements_archive_everything_done(void *self, coax_gen_any_fn user_fn,
                                                               const coax_result *result)
{
    acme_accounting_statements_archive_everything_result typed =
        acme_accounting_statements_archive_everything_typed(result);
    if (user_fn != NULL)
        ((acme_accounting_statements_archive_everything_finish_fn)user_fn)(self, &typed);
}

COAX_STREAM_GLUE(acme_accounting_statements_archive_everything, NULL);

static coax_gen_stream_fns acme_accounting_statements_archive_everything_fns(
    const acme_accounting_statements_archive_everything_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err acme_accounting_statements_archive_everything(
    coax_client *client, const acme_accounting_statements_archive_everything_request *request,
    const coax_call_options *options,
    const acme_accounting_statements_archive_everything_events *events, void *self,
    coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_archive_everything_fns(events);
    return coax_gen_stream(client, ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD, request,
                           options, &acme_accounting_statements_archive_everything_glue, &fns, self,
                           ret_call);
}

coax_err acme_accounting_statements_archive_everything_to(
    coax_peer peer, const acme_accounting_statements_archive_everything_request *request,
    const coax_call_options *options,
    const acme_accounting_statements_archive_everything_events *events, void *self,
    coax_call *ret_call)
{
    coax_gen_stream_fns fns = acme_accounting_statements_archive_everything_fns(events);
    return coax_gen_stream_to(peer, ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD, request,
                              options, &acme_accounting_statements_archive_everything_glue, &fns,
                              self, ret_call);
}

coax_err
acme_accounting_statements_archive_everything_send(coax_call call,
                                                   const acme_accounting_statement_item *item)
{
    return coax_gen_item(call, ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD, item);
}

coax_err acme_accounting_statements_archive_everything_open(
    coax_client *client, const acme_accounting_statements_archive_everything_request *request,
    const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD,
                                request, options, ret_stream);
}

coax_err
acme_accounting_statements_archive_everything_put(coax_stream *stream,
                                                  const acme_accounting_statement_item *item)
{
    return coax_gen_stream_put(stream, ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD, item);
}

coax_err acme_accounting_statements_archive_everything_finish(
    coax_stream *stream, acme_accounting_statements_archive_everything_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(
        stream, ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD, &result);
    *ret_result = acme_accounting_statements_archive_everything_typed(&result);
    return err;
}

static acme_accounting_statements_close_result
acme_accounting_statements_close_typed(const coax_result *result)
{
    acme_accounting_statements_close_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const acme_accounting_statement_item *)result->reply;
    return typed;
}

acme_accounting_statements_close_result
acme_accounting_statements_close_result_keep(const acme_accounting_statements_close_result *result)
{
    acme_accounting_statements_close_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void acme_accounting_statements_close_result_free(acme_accounting_statements_close_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void acme_accounting_statements_close_done(void *self, coax_gen_any_fn user_fn,
                                                  const coax_result *result)
{
    acme_accounting_statements_close_result typed = acme_accounting_statements_close_typed(result);
    if (user_fn != NULL)
        ((acme_accounting_statements_close_fn)user_fn)(self, &typed);
}

coax_err acme_accounting_statements_close(coax_client *client,
                                          const acme_accounting_statements_close_request *request,
                                          const coax_call_options *options,
                                          acme_accounting_statements_close_fn done, void *self)
{
    return coax_gen_call(client, ACME_ACCOUNTING_STATEMENTS_CLOSE_METHOD, request, options,
                         acme_accounting_statements_close_done, (coax_gen_any_fn)done, self);
}

coax_err acme_accounting_statements_close_to(
    coax_peer peer, const acme_accounting_statements_close_request *request,
    const coax_call_options *options, acme_accounting_statements_close_fn done, void *self)
{
    return coax_gen_call_to(peer, ACME_ACCOUNTING_STATEMENTS_CLOSE_METHOD, request, options,
                            acme_accounting_statements_close_done, (coax_gen_any_fn)done, self);
}

coax_err acme_accounting_statements_close_wait(
    coax_client *client, const acme_accounting_statements_close_request *request,
    const coax_call_options *options, acme_accounting_statements_close_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_call_wait(client, ACME_ACCOUNTING_STATEMENTS_CLOSE_METHOD, request,
                                      options, &result);
    *ret_result = acme_accounting_statements_close_typed(&result);
    return err;
}

static void acme_accounting_statements_arrived_each(void *self, coax_gen_any_fn user_fn,
                                                    coax_peer peer, const void *event)
{
    if (user_fn != NULL)
        ((acme_accounting_statements_arrived_fn)user_fn)(
            self, peer, (const acme_accounting_statement_item *)event);
}

coax_err acme_accounting_statements_arrived_subscribe(
    coax_client *client, acme_accounting_statements_arrived_fn on_event, void *self,
    const coax_subscribe_options *options, coax_subscription *ret_subscription)
{
    return coax_gen_subscribe(client, ACME_ACCOUNTING_STATEMENTS_ARRIVED_METHOD,
                              acme_accounting_statements_arrived_each, (coax_gen_any_fn)on_event,
                              self, options, ret_subscription);
}

coax_err acme_accounting_statements_arrived_subscribe_wait(
    coax_client *client, acme_accounting_statements_arrived_fn on_event, void *self,
    const coax_subscribe_options *options, coax_subscription *ret_subscription)
{
    return coax_gen_subscribe_wait(client, ACME_ACCOUNTING_STATEMENTS_ARRIVED_METHOD,
                                   acme_accounting_statements_arrived_each,
                                   (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

static void acme_accounting_statements_arrived_too_late_each(void *self, coax_gen_any_fn user_fn,
                                                             coax_peer peer, const void *event)
{
    if (user_fn != NULL)
        ((acme_accounting_statements_arrived_too_late_fn)user_fn)(
            self, peer, (const acme_accounting_statements_arrived_too_late_request *)event);
}

coax_err acme_accounting_statements_arrived_too_late_subscribe(
    coax_client *client, acme_accounting_statements_arrived_too_late_fn on_event, void *self,
    const coax_subscribe_options *options, coax_subscription *ret_subscription)
{
    return coax_gen_subscribe(client, ACME_ACCOUNTING_STATEMENTS_ARRIVED_TOO_LATE_METHOD,
                              acme_accounting_statements_arrived_too_late_each,
                              (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

coax_err acme_accounting_statements_arrived_too_late_subscribe_wait(
    coax_client *client, acme_accounting_statements_arrived_too_late_fn on_event, void *self,
    const coax_subscribe_options *options, coax_subscription *ret_subscription)
{
    return coax_gen_subscribe_wait(client, ACME_ACCOUNTING_STATEMENTS_ARRIVED_TOO_LATE_METHOD,
                                   acme_accounting_statements_arrived_too_late_each,
                                   (coax_gen_any_fn)on_event, self, options, ret_subscription);
}
