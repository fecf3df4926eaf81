/* What a name means in a file.
 *
 * A plain name is looked for in the file's namespace, in this file and in imported files of the same namespace. In
 * `common.Money` the part in front of the last dot is a namespace: in full, or its last part. Only what the file
 * imports itself is seen; a name from elsewhere earns an error that says what to import.
 *
 * Must not know: what kind of thing the caller wanted (it passes a word for messages). Read next: types.c.
 */
#include "sema/context.h"

#include "diag/suggest.h"

#include <string.h>

/* A name cut at its last dot. Both are interned; `prefix` is NULL for a plain name. */
typedef struct split_name {
    const char *prefix;
    const char *name;
} split_name;

static split_name split(idl_sema *sema, const char *text, size_t len)
{
    size_t at = len;
    while (at > 0 && text[at - 1] != '.')
        at--;
    idl_names *names = &sema->sources->names;
    split_name result = { .name = idl_names_intern(names, text + at, len - at) };
    if (at > 0)
        result.prefix = idl_names_intern(names, text, at - 1);
    return result;
}

static idl_edge *edge_to(const idl_unit *unit, const idl_unit *to)
{
    return idl_table_get(&unit->edge_of, idl_key_of(to));
}

static bool is_visible(const idl_unit *unit, const idl_symbol *symbol)
{
    return symbol->unit == unit || edge_to(unit, symbol->unit) != NULL;
}

static const idl_symbol *use(const idl_unit *unit, const idl_symbol *symbol)
{
    idl_edge *edge = symbol->unit == unit ? NULL : edge_to(unit, symbol->unit);
    if (edge != NULL)
        edge->is_used = true;
    return symbol;
}

typedef struct search {
    const idl_symbol *found;
    const idl_symbol *other;  /* a second one, in another namespace: ambiguous */
    const idl_symbol *hidden; /* there, and not imported */
    bool is_known_namespace;
} search;

static void consider(search *s, const idl_unit *unit, const idl_scope *scope, const char *name)
{
    const idl_symbol *symbol = idl_table_get(&scope->symbols, idl_key_of(name));
    if (symbol == NULL || symbol == s->found)
        return;
    if (!is_visible(unit, symbol))
        s->hidden = symbol;
    else if (s->found == NULL)
        s->found = symbol;
    else
        s->other = symbol;
}

/* Namespaces whose last part is the prefix: those of the imports, and the file's own. */
static void search_last_parts(search *s, const idl_unit *unit, const split_name *want)
{
    const idl_scope *before = NULL;
    if (unit->scope->last_part == want->prefix) {
        s->is_known_namespace = true;
        before = unit->scope;
        consider(s, unit, unit->scope, want->name);
    }
    for (size_t i = 0; i < unit->n_edges; i++) {
        const idl_scope *scope = unit->edges[i].unit->scope;
        if (scope == before || scope->last_part != want->prefix)
            continue;
        before = scope;
        s->is_known_namespace = true;
        consider(s, unit, scope, want->name);
    }
}

static bool imports_namespace(const idl_unit *unit, const idl_scope *scope)
{
    for (size_t i = 0; i < unit->n_edges; i++) {
        if (unit->edges[i].unit->scope == scope)
            return true;
    }
    return scope == unit->scope;
}

static search find(idl_sema *sema, const idl_unit *unit, const split_name *want)
{
    search s = { 0 };
    if (want->prefix == NULL) {
        s.is_known_namespace = true;
        consider(&s, unit, unit->scope, want->name);
        return s;
    }
    const idl_scope *whole = idl_table_get(&sema->scope_of_name, idl_key_of(want->prefix));
    if (whole != NULL) {
        s.is_known_namespace = imports_namespace(unit, whole);
        consider(&s, unit, whole, want->name);
    }
    if (s.found == NULL)
        search_last_parts(&s, unit, want);
    return s;
}

/* ---- reports ---- */

static void offer_scope(idl_suggest *suggest, const idl_unit *of)
{
    for (size_t i = 0; i < of->n_symbols; i++) {
        if (of->symbols[i]->ast != NULL)
            idl_suggest_offer(suggest, of->symbols[i]->decl.name);
    }
}

static const char *nearest_symbol(const idl_unit *unit, const split_name *want)
{
    idl_suggest suggest;
    idl_suggest_init(&suggest, want->name);
    if (want->prefix == NULL || want->prefix == unit->scope->name ||
        want->prefix == unit->scope->last_part)
        offer_scope(&suggest, unit);
    for (size_t i = 0; i < unit->n_edges; i++) {
        const idl_unit *of = unit->edges[i].unit;
        bool is_meant = want->prefix == NULL ? of->scope == unit->scope
                                             : want->prefix == of->scope->name ||
                                                   want->prefix == of->scope->last_part;
        if (is_meant)
            offer_scope(&suggest, of);
    }
    return idl_suggest_best(&suggest);
}

static const char *const builtins[] = { "bool", "i8",     "i16",   "i32",       "i64",
                                        "u8",   "u16",    "u32",   "u64",       "f32",
                                        "f64",  "string", "bytes", "timestamp", "duration",
                                        "uuid", "any",    "list",  "map",       NULL };

