/*
 * The send queue: small frames back to back in blocks, large messages beside them, cut into frames
 * when their turn comes.
 *
 * Order. A frame of which a byte has left is finished first. Then come control frames, then small
 * ones of high and normal priority, then large messages, high ones before normal ones, in turns of a
 * frame; what is low leaves when nothing else waits. What is handed out (cx_outq_gather) and not
 * taken (cx_outq_sent) goes back, so that a small frame waits for the rest of one frame at most.
 * Only so that nobody stops for ever, a large message that has been passed by CX_OUTQ_PATIENCE bytes
 * sends one frame. Messages of one call queued as large stay in order ("chain").
 *
 * Invariants: what is queued never moves or changes until it is sent; nothing is looked for by
 * walking what waits. Knows bytes only: limits, states and types are the link's. One thread. Read
 * next: outq.c, bulk.c.
 */
#ifndef CX_LINK_OUTQ_H
#define CX_LINK_OUTQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>

#include "base/list.h"
#include "link/idtable.h"
#include "link/pool.h"
#include "link/shared.h"
#include "wire/frame.h"

#define CX_OUTQ_BLOCK 16384u                 /* bytes of a block of small frames, head included */
#define CX_OUTQ_SMALL (CX_OUTQ_BLOCK - 128u) /* the longest payload queued as a small frame */
/* Bytes of large messages handed out at a time: fewer, and each write wakes the peer for less. */
#define CX_OUTQ_TURN 262144u
#define CX_OUTQ_ACTIVE 64u /* large messages that take turns; others wait for a place */
/* Bytes that may pass by large messages that wait, and by low ones. */
#define CX_OUTQ_PATIENCE 262144u
#define CX_OUTQ_PATIENCE_LOW (4u * CX_OUTQ_PATIENCE)

/* Where a small frame is queued. The order is the order of leaving. */
typedef enum cx_lane {
    CX_LANE_CONTROL = 0, /* the link's own, which wait for nothing; never large */
    CX_LANE_HIGH,
    CX_LANE_NORMAL,
    CX_LANE_LOW
} cx_lane;
#define CX_LANES 4u

/* Priorities of large messages: those of the lanes but control. */
#define CX_CLASSES 3u

typedef struct cx_outq_block cx_outq_block; /* small frames back to back */
typedef struct cx_bulk cx_bulk;             /* one large message */
typedef struct cx_chain cx_chain;           /* the large messages of one call, in order */
typedef struct cx_outq_plan cx_outq_plan;   /* cuts that are handed out */

typedef struct cx_outq_lane {
    cx_outq_block *head; /* sent first */
    cx_outq_block *tail;
    uint64_t n_put; /* bytes queued so far, and sent */
    uint64_t n_sent;
} cx_outq_lane;

typedef struct cx_outq_class {
    cx_list active;  /* chains that take turns, next one first */
    cx_list waiting; /* first come, first served */
    size_t passed;   /* bytes of others that have left since one of these did */
} cx_outq_class;

/* A cut of which bytes have left, or are leaving. */
typedef struct cx_outq_cut {
    cx_bulk *bulk;     /* NULL: none */
    const uint8_t *at; /* the next unsent byte of the message */
    uint32_t left;
    uint32_t header_left;
    uint8_t class_of;
    uint8_t header[CX_FRAME_HEADER];
} cx_outq_cut;

/* What was handed out, in order: bytes of a lane, or of cuts. */
typedef struct cx_outq_part {
    uint32_t source; /* cx_lane; CX_LANES: cuts */
    uint32_t bytes;
} cx_outq_part;
#define CX_OUTQ_PARTS 8u

