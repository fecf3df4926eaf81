/*
 * Everything a program needs, in one include. coax/any.h is apart, because it needs msgpack-c.
 */
#ifndef COAX_COAX_H
#define COAX_COAX_H

#include <coax/call.h>
#include <coax/client.h>
#include <coax/error.h>
#include <coax/gen.h>
#include <coax/limits.h>
#include <coax/log.h>
#include <coax/loop.h>
#include <coax/server.h>
#include <coax/version.h>

#endif
