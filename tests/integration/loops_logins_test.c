/*
 * Logins at servers with many loops, whose tables, files and throttle all of them share; and clients that go while a
 * thread stretches their password.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <coax/password.h>

#include "../unit/secure/scratch.h"
#include "hall.h"

enum { LOOPS = 4, VISITORS = 6, ROUNDS = 25 };

/* One thread that comes and goes. */
typedef struct visitor {
    const hall *hall;
    coax_client_options options;
    uv_thread_t thread;
    unsigned n_in;
    unsigned n_turned_away;
    unsigned n_else;
} visitor;

static void visit_once(visitor *v)
{
    const crowd_crowd_add_request request = { .a = 1, .b = 2 };
    crowd_crowd_add_result result;
    coax_client *client = NULL;
    coax_err rc = coax_dial(v->hall->url, &v->options, &client, NULL);
    if (rc == COAX_OK) {
        rc = crowd_crowd_add_wait(client, &request, NULL, &result);
        crowd_crowd_add_result_free(&result);
        coax_client_close(client);
    }
    v->n_in += rc == COAX_OK;
    v->n_turned_away += rc == COAX_ERR_UNAUTHENTICATED || rc == COAX_ERR_RESOURCE_EXHAUSTED;
    v->n_else +=
        rc != COAX_OK && rc != COAX_ERR_UNAUTHENTICATED && rc != COAX_ERR_RESOURCE_EXHAUSTED;
}

static void run_visitor(void *self)
{
    for (unsigned i = 0; i < ROUNDS; i++)
        visit_once(self);
}

static visitor visitor_of(const hall *h)
{
    const coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    visitor v = { .hall = h, .options = options };
    v.options.trust = COAX_TRUST_ANY;
    return v;
}

static void send_visitors(visitor *visitors, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(uv_thread_create(&visitors[i].thread, run_visitor, &visitors[i]), 0);
}

static void await_visitors(visitor *visitors, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(uv_thread_join(&visitors[i].thread), 0);
}

/* What waits may not wait for long: this test goes on until it is so. */
static void await_peers(const hall *h, size_t n)
{
    while (coax_server_n_peers(h->server) != n)
        uv_sleep(1);
}

static const coax_token tokens[] = { { "the first token of them all", "ann", NULL },
                                     { "the second token of them", "bob", NULL },
                                     { NULL, NULL, NULL } };

static void of_many_that_come_with_one_name_one_stays(void **state)
{
    hall h;
    visitor visitors[VISITORS];
    coax_client *clients[2 * LOOPS];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_key *key = NULL;
    (void)state;
    assert_int_equal(coax_key_generate(&key, NULL), COAX_OK);
    options.key = key;
    options.tokens = tokens;
    options.second_login = COAX_SECOND_REPLACE;
    hall_make(&h, LOOPS, &options);
    hall_open(&h, hall_unix_url()); /* whose connections are dealt out in turn */
    for (unsigned i = 0; i < VISITORS; i++) {
        visitors[i] = visitor_of(&h);
        visitors[i].options.token = tokens[i % 2].token;
    }
    send_visitors(visitors, VISITORS);
    await_visitors(visitors, VISITORS);
    for (unsigned i = 0; i < VISITORS; i++) {
        assert_int_equal(visitors[i].n_turned_away, 0);
        assert_int_equal(visitors[i].n_in + visitors[i].n_else, ROUNDS);
    }
    await_peers(&h, 0); /* and no seat is left behind */
    for (unsigned i = 0; i < 2 * LOOPS; i++) {
        clients[i] = NULL;
        assert_int_equal(coax_dial(h.url, &visitors[0].options, &clients[i], NULL), COAX_OK);
    }
    await_peers(&h, 1);
    (void)hall_where(clients[2 * LOOPS - 1]);
    for (unsigned i = 0; i < 2 * LOOPS; i++)
        coax_client_close(clients[i]);
    hall_close(&h);
    coax_key_free(key);
}

/* A file of authorized keys that goes on being written anew. */
typedef struct editor {
    char path[300];
    char both[200];
    char one[200];
    atomic_bool is_over;
    uv_thread_t thread;
} editor;

static void replace(const char *path, const char *text)
{
    char temp[320];
    (void)snprintf(temp, sizeof temp, "%s.new", path);
    scratch_write(temp, text, strlen(text), 0600);
    assert_int_equal(rename(temp, path), 0);
}

static void run_editor(void *self)
{
    editor *e = self;
    for (unsigned i = 0; !atomic_load(&e->is_over); i++)
        replace(e->path, i % 2 != 0 ? e->one : e->both);
}

