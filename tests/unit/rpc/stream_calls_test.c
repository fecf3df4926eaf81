/*
 * What the three kinds of stream do when all goes well: items arrive whole and in order, each side ends its own half, one
 * terminal callback comes last.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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

static void list_three(flow_end *end, const echo_note *request)
{
    assert_int_equal(request->id, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(flow_push(end, 10), COAX_OK);
    assert_int_equal(coax_call_end(end->call), COAX_OK);
    assert_int_equal(coax_call_end(end->call), COAX_ERR_STALE);
}

static void a_stream_of_replies_brings_items_and_then_success(void **state)
{
    pair *two = *state;
    server.on_call = list_three;
    assert_int_equal(flow_start(&two->client, &flow_list, &caller), COAX_OK);
    assert_int_equal(caller.n_items, 0);
    pair_pump(two);
    assert_int_equal(caller.n_items, 3);
    assert_int_equal(caller.n_broken, 0);
    assert_int_equal(caller.bytes, 30);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_string_equal(caller.result.message, "");
    assert_int_equal(caller.n_after, 0);
    assert_false(coax_call_is_live(caller.call));
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
    assert_int_equal(cx_endpoint_n_calls(&two->client.endpoint), 0);
}

static void reply_with_count(flow_end *end)
{
    const echo_note reply = echo_make(end->n_items, "sum");
    assert_true(end->was_live);
    assert_int_equal(coax_gen_reply(end->call, &flow_sum, &reply), COAX_OK);
}

static void reply_at_end(flow_end *end, const echo_note *request)
{
    (void)request;
    end->on_peer_ended = reply_with_count;
}

static void a_stream_of_requests_is_answered_with_one_reply(void **state)
{
    pair *two = *state;
    server.on_call = reply_at_end;
    assert_int_equal(flow_start(&two->client, &flow_sum, &caller), COAX_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(flow_push(&caller, 100), COAX_OK);
    pair_pump(two);
    assert_int_equal(server.ends[0].n_items, 5);
    assert_int_equal(server.ends[0].n_peer_ended, 0);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    assert_int_equal(coax_call_end(caller.call), COAX_ERR_CLOSED);
    assert_int_equal(flow_push(&caller, 1), COAX_ERR_CLOSED);
    pair_pump(two);
    assert_int_equal(server.ends[0].n_peer_ended, 1);
    assert_int_equal(server.ends[0].n_broken, 0);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_int_equal(caller.result.id, 5);
}

static void echo_item(flow_end *end, const echo_note *item)
{
    assert_int_equal(flow_push(end, item->body.len), COAX_OK);
}

static void end_too(flow_end *end)
{
    assert_int_equal(coax_call_end(end->call), COAX_OK);
}

static void echo_items(flow_end *end, const echo_note *request)
{
    (void)request;
    end->on_item = echo_item;
    end->on_peer_ended = end_too;
}

static void streams_both_ways_flow_at_the_same_time(void **state)
{
    pair *two = *state;
    server.on_call = echo_items;
    assert_int_equal(flow_start(&two->client, &flow_chat, &caller), COAX_OK);
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(flow_push(&caller, i * 500), COAX_OK);
        pair_pump(two);
        assert_int_equal(caller.n_items, i + 1);
        assert_int_equal(caller.last_len, i * 500);
    }
    assert_int_equal(caller.result.n_done, 0);
    assert_int_equal(coax_call_end(caller.call), COAX_OK);
    pair_pump(two);
    assert_int_equal(caller.result.n_done, 1);
    assert_int_equal(caller.result.err, COAX_OK);
    assert_int_equal(caller.n_broken + server.ends[0].n_broken, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_stream_of_replies_brings_items_and_then_success, set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(a_stream_of_requests_is_answered_with_one_reply, set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(streams_both_ways_flow_at_the_same_time, set_up,
                                        pair_tear_down),
    };
    return cmocka_run_group_tests_name("rpc_stream_calls", tests, NULL, NULL);
}
