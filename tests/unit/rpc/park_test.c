/*
 * Calls that wait for a connection: they leave once there is one, or end here, and never both.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"
#include "rpc/lot.h"

/* A client with a lot, whose connection opens when the test says so. */
typedef struct waiting_room {
    pair two;
    cx_lot lot;
    uint32_t n_writable;
    uint32_t n_closed;
} waiting_room;

static void on_writable(void *self)
{
    ((waiting_room *)self)->n_writable++;
}

static void on_closed(void *self)
{
    ((waiting_room *)self)->n_closed++;
}

static const cx_lot_events events = { on_writable, on_closed };

static int set_up(void **state)
{
    static waiting_room room;
    memset(&room, 0, sizeof room);
    pair_init(&room.two);
    if (pair_make(&room.two) != COAX_OK)
        return -1;
    cx_lot_init(&room.lot, &room.two.client.core, &room.two.client.config, &events, &room);
    *state = &room;
    return 0;
}

static int tear_down(void **state)
{
    waiting_room *room = *state;
    cx_lot_deinit(&room->lot);
    pair_deinit(&room->two);
    return room->two.fake.n_live == 0 ? 0 : -1;
}

static coax_call park(waiting_room *room, uint64_t id, uint32_t timeout_ms, pair_answer *answer)
{
    coax_call made = { NULL, 0, 0 };
    echo_note note = echo_make(id, "waits");
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = timeout_ms;
    options.ret_call = &made;
    answer->side = &room->two.client;
    assert_int_equal(
        cx_rpc_call(&room->lot.endpoint, &echo_echo, &note, &options, pair_done, NULL, answer),
        COAX_OK);
    return made;
}

static void connect_and_adopt(waiting_room *room)
{
    pair_pump(&room->two);
    assert_true(cx_endpoint_is_open(&room->two.client.endpoint));
    cx_endpoint_adopt(&room->two.client.endpoint, &room->lot);
    pair_pump(&room->two);
}

static void what_waits_leaves_in_order_when_a_connection_opens(void **state)
{
    waiting_room *room = *state;
    pair_answer answers[3] = { { 0 }, { 0 }, { 0 } };
    room->two.server.keeps_calls = true;
    for (unsigned i = 0; i < 3; i++)
        assert_true(coax_call_is_live(park(room, 10 + i, 0, &answers[i])));
    assert_int_equal(cx_lot_n_calls(&room->lot), 3);
    connect_and_adopt(room);
    assert_int_equal(cx_lot_n_calls(&room->lot), 0);
    assert_int_equal(room->two.server.n_kept, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(room->two.server.kept_requests[i]->id, 10 + i);
        echo_note note = echo_make(20 + i, "reply");
        assert_int_equal(coax_gen_reply(room->two.server.kept[i], &echo_echo, &note), COAX_OK);
    }
    pair_pump(&room->two);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(answers[i].n_done, 1);
        assert_int_equal(answers[i].id, 20 + i);
    }
    assert_int_equal(cx_endpoint_n_calls(&room->two.client.endpoint), 0);
}

static void a_call_that_waits_meets_its_deadline(void **state)
{
    waiting_room *room = *state;
    pair_answer answer = { 0 };
    park(room, 1, 100, &answer);
    pair_advance(&room->two, 110);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_string_equal(answer.message, "there was no connection before the deadline");
    connect_and_adopt(room);
    assert_int_equal(room->two.server.n_handled, 0);
    assert_int_equal(answer.n_done, 1);
}

static void the_time_it_waited_counts_for_the_deadline_that_the_peer_is_told(void **state)
{
    waiting_room *room = *state;
    pair_answer answer = { 0 };
    room->two.server.keeps_calls = true;
    park(room, 1, 1000, &answer);
    pair_pump(&room->two);
    pair_advance(&room->two, 600);
    connect_and_adopt(room);
    assert_int_equal(coax_call_remaining_ms(room->two.server.kept[0]), 400);
    pair_advance(&room->two, 410);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
}

static void a_call_that_waits_can_be_cancelled(void **state)
{
    waiting_room *room = *state;
    pair_answer answers[2] = { { 0 }, { 0 } };
    coax_call made = park(room, 1, 0, &answers[0]);
    park(room, 2, 0, &answers[1]);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    assert_int_equal(answers[0].n_done, 0);
    assert_false(coax_call_is_live(made));
    connect_and_adopt(room);
    assert_int_equal(answers[0].err, COAX_ERR_CANCELLED);
    assert_int_equal(answers[1].err, COAX_OK);
    assert_int_equal(room->two.server.n_handled, 1);
}

