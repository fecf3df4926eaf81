/* What a method sends: the message and the stream of each side, and inline structs for what has no name.
 *
 * Read next: methods.c.
 */
#include "sema/annotations.h"

#include <coax/descriptor.h>

#include <string.h>

typedef struct build {
    idl_sema *sema;
    idl_symbol *service;
    const idl_ast_method *ast;
    idl_method *method;
    bool is_good;
} build;

/* ---- named messages ---- */

static const idl_decl *message_of(build *b, const idl_ast_type *ast, idl_position position)
{
    idl_sema *sema = b->sema;
    const idl_type *type = idl_type_build(sema, b->service->unit, ast, position, NULL, NULL);
    bool is_stream = position == IDL_POSITION_STREAM;
    b->is_good = b->is_good && type != NULL;
    if (type == NULL)
        return NULL;
    bool is_message = type->kind == IDL_KIND_NAMED && type->n_constraints == 0 &&
                      (type->decl->kind == IDL_DECL_STRUCT || type->decl->kind == IDL_DECL_UNION);
    if (is_message)
        return type->decl;
    b->is_good = false;
    idl_report *r =
        idl_diag_report(sema->diag, is_stream ? IDL_DIAG_BAD_STREAM : IDL_DIAG_BAD_PAYLOAD,
                        ast->span, "'%s' can't be %s, that takes a struct or a union",
                        idl_type_text(sema, type), is_stream ? "streamed" : "a method's message");
    bool is_error = type->kind == IDL_KIND_NAMED && type->decl->kind == IDL_DECL_ERROR;
    if (is_error)
        idl_report_help(sema->diag, r, "an error is thrown: '%s() throws %s'", b->ast->name.text,
                        type->decl->name);
    else if (!is_stream)
        idl_report_help(sema->diag, r, "give the value a name and a number: '(1: %s value)'",
                        idl_type_text(sema, type));
    return NULL;
}

/* ---- inline structs ---- */

static const char *inline_name(build *b, const char *suffix)
{
    const char *name = idl_arena_format(b->sema->arena, "%s_%s", b->ast->name.text, suffix);
    return idl_names_intern(&b->sema->sources->names, name, strlen(name));
}

static const idl_decl *inline_struct(build *b, const idl_ast_payload *payload, const char *suffix)
{
    idl_sema *sema = b->sema;
    idl_symbol *symbol =
        idl_symbol_add(sema, b->service->unit, IDL_DECL_STRUCT, inline_name(b, suffix));
    b->service->n_inline++;
    symbol->decl.full_name = idl_join_names(sema, b->service->decl.full_name, symbol->decl.name);
    symbol->decl.span = payload->kind == IDL_AST_PAYLOAD_ABSENT ? b->ast->span : payload->span;
    symbol->decl.name_span = b->ast->name.span;
    symbol->decl.owner = b->method;
    idl_fields_build(sema, symbol, &payload->fields, &payload->reserved);
    if (payload->annotations.count > 0) {
        symbol->rules = &payload->annotations;
        idl_anno anno;
        idl_anno_walk walk = idl_annotations(sema, &payload->annotations, IDL_TARGET_PAYLOAD);
        while (idl_annotation_next(&walk, &anno) != NULL)
            continue; /* only checked here; rules/ reads them */
    }
    return &symbol->decl;
}

static const idl_decl *build_message(build *b, const idl_ast_payload *payload, const char *suffix)
{
    switch (payload->kind) {
    case IDL_AST_PAYLOAD_POISONED: b->is_good = false; return NULL;
    case IDL_AST_PAYLOAD_NAMED: return message_of(b, payload->type, IDL_POSITION_PAYLOAD);
    case IDL_AST_PAYLOAD_ABSENT:
    case IDL_AST_PAYLOAD_EMPTY:
    case IDL_AST_PAYLOAD_INLINE: break;
    }
    return inline_struct(b, payload, suffix);
}

/* ---- what fits which kind of method ---- */

static const char *kind_name(idl_ast_method_kind kind)
{
    return kind == IDL_AST_METHOD_ONEWAY ? "a oneway method" : "an event";
}

static void refuse_replies(build *b)
{
    idl_sema *sema = b->sema;
    const idl_ast_method *ast = b->ast;
    if (ast->reply.kind != IDL_AST_PAYLOAD_ABSENT) {
        idl_report *r = idl_diag_report(sema->diag, IDL_DIAG_MISPLACED_REPLY, ast->reply.span,
                                        "%s has no reply", kind_name(ast->kind));
        idl_report_help(sema->diag, r, "use rpc for calls that are answered");
        b->is_good = false;
    }
    if (ast->throws != NULL) {
        idl_report *r =
            idl_diag_report(sema->diag, IDL_DIAG_MISPLACED_THROWS, ast->throws->path.span,
                            "%s can't throw, nobody waits for an answer", kind_name(ast->kind));
        idl_report_help(sema->diag, r, "use rpc for calls that are answered");
        b->is_good = false;
    }
    if (ast->request.stream != NULL) {
        idl_diag_report(sema->diag, IDL_DIAG_BAD_STREAM, ast->request.stream_span,
                        "%s can't stream, it is a single message", kind_name(ast->kind));
        b->is_good = false;
    }
}

static int rpc_kind(const idl_ast_method *ast)
{
    if (ast->reply.stream != NULL)
        return ast->request.stream != NULL ? COAX_METHOD_BIDI_STREAM : COAX_METHOD_SERVER_STREAM;
    return ast->request.stream != NULL ? COAX_METHOD_CLIENT_STREAM : COAX_METHOD_UNARY;
}

static void build_reply(build *b)
{
    const idl_ast_payload *reply = &b->ast->reply;
    if (reply->stream == NULL) {
        b->method->response = build_message(b, reply, "response");
        return;
    }
    if (reply->kind == IDL_AST_PAYLOAD_NAMED || reply->kind == IDL_AST_PAYLOAD_INLINE) {
        idl_report *r = idl_diag_report(b->sema->diag, IDL_DIAG_BAD_STREAM, reply->stream_span,
                                        "a reply is a message or a stream, not both");
        idl_report_help(b->sema->diag, r, "stream a union whose first variant is that message");
        b->is_good = false;
    }
    b->method->response_item = message_of(b, reply->stream, IDL_POSITION_STREAM);
}

bool idl_payloads_build(idl_sema *sema, idl_symbol *service, const idl_ast_method *ast,
                        idl_method *method)
{
    build b = { .sema = sema, .service = service, .ast = ast, .method = method, .is_good = true };
    method->request = build_message(&b, &ast->request, "request");
    if (ast->kind != IDL_AST_METHOD_RPC) {
        refuse_replies(&b);
        method->kind = ast->kind == IDL_AST_METHOD_ONEWAY ? COAX_METHOD_ONEWAY : COAX_METHOD_EVENT;
        return b.is_good;
    }
    method->kind = rpc_kind(ast);
    if (ast->request.stream != NULL)
        method->request_item = message_of(&b, ast->request.stream, IDL_POSITION_STREAM);
    build_reply(&b);
    return b.is_good;
}