static void keys_are_read_anew_while_many_come_with_them(void **state)
{
    hall h;
    editor e = { .is_over = false };
    visitor visitors[2];
    coax_key *keys[3];
    char ids[2][COAX_ID_SIZE];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(coax_key_generate(&keys[i], NULL), COAX_OK);
    for (unsigned i = 0; i < 2; i++)
        coax_key_id(keys[i], ids[i]);
    (void)snprintf(e.path, sizeof e.path, "%s", scratch_path(state, "authorized_keys"));
    (void)snprintf(e.both, sizeof e.both, "%s ann\n%s bob admin,staff\n", ids[0], ids[1]);
    (void)snprintf(e.one, sizeof e.one, "%s ann\n", ids[0]);
    replace(e.path, e.both);
    options.key = keys[2];
    options.authorized_keys = e.path;
    hall_make(&h, LOOPS, &options);
    hall_open(&h, hall_unix_url());
    assert_int_equal(uv_thread_create(&e.thread, run_editor, &e), 0);
    for (unsigned i = 0; i < 2; i++) {
        visitors[i] = visitor_of(&h);
        visitors[i].options.key = keys[i];
    }
    send_visitors(visitors, 2);
    await_visitors(visitors, 2);
    atomic_store(&e.is_over, true);
    assert_int_equal(uv_thread_join(&e.thread), 0);
    assert_int_equal(visitors[0].n_in, ROUNDS);
    assert_int_equal(visitors[1].n_in + visitors[1].n_turned_away, ROUNDS);
    hall_close(&h);
    for (unsigned i = 0; i < 3; i++)
        coax_key_free(keys[i]);
}

static coax_store *make_users(void **state)
{
    const coax_password_cost cheap = { 8192, 1 };
    coax_store *store = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (coax_store_create_file(scratch_path(state, "users"), &cheap, &store, &error) != COAX_OK ||
        coax_store_set_password(store, "ann", NULL, "right", &error) != COAX_OK)
        fail_msg("%s", error.text);
    return store;
}

static void users_change_while_many_log_in_and_wrong_guesses_count_on_all_loops(void **state)
{
    hall h;
    visitor visitors[VISITORS];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_store *store = make_users(state);
    coax_key *key = NULL;
    assert_int_equal(coax_key_generate(&key, NULL), COAX_OK);
    options.key = key;
    options.users = store;
    hall_make(&h, LOOPS, &options);
    hall_open(&h, hall_unix_url());
    for (unsigned i = 0; i < VISITORS; i++) {
        visitors[i] = visitor_of(&h);
        visitors[i].options.user = i % 2 == 0 ? "ann" : "bob"; /* who comes later */
        visitors[i].options.password = i % 2 == 0 ? "right" : "wrong";
    }
    visit_once(&visitors[0]); /* from here on ann is known here, whoever guesses */
    send_visitors(visitors, VISITORS);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(coax_store_set_password(store, "bob", NULL, "good", NULL), COAX_OK);
    await_visitors(visitors, VISITORS);
    assert_int_equal(visitors[0].n_in, ROUNDS + 1);
    for (unsigned i = 1; i < VISITORS; i++) {
        assert_int_equal(visitors[i].n_in, i % 2 == 0 ? ROUNDS : 0);
        assert_int_equal(visitors[i].n_turned_away, i % 2 == 0 ? 0 : ROUNDS);
    }
    hall_close(&h);
    coax_store_close(store);
    coax_key_free(key);
}

/* The same client is made again and again, and ends a turn of its loop later each time. */
static void a_client_may_go_while_a_thread_stretches_its_password(void **state)
{
    hall h;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_store *store = make_users(state);
    coax_key *key = NULL;
    assert_int_equal(coax_key_generate(&key, NULL), COAX_OK);
    options.key = key;
    options.users = store;
    hall_make(&h, 1, &options);
    hall_open(&h, hall_unix_url());
    visitor v = visitor_of(&h);
    v.options.user = "ann";
    v.options.password = "right";
    for (unsigned turns = 0; turns < 2 * ROUNDS; turns++) {
        coax_loop *loop = coax_loop_create(NULL);
        coax_client *client = NULL;
        assert_non_null(loop);
        assert_int_equal(coax_client_create(loop, h.url, &v.options, &client, NULL), COAX_OK);
        for (unsigned i = 0; i < turns; i++) {
            assert_int_equal(coax_loop_process(loop), COAX_OK);
            uv_sleep(1); /* for the server's thread to answer */
        }
        if (turns % 2 != 0)
            coax_client_close(client);
        assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    }
    hall_close(&h);
    coax_store_close(store);
    coax_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_many_that_come_with_one_name_one_stays),
        cmocka_unit_test_setup_teardown(keys_are_read_anew_while_many_come_with_them, scratch_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(
            users_change_while_many_log_in_and_wrong_guesses_count_on_all_loops, scratch_setup,
            scratch_teardown),
        cmocka_unit_test_setup_teardown(a_client_may_go_while_a_thread_stretches_its_password,
                                        scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
