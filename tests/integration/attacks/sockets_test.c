/*
 * The man in the middle on real sockets over loopback: one deed of each kind, where the simulator's streams might be kinder than the
 * system's. Resets are real ones.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trio.h"

typedef struct trial {
    deed one;
    coax_err up;   /* what the victim names when it is done to what goes to the server */
    coax_err down; /* and to the client */
} trial;

static const trial trials[] = {
    { { .act = DEED_FLIP, .at = 60, .value = 4 }, COAX_ERR_TAMPERED, COAX_ERR_TAMPERED },
    { { .act = DEED_REPEAT, .kind = MITM_RECORD, .index = 1 },
      COAX_ERR_TAMPERED,
      COAX_ERR_TAMPERED },
    { { .act = DEED_AGAIN, .kind = MITM_RECORD, .index = 0, .value = 2 },
      COAX_ERR_TAMPERED,
      COAX_ERR_TAMPERED },
    { { .act = DEED_FORGE, .kind = MITM_RECORD, .index = 1, .value = 500 },
      COAX_ERR_TAMPERED,
      COAX_ERR_TAMPERED },
    { { .act = DEED_REPLACE, .kind = MITM_RECORD, .index = 2, .value = 40 },
      COAX_ERR_TAMPERED,
      COAX_ERR_TAMPERED },
    { { .act = DEED_SPLICE, .kind = MITM_RECORD, .index = 1, .from = 0 },
      COAX_ERR_TAMPERED,
      COAX_ERR_TAMPERED },
    { { .act = DEED_GRAFT, .kind = MITM_RECORD, .index = 1, .from = 0 },
      COAX_ERR_TAMPERED,
      COAX_ERR_TAMPERED },
    { { .act = DEED_CUT, .at = 400, .how = MITM_FIN }, COAX_ERR_TRUNCATED, COAX_ERR_TRUNCATED },
    { { .act = DEED_CUT, .at = 400, .how = MITM_RST }, COAX_ERR_TRUNCATED, COAX_ERR_TRUNCATED },
    { { .act = DEED_INSERT, .at = 300, .value = 3 }, COAX_ERR_TAMPERED, COAX_ERR_TAMPERED },
};

static void talk_under(trio *t, const deed *one)
{
    trio_connect_under(t, one);
    (void)trio_until(t, trio_is_decided, 5000);
    trio_talk(t, 9, false);
    (void)trio_until(t, trio_is_settled, 5000);
    trio_wait(t, 5);
}

static void expect_noticed(trio *t, deed one, mitm_way way, coax_err code)
{
    char words[200];
    one.way = way;
    talk_under(t, &one);
    const coax_error *victim = way == MITM_UP ? &t->now.server : &t->now.client;
    /* What was changed in the handshake the server may see, or the client in the answer. */
    const bool is_early = t->now.n_opened == 0;
    if (t->now.n_closed != 1 || (!is_early && victim->code != code) || t->deeds.n_done == 0)
        fail_msg("%s: the client: %s: %s; the server: %s: %s", deed_print(&one, words),
                 coax_err_name(t->now.client.code), t->now.client.text,
                 coax_err_name(t->now.server.code), t->now.server.text);
    trio_leave(t);
    trio_check(t);
}

static void real_sockets_are_no_kinder(void **state)
{
    static const deed nothing = { .act = DEED_NOTHING };
    static const deed crumble = { .act = DEED_CRUMBLE };
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        trio_open(&t, way, true, 5, NULL);
        talk_under(&t, &nothing);
        assert_int_equal(t.now.n_good, 6);
        trio_leave(&t);
        trio_check(&t);
        for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
            expect_noticed(&t, trials[i].one, MITM_UP, trials[i].up);
            expect_noticed(&t, trials[i].one, MITM_DOWN, trials[i].down);
        }
        talk_under(&t, &crumble);
        assert_int_equal(t.now.n_good, 6);
        trio_leave(&t);
        trio_check_server(&t);
        trio_close(&t);
    }
}

/* Silence, where the clock is real: the limits are short. */
static void silence_ends_in_time(void **state)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    (void)state;
    options.limits.open_timeout_ms = 150;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        trio t;
        trio_open(&t, way, true, 6, &options);
        for (size_t at = 0; at < 120; at += 50) {
            const deed one = { .act = DEED_CUT, .way = MITM_UP, .at = at, .how = MITM_SILENCE };
            const uint64_t begun = trio_now(&t);
            trio_connect_under(&t, &one);
            assert_true(trio_until(&t, trio_is_closed, 5000));
            assert_true(trio_now(&t) - begun < UINT64_C(3000000000));
            trio_leave(&t);
            trio_check(&t);
            assert_int_equal(t.now.server.code, COAX_ERR_DEADLINE_EXCEEDED);
        }
        trio_check_server(&t);
        trio_close(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "real sockets are no kinder", real_sockets_are_no_kinder, NULL, NULL, NULL },
        { "silence ends in time", silence_ends_in_time, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
