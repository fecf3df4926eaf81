/*
 * Threads: several sharing one dialled client, posting, stopping, and waiting on a loop that nobody
 * runs.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "probe.h"

/* A server on a loop that a thread of its own runs. */
typedef struct house {
    coax_loop *loop;
    coax_server *server;
    probe probe;
    uv_thread_t thread;
    char url[300];
} house;

static void run_loop(void *self)
{
    (void)coax_loop_run(self);
}

static void open_house(house *h)
{
    coax_error error = COAX_ERROR_INIT;
    memset(h, 0, sizeof *h);
    h->loop = coax_loop_create(NULL);
    coax_err rc = coax_server_create(h->loop, NULL, &h->server, &error);
    if (rc == COAX_OK)
        rc = probe_serve(h->server, &h->probe);
    if (rc == COAX_OK)
        rc = coax_server_listen(h->server, "tcp://127.0.0.1:0", &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    (void)coax_server_address(h->server, 0, h->url, sizeof h->url);
    assert_int_equal(uv_thread_create(&h->thread, run_loop, h->loop), 0);
}

static void close_house(house *h)
{
    coax_loop_stop(h->loop);
    assert_int_equal(uv_thread_join(&h->thread), 0);
    assert_int_equal(coax_loop_destroy(h->loop), COAX_OK);
}

enum { THREADS = 4, CALLS = 300 };

/* One of the threads that share a client. What it finds is told by counting: cmocka belongs to the
 * main thread. */
typedef struct sharer {
    coax_client *client;
    uint32_t number;
    uint32_t n_right;
    coax_err last;
    uv_thread_t thread;
} sharer;

static void share(void *self)
{
    sharer *s = self;
    for (uint32_t i = 0; i < CALLS; i++) {
        probe_probe_add_request request = { .a = s->number * 1000000, .b = i * 20 };
        probe_probe_add_result result;
        s->last = probe_probe_add_wait(s->client, &request, NULL, &result);
        if (s->last == COAX_OK && result.reply->sum == request.a + request.b)
            s->n_right++;
        probe_probe_add_result_free(&result);
        probe_probe_note_request note = { .number = i };
        if (i % 10 == 0 && probe_probe_note(s->client, &note, NULL) != COAX_OK)
            s->n_right = 0;
    }
}

static void threads_share_one_dialled_client(void **state)
{
    (void)state;
    house h;
    coax_client *client = NULL;
    sharer sharers[THREADS];
    open_house(&h);
    assert_int_equal(coax_dial(h.url, NULL, &client, NULL), COAX_OK);
    for (uint32_t i = 0; i < THREADS; i++) {
        sharers[i] = (sharer){ .client = client, .number = i + 1 };
        assert_int_equal(uv_thread_create(&sharers[i].thread, share, &sharers[i]), 0);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        assert_int_equal(uv_thread_join(&sharers[i].thread), 0);
        assert_int_equal(sharers[i].n_right, CALLS);
    }
    coax_client_close(client);
    close_house(&h);
    assert_int_equal(h.probe.n_notes, THREADS * CALLS / 10);
}

static void share_until_closed(void *self)
{
    sharer *s = self;
    probe_probe_hold_request request = { .ticket = s->number };
    probe_probe_hold_result result;
    s->last = probe_probe_hold_wait(s->client, &request, NULL, &result);
    probe_probe_hold_result_free(&result);
}

static void held_by(void *self)
{
    house *h = self;
    if (h->probe.n_held < THREADS) { /* not all of them yet: look again in the next turn */
        assert_int_equal(coax_loop_post(h->loop, held_by, h), COAX_OK);
        return;
    }
    coax_server_close(h->server);
}

static void every_waiting_thread_hears_when_the_connection_ends(void **state)
{
    (void)state;
    house h;
    coax_client *client = NULL;
    sharer sharers[THREADS];
    open_house(&h);
    assert_int_equal(coax_dial(h.url, NULL, &client, NULL), COAX_OK);
    for (uint32_t i = 0; i < THREADS; i++) {
        sharers[i] = (sharer){ .client = client, .number = i };
        assert_int_equal(uv_thread_create(&sharers[i].thread, share_until_closed, &sharers[i]), 0);
    }
    assert_int_equal(coax_loop_post(h.loop, held_by, &h), COAX_OK);
    for (uint32_t i = 0; i < THREADS; i++) {
        assert_int_equal(uv_thread_join(&sharers[i].thread), 0);
        assert_int_equal(sharers[i].last, COAX_ERR_UNAVAILABLE);
    }
    coax_client_close(client);
    close_house(&h);
}

/* Posts that come in order, from several threads at once. */
typedef struct posted {
    coax_loop *loop;
    uint32_t n_run;
    uint32_t last[THREADS];
    bool in_order;
} posted;

typedef struct post {
    posted *all;
    uint32_t thread;
    uint32_t number;
} post;

static void run_post(void *self)
{
    post *p = self;
    if (p->all->last[p->thread] + 1 != p->number)
        p->all->in_order = false;
    p->all->last[p->thread] = p->number;
    if (++p->all->n_run == THREADS * CALLS)
        coax_loop_stop(p->all->loop);
}

static post posts[THREADS][CALLS];

static void post_many(void *self)
{
    post *mine = self;
    for (uint32_t i = 0; i < CALLS; i++)
        if (coax_loop_post(mine->all->loop, run_post, &mine[i]) != COAX_OK)
            mine->all->in_order = false;
}

static void posts_of_each_thread_run_in_their_order(void **state)
{
    (void)state;
    posted all = { coax_loop_create(NULL), 0, { 0 }, true };
    uv_thread_t threads[THREADS];
    coax_server *server = NULL; /* keeps the loop running meanwhile */
    assert_int_equal(coax_server_create(all.loop, NULL, &server, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(server, "inproc://keeps-it-running", NULL), COAX_OK);
    for (uint32_t t = 0; t < THREADS; t++) {
        for (uint32_t i = 0; i < CALLS; i++)
            posts[t][i] = (post){ &all, t, i + 1 };
        assert_int_equal(uv_thread_create(&threads[t], post_many, posts[t]), 0);
    }
    assert_int_equal(coax_loop_run(all.loop), COAX_OK);
    for (uint32_t t = 0; t < THREADS; t++)
        assert_int_equal(uv_thread_join(&threads[t]), 0);
    assert_int_equal(all.n_run, THREADS * CALLS);
    assert_true(all.in_order);
    assert_int_equal(coax_loop_destroy(all.loop), COAX_OK);
}

static void a_call_on_a_loop_that_nobody_runs_meets_its_timeout(void **state)
{
    (void)state;
    house h;
    coax_client *client = NULL;
    open_house(&h);
    coax_loop *idle = coax_loop_create(NULL);
    assert_int_equal(coax_client_create(idle, h.url, NULL, &client, NULL), COAX_OK);
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 20;
    probe_probe_add_request request = { .a = 1, .b = 1 };
    probe_probe_add_result result;
    assert_int_equal(probe_probe_add_wait(client, &request, &options, &result),
                     COAX_ERR_DEADLINE_EXCEEDED);
    assert_non_null(strstr(result.status.message, "nobody ran"));
    probe_probe_add_result_free(&result);
    assert_int_equal(coax_loop_destroy(idle), COAX_OK);
    close_house(&h);
}

static void running_a_loop_twice_is_refused(void **state)
{
    (void)state;
    house h;
    open_house(&h);
    coax_client *client = NULL;
    assert_int_equal(coax_dial(h.url, NULL, &client, NULL), COAX_OK); /* the thread runs by now */
    assert_int_equal(coax_loop_run(h.loop), COAX_ERR_WRONG_THREAD);
    assert_int_equal(coax_loop_process(h.loop), COAX_ERR_WRONG_THREAD);
    assert_int_equal(coax_loop_destroy(h.loop), COAX_ERR_WRONG_THREAD);
    coax_client_close(client);
    close_house(&h);
}

static void close_in_callback(void *self, coax_client *client, coax_client_state state,
                              const coax_error *reason)
{
    (void)reason;
    (*(uint32_t *)self)++;
    if (state == COAX_CLIENT_OPEN)
        coax_client_close(client);
}

static void a_dialled_client_may_be_closed_in_its_own_callback(void **state)
{
    (void)state;
    house h;
    uint32_t n_states = 0;
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = &n_states;
    options.on_state = close_in_callback;
    open_house(&h);
    assert_int_equal(coax_dial(h.url, &options, &client, &error), COAX_ERR_CANCELLED);
    assert_null(client);
    assert_int_equal(n_states, 2);
    close_house(&h);
}

/* Serves on a dialled client, and closes it when it is called. */
static void close_when_called(void *self, coax_call call, const probe_helper_twice_request *request)
{
    (void)call;
    (void)request;
    coax_client_close(self);
}

static void a_dialled_client_closed_in_a_handler_ends_the_waiting_call(void **state)
{
    (void)state;
    house h;
    coax_client *client = NULL;
    open_house(&h);
    assert_int_equal(coax_dial(h.url, NULL, &client, NULL), COAX_OK);
    probe_helper_handlers handlers = { .twice = close_when_called };
    assert_int_equal(probe_helper_serve_client(client, &handlers, client), COAX_OK);
    probe_probe_ask_back_request request = { .number = 1, .times = 1 };
    probe_probe_ask_back_result result;
    assert_int_equal(probe_probe_ask_back_wait(client, &request, NULL, &result),
                     COAX_ERR_CANCELLED);
    probe_probe_ask_back_result_free(&result);
    close_house(&h); /* the private loop went with the call: nothing leaks */
}

static void a_dialled_client_may_be_run_to_serve(void **state)
{
    (void)state;
    house h;
    coax_client *client = NULL;
    open_house(&h);
    assert_int_equal(coax_dial(h.url, NULL, &client, NULL), COAX_OK);
    coax_loop_stop(coax_client_loop(client)); /* so that it returns at once */
    assert_int_equal(coax_loop_run(coax_client_loop(client)), COAX_OK);
    probe_probe_add_request request = { .a = 1, .b = 1 };
    probe_probe_add_result result;
    assert_int_equal(probe_probe_add_wait(client, &request, NULL, &result), COAX_OK);
    probe_probe_add_result_free(&result);
    coax_client_close(client);
    close_house(&h);
}

static void dialling_where_nobody_answers_says_so(void **state)
{
    (void)state;
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_dial("unix://@nobody-listens-here", NULL, &client, &error),
                     COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(error.text, "connecting to unix://@nobody-listens-here"));
    assert_int_equal(coax_dial("inproc://x", NULL, &client, &error), COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(error.text, "belong to one loop"));
    assert_int_equal(coax_dial("tcp://x", NULL, &client, &error), COAX_ERR_BAD_ADDRESS);
    assert_null(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_one_dialled_client),
        cmocka_unit_test(every_waiting_thread_hears_when_the_connection_ends),
        cmocka_unit_test(posts_of_each_thread_run_in_their_order),
        cmocka_unit_test(a_call_on_a_loop_that_nobody_runs_meets_its_timeout),
        cmocka_unit_test(running_a_loop_twice_is_refused),
        cmocka_unit_test(a_dialled_client_may_be_closed_in_its_own_callback),
        cmocka_unit_test(a_dialled_client_closed_in_a_handler_ends_the_waiting_call),
        cmocka_unit_test(a_dialled_client_may_be_run_to_serve),
        cmocka_unit_test(dialling_where_nobody_answers_says_so),
    };
    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
