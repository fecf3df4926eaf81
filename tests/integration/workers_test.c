/*
 * @blocking handlers: many at once beside the loop, every way to answer, and every way of being left.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hall.h"
#include "node/shell_sim.h"

enum { WORKERS = 4, CALLS = 8 };

/* What the handlers share with the test. */
typedef struct yard {
    hall hall;
    uv_mutex_t mutex;
    uv_cond_t changed;
    bool is_open;      /* the gate */
    uint32_t n_inside; /* handlers that run now */
    uint32_t most;     /* and most of them at once */
    uint32_t n_left;   /* found that nobody waits */
    uint32_t n_heavy;
    coax_err second;    /* what a second answer was told */
    coax_err elsewhere; /* and an answer from another thread */
    coax_call seen;     /* a handler's handle */
    coax_client *further;
    coax_call asking; /* the loop's own */
} yard;

/* Callback style: what a caller needs. */
typedef struct caller {
    coax_loop *loop;
    coax_client *client;
    uv_thread_t thread;
    uint32_t n_ended;
    uint32_t n_cancelled;
    uint32_t got;
} caller;

static void count_inside(yard *y, int by)
{
    uv_mutex_lock(&y->mutex);
    y->n_inside = by > 0 ? y->n_inside + 1 : y->n_inside - 1;
    if (y->n_inside > y->most)
        y->most = y->n_inside;
    uv_cond_broadcast(&y->changed);
    uv_mutex_unlock(&y->mutex);
}

static void wait_inside(yard *y, uint32_t n)
{
    uv_mutex_lock(&y->mutex);
    while (y->n_inside != n)
        uv_cond_wait(&y->changed, &y->mutex);
    uv_mutex_unlock(&y->mutex);
}

static uint32_t count_now(yard *y)
{
    uv_mutex_lock(&y->mutex);
    uint32_t n = y->n_inside;
    uv_mutex_unlock(&y->mutex);
    return n;
}

static void wait_heavy(yard *y, uint32_t n)
{
    uv_mutex_lock(&y->mutex);
    while (y->n_heavy != n)
        uv_cond_wait(&y->changed, &y->mutex);
    uv_mutex_unlock(&y->mutex);
}

static void open_gate(yard *y)
{
    uv_mutex_lock(&y->mutex);
    y->is_open = true;
    uv_cond_broadcast(&y->changed);
    uv_mutex_unlock(&y->mutex);
}

static void note_second(yard *y, coax_err err)
{
    uv_mutex_lock(&y->mutex);
    y->second = err;
    uv_cond_broadcast(&y->changed);
    uv_mutex_unlock(&y->mutex);
}

static void wait_second(yard *y, coax_err wanted)
{
    uv_mutex_lock(&y->mutex);
    while (y->second != wanted)
        uv_cond_wait(&y->changed, &y->mutex);
    uv_mutex_unlock(&y->mutex);
}

/* Whether the gate opens while somebody waits for `call`. */
static bool pass_gate(yard *y, coax_call call)
{
    bool is_live = true;
    uv_mutex_lock(&y->mutex);
    while (!y->is_open && is_live) {
        (void)uv_cond_timedwait(&y->changed, &y->mutex, 1000000); /* how handlers poll */
        is_live = coax_call_is_live(call);
    }
    uv_mutex_unlock(&y->mutex);
    return is_live;
}

static void on_pass(void *self, coax_call call, const crowd_crowd_pass_request *request)
{
    yard *y = self;
    uv_mutex_lock(&y->mutex);
    y->seen = call;
    uv_mutex_unlock(&y->mutex);
    count_inside(y, +1);
    bool passes = pass_gate(y, call);
    crowd_crowd_pass_response reply = { .ticket = request->ticket };
    coax_err rc = crowd_crowd_pass_reply(call, &reply);
    if (!passes && rc == COAX_ERR_STALE) {
        uv_mutex_lock(&y->mutex);
        y->n_left++;
        uv_mutex_unlock(&y->mutex);
    }
    count_inside(y, -1);
}

enum { REPLY, THROW, FAIL, TWICE, NEVER, BREAK_RULE, LARGE, TELL_TIME, KEEP_DATA, SHUT };

