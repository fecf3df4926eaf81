/* Names: puts every declaration into the scope of its namespace, and finds names that are there twice.
 *
 * A namespace may be spread over files; its names must differ all the same, because they become C names with one prefix.
 * For the same reason no two namespaces may have one prefix (a.b and a_b). Read next: lookup.c.
 */
#include "sema/context.h"

#include <string.h>

static const idl_decl_kind decl_kinds[] = {
    [IDL_AST_CONST] = IDL_DECL_CONST,   [IDL_AST_ALIAS] = IDL_DECL_ALIAS,
    [IDL_AST_ENUM] = IDL_DECL_ENUM,     [IDL_AST_FLAGS] = IDL_DECL_FLAGS,
    [IDL_AST_STRUCT] = IDL_DECL_STRUCT, [IDL_AST_UNION] = IDL_DECL_UNION,
    [IDL_AST_ERROR] = IDL_DECL_ERROR,   [IDL_AST_SERVICE] = IDL_DECL_SERVICE,
};

const char *idl_join_names(idl_sema *sema, const char *left, const char *right)
{
    char buffer[256];
    size_t a = strlen(left);
    size_t b = strlen(right);
    char *text = a + b + 1 <= sizeof buffer ? buffer : idl_arena_alloc(sema->arena, a + b + 1);
    memcpy(text, left, a);
    text[a] = '.';
    memcpy(text + a + 1, right, b);
    return idl_names_intern(&sema->sources->names, text, a + b + 1);
}

idl_symbol *idl_symbol_add(idl_sema *sema, idl_unit *unit, idl_decl_kind kind, const char *name)
{
    idl_symbol *symbol = idl_arena_alloc(sema->arena, sizeof *symbol);
    symbol->decl.kind = kind;
    symbol->decl.file = unit->file;
    symbol->decl.name = name;
    symbol->decl.full_name = idl_join_names(sema, unit->scope->name, name);
    symbol->unit = unit;
    symbol->index = (uint32_t)sema->n_symbols;
    sema->symbols = idl_arena_grow(sema->arena, sema->symbols, sema->n_symbols,
                                   &sema->symbols_capacity, sizeof *sema->symbols);
    sema->symbols[sema->n_symbols++] = symbol;
    unit->symbols = idl_arena_grow(sema->arena, unit->symbols, unit->n_symbols,
                                   &unit->symbols_capacity, sizeof *unit->symbols);
    unit->symbols[unit->n_symbols++] = symbol;
    return symbol;
}

/* ---- namespaces ---- */

static void check_prefix(idl_sema *sema, idl_scope *scope)
{
    char *prefix = idl_arena_copy(sema->arena, scope->name, strlen(scope->name));
    for (char *c = prefix; *c != '\0'; c++)
        *c = *c == '.' ? '_' : *c;
    const char *key = idl_names_intern(&sema->sources->names, prefix, strlen(prefix));
    const idl_scope *first =
        idl_table_put(sema->arena, &sema->scope_of_prefix, idl_key_of(key), scope);
    if (first == NULL)
        return;
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_NAMESPACE_CLASH, scope->first_span,
                                    "the namespaces '%s' and '%s' both become '%s_' in C",
                                    scope->name, first->name, key);
    idl_report_note(sema->diag, r, first->first_span, "'%s' is here", first->name);
}

static idl_scope *scope_of(idl_sema *sema, const char *name, idl_span span)
{
    idl_scope *known = idl_table_get(&sema->scope_of_name, idl_key_of(name));
    if (known != NULL)
        return known;
    idl_scope *scope = idl_arena_alloc(sema->arena, sizeof *scope);
    const char *dot = strrchr(name, '.');
    const char *last = dot == NULL ? name : dot + 1;
    scope->name = name;
    scope->last_part = idl_names_intern(&sema->sources->names, last, strlen(last));
    scope->first_span = span;
    (void)idl_table_put(sema->arena, &sema->scope_of_name, idl_key_of(name), scope);
    check_prefix(sema, scope);
    return scope;
}

static void enter_namespace(idl_sema *sema, idl_unit *unit)
{
    const idl_ast_file *ast = unit->ast;
    idl_span span = ast->ns.span;
    const char *name = ast->ns.text;
    if (!ast->has_namespace || name == NULL) {
        /* A name nobody can write, so that the file still has a scope of its own. */
        name = idl_names_intern(&sema->sources->names, "", 0);
        span = idl_source_start(ast->source);
        if (!ast->has_syntax_errors)
            idl_report_help(sema->diag,
                            idl_diag_report(sema->diag, IDL_DIAG_MISSING_NAMESPACE, span,
                                            "'%s' has no namespace", unit->file->path),
                            "begin the file with 'namespace %s;'", unit->file->stem);
    }
    unit->file->ns = name;
    unit->scope = scope_of(sema, name, span);
}

/* ---- declarations ---- */

static void report_duplicate(idl_sema *sema, const idl_symbol *symbol, const idl_symbol *first)
{
    bool is_same_file = symbol->unit == first->unit;
    idl_report *r =
        idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_NAME, symbol->decl.name_span,
                        is_same_file ? "'%s' is declared twice"
                                     : "'%s' is declared in two files of the namespace '%s'",
                        symbol->decl.name, symbol->unit->scope->name);
    idl_report_note(sema->diag, r, first->decl.name_span, "first declared here");
}

static void declare(idl_sema *sema, idl_unit *unit, const idl_ast_decl *ast)
{
    idl_symbol *symbol = idl_symbol_add(sema, unit, decl_kinds[ast->kind], ast->name.text);
    symbol->ast = ast;
    symbol->is_poisoned = ast->is_poisoned;
    symbol->decl.span = ast->span;
    symbol->decl.name_span = ast->name.span;
    symbol->decl.doc = ast->doc == NULL ? NULL : ast->doc->text;
    if (idl_kind_of_name(sema, ast->name.text) != 0 || strcmp(ast->name.text, "list") == 0 ||
        strcmp(ast->name.text, "map") == 0 || strcmp(ast->name.text, "true") == 0 ||
        strcmp(ast->name.text, "false") == 0) {
        idl_diag_report(sema->diag, IDL_DIAG_RESERVED_NAME, ast->name.span,
                        "'%s' is a word of the language and can't be declared", ast->name.text);
        symbol->is_duplicate = true;
        return;
    }
    const idl_symbol *first =
        idl_table_put(sema->arena, &unit->scope->symbols, idl_key_of(ast->name.text), symbol);
    if (first == NULL)
        return;
    symbol->is_duplicate = true;
    report_duplicate(sema, symbol, first);
}

bool idl_pass_declare(idl_sema *sema)
{
    for (size_t i = 0; i < sema->n_units; i++) {
        idl_unit *unit = sema->units[i];
        enter_namespace(sema, unit);
        idl_table_reserve(sema->arena, &unit->scope->symbols, unit->ast->decls.count);
        for (const idl_ast_decl *d = unit->ast->decls.first; d != NULL; d = d->next) {
            if (d->name.text != NULL)
                declare(sema, unit, d);
            else
                unit->has_nameless_decl = true;
        }
    }
    return !idl_diag_is_full(sema->diag);
}
