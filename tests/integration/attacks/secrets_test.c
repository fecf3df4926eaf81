/*
 * S22: secrets in what is logged, told, printed or written. Every kind of login, rightly and wrongly, with the log at debug; then
 * all that came out is searched for every secret, as it is, in hex and in base64.
 */
#include <dirent.h>
#include <fcntl.h>
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
#include <sodium.h>

#include "folk.h"
#include "trio.h"

#define SPOKEN_MAX (4u << 20)

/* All that was said: log, reasons, words, and what came out of the process. */
typedef struct ears {
    char *heard;
    size_t len;
    int out;
    int err;
    FILE *caught;
} ears;

static void hear(ears *e, const void *bytes, size_t len)
{
    assert_true(e->len + len < SPOKEN_MAX);
    memcpy(e->heard + e->len, bytes, len);
    e->len += len;
}

static void open_ears(ears *e)
{
    e->heard = malloc(SPOKEN_MAX);
    e->caught = tmpfile();
    assert_true(e->heard != NULL && e->caught != NULL);
    e->len = 0;
    fflush(NULL);
    e->out = dup(1);
    e->err = dup(2);
    assert_true(dup2(fileno(e->caught), 1) == 1 && dup2(fileno(e->caught), 2) == 2);
}

/* What the library printed: nothing. */
static size_t close_ears(ears *e)
{
    char piece[4096];
    size_t printed = 0;
    size_t n;
    fflush(NULL);
    assert_true(dup2(e->out, 1) == 1 && dup2(e->err, 2) == 2);
    close(e->out);
    close(e->err);
    rewind(e->caught);
    while ((n = fread(piece, 1, sizeof piece, e->caught)) > 0) {
        printed += n;
        hear(e, piece, n);
    }
    assert_int_equal(fclose(e->caught), 0);
    return printed;
}

static bool holds(const ears *e, const void *bytes, size_t len)
{
    for (size_t i = 0; i + len <= e->len; i++) {
        if (memcmp(e->heard + i, bytes, len) == 0)
            return true;
    }
    return false;
}

static void expect_unheard(const ears *e, const char *what, const void *secret, size_t len)
{
    char text[400];
    static const int variants[] = { sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING };
    if (len > 20)
        len = 20; /* a part is too much already */
    if (holds(e, secret, len))
        fail_msg("%s was said as it is", what);
    sodium_bin2hex(text, sizeof text, secret, len);
    if (holds(e, text, 2 * len))
        fail_msg("%s was said in hex", what);
    for (int i = 0; i < 2; i++) {
        sodium_bin2base64(text, sizeof text, secret, len, variants[i]);
        if (holds(e, text, strlen(text) - 1))
            fail_msg("%s was said in base64", what);
    }
}

/* One client with these options; what it and the server say is heard. */
static void visit(ears *e, trio *t)
{
    trio_connect(t);
    (void)trio_ask_one(t, TRIO_PUT, 1);
    (void)trio_until(t, trio_is_settled, 60000);
    hear(e, t->now.client.text, strlen(t->now.client.text));
    hear(e, t->now.server.text, strlen(t->now.server.text));
    trio_leave(t);
    trio_check(t);
    hear(e, t->log, t->log_len);
    mitm_forget(&t->mitm);
}

/* Every bit of the beginning is wrong once, so that errors of all kinds are put into words. */
static void visit_under_deeds(ears *e, trio *t)
{
    for (size_t at = 0; at < 600; at += 7) {
        const deed one = {
            .act = DEED_FLIP, .way = at % 2 == 0 ? MITM_UP : MITM_DOWN, .at = at, .value = 0x10
        };
        trio_connect_under(t, &one);
        (void)trio_ask_one(t, TRIO_PUT, 1);
        (void)trio_until(t, trio_is_settled, 60000);
        hear(e, t->now.client.text, strlen(t->now.client.text));
        hear(e, t->now.server.text, strlen(t->now.server.text));
        trio_leave(t);
        trio_check(t);
        hear(e, t->log, t->log_len);
        mitm_forget(&t->mitm);
    }
}

