/*
 * Messages of which some frames have come and more are to come.
 *
 * Memory grows with what arrives, never from a declared size. The link checks its bounds before it
 * appends: how many partial requests, how long one message, how many bytes in all. Ordered by last
 * progress, so that the oldest is found at once. One thread. Read next: partial.c, receive.c.
 */
#ifndef CX_LINK_PARTIAL_H
#define CX_LINK_PARTIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "link/idtable.h"
#include "wire/frame.h"

/* All partial messages of one connection may hold this many times its max_message. */
#define CX_PARTIALS_MESSAGES 4u

typedef struct cx_partial {
    cx_list links;   /* by last progress */
    cx_frame header; /* of the first frame */
    uint64_t progress_ns;
    uint8_t *data; /* from the pool; NULL while empty */
    size_t len;
    size_t cap;
    uint32_t head; /* bytes in front of the message; until knows_head those that tell */
    bool knows_head;
    bool is_refused; /* what comes is thrown away: the call has been answered */
} cx_partial;

typedef struct cx_partials {
    cx_idtable by_call;
    cx_list oldest;
    size_t bytes;        /* sum of len */
    uint32_t n_requests; /* of all, those that cx_partial_counts names */
} cx_partials;

/* Whether a message of this type counts for max_concurrent_calls while it is not finished. */
bool cx_partial_counts(uint8_t type);

void cx_partials_init(cx_partials *partials);
void cx_partials_deinit(cx_partials *partials, cx_pool *pool);

static inline cx_partial *cx_partials_find(const cx_partials *partials, uint32_t call)
{
    return cx_idtable_find(&partials->by_call, call);
}
/* A new, empty one. NULL: no memory. */
cx_partial *cx_partials_add(cx_partials *partials, cx_pool *pool, const cx_frame *header,
                            uint64_t now);
/* Takes it out and frees it with what it holds. */
void cx_partials_drop(cx_partials *partials, cx_pool *pool, cx_partial *partial);
/* Takes it out and hands over its data (NULL when empty), a block of the pool of *ret_cap bytes. */
uint8_t *cx_partials_take(cx_partials *partials, cx_pool *pool, cx_partial *partial,
                          size_t *ret_len, size_t *ret_cap);
/* Frees what it holds; frames still to come are thrown away. */
void cx_partials_refuse(cx_partials *partials, cx_pool *pool, cx_partial *partial);
/* Copies bytes to its end; `most` is the longest it may become. false: no memory. */
bool cx_partials_append(cx_partials *partials, cx_pool *pool, cx_partial *partial,
                        const uint8_t *data, size_t len, size_t most);
/* A frame of it is complete. */
void cx_partials_touch(cx_partials *partials, cx_partial *partial, uint64_t now);

#endif
