/*
 * Clients that reconnect, servers that come, go, drain and are killed, in the simulator: a seed replays a run; the
 * arguments are a first seed and a count.
 *
 * Held in every run: each call ends exactly once, none outlives its deadline; a request is handled at most
 * once, whatever is dialled again; a client never has more than one connection that takes calls; a drained
 * server stops when its time is over at the latest, and says each state once; and once the faults stop,
 * every client is connected again within the longest backoff.
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
#define LATE_NS (3u * MS)
#define URL "tcp://server:7"

enum {
    CLIENTS = 4,
    CALLS_MAX = 500,
    BACKOFF_MAX_MS = 400,
    CONNECT_MS = 300,
    DRAIN_MS = 250,
    /* What a connection that nobody answers on may take to be noticed. */
    HEARTBEAT_MS = 100,
    STEPS = 500
};

static uint64_t first_seed = 1;
static uint64_t n_seeds = 100;
static uint64_t n_ok_in_all;
static uint64_t n_waited_in_all;
static uint64_t n_drains_in_all;
static uint64_t n_reopened_in_all;

typedef struct world world;

typedef struct started {
    world *w;
    uint64_t deadline_ns;
    uint32_t n_ends;
    uint32_t n_handled;
    bool waits;
    coax_call handle;
} started;

typedef struct seat {
    world *w;
    coax_loop *loop;
    coax_client *client;
    coax_client_state state;
    uint32_t n_open; /* connections that have opened and not ended */
    uint32_t n_opened;
} seat;

struct world {
    cx_sim *sim;
    uint64_t seed;
    coax_loop *there; /* NULL: no server now */
    coax_server *server;
    uint8_t told;         /* bits of the server's states */
    uint64_t stops_by_ns; /* a drain under way must be over; 0: none is */
    uint32_t n_open;      /* the server's connections */
    probe probe;
    uint32_t n_held_seen;
    seat seats[CLIENTS];
    started calls[CALLS_MAX];
    uint32_t n_calls;
    uint32_t n_ended;
    bool is_inside;
    bool has_age;    /* the server drains old connections */
    bool is_healing; /* no more of that */
};

#define CHECK(w, condition)                                                                        \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("seed %" PRIu64 ", step %" PRIu64 ": %s", (w)->seed, cx_sim_steps((w)->sim),  \
                     #condition);                                                                  \
    } while (0)

static uint64_t below(world *w, uint64_t n)
{
    return cx_sim_below(w->sim, n);
}

static void ended(started *c, coax_err err)
{
    world *w = c->w;
    CHECK(w, !w->is_inside);
    CHECK(w, c->n_ends == 0);
    CHECK(w, cx_sim_now(w->sim) <= c->deadline_ns + LATE_NS);
    c->n_ends++;
    w->n_ended++;
    n_ok_in_all += err == COAX_OK ? 1 : 0;
    n_waited_in_all += err == COAX_OK && c->waits ? 1 : 0;
}

static void on_added(void *self, const probe_probe_add_result *result)
{
    ended(self, result->err);
}

static void on_held(void *self, const probe_probe_hold_result *result)
{
    ended(self, result->err);
}

static void on_asked(void *self, const probe_probe_ask_back_result *result)
{
    ended(self, result->err);
}

static void on_server_state(void *self, coax_server *server, coax_server_state state)
{
    world *w = self;
    (void)server;
    CHECK(w, w->told >> state == 0); /* never back, never twice */
    w->told |= (uint8_t)(1u << state);
    if (state == COAX_SERVER_STOPPED) {
        CHECK(w, w->n_open == 0);
        w->stops_by_ns = 0;
    }
}

static void on_server_connect(void *self, coax_peer peer)
{
    world *w = self;
    (void)peer;
    CHECK(w, (w->told >> COAX_SERVER_DRAINING) == 0);
    w->n_open++;
}

static void on_server_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    world *w = self;
    (void)peer;
    (void)reason;
    CHECK(w, w->n_open > 0 && (w->told >> COAX_SERVER_STOPPED) == 0);
    w->n_open--;
}

static void on_client_state(void *self, coax_client *client, coax_client_state state,
                            const coax_error *reason)
{
    seat *s = self;
    (void)client;
    CHECK(s->w, s->state != COAX_CLIENT_CLOSED && state != s->state);
    CHECK(s->w, state != COAX_CLIENT_WAITING || reason->text[0] != '\0');
    CHECK(s->w, state != COAX_CLIENT_CLOSED || s->n_open == 0);
    s->state = state;
}

static void on_client_connect(void *self, coax_peer peer)
{
    seat *s = self;
    (void)peer;
    s->n_open++;
    s->n_opened++;
    n_reopened_in_all += s->n_opened > 1 ? 1 : 0;
}

static void on_client_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    seat *s = self;
    (void)peer;
    CHECK(s->w, reason->text[0] != '\0' && s->n_open > 0);
    s->n_open--;
}

