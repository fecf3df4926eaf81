/*
 * What the codec's tests share: a seeded generator, values, guard pages, allocators that fail.
 */
#ifndef TESTS_WIRE_SUPPORT_H
#define TESTS_WIRE_SUPPORT_H

#include <coax/arena.h>

#include "kinds.h"

/* A splitmix64 stream: the same seed gives the same values everywhere. */
typedef struct test_random {
    uint64_t state;
} test_random;

uint64_t test_next(test_random *random);

/* Below `bound`, which is not 0. */
uint64_t test_below(test_random *random, uint64_t bound);

/* A 64-bit number whose bit width is itself random, so that every encoding comes up. */
uint64_t test_number(test_random *random);

/* A random valid value; what it points to is taken from `arena`. `depth` more parents may hang below it. */
void test_fill_all(test_random *random, coax_arena *arena, kinds_all *ret, unsigned depth);

/* Encodes by straight code into room from `arena`. */
coax_bytes test_encode_all(coax_arena *arena, const kinds_all *value);

/* Bytes that end right before a page nobody may touch. */
typedef struct test_guarded {
    uint8_t *map;
    size_t map_len;
    uint8_t *data;
} test_guarded;

test_guarded test_guard(const void *bytes, size_t len);
void test_unguard(test_guarded *guarded);

/* An allocator that counts, and fails its fail_at-th allocation (from 1; 0: never). */
typedef struct test_allocator {
    coax_allocator table;
    size_t n_taken;
    size_t n_live;
    size_t fail_at;
} test_allocator;

void test_allocator_init(test_allocator *allocator, size_t fail_at);

#endif
