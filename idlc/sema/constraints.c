/* Constraints: from an annotation to a checked, typed constraint of a value.
 *
 * What a constraint applies to, and what its arguments are, is one table. Contradictions between constraints are found
 * in bounds.c, once all those of a type are known. Read next: bounds.c.
 */
#include "sema/annotations.h"
#include "sema/bounds.h"
#include "sema/pattern/pattern.h"

#include "diag/suggest.h"
#include "front/literal.h"

#include <string.h>

/* Kinds of types as constraints see them. */
enum {
    INTEGERS = 1 << 0,
    FLOATS = 1 << 1,
    DURATIONS = 1 << 2,
    STRINGS = 1 << 3,
    BYTES = 1 << 4,
    ENUMS = 1 << 5,
    LISTS = 1 << 6,
    MAPS = 1 << 7,
    OTHERS = 1 << 8,
    NUMBERS = INTEGERS | FLOATS | DURATIONS
};

static const struct {
    unsigned types;
    const char *words;
} applies_to[] = {
    [IDL_ANNO_RANGE] = { NUMBERS, "numbers and durations" },
    [IDL_ANNO_IN] = { NUMBERS | STRINGS | ENUMS, "numbers, durations, strings and enums" },
    [IDL_ANNO_NOT_IN] = { NUMBERS | STRINGS | ENUMS, "numbers, durations, strings and enums" },
    [IDL_ANNO_MULTIPLE_OF] = { NUMBERS, "numbers and durations" },
    [IDL_ANNO_FINITE] = { FLOATS, "f32 and f64" },
    [IDL_ANNO_LEN] = { STRINGS | BYTES, "string and bytes" },
    [IDL_ANNO_CHARS] = { STRINGS, "string" },
    [IDL_ANNO_ASCII] = { STRINGS, "string" },
    [IDL_ANNO_PATTERN] = { STRINGS, "string" },
    [IDL_ANNO_PREFIX] = { STRINGS, "string" },
    [IDL_ANNO_SUFFIX] = { STRINGS, "string" },
    [IDL_ANNO_FORMAT] = { STRINGS, "string" },
    [IDL_ANNO_ITEMS] = { LISTS | MAPS, "lists and maps" },
    [IDL_ANNO_UNIQUE] = { LISTS, "lists" },
};

static unsigned class_of(const idl_type *type)
{
    if (idl_kind_is_integer(type->kind))
        return INTEGERS;
    if (idl_kind_is_float(type->kind))
        return FLOATS;
    switch (type->kind) {
    case IDL_KIND_DURATION: return DURATIONS;
    case IDL_KIND_STRING: return STRINGS;
    case IDL_KIND_BYTES: return BYTES;
    case IDL_KIND_LIST: return LISTS;
    case IDL_KIND_MAP: return MAPS;
    case IDL_KIND_NAMED: return type->decl->kind == IDL_DECL_ENUM ? ENUMS : OTHERS;
    default: return OTHERS;
    }
}

typedef struct build {
    idl_sema *sema;
    idl_unit *unit;
    const idl_type *type;
    const idl_ast_annotation *ast;
    idl_anno anno;
    idl_constraint *ret;
} build;

/* ---- does it apply? ---- */

static void help_misplaced(const build *b, idl_report *r)
{
    idl_diag *diag = b->sema->diag;
    const char *name = b->ast->name.text;
    unsigned types = applies_to[b->anno].types;
    unsigned here = class_of(b->type);
    if (here == LISTS && (types & class_of(b->type->item)) != 0)
        idl_report_help(diag, r, "to constrain each item write it inside: list<%s @%s(...)>",
                        idl_type_text(b->sema, b->type->item), name);
    else if ((here & (LISTS | MAPS)) != 0 && (b->anno == IDL_ANNO_LEN || b->anno == IDL_ANNO_CHARS))
        idl_report_help(diag, r, "@items counts items");
    else if (b->anno == IDL_ANNO_ITEMS && (here & (STRINGS | BYTES)) != 0)
        idl_report_help(diag, r, "@len counts bytes, @chars code points");
    else if (b->anno == IDL_ANNO_RANGE && (here & (STRINGS | BYTES)) != 0)
        idl_report_help(diag, r, "@len limits the length");
    else
        idl_report_help(diag, r, "it constrains %s", applies_to[b->anno].words);
}

