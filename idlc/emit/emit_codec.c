/*
 * x_encode(): one line per field, in ascending id order, after the number of those that are there.
 *
 * Lists, arrays and maps have a static helper each, so that a struct's function stays a list of its fields. Decoding, the other
 * direction, is in emit_decode.c.
 */
#include "emit/emit.h"

#include <string.h>

/* Writes what $x$ holds; `has_key` puts the field id $id$ in front. */
static void write_value(idl_emit *e, const idl_plan_type *type, bool is_pointer, bool has_key)
{
    idl_printer *p = e->p;
    bool is_simple = type->codec != NULL && type->shape != IDL_SHAPE_MAP;
    if (is_simple || type->is_bin) {
        idl_set(p, "codec", type->is_bin ? "fixed" : type->codec);
        idl_print(p, has_key ? "coax_write_$codec$_field(out,~$id$,~" : "coax_write_$codec$(out,~");
        if (type->shape == IDL_SHAPE_ENUM) {
            idl_set(p, "wire", type->wire_c);
            idl_print(p, "($wire$)");
        }
        idl_set_number(p, "count", type->count);
        idl_print(p, type->is_bin ? "$x$,~$count$);\n" : "$x$);\n");
        return;
    }
    if (has_key)
        idl_print(p, "coax_write_key(out, $id$);\n");
    idl_set(p, "callee", type->helper != NULL ? type->helper : type->c_name);
    if (type->helper != NULL)
        idl_print(p, "$callee$_write(out,~$x$);\n");
    else
        idl_print(p, is_pointer ? "$callee$_encode(out,~$x$);\n" : "$callee$_encode(out,~&$x$);\n");
}

/* A value that may take two lines needs braces in an `if`. */
static bool is_one_statement(const idl_plan_type *type)
{
    return type->codec != NULL || type->is_bin;
}

static void set_condition(idl_printer *p, const idl_plan_field *field)
{
    switch (field->absence) {
    case IDL_ABSENCE_FLAG: idl_set(p, "has", field->has_name); break;
    default: idl_set(p, "has", field->c_name); break;
    }
}

static void print_condition(idl_printer *p, const idl_plan_field *field)
{
    set_condition(p, field);
    switch (field->absence) {
    case IDL_ABSENCE_FLAG: idl_print(p, "value->$has$"); break;
    case IDL_ABSENCE_NULL_DATA: idl_print(p, "value->$has$.data != NULL"); break;
    case IDL_ABSENCE_NULL_POINTER: idl_print(p, "value->$has$ != NULL"); break;
    case IDL_ABSENCE_NONE: break;
    }
}

static void set_value(idl_emit *e, const char *before, const char *member)
{
    e->text.len = 0;
    idl_text_add(&e->text, before);
    idl_text_add(&e->text, member);
    idl_set(e->p, "x", e->text.data);
}

static void encode_field(idl_emit *e, const idl_plan_field *field)
{
    idl_printer *p = e->p;
    set_value(e, "value->", field->c_name);
    idl_set_number(p, "id", field->model->id);
    if (field->absence == IDL_ABSENCE_NONE) {
        write_value(e, field->type, field->is_pointer, true);
        return;
    }
    bool is_short = is_one_statement(field->type);
    idl_print_text(p, "if (");
    print_condition(p, field);
    idl_print_text(p, is_short ? ")\n" : ") {\n");
    idl_indent(p, 4);
    write_value(e, field->type, field->is_pointer, true);
    idl_indent(p, -4);
    idl_print_text(p, is_short ? "" : "}\n");
}

static size_t count_optional(const idl_plan_decl *decl)
{
    size_t n = 0;
    for (size_t i = 0; i < decl->model->n_fields; i++)
        n += decl->fields[i].absence != IDL_ABSENCE_NONE;
    return n;
}

/* The map header: a number, or with optional fields one that is counted. */
static void encode_header(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    size_t n_optional = count_optional(decl);
    idl_set_number(p, "n", decl->model->n_fields - n_optional);
    if (n_optional == 0) {
        idl_print(p, "coax_write_map(out, $n$);\n");
        return;
    }
    idl_print(p, "uint32_t count = $n$;\n");
    for (size_t i = 0; i < decl->model->n_fields; i++) {
        if (decl->by_id[i]->absence == IDL_ABSENCE_NONE)
            continue;
        idl_print_text(p, "count += ");
        print_condition(p, decl->by_id[i]);
        idl_print_text(p, " ? 1u : 0u;\n");
    }
    idl_print(p, "coax_write_map(out, count);\n");
}

static void encode_variant(idl_emit *e, const idl_plan_field *field)
{
    idl_printer *p = e->p;
    idl_set(p, "VALUE", field->constant);
    idl_set_number(p, "id", field->model->id);
    set_value(e, "value->as.", field->c_name);
    idl_begin_case(p, "case $VALUE$:");
    if (field->is_pointer) {
        idl_print(p, "coax_write_key(out, $id$);\n"
                     "if ($x$ != NULL)\n    ");
        write_value(e, field->type, true, false);
        idl_print(p, "else\n"
                     "    coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);\n");
    } else {
        write_value(e, field->type, false, true);
    }
    idl_end_case(p);
}

