/*
 * The network benchmarks: three ways to echo the same bytes between two processes, each pinned to a
 * core.
 *
 *     raw    blocking sockets, one message at a time: the floor
 *     uv     libuv, one write for each batch: what an event loop can do
 *     coax   the whole of it: encoded, checked, correlated, with a deadline, dispatched, decoded
 */
#ifndef BENCH_NET_H
#define BENCH_NET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <coax/client.h>
#include <coax/server.h>

#include "bench.h"

/** The core of servers, and of clients. */
enum { NET_SERVER_CORE = 0, NET_CLIENT_CORE = 1 };

/**
 * Bytes on the wire for one echo: header, deadline and message one way, header and message back.
 */
typedef struct net_sizes {
    size_t payload;
    size_t request;
    size_t reply;
} net_sizes;

net_sizes net_sizes_of(size_t payload);
/** Bytes of the encoded record with such a payload (net_coax.c). */
size_t net_encoded_size(size_t payload);

/** A server in its own process. */
typedef struct net_server {
    pid_t pid;
    uint16_t port;
} net_server;

/**
 * Listens, tells the port with net_report_port, and serves until killed. Returns only when that
 * fails.
 */
typedef void (*net_serve_fn)(int report, const net_sizes *sizes);

/** Forks a server, pinned. 0, or 1 after saying what went wrong. */
int net_start(net_serve_fn serve, const net_sizes *sizes, net_server *ret_server);
void net_stop(net_server *server);
void net_report_port(int report, uint16_t port);
/** A socket listening on a free port of the loopback, reported; or -1. */
int net_listen(int report);
/** Pins the calling process. */
void net_pin(int core);
/** A blocking connected socket with TCP_NODELAY, or -1. */
int net_connect(uint16_t port);

/** Round trips, one at a time; fills `ns` with how long each took. 0 or 1. */
typedef int (*net_trips_fn)(uint16_t port, const net_sizes *sizes, double *ns, size_t n);
/** `n` echoes with 128 under way; the seconds it took, or a negative number. */
typedef double (*net_flood_fn)(uint16_t port, const net_sizes *sizes, size_t n);

void net_raw_serve(int report, const net_sizes *sizes);
int net_raw_trips(uint16_t port, const net_sizes *sizes, double *ns, size_t n);

void net_uv_serve(int report, const net_sizes *sizes);
int net_uv_trips(uint16_t port, const net_sizes *sizes, double *ns, size_t n);
double net_uv_flood(uint16_t port, const net_sizes *sizes, size_t n);

void net_coax_serve(int report, const net_sizes *sizes);
int net_coax_trips(uint16_t port, const net_sizes *sizes, double *ns, size_t n);
int net_coax_wait_trips(uint16_t port, const net_sizes *sizes, double *ns, size_t n);
double net_coax_flood(uint16_t port, const net_sizes *sizes, size_t n);
/** Serves on `url` as a net_serve_fn does. */
void net_coax_serve_on(int report, const char *url, const coax_server_options *options);
/** `n` echoes with `depth` under way, once the connection is open; `ns` NULL, or how long each took. 0 or 1. */
int net_coax_echo(const char *url, const coax_client_options *options, const net_sizes *sizes,
                  double *ns, size_t n, size_t depth, double *ret_seconds);
/** A server of the feed, and seconds for `n` of its items one way; negative: it failed (streams.c). */
void net_feed_serve_on(int report, const char *url, const coax_server_options *options);
double net_feed_list(const char *url, const coax_client_options *options, size_t n);
/** System calls for each of `n` calls, on both sides. 0 or 1. */
int net_coax_system_calls(uint16_t port, size_t n, double *ret_client, double *ret_server);
/** Bytes the server holds for each of `n` idle connections. 0 or 1. */
int net_coax_idle(const char *url, const coax_client_options *options, size_t n,
                  double *ret_resident, double *ret_counted);

/** System calls of this process that move bytes or wait (syscalls.c). */
uint64_t net_system_calls(void);

enum { NET_DEPTH = 128 };

#endif
