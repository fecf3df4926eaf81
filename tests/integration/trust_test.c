/*
 * Which servers a client trusts: first use, known ones only, a pinned id, anybody; keys that changed, and files that can't be
 * believed or written. One loop, sockets in a folder of the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <coax/coax.h>

#include "crowd_client.h"
#include "crowd_server.h"
#include "scratch.h"

typedef struct scene {
    coax_loop *loop;
    coax_server *server;
    char address[300];
    char id[COAX_ID_SIZE];
    char known_hosts[300];
    coax_client_options options; /* of the next visit */
    coax_client_state state;
    coax_error reason;
} scene;

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    scene *s = self;
    (void)client;
    s->state = state;
    if (state == COAX_CLIENT_CLOSED || state == COAX_CLIENT_WAITING)
        s->reason = *reason;
    if (state != COAX_CLIENT_CONNECTING)
        coax_loop_stop(s->loop);
}

/* A server with the key of this name, made if there is none. */
static void serve(scene *s, void **state, const char *key_name)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_error error = COAX_ERROR_INIT;
    char url[300];
    options.key_file = scratch_path(state, key_name);
    (void)snprintf(url, sizeof url, "unix://%s", scratch_path(state, "socket"));
    if (coax_server_create(s->loop, &options, &s->server, &error) != COAX_OK ||
        coax_server_listen(s->server, url, &error) != COAX_OK)
        fail_msg("%s", error.text);
    coax_server_address(s->server, 0, s->address, sizeof s->address);
    assert_int_equal(coax_server_id(s->server, s->id, NULL), COAX_OK);
}

static void change_key(scene *s, void **state, const char *key_name)
{
    coax_server_close(s->server);
    serve(s, state, key_name);
}

static void begin(scene *s, void **state)
{
    memset(s, 0, sizeof *s);
    s->loop = coax_loop_create(NULL);
    assert_non_null(s->loop);
    serve(s, state, "key");
    (void)snprintf(s->known_hosts, sizeof s->known_hosts, "%s",
                   scratch_path(state, "home/known_hosts"));
    const coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    s->options = options;
    s->options.self = s;
    s->options.on_state = on_state;
    s->options.known_hosts = s->known_hosts;
}

static void end(scene *s)
{
    coax_server_close(s->server);
    coax_loop_destroy(s->loop);
}

/* Closes it and waits for its last word, which must not be taken for the next one's. */
static void close_client(scene *s, coax_client *client)
{
    bool is_closed = s->state == COAX_CLIENT_CLOSED;
    coax_client_close(client);
    while (!is_closed) {
        assert_int_equal(coax_loop_run(s->loop), COAX_OK);
        is_closed = s->state == COAX_CLIENT_CLOSED;
    }
}

/* Dials once. @return COAX_OK: it came in; else why it ended, in s->reason too. */
static coax_err visit(scene *s)
{
    coax_client *client = NULL;
    s->state = COAX_CLIENT_CONNECTING;
    s->reason = (coax_error)COAX_ERROR_INIT;
    coax_err err = coax_client_create(s->loop, s->address, &s->options, &client, &s->reason);
    if (err != COAX_OK)
        return err;
    assert_int_equal(coax_loop_run(s->loop), COAX_OK);
    coax_client_state ended = s->state;
    coax_error reason = s->reason;
    close_client(s, client);
    s->reason = reason;
    return ended == COAX_CLIENT_OPEN ? COAX_OK : reason.code;
}

static void expect_refused(scene *s, coax_err code, const char *words)
{
    coax_err err = visit(s);
    if (err != code || strstr(s->reason.text, words) == NULL)
        fail_msg("%s: %s", coax_err_name(err), s->reason.text);
}

static void write_line(const scene *s, const char *id, const char *how)
{
    FILE *file = fopen(s->known_hosts, how);
    assert_non_null(file);
    assert_true(fprintf(file, "%s %s\n", s->address, id) > 0);
    assert_int_equal(fclose(file), 0);
}

static void a_first_use_is_recorded_and_known_from_then_on(void **state)
{
    scene s;
    char text[2000];
    begin(&s, state);
    assert_int_equal(visit(&s), COAX_OK);
    (void)scratch_read(s.known_hosts, text, sizeof text);
    assert_non_null(strstr(text, s.address));
    assert_non_null(strstr(text, s.id));
    assert_int_equal(scratch_mode(s.known_hosts), 0600);
    s.options.trust = COAX_TRUST_KNOWN;
    assert_int_equal(visit(&s), COAX_OK);
    end(&s);
}

