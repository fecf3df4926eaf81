/*
 * What a loop lends to every connection on it: memory, timers, randomness, the time.
 *
 * One cx_host per loop; links and everything above borrow it. It knows no connection.
 * Read next: pool.h, link.h.
 */
#ifndef CX_LINK_HOST_H
#define CX_LINK_HOST_H

#include <coax/env.h>

#include "base/log.h"
#include "base/wheel.h"
#include "link/pool.h"

typedef struct cx_host {
    const coax_env *env; /* borrowed */
    cx_wheel wheel;
    cx_pool pool;
    cx_log log;
} cx_host;

#endif
