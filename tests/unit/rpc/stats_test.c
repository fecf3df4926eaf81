/*
 * What is counted: each call once in each direction, under the code it ended with, however it ended.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

enum { ROWS_MAX = 16 };

typedef struct rows {
    coax_method_metrics row[ROWS_MAX];
    size_t n;
} rows;

static void keep_row(void *self, const coax_method_metrics *row)
{
    rows *kept = self;
    assert_true(kept->n < ROWS_MAX);
    kept->row[kept->n++] = *row;
}

static rows read_rows(const cx_stats *stats)
{
    rows kept = { .n = 0 };
    cx_stats_each_method(stats, keep_row, &kept);
    return kept;
}

static uint64_t sum_of(const uint64_t *counts, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += counts[i];
    return sum;
}

/* The only row there is; what must hold of any row holds of it. */
static coax_method_metrics only_row(const pair_side *side)
{
    rows kept = read_rows(&side->stats);
    assert_int_equal(kept.n, 1);
    const coax_method_metrics *row = &kept.row[0];
    assert_int_equal(row->started, row->active + sum_of(row->ended, COAX_METRICS_CODES));
    return *row;
}

static void a_call_is_counted_once_on_each_side(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "hello");
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    assert_int_equal(only_row(&two->client).active, 1);
    pair_pump(two);
    coax_method_metrics out = only_row(&two->client);
    coax_method_metrics in = only_row(&two->server);
    assert_ptr_equal(out.method, &echo_echo);
    assert_false(out.is_inbound);
    assert_true(in.is_inbound);
    for (int i = 0; i < 2; i++) {
        const coax_method_metrics *row = i == 0 ? &out : &in;
        assert_int_equal(row->started, 1);
        assert_int_equal(row->active, 0);
        assert_int_equal(row->ended[COAX_OK], 1);
        assert_int_equal(sum_of(row->durations, COAX_METRICS_BUCKETS), 1);
        assert_true(row->request_bytes > 0);
    }
    assert_int_equal(out.request_bytes, in.request_bytes);
    assert_int_equal(out.reply_bytes, in.reply_bytes);
    assert_int_equal(out.reply_bytes, out.request_bytes); /* an echo */
}

/* A call that the server keeps, for the way `end` ends it. */
static void hold(pair *two, pair_answer *answer, coax_call *ret_call, uint32_t timeout_ms)
{
    echo_note note = echo_make(5, "hello");
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = timeout_ms;
    options.ret_call = ret_call;
    two->server.keeps_calls = true;
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, &options, answer), COAX_OK);
    pair_pump(two);
    assert_int_equal(cx_count_read(&two->server.stats.handlers), 1);
}

static void failures_count_under_their_code_on_both_sides(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call made;
    hold(two, &answer, &made, 0);
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_NOT_FOUND, "no"), COAX_OK);
    pair_pump(two);
    assert_int_equal(only_row(&two->client).ended[COAX_ERR_NOT_FOUND], 1);
    assert_int_equal(only_row(&two->server).ended[COAX_ERR_NOT_FOUND], 1);
    assert_int_equal(cx_count_read(&two->server.stats.handlers), 0);
}

static void typed_errors_count_under_their_status(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call made;
    hold(two, &answer, &made, 0);
    const echo_broken broken = { 7 };
    assert_int_equal(coax_gen_throw(two->server.kept[0], &echo_echo, &echo_broken_type, &broken),
                     COAX_OK);
    pair_pump(two);
    assert_int_equal(only_row(&two->client).ended[COAX_ERR_FAILED_PRECONDITION], 1);
    assert_int_equal(only_row(&two->server).ended[COAX_ERR_FAILED_PRECONDITION], 1);
}

static void a_cancel_counts_at_once_and_the_handler_until_it_lets_go(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call made;
    hold(two, &answer, &made, 0);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_int_equal(only_row(&two->client).ended[COAX_ERR_CANCELLED], 1);
    assert_int_equal(only_row(&two->server).ended[COAX_ERR_CANCELLED], 1);
    assert_int_equal(cx_count_read(&two->server.stats.handlers), 1);
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_ABORTED, "late"), COAX_ERR_STALE);
    assert_int_equal(cx_count_read(&two->server.stats.handlers), 0);
    assert_int_equal(only_row(&two->server).active, 0);
}

