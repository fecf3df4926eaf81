/*
 * What a login leads to: second ones, sessions that expire, secrets asked for, waiting after failures.
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

/* ---- second logins ---- */

static void serve_robots(coax_second_login policy)
{
    coax_server_options server = gate_server_options(&g);
    server.tokens = two_tokens;
    server.second_login = policy;
    gate_serve(&g, &server);
}

static void a_second_login_is_allowed_unless_said_otherwise(void **state)
{
    (void)state;
    coax_client_options robot = bearing("first-token-0123456789");
    serve_robots(COAX_SECOND_ALLOW);
    gate_dial(&g, &robot);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok robot token] +robot [login_ok robot token] +robot 0:open 1:open");
}

static void a_second_login_may_be_refused(void **state)
{
    (void)state;
    coax_client_options robot = bearing("first-token-0123456789");
    coax_client_options other = bearing("other-token-0123456789");
    serve_robots(COAX_SECOND_REFUSE);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_forget(&g);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_is(&g, "[login_failed - token] 1:closed:already_exists");
    assert_string_equal(g.log_reason,
                        "second_login: another connection of robot has logged in before");
    assert_null(strstr(g.reason.text, "robot"));
    gate_dial(&g, &other);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok crawler token] +crawler 2:open");
    coax_client_close(g.clients[0]);
    gate_run(&g, 100);
    gate_forget(&g);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok robot token] +robot 3:open");
}

static void a_second_login_may_replace_the_first_which_does_not_come_back(void **state)
{
    (void)state;
    coax_client_options robot = bearing("first-token-0123456789");
    robot.reconnects = true;
    serve_robots(COAX_SECOND_REPLACE);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_forget(&g);
    gate_dial(&g, &robot);
    gate_run(&g, 60000);
    gate_is(&g, "[login_ok robot token] [session_replaced robot] +robot -robot 1:open "
                "0:closed:aborted");
    assert_int_equal(coax_client_get_state(g.clients[1]), COAX_CLIENT_OPEN);
}

/* ---- lifespan ---- */

static void an_expired_session_is_drained_and_its_client_logs_in_again(void **state)
{
    (void)state;
    coax_client_options robot = bearing("first-token-0123456789");
    coax_server_options server = gate_server_options(&g);
    server.tokens = two_tokens;
    server.session_lifespan_ms = 5000;
    robot.reconnects = true;
    gate_serve(&g, &server);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok robot token] +robot 0:open");
    assert_true(g.session.remaining_ms == 5000);
    gate_run(&g, 4800);
    gate_is(&g, "");
    gate_run(&g, 1000);
    gate_is(&g, "[session_expired robot] 0:connecting -robot [login_ok robot token] +robot 0:open");
}

static void calls_under_way_outlive_a_session_by_the_time_of_a_drain_at_most(void **state)
{
    (void)state;
    coax_client_options robot = bearing("first-token-0123456789");
    coax_server_options server = gate_server_options(&g);
    server.tokens = two_tokens;
    server.session_lifespan_ms = 5000;
    server.drain_timeout_ms = 2000;
    gate_serve(&g, &server);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_forget(&g);
    probe_probe_hold_request request = { .ticket = 1 };
    assert_int_equal(probe_probe_hold(g.clients[0], &request, NULL, NULL, NULL), COAX_OK);
    gate_run(&g, 5500);
    gate_is(&g, "[session_expired robot] 0:draining");
    gate_run(&g, 2000);
    gate_is(&g, "-robot 0:closed:unavailable");
}

/* ---- clients that are asked for their secret ---- */

static void a_secret_may_be_asked_for_before_each_login(void **state)
{
    (void)state;
    coax_client_options alice = gate_client_options(&g);
    coax_server_options server = gate_server_options(&g);
    server.users = store;
    server.session_lifespan_ms = 1000;
    alice.user = "alice";
    alice.on_secret = gate_on_secret;
    alice.reconnects = true;
    g.secret_is = "right";
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_run(&g, 500);
    assert_int_equal(g.n_secrets, 1);
    gate_run(&g, 1000);
    assert_int_equal(g.n_secrets, 2);
    assert_int_equal(coax_client_get_state(g.clients[0]), COAX_CLIENT_OPEN);
    g.secret_is = NULL; /* and now nobody answers the question */
    gate_run(&g, 60000);
    assert_int_equal(g.n_secrets, 3);
    assert_int_equal(coax_client_get_state(g.clients[0]), COAX_CLIENT_CLOSED);
    assert_int_equal(g.reason.code, COAX_ERR_CANCELLED);
    gate_forget(&g);
}

static void an_empty_token_means_that_it_is_asked_for(void **state)
{
    (void)state;
    coax_client_options robot = bearing("");
    robot.on_secret = gate_on_secret;
    g.secret_is = "first-token-0123456789";
    serve_robots(COAX_SECOND_ALLOW);
    gate_dial(&g, &robot);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok robot token] +robot 0:open");
}

static void a_client_may_be_closed_while_it_is_asked(void **state)
{
    (void)state;
    coax_client_options alice = gate_client_options(&g);
    coax_server_options server = gate_server_options(&g);
    server.users = store;
    alice.user = "alice";
    alice.on_secret = gate_on_secret;
    g.secret_is = "right";
    g.closes_in_secret = true;
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_run(&g, 100);
    gate_is(&g, "0:closed:cancelled");
}

/* ---- throttling ---- */

static void who_has_failed_too_often_waits_and_then_gets_in(void **state)
{
    (void)state;
    coax_client_options wrong = gate_as(&g, "alice", "wrong");
    coax_client_options alice = gate_as(&g, "alice", "right");
    coax_server_options server = gate_server_options(&g);
    server.users = store;
    server.login_failures = 2;
    alice.reconnects = true;
    gate_serve(&g, &server);
    for (int i = 0; i < 2; i++) {
        gate_dial(&g, &wrong);
        gate_run(&g, 10);
    }
    gate_forget(&g);
    gate_dial(&g, &alice);
    gate_run(&g, 10);
    gate_is(&g, "[login_throttled alice password] 2:waiting");
    assert_int_equal(g.reason.code, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(users.n_finds, 2); /* not looked for */
    gate_run(&g, 500);
    gate_is(&g, ""); /* it waits as long as it was told */
    gate_run(&g, 5000);
    gate_is(&g, "2:connecting [login_ok alice password] +alice 2:open");
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    TEST(a_second_login_is_allowed_unless_said_otherwise),
    TEST(a_second_login_may_be_refused),
    TEST(a_second_login_may_replace_the_first_which_does_not_come_back),
    TEST(an_expired_session_is_drained_and_its_client_logs_in_again),
    TEST(calls_under_way_outlive_a_session_by_the_time_of_a_drain_at_most),
    TEST(a_secret_may_be_asked_for_before_each_login),
    TEST(an_empty_token_means_that_it_is_asked_for),
    TEST(a_client_may_be_closed_while_it_is_asked),
    TEST(who_has_failed_too_often_waits_and_then_gets_in),
};

int main(void)
{
    return cmocka_run_group_tests_name("node_sessions", tests, open_users, close_users);
}
