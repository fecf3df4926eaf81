/*
 * Subscribing by a thread that waits: it knows afterwards that the server has it, or why not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "river.h"

static river here;

static int open_dialled(void **state)
{
    river_open(&here, RIVER_DIALLED, NULL);
    *state = &here;
    return 0;
}

static int open_shared(void **state)
{
    river_open(&here, RIVER_SHARED, NULL);
    *state = &here;
    return 0;
}

static int close_river(void **state)
{
    river_close(*state);
    return 0;
}

/* What a handler has heard. */
typedef struct heard {
    atomic_uint n;
    atomic_uint height;
    atomic_uint n_status;
    _Atomic coax_err status;
} heard;

/* A handler may be called until its client is closed, which is after the test. */
static heard *make_heard(void)
{
    static heard all[32];
    static unsigned n;
    assert_true(n < sizeof all / sizeof all[0]);
    return &all[n++];
}

static void on_flood(void *self, coax_peer peer, const river_river_flood_request *event)
{
    heard *h = self;
    (void)peer;
    atomic_store(&h->height, event->height);
    atomic_fetch_add(&h->n, 1);
}

static void on_sand(void *self, coax_peer peer, const river_desert_sand_request *event)
{
    (void)peer;
    (void)event;
    atomic_fetch_add(&((heard *)self)->n, 1);
}

static void on_status(void *self, const coax_status *status)
{
    heard *h = self;
    atomic_store(&h->status, status->code);
    atomic_fetch_add(&h->n_status, 1);
}

static void emit(void *self)
{
    river *r = self;
    const river_river_flood_request event = { .height = 12 };
    (void)river_river_flood_emit(r->server, &event, NULL);
}

/* A dialled client hears events when somebody runs its loop: a call does. */
static void make_a_call(river *r)
{
    const river_river_count_request request = { .to = 1, .size = 1 };
    river_river_count_result result;
    const river_drop *drop;
    coax_stream *stream = NULL;
    assert_int_equal(river_river_count_open(r->client, &request, NULL, &stream), COAX_OK);
    while (river_river_count_next(stream, &drop))
        continue;
    assert_int_equal(river_river_count_finish(stream, &result), COAX_OK);
    river_river_count_result_free(&result);
}

static void when_it_returns_the_server_has_it(void **state)
{
    river *r = *state;
    heard *h = make_heard();
    coax_subscription subscription = { NULL, 0, 0 };
    coax_subscribe_options options = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.on_status = on_status;
    assert_int_equal(
        river_river_flood_subscribe_wait(r->client, on_flood, h, &options, &subscription), COAX_OK);
    assert_non_null(subscription.loop);
    river_on_loop(r, emit, r);
    for (int i = 0; i < 1000 && atomic_load(&h->n) == 0; i++)
        make_a_call(r);
    assert_int_equal(atomic_load(&h->n), 1);
    assert_int_equal(atomic_load(&h->height), 12);
    assert_int_equal(atomic_load(&h->n_status), 1);
    assert_int_equal(atomic_load(&h->status), COAX_OK);
    /* A second handler of the same event is told at once. */
    heard *second = make_heard();
    assert_int_equal(river_river_flood_subscribe_wait(r->client, on_flood, second, NULL, NULL),
                     COAX_OK);
    river_on_loop(r, emit, r);
    for (int i = 0; i < 1000 && atomic_load(&second->n) == 0; i++)
        make_a_call(r);
    assert_int_equal(atomic_load(&second->n), 1);
    assert_int_equal(atomic_load(&h->n), 2);
}

static void a_refusal_is_returned_with_its_words(void **state)
{
    river *r = *state;
    heard *h = make_heard();
    coax_error error = COAX_ERROR_INIT;
    coax_subscription subscription = { NULL, 0, 0 };
    coax_subscribe_options options = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.on_status = on_status;
    options.error = &error;
    atomic_store(&r->refuses, true);
    assert_int_equal(
        river_river_flood_subscribe_wait(r->client, on_flood, h, &options, &subscription),
        COAX_ERR_PERMISSION_DENIED);
    assert_non_null(strstr(error.text, "not for you"));
    assert_null(subscription.loop);
    assert_int_equal(atomic_load(&h->status), COAX_ERR_PERMISSION_DENIED);
    /* What failed is over: a later one asks anew. */
    atomic_store(&r->refuses, false);
    assert_int_equal(river_river_flood_subscribe_wait(r->client, on_flood, h, &options, NULL),
                     COAX_OK);
}

