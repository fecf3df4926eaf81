/*
 * What a call does, on every transport and in every style: the results, the errors, the deadlines,
 * the sizes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stage.h"

static void assert_says(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

static uint32_t sum_of(stage *s, uint32_t a, uint32_t b)
{
    probe_probe_add_request request = { .a = a, .b = b };
    probe_probe_add_result result = ask_add(s, &request, NULL);
    if (result.err != COAX_OK)
        fail_msg("%s: %s", coax_err_name(result.err), result.status.message);
    uint32_t sum = result.reply->sum;
    probe_probe_add_result_free(&result);
    return sum;
}

static void a_call_gets_its_reply(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    assert_int_equal(sum_of(&s, 2, 3), 5);
    assert_int_equal(sum_of(&s, 0, UINT32_MAX), UINT32_MAX);
    assert_int_equal(coax_client_get_state(s.client), COAX_CLIENT_OPEN);
    stage_close(&s);
    assert_int_equal(s.probe.n_connected, 1);
}

static void a_typed_error_arrives_with_its_fields(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_probe_add_request overflowing = { .a = UINT32_MAX, .b = 1 };
    probe_probe_add_result result = ask_add(&s, &overflowing, NULL);
    assert_int_equal(result.err, COAX_ERR_OUT_OF_RANGE);
    assert_non_null(result.overflow);
    assert_int_equal(result.overflow->limit, UINT32_MAX);
    assert_null(result.unlucky);
    assert_null(result.reply);
    probe_probe_add_result_free(&result);
    probe_probe_add_request unlucky = { .a = 13, .b = 1 };
    result = ask_add(&s, &unlucky, NULL);
    assert_int_equal(result.err, COAX_ERR_FAILED_PRECONDITION);
    assert_non_null(result.unlucky);
    assert_string_equal(result.unlucky->why.data, "unlucky");
    assert_null(result.overflow);
    probe_probe_add_result_free(&result);
    assert_int_equal(sum_of(&s, 1, 1), 2);
    stage_close(&s);
}

static void every_canonical_code_crosses_with_its_words(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    for (uint32_t code = 1; code <= 16; code++) {
        probe_probe_fail_request request = { .code = code, .words = coax_str_from("these words") };
        probe_probe_fail_result result = ask_fail(&s, &request, NULL);
        assert_int_equal(result.err, code);
        assert_string_equal(result.status.message, "these words");
        assert_int_equal(result.status.error_id, 0);
        probe_probe_fail_result_free(&result);
    }
    stage_close(&s);
}

static void a_local_code_crosses_as_its_canonical_one(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_probe_fail_request request = { .code = COAX_ERR_NO_MEMORY, .words = { "", 0 } };
    probe_probe_fail_result result = ask_fail(&s, &request, NULL);
    assert_int_equal(result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    probe_probe_fail_result_free(&result);
    stage_close(&s);
}

static void echo_of(stage *s, const uint8_t *data, size_t len)
{
    probe_probe_echo_request request = { .payload = { data, len } };
    probe_probe_echo_result result = ask_echo(s, &request, NULL);
    if (result.err != COAX_OK)
        fail_msg("%zu bytes: %s: %s", len, coax_err_name(result.err), result.status.message);
    assert_int_equal(result.reply->payload.len, len);
    assert_memory_equal(result.reply->payload.data, data, len);
    probe_probe_echo_result_free(&result);
}

static void every_size_comes_back_as_it_was(void **state)
{
    (void)state;
    static const size_t sizes[] = { 0,      1,      31,     32,      127,         128,   255,
                                    256,    4095,   32752,  32768,   65535,       65536, 65537,
                                    131071, 271828, 314159, 1048576, 4194304 - 64 };
    stage s;
    size_t most = 4194304;
    uint8_t *data = malloc(most);
    assert_non_null(data);
    for (size_t i = 0; i < most; i++)
        data[i] = (uint8_t)(i * 2654435761u >> 13);
    stage_open(&s, NULL, NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        echo_of(&s, data, sizes[i]);
    stage_close(&s);
    free(data);
}

static void a_request_past_max_message_is_refused_before_it_leaves(void **state)
{
    (void)state;
    stage s;
    size_t len = 4194304 + 1;
    uint8_t *data = calloc(1, len);
    assert_non_null(data);
    stage_open(&s, NULL, NULL);
    assert_int_equal(sum_of(&s, 1, 1), 2);
    probe_probe_echo_request request = { .payload = { data, len } };
    probe_probe_echo_result result = ask_echo(&s, &request, NULL);
    assert_int_equal(result.err, COAX_ERR_TOO_LARGE);
    assert_says(result.status.message, "max_message");
    probe_probe_echo_result_free(&result);
    assert_int_equal(sum_of(&s, 1, 2), 3);
    stage_close(&s);
    free(data);
}

static void a_reply_past_max_message_is_told_to_the_caller(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_probe_grow_request request = { .len = 4194304 + 1 };
    probe_probe_grow_result result = ask_grow(&s, &request, NULL);
    assert_int_equal(result.err, COAX_ERR_RESOURCE_EXHAUSTED);
    probe_probe_grow_result_free(&result);
    assert_int_equal(sum_of(&s, 1, 2), 3);
    stage_close(&s);
}

static void a_broken_rule_is_refused_before_it_leaves_and_names_the_field(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_probe_name_request request = { .text = coax_str_from("far too long") };
    probe_probe_name_result result = ask_name(&s, &request, NULL);
    assert_int_equal(result.err, COAX_ERR_INVALID_ARGUMENT);
    assert_says(result.status.message, "text: 12 bytes, at most 8 allowed (@len)");
    probe_probe_name_result_free(&result);
    stage_close(&s);
}

static void an_unknown_method_is_unimplemented(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_absent_call_request request = { .number = 5 };
    probe_absent_call_result result = ask_absent(&s, &request, NULL);
    assert_int_equal(result.err, COAX_ERR_UNIMPLEMENTED);
    probe_absent_call_result_free(&result);
    assert_int_equal(sum_of(&s, 1, 2), 3);
    stage_close(&s);
}

static void the_fallback_may_answer_an_unknown_method(void **state)
{
    (void)state;
    stage s;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.on_unknown = probe_on_unknown;
    stage_open(&s, &options, NULL);
    probe_absent_call_request request = { .number = 5 };
    probe_absent_call_result result = ask_absent(&s, &request, NULL);
    assert_int_equal(result.err, COAX_OK);
    assert_int_equal(result.reply->number, 5);
    probe_absent_call_result_free(&result);
    stage_close(&s);
}

static void a_handler_that_never_answers_meets_the_deadline(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    assert_int_equal(sum_of(&s, 1, 1), 2);
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 30;
    probe_probe_hold_request request = { .ticket = 1 };
    probe_probe_hold_result result = ask_hold(&s, &request, &options);
    assert_int_equal(result.err, COAX_ERR_DEADLINE_EXCEEDED);
    probe_probe_hold_result_free(&result);
    assert_int_equal(sum_of(&s, 1, 2), 3);
    stage_close(&s);
}

static void the_deadline_counts_down_over_two_hops(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 5000;
    probe_probe_remaining_request request = { .hops = 1 };
    probe_probe_remaining_result result = ask_remaining(&s, &request, &options);
    assert_int_equal(result.err, COAX_OK);
    assert_in_range(result.reply->left_here_ms, 1, 5000);
    assert_in_range(result.reply->left_ms, 1, result.reply->left_here_ms);
    probe_probe_remaining_result_free(&result);
    stage_close(&s);
}

static void without_a_timeout_the_default_applies(void **state)
{
    (void)state;
    stage s;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.call_timeout_ms = 7000;
    stage_open(&s, NULL, &options);
    probe_probe_remaining_request request = { .hops = 0 };
    probe_probe_remaining_result result = ask_remaining(&s, &request, NULL);
    assert_int_equal(result.err, COAX_OK);
    assert_in_range(result.reply->left_ms, 1, 7000);
    probe_probe_remaining_result_free(&result);
    stage_close(&s);
}

static void the_server_calls_its_client(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_probe_ask_back_request request = { .number = 21, .times = 10 };
    probe_probe_ask_back_result result = ask_ask_back(&s, &request, NULL);
    assert_int_equal(result.err, COAX_OK);
    assert_int_equal(result.reply->sum, 420);
    probe_probe_ask_back_result_free(&result);
    stage_close(&s);
}

static void send_notes(void *self)
{
    stage *s = self;
    for (uint32_t i = 1; i <= 100; i++) {
        probe_probe_note_request note = { .number = i };
        assert_int_equal(probe_probe_note(s->client, &note, NULL), COAX_OK);
    }
}

static void one_way_messages_arrive_in_order_and_before_a_later_call(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    if (s.style == STYLE_POSTED) /* only a dialled client sends from any thread */
        assert_int_equal(coax_loop_post(s.loop, send_notes, &s), COAX_OK);
    else
        send_notes(&s);
    probe_probe_seen_request request = { 0 };
    probe_probe_seen_result result = ask_seen(&s, &request, NULL);
    assert_int_equal(result.err, COAX_OK);
    assert_int_equal(result.reply->notes, 100);
    assert_int_equal(result.reply->last, 100);
    probe_probe_seen_result_free(&result);
    stage_close(&s);
}

