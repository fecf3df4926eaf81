/*
 * How a connection opens, and every way it does not: HELLO, WELCOME, GOAWAY, and silence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "coax/link.h"
#include "stranger.h"

static void hello_opens_the_connection(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_hello(&in);
    feed(two);
    assert_int_equal(two->server.n_open, 1);
    assert_true(cx_endpoint_is_open(&two->server.endpoint));
    assert_int_equal(raw_count(&out, CX_FRAME_WELCOME), 1);
    char name[16];
    assert_int_equal(coax_peer_name(cx_endpoint_peer(&two->server.endpoint), name, sizeof name), 7);
    assert_string_equal(name, "by hand");
}

static void a_request_may_stand_right_behind_hello(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_hello(&in);
    raw_request(&in, 1, 42);
    feed(two);
    assert_int_equal(two->server.n_handled, 1);
    assert_int_equal(raw_count(&out, CX_FRAME_RESPONSE), 1);
}

static void silence_meets_the_open_deadline(void **state)
{
    pair *two = *state;
    pair_advance(two, 4990);
    assert_int_equal(two->server.n_closed, 0);
    pair_advance(two, 20);
    collect(&two->server, &out);
    assert_ended(two, COAX_ERR_DEADLINE_EXCEEDED,
                 "HELLO did not come within open_timeout_ms (5000)", true);
}

static void half_a_hello_and_silence_meet_the_open_deadline(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_hello(&in);
    in.len -= 3;
    feed(two);
    pair_advance(two, 5010);
    collect(&two->server, &out);
    assert_ended(two, COAX_ERR_DEADLINE_EXCEEDED, "HELLO did not come", true);
}

static void a_client_without_welcome_meets_the_open_deadline(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_advance(two, 5010);
    assert_int_equal(two->client.n_closed, 1);
    assert_string_equal(two->client.reason.text,
                        "WELCOME did not come within open_timeout_ms (5000)");
    assert_int_equal(answer.err, COAX_ERR_UNAVAILABLE);
}

static void the_open_deadline_ends_with_the_opening(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_hello(&in);
    feed(two);
    pair_advance(two, 60000);
    assert_int_equal(two->server.n_closed, 0);
}

static void a_hello_over_four_kilobytes_is_refused_before_it_is_kept(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_header(&in, (cx_frame){ .type = CX_FRAME_HELLO }, 4096);
    size_t before = two->fake.bytes;
    feed(two);
    assert_ended(two, COAX_ERR_RESOURCE_EXHAUSTED, "at most 4072 allowed (before WELCOME)", true);
    assert_true(two->fake.bytes < before + 32768); /* the GOAWAY's block, and no more */
}

static void nothing_before_welcome_holds_more_than_four_kilobytes(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_header(&in, (cx_frame){ .type = CX_FRAME_HELLO }, 4072);
    static const uint8_t zeros[4071];
    raw_put(&in, zeros, sizeof zeros);
    size_t before = two->fake.bytes;
    two->chunk = 1;
    feed(two);
    assert_int_equal(two->server.n_closed, 0);
    assert_true(two->fake.bytes <=
                before + 4096 + 4096); /* a block and the smaller ones it grew from */
}

static void a_few_frames_before_hello_may_be_skipped(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    for (int i = 0; i < 10; i++)
        raw_frame(&in, (cx_frame){ .type = CX_FRAME_SKIPPABLE }, "abcd", 4);
    raw_hello(&in);
    feed(two);
    assert_int_equal(two->server.n_closed, 0);
    collect(&two->server, &out);
    assert_int_equal(out.bytes[0], CX_FRAME_WELCOME);
}

static void frames_skipped_before_hello_end_with_the_four_kilobytes(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    for (unsigned i = 0; i < 4096 / CX_FRAME_HEADER; i++)
        raw_frame(&in, (cx_frame){ .type = CX_FRAME_SKIPPABLE }, "", 0);
    feed(two);
    assert_ended(two, COAX_ERR_RESOURCE_EXHAUSTED, "more than 4096 bytes before WELCOME", true);
}

static void a_hello_that_is_no_message_is_refused(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_HELLO }, "\x93garbage", 8);
    feed(two);
    assert_ended(two, COAX_ERR_PROTOCOL, "HELLO: ", true);
}

static void a_hello_with_impossible_limits_is_refused(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_hello_limits(&in, 100, 1u << 20, 10);
    feed(two);
    assert_ended(two, COAX_ERR_PROTOCOL, "HELLO: limits.max_frame", true);
}

static void other_frames_before_hello_are_refused(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_request(&in, 1, 1);
    feed(two);
    assert_ended(two, COAX_ERR_PROTOCOL, "REQUEST before HELLO", true);
    assert_int_equal(two->server.n_handled, 0);
}

static void a_second_hello_is_refused(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_hello(&in);
    raw_hello(&in);
    feed(two);
    assert_ended(two, COAX_ERR_PROTOCOL, "HELLO out of place", true);
}

static void a_client_that_goes_away_before_hello_is_heard(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_GOAWAY, .aux = COAX_ERR_UNAVAILABLE },
              "\x81\x01\xa3"
              "bye",
              6);
    feed(two);
    assert_ended(two, COAX_ERR_UNAVAILABLE, "the peer closed the connection: bye", false);
}

/* Gives the client bytes of a server that is not one. */
static void feed_client(pair *two)
{
    pair_feed(two, &two->client, in.bytes, in.len, 0);
    collect(&two->client, &out);
}

