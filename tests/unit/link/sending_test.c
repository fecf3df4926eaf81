/*
 * The way out: what is queued, cut, bounded, and in which order it leaves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"
#include "raw.h"

static raw out;

static void collect(pair_side *side)
{
    raw_clear(&out);
    for (size_t n = 1; n > 0; out.len += n)
        n = pair_take(side, out.bytes + out.len, sizeof out.bytes - out.len);
}

static uint8_t body[4u << 20];

static coax_err call_with(pair *two, size_t len, pair_answer *answer)
{
    echo_note note = echo_make(len, "x");
    note.body = (coax_bytes){ body, len };
    return pair_call(&two->client, &echo_echo, &note, NULL, answer);
}

static void messages_of_any_size_arrive_whole(void **state)
{
    pair *two = *state;
    static const size_t sizes[] = { 0,     1,     100,   4000,  16000,  16200,    16230,
                                    16256, 16300, 16384, 20000, 32700,  32740,    32752,
                                    32768, 32800, 65536, 70000, 100000, 1u << 20, (4u << 20) - 64 };
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (uint8_t)(i * 7 + (i >> 8));
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        pair_answer answer = { 0 };
        assert_int_equal(call_with(two, sizes[i], &answer), COAX_OK);
        pair_pump(two);
        assert_int_equal(answer.err, COAX_OK);
        assert_int_equal(answer.body_len, sizes[i]);
    }
}

static void a_message_over_the_peers_limit_is_refused_at_once(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    assert_int_equal(call_with(two, 4u << 20, &answer), COAX_ERR_TOO_LARGE);
    assert_int_equal(cx_endpoint_n_calls(&two->client.endpoint), 0);
    assert_int_equal(cx_endpoint_queued(&two->client.endpoint), 0);
    assert_int_equal(call_with(two, 10, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_OK);
}

static void a_reply_over_the_peers_limit_becomes_an_error(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->client.config.limits.max_message = 8192;
    pair_connect(two);
    pair_answer answer = { 0 };
    assert_int_equal(call_with(two, 10000, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.answered, COAX_ERR_TOO_LARGE);
    assert_int_equal(answer.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_string_equal(answer.message, "the reply passes max_message");
}

static void no_frame_is_longer_than_the_peer_takes(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_frame = 5000;
    pair_connect(two);
    pair_answer answer = { 0 };
    assert_int_equal(call_with(two, 100000, &answer), COAX_OK);
    collect(&two->client);
    assert_int_equal(raw_count(&out, CX_FRAME_REQUEST), 21);
    cx_frame frame;
    assert_true(raw_find(&out, CX_FRAME_REQUEST, &frame, NULL));
    assert_int_equal(frame.length, 5000);
    assert_int_equal(frame.flags, CX_FLAG_MORE | CX_FLAG_DEADLINE);
    pair_feed(two, &two->server, out.bytes, out.len, 0);
    pair_pump(two);
    assert_int_equal(answer.body_len, 100000);
}

static void a_small_call_overtakes_a_large_one(void **state)
{
    pair *two = *state;
    pair_answer large = { 0 }, small = { 0 };
    assert_int_equal(call_with(two, 1u << 20, &large), COAX_OK);
    coax_bytes slices[16];
    cx_endpoint_output(&two->client.endpoint, slices, 16); /* the shell tried, and nothing left */
    assert_int_equal(call_with(two, 10, &small), COAX_OK);
    collect(&two->client);
    cx_frame first;
    assert_int_equal(cx_frame_decode(out.bytes, &first, NULL), COAX_OK);
    assert_true(first.length < 100);
    pair_feed(two, &two->server, out.bytes, out.len, 0);
    pair_pump(two);
}

