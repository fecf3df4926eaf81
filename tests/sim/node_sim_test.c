/*
 * Whole nodes in the simulator: clients and servers as users have them, on a virtual clock, over a
 * network that delays, cuts, joins, refuses, stalls, resets and swallows. A seed replays a run; the
 * arguments are a first seed and a count.
 *
 * Held in every run: each call ends exactly once, and not before it has started; none outlives its
 * deadline by more than two ticks; echoed bytes are what was sent; when the faults stop, new
 * clients are served; nothing is left when the loops are gone.
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

#define MS 1000000u
/* Ticks of the wheel are a little over a millisecond. */
#define LATE_NS (3u * MS)

enum { CLIENTS = 4, CALLS_MAX = 400 };

static uint64_t first_seed = 1;
static uint64_t n_seeds = 150;
static uint64_t n_calls_in_all;
static uint64_t n_ok_in_all;

typedef struct world world;

/* One call that was started. */
typedef struct started {
    world *w;
    uint64_t deadline_ns;
    uint32_t size;
    uint8_t fill;
    uint32_t n_ends;
    coax_err err;
    coax_call handle;
} started;

struct world {
    cx_sim *sim;
    uint64_t seed;
    coax_loop *server_loop;
    coax_server *server;
    probe probe;
    char url[300];
    coax_loop *loops[CLIENTS];
    coax_client *clients[CLIENTS];
    started calls[CALLS_MAX];
    uint32_t n_calls;
    uint32_t n_ended;
    uint32_t n_ok;
    bool is_inside;
};

#define CHECK(w, condition)                                                                        \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("seed %" PRIu64 ", step %" PRIu64 ": %s", (w)->seed, cx_sim_steps((w)->sim),  \
                     #condition);                                                                  \
    } while (0)

static void ended(started *c, coax_err err)
{
    world *w = c->w;
    CHECK(w, !w->is_inside);
    CHECK(w, c->n_ends == 0);
    if (cx_sim_now(w->sim) > c->deadline_ns + LATE_NS)
        fail_msg("seed %" PRIu64 ": a call ended with %s, %" PRIu64 " us after its deadline",
                 w->seed, coax_err_name(err), (cx_sim_now(w->sim) - c->deadline_ns) / 1000);
    c->n_ends++;
    c->err = err;
    w->n_ended++;
    w->n_ok += err == COAX_OK ? 1 : 0;
}

enum { PAYLOAD_MAX = 200000 };

/* Counts up from `fill`. Made once: filling payloads would be most of a world's time. */
static const uint8_t *payload_of(uint8_t fill)
{
    static uint8_t pattern[256 + PAYLOAD_MAX];
    if (pattern[1] == 0) {
        for (size_t i = 0; i < sizeof pattern; i++)
            pattern[i] = (uint8_t)i;
    }
    return pattern + fill;
}

static void on_echoed(void *self, const probe_probe_echo_result *result)
{
    started *c = self;
    ended(c, result->err);
    if (result->err != COAX_OK)
        return;
    CHECK(c->w, result->reply->payload.len == c->size);
    CHECK(c->w,
          c->size == 0 || memcmp(result->reply->payload.data, payload_of(c->fill), c->size) == 0);
}

static void on_held(void *self, const probe_probe_hold_result *result)
{
    ended(self, result->err);
}

static void on_asked(void *self, const probe_probe_ask_back_result *result)
{
    started *c = self;
    ended(c, result->err);
    if (result->err == COAX_OK)
        CHECK(c->w, result->reply->sum <= 3 * 2 * 7);
}

static uint64_t below(world *w, uint64_t n)
{
    return cx_sim_below(w->sim, n);
}

static void change_weather(world *w, bool faulty)
{
    cx_sim_weather weather;
    memset(&weather, 0, sizeof weather);
    weather.min_delay_ns = below(w, 2 * MS);
    weather.max_delay_ns = weather.min_delay_ns + below(w, 5 * MS);
    weather.max_piece = below(w, 2) == 0 ? 0 : (uint32_t)(1 + below(w, 300));
    weather.capacity = below(w, 2) == 0 ? 0 : (uint32_t)(200 + below(w, 20000));
    weather.coalesces = below(w, 2) == 0;
    weather.refuse_ppm = faulty && below(w, 4) == 0 ? 300000 : 0;
    weather.reset_ppm = faulty && below(w, 3) == 0 ? 20000 : 0;
    cx_sim_set_weather(w->sim, &weather);
}