static void a_second_answer_is_stale(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_probe_answer_twice_request request = { 0 };
    probe_probe_answer_twice_result result = ask_answer_twice(&s, &request, NULL);
    assert_int_equal(result.err, COAX_OK);
    probe_probe_answer_twice_result_free(&result);
    probe_probe_seen_request seen_request = { 0 };
    probe_probe_seen_result seen = ask_seen(&s, &seen_request, NULL);
    assert_int_equal(seen.reply->second_answer, COAX_ERR_STALE);
    probe_probe_seen_result_free(&seen);
    stage_close(&s);
}

static void a_server_that_hangs_up_says_why(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_probe_hang_up_request request = { 0 };
    probe_probe_hang_up_result result = ask_hang_up(&s, &request, NULL);
    assert_int_equal(result.err, COAX_ERR_UNAVAILABLE);
    assert_says(result.status.message, "hung up as asked");
    probe_probe_hang_up_result_free(&result);
    probe_probe_add_request again = { .a = 1, .b = 1 };
    probe_probe_add_result refused = ask_add(&s, &again, NULL);
    assert_int_equal(refused.err, COAX_ERR_UNAVAILABLE);
    assert_says(refused.status.message, "hung up as asked");
    probe_probe_add_result_free(&refused);
    stage_close(&s);
    assert_int_equal(s.probe.n_disconnected, 1);
    assert_int_equal(s.probe.n_errors, 0); /* it was the program's wish, not the peer's fault */
}

