/*
 * The one look-up table of the planner: addresses or text to objects.
 */
#include "plan/internal.h"

#include <string.h>

static uint64_t hash_of(const idl_plan_map *map, const void *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    if (map->is_text) {
        for (const char *c = (const char *)key; *c != '\0'; c++)
            hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    } else {
        hash ^= (uint64_t)(uintptr_t)key;
        hash *= UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash != 0 ? hash : 1;
}

static bool is_equal(const idl_plan_map *map, const idl_plan_map_slot *slot, uint64_t hash,
                     const void *key)
{
    if (slot->hash != hash)
        return false;
    if (map->is_text)
        return strcmp((const char *)slot->key, (const char *)key) == 0;
    return slot->key == key;
}

void *idl_plan_map_get(const idl_plan_map *map, const void *key)
{
    if (map->n_slots == 0)
        return NULL;
    uint64_t hash = hash_of(map, key);
    size_t mask = map->n_slots - 1;
    for (size_t i = (size_t)hash & mask; map->slots[i].hash != 0; i = (i + 1) & mask)
        if (is_equal(map, &map->slots[i], hash, key))
            return map->slots[i].value;
    return NULL;
}

static void put(idl_plan_map *map, idl_plan_map_slot slot)
{
    size_t mask = map->n_slots - 1;
    size_t i = (size_t)slot.hash & mask;
    while (map->slots[i].hash != 0)
        i = (i + 1) & mask;
    map->slots[i] = slot;
}

static size_t first_size(const idl_plan_map *map)
{
    size_t size = 64;
    while (size < 2 * map->expected)
        size *= 2;
    return size;
}

void idl_plan_map_add(idl_plan_map *map, const void *key, void *value)
{
    if (map->n_used * 2 >= map->n_slots) {
        idl_plan_map_slot *old = map->slots;
        size_t n_old = map->n_slots;
        map->n_slots = n_old == 0 ? first_size(map) : n_old * 2;
        map->slots =
            (idl_plan_map_slot *)idl_arena_array(map->arena, map->n_slots, sizeof *map->slots);
        for (size_t i = 0; i < n_old; i++)
            if (old[i].hash != 0)
                put(map, old[i]);
    }
    put(map, (idl_plan_map_slot){ .hash = hash_of(map, key), .key = key, .value = value });
    map->n_used++;
}
