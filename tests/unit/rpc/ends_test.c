/*
 * How calls end other than by an answer: cancels, closed and broken connections. Each exactly once.
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

static void a_cancelled_call_ends_once_from_the_loop(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call made = begin(two, &answer, 0);
    pair_pump(two);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    assert_int_equal(answer.n_done, 0);
    assert_false(coax_call_is_live(made));
    assert_int_equal(coax_call_cancel(made), COAX_ERR_STALE);
    pair_pump(two);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_ERR_CANCELLED);
    /* The handler learns of it, and still counts. */
    assert_false(coax_call_is_live(two->server.kept[0]));
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 1);
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_ABORTED, "late"), COAX_ERR_STALE);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
    pair_advance(two, 20000);
    assert_int_equal(answer.n_done, 1);
}

static void an_answer_that_meets_a_cancel_is_ignored(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    coax_call made = begin(two, &answer, 0);
    pair_pump(two);
    assert_int_equal(coax_gen_reply(two->server.kept[0], &echo_echo, &note), COAX_OK);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_ERR_CANCELLED);
    assert_true(cx_endpoint_is_open(&two->client.endpoint));
}

static void a_late_answer_never_meets_a_younger_call(void **state)
{
    pair *two = *state;
    static pair_answer answers[9000];
    memset(answers, 0, sizeof answers);
    echo_note note = echo_make(5, "x");
    /*
     * The answers of all these are on their way back when they are cancelled, and the next ones
     * begun.
     */
    two->server.is_held = true;
    for (unsigned i = 0; i < 9000; i++) {
        coax_call made;
        coax_call_options options = COAX_CALL_OPTIONS_INIT;
        options.ret_call = &made;
        note.id = i;
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answers[i]),
                         COAX_OK);
        pair_pump(two);
        if (i < 8999)
            assert_int_equal(coax_call_cancel(made), COAX_OK);
    }
    two->server.is_held = false;
    pair_pump(two);
    for (unsigned i = 0; i < 8999; i++)
        assert_int_equal(answers[i].err, COAX_ERR_CANCELLED);
    assert_int_equal(answers[8999].err, COAX_OK);
    assert_int_equal(answers[8999].id, 8999);
}

static void a_broken_connection_fails_every_call_once(void **state)
{
    pair *two = *state;
    static pair_answer answers[200];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < 200; i++)
        begin(two, &answers[i], 0);
    pair_pump(two);
    pair_break(two, "connection reset by peer");
    for (unsigned i = 0; i < 200; i++) {
        assert_int_equal(answers[i].n_done, 1);
        assert_int_equal(answers[i].err, COAX_ERR_UNAVAILABLE);
        assert_string_equal(answers[i].message, "connection reset by peer");
    }
    assert_int_equal(two->client.n_closed, 1);
    assert_int_equal(two->server.n_closed, 1);
    assert_string_equal(two->client.reason.text, "connection reset by peer");
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
    assert_int_equal(coax_gen_reply(two->server.kept[0], &echo_echo, NULL), COAX_ERR_STALE);
}

static void a_closed_connection_takes_no_more_calls(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    pair_break(two, "gone");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, &answer),
                     COAX_ERR_UNAVAILABLE);
    assert_string_equal(error.text, "gone");
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, &options),
                     COAX_ERR_UNAVAILABLE);
}

static void closing_tells_the_peer_why(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    begin(two, &answer, 0);
    pair_pump(two);
    cx_endpoint_close(&two->server.endpoint, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE,
                      "going home");
    assert_int_equal(two->server.n_closed, 0); /* from the loop only */
    assert_false(coax_call_is_live(two->server.kept[0]));
    pair_pump(two);
    assert_int_equal(two->server.n_closed, 1);
    assert_int_equal(two->client.n_closed, 1);
    assert_string_equal(two->client.reason.text, "the peer closed the connection: going home");
    assert_int_equal(answer.err, COAX_ERR_UNAVAILABLE);
    assert_string_equal(answer.message, "the peer closed the connection: going home");
}

static void words_that_are_no_text_are_mended_before_they_leave(void **state)
{
    pair *two = *state;
    cx_endpoint_close(&two->server.endpoint, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE,
                      "f\xfcr \xc3\xbc\xff");
    pair_pump(two);
    assert_string_equal(two->client.reason.text, "the peer closed the connection: f?r \xc3\xbc?");
}