static void a_moved_call_can_be_cancelled_by_the_same_handle(void **state)
{
    waiting_room *room = *state;
    pair_answer answer = { 0 };
    room->two.server.keeps_calls = true;
    coax_call made = park(room, 1, 0, &answer);
    assert_false(coax_peer_is_open(coax_call_peer(made)));
    connect_and_adopt(room);
    assert_true(coax_peer_is_open(coax_call_peer(made)));
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(&room->two);
    assert_int_equal(answer.err, COAX_ERR_CANCELLED);
    assert_false(coax_call_is_live(room->two.server.kept[0]));
}

static void a_closed_lot_ends_what_waits_and_takes_no_more(void **state)
{
    waiting_room *room = *state;
    pair_answer answers[2] = { { 0 }, { 0 } };
    coax_call made = park(room, 1, 0, &answers[0]);
    park(room, 2, 0, &answers[1]);
    cx_lot_close(&room->lot, COAX_ERR_UNAVAILABLE, "nobody answers");
    assert_int_equal(answers[0].n_done, 0);
    assert_false(coax_call_is_live(made));
    assert_int_equal(coax_call_cancel(made), COAX_ERR_STALE);
    pair_pump(&room->two);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(answers[i].err, COAX_ERR_UNAVAILABLE);
        assert_string_equal(answers[i].message, "nobody answers");
    }
    assert_int_equal(room->n_closed, 1);
    echo_note note = echo_make(1, "late");
    assert_int_equal(
        cx_rpc_call(&room->lot.endpoint, &echo_echo, &note, NULL, pair_done, NULL, &answers[0]),
        COAX_ERR_UNAVAILABLE);
}

static void what_the_peers_limit_on_calls_leaves_behind_follows_as_calls_end(void **state)
{
    waiting_room *room = *state;
    pair_answer answers[10];
    memset(answers, 0, sizeof answers);
    room->two.server.config.limits.max_concurrent_calls = 2;
    room->two.server.keeps_calls = true;
    for (unsigned i = 0; i < 10; i++)
        park(room, i, 0, &answers[i]);
    connect_and_adopt(room);
    for (unsigned i = 0; i < 10; i++) {
        assert_true(cx_endpoint_n_calls(&room->two.client.endpoint) <= 2);
        echo_note note = echo_make(i, "reply");
        assert_int_equal(coax_gen_reply(room->two.server.kept[i], &echo_echo, &note), COAX_OK);
        pair_pump(&room->two);
        assert_int_equal(answers[i].err, COAX_OK);
        assert_int_equal(answers[i].id, i);
    }
}

static void what_the_send_queue_leaves_behind_follows_when_there_is_room(void **state)
{
    waiting_room *room = *state;
    static pair_answer answers[60];
    static uint8_t body[3000];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < 60; i++) {
        echo_note note = echo_make(i, "large");
        note.body = (coax_bytes){ body, sizeof body };
        assert_int_equal(
            cx_rpc_call(&room->lot.endpoint, &echo_echo, &note, NULL, pair_done, NULL, &answers[i]),
            COAX_OK);
    }
    room->two.client.config.limits.max_send_queue = 10000;
    connect_and_adopt(room);
    for (unsigned i = 0; i < 60; i++) {
        assert_int_equal(answers[i].n_done, 1);
        assert_int_equal(answers[i].err, COAX_OK);
    }
}

static void a_full_lot_says_so_and_tells_when_there_is_room(void **state)
{
    waiting_room *room = *state;
    static pair_answer answers[200];
    memset(answers, 0, sizeof answers);
    room->two.client.config.limits.max_send_queue = 20000;
    unsigned n = 0;
    coax_err err = COAX_OK;
    coax_error why;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &why;
    for (; n < 200 && err == COAX_OK; n++) {
        echo_note note = echo_make(n, "x");
        err = cx_rpc_call(&room->lot.endpoint, &echo_echo, &note, &options, pair_done, NULL,
                          &answers[n]);
    }
    assert_int_equal(err, COAX_ERR_WOULD_BLOCK);
    assert_non_null(strstr(why.text, "wait for a connection"));
    assert_true(room->lot.held <= 20000);
    assert_int_equal(room->n_writable, 0);
    connect_and_adopt(room);
    assert_int_equal(room->n_writable, 1);
    assert_int_equal(room->lot.held, 0);
    for (unsigned i = 0; i + 1 < n; i++)
        assert_int_equal(answers[i].err, COAX_OK);
    assert_int_equal(answers[n - 1].n_done, 0);
}

static void a_message_the_peer_does_not_take_ends_its_call_alone(void **state)
{
    waiting_room *room = *state;
    pair_answer answers[3] = { { 0 }, { 0 }, { 0 } };
    static uint8_t body[10000];
    room->two.server.config.limits.max_message = 8192;
    park(room, 1, 0, &answers[0]);
    echo_note note = echo_make(2, "large");
    note.body = (coax_bytes){ body, sizeof body };
    assert_int_equal(
        cx_rpc_call(&room->lot.endpoint, &echo_echo, &note, NULL, pair_done, NULL, &answers[1]),
        COAX_OK);
    park(room, 3, 0, &answers[2]);
    connect_and_adopt(room);
    assert_int_equal(answers[0].err, COAX_OK);
    assert_int_equal(answers[1].err, COAX_ERR_TOO_LARGE);
    assert_non_null(strstr(answers[1].message, "max_message (8192 bytes)"));
    assert_int_equal(answers[2].err, COAX_OK);
}

