/* Values: literals and names become numbers, texts and enum values of the type that is wanted.
 *
 * Nothing is converted silently: an integer may stand for a float, and that is all. Read next: accept.c.
 */
#include "sema/context.h"

#include "diag/suggest.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- integers ---- */

typedef struct int_limits {
    uint64_t lowest; /* magnitude of the most negative */
    uint64_t highest;
    const char *text;
} int_limits;

static int_limits limits_of(idl_kind kind)
{
    switch (kind) {
    case IDL_KIND_I8: return (int_limits){ 128, 127, "-128 to 127" };
    case IDL_KIND_I16: return (int_limits){ 32768, 32767, "-32768 to 32767" };
    case IDL_KIND_I32: return (int_limits){ 2147483648u, 2147483647, "-2147483648 to 2147483647" };
    case IDL_KIND_U8: return (int_limits){ 0, 255, "0 to 255" };
    case IDL_KIND_U16: return (int_limits){ 0, 65535, "0 to 65535" };
    case IDL_KIND_U32: return (int_limits){ 0, 4294967295u, "0 to 4294967295" };
    case IDL_KIND_U64: return (int_limits){ 0, UINT64_MAX, "0 to 18446744073709551615" };
    default:
        return (int_limits){ (uint64_t)INT64_MAX + 1, INT64_MAX,
                             "-9223372036854775808 to 9223372036854775807" };
    }
}

bool idl_integer_fits(idl_kind kind, bool is_negative, uint64_t magnitude)
{
    int_limits l = limits_of(kind);
    return magnitude <= (is_negative ? l.lowest : l.highest);
}

const char *idl_integer_limits(idl_kind kind)
{
    return limits_of(kind).text;
}

int idl_value_compare(const idl_value *a, const idl_value *b)
{
    if (a->kind == IDL_VALUE_FLOAT)
        return (a->f > b->f) - (a->f < b->f);
    if (a->is_negative != b->is_negative)
        return a->is_negative ? -1 : 1;
    int order = (a->u > b->u) - (a->u < b->u);
    return a->is_negative ? -order : order;
}

bool idl_value_equal(const idl_value *a, const idl_value *b)
{
    if (a->kind == IDL_VALUE_STRING)
        return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
    return idl_value_compare(a, b) == 0;
}

/* With as few digits as bring the same number back. */
static const char *float_text(idl_sema *sema, double number)
{
    const char *text = idl_arena_format(sema->arena, "%.15g", number);
    return strtod(text, NULL) == number ? text : idl_arena_format(sema->arena, "%.17g", number);
}

const char *idl_value_text(idl_sema *sema, const idl_value *value)
{
    switch (value->kind) {
    case IDL_VALUE_NONE: return "nothing";
    case IDL_VALUE_BOOL: return value->u != 0 ? "true" : "false";
    case IDL_VALUE_INT:
        return idl_arena_format(sema->arena, "%s%" PRIu64, value->is_negative ? "-" : "", value->u);
    case IDL_VALUE_FLOAT: return float_text(sema, value->f);
    case IDL_VALUE_STRING: return idl_arena_format(sema->arena, "\"%s\"", value->text);
    case IDL_VALUE_ENUM: return value->enumerator->name;
    }
    return "";
}

/* ---- building ---- */

typedef struct build {
    idl_sema *sema;
    idl_unit *unit;
    const idl_ast_value *ast;
    const idl_type *type;
    const char *what;
} build;

static const char *literal_words(const idl_ast_value *ast)
{
    switch (ast->kind) {
    case IDL_AST_VALUE_INTEGER: return "a whole number";
    case IDL_AST_VALUE_FLOAT: return "a number with a fraction";
    case IDL_AST_VALUE_DURATION: return "a duration";
    case IDL_AST_VALUE_STRING: return "a text";
    default: return "a name";
    }
}

static const char *wanted_words(const idl_type *type)
{
    switch (type->kind) {
    case IDL_KIND_BOOL: return "write true or false";
    case IDL_KIND_F32:
    case IDL_KIND_F64: return "write a number, such as 1.5";
    case IDL_KIND_STRING:
    case IDL_KIND_BYTES: return "write a text in quotes";
    case IDL_KIND_DURATION: return "write a number with a unit: ns us ms s min h";
    case IDL_KIND_NAMED: return "write the name of one of its values";
    default: return "write a whole number";
    }
}

static bool refuse_kind(const build *b, const char *found)
{
    idl_report *r = idl_diag_report(b->sema->diag, IDL_DIAG_WRONG_VALUE, b->ast->span,
                                    "%s is %s, and the type is '%s'", b->what, found,
                                    idl_type_text(b->sema, b->type));
    idl_report_help(b->sema->diag, r, "%s", wanted_words(b->type));
    return false;
}

static bool refuse_size(const build *b, const char *value, const char *limits)
{
    idl_diag_report(b->sema->diag, IDL_DIAG_VALUE_OUT_OF_RANGE, b->ast->span,
                    "%s is %s, and '%s' holds %s", b->what, value, idl_type_text(b->sema, b->type),
                    limits);
    return false;
}

