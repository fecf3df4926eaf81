/*
 * The send queue: small frames back to back in blocks, large messages beside them, cut into frames
 * when their turn comes.
 *
 * What has been handed to the writer (cx_outq_gather) never moves or changes until it is sent.
 * Small frames overtake large messages, except what of those is handed out already, about 256 KiB.
 * Knows bytes only: limits, states and types are the link's. One thread. Read next: outq.c.
 */
#ifndef CX_LINK_OUTQ_H
#define CX_LINK_OUTQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>

#include "link/pool.h"
#include "wire/frame.h"

#define CX_OUTQ_BLOCK 16384u /* bytes of a block of small frames, its head included */
#define CX_OUTQ_SMALL                                                                              \
    (CX_OUTQ_BLOCK - 128u) /* the longest payload that is queued as a small frame */
#define CX_OUTQ_TURN                                                                               \
    262144u /* bytes of large messages handed out at a time: fewer, and each write wakes the peer for less */
#define CX_OUTQ_ACTIVE 64u /* large messages that take turns; others wait for a place */

typedef struct cx_outq_node cx_outq_node; /* a block of small frames, or a cut of a large message */
typedef struct cx_bulk cx_bulk;           /* one large message */

typedef struct cx_outq {
    cx_outq_node *head; /* sent first */
    cx_outq_node *tail;
    cx_bulk *active;  /* a ring, pointing at the one that was cut last */
    cx_bulk *waiting; /* first come, first served */
    cx_bulk *waiting_last;
    size_t queued;       /* all unsent bytes */
    size_t cut;          /* of those, bytes of large messages in the node list */
    size_t active_bytes; /* sum of the lengths of the active messages */
    uint32_t n_active;
    uint64_t n_frames; /* queued, or cut, so far */
} cx_outq;

/* What the receiver of large messages allows. */
typedef struct cx_outq_rules {
    uint32_t max_frame;
    uint32_t max_active;
    size_t max_active_bytes;
} cx_outq_rules;

/* Room for one frame, being written. */
typedef struct cx_outq_frame {
    uint8_t *header; /* CX_FRAME_HEADER bytes; the payload follows */
    uint8_t *limit;  /* end of the room */
    size_t
        cap; /* of the block that a large message is written into; 0: it stands in the node list */
} cx_outq_frame;

/*
 * Room for a frame of at least `payload` bytes (at most CX_OUTQ_SMALL) behind all small ones.
 * false: no memory.
 */
bool cx_outq_begin(cx_outq *q, cx_pool *pool, size_t payload, cx_outq_frame *ret);
/*
 * Moves a frame of which `used` payload bytes are written to where `payload` fit: a fresh block,
 * or, past CX_OUTQ_SMALL or when `as_bulk`, memory of its own of which at most `most` payload bytes
 * are taken at first. false: no memory, all stays as it was.
 */
bool cx_outq_enlarge(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, size_t used, size_t payload,
                     size_t most, bool as_bulk);
/*
 * Queues the frame with its header. A large one is cut by and by. false: no memory, it is dropped.
 */
bool cx_outq_commit(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header);
/* Queues at most CX_FRAME_HEADER bytes as they are, in the room of a frame that was begun. */
void cx_outq_put(cx_outq *q, cx_outq_frame *frame, const void *bytes, size_t len);
/* Drops the frame. */
void cx_outq_abandon(cx_outq *q, cx_pool *pool, cx_outq_frame *frame);

/* Hands out what to send next; `rules` NULL: large messages wait. */
size_t cx_outq_gather(cx_outq *q, cx_pool *pool, const cx_outq_rules *rules, coax_bytes *ret_slices,
                      size_t max);
/* The first `n` bytes handed out have left. */
void cx_outq_sent(cx_outq *q, cx_pool *pool, size_t n);

/* Whether a large message of `call` is not wholly handed out. */
bool cx_outq_has(const cx_outq *q, uint32_t call);
/*
 * Drops what is not cut of the large messages of `call`. Returns true when one was found of which
 * nothing was handed out.
 */
bool cx_outq_forget(cx_outq *q, cx_pool *pool, uint32_t call);
/* Takes out one large message longer than `max` that is still whole; false when there is none. */
bool cx_outq_take_longer(cx_outq *q, cx_pool *pool, size_t max, cx_frame *ret_header,
                         size_t *ret_len);
/*
 * Drops all that is not handed out of large messages: what the last frames of a closing link must
 * not wait for.
 */
void cx_outq_drop_bulk(cx_outq *q, cx_pool *pool);
void cx_outq_deinit(cx_outq *q, cx_pool *pool);

#endif