static void judge_login(void *self, coax_login login, const coax_credential *credential)
{
    coax_identity identity = COAX_IDENTITY_INIT;
    (void)self;
    identity.principal = "plain";
    if (credential->secret.len % 2 == 0)
        (void)coax_login_accept(login, &identity, NULL);
    else
        (void)coax_login_refuse(login, "not today");
}

static void all_logins(ears *e, folk *f)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    trio t;
    options.users = f->store;
    options.tokens = folk_tokens;
    options.authorized_keys = f->keys_path;
    options.on_login = judge_login;
    options.takes_plain_passwords = true;
    trio_open(&t, TRIO_XX, false, 71, &options);
    const coax_client_options usual = t.options;
    t.options.token = FOLK_KEEPER_TOKEN;
    visit(e, &t);
    visit_under_deeds(e, &t);
    t.options.token = FOLK_CLERK_TOKEN "and more";
    visit(e, &t);
    t.options = usual;
    t.options.key = f->cleo;
    visit(e, &t);
    t.options = usual;
    t.options.user = "ada";
    t.options.password = FOLK_ADA_PASSWORD;
    visit(e, &t);
    t.options.password = FOLK_BOB_PASSWORD;
    visit(e, &t);
    t.options.sends_plain_password = true;
    visit(e, &t);
    t.options.password = FOLK_SHARED_PASSWORD;
    visit(e, &t);
    /* The wrong way round, as people do; the name of a user is no secret. */
    t.options = usual;
    t.options.token = FOLK_ADA_PASSWORD;
    visit(e, &t);
    hear(e, t.log, t.log_len);
    trio_close(&t);
}

/* Where nobody else is asked. */
static void lists_alone(ears *e, folk *f)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    trio t;
    options.users = f->store;
    options.tokens = folk_tokens;
    trio_open(&t, TRIO_XX, false, 73, &options);
    t.options.token = FOLK_KEEPER_TOKEN "and more";
    visit(e, &t);
    t.options.token = FOLK_ADA_PASSWORD;
    visit(e, &t);
    t.options.token = NULL;
    t.options.user = "ada";
    t.options.password = FOLK_SHARED_PASSWORD;
    visit(e, &t);
    t.options.sends_plain_password = true;
    visit(e, &t);
    trio_close(&t);
}

static void shared_secrets(ears *e)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    trio t;
    options.password = FOLK_SHARED_PASSWORD;
    trio_open(&t, TRIO_PSK, false, 72, &options);
    t.options.password = FOLK_SHARED_PASSWORD;
    visit(e, &t);
    visit_under_deeds(e, &t);
    t.options.password = FOLK_ADA_PASSWORD;
    visit(e, &t);
    trio_close(&t);
}

static void options_that_are_refused(ears *e, folk *f)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_loop *loop = coax_loop_create(NULL);
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    options.password = FOLK_ADA_PASSWORD;
    options.token = FOLK_KEEPER_TOKEN;
    assert_int_not_equal(coax_client_create(loop, "tcp://127.0.0.1:1", &options, &client, &error),
                         COAX_OK);
    hear(e, error.text, strlen(error.text));
    options.token = NULL;
    assert_int_not_equal(
        coax_client_create(loop, "plain+tcp://127.0.0.1:1", &options, &client, &error), COAX_OK);
    hear(e, error.text, strlen(error.text));
    assert_int_not_equal(coax_store_set_password(f->store, "a\nb", NULL, FOLK_ADA_PASSWORD, &error),
                         COAX_OK);
    hear(e, error.text, strlen(error.text));
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
}

