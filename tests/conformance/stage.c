/*
 * Setting a stage up and calling on it. Read next: calls_test.c.
 */
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/shell_sim.h"
#include "stage.h"
#include "ask.h"

static char transport[32];
static bool is_encrypted;
static style chosen_style;
static char folder[64];
static unsigned n_names;

style stage_style(void)
{
    return chosen_style;
}

bool stage_is(const char *name)
{
    return strcmp(transport, name) == 0;
}

const char *stage_new_url(void)
{
    static char url[200];
    const char *plain = is_encrypted ? "" : "plain+";
    n_names++;
    if (stage_is("tcp6"))
        (void)snprintf(url, sizeof url, "%stcp://[::1]:0", plain);
    else if (stage_is("unix"))
        (void)snprintf(url, sizeof url, "%sunix://%s/%u", plain, folder, n_names);
    else if (stage_is("abstract"))
        (void)snprintf(url, sizeof url, "%sunix://@coax-%ld-%u", plain, (long)getpid(), n_names);
    else if (stage_is("inproc"))
        (void)snprintf(url, sizeof url, "inproc://conformance-%u", n_names);
    else
        (void)snprintf(url, sizeof url, "%stcp://127.0.0.1:0", plain);
    return url;
}

/* Whether the transport can listen here at all. */
static bool is_there(void)
{
    coax_error error = COAX_ERROR_INIT;
    coax_loop *loop = coax_loop_create(NULL);
    coax_server *server = NULL;
    coax_err rc = coax_server_create(loop, NULL, &server, &error);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, stage_new_url(), &error);
    (void)coax_loop_destroy(loop);
    if (rc != COAX_OK)
        (void)fprintf(stderr, "skipped: %s\n", error.text);
    return rc == COAX_OK;
}

int stage_choose(int argc, char **argv)
{
    static const char *const styles[] = { "callback", "posted", "dialled" };
    if (argc != 3)
        return 2;
    const char *dash = strchr(argv[1], '-');
    (void)snprintf(transport, sizeof transport, "%.*s",
                   dash != NULL ? (int)(dash - argv[1]) : (int)strlen(argv[1]), argv[1]);
    is_encrypted = dash != NULL && strcmp(dash, "-noise") == 0;
    for (int i = 0; i < 3; i++)
        if (strcmp(argv[2], styles[i]) == 0)
            chosen_style = (style)i;
    if (stage_is("unix")) {
        (void)snprintf(folder, sizeof folder, "/tmp/coax-conformance-XXXXXX");
        if (mkdtemp(folder) == NULL)
            return 2;
    }
    return stage_is("sim") || is_there() ? 0 : 77;
}

int stage_done(void)
{
    return folder[0] != '\0' && rmdir(folder) != 0 ? 1 : 0; /* a socket file was left behind */
}

static void run_loop(void *self)
{
    stage *s = self;
    (void)coax_loop_run(s->loop);
}

/* A server that listens; its address goes to `ret_url`. */
static coax_server *open_server(stage *s, const coax_server_options *options, probe *p,
                                char *ret_url, size_t size)
{
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_server_options counting = COAX_SERVER_OPTIONS_INIT;
    counting.name = "stage";
    counting.on_connect = probe_on_connect;
    counting.on_disconnect = probe_on_disconnect;
    counting.on_error = probe_on_error;
    counting.on_writable = probe_on_writable;
    counting.self = p;
    coax_err rc =
        coax_server_create(s->loop, options != NULL ? options : &counting, &server, &error);
    if (rc == COAX_OK)
        rc = probe_serve(server, p);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, stage_new_url(), &error);
    if (rc != COAX_OK)
        fail_msg("%s: %s", coax_err_name(rc), error.text);
    (void)coax_server_address(server, 0, ret_url, size);
    return server;
}

void stage_begin(stage *s)
{
    memset(s, 0, sizeof *s);
    s->style = chosen_style;
    s->sim = stage_is("sim") ? cx_sim_create(7) : NULL;
    s->loop = s->sim != NULL ? cx_sim_loop_create(s->sim, NULL) : coax_loop_create(NULL);
    assert_non_null(s->loop);
}

