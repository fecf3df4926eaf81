/*
 * Metrics of real servers and clients: as text that Prometheus can read, and from other threads while calls go
 * on.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "probe.h"

enum { TEXT_MAX = 64 * 1024, CALLS = 20 };

/* A server on a loop that a thread of its own runs, and a client that waits. */
typedef struct house {
    coax_loop *loop;
    coax_server *server;
    coax_client *client;
    probe probe;
    uv_thread_t thread;
    char text[TEXT_MAX];
    size_t len;
} house;

static void run_loop(void *self)
{
    (void)coax_loop_run(self);
}

static int open_house(void **state)
{
    static house h;
    char url[300];
    memset(&h, 0, sizeof h);
    h.loop = coax_loop_create(NULL);
    assert_int_equal(coax_server_create(h.loop, NULL, &h.server, NULL), COAX_OK);
    assert_int_equal(probe_serve(h.server, &h.probe), COAX_OK);
    assert_int_equal(coax_server_listen(h.server, "tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(h.server, 0, url, sizeof url);
    assert_int_equal(uv_thread_create(&h.thread, run_loop, h.loop), 0);
    assert_int_equal(coax_dial(url, NULL, &h.client, NULL), COAX_OK);
    *state = &h;
    return 0;
}

static int close_house(void **state)
{
    house *h = *state;
    coax_client_close(h->client);
    coax_loop_stop(h->loop);
    assert_int_equal(uv_thread_join(&h->thread), 0);
    assert_int_equal(coax_loop_destroy(h->loop), COAX_OK);
    return 0;
}

static coax_err add(coax_client *client, uint32_t a, uint32_t b)
{
    probe_probe_add_request request = { .a = 1000000 + a, .b = b };
    probe_probe_add_result result;
    coax_err err = probe_probe_add_wait(client, &request, NULL, &result);
    probe_probe_add_result_free(&result);
    return err;
}

static void read_text(house *h, const coax_metrics_source *sources, size_t n)
{
    assert_int_equal(coax_metrics_prometheus_text(sources, n, h->text, sizeof h->text, &h->len),
                     COAX_OK);
    assert_true(h->len < sizeof h->text);
    assert_int_equal(strlen(h->text), h->len);
}

static bool has_line(const house *h, const char *line)
{
    size_t len = strlen(line);
    for (const char *at = strstr(h->text, line); at != NULL; at = strstr(at + 1, line)) {
        if ((at == h->text || at[-1] == '\n') && at[len] == '\n')
            return true;
    }
    return false;
}

/* The format's grammar, read strictly. */

static const char *skip_name(const char *at)
{
    assert_true(isalpha((unsigned char)*at) || *at == '_' || *at == ':');
    while (isalnum((unsigned char)*at) || *at == '_' || *at == ':')
        at++;
    return at;
}

static const char *skip_labels(const char *at)
{
    if (*at != '{')
        return at;
    do {
        at = skip_name(at + 1);
        assert_memory_equal(at, "=\"", 2);
        for (at += 2; *at != '"'; at++) {
            assert_true(*at != '\0' && *at != '\n');
            if (*at == '\\') {
                at++;
                assert_true(*at == '\\' || *at == '"' || *at == 'n');
            }
        }
        at++;
    } while (*at == ',');
    assert_int_equal(*at, '}');
    return at + 1;
}

typedef struct family {
    char name[100];
    char type[20];
} family;

/* A sample is the current family's own, or a histogram's parts. */
static void check_sample(const char *line, const family *current)
{
    const char *end = skip_name(line);
    size_t len = strlen(current->name);
    assert_true((size_t)(end - line) >= len);
    assert_memory_equal(line, current->name, len);
    char suffix[20];
    (void)snprintf(suffix, sizeof suffix, "%.*s", (int)(end - line - (ptrdiff_t)len), line + len);
    if (strcmp(current->type, "histogram") == 0)
        assert_true(strcmp(suffix, "_bucket") == 0 || strcmp(suffix, "_sum") == 0 ||
                    strcmp(suffix, "_count") == 0);
    else
        assert_string_equal(suffix, "");
    end = skip_labels(end);
    assert_int_equal(*end, ' ');
    char *behind = NULL;
    (void)strtod(end + 1, &behind);
    assert_true(behind != end + 1);
    assert_int_equal(*behind, '\n');
}

static void check_grammar(const char *text)
{
    family families[64];
    size_t n = 0;
    for (const char *at = text; *at != '\0'; at = strchr(at, '\n') + 1) {
        assert_non_null(strchr(at, '\n'));
        family next = { "", "" };
        if (sscanf(at, "# HELP %99s", next.name) == 1) {
            for (size_t i = 0; i < n; i++)
                assert_string_not_equal(families[i].name, next.name);
            assert_true(n < sizeof families / sizeof families[0]);
            families[n++] = next;
        } else if (sscanf(at, "# TYPE %99s %19s", next.name, next.type) == 2) {
            assert_string_equal(families[n - 1].name, next.name);
            families[n - 1] = next;
            bool is_counter = strcmp(next.type, "counter") == 0;
            size_t len = strlen(next.name);
            assert_int_equal(is_counter, len > 6 && strcmp(next.name + len - 6, "_total") == 0);
        } else {
            assert_true(n > 0);
            check_sample(at, &families[n - 1]);
        }
    }
    assert_true(n > 20);
}

static void the_text_keeps_to_the_grammar(void **state)
{
    house *h = *state;
    const coax_metrics_source sources[] = { { "server", h->server, NULL },
                                            { "client", NULL, h->client } };
    for (uint32_t i = 0; i < CALLS; i++)
        assert_int_equal(add(h->client, 0, i * 20), COAX_OK);
    probe_probe_note_request note = { .number = 3 };
    assert_int_equal(probe_probe_note(h->client, &note, NULL), COAX_OK);
    assert_int_equal(add(h->client, 0, 0), COAX_OK); /* the note has arrived */
    read_text(h, sources, 2);
    check_grammar(h->text);
    assert_true(has_line(h, "# TYPE coax_calls_ended_total counter"));
    assert_true(has_line(h, "# TYPE coax_call_duration_seconds histogram"));
    assert_true(has_line(h, "coax_connections_open{source=\"server\"} 1"));
    assert_true(has_line(h, "coax_connections_accepted_total{source=\"server\"} 1"));
    assert_false(has_line(h, "coax_connections_accepted_total{source=\"client\"} 0"));
    assert_true(has_line(h, "coax_calls_started_total{method=\"probe.Probe.add\",direction=\"in\","
                            "source=\"server\"} 21"));
    assert_true(has_line(h, "coax_calls_ended_total{method=\"probe.Probe.add\",direction=\"out\","
                            "code=\"ok\",source=\"client\"} 21"));
    assert_true(has_line(h, "coax_calls_ended_total{method=\"probe.Probe.note\",direction=\"in\","
                            "code=\"ok\",source=\"server\"} 1"));
    assert_true(has_line(h, "coax_call_duration_seconds_count{method=\"probe.Probe.add\","
                            "direction=\"in\",source=\"server\"} 21"));
    assert_null(strstr(h->text, "seconds_count{method=\"probe.Probe.note\""));
}

static void buckets_of_a_histogram_only_rise(void **state)
{
    house *h = *state;
    const coax_metrics_source source = { NULL, NULL, h->client };
    static const char begin[] = "coax_call_duration_seconds_bucket{method=\"probe.Probe.add\","
                                "direction=\"out\",le=\"";
    for (uint32_t i = 0; i < CALLS; i++)
        assert_int_equal(add(h->client, 0, i * 20), COAX_OK);
    read_text(h, &source, 1);
    check_grammar(h->text);
    double bound = 0;
    unsigned long count = 0;
    unsigned n = 0;
    for (const char *at = strstr(h->text, begin); at != NULL; at = strstr(at + 1, begin)) {
        double next_bound = strtod(at + strlen(begin), NULL);
        unsigned long next = strtoul(strstr(at, "\"} ") + 3, NULL, 10);
        assert_true(next_bound > bound);
        assert_true(next >= count);
        bound = next_bound;
        count = next;
        n++;
    }
    assert_int_equal(n, COAX_METRICS_BUCKETS);
    assert_int_equal(count, CALLS);
    assert_non_null(strstr(h->text, "le=\"0.000008\"}"));
    assert_non_null(strstr(h->text, "le=\"67.108864\"}"));
    assert_non_null(strstr(h->text, "le=\"+Inf\"}"));
}

static void codes_are_labels(void **state)
{
    house *h = *state;
    const coax_metrics_source source = { NULL, h->server, NULL };
    probe_probe_fail_request request = { .code = COAX_ERR_NOT_FOUND,
                                         .words = { "no", sizeof "no" - 1 } };
    probe_probe_fail_result result;
    assert_int_equal(probe_probe_fail_wait(h->client, &request, NULL, &result), COAX_ERR_NOT_FOUND);
    probe_probe_fail_result_free(&result);
    read_text(h, &source, 1);
    check_grammar(h->text);
    assert_true(has_line(h, "coax_calls_ended_total{method=\"probe.Probe.fail\",direction=\"in\","
                            "code=\"not_found\"} 1"));
    assert_true(has_line(h, "coax_calls_ended_total{method=\"probe.Probe.fail\",direction=\"in\","
                            "code=\"ok\"} 0"));
}

static void a_name_with_quotes_and_newlines_is_escaped(void **state)
{
    house *h = *state;
    const coax_metrics_source source = { "a \"b\"\\c\nd", h->server, NULL };
    read_text(h, &source, 1);
    check_grammar(h->text);
    assert_true(has_line(h, "coax_connections_open{source=\"a \\\"b\\\"\\\\c\\nd\"} 1"));
}

static bool stop_at_once(void *self, const char *text, size_t len)
{
    uint32_t *n = self;
    (void)text;
    (void)len;
    ++*n;
    return false;
}

static void what_cannot_be_told_is_refused(void **state)
{
    house *h = *state;
    uint32_t n = 0;
    const coax_metrics_source twins[] = { { "x", h->server, NULL }, { "x", NULL, h->client } };
    const coax_metrics_source nameless[] = { { NULL, h->server, NULL }, { NULL, NULL, h->client } };
    const coax_metrics_source neither = { "x", NULL, NULL };
    const coax_metrics_source both = { "x", h->server, h->client };
    const coax_metrics_source no_text = { "\xff", h->server, NULL };
    assert_int_equal(coax_metrics_prometheus(twins, 2, stop_at_once, &n),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_metrics_prometheus(nameless, 2, stop_at_once, &n),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_metrics_prometheus(&neither, 1, stop_at_once, &n), COAX_ERR_MISUSE);
    assert_int_equal(coax_metrics_prometheus(&both, 1, stop_at_once, &n), COAX_ERR_MISUSE);
    assert_int_equal(coax_metrics_prometheus(&no_text, 1, stop_at_once, &n),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_metrics_prometheus(NULL, 1, stop_at_once, &n), COAX_ERR_MISUSE);
    assert_int_equal(coax_metrics_prometheus(&twins[0], 1, NULL, &n), COAX_ERR_MISUSE);
    assert_int_equal(n, 0);
    assert_int_equal(coax_metrics_prometheus(&twins[0], 1, stop_at_once, &n), COAX_ERR_CANCELLED);
    assert_int_equal(n, 1);
}

static void a_short_buffer_is_cut_and_told_how_much_there_is(void **state)
{
    house *h = *state;
    const coax_metrics_source source = { NULL, h->server, NULL };
    size_t whole = 0;
    size_t len = 0;
    char few[10] = "zzzzzzzzz";
    assert_int_equal(coax_metrics_prometheus_text(&source, 1, NULL, 0, &whole), COAX_OK);
    assert_true(whole > 1000);
    assert_int_equal(coax_metrics_prometheus_text(&source, 1, few, sizeof few, &len), COAX_OK);
    assert_int_equal(len, whole);
    assert_string_equal(few, "# HELP co");
}

static void null_is_told_apart(void **state)
{
    coax_metrics metrics = COAX_METRICS_INIT;
    coax_metrics sizeless = { 0 };
    coax_peer_metrics of_peer = COAX_PEER_METRICS_INIT;
    const coax_peer nobody = { NULL, 0, 0 };
    house *h = *state;
    assert_int_equal(coax_server_read_metrics(NULL, &metrics), COAX_ERR_MISUSE);
    assert_int_equal(coax_client_read_metrics(NULL, &metrics), COAX_ERR_MISUSE);
    assert_int_equal(coax_server_read_metrics(h->server, &sizeless), COAX_ERR_MISUSE);
    assert_int_equal(coax_peer_read_metrics(nobody, &of_peer), COAX_ERR_STALE);
    coax_server_each_method(NULL, NULL, NULL);
    coax_client_each_event(NULL, NULL, NULL);
}

static void a_connection_is_read_on_its_loop(void **state)
{
    house *h = *state;
    coax_peer_metrics metrics = COAX_PEER_METRICS_INIT;
    assert_int_equal(add(h->client, 1, 2), COAX_OK);
    assert_int_equal(coax_peer_read_metrics(coax_client_peer(h->client), &metrics), COAX_OK);
    coax_metrics sums = COAX_METRICS_INIT;
    assert_int_equal(coax_client_read_metrics(h->client, &sums), COAX_OK);
    assert_true(metrics.bytes_sent > 0 && metrics.bytes_sent == sums.bytes_sent);
    assert_int_equal(metrics.bytes_received, sums.bytes_received);
    assert_int_equal(metrics.frames_sent, sums.frames_sent);
    assert_int_equal(metrics.calls, 0);
    assert_int_equal(metrics.queued_bytes, 0);
}

/* Threads that call, while this one reads. */
typedef struct caller {
    coax_client *client;
    uv_thread_t thread;
    coax_err last;
} caller;

static void call_often(void *self)
{
    caller *c = self;
    for (uint32_t i = 0; i < 300; i++)
        c->last = add(c->client, 0, i * 20);
}

static void check_row(void *self, const coax_method_metrics *row)
{
    uint64_t *last = self;
    uint64_t ended = 0;
    for (unsigned i = 0; i < COAX_METRICS_CODES; i++)
        ended += row->ended[i];
    assert_true(row->started >= ended);
    assert_int_equal(row->active, row->started - ended);
    assert_true(row->started >= *last);
    *last = row->started;
}

static void numbers_are_read_from_any_thread_while_calls_go_on(void **state)
{
    house *h = *state;
    caller callers[2];
    uint64_t last_in = 0;
    uint64_t last_out = 0;
    const coax_metrics_source sources[] = { { "server", h->server, NULL },
                                            { "client", NULL, h->client } };
    for (int i = 0; i < 2; i++) {
        callers[i] = (caller){ .client = h->client };
        assert_int_equal(uv_thread_create(&callers[i].thread, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < 100; i++) {
        coax_server_each_method(h->server, check_row, &last_in);
        coax_client_each_method(h->client, check_row, &last_out);
        if (i % 20 == 0)
            read_text(h, sources, 2);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(uv_thread_join(&callers[i].thread), 0);
        assert_int_equal(callers[i].last, COAX_OK);
    }
    coax_client_each_method(h->client, check_row, &last_out);
    assert_int_equal(last_out, 600);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_text_keeps_to_the_grammar),
        TEST(buckets_of_a_histogram_only_rise),
        TEST(codes_are_labels),
        TEST(a_name_with_quotes_and_newlines_is_escaped),
        TEST(what_cannot_be_told_is_refused),
        TEST(a_short_buffer_is_cut_and_told_how_much_there_is),
        TEST(null_is_told_apart),
        TEST(a_connection_is_read_on_its_loop),
        TEST(numbers_are_read_from_any_thread_while_calls_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
