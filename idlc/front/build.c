/* The grammar's actions for the file, types, values and annotations. Shapes only: what is refused
 * here is refused without knowing what any name means. Read next: build_decl.c, build_method.c.
 */
#include "front/build.h"

#include "front/literal.h"

#include <string.h>

/* ---- words and values ---- */

idl_ast_name idl_build_name(idl_parser *p, const char *word, idl_span span)
{
    (void)p;
    return (idl_ast_name){ .text = word, .span = span };
}

idl_ast_path idl_build_path(idl_parser *p, const char *word, idl_span span)
{
    (void)p;
    uint32_t n_parts = 1;
    for (const char *c = word; *c != '\0'; c++)
        n_parts += *c == '.';
    return (idl_ast_path){ .text = word, .n_parts = n_parts, .span = span };
}

idl_ast_value *idl_build_name_value(idl_parser *p, idl_ast_path path)
{
    idl_ast_value *value = idl_arena_alloc(p->arena, sizeof *value);
    value->kind = IDL_AST_VALUE_NAME;
    value->span = path.span;
    value->name = path;
    return value;
}

idl_ast_value *idl_build_negative(idl_parser *p, idl_ast_value *value, idl_span span)
{
    (void)p;
    value->span = span;
    if (value->kind == IDL_AST_VALUE_FLOAT)
        value->number = -value->number;
    else if (value->kind == IDL_AST_VALUE_INTEGER || value->kind == IDL_AST_VALUE_DURATION)
        value->is_negative = value->magnitude != 0;
    return value;
}

/* ---- annotations ---- */

idl_ast_arg *idl_build_arg(idl_parser *p, const idl_ast_value *value, idl_span span)
{
    idl_ast_arg *arg = idl_arena_alloc(p->arena, sizeof *arg);
    arg->kind = IDL_AST_ARG_VALUE;
    arg->value = value;
    arg->span = span;
    return arg;
}

idl_ast_arg *idl_build_range(idl_parser *p, const idl_ast_value *low, const idl_ast_value *high,
                             bool is_exclusive, idl_span span)
{
    idl_ast_arg *arg = idl_arena_alloc(p->arena, sizeof *arg);
    arg->kind = IDL_AST_ARG_RANGE;
    arg->low = low;
    arg->high = high;
    arg->is_exclusive = is_exclusive;
    arg->span = span;
    return arg;
}

/* A broken argument is NULL, and poisons the annotation when it ends. */
idl_ast_arg *idl_build_add_arg(idl_ast_arg *newest, idl_ast_arg *arg)
{
    if (arg == NULL)
        return newest;
    arg->next = newest;
    return arg;
}

idl_ast_annotation *idl_build_annotation(idl_parser *p, const char *word, idl_span name_span,
                                         idl_span span)
{
    idl_ast_annotation *annotation = idl_arena_alloc(p->arena, sizeof *annotation);
    annotation->name.text = word;
    annotation->name.span = name_span;
    annotation->name.span.end = name_span.start + 1 + (uint32_t)strlen(word);
    annotation->span = span;
    return annotation;
}

idl_ast_annotation *idl_build_call(idl_parser *p, const char *word, idl_span name_span,
                                   idl_ast_arg *newest, idl_span span)
{
    idl_ast_annotation *annotation = idl_build_annotation(p, word, name_span, span);
    annotation->has_parens = true;
    annotation->is_poisoned = p->has_broken_arg;
    p->has_broken_arg = false;
    while (newest != NULL) {
        idl_ast_arg *older = newest->next;
        newest->next = annotation->args;
        annotation->args = newest;
        annotation->n_args++;
        newest = older;
    }
    return annotation;
}

idl_ast_arg *idl_build_broken_arg(idl_parser *p)
{
    p->has_broken_arg = true;
    return NULL;
}

void idl_build_annotate(idl_ast_annotations *list, idl_ast_annotation *annotation)
{
    if (list->last != NULL)
        list->last->next = annotation;
    else
        list->first = annotation;
    list->last = annotation;
    list->count++;
}

void idl_build_annotate_type(idl_parser *p, idl_ast_type *type, idl_ast_annotation *annotation)
{
    if (type->annotations == NULL)
        type->annotations = idl_arena_alloc(p->arena, sizeof *type->annotations);
    idl_build_annotate(type->annotations, annotation);
}

void idl_build_statement(idl_parser *p, idl_ast_annotation *annotation)
{
    annotation->is_statement = true;
    if (p->payload != NULL)
        idl_build_annotate(&p->payload->annotations, annotation);
    else
        idl_build_annotate(&p->decl->annotations, annotation);
}

/* ---- types ---- */

static idl_ast_type *new_type(idl_parser *p, idl_ast_type_kind kind, idl_span span)
{
    idl_ast_type *type = idl_arena_alloc(p->arena, sizeof *type);
    type->kind = kind;
    type->depth = 1;
    type->span = span;
    return type;
}

/* Keeps every tree shallow enough for recursion: past the limit it is cut off and poisoned. */
static idl_ast_type *check_depth(idl_parser *p, idl_ast_type *type, uint32_t inner_depth)
{
    type->depth = inner_depth + 1;
    if (type->depth <= IDL_AST_MAX_NESTING)
        return type;
    idl_syntax_report(p, IDL_DIAG_NESTED_TOO_DEEP, type->span, "this type is nested deeper than %d",
                      IDL_AST_MAX_NESTING);
    return new_type(p, IDL_AST_TYPE_POISONED, type->span);
}

