/* Rule expressions: how they are read, what types they get, and where conversions are put in. */
#include "sema_support.h"

#include <stdio.h>
#include <string.h>

static const char schema[] =
    "namespace t;\n"
    "enum Side : u8 { buy = 1; sell = 2; }\n"
    "enum Wide : u64 { far = 1; }\n"
    "flags Rights : u16 { read = 1; write = 2; }\n"
    "const u32 limit = 7;\n"
    "const Side dear = sell;\n"
    "const string home = \"x\";\n"
    "struct Money { 1: i64 cents; 2: string? currency; }\n"
    "struct S {\n"
    "  1: i8 i; 2: u8 u; 3: i64 big; 4: u64 huge; 5: f32 f; 6: bool b; 7: string s; 8: bytes raw; 9: Side side;\n"
    "  10: Wide wide; 11: Rights rights; 12: Money money; 13: Money? maybe; 14: list<u8> l; 15: map<u8, u8> m; 16: u8[4] four;\n"
    "  17: timestamp at; 18: timestamp till; 19: uuid id; 20: duration wait; 21: u32? opt; 22: u8 has; 23: u32 to; 24: u32 from;\n"
    "  @rule(\"%s\", \"message\");\n}\n";

static const char *const op_names[] = {
    [IDL_OP_LEN] = "len", [IDL_OP_HAS] = "has",    [IDL_OP_NOT] = "!", [IDL_OP_NEG] = "neg",
    [IDL_OP_MUL] = "*",   [IDL_OP_DIV] = "/",      [IDL_OP_MOD] = "%", [IDL_OP_ADD] = "+",
    [IDL_OP_SUB] = "-",   [IDL_OP_LT] = "<",       [IDL_OP_LE] = "<=", [IDL_OP_GT] = ">",
    [IDL_OP_GE] = ">=",   [IDL_OP_EQ] = "==",      [IDL_OP_NE] = "!=", [IDL_OP_AND] = "&&",
    [IDL_OP_OR] = "||",   [IDL_OP_CONVERT] = "to",
};

static const char *const type_names[] = { "",    "bool",   "i64",   "u64",
                                          "f64", "string", "bytes", "other" };

static const char *literal(idl_arena *arena, const idl_value *value)
{
    switch (value->kind) {
    case IDL_VALUE_BOOL: return value->u != 0 ? "true" : "false";
    case IDL_VALUE_FLOAT: return idl_arena_format(arena, "%g", value->f);
    case IDL_VALUE_STRING: return idl_arena_format(arena, "'%s'", value->text);
    case IDL_VALUE_ENUM: return value->enumerator->name;
    default:
        return idl_arena_format(arena, "%s%llu", value->is_negative ? "-" : "",
                                (unsigned long long)value->u);
    }
}

/* "(> bool (- i64 to:i64 from:i64) 3:i64)" */
static const char *dump(idl_arena *arena, const idl_expr *e)
{
    const char *type = type_names[e->type];
    if (e->op == IDL_OP_LITERAL)
        return idl_arena_format(arena, "%s:%s", literal(arena, &e->value), type);
    if (e->op == IDL_OP_FIELD) {
        const char *path = e->path[0]->name;
        for (size_t i = 1; i < e->n_path; i++)
            path = idl_arena_format(arena, "%s.%s", path, e->path[i]->name);
        return idl_arena_format(arena, "%s:%s", path, type);
    }
    const char *left = dump(arena, e->left);
    if (e->right == NULL)
        return idl_arena_format(arena, "(%s %s %s)", op_names[e->op], type, left);
    return idl_arena_format(arena, "(%s %s %s %s)", op_names[e->op], type, left,
                            dump(arena, e->right));
}

static sema_bed *compile_rule(const char *rule)
{
    sema_bed *b = sema_empty();
    char *text = idl_arena_alloc(&b->sources.arena, sizeof schema + strlen(rule));
    snprintf(text, sizeof schema + strlen(rule), schema, rule);
    sema_add_file(b, "t.idl", text);
    sema_run(b);
    return b;
}

static void assert_reads(const char *rule, const char *wanted)
{
    sema_bed *b = compile_rule(rule);
    if (b->model == NULL)
        fail_msg("'%s': %s (%s)", rule, sema_report(b, 0)->message, sema_found(b));
    const idl_rule *made = &sema_decl(b, "S")->rules[0];
    const char *found = dump(&b->sources.arena, made->expr);
    if (strcmp(found, wanted) != 0)
        fail_msg("'%s' becomes %s, not %s", rule, found, wanted);
    if (strchr(rule, '\\') == NULL)
        assert_string_equal(made->expression, rule);
    assert_string_equal(made->message, "message");
    sema_done(b);
}

