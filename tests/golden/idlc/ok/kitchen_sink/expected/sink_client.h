/*
 * Calls the services of sink.idl.
 *
 * Each method x has x(), whose callback comes from the loop, x_to(), the same towards a peer, and
 * x_wait(), which waits and whose result goes to x_result_free(). Requests are checked before
 * they leave, and borrowed for the call; `options` may be NULL. <coax/gen_client.h> says what
 * they return.
 *
 * Made by idlc from sink.idl: change the schema, not this file.
 */
#ifndef CLIENT_COAX_GEN_ACME_SINK_SINK_H
#define CLIENT_COAX_GEN_ACME_SINK_SINK_H

#include <coax/gen_client.h>

#include "sink.h"

COAX_BEGIN_DECLS

/* Streams and events of sink.idl have no stubs in this version. */

/** How acme.sink.Sink.send ended. */
typedef struct acme_sink_sink_send_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what the pointers below point into */
    /** Set when err is COAX_OK. */
    const acme_sink_receipt *reply;
    /** Set when acme.sink.NotFound was thrown. */
    const acme_sink_not_found *not_found;
    /** Set when acme.sink.Empty was thrown. */
    const acme_sink_empty *empty;
    /** Set when sink.common.Broke was thrown. */
    const sink_common_broke *broke;
} acme_sink_sink_send_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_send_result
acme_sink_sink_send_result_keep(const acme_sink_sink_send_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_send_result_free(acme_sink_sink_send_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*acme_sink_sink_send_fn)(void *self, const acme_sink_sink_send_result *result);

/** Sends it once. */
COAX_MUST_USE coax_err acme_sink_sink_send(coax_client *client, const acme_sink_containers *request,
                                           const coax_call_options *options,
                                           acme_sink_sink_send_fn done, void *self);
COAX_MUST_USE coax_err acme_sink_sink_send_to(coax_peer peer, const acme_sink_containers *request,
                                              const coax_call_options *options,
                                              acme_sink_sink_send_fn done, void *self);
COAX_MUST_USE coax_err acme_sink_sink_send_wait(coax_client *client,
                                                const acme_sink_containers *request,
                                                const coax_call_options *options,
                                                acme_sink_sink_send_result *ret_result);

/** How acme.sink.Sink.balance ended. */
typedef struct acme_sink_sink_balance_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what the pointers below point into */
    /** Set when err is COAX_OK. */
    const acme_sink_sink_balance_response *reply;
} acme_sink_sink_balance_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_balance_result
acme_sink_sink_balance_result_keep(const acme_sink_sink_balance_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_balance_result_free(acme_sink_sink_balance_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*acme_sink_sink_balance_fn)(void *self, const acme_sink_sink_balance_result *result);

COAX_MUST_USE coax_err acme_sink_sink_balance(coax_client *client,
                                              const acme_sink_sink_balance_request *request,
                                              const coax_call_options *options,
                                              acme_sink_sink_balance_fn done, void *self);
COAX_MUST_USE coax_err acme_sink_sink_balance_to(coax_peer peer,
                                                 const acme_sink_sink_balance_request *request,
                                                 const coax_call_options *options,
                                                 acme_sink_sink_balance_fn done, void *self);
COAX_MUST_USE coax_err acme_sink_sink_balance_wait(coax_client *client,
                                                   const acme_sink_sink_balance_request *request,
                                                   const coax_call_options *options,
                                                   acme_sink_sink_balance_result *ret_result);

/** How acme.sink.Sink.ping ended. */
typedef struct acme_sink_sink_ping_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what the pointers below point into */
    /** Set when err is COAX_OK. */
    const acme_sink_sink_ping_response *reply;
} acme_sink_sink_ping_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_ping_result
acme_sink_sink_ping_result_keep(const acme_sink_sink_ping_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_ping_result_free(acme_sink_sink_ping_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*acme_sink_sink_ping_fn)(void *self, const acme_sink_sink_ping_result *result);

COAX_MUST_USE coax_err acme_sink_sink_ping(coax_client *client,
                                           const acme_sink_sink_ping_request *request,
                                           const coax_call_options *options,
                                           acme_sink_sink_ping_fn done, void *self);
COAX_MUST_USE coax_err acme_sink_sink_ping_to(coax_peer peer,
                                              const acme_sink_sink_ping_request *request,
                                              const coax_call_options *options,
                                              acme_sink_sink_ping_fn done, void *self);
COAX_MUST_USE coax_err acme_sink_sink_ping_wait(coax_client *client,
                                                const acme_sink_sink_ping_request *request,
                                                const coax_call_options *options,
                                                acme_sink_sink_ping_result *ret_result);

/** How acme.sink.Sink.old ended. */
typedef struct acme_sink_sink_old_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what the pointers below point into */
    /** Set when err is COAX_OK. */
    const acme_sink_nothing *reply;
} acme_sink_sink_old_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_old_result acme_sink_sink_old_result_keep(const acme_sink_sink_old_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_old_result_free(acme_sink_sink_old_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*acme_sink_sink_old_fn)(void *self, const acme_sink_sink_old_result *result);

/** Deprecated: use ping. */
COAX_MUST_USE coax_err acme_sink_sink_old(coax_client *client, const acme_sink_nothing *request,
                                          const coax_call_options *options,
                                          acme_sink_sink_old_fn done, void *self);
COAX_MUST_USE coax_err acme_sink_sink_old_to(coax_peer peer, const acme_sink_nothing *request,
                                             const coax_call_options *options,
                                             acme_sink_sink_old_fn done, void *self);
COAX_MUST_USE coax_err acme_sink_sink_old_wait(coax_client *client,
                                               const acme_sink_nothing *request,
                                               const coax_call_options *options,
                                               acme_sink_sink_old_result *ret_result);

COAX_MUST_USE coax_err acme_sink_sink_hint(coax_client *client,
                                           const acme_sink_sink_hint_request *request,
                                           const coax_call_options *options);
COAX_MUST_USE coax_err acme_sink_sink_hint_to(coax_peer peer,
                                              const acme_sink_sink_hint_request *request,
                                              const coax_call_options *options);

COAX_END_DECLS

#endif