static void change_weather(world *w, bool faulty)
{
    cx_sim_weather weather;
    memset(&weather, 0, sizeof weather);
    weather.min_delay_ns = below(w, 2 * MS);
    weather.max_delay_ns = weather.min_delay_ns + below(w, 5 * MS);
    weather.max_piece = below(w, 2) == 0 ? 0 : (uint32_t)(20 + below(w, 300));
    weather.coalesces = below(w, 2) == 0;
    weather.refuse_ppm = faulty && below(w, 3) == 0 ? 400000 : 0;
    weather.reset_ppm = faulty && below(w, 3) == 0 ? 20000 : 0;
    cx_sim_set_weather(w->sim, &weather);
}

static void start_server(world *w)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.self = w;
    options.on_state = on_server_state;
    options.on_connect = on_server_connect;
    options.on_disconnect = on_server_disconnect;
    options.limits.open_timeout_ms = 400;
    options.limits.heartbeat_ms = HEARTBEAT_MS;
    options.limits.heartbeat_timeout_ms = HEARTBEAT_MS;
    options.limits.min_ping_ms = 10;
    if (!w->is_healing && below(w, 2) == 0)
        options.max_connection_age_ms = (uint32_t)(50 + below(w, 500));
    w->has_age = options.max_connection_age_ms != 0;
    options.drain_timeout_ms = DRAIN_MS;
    memset(&w->probe, 0, sizeof w->probe);
    w->n_held_seen = 0;
    w->told = 0;
    w->n_open = 0;
    w->stops_by_ns = 0;
    w->there = cx_sim_loop_create(w->sim, NULL);
    CHECK(w, coax_server_create(w->there, &options, &w->server, NULL) == COAX_OK);
    CHECK(w, probe_serve(w->server, &w->probe) == COAX_OK);
    CHECK(w, coax_server_listen(w->server, URL, NULL) == COAX_OK);
}

static void stop_server(world *w)
{
    if (w->there == NULL)
        return;
    if (below(w, 2) == 0)
        cx_sim_reset(w->sim, cx_sim_loop_node(w->there)); /* killed: nobody hears a word */
    CHECK(w, coax_loop_destroy(w->there) == COAX_OK);
    CHECK(w, (w->told >> COAX_SERVER_STOPPED) == 1);
    w->there = NULL;
    w->server = NULL;
    w->stops_by_ns = 0;
    w->probe.n_held = 0; /* handles end with their loop */
    w->n_held_seen = 0;
}

static void drain_server(world *w)
{
    if (w->there == NULL || coax_server_get_state(w->server) == COAX_SERVER_STOPPED)
        return;
    uint32_t ms = (uint32_t)(1 + below(w, DRAIN_MS));
    uint64_t by_ns = cx_sim_now(w->sim) + ms * MS + LATE_NS;
    CHECK(w, coax_server_drain(w->server, ms) == COAX_OK);
    if (w->stops_by_ns == 0 || by_ns < w->stops_by_ns)
        w->stops_by_ns = by_ns;
    n_drains_in_all++;
}

static void open_client(world *w, seat *s)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = s;
    options.reconnects = true;
    options.backoff_min_ms = (uint32_t)(1 + below(w, 50));
    options.backoff_max_ms = BACKOFF_MAX_MS;
    options.connect_timeout_ms = CONNECT_MS;
    options.drain_timeout_ms = DRAIN_MS;
    options.limits.heartbeat_ms = HEARTBEAT_MS;
    options.limits.heartbeat_timeout_ms = HEARTBEAT_MS;
    options.limits.min_ping_ms = 10;
    options.on_state = on_client_state;
    options.on_connect = on_client_connect;
    options.on_disconnect = on_client_disconnect;
    s->w = w;
    s->state = COAX_CLIENT_CONNECTING;
    options.trust = COAX_TRUST_ANY; /* a run depends on no file */
    CHECK(w, coax_client_create(s->loop, URL, &options, &s->client, NULL) == COAX_OK);
    CHECK(w, helper_serve(s->client) == COAX_OK);
}

static void start_call(world *w)
{
    seat *s = &w->seats[below(w, CLIENTS)];
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    if (w->n_calls == CALLS_MAX)
        return;
    started *c = &w->calls[w->n_calls];
    c->w = w;
    c->waits = below(w, 2) == 0;
    options.waits_for_ready = c->waits;
    options.timeout_ms = (uint32_t)(1 + below(w, 800));
    options.ret_call = &c->handle;
    c->deadline_ns = cx_sim_now(w->sim) + options.timeout_ms * MS;
    w->is_inside = true;
    coax_err rc;
    uint64_t kind = below(w, 10);
    if (kind < 5) {
        probe_probe_add_request request = { .a = 1, .b = 2 };
        rc = probe_probe_add(s->client, &request, &options, on_added, c);
    } else if (kind < 8) {
        probe_probe_hold_request request = { .ticket = w->n_calls };
        rc = probe_probe_hold(s->client, &request, &options, on_held, c);
    } else {
        probe_probe_ask_back_request request = { .number = 7, .times = 3 };
        rc = probe_probe_ask_back(s->client, &request, &options, on_asked, c);
    }
    w->is_inside = false;
    CHECK(w, rc == COAX_OK || (rc == COAX_ERR_UNAVAILABLE && !c->waits));
    w->n_calls += rc == COAX_OK ? 1 : 0;
}

