/*
 * The environment of a real process: the monotonic clock, the system's randomness, malloc.
 */
#ifndef CX_BASE_ENV_SYSTEM_H
#define CX_BASE_ENV_SYSTEM_H

#include <coax/env.h>

/* Const and shared. Any thread. */
const coax_env *cx_env_system(void);

/* Room for what cx_wall_clock writes. */
#define CX_WALL_CLOCK_MAX 64u

/* What people's clocks show: RFC 3339, in UTC, to the microsecond. For logs alone; deadlines go by now_ns. */
void cx_wall_clock(char *ret_text, size_t size);

#endif
