/*
 * Counting: rows found or made, calls begun and ended.
 *
 * Written by the loop's thread alone. A new row is whole before it is published, so that readers need no lock.
 * Read next: stats_read.c.
 */
#include <string.h>

#include "rpc/stats.h"

/* The first bucket ends at 8 us; each of the others at twice the one before. */
#define FIRST_BOUND_NS 8000u

void cx_stats_init(cx_stats *stats, cx_pool *pool)
{
    memset(stats, 0, sizeof *stats);
    stats->pool = pool;
}

void cx_stats_deinit(cx_stats *stats)
{
    cx_stats_row *row = atomic_load_explicit(&stats->first, memory_order_relaxed);
    while (row != NULL) {
        cx_stats_row *next = atomic_load_explicit(&row->next, memory_order_relaxed);
        cx_pool_give(stats->pool, row, row->cap);
        row = next;
    }
    memset(stats, 0, sizeof *stats);
}

void cx_stats_join(cx_stats *first, cx_stats *other)
{
    cx_stats *behind = atomic_load_explicit(&first->sibling, memory_order_relaxed);
    atomic_store_explicit(&other->sibling, behind, memory_order_relaxed);
    atomic_store_explicit(&first->sibling, other, memory_order_release);
}

void cx_stats_part(cx_stats *first, cx_stats *other)
{
    cx_stats *at = first;
    while (at != NULL && atomic_load_explicit(&at->sibling, memory_order_relaxed) != other)
        at = atomic_load_explicit(&at->sibling, memory_order_relaxed);
    if (at != NULL)
        atomic_store_explicit(&at->sibling,
                              atomic_load_explicit(&other->sibling, memory_order_relaxed),
                              memory_order_release);
}

/* A row of zeros, published at the end of both lists. */
COAX_COLD static cx_stats_row *add_row(cx_stats *stats, const coax_method *method, cx_row_kind kind,
                                       _Atomic(cx_stats_row *) *bucket)
{
    size_t cap;
    cx_stats_row *row = cx_pool_take(stats->pool, sizeof *row, &cap);
    if (row == NULL)
        return NULL;
    memset(row, 0, sizeof *row);
    row->method = method;
    row->kind = kind;
    row->cap = cap;
    atomic_store_explicit(&row->next_in_bucket, atomic_load_explicit(bucket, memory_order_relaxed),
                          memory_order_relaxed);
    atomic_store_explicit(bucket, row, memory_order_release);
    if (stats->last != NULL)
        atomic_store_explicit(&stats->last->next, row, memory_order_release);
    else
        atomic_store_explicit(&stats->first, row, memory_order_release);
    stats->last = row;
    return row;
}

cx_stats_row *cx_stats_look(cx_stats *stats, const coax_method *method, cx_row_kind kind)
{
    _Atomic(cx_stats_row *) *bucket = &stats->buckets[cx_stats_bucket(method, kind)];
    cx_stats_row *row = atomic_load_explicit(bucket, memory_order_relaxed);
    while (row != NULL && (row->method != method || row->kind != kind))
        row = atomic_load_explicit(&row->next_in_bucket, memory_order_relaxed);
    return COAX_LIKELY(row != NULL) ? row : add_row(stats, method, kind, bucket);
}

/* Canonical codes as they are; local ones as what they travel as. */
static unsigned code_index(coax_err code)
{
    if (COAX_LIKELY(code == COAX_OK))
        return 0;
    unsigned index = (unsigned)coax_err_to_wire(code);
    return index < COAX_METRICS_CODES ? index : (unsigned)COAX_ERR_UNKNOWN;
}

static unsigned bucket_of(uint64_t duration_ns)
{
    uint64_t steps = duration_ns > 0 ? (duration_ns - 1) / FIRST_BOUND_NS : 0;
    unsigned index = 0;
#if defined(__GNUC__)
    if (steps > 0)
        index = 64u - (unsigned)__builtin_clzll(steps);
#else
    for (; steps > 0; steps >>= 1)
        index++;
#endif
    return index < COAX_METRICS_BUCKETS ? index : COAX_METRICS_BUCKETS - 1;
}

/* A reader loads what has ended before what has started; released here, it never sees more of the first. */
static void count_end(cx_stats_row *row, coax_err code)
{
    cx_count *ended = &row->call.ended[code_index(code)];
    uint64_t now = atomic_load_explicit(ended, memory_order_relaxed);
    atomic_store_explicit(ended, now + 1, memory_order_release);
}

void cx_stats_end(cx_stats_row *row, coax_err code, uint64_t duration_ns)
{
    if (row == NULL)
        return;
    cx_count_add(&row->call.duration_ns, duration_ns);
    cx_count_add(&row->call.durations[bucket_of(duration_ns)], 1);
    count_end(row, code);
}

void cx_stats_end_at_once(cx_stats *stats, cx_stats_row *row, coax_err code)
{
    count_end(row, code);
    if (row->n_unsettled++ > 0)
        return;
    row->next_unsettled = stats->unsettled;
    stats->unsettled = row;
}

void cx_stats_settle(cx_stats *stats, uint64_t duration_ns)
{
    const unsigned bucket = bucket_of(duration_ns);
    cx_stats_row *row = stats->unsettled;
    stats->unsettled = NULL;
    for (; row != NULL; row = row->next_unsettled) {
        cx_count_add(&row->call.duration_ns, row->n_unsettled * duration_ns);
        cx_count_add(&row->call.durations[bucket], row->n_unsettled);
        row->n_unsettled = 0;
    }
}

void cx_stats_end_oneway(cx_stats_row *row, coax_err code)
{
    if (row != NULL)
        count_end(row, code);
}

void cx_stats_refused(cx_stats *stats, const coax_method *method, size_t request_len, coax_err code)
{
    cx_stats_row *row = cx_stats_find(stats, method, CX_ROW_INBOUND);
    cx_stats_begin(row, request_len);
    cx_stats_end_oneway(row, code);
}
