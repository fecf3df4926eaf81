/*
 * Serves the services of money.idl.
 *
 * Made by idlc from money.idl: change the schema, not this file.
 */
#ifndef SERVER_COAX_GEN_SINK_COMMON_MONEY_H
#define SERVER_COAX_GEN_SINK_COMMON_MONEY_H

#include <coax/gen_server.h>

#include "money.h"

COAX_BEGIN_DECLS

COAX_END_DECLS

#endif