static void assert_refuses(const char *rule, const char *id)
{
    sema_bed *b = compile_rule(rule);
    if (b->diag.count != 1 || strcmp(idl_diag_info_of(sema_report(b, 0)->id)->id, id) != 0)
        fail_msg("'%s' earns '%s', not %s", rule, sema_found(b), id);
    sema_done(b);
}

static void operators_bind_as_in_c(void **state)
{
    (void)state;
    assert_reads("b || i > 1 && !b",
                 "(|| bool b:bool (&& bool (> bool i:i64 1:i64) (! bool b:bool)))");
    assert_reads("i + i * 2 - 1 == -i",
                 "(== bool (- i64 (+ i64 i:i64 (* i64 i:i64 2:i64)) 1:i64) (neg i64 i:i64))");
    assert_reads("(i + i) * 2 % 3 / 4 != 0",
                 "(!= bool (/ i64 (% i64 (* i64 (+ i64 i:i64 i:i64) 2:i64) 3:i64) 4:i64) 0:i64)");
    assert_reads("b == (i < 2)", "(== bool b:bool (< bool i:i64 2:i64))");
    assert_reads("b", "b:bool");
}

static void a_literal_takes_the_other_sides_type(void **state)
{
    (void)state;
    assert_reads("u > 3", "(> bool u:u64 3:u64)");
    assert_reads("3 < huge", "(< bool 3:u64 huge:u64)");
    assert_reads("f > 1", "(> bool f:f64 1:f64)");
    assert_reads("huge == 18446744073709551615", "(== bool huge:u64 18446744073709551615:u64)");
    assert_reads("big == -9223372036854775808", "(== bool big:i64 -9223372036854775808:i64)");
    assert_reads("u > -1", "(> bool u:i64 -1:i64)");
    assert_reads("raw == 'ab'", "(== bool raw:bytes 'ab':bytes)");
    assert_reads("u < limit", "(< bool u:u64 7:u64)");
    assert_reads("s == home || s == \\\"y\\\\\\\\\\\"",
                 "(|| bool (== bool s:string 'x':string) (== bool s:string 'y\\':string))");
}

static void numbers_of_two_kinds_meet_in_the_wider_one(void **state)
{
    (void)state;
    assert_reads("i < u", "(< bool i:i64 u:i64)");
    assert_reads("i < huge", "(< bool i:i64 (to i64 huge:u64))");
    assert_reads("i < len(l)", "(< bool i:i64 (to i64 (len u64 l:other)))");
    assert_reads("f < u", "(< bool f:f64 (to f64 u:u64))");
    assert_reads("huge > -1", "(> bool (to i64 huge:u64) -1:i64)");
    assert_reads("f < len(s) + 1", "(< bool f:f64 (to f64 (+ u64 (len u64 s:string) 1:u64)))");
}

static void small_unsigned_numbers_are_subtracted_with_a_sign(void **state)
{
    (void)state;
    assert_reads("to - from > 3", "(> bool (- i64 to:i64 from:i64) 3:i64)");
    assert_reads("len(s) - 1 < 4", "(< bool (- i64 (to i64 (len u64 s:string)) 1:i64) 4:i64)");
    assert_reads("huge - u > 3", "(> bool (- u64 huge:u64 u:u64) 3:u64)");
    assert_reads("-u < 3", "(< bool (neg i64 u:i64) 3:i64)");
}

static void values_of_enums_are_found_beside_their_fields(void **state)
{
    (void)state;
    assert_reads("side == buy", "(== bool side:u64 buy:u64)");
    assert_reads("sell != side", "(!= bool sell:u64 side:u64)");
    assert_reads("side == Side.sell || side == t.Side.buy",
                 "(|| bool (== bool side:u64 sell:u64) (== bool side:u64 buy:u64))");
    assert_reads("side == dear", "(== bool side:u64 sell:u64)");
    assert_reads("wide == far", "(== bool wide:u64 far:u64)");
    assert_reads("rights == write || rights != 0",
                 "(|| bool (== bool rights:u64 write:u64) (!= bool rights:u64 0:u64))");
    assert_refuses("side == far", "E0321");
    assert_refuses("side == wide", "E0322");
    assert_refuses("side == Wide.far", "E0322");
    assert_refuses("side + 1 == 2", "E0322");
    assert_refuses("buy == sell", "E0321");
}

