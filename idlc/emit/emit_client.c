/*
 * bank_client.h and bank_client.c: for each method a stub per way of calling. Here is what is called once:
 *
 *     bank_x(client, request, options, done, self)     the callback comes from the loop
 *     bank_x_to(peer, ...)                             the same towards the other end of a connection
 *     bank_x_wait(client, request, options, &result)   waits
 *
 * Stubs are thin: they turn typed pointers into untyped ones for coax/gen_client.h and back. Read next:
 * emit_client_stream.c, emit_events.c.
 */
#include "emit/stubs.h"

static void header_oneway(idl_emit *e, const idl_plan_method *method)
{
    idl_print_method_doc(e, method);
    idl_print(e->p,
              "COAX_MUST_USE coax_err $method$(coax_client *client,~const $request$ *request,~"
              "const coax_call_options *options);\n"
              "COAX_MUST_USE coax_err $method$_to(coax_peer peer,~const $request$ *request,~"
              "const coax_call_options *options);\n");
}

static void header_unary(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_emit_result_struct(e, method);
    idl_print(p, "\n"
                 "/** Called once, from the loop. The result is borrowed until it returns. */\n"
                 "typedef void (*$method$_fn)(void *self,~const $method$_result *result);\n");
    idl_blank(p);
    idl_print_method_doc(e, method);
    idl_print(p,
              "COAX_MUST_USE coax_err $method$(coax_client *client,~const $request$ *request,~"
              "const coax_call_options *options,~$method$_fn done,~void *self);\n"
              "COAX_MUST_USE coax_err $method$_to(coax_peer peer,~const $request$ *request,~"
              "const coax_call_options *options,~$method$_fn done,~void *self);\n"
              "COAX_MUST_USE coax_err $method$_wait(coax_client *client,~const $request$ *request,~"
              "const coax_call_options *options,~$method$_result *ret_result);\n");
}

static void header_method(idl_emit *e, const idl_plan_method *method)
{
    idl_blank(e->p);
    if (idl_is_event(method))
        idl_emit_subscribe_declarations(e, method);
    else if (idl_is_oneway(method))
        header_oneway(e, method);
    else if (idl_is_stream(method))
        idl_emit_stream_declarations(e, method);
    else
        header_unary(e, method);
}

void idl_emit_client_header(idl_emit *e)
{
    idl_printer *p = e->p;
    idl_emit_client_head(e);
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
    idl_for_each_method(e, header_method);
    idl_blank(p);
    idl_print(p, "COAX_END_DECLS\n\n#endif\n");
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

static void source_unary(idl_emit *e, const idl_plan_method *method)
{
    idl_emit_result_functions(e, method, "fn");
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
    if (idl_is_event(method))
        idl_emit_subscribe_functions(e, method);
    else if (idl_is_oneway(method))
        source_oneway(e);
    else if (idl_is_stream(method))
        idl_emit_stream_functions(e, method);
    else
        source_unary(e, method);
}

void idl_emit_client_source(idl_emit *e)
{
    idl_emit_banner(e, "Client stubs of $stem$.idl; see $stem$_client.h.");
    idl_print(e->p, "#include \"$stem$_client.h\"\n");
    idl_for_each_method(e, source_method);
}
