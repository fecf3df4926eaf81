/*
 * Between a stream and an endpoint: bytes up, bytes down, backpressure, and the order of ending.
 *
 * Knows neither frames nor sockets. Read next: client.c, server.c.
 */
#include <stdio.h>
#include <string.h>

#include "node/conn.h"
#include "node/journal.h"
#include "node/secrets.h"
#include "node/workers.h"

/* Turns of about 256 KiB that one flush writes before others have their turn. */
#define TURNS_PER_FLUSH 16

static void release_held(cx_conn *conn, cx_rest *held)
{
    if (held == NULL)
        return;
    cx_net_wipe(&conn->loop->net, held->bytes, held->len);
    cx_net_release(&conn->loop->net, held);
}

static void free_conn(cx_conn *conn)
{
    coax_loop *loop = conn->loop;
    cx_wheel_cancel(&loop->core.host.wheel, &conn->timer);
    cx_core_undefer(&loop->core, &conn->resume);
    release_held(conn, conn->held);
    cx_sealed_free(conn);
    cx_list_remove(&conn->links);
    cx_list_remove(&conn->mine);
    cx_list_remove(&conn->dirty);
    cx_list_remove(&conn->in_line);
    cx_net_release(&loop->net, conn->last_address);
    cx_net_release(&loop->net, conn);
}

/* Stops reading from a peer that does not read what it is sent, and resumes when it does. */
static void balance(cx_conn *conn)
{
    if (!conn->pauses || conn->stream == NULL || conn->is_ended)
        return;
    size_t queued = cx_endpoint_queued(&conn->endpoint);
    const coax_limits *limits = &conn->endpoint.config->limits;
    bool pause = queued > (conn->is_paused ? limits->low_watermark : limits->high_watermark);
    if (pause == conn->is_paused)
        return;
    conn->is_paused = pause;
    if (pause)
        conn->stream->ops->read(conn->stream, false);
    else
        cx_core_defer(&conn->loop->core, &conn->resume);
}

void cx_conn_flush(cx_conn *conn)
{
    if (conn->stream == NULL || !conn->is_connected || conn->is_blocked || conn->is_ended)
        return;
    bool is_more = true;
    for (int i = 0; i < TURNS_PER_FLUSH && is_more; i++)
        is_more = cx_wrap_write(conn);
    if (conn->pauses)
        balance(conn);
    /* What may not leave yet (before WELCOME) makes the link say on_dirty again when it may. */
    if (is_more)
        cx_loop_add_dirty(conn->loop, conn);
}

void cx_conn_flush_if_full(cx_conn *conn)
{
    if (cx_endpoint_queued(&conn->endpoint) >= CX_FLUSH_AT)
        cx_conn_flush(conn);
}

static void on_stream_open(void *self)
{
    cx_conn *conn = self;
    cx_loop_enter(conn->loop);
    conn->is_connected = true;
    if (conn->wrap.is_sealed)
        cx_sealed_start(conn); /* the endpoint starts when its bytes can leave */
    else
        cx_endpoint_start(&conn->endpoint, cx_loop_now(conn->loop));
    cx_loop_add_dirty(conn->loop, conn); /* what was queued while it connected */
    cx_loop_leave(conn->loop);
}

/* Keeps what had been read when reading stopped, at most a slab. */
static void hold_rest(cx_conn *conn, const uint8_t *data, size_t len)
{
    conn->held = cx_net_take(&conn->loop->net, sizeof *conn->held + len);
    if (conn->held == NULL) {
        cx_endpoint_close(&conn->endpoint, COAX_ERR_NO_MEMORY, COAX_ERR_UNAVAILABLE,
                          "no memory to hold what was read");
        return;
    }
    memcpy(conn->held->bytes, data, len);
    conn->held->len = (uint32_t)len;
}

/* A few at a time where their replies may fill the queue: then the rest waits. */
void cx_conn_feed(cx_conn *conn, const uint8_t *data, size_t len)
{
    uint64_t now = cx_loop_now(conn->loop);
    size_t at = 0;
    while (at < len && !conn->is_paused) {
        size_t n = conn->pauses && len - at > CX_FEED ? CX_FEED : len - at;
        cx_endpoint_receive(&conn->endpoint, data + at, n, now);
        at += n;
        cx_conn_flush_if_full(conn);
        if (conn->pauses)
            balance(conn);
    }
    if (at < len)
        hold_rest(conn, data + at, len - at);
}

/* The queue has room again: first what is held, then what arrives. */
static void run_resume(cx_work *work)
{
    cx_conn *conn = CX_CONTAINER(work, cx_conn, resume);
    cx_rest *held = conn->held;
    if (conn->is_ended || conn->is_paused)
        return;
    conn->held = NULL;
    if (held != NULL)
        cx_conn_feed(conn, held->bytes, held->len);
    release_held(conn, held);
    if (!conn->is_paused && cx_wrap_resume(conn) && !conn->is_paused && conn->stream != NULL)
        conn->stream->ops->read(conn->stream, true);
}

