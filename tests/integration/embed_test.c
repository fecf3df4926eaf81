/*
 * The three ways to embed: our loop, the user's uv_loop_t, and a foreign loop that polls a
 * descriptor.
 */
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "probe.h"

typedef struct party {
    coax_loop *loop;
    coax_server *server;
    coax_client *client;
    probe probe;
    uint32_t n_done;
    coax_err last;
    char url[300];
} party;

static void on_added(void *self, const probe_probe_add_result *result)
{
    party *p = self;
    p->n_done++;
    p->last = result->err;
}

static void on_held(void *self, const probe_probe_hold_result *result)
{
    party *p = self;
    p->n_done++;
    p->last = result->err;
}

static void serve(party *p)
{
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = coax_server_create(p->loop, NULL, &p->server, &error);
    if (rc == COAX_OK)
        rc = probe_serve(p->server, &p->probe);
    if (rc == COAX_OK)
        rc = coax_server_listen(p->server, "tcp://127.0.0.1:0", &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    (void)coax_server_address(p->server, 0, p->url, sizeof p->url);
}

static void call(party *p)
{
    probe_probe_add_request request = { .a = 1, .b = 2 };
    assert_int_equal(probe_probe_add(p->client, &request, NULL, on_added, p), COAX_OK);
}

static void stop_when_added(void *self, const probe_probe_add_result *result)
{
    on_added(self, result);
    coax_loop_stop(((party *)self)->loop);
}

static void our_loop_runs_until_it_is_stopped_and_again(void **state)
{
    (void)state;
    party p = { .loop = coax_loop_create(NULL) };
    probe_probe_add_request request = { .a = 1, .b = 2 };
    serve(&p);
    assert_int_equal(coax_client_create(p.loop, p.url, NULL, &p.client, NULL), COAX_OK);
    for (uint32_t i = 1; i <= 3; i++) {
        assert_int_equal(probe_probe_add(p.client, &request, NULL, stop_when_added, &p), COAX_OK);
        assert_int_equal(coax_loop_run(p.loop), COAX_OK);
        assert_int_equal(p.n_done, i);
    }
    assert_int_equal(coax_loop_destroy(p.loop), COAX_OK);
}

static void our_loop_ends_by_itself_when_nothing_is_open(void **state)
{
    (void)state;
    party p = { .loop = coax_loop_create(NULL) };
    assert_int_equal(coax_loop_run(p.loop), COAX_OK);
    serve(&p);
    coax_server_close(p.server);
    assert_int_equal(coax_loop_run(p.loop), COAX_OK);
    assert_int_equal(coax_loop_destroy(p.loop), COAX_OK);
}

static void count_post(void *self)
{
    (*(uint32_t *)self)++;
}

static void posts_run_although_nothing_is_open(void **state)
{
    (void)state;
    uint32_t n = 0;
    coax_loop *loop = coax_loop_create(NULL);
    assert_int_equal(coax_loop_post(loop, count_post, &n), COAX_OK);
    assert_int_equal(coax_loop_post(loop, count_post, &n), COAX_OK);
    assert_int_equal(n, 0);
    assert_int_equal(coax_loop_run(loop), COAX_OK);
    assert_int_equal(n, 2);
    assert_int_equal(coax_loop_post(loop, count_post, &n), COAX_OK);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK); /* what was taken runs */
    assert_int_equal(n, 3);
}

static void a_foreign_loop_needs_a_descriptor_and_a_timeout_only(void **state)
{
    (void)state;
    party there = { .loop = coax_loop_create(NULL) };
    party here = { .loop = coax_loop_create(NULL) };
    serve(&there);
    assert_int_equal(coax_client_create(here.loop, there.url, NULL, &here.client, NULL), COAX_OK);
    for (uint32_t wanted = 1; wanted <= 20; wanted++) {
        call(&here);
        while (here.n_done < wanted) {
            int t_here = coax_loop_timeout_ms(here.loop);
            int t_there = coax_loop_timeout_ms(there.loop);
            int timeout = t_here < 0 || (t_there >= 0 && t_there < t_here) ? t_there : t_here;
            struct pollfd fds[2] = { { coax_loop_fd(here.loop), POLLIN, 0 },
                                     { coax_loop_fd(there.loop), POLLIN, 0 } };
            /* Nothing else wakes us: a turn forgotten here would hang the test. */
            assert_true(poll(fds, 2, timeout) >= 0);
            if (fds[0].revents != 0 || t_here == 0)
                assert_int_equal(coax_loop_process(here.loop), COAX_OK);
            if (fds[1].revents != 0 || t_there == 0)
                assert_int_equal(coax_loop_process(there.loop), COAX_OK);
        }
        assert_int_equal(here.last, COAX_OK);
    }
    assert_int_equal(coax_loop_destroy(here.loop), COAX_OK);
    assert_int_equal(coax_loop_destroy(there.loop), COAX_OK);
}

