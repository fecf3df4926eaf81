/*
 * Passwords, tokens and keys are gone from memory when the server and the client have closed, and the caller has
 * overwritten its own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/wipe.h"
#include "safe.h"

enum { SECRET = 2 * TRACE_UNIT, PASSWORD_NUMBER = 0xfe01, WRONG_NUMBER = 0xfe02 };

/* A server that asks, a client that answers, and what both must forget. */
typedef struct door {
    safe safe;
    coax_server_options server;
    coax_client_options client;
    coax_key *server_key;
    coax_key *client_key;
    char id[COAX_ID_SIZE];
    char secret[SECRET + 1]; /* the password or token; overwritten before the search */
    uint8_t psk[32];
    unsigned n_asked; /* on_secret */
} door;

static void make_door(door *d)
{
    memset(d, 0, sizeof *d);
    assert_true(trace_begin());
    d->server = (coax_server_options)COAX_SERVER_OPTIONS_INIT;
    d->client = (coax_client_options)COAX_CLIENT_OPTIONS_INIT;
    d->server.key = d->server_key = safe_key(SAFE_SERVER_KEY);
    d->client.key = d->client_key = safe_key(SAFE_CLIENT_KEY);
    coax_key_id(d->server_key, d->id);
    d->client.server_id = d->id;
    trace_put(d->secret, SECRET, PASSWORD_NUMBER);
}

static void open_door(door *d)
{
    safe_open(&d->safe, "tcp://127.0.0.1:0", &d->server, 1);
}

/* Opens the connection and calls. @return how it ended. */
static coax_err visit(door *d)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    secrets_open_add_result result;
    const secrets_open_add_request request = { 1, 2 };
    coax_err err = coax_dial(d->safe.url, &d->client, &client, &error);
    if (err != COAX_OK)
        return err;
    err = secrets_open_add_wait(client, &request, NULL, &result);
    secrets_open_add_result_free(&result);
    coax_client_close(client);
    return err;
}

static void close_door(door *d, const char *what)
{
    safe_close(&d->safe);
    coax_key_free(d->server_key);
    coax_key_free(d->client_key);
    cx_wipe(d->secret, sizeof d->secret);
    cx_wipe(d->psk, sizeof d->psk);
    assert_int_equal(trace_report(what), 0);
}

static void a_shared_password_is_forgotten(void **state)
{
    (void)state;
    door d;
    make_door(&d);
    d.server.password = d.secret;
    d.client.password = d.secret;
    open_door(&d);
    assert_int_equal(visit(&d), COAX_OK);
    close_door(&d, "shared password");
}

static void a_wrong_password_is_forgotten(void **state)
{
    (void)state;
    door d;
    char wrong[SECRET + 1] = "";
    make_door(&d);
    trace_put(wrong, SECRET, WRONG_NUMBER);
    d.server.password = d.secret;
    d.client.password = wrong;
    open_door(&d);
    assert_int_equal(visit(&d), COAX_ERR_UNAUTHENTICATED);
    cx_wipe(wrong, sizeof wrong);
    close_door(&d, "wrong password");
}

static void a_users_password_is_forgotten(void **state)
{
    (void)state;
    static const coax_password_cost cheapest = { 8192, 1 };
    door d;
    char folder[] = "/tmp/coax-wiping-XXXXXX";
    char path[64], beside[80];
    coax_error error = COAX_ERROR_INIT;
    make_door(&d);
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/users", folder);
    if (coax_store_create_file(path, &cheapest, &d.server.users, &error) != COAX_OK ||
        coax_store_set_password(d.server.users, "ada", NULL, d.secret, &error) != COAX_OK)
        fail_msg("%s", error.text);
    d.client.user = "ada";
    d.client.password = d.secret;
    open_door(&d);
    assert_int_equal(visit(&d), COAX_OK);
    assert_int_equal(visit(&d), COAX_OK);
    safe_close(&d.safe);
    coax_store_close(d.server.users);
    coax_key_free(d.server_key);
    coax_key_free(d.client_key);
    cx_wipe(d.secret, sizeof d.secret);
    const char *const files[] = { "", ".secret", ".lock" };
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(beside, sizeof beside, "%s%s", path, files[i]);
        (void)unlink(beside);
    }
    (void)rmdir(folder);
    assert_int_equal(trace_report("a user's password"), 0);
}

