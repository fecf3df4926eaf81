/*
 * Handles that can't bite: 64-bit numbers for pointers, of which a stale one finds nothing.
 *
 * A handle is a slot's index and the generation the slot had; removing moves the generation on.
 * Invariants: 0 is never a handle; a generation is odd while its slot is taken. Everything is O(1);
 * memory grows up to `max` slots and is kept, and the slot freed longest ago is reused first, so
 * that 2^31 reuses of a slot lie between equal handles. One thread at a time.
 */
#ifndef CX_BASE_IDMAP_H
#define CX_BASE_IDMAP_H

#include <stddef.h>
#include <stdint.h>

#include <coax/env.h>
#include <coax/error.h>

typedef struct cx_idmap_slot {
    void *value; /* NULL while free */
    uint32_t generation;
    uint32_t next_free; /* index, or CX_IDMAP_NONE */
} cx_idmap_slot;

#define CX_IDMAP_NONE UINT32_MAX

typedef struct cx_idmap {
    cx_idmap_slot *slots;
    const coax_allocator *allocator; /* NULL: malloc */
    uint32_t n_slots;                /* allocated */
    uint32_t max;
    uint32_t count; /* taken */
    uint32_t first_free;
    uint32_t last_free;
} cx_idmap;

/* An empty map for at most `max` pointers (below CX_IDMAP_NONE); takes no memory yet. `allocator`
 * is borrowed, may be NULL. */
void cx_idmap_init(cx_idmap *map, const coax_allocator *allocator, uint32_t max);

/* Frees the slots, not the values. Fine twice. */
void cx_idmap_deinit(cx_idmap *map);

/* Adds `value`, not NULL. Errors: COAX_ERR_RESOURCE_EXHAUSTED (max), COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_idmap_add(cx_idmap *map, void *value, uint64_t *ret_handle);

/* The value, or NULL for a handle that is stale or never was. */
static inline void *cx_idmap_get(const cx_idmap *map, uint64_t handle)
{
    uint32_t index = (uint32_t)handle;
    if (index >= map->n_slots || map->slots[index].generation != (uint32_t)(handle >> 32))
        return NULL;
    return map->slots[index].value;
}

/* Removes and returns the value; NULL for a handle that is stale or never was. */
void *cx_idmap_remove(cx_idmap *map, uint64_t handle);

/* Walks the values: *cursor starts at 0. NULL at the end. Adding and removing meanwhile is fine;
 * what is added may be missed. */
void *cx_idmap_next(const cx_idmap *map, uint32_t *cursor, uint64_t *ret_handle);

#endif