static void open_client(world *w, uint32_t i)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.connect_timeout_ms = 500;
    char id[COAX_ID_SIZE];
    CHECK(w, coax_server_id(w->server, id, NULL) == COAX_OK);
    options.trust = COAX_TRUST_ANY; /* a run depends on its seed alone, and on no file */
    options.server_id = below(w, 2) == 0 ? id : NULL;
    CHECK(w, coax_client_create(w->loops[i], w->url, &options, &w->clients[i], NULL) == COAX_OK);
    CHECK(w, helper_serve(w->clients[i]) == COAX_OK);
}

static void open_world(world *w, uint64_t seed)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(w, 0, sizeof *w);
    w->seed = seed;
    w->sim = cx_sim_create(seed);
    assert_non_null(w->sim);
    change_weather(w, true);
    options.limits.open_timeout_ms = 400;
    options.limits.progress_timeout_ms = 700;
    w->server_loop = cx_sim_loop_create(w->sim, NULL);
    CHECK(w, coax_server_create(w->server_loop, &options, &w->server, NULL) == COAX_OK);
    CHECK(w, probe_serve(w->server, &w->probe) == COAX_OK);
    CHECK(w, coax_server_listen(w->server, "tcp://server:0", NULL) == COAX_OK);
    (void)coax_server_address(w->server, 0, w->url, sizeof w->url);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        w->loops[i] = cx_sim_loop_create(w->sim, NULL);
        open_client(w, i);
    }
}

static void close_world(world *w)
{
    for (uint32_t i = 0; i < CLIENTS; i++)
        CHECK(w, coax_loop_destroy(w->loops[i]) == COAX_OK);
    CHECK(w, coax_loop_destroy(w->server_loop) == COAX_OK);
    CHECK(w, w->n_ended == w->n_calls);
    CHECK(w, !cx_sim_step(w->sim));
    cx_sim_destroy(w->sim);
}

static coax_err start_echo(world *w, coax_client *client, started *c,
                           const coax_call_options *options)
{
    c->size = (uint32_t)below(w, below(w, 10) == 0 ? PAYLOAD_MAX : 300);
    c->fill = (uint8_t)below(w, 256);
    probe_probe_echo_request request = { .payload = { payload_of(c->fill), c->size } };
    return probe_probe_echo(client, &request, options, on_echoed, c);
}

/* Starts one call of some kind. Not all can start, and then none of them ends. */
static void start_call(world *w)
{
    coax_client *client = w->clients[below(w, CLIENTS)];
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    if (w->n_calls == CALLS_MAX || client == NULL)
        return;
    started *c = &w->calls[w->n_calls];
    memset(c, 0, sizeof *c);
    c->w = w;
    options.timeout_ms = (uint32_t)(1 + below(w, 300));
    options.ret_call = &c->handle;
    c->deadline_ns = cx_sim_now(w->sim) + (uint64_t)options.timeout_ms * MS;
    w->is_inside = true;
    coax_err rc;
    uint64_t kind = below(w, 10);
    if (kind < 6) {
        rc = start_echo(w, client, c, &options);
    } else if (kind < 8) {
        probe_probe_hold_request request = { .ticket = w->n_calls };
        rc = probe_probe_hold(client, &request, &options, on_held, c);
    } else {
        probe_probe_ask_back_request request = { .number = 7, .times = 3 };
        rc = probe_probe_ask_back(client, &request, &options, on_asked, c);
    }
    w->is_inside = false;
    CHECK(w, rc == COAX_OK || rc == COAX_ERR_UNAVAILABLE || rc == COAX_ERR_WOULD_BLOCK);
    w->n_calls += rc == COAX_OK ? 1 : 0;
}

static void cancel_some(world *w)
{
    if (w->n_calls == 0)
        return;
    started *c = &w->calls[below(w, w->n_calls)];
    bool was_over = c->n_ends > 0;
    coax_err rc = coax_call_cancel(c->handle);
    CHECK(w, !was_over || rc == COAX_ERR_STALE);
}

/* One thing a user or the network does. */
static void do_something(world *w)
{
    uint64_t what = below(w, 100);
    uint32_t i = (uint32_t)below(w, CLIENTS);
    const cx_sim_node *node = cx_sim_loop_node(w->loops[i]);
    if (what < 70)
        start_call(w);
    else if (what < 78)
        cancel_some(w);
    else if (what < 82)
        cx_sim_stall(w->sim, node, cx_sim_now(w->sim) + below(w, 200) * MS);
    else if (what < 84)
        cx_sim_reset(w->sim, node);
    else if (what < 85)
        cx_sim_black_hole(w->sim, node);
    else if (what < 87)
        change_weather(w, true);
    else if (what < 89 && w->probe.n_held > 0)
        (void)coax_call_fail(w->probe.held[--w->probe.n_held], COAX_ERR_ABORTED, "let go");
    else if (what < 91 && w->clients[i] != NULL) {
        coax_client_close(w->clients[i]);
        open_client(w, i);
    }
}

