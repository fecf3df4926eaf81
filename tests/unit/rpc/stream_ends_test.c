/*
 * How streams end other than by their last item: cancels, failures, deadlines, connections that close or break. Each end
 * is told once, on both sides, and nothing comes after it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <coax/gen_server.h>

#include "flow.h"

static flow_server server;
static flow_end caller;

static int set_up(void **state)
{
    memset(&server, 0, sizeof server);
    memset(&caller, 0, sizeof caller);
    if (pair_set_up(state) != 0)
        return -1;
    return flow_serve(&((pair *)*state)->server, &server) == COAX_OK ? 0 : -1;
}

static flow_end *begin(pair *two, const coax_method *method)
{
    assert_int_equal(flow_start(&two->client, method, &caller), COAX_OK);
    pair_pump(two);
    return &server.ends[server.n_ends - 1];
}

/* What holds once a stream is over on both sides and its handler has let go. */
static void assert_nothing_is_left(const pair *two)
{
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.n_after, 0);
    assert_int_equal(server.ends[0].n_after, 0);
    assert_int_equal(cx_endpoint_n_calls(&two->client.endpoint), 0);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
    assert_int_equal(two->client.endpoint.held + two->server.endpoint.held, 0);
}

static void let_go(flow_end *end)
{
    const echo_note reply = echo_make(1, "in vain");
    assert_false(coax_call_is_live(end->call));
    assert_int_equal(flow_push(end, 1), COAX_ERR_STALE);
    assert_int_equal(end->method->response != NULL ? coax_gen_reply(end->call, end->method, &reply)
                                                   : coax_call_end(end->call),
                     COAX_ERR_STALE);
}

static void a_cancelled_stream_ends_on_both_sides(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_chat);
    handler->on_peer_ended = let_go;
    assert_int_equal(flow_push(handler, 100), COAX_OK);
    assert_int_equal(coax_call_cancel(caller.call), COAX_OK);
    assert_int_equal(caller.result.n_done, 0);
    assert_int_equal(flow_push(&caller, 1), COAX_ERR_STALE);
    assert_int_equal(coax_call_end(caller.call), COAX_ERR_STALE);
    assert_int_equal(coax_call_pause(caller.call), COAX_ERR_STALE);
    pair_pump(two);
    assert_int_equal(caller.n_items, 0);
    assert_int_equal(caller.result.err, COAX_ERR_CANCELLED);
    /* The handler hears that no items come any more, and that its call is over. */
    assert_int_equal(handler->n_peer_ended, 1);
    assert_false(handler->was_live);
    assert_nothing_is_left(two);
}

static void a_handler_that_is_not_told_counts_until_it_answers_in_vain(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_list);
    assert_int_equal(coax_call_cancel(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 1);
    assert_int_equal(flow_push(handler, 1), COAX_ERR_STALE);
    assert_int_equal(flow_push(handler, 1), COAX_ERR_STALE);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint),
                     1); /* it may be at its request */
    assert_int_equal(coax_call_end(handler->call), COAX_ERR_STALE);
    assert_nothing_is_left(two);
}

static void a_handler_that_waits_for_room_is_told_of_a_cancel(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_list);
    handler->on_writable = let_go;
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    assert_true(flow_push_until_refused(handler, 50000) > 0);
    pair_pump(two);
    assert_int_equal(handler->n_writable, 0);
    assert_int_equal(coax_call_cancel(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_writable, 1);
    assert_nothing_is_left(two);
}

static coax_err cancelled_why;

static void fail_in_vain(void *self, coax_call call, coax_err why)
{
    (void)self;
    cancelled_why = why;
    assert_int_equal(coax_call_fail(call, COAX_ERR_ABORTED, "in vain"), COAX_ERR_STALE);
}