static void on_behave(void *self, coax_call call, const crowd_crowd_behave_request *request)
{
    yard *y = self;
    uint8_t *data = calloc(1, request->len + 1u);
    crowd_crowd_behave_response reply = { .number = request->how,
                                          .payload = { data, request->len } };
    const crowd_tired tired = { .after = 3 };
    switch (request->how) {
    case THROW: (void)crowd_crowd_behave_throw_tired(call, &tired); break;
    case FAIL:
        assert_int_equal(coax_call_set_retry(call, 77), COAX_OK);
        (void)coax_call_fail(call, COAX_ERR_NOT_FOUND, "no %s here", "such");
        break;
    case NEVER: break;
    case SHUT:
        coax_server_close(y->hall.server);
        coax_server_close(y->hall.server);
        break;
    case BREAK_RULE:
        reply.number = 101;
        note_second(y, crowd_crowd_behave_reply(call, &reply));
        break;
    case TELL_TIME:
        reply.number = coax_call_remaining_ms(call) > 10000 && coax_call_method_id(call) != 0;
        (void)crowd_crowd_behave_reply(call, &reply);
        break;
    case KEEP_DATA:
        (void)coax_call_set_data(call, y);
        reply.number = coax_call_data(call) == y && coax_call_peer(call).loop == call.loop;
        (void)crowd_crowd_behave_reply(call, &reply);
        break;
    default:
        note_second(y, crowd_crowd_behave_reply(call, &reply));
        if (request->how == TWICE)
            note_second(y, crowd_crowd_behave_reply(call, &reply));
        break;
    }
    free(data);
}

static void on_further(void *self, coax_call call, const crowd_crowd_further_request *request)
{
    yard *y = self;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.parent = call;
    const crowd_crowd_behave_request ask = { .how = TELL_TIME };
    crowd_crowd_behave_result result;
    coax_err err = crowd_crowd_behave_wait(y->further, &ask, &options, &result);
    crowd_crowd_further_response reply = { .sum = err == COAX_OK
                                                      ? result.reply->number + request->number
                                                      : UINT32_MAX,
                                           .left_ms = coax_call_remaining_ms(call) };
    crowd_crowd_behave_result_free(&result);
    (void)crowd_crowd_further_reply(call, &reply);
}

static void on_heavy(void *self, coax_call call, const crowd_crowd_heavy_request *request)
{
    yard *y = self;
    (void)request;
    count_inside(y, +1);
    (void)pass_gate(y, call);
    uv_mutex_lock(&y->mutex);
    y->n_heavy++;
    uv_mutex_unlock(&y->mutex);
    count_inside(y, -1);
}

static void on_add(void *self, coax_call call, const crowd_crowd_add_request *request)
{
    yard *y = self;
    uv_mutex_lock(&y->mutex);
    coax_call seen = y->seen;
    y->elsewhere = coax_call_fail(seen, COAX_ERR_INTERNAL, "from the loop");
    uv_mutex_unlock(&y->mutex);
    crowd_crowd_add_response reply = { .sum = request->a + request->b };
    (void)crowd_crowd_add_reply(call, &reply);
}

static void on_fetched(void *self, const crowd_errand_fetch_result *result)
{
    yard *y = self;
    crowd_crowd_ask_response reply = { .number =
                                           result->err == COAX_OK ? result->reply->number : 0 };
    (void)crowd_crowd_ask_reply(y->asking, &reply);
}

static void on_ask(void *self, coax_call call, const crowd_crowd_ask_request *request)
{
    yard *y = self;
    const crowd_errand_fetch_request errand = { .number = request->number };
    y->asking = call;
    if (crowd_errand_fetch_to(coax_call_peer(call), &errand, NULL, on_fetched, y) != COAX_OK)
        (void)coax_call_fail(call, COAX_ERR_INTERNAL, "the errand did not start");
}

static void on_fetch(void *self, coax_call call, const crowd_errand_fetch_request *request)
{
    caller *c = self;
    uv_thread_t here = uv_thread_self();
    crowd_errand_fetch_response reply = { .number = request->number +
                                                    !uv_thread_equal(&here, &c->thread) };
    (void)crowd_errand_fetch_reply(call, &reply);
}

static const crowd_crowd_handlers handlers = { .pass = on_pass,
                                               .behave = on_behave,
                                               .further = on_further,
                                               .heavy = on_heavy,
                                               .add = on_add,
                                               .ask = on_ask };

