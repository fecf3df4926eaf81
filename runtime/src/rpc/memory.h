/*
 * Message memory: what a decoded request or reply points into. Counted, pooled, freed from any
 * thread.
 *
 * coax_memory is the public name (gen_client.h). The pool outlives its core as long as a user keeps
 * a result. Taking and cx_memory_give belong to the loop's thread; coax_memory_ref and
 * coax_memory_unref to any.
 */
#ifndef CX_RPC_MEMORY_H
#define CX_RPC_MEMORY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/arena.h>
#include <coax/gen_client.h>

typedef struct cx_memory_pool cx_memory_pool;

/* NULL: no memory. `allocator` is borrowed and outlives the pool's last block. */
cx_memory_pool *cx_memory_pool_create(const coax_allocator *allocator);
/* Frees what is not in use; the rest goes with its last owner. NULL is fine. */
void cx_memory_pool_close(cx_memory_pool *pool);

/* Memory with one owner and an empty arena of at most `limit` bytes. NULL: no memory. */
coax_memory *cx_memory_take(cx_memory_pool *pool, size_t limit);
/* Where its contents go. */
coax_arena *cx_memory_arena(coax_memory *memory);
/* Hands a block from the allocator over, to be freed with it. */
void cx_memory_adopt(coax_memory *memory, void *block);
/* coax_memory_unref for the loop's thread: cheaper. NULL is fine. */
void cx_memory_give(coax_memory *memory);

#endif
