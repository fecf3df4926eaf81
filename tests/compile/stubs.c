/*
 * What generated stubs hand to the runtime and back: the functions of coax/gen_client.h and coax/gen_server.h are played by
 * this file, so that each stub is seen to name its own method and each callback to get its own arguments.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "search_client.h"
#include "search_server.h"

/* What the last function of the runtime was given. */
static struct {
    const char *function;
    const void *target; /* client, server or stream */
    uint32_t index;     /* of a call or peer */
    const coax_method *method;
    const void *value; /* request, item, reply, event */
    const void *options;
    const void *out;
    void *self;
    const coax_type *error;
    coax_gen_done_fn done;
    const coax_gen_stream_glue *glue;
    coax_gen_item_fn item_glue;
    coax_gen_event_fn event_glue;
    coax_gen_stream_fns fns;
    coax_gen_any_fn user_fn;
    coax_call_fn on_end;
    const coax_gen_service *service;
} seen;

/* What the next one answers. */
static struct {
    coax_err err;
    bool has_item;
    const void *item;
    coax_result result;
} played;

static int n_refs;

static void note(const char *function, const void *target, uint32_t index,
                 const coax_method *method, const void *value)
{
    memset(&seen, 0, sizeof seen);
    seen.function = function;
    seen.target = target;
    seen.index = index;
    seen.method = method;
    seen.value = value;
}

/* ---- the runtime, played ---- */

coax_err coax_gen_call(coax_client *client, const coax_method *method, const void *request,
                       const coax_call_options *options, coax_gen_done_fn done,
                       coax_gen_any_fn user_fn, void *self)
{
    note("call", client, 0, method, request);
    seen.options = options;
    seen.done = done;
    seen.user_fn = user_fn;
    seen.self = self;
    return played.err;
}

coax_err coax_gen_call_to(coax_peer peer, const coax_method *method, const void *request,
                          const coax_call_options *options, coax_gen_done_fn done,
                          coax_gen_any_fn user_fn, void *self)
{
    coax_err err = coax_gen_call(NULL, method, request, options, done, user_fn, self);
    seen.function = "call_to";
    seen.index = peer.index;
    return err;
}

coax_err coax_gen_call_wait(coax_client *client, const coax_method *method, const void *request,
                            const coax_call_options *options, coax_result *ret_result)
{
    note("call_wait", client, 0, method, request);
    seen.options = options;
    *ret_result = played.result;
    return played.err;
}

coax_err coax_gen_send(coax_client *client, const coax_method *method, const void *request,
                       const coax_call_options *options)
{
    note("send", client, 0, method, request);
    seen.options = options;
    return played.err;
}

coax_err coax_gen_send_to(coax_peer peer, const coax_method *method, const void *request,
                          const coax_call_options *options)
{
    note("send_to", NULL, peer.index, method, request);
    seen.options = options;
    return played.err;
}

coax_err coax_gen_stream(coax_client *client, const coax_method *method, const void *request,
                         const coax_call_options *options, const coax_gen_stream_glue *glue,
                         const coax_gen_stream_fns *fns, void *self, coax_call *ret_call)
{
    note("stream", client, 0, method, request);
    seen.options = options;
    seen.glue = glue;
    seen.fns = *fns;
    seen.self = self;
    seen.out = ret_call;
    return played.err;
}

coax_err coax_gen_stream_to(coax_peer peer, const coax_method *method, const void *request,
                            const coax_call_options *options, const coax_gen_stream_glue *glue,
                            const coax_gen_stream_fns *fns, void *self, coax_call *ret_call)
{
    coax_err err = coax_gen_stream(NULL, method, request, options, glue, fns, self, ret_call);
    seen.function = "stream_to";
    seen.index = peer.index;
    return err;
}

coax_err coax_gen_item(coax_call call, const coax_method *method, const void *item)
{
    note("item", NULL, call.index, method, item);
    return played.err;
}

coax_err coax_gen_stream_open(coax_client *client, const coax_method *method, const void *request,
                              const coax_call_options *options, coax_stream **ret_stream)
{
    note("stream_open", client, 0, method, request);
    seen.options = options;
    seen.out = ret_stream;
    return played.err;
}

bool coax_gen_stream_next(coax_stream *stream, const coax_method *method, const void **ret_item)
{
    note("stream_next", stream, 0, method, NULL);
    if (played.has_item)
        *ret_item = played.item;
    return played.has_item;
}

coax_err coax_gen_stream_put(coax_stream *stream, const coax_method *method, const void *item)
{
    note("stream_put", stream, 0, method, item);
    return played.err;
}