static void a_deadline_counts_as_one_and_gives_the_time_that_passed(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call made;
    hold(two, &answer, &made, 100);
    pair_advance(two, 150);
    coax_method_metrics out = only_row(&two->client);
    assert_int_equal(out.ended[COAX_ERR_DEADLINE_EXCEEDED], 1);
    assert_int_equal(only_row(&two->server).ended[COAX_ERR_DEADLINE_EXCEEDED], 1);
    assert_true(out.duration_ns >= 100000000u && out.duration_ns <= 150000000u);
    unsigned bucket = 0;
    while (coax_metrics_bound_us(bucket) < out.duration_ns / 1000u)
        bucket++;
    assert_int_equal(out.durations[bucket], 1);
}

static void a_broken_connection_ends_what_is_under_way_as_unavailable(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    coax_call made;
    hold(two, &answer, &made, 0);
    pair_break(two, "cut");
    assert_int_equal(only_row(&two->client).ended[COAX_ERR_UNAVAILABLE], 1);
    assert_int_equal(only_row(&two->server).ended[COAX_ERR_UNAVAILABLE], 1);
    assert_int_equal(cx_count_read(&two->server.stats.handlers), 0);
}

static void one_way_messages_have_no_duration(void **state)
{
    pair *two = *state;
    echo_note note = echo_make(5, "x");
    assert_int_equal(cx_rpc_send(&two->client.endpoint, &echo_hint, &note, NULL), COAX_OK);
    pair_pump(two);
    for (int i = 0; i < 2; i++) {
        coax_method_metrics row = only_row(i == 0 ? &two->client : &two->server);
        assert_ptr_equal(row.method, &echo_hint);
        assert_int_equal(row.started, 1);
        assert_int_equal(row.ended[COAX_OK], 1);
        assert_int_equal(sum_of(row.durations, COAX_METRICS_BUCKETS), 0);
    }
}

static void methods_nobody_serves_share_one_row(void **state)
{
    pair *two = *state;
    echo_note note = echo_make(5, "x");
    for (uint32_t i = 0; i < 50; i++) {
        coax_method unknown = echo_echo;
        pair_answer answer = { 0 };
        unknown.id = 0x1000 + i;
        assert_int_equal(pair_call(&two->client, &unknown, &note, NULL, &answer), COAX_OK);
        pair_pump(two);
        assert_int_equal(answer.err, COAX_ERR_UNIMPLEMENTED);
        cx_stats_deinit(&two->client.stats); /* its rows name a method that goes */
        cx_stats_init(&two->client.stats, &two->client.core.host.pool);
    }
    coax_method_metrics row = only_row(&two->server);
    assert_null(row.method);
    assert_int_equal(row.started, 50);
    assert_int_equal(row.ended[COAX_ERR_UNIMPLEMENTED], 50);
    assert_int_equal(cx_count_read(&two->server.stats.bad_inputs), 50);
}

static void a_call_that_a_limit_refuses_counts_for_its_method(void **state)
{
    pair *two = *state;
    pair_answer answers[3] = { { 0 } };
    echo_note note = echo_make(5, "x");
    two->server.config.limits.max_concurrent_calls = 2; /* after the client was told of more */
    two->server.keeps_calls = true;
    for (int i = 0; i < 3; i++)
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[i]), COAX_OK);
    pair_pump(two);
    coax_method_metrics row = only_row(&two->server);
    assert_ptr_equal(row.method, &echo_echo);
    assert_int_equal(row.started, 3);
    assert_int_equal(row.active, 2);
    assert_int_equal(row.ended[COAX_ERR_RESOURCE_EXHAUSTED], 1);
}

static void bytes_and_frames_agree_with_what_was_carried(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    echo_note note = echo_make(5, "x");
    static uint8_t body[100000]; /* several frames */
    note.body = (coax_bytes){ body, sizeof body };
    assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
    pair_pump(two);
    coax_metrics here = COAX_METRICS_INIT;
    coax_metrics there = COAX_METRICS_INIT;
    cx_stats_read(&two->client.stats, &here);
    cx_stats_read(&two->server.stats, &there);
    assert_int_equal(here.bytes_sent, two->n_to_server);
    assert_int_equal(there.bytes_received, two->n_to_server);
    assert_int_equal(here.bytes_received, two->n_to_client);
    assert_int_equal(there.bytes_sent, two->n_to_client);
    assert_int_equal(here.frames_sent, there.frames_received);
    assert_int_equal(there.frames_sent, here.frames_received);
    assert_true(here.frames_sent >= 4);
}