static bool applies(const build *b)
{
    if ((applies_to[b->anno].types & class_of(b->type)) != 0)
        return true;
    idl_report *r = idl_diag_report(b->sema->diag, IDL_DIAG_CONSTRAINT_MISMATCH, b->ast->span,
                                    "'@%s' says nothing about a '%s'", b->ast->name.text,
                                    idl_type_text(b->sema, b->type));
    help_misplaced(b, r);
    return false;
}

/* The annotation as written, on one line: runs of blanks outside quotes become one space, comments are dropped. */
static const char *one_line(idl_sema *sema, idl_span span)
{
    const idl_source *source = idl_source_of(sema->sources, span);
    size_t len = span.end - span.start;
    const char *from = idl_source_text(source, span);
    char *text = idl_arena_alloc(sema->arena, len + 1);
    size_t n = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < len; i++) {
        char c = from[i];
        if (!is_quoted && c == '/' && i + 1 < len && (from[i + 1] == '/' || from[i + 1] == '*')) {
            const char *end = from[i + 1] == '/' ? "\n" : "*/";
            const char *found = strstr(from + i + 2, end);
            i = found == NULL || found >= from + len ? len
                                                     : (size_t)(found - from) + strlen(end) - 1;
            c = ' ';
        }
        bool is_blank = !is_quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
        if (is_blank && (n == 0 || text[n - 1] == ' ' || text[n - 1] == '('))
            continue;
        if (c == ')' && !is_quoted && n > 0 && text[n - 1] == ' ')
            n--;
        text[n++] = is_blank ? ' ' : c;
        if (is_quoted && c == '\\' && i + 1 < len)
            text[n++] = from[++i];
        else if (c == '"')
            is_quoted = !is_quoted;
    }
    text[n] = '\0';
    return text;
}

/* ---- bounds ---- */

static void report_empty(const build *b)
{
    const idl_ast_arg *arg = b->ast->args;
    idl_report *r = idl_diag_report(b->sema->diag, IDL_DIAG_EMPTY_RANGE, arg->span,
                                    "no value lies in this range");
    if (arg->is_exclusive)
        idl_report_help(b->sema->diag, r, "the end behind '..<' does not belong to the range");
    else
        idl_report_help(b->sema->diag, r, "write the smaller end first");
}

static bool value_of(const build *b, const idl_ast_value *ast, idl_value *ret)
{
    if (ast == NULL)
        return true;
    return idl_value_build(b->sema, b->unit, ast, b->type, "the bound", ret);
}

static bool build_range(const build *b)
{
    const idl_ast_arg *arg = b->ast->args;
    idl_constraint *c = b->ret;
    bool is_good = value_of(b, arg->low, &c->low.value);
    is_good = value_of(b, arg->high, &c->high.value) && is_good;
    if (!is_good)
        return false;
    c->high.is_exclusive = arg->is_exclusive && arg->high != NULL;
    if (c->high.is_exclusive && c->high.value.kind == IDL_VALUE_INT &&
        !idl_bound_make_inclusive(b->type->kind, &c->high)) {
        report_empty(b);
        return false;
    }
    if (!idl_bounds_are_empty(&c->low, &c->high))
        return true;
    report_empty(b);
    return false;
}

static bool count_of(const build *b, const idl_ast_value *ast, idl_value *ret)
{
    uint64_t count = 0;
    if (ast == NULL)
        return true;
    if (!idl_count_build(b->sema, b->unit, ast, 0, UINT32_MAX, "a length",
                         IDL_DIAG_VALUE_OUT_OF_RANGE, &count))
        return false;
    *ret = (idl_value){ .kind = IDL_VALUE_INT, .u = count };
    return true;
}

static bool build_length(const build *b)
{
    const idl_ast_arg *arg = b->ast->args;
    idl_constraint *c = b->ret;
    if (arg->kind == IDL_AST_ARG_VALUE) {
        bool is_good = count_of(b, arg->value, &c->low.value);
        c->high = c->low;
        return is_good;
    }
    bool is_good = count_of(b, arg->low, &c->low.value);
    is_good = count_of(b, arg->high, &c->high.value) && is_good;
    if (!is_good)
        return false;
    c->high.is_exclusive = arg->is_exclusive && arg->high != NULL;
    bool is_empty = c->high.is_exclusive && !idl_bound_make_inclusive(IDL_KIND_U64, &c->high);
    if (!is_empty && !idl_bounds_are_empty(&c->low, &c->high))
        return true;
    report_empty(b);
    return false;
}

/* ---- sets ---- */

