/*
 * The send queue: small frames back to back in blocks, large messages beside them, cut into frames
 * when their turn comes.
 *
 * What has been handed to the writer (cx_outq_gather) never moves or changes until it is sent.
 * Small frames overtake large messages, except what of those is handed out already, about 64 KiB.
 * Knows bytes only: limits, states and types are the link's. Read next: outq.c.
 */
#ifndef CX_LINK_OUTQ_H
#define CX_LINK_OUTQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>

#include "link/pool.h"

typedef struct cx_outq_node
    cx_outq_node; /* bytes in sending order: a block of small frames, or a cut of a large message */
typedef struct cx_bulk cx_bulk; /* one large message */

typedef struct cx_outq {
    cx_outq_node *head; /* sent first */
    cx_outq_node *tail;
    cx_bulk *active;  /* circular, the next one to be cut first; at most CX_OUTQ_ACTIVE */
    cx_bulk *waiting; /* first come, first served */
    cx_bulk *waiting_last;
    size_t queued;       /* all unsent bytes */
    size_t cut;          /* of those, bytes of large messages in the node list */
    size_t active_bytes; /* sum of the lengths of the active messages */
    uint32_t n_active;
    uint32_t held; /* before the peer's limits are known: bytes that may still leave */
} cx_outq;

/* Where a frame began, to patch or roll it back. */
typedef struct cx_outq_mark {
    uint8_t *header; /* where the frame header goes */
    void *block;     /* what the frame is being written into */
    size_t cap;
    bool is_bulk;
} cx_outq_mark;

#endif
