/*
 * Real signals, sent to a server in a process of its own; and what asking for them does to a process.
 */
#include <signal.h>
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
    uint32_t n_lost;
    uint32_t n_ok;
    coax_call kept; /* the server's call of this client */
} witness;

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    (void)client;
    (void)reason;
    ((witness *)self)->state = state;
}

static void on_held(void *self, const probe_probe_hold_result *result)
{
    witness *w = self;
    w->n_lost += result->err == COAX_ERR_UNAVAILABLE ? 1 : 0;
}

static void on_asked(void *self, const probe_probe_ask_back_result *result)
{
    witness *w = self;
    w->n_ok += result->err == COAX_OK ? 1 : 0;
}

static void on_added(void *self, const probe_probe_add_result *result)
{
    witness *w = self;
    w->n_ok += result->err == COAX_OK ? 1 : 0;
}

static void expect(process *server, const char *expected)
{
    char line[300];
    process_hear(server, line, sizeof line);
    assert_string_equal(line, expected);
}

static void on_twice(void *self, coax_call call, const probe_helper_twice_request *request)
{
    (void)request;
    ((witness *)self)->kept = call;
}

/* A server that drains on signals, and a connected client of it. */
static process start(coax_loop **ret_loop, coax_client **ret_client, witness *w)
{
    char url[300];
    process server = process_start(process_serve_draining, "tcp://127.0.0.1:0");
    process_hear(&server, url, sizeof url);
    expect(&server, "server listening");
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = w;
    options.on_state = on_state;
    static const probe_helper_handlers handlers = { .twice = on_twice };
    probe_probe_add_request add = { .a = 1, .b = 2 };
    *ret_loop = coax_loop_create(NULL);
    assert_int_equal(coax_client_create(*ret_loop, url, &options, ret_client, NULL), COAX_OK);
    assert_int_equal(probe_helper_serve_client(*ret_client, &handlers, w), COAX_OK);
    assert_int_equal(probe_probe_add(*ret_client, &add, NULL, on_added, w), COAX_OK);
    while (w->n_ok == 0)
        assert_int_equal(coax_loop_process(*ret_loop), COAX_OK);
    return server;
}

static void run_until_state(coax_loop *loop, const witness *w, coax_client_state state)
{
    while (w->state != state)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
}

static void sigterm_lets_calls_finish_and_run_returns(void **state)
{
    (void)state;
    witness w = { 0 };
    coax_loop *loop = NULL;
    coax_client *client = NULL;
    process server = start(&loop, &client, &w);
    probe_probe_ask_back_request ask = { .number = 4, .times = 1 };
    assert_int_equal(probe_probe_ask_back(client, &ask, NULL, on_asked, &w), COAX_OK);
    while (!coax_call_is_live(w.kept))
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    process_signal(&server, SIGTERM);
    expect(&server, "server draining");
    run_until_state(loop, &w, COAX_CLIENT_DRAINING);
    process_signal(&server, SIGTERM); /* again changes nothing */
    probe_helper_twice_response reply = { .number = 8 };
    assert_int_equal(probe_helper_twice_reply(w.kept, &reply), COAX_OK);
    while (w.n_ok < 2)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    run_until_state(loop, &w, COAX_CLIENT_CLOSED);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    expect(&server, "server stopped");
    expect(&server, "returned");
    process_finish(&server);
}

static void a_second_sigint_stops_at_once(void **state)
{
    (void)state;
    witness w = { 0 };
    coax_loop *loop = NULL;
    coax_client *client = NULL;
    process server = start(&loop, &client, &w);
    probe_probe_hold_request hold = { .ticket = 1 };
    probe_probe_add_request add = { .a = 1, .b = 2 };
    assert_int_equal(probe_probe_hold(client, &hold, NULL, on_held, &w), COAX_OK);
    assert_int_equal(probe_probe_add(client, &add, NULL, on_added, &w), COAX_OK);
    while (w.n_ok < 2)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    process_signal(&server, SIGINT);
    expect(&server, "server draining");
    run_until_state(loop, &w, COAX_CLIENT_DRAINING);
    process_signal(&server, SIGINT);
    expect(&server, "returned");
    expect(&server, "server stopped"); /* while the loop is destroyed */
    run_until_state(loop, &w, COAX_CLIENT_CLOSED);
    assert_int_equal(w.n_lost, 1);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    process_finish(&server);
}

