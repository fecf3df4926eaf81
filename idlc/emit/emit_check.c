/*
 * x_check(): the schema's constraints, one call each.
 *
 * Sets of values and automata stand in front of it (emit_check_tables.c); both files meet constraints in the same order,
 * so that a number names a set.
 */
#include "emit/emit.h"

#include <stdio.h>
#include <string.h>

/* A value under check: what it is, how C names it, and the field id that reports carry (0 inside a list). */
typedef struct subject {
    idl_emit *e;
    const idl_plan_type *type;
    const idl_type *model;
    const char *x;
    uint16_t id;
    bool is_pointer;
    bool may_be_absent; /* known to be present, but not required */
    unsigned depth;     /* of loops */
    unsigned *n_sets;
} subject;

static bool is_narrow_enum(const idl_plan_type *type)
{
    return type->shape == IDL_SHAPE_ENUM && type->decl->is_c_enum && type->kind != IDL_KIND_I32;
}

/* Whether anything at all is checked in a value of this type. */
static bool needs_check(const idl_plan_type *type, const idl_type *model)
{
    for (; type != NULL; type = type->item, model = model->item) {
        if (model->n_constraints > 0 || type->shape == IDL_SHAPE_STRUCT ||
            type->shape == IDL_SHAPE_UNION || type->shape == IDL_SHAPE_MAP)
            return true;
        if (type->shape == IDL_SHAPE_ENUM)
            return type->decl->model->is_strict || is_narrow_enum(type);
        if (type->shape == IDL_SHAPE_SCALAR &&
            (type->kind == IDL_KIND_STRING || type->kind == IDL_KIND_BYTES ||
             type->kind == IDL_KIND_ANY || type->kind == IDL_KIND_TIMESTAMP))
            return true;
    }
    return false;
}

static void check_enum(const subject *s)
{
    idl_printer *p = s->e->p;
    if (s->type->decl->model->is_strict) {
        idl_print(p, "coax_check_enum(why,~$id$,~&$value_type$_type,~(int64_t)$x$);\n");
        return;
    }
    if (!is_narrow_enum(s->type))
        return;
    switch (s->type->kind) {
    case IDL_KIND_I8:
        idl_print(p, "coax_check_range_i64(why,~$id$,~(int64_t)$x$,~INT8_MIN,~INT8_MAX);\n");
        break;
    case IDL_KIND_I16:
        idl_print(p, "coax_check_range_i64(why,~$id$,~(int64_t)$x$,~INT16_MIN,~INT16_MAX);\n");
        break;
    case IDL_KIND_U8:
        idl_print(p, "coax_check_range_i64(why,~$id$,~(int64_t)$x$,~0,~UINT8_MAX);\n");
        break;
    default: idl_print(p, "coax_check_range_i64(why,~$id$,~(int64_t)$x$,~0,~UINT16_MAX);\n"); break;
    }
}

static void check_scalar(const subject *s)
{
    idl_printer *p = s->e->p;
    switch (s->type->kind) {
    case IDL_KIND_STRING:
        idl_print(p, s->may_be_absent ? "coax_check_utf8(why,~$id$,~$x$);\n"
                                      : "coax_check_str(why,~$id$,~$x$);\n");
        break;
    case IDL_KIND_BYTES:
        if (!s->may_be_absent)
            idl_print(p, "coax_check_bytes(why,~$id$,~$x$);\n");
        break;
    case IDL_KIND_ANY: idl_print(p, "coax_check_any(why,~$id$,~$x$);\n"); break;
    case IDL_KIND_TIMESTAMP: idl_print(p, "coax_check_timestamp(why,~$id$,~$x$);\n"); break;
    default: break;
    }
}

static const char *open_end(idl_number_class class, bool is_low)
{
    switch (class) {
    case IDL_CLASS_I64: return is_low ? "INT64_MIN" : "INT64_MAX";
    case IDL_CLASS_U64: return is_low ? "0" : "UINT64_MAX";
    default: return is_low ? "-COAX_INFINITY" : "COAX_INFINITY";
    }
}

