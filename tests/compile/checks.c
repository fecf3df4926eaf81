/*
 * Every constraint and rule of the kitchen sink, kept and broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sink.h"

static coax_str text(const char *words)
{
    return coax_str_from(words);
}

static acme_sink_constraints good_constraints(void)
{
    static const uint8_t digest[32];
    acme_sink_constraints value = ACME_SINK_CONSTRAINTS_INIT;
    value.whole = 1;
    value.below = -1;
    value.share = 100.0;
    value.one_of_three = 3;
    value.never = 7;
    value.word = text("yes");
    value.even = 4;
    value.third = -9;
    value.short_text = text("12345678");
    value.letters = text("\xc3\xa9\xc3\xa9");
    value.plain = text("ascii");
    value.from = text("DE02ABCDEF1234567890");
    value.to = text("FR99ABCDEF1234567890");
    value.path = text("/a.txt");
    value.id = text("01234567-89ab-cdef-0123-456789abcdef");
    value.host = text("example.org");
    value.digest = (coax_bytes){ digest, sizeof digest };
    value.shade = ACME_SINK_COLOR_RED;
    value.weight = 0.5f;
    value.large = 1;
    return value;
}

/* The first violation's words, or "" if there is none. */
static const char *fault_of_constraints(const acme_sink_constraints *value)
{
    static coax_violations why;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    bool holds = acme_sink_constraints_check(value, &why);
    assert_int_equal(holds, why.count == 0);
    return why.count == 0 ? "" : why.items[0].text;
}

static const char *fault_of_rules(const acme_sink_rules *value)
{
    static coax_violations why;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    bool holds = acme_sink_rules_check(value, &why);
    assert_int_equal(holds, why.count == 0);
    return why.count == 0 ? "" : why.items[0].text;
}

static void assert_begins(const char *words, const char *begin)
{
    if (strncmp(words, begin, strlen(begin)) != 0)
        fail_msg("expected \"%s\", found \"%s\"", begin, words);
}

static void assert_holds_word(const char *words, const char *word)
{
    if (strstr(words, word) == NULL)
        fail_msg("expected \"%s\" in \"%s\"", word, words);
}

#define BREAKS(member, bad, path, rule)                                                            \
    do {                                                                                           \
        acme_sink_constraints value = good_constraints();                                          \
        value.member = bad;                                                                        \
        assert_begins(fault_of_constraints(&value), path ": ");                                    \
        assert_holds_word(fault_of_constraints(&value), "@" rule);                                 \
    } while (0)

static void a_value_that_keeps_every_constraint_passes(void **state)
{
    acme_sink_constraints value = good_constraints();
    (void)state;
    assert_string_equal(fault_of_constraints(&value), "");
}

static void each_broken_constraint_of_a_number_is_named(void **state)
{
    (void)state;
    BREAKS(whole, 0, "whole", "range");
    BREAKS(whole, 11, "whole", "range");
    BREAKS(below, 0, "below", "range");
    BREAKS(open, 1.0, "open", "range");
    BREAKS(share, 100.5, "share", "range");
    BREAKS(share, COAX_INFINITY, "share", "range");
    BREAKS(one_of_three, 4, "one_of_three", "in");
    BREAKS(never, -1, "never", "not_in");
    BREAKS(even, 5, "even", "multiple_of");
    BREAKS(third, -8, "third", "multiple_of");
    BREAKS(shade, ACME_SINK_COLOR_BLUE, "shade", "in");
    BREAKS(shade, (acme_sink_color)300, "shade", "range");
    BREAKS(weight, 1.0f, "weight", "in");
    BREAKS(large, 0, "large", "range");
}

static void each_broken_constraint_of_a_text_is_named(void **state)
{
    static const uint8_t digest[31];
    (void)state;
    BREAKS(word, text("maybe"), "word", "in");
    BREAKS(short_text, text(""), "short_text", "len");
    BREAKS(short_text, text("123456789"), "short_text", "len");
    BREAKS(letters, text("\xc3\xa9"), "letters", "chars");
    BREAKS(letters, text("abcde"), "letters", "chars");
    BREAKS(plain, text("\xc3\xa9"), "plain", "ascii");
    BREAKS(from, text("DE0"), "from", "pattern");
    BREAKS(to, text("de02ABCDEF1234567890"), "to", "pattern");
    BREAKS(path, text("a.txt"), "path", "prefix");
    BREAKS(path, text("/a.tx"), "path", "suffix");
    BREAKS(id, text("01234567"), "id", "format");
    BREAKS(host, text("-bad-"), "host", "format");
    BREAKS(digest, ((coax_bytes){ digest, sizeof digest }), "digest", "len");
    BREAKS(maybe, text("123456"), "maybe", "len");
}

static void required_text_has_to_be_there_and_to_be_utf8(void **state)
{
    acme_sink_constraints value = good_constraints();
    (void)state;
    value.word = (coax_str){ NULL, 0 };
    assert_begins(fault_of_constraints(&value), "word: ");
    value.word = text("\xff");
    assert_holds_word(fault_of_constraints(&value), "UTF-8");
}