static void run_world(uint64_t seed)
{
    static world w;
    open_world(&w, seed);
    for (int i = 0; i < 400; i++) {
        do_something(&w);
        cx_sim_run_until(w.sim, cx_sim_now(w.sim) + below(&w, 3 * MS));
    }
    change_weather(&w, false); /* the faults stop */
    for (uint32_t i = 0; i < CLIENTS; i++) {
        coax_client_close(w.clients[i]);
        open_client(&w, i);
    }
    cx_sim_run_until(w.sim, cx_sim_now(w.sim) + 1000 * MS);
    CHECK(&w, w.n_ended == w.n_calls);
    for (uint32_t i = 0; i < CLIENTS; i++)
        CHECK(&w, coax_client_get_state(w.clients[i]) == COAX_CLIENT_OPEN);
    close_world(&w);
    n_calls_in_all += w.n_calls;
    n_ok_in_all += w.n_ok;
}

static void every_call_ends_once_whatever_the_network_does(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + n_seeds; seed++)
        run_world(seed);
    /* A world in which nothing works would keep all rules. */
    assert_true(n_ok_in_all * 4 > n_calls_in_all);
    assert_true(n_calls_in_all > n_seeds * 50);
}

static uint64_t steps_of(uint64_t seed)
{
    cx_sim *sim = cx_sim_create(seed);
    cx_sim_weather weather = { 1000, 900000, 7, 500, 0, 0, false };
    coax_server *server = NULL;
    coax_client *client = NULL;
    probe p;
    started c;
    world w;
    memset(&p, 0, sizeof p);
    memset(&c, 0, sizeof c);
    memset(&w, 0, sizeof w);
    w.sim = sim;
    c.w = &w;
    c.deadline_ns = UINT64_MAX / 2;
    cx_sim_set_weather(sim, &weather);
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.trust = COAX_TRUST_ANY; /* a run depends on its seed alone, and on no file */
    coax_loop *loop = cx_sim_loop_create(sim, NULL);
    assert_int_equal(coax_server_create(loop, NULL, &server, NULL), COAX_OK);
    assert_int_equal(probe_serve(server, &p), COAX_OK);
    assert_int_equal(coax_server_listen(server, "tcp://server:1", NULL), COAX_OK);
    assert_int_equal(coax_client_create(loop, "tcp://server:1", &options, &client, NULL), COAX_OK);
    assert_int_equal(start_echo(&w, client, &c, NULL), COAX_OK);
    while (c.n_ends == 0)
        assert_true(cx_sim_step(sim));
    uint64_t steps = cx_sim_steps(sim) * 1000003u ^ cx_sim_now(sim);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    cx_sim_destroy(sim);
    return steps;
}

static void a_seed_replays_a_run(void **state)
{
    (void)state;
    assert_true(steps_of(5) == steps_of(5));
    assert_true(steps_of(5) != steps_of(6));
}

/* A stream without a node's manners: says what it is told, and listens. */
typedef struct mute {
    cx_stream *stream;
    uint8_t heard[4096];
    size_t n_heard;
    bool is_open;
    bool is_closed;
} mute;

static void mute_open(void *self)
{
    ((mute *)self)->is_open = true;
}

static void mute_data(void *self, uint8_t *data, size_t len)
{
    mute *m = self;
    if (m->n_heard + len <= sizeof m->heard)
        memcpy(m->heard + m->n_heard, data, len);
    m->n_heard += len;
}

static void mute_writable(void *self)
{
    (void)self;
}

static void mute_closed(void *self, const coax_error *why)
{
    mute *m = self;
    (void)why;
    m->is_closed = true;
    m->stream = NULL;
}

static const cx_stream_events mute_events = { mute_open, mute_data, mute_writable, mute_closed };

/* preface, HELLO {1: "raw", 3: {1: 32768, 2: 4194304, 3: 1024}}, and the first ten bytes of a frame
 */
static const char silence[] =
    "COAX\x01\x00\x00\x00"
    "\x10\x00\x00\x00\x16\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x82\x01\xa3raw\x03\x83\x01\xcd\x80\x00\x02\xce\x00\x40\x00\x00\x03\xcd\x04\x00"
    "\x01\x00\x00\x00\x05\x00\x00\x00\x01\x00";