static bool tell_secret(void *self, coax_client *client, char *buffer, size_t size)
{
    door *d = self;
    (void)client;
    if (size < sizeof d->secret)
        return false;
    d->n_asked++;
    memcpy(buffer, d->secret, sizeof d->secret);
    return true;
}

static void a_password_that_is_asked_for_is_forgotten(void **state)
{
    (void)state;
    door d;
    make_door(&d);
    d.server.password = d.secret;
    d.client.on_secret = tell_secret;
    d.client.self = &d;
    open_door(&d);
    assert_int_equal(visit(&d), COAX_OK);
    assert_int_equal(d.n_asked, 1);
    close_door(&d, "a password that is asked for");
}

static void tokens_are_forgotten(void **state)
{
    (void)state;
    door d;
    make_door(&d);
    const coax_token tokens[] = { { d.secret, "ada", NULL }, { NULL, NULL, NULL } };
    d.server.tokens = tokens;
    d.client.token = d.secret;
    open_door(&d);
    assert_int_equal(visit(&d), COAX_OK);
    close_door(&d, "tokens");
}

static void let_ada_in(void *self, coax_login login, const coax_credential *credential)
{
    coax_identity identity = COAX_IDENTITY_INIT;
    (void)self;
    identity.principal = "ada";
    if (credential->secret.len == SECRET &&
        trace_is(credential->secret.data, SECRET, PASSWORD_NUMBER))
        (void)coax_login_accept(login, &identity, NULL);
    else
        (void)coax_login_refuse(login, "not the secret");
}

static void tokens_for_own_rules_are_forgotten(void **state)
{
    (void)state;
    door d;
    make_door(&d);
    d.server.on_login = let_ada_in;
    d.client.token = d.secret;
    open_door(&d);
    assert_int_equal(visit(&d), COAX_OK);
    close_door(&d, "tokens for own rules");
}

static void plain_passwords_are_forgotten(void **state)
{
    (void)state;
    door d;
    make_door(&d);
    d.server.on_login = let_ada_in;
    d.server.takes_plain_passwords = true;
    d.client.sends_plain_password = true;
    d.client.user = "ada";
    d.client.password = d.secret;
    open_door(&d);
    assert_int_equal(visit(&d), COAX_OK);
    close_door(&d, "plain passwords");
}

static void a_psk_is_forgotten(void **state)
{
    (void)state;
    door d;
    make_door(&d);
    safe_random(d.psk, sizeof d.psk, SAFE_PSK);
    d.server.psk = (coax_bytes){ d.psk, sizeof d.psk };
    d.client.psk = d.server.psk;
    open_door(&d);
    assert_int_equal(visit(&d), COAX_OK);
    close_door(&d, "psk");
}

static void on_sum(void *self, const secrets_open_add_result *result)
{
    *(int *)self = result->err == COAX_OK ? 1 : -1;
}

static void tokens_within_the_process_are_forgotten(void **state)
{
    (void)state;
    door d;
    coax_client *client = NULL;
    const secrets_open_add_request request = { 1, 2 };
    int said = 0;
    make_door(&d);
    d.server.on_login = let_ada_in;
    d.client = (coax_client_options)COAX_CLIENT_OPTIONS_INIT;
    d.client.token = d.secret;
    safe_make(&d.safe, "inproc://safe", &d.server, 1);
    assert_int_equal(coax_client_create(d.safe.loop, d.safe.url, &d.client, &client, NULL),
                     COAX_OK);
    assert_int_equal(secrets_open_add(client, &request, NULL, on_sum, &said), COAX_OK);
    while (said == 0)
        (void)coax_loop_process(d.safe.loop);
    assert_int_equal(said, 1);
    coax_client_close(client);
    close_door(&d, "tokens on inproc");
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shared_password_is_forgotten),
        cmocka_unit_test(a_wrong_password_is_forgotten),
        cmocka_unit_test(a_users_password_is_forgotten),
        cmocka_unit_test(a_password_that_is_asked_for_is_forgotten),
        cmocka_unit_test(tokens_are_forgotten),
        cmocka_unit_test(tokens_for_own_rules_are_forgotten),
        cmocka_unit_test(plain_passwords_are_forgotten),
        cmocka_unit_test(a_psk_is_forgotten),
        cmocka_unit_test(tokens_within_the_process_are_forgotten),
    };
    trace_bind_now(argv);
    if (!trace_begin()) {
        puts("skipped: this system shows no /proc/self/mem");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
