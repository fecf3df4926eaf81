/*
 * Calls between two joined endpoints: what comes back, and that it comes back once.
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

static void a_call_brings_back_its_reply(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(7, "hello");

    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    assert_int_equal(answer.n_done, 0); /* never from inside the call that started it */
    pair_pump(two);

    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(answer.id, 7);
    assert_int_equal(two->server.n_handled, 1);
    assert_int_equal(cx_endpoint_n_calls(&two->client.endpoint), 0);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
}

static void both_sides_call(void **state)
{
    pair *two = *state;
    pair_answer there = { 0 }, back = { 0 };
    echo_note note = echo_make(1, "x");

    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &there), COAX_OK);
    assert_int_equal(pair_call(&two->server, &echo_echo, &note, NULL, &back), COAX_OK);
    pair_pump(two);

    assert_int_equal(there.err, COAX_OK);
    assert_int_equal(there.n_done, 1);
    assert_int_equal(back.err, COAX_OK);
    assert_int_equal(back.n_done, 1);
}

static void a_call_made_before_the_connection_is_open_leaves_when_it_is(void **state)
{
    (void)state;
    pair two;
    pair_answer answer = { 0 };
    echo_note note = echo_make(3, "early");
    pair_init(&two);
    assert_int_equal(pair_make(&two), COAX_OK);

    assert_int_equal(pair_call(&two.client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(&two);

    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(answer.n_done, 1);
    pair_deinit(&two);
}

static void many_calls_at_once_each_get_their_own_reply(void **state)
{
    pair *two = *state;
    static pair_answer answers[500];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < 500; i++) {
        echo_note note = echo_make(i, "many");
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[i]), COAX_OK);
    }
    pair_pump(two);
    for (unsigned i = 0; i < 500; i++) {
        assert_int_equal(answers[i].n_done, 1);
        assert_int_equal(answers[i].id, i);
    }
}

static void replies_may_come_in_any_order(void **state)
{
    pair *two = keeping(state);
    pair_answer first = { 0 }, second = { 0 };
    echo_note one = echo_make(1, "one"), other = echo_make(2, "two");
    assert_int_equal(pair_call(&two->client, &echo_echo, &one, NULL, &first), COAX_OK);
    assert_int_equal(pair_call(&two->client, &echo_echo, &other, NULL, &second), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.n_kept, 2);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 2);

    assert_int_equal(coax_gen_reply(two->server.kept[1], &echo_echo, &other), COAX_OK);
    pair_pump(two);
    assert_int_equal(first.n_done, 0);
    assert_int_equal(second.id, 2);
    assert_int_equal(coax_gen_reply(two->server.kept[0], &echo_echo, &one), COAX_OK);
    pair_pump(two);
    assert_int_equal(first.id, 1);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
}

static void a_kept_request_stays_valid_until_it_is_answered(void **state)
{
    pair *two = keeping(state);
    pair_answer answer = { 0 };
    echo_note note = echo_make(9, "to be kept");
    note.body = (coax_bytes){ (const uint8_t *)"body", 4 };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);

    const echo_note *kept = two->server.kept_requests[0];
    assert_string_equal(kept->text.data, "to be kept"); /* NUL-terminated, too */
    assert_memory_equal(kept->body.data, "body", 4);
    assert_int_equal(coax_gen_reply(two->server.kept[0], &echo_echo, kept), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.body_len, 4);
}

static void fail_in_handler(pair_side *side, coax_call call, const echo_note *request)
{
    (void)request;
    side->answered = coax_call_fail(call, COAX_ERR_NOT_FOUND, "no note %d", 5);
}

static void a_failed_call_brings_code_and_words(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(7, "x");
    two->server.in_handler = fail_in_handler;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);

    assert_int_equal(two->server.answered, COAX_OK);
    assert_int_equal(answer.err, COAX_ERR_NOT_FOUND);
    assert_string_equal(answer.message, "no note 5");
    assert_int_equal(answer.error_index, 0);
    assert_false(answer.has_details);
}

static void throw_in_handler(pair_side *side, coax_call call, const echo_note *request)
{
    const echo_broken broken = { request->id };
    side->answered = coax_gen_throw(call, &echo_echo, &echo_broken_type, &broken);
}

static void a_typed_error_arrives_typed(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(77, "x");
    two->server.in_handler = throw_in_handler;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);

    assert_int_equal(two->server.answered, COAX_OK);
    assert_int_equal(answer.err, COAX_ERR_FAILED_PRECONDITION);
    assert_int_equal(answer.error_index, 1);
    assert_int_equal(answer.broken_id, 77);
    assert_int_equal(answer.error_id, echo_broken_type.error_id);
    assert_string_equal(answer.message, "echo.Broken");
}

static void a_typed_error_that_the_caller_does_not_know_survives_as_details(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(77, "x");
    coax_method older = echo_echo; /* an older schema, which declares no errors */
    older.errors = NULL;
    older.n_errors = 0;
    two->server.in_handler = throw_in_handler;
    assert_int_equal(pair_call(&two->client, &older, &note, NULL, &answer), COAX_OK);
    pair_pump(two);

    assert_int_equal(answer.err, COAX_ERR_FAILED_PRECONDITION);
    assert_int_equal(answer.error_index, 0);
    assert_int_equal(answer.error_id, echo_broken_type.error_id);
    assert_true(answer.has_details);
}

