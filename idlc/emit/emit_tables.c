/*
 * The descriptor: const tables of fields, types, methods and services, through the macros of coax/gen_tables.h.
 */
#include "emit/emit.h"

#include <coax/descriptor.h>
#include <coax/error.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void idl_emit_container_tables(idl_emit *e)
{
    idl_printer *p = e->p;
    for (size_t i = 0; i < e->file->n_containers; i++) {
        const idl_plan_type *type = e->file->containers[i];
        idl_blank(p);
        idl_set(p, "table", type->table);
        idl_set(p, "schema", type->schema_name);
        idl_set(p, "size",
                type->entry != NULL && type->shape == IDL_SHAPE_MAP ? type->entry : type->size);
        idl_set(p, "item", type->item->table);
        switch (type->shape) {
        case IDL_SHAPE_LIST:
            idl_print(p, "COAX_LIST_TYPE($table$,~\"$schema$\",~$size$,~$item$);\n");
            break;
        case IDL_SHAPE_ARRAY:
            idl_set_number(p, "n", type->count);
            idl_print(p, "COAX_ARRAY_TYPE($table$,~\"$schema$\",~$size$,~$n$,~$item$);\n");
            break;
        default:
            idl_set(p, "key", type->key->table);
            idl_print(p, "COAX_MAP_TYPE($table$,~\"$schema$\",~$size$,~$key$,~$item$);\n");
            break;
        }
    }
}

static const char *field_macro(const idl_plan_decl *decl, const idl_plan_field *field)
{
    if (decl->model->kind == IDL_DECL_UNION)
        return field->is_pointer ? "COAX_VARIANT_BEHIND" : "COAX_VARIANT";
    switch (field->absence) {
    case IDL_ABSENCE_FLAG: return "COAX_FIELD_FLAGGED";
    case IDL_ABSENCE_NULL_DATA: return "COAX_FIELD_NULLABLE";
    case IDL_ABSENCE_NULL_POINTER: return "COAX_FIELD_BEHIND";
    case IDL_ABSENCE_NONE: break;
    }
    return field->model->presence == IDL_PRESENCE_DEFAULTED ? "COAX_FIELD_DEFAULTED" : "COAX_FIELD";
}

static const char *field_flags(const idl_field *model)
{
    if (model->is_sensitive)
        return model->is_deprecated ? "COAX_FIELD_SENSITIVE | COAX_FIELD_DEPRECATED"
                                    : "COAX_FIELD_SENSITIVE";
    return model->is_deprecated ? "COAX_FIELD_DEPRECATED" : "0";
}

static void emit_field_row(idl_emit *e, const idl_plan_decl *decl, const idl_plan_field *field)
{
    idl_printer *p = e->p;
    idl_set(p, "macro", field_macro(decl, field));
    idl_set_number(p, "id", field->model->id);
    idl_set(p, "member", field->c_name);
    idl_set(p, "name", field->model->name);
    idl_set(p, "table", field->type->table);
    idl_set(p, "flags", field_flags(field->model));
    if (field->has_name != NULL)
        idl_set(p, "has", field->has_name);
    bool is_variant = decl->model->kind == IDL_DECL_UNION;
    idl_print(p, is_variant ? "$macro$($id$,~$type$,~\"$name$\",~$table$,~$flags$,~"
                 : field->has_name != NULL
                     ? "$macro$($id$,~$type$,~$member$,~$has$,~\"$name$\",~$table$,~$flags$,~"
                     : "$macro$($id$,~$type$,~$member$,~\"$name$\",~$table$,~$flags$,~");
    e->text.len = 0;
    idl_text_rules(&e->text, field->model->type);
    if (e->text.len == 0 && field->model->doc == NULL) {
        idl_print(p, "NULL,~NULL),\n");
        return;
    }
    idl_print_literal(p, e->text.len > 0 ? e->text.data : NULL);
    idl_print(p, ",~");
    idl_print_literal(p, field->model->doc);
    idl_print(p, "),\n");
}

static void emit_ids(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    size_t width = strlen(decl->c_name) + strlen("static const uint16_t _ids[] = { };");
    for (size_t i = 0; i < decl->model->n_fields; i++)
        width += decl->by_id[i]->model->id > 9999 ? 7 : 6;
    bool is_long = decl->model->n_fields > 12 || width > IDL_PRINTER_COLUMNS;
    idl_print_text(p, is_long ? "/* clang-format off */\n" : "");
    idl_print(p, "static const uint16_t $type$_ids[] = {");
    for (size_t i = 0; i < decl->model->n_fields; i++) {
        idl_print_text(p, is_long && i % 12 == 0 ? "\n    " : " ");
        idl_set_number(p, "id", decl->by_id[i]->model->id);
        idl_print(p, i + 1 < decl->model->n_fields ? "$id$," : "$id$");
    }
    idl_print_text(p, is_long ? "\n};\n/* clang-format on */\n" : " };\n");
}

