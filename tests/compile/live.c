/*
 * Generated streams and events over the real runtime: each kind once, there and back, on one loop. What they do under stress
 * is tested in tests/conformance.
 */
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <coax/loop.h>

#include "search_client.h"
#include "search_server.h"

typedef struct scene {
    coax_loop *loop;
    coax_server *server;
    coax_client *client;
    uint32_t n_items;
    uint32_t n_sum; /* of the items' lengths */
    bool is_done;
    bool is_subscribed;
    coax_err err;
    uint32_t n_matches;
    uint32_t n_lines;
    uint32_t n_sent;
} scene;

static void run_until(scene *s, const bool *flag)
{
    while (!*flag) {
        struct pollfd ready = { coax_loop_fd(s->loop), POLLIN, 0 };
        (void)poll(&ready, 1, coax_loop_timeout_ms(s->loop));
        assert_int_equal(coax_loop_process(s->loop), COAX_OK);
    }
}

/* ---- who answers ---- */

static void handle_tail(void *self, coax_call call, const demo_query *request)
{
    (void)self;
    const demo_too_broad error = { .n_matches = 3 };
    const demo_line line = { .text = request->text };
    for (int i = 0; i < 3; i++)
        assert_int_equal(demo_search_tail_push(call, &line), COAX_OK);
    if (request->text.len == 1)
        assert_int_equal(demo_search_tail_throw_too_broad(call, &error), COAX_OK);
    else
        assert_int_equal(coax_call_end(call), COAX_OK);
}

static void answer_line(void *self, coax_call call, const demo_line *item)
{
    (void)self;
    assert_int_equal(demo_search_chat_push(call, item), COAX_OK);
}

static void end_chat(void *self, coax_call call)
{
    (void)self;
    assert_int_equal(coax_call_end(call), COAX_OK);
}

static void handle_chat(void *self, coax_call call, const demo_search_chat_request *request)
{
    (void)request;
    assert_int_equal(demo_search_chat_receive(call, answer_line, end_chat, self), COAX_OK);
}

/* On a worker: nothing here may be asserted. */
static void handle_load(void *self, coax_call call, const demo_search_load_request *request)
{
    (void)self;
    coax_str lines[8];
    size_t n = 0;
    for (const demo_line *line; n < 8 && demo_search_load_take(call, &line);)
        lines[n++] = request->name;
    const demo_page page = { .lines = { lines, n } };
    (void)demo_search_load_reply(call, &page);
}

static const demo_search_handlers handlers = { .tail = handle_tail,
                                               .chat = handle_chat,
                                               .load = handle_load };

static int set_up(void **state)
{
    static scene s;
    s = (scene){ .loop = coax_loop_create(NULL) };
    *state = &s;
    if (s.loop == NULL || coax_server_create(s.loop, NULL, &s.server, NULL) != COAX_OK ||
        demo_search_serve(s.server, &handlers, NULL) != COAX_OK ||
        demo_bells_serve(s.server, NULL, NULL) != COAX_OK ||
        coax_server_listen(s.server, "inproc://live", NULL) != COAX_OK)
        return 1;
    return coax_client_create(s.loop, "inproc://live", NULL, &s.client, NULL) != COAX_OK;
}

static int tear_down(void **state)
{
    const scene *s = *state;
    return coax_loop_destroy(s->loop) != COAX_OK;
}

/* ---- who asks ---- */

static void on_line(void *self, coax_call call, const demo_line *item)
{
    scene *s = self;
    (void)call;
    s->n_items++;
    s->n_sum += (uint32_t)item->text.len;
}

static void on_tail_end(void *self, const demo_search_tail_result *result)
{
    scene *s = self;
    s->is_done = true;
    s->err = result->err;
    s->n_matches = result->too_broad != NULL ? result->too_broad->n_matches : 0;
}

static void the_items_of_a_server_stream_arrive_and_then_its_end(void **state)
{
    scene *s = *state;
    const demo_query request = { .text = coax_str_from("line") };
    const demo_search_tail_events events = { on_line, on_tail_end };
    assert_int_equal(demo_search_tail(s->client, &request, NULL, &events, s, NULL), COAX_OK);
    run_until(s, &s->is_done);
    assert_int_equal(s->err, COAX_OK);
    assert_int_equal(s->n_items, 3);
    assert_int_equal(s->n_sum, 12);
}

