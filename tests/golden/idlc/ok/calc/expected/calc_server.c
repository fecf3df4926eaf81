/*
 * Server side of calc.idl; see calc_server.h.
 *
 * Made by idlc from calc.idl: change the schema, not this file.
 */
#include "calc_server.h"

static void calc_calculator_divide_handle(const void *handlers, void *self, coax_call call,
                                          const void *request)
{
    const calc_calculator_handlers *typed = (const calc_calculator_handlers *)handlers;
    typed->divide(self, call, (const calc_operands *)request);
}

static void calc_calculator_hint_handle(const void *handlers, void *self, coax_call call,
                                        const void *request)
{
    const calc_calculator_handlers *typed = (const calc_calculator_handlers *)handlers;
    typed->hint(self, call, (const calc_calculator_hint_request *)request);
}

static const coax_gen_handler calc_calculator_rows[] = {
    { CALC_CALCULATOR_DIVIDE_METHOD, calc_calculator_divide_handle,
      offsetof(calc_calculator_handlers, divide) },
    { CALC_CALCULATOR_HINT_METHOD, calc_calculator_hint_handle,
      offsetof(calc_calculator_handlers, hint) },
};

COAX_SERVED(calc_calculator, 2);

coax_err calc_calculator_serve(coax_server *server, const calc_calculator_handlers *handlers,
                               void *self)
{
    return coax_gen_serve(server, &calc_calculator_served, handlers, self);
}

coax_err calc_calculator_serve_client(coax_client *client, const calc_calculator_handlers *handlers,
                                      void *self)
{
    return coax_gen_serve_client(client, &calc_calculator_served, handlers, self);
}

coax_err calc_calculator_divide_reply(coax_call call, const calc_calculator_divide_response *reply)
{
    return coax_gen_reply(call, CALC_CALCULATOR_DIVIDE_METHOD, reply);
}

coax_err calc_calculator_divide_throw_divide_by_zero(coax_call call,
                                                     const calc_divide_by_zero *error)
{
    return coax_gen_throw(call, CALC_CALCULATOR_DIVIDE_METHOD, &calc_divide_by_zero_type, error);
}
