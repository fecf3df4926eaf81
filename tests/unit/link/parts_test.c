/*
 * Messages in parts: put together in any mixture, bounded in number, size and time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stranger.h"

static void one_frame(void **state, cx_frame frame, const void *payload, size_t len)
{
    pair *two = opened(state);
    raw_frame(&in, frame, payload, len);
    feed(two);
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

static void a_message_in_parts_is_put_together(void **state)
{
    pair *two = opened(state);
    put_parts(1, 100000, 1000, 0);
    feed(two);
    assert_int_equal(two->server.n_handled, 1);
    assert_true(raw_count(&out, CX_FRAME_RESPONSE) >= 3); /* and its answer is cut as well */
}

static void parts_of_several_messages_may_be_mixed(void **state)
{
    pair *two = opened(state);
    for (uint32_t at = 0; at < 6; at++) {
        for (uint32_t call = 1; call <= 20; call++) {
            cx_frame frame = { .type = CX_FRAME_REQUEST,
                               .flags = at < 5 ? CX_FLAG_MORE : 0,
                               .call = call,
                               .method = echo_echo.id };
            uint8_t bytes[32];
            echo_note note = echo_make(call, "mix");
            size_t len = raw_note(bytes, sizeof bytes, &note);
            size_t n = at < 5 ? 1 : len - 5;
            raw_frame(&in, frame, bytes + at, n);
        }
    }
    feed(two);
    assert_int_equal(two->server.n_handled, 20);
    assert_int_equal(raw_count(&out, CX_FRAME_RESPONSE), 20);
}

static void a_part_that_does_not_continue_its_message_is_refused(void **state)
{
    static const cx_frame next[] = {
        { .type = CX_FRAME_ONEWAY, .call = 1, .method = 0xec0u },
        { .type = CX_FRAME_REQUEST, .call = 1, .method = 0xec1u },
        { .type = CX_FRAME_REQUEST, .flags = CX_FLAG_DEADLINE, .call = 1, .method = 0xec0u },
    };
    for (size_t i = 0; i < 3; i++) {
        pair *two = opened(state);
        cx_frame first = { .type = CX_FRAME_REQUEST, .flags = 1, .call = 1, .method = 0xec0u };
        raw_frame(&in, first, "x", 1);
        raw_frame(&in, next[i], "12345", 5);
        feed(two);
        assert_ended(two, COAX_ERR_PROTOCOL, "does not continue the REQUEST under way", true);
        assert_int_equal(pair_tear_down(state), 0);
        assert_int_equal(stranger_set_up(state), 0);
    }
}

static void an_empty_part_is_refused(void **state)
{
    one_frame(state, (cx_frame){ .type = CX_FRAME_REQUEST, .flags = 1, .call = 1, .method = 1 }, "",
              0);
    assert_ended(*state, COAX_ERR_PROTOCOL, "REQUEST with MORE and no payload", true);
}

static void small_limits(pair *two)
{
    pair_deinit(two);
    pair_init(two);
    two->client.is_held = true;
    two->server.is_held = true;
    two->server.config.limits.max_message = 20000;
    two->server.config.limits.max_concurrent_calls = 4;
    assert_int_equal(pair_make(two), COAX_OK);
}