/* Sends `len` bytes of it and falls silent. @return after how many ms the server gave up. */
static uint64_t silence_after(size_t len, const char *words)
{
    cx_sim *sim = cx_sim_create(1);
    coax_server *server = NULL;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    probe p;
    mute m;
    cx_url url;
    memset(&p, 0, sizeof p);
    memset(&m, 0, sizeof m);
    options.self = &p;
    options.on_error = probe_on_error;
    coax_loop *loop = cx_sim_loop_create(sim, NULL);
    assert_int_equal(coax_server_create(loop, &options, &server, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(server, "plain+tcp://server:1", NULL), COAX_OK);
    assert_int_equal(cx_url_parse("tcp://server:1", &url, NULL), COAX_OK);
    assert_int_equal(
        cx_transport_sim.dial(cx_sim_loop_node(loop)->net, &url, &mute_events, &m, &m.stream, NULL),
        COAX_OK);
    while (!m.is_open)
        assert_true(cx_sim_step(sim));
    uint64_t began = cx_sim_now(sim);
    coax_bytes piece = { (const uint8_t *)silence, len };
    size_t written = 0;
    if (len > 0)
        assert_int_equal(m.stream->ops->try_write(m.stream, &piece, 1, &written), COAX_OK);
    while (p.n_errors == 0)
        assert_true(cx_sim_step(sim));
    if (strstr(p.last_error.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", p.last_error.text, words);
    assert_int_equal(p.last_error.code, COAX_ERR_DEADLINE_EXCEEDED);
    uint64_t waited = cx_sim_now(sim) - began;
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    assert_true(m.is_closed);
    cx_sim_destroy(sim);
    return waited / MS;
}

static void silence_before_hello_meets_open_timeout(void **state)
{
    (void)state;
    assert_in_range(silence_after(0, "open_timeout_ms"), 5000, 5003);
    assert_in_range(silence_after(5, "open_timeout_ms"), 5000, 5003);
    assert_in_range(silence_after(20, "open_timeout_ms"), 5000, 5003);
}

static void half_a_frame_and_silence_meets_progress_timeout(void **state)
{
    (void)state;
    assert_in_range(silence_after(sizeof silence - 1, "progress_timeout_ms"), 30000, 30003);
}

static void an_ended_connection_does_not_linger_for_ever(void **state)
{
    (void)state;
    /* The mute peer is told and never closes: the server does, a second later. */
    cx_sim *sim = cx_sim_create(1);
    coax_server *server = NULL;
    mute m;
    cx_url url;
    memset(&m, 0, sizeof m);
    coax_loop *loop = cx_sim_loop_create(sim, NULL);
    assert_int_equal(coax_server_create(loop, NULL, &server, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(server, "plain+tcp://server:1", NULL), COAX_OK);
    assert_int_equal(cx_url_parse("tcp://server:1", &url, NULL), COAX_OK);
    coax_loop *other = cx_sim_loop_create(sim, NULL);
    assert_int_equal(cx_transport_sim.dial(cx_sim_loop_node(other)->net, &url, &mute_events, &m,
                                           &m.stream, NULL),
                     COAX_OK);
    while (!m.is_open)
        assert_true(cx_sim_step(sim));
    m.stream->ops->read(m.stream, false);
    coax_bytes piece = { (const uint8_t *)"COAX\x09\x00\x00\x00", 8 };
    size_t written = 0;
    assert_int_equal(m.stream->ops->try_write(m.stream, &piece, 1, &written), COAX_OK);
    uint64_t began = cx_sim_now(sim);
    const cx_net *net = cx_sim_loop_node(loop)->net;
    cx_sim_run_until(sim, began + 900 * MS);
    assert_int_equal(net->n_open, 2); /* the listener, and the connection that lingers */
    assert_int_equal(coax_server_n_peers(server), 0);
    cx_sim_run_until(sim, began + 1100 * MS);
    assert_int_equal(net->n_open, 1);
    m.stream->ops->read(m.stream, true);
    while (!m.is_closed)
        assert_true(cx_sim_step(sim));
    assert_true(m.n_heard > 16); /* GOAWAY, with words */
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    assert_int_equal(coax_loop_destroy(other), COAX_OK);
    cx_sim_destroy(sim);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_ends_once_whatever_the_network_does),
        cmocka_unit_test(a_seed_replays_a_run),
        cmocka_unit_test(silence_before_hello_meets_open_timeout),
        cmocka_unit_test(half_a_frame_and_silence_meets_progress_timeout),
        cmocka_unit_test(an_ended_connection_does_not_linger_for_ever),
    };
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        n_seeds = strtoull(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests_name("node_sim", tests, NULL, NULL);
}
