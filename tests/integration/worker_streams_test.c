/*
 * Streams and metadata of @blocking handlers: a worker that waits for items and for room.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hall.h"

/* What the handlers share with the test. */
typedef struct brook {
    hall hall;
    atomic_uint n_pushed;
    atomic_uint n_handlers; /* that have returned */
    atomic_int last;        /* what the last push or end was told */
} brook;

static void on_count(void *self, coax_call call, const crowd_crowd_count_request *request)
{
    brook *b = self;
    uint8_t *data = calloc(1, request->len + 1u);
    coax_err rc = COAX_OK;
    for (uint32_t i = 0; i < request->n && rc == COAX_OK; i++) {
        crowd_piece piece = { .number = i, .payload = { data, request->len } };
        rc = crowd_crowd_count_push(call, &piece);
        if (rc == COAX_OK)
            atomic_fetch_add(&b->n_pushed, 1);
    }
    if (rc == COAX_OK)
        rc = coax_call_end(call);
    atomic_store(&b->last, (int)rc);
    free(data);
    atomic_fetch_add(&b->n_handlers, 1);
}

static void on_total(void *self, coax_call call, const crowd_crowd_total_request *request)
{
    brook *b = self;
    crowd_crowd_total_response reply = { 0 };
    const crowd_piece *piece;
    while (reply.n < request->reads && crowd_crowd_total_take(call, &piece)) {
        if (piece->number != reply.n)
            (void)coax_call_fail(call, COAX_ERR_DATA_LOSS, "item %u is number %u", reply.n,
                                 piece->number);
        reply.n++;
        reply.bytes += piece->payload.len;
    }
    atomic_store(&b->last, (int)crowd_crowd_total_reply(call, &reply));
    atomic_fetch_add(&b->n_handlers, 1);
}

static void say_something(coax_call call)
{
    const coax_metadata *came = coax_call_metadata(call);
    coax_str value = coax_metadata_find(came, "asked");
    const coax_metadata_pair first = { coax_str_from("heard"), value };
    const coax_metadata initial = { &first, 1 };
    const coax_metadata_pair second = { coax_str_from("done"), coax_str_from("yes") };
    const coax_metadata trailing = { &second, 1 };
    if (value.data == NULL)
        return;
    (void)coax_call_send_metadata(call, &initial);
    (void)coax_call_set_trailer(call, &trailing);
}

static void on_mirror(void *self, coax_call call, const crowd_crowd_mirror_request *request)
{
    brook *b = self;
    const crowd_piece *piece;
    coax_err rc = COAX_OK;
    (void)request;
    say_something(call);
    while (rc == COAX_OK && crowd_crowd_mirror_take(call, &piece))
        rc = crowd_crowd_mirror_push(call, piece);
    atomic_store(&b->last, (int)coax_call_end(call));
    atomic_fetch_add(&b->n_handlers, 1);
}

static const crowd_crowd_handlers handlers = { .count = on_count,
                                               .total = on_total,
                                               .mirror = on_mirror };

static void open_brook_with(brook *b, const coax_server_options *options)
{
    coax_error error = COAX_ERROR_INIT;
    memset(b, 0, sizeof *b);
    b->hall.loop = coax_loop_create(NULL);
    if (coax_server_create(b->hall.loop, options, &b->hall.server, &error) != COAX_OK ||
        crowd_crowd_serve(b->hall.server, &handlers, b) != COAX_OK)
        fail_msg("%s", error.text);
    hall_open(&b->hall, "tcp://127.0.0.1:0");
}

static void open_brook(brook *b, uint32_t loops)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.loops = loops;
    open_brook_with(b, &options);
}

/* Reads so many, or until there is none. @return how many were right. */
static uint32_t read_pieces(coax_stream *stream, uint32_t most, size_t len)
{
    const crowd_piece *piece;
    uint32_t n = 0;
    while (n < most && crowd_crowd_count_next(stream, &piece) && piece->number == n &&
           piece->payload.len == len)
        n++;
    return n;
}

static coax_err finish_count(coax_stream *stream)
{
    crowd_crowd_count_result result;
    coax_err rc = crowd_crowd_count_finish(stream, &result);
    crowd_crowd_count_result_free(&result);
    return rc;
}

static coax_err count(coax_client *client, uint32_t n, uint32_t len)
{
    coax_stream *stream = NULL;
    const crowd_crowd_count_request request = { .n = n, .len = len };
    coax_err rc = crowd_crowd_count_open(client, &request, NULL, &stream);
    if (rc != COAX_OK)
        return rc;
    bool right = read_pieces(stream, UINT32_MAX, len) == n;
    rc = finish_count(stream);
    return rc == COAX_OK && !right ? COAX_ERR_DATA_LOSS : rc;
}

