/*
 * Heartbeat, round-trip time and idle connections, on a clock that only moves when told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"
#include "raw.h"
#include "stranger.h"

/* Moves the clock in steps that no timer takes for a loop that stood still. */
static void pass(pair *two, uint32_t ms)
{
    for (; ms > 0 && two->server.n_closed == 0; ms -= ms < 50 ? ms : 50)
        pair_advance(two, ms < 50 ? ms : 50);
}

static pair *connected(void **state)
{
    pair *two = *state;
    assert_int_equal(two->client.n_open, 1);
    return two;
}

static uint32_t pings_of(const pair_side *side)
{
    return (uint32_t)side->endpoint.link.counts.pings_sent;
}

static void a_silent_connection_is_asked_and_lives(void **state)
{
    pair *two = connected(state);
    pass(two, 29000);
    assert_int_equal(pings_of(&two->client) + pings_of(&two->server), 0);
    pass(two, 2000);
    assert_in_range(pings_of(&two->client) + pings_of(&two->server), 1, 2);
    for (unsigned i = 0; i < 20; i++)
        pass(two, 30000);
    assert_int_equal(two->client.n_closed + two->server.n_closed, 0);
    assert_true(pings_of(&two->client) > 5);
}

static void a_half_open_peer_is_found(void **state)
{
    pair *two = connected(state);
    two->client.is_held = true; /* nothing comes from it any more */
    pass(two, 39500);
    assert_int_equal(two->server.n_closed, 0);
    pass(two, 1000);
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->server.reason.code, COAX_ERR_UNAVAILABLE);
    assert_string_equal(two->server.reason.text, "the peer is silent: it did not answer a PING "
                                                 "within heartbeat_timeout_ms (10000)");
}

/* A server that was asked once and has not been answered. */
static pair *asked(void **state)
{
    pair *two = connected(state);
    two->client.is_held = true;
    pass(two, 31000);
    assert_int_equal(pings_of(&two->server), 1);
    return two;
}

static void frames_that_flow_are_a_sign_of_life(void **state)
{
    pair *two = asked(state);
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = 200 }, "x", 1);
    for (unsigned i = 0; i < 10; i++) {
        pass(two, 9000);
        pair_feed(two, &two->server, in.bytes, in.len, 0);
    }
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(pings_of(&two->server), 1);
    pass(two, 10500);
    assert_int_equal(two->server.n_closed, 1);
}

static void a_slow_reader_is_not_taken_for_a_dead_one(void **state)
{
    pair *two = connected(state);
    static uint8_t body[1u << 20];
    uint8_t bytes[4096];
    two->server.is_held = true;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, sizeof body };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    two->client.is_held = true;
    for (unsigned i = 0; i < 60; i++) { /* 4 KiB each second leave the server, nothing comes back */
        pass(two, 1000);
        assert_int_equal(pair_take(&two->server, bytes, sizeof bytes), sizeof bytes);
    }
    assert_int_equal(two->server.n_closed, 0);
    assert_true(pings_of(&two->server) > 0);
    pass(two, 21000); /* and now it takes nothing any more */
    assert_int_equal(two->server.n_closed, 1);
}

static void a_loop_that_stood_still_reads_before_it_judges(void **state)
{
    pair *two = asked(state);
    pair_advance(two, 600000); /* nobody ran it: the answer is in the socket */
    assert_int_equal(two->server.n_closed, 0);
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_PONG }, two->server.endpoint.link.beat.nonce, 8);
    pair_feed(two, &two->server, in.bytes, in.len, 0);
    pass(two, 5000);
    assert_int_equal(two->server.n_closed, 0);
}

static void a_loop_that_stood_still_judges_when_there_is_nothing_to_read(void **state)
{
    pair *two = asked(state);
    pair_advance(two, 600000);
    assert_int_equal(two->server.n_closed, 0);
    pass(two, 200);
    assert_int_equal(two->server.n_closed, 1);
}

