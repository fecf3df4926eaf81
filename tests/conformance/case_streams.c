/*
 * Streams that go well: every direction, no item, many items, large items, on loops and on workers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "talk.h"

static const uint32_t LENS_IN[] = { 27182, 8, 1828, 45904 };
static const uint32_t LENS_OUT[] = { 31415, 9, 2653, 58979 };

static void a_stream_of_chunks_gets_their_sum(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(INPUT, WORKED_INPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        for (uint32_t i = 0; i < 4; i++)
            assert_int_equal(talk_put_chunk(&t, i, LENS_IN[i]), COAX_OK);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_chunks, 4);
        assert_int_equal(e.n_bytes, 74922);
    }
    scene_close(&s);
}

static void an_order_gets_its_chunks_in_order(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    interop_wish wishes[4];
    const interop_order order = order_of(wishes, LENS_OUT, 4);
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(OUTPUT, WORKED_OUTPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], &order, NULL), COAX_OK);
        for (int i = 0; i < 4; i++)
            assert_int_equal(talk_next(&t), LENS_OUT[i]);
        assert_int_equal(talk_next(&t), -1);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
    }
    scene_close(&s);
}

static void both_sides_take_turns(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(DUPLEX, WORKED_DUPLEX, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        for (int i = 0; i < 4; i++) {
            assert_int_equal(talk_put_wish(&t, LENS_OUT[i]), COAX_OK);
            assert_int_equal(talk_next(&t), LENS_OUT[i]);
        }
        assert_int_equal(talk_end(&t), COAX_OK);
        assert_int_equal(talk_end(&t), COAX_ERR_CLOSED);
        assert_int_equal(talk_next(&t), -1);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
    }
    scene_close(&s);
}

static void a_stream_may_have_no_items_at_all(void **state)
{
    (void)state;
    scene s;
    talk t;
    const kind kinds[] = { DUPLEX,       HALF_DUPLEX,   INPUT,        OUTPUT,
                           WORKED_INPUT, WORKED_DUPLEX, WORKED_OUTPUT };
    scene_open(&s, NULL, NULL);
    for (int k = 0; k < (scene_has_workers() ? 7 : 4); k++) {
        bool hears = kinds[k] != INPUT && kinds[k] != WORKED_INPUT;
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        if (kinds[k] != OUTPUT && kinds[k] != WORKED_OUTPUT)
            assert_int_equal(talk_end(&t), COAX_OK);
        if (hears)
            assert_int_equal(talk_next(&t), -1);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_chunks, 0);
        assert_int_equal(e.n_bytes, 0);
    }
    scene_close(&s);
}

static void an_answer_may_wait_for_the_callers_end(void **state)
{
    (void)state;
    scene s;
    talk t;
    scene_open(&s, NULL, NULL);
    assert_int_equal(talk_open(&t, &s, HALF_DUPLEX, NULL, NULL), COAX_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(talk_put_wish(&t, LENS_OUT[i]), COAX_OK);
    scene_assert_alive(&s);
    if (s.stage.style == STYLE_CALLBACK)
        assert_int_equal(t.n_came, 0);
    assert_int_equal(talk_end(&t), COAX_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(talk_next(&t), LENS_OUT[i]);
    assert_int_equal(talk_next(&t), -1);
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_OK, NULL);
    scene_close(&s);
}

static void many_items_go_through_a_window_that_is_smaller(void **state)
{
    (void)state;
    enum { N = 600, LEN = 5000 };
    scene s;
    talk t;
    kind kinds[2];
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(INPUT, WORKED_INPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        for (uint32_t i = 0; i < N; i++)
            assert_int_equal(talk_put_chunk(&t, i, LEN), COAX_OK);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_chunks, N);
        assert_int_equal(e.n_bytes, N * LEN);
    }
    for (size_t k = 0, n = talk_kinds(DUPLEX, WORKED_DUPLEX, kinds); k < n; k++) {
        interop_wish wishes[N];
        for (int i = 0; i < N; i++)
            wishes[i] = (interop_wish){ .len = LEN };
        const interop_order order = { .wishes = { wishes, N } };
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        assert_int_equal(talk_put(&t, &order), COAX_OK);
        for (int i = 0; i < N; i++)
            assert_int_equal(talk_next(&t), LEN);
        assert_int_equal(talk_end(&t), COAX_OK);
        assert_int_equal(talk_next(&t), -1);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
    }
    scene_close(&s);
}

static void items_larger_than_the_window_go_one_by_one(void **state)
{
    (void)state;
    scene s;
    talk t;
    kind kinds[2];
    const uint32_t lens[] = { 1000000, 3, 2000000, 262144, 300000 };
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(DUPLEX, WORKED_DUPLEX, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        for (int i = 0; i < 5; i++)
            assert_int_equal(talk_put_wish(&t, lens[i]), COAX_OK);
        assert_int_equal(talk_end(&t), COAX_OK);
        for (int i = 0; i < 5; i++)
            assert_int_equal(talk_next(&t), lens[i]);
        assert_int_equal(talk_next(&t), -1);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
    }
    for (size_t k = 0, n = talk_kinds(INPUT, WORKED_INPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], NULL, NULL), COAX_OK);
        for (uint32_t i = 0; i < 5; i++)
            assert_int_equal(talk_put_chunk(&t, i, lens[i]), COAX_OK);
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_bytes, 3562147);
    }
    scene_close(&s);
}

int cases_of_streams(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_of_chunks_gets_their_sum),
        cmocka_unit_test(an_order_gets_its_chunks_in_order),
        cmocka_unit_test(both_sides_take_turns),
        cmocka_unit_test(a_stream_may_have_no_items_at_all),
        cmocka_unit_test(an_answer_may_wait_for_the_callers_end),
        cmocka_unit_test(many_items_go_through_a_window_that_is_smaller),
        cmocka_unit_test(items_larger_than_the_window_go_one_by_one),
    };
    return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
