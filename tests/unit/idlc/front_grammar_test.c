/* The shape of everything the language has. */
#include "front_support.h"

#include <stdio.h>
#include <string.h>

/* ---- declarations ---- */

static void a_file_has_a_namespace_and_imports(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "namespace acme.bank @c_name(\"ab\");\nimport \"common/money.idl\";\nimport \"x\";\n");
    assert_string_equal(bed_found(b), "");
    assert_true(b->file->has_namespace);
    assert_string_equal(b->file->ns.text, "acme.bank");
    assert_int_equal(b->file->ns.n_parts, 2);
    assert_int_equal(b->file->annotations.count, 1);
    assert_int_equal(b->file->n_imports, 2);
    assert_string_equal(b->file->imports->path.text, "common/money.idl");
    assert_string_equal(b->file->imports->next->path.text, "x");
    bed_done(b);
}

static void constants_have_a_type_and_a_value(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "const u32 n = 140;\nconst i64 low = -5;\nconst duration slow = 5s;\n"
        "const f64 x = -1.5;\nconst string s = \"t\";\nconst u32 copy = other.n @deprecated;\n");
    assert_string_equal(bed_found(b), "");
    assert_string_equal(bed_decl(b, "n")->type->name.text, "u32");
    assert_int_equal(bed_decl(b, "n")->value->magnitude, 140);
    assert_true(bed_decl(b, "low")->value->is_negative);
    assert_int_equal(bed_decl(b, "low")->value->magnitude, 5);
    assert_int_equal(bed_decl(b, "slow")->value->kind, IDL_AST_VALUE_DURATION);
    assert_true(bed_decl(b, "x")->value->number == -1.5);
    assert_int_equal(bed_decl(b, "s")->value->string.len, 1);
    assert_string_equal(bed_decl(b, "copy")->value->name.text, "other.n");
    assert_int_equal(bed_decl(b, "copy")->annotations.count, 1);
    bed_done(b);
}

static void enums_and_flags_have_values_and_a_base(void **state)
{
    (void)state;
    bed *b =
        bed_parse("enum Side : u8 @strict { buy = 1; sell = -2 @deprecated(\"x\"); reserved 7; }\n"
                  "flags Rights : u32 { read = 0x1; }\nenum Plain { a = 1; }\n");
    assert_string_equal(bed_found(b), "");
    const idl_ast_decl *side = bed_decl(b, "Side");
    assert_int_equal(side->kind, IDL_AST_ENUM);
    assert_string_equal(side->type->name.text, "u8");
    assert_int_equal(side->values.count, 2);
    assert_true(side->values.last->value->is_negative);
    assert_int_equal(side->values.last->annotations.count, 1);
    assert_int_equal(side->reserved.count, 1);
    assert_int_equal(bed_decl(b, "Rights")->kind, IDL_AST_FLAGS);
    assert_null(bed_decl(b, "Plain")->type);
    bed_done(b);
}

static void fields_have_number_type_name_default_and_annotations(void **state)
{
    (void)state;
    bed *b = bed_parse("struct S @one_of(a, b) {\n"
                       "    1: u32 retries = 3 @range(0..10) @sensitive;\n"
                       "    2: string? note;\n"
                       "    @rule(\"a != b\", \"why\");\n"
                       "}\n");
    assert_string_equal(bed_found(b), "");
    const idl_ast_decl *s = bed_decl(b, "S");
    const idl_ast_field *retries = bed_field(s, "retries");
    assert_int_equal(retries->id->magnitude, 1);
    assert_int_equal(retries->default_value->magnitude, 3);
    assert_int_equal(retries->annotations.count, 2);
    assert_string_equal(retries->annotations.last->name.text, "sensitive");
    assert_int_equal(bed_field(s, "note")->type->kind, IDL_AST_TYPE_OPTIONAL);
    assert_int_equal(s->annotations.count, 2);
    assert_false(s->annotations.first->is_statement);
    assert_true(s->annotations.last->is_statement);
    bed_done(b);
}

static void types_nest(void **state)
{
    (void)state;
    bed *b = bed_parse("struct S {\n"
                       "    1: list<string @len(1..32) @ascii>? a;\n"
                       "    2: map<u32, list<common.Money>> b;\n"
                       "    3: u8[16] c;\n"
                       "    4: f64?[size] d;\n"
                       "}\n");
    assert_string_equal(bed_found(b), "");
    const idl_ast_decl *s = bed_decl(b, "S");
    const idl_ast_type *a = bed_field(s, "a")->type;
    assert_int_equal(a->kind, IDL_AST_TYPE_OPTIONAL);
    assert_int_equal(a->depth, 3);
    assert_int_equal(a->element->kind, IDL_AST_TYPE_LIST);
    assert_int_equal(a->element->element->annotations->count, 2);
    const idl_ast_type *map = bed_field(s, "b")->type;
    assert_int_equal(map->kind, IDL_AST_TYPE_MAP);
    assert_string_equal(map->key->name.text, "u32");
    assert_string_equal(map->element->element->name.text, "common.Money");
    assert_int_equal(bed_field(s, "c")->type->count->magnitude, 16);
    const idl_ast_type *d = bed_field(s, "d")->type;
    assert_int_equal(d->kind, IDL_AST_TYPE_ARRAY);
    assert_string_equal(d->count->name.text, "size");
    assert_int_equal(d->element->kind, IDL_AST_TYPE_OPTIONAL);
    bed_done(b);
}

