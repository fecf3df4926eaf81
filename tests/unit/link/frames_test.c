/*
 * What an open connection takes and refuses: frames, messages in parts, limits, deadlines. Whatever
 * the split of the bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rpc/parts.h"
#include "stranger.h"

static void one_frame(void **state, cx_frame frame, const void *payload, size_t len)
{
    pair *two = opened(state);
    raw_frame(&in, frame, payload, len);
    feed(two);
}

static void a_ping_is_answered_with_its_bytes(void **state)
{
    one_frame(state, (cx_frame){ .type = CX_FRAME_PING }, "12345678", 8);
    cx_frame frame;
    const uint8_t *payload;
    assert_true(raw_find(&out, CX_FRAME_PONG, &frame, &payload));
    assert_memory_equal(payload, "12345678", 8);
}

static void a_ping_of_another_size_is_refused(void **state)
{
    one_frame(state, (cx_frame){ .type = CX_FRAME_PING }, "1234", 4);
    assert_ended(*state, COAX_ERR_PROTOCOL, "PING of 4 bytes instead of 8", true);
}

static void a_pong_without_a_ping_is_refused(void **state)
{
    one_frame(state, (cx_frame){ .type = CX_FRAME_PONG }, "12345678", 8);
    assert_ended(*state, COAX_ERR_PROTOCOL, "PONG without a PING", true);
}

static void an_unknown_type_with_its_top_bit_is_skipped(void **state)
{
    pair *two = opened(state);
    raw_frame(&in, (cx_frame){ .type = 0x9c, .flags = 0xff, .aux = 7, .call = 9 }, "whatever", 8);
    raw_request(&in, 1, 1);
    feed(two);
    assert_int_equal(two->server.n_handled, 1);
}

static void any_other_unknown_type_closes(void **state)
{
    one_frame(state, (cx_frame){ .type = 0x55 }, "", 0);
    assert_ended(*state, COAX_ERR_UNIMPLEMENTED, "a frame of the unknown type 85", true);
}

static void features_that_were_not_agreed_are_unimplemented(void **state)
{
    static const cx_frame frames[] = {
        { .type = CX_FRAME_RESUME },
        { .type = CX_FRAME_ACK },
        { .type = CX_FRAME_REQUEST, .flags = CX_FLAG_COMPRESSED, .call = 1, .method = 1 },
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        one_frame(state, frames[i], "x", 1);
        assert_ended(*state, COAX_ERR_UNIMPLEMENTED, "a feature that was not agreed", true);
        assert_int_equal(pair_tear_down(state), 0);
        assert_int_equal(stranger_set_up(state), 0);
    }
}

static void auth_after_the_opening_is_out_of_place(void **state)
{
    one_frame(state, (cx_frame){ .type = CX_FRAME_AUTH }, "x", 1);
    assert_ended(*state, COAX_ERR_PROTOCOL, "AUTH out of place", true);
}

static void a_call_of_the_wrong_side_is_refused(void **state)
{
    static const cx_frame frames[] = {
        { .type = CX_FRAME_REQUEST, .call = 0x80000001u, .method = 1 },
        { .type = CX_FRAME_CANCEL, .aux = 1, .call = 0x80000001u },
        { .type = CX_FRAME_RESPONSE, .call = 1 },
        { .type = CX_FRAME_ERROR, .aux = 2, .call = 1 },
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        one_frame(state, frames[i], "", 0);
        assert_ended(*state, COAX_ERR_PROTOCOL, "which the other side would open", true);
        assert_int_equal(pair_tear_down(state), 0);
        assert_int_equal(stranger_set_up(state), 0);
    }
}

static void an_answer_to_no_call_is_ignored(void **state)
{
    pair *two = opened(state);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_RESPONSE, .call = 0x80000001u }, "x", 1);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_ERROR, .aux = 5, .call = 0x80100001u }, "x", 1);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_RESPONSE, .flags = 1, .call = 0x80000001u }, "x",
              1);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_RESPONSE, .call = 0x80000001u }, "x", 1);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_CANCEL, .aux = 1, .call = 77 }, "", 0);
    feed(two);
    assert_int_equal(two->server.n_closed, 0);
}

static void a_frame_over_max_frame_is_refused_by_its_header(void **state)
{
    pair *two = opened(state);
    cx_frame frame = { .type = CX_FRAME_REQUEST, .call = 1, .method = 1 };
    raw_header(&in, frame, 32769);
    size_t before = two->fake.most;
    feed(two);
    assert_ended(two, COAX_ERR_RESOURCE_EXHAUSTED,
                 "REQUEST of 32769 bytes, at most 32768 allowed (max_frame)", true);
    assert_true(two->fake.most <= before + 32768);
}

static void a_length_of_four_gigabytes_takes_no_memory(void **state)
{
    pair *two = opened(state);
    raw_header(&in, (cx_frame){ .type = 0x80 }, UINT32_MAX);
    feed(two);
    assert_ended(two, COAX_ERR_RESOURCE_EXHAUSTED, "at most 32768 allowed", true);
}

/* The parts of one note with a body of `len` bytes, each frame with `step` bytes of it. */
static void put_parts(uint32_t call, size_t len, size_t step, size_t skip_last)
{
    static uint8_t body[1 << 19], bytes[1 << 19];
    echo_note note = echo_make(5, "parts");
    note.body = (coax_bytes){ body, len };
    size_t total = raw_note(bytes, sizeof bytes, &note);
    for (size_t at = 0; at < total; at += step) {
        bool is_last = total - at <= step;
        size_t n = is_last ? total - at : step;
        cx_frame frame = { .type = CX_FRAME_REQUEST,
                           .flags = is_last ? 0 : CX_FLAG_MORE,
                           .call = call,
                           .method = echo_echo.id };
        if (is_last && skip_last)
            return;
        raw_frame(&in, frame, bytes + at, n);
    }
}

