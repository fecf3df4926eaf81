/*
 * Memory: none per call in steady state, all given back, and every allocation may fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

/* One round of traffic: both ways, some kept and answered later, some cancelled. */
static void make_traffic(pair *two, unsigned n)
{
    static pair_answer answers[64];
    static uint8_t body[500];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < n; i++) {
        coax_call made = { NULL, 0, 0 };
        coax_call_options options = COAX_CALL_OPTIONS_INIT;
        options.ret_call = &made;
        echo_note note = echo_make(i, "steady");
        note.body = (coax_bytes){ body, i * 7 };
        pair_side *from = i % 3 == 0 ? &two->server : &two->client;
        assert_int_equal(pair_call(from, &echo_echo, &note, &options, &answers[i]), COAX_OK);
        assert_int_equal(cx_rpc_send(&from->endpoint, &echo_hint, &note, NULL), COAX_OK);
        if (i % 5 == 0)
            assert_int_equal(coax_call_cancel(made), COAX_OK);
    }
    pair_pump(two);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(answers[i].n_done, 1);
}

static void steady_traffic_allocates_nothing(void **state)
{
    pair *two = *state;
    for (unsigned i = 0; i < 400; i++) /* until enough cancelled calls rest */
        make_traffic(two, 60);
    size_t before = two->fake.n_taken;
    for (unsigned i = 0; i < 200; i++)
        make_traffic(two, 60);
    assert_int_equal(two->fake.n_taken, before);
}

static void steady_traffic_in_fragments_allocates_nothing(void **state)
{
    pair *two = *state;
    two->chunk = 37;
    for (unsigned i = 0; i < 400; i++)
        make_traffic(two, 60);
    size_t before = two->fake.n_taken;
    for (unsigned i = 0; i < 50; i++)
        make_traffic(two, 60);
    assert_int_equal(two->fake.n_taken, before);
}

static void large_messages_reuse_their_memory(void **state)
{
    pair *two = *state;
    static uint8_t body[1 << 20];
    size_t before = 0;
    for (unsigned i = 0; i < 20; i++) {
        pair_answer answer = { 0 };
        echo_note note = echo_make(i, "large");
        note.body = (coax_bytes){ body, sizeof body };
        if (i == 10)
            before = two->fake.n_taken;
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answer), COAX_OK);
        pair_pump(two);
        assert_int_equal(answer.body_len, sizeof body);
    }
    assert_int_equal(two->fake.n_taken, before);
}

static void what_is_kept_for_reuse_is_bounded(void **state)
{
    pair *two = *state;
    static uint8_t body[1 << 20];
    static pair_answer answers[300];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < 300; i++) {
        echo_note note = echo_make(i, "much");
        note.body = (coax_bytes){ body, 25000 };
        assert_int_equal(pair_call(&two->client, &echo_echo, &note, NULL, &answers[i]), COAX_OK);
    }
    pair_pump(two);
    assert_true(two->client.core.host.pool.kept <= CX_POOL_KEEP);
    assert_true(two->server.core.host.pool.kept <= CX_POOL_KEEP);
    assert_true(two->fake.bytes < 4 * CX_POOL_KEEP + (2u << 20));
}

static void max_decoded_bounds_what_a_request_becomes(void **state)
{
    pair *two = *state;
    pair_deinit(two);
    pair_init(two);
    two->server.config.limits.max_decoded = 4096;
    two->client.config.limits.max_decoded = 4096;
    pair_connect(two);
    coax_memory *memory = cx_memory_take(two->server.core.memory, NULL, 4096);
    assert_non_null(coax_arena_take(cx_memory_arena(memory), 3000, 1));
    assert_null(coax_arena_take(cx_memory_arena(memory), 3000, 1));
    cx_memory_give(memory);
    /* A block kept from a roomier connection does not widen the limit of the next one. */
    memory = cx_memory_take(two->server.core.memory, NULL, 1u << 20);
    assert_non_null(coax_arena_take(cx_memory_arena(memory), 500000, 1));
    cx_memory_give(memory);
    memory = cx_memory_take(two->server.core.memory, NULL, 4096);
    assert_null(coax_arena_take(cx_memory_arena(memory), 100000, 1));
    cx_memory_give(memory);
}

/*
 * What an allocation failure may do to a conversation: anything but a crash, a leak, or a call
 * without its one end.
 */
static void survive(size_t fail_from, size_t fail_count, size_t chunk)
{
    pair two;
    pair_init(&two);
    two.chunk = chunk;
    two.fake.fail_from = fail_from;
    two.fake.fail_count = fail_count;
    static uint8_t body[70000];
    static pair_answer answers[12];
    bool is_started[12] = { false };
    memset(answers, 0, sizeof answers);
    if (pair_make(&two) == COAX_OK) {
        for (unsigned i = 0; i < 12; i++) {
            pair_side *from = i % 4 == 3 ? &two.server : &two.client;
            coax_call made = { NULL, 0, 0 };
            coax_call_options options = COAX_CALL_OPTIONS_INIT;
            options.ret_call = &made;
            echo_note note = echo_make(i, "oom");
            note.body = (coax_bytes){ body, i % 3 == 2 ? sizeof body : 100 };
            two.server.keeps_calls = i >= 6;
            is_started[i] = pair_call(from, &echo_echo, &note, &options, &answers[i]) == COAX_OK;
            (void)!cx_rpc_send(&from->endpoint, &echo_hint, &note, NULL);
            if (i % 2 == 1)
                pair_pump(&two);
            if (i % 5 == 4)
                (void)coax_call_cancel(made);
        }
        for (uint32_t i = 0; i < two.server.n_kept; i += 2)
            (void)coax_call_fail(two.server.kept[i], COAX_ERR_ABORTED, "no");
        pair_pump(&two);
        pair_advance(&two, 11000);
        pair_break(&two, "over");
        for (unsigned i = 0; i < 12; i++)
            assert_int_equal(answers[i].n_done, is_started[i]);
    }
    pair_deinit(&two);
    assert_int_equal(two.fake.n_live, 0);
}

static void every_single_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 1; i < 260; i++)
        survive(i, 1, 0);
}

static void every_allocation_from_the_nth_on_may_fail(void **state)
{
    (void)state;
    for (size_t i = 1; i < 260; i++)
        survive(i, SIZE_MAX / 2, 0);
}

static void allocations_may_fail_in_the_middle_of_frames(void **state)
{
    (void)state;
    for (size_t i = 1; i < 260; i += 3)
        survive(i, 2, 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(steady_traffic_allocates_nothing),
        TEST(steady_traffic_in_fragments_allocates_nothing),
        TEST(large_messages_reuse_their_memory),
        TEST(what_is_kept_for_reuse_is_bounded),
        TEST(max_decoded_bounds_what_a_request_becomes),
        TEST(every_single_allocation_may_fail),
        TEST(every_allocation_from_the_nth_on_may_fail),
        TEST(allocations_may_fail_in_the_middle_of_frames),
    };
    return cmocka_run_group_tests_name("rpc_memory", tests, NULL, NULL);
}