static void check_range(const subject *s, const idl_constraint *c)
{
    idl_printer *p = s->e->p;
    idl_number_class class = idl_class_of(s->type);
    const idl_bound *ends[] = { &c->low, &c->high };
    idl_set(p, "class", idl_class_words[class]);
    idl_print(p, s->type->shape == IDL_SHAPE_ENUM
                     ? "coax_check_range_$class$(why,~$id$,~($wide$)$x$"
                     : "coax_check_range_$class$(why,~$id$,~$x$");
    for (size_t i = 0; i < 2; i++) {
        idl_print(p, ",~");
        if (ends[i]->value.kind == IDL_VALUE_NONE)
            idl_print_text(p, open_end(class, i == 0));
        else
            idl_print_as(p, class, &ends[i]->value);
    }
    for (size_t i = 0; i < 2 && class == IDL_CLASS_F64; i++) {
        idl_print(p, ",~");
        idl_print_text(p, ends[i]->is_exclusive ? "true" : "false");
    }
    idl_print_text(p, ");\n");
}

/* "(why, id, what, min, max)" of lengths and counts. */
static void check_amount(const subject *s, const idl_constraint *c, const char *call)
{
    idl_printer *p = s->e->p;
    idl_print(p, call);
    idl_print(p, ",~");
    if (c->low.value.kind == IDL_VALUE_NONE)
        idl_print_text(p, "0");
    else
        idl_print_i64(p, &c->low.value);
    idl_print(p, ",~");
    if (c->high.value.kind == IDL_VALUE_NONE)
        idl_print_text(p, "SIZE_MAX");
    else
        idl_print_i64(p, &c->high.value);
    idl_print_text(p, ");\n");
}

static void check_affix(const subject *s, const idl_constraint *c, const char *call)
{
    idl_printer *p = s->e->p;
    idl_print(p, call);
    idl_print_bytes_literal(p, c->values[0].text, c->values[0].len);
    idl_print_text(p, "));\n");
}

static const char *format_name(int format)
{
    static const char *const names[] = { "0",        "UUID",  "IPV4", "IPV6",     "IP",
                                         "HOSTNAME", "EMAIL", "URI",  "HOST_PORT" };
    return names[(size_t)format < sizeof names / sizeof names[0] ? format : 0];
}

static void check_set(const subject *s, const idl_constraint *c)
{
    idl_printer *p = s->e->p;
    idl_set(p, "class", idl_class_words[idl_class_of(s->type)]);
    idl_set_number(p, "set", ++*s->n_sets);
    idl_set_number(p, "n", c->n_values);
    idl_set(p, "wanted", c->kind == IDL_CONSTRAINT_IN ? "true" : "false");
    idl_print(p, s->type->shape == IDL_SHAPE_ENUM ? "coax_check_in_$class$(why,~$id$,~($wide$)$x$,~"
                                                  : "coax_check_in_$class$(why,~$id$,~$x$,~");
    idl_print(p, "$type$_set$set$,~$n$,~$wanted$);\n");
}

static void check_multiple(const subject *s, const idl_constraint *c)
{
    idl_printer *p = s->e->p;
    idl_set(p, "class", idl_class_words[idl_class_of(s->type)]);
    idl_print(p, "coax_check_multiple_$class$(why,~$id$,~$x$,~");
    idl_print_as(p, idl_class_of(s->type), &c->values[0]);
    idl_print_text(p, ");\n");
}

static void check_unique(const subject *s)
{
    idl_printer *p = s->e->p;
    idl_set(p, "item_table", s->type->item->table);
    idl_set_number(p, "n", s->type->count);
    idl_print(p, s->type->shape == IDL_SHAPE_ARRAY
                     ? "coax_check_unique(why,~$id$,~&$item_table$,~$x$,~$n$);\n"
                     : "coax_check_unique(why,~$id$,~&$item_table$,~$x$.items,~$x$.count);\n");
}

static void check_constraint(const subject *s, const idl_constraint *c)
{
    idl_printer *p = s->e->p;
    switch (c->kind) {
    case IDL_CONSTRAINT_RANGE: check_range(s, c); break;
    case IDL_CONSTRAINT_IN:
    case IDL_CONSTRAINT_NOT_IN: check_set(s, c); break;
    case IDL_CONSTRAINT_MULTIPLE_OF: check_multiple(s, c); break;
    case IDL_CONSTRAINT_FINITE: idl_print(p, "coax_check_finite(why,~$id$,~$x$);\n"); break;
    case IDL_CONSTRAINT_LEN: check_amount(s, c, "coax_check_len(why,~$id$,~$x$.len"); break;
    case IDL_CONSTRAINT_CHARS: check_amount(s, c, "coax_check_chars(why,~$id$,~$x$"); break;
    case IDL_CONSTRAINT_ASCII: idl_print(p, "coax_check_ascii(why,~$id$,~$x$);\n"); break;
    case IDL_CONSTRAINT_PATTERN:
        idl_set(p, "dfa", idl_plan_pattern_name(s->e->file, c));
        idl_print(p, "coax_check_pattern(why,~$id$,~$x$,~&$dfa$);\n");
        break;
    case IDL_CONSTRAINT_PREFIX:
        check_affix(s, c, "coax_check_prefix(why,~$id$,~$x$,~coax_str_from(");
        break;
    case IDL_CONSTRAINT_SUFFIX:
        check_affix(s, c, "coax_check_suffix(why,~$id$,~$x$,~coax_str_from(");
        break;
    case IDL_CONSTRAINT_FORMAT:
        idl_set(p, "format", format_name(c->format));
        idl_print(p, "coax_check_format(why,~$id$,~$x$,~COAX_FORMAT_$format$);\n");
        break;
    case IDL_CONSTRAINT_ITEMS: check_amount(s, c, "coax_check_items(why,~$id$,~$x$.count"); break;
    case IDL_CONSTRAINT_UNIQUE: check_unique(s); break;
    }
}

