/*
 * Calls with one answer: sizes, statuses, words, deadlines, many at once, on loops and on workers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "talk.h"

/* The services that answer, loop first: a case of both is run for each of these. */
static size_t answering(one *ret_services)
{
    ret_services[0] = ONE_UNARY;
    ret_services[1] = ONE_WORKED;
    return scene_has_workers() ? 2 : 1;
}

static void an_empty_call_gets_an_empty_reply(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, NULL, NULL);
    ending e = ask_empty(&s, NULL);
    assert_ends(&e, COAX_OK, NULL);
    assert_string_equal(e.words, "");
    assert_int_equal(e.initial.n + e.trailing.n, 0);
    scene_close(&s);
}

static void a_large_request_gets_a_large_reply(void **state)
{
    (void)state;
    scene s;
    one services[2];
    scene_open(&s, NULL, NULL);
    for (size_t i = 0, n = answering(services); i < n; i++) {
        const interop_unary request = unary_of(314159, 271828);
        ending e = ask(&s, services[i], &request, NULL);
        assert_ends(&e, COAX_OK, NULL);
        assert_int_equal(e.n_chunks, 1);
        assert_int_equal(e.n_bytes, 314159);
    }
    scene_close(&s);
}

/* Many calls at once: by callback from one thread, else from one thread each. */
enum { CROWD = 12 };

typedef struct crowd {
    scene *scene;
    one service;
    uint32_t n_done;
    uint32_t n_right;
} crowd;

static void count_reply(crowd *c, coax_err err, const interop_chunk *reply)
{
    if (err == COAX_OK && chunk_is_right(reply, 0) && reply->body.len == 314159)
        c->n_right++;
    c->n_done++;
}

static void on_unary(void *self, const interop_interop_unary_result *result)
{
    count_reply(self, result->err, result->reply);
}

static void on_worked(void *self, const interop_worked_unary_result *result)
{
    count_reply(self, result->err, result->reply);
}

static void call_from_callbacks(crowd *c)
{
    stage *here = &c->scene->stage;
    const interop_unary request = unary_of(314159, 271828);
    for (int i = 0; i < CROWD; i++) {
        coax_err rc = c->service == ONE_WORKED
                          ? interop_worked_unary(here->client, &request, NULL, on_worked, c)
                          : interop_interop_unary(here->client, &request, NULL, on_unary, c);
        assert_int_equal(rc, COAX_OK);
    }
    stage_run_until_count(here, &c->n_done, CROWD);
    assert_int_equal(c->n_right, CROWD);
}

static void call_and_wait(void *self)
{
    crowd *c = self;
    const interop_unary request = unary_of(314159, 271828);
    ending e = ask(c->scene, c->service, &request, NULL);
    host_count(&c->scene->host, e.err == COAX_OK && e.n_bytes == 314159 ? &c->n_right : &c->n_done,
               1);
}

static void call_from_threads(crowd *c)
{
    uv_thread_t threads[CROWD];
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(uv_thread_create(&threads[i], call_and_wait, c), 0);
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(uv_thread_join(&threads[i]), 0);
    assert_int_equal(c->n_right, CROWD);
}

static void many_large_calls_at_once_get_each_its_own_reply(void **state)
{
    (void)state;
    scene s;
    one services[2];
    scene_open(&s, NULL, NULL);
    for (size_t i = 0, n = answering(services); i < n; i++) {
        crowd c = { .scene = &s, .service = services[i] };
        if (s.stage.style == STYLE_CALLBACK)
            call_from_callbacks(&c);
        else
            call_from_threads(&c);
    }
    scene_close(&s);
}

static void a_status_comes_with_its_code_and_words(void **state)
{
    (void)state;
    scene s;
    one services[2];
    scene_open(&s, NULL, NULL);
    for (size_t i = 0, n = answering(services); i < n; i++) {
        for (uint32_t code = 1; code <= 16; code++) {
            const interop_ending wanted = { .code = code,
                                            .words = coax_str_from("test status message") };
            interop_unary request = unary_of(0, 0);
            request.ending = &wanted;
            ending e = ask(&s, services[i], &request, NULL);
            assert_int_equal(e.err, code);
            assert_string_equal(e.words, "test status message");
            assert_false(e.is_bad_chunk);
        }
    }
    scene_close(&s);
}

/*
 * Equality is equality of bytes: tabs, line feeds, carriage returns and every letter come as they were sent. Other
 * control characters, which could steer a terminal, come as '?'.
 */