static void a_stream_may_end_with_a_typed_error(void **state)
{
    scene *s = *state;
    const demo_query request = { .text = coax_str_from("a") };
    const demo_search_tail_events events = { on_line, on_tail_end };
    assert_int_equal(demo_search_tail(s->client, &request, NULL, &events, s, NULL), COAX_OK);
    run_until(s, &s->is_done);
    assert_int_equal(s->n_items, 3);
    assert_int_equal(s->err, COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(s->n_matches, 3);
}

static const demo_line hello = { .text = { "hello", 5 } };

/* Five lines, as far as there is room; the rest follows once there is. */
static void send_chat(void *self, coax_call call)
{
    scene *s = self;
    while (s->n_sent < 5 && demo_search_chat_send(call, &hello) == COAX_OK)
        s->n_sent++;
    if (s->n_sent == 5)
        assert_int_equal(coax_call_end(call), COAX_OK);
}

static void send_load(void *self, coax_call call)
{
    scene *s = self;
    while (s->n_sent < 5 && demo_search_load_send(call, &hello) == COAX_OK)
        s->n_sent++;
    if (s->n_sent == 5)
        assert_int_equal(coax_call_end(call), COAX_OK);
}

static void on_chat_end(void *self, const demo_search_chat_result *result)
{
    scene *s = self;
    s->is_done = true;
    s->err = result->err;
}

static void both_sides_stream(void **state)
{
    scene *s = *state;
    const demo_search_chat_request request = DEMO_SEARCH_CHAT_REQUEST_INIT;
    const demo_search_chat_events events = { on_line, send_chat, on_chat_end };
    coax_call call;
    assert_int_equal(demo_search_chat(s->client, &request, NULL, &events, s, &call), COAX_OK);
    send_chat(s, call);
    run_until(s, &s->is_done);
    assert_int_equal(s->err, COAX_OK);
    assert_int_equal(s->n_items, 5);
    assert_int_equal(s->n_sum, 25);
}

static void on_load_end(void *self, const demo_search_load_result *result)
{
    scene *s = self;
    s->is_done = true;
    s->err = result->err;
    s->n_lines = result->reply != NULL ? (uint32_t)result->reply->lines.count : 0;
}

static void a_blocking_handler_takes_a_stream_and_replies(void **state)
{
    scene *s = *state;
    const demo_search_load_request request = { .name = coax_str_from("batch") };
    const demo_search_load_events events = { send_load, on_load_end };
    coax_call call;
    assert_int_equal(demo_search_load(s->client, &request, NULL, &events, s, &call), COAX_OK);
    send_load(s, call);
    run_until(s, &s->is_done);
    assert_int_equal(s->err, COAX_OK);
    assert_int_equal(s->n_lines, 5);
}

static void on_status(void *self, const coax_status *status)
{
    scene *s = self;
    s->is_subscribed = true;
    s->err = status->code;
}

static void on_ring(void *self, coax_peer peer, const demo_bells_rings_request *event)
{
    scene *s = self;
    (void)peer;
    s->n_items = event->times;
    s->is_done = true;
}

static void an_event_of_a_service_without_handlers_reaches_who_subscribed(void **state)
{
    scene *s = *state;
    coax_subscribe_options options = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.on_status = on_status;
    assert_int_equal(demo_bells_rings_subscribe(s->client, on_ring, s, &options, NULL), COAX_OK);
    run_until(s, &s->is_subscribed);
    assert_int_equal(s->err, COAX_OK);
    const demo_bells_rings_request event = { .times = 12 };
    assert_int_equal(demo_bells_rings_emit(s->server, &event, NULL), COAX_OK);
    run_until(s, &s->is_done);
    assert_int_equal(s->n_items, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_items_of_a_server_stream_arrive_and_then_its_end,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stream_may_end_with_a_typed_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(both_sides_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_blocking_handler_takes_a_stream_and_replies, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            an_event_of_a_service_without_handlers_reaches_who_subscribed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
