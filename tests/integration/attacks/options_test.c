/*
 * S15: settings that are accepted and do nothing. Every option of security is set, and something is different, or it is
 * refused by name; none is ignored.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "attempt.h"
#include "folk.h"
#include "party.h"

static folk people;

/* Server: key, key_file */

static void the_servers_key(void **state)
{
    char ids[3][COAX_ID_SIZE];
    char path[200];
    (void)state;
    trio t;
    open_with(&t, TRIO_XX, fresh);
    coax_server_options options = fresh;
    (void)snprintf(path, sizeof path, "%s/users.lock", people.folder); /* removed with the folder */
    options.key_file = path;
    for (int i = 0; i < 3; i++) {
        coax_server *server = NULL;
        coax_error error = COAX_ERROR_INIT;
        const char *file = NULL;
        if (i == 2) {
            options.key = people.cleo;
            expect_bad_server(&t, options, COAX_ERR_BAD_OPTION, "key_file"); /* which of them? */
            options.key_file = NULL;
        }
        assert_int_equal(coax_server_create(t.loop, &options, &server, &error), COAX_OK);
        assert_int_equal(coax_server_listen(server, "tcp://other:7", &error), COAX_OK);
        assert_int_equal(coax_server_id(server, ids[i], &file), COAX_OK);
        assert_string_equal(file, i == 2 ? "" : path);
        coax_server_close(server);
        trio_wait(&t, 10);
    }
    assert_string_equal(ids[0], ids[1]); /* made once */
    assert_string_equal(ids[2], people.cleo_id);
    assert_string_not_equal(ids[0], ids[2]);
    trio_close(&t);
}

/* psk, both sides */

static void the_pre_shared_key(void **state)
{
    static const uint8_t other[32] = { 9 };
    static const uint8_t zeros[32] = { 0 };
    trio t;
    (void)state;
    open_with(&t, TRIO_PSK, fresh);
    expect(&t, COAX_OK);
    t.options.psk.data = other;
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    t.options.psk = (coax_bytes){ NULL, 0 };
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    coax_client_options bad = t.options;
    bad.psk = (coax_bytes){ other, 31 };
    expect_bad(&t, bad, COAX_ERR_BAD_OPTION, "psk");
    coax_server_options bad_server = fresh;
    bad_server.psk = (coax_bytes){ other, 33 };
    expect_bad_server(&t, bad_server, COAX_ERR_BAD_OPTION, "psk");
    bad_server.psk = (coax_bytes){ zeros, 32 };
    expect_bad_server(&t, bad_server, COAX_ERR_BAD_OPTION, "psk");
    bad_server.psk.data = other;
    bad_server.needs_known_key = true;
    expect_bad_server(&t, bad_server, COAX_ERR_BAD_OPTION, "psk");
    trio_close(&t);
    open_with(&t, TRIO_XX, fresh);
    t.options.psk = (coax_bytes){ trio_psk, 32 };
    expect(&t, COAX_ERR_UNAUTHENTICATED); /* nor does a server without one ignore it */
    trio_close(&t);
}

/* needs_known_key */

static void clients_that_must_know_the_server(void **state)
{
    coax_server_options options = fresh;
    party p;
    (void)state;
    options.needs_known_key = true;
    party_open(&p, TRIO_IK, &options); /* the good client is in */
    const stranger_look xx = { .pattern = CX_PATTERN_XX };
    party_stranger_start(&p, &xx);
    party_hear_out(&p);
    assert_int_equal(p.stranger.n_bytes, 0); /* not a byte */
    assert_false(p.stranger.is_ready);
    party_dismiss(&p);
    uint8_t wrong[32];
    memset(wrong, 5, sizeof wrong);
    const stranger_look ik = { .pattern = CX_PATTERN_IK, .peer_key = wrong };
    party_stranger_start(&p, &ik);
    party_hear_out(&p);
    assert_int_equal(p.stranger.n_bytes, 0);
    party_dismiss(&p);
    party_close(&p);
    options.needs_known_key = false;
    party_open(&p, TRIO_IK, &options);
    party_stranger(&p, &xx, true);
    party_dismiss(&p);
    party_close(&p);
}