coax_err coax_gen_stream_finish(coax_stream *stream, const coax_method *method,
                                coax_result *ret_result)
{
    note("stream_finish", stream, 0, method, NULL);
    *ret_result = played.result;
    return played.err;
}

coax_err coax_gen_subscribe(coax_client *client, const coax_method *event, coax_gen_event_fn glue,
                            coax_gen_any_fn user_fn, void *self,
                            const coax_subscribe_options *options,
                            coax_subscription *ret_subscription)
{
    note("subscribe", client, 0, event, NULL);
    seen.event_glue = glue;
    seen.user_fn = user_fn;
    seen.self = self;
    seen.options = options;
    seen.out = ret_subscription;
    return played.err;
}

coax_err coax_gen_subscribe_wait(coax_client *client, const coax_method *event,
                                 coax_gen_event_fn glue, coax_gen_any_fn user_fn, void *self,
                                 const coax_subscribe_options *options,
                                 coax_subscription *ret_subscription)
{
    coax_err err =
        coax_gen_subscribe(client, event, glue, user_fn, self, options, ret_subscription);
    seen.function = "subscribe_wait";
    return err;
}

coax_memory *coax_memory_ref(coax_memory *memory)
{
    n_refs++;
    return memory;
}

void coax_memory_unref(coax_memory *memory)
{
    n_refs -= memory != NULL;
}

coax_err coax_gen_serve(coax_server *server, const coax_gen_service *service, const void *handlers,
                        void *self)
{
    note("serve", server, 0, NULL, handlers);
    seen.service = service;
    seen.self = self;
    return played.err;
}

coax_err coax_gen_serve_client(coax_client *client, const coax_gen_service *service,
                               const void *handlers, void *self)
{
    note("serve_client", client, 0, NULL, handlers);
    seen.service = service;
    seen.self = self;
    return played.err;
}

coax_err coax_gen_reply(coax_call call, const coax_method *method, const void *reply)
{
    note("reply", NULL, call.index, method, reply);
    return played.err;
}

coax_err coax_gen_throw(coax_call call, const coax_method *method, const coax_type *error,
                        const void *value)
{
    note("throw", NULL, call.index, method, value);
    seen.error = error;
    return played.err;
}

coax_err coax_gen_receive(coax_call call, const coax_method *method, coax_gen_item_fn glue,
                          coax_gen_any_fn on_item, coax_call_fn on_end, void *self)
{
    note("receive", NULL, call.index, method, NULL);
    seen.item_glue = glue;
    seen.user_fn = on_item;
    seen.on_end = on_end;
    seen.self = self;
    return played.err;
}

bool coax_gen_take(coax_call call, const coax_method *method, const void **ret_item)
{
    note("take", NULL, call.index, method, NULL);
    if (played.has_item)
        *ret_item = played.item;
    return played.has_item;
}

coax_err coax_gen_emit(coax_server *server, const coax_method *event, const void *value,
                       const coax_emit_options *options)
{
    note("emit", server, 0, event, value);
    seen.options = options;
    return played.err;
}

/* ---- the user ---- */

/* Handles of things that nobody looks into. */
static char places[4];
#define CLIENT ((coax_client *)(void *)&places[0])
#define SERVER ((coax_server *)(void *)&places[1])
#define STREAM ((coax_stream *)(void *)&places[2])
#define MEMORY ((coax_memory *)(void *)&places[3])
static const coax_call call7 = { NULL, 7, 1 };
static const coax_peer peer9 = { NULL, 9, 1 };
static const coax_call_options options;

static struct {
    int n_items, n_ends, n_writable, n_events, n_requests;
    const void *value;
    uint32_t index;
    demo_search_tail_result tail;
    demo_search_chat_result chat;
} told;

static int self;

static void on_line(void *ptr, coax_call call, const demo_line *item)
{
    assert_ptr_equal(ptr, &self);
    told.n_items++;
    told.index = call.index;
    told.value = item;
}

static void on_room(void *ptr, coax_call call)
{
    assert_ptr_equal(ptr, &self);
    told.n_writable += call.index == 7;
}

static void on_tail_end(void *ptr, const demo_search_tail_result *result)
{
    assert_ptr_equal(ptr, &self);
    told.n_ends++;
    told.tail = *result;
}

static void on_chat_end(void *ptr, const demo_search_chat_result *result)
{
    assert_ptr_equal(ptr, &self);
    told.n_ends++;
    told.chat = *result;
}

static void on_found(void *ptr, coax_peer peer, const demo_line *event)
{
    assert_ptr_equal(ptr, &self);
    told.n_events++;
    told.index = peer.index;
    told.value = event;
}

