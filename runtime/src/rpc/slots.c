/*
 * The slots: chunks of objects, a freelist, and a queue of those that rest.
 *
 * Read next: core.c.
 */
#include <string.h>

#include "rpc/slots.h"

void cx_slots_init(cx_slots *slots, const coax_allocator *allocator, size_t size, uint32_t limit)
{
    memset(slots, 0, sizeof *slots);
    slots->allocator = allocator;
    slots->size = (uint32_t)((size + 15) / 16 * 16);
    slots->limit = limit;
}

void cx_slots_deinit(cx_slots *slots)
{
    const coax_allocator *allocator = slots->allocator;
    for (uint32_t i = 0; i < slots->n_chunks; i++)
        allocator->release(allocator->self, slots->chunks[i]);
    if (slots->chunks != NULL)
        allocator->release(allocator->self, slots->chunks);
    memset(slots, 0, sizeof *slots);
}

static bool room_for_chunk(cx_slots *slots)
{
    if (slots->n_chunks < slots->max_chunks)
        return true;
    uint32_t max = slots->max_chunks == 0 ? 4 : slots->max_chunks * 2;
    uint8_t **chunks = slots->allocator->resize(slots->allocator->self, slots->chunks,
                                                max * sizeof slots->chunks[0]);
    if (chunks == NULL)
        return false;
    slots->chunks = chunks;
    slots->max_chunks = max;
    return true;
}

static bool add_chunk(cx_slots *slots)
{
    if (slots->n_chunks >= slots->limit / CX_SLOTS_CHUNK || !room_for_chunk(slots))
        return false;
    size_t bytes = (size_t)CX_SLOTS_CHUNK * slots->size;
    uint8_t *chunk = slots->allocator->resize(slots->allocator->self, NULL, bytes);
    if (chunk == NULL)
        return false;
    memset(chunk, 0, bytes);
    for (uint32_t i = CX_SLOTS_CHUNK; i-- > 0;) {
        cx_slot *slot = (cx_slot *)(void *)(chunk + (size_t)i * slots->size);
        slot->index = slots->n_chunks * CX_SLOTS_CHUNK + i;
        slot->generation = 1;
        slot->next = slots->free;
        slots->free = slot;
    }
    slots->chunks[slots->n_chunks++] = chunk;
    return true;
}

static cx_slot *take_rested(cx_slots *slots)
{
    cx_slot *slot = slots->resting;
    slots->resting = slot->next;
    slots->n_resting--;
    return slot;
}

void *cx_slots_take(cx_slots *slots)
{
    cx_slot *slot = slots->free;
    if (COAX_UNLIKELY(slot == NULL)) {
        if (slots->n_resting > CX_SLOTS_RESTING) {
            slot = take_rested(slots);
            slot->is_taken = true;
            return slot;
        }
        if (!add_chunk(slots))
            return NULL;
        slot = slots->free;
    }
    slots->free = slot->next;
    slot->is_taken = true;
    return slot;
}

static void end_life(cx_slot *slot)
{
    slot->is_taken = false;
    if (++slot->generation == 0)
        slot->generation = 1;
}

void cx_slots_give(cx_slots *slots, void *object)
{
    cx_slot *slot = object;
    end_life(slot);
    slot->next = slots->free;
    slots->free = slot;
}

void cx_slots_retire(cx_slots *slots, void *object)
{
    cx_slot *slot = object;
    end_life(slot);
    slot->next = NULL;
    if (slots->n_resting++ == 0)
        slots->resting = slot;
    else
        slots->resting_last->next = slot;
    slots->resting_last = slot;
}
