/*
 * The man in the middle himself: what he lets pass is as it was, and without encryption his deeds succeed. The second half is
 * what the rest of this folder rests on: the same deeds, the same ledger, and it notices.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trio.h"

static const deed nothing = { .act = DEED_NOTHING };

static void talk_under(trio *t, const deed *one, uint32_t n)
{
    trio_connect_under(t, one);
    (void)trio_until(t, trio_is_decided, 10000);
    trio_talk(t, n, true);
    (void)trio_until(t, trio_is_settled, 120000);
}

static void expect_all_good(trio *t, uint32_t n)
{
    uint32_t n_answered = n - (n + 1) / 3; /* all but the one-way ones */
    trio_check(t);
    assert_int_equal(t->now.n_good, n_answered);
    assert_int_equal(t->now.n_failed, 0);
}

static void what_he_lets_pass_arrives(bool is_real)
{
    trio t;
    trio_open(&t, TRIO_PLAIN, is_real, 1, NULL);
    talk_under(&t, &nothing, 9);
    expect_all_good(&t, 9);
    const mitm_link *link = mitm_last(&t.mitm);
    assert_int_equal(link->side[MITM_UP].n[MITM_PREFACE], 1);
    assert_true(link->side[MITM_UP].n[MITM_FRAME] > 9);
    assert_true(link->side[MITM_DOWN].n[MITM_FRAME] > 6);
    assert_int_equal(link->side[MITM_UP].n[MITM_REST], 0);
    trio_leave(&t);
    trio_check(&t);
    trio_close(&t);
}

static void he_lets_pass_what_he_does_not_change(void **state)
{
    (void)state;
    what_he_lets_pass_arrives(false);
    what_he_lets_pass_arrives(true);
}

static void he_crumbles_and_delays_without_harm(void **state)
{
    static const deed harmless[] = {
        { .act = DEED_CRUMBLE },
        { .act = DEED_HOLD, .way = MITM_UP, .kind = MITM_FRAME, .index = 1, .value = 700 },
        { .act = DEED_HOLD, .way = MITM_DOWN, .kind = MITM_FRAME, .index = 0, .value = 700 },
    };
    trio t;
    (void)state;
    trio_open(&t, TRIO_PLAIN, false, 2, NULL);
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        talk_under(&t, &harmless[i], 6);
        expect_all_good(&t, 6);
        trio_leave(&t);
    }
    trio_check_server(&t);
    trio_close(&t);
}

/* What the ledger, or else the client, says of a deed that nothing stops. */
static void expect_noticed(trio *t, const deed *one, const char *words)
{
    talk_under(t, one, 6);
    trio_leave(t);
    if (strstr(t->now.wrong, words) == NULL) {
        char shown[200];
        fail_msg("%s: the ledger says \"%s\"", deed_print(one, shown), t->now.wrong);
    }
    mitm_forget(&t->mitm);
}

static void without_encryption_he_changes_what_he_likes(void **state)
{
    trio t;
    (void)state;
    trio_open(&t, TRIO_PLAIN, false, 3, NULL);
    trio_connect_under(&t, &nothing);
    (void)trio_until(&t, trio_is_open, 10000);
    trio_talk(&t, 1, false);
    const mitm_unit *request = mitm_find(mitm_last(&t.mitm), MITM_UP, MITM_FRAME, 1);
    const mitm_unit *answer = mitm_find(mitm_last(&t.mitm), MITM_DOWN, MITM_FRAME, 1);
    assert_true(request != NULL && answer != NULL);
    const deed up = {
        .act = DEED_FLIP, .way = MITM_UP, .at = request->offset + request->len - 1, .value = 1
    };
    const deed down = {
        .act = DEED_FLIP, .way = MITM_DOWN, .at = answer->offset + answer->len - 1, .value = 0x80
    };
    trio_leave(&t);
    trio_check(&t);
    expect_noticed(&t, &up, "a handler: a changed coin");
    expect_noticed(&t, &down, "an answer: a changed coin");
    trio_close(&t);
}

static void without_encryption_he_repeats_and_mixes(void **state)
{
    static const deed again = { .act = DEED_AGAIN,
                                .way = MITM_UP,
                                .kind = MITM_FRAME,
                                .index = 2, /* the one-way message */
                                .value = 1 };
    static const deed splice = {
        .act = DEED_SPLICE, .way = MITM_UP, .kind = MITM_FRAME, .index = 2, .from = 0
    };
    trio t;
    (void)state;
    trio_open(&t, TRIO_PLAIN, false, 4, NULL);
    talk_under(&t, &nothing, 6);
    trio_leave(&t);
    trio_check(&t);
    talk_under(&t, &splice, 6);
    trio_leave(&t);
    assert_non_null(strstr(t.now.wrong, "a coin of client 70001, ticket 100, while client 70002"));
    mitm_forget(&t.mitm);
    expect_noticed(&t, &again, "came to a handler as number 1");
    trio_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(he_lets_pass_what_he_does_not_change),
        cmocka_unit_test(he_crumbles_and_delays_without_harm),
        cmocka_unit_test(without_encryption_he_changes_what_he_likes),
        cmocka_unit_test(without_encryption_he_repeats_and_mixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
