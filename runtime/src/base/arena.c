/*
 * The arena: blocks from an allocator, handed out by moving a pointer.
 *
 * Each new block is twice as large as everything before it, so that few are needed, and a reset keeps the largest: after
 * two or three equal messages one block holds all of them. Knows nothing of messages. Read next: buf.c.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/wipe.h"

enum {
    FIRST_BLOCK = 1024, /* small messages stay within it; more would be paid for by every call */
    ALIGN = 16
};

struct coax_arena_block {
    coax_arena_block *next;
    size_t size; /* with this header */
};

/* The header, padded so that what follows is aligned to 16. */
#define HEADER ((sizeof(coax_arena_block) + ALIGN - 1) / ALIGN * ALIGN)

void coax_arena_init(coax_arena *arena, const coax_allocator *allocator, size_t limit)
{
    *arena = (coax_arena)COAX_ARENA_INIT;
    arena->allocator = allocator;
    arena->limit = limit;
}

static void *block_alloc(const coax_arena *arena, size_t size)
{
    const coax_allocator *allocator = arena->allocator;
    return allocator != NULL ? allocator->resize(allocator->self, NULL, size) : malloc(size);
}

static void block_free(coax_arena *arena, coax_arena_block *block)
{
    arena->used -= block->size;
    if (arena->allocator != NULL)
        arena->allocator->release(arena->allocator->self, block);
    else
        free(block);
}

void cx_arena_wipe(coax_arena *arena)
{
    for (coax_arena_block *block = arena->blocks; block != NULL; block = block->next) {
        uint8_t *start = (uint8_t *)block + HEADER;
        const uint8_t *end = block == arena->blocks ? arena->at : (uint8_t *)block + block->size;
        cx_wipe(start, (size_t)(end - start));
    }
    if (arena->blocks != NULL)
        arena->at = (uint8_t *)arena->blocks + HEADER;
}

void coax_arena_deinit(coax_arena *arena)
{
    if (arena->wipes)
        cx_arena_wipe(arena);
    for (coax_arena_block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        block_free(arena, block);
    }
    arena->blocks = NULL;
    arena->at = NULL;
    arena->end = NULL;
}

static inline void use_block(coax_arena *arena, coax_arena_block *block)
{
    arena->at = (uint8_t *)block + HEADER;
    arena->end = (uint8_t *)block + block->size;
}

void coax_arena_reset(coax_arena *arena)
{
    coax_arena_block *keep = arena->blocks;
    if (arena->wipes)
        cx_arena_wipe(arena);
    if (keep != NULL && keep->next == NULL) {
        use_block(arena, keep);
        return;
    }
    for (coax_arena_block *block = keep; block != NULL; block = block->next) {
        if (block->size > keep->size)
            keep = block;
    }
    if (keep == NULL)
        return;
    for (coax_arena_block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        if (block != keep)
            block_free(arena, block);
    }
    keep->next = NULL;
    arena->blocks = keep;
    use_block(arena, keep);
}

/* How large a block for `size` bytes would be; 0 when the limit or the address space refuses. */
static size_t block_size_for(const coax_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2 - HEADER)
        return 0;
    size_t need = size + HEADER;
    size_t room = arena->limit != 0 ? arena->limit - arena->used : SIZE_MAX / 2;
    if (need > room)
        return 0;
    size_t wish = arena->used == 0 || arena->used > SIZE_MAX / 4 ? FIRST_BLOCK : arena->used * 2;
    if (wish < need)
        wish = need;
    return wish < room ? wish : room;
}

coax_err cx_arena_refusal(const coax_arena *arena, size_t size)
{
    return block_size_for(arena, size) == 0 ? COAX_ERR_TOO_LARGE : COAX_ERR_NO_MEMORY;
}

void *coax_arena_take_slow(coax_arena *arena, size_t size, size_t align)
{
    size_t block_size = block_size_for(arena, size);
    if (block_size == 0 || align > ALIGN)
        return NULL;
    coax_arena_block *block = block_alloc(arena, block_size);
    if (block == NULL)
        return NULL;
    block->size = block_size;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->used += block_size;
    use_block(arena, block);
    uint8_t *taken = arena->at;
    arena->at += size;
    return taken;
}

void *coax_arena_array(coax_arena *arena, size_t count, size_t size, size_t align)
{
    if (size != 0 && count > SIZE_MAX / 2 / size)
        return NULL;
    return coax_arena_take(arena, count * size, align);
}