static void what_nobody_serves_is_refused(void **state)
{
    river *r = *state;
    heard *h = make_heard();
    assert_int_equal(river_desert_sand_subscribe_wait(r->client, on_sand, h, NULL, NULL),
                     COAX_ERR_UNIMPLEMENTED);
    assert_int_equal(river_desert_sand_subscribe_wait(NULL, on_sand, h, NULL, NULL),
                     COAX_ERR_MISUSE);
    assert_int_equal(river_desert_sand_subscribe_wait(r->client, NULL, h, NULL, NULL),
                     COAX_ERR_MISUSE);
}

static void close_server(void *self)
{
    coax_server_close(((river *)self)->server);
}

static void a_client_that_has_ended_subscribes_to_nothing(void **state)
{
    river *r = *state;
    heard *h = make_heard();
    coax_error error = COAX_ERROR_INIT;
    coax_subscribe_options options = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.error = &error;
    river_on_loop(r, close_server, r);
    coax_err rc = COAX_OK;
    for (int i = 0; i < 1000 && rc == COAX_OK; i++)
        rc = river_river_flood_subscribe_wait(r->client, on_flood, h, &options, NULL);
    assert_int_equal(rc, COAX_ERR_UNAVAILABLE);
    assert_true(error.text[0] != '\0');
}

/* Threads that subscribe at once, through one client. */
typedef struct listener {
    coax_client *client;
    uv_thread_t thread;
    heard heard;
    coax_err err;
} listener;

static void subscribe_here(void *self)
{
    listener *l = self;
    l->err = river_river_flood_subscribe_wait(l->client, on_flood, &l->heard, NULL, NULL);
}

static void several_threads_may_wait_at_once(void **state)
{
    river *r = *state;
    static listener listeners[4];
    memset(listeners, 0, sizeof listeners);
    for (int i = 0; i < 4; i++) {
        listeners[i].client = r->client;
        assert_int_equal(uv_thread_create(&listeners[i].thread, subscribe_here, &listeners[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(uv_thread_join(&listeners[i].thread), 0);
    river_on_loop(r, emit, r);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(listeners[i].err, COAX_OK);
        for (int k = 0; k < 1000 && atomic_load(&listeners[i].heard.n) == 0; k++)
            make_a_call(r);
        assert_int_equal(atomic_load(&listeners[i].heard.n), 1);
    }
}

typedef struct inside {
    river *river;
    heard heard;
    coax_err err;
} inside;

static void try_inside(void *self)
{
    inside *in = self;
    in->err = river_river_flood_subscribe_wait(in->river->client, on_flood, &in->heard, NULL, NULL);
}

static void waiting_on_the_loops_own_thread_is_a_deadlock(void **state)
{
    static inside in;
    in = (inside){ .river = *state, .err = COAX_OK };
    river_on_loop(in.river, try_inside, &in);
    assert_int_equal(in.err, COAX_ERR_DEADLOCK);
}

static void a_loop_that_nobody_runs_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    river r;
    heard *h = make_heard();
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_subscribe_options words = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.call_timeout_ms = 100;
    words.error = &error;
    river_open(&r, RIVER_SHARED, &options);
    coax_loop_stop(r.loop);
    assert_int_equal(uv_thread_join(&r.thread), 0);
    assert_int_equal(river_river_flood_subscribe_wait(r.client, on_flood, h, &words, NULL),
                     COAX_ERR_DEADLINE_EXCEEDED);
    assert_non_null(strstr(error.text, "nobody ran"));
    assert_int_equal(coax_loop_destroy(r.loop), COAX_OK);
}

#define BOTH(name)                                                                                 \
    { #name " (dialled)", name, open_dialled, close_river, NULL },                                 \
    {                                                                                              \
#name " (shared loop)", name, open_shared, close_river, NULL                               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(when_it_returns_the_server_has_it),
        BOTH(a_refusal_is_returned_with_its_words),
        BOTH(what_nobody_serves_is_refused),
        cmocka_unit_test_setup_teardown(a_client_that_has_ended_subscribes_to_nothing, open_dialled,
                                        close_river),
        BOTH(several_threads_may_wait_at_once),
        cmocka_unit_test_setup_teardown(waiting_on_the_loops_own_thread_is_a_deadlock, open_shared,
                                        close_river),
        cmocka_unit_test(a_loop_that_nobody_runs_is_not_waited_for_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
