/*
 * How streams end: the host's status, its early end, cancelling, deadlines, items that may not be sent.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "talk.h"

static void a_status_comes_behind_the_items_before_it(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    const uint32_t lens[] = { 10, 100000, 20 };
    interop_wish wishes[3];
    const interop_ending wanted = { .code = COAX_ERR_UNKNOWN,
                                    .words = coax_str_from("test status message") };
    interop_order order = order_of(wishes, lens, 3);
    order.ending = &wanted;
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(OUTPUT, WORKED_OUTPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], &order, NULL), COAX_OK);
        for (int i = 0; i < 3; i++)
            assert_int_equal(talk_next(&t), lens[i]);
        assert_int_equal(talk_next(&t), -1);
        ending e = talk_finish(&t);
        assert_int_equal(e.err, COAX_ERR_UNKNOWN);
        assert_string_equal(e.words, "test status message");
    }
    scene_close(&s);
}

static void a_host_may_end_while_its_caller_still_sends(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    const interop_ending wanted = { .code = COAX_ERR_ABORTED, .words = coax_str_from("enough") };
    const interop_order order = { .ending = &wanted };
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(DUPLEX, WORKED_DUPLEX, kinds); k < n; k++) {
        coax_err rc = COAX_OK;
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        assert_int_equal(talk_put_wish(&t, 5), COAX_OK);
        assert_int_equal(talk_next(&t), 5);
        assert_int_equal(talk_put(&t, &order), COAX_OK);
        assert_int_equal(talk_next(&t), -1);
        rc = talk_put_wish(&t, 5);
        assert_int_equal(rc, COAX_ERR_ABORTED);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_ABORTED, "enough");
    }
    scene_assert_alive(&s);
    scene_close(&s);
}

static void a_host_may_answer_before_its_caller_has_ended(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    const interop_interop_input_request request = { .has_limit = true, .limit = 3 };
    const interop_worked_input_request worked = { .has_limit = true, .limit = 3 };
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(INPUT, WORKED_INPUT, kinds); k < n; k++) {
        const void *asked = k == 0 ? (const void *)&request : &worked;
        assert_int_equal(talk_open(&t, &s, kinds[k], asked, NULL), COAX_OK);
        for (uint32_t i = 0; i < 3; i++)
            assert_int_equal(talk_put_chunk(&t, i, 1000), COAX_OK);
        coax_err rc = COAX_OK;
        for (uint32_t i = 3; rc == COAX_OK && i < 100000; i++)
            rc = talk_put_chunk(&t, i, 1000);
        assert_int_not_equal(rc, COAX_OK); /* nobody reads any more, and this side is told */
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_chunks, 3);
    }
    scene_assert_alive(&s);
    scene_close(&s);
}

static void a_call_is_cancelled_after_it_has_begun(void **state)
{
    (void)state;
    scene s;
    talk t;
    const kind kinds[] = { INPUT, OUTPUT, DUPLEX, HALF_DUPLEX, HANG, STARE };
    interop_wish wish = { .len = 1, .wait_ms = 60000 };
    const interop_order order = { .wishes = { &wish, 1 } };
    scene_open(&s, NULL, NULL);
    for (uint32_t k = 0; k < 6; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], kinds[k] == OUTPUT ? &order : NULL, NULL),
                         COAX_OK);
        scene_wait(&s, &s.host.n_begun, k + 1);
        assert_int_equal(talk_cancel(&t), COAX_OK);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_CANCELLED, NULL);
        assert_int_equal(e.initial.n, 0);
        scene_assert_alive(&s);
        scene_wait(&s, &s.host.n_cancelled, k + 1);
    }
    scene_close(&s);
}

static void a_worker_learns_that_its_call_is_cancelled(void **state)
{
    (void)state;
    scene s;
    talk t;
    const kind kinds[] = { WORKED_INPUT, WORKED_OUTPUT, WORKED_DUPLEX };
    interop_wish wish = { .len = 1, .wait_ms = 60000 };
    const interop_order order = { .wishes = { &wish, 1 } };
    if (!scene_has_workers())
        return;
    scene_open(&s, NULL, NULL);
    for (uint32_t k = 0; k < 3; k++) {
        assert_int_equal(
            talk_open(&t, &s, kinds[k], kinds[k] == WORKED_OUTPUT ? &order : NULL, NULL), COAX_OK);
        scene_wait(&s, &s.host.n_begun, k + 1);
        assert_int_equal(talk_cancel(&t), COAX_OK);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_CANCELLED, NULL);
        scene_assert_alive(&s);
        scene_wait(&s, &s.host.n_left, k + 1);
    }
    scene_close(&s);
}

static void a_call_is_cancelled_after_the_first_answer(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(DUPLEX, WORKED_DUPLEX, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        assert_int_equal(talk_put_wish(&t, 31415), COAX_OK);
        assert_int_equal(talk_next(&t), 31415);
        assert_int_equal(talk_cancel(&t), COAX_OK);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_CANCELLED, NULL);
        scene_assert_alive(&s);
        scene_wait(&s, &s.host.n_left, (uint32_t)k + 1);
    }
    scene_close(&s);
}