static void emit_optional(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    size_t n_words = (decl->model->n_fields + 63) / 64;
    bool is_block = n_words > 1;
    idl_print(p, "static const uint64_t $type$_optional[] = {");
    for (size_t word = 0; word < n_words; word++) {
        uint64_t mask = 0;
        for (size_t i = word * 64; i < decl->model->n_fields && i < word * 64 + 64; i++)
            if (decl->by_id[i]->model->presence == IDL_PRESENCE_OPTIONAL)
                mask |= UINT64_C(1) << (i % 64);
        char text[40];
        (void)snprintf(text, sizeof text, mask == 0 ? "0" : "UINT64_C(0x%" PRIx64 ")", mask);
        idl_print_text(p, is_block ? "\n    " : " ");
        idl_print_text(p, text);
        idl_print_text(p, is_block ? "," : "");
    }
    idl_print_text(p, is_block ? "\n};\n" : " };\n");
}

/* "COAX_ERR_NOT_FOUND" for 5. */
static void print_status(char *text, size_t size, int status)
{
    (void)snprintf(text, size, "COAX_ERR_%s", coax_err_name((coax_err)status));
    for (char *c = text; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
}

static void emit_type_row(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    const idl_decl *model = decl->model;
    char id[24] = "";
    char status[48] = "";
    if (model->kind == IDL_DECL_ERROR) {
        (void)snprintf(id, sizeof id, "UINT32_C(0x%08" PRIx32 ")", model->error_id);
        print_status(status, sizeof status, model->status);
    }
    idl_set(p, "full_name", model->full_name);
    idl_set_number(p, "n", model->n_fields);
    idl_set(p, "error_id", id);
    idl_set(p, "status", status);
    idl_set(p, "strict", model->is_strict ? "true" : "false");
    bool is_empty = model->n_fields == 0;
    if (model->kind == IDL_DECL_UNION)
        idl_print(p, "COAX_UNION_TYPE($type$,~\"$full_name$\",~$strict$,~$n$,~");
    else if (model->kind == IDL_DECL_ERROR && is_empty)
        idl_print(p, "COAX_EMPTY_ERROR_TYPE($type$,~\"$full_name$\",~$error_id$,~$status$,~");
    else if (model->kind == IDL_DECL_ERROR)
        idl_print(p, "COAX_ERROR_TYPE($type$,~\"$full_name$\",~$n$,~$error_id$,~$status$,~");
    else if (is_empty)
        idl_print(p, "COAX_EMPTY_STRUCT_TYPE($type$,~\"$full_name$\",~");
    else
        idl_print(p, "COAX_STRUCT_TYPE($type$,~\"$full_name$\",~$n$,~");
    idl_print_literal(p, model->doc);
    idl_print(p, ");\n");
}

void idl_emit_type_table(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_set(p, "type", decl->c_name);
    idl_print(p, "COAX_TYPE_FUNCTIONS($type$)\n");
    idl_blank(p);
    if (decl->model->n_fields > 0) {
        idl_print(p, "static const coax_field $type$_fields[] = {\n");
        idl_indent(p, 4);
        for (size_t i = 0; i < decl->model->n_fields; i++)
            emit_field_row(e, decl, decl->by_id[i]);
        idl_indent(p, -4);
        idl_print_text(p, "};\n");
        emit_ids(e, decl);
        emit_optional(e, decl);
    }
    emit_type_row(e, decl);
}

/* What a method throws and who may call it: arrays of their own, where there are any. */
static void emit_method_lists(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_set(p, "method", method->c_name);
    if (method->model->n_errors > 0) {
        idl_print(p, "static const coax_type *const $method$_errors[] = {\n");
        for (size_t i = 0; i < method->model->n_errors; i++) {
            idl_set(p, "error", method->errors[i]->c_name);
            idl_print(p, "    &$error$_type,\n");
        }
        idl_print_text(p, "};\n");
    }
    if (method->model->n_roles > 0) {
        idl_print(p, "static const char *const $method$_roles[] = {\n");
        for (size_t i = 0; i < method->model->n_roles; i++) {
            idl_print_text(p, "    ");
            idl_print_literal(p, method->model->roles[i]);
            idl_print_text(p, ",\n");
        }
        idl_print_text(p, "    NULL,\n};\n");
    }
}

static void print_type_address(idl_printer *p, const idl_plan_decl *decl)
{
    if (decl == NULL) {
        idl_print_text(p, "NULL");
        return;
    }
    idl_set(p, "address", decl->c_name);
    idl_print(p, "&$address$_type");
}

static const char *method_kind(int kind)
{
    switch (kind) {
    case IDL_METHOD_UNARY: return "COAX_METHOD_UNARY";
    case IDL_METHOD_ONEWAY: return "COAX_METHOD_ONEWAY";
    case IDL_METHOD_SERVER_STREAM: return "COAX_METHOD_SERVER_STREAM";
    case IDL_METHOD_CLIENT_STREAM: return "COAX_METHOD_CLIENT_STREAM";
    case IDL_METHOD_BIDI_STREAM: return "COAX_METHOD_BIDI_STREAM";
    default: return "COAX_METHOD_EVENT";
    }
}

static void print_method_flags(idl_printer *p, uint32_t flags)
{
    static const char *const names[] = { "COAX_METHOD_IDEMPOTENT",    "COAX_METHOD_PUBLIC",
                                         "COAX_METHOD_BLOCKING",      "COAX_METHOD_DEPRECATED",
                                         "COAX_METHOD_PRIORITY_HIGH", "COAX_METHOD_PRIORITY_LOW",
                                         "COAX_METHOD_SENSITIVE" };
    bool is_first = true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((flags >> i & 1u) == 0)
            continue;
        idl_print_text(p, is_first ? "" : " | ");
        idl_print_text(p, names[i]);
        is_first = false;
    }
    idl_print_text(p, is_first ? "0" : "");
}

