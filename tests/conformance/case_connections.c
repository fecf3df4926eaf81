/*
 * Connections that end in the middle: lost from either side, drained, and found again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "talk.h"

/* One of each kind under way; workers' last. */
enum { KINDS = 9 };

typedef struct busy {
    scene scene;
    talk talks[KINDS];
    size_t n;
} busy;

static const kind KINDS_OPEN[KINDS] = { INPUT, OUTPUT,       DUPLEX,        HALF_DUPLEX,  HANG,
                                        STARE, WORKED_INPUT, WORKED_OUTPUT, WORKED_DUPLEX };

static bool hears(kind which)
{
    return which == OUTPUT || which == DUPLEX || which == WORKED_OUTPUT || which == WORKED_DUPLEX;
}

static bool says(kind which)
{
    return which != OUTPUT && which != WORKED_OUTPUT;
}

/* Opens them, and has each of them do something and go on. */
static void open_busy(busy *b, const coax_server_options *server, const coax_client_options *client)
{
    interop_wish wishes[] = { { .len = 100 }, { .len = 1, .wait_ms = 60000 } };
    const interop_order order = { .wishes = { wishes, 2 } };
    memset(b, 0, sizeof *b);
    scene_open(&b->scene, server, client);
    b->n = scene_has_workers() ? KINDS : 6;
    for (size_t k = 0; k < b->n; k++) {
        kind which = KINDS_OPEN[k];
        talk *t = &b->talks[k];
        assert_int_equal(talk_open(t, &b->scene, which, says(which) ? NULL : &order, NULL),
                         COAX_OK);
        if (which == INPUT || which == WORKED_INPUT || which == HANG || which == STARE)
            assert_int_equal(talk_put_chunk(t, 0, 100), COAX_OK);
        else if (says(which))
            assert_int_equal(talk_put_wish(t, 100), COAX_OK);
        if (hears(which))
            assert_int_equal(talk_next(t), 100);
    }
    scene_wait(&b->scene, &b->scene.host.n_begun, (uint32_t)b->n);
}

/* Sees each of them end so, and every handler hear of it. */
static void assert_all_end(busy *b, coax_err err, const char *words)
{
    for (size_t k = 0; k < b->n; k++) {
        if (hears(KINDS_OPEN[k]))
            assert_int_equal(talk_next(&b->talks[k]), -1);
        ending e = talk_finish(&b->talks[k]);
        assert_ends(&e, err, words);
    }
    scene_wait(&b->scene, &b->scene.host.n_left, (uint32_t)b->n);
    scene_wait(&b->scene, &b->scene.host.n_open, 0);
}

static void send_hang_up(void *self)
{
    scene *s = self;
    const interop_interop_hang_up_request request = { .words = coax_str_from("hung up as asked") };
    assert_int_equal(interop_interop_hang_up(s->stage.client, &request, NULL), COAX_OK);
}

static void hang_up(scene *s)
{
    if (s->stage.style == STYLE_POSTED)
        scene_on_loop(s, send_hang_up, s);
    else
        send_hang_up(s);
}

static void calls_of_every_kind_end_when_the_server_hangs_up(void **state)
{
    (void)state;
    busy b;
    open_busy(&b, NULL, NULL);
    hang_up(&b.scene);
    assert_all_end(&b, COAX_ERR_UNAVAILABLE, "hung up as asked");
    assert_int_equal(b.scene.host.n_lost, 6); /* on loops, who are told why */
    ending e = ask_empty(&b.scene, NULL);
    assert_ends(&e, COAX_ERR_UNAVAILABLE, "hung up as asked");
    scene_close(&b.scene);
}

/*
 * The end had arrived before the connection ended, so that changes nothing for who reads slowly. On the loop only: a worker's last
 * words may still be on their way to its loop when the server hangs up.
 */
static void a_stream_that_has_ended_is_read_to_its_end_without_a_connection(void **state)
{
    (void)state;
    enum { N = 3 * TALK_KEPT };
    scene s;
    talk t;
    interop_wish wishes[N];
    const interop_ending wanted = { .code = COAX_ERR_ABORTED,
                                    .words = coax_str_from("that was it") };
    for (uint32_t i = 0; i < N; i++)
        wishes[i] = (interop_wish){ .len = 100 + i };
    interop_order order = { .wishes = { wishes, N }, .ending = &wanted };
    scene_open(&s, NULL, NULL);
    assert_int_equal(talk_open(&t, &s, OUTPUT, &order, NULL), COAX_OK);
    assert_int_equal(talk_next(&t), 100);
    scene_wait(&s, &s.host.n_open, 0);
    hang_up(&s);
    ending e = ask_empty(&s, NULL);
    assert_ends(&e, COAX_ERR_UNAVAILABLE, "hung up as asked");
    for (uint32_t i = 1; i < N; i++)
        assert_int_equal(talk_next(&t), 100 + i);
    assert_int_equal(talk_next(&t), -1);
    e = talk_finish(&t);
    assert_ends(&e, COAX_ERR_ABORTED, "that was it");
    scene_close(&s);
}

