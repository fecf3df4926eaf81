/*
 * What is refused: broken rules, unknown methods, payloads that are no messages, stale handles. And
 * who is told what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

/* Keeps the handle of every call, to be answered later. */
static pair *keeping(void **state)
{
    pair *two = *state;
    two->server.keeps_calls = true;
    return two;
}

static void throw_in_handler(pair_side *side, coax_call call, const echo_note *request)
{
    const echo_broken broken = { request->id };
    side->answered = coax_gen_throw(call, &echo_echo, &echo_broken_type, &broken);
}

static void a_typed_error_that_breaks_its_rules_is_not_sent(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1001, "x");
    two->server.in_handler = throw_in_handler;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);

    assert_int_equal(two->server.answered, COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(answer.err, COAX_ERR_INTERNAL);
    assert_int_equal(two->server.n_errors, 1);
    assert_non_null(strstr(two->server.last_error.text, "id"));
}

static void a_request_that_breaks_its_rules_never_leaves(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    char text[102];
    memset(text, 'a', 101);
    text[101] = '\0';
    echo_note note = echo_make(1, text);
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    uint64_t before = two->n_to_server;

    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer),
                     COAX_ERR_INVALID_ARGUMENT);
    pair_pump(two);
    assert_string_equal(error.text, "echo.Echo.echo: text: 101 bytes, at most 100 allowed (@len)");
    assert_int_equal(two->n_to_server, before);
    assert_int_equal(answer.n_done, 0);
}

static void sensitive_values_are_in_no_words(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    note.secret = coax_str_from("hunter2hunter2");
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.text, "secret"));
    assert_null(strstr(error.text, "hunter"));
}

/* Sends a request that the caller's own check would stop: its rules were changed since. */
static coax_method unchecked(const coax_type *type, coax_type *loose)
{
    *loose = *type;
    loose->check = NULL;
    coax_method method = echo_echo;
    method.request = loose;
    return method;
}

static bool no_check(const void *value, coax_violations *why)
{
    (void)value;
    (void)why;
    return true;
}

