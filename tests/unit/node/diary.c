/*
 * The diary: callbacks that write, and the world around them.
 */
#include "diary.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void diary_write(diary *d, const char *format, ...)
{
    size_t len = strlen(d->text);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(d->text + len, sizeof d->text - len, format, args);
    va_end(args);
    len = strlen(d->text);
    assert_true(len + 2 < sizeof d->text);
    d->text[len] = ' ';
    d->text[len + 1] = '\0';
}

void diary_forget(diary *d)
{
    d->text[0] = '\0';
}

void diary_is(diary *d, const char *expected)
{
    size_t len = strlen(d->text);
    if (len > 0)
        d->text[len - 1] = '\0'; /* the space behind the last word */
    assert_string_equal(d->text, expected);
    diary_forget(d);
}

static void on_client_state(void *self, coax_client *client, coax_client_state state,
                            const coax_error *reason)
{
    diary *d = self;
    assert_int_equal(coax_client_get_state(client), state);
    diary_write(d, "%s", coax_client_state_name(state));
    if (d->n_times < sizeof d->times / sizeof d->times[0])
        d->times[d->n_times++] = cx_sim_now(d->sim) / MS;
    d->reason = *reason;
    if (d->closes_at > 0 && --d->closes_at == 0) {
        d->client = NULL;
        coax_client_close(client);
    }
}

static void on_client_connect(void *self, coax_peer peer)
{
    assert_true(coax_peer_is_open(peer));
    diary_write(self, "+server");
}

static void on_client_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    diary *d = self;
    char address[300];
    assert_true(coax_peer_address(peer, address, sizeof address) > 0);
    diary_write(d, "-server");
    d->reason = *reason;
}

static void on_server_state(void *self, coax_server *server, coax_server_state state)
{
    (void)server;
    diary_write(self, "server:%s", coax_server_state_name(state));
}

static void on_server_connect(void *self, coax_peer peer)
{
    diary *d = self;
    assert_true(coax_peer_is_open(peer));
    d->n_accepted++;
    diary_write(d, "+client");
}

static void on_server_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    char address[300];
    assert_true(coax_peer_address(peer, address, sizeof address) > 0);
    assert_true(reason->text[0] != '\0');
    diary_write(self, "-client");
}

coax_client_options diary_client_options(diary *d)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = d;
    options.reconnects = true;
    options.trust = COAX_TRUST_ANY; /* a run depends on no file */
    options.on_state = on_client_state;
    options.on_connect = on_client_connect;
    options.on_disconnect = on_client_disconnect;
    return options;
}

coax_server_options diary_server_options(diary *d)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.self = d;
    options.on_state = on_server_state;
    options.on_connect = on_server_connect;
    options.on_disconnect = on_server_disconnect;
    return options;
}

void diary_open(diary *d, uint64_t seed)
{
    memset(d, 0, sizeof *d);
    d->sim = cx_sim_create(seed);
    assert_non_null(d->sim);
    d->here = cx_sim_loop_create(d->sim, NULL);
    assert_non_null(d->here);
}

void diary_close(diary *d)
{
    assert_int_equal(coax_loop_destroy(d->here), COAX_OK);
    assert_int_equal(coax_loop_destroy(d->there), COAX_OK);
    assert_false(cx_sim_step(d->sim));
    cx_sim_destroy(d->sim);
}

void diary_start_server(diary *d, const coax_server_options *options)
{
    coax_server_options mine = diary_server_options(d);
    d->there = cx_sim_loop_create(d->sim, NULL);
    assert_non_null(d->there);
    memset(&d->probe, 0, sizeof d->probe);
    assert_int_equal(
        coax_server_create(d->there, options != NULL ? options : &mine, &d->server, NULL), COAX_OK);
    assert_int_equal(probe_serve(d->server, &d->probe), COAX_OK);
    assert_int_equal(coax_server_listen(d->server, DIARY_URL, NULL), COAX_OK);
}

void diary_stop_server(diary *d)
{
    assert_int_equal(coax_loop_destroy(d->there), COAX_OK);
    d->there = NULL;
    d->server = NULL;
}

void diary_start_client(diary *d, const coax_client_options *options)
{
    coax_error error = COAX_ERROR_INIT;
    if (coax_client_create(d->here, DIARY_URL, options, &d->client, &error) != COAX_OK)
        fail_msg("%s", error.text);
    assert_int_equal(helper_serve(d->client), COAX_OK);
}

void diary_run(diary *d, uint64_t ms)
{
    cx_sim_run_until(d->sim, cx_sim_now(d->sim) + ms * MS);
}

static void on_added(void *self, const probe_probe_add_result *result)
{
    diary_write(self, "add %s", coax_err_name(result->err));
    assert_true(result->err == COAX_OK || result->status.message[0] != '\0');
}

static void on_held(void *self, const probe_probe_hold_result *result)
{
    diary_write(self, "hold %s", coax_err_name(result->err));
}

static coax_call_options call_options(diary *d, bool waits, uint32_t timeout_ms)
{
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.waits_for_ready = waits;
    options.timeout_ms = timeout_ms;
    options.error = &d->reason;
    return options;
}

coax_err diary_add(diary *d, bool waits, uint32_t timeout_ms)
{
    probe_probe_add_request request = { .a = 1, .b = 2 };
    coax_call_options options = call_options(d, waits, timeout_ms);
    return probe_probe_add(d->client, &request, &options, on_added, d);
}

coax_err diary_hold(diary *d, bool waits, uint32_t timeout_ms)
{
    probe_probe_hold_request request = { .ticket = 1 };
    coax_call_options options = call_options(d, waits, timeout_ms);
    return probe_probe_hold(d->client, &request, &options, on_held, d);
}

static void on_asked(void *self, const probe_probe_ask_back_result *result)
{
    diary_write(self, "ask_back %s", coax_err_name(result->err));
}

coax_err diary_ask_back(diary *d, uint32_t times)
{
    probe_probe_ask_back_request request = { .number = 2, .times = times };
    return probe_probe_ask_back(d->client, &request, NULL, on_asked, d);
}

void diary_release(diary *d)
{
    for (uint32_t i = 0; i < d->probe.n_held; i++) {
        probe_probe_hold_response reply = { .ticket = 1 };
        (void)probe_probe_hold_reply(d->probe.held[i], &reply);
    }
    d->probe.n_held = 0;
}