static void a_client_that_closes_ends_its_calls_as_cancelled(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    begin(two, &answer, 0);
    pair_pump(two);
    cx_endpoint_close(&two->client.endpoint, COAX_ERR_CANCELLED, COAX_ERR_CANCELLED, "closed");
    pair_pump(two);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_ERR_CANCELLED);
}

static void close_in_handler(pair_side *side, coax_call call, const echo_note *request)
{
    coax_peer peer = coax_call_peer(call);
    assert_int_equal(coax_peer_close(peer, COAX_ERR_PERMISSION_DENIED, "not\nyou"), COAX_OK);
    assert_int_equal(coax_peer_close(peer, COAX_ERR_PERMISSION_DENIED, ""), COAX_ERR_STALE);
    assert_string_equal(request->text.data, "x"); /* still there, while the handler runs */
    side->answered = coax_gen_reply(call, &echo_echo, request);
}

static void a_handler_may_close_its_own_connection(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    two->server.in_handler = close_in_handler;
    begin(two, &answer, 0);
    pair_pump(two);
    assert_int_equal(two->server.answered, COAX_ERR_STALE);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_ERR_UNAVAILABLE);
    assert_string_equal(answer.message, "the peer closed the connection: not you");
    assert_int_equal(two->client.reason.code, COAX_ERR_PERMISSION_DENIED);
}

static void close_own(pair_answer *answer)
{
    cx_endpoint_close(&answer->side->endpoint, COAX_ERR_CANCELLED, COAX_ERR_CANCELLED, "done");
}

static void a_callback_may_close_the_connection_under_other_answers(void **state)
{
    pair *two = *state;
    pair_answer first = { .then = close_own }, second = { 0 };
    echo_note note = echo_make(5, "x");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &first), COAX_OK);
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &second), COAX_OK);
    pair_pump(two);
    assert_int_equal(first.err, COAX_OK);
    assert_int_equal(second.n_done, 1);
    assert_int_equal(second.err, COAX_ERR_CANCELLED);
}

static void call_in_vain(pair_answer *answer)
{
    echo_note note = echo_make(1, "x");
    assert_int_equal(pair_call(answer->side, &echo_echo, &note, NULL, answer),
                     COAX_ERR_UNAVAILABLE);
}

static void a_callback_of_the_end_may_try_again_in_vain(void **state)
{
    pair *two = *state;
    pair_answer first = { .then = call_in_vain }, second = { 0 };
    begin(two, &first, 0);
    begin(two, &second, 0);
    pair_pump(two);
    pair_break(two, "gone");
    assert_int_equal(first.n_done, 1);
    assert_int_equal(second.n_done, 1);
}

static void a_cancel_and_a_close_in_one_turn_end_a_call_once(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call made = begin(two, &answer, 0);
    pair_pump(two);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    cx_endpoint_close(&two->client.endpoint, COAX_ERR_CANCELLED, COAX_ERR_CANCELLED, "closed");
    pair_pump(two);
    assert_int_equal(answer.n_done, 1);
    assert_int_equal(answer.err, COAX_ERR_CANCELLED);
}

static void a_kept_result_outlives_its_core(void **state)
{
    (void)state;
    pair two;
    pair_init(&two);
    pair_connect(&two);
    coax_memory *kept = cx_memory_take(two.client.core.memory, NULL, 1000);
    char *text = coax_arena_take(cx_memory_arena(kept), 6, 1);
    memcpy(text, "still", 6);
    assert_ptr_equal(coax_memory_ref(kept), kept);
    coax_memory_unref(kept);
    pair_deinit(&two);
    assert_string_equal(text, "still");
    coax_memory_unref(kept);
    assert_int_equal(two.fake.n_live, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_cancelled_call_ends_once_from_the_loop),
        TEST(an_answer_that_meets_a_cancel_is_ignored),
        TEST(a_late_answer_never_meets_a_younger_call),
        TEST(a_broken_connection_fails_every_call_once),
        TEST(a_closed_connection_takes_no_more_calls),
        TEST(closing_tells_the_peer_why),
        TEST(words_that_are_no_text_are_mended_before_they_leave),
        TEST(a_client_that_closes_ends_its_calls_as_cancelled),
        TEST(a_handler_may_close_its_own_connection),
        TEST(a_callback_may_close_the_connection_under_other_answers),
        TEST(a_callback_of_the_end_may_try_again_in_vain),
        TEST(a_cancel_and_a_close_in_one_turn_end_a_call_once),
        TEST(a_kept_result_outlives_its_core),
    };
    return cmocka_run_group_tests_name("rpc_ends", tests, NULL, NULL);
}
