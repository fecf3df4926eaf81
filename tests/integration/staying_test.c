/*
 * Clients that outlive their server: it is killed, started again at the same address, and found again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe.h"
#include "process.h"

typedef struct witness {
    coax_client_state state;
    uint32_t n_opened;
    uint32_t n_lost;
    uint32_t n_ok;
    uint32_t n_unavailable;
    uint32_t n_ended;
} witness;

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    witness *w = self;
    (void)client;
    (void)reason;
    w->state = state;
}

static void on_connect(void *self, coax_peer peer)
{
    (void)peer;
    ((witness *)self)->n_opened++;
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    (void)peer;
    (void)reason;
    ((witness *)self)->n_lost++;
}

static void on_added(void *self, const probe_probe_add_result *result)
{
    witness *w = self;
    w->n_ended++;
    w->n_ok += result->err == COAX_OK ? 1 : 0;
    w->n_unavailable += result->err == COAX_ERR_UNAVAILABLE ? 1 : 0;
}

static void on_held(void *self, const probe_probe_hold_result *result)
{
    witness *w = self;
    w->n_ended++;
    w->n_unavailable += result->err == COAX_ERR_UNAVAILABLE ? 1 : 0;
}

static coax_client_options staying(witness *w)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = w;
    options.reconnects = true;
    options.backoff_min_ms = 10;
    options.backoff_max_ms = 100;
    options.on_state = on_state;
    options.on_connect = on_connect;
    options.on_disconnect = on_disconnect;
    return options;
}

static process start_server(const char *url, char *ret_url, size_t size)
{
    process server = process_start(process_serve, url);
    process_hear(&server, ret_url, size);
    return server;
}

static void run_until(coax_loop *loop, const uint32_t *counter, uint32_t wanted)
{
    while (*counter < wanted)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
}

static void a_client_comes_back(const char *listen_url)
{
    char url[300];
    witness w = { 0 };
    coax_client *client = NULL;
    coax_client_options options = staying(&w);
    coax_call_options waits = COAX_CALL_OPTIONS_INIT;
    waits.waits_for_ready = true;
    probe_probe_add_request add = { .a = 1, .b = 2 };
    probe_probe_hold_request hold = { .ticket = 1 };
    process server = start_server(listen_url, url, sizeof url);
    coax_loop *loop = coax_loop_create(NULL);
    assert_int_equal(coax_client_create(loop, url, &options, &client, NULL), COAX_OK);
    for (uint32_t round = 1; round <= 3; round++) {
        run_until(loop, &w.n_opened, round);
        w.n_ended = 0;
        w.n_unavailable = 0;
        for (int i = 0; i < 10; i++)
            assert_int_equal(probe_probe_hold(client, &hold, NULL, on_held, &w), COAX_OK);
        assert_int_equal(probe_probe_add(client, &add, NULL, on_added, &w), COAX_OK);
        run_until(loop, &w.n_ok, 1);
        process_kill(&server);
        run_until(loop, &w.n_lost, round);
        assert_int_equal(w.n_unavailable, 10);
        assert_int_equal(probe_probe_add(client, &add, NULL, on_added, &w), COAX_ERR_UNAVAILABLE);
        for (int i = 0; i < 5; i++)
            assert_int_equal(probe_probe_add(client, &add, &waits, on_added, &w), COAX_OK);
        server = start_server(url, url, sizeof url);
        run_until(loop, &w.n_ok, 6);
        assert_int_equal(w.state, COAX_CLIENT_OPEN);
        w.n_ok = 0;
    }
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    process_kill(&server);
}

static void a_client_comes_back_over_tcp(void **state)
{
    (void)state;
    a_client_comes_back("tcp://127.0.0.1:0");
}

static void a_client_comes_back_over_a_unix_socket(void **state)
{
    (void)state;
    char url[64];
    (void)snprintf(url, sizeof url, "unix://@coax-staying-%ld", (long)getpid());
    a_client_comes_back(url);
}

static coax_err add_wait(coax_client *client, bool waits, uint32_t timeout_ms)
{
    probe_probe_add_request add = { .a = 1, .b = 2 };
    probe_probe_add_result result;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.waits_for_ready = waits;
    options.timeout_ms = timeout_ms;
    coax_err rc = probe_probe_add_wait(client, &add, &options, &result);
    assert_true(rc == COAX_OK || result.status.message[0] != '\0');
    probe_probe_add_result_free(&result);
    return rc;
}

static void a_blocking_client_comes_back_when_a_call_waits_for_it(void **state)
{
    (void)state;
    char url[300];
    witness w = { 0 };
    coax_client *client = NULL;
    coax_client_options options = staying(&w);
    process server = start_server("tcp://127.0.0.1:0", url, sizeof url);
    assert_int_equal(coax_dial(url, &options, &client, NULL), COAX_OK);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(add_wait(client, false, 0), COAX_OK);
        process_kill(&server);
        /* Nobody ran the loop meanwhile: the call finds out before it leaves. */
        assert_int_equal(add_wait(client, false, 0), COAX_ERR_UNAVAILABLE);
        assert_int_equal(add_wait(client, true, 50), COAX_ERR_DEADLINE_EXCEEDED);
        server = start_server(url, url, sizeof url);
        assert_int_equal(add_wait(client, true, 60000), COAX_OK);
    }
    coax_client_close(client);
    process_kill(&server);
}

static void a_blocking_client_that_finds_nobody_says_so_at_once(void **state)
{
    (void)state;
    char url[300];
    witness w = { 0 };
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = staying(&w);
    process server = start_server("tcp://127.0.0.1:0", url, sizeof url);
    process_kill(&server);
    assert_int_equal(coax_dial(url, &options, &client, &error), COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(error.text, url));
}

static void a_client_that_waits_keeps_its_loop_running_and_a_closed_one_does_not(void **state)
{
    (void)state;
    char url[300];
    witness w = { 0 };
    coax_client *client = NULL;
    coax_client_options options = staying(&w);
    options.max_attempts = 4;
    process server = start_server("tcp://127.0.0.1:0", url, sizeof url);
    process_kill(&server);
    coax_loop *loop = coax_loop_create(NULL);
    assert_int_equal(coax_client_create(loop, url, &options, &client, NULL), COAX_OK);
    assert_int_equal(coax_loop_run(loop),
                     COAX_OK); /* four attempts, three waits, and then it is over */
    assert_int_equal(w.state, COAX_CLIENT_CLOSED);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_comes_back_over_tcp),
        cmocka_unit_test(a_client_comes_back_over_a_unix_socket),
        cmocka_unit_test(a_blocking_client_comes_back_when_a_call_waits_for_it),
        cmocka_unit_test(a_blocking_client_that_finds_nobody_says_so_at_once),
        cmocka_unit_test(a_client_that_waits_keeps_its_loop_running_and_a_closed_one_does_not),
    };
    return cmocka_run_group_tests_name("staying", tests, NULL, NULL);
}
