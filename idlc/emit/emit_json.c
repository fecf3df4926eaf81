/*
 * The descriptor as JSON: everything a schema says, for tools in any language.
 *
 *     { "coax": 1,                        version of this layout; new keys do not change it
 *       "files": [                        imported ones before those that import them
 *         { "name": "bank.idl", "namespace": "bank", "doc": "...",
 *           "imports": ["common/money.idl"],
 *           "constants": [{ "name", "type", "value" }],
 *           "types": [                    enums, flags, structs, unions, errors, in the schema's order
 *             { "kind": "struct", "name": "bank.Transfer", "c_name": "bank_transfer", "doc",
 *               "fields": [{ "id", "name", "type", "presence": "required" | "defaulted" | "optional", "default" }],
 *               "rules": [...], "max_encoded": 97 } ],
 *           "services": [
 *             { "name": "bank.Bank", "version", "shape": "0x...", "methods": [
 *               { "name": "bank.Bank.transfer", "id": "0x5d0c3e21", "kind": "unary", "request": "bank.Transfer",
 *                 "response", "request_item", "response_item", "throws": [...] } ] } ] } ] }
 *
 * A type is { "kind": "u32" }, { "kind": "named", "name": "bank.Side" }, { "kind": "list", "item": TYPE },
 * { "kind": "array", "count": 3, "item": TYPE } or { "kind": "map", "key": TYPE, "item": TYPE }, each with its
 * "constraints". Keys without a value are left out. Integers past 2^53, ids and shapes are strings.
 */
#include "emit/emit.h"
#include "emit/json_writer.h"

static const char *kind_name(idl_kind kind)
{
    static const char *const names[] = { "bool",  "i8",        "i16",      "i32",  "i64", "u8",
                                         "u16",   "u32",       "u64",      "f32",  "f64", "string",
                                         "bytes", "timestamp", "duration", "uuid", "any", "named",
                                         "list",  "array",     "map" };
    return names[(size_t)kind - (size_t)IDL_KIND_BOOL];
}

static void json_value(idl_json_writer *json, const char *key, const idl_value *value)
{
    switch (value->kind) {
    case IDL_VALUE_NONE: return;
    case IDL_VALUE_BOOL: idl_jw_bool(json, key, value->u != 0); return;
    case IDL_VALUE_INT: idl_jw_number(json, key, value->is_negative, value->u); return;
    case IDL_VALUE_FLOAT: idl_jw_float(json, key, value->f); return;
    case IDL_VALUE_STRING: idl_jw_bytes(json, key, value->text, value->len); return;
    case IDL_VALUE_ENUM: idl_jw_text(json, key, value->enumerator->name); return;
    }
}

static const char *constraint_name(idl_constraint_kind kind)
{
    static const char *const names[] = { "range",  "in",     "not_in", "multiple_of", "finite",
                                         "len",    "chars",  "ascii",  "pattern",     "prefix",
                                         "suffix", "format", "items",  "unique" };
    return names[(size_t)kind - (size_t)IDL_CONSTRAINT_RANGE];
}

static void json_constraint(idl_json_writer *json, const idl_constraint *c)
{
    idl_jw_begin(json, NULL, '{');
    idl_jw_text(json, "rule", constraint_name(c->kind));
    json_value(json, "min", &c->low.value);
    idl_jw_flag(json, "min_excluded", c->low.is_exclusive);
    json_value(json, "max", &c->high.value);
    idl_jw_flag(json, "max_excluded", c->high.is_exclusive);
    if (c->n_values > 0) {
        idl_jw_begin(json, "values", '[');
        for (size_t i = 0; i < c->n_values; i++)
            json_value(json, NULL, &c->values[i]);
        idl_jw_end(json, ']');
    }
    idl_jw_text(json, "text", c->source_text);
    idl_jw_end(json, '}');
}

/* Types nest as deep as the parser allows. */
static void json_type(idl_json_writer *json, const char *key, const idl_type *type)
{
    idl_jw_begin(json, key, '{');
    idl_jw_text(json, "kind", kind_name(type->kind));
    if (type->kind == IDL_KIND_NAMED)
        idl_jw_text(json, "name", type->decl->full_name);
    if (type->kind == IDL_KIND_ARRAY)
        idl_jw_number(json, "count", false, type->count);
    idl_jw_text(json, "alias", type->alias);
    if (type->key != NULL)
        json_type(json, "key", type->key);
    if (type->item != NULL)
        json_type(json, "item", type->item);
    if (type->n_constraints > 0) {
        idl_jw_begin(json, "constraints", '[');
        for (size_t i = 0; i < type->n_constraints; i++)
            json_constraint(json, &type->constraints[i]);
        idl_jw_end(json, ']');
    }
    idl_jw_end(json, '}');
}

static void json_deprecated(idl_json_writer *json, bool is_deprecated, const char *note)
{
    if (is_deprecated)
        idl_jw_text(json, "deprecated", note != NULL ? note : "");
}

