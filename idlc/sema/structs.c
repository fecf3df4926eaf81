/* Fields: of structs, errors and inline structs, and the variants of unions.
 *
 * One field at a time: its type, its constraints and marks, its number, name and default. Read next: methods.c.
 */
#include "sema/annotations.h"

#include <coax/descriptor.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct build {
    idl_sema *sema;
    idl_symbol *symbol;
    const idl_ast_fields *fields;
    idl_reserved reserved;
    idl_field *items;
    size_t n_items;
    bool is_union;
    bool has_reported_count;
} build;

/* ---- numbers and names ---- */

/* Costs a look at every field, so only for a report. */
static void help_next_free(const build *b, idl_report *r)
{
    uint64_t highest = 0;
    for (const idl_ast_field *f = b->fields->first; f != NULL; f = f->next) {
        if (f->has_id && !f->id->is_negative && f->id->magnitude <= COAX_FIELD_ID_MAX &&
            f->id->magnitude > highest)
            highest = f->id->magnitude;
    }
    for (size_t i = 0; i < b->reserved.n_ranges; i++) {
        const idl_reserved_range *range = &b->reserved.ranges[i];
        if (!range->is_open && !range->high_is_negative && range->high <= COAX_FIELD_ID_MAX &&
            range->high > highest)
            highest = range->high;
    }
    if (highest < COAX_FIELD_ID_MAX)
        idl_report_help(b->sema->diag, r, "the next free number is %" PRIu64, highest + 1);
}

static void take_number(build *b, const idl_ast_field *ast, idl_field *item)
{
    idl_sema *sema = b->sema;
    if (!ast->has_id || ast->id->kind != IDL_AST_VALUE_INTEGER)
        return;
    uint64_t number = ast->id->magnitude;
    if (ast->id->is_negative || number == 0 || number > COAX_FIELD_ID_MAX) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_FIELD_NUMBER, ast->id->span,
                                        "the number of '%s' must be 1 to %u", ast->name.text,
                                        COAX_FIELD_ID_MAX);
        help_next_free(b, r);
        return;
    }
    item->id = (uint16_t)number;
    const idl_field *first = idl_table_put(sema->arena, &sema->numbers, number, item);
    if (first != NULL) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_FIELD_NUMBER, ast->id->span,
                                        "'%s' has the number of '%s'", ast->name.text, first->name);
        idl_report_note(sema->diag, r, first->name_span, "'%s' is here", first->name);
        help_next_free(b, r);
        return;
    }
    idl_report *r = idl_reserved_refuse_number(sema, &b->reserved, false, number, ast->id->span,
                                               ast->name.text);
    if (r != NULL)
        help_next_free(b, r);
}

static void take_name(build *b, const idl_ast_field *ast, idl_field *item)
{
    idl_sema *sema = b->sema;
    item->name = ast->name.text;
    item->name_span = ast->name.span;
    const idl_field *first =
        idl_table_put(sema->arena, &sema->members, idl_key_of(item->name), item);
    if (first != NULL) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_MEMBER, ast->name.span,
                                        "'%s' has two %s called '%s'", b->symbol->decl.name,
                                        b->is_union ? "variants" : "fields", ast->name.text);
        idl_report_note(sema->diag, r, first->name_span, "first declared here");
        return;
    }
    (void)idl_reserved_refuses_name(sema, &b->reserved, &ast->name);
}

/* ---- defaults ---- */

static bool can_have_default(const idl_type *type)
{
    if (type->kind == IDL_KIND_NAMED)
        return idl_type_is_enum(type);
    return type->kind <= IDL_KIND_BYTES || type->kind == IDL_KIND_DURATION;
}

static void take_default(build *b, const idl_ast_field *ast, idl_field *item)
{
    idl_sema *sema = b->sema;
    const idl_ast_value *value = ast->default_value;
    if (b->is_union) {
        idl_diag_report(sema->diag, IDL_DIAG_BAD_VARIANT, value->span,
                        "a union's variant has no default, it is there or it is not");
        return;
    }
    if (item->presence == IDL_PRESENCE_OPTIONAL) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_DEFAULT_ON_OPTIONAL, value->span,
                                        "'%s' is optional and has a default", ast->name.text);
        idl_report_help(sema->diag, r,
                        "leave out the '?' to fill it in when absent, or the default to see "
                        "that it is absent");
        return;
    }
    item->presence = IDL_PRESENCE_DEFAULTED;
    if (item->type == NULL)
        return;
    if (!can_have_default(item->type)) {
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_BAD_DEFAULT, value->span,
                            "a '%s' can't have a default", idl_type_text(sema, item->type));
        idl_report_help(sema->diag, r, "make the field optional with '?'");
        return;
    }
    if (idl_value_build(sema, b->symbol->unit, value, item->type, "the default", &item->initial))
        idl_value_must_be_accepted(sema, item->type, &item->initial, value->span, "the default");
}

/* ---- a field ---- */

static void take_annotations(build *b, const idl_ast_field *ast, idl_field *item)
{
    idl_sema *sema = b->sema;
    idl_constraint_list constraints = { .n = 0 };
    idl_marks marks = { 0 };
    idl_anno anno;
    idl_anno_walk walk = idl_annotations(sema, &ast->annotations,
                                         b->is_union ? IDL_TARGET_VARIANT : IDL_TARGET_FIELD);
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;) {
        if (anno == IDL_ANNO_SENSITIVE)
            item->is_sensitive = true;
        else if (idl_anno_is_constraint(anno))
            idl_constraint_list_add(&constraints, a, anno);
        else
            (void)idl_marks_take(sema, a, anno, &marks);
    }
    if (item->type != NULL)
        item->type = idl_type_constrain(sema, b->symbol->unit, item->type, &constraints);
    item->c_name = marks.c_name;
    item->is_deprecated = marks.is_deprecated;
    item->deprecated_note = marks.deprecated_note;
}