static void an_optional_field_is_checked_only_if_it_is_there(void **state)
{
    acme_sink_constraints value = good_constraints();
    (void)state;
    value.chosen = 5;
    assert_string_equal(fault_of_constraints(&value), "");
    value.has_chosen = true;
    assert_begins(fault_of_constraints(&value), "chosen: ");
}

static void keys_and_values_of_a_map_are_checked_with_their_place(void **state)
{
    acme_sink_str_i32_entry entries[2] = { { { "ab", 2 }, 3 }, { { "toolong", 7 }, 3 } };
    acme_sink_constraints value = good_constraints();
    (void)state;
    value.scores = (acme_sink_str_i32_map){ entries, 2 };
    assert_begins(fault_of_constraints(&value), "scores[1]: ");
    assert_holds_word(fault_of_constraints(&value), "@len");
    entries[1].key = text("cd");
    assert_string_equal(fault_of_constraints(&value), "");
    entries[1].value = 10;
    assert_begins(fault_of_constraints(&value), "scores[1]: ");
    entries[1].value = 9;
    entries[1].key = text("ab");
    assert_begins(fault_of_constraints(&value), "scores");
}

static void lists_are_checked_as_wholes_and_item_by_item(void **state)
{
    coax_str tags[3] = { text("a"), text("b"), text("a") };
    int64_t numbers[1] = { 1 };
    coax_violations why;
    acme_sink_containers value = ACME_SINK_CONTAINERS_INIT;
    (void)state;
    value.names[0] = text("x");
    value.names[1] = text("y");
    for (size_t i = 0; i < 2; i++)
        value.both[i].name = text("z");
    value.numbers = (coax_i64_list){ numbers, 1 };
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_true(acme_sink_containers_check(&value, &why));
    value.tags = (coax_str_list){ tags, 3 };
    assert_false(acme_sink_containers_check(&value, &why));
    assert_holds_word(why.items[0].text, "@unique");
    tags[2] = text("");
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_false(acme_sink_containers_check(&value, &why));
    assert_begins(why.items[0].text, "tags[2]: ");
    value.tags.count = 2;
    value.numbers.count = 0;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_false(acme_sink_containers_check(&value, &why));
    assert_holds_word(why.items[0].text, "@items");
}

static void all_violations_are_collected_when_asked(void **state)
{
    coax_violations why;
    acme_sink_constraints value = good_constraints();
    (void)state;
    value.whole = 0;
    value.even = 1;
    value.host = text("-");
    coax_violations_init(&why, COAX_CHECK_ALL);
    assert_false(acme_sink_constraints_check(&value, &why));
    assert_int_equal(why.count, 3);
}

static acme_sink_rules good_rules(void)
{
    acme_sink_rules value = ACME_SINK_RULES_INIT;
    value.low = 1;
    value.high = 2;
    value.name = text("anything");
    value.color = ACME_SINK_COLOR_GREEN;
    return value;
}

#define BREAKS_RULE(change, words)                                                                 \
    do {                                                                                           \
        acme_sink_rules value = good_rules();                                                      \
        change;                                                                                    \
        assert_holds_word(fault_of_rules(&value), words);                                          \
    } while (0)
#define KEEPS_RULES(change)                                                                        \
    do {                                                                                           \
        acme_sink_rules value = good_rules();                                                      \
        change;                                                                                    \
        assert_string_equal(fault_of_rules(&value), "");                                           \
    } while (0)

static void rules_about_absent_fields_hold(void **state)
{
    acme_sink_optionals nothing = ACME_SINK_OPTIONALS_INIT;
    (void)state;
    KEEPS_RULES((void)value);
    KEEPS_RULES(value.inner = &nothing);
}

static void each_broken_rule_gives_its_message(void **state)
{
    acme_sink_optionals inner = ACME_SINK_OPTIONALS_INIT;
    (void)state;
    inner.has_total = true;
    inner.total = 3;
    BREAKS_RULE(value.low = 3, "low is above high");
    BREAKS_RULE(value.high = 999, "together at most 1000");
    BREAKS_RULE((value.has_limit = true, value.limit = 5), "needs a limit");
    KEEPS_RULES((value.has_limit = true, value.limit = 5, value.name = text("free")));
    BREAKS_RULE(value.nick = text("ab"), "nick too short");
    KEEPS_RULES(value.nick = text("abc"));
    BREAKS_RULE(value.color = ACME_SINK_COLOR_RED, "anything but red");
    BREAKS_RULE(value.inner = &inner, "inner total too small");
    BREAKS_RULE(value.ratio = 5.0, "too much");
    BREAKS_RULE(value.delta = 102, "delta too large");
    KEEPS_RULES(value.delta = 101);
    BREAKS_RULE((value.has_strict = true, value.strict = true), "strict wants zero");
    KEEPS_RULES((value.has_strict = true, value.strict = true, value.low = 0));
    BREAKS_RULE(value.nick = text("anything"), "nick is the name");
    BREAKS_RULE((value.starts.seconds = 1), "ends before it starts");
    KEEPS_RULES((value.starts.seconds = 1, value.ends.seconds = 1));
}

