/*
 * The handler's side of a streaming method: what takes the caller's items, and what sends its own.
 *
 *     bank_x_receive(call, on_item, on_end, self)   items come to a function
 *     bank_x_take(call, &item)                      the same in a @blocking handler, which waits
 *     bank_x_push(call, item)
 *
 * A stream of replies ends with coax_call_end(), which is the same for every method and so has no stub.
 */
#include "emit/stubs.h"

static void receiving_declarations(idl_emit *e, const idl_plan_method *method)
{
    if (method->is_blocking)
        idl_print(e->p, "bool $method$_take(coax_call call,~const $put_item$ **ret_item);\n");
    else
        idl_print(e->p, "/** The caller's next item, borrowed until it returns. */\n"
                        "typedef void (*$method$_receive_fn)(void *self,~coax_call call,~"
                        "const $put_item$ *item);\n"
                        "coax_err $method$_receive(coax_call call,~$method$_receive_fn on_item,~"
                        "coax_call_fn on_end,~void *self);\n");
}

void idl_emit_item_declarations(idl_emit *e, const idl_plan_method *method)
{
    if (idl_takes_items(method))
        receiving_declarations(e, method);
    if (idl_gives_items(method))
        idl_print(e->p, "COAX_MUST_USE coax_err $method$_push(coax_call call,~"
                        "const $got_item$ *item);\n");
}

static void taking(idl_emit *e)
{
    idl_print(e->p, "\n"
                    "bool $method$_take(coax_call call,~const $put_item$ **ret_item)\n"
                    "{\n"
                    "    const void *item = NULL;\n"
                    "    if (!coax_gen_take(call,~$METHOD$,~&item))\n"
                    "        return false;\n"
                    "    *ret_item =^(const $put_item$ *)item;\n"
                    "    return true;\n"
                    "}\n");
}

static void receiving(idl_emit *e)
{
    idl_print(e->p,
              "\n"
              "static void $method$_received(void *self,~coax_gen_any_fn user_fn,~coax_call call,~"
              "const void *item)\n"
              "{\n"
              "    if (user_fn != NULL)\n"
              "        (($method$_receive_fn)user_fn)(self,~call,~(const $put_item$ *)item);\n"
              "}\n"
              "\n"
              "coax_err $method$_receive(coax_call call,~$method$_receive_fn on_item,~"
              "coax_call_fn on_end,~void *self)\n"
              "{\n"
              "    return coax_gen_receive(call,~$METHOD$,~$method$_received,~"
              "(coax_gen_any_fn)on_item,~on_end,~self);\n"
              "}\n");
}

void idl_emit_item_functions(idl_emit *e, const idl_plan_method *method)
{
    if (idl_takes_items(method) && method->is_blocking)
        taking(e);
    else if (idl_takes_items(method))
        receiving(e);
    if (idl_gives_items(method))
        idl_print(e->p, "\n"
                        "coax_err $method$_push(coax_call call,~const $got_item$ *item)\n"
                        "{\n"
                        "    return coax_gen_item(call,~$METHOD$,~item);\n"
                        "}\n");
}