static void nothing_secret_is_said(void **state)
{
    static const char *const texts[] = { FOLK_ADA_PASSWORD, FOLK_BOB_PASSWORD, FOLK_KEEPER_TOKEN,
                                         FOLK_CLERK_TOKEN, FOLK_SHARED_PASSWORD };
    folk f;
    ears e;
    (void)state;
    folk_open(&f);
    open_ears(&e);
    all_logins(&e, &f);
    lists_alone(&e, &f);
    shared_secrets(&e);
    options_that_are_refused(&e, &f);
    size_t printed = close_ears(&e);
    assert_true(holds(&e, "login_ok", 8) && holds(&e, "login_failed", 12)); /* something was said */
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        expect_unheard(&e, texts[i], texts[i], strlen(texts[i]));
    expect_unheard(&e, "the server's key", trio_server_secret, 32);
    expect_unheard(&e, "the pre-shared key", trio_psk, 32);
    expect_unheard(&e, "a client's key", "Cleo's own key, as secret as any", 32);
    assert_int_equal(printed, 0);
    free(e.heard);
    folk_close(&f);
}

/* Modes */

static void expect_mode(const char *path, mode_t want)
{
    struct stat stat_of;
    if (stat(path, &stat_of) != 0 || (stat_of.st_mode & 0777) != want)
        fail_msg("%s has the mode %03o", path, (unsigned)(stat_of.st_mode & 0777));
}

static void files_with_secrets_are_their_owners_alone(void **state)
{
    char path[300];
    folk f;
    (void)state;
    const mode_t was = umask(0); /* whoever forgot to set one */
    folk_open(&f);
    expect_mode(f.store_path, 0600);
    (void)snprintf(path, sizeof path, "%s.secret", f.store_path);
    expect_mode(path, 0600);
    (void)snprintf(path, sizeof path, "%s/key.lock", f.folder);
    assert_int_equal(coax_key_save(f.cleo, path, NULL), COAX_OK);
    expect_mode(path, 0600);
    for (unsigned mode = 0601; mode <= 0677; mode++) { /* readable or writable by anybody else */
        coax_key *key = NULL;
        coax_error error = COAX_ERROR_INIT;
        if ((mode & 066) == 0)
            continue;
        assert_int_equal(chmod(path, (mode_t)mode), 0);
        if (coax_key_load(path, &key, &error) != COAX_ERR_BAD_KEY)
            fail_msg("a key of mode %03o was read", mode);
        assert_non_null(strstr(error.text, path));
    }
    assert_int_equal(chmod(f.store_path, 0640), 0);
    coax_store *store = NULL;
    assert_int_equal(coax_store_open_file(f.store_path, &store, NULL), COAX_ERR_BAD_KEY);
    assert_int_equal(chmod(f.store_path, 0600), 0);
    (void)umask(was);
    folk_close(&f);
}

/* A server without a key makes one where COAX_HOME says, for its owner alone; and says where. */
static void the_first_start_makes_a_key_for_its_owner(void **state)
{
    char home[200];
    char path[300];
    coax_loop *loop = coax_loop_create(NULL);
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    char id[COAX_ID_SIZE];
    const char *file = NULL;
    folk f;
    (void)state;
    folk_open(&f);
    const mode_t was = umask(0);
    (void)snprintf(home, sizeof home, "%s/home.lock", f.folder);
    const char *old = getenv("COAX_HOME");
    char *saved = old != NULL ? strdup(old) : NULL;
    assert_int_equal(setenv("COAX_HOME", home, 1), 0);
    assert_int_equal(coax_server_create(loop, NULL, &server, &error), COAX_OK);
    assert_int_equal(coax_server_listen(server, "tcp://127.0.0.1:0", &error), COAX_OK);
    assert_int_equal(coax_server_id(server, id, &file), COAX_OK);
    (void)snprintf(path, sizeof path, "%s/server_key", home);
    assert_string_equal(file, path);
    expect_mode(path, 0600);
    expect_mode(home, 0700);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    if (saved != NULL)
        (void)setenv("COAX_HOME", saved, 1);
    else
        (void)unsetenv("COAX_HOME");
    free(saved);
    (void)umask(was);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(home), 0);
    folk_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S22: nothing secret is logged, told or printed", nothing_secret_is_said, NULL, NULL,
          NULL },
        { "S22: files with secrets are their owners' alone",
          files_with_secrets_are_their_owners_alone, NULL, NULL, NULL },
        { "S22: the first start makes a key for its owner",
          the_first_start_makes_a_key_for_its_owner, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