static void numbers_ranges_and_names_can_be_reserved(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "struct S { reserved 10, 20..29, \"iban\"; reserved 40..; }\nenum E : i8 { reserved -3..-1; }\n");
    assert_string_equal(bed_found(b), "");
    const idl_ast_reserved *item = bed_decl(b, "S")->reserved.first;
    assert_int_equal(item->low->magnitude, 10);
    assert_ptr_equal(item->low, item->high);
    item = item->next;
    assert_int_equal(item->high->magnitude, 29);
    item = item->next;
    assert_int_equal(item->kind, IDL_AST_RESERVED_NAME);
    assert_string_equal(item->name.text, "iban");
    item = item->next;
    assert_int_equal(item->low->magnitude, 40);
    assert_null(item->high);
    assert_true(bed_decl(b, "E")->reserved.first->low->is_negative);
    bed_done(b);
}

/* ---- annotations ---- */

static const idl_ast_arg *arg_at(const idl_ast_annotation *annotation, int index)
{
    const idl_ast_arg *arg = annotation->args;
    while (index-- > 0)
        arg = arg->next;
    return arg;
}

static void annotation_arguments_are_values_and_ranges_in_order(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "type T = u32 @x(1, \"two\", 3ms, four, 5.5, -6) @y(1..2, 3.., ..4, 5..<6, ..<7, a..b.c) @z() @w;\n");
    assert_string_equal(bed_found(b), "");
    const idl_ast_annotation *x = bed_decl(b, "T")->annotations.first;
    assert_int_equal(x->n_args, 6);
    assert_int_equal(arg_at(x, 0)->value->magnitude, 1);
    assert_string_equal(arg_at(x, 1)->value->string.text, "two");
    assert_int_equal(arg_at(x, 2)->value->kind, IDL_AST_VALUE_DURATION);
    assert_string_equal(arg_at(x, 3)->value->name.text, "four");
    assert_true(arg_at(x, 5)->value->is_negative);
    const idl_ast_annotation *y = x->next;
    assert_int_equal(arg_at(y, 0)->kind, IDL_AST_ARG_RANGE);
    assert_null(arg_at(y, 1)->high);
    assert_null(arg_at(y, 2)->low);
    assert_int_equal(arg_at(y, 2)->high->magnitude, 4);
    assert_true(arg_at(y, 3)->is_exclusive);
    assert_int_equal(arg_at(y, 3)->low->magnitude, 5);
    assert_true(arg_at(y, 4)->is_exclusive);
    assert_string_equal(arg_at(y, 5)->high->name.text, "b.c");
    assert_true(y->next->has_parens);
    assert_int_equal(y->next->n_args, 0);
    assert_false(y->next->next->has_parens);
    bed_done(b);
}

/* ---- services ---- */

static void methods_take_named_inline_and_streamed_messages(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "service V @version(\"1.2\") {\n"
        "    rpc named(Transfer) -> Receipt throws A, common.B @idempotent @timeout(slow);\n"
        "    rpc inline(1: Iban account, 2: u32 days = 30, reserved 3, @rule(\"x\", \"y\")) -> (1: u32 n);\n"
        "    rpc download(1: Iban account) -> stream Entry;\n"
        "    rpc upload(1: string batch, stream Entry) -> Summary;\n"
        "    rpc chat(stream Line) -> (1: u32 x, stream Line);\n"
        "    rpc nothing() -> ();\n"
        "    rpc silent();\n"
        "    oneway hint(Hint);\n"
        "    event rate(Rate);\n"
        "}\n");
    assert_string_equal(bed_found(b), "");
    const idl_ast_decl *v = bed_decl(b, "V");
    const idl_ast_method *named = bed_method(v, "named");
    assert_int_equal(named->request.kind, IDL_AST_PAYLOAD_NAMED);
    assert_int_equal(named->n_throws, 2);
    assert_string_equal(named->throws->next->path.text, "common.B");
    assert_int_equal(named->annotations.count, 2);
    const idl_ast_method *inl = bed_method(v, "inline");
    assert_int_equal(inl->request.kind, IDL_AST_PAYLOAD_INLINE);
    assert_int_equal(inl->request.fields.count, 2);
    assert_int_equal(inl->request.reserved.count, 1);
    assert_int_equal(inl->request.annotations.count, 1);
    assert_int_equal(inl->reply.kind, IDL_AST_PAYLOAD_INLINE);
    const idl_ast_method *download = bed_method(v, "download");
    assert_int_equal(download->reply.kind, IDL_AST_PAYLOAD_EMPTY);
    assert_string_equal(download->reply.stream->name.text, "Entry");
    const idl_ast_method *upload = bed_method(v, "upload");
    assert_int_equal(upload->request.kind, IDL_AST_PAYLOAD_INLINE);
    assert_non_null(upload->request.stream);
    assert_non_null(bed_method(v, "chat")->reply.stream);
    assert_int_equal(bed_method(v, "nothing")->reply.kind, IDL_AST_PAYLOAD_EMPTY);
    assert_int_equal(bed_method(v, "silent")->reply.kind, IDL_AST_PAYLOAD_ABSENT);
    assert_int_equal(bed_method(v, "hint")->kind, IDL_AST_METHOD_ONEWAY);
    assert_int_equal(bed_method(v, "rate")->kind, IDL_AST_METHOD_EVENT);
    bed_done(b);
}

