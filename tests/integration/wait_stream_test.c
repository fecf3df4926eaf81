/*
 * Blocking streams: on a dialled client, whose loop the waiting thread runs, and on one whose loop another thread runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "river.h"

static river here;

static int open_dialled(void **state)
{
    river_open(&here, RIVER_DIALLED, NULL);
    *state = &here;
    return 0;
}

static int open_shared(void **state)
{
    river_open(&here, RIVER_SHARED, NULL);
    *state = &here;
    return 0;
}

static int close_river(void **state)
{
    river_close(*state);
    return 0;
}

static void do_nothing(void *self)
{
    (void)self;
}

/* Turns of the server's loop. */
static void let_turns_pass(river *r, int n)
{
    for (int i = 0; i < n; i++)
        river_on_loop(r, do_nothing, NULL);
}

/* The handler hears of the cancel. */
static void await_cancel(river *r)
{
    for (int i = 0; i < 100000 && atomic_load(&r->n_cancelled) == 0; i++)
        let_turns_pass(r, 1);
    assert_int_equal(atomic_load(&r->n_cancelled), 1);
}

static coax_stream *begin_count(coax_client *client, uint32_t to, uint32_t size, uint32_t fail_at)
{
    const river_river_count_request request = { .to = to, .size = size, .fail_at = fail_at };
    coax_stream *stream = NULL;
    assert_int_equal(river_river_count_open(client, &request, NULL, &stream), COAX_OK);
    assert_non_null(stream);
    return stream;
}

static coax_stream *begin_drip(coax_client *client, uint32_t timeout_ms)
{
    const river_river_drip_request request = { 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    coax_stream *stream = NULL;
    const river_drop *drop;
    options.timeout_ms = timeout_ms;
    assert_int_equal(river_river_drip_open(client, &request, &options, &stream), COAX_OK);
    assert_true(river_river_drip_next(stream, &drop));
    assert_int_equal(drop->number, 7);
    assert_int_equal(drop->body.len, 3);
    return stream;
}

static coax_err finish_drip(coax_stream *stream)
{
    river_river_drip_result result;
    coax_err err = river_river_drip_finish(stream, &result);
    assert_int_equal(err, result.err);
    river_river_drip_result_free(&result);
    return err;
}

static void items_come_in_order_and_then_the_end(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_count_result result;
    coax_stream *stream = begin_count(r->client, 300, 10, 0);
    for (uint32_t i = 0; i < 300; i++) {
        assert_true(river_river_count_next(stream, &drop));
        assert_int_equal(drop->number, i);
        assert_int_equal(drop->body.len, 10);
    }
    assert_false(river_river_count_next(stream, &drop));
    assert_false(river_river_count_next(stream, &drop));
    assert_int_equal(river_river_count_finish(stream, &result), COAX_OK);
    river_river_count_result_free(&result);
}

/* Many windows of it, and the ring again and again. */
static void a_long_stream_is_read_to_its_end(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_count_result result;
    coax_stream *stream = begin_count(r->client, 20000, 200, 0);
    uint32_t n = 0;
    while (river_river_count_next(stream, &drop))
        assert_int_equal(drop->number, n++);
    assert_int_equal(n, 20000);
    assert_int_equal(river_river_count_finish(stream, &result), COAX_OK);
    river_river_count_result_free(&result);
}

static void a_reader_who_stands_still_stops_the_sender(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_count_result result;
    coax_stream *stream = begin_count(r->client, 2000, 10000, 0);
    assert_true(river_river_count_next(stream, &drop));
    uint32_t last = 0;
    for (uint32_t same = 0; same < 20;) { /* until nothing moves any more */
        uint32_t now = atomic_load(&r->n_pushed);
        same = now == last ? same + 1 : 0;
        last = now;
        let_turns_pass(r, 50);
    }
    /* A window, half of it granted again, the ring, and what lies in sockets is not the sender's affair. */
    assert_true(last < 100);
    uint32_t n = 1;
    while (river_river_count_next(stream, &drop))
        n++;
    assert_int_equal(n, 2000);
    assert_int_equal(river_river_count_finish(stream, &result), COAX_OK);
    river_river_count_result_free(&result);
}

static void items_larger_than_the_window_arrive(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_count_result result;
    coax_stream *stream = begin_count(r->client, 5, 1024 * 1024, 0);
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(river_river_count_next(stream, &drop));
        assert_int_equal(drop->body.len, 1024 * 1024);
    }
    assert_false(river_river_count_next(stream, &drop));
    assert_int_equal(river_river_count_finish(stream, &result), COAX_OK);
    river_river_count_result_free(&result);
}

