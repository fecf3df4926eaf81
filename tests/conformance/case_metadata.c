/*
 * Metadata: there and back on every kind of call, with every way to end, and its limits.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "talk.h"

static const uint8_t TRAILING[] = { 0xab, 0xab, 0xab };

/* The two that the host sends back, and one that it does not. */
typedef struct asked {
    coax_metadata_pair pairs[3];
    coax_metadata metadata;
    coax_call_options options;
} asked;

static void ask_both_back(asked *a, coax_str initial, coax_str trailing)
{
    memset(a, 0, sizeof *a);
    a->pairs[0] = (coax_metadata_pair){ coax_str_from("echo-initial"), initial };
    a->pairs[1] = (coax_metadata_pair){ coax_str_from("unheard"), coax_str_from("of") };
    a->pairs[2] = (coax_metadata_pair){ coax_str_from("echo-trailing-bin"), trailing };
    a->metadata = (coax_metadata){ a->pairs, 3 };
    a->options.metadata = &a->metadata;
}

static void ask_usual(asked *a)
{
    ask_both_back(a, coax_str_from("test_initial_metadata_value"),
                  (coax_str){ (const char *)TRAILING, sizeof TRAILING });
}

static void assert_pair(const pairs *came, const char *name, coax_str value)
{
    assert_int_equal(came->n, 1);
    assert_string_equal(came->items[0].name, name);
    assert_int_equal(came->items[0].len, value.len);
    if (value.len > 0)
        assert_memory_equal(came->items[0].value, value.data, value.len);
}

static void assert_both_came_back(const ending *e, const asked *a)
{
    assert_pair(&e->initial, "echo-initial", a->pairs[0].value);
    assert_pair(&e->trailing, "echo-trailing-bin", a->pairs[2].value);
}

static void it_comes_back_in_front_of_a_reply_and_behind_it(void **state)
{
    (void)state;
    scene s;
    asked a;
    ask_usual(&a);
    scene_open(&s, NULL, NULL);
    ending e = ask_empty(&s, &a.options);
    assert_ends(&e, COAX_OK, NULL);
    assert_both_came_back(&e, &a);
    const interop_unary request = unary_of(314159, 271828);
    for (one which = ONE_UNARY; which <= ONE_WORKED; which++) {
        if (which == ONE_PATIENT || (which == ONE_WORKED && !scene_has_workers()))
            continue;
        e = ask(&s, which, &request, &a.options);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_bytes, 314159);
        assert_both_came_back(&e, &a);
    }
    scene_close(&s);
}

static void it_comes_back_on_every_kind_of_stream(void **state)
{
    (void)state;
    scene s;
    talk t;
    asked a;
    const kind kinds[] = { DUPLEX,        HALF_DUPLEX,   OUTPUT,      INPUT,
                           WORKED_DUPLEX, WORKED_OUTPUT, WORKED_INPUT };
    const uint32_t len = 31415;
    interop_wish wish;
    const interop_order order = order_of(&wish, &len, 1);
    ask_usual(&a);
    scene_open(&s, NULL, NULL);
    for (int k = 0; k < (scene_has_workers() ? 7 : 4); k++) {
        bool hears = kinds[k] != INPUT && kinds[k] != WORKED_INPUT;
        bool says = kinds[k] != OUTPUT && kinds[k] != WORKED_OUTPUT;
        assert_int_equal(talk_open(&t, &s, kinds[k], says ? NULL : &order, &a.options), COAX_OK);
        if (says && hears)
            assert_int_equal(talk_put_wish(&t, len), COAX_OK);
        if (says)
            assert_int_equal(talk_end(&t), COAX_OK);
        if (hears) {
            assert_int_equal(talk_next(&t), len);
            assert_int_equal(talk_next(&t), -1);
        }
        ending e = talk_finish(&t);
        assert_ends(&e, COAX_OK, NULL);
        assert_both_came_back(&e, &a);
    }
    scene_close(&s);
}

static void values_may_be_any_bytes_or_none(void **state)
{
    (void)state;
    scene s;
    asked a;
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)(255 - i);
    scene_open(&s, NULL, NULL);
    ask_both_back(&a, (coax_str){ bytes, 256 }, (coax_str){ "", 0 });
    ending e = ask_empty(&s, &a.options);
    assert_ends(&e, COAX_OK, NULL);
    assert_both_came_back(&e, &a);
    scene_close(&s);
}

