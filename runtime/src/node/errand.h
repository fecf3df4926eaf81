/*
 * Something done on a loop's thread for another thread, which waits until it has been done.
 *
 * On a private loop (a dialled client's) the waiting thread takes the loop and does it there and then, if nobody else
 * has the loop; else it is posted. Where nobody runs the loop, the errand is given up after a while instead of waited
 * for for ever. Read next: errand.c, stream.h.
 */
#ifndef CX_NODE_ERRAND_H
#define CX_NODE_ERRAND_H

#include "node/loop.h"

typedef struct cx_errand cx_errand;

struct cx_errand {
    cx_post post;
    coax_loop *loop;
    void (*run)(cx_errand *errand); /* loop's thread */
    /* Around the time in which the loop may hold it: whoever owns it counts. Any thread, loop's thread. */
    void (*hold)(cx_errand *errand);
    void (*let_go)(cx_errand *errand);
    /* Under the loop's mutex. */
    bool is_started;
    bool is_done;
    bool is_given_up; /* it will not run any more */
};

/** How long something that the loop has begun is waited for, past its time. */
#define CX_ERRAND_GRACE_NS UINT64_C(2000000000)

/**
 * Does it. The caller is not on the loop's thread, and between cx_turns_enter and cx_turns_leave.
 * @return COAX_OK: it has run. Else it will not: COAX_ERR_CLOSED (the loop is being destroyed),
 * COAX_ERR_DEADLINE_EXCEEDED (nobody has run the loop for `patience_ms`).
 */
COAX_MUST_USE coax_err cx_errand_do(cx_errand *errand, uint32_t patience_ms);

/** Runs `run(post)` on the loop's thread: at once where this thread can take a private loop, else posted. As
 * cx_errand_do, but waits for nothing. @return COAX_OK, COAX_ERR_CLOSED. */
COAX_MUST_USE coax_err cx_errand_send(coax_loop *loop, cx_post *post);

#endif
