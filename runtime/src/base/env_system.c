/*
 * The environment of a real process.
 *
 * Knows POSIX and nothing of coax; a loop hands in its own table instead where it has one. Read
 * next: log.h.
 */
#include <stdio.h>
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

void cx_wall_clock(char *ret_text, size_t size)
{
    struct timespec now = { 0, 0 };
    struct tm day;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &day) == NULL)
        (void)snprintf(ret_text, size, "1970-01-01T00:00:00.000000Z");
    else
        (void)snprintf(ret_text, size, "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ", day.tm_year + 1900,
                       day.tm_mon + 1, day.tm_mday, day.tm_hour, day.tm_min, day.tm_sec,
                       now.tv_nsec / 1000);
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
