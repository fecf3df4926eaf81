/*
 * What is planned of the large messages: cuts, handed out and not yet happened; and which of them
 * never will, because the peer takes no message that long.
 *
 * Planning goes on inside a chain when one of its messages is all cut, as long as the next one holds
 * no more at the receiver than that did. Read next: bulk.c, where cuts happen.
 */
#include "link/outq_parts.h"

/* Moves a chain's plan behind `len` bytes. */
static void advance(cx_chain *chain, size_t len)
{
    cx_bulk *bulk = chain->plan_bulk;
    chain->plan_at += len;
    if (chain->plan_at < bulk->len)
        return;
    cx_bulk *next = bulk->next;
    chain->plan_bulk = next != NULL && next->len <= chain->admitted ? next : NULL;
    chain->plan_at = 0;
}

/* Hands out what a plan's cut has; a header may go without its slice when there is one place. */
static void hand_out(cx_outq *q, const cx_outq_planned *cut, cx_outq_slices *to)
{
    size_t bytes = CX_FRAME_HEADER;
    (void)cx_outq_slice(to, cut->header, CX_FRAME_HEADER);
    if (cx_outq_slice(to, cut->bulk->data + cut->at, cut->len))
        bytes += cut->len;
    cx_outq_note(q, CX_LANES, bytes);
}

/* Plans the next cut of a chain; false when there is none, or no place for it. */
static bool plan_cut(cx_outq *q, cx_chain *chain, const cx_outq_rules *rules, cx_outq_slices *to)
{
    cx_outq_plan *plan = q->plan;
    cx_bulk *bulk = chain->plan_bulk;
    if (bulk == NULL || plan->n == CX_OUTQ_CUTS || to->n == to->max)
        return false;
    size_t left = bulk->len - chain->plan_at;
    uint32_t len = left < rules->max_frame ? (uint32_t)left : rules->max_frame;
    cx_frame header = bulk->header;
    header.length = len;
    if (chain->plan_at > 0)
        header.flags = 0; /* what the first frame's flags say holds for the message */
    if (chain->plan_at + len < bulk->len)
        header.flags |= CX_FLAG_MORE;
    cx_outq_planned *cut = &plan->cuts[plan->n++];
    *cut = (cx_outq_planned){ .chain = chain, .bulk = bulk, .at = chain->plan_at, .len = len };
    cx_frame_encode(&header, cut->header);
    plan->bytes += len;
    advance(chain, len);
    hand_out(q, cut, to);
    return true;
}

void cx_bulk_plan(cx_outq *q, unsigned class_of, const cx_outq_rules *rules, cx_outq_slices *to)
{
    cx_list *active = &q->classes[class_of].active;
    bool has_planned = true;
    while (has_planned) {
        has_planned = false;
        for (cx_list *at = active->next; at != active; at = at->next) {
            if (q->plan->bytes >= CX_OUTQ_TURN)
                return;
            if (plan_cut(q, CX_CONTAINER(at, cx_chain, links), rules, to))
                has_planned = true;
        }
    }
}

void cx_bulk_plan_one(cx_outq *q, unsigned class_of, const cx_outq_rules *rules, cx_outq_slices *to)
{
    cx_list *active = &q->classes[class_of].active;
    uint64_t n_sent = q->lanes[class_of + CX_LANE_HIGH].n_sent;
    for (cx_list *at = active->next; at != active; at = at->next) {
        cx_chain *chain = CX_CONTAINER(at, cx_chain, links);
        if (chain->first->behind <= n_sent && plan_cut(q, chain, rules, to))
            return;
    }
}

void cx_bulk_gather_cut(cx_outq *q, cx_outq_slices *to)
{
    const cx_outq_cut *cut = &q->cut;
    const uint8_t *header = cut->header + (CX_FRAME_HEADER - cut->header_left);
    size_t bytes = 0;
    if (!cx_outq_slice(to, header, cut->header_left))
        return;
    bytes += cut->header_left;
    if (cx_outq_slice(to, cut->at, cut->left))
        bytes += cut->left;
    cx_outq_note(q, CX_LANES, bytes);
}