static void who_trusts_known_ones_only_records_nobody(void **state)
{
    scene s;
    begin(&s, state);
    s.options.trust = COAX_TRUST_KNOWN;
    expect_refused(&s, COAX_ERR_KEY_UNKNOWN, s.id);
    assert_int_not_equal(access(s.known_hosts, F_OK), 0);
    end(&s);
}

static void who_trusts_anybody_records_nobody(void **state)
{
    scene s;
    begin(&s, state);
    s.options.trust = COAX_TRUST_ANY;
    assert_int_equal(visit(&s), COAX_OK);
    change_key(&s, state, "other");
    assert_int_equal(visit(&s), COAX_OK);
    assert_int_not_equal(access(s.known_hosts, F_OK), 0);
    end(&s);
}

static void a_changed_key_is_refused_for_good(void **state)
{
    scene s;
    char before[2000];
    char after[2000];
    begin(&s, state);
    assert_int_equal(visit(&s), COAX_OK);
    (void)scratch_read(s.known_hosts, before, sizeof before);
    change_key(&s, state, "other");
    expect_refused(&s, COAX_ERR_KEY_CHANGED, "of line 3 in ");
    assert_non_null(strstr(s.reason.text, "home/known_hosts: an attack, or a new key?"));
    s.options.reconnects = true; /* time does not heal it */
    expect_refused(&s, COAX_ERR_KEY_CHANGED, "delete that line");
    assert_int_equal(s.state, COAX_CLIENT_CLOSED);
    (void)scratch_read(s.known_hosts, after, sizeof after);
    assert_string_equal(before, after);
    end(&s);
}

static void of_several_keys_each_is_right_and_no_other(void **state)
{
    scene s;
    char first[COAX_ID_SIZE];
    begin(&s, state);
    assert_int_equal(visit(&s), COAX_OK);
    memcpy(first, s.id, sizeof first);
    change_key(&s, state, "next");
    write_line(&s, s.id, "a");
    assert_int_equal(visit(&s), COAX_OK);
    change_key(&s, state, "key");
    assert_string_equal(s.id, first);
    assert_int_equal(visit(&s), COAX_OK);
    change_key(&s, state, "other");
    expect_refused(&s, COAX_ERR_KEY_CHANGED, s.address);
    end(&s);
}

static void a_pinned_server_needs_no_file(void **state)
{
    scene s;
    char id[COAX_ID_SIZE];
    begin(&s, state);
    memcpy(id, s.id, sizeof id);
    s.options.server_id = id;
    assert_int_equal(visit(&s), COAX_OK);
    assert_int_not_equal(access(s.known_hosts, F_OK), 0);
    change_key(&s, state, "other");
    expect_refused(&s, COAX_ERR_KEY_CHANGED, "option `server_id`");
    s.options.server_id = "not an id";
    expect_refused(&s, COAX_ERR_BAD_OPTION, "option `server_id` is no id");
    s.options.server_id =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"; /* the point zero */
    expect_refused(&s, COAX_ERR_BAD_OPTION, "belongs to no key");
    end(&s);
}

static void a_file_that_cannot_be_believed_lets_nobody_be_met(void **state)
{
    scene s;
    begin(&s, state);
    assert_int_equal(mkdir(scratch_path(state, "home"), 0700), 0);
    scratch_write(s.known_hosts, "tcp://x:1 damaged\n", 18, 0600);
    expect_refused(&s, COAX_ERR_BAD_MESSAGE,
                   "home/known_hosts: line 1 has an id that is not of 52");
    write_line(&s, s.id, "a"); /* a good line of its own is enough */
    assert_int_equal(visit(&s), COAX_OK);
    assert_int_equal(chmod(s.known_hosts, 0666), 0);
    expect_refused(&s, COAX_ERR_BAD_KEY, "others may write it");
    end(&s);
}

static void who_cannot_be_recorded_is_not_trusted(void **state)
{
    scene s;
    begin(&s, state);
    scratch_write(scratch_path(state, "home"), "", 0, 0600); /* no folder can be made there */
    expect_refused(&s, COAX_ERR_SYSTEM, "home");
    end(&s);
}

static void count_one(void *self, coax_call call, const crowd_crowd_add_request *request)
{
    crowd_crowd_add_response reply = { .sum = request->a };
    (*(unsigned *)self)++;
    (void)crowd_crowd_add_reply(call, &reply);
}