static uint64_t set_key(idl_sema *sema, const idl_value *value)
{
    uint64_t bits = 0;
    switch (value->kind) {
    case IDL_VALUE_STRING:
        return idl_key_of(idl_names_intern(&sema->sources->names, value->text, value->len));
    case IDL_VALUE_FLOAT: memcpy(&bits, &value->f, sizeof bits); return bits;
    default: return value->is_negative ? 0 - value->u : value->u;
    }
}

/* After all values are known: a constant among them may have a set of its own to look through. */
static void refuse_duplicates(const build *b, const idl_value *values)
{
    idl_sema *sema = b->sema;
    size_t n = 0;
    idl_table_clear(&sema->scratch);
    for (const idl_ast_arg *arg = b->ast->args; arg != NULL; arg = arg->next, n++) {
        void *self = (void *)(uintptr_t)arg; /* never written through */
        const idl_ast_arg *first =
            idl_table_put(sema->arena, &sema->scratch, set_key(sema, &values[n]), self);
        if (first == NULL)
            continue;
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_DUPLICATE_SET_VALUE, arg->span,
                            "%s is in this set already", idl_value_text(sema, &values[n]));
        idl_report_note(sema->diag, r, first->span, "first here");
    }
}

static bool build_set(const build *b)
{
    idl_sema *sema = b->sema;
    idl_value *values = idl_arena_array(sema->arena, b->ast->n_args, sizeof *values);
    size_t n = 0;
    for (const idl_ast_arg *arg = b->ast->args; arg != NULL; arg = arg->next) {
        if (!idl_value_build(sema, b->unit, arg->value, b->type, "the value", &values[n++]))
            return false;
    }
    refuse_duplicates(b, values);
    b->ret->values = values;
    b->ret->n_values = n;
    return true;
}

static bool build_multiple(const build *b)
{
    idl_value *value = idl_arena_alloc(b->sema->arena, sizeof *value);
    const idl_ast_value *ast = idl_anno_value(b->ast);
    if (!idl_value_build(b->sema, b->unit, ast, b->type, "the divisor", value))
        return false;
    bool is_positive =
        value->kind == IDL_VALUE_FLOAT ? value->f > 0 : !value->is_negative && value->u > 0;
    b->ret->values = value;
    b->ret->n_values = 1;
    if (!is_positive)
        idl_diag_report(b->sema->diag, IDL_DIAG_ZERO_MULTIPLE, ast->span,
                        "@multiple_of needs a number above zero");
    return is_positive;
}

/* ---- texts ---- */

static bool build_text(const build *b)
{
    const idl_ast_string *string = &idl_anno_value(b->ast)->string;
    idl_value *value = idl_arena_alloc(b->sema->arena, sizeof *value);
    *value = (idl_value){ .kind = IDL_VALUE_STRING, .text = string->text, .len = string->len };
    b->ret->values = value;
    b->ret->n_values = 1;
    return true;
}

static bool build_pattern(const build *b)
{
    idl_sema *sema = b->sema;
    const idl_ast_string *string = &idl_anno_value(b->ast)->string;
    (void)build_text(b);
    uint64_t key = idl_key_of(idl_names_intern(&sema->sources->names, string->text, string->len));
    idl_dfa *known = idl_table_get(&sema->patterns, key);
    b->ret->dfa = known;
    if (known != NULL)
        return true;
    idl_pattern_error error;
    idl_dfa *dfa = idl_pattern_compile(sema->arena, string->text, string->len,
                                       &sema->pattern_steps_left, &error);
    if (dfa == NULL) {
        idl_report *r = idl_diag_report(
            sema->diag, IDL_DIAG_BAD_PATTERN,
            idl_string_span(sema->sources, string, error.from, error.to), "%s", error.message);
        if (error.help != NULL)
            idl_report_help(sema->diag, r, "%s", error.help);
        return false;
    }
    (void)idl_table_put(sema->arena, &sema->patterns, key, dfa);
    b->ret->dfa = dfa;
    return true;
}

/* In the order of coax_format, from 1. */
static const char *const format_names[] = { "uuid",  "ipv4", "ipv6",      "ip", "hostname",
                                            "email", "uri",  "host_port", NULL };

