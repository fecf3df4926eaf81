/*
 * Answers that are too long, of the wrong kind or impossible, on both sides; and the loop's small services.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"
#include "raw.h"

static uint8_t body[1 << 20];
static raw in, out;

static void collect(pair_side *side)
{
    raw_clear(&out);
    for (size_t n = 1; n > 0; out.len += n)
        n = pair_take(side, out.bytes + out.len, sizeof out.bytes - out.len);
}

/* Starts a call that the server keeps; returns the handle to answer it with. */
static coax_call keep_one(pair *two, const coax_method *method, pair_answer *answer)
{
    echo_note note = echo_make(1, "x");
    two->server.keeps_calls = true;
    assert_int_equal(pair_call(&two->client, method, &note, NULL, answer), COAX_OK);
    pair_pump(two);
    return two->server.kept[two->server.n_kept - 1];
}

static void a_reply_over_max_reply_is_told_to_both_sides(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call call = keep_one(two, &echo_small, &answer);
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, 100 };
    assert_int_equal(coax_gen_reply(call, &echo_small, &note), COAX_ERR_TOO_LARGE);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(answer.message, "at most 64 allowed (@max_reply)"));
}

static void a_caller_holds_its_peer_to_max_reply(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call call = keep_one(two, &echo_small, &answer);
    coax_method generous = echo_small;
    generous.max_reply = 0;
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, 100 };
    assert_int_equal(coax_gen_reply(call, &generous, &note), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(answer.message, "@max_reply"));
}

static void only_declared_errors_may_be_thrown(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call call = keep_one(two, &echo_small, &answer);
    echo_broken broken = { 1 };
    assert_int_equal(coax_gen_throw(call, &echo_small, &echo_broken_type, &broken),
                     COAX_ERR_MISUSE);
    assert_int_equal(coax_gen_throw(call, &echo_echo, &echo_broken_type, &broken), COAX_ERR_MISUSE);
    assert_true(coax_call_is_live(call));
    assert_int_equal(coax_call_fail(call, COAX_ERR_ABORTED, "x"), COAX_OK);
}

static void refuse_to_encode(coax_writer *out_, const void *value)
{
    (void)value;
    coax_writer_fail(out_, COAX_ERR_INVALID_ARGUMENT);
}

/* echo.Echo.echo with other types in its answers. */
static coax_method with_types(const coax_type *response, const coax_type *const *errors)
{
    coax_method method = echo_echo;
    method.response = response;
    method.errors = errors;
    method.n_errors = 1;
    return method;
}

static void an_answer_that_cannot_be_encoded_is_told_as_internal(void **state)
{
    pair *two = *state;
    pair_answer first = { 0 }, second = { 0 };
    coax_type bad = echo_note_type;
    bad.encode = refuse_to_encode;
    const coax_type *errors[] = { &bad };
    coax_method method = with_types(&bad, errors);
    echo_note note = echo_make(1, "x");
    coax_call call = keep_one(two, &echo_echo, &first);
    assert_int_equal(coax_gen_reply(call, &method, &note), COAX_ERR_INVALID_ARGUMENT);
    call = keep_one(two, &echo_echo, &second);
    bad.status = COAX_ERR_ABORTED;
    assert_int_equal(coax_gen_throw(call, &method, &bad, &note), COAX_ERR_INVALID_ARGUMENT);
    pair_pump(two);
    assert_int_equal(first.err, COAX_ERR_INTERNAL);
    assert_string_equal(first.message, "the reply can't be encoded");
    assert_int_equal(second.err, COAX_ERR_INTERNAL);
    assert_string_equal(second.message, "the typed error can't be encoded");
}

static void a_typed_error_over_max_message_becomes_a_plain_one(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->client.config.limits.max_message = 8192;
    pair_connect(two);
    pair_answer answer = { 0 };
    coax_type large = echo_note_type;
    large.status = COAX_ERR_ABORTED;
    const coax_type *errors[] = { &large };
    coax_method method = with_types(&echo_note_type, errors);
    echo_note note = echo_make(1, "x");
    note.body = (coax_bytes){ body, 9000 };
    coax_call call = keep_one(two, &echo_echo, &answer);
    assert_int_equal(coax_gen_throw(call, &method, &large, &note), COAX_ERR_TOO_LARGE);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_string_equal(answer.message, "the typed error passes max_message");
}

