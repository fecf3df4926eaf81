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

/** Room for `cap` bytes, of which the first `used` stay. `wipes`: no copy of them is left behind. */
COAX_MUST_USE bool cx_sheet_reserve(cx_sheet *sheet, size_t cap, size_t used, bool wipes);

typedef enum cx_record_kind {
    CX_RECORD_REPLY = 1,
    CX_RECORD_THROW,
    CX_RECORD_FAIL,   /* words behind it */
    CX_RECORD_BAD,    /* the answer breaks its schema: why, for our own side */
    CX_RECORD_REPORT, /* why an item was not sent, for our own side */
    CX_RECORD_ITEM,
    CX_RECORD_END,
    CX_RECORD_METADATA, /* pairs */
    CX_RECORD_TRAILER,
    CX_RECORD_RETRY
} cx_record_kind;

/** In front of the bytes of one; the next begins at a multiple of CX_RECORD_ALIGN. */
typedef struct cx_record {
    size_t len;
    const coax_type *type;   /* THROW */
    coax_err code;           /* FAIL */
    uint32_t retry_after_ms; /* RETRY */
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

/** An item for the handler, in memory that it owns. */
typedef struct cx_kept_item {
    const void *item;
    coax_memory *memory;
} cx_kept_item;

/** Most items that wait for a handler. */
enum { CX_WORKER_ITEMS = 32 };

struct cx_worker_call {
    /* Kept from one life to the next. */
    cx_worker_call *next; /* in a queue, or free */
    uint32_t index;
    uint32_t generation; /* under the desk's mutex */
    uv_cond_t changed;   /* for the handler, where it waits */
    cx_sheet out;        /* under the desk's mutex */
    cx_sheet draft;      /* the worker's */
    cx_sheet sending;    /* the loop's */
    /* Cleared, from `post` on. Set before it is queued, and read by both sides: */
    cx_post post;
    cx_workers *pool;
    coax_loop *loop;
    cx_worker_job job;
    coax_peer peer;
    /* Under the desk's mutex: */
    uv_thread_t thread;
    void *data;
    size_t unsent; /* bytes of records that have not reached the send queue */
    bool is_running;
    bool has_answered;
    bool is_gone; /* nobody waits for the answer any more */
    bool has_returned;
    bool is_posted;
    bool is_waiting;
    bool is_paused;
    bool wants_resume;
    bool peer_ended;
    cx_kept_item items[CX_WORKER_ITEMS]; /* a ring */
    uint32_t first_item;
    uint32_t n_items;
    size_t item_bytes;
    /* The worker's: */
    coax_memory *in_hand; /* of the item taken last */
    size_t initial_len;   /* of metadata said */
    size_t trailer_len;
    bool has_begun; /* nothing can be said in front any more */
    bool wipes;     /* what it writes is overwritten; set before it is queued */
    /* The loop's: */
    cx_list stuck; /* in the desk's */
    size_t at;     /* in `sending` */
    bool waits_for_credit;
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
/** The same for words, and for bytes that the caller writes; NULL: no memory. */
COAX_MUST_USE coax_err cx_worker_draft_words(cx_worker_call *call, const char *words,
                                             size_t *ret_len);
uint8_t *cx_worker_draft_room(cx_worker_call *call, size_t len);

typedef enum cx_put_how {
    CX_PUT = 0,
    CX_PUT_WAITS, /* until a window holds it */
    CX_PUT_LAST   /* it ends the call */
} cx_put_how;

/** Puts the draft down for the loop. COAX_ERR_STALE, COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_worker_put(cx_worker_call *call, const cx_record *record, cx_put_how how);
/** Lets go of the mutex, and has the loop look at the call. */
void cx_worker_unlock_and_post(cx_worker_call *call);
/** Runs the handler, on the calling thread. */
void cx_worker_run(cx_worker_call *call);

/** worker_stream.c: on the worker, as the public functions of their names. */
coax_err cx_worker_push(coax_call handle, const coax_method *method, const void *item);
coax_err cx_worker_end(coax_call handle);
bool cx_worker_take(coax_call handle, const coax_method *method, const void **ret_item);
coax_err cx_worker_send_metadata(coax_call handle, const coax_metadata *metadata);
coax_err cx_worker_set_trailer(coax_call handle, const coax_metadata *metadata);
/** On the loop: has items come, and room told. */
COAX_MUST_USE coax_err cx_worker_open_stream(cx_worker_call *call, coax_call_fn on_room);
/** Sends metadata that was put down. */
coax_err cx_worker_speak(coax_call on_loop, cx_record_kind kind, const uint8_t *at);
/** Throws away what was not taken; the handler has returned. */
void cx_worker_drop_items(cx_worker_call *call);

#endif
