/*
 * The environment of a real process: the monotonic clock, the system's randomness, malloc.
 */
#ifndef CX_BASE_ENV_SYSTEM_H
#define CX_BASE_ENV_SYSTEM_H

#include <coax/env.h>

/* Const and shared. Any thread. */
const coax_env *cx_env_system(void);

#endif
