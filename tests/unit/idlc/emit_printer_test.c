/*
 * Templates, lines that break, comments and literals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emit/printer.h"
#include "emit/words.h"

typedef struct page {
    idl_printer printer;
    char text[200000];
    size_t len;
    size_t n_chunks;
} page;

static void take_chunk(void *self, const char *data, size_t len)
{
    page *to = self;
    assert_true(to->len + len < sizeof to->text);
    assert_int_equal(data[len - 1], '\n');
    memcpy(to->text + to->len, data, len);
    to->len += len;
    to->text[to->len] = '\0';
    to->n_chunks++;
}

static int set_up(void **state)
{
    page *to = calloc(1, sizeof *to);
    if (to == NULL)
        return -1;
    idl_printer_init(&to->printer, take_chunk, to);
    *state = to;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static const char *printed(page *to)
{
    idl_printer_finish(&to->printer);
    return to->text;
}

static void variables_are_put_in_as_they_are(void **state)
{
    page *to = *state;
    idl_set(&to->printer, "name", "a$b~c");
    idl_set_number(&to->printer, "id", 18446744073709551615u);
    idl_print(&to->printer, "$name$ = $id$;\n");
    idl_set(&to->printer, "name", "other");
    idl_print(&to->printer, "$name$\n");
    assert_string_equal(printed(to), "a$b~c = 18446744073709551615;\nother\n");
}

static void lines_are_indented_but_empty_ones_are_not(void **state)
{
    page *to = *state;
    idl_indent(&to->printer, 4);
    idl_print(&to->printer, "a;\n\nb;\n");
    idl_indent(&to->printer, -4);
    idl_print(&to->printer, "c;\n");
    assert_string_equal(printed(to), "    a;\n\n    b;\nc;\n");
}

static void there_are_never_two_empty_lines(void **state)
{
    page *to = *state;
    idl_blank(&to->printer);
    idl_print(&to->printer, "a;\n");
    idl_blank(&to->printer);
    idl_blank(&to->printer);
    idl_print(&to->printer, "b;\n");
    assert_string_equal(printed(to), "a;\n\nb;\n");
}

static void a_long_line_breaks_behind_its_parenthesis(void **state)
{
    page *to = *state;
    idl_print(
        &to->printer,
        "    call(first_argument_that_is_long,~second_argument_that_is_long,~third_argument_that_is,~fourth_one);\n");
    assert_string_equal(
        printed(to),
        "    call(first_argument_that_is_long, second_argument_that_is_long, third_argument_that_is,\n"
        "         fourth_one);\n");
}

static void an_assignment_breaks_first_where_the_rest_then_fits(void **state)
{
    page *to = *state;
    idl_print(
        &to->printer,
        "    const uint32_t *order =^coax_write_map_order_of_entries(out,~&the_table_of_the_map,~"
        "map.items,~map.count);\n");
    assert_string_equal(
        printed(to),
        "    const uint32_t *order =\n"
        "        coax_write_map_order_of_entries(out, &the_table_of_the_map, map.items, map.count);\n");
}

static void parentheses_inside_literals_do_not_count(void **state)
{
    page *to = *state;
    idl_print(&to->printer,
              "call(\"((( \\\" (((\",~aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,~"
              "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);\n");
    assert_string_equal(printed(to),
                        "call(\"((( \\\" (((\", aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\n"
                        "     bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);\n");
}

static void a_long_macro_goes_on_behind_backslashes(void **state)
{
    page *to = *state;
    idl_begin_macro(&to->printer);
    idl_print(&to->printer,
              "#define A_LONG_NAME_OF_A_MACRO~INIT(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,~"
              "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,~ccccccccccccccccccccccccccccc)\n");
    const char *text = printed(to);
    assert_int_equal(text[99], '\\');
    assert_int_equal(text[100], '\n');
    assert_int_equal(strncmp(text + 101, "    INIT(aaa", 12), 0);
    assert_int_equal(text[101 + 99], '\\');
    assert_string_equal(text + 202, "         ccccccccccccccccccccccccccccc)\n");
}

static void a_case_of_one_statement_shares_its_line(void **state)
{
    page *to = *state;
    idl_begin_case(&to->printer, "case 1:");
    idl_print(&to->printer, "x = 1;\n");
    idl_end_case(&to->printer);
    idl_begin_case(&to->printer, "case 2:");
    idl_print(&to->printer, "x = 1;\ny = 2;\n");
    idl_end_case(&to->printer);
    idl_begin_case(&to->printer, "case 3:");
    idl_end_case(&to->printer);
    idl_begin_case(&to->printer, "case 4:");
    idl_print(&to->printer, "if (x)\n    y();\n");
    idl_end_case(&to->printer);
    assert_string_equal(printed(to), "case 1: x = 1; break;\n"
                                     "case 2:\n    x = 1;\n    y = 2;\n    break;\n"
                                     "case 3: break;\n"
                                     "case 4:\n    if (x)\n        y();\n    break;\n");
}

static void comments_cannot_be_ended_from_inside(void **state)
{
    page *to = *state;
    idl_print_doc(&to->printer, " ends */ here, begins /* there, and /*/ too");
    assert_string_equal(printed(to), "/** ends * / here, begins / * there, and / * / too */\n");
}