/* authorized_keys; the client's key and key_file */

static void keys_that_are_authorized(void **state)
{
    coax_server_options options = fresh;
    trio t;
    char path[200];
    (void)state;
    options.authorized_keys = people.keys_path;
    open_with(&t, TRIO_XX, options);
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    t.options.key = people.cleo;
    expect(&t, COAX_OK);
    coax_key *stranger_key = NULL;
    assert_int_equal(coax_key_generate(&stranger_key, NULL), COAX_OK);
    t.options.key = stranger_key;
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    (void)snprintf(path, sizeof path, "%s/cleo.lock", people.folder);
    assert_int_equal(coax_key_save(people.cleo, path, NULL), COAX_OK);
    t.options.key = NULL;
    t.options.key_file = path;
    expect(&t, COAX_OK);
    assert_int_equal(chmod(path, 0644), 0);
    expect_bad(&t, t.options, COAX_ERR_BAD_KEY, path);
    assert_int_equal(unlink(path), 0);
    expect_bad(&t, t.options, COAX_ERR_NOT_FOUND, path);
    coax_key_free(stranger_key);
    trio_close(&t);
    options.authorized_keys = "/nonexistent/authorized_keys";
    open_with(&t, TRIO_XX, fresh);
    expect_bad_server(&t, options, COAX_ERR_NOT_FOUND, "authorized_keys");
    trio_close(&t);
}

/* password: one for everybody */

static void the_shared_password(void **state)
{
    coax_server_options options = fresh;
    trio t;
    (void)state;
    options.password = FOLK_SHARED_PASSWORD;
    open_with(&t, TRIO_XX, options);
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    t.options.password = "another";
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    t.options.password = FOLK_SHARED_PASSWORD;
    expect(&t, COAX_OK);
    t.options.user = "ada"; /* a user is none of those who share */
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    options.password = "";
    expect_bad_server(&t, options, COAX_ERR_BAD_OPTION, "password");
    trio_close(&t);
}

/* users; user and password */

static void users_and_passwords(void **state)
{
    coax_server_options options = fresh;
    trio t;
    (void)state;
    options.users = people.store;
    open_with(&t, TRIO_XX, options);
    t.options.user = "ada";
    t.options.password = FOLK_ADA_PASSWORD;
    expect(&t, COAX_OK);
    t.options.user = "bob";
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    t.options.user = NULL; /* the shared password's */
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    coax_client_options bad = t.options;
    bad.user = "ada";
    bad.password = NULL;
    expect_bad(&t, bad, COAX_ERR_BAD_OPTION, "user");
    bad.password = "x";
    bad.token = FOLK_KEEPER_TOKEN;
    expect_bad(&t, bad, COAX_ERR_BAD_OPTION, "token");
    trio_close(&t);
}

/* tokens; token */

static void tokens_of_a_list(void **state)
{
    static const coax_token shorts[] = { { "short", "x", NULL }, { NULL, NULL, NULL } };
    coax_server_options options = fresh;
    trio t;
    (void)state;
    options.tokens = folk_tokens;
    open_with(&t, TRIO_XX, options);
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    t.options.token = FOLK_CLERK_TOKEN;
    expect(&t, COAX_OK);
    t.options.token = FOLK_CLERK_TOKEN "x";
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    options.tokens = shorts;
    expect_bad_server(&t, options, COAX_ERR_BAD_OPTION, "token");
    trio_close(&t);
}

/* on_login, takes_plain_passwords, sends_plain_password, on_secret */

static uint32_t n_asked;
static coax_mechanism last_mechanism;