/* Answers held calls, and counts how often each was handed to a handler. */
static void answer_held(world *w, bool all)
{
    for (uint32_t i = w->n_held_seen; i < w->probe.n_held; i++)
        CHECK(w, ++w->calls[w->probe.tickets[i]].n_handled == 1);
    w->n_held_seen = w->probe.n_held;
    while (w->probe.n_held > 0 && (all || below(w, 3) == 0)) {
        probe_probe_hold_response reply = { .ticket = 1 };
        (void)probe_probe_hold_reply(w->probe.held[--w->probe.n_held], &reply);
        w->n_held_seen = w->probe.n_held;
    }
}

static void do_something(world *w)
{
    uint64_t what = below(w, 1000);
    seat *s = &w->seats[below(w, CLIENTS)];
    if (what < 650)
        start_call(w);
    else if (what < 720 && w->n_calls > 0)
        (void)coax_call_cancel(w->calls[below(w, w->n_calls)].handle);
    else if (what < 850)
        answer_held(w, false);
    else if (what < 870)
        cx_sim_reset(w->sim, cx_sim_loop_node(s->loop));
    else if (what < 880)
        cx_sim_stall(w->sim, cx_sim_loop_node(s->loop), cx_sim_now(w->sim) + below(w, 150) * MS);
    else if (what < 885)
        cx_sim_black_hole(w->sim, cx_sim_loop_node(s->loop));
    else if (what < 900)
        change_weather(w, true);
    else if (what < 920)
        drain_server(w);
    else if (what < 940)
        stop_server(w);
    else if (what < 985 && w->there == NULL)
        start_server(w);
    else if (what < 990) {
        coax_client_close(s->client);
        cx_sim_run_until(w->sim, cx_sim_now(w->sim) + 1);
        CHECK(w, s->state == COAX_CLIENT_CLOSED);
        open_client(w, s);
    }
}

static void check(world *w)
{
    answer_held(w, false);
    CHECK(w, w->stops_by_ns == 0 || cx_sim_now(w->sim) <= w->stops_by_ns);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        const seat *s = &w->seats[i];
        CHECK(w, coax_client_get_state(s->client) == s->state);
        CHECK(w, s->state != COAX_CLIENT_OPEN || s->n_open > 0);
    }
}

static void open_world(world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    w->seed = seed;
    w->sim = cx_sim_create(seed);
    assert_non_null(w->sim);
    change_weather(w, true);
    if (below(w, 2) == 0)
        start_server(w);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        w->seats[i].loop = cx_sim_loop_create(w->sim, NULL);
        open_client(w, &w->seats[i]);
    }
}

static void close_world(world *w)
{
    for (uint32_t i = 0; i < CLIENTS; i++) {
        CHECK(w, coax_loop_destroy(w->seats[i].loop) == COAX_OK);
        CHECK(w, w->seats[i].state == COAX_CLIENT_CLOSED && w->seats[i].n_open == 0);
    }
    stop_server(w);
    CHECK(w, w->n_ended == w->n_calls);
    CHECK(w, !cx_sim_step(w->sim));
    cx_sim_destroy(w->sim);
}

/* The faults stop: the network is well, and a server is there to stay. */
static void heal(world *w)
{
    change_weather(w, false);
    w->is_healing = true;
    if (w->there != NULL && (w->told >> COAX_SERVER_DRAINING != 0 || w->has_age))
        stop_server(w);
    if (w->there == NULL)
        start_server(w);
    /* Until every connection that is not one has been found out ... */
    cx_sim_run_until(w->sim, cx_sim_now(w->sim) + (2 * HEARTBEAT_MS + CONNECT_MS + 20) * MS);
    cx_sim_reset(w->sim, NULL); /* streams dialled in bad weather keep it: the last fault */
    /* ... and then the longest wait, and a round trip or two. */
    for (uint32_t ms = 0; ms < BACKOFF_MAX_MS + 50; ms++) {
        cx_sim_run_until(w->sim, cx_sim_now(w->sim) + MS);
        answer_held(w, true);
    }
}

static void run_world(uint64_t seed)
{
    static world w;
    open_world(&w, seed);
    for (int i = 0; i < STEPS; i++) {
        do_something(&w);
        cx_sim_run_until(w.sim, cx_sim_now(w.sim) + below(&w, 6 * MS));
        check(&w);
    }
    heal(&w);
    for (uint32_t i = 0; i < CLIENTS; i++)
        CHECK(&w, w.seats[i].state == COAX_CLIENT_OPEN);
    close_world(&w);
}

static void clients_stay_whatever_becomes_of_servers_and_the_network(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + n_seeds; seed++)
        run_world(seed);
    /* A world in which nothing works would keep all rules. */
    assert_true(n_ok_in_all > n_seeds * 50);
    assert_true(n_waited_in_all > n_seeds * 20);
    assert_true(n_drains_in_all > n_seeds);
    assert_true(n_reopened_in_all > n_seeds * 5);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_stay_whatever_becomes_of_servers_and_the_network),
    };
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        n_seeds = strtoull(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests_name("staying_sim", tests, NULL, NULL);
}
