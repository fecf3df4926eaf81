/* A hash table from 64-bit keys to pointers: names (interned, so the pointer is the key), numbers, ids.
 *
 * Nothing ever iterates over it, so its order can't reach any output. Clearing is one addition, which makes one table
 * serve every struct in turn. Must not know: what it holds.
 */
#ifndef IDL_SEMA_TABLE_H
#define IDL_SEMA_TABLE_H

#include "front/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct idl_table_slot {
    uint64_t key;
    void *value;
    uint32_t generation; /* in use if it is the table's */
} idl_table_slot;

/* Zeroed is empty. Values are never NULL. */
typedef struct idl_table {
    idl_table_slot *slots;
    uint32_t n_slots; /* a power of two */
    uint32_t n_used;
    uint32_t generation;
} idl_table;

static inline uint64_t idl_key_of(const void *pointer)
{
    return (uint64_t)(uintptr_t)pointer;
}

/* Makes room for `n` more entries at once. */
void idl_table_reserve(idl_arena *arena, idl_table *table, size_t n);

/* Keeps the first: the value that was there already, or NULL after putting `value` in. */
void *idl_table_put(idl_arena *arena, idl_table *table, uint64_t key, void *value);

/* NULL if there is none. */
void *idl_table_get(const idl_table *table, uint64_t key);

/* Forgets everything, keeps the room. */
void idl_table_clear(idl_table *table);

#endif
