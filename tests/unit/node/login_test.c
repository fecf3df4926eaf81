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

static gate g;
static gate_users users;

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

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    TEST(a_server_that_asks_for_nothing_lets_in_everybody),
    TEST(a_server_that_asks_for_nothing_believes_no_credential),
    TEST(one_password_for_everybody_is_one_line_on_each_side),
};

int main(void)
{
    (void)users;
    return cmocka_run_group_tests_name("node_login", tests, NULL, NULL);
}