static void on_stream_data(void *self, uint8_t *data, size_t len)
{
    cx_conn *conn = self;
    if (conn->is_ended || conn->held != NULL)
        return; /* held and yet more: the stream is broken, and ends */
    cx_loop_enter(conn->loop);
    cx_wrap_receive(conn, data, len);
    cx_loop_leave(conn->loop);
}

static void on_stream_writable(void *self)
{
    cx_conn *conn = self;
    cx_loop_enter(conn->loop);
    conn->is_blocked = false;
    cx_conn_flush(conn);
    cx_loop_leave(conn->loop);
}

/* Who it was is asked for after the stream has gone: in on_disconnect, for one. */
static void remember_address(cx_conn *conn)
{
    char address[CX_URL_PRINT_MAX];
    (void)conn->stream->ops->address(conn->stream, address, sizeof address);
    conn->last_address = cx_net_copy(&conn->loop->net, address);
}

static void on_stream_closed(void *self, const coax_error *why)
{
    cx_conn *conn = self;
    coax_loop *loop = conn->loop;
    if (!conn->is_ended)
        remember_address(conn);
    conn->stream = NULL;
    if (conn->is_ended) {
        if (conn->is_lingering)
            loop->n_lingering--;
        free_conn(conn);
        return;
    }
    cx_loop_enter(loop);
    cx_wheel_cancel(&loop->core.host.wheel, &conn->timer);
    coax_error reason = *why;
    if (reason.code == COAX_OK)
        (void)coax_error_set(&reason, COAX_ERR_UNAVAILABLE, "the connection was closed here");
    else if (conn->wrap.is_sealed)
        cx_sealed_explain_end(conn, &reason);
    cx_endpoint_lost(&conn->endpoint, reason.code, reason.text);
    cx_loop_leave(loop);
}

static const cx_stream_events stream_events = { on_stream_open, on_stream_data, on_stream_writable,
                                                on_stream_closed };

/* Waits for the peer to have read why, or closes where that would be of no use. */
static void linger(cx_conn *conn)
{
    coax_loop *loop = conn->loop;
    cx_stream *stream = conn->stream;
    bool waits = conn->is_connected && !conn->is_blocked && !loop->is_destroying &&
                 loop->n_lingering < CX_LINGERING_MAX;
    if (!waits) {
        stream->ops->close(stream);
        return;
    }
    conn->is_lingering = true;
    loop->n_lingering++;
    stream->ops->shutdown(stream);
    stream->ops->read(stream, true);
    cx_wheel_arm(&loop->core.host.wheel, &conn->timer, cx_loop_now(loop) + CX_LINGER_NS);
}

static void on_connecting_too_long(cx_conn *conn)
{
    char words[COAX_ERROR_TEXT_MAX];
    (void)snprintf(words, sizeof words, "no answer from %.140s within %u ms (connect_timeout_ms)",
                   conn->target, (unsigned)conn->timeout_ms);
    cx_endpoint_lost(&conn->endpoint, COAX_ERR_DEADLINE_EXCEEDED, words);
}

/* Connecting took too long, an open connection has had its time, or the peer never closed its side. */
static void on_timer(cx_timer *timer, uint64_t now_ns)
{
    cx_conn *conn = CX_CONTAINER(timer, cx_conn, timer);
    (void)now_ns;
    if (conn->has_opened && !conn->is_ended) {
        if (conn->owner != NULL)
            conn->owner_ops->on_life_over(conn);
        return;
    }
    if (!conn->is_ended)
        on_connecting_too_long(conn);
    if (conn->stream != NULL)
        conn->stream->ops->close(conn->stream);
}

void cx_conn_live_for(cx_conn *conn, uint32_t ms)
{
    coax_loop *loop = conn->loop;
    if (ms == COAX_NEVER_MS)
        cx_wheel_cancel(&loop->core.host.wheel, &conn->timer);
    else
        cx_wheel_arm(&loop->core.host.wheel, &conn->timer,
                     cx_loop_now(loop) + (uint64_t)ms * 1000000u);
}

cx_conn *cx_conn_create(coax_loop *loop, const cx_endpoint_config *config,
                        const cx_conn_owner *owner_ops, void *owner)
{
    cx_conn *conn = cx_net_take(&loop->net, sizeof *conn);
    if (conn == NULL)
        return NULL;
    conn->loop = loop;
    conn->owner_ops = owner_ops;
    conn->owner = owner;
    cx_list_init(&conn->links);
    cx_list_init(&conn->mine);
    cx_list_init(&conn->dirty);
    cx_list_init(&conn->in_line);
    cx_timer_init(&conn->timer, on_timer);
    conn->resume.run = run_resume;
    if (cx_endpoint_init(&conn->endpoint, &loop->core, config, conn) != COAX_OK) {
        free_conn(conn);
        return NULL;
    }
    cx_list_append(&loop->conns, &conn->links);
    return conn;
}

void cx_conn_discard(cx_conn *conn)
{
    cx_endpoint_deinit(&conn->endpoint);
    free_conn(conn);
}

