/*
 * The hall: its handlers, opening and closing. Read next: loops_test.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "hall.h"

static void on_add(void *self, coax_call call, const crowd_crowd_add_request *request)
{
    (void)self;
    crowd_crowd_add_response reply = { .sum = request->a + request->b };
    (void)crowd_crowd_add_reply(call, &reply);
}

static void on_where(void *self, coax_call call, const crowd_crowd_where_request *request)
{
    (void)self;
    (void)request;
    crowd_crowd_where_response reply = { .loop = (uintptr_t)call.loop };
    (void)crowd_crowd_where_reply(call, &reply);
}

static void on_shut(void *self, coax_call call, const crowd_crowd_shut_request *request)
{
    hall *h = self;
    (void)request;
    (void)call;
    coax_server_close(h->server);
}

static void count_post(void *self)
{
    atomic_fetch_add(&((hall *)self)->n_posted, 1);
}

static void on_post(void *self, coax_call call, const crowd_crowd_post_request *request)
{
    hall *h = self;
    (void)request;
    crowd_crowd_post_response reply = { .is_posted =
                                            coax_loop_post(call.loop, count_post, h) == COAX_OK };
    (void)crowd_crowd_post_reply(call, &reply);
}

/* On a worker: gives back each item, until the caller ends. */
static void on_mirror(void *self, coax_call call, const crowd_crowd_mirror_request *request)
{
    const crowd_piece *piece;
    coax_err rc = COAX_OK;
    (void)self;
    (void)request;
    while (rc == COAX_OK && crowd_crowd_mirror_take(call, &piece))
        rc = crowd_crowd_mirror_push(call, piece);
    (void)coax_call_end(call);
}

static void on_connect(void *self, coax_peer peer)
{
    (void)peer;
    atomic_fetch_add(&((hall *)self)->n_connects, 1);
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    (void)peer;
    (void)reason;
    atomic_fetch_add(&((hall *)self)->n_disconnects, 1);
}

static const crowd_crowd_handlers handlers = {
    .add = on_add, .where = on_where, .shut = on_shut, .mirror = on_mirror, .post = on_post
};

void hall_make(hall *h, uint32_t loops, const coax_server_options *options)
{
    coax_server_options chosen = COAX_SERVER_OPTIONS_INIT;
    coax_error error = COAX_ERROR_INIT;
    memset(h, 0, sizeof *h);
    if (options != NULL)
        chosen = *options;
    chosen.loops = loops;
    chosen.self = h;
    chosen.on_connect = on_connect;
    chosen.on_disconnect = on_disconnect;
    h->loop = coax_loop_create(NULL);
    assert_non_null(h->loop);
    if (coax_server_create(h->loop, &chosen, &h->server, &error) != COAX_OK ||
        crowd_crowd_serve(h->server, &handlers, h) != COAX_OK)
        fail_msg("%s", error.text);
}

static void run_loop(void *self)
{
    (void)coax_loop_run(((hall *)self)->loop);
}

void hall_run(hall *h)
{
    assert_int_equal(uv_thread_create(&h->thread, run_loop, h), 0);
    h->has_thread = true;
}

void hall_open(hall *h, const char *url)
{
    coax_error error = COAX_ERROR_INIT;
    if (coax_server_listen(h->server, url, &error) != COAX_OK)
        fail_msg("%s", error.text);
    (void)coax_server_address(h->server, 0, h->url, sizeof h->url);
    hall_run(h);
}

void hall_close(hall *h)
{
    coax_loop_stop(h->loop);
    if (h->has_thread)
        assert_int_equal(uv_thread_join(&h->thread), 0);
    assert_int_equal(coax_loop_destroy(h->loop), COAX_OK);
}

const char *hall_unix_url(void)
{
    static char url[200];
    static unsigned n;
    (void)snprintf(url, sizeof url, "unix:///tmp/coax-hall-%ld-%u", (long)getpid(), n++);
    return url;
}

coax_client *hall_dial(const hall *h)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (coax_dial(h->url, NULL, &client, &error) != COAX_OK)
        fail_msg("%s", error.text);
    return client;
}

uint64_t hall_where(coax_client *client)
{
    const crowd_crowd_where_request request = { 0 };
    crowd_crowd_where_result result;
    assert_int_equal(crowd_crowd_where_wait(client, &request, NULL, &result), COAX_OK);
    uint64_t loop = result.reply->loop;
    crowd_crowd_where_result_free(&result);
    return loop;
}
