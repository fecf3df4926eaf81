#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "outcome.h"

/* open_timeout_ms, connect_timeout_ms, heartbeats and lingering are all within. */
#define TIME_MS 60000u

static bool is_one_of(coax_err code, const coax_err *list)
{
    for (uint32_t i = 0; i < OUTCOME_CODES && list[i] != COAX_OK; i++) {
        if (list[i] == code)
            return true;
    }
    return false;
}

static void count(outcomes *o, coax_err client, coax_err server)
{
    uint32_t i = 0;
    while (i < o->n && (o->list[i].client != client || o->list[i].server != server))
        i++;
    assert_true(i < sizeof o->list / sizeof o->list[0]);
    if (i == o->n)
        o->list[o->n++] = (outcome_count){ client, server, 0 };
    o->list[i].n++;
    o->n_all++;
}

static const char *name_of(coax_err code)
{
    return code == COAX_OK ? "nothing" : coax_err_name(code);
}

static void judge(const trio *t, const deed *one, const outcome_rule *rule)
{
    char words[200];
    const trio_outcome *now = &t->now;
    const bool is_client_fine = is_one_of(now->client.code, rule->client);
    const bool is_server_fine = is_one_of(now->server.code, rule->server);
    if (is_client_fine && is_server_fine && (rule->may_open || now->n_opened == 0))
        return;
    fail_msg("%s: the client %s%s: %s, the server: %s: %s", deed_print(one, words),
             now->n_opened > 0 ? "opened, and then " : "", name_of(now->client.code),
             now->client.text, name_of(now->server.code), now->server.text);
}

void outcome_of(trio *t, outcomes *o, const deed *one, const outcome_rule *rule)
{
    char words[200];
    trio_connect_under(t, one);
    (void)trio_ask_one(t, TRIO_PUT, 1);
    if (!trio_until(t, trio_is_settled, TIME_MS))
        fail_msg("%s: not over after %u s", deed_print(one, words), TIME_MS / 1000);
    const trio_outcome settled = t->now;
    trio_leave(t);
    trio_check(t);
    mitm_forget(&t->mitm);
    if (t->deeds.n_done == 0)
        fail_msg("%s: there was no such place", deed_print(one, words));
    if (settled.n_good > 0 || settled.n_failed != 1)
        fail_msg("%s: the question was answered", deed_print(one, words));
    count(o, settled.client.code, t->now.server.code);
    judge(t, one, rule);
}

void outcomes_print(const outcomes *o, const char *title)
{
    print_message("             %s: %u connections\n", title, (unsigned)o->n_all);
    for (uint32_t i = 0; i < o->n; i++)
        print_message("               %5u  client %s, server %s\n", (unsigned)o->list[i].n,
                      name_of(o->list[i].client), name_of(o->list[i].server));
}
