/*
 * Server side of search.idl; see search_server.h.
 *
 * Made by idlc from search.idl: change the schema, not this file.
 */
#include "search_server.h"

static void demo_search_find_handle(const void *handlers, void *self, coax_call call,
                                    const void *request)
{
    const demo_search_handlers *typed = (const demo_search_handlers *)handlers;
    typed->find(self, call, (const demo_query *)request);
}

static void demo_search_count_handle(const void *handlers, void *self, coax_call call,
                                     const void *request)
{
    const demo_search_handlers *typed = (const demo_search_handlers *)handlers;
    typed->count(self, call, (const demo_search_count_request *)request);
}

static void demo_search_ping_handle(const void *handlers, void *self, coax_call call,
                                    const void *request)
{
    const demo_search_handlers *typed = (const demo_search_handlers *)handlers;
    typed->ping(self, call, (const demo_search_ping_request *)request);
}

static void demo_search_hint_handle(const void *handlers, void *self, coax_call call,
                                    const void *request)
{
    const demo_search_handlers *typed = (const demo_search_handlers *)handlers;
    typed->hint(self, call, (const demo_query *)request);
}

static void demo_search_tail_handle(const void *handlers, void *self, coax_call call,
                                    const void *request)
{
    const demo_search_handlers *typed = (const demo_search_handlers *)handlers;
    typed->tail(self, call, (const demo_query *)request);
}

static void demo_search_load_handle(const void *handlers, void *self, coax_call call,
                                    const void *request)
{
    const demo_search_handlers *typed = (const demo_search_handlers *)handlers;
    typed->load(self, call, (const demo_search_load_request *)request);
}

static void demo_search_chat_handle(const void *handlers, void *self, coax_call call,
                                    const void *request)
{
    const demo_search_handlers *typed = (const demo_search_handlers *)handlers;
    typed->chat(self, call, (const demo_search_chat_request *)request);
}

static const coax_gen_handler demo_search_rows[] = {
    { DEMO_SEARCH_FIND_METHOD, demo_search_find_handle, offsetof(demo_search_handlers, find) },
    { DEMO_SEARCH_COUNT_METHOD, demo_search_count_handle, offsetof(demo_search_handlers, count) },
    { DEMO_SEARCH_PING_METHOD, demo_search_ping_handle, offsetof(demo_search_handlers, ping) },
    { DEMO_SEARCH_HINT_METHOD, demo_search_hint_handle, offsetof(demo_search_handlers, hint) },
    { DEMO_SEARCH_TAIL_METHOD, demo_search_tail_handle, offsetof(demo_search_handlers, tail) },
    { DEMO_SEARCH_LOAD_METHOD, demo_search_load_handle, offsetof(demo_search_handlers, load) },
    { DEMO_SEARCH_CHAT_METHOD, demo_search_chat_handle, offsetof(demo_search_handlers, chat) },
};

COAX_SERVED(demo_search, 7);

coax_err demo_search_serve(coax_server *server, const demo_search_handlers *handlers, void *self)
{
    return coax_gen_serve(server, &demo_search_served, handlers, self);
}

coax_err demo_search_serve_client(coax_client *client, const demo_search_handlers *handlers,
                                  void *self)
{
    return coax_gen_serve_client(client, &demo_search_served, handlers, self);
}

coax_err demo_search_find_reply(coax_call call, const demo_page *reply)
{
    return coax_gen_reply(call, DEMO_SEARCH_FIND_METHOD, reply);
}

coax_err demo_search_find_throw_too_broad(coax_call call, const demo_too_broad *error)
{
    return coax_gen_throw(call, DEMO_SEARCH_FIND_METHOD, &demo_too_broad_type, error);
}

coax_err demo_search_count_reply(coax_call call, const demo_search_count_response *reply)
{
    return coax_gen_reply(call, DEMO_SEARCH_COUNT_METHOD, reply);
}

coax_err demo_search_ping_reply(coax_call call, const demo_search_ping_response *reply)
{
    return coax_gen_reply(call, DEMO_SEARCH_PING_METHOD, reply);
}

coax_err demo_search_tail_push(coax_call call, const demo_line *item)
{
    return coax_gen_item(call, DEMO_SEARCH_TAIL_METHOD, item);
}

coax_err demo_search_tail_throw_too_broad(coax_call call, const demo_too_broad *error)
{
    return coax_gen_throw(call, DEMO_SEARCH_TAIL_METHOD, &demo_too_broad_type, error);
}

bool demo_search_load_take(coax_call call, const demo_line **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_take(call, DEMO_SEARCH_LOAD_METHOD, &item))
        return false;
    *ret_item = (const demo_line *)item;
    return true;
}

coax_err demo_search_load_reply(coax_call call, const demo_page *reply)
{
    return coax_gen_reply(call, DEMO_SEARCH_LOAD_METHOD, reply);
}

static void demo_search_chat_received(void *self, coax_gen_any_fn user_fn, coax_call call,
                                      const void *item)
{
    if (user_fn != NULL)
        ((demo_search_chat_receive_fn)user_fn)(self, call, (const demo_line *)item);
}

coax_err demo_search_chat_receive(coax_call call, demo_search_chat_receive_fn on_item,
                                  coax_call_fn on_end, void *self)
{
    return coax_gen_receive(call, DEMO_SEARCH_CHAT_METHOD, demo_search_chat_received,
                            (coax_gen_any_fn)on_item, on_end, self);
}

coax_err demo_search_chat_push(coax_call call, const demo_line *item)
{
    return coax_gen_item(call, DEMO_SEARCH_CHAT_METHOD, item);
}

coax_err demo_search_found_emit(coax_server *server, const demo_line *event,
                                const coax_emit_options *options)
{
    return coax_gen_emit(server, DEMO_SEARCH_FOUND_METHOD, event, options);
}

COAX_SERVED_EVENTS(demo_bells);

coax_err demo_bells_serve(coax_server *server, const demo_bells_handlers *handlers, void *self)
{
    return coax_gen_serve(server, &demo_bells_served, handlers, self);
}

coax_err demo_bells_rings_emit(coax_server *server, const demo_bells_rings_request *event,
                               const coax_emit_options *options)
{
    return coax_gen_emit(server, DEMO_BELLS_RINGS_METHOD, event, options);
}