static void set_subject(const subject *s)
{
    idl_printer *p = s->e->p;
    idl_set(p, "x", s->x);
    idl_set_number(p, "id", s->id);
    idl_set(p, "value_type", s->type->c_name);
    idl_set(p, "wide", idl_class_types[idl_class_of(s->type)]);
}

static void check_value(const subject *s);

static void check_part(const subject *s, const idl_plan_type *type, const idl_type *model,
                       const char *format, const char *index)
{
    subject part = *s;
    part.type = type;
    part.model = model;
    part.x = idl_arena_format(s->e->text.arena, format, s->x, index);
    part.id = 0;
    part.is_pointer = false;
    part.may_be_absent = false;
    part.depth++;
    check_value(&part);
}

/* The loop over a list's, array's or map's items. */
static void check_items(const subject *s)
{
    idl_printer *p = s->e->p;
    bool is_map = s->type->shape == IDL_SHAPE_MAP;
    bool is_array = s->type->shape == IDL_SHAPE_ARRAY;
    bool has_keys = is_map && needs_check(s->type->key, s->model->key);
    if (!has_keys && !needs_check(s->type->item, s->model->item))
        return;
    char index[16];
    (void)snprintf(index, sizeof index, s->depth == 0 ? "i" : "i%u", s->depth + 1);
    idl_set(p, "i", index);
    idl_set_number(p, "n", s->type->count);
    if (s->id != 0)
        idl_print(p, "coax_check_at(why, $id$);\n");
    idl_print(p, "coax_check_items_begin(why);\n");
    idl_print(p, is_array
                     ? "for (size_t $i$ = 0; $i$ < $n$ && !coax_check_done(why); $i$++) {\n"
                     : "for (size_t $i$ = 0;~$i$ < $x$.count && !coax_check_done(why);~$i$++) {\n");
    idl_indent(p, 4);
    idl_print(p, "coax_check_item(why, $i$);\n");
    if (has_keys)
        check_part(s, s->type->key, s->model->key, "%s.items[%s].key", index);
    const char *format = is_map                   ? "%s.items[%s].value"
                         : is_array               ? "%s[%s]"
                         : s->type->entry != NULL ? "%s.items[%s].items"
                                                  : "%s.items[%s]";
    if (needs_check(s->type->item, s->model->item))
        check_part(s, s->type->item, s->model->item, format, index);
    idl_indent(p, -4);
    idl_print(p, "}\n"
                 "coax_check_items_end(why);\n");
}

static void check_object(const subject *s)
{
    idl_printer *p = s->e->p;
    if (s->id != 0)
        idl_print(p, "coax_check_at(why, $id$);\n");
    idl_print(p, s->is_pointer ? "$value_type$_check($x$,~why);\n"
                               : "$value_type$_check(&$x$,~why);\n");
}

/* Types nest as deep as the parser allows, so this may recurse. */
static void check_value(const subject *s)
{
    idl_printer *p = s->e->p;
    set_subject(s);
    switch (s->type->shape) {
    case IDL_SHAPE_SCALAR: check_scalar(s); break;
    case IDL_SHAPE_ENUM: check_enum(s); break;
    case IDL_SHAPE_STRUCT:
    case IDL_SHAPE_UNION: check_object(s); break;
    default: break;
    }
    for (size_t i = 0; i < s->model->n_constraints; i++)
        check_constraint(s, &s->model->constraints[i]);
    if (s->type->item == NULL)
        return;
    if (s->type->shape == IDL_SHAPE_MAP) {
        idl_set(p, "table", s->type->table);
        idl_print(p, "coax_check_map_keys(why,~$id$,~&$table$,~$x$.items,~$x$.count);\n");
    }
    check_items(s);
}

