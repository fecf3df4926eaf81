/* Large schemas, long chains and every limit: what the passes do when there is a lot of everything.
 *
 * The sizes are such that anything quadratic would run into the test's time limit, and anything that recurses as deep as
 * a file is long into the end of the stack.
 */
#include "sema_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text in the making. */
typedef struct pen {
    char *text;
    size_t len;
    FILE *out;
} pen;

/* The stream keeps the pen's address, so the pen must stay where it is. */
static void begin(pen *p)
{
    p->out = open_memstream(&p->text, &p->len);
    assert_non_null(p->out);
    fputs("namespace t;\n", p->out);
}

/* Compiles what was written. */
static sema_bed *compile(pen *p)
{
    assert_int_equal(fclose(p->out), 0);
    sema_bed *b = sema_compile(p->text);
    free(p->text);
    return b;
}

static void assert_first(sema_bed *b, const char *id)
{
    if (b->diag.count == 0 || strcmp(idl_diag_info_of(sema_report(b, 0)->id)->id, id) != 0)
        fail_msg("found '%s', not %s", sema_found(b), id);
    sema_done(b);
}

static void a_large_schema_compiles(void **state)
{
    (void)state;
    enum { STRUCTS = 20000, METHODS = 5000, VALUES = 10000 };
    pen p;
    begin(&p);
    fputs("enum Huge : u32 {\n", p.out);
    for (int i = 0; i < VALUES; i++)
        fprintf(p.out, "v%d = %d;\n", i, i);
    fputs("}\n", p.out);
    for (int i = 0; i < STRUCTS; i++)
        fprintf(p.out, "struct M%d { 1: u32 id; 2: Huge h = v%d; 3: M%d? next; }\n", i, i % VALUES,
                (i * 7 + 1) % STRUCTS);
    fputs("service V {\n", p.out);
    for (int i = 0; i < METHODS; i++)
        fprintf(p.out, "rpc m%d(M%d) -> (1: M%d reply);\n", i, i, i + 1);
    fputs("}\n", p.out);
    sema_bed *b = compile(&p);
    assert_string_equal(sema_found(b), "");
    assert_int_equal(b->model->roots[0]->n_decls, 1 + STRUCTS + METHODS + 1);
    assert_true(sema_decl(b, "M0")->is_recursive);
    sema_done(b);
}

static void many_services_may_share_a_large_graph(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    for (int i = 0; i < 10000; i++)
        fprintf(p.out, "struct M%d { 1: M%d? a; }\n", i, (i + 1) % 10000);
    for (int i = 0; i < 2000; i++)
        fprintf(p.out, "service V%d { rpc m(M%d); }\n", i, i);
    sema_bed *b = compile(&p);
    assert_string_equal(sema_found(b), "");
    sema_done(b);
}

static void a_chain_of_structs_is_no_deep_recursion(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    for (int i = 0; i < 60000; i++)
        fprintf(p.out, "struct M%d { 1: M%d a; }\n", i, i + 1);
    fputs("struct M60000 { 1: u8 end; }\nservice V { rpc m(M0); }\n", p.out);
    sema_bed *b = compile(&p);
    assert_string_equal(sema_found(b), "");
    sema_done(b);
}

static void a_long_circle_by_value_is_one_error(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    for (int i = 0; i < 2000; i++)
        fprintf(p.out, "struct M%d { 1: M%d a; }\n", i, (i + 1) % 2000);
    sema_bed *b = compile(&p);
    assert_int_equal(b->diag.count, 1);
    assert_first(b, "E0213");
}

static void constants_and_aliases_lead_to_each_other_64_times_at_most(void **state)
{
    (void)state;
    for (int n = 63; n <= 64; n++) {
        pen p;
        begin(&p);
        for (int i = 0; i < n; i++)
            fprintf(p.out, "const u32 c%d = c%d;\n", i, i + 1);
        fprintf(p.out, "const u32 c%d = 1;\n", n);
        sema_bed *b = compile(&p);
        assert_int_equal(b->diag.count, n - 63);
        if (n == 63)
            sema_done(b);
        else
            assert_first(b, "E0215");
    }
}

static void a_chain_in_the_order_of_need_may_be_long(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    fputs("const u32 c0 = 1;\n", p.out);
    for (int i = 1; i < 5000; i++)
        fprintf(p.out, "const u32 c%d = c%d;\n", i, i - 1);
    sema_bed *b = compile(&p);
    assert_string_equal(sema_found(b), "");
    assert_int_equal(sema_decl(b, "c4999")->value.u, 1);
    sema_done(b);
}

static void aliases_written_out_nest_64_deep_at_most(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    fputs("type T0 = u8;\n", p.out);
    for (int i = 1; i < 100; i++)
        fprintf(p.out, "type T%d = list<T%d>;\n", i, i - 1);
    assert_first(compile(&p), "E0215");
}

