/* What people and tools get to see, byte for byte. */
#include "front_support.h"

#include <string.h>

static void people_see_the_line_with_a_caret_under_it(void **state)
{
    (void)state;
    bed *b = bed_parse("struct S {\n    1: u32 x\n    2: u32 y;\n}\n");
    assert_string_equal(bed_rendered(b, IDL_FORMAT_HUMAN, false),
                        "error[E0102]: ';' is missing behind 'x'\n"
                        " --> t.idl:2:13\n"
                        "   |\n"
                        " 2 |     1: u32 x\n"
                        "   |             ^\n"
                        "\n"
                        "1 error; 'idlc explain E0102' tells more\n");
    bed_done(b);
}

static void notes_and_help_follow_with_their_own_places(void **state)
{
    (void)state;
    bed *b = bed_parse("namespace first;\n\n\n\n\n\n\n\n\nnamespace second;\n");
    assert_string_equal(bed_rendered(b, IDL_FORMAT_HUMAN, false),
                        "error[E0110]: a file has one namespace, and this is a second one\n"
                        "  --> t.idl:10:1\n"
                        "    |\n"
                        " 10 | namespace second;\n"
                        "    | ^^^^^^^^^^^^^^^^\n"
                        "note: the first is here\n"
                        "  --> t.idl:1:11\n"
                        "    |\n"
                        "  1 | namespace first;\n"
                        "    |           ^^^^^\n"
                        "\n"
                        "1 error; 'idlc explain E0110' tells more\n");
    bed_done(b);
}

static void the_caret_stands_right_behind_tabs_and_wide_characters(void **state)
{
    (void)state;
    bed *b = bed_parse("/*\xE6\x97\xA5\xCC\x81*/\tconst\t$;\n");
    /* A wide character takes two columns, a combining one none; a tab goes to the next fourth. */
    assert_non_null(strstr(bed_rendered(b, IDL_FORMAT_HUMAN, false),
                           " 1 | /*\xE6\x97\xA5\xCC\x81*/  const   $;\n"
                           "   |                 ^\n"));
    bed_done(b);
}

static void bytes_a_terminal_would_obey_are_not_printed(void **state)
{
    (void)state;
    bed *b = bed_parse("const \x1b[2J\xC2\x9B u32 = 1;\n");
    const char *text = bed_rendered(b, IDL_FORMAT_HUMAN, false);
    assert_null(strchr(text, '\x1b'));
    assert_null(strstr(text, "\xC2\x9B"));
    bed_done(b);
}

static void a_long_line_is_shown_around_the_caret(void **state)
{
    (void)state;
    char text[2048];
    memset(text, ' ', sizeof text);
    memcpy(text + 1000, "const u32 = 1;", 14);
    bed *b = bed_parse_bytes(text, sizeof text);
    const char *shown = bed_rendered(b, IDL_FORMAT_HUMAN, false);
    assert_non_null(strstr(shown, "const u32 = 1;"));
    for (const char *line = shown; line != NULL && *line != '\0';) {
        const char *end = strchr(line, '\n');
        assert_true(end - line < 150);
        line = end + 1;
    }
    bed_done(b);
}

static void colour_is_put_in_only_when_asked(void **state)
{
    (void)state;
    bed *b = bed_parse("const u32 = 1;\n");
    assert_null(strchr(bed_rendered(b, IDL_FORMAT_HUMAN, false), '\x1b'));
    assert_non_null(
        strstr(bed_rendered(b, IDL_FORMAT_HUMAN, true), "\x1b[1;31merror[E0101]\x1b[0m"));
    bed_done(b);
}

