/*
 * What the library logs of the life of connections, as a program's own sink sees it.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "probe.h"

/* Events as lines: "level name key=value ..." */
typedef struct journal {
    char line[64][600];
    size_t n;
} journal;

static void keep(void *self, coax_log_level level, const char *event, const coax_log_pair *pairs,
                 size_t n_pairs)
{
    journal *j = self;
    assert_true(j->n < sizeof j->line / sizeof j->line[0]);
    char *line = j->line[j->n++];
    size_t size = sizeof j->line[0];
    for (const char *at = event; *at != '\0'; at++)
        assert_true(islower((unsigned char)*at) || *at == '_');
    int len = snprintf(line, size, "%s %s", coax_log_level_name(level), event);
    for (size_t i = 0; i < n_pairs; i++) {
        assert_string_not_equal(pairs[i].key, "time");
        assert_string_not_equal(pairs[i].key, "level");
        assert_string_not_equal(pairs[i].key, "event");
        len += snprintf(line + len, size - (size_t)len, " %s=%s", pairs[i].key, pairs[i].value);
    }
}

/* Whether a line begins so and has that in it. */
static bool has(const journal *j, const char *begin, const char *part)
{
    for (size_t i = 0; i < j->n; i++) {
        if (strncmp(j->line[i], begin, strlen(begin)) == 0 && strstr(j->line[i], part) != NULL)
            return true;
    }
    return false;
}

typedef struct stand {
    journal log;
    coax_loop *loop;
    coax_server *server;
    coax_client *client;
    probe probe;
    char url[300];
    coax_client_state awaited;
} stand;

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    stand *s = self;
    (void)client;
    (void)reason;
    if (state == s->awaited)
        coax_loop_stop(s->loop);
}

