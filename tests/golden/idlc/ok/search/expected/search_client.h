/*
 * Calls the services of search.idl.
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
 * Made by idlc from search.idl: change the schema, not this file.
 */
#ifndef CLIENT_COAX_GEN_DEMO_SEARCH_H
#define CLIENT_COAX_GEN_DEMO_SEARCH_H

#include <coax/gen_client.h>

#include "search.h"

COAX_BEGIN_DECLS

/** How demo.Search.find ended. */
typedef struct demo_search_find_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const demo_page *reply;
    /** Set when demo.TooBroad was thrown. */
    const demo_too_broad *too_broad;
} demo_search_find_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
demo_search_find_result demo_search_find_result_keep(const demo_search_find_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void demo_search_find_result_free(demo_search_find_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*demo_search_find_fn)(void *self, const demo_search_find_result *result);

COAX_MUST_USE coax_err demo_search_find(coax_client *client, const demo_query *request,
                                        const coax_call_options *options, demo_search_find_fn done,
                                        void *self);
COAX_MUST_USE coax_err demo_search_find_to(coax_peer peer, const demo_query *request,
                                           const coax_call_options *options,
                                           demo_search_find_fn done, void *self);
COAX_MUST_USE coax_err demo_search_find_wait(coax_client *client, const demo_query *request,
                                             const coax_call_options *options,
                                             demo_search_find_result *ret_result);

/** How demo.Search.count ended. */
typedef struct demo_search_count_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const demo_search_count_response *reply;
} demo_search_count_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
demo_search_count_result demo_search_count_result_keep(const demo_search_count_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void demo_search_count_result_free(demo_search_count_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*demo_search_count_fn)(void *self, const demo_search_count_result *result);

COAX_MUST_USE coax_err demo_search_count(coax_client *client,
                                         const demo_search_count_request *request,
                                         const coax_call_options *options,
                                         demo_search_count_fn done, void *self);
COAX_MUST_USE coax_err demo_search_count_to(coax_peer peer,
                                            const demo_search_count_request *request,
                                            const coax_call_options *options,
                                            demo_search_count_fn done, void *self);
COAX_MUST_USE coax_err demo_search_count_wait(coax_client *client,
                                              const demo_search_count_request *request,
                                              const coax_call_options *options,
                                              demo_search_count_result *ret_result);

/** How demo.Search.ping ended. */
typedef struct demo_search_ping_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const demo_search_ping_response *reply;
} demo_search_ping_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
demo_search_ping_result demo_search_ping_result_keep(const demo_search_ping_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void demo_search_ping_result_free(demo_search_ping_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*demo_search_ping_fn)(void *self, const demo_search_ping_result *result);

COAX_MUST_USE coax_err demo_search_ping(coax_client *client,
                                        const demo_search_ping_request *request,
                                        const coax_call_options *options, demo_search_ping_fn done,
                                        void *self);
COAX_MUST_USE coax_err demo_search_ping_to(coax_peer peer, const demo_search_ping_request *request,
                                           const coax_call_options *options,
                                           demo_search_ping_fn done, void *self);
COAX_MUST_USE coax_err demo_search_ping_wait(coax_client *client,
                                             const demo_search_ping_request *request,
                                             const coax_call_options *options,
                                             demo_search_ping_result *ret_result);

COAX_MUST_USE coax_err demo_search_hint(coax_client *client, const demo_query *request,
                                        const coax_call_options *options);
COAX_MUST_USE coax_err demo_search_hint_to(coax_peer peer, const demo_query *request,
                                           const coax_call_options *options);

/** How demo.Search.tail ended. */
typedef struct demo_search_tail_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when demo.TooBroad was thrown. */
    const demo_too_broad *too_broad;
} demo_search_tail_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
demo_search_tail_result demo_search_tail_result_keep(const demo_search_tail_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void demo_search_tail_result_free(demo_search_tail_result *result);

/** What a call of demo.Search.tail is told, from the loop. */
typedef struct demo_search_tail_events {
    /** The server's next item, borrowed until it returns. NULL: they are dropped. */
    void (*on_item)(void *self, coax_call call, const demo_line *item);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const demo_search_tail_result *result);
} demo_search_tail_events;

/** Lines as they are written, without end. */
COAX_MUST_USE coax_err demo_search_tail(coax_client *client, const demo_query *request,
                                        const coax_call_options *options,
                                        const demo_search_tail_events *events, void *self,
                                        coax_call *ret_call);
COAX_MUST_USE coax_err demo_search_tail_to(coax_peer peer, const demo_query *request,
                                           const coax_call_options *options,
                                           const demo_search_tail_events *events, void *self,
                                           coax_call *ret_call);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err demo_search_tail_open(coax_client *client, const demo_query *request,
                                             const coax_call_options *options,
                                             coax_stream **ret_stream);
