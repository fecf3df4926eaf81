/*
 * The pool of message memory, and the one piece of coax that other threads may touch.
 *
 * On the loop's thread memory goes to and from a plain freelist. An owner on another thread pushes
 * what it freed onto a stack with one atomic exchange; the loop takes the whole stack when its
 * freelist is empty. A closed pool's stack holds a mark instead, and whoever finds it frees for
 * itself. The pool goes with the last memory made from it. Read next: core.h.
 */
#include <stdatomic.h>
#include <string.h>

#include <coax/reader.h>

#include "base/arena.h"
#include "base/wipe.h"
#include "rpc/memory.h"

/* What is kept for reuse: so many, none of them larger than this, in all not more than that. */
enum { KEEP_COUNT = 4096, KEEP_LARGEST = 1024 * 1024, KEEP_BYTES = 8 * 1024 * 1024 };

struct coax_memory {
    coax_arena arena;
    coax_memory *next; /* while free */
    cx_memory_pool *pool;
    void *block; /* a message that link handed over, from pool->blocks */
    size_t block_cap;
    size_t block_used;
    coax_memory *also; /* goes with this one */
    atomic_uint n_owners;
};

struct cx_memory_pool {
    coax_allocator allocator;
    cx_pool *blocks; /* NULL once closed */
    coax_memory *free;
    uint32_t n_free;
    size_t free_bytes;
    _Atomic(coax_memory *) returned; /* by other threads; `closed` once the pool is */
    coax_memory closed;              /* a mark: only its address counts */
    atomic_size_t n_made;            /* memories that exist, and one for the open pool */
};

cx_memory_pool *cx_memory_pool_create(cx_pool *blocks)
{
    const coax_allocator *allocator = blocks->allocator;
    cx_memory_pool *pool = allocator->resize(allocator->self, NULL, sizeof *pool);
    if (pool == NULL)
        return NULL;
    memset(pool, 0, sizeof *pool);
    pool->allocator = *allocator;
    pool->blocks = blocks;
    atomic_init(&pool->returned, NULL);
    atomic_init(&pool->n_made, 1);
    return pool;
}

/* One memory less, or the open pool's own share: the last one takes the pool along. */
static void leave(cx_memory_pool *pool)
{
    if (atomic_fetch_sub(&pool->n_made, 1) != 1)
        return;
    coax_allocator allocator = pool->allocator;
    allocator.release(allocator.self, pool);
}

/*
 * Overwrites what its last owner has let go, on whose thread this runs. The arena says whether: it was told when the
 * memory was taken.
 */
COAX_COLD static void wipe(coax_memory *memory)
{
    for (; memory != NULL; memory = memory->also) {
        cx_arena_wipe(&memory->arena);
        if (memory->block != NULL)
            cx_wipe(memory->block, memory->block_used);
        memory->arena.wipes = false; /* done: resetting it need not */
    }
}

/* Frees for good, on any thread. */
static void destroy(coax_memory *memory)
{
    cx_memory_pool *pool = memory->pool;
    if (memory->also != NULL)
        destroy(memory->also);
    coax_arena_deinit(&memory->arena);
    if (memory->block != NULL)
        pool->allocator.release(pool->allocator.self, memory->block);
    pool->allocator.release(pool->allocator.self, memory);
    leave(pool);
}

/* Makes it empty and keeps it for reuse, if there is room for it. Loop's thread. */
static void keep(cx_memory_pool *pool, coax_memory *memory)
{
    if (COAX_UNLIKELY(memory->also != NULL)) {
        keep(pool, memory->also);
        memory->also = NULL;
    }
    if (memory->block != NULL) {
        cx_pool_give_used(pool->blocks, memory->block, memory->block_cap, 0); /* wiped already */
        memory->block = NULL;
    }
    coax_arena_reset(&memory->arena);
    size_t size = memory->arena.used;
    if (size > KEEP_LARGEST || pool->n_free == KEEP_COUNT || pool->free_bytes + size > KEEP_BYTES) {
        destroy(memory);
        return;
    }
    memory->next = pool->free;
    pool->free = memory;
    pool->n_free++;
    pool->free_bytes += size;
}

static void collect_returned(cx_memory_pool *pool)
{
    coax_memory *memory = atomic_exchange(&pool->returned, NULL);
    for (coax_memory *next; memory != NULL; memory = next) {
        next = memory->next;
        keep(pool, memory);
    }
}

