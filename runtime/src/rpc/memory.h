/*
 * Message memory: what a decoded request or reply points into. Counted, pooled, freed from any
 * thread.
 *
 * coax_memory is the public name (gen_client.h). The pool outlives its core as long as a user keeps
 * a result. Everything here belongs to the loop's thread; coax_memory_ref and coax_memory_unref to
 * any.
 */
#ifndef CX_RPC_MEMORY_H
#define CX_RPC_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include <coax/arena.h>
#include <coax/gen_client.h>

#include "link/link.h"

typedef struct cx_memory_pool cx_memory_pool;

/*
 * NULL: no memory. `blocks` is where messages that link hands over come from; it is borrowed until
 * close, its allocator until the last result is freed.
 */
cx_memory_pool *cx_memory_pool_create(cx_pool *blocks);
/* Frees what is not in use; the rest goes with its last owner. NULL is fine. */
void cx_memory_pool_close(cx_memory_pool *pool);

/*
 * Memory with one owner that holds a copy of the message, or the message itself where it is
 * `owned`, which is then taken, and at most `limit` bytes decoded from it. `message` may be NULL.
 * Returns NULL: no memory, and the message is as it was.
 */
coax_memory *cx_memory_take(cx_memory_pool *pool, cx_message *message, size_t limit);
/* Where what is decoded goes. */
coax_arena *cx_memory_arena(coax_memory *memory);
/*
 * Decodes `encoded` into room for a `type` in it. NULL: `why` has the words; COAX_ERR_TOO_LARGE is the memory's limit,
 * COAX_ERR_NO_MEMORY the allocator's refusal, all else the bytes' fault.
 */
void *cx_memory_decode(coax_memory *memory, const coax_type *type, coax_bytes encoded,
                       coax_error *why);
/* Bytes it takes, the message included. */
size_t cx_memory_size(const coax_memory *memory);
/* Has `other`, whose one owner gives it up, live as long as `memory`, which has none such yet. */
void cx_memory_join(coax_memory *memory, coax_memory *other);
/* coax_memory_unref for the loop's thread: cheaper. NULL is fine. */
void cx_memory_give(coax_memory *memory);

#endif