static void build_field(build *b, const idl_ast_field *ast)
{
    idl_sema *sema = b->sema;
    idl_field *item = &b->items[b->n_items];
    if (ast->name.text == NULL)
        return;
    b->n_items++;
    item->span = ast->span;
    item->doc = ast->doc == NULL ? NULL : ast->doc->text;
    take_name(b, ast, item);
    take_number(b, ast, item);
    if (ast->type != NULL) {
        bool is_optional = false;
        item->type = idl_type_build(sema, b->symbol->unit, ast->type,
                                    b->is_union ? IDL_POSITION_VARIANT : IDL_POSITION_FIELD,
                                    &is_optional, NULL);
        item->presence = is_optional ? IDL_PRESENCE_OPTIONAL : IDL_PRESENCE_REQUIRED;
    }
    if (ast->annotations.count > 0)
        take_annotations(b, ast, item);
    if (ast->default_value != NULL)
        take_default(b, ast, item);
}

/* ---- all fields ---- */

static int by_number(const void *a, const void *b)
{
    const idl_field *x = *(const idl_field *const *)a;
    const idl_field *y = *(const idl_field *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

static const idl_field *const *sort_by_id(idl_sema *sema, const idl_field *items, size_t n)
{
    const idl_field **sorted = idl_arena_array(sema->arena, n, sizeof *sorted);
    bool is_sorted = true;
    for (size_t i = 0; i < n; i++) {
        sorted[i] = &items[i];
        is_sorted = is_sorted && (i == 0 || items[i - 1].id < items[i].id);
    }
    if (!is_sorted)
        qsort(sorted, n, sizeof *sorted, by_number);
    return sorted;
}

static void check_count(build *b, const idl_ast_field *ast)
{
    if (b->n_items < COAX_FIELDS_MAX || b->has_reported_count || ast->name.text == NULL)
        return;
    b->has_reported_count = true;
    idl_report *r = idl_diag_report(b->sema->diag, IDL_DIAG_TOO_MANY_FIELDS, ast->name.span,
                                    "'%s' has more than %u %s", b->symbol->decl.name,
                                    COAX_FIELDS_MAX, b->is_union ? "variants" : "fields");
    idl_report_help(b->sema->diag, r, "put what belongs together into a struct of its own");
}

void idl_fields_build(idl_sema *sema, idl_symbol *symbol, const idl_ast_fields *fields,
                      const idl_ast_reserveds *reserved)
{
    build b = { .sema = sema, .symbol = symbol, .fields = fields };
    b.is_union = symbol->decl.kind == IDL_DECL_UNION;
    b.items = idl_arena_array(sema->arena, fields->count, sizeof *b.items);
    idl_reserved_build(sema, reserved, &b.reserved);
    idl_table_clear(&sema->members);
    idl_table_clear(&sema->numbers);
    for (const idl_ast_field *f = fields->first; f != NULL && !idl_diag_is_full(sema->diag);
         f = f->next) {
        check_count(&b, f);
        build_field(&b, f);
    }
    symbol->decl.fields = b.items;
    symbol->decl.n_fields = b.n_items;
    symbol->decl.by_id = sort_by_id(sema, b.items, b.n_items);
}

/* ---- declarations ---- */

static void check_union(idl_sema *sema, const idl_symbol *symbol)
{
    const idl_ast_decl *ast = symbol->ast;
    if (ast->kind != IDL_AST_UNION || ast->fields.count > 0 || ast->has_errors || ast->is_poisoned)
        return;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_EMPTY_DECLARATION, ast->name.span,
                                    "the union '%s' has no variants", ast->name.text);
    idl_report_help(sema->diag, r, "declare at least one: '1: Type name;'");
}

static idl_target target_of(idl_ast_decl_kind kind)
{
    return kind == IDL_AST_UNION    ? IDL_TARGET_UNION
           : kind == IDL_AST_STRUCT ? IDL_TARGET_STRUCT
                                    : IDL_TARGET_ERROR;
}

static void build_decl(idl_sema *sema, idl_symbol *symbol)
{
    const idl_ast_decl *ast = symbol->ast;
    idl_fields_build(sema, symbol, &ast->fields, &ast->reserved);
    check_union(sema, symbol);
    symbol->rules = &ast->annotations;
    idl_marks marks = { 0 };
    idl_anno anno;
    idl_anno_walk walk = idl_annotations(sema, &ast->annotations, target_of(ast->kind));
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;) {
        if (anno == IDL_ANNO_STRICT)
            symbol->decl.is_strict = true;
        else
            (void)idl_marks_take(sema, a, anno, &marks);
        /* @rule and its kin are read in rules/, what makes an error's id and status in ids.c. */
    }
    symbol->decl.c_name = marks.c_name;
    symbol->decl.is_deprecated = marks.is_deprecated;
    symbol->decl.deprecated_note = marks.deprecated_note;
}

bool idl_pass_structs(idl_sema *sema)
{
    for (size_t i = 0; i < sema->n_symbols && !idl_diag_is_full(sema->diag); i++) {
        idl_symbol *symbol = sema->symbols[i];
        if (symbol->ast != NULL &&
            (symbol->decl.kind == IDL_DECL_STRUCT || symbol->decl.kind == IDL_DECL_UNION ||
             symbol->decl.kind == IDL_DECL_ERROR))
            build_decl(sema, symbol);
    }
    return !idl_diag_is_full(sema->diag);
}
