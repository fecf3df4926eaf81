/*
 * Random values of any type, made by its descriptor.
 *
 * Knows C layouts as coax/descriptor.h states them, and no schema.
 */
#ifndef TESTS_COMPILE_RANDOM_VALUE_H
#define TESTS_COMPILE_RANDOM_VALUE_H

#include <coax/arena.h>
#include <coax/descriptor.h>

typedef struct random_source {
    uint64_t state;
    coax_arena *arena; /* holds what values point to */
} random_source;

uint64_t random_next(random_source *random);
/* Below `bound`, which is not 0. */
uint64_t random_below(random_source *random, uint64_t bound);

/* Fills a value of `type` that encodes: text is UTF-8, map keys differ, strict enums hold known numbers. Its
 * constraints it may break. `depth` more levels may hang below it. */
void random_value(random_source *random, const coax_type *type, void *ret, unsigned depth);

#endif
