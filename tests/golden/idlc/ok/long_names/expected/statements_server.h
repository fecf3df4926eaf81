/*
 * Serves the services of statements.idl.
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
 * Made by idlc from statements.idl: change the schema, not this file.
 */
#ifndef SERVER_COAX_GEN_ACME_ACCOUNTING_STATEMENTS_H
#define SERVER_COAX_GEN_ACME_ACCOUNTING_STATEMENTS_H

#include <coax/gen_server.h>

#include "statements.h"

COAX_BEGIN_DECLS

/** What serves acme.accounting.Statements: `self` is what was given to serve. NULL: `unimplemented`. */
typedef struct acme_accounting_statements_handlers {
    void (*pull)(void *self, coax_call call,
                 const acme_accounting_statements_pull_request *request);
    void (*push)(void *self, coax_call call,
                 const acme_accounting_statements_push_request *request);
    void (*reconcile_all)(void *self, coax_call call,
                          const acme_accounting_statement_item *request);
    /** May wait: it runs on a worker thread. */
    void (*reconcile_some_of)(void *self, coax_call call,
                              const acme_accounting_statements_reconcile_some_of_request *request);
    /** May wait: it runs on a worker thread. */
    void (*archive_everything)(
        void *self, coax_call call,
        const acme_accounting_statements_archive_everything_request *request);
    void (*close)(void *self, coax_call call,
                  const acme_accounting_statements_close_request *request);
} acme_accounting_statements_handlers;

/** `handlers` NULL: events only. */
COAX_MUST_USE coax_err acme_accounting_statements_serve(
    coax_server *server, const acme_accounting_statements_handlers *handlers, void *self);
COAX_MUST_USE coax_err acme_accounting_statements_serve_client(
    coax_client *client, const acme_accounting_statements_handlers *handlers, void *self);

COAX_MUST_USE coax_err
acme_accounting_statements_pull_push(coax_call call, const acme_accounting_statement_item *item);
coax_err acme_accounting_statements_pull_throw_no_such_statement(
    coax_call call, const acme_accounting_no_such_statement *error);

/** The caller's next item, borrowed until it returns. */
typedef void (*acme_accounting_statements_push_receive_fn)(
    void *self, coax_call call, const acme_accounting_statement_item *item);
coax_err acme_accounting_statements_push_receive(coax_call call,
                                                 acme_accounting_statements_push_receive_fn on_item,
                                                 coax_call_fn on_end, void *self);
coax_err
acme_accounting_statements_push_reply(coax_call call,
                                      const acme_accounting_statements_push_response *reply);
coax_err acme_accounting_statements_push_throw_no_such_statement(
    coax_call call, const acme_accounting_no_such_statement *error);

/** The caller's next item, borrowed until it returns. */
typedef void (*acme_accounting_statements_reconcile_all_receive_fn)(
    void *self, coax_call call, const acme_accounting_statement_item *item);
coax_err acme_accounting_statements_reconcile_all_receive(
    coax_call call, acme_accounting_statements_reconcile_all_receive_fn on_item,
    coax_call_fn on_end, void *self);
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_all_push(
    coax_call call, const acme_accounting_statement_item *item);

bool acme_accounting_statements_reconcile_some_of_take(
    coax_call call, const acme_accounting_statement_item **ret_item);
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_some_of_push(
    coax_call call, const acme_accounting_statement_item *item);

bool acme_accounting_statements_archive_everything_take(
    coax_call call, const acme_accounting_statement_item **ret_item);
coax_err acme_accounting_statements_archive_everything_reply(
    coax_call call, const acme_accounting_statements_archive_everything_response *reply);

coax_err acme_accounting_statements_close_reply(coax_call call,
                                                const acme_accounting_statement_item *reply);

coax_err acme_accounting_statements_arrived_emit(coax_server *server,
                                                 const acme_accounting_statement_item *event,
                                                 const coax_emit_options *options);

coax_err acme_accounting_statements_arrived_too_late_emit(
    coax_server *server, const acme_accounting_statements_arrived_too_late_request *event,
    const coax_emit_options *options);

COAX_END_DECLS

#endif
