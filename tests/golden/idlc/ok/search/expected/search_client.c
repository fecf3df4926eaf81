/*
 * Client stubs of search.idl; see search_client.h.
 *
 * Made by idlc from search.idl: change the schema, not this file.
 */
#include "search_client.h"

static demo_search_find_result demo_search_find_typed(const coax_result *result)
{
    demo_search_find_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const demo_page *)result->reply;
    switch (result->error_index) {
    case 1: typed.too_broad = (const demo_too_broad *)result->error; break;
    default: break;
    }
    return typed;
}

demo_search_find_result demo_search_find_result_keep(const demo_search_find_result *result)
{
    demo_search_find_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void demo_search_find_result_free(demo_search_find_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void demo_search_find_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    demo_search_find_result typed = demo_search_find_typed(result);
    if (user_fn != NULL)
        ((demo_search_find_fn)user_fn)(self, &typed);
}

coax_err demo_search_find(coax_client *client, const demo_query *request,
                          const coax_call_options *options, demo_search_find_fn done, void *self)
{
    return coax_gen_call(client, DEMO_SEARCH_FIND_METHOD, request, options, demo_search_find_done,
                         (coax_gen_any_fn)done, self);
}

coax_err demo_search_find_to(coax_peer peer, const demo_query *request,
                             const coax_call_options *options, demo_search_find_fn done, void *self)
{
    return coax_gen_call_to(peer, DEMO_SEARCH_FIND_METHOD, request, options, demo_search_find_done,
                            (coax_gen_any_fn)done, self);
}

coax_err demo_search_find_wait(coax_client *client, const demo_query *request,
                               const coax_call_options *options,
                               demo_search_find_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_call_wait(client, DEMO_SEARCH_FIND_METHOD, request, options, &result);
    *ret_result = demo_search_find_typed(&result);
    return err;
}

static demo_search_count_result demo_search_count_typed(const coax_result *result)
{
    demo_search_count_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const demo_search_count_response *)result->reply;
    return typed;
}

demo_search_count_result demo_search_count_result_keep(const demo_search_count_result *result)
{
    demo_search_count_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void demo_search_count_result_free(demo_search_count_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void demo_search_count_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    demo_search_count_result typed = demo_search_count_typed(result);
    if (user_fn != NULL)
        ((demo_search_count_fn)user_fn)(self, &typed);
}

coax_err demo_search_count(coax_client *client, const demo_search_count_request *request,
                           const coax_call_options *options, demo_search_count_fn done, void *self)
{
    return coax_gen_call(client, DEMO_SEARCH_COUNT_METHOD, request, options, demo_search_count_done,
                         (coax_gen_any_fn)done, self);
}

coax_err demo_search_count_to(coax_peer peer, const demo_search_count_request *request,
                              const coax_call_options *options, demo_search_count_fn done,
                              void *self)
{
    return coax_gen_call_to(peer, DEMO_SEARCH_COUNT_METHOD, request, options,
                            demo_search_count_done, (coax_gen_any_fn)done, self);
}

coax_err demo_search_count_wait(coax_client *client, const demo_search_count_request *request,
                                const coax_call_options *options,
                                demo_search_count_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_call_wait(client, DEMO_SEARCH_COUNT_METHOD, request, options, &result);
    *ret_result = demo_search_count_typed(&result);
    return err;
}

static demo_search_ping_result demo_search_ping_typed(const coax_result *result)
{
    demo_search_ping_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const demo_search_ping_response *)result->reply;
    return typed;
}

