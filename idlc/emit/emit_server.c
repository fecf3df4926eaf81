/*
 * bank_server.h and bank_server.c: per service a struct of handlers and what registers it; per method what answers it.
 */
#include "emit/emit.h"

#include <string.h>

static void set_method(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_set(p, "method", method->c_name);
    idl_set(p, "METHOD", method->constant);
    idl_set(p, "handler", method->member);
    idl_set(p, "request", method->request->c_name);
    if (method->response != NULL)
        idl_set(p, "response", method->response->c_name);
}

static bool is_oneway(const idl_plan_method *method)
{
    return method->model->kind == IDL_METHOD_ONEWAY;
}

static size_t count_stubs(const idl_plan_decl *service)
{
    size_t n = 0;
    for (size_t i = 0; i < service->model->n_methods; i++)
        n += service->methods[i].has_stub;
    return n;
}

static void header_handlers(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    idl_print(
        p,
        "/** What serves $full_name$: `self` is what was given to serve. NULL: `unimplemented`. */\n"
        "typedef struct $service$_handlers {\n");
    idl_indent(p, 4);
    for (size_t i = 0; i < service->model->n_methods; i++) {
        const idl_plan_method *method = &service->methods[i];
        if (!method->has_stub)
            continue;
        set_method(e, method);
        idl_print_doc(p, idl_decl_doc(&e->text, method->model->doc,
                                      method->model->deprecated_note != NULL,
                                      method->model->deprecated_note));
        idl_print(p, "void (*$handler$)(void *self,~coax_call call,~const $request$ *request);\n");
    }
    idl_indent(p, -4);
    idl_print(p, "} $service$_handlers;\n");
}

static void header_answers(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    if (!method->has_stub || is_oneway(method))
        return;
    set_method(e, method);
    idl_blank(p);
    idl_print(p, "coax_err $method$_reply(coax_call call,~const $response$ *reply);\n");
    for (size_t i = 0; i < method->model->n_errors; i++) {
        idl_set(p, "word", method->error_words[i]);
        idl_set(p, "error", method->errors[i]->c_name);
        idl_print(p, "coax_err $method$_throw_$word$(coax_call call,~const $error$ *error);\n");
    }
}

static void set_service(idl_emit *e, const idl_plan_decl *service)
{
    idl_set(e->p, "service", service->c_name);
    idl_set(e->p, "full_name", service->model->full_name);
    idl_set_number(e->p, "n_rows", count_stubs(service));
}

static void header_service(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    if (count_stubs(service) == 0)
        return;
    set_service(e, service);
    idl_blank(p);
    header_handlers(e, service);
    idl_print(p, "\n"
                 "COAX_MUST_USE coax_err $service$_serve(coax_server *server,~"
                 "const $service$_handlers *handlers,~void *self);\n"
                 "COAX_MUST_USE coax_err $service$_serve_client(coax_client *client,~"
                 "const $service$_handlers *handlers,~void *self);\n");
    for (size_t i = 0; i < service->model->n_methods; i++)
        header_answers(e, &service->methods[i]);
}

typedef void (*service_fn)(idl_emit *e, const idl_plan_decl *service);

static void for_each_service(idl_emit *e, service_fn fn)
{
    for (size_t i = 0; i < e->file->n_decls; i++)
        if (e->file->decls[i].model->kind == IDL_DECL_SERVICE)
            fn(e, &e->file->decls[i]);
}

void idl_emit_server_header(idl_emit *e)
{
    idl_printer *p = e->p;
    idl_print(
        p,
        "/*\n"
        " * Serves the services of $stem$.idl.\n"
        " *\n"
        " * Fill the handlers of a service and give them to its _serve(), or to _serve_client() where the\n"
        " * server is to call. They are copied; `self` is borrowed. A handler answers with its method's\n"
        " * _reply() or one of its _throw_ functions, now or later, as long as the call lives;\n"
        " * coax_call_fail() is for all else.\n"
        " *\n"
        " * Made by idlc from $stem$.idl: change the schema, not this file.\n"
        " */\n");
    idl_set(p, "guard", e->file->guard);
    idl_print(p, "#ifndef SERVER_$guard$\n"
                 "#define SERVER_$guard$\n"
                 "\n"
                 "#include <coax/gen_server.h>\n"
                 "\n"
                 "#include \"$stem$.h\"\n"
                 "\n"
                 "COAX_BEGIN_DECLS\n");
    idl_blank(p);
    idl_emit_stub_note(e);
    for_each_service(e, header_service);
    idl_blank(p);
    idl_print(p, "COAX_END_DECLS\n\n#endif\n");
}

static void source_handle(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    for (size_t i = 0; i < service->model->n_methods; i++) {
        if (!service->methods[i].has_stub)
            continue;
        set_method(e, &service->methods[i]);
        idl_blank(p);
        idl_print(p,
                  "static void $method$_handle(const void *handlers,~void *self,~coax_call call,~"
                  "const void *request)\n"
                  "{\n"
                  "    const $service$_handlers *typed =^(const $service$_handlers *)handlers;\n"
                  "    typed->$handler$(self,~call,~(const $request$ *)request);\n"
                  "}\n");
    }
}

static void source_rows(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    idl_blank(p);
    idl_print(p, "static const coax_gen_handler $service$_rows[] = {\n");
    for (size_t i = 0; i < service->model->n_methods; i++) {
        if (!service->methods[i].has_stub)
            continue;
        set_method(e, &service->methods[i]);
        idl_print(p,
                  "    { $METHOD$,~$method$_handle,~offsetof($service$_handlers, $handler$) },\n");
    }
    idl_print(
        p,
        "};\n"
        "\n"
        "COAX_SERVED($service$,~$n_rows$);\n"
        "\n"
        "coax_err $service$_serve(coax_server *server,~const $service$_handlers *handlers,~void *self)\n"
        "{\n"
        "    return coax_gen_serve(server,~&$service$_served,~handlers,~self);\n"
        "}\n"
        "\n"
        "coax_err $service$_serve_client(coax_client *client,~const $service$_handlers *handlers,~"
        "void *self)\n"
        "{\n"
        "    return coax_gen_serve_client(client,~&$service$_served,~handlers,~self);\n"
        "}\n");
}

static void source_answers(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    if (!method->has_stub || is_oneway(method))
        return;
    set_method(e, method);
    idl_blank(p);
    idl_print(p, "coax_err $method$_reply(coax_call call,~const $response$ *reply)\n"
                 "{\n"
                 "    return coax_gen_reply(call,~$METHOD$,~reply);\n"
                 "}\n");
    for (size_t i = 0; i < method->model->n_errors; i++) {
        idl_set(p, "word", method->error_words[i]);
        idl_set(p, "error", method->errors[i]->c_name);
        idl_blank(p);
        idl_print(p, "coax_err $method$_throw_$word$(coax_call call,~const $error$ *error)\n"
                     "{\n"
                     "    return coax_gen_throw(call,~$METHOD$,~&$error$_type,~error);\n"
                     "}\n");
    }
}

static void source_service(idl_emit *e, const idl_plan_decl *service)
{
    if (count_stubs(service) == 0)
        return;
    set_service(e, service);
    source_handle(e, service);
    source_rows(e, service);
    for (size_t i = 0; i < service->model->n_methods; i++)
        source_answers(e, &service->methods[i]);
}

void idl_emit_server_source(idl_emit *e)
{
    idl_emit_banner(e, "Server side of $stem$.idl; see $stem$_server.h.");
    idl_print(e->p, "#include \"$stem$_server.h\"\n");
    for_each_service(e, source_service);
}
