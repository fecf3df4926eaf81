/*
 * x_decode(): one case per field, then a look at which required ones came.
 */
#include "emit/emit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Prints the statement that reads a value into `target` ("ret->", "x") and `member`. */
static void print_read(idl_emit *e, const idl_plan_type *type, bool is_pointer, const char *target,
                       const char *member)
{
    idl_printer *p = e->p;
    bool is_strict_enum = type->shape == IDL_SHAPE_ENUM && type->decl->model->is_strict;
    bool is_object = type->shape == IDL_SHAPE_STRUCT || type->shape == IDL_SHAPE_UNION;
    idl_set(p, "target", target);
    idl_set(p, "member", member);
    idl_set(p, "c_type", type->c_name);
    if (is_object && !is_pointer) {
        idl_print(p, "$c_type$_decode(in,~&$target$$member$);\n");
    } else if (is_object || is_strict_enum) {
        idl_print(p, "$target$$member$ =^$c_type$_read(in);\n");
    } else if (type->is_bin) {
        idl_set_number(p, "count", type->count);
        idl_print(p, "coax_read_fixed(in,~$target$$member$,~$count$);\n");
    } else if (type->codec == NULL) {
        idl_set(p, "reader", type->helper);
        idl_print(p, type->shape == IDL_SHAPE_ARRAY ? "$reader$_read(in,~$target$$member$);\n"
                                                    : "$target$$member$ =^$reader$_read(in);\n");
    } else {
        idl_set(p, "codec", type->codec);
        idl_print(p, type->shape == IDL_SHAPE_ENUM
                         ? "$target$$member$ =^($c_type$)coax_read_$codec$(in);\n"
                         : "$target$$member$ =^coax_read_$codec$(in);\n");
    }
}

static void decode_case(idl_emit *e, const idl_plan_field *field, const char *target)
{
    idl_printer *p = e->p;
    idl_set_number(p, "id", field->model->id);
    idl_begin_case(p, "case $id$:");
    if (field->has_name != NULL) {
        idl_set(p, "has", field->has_name);
        idl_print(p, "ret->$has$ = true;\n");
    }
    print_read(e, field->type, field->is_pointer, target, field->c_name);
    idl_end_case(p);
}

/* The fields that have to come, by their index among the ids, 64 to a word. */
static void require_fields(idl_emit *e, const idl_plan_decl *decl)
{
    for (size_t word = 0; word * 64 < decl->model->n_fields; word++) {
        uint64_t mask = 0;
        size_t end = (word + 1) * 64;
        for (size_t i = word * 64; i < decl->model->n_fields && i < end; i++)
            if (decl->by_id[i]->model->presence == IDL_PRESENCE_REQUIRED)
                mask |= UINT64_C(1) << (i % 64);
        if (mask == 0)
            continue;
        char text[32];
        (void)snprintf(text, sizeof text,
                       mask > UINT32_MAX ? "UINT64_C(0x%" PRIx64 ")" : "0x%" PRIx64 "u", mask);
        idl_set_number(e->p, "word", word);
        idl_set(e->p, "mask", text);
        idl_print(e->p, "coax_require_fields(in, &scope, $word$, $mask$);\n");
    }
}

static void decode_struct(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_print(p, "    coax_struct_scope scope;\n"
                 "    coax_read_struct_into(in,~&scope,~&$type$_type,~ret);\n"
                 "    for (uint32_t id; coax_next_field(in, &scope, &id);) {\n"
                 "        switch (id) {\n");
    idl_indent(p, 8);
    for (size_t i = 0; i < decl->model->n_fields; i++)
        decode_case(e, decl->by_id[i], "ret->");
    idl_indent(p, -8);
    idl_print(p, "        default: coax_skip_field(in); break;\n"
                 "        }\n"
                 "    }\n");
    idl_indent(p, 4);
    require_fields(e, decl);
    idl_indent(p, -4);
}

static void decode_union(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_print(p, "    coax_struct_scope scope;\n"
                 "    *ret = $type$_initial;\n"
                 "    uint32_t id = coax_read_union(in,~&scope,~&$type$_type);\n"
                 "    switch (id) {\n");
    idl_indent(p, 4);
    for (size_t i = 0; i < decl->model->n_fields; i++)
        decode_case(e, decl->by_id[i], "ret->as.");
    idl_indent(p, -4);
    idl_indent(p, 4);
    idl_begin_case(p, "default:");
    idl_print(p, decl->model->is_strict
                     ? "coax_read_unknown_variant(in,~&$type$_type);\n"
                     : "ret->as.unknown =^coax_read_unknown_variant(in,~&$type$_type);\n");
    idl_end_case(p);
    idl_indent(p, -4);
    idl_print(p, "    }\n"
                 "    ret->kind = ($type$_kind)id;\n"
                 "    coax_union_done(in, &scope);\n");
}