static void an_idle_server_stops_with_the_first_signal(void **state)
{
    (void)state;
    const int numbers[] = { SIGTERM, SIGINT };
    for (int i = 0; i < 2; i++) {
        char url[300];
        process server = process_start(process_serve_draining, "tcp://127.0.0.1:0");
        process_hear(&server, url, sizeof url);
        expect(&server, "server listening");
        process_signal(&server, numbers[i]);
        expect(&server, "server draining");
        expect(&server, "server stopped");
        expect(&server, "returned");
        process_finish(&server);
    }
}

static void wait_for_signals(int say, const char *url)
{
    coax_client *client = NULL;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.reconnects = true;
    coax_loop *loop = coax_loop_create(NULL);
    if (coax_loop_drain_on_signals(loop, 0) != COAX_OK ||
        coax_client_create(loop, url, &options, &client, NULL) != COAX_OK)
        return;
    process_say(say, "running");
    process_say(say, coax_loop_run(loop) == COAX_OK ? "returned" : "failed");
    if (coax_loop_destroy(loop) != COAX_OK)
        _exit(1);
}

static void without_a_server_a_signal_stops_the_loop(void **state)
{
    (void)state;
    process child = process_start(wait_for_signals, "unix://@coax-nobody-listens-here");
    expect(&child, "running");
    process_signal(&child, SIGTERM);
    expect(&child, "returned");
    process_finish(&child);
}

static void own_handler(int number)
{
    (void)number;
}

static void asking_keeps_no_loop_running_and_is_given_back(void **state)
{
    (void)state;
    struct sigaction mine;
    struct sigaction now;
    memset(&mine, 0, sizeof mine);
    mine.sa_handler = own_handler;
    assert_int_equal(sigaction(SIGTERM, &mine, NULL), 0);
    coax_loop *first = coax_loop_create(NULL);
    coax_loop *second = coax_loop_create(NULL);
    assert_int_equal(coax_loop_drain_on_signals(first, 0), COAX_OK);
    assert_int_equal(coax_loop_drain_on_signals(first, 0), COAX_ERR_IN_USE);
    assert_int_equal(coax_loop_drain_on_signals(second, 0), COAX_OK);
    assert_int_equal(coax_loop_drain_on_signals(NULL, 0), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_run(first), COAX_OK); /* nothing is open */
    assert_int_equal(coax_loop_destroy(second), COAX_OK);
    assert_int_equal(sigaction(SIGTERM, NULL, &now), 0);
    assert_true(now.sa_handler != own_handler &&
                now.sa_handler != SIG_DFL); /* still the first one's */
    assert_int_equal(coax_loop_destroy(first), COAX_OK);
    assert_int_equal(sigaction(SIGTERM, NULL, &now), 0);
    assert_true(now.sa_handler == own_handler);
    assert_int_equal(sigaction(SIGINT, NULL, &now), 0);
    assert_true(now.sa_handler == SIG_DFL);
    mine.sa_handler = SIG_DFL;
    assert_int_equal(sigaction(SIGTERM, &mine, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sigterm_lets_calls_finish_and_run_returns),
        cmocka_unit_test(a_second_sigint_stops_at_once),
        cmocka_unit_test(an_idle_server_stops_with_the_first_signal),
        cmocka_unit_test(without_a_server_a_signal_stops_the_loop),
        cmocka_unit_test(asking_keeps_no_loop_running_and_is_given_back),
    };
    return cmocka_run_group_tests_name("signals", tests, NULL, NULL);
}