static void it_comes_with_a_failure_too(void **state)
{
    (void)state;
    scene s;
    talk t;
    asked a;
    const interop_ending wanted = { .code = COAX_ERR_ABORTED, .words = coax_str_from("no") };
    const interop_order order = { .ending = &wanted };
    interop_unary request = unary_of(0, 0);
    kind kinds[2];
    request.ending = &wanted;
    ask_usual(&a);
    scene_open(&s, NULL, NULL);
    ending e = ask(&s, ONE_UNARY, &request, &a.options);
    assert_ends(&e, COAX_ERR_ABORTED, "no");
    assert_both_came_back(&e, &a);
    for (size_t k = 0, n = talk_kinds(OUTPUT, WORKED_OUTPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], &order, &a.options), COAX_OK);
        assert_int_equal(talk_next(&t), -1);
        e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_ABORTED, "no");
        assert_both_came_back(&e, &a);
    }
    scene_close(&s);
}

/* One pair of so many bytes. */
static void ask_much(asked *a, size_t len)
{
    static char filling[16384];
    memset(filling, 'x', sizeof filling);
    memset(a, 0, sizeof *a);
    a->pairs[0] = (coax_metadata_pair){ coax_str_from("much"), { filling, len } };
    a->metadata = (coax_metadata){ a->pairs, 1 };
    a->options.metadata = &a->metadata;
}

static void more_than_max_metadata_is_refused_before_it_leaves(void **state)
{
    (void)state;
    scene s;
    talk t;
    asked a;
    scene_open(&s, NULL, NULL);
    scene_assert_alive(&s);
    ask_much(&a, 8000);
    ending e = ask_empty(&s, &a.options);
    assert_ends(&e, COAX_OK, NULL);
    ask_much(&a, 8200);
    e = ask_empty(&s, &a.options);
    assert_ends(&e, COAX_ERR_TOO_LARGE, "max_metadata");
    assert_int_equal(talk_open(&t, &s, DUPLEX, NULL, &a.options), COAX_ERR_TOO_LARGE);
    scene_assert_alive(&s);
    scene_close(&s);
}

static void more_than_the_host_takes_fails_the_call_alone(void **state)
{
    (void)state;
    scene s;
    talk t;
    asked a;
    coax_server_options strict = COAX_SERVER_OPTIONS_INIT;
    strict.limits.max_metadata = 1000;
    scene_open(&s, &strict, NULL);
    ask_much(&a, 4000);
    ending e = ask_empty(&s, &a.options);
    assert_ends(&e, COAX_ERR_RESOURCE_EXHAUSTED, "metadata");
    assert_int_equal(talk_open(&t, &s, DUPLEX, NULL, &a.options), COAX_OK);
    assert_int_equal(talk_next(&t), -1);
    e = talk_finish(&t);
    assert_ends(&e, COAX_ERR_RESOURCE_EXHAUSTED, "metadata");
    assert_int_equal(s.host.n_begun, 0);
    scene_assert_alive(&s);
    scene_close(&s);
}

static void a_bad_name_is_refused_with_words(void **state)
{
    (void)state;
    scene s;
    asked a;
    ask_much(&a, 3);
    a.pairs[0].name = coax_str_from("Much");
    scene_open(&s, NULL, NULL);
    ending e = ask_empty(&s, &a.options);
    assert_ends(&e, COAX_ERR_INVALID_ARGUMENT, "has a name with other characters");
    scene_close(&s);
}

int cases_of_metadata(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back_in_front_of_a_reply_and_behind_it),
        cmocka_unit_test(it_comes_back_on_every_kind_of_stream),
        cmocka_unit_test(values_may_be_any_bytes_or_none),
        cmocka_unit_test(it_comes_with_a_failure_too),
        cmocka_unit_test(more_than_max_metadata_is_refused_before_it_leaves),
        cmocka_unit_test(more_than_the_host_takes_fails_the_call_alone),
        cmocka_unit_test(a_bad_name_is_refused_with_words),
    };
    return cmocka_run_group_tests_name("metadata", tests, NULL, NULL);
}