static void large_messages_take_turns(void **state)
{
    pair *two = *state;
    pair_answer answers[4];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(call_with(two, 200000, &answers[i]), COAX_OK);
    collect(&two->client);
    uint32_t calls[8];
    size_t at = 0;
    for (unsigned i = 0; i < 8; i++) {
        cx_frame frame;
        assert_int_equal(cx_frame_decode(out.bytes + at, &frame, NULL), COAX_OK);
        calls[i] = frame.call;
        at += CX_FRAME_HEADER + frame.length;
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(calls[i], calls[i + 4]);
        assert_int_not_equal(calls[i], calls[(i + 1) % 4]);
    }
    pair_feed(two, &two->server, out.bytes, out.len, 0);
    pair_pump(two);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(answers[i].body_len, 200000);
}

static void more_large_messages_than_the_peer_may_hold_wait_their_turn(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_message = 100000;
    two->server.config.limits.max_concurrent_calls = 40;
    pair_connect(two);
    static pair_answer answers[40];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < 40; i++)
        assert_int_equal(call_with(two, 99000, &answers[i]), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.n_closed, 0);
    for (unsigned i = 0; i < 40; i++)
        assert_int_equal(answers[i].body_len, 99000);
}

static void a_full_queue_says_so_and_tells_when_there_is_room(void **state)
{
    pair *two = *state;
    static pair_answer answers[1000];
    memset(answers, 0, sizeof answers);
    two->client.is_held = true;
    unsigned n = 0;
    coax_err err = COAX_OK;
    for (; n < 1000 && err == COAX_OK; n++)
        err = call_with(two, 100000, &answers[n]);
    assert_int_equal(err, COAX_ERR_WOULD_BLOCK);
    assert_int_equal(n, 84);
    assert_true(cx_endpoint_queued(&two->client.endpoint) <= COAX_DEFAULT_MAX_SEND_QUEUE);
    assert_int_equal(two->client.n_writable, 0);
    two->client.is_held = false;
    pair_pump(two);
    assert_int_equal(two->client.n_writable, 1);
    for (unsigned i = 0; i + 1 < n; i++)
        assert_int_equal(answers[i].body_len, 100000);
    assert_int_equal(answers[n - 1].n_done, 0);
    assert_int_equal(cx_endpoint_n_calls(&two->client.endpoint), 0);
}

static void a_queue_emptied_by_cancels_tells_that_there_is_room(void **state)
{
    pair *two = *state;
    two->client.is_held = true;
    static pair_answer answers[100];
    static coax_call calls[100];
    memset(answers, 0, sizeof answers);
    unsigned n = 0;
    for (coax_err err = COAX_OK; err == COAX_OK && n < 100; n++) {
        echo_note note = echo_make(n, "x");
        coax_call_options options = COAX_CALL_OPTIONS_INIT;
        options.ret_call = &calls[n];
        note.body = (coax_bytes){ body, 1000000 };
        err = pair_call(&two->client, &echo_echo, &note, &options, &answers[n]);
    }
    coax_bytes slices[4];
    two->client.n_dirty = 0;
    cx_endpoint_output(&two->client.endpoint, slices, 0); /* the shell looked, and could not send */
    for (unsigned i = 0; i + 1 < n; i++)
        assert_int_equal(coax_call_cancel(calls[i]), COAX_OK);
    assert_int_equal(two->client.n_dirty, 1); /* nothing to send, but a sender to wake */
    assert_true(cx_endpoint_queued(&two->client.endpoint) <
                CX_OUTQ_TURN + 5000); /* what was handed out */
    two->client.is_held = false;
    pair_pump(two);
    assert_int_equal(two->client.n_writable, 1);
    assert_int_equal(two->server.n_handled, 0);
}

static void a_cancelled_large_call_stops_in_the_middle(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_call made;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.ret_call = &made;
    note.body = (coax_bytes){ body, 3u << 20 };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer), COAX_OK);
    uint8_t bytes[70000];
    size_t len = pair_take(&two->client, bytes, sizeof bytes);
    pair_feed(two, &two->server, bytes, len, 0);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    assert_true(cx_endpoint_queued(&two->client.endpoint) < 140000);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_CANCELLED);
    assert_int_equal(two->server.n_handled, 0);
    assert_int_equal(two->server.endpoint.link.partials.by_call.count, 0);
    assert_int_equal(two->server.n_closed, 0);
}

