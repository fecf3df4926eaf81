/*
 * Everything a program needs, in one include. coax/any.h is apart, because it needs msgpack-c.
 *
 * Pointers are needed, unless a function says that NULL is fine. What is most often NULL by
 * mistake, a loop, client or server whose making failed, is refused with COAX_ERR_MISUSE or
 * COAX_ERR_CLOSED where there is a result to say it with.
 */
#ifndef COAX_COAX_H
#define COAX_COAX_H

#include <coax/auth.h>
#include <coax/call.h>
#include <coax/client.h>
#include <coax/error.h>
#include <coax/event.h>
#include <coax/intercept.h>
#include <coax/key.h>
#include <coax/gen.h>
#include <coax/limits.h>
#include <coax/log.h>
#include <coax/metadata.h>
#include <coax/metrics.h>
#include <coax/loop.h>
#include <coax/password.h>
#include <coax/server.h>
#include <coax/stream.h>
#include <coax/version.h>

#endif
