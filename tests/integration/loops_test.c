/*
 * Servers with many loops: how connections spread, limits over all of them, and every way of ending.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hall.h"
#include "node/shell_sim.h"

enum { LOOPS = 4, CLIENTS = 40 };

/* How many loops `clients` are on; `ret_most`: clients on the fullest one. */
static uint32_t count_loops(coax_client *const *clients, uint32_t n, uint32_t *ret_most)
{
    uint64_t seen[LOOPS];
    uint32_t on[LOOPS] = { 0 };
    uint32_t count = 0;
    *ret_most = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t loop = hall_where(clients[i]);
        uint32_t at = 0;
        while (at < count && seen[at] != loop)
            at++;
        assert_true(at < LOOPS);
        if (at == count)
            seen[count++] = loop;
        if (++on[at] > *ret_most)
            *ret_most = on[at];
    }
    return count;
}

static void dial_all(const hall *h, coax_client **clients, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        clients[i] = hall_dial(h);
}

static void close_clients(coax_client **clients, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        coax_client_close(clients[i]);
}

static void tcp_connections_are_spread_by_the_system(void **state)
{
    (void)state;
    hall h;
    coax_client *clients[CLIENTS];
    uint32_t most = 0;
    hall_make(&h, LOOPS, NULL);
    hall_open(&h, "tcp://127.0.0.1:0");
    dial_all(&h, clients, CLIENTS);
    assert_true(count_loops(clients, CLIENTS, &most) > 1); /* all on one: once in 4^39 */
    assert_int_equal(coax_server_n_peers(h.server), CLIENTS);
    close_clients(clients, CLIENTS);
    hall_close(&h);
    assert_int_equal(atomic_load(&h.n_connects), CLIENTS);
}

static void unix_connections_are_dealt_out_in_turn(void **state)
{
    (void)state;
    hall h;
    coax_client *clients[CLIENTS];
    uint32_t most = 0;
    hall_make(&h, LOOPS, NULL);
    hall_open(&h, hall_unix_url());
    dial_all(&h, clients, CLIENTS);
    assert_int_equal(count_loops(clients, CLIENTS, &most), LOOPS);
    assert_int_equal(most, CLIENTS / LOOPS);
    close_clients(clients, CLIENTS);
    hall_close(&h);
    assert_int_equal(atomic_load(&h.n_connects), CLIENTS);
}

static void a_second_address_is_spread_as_well(void **state)
{
    (void)state;
    hall h;
    coax_client *clients[2 * LOOPS];
    uint32_t most = 0;
    hall_make(&h, LOOPS, NULL);
    assert_int_equal(coax_server_listen(h.server, "tcp://127.0.0.1:0", NULL), COAX_OK);
    assert_int_equal(coax_server_listen(h.server, hall_unix_url(), NULL), COAX_OK);
    hall_run(&h);
    (void)coax_server_address(h.server, 1, h.url, sizeof h.url);
    dial_all(&h, clients, 2 * LOOPS);
    assert_int_equal(count_loops(clients, 2 * LOOPS, &most), LOOPS);
    close_clients(clients, 2 * LOOPS);
    hall_close(&h);
}

static void max_connections_counts_over_all_loops(void **state)
{
    (void)state;
    hall h;
    coax_client *clients[5];
    coax_client *one_more = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.max_connections = 5;
    hall_make(&h, 3, &options);
    hall_open(&h, hall_unix_url());
    dial_all(&h, clients, 5);
    assert_int_not_equal(coax_dial(h.url, NULL, &one_more, &error), COAX_OK);
    assert_non_null(strstr(error.text, "max_connections"));
    close_clients(clients, 5);
    hall_close(&h);
}

static void nothing_can_be_served_once_many_loops_listen(void **state)
{
    (void)state;
    hall h;
    static const crowd_crowd_handlers none = { 0 };
    hall_make(&h, 2, NULL);
    assert_int_equal(coax_server_listen(h.server, "tcp://127.0.0.1:0", NULL), COAX_OK);
    assert_int_equal(crowd_crowd_serve(h.server, &none, &h), COAX_ERR_MISUSE);
    hall_close(&h);
}

static void options_that_can_not_work_are_refused_by_name(void **state)
{
    (void)state;
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_loop *loop = coax_loop_create(NULL);
    options.loops = 257;
    assert_int_equal(coax_server_create(loop, &options, &server, &error), COAX_ERR_BAD_OPTION);
    assert_non_null(strstr(error.text, "loops"));
    options.loops = 1;
    options.n_workers = 1025;
    assert_int_equal(coax_server_create(loop, &options, &server, &error), COAX_ERR_BAD_OPTION);
    assert_non_null(strstr(error.text, "n_workers"));
    options.n_workers = 0;
    coax_loop_destroy(loop);
    cx_sim *sim = cx_sim_create(1);
    loop = cx_sim_loop_create(sim, NULL);
    options.loops = 2;
    assert_int_equal(coax_server_create(loop, &options, &server, &error), COAX_ERR_BAD_OPTION);
    assert_non_null(strstr(error.text, "loops"));
    coax_loop_destroy(loop);
    cx_sim_destroy(sim);
}

