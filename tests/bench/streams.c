/*
 * Streams between two processes, pinned to a core each, beside libuv moving the same bytes, and beside calls.
 *
 * Both ways: each item comes back, a number of them under way, on one stream or on many; calls do the same, and libuv
 * echoes frames of the same size. One way: as many items as credit allows, beside libuv that writes the same bytes
 * at once. What is allocated while it runs is counted on the client, which has the busier side of a stream both ways.
 * Read next: events.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coax/coax.h>

#include "feed_client.h"
#include "feed_server.h"
#include "net.h"

enum { ROUNDS = 5, PAYLOAD = 32, STREAMS = 64, FRAME = 16 };

static uint64_t n_allocations;

static void *count_resize(void *self, void *old, size_t size)
{
    (void)self;
    n_allocations++;
    return realloc(old, size);
}

static void count_release(void *self, void *memory)
{
    (void)self;
    free(memory);
}

static const coax_allocator counting = { NULL, count_resize, count_release };

static feed_item item_of(uint64_t id, size_t payload)
{
    static const uint8_t zeros[PAYLOAD];
    feed_item item = FEED_ITEM_INIT;
    item.id = id;
    item.name = coax_str_from("sixteen letters.");
    item.payload = (coax_bytes){ zeros, payload };
    return item;
}

/* The server. */

typedef struct listing {
    coax_call call;
    uint32_t n_left;
} listing;

static void list_on(void *self, coax_call call)
{
    listing *l = self;
    feed_item item = item_of(1, PAYLOAD);
    while (l->n_left > 0 && feed_feed_list_push(call, &item) == COAX_OK)
        l->n_left--;
    if (l->n_left == 0)
        (void)coax_call_end(call);
}

static void on_list(void *self, coax_call call, const feed_feed_list_request *request)
{
    static listing only; /* one at a time */
    (void)self;
    only = (listing){ call, request->count };
    (void)coax_call_on_writable(call, list_on, &only);
    list_on(&only, call);
}

static void send_back(void *self, coax_call call, const feed_item *item)
{
    (void)self;
    if (feed_feed_chat_push(call, item) != COAX_OK)
        (void)coax_call_fail(call, COAX_ERR_RESOURCE_EXHAUSTED, "more under way than one window");
}

static void end_chat(void *self, coax_call call)
{
    (void)self;
    (void)coax_call_end(call);
}

static void on_chat(void *self, coax_call call, const feed_feed_chat_request *request)
{
    (void)request;
    (void)feed_feed_chat_receive(call, send_back, end_chat, self);
}

void net_feed_serve_on(int report, const char *url, const coax_server_options *options)
{
    char address[64];
    coax_error error = COAX_ERROR_INIT;
    coax_server *server = NULL;
    coax_loop *loop = coax_loop_create(NULL);
    feed_feed_handlers handlers = { .list = on_list, .chat = on_chat };
    coax_err rc = coax_server_create(loop, options, &server, &error);
    if (rc == COAX_OK)
        rc = feed_feed_serve(server, &handlers, NULL);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, url, &error);
    if (rc == COAX_OK) {
        (void)coax_server_address(server, 0, address, sizeof address);
        net_report_port(report, (uint16_t)strtoul(strrchr(address, ':') + 1, NULL, 10));
        (void)coax_loop_run(loop);
    }
    fprintf(stderr, "coax-bench: %s\n", error.text);
}

static void serve(int report, const net_sizes *sizes)
{
    (void)sizes;
    net_feed_serve_on(report, "plain+tcp://127.0.0.1:0", NULL);
}

/* The client. */

typedef struct run {
    coax_loop *loop;
    coax_client *client;
    size_t n_wanted, n_sent, n_got, n_streams;
    bool failed;
} run;

static bool open_run(run *r, const char *url, const coax_client_options *client)
{
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    options.allocator = &counting;
    r->loop = coax_loop_create(&options);
    coax_err rc = coax_client_create(r->loop, url, client, &r->client, NULL);
    while (rc == COAX_OK && coax_client_get_state(r->client) == COAX_CLIENT_CONNECTING)
        rc = coax_loop_process(r->loop);
    return rc == COAX_OK && coax_client_get_state(r->client) == COAX_CLIENT_OPEN;
}

