/*
 * Checks: what passes, what is reported, and in which words.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

/* A report on kinds.All; each case is one call and the words it should leave, NULL for none. */
static coax_violations report;
static coax_check_scope root;

static coax_violations *begin(coax_check_mode mode)
{
    coax_violations_init(&report, mode);
    root = coax_check_struct(&report, &kinds_all_type);
    return &report;
}

static void expect(const char *text)
{
    bool is_fine = coax_check_end(&report, root);
    assert_int_equal(is_fine, text == NULL);
    assert_int_equal(report.count, text != NULL);
    if (text != NULL)
        assert_string_equal(report.items[0].text, text);
}

#define CHECK(text, call)                                                                          \
    do {                                                                                           \
        coax_violations *why = begin(COAX_CHECK_FIRST);                                            \
        call;                                                                                      \
        expect(text);                                                                              \
    } while (0)

static coax_str str(const char *text)
{
    return coax_str_from(text);
}

static void required_text_and_bytes_must_be_there(void **state)
{
    coax_str absent = { NULL, 0 }, wrong = { "ab\xff", 3 };
    coax_bytes no_bytes = { NULL, 0 }, bytes = { (const uint8_t *)"x", 1 };
    (void)state;
    CHECK(NULL, coax_check_str(why, 12, str("fine")));
    CHECK("text: required, but absent", coax_check_str(why, 12, absent));
    CHECK("text: not UTF-8 from byte 2 on", coax_check_str(why, 12, wrong));
    CHECK("note: not UTF-8 from byte 2 on", coax_check_utf8(why, 132, wrong));
    CHECK(NULL, coax_check_bytes(why, 13, bytes));
    CHECK("bytes: required, but absent", coax_check_bytes(why, 13, no_bytes));
}

static void an_any_must_be_one_whole_value(void **state)
{
    coax_any absent = { NULL, 0 }, whole = { (const uint8_t *)"\x92\x01\x02", 3 };
    coax_any cut = { whole.data, 2 }, two = { (const uint8_t *)"\x01\x02", 2 },
             reserved = { (const uint8_t *)"\xc1", 1 };
    (void)state;
    CHECK(NULL, coax_check_any(why, 17, whole));
    CHECK("any: required, but absent", coax_check_any(why, 17, absent));
    CHECK("any: not one MessagePack value: it ends inside a value, or declares more than it holds",
          coax_check_any(why, 17, cut));
    CHECK("any: not one MessagePack value: 1 bytes are left over", coax_check_any(why, 17, two));
    CHECK("any: not one MessagePack value: it has the reserved tag 0xc1",
          coax_check_any(why, 17, reserved));
}

static void lengths_and_counts_say_what_is_allowed(void **state)
{
    (void)state;
    CHECK(NULL, coax_check_len(why, 12, 32, 1, 32));
    CHECK("text: 40 bytes, at most 32 allowed (@len)", coax_check_len(why, 12, 40, 1, 32));
    CHECK("text: 0 bytes, at least 1 wanted (@len)", coax_check_len(why, 12, 0, 1, 32));
    CHECK("text: 1 byte, exactly 2 wanted (@len)", coax_check_len(why, 12, 1, 2, 2));
    CHECK("numbers: 9 items, at most 8 allowed (@items)", coax_check_items(why, 22, 9, 0, 8));
    CHECK(NULL, coax_check_items(why, 22, 9, 0, SIZE_MAX));
    CHECK(NULL, coax_check_chars(why, 12, str("\xc3\xa4\xe2\x82\xac"), 2, 2));
    CHECK("text: 2 characters, at most 1 allowed (@chars)",
          coax_check_chars(why, 12, str("\xc3\xa4x"), 0, 1));
}

static void ranges_of_integers_include_their_ends(void **state)
{
    (void)state;
    CHECK(NULL, coax_check_range_i64(why, 4, -5, -5, 5));
    CHECK(NULL, coax_check_range_i64(why, 4, 5, -5, 5));
    CHECK("i32: 6 is too large, at most 5 allowed (@range)",
          coax_check_range_i64(why, 4, 6, -5, 5));
    CHECK("i32: -6 is too small, at least -5 wanted (@range)",
          coax_check_range_i64(why, 4, -6, -5, 5));
    CHECK("u64: 18446744073709551615 is too large, at most 5 allowed (@range)",
          coax_check_range_u64(why, 9, UINT64_MAX, 0, 5));
    CHECK("u64: 1 is too small, at least 2 wanted (@range)", coax_check_range_u64(why, 9, 1, 2, 5));
}

