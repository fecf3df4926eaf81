/*
 * Emits across threads: to subscribers on every loop of a server, from its own threads and from
 * others, in order, and counted over all of them.
 */
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hall.h"
#include "news.h"

enum { LOOPS = 4, EARS = 24, MANY = 300 };

/* One client, on the test's own loop. */
typedef struct ear {
    coax_client *client;
    uint32_t n_events;
    uint32_t n_subscribed;
    uint64_t last[LOOPS + 1]; /* by who emitted: id / 10000 */
    bool is_disordered;
} ear;

/* Where the server's hook has seen the peer of each client; written before it is answered. */
static coax_peer peers[EARS];

static struct crowd {
    hall hall;
    coax_loop *loop;
    ear ears[EARS];
    atomic_uint n_done;
    atomic_uint n_queued;
    atomic_uint n_lost;
} c;

static void take(void *self, coax_gen_any_fn user_fn, coax_peer peer, const void *event)
{
    const echo_note *note = event;
    ear *e = self;
    uint64_t *last = &e->last[note->id / 10000];
    (void)user_fn;
    (void)peer;
    e->is_disordered |= note->id <= *last;
    *last = note->id;
    e->n_events++;
}

static void on_status(void *self, const coax_status *status)
{
    ear *e = self;
    e->n_subscribed += status->code == COAX_OK;
}

static coax_err on_subscribe(void *self, coax_peer peer, uint32_t event_id, coax_error *error)
{
    char name[32];
    unsigned number = EARS;
    (void)self;
    (void)event_id;
    (void)coax_peer_name(peer, name, sizeof name);
    if (sscanf(name, "ear %u", &number) != 1 || number >= EARS)
        return coax_error_set(error, COAX_ERR_NOT_FOUND, "who?");
    peers[number] = peer;
    return coax_peer_join(peer, number % 2 == 0 ? "even" : "odd");
}

/* Turns of the clients' loop until `counter` of every ear is `wanted`. */
static void run_until(size_t offset, uint32_t wanted)
{
    for (uint32_t i = 0; i < EARS; i++) {
        const uint32_t *counter = (const uint32_t *)(const void *)((char *)&c.ears[i] + offset);
        while (*counter < wanted) {
            struct pollfd ready = { coax_loop_fd(c.loop), POLLIN, 0 };
            (void)poll(&ready, 1, coax_loop_timeout_ms(c.loop));
            assert_int_equal(coax_loop_process(c.loop), COAX_OK);
        }
        assert_int_equal(*counter, wanted);
    }
}

static void user_fn(void)
{
}

static void open_all(uint32_t loops, const char *url)
{
    memset(&c, 0, sizeof c);
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.on_subscribe = on_subscribe;
    hall_make(&c.hall, loops, &options);
    assert_int_equal(coax_gen_serve(c.hall.server, &news_gen_service, NULL, NULL), COAX_OK);
    hall_open(&c.hall, url);
    c.loop = coax_loop_create(NULL);
    for (uint32_t i = 0; i < EARS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "ear %u", (unsigned)i);
        coax_client_options client = COAX_CLIENT_OPTIONS_INIT;
        coax_subscribe_options how = COAX_SUBSCRIBE_OPTIONS_INIT;
        client.name = name;
        how.on_status = on_status;
        ear *e = &c.ears[i];
        assert_int_equal(coax_client_create(c.loop, c.hall.url, &client, &e->client, NULL),
                         COAX_OK);
        assert_int_equal(coax_gen_subscribe(e->client, &news_flash, take, user_fn, e, &how, NULL),
                         COAX_OK);
    }
    run_until(offsetof(ear, n_subscribed), 1);
}

static void close_all(void)
{
    assert_int_equal(coax_loop_destroy(c.loop), COAX_OK);
    hall_close(&c.hall);
}

static void on_done(void *self, const coax_emit_report *report)
{
    (void)self;
    atomic_fetch_add(&c.n_done, 1);
    atomic_fetch_add(&c.n_queued, report->n_queued);
    atomic_fetch_add(&c.n_lost, report->n_dropped + report->n_disconnected + report->n_failed);
}

static coax_err emit(uint64_t id, coax_emit_options options)
{
    const echo_note note = echo_make(id, "threads");
    options.on_done = on_done;
    return coax_gen_emit(c.hall.server, &news_flash, &note, &options);
}

/* Until on_done has been told so often. */
static void wait_done(uint32_t wanted)
{
    while (atomic_load(&c.n_done) < wanted)
        assert_int_equal(coax_loop_process(c.loop), COAX_OK);
}

