/*
 * struct coax_loop: the core, the shell that drives it, and what must happen before it sleeps.
 *
 * Invariants: everything but `shared` belongs to the thread that runs the loop; `is_pending` is set
 * whenever something waits for the end of the turn; `depth` counts entries from the shell, so that
 * user code runs only while it is not 0. Read next: loop.c, post.c, conn.h.
 */
#ifndef CX_NODE_LOOP_H
#define CX_NODE_LOOP_H

#include <uv.h>

#include <coax/loop.h>

#include "base/list.h"
#include "node/shell.h"
#include "rpc/core.h"
#include "secure/channel.h"
#include "transport/transport.h"

/**
 * Bytes read at once; one buffer for all connections of a loop. Only what is read touches it.
 * Measured with a 1 MiB echo: 64 KiB gives half of the throughput, because the reader and the
 * writer wake each other for every piece.
 */
#define CX_SLAB_SIZE (256u * 1024u)

typedef struct cx_conn cx_conn;
typedef struct cx_signals cx_signals;

/** Something posted to a loop; whoever posts keeps it until it runs. */
typedef struct cx_post {
    struct cx_post *next;
    void (*run)(struct cx_post *post); /* the post is no longer queued, and may be freed */
} cx_post;

/** What other threads may touch, under `mutex`. */
typedef struct cx_loop_shared {
    uv_mutex_t mutex;
    uv_cond_t changed;  /* a blocking call is over, or nobody runs the loop any more */
    uint32_t n_waiting; /* threads in `changed` */
    cx_post *first;
    cx_post *last;
    bool is_ended;  /* not even our own posts are taken any more */
    bool is_woken;  /* the shell has been woken for the posts there are */
    bool is_closed; /* destroy has begun */
    bool wants_stop;
    bool has_runner; /* a thread is inside coax_loop_run or a blocking stub that runs the loop */
    bool has_thread; /* `thread` is the last that ran a turn */
    uv_thread_t thread;
} cx_loop_shared;

/** Connections that wait for their turn to compute (turnstile.h). */
typedef struct cx_turnstile {
    cx_list line; /* cx_conn.in_line */
    cx_task task;
    uint32_t turn; /* of the loop */
    uint32_t n_computed;
} cx_turnstile;

struct coax_loop {
    cx_core core; /* first: handles lead here */
    cx_net net;
    cx_shell *shell;
    coax_env env;
    uint8_t *slab;
    uint8_t *scratch; /* where encrypted connections seal to; made with the first */
    cx_channel_memory channel_memory;
    cx_task *first_task;
    cx_task *last_task;
    cx_list dirty; /* connections to flush */
    cx_list clients;
    cx_list servers;
    cx_list stretches;    /* secrets.c: passwords that are being stretched on threads */
    cx_list conns;        /* every one, so that destroy finds them */
    uint32_t n_lingering; /* connections that have ended and wait for the peer to read why */
    uint32_t n_away;      /* threads and their work that will come back by a post of our own */
    uint32_t depth;
    uint32_t n_turns; /* goes round */
    cx_turnstile turnstile;
    uint64_t armed_ns; /* what the shell's timer is set to; UINT64_MAX: nothing */
    bool is_pending;
    bool is_due; /* a timer of the wheel */
    bool is_turning;
    bool is_awake; /* the shell was told not to sleep */
    bool is_destroying;
    bool knows_thread;          /* that runs it: noted in the first turn */
    bool is_private;            /* a server's, with a thread of its own: not the user's to run */
    struct cx_desk *desk;       /* for calls on workers; made with the first */
    struct cx_signals *signals; /* while it drains on signals; else NULL */
    struct cx_turns *turns;     /* a dialled client's: who may run it; else NULL */
    cx_loop_shared shared;
};

/** A loop driven by `shell`, which is taken also on failure. NULL: no memory or a bad option. */
coax_loop *cx_loop_create(cx_shell *shell, const coax_env *env, const coax_loop_options *options);

/** Brings everything on it to an end, on its own thread. */
void cx_loop_end(coax_loop *loop);
/** Frees one that has ended. */
void cx_loop_free(coax_loop *loop);

/** libuv's shell. `uv` NULL: with a loop of its own. NULL: no memory, no descriptors. */
cx_shell *cx_shell_uv_create(struct uv_loop_s *uv, const coax_allocator *allocator);
/** The libuv loop below it. */
struct uv_loop_s *cx_shell_uv_loop(cx_shell *shell);
/** Joins the two, once the loop is there. */
void cx_shell_uv_start(cx_shell *shell, coax_loop *loop);

/**
 * Sets the shell's timer, if a deadline has come nearer. A turn's end does it; needed where the
 * user starts something between two turns.
 */
void cx_loop_rearm(coax_loop *loop);

/* What a shell calls. */
void cx_loop_turn(coax_loop *loop);
void cx_loop_due(coax_loop *loop);
void cx_loop_run_posts(coax_loop *loop);

/**
 * Something waits for the end of a turn. Outside of one the shell may neither sleep nor take the
 * loop for done: a connect that failed at once has no socket that would keep it going.
 */
void cx_loop_want_turn(coax_loop *loop);

/** Around everything that may run user code. */
static inline void cx_loop_enter(coax_loop *loop)
{
    loop->depth++;
}

static inline void cx_loop_leave(coax_loop *loop)
{
    loop->depth--;
}

/** Queues `post`. @return COAX_OK, or COAX_ERR_CLOSED: it will not run. Any thread. */
COAX_MUST_USE coax_err cx_loop_add_post(coax_loop *loop, cx_post *post);
/**
 * The same for the library's own threads, for whose posts the end of the loop waits (cx_loop_away):
 * refused only once all has ended.
 */
coax_err cx_loop_add_own_post(coax_loop *loop, cx_post *post);
/** Something has left that comes back by a post of its own (+1), or has come back (-1). Loop's thread. */
void cx_loop_away(coax_loop *loop, int by);
/** No post of users is taken any more. Those there are still run. */
void cx_loop_close_posts(coax_loop *loop);
/** None at all, if there is none now; false: there is. */
bool cx_loop_end_posts(coax_loop *loop);
bool cx_loop_has_posts(coax_loop *loop);

/** Whether the calling thread is the one the loop runs on, as far as can be known. Any thread. */
bool cx_loop_is_own_thread(coax_loop *loop);
/** The same, and also between two runs of a loop that this thread has run last. Any thread. */
bool cx_loop_is_mine(coax_loop *loop);
/** Notes the calling thread as the one that runs the loop. */
void cx_loop_note_thread(coax_loop *loop);
/**
 * Takes the right to run. @return COAX_OK, COAX_ERR_DEADLOCK inside a callback,
 * COAX_ERR_WRONG_THREAD.
 */
COAX_MUST_USE coax_err cx_loop_take_run(coax_loop *loop);
/** The same on the loop's thread; COAX_ERR_DEADLOCK also inside an interceptor that a function of the user runs. */
COAX_MUST_USE coax_err cx_loop_take_run_outside(coax_loop *loop);
void cx_loop_give_run(coax_loop *loop);

/** Has `conn` flushed when the turn ends. */
void cx_loop_add_dirty(coax_loop *loop, cx_conn *conn);

static inline uint64_t cx_loop_now(const coax_loop *loop)
{
    return loop->env.now_ns(loop->env.self);
}

#endif