demo_search_ping_result demo_search_ping_result_keep(const demo_search_ping_result *result)
{
    demo_search_ping_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void demo_search_ping_result_free(demo_search_ping_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void demo_search_ping_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    demo_search_ping_result typed = demo_search_ping_typed(result);
    if (user_fn != NULL)
        ((demo_search_ping_fn)user_fn)(self, &typed);
}

coax_err demo_search_ping(coax_client *client, const demo_search_ping_request *request,
                          const coax_call_options *options, demo_search_ping_fn done, void *self)
{
    return coax_gen_call(client, DEMO_SEARCH_PING_METHOD, request, options, demo_search_ping_done,
                         (coax_gen_any_fn)done, self);
}

coax_err demo_search_ping_to(coax_peer peer, const demo_search_ping_request *request,
                             const coax_call_options *options, demo_search_ping_fn done, void *self)
{
    return coax_gen_call_to(peer, DEMO_SEARCH_PING_METHOD, request, options, demo_search_ping_done,
                            (coax_gen_any_fn)done, self);
}

coax_err demo_search_ping_wait(coax_client *client, const demo_search_ping_request *request,
                               const coax_call_options *options,
                               demo_search_ping_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_call_wait(client, DEMO_SEARCH_PING_METHOD, request, options, &result);
    *ret_result = demo_search_ping_typed(&result);
    return err;
}

coax_err demo_search_hint(coax_client *client, const demo_query *request,
                          const coax_call_options *options)
{
    return coax_gen_send(client, DEMO_SEARCH_HINT_METHOD, request, options);
}

coax_err demo_search_hint_to(coax_peer peer, const demo_query *request,
                             const coax_call_options *options)
{
    return coax_gen_send_to(peer, DEMO_SEARCH_HINT_METHOD, request, options);
}

typedef void (*demo_search_tail_next_fn)(void *self, coax_call call, const demo_line *item);
typedef void (*demo_search_tail_finish_fn)(void *self, const demo_search_tail_result *result);

static demo_search_tail_result demo_search_tail_typed(const coax_result *result)
{
    demo_search_tail_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    switch (result->error_index) {
    case 1: typed.too_broad = (const demo_too_broad *)result->error; break;
    default: break;
    }
    return typed;
}

demo_search_tail_result demo_search_tail_result_keep(const demo_search_tail_result *result)
{
    demo_search_tail_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void demo_search_tail_result_free(demo_search_tail_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void demo_search_tail_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    demo_search_tail_result typed = demo_search_tail_typed(result);
    if (user_fn != NULL)
        ((demo_search_tail_finish_fn)user_fn)(self, &typed);
}

static void demo_search_tail_each(void *self, coax_gen_any_fn user_fn, coax_call call,
                                  const void *item)
{
    if (user_fn != NULL)
        ((demo_search_tail_next_fn)user_fn)(self, call, (const demo_line *)item);
}

COAX_STREAM_GLUE(demo_search_tail, demo_search_tail_each);

static coax_gen_stream_fns demo_search_tail_fns(const demo_search_tail_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_item = (coax_gen_any_fn)events->on_item;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err demo_search_tail(coax_client *client, const demo_query *request,
                          const coax_call_options *options, const demo_search_tail_events *events,
                          void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = demo_search_tail_fns(events);
    return coax_gen_stream(client, DEMO_SEARCH_TAIL_METHOD, request, options,
                           &demo_search_tail_glue, &fns, self, ret_call);
}

coax_err demo_search_tail_to(coax_peer peer, const demo_query *request,
                             const coax_call_options *options,
                             const demo_search_tail_events *events, void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = demo_search_tail_fns(events);
    return coax_gen_stream_to(peer, DEMO_SEARCH_TAIL_METHOD, request, options,
                              &demo_search_tail_glue, &fns, self, ret_call);
}

coax_err demo_search_tail_open(coax_client *client, const demo_query *request,
                               const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, DEMO_SEARCH_TAIL_METHOD, request, options, ret_stream);
}

bool demo_search_tail_next(coax_stream *stream, const demo_line **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_stream_next(stream, DEMO_SEARCH_TAIL_METHOD, &item))
        return false;
    *ret_item = (const demo_line *)item;
    return true;
}

coax_err demo_search_tail_finish(coax_stream *stream, demo_search_tail_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, DEMO_SEARCH_TAIL_METHOD, &result);
    *ret_result = demo_search_tail_typed(&result);
    return err;
}

