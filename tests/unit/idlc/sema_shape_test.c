/* The shape of a service: the same for what is the same on the wire, another for everything else. */
#include "sema_support.h"

static const char base[] =
    "namespace t;\n"
    "enum E : u8 { x = 1; }\n"
    "struct A { 1: u32 n; 2: B? b; 3: list<E> e; }\n"
    "struct B { 1: A? a; 2: string s; }\n"
    "error Bad @id(9) { 1: u8 why; }\n"
    "service V { rpc m(A) -> B throws Bad @id(1); rpc n(stream A) -> stream B @id(2); }\n";

static uint64_t shape_of(const char *text)
{
    sema_bed *b = sema_compile(text);
    if (b->model == NULL)
        fail_msg("%s in:\n%s", sema_found(b), text);
    const idl_file *root = b->model->roots[0];
    uint64_t shape = 0;
    for (size_t i = 0; i < root->n_decls; i++) {
        if (root->decls[i]->kind == IDL_DECL_SERVICE)
            shape = root->decls[i]->shape;
    }
    assert_true(shape != 0);
    sema_done(b);
    return shape;
}

static void names_docs_order_constraints_and_defaults_do_not_count(void **state)
{
    (void)state;
    static const char renamed[] =
        "/// About.\nnamespace other.name;\n"
        "/// Moved.\nservice W @version(\"2\") { rpc q(stream P) -> stream Q @id(2) @timeout(5s); rpc p(P) -> Q throws Worse @id(1); }\n"
        "error Worse @id(9) @status(not_found) { 1: u8 because @range(..5); }\n"
        "type Text = string @len(..9);\n"
        "struct Q { 2: Text t @deprecated; 1: P? p; }\n"
        "struct P { 3: list<F> f @items(..3); 2: Q? q; 1: u32 m; }\n"
        "enum F : u8 @strict { y = 1; z = 2; }\n";
    assert_true(shape_of(base) == shape_of(renamed));
}

static void what_changes_bytes_changes_the_shape(void **state)
{
    (void)state;
    static const char *const changed[] = {
        /* a field's type, number, presence; a base; an error's id; a method's id, kind, message and errors */
        "namespace t;\nenum E : u8 { x = 1; }\nstruct A { 1: u64 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(1); rpc n(stream A) -> stream B @id(2); }\n",
        "namespace t;\nenum E : u8 { x = 1; }\nstruct A { 4: u32 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(1); rpc n(stream A) -> stream B @id(2); }\n",
        "namespace t;\nenum E : u8 { x = 1; }\nstruct A { 1: u32 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string? s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(1); rpc n(stream A) -> stream B @id(2); }\n",
        "namespace t;\nenum E : u16 { x = 1; }\nstruct A { 1: u32 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(1); rpc n(stream A) -> stream B @id(2); }\n",
        "namespace t;\nenum E : u8 { x = 1; }\nstruct A { 1: u32 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(8) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(1); rpc n(stream A) -> stream B @id(2); }\n",
        "namespace t;\nenum E : u8 { x = 1; }\nstruct A { 1: u32 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(3); rpc n(stream A) -> stream B @id(2); }\n",
        "namespace t;\nenum E : u8 { x = 1; }\nstruct A { 1: u32 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B @id(1); rpc n(stream A) -> stream B @id(2); }\n",
        "namespace t;\nenum E : u8 { x = 1; }\nstruct A { 1: u32 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(1); rpc n(stream B) -> stream A @id(2); }\n",
        "namespace t;\nenum E : u8 { x = 1; }\nstruct A { 1: u32 n; 2: A? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(1); rpc n(stream A) -> stream B @id(2); }\n",
        "namespace t;\nflags E : u8 { x = 1; }\nstruct A { 1: u32 n; 2: B? b; 3: list<E> e; }\nstruct B { 1: A? a; 2: string s; }\n"
        "error Bad @id(9) { 1: u8 why; }\nservice V { rpc m(A) -> B throws Bad @id(1); rpc n(stream A) -> stream B @id(2); }\n",
    };
    const size_t n = sizeof changed / sizeof *changed;
    uint64_t seen[sizeof changed / sizeof *changed];
    for (size_t i = 0; i < n; i++) {
        seen[i] = shape_of(changed[i]);
        if (seen[i] == shape_of(base))
            fail_msg("change %zu goes unnoticed", i);
        for (size_t k = 0; k < i; k++)
            assert_true(seen[i] != seen[k]);
    }
}

/* The text of shape.c's head comment, hashed by hand: anybody can compute a shape from what it says. */
static void a_shape_is_the_hash_of_the_documented_text(void **state)
{
    (void)state;
    assert_true(
        shape_of(
            "namespace t;\nstruct S { 2: list<u8> b; 1: u32? a; }\nservice V { rpc m(S) -> S @id(0xab); oneway o(S) @id(3); }\n") ==
        UINT64_C(0xe6de4b4154b9d0d9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_docs_order_constraints_and_defaults_do_not_count),
        cmocka_unit_test(what_changes_bytes_changes_the_shape),
        cmocka_unit_test(a_shape_is_the_hash_of_the_documented_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
