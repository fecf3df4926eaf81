/* Where reading goes on after an error, case by case: what follows is read as if nothing had been wrong. */
#include "front_support.h"

#include <string.h>

/* ---- where a skip ends ---- */

static void a_skip_ends_at_the_next_member_of_its_kind(void **state)
{
    (void)state;
    assert_finds(
        "struct S {\n    1: u32 a = b = c\n    2: u32 d;\n    3: $$;\n    reserved 9;\n}\n",
        "E0101 2:18, E0012 4:8");
    assert_finds(
        "enum E : u8 {\n    a == 1\n    b = 2;\n    c = (\n    reserved 9;\n    = 5\n    d = 6;\n}\n",
        "E0101 2:8, E0101 4:9, E0101 6:5");
    assert_finds("service V {\n    rpc = (\n    rpc b();\n    event ;\n    oneway c();\n}\n",
                 "E0101 2:9, E0101 4:11");
    assert_finds("service V {\n    rpc a(1: u32 x,\n    rpc b();\n}\n", "E0101 3:9");
}

static void a_block_inside_a_broken_member_is_skipped_whole(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "struct S {\n    1: struct { 1: u32 a; { 2: u32 b; } } inner;\n    3: u32 c;\n}\nconst u32 x = 1;\n");
    assert_string_equal(bed_found(b), "E0101 2:15");
    assert_false(bed_field(bed_decl(b, "S"), "c")->is_poisoned);
    assert_false(bed_decl(b, "x")->is_poisoned);
    bed_done(b);
}

static void a_block_where_no_declaration_is_is_skipped_whole(void **state)
{
    (void)state;
    assert_finds("{ 1: u32 a; }\nconst u32 x = 1;\n", "E0101 1:1");
    assert_finds("const u32 x = { 1; { 2; } }\nconst u32 y = ;\n", "E0101 1:15, E0101 2:15");
    assert_finds("5;\nsix;\nconst u32 y = ;\n", "E0101 1:1, E0101 2:1, E0101 3:15");
}

static void a_statement_ends_where_the_next_declaration_begins(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "const u32 x = (\nimport \"a\";\ntype T = [\nnamespace n;\nstruct S {\n    1: u32 x;\nimport \"b\";\n");
    assert_string_equal(bed_found(b), "E0101 1:15, E0101 3:10, E0111 4:1, E0103 6:14");
    assert_int_equal(b->file->n_imports, 2);
    bed_done(b);
}

static void a_missing_brace_shows_by_what_follows_even_when_indented(void **state)
{
    (void)state;
    assert_finds(
        "  struct A {\n    1: u32 x;\n    struct B {\n    1: u32 x;\n    enum C : u8 {\n    a = 1;\n}\n",
        "E0103 2:14, E0103 4:14");
    assert_finds("enum A : u8 {\n    a = 1;\n    union B @x {\n    1: u32 x;\n}\n", "E0103 2:11");
}

static void parentheses_inside_a_broken_list_are_skipped_with_it(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "service V {\n    rpc a(1: u32 x, 2: ((u32, u32)) y, 3: u32 z) -> S;\n    rpc b(1: u32 x @in(1 (2, 3), 4), 2: u32 y);\n}\n");
    assert_string_equal(bed_found(b), "E0101 2:24, E0101 3:26");
    assert_int_equal(bed_method(bed_decl(b, "V"), "a")->request.fields.count, 2);
    assert_int_equal(bed_method(bed_decl(b, "V"), "b")->request.fields.count, 2);
    bed_done(b);
}

/* ---- said twice ---- */

static void what_is_written_twice_is_refused_once(void **state)
{
    (void)state;
    assert_finds("const u32 x = 1 = 2;\n", "E0101 1:19");
    assert_finds("enum E : u8 : u16 { a = 1 = 2; }\n", "E0101 1:15");
    assert_finds("enum E : u8 { a = 1 = 2; }\n", "E0101 1:21");
    assert_finds("struct S { 1: u32 x = 1 = 2; }\n", "E0101 1:25");
    assert_finds("service V { rpc m() -> A -> B; }\n", "E0101 1:26");
    assert_finds("service V { rpc m() -> A, B; }\n", "E0101 1:25");
    assert_finds("service V { rpc m(stream A, 1: u32 x); }\n", "E0113 1:29");
}

