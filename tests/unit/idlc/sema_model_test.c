/* What a schema without mistakes means: names resolved, aliases written out, everything in its order. */
#include "sema_support.h"

#include <coax/descriptor.h>
#include <string.h>

static void fields_keep_the_schemas_order_and_are_sorted_by_id_besides(void **state)
{
    (void)state;
    sema_bed *b = sema_compile("namespace t;\nstruct S { 7: u8 a; 2: bool b; 300: string c; }\n");
    const idl_decl *s = sema_decl(b, "S");
    assert_string_equal(s->full_name, "t.S");
    assert_int_equal(s->n_fields, 3);
    assert_string_equal(s->fields[0].name, "a");
    assert_int_equal(s->fields[2].id, 300);
    assert_string_equal(s->by_id[0]->name, "b");
    assert_string_equal(s->by_id[2]->name, "c");
    sema_done(b);
}

static void an_alias_is_written_out_and_its_constraints_come_first(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\n"
        "type Word = string @len(1..32);\n"
        "type Name = Word @ascii;\n"
        "struct S { 1: Name n @chars(  ..8 ); 2: list<Name @len(..9)> l @items(4); }\n");
    const idl_type *n = sema_field(sema_decl(b, "S"), "n")->type;
    assert_int_equal(n->kind, IDL_KIND_STRING);
    assert_string_equal(n->alias, "Name");
    assert_int_equal(n->n_constraints, 3);
    assert_int_equal(n->constraints[0].kind, IDL_CONSTRAINT_LEN);
    assert_int_equal(n->constraints[1].kind, IDL_CONSTRAINT_ASCII);
    assert_int_equal(n->constraints[2].kind, IDL_CONSTRAINT_CHARS);
    assert_string_equal(n->constraints[2].source_text, "@chars(..8)");
    assert_int_equal(n->constraints[2].low.value.kind, IDL_VALUE_NONE);
    assert_int_equal(n->constraints[2].high.value.u, 8);
    const idl_type *l = sema_field(sema_decl(b, "S"), "l")->type;
    assert_int_equal(l->kind, IDL_KIND_LIST);
    assert_int_equal(l->item->n_constraints, 3);
    assert_int_equal(l->constraints[0].low.value.u, 4);
    assert_int_equal(l->constraints[0].high.value.u, 4);
    sema_done(b);
}

static void exclusive_ends_of_integers_become_inclusive_and_those_of_floats_stay(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nstruct S {\n"
        "  1: i8 a @range(-5..<0);\n  2: f64 b @range(0..<1);\n  3: u64 c @range(1..<18446744073709551615);\n"
        "  4: duration d @range(1ms..<2s);\n}\n");
    const idl_decl *s = sema_decl(b, "S");
    const idl_constraint *a = sema_field(s, "a")->type->constraints;
    assert_true(a->high.value.is_negative && a->high.value.u == 1 && !a->high.is_exclusive);
    const idl_constraint *f = sema_field(s, "b")->type->constraints;
    assert_true(f->high.is_exclusive && f->high.value.f == 1.0 && f->low.value.f == 0.0);
    assert_true(sema_field(s, "c")->type->constraints->high.value.u == UINT64_MAX - 1);
    assert_int_equal(sema_field(s, "d")->type->constraints->high.value.u, 1999999999);
    sema_done(b);
}