static void half_a_frame_and_silence_meet_the_progress_deadline(void **state)
{
    pair *two = opened(state);
    raw_request(&in, 1, 1);
    in.len -= 1;
    feed(two);
    pair_advance(two, 29990);
    assert_int_equal(two->server.n_closed, 0);
    pair_advance(two, 20);
    collect(&two->server, &out);
    assert_ended(two, COAX_ERR_DEADLINE_EXCEEDED, "progress_timeout_ms (30000)", true);
}

static void a_frame_in_drops_meets_the_progress_deadline(void **state)
{
    pair *two = opened(state);
    raw_request(&in, 1, 1);
    for (size_t at = 0; at + 1 < in.len && two->server.n_closed == 0; at++) {
        pair_feed(two, &two->server, in.bytes + at, 1, 0);
        pair_advance(two, 5000);
    }
    collect(&two->server, &out);
    assert_ended(two, COAX_ERR_DEADLINE_EXCEEDED, "progress_timeout_ms", true);
}

/* A conversation with everything in it. */
static void put_conversation(void)
{
    raw_clear(&in);
    raw_hello(&in);
    raw_request(&in, 1, 11);
    put_parts(2, 9000, 1000, 0);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_PING }, "12345678", 8);
    raw_frame(&in, (cx_frame){ .type = 0x80 }, "skip me", 7);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_CANCEL, .aux = 1, .call = 9 }, "", 0);
    raw_request(&in, 3, 33);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_REQUEST, .call = 4, .method = 4 }, "x", 1);
}

static void bytes_one_at_a_time_equal_bytes_at_once(void **state)
{
    pair *two = *state;
    put_conversation();
    feed(two);
    static raw whole;
    raw_clear(&whole);
    raw_put(&whole, out.bytes, out.len);
    assert_int_equal(two->server.n_handled, 3);
    for (size_t chunk = 1; chunk <= 40; chunk += 3) {
        assert_int_equal(pair_tear_down(state), 0);
        assert_int_equal(stranger_set_up(state), 0);
        put_conversation();
        two->chunk = chunk;
        feed(two);
        assert_int_equal(two->server.n_handled, 3);
        assert_int_equal(out.len, whole.len);
        assert_memory_equal(out.bytes, whole.bytes, whole.len);
    }
}