static void encode_union(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_print(p, "coax_write_map(out, 1);\n"
                 "switch (value->kind) {\n");
    for (size_t i = 0; i < decl->model->n_fields; i++)
        encode_variant(e, decl->by_id[i]);
    idl_begin_case(p, "default:");
    if (decl->model->is_strict)
        idl_print(p, "coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);\n");
    else
        idl_print(p, "if (value->kind == 0 || value->as.unknown.data == NULL)\n"
                     "    coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);\n"
                     "coax_write_any_field(out, (uint32_t)value->kind, value->as.unknown);\n");
    idl_end_case(p);
    idl_print(p, "}\n");
}

void idl_emit_encode(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_set(p, "type", decl->c_name);
    idl_print(p, "void $type$_encode(coax_writer *out,~const $type$ *value)\n{\n");
    idl_indent(p, 4);
    if (decl->model->kind == IDL_DECL_UNION) {
        encode_union(e, decl);
    } else {
        if (decl->model->n_fields == 0)
            idl_print_text(p, "(void)value;\n");
        encode_header(e, decl);
        for (size_t i = 0; i < decl->model->n_fields; i++)
            encode_field(e, decl->by_id[i]);
    }
    idl_indent(p, -4);
    idl_print_text(p, "}\n");
}

static void list_helper(idl_emit *e, const idl_plan_type *type)
{
    idl_printer *p = e->p;
    idl_print(p, "static void $helper$_write(coax_writer *out,~$list$ list)\n"
                 "{\n"
                 "    coax_write_list(out, list.count);\n"
                 "    for (size_t i = 0; i < list.count; i++)\n");
    idl_set(p, "x", type->entry != NULL ? "list.items[i].items" : "list.items[i]");
    idl_indent(p, 8);
    write_value(e, type->item, false, false);
    idl_indent(p, -8);
    idl_print_text(p, "}\n");
}

/* An array parameter: "const double *items", "const uint8_t (*items)[16]". */
static void print_items(idl_printer *p, const idl_plan_type *type, const char *qualifier)
{
    idl_set(p, "qualifier", qualifier);
    idl_set(p, "member_type", type->c_name);
    if (type->item->shape != IDL_SHAPE_ARRAY) {
        idl_print(p, "$qualifier$$member_type$ *items");
        return;
    }
    idl_print(p, "$qualifier$$member_type$ (*items)");
    for (const idl_plan_type *item = type->item; item->shape == IDL_SHAPE_ARRAY;
         item = item->item) {
        idl_set_number(p, "member_count", item->count);
        idl_print(p, "[$member_count$]");
    }
}

static void array_helper(idl_emit *e, const idl_plan_type *type)
{
    idl_printer *p = e->p;
    idl_print(p, "static void $helper$_write(coax_writer *out,~");
    print_items(p, type, "const ");
    idl_set_number(p, "n", type->count);
    idl_print(p, ")\n"
                 "{\n"
                 "    coax_write_list(out, $n$);\n"
                 "    for (size_t i = 0; i < $n$; i++)\n");
    idl_set(p, "x", "items[i]");
    idl_indent(p, 8);
    write_value(e, type->item, false, false);
    idl_indent(p, -8);
    idl_print_text(p, "}\n");
}

static void map_helper(idl_emit *e, const idl_plan_type *type)
{
    idl_printer *p = e->p;
    idl_set(p, "entry", type->entry);
    idl_set(p, "table", type->table);
    idl_print(
        p,
        "static void $helper$_write(coax_writer *out,~$list$ map)\n"
        "{\n"
        "    const uint32_t *order =^coax_write_map_order(out,~&$table$,~map.items,~map.count);\n"
        "    coax_write_map(out, (uint32_t)map.count);\n"
        "    for (size_t i = 0; i < map.count; i++) {\n"
        "        const $entry$ *entry =^&map.items[order != NULL ? order[i] : i];\n");
    idl_indent(p, 8);
    idl_set(p, "x", "entry->key");
    write_value(e, type->key, false, false);
    idl_set(p, "x", "entry->value");
    write_value(e, type->item, false, false);
    idl_indent(p, -8);
    idl_print(p, "    }\n"
                 "    coax_write_map_order_done(out, order);\n"
                 "}\n");
}

void idl_emit_codec_helpers(idl_emit *e)
{
    for (size_t i = 0; i < e->file->n_containers; i++) {
        const idl_plan_type *type = e->file->containers[i];
        if (type->is_runtime || type->is_bin)
            continue;
        idl_blank(e->p);
        idl_set(e->p, "helper", type->helper);
        idl_set(e->p, "list", type->c_name);
        switch (type->shape) {
        case IDL_SHAPE_LIST: list_helper(e, type); break;
        case IDL_SHAPE_ARRAY: array_helper(e, type); break;
        default: map_helper(e, type); break;
        }
    }
}
