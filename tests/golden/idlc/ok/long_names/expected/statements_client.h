/*
 * Calls the services of statements.idl.
 *
 * What is sent is checked first, and borrowed for the call; `options` may be NULL.
 * <coax/gen_client.h> says what the functions return.
 *
 * Of a method x that is answered once:
 *     x()       starts a call; its callback comes from the loop
 *     x_to()    the same towards a peer
 *     x_wait()  waits; its result goes to x_result_free()
 *
 * Of a method x that streams:
 *     x()         starts a call; what x_events names comes from the loop
 *     x_to()      the same towards a peer
 *     x_send()    queues an item; coax_call_end() says that there are no more
 *     x_open()    starts a call for a thread that waits
 *     x_next()    waits for the server's next item; false: there is none any more
 *     x_put()     waits for room and sends an item; coax_stream_end() says that was all
 *     x_finish()  ends and frees it; its result goes to x_result_free()
 *
 * Of an event x:
 *     x_subscribe()       has a function called for every event, from the loop
 *     x_subscribe_wait()  the same, and waits until the server has it or refused
 *
 * Made by idlc from statements.idl: change the schema, not this file.
 */
#ifndef CLIENT_COAX_GEN_ACME_ACCOUNTING_STATEMENTS_H
#define CLIENT_COAX_GEN_ACME_ACCOUNTING_STATEMENTS_H

#include <coax/gen_client.h>

#include "statements.h"

COAX_BEGIN_DECLS

/** How acme.accounting.Statements.pull ended. */
typedef struct acme_accounting_statements_pull_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when acme.accounting.NoSuchStatement was thrown. */
    const acme_accounting_no_such_statement *no_such_statement;
} acme_accounting_statements_pull_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_accounting_statements_pull_result
acme_accounting_statements_pull_result_keep(const acme_accounting_statements_pull_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_accounting_statements_pull_result_free(acme_accounting_statements_pull_result *result);

/** What a call of acme.accounting.Statements.pull is told, from the loop. */
typedef struct acme_accounting_statements_pull_events {
    /** The server's next item, borrowed until it returns. NULL: they are dropped. */
    void (*on_item)(void *self, coax_call call, const acme_accounting_statement_item *item);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_accounting_statements_pull_result *result);
} acme_accounting_statements_pull_events;

COAX_MUST_USE coax_err acme_accounting_statements_pull(
    coax_client *client, const acme_accounting_statements_pull_request *request,
    const coax_call_options *options, const acme_accounting_statements_pull_events *events,
    void *self, coax_call *ret_call);
COAX_MUST_USE coax_err acme_accounting_statements_pull_to(
    coax_peer peer, const acme_accounting_statements_pull_request *request,
    const coax_call_options *options, const acme_accounting_statements_pull_events *events,
    void *self, coax_call *ret_call);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_accounting_statements_pull_open(
    coax_client *client, const acme_accounting_statements_pull_request *request,
    const coax_call_options *options, coax_stream **ret_stream);
bool acme_accounting_statements_pull_next(coax_stream *stream,
                                          const acme_accounting_statement_item **ret_item);
coax_err acme_accounting_statements_pull_finish(coax_stream *stream,
                                                acme_accounting_statements_pull_result *ret_result);

/** How acme.accounting.Statements.push ended. */
typedef struct acme_accounting_statements_push_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const acme_accounting_statements_push_response *reply;
    /** Set when acme.accounting.NoSuchStatement was thrown. */
    const acme_accounting_no_such_statement *no_such_statement;
} acme_accounting_statements_push_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_accounting_statements_push_result
acme_accounting_statements_push_result_keep(const acme_accounting_statements_push_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_accounting_statements_push_result_free(acme_accounting_statements_push_result *result);

/** What a call of acme.accounting.Statements.push is told, from the loop. */
typedef struct acme_accounting_statements_push_events {
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_accounting_statements_push_result *result);
} acme_accounting_statements_push_events;

COAX_MUST_USE coax_err acme_accounting_statements_push(
    coax_client *client, const acme_accounting_statements_push_request *request,
    const coax_call_options *options, const acme_accounting_statements_push_events *events,
    void *self, coax_call *ret_call);
COAX_MUST_USE coax_err acme_accounting_statements_push_to(
    coax_peer peer, const acme_accounting_statements_push_request *request,
    const coax_call_options *options, const acme_accounting_statements_push_events *events,
    void *self, coax_call *ret_call);
