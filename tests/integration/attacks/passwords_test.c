/*
 * S8 and S9: passwords pass in no form that somebody could use, are guessed slowly, and are not in the store.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bridge.h"
#include "scene.h"

/* S8 */

static void no_password_passes_in_any_form(void **state)
{
    scene e;
    bridge b;
    (void)state;
    coax_server_options options = scene_with_users(&e);
    scene_open(&e, &options);
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
    scene_close(&e);
}

/* In clear: only where both sides ask for it, and never without encryption. */
static void a_plain_password_is_taken_only_where_it_was_asked_for(void **state)
{
    scene e;
    uint8_t credential[300];
    (void)state;
    coax_server_options options = scene_with_users(&e);
    scene_open(&e, &options);
    ledger_begin(&e.trio);
    scene_come(&e);
    size_t len = stranger_credential(
        "plain", "ada",
        (coax_bytes){ (const uint8_t *)FOLK_ADA_PASSWORD, strlen(FOLK_ADA_PASSWORD) }, credential,
        sizeof credential);
    stranger_hello(&e.s, "ada", (coax_bytes){ credential, len });
    scene_expect_turned_away(&e);
    scene_go(&e);
    scene_close(&e);
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
    scene_close(&e);
}

static void no_server_with_credentials_listens_plainly(void **state)
{
    scene e;
    (void)state;
    coax_server_options each[5];
    const coax_server_options users = scene_with_users(&e);
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
    scene_close(&e);
}

/* S9 */

/* Guesses wait, longer and longer, and an honest login of somebody else goes on. */
static void guesses_are_slowed_down(void **state)
{
    scene e;
    guess g;
    uint32_t n_heard_out = 0;
    (void)state;
    coax_server_options options = scene_with_users(&e);
    scene_open(&e, &options);
    const uint64_t begun = trio_now(&e.trio);
    for (int i = 0; i < 40; i++) {
        ledger_begin(&e.trio);
        scene_come(&e);
        guess_start(&g, &e.s, "ada", "a guess");
        guess_say_ke1(&e.s, "ada", g.ke1);
        scene_until(&e, scene_is_answered, 10000);
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
        scene_until(&e, scene_is_over, 10000);
        trio_wait(&e.trio, 20);
        stranger_free(&e.s);
        assert_int_equal(e.trio.now.n_connects, 0);
    }
    assert_true(trio_now(&e.trio) - begun < UINT64_C(20000000000));
    assert_true(n_heard_out <= 10); /* 5, and then one for each wait */
    scene_log_in(&e, &g, "bob", FOLK_BOB_PASSWORD);
    scene_expect_let_in(&e);
    scene_go(&e);
    scene_close(&e);
}

/* What a stranger sees of a login, for a user who is there and for one who is not. */
static void learn(scene *e, const char *user, char *ret, size_t size)
{
    guess g;
    size_t at = 0;
    scene_log_in(e, &g, user, "certainly not the password");
    scene_expect_turned_away(e);
    for (uint32_t i = 0; i < e->s.n_heard && at < size; i++)
        at += (size_t)snprintf(ret + at, size - at, "%u/%u/%u ", e->s.heard[i].frame.type,
                               e->s.heard[i].frame.aux, (unsigned)e->s.heard[i].frame.length);
    (void)snprintf(ret + at, size - at, "cost %u %u, %llu bytes", (unsigned)g.cost.memory_kib,
                   (unsigned)g.cost.passes, (unsigned long long)e->s.n_bytes);
    scene_go(e);
}

static void users_who_are_not_there_look_like_others(void **state)
{
    scene e;
    char known[300];
    char unknown[300];
    (void)state;
    coax_server_options options = scene_with_users(&e);
    scene_open(&e, &options);
    learn(&e, "ada", known, sizeof known);
    learn(&e, "eve", unknown, sizeof unknown);
    assert_string_equal(known, unknown);
    scene_close(&e);
}

static void longest_word(char *text, char *ret, size_t size)
{
    ret[0] = '\0';
    for (char *word = scene_next_word(&text); word != NULL; word = scene_next_word(&text)) {
        if (strlen(word) > strlen(ret))
            (void)snprintf(ret, size, "%s", word);
    }
}

static void the_store_holds_no_password(void **state)
{
    scene e;
    char text[8000];
    (void)state;
    (void)scene_with_users(&e);
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
