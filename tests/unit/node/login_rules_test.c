/*
 * Rules of one's own: on_login, which answers at once, later, never, or when it is too late.
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

static int set_up(void **state)
{
    (void)state;
    gate_open(&g, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gate_close(&g);
    return 0;
}

/* ---- own rules ---- */

static void gate_with_rules(gate_answer answer)
{
    coax_server_options server = gate_server_options(&g);
    server.on_login = gate_on_login;
    server.takes_plain_passwords = true;
    g.answer = answer;
    gate_serve(&g, &server);
}

static coax_client_options plainly(const char *user)
{
    coax_client_options client = gate_as(&g, user, "in clear");
    client.sends_plain_password = true;
    return client;
}

static void a_plain_password_is_shown_to_who_asks_for_it(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    gate_with_rules(GATE_ACCEPTS);
    gate_dial(&g, &dave);
    gate_run(&g, 100);
    gate_is(&g, "?plain [login_ok dave plain] +dave 0:open");
    assert_string_equal(g.user, "dave");
    assert_string_equal(g.secret, "in clear");
    assert_string_equal(g.roles, "guest,");
}

static void a_plain_password_is_not_looked_at_unless_asked_for(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    coax_server_options server = gate_server_options(&g);
    server.on_login = gate_on_login;
    g.answer = GATE_ACCEPTS;
    gate_serve(&g, &server);
    gate_dial(&g, &dave);
    gate_run(&g, 100);
    gate_is(&g, "[login_failed dave plain] 0:closed:unauthenticated");
    assert_int_equal(g.n_asked, 0);
}

static void who_is_refused_hears_login_failed_and_nothing_else(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    dave.reconnects = true;
    gate_with_rules(GATE_REFUSES);
    gate_dial(&g, &dave);
    gate_run(&g, 60000);
    gate_is(&g, "?plain [login_failed dave plain] 0:closed:unauthenticated");
    assert_string_equal(g.reason.text, "the peer closed the connection: login failed");
}

static void who_is_put_off_comes_again(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    dave.reconnects = true;
    gate_with_rules(GATE_DEFERS);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    gate_is(&g, "?plain [login_failed dave plain] 0:waiting");
    g.answer = GATE_ACCEPTS;
    gate_run(&g, 1000);
    gate_is(&g, "0:connecting ?plain [login_ok dave plain] +dave 0:open");
}

static coax_err let_in(coax_login login, const char *principal, coax_error *error)
{
    coax_identity identity = COAX_IDENTITY_INIT;
    identity.principal = principal;
    return coax_login_accept(login, &identity, error);
}

static void an_answer_may_come_later_and_what_was_sent_ahead_waits(void **state)
{
    (void)state;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options dave = plainly("dave");
    gate_with_rules(GATE_KEEPS);
    gate_dial(&g, &dave);
    assert_int_equal(gate_add(&g, g.clients[0]), COAX_OK);
    gate_run(&g, 3000);
    gate_is(&g, "?plain");
    assert_int_equal(g.probe.n_handled, 0);
    assert_int_equal(let_in(g.asked[0], "dave", &error), COAX_OK);
    gate_is(&g, ""); /* no callback inside of it */
    assert_int_equal(let_in(g.asked[0], "dave", &error), COAX_ERR_STALE);
    assert_int_equal(coax_login_refuse(g.asked[0], NULL), COAX_ERR_STALE);
    gate_run(&g, 10);
    gate_is(&g, "[login_ok dave plain] +dave 0:open add ok");
}