static void check_order(uint32_t wanted)
{
    run_until(offsetof(ear, n_events), wanted);
    for (uint32_t i = 0; i < EARS; i++)
        assert_false(c.ears[i].is_disordered);
    assert_int_equal(atomic_load(&c.n_lost), 0);
}

static void a_thread_of_the_program_reaches_every_loop_in_order(void **state)
{
    (void)state;
    for (uint32_t loops = 1; loops <= LOOPS; loops += LOOPS - 1) {
        open_all(loops, hall_unix_url());
        for (uint64_t id = 1; id <= MANY; id++)
            assert_int_equal(emit(id, (coax_emit_options){ 0 }), COAX_OK);
        check_order(MANY);
        wait_done(MANY);
        assert_int_equal(atomic_load(&c.n_queued), MANY * EARS);
        close_all();
    }
}

/* On a loop of the server: many events of its own. */
static void emit_many(void *self)
{
    uint64_t source = (uint64_t)((coax_peer *)self - peers) + 1;
    coax_emit_report report;
    for (uint64_t i = 1; i <= MANY; i++) {
        assert_int_equal(emit(source * 10000 + i, (coax_emit_options){ .ret_report = &report }),
                         COAX_OK);
        assert_int_equal(report.n_queued, EARS / LOOPS); /* those on this loop */
    }
}

static void every_loop_of_the_server_reaches_all_others(void **state)
{
    (void)state;
    open_all(LOOPS, hall_unix_url());
    /* Unix connections are dealt out in turn: the first four are on four loops. */
    for (uint32_t i = 0; i < LOOPS; i++)
        assert_int_equal(coax_loop_post(peers[i].loop, emit_many, &peers[i]), COAX_OK);
    check_order(LOOPS * MANY);
    wait_done(LOOPS * MANY);
    assert_int_equal(atomic_load(&c.n_queued), LOOPS * MANY * EARS);
    close_all();
}

static void expect_queued(coax_emit_options options, uint32_t wanted)
{
    uint32_t n_done = atomic_load(&c.n_done);
    uint32_t n_queued = atomic_load(&c.n_queued);
    assert_int_equal(emit(n_done + 1, options), COAX_OK);
    wait_done(n_done + 1);
    assert_int_equal(atomic_load(&c.n_queued) - n_queued, wanted);
}

static void groups_and_peers_are_found_on_whichever_loop_they_are(void **state)
{
    (void)state;
    open_all(LOOPS, "tcp://127.0.0.1:0");
    expect_queued((coax_emit_options){ .group = "even" }, EARS / 2);
    expect_queued((coax_emit_options){ .group = "even", .except = peers[4] }, EARS / 2 - 1);
    expect_queued((coax_emit_options){ .except = peers[4] }, EARS - 1);
    expect_queued((coax_emit_options){ .group = "none" }, 0);
    for (uint32_t i = 0; i < EARS; i++)
        expect_queued((coax_emit_options){ .peer = peers[i] }, 1);
    assert_int_equal(emit(1, (coax_emit_options){ .peer = { c.loop, 0, 1 } }), COAX_ERR_STALE);
    close_all();
}

static void close_server(void *self)
{
    coax_server_close(((hall *)self)->server);
}

static void emits_under_way_when_the_server_is_closed_are_all_told(void **state)
{
    (void)state;
    for (uint32_t loops = 1; loops <= LOOPS; loops += LOOPS - 1) {
        open_all(loops, hall_unix_url());
        for (uint64_t id = 1; id <= MANY; id++)
            assert_int_equal(emit(id, (coax_emit_options){ .group = "odd" }), COAX_OK);
        assert_int_equal(coax_loop_post(c.hall.loop, close_server, &c.hall), COAX_OK);
        wait_done(MANY);
        close_all();
        assert_int_equal(atomic_load(&c.n_done), MANY);
    }
}

static void emits_under_way_when_the_loop_is_destroyed_are_freed(void **state)
{
    (void)state;
    for (uint32_t loops = 1; loops <= LOOPS; loops += LOOPS - 1) {
        open_all(loops, hall_unix_url());
        for (uint64_t id = 1; id <= MANY; id++)
            assert_int_equal(emit(id, (coax_emit_options){ 0 }), COAX_OK);
        close_all();
        assert_int_equal(atomic_load(&c.n_done), MANY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_of_the_program_reaches_every_loop_in_order),
        cmocka_unit_test(every_loop_of_the_server_reaches_all_others),
        cmocka_unit_test(groups_and_peers_are_found_on_whichever_loop_they_are),
        cmocka_unit_test(emits_under_way_when_the_server_is_closed_are_all_told),
        cmocka_unit_test(emits_under_way_when_the_loop_is_destroyed_are_freed),
    };
    return cmocka_run_group_tests_name("events_threads", tests, NULL, NULL);
}
