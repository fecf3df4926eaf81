/*
 * Calls the services of sink.idl.
 *
 * What is sent is checked first, and borrowed for the call; `options` may be NULL.
 * <coax/gen_client.h> says what the functions return.
 *
 * Of a method x that is answered once:
 *     x()       starts a call; its callback comes from the loop
 *     x_to()    the same towards a peer
 *     x_wait()  waits; its result goes to x_result_free()
 *
 * Of a one-way method x:
 *     x()       sends it, and nothing comes back
 *     x_to()    the same towards a peer
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
 * Made by idlc from sink.idl: change the schema, not this file.
 */
#ifndef CLIENT_COAX_GEN_ACME_SINK_SINK_H
#define CLIENT_COAX_GEN_ACME_SINK_SINK_H

#include <coax/gen_client.h>

#include "sink.h"

COAX_BEGIN_DECLS

/** How acme.sink.Sink.send ended. */
typedef struct acme_sink_sink_send_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
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
    coax_memory *memory; /* what its pointers point into */
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
    coax_memory *memory; /* what its pointers point into */
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
    coax_memory *memory; /* what its pointers point into */
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

/** How acme.sink.Sink.statement ended. */
typedef struct acme_sink_sink_statement_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when acme.sink.NotFound was thrown. */
    const acme_sink_not_found *not_found;
} acme_sink_sink_statement_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_statement_result
acme_sink_sink_statement_result_keep(const acme_sink_sink_statement_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_statement_result_free(acme_sink_sink_statement_result *result);

/** What a call of acme.sink.Sink.statement is told, from the loop. */
typedef struct acme_sink_sink_statement_events {
    /** The server's next item, borrowed until it returns. NULL: they are dropped. */
    void (*on_item)(void *self, coax_call call, const acme_sink_defaults *item);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_sink_sink_statement_result *result);
} acme_sink_sink_statement_events;

/** All there was, oldest first. */
COAX_MUST_USE coax_err acme_sink_sink_statement(coax_client *client,
                                                const acme_sink_sink_statement_request *request,
                                                const coax_call_options *options,
                                                const acme_sink_sink_statement_events *events,
                                                void *self, coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_statement_to(coax_peer peer,
                                                   const acme_sink_sink_statement_request *request,
                                                   const coax_call_options *options,
                                                   const acme_sink_sink_statement_events *events,
                                                   void *self, coax_call *ret_call);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err
acme_sink_sink_statement_open(coax_client *client, const acme_sink_sink_statement_request *request,
                              const coax_call_options *options, coax_stream **ret_stream);
bool acme_sink_sink_statement_next(coax_stream *stream, const acme_sink_defaults **ret_item);
coax_err acme_sink_sink_statement_finish(coax_stream *stream,
                                         acme_sink_sink_statement_result *ret_result);

/** How acme.sink.Sink.upload ended. */
typedef struct acme_sink_sink_upload_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const acme_sink_nothing *reply;
    /** Set when acme.sink.Empty was thrown. */
    const acme_sink_empty *empty;
    /** Set when sink.common.Broke was thrown. */
    const sink_common_broke *broke;
} acme_sink_sink_upload_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_upload_result
acme_sink_sink_upload_result_keep(const acme_sink_sink_upload_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_upload_result_free(acme_sink_sink_upload_result *result);

/** What a call of acme.sink.Sink.upload is told, from the loop. */
typedef struct acme_sink_sink_upload_events {
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_sink_sink_upload_result *result);
} acme_sink_sink_upload_events;