static void a_worker_pushes_many_items_in_order(void **state)
{
    (void)state;
    brook b;
    open_brook(&b, 1);
    coax_client *client = hall_dial(&b.hall);
    assert_int_equal(count(client, 0, 0), COAX_OK);
    assert_int_equal(count(client, 20000, 100), COAX_OK);
    assert_int_equal(count(client, 40, 300000), COAX_OK); /* each larger than the window */
    coax_client_close(client);
    hall_close(&b.hall);
}

static void a_worker_waits_for_a_reader_that_is_slow_and_learns_when_it_leaves(void **state)
{
    (void)state;
    brook b;
    coax_stream *stream = NULL;
    open_brook(&b, 1);
    coax_client *client = hall_dial(&b.hall);
    const crowd_crowd_count_request request = { .n = 1000000, .len = 1000 };
    assert_int_equal(crowd_crowd_count_open(client, &request, NULL, &stream), COAX_OK);
    assert_int_equal(read_pieces(stream, 10, 1000), 10);
    assert_int_equal(finish_count(stream), COAX_ERR_CANCELLED);
    while (atomic_load(&b.n_handlers) == 0)
        assert_int_equal(count(client, 1, 1), COAX_OK);
    assert_true(atomic_load(&b.n_pushed) < 5000);
    coax_client_close(client);
    hall_close(&b.hall);
}

static coax_err total(coax_client *client, uint32_t n, uint32_t reads, uint32_t len,
                      uint32_t *ret_n)
{
    coax_stream *stream = NULL;
    uint8_t *data = calloc(1, len + 1u);
    const crowd_crowd_total_request request = { .reads = reads };
    coax_err rc = crowd_crowd_total_open(client, &request, NULL, &stream);
    assert_int_equal(rc, COAX_OK);
    for (uint32_t i = 0; i < n && rc == COAX_OK; i++) {
        crowd_piece piece = { .number = i, .payload = { data, len } };
        rc = crowd_crowd_total_put(stream, &piece);
    }
    crowd_crowd_total_result result;
    rc = crowd_crowd_total_finish(stream, &result);
    *ret_n = rc == COAX_OK ? result.reply->n : 0;
    if (rc == COAX_OK)
        assert_int_equal(result.reply->bytes, (uint64_t)len * result.reply->n);
    crowd_crowd_total_result_free(&result);
    free(data);
    return rc;
}

static void a_worker_takes_items_until_the_caller_ends(void **state)
{
    (void)state;
    brook b;
    uint32_t n = 0;
    open_brook(&b, 1);
    coax_client *client = hall_dial(&b.hall);
    assert_int_equal(total(client, 0, UINT32_MAX, 0, &n), COAX_OK);
    assert_int_equal(n, 0);
    assert_int_equal(total(client, 20000, UINT32_MAX, 100, &n), COAX_OK);
    assert_int_equal(n, 20000);
    assert_int_equal(total(client, 40, UINT32_MAX, 300000, &n), COAX_OK);
    assert_int_equal(n, 40);
    coax_client_close(client);
    hall_close(&b.hall);
}

static void a_worker_may_answer_before_the_caller_has_ended(void **state)
{
    (void)state;
    brook b;
    uint32_t n = 0;
    open_brook(&b, 1);
    coax_client *client = hall_dial(&b.hall);
    assert_int_equal(total(client, 5000, 7, 1000, &n), COAX_OK);
    assert_int_equal(n, 7);
    coax_client_close(client);
    hall_close(&b.hall);
}

/* The only thread is busy, so nobody takes what this client sends: it is kept encoded, and counts. */
static void items_for_a_handler_without_a_thread_count_for_max_held(void **state)
{
    (void)state;
    brook b;
    coax_stream *busy = NULL;
    coax_stream *stream = NULL;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.n_workers = 1;
    options.limits.max_held = 60000;
    open_brook_with(&b, &options);
    coax_client *client = hall_dial(&b.hall);
    const crowd_crowd_mirror_request forever = { 0 };
    assert_int_equal(crowd_crowd_mirror_open(client, &forever, NULL, &busy), COAX_OK);
    const crowd_crowd_total_request request = { .reads = UINT32_MAX };
    const coax_call_options patience = { .timeout_ms = 5000 };
    assert_int_equal(crowd_crowd_total_open(client, &request, &patience, &stream), COAX_OK);
    static const uint8_t data[8000];
    const crowd_piece piece = { .payload = { data, sizeof data } };
    uint32_t n = 0;
    while (n < 14 && crowd_crowd_total_put(stream, &piece) == COAX_OK)
        n++; /* fewer than the runtime would decode ahead for a handler that takes */
    crowd_crowd_total_result result;
    assert_int_equal(crowd_crowd_total_finish(stream, &result), COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(result.status.message, "max_held"));
    crowd_crowd_total_result_free(&result);
    crowd_crowd_mirror_result over;
    assert_int_equal(crowd_crowd_mirror_finish(busy, &over), COAX_OK);
    crowd_crowd_mirror_result_free(&over);
    coax_client_close(client);
    hall_close(&b.hall);
}

