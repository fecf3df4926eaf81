/*
 * Servers that drain, connections that grow old, and what both sides are told in which order.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diary.h"

/* A client that does not reconnect, connected; the diary begins behind that. */
static void open_both(diary *d, bool reconnects)
{
    diary_open(d, 1);
    coax_client_options options = diary_client_options(d);
    options.reconnects = reconnects;
    diary_start_server(d, NULL);
    diary_start_client(d, &options);
    diary_run(d, 10);
    assert_int_equal(coax_client_get_state(d->client), COAX_CLIENT_OPEN);
    diary_forget(d);
}

static void a_server_without_calls_stops_at_once(void **state)
{
    (void)state;
    diary d;
    open_both(&d, false);
    assert_int_equal(coax_server_drain(d.server, 5000), COAX_OK);
    assert_int_equal(coax_server_get_state(d.server), COAX_SERVER_DRAINING);
    diary_is(&d, ""); /* nothing from inside */
    diary_run(&d, 10);
    assert_int_equal(coax_server_get_state(d.server), COAX_SERVER_STOPPED);
    assert_string_equal(d.text, "server:draining -client server:stopped draining -server closed ");
    assert_int_equal(d.reason.code, COAX_ERR_UNAVAILABLE);
    assert_int_equal(coax_server_drain(d.server, 5000), COAX_OK); /* and nothing more happens */
    diary_forget(&d);
    coax_server_close(d.server);
    diary_run(&d, 5000);
    diary_is(&d, ""); /* it has said its last word */
    diary_close(&d);
}

static void calls_under_way_finish_and_new_ones_are_refused_with_words(void **state)
{
    (void)state;
    diary d;
    open_both(&d, false);
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    diary_run(&d, 10);
    assert_int_equal(coax_server_drain(d.server, 5000), COAX_OK);
    diary_run(&d, 10);
    diary_is(&d, "server:draining draining");
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_DRAINING);
    assert_int_equal(diary_add(&d, false, 0), COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(d.reason.text, "the server is draining"));
    diary_run(&d, 3000);
    diary_is(&d, "");
    diary_release(&d);
    diary_run(&d, 10);
    diary_is(&d, "-client server:stopped hold ok -server closed");
    diary_close(&d);
}

static void nobody_new_is_taken(void **state)
{
    (void)state;
    diary d;
    open_both(&d, false);
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    diary_run(&d, 10);
    assert_int_equal(coax_server_drain(d.server, 5000), COAX_OK);
    assert_int_equal(coax_server_listen(d.server, "tcp://server:8", NULL), COAX_ERR_MISUSE);
    char address[100];
    coax_client *other = NULL;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    diary_run(&d, 10);
    assert_int_equal(coax_server_address(d.server, 0, address, sizeof address), 0);
    assert_int_equal(coax_client_create(d.here, DIARY_URL, &options, &other, NULL), COAX_OK);
    diary_run(&d, 10);
    assert_int_equal(coax_client_get_state(other), COAX_CLIENT_CLOSED);
    diary_close(&d);
}

static void what_is_left_at_the_timeout_is_closed(void **state)
{
    (void)state;
    diary d;
    open_both(&d, false);
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    diary_run(&d, 10);
    assert_int_equal(coax_server_drain(d.server, 5000), COAX_OK);
    diary_run(&d, 4990);
    diary_is(&d, "server:draining draining");
    diary_run(&d, 20);
    assert_non_null(strstr(d.reason.text, "the time for calls under way is over"));
    diary_is(&d, "-client server:stopped hold unavailable -server closed");
    diary_close(&d);
}

static void a_second_drain_can_only_shorten_the_time(void **state)
{
    (void)state;
    diary d;
    open_both(&d, false);
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    diary_run(&d, 10);
    assert_int_equal(coax_server_drain(d.server, COAX_NEVER_MS), COAX_OK);
    diary_run(&d, 10);
    assert_int_equal(coax_server_drain(d.server, 1000), COAX_OK);
    assert_int_equal(coax_server_drain(d.server, 60000), COAX_OK);
    diary_run(&d, 990);
    assert_int_equal(coax_server_get_state(d.server), COAX_SERVER_DRAINING);
    diary_run(&d, 20);
    assert_int_equal(coax_server_get_state(d.server), COAX_SERVER_STOPPED);
    diary_close(&d);
}