coax_err cx_conn_dial(cx_conn *conn, const cx_url *url, const char *target, uint32_t timeout_ms,
                      coax_error *error)
{
    coax_loop *loop = conn->loop;
    const cx_transport *transport = cx_transport_for(&loop->net, url);
    coax_err rc = transport->dial(&loop->net, url, &stream_events, conn, &conn->stream, error);
    if (rc != COAX_OK)
        return rc;
    if (!conn->wrap.is_sealed)
        cx_wrap_dial(&conn->wrap);
    conn->timeout_ms = timeout_ms;
    conn->target = target;
    cx_wheel_arm(&loop->core.host.wheel, &conn->timer,
                 cx_loop_now(loop) + (uint64_t)timeout_ms * 1000000u);
    cx_loop_want_turn(loop); /* a foreign loop must give libuv a turn to see the socket */
    return COAX_OK;
}

void cx_conn_accept(cx_conn *conn, cx_stream *stream)
{
    conn->stream = stream;
    conn->pauses = true;
    conn->is_connected = true;
    stream->events = &stream_events;
    stream->self = conn;
    cx_endpoint_start(&conn->endpoint, cx_loop_now(conn->loop));
}

static void on_open(void *self)
{
    cx_conn *conn = self;
    cx_wheel_cancel(&conn->loop->core.host.wheel, &conn->timer);
    conn->has_opened = true;
    cx_journal_opened(conn);
    if (conn->owner != NULL)
        conn->owner_ops->on_open(conn);
    if (conn->wrap.is_sealed)
        cx_sealed_trust(conn);
}

static void on_dirty(void *self)
{
    cx_conn *conn = self;
    if (conn->is_connected && !conn->is_blocked)
        cx_loop_add_dirty(conn->loop, conn);
}

static void on_writable(void *self)
{
    cx_conn *conn = self;
    if (conn->owner != NULL)
        conn->owner_ops->on_writable(conn);
    cx_worker_retry(conn->loop);
}

static void on_closed(void *self, const coax_error *reason)
{
    cx_conn *conn = self;
    coax_loop *loop = conn->loop;
    cx_wheel_cancel(&loop->core.host.wheel, &conn->timer);
    if (conn->wrap.is_sealed)
        cx_sealed_refuse(conn, reason);
    cx_conn_flush(conn);
    conn->is_ended = true;
    cx_journal_ended(conn, conn->has_opened, reason);
    if (conn->owner != NULL)
        conn->owner_ops->on_ended(conn, reason);
    conn->owner = NULL;
    cx_list_remove(&conn->mine);
    cx_endpoint_deinit(&conn->endpoint);
    cx_sealed_free(conn); /* its keys do not wait for the peer */
    cx_list_remove(&conn->dirty);
    if (conn->stream != NULL)
        linger(conn);
    else
        free_conn(conn);
}

static void on_error(void *self, const coax_error *what)
{
    cx_conn *conn = self;
    if (conn->owner != NULL)
        conn->owner_ops->on_error(conn, what);
}

static void on_unknown(void *self, coax_call call, uint32_t method_id, coax_bytes request)
{
    cx_conn *conn = self;
    if (conn->owner != NULL)
        conn->owner_ops->on_unknown(conn, call, method_id, request);
}

static void on_drain(void *self, uint32_t retry_after_ms, const char *words)
{
    cx_conn *conn = self;
    if (conn->owner != NULL && conn->owner_ops->on_drain != NULL)
        conn->owner_ops->on_drain(conn, retry_after_ms, words);
}

static size_t address(void *self, char *buffer, size_t size)
{
    const cx_conn *conn = self;
    if (conn->stream != NULL)
        return conn->stream->ops->address(conn->stream, buffer, size);
    int n = snprintf(buffer, size, "%s", conn->last_address != NULL ? conn->last_address : "");
    return n < 0 ? 0 : (size_t)n;
}

static void find_way(void *self, cx_way_facts *ret)
{
    const cx_conn *conn = self;
    static const char local[] = "inproc:";
    char where[sizeof local];
    (void)address(self, where, sizeof where);
    ret->is_local = strcmp(where, local) == 0;
    if (conn->stream != NULL)
        ret->origin = conn->stream->origin;
    if (conn->wrap.is_sealed)
        cx_sealed_find_way(conn, ret);
}

static bool stretch_away(void *self, cx_stretch *stretch)
{
    const cx_conn *conn = self;
    return cx_secrets_stretch(conn->loop, stretch);
}

const cx_endpoint_events cx_conn_events = { .on_open = on_open,
                                            .on_dirty = on_dirty,
                                            .on_writable = on_writable,
                                            .on_closed = on_closed,
                                            .on_error = on_error,
                                            .on_unknown = on_unknown,
                                            .on_drain = on_drain,
                                            .address = address,
                                            .way = find_way,
                                            .stretch = stretch_away };

static void hear_nothing(void *self, const coax_error *why)
{
    (void)self;
    (void)why;
}

const cx_stream_events cx_deaf_events = { NULL, NULL, NULL, hear_nothing };