static void what_still_waits_when_the_connection_ends_waits_for_the_next(void **state)
{
    waiting_room *room = *state;
    pair_answer answers[2] = { { 0 }, { 0 } };
    room->two.server.config.limits.max_concurrent_calls = 1;
    room->two.server.keeps_calls = true;
    park(room, 1, 0, &answers[0]);
    park(room, 2, 0, &answers[1]);
    connect_and_adopt(room);
    pair_break(&room->two, "gone");
    assert_int_equal(answers[0].err, COAX_ERR_UNAVAILABLE);
    assert_int_equal(answers[1].n_done, 0);
    assert_int_equal(cx_lot_n_calls(&room->lot), 1);
    assert_null(room->lot.live);
}

static void a_detached_lot_keeps_what_waits(void **state)
{
    waiting_room *room = *state;
    pair_answer answer = { 0 };
    pair_pump(&room->two);
    cx_endpoint_adopt(&room->two.client.endpoint, &room->lot);
    pair_pump(&room->two);
    cx_lot_detach(&room->lot);
    park(room, 1, 0, &answer);
    pair_pump(&room->two);
    assert_int_equal(answer.n_done, 0);
    connect_and_adopt(room);
    assert_int_equal(answer.err, COAX_OK);
}

static void one_way_messages_and_bad_requests_do_not_wait(void **state)
{
    waiting_room *room = *state;
    pair_answer answer = { 0 };
    coax_error why;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &why;
    echo_note note = echo_make(1, "x");
    assert_int_equal(cx_rpc_send(&room->lot.endpoint, &echo_hint, &note, &options),
                     COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(why.text, "one-way"));
    static uint8_t body[100];
    note.body = (coax_bytes){ body, sizeof body };
    assert_int_equal(
        cx_rpc_call(&room->lot.endpoint, &echo_small, &note, &options, pair_done, NULL, &answer),
        COAX_ERR_TOO_LARGE);
    assert_non_null(strstr(why.text, "@max_request"));
    assert_int_equal(room->lot.held, 0);
    assert_int_equal(cx_lot_n_calls(&room->lot), 0);
}

static void without_memory_a_call_does_not_wait(void **state)
{
    (void)state;
    for (size_t fail = 1; fail < 40; fail++) {
        static waiting_room room;
        void *it = &room;
        pair_answer answer = { 0 };
        assert_int_equal(set_up(&it), 0);
        waiting_room *made = it;
        made->two.fake.fail_from = made->two.fake.n_taken + fail;
        made->two.fake.fail_count = 1;
        echo_note note = echo_make(1, "x");
        coax_err err =
            cx_rpc_call(&made->lot.endpoint, &echo_echo, &note, NULL, pair_done, NULL, &answer);
        assert_true(err == COAX_OK || err == COAX_ERR_NO_MEMORY);
        pair_pump(&made->two);
        if (cx_endpoint_is_open(&made->two.client.endpoint))
            cx_endpoint_adopt(&made->two.client.endpoint, &made->lot);
        pair_pump(&made->two);
        cx_lot_close(&made->lot, COAX_ERR_UNAVAILABLE, "over");
        pair_break(&made->two, "over");
        assert_int_equal(answer.n_done, err == COAX_OK);
        assert_int_equal(tear_down(&it), 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waits_leaves_in_order_when_a_connection_opens),
        TEST(a_call_that_waits_meets_its_deadline),
        TEST(the_time_it_waited_counts_for_the_deadline_that_the_peer_is_told),
        TEST(a_call_that_waits_can_be_cancelled),
        TEST(a_moved_call_can_be_cancelled_by_the_same_handle),
        TEST(a_closed_lot_ends_what_waits_and_takes_no_more),
        TEST(what_the_peers_limit_on_calls_leaves_behind_follows_as_calls_end),
        TEST(what_the_send_queue_leaves_behind_follows_when_there_is_room),
        TEST(a_full_lot_says_so_and_tells_when_there_is_room),
        TEST(a_message_the_peer_does_not_take_ends_its_call_alone),
        TEST(what_still_waits_when_the_connection_ends_waits_for_the_next),
        TEST(a_detached_lot_keeps_what_waits),
        TEST(one_way_messages_and_bad_requests_do_not_wait),
        cmocka_unit_test(without_memory_a_call_does_not_wait),
    };
    return cmocka_run_group_tests_name("rpc_park", tests, NULL, NULL);
}