static void a_failure_in_the_middle_comes_behind_the_items(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_count_result result;
    coax_stream *stream = begin_count(r->client, 1000, 10, 250);
    uint32_t n = 0;
    while (river_river_count_next(stream, &drop))
        n++;
    assert_int_equal(n, 250);
    assert_int_equal(river_river_count_finish(stream, &result), COAX_ERR_FAILED_PRECONDITION);
    assert_non_null(result.dry);
    assert_int_equal(result.dry->at, 250);
    river_river_count_result_free(&result);
}

static void unread_items_cancel_the_stream(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_count_result result;
    coax_stream *stream = begin_count(r->client, 1000000, 1000, 0);
    assert_true(river_river_count_next(stream, &drop));
    assert_int_equal(river_river_count_finish(stream, &result), COAX_ERR_CANCELLED);
    river_river_count_result_free(&result);
    await_cancel(r);
}

static void a_deadline_ends_the_wait(void **state)
{
    river *r = *state;
    const river_drop *drop;
    coax_stream *stream = begin_drip(r->client, 150);
    assert_false(river_river_drip_next(stream, &drop));
    assert_int_equal(finish_drip(stream), COAX_ERR_DEADLINE_EXCEEDED);
}

static void close_server(void *self)
{
    coax_server_close(((river *)self)->server);
}

static void a_lost_connection_ends_the_wait(void **state)
{
    river *r = *state;
    const river_drop *drop;
    coax_stream *stream = begin_drip(r->client, 0);
    river_on_loop(r, close_server, r);
    assert_false(river_river_drip_next(stream, &drop));
    assert_int_equal(finish_drip(stream), COAX_ERR_UNAVAILABLE);
}

static coax_stream *begin_sum(coax_client *client, uint32_t stop_at, bool fails)
{
    const river_river_sum_request request = { .stop_at = stop_at, .fails = fails };
    coax_stream *stream = NULL;
    assert_int_equal(river_river_sum_open(client, &request, NULL, &stream), COAX_OK);
    return stream;
}

static uint8_t body[600 * 1024];

static void what_is_put_is_answered(void **state)
{
    river *r = *state;
    river_river_sum_result result;
    coax_stream *stream = begin_sum(r->client, 0, false);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 3000; i++) { /* several windows */
        const river_drop drop = { .number = i, .body = { body, i % 500 == 0 ? sizeof body : 300 } };
        assert_int_equal(river_river_sum_put(stream, &drop), COAX_OK);
        sum += i;
    }
    assert_int_equal(river_river_sum_finish(stream, &result), COAX_OK);
    assert_int_equal(result.reply->count, 3000);
    assert_int_equal(result.reply->sum, sum);
    river_river_sum_result_free(&result);
}

/* Puts until the server's early answer has come, as it must. */
static coax_err put_until_refused(coax_stream *stream)
{
    const river_drop drop = { .number = 1, .body = { body, 10000 } };
    coax_err err = COAX_OK;
    for (uint32_t i = 0; i < 100000 && err == COAX_OK; i++)
        err = river_river_sum_put(stream, &drop);
    return err;
}

static void put_says_why_when_the_server_has_answered_early(void **state)
{
    river *r = *state;
    river_river_sum_result result;
    coax_stream *stream = begin_sum(r->client, 5, false);
    assert_int_equal(put_until_refused(stream), COAX_ERR_CLOSED);
    assert_int_equal(river_river_sum_finish(stream, &result), COAX_OK);
    assert_int_equal(result.reply->count, 5);
    river_river_sum_result_free(&result);
    stream = begin_sum(r->client, 5, true);
    assert_int_equal(put_until_refused(stream), COAX_ERR_FAILED_PRECONDITION);
    assert_int_equal(river_river_sum_finish(stream, &result), COAX_ERR_FAILED_PRECONDITION);
    assert_non_null(result.dry);
    river_river_sum_result_free(&result);
}

