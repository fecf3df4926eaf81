/*
 * The hash table: at most three quarters full, linear probing, removal by shifting the followers back.
 *
 * Peers choose many of the keys, and all connections of a loop share some tables: so keys are mixed with where the table
 * lies, which no peer knows, and can't be chosen to collide. Nothing may depend on the order of entries. Read next:
 * partial.c.
 */
#include <string.h>

#include "link/idtable.h"

enum { FIRST_CAPACITY = 16 };

static uint32_t home(const cx_idtable *table, uint64_t key)
{
    uint64_t mixed = (key ^ (uint64_t)(uintptr_t)table->entries) * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 32) * 0xd6e8feb86659fd93u;
    return (uint32_t)(mixed >> 32) & table->mask;
}

/* The entry that holds `key`, or the free one where it would go. The table has room. */
static cx_idtable_entry *entry_for(const cx_idtable *table, uint64_t key)
{
    uint32_t at = home(table, key);
    while (table->entries[at].value != NULL && table->entries[at].key != key)
        at = (at + 1) & table->mask;
    return &table->entries[at];
}

void *cx_idtable_look(const cx_idtable *table, uint64_t key)
{
    return entry_for(table, key)->value;
}

static bool grow(cx_idtable *table, cx_pool *pool)
{
    uint32_t capacity = table->entries == NULL ? FIRST_CAPACITY : (table->mask + 1) * 2;
    size_t size = capacity * sizeof(cx_idtable_entry);
    size_t unused;
    cx_idtable_entry *entries = cx_pool_take(pool, size, &unused);
    if (entries == NULL)
        return false;
    memset(entries, 0, size);
    cx_idtable old = *table;
    table->entries = entries;
    table->mask = capacity - 1;
    if (old.entries == NULL)
        return true;
    for (uint32_t i = 0; i <= old.mask; i++) {
        if (old.entries[i].value != NULL)
            *entry_for(table, old.entries[i].key) = old.entries[i];
    }
    cx_pool_give(pool, old.entries, (old.mask + 1) * sizeof(cx_idtable_entry));
    return true;
}

bool cx_idtable_add(cx_idtable *table, cx_pool *pool, uint64_t key, void *value)
{
    if (table->entries == NULL || table->count + 1 > (table->mask + 1) / 4 * 3) {
        if (!grow(table, pool))
            return false;
    }
    cx_idtable_entry *entry = entry_for(table, key);
    entry->key = key;
    entry->value = value;
    table->count++;
    return true;
}

void cx_idtable_replace(cx_idtable *table, uint64_t key, void *value)
{
    entry_for(table, key)->value = value;
}

/* Moves back what probed past the entry just freed, so that no search ends early at the hole. */
static void close_hole(cx_idtable *table, uint32_t hole)
{
    for (uint32_t at = (hole + 1) & table->mask; table->entries[at].value != NULL;
         at = (at + 1) & table->mask) {
        uint32_t from = home(table, table->entries[at].key);
        if (((at - from) & table->mask) < ((at - hole) & table->mask))
            continue;
        table->entries[hole] = table->entries[at];
        table->entries[at].value = NULL;
        hole = at;
    }
}

void *cx_idtable_remove(cx_idtable *table, cx_pool *pool, uint64_t key)
{
    if (table->count == 0)
        return NULL;
    cx_idtable_entry *entry = entry_for(table, key);
    void *value = entry->value;
    if (value == NULL)
        return NULL;
    entry->value = NULL;
    if (--table->count == 0)
        cx_idtable_deinit(table, pool);
    else
        close_hole(table, (uint32_t)(entry - table->entries));
    return value;
}

void cx_idtable_deinit(cx_idtable *table, cx_pool *pool)
{
    if (table->entries != NULL)
        cx_pool_give(pool, table->entries, (table->mask + 1) * sizeof(cx_idtable_entry));
    memset(table, 0, sizeof *table);
}