/* Names people bring along from elsewhere. */
static const char *const foreign[][2] = {
    { "int", "i32" },      { "int8", "i8" },
    { "int16", "i16" },    { "int32", "i32" },
    { "int64", "i64" },    { "uint", "u32" },
    { "uint8", "u8" },     { "uint16", "u16" },
    { "uint32", "u32" },   { "uint64", "u64" },
    { "float", "f32" },    { "double", "f64" },
    { "byte", "u8" },      { "boolean", "bool" },
    { "str", "string" },   { "text", "string" },
    { "char", "u8" },      { "long", "i64" },
    { "short", "i16" },    { "float32", "f32" },
    { "float64", "f64" },  { "binary", "bytes" },
    { "data", "bytes" },   { "time", "timestamp" },
    { "guid", "uuid" },    { "int8_t", "i8" },
    { "int16_t", "i16" },  { "int32_t", "i32" },
    { "int64_t", "i64" },  { "uint8_t", "u8" },
    { "uint16_t", "u16" }, { "uint32_t", "u32" },
    { "uint64_t", "u64" }, { "size_t", "u64" },
    { "array", "list" },   { "vector", "list" },
    { "dict", "map" },     { "datetime", "timestamp" },
};

static const char *nearest_builtin(const char *name)
{
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        if (strcmp(foreign[i][0], name) == 0)
            return foreign[i][1];
    }
    return idl_suggest_among(name, builtins);
}

static void help_with(idl_sema *sema, idl_report *r, const idl_unit *unit, const idl_ast_path *path,
                      const split_name *want, const char *wanted)
{
    const char *near = nearest_symbol(unit, want);
    bool is_type = strcmp(wanted, "type") == 0;
    if (is_type && want->prefix == NULL && near == NULL)
        near = nearest_builtin(want->name);
    if (near == NULL)
        return;
    idl_span last = path->span;
    last.start = last.end - (uint32_t)strlen(want->name);
    idl_report_help(sema->diag, r, "did you mean '%s%s%s'?",
                    want->prefix == NULL ? "" : want->prefix, want->prefix == NULL ? "" : ".",
                    near);
    idl_report_edit(sema->diag, r, last, near, IDL_EDIT_MAYBE);
}

static void report_unknown(idl_sema *sema, const idl_unit *unit, const idl_ast_path *path,
                           const split_name *want, const search *s, const char *wanted)
{
    if (s->hidden != NULL) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_NOT_IMPORTED, path->span,
                                        "'%s' is declared in '%s', which this file does not import",
                                        path->text, s->hidden->unit->file->path);
        idl_report_note(sema->diag, r, s->hidden->decl.name_span, "declared here");
        idl_report_help(sema->diag, r, "add 'import \"%s\";'", s->hidden->unit->file->path);
        return;
    }
    if (want->prefix != NULL && !s->is_known_namespace) {
        if (unit->has_failed_import)
            return;
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_UNKNOWN_NAME, path->span,
                                        "no imported file has the namespace '%s'", want->prefix);
        idl_suggest suggest;
        idl_suggest_init(&suggest, want->prefix);
        for (size_t i = 0; i < unit->n_edges; i++) {
            idl_suggest_offer(&suggest, unit->edges[i].unit->scope->name);
            idl_suggest_offer(&suggest, unit->edges[i].unit->scope->last_part);
        }
        const char *near = idl_suggest_best(&suggest);
        if (near != NULL)
            idl_report_help(sema->diag, r, "did you mean '%s.%s'?", near, want->name);
        return;
    }
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_UNKNOWN_NAME, path->span,
                                    "there is no %s '%s'", wanted, path->text);
    help_with(sema, r, unit, path, want, wanted);
}

static void report_ambiguous(idl_sema *sema, const idl_ast_path *path, const search *s)
{
    idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_AMBIGUOUS_NAME, path->span,
                                    "'%s' could be '%s' or '%s'", path->text,
                                    s->found->decl.full_name, s->other->decl.full_name);
    idl_report_note(sema->diag, r, s->found->decl.name_span, "one is here");
    idl_report_note(sema->diag, r, s->other->decl.name_span, "the other is here");
    idl_report_help(sema->diag, r, "write the whole namespace");
}

/* A declaration that a syntax error swallowed may be the very one. */
static bool may_have_been_lost(const idl_unit *unit, const split_name *want)
{
    if (want->prefix == NULL)
        return unit->has_nameless_decl;
    for (size_t i = 0; i < unit->n_edges; i++) {
        const idl_unit *of = unit->edges[i].unit;
        if ((of->scope->name == want->prefix || of->scope->last_part == want->prefix) &&
            of->has_nameless_decl)
            return true;
    }
    return false;
}

const idl_symbol *idl_lookup(idl_sema *sema, idl_unit *unit, const idl_ast_path *path,
                             const char *wanted)
{
    split_name want = { .name = path->text };
    if (path->n_parts > 1)
        want = split(sema, path->text, strlen(path->text));
    search s = find(sema, unit, &want);
    if (s.other != NULL) {
        report_ambiguous(sema, path, &s);
        return NULL;
    }
    if (s.found != NULL)
        return use(unit, s.found);
    if (!may_have_been_lost(unit, &want))
        report_unknown(sema, unit, path, &want, &s, wanted);
    return NULL;
}

const idl_symbol *idl_lookup_quietly(idl_sema *sema, idl_unit *unit, const char *text, size_t len)
{
    split_name want = split(sema, text, len);
    search s = find(sema, unit, &want);
    return s.found != NULL && s.other == NULL ? use(unit, s.found) : NULL;
}
