/* The sink, and "did you mean". */
#include "front_support.h"

#include "diag/suggest.h"

#include <string.h>

static idl_span at(uint32_t start, uint32_t end)
{
    return (idl_span){ .start = start, .end = end };
}

static void reports_are_sorted_by_file_and_place(void **state)
{
    (void)state;
    bed *b = bed_empty();
    idl_diag_report(&b->diag, IDL_DIAG_UNEXPECTED_TOKEN, at(1000, 1001), "fourth");
    idl_diag_report(&b->diag, IDL_DIAG_UNEXPECTED_TOKEN, at(9, 10), "third");
    idl_diag_report(&b->diag, IDL_DIAG_UNEXPECTED_TOKEN, at(2, 3), "second");
    idl_diag_report(&b->diag, IDL_DIAG_UNKNOWN_OPTION, IDL_SPAN_NONE, "first");
    idl_diag_sort(&b->diag);
    const char *const wanted[] = { "first", "second", "third", "fourth" };
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(bed_report(b, i)->message, wanted[i]);
    bed_done(b);
}

static void a_second_error_on_the_same_token_is_dropped(void **state)
{
    (void)state;
    bed *b = bed_empty();
    idl_diag_report(&b->diag, IDL_DIAG_UNEXPECTED_TOKEN, at(2, 5), "kept");
    idl_report *echo = idl_diag_report(&b->diag, IDL_DIAG_MISSING_SEMICOLON, at(2, 5), "echo");
    idl_report_note(&b->diag, echo, at(0, 1), "goes nowhere");
    idl_report_help(&b->diag, echo, "goes nowhere");
    idl_report_label(&b->diag, echo, "goes nowhere");
    idl_report_edit(&b->diag, echo, at(0, 1), "", IDL_EDIT_SAFE);
    idl_diag_report(&b->diag, IDL_DIAG_MISSING_SEMICOLON, at(2, 6), "kept too");
    idl_diag_report(&b->diag, IDL_DIAG_DANGLING_DOC, at(2, 5), "a warning hides nothing");
    assert_int_equal(b->diag.count, 3);
    assert_int_equal(b->diag.n_errors, 2);
    assert_int_equal(b->diag.n_warnings, 1);
    assert_int_equal(b->diag.n_dropped, 0);
    assert_null(bed_report(b, 0)->notes);
    bed_done(b);
}

static void errors_without_a_place_are_all_kept(void **state)
{
    (void)state;
    bed *b = bed_empty();
    idl_diag_report(&b->diag, IDL_DIAG_UNKNOWN_OPTION, IDL_SPAN_NONE, "one");
    idl_diag_report(&b->diag, IDL_DIAG_UNKNOWN_OPTION, IDL_SPAN_NONE, "two");
    assert_int_equal(b->diag.count, 2);
    bed_done(b);
}

static void the_sink_is_full_after_a_hundred_errors(void **state)
{
    (void)state;
    bed *b = bed_empty();
    for (uint32_t i = 0; i < IDL_DIAG_MAX_ERRORS + 7; i++) {
        assert_true(idl_diag_is_full(&b->diag) == (i >= IDL_DIAG_MAX_ERRORS));
        idl_diag_report(&b->diag, IDL_DIAG_UNEXPECTED_TOKEN, at(i, i + 1), "%u", i);
    }
    assert_int_equal(b->diag.n_errors, IDL_DIAG_MAX_ERRORS);
    assert_int_equal(b->diag.n_dropped, 7);
    assert_string_equal(idl_render_summary(&b->diag),
                        "100 errors; stopped there, 7 more are not shown");
    bed_done(b);
}

static void warnings_become_errors_when_asked(void **state)
{
    (void)state;
    bed *b = bed_empty();
    b->diag.warnings_are_errors = true;
    idl_diag_report(&b->diag, IDL_DIAG_DANGLING_DOC, at(0, 1), "w");
    assert_int_equal(b->diag.n_errors, 1);
    assert_int_equal(bed_report(b, 0)->severity, IDL_SEVERITY_ERROR);
    bed_done(b);
}

static void the_distance_counts_slips_of_the_finger(void **state)
{
    (void)state;
    assert_int_equal(idl_edit_distance("range", "range", 3), 0);
    assert_int_equal(idl_edit_distance("rnage", "range", 3), 1); /* swapped */
    assert_int_equal(idl_edit_distance("rang", "range", 3), 1);
    assert_int_equal(idl_edit_distance("Range", "range", 3), 0); /* case is no slip */
    assert_int_equal(idl_edit_distance("kitten", "sitting", 5), 3);
    assert_int_equal(idl_edit_distance("abc", "xyz", 2), 3); /* over the limit: limit + 1 */
    assert_int_equal(idl_edit_distance("", "ab", 5), 2);
}

static void only_what_is_near_is_suggested(void **state)
{
    (void)state;
    static const char *const words[] = { "range", "items", "pattern", "in", NULL };
    assert_string_equal(idl_suggest_among("rnage", words), "range");
    assert_string_equal(idl_suggest_among("patern", words), "pattern");
    assert_null(idl_suggest_among("colour", words));
    assert_null(idl_suggest_among("x", words));
    char monster[5000];
    memset(monster, 'a', sizeof monster - 1);
    monster[sizeof monster - 1] = '\0';
    assert_null(idl_suggest_among(monster, words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_are_sorted_by_file_and_place),
        cmocka_unit_test(a_second_error_on_the_same_token_is_dropped),
        cmocka_unit_test(errors_without_a_place_are_all_kept),
        cmocka_unit_test(the_sink_is_full_after_a_hundred_errors),
        cmocka_unit_test(warnings_become_errors_when_asked),
        cmocka_unit_test(the_distance_counts_slips_of_the_finger),
        cmocka_unit_test(only_what_is_near_is_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
