/*
 * What the two halves of the send queue share: outq.c keeps the node list, bulk.c the large
 * messages.
 */
#ifndef CX_LINK_OUTQ_PARTS_H
#define CX_LINK_OUTQ_PARTS_H

#include "link/outq.h"

/* Frames of one large message that may be handed out at a time. */
#define CX_BULK_CUTS 4u

struct cx_outq_node {
    cx_outq_node *next;
    cx_bulk *bulk;        /* whose cut this is; NULL: a block, its bytes behind this struct */
    const uint8_t *at;    /* the next unsent byte */
    uint8_t *end;         /* behind the last one; of a block: where the next frame goes */
    uint8_t *limit;       /* of a block */
    uint32_t header_left; /* of a cut: unsent bytes of its frame header */
    uint8_t header[CX_FRAME_HEADER];
};

struct cx_bulk {
    cx_bulk *next;
    cx_bulk *prev;  /* while active */
    uint8_t *block; /* CX_FRAME_HEADER unused bytes, then the message */
    size_t cap;
    size_t len;  /* of the message and what stands in front of it */
    size_t head; /* what stands in front: a deadline, which does not count for max_message */
    size_t at;   /* where the next cut begins */
    cx_frame header;
    bool is_active;
    bool is_over;       /* in no list any more: it lives on while cuts of it are unsent */
    uint32_t cuts_used; /* a bit per cut in the node list */
    cx_outq_node cuts[CX_BULK_CUTS];
};

void cx_outq_append(cx_outq *q, cx_outq_node *node);
void cx_outq_free_empty(cx_outq *q, cx_pool *pool);

bool cx_bulk_enlarge(cx_pool *pool, cx_outq_frame *frame, size_t used, size_t payload, size_t most);
bool cx_bulk_commit(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header);
/* Appends cuts to the node list, in turns, until about CX_OUTQ_TURN bytes of cuts are there. */
void cx_bulk_cut(cx_outq *q, cx_pool *pool, const cx_outq_rules *rules);
/* A cut has been sent. */
void cx_bulk_node_done(cx_pool *pool, cx_outq_node *node);

#endif