static void the_command_line_has_no_place(void **state)
{
    (void)state;
    bed *b = bed_empty();
    idl_report *r = idl_diag_report(&b->diag, IDL_DIAG_UNKNOWN_COMMAND, IDL_SPAN_NONE,
                                    "there is no command 'chek'");
    idl_report_help(&b->diag, r, "did you mean 'check'?");
    assert_string_equal(
        bed_rendered(b, IDL_FORMAT_HUMAN, false),
        "idlc: error[E0001]: there is no command 'chek'\nhelp: did you mean 'check'?\n");
    assert_string_equal(
        bed_rendered(b, IDL_FORMAT_GCC, false),
        "idlc: error: there is no command 'chek' [E0001]\nidlc: note: did you mean 'check'?\n");
    bed_done(b);
}

static void editors_get_one_line_each_in_gccs_form(void **state)
{
    (void)state;
    bed *b = bed_parse("namespace a;\nnamespace b;\nstruct S { 1: u32 x; };\n");
    assert_string_equal(
        bed_rendered(b, IDL_FORMAT_GCC, false),
        "t.idl:2:1: error: a file has one namespace, and this is a second one [E0110]\n"
        "t.idl:1:11: note: the first is here\n"
        "t.idl:3:23: error: a block ends with its '}' alone [E0108]\n"
        "t.idl:3:23: note: remove the ';'\n");
    bed_done(b);
}

static void tools_get_json_with_places_and_edits(void **state)
{
    (void)state;
    bed *b = bed_parse("struct S { 1: u32 x; };\n");
    assert_string_equal(bed_rendered(b, IDL_FORMAT_JSON, false),
                        "{\n"
                        "  \"errors\": 1,\n"
                        "  \"warnings\": 0,\n"
                        "  \"not_shown\": 0,\n"
                        "  \"diagnostics\": [\n"
                        "    {\n"
                        "      \"id\": \"E0108\",\n"
                        "      \"name\": \"semicolon-after-brace\",\n"
                        "      \"severity\": \"error\",\n"
                        "      \"message\": \"a block ends with its '}' alone\",\n"
                        "      \"place\": {\n"
                        "        \"file\": \"t.idl\",\n"
                        "        \"line\": 1,\n"
                        "        \"column\": 23,\n"
                        "        \"end_line\": 1,\n"
                        "        \"end_column\": 24,\n"
                        "        \"start\": 22,\n"
                        "        \"end\": 23\n"
                        "      },\n"
                        "      \"help\": \"remove the ';'\",\n"
                        "      \"notes\": [],\n"
                        "      \"edits\": [\n"
                        "        {\n"
                        "          \"place\": {\n"
                        "            \"file\": \"t.idl\",\n"
                        "            \"line\": 1,\n"
                        "            \"column\": 23,\n"
                        "            \"end_line\": 1,\n"
                        "            \"end_column\": 24,\n"
                        "            \"start\": 22,\n"
                        "            \"end\": 23\n"
                        "          },\n"
                        "          \"text\": \"\",\n"
                        "          \"safe\": true\n"
                        "        }\n"
                        "      ]\n"
                        "    }\n"
                        "  ]\n"
                        "}\n");
    bed_done(b);
}

static void labels_and_several_notes_reach_every_format(void **state)
{
    (void)state;
    bed *b = bed_parse("const u32 x = 1;\nconst u32 y = 2;\n");
    idl_span x = bed_decl(b, "x")->name.span;
    idl_span y = bed_decl(b, "y")->name.span;
    idl_report *r = idl_diag_report(&b->diag, IDL_DIAG_UNEXPECTED_TOKEN, y, "clash");
    idl_report_label(&b->diag, r, "used again");
    idl_report_note(&b->diag, r, x, "first used here");
    idl_report_note(&b->diag, r, IDL_SPAN_NONE, "names are shared");
    idl_report_help(&b->diag, r, "rename one");
    idl_report_edit(&b->diag, r, y, "z", IDL_EDIT_MAYBE);
    idl_report_edit(&b->diag, r, x, "z", IDL_EDIT_MAYBE);
    idl_diag_report(&b->diag, IDL_DIAG_DANGLING_DOC, x, "odd");
    const char *people = bed_rendered(b, IDL_FORMAT_HUMAN, false);
    assert_non_null(strstr(people, "^ used again\nnote: first used here\n --> t.idl:1:11\n"));
    assert_non_null(strstr(people, "note: names are shared\nhelp: rename one\n"));
    assert_non_null(strstr(people, "warning[W0501]: odd"));
    assert_non_null(strstr(people, "1 error and 1 warning"));
    assert_non_null(
        strstr(bed_rendered(b, IDL_FORMAT_GCC, false), "t.idl:2:11: note: names are shared\n"));
    const char *json = bed_rendered(b, IDL_FORMAT_JSON, false);
    assert_non_null(strstr(json, "\"label\": \"used again\""));
    assert_non_null(strstr(json, "\"message\": \"names are shared\"\n"));
    assert_non_null(
        strstr(bed_rendered(b, IDL_FORMAT_SARIF, false), "\"text\": \"clash (rename one)\""));
    bed_done(b);
}

