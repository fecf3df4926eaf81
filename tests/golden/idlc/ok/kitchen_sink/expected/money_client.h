/*
 * Calls the services of money.idl.
 *
 * What is sent is checked first, and borrowed for the call; `options` may be NULL.
 * <coax/gen_client.h> says what the functions return.
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