static void a_oneway_message_arrives_and_nothing_comes_back(void **state)
{
    pair *two = *state;
    echo_note note = echo_make(1, "x");
    uint64_t before = two->n_to_client;
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.n_hints, 1);
    assert_int_equal(two->n_to_client, before);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
}

static void reply_to_oneway(pair_side *side, coax_call call, const echo_note *request)
{
    (void)request;
    assert_true(coax_call_is_live(call));
    side->kept[0] = call;
    side->answered = coax_call_fail(call, COAX_ERR_INTERNAL, "x");
}

static void a_oneway_call_is_live_inside_its_handler_only(void **state)
{
    pair *two = *state;
    echo_note note = echo_make(1, "x");
    two->server.in_handler = reply_to_oneway;
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.answered, COAX_ERR_MISUSE);
    assert_false(coax_call_is_live(two->server.kept[0]));
}

static void reply_twice(pair_side *side, coax_call call, const echo_note *request)
{
    assert_int_equal(coax_gen_reply(call, &echo_hint, request), COAX_ERR_MISUSE);
    assert_int_equal(coax_gen_reply(call, &echo_echo, request), COAX_OK);
    assert_false(coax_call_is_live(call));
    /* The request is still there, because the handler still runs. */
    side->answered = coax_gen_reply(call, &echo_echo, request);
}

static void a_second_reply_is_stale(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(1, "x");
    two->server.in_handler = reply_twice;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->server.answered, COAX_ERR_STALE);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_OK);
}

static void call_again(pair_answer *answer)
{
    echo_note note = echo_make(answer->id + 1, "x");
    if (answer->n_done < 5)
        assert_int_equal(pair_call(answer->side, &echo_echo, &note, NULL, answer), COAX_OK);
}

static void a_callback_may_start_the_next_call(void **state)
{
    pair *two = *state;
    pair_answer answer = { .then = call_again };
    echo_note note = echo_make(1, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.n_done, 5);
    assert_int_equal(answer.id, 5);
}

static void call_back_to_peer(pair_side *side, coax_call call, const echo_note *request)
{
    static pair_answer answer;
    memset(&answer, 0, sizeof answer);
    side->kept[side->n_kept++] = call;
    assert_int_equal(
        coax_gen_call_to(coax_call_peer(call), &echo_echo, request, NULL, pair_done, NULL, &answer),
        COAX_OK);
}

static void a_handler_may_call_its_caller(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    two->server.in_handler = call_back_to_peer;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(two->client.n_handled, 1);
    assert_int_equal(coax_gen_reply(two->server.kept[0], &echo_echo, &note), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_OK);
}

static void handles_know_their_call(void **state)
{
    pair *two = keeping(state);
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    coax_call made = { NULL, 0, 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.ret_call = &made;
    options.timeout_ms = 200;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer), COAX_OK);
    pair_pump(two);
    coax_call handled = two->server.kept[0];
    char text[64];

    assert_true(coax_call_is_live(made));
    assert_true(coax_call_is_live(handled));
    assert_int_equal(coax_call_method_id(made), echo_echo.id);
    assert_int_equal(coax_call_method_id(handled), echo_echo.id);
    assert_int_equal(coax_call_remaining_ms(made), 200);
    assert_int_equal(coax_call_remaining_ms(handled), 200);
    assert_true(coax_peer_is_open(coax_call_peer(handled)));
    assert_int_equal(coax_peer_name(coax_call_peer(handled), text, sizeof text), 8);
    assert_string_equal(text, "a client");
    assert_int_equal(coax_peer_name(coax_call_peer(handled), text, 3), 8);
    assert_string_equal(text, "a ");
    assert_int_equal(coax_peer_address(coax_call_peer(made), text, sizeof text), 11);
    assert_string_equal(text, "pair://here");
    assert_int_equal(coax_call_fail(made, COAX_ERR_INTERNAL, "x"), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_cancel(handled), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_fail(handled, COAX_OK, "x"), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_reply_raw(handled, (coax_bytes){ NULL, 0 }), COAX_ERR_MISUSE);
    assert_int_equal(coax_gen_reply(handled, &echo_echo, &note), COAX_OK);
    pair_pump(two);
}

static void local_codes_travel_as_their_nearest_canonical_one(void **state)
{
    pair *two = keeping(state);
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_IN_USE, "taken"), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_ALREADY_EXISTS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_call_brings_back_its_reply),
        TEST(both_sides_call),
        TEST(a_call_made_before_the_connection_is_open_leaves_when_it_is),
        TEST(many_calls_at_once_each_get_their_own_reply),
        TEST(replies_may_come_in_any_order),
        TEST(a_kept_request_stays_valid_until_it_is_answered),
        TEST(a_failed_call_brings_code_and_words),
        TEST(a_typed_error_arrives_typed),
        TEST(a_typed_error_that_the_caller_does_not_know_survives_as_details),
        TEST(a_oneway_message_arrives_and_nothing_comes_back),
        TEST(a_oneway_call_is_live_inside_its_handler_only),
        TEST(a_second_reply_is_stale),
        TEST(a_callback_may_start_the_next_call),
        TEST(a_handler_may_call_its_caller),
        TEST(handles_know_their_call),
        TEST(local_codes_travel_as_their_nearest_canonical_one),
    };
    return cmocka_run_group_tests_name("rpc_calls", tests, NULL, NULL);
}
