/*
 * struct coax_stream: a stream of a thread that waits, with one foot in the loop.
 *
 * The loop's side (stream.c) is the callbacks of the call behind it: they put items into a small ring and pause the call
 * when that is full. The thread's side (wait_stream.c) takes items out and has the rest done on the loop. Owners are
 * counted: the thread until it has finished, the call until it has ended, and each post under way; the last frees.
 *
 * Invariants: what stands under `mutex` is the loop's mutex's; once `is_over` is set (by the loop, as its last touch)
 * everything is the thread's alone, and neither loop nor client is looked at again, so that a stream may be finished
 * after its client was closed. Read next: stream.c.
 */
#ifndef CX_NODE_STREAM_H
#define CX_NODE_STREAM_H

#include <stdatomic.h>

#include <coax/gen_client.h>

#include "node/errand.h"

/**
 * Items that lie ready for the reader; what they take, decoded, past which no more come. (More of both only when the connection has
 * ended: then all that had arrived comes at once, and the ring grows.)
 */
#define CX_STREAM_ITEMS 64u
#define CX_STREAM_BYTES (64u * 1024u)

typedef struct cx_ready_item {
    coax_memory *memory;
    const void *item;
    size_t size;
} cx_ready_item;

typedef enum cx_stream_op { CX_STREAM_OPEN = 1, CX_STREAM_PUT, CX_STREAM_END } cx_stream_op;

struct coax_stream {
    coax_loop *loop;
    coax_client *client; /* while opening */
    uint32_t patience_ms;
    atomic_uint n_owners;
    atomic_bool is_over;
    coax_result result; /* once it is over */
    coax_call call;

    /* What the thread wants to have done. */
    cx_errand errand;
    cx_stream_op op;
    const coax_method *method;
    const void *message;              /* the request or the item */
    const coax_call_options *options; /* of OPEN */
    coax_err outcome;

    /* Under the loop's mutex. */
    cx_ready_item *ready;
    uint32_t max_ready; /* room in `ready` */
    uint32_t first;
    uint32_t n_ready;
    size_t ready_bytes;
    bool is_woken;    /* something has happened since this was cleared */
    bool is_writable; /* since the last COAX_ERR_WOULD_BLOCK */
    bool is_paused;
    bool is_nudged; /* `nudge` is posted */
    bool is_cancelled;
    cx_post nudge;
    cx_post cancel;

    /* The thread's. */
    coax_memory *in_hand; /* of the item it was given last */
    bool is_given_up;     /* nobody runs the loop */
};

/** With one owner. NULL: no memory. */
coax_stream *cx_stream_create(coax_client *client);
void cx_stream_hold(coax_stream *stream);
/** One owner less. Any thread. */
void cx_stream_let_go(coax_stream *stream);
/** Whether there is room for many more items. Under the mutex. */
bool cx_stream_has_room(const coax_stream *stream);

#endif