static void open_yard(yard *y, const coax_server_options *options)
{
    coax_error error = COAX_ERROR_INIT;
    coax_server_options chosen = COAX_SERVER_OPTIONS_INIT;
    memset(y, 0, sizeof *y);
    if (options != NULL)
        chosen = *options;
    chosen.n_workers = WORKERS;
    assert_int_equal(uv_mutex_init(&y->mutex), 0);
    assert_int_equal(uv_cond_init(&y->changed), 0);
    y->hall.loop = coax_loop_create(NULL);
    if (coax_server_create(y->hall.loop, &chosen, &y->hall.server, &error) != COAX_OK ||
        crowd_crowd_serve(y->hall.server, &handlers, y) != COAX_OK)
        fail_msg("%s", error.text);
    hall_open(&y->hall, "tcp://127.0.0.1:0");
}

static void close_yard(yard *y)
{
    hall_close(&y->hall);
    uv_cond_destroy(&y->changed);
    uv_mutex_destroy(&y->mutex);
}

/* A call that a thread of its own waits for. */
typedef struct waiter {
    coax_client *client;
    uint32_t number;
    uint32_t timeout_ms;
    coax_err got;
    uint32_t ticket;
    uv_thread_t thread;
} waiter;

static void run_pass(void *self)
{
    waiter *w = self;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = w->timeout_ms;
    const crowd_crowd_pass_request request = { .ticket = w->number };
    crowd_crowd_pass_result result;
    w->got = crowd_crowd_pass_wait(w->client, &request, &options, &result);
    w->ticket = w->got == COAX_OK ? result.reply->ticket : 0;
    crowd_crowd_pass_result_free(&result);
}

static void start_waiters(waiter *waiters, uint32_t n, coax_client *client, uint32_t timeout_ms)
{
    for (uint32_t i = 0; i < n; i++) {
        waiters[i] = (waiter){ .client = client, .number = i + 1, .timeout_ms = timeout_ms };
        assert_int_equal(uv_thread_create(&waiters[i].thread, run_pass, &waiters[i]), 0);
    }
}

static void join_waiters(waiter *waiters, uint32_t n, coax_err wanted)
{
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(uv_thread_join(&waiters[i].thread), 0);
        assert_int_equal(waiters[i].got, wanted);
        if (wanted == COAX_OK)
            assert_int_equal(waiters[i].ticket, waiters[i].number);
    }
}

static coax_err add(coax_client *client)
{
    const crowd_crowd_add_request request = { 1, 2 };
    crowd_crowd_add_result result;
    coax_err rc = crowd_crowd_add_wait(client, &request, NULL, &result);
    crowd_crowd_add_result_free(&result);
    return rc;
}

static void handlers_run_beside_the_loop_as_many_as_there_are_workers(void **state)
{
    (void)state;
    yard y;
    waiter waiters[CALLS];
    open_yard(&y, NULL);
    coax_client *client = hall_dial(&y.hall);
    start_waiters(waiters, CALLS, client, 0);
    wait_inside(&y, WORKERS);
    assert_int_equal(add(client), COAX_OK); /* the loop is free */
    open_gate(&y);
    join_waiters(waiters, CALLS, COAX_OK);
    assert_int_equal(y.elsewhere, COAX_ERR_WRONG_THREAD);
    assert_int_equal(y.most, WORKERS);
    coax_client_close(client);
    close_yard(&y);
}

static crowd_crowd_behave_result behave(coax_client *client, uint32_t how, uint32_t len)
{
    const crowd_crowd_behave_request request = { .how = how, .len = len };
    crowd_crowd_behave_result result;
    coax_err err = crowd_crowd_behave_wait(client, &request, NULL, &result);
    assert_int_equal(err, result.err);
    return result;
}

static coax_err behaved(coax_client *client, uint32_t how, uint32_t len)
{
    crowd_crowd_behave_result result = behave(client, how, len);
    coax_err err = result.err;
    if (err == COAX_OK)
        assert_int_equal(result.reply->payload.len, len);
    crowd_crowd_behave_result_free(&result);
    return err;
}

