/*
 * Draining a server with many loops: each of them drains, and then the threads are gone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "hall.h"

enum { LOOPS = 4, CLIENTS = 12 };

typedef struct witness {
    hall hall;
    atomic_uint states;  /* bits, in the order they were told */
    atomic_uint n_left;  /* open connections, as the hooks tell */
    atomic_uint n_early; /* disconnects behind STOPPED */
} witness;

static void on_state(void *self, coax_server *server, coax_server_state state)
{
    witness *w = self;
    (void)server;
    if (atomic_load(&w->states) >> state != 0)
        atomic_fetch_add(&w->n_early, 1);
    if (state == COAX_SERVER_STOPPED && atomic_load(&w->n_left) != 0)
        atomic_fetch_add(&w->n_early, 1);
    atomic_fetch_or(&w->states, 1u << state);
}

static void on_connect(void *self, coax_peer peer)
{
    (void)peer;
    atomic_fetch_add(&((witness *)self)->n_left, 1);
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    witness *w = self;
    (void)peer;
    (void)reason;
    atomic_fetch_sub(&w->n_left, 1);
    if (atomic_load(&w->states) >> COAX_SERVER_STOPPED != 0)
        atomic_fetch_add(&w->n_early, 1);
}

static void drain(void *self)
{
    witness *w = self;
    (void)coax_server_drain(w->hall.server, 10000);
    (void)coax_server_drain(w->hall.server, 5000); /* and once more, in a hurry */
}

static void each_loop_drains_and_run_returns(const char *url)
{
    static witness w;
    coax_client *clients[CLIENTS];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    atomic_store(&w.states, 0);
    atomic_store(&w.n_left, 0);
    options.self = &w;
    options.on_state = on_state;
    options.on_connect = on_connect;
    options.on_disconnect = on_disconnect;
    hall_make(&w.hall, LOOPS, &options);
    hall_open(&w.hall, url);
    for (uint32_t i = 0; i < CLIENTS; i++)
        clients[i] = hall_dial(&w.hall);
    assert_int_equal(coax_loop_post(w.hall.loop, drain, &w), COAX_OK);
    assert_int_equal(uv_thread_join(&w.hall.thread), 0); /* nothing is open any more */
    w.hall.has_thread = false;
    assert_int_equal(coax_server_get_state(w.hall.server), COAX_SERVER_STOPPED);
    assert_int_equal(coax_server_n_peers(w.hall.server), 0);
    assert_int_equal(atomic_load(&w.states), 1u << COAX_SERVER_LISTENING |
                                                 1u << COAX_SERVER_DRAINING |
                                                 1u << COAX_SERVER_STOPPED);
    assert_int_equal(atomic_load(&w.n_early), 0);
    for (uint32_t i = 0; i < CLIENTS; i++)
        coax_client_close(clients[i]);
    hall_close(&w.hall);
    assert_int_equal(atomic_load(&w.n_early), 0);
}

static void connections_spread_by_the_system_drain(void **state)
{
    (void)state;
    each_loop_drains_and_run_returns("tcp://127.0.0.1:0");
}

static void connections_dealt_out_drain(void **state)
{
    (void)state;
    each_loop_drains_and_run_returns(hall_unix_url());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_spread_by_the_system_drain),
        cmocka_unit_test(connections_dealt_out_drain),
    };
    return cmocka_run_group_tests_name("loops_drain", tests, NULL, NULL);
}