COAX_MUST_USE coax_err acme_sink_sink_upload(coax_client *client,
                                             const acme_sink_sink_upload_request *request,
                                             const coax_call_options *options,
                                             const acme_sink_sink_upload_events *events, void *self,
                                             coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_upload_to(coax_peer peer,
                                                const acme_sink_sink_upload_request *request,
                                                const coax_call_options *options,
                                                const acme_sink_sink_upload_events *events,
                                                void *self, coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_upload_send(coax_call call, const acme_sink_defaults *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_sink_sink_upload_open(coax_client *client,
                                                  const acme_sink_sink_upload_request *request,
                                                  const coax_call_options *options,
                                                  coax_stream **ret_stream);
COAX_MUST_USE coax_err acme_sink_sink_upload_put(coax_stream *stream,
                                                 const acme_sink_defaults *item);
coax_err acme_sink_sink_upload_finish(coax_stream *stream,
                                      acme_sink_sink_upload_result *ret_result);

/** How acme.sink.Sink.chat ended. */
typedef struct acme_sink_sink_chat_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
} acme_sink_sink_chat_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_chat_result
acme_sink_sink_chat_result_keep(const acme_sink_sink_chat_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_chat_result_free(acme_sink_sink_chat_result *result);

/** What a call of acme.sink.Sink.chat is told, from the loop. */
typedef struct acme_sink_sink_chat_events {
    /** The server's next item, borrowed until it returns. NULL: they are dropped. */
    void (*on_item)(void *self, coax_call call, const acme_sink_tree *item);
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_sink_sink_chat_result *result);
} acme_sink_sink_chat_events;

/** Says it and hears it. Deprecated. */
COAX_MUST_USE coax_err acme_sink_sink_chat(coax_client *client,
                                           const acme_sink_sink_chat_request *request,
                                           const coax_call_options *options,
                                           const acme_sink_sink_chat_events *events, void *self,
                                           coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_chat_to(coax_peer peer,
                                              const acme_sink_sink_chat_request *request,
                                              const coax_call_options *options,
                                              const acme_sink_sink_chat_events *events, void *self,
                                              coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_chat_send(coax_call call, const acme_sink_scalars *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_sink_sink_chat_open(coax_client *client,
                                                const acme_sink_sink_chat_request *request,
                                                const coax_call_options *options,
                                                coax_stream **ret_stream);
bool acme_sink_sink_chat_next(coax_stream *stream, const acme_sink_tree **ret_item);
COAX_MUST_USE coax_err acme_sink_sink_chat_put(coax_stream *stream, const acme_sink_scalars *item);
coax_err acme_sink_sink_chat_finish(coax_stream *stream, acme_sink_sink_chat_result *ret_result);

/** How acme.sink.Sink.gather ended. */
typedef struct acme_sink_sink_gather_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const acme_sink_sink_gather_response *reply;
} acme_sink_sink_gather_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_gather_result
acme_sink_sink_gather_result_keep(const acme_sink_sink_gather_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_gather_result_free(acme_sink_sink_gather_result *result);

/** What a call of acme.sink.Sink.gather is told, from the loop. */
typedef struct acme_sink_sink_gather_events {
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_sink_sink_gather_result *result);
} acme_sink_sink_gather_events;

COAX_MUST_USE coax_err acme_sink_sink_gather(coax_client *client,
                                             const acme_sink_sink_gather_request *request,
                                             const coax_call_options *options,
                                             const acme_sink_sink_gather_events *events, void *self,
                                             coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_gather_to(coax_peer peer,
                                                const acme_sink_sink_gather_request *request,
                                                const coax_call_options *options,
                                                const acme_sink_sink_gather_events *events,
                                                void *self, coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_gather_send(coax_call call, const acme_sink_tree *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_sink_sink_gather_open(coax_client *client,
                                                  const acme_sink_sink_gather_request *request,
                                                  const coax_call_options *options,
                                                  coax_stream **ret_stream);
COAX_MUST_USE coax_err acme_sink_sink_gather_put(coax_stream *stream, const acme_sink_tree *item);
coax_err acme_sink_sink_gather_finish(coax_stream *stream,
                                      acme_sink_sink_gather_result *ret_result);

/** How acme.sink.Sink.mirror ended. */
typedef struct acme_sink_sink_mirror_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
} acme_sink_sink_mirror_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
acme_sink_sink_mirror_result
acme_sink_sink_mirror_result_keep(const acme_sink_sink_mirror_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void acme_sink_sink_mirror_result_free(acme_sink_sink_mirror_result *result);

/** What a call of acme.sink.Sink.mirror is told, from the loop. */
typedef struct acme_sink_sink_mirror_events {
    /** The server's next item, borrowed until it returns. NULL: they are dropped. */
    void (*on_item)(void *self, coax_call call, const acme_sink_scalars *item);
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const acme_sink_sink_mirror_result *result);
} acme_sink_sink_mirror_events;

COAX_MUST_USE coax_err acme_sink_sink_mirror(coax_client *client,
                                             const acme_sink_sink_mirror_request *request,
                                             const coax_call_options *options,
                                             const acme_sink_sink_mirror_events *events, void *self,
                                             coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_mirror_to(coax_peer peer,
                                                const acme_sink_sink_mirror_request *request,
                                                const coax_call_options *options,
                                                const acme_sink_sink_mirror_events *events,
                                                void *self, coax_call *ret_call);
COAX_MUST_USE coax_err acme_sink_sink_mirror_send(coax_call call, const acme_sink_scalars *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err acme_sink_sink_mirror_open(coax_client *client,
                                                  const acme_sink_sink_mirror_request *request,
                                                  const coax_call_options *options,
                                                  coax_stream **ret_stream);
bool acme_sink_sink_mirror_next(coax_stream *stream, const acme_sink_scalars **ret_item);
COAX_MUST_USE coax_err acme_sink_sink_mirror_put(coax_stream *stream,
                                                 const acme_sink_scalars *item);
coax_err acme_sink_sink_mirror_finish(coax_stream *stream,
                                      acme_sink_sink_mirror_result *ret_result);

/** Called for every acme.sink.Sink.rate, from the loop. The event is borrowed until it returns. */
typedef void (*acme_sink_sink_rate_fn)(void *self, coax_peer peer, const acme_sink_late *event);

/** What it costs now. */
COAX_MUST_USE coax_err acme_sink_sink_rate_subscribe(coax_client *client,
                                                     acme_sink_sink_rate_fn on_event, void *self,
                                                     const coax_subscribe_options *options,
                                                     coax_subscription *ret_subscription);
COAX_MUST_USE coax_err acme_sink_sink_rate_subscribe_wait(coax_client *client,
                                                          acme_sink_sink_rate_fn on_event,
                                                          void *self,
                                                          const coax_subscribe_options *options,
                                                          coax_subscription *ret_subscription);

/** Called for every acme.sink.Bells.rings, from the loop. The event is borrowed until it returns. */
typedef void (*acme_sink_bells_rings_fn)(void *self, coax_peer peer,
                                         const acme_sink_bells_rings_request *event);

COAX_MUST_USE coax_err acme_sink_bells_rings_subscribe(coax_client *client,
                                                       acme_sink_bells_rings_fn on_event,
                                                       void *self,
                                                       const coax_subscribe_options *options,
                                                       coax_subscription *ret_subscription);
COAX_MUST_USE coax_err acme_sink_bells_rings_subscribe_wait(coax_client *client,
                                                            acme_sink_bells_rings_fn on_event,
                                                            void *self,
                                                            const coax_subscribe_options *options,
                                                            coax_subscription *ret_subscription);

/** Called for every acme.sink.Bells.stops, from the loop. The event is borrowed until it returns. */
typedef void (*acme_sink_bells_stops_fn)(void *self, coax_peer peer,
                                         const acme_sink_nothing *event);

/** Silence. Deprecated: listen to rings. */
COAX_MUST_USE coax_err acme_sink_bells_stops_subscribe(coax_client *client,
                                                       acme_sink_bells_stops_fn on_event,
                                                       void *self,
                                                       const coax_subscribe_options *options,
                                                       coax_subscription *ret_subscription);
COAX_MUST_USE coax_err acme_sink_bells_stops_subscribe_wait(coax_client *client,
                                                            acme_sink_bells_stops_fn on_event,
                                                            void *self,
                                                            const coax_subscribe_options *options,
                                                            coax_subscription *ret_subscription);

COAX_END_DECLS

#endif