static void one_address_waits_for_a_quarter_of_the_places_at_most(void **state)
{
    (void)state;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options dave = plainly("dave"), erin = plainly("erin");
    coax_server_options server = gate_server_options(&g);
    erin.reconnects = true;
    server.on_login = gate_on_login;
    server.takes_plain_passwords = true;
    server.max_unopened = 4;
    g.answer = GATE_KEEPS;
    gate_serve(&g, &server);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    gate_is(&g, "?plain");
    gate_dial(&g, &erin);
    gate_run(&g, 10);
    gate_is(&g, "[login_throttled erin plain] 1:waiting");
    assert_int_equal(g.reason.code, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_non_null(strstr(g.reason.text, "wait for their decision"));
    assert_non_null(strstr(g.log_reason, "max_unopened"));
    assert_int_equal(let_in(g.asked[0], "dave", &error), COAX_OK);
    gate_run(&g, 10);
    gate_is(&g, "[login_ok dave plain] +dave 0:open");
    gate_run(&g, 2000);
    gate_is(&g, "1:connecting ?plain"); /* after the second it was told to wait */
    coax_client_close(g.clients[1]);
    gate_run(&g, 100);
    gate_forget(&g);
    gate_dial(&g, &erin); /* who has gone waits for nothing */
    gate_run(&g, 10);
    gate_is(&g, "?plain");
}

static void a_bad_identity_leaves_the_login_undecided(void **state)
{
    (void)state;
    static const char *const bad_roles[] = { "good", "b\ad", NULL };
    const char *many[CX_ROLES_MAX + 2];
    char long_name[CX_PRINCIPAL_MAX + 2];
    coax_error error = COAX_ERROR_INIT;
    coax_identity identity = COAX_IDENTITY_INIT;
    coax_client_options dave = plainly("dave");
    gate_with_rules(GATE_KEEPS);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const char *const bad[] = { NULL, "", "a\nb", "\xff", "\xc2\x85", long_name };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        error.text[0] = '\0';
        assert_int_equal(let_in(g.asked[0], bad[i], &error), COAX_ERR_MISUSE);
        assert_true(error.text[0] != '\0');
    }
    identity.principal = "dave";
    identity.roles = bad_roles;
    assert_int_equal(coax_login_accept(g.asked[0], &identity, &error), COAX_ERR_MISUSE);
    for (size_t i = 0; i <= CX_ROLES_MAX; i++)
        many[i] = "r";
    many[CX_ROLES_MAX + 1] = NULL;
    identity.roles = many;
    assert_int_equal(coax_login_accept(g.asked[0], &identity, &error), COAX_ERR_MISUSE);
    assert_int_equal(coax_login_accept(g.asked[0], NULL, &error), COAX_ERR_MISUSE);
    identity.size = 3;
    identity.roles = NULL;
    assert_int_equal(coax_login_accept(g.asked[0], &identity, &error), COAX_ERR_MISUSE);
    gate_run(&g, 10);
    gate_is(&g, "?plain");
    identity.size = sizeof identity;
    assert_int_equal(coax_login_accept(g.asked[0], &identity, &error), COAX_OK);
    gate_run(&g, 10);
    gate_is(&g, "[login_ok dave plain] +dave 0:open");
}

static void what_comes_with_an_identity_belongs_to_the_peer(void **state)
{
    (void)state;
    static int something;
    coax_identity identity = COAX_IDENTITY_INIT;
    coax_client_options dave = plainly("dave");
    gate_with_rules(GATE_KEEPS);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    identity.principal = "dave";
    identity.data = &something;
    identity.lifespan_ms = 60000;
    assert_int_equal(coax_login_accept(g.asked[0], &identity, NULL), COAX_OK);
    gate_run(&g, 10);
    assert_ptr_equal(g.data, &something);
    assert_true(g.session.remaining_ms == 60000);
}

static void a_login_nobody_decides_ends_with_the_open_deadline(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    gate_with_rules(GATE_KEEPS);
    dave.connect_timeout_ms = 20000;
    dave.limits.open_timeout_ms = 20000;
    gate_dial(&g, &dave);
    gate_run(&g, 5100);
    gate_is(&g, "?plain [login_failed dave plain] 0:closed:unavailable");
    assert_non_null(strstr(g.reason.text, "the login was not decided within open_timeout_ms"));
    assert_int_equal(let_in(g.asked[0], "dave", NULL), COAX_ERR_STALE);
}