typedef struct cx_outq {
    cx_outq_lane lanes[CX_LANES];
    cx_outq_class classes[CX_CLASSES];
    cx_idtable chains;   /* by call */
    cx_bulk *refused;    /* too long for the peer, and to be told: cx_outq_take_refused */
    cx_outq_plan *plan;  /* while there are chains */
    size_t queued;       /* all unsent bytes */
    size_t active_bytes; /* the most that the active messages hold, at the receiver too */
    uint32_t n_active;
    uint64_t n_frames;   /* queued, or cut, so far */
    uint32_t begun_left; /* of a small frame of which a byte has left: bytes of the rest */
    uint8_t begun_lane;
    uint8_t n_parts;
    cx_outq_cut cut;
    cx_outq_part parts[CX_OUTQ_PARTS];
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
    size_t cap;      /* of the block a large message is written into; 0: it stands in a lane */
    uint8_t lane;
} cx_outq_frame;

void cx_outq_init(cx_outq *q);
void cx_outq_deinit(cx_outq *q, cx_pool *pool);

/*
 * Room for a frame of at least `payload` bytes (at most CX_OUTQ_SMALL) behind all small ones of the
 * lane, or, `as_bulk`, in memory of its own. false: no memory.
 */
bool cx_outq_begin(cx_outq *q, cx_pool *pool, cx_lane lane, size_t payload, bool as_bulk,
                   cx_outq_frame *ret);
/*
 * Moves a frame of which `used` payload bytes are written to where `payload` fit: a fresh block,
 * or, past CX_OUTQ_SMALL or when `as_bulk`, memory of its own of which at most `most` payload bytes
 * are taken at first. false: no memory, all stays as it was.
 */
bool cx_outq_enlarge(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, size_t used, size_t payload,
                     size_t most, bool as_bulk);
/*
 * Queues the frame with its header; `head` of its bytes stand in front of the message. A large one
 * is cut by and by. false: no memory, it is dropped.
 */
bool cx_outq_commit(cx_outq *q, cx_pool *pool, cx_outq_frame *frame, const cx_frame *header,
                    size_t head);
/* Queues a shared message as a large one, with a reference of its own. false: no memory. */
bool cx_outq_commit_shared(cx_outq *q, cx_pool *pool, cx_lane lane, const cx_frame *header,
                           cx_shared *shared);
/* Queues at most CX_FRAME_HEADER bytes as they are, in the room of a frame that was begun. */
void cx_outq_put(cx_outq *q, cx_outq_frame *frame, const void *bytes, size_t len);
/* Drops the frame. */
void cx_outq_abandon(cx_outq *q, cx_pool *pool, cx_outq_frame *frame);

/*
 * Hands out what to send next; `rules` NULL: large messages wait. The slices are valid until the
 * next call of any function here; cx_outq_sent is to be that one if any of it has left.
 */
size_t cx_outq_gather(cx_outq *q, cx_pool *pool, const cx_outq_rules *rules, coax_bytes *ret_slices,
                      size_t max);
/* Bytes handed out by the last cx_outq_gather and not taken yet. */
size_t cx_outq_handed(const cx_outq *q);
/* The first `n` bytes handed out have left. */
void cx_outq_sent(cx_outq *q, cx_pool *pool, size_t n);

/* Whether a large message of `call` is not wholly sent. */
bool cx_outq_has(const cx_outq *q, uint32_t call);
/*
 * Drops the large messages of `call`; the frame of which a byte has left is finished. Returns the
 * type of the first of them if nothing of it had left, else 0.
 */
uint8_t cx_outq_forget(cx_outq *q, cx_pool *pool, uint32_t call);
/* Takes out all large messages longer than `max`; only before the first one was cut. */
void cx_outq_refuse_longer(cx_outq *q, cx_pool *pool, size_t max);
/* One that was taken out, with the length of its message; false when all were told. */
bool cx_outq_take_refused(cx_outq *q, cx_pool *pool, cx_frame *ret_header, size_t *ret_len);
/*
 * Drops all large messages: what the last frames of a closing link must not wait for.
 */
void cx_outq_drop_bulk(cx_outq *q, cx_pool *pool);

#endif
