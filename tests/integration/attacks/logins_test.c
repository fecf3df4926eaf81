/*
 * S7 to S11: what a login proves, to whom, and for how long. Strangers log in step by step, replay what was said, pass on what
 * they hear, and call themselves what they like.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bridge.h"
#include "folk.h"
#include "guess.h"
#include "trio.h"

/* A server that asks for logins, and whoever comes. */
typedef struct scene {
    folk folk;
    trio trio;
    stranger s;
} scene;

static void open_scene(scene *e, coax_server_options *options)
{
    trio_open(&e->trio, TRIO_XX, false, 41, options);
}

static coax_server_options with_users(scene *e)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(e, 0, sizeof *e);
    folk_open(&e->folk);
    options.users = e->folk.store;
    return options;
}

static void close_scene(scene *e)
{
    trio_close(&e->trio);
    folk_close(&e->folk);
}

typedef bool (*condition)(const scene *e);

static void until(scene *e, condition is_so, uint32_t ms)
{
    const uint64_t end = trio_now(&e->trio) + ms * UINT64_C(1000000);
    while (!is_so(e) && trio_now(&e->trio) < end)
        trio_step(&e->trio);
    if (!is_so(e))
        fail_msg("it did not come to that within %u ms", (unsigned)ms);
}

static bool is_ready(const scene *e)
{
    return e->s.is_ready || e->s.is_over;
}

static bool is_answered(const scene *e)
{
    return e->s.is_over || stranger_heard(&e->s, CX_FRAME_AUTH) != NULL ||
           stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL ||
           stranger_heard(&e->s, CX_FRAME_GOAWAY) != NULL;
}

static bool is_decided(const scene *e)
{
    return e->s.is_over || stranger_heard(&e->s, CX_FRAME_WELCOME) != NULL;
}

static bool is_over(const scene *e)
{
    return e->s.is_over;
}

static void come(scene *e)
{
    stranger_dial(&e->s, e->trio.loop, e->trio.url, NULL);
    until(e, is_ready, 10000);
    assert_true(e->s.is_ready);
}

static void go(scene *e)
{
    stranger_close(&e->s);
    until(e, is_over, 10000);
    trio_wait(&e->trio, 2000);
    stranger_free(&e->s);
}

/* He was told that it failed, and nothing else. */
static void expect_turned_away(scene *e)
{
    until(e, is_decided, 10000);
    const stranger_frame *goaway = stranger_heard(&e->s, CX_FRAME_GOAWAY);
    assert_null(stranger_heard(&e->s, CX_FRAME_WELCOME));
    assert_non_null(goaway);
    assert_int_equal(goaway->frame.aux, COAX_ERR_UNAUTHENTICATED);
    assert_true(stranger_heard_words(&e->s, CX_FRAME_GOAWAY, "login failed"));
    assert_int_equal(e->trio.now.n_connects, 0);
}

static void expect_let_in(scene *e)
{
    until(e, is_decided, 10000);
    if (stranger_heard(&e->s, CX_FRAME_WELCOME) == NULL)
        fail_msg("%s", e->trio.log);
    assert_int_equal(e->trio.now.n_connects, 1);
}

/* A whole login as it should be; `ret` keeps what was said. */
static void log_in(scene *e, guess *ret, const char *user, const char *password)
{
    ledger_begin(&e->trio);
    come(e);
    guess_start(ret, &e->s, user, password);
    guess_say_ke1(&e->s, user, ret->ke1);
    until(e, is_answered, 10000);
    if (!guess_hear_ke2(ret, &e->s))
        fail_msg("no KE2: %s", e->trio.log);
    if (!guess_finish(ret, e->s.hash, e->s.hash_len))
        memset(ret->ke3, 7, sizeof ret->ke3);
    guess_say_ke3(&e->s, ret->ke3);
}

/* S7 */