/* A client that is open towards bytes written by hand, with one call under way; returns its id. */
static uint32_t open_by_hand(pair *two, pair_answer *answer)
{
    pair_deinit(two);
    pair_init(two);
    two->client.config.limits.max_message = 20000;
    assert_int_equal(pair_make(two), COAX_OK);
    two->client.is_held = true;
    raw_clear(&in);
    raw_welcome(&in);
    pair_feed(two, &two->client, in.bytes, in.len, 0);
    echo_note note = echo_make(1, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, answer), COAX_OK);
    coax_bytes slices[4];
    size_t n = cx_endpoint_output(&two->client.endpoint, slices, 4);
    raw_clear(&out);
    for (size_t i = 0; i < n; i++)
        raw_put(&out, slices[i].data, slices[i].len);
    cx_endpoint_sent(&two->client.endpoint, out.len);
    cx_frame frame;
    assert_true(raw_find(&out, CX_FRAME_REQUEST, &frame, NULL));
    raw_clear(&in);
    return frame.call;
}

static void a_reply_over_max_message_ends_its_call_only(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    uint32_t call = open_by_hand(two, &answer);
    for (unsigned i = 0; i < 10; i++)
        raw_frame(&in, (cx_frame){ .type = CX_FRAME_RESPONSE, .flags = i < 9, .call = call }, body,
                  4000);
    pair_feed(two, &two->client, in.bytes, in.len, 0);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_string_equal(answer.message, "a RESPONSE passes max_message (20000 bytes)");
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
    collect(&two->client);
    assert_int_equal(raw_count(&out, CX_FRAME_CANCEL), 1);
}

static void an_error_that_is_no_status_is_internal(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    uint32_t call = open_by_hand(two, &answer);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_ERROR, .aux = 5, .call = call }, "\xc1", 1);
    pair_feed(two, &two->client, in.bytes, in.len, 0);
    assert_int_equal(answer.err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(answer.message, "the answer of echo.Echo.echo: "));
}

static void a_status_code_of_a_later_version_is_unknown(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    uint32_t call = open_by_hand(two, &answer);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_ERROR, .aux = 999, .call = call },
              "\x81\x01\xa3new", 6);
    pair_feed(two, &two->client, in.bytes, in.len, 0);
    assert_int_equal(answer.err, COAX_ERR_UNKNOWN);
    assert_string_equal(answer.message, "new");
}

static bool no_check(const void *value, coax_violations *why)
{
    (void)value;
    (void)why;
    return true;
}

static void what_decodes_to_more_than_max_decoded_is_refused_on_both_sides(void **state)
{
    pair *two = *state;
    static char text[10000];
    memset(text, 'a', sizeof text - 1);
    coax_type loose = echo_note_type;
    loose.check = no_check;
    coax_method method = echo_echo;
    method.request = &loose;
    for (unsigned i = 0; i < 2; i++) {
        pair_deinit(two);
        pair_init(two);
        (i == 0 ? &two->server : &two->client)->config.limits.max_decoded = 4096;
        two->server.config.has_fallback = i == 1;
        pair_connect(two);
        method.id = i == 0 ? echo_echo.id : 77; /* the fallback sends it back unread */
        pair_answer answer = { 0 };
        echo_note note = echo_make(1, text);
        assert_int_equal(pair_call(&two->client, &method, &note, NULL, &answer), COAX_OK);
        pair_pump(two);
        assert_int_equal(answer.err, COAX_ERR_RESOURCE_EXHAUSTED);
        assert_non_null(strstr(answer.message, "max_decoded (4096 bytes)"));
    }
}

static void small_messages_fill_the_queue_as_well(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->client.config.limits.max_send_queue = 8192;
    pair_connect(two);
    two->client.is_held = true;
    echo_note note = echo_make(1, "x");
    coax_err err = COAX_OK;
    unsigned n = 0;
    for (; err == COAX_OK; n++)
        err = cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL);
    assert_int_equal(err, COAX_ERR_WOULD_BLOCK);
    assert_true(cx_endpoint_queued(&two->client.endpoint) <= 8192);
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, &options),
                     COAX_ERR_WOULD_BLOCK);
    assert_non_null(strstr(error.text, "max_send_queue is 8192: wait for on_writable"));
    two->client.is_held = false;
    pair_pump(two);
    assert_int_equal(two->client.n_writable, 1);
    assert_int_equal(two->server.n_hints, n - 1);
}

static void a_request_without_a_deadline_has_all_the_time(void **state)
{
    pair *two = *state;
    two->server.keeps_calls = true;
    raw_clear(&in);
    raw_request(&in, 5, 1);
    pair_feed(two, &two->server, in.bytes, in.len, 0);
    assert_int_equal(coax_call_remaining_ms(two->server.kept[0]), UINT32_MAX);
    pair_advance(two, 3600000);
    assert_true(coax_call_is_live(two->server.kept[0]));
    assert_int_equal(coax_peer_name(coax_call_peer(two->server.kept[0]), NULL, 0), 8);
}

