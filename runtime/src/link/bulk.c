/*
 * Large messages in the send queue: encoded once, cut into frames in turns, never copied again.
 *
 * A cut is a frame header of 16 bytes and a slice of the message's memory. Cuts are planned each
 * time something is handed out, and happen when their first byte has left. Messages of one call
 * follow each other in a chain; chains that have begun ("active") take turns frame by frame. The
 * receiver bounds how many and how much they may be, so the others wait. Read next: outq_plan.c.
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
    if (used > 0)
        memcpy(block + CX_FRAME_HEADER, frame->header + CX_FRAME_HEADER, used);
    if (frame->cap != 0)
        cx_pool_give_used(pool, frame->header, frame->cap, CX_FRAME_HEADER + used);
    frame->header = block;
    frame->cap = cap;
    frame->limit = block + cap;
    return true;
}

static void free_bulk(cx_pool *pool, cx_bulk *bulk)
{
    cx_pool_give_used(pool, bulk->block, bulk->cap, CX_FRAME_HEADER + bulk->len);
    cx_shared_unref(bulk->shared);
    cx_pool_give(pool, bulk, sizeof *bulk);
}

static bool is_idle(const cx_outq_class *class_of)
{
    return cx_list_is_empty(&class_of->active) && cx_list_is_empty(&class_of->waiting);
}

/* A chain for a call that has none. NULL: no memory. */
static cx_chain *add_chain(cx_outq *q, cx_pool *pool, uint32_t call, unsigned class_of)
{
    size_t cap;
    cx_chain *chain = cx_pool_take(pool, sizeof *chain, &cap);
    if (chain == NULL)
        return NULL;
    if (!cx_idtable_add(&q->chains, pool, call, chain)) {
        cx_pool_give(pool, chain, sizeof *chain);
        return NULL;
    }
    memset(chain, 0, sizeof *chain);
    chain->call = call;
    chain->class_of = (uint8_t)class_of;
    cx_outq_class *of = &q->classes[class_of];
    if (is_idle(of))
        of->passed = 0;
    cx_list_append(&of->waiting, &chain->links);
    return chain;
}

/* Queues a message behind the others of its call. false: no memory, it is not. */
static bool file(cx_outq *q, cx_pool *pool, unsigned lane, const cx_bulk *like)
{
    size_t cap;
    if (q->plan == NULL) {
        q->plan = cx_pool_take(pool, sizeof *q->plan, &cap);
        if (q->plan == NULL)
            return false;
        q->plan->n = 0;
        q->plan->bytes = 0;
    }
    cx_bulk *bulk = cx_pool_take(pool, sizeof *bulk, &cap);
    if (bulk == NULL)
        return false;
    *bulk = *like;
    cx_chain *chain = cx_idtable_find(&q->chains, bulk->header.call);
    if (chain == NULL)
        chain = add_chain(q, pool, bulk->header.call, lane - CX_LANE_HIGH);
    if (chain == NULL) {
        cx_pool_give(pool, bulk, sizeof *bulk);
        return false;
    }
    bulk->behind = q->lanes[chain->class_of + CX_LANE_HIGH].n_put;
    if (chain->first == NULL)
        chain->first = bulk;
    else
        chain->last->next = bulk;
    chain->last = bulk;
    q->queued += bulk->len;
    return true;
}

bool cx_bulk_commit(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header,
                    size_t head)
{
    const cx_bulk bulk = { .block = frame->header,
                           .cap = frame->cap,
                           .data = frame->header + CX_FRAME_HEADER,
                           .len = header->length,
                           .head = head,
                           .header = *header };
    assert(frame->lane != CX_LANE_CONTROL);
    if (file(q, pool, frame->lane, &bulk))
        return true;
    cx_pool_give(pool, frame->header, frame->cap);
    cx_bulk_trim(q, pool);
    return false;
}

bool cx_outq_commit_shared(cx_outq *q, cx_pool *pool, cx_lane lane, const cx_frame *header,
                           cx_shared *shared)
{
    const coax_bytes bytes = cx_shared_bytes(shared);
    cx_bulk bulk = { .shared = shared, .data = bytes.data, .len = bytes.len, .header = *header };
    bulk.header.length = (uint32_t)bytes.len;
    if (!file(q, pool, lane, &bulk)) {
        cx_bulk_trim(q, pool);
        return false;
    }
    (void)cx_shared_ref(shared);
    return true;
}

