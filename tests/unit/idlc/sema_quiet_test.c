/* One mistake, one report: what follows from a mistake is not said again. And many mistakes are all said in one run. */
#include "sema_support.h"

static void an_unknown_type_is_reported_once_whatever_uses_the_field(void **state)
{
    (void)state;
    assert_struct_finds(
        "1: Nope a = 3 @range(1..2);\n2: list<Nope?> b @items(..3);\n@rule(\"a > 3 && a.b < 2 && len(b) > 1\", \"m\");",
        "E0209 2:4, E0209 3:9");
    assert_sema_finds(
        "namespace t;\ntype A = Nope;\ntype B = list<A>;\nstruct S { 1: A a @len(..3); 2: B b; 3: map<A, B> c; }\n",
        "E0209 2:10");
}

static void a_broken_constant_is_quiet_where_it_is_used(void **state)
{
    (void)state;
    assert_sema_finds(
        "namespace t;\nconst u8 c = 300;\nconst u32 d = c;\nenum E : u8 { x = c; }\n"
        "struct S { 1: u8 a = c @range(..c); 2: u8[c] b; @rule(\"a < c\", \"m\"); }\n",
        "E0232 2:14");
}

static void a_broken_enum_is_quiet_where_it_is_used(void **state)
{
    (void)state;
    assert_sema_finds("namespace t;\nenum E : string { x = 1; }\nconst E c = y;\n"
                      "struct S { 1: E a = x; 2: E b @in(x, z); @rule(\"a == z\", \"m\"); }\n",
                      "E0226 2:10");
}

static void a_circle_is_one_report(void **state)
{
    (void)state;
    assert_sema_finds(
        "namespace t;\nconst u8 a = b;\nconst u8 b = c;\nconst u8 c = a;\nstruct S { 1: u8 x = b; 2: u8[c] y; }\n",
        "E0214 2:10");
    assert_sema_finds(
        "namespace t;\nconst E a = x;\nenum E : u8 { x = b; }\nconst u8 b = 1;\nenum F : u8 { y = G.z; }\n",
        "E0229 5:19");
}

static void what_a_missing_import_would_have_brought_is_not_missed(void **state)
{
    (void)state;
    assert_sema_finds(
        "namespace t;\nimport \"gone.idl\";\nstruct S { 1: gone.A a; 2: gone.B b = gone.c; }\n"
        "service V { rpc m(gone.A) -> gone.B throws gone.E; }\n",
        "E0202 2:8");
}

static void a_second_declaration_has_no_ids_of_its_own(void **state)
{
    (void)state;
    assert_sema_finds(
        "namespace t;\nerror E { 1: u8 x; }\nerror E { 1: u8 x; }\nservice V { rpc m(); }\nservice V { rpc m(); }\n",
        "E0206 3:7, E0206 5:9");
    assert_sema_finds("namespace t;\nservice V { rpc m(); rpc m(); }\n", "E0401 2:26");
}

/* Syntax errors leave holes; names that may have stood in them are not called unknown. */
static void what_a_syntax_error_swallowed_is_not_missed(void **state)
{
    (void)state;
    assert_sema_finds(
        "namespace t;\nstruct S {\n1: u32 = 5;\n2: u32? b;\n@rule(\"lost > 3\", \"m\");\n@one_of(b, lost);\n}\n",
        "E0101 3:8");
    assert_sema_finds("namespace t;\nenum E : u8 { red 1; }\nunion U { 1 }\n",
                      "E0102 2:18, E0101 3:13");
}

static void mistakes_of_spelling_and_of_meaning_are_found_together(void **state)
{
    (void)state;
    assert_sema_finds("namespace t;\nstruct S {\n1: u32 a\n1: u32 b;\n3: Nope c\n}\n",
                      "E0102 3:9, E0220 4:1, E0209 5:4, E0102 5:10");
}

static void unused_imports_are_not_called_so_in_a_broken_file(void **state)
{
    (void)state;
    static const char other[] =
        "// file: b.idl\nnamespace b;\nstruct B { 1: u8 x; }\n// file: t.idl\n";
    idl_arena arena;
    idl_arena_init(&arena);
    assert_sema_finds(
        idl_arena_format(&arena, "%snamespace t;\nimport \"b.idl\";\nstruct S { 1: Nope x; }\n",
                         other),
        "E0209 3:15");
    assert_sema_finds(idl_arena_format(&arena,
                                       "%snamespace t;\nimport \"b.idl\";\nstruct S { 1: u8 x; }\n",
                                       other),
                      "W0502 2:1");
    idl_arena_deinit(&arena);
}

static void a_suggestion_comes_with_an_edit(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nstruct Money { 1: u8 x; }\nstruct S { 1: Monye m @senstive; }\n");
    assert_string_equal(sema_found(b), "E0209 3:15, E0301 3:23");
    assert_string_equal(sema_report(b, 0)->help, "did you mean 'Money'?");
    assert_string_equal(sema_report(b, 0)->edits->text, "Money");
    assert_int_equal(sema_report(b, 0)->edits->applicability, IDL_EDIT_MAYBE);
    assert_string_equal(sema_report(b, 1)->edits->text, "sensitive");
    assert_int_equal(sema_report(b, 1)->edits->span.end - sema_report(b, 1)->edits->span.start, 8);
    sema_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_type_is_reported_once_whatever_uses_the_field),
        cmocka_unit_test(a_broken_constant_is_quiet_where_it_is_used),
        cmocka_unit_test(a_broken_enum_is_quiet_where_it_is_used),
        cmocka_unit_test(a_circle_is_one_report),
        cmocka_unit_test(what_a_missing_import_would_have_brought_is_not_missed),
        cmocka_unit_test(a_second_declaration_has_no_ids_of_its_own),
        cmocka_unit_test(what_a_syntax_error_swallowed_is_not_missed),
        cmocka_unit_test(mistakes_of_spelling_and_of_meaning_are_found_together),
        cmocka_unit_test(unused_imports_are_not_called_so_in_a_broken_file),
        cmocka_unit_test(a_suggestion_comes_with_an_edit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