static void overflow_in_a_rule_breaks_it_and_says_so(void **state)
{
    (void)state;
    BREAKS_RULE(value.delta = INT64_MIN, "overflows");
}

static const char *fault_of_choice(const acme_sink_choice *value)
{
    static coax_violations why;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    return acme_sink_choice_check(value, &why) ? "" : why.items[0].text;
}

static void presence_rules_count_what_is_there(void **state)
{
    acme_sink_scalars scalars = ACME_SINK_SCALARS_INIT;
    static const uint8_t nil[] = { 0xc0 };
    acme_sink_choice value = ACME_SINK_CHOICE_INIT;
    (void)state;
    scalars.port = 1;
    scalars.text = text("x");
    scalars.blob = (coax_bytes){ nil, 1 };
    scalars.extra = (coax_any){ nil, 1 };
    scalars.side = ACME_SINK_SIDE_BUY;
    assert_holds_word(fault_of_choice(&value), "@one_of");
    value.left = text("x");
    assert_string_equal(fault_of_choice(&value), "");
    value.has_right = true;
    assert_holds_word(fault_of_choice(&value), "@one_of");
    value.left = text(NULL);
    assert_string_equal(fault_of_choice(&value), "");
    value.other = &scalars;
    assert_holds_word(fault_of_choice(&value), "@at_most_one");
    value.has_right = false;
    value.left = text("x");
    assert_holds_word(fault_of_choice(&value), "@requires");
    value.has_sure = true;
    assert_string_equal(fault_of_choice(&value), "");
}

static void strict_enums_and_flags_refuse_what_they_do_not_know(void **state)
{
    coax_violations why;
    acme_sink_optionals value = ACME_SINK_OPTIONALS_INIT;
    (void)state;
    value.has_side = true;
    value.side = (acme_sink_side)3;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_false(acme_sink_optionals_check(&value, &why));
    assert_begins(why.items[0].text, "side: ");
    value.side = ACME_SINK_SIDE_SELL;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_true(acme_sink_optionals_check(&value, &why));
}

static void a_union_has_to_hold_something(void **state)
{
    coax_violations why;
    acme_sink_receipt value = ACME_SINK_RECEIPT_INIT;
    (void)state;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_false(acme_sink_receipt_check(&value, &why));
    value.kind = ACME_SINK_RECEIPT_SETTLED;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_false(acme_sink_receipt_check(&value, &why));
    value.kind = ACME_SINK_RECEIPT_PENDING;
    value.as.pending = text("soon");
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_true(acme_sink_receipt_check(&value, &why));
}

static void a_value_that_contains_itself_is_refused_in_bounded_time(void **state)
{
    coax_violations why;
    acme_sink_node node = ACME_SINK_NODE_INIT;
    (void)state;
    node.name = text("loop");
    node.next = &node;
    coax_violations_init(&why, COAX_CHECK_FIRST);
    assert_false(acme_sink_node_check(&node, &why));
    coax_violations_init(&why, COAX_CHECK_ALL);
    assert_false(acme_sink_node_check(&node, &why));
}

/* The longest value that keeps the rules, with a buffer of just that size. */
static void a_bounded_value_fits_into_its_max_encoded(void **state)
{
    uint8_t buffer[ACME_SINK_LATE_MAX_ENCODED];
    acme_sink_late late = { UINT32_MAX };
    coax_writer out;
    size_t len = 0;
    (void)state;
    coax_writer_init(&out, buffer, sizeof buffer);
    acme_sink_late_encode(&out, &late);
    assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
    assert_int_equal(len, sizeof buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_that_keeps_every_constraint_passes),
        cmocka_unit_test(each_broken_constraint_of_a_number_is_named),
        cmocka_unit_test(each_broken_constraint_of_a_text_is_named),
        cmocka_unit_test(required_text_has_to_be_there_and_to_be_utf8),
        cmocka_unit_test(an_optional_field_is_checked_only_if_it_is_there),
        cmocka_unit_test(keys_and_values_of_a_map_are_checked_with_their_place),
        cmocka_unit_test(lists_are_checked_as_wholes_and_item_by_item),
        cmocka_unit_test(all_violations_are_collected_when_asked),
        cmocka_unit_test(rules_about_absent_fields_hold),
        cmocka_unit_test(each_broken_rule_gives_its_message),
        cmocka_unit_test(overflow_in_a_rule_breaks_it_and_says_so),
        cmocka_unit_test(presence_rules_count_what_is_there),
        cmocka_unit_test(strict_enums_and_flags_refuse_what_they_do_not_know),
        cmocka_unit_test(a_union_has_to_hold_something),
        cmocka_unit_test(a_value_that_contains_itself_is_refused_in_bounded_time),
        cmocka_unit_test(a_bounded_value_fits_into_its_max_encoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
