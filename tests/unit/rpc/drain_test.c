/*
 * Connections that end in good order: no new calls, those under way go on, then the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

static coax_err begin(pair_side *side, pair_answer *answer)
{
    echo_note note = echo_make(5, "x");
    return pair_call(side, &echo_echo, &note, NULL, answer);
}

static void answer_kept(pair_side *side, uint32_t i)
{
    echo_note note = echo_make(5, "x");
    assert_int_equal(coax_gen_reply(side->kept[i], &echo_echo, &note), COAX_OK);
}

static void an_idle_connection_closes_at_once(void **state)
{
    pair *two = *state;
    cx_endpoint_drain(&two->server.endpoint, 0, "going home");
    pair_pump(two);
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->client.n_closed, 1);
    assert_int_equal(two->client.reason.code, COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(two->client.reason.text, "drained"));
}

static void calls_under_way_end_before_it_closes(void **state)
{
    pair *two = *state;
    pair_answer answers[3] = { { 0 } };
    two->server.keeps_calls = true;
    for (int i = 0; i < 3; i++)
        assert_int_equal(begin(&two->client, &answers[i]), COAX_OK);
    pair_pump(two);
    cx_endpoint_drain(&two->server.endpoint, 250, "going home");
    cx_endpoint_drain(&two->server.endpoint, 250, "twice is once");
    pair_pump(two);
    assert_int_equal(two->client.n_drains, 1);
    assert_int_equal(two->client.retry_after_ms, 250);
    assert_string_equal(two->client.drain_words, "going home");
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(two->server.n_closed, 0);
        answer_kept(&two->server, i);
        pair_pump(two);
        assert_int_equal(answers[i].err, COAX_OK);
        assert_int_equal(answers[i].n_done, 1);
    }
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->client.n_closed, 1);
}

static void a_peer_that_drains_is_not_called_and_the_caller_hears_why(void **state)
{
    pair *two = *state;
    pair_answer first = { 0 };
    pair_answer second = { 0 };
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    echo_note note = echo_make(5, "x");
    options.error = &error;
    two->server.keeps_calls = true;
    assert_int_equal(begin(&two->client, &first), COAX_OK);
    pair_pump(two);
    cx_endpoint_drain(&two->server.endpoint, 0, "going home");
    pair_pump(two);
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &second),
                     COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(error.text, "drains"));
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, &options),
                     COAX_ERR_UNAVAILABLE);
    answer_kept(&two->server, 0);
    pair_pump(two);
    assert_int_equal(first.err, COAX_OK);
}

static void a_request_that_crosses_the_drain_is_answered_with_unavailable(void **state)
{
    pair *two = *state;
    pair_answer kept = { 0 };
    pair_answer late = { 0 };
    two->server.keeps_calls = true;
    assert_int_equal(begin(&two->client, &kept), COAX_OK);
    pair_pump(two);
    two->server.is_held = true; /* GOAWAY is on its way */
    cx_endpoint_drain(&two->server.endpoint, 0, "going home");
    pair_pump(two);
    assert_int_equal(begin(&two->client, &late), COAX_OK);
    two->server.is_held = false;
    pair_pump(two);
    assert_int_equal(late.n_done, 1);
    assert_int_equal(late.err, COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(late.message, "takes no new calls"));
    assert_int_equal(two->server.n_handled, 1);
    assert_int_equal(two->server.n_errors, 0); /* nobody's fault */
    assert_int_equal(two->server.n_closed, 0);
    answer_kept(&two->server, 0);
    pair_pump(two);
    assert_int_equal(kept.err, COAX_OK);
    assert_int_equal(two->server.n_closed, 1);
}

static void a_one_way_message_that_crosses_is_taken(void **state)
{
    pair *two = *state;
    pair_answer kept = { 0 };
    echo_note note = echo_make(5, "x");
    two->server.keeps_calls = true;
    assert_int_equal(begin(&two->client, &kept), COAX_OK);
    pair_pump(two);
    two->server.is_held = true;
    cx_endpoint_drain(&two->server.endpoint, 0, "going home");
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL), COAX_OK);
    two->server.is_held = false;
    pair_pump(two);
    assert_int_equal(two->server.n_hints, 1);
    answer_kept(&two->server, 0);
    pair_pump(two);
}

