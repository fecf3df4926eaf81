/*
 * What is counted: one cx_stats per server and loop, or per client; in it a row per method and direction.
 *
 * One thread writes a cx_stats, the loop's; any thread may read it. So each count is an atomic that its writer
 * changes by a plain load, add and store, which costs what an addition costs. Rows are made with a method's
 * first call and stay: readers walk lists that only grow. A method is the program's own, so a peer can't make
 * rows; ids that nobody serves share one. Knows no call objects and takes the time as an argument. Every function
 * that counts takes NULL for a row: no memory, or nobody counts. Read next: stats.c.
 */
#ifndef CX_RPC_STATS_H
#define CX_RPC_STATS_H

#include <stdatomic.h>

#include <coax/metrics.h>

#include "link/pool.h"

typedef _Atomic uint64_t cx_count;

/* For the one thread that writes. */
static inline void cx_count_add(cx_count *count, uint64_t n)
{
    uint64_t now = atomic_load_explicit(count, memory_order_relaxed);
    atomic_store_explicit(count, now + n, memory_order_relaxed);
}

static inline uint64_t cx_count_read(const cx_count *count)
{
    return atomic_load_explicit((cx_count *)(uintptr_t)count, memory_order_relaxed);
}

/* A method in one direction, or an event. */
typedef enum cx_row_kind { CX_ROW_INBOUND = 0, CX_ROW_OUTBOUND, CX_ROW_EVENT } cx_row_kind;

typedef struct cx_call_counts {
    cx_count started;
    cx_count ended[COAX_METRICS_CODES];
    cx_count request_bytes;
    cx_count reply_bytes;
    cx_count items_received;
    cx_count items_sent;
    cx_count item_bytes_received;
    cx_count item_bytes_sent;
    cx_count duration_ns;
    cx_count durations[COAX_METRICS_BUCKETS];
} cx_call_counts;

typedef struct cx_event_counts {
    cx_count emitted;
    cx_count queued;
    cx_count dropped;
    cx_count disconnected;
    cx_count failed;
    cx_count received;
    cx_count bytes;
} cx_event_counts;

typedef struct cx_stats_row {
    _Atomic(struct cx_stats_row *) next;           /* in order of first use */
    _Atomic(struct cx_stats_row *) next_in_bucket; /* by id */
    const coax_method *method;                     /* NULL: nobody serves it */
    size_t cap;                                    /* bytes of this row */
    cx_row_kind kind;
    struct cx_stats_row *next_unsettled; /* the writer's, as the next one */
    uint64_t n_unsettled;                /* calls that have ended at once, and are not timed yet */
    union {
        cx_call_counts call;
        cx_event_counts event;
    };
} cx_stats_row;

#define CX_STATS_BUCKETS 32u

typedef struct cx_stats {
    cx_pool *pool; /* rows come from it */
    /* of the same server on another loop; the first is the server's */
    _Atomic(struct cx_stats *) sibling;
    cx_count accepted;
    cx_count refused;
    cx_count opened;
    cx_count ended;
    cx_count failed;
    cx_count handlers; /* now */
    cx_count bad_inputs;
    cx_count calls_denied;
    cx_count calls_limited;
    cx_count bytes_received;
    cx_count bytes_sent;
    cx_count frames_received;
    cx_count frames_sent;
    cx_count pings_received;
    cx_count pings_sent;
    _Atomic(cx_stats_row *) first;
    cx_stats_row *last;      /* the writer's */
    cx_stats_row *unsettled; /* the writer's: rows with calls that have ended at once */
    _Atomic(cx_stats_row *) buckets[CX_STATS_BUCKETS];
} cx_stats;

/* Takes no memory yet. `pool` is borrowed: a loop's. */
void cx_stats_init(cx_stats *stats, cx_pool *pool);
/* On the loop's thread, when nobody reads any more. Works on a zeroed one. */
void cx_stats_deinit(cx_stats *stats);
/* Has `other` read together with `first`, and no more. Both live on; one thread at a time. */
void cx_stats_join(cx_stats *first, cx_stats *other);
void cx_stats_part(cx_stats *first, cx_stats *other);

/* Where the rows of a method are. A method is called here and served here at most now and then. */
static inline uint32_t cx_stats_bucket(const coax_method *method, cx_row_kind kind)
{
    return ((method != NULL ? method->id : 0) + (uint32_t)kind) % CX_STATS_BUCKETS;
}

/* The row, made if it is the first time. NULL: no memory. */
cx_stats_row *cx_stats_look(cx_stats *stats, const coax_method *method, cx_row_kind kind);

/* The same; NULL as well if `stats` is NULL. Mostly the row is the first of its bucket. */
static inline cx_stats_row *cx_stats_find(cx_stats *stats, const coax_method *method,
                                          cx_row_kind kind)
{
    if (stats == NULL)
        return NULL;
    cx_stats_row *row =
        atomic_load_explicit(&stats->buckets[cx_stats_bucket(method, kind)], memory_order_relaxed);
    if (COAX_LIKELY(row != NULL && row->method == method && row->kind == kind))
        return row;
    return cx_stats_look(stats, method, kind);
}

/* A call or one-way message begins. */
static inline void cx_stats_begin(cx_stats_row *row, size_t request_len)
{
    if (row == NULL)
        return;
    cx_count_add(&row->call.started, 1);
    cx_count_add(&row->call.request_bytes, request_len);
}

/* And ends: once for each that has begun. */
void cx_stats_end(cx_stats_row *row, coax_err code, uint64_t duration_ns);
/*
 * The same for a call answered in the handler that ran as its request arrived: it is timed by cx_stats_settle, where the
 * clock is read once for all of them. `stats` is the row's.
 */
void cx_stats_end_at_once(cx_stats *stats, cx_stats_row *row, coax_err code);
/* Times what has ended at once: all that arrived is handled, `duration_ns` after it came. */
void cx_stats_settle(cx_stats *stats, uint64_t duration_ns);
static inline bool cx_stats_is_unsettled(const cx_stats *stats)
{
    return stats != NULL && stats->unsettled != NULL;
}
/* The end of what has no duration: one-way messages. */
void cx_stats_end_oneway(cx_stats_row *row, coax_err code);
/* A request that is refused where it arrived. `method` NULL: nobody serves it. */
void cx_stats_refused(cx_stats *stats, const coax_method *method, size_t request_len,
                      coax_err code);

static inline void cx_stats_replied(cx_stats_row *row, size_t len)
{
    if (row != NULL)
        cx_count_add(&row->call.reply_bytes, len);
}

static inline void cx_stats_item_received(cx_stats_row *row, size_t len)
{
    if (row == NULL)
        return;
    cx_count_add(&row->call.items_received, 1);
    cx_count_add(&row->call.item_bytes_received, len);
}

static inline void cx_stats_item_sent(cx_stats_row *row, size_t len)
{
    if (row == NULL)
        return;
    cx_count_add(&row->call.items_sent, 1);
    cx_count_add(&row->call.item_bytes_sent, len);
}

/* Reading, from any thread: the sums over `first` and what joined it. */
void cx_stats_read(const cx_stats *first, coax_metrics *ret);
void cx_stats_each_method(const cx_stats *first, coax_method_metrics_fn fn, void *self);
void cx_stats_each_event(const cx_stats *first, coax_event_metrics_fn fn, void *self);

#endif
