/*
 * Peers that do what is allowed, without end: calls that are cancelled at once, streams that nobody takes from, answers
 * that are never read, subscriptions. The server's memory stays within its limits, and a good client is answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "siege.h"

#define MIB ((size_t)1 << 20)

/* What the loop has taken above what it had. */
static void assert_grown_less(size_t before, size_t most)
{
    if (siege_most() > before + most)
        fail_msg("%zu bytes were taken, %zu may be", siege_most() - before, most);
}

static void flood_and_cancel(uint32_t method, uint32_t n)
{
    siege s;
    static foe f;
    siege_open(&s, NULL);
    foe_open(&f, &s);
    size_t before = siege_bytes();
    siege_mark();
    for (uint32_t i = 1; i <= n; i++) {
        foe_put_request(&f, i, method);
        foe_put_simple(&f, CX_FRAME_CANCEL, 1, i, 0);
        if (i % 1000 == 0)
            foe_settle(&f);
    }
    assert_false(f.is_over);
    assert_int_equal(s.n_let_go, n);
    assert_grown_less(before, MIB / 2);
    foe_close(&f);
    siege_close(&s);
}

static void calls_that_are_cancelled_at_once_cost_what_they_take_and_no_more(void **state)
{
    (void)state;
    flood_and_cancel(SIEGE_PACKET_WALL_WAIT, 20000);
    flood_and_cancel(SIEGE_PACKET_WALL_HOLD, 20000);
}

static void a_cancelled_call_takes_the_calls_that_were_made_for_it_along(void **state)
{
    (void)state;
    enum { N = 10000, AT_ONCE = 500 };
    siege s;
    static foe f;
    siege_open(&s, NULL);
    foe_open(&f, &s);
    size_t before = siege_bytes();
    siege_mark();
    for (uint32_t i = 1; i <= N; i += AT_ONCE) {
        for (uint32_t k = 0; k < AT_ONCE; k++)
            foe_put_request(&f, i + k, SIEGE_PACKET_WALL_RELAY);
        foe_settle(&f);
        for (uint32_t k = 0; k < AT_ONCE; k++)
            foe_put_simple(&f, CX_FRAME_CANCEL, 1, i + k, 0);
        foe_settle(&f);
        while (s.n_relayed < i + AT_ONCE - 1 || s.n_let_go < i + AT_ONCE - 1)
            siege_turn(&s);
    }
    assert_int_equal(s.n_relayed, N);
    assert_int_equal(f.n_heard[CX_FRAME_ERROR], 0);
    assert_grown_less(before, 3 * MIB);
    foe_close(&f);
    siege_close(&s);
}

static void cancelled_calls_wait_for_a_thread_within_max_concurrent_calls(void **state)
{
    (void)state;
    enum { N = 10000, N_WORKERS = 2, MOST = 1024 };
    siege s;
    static foe f;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.n_workers = N_WORKERS;
    siege_open(&s, &options);
    foe_open(&f, &s);
    size_t before = siege_bytes();
    siege_mark();
    for (uint32_t i = 1; i <= N_WORKERS; i++)
        foe_put_request(&f, N + i, SIEGE_PACKET_WALL_GRIND);
    foe_settle(&f);
    while (atomic_load(&s.n_grinding) < N_WORKERS)
        siege_turn(&s); /* both threads are taken */
    for (uint32_t i = 1; i <= N; i++) {
        foe_put_request(&f, i, SIEGE_PACKET_WALL_GRIND);
        foe_put_simple(&f, CX_FRAME_CANCEL, 1, i, 0);
        if (i % 1000 == 0)
            foe_settle(&f);
    }
    assert_int_equal(f.n_heard[CX_FRAME_ERROR], N + N_WORKERS - MOST);
    assert_non_null(strstr(f.error_words, "max_concurrent_calls (1024)"));
    assert_grown_less(before, 4 * MIB);
    siege_good_call(&s);
    foe_close(&f);
    siege_close(&s);
    assert_true(atomic_load(&s.n_grinding) <= N_WORKERS + MOST);
}

