/*
 * Client stubs of money.idl; see money_client.h.
 *
 * Made by idlc from money.idl: change the schema, not this file.
 */
#include "money_client.h"