static void a_worker_may_answer_in_every_way(void **state)
{
    (void)state;
    yard y;
    open_yard(&y, NULL);
    coax_client *client = hall_dial(&y.hall);
    assert_int_equal(behaved(client, REPLY, 10), COAX_OK);
    assert_int_equal(behaved(client, REPLY, 1000000), COAX_OK);
    crowd_crowd_behave_result result = behave(client, THROW, 0);
    assert_int_equal(result.err, COAX_ERR_FAILED_PRECONDITION);
    assert_non_null(result.tired);
    assert_int_equal(result.tired->after, 3);
    crowd_crowd_behave_result_free(&result);
    result = behave(client, FAIL, 0);
    assert_int_equal(result.err, COAX_ERR_NOT_FOUND);
    assert_string_equal(result.status.message, "no such here");
    assert_int_equal(result.status.retry_after_ms, 77);
    crowd_crowd_behave_result_free(&result);
    result = behave(client, TELL_TIME, 0);
    assert_int_equal(result.reply->number, 1);
    crowd_crowd_behave_result_free(&result);
    result = behave(client, KEEP_DATA, 0);
    assert_int_equal(result.reply->number, 1);
    crowd_crowd_behave_result_free(&result);
    coax_client_close(client);
    close_yard(&y);
}

static void wrong_answers_of_workers_end_the_call_with_words(void **state)
{
    (void)state;
    yard y;
    open_yard(&y, NULL);
    coax_client *client = hall_dial(&y.hall);
    assert_int_equal(behaved(client, TWICE, 1), COAX_OK);
    wait_second(&y, COAX_ERR_STALE);
    assert_int_equal(behaved(client, BREAK_RULE, 0), COAX_ERR_INTERNAL);
    wait_second(&y, COAX_ERR_INVALID_ARGUMENT);
    crowd_crowd_behave_result result = behave(client, NEVER, 0);
    assert_int_equal(result.err, COAX_ERR_INTERNAL);
    assert_non_null(strstr(result.status.message, "without an answer"));
    crowd_crowd_behave_result_free(&result);
    assert_int_equal(behaved(client, LARGE, 5u << 20), COAX_ERR_RESOURCE_EXHAUSTED);
    wait_second(&y, COAX_ERR_TOO_LARGE);
    assert_int_equal(behaved(client, REPLY, 1), COAX_OK);
    coax_client_close(client);
    close_yard(&y);
}

static void a_deadline_leaves_the_handler_and_frees_its_place(void **state)
{
    (void)state;
    yard y;
    waiter waiters[CALLS];
    open_yard(&y, NULL);
    coax_client *client = hall_dial(&y.hall);
    start_waiters(waiters, CALLS, client, 50);
    join_waiters(waiters, CALLS, COAX_ERR_DEADLINE_EXCEEDED);
    wait_inside(&y, 0);
    assert_int_equal(behaved(client, REPLY, 1), COAX_OK);
    assert_true(y.n_left <= CALLS); /* those that never ran did not find out */
    coax_client_close(client);
    close_yard(&y);
}

static void on_passed(void *self, const crowd_crowd_pass_result *result)
{
    caller *c = self;
    c->n_ended++;
    c->n_cancelled += result->err == COAX_ERR_CANCELLED;
}

static void open_caller(caller *c, const yard *y)
{
    memset(c, 0, sizeof *c);
    c->loop = coax_loop_create(NULL);
    assert_int_equal(coax_client_create(c->loop, y->hall.url, NULL, &c->client, NULL), COAX_OK);
}

static void cancelled_calls_turn_stale_and_the_next_is_served(void **state)
{
    (void)state;
    yard y;
    caller c;
    coax_call calls[CALLS];
    open_yard(&y, NULL);
    open_caller(&c, &y);
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    for (uint32_t i = 0; i < CALLS; i++) {
        const crowd_crowd_pass_request request = { .ticket = i };
        options.ret_call = &calls[i];
        assert_int_equal(crowd_crowd_pass(c.client, &request, &options, on_passed, &c), COAX_OK);
    }
    while (coax_client_get_state(c.client) != COAX_CLIENT_OPEN)
        (void)coax_loop_process(c.loop);
    while (count_now(&y) < WORKERS) /* nobody else runs the caller's loop */
        (void)coax_loop_process(c.loop);
    for (uint32_t i = 0; i < CALLS; i++)
        assert_int_equal(coax_call_cancel(calls[i]), COAX_OK);
    while (c.n_ended < CALLS)
        (void)coax_loop_process(c.loop);
    assert_int_equal(c.n_cancelled, CALLS);
    wait_inside(&y, 0);
    coax_client *other = hall_dial(&y.hall);
    assert_int_equal(behaved(other, REPLY, 1), COAX_OK);
    coax_client_close(other);
    coax_client_close(c.client);
    assert_int_equal(coax_loop_destroy(c.loop), COAX_OK);
    close_yard(&y);
    assert_in_range(y.n_left, WORKERS, CALLS); /* a worker that is left early takes one more */
}

