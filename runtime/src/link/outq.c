/*
 * The lanes of the send queue: blocks of small frames, filled, handed out and given back; and the
 * order in which everything leaves.
 *
 * A frame is written where it will be sent from. If it outgrows the block it moves on to the next
 * one, and past CX_OUTQ_SMALL into memory of its own (bulk.c); what was committed never moves.
 * Blocks come from the pool and go back as soon as they are empty, so that an idle queue holds
 * nothing. Read next: bulk.c.
 */
#include <assert.h>
#include <string.h>

#include "base/wipe.h"
#include "link/outq_parts.h"

_Static_assert(sizeof(cx_outq_block) + CX_FRAME_HEADER + CX_OUTQ_SMALL <= CX_OUTQ_BLOCK,
               "a block holds the longest small frame");

void cx_outq_init(cx_outq *q)
{
    memset(q, 0, sizeof *q);
    for (unsigned i = 0; i < CX_CLASSES; i++) {
        cx_list_init(&q->classes[i].active);
        cx_list_init(&q->classes[i].waiting);
    }
}

static cx_outq_block *add_block(cx_outq_lane *lane, cx_pool *pool)
{
    size_t cap;
    cx_outq_block *block = cx_pool_take(pool, CX_OUTQ_BLOCK, &cap);
    if (block == NULL)
        return NULL;
    block->next = NULL;
    block->end = (uint8_t *)(block + 1);
    block->at = block->end;
    block->frame = block->end;
    block->limit = (uint8_t *)block + CX_OUTQ_BLOCK;
    if (lane->tail != NULL)
        lane->tail->next = block;
    else
        lane->head = block;
    lane->tail = block;
    return block;
}

static void free_empty(cx_outq_lane *lane, cx_pool *pool)
{
    while (lane->head != NULL && lane->head->at == lane->head->end) {
        cx_outq_block *block = lane->head;
        lane->head = block->next;
        if (lane->head == NULL)
            lane->tail = NULL;
        cx_pool_give_used(pool, block, CX_OUTQ_BLOCK, (size_t)(block->end - (uint8_t *)block));
    }
}

/* Room behind the last small frame, or a fresh block. */
static bool find_room(cx_outq_lane *lane, cx_pool *pool, size_t payload, cx_outq_frame *ret)
{
    assert(payload <= CX_OUTQ_SMALL);
    cx_outq_block *block = lane->tail;
    if (block == NULL || (size_t)(block->limit - block->end) < CX_FRAME_HEADER + payload)
        block = add_block(lane, pool);
    if (block == NULL)
        return false;
    ret->header = block->end;
    ret->limit = block->limit;
    ret->cap = 0;
    return true;
}

/* The way of a large message, and of the first frame of a block. */
COAX_COLD static bool begin_elsewhere(cx_outq *q, cx_pool *pool, cx_lane lane, size_t payload,
                                      bool as_bulk, cx_outq_frame *ret)
{
    if (!as_bulk)
        return find_room(&q->lanes[lane], pool, payload, ret);
    ret->header = NULL;
    return cx_bulk_enlarge(pool, ret, 0, payload, payload);
}

bool cx_outq_begin(cx_outq *q, cx_pool *pool, cx_lane lane, size_t payload, bool as_bulk,
                   cx_outq_frame *ret)
{
    const cx_outq_block *block = q->lanes[lane].tail;
    ret->lane = (uint8_t)lane;
    ret->cap = 0;
    if (COAX_UNLIKELY(as_bulk || block == NULL ||
                      (size_t)(block->limit - block->end) < CX_FRAME_HEADER + payload))
        return begin_elsewhere(q, pool, lane, payload, as_bulk, ret);
    ret->header = block->end;
    ret->limit = block->limit;
    return true;
}

/* Nothing is left of what was written behind the committed frames of a block. */
static void wipe_room(const cx_pool *pool, const cx_outq_frame *frame)
{
    if (cx_pool_keeps_secrets(pool))
        cx_wipe(frame->header, (size_t)(frame->limit - frame->header));
}

static bool enlarge_bulk(cx_pool *pool, cx_outq_frame *frame, size_t used, size_t payload,
                         size_t most)
{
    const cx_outq_frame was = *frame;
    if (!cx_bulk_enlarge(pool, frame, used, payload, most))
        return false;
    if (was.cap == 0)
        wipe_room(pool, &was);
    return true;
}

