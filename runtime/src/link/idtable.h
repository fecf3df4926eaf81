/*
 * A hash table from 64-bit keys to pointers: open addressing, linear probing, no tombstones.
 *
 * For keys that a peer or a schema chose; dense ids of our own use base/idmap.h. Memory is taken
 * with the first entry and given back with the last. One thread at a time.
 */
#ifndef CX_LINK_IDTABLE_H
#define CX_LINK_IDTABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "link/pool.h"

typedef struct cx_idtable_entry {
    uint64_t key;
    void *value; /* NULL: free */
} cx_idtable_entry;

typedef struct cx_idtable {
    cx_idtable_entry *entries;
    uint32_t mask; /* capacity - 1 */
    uint32_t count;
} cx_idtable;

/* The value, or NULL; the table has been used. */
void *cx_idtable_look(const cx_idtable *table, uint64_t key);
/* The value, or NULL. Mostly the tables of a connection are empty. */
static inline void *cx_idtable_find(const cx_idtable *table, uint64_t key)
{
    return table->count == 0 ? NULL : cx_idtable_look(table, key);
}
/* Adds an absent key; false: no memory. `value` is not NULL. */
bool cx_idtable_add(cx_idtable *table, cx_pool *pool, uint64_t key, void *value);
/* Gives a key that is there another value, not NULL. */
void cx_idtable_replace(cx_idtable *table, uint64_t key, void *value);
/* Removes a key and returns its value, or NULL. */
void *cx_idtable_remove(cx_idtable *table, cx_pool *pool, uint64_t key);
/* Frees the table, not the values. */
void cx_idtable_deinit(cx_idtable *table, cx_pool *pool);

#endif
