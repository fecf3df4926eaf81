/*
 * What handles, limits and closing do, by callback: exactly one end for each call, whatever is done
 * where.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stage.h"

static void assert_says(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

/* How calls ended. */
typedef struct ends {
    uint32_t n;
    uint32_t n_ok;
    coax_err last;
    char words[300];
    stage *stage;
    coax_client *closes; /* closed by the first end */
    uint32_t n_states;
    coax_client_state last_state;
    uint32_t n_at_close; /* calls that had ended when on_state(CLOSED) came */
    coax_error reason;
    bool is_open;
    bool is_closed;
    uint32_t n_writable;
} ends;

static void count_end(ends *e, coax_err err, const char *words)
{
    e->n++;
    e->n_ok += err == COAX_OK ? 1 : 0;
    e->last = err;
    (void)snprintf(e->words, sizeof e->words, "%s", words);
    if (e->closes != NULL) {
        coax_client *client = e->closes;
        e->closes = NULL;
        coax_client_close(client);
    }
}

static void on_added(void *self, const probe_probe_add_result *result)
{
    count_end(self, result->err, result->status.message);
}

static void on_held(void *self, const probe_probe_hold_result *result)
{
    count_end(self, result->err, result->status.message);
}

static void on_released(void *self, const probe_probe_release_result *result)
{
    count_end(self, result->err, result->status.message);
}

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    ends *e = self;
    assert_int_equal(coax_client_get_state(client), state);
    assert_false(e->is_closed);
    e->n_states++;
    e->last_state = state;
    if (state == COAX_CLIENT_OPEN)
        e->is_open = true;
    if (state == COAX_CLIENT_CLOSED) {
        e->is_closed = true;
        e->reason = *reason;
        e->n_at_close = e->n;
    }
}

static void on_writable(void *self, coax_client *client)
{
    (void)client;
    ((ends *)self)->n_writable++;
}

static coax_err add(coax_client *client, ends *e)
{
    probe_probe_add_request request = { .a = 1, .b = 2 };
    return probe_probe_add(client, &request, NULL, on_added, e);
}

static coax_err hold(coax_client *client, uint32_t ticket, const coax_call_options *options,
                     ends *e)
{
    probe_probe_hold_request request = { .ticket = ticket };
    return probe_probe_hold(client, &request, options, on_held, e);
}

static coax_err release(coax_client *client, ends *e)
{
    probe_probe_release_request request = { 0 };
    return probe_probe_release(client, &request, NULL, on_released, e);
}

/* A stage whose client tells its states to `e`, open. */
static void open_with_states(stage *s, ends *e, const coax_server_options *server)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.name = "handles";
    options.self = e;
    options.on_state = on_state;
    options.on_writable = on_writable;
    stage_open(s, server, &options);
    stage_run_until(s, &e->is_open);
}

static void a_thousand_calls_under_way_end_once_each(void **state)
{
    (void)state;
    stage s;
    ends held = { 0 };
    ends released = { 0 };
    stage_open(&s, NULL, NULL);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(hold(s.client, i, NULL, &held), COAX_OK);
    assert_int_equal(held.n, 0);
    assert_int_equal(release(s.client, &released), COAX_OK);
    stage_run_until_count(&s, &held.n, 1000);
    stage_run_until_count(&s, &released.n, 1);
    assert_int_equal(held.n_ok, 1000);
    stage_close(&s);
    assert_int_equal(held.n, 1000);
}

static void a_slow_handler_delays_nobody(void **state)
{
    (void)state;
    stage s;
    ends held = { 0 };
    ends added = { 0 };
    ends released = { 0 };
    stage_open(&s, NULL, NULL);
    assert_int_equal(hold(s.client, 1, NULL, &held), COAX_OK);
    for (int i = 0; i < 10; i++)
        assert_int_equal(add(s.client, &added), COAX_OK);
    stage_run_until_count(&s, &added.n, 10);
    assert_int_equal(held.n, 0);
    assert_int_equal(release(s.client, &released), COAX_OK);
    stage_run_until_count(&s, &held.n, 1);
    stage_close(&s);
}