static void a_progress_deadline_waits_for_a_loop_that_stood_still(void **state)
{
    pair *two = connected(state);
    two->client.is_held = true;
    raw_clear(&in);
    raw_request(&in, 1, 1);
    pair_feed(two, &two->server, in.bytes, 20, 0);
    pair_advance(two, 600000);
    assert_int_equal(two->server.n_closed, 0);
    pair_feed(two, &two->server, in.bytes + 20, in.len - 20, 0);
    pass(two, 5000);
    assert_int_equal(two->server.n_handled, 1);
    assert_int_equal(two->server.n_closed, 0);
}

static void a_round_trip_is_measured_and_smoothed(void **state)
{
    pair *two = connected(state);
    coax_peer peer = cx_endpoint_peer(&two->server.endpoint);
    assert_int_equal(coax_peer_rtt_us(peer), 0);
    static const uint32_t trips_ms[] = { 80, 160, 80 };
    static const uint32_t smoothed_us[] = { 80000, 90000, 88750 };
    for (unsigned i = 0; i < 3; i++) {
        two->client.is_held = true;
        uint32_t before = pings_of(&two->server);
        while (pings_of(&two->server) == before)
            pair_advance(two, 10);
        pair_advance(two, trips_ms[i]);
        two->client.is_held = false;
        pair_pump(two);
        assert_int_equal(coax_peer_rtt_us(peer), smoothed_us[i]);
    }
    assert_int_equal(coax_peer_rtt_us((coax_peer){ NULL, 0, 0 }), 0);
}

static void a_busy_connection_is_measured_now_and_then(void **state)
{
    pair *two = connected(state);
    for (unsigned i = 0; i < 40; i++) {
        pair_answer answer = { 0 };
        echo_note note = echo_make(1, "x");
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
        pass(two, 10000);
        assert_int_equal(answer.err, COAX_OK);
    }
    assert_int_equal(pings_of(&two->client), 2); /* after 30 s, and 300 s later */
    assert_int_equal(two->client.n_closed, 0);
}

static void a_pong_must_bring_the_pings_bytes(void **state)
{
    pair *two = asked(state);
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_PONG }, "12345678", 8);
    pair_feed(two, &two->server, in.bytes, in.len, 0);
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->server.reason.code, COAX_ERR_PROTOCOL);
    assert_string_equal(two->server.reason.text, "PONG with bytes that were not in the PING");
}

static void a_second_pong_is_refused(void **state)
{
    pair *two = asked(state);
    raw_clear(&in);
    for (unsigned i = 0; i < 2; i++)
        raw_frame(&in, (cx_frame){ .type = CX_FRAME_PONG }, two->server.endpoint.link.beat.nonce,
                  8);
    pair_feed(two, &two->server, in.bytes, in.len, 0);
    assert_string_equal(two->server.reason.text, "PONG without a PING");
}

static void too_many_pings_close(void **state)
{
    pair *two = connected(state);
    two->server.is_held = true;
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_PING }, "12345678", 8);
    for (unsigned i = 0; i < 25; i++) { /* as often as was agreed */
        pair_feed(two, &two->server, in.bytes, in.len, 0);
        pass(two, 1000);
    }
    for (unsigned i = 0; i < 4; i++) /* a few that the network bunched up */
        pair_feed(two, &two->server, in.bytes, in.len, 0);
    assert_int_equal(two->server.n_closed, 0);
    pair_feed(two, &two->server, in.bytes, in.len, 0);
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->server.reason.code, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_string_equal(two->server.reason.text,
                        "too_many_pings: they come more often than min_ping_ms (1000)");
    collect(&two->server, &out);
    cx_frame goaway;
    assert_true(raw_find(&out, CX_FRAME_GOAWAY, &goaway, NULL));
    assert_int_equal(goaway.aux, COAX_ERR_RESOURCE_EXHAUSTED);
}

/* A pair whose configs are still open. */
static pair *again(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    return two;
}

