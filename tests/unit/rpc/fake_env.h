/*
 * An environment for tests: a clock that stands still, a seeded generator, memory that is counted
 * and can run out.
 */
#ifndef TEST_FAKE_ENV_H
#define TEST_FAKE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/env.h>

typedef struct fake_env {
    coax_env env; /* hand this out; it must not move */
    uint64_t now;
    uint64_t seed;
    size_t n_taken;    /* allocations and reallocations so far */
    size_t n_live;     /* blocks out */
    size_t bytes;      /* bytes out */
    size_t most;       /* highest value of bytes */
    size_t fail_from;  /* the allocation that fails first, counted from 1; 0: none */
    size_t fail_count; /* how many fail */
} fake_env;

void fake_env_init(fake_env *fake);
/* The next number of the seeded generator (splitmix64), also for a test's own choices. */
uint64_t fake_env_next(fake_env *fake);
/* One below `n`, which is not 0. */
uint32_t fake_env_below(fake_env *fake, uint32_t n);

#endif
