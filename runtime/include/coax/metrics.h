/*
 * Metrics: what a server, a client or a connection has done so far, as numbers and as Prometheus
 * text.
 *
 * Counting is always on, costs a few additions per call and takes no memory but one row per method
 * that was used. Invariants: counters only grow while their owner lives; what is marked "now" goes
 * up and down; a count read here was right at some moment shortly before, and one that depends on
 * another (active on started) never contradicts it. Times are the loop's: from when a request was
 * started, or had arrived, to when its end was known, without the network on the answering side.
 */
#ifndef COAX_METRICS_H
#define COAX_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/call.h>
#include <coax/descriptor.h>

COAX_BEGIN_DECLS

/** The canonical codes, 0 to 16; codes that stay in a process count as what they travel as. */
#define COAX_METRICS_CODES 17u
/** Buckets of durations; see coax_metrics_bound_us. */
#define COAX_METRICS_BUCKETS 25u

/**
 * What a server with all its loops, or a client over all its connections, has done. `size` is set
 * by the reader to its own sizeof; members past it are not written.
 */
typedef struct coax_metrics {
    size_t size;
    uint64_t connections_open;     /* now: WELCOME has passed */
    uint64_t connections_opened;   /* ever; of a client the second and later ones are reconnects */
    uint64_t connections_ended;    /* of those opened */
    uint64_t connections_failed;   /* ended before they were open; a client's failed attempts */
    uint64_t connections_accepted; /* servers: everybody who came, refused ones included */
    uint64_t connections_refused;  /* servers: max_connections, max_unopened */
    uint64_t handlers;             /* now: requests handed to handlers and not yet ended by them */
    uint64_t bad_inputs;           /* calls and connections that a peer's bad input ended */
    uint64_t bytes_received;       /* of transports, below this all is the system's */
    uint64_t bytes_sent;
    uint64_t frames_received;
    uint64_t frames_sent;
    uint64_t pings_received;
    uint64_t pings_sent;
    uint64_t
        calls_denied; /* calls, one-way messages, subscriptions refused for @roles or @public */
    uint64_t calls_limited; /* those, items and events past max_calls_per_s or max_bytes_per_s */
} coax_metrics;

#define COAX_METRICS_INIT                                                                          \
    {                                                                                              \
        sizeof(coax_metrics), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0                       \
    }

/**
 * One method, in one direction. One-way messages are started and ended at once, with no duration. A
 * stream's duration is its whole life.
 */
typedef struct coax_method_metrics {
    const coax_method *method; /* NULL: all methods that nobody serves, together */
    bool is_inbound;           /* answered here; else called from here */
    uint64_t started;
    uint64_t active; /* now: started, and its end is not known */
    uint64_t ended
        [COAX_METRICS_CODES]; /* by code; for the answering side what the caller was told, or would
                                           have been, when it cancelled (1) or was lost (14) */
    uint64_t request_bytes;   /* encoded messages, without what stands in front of them */
    uint64_t reply_bytes;
    uint64_t items_received;
    uint64_t items_sent;
    uint64_t item_bytes_received;
    uint64_t item_bytes_sent;
    uint64_t duration_ns;                     /* sum */
    uint64_t durations[COAX_METRICS_BUCKETS]; /* each its own, not those below as well */
} coax_method_metrics;

/** One event: a server's emits, a client's receipts. */
typedef struct coax_event_metrics {
    const coax_method *event;
    uint64_t emitted;      /* calls of emit; with many loops once for all */
    uint64_t queued;       /* for one subscriber each */
    uint64_t dropped;      /* for one subscriber each: max_event_queue */
    uint64_t disconnected; /* subscribers closed for being slow */
    uint64_t failed;       /* no memory, or longer than the subscriber takes */
    uint64_t received;     /* handed to this side's handlers */
    uint64_t bytes;        /* encoded messages queued or received */
} coax_event_metrics;