static void a_port_in_use_is_still_found_to_be(void **state)
{
    (void)state;
    hall h;
    hall other;
    coax_error error = COAX_ERROR_INIT;
    hall_make(&h, 2, NULL);
    hall_open(&h, "tcp://127.0.0.1:0");
    hall_make(&other, 2, NULL);
    assert_int_equal(coax_server_listen(other.server, h.url, &error), COAX_ERR_IN_USE);
    hall_close(&other);
    hall_close(&h);
}

static void in_process_connections_stay_on_the_first_loop(void **state)
{
    (void)state;
    hall h;
    coax_client *client = NULL;
    hall_make(&h, 2, NULL);
    hall_open(&h, "inproc://hall");
    coax_loop_stop(h.loop);
    assert_int_equal(uv_thread_join(&h.thread), 0);
    assert_int_equal(coax_client_create(h.loop, h.url, NULL, &client, NULL), COAX_OK);
    hall_run(&h);
    assert_int_equal(hall_where(client), (uintptr_t)h.loop);
    hall_close(&h);
}

static void a_loop_of_a_connection_can_be_posted_to(void **state)
{
    (void)state;
    hall h;
    coax_client *clients[LOOPS];
    hall_make(&h, LOOPS, NULL);
    hall_open(&h, hall_unix_url());
    dial_all(&h, clients, LOOPS);
    for (uint32_t i = 0; i < LOOPS; i++) {
        const crowd_crowd_post_request request = { 0 };
        crowd_crowd_post_result result;
        assert_int_equal(crowd_crowd_post_wait(clients[i], &request, NULL, &result), COAX_OK);
        assert_true(result.reply->is_posted);
        crowd_crowd_post_result_free(&result);
    }
    close_clients(clients, LOOPS);
    hall_close(&h);
    assert_int_equal(atomic_load(&h.n_posted), LOOPS);
}

static void a_private_loop_is_not_the_users_to_run(void **state)
{
    (void)state;
    hall h;
    hall_make(&h, 2, NULL);
    hall_open(&h, hall_unix_url());
    coax_client *client = hall_dial(&h); /* the first one goes to the first private loop */
    coax_loop *private_loop = (coax_loop *)(uintptr_t)hall_where(client);
    assert_ptr_not_equal(private_loop, h.loop);
    assert_int_equal(coax_loop_run(private_loop), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_process(private_loop), COAX_ERR_MISUSE);
    assert_int_equal(coax_loop_destroy(private_loop), COAX_ERR_MISUSE);
    coax_loop_stop(private_loop);
    assert_int_equal(hall_where(client), (uintptr_t)private_loop);
    coax_client_close(client);
    hall_close(&h);
}

static void a_handler_on_any_loop_may_close_the_server(void **state)
{
    (void)state;
    for (uint32_t turn = 0; turn < LOOPS; turn++) {
        hall h;
        coax_client *clients[LOOPS];
        const crowd_crowd_shut_request request = { 0 };
        crowd_crowd_shut_result result;
        hall_make(&h, LOOPS, NULL);
        hall_open(&h, hall_unix_url());
        dial_all(&h, clients, LOOPS);
        assert_int_equal(crowd_crowd_shut_wait(clients[turn], &request, NULL, &result),
                         COAX_ERR_UNAVAILABLE);
        crowd_crowd_shut_result_free(&result);
        assert_int_equal(uv_thread_join(&h.thread), 0); /* nothing is open any more: it returns */
        h.has_thread = false;
        close_clients(clients, LOOPS);
        hall_close(&h);
    }
}

