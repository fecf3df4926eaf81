/*
 * Threads for @blocking handlers: one pool for each server, or client that serves.
 *
 *     loop      a request of such a method arrives: a cx_worker_call is made and queued    worker_home.c
 *     worker    runs the handler; what it answers is encoded and put into `out`             worker_call.c
 *     loop      is posted to, and sends it; waits where there is no room                    worker_home.c
 *     worker    the handler returns
 *     loop      is posted to, and lets go
 *
 * Invariants: a worker's call has one handler, on one thread, and belongs to the loop of its connection, which
 * does not end before the handler has returned and the call has come home; pools end after that, so
 * joining their threads waits for nothing. What both sides touch is under the desk's mutex, and no other is
 * taken inside it. Read next: workers.c.
 */
#ifndef CX_NODE_WORKERS_H
#define CX_NODE_WORKERS_H

#include <stdatomic.h>

#include "node/loop.h"
#include "rpc/worker.h"

/** Most threads of one pool. */
#define CX_WORKERS_MAX 1024u

typedef struct cx_worker_call cx_worker_call;

typedef struct cx_workers {
    coax_loop *loop; /* the owner's */
    void (*on_idle)(void *self);
    void *self;
    atomic_uint n_calls; /* alive, on whatever loop */
    uv_mutex_t mutex;    /* for the rest */
    uv_cond_t changed;
    cx_worker_call *first;
    cx_worker_call *last;
    uint32_t n_queued;
    uint32_t n_idle;
    uint32_t n_threads;
    uint32_t limit;
    bool is_closing;
    uv_thread_t threads[];
} cx_workers;

/**
 * A pool of at most `limit` threads, which start when they are needed. `on_idle(self)`, from the loop, when its last
 * call that was on this loop has come home. NULL: no memory.
 */
cx_workers *cx_workers_create(coax_loop *loop, uint32_t limit, void (*on_idle)(void *self),
                              void *self);
/**
 * Makes `config->workers` if `service` has a @blocking method and there is none yet.
 * @return COAX_OK, COAX_ERR_NO_MEMORY, COAX_ERR_NOT_SUPPORTED (a loop without threads, which the log says).
 */
COAX_MUST_USE coax_err cx_workers_for(const coax_gen_service *service, cx_endpoint_config *config,
                                      coax_loop *loop, uint32_t limit, void (*on_idle)(void *self),
                                      void *self);
/** Joins the threads. No call is alive. NULL is fine. */
void cx_workers_free(cx_workers *workers);
/** Whether calls are alive. NULL: none. */
bool cx_workers_are_busy(const cx_workers *workers);

/** Has a thread run it. COAX_ERR_SYSTEM: there is none, and none can be started. */
COAX_MUST_USE coax_err cx_workers_queue(cx_workers *workers, cx_worker_call *call);

/** Bytes on their way from a worker to its loop, as records. From malloc, kept by the call. */
typedef struct cx_sheet {
    uint8_t *data;
    size_t len;
    size_t cap;
} cx_sheet;

typedef enum cx_record_kind {
    CX_RECORD_REPLY = 1,
    CX_RECORD_THROW,
    CX_RECORD_FAIL, /* words behind it */
    CX_RECORD_BAD,  /* the answer breaks its schema: why, for our own side */
    CX_RECORD_ITEM,
    CX_RECORD_END
} cx_record_kind;

/** In front of the bytes of one; the next begins at a multiple of CX_RECORD_ALIGN. */
typedef struct cx_record {
    size_t len;
    const coax_type *type; /* THROW */
    coax_err code;         /* FAIL */
    cx_record_kind kind;
} cx_record;

enum { CX_RECORD_ALIGN = 16 };

/** What a loop's worker calls share, made with the first. Under the mutex, but for `stuck`. */
typedef struct cx_desk {
    uv_mutex_t mutex;
    cx_worker_call **calls; /* by index */
    uint32_t count;
    uint32_t cap;
    cx_worker_call *free;
    cx_list stuck; /* the loop's: calls whose answer found no room */
} cx_desk;

struct cx_worker_call {
    cx_post post;
    cx_worker_call *next; /* in a queue, or free */
    cx_list stuck;
    cx_workers *pool;
    coax_loop *loop;
    cx_worker_job job;
    coax_peer peer;
    uint32_t index;
    uint32_t generation;
    uv_cond_t changed; /* for the handler, where it waits */
    /* Under the desk's mutex. */
    uv_thread_t thread;
    void *data;
    cx_sheet out;
    size_t unsent; /* bytes of records that have not reached the send queue */
    bool is_running;
    bool has_answered;
    bool is_gone; /* nobody waits for the answer any more */
    bool has_returned;
    bool is_posted;
    bool is_waiting;
    /* The worker's. */
    cx_sheet draft;
    /* The loop's. */
    cx_sheet sending;
    size_t at;
};

/** What the rpc layer calls. */
extern const struct cx_worker_ops cx_worker_ops;

/** worker_home.c: a call to be run; loop's thread. And its way back. */
coax_err cx_worker_begin(cx_workers *pool, const cx_worker_job *job);
void cx_worker_run_home(cx_post *post);
/** There is room in a send queue of `loop` again. */
void cx_worker_retry(coax_loop *loop);
/** Frees what the loop keeps for such calls; none is alive. */
void cx_worker_free_desk(coax_loop *loop);

/** worker_call.c, on the worker: the call of its handle, of `method` unless that is NULL; or NULL and why. */
cx_worker_call *cx_worker_find(coax_call handle, const coax_method *method, coax_err *ret_why);
/** Encodes a value as the record's; COAX_ERR_TOO_LARGE past `max` (0: max_message). And sends a drafted record. */
COAX_MUST_USE coax_err cx_worker_draft(cx_worker_call *call, const coax_type *type,
                                       const void *value, uint32_t max, cx_record *record);
COAX_MUST_USE coax_err cx_worker_put(cx_worker_call *call, const cx_record *record, bool is_last);
/** Runs the handler, on the calling thread. */
void cx_worker_run(cx_worker_call *call);

#endif