static void calls_of_the_side_that_drains_end_too(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    pair_answer more = { 0 };
    two->client.keeps_calls = true;
    assert_int_equal(begin(&two->server, &answer), COAX_OK);
    pair_pump(two);
    cx_endpoint_drain(&two->server.endpoint, 0, "going home");
    pair_pump(two);
    assert_int_equal(two->server.n_closed, 0);
    /* Its handlers may need further ones. */
    assert_int_equal(begin(&two->server, &more), COAX_OK);
    pair_pump(two);
    answer_kept(&two->client, 0);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(two->server.n_closed, 0);
    answer_kept(&two->client, 1);
    pair_pump(two);
    assert_int_equal(more.err, COAX_OK);
    assert_int_equal(two->server.n_closed, 1);
}

static void what_is_queued_leaves_before_it_closes(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    static const uint8_t body[300000];
    echo_note note = echo_make(5, "x");
    note.body = (coax_bytes){ body, sizeof body };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    two->server.is_held = true;
    pair_pump(two);
    assert_int_equal(two->server.n_handled, 1);
    cx_endpoint_drain(&two->server.endpoint, 0, "going home");
    pair_pump(two);
    assert_int_equal(two->server.n_closed, 0);
    two->server.is_held = false;
    two->chunk = 1000;
    pair_pump(two);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(answer.body_len, sizeof body);
    assert_int_equal(two->server.n_closed, 1);
}

static void a_cancelled_call_whose_handler_works_on_is_waited_for(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    coax_call made = { NULL, 0, 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.ret_call = &made;
    two->server.keeps_calls = true;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    cx_endpoint_drain(&two->server.endpoint, 0, "going home");
    pair_pump(two);
    assert_int_equal(two->server.n_closed, 0);
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_ABORTED, "late"), COAX_ERR_STALE);
    pair_pump(two);
    assert_int_equal(two->server.n_closed, 1);
}

static void both_sides_may_drain(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    two->server.keeps_calls = true;
    assert_int_equal(begin(&two->client, &answer), COAX_OK);
    pair_pump(two);
    cx_endpoint_drain(&two->server.endpoint, 0, "going home");
    cx_endpoint_drain(&two->client.endpoint, 0, "so am I");
    pair_pump(two);
    assert_int_equal(two->client.n_closed, 0);
    answer_kept(&two->server, 0);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_OK);
    assert_int_equal(two->client.n_closed, 1);
    assert_int_equal(two->server.n_closed, 1);
}

static void one_that_is_not_open_yet_is_closed(void **state)
{
    (void)state;
    pair two;
    pair_init(&two);
    assert_int_equal(pair_make(&two), COAX_OK);
    cx_endpoint_drain(&two.server.endpoint, 0, "going home");
    pair_pump(&two);
    assert_int_equal(two.server.n_closed, 1);
    assert_int_equal(two.client.n_closed, 1);
    assert_non_null(strstr(two.client.reason.text, "going home"));
    pair_deinit(&two);
}

#define DRAIN_TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DRAIN_TEST(an_idle_connection_closes_at_once),
        DRAIN_TEST(calls_under_way_end_before_it_closes),
        DRAIN_TEST(a_peer_that_drains_is_not_called_and_the_caller_hears_why),
        DRAIN_TEST(a_request_that_crosses_the_drain_is_answered_with_unavailable),
        DRAIN_TEST(a_one_way_message_that_crosses_is_taken),
        DRAIN_TEST(calls_of_the_side_that_drains_end_too),
        DRAIN_TEST(what_is_queued_leaves_before_it_closes),
        DRAIN_TEST(a_cancelled_call_whose_handler_works_on_is_waited_for),
        DRAIN_TEST(both_sides_may_drain),
        cmocka_unit_test(one_that_is_not_open_yet_is_closed),
    };
    return cmocka_run_group_tests_name("rpc_drain", tests, NULL, NULL);
}