static void presence_is_required_defaulted_or_optional(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nconst u32 three = 3;\nenum E : u8 { x = 1; y = 2; }\n"
        "struct S { 1: u8 a; 2: u64 b = three; 3: E? c; 4: E d = y; 5: E e = E.x; 6: f32 f = 2;\n"
        "  7: string g = \"a\\n\"; 8: duration h = 5s; 9: bool i = true; 10: bytes j = \"\\xff\"; }\n");
    const idl_decl *s = sema_decl(b, "S");
    assert_int_equal(sema_field(s, "a")->presence, IDL_PRESENCE_REQUIRED);
    assert_int_equal(sema_field(s, "b")->presence, IDL_PRESENCE_DEFAULTED);
    assert_int_equal(sema_field(s, "b")->initial.u, 3);
    assert_int_equal(sema_field(s, "c")->presence, IDL_PRESENCE_OPTIONAL);
    assert_int_equal(sema_field(s, "d")->initial.kind, IDL_VALUE_ENUM);
    assert_string_equal(sema_field(s, "d")->initial.enumerator->name, "y");
    assert_string_equal(sema_field(s, "e")->initial.enumerator->name, "x");
    assert_int_equal(sema_field(s, "f")->initial.kind, IDL_VALUE_FLOAT);
    assert_true(sema_field(s, "f")->initial.f == 2.0);
    assert_string_equal(sema_field(s, "g")->initial.text, "a\n");
    assert_int_equal(sema_field(s, "h")->initial.u, 5000000000);
    assert_int_equal(sema_field(s, "i")->initial.u, 1);
    assert_int_equal(sema_field(s, "j")->initial.len, 1);
    sema_done(b);
}

static void declarations_may_refer_to_what_follows(void **state)
{
    (void)state;
    sema_bed *b =
        sema_compile("namespace t;\nconst u32 a = b;\nconst u32 b = c;\nconst u32 c = 9;\n"
                     "enum E : u8 { x = a; }\ntype T = U;\ntype U = u8[a];\n");
    assert_int_equal(sema_decl(b, "a")->value.u, 9);
    assert_int_equal(sema_decl(b, "E")->enumerators[0].number, 9);
    assert_int_equal(sema_decl(b, "T")->type->count, 9);
    sema_done(b);
}

static void enums_and_flags_have_a_base(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nenum A { n = -1; }\nenum B : i64 @strict { n = -9223372036854775808; }\n"
        "flags C { x = 1; y = 2; xy = 3; }\nflags D : u64 { top = 0x8000000000000000; }\n");
    assert_int_equal(sema_decl(b, "A")->type->kind, IDL_KIND_I32);
    assert_true(sema_decl(b, "A")->enumerators[0].is_negative);
    assert_true(sema_decl(b, "B")->is_strict);
    assert_int_equal(sema_decl(b, "C")->type->kind, IDL_KIND_U32);
    assert_int_equal(sema_decl(b, "D")->enumerators[0].number, 0x8000000000000000);
    sema_done(b);
}

static void recursion_is_known_and_passes_through_what_can_end(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nstruct A { 1: A? a; }\nstruct B { 1: list<C> c; }\nstruct C { 1: map<u8, B> b; }\n"
        "union U { 1: U again; 2: u8 end; }\nstruct D { 1: A a; 2: B b; }\n");
    assert_true(sema_decl(b, "A")->is_recursive);
    assert_true(sema_decl(b, "B")->is_recursive);
    assert_true(sema_decl(b, "C")->is_recursive);
    assert_true(sema_decl(b, "U")->is_recursive);
    assert_false(sema_decl(b, "D")->is_recursive);
    sema_done(b);
}

static void imported_files_come_first_and_names_are_seen_by_their_last_part(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "// file: inc/money.idl\nnamespace acme.money;\nstruct Money { 1: i64 cents; }\n"
        "const u8 places = 2;\nenum Kind : u8 { coin = 1; }\n"
        "// file: more.idl\nnamespace t;\nstruct More { 1: u8 x; }\n"
        "// file: t.idl\nnamespace t;\nimport \"money.idl\";\nimport \"more.idl\";\n"
        "struct S { 1: money.Money a; 2: acme.money.Money b; 3: More c; 4: t.More d;\n"
        "  5: u8 e = money.places; 6: money.Kind f = coin; 7: money.Kind g = money.Kind.coin; }\n");
    assert_string_equal(sema_found(b), "");
    assert_int_equal(b->model->n_files, 3);
    assert_string_equal(b->model->files[0]->ns, "acme.money");
    assert_string_equal(b->model->files[0]->stem, "money");
    assert_string_equal(b->model->files[2]->path, "t.idl");
    assert_ptr_equal(b->model->roots[0], b->model->files[2]);
    assert_string_equal(b->model->roots[0]->import_paths[0], "money.idl");
    assert_ptr_equal(b->model->roots[0]->imports[1], b->model->files[1]);
    const idl_decl *s = sema_decl(b, "S");
    assert_ptr_equal(sema_field(s, "a")->type->decl, sema_field(s, "b")->type->decl);
    assert_ptr_equal(sema_field(s, "c")->type->decl, sema_field(s, "d")->type->decl);
    assert_int_equal(sema_field(s, "e")->initial.u, 2);
    sema_done(b);
}

