/*
 * A client that reconnects: when it dials, what it tells, and what becomes of calls meanwhile.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diary.h"

static void a_lost_connection_is_dialled_again(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    diary_start_server(&d, &silent);
    diary_start_client(&d, &options);
    diary_run(&d, 10);
    diary_is(&d, "+server open");
    cx_sim_reset(d.sim, NULL);
    diary_run(&d, 10);
    diary_is(&d, "-server waiting");
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_WAITING);
    assert_int_equal(d.reason.code, COAX_ERR_TRUNCATED); /* encrypted, and no goodbye */
    diary_run(&d, 100);
    diary_is(&d, "connecting +server open");
    assert_int_equal(diary_add(&d, false, 100), COAX_OK);
    diary_run(&d, 10);
    diary_is(&d, "add ok");
    diary_close(&d);
}

static void calls_in_flight_end_with_their_connection(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    diary_start_server(&d, &silent);
    diary_start_client(&d, &options);
    diary_run(&d, 10);
    diary_forget(&d);
    assert_int_equal(diary_hold(&d, false, 60000), COAX_OK);
    diary_run(&d, 10);
    diary_stop_server(&d);
    diary_run(&d, 10);
    diary_is(&d, "hold unavailable -server waiting");
    diary_close(&d);
}

static void without_a_connection_a_call_fails_at_once_and_says_why(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    diary_start_client(&d, &options);                   /* nobody listens */
    assert_int_equal(diary_add(&d, false, 0), COAX_OK); /* the first connecting is waited for */
    diary_run(&d, 10);
    diary_is(&d, "add unavailable waiting");
    assert_int_equal(diary_add(&d, false, 0), COAX_ERR_UNAVAILABLE);
    assert_non_null(strstr(d.reason.text, DIARY_URL));
    probe_probe_note_request note = { .number = 1 };
    assert_int_equal(probe_probe_note(d.client, &note, NULL), COAX_ERR_UNAVAILABLE);
    diary_close(&d);
}

static void a_call_that_waits_for_ready_leaves_with_the_next_connection(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    diary_start_client(&d, &options);
    assert_int_equal(diary_add(&d, true, 10000), COAX_OK); /* outlives the first attempt */
    diary_run(&d, 500);
    assert_int_equal(diary_add(&d, true, 10000), COAX_OK);
    assert_int_equal(diary_hold(&d, true, 700), COAX_OK); /* and this one its deadline */
    assert_int_equal(diary_add(&d, false, 10000), COAX_ERR_UNAVAILABLE);
    diary_forget(&d);
    diary_run(&d, 800);
    assert_non_null(strstr(d.text, "hold deadline_exceeded"));
    assert_null(strstr(d.text, "add"));
    diary_start_server(&d, &silent);
    diary_forget(&d);
    diary_run(&d, 5000);
    assert_non_null(strstr(d.text, "+server open add ok add ok "));
    assert_int_equal(d.probe.n_handled, 2);
    diary_close(&d);
}

static void a_waiting_call_is_sent_once_although_connections_come_and_go(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 30; seed++) {
        diary d;
        diary_open(&d, seed);
        coax_client_options options = diary_client_options(&d);
        coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
        options.backoff_max_ms = 200;
        diary_start_client(&d, &options);
        diary_run(&d, 50);
        for (int i = 0; i < 10; i++)
            assert_int_equal(diary_hold(&d, true, 60000), COAX_OK);
        diary_start_server(&d, &silent);
        diary_run(&d, cx_sim_below(d.sim, 400));
        cx_sim_reset(d.sim, NULL);
        diary_run(&d, 2000);
        uint32_t n_lost = 0;
        for (const char *at = d.text; (at = strstr(at, "hold unavailable")) != NULL; at++)
            n_lost++;
        assert_int_equal(d.probe.n_held, 10); /* lost ones were held too, and are not sent again */
        diary_release(&d);
        diary_run(&d, 100);
        uint32_t n_ok = 0;
        for (const char *at = d.text; (at = strstr(at, "hold ok")) != NULL; at++)
            n_ok++;
        assert_int_equal(n_ok + n_lost, 10);
        diary_close(&d);
    }
}

