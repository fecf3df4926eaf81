/*
 * What the halves of the send queue share: outq.c keeps the lanes of small frames and the order of
 * leaving, bulk.c the large messages.
 */
#ifndef CX_LINK_OUTQ_PARTS_H
#define CX_LINK_OUTQ_PARTS_H

#include "link/outq.h"

struct cx_outq_block {
    cx_outq_block *next;
    const uint8_t *at; /* the next unsent byte */
    uint8_t *end;      /* where the next frame goes; the bytes are behind this struct */
    uint8_t *limit;
    const uint8_t *frame; /* a frame's first byte, not behind `at`: where a walk to it may begin */
};

struct cx_bulk {
    cx_bulk *next;       /* in its chain */
    uint8_t *block;      /* CX_FRAME_HEADER unused bytes, then the message; NULL when shared */
    size_t cap;          /* of block */
    cx_shared *shared;   /* or NULL */
    const uint8_t *data; /* the message and what stands in front of it */
    size_t len;          /* of all that */
    size_t head;         /* of what stands in front, which does not count for max_message */
    size_t at;           /* where the next cut begins */
    uint64_t behind;     /* what its lane had to send when it was queued */
    cx_frame header;
    bool is_over; /* in no chain any more: it lives on while a cut of it is leaving */
};

struct cx_chain {
    cx_list links; /* in its class: active or waiting */
    cx_bulk *first;
    cx_bulk *last;
    cx_bulk *plan_bulk; /* while cuts are planned: what is cut next, NULL when all is */
    size_t plan_at;     /* and from where */
    size_t admitted;    /* bytes its active message may hold at the receiver */
    uint32_t call;
    uint8_t class_of;
    bool is_active;
};

/* One planned cut. Nothing of the queue has changed for it yet. */
typedef struct cx_outq_planned {
    cx_chain *chain;
    cx_bulk *bulk;
    size_t at;
    uint32_t len;
    uint8_t header[CX_FRAME_HEADER];
} cx_outq_planned;

#define CX_OUTQ_CUTS 32u /* as many as the pieces of one write hold */

struct cx_outq_plan {
    uint32_t n;
    uint32_t n_begun; /* of those, how many cx_outq_sent has come to */
    size_t bytes;     /* of messages, without headers */
    cx_outq_planned cuts[CX_OUTQ_CUTS];
};

/* Slices being filled. */
typedef struct cx_outq_slices {
    coax_bytes *at;
    size_t n;
    size_t max;
} cx_outq_slices;

/* Adds a slice; false when there is no place. Nothing is added for nothing. */
bool cx_outq_slice(cx_outq_slices *to, const uint8_t *data, size_t len);
/* Notes that `bytes` of a source are handed out. */
void cx_outq_note(cx_outq *q, unsigned source, size_t bytes);

bool cx_bulk_enlarge(cx_pool *pool, cx_outq_frame *frame, size_t used, size_t payload, size_t most);
bool cx_bulk_commit(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header,
                    size_t head);
/* Makes messages active as far as the rules allow, and forgets all plans. */
void cx_bulk_prepare(cx_outq *q, const cx_outq_rules *rules);
/* Plans cuts of a class, as many as a turn takes, and hands them out. */
void cx_bulk_plan(cx_outq *q, unsigned class_of, const cx_outq_rules *rules, cx_outq_slices *to);
/* Plans one cut of a class, of a message that no small frame was queued before. */
void cx_bulk_plan_one(cx_outq *q, unsigned class_of, const cx_outq_rules *rules,
                      cx_outq_slices *to);
/* Hands out the rest of the cut that is leaving. */
void cx_bulk_gather_cut(cx_outq *q, cx_outq_slices *to);
/* Counts `n` bytes of cuts as sent. */
void cx_bulk_sent(cx_outq *q, cx_pool *pool, size_t n);
/* Gives up the cut that is leaving. */
void cx_bulk_drop_cut(cx_outq *q, cx_pool *pool);
/* Gives back what is only needed while there are large messages. */
void cx_bulk_trim(cx_outq *q, cx_pool *pool);

#endif