void idl_emit_decode(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_set(p, "type", decl->c_name);
    idl_print(p, "void $type$_decode(coax_reader *in,~$type$ *ret)\n{\n");
    if (decl->model->kind == IDL_DECL_UNION)
        decode_union(e, decl);
    else
        decode_struct(e, decl);
    idl_print_text(p, "}\n");
}

static void object_helper(idl_emit *e)
{
    idl_print(e->p, "static const $type$ *$type$_read(\vcoax_reader *in)\n"
                    "{\n"
                    "    $type$ *value =^COAX_READ_OBJECT(in, $type$);\n"
                    "    if (value != NULL)\n"
                    "        $type$_decode(in, value);\n"
                    "    return value;\n"
                    "}\n");
}

static void enum_helper(idl_emit *e, const idl_plan_type *type)
{
    idl_set(e->p, "codec", type->codec);
    idl_print(e->p, "static $type$ $type$_read(\vcoax_reader *in)\n"
                    "{\n"
                    "    $type$ value =^($type$)coax_read_$codec$(in);\n"
                    "    coax_expect_enum(in,~&$type$_type,~(int64_t)value);\n"
                    "    return value;\n"
                    "}\n");
}

static void list_helper(idl_emit *e, const idl_plan_type *type)
{
    idl_printer *p = e->p;
    idl_set(p, "item", type->entry != NULL ? type->entry : type->item->c_name);
    idl_print(p, "static $list$\f$helper$_read(\vcoax_reader *in)\n"
                 "{\n"
                 "    $list$ list = { NULL, 0 };\n"
                 "    $item$ *items =^COAX_READ_LIST(in, $item$, &list.count);\n"
                 "    for (size_t i = 0; i < list.count && in->err == COAX_OK; i++)\n");
    idl_indent(p, 8);
    print_read(e, type->item, false, type->entry != NULL ? "items[i].items" : "items[i]", "");
    idl_indent(p, -8);
    idl_print(p, "    coax_list_done(in);\n"
                 "    list.items = items;\n"
                 "    return list;\n"
                 "}\n");
}

static void array_helper(idl_emit *e, const idl_plan_type *type)
{
    idl_printer *p = e->p;
    idl_set(p, "item", type->c_name);
    idl_set_number(p, "n", type->count);
    idl_print(p, "static void $helper$_read(coax_reader *in,~$item$ ");
    if (type->item->shape == IDL_SHAPE_ARRAY) {
        idl_print_text(p, "(*items)");
        for (const idl_plan_type *t = type->item; t->shape == IDL_SHAPE_ARRAY; t = t->item) {
            idl_set_number(p, "member_count", t->count);
            idl_print(p, "[$member_count$]");
        }
    } else {
        idl_print_text(p, "*items");
    }
    idl_print(p, ")\n"
                 "{\n"
                 "    if (!coax_read_array(in, $n$))\n"
                 "        return;\n"
                 "    for (size_t i = 0; i < $n$ && in->err == COAX_OK; i++)\n");
    idl_indent(p, 8);
    print_read(e, type->item, false, "items[i]", "");
    idl_indent(p, -8);
    idl_print(p, "    coax_list_done(in);\n"
                 "}\n");
}

static void map_helper(idl_emit *e, const idl_plan_type *type)
{
    idl_printer *p = e->p;
    idl_set(p, "entry", type->entry);
    idl_set(p, "table", type->table);
    idl_print(p, "static $list$\f$helper$_read(\vcoax_reader *in)\n"
                 "{\n"
                 "    $list$ map = { NULL, 0 };\n"
                 "    $entry$ *items =^COAX_READ_MAP(in, $entry$, &map.count);\n"
                 "    for (size_t i = 0; i < map.count && in->err == COAX_OK; i++) {\n");
    idl_indent(p, 8);
    print_read(e, type->key, false, "items[i].key", "");
    print_read(e, type->item, false, "items[i].value", "");
    idl_indent(p, -8);
    idl_print(p, "    }\n"
                 "    coax_map_done(in,~&$table$,~items,~map.count);\n"
                 "    map.items = items;\n"
                 "    return map;\n"
                 "}\n");
}

void idl_emit_decode_helpers(idl_emit *e)
{
    idl_printer *p = e->p;
    for (size_t i = 0; i < e->file->n_readers; i++) {
        const idl_plan_decl *decl = e->file->readers[i];
        idl_blank(p);
        idl_set(p, "type", decl->c_name);
        if (decl->type->shape == IDL_SHAPE_ENUM)
            enum_helper(e, decl->type);
        else
            object_helper(e);
    }
    for (size_t i = 0; i < e->file->n_containers; i++) {
        const idl_plan_type *type = e->file->containers[i];
        if (type->is_runtime || type->is_bin)
            continue;
        idl_blank(p);
        idl_set(p, "helper", type->helper);
        idl_set(p, "list", type->c_name);
        switch (type->shape) {
        case IDL_SHAPE_LIST: list_helper(e, type); break;
        case IDL_SHAPE_ARRAY: array_helper(e, type); break;
        default: map_helper(e, type); break;
        }
    }
}
