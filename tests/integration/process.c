/*
 * Children and what they do. Read next: killed_test.c.
 */
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe.h"
#include "process.h"

process process_start(process_fn run, const char *argument)
{
    int ends[2];
    process p = { 0, -1 };
    assert_int_equal(pipe(ends), 0);
    p.pid = fork();
    assert_true(p.pid >= 0);
    if (p.pid == 0) {
        close(ends[0]);
        run(ends[1], argument);
        _exit(0);
    }
    close(ends[1]);
    p.from = ends[0];
    return p;
}

void process_say(int say, const char *text)
{
    char line[400];
    int n = snprintf(line, sizeof line, "%s\n", text);
    if (n < 0 || write(say, line, (size_t)n) != n)
        _exit(1);
}

void process_hear(process *p, char *line, size_t size)
{
    for (size_t n = 0; n < size; n++) {
        if (read(p->from, &line[n], 1) != 1)
            fail_msg("the other process ended");
        if (line[n] == '\n') {
            line[n] = '\0';
            return;
        }
    }
    fail_msg("the other process says too much");
}

void process_signal(const process *p, int number)
{
    assert_int_equal(kill(p->pid, number), 0);
}

void process_finish(process *p)
{
    int status = 0;
    assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    close(p->from);
}

void process_kill(process *p)
{
    int status = 0;
    assert_int_equal(kill(p->pid, SIGKILL), 0);
    assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
    assert_true(WIFSIGNALED(status));
    close(p->from);
}

typedef struct serving {
    probe probe; /* first: it is the hooks' self */
    int say;
} serving;

static void say_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    serving *s = self;
    uint32_t n_live = 0;
    char address[300];
    (void)reason;
    for (uint32_t i = 0; i < s->probe.n_held; i++)
        n_live += coax_call_is_live(s->probe.held[i]) ? 1 : 0;
    if (n_live > 0)
        process_say(s->say, "disconnect with live calls");
    else if (coax_peer_address(peer, address, sizeof address) == 0)
        process_say(s->say, "disconnect of nobody");
    else
        process_say(s->say, "disconnect");
}

void process_serve(int say, const char *url)
{
    static serving s;
    char address[300];
    coax_server *server = NULL;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    s.say = say;
    options.self = &s;
    options.on_disconnect = say_disconnect;
    coax_loop *loop = coax_loop_create(NULL);
    if (coax_server_create(loop, &options, &server, NULL) != COAX_OK ||
        probe_serve(server, &s.probe) != COAX_OK ||
        coax_server_listen(server, url, NULL) != COAX_OK)
        return;
    (void)coax_server_address(server, 0, address, sizeof address);
    process_say(say, address);
    (void)coax_loop_run(loop);
}

static void say_state(void *self, coax_server *server, coax_server_state state)
{
    const serving *s = self;
    char line[40];
    (void)server;
    (void)snprintf(line, sizeof line, "server %s", coax_server_state_name(state));
    process_say(s->say, line);
}

void process_serve_draining(int say, const char *url)
{
    static serving s;
    char address[300];
    coax_server *server = NULL;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    s.say = say;
    options.self = &s;
    options.on_state = say_state;
    coax_loop *loop = coax_loop_create(NULL);
    if (coax_loop_drain_on_signals(loop, 0) != COAX_OK ||
        coax_server_create(loop, &options, &server, NULL) != COAX_OK ||
        probe_serve(server, &s.probe) != COAX_OK ||
        coax_server_listen(server, url, NULL) != COAX_OK)
        return;
    (void)coax_server_address(server, 0, address, sizeof address);
    process_say(say, address);
    coax_err rc = coax_loop_run(loop);
    process_say(say, rc == COAX_OK ? "returned" : coax_err_name(rc));
    if (coax_loop_destroy(loop) != COAX_OK)
        _exit(1);
}

static void ignore(void *self, const probe_probe_hold_result *result)
{
    (void)self;
    (void)result;
}

static void say_held(void *self, const probe_probe_add_result *result)
{
    process_say(*(int *)self, result->err == COAX_OK ? "held" : "failed");
}

void process_hold(int say, const char *url)
{
    coax_client *client = NULL;
    coax_loop *loop = coax_loop_create(NULL);
    probe_probe_hold_request hold = { .ticket = 1 };
    probe_probe_add_request add = { .a = 1, .b = 1 };
    if (coax_client_create(loop, url, NULL, &client, NULL) != COAX_OK)
        return;
    for (int i = 0; i < 3; i++)
        if (probe_probe_hold(client, &hold, NULL, ignore, NULL) != COAX_OK)
            return;
    if (probe_probe_add(client, &add, NULL, say_held, &say) == COAX_OK)
        (void)coax_loop_run(loop);
}