COAX_MUST_USE coax_err
acme_accounting_statements_push_send(coax_call call, const acme_accounting_statement_item *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_accounting_statements_push_open(
    coax_client *client, const acme_accounting_statements_push_request *request,
    const coax_call_options *options, coax_stream **ret_stream);
COAX_MUST_USE coax_err acme_accounting_statements_push_put(
    coax_stream *stream, const acme_accounting_statement_item *item);
coax_err acme_accounting_statements_push_finish(coax_stream *stream,
                                                acme_accounting_statements_push_result *ret_result);

/** How acme.accounting.Statements.reconcile_all ended. */
typedef struct acme_accounting_statements_reconcile_all_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
} acme_accounting_statements_reconcile_all_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_accounting_statements_reconcile_all_result
acme_accounting_statements_reconcile_all_result_keep(
    const acme_accounting_statements_reconcile_all_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_accounting_statements_reconcile_all_result_free(
    acme_accounting_statements_reconcile_all_result *result);

/** What a call of acme.accounting.Statements.reconcile_all is told, from the loop. */
typedef struct acme_accounting_statements_reconcile_all_events {
    /** The server's next item, borrowed until it returns. NULL: they are dropped. */
    void (*on_item)(void *self, coax_call call, const acme_accounting_statement_item *item);
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_accounting_statements_reconcile_all_result *result);
} acme_accounting_statements_reconcile_all_events;

COAX_MUST_USE coax_err acme_accounting_statements_reconcile_all(
    coax_client *client, const acme_accounting_statement_item *request,
    const coax_call_options *options, const acme_accounting_statements_reconcile_all_events *events,
    void *self, coax_call *ret_call);
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_all_to(
    coax_peer peer, const acme_accounting_statement_item *request, const coax_call_options *options,
    const acme_accounting_statements_reconcile_all_events *events, void *self, coax_call *ret_call);
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_all_send(
    coax_call call, const acme_accounting_statement_item *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_all_open(
    coax_client *client, const acme_accounting_statement_item *request,
    const coax_call_options *options, coax_stream **ret_stream);
bool acme_accounting_statements_reconcile_all_next(coax_stream *stream,
                                                   const acme_accounting_statement_item **ret_item);
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_all_put(
    coax_stream *stream, const acme_accounting_statement_item *item);
coax_err acme_accounting_statements_reconcile_all_finish(
    coax_stream *stream, acme_accounting_statements_reconcile_all_result *ret_result);

/** How acme.accounting.Statements.reconcile_some_of ended. */
typedef struct acme_accounting_statements_reconcile_some_of_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
} acme_accounting_statements_reconcile_some_of_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_accounting_statements_reconcile_some_of_result
acme_accounting_statements_reconcile_some_of_result_keep(
    const acme_accounting_statements_reconcile_some_of_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_accounting_statements_reconcile_some_of_result_free(
    acme_accounting_statements_reconcile_some_of_result *result);

/** What a call of acme.accounting.Statements.reconcile_some_of is told, from the loop. */
typedef struct acme_accounting_statements_reconcile_some_of_events {
    /** The server's next item, borrowed until it returns. NULL: they are dropped. */
    void (*on_item)(void *self, coax_call call, const acme_accounting_statement_item *item);
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_accounting_statements_reconcile_some_of_result *result);
} acme_accounting_statements_reconcile_some_of_events;

COAX_MUST_USE coax_err acme_accounting_statements_reconcile_some_of(
    coax_client *client, const acme_accounting_statements_reconcile_some_of_request *request,
    const coax_call_options *options,
    const acme_accounting_statements_reconcile_some_of_events *events, void *self,
    coax_call *ret_call);
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_some_of_to(
    coax_peer peer, const acme_accounting_statements_reconcile_some_of_request *request,
    const coax_call_options *options,
    const acme_accounting_statements_reconcile_some_of_events *events, void *self,
    coax_call *ret_call);
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_some_of_send(
    coax_call call, const acme_accounting_statement_item *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_some_of_open(
    coax_client *client, const acme_accounting_statements_reconcile_some_of_request *request,
    const coax_call_options *options, coax_stream **ret_stream);
bool acme_accounting_statements_reconcile_some_of_next(
    coax_stream *stream, const acme_accounting_statement_item **ret_item);
COAX_MUST_USE coax_err acme_accounting_statements_reconcile_some_of_put(
    coax_stream *stream, const acme_accounting_statement_item *item);
coax_err acme_accounting_statements_reconcile_some_of_finish(
    coax_stream *stream, acme_accounting_statements_reconcile_some_of_result *ret_result);

/** How acme.accounting.Statements.archive_everything ended. */
typedef struct acme_accounting_statements_archive_everything_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const acme_accounting_statements_archive_everything_response *reply;
} acme_accounting_statements_archive_everything_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_accounting_statements_archive_everything_result
acme_accounting_statements_archive_everything_result_keep(
    const acme_accounting_statements_archive_everything_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_accounting_statements_archive_everything_result_free(
    acme_accounting_statements_archive_everything_result *result);

/** What a call of acme.accounting.Statements.archive_everything is told, from the loop. */
typedef struct acme_accounting_statements_archive_everything_events {
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_accounting_statements_archive_everything_result *result);
} acme_accounting_statements_archive_everything_events;

