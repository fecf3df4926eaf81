/*
 * S2 and S14: whom a client believes. The man in the middle stops passing things on and answers himself, as a server with
 * a key of his own; and every way a client may have been told whom to expect is tried against him.
 *
 * S13 is the same from the other side: whoever carries the bytes, a relay too, can't sit in the middle.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "party.h"

static const uint8_t false_secret[32] = "whoever stands between has this.";

/* A trio, and the man in the middle's own server. */
typedef struct scene {
    trio trio;
    coax_server *liar;
    uint32_t n_lies; /* calls that he got to hear */
    uint32_t n_let_in;
    char liar_id[COAX_ID_SIZE];
    char folder[100];
    char known[140];
} scene;

static void hear_put(void *self, coax_call call, const vault_coin *request)
{
    ((scene *)self)->n_lies++;
    (void)vault_vault_put_reply(call, request);
}

static void hear_drop(void *self, coax_call call, const vault_coin *request)
{
    (void)call;
    (void)request;
    ((scene *)self)->n_lies++;
}

static void let_in(void *self, coax_peer peer)
{
    (void)peer;
    ((scene *)self)->n_let_in++;
}

static void open_liar(scene *s)
{
    static const vault_vault_handlers handlers = { .put = hear_put, .drop = hear_drop };
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    assert_int_equal(coax_key_from_bytes(false_secret, &key, NULL), COAX_OK);
    coax_key_id(key, s->liar_id);
    options.key = key;
    options.self = s;
    options.on_connect = let_in;
    if (s->trio.way == TRIO_PSK)
        options.psk = (coax_bytes){ trio_psk, 32 };
    coax_err rc = coax_server_create(s->trio.loop, &options, &s->liar, &error);
    if (rc == COAX_OK)
        rc = vault_vault_serve(s->liar, &handlers, s);
    if (rc == COAX_OK)
        rc = coax_server_listen(s->liar, "tcp://liar:7", &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    coax_key_free(key);
}

static void open_scene(scene *s, trio_way way)
{
    memset(s, 0, sizeof *s);
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(s->folder, sizeof s->folder, "%.60s/coax-trust.XXXXXX",
                   tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(s->folder));
    (void)snprintf(s->known, sizeof s->known, "%s/known_hosts", s->folder);
    trio_open(&s->trio, way, false, 9, NULL);
    open_liar(s);
}

static void close_scene(scene *s)
{
    coax_server_close(s->liar);
    trio_close(&s->trio);
    (void)unlink(s->known);
    assert_int_equal(rmdir(s->folder), 0); /* nothing else was left there */
}

/* From now on the man in the middle leads to his own server, or back to the true one. */
static void answer_himself(scene *s, bool on)
{
    coax_error error = COAX_ERROR_INIT;
    const char *url = on ? "tcp://liar:7" : s->trio.url;
    assert_int_equal(cx_url_parse(url, &s->trio.mitm.target, &error), COAX_OK);
}

static void write_known(const scene *s, const char *format, const char *address, const char *id)
{
    FILE *file = fopen(s->known, "w");
    assert_non_null(file);
    assert_true(fprintf(file, format, address, id) > 0);
    assert_int_equal(fclose(file), 0);
}

/* Connects with what stands in t->options and asks something. */
static void try_it(scene *s)
{
    trio_connect(&s->trio);
    (void)trio_ask_one(&s->trio, TRIO_DROP, 1);
    (void)trio_ask_one(&s->trio, TRIO_PUT, 1);
    assert_true(trio_until(&s->trio, trio_is_settled, 60000));
}

static void expect_refused(scene *s, coax_err code, const char *words)
{
    try_it(s);
    const coax_error *why = &s->trio.now.client;
    if (s->trio.now.n_opened > 0 || why->code != code || strstr(why->text, words) == NULL)
        fail_msg("the client %s: %s: %s", s->trio.now.n_opened > 0 ? "opened, then" : "refused",
                 coax_err_name(why->code), why->text);
    assert_int_equal(s->n_lies, 0);
    assert_int_equal(s->n_let_in, 0);
    trio_leave(&s->trio);
}

static void expect_good(scene *s)
{
    try_it(s);
    if (s->trio.now.n_good != 1)
        fail_msg("%s", s->trio.now.client.text);
    trio_leave(&s->trio);
    trio_check(&s->trio);
}

/* Not even tried. */
static void expect_no_client(scene *s, coax_err code, const char *words)
{
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_err rc =
        coax_client_create(s->trio.loop, s->trio.mitm.url, &s->trio.options, &client, &error);
    if (rc != code || strstr(error.text, words) == NULL)
        fail_msg("%s: %s", coax_err_name(rc), error.text);
}

/* S2 */

static void first_use_remembers(void **state)
{
    scene s;
    (void)state;
    open_scene(&s, TRIO_XX);
    s.trio.options.trust = COAX_TRUST_FIRST_USE;
    s.trio.options.known_hosts = s.known;
    expect_good(&s);
    expect_good(&s);
    answer_himself(&s, true);
    expect_refused(&s, COAX_ERR_KEY_CHANGED, s.known); /* where it stands */
    expect_refused(&s, COAX_ERR_KEY_CHANGED, s.known); /* nor the second time */
    answer_himself(&s, false);
    expect_good(&s);
    close_scene(&s);
}

static void unknown_servers_are_refused_where_only_known_ones_are_trusted(void **state)
{
    scene s;
    (void)state;
    open_scene(&s, TRIO_XX);
    s.trio.options.trust = COAX_TRUST_KNOWN;
    s.trio.options.known_hosts = s.known;
    answer_himself(&s, true);
    expect_refused(&s, COAX_ERR_KEY_UNKNOWN, "");
    assert_int_not_equal(access(s.known, F_OK), 0); /* not remembered by being refused */
    answer_himself(&s, false);
    expect_refused(&s, COAX_ERR_KEY_UNKNOWN, "");
    write_known(&s, "%s %s\n", s.trio.mitm.url, s.trio.id);
    expect_good(&s);
    answer_himself(&s, true);
    expect_refused(&s, COAX_ERR_KEY_CHANGED, "");
    close_scene(&s);
}

/* A key that somebody has for one address is no key of another; and a file that is damaged trusts nobody. */
static void what_is_known_of_one_address_says_nothing_of_another(void **state)
{
    scene s;
    (void)state;
    open_scene(&s, TRIO_XX);
    s.trio.options.trust = COAX_TRUST_KNOWN;
    s.trio.options.known_hosts = s.known;
    answer_himself(&s, true);
    write_known(&s, "%s %s\n", "tcp://mitm:8", s.liar_id);
    expect_refused(&s, COAX_ERR_KEY_UNKNOWN, "");
    write_known(&s, "%s %s\n", "tcp://mitm.:7", s.liar_id);
    expect_refused(&s, COAX_ERR_KEY_UNKNOWN, "");
    write_known(&s, "%s %.40s\n", s.trio.mitm.url, s.liar_id);
    expect_no_client(&s, COAX_ERR_BAD_MESSAGE, "line 1");
    s.trio.options.trust = COAX_TRUST_FIRST_USE;
    expect_no_client(&s, COAX_ERR_BAD_MESSAGE, "line 1");
    close_scene(&s);
}

/* What it says itself: no key, no name, no psk alone makes a server the one that was meant. */
static void only_who_trusts_anybody_gets_anybody(void **state)
{
    scene s;
    (void)state;
    open_scene(&s, TRIO_XX);
    s.trio.options.trust = COAX_TRUST_ANY;
    answer_himself(&s, true);
    trio_connect(&s.trio);
    assert_true(trio_until(&s.trio, trio_is_open, 10000)); /* the control: he can sit there then */
    trio_leave(&s.trio);
    assert_int_equal(s.n_let_in, 1);
    close_scene(&s);
}

/* S14 */

static void the_pin_is_checked_whatever_else_is_trusted(void **state)
{
    (void)state;
    for (trio_way way = TRIO_XX; way < TRIO_WAYS; way++) {
        scene s;
        open_scene(&s, way);
        answer_himself(&s, true);
        /* The file says that he is right, and so would every mode. */
        write_known(&s, "%s %s\n", s.trio.mitm.url, s.liar_id);
        s.trio.options.known_hosts = s.known;
        s.trio.options.server_id = s.trio.id;
        for (int trust = COAX_TRUST_FIRST_USE; trust <= COAX_TRUST_ANY; trust++) {
            s.trio.options.trust = (coax_trust)trust;
            answer_himself(&s, true);
            expect_refused(&s, COAX_ERR_KEY_CHANGED, "");
            answer_himself(&s, false);
            expect_good(&s);
        }
        /* Nor does the file lose its say because of it. */
        s.trio.options.server_id = NULL;
        s.trio.options.trust = COAX_TRUST_KNOWN;
        expect_refused(&s, COAX_ERR_KEY_CHANGED, "");
        close_scene(&s);
    }
}

static void a_pin_that_is_none_is_refused(void **state)
{
    static const char *const none[] = { "", "short",
                                        "0000000000000000000000000000000000000000000000000000",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" };
    (void)state;
    scene s;
    open_scene(&s, TRIO_XX);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        s.trio.options.server_id = none[i];
        s.trio.options.trust = COAX_TRUST_ANY;
        expect_no_client(&s, COAX_ERR_BAD_OPTION, "server_id");
    }
    close_scene(&s);
}

/* S2: the same client, connected again, asks again. */
static void a_client_that_reconnects_looks_again(void **state)
{
    scene s;
    (void)state;
    open_scene(&s, TRIO_XX);
    s.trio.options.trust = COAX_TRUST_FIRST_USE;
    s.trio.options.known_hosts = s.known;
    s.trio.options.reconnects = true;
    trio_connect(&s.trio);
    assert_true(trio_until(&s.trio, trio_is_open, 10000));
    answer_himself(&s, true);
    mitm_cut(mitm_last(&s.trio.mitm), MITM_RST);
    trio_wait(&s.trio, 30000);
    assert_int_equal(s.n_let_in, 0);
    assert_int_equal(s.trio.now.n_opened, 1);
    assert_true(s.trio.mitm.n_links > 1); /* it has tried */
    trio_leave(&s.trio);
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S2: first use remembers the key, and another one later is refused", first_use_remembers,
          NULL, NULL, NULL },
        { "S2: unknown servers are refused where only known ones are trusted",
          unknown_servers_are_refused_where_only_known_ones_are_trusted, NULL, NULL, NULL },
        { "S2: what is known of one address says nothing of another",
          what_is_known_of_one_address_says_nothing_of_another, NULL, NULL, NULL },
        { "S2: a client that reconnects looks again", a_client_that_reconnects_looks_again, NULL,
          NULL, NULL },
        { "S2: only who trusts anybody gets anybody", only_who_trusts_anybody_gets_anybody, NULL,
          NULL, NULL },
        { "S14, S13: a pinned key is checked, whatever else is trusted, whoever carries the bytes",
          the_pin_is_checked_whatever_else_is_trusted, NULL, NULL, NULL },
        { "S14: a pin that is none is refused", a_pin_that_is_none_is_refused, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
