/*
 * Objects of one size behind handles of index and generation: lookup is an array access, memory
 * never moves.
 *
 * Grows by chunks up to a bound and keeps them, so that steady use allocates nothing. A slot that
 * was given back is taken again at once, because it is in the cache; one that was retired rests
 * behind CX_SLOTS_RESTING others first, for who must tell late answers to the old object from
 * answers to the new one by a few bits of the generation. One thread at a time.
 */
#ifndef CX_RPC_SLOTS_H
#define CX_RPC_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/env.h>

#define CX_SLOTS_CHUNK 64u
#define CX_SLOTS_RESTING 1024u

/* Every object in a cx_slots begins with this. */
typedef struct cx_slot {
    struct cx_slot *next; /* while free or resting */
    uint32_t index;
    uint32_t generation; /* of this life; a free one's next. Never 0 */
    bool is_taken;
} cx_slot;

typedef struct cx_slots {
    const coax_allocator *allocator;
    cx_slot *free;    /* last given back first */
    cx_slot *resting; /* longest first */
    cx_slot *resting_last;
    uint8_t **chunks;
    uint32_t n_chunks;
    uint32_t max_chunks; /* room in `chunks` */
    uint32_t n_resting;
    uint32_t limit; /* most slots */
    uint32_t size;  /* bytes per object */
} cx_slots;

/* Takes no memory yet. `limit` is a multiple of CX_SLOTS_CHUNK. */
void cx_slots_init(cx_slots *slots, const coax_allocator *allocator, size_t size, uint32_t limit);
/* Frees all, whether taken or not. */
void cx_slots_deinit(cx_slots *slots);
/*
 * An object; what follows its cx_slot is as it was left, zero at first. NULL: no memory, or `limit`
 * are taken.
 */
void *cx_slots_take(cx_slots *slots);
void cx_slots_give(cx_slots *slots, void *object);
void cx_slots_retire(cx_slots *slots, void *object);

/* The object in a slot, taken or not; NULL past the last one. */
static inline void *cx_slots_at(const cx_slots *slots, uint32_t index)
{
    uint32_t chunk = index / CX_SLOTS_CHUNK;
    return chunk < slots->n_chunks
               ? slots->chunks[chunk] + (size_t)(index % CX_SLOTS_CHUNK) * slots->size
               : NULL;
}

/* The object a handle names; NULL when stale. */
static inline void *cx_slots_find(const cx_slots *slots, uint32_t index, uint32_t generation)
{
    cx_slot *slot = cx_slots_at(slots, index);
    return slot != NULL && slot->is_taken && slot->generation == generation ? slot : NULL;
}

#endif