typedef void (*demo_search_load_finish_fn)(void *self, const demo_search_load_result *result);

static demo_search_load_result demo_search_load_typed(const coax_result *result)
{
    demo_search_load_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const demo_page *)result->reply;
    return typed;
}

demo_search_load_result demo_search_load_result_keep(const demo_search_load_result *result)
{
    demo_search_load_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void demo_search_load_result_free(demo_search_load_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void demo_search_load_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    demo_search_load_result typed = demo_search_load_typed(result);
    if (user_fn != NULL)
        ((demo_search_load_finish_fn)user_fn)(self, &typed);
}

COAX_STREAM_GLUE(demo_search_load, NULL);

static coax_gen_stream_fns demo_search_load_fns(const demo_search_load_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err demo_search_load(coax_client *client, const demo_search_load_request *request,
                          const coax_call_options *options, const demo_search_load_events *events,
                          void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = demo_search_load_fns(events);
    return coax_gen_stream(client, DEMO_SEARCH_LOAD_METHOD, request, options,
                           &demo_search_load_glue, &fns, self, ret_call);
}

coax_err demo_search_load_to(coax_peer peer, const demo_search_load_request *request,
                             const coax_call_options *options,
                             const demo_search_load_events *events, void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = demo_search_load_fns(events);
    return coax_gen_stream_to(peer, DEMO_SEARCH_LOAD_METHOD, request, options,
                              &demo_search_load_glue, &fns, self, ret_call);
}

coax_err demo_search_load_send(coax_call call, const demo_line *item)
{
    return coax_gen_item(call, DEMO_SEARCH_LOAD_METHOD, item);
}

coax_err demo_search_load_open(coax_client *client, const demo_search_load_request *request,
                               const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, DEMO_SEARCH_LOAD_METHOD, request, options, ret_stream);
}

coax_err demo_search_load_put(coax_stream *stream, const demo_line *item)
{
    return coax_gen_stream_put(stream, DEMO_SEARCH_LOAD_METHOD, item);
}

coax_err demo_search_load_finish(coax_stream *stream, demo_search_load_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, DEMO_SEARCH_LOAD_METHOD, &result);
    *ret_result = demo_search_load_typed(&result);
    return err;
}

typedef void (*demo_search_chat_next_fn)(void *self, coax_call call, const demo_line *item);
typedef void (*demo_search_chat_finish_fn)(void *self, const demo_search_chat_result *result);

static demo_search_chat_result demo_search_chat_typed(const coax_result *result)
{
    demo_search_chat_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    return typed;
}