static void a_users_own_libuv_loop_may_have_a_server_with_many(void **state)
{
    (void)state;
    uv_loop_t uv;
    hall h;
    assert_int_equal(uv_loop_init(&uv), 0);
    memset(&h, 0, sizeof h);
    h.loop = coax_loop_from_uv(&uv, NULL);
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.loops = 3;
    assert_int_equal(coax_server_create(h.loop, &options, &h.server, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(h.server, "tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)uv_run(&uv, UV_RUN_NOWAIT);
    coax_server_close(h.server);
    (void)uv_run(&uv, UV_RUN_DEFAULT); /* until the threads have been joined */
    assert_int_equal(coax_loop_destroy(h.loop), COAX_OK);
    assert_int_equal(uv_loop_close(&uv), 0);
}

/* Dials, calls, and hangs up, again and again, until the server is gone. */
typedef struct guest {
    const hall *hall;
    uv_thread_t thread;
    atomic_uint *n_right;
    bool is_wrong;
} guest;

static bool visit(guest *g)
{
    coax_client *client = NULL;
    if (coax_dial(g->hall->url, NULL, &client, NULL) != COAX_OK)
        return false;
    coax_err rc = COAX_OK;
    for (uint32_t i = 0; i < 20 && rc == COAX_OK; i++) {
        const crowd_crowd_add_request request = { i, 7 };
        crowd_crowd_add_result result;
        rc = crowd_crowd_add_wait(client, &request, NULL, &result);
        if (rc == COAX_OK && result.reply->sum != i + 7)
            g->is_wrong = true;
        if (rc == COAX_OK)
            atomic_fetch_add(g->n_right, 1);
        crowd_crowd_add_result_free(&result);
    }
    coax_client_close(client);
    return rc == COAX_OK;
}

static void run_guest(void *self)
{
    while (visit(self))
        continue;
}

static void close_server(void *self)
{
    hall *h = self;
    coax_server_close(h->server);
}

static void guests_come_and_go_until_the_server_closes(const char *url)
{
    hall h;
    guest guests[LOOPS];
    atomic_uint n_right;
    atomic_init(&n_right, 0);
    hall_make(&h, LOOPS, NULL);
    hall_open(&h, url);
    for (uint32_t i = 0; i < LOOPS; i++) {
        guests[i] = (guest){ .hall = &h, .n_right = &n_right };
        assert_int_equal(uv_thread_create(&guests[i].thread, run_guest, &guests[i]), 0);
    }
    coax_client *watcher = hall_dial(&h);
    while (atomic_load(&n_right) < 2000)
        (void)hall_where(watcher);
    assert_int_equal(coax_loop_post(h.loop, close_server, &h), COAX_OK);
    for (uint32_t i = 0; i < LOOPS; i++) {
        assert_int_equal(uv_thread_join(&guests[i].thread), 0);
        assert_false(guests[i].is_wrong);
    }
    coax_client_close(watcher);
    hall_close(&h);
    assert_true(atomic_load(&h.n_disconnects) <= atomic_load(&h.n_connects));
    assert_true(atomic_load(&h.n_connects) > 2000 / 20);
}

static void a_server_on_tcp_closes_under_load(void **state)
{
    (void)state;
    guests_come_and_go_until_the_server_closes("tcp://127.0.0.1:0");
}

static void a_server_on_unix_sockets_closes_under_load(void **state)
{
    (void)state;
    guests_come_and_go_until_the_server_closes(hall_unix_url());
}

static void destroying_the_loop_ends_a_busy_server(void **state)
{
    (void)state;
    hall h;
    guest guests[2];
    atomic_uint n_right;
    atomic_init(&n_right, 0);
    hall_make(&h, 3, NULL);
    hall_open(&h, "tcp://127.0.0.1:0");
    for (uint32_t i = 0; i < 2; i++) {
        guests[i] = (guest){ .hall = &h, .n_right = &n_right };
        assert_int_equal(uv_thread_create(&guests[i].thread, run_guest, &guests[i]), 0);
    }
    coax_client *watcher = hall_dial(&h);
    while (atomic_load(&n_right) < 200)
        (void)hall_where(watcher);
    hall_close(&h); /* while they call */
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(uv_thread_join(&guests[i].thread), 0);
    coax_client_close(watcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp_connections_are_spread_by_the_system),
        cmocka_unit_test(unix_connections_are_dealt_out_in_turn),
        cmocka_unit_test(a_second_address_is_spread_as_well),
        cmocka_unit_test(max_connections_counts_over_all_loops),
        cmocka_unit_test(nothing_can_be_served_once_many_loops_listen),
        cmocka_unit_test(options_that_can_not_work_are_refused_by_name),
        cmocka_unit_test(a_port_in_use_is_still_found_to_be),
        cmocka_unit_test(in_process_connections_stay_on_the_first_loop),
        cmocka_unit_test(a_loop_of_a_connection_can_be_posted_to),
        cmocka_unit_test(a_private_loop_is_not_the_users_to_run),
        cmocka_unit_test(a_handler_on_any_loop_may_close_the_server),
        cmocka_unit_test(a_users_own_libuv_loop_may_have_a_server_with_many),
        cmocka_unit_test(a_server_on_tcp_closes_under_load),
        cmocka_unit_test(a_server_on_unix_sockets_closes_under_load),
        cmocka_unit_test(destroying_the_loop_ends_a_busy_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