static void open_stand(stand *s, coax_log_level level, const coax_server_options *options)
{
    coax_loop_options loop = COAX_LOOP_OPTIONS_INIT;
    memset(s, 0, sizeof *s);
    loop.log = keep;
    loop.log_self = &s->log;
    loop.log_level = level;
    s->loop = coax_loop_create(&loop);
    assert_int_equal(coax_server_create(s->loop, options, &s->server, NULL), COAX_OK);
    assert_int_equal(probe_serve(s->server, &s->probe), COAX_OK);
    assert_int_equal(coax_server_listen(s->server, "tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(s->server, 0, s->url, sizeof s->url);
}

static void connect_until(stand *s, coax_client_options *options, coax_client_state state)
{
    options->self = s;
    options->on_state = on_state;
    s->awaited = state;
    assert_int_equal(coax_client_create(s->loop, s->url, options, &s->client, NULL), COAX_OK);
    assert_int_equal(coax_loop_run(s->loop), COAX_OK);
}

static void the_life_of_a_connection_is_told_on_both_sides(void **state)
{
    (void)state;
    stand s;
    coax_server_options server = COAX_SERVER_OPTIONS_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    server.name = "a server";
    options.name = "a client";
    open_stand(&s, COAX_LOG_INFO, &server);
    assert_true(has(&s.log, "info listening", s.url));
    connect_until(&s, &options, COAX_CLIENT_OPEN);
    assert_true(has(
        &s.log, "info connection_opened side=server address=tcp://127.0.0.1:", "name=a client"));
    assert_true(has(&s.log, "info connection_opened side=client", "name=a server"));
    s.awaited = COAX_CLIENT_CLOSED;
    coax_server_close(s.server);
    assert_int_equal(coax_loop_run(s.loop), COAX_OK);
    assert_true(has(&s.log, "info connection_closed side=server address=tcp://127.0.0.1:",
                    "code=unavailable reason=the server was closed"));
    assert_true(has(&s.log, "info connection_closed side=client", "the server was closed"));
    assert_int_equal(coax_loop_destroy(s.loop), COAX_OK);
}

static void what_anybody_can_listen_to_is_named_so(void **state)
{
    (void)state;
    stand s;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    open_stand(&s, COAX_LOG_INFO, NULL);
    assert_int_equal(coax_server_listen(s.server, "plain+tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(s.server, 1, s.url, sizeof s.url);
    assert_true(has(&s.log, "info listening address=plain+tcp://127.0.0.1:", s.url));
    connect_until(&s, &options, COAX_CLIENT_OPEN);
    assert_true(
        has(&s.log, "info connection_opened side=server address=plain+tcp://127.0.0.1:", ""));
    assert_true(
        has(&s.log, "info connection_opened side=client address=plain+tcp://127.0.0.1:", ""));
    assert_int_equal(coax_loop_destroy(s.loop), COAX_OK);
}

/* Wrong at both ends, and each hears what to change. */
static void who_comes_the_wrong_way_is_logged_with_its_address(void **state)
{
    (void)state;
    stand s;
    char url[300];
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    open_stand(&s, COAX_LOG_INFO, NULL);
    (void)snprintf(url, sizeof url, "plain+%.200s", s.url);
    (void)snprintf(s.url, sizeof s.url, "%s", url);
    connect_until(&s, &options, COAX_CLIENT_CLOSED);
    assert_true(
        has(&s.log, "warn bad_input address=tcp://127.0.0.1:", "only encrypted connections"));
    assert_true(has(&s.log, "info connection_failed side=client", "only encrypted connections"));
    assert_int_equal(coax_server_listen(s.server, "plain+tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(s.server, 1, url, sizeof url);
    (void)snprintf(s.url, sizeof s.url, "%s", url + strlen("plain+"));
    connect_until(&s, &options, COAX_CLIENT_CLOSED);
    assert_true(has(&s.log, "warn bad_input address=plain+tcp://127.0.0.1:", "wants encryption"));
    assert_true(has(&s.log, "info connection_failed side=client", "dials it with plain+ in front"));
    assert_int_equal(coax_loop_destroy(s.loop), COAX_OK);
}

static void who_finds_nobody_or_no_room_is_told(void **state)
{
    (void)state;
    stand s;
    coax_server_options server = COAX_SERVER_OPTIONS_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    server.max_connections = 1;
    open_stand(&s, COAX_LOG_INFO, &server);
    connect_until(&s, &options, COAX_CLIENT_OPEN);
    connect_until(&s, &options, COAX_CLIENT_CLOSED);
    assert_true(has(&s.log, "warn server_full", "max_connections"));
    assert_true(has(&s.log, "info connection_failed side=client", "max_connections"));
    assert_int_equal(coax_loop_destroy(s.loop), COAX_OK);
}

static void a_client_that_gives_up_says_so(void **state)
{
    (void)state;
    stand s;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    open_stand(&s, COAX_LOG_INFO, NULL);
    coax_server_close(s.server);
    options.reconnects = true;
    options.max_attempts = 2;
    options.backoff_min_ms = 1;
    connect_until(&s, &options, COAX_CLIENT_CLOSED);
    assert_true(has(&s.log, "info reconnect_waiting", "wait_ms="));
    assert_true(has(&s.log, "error reconnect_given_up", s.url));
    assert_int_equal(coax_loop_destroy(s.loop), COAX_OK);
}

static void what_is_less_urgent_than_asked_for_is_not_told(void **state)
{
    (void)state;
    stand s;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    open_stand(&s, COAX_LOG_WARN, NULL);
    connect_until(&s, &options, COAX_CLIENT_OPEN);
    assert_int_equal(coax_loop_destroy(s.loop), COAX_OK);
    assert_int_equal(s.log.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_life_of_a_connection_is_told_on_both_sides),
        cmocka_unit_test(what_anybody_can_listen_to_is_named_so),
        cmocka_unit_test(who_comes_the_wrong_way_is_logged_with_its_address),
        cmocka_unit_test(who_finds_nobody_or_no_room_is_told),
        cmocka_unit_test(a_client_that_gives_up_says_so),
        cmocka_unit_test(what_is_less_urgent_than_asked_for_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