static void streams_that_nobody_takes_from_hold_no_more_than_max_held(void **state)
{
    (void)state;
    enum { N_FOES = 3, N_STREAMS = 1024, MAX_HELD = 2 << 20 };
    siege s;
    static foe foes[N_FOES];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.limits.max_held = MAX_HELD;
    siege_open(&s, &options);
    size_t before = siege_bytes();
    siege_mark();
    for (int i = 0; i < N_FOES; i++) {
        foe *f = &foes[i];
        foe_open(f, &s);
        for (uint32_t call = 1; call <= N_STREAMS; call++) {
            foe_put_request(f, call, SIEGE_PACKET_WALL_HOLD);
            for (int k = 0; k < 4; k++)
                foe_put_item(f, call, k == 0 ? 60 : 2000 * (size_t)k);
            if (call % 64 == 0)
                foe_settle(f);
        }
        assert_false(f->is_over);
        assert_true(f->n_heard[CX_FRAME_ERROR] > 100);
        assert_non_null(strstr(f->error_words, "max_held"));
    }
    /* Beside what is held: the calls themselves, and what a failed stream gave back to the pool. */
    assert_grown_less(before, N_FOES * (MAX_HELD + MIB) + 2 * MIB);
    siege_good_call(&s);
    for (int i = 0; i < N_FOES; i++)
        foe_close(&foes[i]);
    siege_close(&s);
}

static void streams_of_replies_that_are_never_read_stop_at_max_send_queue(void **state)
{
    (void)state;
    enum { MAX_QUEUE = 1 << 20 };
    siege s;
    static foe f;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.limits.max_send_queue = MAX_QUEUE;
    siege_open(&s, &options);
    foe_open(&f, &s);
    size_t before = siege_bytes();
    siege_mark();
    f.is_deaf = true;
    for (uint32_t call = 1; call <= 1024; call++)
        foe_put_request(&f, call, SIEGE_PACKET_WALL_POUR);
    (void)foe_send(&f);
    for (uint32_t i = 0; i < 2000; i++)
        foe_put_simple(&f, CX_FRAME_WINDOW, 0, 1 + i % 1024, 5000); /* more, please */
    (void)foe_send(&f);
    assert_grown_less(before, 3 * MAX_QUEUE);
    siege_good_call(&s);
    foe_close(&f);
    siege_close(&s);
}

static void subscribing_without_end_keeps_one_subscription(void **state)
{
    (void)state;
    siege s;
    static foe f;
    siege_open(&s, NULL);
    foe_open(&f, &s);
    size_t before = siege_bytes();
    siege_mark();
    for (uint32_t i = 1; i <= 20000; i++) {
        foe_put_simple(&f, CX_FRAME_SUBSCRIBE, 0, i, SIEGE_PACKET_WALL_NEWS);
        if (i % 3 == 0)
            foe_put_simple(&f, CX_FRAME_UNSUBSCRIBE, 0, 0, SIEGE_PACKET_WALL_NEWS);
        if (i % 1000 == 0)
            foe_settle(&f);
    }
    assert_int_equal(f.n_heard[CX_FRAME_RESPONSE], 20000);
    for (uint32_t i = 1; i <= 5000; i++) {
        foe_put_simple(&f, CX_FRAME_SUBSCRIBE, 0, i, i);
        foe_put_simple(&f, CX_FRAME_UNSUBSCRIBE, 0, 0, i);
    }
    foe_settle(&f);
    assert_int_equal(f.n_heard[CX_FRAME_ERROR], 5000);
    assert_int_equal(f.last_error.aux, COAX_ERR_UNIMPLEMENTED);
    assert_grown_less(before, MIB);
    foe_close(&f);
    siege_close(&s);
}

static void who_asks_without_reading_is_read_from_no_more(uint32_t method)
{
    siege s;
    static foe f;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.limits.max_send_queue = 1 << 20;
    siege_open(&s, &options);
    foe_open(&f, &s);
    size_t before = siege_bytes();
    siege_mark();
    f.is_deaf = true;
    bool is_taken = true;
    for (uint32_t i = 1; i <= 1000000 && is_taken; i++) {
        if (method == 0)
            foe_put_simple(&f, CX_FRAME_SUBSCRIBE, 0, i, i);
        else
            foe_put_request(&f, i, method);
        if (f.out_len > 100000)
            is_taken = foe_send(&f);
    }
    assert_false(is_taken);
    assert_grown_less(before, 3 * MIB);
    assert_int_equal(s.n_gone, 0); /* it is waited for */
    siege_good_call(&s);
    foe_close(&f);
    siege_close(&s);
}

