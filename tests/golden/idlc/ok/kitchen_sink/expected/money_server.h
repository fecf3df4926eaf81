/*
 * Serves the services of money.idl.
 *
 * Fill the handlers of a service and give them to its _serve(), or to _serve_client() where the
 * server is to call. They are copied; `self` is borrowed. A handler answers with its method's
 * _reply() or one of its _throw_ functions, now or later, as long as the call lives;
 * coax_call_fail() is for all else.
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
