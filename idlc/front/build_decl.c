/* The grammar's actions for declarations and their members. Read next: build_method.c. */
#include "front/build.h"

#include <inttypes.h>

/* ---- declarations ---- */

static bool has_block(idl_ast_decl_kind kind)
{
    return kind != IDL_AST_CONST && kind != IDL_AST_ALIAS;
}

void idl_build_begin_decl(idl_parser *p, idl_ast_decl_kind kind, idl_ast_name name, idl_span span)
{
    idl_ast_decl *decl = idl_arena_alloc(p->arena, sizeof *decl);
    decl->kind = kind;
    decl->is_poisoned = true;
    decl->name = name;
    decl->span = span;
    decl->doc = idl_build_take_doc(p, span.start);
    p->unnumbered = NULL;
    idl_ast_decls *decls = &p->file->decls;
    if (decls->last != NULL)
        decls->last->next = decl;
    else
        decls->first = decl;
    decls->last = decl;
    decls->count++;
    p->decl = decl;
    p->payload = NULL;
    p->is_in_head = has_block(kind);
    p->head_is_broken = false;
}

void idl_build_decl_type(idl_parser *p, idl_ast_type *type)
{
    if (p->decl->type != NULL) {
        idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, type->span, "a second type, expected '{'");
        return;
    }
    p->decl->type = type;
}

void idl_build_decl_value(idl_parser *p, idl_ast_value *value)
{
    if (p->decl->value != NULL) {
        idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, value->span,
                          "a second value, expected ';'");
        return;
    }
    p->decl->value = value;
}

void idl_build_open(idl_parser *p, idl_span brace, bool is_broken)
{
    p->open_brace = brace;
    p->is_in_head = false;
    p->head_is_broken = is_broken;
}

/* A constant without a value ends well for the grammar, which can't tell `const u32 x;` from one
 * whose
 * '=' is still to come. */
static void check_has_value(idl_parser *p, const idl_ast_decl *decl)
{
    if (decl->kind != IDL_AST_CONST || decl->value != NULL)
        return;
    idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, decl->name.span,
                      "the constant '%s' has no value, expected '='", decl->name.text);
    p->decl->has_errors = true;
}

static uint64_t next_free_number(const idl_ast_fields *fields)
{
    uint64_t highest = 0;
    for (const idl_ast_field *field = fields->first; field != NULL; field = field->next) {
        if (field->has_id && field->id->kind == IDL_AST_VALUE_INTEGER &&
            field->id->magnitude > highest && field->id->magnitude < UINT32_MAX)
            highest = field->id->magnitude;
    }
    return highest + 1;
}

static void report_no_number(idl_parser *p, const idl_ast_field *field, idl_ast_fields *fields)
{
    p->decl->has_errors = true;
    idl_report *report = idl_syntax_report(p, IDL_DIAG_FIELD_WITHOUT_NUMBER, field->span,
                                           "the field '%s' has no number", field->name.text);
    if (report == &p->diag->discard)
        return; /* so that the list is no longer than the reports are */
    idl_unnumbered *item = idl_arena_alloc(p->arena, sizeof *item);
    item->report = report;
    item->fields = fields;
    item->before = field->span;
    item->before.end = field->span.start;
    item->next = p->unnumbered;
    p->unnumbered = item;
}

/* A number is proposed for the first such field of a list: the second would get the same. */
static void propose_numbers(idl_parser *p)
{
    for (idl_unnumbered *item = p->unnumbered; item != NULL; item = item->next) {
        bool is_first = true;
        for (const idl_unnumbered *older = item->next; older != NULL; older = older->next)
            is_first = is_first && older->fields != item->fields;
        uint64_t number = next_free_number(item->fields);
        if (!is_first)
            continue;
        const char *text = idl_arena_format(p->arena, "%" PRIu64 ": ", number);
        idl_report_help(p->diag, item->report, "write '%" PRIu64 ":' in front of it", number);
        idl_report_edit(p->diag, item->report, item->before, text, IDL_EDIT_MAYBE);
    }
    p->unnumbered = NULL;
}

void idl_build_end_decl(idl_parser *p, idl_span span)
{
    p->decl->span = span;
    check_has_value(p, p->decl);
    propose_numbers(p);
    p->decl->is_poisoned =
        p->head_is_broken || (p->decl->kind == IDL_AST_CONST && p->decl->value == NULL);
    p->decl = NULL;
}

void idl_build_lost(idl_parser *p)
{
    if (p->decl != NULL)
        p->decl->has_errors = true;
    /* A broken argument or parameter list ends with the member it was in. */
    if (p->depth.parens == 0) {
        p->payload = NULL;
        p->has_broken_arg = false;
    }
}