static void special_words_come_as_they_were_sent(void **state)
{
    (void)state;
    static const char words[] = "\t\ntest with whitespace\r\nand Unicode BMP \xe2\x98\xba and "
                                "non-BMP \xf0\x9f\x98\x88\t\n";
    scene s;
    talk t;
    one services[2];
    kind kinds[2];
    const interop_ending wanted = { .code = COAX_ERR_UNKNOWN, .words = coax_str_from(words) };
    const interop_ending steering = { .code = COAX_ERR_UNKNOWN,
                                      .words = coax_str_from("a\x1b[2Jb\x7f") };
    const interop_order order = { .ending = &wanted };
    interop_unary request = unary_of(0, 0);
    scene_open(&s, NULL, NULL);
    for (size_t i = 0, n = answering(services); i < n; i++) {
        request.ending = &wanted;
        ending e = ask(&s, services[i], &request, NULL);
        assert_int_equal(e.err, COAX_ERR_UNKNOWN);
        assert_string_equal(e.words, words);
        request.ending = &steering;
        e = ask(&s, services[i], &request, NULL);
        assert_string_equal(e.words, "a?[2Jb?");
    }
    for (size_t k = 0, n = talk_kinds(OUTPUT, WORKED_OUTPUT, kinds); k < n; k++) {
        assert_int_equal(talk_open(&t, &s, kinds[k], &order, NULL), COAX_OK);
        assert_int_equal(talk_next(&t), -1);
        ending e = talk_finish(&t);
        assert_int_equal(e.err, COAX_ERR_UNKNOWN);
        assert_string_equal(e.words, words);
    }
    scene_close(&s);
}

static void a_service_that_nobody_serves_is_unimplemented(void **state)
{
    (void)state;
    scene s;
    talk t;
    scene_open(&s, NULL, NULL);
    const interop_unary request = unary_of(1, 0);
    ending e = ask(&s, ONE_ABSENT, &request, NULL);
    assert_ends(&e, COAX_ERR_UNIMPLEMENTED, NULL);
    for (kind which = ABSENT_OUTPUT; which <= ABSENT_DUPLEX; which++) {
        assert_int_equal(talk_open(&t, &s, which, NULL, NULL), COAX_OK);
        if (which != ABSENT_INPUT)
            assert_int_equal(talk_next(&t), -1);
        e = talk_finish(&t);
        assert_ends(&e, COAX_ERR_UNIMPLEMENTED, NULL);
    }
    scene_assert_alive(&s);
    scene_close(&s);
}

static void a_method_without_a_handler_is_unimplemented(void **state)
{
    (void)state;
    scene s;
    talk t;
    scene_open(&s, NULL, NULL);
    assert_int_equal(talk_open(&t, &s, UNSERVED, NULL, NULL), COAX_OK);
    assert_int_equal(talk_next(&t), -1);
    ending e = talk_finish(&t);
    assert_ends(&e, COAX_ERR_UNIMPLEMENTED, NULL);
    scene_assert_alive(&s);
    scene_close(&s);
}

static void a_sleeping_server_meets_the_deadline_and_learns_of_it(void **state)
{
    (void)state;
    scene s;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 30;
    scene_open(&s, NULL, NULL);
    scene_assert_alive(&s);
    interop_unary request = unary_of(1, 0);
    request.wait_ms = 60000;
    ending e = ask(&s, ONE_UNARY, &request, &options);
    assert_ends(&e, COAX_ERR_DEADLINE_EXCEEDED, NULL);
    scene_wait(&s, &s.host.n_open, 0);
    if (scene_has_workers()) {
        e = ask(&s, ONE_WORKED, &request, &options);
        assert_ends(&e, COAX_ERR_DEADLINE_EXCEEDED, NULL);
        scene_wait(&s, &s.host.n_open, 0);
    }
    scene_assert_alive(&s);
    scene_close(&s);
    assert_int_equal(s.host.n_left, s.host.n_begun);
    assert_int_equal(s.host.n_lost, 0);
}

static void a_typed_error_is_thrown_where_a_body_is_wrong(void **state)
{
    (void)state;
    scene s;
    one services[2];
    scene_open(&s, NULL, NULL);
    for (size_t i = 0, n = answering(services); i < n; i++) {
        const interop_unary request = { .reply_len = 5, .body = chunk_make(7, 100).body };
        ending e = ask(&s, services[i], &request, NULL);
        assert_int_equal(e.err, COAX_ERR_DATA_LOSS);
        assert_true(e.is_bad_chunk);
        assert_int_equal(e.n_chunks, 0);
    }
    scene_close(&s);
}

