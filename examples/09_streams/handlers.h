/*
 * What handlers.c gives to server.c.
 */
#ifndef NUMBERS_HANDLERS_H
#define NUMBERS_HANDLERS_H

#include <coax/coax.h>

#include "numbers_server.h"

extern const numbers_numbers_handlers handlers;

#endif