static bool open_port(run *r, uint16_t port)
{
    char url[64];
    (void)snprintf(url, sizeof url, "plain+tcp://127.0.0.1:%u", (unsigned)port);
    return open_run(r, url, NULL);
}

static void fail(run *r)
{
    r->failed = true;
    coax_loop_stop(r->loop);
}

static void send_one(run *r, coax_call call)
{
    feed_item item = item_of(r->n_sent, PAYLOAD);
    r->n_sent++;
    if (feed_feed_chat_send(call, &item) != COAX_OK)
        fail(r);
}

static void on_answer(void *self, coax_call call, const feed_item *item)
{
    run *r = self;
    r->failed |= item->payload.len != PAYLOAD;
    r->n_got++;
    if (r->n_sent < r->n_wanted)
        send_one(r, call);
    else if (r->n_got == r->n_wanted)
        coax_loop_stop(r->loop);
}

static void on_chat_end(void *self, const feed_feed_chat_result *result)
{
    run *r = self;
    if (result->err != COAX_OK && r->n_got < r->n_wanted)
        fail(r);
}

/* Seconds for `n` items there and back over `streams`, 128 of them under way; negative: it failed. */
static double chat(uint16_t port, size_t n, size_t streams, double *ret_allocations)
{
    const feed_feed_chat_events events = { .on_item = on_answer, .on_end = on_chat_end };
    feed_feed_chat_request request = { 0 };
    run r = { .n_wanted = n, .n_streams = streams };
    coax_call calls[STREAMS];
    if (!open_port(&r, port))
        return -1;
    for (size_t i = 0; i < streams; i++)
        r.failed |= feed_feed_chat(r.client, &request, NULL, &events, &r, &calls[i]) != COAX_OK;
    uint64_t before = n_allocations;
    uint64_t began = bench_now_ns();
    for (size_t i = 0; i < NET_DEPTH && !r.failed; i++)
        send_one(&r, calls[i % streams]);
    if (!r.failed)
        (void)coax_loop_run(r.loop);
    double seconds = (double)(bench_now_ns() - began) / 1e9;
    *ret_allocations = (double)(n_allocations - before) / (double)n;
    (void)coax_loop_destroy(r.loop);
    return r.failed ? -1 : seconds;
}

static void on_listed(void *self, coax_call call, const feed_item *item)
{
    run *r = self;
    (void)call;
    (void)item;
    r->n_got++;
}

static void on_list_end(void *self, const feed_feed_list_result *result)
{
    run *r = self;
    r->failed |= result->err != COAX_OK || r->n_got != r->n_wanted;
    coax_loop_stop(r->loop);
}

/* Runs the list on a connection that is open. */
static double list_on_open(run *r, size_t n, double *ret_allocations)
{
    const feed_feed_list_events events = { .on_item = on_listed, .on_end = on_list_end };
    feed_feed_list_request request = { .count = (uint32_t)n, .size = PAYLOAD };
    r->n_wanted = n;
    uint64_t before = n_allocations;
    uint64_t began = bench_now_ns();
    if (feed_feed_list(r->client, &request, NULL, &events, r, NULL) != COAX_OK)
        fail(r);
    else
        (void)coax_loop_run(r->loop);
    double seconds = (double)(bench_now_ns() - began) / 1e9;
    *ret_allocations = (double)(n_allocations - before) / (double)n;
    (void)coax_loop_destroy(r->loop);
    return r->failed ? -1 : seconds;
}

static double list(uint16_t port, size_t n, double *ret_allocations)
{
    run r = { 0 };
    return open_port(&r, port) ? list_on_open(&r, n, ret_allocations) : -1;
}

double net_feed_list(const char *url, const coax_client_options *options, size_t n)
{
    double allocations;
    run r = { 0 };
    return open_run(&r, url, options) ? list_on_open(&r, n, &allocations) : -1;
}