static void what_breaks_the_schema_is_not_put(void **state)
{
    river *r = *state;
    river_river_sum_result result;
    coax_stream *stream = begin_sum(r->client, 0, false);
    const river_drop good = { .number = 4, .body = { body, 1 } };
    const river_drop bad = { .number = 4, .body = { body, 64u * 1024u * 1024u } };
    assert_int_equal(river_river_sum_put(stream, &good), COAX_OK);
    assert_int_equal(river_river_echo_put(stream, &good), COAX_ERR_MISUSE);
    assert_int_equal(river_river_sum_put(stream, &bad), COAX_ERR_TOO_LARGE);
    assert_int_equal(coax_stream_end(stream), COAX_OK);
    assert_int_equal(coax_stream_end(stream), COAX_ERR_CLOSED);
    assert_int_equal(river_river_sum_put(stream, &good), COAX_ERR_CLOSED);
    assert_int_equal(river_river_sum_finish(stream, &result), COAX_OK);
    assert_int_equal(result.reply->sum, 4);
    river_river_sum_result_free(&result);
    stream = begin_count(r->client, 0, 0, 0);
    assert_int_equal(coax_stream_end(stream), COAX_ERR_MISUSE);
    river_river_count_result counted;
    assert_int_equal(river_river_count_finish(stream, &counted), COAX_OK);
    river_river_count_result_free(&counted);
}

static coax_stream *begin_echo(coax_client *client)
{
    const river_river_echo_request request = { 0 };
    coax_stream *stream = NULL;
    assert_int_equal(river_river_echo_open(client, &request, NULL, &stream), COAX_OK);
    return stream;
}

static void both_ways_take_turns(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_echo_result result;
    coax_stream *stream = begin_echo(r->client);
    for (uint32_t i = 0; i < 500; i++) {
        const river_drop mine = { .number = i, .body = { body, i } };
        assert_int_equal(river_river_echo_put(stream, &mine), COAX_OK);
        assert_true(river_river_echo_next(stream, &drop));
        assert_int_equal(drop->number, i);
        /* What was read may be put again. */
        assert_int_equal(river_river_echo_put(stream, drop), COAX_OK);
        assert_true(river_river_echo_next(stream, &drop));
        assert_int_equal(drop->body.len, i);
    }
    assert_int_equal(coax_stream_end(stream), COAX_OK);
    assert_false(river_river_echo_next(stream, &drop));
    assert_int_equal(river_river_echo_finish(stream, &result), COAX_OK);
    river_river_echo_result_free(&result);
}

static void finish_ends_this_side_and_waits_for_the_status(void **state)
{
    river *r = *state;
    river_river_echo_result result;
    coax_stream *stream = begin_echo(r->client);
    assert_int_equal(river_river_echo_finish(stream, &result), COAX_OK);
    river_river_echo_result_free(&result);
}

/* A thread that cancels what another waits for. */
typedef struct canceller {
    river *river;
    coax_stream *stream;
    coax_err err;
    coax_err again;
} canceller;

static void cancel_later(void *self)
{
    canceller *c = self;
    let_turns_pass(c->river, 200); /* most often the other thread waits by then */
    c->err = coax_stream_cancel(c->stream);
    c->again = coax_stream_cancel(c->stream);
}

static void a_cancel_from_another_thread_ends_the_wait(void **state)
{
    river *r = *state;
    const river_drop *drop;
    uv_thread_t thread;
    canceller c = { r, begin_drip(r->client, 0), COAX_ERR_UNKNOWN, COAX_ERR_UNKNOWN };
    assert_int_equal(uv_thread_create(&thread, cancel_later, &c), 0);
    assert_false(river_river_drip_next(c.stream, &drop));
    assert_int_equal(uv_thread_join(&thread), 0);
    assert_int_equal(c.err, COAX_OK);
    assert_int_equal(c.again, COAX_ERR_CLOSED);
    assert_int_equal(finish_drip(c.stream), COAX_ERR_CANCELLED);
    await_cancel(r);
}

