/*
 * How much may be under way: credit by the window, who waits for it and is told, and that a slow stream holds up nobody.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow.h"

#define WINDOW 10000u

static flow_server server;
static flow_end caller;
static flow_end other;

static int set_up(void **state)
{
    static pair two;
    memset(&server, 0, sizeof server);
    memset(&caller, 0, sizeof caller);
    memset(&other, 0, sizeof other);
    pair_init(&two);
    two.client.config.limits.window = WINDOW;
    two.server.config.limits.window = WINDOW;
    pair_connect(&two);
    *state = &two;
    return flow_serve(&two.server, &server) == COAX_OK ? 0 : -1;
}

/* A chat of which the handler is there. */
static flow_end *begin(pair *two, flow_end *end)
{
    assert_int_equal(flow_start(&two->client, &flow_chat, end), COAX_OK);
    pair_pump(two);
    return &server.ends[server.n_ends - 1];
}

static void a_sender_stops_at_the_window_and_is_told_once_when_there_is_room(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    size_t one = flow_item_size(1, 1000);
    assert_int_equal(flow_push_until_refused(handler, 1000), WINDOW / one);
    pair_pump(two);
    assert_int_equal(flow_push(handler, 1000), COAX_ERR_WOULD_BLOCK);
    assert_int_equal(flow_push(handler, 1000), COAX_ERR_WOULD_BLOCK);
    assert_int_equal(caller.n_items, 0);
    assert_int_equal(handler->n_writable, 0);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    assert_int_equal(caller.n_items, 0); /* not from inside the call */
    pair_pump(two);
    assert_int_equal(caller.n_items, WINDOW / one);
    assert_int_equal(handler->n_writable, 1);
    assert_int_equal(flow_push(handler, 1000), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_writable, 1);
    assert_int_equal(caller.n_broken, 0);
}

static void the_caller_is_bounded_by_the_window_too(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    assert_int_equal(coax_call_pause(handler->call), COAX_OK);
    size_t one = flow_item_size(1, 1000);
    assert_int_equal(flow_push_until_refused(&caller, 1000), WINDOW / one);
    pair_pump(two);
    assert_int_equal(caller.n_writable, 0);
    assert_int_equal(coax_call_resume(handler->call), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_items, WINDOW / one);
    assert_int_equal(caller.n_writable, 1);
}

static void push_on(flow_end *end)
{
    while (end->n_sent < 200 && flow_push(end, 700) == COAX_OK)
        continue;
    if (end->n_sent == 200)
        assert_int_equal(coax_call_end(end->call), COAX_OK);
}

static void push_all(flow_end *end, const echo_note *request)
{
    (void)request;
    end->on_writable = push_on;
    push_on(end);
}

static void a_stream_many_times_the_window_goes_through(void **state)
{
    pair *two = *state;
    server.on_call = push_all;
    assert_int_equal(flow_start(&two->client, &flow_list, &caller), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 200);
    assert_int_equal(caller.n_broken, 0);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_true(server.ends[0].n_writable > 10);
}

static void an_item_larger_than_the_window_goes_by_itself(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    assert_int_equal(flow_push(handler, 5 * WINDOW), COAX_OK);
    assert_int_equal(flow_push(handler, 1), COAX_ERR_WOULD_BLOCK);
    pair_pump(two);
    assert_int_equal(flow_push(handler, 1), COAX_ERR_WOULD_BLOCK);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 1);
    assert_int_equal(handler->n_writable, 1);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(flow_push(handler, 5 * WINDOW), COAX_OK);
        pair_pump(two);
    }
    assert_int_equal(caller.n_items, 6);
    assert_int_equal(caller.n_broken, 0);
}

static void an_item_of_any_size_fits_once_what_came_before_is_dealt_with(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    for (size_t len = 0; len < 3 * WINDOW; len += 613) {
        assert_int_equal(flow_push(handler, len), COAX_OK);
        pair_pump(two);
        assert_int_equal(flow_push(&caller, 3 * WINDOW - len), COAX_OK);
        pair_pump(two);
    }
    assert_int_equal(caller.n_broken + handler->n_broken, 0);
    assert_int_equal(caller.n_items, handler->n_items);
}

static void room_comes_only_when_the_refused_item_would_fit(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    for (int i = 0; i < 6; i++)
        assert_int_equal(flow_push(handler, 1000), COAX_OK);
    assert_int_equal(flow_push(handler, 6000), COAX_ERR_WOULD_BLOCK);
    pair_pump(two);
    assert_int_equal(handler->n_writable, 0);
    /* A smaller one still does, and changes nothing for the one that waits. */
    assert_int_equal(flow_push(handler, 1000), COAX_OK);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_writable, 1);
    assert_int_equal(flow_push(handler, 6000), COAX_OK);
}