/* Whether anything it says holds a @sensitive field. */
static bool is_sensitive(const idl_method *model)
{
    const idl_decl *said[] = { model->request, model->response, model->request_item,
                               model->response_item };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (said[i] != NULL && said[i]->holds_sensitive)
            return true;
    }
    for (size_t i = 0; i < model->n_errors; i++) {
        if (model->errors[i]->holds_sensitive)
            return true;
    }
    return false;
}

static void emit_method_row(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    const idl_method *model = method->model;
    idl_set(p, "method", method->c_name);
    idl_set(p, "full_name", model->full_name);
    idl_set(p, "packet", method->packet);
    idl_set(p, "kind", method_kind(model->kind));
    idl_print(p, "{ \"$full_name$\",~");
    idl_print_literal(p, model->doc);
    idl_print(p, ",~$packet$,~$kind$,~");
    print_method_flags(p, model->flags | (is_sensitive(model) ? COAX_METHOD_SENSITIVE : 0u));
    const idl_plan_decl *types[] = { method->request, method->response, method->request_item,
                                     method->response_item };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        idl_print(p, ",~");
        print_type_address(p, types[i]);
    }
    idl_set_number(p, "n", model->n_errors);
    idl_print(p, model->n_errors > 0 ? ",~$method$_errors,~$n$" : ",~NULL,~0");
    const uint32_t limits[] = { model->timeout_ms, model->max_request, model->max_reply };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        idl_set_number(p, "limit", limits[i]);
        idl_print(p, ",~$limit$");
    }
    idl_print(p, model->n_roles > 0 ? ",~$method$_roles },\n" : ",~NULL },\n");
}

void idl_emit_service_tables(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    size_t n = service->model->n_methods;
    char shape[32];
    (void)snprintf(shape, sizeof shape, "UINT64_C(0x%016" PRIx64 ")", service->model->shape);
    idl_set(p, "service", service->c_name);
    idl_blank(p);
    for (size_t i = 0; i < n; i++)
        emit_method_lists(e, &service->methods[i]);
    idl_blank(p);
    idl_set_number(p, "n_methods", n);
    if (n > 0) {
        idl_print(p, "const coax_method $service$_methods[$n_methods$] = {\n");
        idl_indent(p, 4);
        for (size_t i = 0; i < n; i++)
            emit_method_row(e, &service->methods[i]);
        idl_indent(p, -4);
        idl_print_text(p, "};\n");
        idl_blank(p);
    }
    idl_set(p, "shape", shape);
    idl_set(p, "full_name", service->model->full_name);
    idl_set_number(p, "n_methods", n);
    idl_print(p, n > 0 ? "COAX_SERVICE($service$,~\"$full_name$\",~"
                       : "COAX_EMPTY_SERVICE($service$,~\"$full_name$\",~");
    idl_print_literal(p, service->model->version);
    idl_print(p, n > 0 ? ",~$shape$,~$n_methods$,~" : ",~$shape$,~");
    idl_print_literal(p, service->model->doc);
    idl_print(p, ");\n");
}