static void a_foreign_loop_wakes_for_a_deadline(void **state)
{
    (void)state;
    party p = { .loop = coax_loop_create(NULL) };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    probe_probe_hold_request request = { .ticket = 1 };
    options.timeout_ms = 30;
    serve(&p);
    assert_int_equal(coax_client_create(p.loop, p.url, NULL, &p.client, NULL), COAX_OK);
    assert_int_equal(probe_probe_hold(p.client, &request, &options, on_held, &p), COAX_OK);
    while (p.n_done == 0) {
        struct pollfd fd = { coax_loop_fd(p.loop), POLLIN, 0 };
        int timeout = coax_loop_timeout_ms(p.loop);
        assert_in_range(timeout, 0, 60000);
        assert_true(poll(&fd, 1, timeout) >= 0);
        assert_int_equal(coax_loop_process(p.loop), COAX_OK);
    }
    assert_int_equal(p.last, COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(coax_loop_destroy(p.loop), COAX_OK);
}

static void on_user_timer(uv_timer_t *timer)
{
    party *p = timer->data;
    call(p);
    if (p->n_done >= 5)
        uv_timer_stop(timer);
}

static void the_users_uv_loop_drives_ours_and_survives_it(void **state)
{
    (void)state;
    uv_loop_t uv;
    uv_timer_t timer;
    assert_int_equal(uv_loop_init(&uv), 0);
    party p = { .loop = coax_loop_from_uv(&uv, NULL) };
    assert_non_null(p.loop);
    assert_int_equal(coax_loop_run(p.loop), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_process(p.loop), COAX_ERR_MISUSE);
    assert_int_equal(uv_run(&uv, UV_RUN_DEFAULT), 0); /* ours keeps it from nothing */
    serve(&p);
    assert_int_equal(coax_client_create(p.loop, p.url, NULL, &p.client, NULL), COAX_OK);
    uv_timer_init(&uv, &timer);
    timer.data = &p;
    uv_timer_start(&timer, on_user_timer, 0, 1);
    while (p.n_done < 5)
        uv_run(&uv, UV_RUN_ONCE);
    assert_int_equal(p.last, COAX_OK);
    uv_timer_stop(&timer);
    probe_probe_add_request request = { .a = 1, .b = 2 };
    probe_probe_add_result result;
    assert_int_equal(probe_probe_add_wait(p.client, &request, NULL, &result), COAX_ERR_DEADLOCK);
    assert_int_equal(coax_loop_destroy(p.loop), COAX_OK);
    uv_close((uv_handle_t *)&timer, NULL);
    assert_int_equal(uv_run(&uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&uv), 0); /* nothing of ours is left in it */
}

static void count_bad_input(void *self, coax_log_level level, const char *event,
                            const coax_log_pair *pairs, size_t n_pairs)
{
    (void)level;
    if (strstr(event, "bad_input") != NULL && n_pairs == 2 &&
        strstr(pairs[1].value, "nobody serves the method") != NULL)
        ++*(uint32_t *)self;
}

/* Once by the layer that finds it, and by no other. */
static void a_bad_call_is_logged_once(void **state)
{
    (void)state;
    party p = { 0 };
    uint32_t n_logged = 0;
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    options.log = count_bad_input;
    options.log_self = &n_logged;
    p.loop = coax_loop_create(&options);
    assert_non_null(p.loop);
    assert_int_equal(coax_server_create(p.loop, NULL, &p.server, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(p.server, "inproc://empty", NULL), COAX_OK);
    assert_int_equal(coax_client_create(p.loop, "inproc://empty", NULL, &p.client, NULL), COAX_OK);
    probe_probe_add_request request = { .a = 1, .b = 2 };
    assert_int_equal(probe_probe_add(p.client, &request, NULL, stop_when_added, &p), COAX_OK);
    assert_int_equal(coax_loop_run(p.loop), COAX_OK);
    assert_int_equal(p.last, COAX_ERR_UNIMPLEMENTED);
    assert_int_equal(n_logged, 1);
    assert_int_equal(coax_loop_destroy(p.loop), COAX_OK);
}

static void what_was_never_made_is_refused_and_not_touched(void **state)
{
    (void)state;
    probe_probe_add_request request = { 0 };
    probe_probe_add_result result;
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = &error;
    assert_int_equal(coax_loop_run(NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_process(NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_post(NULL, NULL, NULL), COAX_ERR_MISUSE);
    coax_loop_stop(NULL);
    assert_int_equal(probe_probe_add(NULL, &request, &options, on_added, NULL), COAX_ERR_MISUSE);
    assert_string_equal(error.text, "a client and a request are needed");
    assert_int_equal(probe_probe_add_wait(NULL, &request, NULL, &result), COAX_ERR_MISUSE);
    assert_string_equal(result.status.message, "a client and a request are needed");
    probe_probe_add_result_free(&result);
    assert_int_equal(probe_probe_serve(NULL, NULL, NULL), COAX_ERR_MISUSE);
    assert_int_equal(probe_probe_serve_client(NULL, NULL, NULL), COAX_ERR_MISUSE);
}

static void a_loop_with_bad_options_is_not_made(void **state)
{
    (void)state;
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    options.size = 3;
    assert_null(coax_loop_create(&options));
    assert_null(coax_loop_from_uv(NULL, NULL));
    assert_int_equal(coax_loop_destroy(NULL), COAX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_loop_runs_until_it_is_stopped_and_again),
        cmocka_unit_test(our_loop_ends_by_itself_when_nothing_is_open),
        cmocka_unit_test(posts_run_although_nothing_is_open),
        cmocka_unit_test(a_foreign_loop_needs_a_descriptor_and_a_timeout_only),
        cmocka_unit_test(a_foreign_loop_wakes_for_a_deadline),
        cmocka_unit_test(the_users_uv_loop_drives_ours_and_survives_it),
        cmocka_unit_test(a_bad_call_is_logged_once),
        cmocka_unit_test(what_was_never_made_is_refused_and_not_touched),
        cmocka_unit_test(a_loop_with_bad_options_is_not_made),
    };
    return cmocka_run_group_tests_name("embed", tests, NULL, NULL);
}
