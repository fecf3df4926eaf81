/* Constraints against values and against each other. */
#include "sema_support.h"

/* `members` of a struct, each on a line of its own from line 2 on; `wanted` is "" where all is well. */
static const struct {
    const char *members;
    const char *wanted;
} values[] = {
    { "1: i8 a = -5 @range(-5..5);", "" },
    { "1: i8 a = 6 @range(-5..5);", "E0311 2:11" },
    { "1: u8 a = 5 @range(..<5);", "E0311 2:11" },
    { "1: f64 a = 1 @range(0..<1);", "E0311 2:12" },
    { "1: f64 a = 0.5 @range(0..<1) @finite;", "" },
    { "1: u32 a = 8 @multiple_of(4);", "" },
    { "1: u32 a = 9 @multiple_of(4);", "E0311 2:12" },
    { "1: f64 a = 0.75 @multiple_of(0.25);", "" },
    { "1: duration a = 90s @multiple_of(1min);", "E0311 2:17" },
    { "1: u32 a = 2 @in(1, 2) @not_in(3);", "" },
    { "1: u32 a = 3 @in(1, 2);", "E0311 2:12" },
    { "1: u32 a = 3 @not_in(3);", "E0311 2:12" },
    { "1: string a = \"x\" @in(\"x\", \"y\");", "" },
    { "1: string a = \"z\" @in(\"x\", \"y\");", "E0311 2:15" },
    { "1: string a = \"caf\xc3\xa9\" @chars(4) @len(5);", "" },
    { "1: string a = \"caf\xc3\xa9\" @len(..4);", "E0311 2:15" },
    { "1: string a = \"caf\xc3\xa9\" @chars(5..);", "E0311 2:15" },
    { "1: string a = \"caf\xc3\xa9\" @ascii;", "E0311 2:15" },
    { "1: string a = \"img/x.png\" @prefix(\"img/\") @suffix(\".png\");", "" },
    { "1: string a = \"x.png\" @prefix(\"img/\");", "E0311 2:15" },
    { "1: string a = \"x.gif\" @suffix(\".png\");", "E0311 2:15" },
    { "1: string a = \"AB12\" @pattern(\"[A-Z]{2}[0-9]{2}\");", "" },
    { "1: string a = \"AB1\" @pattern(\"[A-Z]{2}[0-9]{2}\");", "E0311 2:15" },
    { "1: bytes a = \"\\xff\\x00\" @len(2);", "" },
    { "1: string a = \"2001:db8::1\" @format(ip);", "" },
    { "1: string a = \"10.0.0.256\" @format(ip);", "E0311 2:15" },
    { "1: string a = \"a@b.c\" @format(email);", "" },
    { "1: string a = \"host\" @format(host_port);", "E0311 2:15" },
};

static void a_default_keeps_its_own_constraints(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_struct_finds(values[i].members, values[i].wanted);
}

static const struct {
    const char *type;   /* of an alias */
    const char *member; /* what a field adds */
    const char *wanted;
} pairs[] = {
    { "u32 @range(..10)", "@range(10..)", "" },
    { "u32 @range(..10)", "@range(11..)", "E0307 3:19" },
    { "u32 @range(..<10)", "@range(10..)", "E0307 3:19" },
    { "f64 @range(..<1)", "@range(1..)", "E0307 3:19" },
    { "f64 @range(..1)", "@range(1..)", "" },
    { "string @len(..8)", "@chars(8..)", "" },
    { "string @len(..8)", "@chars(9..)", "E0307 3:19" },
    { "string @len(9..)", "@chars(..2)", "E0307 3:19" },
    { "string @len(8..)", "@chars(..2)", "" },
    { "list<u8> @items(..3)", "@items(4..)", "E0307 3:19" },
    { "u32 @in(1, 2)", "@in(2, 3)", "" },
    { "u32 @in(1, 2)", "@in(3, 4)", "E0307 3:19" },
    { "u32 @in(1, 2)", "@not_in(1, 2)", "E0307 3:19" },
    { "u32 @in(1, 2)", "@multiple_of(3)", "E0307 3:19" },
    { "string @in(\"ab\", \"cd\")", "@pattern(\"[0-9]*\")", "E0307 3:19" },
    { "string @in(\"ab\", \"12\")", "@pattern(\"[0-9]*\")", "" },
};

static void constraints_of_alias_and_field_leave_some_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        idl_arena arena;
        idl_arena_init(&arena);
        assert_sema_finds(idl_arena_format(&arena,
                                           "namespace t;\ntype A = %s;\nstruct S { 1: A a %s; }\n",
                                           pairs[i].type, pairs[i].member),
                          pairs[i].wanted);
        idl_arena_deinit(&arena);
    }
}

static void a_constraint_applies_to_its_types_only(void **state)
{
    (void)state;
    static const struct {
        const char *types; /* a field of each gets the constraint */
        const char *constraint;
        unsigned n_refused;
    } cases[] = {
        { "i8 u64 f32 f64 duration", "@range(..5)", 1 }, /* duration: a number without a unit */
        { "bool string bytes timestamp uuid any list<u8> map<u8,u8> u8[3]", "@range(..5)", 9 },
        { "string bytes", "@len(..5)", 0 },
        { "u8 list<u8> map<u8,u8> any uuid", "@len(..5)", 5 },
        { "list<u8> map<u8,u8>", "@items(..5)", 0 },
        { "string bytes u8[3] any", "@items(..5)", 4 },
        { "string", "@ascii", 0 },
        { "bytes u8 any", "@ascii", 3 },
        { "f32 f64", "@finite", 0 },
        { "u8 string", "@finite", 2 },
        { "list<u8> list<string> list<uuid> list<bool> list<timestamp> list<bytes>", "@unique", 0 },
        { "list<f32> list<any> list<list<u8>> map<u8,u8> u8[3]", "@unique", 5 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        idl_arena arena;
        idl_arena_init(&arena);
        char *types = idl_arena_format(&arena, "%s ", cases[i].types);
        const char *text = "namespace t;\nstruct S {\n";
        unsigned id = 0;
        for (char *end = types; *end != '\0'; end++) {
            if (*end != ' ')
                continue;
            *end = '\0';
            id++;
            text = idl_arena_format(&arena, "%s%u: %s f%u %s;\n", text, id, types, id,
                                    cases[i].constraint);
            types = end + 1;
        }
        sema_bed *b = sema_compile(idl_arena_format(&arena, "%s}\n", text));
        if (b->diag.count != cases[i].n_refused)
            fail_msg("%s on %s: %s", cases[i].constraint, cases[i].types, sema_found(b));
        sema_done(b);
        idl_arena_deinit(&arena);
    }
}

static void the_text_of_a_constraint_is_one_line(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nconst u32 most = 9;\nstruct S { 1: u32 a @range( 1\n  .. /* up to */ most // yes\n );\n"
        "  2: string b @in( \"a  b\",\n \"c // d\" ); }\n");
    const idl_decl *s = sema_decl(b, "S");
    assert_string_equal(sema_field(s, "a")->type->constraints->source_text, "@range(1 .. most)");
    assert_string_equal(sema_field(s, "b")->type->constraints->source_text,
                        "@in(\"a  b\", \"c // d\")");
    sema_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_default_keeps_its_own_constraints),
        cmocka_unit_test(constraints_of_alias_and_field_leave_some_value),
        cmocka_unit_test(a_constraint_applies_to_its_types_only),
        cmocka_unit_test(the_text_of_a_constraint_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