static void a_slow_stream_holds_up_no_other(void **state)
{
    pair *two = *state;
    flow_end *slow = begin(two, &caller);
    flow_end *fast = begin(two, &other);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    assert_true(flow_push_until_refused(slow, 3000) > 0);
    fast->on_writable = push_on;
    push_on(fast);
    pair_pump(two);
    assert_int_equal(other.n_items, 200);
    assert_int_equal(other.result.err, COAX_OK);
    const echo_note note = echo_make(1, "x");
    pair_answer answer = { .n_done = 0 };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(caller.n_items, 0);
}

static void a_stream_that_goes_on_takes_turns_with_the_loop_s_other_work(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    uint32_t n = flow_push_until_refused(handler, 0);
    assert_true(n > 600);
    pair_pump(two);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    for (uint32_t turn = 1; caller.n_items < n; turn++) {
        cx_core_run(&two->client.core, two->fake.now);
        assert_int_equal(caller.n_items, turn * 256 < n ? turn * 256 : n);
    }
}

static void a_full_queue_wakes_a_stream_when_it_has_drained(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_send_queue = 20000;
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    flow_end *handler = begin(two, &caller);
    two->server.is_held = true;
    uint32_t n = flow_push_until_refused(handler, 1500);
    assert_in_range(n, 10, 13);
    pair_pump(two);
    assert_int_equal(handler->n_writable, 0);
    two->server.is_held = false;
    pair_pump(two);
    assert_int_equal(caller.n_items, n);
    assert_int_equal(handler->n_writable, 1);
    assert_int_equal(flow_push(handler, 1500), COAX_OK);
}

static void streams_that_wait_for_the_queue_take_turns(void **state)
{
    pair *two = *state;
    static flow_end many[5];
    memset(many, 0, sizeof many);
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_send_queue = 20000; /* each of them could fill it alone */
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    server.on_call = push_all;
    for (int i = 0; i < 5; i++)
        assert_int_equal(flow_start(&two->client, &flow_list, &many[i]), COAX_OK);
    static uint8_t bytes[8192];
    uint32_t most = 0;
    while (most < 200) {
        pair_feed(two, &two->server, bytes, pair_take(&two->client, bytes, sizeof bytes), 0);
        pair_feed(two, &two->client, bytes, pair_take(&two->server, bytes, sizeof bytes), 0);
        cx_core_run(&two->server.core, two->fake.now);
        for (int i = 0; i < 5; i++)
            most = many[i].n_items > most ? many[i].n_items : most;
    }
    for (int i = 0; i < 5; i++)
        assert_true(many[i].n_items > 100);
}

static void whoever_asks_late_to_be_told_is_told(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    assert_int_equal(coax_call_on_writable(handler->call, NULL, NULL), COAX_OK);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    assert_true(flow_push_until_refused(handler, 1000) > 0);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_writable, 0);
    assert_int_equal(coax_call_on_writable(handler->call, flow_on_writable, handler), COAX_OK);
    assert_int_equal(handler->n_writable, 0);
    pair_pump(two);
    assert_int_equal(handler->n_writable, 1);
}

static void items_wait_until_they_are_received(void **state)
{
    pair *two = *state;
    server.is_late = true;
    flow_end *handler = begin(two, &caller);
    size_t one = flow_item_size(1, 500);
    uint32_t n = flow_push_until_refused(&caller, 500);
    assert_int_equal(n, WINDOW / one);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_items + handler->n_peer_ended, 0);
    assert_int_equal(flow_receive(handler), COAX_OK);
    assert_int_equal(handler->n_items, 0);
    pair_pump(two);
    assert_int_equal(handler->n_items, n);
    assert_int_equal(handler->n_peer_ended, 1);
    assert_int_equal(handler->n_broken, 0);
}

static void pause_after_one(flow_end *end, const echo_note *item)
{
    (void)item;
    assert_int_equal(coax_call_pause(end->call), COAX_OK);
}

static void a_receiver_may_take_items_one_at_a_time(void **state)
{
    pair *two = *state;
    caller.on_item = pause_after_one;
    flow_end *handler = begin(two, &caller);
    for (int i = 0; i < 5; i++)
        assert_int_equal(flow_push(handler, 100), COAX_OK);
    assert_int_equal(coax_call_end(handler->call), COAX_OK);
    pair_pump(two);
    for (uint32_t i = 1; i < 5; i++) {
        assert_int_equal(caller.n_items, i);
        assert_int_equal(caller.result.n_done, 0);
        assert_int_equal(coax_call_resume(caller.call), COAX_OK);
        pair_pump(two);
    }
    /* The end stands behind the last item, and behind its pause. */
    assert_int_equal(caller.n_items, 5);
    assert_int_equal(caller.result.n_done, 0);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_int_equal(caller.n_broken, 0);
}