static void json_field(idl_json_writer *json, const idl_plan_field *field)
{
    static const char *const presences[] = { "required", "defaulted", "optional" };
    const idl_field *model = field->model;
    idl_jw_begin(json, NULL, '{');
    idl_jw_number(json, "id", false, model->id);
    idl_jw_text(json, "name", model->name);
    idl_jw_text(json, "c_name", field->c_name);
    idl_jw_text(json, "doc", model->doc);
    json_type(json, "type", model->type);
    idl_jw_text(json, "presence", presences[model->presence]);
    json_value(json, "default", &model->initial);
    idl_jw_flag(json, "sensitive", model->is_sensitive);
    json_deprecated(json, model->is_deprecated, model->deprecated_note);
    idl_jw_end(json, '}');
}

static void json_rule(idl_json_writer *json, const idl_rule *rule)
{
    static const char *const kinds[] = { "rule", "one_of", "at_most_one", "requires" };
    idl_jw_begin(json, NULL, '{');
    idl_jw_text(json, "rule", kinds[(size_t)rule->kind - (size_t)IDL_RULE_EXPR]);
    idl_jw_text(json, "expression", rule->expression);
    idl_jw_text(json, "message", rule->message);
    if (rule->n_fields > 0) {
        idl_jw_begin(json, "fields", '[');
        for (size_t i = 0; i < rule->n_fields; i++)
            idl_jw_text(json, NULL, rule->fields[i]->name);
        idl_jw_end(json, ']');
    }
    idl_jw_end(json, '}');
}

static const char *decl_kind(idl_decl_kind kind)
{
    switch (kind) {
    case IDL_DECL_ENUM: return "enum";
    case IDL_DECL_FLAGS: return "flags";
    case IDL_DECL_UNION: return "union";
    case IDL_DECL_ERROR: return "error";
    default: return "struct";
    }
}

static void json_enumerators(idl_json_writer *json, const idl_plan_decl *decl)
{
    idl_jw_text(json, "base", kind_name(decl->model->type->kind));
    idl_jw_begin(json, "values", '[');
    for (size_t i = 0; i < decl->model->n_enumerators; i++) {
        const idl_enumerator *one = &decl->model->enumerators[i];
        idl_jw_begin(json, NULL, '{');
        idl_jw_text(json, "name", one->name);
        idl_jw_text(json, "c_name", decl->constants[i]);
        idl_jw_number(json, "number", one->is_negative, one->number);
        idl_jw_text(json, "doc", one->doc);
        json_deprecated(json, one->is_deprecated, one->deprecated_note);
        idl_jw_end(json, '}');
    }
    idl_jw_end(json, ']');
}

static void json_fields(idl_json_writer *json, const idl_plan_decl *decl)
{
    idl_jw_begin(json, decl->model->kind == IDL_DECL_UNION ? "variants" : "fields", '[');
    for (size_t i = 0; i < decl->model->n_fields; i++)
        json_field(json, &decl->fields[i]);
    idl_jw_end(json, ']');
    if (decl->model->n_rules > 0) {
        idl_jw_begin(json, "rules", '[');
        for (size_t i = 0; i < decl->model->n_rules; i++)
            json_rule(json, &decl->model->rules[i]);
        idl_jw_end(json, ']');
    }
    if (decl->max_encoded != 0)
        idl_jw_number(json, "max_encoded", false, decl->max_encoded);
}

static void json_decl(idl_json_writer *json, const idl_plan_decl *decl)
{
    const idl_decl *model = decl->model;
    idl_jw_begin(json, NULL, '{');
    idl_jw_text(json, "kind", decl_kind(model->kind));
    idl_jw_text(json, "name", model->full_name);
    idl_jw_text(json, "c_name", decl->c_name);
    idl_jw_text(json, "doc", model->doc);
    idl_jw_flag(json, "strict", model->is_strict);
    idl_jw_text(json, "inline_of", model->owner != NULL ? model->owner->full_name : NULL);
    json_deprecated(json, model->is_deprecated, model->deprecated_note);
    if (model->kind == IDL_DECL_ERROR) {
        idl_jw_hex(json, "id", model->error_id, 8);
        idl_jw_number(json, "status", false, (uint64_t)(model->status > 0 ? model->status : 0));
    }
    if (decl->fields != NULL)
        json_fields(json, decl);
    else
        json_enumerators(json, decl);
    idl_jw_end(json, '}');
}

static void json_names(idl_json_writer *json, const char *key, const char *const *names, size_t n)
{
    if (n == 0)
        return;
    idl_jw_begin(json, key, '[');
    for (size_t i = 0; i < n; i++)
        idl_jw_text(json, NULL, names[i]);
    idl_jw_end(json, ']');
}

