/*
 * bank_client.h and bank_client.c: for each unary or one-way method a stub per way of calling.
 *
 *     bank_x(client, request, options, done, self)     the callback comes from the loop
 *     bank_x_to(peer, ...)                             the same towards the other end of a connection
 *     bank_x_wait(client, request, options, &result)   waits
 *
 * Stubs are thin: they turn typed pointers into untyped ones for coax/gen_client.h and back.
 */
#include "emit/emit.h"

#include <string.h>

static void set_method(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_set(p, "method", method->c_name);
    idl_set(p, "METHOD", method->constant);
    idl_set(p, "full_name", method->model->full_name);
    idl_set(p, "request", method->request->c_name);
    if (method->response != NULL)
        idl_set(p, "response", method->response->c_name);
}

typedef void (*method_fn)(idl_emit *e, const idl_plan_method *method);

static void for_each_stub(idl_emit *e, method_fn fn)
{
    for (size_t i = 0; i < e->file->n_decls; i++) {
        const idl_plan_decl *decl = &e->file->decls[i];
        for (size_t k = 0; k < decl->model->n_methods; k++) {
            if (!decl->methods[k].has_stub)
                continue;
            set_method(e, &decl->methods[k]);
            fn(e, &decl->methods[k]);
        }
    }
}

static bool is_oneway(const idl_plan_method *method)
{
    return method->model->kind == IDL_METHOD_ONEWAY;
}

static const char *method_doc(idl_emit *e, const idl_plan_method *method)
{
    const idl_method *model = method->model;
    return idl_decl_doc(&e->text, model->doc, model->deprecated_note != NULL,
                        model->deprecated_note);
}

static void result_struct(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_print(p, "/** How $full_name$ ended. */\n"
                 "typedef struct $method$_result {\n"
                 "    coax_err err; /* == status.code */\n"
                 "    coax_status status;\n"
                 "    coax_memory *memory; /* what the pointers below point into */\n"
                 "    /** Set when err is COAX_OK. */\n"
                 "    const $response$ *reply;\n");
    for (size_t i = 0; i < method->model->n_errors; i++) {
        idl_set(p, "error", method->errors[i]->c_name);
        idl_set(p, "error_member", method->error_members[i]);
        idl_set(p, "error_name", method->errors[i]->model->full_name);
        idl_print(p, "    /** Set when $error_name$ was thrown. */\n"
                     "    const $error$ *$error_member$;\n");
    }
    idl_print(
        p,
        "} $method$_result;\n"
        "\n"
        "/** One more owner of what a result points to: it then outlives the callback. Any thread. */\n"
        "$method$_result\f$method$_result_keep(\vconst $method$_result *result);\n"
        "/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */\n"
        "void $method$_result_free(\v$method$_result *result);\n"
        "\n"
        "/** Called once, from the loop. The result is borrowed until it returns. */\n"
        "typedef void (*$method$_fn)(void *self,~const $method$_result *result);\n");
}

static void header_oneway(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_print_doc(p, method_doc(e, method));
    idl_print(p, "COAX_MUST_USE coax_err $method$(coax_client *client,~const $request$ *request,~"
                 "const coax_call_options *options);\n"
                 "COAX_MUST_USE coax_err $method$_to(coax_peer peer,~const $request$ *request,~"
                 "const coax_call_options *options);\n");
}

static void header_method(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    if (is_oneway(method)) {
        header_oneway(e, method);
        return;
    }
    idl_blank(p);
    result_struct(e, method);
    idl_blank(p);
    idl_print_doc(p, method_doc(e, method));
    idl_print(p,
              "COAX_MUST_USE coax_err $method$(coax_client *client,~const $request$ *request,~"
              "const coax_call_options *options,~$method$_fn done,~void *self);\n"
              "COAX_MUST_USE coax_err $method$_to(coax_peer peer,~const $request$ *request,~"
              "const coax_call_options *options,~$method$_fn done,~void *self);\n"
              "COAX_MUST_USE coax_err $method$_wait(coax_client *client,~const $request$ *request,~"
              "const coax_call_options *options,~$method$_result *ret_result);\n");
}

void idl_emit_stub_note(idl_emit *e)
{
    if (e->file->n_streams > 0)
        idl_print(e->p, "/* Streams and events of $stem$.idl have no stubs in this version. */\n");
}

void idl_emit_client_header(idl_emit *e)
{
    idl_printer *p = e->p;
    idl_print(
        p,
        "/*\n"
        " * Calls the services of $stem$.idl.\n"
        " *\n"
        " * Each method x has x(), whose callback comes from the loop, x_to(), the same towards a peer, and\n"
        " * x_wait(), which waits and whose result goes to x_result_free(). Requests are checked before\n"
        " * they leave, and borrowed for the call; `options` may be NULL. <coax/gen_client.h> says what\n"
        " * they return.\n"
        " *\n"
        " * Made by idlc from $stem$.idl: change the schema, not this file.\n"
        " */\n");
    idl_set(p, "guard", e->file->guard);
    idl_print(p, "#ifndef CLIENT_$guard$\n"
                 "#define CLIENT_$guard$\n"
                 "\n"
                 "#include <coax/gen_client.h>\n"
                 "\n"
                 "#include \"$stem$.h\"\n"
                 "\n"
                 "COAX_BEGIN_DECLS\n");
    idl_blank(p);
    idl_emit_stub_note(e);
    for_each_stub(e, header_method);
    idl_blank(p);
    idl_print(p, "COAX_END_DECLS\n\n#endif\n");
}