static void a_handler_may_let_go_when_it_is_told_why(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_chat);
    assert_int_equal(coax_call_on_cancel(handler->call, fail_in_vain, NULL), COAX_OK);
    assert_int_equal(coax_call_cancel(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(cancelled_why, COAX_ERR_CANCELLED);
    assert_int_equal(handler->n_peer_ended, 0); /* it has let go before */
    assert_nothing_is_left(two);
}

static void cancel_now(flow_end *end, const echo_note *item)
{
    (void)item;
    assert_int_equal(coax_call_cancel(end->call), COAX_OK);
}

static void a_stream_may_be_cancelled_by_its_own_item(void **state)
{
    pair *two = *state;
    caller.on_item = cancel_now;
    flow_end *handler = begin(two, &flow_list);
    for (int i = 0; i < 10; i++)
        assert_int_equal(flow_push(handler, 10), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(caller.result.err, COAX_ERR_CANCELLED);
    let_go(handler);
    assert_nothing_is_left(two);
}

static void fail_now(flow_end *end, const echo_note *item)
{
    (void)item;
    assert_int_equal(coax_call_fail(end->call, COAX_ERR_OUT_OF_RANGE, "enough"), COAX_OK);
}

static void a_handler_may_fail_its_call_in_its_own_item(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_sum);
    handler->on_item = fail_now;
    for (int i = 0; i < 10; i++)
        assert_int_equal(flow_push(&caller, 10), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_items, 1);
    assert_int_equal(handler->n_peer_ended, 0);
    assert_int_equal(caller.result.err, COAX_ERR_OUT_OF_RANGE);
    assert_string_equal(caller.result.message, "enough");
    assert_nothing_is_left(two);
}

static void items_that_wait_are_dropped_with_a_cancel(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_list);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(flow_push(handler, 30000), COAX_OK);
    assert_int_equal(coax_call_end(handler->call), COAX_OK);
    pair_pump(two);
    assert_true(two->client.endpoint.held > 100000);
    assert_int_equal(coax_call_cancel(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 0);
    assert_int_equal(caller.result.err, COAX_ERR_CANCELLED);
    assert_nothing_is_left(two);
}

static void a_large_item_under_way_ends_with_its_stream(void **state)
{
    pair *two = *state;
    two->chunk = 5000;
    for (int who = 0; who < 2; who++) {
        memset(&caller, 0, sizeof caller);
        flow_end *handler = begin(two, &flow_chat);
        handler->on_peer_ended = let_go;
        flow_end *sender = who == 0 ? &caller : handler;
        assert_int_equal(flow_push(sender, 1000000), COAX_OK);
        /* A part of it is there when the caller gives up. */
        uint8_t bytes[60000];
        pair_side *from = who == 0 ? &two->client : &two->server;
        pair_side *to = who == 0 ? &two->server : &two->client;
        size_t n = pair_take(from, bytes, sizeof bytes);
        pair_feed(two, to, bytes, n, 0);
        assert_int_equal(coax_call_cancel(caller.call), COAX_OK);
        pair_pump(two);
        assert_int_equal(caller.result.err, COAX_ERR_CANCELLED);
        assert_int_equal(caller.n_items + handler->n_items, 0);
        /* Nobody waits for the rest. */
        pair_advance(two, 60000);
        assert_true(cx_endpoint_is_open(&two->client.endpoint));
        assert_true(cx_endpoint_is_open(&two->server.endpoint));
        assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
    }
    assert_int_equal(two->server.n_errors + two->client.n_errors, 0);
}

static void a_cancel_takes_back_what_its_handler_had_queued(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_list);
    two->server.is_held = true;
    assert_int_equal(flow_push(handler, 200000), COAX_OK);
    assert_int_equal(coax_call_cancel(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(cx_endpoint_queued(&two->server.endpoint), 0);
    two->server.is_held = false;
    let_go(handler);
    assert_nothing_is_left(two);
}

static void a_reply_in_the_middle_of_an_item_leaves_no_half_of_it(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_sum);
    static uint8_t bytes[60000];
    assert_int_equal(flow_push(&caller, 1000000), COAX_OK);
    size_t n = pair_take(&two->client, bytes, sizeof bytes);
    pair_feed(two, &two->server, bytes, n, 0);
    assert_true(two->server.endpoint.link.partials.bytes > 0);
    const echo_note reply = echo_make(1, "early");
    assert_int_equal(coax_gen_reply(handler->call, &flow_sum, &reply), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_int_equal(two->server.endpoint.link.partials.bytes, 0);
    pair_advance(two, 60000);
    assert_true(cx_endpoint_is_open(&two->server.endpoint));
    assert_nothing_is_left(two);
}

static void a_deadline_ends_a_stream_on_both_sides(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_quick);
    handler->on_peer_ended = let_go;
    assert_int_equal(flow_push(&caller, 10), COAX_OK);
    assert_int_equal(flow_push(handler, 10), COAX_OK);
    pair_advance(two, 40);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(handler->n_items, 1);
    assert_true(coax_call_remaining_ms(handler->call) <= 10);
    pair_advance(two, 11);
    assert_int_equal(caller.result.err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(handler->n_peer_ended, 1);
    assert_false(handler->was_live);
    assert_nothing_is_left(two);
}

static void the_answering_side_keeps_the_deadline_by_itself(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_quick);
    handler->on_peer_ended = let_go;
    assert_int_equal(flow_push(handler, 200000), COAX_OK); /* and a large item is under way */
    two->client.is_held = true;
    two->fake.now += 51 * UINT64_C(1000000);
    cx_core_advance(&two->server.core, two->fake.now);
    assert_in_range(cx_endpoint_queued(&two->server.endpoint), 1, 200); /* the item is not wanted */
    pair_pump(two);
    assert_int_equal(handler->n_peer_ended, 1);
    assert_int_equal(caller.result.err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_non_null(strstr(caller.result.message, "the handler did not answer"));
    two->client.is_held = false;
    pair_pump(two);
    assert_nothing_is_left(two);
}

static void a_stream_has_no_deadline_by_itself(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_chat);
    assert_int_equal(coax_call_remaining_ms(caller.call), UINT32_MAX);
    assert_int_equal(coax_call_remaining_ms(handler->call), UINT32_MAX);
    pair_advance(two, 3600 * 1000);
    assert_int_equal(caller.result.n_done, 0);
    assert_int_equal(flow_push(&caller, 1), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_items, 1);
}

static void the_caller_s_options_give_a_stream_a_deadline(void **state)
{
    pair *two = *state;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 30;
    assert_int_equal(flow_start_with(&two->client, &flow_chat, &options, &caller), COAX_OK);
    pair_pump(two);
    server.ends[0].on_peer_ended = let_go;
    pair_advance(two, 31);
    assert_int_equal(caller.result.err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_nothing_is_left(two);
}

static void what_the_peer_decided_is_not_undone_by_a_deadline(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_quick);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    assert_int_equal(flow_push(handler, 10), COAX_OK);
    assert_int_equal(coax_call_end(handler->call), COAX_OK);
    pair_pump(two);
    pair_advance(two, 100);
    assert_int_equal(caller.result.n_done, 0);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_nothing_is_left(two);
}

static void a_broken_connection_ends_streams_on_both_sides(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_chat);
    handler->on_peer_ended = let_go;
    assert_int_equal(flow_push(handler, 100), COAX_OK);
    pair_break(two, "the cable was cut");
    assert_int_equal(caller.result.err, COAX_ERR_UNAVAILABLE);
    assert_string_equal(caller.result.message, "the cable was cut");
    assert_int_equal(handler->n_peer_ended, 1);
    assert_nothing_is_left(two);
}