static void long_comments_are_wrapped_at_spaces(void **state)
{
    page *to = *state;
    idl_print_doc(&to->printer,
                  "123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 "
                  "123456789 1234567 12345678\n\n  - a list keeps its lead");
    assert_string_equal(
        printed(to),
        "/**\n"
        " * 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 1234567\n"
        " * 12345678\n"
        " *\n"
        " *  - a list keeps its lead\n"
        " */\n");
}

static void no_words_make_no_comment(void **state)
{
    page *to = *state;
    idl_print_doc(&to->printer, NULL);
    idl_print_doc(&to->printer, "");
    idl_print_doc(&to->printer, " \n");
    assert_string_equal(printed(to), "");
}

static void literals_mean_what_they_were(void **state)
{
    page *to = *state;
    idl_print_bytes_literal(&to->printer,
                            "a\"b\\c\n\t\0"
                            "1\x7f?\?=\xc3\xa9",
                            15);
    idl_print(&to->printer, " ");
    idl_print_bytes_literal(&to->printer, "\xff\xc3", 2);
    idl_print(&to->printer, " ");
    idl_print_literal(&to->printer, NULL);
    idl_print(&to->printer, "\n");
    assert_string_equal(printed(to),
                        "\"a\\\"b\\\\c\\n\\t\\0001\\177\\?\\?=\xc3\xa9\" \"\\377\\303\" NULL\n");
}

static void a_literal_is_cut_before_compilers_complain(void **state)
{
    page *to = *state;
    char *text = malloc(5001);
    assert_non_null(text);
    memset(text, 'x', 5000);
    memcpy(text + 3999, "\xc3\xa9", 2); /* not in the middle of a character */
    text[5000] = '\0';
    idl_print_literal(&to->printer, text);
    idl_print(&to->printer, "\n");
    free(text);
    assert_int_equal(strlen(printed(to)), 3999 + 3 + 2 + 1);
}

static void output_leaves_in_chunks_of_whole_lines(void **state)
{
    page *to = *state;
    for (int i = 0; i < 10000; i++)
        idl_print(&to->printer, "a line;\n");
    printed(to);
    assert_int_equal(to->len, 80000);
    assert_true(to->n_chunks > 1);
}

static void a_line_longer_than_any_buffer_is_printed_whole(void **state)
{
    page *to = *state;
    char *text = malloc(150001);
    assert_non_null(text);
    memset(text, 'x', 150000);
    text[150000] = '\0';
    idl_set(&to->printer, "long", text);
    idl_print(&to->printer, "$long$;\n");
    assert_int_equal(strlen(printed(to)), 150002);
    free(text);
}

static void floats_are_as_short_as_they_can_be(void **state)
{
    static const struct {
        double value;
        bool is_float;
        const char *text;
    } cases[] = {
        { 0.1, false, "0.1" },
        { 10, false, "10.0" },
        { -0.5, false, "-0.5" },
        { (double)0.1f, true, "0.1" },
        { 1e300, false, "1e+300" },
        { 0.30000000000000004, false, "0.30000000000000004" },
        { 1e14, false, "100000000000000.0" },
    };
    page *to = *state;
    char text[40];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        idl_format_f64(text, sizeof text, cases[i].value, cases[i].is_float);
        assert_string_equal(text, cases[i].text);
    }
    printed(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(variables_are_put_in_as_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_are_indented_but_empty_ones_are_not, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(there_are_never_two_empty_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_line_breaks_behind_its_parenthesis, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_assignment_breaks_first_where_the_rest_then_fits, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(parentheses_inside_literals_do_not_count, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_long_macro_goes_on_behind_backslashes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_case_of_one_statement_shares_its_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(comments_cannot_be_ended_from_inside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_comments_are_wrapped_at_spaces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_words_make_no_comment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(literals_mean_what_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_literal_is_cut_before_compilers_complain, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(output_leaves_in_chunks_of_whole_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_longer_than_any_buffer_is_printed_whole, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(floats_are_as_short_as_they_can_be, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