static void a_deadline_that_has_passed_leaves_nothing(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call call = keep_one(two, &echo_quick, &answer);
    two->fake.now += 60u * 1000000u; /* the wheel has not turned yet */
    assert_int_equal(coax_call_remaining_ms(call), 0);
    assert_true(cx_core_next(&two->server.core) < two->fake.now);
    pair_advance(two, 1);
}

static void cancel_other(pair_answer *answer)
{
    assert_int_equal(coax_call_cancel(answer->side->kept[0]), COAX_OK);
}

static void a_callback_may_cancel_another_call(void **state)
{
    pair *two = *state;
    pair_answer first = { .then = cancel_other }, second = { 0 };
    coax_call made;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    two->server.keeps_calls = true;
    echo_note note = echo_make(1, "x");
    options.ret_call = &made;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &first), COAX_OK);
    options.ret_call = &two->client.kept[0];
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &second), COAX_OK);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    cx_core_run(&two->client.core, two->fake.now);
    assert_int_equal(first.n_done, 1);
    assert_int_equal(second.n_done, 0); /* put off by what was put off: its turn is the next one */
    assert_true(cx_core_has_work(&two->client.core));
    pair_pump(two);
    assert_int_equal(second.err, COAX_ERR_CANCELLED);
}

static void a_shell_may_give_up_an_endpoint_with_calls(void **state)
{
    pair *two = *state;
    pair_answer answers[3];
    coax_call made[3];
    memset(answers, 0, sizeof answers);
    two->server.keeps_calls = true;
    for (unsigned i = 0; i < 3; i++) {
        coax_call_options options = COAX_CALL_OPTIONS_INIT;
        options.ret_call = &made[i];
        echo_note note = echo_make(1, "x");
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answers[i]),
                         COAX_OK);
    }
    pair_pump(two);
    assert_int_equal(coax_call_cancel(made[1]), COAX_OK);
    assert_int_equal(coax_call_cancel(made[2]), COAX_OK);
    cx_endpoint_close(&two->client.endpoint, COAX_ERR_ABORTED, COAX_ERR_CANCELLED, "x");
    cx_endpoint_deinit(&two->client.endpoint);
    assert_false(cx_core_has_work(&two->client.core));
    assert_false(coax_call_is_live(made[0]));
    two->client.has_endpoint = false;
}

static void count_event(void *self, coax_log_level level, const char *event,
                        const coax_log_pair *pairs, size_t n_pairs)
{
    assert_int_equal(level, COAX_LOG_WARN);
    assert_string_equal(event, "bad_input");
    assert_int_equal(n_pairs, 2);
    assert_string_equal(pairs[0].key, "address");
    assert_non_null(strstr(pairs[1].value, "nobody serves the method"));
    ++*(unsigned *)self;
}

static void bad_input_is_logged(void **state)
{
    pair *two = *state;
    unsigned n_events = 0;
    two->server.core.host.log = (cx_log){ count_event, &n_events, COAX_LOG_INFO };
    raw_clear(&in);
    raw_frame(&in, (cx_frame){ .type = CX_FRAME_REQUEST, .call = 9, .method = 9 }, "x", 1);
    pair_feed(two, &two->server, in.bytes, in.len, 0);
    assert_int_equal(n_events, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_reply_over_max_reply_is_told_to_both_sides),
        TEST(a_caller_holds_its_peer_to_max_reply),
        TEST(only_declared_errors_may_be_thrown),
        TEST(an_answer_that_cannot_be_encoded_is_told_as_internal),
        TEST(a_typed_error_over_max_message_becomes_a_plain_one),
        TEST(a_reply_over_max_message_ends_its_call_only),
        TEST(an_error_that_is_no_status_is_internal),
        TEST(a_status_code_of_a_later_version_is_unknown),
        TEST(what_decodes_to_more_than_max_decoded_is_refused_on_both_sides),
        TEST(small_messages_fill_the_queue_as_well),
        TEST(a_request_without_a_deadline_has_all_the_time),
        TEST(a_deadline_that_has_passed_leaves_nothing),
        TEST(a_callback_may_cancel_another_call),
        TEST(a_shell_may_give_up_an_endpoint_with_calls),
        TEST(bad_input_is_logged),
    };
    return cmocka_run_group_tests_name("rpc_answers", tests, NULL, NULL);
}
