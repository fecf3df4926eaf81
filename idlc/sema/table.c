/* Open addressing with linear probing, at most half full. */
#include "sema/table.h"

enum { FIRST_SLOTS = 16 };

/* Keys are often multiples of a pointer's alignment, or small numbers; mix every bit into the low ones. */
static uint32_t slot_of(const idl_table *table, uint64_t key)
{
    uint64_t mixed = key * 0x9e3779b97f4a7c15u;
    mixed ^= mixed >> 29;
    mixed *= 0xbf58476d1ce4e5b9u;
    return (uint32_t)(mixed >> 32) & (table->n_slots - 1);
}

static bool is_used(const idl_table *table, const idl_table_slot *slot)
{
    return slot->value != NULL && slot->generation == table->generation;
}

/* The slot that holds the key, or the free one where it belongs. */
static idl_table_slot *find(const idl_table *table, uint64_t key)
{
    uint32_t at = slot_of(table, key);
    while (is_used(table, &table->slots[at]) && table->slots[at].key != key)
        at = (at + 1) & (table->n_slots - 1);
    return &table->slots[at];
}

static void grow(idl_arena *arena, idl_table *table, uint32_t n_slots)
{
    idl_table old = *table;
    table->n_slots = n_slots;
    table->slots = idl_arena_array(arena, table->n_slots, sizeof *table->slots);
    for (uint32_t i = 0; i < old.n_slots; i++) {
        if (is_used(&old, &old.slots[i]))
            *find(table, old.slots[i].key) = old.slots[i];
    }
}

void idl_table_reserve(idl_arena *arena, idl_table *table, size_t n)
{
    uint32_t n_slots = FIRST_SLOTS;
    while (n_slots / 2 < table->n_used + n && n_slots < UINT32_MAX / 2)
        n_slots *= 2;
    if (n_slots > table->n_slots)
        grow(arena, table, n_slots);
}

void *idl_table_put(idl_arena *arena, idl_table *table, uint64_t key, void *value)
{
    if (table->n_used >= table->n_slots / 2)
        grow(arena, table, table->n_slots == 0 ? FIRST_SLOTS : table->n_slots * 2);
    idl_table_slot *slot = find(table, key);
    if (is_used(table, slot))
        return slot->value;
    *slot = (idl_table_slot){ .key = key, .value = value, .generation = table->generation };
    table->n_used++;
    return NULL;
}

void *idl_table_get(const idl_table *table, uint64_t key)
{
    if (table->n_slots == 0)
        return NULL;
    const idl_table_slot *slot = find(table, key);
    return is_used(table, slot) ? slot->value : NULL;
}

void idl_table_clear(idl_table *table)
{
    table->generation++;
    table->n_used = 0;
}
