/*
 * Servers with many loops and everything at once: emits, calls, streams, clients that come and go, drain and close.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hall.h"

enum { LOOPS = 4, GUESTS = 4, NEWS = 200 };

/* A subscriber on a loop of its own, which calls as well. */
typedef struct guest {
    const hall *hall;
    coax_loop *loop;
    coax_client *client;
    uv_thread_t thread;
    atomic_uint n_news;
    uint32_t last;
    atomic_bool is_subscribed;
    bool is_out_of_order;
    uint32_t n_calls;
} guest;

static void on_news(void *self, coax_peer peer, const crowd_crowd_news_request *event)
{
    guest *g = self;
    (void)peer;
    g->is_out_of_order = g->is_out_of_order || event->number <= g->last;
    g->last = event->number;
    atomic_fetch_add(&g->n_news, 1);
}

static void on_status(void *self, const coax_status *status)
{
    atomic_store(&((guest *)self)->is_subscribed, status->code == COAX_OK);
}

static void call_again(guest *g);

static void on_added(void *self, const crowd_crowd_add_result *result)
{
    guest *g = self;
    if (result->err != COAX_OK)
        return;
    g->n_calls++;
    call_again(g);
}

static void call_again(guest *g)
{
    const crowd_crowd_add_request request = { g->n_calls, 1 };
    coax_err rc = crowd_crowd_add(g->client, &request, NULL, on_added, g);
    (void)rc; /* the server has closed */
}

static void on_guest_state(void *self, coax_client *client, coax_client_state state,
                           const coax_error *reason)
{
    guest *g = self;
    (void)client;
    (void)reason;
    if (state == COAX_CLIENT_CLOSED)
        coax_loop_stop(g->loop);
}

static void run_guest(void *self)
{
    (void)coax_loop_run(((guest *)self)->loop);
}

static void open_guest(guest *g, const hall *h)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_subscribe_options wish = COAX_SUBSCRIBE_OPTIONS_INIT;
    memset(g, 0, sizeof *g);
    g->hall = h;
    options.self = g;
    options.on_state = on_guest_state;
    wish.on_status = on_status;
    g->loop = coax_loop_create(NULL);
    assert_int_equal(coax_client_create(g->loop, h->url, &options, &g->client, NULL), COAX_OK);
    assert_int_equal(crowd_crowd_news_subscribe(g->client, on_news, g, &wish, NULL), COAX_OK);
    call_again(g);
    assert_int_equal(uv_thread_create(&g->thread, run_guest, g), 0);
}

/* When its server has gone. */
static void close_guest(guest *g)
{
    assert_int_equal(uv_thread_join(&g->thread), 0);
    coax_client_close(g->client);
    assert_int_equal(coax_loop_destroy(g->loop), COAX_OK);
    assert_false(g->is_out_of_order);
    assert_true(g->n_calls > 0);
}

static void add_up(void *self, const coax_emit_report *report)
{
    atomic_fetch_add((atomic_uint *)self, report->n_queued + report->n_dropped);
}

static void open_all(hall *h, guest *guests, const char *url)
{
    hall_make(h, LOOPS, NULL);
    hall_open(h, url);
    for (uint32_t i = 0; i < GUESTS; i++)
        open_guest(&guests[i], h);
    coax_client *watcher = hall_dial(h);
    for (uint32_t i = 0; i < GUESTS; i++)
        while (!atomic_load(&guests[i].is_subscribed))
            (void)hall_where(watcher);
    coax_client_close(watcher);
}

/* From a thread that runs none of the loops. */
static void emit_news(const hall *h, uint32_t first, atomic_uint *n_queued)
{
    coax_emit_options options = COAX_EMIT_OPTIONS_INIT;
    options.on_done = n_queued != NULL ? add_up : NULL;
    options.self = n_queued;
    for (uint32_t i = first; i < first + NEWS; i++) {
        const crowd_crowd_news_request event = { .number = i };
        assert_int_equal(crowd_crowd_news_emit(h->server, &event, &options), COAX_OK);
    }
}

static void close_server(void *self)
{
    coax_server_close(self);
}

static void emits_of_any_thread_reach_subscribers_on_every_loop(void **state)
{
    (void)state;
    hall h;
    guest guests[GUESTS];
    atomic_uint n_queued;
    atomic_init(&n_queued, 0);
    open_all(&h, guests, hall_unix_url()); /* dealt out in turn: one each */
    emit_news(&h, 1, &n_queued);
    coax_client *watcher = hall_dial(&h);
    for (uint32_t i = 0; i < GUESTS; i++)
        while (atomic_load(&guests[i].n_news) < NEWS)
            (void)hall_where(watcher);
    while (atomic_load(&n_queued) < GUESTS * NEWS)
        (void)hall_where(watcher);
    coax_client_close(watcher);
    assert_int_equal(coax_loop_post(h.loop, close_server, h.server), COAX_OK);
    for (uint32_t i = 0; i < GUESTS; i++)
        close_guest(&guests[i]);
    hall_close(&h);
    assert_int_equal(atomic_load(&n_queued), GUESTS * NEWS);
}

/* Comes and goes, counts and adds up in streams. */
static void run_visitor(void *self)
{
    const hall *h = self;
    coax_err rc = COAX_OK;
    while (rc == COAX_OK) {
        coax_client *client = NULL;
        coax_stream *stream = NULL;
        const crowd_piece *piece;
        const crowd_crowd_mirror_request request = { 0 };
        crowd_crowd_mirror_result result;
        rc = coax_dial(h->url, NULL, &client, NULL);
        if (rc != COAX_OK)
            return;
        rc = crowd_crowd_mirror_open(client, &request, NULL, &stream);
        for (uint32_t i = 0; i < 20 && rc == COAX_OK; i++) {
            const crowd_piece mine = { .number = i, .payload = { (const uint8_t *)"x", 1 } };
            rc = crowd_crowd_mirror_put(stream, &mine);
            if (rc == COAX_OK && !crowd_crowd_mirror_next(stream, &piece))
                rc = COAX_ERR_UNAVAILABLE;
        }
        if (stream != NULL) {
            (void)coax_stream_end(stream);
            (void)crowd_crowd_mirror_finish(stream, &result);
            crowd_crowd_mirror_result_free(&result);
        }
        coax_client_close(client);
    }
}

static void everything_goes_on_at_once_until(void (*end)(void *self))
{
    hall h;
    guest guests[GUESTS];
    uv_thread_t visitors[2];
    open_all(&h, guests, "tcp://127.0.0.1:0");
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(uv_thread_create(&visitors[i], run_visitor, &h), 0);
    for (uint32_t i = 0; i < 10; i++)
        emit_news(&h, 1 + i * NEWS, NULL);
    assert_int_equal(coax_loop_post(h.loop, end, h.server), COAX_OK);
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(uv_thread_join(&visitors[i]), 0);
    for (uint32_t i = 0; i < GUESTS; i++)
        close_guest(&guests[i]);
    hall_close(&h);
}

static void a_server_with_many_loops_closes_with_all_of_it_under_way(void **state)
{
    (void)state;
    everything_goes_on_at_once_until(close_server);
}

static void drain_server(void *self)
{
    (void)coax_server_drain(self, 100);
}

static void a_server_with_many_loops_drains_with_all_of_it_under_way(void **state)
{
    (void)state;
    everything_goes_on_at_once_until(drain_server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emits_of_any_thread_reach_subscribers_on_every_loop),
        cmocka_unit_test(a_server_with_many_loops_closes_with_all_of_it_under_way),
        cmocka_unit_test(a_server_with_many_loops_drains_with_all_of_it_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
