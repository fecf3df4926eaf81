/*
 * How calls end other than by an answer: deadlines, cancels, closed and broken connections. Each
 * exactly once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

static int set_up(void **state)
{
    static pair two;
    pair_init(&two);
    pair_connect(&two);
    *state = &two;
    return two.client.n_open == 1 && two.server.n_open == 1 ? 0 : -1;
}

static int tear_down(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    return two->fake.n_live == 0 ? 0 : -1;
}

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
    assert_string_equal(answer.message, "the peer closed the connection: not?you");
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
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
        TEST(a_cancelled_call_ends_once_from_the_loop),
        TEST(an_answer_that_meets_a_cancel_is_ignored),
        TEST(a_late_answer_never_meets_a_younger_call),
        TEST(a_broken_connection_fails_every_call_once),
        TEST(a_closed_connection_takes_no_more_calls),
        TEST(closing_tells_the_peer_why),
        TEST(a_client_that_closes_ends_its_calls_as_cancelled),
        TEST(a_handler_may_close_its_own_connection),
        TEST(a_callback_may_close_the_connection_under_other_answers),
        TEST(a_callback_of_the_end_may_try_again_in_vain),
        TEST(a_cancel_and_a_close_in_one_turn_end_a_call_once),
        TEST(a_kept_result_outlives_its_core),
    };
    return cmocka_run_group_tests_name("rpc_ends", tests, NULL, NULL);
}
