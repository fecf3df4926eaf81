/*
 * The node list of the send queue: blocks of small frames, filled, handed out and given back.
 *
 * A frame is written where it will be sent from. If it outgrows the block it moves on to the next
 * one, and past CX_OUTQ_SMALL into memory of its own (bulk.c); what was committed never moves.
 * Blocks come from the pool and go back as soon as they are empty, so that an idle queue holds
 * nothing. Read next: bulk.c.
 */
#include <assert.h>
#include <string.h>

#include "link/outq_parts.h"

_Static_assert(sizeof(cx_outq_node) + CX_FRAME_HEADER + CX_OUTQ_SMALL <= CX_OUTQ_BLOCK,
               "a block holds the longest small frame");

void cx_outq_append(cx_outq *q, cx_outq_node *node)
{
    node->next = NULL;
    if (q->tail != NULL)
        q->tail->next = node;
    else
        q->head = node;
    q->tail = node;
}

static cx_outq_node *add_block(cx_outq *q, cx_pool *pool)
{
    size_t cap;
    cx_outq_node *block = cx_pool_take(pool, CX_OUTQ_BLOCK, &cap);
    if (block == NULL)
        return NULL;
    block->bulk = NULL;
    block->end = (uint8_t *)(block + 1);
    block->at = block->end;
    block->limit = (uint8_t *)block + CX_OUTQ_BLOCK;
    block->header_left = 0;
    cx_outq_append(q, block);
    return block;
}

/* Room behind the last small frame, or a fresh block. */
static bool find_room(cx_outq *q, cx_pool *pool, size_t payload, cx_outq_frame *ret)
{
    assert(payload <= CX_OUTQ_SMALL);
    cx_outq_node *block = q->tail;
    if (block == NULL || block->bulk != NULL ||
        (size_t)(block->limit - block->end) < CX_FRAME_HEADER + payload)
        block = add_block(q, pool);
    if (block == NULL)
        return false;
    ret->header = block->end;
    ret->limit = block->limit;
    ret->cap = 0;
    return true;
}

bool cx_outq_begin(cx_outq *q, cx_pool *pool, size_t payload, cx_outq_frame *ret)
{
    return find_room(q, pool, payload, ret);
}

bool cx_outq_enlarge(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, size_t used, size_t payload,
                     size_t most, bool as_bulk)
{
    if (as_bulk || frame->cap != 0 || payload > CX_OUTQ_SMALL)
        return cx_bulk_enlarge(pool, frame, used, payload, most);
    const uint8_t *written = frame->header + CX_FRAME_HEADER;
    cx_outq_frame moved;
    if (!find_room(q, pool, payload, &moved))
        return false;
    memcpy(moved.header + CX_FRAME_HEADER, written, used);
    *frame = moved;
    return true;
}

bool cx_outq_commit(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header)
{
    if (frame->cap != 0)
        return cx_bulk_commit(q, pool, frame, header);
    assert(q->tail->end == frame->header);
    cx_frame_encode(header, frame->header);
    q->n_frames++;
    q->tail->end += CX_FRAME_HEADER + header->length;
    q->queued += CX_FRAME_HEADER + header->length;
    return true;
}

void cx_outq_put(cx_outq *q, cx_outq_frame *frame, const void *bytes, size_t len)
{
    assert(len <= CX_FRAME_HEADER && q->tail->end == frame->header);
    memcpy(frame->header, bytes, len);
    q->tail->end += len;
    q->queued += len;
}

void cx_outq_abandon(cx_outq *q, cx_pool *pool, cx_outq_frame *frame)
{
    if (frame->cap != 0)
        cx_pool_give(pool, frame->header, frame->cap);
    frame->cap = 0;
    if (q->queued == 0)
        cx_outq_free_empty(q, pool);
}

/* Adds the unsent bytes of one node to the slices; a cut takes two. */
static size_t add_slices(const cx_outq_node *node, coax_bytes *slices, size_t max)
{
    size_t n = 0;
    if (node->header_left > 0) {
        if (n == max)
            return n;
        slices[n].data = node->header + (CX_FRAME_HEADER - node->header_left);
        slices[n++].len = node->header_left;
    }
    if (node->at < node->end && n < max) {
        slices[n].data = node->at;
        slices[n++].len = (size_t)(node->end - node->at);
    }
    return n;
}

size_t cx_outq_gather(cx_outq *q, cx_pool *pool, const cx_outq_rules *rules, coax_bytes *ret_slices,
                      size_t max)
{
    if (rules != NULL && (q->active != NULL || q->waiting != NULL))
        cx_bulk_cut(q, pool, rules);
    size_t n = 0;
    for (const cx_outq_node *node = q->head; node != NULL && n < max; node = node->next)
        n += add_slices(node, ret_slices + n, max - n);
    return n;
}

static void free_head(cx_outq *q, cx_pool *pool)
{
    cx_outq_node *node = q->head;
    q->head = node->next;
    if (q->head == NULL)
        q->tail = NULL;
    if (node->bulk != NULL)
        cx_bulk_node_done(pool, node);
    else
        cx_pool_give(pool, node, CX_OUTQ_BLOCK);
}

void cx_outq_free_empty(cx_outq *q, cx_pool *pool)
{
    while (q->head != NULL && q->head->header_left == 0 && q->head->at == q->head->end)
        free_head(q, pool);
}

/* Counts up to `n` bytes of the first node as sent; returns how many. */
static size_t consume_head(cx_outq *q, size_t n)
{
    cx_outq_node *node = q->head;
    size_t of_header = n < node->header_left ? n : node->header_left;
    node->header_left -= (uint32_t)of_header;
    size_t left = (size_t)(node->end - node->at);
    size_t of_data = n - of_header < left ? n - of_header : left;
    node->at += of_data;
    if (node->bulk != NULL)
        q->cut -= of_header + of_data;
    return of_header + of_data;
}

void cx_outq_sent(cx_outq *q, cx_pool *pool, size_t n)
{
    assert(n <= q->queued);
    q->queued -= n;
    while (n > 0 && q->head != NULL) {
        n -= consume_head(q, n);
        cx_outq_free_empty(q, pool);
    }
}

void cx_outq_deinit(cx_outq *q, cx_pool *pool)
{
    cx_outq_drop_bulk(q, pool);
    while (q->head != NULL)
        free_head(q, pool);
    memset(q, 0, sizeof *q);
}