static void a_verdict_on_who_has_gone_is_stale(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    gate_with_rules(GATE_KEEPS);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    coax_client_close(g.clients[0]);
    gate_run(&g, 10);
    assert_int_equal(let_in(g.asked[0], "dave", NULL), COAX_ERR_STALE);
    gate_is(&g, "?plain [login_failed dave plain] 0:closed:cancelled");
}

static void a_verdict_at_a_closed_or_draining_server_is_stale(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    gate_with_rules(GATE_KEEPS);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    assert_int_equal(coax_server_drain(g.server, 1000), COAX_OK);
    assert_int_equal(let_in(g.asked[0], "dave", NULL), COAX_ERR_STALE);
    gate_run(&g, 10);
    coax_server_close(g.server);
    gate_run(&g, 10);
    gate_is(&g, "?plain [login_failed dave plain] 0:closed:unavailable");
    gate_with_rules(GATE_KEEPS);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    coax_server_close(g.server);
    assert_int_equal(let_in(g.asked[1], "dave", NULL), COAX_ERR_STALE);
    assert_int_equal(coax_login_defer(g.asked[1], NULL), COAX_ERR_STALE);
    gate_run(&g, 10);
    gate_is(&g, "?plain [login_failed dave plain] 1:closed:unavailable");
}

static void a_peer_or_a_server_may_be_closed_while_it_is_asked(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    gate_with_rules(GATE_CLOSES_PEER);
    gate_dial(&g, &dave);
    assert_int_equal(gate_add(&g, g.clients[0]), COAX_OK);
    gate_run(&g, 10);
    gate_is(&g, "?plain [login_failed dave plain] add unavailable 0:closed:unavailable");
    g.answer = GATE_CLOSES_SERVER;
    gate_dial(&g, &dave);
    assert_int_equal(gate_add(&g, g.clients[1]), COAX_OK);
    gate_run(&g, 10);
    gate_is(&g, "?plain [login_failed dave plain] add unavailable 1:closed:unavailable");
}

/* Let in, and gone in the same turn. */
static void a_peer_that_goes_right_after_its_verdict_was_never_there(void **state)
{
    (void)state;
    coax_client_options dave = plainly("dave");
    coax_server_options server = gate_server_options(&g);
    server.on_login = gate_on_login;
    server.takes_plain_passwords = true;
    server.second_login = COAX_SECOND_REFUSE;
    gate_serve(&g, &server);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    assert_int_equal(let_in(g.asked[0], "dave", NULL), COAX_OK);
    assert_int_equal(coax_peer_close(g.asking, COAX_ERR_UNAVAILABLE, "no"), COAX_OK);
    gate_run(&g, 10);
    assert_null(strstr(g.text, "+dave"));
    gate_forget(&g);
    gate_dial(&g, &dave);
    gate_run(&g, 10);
    assert_int_equal(let_in(g.asked[1], "dave", NULL), COAX_OK); /* its seat is free */
    gate_run(&g, 10);
    gate_is(&g, "?plain [login_ok dave plain] +dave 1:open");
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    TEST(a_plain_password_is_shown_to_who_asks_for_it),
    TEST(a_plain_password_is_not_looked_at_unless_asked_for),
    TEST(who_is_refused_hears_login_failed_and_nothing_else),
    TEST(who_is_put_off_comes_again),
    TEST(an_answer_may_come_later_and_what_was_sent_ahead_waits),
    TEST(one_address_waits_for_a_quarter_of_the_places_at_most),
    TEST(a_bad_identity_leaves_the_login_undecided),
    TEST(what_comes_with_an_identity_belongs_to_the_peer),
    TEST(a_login_nobody_decides_ends_with_the_open_deadline),
    TEST(a_verdict_on_who_has_gone_is_stale),
    TEST(a_verdict_at_a_closed_or_draining_server_is_stale),
    TEST(a_peer_or_a_server_may_be_closed_while_it_is_asked),
    TEST(a_peer_that_goes_right_after_its_verdict_was_never_there),
};

int main(void)
{
    return cmocka_run_group_tests_name("node_login_rules", tests, NULL, NULL);
}