bool demo_search_tail_next(coax_stream *stream, const demo_line **ret_item);
coax_err demo_search_tail_finish(coax_stream *stream, demo_search_tail_result *ret_result);

/** How demo.Search.load ended. */
typedef struct demo_search_load_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const demo_page *reply;
} demo_search_load_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
demo_search_load_result demo_search_load_result_keep(const demo_search_load_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void demo_search_load_result_free(demo_search_load_result *result);

/** What a call of demo.Search.load is told, from the loop. */
typedef struct demo_search_load_events {
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const demo_search_load_result *result);
} demo_search_load_events;

/** Takes lines in, and says what there is then. */
COAX_MUST_USE coax_err demo_search_load(coax_client *client,
                                        const demo_search_load_request *request,
                                        const coax_call_options *options,
                                        const demo_search_load_events *events, void *self,
                                        coax_call *ret_call);
COAX_MUST_USE coax_err demo_search_load_to(coax_peer peer, const demo_search_load_request *request,
                                           const coax_call_options *options,
                                           const demo_search_load_events *events, void *self,
                                           coax_call *ret_call);
COAX_MUST_USE coax_err demo_search_load_send(coax_call call, const demo_line *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err demo_search_load_open(coax_client *client,
                                             const demo_search_load_request *request,
                                             const coax_call_options *options,
                                             coax_stream **ret_stream);
COAX_MUST_USE coax_err demo_search_load_put(coax_stream *stream, const demo_line *item);
coax_err demo_search_load_finish(coax_stream *stream, demo_search_load_result *ret_result);

/** How demo.Search.chat ended. */
typedef struct demo_search_chat_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
} demo_search_chat_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
demo_search_chat_result demo_search_chat_result_keep(const demo_search_chat_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void demo_search_chat_result_free(demo_search_chat_result *result);

/** What a call of demo.Search.chat is told, from the loop. */
typedef struct demo_search_chat_events {
    /** The server's next item, borrowed until it returns. NULL: they are dropped. */
    void (*on_item)(void *self, coax_call call, const demo_line *item);
    /** There is room again for an item that was refused with COAX_ERR_WOULD_BLOCK. May be NULL. */
    void (*on_writable)(void *self, coax_call call);
    /** Once, and last. The result is borrowed until it returns. */
    void (*on_end)(void *self, const demo_search_chat_result *result);
} demo_search_chat_events;

/** Answers each line with one. */
COAX_MUST_USE coax_err demo_search_chat(coax_client *client,
                                        const demo_search_chat_request *request,
                                        const coax_call_options *options,
                                        const demo_search_chat_events *events, void *self,
                                        coax_call *ret_call);
COAX_MUST_USE coax_err demo_search_chat_to(coax_peer peer, const demo_search_chat_request *request,
                                           const coax_call_options *options,
                                           const demo_search_chat_events *events, void *self,
                                           coax_call *ret_call);
COAX_MUST_USE coax_err demo_search_chat_send(coax_call call, const demo_line *item);

/** The same for a thread that waits; `ret_stream` goes to _finish(). */
COAX_MUST_USE coax_err demo_search_chat_open(coax_client *client,
                                             const demo_search_chat_request *request,
                                             const coax_call_options *options,
                                             coax_stream **ret_stream);
bool demo_search_chat_next(coax_stream *stream, const demo_line **ret_item);
COAX_MUST_USE coax_err demo_search_chat_put(coax_stream *stream, const demo_line *item);
coax_err demo_search_chat_finish(coax_stream *stream, demo_search_chat_result *ret_result);

/** Called for every demo.Search.found, from the loop. The event is borrowed until it returns. */
typedef void (*demo_search_found_fn)(void *self, coax_peer peer, const demo_line *event);

/** A line that somebody asked for was written. */
COAX_MUST_USE coax_err demo_search_found_subscribe(coax_client *client,
                                                   demo_search_found_fn on_event, void *self,
                                                   const coax_subscribe_options *options,
                                                   coax_subscription *ret_subscription);
COAX_MUST_USE coax_err demo_search_found_subscribe_wait(coax_client *client,
                                                        demo_search_found_fn on_event, void *self,
                                                        const coax_subscribe_options *options,
                                                        coax_subscription *ret_subscription);

/** Called for every demo.Bells.rings, from the loop. The event is borrowed until it returns. */
typedef void (*demo_bells_rings_fn)(void *self, coax_peer peer,
                                    const demo_bells_rings_request *event);

COAX_MUST_USE coax_err demo_bells_rings_subscribe(coax_client *client, demo_bells_rings_fn on_event,
                                                  void *self, const coax_subscribe_options *options,
                                                  coax_subscription *ret_subscription);
COAX_MUST_USE coax_err demo_bells_rings_subscribe_wait(coax_client *client,
                                                       demo_bells_rings_fn on_event, void *self,
                                                       const coax_subscribe_options *options,
                                                       coax_subscription *ret_subscription);

COAX_END_DECLS

#endif
