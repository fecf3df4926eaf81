/*
 * Slips of the hand: options that say nothing, and calls behind a login that does not come about.
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
static uint32_t n_told; /* how often the server complained of a peer */

static int set_up(void **state)
{
    (void)state;
    n_told = 0;
    gate_open(&g, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gate_close(&g);
    return 0;
}

static void on_error(void *self, coax_peer peer, const coax_error *what)
{
    (void)self;
    (void)peer;
    (void)what;
    n_told++;
}

static bool closes_while_asked(void *self, coax_client *client, char *buffer, size_t size)
{
    (void)self;
    (void)snprintf(buffer, size, "right");
    coax_client_close(client);
    return true;
}

static void serve_a_password(void)
{
    coax_server_options server = gate_server_options(&g);
    server.password = "right";
    server.on_error = on_error;
    gate_serve(&g, &server);
}

static void calls_that_wait_for_a_login_stay_at_home_when_it_fails(void **state)
{
    (void)state;
    coax_client_options client = gate_client_options(&g);
    serve_a_password();
    client.password = "wrong";
    gate_dial(&g, &client);
    for (int i = 0; i < 10; i++)
        assert_int_equal(gate_add(&g, g.clients[0]), COAX_OK);
    gate_run(&g, 6000);
    assert_non_null(strstr(g.text, "0:closed:unauthenticated"));
    assert_int_equal(n_told, 0);
    gate_forget(&g);
}

static void calls_stay_at_home_when_the_password_is_not_told(void **state)
{
    (void)state;
    coax_client_options client = gate_client_options(&g);
    serve_a_password();
    client.on_secret = gate_on_secret;
    gate_dial(&g, &client);
    assert_int_equal(gate_add(&g, g.clients[0]), COAX_OK);
    gate_run(&g, 6000);
    assert_int_equal(n_told, 0);
    client.on_secret = closes_while_asked;
    coax_client *closing = gate_dial(&g, &client);
    assert_int_equal(gate_add(&g, closing), COAX_OK);
    g.clients[1] = NULL;
    gate_run(&g, 6000);
    assert_int_equal(n_told, 0);
    gate_forget(&g);
}

static void calls_made_before_a_login_leave_with_it(void **state)
{
    (void)state;
    coax_client_options client = gate_client_options(&g);
    serve_a_password();
    client.password = "right";
    gate_dial(&g, &client);
    assert_int_equal(gate_add(&g, g.clients[0]), COAX_OK);
    assert_int_equal(gate_add(&g, g.clients[0]), COAX_OK);
    gate_run(&g, 1000);
    gate_is(&g, "[login_ok shared password] +shared 0:open add ok add ok");
    assert_int_equal(n_told, 0);
}

/* ---- options ---- */

static void refuse_client(const char *url, const coax_client_options *options, const char *words)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_client_create(g.loop, url, options, &client, &error),
                     COAX_ERR_BAD_OPTION);
    if (strstr(error.text, words) == NULL)
        fail_msg("%s", error.text);
}

static void a_slip_in_an_option_is_one_within_the_process_too(void **state)
{
    (void)state;
    static const uint8_t bytes[32] = { 1 };
    static const uint8_t zeros[32] = { 0 };
    static const char *const urls[] = { "inproc://gate", "tcp://127.0.0.1:9" };
    const coax_client_options none = COAX_CLIENT_OPTIONS_INIT;
    for (size_t i = 0; i < 2; i++) {
        coax_client_options o = none;
        o.server_id = "FRED";
        refuse_client(urls[i], &o, "52 lower-case letters and digits");
        o = none;
        o.trust = (coax_trust)9;
        refuse_client(urls[i], &o, "`trust` is 9");
        o = none;
        o.suite = (coax_suite)77;
        refuse_client(urls[i], &o, "`suite` is 77");
        o = none;
        o.psk = (coax_bytes){ bytes, 31 };
        refuse_client(urls[i], &o, "`psk` has 31 bytes");
        o.psk = (coax_bytes){ NULL, 32 };
        refuse_client(urls[i], &o, "`psk` has a length and no bytes");
        o.psk = (coax_bytes){ zeros, 32 };
        refuse_client(urls[i], &o, "`psk` is all zeros");
    }
}

static void refuse_server(const coax_server_options *options, const char *words)
{
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_server_create(g.loop, options, &server, &error), COAX_ERR_BAD_OPTION);
    if (strstr(error.text, words) == NULL)
        fail_msg("%s", error.text);
}

static void a_server_says_which_option_is_empty(void **state)
{
    (void)state;
    const coax_server_options none = COAX_SERVER_OPTIONS_INIT;
    coax_server_options o = none;
    o.psk = (coax_bytes){ NULL, 32 };
    refuse_server(&o, "`psk` has a length and no bytes");
    o = none;
    o.key_file = "";
    refuse_server(&o, "`key_file` is empty");
}

static void find_nobody(void *self, coax_lookup lookup, const char *name)
{
    (void)self;
    (void)name;
    (void)coax_lookup_found(lookup, NULL);
}

static coax_err load_nothing(void *self, uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                             coax_password_cost *ret_cost, coax_error *error)
{
    (void)self;
    (void)ret_secret;
    (void)ret_cost;
    (void)error;
    return COAX_OK;
}

static void a_store_that_loads_no_secret_is_refused(void **state)
{
    (void)state;
    const coax_store_ops ops = { .size = sizeof ops, .find = find_nobody, .load = load_nothing };
    coax_store *store = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_store_create(&ops, NULL, &store, &error), COAX_ERR_BAD_KEY);
    assert_null(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(calls_that_wait_for_a_login_stay_at_home_when_it_fails),
        TEST(calls_stay_at_home_when_the_password_is_not_told),
        TEST(calls_made_before_a_login_leave_with_it),
        TEST(a_slip_in_an_option_is_one_within_the_process_too),
        TEST(a_server_says_which_option_is_empty),
        TEST(a_store_that_loads_no_secret_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
