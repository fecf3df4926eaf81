/*
 * The environment of a real process.
 *
 * Knows POSIX and nothing of coax; a loop hands in its own table instead where it has one. Read
 * next: log.h.
 */
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/env_system.h"

static uint64_t system_now_ns(void *self)
{
    struct timespec now;
    (void)self;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* getentropy gives at most 256 bytes at once and is never interrupted. Without randomness nothing
 * here is safe, so there is no going on. */
static void system_random(void *self, uint8_t *ret_bytes, size_t len)
{
    (void)self;
    while (len > 0) {
        size_t part = len < 256 ? len : 256;
        if (getentropy(ret_bytes, part) != 0)
            abort();
        ret_bytes += part;
        len -= part;
    }
}

static void *system_resize(void *self, void *old, size_t size)
{
    (void)self;
    return realloc(old, size);
}

static void system_release(void *self, void *memory)
{
    (void)self;
    free(memory);
}

const coax_env *cx_env_system(void)
{
    static const coax_env env = {
        .now_ns = system_now_ns,
        .random = system_random,
        .allocator = { .resize = system_resize, .release = system_release },
    };
    return &env;
}