static void waiting_calls_end_when_nobody_will_connect_any_more(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    options.max_attempts = 2;
    diary_start_client(&d, &options);
    assert_int_equal(diary_add(&d, true, 60000), COAX_OK);
    diary_run(&d, 5000);
    diary_is(&d, "waiting connecting add unavailable closed");
    assert_int_equal(diary_add(&d, true, 60000), COAX_ERR_UNAVAILABLE);
    coax_client_close(d.client);

    options.max_attempts = 0;
    diary_start_client(&d, &options); /* closed by its user while a call waits */
    assert_int_equal(diary_add(&d, true, 60000), COAX_OK);
    diary_run(&d, 10);
    coax_client_close(d.client);
    diary_is(&d, "waiting");
    diary_run(&d, 5000);
    diary_is(&d, "add cancelled closed");

    diary_start_client(&d, &options); /* the loop is destroyed while one waits */
    assert_int_equal(diary_add(&d, true, 60000), COAX_OK);
    diary_run(&d, 10);
    diary_forget(&d);
    diary_close(&d);
    diary_is(&d, "add unavailable closed");
}

static void the_wait_doubles_with_a_fifth_of_chance_up_to_the_longest(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 20; seed++) {
        diary d;
        diary_open(&d, seed);
        coax_client_options options = diary_client_options(&d);
        options.backoff_min_ms = 100;
        options.backoff_max_ms = 1000;
        diary_start_client(&d, &options);
        diary_run(&d, 20000);
        static const uint32_t expected[] = { 100, 200, 400, 800, 1000, 1000, 1000 };
        for (uint32_t i = 0; i < 7; i++) { /* waiting, connecting, waiting, connecting ... */
            uint64_t waited = d.times[2 * i + 1] - d.times[2 * i];
            assert_in_range(waited, expected[i] * 4 / 5, expected[i] + 3);
        }
        diary_close(&d);
    }
}

static void clients_that_lost_one_server_do_not_come_back_together(void **state)
{
    (void)state;
    uint64_t first = 0;
    bool differ = false;
    for (uint64_t seed = 1; seed < 6; seed++) {
        diary d;
        diary_open(&d, seed);
        coax_client_options options = diary_client_options(&d);
        options.backoff_min_ms = 1000;
        diary_start_client(&d, &options);
        diary_run(&d, 1500);
        differ = differ || (first != 0 && d.times[1] != first);
        first = d.times[1];
        diary_close(&d);
    }
    assert_true(differ);
}

static void a_connection_that_lasted_begins_the_waits_anew(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    diary_start_client(&d, &options);
    diary_run(&d, 5000);
    diary_start_server(&d, NULL);
    diary_run(&d, 20000);
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_OPEN);
    d.n_times = 0;
    cx_sim_reset(d.sim, NULL);
    diary_run(&d, 200);
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_OPEN);
    assert_in_range(d.times[1] - d.times[0], 80, 103);
    diary_close(&d);
}

static void drop_peer(void *self, coax_peer peer)
{
    ((diary *)self)->n_accepted++;
    assert_int_equal(coax_peer_close(peer, COAX_ERR_UNAVAILABLE, "not today"), COAX_OK);
}

static void a_server_that_drops_whoever_comes_is_not_stormed(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options dropping = COAX_SERVER_OPTIONS_INIT;
    dropping.self = &d;
    dropping.on_connect = drop_peer;
    diary_start_server(&d, &dropping);
    diary_start_client(&d, &options);
    diary_run(&d, 30000);
    assert_in_range(d.n_accepted, 6, 11); /* 100, 200 ... 12,800 ms apart */
    diary_close(&d);
}

static void count_peer(void *self, coax_peer peer)
{
    (void)peer;
    ((diary *)self)->n_accepted++;
}

static uint32_t accepted_in_30_s(uint32_t max_connection_age_ms, bool has_calls)
{
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    coax_server_options draining = COAX_SERVER_OPTIONS_INIT;
    draining.self = &d;
    draining.on_connect = count_peer;
    draining.max_connection_age_ms = max_connection_age_ms;
    diary_start_server(&d, &draining);
    diary_start_client(&d, &options);
    for (uint32_t i = 0, n_held = 0; i < 3000; i++) {
        diary_run(&d, 10);
        bool is_new = d.n_accepted > n_held && coax_client_get_state(d.client) == COAX_CLIENT_OPEN;
        if (has_calls && is_new) /* a call that is not answered keeps the old connection */
            n_held += diary_hold(&d, false, 120000) == COAX_OK;
        diary_forget(&d);
    }
    uint32_t n = d.n_accepted;
    diary_close(&d);
    return n;
}