void idl_build_comma(idl_parser *p, idl_span comma)
{
    idl_report *r =
        idl_syntax_report(p, IDL_DIAG_COMMA_FOR_SEMICOLON, comma, "',' stands where ';' belongs");
    idl_report_edit(p->diag, r, comma, ";", IDL_EDIT_SAFE);
}

/* ---- fields ---- */

idl_ast_field *idl_build_begin_field(idl_parser *p, idl_ast_value *id, idl_ast_type *type,
                                     idl_ast_name name, idl_span span)
{
    idl_ast_fields *fields = p->payload != NULL ? &p->payload->fields : &p->decl->fields;
    idl_ast_field *field = idl_arena_alloc(p->arena, sizeof *field);
    field->is_poisoned = true;
    field->has_id = id != NULL && id->kind == IDL_AST_VALUE_INTEGER;
    field->id = id;
    field->type = type;
    field->name = name;
    field->span = span;
    field->doc = idl_build_take_doc(p, span.start);
    if (id == NULL)
        report_no_number(p, field, fields);
    else if (id->kind != IDL_AST_VALUE_INTEGER && id->kind != IDL_AST_VALUE_POISONED)
        idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, id->span,
                          "a field's number is a plain whole number");
    if (p->payload != NULL)
        idl_build_payload_field(p, span);
    if (fields->last != NULL)
        fields->last->next = field;
    else
        fields->first = field;
    fields->last = field;
    fields->count++;
    return field;
}

static void report_second_value(idl_parser *p, idl_span equals)
{
    idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, equals,
                      "unexpected '=', there is a value already");
}

void idl_build_field_default(idl_parser *p, idl_ast_field *field, idl_ast_value *value,
                             idl_span equals)
{
    if (field->default_value != NULL)
        report_second_value(p, equals);
    else
        field->default_value = value;
}

void idl_build_end_field(idl_ast_field *field, idl_span span)
{
    field->span = span;
    field->is_poisoned = !field->has_id || field->type->kind == IDL_AST_TYPE_POISONED;
}

/* ---- enum values ---- */

idl_ast_enumerator *idl_build_begin_enumerator(idl_parser *p, idl_ast_name name, idl_span span)
{
    idl_ast_enumerators *values = &p->decl->values;
    idl_ast_enumerator *enumerator = idl_arena_alloc(p->arena, sizeof *enumerator);
    enumerator->is_poisoned = true;
    enumerator->name = name;
    enumerator->span = span;
    enumerator->doc = idl_build_take_doc(p, span.start);
    if (values->last != NULL)
        values->last->next = enumerator;
    else
        values->first = enumerator;
    values->last = enumerator;
    values->count++;
    return enumerator;
}

void idl_build_enumerator_value(idl_parser *p, idl_ast_enumerator *enumerator, idl_ast_value *value,
                                idl_span equals)
{
    if (enumerator->value != NULL)
        report_second_value(p, equals);
    else
        enumerator->value = value;
}

void idl_build_end_enumerator(idl_parser *p, idl_ast_enumerator *enumerator, idl_span span)
{
    enumerator->span = span;
    enumerator->is_poisoned =
        enumerator->value == NULL || enumerator->value->kind == IDL_AST_VALUE_POISONED;
    if (enumerator->value != NULL)
        return;
    p->decl->has_errors = true;
    const char *kind = p->decl->kind == IDL_AST_FLAGS ? "flag" : "value";
    idl_report *r = idl_syntax_report(p, IDL_DIAG_VALUE_WITHOUT_NUMBER, enumerator->name.span,
                                      "the %s '%s' has no number", kind, enumerator->name.text);
    idl_report_help(p->diag, r, "write '%s = number;'", enumerator->name.text);
}

/* ---- reserved ---- */

static void add_reserved(idl_parser *p, idl_ast_reserved reserved)
{
    idl_ast_reserveds *list = p->payload != NULL ? &p->payload->reserved : &p->decl->reserved;
    idl_ast_reserved *item = idl_arena_alloc(p->arena, sizeof *item);
    *item = reserved;
    if (list->last != NULL)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
    list->count++;
}

void idl_build_reserve(idl_parser *p, idl_ast_value *low, idl_ast_value *high, idl_span span)
{
    if (low->kind == IDL_AST_VALUE_POISONED ||
        (high != NULL && high->kind == IDL_AST_VALUE_POISONED))
        return;
    add_reserved(p, (idl_ast_reserved){
                        .kind = IDL_AST_RESERVED_NUMBERS, .low = low, .high = high, .span = span });
}

void idl_build_reserve_name(idl_parser *p, idl_ast_value *name)
{
    if (name->kind != IDL_AST_VALUE_STRING)
        return; /* reported by the scanner */
    add_reserved(p, (idl_ast_reserved){
                        .kind = IDL_AST_RESERVED_NAME, .name = name->string, .span = name->span });
}