static void the_deadline_ends_a_stream_in_the_middle(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    interop_wish wishes[] = { { .len = 100 }, { .len = 200 }, { .len = 1, .wait_ms = 60000 } };
    const interop_order order = { .wishes = { wishes, 3 } };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 100;
    scene_open(&s, NULL, NULL);
    scene_assert_alive(&s);
    for (size_t k = 0, n = talk_kinds(OUTPUT, WORKED_OUTPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], &order, &options), COAX_OK);
        uint32_t n_came = 0;
        for (long len = talk_next(&t); len != -1; len = talk_next(&t))
            assert_int_equal(len, wishes[n_came++].len);
        assert_in_range(n_came, stage_is("sim") ? 2 : 0,
                        2); /* a real clock may be quicker than we */
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_DEADLINE_EXCEEDED, NULL);
        scene_wait(&s, &s.host.n_open, 0);
    }
    scene_assert_alive(&s);
    scene_close(&s);
    assert_int_equal(s.host.n_left, s.host.n_begun);
}

static void a_hanging_call_meets_its_deadline(void **state)
{
    (void)state;
    scene s;
    talk t;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 50;
    scene_open(&s, NULL, NULL);
    scene_assert_alive(&s);
    assert_int_equal(talk_open(&t, &s, HANG, NULL, &options), COAX_OK);
    coax_err rc = talk_put_chunk(&t, 0, 27182);
    assert_true(rc == COAX_OK ||
                rc == COAX_ERR_DEADLINE_EXCEEDED); /* that early, on a busy machine */
    assert_int_equal(talk_next(&t), -1);
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_ERR_DEADLINE_EXCEEDED, NULL);
    scene_wait(&s, &s.host.n_open, 0);
    scene_close(&s);
    assert_int_equal(s.host.n_left, s.host.n_begun);
}

static void a_wrong_item_gets_a_typed_error(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(INPUT, WORKED_INPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        assert_int_equal(talk_put_chunk(&t, 0, 10), COAX_OK);
        assert_int_equal(talk_put_chunk(&t, 1, 10), COAX_OK);
        (void)talk_put_chunk(&t, 5, 10);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_DATA_LOSS, NULL);
        assert_true(e.is_bad_chunk);
        assert_int_equal(e.bad_index, 2);
    }
    scene_close(&s);
}

static void an_item_past_max_message_is_refused_and_the_stream_goes_on(void **state)
{
    (void)state;
    scene s;
    talk t;
    scene_open(&s, NULL, NULL);
    assert_int_equal(talk_open(&t, &s, INPUT, NULL, NULL), COAX_OK);
    assert_int_equal(talk_put_chunk(&t, 0, 10), COAX_OK);
    assert_int_equal(talk_put_chunk(&t, 1, 4194304 + 1), COAX_ERR_TOO_LARGE);
    assert_int_equal(talk_put_chunk(&t, 1, 10), COAX_OK);
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_OK, NULL);
    assert_int_equal(e.n_chunks, 2);
    scene_close(&s);
}

static void an_item_past_what_the_peer_takes_is_not_sent(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    const uint32_t len = 100000;
    interop_wish wish;
    const interop_order order = order_of(&wish, &len, 1);
    coax_server_options modest = COAX_SERVER_OPTIONS_INIT;
    coax_client_options humble = COAX_CLIENT_OPTIONS_INIT;
    modest.limits.max_message = 65536;
    humble.limits.max_message = 65536;
    scene_open(&s, &modest, NULL);
    scene_assert_alive(&s);
    assert_int_equal(talk_open(&t, &s, INPUT, NULL, NULL), COAX_OK);
    assert_int_equal(talk_put_chunk(&t, 0, len), COAX_ERR_TOO_LARGE);
    assert_int_equal(talk_put_chunk(&t, 0, 60000), COAX_OK);
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_OK, NULL);
    assert_int_equal(e.n_chunks, 1);
    scene_close(&s);
    scene_open(&s, NULL, &humble);
    for (size_t k = 0, n = talk_kinds(OUTPUT, WORKED_OUTPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], &order, NULL), COAX_OK);
        assert_int_equal(talk_next(&t), -1);
        e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_INTERNAL, "push: too_large");
    }
    scene_assert_alive(&s);
    scene_close(&s);
}

int cases_of_endings(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_comes_behind_the_items_before_it),
        cmocka_unit_test(a_host_may_end_while_its_caller_still_sends),
        cmocka_unit_test(a_host_may_answer_before_its_caller_has_ended),
        cmocka_unit_test(a_call_is_cancelled_after_it_has_begun),
        cmocka_unit_test(a_worker_learns_that_its_call_is_cancelled),
        cmocka_unit_test(a_call_is_cancelled_after_the_first_answer),
        cmocka_unit_test(the_deadline_ends_a_stream_in_the_middle),
        cmocka_unit_test(a_hanging_call_meets_its_deadline),
        cmocka_unit_test(a_wrong_item_gets_a_typed_error),
        cmocka_unit_test(an_item_past_max_message_is_refused_and_the_stream_goes_on),
        cmocka_unit_test(an_item_past_what_the_peer_takes_is_not_sent),
    };
    return cmocka_run_group_tests_name("endings", tests, NULL, NULL);
}