static int set_up(void **state)
{
    (void)state;
    memset(&played, 0, sizeof played);
    memset(&told, 0, sizeof told);
    n_refs = 0;
    return 0;
}

static void assert_saw(const char *function, const void *target, const coax_method *method,
                       const void *value)
{
    assert_string_equal(seen.function, function);
    assert_ptr_equal(seen.target, target);
    assert_ptr_equal(seen.method, method);
    assert_ptr_equal(seen.value, value);
}

/* ---- callers ---- */

static void a_stream_starts_with_its_own_method_and_functions(void **state)
{
    (void)state;
    const demo_search_chat_request request = DEMO_SEARCH_CHAT_REQUEST_INIT;
    const demo_search_chat_events events = { on_line, on_room, on_chat_end };
    coax_call call = { NULL, 0, 0 };
    played.err = COAX_ERR_WOULD_BLOCK;
    assert_int_equal(demo_search_chat(CLIENT, &request, &options, &events, &self, &call),
                     COAX_ERR_WOULD_BLOCK);
    assert_saw("stream", CLIENT, DEMO_SEARCH_CHAT_METHOD, &request);
    assert_ptr_equal(seen.options, &options);
    assert_ptr_equal(seen.self, &self);
    assert_ptr_equal(seen.out, &call);
    assert_int_equal(demo_search_chat_to(peer9, &request, NULL, &events, &self, NULL),
                     COAX_ERR_WOULD_BLOCK);
    assert_saw("stream_to", NULL, DEMO_SEARCH_CHAT_METHOD, &request);
    assert_int_equal(seen.index, 9);
    assert_null(seen.out);
}

static void each_function_of_a_stream_gets_what_it_was_declared_with(void **state)
{
    (void)state;
    const demo_search_chat_request request = DEMO_SEARCH_CHAT_REQUEST_INIT;
    const demo_search_chat_events events = { on_line, on_room, on_chat_end };
    const demo_line line = DEMO_LINE_INIT;
    assert_int_equal(demo_search_chat(CLIENT, &request, NULL, &events, &self, NULL), COAX_OK);
    seen.glue->item(&self, seen.fns.on_item, call7, &line);
    assert_int_equal(told.n_items, 1);
    assert_int_equal(told.index, 7);
    assert_ptr_equal(told.value, &line);
    seen.fns.on_writable(&self, call7);
    assert_int_equal(told.n_writable, 1);
    const coax_result result = { .err = COAX_ERR_ABORTED,
                                 .status = { .code = COAX_ERR_ABORTED, .message = "stop" },
                                 .memory = MEMORY };
    seen.glue->end(&self, seen.fns.on_end, &result);
    assert_int_equal(told.n_ends, 1);
    assert_int_equal(told.chat.err, COAX_ERR_ABORTED);
    assert_string_equal(told.chat.status.message, "stop");
    assert_ptr_equal(told.chat.memory, MEMORY);
}

static void functions_that_are_left_out_are_handed_over_as_null(void **state)
{
    (void)state;
    const demo_query request = DEMO_QUERY_INIT;
    const demo_search_tail_events events = { .on_end = on_tail_end };
    const demo_line line = DEMO_LINE_INIT;
    assert_int_equal(demo_search_tail(CLIENT, &request, NULL, &events, &self, NULL), COAX_OK);
    assert_null(seen.fns.on_item);
    assert_null(seen.fns.on_writable);
    assert_non_null(seen.fns.on_end);
    seen.glue->item(&self, seen.fns.on_item, call7, &line);
    assert_int_equal(demo_search_tail(CLIENT, &request, NULL, NULL, &self, NULL), COAX_OK);
    assert_null(seen.fns.on_end); /* the runtime refuses it */
}

static void a_stream_without_items_from_the_server_has_nothing_that_takes_them(void **state)
{
    (void)state;
    const demo_search_load_request request = DEMO_SEARCH_LOAD_REQUEST_INIT;
    const demo_search_load_events events = { on_room, NULL };
    assert_int_equal(demo_search_load(CLIENT, &request, NULL, &events, &self, NULL), COAX_OK);
    assert_null(seen.glue->item);
    assert_null(seen.fns.on_item);
    assert_true(seen.fns.on_writable == on_room);
}

