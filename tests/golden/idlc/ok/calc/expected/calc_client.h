/*
 * Calls the services of calc.idl.
 *
 * What is sent is checked first, and borrowed for the call; `options` may be NULL.
 * <coax/gen_client.h> says what the functions return.
 *
 * Of a method x that is answered once:
 *     x()       starts a call; its callback comes from the loop
 *     x_to()    the same towards a peer
 *     x_wait()  waits; its result goes to x_result_free()
 *
 * Of a one-way method x:
 *     x()       sends it, and nothing comes back
 *     x_to()    the same towards a peer
 *
 * Made by idlc from calc.idl: change the schema, not this file.
 */
#ifndef CLIENT_COAX_GEN_CALC_CALC_H
#define CLIENT_COAX_GEN_CALC_CALC_H

#include <coax/gen_client.h>

#include "calc.h"

COAX_BEGIN_DECLS

/** How calc.Calculator.divide ended. */
typedef struct calc_calculator_divide_result {
    coax_err err; /* == status.code */
    coax_status status;
    coax_memory *memory; /* what its pointers point into */
    /** Set when err is COAX_OK. */
    const calc_calculator_divide_response *reply;
    /** Set when calc.DivideByZero was thrown. */
    const calc_divide_by_zero *divide_by_zero;
} calc_calculator_divide_result;

/** One more owner of what a result points to: it then outlives the callback. Any thread. */
calc_calculator_divide_result
calc_calculator_divide_result_keep(const calc_calculator_divide_result *result);
/** Gives back what a wait or a keep gave; afterwards all of it is NULL. Any thread. */
void calc_calculator_divide_result_free(calc_calculator_divide_result *result);

/** Called once, from the loop. The result is borrowed until it returns. */
typedef void (*calc_calculator_divide_fn)(void *self, const calc_calculator_divide_result *result);

/** Divides, or throws. */
COAX_MUST_USE coax_err calc_calculator_divide(coax_client *client, const calc_operands *request,
                                              const coax_call_options *options,
                                              calc_calculator_divide_fn done, void *self);
COAX_MUST_USE coax_err calc_calculator_divide_to(coax_peer peer, const calc_operands *request,
                                                 const coax_call_options *options,
                                                 calc_calculator_divide_fn done, void *self);
COAX_MUST_USE coax_err calc_calculator_divide_wait(coax_client *client,
                                                   const calc_operands *request,
                                                   const coax_call_options *options,
                                                   calc_calculator_divide_result *ret_result);

COAX_MUST_USE coax_err calc_calculator_hint(coax_client *client,
                                            const calc_calculator_hint_request *request,
                                            const coax_call_options *options);
COAX_MUST_USE coax_err calc_calculator_hint_to(coax_peer peer,
                                               const calc_calculator_hint_request *request,
                                               const coax_call_options *options);

COAX_END_DECLS

#endif