static void a_server_that_drains_whoever_comes_is_not_stormed(void **state)
{
    (void)state;
    assert_in_range(accepted_in_30_s(1, false), 6, 12);
}

static void a_server_that_drains_and_never_closes_is_not_stormed(void **state)
{
    (void)state;
    /* The first few are replaced at once, the others waited for. */
    assert_in_range(accepted_in_30_s(200, true), 10, 24);
}

static coax_err refusal;

static void refuse_peer(void *self, coax_peer peer)
{
    (void)self;
    assert_int_equal(coax_peer_close(peer, refusal, "not you"), COAX_OK);
}

static void what_time_does_not_heal_is_not_tried_again(void **state)
{
    (void)state;
    static const coax_err reasons[] = { COAX_ERR_UNAUTHENTICATED, COAX_ERR_PERMISSION_DENIED,
                                        COAX_ERR_UNIMPLEMENTED };
    for (uint32_t i = 0; i < 3; i++) {
        diary d;
        diary_open(&d, 1);
        coax_client_options options = diary_client_options(&d);
        coax_server_options refusing = COAX_SERVER_OPTIONS_INIT;
        refusing.on_connect = refuse_peer;
        refusal = reasons[i];
        diary_start_server(&d, &refusing);
        diary_start_client(&d, &options);
        diary_run(&d, 60000);
        diary_is(&d, "+server open -server closed");
        assert_int_equal(d.reason.code, reasons[i]);
        assert_non_null(strstr(d.reason.text, "not you"));
        assert_int_equal(diary_add(&d, true, 0), COAX_ERR_UNAVAILABLE);
        diary_close(&d);
    }
}

static void after_max_attempts_it_is_closed(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    options.max_attempts = 3;
    diary_start_client(&d, &options);
    diary_run(&d, 60000);
    diary_is(&d, "waiting connecting waiting connecting closed");
    assert_int_equal(d.reason.code, COAX_ERR_UNAVAILABLE);
    diary_close(&d);
}

static void without_reconnects_the_first_end_is_the_last(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    options.reconnects = false;
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
    diary_start_server(&d, &silent);
    diary_start_client(&d, &options);
    diary_run(&d, 10);
    cx_sim_reset(d.sim, NULL);
    diary_run(&d, 60000);
    diary_is(&d, "+server open -server closed");
    diary_close(&d);
}

static void closing_is_legal_in_every_state_and_closed_comes_last(void **state)
{
    (void)state;
    diary d;
    coax_server_options silent = COAX_SERVER_OPTIONS_INIT;

    diary_open(&d, 1); /* connecting */
    coax_client_options options = diary_client_options(&d);
    diary_start_server(&d, &silent);
    diary_start_client(&d, &options);
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    coax_client_close(d.client);
    diary_is(&d, ""); /* nothing from inside */
    diary_run(&d, 60000);
    diary_is(&d, "hold cancelled closed");

    diary_start_client(&d, &options); /* open */
    diary_run(&d, 10);
    assert_int_equal(diary_hold(&d, false, 0), COAX_OK);
    coax_client_close(d.client);
    diary_run(&d, 60000);
    diary_is(&d, "+server open hold cancelled -server closed");

    diary_start_client(&d, &options); /* waiting */
    diary_run(&d, 10);
    diary_stop_server(&d);
    diary_run(&d, 10);
    assert_int_equal(coax_client_get_state(d.client), COAX_CLIENT_WAITING);
    coax_client_close(d.client);
    diary_is(&d, "+server open -server waiting");
    diary_run(&d, 60000);
    diary_is(&d, "closed");

    diary_start_client(&d, &options); /* closed for good: there is nothing to tell any more */
    diary_run(&d, 10);
    diary_close(&d);
}