static void metadata_of_a_worker_goes_in_front_and_behind(void **state)
{
    (void)state;
    brook b;
    coax_stream *stream = NULL;
    open_brook(&b, 1);
    coax_client *client = hall_dial(&b.hall);
    const coax_metadata_pair pair = { coax_str_from("asked"), coax_str_from("kindly") };
    const coax_metadata sent = { &pair, 1 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.metadata = &sent;
    const crowd_crowd_mirror_request request = { 0 };
    const crowd_piece *piece;
    crowd_crowd_mirror_result result;
    assert_int_equal(crowd_crowd_mirror_open(client, &request, &options, &stream), COAX_OK);
    for (uint32_t i = 0; i < 300; i++) {
        const crowd_piece mine = { .number = i, .payload = { (const uint8_t *)"", 0 } };
        assert_int_equal(crowd_crowd_mirror_put(stream, &mine), COAX_OK);
        assert_true(crowd_crowd_mirror_next(stream, &piece));
        assert_int_equal(piece->number, i);
    }
    assert_int_equal(coax_stream_end(stream), COAX_OK);
    assert_false(crowd_crowd_mirror_next(stream, &piece));
    assert_int_equal(crowd_crowd_mirror_finish(stream, &result), COAX_OK);
    coax_str heard = coax_metadata_find(&result.status.initial, "heard");
    coax_str done = coax_metadata_find(&result.status.trailing, "done");
    assert_true(heard.len == 6 && memcmp(heard.data, "kindly", 6) == 0);
    assert_true(done.len == 3 && memcmp(done.data, "yes", 3) == 0);
    crowd_crowd_mirror_result_free(&result);
    coax_client_close(client);
    hall_close(&b.hall);
}

enum { GUESTS = 4 };

typedef struct guest {
    const brook *brook;
    uv_thread_t thread;
    atomic_uint *n_right;
    bool is_wrong;
} guest;

static void run_guest(void *self)
{
    guest *g = self;
    coax_err rc = COAX_OK;
    while (rc == COAX_OK) {
        coax_client *client = NULL;
        rc = coax_dial(g->brook->hall.url, NULL, &client, NULL);
        for (uint32_t i = 0; i < 5 && rc == COAX_OK; i++) {
            rc = count(client, 200, 2000);
            if (rc == COAX_OK)
                atomic_fetch_add(g->n_right, 1);
        }
        coax_client_close(client);
    }
    g->is_wrong = rc == COAX_ERR_DATA_LOSS;
}

static void close_server(void *self)
{
    coax_server_close(self);
}

static void many_loops_share_their_workers_and_close_under_load(void **state)
{
    (void)state;
    brook b;
    guest guests[GUESTS];
    atomic_uint n_right;
    atomic_init(&n_right, 0);
    open_brook(&b, 3);
    for (uint32_t i = 0; i < GUESTS; i++) {
        guests[i] = (guest){ .brook = &b, .n_right = &n_right };
        assert_int_equal(uv_thread_create(&guests[i].thread, run_guest, &guests[i]), 0);
    }
    coax_client *watcher = hall_dial(&b.hall);
    while (atomic_load(&n_right) < 40)
        assert_int_equal(count(watcher, 5, 10), COAX_OK);
    assert_int_equal(coax_loop_post(b.hall.loop, close_server, b.hall.server), COAX_OK);
    for (uint32_t i = 0; i < GUESTS; i++) {
        assert_int_equal(uv_thread_join(&guests[i].thread), 0);
        assert_false(guests[i].is_wrong);
    }
    coax_client_close(watcher);
    hall_close(&b.hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_pushes_many_items_in_order),
        cmocka_unit_test(a_worker_waits_for_a_reader_that_is_slow_and_learns_when_it_leaves),
        cmocka_unit_test(a_worker_takes_items_until_the_caller_ends),
        cmocka_unit_test(a_worker_may_answer_before_the_caller_has_ended),
        cmocka_unit_test(items_for_a_handler_without_a_thread_count_for_max_held),
        cmocka_unit_test(metadata_of_a_worker_goes_in_front_and_behind),
        cmocka_unit_test(many_loops_share_their_workers_and_close_under_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