static void only_the_first_of_two_unnumbered_fields_gets_a_proposal(void **state)
{
    (void)state;
    bed *b = bed_parse("struct S {\n    u32 a;\n    u32 b;\n    4: u32 c;\n}\n");
    assert_string_equal(bed_found(b), "E0105 2:5, E0105 3:5");
    assert_string_equal(bed_report(b, 0)->help, "write '5:' in front of it");
    assert_null(bed_report(b, 1)->help);
    bed_done(b);
}

/* ---- small shapes ---- */

static void values_that_can_not_be_are_refused_where_they_stand(void **state)
{
    (void)state;
    assert_finds("struct S {\n    1.5: u32 x;\n    2s: u32 y;\n}\n", "E0101 2:5, E0101 3:5");
    assert_finds(
        "struct S {\n    reserved 99999999999999999999;\n    reserved 1..0x;\n    reserved \"a\\q\";\n}\n",
        "E0017 2:14, E0016 3:17, E0015 4:16");
    assert_finds("import \"a\\q\";\n", "E0015 1:10");
    assert_finds("struct S {\n    reserved 5..\n}\n", "E0102 2:17");
    assert_finds("type T = error\ntype U = stream?\nconst u32 x = 1;\n", "E0102 1:15, E0102 2:17");
}

static void statements_about_the_whole_stand_in_every_block(void **state)
{
    (void)state;
    bed *b =
        bed_parse("enum E : u8 { a = 1; @strict; }\nservice V { @version(\"1\"); rpc m(); }\n");
    assert_string_equal(bed_found(b), "");
    assert_true(bed_decl(b, "E")->annotations.first->is_statement);
    assert_true(bed_decl(b, "V")->annotations.first->is_statement);
    bed_done(b);
}

static void types_from_elsewhere_meet_ours(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "struct S {\n    1: optional<u32> a;\n    2: vector<u32> b;\n    3: Foo<u32> c;\n}\n");
    assert_string_equal(bed_found(b), "E0112 2:8, E0112 3:8, E0112 4:8");
    assert_string_equal(bed_report(b, 0)->help, "an optional value is written 'T?'");
    assert_string_equal(bed_report(b, 1)->edits->text, "list");
    assert_null(bed_report(b, 2)->help);
    assert_int_equal(bed_field(bed_decl(b, "S"), "a")->type->kind, IDL_AST_TYPE_POISONED);
    bed_done(b);
}

static void an_enum_says_what_its_values_look_like(void **state)
{
    (void)state;
    bed *b = bed_parse("enum E : u8 {\n    1: a;\n}\n");
    assert_string_equal(bed_report(b, 0)->message,
                        "unexpected '1', expected a value ('name = number;') or '}'");
    bed_done(b);
}

static void words_too_far_from_any_keyword_get_no_suggestion(void **state)
{
    (void)state;
    bed *b = bed_parse("elephant Foo { 1: u32 x; }\nservice V {\n    elephant m();\n}\n");
    assert_string_equal(bed_found(b), "E0101 1:1, E0101 3:5");
    assert_null(bed_report(b, 0)->help);
    assert_null(bed_report(b, 1)->help);
    bed_done(b);
}

/* A comment over several lines counts as a new line for what follows it. */
static void a_comment_over_lines_begins_a_line(void **state)
{
    (void)state;
    assert_finds("const u32 x = 1 /*\n*/ const u32 y = 2;\n", "E0102 1:16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_skip_ends_at_the_next_member_of_its_kind),
        cmocka_unit_test(a_block_inside_a_broken_member_is_skipped_whole),
        cmocka_unit_test(a_block_where_no_declaration_is_is_skipped_whole),
        cmocka_unit_test(a_statement_ends_where_the_next_declaration_begins),
        cmocka_unit_test(a_missing_brace_shows_by_what_follows_even_when_indented),
        cmocka_unit_test(parentheses_inside_a_broken_list_are_skipped_with_it),
        cmocka_unit_test(what_is_written_twice_is_refused_once),
        cmocka_unit_test(only_the_first_of_two_unnumbered_fields_gets_a_proposal),
        cmocka_unit_test(values_that_can_not_be_are_refused_where_they_stand),
        cmocka_unit_test(statements_about_the_whole_stand_in_every_block),
        cmocka_unit_test(types_from_elsewhere_meet_ours),
        cmocka_unit_test(an_enum_says_what_its_values_look_like),
        cmocka_unit_test(words_too_far_from_any_keyword_get_no_suggestion),
        cmocka_unit_test(a_comment_over_lines_begins_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
