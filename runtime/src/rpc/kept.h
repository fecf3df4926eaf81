/*
 * Items that wait for a receiver: messages as they came, first in, first out.
 *
 * Small ones lie back to back in blocks of the pool, so that many tiny items take little more than their bytes;
 * large ones keep the block that they came in. Knows bytes only: how much may be kept is the stream's business.
 * One thread. Read next: stream_in.c.
 */
#ifndef CX_RPC_KEPT_H
#define CX_RPC_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "link/link.h"

typedef struct cx_kept_block cx_kept_block;

/* A zeroed one is empty. */
typedef struct cx_kept {
    cx_kept_block *first;
    cx_kept_block *last;
    size_t bytes; /* memory taken, whatever is in it */
} cx_kept;

static inline bool cx_kept_is_empty(const cx_kept *kept)
{
    return kept->first == NULL;
}

/* Keeps a message behind the others; what it owns is taken. false: no memory, nothing has changed. */
bool cx_kept_add(cx_kept *kept, cx_pool *pool, cx_message *message);
/* The first message, left where it is. There is one. */
void cx_kept_first(const cx_kept *kept, cx_message *ret);
/*
 * Forgets the first message. `message` is what cx_kept_first said of it; what it still owns is given back, so
 * whoever wants that memory takes it before.
 */
void cx_kept_drop_first(cx_kept *kept, cx_pool *pool, cx_message *message);
void cx_kept_clear(cx_kept *kept, cx_pool *pool);

#endif
