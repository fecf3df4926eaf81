/*
 * A talk: one streaming call, in the stage's style, by functions that wait.
 *
 * In callback style they run the loop; a talk keeps a few items that came and pauses the call while it has no room for
 * more. In the others they are the stubs x_open, x_next, x_put and x_finish.
 */
#ifndef TESTS_CONFORMANCE_TALK_H
#define TESTS_CONFORMANCE_TALK_H

#include "scene.h"

typedef enum kind {
    OUTPUT,
    INPUT,
    DUPLEX,
    HALF_DUPLEX,
    HANG,
    STARE,
    UNSERVED,
    WORKED_OUTPUT,
    WORKED_INPUT,
    WORKED_DUPLEX,
    ABSENT_OUTPUT,
    ABSENT_INPUT,
    ABSENT_DUPLEX
} kind;

/* Items after which a talk pauses, and how many it takes: all that had arrived come at once when a connection ends. */
enum { TALK_KEPT = 8, TALK_ROOM = 64 };

typedef struct talk {
    scene *scene;
    const struct talk_row *row;
    coax_stream *stream; /* posted and dialled */
    coax_call call;      /* callback */
    uint32_t lens[TALK_ROOM];
    uint32_t n_kept;
    uint32_t n_came; /* items, those that were taken included */
    uint32_t n_taken;
    bool is_paused;
    bool is_writable;
    bool is_over;
    ending ending;
} talk;

/** A kind of the loop's, and the same on workers. @return how many of them there are here. */
size_t talk_kinds(kind of_loop, kind of_workers, kind *ret_kinds);

/** Starts a call. `request` NULL: one with nothing in it. @return what the stub did; COAX_OK: to be finished. */
coax_err talk_open(talk *t, scene *s, kind which, const void *request,
                   const coax_call_options *options);
/** Waits for the next item, which must be the right one. @return its length, or -1: there is none any more. */
long talk_next(talk *t);
/** Waits for room and sends an item. */
coax_err talk_put(talk *t, const void *item);
coax_err talk_put_chunk(talk *t, uint32_t index, size_t len);
/** An order of one chunk. */
coax_err talk_put_wish(talk *t, uint32_t len);
/** No more items from this side. */
coax_err talk_end(talk *t);
coax_err talk_cancel(talk *t);
/** Waits for the end. In posted and dialled style a stream with items unread is cancelled by this. */
ending talk_finish(talk *t);

/** An order of these lengths, in `wishes`. */
interop_order order_of(interop_wish *wishes, const uint32_t *lens, size_t n);

#endif