idl_ast_type *idl_build_named(idl_parser *p, idl_ast_path path)
{
    idl_ast_type *type = new_type(p, IDL_AST_TYPE_NAMED, path.span);
    type->name = path;
    return type;
}

idl_type_args *idl_build_type_arg(idl_parser *p, idl_type_args *older, idl_ast_type *type)
{
    idl_type_args *arg = idl_arena_alloc(p->arena, sizeof *arg);
    arg->older = older;
    arg->type = type;
    return arg;
}

static idl_ast_type *refuse_generic(idl_parser *p, const char *word, idl_span name_span,
                                    idl_span span, uint32_t n_args)
{
    idl_report *r;
    if (strcmp(word, "list") == 0)
        r = idl_syntax_report(p, IDL_DIAG_BAD_TYPE_ARGUMENTS, span,
                              "'list' takes one type, and here are %u", n_args);
    else if (strcmp(word, "map") == 0)
        r = idl_syntax_report(p, IDL_DIAG_BAD_TYPE_ARGUMENTS, span,
                              "'map' takes two types, key and value, and here %s %u",
                              n_args == 1 ? "is" : "are", n_args);
    else
        r = idl_syntax_report(p, IDL_DIAG_BAD_TYPE_ARGUMENTS, name_span,
                              "'%s' takes no types in '<' and '>', only list<T> and map<K, V> do",
                              word);
    if (strcmp(word, "set") == 0 || strcmp(word, "array") == 0 || strcmp(word, "vector") == 0) {
        idl_report_help(p->diag, r, "did you mean 'list'? @unique makes it a set");
        idl_report_edit(p->diag, r, name_span, "list", IDL_EDIT_MAYBE);
    } else if (strcmp(word, "optional") == 0) {
        idl_report_help(p->diag, r, "an optional value is written 'T?'");
    }
    return new_type(p, IDL_AST_TYPE_POISONED, span);
}

idl_ast_type *idl_build_generic(idl_parser *p, const char *word, idl_span name_span,
                                const idl_type_args *newest, idl_span span)
{
    uint32_t n_args = 0;
    for (const idl_type_args *arg = newest; arg != NULL; arg = arg->older)
        n_args++;
    if (strcmp(word, "list") == 0 && n_args == 1) {
        idl_ast_type *type = new_type(p, IDL_AST_TYPE_LIST, span);
        type->element = newest->type;
        return check_depth(p, type, newest->type->depth);
    }
    if (strcmp(word, "map") == 0 && n_args == 2) {
        idl_ast_type *type = new_type(p, IDL_AST_TYPE_MAP, span);
        type->key = newest->older->type;
        type->element = newest->type;
        uint32_t depth = type->key->depth;
        if (depth < type->element->depth)
            depth = type->element->depth;
        return check_depth(p, type, depth);
    }
    return refuse_generic(p, word, name_span, span, n_args);
}

idl_ast_type *idl_build_optional(idl_parser *p, idl_ast_type *element, idl_span span)
{
    idl_ast_type *type = new_type(p, IDL_AST_TYPE_OPTIONAL, span);
    type->element = element;
    return check_depth(p, type, element->depth);
}

idl_ast_type *idl_build_array(idl_parser *p, idl_ast_type *element, idl_ast_value *count,
                              idl_span span)
{
    idl_ast_type *type = new_type(p, IDL_AST_TYPE_ARRAY, span);
    type->element = element;
    type->count = count;
    return check_depth(p, type, element->depth);
}

/* ---- file ---- */

const idl_ast_doc *idl_build_take_doc(idl_parser *p, uint32_t token_start)
{
    for (size_t i = p->n_docs; i-- > 0 && p->docs[i].token_start >= token_start;) {
        if (p->docs[i].token_start != token_start)
            continue;
        p->docs[i].is_taken = true;
        return p->docs[i].doc;
    }
    return NULL;
}

void idl_build_namespace(idl_parser *p, idl_ast_path path, idl_span span)
{
    idl_ast_file *file = p->file;
    const idl_ast_doc *doc = idl_build_take_doc(p, span.start);
    if (file->has_namespace) {
        idl_report *r = idl_syntax_report(p, IDL_DIAG_SECOND_NAMESPACE, span,
                                          "a file has one namespace, and this is a second one");
        idl_report_note(p->diag, r, file->ns.span, "the first is here");
        return;
    }
    file->has_namespace = true;
    file->ns = path;
    file->doc = doc;
    if (file->imports == NULL && file->decls.first == NULL)
        return;
    idl_report *r = idl_syntax_report(p, IDL_DIAG_NAMESPACE_NOT_FIRST, span,
                                      "the namespace must be the first statement");
    idl_report_note(p->diag, r,
                    file->imports != NULL ? file->imports->span : file->decls.first->name.span,
                    "this stands above it");
}

void idl_build_import(idl_parser *p, idl_ast_value *path, idl_span span)
{
    const idl_ast_doc *doc = idl_build_take_doc(p, span.start);
    if (path->kind != IDL_AST_VALUE_STRING)
        return; /* reported by the scanner */
    idl_ast_import *import = idl_arena_alloc(p->arena, sizeof *import);
    import->path = path->string;
    import->doc = doc;
    import->span = span;
    *p->imports_end = import;
    p->imports_end = &import->next;
    p->file->n_imports++;
}