static void a_root_that_another_imports_is_one_file(void **state)
{
    (void)state;
    sema_bed *b = sema_empty();
    sema_add_file(b, "a.idl", "namespace a;\nimport \"b.idl\";\nstruct A { 1: b.B b; }\n");
    sema_add_file(b, "b.idl", "namespace b;\nstruct B { 1: u8 x; }\n");
    b->n_roots = 2;
    sema_run(b);
    assert_string_equal(sema_found(b), "");
    assert_int_equal(b->model->n_files, 2);
    assert_string_equal(b->model->files[0]->ns, "b");
    assert_string_equal(b->model->roots[0]->ns, "a");
    assert_string_equal(b->model->roots[1]->ns, "b");
    sema_done(b);
}

/* Computed once with an independent FNV-1a (Python), so that the ids are what any other language finds. */
static void ids_are_the_fnv_hash_of_the_full_name(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace bank;\nerror Broke @status(not_found) { 1: u8 x; }\nservice Bank {\n"
        "  rpc transfer() throws Broke;\n  rpc renamed() @was(\"bank.Bank.balance\");\n  rpc pinned() @id(0x10);\n}\n");
    const idl_decl *service = sema_decl(b, "Bank");
    const idl_method *transfer = sema_method(service, "transfer");
    assert_int_equal(transfer->id, 0x999d77be);
    assert_string_equal(transfer->id_name, "bank.Bank.transfer");
    assert_false(transfer->has_pinned_id);
    const idl_method *renamed = sema_method(service, "renamed");
    assert_int_equal(renamed->id, 0xb6f0a7c3);
    assert_string_equal(renamed->full_name, "bank.Bank.renamed");
    assert_string_equal(renamed->id_name, "bank.Bank.balance");
    const idl_method *pinned = sema_method(service, "pinned");
    assert_int_equal(pinned->id, 16);
    assert_true(pinned->has_pinned_id);
    const idl_decl *broke = sema_decl(b, "Broke");
    assert_int_equal(broke->error_id, 0xaed46cc0);
    assert_int_equal(broke->status, 5);
    assert_ptr_equal(transfer->errors[0], broke);
    sema_done(b);
}

/* One of the names whose hash is 0, which is kept for "no id". */
static void an_id_that_would_be_0_is_1(void **state)
{
    (void)state;
    sema_bed *b = sema_compile("namespace t;\nservice V { rpc ghefqzt(); }\n");
    assert_int_equal(sema_decl(b, "V")->methods[0].id, 1);
    sema_done(b);
}

static void methods_say_how_they_talk_and_what_they_carry(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nstruct S { 1: u8 x; }\nunion U { 1: S s; }\nservice V {\n"
        "  rpc unary(S) -> U;\n  rpc down(1: u8 n) -> stream S;\n  rpc up(S, stream U) -> S;\n"
        "  rpc both(stream S) -> stream U;\n  oneway hint(S);\n  event news(1: u8 n, 2: u8 m);\n  rpc nothing();\n}\n");
    const idl_decl *v = sema_decl(b, "V");
    assert_int_equal(sema_method(v, "unary")->kind, COAX_METHOD_UNARY);
    assert_int_equal(sema_method(v, "down")->kind, COAX_METHOD_SERVER_STREAM);
    assert_null(sema_method(v, "down")->response);
    assert_ptr_equal(sema_method(v, "down")->response_item, sema_decl(b, "S"));
    assert_int_equal(sema_method(v, "up")->kind, COAX_METHOD_CLIENT_STREAM);
    assert_ptr_equal(sema_method(v, "up")->request_item, sema_decl(b, "U"));
    assert_int_equal(sema_method(v, "both")->kind, COAX_METHOD_BIDI_STREAM);
    assert_int_equal(sema_method(v, "both")->request->n_fields, 0);
    assert_int_equal(sema_method(v, "hint")->kind, COAX_METHOD_ONEWAY);
    assert_null(sema_method(v, "hint")->response);
    assert_int_equal(sema_method(v, "news")->kind, COAX_METHOD_EVENT);
    assert_int_equal(sema_method(v, "news")->request->n_fields, 2);
    assert_int_equal(sema_method(v, "nothing")->response->n_fields, 0);
    sema_done(b);
}