static void a_conversation_cut_at_any_byte_harms_nothing(void **state)
{
    pair *two = *state;
    put_conversation();
    size_t total = in.len;
    for (size_t len = 0; len < total; len += len < 400 ? 1 : 37) {
        uint8_t *bytes = malloc(len + (len == 0)); /* its end is watched */
        memcpy(bytes, in.bytes, len);
        pair_feed(two, &two->server, bytes, len, 0);
        free(bytes);
        cx_endpoint_lost(&two->server.endpoint, COAX_ERR_UNAVAILABLE, "cut");
        pair_pump(two);
        assert_int_equal(two->server.n_closed, 1);
        assert_string_equal(two->server.reason.text, "cut");
        assert_int_equal(pair_tear_down(state), 0);
        assert_int_equal(stranger_set_up(state), 0);
    }
}

static void nothing_is_taken_after_the_end(void **state)
{
    pair *two = opened(state);
    raw_frame(&in, (cx_frame){ .type = 0x55 }, "", 0);
    raw_request(&in, 1, 1);
    feed(two);
    raw_clear(&in);
    raw_request(&in, 1, 1);
    feed(two);
    assert_int_equal(two->server.n_handled, 0);
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(out.len, 0);
}

static void a_call_id_in_use_is_refused(void **state)
{
    pair *two = opened(state);
    two->server.keeps_calls = true;
    raw_request(&in, 1, 1);
    raw_request(&in, 1, 2);
    feed(two);
    assert_ended(two, COAX_ERR_PROTOCOL, "the call id 0x00000001 is in use", true);
    assert_int_equal(two->server.n_handled, 1);
}

static void a_deadline_that_is_not_there_fails_its_call(void **state)
{
    cx_frame frame = {
        .type = CX_FRAME_REQUEST, .flags = CX_FLAG_DEADLINE, .call = 1, .method = 1
    };
    one_frame(state, frame, "abc", 3);
    cx_frame answer;
    assert_true(raw_find(&out, CX_FRAME_ERROR, &answer, NULL));
    assert_int_equal(answer.aux, COAX_ERR_INVALID_ARGUMENT);
}

static void an_idle_open_connection_holds_next_to_nothing(void **state)
{
    pair *two = *state;
    size_t before = two->fake.bytes - two->server.core.host.pool.kept;
    opened(state);
    raw_request(&in, 1, 1);
    feed(two);
    size_t after = two->fake.bytes - two->server.core.host.pool.kept;
    size_t slots = CX_SLOTS_CHUNK * sizeof(cx_call_in); /* the loop's, not the connection's */
    assert_true(after - before < 512 + slots + 4096);
    assert_true(sizeof(cx_endpoint) < 1344);
    assert_null(two->server.endpoint.link.tail);
    for (unsigned i = 0; i < CX_LANES; i++)
        assert_null(two->server.endpoint.link.out.lanes[i].head);
    assert_null(two->server.endpoint.link.out.plan);
    assert_null(two->server.endpoint.link.partials.by_call.entries);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stranger_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_ping_is_answered_with_its_bytes),
        TEST(a_ping_of_another_size_is_refused),
        TEST(a_pong_without_a_ping_is_refused),
        TEST(an_unknown_type_with_its_top_bit_is_skipped),
        TEST(any_other_unknown_type_closes),
        TEST(features_that_were_not_agreed_are_unimplemented),
        TEST(auth_after_the_opening_is_out_of_place),
        TEST(a_call_of_the_wrong_side_is_refused),
        TEST(an_answer_to_no_call_is_ignored),
        TEST(a_frame_over_max_frame_is_refused_by_its_header),
        TEST(a_length_of_four_gigabytes_takes_no_memory),
        TEST(half_a_frame_and_silence_meet_the_progress_deadline),
        TEST(a_frame_in_drops_meets_the_progress_deadline),
        TEST(bytes_one_at_a_time_equal_bytes_at_once),
        TEST(a_conversation_cut_at_any_byte_harms_nothing),
        TEST(nothing_is_taken_after_the_end),
        TEST(a_call_id_in_use_is_refused),
        TEST(a_deadline_that_is_not_there_fails_its_call),
        TEST(an_idle_open_connection_holds_next_to_nothing),
    };
    return cmocka_run_group_tests_name("link_frames", tests, NULL, NULL);
}