static void calls_past_max_concurrent_calls_are_refused_by_name(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    ends held = { 0 };
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    coax_server_options server = COAX_SERVER_OPTIONS_INIT;
    server.limits.max_concurrent_calls = 4;
    open_with_states(&s, &e, &server);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(hold(s.client, i, NULL, &held), COAX_OK);
    options.error = &error;
    coax_err rc = hold(s.client, 5, &options, &held);
    if (rc == COAX_OK) { /* the server refuses it instead */
        stage_run_until_count(&s, &held.n, 1);
        rc = held.last;
        memcpy(error.text, held.words, sizeof error.text - 1);
        held.n = 0;
    }
    assert_int_equal(rc, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_says(error.text, "max_concurrent_calls");
    stage_close(&s);
    assert_int_equal(held.n, 4);
}

static void a_cancelled_call_ends_once_and_its_handler_hears_of_it(void **state)
{
    (void)state;
    stage s;
    ends held = { 0 };
    ends added = { 0 };
    coax_call handle = { NULL, 0, 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.ret_call = &handle;
    stage_open(&s, NULL, NULL);
    assert_int_equal(hold(s.client, 1, &options, &held), COAX_OK);
    assert_int_equal(add(s.client, &added), COAX_OK);
    stage_run_until_count(&s, &added.n, 1);
    assert_true(coax_call_is_live(handle));
    assert_true(coax_call_is_live(s.probe.held[0]));
    assert_int_equal(coax_call_cancel(handle), COAX_OK);
    assert_int_equal(held.n, 0); /* not inside the call */
    assert_false(coax_call_is_live(handle));
    assert_int_equal(coax_call_cancel(handle), COAX_ERR_STALE);
    stage_run_until_count(&s, &held.n, 1);
    assert_int_equal(held.last, COAX_ERR_CANCELLED);
    assert_int_equal(add(s.client, &added), COAX_OK);
    stage_run_until_count(&s, &added.n, 2);
    assert_false(coax_call_is_live(s.probe.held[0]));
    probe_probe_hold_response reply = { .ticket = 1 };
    assert_int_equal(probe_probe_hold_reply(s.probe.held[0], &reply), COAX_ERR_STALE);
    stage_close(&s);
    assert_int_equal(held.n, 1);
}

static void a_passed_deadline_reaches_the_handler(void **state)
{
    (void)state;
    stage s;
    ends held = { 0 };
    ends added = { 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 20;
    stage_open(&s, NULL, NULL);
    assert_int_equal(hold(s.client, 1, &options, &held), COAX_OK);
    stage_run_until_count(&s, &held.n, 1);
    assert_int_equal(held.last, COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(add(s.client, &added), COAX_OK);
    stage_run_until_count(&s, &added.n, 1);
    assert_false(coax_call_is_live(s.probe.held[0]));
    assert_int_equal(coax_call_remaining_ms(s.probe.held[0]), 0);
    assert_int_equal(coax_call_fail(s.probe.held[0], COAX_ERR_ABORTED, "late"), COAX_ERR_STALE);
    stage_close(&s);
}

static void closing_a_client_in_its_result_ends_the_other_calls_then_the_client(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    ends held = { 0 };
    open_with_states(&s, &e, NULL);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(hold(s.client, i, NULL, &e), COAX_OK);
    ends added = { .closes = s.client };
    assert_int_equal(add(s.client, &added), COAX_OK);
    stage_run_until(&s, &e.is_closed);
    assert_int_equal(added.n_ok, 1);
    assert_int_equal(e.n, 5);
    assert_int_equal(e.last, COAX_ERR_CANCELLED);
    assert_int_equal(e.n_at_close, 5);
    assert_int_equal(held.n, 0);
    stage_close(&s);
}

static void close_on_open(void *self, coax_client *client, coax_client_state state,
                          const coax_error *reason)
{
    on_state(self, client, state, reason);
    coax_client_close(client); /* when it opens, and again when it has closed */
}

static void closing_a_client_in_its_own_on_state_is_fine(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = &e;
    options.on_state = close_on_open;
    stage_open(&s, NULL, &options);
    stage_run_until(&s, &e.is_closed);
    assert_true(e.is_open);
    assert_int_equal(e.n_states, 2);
    stage_close(&s);
}

static void closing_a_client_before_it_connects_ends_its_calls(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = &e;
    options.on_state = on_state;
    stage_open(&s, NULL, &options);
    assert_int_equal(add(s.client, &e), COAX_OK);
    coax_client_close(s.client);
    assert_int_equal(e.n, 0);
    stage_run_until(&s, &e.is_closed);
    assert_int_equal(e.n, 1);
    assert_int_equal(e.last, COAX_ERR_CANCELLED);
    assert_false(e.is_open);
    stage_close(&s);
}

static void closing_the_server_in_a_handler_fails_the_calls(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    stage_open(&s, NULL, NULL);
    assert_int_equal(hold(s.client, 1, NULL, &e), COAX_OK);
    s.probe.closes_in_handler = true;
    assert_int_equal(add(s.client, &e), COAX_OK);
    stage_run_until_count(&s, &e.n, 2);
    assert_int_equal(e.n_ok, 0);
    assert_int_equal(e.last, COAX_ERR_UNAVAILABLE);
    assert_says(e.words, "the server was closed");
    stage_close(&s);
    assert_int_equal(s.probe.n_disconnected, 0); /* no hook runs once it is closed */
}

static void destroying_the_loop_ends_every_call_once(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    stage_open(&s, NULL, NULL);
    for (uint32_t i = 0; i < 50; i++)
        assert_int_equal(hold(s.client, i, NULL, &e), COAX_OK);
    stage_close(&s);
    assert_int_equal(e.n, 50);
    assert_int_equal(e.last, COAX_ERR_UNAVAILABLE);
}

static void forbidden_in_a_callback(void *self, const probe_probe_add_result *result)
{
    ends *e = self;
    probe_probe_add_request request = { .a = 1, .b = 2 };
    probe_probe_add_result waited;
    assert_int_equal(coax_loop_destroy(e->stage->loop), COAX_ERR_DEADLOCK);
    if (e->stage->sim == NULL) {
        assert_int_equal(coax_loop_run(e->stage->loop), COAX_ERR_DEADLOCK);
        assert_int_equal(coax_loop_process(e->stage->loop), COAX_ERR_DEADLOCK);
        assert_int_equal(probe_probe_add_wait(e->stage->client, &request, NULL, &waited),
                         COAX_ERR_DEADLOCK);
        assert_non_null(waited.status.message);
        probe_probe_add_result_free(&waited);
    }
    count_end(e, result->err, result->status.message);
}

static void waiting_running_or_destroying_in_a_callback_is_a_deadlock(void **state)
{
    (void)state;
    stage s;
    ends e = { .stage = &s };
    probe_probe_add_request request = { .a = 1, .b = 2 };
    stage_open(&s, NULL, NULL);
    assert_int_equal(probe_probe_add(s.client, &request, NULL, forbidden_in_a_callback, &e),
                     COAX_OK);
    stage_run_until_count(&s, &e.n, 1);
    assert_int_equal(e.n_ok, 1);
    stage_close(&s);
}

static void again(void *self, const probe_probe_add_result *result)
{
    ends *e = self;
    probe_probe_add_request request = { .a = 1, .b = 2 };
    count_end(e, result->err, result->status.message);
    if (e->n < 100)
        assert_int_equal(probe_probe_add(e->stage->client, &request, NULL, again, e), COAX_OK);
}

static void a_call_may_be_started_in_the_end_of_another(void **state)
{
    (void)state;
    stage s;
    ends e = { .stage = &s };
    probe_probe_add_request request = { .a = 1, .b = 2 };
    stage_open(&s, NULL, NULL);
    assert_int_equal(probe_probe_add(s.client, &request, NULL, again, &e), COAX_OK);
    stage_run_until_count(&s, &e.n, 100);
    assert_int_equal(e.n_ok, 100);
    stage_close(&s);
}

static void a_full_send_queue_says_would_block_and_later_writable(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    static uint8_t data[20000];
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = &e;
    options.on_state = on_state;
    options.on_writable = on_writable;
    options.limits.max_send_queue = 64 * 1024;
    stage_open(&s, NULL, &options);
    stage_run_until(&s, &e.is_open);
    uint32_t n_taken = 0;
    coax_err rc = COAX_OK;
    while (rc == COAX_OK) {
        probe_probe_echo_request request = { .payload = { data, sizeof data } };
        rc = probe_probe_echo(s.client, &request, NULL, NULL, NULL);
        n_taken += rc == COAX_OK ? 1 : 0;
        assert_in_range(n_taken, 0, 5);
    }
    assert_int_equal(rc, COAX_ERR_WOULD_BLOCK);
    assert_int_equal(e.n_writable, 0);
    stage_run_until_count(&s, &e.n_writable, 1);
    assert_int_equal(add(s.client, &e), COAX_OK);
    stage_run_until_count(&s, &e.n, 1);
    assert_int_equal(e.last, COAX_OK);
    stage_close(&s);
}

static void peers_know_each_other_by_name_and_address(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    char text[300];
    open_with_states(&s, &e, NULL);
    coax_peer server = coax_client_peer(s.client);
    assert_true(coax_peer_is_open(server));
    assert_int_equal(coax_peer_name(server, text, sizeof text), 5);
    assert_string_equal(text, "stage");
    /* Where it is, and not how one speaks there. */
    const char *place = strncmp(s.url, "plain+", 6) == 0 ? s.url + 6 : s.url;
    assert_int_equal(coax_peer_address(server, text, sizeof text), strlen(place));
    assert_string_equal(text, place);
    assert_int_equal(hold(s.client, 1, NULL, &e), COAX_OK);
    while (s.probe.n_held == 0)
        stage_run_some(&s);
    coax_peer client = coax_call_peer(s.probe.held[0]);
    assert_int_equal(coax_peer_name(client, text, sizeof text), 7);
    assert_string_equal(text, "handles");
    char address[300];
    assert_true(coax_peer_address(client, address, sizeof address) > 0);
    assert_int_equal(coax_server_n_peers(s.server), 1);
    coax_client_close(s.client);
    stage_run_until_count(&s, &s.probe.n_disconnected, 1);
    assert_string_equal(s.probe.last_address, address); /* still known in on_disconnect */
    assert_string_equal(s.probe.last_name, "handles");
    assert_false(coax_peer_is_open(client));
    assert_int_equal(coax_peer_name(client, text, sizeof text), 0);
    assert_int_equal(coax_peer_address(client, text, sizeof text), 0);
    assert_int_equal(coax_peer_close(client, COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
    assert_int_equal(coax_server_n_peers(s.server), 0);
    stage_close(&s);
}

static void zeroed_handles_are_stale(void **state)
{
    (void)state;
    coax_call call = { NULL, 0, 0 };
    coax_peer peer = { NULL, 0, 0 };
    char text[4] = "abc";
    assert_false(coax_call_is_live(call));
    assert_int_equal(coax_call_cancel(call), COAX_ERR_STALE);
    assert_int_equal(coax_call_fail(call, COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
    assert_int_equal(coax_call_remaining_ms(call), 0);
    assert_int_equal(coax_call_method_id(call), 0);
    assert_false(coax_peer_is_open(coax_call_peer(call)));
    assert_false(coax_peer_is_open(peer));
    assert_int_equal(coax_peer_name(peer, text, sizeof text), 0);
    assert_string_equal(text, "");
}

static void a_connection_past_max_connections_is_told_so(void **state)
{
    (void)state;
    stage s;
    ends first = { 0 };
    ends second = { 0 };
    coax_server_options server = COAX_SERVER_OPTIONS_INIT;
    server.max_connections = 1;
    open_with_states(&s, &first, &server);
    coax_client *another = NULL;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = &second;
    options.on_state = on_state;
    assert_int_equal(coax_client_create(s.loop, s.url, &options, &another, NULL), COAX_OK);
    assert_int_equal(add(another, &second), COAX_OK);
    stage_run_until(&s, &second.is_closed);
    assert_false(second.is_open);
    assert_says(second.reason.text, "max_connections");
    assert_int_equal(second.last, COAX_ERR_UNAVAILABLE);
    assert_int_equal(add(s.client, &first), COAX_OK);
    stage_run_until_count(&s, &first.n, 1);
    assert_int_equal(first.n_ok, 1);
    coax_client_close(another);
    stage_close(&s);
}

static void a_client_nobody_answers_closes_with_the_reason(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    coax_client *client = NULL;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = &e;
    options.on_state = on_state;
    stage_open(&s, NULL, NULL);
    coax_server_close(s.second);
    char url[300];
    (void)snprintf(url, sizeof url, "%s", s.url);
    stage_run_some(&s);
    coax_server_close(s.server);
    stage_run_some(&s);
    assert_int_equal(coax_client_create(s.loop, url, &options, &client, NULL), COAX_OK);
    assert_int_equal(add(client, &e), COAX_OK);
    stage_run_until(&s, &e.is_closed);
    assert_int_equal(e.n, 1);
    assert_int_equal(e.last, COAX_ERR_UNAVAILABLE);
    assert_says(e.words, "connecting to ");
    coax_error error = COAX_ERROR_INIT;
    coax_call_options call_options = COAX_CALL_OPTIONS_INIT;
    call_options.error = &error;
    assert_int_equal(hold(client, 1, &call_options, &e), COAX_ERR_UNAVAILABLE);
    assert_says(error.text, "the client is closed: connecting to ");
    coax_client_close(client);
    stage_close(&s);
    assert_int_equal(e.n_states, 1);
}

static void serving_twice_is_refused(void **state)
{
    (void)state;
    stage s;
    stage_open(&s, NULL, NULL);
    assert_int_equal(probe_serve(s.server, &s.probe), COAX_ERR_IN_USE);
    assert_int_equal(helper_serve(s.client), COAX_ERR_IN_USE);
    stage_close(&s);
}

static void a_server_may_listen_on_several_addresses(void **state)
{
    (void)state;
    stage s;
    ends e = { 0 };
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    char url[300];
    stage_open(&s, NULL, NULL);
    assert_int_equal(coax_server_listen(s.server, stage_new_url(), &error), COAX_OK);
    assert_true(coax_server_address(s.server, 1, url, sizeof url) > 0);
    assert_int_equal(coax_server_address(s.server, 2, url + 200, 100), 0);
    assert_int_equal(coax_client_create(s.loop, url, NULL, &client, NULL), COAX_OK);
    assert_int_equal(add(client, &e), COAX_OK);
    assert_int_equal(add(s.client, &e), COAX_OK);
    stage_run_until_count(&s, &e.n, 2);
    assert_int_equal(e.n_ok, 2);
    stage_close(&s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_calls_under_way_end_once_each),
        cmocka_unit_test(a_slow_handler_delays_nobody),
        cmocka_unit_test(calls_past_max_concurrent_calls_are_refused_by_name),
        cmocka_unit_test(a_cancelled_call_ends_once_and_its_handler_hears_of_it),
        cmocka_unit_test(a_passed_deadline_reaches_the_handler),
        cmocka_unit_test(closing_a_client_in_its_result_ends_the_other_calls_then_the_client),
        cmocka_unit_test(closing_a_client_in_its_own_on_state_is_fine),
        cmocka_unit_test(closing_a_client_before_it_connects_ends_its_calls),
        cmocka_unit_test(closing_the_server_in_a_handler_fails_the_calls),
        cmocka_unit_test(destroying_the_loop_ends_every_call_once),
        cmocka_unit_test(waiting_running_or_destroying_in_a_callback_is_a_deadlock),
        cmocka_unit_test(a_call_may_be_started_in_the_end_of_another),
        cmocka_unit_test(a_full_send_queue_says_would_block_and_later_writable),
        cmocka_unit_test(peers_know_each_other_by_name_and_address),
        cmocka_unit_test(zeroed_handles_are_stale),
        cmocka_unit_test(a_connection_past_max_connections_is_told_so),
        cmocka_unit_test(a_client_nobody_answers_closes_with_the_reason),
        cmocka_unit_test(serving_twice_is_refused),
        cmocka_unit_test(a_server_may_listen_on_several_addresses),
    };
    int rc = stage_choose(argc, argv);
    if (rc != 0)
        return rc;
    int failed = cmocka_run_group_tests_name(argv[1], tests, NULL, NULL);
    return failed + stage_done();
}
