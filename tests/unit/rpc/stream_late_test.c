/*
 * Connections that end while the peer's last word waits behind items: what has arrived is not lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <coax/gen_server.h>

#include "flow.h"

enum { N_ITEMS = 700 }; /* more than are delivered in one go */

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

/* A caller that has paused, and items that have arrived all the same. */
static flow_end *begin_paused(pair *two)
{
    assert_int_equal(flow_start(&two->client, &flow_list, &caller), COAX_OK);
    pair_pump(two);
    flow_end *handler = &server.ends[server.n_ends - 1];
    assert_int_equal(coax_call_pause(caller.call), COAX_OK);
    for (int i = 0; i < N_ITEMS; i++)
        assert_int_equal(flow_push(handler, 20), COAX_OK);
    return handler;
}

static void assert_nothing_is_left(const pair *two)
{
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.n_after + caller.n_broken, 0);
    assert_int_equal(cx_endpoint_n_calls(&two->client.endpoint), 0);
    assert_int_equal(two->client.endpoint.held, 0);
}

static void a_paused_stream_that_was_ended_is_delivered_when_the_connection_breaks(void **state)
{
    pair *two = *state;
    flow_end *handler = begin_paused(two);
    assert_int_equal(coax_call_end(handler->call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.n_items, 0);
    pair_break(two, "the cable was cut");
    assert_int_equal(caller.n_items, N_ITEMS);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_nothing_is_left(two);
}

static void so_is_one_that_the_handler_failed_behind_its_items(void **state)
{
    pair *two = *state;
    flow_end *handler = begin_paused(two);
    assert_int_equal(coax_call_fail(handler->call, COAX_ERR_ABORTED, "no more of that"), COAX_OK);
    pair_pump(two);
    assert_int_equal(coax_peer_close(coax_call_peer(handler->call), COAX_OK, ""), COAX_ERR_STALE);
    pair_break(two, "the cable was cut");
    assert_int_equal(caller.n_items, N_ITEMS);
    assert_int_equal(caller.result.err, COAX_ERR_ABORTED);
    assert_string_equal(caller.result.message, "no more of that");
    assert_nothing_is_left(two);
}

static void without_the_peer_s_end_the_stream_is_unavailable_and_nothing_more_comes(void **state)
{
    pair *two = *state;
    (void)begin_paused(two);
    pair_pump(two);
    pair_break(two, "the cable was cut");
    assert_int_equal(caller.n_items, 0);
    assert_int_equal(caller.result.err, COAX_ERR_UNAVAILABLE);
    assert_nothing_is_left(two);
}

static void give_up(flow_end *end, const echo_note *item)
{
    (void)item;
    assert_int_equal(coax_call_cancel(end->call), COAX_ERR_STALE);
}

static void nothing_can_be_cancelled_any_more_then(void **state)
{
    pair *two = *state;
    flow_end *handler = begin_paused(two);
    caller.on_item = give_up;
    assert_int_equal(coax_call_end(handler->call), COAX_OK);
    pair_pump(two);
    pair_break(two, "the cable was cut");
    assert_int_equal(caller.n_items, N_ITEMS);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_nothing_is_left(two);
}

static void a_caller_that_closes_its_own_end_is_told_so_and_gets_nothing_more(void **state)
{
    pair *two = *state;
    flow_end *handler = begin_paused(two);
    assert_int_equal(coax_call_end(handler->call), COAX_OK);
    pair_pump(two);
    cx_endpoint_close(&two->client.endpoint, COAX_ERR_CANCELLED, COAX_ERR_CANCELLED, "closed");
    pair_pump(two);
    assert_int_equal(caller.n_items, 0);
    assert_int_equal(caller.result.err, COAX_ERR_CANCELLED);
    assert_nothing_is_left(two);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_paused_stream_that_was_ended_is_delivered_when_the_connection_breaks),
        TEST(so_is_one_that_the_handler_failed_behind_its_items),
        TEST(without_the_peer_s_end_the_stream_is_unavailable_and_nothing_more_comes),
        TEST(nothing_can_be_cancelled_any_more_then),
        TEST(a_caller_that_closes_its_own_end_is_told_so_and_gets_nothing_more),
    };
    return cmocka_run_group_tests_name("streams whose connection ends first", tests, NULL, NULL);
}
