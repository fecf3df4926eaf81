/*
 * Both ends of an event: bank_x_subscribe() and bank_x_subscribe_wait() in the client's files, bank_x_emit() in the server's.
 */
#include "emit/stubs.h"

void idl_emit_subscribe_declarations(idl_emit *e, const idl_plan_method *method)
{
    idl_printer *p = e->p;
    idl_print(p, "/** Called for every $full_name$, from the loop. The event is borrowed until it "
                 "returns. */\n"
                 "typedef void (*$method$_fn)(void *self,~coax_peer peer,~"
                 "const $request$ *event);\n");
    idl_blank(p);
    idl_print_method_doc(e, method);
    idl_print(p, "COAX_MUST_USE coax_err $method$_subscribe(coax_client *client,~"
                 "$method$_fn on_event,~void *self,~const coax_subscribe_options *options,~"
                 "coax_subscription *ret_subscription);\n"
                 "COAX_MUST_USE coax_err $method$_subscribe_wait(coax_client *client,~"
                 "$method$_fn on_event,~void *self,~const coax_subscribe_options *options,~"
                 "coax_subscription *ret_subscription);\n");
}

void idl_emit_subscribe_functions(idl_emit *e, const idl_plan_method *method)
{
    (void)method;
    idl_print(
        e->p,
        "static void $method$_each(void *self,~coax_gen_any_fn user_fn,~coax_peer peer,~"
        "const void *event)\n"
        "{\n"
        "    if (user_fn != NULL)\n"
        "        (($method$_fn)user_fn)(self,~peer,~(const $request$ *)event);\n"
        "}\n"
        "\n"
        "coax_err $method$_subscribe(coax_client *client,~$method$_fn on_event,~void *self,~"
        "const coax_subscribe_options *options,~coax_subscription *ret_subscription)\n"
        "{\n"
        "    return coax_gen_subscribe(client,~$METHOD$,~$method$_each,~"
        "(coax_gen_any_fn)on_event,~self,~options,~ret_subscription);\n"
        "}\n"
        "\n"
        "coax_err $method$_subscribe_wait(coax_client *client,~$method$_fn on_event,~void *self,~"
        "const coax_subscribe_options *options,~coax_subscription *ret_subscription)\n"
        "{\n"
        "    return coax_gen_subscribe_wait(client,~$METHOD$,~$method$_each,~"
        "(coax_gen_any_fn)on_event,~self,~options,~ret_subscription);\n"
        "}\n");
}

void idl_emit_emit_declarations(idl_emit *e, const idl_plan_method *method)
{
    idl_print_method_doc(e, method);
    idl_print(e->p, "coax_err $method$_emit(coax_server *server,~const $request$ *event,~"
                    "const coax_emit_options *options);\n");
}

void idl_emit_emit_functions(idl_emit *e, const idl_plan_method *method)
{
    (void)method;
    idl_print(e->p, "\n"
                    "coax_err $method$_emit(coax_server *server,~const $request$ *event,~"
                    "const coax_emit_options *options)\n"
                    "{\n"
                    "    return coax_gen_emit(server,~$METHOD$,~event,~options);\n"
                    "}\n");
}