static void json_flags(idl_json_writer *json, uint32_t flags)
{
    static const char *const names[] = { "idempotent", "public",        "blocking",
                                         "deprecated", "priority_high", "priority_low" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        idl_jw_flag(json, names[i], (flags >> i & 1u) != 0);
}

static void json_limit(idl_json_writer *json, const char *key, uint32_t limit)
{
    if (limit != 0)
        idl_jw_number(json, key, false, limit);
}

static void json_decl_name(idl_json_writer *json, const char *key, const idl_decl *decl)
{
    if (decl != NULL)
        idl_jw_text(json, key, decl->full_name);
}

static void json_method(idl_json_writer *json, const idl_plan_method *method)
{
    static const char *const kinds[] = { "unary",         "oneway",      "server_stream",
                                         "client_stream", "bidi_stream", "event" };
    const idl_method *model = method->model;
    idl_jw_begin(json, NULL, '{');
    idl_jw_text(json, "name", model->full_name);
    idl_jw_text(json, "c_name", method->c_name);
    idl_jw_hex(json, "id", model->id, 8);
    idl_jw_text(json, "id_of", model->id_name);
    idl_jw_flag(json, "id_pinned", model->has_pinned_id);
    idl_jw_text(json, "kind", kinds[model->kind - IDL_METHOD_UNARY]);
    idl_jw_text(json, "doc", model->doc);
    json_decl_name(json, "request", model->request);
    json_decl_name(json, "response", model->response);
    json_decl_name(json, "request_item", model->request_item);
    json_decl_name(json, "response_item", model->response_item);
    if (model->n_errors > 0) {
        idl_jw_begin(json, "throws", '[');
        for (size_t i = 0; i < model->n_errors; i++)
            json_decl_name(json, NULL, model->errors[i]);
        idl_jw_end(json, ']');
    }
    json_flags(json, model->flags);
    json_limit(json, "timeout_ms", model->timeout_ms);
    json_limit(json, "max_request", model->max_request);
    json_limit(json, "max_reply", model->max_reply);
    json_names(json, "roles", model->roles, model->n_roles);
    idl_jw_text(json, "deprecated_note", model->deprecated_note);
    idl_jw_end(json, '}');
}

static void json_service(idl_json_writer *json, const idl_plan_decl *service)
{
    idl_jw_begin(json, NULL, '{');
    idl_jw_text(json, "name", service->model->full_name);
    idl_jw_text(json, "c_name", service->c_name);
    idl_jw_text(json, "doc", service->model->doc);
    idl_jw_text(json, "version", service->model->version);
    idl_jw_hex(json, "shape", service->model->shape, 16);
    idl_jw_begin(json, "methods", '[');
    for (size_t i = 0; i < service->model->n_methods; i++)
        json_method(json, &service->methods[i]);
    idl_jw_end(json, ']');
    idl_jw_end(json, '}');
}

static void json_const(idl_json_writer *json, const idl_plan_decl *decl)
{
    idl_jw_begin(json, NULL, '{');
    idl_jw_text(json, "name", decl->model->full_name);
    idl_jw_text(json, "c_name", decl->upper);
    idl_jw_text(json, "doc", decl->model->doc);
    json_type(json, "type", decl->model->type);
    json_value(json, "value", &decl->model->value);
    idl_jw_end(json, '}');
}

static bool is_type(const idl_plan_decl *decl)
{
    return decl->fields != NULL || decl->constants != NULL;
}

static bool is_const(const idl_plan_decl *decl)
{
    return decl->model->kind == IDL_DECL_CONST;
}

static bool is_service(const idl_plan_decl *decl)
{
    return decl->model->kind == IDL_DECL_SERVICE;
}

static void json_decls(idl_json_writer *json, const idl_plan_file *file, const char *key,
                       bool (*is_wanted)(const idl_plan_decl *),
                       void (*print)(idl_json_writer *, const idl_plan_decl *))
{
    idl_jw_begin(json, key, '[');
    for (size_t i = 0; i < file->n_decls; i++)
        if (is_wanted(&file->decls[i]))
            print(json, &file->decls[i]);
    idl_jw_end(json, ']');
}

static void json_file(idl_json_writer *json, idl_arena *arena, const idl_plan_file *file)
{
    idl_jw_begin(json, NULL, '{');
    idl_jw_text(json, "name", idl_arena_format(arena, "%s.idl", file->stem));
    idl_jw_text(json, "namespace", file->model->ns);
    idl_jw_text(json, "doc", file->model->doc);
    json_names(json, "imports", file->model->import_paths, file->model->n_imports);
    json_decls(json, file, "constants", is_const, json_const);
    json_decls(json, file, "types", is_type, json_decl);
    json_decls(json, file, "services", is_service, json_service);
    idl_jw_end(json, '}');
}

void idl_emit_json(const idl_plan *plan, idl_printer *p, idl_arena *arena)
{
    idl_json_writer json = { .p = p };
    idl_jw_begin(&json, NULL, '{');
    idl_jw_number(&json, "coax", false, 1);
    idl_jw_begin(&json, "files", '[');
    for (size_t i = 0; i < plan->n_files; i++)
        json_file(&json, arena, &plan->files[i]);
    idl_jw_end(&json, ']');
    idl_jw_end(&json, '}');
    idl_print(p, "\n");
}