static void a_drain_that_takes_its_time_is_closed_by_the_client(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    options.reconnects = false;
    options.drain_timeout_ms = 2000;
    diary_start_server(&d, &silent);
    diary_start_client(&d, &options);
    diary_run(&d, 10);
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    diary_run(&d, 10);
    assert_int_equal(coax_server_drain(d.server, COAX_NEVER_MS), COAX_OK);
    diary_run(&d, 1990);
    diary_is(&d, "+server open draining");
    diary_run(&d, 20);
    diary_is(&d, "hold unavailable -server closed");
    assert_non_null(strstr(d.reason.text, "drain_timeout_ms"));
    diary_close(&d);
}

static void handlers_may_call_their_client_while_the_server_drains(void **state)
{
    (void)state;
    diary d;
    open_both(&d, false);
    cx_sim_weather slow = { .min_delay_ns = 20 * MS, .max_delay_ns = 20 * MS };
    cx_sim_set_weather(d.sim, &slow);
    coax_client_close(d.client);
    diary_run(&d, 100);
    coax_client_options options = diary_client_options(&d);
    options.reconnects = false;
    diary_start_client(&d, &options);
    diary_run(&d, 200);
    diary_forget(&d);
    assert_int_equal(diary_ask_back(&d, 10), COAX_OK); /* ten calls of the client */
    diary_run(&d, 30);
    assert_int_equal(coax_server_drain(d.server, 60000), COAX_OK);
    diary_run(&d, 5000);
    diary_is(&d, "server:draining draining -client server:stopped ask_back ok -server closed");
    diary_close(&d);
}

static void a_reconnecting_client_dials_another_connection_at_once(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options aging = diary_server_options(&d);
    aging.on_connect = NULL;
    aging.on_disconnect = NULL;
    aging.on_state = NULL;
    aging.max_connection_age_ms = 10000;
    diary_start_server(&d, &aging);
    diary_start_client(&d, &options);
    diary_run(&d, 8900);
    assert_int_equal(diary_hold(&d, false, 60000), COAX_OK);
    diary_is(&d, "+server open");
    diary_run(&d, 2200);
    diary_is(&d, "connecting +server open"); /* the old one still finishes its call */
    assert_int_equal(diary_add(&d, false, 0), COAX_OK);
    diary_run(&d, 10);
    diary_is(&d, "add ok");
    diary_release(&d);
    diary_run(&d, 10);
    diary_is(&d, "hold ok -server");
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_OPEN);
    diary_close(&d);
}

static void calls_made_while_it_dials_for_a_drained_one_wait_for_that(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    cx_sim_weather slow = { .min_delay_ns = 50 * MS, .max_delay_ns = 50 * MS };
    cx_sim_set_weather(d.sim, &slow);
    coax_client_options options = diary_client_options(&d);
    coax_server_options aging = COAX_SERVER_OPTIONS_INIT;
    aging.max_connection_age_ms = 10000;
    diary_start_server(&d, &aging);
    diary_start_client(&d, &options);
    while (strstr(d.text, "connecting") == NULL)
        diary_run(&d, 1);
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_CONNECTING);
    diary_forget(&d);
    assert_int_equal(diary_add(&d, false, 0), COAX_OK);
    diary_run(&d, 1000);
    assert_non_null(strstr(d.text, "add ok"));
    diary_close(&d);
}

static void connections_that_came_together_do_not_leave_together(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options aging = COAX_SERVER_OPTIONS_INIT;
    options.reconnects = false;
    aging.max_connection_age_ms = 100000;
    diary_start_server(&d, &aging);
    for (int i = 0; i < 40; i++)
        diary_start_client(&d, &options);
    diary_run(&d, 89000);
    assert_null(strstr(d.text, "closed"));
    d.n_times = 0;
    diary_run(&d, 22000);
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (uint32_t i = 0; i < d.n_times; i++) {
        least = d.times[i] < least ? d.times[i] : least;
        most = d.times[i] > most ? d.times[i] : most;
    }
    assert_in_range(least, 90000, 95000);
    assert_in_range(most, 105000, 111000); /* and the way there and back */
    diary_close(&d);
}

static void an_old_connection_whose_calls_do_not_end_is_closed(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options aging = COAX_SERVER_OPTIONS_INIT;
    options.reconnects = false;
    aging.max_connection_age_ms = 1000;
    aging.drain_timeout_ms = 3000;
    diary_start_server(&d, &aging);
    diary_start_client(&d, &options);
    assert_int_equal(diary_hold(&d, false, 60000), COAX_OK);
    diary_run(&d, 3800);
    diary_is(&d, "+server open draining");
    diary_run(&d, 500);
    diary_is(&d, "hold unavailable -server closed");
    assert_non_null(strstr(d.reason.text, "drain_timeout_ms"));
    diary_close(&d);
}

