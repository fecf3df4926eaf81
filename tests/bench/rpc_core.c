/*
 * What a call costs in the core alone: two cores joined by a byte pipe in memory, no sockets, no
 * clock, no loop.
 *
 * One figure is the time for a whole unary call (request and reply, both sides: check, encode,
 * frame, file, deadline, dispatch, decode, check, handler, reply, complete), the other the same per
 * side. Batches stand for turns of a loop with as many calls in flight. A large echo shows how
 * often its bytes are copied.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env_system.h"
#include "bench.h"
#include "echo.h"
#include "rpc/rpc.h"

enum { ROUNDS = 5, PIPE = 1 << 20 };

typedef struct bench_side {
    cx_core core; /* first: it is the coax_loop */
    cx_endpoint endpoint;
    cx_endpoint_config config;
    cx_stats stats;
    cx_registry registry;
} bench_side;

typedef struct bench_pair {
    bench_side client, server;
    uint64_t now;
    uint8_t *pipe;
    uint64_t n_done;
    uint64_t n_bad;
} bench_pair;

static void ignore_work(cx_core *core)
{
    (void)core;
}

static void ignore(void *self)
{
    (void)self;
}

static void ignore_error(void *self, const coax_error *what)
{
    (void)self;
    (void)what;
}

static const cx_core_hooks hooks = { ignore_work };
static const cx_endpoint_events events = { .on_open = ignore,
                                           .on_dirty = ignore,
                                           .on_writable = ignore,
                                           .on_closed = ignore_error,
                                           .on_error = ignore_error };

static void on_echo(void *self, coax_call call, const echo_note *request)
{
    (void)self;
    (void)coax_gen_reply(call, &echo_echo, request);
}

static void on_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    bench_pair *two = self;
    (void)user_fn;
    two->n_done++;
    two->n_bad += result->err != COAX_OK;
}

static coax_err open_side(bench_side *side, cx_role role)
{
    const echo_handlers handlers = { on_echo, NULL, NULL, NULL };
    side->config.role = role;
    side->config.name = "bench";
    side->config.call_timeout_ms = 60000;
    side->config.registry = &side->registry;
    side->config.stats = &side->stats;
    side->config.events = &events;
    coax_err err = cx_limits_resolve(&side->config.limits, NULL);
    if (err == COAX_OK)
        err = cx_core_init(&side->core, cx_env_system(), &hooks, NULL);
    if (err != COAX_OK)
        return err;
    cx_registry_init(&side->registry, &side->core.host.pool);
    cx_stats_init(&side->stats, &side->core.host.pool);
    err = cx_registry_add(&side->registry, &echo_gen_service, &handlers, NULL, NULL);
    if (err == COAX_OK)
        err = cx_endpoint_init(&side->endpoint, &side->core, &side->config, NULL);
    if (err == COAX_OK)
        cx_endpoint_start(&side->endpoint, 0);
    return err;
}

static void close_side(bench_side *side)
{
    cx_endpoint_deinit(&side->endpoint);
    cx_registry_deinit(&side->registry);
    cx_stats_deinit(&side->stats);
    cx_core_deinit(&side->core);
}

/*
 * All that one side has to say, as one read of the other: what a socket does, at the cost of a
 * memcpy.
 */
static bool carry(bench_pair *two, bench_side *from, bench_side *to)
{
    coax_bytes slices[64];
    size_t n = cx_endpoint_output(&from->endpoint, slices, 64);
    size_t len = 0;
    for (size_t i = 0; i < n && slices[i].len <= PIPE - len; i++) {
        memcpy(two->pipe + len, slices[i].data, slices[i].len);
        len += slices[i].len;
    }
    if (len == 0)
        return false;
    cx_endpoint_sent(&from->endpoint, len);
    cx_endpoint_receive(&to->endpoint, two->pipe, len, two->now);
    return true;
}

static void pump(bench_pair *two)
{
    two->now = bench_now_ns();
    cx_core_advance(&two->client.core, two->now);
    cx_core_advance(&two->server.core, two->now);
    bool moves = true;
    while (moves) {
        moves = carry(two, &two->client, &two->server);
        moves |= carry(two, &two->server, &two->client);
    }
}

/* Nanoseconds per call with `depth` of them in flight. */
static double measure(bench_pair *two, uint32_t depth, uint32_t n_calls, const echo_note *note)
{
    double rounds[ROUNDS];
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t start = bench_now_ns();
        for (uint32_t i = 0; i < n_calls; i += depth) {
            for (uint32_t k = 0; k < depth; k++)
                two->n_bad += cx_rpc_call(&two->client.endpoint, &echo_echo, note, NULL, on_done,
                                          NULL, two) != COAX_OK;
            pump(two);
        }
        rounds[round] = (double)(bench_now_ns() - start) / (double)n_calls;
    }
    return bench_median(rounds, ROUNDS);
}

static void measure_all(bench_pair *two, bench_report *report)
{
    uint32_t n = report->is_quick ? 12800 : 256000;
    static uint8_t body[1 << 20];
    echo_note note = echo_make(1, "a name of 16 byt");
    note.body = (coax_bytes){ body, 32 };
    bench_add(report, "rpc core", "call, 1 in flight", measure(two, 1, n / 4, &note), "ns");
    double ns = measure(two, 128, n, &note);
    bench_add(report, "rpc core", "call, 128 in flight", ns, "ns");
    bench_add(report, "rpc core", "call, 128 in flight, per side", ns / 2, "ns");
    note.body.len = 1024;
    bench_add(report, "rpc core", "call of 1 KiB, 128 in flight", measure(two, 128, n, &note),
              "ns");
    note.body.len = sizeof body;
    ns = measure(two, 1, n / 1000, &note);
    bench_add(report, "rpc core", "1 MiB echo", (double)sizeof body * 2 / ns * 1e9 / 1e6, "MB/s");
}

int bench_rpc_core(bench_report *report)
{
    static bench_pair two;
    memset(&two, 0, sizeof two);
    two.pipe = malloc(PIPE);
    int status = 1;
    if (two.pipe != NULL && open_side(&two.client, CX_ROLE_CLIENT) == COAX_OK &&
        open_side(&two.server, CX_ROLE_SERVER) == COAX_OK) {
        pump(&two);
        measure_all(&two, report);
        status = two.n_bad != 0;
    }
    if (status != 0)
        fprintf(stderr, "rpc core: %llu calls failed\n", (unsigned long long)two.n_bad);
    close_side(&two.client);
    close_side(&two.server);
    free(two.pipe);
    return status;
}
