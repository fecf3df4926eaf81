/*
 * What has passed through a server and a client is gone from memory when both have closed: the process looks for it in
 * all it can write.
 *
 * First each way that messages take, on connections that are not encrypted, where only @sensitive fields ask for it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/wipe.h"
#include "safe.h"

enum { LARGE = 1 << 20, SMALL = 100 };

static const char *const plain_url = "plain+tcp://127.0.0.1:0";

typedef struct visit {
    safe safe;
    coax_client *client;
} visit;

static void open_visit(visit *v, const char *url, uint32_t loops)
{
    coax_error error = COAX_ERROR_INIT;
    assert_true(trace_begin());
    safe_open(&v->safe, url, NULL, loops);
    if (coax_dial(v->safe.url, NULL, &v->client, &error) != COAX_OK)
        fail_msg("%s", error.text);
}

static void close_visit(visit *v, const char *what)
{
    coax_client_close(v->client);
    safe_close(&v->safe);
    assert_int_equal(atomic_load(&v->safe.n_wrong), 0);
    assert_int_equal(trace_report(what), 0);
}

/* One call whose answer is looked at. @return how it ended. */
static coax_err keep(coax_client *client, uint32_t number, size_t len,
                     const coax_call_options *options)
{
    safe_box b;
    secrets_safe_keep_result result;
    safe_fill(&b, number, len);
    const secrets_safe_keep_request request = { b.box };
    coax_err err = secrets_safe_keep_wait(client, &request, options, &result);
    safe_empty(&b);
    if (err == COAX_OK)
        assert_true(safe_is(&result.reply->box, number + SAFE_ANSWER, len));
    secrets_safe_keep_result_free(&result);
    return err;
}

static void the_search_finds_what_was_left(void **state)
{
    (void)state;
    assert_true(trace_begin());
    const uint8_t key[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    trace_finds finds;
    uint8_t *left = malloc(1000);
    assert_non_null(left);
    trace_hide(key, 8, 7);
    trace_put(left, 1000, 0x1234);
    left[0] = 0; /* pieces are enough */
    trace_find(&finds);
    assert_true(finds.n >= 61 && finds.n_shown > 0);
    assert_int_equal(finds.shown[0].number, 0x1234);
    assert_true(trace_is(left + 16, 900, 0x1234));
    cx_wipe(left, 1000);
    memcpy(left + 3, key, 8);
    trace_find(&finds);
    assert_true(finds.n > 0 &&
                finds.shown[0].number == 7); /* also the constant, where it was copied from */
    cx_wipe(left, 1000);
    free(left);
}

static void calls_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, plain_url, 1);
    for (uint32_t i = 1; i < 20; i++)
        assert_int_equal(keep(v.client, i, SMALL, NULL), COAX_OK);
    assert_int_equal(keep(v.client, 30, 20000, NULL), COAX_OK);
    assert_int_equal(keep(v.client, 31, LARGE, NULL), COAX_OK);
    close_visit(&v, "calls");
}

static void typed_errors_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, plain_url, 1);
    assert_int_equal(keep(v.client, SAFE_THROWS, SMALL, NULL), COAX_ERR_FAILED_PRECONDITION);
    assert_int_equal(keep(v.client, SAFE_THROWS + 1, LARGE, NULL), COAX_ERR_FAILED_PRECONDITION);
    close_visit(&v, "errors");
}

static void calls_that_nobody_answers_leave_nothing(void **state)
{
    (void)state;
    visit v;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    open_visit(&v, plain_url, 1);
    options.timeout_ms = 50;
    assert_int_equal(keep(v.client, SAFE_NEVER, SMALL, &options), COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(keep(v.client, SAFE_NEVER + 1, LARGE, &options), COAX_ERR_DEADLINE_EXCEEDED);
    close_visit(&v, "unanswered calls");
}

static void ignore(void *self, const secrets_safe_keep_result *result)
{
    (void)self;
    (void)result;
}

static void calls_under_way_when_the_client_closes_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, plain_url, 1);
    for (uint32_t i = 0; i < 3; i++) { /* more than the socket takes at once */
        safe_box b;
        safe_fill(&b, 0x40 + i, 2 * LARGE);
        const secrets_safe_keep_request request = { b.box };
        assert_int_equal(secrets_safe_keep(v.client, &request, NULL, ignore, NULL), COAX_OK);
        safe_empty(&b);
    }
    secrets_open_add_result sum;
    const secrets_open_add_request add = { 1, 2 };
    /* Runs the loop until part of them has left. */
    assert_int_equal(secrets_open_add_wait(v.client, &add, NULL, &sum), COAX_OK);
    secrets_open_add_result_free(&sum);
    close_visit(&v, "half sent");
}

