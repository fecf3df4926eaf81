/*
 * Initialisers: complete and in the members' order, so that C11 and C++17 take them without a warning.
 *
 * A struct's macro names the macros of the structs it holds, so the text stays short. Commas of the outermost level may
 * break the line; what is inside stays together.
 */
#include "emit/emit.h"

#include <string.h>

static void print_scalar_zero(idl_printer *p, const idl_plan_type *type)
{
    switch (type->kind) {
    case IDL_KIND_BOOL: idl_print_text(p, "false"); break;
    case IDL_KIND_F32: idl_print_text(p, "0.0f"); break;
    case IDL_KIND_F64: idl_print_text(p, "0.0"); break;
    case IDL_KIND_STRING:
    case IDL_KIND_BYTES:
    case IDL_KIND_ANY: idl_print_text(p, "COAX_INIT(NULL, 0)"); break;
    case IDL_KIND_UUID: idl_print_text(p, "COAX_INIT(COAX_INIT(0))"); break;
    case IDL_KIND_TIMESTAMP: idl_print_text(p, "COAX_INIT(0, 0)"); break;
    default: idl_print_text(p, "0"); break;
    }
}

/* Items that start as zero need no more than the first; others are all named. */
static void print_array_zero(idl_printer *p, const idl_plan_type *type)
{
    const idl_plan_type *leaf = type;
    while (leaf->shape == IDL_SHAPE_ARRAY)
        leaf = leaf->item;
    bool is_zero = leaf->shape != IDL_SHAPE_STRUCT || leaf->decl->is_zero_init;
    uint32_t n = is_zero ? 1 : type->count;
    idl_print_text(p, "COAX_INIT(");
    for (uint32_t i = 0; i < n; i++) {
        idl_print_text(p, i == 0 ? "" : ", ");
        idl_print_zero(p, type->item);
    }
    idl_print_text(p, ")");
}

void idl_print_zero(idl_printer *p, const idl_plan_type *type)
{
    switch (type->shape) {
    case IDL_SHAPE_SCALAR: print_scalar_zero(p, type); break;
    case IDL_SHAPE_ENUM:
        if (type->decl->is_c_enum) {
            idl_set(p, "zero_type", type->c_name);
            idl_print(p, "($zero_type$)0");
        } else {
            idl_print_text(p, "0");
        }
        break;
    case IDL_SHAPE_STRUCT:
    case IDL_SHAPE_UNION:
        idl_set(p, "zero_type", type->decl->upper);
        idl_print(p, "$zero_type$_INIT");
        break;
    case IDL_SHAPE_ARRAY: print_array_zero(p, type); break;
    case IDL_SHAPE_LIST:
    case IDL_SHAPE_MAP: idl_print_text(p, "COAX_INIT(NULL, 0)"); break;
    }
}

static void print_field(idl_printer *p, const idl_plan_field *field)
{
    if (field->absence == IDL_ABSENCE_FLAG)
        idl_print(p, "false,~");
    if (field->is_pointer)
        idl_print_text(p, "NULL");
    else if (field->model->presence == IDL_PRESENCE_DEFAULTED)
        idl_print_value(p, field->type, &field->model->initial);
    else
        idl_print_zero(p, field->type);
}

static void print_union(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_print(p, "COAX_INIT(($type$_kind)0,~COAX_INIT(");
    if (decl->model->n_fields == 0)
        idl_print_text(p, "COAX_INIT(NULL, 0)");
    else
        print_field(p, &decl->fields[0]);
    idl_print_text(p, "))");
}

void idl_emit_init_macro(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_set(p, "TYPE", decl->upper);
    idl_set(p, "type", decl->c_name);
    idl_begin_macro(p);
    idl_print(p, "#define $TYPE$_INIT~");
    if (decl->model->kind == IDL_DECL_UNION) {
        print_union(e, decl);
    } else {
        idl_print_text(p, "COAX_INIT(");
        for (size_t i = 0; i < decl->model->n_fields; i++) {
            if (i > 0)
                idl_print(p, ",~");
            print_field(p, &decl->fields[i]);
        }
        idl_print_text(p, decl->model->n_fields == 0 ? "0)" : ")");
    }
    idl_print_text(p, "\n");
}