static bool take_integer(const build *b, bool is_negative, uint64_t magnitude, idl_value *ret)
{
    *ret = (idl_value){ .kind = IDL_VALUE_INT, .is_negative = is_negative, .u = magnitude };
    if (idl_integer_fits(b->type->kind, is_negative, magnitude))
        return true;
    return refuse_size(b, idl_value_text(b->sema, ret), idl_integer_limits(b->type->kind));
}

static bool take_float(const build *b, double number, idl_value *ret)
{
    *ret = (idl_value){ .kind = IDL_VALUE_FLOAT, .f = number };
    if (b->type->kind == IDL_KIND_F32 && fabs(number) > (double)FLT_MAX)
        return refuse_size(b, idl_value_text(b->sema, ret), "up to 3.4e38");
    return true;
}

static bool take_text(const build *b, const idl_ast_string *string, idl_value *ret)
{
    *ret = (idl_value){ .kind = IDL_VALUE_STRING, .text = string->text, .len = string->len };
    if (b->type->kind == IDL_KIND_STRING && !string->is_utf8)
        return refuse_kind(b, "not valid UTF-8");
    return true;
}

/* Flags may also be given as a number, made of declared bits. */
static bool take_bits(const build *b, idl_value *ret)
{
    const idl_decl *decl = b->type->decl;
    uint64_t known = 0;
    for (size_t i = 0; i < decl->n_enumerators; i++)
        known |= decl->enumerators[i].number;
    *ret = (idl_value){ .kind = IDL_VALUE_INT, .u = b->ast->magnitude };
    if (!b->ast->is_negative && (b->ast->magnitude & ~known) == 0)
        return true;
    return refuse_size(b, idl_arena_format(b->sema->arena, "%" PRIu64, b->ast->magnitude),
                       idl_arena_format(b->sema->arena, "the bits of %" PRIu64, known));
}

/* ---- names ---- */

static bool take_enumerator(const idl_enumerator *enumerator, idl_value *ret)
{
    *ret = (idl_value){ .kind = IDL_VALUE_ENUM,
                        .is_negative = enumerator->is_negative,
                        .u = enumerator->number,
                        .enumerator = enumerator };
    return true;
}

static bool refuse_unknown(const build *b)
{
    idl_sema *sema = b->sema;
    const char *name = b->ast->name.text;
    idl_suggest suggest;
    idl_suggest_init(&suggest, name);
    bool is_enum = b->type->kind == IDL_KIND_NAMED;
    const idl_decl *decl = is_enum ? b->type->decl : NULL;
    if (decl != NULL && decl->n_enumerators == 0)
        return false; /* its values were lost */
    for (size_t i = 0; decl != NULL && i < decl->n_enumerators; i++)
        idl_suggest_offer(&suggest, decl->enumerators[i].name);
    for (size_t i = 0; i < b->unit->n_symbols; i++) {
        if (b->unit->symbols[i]->decl.kind == IDL_DECL_CONST)
            idl_suggest_offer(&suggest, b->unit->symbols[i]->decl.name);
    }
    if (b->type->kind == IDL_KIND_BOOL) {
        idl_suggest_offer(&suggest, "true");
        idl_suggest_offer(&suggest, "false");
    }
    idl_report *r = is_enum ? idl_diag_report(sema->diag, IDL_DIAG_UNKNOWN_VALUE, b->ast->span,
                                              "'%s' has no value '%s'", decl->name, name)
                            : idl_diag_report(sema->diag, IDL_DIAG_UNKNOWN_VALUE, b->ast->span,
                                              "there is no constant '%s'", name);
    const char *near = idl_suggest_best(&suggest);
    if (near == NULL)
        return false;
    idl_report_help(sema->diag, r, "did you mean '%s'?", near);
    idl_report_edit(sema->diag, r, b->ast->span, near, IDL_EDIT_MAYBE);
    return false;
}

/* `eur`, `Currency.eur`, `common.Currency.eur`. NULL: no such value, nothing said. */
static const idl_enumerator *find_enumerator(const build *b)
{
    const char *text = b->ast->name.text;
    const char *dot = strrchr(text, '.');
    const idl_symbol *symbol = idl_symbol_of(b->type->decl);
    if (dot != NULL) {
        const idl_symbol *named = idl_lookup_quietly(b->sema, b->unit, text, (size_t)(dot - text));
        if (named != symbol)
            return NULL;
        text = idl_names_intern(&b->sema->sources->names, dot + 1, strlen(dot + 1));
    }
    return idl_table_get(&symbol->values, idl_key_of(text));
}

/* A constant of type `from` where `to` is wanted. */
static bool is_convertible(const idl_type *from, const idl_type *to)
{
    if (idl_kind_is_integer(to->kind))
        return idl_kind_is_integer(from->kind);
    if (idl_kind_is_float(to->kind))
        return idl_kind_is_integer(from->kind) || idl_kind_is_float(from->kind);
    if (to->kind == IDL_KIND_NAMED)
        return from->kind == IDL_KIND_NAMED && from->decl == to->decl;
    if (to->kind == IDL_KIND_BYTES)
        return from->kind == IDL_KIND_BYTES || from->kind == IDL_KIND_STRING;
    return from->kind == to->kind;
}