static void the_server_checks_again_and_says_which_rule_was_broken(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    char text[102];
    memset(text, 'a', 101);
    text[101] = '\0';
    echo_note note = echo_make(1, text);
    coax_type loose;
    coax_method method = unchecked(&echo_note_type, &loose);
    loose.check = no_check;

    assert_int_equal(pair_call(&two->client, &method, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_INVALID_ARGUMENT);
    assert_string_equal(answer.message,
                        "echo.Echo.echo: text: 101 bytes, at most 100 allowed (@len)");
    assert_int_equal(two->server.n_handled, 0);
    assert_int_equal(two->server.n_errors, 1);
}

static void encode_nonsense(coax_writer *out, const void *value)
{
    (void)value;
    coax_write_u64(out, 5);
}

static void a_payload_that_is_no_message_is_an_invalid_argument(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_type loose;
    coax_method method = unchecked(&echo_note_type, &loose);
    loose.check = no_check;
    loose.encode = encode_nonsense;

    assert_int_equal(pair_call(&two->client, &method, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(answer.message, "echo.Echo.echo: "));
    assert_int_equal(two->server.n_handled, 0);
    assert_true(cx_endpoint_is_open(&two->client.endpoint)); /* its own call only */
}

static void reply_with_long_text(pair_side *side, coax_call call, const echo_note *request)
{
    (void)request;
    char text[102];
    memset(text, 'a', 101);
    text[101] = '\0';
    echo_note note = echo_make(1, text);
    side->answered = coax_gen_reply(call, &echo_echo, &note);
}

static void a_reply_that_breaks_its_rules_is_not_sent(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    two->server.in_handler = reply_with_long_text;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);

    assert_int_equal(two->server.answered, COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(answer.err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(two->server.last_error.text, "101 bytes"));
}

static void a_reply_that_breaks_a_rule_of_the_callers_schema_is_taken(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_type strict = echo_note_type; /* the caller's rules are never asked */
    strict.check = NULL;
    coax_method method = echo_echo;
    method.response = &strict;
    assert_int_equal(pair_call(&two->client, &method, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_OK);
}

static void a_reply_that_is_no_message_ends_its_call_only(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_method method = echo_echo;
    method.response = &echo_broken_type; /* the server answers with a Note */
    assert_int_equal(pair_call(&two->client, &method, &note, NULL, &answer), COAX_OK);
    pair_pump(two);

    assert_int_equal(answer.err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(answer.message, "the answer of echo.Echo.echo: "));
    assert_int_equal(answer.n_done, 1);
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
}

static void a_method_nobody_serves_is_unimplemented(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_method unknown = echo_echo;
    unknown.id = 0xdeadu;
    assert_int_equal(pair_call(&two->client, &unknown, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_UNIMPLEMENTED);
    assert_string_equal(answer.message, "nobody serves the method 0x0000dead");
}

static void the_fallback_takes_unknown_methods(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(12, "x");
    coax_method unknown = echo_echo;
    unknown.id = 0xdeadu;
    two->server.config.has_fallback = true;
    assert_int_equal(pair_call(&two->client, &unknown, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.n_unknown, 1);
    assert_int_equal(two->server.answered, COAX_OK);
    assert_int_equal(answer.id, 12); /* the fallback sent it back as it came */
}

static void a_method_of_another_kind_is_refused(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    coax_method wrong = echo_echo;
    wrong.id = echo_hint.id;
    assert_int_equal(pair_call(&two->client, &wrong, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_UNIMPLEMENTED);
    assert_int_equal(two->server.n_hints, 0);

    assert_int_equal(pair_call(&two->client, &echo_hint, &note, NULL, &answer), COAX_ERR_MISUSE);
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_echo, &note, NULL), COAX_ERR_MISUSE);
}

static void a_zeroed_handle_is_stale(void **state)
{
    (void)state;
    coax_call call = { NULL, 0, 0 };
    coax_peer peer = { NULL, 0, 0 };
    char text[4] = "abc";
    assert_false(coax_call_is_live(call));
    assert_int_equal(coax_call_cancel(call), COAX_ERR_STALE);
    assert_int_equal(coax_call_fail(call, COAX_ERR_INTERNAL, "x"), COAX_ERR_STALE);
    assert_int_equal(coax_call_remaining_ms(call), 0);
    assert_int_equal(coax_call_method_id(call), 0);
    assert_null(coax_call_peer(call).loop);
    assert_false(coax_peer_is_open(peer));
    assert_int_equal(coax_peer_close(peer, COAX_ERR_CANCELLED, ""), COAX_ERR_STALE);
    assert_int_equal(coax_peer_name(peer, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(coax_peer_address(peer, text, 0), 0);
    assert_int_equal(coax_gen_call_to(peer, &echo_echo, NULL, NULL, NULL, NULL, NULL),
                     COAX_ERR_STALE);
    assert_int_equal(coax_gen_send_to(peer, &echo_hint, NULL, NULL), COAX_ERR_STALE);
}

static void words_of_a_failure_are_cut_and_made_text(void **state)
{
    pair *two = keeping(state);
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    char words[2000];
    memset(words, 'w', sizeof words);
    words[10] = (char)0xff;              /* no UTF-8 */
    memcpy(words + 1023, "\xc3\xa4", 2); /* the cut goes through it */
    words[sizeof words - 1] = '\0';
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_ABORTED, "%s", words), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_ABORTED);
    assert_int_equal(strlen(answer.message), 1023);
    assert_int_equal(answer.message[10], '?');
}

static void the_size_of_a_method_is_bounded_both_ways(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    uint8_t body[64] = { 0 };
    echo_note note = echo_make(5, "x");
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    note.body = (coax_bytes){ body, sizeof body };
    assert_int_equal(pair_call(&two->client, &echo_small, &note, &options, &answer),
                     COAX_ERR_TOO_LARGE);
    assert_non_null(strstr(error.text, "@max_request"));

    coax_method generous = echo_small; /* a caller that knows no bound */
    generous.max_request = 0;
    assert_int_equal(pair_call(&two->client, &generous, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(answer.message, "@max_request"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_typed_error_that_breaks_its_rules_is_not_sent),
        TEST(a_request_that_breaks_its_rules_never_leaves),
        TEST(sensitive_values_are_in_no_words),
        TEST(the_server_checks_again_and_says_which_rule_was_broken),
        TEST(a_payload_that_is_no_message_is_an_invalid_argument),
        TEST(a_reply_that_breaks_its_rules_is_not_sent),
        TEST(a_reply_that_breaks_a_rule_of_the_callers_schema_is_taken),
        TEST(a_reply_that_is_no_message_ends_its_call_only),
        TEST(a_method_nobody_serves_is_unimplemented),
        TEST(the_fallback_takes_unknown_methods),
        TEST(a_method_of_another_kind_is_refused),
        TEST(a_zeroed_handle_is_stale),
        TEST(words_of_a_failure_are_cut_and_made_text),
        TEST(the_size_of_a_method_is_bounded_both_ways),
    };
    return cmocka_run_group_tests_name("rpc_refusals", tests, NULL, NULL);
}
