/*
 * Memory that is taken and given back all the time: power-of-two blocks on bounded freelists.
 *
 * Everything that comes and goes with frames and calls lives here, so that steady traffic allocates
 * nothing. Invariants: what lies on the freelists never passes CX_POOL_KEEP bytes; a block given
 * back has the capacity it was taken with. One thread at a time.
 */
#ifndef CX_LINK_POOL_H
#define CX_LINK_POOL_H

#include <stddef.h>
#include <stdint.h>

#include <coax/env.h>

/* Most bytes kept for reuse in one pool: two messages of the default max_message. */
#define CX_POOL_KEEP (8u * 1024u * 1024u)
#define CX_POOL_CLASSES 18u /* 64 B to 8 MiB; larger blocks are never kept */

typedef struct cx_pool_block cx_pool_block;

typedef struct cx_pool {
    const coax_allocator *allocator;
    cx_pool_block *free[CX_POOL_CLASSES];
    size_t kept; /* bytes on the freelists */
} cx_pool;

/* Takes no memory yet. `allocator` is borrowed. */
void cx_pool_init(cx_pool *pool, const coax_allocator *allocator);
/* Frees what is kept; blocks still out stay valid and may not be given back any more. */
void cx_pool_deinit(cx_pool *pool);
/* A block of at least `size` bytes, aligned to 16, not cleared. `ret_cap` gets its capacity. NULL:
 * no memory. */
void *cx_pool_take(cx_pool *pool, size_t size, size_t *ret_cap);
/* The same, but prefers a kept block of up to `most` bytes to a fresh one: for what is about to
 * grow. */
void *cx_pool_take_roomy(cx_pool *pool, size_t size, size_t most, size_t *ret_cap);
/* Gives a block back; NULL is fine. `cap` is the capacity it was taken with, or a size it was asked
 * for with. */
void cx_pool_give(cx_pool *pool, void *block, size_t cap);
/* Moves `used` bytes into a block of at least `size` and gives the old one back; on failure the old
 * one stays. */
void *cx_pool_grow(cx_pool *pool, void *block, size_t *cap, size_t used, size_t size);
/*
 * The same for what grows up to `most` bytes: into a kept block if there is one, else by resizing
 * it, so that no second block of that size is needed.
 */
void *cx_pool_extend(cx_pool *pool, void *block, size_t *cap, size_t used, size_t size,
                     size_t most);

#endif
