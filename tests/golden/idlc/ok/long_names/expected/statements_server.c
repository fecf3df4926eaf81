/*
 * Server side of statements.idl; see statements_server.h.
 *
 * Made by idlc from statements.idl: change the schema, not this file.
 */
#include "statements_server.h"

static void acme_accounting_statements_pull_handle(const void *handlers, void *self, coax_call call,
                                                   const void *request)
{
    const acme_accounting_statements_handlers *typed =
        (const acme_accounting_statements_handlers *)handlers;
    typed->pull(self, call, (const acme_accounting_statements_pull_request *)request);
}

static void acme_accounting_statements_push_handle(const void *handlers, void *self, coax_call call,
                                                   const void *request)
{
    const acme_accounting_statements_handlers *typed =
        (const acme_accounting_statements_handlers *)handlers;
    typed->push(self, call, (const acme_accounting_statements_push_request *)request);
}

static void acme_accounting_statements_reconcile_all_handle(const void *handlers, void *self,
                                                            coax_call call, const void *request)
{
    const acme_accounting_statements_handlers *typed =
        (const acme_accounting_statements_handlers *)handlers;
    typed->reconcile_all(self, call, (const acme_accounting_statement_item *)request);
}

static void acme_accounting_statements_reconcile_some_of_handle(const void *handlers, void *self,
                                                                coax_call call, const void *request)
{
    const acme_accounting_statements_handlers *typed =
        (const acme_accounting_statements_handlers *)handlers;
    typed->reconcile_some_of(self, call,
                             (const acme_accounting_statements_reconcile_some_of_request *)request);
}

static void acme_accounting_statements_archive_everything_handle(const void *handlers, void *self,
                                                                 coax_call call,
                                                                 const void *request)
{
    const acme_accounting_statements_handlers *typed =
        (const acme_accounting_statements_handlers *)handlers;
    typed->archive_everything(
        self, call, (const acme_accounting_statements_archive_everything_request *)request);
}

static void acme_accounting_statements_close_handle(const void *handlers, void *self,
                                                    coax_call call, const void *request)
{
    const acme_accounting_statements_handlers *typed =
        (const acme_accounting_statements_handlers *)handlers;
    typed->close(self, call, (const acme_accounting_statements_close_request *)request);
}

static const coax_gen_handler acme_accounting_statements_rows[] = {
    { ACME_ACCOUNTING_STATEMENTS_PULL_METHOD, acme_accounting_statements_pull_handle,
      offsetof(acme_accounting_statements_handlers, pull) },
    { ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD, acme_accounting_statements_push_handle,
      offsetof(acme_accounting_statements_handlers, push) },
    { ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD,
      acme_accounting_statements_reconcile_all_handle,
      offsetof(acme_accounting_statements_handlers, reconcile_all) },
    { ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD,
      acme_accounting_statements_reconcile_some_of_handle,
      offsetof(acme_accounting_statements_handlers, reconcile_some_of) },
    { ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD,
      acme_accounting_statements_archive_everything_handle,
      offsetof(acme_accounting_statements_handlers, archive_everything) },
    { ACME_ACCOUNTING_STATEMENTS_CLOSE_METHOD, acme_accounting_statements_close_handle,
      offsetof(acme_accounting_statements_handlers, close) },
};

COAX_SERVED(acme_accounting_statements, 6);

coax_err acme_accounting_statements_serve(coax_server *server,
                                          const acme_accounting_statements_handlers *handlers,
                                          void *self)
{
    return coax_gen_serve(server, &acme_accounting_statements_served, handlers, self);
}

coax_err acme_accounting_statements_serve_client(
    coax_client *client, const acme_accounting_statements_handlers *handlers, void *self)
{
    return coax_gen_serve_client(client, &acme_accounting_statements_served, handlers, self);
}

coax_err acme_accounting_statements_pull_push(coax_call call,
                                              const acme_accounting_statement_item *item)
{
    return coax_gen_item(call, ACME_ACCOUNTING_STATEMENTS_PULL_METHOD, item);
}

coax_err acme_accounting_statements_pull_throw_no_such_statement(
    coax_call call, const acme_accounting_no_such_statement *error)
{
    return coax_gen_throw(call, ACME_ACCOUNTING_STATEMENTS_PULL_METHOD,
                          &acme_accounting_no_such_statement_type, error);
}