static void a_cancel_stops_a_large_reply(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_call made;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.ret_call = &made;
    note.body = (coax_bytes){ body, 3u << 20 };
    two->server.is_held = true;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer), COAX_OK);
    pair_pump(two);
    assert_true(cx_endpoint_queued(&two->server.endpoint) > 3u << 20);
    uint8_t bytes[70000];
    size_t len = pair_take(&two->server, bytes, sizeof bytes);
    pair_feed(two, &two->client, bytes, len, 0);
    assert_int_equal(two->client.endpoint.link.partials.by_call.count, 1);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    assert_int_equal(two->client.endpoint.link.partials.by_call.count, 0);
    pair_pump(two);
    assert_true(cx_endpoint_queued(&two->server.endpoint) < 140000);
    two->server.is_held = false;
    pair_pump(two);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(two->client.n_closed, 0);
}

static void large_oneway_messages_are_not_mixed_up(void **state)
{
    pair *two = *state;
    for (unsigned i = 0; i < 50; i++) {
        echo_note note = echo_make(i, "x");
        note.body = (coax_bytes){ body, 50000 + i };
        assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL), COAX_OK);
    }
    pair_pump(two);
    assert_int_equal(two->server.n_hints, 50);
    assert_int_equal(two->server.n_errors, 0);
}

static void large_oneway_messages_obey_max_concurrent_calls(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_concurrent_calls = 2;
    pair_connect(two);
    for (unsigned i = 0; i < 20; i++) {
        echo_note note = echo_make(i, "x");
        note.body = (coax_bytes){ body, 100000 };
        assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL), COAX_OK);
    }
    pair_pump(two);
    assert_int_equal(two->server.n_hints, 20);
    assert_int_equal(two->server.n_closed, 0);
}

static void output_asks_to_be_sent_once_a_turn(void **state)
{
    pair *two = *state;
    static pair_answer answers[100];
    memset(answers, 0, sizeof answers);
    two->client.n_dirty = 0;
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(call_with(two, 10, &answers[i]), COAX_OK);
    assert_int_equal(two->client.n_dirty, 1);
    coax_bytes slices[8];
    assert_int_equal(cx_endpoint_output(&two->client.endpoint, slices, 8), 1); /* one piece, too */
    pair_pump(two);
}

static void small_frames_stay_where_they_are_until_they_are_sent(void **state)
{
    pair *two = *state;
    static pair_answer answers[300];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < 150; i++)
        assert_int_equal(call_with(two, i * 10, &answers[i]), COAX_OK);
    coax_bytes before[64], after[64];
    size_t n = cx_endpoint_output(&two->client.endpoint, before, 64);
    for (unsigned i = 150; i < 300; i++)
        assert_int_equal(call_with(two, i * 10, &answers[i]), COAX_OK);
    assert_true(cx_endpoint_output(&two->client.endpoint, after, 64) >= n);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(after[i].data, before[i].data);
        assert_true(after[i].len >= before[i].len);
    }
    pair_pump(two);
    for (unsigned i = 0; i < 300; i++)
        assert_int_equal(answers[i].body_len, i * 10);
}

static void sent_one_byte_at_a_time_arrives_the_same(void **state)
{
    pair *two = *state;
    pair_answer first = { 0 }, second = { 0 };
    two->chunk = 1;
    assert_int_equal(call_with(two, 50, &first), COAX_OK);
    assert_int_equal(call_with(two, 40000, &second), COAX_OK);
    pair_pump(two);
    assert_int_equal(first.body_len, 50);
    assert_int_equal(second.body_len, 40000);
}