bool cx_outq_enlarge(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, size_t used, size_t payload,
                     size_t most, bool as_bulk)
{
    if (as_bulk || frame->cap != 0 || payload > CX_OUTQ_SMALL)
        return enlarge_bulk(pool, frame, used, payload, most);
    const uint8_t *written = frame->header + CX_FRAME_HEADER;
    cx_outq_frame moved = { .lane = frame->lane };
    if (!find_room(&q->lanes[frame->lane], pool, payload, &moved))
        return false;
    memcpy(moved.header + CX_FRAME_HEADER, written, used);
    wipe_room(pool, frame);
    *frame = moved;
    return true;
}

static bool commit_bulk(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header,
                        size_t head)
{
    bool is_queued = cx_bulk_commit(q, pool, frame, header, head);
    free_empty(&q->lanes[frame->lane], pool);
    return is_queued;
}

bool cx_outq_commit(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header,
                    size_t head)
{
    cx_outq_lane *lane = &q->lanes[frame->lane];
    if (COAX_UNLIKELY(frame->cap != 0))
        return commit_bulk(q, pool, frame, header, head);
    const size_t bytes = CX_FRAME_HEADER + (size_t)header->length;
    assert(lane->tail->end == frame->header);
    cx_frame_encode(header, frame->header);
    q->n_frames++;
    lane->tail->end += bytes;
    lane->n_put += bytes;
    q->queued += bytes;
    return true;
}

void cx_outq_put(cx_outq *q, cx_outq_frame *frame, const void *bytes, size_t len)
{
    cx_outq_block *block = q->lanes[frame->lane].tail;
    assert(len <= CX_FRAME_HEADER && block->end == frame->header);
    memcpy(frame->header, bytes, len);
    block->end += len;
    q->lanes[frame->lane].n_put += len;
    block->frame = block->end; /* what is put here is no frame */
    q->queued += len;
}

void cx_outq_abandon(cx_outq *q, cx_pool *pool, cx_outq_frame *frame)
{
    if (frame->cap != 0)
        cx_pool_give(pool, frame->header, frame->cap);
    else
        wipe_room(pool, frame);
    frame->cap = 0;
    free_empty(&q->lanes[frame->lane], pool);
}

bool cx_outq_slice(cx_outq_slices *to, const uint8_t *data, size_t len)
{
    if (len == 0)
        return true;
    if (to->n == to->max)
        return false;
    to->at[to->n].data = data;
    to->at[to->n++].len = len;
    return true;
}

void cx_outq_note(cx_outq *q, unsigned source, size_t bytes)
{
    if (bytes == 0)
        return;
    if (q->n_parts > 0 && q->parts[q->n_parts - 1].source == source) {
        q->parts[q->n_parts - 1].bytes += (uint32_t)bytes;
        return;
    }
    assert(q->n_parts < CX_OUTQ_PARTS);
    q->parts[q->n_parts++] = (cx_outq_part){ source, (uint32_t)bytes };
}

/* Hands out a lane, `skip` bytes of which are handed out already. */
static void gather_lane(cx_outq *q, unsigned which, size_t skip, cx_outq_slices *to)
{
    size_t bytes = 0;
    for (const cx_outq_block *block = q->lanes[which].head; block != NULL; block = block->next) {
        size_t len = (size_t)(block->end - block->at) - skip;
        if (!cx_outq_slice(to, block->at + skip, len))
            break;
        bytes += len;
        skip = 0;
    }
    cx_outq_note(q, which, bytes);
}

/* Hands out the rest of the frame of which a byte has left. */
static void gather_begun(cx_outq *q, cx_outq_slices *to)
{
    if (q->begun_left > 0 && cx_outq_slice(to, q->lanes[q->begun_lane].head->at, q->begun_left))
        cx_outq_note(q, q->begun_lane, q->begun_left);
    if (q->cut.bulk != NULL)
        cx_bulk_gather_cut(q, to);
}

/* Large messages that others have passed for too long come first, once. */
static void gather_passed(cx_outq *q, const cx_outq_rules *rules, cx_outq_slices *to)
{
    for (unsigned i = 0; i < CX_CLASSES; i++) {
        size_t patience = i + 1 == CX_LANE_LOW ? CX_OUTQ_PATIENCE_LOW : CX_OUTQ_PATIENCE;
        if (q->classes[i].passed >= patience)
            cx_bulk_plan_one(q, i, rules, to);
    }
}

