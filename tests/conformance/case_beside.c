/*
 * Calls beside each other: a slow stream and quick ones, many at once, and calls from the server to its client.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "talk.h"

/* So many turns of question and answer, and a call. */
static void go_on_quickly(scene *s)
{
    talk t;
    assert_int_equal(talk_open(&t, s, DUPLEX, NULL, NULL), COAX_OK);
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(talk_put_wish(&t, 1000 * i), COAX_OK);
        assert_int_equal(talk_next(&t), 1000 * i);
    }
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_OK, NULL);
    scene_assert_alive(s);
}

static void a_reader_that_is_slow_hinders_nobody_else(void **state)
{
    (void)state;
    enum { N = 300, LEN = 5000 };
    scene s;
    talk slow;
    kind kinds[2];
    interop_wish wishes[N];
    for (int i = 0; i < N; i++)
        wishes[i] = (interop_wish){ .len = LEN };
    const interop_order order = { .wishes = { wishes, N } };
    scene_open(&s, NULL, NULL);
    for (size_t k = 0, n = talk_kinds(OUTPUT, WORKED_OUTPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&slow, &s, kinds[k], &order, NULL), COAX_OK);
        assert_int_equal(talk_next(&slow), LEN);
        go_on_quickly(&s);
        for (int i = 1; i < N; i++)
            assert_int_equal(talk_next(&slow), LEN);
        assert_int_equal(talk_next(&slow), -1);
        ending e = talk_finish(&slow);
        assert_ends(&e, COAX_OK, NULL);
    }
    scene_close(&s);
}

static void a_host_that_does_not_read_hinders_nobody_else(void **state)
{
    (void)state;
    scene s;
    talk stare;
    scene_open(&s, NULL, NULL);
    assert_int_equal(talk_open(&stare, &s, STARE, NULL, NULL), COAX_OK);
    for (uint32_t i = 0; i < 5; i++) /* just within the window */
        assert_int_equal(talk_put_chunk(&stare, i, 52000), COAX_OK);
    go_on_quickly(&s);
    assert_int_equal(talk_cancel(&stare), COAX_OK);
    ending e = talk_finish(&stare);
    assert_ends(&e, COAX_ERR_CANCELLED, NULL);
    go_on_quickly(&s);
    scene_close(&s);
}

static void many_streams_take_turns_on_one_connection(void **state)
{
    (void)state;
    enum { STREAMS = 24 };
    static talk talks[STREAMS];
    scene s;
    scene_open(&s, NULL, NULL);
    for (int i = 0; i < STREAMS; i++)
        assert_int_equal(talk_open(&talks[i], &s, DUPLEX, NULL, NULL), COAX_OK);
    for (uint32_t round = 0; round < 4; round++) {
        for (uint32_t i = 0; i < STREAMS; i++)
            assert_int_equal(talk_put_wish(&talks[i], 100 * i + round), COAX_OK);
        for (uint32_t i = STREAMS; i-- > 0;)
            assert_int_equal(talk_next(&talks[i]), 100 * i + round);
    }
    for (int i = 0; i < STREAMS; i++) {
        ending e = talk_finish(&talks[i]);
        assert_ends(&e, COAX_OK, NULL);
    }
    scene_close(&s);
}

static const uint32_t LENS[] = { 31415, 9, 2653, 58979, 300000 };

static void the_host_makes_every_kind_of_call_to_its_caller(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, NULL, NULL);
    for (interop_kind which = INTEROP_KIND_UNARY; which <= INTEROP_KIND_DUPLEX; which++) {
        ending e = ask_turn(&s, which, LENS, 5, NULL);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_chunks, which == INTEROP_KIND_UNARY ? 1 : 5);
        assert_int_equal(e.n_bytes, which == INTEROP_KIND_UNARY ? 31415 : 393056);
    }
    assert_int_equal(s.guest.n_begun, 4);
    scene_close(&s);
}

static void the_host_hears_how_its_own_calls_fail(void **state)
{
    (void)state;
    scene s;
    const interop_ending wanted = { .code = COAX_ERR_NOT_FOUND,
                                    .words = coax_str_from("not \xe2\x98\xba") };
    const interop_kind kinds[] = { INTEROP_KIND_UNARY, INTEROP_KIND_OUTPUT, INTEROP_KIND_DUPLEX };
    scene_open(&s, NULL, NULL);
    for (int i = 0; i < 3; i++) {
        ending e = ask_turn(&s, kinds[i], LENS, 3, &wanted);
        assert_ends(&e, COAX_ERR_NOT_FOUND, "not \xe2\x98\xba");
        assert_int_equal(e.n_chunks, kinds[i] == INTEROP_KIND_UNARY ? 0 : 3);
    }
    scene_close(&s);
}

static void calls_cross_each_other(void **state)
{
    (void)state;
    scene s;
    talk t;
    scene_open(&s, NULL, NULL);
    assert_int_equal(talk_open(&t, &s, DUPLEX, NULL, NULL), COAX_OK);
    for (interop_kind which = INTEROP_KIND_UNARY; which <= INTEROP_KIND_DUPLEX; which++) {
        assert_int_equal(talk_put_wish(&t, 200000), COAX_OK);
        ending e = ask_turn(&s, which, LENS, 5, NULL);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(talk_next(&t), 200000);
    }
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_OK, NULL);
    scene_close(&s);
}

int cases_of_calls_beside_calls(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_that_is_slow_hinders_nobody_else),
        cmocka_unit_test(a_host_that_does_not_read_hinders_nobody_else),
        cmocka_unit_test(many_streams_take_turns_on_one_connection),
        cmocka_unit_test(the_host_makes_every_kind_of_call_to_its_caller),
        cmocka_unit_test(the_host_hears_how_its_own_calls_fail),
        cmocka_unit_test(calls_cross_each_other),
    };
    return cmocka_run_group_tests_name("calls beside calls", tests, NULL, NULL);
}
