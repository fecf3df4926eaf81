/* @pattern: what the automata accept, what is refused and where, and that none of it can blow up. */
#include "sema/pattern/pattern.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

static idl_pattern_error last_error;
static uint64_t last_steps;

static const idl_dfa *compile(idl_arena *arena, const char *pattern)
{
    uint64_t steps = UINT64_C(400000000);
    const idl_dfa *dfa = idl_pattern_compile(arena, pattern, strlen(pattern), &steps, &last_error);
    last_steps = UINT64_C(400000000) - steps;
    return dfa;
}

static void assert_matches(const char *pattern, const char *text, bool wanted)
{
    idl_arena arena;
    idl_arena_init(&arena);
    const idl_dfa *dfa = compile(&arena, pattern);
    if (dfa == NULL)
        fail_msg("'%s': %s", pattern, last_error.message);
    if (idl_dfa_matches(dfa, text, strlen(text)) != wanted)
        fail_msg("'%s' %s '%s'", pattern, wanted ? "refuses" : "accepts", text);
    idl_arena_deinit(&arena);
}

static void assert_refused(const char *pattern, uint32_t from, uint32_t to, const char *word)
{
    idl_arena arena;
    idl_arena_init(&arena);
    if (compile(&arena, pattern) != NULL)
        fail_msg("'%s' is taken", pattern);
    if (strstr(last_error.message, word) == NULL)
        fail_msg("'%s': '%s' does not speak of '%s'", pattern, last_error.message, word);
    assert_int_equal(last_error.from, from);
    assert_int_equal(last_error.to, to);
    idl_arena_deinit(&arena);
}

static void a_pattern_describes_the_whole_text(void **state)
{
    (void)state;
    assert_matches("abc", "abc", true);
    assert_matches("abc", "abcd", false);
    assert_matches("abc", "xabc", false);
    assert_matches("^abc$", "abc", true);
    assert_matches("a|bc", "bc", true);
    assert_matches("a|bc", "ac", false);
    assert_matches("", "", true);
    assert_matches("", "a", false);
    assert_matches("a|", "", true);
}

static void quantifiers_count(void **state)
{
    (void)state;
    assert_matches("a*", "", true);
    assert_matches("a*", "aaaa", true);
    assert_matches("a+", "", false);
    assert_matches("ab?c", "ac", true);
    assert_matches("a{3}", "aaa", true);
    assert_matches("a{3}", "aaaa", false);
    assert_matches("a{2,}", "a", false);
    assert_matches("a{2,}", "aaaaa", true);
    assert_matches("a{2,4}", "aaaa", true);
    assert_matches("a{2,4}", "aaaaa", false);
    assert_matches("a{0}", "", true);
    assert_matches("(ab|c){2}", "abc", true);
    assert_matches("(a*)*b", "aaab", true);
    assert_matches("(a|b*)*", "abba", true);
}

static void classes_hold_ranges_negation_and_escapes(void **state)
{
    (void)state;
    assert_matches("[a-cx]", "b", true);
    assert_matches("[a-cx]", "x", true);
    assert_matches("[a-cx]", "d", false);
    assert_matches("[^a-c]", "d", true);
    assert_matches("[^a-c]", "b", false);
    assert_matches("[\\d-]", "-", true);
    assert_matches("[-a]", "-", true);
    assert_matches("[a-]", "-", true);
    assert_matches("[\\]]", "]", true);
    assert_matches("\\d\\D\\w\\W\\s\\S", "1x_! z", true);
    assert_matches("\\d", "x", false);
    assert_matches("\\x41\\u0042\\u{43}", "ABC", true);
    assert_matches("\\.\\*\\(\\)\\[\\{\\\\", ".*()[{\\", true);
    assert_matches("\\n\\t", "\n\t", true);
    assert_matches("a]}", "a]}", true);
}

static void a_dot_and_a_negated_class_take_one_whole_character(void **state)
{
    (void)state;
    assert_matches(".", "a", true);
    assert_matches(".", "\n", false);
    assert_matches(".", "\xc3\xa9", true);
    assert_matches(".", "\xe2\x82\xac", true);
    assert_matches(".", "\xf0\x9f\x98\x80", true);
    assert_matches("..", "\xc3\xa9", false);
    assert_matches("[^a]", "\xf0\x9f\x98\x80", true);
    assert_matches("[\xc3\xa0-\xc3\xbf]+", "\xc3\xa9\xc3\xbf", true);
    assert_matches("[\xc3\xa0-\xc3\xbf]", "\xc3\x9f", false);
    assert_matches("[\\u{80}-\\u{10ffff}]", "\xf4\x8f\xbf\xbf", true);
    assert_matches("[\\u{80}-\\u{10ffff}]", "\x7f", false);
    assert_matches(".", "\xed\xa0\x80", false); /* a surrogate */
    assert_matches(".", "\xc3", false);
}

