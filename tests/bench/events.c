/*
 * An event to a thousand subscribers, beside libuv that writes the same bytes to a thousand connections.
 *
 * Both sides run in one process on one loop, over TCP on the loopback, so a figure is the work of both. An emit is over
 * when everybody has heard it. What the loop's allocator gave meanwhile shows that events are encoded once.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include <coax/coax.h>

#include "feed_client.h"
#include "feed_server.h"
#include "net.h"

enum { EARS = 1000, ROUNDS = 5, PAYLOAD = 100, FRAME = 16 };

static uint64_t n_allocations;
static uint64_t n_bytes;

static void *count_resize(void *self, void *old, size_t size)
{
    (void)self;
    n_allocations++;
    n_bytes += size;
    return realloc(old, size);
}

static void count_release(void *self, void *memory)
{
    (void)self;
    free(memory);
}

static const coax_allocator counting = { NULL, count_resize, count_release };

/* By coax. */

typedef struct hall {
    coax_loop *loop;
    coax_server *server;
    size_t n_ready, n_heard;
} hall;

static void on_tick(void *self, coax_peer peer, const feed_item *item)
{
    hall *h = self;
    (void)peer;
    (void)item;
    h->n_heard++;
}

static void on_status(void *self, const coax_status *status)
{
    hall *h = self;
    h->n_ready += status->code == COAX_OK;
}

static void ignore_list(void *self, coax_call call, const feed_feed_list_request *request)
{
    (void)self;
    (void)request;
    (void)coax_call_end(call);
}

static void ignore_chat(void *self, coax_call call, const feed_feed_chat_request *request)
{
    (void)self;
    (void)request;
    (void)coax_call_end(call);
}

static coax_err subscribe_one(hall *h, const char *url)
{
    coax_client *client = NULL;
    coax_subscribe_options options = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.on_status = on_status;
    coax_err rc = coax_client_create(h->loop, url, NULL, &client, NULL);
    while (rc == COAX_OK && coax_client_get_state(client) == COAX_CLIENT_CONNECTING)
        rc = coax_loop_process(h->loop);
    return rc != COAX_OK ? rc : feed_feed_tick_subscribe(client, on_tick, h, &options, NULL);
}

static coax_err open_hall(hall *h)
{
    char url[64];
    const feed_feed_handlers handlers = { .list = ignore_list, .chat = ignore_chat };
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    coax_server_options server = COAX_SERVER_OPTIONS_INIT;
    options.allocator = &counting;
    server.accepts_per_s = COAX_NEVER_MS; /* all of them come from here */
    h->loop = coax_loop_create(&options);
    coax_err rc = coax_server_create(h->loop, &server, &h->server, NULL);
    if (rc == COAX_OK)
        rc = feed_feed_serve(h->server, &handlers, NULL);
    if (rc == COAX_OK)
        rc = coax_server_listen(h->server, "plain+tcp://127.0.0.1:0", NULL);
    if (rc == COAX_OK)
        (void)coax_server_address(h->server, 0, url, sizeof url);
    for (int i = 0; i < EARS && rc == COAX_OK; i++)
        rc = subscribe_one(h, url);
    while (rc == COAX_OK && h->n_ready < EARS)
        rc = coax_loop_process(h->loop);
    return rc;
}

/* Microseconds for each of `n` emits until everybody has heard; negative: it failed. */
static double emit(hall *h, size_t n)
{
    static const uint8_t zeros[PAYLOAD];
    feed_item item = FEED_ITEM_INIT;
    item.name = coax_str_from("sixteen letters.");
    item.payload = (coax_bytes){ zeros, PAYLOAD };
    uint64_t began = bench_now_ns();
    h->n_heard = 0;
    for (size_t i = 1; i <= n; i++) {
        if (feed_feed_tick_emit(h->server, &item, NULL) != COAX_OK)
            return -1;
        while (h->n_heard < i * EARS)
            if (coax_loop_process(h->loop) != COAX_OK)
                return -1;
    }
    return (double)(bench_now_ns() - began) / 1e3 / (double)n;
}

/* By libuv. */

typedef struct pipes {
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_tcp_t near[EARS], far[EARS];
    int n_accepted;
    size_t n_heard, len;
} pipes;

