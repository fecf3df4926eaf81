/* One compilation's memory: allocate freely, release everything at once.
 *
 * idlc is a short-lived tool, so running out of memory is answered in one place: the arena says so
 * on standard error and ends the program with status 2. That is why nothing here returns NULL, and
 * why this arena is not the runtime's, which must hand the error back.
 *
 * Must not know: what is stored. Read next: names.h.
 */
#ifndef IDL_FRONT_ARENA_H
#define IDL_FRONT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#if defined(__GNUC__)
#define IDL_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#else
#define IDL_PRINTF(format_at, first_at)
#endif

typedef struct idl_arena_block idl_arena_block;

typedef struct idl_arena {
    idl_arena_block *blocks; /* newest first */
    size_t total_bytes;      /* taken from the system so far */
} idl_arena;

void idl_arena_init(idl_arena *arena);

/* Frees everything ever allocated from it. Works on a zeroed arena. */
void idl_arena_deinit(idl_arena *arena);

/* Zeroed memory, aligned for pointers, 64-bit integers and doubles. Never NULL; `size` 0 is fine. */
void *idl_arena_alloc(idl_arena *arena, size_t size);

/* The same, not zeroed: for what is written over at once. */
void *idl_arena_take(idl_arena *arena, size_t size);

/* Zeroed room for `count` elements; the product is checked. Never NULL. */
void *idl_arena_array(idl_arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of `len` bytes. */
char *idl_arena_copy(idl_arena *arena, const char *text, size_t len);

/* A formatted, NUL-terminated string. */
char *idl_arena_format(idl_arena *arena, const char *format, ...) IDL_PRINTF(2, 3);
char *idl_arena_vformat(idl_arena *arena, const char *format, va_list args) IDL_PRINTF(2, 0);

/* Grows an array held in the arena: makes room for one more element and returns the array, moved if
 * needed (old copies stay in the arena, so growth doubles). `count` is in use, `*capacity`
 * available. */
void *idl_arena_grow(idl_arena *arena, void *items, size_t count, size_t *capacity, size_t size);

#endif
