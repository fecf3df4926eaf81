/*
 * Reading what was counted, from any thread, and adding up what several loops counted for one server.
 *
 * Takes no memory and no lock. Read next: ../node/prometheus.c.
 */
#include <string.h>

#include "rpc/stats.h"

static const cx_stats *sibling_of(const cx_stats *stats)
{
    return atomic_load_explicit((_Atomic(cx_stats *) *)(uintptr_t)&stats->sibling,
                                memory_order_acquire);
}

static const cx_stats_row *load_row(const _Atomic(cx_stats_row *) *at)
{
    return atomic_load_explicit((_Atomic(cx_stats_row *) *)(uintptr_t)at, memory_order_acquire);
}

uint64_t coax_metrics_bound_us(unsigned index)
{
    return index < COAX_METRICS_BUCKETS - 1 ? UINT64_C(8) << index : UINT64_MAX;
}

static void add_totals(const cx_stats *stats, coax_metrics *sum)
{
    uint64_t ended = cx_count_read(&stats->ended);
    sum->connections_ended += ended;
    sum->connections_opened += cx_count_read(&stats->opened);
    sum->connections_failed += cx_count_read(&stats->failed);
    sum->connections_accepted += cx_count_read(&stats->accepted);
    sum->connections_refused += cx_count_read(&stats->refused);
    sum->handlers += cx_count_read(&stats->handlers);
    sum->bad_inputs += cx_count_read(&stats->bad_inputs);
    sum->calls_denied += cx_count_read(&stats->calls_denied);
    sum->calls_limited += cx_count_read(&stats->calls_limited);
    sum->bytes_received += cx_count_read(&stats->bytes_received);
    sum->bytes_sent += cx_count_read(&stats->bytes_sent);
    sum->frames_received += cx_count_read(&stats->frames_received);
    sum->frames_sent += cx_count_read(&stats->frames_sent);
    sum->pings_received += cx_count_read(&stats->pings_received);
    sum->pings_sent += cx_count_read(&stats->pings_sent);
}

void cx_stats_read(const cx_stats *first, coax_metrics *ret)
{
    coax_metrics sum;
    memset(&sum, 0, sizeof sum);
    for (const cx_stats *at = first; at != NULL; at = sibling_of(at))
        add_totals(at, &sum);
    if (sum.connections_opened > sum.connections_ended)
        sum.connections_open = sum.connections_opened - sum.connections_ended;
    sum.size = ret->size < sizeof sum ? ret->size : sizeof sum;
    memcpy(ret, &sum, sum.size);
}

/* One loop's row for a method, or NULL. */
static const cx_stats_row *find_row(const cx_stats *stats, const cx_stats_row *like)
{
    const cx_stats_row *row = load_row(&stats->buckets[cx_stats_bucket(like->method, like->kind)]);
    while (row != NULL && (row->method != like->method || row->kind != like->kind))
        row = load_row(&row->next_in_bucket);
    return row;
}

/* Whether a loop before `stats` has a row for it, and so has told it already. */
static bool is_told(const cx_stats *first, const cx_stats *stats, const cx_stats_row *row)
{
    for (const cx_stats *at = first; at != stats; at = sibling_of(at)) {
        if (find_row(at, row) != NULL)
            return true;
    }
    return false;
}

static void add_call(const cx_stats_row *row, coax_method_metrics *sum)
{
    const cx_call_counts *counts = &row->call;
    uint64_t ended = 0;
    for (unsigned i = 0; i < COAX_METRICS_CODES; i++) {
        cx_count *code = (cx_count *)(uintptr_t)&counts->ended[i];
        uint64_t n = atomic_load_explicit(code, memory_order_acquire);
        sum->ended[i] += n;
        ended += n;
    }
    uint64_t started = cx_count_read(&counts->started);
    sum->started += started;
    sum->active += started - ended;
    sum->request_bytes += cx_count_read(&counts->request_bytes);
    sum->reply_bytes += cx_count_read(&counts->reply_bytes);
    sum->items_received += cx_count_read(&counts->items_received);
    sum->items_sent += cx_count_read(&counts->items_sent);
    sum->item_bytes_received += cx_count_read(&counts->item_bytes_received);
    sum->item_bytes_sent += cx_count_read(&counts->item_bytes_sent);
    sum->duration_ns += cx_count_read(&counts->duration_ns);
    for (unsigned i = 0; i < COAX_METRICS_BUCKETS; i++)
        sum->durations[i] += cx_count_read(&counts->durations[i]);
}

static void add_event(const cx_stats_row *row, coax_event_metrics *sum)
{
    const cx_event_counts *counts = &row->event;
    sum->emitted += cx_count_read(&counts->emitted);
    sum->queued += cx_count_read(&counts->queued);
    sum->dropped += cx_count_read(&counts->dropped);
    sum->disconnected += cx_count_read(&counts->disconnected);
    sum->failed += cx_count_read(&counts->failed);
    sum->received += cx_count_read(&counts->received);
    sum->bytes += cx_count_read(&counts->bytes);
}

/* Calls `tell` for the first row of each method and kind. */
static void each_row(const cx_stats *first,
                     void (*tell)(const cx_stats *from, const cx_stats_row *row, void *arg),
                     void *arg)
{
    for (const cx_stats *at = first; at != NULL; at = sibling_of(at)) {
        for (const cx_stats_row *row = load_row(&at->first); row != NULL;
             row = load_row(&row->next)) {
            if (!is_told(first, at, row))
                tell(at, row, arg);
        }
    }
}

typedef struct reading {
    coax_method_metrics_fn on_method;
    coax_event_metrics_fn on_event;
    void *self;
} reading;

static void tell_method(const cx_stats *from, const cx_stats_row *row, void *arg)
{
    const reading *to = arg;
    if (row->kind == CX_ROW_EVENT)
        return;
    coax_method_metrics sum = { .method = row->method, .is_inbound = row->kind == CX_ROW_INBOUND };
    for (const cx_stats *at = from; at != NULL; at = sibling_of(at)) {
        const cx_stats_row *mine = find_row(at, row);
        if (mine != NULL)
            add_call(mine, &sum);
    }
    to->on_method(to->self, &sum);
}

static void tell_event(const cx_stats *from, const cx_stats_row *row, void *arg)
{
    const reading *to = arg;
    if (row->kind != CX_ROW_EVENT)
        return;
    coax_event_metrics sum = { .event = row->method };
    for (const cx_stats *at = from; at != NULL; at = sibling_of(at)) {
        const cx_stats_row *mine = find_row(at, row);
        if (mine != NULL)
            add_event(mine, &sum);
    }
    to->on_event(to->self, &sum);
}

void cx_stats_each_method(const cx_stats *first, coax_method_metrics_fn fn, void *self)
{
    reading to = { .on_method = fn, .self = self };
    each_row(first, tell_method, &to);
}

void cx_stats_each_event(const cx_stats *first, coax_event_metrics_fn fn, void *self)
{
    reading to = { .on_event = fn, .self = self };
    each_row(first, tell_event, &to);
}
