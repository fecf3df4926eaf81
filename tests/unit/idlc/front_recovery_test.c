/* Wrong schemas: every mistake is found in one run, at its place, and little else is said. */
#include "front_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the house's promise ---- */

static const char five_mistakes[] =
    "namespace bank;\n"
    "struct Transfer {\n"
    "    1: u32 from\n" /* 1: ';' missing, 3:16 */
    "    2: u32 to;\n"
    "    u32 amount;\n" /* 2: no number, 5:5 */
    "}\n"
    "enum Side : u8 { buy = 1, sell = 2; }\n" /* 3: ',' for ';', 7:25 */
    "srevice Bank {\n"                        /* 4: misspelt, 8:1 */
    "    rpc pay(Transfer -> Side;\n"         /* 5: ')' missing, 9:22 */
    "    rpc ask(Transfer) -> Transfer;\n"
    "}\n"
    "struct Last { 1: u32 x; }\n";

static void five_mistakes_in_one_file_are_all_found_and_nothing_else(void **state)
{
    (void)state;
    assert_finds(five_mistakes, "E0102 3:16, E0105 5:5, E0107 7:25, E0101 8:1, E0101 9:22");
}

static void what_could_be_read_is_in_the_tree(void **state)
{
    (void)state;
    bed *b = bed_parse(five_mistakes);
    const idl_ast_decl *transfer = bed_decl(b, "Transfer");
    assert_true(b->file->has_syntax_errors);
    assert_false(transfer->is_poisoned);
    assert_true(transfer->has_errors);
    assert_false(bed_field(transfer, "from")->is_poisoned);
    assert_false(bed_field(transfer, "to")->is_poisoned);
    assert_true(bed_field(transfer, "amount")->is_poisoned);
    assert_int_equal(bed_decl(b, "Side")->values.count, 2);
    assert_int_equal(bed_decl(b, "Bank")->methods.count, 2);
    assert_false(bed_method(bed_decl(b, "Bank"), "ask")->is_poisoned);
    assert_false(bed_decl(b, "Last")->is_poisoned);
    bed_done(b);
}

/* ---- semicolons ---- */

static void a_missing_semicolon_is_reported_behind_the_word_before_it(void **state)
{
    (void)state;
    bed *b =
        bed_parse("namespace a\nconst u32 x = 1\ntype T = u32\ntype O = u32?\n"
                  "struct S {\n    1: u32 a\n    2: u32 b = 2\n    3: u32 c @x(1)\n    reserved 4\n"
                  "    reserved 5..6\n    @one_of(a, b)\n}\n"
                  "enum E : u8 {\n    p = 1\n    q = 2\n}\n"
                  "service V {\n    rpc m(S) -> S\n    rpc n(S) throws Q\n    event e(S)\n}\n"
                  "const u32 z = 3");
    assert_string_equal(
        bed_found(b),
        "E0102 1:12, E0102 2:16, E0102 3:13, E0102 4:14, E0102 6:13, E0102 7:17, E0102 8:19, "
        "E0102 9:15, E0102 10:18, E0102 11:18, E0102 14:10, E0102 15:10, E0102 18:18, "
        "E0102 19:22, E0102 20:15, E0102 22:16");
    for (size_t i = 0; i < b->diag.count; i++) {
        assert_string_equal(bed_report(b, i)->edits->text, ";");
        assert_int_equal(bed_report(b, i)->edits->applicability, IDL_EDIT_SAFE);
    }
    /* Nothing was thrown away. */
    assert_int_equal(b->file->decls.count, 7);
    for (const idl_ast_decl *decl = b->file->decls.first; decl != NULL; decl = decl->next)
        assert_false(decl->is_poisoned);
    assert_int_equal(bed_decl(b, "S")->fields.count, 3);
    assert_int_equal(bed_decl(b, "S")->reserved.count, 2);
    assert_int_equal(bed_decl(b, "V")->methods.count, 3);
    bed_done(b);
}

