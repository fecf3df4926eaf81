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

#include "folk.h"
#include "party.h"
#include "trio.h"

static folk people;

static const coax_server_options fresh = COAX_SERVER_OPTIONS_INIT;

/* What became of a client with `t->options` under the server's options. */
typedef struct result {
    coax_err code; /* COAX_OK: it opened */
    char words[COAX_ERROR_TEXT_MAX];
} result;

static result try_client(trio *t)
{
    result r = { COAX_OK, "" };
    trio_connect(t);
    (void)trio_ask_one(t, TRIO_PUT, 1);
    assert_true(trio_until(t, trio_is_settled, 60000));
    r.code = t->now.n_good > 0 ? COAX_OK : t->now.client.code;
    (void)snprintf(r.words, sizeof r.words, "%s", t->now.client.text);
    trio_leave(t);
    trio_check(t);
    mitm_forget(&t->mitm);
    return r;
}

static void open_with(trio *t, trio_way way, coax_server_options options)
{
    trio_open(t, way, false, 61, &options);
}

static void expect(trio *t, coax_err code)
{
    result r = try_client(t);
    if (r.code != code)
        fail_msg("%s: %s", coax_err_name(r.code), r.words);
}

/* Refused when the client is made, with the option's name. */
static void expect_bad(trio *t, coax_client_options options, coax_err code, const char *name)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    options.self = t;
    coax_err rc = coax_client_create(t->loop, t->mitm.url, &options, &client, &error);
    if (rc != code || strstr(error.text, name) == NULL)
        fail_msg("%s: %s: %s", name, coax_err_name(rc), error.text);
}

static void expect_bad_server(trio *t, coax_server_options options, coax_err code, const char *name)
{
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = coax_server_create(t->loop, &options, &server, &error);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, "tcp://bad:7", &error);
    if (rc != code || strstr(error.text, name) == NULL)
        fail_msg("%s: %s: %s", name, coax_err_name(rc), error.text);
    coax_server_close(server);
}

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
    bad_server.psk.len = 32;
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

/* session_lifespan_ms */

static void the_lifespan_of_a_session(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        coax_server_options options = fresh;
        trio t;
        options.tokens = folk_tokens;
        options.session_lifespan_ms = i == 0 ? 0 : 3000;
        open_with(&t, TRIO_XX, options);
        t.options.token = FOLK_CLERK_TOKEN;
        trio_connect(&t);
        assert_true(trio_until(&t, trio_is_open, 10000));
        trio_wait(&t, 10000);
        assert_int_equal(t.now.n_closed, i);
        trio_leave(&t);
        trio_close(&t);
    }
}

/* login_failures, login_delay_max_ms */

static uint32_t guesses_until_it_waits(uint32_t failures, uint32_t delay_max_ms)
{
    coax_server_options options = fresh;
    uint32_t n = 0;
    trio t;
    options.tokens = folk_tokens;
    options.login_failures = failures;
    options.login_delay_max_ms = delay_max_ms;
    open_with(&t, TRIO_XX, options);
    t.options.token = "no token that is listed";
    coax_err code = COAX_ERR_UNAUTHENTICATED;
    while (code == COAX_ERR_UNAUTHENTICATED && n < 200) {
        code = try_client(&t).code;
        n++;
    }
    trio_close(&t);
    return n;
}

static void guesses_before_waiting_begins(void **state)
{
    (void)state;
    uint32_t one = guesses_until_it_waits(1, 0);
    uint32_t five = guesses_until_it_waits(0, 0);
    assert_true(one < 30 && five > one && five < 100);
}

/* accepts_per_s: by address, so on real sockets. */

static uint32_t let_in_of(uint32_t n, uint32_t accepts_per_s)
{
    coax_server_options options = fresh;
    uint32_t n_in = 0;
    trio t;
    options.accepts_per_s = accepts_per_s;
    trio_open(&t, TRIO_XX, true, 62, &options);
    for (uint32_t i = 0; i < n; i++)
        n_in += try_client(&t).code == COAX_OK ? 1 : 0;
    trio_close(&t);
    return n_in;
}

static void connections_of_one_address(void **state)
{
    (void)state;
    assert_int_equal(let_in_of(30, COAX_NEVER_MS), 30);
    uint32_t few = let_in_of(30, 1);
    assert_true(few >= 10 && few < 20);
}

/* max_calls_per_s, max_bytes_per_s */

static uint32_t answered_of(uint32_t n, uint32_t calls_per_s, uint32_t bytes_per_s)
{
    coax_server_options options = fresh;
    trio t;
    options.limits.max_calls_per_s = calls_per_s;
    options.limits.max_bytes_per_s = bytes_per_s;
    open_with(&t, TRIO_XX, options);
    trio_connect(&t);
    assert_true(trio_until(&t, trio_is_open, 10000));
    for (uint32_t i = 0; i < n; i++)
        (void)trio_ask_one(&t, TRIO_PUT, 1);
    assert_true(trio_until(&t, trio_is_answered, 10000));
    uint32_t good = t.now.n_good;
    if (good < n)
        assert_int_equal(t.now.last_err, COAX_ERR_RESOURCE_EXHAUSTED);
    trio_leave(&t);
    trio_check(&t);
    trio_close(&t);
    return good;
}

static void what_one_peer_may_ask_for(void **state)
{
    (void)state;
    assert_int_equal(answered_of(40, 0, 0), 40);
    uint32_t calls = answered_of(40, 5, 0);
    assert_true(calls >= 5 && calls < 15);
    uint32_t bytes = answered_of(40, 0, 1000);
    assert_true(bytes >= 1 && bytes < 20);
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
        { "S15: session_lifespan_ms", the_lifespan_of_a_session, NULL, NULL, NULL },
        { "S15: login_failures", guesses_before_waiting_begins, NULL, NULL, NULL },
        { "S15: accepts_per_s", connections_of_one_address, NULL, NULL, NULL },
        { "S15: max_calls_per_s, max_bytes_per_s", what_one_peer_may_ask_for, NULL, NULL, NULL },
        { "S15: suite, and values that are none", the_suite, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
