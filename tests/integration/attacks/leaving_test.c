/*
 * Logins that nobody finishes: what was sent ahead of them never runs, who vanishes keeps neither memory nor a seat, and guesses
 * that all come at once are counted.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "inside.h"

/* What was sent ahead. */

static void send_ahead(inside *e)
{
    ledger_begin(&e->trio);
    inside_come(e);
    inside_show(e, "token", "", 16);
    inside_early(e);
    trio_wait(&e->trio, 200);
    assert_int_equal(e->n_asked, 1);
    e->n_asked = 0;
    assert_string_equal(e->trio.now.wrong, "");
}

static void what_was_sent_ahead_of_a_refusal_never_runs(void **state)
{
    inside e;
    (void)state;
    inside_open(&e, DOOR_ASKS);
    send_ahead(&e);
    assert_int_equal(coax_login_refuse(e.login, "no"), COAX_OK);
    assert_true(inside_until(&e, inside_is_over, 10000));
    inside_go(&e);
    assert_string_equal(e.trio.now.wrong, "");
    send_ahead(&e); /* and who leaves before he is answered */
    inside_go(&e);
    assert_int_equal(coax_login_refuse(e.login, "no"), COAX_ERR_STALE);
    assert_string_equal(e.trio.now.wrong, "");
    inside_close(&e);
}

/* The control: the same frames do reach handlers. */
static void what_was_sent_ahead_of_a_welcome_runs(void **state)
{
    inside e;
    coax_identity identity = COAX_IDENTITY_INIT;
    (void)state;
    identity.principal = "somebody";
    inside_open(&e, DOOR_ASKS);
    send_ahead(&e);
    assert_int_equal(coax_login_accept(e.login, &identity, NULL), COAX_OK);
    trio_wait(&e.trio, 200);
    assert_string_not_equal(e.trio.now.wrong, "");
    e.trio.now.wrong[0] = '\0';
    inside_go(&e);
    e.trio.now.wrong[0] = '\0';
    inside_close(&e);
}

/* Leaving. */

typedef enum leave_at { AT_HANDSHAKE = 0, AT_HELLO, AT_KE2, AT_KE3, AT_ONCE, LEAVES } leave_at;

static void come_and_leave(inside *e, leave_at when)
{
    guess g;
    ledger_begin(&e->trio);
    stranger_dial(&e->s, e->trio.loop, e->trio.url, NULL);
    if (when == AT_HANDSHAKE) {
        trio_step(&e->trio);
        trio_step(&e->trio);
        trio_step(&e->trio);
    } else {
        assert_true(inside_until(e, inside_is_ready, 10000));
        guess_start(&g, &e->s, "ada", FOLK_ADA_PASSWORD);
        guess_say_ke1(&e->s, "ada", g.ke1);
    }
    if (when >= AT_KE2 && when != AT_ONCE) {
        assert_true(inside_until(e, inside_is_answered, 10000));
        assert_true(guess_hear_ke2(&g, &e->s));
    }
    if (when == AT_KE3) {
        assert_true(guess_finish(&g, e->s.hash, e->s.hash_len));
        guess_say_ke3(&e->s, g.ke3);
    }
    inside_go(e);
}

static void logins_given_up_at_any_step_leave_nothing(void **state)
{
    inside e;
    (void)state;
    inside_open(&e, DOOR_USERS);
    for (int when = AT_HANDSHAKE; when < LEAVES; when++)
        come_and_leave(&e, (leave_at)when);
    const size_t bytes = trio_bytes();
    for (int i = 0; i < 10; i++) {
        for (int when = AT_HANDSHAKE; when < LEAVES; when++)
            come_and_leave(&e, (leave_at)when);
    }
    assert_int_equal(trio_bytes(), bytes);
    inside_close(&e);
}

/* A seat that is kept by who has gone would shut its owner out. */
static void who_vanishes_in_the_middle_of_a_login_keeps_no_seat(void **state)
{
    static const leave_at all[] = { AT_HELLO, AT_KE2, AT_KE3, AT_ONCE };
    inside e;
    guess g;
    (void)state;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    options.users = e.folk.store;
    options.login_failures = 1000;
    options.second_login = COAX_SECOND_REFUSE;
    trio_open(&e.trio, TRIO_XX, false, 62, &options);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        come_and_leave(&e, all[i]);
        ledger_begin(&e.trio);
        inside_come(&e);
        guess_start(&g, &e.s, "ada", FOLK_ADA_PASSWORD);
        guess_say_ke1(&e.s, "ada", g.ke1);
        assert_true(inside_until(&e, inside_is_answered, 10000));
        assert_true(guess_hear_ke2(&g, &e.s));
        assert_true(guess_finish(&g, e.s.hash, e.s.hash_len));
        guess_say_ke3(&e.s, g.ke3);
        trio_wait(&e.trio, 200);
        assert_non_null(stranger_heard(&e.s, CX_FRAME_WELCOME));
        inside_go(&e);
    }
    inside_close(&e);
}

/* Guesses that all come at once. */

#define CROWD 150

static uint32_t n_answered(const stranger *crowd, uint8_t type)
{
    uint32_t n = 0;
    for (int i = 0; i < CROWD; i++)
        n += stranger_heard(&crowd[i], type) != NULL ? 1 : 0;
    return n;
}

static uint32_t guess_at_once(inside *e, stranger *crowd)
{
    guess g;
    for (int i = 0; i < CROWD; i++)
        stranger_dial(&crowd[i], e->trio.loop, e->trio.url, NULL);
    trio_wait(&e->trio, 1000);
    for (int i = 0; i < CROWD; i++) {
        assert_true(crowd[i].is_ready);
        guess_start(&g, &crowd[i], "ada", "a guess");
        guess_say_ke1(&crowd[i], "ada", g.ke1);
    }
    trio_wait(&e->trio, 1000);
    const uint32_t n = n_answered(crowd, CX_FRAME_AUTH);
    assert_int_equal(n + n_answered(crowd, CX_FRAME_GOAWAY), CROWD);
    for (int i = 0; i < CROWD; i++)
        stranger_close(&crowd[i]);
    trio_wait(&e->trio, 5000);
    assert_int_equal(coax_server_n_peers(e->trio.server), 0);
    for (int i = 0; i < CROWD; i++)
        stranger_free(&crowd[i]);
    return n;
}

/* Who has heard KE2 knows: so many guesses there are, and then one for each wait. */
static void guesses_at_once_are_counted_although_nobody_answers(void **state)
{
    static stranger crowd[CROWD];
    inside e;
    (void)state;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    options.users = e.folk.store;
    trio_open(&e.trio, TRIO_XX, false, 63, &options);
    assert_in_range(guess_at_once(&e, crowd), 5, 64);
    assert_int_equal(guess_at_once(&e, crowd), 0);
    trio_wait(&e.trio, 300000);
    assert_int_equal(guess_at_once(&e, crowd), 1);
    inside_close(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sent_ahead_of_a_refusal_never_runs),
        cmocka_unit_test(what_was_sent_ahead_of_a_welcome_runs),
        cmocka_unit_test(logins_given_up_at_any_step_leave_nothing),
        cmocka_unit_test(who_vanishes_in_the_middle_of_a_login_keeps_no_seat),
        cmocka_unit_test(guesses_at_once_are_counted_although_nobody_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