static bool build_format(const build *b)
{
    const idl_ast_value *ast = idl_anno_value(b->ast);
    for (int i = 0; format_names[i] != NULL; i++) {
        if (strcmp(format_names[i], ast->name.text) == 0) {
            b->ret->format = i + 1;
            return true;
        }
    }
    idl_report *r = idl_diag_report(b->sema->diag, IDL_DIAG_UNKNOWN_FORMAT, ast->span,
                                    "there is no format '%s'", ast->name.text);
    const char *near = idl_suggest_among(ast->name.text, format_names);
    if (near == NULL) {
        idl_report_help(b->sema->diag, r,
                        "formats are uuid, ipv4, ipv6, ip, hostname, email, uri and host_port");
        return false;
    }
    idl_report_help(b->sema->diag, r, "did you mean '%s'?", near);
    idl_report_edit(b->sema->diag, r, ast->span, near, IDL_EDIT_MAYBE);
    return false;
}

static bool build_unique(const build *b)
{
    const idl_type *item = b->type->item;
    bool is_plain = item->kind != IDL_KIND_LIST && item->kind != IDL_KIND_MAP &&
                    item->kind != IDL_KIND_ARRAY && item->kind != IDL_KIND_ANY &&
                    !idl_kind_is_float(item->kind);
    if (is_plain && (item->kind != IDL_KIND_NAMED || idl_type_is_enum(item)))
        return true;
    idl_report *r =
        idl_diag_report(b->sema->diag, IDL_DIAG_CONSTRAINT_MISMATCH, b->ast->span,
                        "'@unique' can't compare items of type '%s'", idl_type_text(b->sema, item));
    idl_report_help(
        b->sema->diag, r,
        "items may be bool, integers, string, bytes, uuid, timestamp, duration and enums");
    return false;
}

static bool build_arguments(const build *b)
{
    switch (b->anno) {
    case IDL_ANNO_RANGE: return build_range(b);
    case IDL_ANNO_IN:
    case IDL_ANNO_NOT_IN: return build_set(b);
    case IDL_ANNO_MULTIPLE_OF: return build_multiple(b);
    case IDL_ANNO_LEN:
    case IDL_ANNO_CHARS:
    case IDL_ANNO_ITEMS: return build_length(b);
    case IDL_ANNO_PATTERN: return build_pattern(b);
    case IDL_ANNO_PREFIX:
    case IDL_ANNO_SUFFIX: return build_text(b);
    case IDL_ANNO_FORMAT: return build_format(b);
    case IDL_ANNO_UNIQUE: return build_unique(b);
    default: return true; /* @finite, @ascii */
    }
}

static bool build_constraint(idl_sema *sema, idl_unit *unit, const idl_type *type,
                             const idl_ast_annotation *annotation, idl_anno anno,
                             idl_constraint *ret_constraint)
{
    build b = { .sema = sema,
                .unit = unit,
                .type = type,
                .ast = annotation,
                .anno = anno,
                .ret = ret_constraint };
    *ret_constraint =
        (idl_constraint){ .kind = (idl_constraint_kind)((int)anno + IDL_CONSTRAINT_RANGE),
                          .span = annotation->span };
    if (!applies(&b) || !build_arguments(&b))
        return false;
    ret_constraint->source_text = one_line(sema, annotation->span);
    return true;
}

const idl_type *idl_type_constrain(idl_sema *sema, idl_unit *unit, const idl_type *type,
                                   const idl_constraint_list *list)
{
    if (list->n == 0)
        return type;
    idl_type *copy = idl_arena_alloc(sema->arena, sizeof *copy);
    idl_constraint *all = idl_arena_array(sema->arena, type->n_constraints + list->n, sizeof *all);
    size_t n = type->n_constraints;
    if (n > 0)
        memcpy(all, type->constraints, n * sizeof *all);
    for (size_t i = 0; i < list->n; i++)
        n += build_constraint(sema, unit, type, list->items[i], list->annos[i], &all[n]);
    *copy = *type;
    copy->constraints = all;
    copy->n_constraints = n;
    idl_constraints_check_together(sema, copy);
    return copy;
}

const idl_type *idl_type_constrain_all(idl_sema *sema, idl_unit *unit, const idl_type *type,
                                       const idl_ast_annotations *annotations)
{
    idl_constraint_list list = { .n = 0 };
    idl_anno anno;
    idl_anno_walk walk = idl_annotations(sema, annotations, IDL_TARGET_ITEM);
    for (const idl_ast_annotation *a; (a = idl_annotation_next(&walk, &anno)) != NULL;)
        idl_constraint_list_add(&list, a, anno);
    return idl_type_constrain(sema, unit, type, &list);
}
