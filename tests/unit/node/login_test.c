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
static gate_users users;

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
    store = gate_users_open(&users);
    return 0;
}

static int close_users(void **state)
{
    (void)state;
    coax_store_close(store);
    return 0;
}

static coax_client_options as(const char *user, const char *password)
{
    coax_client_options client = gate_client_options(&g);
    client.user = user;
    client.password = password;
    return client;
}

static void users_come_in_by_their_own_names_and_roles(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options alice = as("alice", "right");
    coax_client_options bob = as("bob", "right");
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
    coax_client_options alice = as("alice", "wrong");
    coax_client_options carol = as("carol", "wrong");
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
    coax_client_options alice = as("alice", "right");
    coax_client_options anybody = as(NULL, "right");
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
    coax_client_options alice = as("alice", "right");
    server.users = store;
    users.answers_later = true;
    gate_serve(&g, &server);
    gate_dial(&g, &alice);
    gate_run(&g, 1000);
    gate_is(&g, "");
    gate_answer_lookup(&users);
    gate_run(&g, 100);
    gate_is(&g, "[login_ok alice password] +alice 0:open");
    users.answers_later = false;
}

static void a_store_that_is_away_is_unavailable_and_the_client_comes_again(void **state)
{
    (void)state;
    coax_server_options server = gate_server_options(&g);
    coax_client_options alice = as("alice", "right");
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
    coax_client_options alice = as("alice", "right");
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
    coax_client_options client = as(user, "in clear");
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
    coax_client_options wrong = as("alice", "wrong");
    coax_client_options alice = as("alice", "right");
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

/* ---- options ---- */

static void refuse_server(const coax_server_options *options, const char *words)
{
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_server_create(g.loop, options, &server, &error), COAX_ERR_BAD_OPTION);
    if (strstr(error.text, words) == NULL)
        fail_msg("%s", error.text);
}

static void options_of_a_server_that_contradict_each_other_are_refused_by_name(void **state)
{
    (void)state;
    static const coax_token short_token[] = { { "too short", "robot", NULL }, { 0 } };
    static const coax_token twice[] = { { "first-token-0123456789", "a", NULL },
                                        { "first-token-0123456789", "b", NULL },
                                        { 0 } };
    static const coax_token nameless[] = { { "first-token-0123456789", "", NULL }, { 0 } };
    const coax_server_options none = COAX_SERVER_OPTIONS_INIT;
    coax_server_options o = none;
    o.takes_plain_passwords = true;
    refuse_server(&o, "`takes_plain_passwords` needs `on_login`");
    o = none;
    o.second_login = COAX_SECOND_REPLACE;
    refuse_server(&o, "`second_login` needs logins");
    o.password = "right";
    refuse_server(&o, "options `second_login` and `password`");
    o = none;
    o.on_login = gate_on_login;
    o.second_login = (coax_second_login)7;
    refuse_server(&o, "`second_login` is 7");
    o = none;
    o.session_lifespan_ms = 1;
    refuse_server(&o, "`session_lifespan_ms` needs logins");
    o = none;
    o.login_failures = 1;
    refuse_server(&o, "`login_failures` needs logins");
    o = none;
    o.login_delay_max_ms = 1;
    refuse_server(&o, "`login_delay_max_ms` needs logins");
    o.on_login = gate_on_login;
    o.login_delay_max_ms = COAX_NEVER_MS;
    refuse_server(&o, "`login_delay_max_ms` can't be COAX_NEVER_MS");
    o = none;
    o.password = "";
    refuse_server(&o, "`password` is 0 bytes long");
    o = none;
    o.tokens = short_token;
    refuse_server(&o, "`tokens`: number 1 is 9 bytes long");
    o.tokens = twice;
    refuse_server(&o, "number 2 (`b`) has the same token");
    o.tokens = nameless;
    refuse_server(&o, "`tokens`: number 1:");
}

static void refuse_client(const coax_client_options *options, const char *words)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_client_create(g.loop, g.url, options, &client, &error),
                     COAX_ERR_BAD_OPTION);
    if (strstr(error.text, words) == NULL)
        fail_msg("%s", error.text);
}

