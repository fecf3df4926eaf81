/*
 * Who gets in, as whom, and what those hear who don't.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gate.h"
#include "session/session.h"

static gate g;
static people users;

static int set_up(void **state)
{
    (void)state;
    users.n_finds = 0;
    users.answers_later = false;
    gate_open(&g, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gate_close(&g);
    return 0;
}

static void a_server_that_asks_for_nothing_lets_in_everybody(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options client = gate_client_options(&g);
    gate_serve(&g, &server);
    gate_dial(&g, &client);
    gate_run(&g, 100);
    gate_is(&g, "+nobody 0:open");
    assert_int_equal(g.session.mechanism, COAX_MECHANISM_NONE);
    assert_true(g.session.remaining_ms == UINT64_MAX);
    assert_int_equal(gate_add(&g, g.clients[0]), COAX_OK);
    gate_run(&g, 100);
    gate_is(&g, "add ok");
}

static void a_server_that_asks_for_nothing_believes_no_credential(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options client = gate_client_options(&g);
    client.token = "a token of sixteen bytes";
    gate_serve(&g, &server);
    gate_dial(&g, &client);
    gate_run(&g, 100);
    gate_is(&g, "0:closed:unauthenticated");
    assert_non_null(strstr(g.reason.text, "this server takes no logins"));
}

static void one_password_for_everybody_is_one_line_on_each_side(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options client = gate_client_options(&g);
    server.password = "right";
    client.password = "right";
    gate_serve(&g, &server);
    gate_dial(&g, &client);
    assert_int_equal(gate_add(&g, g.clients[0]), COAX_OK); /* waits until it is let in */
    gate_run(&g, 100);
    gate_is(&g, "[login_ok shared password] +shared 0:open add ok");
    assert_int_equal(g.session.mechanism, COAX_MECHANISM_PASSWORD);
    client.password = "wrong";
    client.reconnects = true;
    gate_dial(&g, &client);
    gate_run(&g, 60000);
    gate_is(&g, "[login_failed - password] 1:closed:unauthenticated");
    assert_non_null(strstr(g.reason.text, "login failed"));
    client.password = NULL;
    gate_dial(&g, &client);
    gate_run(&g, 60000);
    gate_is(&g, "[login_failed - none] 2:closed:unauthenticated");
    assert_non_null(strstr(g.reason.text, "lets in only who logs in"));
}

/* ---- users ---- */

static coax_store *store;

static int open_users(void **state)
{
    (void)state;
    store = people_open(&users);
    return 0;
}

static int close_users(void **state)
{
    (void)state;
    coax_store_close(store);
    return 0;
}

static void users_come_in_by_their_own_names_and_roles(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options alice = gate_as(&g, "alice", "right");
    coax_client_options bob = gate_as(&g, "bob", "right");
    server.users = store;
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok alice password] +alice 0:open");
    assert_string_equal(g.roles, "admin,staff,");
    gate_dial(&g, &bob);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok bob password] +bob 1:open");
    assert_string_equal(g.roles, "");
}

static void who_does_not_exist_and_who_guesses_wrong_hear_the_same(void **state)
{
    (void)state;
    coax_error wrong;
    coax_server_options server = gate_server_options(&g);
    coax_client_options alice = gate_as(&g, "alice", "wrong");
    coax_client_options carol = gate_as(&g, "carol", "wrong");
    server.users = store;
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_run(&g, 100);
    gate_is(&g, "[login_failed alice password] 0:closed:unauthenticated");
    wrong = g.reason;
    gate_dial(&g, &carol);
    gate_run(&g, 100);
    gate_is(&g, "[login_failed carol password] 1:closed:unauthenticated");
    assert_string_equal(g.reason.text, wrong.text);
    assert_int_equal(users.n_finds, 2);
}

static void a_password_of_a_mechanism_that_is_not_asked_for_fails(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options alice = gate_as(&g, "alice", "right");
    coax_client_options anybody = gate_as(&g, NULL, "right");
    static const coax_token tokens[] = { { "a token of sixteen bytes", "robot", NULL }, { 0 } };
    server.tokens = tokens;
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_dial(&g, &anybody);
    gate_run(&g, 100);
    gate_is(&g, "[login_failed alice password] [login_failed - password] 0:closed:unauthenticated "
                "1:closed:unauthenticated");
}