static void a_result_outlives_its_client(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    probe_probe_echo_request request = { .payload = { (const uint8_t *)"keep me", 7 } };
    probe_probe_echo_result result = ask_echo(&s, &request, NULL);
    stage_close(&s);
    assert_int_equal(result.err, COAX_OK);
    assert_memory_equal(result.reply->payload.data, "keep me", 7);
    probe_probe_echo_result_free(&result);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_gets_its_reply),
        cmocka_unit_test(a_typed_error_arrives_with_its_fields),
        cmocka_unit_test(every_canonical_code_crosses_with_its_words),
        cmocka_unit_test(a_local_code_crosses_as_its_canonical_one),
        cmocka_unit_test(every_size_comes_back_as_it_was),
        cmocka_unit_test(a_request_past_max_message_is_refused_before_it_leaves),
        cmocka_unit_test(a_reply_past_max_message_is_told_to_the_caller),
        cmocka_unit_test(a_broken_rule_is_refused_before_it_leaves_and_names_the_field),
        cmocka_unit_test(an_unknown_method_is_unimplemented),
        cmocka_unit_test(the_fallback_may_answer_an_unknown_method),
        cmocka_unit_test(a_handler_that_never_answers_meets_the_deadline),
        cmocka_unit_test(the_deadline_counts_down_over_two_hops),
        cmocka_unit_test(without_a_timeout_the_default_applies),
        cmocka_unit_test(the_server_calls_its_client),
        cmocka_unit_test(one_way_messages_arrive_in_order_and_before_a_later_call),
        cmocka_unit_test(a_second_answer_is_stale),
        cmocka_unit_test(a_server_that_hangs_up_says_why),
        cmocka_unit_test(a_result_outlives_its_client),
    };
    int rc = stage_choose(argc, argv);
    if (rc != 0)
        return rc;
    int failed = cmocka_run_group_tests_name(argv[1], tests, NULL, NULL);
    return failed + stage_done();
}