void stage_open_servers(stage *s, const coax_server_options *server)
{
    char second_url[300];
    coax_error error = COAX_ERROR_INIT;
    stage_begin(s);
    s->second = open_server(s, NULL, &s->second_probe, second_url, sizeof second_url);
    s->server = open_server(s, server, &s->probe, s->url, sizeof s->url);
    if (coax_client_create(s->loop, second_url, NULL, &s->between, &error) != COAX_OK)
        fail_msg("%s", error.text);
    s->probe.next = s->between;
}

static coax_err serve_client(stage *s)
{
    return s->serve_client != NULL ? s->serve_client(s->client, s->serves_self)
                                   : helper_serve(s->client);
}

void stage_open_client(stage *s, const coax_client_options *client)
{
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = COAX_OK;
    if (s->style != STYLE_DIALLED)
        rc = coax_client_create(s->loop, s->url, client, &s->client, &error);
    if (s->client != NULL)
        assert_int_equal(serve_client(s), COAX_OK); /* before the thread has the loop */
    if (s->style != STYLE_CALLBACK) {
        s->has_thread = true;
        assert_int_equal(uv_thread_create(&s->thread, run_loop, s), 0);
    }
    if (s->style == STYLE_DIALLED)
        rc = coax_dial(s->url, client, &s->client, &error);
    if (rc == COAX_OK && s->style == STYLE_DIALLED)
        rc = serve_client(s);
    if (rc != COAX_OK)
        fail_msg("%s: %s", coax_err_name(rc), error.text);
}

void stage_open(stage *s, const coax_server_options *server, const coax_client_options *client)
{
    stage_open_servers(s, server);
    stage_open_client(s, client);
}

void stage_close(stage *s)
{
    if (s->style == STYLE_DIALLED)
        coax_client_close(s->client);
    if (s->has_thread) {
        coax_loop_stop(s->loop);
        assert_int_equal(uv_thread_join(&s->thread), 0);
    }
    assert_int_equal(coax_loop_destroy(s->loop), COAX_OK);
    cx_sim_destroy(s->sim);
}

void stage_step(stage *s, int most_ms)
{
    if (s->sim != NULL) {
        if (!cx_sim_step(s->sim))
            fail_msg("nothing is left to happen");
        return;
    }
    struct pollfd ready = { coax_loop_fd(s->loop), POLLIN, 0 };
    int wait_ms = coax_loop_timeout_ms(s->loop);
    if (most_ms >= 0 && (wait_ms < 0 || wait_ms > most_ms))
        wait_ms = most_ms;
    (void)poll(&ready, 1, wait_ms);
    assert_int_equal(coax_loop_process(s->loop), COAX_OK);
}

void stage_run_until(stage *s, const bool *flag)
{
    while (!*flag)
        stage_step(s, -1);
}

void stage_run_until_count(stage *s, const uint32_t *counter, uint32_t wanted)
{
    while (*counter < wanted)
        stage_step(s, -1);
    assert_int_equal(*counter, wanted);
}

void stage_run_some(stage *s)
{
    for (int i = 0; i < 10; i++) {
        if (s->sim != NULL)
            cx_sim_run_until(s->sim, cx_sim_now(s->sim) + 1000);
        else
            assert_int_equal(coax_loop_process(s->loop), COAX_OK);
    }
}

#define ASK_PROBE(method)                                                                          \
    ASK(ask_##method, probe_probe_##method##_result, probe_probe_##method##_request,               \
        probe_probe_##method)

ASK_PROBE(add)
ASK_PROBE(echo)
ASK_PROBE(grow)
ASK_PROBE(name)
ASK_PROBE(hold)
ASK_PROBE(release)
ASK_PROBE(fail)
ASK_PROBE(remaining)
ASK_PROBE(ask_back)
ASK_PROBE(hang_up)
ASK_PROBE(answer_twice)
ASK_PROBE(seen)
ASK(ask_absent, probe_absent_call_result, probe_absent_call_request, probe_absent_call)