static void a_message_over_max_message_fails_its_call_only(void **state)
{
    small_limits(*state);
    pair *two = opened(state);
    put_parts(1, 30000, 4096, 0);
    raw_request(&in, 2, 2);
    size_t before = two->fake.bytes;
    feed(two);
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(two->server.n_handled, 1);
    cx_frame frame;
    const uint8_t *payload;
    assert_true(raw_find(&out, CX_FRAME_ERROR, &frame, &payload));
    assert_int_equal(frame.call, 1);
    assert_int_equal(frame.aux, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(
        strstr(two->server.last_error.text, "a REQUEST passes max_message (20000 bytes)"));
    assert_true(two->fake.bytes <= before + 65536);
    assert_int_equal(raw_count(&out, CX_FRAME_ERROR), 1);
}

static void one_frame_over_max_message_fails_its_call_only(void **state)
{
    small_limits(*state);
    pair *two = opened(state);
    static uint8_t zeros[25000];
    cx_frame frame = { .type = CX_FRAME_REQUEST, .call = 1, .method = echo_echo.id };
    raw_frame(&in, frame, zeros, sizeof zeros);
    raw_request(&in, 2, 2);
    feed(two);
    assert_int_equal(two->server.n_handled, 1);
    assert_int_equal(raw_count(&out, CX_FRAME_ERROR), 1);
}

static void more_partial_requests_than_calls_are_refused(void **state)
{
    small_limits(*state);
    pair *two = opened(state);
    for (uint32_t call = 1; call <= 5; call++) {
        cx_frame frame = { .type = CX_FRAME_REQUEST, .flags = 1, .call = call, .method = 1 };
        raw_frame(&in, frame, "x", 1);
    }
    feed(two);
    assert_ended(two, COAX_ERR_RESOURCE_EXHAUSTED,
                 "more than max_concurrent_calls (4) requests were begun and not finished", true);
}

static void all_partial_messages_together_are_bounded(void **state)
{
    pair *two = *state;
    small_limits(two);
    two->server.config.limits.max_concurrent_calls = 100;
    opened(state);
    for (uint32_t call = 1; call <= 5; call++)
        put_parts(call, 19000, 2000, 1);
    size_t before = two->fake.bytes;
    feed(two);
    assert_ended(two, COAX_ERR_RESOURCE_EXHAUSTED,
                 "unfinished messages hold more than 4 times max_message (20000 bytes)", true);
    assert_true(two->fake.most <= before + 4 * 65536);
}

static void a_tiny_part_holds_little_memory(void **state)
{
    pair *two = opened(state);
    for (uint32_t call = 1; call <= 1000; call++) {
        cx_frame frame = { .type = CX_FRAME_REQUEST, .flags = 1, .call = call, .method = 1 };
        raw_frame(&in, frame, "x", 1);
    }
    size_t before = two->fake.bytes;
    feed(two);
    assert_int_equal(two->server.n_closed, 0);
    assert_true(two->fake.bytes - before < 1000 * 512);
}

static void a_cancel_drops_the_parts_that_came(void **state)
{
    pair *two = opened(state);
    put_parts(1, 30000, 4096, 1);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_CANCEL, .aux = 1, .call = 1 }, "", 0);
    raw_request(&in, 1, 1); /* the id is free again */
    feed(two);
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(two->server.n_handled, 1);
}

static void a_message_that_does_not_go_on_meets_the_progress_deadline(void **state)
{
    pair *two = opened(state);
    put_parts(1, 30000, 4096, 1);
    feed(two);
    pair_advance(two, 30010);
    collect(&two->server, &out);
    assert_ended(two, COAX_ERR_DEADLINE_EXCEEDED, "progress_timeout_ms", true);
}

static void a_slow_message_that_goes_on_is_waited_for(void **state)
{
    pair *two = opened(state);
    put_parts(1, 100000, 10000, 0);
    for (size_t at = 0; at < in.len; at += 10016) {
        size_t n = in.len - at < 10016 ? in.len - at : 10016;
        pair_feed(two, &two->server, in.bytes + at, n, 0);
        pair_advance(two, 20000);
    }
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(two->server.n_handled, 1);
    pair_advance(two, 100000); /* and nothing is left to wait for */
    assert_int_equal(two->server.n_closed, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stranger_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_message_in_parts_is_put_together),
        TEST(parts_of_several_messages_may_be_mixed),
        TEST(a_part_that_does_not_continue_its_message_is_refused),
        TEST(an_empty_part_is_refused),
        TEST(a_message_over_max_message_fails_its_call_only),
        TEST(one_frame_over_max_message_fails_its_call_only),
        TEST(more_partial_requests_than_calls_are_refused),
        TEST(all_partial_messages_together_are_bounded),
        TEST(a_tiny_part_holds_little_memory),
        TEST(a_cancel_drops_the_parts_that_came),
        TEST(a_message_that_does_not_go_on_meets_the_progress_deadline),
        TEST(a_slow_message_that_goes_on_is_waited_for),
    };
    return cmocka_run_group_tests_name("link_parts", tests, NULL, NULL);
}
