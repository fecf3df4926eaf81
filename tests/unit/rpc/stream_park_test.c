/*
 * Streams that wait for a connection: what is said of them meanwhile follows the request when it leaves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow.h"
#include "rpc/lot.h"

/* A client whose calls wait until the test says so. */
typedef struct waiting_room {
    pair two;
    cx_lot lot;
    flow_server server;
    flow_end caller;
} waiting_room;

static const cx_lot_events events = { NULL, NULL };

static int set_up(void **state)
{
    static waiting_room room;
    memset(&room, 0, sizeof room);
    *state = &room;
    pair_init(&room.two);
    pair_connect(&room.two);
    cx_lot_init(&room.lot, &room.two.client.core, &room.two.client.config, &events, &room);
    return flow_serve(&room.two.server, &room.server) == COAX_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    waiting_room *room = *state;
    cx_lot_deinit(&room->lot);
    pair_deinit(&room->two);
    return room->two.fake.n_live == 0 ? 0 : -1;
}

static void park(waiting_room *room, const coax_method *method)
{
    assert_int_equal(flow_start_at(&room->lot.endpoint, method, NULL, &room->caller), COAX_OK);
    pair_pump(&room->two);
    assert_int_equal(room->server.n_ends, 0);
}

static void let_in(waiting_room *room)
{
    cx_endpoint_adopt(&room->two.client.endpoint, &room->lot);
    pair_pump(&room->two);
}

static void a_stream_that_waits_has_no_room_until_it_leaves(void **state)
{
    waiting_room *room = *state;
    flow_end *caller = &room->caller;
    park(room, &flow_chat);
    assert_int_equal(flow_push(caller, 10), COAX_ERR_WOULD_BLOCK);
    assert_int_equal(caller->n_writable, 0);
    let_in(room);
    assert_int_equal(caller->n_writable, 1);
    assert_int_equal(flow_push(caller, 10), COAX_OK);
    assert_int_equal(coax_call_end(caller->call), COAX_OK);
    pair_pump(&room->two);
    assert_int_equal(room->server.ends[0].n_items, 1);
    assert_int_equal(room->server.ends[0].n_peer_ended, 1);
    assert_int_equal(coax_call_end(room->server.ends[0].call), COAX_OK);
    pair_pump(&room->two);
    assert_int_equal(caller->result.err, COAX_OK);
}

static void a_stream_ended_while_it_waits_is_ended_behind_its_request(void **state)
{
    waiting_room *room = *state;
    park(room, &flow_sum);
    assert_int_equal(coax_call_end(room->caller.call), COAX_OK);
    assert_int_equal(coax_call_end(room->caller.call), COAX_ERR_CLOSED);
    let_in(room);
    assert_int_equal(room->server.ends[0].n_peer_ended, 1);
    assert_true(room->server.ends[0].was_live);
}

static void a_stream_cancelled_while_it_waits_is_never_heard_of(void **state)
{
    waiting_room *room = *state;
    park(room, &flow_chat);
    assert_int_equal(flow_push(&room->caller, 10), COAX_ERR_WOULD_BLOCK);
    assert_int_equal(coax_call_cancel(room->caller.call), COAX_OK);
    let_in(room);
    assert_int_equal(room->caller.result.n_done, 1);
    assert_int_equal(room->caller.result.err, COAX_ERR_CANCELLED);
    assert_int_equal(room->caller.n_writable, 0);
    assert_int_equal(room->server.n_ends, 0);
}

static void a_stream_paused_while_it_waits_is_paused_when_it_has_left(void **state)
{
    waiting_room *room = *state;
    park(room, &flow_list);
    assert_int_equal(coax_call_pause(room->caller.call), COAX_OK);
    let_in(room);
    assert_int_equal(flow_push(&room->server.ends[0], 10), COAX_OK);
    pair_pump(&room->two);
    assert_int_equal(room->caller.n_items, 0);
    assert_int_equal(coax_call_resume(room->caller.call), COAX_OK);
    pair_pump(&room->two);
    assert_int_equal(room->caller.n_items, 1);
}

static void streams_that_never_got_a_connection_end_with_the_waiting(void **state)
{
    waiting_room *room = *state;
    park(room, &flow_chat);
    assert_int_equal(coax_call_end(room->caller.call), COAX_OK);
    cx_lot_close(&room->lot, COAX_ERR_UNAVAILABLE, "given up");
    pair_pump(&room->two);
    assert_int_equal(room->caller.result.n_done, 1);
    assert_int_equal(room->caller.result.err, COAX_ERR_UNAVAILABLE);
    assert_string_equal(room->caller.result.message, "given up");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stream_that_waits_has_no_room_until_it_leaves),
        TEST(a_stream_ended_while_it_waits_is_ended_behind_its_request),
        TEST(a_stream_cancelled_while_it_waits_is_never_heard_of),
        TEST(a_stream_paused_while_it_waits_is_paused_when_it_has_left),
        TEST(streams_that_never_got_a_connection_end_with_the_waiting),
    };
    return cmocka_run_group_tests_name("rpc_stream_park", tests, NULL, NULL);
}