static void a_login_that_was_heard_logs_in_no_second_time(void **state)
{
    scene e;
    guess g;
    (void)state;
    coax_server_options options = with_users(&e);
    open_scene(&e, &options);
    log_in(&e, &g, "ada", FOLK_ADA_PASSWORD);
    expect_let_in(&e);
    go(&e);
    ledger_begin(&e.trio);
    come(&e); /* all that was said, word for word */
    guess_say_ke1(&e.s, "ada", g.ke1);
    until(&e, is_answered, 10000);
    guess_say_ke3(&e.s, g.ke3);
    expect_turned_away(&e);
    go(&e);
    close_scene(&e);
}

/* Even with the client's own state, a login belongs to the connection it was begun for. */
static void a_login_fits_no_other_connection(void **state)
{
    scene e;
    guess g;
    uint8_t elsewhere[CX_HASH_MAX] = { 1, 2, 3 };
    (void)state;
    coax_server_options options = with_users(&e);
    open_scene(&e, &options);
    ledger_begin(&e.trio);
    come(&e);
    guess_start(&g, &e.s, "ada", FOLK_ADA_PASSWORD);
    guess_say_ke1(&e.s, "ada", g.ke1);
    until(&e, is_answered, 10000);
    assert_true(guess_hear_ke2(&g, &e.s));
    assert_false(guess_finish(&g, elsewhere, e.s.hash_len)); /* the client sees it first */
    assert_true(guess_finish(&g, e.s.hash, e.s.hash_len));
    g.ke3[0] ^= 1;
    guess_say_ke3(&e.s, g.ke3);
    expect_turned_away(&e);
    go(&e);
    close_scene(&e);
}