static char slab[65536];

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *ret)
{
    (void)handle;
    (void)size;
    *ret = uv_buf_init(slab, sizeof slab);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    pipes *p = stream->data;
    (void)buf;
    p->n_heard += n > 0 ? (size_t)n : 0;
}

static void on_accept(uv_stream_t *listener, int status)
{
    pipes *p = listener->data;
    if (status != 0 || p->n_accepted == EARS)
        return;
    uv_tcp_t *tcp = &p->near[p->n_accepted++];
    uv_tcp_init(&p->loop, tcp);
    (void)uv_accept(listener, (uv_stream_t *)tcp);
    uv_tcp_nodelay(tcp, 1);
}

static int open_pipes(pipes *p, size_t len)
{
    struct sockaddr_in address;
    int size = sizeof address;
    p->len = len;
    uv_loop_init(&p->loop);
    uv_tcp_init(&p->loop, &p->listener);
    p->listener.data = p;
    uv_ip4_addr("127.0.0.1", 0, &address);
    if (uv_tcp_bind(&p->listener, (struct sockaddr *)&address, 0) != 0 ||
        uv_listen((uv_stream_t *)&p->listener, 64, on_accept) != 0 ||
        uv_tcp_getsockname(&p->listener, (struct sockaddr *)&address, &size) != 0)
        return 1;
    for (int i = 0; i < EARS; i++) {
        int fd = net_connect(ntohs(address.sin_port));
        if (fd < 0)
            return 1;
        uv_tcp_init(&p->loop, &p->far[i]);
        uv_tcp_open(&p->far[i], fd);
        p->far[i].data = p;
        uv_read_start((uv_stream_t *)&p->far[i], on_alloc, on_read);
        while (p->n_accepted <= i)
            uv_run(&p->loop, UV_RUN_NOWAIT);
    }
    return 0;
}

static double write_all(pipes *p, size_t n)
{
    static char zeros[1024];
    uv_buf_t buf = uv_buf_init(zeros, (unsigned)p->len);
    uint64_t began = bench_now_ns();
    p->n_heard = 0;
    for (size_t i = 1; i <= n; i++) {
        for (int k = 0; k < EARS; k++)
            if (uv_try_write((uv_stream_t *)&p->near[k], &buf, 1) != (int)p->len)
                return -1;
        while (p->n_heard < i * EARS * p->len)
            uv_run(&p->loop, UV_RUN_ONCE);
    }
    return (double)(bench_now_ns() - began) / 1e3 / (double)n;
}

int bench_events(bench_report *report)
{
    static const char group[] = "event of 100 bytes to 1,000 subscribers";
    static hall h;
    static pipes p; /* lives on: the process ends soon, and connections with it */
    double uv[ROUNDS];
    double coax[ROUNDS];
    const size_t n = report->is_quick ? 5 : 50;
    net_pin(NET_CLIENT_CORE);
    int failed = open_hall(&h) != COAX_OK || open_pipes(&p, FRAME + net_encoded_size(PAYLOAD)) ||
                 emit(&h, 2) < 0;
    uint64_t blocks = n_allocations;
    uint64_t bytes = n_bytes;
    for (int round = 0; round < ROUNDS && !failed; round++) {
        uv[round] = write_all(&p, n);
        coax[round] = emit(&h, n);
        failed = uv[round] < 0 || coax[round] < 0;
    }
    if (failed) {
        fprintf(
            stderr,
            "coax-bench: an event was not heard (1,000 connections need 4,100 open files: ulimit -n)\n");
        return 1;
    }
    double n_emits = (double)(n * ROUNDS);
    bench_add(report, group, "libuv, a write for each", bench_median(uv, ROUNDS), "us");
    bench_add(report, group, "coax, until all have heard", bench_median(coax, ROUNDS), "us");
    bench_add(report, group, "allocations for an emit", (double)(n_allocations - blocks) / n_emits,
              "");
    bench_add(report, group, "bytes of them", (double)(n_bytes - bytes) / n_emits, "bytes");
    bench_add_ratio_most(report, group, "coax to libuv",
                         bench_median(coax, ROUNDS) / bench_median(uv, ROUNDS), 2.5);
    (void)coax_loop_destroy(h.loop);
    return 0;
}
