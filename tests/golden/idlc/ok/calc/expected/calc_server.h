/*
 * Serves the services of calc.idl.
 *
 * Fill the handlers of a service and give them to its _serve(), or to _serve_client() where the
 * server is to call. They are copied; `self` is borrowed. What is sent is checked first, and
 * borrowed for the call.
 *
 * Of a method x, as long as the call lives, in its handler or later:
 *     x_reply()         answers
 *     x_throw_y()       answers with the error y
 *     coax_call_fail()  answers with any other error
 *
 * Made by idlc from calc.idl: change the schema, not this file.
 */
#ifndef SERVER_COAX_GEN_CALC_CALC_H
#define SERVER_COAX_GEN_CALC_CALC_H

#include <coax/gen_server.h>

#include "calc.h"

COAX_BEGIN_DECLS

/** What serves calc.Calculator: `self` is what was given to serve. NULL: `unimplemented`. */
typedef struct calc_calculator_handlers {
    /** Divides, or throws. */
    void (*divide)(void *self, coax_call call, const calc_operands *request);
    void (*hint)(void *self, coax_call call, const calc_calculator_hint_request *request);
} calc_calculator_handlers;

COAX_MUST_USE coax_err calc_calculator_serve(coax_server *server,
                                             const calc_calculator_handlers *handlers, void *self);
COAX_MUST_USE coax_err calc_calculator_serve_client(coax_client *client,
                                                    const calc_calculator_handlers *handlers,
                                                    void *self);

coax_err calc_calculator_divide_reply(coax_call call, const calc_calculator_divide_response *reply);
coax_err calc_calculator_divide_throw_divide_by_zero(coax_call call,
                                                     const calc_divide_by_zero *error);

COAX_END_DECLS

#endif
