/*
 * Objects of one size behind handles of index and generation: lookup is an array access, memory
 * never moves.
 *
 * Grows by chunks up to a bound and keeps them, so that steady use allocates nothing. Invariants: a
 * generation is never 0 and changes whenever a slot is given back, so that an old handle finds
 * nothing. One thread at a time.
 */
#ifndef CX_RPC_SLOTS_H
#define CX_RPC_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#include <coax/env.h>

/* Every object in a cx_slots begins with this. */
typedef struct cx_slot {
    uint32_t index;
    uint32_t generation; /* of the present life, or of the next one while free */
    struct cx_slot *next_free;
    uint32_t is_taken;
} cx_slot;

typedef struct cx_slots {
    const coax_allocator *allocator;
    cx_slot *free; /* last given back first: it is in the cache */
    uint8_t **chunks;
    uint32_t n_chunks;
    uint32_t max_chunks; /* room in `chunks` */
    uint32_t limit;      /* most slots */
    uint32_t size;       /* bytes per object */
    uint32_t generation_mask;
} cx_slots;

#define CX_SLOTS_CHUNK 64u

/* Takes no memory yet. `generation_bits` of the generation are used; `limit` at most 2^20. */
void cx_slots_init(cx_slots *slots, const coax_allocator *allocator, size_t size, uint32_t limit,
                   uint32_t generation_bits);
void cx_slots_deinit(cx_slots *slots);
/* A slot whose object is not cleared past its cx_slot (zero at first). NULL: no memory or the
 * limit. */
void *cx_slots_take(cx_slots *slots);
void cx_slots_give(cx_slots *slots, void *object);
/* NULL when stale. */
void *cx_slots_find(const cx_slots *slots, uint32_t index, uint32_t generation);

#endif
