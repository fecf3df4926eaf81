/*
 * Options about logins that contradict each other are refused by name.
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

static const char *const robot_roles[] = { "reader", NULL };
static const coax_token two_tokens[] = { { "first-token-0123456789", "robot", robot_roles },
                                         { "other-token-0123456789", "crawler", NULL },
                                         { NULL, NULL, NULL } };

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
    coax_client_options client_options = gate_as(&g, "alice", "right");
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
    TEST(options_of_a_server_that_contradict_each_other_are_refused_by_name),
    TEST(options_of_a_client_that_contradict_each_other_are_refused_by_name),
    TEST(secrets_are_refused_on_addresses_without_encryption),
};

int main(void)
{
    return cmocka_run_group_tests_name("node_login_options", tests, NULL, NULL);
}
