/* Bytes and words: what the scanner takes, keeps and refuses. */
#include "front_support.h"

#include <stdio.h>
#include <string.h>

static void bytes_that_are_no_text_are_reported_at_the_byte(void **state)
{
    (void)state;
    assert_finds("// caf\xE9\nnamespace a;\n", "E0010 1:7");
    assert_finds("namespace a;\nconst string s = \"\xC0\xAF\";\n", "E0010 2:19");
    assert_finds("namespace a; // \xED\xA0\x80", "E0010 1:17");
    bed *b = bed_parse_bytes("namespace a;\n\0\n", 15);
    assert_string_equal(bed_found(b), "E0011 2:1");
    bed_done(b);
}

static void only_the_first_bad_byte_of_a_file_is_reported(void **state)
{
    (void)state;
    assert_finds("// \xff\n// \xfe\nnamespace \xfd a;\n", "E0010 1:4");
}

static void a_byte_order_mark_is_taken_at_the_start_only(void **state)
{
    (void)state;
    assert_finds("\xEF\xBB\xBFnamespace a;\n", "");
    assert_finds("namespace a;\n\xEF\xBB\xBF", "E0012 2:1");
}

static void a_sign_without_meaning_is_named_and_passed_over(void **state)
{
    (void)state;
    bed *b = bed_parse("namespace a;\nconst string x = 'no';\nconst u32 y = 1;\n");
    assert_string_equal(bed_found(b), "E0012 2:18");
    assert_string_equal(bed_report(b, 0)->message, "''' means nothing here");
    assert_string_equal(bed_report(b, 0)->help, "strings stand in double quotes");
    assert_false(bed_decl(b, "y")->is_poisoned);
    bed_done(b);
    assert_finds("namespace a;\nconst u32 \xC3\xA4 = 1;\n", "E0012 2:11");
    assert_finds("namespace a;\x07\n", "E0012 1:13");
}

static void strings_and_comments_that_never_end_are_reported_where_they_begin(void **state)
{
    (void)state;
    assert_finds("namespace a;\n/* no end\n *\n", "E0013 2:1");
    assert_finds("const string s = \"no end\nnamespace a;\n", "E0014 1:18, E0111 2:1");
    assert_finds("const string s = \"no\\\" end", "E0014 1:18");
    assert_finds("const string s = \"\\", "E0014 1:18");
}

static void a_bad_escape_offers_to_double_the_backslash(void **state)
{
    (void)state;
    bed *b = bed_parse("type T = string @pattern(\"\\d\");\n");
    assert_string_equal(bed_found(b), "E0015 1:27");
    assert_string_equal(bed_report(b, 0)->edits->text, "\\\\d");
    bed_done(b);
    assert_finds("const string s = \"\\u{110000}\";\n", "E0015 1:19");
    assert_finds("const string s = \"\\xZ1\";\n", "E0015 1:19");
}

static void bad_numbers_are_one_error_each(void **state)
{
    (void)state;
    assert_finds(
        "enum E : u8 {\n a = 1__0;\n b = 18446744073709551616;\n c = 5sec;\n d = 0.5ns;\n}\n",
        "E0016 2:6, E0017 3:6, E0018 4:7, E0019 5:6");
}

static void an_unknown_unit_meets_a_suggestion(void **state)
{
    (void)state;
    bed *b = bed_parse("const duration d = 5sec;\nconst u32 s = 4kib;\n");
    assert_string_equal(bed_report(b, 0)->help, "did you mean 's'?");
    assert_string_equal(bed_report(b, 1)->help, "did you mean 'KiB'?");
    bed_done(b);
}

static void names_are_short_enough_for_c(void **state)
{
    (void)state;
    char text[256];
    snprintf(text, sizeof text, "const u32 %0128d = 1;\n", 0);
    memset(text + 10, 'n', 128);
    assert_finds(text, "");
    snprintf(text, sizeof text, "const u32 %0129d = 1;\n", 0);
    memset(text + 10, 'n', 129);
    assert_finds(text, "E0020 1:11");
}

static void documentation_goes_to_what_follows_it(void **state)
{
    (void)state;
    bed *b = bed_parse("/// The file.\n"
                       "namespace a;\n"
                       "/// First.\n"
                       "///\n"
                       "///  Indented.\r\n"
                       "// a remark between\n"
                       "///last\n"
                       "struct S {\n"
                       "    /// A field.\n"
                       "    1: u32 x;\n"
                       "    //// four slashes are no documentation\n"
                       "    2: u32 y;\n"
                       "}\n");
    assert_string_equal(bed_found(b), "");
    assert_string_equal(b->file->doc->text, "The file.");
    assert_string_equal(bed_decl(b, "S")->doc->text, "First.\n\n Indented.\nlast");
    assert_string_equal(bed_field(bed_decl(b, "S"), "x")->doc->text, "A field.");
    assert_null(bed_field(bed_decl(b, "S"), "y")->doc);
    bed_done(b);
}

static void documentation_of_nothing_is_a_warning(void **state)
{
    (void)state;
    assert_finds(
        "namespace a;\nstruct S {\n    1: u32 x; /// behind\n    2: u32 y;\n    /// end\n}\n",
        "W0501 3:15, W0501 5:5");
}

static void every_comment_is_kept_with_its_place(void **state)
{
    (void)state;
    bed *b = bed_parse("// one\nnamespace /* two */ a; // three\n/// four\nconst u32 x = 1;\n");
    const idl_ast_comment *comments = b->file->comments;
    assert_int_equal(b->file->n_comments, 4);
    assert_int_equal(comments[0].kind, IDL_AST_COMMENT_LINE);
    assert_true(comments[0].is_first_on_line);
    assert_int_equal(comments[0].end, 6);
    assert_int_equal(comments[1].kind, IDL_AST_COMMENT_BLOCK);
    assert_int_equal(comments[1].end - comments[1].start, strlen("/* two */"));
    assert_false(comments[2].is_first_on_line);
    assert_int_equal(comments[3].kind, IDL_AST_COMMENT_DOC);
    bed_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_that_are_no_text_are_reported_at_the_byte),
        cmocka_unit_test(only_the_first_bad_byte_of_a_file_is_reported),
        cmocka_unit_test(a_byte_order_mark_is_taken_at_the_start_only),
        cmocka_unit_test(a_sign_without_meaning_is_named_and_passed_over),
        cmocka_unit_test(strings_and_comments_that_never_end_are_reported_where_they_begin),
        cmocka_unit_test(a_bad_escape_offers_to_double_the_backslash),
        cmocka_unit_test(bad_numbers_are_one_error_each),
        cmocka_unit_test(an_unknown_unit_meets_a_suggestion),
        cmocka_unit_test(names_are_short_enough_for_c),
        cmocka_unit_test(documentation_goes_to_what_follows_it),
        cmocka_unit_test(documentation_of_nothing_is_a_warning),
        cmocka_unit_test(every_comment_is_kept_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
