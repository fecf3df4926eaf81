/*
 * Values as C writes them. A literal gets the type it is used as, so that nothing converts with a warning.
 */
#include "emit/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_number(idl_printer *p, const char *before, uint64_t number, const char *after)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%s%llu%s", before, (unsigned long long)number, after);
    idl_print_text(p, text);
}

/* An enumerator counts as its number. */
static uint64_t magnitude(const idl_value *value, bool *ret_is_negative)
{
    bool is_enum = value->kind == IDL_VALUE_ENUM;
    *ret_is_negative = is_enum ? value->enumerator->is_negative : value->is_negative;
    return is_enum ? value->enumerator->number : value->u;
}

void idl_print_i64(idl_printer *p, const idl_value *value)
{
    bool is_negative = false;
    uint64_t u = magnitude(value, &is_negative);
    if (is_negative && u > (uint64_t)INT64_MAX)
        idl_print_text(p, "INT64_MIN");
    else if (u <= INT32_MAX)
        print_number(p, is_negative ? "-" : "", u, "");
    else
        print_number(p, is_negative ? "INT64_C(-" : "INT64_C(", u, ")");
}

void idl_print_u64(idl_printer *p, const idl_value *value)
{
    bool is_negative = false;
    uint64_t u = magnitude(value, &is_negative);
    if (u <= UINT32_MAX)
        print_number(p, "", u, "u");
    else
        print_number(p, "UINT64_C(", u, ")");
}

void idl_format_f64(char *text, size_t size, double value, bool is_float)
{
    bool is_whole = value > -1e15 && value < 1e15 && (double)(int64_t)value - value >= 0 &&
                    (double)(int64_t)value - value <= 0;
    if (is_whole) {
        (void)snprintf(text, size, "%.1f", value);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, size, "%.*g", digits, value);
        double back = strtod(text, NULL);
        double same = is_float ? (double)(float)back : back;
        if (memcmp(&same, &value, sizeof same) == 0)
            break;
    }
}

void idl_print_f64(idl_printer *p, double value, const char *suffix)
{
    char text[40];
    idl_format_f64(text, sizeof text, value, suffix[0] == 'f');
    idl_print_text(p, text);
    idl_print_text(p, suffix);
}

static double number_of(const idl_value *value)
{
    if (value->kind == IDL_VALUE_FLOAT)
        return value->f;
    return value->is_negative ? -(double)value->u : (double)value->u;
}

static void print_enum(idl_printer *p, const idl_plan_type *type, const idl_value *value)
{
    const idl_plan_decl *decl = type->decl;
    if (value->kind == IDL_VALUE_ENUM && value->enumerator >= decl->model->enumerators &&
        value->enumerator < decl->model->enumerators + decl->model->n_enumerators) {
        idl_print_text(p, decl->constants[value->enumerator - decl->model->enumerators]);
        return;
    }
    idl_print_text(p, "(");
    idl_print_text(p, type->c_name);
    idl_print_text(p, ")");
    bool is_negative = false;
    (void)magnitude(value, &is_negative);
    if (is_negative)
        idl_print_i64(p, value);
    else
        idl_print_u64(p, value);
}

static void print_text_value(idl_printer *p, const idl_plan_type *type, const idl_value *value)
{
    idl_print_text(p, "COAX_INIT(");
    idl_print_text(p, type->kind == IDL_KIND_BYTES ? "(const uint8_t *)" : "");
    idl_print_bytes_literal(p, value->text, value->len);
    print_number(p, ", ", value->len, ")");
}

void idl_print_value(idl_printer *p, const idl_plan_type *type, const idl_value *value)
{
    if (type->shape == IDL_SHAPE_ENUM) {
        print_enum(p, type, value);
        return;
    }
    switch (type->kind) {
    case IDL_KIND_BOOL: idl_print_text(p, value->u != 0 ? "true" : "false"); break;
    case IDL_KIND_U8:
    case IDL_KIND_U16:
    case IDL_KIND_U32:
    case IDL_KIND_U64: idl_print_u64(p, value); break;
    case IDL_KIND_F32: idl_print_f64(p, (double)(float)number_of(value), "f"); break;
    case IDL_KIND_F64: idl_print_f64(p, number_of(value), ""); break;
    case IDL_KIND_STRING:
    case IDL_KIND_BYTES: print_text_value(p, type, value); break;
    default: idl_print_i64(p, value); break;
    }
}

idl_number_class idl_class_of(const idl_plan_type *type)
{
    switch (type->kind) {
    case IDL_KIND_U8:
    case IDL_KIND_U16:
    case IDL_KIND_U32:
    case IDL_KIND_U64: return IDL_CLASS_U64;
    case IDL_KIND_F32:
    case IDL_KIND_F64: return IDL_CLASS_F64;
    case IDL_KIND_STRING: return IDL_CLASS_STR;
    default: return IDL_CLASS_I64;
    }
}

const char *const idl_class_words[] = { "i64", "u64", "f64", "str" };
const char *const idl_class_types[] = { "int64_t", "uint64_t", "double", "coax_str" };

void idl_print_as(idl_printer *p, idl_number_class class, const idl_value *value)
{
    idl_value as_float = { .kind = IDL_VALUE_FLOAT, .f = value->f };
    if (class == IDL_CLASS_F64 && value->kind == IDL_VALUE_INT)
        as_float.f = value->is_negative ? -(double)value->u : (double)value->u;
    switch (class) {
    case IDL_CLASS_I64: idl_print_i64(p, value); break;
    case IDL_CLASS_U64: idl_print_u64(p, value); break;
    case IDL_CLASS_F64: idl_print_f64(p, as_float.f, ""); break;
    case IDL_CLASS_STR:
        idl_print_text(p, "{ ");
        idl_print_bytes_literal(p, value->text, value->len);
        idl_set_number(p, "len", value->len);
        idl_print(p, ", $len$ }");
        break;
    }
}
