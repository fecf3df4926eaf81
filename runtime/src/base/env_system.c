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

/*
 * getentropy gives at most 256 bytes at once and fails only where the kernel has no source of randomness (yet). Keys and
 * ids made without one would be worse than none, so this waits for it.
 */
static void system_random(void *self, uint8_t *ret_bytes, size_t len)
{
    const struct timespec a_moment = { 0, 10 * 1000 * 1000 };
    (void)self;
    while (len > 0) {
        size_t part = len < 256 ? len : 256;
        if (getentropy(ret_bytes, part) != 0) {
            (void)nanosleep(&a_moment, NULL);
            continue;
        }
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