/* Everything that runs, and what all rounds of it said. */
enum { UV_ECHO, CALLS, ONE_STREAM, MANY_STREAMS, UV_SEND, LIST, N_WAYS };

typedef struct rounds {
    net_server uv_echo, uv_send, calls, feed;
    net_sizes echo, send;
    double rate[N_WAYS][ROUNDS];
    double allocations[N_WAYS];
    size_t n;
} rounds;

static double measure(rounds *all, int way)
{
    double *allocations = &all->allocations[way];
    double ns;
    switch (way) {
    case UV_ECHO: return net_uv_flood(all->uv_echo.port, &all->echo, all->n);
    case CALLS: return net_coax_flood(all->calls.port, &all->echo, all->n);
    case ONE_STREAM: return chat(all->feed.port, all->n, 1, allocations);
    case MANY_STREAMS: return chat(all->feed.port, all->n, STREAMS, allocations);
    case UV_SEND: return net_uv_trips(all->uv_send.port, &all->send, &ns, 1) == 0 ? ns / 1e9 : -1;
    default: return list(all->feed.port, all->n, allocations);
    }
}

static int start_servers(rounds *all)
{
    const size_t frame = FRAME + net_encoded_size(PAYLOAD);
    all->echo = (net_sizes){ PAYLOAD, frame, frame };
    all->send = (net_sizes){ PAYLOAD, frame, frame * all->n };
    return net_start(net_uv_serve, &all->echo, &all->uv_echo) ||
           net_start(net_uv_serve, &all->send, &all->uv_send) ||
           net_start(net_coax_serve, &all->echo, &all->calls) ||
           net_start(serve, &all->echo, &all->feed);
}

static void report_rates(bench_report *report, rounds *all)
{
    static const char both[] = "stream both ways, 32 bytes, 128 under way";
    static const char one[] = "stream one way, 32 bytes";
    double rate[N_WAYS];
    for (int way = 0; way < N_WAYS; way++)
        rate[way] = bench_median(all->rate[way], ROUNDS);
    bench_add(report, both, "libuv, a write per batch", rate[UV_ECHO], "messages/s");
    bench_add(report, both, "coax, calls", rate[CALLS], "calls/s");
    bench_add(report, both, "coax, one stream", rate[ONE_STREAM], "items/s");
    bench_add(report, both, "coax, 64 streams", rate[MANY_STREAMS], "items/s");
    bench_add_ratio(report, both, "one stream to libuv", rate[ONE_STREAM] / rate[UV_ECHO], 0.45);
    bench_add_ratio(report, both, "one stream to calls", rate[ONE_STREAM] / rate[CALLS], 1.0);
    bench_add_ratio(report, both, "64 streams to one", rate[MANY_STREAMS] / rate[ONE_STREAM], 0.80);
    bench_add(report, both, "allocations for an item", all->allocations[ONE_STREAM], "");
    bench_add(report, one, "libuv, all in one write", rate[UV_SEND], "messages/s");
    bench_add(report, one, "coax, one stream", rate[LIST], "items/s");
    bench_add_ratio(report, one, "one stream to libuv", rate[LIST] / rate[UV_SEND], 0);
    bench_add(report, one, "allocations for an item", all->allocations[LIST], "");
}

int bench_streams(bench_report *report)
{
    static rounds all;
    memset(&all, 0, sizeof all);
    all.n = report->is_quick ? 20000 : 200000;
    net_pin(NET_CLIENT_CORE);
    int failed = start_servers(&all);
    for (int round = 0; round < ROUNDS && !failed; round++) {
        for (int way = 0; way < N_WAYS && !failed; way++) {
            double seconds = measure(&all, way);
            failed = seconds <= 0;
            all.rate[way][round] = (double)all.n / seconds;
        }
    }
    net_stop(&all.uv_echo);
    net_stop(&all.uv_send);
    net_stop(&all.calls);
    net_stop(&all.feed);
    if (failed) {
        fprintf(stderr, "coax-bench: a stream failed\n");
        return 1;
    }
    report_rates(report, &all);
    return 0;
}
