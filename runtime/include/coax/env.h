/*
 * The environment table: the only way the protocol core reaches memory, time and randomness.
 *
 * The library runs on the real one (libuv's clock, the system's random bytes, malloc) unless a loop
 * was created with another; the simulator hands in a virtual clock and a seeded generator and runs
 * the same code.
 */
#ifndef COAX_ENV_H
#define COAX_ENV_H

#include <stddef.h>
#include <stdint.h>

#include <coax/export.h>

COAX_BEGIN_DECLS

/**
 * Where memory comes from. Called from the loop's thread (of many loops: from each, at once);
 * `resize` with NULL allocates.
 */
typedef struct coax_allocator {
    void *self;
    /** Like realloc: `old` NULL allocates, failure returns NULL and leaves `old` as it was. `size`
     * is never 0. */
    void *(*resize)(void *self, void *old, size_t size);
    /** Like free: NULL is fine. */
    void (*release)(void *self, void *memory);
} coax_allocator;

/** Time, randomness and memory. Borrowed by what is created with it; must outlive it. */
typedef struct coax_env {
    void *self;
    /** Monotonic nanoseconds; never goes back. */
    uint64_t (*now_ns)(void *self);
    /** Fills `len` bytes with cryptographic randomness (or the simulator's seeded stream). Can't
     * fail. */
    void (*random)(void *self, uint8_t *ret_bytes, size_t len);
    coax_allocator allocator;
} coax_env;

COAX_END_DECLS

#endif