static void spans_cover_what_a_person_would_underline(void **state)
{
    (void)state;
    const char text[] = "struct S {\n    1: list<u32>? xs = a.b @x(1);\n}\n";
    bed *b = bed_parse(text);
    const idl_ast_decl *s = bed_decl(b, "S");
    const idl_ast_field *xs = bed_field(s, "xs");
    assert_int_equal(s->span.start, 0);
    assert_int_equal(s->span.end, sizeof text - 2);
    assert_memory_equal(text + s->name.span.start, "S ", 2);
    assert_memory_equal(text + xs->span.start, "1: ", 3);
    assert_int_equal(text[xs->span.end - 1], ';');
    assert_int_equal(xs->type->span.end - xs->type->span.start, strlen("list<u32>?"));
    assert_int_equal(xs->default_value->span.end - xs->default_value->span.start, 3);
    assert_int_equal(xs->annotations.first->span.end - xs->annotations.first->span.start, 5);
    bed_done(b);
}

/* ---- names ---- */

static const char *const hostile[] = {
    "int",
    "errno",
    "default",
    "class",
    "linux",
    "unix",
    "EOF",
    "NULL",
    "base",
    "namespace",
    "self",
    "void",
    "register",
    "template",
    "operator",
    "this",
    "assert",
    "stdin",
    "bool",
    "signed",
    "asm",
    "private",
    /* and every word of the language */
    "const",
    "enum",
    "error",
    "event",
    "flags",
    "import",
    "oneway",
    "reserved",
    "rpc",
    "service",
    "stream",
    "struct",
    "throws",
    "type",
    "union",
    "list",
    "map",
    "string",
    "true",
    "u32",
};

static void any_word_is_a_name_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        const char *n = hostile[i];
        char text[1024];
        snprintf(
            text, sizeof text,
            "namespace %s;\nconst %s %s = %s;\ntype %s = %s;\n"
            "struct %s { 1: %s %s = %s @%s(%s); 2: list<%s> a; 3: %s? b; 4: %s[%s] c; @one_of(%s); }\n"
            "union %s { 1: u32 %s; }\nerror %s { 1: u32 %s; }\n"
            "enum %s : %s { %s = 1; }\nflags %s { %s = 1; }\n"
            "service %s { rpc %s(%s) -> %s throws %s, %s; oneway %s(1: %s %s); event %s(stream %s); "
            "rpc a(%s?) -> stream %s; }\n",
            n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
            n, n, n, n, n, n, n, n, n, n);
        bed *b = bed_parse(text);
        if (b->diag.count != 0)
            fail_msg("'%s': %s: %s", n, bed_found(b), bed_report(b, 0)->message);
        assert_int_equal(b->file->decls.count, 8);
        bed_done(b);
    }
}

static void stream_is_a_keyword_only_before_another_word(void **state)
{
    (void)state;
    bed *b = bed_parse(
        "service V { rpc a(stream) -> stream; rpc b(stream stream) -> stream stream; }\n");
    assert_string_equal(bed_found(b), "");
    const idl_ast_method *a = bed_method(bed_decl(b, "V"), "a");
    assert_int_equal(a->request.kind, IDL_AST_PAYLOAD_NAMED);
    assert_null(a->reply.stream);
    assert_non_null(bed_method(bed_decl(b, "V"), "b")->request.stream);
    bed_done(b);
}

static void a_name_is_the_same_pointer_wherever_it_is_written(void **state)
{
    (void)state;
    bed *b = bed_parse("type Money = u32;\nstruct S { 1: Money m; }\n");
    assert_ptr_equal(bed_decl(b, "Money")->name.text,
                     bed_field(bed_decl(b, "S"), "m")->type->name.text);
    bed_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_has_a_namespace_and_imports),
        cmocka_unit_test(constants_have_a_type_and_a_value),
        cmocka_unit_test(enums_and_flags_have_values_and_a_base),
        cmocka_unit_test(fields_have_number_type_name_default_and_annotations),
        cmocka_unit_test(types_nest),
        cmocka_unit_test(numbers_ranges_and_names_can_be_reserved),
        cmocka_unit_test(annotation_arguments_are_values_and_ranges_in_order),
        cmocka_unit_test(methods_take_named_inline_and_streamed_messages),
        cmocka_unit_test(spans_cover_what_a_person_would_underline),
        cmocka_unit_test(any_word_is_a_name_everywhere),
        cmocka_unit_test(stream_is_a_keyword_only_before_another_word),
        cmocka_unit_test(a_name_is_the_same_pointer_wherever_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
