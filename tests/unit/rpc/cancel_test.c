/*
 * Cancellation reaches the handler, travels on with the calls that the handler made, and is charged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"

/* What a watched handler heard. */
typedef struct heard {
    uint32_t n;
    coax_err why;
    bool is_live;
    void *data;
    bool answers; /* in vain, inside the callback */
    coax_err answered;
} heard;

static void on_cancel(void *self, coax_call call, coax_err why)
{
    heard *it = self;
    it->n++;
    it->why = why;
    it->is_live = coax_call_is_live(call);
    it->data = coax_call_data(call);
    if (it->answers)
        it->answered = coax_call_fail(call, COAX_ERR_ABORTED, "in vain");
}

static coax_call begin(pair_side *side, pair_answer *answer, uint32_t timeout_ms, coax_call parent)
{
    echo_note note = echo_make(5, "x");
    coax_call made = { NULL, 0, 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.ret_call = &made;
    options.timeout_ms = timeout_ms;
    options.parent = parent;
    assert_int_equal(pair_call(side, &echo_echo, &note, &options, answer), COAX_OK);
    return made;
}

static const coax_call nobody;

/* A call whose handler is watched. */
static coax_call begin_watched(pair *two, pair_answer *answer, heard *it)
{
    two->server.keeps_calls = true;
    coax_call made = begin(&two->client, answer, 100, nobody);
    pair_pump(two);
    assert_int_equal(coax_call_on_cancel(two->server.kept[0], on_cancel, it), COAX_OK);
    return made;
}

static void a_handler_hears_that_its_caller_cancelled(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    heard it = { 0 };
    coax_call made = begin_watched(two, &answer, &it);
    int mine;
    assert_int_equal(coax_call_set_data(two->server.kept[0], &mine), COAX_OK);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    assert_int_equal(it.n, 0);
    pair_pump(two);
    assert_int_equal(it.n, 1);
    assert_int_equal(it.why, COAX_ERR_CANCELLED);
    assert_false(it.is_live);
    assert_ptr_equal(it.data, &mine);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 1);
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
    pair_break(two, "over");
    assert_int_equal(it.n, 1);
}

static void a_handler_may_answer_in_vain_when_it_is_told(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    heard it = { .answers = true };
    coax_call made = begin_watched(two, &answer, &it);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_int_equal(it.answered, COAX_ERR_STALE);
    assert_int_equal(cx_endpoint_n_handlers(&two->server.endpoint), 0);
}