static void whoever_asks_without_reading_is_read_from_no_more(void **state)
{
    (void)state;
    who_asks_without_reading_is_read_from_no_more(SIEGE_PACKET_WALL_ADD);
    who_asks_without_reading_is_read_from_no_more(0);
    who_asks_without_reading_is_read_from_no_more(99); /* nobody's */
}

/* A HELLO with these limits. */
static void put_hello(foe *f, uint32_t max_frame, uint32_t window, uint32_t min_ping_ms)
{
    uint8_t hello[] = { 0x82, 0x01, 0xa0, 0x03, 0x85, 0x01, 0xce, 0,    0,    0,    0,
                        0x02, 0xce, 0,    0x40, 0,    0,    0x03, 0x01, 0x04, 0xce, 0,
                        0,    0,    0,    0x05, 0xce, 0,    0,    0,    0 };
    const uint32_t values[] = { max_frame, window, min_ping_ms };
    const size_t places[] = { 7, 21, 27 };
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 4; k++)
            hello[places[i] + (size_t)k] = (uint8_t)(values[i] >> (24 - 8 * k));
    }
    foe_put_bytes(f, "COAX\1\0\0\0", 8);
    foe_put(f, (cx_frame){ .type = CX_FRAME_HELLO }, hello, sizeof hello);
}

static void limits_that_cannot_be_are_refused_and_strange_ones_are_obeyed(void **state)
{
    (void)state;
    static const struct {
        uint32_t max_frame, window, min_ping_ms;
        const char *words; /* NULL: fine */
    } rows[] = {
        { 4096, 4096, UINT32_MAX, NULL },   { 1 << 24, 1 << 30, 1, NULL },
        { 4096, 0, 0, "limits.window" },    { 4096, 1, 0, "limits.window" },
        { 4096, 4095, 0, "limits.window" }, { 4096, UINT32_MAX, 0, "limits.window" },
        { 0, 4096, 0, "limits.max_frame" }, { UINT32_MAX, 4096, 0, "limits.max_frame" },
    };
    siege s;
    static foe f;
    siege_open(&s, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        foe_connect(&f, &s);
        put_hello(&f, rows[i].max_frame, rows[i].window, rows[i].min_ping_ms);
        if (rows[i].words == NULL) {
            foe_put_request(&f, 1, SIEGE_PACKET_WALL_POUR);
            foe_settle(&f);
            assert_false(f.is_over);
            /* As many items as that window takes, and no more. */
            assert_true(f.n_heard[CX_FRAME_ITEM] > 0);
            assert_true(f.n_heard[CX_FRAME_ITEM] * 4096 < rows[i].window + 2 * 20000);
        } else {
            (void)foe_send(&f);
            foe_hear_out(&f);
            if (strstr(f.goaway_words, rows[i].words) == NULL)
                fail_msg("\"%s\"", f.goaway_words);
        }
        foe_close(&f);
        siege_good_call(&s);
    }
    siege_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_that_are_cancelled_at_once_cost_what_they_take_and_no_more),
        cmocka_unit_test(a_cancelled_call_takes_the_calls_that_were_made_for_it_along),
        cmocka_unit_test(cancelled_calls_wait_for_a_thread_within_max_concurrent_calls),
        cmocka_unit_test(streams_that_nobody_takes_from_hold_no_more_than_max_held),
        cmocka_unit_test(streams_of_replies_that_are_never_read_stop_at_max_send_queue),
        cmocka_unit_test(subscribing_without_end_keeps_one_subscription),
        cmocka_unit_test(whoever_asks_without_reading_is_read_from_no_more),
        cmocka_unit_test(limits_that_cannot_be_are_refused_and_strange_ones_are_obeyed),
    };
    return cmocka_run_group_tests_name("hostile_floods", tests, NULL, NULL);
}