static void paths_lead_through_structs(void **state)
{
    (void)state;
    assert_reads("money.cents > 0", "(> bool money.cents:i64 0:i64)");
    assert_reads("maybe.currency == 'EUR'", "(== bool maybe.currency:string 'EUR':string)");
    assert_reads(
        "has(maybe) && has(money.currency) && has(opt)",
        "(&& bool (&& bool (has bool maybe:other) (has bool money.currency:string)) (has bool opt:u64))");
    assert_reads("has(maybe.cents)", "(has bool maybe.cents:i64)");
    assert_reads("has > 1", "(> bool has:u64 1:u64)"); /* a field of that name */
    assert_refuses("has(money.cents)", "E0326");
    assert_refuses("l.x > 1", "E0325");
    assert_refuses("money.cents.x > 1", "E0325");
    assert_refuses("money.euros > 1", "E0321");
}

static void lengths_are_of_what_has_one(void **state)
{
    (void)state;
    assert_reads("len(s) > len(m)", "(> bool (len u64 s:string) (len u64 m:other))");
    assert_reads("len(four) == len(raw)", "(== bool (len u64 four:other) (len u64 raw:bytes))");
    assert_refuses("len(u) > 1", "E0322");
    assert_refuses("len(money) > 1", "E0322");
    assert_refuses("len(s + s) > 1", "E0322");
}

static void times_compare_with_times_and_durations_need_a_unit(void **state)
{
    (void)state;
    assert_reads("at < till", "(< bool at:other till:other)");
    assert_reads("id != id", "(!= bool id:other id:other)");
    assert_reads("wait > 5ms", "(> bool wait:i64 5000000:i64)");
    assert_reads("wait > 0", "(> bool wait:i64 0:i64)");
    assert_reads("wait * 2 < 1min", "(< bool (* i64 wait:i64 2:i64) 60000000000:i64)");
    assert_refuses("wait > 5", "E0322");
    assert_refuses("id < id", "E0322");
    assert_refuses("at == id", "E0322");
}

static void a_rule_is_true_or_false_and_about_a_field(void **state)
{
    (void)state;
    assert_refuses("u", "E0323");
    assert_refuses("s", "E0323");
    assert_refuses("true", "E0326");
    assert_refuses("limit == 7", "E0326");
    assert_refuses("!u", "E0322");
    assert_refuses("b && u", "E0322");
    assert_refuses("b < b", "E0322");
    assert_refuses("-s == s", "E0322");
    assert_refuses("u / 0 == 1", "E0326");
    assert_refuses("f % 2.0 == 1.0", "E0322");
    assert_refuses("big < 18446744073709551615", "E0327");
    assert_refuses("u > -9223372036854775809", "E0327");
}

static void a_malformed_rule_is_refused(void **state)
{
    (void)state;
    static const char *const rules[] = { "",
                                         " ",
                                         "u >",
                                         "> u",
                                         "u > 1)",
                                         "(u > 1",
                                         "u 1",
                                         "u = 1",
                                         "u & 1",
                                         "u > 1 | b",
                                         "1 < u < 3",
                                         "len u > 1",
                                         "max(u) > 1",
                                         "u > 1..2",
                                         "u > 0x",
                                         "s == 'x",
                                         "u ? 1",
                                         "s == '\\\\q'",
                                         "has() > 1",
                                         "u > 5parsecs",
                                         "\xc3\xa4 > 1" };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        assert_refuses(rules[i], "E0320");
}

static void nesting_and_length_have_limits(void **state)
{
    (void)state;
    char rule[520];
    const char *core = "u > 1";
    for (size_t depth = 64; depth <= 65; depth++) {
        memset(rule, '(', depth);
        memcpy(rule + depth, core, 5);
        memset(rule + depth + 5, ')', depth);
        rule[2 * depth + 5] = '\0';
        sema_bed *b = compile_rule(rule);
        assert_int_equal(b->diag.count, depth - 64);
        sema_done(b);
    }
    for (size_t n = 0; n < 270; n++)
        rule[n] = '!';
    memcpy(rule + 270, "b", sizeof "b");
    assert_refuses(rule, "E0324");
    memcpy(rule, "u > 0", 5);
    for (size_t i = 0; i < 255; i++)
        memcpy(rule + 5 + 2 * i, "+0", 2);
    rule[5 + 2 * 255] = '\0';
    assert_refuses(rule, "E0324");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_as_in_c),
        cmocka_unit_test(a_literal_takes_the_other_sides_type),
        cmocka_unit_test(numbers_of_two_kinds_meet_in_the_wider_one),
        cmocka_unit_test(small_unsigned_numbers_are_subtracted_with_a_sign),
        cmocka_unit_test(values_of_enums_are_found_beside_their_fields),
        cmocka_unit_test(paths_lead_through_structs),
        cmocka_unit_test(lengths_are_of_what_has_one),
        cmocka_unit_test(times_compare_with_times_and_durations_need_a_unit),
        cmocka_unit_test(a_rule_is_true_or_false_and_about_a_field),
        cmocka_unit_test(a_malformed_rule_is_refused),
        cmocka_unit_test(nesting_and_length_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
