/*
 * Metrics of a server with many loops: one number for all of them, read while they count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <coax/metrics.h>

#include "hall.h"

enum { LOOPS = 3, CLIENTS = 9, CALLS = 40 };

typedef struct caller {
    coax_client *client;
    uv_thread_t thread;
    uint32_t n_right;
} caller;

static void call_often(void *self)
{
    caller *c = self;
    for (uint32_t i = 0; i < CALLS; i++) {
        const crowd_crowd_add_request request = { .a = i, .b = 2 };
        crowd_crowd_add_result result;
        if (crowd_crowd_add_wait(c->client, &request, NULL, &result) == COAX_OK &&
            result.reply->sum == i + 2)
            c->n_right++;
        crowd_crowd_add_result_free(&result);
    }
}

static void keep_last(void *self, const coax_method_metrics *row)
{
    coax_method_metrics *kept = self;
    assert_ptr_not_equal(row->method, kept->method); /* each method once, however many loops */
    *kept = *row;
}

static void all_loops_are_added_up(void **state)
{
    (void)state;
    hall h;
    caller callers[CLIENTS];
    coax_method_metrics row = { .method = NULL };
    coax_metrics sums = COAX_METRICS_INIT;
    hall_make(&h, LOOPS, NULL);
    hall_open(&h, hall_unix_url()); /* dealt out in turn: every loop has some */
    for (int i = 0; i < CLIENTS; i++) {
        callers[i] = (caller){ .client = hall_dial(&h) };
        assert_int_equal(uv_thread_create(&callers[i].thread, call_often, &callers[i]), 0);
    }
    uint64_t last = 0;
    for (int i = 0; i < 50; i++) {
        memset(&row, 0, sizeof row);
        coax_server_each_method(h.server, keep_last, &row);
        assert_true(row.started >= last);
        last = row.started;
    }
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(uv_thread_join(&callers[i].thread), 0);
        assert_int_equal(callers[i].n_right, CALLS);
    }
    memset(&row, 0, sizeof row);
    coax_server_each_method(h.server, keep_last, &row);
    assert_string_equal(row.method->name, "crowd.Crowd.add");
    assert_int_equal(row.started, CLIENTS * CALLS);
    assert_int_equal(row.ended[COAX_OK], CLIENTS * CALLS);
    assert_int_equal(row.active, 0);
    assert_int_equal(coax_server_read_metrics(h.server, &sums), COAX_OK);
    assert_int_equal(sums.connections_open, CLIENTS);
    assert_int_equal(sums.connections_accepted, CLIENTS);
    assert_int_equal(sums.handlers, 0);
    for (int i = 0; i < CLIENTS; i++)
        coax_client_close(callers[i].client);
    hall_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(all_loops_are_added_up) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
