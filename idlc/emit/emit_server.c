/*
 * bank_server.h and bank_server.c: per service a struct of handlers and what registers it; per method what answers it.
 *
 * A service of events only has nothing to handle: its struct of handlers is declared and never defined, so that _serve() takes
 * NULL today and the same call still compiles once a method is added. Read next: emit_server_stream.c, emit_events.c.
 */
#include "emit/stubs.h"

static size_t count_handlers(const idl_plan_decl *service)
{
    size_t n = 0;
    for (size_t i = 0; i < service->model->n_methods; i++)
        n += idl_is_event(&service->methods[i]) ? 0 : 1;
    return n;
}

static bool has_events(const idl_plan_decl *service)
{
    return count_handlers(service) < service->model->n_methods;
}

static void handler_doc(idl_emit *e, const idl_plan_method *method)
{
    const char *doc = idl_method_doc(e, method);
    if (method->is_blocking) {
        idl_text_add(&e->text, doc != NULL && *doc != '\0' ? " " : "");
        idl_text_add(&e->text, "May wait: it runs on a worker thread.");
        doc = e->text.data;
    }
    idl_print_doc(e->p, doc);
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
        if (idl_is_event(method))
            continue;
        idl_set_method(e, method);
        handler_doc(e, method);
        idl_print(p, "void (*$handler$)(void *self,~coax_call call,~const $request$ *request);\n");
    }
    idl_indent(p, -4);
    idl_print(p, "} $service$_handlers;\n");
}

static void header_serve(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    size_t n = count_handlers(service);
    if (n > 0)
        header_handlers(e, service);
    else
        idl_print(p, "/** $full_name$ has events only and nothing to handle: give NULL. */\n"
                     "typedef struct $service$_handlers $service$_handlers;\n");
    idl_blank(p);
    if (n > 0 && has_events(service))
        idl_print(p, "/** `handlers` NULL: events only. */\n");
    idl_print(p, "COAX_MUST_USE coax_err $service$_serve(coax_server *server,~"
                 "const $service$_handlers *handlers,~void *self);\n");
    if (n > 0)
        idl_print(p, "COAX_MUST_USE coax_err $service$_serve_client(coax_client *client,~"
                     "const $service$_handlers *handlers,~void *self);\n");
}

static void header_method(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    if (idl_is_oneway(method))
        return;
    idl_set_method(e, method);
    idl_blank(p);
    if (idl_is_event(method)) {
        idl_emit_emit_declarations(e, method);
        return;
    }
    idl_emit_item_declarations(e, method);
    if (method->response != NULL)
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
    idl_set_number(e->p, "n_rows", count_handlers(service));
}

static void header_service(idl_emit *e, const idl_plan_decl *service)
{
    if (service->model->n_methods == 0)
        return;
    set_service(e, service);
    idl_blank(e->p);
    header_serve(e, service);
    for (size_t i = 0; i < service->model->n_methods; i++)
        header_method(e, &service->methods[i]);
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
    idl_emit_server_head(e);
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
    for_each_service(e, header_service);
    idl_blank(p);
    idl_print(p, "COAX_END_DECLS\n\n#endif\n");
}

static void source_handle(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    for (size_t i = 0; i < service->model->n_methods; i++) {
        if (idl_is_event(&service->methods[i]))
            continue;
        idl_set_method(e, &service->methods[i]);
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
        if (idl_is_event(&service->methods[i]))
            continue;
        idl_set_method(e, &service->methods[i]);
        idl_print(p,
                  "    { $METHOD$,~$method$_handle,~offsetof($service$_handlers, $handler$) },\n");
    }
    idl_print(p, "};\n");
}

static void source_serve(idl_emit *e, const idl_plan_decl *service)
{
    idl_printer *p = e->p;
    bool is_handled = count_handlers(service) > 0;
    idl_blank(p);
    idl_print(p, is_handled ? "COAX_SERVED($service$,~$n_rows$);\n"
                            : "COAX_SERVED_EVENTS($service$);\n");
    idl_print(
        p,
        "\n"
        "coax_err $service$_serve(coax_server *server,~const $service$_handlers *handlers,~void *self)\n"
        "{\n"
        "    return coax_gen_serve(server,~&$service$_served,~handlers,~self);\n"
        "}\n");
    if (is_handled)
        idl_print(p,
                  "\n"
                  "coax_err $service$_serve_client(coax_client *client,~"
                  "const $service$_handlers *handlers,~void *self)\n"
                  "{\n"
                  "    return coax_gen_serve_client(client,~&$service$_served,~handlers,~self);\n"
                  "}\n");
}

static void source_answers(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    if (method->response != NULL)
        idl_print(p, "\n"
                     "coax_err $method$_reply(coax_call call,~const $response$ *reply)\n"
                     "{\n"
                     "    return coax_gen_reply(call,~$METHOD$,~reply);\n"
                     "}\n");
    for (size_t i = 0; i < method->model->n_errors; i++) {
        idl_set(p, "word", method->error_words[i]);
        idl_set(p, "error", method->errors[i]->c_name);
        idl_print(p, "\n"
                     "coax_err $method$_throw_$word$(coax_call call,~const $error$ *error)\n"
                     "{\n"
                     "    return coax_gen_throw(call,~$METHOD$,~&$error$_type,~error);\n"
                     "}\n");
    }
}

static void source_service(idl_emit *e, const idl_plan_decl *service)
{
    if (service->model->n_methods == 0)
        return;
    set_service(e, service);
    if (count_handlers(service) > 0) {
        source_handle(e, service);
        source_rows(e, service);
    }
    source_serve(e, service);
    for (size_t i = 0; i < service->model->n_methods; i++) {
        const idl_plan_method *method = &service->methods[i];
        idl_set_method(e, method);
        if (idl_is_event(method)) {
            idl_emit_emit_functions(e, method);
            continue;
        }
        idl_emit_item_functions(e, method);
        source_answers(e, method);
    }
}

void idl_emit_server_source(idl_emit *e)
{
    idl_emit_banner(e, "Server side of $stem$.idl; see $stem$_server.h.");
    idl_print(e->p, "#include \"$stem$_server.h\"\n");
    for_each_service(e, source_service);
}