static void buckets_end_at_powers_of_two(void **state)
{
    cx_pool pool;
    cx_stats stats;
    fake_env fake;
    (void)state;
    fake_env_init(&fake);
    cx_pool_init(&pool, &fake.env.allocator);
    cx_stats_init(&stats, &pool);
    cx_stats_row *row = cx_stats_find(&stats, &echo_echo, CX_ROW_OUTBOUND);
    for (unsigned i = 0; i < COAX_METRICS_BUCKETS; i++) {
        uint64_t bound = coax_metrics_bound_us(i);
        uint64_t longest_ns = bound == UINT64_MAX ? UINT64_MAX : bound * 1000u;
        cx_stats_begin(row, 0);
        cx_stats_end(row, COAX_OK, longest_ns);
        assert_int_equal(cx_count_read(&row->call.durations[i]), i == 0 ? 1 : 2);
        if (longest_ns != UINT64_MAX) {
            cx_stats_begin(row, 0);
            cx_stats_end(row, COAX_OK, longest_ns + 1);
            assert_int_equal(cx_count_read(&row->call.durations[i + 1]), 1);
        }
    }
    cx_stats_begin(row, 0);
    cx_stats_end(row, COAX_OK, 0);
    assert_int_equal(cx_count_read(&row->call.durations[0]), 2);
    cx_stats_deinit(&stats);
    cx_pool_deinit(&pool);
}

static void loops_are_added_up(void **state)
{
    cx_pool pool;
    cx_stats loops[3];
    fake_env fake;
    (void)state;
    fake_env_init(&fake);
    cx_pool_init(&pool, &fake.env.allocator);
    for (uint32_t i = 0; i < 3; i++) {
        cx_stats_init(&loops[i], &pool);
        cx_count_add(&loops[i].opened, 10 + i);
        cx_count_add(&loops[i].ended, i);
        cx_stats_row *row = cx_stats_find(&loops[i], &echo_echo, CX_ROW_INBOUND);
        cx_stats_begin(row, 100);
        cx_stats_end(row, COAX_OK, 1);
        if (i > 0) { /* a method that the first loop has not met */
            row = cx_stats_find(&loops[i], &echo_quick, CX_ROW_INBOUND);
            cx_stats_begin(row, 1);
        }
        if (i > 0)
            cx_stats_join(&loops[0], &loops[i]);
    }
    rows kept = read_rows(&loops[0]);
    assert_int_equal(kept.n, 2);
    assert_ptr_equal(kept.row[0].method, &echo_echo);
    assert_int_equal(kept.row[0].started, 3);
    assert_int_equal(kept.row[0].request_bytes, 300);
    assert_ptr_equal(kept.row[1].method, &echo_quick);
    assert_int_equal(kept.row[1].active, 2);
    coax_metrics sum = COAX_METRICS_INIT;
    cx_stats_read(&loops[0], &sum);
    assert_int_equal(sum.connections_opened, 33);
    assert_int_equal(sum.connections_open, 30);
    cx_stats_part(&loops[0], &loops[1]);
    assert_int_equal(read_rows(&loops[0]).row[0].started, 2);
    for (int i = 0; i < 3; i++)
        cx_stats_deinit(&loops[i]);
    cx_pool_deinit(&pool);
}

/* A reader built against an older or newer header. */
static void a_shorter_struct_is_filled_as_far_as_it_goes(void **state)
{
    pair *two = *state;
    struct {
        size_t size;
        uint64_t open;
        uint64_t behind;
    } old = { offsetof(coax_metrics, connections_opened), 0, 0xabcd };
    cx_count_add(&two->client.stats.opened, 1);
    cx_stats_read(&two->client.stats, (coax_metrics *)(void *)&old);
    assert_int_equal(old.open, 1);
    assert_int_equal(old.behind, 0xabcd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_is_counted_once_on_each_side),
        TEST(failures_count_under_their_code_on_both_sides),
        TEST(typed_errors_count_under_their_status),
        TEST(a_cancel_counts_at_once_and_the_handler_until_it_lets_go),
        TEST(a_deadline_counts_as_one_and_gives_the_time_that_passed),
        TEST(a_broken_connection_ends_what_is_under_way_as_unavailable),
        TEST(one_way_messages_have_no_duration),
        TEST(methods_nobody_serves_share_one_row),
        TEST(a_call_that_a_limit_refuses_counts_for_its_method),
        TEST(bytes_and_frames_agree_with_what_was_carried),
        cmocka_unit_test(buckets_end_at_powers_of_two),
        cmocka_unit_test(loops_are_added_up),
        TEST(a_shorter_struct_is_filled_as_far_as_it_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
