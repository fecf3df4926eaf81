/*
 * Large messages in the send queue: encoded once, cut into frames in turns, never copied again.
 *
 * A cut is a frame header of 16 bytes in the cut itself and a slice of the message's memory.
 * Messages that have begun ("active") take turns frame by frame; the receiver bounds how many and
 * how much they may be, so the others wait. Each carries the nodes for its cuts, because cutting
 * happens where no memory may be asked for.
 */
#include <assert.h>
#include <string.h>

#include "link/outq_parts.h"

bool cx_bulk_enlarge(cx_pool *pool, cx_outq_frame *frame, size_t used, size_t payload, size_t most)
{
    size_t wish =
        frame->cap * 2; /* so that a message written in small steps is moved a few times only */
    if (wish > CX_FRAME_HEADER + most)
        wish = CX_FRAME_HEADER + most;
    if (wish < CX_FRAME_HEADER + payload)
        wish = CX_FRAME_HEADER + payload;
    size_t cap;
    uint8_t *block = cx_pool_take_roomy(pool, wish, CX_FRAME_HEADER + most, &cap);
    if (block == NULL)
        return false;
    memcpy(block + CX_FRAME_HEADER, frame->header + CX_FRAME_HEADER, used);
    if (frame->cap != 0)
        cx_pool_give(pool, frame->header, frame->cap);
    frame->header = block;
    frame->cap = cap;
    frame->limit = block + cap;
    return true;
}

bool cx_bulk_commit(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header)
{
    size_t cap;
    cx_bulk *bulk = cx_pool_take(pool, sizeof *bulk, &cap);
    if (bulk == NULL) {
        cx_outq_abandon(q, pool, frame);
        return false;
    }
    *bulk = (cx_bulk){
        .block = frame->header, .cap = frame->cap, .len = header->length, .header = *header
    };
    if (q->waiting == NULL)
        q->waiting = bulk;
    else
        q->waiting_last->next = bulk;
    q->waiting_last = bulk;
    q->queued += bulk->len;
    cx_outq_free_empty(q, pool);
    return true;
}

static void free_if_done(cx_pool *pool, cx_bulk *bulk)
{
    if (!bulk->is_over || bulk->cuts_used != 0)
        return;
    cx_pool_give(pool, bulk->block, bulk->cap);
    cx_pool_give(pool, bulk, sizeof *bulk);
}

/* Puts it behind the one that was cut last, so that it is cut next. */
static void activate(cx_outq *q, cx_bulk *bulk)
{
    bulk->is_active = true;
    if (q->active == NULL) {
        bulk->next = bulk;
        bulk->prev = bulk;
        q->active = bulk;
    } else {
        bulk->prev = q->active;
        bulk->next = q->active->next;
        bulk->next->prev = bulk;
        bulk->prev->next = bulk;
    }
    q->n_active++;
    q->active_bytes += bulk->len;
}

static void deactivate(cx_outq *q, cx_bulk *bulk)
{
    if (q->active == bulk)
        q->active = bulk->prev != bulk ? bulk->prev : NULL;
    bulk->prev->next = bulk->next;
    bulk->next->prev = bulk->prev;
    bulk->is_active = false;
    q->n_active--;
    q->active_bytes -= bulk->len;
}

static void activate_waiting(cx_outq *q, const cx_outq_rules *rules)
{
    while (q->waiting != NULL && q->n_active < rules->max_active &&
           (q->n_active == 0 || q->active_bytes + q->waiting->len <= rules->max_active_bytes)) {
        cx_bulk *bulk = q->waiting;
        q->waiting = bulk->next;
        activate(q, bulk);
    }
}

static void append_cut(cx_outq *q, cx_bulk *bulk, unsigned which, size_t len)
{
    cx_frame header = bulk->header;
    header.length = (uint32_t)len;
    if (bulk->at > 0)
        header.flags = 0; /* what the first frame's flags say holds for the message */
    if (bulk->at + len < bulk->len)
        header.flags |= CX_FLAG_MORE;

    cx_outq_node *node = &bulk->cuts[which];
    node->bulk = bulk;
    node->at = bulk->block + CX_FRAME_HEADER + bulk->at;
    node->end = bulk->block + CX_FRAME_HEADER + bulk->at + len;
    node->header_left = CX_FRAME_HEADER;
    cx_frame_encode(&header, node->header);
    cx_outq_append(q, node);

    bulk->cuts_used |= 1u << which;
    bulk->at += len;
    q->cut += CX_FRAME_HEADER + len;
    q->n_frames++;
    q->queued += CX_FRAME_HEADER;
}

