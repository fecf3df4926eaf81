/*
 * The tests' environment.
 */
#include <stdlib.h>
#include <string.h>

#include "fake_env.h"

/* In front of each block; keeps its alignment. */
enum { HEAD = 16 };

static uint64_t now_ns(void *self)
{
    return ((fake_env *)self)->now;
}

uint64_t fake_env_next(fake_env *fake)
{
    uint64_t z = (fake->seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t fake_env_below(fake_env *fake, uint32_t n)
{
    return (uint32_t)(fake_env_next(fake) % n);
}

static void fill_random(void *self, uint8_t *ret_bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ret_bytes[i] = (uint8_t)fake_env_next(self);
}

static void *resize(void *self, void *old, size_t size)
{
    fake_env *fake = self;
    fake->n_taken++;
    if (fake->fail_from != 0 && fake->n_taken >= fake->fail_from &&
        fake->n_taken < fake->fail_from + fake->fail_count)
        return NULL;
    size_t was = 0;
    uint8_t *block = old != NULL ? (uint8_t *)old - HEAD : NULL;
    if (block != NULL)
        memcpy(&was, block, sizeof was);
    uint8_t *moved = realloc(block, size + HEAD);
    if (moved == NULL)
        return NULL;
    memcpy(moved, &size, sizeof size);
    fake->n_live += old == NULL;
    fake->bytes += size - was;
    if (fake->bytes > fake->most)
        fake->most = fake->bytes;
    return moved + HEAD;
}

static void release(void *self, void *memory)
{
    fake_env *fake = self;
    if (memory == NULL)
        return;
    size_t size;
    memcpy(&size, (uint8_t *)memory - HEAD, sizeof size);
    fake->n_live--;
    fake->bytes -= size;
    free((uint8_t *)memory - HEAD);
}

void fake_env_init(fake_env *fake)
{
    memset(fake, 0, sizeof *fake);
    fake->now = 1000000000u;
    fake->seed = 1;
    fake->fail_count = SIZE_MAX / 2;
    fake->env.self = fake;
    fake->env.now_ns = now_ns;
    fake->env.random = fill_random;
    fake->env.allocator = (coax_allocator){ fake, resize, release };
}