static void a_handler_hears_that_its_deadline_has_passed(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    heard it = { 0 };
    begin_watched(two, &answer, &it);
    pair_advance(two, 110);
    assert_int_equal(it.n, 1);
    assert_int_equal(it.why, COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(answer.err, COAX_ERR_DEADLINE_EXCEEDED);
}

static void a_handler_hears_that_the_connection_has_ended(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    heard it = { .answers = true };
    begin_watched(two, &answer, &it);
    pair_break(two, "gone");
    assert_int_equal(it.n, 1);
    assert_int_equal(it.why, COAX_ERR_UNAVAILABLE);
    assert_int_equal(it.answered, COAX_ERR_STALE);
    assert_int_equal(coax_call_fail(two->server.kept[0], COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
}

static void a_handler_that_has_answered_hears_nothing(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    heard it = { 0 };
    begin_watched(two, &answer, &it);
    echo_note note = echo_make(1, "done");
    assert_int_equal(coax_gen_reply(two->server.kept[0], &echo_echo, &note), COAX_OK);
    pair_pump(two);
    assert_int_equal(answer.err, COAX_OK);
    pair_advance(two, 200);
    pair_break(two, "over");
    assert_int_equal(it.n, 0);
}

static void a_handler_may_stop_watching(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    heard it = { 0 };
    coax_call made = begin_watched(two, &answer, &it);
    assert_int_equal(coax_call_on_cancel(two->server.kept[0], NULL, NULL), COAX_OK);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_int_equal(it.n, 0);
}

static void only_calls_being_handled_can_be_watched(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    heard it = { 0 };
    coax_call made = begin_watched(two, &answer, &it);
    assert_int_equal(coax_call_on_cancel(made, on_cancel, &it), COAX_ERR_MISUSE);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_int_equal(coax_call_on_cancel(two->server.kept[0], on_cancel, &it), COAX_ERR_STALE);
    assert_int_equal(coax_call_on_cancel(made, on_cancel, &it), COAX_ERR_STALE);
    assert_int_equal(coax_call_on_cancel(nobody, on_cancel, &it), COAX_ERR_STALE);
}

/* Three nodes: the first calls the second, whose handler calls the third. */
typedef struct chain {
    pair ab;
    pair bc; /* its client lives on the core of ab's server */
    pair_answer answer;
    pair_answer inner[3];
    heard b;
    heard c;
    coax_call made;
} chain;

static void chain_pump(chain *it)
{
    for (int i = 0; i < 3; i++) {
        pair_pump(&it->ab);
        pair_pump(&it->bc);
    }
}

static void chain_advance(chain *it, uint32_t ms)
{
    it->ab.fake.now += (uint64_t)ms * 1000000u;
    it->bc.fake.now = it->ab.fake.now;
    cx_core_advance(&it->ab.client.core, it->ab.fake.now);
    cx_core_advance(&it->ab.server.core, it->ab.fake.now);
    cx_core_advance(&it->bc.server.core, it->ab.fake.now);
    chain_pump(it);
}

/* Opens both connections; A has called B, which has called C, and B and C are watched. */
static void chain_begin(chain *it)
{
    memset(it, 0, sizeof *it);
    pair_init(&it->ab);
    pair_init(&it->bc);
    it->bc.client.shared = &it->ab.server.core;
    it->ab.server.keeps_calls = true;
    it->bc.server.keeps_calls = true;
    pair_connect(&it->ab);
    pair_connect(&it->bc);
    chain_pump(it);
    it->made = begin(&it->ab.client, &it->answer, 1000, nobody);
    chain_pump(it);
    assert_int_equal(coax_call_on_cancel(it->ab.server.kept[0], on_cancel, &it->b), COAX_OK);
    begin(&it->bc.client, &it->inner[0], 5000, it->ab.server.kept[0]);
    chain_pump(it);
    assert_int_equal(coax_call_on_cancel(it->bc.server.kept[0], on_cancel, &it->c), COAX_OK);
}

static void chain_end(chain *it)
{
    pair_deinit(&it->bc);
    pair_deinit(&it->ab);
    assert_int_equal(it->ab.fake.n_live, 0);
    assert_int_equal(it->bc.fake.n_live, 0);
}

static void a_cancel_travels_on_to_the_calls_the_handler_made(void **state)
{
    (void)state;
    static chain it;
    chain_begin(&it);
    assert_int_equal(coax_call_cancel(it.made), COAX_OK);
    chain_pump(&it);
    assert_int_equal(it.answer.err, COAX_ERR_CANCELLED);
    assert_int_equal(it.b.n, 1);
    assert_int_equal(it.inner[0].n_done, 1);
    assert_int_equal(it.inner[0].err, COAX_ERR_CANCELLED);
    assert_int_equal(it.c.n, 1);
    assert_int_equal(it.c.why, COAX_ERR_CANCELLED);
    chain_end(&it);
}

static void a_lost_connection_cancels_the_calls_its_handlers_made(void **state)
{
    (void)state;
    static chain it;
    chain_begin(&it);
    pair_break(&it.ab, "gone");
    chain_pump(&it);
    assert_int_equal(it.b.why, COAX_ERR_UNAVAILABLE);
    assert_int_equal(it.inner[0].err, COAX_ERR_CANCELLED);
    assert_int_equal(it.c.why, COAX_ERR_CANCELLED);
    chain_end(&it);
}

/* The child has the parent's deadline, so it ends at the same time, by its own deadline or as a child. */
static void a_deadline_that_passes_ends_the_whole_chain(void **state)
{
    (void)state;
    static chain it;
    chain_begin(&it);
    chain_advance(&it, 1010);
    assert_int_equal(it.answer.err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(it.b.why, COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(it.inner[0].n_done, 1);
    assert_int_equal(it.inner[0].err, COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(it.c.n, 1);
    chain_end(&it);
}

static void a_call_that_is_answered_lets_its_children_go(void **state)
{
    (void)state;
    static chain it;
    chain_begin(&it);
    echo_note note = echo_make(1, "early");
    assert_int_equal(coax_gen_reply(it.ab.server.kept[0], &echo_echo, &note), COAX_OK);
    chain_pump(&it);
    assert_int_equal(it.answer.err, COAX_OK);
    assert_int_equal(it.inner[0].n_done, 0);
    assert_int_equal(coax_gen_reply(it.bc.server.kept[0], &echo_echo, &note), COAX_OK);
    chain_pump(&it);
    assert_int_equal(it.inner[0].err, COAX_OK);
    assert_int_equal(it.b.n + it.c.n, 0);
    chain_end(&it);
}

static void children_that_have_ended_already_are_left_alone(void **state)
{
    (void)state;
    static chain it;
    chain_begin(&it);
    coax_call second = begin(&it.bc.client, &it.inner[1], 0, it.ab.server.kept[0]);
    begin(&it.bc.client, &it.inner[2], 0, it.ab.server.kept[0]);
    echo_note note = echo_make(1, "early");
    assert_int_equal(coax_gen_reply(it.bc.server.kept[0], &echo_echo, &note), COAX_OK);
    chain_pump(&it);
    assert_int_equal(it.inner[0].err, COAX_OK);
    assert_int_equal(coax_call_cancel(second), COAX_OK);
    assert_int_equal(coax_call_cancel(it.made), COAX_OK);
    chain_pump(&it);
    for (int i = 0; i < 3; i++)
        assert_int_equal(it.inner[i].n_done, 1);
    assert_int_equal(it.inner[1].err, COAX_ERR_CANCELLED);
    assert_int_equal(it.inner[2].err, COAX_ERR_CANCELLED);
    echo_note late = echo_make(2, "late");
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.parent = it.ab.server.kept[0];
    assert_int_equal(pair_call(&it.bc.client, &echo_echo, &late, &options, &it.inner[0]),
                     COAX_ERR_STALE);
    chain_end(&it);
}

static void children_whose_own_connection_has_ended_hear_of_that(void **state)
{
    (void)state;
    static chain it;
    chain_begin(&it);
    cx_endpoint_lost(&it.bc.client.endpoint, COAX_ERR_UNAVAILABLE, "gone");
    assert_int_equal(coax_call_cancel(it.made), COAX_OK);
    chain_pump(&it);
    assert_int_equal(it.inner[0].n_done, 1);
    assert_int_equal(it.b.n, 1);
    chain_end(&it);
}

#define FLOOD 10000u

static void a_flood_of_call_and_cancel_never_passes_max_concurrent_calls(void **state)
{
    (void)state;
    static pair two;
    static pair_answer answers[FLOOD];
    uint32_t limit = 100;
    uint32_t n_refused = 0;
    memset(answers, 0, sizeof answers);
    pair_init(&two);
    two.server.config.limits.max_concurrent_calls = limit;
    two.server.keeps_calls = true;
    pair_connect(&two);
    for (uint32_t i = 0; i < FLOOD; i++) {
        coax_call made = begin(&two.client, &answers[i], 0, nobody);
        pair_pump(&two);
        if (coax_call_cancel(made) == COAX_OK)
            pair_pump(&two);
        assert_int_equal(answers[i].n_done, 1);
        n_refused += answers[i].err == COAX_ERR_RESOURCE_EXHAUSTED;
        assert_true(cx_endpoint_n_handlers(&two.server.endpoint) <= limit);
    }
    assert_int_equal(two.server.n_handled, limit);
    assert_int_equal(n_refused, FLOOD - limit);
    assert_true(two.fake.most < 1024u * 1024u);
    /* Once handlers have answered in vain, there is room again. */
    for (uint32_t i = 0; i < limit; i++)
        assert_int_equal(coax_call_fail(two.server.kept[i], COAX_ERR_ABORTED, "x"), COAX_ERR_STALE);
    assert_int_equal(cx_endpoint_n_handlers(&two.server.endpoint), 0);
    pair_deinit(&two);
    assert_int_equal(two.fake.n_live, 0);
}

static void a_caller_keeps_a_pointer_with_its_call(void **state)
{
    pair *two = *state;
    pair_answer answer = { 0 };
    int mine;
    two->server.keeps_calls = true;
    coax_call made = begin(&two->client, &answer, 0, nobody);
    assert_null(coax_call_data(made));
    assert_int_equal(coax_call_set_data(made, &mine), COAX_OK);
    assert_ptr_equal(coax_call_data(made), &mine);
    assert_int_equal(coax_call_cancel(made), COAX_OK);
    pair_pump(two);
    assert_null(coax_call_data(made));
    assert_int_equal(coax_call_set_data(made, &mine), COAX_ERR_STALE);
    coax_call next = begin(&two->client, &answer, 0, nobody);
    assert_null(coax_call_data(next));
}

static void a_connection_keeps_its_owners_pointer_until_it_has_ended(void **state)
{
    pair *two = *state;
    int mine;
    coax_peer peer = cx_endpoint_peer(&two->server.endpoint);
    assert_null(coax_peer_data(peer));
    assert_int_equal(coax_peer_set_data(peer, &mine), COAX_OK);
    assert_ptr_equal(coax_peer_data(peer), &mine);
    pair_break(two, "gone");
    assert_null(coax_peer_data(peer));
    assert_int_equal(coax_peer_set_data(peer, &mine), COAX_ERR_STALE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_handler_hears_that_its_caller_cancelled),
        TEST(a_handler_may_answer_in_vain_when_it_is_told),
        TEST(a_handler_hears_that_its_deadline_has_passed),
        TEST(a_handler_hears_that_the_connection_has_ended),
        TEST(a_handler_that_has_answered_hears_nothing),
        TEST(a_handler_may_stop_watching),
        TEST(only_calls_being_handled_can_be_watched),
        cmocka_unit_test(a_cancel_travels_on_to_the_calls_the_handler_made),
        cmocka_unit_test(a_lost_connection_cancels_the_calls_its_handlers_made),
        cmocka_unit_test(a_deadline_that_passes_ends_the_whole_chain),
        cmocka_unit_test(a_call_that_is_answered_lets_its_children_go),
        cmocka_unit_test(children_that_have_ended_already_are_left_alone),
        cmocka_unit_test(children_whose_own_connection_has_ended_hear_of_that),
        cmocka_unit_test(a_flood_of_call_and_cancel_never_passes_max_concurrent_calls),
        TEST(a_caller_keeps_a_pointer_with_its_call),
        TEST(a_connection_keeps_its_owners_pointer_until_it_has_ended),
    };
    return cmocka_run_group_tests_name("rpc_cancel", tests, NULL, NULL);
}