static void a_client_names_a_server_that_speaks_something_else(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_put(&in, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
    feed_client(two);
    assert_int_equal(two->client.n_closed, 1);
    assert_string_equal(two->client.reason.text, "the server speaks HTTP, not coax");
}

static void a_client_takes_only_welcome_at_first(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_PING }, "12345678", 8);
    feed_client(two);
    assert_int_equal(two->client.n_closed, 1);
    assert_string_equal(two->client.reason.text, "PING before WELCOME");
}

static void a_welcome_with_features_that_were_not_offered_is_refused(void **state)
{
    pair *two = *state;
    raw_clear(&in);
    cx_control_welcome welcome = { .name = coax_str_from("s"),
                                   .features = 4,
                                   .limits = { 32768, 1u << 20, 10, 65536, 0 } };
    uint8_t bytes[64];
    coax_writer writer;
    size_t len = 0;
    coax_writer_init(&writer, bytes, sizeof bytes);
    cx_control_welcome_encode(&writer, &welcome);
    assert_int_equal(coax_writer_finish(&writer, &len), COAX_OK);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_WELCOME }, bytes, len);
    feed_client(two);
    assert_int_equal(two->client.n_closed, 1);
    assert_non_null(strstr(two->client.reason.text, "features that were not offered"));
}

static void a_client_sends_at_most_four_kilobytes_ahead(void **state)
{
    pair *two = *state;
    static pair_answer answers[100];
    char text[100];
    memset(text, 'a', sizeof text);
    text[99] = '\0';
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < 100; i++) {
        echo_note note = echo_make(i, text);
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[i]), COAX_OK);
    }
    collect(&two->client, &out);
    assert_int_equal(out.len, 4096 - 8); /* the preface came before */
    pair_feed(two, &two->server, out.bytes, out.len, 0);
    two->client.is_held = false;
    two->server.is_held = false;
    pair_pump(two);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(answers[i].err, COAX_OK);
}

static void a_message_queued_ahead_obeys_the_limits_that_come_later(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_message = 8192;
    assert_int_equal(pair_make(two), COAX_OK);
    pair_answer fits = { 0 }, too_long = { 0 };
    static uint8_t body[10000];
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, 8000 };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &fits), COAX_OK);
    note.body.len = sizeof body;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &too_long), COAX_OK);
    pair_pump(two);
    assert_int_equal(fits.err, COAX_OK);
    assert_int_equal(fits.body_len, 8000);
    assert_int_equal(too_long.err, COAX_ERR_TOO_LARGE);
    assert_non_null(strstr(too_long.message, "max_message (8192 bytes)"));
    /* From now on it is known at once. */
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &too_long),
                     COAX_ERR_TOO_LARGE);
}

static void a_server_says_nothing_before_hello(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    assert_int_equal(pair_call(&two->server, &echo_echo, &note, &options, &answer),
                     COAX_ERR_UNAVAILABLE);
    assert_string_equal(error.text, "the client has not opened the connection yet");
    assert_int_equal(cx_rpc_send(&two->server.endpoint, &echo_hint, &note, NULL),
                     COAX_ERR_UNAVAILABLE);
    collect(&two->server, &out);
    assert_int_equal(out.len, 0);
}

static void limits_that_cannot_work_are_named(void **state)
{
    (void)state;
    coax_limits limits = { 0 };
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(cx_limits_resolve(&limits, &error), COAX_OK);
    assert_int_equal(limits.max_frame, COAX_DEFAULT_MAX_FRAME);
    assert_int_equal(limits.progress_timeout_ms, COAX_DEFAULT_PROGRESS_TIMEOUT_MS);
    limits.max_frame = 4095;
    assert_int_equal(cx_limits_resolve(&limits, &error), COAX_ERR_BAD_OPTION);
    assert_non_null(strstr(error.text, "limits.max_frame is 4095, it must be 4096 to "));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stranger_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(hello_opens_the_connection),
        TEST(a_request_may_stand_right_behind_hello),
        TEST(silence_meets_the_open_deadline),
        TEST(half_a_hello_and_silence_meet_the_open_deadline),
        TEST(a_client_without_welcome_meets_the_open_deadline),
        TEST(the_open_deadline_ends_with_the_opening),
        TEST(a_hello_over_four_kilobytes_is_refused_before_it_is_kept),
        TEST(nothing_before_welcome_holds_more_than_four_kilobytes),
        TEST(a_few_frames_before_hello_may_be_skipped),
        TEST(frames_skipped_before_hello_end_with_the_four_kilobytes),
        TEST(a_hello_that_is_no_message_is_refused),
        TEST(a_hello_with_impossible_limits_is_refused),
        TEST(other_frames_before_hello_are_refused),
        TEST(a_second_hello_is_refused),
        TEST(a_client_that_goes_away_before_hello_is_heard),
        TEST(a_client_names_a_server_that_speaks_something_else),
        TEST(a_client_takes_only_welcome_at_first),
        TEST(a_welcome_with_features_that_were_not_offered_is_refused),
        TEST(a_client_sends_at_most_four_kilobytes_ahead),
        TEST(a_message_queued_ahead_obeys_the_limits_that_come_later),
        TEST(a_server_says_nothing_before_hello),
        TEST(limits_that_cannot_work_are_named),
    };
    return cmocka_run_group_tests_name("link_opening", tests, NULL, NULL);
}
