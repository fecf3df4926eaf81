/*
 * What an event loop can do: libuv with one write for each batch read. Messages are counted, not
 * looked at. Read next: net_coax.c.
 */
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "net.h"

enum { SLAB = 64 * 1024, BATCH = 256 * 1024 };

/* One end: what has come in of the message under way, and what is to go out in this turn. */
typedef struct end {
    uv_tcp_t tcp;
    size_t in_len;  /* of a message that comes in */
    size_t out_len; /* of one that goes out for each */
    size_t partial;
    uint8_t *zeros; /* what goes out: the content does not matter */
    size_t n_done;
    size_t n_wanted;
    size_t n_started;
    double *ns;
    uint64_t began;
} end;

static char slab[SLAB];

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *ret)
{
    (void)handle;
    (void)size;
    *ret = uv_buf_init(slab, SLAB);
}

typedef struct rest {
    uv_write_t request;
} rest;

static void on_written(uv_write_t *request, int status)
{
    (void)status;
    free(request);
}

/* Sends `n` messages with one write. */
static void send_messages(end *e, size_t n)
{
    size_t len = n * e->out_len;
    while (len > 0) {
        size_t part = len < BATCH || e->out_len > BATCH ? len : BATCH;
        uv_buf_t buf = uv_buf_init((char *)e->zeros, (unsigned)part);
        int written = uv_try_write((uv_stream_t *)&e->tcp, &buf, 1);
        size_t done = written > 0 ? (size_t)written : 0;
        if (done < part) {
            rest *r = malloc(sizeof *r);
            buf = uv_buf_init((char *)e->zeros + done, (unsigned)(part - done));
            if (r == NULL ||
                uv_write(&r->request, (uv_stream_t *)&e->tcp, &buf, 1, on_written) != 0)
                return;
        }
        len -= part;
    }
}

/* @return messages completed by `nread` more bytes. */
static size_t count(end *e, ssize_t nread)
{
    size_t have = e->partial + (size_t)nread;
    e->partial = have % e->in_len;
    return have / e->in_len;
}

static void on_request(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    end *e = (end *)stream;
    (void)buf;
    if (nread < 0)
        uv_close((uv_handle_t *)stream, NULL);
    else if (nread > 0)
        send_messages(e, count(e, nread));
}

static int init_end(end *e, uv_loop_t *loop, size_t in_len, size_t out_len)
{
    memset(e, 0, sizeof *e);
    e->in_len = in_len;
    e->out_len = out_len;
    e->zeros = calloc(1, out_len > BATCH ? out_len : BATCH);
    uv_tcp_init(loop, &e->tcp);
    return e->zeros == NULL;
}

static const net_sizes *served;

static void on_connection(uv_stream_t *listener, int status)
{
    end *e = malloc(sizeof *e);
    if (status != 0 || e == NULL ||
        init_end(e, listener->loop, served->request, served->reply) != 0)
        return;
    if (uv_accept(listener, (uv_stream_t *)&e->tcp) == 0) {
        uv_tcp_nodelay(&e->tcp, 1);
        uv_read_start((uv_stream_t *)&e->tcp, on_alloc, on_request);
    }
}

void net_uv_serve(int report, const net_sizes *sizes)
{
    uv_loop_t loop;
    uv_tcp_t tcp;
    served = sizes;
    uv_loop_init(&loop);
    uv_tcp_init(&loop, &tcp);
    if (uv_tcp_open(&tcp, net_listen(report)) != 0)
        return;
    uv_listen((uv_stream_t *)&tcp, 64, on_connection);
    uv_run(&loop, UV_RUN_DEFAULT);
}

static void on_reply(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    end *e = (end *)stream;
    (void)buf;
    if (nread <= 0)
        return;
    size_t n = count(e, nread);
    for (size_t i = 0; i < n && e->ns != NULL; i++) {
        e->ns[e->n_done + i] = (double)(bench_now_ns() - e->began);
        e->began = bench_now_ns();
    }
    e->n_done += n;
    size_t more = e->n_wanted - e->n_started < n ? e->n_wanted - e->n_started : n;
    e->n_started += more;
    send_messages(e, more);
    if (e->n_done == e->n_wanted)
        uv_close((uv_handle_t *)stream, NULL);
}

/* Runs `n` echoes with `depth` under way. 0 or 1. */
static int run(uint16_t port, const net_sizes *sizes, double *ns, size_t n, size_t depth)
{
    uv_loop_t loop;
    end e;
    int fd = net_connect(port);
    uv_loop_init(&loop);
    if (fd < 0 || init_end(&e, &loop, sizes->reply, sizes->request) != 0)
        return 1;
    e.n_wanted = n;
    e.ns = ns;
    e.n_started = depth < n ? depth : n;
    uv_tcp_open(&e.tcp, fd);
    uv_read_start((uv_stream_t *)&e.tcp, on_alloc, on_reply);
    e.began = bench_now_ns();
    send_messages(&e, e.n_started);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    free(e.zeros);
    return e.n_done != n;
}

int net_uv_trips(uint16_t port, const net_sizes *sizes, double *ns, size_t n)
{
    return run(port, sizes, ns, n, 1);
}

double net_uv_flood(uint16_t port, const net_sizes *sizes, size_t n)
{
    uint64_t began = bench_now_ns();
    if (run(port, sizes, NULL, n, NET_DEPTH) != 0)
        return -1;
    return (double)(bench_now_ns() - began) / 1e9;
}
