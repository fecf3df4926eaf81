/*
 * Calls the services of money.idl.
 *
 * Each method x has x(), whose callback comes from the loop, x_to(), the same towards a peer, and
 * x_wait(), which waits and whose result goes to x_result_free(). Requests are checked before
 * they leave, and borrowed for the call; `options` may be NULL. <coax/gen_client.h> says what
 * they return.
 *
 * Made by idlc from money.idl: change the schema, not this file.
 */
#ifndef CLIENT_COAX_GEN_SINK_COMMON_MONEY_H
#define CLIENT_COAX_GEN_SINK_COMMON_MONEY_H

#include <coax/gen_client.h>

#include "money.h"

COAX_BEGIN_DECLS

COAX_END_DECLS

#endif