static void a_peer_that_reads_no_answers_is_closed(void **state)
{
    pair *two = *state;
    two->server.is_held = true;
    static raw in;
    raw_clear(&in);
    for (uint32_t i = 1; i < 10000; i++)
        raw_frame(&in, (cx_frame){ .type = CX_FRAME_REQUEST, .call = i, .method = 99 }, "x", 1);
    for (unsigned i = 0; i < 100 && two->server.n_closed == 0; i++)
        pair_feed(two, &two->server, in.bytes, in.len, 0);
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->server.reason.code, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(two->server.reason.text, "does not read its answers"));
}

static void a_peer_that_pings_and_does_not_read_is_closed(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_send_queue = 8192;
    two->server.config.limits.min_ping_ms = 1;
    pair_connect(two);
    two->server.is_held = true;
    static raw in;
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_PING }, "12345678", 8);
    for (unsigned i = 0; i < 1000 && two->server.n_closed == 0; i++) {
        pair_feed(two, &two->server, in.bytes, in.len, 0);
        pair_advance(two, 1);
    }
    assert_int_equal(two->server.n_closed, 1);
    assert_non_null(strstr(two->server.reason.text, "PINGs come faster"));
}

static void a_handler_whose_reply_finds_the_queue_full_may_try_again(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_send_queue = 10000;
    two->server.keeps_calls = true;
    pair_connect(two);
    pair_answer first = { 0 }, second = { 0 };
    assert_int_equal(call_with(two, 6000, &first), COAX_OK);
    assert_int_equal(call_with(two, 6000, &second), COAX_OK);
    pair_pump(two);
    two->server.is_held = true;
    coax_call *kept = two->server.kept;
    assert_int_equal(coax_gen_reply(kept[0], &echo_echo, two->server.kept_requests[0]), COAX_OK);
    assert_int_equal(coax_gen_reply(kept[1], &echo_echo, two->server.kept_requests[1]),
                     COAX_ERR_WOULD_BLOCK);
    assert_true(coax_call_is_live(kept[1]));
    two->server.is_held = false;
    pair_pump(two);
    assert_int_equal(two->server.n_writable, 1);
    assert_int_equal(coax_gen_reply(kept[1], &echo_echo, two->server.kept_requests[1]), COAX_OK);
    pair_pump(two);
    assert_int_equal(second.body_len, 6000);
}

static void a_message_longer_than_the_queue_can_hold_is_too_large(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->client.config.limits.max_send_queue = 10000;
    pair_connect(two);
    pair_answer answer = { 0 };
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, 12000 };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer),
                     COAX_ERR_TOO_LARGE);
    assert_non_null(strstr(error.text, "max_send_queue (10000 bytes)"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(messages_of_any_size_arrive_whole),
        TEST(a_message_over_the_peers_limit_is_refused_at_once),
        TEST(a_reply_over_the_peers_limit_becomes_an_error),
        TEST(no_frame_is_longer_than_the_peer_takes),
        TEST(a_small_call_overtakes_a_large_one),
        TEST(large_messages_take_turns),
        TEST(more_large_messages_than_the_peer_may_hold_wait_their_turn),
        TEST(a_full_queue_says_so_and_tells_when_there_is_room),
        TEST(a_queue_emptied_by_cancels_tells_that_there_is_room),
        TEST(a_cancelled_large_call_stops_in_the_middle),
        TEST(a_cancel_stops_a_large_reply),
        TEST(large_oneway_messages_are_not_mixed_up),
        TEST(large_oneway_messages_obey_max_concurrent_calls),
        TEST(output_asks_to_be_sent_once_a_turn),
        TEST(small_frames_stay_where_they_are_until_they_are_sent),
        TEST(sent_one_byte_at_a_time_arrives_the_same),
        TEST(a_peer_that_reads_no_answers_is_closed),
        TEST(a_peer_that_pings_and_does_not_read_is_closed),
        TEST(a_handler_whose_reply_finds_the_queue_full_may_try_again),
        TEST(a_message_longer_than_the_queue_can_hold_is_too_large),
    };
    return cmocka_run_group_tests_name("link_sending", tests, NULL, NULL);
}