/* Every character at an edge of UTF-8's lengths is in a range exactly if its number is. */
static void ranges_are_cut_right_at_every_length(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t code;
    } edges[] = {
        { "\x7f", 0x7f },
        { "\xc2\x80", 0x80 },
        { "\xdf\xbf", 0x7ff },
        { "\xe0\xa0\x80", 0x800 },
        { "\xe1\x80\x80", 0x1000 },
        { "\xed\x9f\xbf", 0xd7ff },
        { "\xee\x80\x80", 0xe000 },
        { "\xef\xbf\xbf", 0xffff },
        { "\xf0\x90\x80\x80", 0x10000 },
        { "\xf3\xbf\xbf\xbf", 0xfffff },
        { "\xf4\x80\x80\x80", 0x100000 },
        { "\xf4\x8f\xbf\xbf", 0x10ffff },
    };
    const size_t n = sizeof edges / sizeof *edges;
    for (size_t low = 0; low < n; low++) {
        for (size_t high = low; high < n; high++) {
            idl_arena arena;
            idl_arena_init(&arena);
            const char *pattern =
                idl_arena_format(&arena, "[\\u{%x}-\\u{%x}]", edges[low].code, edges[high].code);
            const idl_dfa *dfa = compile(&arena, pattern);
            assert_non_null(dfa);
            for (size_t i = 0; i < n; i++) {
                bool is_in = i >= low && i <= high;
                if (idl_dfa_matches(dfa, edges[i].text, strlen(edges[i].text)) != is_in)
                    fail_msg("%s and U+%04X", pattern, edges[i].code);
            }
            idl_arena_deinit(&arena);
        }
    }
}

static void what_is_not_regular_is_refused_where_it_stands(void **state)
{
    (void)state;
    assert_refused("(a)\\1", 3, 5, "backreference");
    assert_refused("a(?=b)", 1, 4, "lookahead");
    assert_refused("a(?!b)", 1, 4, "lookahead");
    assert_refused("(?<=b)a", 0, 4, "lookahead");
    assert_refused("(?<n>a)", 0, 2, "names");
    assert_refused("(?i)a", 0, 2, "flags");
    assert_refused("a*?", 2, 3, "lazy");
    assert_refused("a++", 2, 3, "possessive");
    assert_refused("a**", 2, 3, "two quantifiers");
    assert_refused("a^b", 1, 2, "anchor");
    assert_refused("(a$)", 2, 3, "anchor");
    assert_refused("\\ba", 0, 2, "anchors");
    assert_refused("\\pL", 0, 2, "Unicode");
    assert_refused("\\q", 0, 2, "escape");
}

static void what_is_malformed_is_refused_where_it_stands(void **state)
{
    (void)state;
    assert_refused("x[a-z", 1, 2, "never closed");
    assert_refused("x(a", 1, 2, "never closed");
    assert_refused("xa)", 2, 3, "closes nothing");
    assert_refused("[]", 0, 2, "empty");
    assert_refused("[z-a]", 1, 4, "backwards");
    assert_refused("[a-\\d]", 1, 5, "single character");
    assert_refused("[[:alpha:]]", 1, 2, "POSIX");
    assert_refused("*a", 0, 1, "repeat");
    assert_refused("a|+", 2, 3, "repeat");
    assert_refused("{2}", 0, 1, "repeats nothing");
    assert_refused("a{x}", 1, 2, "count");
    assert_refused("a{3,2}", 1, 6, "backwards");
    assert_refused("a{1001}", 1, 7, "1000");
    assert_refused("a\\", 1, 2, "lone");
    assert_refused("\\x4", 0, 3, "digits");
    assert_refused("\\u{110000}", 0, 10, "no Unicode");
    assert_refused("\\ud800", 0, 6, "no Unicode");
    assert_refused("\xff", 0, 1, "UTF-8");
}