static void deactivate(cx_outq *q, cx_chain *chain)
{
    cx_list_remove(&chain->links);
    if (!chain->is_active)
        return;
    chain->is_active = false;
    q->n_active--;
    q->active_bytes -= chain->admitted;
}

/* Out of all lists but the table. */
static void free_chain(cx_outq *q, cx_pool *pool, cx_chain *chain)
{
    cx_idtable_remove(&q->chains, pool, chain->call);
    deactivate(q, chain);
    cx_pool_give(pool, chain, sizeof *chain);
}

/* Lower ones leave places for higher ones, so that these need not wait for an end of those. */
static bool may_begin(const cx_outq *q, unsigned class_of, const cx_outq_rules *rules, size_t len)
{
    uint32_t share = CX_CLASSES + 1 - class_of; /* of four: 4, 3, 2 */
    if (q->n_active == 0)
        return true;
    return q->n_active < (uint64_t)rules->max_active * share / 4 &&
           q->active_bytes + len <= rules->max_active_bytes / 4 * share;
}

static void activate(cx_outq *q, unsigned class_of, const cx_outq_rules *rules)
{
    cx_outq_class *of = &q->classes[class_of];
    while (!cx_list_is_empty(&of->waiting)) {
        cx_chain *chain = CX_CONTAINER(of->waiting.next, cx_chain, links);
        if (!may_begin(q, class_of, rules, chain->first->len))
            return;
        cx_list_remove(&chain->links);
        cx_list_append(&of->active, &chain->links);
        chain->is_active = true;
        chain->admitted = chain->first->len;
        q->n_active++;
        q->active_bytes += chain->admitted;
    }
}

void cx_bulk_prepare(cx_outq *q, const cx_outq_rules *rules)
{
    q->plan->n = 0;
    q->plan->n_begun = 0;
    q->plan->bytes = 0;
    for (unsigned i = 0; i < CX_CLASSES; i++) {
        cx_list *active = &q->classes[i].active;
        activate(q, i, rules);
        for (cx_list *at = active->next; at != active; at = at->next) {
            cx_chain *chain = CX_CONTAINER(at, cx_chain, links);
            chain->plan_bulk = chain->first;
            chain->plan_at = chain->first->at;
        }
    }
}

/* The first message of the chain is all cut; the next one, or another chain, takes its turn. */
static void finish_first(cx_outq *q, cx_pool *pool, cx_chain *chain)
{
    cx_bulk *bulk = chain->first;
    bulk->is_over = true;
    chain->first = bulk->next;
    if (chain->first == NULL) {
        free_chain(q, pool, chain);
    } else if (chain->first->len > chain->admitted) {
        deactivate(q, chain);
        cx_list_append(&q->classes[chain->class_of].waiting, &chain->links);
    }
}

void cx_bulk_drop_cut(cx_outq *q, cx_pool *pool)
{
    if (q->cut.bulk != NULL && q->cut.bulk->is_over)
        free_bulk(pool, q->cut.bulk);
    q->cut.bulk = NULL;
}

/* A planned cut happens: it is the one that is leaving, and what it belongs to moves on. */
static void begin_cut(cx_outq *q, cx_pool *pool, const cx_outq_planned *planned)
{
    cx_chain *chain = planned->chain;
    cx_bulk *bulk = planned->bulk;
    cx_outq_class *of = &q->classes[chain->class_of];
    assert(q->cut.bulk == NULL && chain->first == bulk && bulk->at == planned->at);
    q->cut = (cx_outq_cut){ .bulk = bulk,
                            .at = bulk->data + bulk->at,
                            .left = planned->len,
                            .header_left = CX_FRAME_HEADER,
                            .class_of = chain->class_of };
    memcpy(q->cut.header, planned->header, CX_FRAME_HEADER);
    q->queued += CX_FRAME_HEADER;
    q->n_frames++;
    bulk->at += planned->len;
    of->passed = 0;
    cx_list_remove(&chain->links);
    cx_list_append(&of->active, &chain->links);
    if (bulk->at == bulk->len)
        finish_first(q, pool, chain);
}