/* Mostly all lanes but one are empty. */
static inline void gather_lane_once(cx_outq *q, unsigned which, cx_outq_slices *to)
{
    if (q->lanes[which].head == NULL)
        return;
    bool has_begun = q->begun_left > 0 && q->begun_lane == which;
    gather_lane(q, which, has_begun ? q->begun_left : 0, to);
}

size_t cx_outq_gather(cx_outq *q, cx_pool *pool, const cx_outq_rules *rules, coax_bytes *ret_slices,
                      size_t max)
{
    (void)pool;
    cx_outq_slices to = { ret_slices, 0, max };
    bool has_bulk = rules != NULL && q->chains.count > 0;
    bool has_begun = q->begun_left > 0 || q->cut.bulk != NULL;
    q->n_parts = 0;
    if (has_bulk)
        cx_bulk_prepare(q, rules);
    if (has_begun)
        gather_begun(q, &to);
    gather_lane_once(q, CX_LANE_CONTROL, &to);
    if (has_bulk && q->cut.bulk == NULL)
        gather_passed(q, rules, &to);
    gather_lane_once(q, CX_LANE_HIGH, &to);
    gather_lane_once(q, CX_LANE_NORMAL, &to);
    if (has_bulk) {
        cx_bulk_plan(q, CX_LANE_HIGH - 1, rules, &to);
        cx_bulk_plan(q, CX_LANE_NORMAL - 1, rules, &to);
    }
    if (!has_bulk || q->plan->bytes < CX_OUTQ_TURN)
        gather_lane_once(q, CX_LANE_LOW, &to);
    if (has_bulk)
        cx_bulk_plan(q, CX_LANE_LOW - 1, rules, &to);
    return to.n;
}

size_t cx_outq_handed(const cx_outq *q)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < q->n_parts; i++)
        bytes += q->parts[i].bytes;
    return bytes;
}

/*
 * The lane's first frame may have left in part: it is finished before anything else leaves. A walk
 * passes each frame once.
 */
static void find_begun(cx_outq *q, unsigned which)
{
    cx_outq_block *block = q->lanes[which].head;
    q->begun_left = 0;
    if (block == NULL)
        return;
    while (block->frame < block->at) {
        cx_frame header;
        (void)!cx_frame_decode(block->frame, &header, NULL);
        const uint8_t *next = block->frame + CX_FRAME_HEADER + header.length;
        if (next > block->at) {
            q->begun_left = (uint32_t)(next - block->at);
            q->begun_lane = (uint8_t)which;
            return;
        }
        block->frame = next;
    }
}

/* Counts `n` bytes of a lane as sent; `is_all`: a frame ends there. */
static void lane_sent(cx_outq *q, cx_pool *pool, unsigned which, size_t n, bool is_all)
{
    cx_outq_lane *lane = &q->lanes[which];
    q->queued -= n;
    lane->n_sent += n;
    for (unsigned i = 0; i < CX_CLASSES; i++)
        q->classes[i].passed += n;
    while (n > 0) {
        size_t left = (size_t)(lane->head->end - lane->head->at);
        size_t take = n < left ? n : left;
        lane->head->at += take;
        n -= take;
        free_empty(lane, pool);
    }
    q->begun_left = 0;
    if (!is_all)
        find_begun(q, which);
}

void cx_outq_sent(cx_outq *q, cx_pool *pool, size_t n)
{
    for (unsigned i = 0; i < q->n_parts && n > 0; i++) {
        const cx_outq_part *part = &q->parts[i];
        size_t take = n < part->bytes ? n : part->bytes;
        if (part->source == CX_LANES)
            cx_bulk_sent(q, pool, take);
        else
            lane_sent(q, pool, part->source, take, take == part->bytes);
        n -= take;
    }
    assert(n == 0);
    q->n_parts = 0;
    cx_bulk_trim(q, pool);
}

void cx_outq_deinit(cx_outq *q, cx_pool *pool)
{
    if (q->classes[0].active.next == NULL)
        return; /* never begun */
    cx_frame header;
    size_t len;
    cx_outq_drop_bulk(q, pool);
    while (cx_outq_take_refused(q, pool, &header, &len))
        continue;
    for (unsigned i = 0; i < CX_LANES; i++) {
        while (q->lanes[i].head != NULL) {
            q->lanes[i].head->at = q->lanes[i].head->end;
            free_empty(&q->lanes[i], pool);
        }
    }
    cx_bulk_drop_cut(q, pool);
    cx_outq_init(q);
}