static void json_escapes_what_it_must(void **state)
{
    (void)state;
    bed *b = bed_empty();
    idl_diag_report(&b->diag, IDL_DIAG_CANNOT_READ_FILE, IDL_SPAN_NONE, "\"\\\n\x01\xff\xC3\xA4");
    assert_non_null(strstr(bed_rendered(b, IDL_FORMAT_JSON, false),
                           "\"message\": \"\\\"\\\\\\n\\u0001\xEF\xBF\xBD\xC3\xA4\""));
    bed_done(b);
}

static void sarif_names_rules_results_and_fixes(void **state)
{
    (void)state;
    bed *b = bed_empty();
    idl_source *source;
    const char text[] = "namespace a;\nnamespace b;\nconst u32 x = 1\n";
    assert_int_equal(
        idl_source_from_memory(&b->sources, "a folder/t.idl", text, sizeof text - 1, &source), 0);
    idl_parse(&b->sources, source, &b->diag);
    const char *sarif = bed_rendered(b, IDL_FORMAT_SARIF, false);
    assert_non_null(strstr(sarif, "\"version\": \"2.1.0\""));
    assert_non_null(strstr(sarif, "\"id\": \"E0102\""));
    assert_non_null(strstr(sarif, "\"ruleId\": \"E0110\""));
    assert_non_null(strstr(sarif, "\"uri\": \"a%20folder/t.idl\""));
    assert_non_null(strstr(sarif, "\"relatedLocations\": [\n            {"));
    assert_non_null(
        strstr(sarif, "\"insertedContent\": {\n                        \"text\": \";\""));
    assert_null(strstr(sarif, "E0101")); /* only rules that were broken */
    bed_done(b);
}

static void nothing_found_prints_nothing_for_people(void **state)
{
    (void)state;
    bed *b = bed_parse("namespace a;\n");
    assert_string_equal(bed_rendered(b, IDL_FORMAT_HUMAN, true), "");
    assert_string_equal(bed_rendered(b, IDL_FORMAT_GCC, false), "");
    assert_non_null(strstr(bed_rendered(b, IDL_FORMAT_JSON, false), "\"diagnostics\": []"));
    bed_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_see_the_line_with_a_caret_under_it),
        cmocka_unit_test(notes_and_help_follow_with_their_own_places),
        cmocka_unit_test(the_caret_stands_right_behind_tabs_and_wide_characters),
        cmocka_unit_test(bytes_a_terminal_would_obey_are_not_printed),
        cmocka_unit_test(a_long_line_is_shown_around_the_caret),
        cmocka_unit_test(colour_is_put_in_only_when_asked),
        cmocka_unit_test(the_command_line_has_no_place),
        cmocka_unit_test(editors_get_one_line_each_in_gccs_form),
        cmocka_unit_test(tools_get_json_with_places_and_edits),
        cmocka_unit_test(labels_and_several_notes_reach_every_format),
        cmocka_unit_test(json_escapes_what_it_must),
        cmocka_unit_test(sarif_names_rules_results_and_fixes),
        cmocka_unit_test(nothing_found_prints_nothing_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