static bool take_const(const build *b, const idl_symbol *symbol, idl_value *ret)
{
    if (symbol->decl.kind != IDL_DECL_CONST) {
        idl_report *r = idl_diag_report(b->sema->diag, IDL_DIAG_WRONG_VALUE, b->ast->span,
                                        "'%s' is no constant", b->ast->name.text);
        idl_report_note(b->sema->diag, r, symbol->decl.name_span, "declared here");
        return false;
    }
    if (!idl_need_const(b->sema, symbol))
        return false;
    const idl_value *value = &symbol->decl.value;
    if (!is_convertible(symbol->decl.type, b->type))
        return refuse_kind(b, idl_arena_format(b->sema->arena, "a constant of type '%s'",
                                               idl_type_text(b->sema, symbol->decl.type)));
    if (idl_kind_is_integer(b->type->kind))
        return take_integer(b, value->is_negative, value->u, ret);
    if (idl_kind_is_float(b->type->kind)) {
        double whole = value->is_negative ? -(double)value->u : (double)value->u;
        return take_float(b, value->kind == IDL_VALUE_FLOAT ? value->f : whole, ret);
    }
    *ret = *value;
    return true;
}

static bool take_name(const build *b, idl_value *ret)
{
    const char *name = b->ast->name.text;
    if (b->type->kind == IDL_KIND_BOOL &&
        (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)) {
        *ret = (idl_value){ .kind = IDL_VALUE_BOOL, .u = name[0] == 't' };
        return true;
    }
    if (b->type->kind == IDL_KIND_NAMED) {
        if (!idl_need_enum(b->sema, idl_symbol_of(b->type->decl)))
            return false;
        const idl_enumerator *enumerator = find_enumerator(b);
        if (enumerator != NULL)
            return take_enumerator(enumerator, ret);
    }
    const idl_symbol *symbol = idl_lookup_quietly(b->sema, b->unit, name, strlen(name));
    if (symbol == NULL) {
        if (b->unit->has_nameless_decl)
            return false;
        return refuse_unknown(b);
    }
    return take_const(b, symbol, ret);
}

/* ---- by type ---- */

static bool take_literal(const build *b, idl_value *ret)
{
    const idl_ast_value *ast = b->ast;
    idl_kind kind = b->type->kind;
    bool is_integer = ast->kind == IDL_AST_VALUE_INTEGER;
    if (is_integer && idl_kind_is_integer(kind))
        return take_integer(b, ast->is_negative, ast->magnitude, ret);
    if (is_integer && idl_kind_is_float(kind))
        return take_float(b, ast->is_negative ? -(double)ast->magnitude : (double)ast->magnitude,
                          ret);
    if (ast->kind == IDL_AST_VALUE_FLOAT && idl_kind_is_float(kind))
        return take_float(b, ast->number, ret);
    if (ast->kind == IDL_AST_VALUE_STRING && (kind == IDL_KIND_STRING || kind == IDL_KIND_BYTES))
        return take_text(b, &ast->string, ret);
    bool is_duration = ast->kind == IDL_AST_VALUE_DURATION || (is_integer && ast->magnitude == 0);
    if (is_duration && kind == IDL_KIND_DURATION)
        return take_integer(b, ast->is_negative, ast->magnitude, ret);
    if (is_integer && kind == IDL_KIND_NAMED && b->type->decl->kind == IDL_DECL_FLAGS)
        return idl_need_enum(b->sema, idl_symbol_of(b->type->decl)) && take_bits(b, ret);
    return refuse_kind(b, literal_words(ast));
}

bool idl_value_build(idl_sema *sema, idl_unit *unit, const idl_ast_value *ast, const idl_type *type,
                     const char *what, idl_value *ret_value)
{
    build b = { .sema = sema, .unit = unit, .ast = ast, .type = type, .what = what };
    *ret_value = (idl_value){ .kind = IDL_VALUE_NONE };
    if (ast->kind == IDL_AST_VALUE_POISONED)
        return false;
    if (ast->kind == IDL_AST_VALUE_NAME)
        return take_name(&b, ret_value);
    return take_literal(&b, ret_value);
}

bool idl_count_build(idl_sema *sema, idl_unit *unit, const idl_ast_value *ast, uint64_t min,
                     uint64_t max, const char *what, idl_diag_id id, uint64_t *ret_count)
{
    const idl_type *u64 = sema->kinds[IDL_KIND_U64];
    idl_value value;
    bool is_negative = ast->kind == IDL_AST_VALUE_INTEGER && ast->is_negative;
    if (!is_negative && !idl_value_build(sema, unit, ast, u64, what, &value))
        return false;
    if (is_negative || value.u < min || value.u > max) {
        idl_diag_report(sema->diag, id, ast->span,
                        "%s is %" PRIu64 " to %" PRIu64 ", not %s%" PRIu64, what, min, max,
                        is_negative ? "-" : "", is_negative ? ast->magnitude : value.u);
        return false;
    }
    *ret_count = value.u;
    return true;
}
