/*
 * Server side of money.idl; see money_server.h.
 *
 * Made by idlc from money.idl: change the schema, not this file.
 */
#include "money_server.h"