static void a_store_may_answer_later(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options alice = gate_as(&g, "alice", "right");
    server.users = store;
    users.answers_later = true;
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_run(&g, 1000);
    gate_is(&g, "");
    people_answer(&users);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok alice password] +alice 0:open");
    users.answers_later = false;
}

static void a_store_that_is_away_is_unavailable_and_the_client_comes_again(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options alice = gate_as(&g, "alice", "right");
    server.users = store;
    users.answers_later = true;
    alice.reconnects = true;
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_run(&g, 10);
    assert_int_equal(coax_lookup_failed(users.lookup, "the database is away"), COAX_OK);
    assert_int_equal(coax_lookup_failed(users.lookup, NULL), COAX_ERR_STALE);
    gate_run(&g, 10);
    gate_is(&g, "[login_failed alice password] 0:waiting");
    users.answers_later = false;
    gate_run(&g, 1000);
    gate_is(&g, "0:connecting [login_ok alice password] +alice 0:open");
}

static void an_answer_for_a_login_that_has_ended_is_stale(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options alice = gate_as(&g, "alice", "right");
    coax_user nobody = { .size = sizeof nobody, .name = "mallory" };
    server.users = store;
    users.answers_later = true;
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_run(&g, 10);
    assert_int_equal(coax_lookup_found(users.lookup, &nobody), COAX_OK); /* somebody else */
    gate_run(&g, 10);
    gate_is(&g, "[login_failed alice password] 0:closed:unavailable");
    gate_dial(&g, &alice);
    gate_run(&g, 10);
    coax_client_close(g.clients[1]);
    gate_run(&g, 10);
    assert_int_equal(coax_lookup_found(users.lookup, NULL), COAX_ERR_STALE);
    users.answers_later = false;
    gate_forget(&g);
}

/* ---- tokens ---- */

static const char *const robot_roles[] = { "reader", NULL };
static const coax_token two_tokens[] = { { "first-token-0123456789", "robot", robot_roles },
                                         { "other-token-0123456789", "crawler", NULL },
                                         { NULL, NULL, NULL } };

static coax_client_options bearing(const char *token)
{
    coax_client_options client = gate_client_options(&g);
    client.token = token;
    return client;
}

static void a_token_names_its_bearer(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options robot = bearing("first-token-0123456789");
    coax_client_options thief = bearing("third-token-0123456789");
    server.tokens = two_tokens;
    gate_serve(&g, &server);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok robot token] +robot 0:open");
    assert_string_equal(g.roles, "reader,");
    gate_dial(&g, &thief);
    gate_run(&g, 100);
    gate_is(&g, "[login_failed - token] 1:closed:unauthenticated");
}

static void a_token_that_is_not_listed_is_asked_about(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options other = bearing("some other token");
    server.tokens = two_tokens;
    server.on_login = gate_on_login;
    g.answer = GATE_ACCEPTS;
    gate_serve(&g, &server);
    gate_dial(&g, &other);
    gate_run(&g, 100);
    gate_is(&g, "?token [login_ok somebody token] +somebody 0:open");
    assert_string_equal(g.secret, "some other token");
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    TEST(a_server_that_asks_for_nothing_lets_in_everybody),
    TEST(a_server_that_asks_for_nothing_believes_no_credential),
    TEST(one_password_for_everybody_is_one_line_on_each_side),
    TEST(users_come_in_by_their_own_names_and_roles),
    TEST(who_does_not_exist_and_who_guesses_wrong_hear_the_same),
    TEST(a_password_of_a_mechanism_that_is_not_asked_for_fails),
    TEST(a_store_may_answer_later),
    TEST(a_store_that_is_away_is_unavailable_and_the_client_comes_again),
    TEST(an_answer_for_a_login_that_has_ended_is_stale),
    TEST(a_token_names_its_bearer),
    TEST(a_token_that_is_not_listed_is_asked_about),
};

int main(void)
{
    return cmocka_run_group_tests_name("node_login", tests, open_users, close_users);
}