static void ranges_of_floats_refuse_nan_and_excluded_ends(void **state)
{
    (void)state;
    CHECK(NULL, coax_check_range_f64(why, 11, 1.0, 0.0, 1.0, false, false));
    CHECK("f64: 1 is too large, less than 1 allowed (@range)",
          coax_check_range_f64(why, 11, 1.0, 0.0, 1.0, false, true));
    CHECK("f64: 0 is too small, more than 0 wanted (@range)",
          coax_check_range_f64(why, 11, 0.0, 0.0, 1.0, true, true));
    CHECK("f64: 2.5 is too large, at most 1 allowed (@range)",
          coax_check_range_f64(why, 11, 2.5, 0.0, 1.0, false, false));
    CHECK("f64: not a number, where a range is wanted (@range)",
          coax_check_range_f64(why, 11, (double)NAN, 0.0, 1.0, false, false));
    CHECK(NULL, coax_check_finite(why, 11, 1e308));
    CHECK("f64: not a finite number", coax_check_finite(why, 11, (double)NAN));
    CHECK("f64: not a finite number", coax_check_finite(why, 11, (double)INFINITY));
    CHECK("f64: not a finite number", coax_check_finite(why, 11, -(double)INFINITY));
}

static void sets_are_wanted_or_forbidden(void **state)
{
    static const int64_t numbers[] = { 1, -2, 3 };
    static const uint64_t large[] = { UINT64_MAX };
    static const double floats[] = { 0.5 };
    const coax_str words[] = { str("red"), str("green") };
    (void)state;
    CHECK(NULL, coax_check_in_i64(why, 4, -2, numbers, 3, true));
    CHECK("i32: 5 is none of the allowed values (@in)",
          coax_check_in_i64(why, 4, 5, numbers, 3, true));
    CHECK("i32: 3 is a forbidden value (@not_in)", coax_check_in_i64(why, 4, 3, numbers, 3, false));
    CHECK(NULL, coax_check_in_u64(why, 9, UINT64_MAX, large, 1, true));
    CHECK("u64: 1 is none of the allowed values (@in)",
          coax_check_in_u64(why, 9, 1, large, 1, true));
    CHECK(NULL, coax_check_in_f64(why, 11, 0.5, floats, 1, true));
    CHECK("f64: 0.5 is a forbidden value (@not_in)",
          coax_check_in_f64(why, 11, 0.5, floats, 1, false));
    CHECK(NULL, coax_check_in_str(why, 12, str("red"), words, 2, true));
    CHECK("text: the text is none of the allowed values (@in)",
          coax_check_in_str(why, 12, str("blue"), words, 2, true));
}

static void multiples_are_exact_for_integers_and_meant_for_floats(void **state)
{
    (void)state;
    CHECK(NULL, coax_check_multiple_i64(why, 4, INT64_MIN, -1));
    CHECK(NULL, coax_check_multiple_i64(why, 4, -9, 3));
    CHECK("i32: 10 is no multiple of 3 (@multiple_of)", coax_check_multiple_i64(why, 4, 10, 3));
    CHECK("u64: 10 is no multiple of 3 (@multiple_of)", coax_check_multiple_u64(why, 9, 10, 3));
    CHECK(NULL, coax_check_multiple_f64(why, 11, 0.3, 0.1));
    CHECK(NULL, coax_check_multiple_f64(why, 11, 1e300, 0.1));
    CHECK("f64: 0.35 is no multiple of 0.1 (@multiple_of)",
          coax_check_multiple_f64(why, 11, 0.35, 0.1));
    CHECK("f64: inf is no multiple of 0.1 (@multiple_of)",
          coax_check_multiple_f64(why, 11, (double)INFINITY, 0.1));
}

static void text_rules_look_at_the_text(void **state)
{
    (void)state;
    CHECK(NULL, coax_check_ascii(why, 12, str("abcdefghijk")));
    CHECK("text: not all ASCII (@ascii)", coax_check_ascii(why, 12, str("abcdefgh\xc3\xa4")));
    CHECK(NULL, coax_check_prefix(why, 12, str("DE123"), str("DE")));
    CHECK("text: does not begin with \"DE\" (@prefix)",
          coax_check_prefix(why, 12, str("D"), str("DE")));
    CHECK(NULL, coax_check_suffix(why, 12, str("a.png"), str(".png")));
    CHECK("text: does not end with \".png\" (@suffix)",
          coax_check_suffix(why, 12, str("a.jpg"), str(".png")));
    CHECK("text: not of the format ipv4 (@format)",
          coax_check_format(why, 12, str("1.2.3"), COAX_FORMAT_IPV4));
    CHECK(NULL, coax_check_format(why, 12, str("1.2.3.4"), COAX_FORMAT_IP));
}

