/*
 * Servers with one loop and with two, and two clients with a thread each: calls a second of all.
 *
 * All in one process, over a unix socket, whose connections are dealt out in turn: so the two clients are on two
 * loops where there are two. A call that costs nothing says what threads cost; one that computes says what they
 * are worth. With two cores the clients' threads and the loops' share them. Rounds alternate.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <coax/coax.h>
#include <uv.h>

#include "bench.h"
#include "network_client.h"
#include "network_server.h"

enum { CLIENTS = 2, DEPTH = 64, ROUNDS = 5, HEAVY = 20000 };

static void on_work(void *self, coax_call call, const network_work_work_request *request)
{
    uint64_t sum = request->rounds;
    (void)self;
    for (uint32_t i = 0; i < request->rounds; i++)
        sum = sum * 6364136223846793005u + i;
    network_work_work_response reply = { .sum = sum };
    (void)network_work_work_reply(call, &reply);
}

typedef struct site {
    coax_loop *loop;
    uv_thread_t thread;
    bool is_open;
    char url[64];
} site;

static void run_site(void *self)
{
    (void)coax_loop_run(((site *)self)->loop);
}

static int open_site(site *s, uint32_t loops)
{
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    const network_work_handlers handlers = { on_work };
    options.loops = loops;
    (void)snprintf(s->url, sizeof s->url, "plain+unix:///tmp/coax-bench-%ld-%u", (long)getpid(),
                   loops);
    s->loop = coax_loop_create(NULL);
    coax_err rc = coax_server_create(s->loop, &options, &server, &error);
    if (rc == COAX_OK)
        rc = network_work_serve(server, &handlers, NULL);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, s->url, &error);
    if (rc != COAX_OK)
        fprintf(stderr, "coax-bench: %s\n", error.text);
    s->is_open = rc == COAX_OK && uv_thread_create(&s->thread, run_site, s) == 0;
    return !s->is_open;
}

static void close_site(site *s)
{
    coax_loop_stop(s->loop);
    if (s->is_open)
        (void)uv_thread_join(&s->thread);
    (void)coax_loop_destroy(s->loop);
}

/* One client: so many calls, DEPTH of them under way. */
typedef struct caller {
    coax_loop *loop;
    coax_client *client;
    uv_thread_t thread;
    uint32_t rounds;
    size_t n_wanted;
    size_t n_started;
    size_t n_done;
    bool failed;
} caller;

static void start(caller *c);

static void on_done(void *self, const network_work_work_result *result)
{
    caller *c = self;
    c->failed = c->failed || result->err != COAX_OK;
    c->n_done++;
    if (!c->failed && c->n_started < c->n_wanted)
        start(c);
    else if (c->failed || c->n_done == c->n_wanted)
        coax_loop_stop(c->loop);
}

static void start(caller *c)
{
    const network_work_work_request request = { .rounds = c->rounds };
    c->n_started++;
    if (network_work_work(c->client, &request, NULL, on_done, c) != COAX_OK) {
        c->failed = true;
        coax_loop_stop(c->loop);
    }
}

static void run_caller(void *self)
{
    caller *c = self;
    for (size_t i = 0; i < DEPTH && i < c->n_wanted && !c->failed; i++)
        start(c);
    if (!c->failed)
        (void)coax_loop_run(c->loop);
}

static int open_caller(caller *c, const site *s, uint32_t rounds, size_t n)
{
    memset(c, 0, sizeof *c);
    c->rounds = rounds;
    c->n_wanted = n;
    c->loop = coax_loop_create(NULL);
    coax_err rc = coax_client_create(c->loop, s->url, NULL, &c->client, NULL);
    while (rc == COAX_OK && coax_client_get_state(c->client) == COAX_CLIENT_CONNECTING)
        rc = coax_loop_process(c->loop);
    return rc != COAX_OK || coax_client_get_state(c->client) != COAX_CLIENT_OPEN;
}

/* Calls a second of all clients together; 0: it failed. */
static double measure(const site *s, uint32_t rounds, size_t n)
{
    caller callers[CLIENTS];
    bool failed = false;
    for (int i = 0; i < CLIENTS; i++)
        failed = open_caller(&callers[i], s, rounds, n) != 0 || failed;
    uint64_t began = bench_now_ns();
    for (int i = 0; i < CLIENTS; i++)
        if (failed || uv_thread_create(&callers[i].thread, run_caller, &callers[i]) != 0)
            return 0; /* what runs ends with the program */
    for (int i = 0; i < CLIENTS; i++)
        (void)uv_thread_join(&callers[i].thread);
    double seconds = (double)(bench_now_ns() - began) / 1e9;
    for (int i = 0; i < CLIENTS; i++) {
        failed = failed || callers[i].failed;
        (void)coax_loop_destroy(callers[i].loop);
    }
    return failed ? 0 : CLIENTS * (double)n / seconds;
}

static int compare(bench_report *report, const char *group, const site sites[2], uint32_t rounds,
                   size_t n)
{
    double rates[2][ROUNDS];
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < 2; i++) {
            rates[i][round] = measure(&sites[i], rounds, n);
            if (rates[i][round] <= 0)
                return 1;
        }
    double one = bench_median(rates[0], ROUNDS);
    double two = bench_median(rates[1], ROUNDS);
    bench_add(report, group, "one loop", one, "calls/s");
    bench_add(report, group, "two loops", two, "calls/s");
    bench_add_ratio(report, group, "two loops to one", two / one, 0);
    return 0;
}

int bench_threads(bench_report *report)
{
    site sites[2];
    memset(sites, 0, sizeof sites);
    int failed = open_site(&sites[0], 1) || open_site(&sites[1], 2) ||
                 compare(report, "two clients, calls that cost nothing", sites, 0,
                         report->is_quick ? 5000 : 100000) ||
                 compare(report, "two clients, calls that compute", sites, HEAVY,
                         report->is_quick ? 1000 : 10000);
    close_site(&sites[0]);
    if (sites[1].loop != NULL)
        close_site(&sites[1]);
    if (failed)
        fprintf(stderr, "coax-bench: calls over many loops failed\n");
    return failed;
}