static void equal_languages_give_equal_automata(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "(a|b)*", "[ab]*" }, { "a|ab|abc", "a(b(c)?)?" }, { "aa*", "a+" },
        { "[^\\d]", "\\D" },   { "(a*)*", "a*" },           { "x{2,3}", "xx|xxx" },
        { "b|a|c", "[a-c]" },  { "(?:ab)+", "ab(ab)*" },    { "a{0,2}", "(aa?)?" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        idl_arena arena;
        idl_arena_init(&arena);
        const idl_dfa *a = compile(&arena, pairs[i][0]);
        const idl_dfa *b = compile(&arena, pairs[i][1]);
        assert_int_equal(a->n_states, b->n_states);
        assert_int_equal(a->n_classes, b->n_classes);
        assert_memory_equal(a->classes, b->classes, 256);
        assert_memory_equal(a->next, b->next, a->n_states * a->n_classes * sizeof *a->next);
        assert_memory_equal(a->accepts, b->accepts, (a->n_states + 7) / 8);
        idl_arena_deinit(&arena);
    }
}

static void state_0_is_dead_and_1_the_start(void **state)
{
    (void)state;
    idl_arena arena;
    idl_arena_init(&arena);
    const idl_dfa *dfa = compile(&arena, "(ab|cd)+");
    for (uint32_t i = 0; i < dfa->n_classes; i++)
        assert_int_equal(dfa->next[i], 0);
    assert_int_equal(dfa->accepts[0] & 1, 0);
    assert_int_equal(dfa->n_states, 5); /* dead, start, behind a, behind c, behind a pair */
    assert_int_equal(dfa->n_classes, 5);
    idl_arena_deinit(&arena);
}

static void a_pattern_without_loops_is_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool is_bounded;
    } cases[] = { { "", true },       { "a{2,5}|b", true }, { "[a-z]{0,80}", true },
                  { "a*", false },    { "ab+c", false },    { "a{3,}", false },
                  { "(a|b)c", true }, { "(ab*){0}", true }, { "x(yz)*", false } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        idl_arena arena;
        idl_arena_init(&arena);
        if (idl_dfa_is_bounded(compile(&arena, cases[i].pattern)) != cases[i].is_bounded)
            fail_msg("'%s'", cases[i].pattern);
        idl_arena_deinit(&arena);
    }
}

static void what_would_blow_up_is_refused_within_its_budget(void **state)
{
    (void)state;
    static const char *const bombs[] = {
        "(a|b)*a(a|b){12}",
        "(((((a{10}){10}){10}){10}){10}){10}",
        "((a{0,99}){0,99}){0,99}",
        "(.*.*.*){500}",
        ".{0,1000}",
        "(a?){1000}a{1000}.{9}",
    };
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        idl_arena arena;
        idl_arena_init(&arena);
        const idl_dfa *dfa = compile(&arena, bombs[i]);
        assert_true(last_steps <= IDL_PATTERN_MAX_STEPS);
        assert_true(arena.total_bytes < 8u * 1024 * 1024);
        if (dfa == NULL)
            assert_non_null(last_error.help); /* says what to do instead */
        idl_arena_deinit(&arena);
    }
}

static void a_run_out_of_steps_refuses_what_follows(void **state)
{
    (void)state;
    idl_arena arena;
    idl_arena_init(&arena);
    uint64_t steps = 10;
    assert_null(idl_pattern_compile(&arena, "[a-z]{50}", 9, &steps, &last_error));
    assert_int_equal(steps, 0);
    assert_non_null(strstr(last_error.message, "too long"));
    idl_arena_deinit(&arena);
}

static void groups_nest_sixty_four_deep_and_no_deeper(void **state)
{
    (void)state;
    char pattern[2 * 65 + 2] = "";
    for (size_t depth = 64; depth <= 65; depth++) {
        memset(pattern, '(', depth);
        pattern[depth] = 'a';
        memset(pattern + depth + 1, ')', depth);
        pattern[2 * depth + 1] = '\0';
        if (depth == 64)
            assert_matches(pattern, "a", true);
        else
            assert_refused(pattern, 64, 65, "deeper");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_describes_the_whole_text),
        cmocka_unit_test(quantifiers_count),
        cmocka_unit_test(classes_hold_ranges_negation_and_escapes),
        cmocka_unit_test(a_dot_and_a_negated_class_take_one_whole_character),
        cmocka_unit_test(ranges_are_cut_right_at_every_length),
        cmocka_unit_test(what_is_not_regular_is_refused_where_it_stands),
        cmocka_unit_test(what_is_malformed_is_refused_where_it_stands),
        cmocka_unit_test(equal_languages_give_equal_automata),
        cmocka_unit_test(state_0_is_dead_and_1_the_start),
        cmocka_unit_test(a_pattern_without_loops_is_bounded),
        cmocka_unit_test(what_would_blow_up_is_refused_within_its_budget),
        cmocka_unit_test(a_run_out_of_steps_refuses_what_follows),
        cmocka_unit_test(groups_nest_sixty_four_deep_and_no_deeper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
