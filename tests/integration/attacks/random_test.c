/*
 * Deeds by chance: any kind, anywhere in a connection, in any weather. A seed is a round of connections to one server, and
 * replays it.
 *
 *     test_attacks_random [FIRST_SEED [ROUNDS [SECONDS]]]
 *
 * Held in every connection: the ledger (trio.h); a deed that changes anything ends the connection, with a name at each end, or comes
 * when all is said; one that changes nothing harms nobody; all within bounded time; and nothing is left behind.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "trio.h"

enum { CONNECTIONS = 12, ASKS_MAX = 12 };

static uint64_t first_seed = 1;
static uint64_t n_rounds = 60;
static double n_seconds = 1e9;

typedef struct tally {
    uint64_t n_done; /* connections that something was done to */
    uint64_t n_missed;
    uint64_t n_good; /* answers on them */
    uint64_t n_ended;
} tally;

static tally tallies[DEED_ACTS];
static uint64_t client_codes[140];
static uint64_t server_codes[140];

static uint32_t below(trio *t, uint32_t n)
{
    return (uint32_t)cx_sim_below(t->sim, n);
}

static void choose_weather(trio *t)
{
    const cx_sim_weather weather = {
        .min_delay_ns = below(t, 3) == 0 ? 0 : below(t, 2000000),
        .max_delay_ns = below(t, 20000000),
        .max_piece = below(t, 2) == 0 ? 0 : 1 + below(t, 400),
        .capacity = below(t, 4) == 0 ? 200 + below(t, 2000) : 0,
        .coalesces = below(t, 2) == 0,
    };
    cx_sim_set_weather(t->sim, &weather);
}

/* A place in a connection like the one that went before; early bytes and units are likelier. */
static deed choose_deed(trio *t, const size_t len[2])
{
    static const mitm_kind kinds[] = { MITM_PREFACE, MITM_GATE,   MITM_MESSAGE, MITM_RECORD,
                                       MITM_RECORD,  MITM_RECORD, MITM_RECORD };
    deed one = { .act = (deed_act)below(t, DEED_ACTS),
                 .way = below(t, 2) == 0 ? MITM_UP : MITM_DOWN,
                 .kind = kinds[below(t, sizeof kinds / sizeof kinds[0])],
                 .from = 0 };
    uint32_t range = (uint32_t)len[one.way];
    one.at = below(t, 3) == 0 ? below(t, 260) : below(t, range);
    one.value = 1u << below(t, 8);
    one.how = (mitm_end_kind)below(t, 3);
    one.index = one.kind == MITM_RECORD ? below(t, 7) : below(t, 2);
    if (one.act == DEED_WRITE)
        one.act = DEED_SET;
    if (one.act == DEED_INSERT || one.act == DEED_LOSE || one.act == DEED_FORGE ||
        one.act == DEED_REPLACE)
        one.value = 1 + below(t, below(t, 4) == 0 ? 3000 : 60);
    else if (one.act == DEED_SET || one.act == DEED_HOLD)
        one.value = below(t, one.act == DEED_SET ? 256 : 3000);
    else if (one.act == DEED_AGAIN)
        one.value = 1 + below(t, 4);
    else if (one.act == DEED_REFLECT)
        one.value = below(t, 2);
    return one;
}

static bool is_harmless(deed_act act)
{
    return act == DEED_NOTHING || act == DEED_HOLD || act == DEED_CRUMBLE;
}

/* The same place of another connection does not always exist. */
static bool is_possible(const trio *t, const deed *one)
{
    if (one->act != DEED_SPLICE && one->act != DEED_GRAFT)
        return true;
    for (const mitm_link *at = t->mitm.first; at != NULL; at = at->next) {
        if (at->number == one->from)
            return mitm_find(at, one->way, one->kind, one->index) != NULL;
    }
    return false;
}

/* What an end may name. */
static bool is_named(coax_err code)
{
    switch ((int)code) {
    case COAX_ERR_TAMPERED:
    case COAX_ERR_TRUNCATED:
    case COAX_ERR_PROTOCOL:
    case COAX_ERR_DEADLINE_EXCEEDED:
    case COAX_ERR_UNAVAILABLE:
    case COAX_ERR_DATA_LOSS:       /* the other end has told: tampered */
    case COAX_ERR_UNAUTHENTICATED: /* another pattern, a psk that does not open */
    case COAX_ERR_UNIMPLEMENTED:   /* another version, pattern or suite */
    case COAX_ERR_INSECURE:        /* no encryption any more */
    case COAX_ERR_FAILED_PRECONDITION:
    case COAX_ERR_KEY_CHANGED: /* IK: the gate */
    case COAX_ERR_INTERNAL: /* the other end has told: protocol */ return true;
    default: return false;
    }
}

