/*
 * The rows of the network: unary latency, calls per second, 1 MiB echo, system calls, idle memory.
 *
 * Servers are forked before the first measurement and live through all rounds; rounds alternate
 * between the ways, so that a machine that slows down slows all of them. Read next: net_raw.c.
 */
#define _GNU_SOURCE /* sched_setaffinity */
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <coax/coax.h>

#include "net.h"
#include "syscalls.h"

/* Short rounds, many of them: a virtual machine's wake-up time jumps between 50 and 75 us for
 * seconds, and each way should meet both. */
enum { ROUNDS = 9, MESSAGE_HEADER = 16, DEADLINE = 4 };

uint64_t net_system_calls(void)
{
    system_calls calls = system_calls_so_far();
    return system_calls_sum(&calls);
}

void net_pin(int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)core, &set);
    (void)sched_setaffinity(0, sizeof set, &set); /* fails with one core: then all share it */
}

net_sizes net_sizes_of(size_t payload)
{
    net_sizes sizes = { payload, 0, 0 };
    size_t message = net_encoded_size(payload);
    size_t n_frames = (message + DEADLINE + COAX_DEFAULT_MAX_FRAME - 1) / COAX_DEFAULT_MAX_FRAME;
    sizes.request = n_frames * MESSAGE_HEADER + DEADLINE + message;
    sizes.reply = n_frames * MESSAGE_HEADER + message;
    return sizes;
}

void net_report_port(int report, uint16_t port)
{
    if (write(report, &port, sizeof port) != (ssize_t)sizeof port)
        _exit(1);
    close(report);
}

int net_listen(int report)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        return -1;
    net_report_port(report, ntohs(address.sin_port));
    return fd;
}

int net_start(net_serve_fn serve, const net_sizes *sizes, net_server *ret_server)
{
    int ends[2];
    if (pipe(ends) != 0)
        return 1;
    ret_server->pid = fork();
    if (ret_server->pid == 0) {
        close(ends[0]);
        net_pin(NET_SERVER_CORE);
        serve(ends[1], sizes);
        _exit(1);
    }
    close(ends[1]);
    bool started =
        ret_server->pid > 0 && read(ends[0], &ret_server->port, sizeof ret_server->port) ==
                                   (ssize_t)sizeof ret_server->port;
    close(ends[0]);
    if (!started)
        fprintf(stderr, "coax-bench: a server did not start\n");
    return !started;
}

void net_stop(net_server *server)
{
    if (server->pid <= 0)
        return;
    (void)kill(server->pid, SIGKILL);
    (void)waitpid(server->pid, NULL, 0);
    server->pid = 0;
}

/* One way to echo. */
typedef struct way {
    const char *name;
    net_serve_fn serve;
    net_trips_fn trips;
    net_flood_fn flood; /* NULL: one at a time only */
} way;

enum { RAW, UV, COAX, COAX_WAIT, N_WAYS };

static const way ways[N_WAYS] = {
    { "raw blocking sockets", net_raw_serve, net_raw_trips, NULL },
    { "libuv, a write per batch", net_uv_serve, net_uv_trips, net_uv_flood },
    { "coax, by callback", net_coax_serve, net_coax_trips, net_coax_flood },
    { "coax, waiting", net_coax_serve, net_coax_wait_trips, NULL },
};

/* What all rounds of one way said. */
typedef struct figures {
    double p50[ROUNDS];
    double p99[ROUNDS];
    double rate[ROUNDS];
} figures;

static int measure_trips(const way *w, uint16_t port, const net_sizes *sizes, size_t n, double *ns,
                         figures *f, int round)
{
    if (w->trips(port, sizes, ns, n) != 0) {
        fprintf(stderr, "coax-bench: %s: an echo failed\n", w->name);
        return 1;
    }
    f->p50[round] = bench_quantile(ns, n, 0.50) / 1e3;
    f->p99[round] = bench_quantile(ns, n, 0.99) / 1e3;
    return 0;
}

static int start_all(const net_sizes *sizes, net_server *servers)
{
    for (int i = 0; i < N_WAYS; i++)
        if (net_start(ways[i].serve, sizes, &servers[i]) != 0)
            return 1;
    return 0;
}

static void stop_all(net_server *servers)
{
    for (int i = 0; i < N_WAYS; i++)
        net_stop(&servers[i]);
}

/* Latency, one at a time, of one size. */
static int bench_trips(bench_report *report, size_t payload, size_t n, figures *f)
{
    net_sizes sizes = net_sizes_of(payload);
    net_server servers[N_WAYS] = { { 0, 0 } };
    double *ns = malloc(n * sizeof *ns);
    int failed = ns == NULL || start_all(&sizes, servers);
    (void)report;
    for (int round = 0; round < ROUNDS && !failed; round++)
        for (int i = 0; i < N_WAYS && !failed; i++) {
            (void)ways[i].trips(servers[i].port, &sizes, ns, n / 10 + 1); /* to warm up */
            failed = measure_trips(&ways[i], servers[i].port, &sizes, n, ns, &f[i], round);
        }
    stop_all(servers);
    free(ns);
    return failed;
}