void cx_memory_pool_close(cx_memory_pool *pool)
{
    if (pool == NULL)
        return;
    coax_memory *memory = atomic_exchange(&pool->returned, &pool->closed);
    for (coax_memory *next; memory != NULL; memory = next) {
        next = memory->next;
        destroy(memory);
    }
    memory = pool->free;
    for (coax_memory *next; memory != NULL; memory = next) {
        next = memory->next;
        destroy(memory);
    }
    leave(pool);
}

static coax_memory *make(cx_memory_pool *pool)
{
    coax_memory *memory = pool->allocator.resize(pool->allocator.self, NULL, sizeof *memory);
    if (memory == NULL)
        return NULL;
    memset(memory, 0, sizeof *memory);
    coax_arena_init(&memory->arena, &pool->allocator, 0);
    memory->pool = pool;
    atomic_init(&memory->n_owners, 1);
    atomic_fetch_add(&pool->n_made, 1);
    return memory;
}

static coax_memory *take_empty(cx_memory_pool *pool)
{
    if (COAX_UNLIKELY(pool->free == NULL))
        collect_returned(pool);
    coax_memory *memory = pool->free;
    if (COAX_UNLIKELY(memory == NULL))
        return make(pool);
    pool->free = memory->next;
    pool->n_free--;
    pool->free_bytes -= memory->arena.used;
    atomic_store_explicit(&memory->n_owners, 1, memory_order_relaxed);
    return memory;
}

coax_memory *cx_memory_take(cx_memory_pool *pool, cx_message *message, size_t limit)
{
    coax_memory *memory = take_empty(pool);
    if (memory == NULL)
        return NULL;
    memory->arena.wipes = cx_pool_keeps_secrets(pool->blocks);
    bool is_copied = message != NULL && message->owned == NULL && message->len > 0;
    memory->arena.limit = limit + (is_copied ? message->len + 64 : 0);
    if (memory->arena.used > memory->arena.limit)
        coax_arena_deinit(&memory->arena); /* a kept block larger than all it may hold */
    if (is_copied) {
        uint8_t *copy = coax_arena_take(&memory->arena, message->len, 1);
        if (copy == NULL) {
            cx_memory_give(memory);
            return NULL;
        }
        memcpy(copy, message->data, message->len);
        message->data = copy;
    } else if (message != NULL && message->owned != NULL) {
        memory->block = message->owned;
        memory->block_cap = message->owned_cap;
        memory->block_used = (size_t)(message->data + message->len - (uint8_t *)message->owned);
        message->owned = NULL;
    }
    return memory;
}

void cx_memory_join(coax_memory *memory, coax_memory *other)
{
    memory->also = other;
}

void *cx_memory_decode(coax_memory *memory, const coax_type *type, coax_bytes encoded,
                       coax_error *why)
{
    coax_arena *arena = &memory->arena;
    void *value = coax_arena_take(arena, type->size, 16);
    if (COAX_UNLIKELY(value == NULL)) {
        coax_error_set(why, cx_arena_refusal(arena, type->size), "no memory to decode it");
        return NULL;
    }
    coax_reader reader;
    coax_reader_init(&reader, encoded.data, encoded.len, arena);
    type->decode(&reader, value);
    return coax_reader_finish(&reader, why) == COAX_OK ? value : NULL;
}

size_t cx_memory_size(const coax_memory *memory)
{
    return memory->arena.used + (memory->block != NULL ? memory->block_cap : 0);
}

coax_arena *cx_memory_arena(coax_memory *memory)
{
    return &memory->arena;
}

static bool is_last_owner(coax_memory *memory)
{
    /* The common case, one owner, needs no locked instruction: nobody else can make it two. */
    if (atomic_load_explicit(&memory->n_owners, memory_order_acquire) == 1)
        return true;
    return atomic_fetch_sub_explicit(&memory->n_owners, 1, memory_order_acq_rel) == 1;
}

void cx_memory_give(coax_memory *memory)
{
    if (memory == NULL || !is_last_owner(memory))
        return;
    if (COAX_UNLIKELY(memory->arena.wipes))
        wipe(memory);
    keep(memory->pool, memory);
}

coax_memory *coax_memory_ref(coax_memory *memory)
{
    if (memory != NULL)
        atomic_fetch_add_explicit(&memory->n_owners, 1, memory_order_relaxed);
    return memory;
}

void coax_memory_unref(coax_memory *memory)
{
    if (memory == NULL || !is_last_owner(memory))
        return;
    if (COAX_UNLIKELY(memory->arena.wipes))
        wipe(memory);
    cx_memory_pool *pool = memory->pool;
    coax_memory *first = atomic_load(&pool->returned);
    do {
        if (first == &pool->closed) {
            destroy(memory);
            return;
        }
        memory->next = first;
    } while (!atomic_compare_exchange_weak(&pool->returned, &first, memory));
}