static void a_handler_that_waits_for_room_is_told_of_a_broken_connection(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_list);
    handler->on_writable = let_go;
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    assert_true(flow_push_until_refused(handler, 50000) > 0);
    pair_pump(two);
    pair_break(two, "the cable was cut");
    assert_int_equal(handler->n_writable, 1);
    assert_int_equal(caller.result.err, COAX_ERR_UNAVAILABLE);
    assert_nothing_is_left(two);
}

static void close_now(flow_end *end, const echo_note *item)
{
    (void)item;
    assert_int_equal(coax_peer_close(coax_call_peer(end->call), COAX_ERR_CANCELLED, "enough"),
                     COAX_OK);
    assert_int_equal(flow_push(end, 1), COAX_ERR_STALE);
}

static void the_connection_may_be_closed_in_an_item_s_callback(void **state)
{
    pair *two = *state;
    caller.on_item = close_now;
    flow_end *handler = begin(two, &flow_chat);
    handler->on_peer_ended = let_go;
    for (int i = 0; i < 5; i++)
        assert_int_equal(flow_push(handler, 10), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(caller.result.err, COAX_ERR_UNAVAILABLE);
    assert_int_equal(handler->n_peer_ended, 1);
    assert_int_equal(two->client.n_closed, 1);
    assert_int_equal(two->server.n_closed, 1);
    assert_nothing_is_left(two);
}

static void the_connection_may_be_closed_in_a_handler_s_item(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_chat);
    handler->on_item = close_now;
    handler->on_peer_ended = let_go;
    for (int i = 0; i < 5; i++)
        assert_int_equal(flow_push(&caller, 10), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_items, 1);
    assert_int_equal(handler->n_peer_ended, 1);
    assert_int_equal(caller.result.err, COAX_ERR_UNAVAILABLE);
    assert_nothing_is_left(two);
}