static void add_trips(bench_report *report, const char *group, figures *f)
{
    char name[64];
    double raw = bench_median(f[RAW].p50, ROUNDS);
    for (int i = 0; i < N_WAYS; i++) {
        (void)snprintf(name, sizeof name, "%s, p50", ways[i].name);
        bench_add(report, group, name, bench_median(f[i].p50, ROUNDS), "us");
        (void)snprintf(name, sizeof name, "%s, p99", ways[i].name);
        bench_add(report, group, name, bench_median(f[i].p99, ROUNDS), "us");
    }
    bench_add_ratio_most(report, group, "waiting to raw, p50",
                         bench_median(f[COAX_WAIT].p50, ROUNDS) / raw, 1.25);
    bench_add_ratio_most(report, group, "by callback to raw, p50",
                         bench_median(f[COAX].p50, ROUNDS) / raw, 1.25);
    bench_add_ratio_most(report, group, "by callback to libuv, p50",
                         bench_median(f[COAX].p50, ROUNDS) / bench_median(f[UV].p50, ROUNDS), 1.10);
}

int bench_unary(bench_report *report)
{
    static figures f[N_WAYS];
    size_t n = report->is_quick ? 300 : 4000;
    net_pin(NET_CLIENT_CORE);
    if (bench_trips(report, 32, n, f) != 0)
        return 1;
    add_trips(report, "unary, 32 bytes, one at a time", f);
    if (bench_trips(report, 1024, n, f) != 0)
        return 1;
    add_trips(report, "unary, 1 KiB, one at a time", f);
    return 0;
}

int bench_flood(bench_report *report)
{
    static const char group[] = "unary, 32 bytes, 128 under way";
    net_sizes sizes = net_sizes_of(32);
    net_server servers[N_WAYS] = { { 0, 0 } };
    figures f[N_WAYS];
    size_t n = report->is_quick ? 20000 : 200000;
    net_pin(NET_CLIENT_CORE);
    int failed = start_all(&sizes, servers);
    for (int round = 0; round < ROUNDS && !failed; round++)
        for (int i = UV; i <= COAX && !failed; i++) {
            double seconds = ways[i].flood(servers[i].port, &sizes, n);
            failed = seconds <= 0;
            f[i].rate[round] = (double)n / seconds;
        }
    stop_all(servers);
    if (failed) {
        fprintf(stderr, "coax-bench: an echo failed\n");
        return 1;
    }
    double uv = bench_median(f[UV].rate, ROUNDS);
    double coax = bench_median(f[COAX].rate, ROUNDS);
    bench_add(report, group, ways[UV].name, uv, "calls/s");
    bench_add(report, group, ways[COAX].name, coax, "calls/s");
    bench_add_ratio(report, group, "coax to libuv", coax / uv, 0.30);
    return 0;
}

int bench_large(bench_report *report)
{
    static const char group[] = "1 MiB echo, one at a time";
    static figures f[N_WAYS];
    size_t n = report->is_quick ? 10 : 100;
    double rate[N_WAYS];
    net_pin(NET_CLIENT_CORE);
    if (bench_trips(report, 1048576, n, f) != 0)
        return 1;
    for (int i = 0; i < N_WAYS; i++) {
        rate[i] = 2 * 1.048576e6 / bench_median(f[i].p50, ROUNDS); /* there and back, in MB/s */
        bench_add(report, group, ways[i].name, rate[i], "MB/s");
    }
    bench_add_ratio(report, group, "coax to libuv", rate[COAX] / rate[UV], 0.80);
    return 0;
}

int bench_costs(bench_report *report)
{
    net_sizes sizes = net_sizes_of(32);
    net_server server = { 0, 0 };
    double here = 0;
    double there = 0;
    double resident = 0;
    double counted = 0;
    char url[64];
    int failed = net_start(net_coax_serve, &sizes, &server);
    (void)snprintf(url, sizeof url, "plain+tcp://127.0.0.1:%u", (unsigned)server.port);
    failed = failed ||
             net_coax_system_calls(server.port, report->is_quick ? 500 : 10000, &here, &there) ||
             net_coax_idle(url, NULL, report->is_quick ? 300 : 2000, &resident, &counted);
    net_stop(&server);
    if (failed) {
        fprintf(stderr, "coax-bench: counting system calls or memory failed\n");
        return 1;
    }
    bench_add(report, "cost of a call", "system calls, client", here, "");
    bench_add(report, "cost of a call", "system calls, server", there, "");
    bench_add_ratio_most(report, "cost of a call", "system calls, the worse side",
                         here > there ? here : there, 3.1);
    bench_add(report, "cost of an idle connection", "server, resident", resident, "bytes");
    bench_add(report, "cost of an idle connection", "server, taken from the allocator", counted,
              "bytes");
    /* A server forked late finds room in the heap it inherits, and then grows by less than it takes: the larger counts. */
    double cost = resident > counted ? resident : counted;
    bench_add_ratio_most(report, "cost of an idle connection",
                         "the larger of both, in units of 2 KiB", cost / 2048.0, 1.0);
    return 0;
}
