/*
 * The pool: one freelist per power of two from 64 bytes to 8 MiB.
 *
 * A block has no header; its owner knows its capacity, and the first bytes of a free one link the
 * list. Nothing is given back to the system before the pool ends unless keeping it would pass
 * CX_POOL_KEEP. Read next: outq.c, a user.
 */
#include <string.h>

#include "base/wipe.h"
#include "link/pool.h"

enum { SMALLEST_SHIFT = 6 };

struct cx_pool_block {
    cx_pool_block *next;
};

/* The class whose blocks hold `size` bytes; CX_POOL_CLASSES or more: too large to keep. */
static unsigned class_of(size_t size)
{
    if (size <= (size_t)1 << SMALLEST_SHIFT)
        return 0;
    return (unsigned)(8 * sizeof(unsigned long long)) -
           (unsigned)__builtin_clzll((unsigned long long)size - 1) - SMALLEST_SHIFT;
}

static size_t class_size(unsigned class)
{
    return (size_t)1 << (class + SMALLEST_SHIFT);
}

void cx_pool_init(cx_pool *pool, const coax_allocator *allocator)
{
    memset(pool, 0, sizeof *pool);
    atomic_init(&pool->wipes, false);
    pool->allocator = allocator;
}

void cx_pool_deinit(cx_pool *pool)
{
    for (unsigned class = 0; class < CX_POOL_CLASSES; class ++) {
        for (cx_pool_block *block = pool->free[class], *next; block != NULL; block = next) {
            next = block->next;
            pool->allocator->release(pool->allocator->self, block);
        }
        pool->free[class] = NULL;
    }
    pool->kept = 0;
}

static void *take_kept(cx_pool *pool, unsigned class, size_t *ret_cap)
{
    cx_pool_block *block = pool->free[class];
    pool->free[class] = block->next;
    pool->kept -= class_size(class);
    *ret_cap = class_size(class);
    return block;
}

static void *take_fresh(cx_pool *pool, size_t size, size_t *ret_cap)
{
    unsigned class = class_of(size);
    size_t cap = class < CX_POOL_CLASSES ? class_size(class) : size;
    void *block = pool->allocator->resize(pool->allocator->self, NULL, cap);
    if (block != NULL)
        *ret_cap = cap;
    return block;
}

void *cx_pool_take(cx_pool *pool, size_t size, size_t *ret_cap)
{
    unsigned class = class_of(size);
    if (COAX_LIKELY(class < CX_POOL_CLASSES && pool->free[class] != NULL))
        return take_kept(pool, class, ret_cap);
    return take_fresh(pool, size, ret_cap);
}

/* A kept block of `size` to about `most` bytes, or NULL. */
static void *take_kept_roomy(cx_pool *pool, size_t size, size_t most, size_t *ret_cap)
{
    for (unsigned class = class_of(size); class < CX_POOL_CLASSES; class ++) {
        if (pool->free[class] != NULL)
            return take_kept(pool, class, ret_cap);
        if (class_size(class) >= most)
            break;
    }
    return NULL;
}

void *cx_pool_take_roomy(cx_pool *pool, size_t size, size_t most, size_t *ret_cap)
{
    void *block = take_kept_roomy(pool, size, most, ret_cap);
    return block != NULL ? block : take_fresh(pool, size, ret_cap);
}

void cx_pool_give(cx_pool *pool, void *memory, size_t cap)
{
    cx_pool_give_used(pool, memory, cap, cap);
}

void cx_pool_give_used(cx_pool *pool, void *memory, size_t cap, size_t used)
{
    if (memory == NULL)
        return;
    if (cx_pool_keeps_secrets(pool))
        cx_wipe(memory, used);
    unsigned class = class_of(cap);
    if (class >= CX_POOL_CLASSES || pool->kept + class_size(class) > CX_POOL_KEEP) {
        pool->allocator->release(pool->allocator->self, memory);
        return;
    }
    cx_pool_block *block = memory;
    block->next = pool->free[class];
    pool->free[class] = block;
    pool->kept += class_size(class);
}

void *cx_pool_grow(cx_pool *pool, void *block, size_t *cap, size_t used, size_t size)
{
    size_t new_cap;
    void *moved = cx_pool_take(pool, size, &new_cap);
    if (moved == NULL)
        return NULL;
    if (used > 0)
        memcpy(moved, block, used);
    cx_pool_give_used(pool, block, *cap, used);
    *cap = new_cap;
    return moved;
}

void *cx_pool_extend(cx_pool *pool, void *block, size_t *cap, size_t used, size_t size, size_t most)
{
    size_t new_cap;
    void *kept = take_kept_roomy(pool, size, most, &new_cap);
    if (kept != NULL) {
        memcpy(kept, block, used);
        cx_pool_give_used(pool, block, *cap, used);
        *cap = new_cap;
        return kept;
    }
    if (cx_pool_keeps_secrets(pool)) /* the system would leave a copy behind */
        return cx_pool_grow(pool, block, cap, used, size);
    unsigned class = class_of(size);
    new_cap = class < CX_POOL_CLASSES ? class_size(class) : size;
    void *resized = pool->allocator->resize(pool->allocator->self, block, new_cap);
    if (resized != NULL)
        *cap = new_cap;
    return resized;
}