static void a_cancelled_stream_gives_no_more_items(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_count_result result;
    coax_stream *stream = begin_count(r->client, 50, 10, 0);
    assert_true(river_river_count_next(stream, &drop));
    (void)coax_stream_cancel(stream); /* too late, if the end has come */
    uint32_t n = 1;
    while (river_river_count_next(stream, &drop))
        n++;
    coax_err err = river_river_count_finish(stream, &result);
    assert_true(err == COAX_ERR_CANCELLED ? n == 1 : n == 50);
    river_river_count_result_free(&result);
    stream = begin_echo(r->client);
    assert_int_equal(coax_stream_cancel(stream), COAX_OK);
    const river_drop mine = { .number = 1, .body = { body, 1 } };
    assert_int_equal(river_river_echo_put(stream, &mine), COAX_ERR_CANCELLED);
    river_river_echo_result echoed;
    assert_int_equal(river_river_echo_finish(stream, &echoed), COAX_ERR_CANCELLED);
    river_river_echo_result_free(&echoed);
}

/* Threads with a stream each on one client. What they find is counted: cmocka belongs to the main thread. */
typedef struct walker {
    coax_client *client;
    uv_thread_t thread;
    uint32_t n_right;
    coax_err err;
} walker;

static void walk(void *self)
{
    walker *w = self;
    const river_river_echo_request request = { 0 };
    coax_stream *stream = NULL;
    const river_drop *drop;
    river_river_echo_result result;
    w->err = river_river_echo_open(w->client, &request, NULL, &stream);
    if (w->err != COAX_OK)
        return;
    for (uint32_t i = 0; i < 200; i++) {
        const river_drop mine = { .number = i, .body = { body, 50 } };
        if (river_river_echo_put(stream, &mine) == COAX_OK &&
            river_river_echo_next(stream, &drop) && drop->number == i)
            w->n_right++;
    }
    w->err = river_river_echo_finish(stream, &result);
    river_river_echo_result_free(&result);
}

