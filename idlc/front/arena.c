/* The arena: blocks that double up to a bound, handed out from the front. Read next: names.c. */
#include "front/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough for pointers, 64-bit integers and doubles, which is all that is kept here. */
#define ALIGNMENT ((size_t)8)
#define FIRST_BLOCK_BYTES ((size_t)16 * 1024)
#define LARGEST_BLOCK_BYTES ((size_t)1024 * 1024)

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

static idl_arena_block *add_block(idl_arena *arena, size_t at_least)
{
    size_t capacity = FIRST_BLOCK_BYTES;
    if (arena->blocks != NULL && arena->blocks->capacity >= FIRST_BLOCK_BYTES)
        capacity = arena->blocks->capacity * 2;
    if (capacity > LARGEST_BLOCK_BYTES)
        capacity = LARGEST_BLOCK_BYTES;
    if (capacity < at_least)
        capacity = at_least;
    if (capacity > SIZE_MAX - sizeof(idl_arena_block))
        out_of_memory();
    /* Not calloc: handed out pieces are cleared one by one, while they are in the cache. */
    idl_arena_block *block = malloc(sizeof *block + capacity);
    if (block == NULL)
        out_of_memory();
    block->older = arena->blocks;
    block->used = 0;
    block->capacity = capacity;
    arena->blocks = block;
    arena->total_bytes += sizeof *block + capacity;
    return block;
}

void *idl_arena_alloc(idl_arena *arena, size_t size)
{
    const size_t align = ALIGNMENT;
    if (size > SIZE_MAX - align)
        out_of_memory();
    /* One byte at least, so that every object has an address of its own. */
    size_t rounded = size == 0 ? align : (size + align - 1) / align * align;
    idl_arena_block *block = arena->blocks;
    if (block == NULL || block->capacity - block->used < rounded)
        block = add_block(arena, rounded);
    void *memory = block->bytes + block->used;
    block->used += rounded;
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
    char *copy = idl_arena_alloc(arena, len + 1);
    if (len != 0)
        memcpy(copy, text, len);
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
    int len = vsnprintf(NULL, 0, format, args);
    char *text = idl_arena_alloc(arena, len < 0 ? 1 : (size_t)len + 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, format, again);
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