demo_search_chat_result demo_search_chat_result_keep(const demo_search_chat_result *result)
{
    demo_search_chat_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void demo_search_chat_result_free(demo_search_chat_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void demo_search_chat_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    demo_search_chat_result typed = demo_search_chat_typed(result);
    if (user_fn != NULL)
        ((demo_search_chat_finish_fn)user_fn)(self, &typed);
}

static void demo_search_chat_each(void *self, coax_gen_any_fn user_fn, coax_call call,
                                  const void *item)
{
    if (user_fn != NULL)
        ((demo_search_chat_next_fn)user_fn)(self, call, (const demo_line *)item);
}

COAX_STREAM_GLUE(demo_search_chat, demo_search_chat_each);

static coax_gen_stream_fns demo_search_chat_fns(const demo_search_chat_events *events)
{
    coax_gen_stream_fns fns = { NULL, NULL, NULL };
    if (events == NULL)
        return fns;
    fns.on_item = (coax_gen_any_fn)events->on_item;
    fns.on_writable = events->on_writable;
    fns.on_end = (coax_gen_any_fn)events->on_end;
    return fns;
}

coax_err demo_search_chat(coax_client *client, const demo_search_chat_request *request,
                          const coax_call_options *options, const demo_search_chat_events *events,
                          void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = demo_search_chat_fns(events);
    return coax_gen_stream(client, DEMO_SEARCH_CHAT_METHOD, request, options,
                           &demo_search_chat_glue, &fns, self, ret_call);
}

coax_err demo_search_chat_to(coax_peer peer, const demo_search_chat_request *request,
                             const coax_call_options *options,
                             const demo_search_chat_events *events, void *self, coax_call *ret_call)
{
    coax_gen_stream_fns fns = demo_search_chat_fns(events);
    return coax_gen_stream_to(peer, DEMO_SEARCH_CHAT_METHOD, request, options,
                              &demo_search_chat_glue, &fns, self, ret_call);
}

coax_err demo_search_chat_send(coax_call call, const demo_line *item)
{
    return coax_gen_item(call, DEMO_SEARCH_CHAT_METHOD, item);
}

coax_err demo_search_chat_open(coax_client *client, const demo_search_chat_request *request,
                               const coax_call_options *options, coax_stream **ret_stream)
{
    return coax_gen_stream_open(client, DEMO_SEARCH_CHAT_METHOD, request, options, ret_stream);
}

bool demo_search_chat_next(coax_stream *stream, const demo_line **ret_item)
{
    const void *item = NULL;
    if (!coax_gen_stream_next(stream, DEMO_SEARCH_CHAT_METHOD, &item))
        return false;
    *ret_item = (const demo_line *)item;
    return true;
}

coax_err demo_search_chat_put(coax_stream *stream, const demo_line *item)
{
    return coax_gen_stream_put(stream, DEMO_SEARCH_CHAT_METHOD, item);
}

coax_err demo_search_chat_finish(coax_stream *stream, demo_search_chat_result *ret_result)
{
    coax_result result;
    coax_err err = coax_gen_stream_finish(stream, DEMO_SEARCH_CHAT_METHOD, &result);
    *ret_result = demo_search_chat_typed(&result);
    return err;
}

static void demo_search_found_each(void *self, coax_gen_any_fn user_fn, coax_peer peer,
                                   const void *event)
{
    if (user_fn != NULL)
        ((demo_search_found_fn)user_fn)(self, peer, (const demo_line *)event);
}

coax_err demo_search_found_subscribe(coax_client *client, demo_search_found_fn on_event, void *self,
                                     const coax_subscribe_options *options,
                                     coax_subscription *ret_subscription)
{
    return coax_gen_subscribe(client, DEMO_SEARCH_FOUND_METHOD, demo_search_found_each,
                              (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

coax_err demo_search_found_subscribe_wait(coax_client *client, demo_search_found_fn on_event,
                                          void *self, const coax_subscribe_options *options,
                                          coax_subscription *ret_subscription)
{
    return coax_gen_subscribe_wait(client, DEMO_SEARCH_FOUND_METHOD, demo_search_found_each,
                                   (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

static void demo_bells_rings_each(void *self, coax_gen_any_fn user_fn, coax_peer peer,
                                  const void *event)
{
    if (user_fn != NULL)
        ((demo_bells_rings_fn)user_fn)(self, peer, (const demo_bells_rings_request *)event);
}

coax_err demo_bells_rings_subscribe(coax_client *client, demo_bells_rings_fn on_event, void *self,
                                    const coax_subscribe_options *options,
                                    coax_subscription *ret_subscription)
{
    return coax_gen_subscribe(client, DEMO_BELLS_RINGS_METHOD, demo_bells_rings_each,
                              (coax_gen_any_fn)on_event, self, options, ret_subscription);
}

coax_err demo_bells_rings_subscribe_wait(coax_client *client, demo_bells_rings_fn on_event,
                                         void *self, const coax_subscribe_options *options,
                                         coax_subscription *ret_subscription)
{
    return coax_gen_subscribe_wait(client, DEMO_BELLS_RINGS_METHOD, demo_bells_rings_each,
                                   (coax_gen_any_fn)on_event, self, options, ret_subscription);
}
