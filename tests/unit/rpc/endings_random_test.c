/*
 * Every call ends exactly once, whatever meets whatever: replies, cancels, deadlines, closes and
 * breaks in random order, of calls and of those made for them. A handler that asked for it hears of an end that it did
 * not make, once, and of no other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "pair.h"

#define N_CALLS 60u

/* A call as its handler sees it. */
typedef struct handled {
    bool is_watched;
    bool is_answered; /* in time */
    unsigned n_told;
} handled;

/* One random life of a connection. */
typedef struct life {
    pair two;
    pair_answer answers[N_CALLS];
    coax_call made[N_CALLS];
    bool is_started[N_CALLS];
    unsigned n_made;
    handled at_server[N_CALLS];
    handled at_client[N_CALLS];
} life;

static void on_cancel(void *self, coax_call call, coax_err why)
{
    handled *it = self;
    assert_int_not_equal(why, COAX_OK);
    it->n_told++;
    if (call.index % 2 == 0)
        assert_int_equal(coax_call_fail(call, COAX_ERR_ABORTED, "in vain"), COAX_ERR_STALE);
}

static void make_call(life *it)
{
    if (it->n_made == N_CALLS)
        return;
    static uint8_t body[50000];
    fake_env *fake = &it->two.fake;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    unsigned i = it->n_made++;
    options.ret_call = &it->made[i];
    options.timeout_ms = 1 + fake_env_below(fake, 100);
    echo_note note = echo_make(i, "random");
    note.body = (coax_bytes){ body, fake_env_below(fake, 4) == 0 ? sizeof body : 10 };
    pair_side *from = fake_env_below(fake, 2) == 0 ? &it->two.client : &it->two.server;
    if (from->n_kept > 0 && fake_env_below(fake, 2) == 0)
        options.parent = from->kept[fake_env_below(fake, from->n_kept)];
    it->is_started[i] = pair_call(from, &echo_echo, &note, &options, &it->answers[i]) == COAX_OK;
}

static void answer_one(life *it, pair_side *side)
{
    if (side->n_kept == 0)
        return;
    uint32_t i = fake_env_below(&it->two.fake, side->n_kept);
    coax_call call = side->kept[i];
    echo_note note = echo_make(1, "answer");
    coax_err err;
    switch (fake_env_below(&it->two.fake, 3)) {
    case 0: err = coax_gen_reply(call, &echo_echo, &note); break;
    case 1: err = coax_call_fail(call, COAX_ERR_ABORTED, "no"); break;
    default: err = coax_gen_throw(call, &echo_echo, &echo_broken_type, &(echo_broken){ 5 }); break;
    }
    handled *all = side == &it->two.server ? it->at_server : it->at_client;
    all[i].is_answered |= err == COAX_OK;
    /* In vain, before the handler was told: it will not be told any more. */
    all[i].is_watched &= err != COAX_ERR_STALE || all[i].n_told > 0;
}

static void watch_one(life *it, pair_side *side)
{
    if (side->n_kept == 0)
        return;
    uint32_t i = fake_env_below(&it->two.fake, side->n_kept);
    handled *all = side == &it->two.server ? it->at_server : it->at_client;
    if (coax_call_on_cancel(side->kept[i], on_cancel, &all[i]) == COAX_OK)
        all[i].is_watched = true;
}

static void carry_some(life *it)
{
    pair_side *from = fake_env_below(&it->two.fake, 2) == 0 ? &it->two.client : &it->two.server;
    pair_side *to = from == &it->two.client ? &it->two.server : &it->two.client;
    uint8_t bytes[5000];
    size_t n = pair_take(from, bytes, 1 + fake_env_below(&it->two.fake, sizeof bytes));
    pair_feed(&it->two, to, bytes, n, 0);
}

static void end_connection(life *it)
{
    pair_side *side = fake_env_below(&it->two.fake, 2) == 0 ? &it->two.client : &it->two.server;
    if (fake_env_below(&it->two.fake, 2) == 0)
        cx_endpoint_close(&side->endpoint, COAX_ERR_ABORTED, COAX_ERR_CANCELLED, "random");
    else
        cx_endpoint_lost(&side->endpoint, COAX_ERR_UNAVAILABLE, "random");
}

static void one_step(life *it)
{
    fake_env *fake = &it->two.fake;
    uint32_t dice = fake_env_below(fake, 100);
    if (dice < 30)
        make_call(it);
    else if (dice < 45)
        answer_one(it, &it->two.server);
    else if (dice < 55)
        answer_one(it, &it->two.client);
    else if (dice < 62 && it->n_made > 0)
        (void)coax_call_cancel(it->made[fake_env_below(fake, it->n_made)]);
    else if (dice < 70)
        watch_one(it, dice % 2 == 0 ? &it->two.server : &it->two.client);
    else if (dice < 72)
        pair_advance(&it->two, fake_env_below(fake, 40));
    else if (dice < 95)
        carry_some(it);
    else if (dice == 99)
        end_connection(it);
}

static void check_handled(const handled *all, bool is_over, uint64_t seed)
{
    for (unsigned i = 0; i < N_CALLS; i++) {
        unsigned most = all[i].is_watched && !all[i].is_answered;
        if (all[i].n_told > most || (is_over && all[i].n_told < most))
            fail_msg("seed %llu: handler %u was told %u times", (unsigned long long)seed, i,
                     all[i].n_told);
    }
}

/* What must hold at any time. */
static void check(const life *it, bool is_over, uint64_t seed)
{
    check_handled(it->at_server, is_over, seed);
    check_handled(it->at_client, is_over, seed);
    for (unsigned i = 0; i < it->n_made; i++) {
        bool is_wrong = it->answers[i].n_done > it->is_started[i] ||
                        (is_over && it->answers[i].n_done != it->is_started[i]);
        if (is_wrong)
            fail_msg("seed %llu: call %u ended %u times", (unsigned long long)seed, i,
                     it->answers[i].n_done);
    }
}

static void live(uint64_t seed)
{
    static life it;
    memset(&it, 0, sizeof it);
    pair_init(&it.two);
    it.two.fake.seed = seed;
    it.two.client.keeps_calls = true;
    it.two.server.keeps_calls = true;
    pair_connect(&it.two);
    for (unsigned i = 0; i < 200; i++) {
        one_step(&it);
        check(&it, false, seed);
    }
    pair_break(&it.two, "over");
    check(&it, true, seed);
    pair_deinit(&it.two);
    if (it.two.fake.n_live != 0)
        fail_msg("seed %llu: %zu blocks leaked", (unsigned long long)seed, it.two.fake.n_live);
}

static void every_call_ends_once_in_any_order_of_events(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2000; seed++)
        live(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_ends_once_in_any_order_of_events),
    };
    return cmocka_run_group_tests_name("rpc_endings_random", tests, NULL, NULL);
}