static void two_fields_on_one_line_need_a_semicolon_too(void **state)
{
    (void)state;
    assert_finds("struct S { 1: u32 a 2: u32 b; }\n", "E0102 1:20");
}

static void a_semicolon_behind_a_block_is_taken_away(void **state)
{
    (void)state;
    bed *b = bed_parse("struct S { 1: u32 a; };\nstruct T { 1: u32 a; };\n");
    assert_string_equal(bed_found(b), "E0108 1:23, E0108 2:23");
    assert_string_equal(bed_report(b, 0)->edits->text, "");
    bed_done(b);
}

/* ---- braces ---- */

static void a_missing_brace_is_found_at_the_next_declaration(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "struct A {\n    1: u32 x;\nstruct B {\n    1: u32 x;\n\nenum C : u8 {\n    a = 1;\n"
        "const u32 n = 1;\nservice D {\n    rpc m();\ntype E = u32;\n");
    assert_string_equal(bed_found(b), "E0103 2:14, E0103 4:14, E0103 7:11, E0103 10:13");
    assert_string_equal(bed_report(b, 0)->notes->message, "the block of 'A' opens here");
    assert_int_equal(b->file->decls.count, 6);
    for (const idl_ast_decl *decl = b->file->decls.first; decl != NULL; decl = decl->next)
        assert_false(decl->is_poisoned);
    bed_done(b);
}

static void a_missing_brace_is_found_at_the_end_of_the_file(void **state)
{
    (void)state;
    assert_finds("struct A {\n    1: u32 x;\n", "E0103 2:14");
    assert_finds("struct A {", "E0103 1:11");
    assert_finds("struct A {\n    1: u32 x", "E0103 2:13");
}

static void members_named_like_keywords_do_not_look_like_declarations(void **state)
{
    (void)state;
    assert_finds("enum E : u8 {\nerror = 1;\nstruct = 2;\n    type = 3;\n}\n", "");
}

static void a_brace_too_many_is_left_out(void **state)
{
    (void)state;
    assert_finds("struct A { 1: u32 x; }\n}\nstruct B { 1: u32 x; }\n", "E0104 2:1");
}

/* ---- skipping ---- */

static void a_broken_member_costs_only_itself(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "struct S {\n    1: u32 a b c;\n    2: list<u32 d;\n    3: u32\n    4: = ;\n    5: u32 e;\n}\n");
    assert_string_equal(bed_found(b), "E0101 2:14, E0101 3:17, E0101 5:5");
    assert_false(bed_field(bed_decl(b, "S"), "e")->is_poisoned);
    assert_true(bed_decl(b, "S")->has_errors);
    bed_done(b);
}

static void a_broken_header_still_has_its_members_checked(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "struct my-name {\n    1: u32 x\n}\nenum E u8 {\n    a = ;\n}\nstruct Foo;\nstruct Z { 1: u32 x; }\n");
    assert_string_equal(bed_found(b), "E0101 1:10, E0102 2:13, E0101 4:8, E0101 5:9, E0101 7:11");
    assert_true(bed_decl(b, "my")->is_poisoned);
    assert_false(bed_decl(b, "Z")->is_poisoned);
    bed_done(b);
}

static void a_broken_parameter_leaves_the_others(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "service V {\n    rpc m(1: u32 a, 2 b, 3: u32 c) -> S;\n    rpc n(1: u32 x @range(1..2, ;\n    rpc o(S) -> S;\n}\n");
    assert_string_equal(bed_found(b), "E0101 2:23, E0101 3:33");
    const idl_ast_method *m = bed_method(bed_decl(b, "V"), "m");
    assert_int_equal(m->request.kind, IDL_AST_PAYLOAD_POISONED);
    assert_int_equal(m->request.fields.count, 2);
    assert_int_equal(m->reply.kind, IDL_AST_PAYLOAD_NAMED);
    assert_false(bed_method(bed_decl(b, "V"), "o")->is_poisoned);
    bed_done(b);
}

