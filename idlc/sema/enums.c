/* Enums and flags: the base, the numbers, and that no number, name or bit is there for two reasons. */
#include "sema/enums.h"

#include <inttypes.h>

typedef struct enum_build {
    idl_sema *sema;
    idl_symbol *symbol;
    idl_kind base;
    bool is_flags;
    idl_reserved reserved;
    idl_table numbers[2]; /* number -> idl_enumerator; [1]: negative ones */
    idl_enumerator *items;
    size_t n_items;
} enum_build;

/* ---- the base ---- */

static bool resolve_base(enum_build *b)
{
    idl_sema *sema = b->sema;
    const idl_ast_decl *ast = b->symbol->ast;
    const idl_type *type = sema->kinds[b->is_flags ? IDL_KIND_U32 : IDL_KIND_I32];
    if (ast->type != NULL)
        type = idl_type_build(sema, b->symbol->unit, ast->type, IDL_POSITION_BASE, NULL, NULL);
    if (type == NULL)
        return false;
    bool is_fit = b->is_flags ? type->kind >= IDL_KIND_U8 && type->kind <= IDL_KIND_U64
                              : idl_kind_is_integer(type->kind);
    if (!is_fit || type->n_constraints > 0) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_BASE, ast->type->span,
                                        "'%s' can't be the base of %s", idl_type_text(sema, type),
                                        b->is_flags ? "flags" : "an enum");
        idl_report_help(sema->diag, r,
                        b->is_flags ? "use u8, u16, u32 or u64"
                                    : "use a plain integer such as u8 or i32");
        return false;
    }
    b->base = type->kind;
    b->symbol->decl.type = type;
    return true;
}

/* ---- one value ---- */

static bool read_number(enum_build *b, const idl_ast_enumerator *ast, idl_enumerator *item)
{
    idl_sema *sema = b->sema;
    idl_value value;
    if (ast->value == NULL || ast->value->kind == IDL_AST_VALUE_POISONED)
        return false;
    const idl_type *type = b->symbol->decl.type;
    if (!idl_value_build(sema, b->symbol->unit, ast->value, type, "the number", &value))
        return false;
    item->is_negative = value.is_negative;
    item->number = value.u;
    return true;
}

/* Costs a look at every value, so only for a report. */
static void help_next_free(enum_build *b, idl_report *r)
{
    uint64_t highest = 0;
    for (size_t i = 0; i < b->n_items; i++) {
        if (!b->items[i].is_negative && b->items[i].number > highest)
            highest = b->items[i].number;
    }
    for (const idl_ast_enumerator *e = b->symbol->ast->values.first; e != NULL; e = e->next) {
        const idl_ast_value *v = e->value;
        if (v != NULL && v->kind == IDL_AST_VALUE_INTEGER && !v->is_negative &&
            v->magnitude > highest)
            highest = v->magnitude;
    }
    uint64_t free = highest + 1;
    if (b->is_flags) {
        for (free = 1; free <= highest && free != 0; free *= 2)
            continue;
    }
    if (free != 0 && idl_integer_fits(b->base, false, free))
        idl_report_help(b->sema->diag, r, "the next free %s is %" PRIu64,
                        b->is_flags ? "bit" : "number", free);
}

static void report_same_number(enum_build *b, const idl_ast_enumerator *ast,
                               const idl_enumerator *first)
{
    idl_sema *sema = b->sema;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_NUMBER, ast->value->span,
                                    "'%s' has the number of '%s'", ast->name.text, first->name);
    idl_report_note(sema->diag, r, first->span, "'%s' is here", first->name);
    help_next_free(b, r);
}

static void check_number(enum_build *b, const idl_ast_enumerator *ast, idl_enumerator *item)
{
    idl_sema *sema = b->sema;
    if (b->is_flags && item->number == 0) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_FLAG, ast->value->span,
                                        "the flag '%s' has no bit", ast->name.text);
        idl_report_help(sema->diag, r, "no flag set is what zero means already; leave it out");
        return;
    }
    const idl_enumerator *first =
        idl_table_put(sema->arena, &b->numbers[item->is_negative], item->number, item);
    if (first != NULL) {
        report_same_number(b, ast, first);
        return;
    }
    idl_report *r = idl_reserved_refuse_number(sema, &b->reserved, item->is_negative, item->number,
                                               ast->value->span, ast->name.text);
    if (r != NULL)
        help_next_free(b, r);
}

