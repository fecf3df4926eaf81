/*
 * A bump allocator with a hard cap: everything a decoded message points to, freed in one step.
 *
 * Invariants: memory handed out stays where it is until reset or deinit; the sum of blocks never
 * passes `limit`; a zeroed arena is a valid empty one that allocates with malloc and has no limit.
 * One thread at a time.
 */
#ifndef COAX_ARENA_H
#define COAX_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/env.h>
#include <coax/export.h>

COAX_BEGIN_DECLS

typedef struct coax_arena_block coax_arena_block;

typedef struct coax_arena {
    uint8_t *at;                     /* next free byte of the current block */
    uint8_t *end;                    /* end of the current block */
    coax_arena_block *blocks;        /* newest first */
    const coax_allocator *allocator; /* NULL: malloc and free */
    size_t used;                     /* bytes taken from the allocator */
    size_t limit;                    /* 0: none */
    bool wipes; /* what was handed out is overwritten when it is given back (reset, deinit) */
} coax_arena;

#define COAX_ARENA_INIT                                                                            \
    {                                                                                              \
        NULL, NULL, NULL, NULL, 0, 0, false                                                        \
    }

/** Prepares an empty arena; takes no memory yet. `allocator` is borrowed and may be NULL; `limit`
 * in bytes, 0 for none. */
COAX_API void coax_arena_init(coax_arena *arena, const coax_allocator *allocator, size_t limit);

/** Frees everything. Fine on a zeroed arena, and twice. */
COAX_API void coax_arena_deinit(coax_arena *arena);

/** Forgets everything handed out and keeps one block for reuse, so that steady use allocates
 * nothing. */
COAX_API void coax_arena_reset(coax_arena *arena);

/** The slow path of coax_arena_take: a new block. NULL when the limit or the allocator says no. */
COAX_API void *coax_arena_take_slow(coax_arena *arena, size_t size, size_t align);

/** `size` bytes aligned to `align` (a power of two up to 16), not cleared. NULL when the limit or
 * the allocator says no. */
static inline void *coax_arena_take(coax_arena *arena, size_t size, size_t align)
{
    uintptr_t at = ((uintptr_t)arena->at + (align - 1)) & ~(uintptr_t)(align - 1);
    if (COAX_LIKELY(at <= (uintptr_t)arena->end && size <= (uintptr_t)arena->end - at &&
                    arena->at != NULL)) {
        uint8_t *taken = arena->at + (at - (uintptr_t)arena->at);
        arena->at = taken + size;
        return taken;
    }
    return coax_arena_take_slow(arena, size, align);
}

/** `count` elements of `size` bytes, not cleared; NULL also when the product overflows. */
COAX_API void *coax_arena_array(coax_arena *arena, size_t count, size_t size, size_t align);

COAX_END_DECLS

#endif