static void options_of_a_client_that_contradict_each_other_are_refused_by_name(void **state)
{
    (void)state;
    static const char *const bad_roles[] = { "", NULL };
    char long_secret[2100];
    const coax_client_options none = COAX_CLIENT_OPTIONS_INIT;
    coax_client_options o = none;
    memset(long_secret, 'x', sizeof long_secret - 1);
    long_secret[sizeof long_secret - 1] = '\0';
    o.user = "alice";
    refuse_client(&o, "`user` needs `password` or `on_secret`");
    o.token = "first-token-0123456789";
    refuse_client(&o, "`user` and `token`");
    o.user = NULL;
    o.password = "right";
    refuse_client(&o, "`password` and `token`");
    o.token = NULL;
    o.on_secret = gate_on_secret;
    refuse_client(&o, "`password` and `on_secret`");
    o.password = NULL;
    o.token = "first-token-0123456789";
    refuse_client(&o, "`token` and `on_secret`");
    o.on_secret = NULL;
    o.sends_plain_password = true;
    refuse_client(&o, "`sends_plain_password` and `token`");
    o.token = NULL;
    o.password = "right";
    refuse_client(&o, "`sends_plain_password` needs `user`");
    o = none;
    o.password = "";
    refuse_client(&o, "`password` is 0 bytes long");
    o.password = long_secret;
    refuse_client(&o, "`password` is 2099 bytes long");
    o = none;
    o.token = "";
    refuse_client(&o, "`token` is 0 bytes long");
    o = none;
    o.user = "a\nb";
    o.password = "right";
    refuse_client(&o, "option `user`");
    o = none;
    o.server_roles = bad_roles;
    refuse_client(&o, "option `server_roles`");
}

static void secrets_are_refused_on_addresses_without_encryption(void **state)
{
    (void)state;
    coax_client *client = NULL;
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_client_options client_options = as("alice", "right");
    coax_server_options server_options = gate_server_options(&g);
    server_options.tokens = two_tokens;
    assert_int_equal(
        coax_client_create(g.loop, "plain+tcp://server:7", &client_options, &client, &error),
        COAX_ERR_INSECURE);
    assert_int_equal(coax_server_create(g.loop, &server_options, &server, &error), COAX_OK);
    assert_int_equal(coax_server_listen(server, "plain+tcp://server:7", &error), COAX_ERR_INSECURE);
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
    TEST(a_plain_password_is_shown_to_who_asks_for_it),
    TEST(a_plain_password_is_not_looked_at_unless_asked_for),
    TEST(who_is_refused_hears_login_failed_and_nothing_else),
    TEST(who_is_put_off_comes_again),
    TEST(an_answer_may_come_later_and_what_was_sent_ahead_waits),
    TEST(a_bad_identity_leaves_the_login_undecided),
    TEST(what_comes_with_an_identity_belongs_to_the_peer),
    TEST(a_login_nobody_decides_ends_with_the_open_deadline),
    TEST(a_verdict_on_who_has_gone_is_stale),
    TEST(a_verdict_at_a_closed_or_draining_server_is_stale),
    TEST(a_peer_that_goes_right_after_its_verdict_was_never_there),
    TEST(a_second_login_is_allowed_unless_said_otherwise),
    TEST(a_second_login_may_be_refused),
    TEST(a_second_login_may_replace_the_first_which_does_not_come_back),
    TEST(an_expired_session_is_drained_and_its_client_logs_in_again),
    TEST(calls_under_way_outlive_a_session_by_the_time_of_a_drain_at_most),
    TEST(a_secret_may_be_asked_for_before_each_login),
    TEST(an_empty_token_means_that_it_is_asked_for),
    TEST(a_client_may_be_closed_while_it_is_asked),
    TEST(who_has_failed_too_often_waits_and_then_gets_in),
    TEST(options_of_a_server_that_contradict_each_other_are_refused_by_name),
    TEST(options_of_a_client_that_contradict_each_other_are_refused_by_name),
    TEST(secrets_are_refused_on_addresses_without_encryption),
};

int main(void)
{
    return cmocka_run_group_tests_name("node_login", tests, open_users, close_users);
}