static void several_threads_have_a_stream_each(void **state)
{
    river *r = *state;
    walker walkers[4];
    for (int i = 0; i < 4; i++) {
        walkers[i] = (walker){ .client = r->client };
        assert_int_equal(uv_thread_create(&walkers[i].thread, walk, &walkers[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(uv_thread_join(&walkers[i].thread), 0);
        assert_int_equal(walkers[i].err, COAX_OK);
        assert_int_equal(walkers[i].n_right, 200);
    }
}

static void one_thread_has_two_streams(void **state)
{
    river *r = *state;
    const river_drop *drop;
    river_river_count_result counted;
    coax_stream *quiet = begin_drip(r->client, 0);
    coax_stream *busy = begin_count(r->client, 1000, 300, 0);
    uint32_t n = 0;
    while (river_river_count_next(busy, &drop))
        n++;
    assert_int_equal(n, 1000);
    assert_int_equal(river_river_count_finish(busy, &counted), COAX_OK);
    river_river_count_result_free(&counted);
    assert_int_equal(coax_stream_cancel(quiet), COAX_OK);
    assert_int_equal(finish_drip(quiet), COAX_ERR_CANCELLED);
}

static void what_is_missing_is_refused(void **state)
{
    river *r = *state;
    const river_river_drip_request request = { 0 };
    coax_stream *stream = NULL;
    const river_drop *drop;
    river_river_drip_result result;
    assert_int_equal(river_river_drip_open(NULL, &request, NULL, &stream), COAX_ERR_MISUSE);
    assert_int_equal(river_river_drip_open(r->client, NULL, NULL, &stream), COAX_ERR_MISUSE);
    assert_int_equal(river_river_drip_open(r->client, &request, NULL, NULL), COAX_ERR_MISUSE);
    assert_false(river_river_drip_next(NULL, &drop));
    assert_int_equal(river_river_drip_finish(NULL, &result), COAX_ERR_MISUSE);
    assert_int_equal(coax_stream_cancel(NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_stream_end(NULL), COAX_ERR_MISUSE);
    assert_null(coax_stream_call(NULL).loop);
}

static void a_stream_may_be_finished_after_its_client_was_closed(void **state)
{
    river *r = *state;
    const river_drop *drop;
    coax_stream *stream = begin_drip(r->client, 0);
    coax_client_close(r->client);
    r->client = NULL;
    assert_false(river_river_drip_next(stream, &drop));
    assert_int_equal(finish_drip(stream), COAX_ERR_CANCELLED);
}

/* On the loop's own thread nothing may wait. */
typedef struct inside {
    coax_client *client;
    coax_stream *stream;
    coax_err opened;
    coax_err put;
    bool has_next;
    coax_err finished;
} inside;

static void try_inside(void *self)
{
    inside *in = self;
    const river_river_drip_request request = { 0 };
    const river_drop mine = { .number = 1, .body = { body, 1 } };
    const river_drop *drop;
    coax_stream *stream = NULL;
    river_river_echo_result result;
    in->opened = river_river_drip_open(in->client, &request, NULL, &stream);
    in->put = river_river_echo_put(in->stream, &mine);
    in->has_next = river_river_echo_next(in->stream, &drop);
    in->finished = river_river_echo_finish(in->stream, &result);
    river_river_echo_result_free(&result);
}

static void waiting_on_the_loops_own_thread_is_a_deadlock(void **state)
{
    river *r = *state;
    inside in = { .client = r->client, .stream = begin_echo(r->client) };
    river_on_loop(r, try_inside, &in);
    assert_int_equal(in.opened, COAX_ERR_DEADLOCK);
    assert_int_equal(in.put, COAX_ERR_DEADLOCK);
    assert_false(in.has_next);
    assert_int_equal(in.finished, COAX_ERR_DEADLOCK);
    await_cancel(r);
}

static void a_loop_that_nobody_runs_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    river r;
    const river_drop *drop;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.call_timeout_ms = 100;
    river_open(&r, RIVER_SHARED, &options);
    coax_stream *stream = begin_drip(r.client, 0);
    coax_loop_stop(r.loop);
    assert_int_equal(uv_thread_join(&r.thread), 0);
    coax_stream *second = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_call_options words = COAX_CALL_OPTIONS_INIT;
    const river_river_drip_request request = { 0 };
    words.error = &error;
    assert_int_equal(river_river_drip_open(r.client, &request, &words, &second),
                     COAX_ERR_DEADLINE_EXCEEDED);
    assert_non_null(strstr(error.text, "nobody ran"));
    assert_false(river_river_drip_next(stream, &drop));
    assert_int_equal(finish_drip(stream), COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(coax_loop_destroy(r.loop), COAX_OK);
}

#define BOTH(name)                                                                                 \
    { #name " (dialled)", name, open_dialled, close_river, NULL },                                 \
    {                                                                                              \
#name " (shared loop)", name, open_shared, close_river, NULL                               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(items_come_in_order_and_then_the_end),
        BOTH(a_long_stream_is_read_to_its_end),
        BOTH(a_reader_who_stands_still_stops_the_sender),
        BOTH(items_larger_than_the_window_arrive),
        BOTH(a_failure_in_the_middle_comes_behind_the_items),
        BOTH(unread_items_cancel_the_stream),
        BOTH(a_deadline_ends_the_wait),
        BOTH(a_lost_connection_ends_the_wait),
        BOTH(what_is_put_is_answered),
        BOTH(put_says_why_when_the_server_has_answered_early),
        BOTH(what_breaks_the_schema_is_not_put),
        BOTH(both_ways_take_turns),
        BOTH(finish_ends_this_side_and_waits_for_the_status),
        BOTH(a_cancel_from_another_thread_ends_the_wait),
        BOTH(a_cancelled_stream_gives_no_more_items),
        BOTH(several_threads_have_a_stream_each),
        BOTH(one_thread_has_two_streams),
        BOTH(what_is_missing_is_refused),
        cmocka_unit_test_setup_teardown(a_stream_may_be_finished_after_its_client_was_closed,
                                        open_dialled, close_river),
        cmocka_unit_test_setup_teardown(waiting_on_the_loops_own_thread_is_a_deadlock, open_shared,
                                        close_river),
        cmocka_unit_test(a_loop_that_nobody_runs_is_not_waited_for_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