static void count_end(void *self, const crowd_crowd_add_result *result)
{
    *(unsigned *)self += result->err == COAX_ERR_UNAVAILABLE;
}

/* A key that another client recorded while this one dialled: what waits is not for whoever answered. */
static void a_server_that_turns_out_to_be_another_gets_nothing_that_waits(void **state)
{
    enum { CALLS = 1000, EARLY = 200 }; /* what fits into the 4 KiB that are sent ahead is less */
    static const crowd_crowd_handlers handlers = { .add = count_one };
    const crowd_crowd_add_request request = { .a = 1, .b = 2 };
    unsigned n_heard = 0;
    unsigned n_ended = 0;
    scene s;
    coax_client *client = NULL;
    begin(&s, state);
    assert_int_equal(crowd_crowd_serve(s.server, &handlers, &n_heard), COAX_OK);
    assert_int_equal(coax_client_create(s.loop, s.address, &s.options, &client, NULL), COAX_OK);
    for (unsigned i = 0; i < CALLS; i++)
        assert_int_equal(crowd_crowd_add(client, &request, NULL, count_end, &n_ended), COAX_OK);
    assert_int_equal(mkdir(scratch_path(state, "home"), 0700), 0);
    write_line(&s, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "w");
    assert_int_equal(coax_loop_run(s.loop), COAX_OK);
    assert_int_equal(s.state, COAX_CLIENT_CLOSED);
    assert_int_equal(s.reason.code, COAX_ERR_KEY_CHANGED);
    close_client(&s, client);
    while (coax_server_n_peers(s.server) > 0)
        assert_int_equal(coax_loop_process(s.loop), COAX_OK);
    assert_int_equal(n_ended, CALLS);
    assert_in_range(n_heard, 0, EARLY);
    end(&s);
}

/* Somebody's chmod ends no program that is meant to stay. */
static void a_client_that_reconnects_waits_for_its_file_to_be_mended(void **state)
{
    scene s;
    coax_client *client = NULL;
    begin(&s, state);
    s.options.reconnects = true;
    s.options.backoff_min_ms = 1;
    assert_int_equal(coax_client_create(s.loop, s.address, &s.options, &client, NULL), COAX_OK);
    assert_int_equal(coax_loop_run(s.loop), COAX_OK);
    assert_int_equal(s.state, COAX_CLIENT_OPEN);
    assert_int_equal(chmod(s.known_hosts, 0666), 0);
    change_key(&s, state, "key"); /* the same: a restart */
    while (s.reason.code != COAX_ERR_BAD_KEY)
        assert_int_equal(coax_loop_run(s.loop), COAX_OK);
    assert_int_equal(s.state, COAX_CLIENT_WAITING);
    assert_int_equal(chmod(s.known_hosts, 0600), 0);
    while (s.state != COAX_CLIENT_OPEN)
        assert_int_equal(coax_loop_run(s.loop), COAX_OK);
    close_client(&s, client);
    end(&s);
}

static void a_relative_file_stays_where_it_was(void **state)
{
    scene s;
    char before[1000];
    begin(&s, state);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(*state), 0);
    s.options.known_hosts = "relative";
    coax_client *client = NULL;
    assert_int_equal(coax_client_create(s.loop, s.address, &s.options, &client, NULL), COAX_OK);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(coax_loop_run(s.loop), COAX_OK);
    assert_int_equal(s.state, COAX_CLIENT_OPEN);
    close_client(&s, client);
    assert_int_equal(access(scratch_path(state, "relative"), F_OK), 0);
    assert_int_equal(chdir(before), 0);
    end(&s);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_first_use_is_recorded_and_known_from_then_on),
        IN_A_FOLDER(who_trusts_known_ones_only_records_nobody),
        IN_A_FOLDER(who_trusts_anybody_records_nobody),
        IN_A_FOLDER(a_changed_key_is_refused_for_good),
        IN_A_FOLDER(of_several_keys_each_is_right_and_no_other),
        IN_A_FOLDER(a_pinned_server_needs_no_file),
        IN_A_FOLDER(a_file_that_cannot_be_believed_lets_nobody_be_met),
        IN_A_FOLDER(who_cannot_be_recorded_is_not_trusted),
        IN_A_FOLDER(a_server_that_turns_out_to_be_another_gets_nothing_that_waits),
        IN_A_FOLDER(a_client_that_reconnects_waits_for_its_file_to_be_mended),
        IN_A_FOLDER(a_relative_file_stays_where_it_was),
    };
    return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