static void decide(void *self, coax_login login, const coax_credential *credential)
{
    coax_identity identity = COAX_IDENTITY_INIT;
    (void)self;
    n_asked++;
    last_mechanism = credential->mechanism;
    identity.principal = "whoever";
    if (credential->secret.len == 4 && memcmp(credential->secret.data, "open", 4) == 0)
        (void)coax_login_accept(login, &identity, NULL);
    else
        (void)coax_login_refuse(login, NULL);
}

static void ones_own_rules(void **state)
{
    coax_server_options options = fresh;
    trio t;
    (void)state;
    options.on_login = decide;
    open_with(&t, TRIO_XX, options);
    n_asked = 0;
    t.options.token = "open";
    expect(&t, COAX_OK);
    assert_int_equal(last_mechanism, COAX_MECHANISM_TOKEN);
    t.options.token = "shut";
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(n_asked, 2);
    t.options.token = NULL;
    t.options.user = "ada";
    t.options.password = "open";
    t.options.sends_plain_password = true;
    expect(&t, COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(n_asked, 2); /* it was not shown */
    trio_close(&t);
    options.takes_plain_passwords = true;
    open_with(&t, TRIO_XX, options);
    t.options.user = "ada";
    t.options.password = "open";
    expect(&t, COAX_ERR_UNAUTHENTICATED); /* by OPAQUE, of which there is none here */
    assert_int_equal(n_asked, 2);
    t.options.sends_plain_password = true;
    expect(&t, COAX_OK);
    assert_int_equal(last_mechanism, COAX_MECHANISM_PLAIN);
    assert_int_equal(n_asked, 3);
    trio_close(&t);
    options = fresh;
    options.takes_plain_passwords = true; /* nobody to show them to */
    open_with(&t, TRIO_XX, fresh);
    expect_bad_server(&t, options, COAX_ERR_BAD_OPTION, "takes_plain_passwords");
    trio_close(&t);
}

static bool give_secret(void *self, coax_client *client, char *buffer, size_t size)
{
    (void)self;
    (void)client;
    n_asked++;
    (void)snprintf(buffer, size, "%s", FOLK_SHARED_PASSWORD);
    return true;
}

static bool give_up(void *self, coax_client *client, char *buffer, size_t size)
{
    (void)self;
    (void)client;
    (void)buffer;
    (void)size;
    n_asked++;
    return false;
}

static void secrets_that_are_asked_for(void **state)
{
    coax_server_options options = fresh;
    trio t;
    (void)state;
    options.password = FOLK_SHARED_PASSWORD;
    open_with(&t, TRIO_XX, options);
    n_asked = 0;
    t.options.on_secret = give_secret;
    coax_client_options bad = t.options;
    bad.password = "which of them?";
    expect_bad(&t, bad, COAX_ERR_BAD_OPTION, "on_secret");
    expect(&t, COAX_OK);
    assert_int_equal(n_asked, 1);
    t.options.on_secret = give_up;
    expect(&t, COAX_ERR_CANCELLED);
    assert_int_equal(n_asked, 2);
    trio_close(&t);
}

/* server_roles: what the server may call at this client. */

static coax_err last_call;

static void on_called_back(void *self, const vault_safe_open_result *ended)
{
    (void)self;
    last_call = ended->err;
}

static void on_ring(void *self, coax_call call, const vault_door_ring_request *request)
{
    const vault_safe_open_request open = { 0 };
    (void)self;
    (void)request;
    assert_int_equal(vault_safe_open_to(coax_call_peer(call), &open, NULL, on_called_back, NULL),
                     COAX_OK);
    (void)coax_call_fail(call, COAX_ERR_ABORTED, NULL);
}

static void on_open(void *self, coax_call call, const vault_safe_open_request *request)
{
    const vault_safe_open_response reply = { .gold = coax_str_from("gold") };
    (void)self;
    (void)request;
    (void)vault_safe_open_reply(call, &reply);
}

static void on_rung(void *self, const vault_door_ring_result *ended)
{
    (void)self;
    (void)ended;
}

static void what_the_server_may_call(void **state)
{
    static const char *const clerk[] = { "clerk", NULL };
    static const char *const keeper[] = { "clerk", "keeper", NULL };
    static const vault_door_handlers door = { .ring = on_ring };
    static const vault_safe_handlers safe = { .open = on_open };
    const vault_door_ring_request ring = { 0 };
    (void)state;
    for (int i = 0; i < 3; i++) {
        trio t;
        open_with(&t, TRIO_XX, fresh);
        assert_int_equal(vault_door_serve(t.server, &door, NULL), COAX_OK);
        t.options.server_roles = i == 0 ? NULL : i == 1 ? clerk : keeper;
        trio_connect(&t);
        assert_int_equal(vault_safe_serve_client(t.client, &safe, NULL), COAX_OK);
        assert_true(trio_until(&t, trio_is_open, 10000));
        last_call = COAX_ERR_STALE;
        assert_int_equal(vault_door_ring(t.client, &ring, NULL, on_rung, NULL), COAX_OK);
        trio_wait(&t, 100);
        assert_int_equal(last_call, i == 2 ? COAX_OK : COAX_ERR_PERMISSION_DENIED);
        trio_leave(&t);
        trio_close(&t);
    }
}

/* suite */

static void the_suite(void **state)
{
    trio t;
    (void)state;
    open_with(&t, TRIO_XX, fresh);
    for (int suite = COAX_SUITE_DEFAULT; suite <= COAX_SUITE_AEGIS256_SHA512 + 1; suite++) {
        t.options.suite = (coax_suite)suite;
        if (suite > COAX_SUITE_AEGIS256_SHA512) {
            expect_bad(&t, t.options, COAX_ERR_BAD_OPTION, "suite");
        } else if (!coax_suite_is_available((coax_suite)suite)) {
            expect_bad(&t, t.options, COAX_ERR_NOT_SUPPORTED, coax_suite_name((coax_suite)suite));
        } else {
            trio_connect(&t);
            assert_true(trio_until(&t, trio_is_open, 10000));
            assert_int_equal(mitm_last(&t.mitm)->suite, suite == 0 ? 1 : suite);
            trio_leave(&t);
        }
    }
    coax_client_options bad = t.options;
    bad.suite = COAX_SUITE_DEFAULT;
    bad.trust = (coax_trust)9;
    expect_bad(&t, bad, COAX_ERR_BAD_OPTION, "trust");
    coax_server_options bad_server = fresh;
    bad_server.second_login = (coax_second_login)9;
    expect_bad_server(&t, bad_server, COAX_ERR_BAD_OPTION, "second_login");
    trio_close(&t);
}

static int set_up(void **state)
{
    (void)state;
    folk_open(&people);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folk_close(&people);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S15: key, key_file (server)", the_servers_key, NULL, NULL, NULL },
        { "S15: psk, on both sides", the_pre_shared_key, NULL, NULL, NULL },
        { "S15: needs_known_key", clients_that_must_know_the_server, NULL, NULL, NULL },
        { "S15: authorized_keys; key, key_file (client)", keys_that_are_authorized, NULL, NULL,
          NULL },
        { "S15: password (server)", the_shared_password, NULL, NULL, NULL },
        { "S15: users; user, password (client)", users_and_passwords, NULL, NULL, NULL },
        { "S15: tokens; token", tokens_of_a_list, NULL, NULL, NULL },
        { "S15: on_login, takes_plain_passwords, sends_plain_password", ones_own_rules, NULL, NULL,
          NULL },
        { "S15: on_secret", secrets_that_are_asked_for, NULL, NULL, NULL },
        { "S15: server_roles", what_the_server_may_call, NULL, NULL, NULL },
        { "S15: suite, and values that are none", the_suite, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