/* [a-c]+x by hand: 0 dead, 1 start, 2 in the run, 3 done. Classes: 0 others, 1 a to c, 2 x. */
static void patterns_run_over_all_of_the_text(void **state)
{
    static uint8_t classes[256];
    static const uint16_t next[] = { 0, 0, 0, 0, 2, 0, 0, 2, 3, 0, 0, 0 };
    static const uint8_t accepts[] = { 1u << 3 };
    const coax_dfa dfa = { "[a-c]+x", classes, next, accepts, 3, 4 };
    (void)state;
    classes['a'] = classes['b'] = classes['c'] = 1;
    classes['x'] = 2;
    CHECK(NULL, coax_check_pattern(why, 12, str("abcx"), &dfa));
    CHECK("text: does not match \"[a-c]+x\" (@pattern)",
          coax_check_pattern(why, 12, str("abc"), &dfa));
    CHECK("text: does not match \"[a-c]+x\" (@pattern)",
          coax_check_pattern(why, 12, str("abcxx"), &dfa));
    CHECK("text: does not match \"[a-c]+x\" (@pattern)",
          coax_check_pattern(why, 12, str(""), &dfa));
}

static void unique_finds_the_twins_among_few_and_many(void **state)
{
    enum { MANY = 5000 };
    static uint32_t numbers[MANY];
    const coax_str words[] = { str("a"), str("b"), str("a") };
    const kinds_inner inners[] = { { 1, { "x", 1 } }, { 1, { NULL, 0 } }, { 1, { "x", 1 } } };
    (void)state;
    for (uint32_t i = 0; i < MANY; i++)
        numbers[i] = i * 2654435761u;
    CHECK(NULL, coax_check_unique(why, 22, &coax_type_u32, numbers, 30));
    CHECK(NULL, coax_check_unique(why, 22, &coax_type_u32, numbers, MANY));
    numbers[4711] = numbers[17];
    CHECK("numbers: items 17 and 4711 are equal (@unique)",
          coax_check_unique(why, 22, &coax_type_u32, numbers, MANY));
    CHECK("numbers: items 0 and 2 are equal (@unique)",
          coax_check_unique(why, 22, &coax_type_string, words, 3));
    CHECK("numbers: items 0 and 2 are equal (@unique)",
          coax_check_unique(why, 22, &kinds_inner_type, inners, 3));
    CHECK(NULL, coax_check_unique(why, 22, &kinds_inner_type, inners, 2));
}

static void keys_of_a_map_differ(void **state)
{
    const kinds_count_entry entries[] = { { str("a"), 1 }, { str("b"), 2 }, { str("a"), 3 } };
    (void)state;
    CHECK(NULL, coax_check_map_keys(why, 24, &kinds_count_map_type, entries, 2));
    CHECK("counts: entries 0 and 2 have the same key",
          coax_check_map_keys(why, 24, &kinds_count_map_type, entries, 3));
}

static void strict_enums_flags_and_unions_know_their_numbers(void **state)
{
    coax_type strict = kinds_choice_type;
    (void)state;
    strict.is_strict = true;
    CHECK(NULL, coax_check_enum(why, 18, &kinds_side_type, 1));
    CHECK("side: 9 is no value of kinds.Side, which is strict",
          coax_check_enum(why, 18, &kinds_side_type, 9));
    CHECK("rights: has bits 0x4 that kinds.Rights, which is strict, does not name",
          coax_check_enum(why, 19, &kinds_rights_type, 5));
    CHECK(NULL, coax_check_variant(why, &kinds_choice_type, 2, true));
    CHECK(NULL, coax_check_variant(why, &kinds_choice_type, 9, true));
    CHECK("no variant of kinds.Choice is chosen",
          coax_check_variant(why, &kinds_choice_type, 0, false));
    CHECK("9 is no variant of kinds.Choice, which is strict",
          coax_check_variant(why, &strict, 9, true));
    CHECK("the chosen variant of kinds.Choice has no value",
          coax_check_variant(why, &kinds_choice_type, 9, false));
}

static void rules_report_their_message_and_expression(void **state)
{
    (void)state;
    CHECK(NULL, coax_check_rule(why, 0, true, "from != to", "a transfer needs two accounts"));
    CHECK("a transfer needs two accounts (@rule from != to)",
          coax_check_rule(why, 0, false, "from != to", "a transfer needs two accounts"));
    CHECK("a number overflows in the rule a + b > 0 (@rule)",
          coax_check_rule_overflow(why, 0, "a + b > 0"));
    CHECK(NULL, coax_check_exactly_one(why, 1, "a, b"));
    CHECK("2 of a, b present, exactly one wanted (@one_of)",
          coax_check_exactly_one(why, 2, "a, b"));
    CHECK(NULL, coax_check_at_most_one(why, 0, "a, b"));
    CHECK("2 of a, b present, at most one allowed (@at_most_one)",
          coax_check_at_most_one(why, 2, "a, b"));
    CHECK(NULL, coax_check_requires(why, true, true, "a, b"));
    CHECK("of a, b only the first is present, and it requires the second (@requires)",
          coax_check_requires(why, true, false, "a, b"));
}