/* Cuts one frame; false when all nodes of this message are in use. */
static bool cut_one(cx_outq *q, cx_pool *pool, cx_bulk *bulk, uint32_t max_frame)
{
    unsigned which = 0;
    while (which < CX_BULK_CUTS && (bulk->cuts_used & 1u << which) != 0)
        which++;
    if (which == CX_BULK_CUTS)
        return false;
    size_t left = bulk->len - bulk->at;
    append_cut(q, bulk, which, left < max_frame ? left : max_frame);
    if (bulk->at == bulk->len) {
        deactivate(q, bulk);
        bulk->is_over = true;
        free_if_done(pool, bulk);
    }
    return true;
}

void cx_bulk_cut(cx_outq *q, cx_pool *pool, const cx_outq_rules *rules)
{
    activate_waiting(q, rules);
    uint32_t n_refused = 0;
    while (q->cut < CX_OUTQ_TURN && q->active != NULL && n_refused < q->n_active) {
        q->active = q->active->next;
        n_refused = cut_one(q, pool, q->active, rules->max_frame) ? 0 : n_refused + 1;
        activate_waiting(q, rules);
    }
}

void cx_bulk_node_done(cx_pool *pool, cx_outq_node *node)
{
    cx_bulk *bulk = node->bulk;
    bulk->cuts_used &= ~(1u << (unsigned)(node - bulk->cuts));
    free_if_done(pool, bulk);
}

/* Takes it out of its list; what is cut of it is still sent. */
static void drop(cx_outq *q, cx_pool *pool, cx_bulk *bulk, cx_bulk *before)
{
    if (bulk->is_active) {
        deactivate(q, bulk);
    } else {
        if (before != NULL)
            before->next = bulk->next;
        else
            q->waiting = bulk->next;
        if (q->waiting_last == bulk)
            q->waiting_last = before;
    }
    q->queued -= bulk->len - bulk->at;
    bulk->is_over = true;
    free_if_done(pool, bulk);
}

/* The large message of `call`; `ret_before` gets the one before it in the waiting list. */
static cx_bulk *find(const cx_outq *q, uint32_t call, cx_bulk **ret_before)
{
    *ret_before = NULL;
    cx_bulk *bulk = q->active;
    for (uint32_t i = 0; i < q->n_active; i++, bulk = bulk->next) {
        if (bulk->header.call == call)
            return bulk;
    }
    for (bulk = q->waiting; bulk != NULL; bulk = bulk->next) {
        if (bulk->header.call == call)
            return bulk;
        *ret_before = bulk;
    }
    return NULL;
}

bool cx_outq_has(const cx_outq *q, uint32_t call)
{
    cx_bulk *before;
    return find(q, call, &before) != NULL;
}

bool cx_outq_forget(cx_outq *q, cx_pool *pool, uint32_t call)
{
    cx_bulk *before;
    cx_bulk *bulk = find(q, call, &before);
    if (bulk == NULL)
        return false;
    bool is_whole = bulk->at == 0;
    drop(q, pool, bulk, before);
    return is_whole;
}

bool cx_outq_take_longer(cx_outq *q, cx_pool *pool, size_t max, cx_frame *ret_header,
                         size_t *ret_len)
{
    cx_bulk *before = NULL;
    for (cx_bulk *bulk = q->waiting; bulk != NULL; before = bulk, bulk = bulk->next) {
        if (bulk->len - bulk->head > max) {
            *ret_header = bulk->header;
            *ret_len = bulk->len - bulk->head;
            drop(q, pool, bulk, before);
            return true;
        }
    }
    return false;
}

void cx_outq_drop_bulk(cx_outq *q, cx_pool *pool)
{
    while (q->active != NULL)
        drop(q, pool, q->active, NULL);
    while (q->waiting != NULL)
        drop(q, pool, q->waiting, NULL);
}