static void a_peer_that_wants_no_pings_gets_none(void **state)
{
    pair *two = again(state);
    two->client.config.is_unattended = true;
    pair_connect(two);
    for (unsigned i = 0; i < 10; i++)
        pass(two, 30000);
    assert_int_equal(pings_of(&two->server), 0);
    assert_true(pings_of(&two->client) > 5); /* it asks by itself */
    two->client.is_held = true;
    for (unsigned i = 0; i < 10; i++)
        pass(two, 30000);
    assert_int_equal(two->server.n_closed, 0);
}

static void a_peer_is_asked_as_seldom_as_it_wishes(void **state)
{
    pair *two = again(state);
    two->client.config.limits.min_ping_ms = 120000;
    two->client.config.limits.heartbeat_ms = COAX_NEVER_MS;
    pair_connect(two);
    for (unsigned i = 0; i < 20; i++)
        pass(two, 30000);
    assert_in_range(pings_of(&two->server), 4, 5);
    assert_int_equal(pings_of(&two->client), 0);
    assert_int_equal(two->client.n_closed + two->server.n_closed, 0);
}

static void pings_leave_ahead_of_everything(void **state)
{
    pair *two = connected(state);
    two->server.is_held = true;
    static uint8_t body[1u << 20];
    pair_answer answers[2] = { { 0 }, { 0 } };
    echo_note note = echo_make(1, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[0]), COAX_OK);
    note.body = (coax_bytes){ body, sizeof body };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[1]), COAX_OK);
    pair_pump(two);
    pass(two, 31000);
    uint8_t bytes[CX_FRAME_HEADER];
    assert_int_equal(pair_take(&two->server, bytes, sizeof bytes), sizeof bytes);
    assert_int_equal(bytes[0], CX_FRAME_PING);
}

static void an_idle_connection_closes(void **state)
{
    pair *two = again(state);
    two->server.config.limits.idle_timeout_ms = 60000;
    two->server.keeps_calls = true;
    pair_connect(two);
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 3600000;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer), COAX_OK);
    for (unsigned i = 0; i < 5; i++)
        pass(two, 50000); /* a call is under way */
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(coax_gen_reply(two->server.kept[0], &echo_echo, two->server.kept_requests[0]),
                     COAX_OK);
    pass(two, 59900);
    assert_int_equal(two->server.n_closed, 0);
    pass(two, 200);
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->server.reason.code, COAX_ERR_UNAVAILABLE);
    assert_string_equal(two->server.reason.text, "no calls for idle_timeout_ms (60000)");
    pair_pump(two);
    assert_non_null(strstr(two->client.reason.text, "no calls for idle_timeout_ms"));
}

static void pings_keep_no_idle_connection_open(void **state)
{
    pair *two = again(state);
    two->server.config.limits.idle_timeout_ms = 60000;
    two->client.config.limits.heartbeat_ms = 5000;
    pair_connect(two);
    pass(two, 59000);
    assert_in_range(pings_of(&two->client), 10, 11);
    assert_int_equal(two->server.n_closed, 0);
    pass(two, 1500);
    assert_int_equal(two->server.n_closed, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_silent_connection_is_asked_and_lives),
        TEST(a_half_open_peer_is_found),
        TEST(frames_that_flow_are_a_sign_of_life),
        TEST(a_slow_reader_is_not_taken_for_a_dead_one),
        TEST(a_loop_that_stood_still_reads_before_it_judges),
        TEST(a_loop_that_stood_still_judges_when_there_is_nothing_to_read),
        TEST(a_progress_deadline_waits_for_a_loop_that_stood_still),
        TEST(a_round_trip_is_measured_and_smoothed),
        TEST(a_busy_connection_is_measured_now_and_then),
        TEST(a_pong_must_bring_the_pings_bytes),
        TEST(a_second_pong_is_refused),
        TEST(too_many_pings_close),
        TEST(a_peer_that_wants_no_pings_gets_none),
        TEST(a_peer_is_asked_as_seldom_as_it_wishes),
        TEST(pings_leave_ahead_of_everything),
        TEST(an_idle_connection_closes),
        TEST(pings_keep_no_idle_connection_open),
    };
    return cmocka_run_group_tests_name("link_heartbeat", tests, NULL, NULL);
}
