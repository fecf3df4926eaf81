/* The arena: blocks that double up to a bound, then of whole large pages, handed out from the front. Read next: names.c. */
#include "front/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Enough for pointers, 64-bit integers and doubles, which is all that is kept here. */
#define ALIGNMENT ((size_t)8)
#define FIRST_BLOCK_BYTES ((size_t)16 * 1024)
#define SMALL_TOTAL_BYTES ((size_t)256 * 1024) /* beyond it, blocks are whole large pages */
#define LARGE_PAGE_BYTES ((size_t)2 * 1024 * 1024)

struct idl_arena_block {
    idl_arena_block *older;
    size_t used;
    size_t capacity;
    alignas(ALIGNMENT) unsigned char bytes[];
};

_Noreturn static void out_of_memory(void)
{
    fputs("idlc: out of memory\n", stderr);
    exit(2);
}

void idl_arena_init(idl_arena *arena)
{
    *arena = (idl_arena){ .blocks = NULL, .total_bytes = 0 };
}

void idl_arena_deinit(idl_arena *arena)
{
    idl_arena_block *block = arena->blocks;
    while (block != NULL) {
        idl_arena_block *older = block->older;
        free(block);
        block = older;
    }
    idl_arena_init(arena);
}

/* Large pages where the system has them: one fault in place of 512, which is much of a large schema's time. */
static idl_arena_block *take_large_pages(size_t *capacity)
{
    if (*capacity > SIZE_MAX - sizeof(idl_arena_block) - LARGE_PAGE_BYTES)
        out_of_memory();
    size_t n_pages =
        (sizeof(idl_arena_block) + *capacity + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES;
    size_t size = n_pages * LARGE_PAGE_BYTES;
    idl_arena_block *block = aligned_alloc(LARGE_PAGE_BYTES, size);
#ifdef MADV_HUGEPAGE
    if (block != NULL)
        (void)madvise(block, size, MADV_HUGEPAGE);
#endif
    *capacity = size - sizeof *block;
    return block;
}

/* The block with more room left is the one that pieces come from. */
static void link_block(idl_arena *arena, idl_arena_block *block, size_t about_to_use)
{
    idl_arena_block *newest = arena->blocks;
    if (newest != NULL && newest->capacity - newest->used > block->capacity - about_to_use) {
        block->older = newest->older;
        newest->older = block;
    } else {
        block->older = newest;
        arena->blocks = block;
    }
}

static idl_arena_block *add_block(idl_arena *arena, size_t at_least)
{
    size_t capacity =
        arena->total_bytes > FIRST_BLOCK_BYTES ? arena->total_bytes : FIRST_BLOCK_BYTES;
    bool is_large = capacity >= SMALL_TOTAL_BYTES;
    if (is_large || capacity < at_least)
        capacity = at_least;
    if (capacity > SIZE_MAX - sizeof(idl_arena_block))
        out_of_memory();
    /* Not calloc: handed out pieces are cleared one by one, while they are in the cache. */
    idl_arena_block *block =
        is_large ? take_large_pages(&capacity) : malloc(sizeof *block + capacity);
    if (block == NULL)
        out_of_memory();
    block->used = 0;
    block->capacity = capacity;
    link_block(arena, block, at_least);
    arena->total_bytes += sizeof *block + capacity;
    return block;
}

/* One byte at least, so that every object has an address of its own. */
static size_t round_up(size_t size)
{
    const size_t align = ALIGNMENT;
    if (size > SIZE_MAX - align)
        out_of_memory();
    return size == 0 ? align : (size + align - 1) / align * align;
}

void *idl_arena_take(idl_arena *arena, size_t size)
{
    size_t rounded = round_up(size);
    idl_arena_block *block = arena->blocks;
    if (block == NULL || block->capacity - block->used < rounded)
        block = add_block(arena, rounded);
    void *memory = block->bytes + block->used;
    block->used += rounded;
    return memory;
}

void *idl_arena_alloc(idl_arena *arena, size_t size)
{
    void *memory = idl_arena_take(arena, size);
    memset(memory, 0, size);
    return memory;
}

void *idl_arena_array(idl_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        out_of_memory();
    return idl_arena_alloc(arena, count * size);
}

char *idl_arena_copy(idl_arena *arena, const char *text, size_t len)
{
    if (len == SIZE_MAX)
        out_of_memory();
    char *copy = idl_arena_take(arena, len + 1);
    if (len != 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *idl_arena_format(idl_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = idl_arena_vformat(arena, format, args);
    va_end(args);
    return text;
}

char *idl_arena_vformat(idl_arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    /* Most texts fit behind what is there, and are laid down where they stay. */
    idl_arena_block *block = arena->blocks;
    size_t room = block != NULL ? block->capacity - block->used : 0;
    char *text = room > 0 ? (char *)block->bytes + block->used : NULL;
    int len = vsnprintf(text, room, format, args);
    if (len >= 0 && (size_t)len < room && round_up((size_t)len + 1) <= room) {
        block->used += round_up((size_t)len + 1);
    } else {
        text = idl_arena_alloc(arena, len < 0 ? 1 : (size_t)len + 1);
        if (len > 0)
            vsnprintf(text, (size_t)len + 1, format, again);
    }
    va_end(again);
    return text;
}

void *idl_arena_grow(idl_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    if (wanted < *capacity)
        out_of_memory();
    void *bigger = idl_arena_array(arena, wanted, size);
    if (count != 0)
        memcpy(bigger, items, count * size);
    *capacity = wanted;
    return bigger;
}
