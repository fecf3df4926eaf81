/*
 * How schema names are spelt in C, and which words are taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/cname.h"

static int set_up(void **state)
{
    static idl_arena arena;
    idl_arena_init(&arena);
    *state = &arena;
    return 0;
}

static int tear_down(void **state)
{
    idl_arena_deinit(*state);
    return 0;
}

static void names_are_put_in_snake_case(void **state)
{
    static const char *const pairs[][2] = {
        { "DivideByZero", "divide_by_zero" },
        { "Iban", "iban" },
        { "HTTPServer", "http_server" },
        { "already_snake", "already_snake" },
        { "Foo_Bar", "foo_bar" },
        { "v2Reply", "v2_reply" },
        { "acme.bank", "acme_bank" },
        { "EOF", "eof" },
        { "A", "a" },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_string_equal(idl_cname_snake(*state, pairs[i][0]), pairs[i][1]);
}

static void capitals_are_ascii_only(void **state)
{
    assert_string_equal(idl_cname_upper(*state, "acme_bank9"), "ACME_BANK9");
    assert_string_equal(idl_cname_upper(*state, "\xc3\xa9"), "\xc3\xa9");
}

static void two_words_are_joined_by_an_underscore(void **state)
{
    assert_string_equal(idl_cname_join(*state, "bank", "transfer"), "bank_transfer");
}

static void words_that_are_taken_get_an_underscore_as_members(void **state)
{
    static const char *const taken[] = {
        "int",       "errno",   "default",  "class",    "linux",    "unix",   "EOF",    "NULL",
        "namespace", "void",    "register", "template", "operator", "this",   "assert", "stdin",
        "bool",      "signed",  "asm",      "private",  "INT_MAX",  "SIGINT", "EINVAL", "uint32_t",
        "coax_str",  "_hidden", "xor_eq",   "alignas",  "while",    "typeof", "isnan",  "signbit"
    };
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (!idl_cname_is_taken(taken[i]))
            fail_msg("'%s' should be taken", taken[i]);
        const char *member = idl_cname_member(*state, taken[i]);
        assert_int_equal(member[strlen(taken[i])], '_');
    }
}

static void ordinary_words_stay_as_they_are(void **state)
{
    static const char *const free_words[] = { "base",   "self", "value", "Total",
                                              "printf", "E",    "x",     "kind" };
    for (size_t i = 0; i < sizeof free_words / sizeof free_words[0]; i++)
        assert_ptr_equal(idl_cname_member(*state, free_words[i]), free_words[i]);
}

static void every_word_of_the_sorted_lists_is_found(void **state)
{
    (void)state;
    assert_true(idl_cname_is_taken("BUFSIZ")); /* first and last of the list */
    assert_true(idl_cname_is_taken("xor_eq"));
    assert_true(idl_cname_hides_header("assert"));
    assert_true(idl_cname_hides_header("wctype"));
    assert_true(idl_cname_hides_header("string"));
    assert_false(idl_cname_hides_header("bank"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_put_in_snake_case),
        cmocka_unit_test(capitals_are_ascii_only),
        cmocka_unit_test(two_words_are_joined_by_an_underscore),
        cmocka_unit_test(words_that_are_taken_get_an_underscore_as_members),
        cmocka_unit_test(ordinary_words_stay_as_they_are),
        cmocka_unit_test(every_word_of_the_sorted_lists_is_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