static void a_struct_has_256_fields_at_most(void **state)
{
    (void)state;
    for (int n = 256; n <= 257; n++) {
        pen p;
        begin(&p);
        fputs("struct S {\n", p.out);
        for (int i = 1; i <= n; i++)
            fprintf(p.out, "%d: u8 f%d;\n", i, i);
        fputs("}\n", p.out);
        sema_bed *b = compile(&p);
        assert_int_equal(b->diag.count, n - 256);
        if (n == 256)
            sema_done(b);
        else
            assert_first(b, "E0222");
    }
}

static void a_method_throws_256_errors_at_most(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    for (int i = 0; i < 257; i++)
        fprintf(p.out, "error E%d { 1: u8 x; }\n", i);
    fputs("service V { rpc m() throws E0", p.out);
    for (int i = 1; i < 257; i++)
        fprintf(p.out, ", E%d", i);
    fputs("; }\n", p.out);
    assert_first(compile(&p), "E0408");
}

static void a_run_reads_a_thousand_files_at_most(void **state)
{
    (void)state;
    for (unsigned n = 1000; n <= 1001; n++) {
        sema_bed *b = sema_empty();
        for (unsigned i = 0; i < n; i++) {
            const char *path = idl_arena_format(&b->sources.arena, "f%u.idl", i);
            const char *text =
                i == 0 ? "namespace n0;\nstruct S { 1: u8 x; }\n"
                       : idl_arena_format(
                             &b->sources.arena,
                             "namespace n%u;\nimport \"f%u.idl\";\nstruct S { 1: n%u.S s; }\n", i,
                             i - 1, i - 1);
            sema_add_file(b, path, text);
        }
        sema_run(b);
        if (n == 1000) {
            assert_string_equal(sema_found(b), "");
            assert_int_equal(b->model->n_files, 1000);
            sema_done(b);
        } else {
            assert_first(b, "E0205");
        }
    }
}

static void reporting_ends_at_a_hundred_errors(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    fputs("struct S {\n", p.out);
    for (int i = 1; i <= 200; i++)
        fprintf(p.out, "%d: Unknown%d f%d;\n", i, i, i);
    fputs("}\n", p.out);
    sema_bed *b = compile(&p);
    assert_int_equal(b->diag.n_errors, IDL_DIAG_MAX_ERRORS);
    sema_done(b);
}

static void thousands_of_reserved_numbers_are_looked_up_quickly(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    fputs("enum E : u32 {\nreserved 1000000", p.out);
    for (int i = 1; i < 20000; i++)
        fprintf(p.out, ", %d..%d", 1000000 + i * 10, 1000005 + i * 10);
    fputs(";\n", p.out);
    for (int i = 0; i < 20000; i++)
        fprintf(p.out, "v%d = %d;\n", i, 1000007 + i * 10);
    fputs("}\n", p.out);
    sema_bed *b = compile(&p);
    assert_string_equal(sema_found(b), "");
    sema_done(b);
}

static void a_set_of_thousands_of_values_is_checked_quickly(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    fputs("struct S { 1: u32 a @in(0", p.out);
    for (int i = 1; i < 50000; i++)
        fprintf(p.out, ", %d", i);
    fputs("); }\n", p.out);
    sema_bed *b = compile(&p);
    assert_string_equal(sema_found(b), "");
    assert_int_equal(sema_field(sema_decl(b, "S"), "a")->type->constraints[0].n_values, 50000);
    sema_done(b);
}

static void the_same_pattern_is_compiled_once(void **state)
{
    (void)state;
    pen p;
    begin(&p);
    for (int i = 0; i < 5000; i++)
        fprintf(p.out, "struct S%d { 1: string a @pattern(\".{0,400}\"); }\n", i);
    sema_bed *b = compile(&p);
    assert_string_equal(sema_found(b), "");
    const idl_dfa *first = sema_decl(b, "S0")->fields[0].type->constraints[0].dfa;
    assert_ptr_equal(first, sema_decl(b, "S4999")->fields[0].type->constraints[0].dfa);
    sema_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_schema_compiles),
        cmocka_unit_test(many_services_may_share_a_large_graph),
        cmocka_unit_test(a_chain_of_structs_is_no_deep_recursion),
        cmocka_unit_test(a_long_circle_by_value_is_one_error),
        cmocka_unit_test(constants_and_aliases_lead_to_each_other_64_times_at_most),
        cmocka_unit_test(a_chain_in_the_order_of_need_may_be_long),
        cmocka_unit_test(aliases_written_out_nest_64_deep_at_most),
        cmocka_unit_test(a_struct_has_256_fields_at_most),
        cmocka_unit_test(a_method_throws_256_errors_at_most),
        cmocka_unit_test(a_run_reads_a_thousand_files_at_most),
        cmocka_unit_test(reporting_ends_at_a_hundred_errors),
        cmocka_unit_test(thousands_of_reserved_numbers_are_looked_up_quickly),
        cmocka_unit_test(a_set_of_thousands_of_values_is_checked_quickly),
        cmocka_unit_test(the_same_pattern_is_compiled_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