static void a_failure_waits_behind_the_items_that_do(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    assert_int_equal(flow_push(handler, 100), COAX_OK);
    assert_int_equal(flow_push(handler, 100), COAX_OK);
    assert_int_equal(coax_call_fail(handler->call, COAX_ERR_ABORTED, "that was all"), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 0);
    assert_true(coax_call_is_live(caller.call));
    assert_int_equal(flow_push(&caller, 1), COAX_ERR_STALE); /* nobody takes it any more */
    assert_int_equal(coax_call_end(caller.call), COAX_ERR_STALE);
    assert_int_equal(coax_call_resume(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 2);
    assert_int_equal(caller.result.err, COAX_ERR_ABORTED);
    assert_string_equal(caller.result.message, "that was all");
}

static void what_waits_counts_for_max_held(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_held = 50000;
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    server.is_late = true;
    (void)begin(two, &caller);
    uint32_t n = flow_push_until_refused(&caller, 5000);
    assert_int_equal(n, 52); /* the window of 256 KiB */
    pair_pump(two);
    assert_int_equal(caller.result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(caller.result.message, "at most 50000 allowed (max_held)"));
    assert_int_equal(coax_call_end(server.ends[0].call), COAX_ERR_STALE);
    assert_int_equal(two->server.endpoint.held, 0);
}

static void what_waits_takes_little_more_than_its_bytes(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    server.is_late = true;
    flow_end *handler = begin(two, &caller);
    size_t was = two->server.endpoint.held;
    uint32_t n = flow_push_until_refused(&caller, 0);
    assert_true(n > 10000);
    pair_pump(two);
    assert_in_range(two->server.endpoint.held - was, 262144, 262144 * 3 / 2);
    assert_int_equal(flow_receive(handler), COAX_OK);
    pair_pump(two);
    assert_int_equal(handler->n_items, n);
    assert_int_equal(two->server.endpoint.held, was);
}

static void max_decoded_holds_for_each_item_by_itself(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_decoded = 4096;
    pair_connect(two);
    assert_int_equal(flow_serve(&two->server, &server), COAX_OK);
    (void)begin(two, &caller);
    for (int i = 0; i < 10; i++)
        assert_int_equal(flow_push(&caller, 4000), COAX_OK);
    pair_pump(two);
    assert_int_equal(server.ends[0].n_items, 10);
    assert_int_equal(caller.result.n_done, 0);
}

static void items_in_steady_state_take_no_memory_on_either_side(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    for (int round = 0; round < 40; round++) {
        size_t before = two->fake.n_taken;
        for (int i = 0; i < 4; i++) {
            assert_int_equal(flow_push(handler, 300), COAX_OK);
            assert_int_equal(flow_push(&caller, 900), COAX_OK);
        }
        pair_pump(two);
        assert_int_equal(flow_push(handler, 4 * WINDOW), COAX_OK); /* cut into frames */
        pair_pump(two);
        assert_int_equal(coax_call_pause(caller.call), COAX_OK);
        for (int i = 0; i < 4; i++)
            assert_int_equal(flow_push(handler, 1000), COAX_OK);
        pair_pump(two);
        assert_int_equal(coax_call_resume(caller.call), COAX_OK);
        pair_pump(two);
        if (round > 5)
            assert_int_equal(two->fake.n_taken - before, 0);
    }
    assert_int_equal(caller.n_items, 40 * 9);
    assert_int_equal(caller.n_broken + handler->n_broken, 0);
}

static void a_grant_is_sent_for_every_half_window_and_not_for_every_item(void **state)
{
    pair *two = *state;
    flow_end *handler = begin(two, &caller);
    uint64_t before = two->n_to_server;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(flow_push(handler, 500), COAX_OK);
        pair_pump(two);
    }
    size_t sent = 100 * flow_item_size(1, 500);
    assert_in_range(two->n_to_server - before, 1, (sent / (WINDOW / 2) + 1) * 16);
    assert_int_equal(caller.n_items, 100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sender_stops_at_the_window_and_is_told_once_when_there_is_room),
        TEST(the_caller_is_bounded_by_the_window_too),
        TEST(a_stream_many_times_the_window_goes_through),
        TEST(an_item_larger_than_the_window_goes_by_itself),
        TEST(an_item_of_any_size_fits_once_what_came_before_is_dealt_with),
        TEST(room_comes_only_when_the_refused_item_would_fit),
        TEST(a_slow_stream_holds_up_no_other),
        TEST(a_stream_that_goes_on_takes_turns_with_the_loop_s_other_work),
        TEST(a_full_queue_wakes_a_stream_when_it_has_drained),
        TEST(streams_that_wait_for_the_queue_take_turns),
        TEST(whoever_asks_late_to_be_told_is_told),
        TEST(items_wait_until_they_are_received),
        TEST(a_receiver_may_take_items_one_at_a_time),
        TEST(a_failure_waits_behind_the_items_that_do),
        TEST(what_waits_counts_for_max_held),
        TEST(what_waits_takes_little_more_than_its_bytes),
        TEST(max_decoded_holds_for_each_item_by_itself),
        TEST(items_in_steady_state_take_no_memory_on_either_side),
        TEST(a_grant_is_sent_for_every_half_window_and_not_for_every_item),
    };
    return cmocka_run_group_tests_name("rpc_stream_credit", tests, NULL, NULL);
}
