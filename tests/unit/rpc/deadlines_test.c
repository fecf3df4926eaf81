/*
 * Deadlines: whose timeout holds, how it travels and counts down, and what a handler past it may still do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

/* A call the server keeps unanswered. */
static coax_call begin(pair *two, pair_answer *answer, uint32_t timeout_ms)
{
    echo_note note = echo_make(5, "x");
    coax_call made = { NULL, 0, 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.ret_call = &made;
    options.timeout_ms = timeout_ms;
    two->server.keeps_calls = true;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, answer), COAX_OK);
    return made;
}

static void a_call_that_is_not_answered_meets_its_deadline(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    begin(two, &answer, 100);
    pair_pump(two);
    pair_advance(two, 98);
    assert_int_equal(answer.n_done, 0);
    pair_advance(two, 4);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
    pair_advance(two, 1000);
    assert_int_equal(answer.n_done, 1);
}

static void the_methods_own_timeout_holds_when_the_caller_names_none(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    two->server.keeps_calls = true;
    assert_int_equal(pair_call(&two->client, &echo_quick, &note, NULL, &answer), COAX_OK);
    pair_advance(two, 60);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
}

static void the_connections_timeout_holds_when_the_method_has_none(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    begin(two, &answer, 0);
    pair_advance(two, 9990);
    assert_int_equal(answer.n_done, 0);
    pair_advance(two, 20);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
}

static void the_server_answers_for_a_handler_that_misses_the_deadline(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    begin(two, &answer, 100);
    pair_pump(two);
    /* Only the server's clock moves on: the answer is its own. */
    two->fake.now += 110u * 1000000u;
    cx_core_advance(&two->server.core, two->fake.now);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_string_equal(answer.message, "the handler did not answer before the deadline");
    assert_int_equal(coax_call_remaining_ms(two->server.kept[0]), 0);
}

static void a_handler_past_its_deadline_counts_until_it_answers_in_vain(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    begin(two, &answer, 100);
    pair_pump(two);
    pair_advance(two, 200);
    coax_call kept = two->server.kept[0];
    assert_false(coax_call_is_live(kept));
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 1);
    /* The request is still valid: the handler is still at work. */
    assert_string_equal(two->server.kept_requests[0]->text.data, "x");
    assert_int_equal(coax_gen_reply(kept, &echo_echo, two->server.kept_requests[0]),
                     COAX_ERR_STALE);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
    assert_int_equal(coax_gen_reply(kept, &echo_echo, NULL), COAX_ERR_STALE);
}

static void a_deadline_that_passed_on_the_way_runs_no_handler(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    two->client.is_held = true;
    begin(two, &answer, 1);
    /*
     * The frame says how much was left when it was encoded; a shell that held it is not accounted
     * for, but zero is zero.
     */
    uint8_t bytes[256];
    size_t len = pair_take(&two->client, bytes, sizeof bytes);
    assert_true(len > 20);
    memset(bytes + 16, 0, 4);
    pair_feed(two, &two->server, bytes, len, 0);
    two->client.is_held = false;
    pair_pump(two);
    assert_int_equal(two->server.n_handled, 0);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
}

static void child_in_handler(pair_side *side, coax_call call, const echo_note *request)
{
    static pair_answer answer;
    memset(&answer, 0, sizeof answer);
    coax_call made = { NULL, 0, 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.parent = call;
    options.timeout_ms = 5000;
    options.ret_call = &made;
    side->kept[0] = call;
    assert_int_equal(pair_call(side, &echo_echo, request, &options, &answer), COAX_OK);
    assert_int_equal(coax_call_remaining_ms(made), coax_call_remaining_ms(call));
    side->kept[1] = made;
}

static void a_parents_deadline_bounds_its_children(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    two->server.in_handler = child_in_handler;
    two->client.keeps_calls = true;
    begin(two, &answer, 80);
    pair_pump(two);
    assert_int_equal(two->client.n_kept, 1);
    /* The child travelled on with what was left of its parent's time. */
    assert_int_equal(coax_call_remaining_ms(two->client.kept[0]), 80);
    pair_advance(two, 90);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_false(coax_call_is_live(two->server.kept[1]));
}

static void a_parent_that_has_ended_has_no_children(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 }, child = { 0 };
    echo_note note = echo_make(1, "x");
    begin(two, &answer, 80);
    pair_pump(two);
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.parent = two->server.kept[0];
    options.error = &error;
    two->fake.now += 85u * 1000000u; /* the wheel has not turned yet */
    assert_int_equal(pair_call(&two->server, &echo_echo, &note, &options, &child),
                     COAX_ERR_DEADLINE_EXCEEDED);
    pair_advance(two, 1);
    assert_int_equal(pair_call(&two->server, &echo_echo, &note, &options, &child), COAX_ERR_STALE);
    assert_non_null(strstr(error.text, "parent"));
}

static void options_of_an_older_version_are_read_as_far_as_they_go(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    coax_call made = { NULL, 0, 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.size = offsetof(coax_call_options, parent); /* ends behind timeout_ms */
    options.timeout_ms = 20;
    options.ret_call = &made;
    two->server.keeps_calls = true;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer), COAX_OK);
    assert_null(made.loop);
    pair_advance(two, 30);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_call_that_is_not_answered_meets_its_deadline),
        TEST(the_methods_own_timeout_holds_when_the_caller_names_none),
        TEST(the_connections_timeout_holds_when_the_method_has_none),
        TEST(the_server_answers_for_a_handler_that_misses_the_deadline),
        TEST(a_handler_past_its_deadline_counts_until_it_answers_in_vain),
        TEST(a_deadline_that_passed_on_the_way_runs_no_handler),
        TEST(a_parents_deadline_bounds_its_children),
        TEST(a_parent_that_has_ended_has_no_children),
        TEST(options_of_an_older_version_are_read_as_far_as_they_go),
    };
    return cmocka_run_group_tests_name("rpc_deadlines", tests, NULL, NULL);
}