static void streams_whose_handlers_are_alive_count_for_max_concurrent_calls(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_concurrent_calls = 2;
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    static flow_end many[4];
    memset(many, 0, sizeof many);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(flow_start(&two->client, &flow_list, &many[i]), COAX_OK);
        pair_pump(two);
        assert_int_equal(coax_call_cancel(many[i].call), COAX_OK);
        pair_pump(two);
    }
    assert_int_equal(flow_start(&two->client, &flow_list, &many[2]), COAX_OK);
    pair_pump(two);
    assert_int_equal(many[2].result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(coax_call_end(server.ends[0].call), COAX_ERR_STALE);
    assert_int_equal(flow_start(&two->client, &flow_list, &many[3]), COAX_OK);
    pair_pump(two);
    assert_int_equal(server.n_ends, 3);
    assert_int_equal(many[3].result.n_done, 0);
}

static void a_call_given_up_with_its_endpoint_frees_all_of_a_stream(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &flow_chat);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    assert_int_equal(coax_call_pause(handler->call), COAX_OK);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(flow_push(handler, 40000), COAX_OK);
        assert_int_equal(flow_push(&caller, 20), COAX_OK);
    }
    assert_int_equal(coax_call_fail(handler->call, COAX_ERR_ABORTED, "words of its own"), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 0); /* its result waits as well */
    /* pair_tear_down sees whether anything is left. */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_cancelled_stream_ends_on_both_sides),
        TEST(a_handler_that_is_not_told_counts_until_it_answers_in_vain),
        TEST(a_handler_that_waits_for_room_is_told_of_a_cancel),
        TEST(a_handler_may_let_go_when_it_is_told_why),
        TEST(a_stream_may_be_cancelled_by_its_own_item),
        TEST(a_handler_may_fail_its_call_in_its_own_item),
        TEST(items_that_wait_are_dropped_with_a_cancel),
        TEST(a_large_item_under_way_ends_with_its_stream),
        TEST(a_cancel_takes_back_what_its_handler_had_queued),
        TEST(a_reply_in_the_middle_of_an_item_leaves_no_half_of_it),
        TEST(a_deadline_ends_a_stream_on_both_sides),
        TEST(the_answering_side_keeps_the_deadline_by_itself),
        TEST(a_stream_has_no_deadline_by_itself),
        TEST(the_caller_s_options_give_a_stream_a_deadline),
        TEST(what_the_peer_decided_is_not_undone_by_a_deadline),
        TEST(a_broken_connection_ends_streams_on_both_sides),
        TEST(a_handler_that_waits_for_room_is_told_of_a_broken_connection),
        TEST(the_connection_may_be_closed_in_an_item_s_callback),
        TEST(the_connection_may_be_closed_in_a_handler_s_item),
        TEST(streams_whose_handlers_are_alive_count_for_max_concurrent_calls),
        TEST(a_call_given_up_with_its_endpoint_frees_all_of_a_stream),
    };
    return cmocka_run_group_tests_name("rpc_stream_ends", tests, NULL, NULL);
}