static void check_field(idl_emit *e, const idl_plan_field *field, unsigned *n_sets)
{
    idl_printer *p = e->p;
    if (!needs_check(field->type, field->model->type))
        return;
    bool is_optional = field->absence != IDL_ABSENCE_NONE;
    subject s = { .e = e,
                  .type = field->type,
                  .model = field->model->type,
                  .x = idl_arena_format(e->text.arena, "value->%s", field->c_name),
                  .id = field->model->id,
                  .is_pointer = field->is_pointer,
                  .may_be_absent = is_optional,
                  .n_sets = n_sets };
    bool is_silent = is_optional && field->type->shape == IDL_SHAPE_SCALAR &&
                     field->type->kind == IDL_KIND_BYTES && field->model->type->n_constraints == 0;
    if (is_silent)
        return;
    if (is_optional) {
        idl_set(p, "has", field->has_name != NULL ? field->has_name : field->c_name);
        idl_print(p, field->absence == IDL_ABSENCE_FLAG ? "if (value->$has$) {\n"
                     : field->absence == IDL_ABSENCE_NULL_DATA
                         ? "if (value->$has$.data != NULL) {\n"
                         : "if (value->$has$ != NULL) {\n");
        idl_indent(p, 4);
    }
    check_value(&s);
    if (is_optional) {
        idl_indent(p, -4);
        idl_print(p, "}\n");
    }
}

static void check_variant(idl_emit *e, const idl_plan_field *field, unsigned *n_sets)
{
    idl_printer *p = e->p;
    idl_set(p, "VALUE", field->constant);
    idl_set(p, "member", field->c_name);
    idl_begin_case(p, "case $VALUE$:");
    subject s = { .e = e,
                  .type = field->type,
                  .model = field->model->type,
                  .x = idl_arena_format(e->text.arena, "value->as.%s", field->c_name),
                  .id = field->model->id,
                  .is_pointer = field->is_pointer,
                  .n_sets = n_sets };
    if (field->is_pointer) {
        idl_print(p, "has_value = value->as.$member$ != NULL;\n"
                     "if (has_value) {\n");
        idl_indent(p, 4);
    }
    if (needs_check(field->type, field->model->type))
        check_value(&s);
    if (field->is_pointer) {
        idl_indent(p, -4);
        idl_print(p, "}\n");
    }
    idl_end_case(p);
}

static void check_union(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    unsigned n_sets = 0;
    idl_print(p, "bool has_value = true;\n"
                 "switch (value->kind) {\n");
    for (size_t i = 0; i < decl->model->n_fields; i++)
        check_variant(e, decl->by_id[i], &n_sets);
    idl_print(p, decl->model->is_strict
                     ? "default: has_value = false; break;\n"
                     : "default: has_value = value->as.unknown.data != NULL; break;\n");
    idl_print(p, "}\n"
                 "coax_check_variant(why,~&$type$_type,~(uint32_t)value->kind,~has_value);\n");
}

static bool uses_value(const idl_plan_decl *decl)
{
    if (decl->model->kind == IDL_DECL_UNION || decl->model->n_rules > 0)
        return true;
    for (size_t i = 0; i < decl->model->n_fields; i++)
        if (needs_check(decl->fields[i].type, decl->fields[i].model->type))
            return true;
    return false;
}

void idl_emit_check(idl_emit *e, const idl_plan_decl *decl)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_set(p, "type", decl->c_name);
    idl_print(p, "bool $type$_check(const $type$ *value,~coax_violations *why)\n{\n");
    idl_indent(p, 4);
    if (!uses_value(decl))
        idl_print(p, "(void)value;\n");
    idl_print(p, "coax_check_scope scope =^coax_check_struct(why, &$type$_type);\n");
    if (decl->model->is_recursive)
        idl_print(p, "if (coax_check_done(why))\n"
                     "    return coax_check_end(why, scope);\n");
    if (decl->model->kind == IDL_DECL_UNION) {
        check_union(e, decl);
    } else {
        unsigned n_sets = 0;
        for (size_t i = 0; i < decl->model->n_fields; i++)
            check_field(e, decl->by_id[i], &n_sets);
    }
    idl_emit_rule_calls(e, decl);
    idl_print(p, "return coax_check_end(why, scope);\n");
    idl_indent(p, -4);
    idl_print_text(p, "}\n");
}
