/*
 * Peers that die: real processes, killed with calls under way. This program does nothing about
 * SIGPIPE.
 */
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe.h"
#include "process.h"

typedef struct ends {
    uint32_t n;
    uint32_t n_unavailable;
    uint32_t n_ok;
    bool is_closed;
} ends;

static void on_held(void *self, const probe_probe_hold_result *result)
{
    ends *e = self;
    e->n++;
    e->n_unavailable += result->err == COAX_ERR_UNAVAILABLE ? 1 : 0;
}

static void on_echoed(void *self, const probe_probe_echo_result *result)
{
    ends *e = self;
    e->n++;
    e->n_unavailable += result->err == COAX_ERR_UNAVAILABLE ? 1 : 0;
}

static void on_added(void *self, const probe_probe_add_result *result)
{
    ends *e = self;
    e->n_ok += result->err == COAX_OK ? 1 : 0;
}

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    (void)client;
    (void)reason;
    ((ends *)self)->is_closed = state == COAX_CLIENT_CLOSED;
}

static void assert_sigpipe_is_as_it_was(void)
{
    struct sigaction action;
    assert_int_equal(sigaction(SIGPIPE, NULL, &action), 0);
    assert_true(action.sa_handler == SIG_DFL);
}

static coax_client *connect_to(coax_loop *loop, const char *url, ends *e)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = e;
    options.on_state = on_state;
    if (coax_client_create(loop, url, &options, &client, &error) != COAX_OK)
        fail_msg("%s", error.text);
    return client;
}

static void calls_fail_when_the_server_is_killed(const char *listen_url)
{
    char url[300];
    ends e = { 0 };
    process server = process_start(process_serve, listen_url);
    process_hear(&server, url, sizeof url);
    coax_loop *loop = coax_loop_create(NULL);
    coax_client *client = connect_to(loop, url, &e);
    probe_probe_hold_request hold = { .ticket = 1 };
    probe_probe_add_request add = { .a = 1, .b = 1 };
    for (int i = 0; i < 100; i++)
        assert_int_equal(probe_probe_hold(client, &hold, NULL, on_held, &e), COAX_OK);
    assert_int_equal(probe_probe_add(client, &add, NULL, on_added, &e), COAX_OK);
    while (e.n_ok == 0)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    process_kill(&server);
    /* More calls, large ones, into the dead connection: some of their bytes meet a closed socket.
     */
    static uint8_t data[300000];
    probe_probe_echo_request echo = { .payload = { data, sizeof data } };
    uint32_t n_started = 100;
    for (int i = 0; i < 20; i++)
        n_started += probe_probe_echo(client, &echo, NULL, on_echoed, &e) == COAX_OK ? 1 : 0;
    while (!e.is_closed)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    assert_int_equal(e.n, n_started);
    assert_int_equal(e.n_unavailable, n_started);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    assert_int_equal(e.n, n_started);
    assert_sigpipe_is_as_it_was();
}

static void calls_over_tcp_fail_once_each_when_the_server_is_killed(void **state)
{
    (void)state;
    calls_fail_when_the_server_is_killed("tcp://127.0.0.1:0");
}

static void calls_over_a_unix_socket_fail_once_each_when_the_server_is_killed(void **state)
{
    (void)state;
    char url[64];
    (void)snprintf(url, sizeof url, "unix://@coax-killed-%ld", (long)getpid());
    calls_fail_when_the_server_is_killed(url);
}

static void a_waiting_call_fails_when_the_server_is_killed(void **state)
{
    (void)state;
    char url[300];
    coax_client *client = NULL;
    process server = process_start(process_serve, "tcp://127.0.0.1:0");
    process_hear(&server, url, sizeof url);
    assert_int_equal(coax_dial(url, NULL, &client, NULL), COAX_OK);
    process_kill(&server);
    probe_probe_add_request add = { .a = 1, .b = 1 };
    for (int i = 0; i < 3; i++) {
        probe_probe_add_result result;
        assert_int_equal(probe_probe_add_wait(client, &add, NULL, &result), COAX_ERR_UNAVAILABLE);
        assert_true(result.status.message[0] != '\0');
        probe_probe_add_result_free(&result);
    }
    coax_client_close(client);
    assert_sigpipe_is_as_it_was();
}

static void a_server_outlives_killed_clients(void **state)
{
    (void)state;
    char url[300];
    char line[300];
    process server = process_start(process_serve, "tcp://127.0.0.1:0");
    process_hear(&server, url, sizeof url);
    for (int i = 0; i < 3; i++) {
        process client = process_start(process_hold, url);
        process_hear(&client, line, sizeof line);
        assert_string_equal(line, "held");
        process_kill(&client);
        process_hear(&server, line, sizeof line);
        assert_string_equal(line, "disconnect");
    }
    coax_client *client = NULL;
    assert_int_equal(coax_dial(url, NULL, &client, NULL), COAX_OK);
    probe_probe_release_request release = { 0 };
    probe_probe_release_result released;
    assert_int_equal(probe_probe_release_wait(client, &release, NULL, &released), COAX_OK);
    assert_int_equal(released.reply->count, 9); /* answering them finds stale handles, no more */
    probe_probe_release_result_free(&released);
    coax_client_close(client);
    process_kill(&server);
}

static void a_killed_servers_socket_file_is_replaced(void **state)
{
    (void)state;
    char folder[] = "/tmp/coax-killed-XXXXXX";
    char url[100];
    char line[300];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(url, sizeof url, "unix://%s/socket", folder);
    process first = process_start(process_serve, url);
    process_hear(&first, line, sizeof line);
    process_kill(&first);
    process second = process_start(process_serve, url);
    process_hear(&second, line, sizeof line);
    assert_string_equal(line, url);
    coax_client *client = NULL;
    assert_int_equal(coax_dial(url, NULL, &client, NULL), COAX_OK);
    coax_client_close(client);
    process_kill(&second);
    assert_int_equal(unlink(url + 7), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_over_tcp_fail_once_each_when_the_server_is_killed),
        cmocka_unit_test(calls_over_a_unix_socket_fail_once_each_when_the_server_is_killed),
        cmocka_unit_test(a_waiting_call_fails_when_the_server_is_killed),
        cmocka_unit_test(a_server_outlives_killed_clients),
        cmocka_unit_test(a_killed_servers_socket_file_is_replaced),
    };
    (void)signal(SIGPIPE, SIG_DFL);
    return cmocka_run_group_tests_name("killed", tests, NULL, NULL);
}