static void a_broken_argument_poisons_its_annotation_alone(void **state)
{
    (void)state;
    bed *b = bed_parse("struct S {\n    1: u32 a @range(1 2) @finite;\n}\n");
    assert_string_equal(bed_found(b), "E0101 2:23");
    const idl_ast_field *a = bed_field(bed_decl(b, "S"), "a");
    assert_true(a->annotations.first->is_poisoned);
    assert_false(a->annotations.last->is_poisoned);
    assert_false(a->is_poisoned);
    bed_done(b);
}

/* ---- words ---- */

static void misspelt_keywords_are_taken_for_what_they_stand_for(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "nmaespace a;\nmessage M {\n    1: u32 x;\n}\ninterface V {\n    rcp m(M);\n    method n(M);\n}\n");
    assert_string_equal(bed_found(b), "E0101 1:1, E0101 2:1, E0101 5:1, E0101 6:5, E0101 7:5");
    assert_string_equal(bed_report(b, 0)->help, "did you mean 'namespace'?");
    assert_string_equal(bed_report(b, 1)->help, "did you mean 'struct'?");
    assert_string_equal(bed_report(b, 2)->help, "did you mean 'service'?");
    assert_string_equal(bed_report(b, 3)->edits->text, "rpc");
    assert_true(b->file->has_namespace);
    assert_int_equal(bed_decl(b, "M")->fields.count, 1);
    assert_int_equal(bed_decl(b, "V")->methods.count, 2);
    bed_done(b);
}

static void a_missing_number_meets_the_next_free_one(void **state)
{
    (void)state;
    bed *b =
        bed_parse("struct S {\n    u32 a;\n    7: u32 b;\n}\nservice V { rpc m(string s); }\n");
    assert_string_equal(bed_found(b), "E0105 2:5, E0105 5:19");
    assert_string_equal(bed_report(b, 0)->help, "write '8:' in front of it");
    assert_string_equal(bed_report(b, 1)->help, "write '1:' in front of it");
    bed_done(b);
}

static void errors_list_what_could_have_stood_there(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "const u32 = 3;\nstruct S {\n    : u32 x;\n}\ntype T : u32;\nservice V { rpc m S; }\n");
    assert_string_equal(bed_report(b, 0)->message, "unexpected '=', expected a name");
    assert_string_equal(
        bed_report(b, 1)->message,
        "unexpected ':', expected a field ('number: type name;'), 'reserved', an annotation or '}'");
    assert_string_equal(bed_report(b, 2)->message, "unexpected ':', expected '='");
    assert_string_equal(bed_report(b, 3)->message, "unexpected 'S', expected '('");
    bed_done(b);
}

static void shapes_that_mix_messages_are_refused(void **state)
{
    (void)state;
    assert_finds(
        "service V {\n rpc a(S, 1: u32 x);\n rpc b(stream S, stream S);\n rpc c(stream S, S);\n"
        " rpc d(S, S);\n rpc e(1: u32 x, S);\n}\n",
        "E0113 2:11, E0113 3:18, E0113 4:18, E0113 5:11, E0113 6:18");
    assert_finds("namespace a;\nnamespace b;\n", "E0110 2:1");
    assert_finds("import \"x\";\nnamespace a;\n", "E0111 2:1");
    assert_finds("struct S { 1: list<u32, u32> a; }\n", "E0112 1:15");
    assert_finds("struct S { 1: map<u32> a; }\n", "E0112 1:15");
    assert_finds("struct S { 1: set<u32> a; }\n", "E0112 1:15");
    assert_finds("struct S {\n    1 u32 a;\n}\n", "E0114 2:6");
    assert_finds("const u32 x;\n", "E0101 1:11");
    assert_finds("enum E : u8 { a; }\n", "E0106 1:15");
}