static void judge(trio *t, const deed *one, uint32_t n_answers)
{
    char words[200];
    const trio_outcome *now = &t->now;
    tally *sum = &tallies[one->act];
    const bool was_done = t->deeds.n_done > 0;
    const bool all_good = now->n_good == n_answers && now->n_failed == 0;
    if (now->n_closed > 0 && now->client.code != COAX_OK && (int)now->client.code < 140)
        client_codes[now->client.code]++;
    if ((int)now->server.code < 140)
        server_codes[now->server.code]++;
    sum->n_done += was_done ? 1 : 0;
    sum->n_missed += was_done ? 0 : 1;
    sum->n_good += now->n_good;
    sum->n_ended += now->n_closed;
    bool is_fine = all_good;
    if (!is_harmless(one->act) && was_done)
        is_fine = all_good || (now->n_closed == 1 && is_named(now->client.code));
    if (is_fine && now->n_disconnects > 0 && !all_good)
        is_fine = is_named(now->server.code);
    if (!is_fine)
        fail_msg("seed %" PRIu64
                 ", connection %u, %s (done %u times): %u of %u answers; the client: %s: "
                 "%s; the server: %s: %s",
                 t->seed, (unsigned)t->n_clients, deed_print(one, words), (unsigned)t->deeds.n_done,
                 (unsigned)now->n_good, (unsigned)n_answers, coax_err_name(now->client.code),
                 now->client.text, coax_err_name(now->server.code), now->server.text);
}

static uint32_t n_answers(const trio *t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->now.n_asked; i++)
        n += t->asks[i].kind != TRIO_DROP ? 1 : 0;
    return n;
}

static void one_connection(trio *t, const deed *one)
{
    char words[200];
    trio_connect_under(t, one);
    if (below(t, 2) == 0)
        (void)trio_until(t, trio_is_open, 100 + below(t, 10000));
    for (uint32_t left = 1 + below(t, ASKS_MAX); left > 0;) {
        uint32_t n = 1 + below(t, left);
        trio_talk(t, n, below(t, 2) == 0);
        if (below(t, 3) == 0)
            trio_wait(t, below(t, 200));
        left -= n;
    }
    if (!trio_until(t, trio_is_settled, 400000))
        fail_msg("seed %" PRIu64
                 ", connection %u, %s: not over after 400 s: %u asked, %u good, %u failed, "
                 "opened %u, closed %u, %u links\n%s",
                 t->seed, (unsigned)t->n_clients, deed_print(one, words), (unsigned)t->now.n_asked,
                 (unsigned)t->now.n_good, (unsigned)t->now.n_failed, (unsigned)t->now.n_opened,
                 (unsigned)t->now.n_closed, (unsigned)t->mitm.n_open, t->log);
    uint32_t want = n_answers(t);
    const trio_outcome settled = t->now;
    trio_leave(t);
    trio_check(t);
    coax_error server = t->now.server;
    t->now = settled;
    t->now.server = server;
    judge(t, one, want);
}

static void learn_lengths(trio *t, size_t ret_len[2])
{
    static const deed nothing = { .act = DEED_NOTHING };
    trio_connect_under(t, &nothing);
    (void)trio_until(t, trio_is_open, 10000);
    trio_talk(t, 6, true);
    (void)trio_until(t, trio_is_settled, 60000);
    trio_leave(t);
    trio_check(t);
    for (int i = 0; i < 2; i++)
        ret_len[i] = mitm_last(&t->mitm)->side[i].offset;
}

static void one_round(uint64_t seed)
{
    trio t;
    size_t len[2];
    trio_open(&t, (trio_way)(TRIO_XX + seed % 3), false, seed, NULL);
    learn_lengths(&t, len);
    for (int i = 0; i < CONNECTIONS; i++) {
        choose_weather(&t);
        deed one = choose_deed(&t, len);
        while (!is_possible(&t, &one))
            one = choose_deed(&t, len);
        one_connection(&t, &one);
    }
    trio_check_server(&t);
    trio_close(&t);
}

static void no_deed_succeeds(void **state)
{
    const time_t begun = time(NULL);
    uint64_t n = 0;
    (void)state;
    print_message("             seeds from %" PRIu64 "\n", first_seed);
    while (n < n_rounds && difftime(time(NULL), begun) < n_seconds)
        one_round(first_seed + n++);
    print_message("             %" PRIu64 " rounds of %d connections\n", n, CONNECTIONS);
    for (int i = 0; i < DEED_ACTS; i++) {
        const tally *sum = &tallies[i];
        if (sum->n_done + sum->n_missed > 0)
            print_message("               %-8s %7" PRIu64 " done, %6" PRIu64
                          " without such a place, %7" PRIu64 " good answers, %7" PRIu64 " ended\n",
                          deed_act_name((deed_act)i), sum->n_done, sum->n_missed, sum->n_good,
                          sum->n_ended);
    }
    for (int i = 1; i < 140; i++) {
        if (client_codes[i] + server_codes[i] > 0)
            print_message("               %-20s %7" PRIu64 " clients, %7" PRIu64 " servers\n",
                          coax_err_name((coax_err)i), client_codes[i], server_codes[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        n_rounds = strtoull(argv[2], NULL, 10);
    if (argc > 3)
        n_seconds = strtod(argv[3], NULL);
    const struct CMUnitTest tests[] = {
        { "no deed by chance succeeds", no_deed_succeeds, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