static void an_error_that_ends_a_stream_is_typed(void **state)
{
    (void)state;
    const demo_too_broad error = { .n_matches = 3 };
    played.err = COAX_ERR_INVALID_ARGUMENT;
    played.result = (coax_result){
        .err = COAX_ERR_INVALID_ARGUMENT, .memory = MEMORY, .error_index = 1, .error = &error
    };
    demo_search_tail_result result;
    assert_int_equal(demo_search_tail_finish(STREAM, &result), COAX_ERR_INVALID_ARGUMENT);
    assert_saw("stream_finish", STREAM, DEMO_SEARCH_TAIL_METHOD, NULL);
    assert_ptr_equal(result.too_broad, &error);
    demo_search_tail_result kept = demo_search_tail_result_keep(&result);
    assert_int_equal(n_refs, 1);
    demo_search_tail_result_free(&kept);
    assert_int_equal(n_refs, 0);
    assert_null(kept.too_broad);
}

static void the_reply_of_a_client_stream_is_typed(void **state)
{
    (void)state;
    const demo_page page = DEMO_PAGE_INIT;
    played.result = (coax_result){ .err = COAX_OK, .reply = &page };
    demo_search_load_result result;
    assert_int_equal(demo_search_load_finish(STREAM, &result), COAX_OK);
    assert_ptr_equal(result.reply, &page);
}

static void a_waiting_stream_is_opened_read_and_written_under_its_own_method(void **state)
{
    (void)state;
    const demo_search_chat_request request = DEMO_SEARCH_CHAT_REQUEST_INIT;
    const demo_line line = DEMO_LINE_INIT;
    const demo_line *item = NULL;
    coax_stream *stream = NULL;
    assert_int_equal(demo_search_chat_open(CLIENT, &request, &options, &stream), COAX_OK);
    assert_saw("stream_open", CLIENT, DEMO_SEARCH_CHAT_METHOD, &request);
    assert_ptr_equal(seen.out, &stream);
    assert_false(demo_search_chat_next(STREAM, &item));
    assert_null(item);
    played.has_item = true;
    played.item = &line;
    assert_true(demo_search_chat_next(STREAM, &item));
    assert_saw("stream_next", STREAM, DEMO_SEARCH_CHAT_METHOD, NULL);
    assert_ptr_equal(item, &line);
    played.err = COAX_ERR_CLOSED;
    assert_int_equal(demo_search_chat_put(STREAM, &line), COAX_ERR_CLOSED);
    assert_saw("stream_put", STREAM, DEMO_SEARCH_CHAT_METHOD, &line);
}

static void an_event_reaches_the_function_that_subscribed(void **state)
{
    (void)state;
    const demo_line line = DEMO_LINE_INIT;
    const coax_subscribe_options wishes = COAX_SUBSCRIBE_OPTIONS_INIT;
    coax_subscription subscription;
    assert_int_equal(demo_search_found_subscribe(CLIENT, on_found, &self, &wishes, &subscription),
                     COAX_OK);
    assert_saw("subscribe", CLIENT, DEMO_SEARCH_FOUND_METHOD, NULL);
    assert_ptr_equal(seen.options, &wishes);
    assert_ptr_equal(seen.out, &subscription);
    seen.event_glue(&self, seen.user_fn, peer9, &line);
    assert_int_equal(told.n_events, 1);
    assert_int_equal(told.index, 9);
    assert_ptr_equal(told.value, &line);
    assert_int_equal(demo_search_found_subscribe_wait(CLIENT, on_found, &self, NULL, NULL),
                     COAX_OK);
    assert_saw("subscribe_wait", CLIENT, DEMO_SEARCH_FOUND_METHOD, NULL);
}

/* ---- handlers ---- */

static void handle_load(void *ptr, coax_call call, const demo_search_load_request *request)
{
    assert_ptr_equal(ptr, &self);
    told.n_requests++;
    told.index = call.index;
    told.value = request;
}

static void every_method_but_events_has_a_row_and_its_own_handler(void **state)
{
    (void)state;
    const demo_search_handlers handlers = { .load = handle_load };
    assert_int_equal(demo_search_serve(SERVER, &handlers, &self), COAX_OK);
    assert_saw("serve", SERVER, NULL, &handlers);
    assert_int_equal(seen.service->n_rows, 7);
    assert_int_equal(seen.service->service->n_methods, 8);
    assert_int_equal(seen.service->handlers_size, sizeof handlers);
    const demo_search_load_request request = DEMO_SEARCH_LOAD_REQUEST_INIT;
    for (size_t i = 0; i < seen.service->n_rows; i++) {
        const coax_gen_handler *row = &seen.service->rows[i];
        assert_int_not_equal(row->method->kind, COAX_METHOD_EVENT);
        if (row->method != DEMO_SEARCH_LOAD_METHOD)
            continue;
        assert_int_equal(row->offset, offsetof(demo_search_handlers, load));
        row->handle(&handlers, &self, call7, &request);
    }
    assert_int_equal(told.n_requests, 1);
    assert_int_equal(told.index, 7);
    assert_ptr_equal(told.value, &request);
}

