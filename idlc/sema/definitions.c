/* Constants, aliases and enums: resolved when somebody needs them, each once.
 *
 * They may refer to each other in any order, so each is worked out on demand. The chain of those in progress is kept:
 * it bounds the recursion, and it is what a report about a circle shows. Read next: values.c, enums.c.
 */
#include "sema/annotations.h"
#include "sema/enums.h"

static idl_symbol *mutable_symbol(idl_sema *sema, const idl_symbol *symbol)
{
    return sema->symbols[symbol->index];
}

static void report_circle(idl_sema *sema, const idl_symbol *symbol)
{
    size_t from = 0;
    while (sema->chain[from] != symbol)
        from++;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_DEFINITION_CYCLE, symbol->decl.name_span,
                                    "'%s' is defined by itself", symbol->decl.name);
    for (size_t i = from + 1; i < sema->n_chain; i++)
        idl_report_note(sema->diag, r, sema->chain[i]->decl.name_span, "through '%s'",
                        sema->chain[i]->decl.name);
}

/* False if there is nothing left to do; `*ret_result` is the answer then. */
static bool enter(idl_sema *sema, idl_symbol *symbol, bool *ret_result)
{
    *ret_result = false;
    if (symbol->progress == IDL_PROGRESS_DONE) {
        *ret_result = !symbol->is_poisoned;
        return false;
    }
    if (symbol->progress == IDL_PROGRESS_BUSY) {
        if (!symbol->is_poisoned)
            report_circle(sema, symbol);
        symbol->is_poisoned = true;
        return false;
    }
    if (sema->n_chain == IDL_SEMA_MAX_CHAIN) {
        idl_diag_report(sema->diag, IDL_DIAG_CHAIN_TOO_LONG, symbol->decl.name_span,
                        "'%s' is reached through more than %u definitions", symbol->decl.name,
                        IDL_SEMA_MAX_CHAIN);
        symbol->is_poisoned = true;
        symbol->progress = IDL_PROGRESS_DONE;
        return false;
    }
    symbol->progress = IDL_PROGRESS_BUSY;
    sema->chain[sema->n_chain++] = symbol;
    return true;
}

static bool leave(idl_sema *sema, idl_symbol *symbol, bool is_good)
{
    sema->n_chain--;
    symbol->progress = IDL_PROGRESS_DONE;
    symbol->is_poisoned = symbol->is_poisoned || !is_good;
    return !symbol->is_poisoned;
}

static void take_marks(idl_symbol *symbol, const idl_marks *marks)
{
    symbol->decl.c_name = marks->c_name;
    symbol->decl.is_deprecated = marks->is_deprecated;
    symbol->decl.deprecated_note = marks->deprecated_note;
}

/* ---- constants ---- */

static bool can_be_constant(const idl_type *type)
{
    switch (type->kind) {
    case IDL_KIND_TIMESTAMP:
    case IDL_KIND_UUID:
    case IDL_KIND_ANY:
    case IDL_KIND_LIST:
    case IDL_KIND_ARRAY:
    case IDL_KIND_MAP: return false;
    case IDL_KIND_NAMED: return idl_type_is_enum(type);
    default: return true;
    }
}

static bool resolve_const(idl_sema *sema, idl_symbol *symbol)
{
    const idl_ast_decl *ast = symbol->ast;
    idl_marks marks = { 0 };
    idl_anno anno;
    idl_anno_walk walk = idl_annotations(sema, &ast->annotations, IDL_TARGET_CONST);
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;)
        (void)idl_marks_take(sema, a, anno, &marks);
    take_marks(symbol, &marks);
    if (ast->type == NULL || ast->value == NULL)
        return false;
    const idl_type *type =
        idl_type_build(sema, symbol->unit, ast->type, IDL_POSITION_CONST, NULL, NULL);
    if (type == NULL)
        return false;
    if (!can_be_constant(type)) {
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_BAD_CONST_TYPE, ast->type->span,
                            "a constant can't be of type '%s'", idl_type_text(sema, type));
        idl_report_help(sema->diag, r,
                        "constants are bool, numbers, string, bytes, duration, enums and flags");
        return false;
    }
    symbol->decl.type = type;
    if (!idl_value_build(sema, symbol->unit, ast->value, type, "the constant", &symbol->decl.value))
        return false;
    idl_value_must_be_accepted(sema, type, &symbol->decl.value, ast->value->span, "the constant");
    return true;
}

bool idl_need_const(idl_sema *sema, const idl_symbol *symbol)
{
    bool result;
    idl_symbol *s = mutable_symbol(sema, symbol);
    if (!enter(sema, s, &result))
        return result;
    return leave(sema, s, resolve_const(sema, s));
}

/* ---- aliases ---- */

static bool resolve_alias(idl_sema *sema, idl_symbol *symbol)
{
    const idl_ast_decl *ast = symbol->ast;
    if (ast->type == NULL)
        return false;
    const idl_type *type = idl_type_build(sema, symbol->unit, ast->type, IDL_POSITION_ALIAS, NULL,
                                          &symbol->type_depth);
    if (type == NULL)
        return false;
    idl_constraint_list list = { .n = 0 };
    idl_anno anno;
    idl_anno_walk walk = idl_annotations(sema, &ast->annotations, IDL_TARGET_ALIAS);
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;)
        idl_constraint_list_add(&list, a, anno);
    symbol->decl.type = idl_type_constrain(sema, symbol->unit, type, &list);
    symbol->type_depth++;
    return true;
}

bool idl_need_alias(idl_sema *sema, const idl_symbol *symbol)
{
    bool result;
    idl_symbol *s = mutable_symbol(sema, symbol);
    if (!enter(sema, s, &result))
        return result;
    return leave(sema, s, resolve_alias(sema, s));
}

/* ---- enums ---- */

bool idl_need_enum(idl_sema *sema, const idl_symbol *symbol)
{
    bool result;
    idl_symbol *s = mutable_symbol(sema, symbol);
    if (!enter(sema, s, &result))
        return result;
    idl_marks marks = { 0 };
    bool is_good = idl_enum_build(sema, s, &marks);
    take_marks(s, &marks);
    return leave(sema, s, is_good);
}

bool idl_pass_definitions(idl_sema *sema)
{
    for (size_t i = 0; i < sema->n_symbols && !idl_diag_is_full(sema->diag); i++) {
        const idl_symbol *symbol = sema->symbols[i];
        switch (symbol->decl.kind) {
        case IDL_DECL_CONST: (void)idl_need_const(sema, symbol); break;
        case IDL_DECL_ALIAS: (void)idl_need_alias(sema, symbol); break;
        case IDL_DECL_ENUM:
        case IDL_DECL_FLAGS: (void)idl_need_enum(sema, symbol); break;
        default: break;
        }
    }
    return !idl_diag_is_full(sema->diag);
}
