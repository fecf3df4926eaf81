/*
 * Memory that is taken and given back all the time: power-of-two blocks on bounded freelists.
 *
 * Everything that comes and goes with frames and calls lives here, so that steady traffic allocates
 * nothing. Invariants: what lies on the freelists never passes CX_POOL_KEEP bytes; a block given
 * back has the capacity it was taken with; once the pool keeps secrets, nothing on the freelists or given back to
 * the system holds what its owner wrote. One thread at a time.
 */
#ifndef CX_LINK_POOL_H
#define CX_LINK_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
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
    size_t kept;       /* bytes on the freelists */
    atomic_bool wipes; /* blocks are overwritten when they come back: cx_pool_keep_secrets */
} cx_pool;

/* Takes no memory yet. `allocator` is borrowed. */
void cx_pool_init(cx_pool *pool, const coax_allocator *allocator);
/* Frees what is kept; blocks still out stay valid and may not be given back any more. */
void cx_pool_deinit(cx_pool *pool);
/*
 * From now on blocks are overwritten when they come back, until the pool ends: something passes through this loop that
 * must not stay in memory (an encrypted connection, a @sensitive field). Others ask
 * cx_pool_keeps_secrets and do the same.
 */
static inline void cx_pool_keep_secrets(cx_pool *pool)
{
    atomic_store_explicit(&pool->wipes, true, memory_order_relaxed);
}
/* Whether it does. Any thread. */
static inline bool cx_pool_keeps_secrets(const cx_pool *pool)
{
    return COAX_UNLIKELY(atomic_load_explicit(&pool->wipes, memory_order_relaxed));
}
/* A block of at least `size` bytes, aligned to 16, not cleared. `ret_cap` gets its capacity. NULL:
 * no memory. */
void *cx_pool_take(cx_pool *pool, size_t size, size_t *ret_cap);
/* The same, but prefers a kept block of up to `most` bytes to a fresh one: for what is about to
 * grow. */
void *cx_pool_take_roomy(cx_pool *pool, size_t size, size_t most, size_t *ret_cap);
/* Gives a block back; NULL is fine. `cap` is the capacity it was taken with, or a size it was asked
 * for with. */
void cx_pool_give(cx_pool *pool, void *block, size_t cap);
/* The same for a block of which at most the first `used` bytes were ever written: only they are overwritten. */
void cx_pool_give_used(cx_pool *pool, void *block, size_t cap, size_t used);
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
