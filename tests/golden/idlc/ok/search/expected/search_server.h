/*
 * Serves the services of search.idl.
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
 * Made by idlc from search.idl: change the schema, not this file.
 */
#ifndef SERVER_COAX_GEN_DEMO_SEARCH_H
#define SERVER_COAX_GEN_DEMO_SEARCH_H

#include <coax/gen_server.h>

#include "search.h"

COAX_BEGIN_DECLS

/** What serves demo.Search: `self` is what was given to serve. NULL: `unimplemented`. */
typedef struct demo_search_handlers {
    void (*find)(void *self, coax_call call, const demo_query *request);
    void (*count)(void *self, coax_call call, const demo_search_count_request *request);
    void (*ping)(void *self, coax_call call, const demo_search_ping_request *request);
    void (*hint)(void *self, coax_call call, const demo_query *request);
    /** Lines as they are written, without end. */
    void (*tail)(void *self, coax_call call, const demo_query *request);
    /** Takes lines in, and says what there is then. May wait: it runs on a worker thread. */
    void (*load)(void *self, coax_call call, const demo_search_load_request *request);
    /** Answers each line with one. */
    void (*chat)(void *self, coax_call call, const demo_search_chat_request *request);
} demo_search_handlers;

/** `handlers` NULL: events only. */
COAX_MUST_USE coax_err demo_search_serve(coax_server *server, const demo_search_handlers *handlers,
                                         void *self);
COAX_MUST_USE coax_err demo_search_serve_client(coax_client *client,
                                                const demo_search_handlers *handlers, void *self);

coax_err demo_search_find_reply(coax_call call, const demo_page *reply);
coax_err demo_search_find_throw_too_broad(coax_call call, const demo_too_broad *error);

coax_err demo_search_count_reply(coax_call call, const demo_search_count_response *reply);

coax_err demo_search_ping_reply(coax_call call, const demo_search_ping_response *reply);

COAX_MUST_USE coax_err demo_search_tail_push(coax_call call, const demo_line *item);
coax_err demo_search_tail_throw_too_broad(coax_call call, const demo_too_broad *error);

bool demo_search_load_take(coax_call call, const demo_line **ret_item);
coax_err demo_search_load_reply(coax_call call, const demo_page *reply);

/** The caller's next item, borrowed until it returns. */
typedef void (*demo_search_chat_receive_fn)(void *self, coax_call call, const demo_line *item);
coax_err demo_search_chat_receive(coax_call call, demo_search_chat_receive_fn on_item,
                                  coax_call_fn on_end, void *self);
COAX_MUST_USE coax_err demo_search_chat_push(coax_call call, const demo_line *item);

/** A line that somebody asked for was written. */
coax_err demo_search_found_emit(coax_server *server, const demo_line *event,
                                const coax_emit_options *options);

/** demo.Bells has events only and nothing to handle: give NULL. */
typedef struct demo_bells_handlers demo_bells_handlers;

COAX_MUST_USE coax_err demo_bells_serve(coax_server *server, const demo_bells_handlers *handlers,
                                        void *self);

coax_err demo_bells_rings_emit(coax_server *server, const demo_bells_rings_request *event,
                               const coax_emit_options *options);

COAX_END_DECLS

#endif