static void close_peer(void *self)
{
    scene *s = self;
    assert_int_equal(
        coax_peer_close(coax_client_peer(s->stage.client), COAX_ERR_ABORTED, "seen enough"),
        COAX_OK);
}

static void calls_of_every_kind_end_when_the_client_hangs_up(void **state)
{
    (void)state;
    busy b;
    open_busy(&b, NULL, NULL);
    if (b.scene.stage.style == STYLE_DIALLED)
        assert_int_equal(
            coax_loop_post(coax_client_loop(b.scene.stage.client), close_peer, &b.scene), COAX_OK);
    else
        scene_on_loop(&b.scene, close_peer, &b.scene);
    ending e = ask_empty(&b.scene, NULL);
    while (e.err == COAX_OK) /* a dialled client does what is posted while it waits */
        e = ask_empty(&b.scene, NULL);
    assert_ends(&e, COAX_ERR_UNAVAILABLE, NULL);
    assert_all_end(&b, COAX_ERR_UNAVAILABLE, NULL);
    assert_int_equal(b.scene.host.n_lost, 6);
    scene_close(&b.scene);
}

/* By callback only: who waits on a stream keeps the client until it is finished. */
static void calls_of_every_kind_are_cancelled_when_the_client_closes(void **state)
{
    (void)state;
    busy b;
    if (stage_style() != STYLE_CALLBACK)
        return;
    open_busy(&b, NULL, NULL);
    coax_client_close(b.scene.stage.client);
    assert_all_end(&b, COAX_ERR_CANCELLED, NULL);
    scene_close(&b.scene);
}

/* Closes the host's server. Another one keeps the loop running, which else has nothing left where the client was dialled. */
static void close_server(void *self)
{
    scene *s = self;
    assert_int_equal(coax_server_create(s->stage.loop, NULL, &s->stage.second, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(s->stage.second, stage_new_url(), NULL), COAX_OK);
    coax_server_close(s->stage.server);
}

/* Until the client knows that there is none. */
static void lose_server(scene *s)
{
    scene_on_loop(s, close_server, s);
    scene_wait(s, &s->host.n_stopped, 1);
    ending e = ask_empty(s, NULL);
    while (e.err == COAX_OK)
        e = ask_empty(s, NULL);
    assert_ends(&e, COAX_ERR_UNAVAILABLE, NULL);
}

static void open_again(void *self)
{
    scene_open_again(self);
}

/* A call that waits for a connection, on a thread where it must not be this one. */
static void wait_for_ready(void *self)
{
    scene *s = self;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.waits_for_ready = true;
    options.timeout_ms = 20000;
    const interop_unary request = unary_of(1000, 1000);
    ending e = ask(s, ONE_UNARY, &request, &options);
    if (e.err == COAX_OK && e.n_bytes == 1000)
        host_count(&s->guest, &s->guest.n_notes, 1);
}

static void on_ready(void *self, const interop_interop_unary_result *result)
{
    scene *s = self;
    if (result->err == COAX_OK)
        host_count(&s->guest, &s->guest.n_notes, 1);
}

/* Two calls stand in line before there is a server again. */
static void wait_in_line(scene *s)
{
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    const interop_unary request = unary_of(1000, 1000);
    options.waits_for_ready = true;
    if (s->stage.style == STYLE_CALLBACK) {
        assert_int_equal(interop_interop_unary(s->stage.client, &request, &options, on_ready, s),
                         COAX_OK);
        scene_open_again(s);
        wait_for_ready(s);
        return;
    }
    uv_thread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(uv_thread_create(&threads[i], wait_for_ready, s), 0);
    scene_on_loop(s, open_again, s);
    for (int i = 0; i < 2; i++)
        assert_int_equal(uv_thread_join(&threads[i]), 0);
}

static void calls_wait_for_a_server_that_comes_again(void **state)
{
    (void)state;
    scene s;
    talk t;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.reconnects = true;
    options.backoff_min_ms = 5;
    options.backoff_max_ms = 20;
    scene_open(&s, NULL, &options);
    scene_assert_alive(&s);
    lose_server(&s);
    wait_in_line(&s);
    assert_int_equal(s.guest.n_notes, 2);
    assert_int_equal(talk_open(&t, &s, DUPLEX, NULL, NULL), COAX_OK);
    assert_int_equal(talk_put_wish(&t, 7), COAX_OK);
    assert_int_equal(talk_next(&t), 7);
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_OK, NULL);
    scene_close(&s);
}