COAX_MUST_USE coax_err acme_accounting_statements_archive_everything(
    coax_client *client, const acme_accounting_statements_archive_everything_request *request,
    const coax_call_options *options,
    const acme_accounting_statements_archive_everything_events *events, void *self,
    coax_call *ret_call);
COAX_MUST_USE coax_err acme_accounting_statements_archive_everything_to(
    coax_peer peer, const acme_accounting_statements_archive_everything_request *request,
    const coax_call_options *options,
    const acme_accounting_statements_archive_everything_events *events, void *self,
    coax_call *ret_call);
COAX_MUST_USE coax_err acme_accounting_statements_archive_everything_send(
    coax_call call, const acme_accounting_statement_item *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_accounting_statements_archive_everything_open(
    coax_client *client, const acme_accounting_statements_archive_everything_request *request,
    const coax_call_options *options, coax_stream **ret_stream);
COAX_MUST_USE coax_err acme_accounting_statements_archive_everything_put(
    coax_stream *stream, const acme_accounting_statement_item *item);
coax_err acme_accounting_statements_archive_everything_finish(
    coax_stream *stream, acme_accounting_statements_archive_everything_result *ret_result);

/** How acme.accounting.Statements.close ended. */
typedef struct acme_accounting_statements_close_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const acme_accounting_statement_item *reply;
} acme_accounting_statements_close_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_accounting_statements_close_result
acme_accounting_statements_close_result_keep(const acme_accounting_statements_close_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_accounting_statements_close_result_free(acme_accounting_statements_close_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*acme_accounting_statements_close_fn)(
    void *self, const acme_accounting_statements_close_result *result);

COAX_MUST_USE coax_err acme_accounting_statements_close(
    coax_client *client, const acme_accounting_statements_close_request *request,
    const coax_call_options *options, acme_accounting_statements_close_fn done, void *self);
COAX_MUST_USE coax_err acme_accounting_statements_close_to(
    coax_peer peer, const acme_accounting_statements_close_request *request,
    const coax_call_options *options, acme_accounting_statements_close_fn done, void *self);
COAX_MUST_USE coax_err acme_accounting_statements_close_wait(
    coax_client *client, const acme_accounting_statements_close_request *request,
    const coax_call_options *options, acme_accounting_statements_close_result *ret_result);

/** Called for every acme.accounting.Statements.arrived, from the loop. The event is borrowed until it returns. */
typedef void (*acme_accounting_statements_arrived_fn)(void *self, coax_peer peer,
                                                      const acme_accounting_statement_item *event);

COAX_MUST_USE coax_err acme_accounting_statements_arrived_subscribe(
    coax_client *client, acme_accounting_statements_arrived_fn on_event, void *self,
    const coax_subscribe_options *options, coax_subscription *ret_subscription);
COAX_MUST_USE coax_err acme_accounting_statements_arrived_subscribe_wait(
    coax_client *client, acme_accounting_statements_arrived_fn on_event, void *self,
    const coax_subscribe_options *options, coax_subscription *ret_subscription);

/** Called for every acme.accounting.Statements.arrived_too_late, from the loop. The event is borrowed until it returns. */
typedef void (*acme_accounting_statements_arrived_too_late_fn)(
    void *self, coax_peer peer, const acme_accounting_statements_arrived_too_late_request *event);

COAX_MUST_USE coax_err acme_accounting_statements_arrived_too_late_subscribe(
    coax_client *client, acme_accounting_statements_arrived_too_late_fn on_event, void *self,
    const coax_subscribe_options *options, coax_subscription *ret_subscription);
COAX_MUST_USE coax_err acme_accounting_statements_arrived_too_late_subscribe_wait(
    coax_client *client, acme_accounting_statements_arrived_too_late_fn on_event, void *self,
    const coax_subscribe_options *options, coax_subscription *ret_subscription);

COAX_END_DECLS

#endif