static void one_way_messages_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, plain_url, 1);
    for (uint32_t i = 0; i < 4; i++) {
        safe_box b;
        safe_fill(&b, 0x50 + i, i < 2 ? SMALL : LARGE);
        const secrets_safe_drop_request request = { b.box };
        assert_int_equal(secrets_safe_drop(v.client, &request, NULL), COAX_OK);
        safe_empty(&b);
    }
    while (atomic_load(&v.safe.n_dropped) < 4)
        assert_int_equal(keep(v.client, 1, 1000, NULL), COAX_OK);
    close_visit(&v, "one-way messages");
}

static void pour(coax_client *client, uint32_t n, uint32_t len, uint32_t reads)
{
    coax_stream *stream = NULL;
    const secrets_box *item;
    secrets_safe_pour_result result;
    const secrets_safe_pour_request request = { n, len };
    uint32_t got = 0;
    assert_int_equal(secrets_safe_pour_open(client, &request, NULL, &stream), COAX_OK);
    while (got < reads && secrets_safe_pour_next(stream, &item)) {
        assert_true(safe_is(item, got + SAFE_ANSWER, len));
        got++;
    }
    (void)secrets_safe_pour_finish(stream, &result);
    secrets_safe_pour_result_free(&result);
}

static void items_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, plain_url, 1);
    pour(v.client, 100, SMALL, UINT32_MAX);
    pour(v.client, 3, LARGE, UINT32_MAX);
    pour(v.client, 100, SMALL, 1); /* the others wait, and are dropped */
    pour(v.client, 3, LARGE, 1);
    pour(v.client, 100, SMALL, 0);
    close_visit(&v, "items");
}

static void items_of_the_caller_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, plain_url, 1);
    coax_stream *stream = NULL;
    secrets_safe_fill_result result;
    const secrets_safe_fill_request request = { 0 };
    assert_int_equal(secrets_safe_fill_open(v.client, &request, NULL, &stream), COAX_OK);
    for (uint32_t i = 0; i < 60; i++) {
        safe_box b;
        safe_fill(&b, 0x100 + i, i % 20 == 19 ? 100000 : SMALL);
        assert_int_equal(secrets_safe_fill_put(stream, &b.box), COAX_OK);
        safe_empty(&b);
    }
    assert_int_equal(secrets_safe_fill_finish(stream, &result), COAX_OK);
    assert_true(trace_is(result.reply->word.data, result.reply->word.len, SAFE_ANSWER));
    secrets_safe_fill_result_free(&result);
    close_visit(&v, "the caller's items");
}

static void workers_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, plain_url, 1);
    for (uint32_t i = 0; i < 6; i++) {
        safe_box b;
        secrets_safe_work_result result;
        const size_t len = i % 2 == 0 ? SMALL : LARGE;
        safe_fill(&b, 0x200 + i, len);
        const secrets_safe_work_request request = { b.box };
        assert_int_equal(secrets_safe_work_wait(v.client, &request, NULL, &result), COAX_OK);
        safe_empty(&b);
        assert_true(safe_is(&result.reply->box, 0x200 + i + SAFE_ANSWER, len));
        secrets_safe_work_result_free(&result);
    }
    close_visit(&v, "workers");
}

static void put_into_mill(coax_stream *stream, uint32_t number, size_t len)
{
    safe_box b;
    safe_fill(&b, number, len);
    assert_int_equal(secrets_safe_mill_put(stream, &b.box), COAX_OK);
    safe_empty(&b);
}

static void items_of_workers_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, plain_url, 1);
    for (uint32_t round = 0; round < 2; round++) { /* read to the end, and left in the middle */
        coax_stream *stream = NULL;
        secrets_safe_mill_result result;
        const secrets_box *item;
        const secrets_safe_mill_request request = { 0 };
        assert_int_equal(secrets_safe_mill_open(v.client, &request, NULL, &stream), COAX_OK);
        for (uint32_t i = 0; i < 30; i++)
            put_into_mill(stream, 0x300 + i, i % 10 == 9 ? 60000 : SMALL);
        for (uint32_t i = 0; i < (round == 0 ? 30u : 3u); i++) {
            assert_true(secrets_safe_mill_next(stream, &item));
            assert_true(safe_is(item, 0x300 + i, i % 10 == 9 ? 60000 : SMALL));
        }
        if (round == 0)
            assert_int_equal(coax_stream_end(stream), COAX_OK);
        (void)secrets_safe_mill_finish(stream, &result);
        secrets_safe_mill_result_free(&result);
    }
    close_visit(&v, "items of workers");
}

static void count_event(void *self, coax_peer peer, const secrets_box *event)
{
    (void)peer;
    uint32_t *n = self;
    *n += safe_is(event, event->number, event->blob.len);
}

static void tell(coax_client *client, uint32_t number, uint32_t len)
{
    secrets_safe_tell_result result;
    const secrets_safe_tell_request request = { number, len };
    assert_int_equal(secrets_safe_tell_wait(client, &request, NULL, &result), COAX_OK);
    secrets_safe_tell_result_free(&result);
}