/* Somebody whom the client lets sit between passes the login on to the server. */
static void a_login_cannot_be_relayed(void **state)
{
    scene e;
    bridge b;
    (void)state;
    coax_server_options options = with_users(&e);
    open_scene(&e, &options);
    ledger_begin(&e.trio);
    bridge_open(&b, e.trio.loop, "tcp://bridge:7", e.trio.url);
    assert_int_equal(cx_url_parse("tcp://bridge:7", &e.trio.mitm.target, NULL), COAX_OK);
    e.trio.options.user = "ada";
    e.trio.options.password = FOLK_ADA_PASSWORD;
    trio_connect(&e.trio); /* trust: any */
    assert_true(trio_until(&e.trio, trio_is_closed, 30000));
    assert_int_equal(e.trio.now.n_opened, 0);
    assert_int_equal(e.trio.now.client.code, COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(e.trio.now.n_connects, 0);
    assert_non_null(stranger_heard(&b.back, CX_FRAME_AUTH)); /* he got as far as KE2 */
    assert_false(bridge_has_read(&b, FOLK_ADA_PASSWORD, strlen(FOLK_ADA_PASSWORD)));
    bridge_close(&b);
    trio_leave(&e.trio);
    trio_wait(&e.trio, 2000);
    bridge_free(&b);
    close_scene(&e);
}

/* The control: with nothing to be proved, he can sit there. */
static void who_trusts_anybody_and_proves_nothing_can_be_relayed(void **state)
{
    scene e;
    bridge b;
    (void)state;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    open_scene(&e, NULL);
    bridge_open(&b, e.trio.loop, "tcp://bridge:7", e.trio.url);
    assert_int_equal(cx_url_parse("tcp://bridge:7", &e.trio.mitm.target, NULL), COAX_OK);
    trio_connect(&e.trio);
    (void)trio_ask_one(&e.trio, TRIO_PUT, 1);
    assert_true(trio_until(&e.trio, trio_is_answered, 30000));
    assert_int_equal(e.trio.now.n_good, 1);
    bridge_close(&b);
    trio_leave(&e.trio);
    trio_wait(&e.trio, 2000);
    bridge_free(&b);
    close_scene(&e);
}

/* By key: whoever sits between has another one. */
static void a_login_by_key_cannot_be_relayed(void **state)
{
    scene e;
    bridge b;
    (void)state;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.authorized_keys = e.folk.keys_path;
    open_scene(&e, &options);
    e.trio.options.key = e.folk.cleo;
    trio_connect(&e.trio);
    assert_true(trio_until(&e.trio, trio_is_open, 10000)); /* the control */
    trio_leave(&e.trio);
    bridge_open(&b, e.trio.loop, "tcp://bridge:7", e.trio.url);
    assert_int_equal(cx_url_parse("tcp://bridge:7", &e.trio.mitm.target, NULL), COAX_OK);
    trio_connect(&e.trio);
    assert_true(trio_until(&e.trio, trio_is_closed, 30000));
    assert_int_equal(e.trio.now.n_opened, 0);
    assert_int_equal(e.trio.now.n_connects, 0);
    bridge_close(&b);
    trio_leave(&e.trio);
    trio_wait(&e.trio, 2000);
    bridge_free(&b);
    close_scene(&e);
}

/* The next word of a text, cut off with a NUL; NULL: none. */
static char *next_word(char **text)
{
    static const char blanks[] = " \t\r\n";
    char *word = *text + strspn(*text, blanks);
    const size_t len = strcspn(word, blanks);
    *text = word + len + (word[len] != '\0' ? 1 : 0);
    word[len] = '\0';
    return len > 0 ? word : NULL;
}

/* What a thief finds in the store is no password, in whatever form. */
static void what_is_stored_does_not_log_in(void **state)
{
    scene e;
    guess g;
    char line[4000];
    (void)state;
    coax_server_options options = with_users(&e);
    options.login_failures = 1000;
    open_scene(&e, &options);
    FILE *store = fopen(e.folk.store_path, "r");
    assert_non_null(store);
    while (fgets(line, sizeof line, store) != NULL) {
        char *rest = line;
        for (char *word = next_word(&rest); word != NULL; word = next_word(&rest)) {
            log_in(&e, &g, "ada", word);
            expect_turned_away(&e);
            go(&e);
        }
    }
    assert_int_equal(fclose(store), 0);
    close_scene(&e);
}

/* S8 */

static void no_password_passes_in_any_form(void **state)
{
    scene e;
    bridge b;
    (void)state;
    coax_server_options options = with_users(&e);
    open_scene(&e, &options);
    ledger_begin(&e.trio);
    bridge_open(&b, e.trio.loop, "tcp://bridge:7", e.trio.url);
    assert_int_equal(cx_url_parse("tcp://bridge:7", &e.trio.mitm.target, NULL), COAX_OK);
    e.trio.options.user = "bob";
    e.trio.options.password = FOLK_BOB_PASSWORD;
    trio_connect(&e.trio);
    assert_true(trio_until(&e.trio, trio_is_closed, 30000));
    for (size_t i = 0; i + 6 <= strlen(FOLK_BOB_PASSWORD); i++)
        assert_false(bridge_has_read(&b, &FOLK_BOB_PASSWORD[i], 6));
    assert_true(bridge_has_read(&b, "bob", 3)); /* he does read what there is */
    bridge_close(&b);
    trio_leave(&e.trio);
    trio_wait(&e.trio, 2000);
    bridge_free(&b);
    close_scene(&e);
}

/* In clear: only where both sides ask for it, and never without encryption. */
static void a_plain_password_is_taken_only_where_it_was_asked_for(void **state)
{
    scene e;
    uint8_t credential[300];
    (void)state;
    coax_server_options options = with_users(&e);
    open_scene(&e, &options);
    ledger_begin(&e.trio);
    come(&e);
    size_t len = stranger_credential(
        "plain", "ada",
        (coax_bytes){ (const uint8_t *)FOLK_ADA_PASSWORD, strlen(FOLK_ADA_PASSWORD) }, credential,
        sizeof credential);
    stranger_hello(&e.s, "ada", (coax_bytes){ credential, len });
    expect_turned_away(&e);
    go(&e);
    close_scene(&e);
}

static bool give_secret(void *self, coax_client *client, char *buffer, size_t size)
{
    (void)self;
    (void)client;
    (void)snprintf(buffer, size, "%s", FOLK_ADA_PASSWORD);
    return true;
}

static void nothing_secret_goes_to_a_plain_address(void **state)
{
    static const uint8_t psk[32] = { 1 };
    scene e;
    (void)state;
    memset(&e, 0, sizeof e);
    folk_open(&e.folk);
    trio_open(&e.trio, TRIO_PLAIN, false, 42, NULL);
    const coax_client_options none = COAX_CLIENT_OPTIONS_INIT;
    coax_client_options each[7];
    for (int i = 0; i < 7; i++)
        each[i] = none;
    each[0].password = FOLK_ADA_PASSWORD;
    each[1].token = FOLK_KEEPER_TOKEN;
    each[2].on_secret = give_secret;
    each[3].key = e.folk.cleo;
    each[4].psk = (coax_bytes){ psk, 32 };
    each[5].server_id = e.folk.cleo_id;
    each[6].trust = COAX_TRUST_KNOWN;
    for (int i = 0; i < 7; i++) {
        coax_client *client = NULL;
        coax_error error = COAX_ERROR_INIT;
        coax_err rc = coax_client_create(e.trio.loop, e.trio.mitm.url, &each[i], &client, &error);
        if (rc != COAX_ERR_INSECURE)
            fail_msg("option %d: %s: %s", i, coax_err_name(rc), error.text);
        assert_null(client);
    }
    assert_int_equal(e.trio.mitm.n_links, 0);
    close_scene(&e);
}

static void no_server_with_credentials_listens_plainly(void **state)
{
    scene e;
    (void)state;
    coax_server_options each[5];
    const coax_server_options users = with_users(&e);
    const coax_server_options none = COAX_SERVER_OPTIONS_INIT;
    for (int i = 0; i < 5; i++)
        each[i] = none;
    each[0] = users;
    each[1].password = FOLK_SHARED_PASSWORD;
    each[2].tokens = folk_tokens;
    each[3].authorized_keys = e.folk.keys_path;
    each[4].psk = (coax_bytes){ trio_psk, 32 };
    trio_open(&e.trio, TRIO_PLAIN, false, 43, NULL);
    for (int i = 0; i < 5; i++) {
        coax_server *server = NULL;
        coax_error error = COAX_ERROR_INIT;
        assert_int_equal(coax_server_create(e.trio.loop, &each[i], &server, &error), COAX_OK);
        coax_err rc = coax_server_listen(server, "plain+tcp://elsewhere:7", &error);
        if (rc != COAX_ERR_INSECURE)
            fail_msg("option %d: %s: %s", i, coax_err_name(rc), error.text);
        coax_server_close(server);
    }
    close_scene(&e);
}

/* S9 */

/* Guesses wait, longer and longer, and an honest login of somebody else goes on. */
static void guesses_are_slowed_down(void **state)
{
    scene e;
    guess g;
    uint32_t n_heard_out = 0;
    (void)state;
    coax_server_options options = with_users(&e);
    open_scene(&e, &options);
    const uint64_t begun = trio_now(&e.trio);
    for (int i = 0; i < 40; i++) {
        ledger_begin(&e.trio);
        come(&e);
        guess_start(&g, &e.s, "ada", "a guess");
        guess_say_ke1(&e.s, "ada", g.ke1);
        until(&e, is_answered, 10000);
        if (guess_hear_ke2(&g, &e.s)) {
            memset(g.ke3, i, sizeof g.ke3);
            guess_say_ke3(&e.s, g.ke3);
            n_heard_out++;
        } else {
            const stranger_frame *goaway = stranger_heard(&e.s, CX_FRAME_GOAWAY);
            assert_non_null(goaway);
            assert_int_equal(goaway->frame.aux, COAX_ERR_RESOURCE_EXHAUSTED);
        }
        stranger_close(&e.s);
        until(&e, is_over, 10000);
        trio_wait(&e.trio, 20);
        stranger_free(&e.s);
        assert_int_equal(e.trio.now.n_connects, 0);
    }
    assert_true(trio_now(&e.trio) - begun < UINT64_C(20000000000));
    assert_true(n_heard_out <= 10); /* 5, and then one for each wait */
    log_in(&e, &g, "bob", FOLK_BOB_PASSWORD);
    expect_let_in(&e);
    go(&e);
    close_scene(&e);
}

/* What a stranger sees of a login, for a user who is there and for one who is not. */
static void learn(scene *e, const char *user, char *ret, size_t size)
{
    guess g;
    size_t at = 0;
    log_in(e, &g, user, "certainly not the password");
    expect_turned_away(e);
    for (uint32_t i = 0; i < e->s.n_heard && at < size; i++)
        at += (size_t)snprintf(ret + at, size - at, "%u/%u/%u ", e->s.heard[i].frame.type,
                               e->s.heard[i].frame.aux, (unsigned)e->s.heard[i].frame.length);
    (void)snprintf(ret + at, size - at, "cost %u %u, %llu bytes", (unsigned)g.cost.memory_kib,
                   (unsigned)g.cost.passes, (unsigned long long)e->s.n_bytes);
    go(e);
}

static void users_who_are_not_there_look_like_others(void **state)
{
    scene e;
    char known[300];
    char unknown[300];
    (void)state;
    coax_server_options options = with_users(&e);
    open_scene(&e, &options);
    learn(&e, "ada", known, sizeof known);
    learn(&e, "eve", unknown, sizeof unknown);
    assert_string_equal(known, unknown);
    close_scene(&e);
}

static void longest_word(char *text, char *ret, size_t size)
{
    ret[0] = '\0';
    for (char *word = next_word(&text); word != NULL; word = next_word(&text)) {
        if (strlen(word) > strlen(ret))
            (void)snprintf(ret, size, "%s", word);
    }
}

static void the_store_holds_no_password(void **state)
{
    scene e;
    char text[8000];
    (void)state;
    (void)with_users(&e);
    FILE *store = fopen(e.folk.store_path, "r");
    assert_non_null(store);
    size_t len = fread(text, 1, sizeof text - 1, store);
    assert_int_equal(fclose(store), 0);
    text[len] = '\0';
    assert_non_null(strstr(text, "ada"));
    for (size_t i = 0; i + 5 <= strlen(FOLK_ADA_PASSWORD); i++) {
        char part[6] = { 0 };
        memcpy(part, &FOLK_ADA_PASSWORD[i], 5);
        assert_null(strstr(text, part));
    }
    /* Two users with one password: nobody sees that. */
    assert_int_equal(coax_store_set_password(e.folk.store, "bob", NULL, FOLK_ADA_PASSWORD, NULL),
                     COAX_OK);
    store = fopen(e.folk.store_path, "r");
    assert_non_null(store);
    char record[2][600];
    int n = 0;
    while (n < 2 && fgets(text, sizeof text, store) != NULL) {
        if (strstr(text, "ada") != NULL || strstr(text, "bob") != NULL)
            longest_word(text, record[n++], sizeof record[0]);
    }
    assert_int_equal(fclose(store), 0);
    assert_int_equal(n, 2);
    assert_string_not_equal(record[0], record[1]);
    folk_close(&e.folk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S7: a login that was heard logs in no second time",
          a_login_that_was_heard_logs_in_no_second_time, NULL, NULL, NULL },
        { "S7: a login fits no other connection", a_login_fits_no_other_connection, NULL, NULL,
          NULL },
        { "S7: a login by password cannot be relayed", a_login_cannot_be_relayed, NULL, NULL,
          NULL },
        { "S7: who trusts anybody and proves nothing can be relayed (the control)",
          who_trusts_anybody_and_proves_nothing_can_be_relayed, NULL, NULL, NULL },
        { "S7: a login by key cannot be relayed", a_login_by_key_cannot_be_relayed, NULL, NULL,
          NULL },
        { "S7: what is stored does not log in", what_is_stored_does_not_log_in, NULL, NULL, NULL },
        { "S8: no password passes, in any form", no_password_passes_in_any_form, NULL, NULL, NULL },
        { "S8: a plain password is taken only where it was asked for",
          a_plain_password_is_taken_only_where_it_was_asked_for, NULL, NULL, NULL },
        { "S8: nothing secret goes to a plain address", nothing_secret_goes_to_a_plain_address,
          NULL, NULL, NULL },
        { "S8: no server with credentials listens plainly",
          no_server_with_credentials_listens_plainly, NULL, NULL, NULL },
        { "S9: guesses are slowed down, and nobody else is", guesses_are_slowed_down, NULL, NULL,
          NULL },
        { "S9: users who are not there look like others", users_who_are_not_there_look_like_others,
          NULL, NULL, NULL },
        { "S9: the store holds no password", the_store_holds_no_password, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
