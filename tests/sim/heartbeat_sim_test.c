/*
 * Heartbeat between whole nodes in the simulator: a peer that is gone is found in time, one that is
 * slow is left alone. A seed replays a run; the arguments are a first seed and a count.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/shell_sim.h"
#include "probe.h"
#include "transport/sim.h"

#define MS UINT64_C(1000000)
#define URL "tcp://server:7"

enum { HEARTBEAT_MS = 1000, TIMEOUT_MS = 2000 };

static uint64_t first_seed = 1;
static uint64_t n_seeds = 50;

typedef struct world {
    cx_sim *sim;
    uint64_t seed;
    coax_loop *there;
    coax_loop *here;
    coax_server *server;
    coax_client *client;
    probe probe;
    coax_error reason; /* why the client's connection ended */
    uint64_t ended_ns;
    uint32_t n_answered;
} world;

#define CHECK(w, condition)                                                                        \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("seed %" PRIu64 ", at %" PRIu64 " ms: %s", (w)->seed,                         \
                     cx_sim_now((w)->sim) / MS, #condition);                                       \
    } while (0)

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    world *w = self;
    (void)peer;
    w->reason = *reason;
    w->ended_ns = cx_sim_now(w->sim);
}

static coax_limits limits(void)
{
    coax_limits chosen = COAX_LIMITS_INIT;
    chosen.heartbeat_ms = HEARTBEAT_MS;
    chosen.heartbeat_timeout_ms = TIMEOUT_MS;
    chosen.min_ping_ms = HEARTBEAT_MS / 2;
    chosen.progress_timeout_ms = 3600000;
    return chosen;
}

static void open_world(world *w, uint64_t seed, const cx_sim_weather *weather)
{
    memset(w, 0, sizeof *w);
    w->seed = seed;
    w->sim = cx_sim_create(seed);
    assert_non_null(w->sim);
    cx_sim_set_weather(w->sim, weather);
    w->there = cx_sim_loop_create(w->sim, NULL);
    w->here = cx_sim_loop_create(w->sim, NULL);
    coax_server_options server = COAX_SERVER_OPTIONS_INIT;
    server.limits = limits();
    server.self = &w->probe;
    server.on_connect = probe_on_connect;
    server.on_disconnect = probe_on_disconnect;
    CHECK(w, coax_server_create(w->there, &server, &w->server, NULL) == COAX_OK);
    CHECK(w, probe_serve(w->server, &w->probe) == COAX_OK);
    CHECK(w, coax_server_listen(w->server, URL, NULL) == COAX_OK);
    coax_client_options client = COAX_CLIENT_OPTIONS_INIT;
    client.limits = limits();
    client.self = w;
    client.connect_timeout_ms = 60000;
    client.limits.open_timeout_ms = 60000;
    client.on_disconnect = on_disconnect;
    client.trust = COAX_TRUST_ANY; /* a run depends on no file */
    CHECK(w, coax_client_create(w->here, URL, &client, &w->client, NULL) == COAX_OK);
}

static void close_world(world *w)
{
    CHECK(w, coax_loop_destroy(w->here) == COAX_OK);
    CHECK(w, coax_loop_destroy(w->there) == COAX_OK);
    cx_sim_destroy(w->sim);
}

static void pass(world *w, uint64_t ms)
{
    cx_sim_run_until(w->sim, cx_sim_now(w->sim) + ms * MS);
}

static void a_half_open_peer_is_found_by_both_sides(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + n_seeds; seed++) {
        static world w;
        const cx_sim_weather weather = { .max_delay_ns = 20 * MS, .max_piece = 100 };
        open_world(&w, seed, &weather);
        pass(&w, 500 + cx_sim_below(w.sim, 10000));
        CHECK(&w, coax_client_get_state(w.client) == COAX_CLIENT_OPEN);
        CHECK(&w, coax_peer_rtt_us(coax_client_peer(w.client)) <= 40 * 1000 + 5000);
        uint64_t since = cx_sim_now(w.sim);
        cx_sim_black_hole(w.sim, cx_sim_loop_node(w.here));
        pass(&w, HEARTBEAT_MS + TIMEOUT_MS + 100);
        CHECK(&w, w.probe.n_disconnected == 1);
        CHECK(&w, w.reason.code == COAX_ERR_UNAVAILABLE);
        CHECK(&w, strstr(w.reason.text, "did not answer a PING") != NULL);
        CHECK(&w, w.ended_ns - since >= TIMEOUT_MS * MS - 40 * MS);
        close_world(&w);
    }
}

static void on_grown(void *self, const probe_probe_grow_result *result)
{
    ((world *)self)->n_answered += result->err == COAX_OK;
}

/* A round trip takes almost the time that a PING waits, in pieces and with stalls; all is well. */
static void a_slow_but_living_peer_is_left_alone(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + n_seeds; seed++) {
        static world w;
        const cx_sim_weather weather = {
            .min_delay_ns = 300 * MS, .max_delay_ns = 900 * MS, .max_piece = 1000, .capacity = 4096
        };
        open_world(&w, seed, &weather);
        pass(&w, 10000);
        for (unsigned i = 0; i < 5; i++) {
            probe_probe_grow_request request = { .len = 20000 };
            coax_call_options options = COAX_CALL_OPTIONS_INIT;
            options.timeout_ms = 3600000;
            CHECK(&w, probe_probe_grow(w.client, &request, &options, on_grown, &w) == COAX_OK);
            pass(&w, cx_sim_below(w.sim, 60000));
        }
        pass(&w, 600000);
        CHECK(&w, coax_client_get_state(w.client) == COAX_CLIENT_OPEN);
        CHECK(&w, w.n_answered == 5);
        CHECK(&w, coax_peer_rtt_us(coax_client_peer(w.client)) >= 600 * 1000);
        CHECK(&w, w.probe.n_disconnected == 0);
        close_world(&w);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        n_seeds = strtoull(argv[2], NULL, 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_half_open_peer_is_found_by_both_sides),
        cmocka_unit_test(a_slow_but_living_peer_is_left_alone),
    };
    return cmocka_run_group_tests_name("heartbeat_sim", tests, NULL, NULL);
}