/* Items that are put before there is a connection leave when there is one. */
static void a_stream_waits_for_a_server_that_comes_again(void **state)
{
    (void)state;
    scene s;
    talk t;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_call_options waiting = COAX_CALL_OPTIONS_INIT;
    options.reconnects = true;
    options.backoff_min_ms = 5;
    options.backoff_max_ms = 20;
    waiting.waits_for_ready = true;
    scene_open(&s, NULL, &options);
    scene_assert_alive(&s);
    lose_server(&s);
    assert_int_equal(talk_open(&t, &s, DUPLEX, NULL, &waiting), COAX_OK);
    scene_on_loop(&s, open_again, &s);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(talk_put_wish(&t, 1000 * i), COAX_OK);
        assert_int_equal(talk_next(&t), 1000 * i);
    }
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_OK, NULL);
    scene_close(&s);
}

static void drain(void *self)
{
    scene *s = self;
    assert_int_equal(coax_server_drain(s->stage.server, 20000), COAX_OK);
}

static void drain_shortly(void *self)
{
    scene *s = self;
    assert_int_equal(coax_server_drain(s->stage.server, 30), COAX_OK);
}

static void streams_go_on_while_the_server_drains(void **state)
{
    (void)state;
    enum { N = TALK_KEPT + 4 };
    scene s;
    talk t[5];
    const kind kinds[] = { INPUT, DUPLEX, HALF_DUPLEX, WORKED_INPUT, WORKED_DUPLEX };
    size_t n = scene_has_workers() ? 5 : 3;
    scene_open(&s, NULL, NULL);
    for (size_t k = 0; k < n; k++)
        assert_int_equal(talk_open(&t[k], &s, kinds[k], NULL, NULL), COAX_OK);
    scene_assert_alive(&s);
    scene_wait(&s, &s.host.n_begun, (uint32_t)n);
    scene_on_loop(&s, drain, &s);
    ending e = ask_empty(&s, NULL);
    while (e.err == COAX_OK) /* with two loops the other one drains a little later */
        e = ask_empty(&s, NULL);
    assert_ends(&e, COAX_ERR_UNAVAILABLE, NULL);
    for (size_t k = 0; k < n; k++) {
        bool sums = kinds[k] == INPUT || kinds[k] == WORKED_INPUT;
        for (uint32_t i = 0; i < N; i++) {
            assert_int_equal(
                sums ? talk_put_chunk(&t[k], i, 40000) : talk_put_wish(&t[k], 1000 + i), COAX_OK);
            if (!sums && kinds[k] != HALF_DUPLEX)
                assert_int_equal(talk_next(&t[k]), 1000 + i);
        }
        assert_int_equal(talk_end(&t[k]), COAX_OK);
        for (uint32_t i = 0; kinds[k] == HALF_DUPLEX && i < N; i++)
            assert_int_equal(talk_next(&t[k]), 1000 + i);
        if (!sums)
            assert_int_equal(talk_next(&t[k]), -1);
        e = talk_finish(&t[k]);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_chunks, sums ? N : 0);
    }
    scene_wait(&s, &s.host.n_stopped, 1);
    scene_close(&s);
}

static void a_drain_ends_what_takes_too_long(void **state)
{
    (void)state;
    busy b;
    open_busy(&b, NULL, NULL);
    scene_on_loop(&b.scene, drain_shortly, &b.scene);
    scene_wait(&b.scene, &b.scene.host.n_left, (uint32_t)b.n);
    assert_all_end(&b, COAX_ERR_UNAVAILABLE, NULL);
    scene_wait(&b.scene, &b.scene.host.n_stopped, 1);
    scene_close(&b.scene);
}

int cases_of_connections(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_of_every_kind_end_when_the_server_hangs_up),
        cmocka_unit_test(a_stream_that_has_ended_is_read_to_its_end_without_a_connection),
        cmocka_unit_test(calls_of_every_kind_end_when_the_client_hangs_up),
        cmocka_unit_test(calls_of_every_kind_are_cancelled_when_the_client_closes),
        cmocka_unit_test(calls_wait_for_a_server_that_comes_again),
        cmocka_unit_test(a_stream_waits_for_a_server_that_comes_again),
        cmocka_unit_test(streams_go_on_while_the_server_drains),
        cmocka_unit_test(a_drain_ends_what_takes_too_long),
    };
    return cmocka_run_group_tests_name("connections", tests, NULL, NULL);
}
