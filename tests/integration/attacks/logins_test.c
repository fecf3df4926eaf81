/*
 * S7: what a login proves, to whom, and for how long. Strangers log in step by step, replay what was said, and pass on what they
 * hear.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bridge.h"
#include "scene.h"

static void a_login_that_was_heard_logs_in_no_second_time(void **state)
{
    scene e;
    guess g;
    (void)state;
    coax_server_options options = scene_with_users(&e);
    scene_open(&e, &options);
    scene_log_in(&e, &g, "ada", FOLK_ADA_PASSWORD);
    scene_expect_let_in(&e);
    scene_go(&e);
    ledger_begin(&e.trio);
    scene_come(&e); /* all that was said, word for word */
    guess_say_ke1(&e.s, "ada", g.ke1);
    scene_until(&e, scene_is_answered, 10000);
    guess_say_ke3(&e.s, g.ke3);
    scene_expect_turned_away(&e);
    scene_go(&e);
    scene_close(&e);
}

/* Even with the client's own state, a login belongs to the connection it was begun for. */
static void a_login_fits_no_other_connection(void **state)
{
    scene e;
    guess g;
    uint8_t elsewhere[CX_HASH_MAX] = { 1, 2, 3 };
    (void)state;
    coax_server_options options = scene_with_users(&e);
    scene_open(&e, &options);
    ledger_begin(&e.trio);
    scene_come(&e);
    guess_start(&g, &e.s, "ada", FOLK_ADA_PASSWORD);
    guess_say_ke1(&e.s, "ada", g.ke1);
    scene_until(&e, scene_is_answered, 10000);
    assert_true(guess_hear_ke2(&g, &e.s));
    assert_false(guess_finish(&g, elsewhere, e.s.hash_len)); /* the client sees it first */
    assert_true(guess_finish(&g, e.s.hash, e.s.hash_len));
    g.ke3[0] ^= 1;
    guess_say_ke3(&e.s, g.ke3);
    scene_expect_turned_away(&e);
    scene_go(&e);
    scene_close(&e);
}

/* Somebody whom the client lets sit between passes the login on to the server. */
static void a_login_cannot_be_relayed(void **state)
{
    scene e;
    bridge b;
    (void)state;
    coax_server_options options = scene_with_users(&e);
    scene_open(&e, &options);
    ledger_begin(&e.trio);
    bridge_open(&b, e.trio.loop, "tcp://bridge:7", e.trio.url);
    assert_int_equal(cx_url_parse("tcp://bridge:7", &e.trio.mitm.target, NULL), COAX_OK);
    e.trio.options.user = "ada";
    e.trio.options.password = FOLK_ADA_PASSWORD;
    trio_connect(&e.trio); /* trust: any */
    assert_true(trio_until(&e.trio, trio_is_closed, 30000));
    assert_int_equal(e.trio.now.n_opened, 0);
    assert_int_equal(e.trio.now.client.code, COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(e.trio.now.n_connects, 0);
    assert_non_null(stranger_heard(&b.back, CX_FRAME_AUTH)); /* he got as far as KE2 */
    assert_false(bridge_has_read(&b, FOLK_ADA_PASSWORD, strlen(FOLK_ADA_PASSWORD)));
    bridge_close(&b);
    trio_leave(&e.trio);
    trio_wait(&e.trio, 2000);
    bridge_free(&b);
    scene_close(&e);
}

/* The control: with nothing to be proved, he can sit there. */
static void who_trusts_anybody_and_proves_nothing_can_be_relayed(void **state)
{
    scene e;
    bridge b;
    (void)state;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    scene_open(&e, NULL);
    bridge_open(&b, e.trio.loop, "tcp://bridge:7", e.trio.url);
    assert_int_equal(cx_url_parse("tcp://bridge:7", &e.trio.mitm.target, NULL), COAX_OK);
    trio_connect(&e.trio);
    (void)trio_ask_one(&e.trio, TRIO_PUT, 1);
    assert_true(trio_until(&e.trio, trio_is_answered, 30000));
    assert_int_equal(e.trio.now.n_good, 1);
    bridge_close(&b);
    trio_leave(&e.trio);
    trio_wait(&e.trio, 2000);
    bridge_free(&b);
    scene_close(&e);
}

/* By key: whoever sits between has another one. */
static void a_login_by_key_cannot_be_relayed(void **state)
{
    scene e;
    bridge b;
    (void)state;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.authorized_keys = e.folk.keys_path;
    scene_open(&e, &options);
    e.trio.options.key = e.folk.cleo;
    trio_connect(&e.trio);
    assert_true(trio_until(&e.trio, trio_is_open, 10000)); /* the control */
    trio_leave(&e.trio);
    bridge_open(&b, e.trio.loop, "tcp://bridge:7", e.trio.url);
    assert_int_equal(cx_url_parse("tcp://bridge:7", &e.trio.mitm.target, NULL), COAX_OK);
    trio_connect(&e.trio);
    assert_true(trio_until(&e.trio, trio_is_closed, 30000));
    assert_int_equal(e.trio.now.n_opened, 0);
    assert_int_equal(e.trio.now.n_connects, 0);
    bridge_close(&b);
    trio_leave(&e.trio);
    trio_wait(&e.trio, 2000);
    bridge_free(&b);
    scene_close(&e);
}

/* What a thief finds in the store is no password, in whatever form. */
static void what_is_stored_does_not_log_in(void **state)
{
    scene e;
    guess g;
    char line[4000];
    (void)state;
    coax_server_options options = scene_with_users(&e);
    options.login_failures = 1000;
    scene_open(&e, &options);
    FILE *store = fopen(e.folk.store_path, "r");
    assert_non_null(store);
    while (fgets(line, sizeof line, store) != NULL) {
        char *rest = line;
        for (char *word = scene_next_word(&rest); word != NULL; word = scene_next_word(&rest)) {
            scene_log_in(&e, &g, "ada", word);
            scene_expect_turned_away(&e);
            scene_go(&e);
        }
    }
    assert_int_equal(fclose(store), 0);
    scene_close(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S7: a login that was heard logs in no second time",
          a_login_that_was_heard_logs_in_no_second_time, NULL, NULL, NULL },
        { "S7: a login fits no other connection", a_login_fits_no_other_connection, NULL, NULL,
          NULL },
        { "S7: a login by password cannot be relayed", a_login_cannot_be_relayed, NULL, NULL,
          NULL },
        { "S7: who trusts anybody and proves nothing can be relayed (the control)",
          who_trusts_anybody_and_proves_nothing_can_be_relayed, NULL, NULL, NULL },
        { "S7: a login by key cannot be relayed", a_login_by_key_cannot_be_relayed, NULL, NULL,
          NULL },
        { "S7: what is stored does not log in", what_is_stored_does_not_log_in, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
