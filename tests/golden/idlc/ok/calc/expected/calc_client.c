/*
 * Client stubs of calc.idl; see calc_client.h.
 *
 * Made by idlc from calc.idl: change the schema, not this file.
 */
#include "calc_client.h"

static calc_calculator_divide_result calc_calculator_divide_typed(const coax_result *result)
{
    calc_calculator_divide_result typed;
    memset(&typed, 0, sizeof typed);
    typed.err = result->err;
    typed.status = result->status;
    typed.memory = result->memory;
    typed.reply = (const calc_calculator_divide_response *)result->reply;
    switch (result->error_index) {
    case 1: typed.divide_by_zero = (const calc_divide_by_zero *)result->error; break;
    default: break;
    }
    return typed;
}

calc_calculator_divide_result
calc_calculator_divide_result_keep(const calc_calculator_divide_result *result)
{
    calc_calculator_divide_result kept = *result;
    kept.memory = coax_memory_ref(result->memory);
    return kept;
}

void calc_calculator_divide_result_free(calc_calculator_divide_result *result)
{
    coax_memory_unref(result->memory);
    memset(result, 0, sizeof *result);
}

static void calc_calculator_divide_done(void *self, coax_gen_any_fn user_fn,
                                        const coax_result *result)
{
    calc_calculator_divide_result typed = calc_calculator_divide_typed(result);
    if (user_fn != NULL)
        ((calc_calculator_divide_fn)user_fn)(self, &typed);
}

coax_err calc_calculator_divide(coax_client *client, const calc_operands *request,
                                const coax_call_options *options, calc_calculator_divide_fn done,
                                void *self)
{
    return coax_gen_call(client, CALC_CALCULATOR_DIVIDE_METHOD, request, options,
                         calc_calculator_divide_done, (coax_gen_any_fn)done, self);
}

coax_err calc_calculator_divide_to(coax_peer peer, const calc_operands *request,
                                   const coax_call_options *options, calc_calculator_divide_fn done,
                                   void *self)
{
    return coax_gen_call_to(peer, CALC_CALCULATOR_DIVIDE_METHOD, request, options,
                            calc_calculator_divide_done, (coax_gen_any_fn)done, self);
}

coax_err calc_calculator_divide_wait(coax_client *client, const calc_operands *request,
                                     const coax_call_options *options,
                                     calc_calculator_divide_result *ret_result)
{
    coax_result result;
    coax_err err =
        coax_gen_call_wait(client, CALC_CALCULATOR_DIVIDE_METHOD, request, options, &result);
    *ret_result = calc_calculator_divide_typed(&result);
    return err;
}

coax_err calc_calculator_hint(coax_client *client, const calc_calculator_hint_request *request,
                              const coax_call_options *options)
{
    return coax_gen_send(client, CALC_CALCULATOR_HINT_METHOD, request, options);
}

coax_err calc_calculator_hint_to(coax_peer peer, const calc_calculator_hint_request *request,
                                 const coax_call_options *options)
{
    return coax_gen_send_to(peer, CALC_CALCULATOR_HINT_METHOD, request, options);
}