static void see_events(uint32_t loops, const char *url)
{
    visit v;
    uint32_t n = 0;
    open_visit(&v, url, loops);
    assert_int_equal(secrets_safe_told_subscribe_wait(v.client, count_event, &n, NULL, NULL),
                     COAX_OK);
    tell(v.client, 0x400, SMALL);
    tell(v.client, 0x401, LARGE);
    tell(v.client, 0x402, 20000);
    while (n < 3)
        tell(v.client, 0x403, SMALL);
    tell(v.client, 0x404, LARGE); /* may be on its way when the client closes */
    close_visit(&v, "events");
}

static void events_leave_nothing(void **state)
{
    (void)state;
    see_events(1, plain_url);
}

static void events_on_several_loops_leave_nothing(void **state)
{
    (void)state;
    see_events(3, plain_url);
}

static void refused_values_leave_nothing_and_are_not_repeated(void **state)
{
    (void)state;
    visit v;
    char pin[64];
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    secrets_safe_enter_result result;
    open_visit(&v, plain_url, 1);
    options.error = &error;
    trace_put(pin, sizeof pin, 0x500);
    const secrets_safe_enter_request request = { { pin, sizeof pin }, 5 };
    coax_err err = secrets_safe_enter_wait(v.client, &request, &options, &result);
    cx_wipe(pin, sizeof pin);
    assert_int_equal(err, COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(result.status.message, "pin"));
    secrets_safe_enter_result_free(&result);
    close_visit(&v, "refused values");
}

static void kept_results_leave_nothing_once_they_are_freed(void **state)
{
    (void)state;
    visit v;
    secrets_safe_keep_result results[4];
    trace_finds finds;
    open_visit(&v, plain_url, 1);
    for (uint32_t i = 0; i < 4; i++) {
        safe_box b;
        safe_fill(&b, 0x600 + i, i < 2 ? SMALL : LARGE);
        const secrets_safe_keep_request request = { b.box };
        assert_int_equal(secrets_safe_keep_wait(v.client, &request, NULL, &results[i]), COAX_OK);
        safe_empty(&b);
    }
    coax_client_close(v.client); /* results outlive it, and the pool they come from */
    safe_close(&v.safe);
    trace_find(&finds);
    assert_true(finds.n > 0);
    for (uint32_t i = 0; i < 4; i++)
        secrets_safe_keep_result_free(&results[i]);
    assert_int_equal(trace_report("kept results"), 0);
}

static void calls_that_wait_for_a_connection_leave_nothing(void **state)
{
    (void)state;
    coax_client *client = NULL;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_call_options call = COAX_CALL_OPTIONS_INIT;
    coax_loop *loop = coax_loop_create(NULL);
    coax_error error = COAX_ERROR_INIT;
    assert_true(trace_begin());
    options.reconnects = true;
    call.waits_for_ready = true;
    if (coax_client_create(loop, "plain+unix:///nonexistent/coax", &options, &client, &error) !=
        COAX_OK)
        fail_msg("%s", error.text);
    for (uint32_t i = 0; i < 4; i++) {
        safe_box b;
        safe_fill(&b, 0x700 + i, i < 2 ? SMALL : LARGE);
        const secrets_safe_keep_request request = { b.box };
        assert_int_equal(secrets_safe_keep(client, &request, &call, ignore, NULL), COAX_OK);
        safe_empty(&b);
    }
    for (int i = 0; i < 20; i++)
        (void)coax_loop_process(loop);
    coax_client_close(client);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    assert_int_equal(trace_report("waiting calls"), 0);
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_finds_what_was_left),
        cmocka_unit_test(calls_leave_nothing),
        cmocka_unit_test(typed_errors_leave_nothing),
        cmocka_unit_test(calls_that_nobody_answers_leave_nothing),
        cmocka_unit_test(calls_under_way_when_the_client_closes_leave_nothing),
        cmocka_unit_test(one_way_messages_leave_nothing),
        cmocka_unit_test(items_leave_nothing),
        cmocka_unit_test(items_of_the_caller_leave_nothing),
        cmocka_unit_test(workers_leave_nothing),
        cmocka_unit_test(items_of_workers_leave_nothing),
        cmocka_unit_test(events_leave_nothing),
        cmocka_unit_test(events_on_several_loops_leave_nothing),
        cmocka_unit_test(refused_values_leave_nothing_and_are_not_repeated),
        cmocka_unit_test(kept_results_leave_nothing_once_they_are_freed),
        cmocka_unit_test(calls_that_wait_for_a_connection_leave_nothing),
    };
    trace_bind_now(argv);
    if (!trace_begin()) {
        puts("skipped: this system shows no /proc/self/mem");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