static void close_server(void *self)
{
    coax_server_close(self);
}

static void closing_the_server_leaves_busy_workers_and_waits_for_them(void **state)
{
    (void)state;
    yard y;
    waiter waiters[CALLS];
    open_yard(&y, NULL);
    coax_client *client = hall_dial(&y.hall);
    start_waiters(waiters, CALLS, client, 0);
    wait_inside(&y, WORKERS);
    assert_int_equal(coax_loop_post(y.hall.loop, close_server, y.hall.server), COAX_OK);
    join_waiters(waiters, CALLS, COAX_ERR_UNAVAILABLE);
    assert_int_equal(uv_thread_join(&y.hall.thread), 0); /* not before the last has returned */
    y.hall.has_thread = false;
    assert_in_range(y.n_left, WORKERS, CALLS); /* a worker that is left early takes one more */
    coax_client_close(client);
    close_yard(&y);
}

static void a_blocking_handler_may_close_its_server(void **state)
{
    (void)state;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    for (options.loops = 1; options.loops <= 2; options.loops++) {
        yard y;
        open_yard(&y, &options);
        coax_client *client = hall_dial(&y.hall);
        const crowd_crowd_behave_request request = { .how = SHUT };
        crowd_crowd_behave_result result;
        /* unavailable; or, where the handler returned before its loop had closed, internal */
        assert_int_not_equal(crowd_crowd_behave_wait(client, &request, NULL, &result), COAX_OK);
        crowd_crowd_behave_result_free(&result);
        assert_int_equal(uv_thread_join(&y.hall.thread), 0); /* nothing is open any more */
        y.hall.has_thread = false;
        coax_client_close(client);
        close_yard(&y);
    }
}

static void destroying_the_loop_waits_for_busy_workers(void **state)
{
    (void)state;
    yard y;
    waiter waiters[CALLS];
    open_yard(&y, NULL);
    coax_client *client = hall_dial(&y.hall);
    start_waiters(waiters, CALLS, client, 0);
    wait_inside(&y, WORKERS);
    hall_close(&y.hall);
    assert_int_equal(y.n_inside, 0);
    join_waiters(waiters, CALLS, COAX_ERR_UNAVAILABLE);
    coax_client_close(client);
    uv_cond_destroy(&y.changed);
    uv_mutex_destroy(&y.mutex);
}

static void a_worker_may_wait_for_another_server_within_its_own_deadline(void **state)
{
    (void)state;
    yard y;
    yard next;
    open_yard(&next, NULL);
    open_yard(&y, NULL);
    y.further = hall_dial(&next.hall);
    coax_client *client = hall_dial(&y.hall);
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 15000;
    const crowd_crowd_further_request request = { .number = 40 };
    crowd_crowd_further_result result;
    assert_int_equal(crowd_crowd_further_wait(client, &request, &options, &result), COAX_OK);
    assert_int_equal(result.reply->sum, 41); /* the other one had more than ten seconds left */
    assert_true(result.reply->left_ms <= 15000);
    crowd_crowd_further_result_free(&result);
    options.timeout_ms = 9000; /* not even ten to begin with */
    assert_int_equal(crowd_crowd_further_wait(client, &request, &options, &result), COAX_OK);
    assert_int_equal(result.reply->sum, 40);
    crowd_crowd_further_result_free(&result);
    coax_client_close(client);
    coax_client_close(y.further);
    close_yard(&y);
    close_yard(&next);
}