static void paths_go_through_structs_lists_and_items(void **state)
{
    coax_violations *why = begin(COAX_CHECK_FIRST);
    (void)state;
    coax_check_at(why, 23);
    coax_check_items_begin(why);
    coax_check_item(why, 2);
    coax_check_scope inner = coax_check_struct(why, &kinds_inner_type);
    coax_check_len(why, 2, 40, 0, 32);
    assert_false(coax_check_end(why, inner));
    coax_check_items_end(why);
    assert_string_equal(report.items[0].path, "inners[2].b");
    assert_string_equal(report.items[0].rule, "len");
    expect("inners[2].b: 40 bytes, at most 32 allowed (@len)");
    why = begin(COAX_CHECK_FIRST);
    coax_check_at(why, 22);
    coax_check_items_begin(why);
    coax_check_item(why, 7);
    coax_check_range_u64(why, 0, 9, 0, 5);
    coax_check_items_end(why);
    expect("numbers[7]: 9 is too large, at most 5 allowed (@range)");
}

static void a_rule_of_a_nested_struct_has_the_structs_path(void **state)
{
    coax_violations *why = begin(COAX_CHECK_FIRST);
    (void)state;
    coax_check_at(why, 20);
    coax_check_scope inner = coax_check_struct(why, &kinds_inner_type);
    coax_check_at(why, 2);
    coax_check_rule(why, 0, false, "a > 0", "a counts from one");
    (void)coax_check_end(why, inner);
    expect("inner: a counts from one (@rule a > 0)");
}

static void values_of_sensitive_fields_stay_out_of_the_words(void **state)
{
    static const int64_t set[] = { 1 };
    (void)state;
    CHECK("note: the value is too large, at most 5 allowed (@range)",
          coax_check_range_i64(why, 132, 4711, 0, 5));
    CHECK("note: the value is none of the allowed values (@in)",
          coax_check_in_i64(why, 132, 4711, set, 1, true));
    CHECK("note: the value is no multiple of 2 (@multiple_of)",
          coax_check_multiple_i64(why, 132, 4711, 2));
}

static void first_stops_and_all_counts_past_what_it_keeps(void **state)
{
    char text[4096], small[20];
    coax_violations *why = begin(COAX_CHECK_FIRST);
    (void)state;
    for (size_t i = 0; i < 20; i++)
        coax_check_len(why, 12, 40 + i, 0, 32);
    assert_int_equal(why->count, 1);
    assert_true(coax_check_done(why));
    why = begin(COAX_CHECK_ALL);
    for (size_t i = 0; i < 20; i++)
        coax_check_len(why, 12, 40 + i, 0, 32);
    assert_int_equal(why->count, 20);
    assert_false(coax_check_done(why));
    assert_string_equal(why->items[7].text, "text: 47 bytes, at most 32 allowed (@len)");
    size_t len = coax_violations_text(why, text, sizeof text);
    assert_int_equal(len, strlen(text));
    assert_string_equal(text + len - 12, "\nand 12 more");
    assert_int_equal(coax_violations_text(why, small, sizeof small), len);
    assert_string_equal(small, "text: 40 bytes, at ");
    assert_int_equal(coax_violations_text(why, NULL, 0), len);
}

static void a_cycle_in_the_callers_data_ends_at_the_depth_limit(void **state)
{
    coax_violations why;
    unsigned depth = 0;
    (void)state;
    coax_violations_init(&why, COAX_CHECK_ALL);
    coax_check_scope scope = { 0 };
    while (!coax_check_done(&why) && depth < 1000) {
        scope = coax_check_struct(&why, &kinds_inner_type);
        depth++;
    }
    assert_int_equal(depth, COAX_CHECK_STEPS_MAX + 1);
    assert_string_equal(why.items[0].rule, "depth");
    while (depth-- > 0)
        (void)coax_check_end(&why, scope);
    assert_int_equal(why.depth, 0);
    assert_int_equal(why.count, 1);
}