/* ---- limits ---- */

static char *repeat(const char *head, const char *unit, size_t count, const char *tail)
{
    size_t head_len = strlen(head);
    size_t unit_len = strlen(unit);
    size_t tail_len = strlen(tail);
    char *text = malloc(head_len + unit_len * count + tail_len + 1);
    assert_non_null(text);
    memcpy(text, head, head_len);
    for (size_t i = 0; i < count; i++)
        memcpy(text + head_len + i * unit_len, unit, unit_len);
    memcpy(text + head_len + count * unit_len, tail, tail_len + 1);
    return text;
}

static void assert_repeated(const char *head, const char *unit, size_t count, const char *tail,
                            const char *wanted)
{
    char *text = repeat(head, unit, count, tail);
    assert_finds(text, wanted);
    free(text);
}

static void nesting_ends_at_sixty_four(void **state)
{
    (void)state;
    assert_repeated("struct S { 1: u32", "?", 63, " x; }\n", "");
    assert_repeated("struct S { 1: u32", "?", 64, " x; }\n", "E0109 1:15");
    assert_repeated("struct S { 1: u32", "?", 1000000, " x; }\n", "E0109 1:15");
    assert_repeated("struct S { 1: ", "list<", 100000, "", "E0109 1:334");
    assert_repeated("service V { rpc m(1: u32 x ", "@a(", 100000, "", "E0101 1:31, E0103 1:31");
}

static void a_hundred_errors_are_enough(void **state)
{
    (void)state;
    char *text = repeat("struct S {\n", "    u32 x;\n", 100000, "}\n");
    bed *b = bed_parse(text);
    assert_int_equal(b->diag.n_errors, IDL_DIAG_MAX_ERRORS);
    assert_int_equal(b->diag.count, IDL_DIAG_MAX_ERRORS);
    bed_done(b);
    free(text);
}

/* Whatever is cut off, the parser comes to an end and says that something is wrong. */
static void every_prefix_of_a_schema_is_read_to_its_end(void **state)
{
    (void)state;
    size_t len = strlen(five_mistakes);
    for (size_t cut = 0; cut <= len; cut++) {
        bed *b = bed_parse_bytes(five_mistakes, cut);
        assert_true(b->file->has_syntax_errors == (b->diag.n_errors > 0));
        bed_done(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_mistakes_in_one_file_are_all_found_and_nothing_else),
        cmocka_unit_test(what_could_be_read_is_in_the_tree),
        cmocka_unit_test(a_missing_semicolon_is_reported_behind_the_word_before_it),
        cmocka_unit_test(two_fields_on_one_line_need_a_semicolon_too),
        cmocka_unit_test(a_semicolon_behind_a_block_is_taken_away),
        cmocka_unit_test(a_missing_brace_is_found_at_the_next_declaration),
        cmocka_unit_test(a_missing_brace_is_found_at_the_end_of_the_file),
        cmocka_unit_test(members_named_like_keywords_do_not_look_like_declarations),
        cmocka_unit_test(a_brace_too_many_is_left_out),
        cmocka_unit_test(a_broken_member_costs_only_itself),
        cmocka_unit_test(a_broken_header_still_has_its_members_checked),
        cmocka_unit_test(a_broken_parameter_leaves_the_others),
        cmocka_unit_test(a_broken_argument_poisons_its_annotation_alone),
        cmocka_unit_test(misspelt_keywords_are_taken_for_what_they_stand_for),
        cmocka_unit_test(a_missing_number_meets_the_next_free_one),
        cmocka_unit_test(errors_list_what_could_have_stood_there),
        cmocka_unit_test(shapes_that_mix_messages_are_refused),
        cmocka_unit_test(nesting_ends_at_sixty_four),
        cmocka_unit_test(a_hundred_errors_are_enough),
        cmocka_unit_test(every_prefix_of_a_schema_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