static void one_way_messages_count_as_alive_until_a_worker_is_through(void **state)
{
    (void)state;
    yard y;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.limits.max_concurrent_calls = 6;
    open_yard(&y, &options);
    coax_client *client = hall_dial(&y.hall);
    for (uint32_t i = 0; i < 20; i++) {
        const crowd_crowd_heavy_request request = { .number = i };
        assert_int_equal(crowd_crowd_heavy(client, &request, NULL), COAX_OK);
    }
    wait_inside(&y, WORKERS);
    assert_int_equal(add(client), COAX_ERR_RESOURCE_EXHAUSTED);
    open_gate(&y);
    while (add(client) != COAX_OK)
        continue;
    wait_heavy(&y, 6);
    coax_client_close(client);
    close_yard(&y);
    assert_int_equal(y.n_heavy, 6);
}

static void ask_large(caller *c);

static void on_behaved(void *self, const crowd_crowd_behave_result *result)
{
    caller *c = self;
    if (result->err != COAX_OK || result->reply->payload.len != 60000)
        fail_msg("%s", result->status.message);
    c->n_ended++;
    if (c->n_ended + CALLS <= 800)
        ask_large(c);
}

static void ask_large(caller *c)
{
    const crowd_crowd_behave_request request = { .how = REPLY, .len = 60000 };
    assert_int_equal(crowd_crowd_behave(c->client, &request, NULL, on_behaved, c), COAX_OK);
}

/* Only one such reply fits in the queue, and several are made in one turn of the loop. */
static void answers_that_find_the_queue_full_wait_for_room(void **state)
{
    (void)state;
    yard y;
    caller c;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.limits.max_send_queue = 64 * 1024;
    open_yard(&y, &options);
    open_caller(&c, &y);
    for (uint32_t i = 0; i < CALLS; i++)
        ask_large(&c);
    while (c.n_ended < 800)
        (void)coax_loop_process(c.loop);
    coax_client_close(c.client);
    assert_int_equal(coax_loop_destroy(c.loop), COAX_OK);
    close_yard(&y);
}

static void on_asked(void *self, const crowd_crowd_ask_result *result)
{
    caller *c = self;
    c->got = result->err == COAX_OK ? result->reply->number : 0;
    c->n_ended++;
}

static void a_client_that_serves_has_workers_too(void **state)
{
    (void)state;
    yard y;
    caller c;
    static const crowd_errand_handlers errands = { .fetch = on_fetch };
    open_yard(&y, NULL);
    open_caller(&c, &y);
    c.thread = uv_thread_self();
    assert_int_equal(crowd_errand_serve_client(c.client, &errands, &c), COAX_OK);
    const crowd_crowd_ask_request request = { .number = 41 };
    assert_int_equal(crowd_crowd_ask(c.client, &request, NULL, on_asked, &c), COAX_OK);
    while (c.n_ended == 0)
        (void)coax_loop_process(c.loop);
    assert_int_equal(c.got, 42);
    coax_client_close(c.client);
    assert_int_equal(coax_loop_destroy(c.loop), COAX_OK);
    close_yard(&y);
}

static void a_simulated_world_refuses_blocking_handlers(void **state)
{
    (void)state;
    coax_server *server = NULL;
    yard y;
    cx_sim *sim = cx_sim_create(1);
    coax_loop *loop = cx_sim_loop_create(sim, NULL);
    assert_int_equal(coax_server_create(loop, NULL, &server, NULL), COAX_OK);
    assert_int_equal(crowd_crowd_serve(server, &handlers, &y), COAX_ERR_NOT_SUPPORTED);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    cx_sim_destroy(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handlers_run_beside_the_loop_as_many_as_there_are_workers),
        cmocka_unit_test(a_worker_may_answer_in_every_way),
        cmocka_unit_test(wrong_answers_of_workers_end_the_call_with_words),
        cmocka_unit_test(a_deadline_leaves_the_handler_and_frees_its_place),
        cmocka_unit_test(cancelled_calls_turn_stale_and_the_next_is_served),
        cmocka_unit_test(closing_the_server_leaves_busy_workers_and_waits_for_them),
        cmocka_unit_test(a_blocking_handler_may_close_its_server),
        cmocka_unit_test(destroying_the_loop_waits_for_busy_workers),
        cmocka_unit_test(a_worker_may_wait_for_another_server_within_its_own_deadline),
        cmocka_unit_test(one_way_messages_count_as_alive_until_a_worker_is_through),
        cmocka_unit_test(answers_that_find_the_queue_full_wait_for_room),
        cmocka_unit_test(a_client_that_serves_has_workers_too),
        cmocka_unit_test(a_simulated_world_refuses_blocking_handlers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