static void typed_result(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    size_t n = method->model->n_errors;
    idl_print(p, "static $method$_result\f$method$_typed(\vconst coax_result *result)\n"
                 "{\n"
                 "    $method$_result typed;\n"
                 "    memset(&typed, 0, sizeof typed);\n"
                 "    typed.err = result->err;\n"
                 "    typed.status = result->status;\n"
                 "    typed.memory = result->memory;\n"
                 "    typed.reply =^(const $response$ *)result->reply;\n");
    if (n > 0)
        idl_print(p, "    switch (result->error_index) {\n");
    for (size_t i = 0; i < n; i++) {
        idl_set_number(p, "index", i + 1);
        idl_set(p, "error", method->errors[i]->c_name);
        idl_set(p, "error_member", method->error_members[i]);
        size_t len = strlen(method->error_members[i]) + strlen(method->errors[i]->c_name);
        bool is_short = strlen("    case 1: typed. = (const  *)result->error; break;") + len <=
                        IDL_PRINTER_COLUMNS;
        idl_print(
            p,
            is_short
                ? "    case $index$: typed.$error_member$ = (const $error$ *)result->error; break;\n"
                : "    case $index$:\n"
                  "        typed.$error_member$ =^(const $error$ *)result->error;\n"
                  "        break;\n");
    }
    idl_print(p, n > 0 ? "    default: break;\n    }\n    return typed;\n}\n"
                       : "    return typed;\n}\n");
}

static void result_functions(idl_emit *e)
{
    idl_print(
        e->p,
        "\n"
        "$method$_result\f$method$_result_keep(\vconst $method$_result *result)\n"
        "{\n"
        "    $method$_result kept =^*result;\n"
        "    kept.memory = coax_memory_ref(result->memory);\n"
        "    return kept;\n"
        "}\n"
        "\n"
        "void $method$_result_free(\v$method$_result *result)\n"
        "{\n"
        "    coax_memory_unref(result->memory);\n"
        "    memset(result, 0, sizeof *result);\n"
        "}\n"
        "\n"
        "static void $method$_done(void *self,~coax_gen_any_fn user_fn,~const coax_result *result)\n"
        "{\n"
        "    $method$_result typed =^$method$_typed(result);\n"
        "    if (user_fn != NULL)\n"
        "        (($method$_fn)user_fn)(self, &typed);\n"
        "}\n");
}

static void source_oneway(idl_emit *e)
{
    idl_print(e->p, "coax_err $method$(coax_client *client,~const $request$ *request,~"
                    "const coax_call_options *options)\n"
                    "{\n"
                    "    return coax_gen_send(client,~$METHOD$,~request,~options);\n"
                    "}\n"
                    "\n"
                    "coax_err $method$_to(coax_peer peer,~const $request$ *request,~"
                    "const coax_call_options *options)\n"
                    "{\n"
                    "    return coax_gen_send_to(peer,~$METHOD$,~request,~options);\n"
                    "}\n");
}

static void source_unary(idl_emit *e)
{
    idl_print(
        e->p,
        "\n"
        "coax_err $method$(coax_client *client,~const $request$ *request,~"
        "const coax_call_options *options,~$method$_fn done,~void *self)\n"
        "{\n"
        "    return coax_gen_call(client,~$METHOD$,~request,~options,~$method$_done,~"
        "(coax_gen_any_fn)done,~self);\n"
        "}\n"
        "\n"
        "coax_err $method$_to(coax_peer peer,~const $request$ *request,~"
        "const coax_call_options *options,~$method$_fn done,~void *self)\n"
        "{\n"
        "    return coax_gen_call_to(peer,~$METHOD$,~request,~options,~$method$_done,~"
        "(coax_gen_any_fn)done,~self);\n"
        "}\n"
        "\n"
        "coax_err $method$_wait(coax_client *client,~const $request$ *request,~"
        "const coax_call_options *options,~$method$_result *ret_result)\n"
        "{\n"
        "    coax_result result;\n"
        "    coax_err err =^coax_gen_call_wait(client,~$METHOD$,~request,~options,~&result);\n"
        "    *ret_result =^$method$_typed(&result);\n"
        "    return err;\n"
        "}\n");
}

static void source_method(idl_emit *e, const idl_plan_method *method)
{
    idl_blank(e->p);
    if (is_oneway(method)) {
        source_oneway(e);
        return;
    }
    typed_result(e, method);
    result_functions(e);
    source_unary(e);
}

void idl_emit_client_source(idl_emit *e)
{
    idl_emit_banner(e, "Client stubs of $stem$.idl; see $stem$_client.h.");
    idl_print(e->p, "#include \"$stem$_client.h\"\n");
    for_each_stub(e, source_method);
}