/** One connection. `size` as in coax_metrics. */
typedef struct coax_peer_metrics {
    size_t size;
    uint64_t bytes_received;
    uint64_t bytes_sent;
    uint64_t frames_received;
    uint64_t frames_sent;
    uint64_t pings_received;
    uint64_t pings_sent;
    uint64_t queued_bytes; /* now, unsent */
    uint32_t calls;        /* now, made here */
    uint32_t handlers;     /* now */
    uint32_t rtt_us;       /* smoothed; 0 before the first answer to a PING */
} coax_peer_metrics;

#define COAX_PEER_METRICS_INIT                                                                     \
    {                                                                                              \
        sizeof(coax_peer_metrics), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0                                    \
    }

/**
 * The longest duration that bucket `index` counts, in microseconds: 8, 16, 32 ... about 67 seconds;
 * the last one has no end (UINT64_MAX). Any thread.
 */
COAX_API uint64_t coax_metrics_bound_us(unsigned index);

/**
 * Reads the sums. @return COAX_OK, COAX_ERR_MISUSE (NULL, or a `size` of 0). Any thread, while the
 * server lives.
 */
COAX_API coax_err coax_server_read_metrics(const coax_server *server, coax_metrics *ret_metrics);
/** The same of a client. */
COAX_API coax_err coax_client_read_metrics(const coax_client *client, coax_metrics *ret_metrics);

/** Takes one row, which is borrowed for the call. */
typedef void (*coax_method_metrics_fn)(void *self, const coax_method_metrics *row);
typedef void (*coax_event_metrics_fn)(void *self, const coax_event_metrics *row);

/**
 * Calls `fn` once for each method and direction that has been used so far, in the order of first
 * use; with many loops their rows are added up. Takes no memory. NULL for a server: nothing. Any
 * thread, while the server lives.
 */
COAX_API void coax_server_each_method(const coax_server *server, coax_method_metrics_fn fn,
                                      void *self);
/** The same of a client. */
COAX_API void coax_client_each_method(const coax_client *client, coax_method_metrics_fn fn,
                                      void *self);
/** The same for events. */
COAX_API void coax_server_each_event(const coax_server *server, coax_event_metrics_fn fn,
                                     void *self);
COAX_API void coax_client_each_event(const coax_client *client, coax_event_metrics_fn fn,
                                     void *self);

/** Reads one connection's. @return COAX_OK, COAX_ERR_STALE, COAX_ERR_MISUSE. Loop's thread. */
COAX_API coax_err coax_peer_read_metrics(coax_peer peer, coax_peer_metrics *ret_metrics);

/** What is to be told: a server or a client, and a name that tells it from the others. */
typedef struct coax_metrics_source {
    const char *name;          /* the label `source`; UTF-8; NULL: without one. Different in each */
    const coax_server *server; /* one of the two, the other NULL */
    const coax_client *client;
} coax_metrics_source;

/** Takes a piece of text, borrowed for the call. False: no more is wanted. */
typedef bool (*coax_metrics_write_fn)(void *self, const char *text, size_t len);

/**
 * Writes Prometheus' text exposition format, version 0.0.4 (content type "text/plain;
 * version=0.0.4"), of all sources at once, because the format wants each family in one place.
 * docs/guide/17-logs-and-metrics.md lists the families.
 * @return COAX_OK, COAX_ERR_CANCELLED (`write` said no), COAX_ERR_INVALID_ARGUMENT (two sources of
 * one name, a name that is no UTF-8), COAX_ERR_MISUSE (a source with neither or both). Nothing is
 * written but with the first two. Any thread, while the sources live.
 */
COAX_API COAX_MUST_USE coax_err coax_metrics_prometheus(const coax_metrics_source *sources,
                                                        size_t n_sources,
                                                        coax_metrics_write_fn write, void *self);

/**
 * The same into a buffer, cut to `size` with its NUL. @param ret_len  The full length without it:
 * if it is not less than `size`, ask again with more room (numbers may have grown meanwhile).
 * @return as coax_metrics_prometheus.
 */
COAX_API COAX_MUST_USE coax_err coax_metrics_prometheus_text(const coax_metrics_source *sources,
                                                             size_t n_sources, char *buffer,
                                                             size_t size, size_t *ret_len);

COAX_END_DECLS

#endif