/* Every item of the list is the list's own struct again. */
static void check_cyclic(coax_violations *why, unsigned *n_visits)
{
    coax_check_scope scope = coax_check_struct(why, &kinds_all_type);
    ++*n_visits;
    if (coax_check_done(why)) {
        (void)coax_check_end(why, scope);
        return;
    }
    coax_check_at(why, 23);
    coax_check_items_begin(why);
    for (size_t i = 0; i < 4 && !coax_check_done(why); i++) {
        coax_check_item(why, i);
        check_cyclic(why, n_visits);
    }
    coax_check_items_end(why);
    (void)coax_check_end(why, scope);
}

static void a_cycle_through_lists_is_walked_once(void **state)
{
    coax_violations why;
    unsigned n_visits = 0;
    (void)state;
    coax_violations_init(&why, COAX_CHECK_ALL);
    check_cyclic(&why, &n_visits);
    assert_true(n_visits < 100);
    assert_int_equal(why.depth, 0);
    assert_string_equal(why.items[0].rule, "depth");
}

/* Against 128-bit arithmetic. */
static void arithmetic_in_rules_notices_every_overflow(void **state)
{
    static const int64_t edges[] = {
        INT64_MIN,           INT64_MIN + 1,       -3, -2, -1, 0, 1, 2, 3, INT64_MAX - 1, INT64_MAX,
        INT64_C(3037000500), -INT64_C(3037000500)
    };
    enum { N = sizeof edges / sizeof edges[0] };
    (void)state;
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < N; k++) {
            int64_t a = edges[i], b = edges[k], ret;
            __extension__ typedef __int128 wide;
            wide sum = (wide)a + b, difference = (wide)a - b, product = (wide)a * b;
            assert_int_equal(coax_rule_add_i64(a, b, &ret), sum == (int64_t)sum);
            assert_true(ret == (sum == (int64_t)sum ? (int64_t)sum : 0));
            assert_int_equal(coax_rule_sub_i64(a, b, &ret), difference == (int64_t)difference);
            assert_int_equal(coax_rule_mul_i64(a, b, &ret), product == (int64_t)product);
            assert_true(ret == (product == (int64_t)product ? (int64_t)product : 0));
            assert_int_equal(coax_rule_div_i64(a, b, &ret), b != 0 && !(a == INT64_MIN && b == -1));
            assert_int_equal(coax_rule_mod_i64(a, b, &ret), b != 0);
            uint64_t x = (uint64_t)a, y = (uint64_t)b, unsigned_ret;
            assert_int_equal(coax_rule_add_u64(x, y, &unsigned_ret), x + y >= x);
            assert_int_equal(coax_rule_sub_u64(x, y, &unsigned_ret), x >= y);
            assert_int_equal(coax_rule_div_u64(x, y, &unsigned_ret), y != 0);
            assert_int_equal(coax_rule_mod_u64(x, y, &unsigned_ret), y != 0);
            __extension__ typedef unsigned __int128 unsigned_wide;
            assert_int_equal(coax_rule_mul_u64(x, y, &unsigned_ret),
                             (unsigned_wide)x * y <= UINT64_MAX);
        }
        int64_t ret;
        assert_int_equal(coax_rule_neg_i64(edges[i], &ret), edges[i] != INT64_MIN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(required_text_and_bytes_must_be_there),
        cmocka_unit_test(an_any_must_be_one_whole_value),
        cmocka_unit_test(lengths_and_counts_say_what_is_allowed),
        cmocka_unit_test(ranges_of_integers_include_their_ends),
        cmocka_unit_test(ranges_of_floats_refuse_nan_and_excluded_ends),
        cmocka_unit_test(sets_are_wanted_or_forbidden),
        cmocka_unit_test(multiples_are_exact_for_integers_and_meant_for_floats),
        cmocka_unit_test(text_rules_look_at_the_text),
        cmocka_unit_test(patterns_run_over_all_of_the_text),
        cmocka_unit_test(unique_finds_the_twins_among_few_and_many),
        cmocka_unit_test(keys_of_a_map_differ),
        cmocka_unit_test(strict_enums_flags_and_unions_know_their_numbers),
        cmocka_unit_test(rules_report_their_message_and_expression),
        cmocka_unit_test(paths_go_through_structs_lists_and_items),
        cmocka_unit_test(a_rule_of_a_nested_struct_has_the_structs_path),
        cmocka_unit_test(values_of_sensitive_fields_stay_out_of_the_words),
        cmocka_unit_test(first_stops_and_all_counts_past_what_it_keeps),
        cmocka_unit_test(a_cycle_in_the_callers_data_ends_at_the_depth_limit),
        cmocka_unit_test(a_cycle_through_lists_is_walked_once),
        cmocka_unit_test(arithmetic_in_rules_notices_every_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