static void closing_in_its_own_callbacks_is_legal(void **state)
{
    (void)state;
    static const char *const expected[] = { "waiting closed", "waiting connecting closed",
                                            "waiting connecting +server open -server closed" };
    for (uint32_t at = 0; at < 3; at++) {
        diary d;
        diary_open(&d, 1);
        coax_client_options options = diary_client_options(&d);
        coax_server_options silent = COAX_SERVER_OPTIONS_INIT;
        diary_start_client(&d, &options);
        d.closes_at = at + 1;
        diary_run(&d, 10);
        diary_start_server(&d, &silent);
        diary_run(&d, 60000);
        diary_is(&d, expected[at]);
        diary_close(&d);
    }
}

static void one_dial_at_a_time(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client_options options = diary_client_options(&d);
    options.connect_timeout_ms = 50;
    options.backoff_min_ms = 1;
    options.backoff_max_ms = 1;
    cx_sim_weather slow = { .min_delay_ns = 80 * MS, .max_delay_ns = 80 * MS };
    cx_sim_set_weather(d.sim, &slow);
    diary_start_server(&d, NULL);
    diary_start_client(&d, &options);
    for (int i = 0; i < 2000; i++) {
        diary_run(&d, 1);
        assert_true(cx_sim_loop_node(d.here)->net->n_open <= 1);
    }
    assert_non_null(strstr(d.reason.text, "connect_timeout_ms"));
    diary_close(&d);
}

static void options_that_can_not_work_are_refused_by_name(void **state)
{
    (void)state;
    diary d;
    diary_open(&d, 1);
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options options = diary_client_options(&d);
    options.backoff_min_ms = 500;
    options.backoff_max_ms = 400;
    assert_int_equal(coax_client_create(d.here, DIARY_URL, &options, &client, &error),
                     COAX_ERR_BAD_OPTION);
    assert_non_null(strstr(error.text, "backoff_max_ms"));
    options = diary_client_options(&d);
    options.backoff_min_ms = COAX_NEVER_MS;
    assert_int_equal(coax_client_create(d.here, DIARY_URL, &options, &client, &error),
                     COAX_ERR_BAD_OPTION);
    assert_non_null(strstr(error.text, "COAX_NEVER_MS"));
    options = diary_client_options(&d);
    options.reconnects = false;
    options.max_attempts = 3;
    assert_int_equal(coax_client_create(d.here, DIARY_URL, &options, &client, &error),
                     COAX_ERR_BAD_OPTION);
    assert_non_null(strstr(error.text, "max_attempts"));
    diary_close(&d);
}

static void every_state_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(coax_client_state_name(COAX_CLIENT_WAITING), "waiting");
    assert_string_equal(coax_client_state_name((coax_client_state)99), "unknown");
    assert_string_equal(coax_server_state_name(COAX_SERVER_STOPPED), "stopped");
    assert_string_equal(coax_server_state_name((coax_server_state)0), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_connection_is_dialled_again),
        cmocka_unit_test(calls_in_flight_end_with_their_connection),
        cmocka_unit_test(without_a_connection_a_call_fails_at_once_and_says_why),
        cmocka_unit_test(a_call_that_waits_for_ready_leaves_with_the_next_connection),
        cmocka_unit_test(a_waiting_call_is_sent_once_although_connections_come_and_go),
        cmocka_unit_test(waiting_calls_end_when_nobody_will_connect_any_more),
        cmocka_unit_test(the_wait_doubles_with_a_fifth_of_chance_up_to_the_longest),
        cmocka_unit_test(clients_that_lost_one_server_do_not_come_back_together),
        cmocka_unit_test(a_connection_that_lasted_begins_the_waits_anew),
        cmocka_unit_test(a_server_that_drops_whoever_comes_is_not_stormed),
        cmocka_unit_test(a_server_that_drains_whoever_comes_is_not_stormed),
        cmocka_unit_test(a_server_that_drains_and_never_closes_is_not_stormed),
        cmocka_unit_test(what_time_does_not_heal_is_not_tried_again),
        cmocka_unit_test(after_max_attempts_it_is_closed),
        cmocka_unit_test(without_reconnects_the_first_end_is_the_last),
        cmocka_unit_test(closing_is_legal_in_every_state_and_closed_comes_last),
        cmocka_unit_test(closing_in_its_own_callbacks_is_legal),
        cmocka_unit_test(one_dial_at_a_time),
        cmocka_unit_test(options_that_can_not_work_are_refused_by_name),
        cmocka_unit_test(every_state_has_a_name),
    };
    return cmocka_run_group_tests_name("reconnect", tests, NULL, NULL);
}
