/* The grammar's actions for methods and for what stands in their parentheses. */
#include "front/build.h"

void idl_build_begin_method(idl_parser *p, idl_ast_method_kind kind, idl_ast_name name,
                            idl_span span)
{
    idl_ast_methods *methods = &p->decl->methods;
    idl_ast_method *method = idl_arena_alloc(p->arena, sizeof *method);
    method->kind = kind;
    method->is_poisoned = true;
    method->name = name;
    method->span = span;
    method->doc = idl_build_take_doc(p, span.start);
    if (methods->last != NULL)
        methods->last->next = method;
    else
        methods->first = method;
    methods->last = method;
    methods->count++;
    p->method = method;
    p->throws_end = &method->throws;
    p->after_throws = false;
    p->payload = NULL;
}

void idl_build_request(idl_parser *p, const idl_ast_payload *payload)
{
    p->method->request = *payload;
}

void idl_build_reply(idl_parser *p, const idl_ast_payload *payload, idl_span arrow)
{
    p->after_throws = false;
    if (p->method->reply.kind == IDL_AST_PAYLOAD_ABSENT)
        p->method->reply = *payload;
    else
        idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, arrow,
                          "unexpected '->', there is a reply already");
}

void idl_build_throws(idl_parser *p, idl_ast_path path)
{
    idl_ast_ref *ref = idl_arena_alloc(p->arena, sizeof *ref);
    ref->path = path;
    *p->throws_end = ref;
    p->throws_end = &ref->next;
    p->method->n_throws++;
    p->after_throws = true;
}

void idl_build_more_throws(idl_parser *p, idl_ast_path path, idl_span comma)
{
    if (p->after_throws)
        idl_build_throws(p, path);
    else
        idl_syntax_report(p, IDL_DIAG_UNEXPECTED_TOKEN, comma,
                          "unexpected ',', errors are listed behind 'throws'");
}

void idl_build_method_annotation(idl_parser *p, idl_ast_annotation *annotation)
{
    p->after_throws = false;
    idl_build_annotate(&p->method->annotations, annotation);
}

void idl_build_end_method(idl_parser *p, idl_span span)
{
    p->method->span = span;
    p->method->is_poisoned = false;
}

/* ---- payloads ---- */

void idl_build_open_payload(idl_parser *p, idl_span span)
{
    idl_ast_payload *payload = idl_arena_alloc(p->arena, sizeof *payload);
    payload->kind = IDL_AST_PAYLOAD_EMPTY;
    payload->span = span;
    p->payload = payload;
}

static void refuse(idl_parser *p, idl_span span, const char *message, const char *help)
{
    p->payload->is_mixed = true;
    idl_report *r = idl_syntax_report(p, IDL_DIAG_MIXED_PAYLOAD, span, "%s", message);
    idl_report_help(p->diag, r, "%s", help);
}

static const char number_them[] = "one message: name it, or number its fields, '(1: T a, 2: U b)'";

/* Called for each field of an inline struct, before it is added. */
void idl_build_payload_field(idl_parser *p, idl_span span)
{
    idl_ast_payload *payload = p->payload;
    if (payload->type != NULL)
        refuse(p, span, "a field beside a named message", number_them);
    else if (payload->stream != NULL)
        refuse(p, span, "a field behind the stream", "the stream comes last");
}

void idl_build_payload_type(idl_parser *p, idl_ast_type *type)
{
    idl_ast_payload *payload = p->payload;
    if (payload->fields.first != NULL)
        refuse(p, type->span, "a named message beside fields", number_them);
    else if (payload->type != NULL)
        refuse(p, type->span, "a second message", number_them);
    else if (payload->stream != NULL)
        refuse(p, type->span, "a message behind the stream", "the stream comes last");
    else
        payload->type = type;
}

void idl_build_payload_stream(idl_parser *p, idl_ast_type *type, idl_span span)
{
    idl_ast_payload *payload = p->payload;
    if (payload->stream != NULL) {
        refuse(p, span, "a second stream", "one side of a method has at most one stream");
        return;
    }
    payload->stream = type;
    payload->stream_span = span;
}

void idl_build_lost_payload(idl_parser *p)
{
    p->payload->is_mixed = true;
}

idl_ast_payload *idl_build_close_payload(idl_parser *p, idl_span span)
{
    idl_ast_payload *payload = p->payload;
    payload->span = span;
    if (payload->is_mixed)
        payload->kind = IDL_AST_PAYLOAD_POISONED;
    else if (payload->type != NULL)
        payload->kind = IDL_AST_PAYLOAD_NAMED;
    else if (payload->fields.first != NULL || payload->reserved.first != NULL ||
             payload->annotations.first != NULL)
        payload->kind = IDL_AST_PAYLOAD_INLINE;
    p->payload = NULL;
    return payload;
}