static void inline_structs_stand_before_their_service(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nstruct S { 1: u8 x; }\nservice V { rpc m(1: u8 a) -> (1: u8 b); rpc n(S); }\n"
        "struct Last { 1: u8 x; }\n");
    const idl_file *file = b->model->roots[0];
    static const char *const names[] = {
        "S", "m_request", "m_response", "n_response", "V", "Last"
    };
    assert_int_equal(file->n_decls, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(file->decls[i]->name, names[i]);
    assert_string_equal(file->decls[1]->full_name, "t.V.m_request");
    assert_ptr_equal(file->decls[1]->owner, sema_method(sema_decl(b, "V"), "m"));
    assert_null(file->decls[0]->owner);
    sema_done(b);
}

static void annotations_of_methods_reach_the_model(void **state)
{
    (void)state;
    sema_bed *b = sema_compile(
        "namespace t;\nservice V @version(\"1.2\") @deprecated {\n"
        "  /// Says it.\n  rpc m() @idempotent @timeout(1500ms) @roles(\"a\", \"b\") @blocking @priority(low)\n"
        "    @max_request(4KiB) @max_reply(1MiB) @deprecated(\"use n\") @c_name(\"mm\");\n  rpc n() @public @priority(high);\n}\n");
    const idl_decl *v = sema_decl(b, "V");
    assert_string_equal(v->version, "1.2");
    assert_true(v->is_deprecated);
    const idl_method *m = sema_method(v, "m");
    assert_int_equal(m->flags, COAX_METHOD_IDEMPOTENT | COAX_METHOD_BLOCKING |
                                   COAX_METHOD_PRIORITY_LOW | COAX_METHOD_DEPRECATED);
    assert_int_equal(m->timeout_ms, 1500);
    assert_int_equal(m->max_request, 4096);
    assert_int_equal(m->max_reply, 1048576);
    assert_int_equal(m->n_roles, 2);
    assert_string_equal(m->roles[1], "b");
    assert_string_equal(m->deprecated_note, "use n");
    assert_string_equal(m->c_name, "mm");
    assert_string_equal(m->doc, "Says it.");
    assert_int_equal(sema_method(v, "n")->flags, COAX_METHOD_PUBLIC | COAX_METHOD_PRIORITY_HIGH);
    sema_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_keep_the_schemas_order_and_are_sorted_by_id_besides),
        cmocka_unit_test(an_alias_is_written_out_and_its_constraints_come_first),
        cmocka_unit_test(exclusive_ends_of_integers_become_inclusive_and_those_of_floats_stay),
        cmocka_unit_test(presence_is_required_defaulted_or_optional),
        cmocka_unit_test(declarations_may_refer_to_what_follows),
        cmocka_unit_test(enums_and_flags_have_a_base),
        cmocka_unit_test(recursion_is_known_and_passes_through_what_can_end),
        cmocka_unit_test(imported_files_come_first_and_names_are_seen_by_their_last_part),
        cmocka_unit_test(a_root_that_another_imports_is_one_file),
        cmocka_unit_test(ids_are_the_fnv_hash_of_the_full_name),
        cmocka_unit_test(an_id_that_would_be_0_is_1),
        cmocka_unit_test(methods_say_how_they_talk_and_what_they_carry),
        cmocka_unit_test(inline_structs_stand_before_their_service),
        cmocka_unit_test(annotations_of_methods_reach_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
