/*
 * A man in the middle for one moment: he does one deed to one connection, and is gone. A client that reconnects is back soon, by
 * a handshake that proves everything anew; nobody can stop it for good with one bit.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trio.h"

static bool has_come_back(const trio *t)
{
    return t->now.n_opened > 0 && coax_client_get_state(t->client) == COAX_CLIENT_OPEN;
}

static bool has_done_it(const trio *t)
{
    return t->deeds.n_done > 0;
}

/* Whatever becomes of what is asked meanwhile: afterwards all is well. */
static void expect_back(trio *t, const deed *one)
{
    char words[200];
    t->options.reconnects = true;
    trio_connect_under(t, one);
    (void)trio_until(t, trio_is_open, 1000);
    for (int i = 0; i < 6 && !has_done_it(t); i++)
        (void)trio_ask_one(t, TRIO_PUT, 1);
    (void)trio_until(t, has_done_it, 1000);
    trio_wait(t, 1000);
    if (!has_done_it(t) || !trio_until(t, has_come_back, 60000))
        fail_msg("%s: it does not come back: %s: %s", deed_print(one, words),
                 coax_err_name(t->now.client.code), t->now.client.text);
    const uint32_t good = t->now.n_good;
    assert_true(trio_ask_one(t, TRIO_PUT, 1));
    assert_true(trio_until(t, trio_is_answered, 60000));
    assert_int_equal(t->now.n_good, good + 1);
    trio_leave(t);
    trio_check(t);
}

static const deed moments[] = {
    { .act = DEED_FLIP, .kind = MITM_RECORD, .at = 330, .value = 1 },
    { .act = DEED_REPEAT, .kind = MITM_RECORD, .index = 1 },
    { .act = DEED_FORGE, .kind = MITM_RECORD, .index = 1, .value = 100 },
    { .act = DEED_REPLACE, .kind = MITM_RECORD, .index = 0, .value = 100 },
    { .act = DEED_CUT, .at = 330, .how = MITM_FIN },
    { .act = DEED_CUT, .at = 330, .how = MITM_RST },
    { .act = DEED_CUT, .at = 30, .how = MITM_RST },
    { .act = DEED_FLIP, .at = 0, .value = 8 },
};

static void one_moment_stops_nobody(void **state)
{
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        trio_open(&t, way, false, 15, NULL);
        for (size_t i = 0; i < 2 * sizeof moments / sizeof moments[0]; i++) {
            deed one = moments[i / 2];
            one.way = i % 2 == 0 ? MITM_UP : MITM_DOWN;
            if (one.act == DEED_FLIP && one.at == 0 && one.way == MITM_DOWN)
                one.at = 50; /* inside the answer of the handshake */
            expect_back(&t, &one);
        }
        t.options.reconnects = false;
        trio_check_server(&t);
        trio_close(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "one moment in the middle stops no client for good", one_moment_stops_nobody, NULL, NULL,
          NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