static void check_name(enum_build *b, const idl_ast_enumerator *ast, idl_enumerator *item)
{
    idl_sema *sema = b->sema;
    const idl_enumerator *first =
        idl_table_put(sema->arena, &b->symbol->values, idl_key_of(item->name), item);
    if (first != NULL) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_MEMBER, ast->name.span,
                                        "'%s' has two values called '%s'", b->symbol->decl.name,
                                        ast->name.text);
        idl_report_note(sema->diag, r, first->span, "first declared here");
        return;
    }
    (void)idl_reserved_refuses_name(sema, &b->reserved, &ast->name);
}

static void build_item(enum_build *b, const idl_ast_enumerator *ast)
{
    if (ast->name.text == NULL)
        return;
    idl_enumerator *item = &b->items[b->n_items];
    item->name = ast->name.text;
    item->span = ast->name.span;
    item->doc = ast->doc == NULL ? NULL : ast->doc->text;
    idl_marks marks = { 0 };
    idl_anno anno;
    idl_anno_walk walk = idl_annotations(b->sema, &ast->annotations, IDL_TARGET_ENUMERATOR);
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;)
        (void)idl_marks_take(b->sema, a, anno, &marks);
    item->c_name = marks.c_name;
    item->is_deprecated = marks.is_deprecated;
    item->deprecated_note = marks.deprecated_note;
    check_name(b, ast, item);
    if (read_number(b, ast, item))
        check_number(b, ast, item);
    b->n_items++;
}

/* ---- all values together ---- */

static bool is_single_bit(uint64_t number)
{
    return (number & (number - 1)) == 0;
}

/* Numbers such as 1, 2, 3, 4, 5 for flags are a slip: 5 would combine a 4 and a 1. So a combination may only use bits
 * that have a name of their own. */
static void check_combinations(enum_build *b)
{
    idl_sema *sema = b->sema;
    uint64_t bits = 0;
    for (size_t i = 0; i < b->n_items; i++)
        bits |= is_single_bit(b->items[i].number) ? b->items[i].number : 0;
    const idl_ast_enumerator *ast = b->symbol->ast->values.first;
    for (size_t i = 0; i < b->n_items; ast = ast->next) {
        if (ast->name.text == NULL)
            continue;
        uint64_t missing = b->items[i++].number & ~bits;
        if (missing == 0 || ast->value == NULL)
            continue;
        missing &= ~missing + 1; /* the lowest of them */
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_BAD_FLAG, ast->value->span,
                                        "'%s' combines a bit that is no flag itself: %" PRIu64,
                                        ast->name.text, missing);
        help_next_free(b, r);
    }
}

static void check_not_empty(enum_build *b)
{
    const idl_ast_decl *ast = b->symbol->ast;
    if (ast->values.count > 0 || ast->has_errors || ast->is_poisoned)
        return;
    idl_report *r =
        idl_diag_report(b->sema->diag, IDL_DIAG_EMPTY_DECLARATION, ast->name.span, "'%s' has no %s",
                        ast->name.text, b->is_flags ? "flags" : "values");
    idl_report_help(b->sema->diag, r, "declare at least one: 'name = 1;'");
}

bool idl_enum_build(idl_sema *sema, idl_symbol *symbol, idl_marks *marks)
{
    const idl_ast_decl *ast = symbol->ast;
    enum_build b = { .sema = sema, .symbol = symbol, .is_flags = ast->kind == IDL_AST_FLAGS };
    idl_anno anno;
    idl_anno_walk walk =
        idl_annotations(sema, &ast->annotations, b.is_flags ? IDL_TARGET_FLAGS : IDL_TARGET_ENUM);
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;) {
        if (!idl_marks_take(sema, a, anno, marks))
            symbol->decl.is_strict = true;
    }
    if (!resolve_base(&b))
        return false;
    idl_reserved_build(sema, &ast->reserved, &b.reserved);
    b.items = idl_arena_array(sema->arena, ast->values.count, sizeof *b.items);
    for (const idl_ast_enumerator *e = ast->values.first; e != NULL; e = e->next)
        build_item(&b, e);
    symbol->decl.enumerators = b.items;
    symbol->decl.n_enumerators = b.n_items;
    check_not_empty(&b);
    if (b.is_flags)
        check_combinations(&b);
    return true;
}