static void a_drained_server_that_comes_back_is_found_again(void **state)
{
    (void)state;
    diary d;
    open_both(&d, true);
    diary_run(&d, 200);
    assert_int_equal(coax_server_drain(d.server, 0), COAX_OK);
    diary_run(&d, 500);
    /* Dialled at once, refused, and then not before the server's hint. */
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_WAITING);
    assert_non_null(strstr(d.text, "connecting"));
    diary_stop_server(&d);
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    diary_start_server(&d, &silent);
    diary_run(&d, 400);
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_WAITING);
    diary_run(&d, 200);
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_OPEN);
    diary_close(&d);
}

static void the_life_of_a_server_is_told_in_order_and_nothing_behind_its_end(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    diary_start_server(&d, NULL);
    diary_is(&d, "");
    diary_start_client(&d, &options);
    diary_run(&d, 10);
    diary_is(&d, "server:listening +client");
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    diary_run(&d, 10);
    coax_server_close(d.server);
    diary_is(&d, "");
    diary_run(&d, 10);
    diary_is(&d, "-client server:stopped hold unavailable");
    diary_run(&d, 60000);
    diary_is(&d, "");
    diary_close(&d);
}

static void closing_a_server_that_drains_ends_it_at_once(void **state)
{
    (void)state;
    diary d;
    open_both(&d, false);
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    diary_run(&d, 10);
    assert_int_equal(coax_server_drain(d.server, 5000), COAX_OK);
    diary_run(&d, 10);
    diary_forget(&d);
    coax_server_close(d.server);
    assert_int_equal(coax_server_drain(NULL, 1), COAX_ERR_MISUSE);
    diary_run(&d, 60000);
    diary_is(&d, "-client server:stopped hold unavailable -server closed");
    diary_close(&d);
}

static void close_when_stopped(void *self, coax_server *server, coax_server_state state)
{
    diary_write(self, "server:%s", coax_server_state_name(state));
    if (state == COAX_SERVER_STOPPED)
        coax_server_close(server);
}

static void a_server_may_be_closed_in_its_last_callback(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_server_options options = diary_server_options(&d);
    options.on_state = close_when_stopped;
    diary_start_server(&d, &options);
    diary_run(&d, 10);
    assert_int_equal(coax_server_drain(d.server, 0), COAX_OK);
    diary_run(&d, 60000);
    diary_is(&d, "server:listening server:draining server:stopped");
    diary_close(&d);
}

static void one_that_never_listened_stops_too(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_server *server = NULL;
    coax_server_options options = diary_server_options(&d);
    assert_int_equal(coax_server_create(d.here, &options, &server, NULL), COAX_OK);
    assert_int_equal(coax_server_get_state(server), COAX_SERVER_IDLE);
    assert_int_equal(coax_server_drain(server, 0), COAX_OK);
    diary_run(&d, 10);
    diary_is(&d, "server:draining server:stopped");
    coax_server_close(server);
    assert_int_equal(coax_server_create(d.here, &options, &server, NULL), COAX_OK);
    coax_server_close(server);
    diary_run(&d, 10);
    diary_is(&d, "server:stopped");
    assert_int_equal(coax_loop_drain_on_signals(d.here, 0), COAX_ERR_NOT_SUPPORTED);
    diary_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_without_calls_stops_at_once),
        cmocka_unit_test(calls_under_way_finish_and_new_ones_are_refused_with_words),
        cmocka_unit_test(nobody_new_is_taken),
        cmocka_unit_test(what_is_left_at_the_timeout_is_closed),
        cmocka_unit_test(a_second_drain_can_only_shorten_the_time),
        cmocka_unit_test(a_drain_that_takes_its_time_is_closed_by_the_client),
        cmocka_unit_test(handlers_may_call_their_client_while_the_server_drains),
        cmocka_unit_test(a_reconnecting_client_dials_another_connection_at_once),
        cmocka_unit_test(calls_made_while_it_dials_for_a_drained_one_wait_for_that),
        cmocka_unit_test(connections_that_came_together_do_not_leave_together),
        cmocka_unit_test(an_old_connection_whose_calls_do_not_end_is_closed),
        cmocka_unit_test(a_drained_server_that_comes_back_is_found_again),
        cmocka_unit_test(the_life_of_a_server_is_told_in_order_and_nothing_behind_its_end),
        cmocka_unit_test(closing_a_server_that_drains_ends_it_at_once),
        cmocka_unit_test(a_server_may_be_closed_in_its_last_callback),
        cmocka_unit_test(one_that_never_listened_stops_too),
    };
    return cmocka_run_group_tests_name("node_drain", tests, NULL, NULL);
}