static void a_method_with_limits_of_its_own_holds_them_both_ways(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, NULL, NULL);
    ending e = ask_small_len(&s, 1000);
    assert_ends(&e, COAX_OK, NULL);
    assert_int_equal(e.n_bytes, 1000);
    e = ask_small_len(&s, 1025);
    assert_ends(&e, COAX_ERR_TOO_LARGE, NULL);
    e = ask_small_len(&s, 1); /* its reply is 4 KiB */
    assert_ends(&e, COAX_ERR_RESOURCE_EXHAUSTED, NULL);
    scene_assert_alive(&s);
    scene_close(&s);
}

static void a_patient_call_is_answered_too(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, NULL, NULL);
    const interop_unary request = unary_of(100000, 0);
    ending e = ask(&s, ONE_PATIENT, &request, NULL);
    assert_ends(&e, COAX_OK, NULL);
    assert_int_equal(e.n_bytes, 100000);
    scene_close(&s);
}

static void send_notes(void *self)
{
    scene *s = self;
    for (uint32_t i = 1; i <= 50; i++) {
        const interop_interop_note_request note = { .number = i };
        const interop_worked_note_request worked = { .number = i };
        assert_int_equal(interop_interop_note(s->stage.client, &note, NULL), COAX_OK);
        if (scene_has_workers())
            assert_int_equal(interop_worked_note(s->stage.client, &worked, NULL), COAX_OK);
    }
}

static void one_way_messages_reach_loops_and_workers(void **state)
{
    (void)state;
    scene s;
    scene_open(&s, NULL, NULL);
    if (s.stage.style == STYLE_POSTED) /* only a dialled client sends from any thread */
        scene_on_loop(&s, send_notes, &s);
    else
        send_notes(&s);
    scene_assert_alive(&s);
    scene_wait(&s, &s.host.n_notes, scene_has_workers() ? 100 : 50);
    assert_int_equal(host_read(&s.host, &s.host.last_note), 50);
    scene_close(&s);
}

/* By callback only: a call that a thread waits for ends by its deadline. */
typedef struct given_up {
    bool is_over;
    coax_err err;
} given_up;

static void on_given_up(void *self, const interop_interop_unary_result *result)
{
    given_up *g = self;
    assert_false(g->is_over);
    g->is_over = true;
    g->err = result->err;
}

static void a_call_that_is_cancelled_ends_at_once(void **state)
{
    (void)state;
    scene s;
    given_up g = { 0 };
    coax_call call;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    interop_unary request = unary_of(1, 1);
    if (stage_style() != STYLE_CALLBACK)
        return;
    request.wait_ms = 60000;
    options.ret_call = &call;
    scene_open(&s, NULL, NULL);
    assert_int_equal(interop_interop_unary(s.stage.client, &request, &options, on_given_up, &g),
                     COAX_OK);
    scene_wait(&s, &s.host.n_begun, 1);
    assert_int_equal(coax_call_cancel(call), COAX_OK);
    assert_false(g.is_over);
    stage_run_until(&s.stage, &g.is_over);
    assert_int_equal(g.err, COAX_ERR_CANCELLED);
    assert_int_equal(coax_call_cancel(call), COAX_ERR_STALE);
    scene_wait(&s, &s.host.n_cancelled, 1);
    scene_close(&s);
}

int cases_of_unary_calls(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_call_gets_an_empty_reply),
        cmocka_unit_test(a_large_request_gets_a_large_reply),
        cmocka_unit_test(many_large_calls_at_once_get_each_its_own_reply),
        cmocka_unit_test(a_status_comes_with_its_code_and_words),
        cmocka_unit_test(special_words_come_as_they_were_sent),
        cmocka_unit_test(a_service_that_nobody_serves_is_unimplemented),
        cmocka_unit_test(a_method_without_a_handler_is_unimplemented),
        cmocka_unit_test(a_sleeping_server_meets_the_deadline_and_learns_of_it),
        cmocka_unit_test(a_typed_error_is_thrown_where_a_body_is_wrong),
        cmocka_unit_test(a_method_with_limits_of_its_own_holds_them_both_ways),
        cmocka_unit_test(a_patient_call_is_answered_too),
        cmocka_unit_test(one_way_messages_reach_loops_and_workers),
        cmocka_unit_test(a_call_that_is_cancelled_ends_at_once),
    };
    return cmocka_run_group_tests_name("unary calls", tests, NULL, NULL);
}