static void items_of_the_caller_reach_the_function_that_receives_them(void **state)
{
    (void)state;
    const demo_line line = DEMO_LINE_INIT;
    assert_int_equal(demo_search_chat_receive(call7, on_line, on_room, &self), COAX_OK);
    assert_saw("receive", NULL, DEMO_SEARCH_CHAT_METHOD, NULL);
    assert_int_equal(seen.index, 7);
    assert_true(seen.on_end == on_room);
    assert_ptr_equal(seen.self, &self);
    seen.item_glue(&self, seen.user_fn, call7, &line);
    assert_int_equal(told.n_items, 1);
    assert_ptr_equal(told.value, &line);
}

static void a_blocking_handler_takes_items_and_learns_that_there_are_no_more(void **state)
{
    (void)state;
    const demo_line line = DEMO_LINE_INIT;
    const demo_line *item = NULL;
    played.has_item = true;
    played.item = &line;
    assert_true(demo_search_load_take(call7, &item));
    assert_saw("take", NULL, DEMO_SEARCH_LOAD_METHOD, NULL);
    assert_ptr_equal(item, &line);
    played.has_item = false;
    assert_false(demo_search_load_take(call7, &item));
    assert_true((DEMO_SEARCH_LOAD_METHOD->flags & COAX_METHOD_BLOCKING) != 0);
}

static void items_replies_and_errors_go_out_under_their_method(void **state)
{
    (void)state;
    const demo_line line = DEMO_LINE_INIT;
    const demo_page page = DEMO_PAGE_INIT;
    const demo_too_broad error = { .n_matches = 3 };
    assert_int_equal(demo_search_tail_push(call7, &line), COAX_OK);
    assert_saw("item", NULL, DEMO_SEARCH_TAIL_METHOD, &line);
    assert_int_equal(demo_search_chat_send(call7, &line), COAX_OK);
    assert_saw("item", NULL, DEMO_SEARCH_CHAT_METHOD, &line);
    assert_int_equal(demo_search_load_reply(call7, &page), COAX_OK);
    assert_saw("reply", NULL, DEMO_SEARCH_LOAD_METHOD, &page);
    assert_int_equal(demo_search_tail_throw_too_broad(call7, &error), COAX_OK);
    assert_saw("throw", NULL, DEMO_SEARCH_TAIL_METHOD, &error);
    assert_ptr_equal(seen.error, &demo_too_broad_type);
    const coax_emit_options wishes = COAX_EMIT_OPTIONS_INIT;
    assert_int_equal(demo_search_found_emit(SERVER, &line, &wishes), COAX_OK);
    assert_saw("emit", SERVER, DEMO_SEARCH_FOUND_METHOD, &line);
    assert_ptr_equal(seen.options, &wishes);
}

static void a_service_of_events_is_served_without_handlers(void **state)
{
    (void)state;
    assert_int_equal(demo_bells_serve(SERVER, NULL, NULL), COAX_OK);
    assert_saw("serve", SERVER, NULL, NULL);
    assert_ptr_equal(seen.service->service, &demo_bells_service);
    assert_int_equal(seen.service->n_rows, 0);
    assert_int_equal(seen.service->handlers_size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_stream_starts_with_its_own_method_and_functions, set_up),
        cmocka_unit_test_setup(each_function_of_a_stream_gets_what_it_was_declared_with, set_up),
        cmocka_unit_test_setup(functions_that_are_left_out_are_handed_over_as_null, set_up),
        cmocka_unit_test_setup(a_stream_without_items_from_the_server_has_nothing_that_takes_them,
                               set_up),
        cmocka_unit_test_setup(an_error_that_ends_a_stream_is_typed, set_up),
        cmocka_unit_test_setup(the_reply_of_a_client_stream_is_typed, set_up),
        cmocka_unit_test_setup(a_waiting_stream_is_opened_read_and_written_under_its_own_method,
                               set_up),
        cmocka_unit_test_setup(an_event_reaches_the_function_that_subscribed, set_up),
        cmocka_unit_test_setup(every_method_but_events_has_a_row_and_its_own_handler, set_up),
        cmocka_unit_test_setup(items_of_the_caller_reach_the_function_that_receives_them, set_up),
        cmocka_unit_test_setup(a_blocking_handler_takes_items_and_learns_that_there_are_no_more,
                               set_up),
        cmocka_unit_test_setup(items_replies_and_errors_go_out_under_their_method, set_up),
        cmocka_unit_test_setup(a_service_of_events_is_served_without_handlers, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