static void acme_accounting_statements_push_received(void *self, coax_gen_any_fn user_fn,
                                                     coax_call call, const void *item)
{
    if (user_fn != NULL)
        ((acme_accounting_statements_push_receive_fn)user_fn)(
            self, call, (const acme_accounting_statement_item *)item);
}

coax_err acme_accounting_statements_push_receive(coax_call call,
                                                 acme_accounting_statements_push_receive_fn on_item,
                                                 coax_call_fn on_end, void *self)
{
    return coax_gen_receive(call, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD,
                            acme_accounting_statements_push_received, (coax_gen_any_fn)on_item,
                            on_end, self);
}

coax_err
acme_accounting_statements_push_reply(coax_call call,
                                      const acme_accounting_statements_push_response *reply)
{
    return coax_gen_reply(call, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD, reply);
}

coax_err acme_accounting_statements_push_throw_no_such_statement(
    coax_call call, const acme_accounting_no_such_statement *error)
{
    return coax_gen_throw(call, ACME_ACCOUNTING_STATEMENTS_PUSH_METHOD,
                          &acme_accounting_no_such_statement_type, error);
}

static void acme_accounting_statements_reconcile_all_received(void *self, coax_gen_any_fn user_fn,
                                                              coax_call call, const void *item)
{
    if (user_fn != NULL)
        ((acme_accounting_statements_reconcile_all_receive_fn)user_fn)(
            self, call, (const acme_accounting_statement_item *)item);
}

coax_err acme_accounting_statements_reconcile_all_receive(
    coax_call call, acme_accounting_statements_reconcile_all_receive_fn on_item,
    coax_call_fn on_end, void *self)
{
    return coax_gen_receive(call, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD,
                            acme_accounting_statements_reconcile_all_received,
                            (coax_gen_any_fn)on_item, on_end, self);
}

coax_err acme_accounting_statements_reconcile_all_push(coax_call call,
                                                       const acme_accounting_statement_item *item)
{
    return coax_gen_item(call, ACME_ACCOUNTING_STATEMENTS_RECONCILE_ALL_METHOD, item);
}

bool acme_accounting_statements_reconcile_some_of_take(
    coax_call call, const acme_accounting_statement_item **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_take(call, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD, &item))
        return false;
    *ret_item = (const acme_accounting_statement_item *)item;
    return true;
}

coax_err
acme_accounting_statements_reconcile_some_of_push(coax_call call,
                                                  const acme_accounting_statement_item *item)
{
    return coax_gen_item(call, ACME_ACCOUNTING_STATEMENTS_RECONCILE_SOME_OF_METHOD, item);
}

bool acme_accounting_statements_archive_everything_take(
    coax_call call, const acme_accounting_statement_item **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_take(call, ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD, &item))
        return false;
    *ret_item = (const acme_accounting_statement_item *)item;
    return true;
}

coax_err acme_accounting_statements_archive_everything_reply(
    coax_call call, const acme_accounting_statements_archive_everything_response *reply)
{
    return coax_gen_reply(call, ACME_ACCOUNTING_STATEMENTS_ARCHIVE_EVERYTHING_METHOD, reply);
}

coax_err acme_accounting_statements_close_reply(coax_call call,
                                                const acme_accounting_statement_item *reply)
{
    return coax_gen_reply(call, ACME_ACCOUNTING_STATEMENTS_CLOSE_METHOD, reply);
}

coax_err acme_accounting_statements_arrived_emit(coax_server *server,
                                                 const acme_accounting_statement_item *event,
                                                 const coax_emit_options *options)
{
    return coax_gen_emit(server, ACME_ACCOUNTING_STATEMENTS_ARRIVED_METHOD, event, options);
}

coax_err acme_accounting_statements_arrived_too_late_emit(
    coax_server *server, const acme_accounting_statements_arrived_too_late_request *event,
    const coax_emit_options *options)
{
    return coax_gen_emit(server, ACME_ACCOUNTING_STATEMENTS_ARRIVED_TOO_LATE_METHOD, event,
                         options);
}
