/*
 * The map from handles to pointers.
 *
 * Knows nothing of what the values are. Read next: wheel.h.
 */
#include <assert.h>
#include <string.h>

#include "base/idmap.h"
#include "base/memory.h"

enum { FIRST_SLOTS = 16 };

void cx_idmap_init(cx_idmap *map, const coax_allocator *allocator, uint32_t max)
{
    assert(max < CX_IDMAP_NONE);
    memset(map, 0, sizeof *map);
    map->allocator = allocator;
    map->max = max;
    map->first_free = CX_IDMAP_NONE;
    map->last_free = CX_IDMAP_NONE;
}

void cx_idmap_deinit(cx_idmap *map)
{
    cx_free(map->allocator, map->slots);
    cx_idmap_init(map, map->allocator, map->max);
}

static void push_free(cx_idmap *map, uint32_t index)
{
    map->slots[index].next_free = CX_IDMAP_NONE;
    if (map->first_free == CX_IDMAP_NONE)
        map->first_free = index;
    else
        map->slots[map->last_free].next_free = index;
    map->last_free = index;
}

static coax_err grow(cx_idmap *map)
{
    if (map->n_slots == map->max)
        return COAX_ERR_RESOURCE_EXHAUSTED;
    uint32_t n_slots = map->n_slots == 0 ? FIRST_SLOTS : map->n_slots * 2;
    if (n_slots > map->max || n_slots < map->n_slots)
        n_slots = map->max;
    cx_idmap_slot *slots = cx_resize(map->allocator, map->slots, n_slots * sizeof *slots);
    if (slots == NULL)
        return COAX_ERR_NO_MEMORY;
    map->slots = slots;
    for (uint32_t i = map->n_slots; i < n_slots; i++) {
        slots[i].value = NULL;
        slots[i].generation = 0;
        push_free(map, i);
    }
    map->n_slots = n_slots;
    return COAX_OK;
}

coax_err cx_idmap_add(cx_idmap *map, void *value, uint64_t *ret_handle)
{
    assert(value != NULL);
    if (map->first_free == CX_IDMAP_NONE) {
        coax_err err = grow(map);
        if (err != COAX_OK)
            return err;
    }
    uint32_t index = map->first_free;
    cx_idmap_slot *slot = &map->slots[index];
    map->first_free = slot->next_free;
    slot->generation++;
    slot->value = value;
    map->count++;
    *ret_handle = (uint64_t)slot->generation << 32 | index;
    return COAX_OK;
}

void *cx_idmap_remove(cx_idmap *map, uint64_t handle)
{
    void *value = cx_idmap_get(map, handle);
    if (value == NULL)
        return NULL;
    uint32_t index = (uint32_t)handle;
    map->slots[index].value = NULL;
    map->slots[index].generation++;
    map->count--;
    push_free(map, index);
    return value;
}

void *cx_idmap_next(const cx_idmap *map, uint32_t *cursor, uint64_t *ret_handle)
{
    while (*cursor < map->n_slots) {
        uint32_t index = (*cursor)++;
        const cx_idmap_slot *slot = &map->slots[index];
        if (slot->value == NULL)
            continue;
        *ret_handle = (uint64_t)slot->generation << 32 | index;
        return slot->value;
    }
    return NULL;
}