/* Counts up to `n` bytes of the cut as sent; returns how many. */
static size_t cut_sent(cx_outq *q, cx_pool *pool, size_t n)
{
    cx_outq_cut *cut = &q->cut;
    uint32_t of_header = n < cut->header_left ? (uint32_t)n : cut->header_left;
    size_t rest = n - of_header;
    uint32_t of_data = rest < cut->left ? (uint32_t)rest : cut->left;
    cut->header_left -= of_header;
    cut->left -= of_data;
    cut->at += of_data;
    if (cut->header_left == 0 && cut->left == 0)
        cx_bulk_drop_cut(q, pool);
    return of_header + of_data;
}

void cx_bulk_sent(cx_outq *q, cx_pool *pool, size_t n)
{
    while (n > 0) {
        if (q->cut.bulk == NULL)
            begin_cut(q, pool, &q->plan->cuts[q->plan->n_begun++]);
        const unsigned own = q->cut.class_of;
        size_t taken = cut_sent(q, pool, n);
        for (unsigned i = 0; i < CX_CLASSES; i++)
            q->classes[i].passed += i == own ? 0 : taken;
        q->queued -= taken;
        n -= taken;
    }
}

void cx_bulk_trim(cx_outq *q, cx_pool *pool)
{
    if (q->plan == NULL || q->chains.count > 0)
        return;
    cx_pool_give(pool, q->plan, sizeof *q->plan);
    q->plan = NULL;
}

bool cx_outq_has(const cx_outq *q, uint32_t call)
{
    return cx_idtable_find(&q->chains, call) != NULL;
}

/* Drops a chain with its messages; a cut that is leaving keeps its message until it has left. */
static void drop_chain(cx_outq *q, cx_pool *pool, cx_chain *chain)
{
    for (cx_bulk *bulk = chain->first, *next; bulk != NULL; bulk = next) {
        next = bulk->next;
        q->queued -= bulk->len - bulk->at;
        bulk->is_over = true;
        if (bulk != q->cut.bulk)
            free_bulk(pool, bulk);
    }
    free_chain(q, pool, chain);
}

uint8_t cx_outq_forget(cx_outq *q, cx_pool *pool, uint32_t call)
{
    cx_chain *chain = cx_idtable_find(&q->chains, call);
    if (chain == NULL)
        return 0;
    uint8_t type = chain->first->at == 0 ? chain->first->header.type : 0;
    drop_chain(q, pool, chain);
    cx_bulk_trim(q, pool);
    return type;
}

void cx_outq_drop_bulk(cx_outq *q, cx_pool *pool)
{
    for (unsigned i = 0; i < CX_CLASSES; i++) {
        cx_list *lists[] = { &q->classes[i].active, &q->classes[i].waiting };
        for (unsigned j = 0; j < 2; j++) {
            while (!cx_list_is_empty(lists[j]))
                drop_chain(q, pool, CX_CONTAINER(lists[j]->next, cx_chain, links));
        }
    }
    cx_bulk_trim(q, pool);
}

/* Takes what is too long out of a chain, behind `last` of the refused; returns the last of them. */
static cx_bulk **refuse_in_chain(cx_chain *chain, size_t max, cx_bulk **last)
{
    cx_bulk **link = &chain->first;
    chain->last = NULL;
    while (*link != NULL) {
        cx_bulk *bulk = *link;
        if (bulk->len - bulk->head <= max) {
            chain->last = bulk;
            link = &bulk->next;
            continue;
        }
        *link = bulk->next;
        bulk->next = NULL;
        *last = bulk;
        last = &bulk->next;
    }
    return last;
}

void cx_outq_refuse_longer(cx_outq *q, cx_pool *pool, size_t max)
{
    cx_bulk **last = &q->refused;
    for (unsigned i = 0; i < CX_CLASSES; i++) {
        cx_list *waiting = &q->classes[i].waiting;
        for (cx_list *at = waiting->next, *next; at != waiting; at = next) {
            cx_chain *chain = CX_CONTAINER(at, cx_chain, links);
            next = at->next;
            last = refuse_in_chain(chain, max, last);
            if (chain->first == NULL)
                free_chain(q, pool, chain);
        }
    }
}

bool cx_outq_take_refused(cx_outq *q, cx_pool *pool, cx_frame *ret_header, size_t *ret_len)
{
    cx_bulk *bulk = q->refused;
    if (bulk == NULL) {
        cx_bulk_trim(q, pool);
        return false;
    }
    q->refused = bulk->next;
    q->queued -= bulk->len;
    *ret_header = bulk->header;
    *ret_len = bulk->len - bulk->head;
    free_bulk(pool, bulk);
    return true;
}
