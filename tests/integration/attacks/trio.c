/*
 * Sets the three up, lets time pass, and says what became of a connection.
 */
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/env_system.h"
#include "node/shell_sim.h"
#include "trio.h"

#define MS UINT64_C(1000000)
#define HEAD 16

const uint8_t trio_server_secret[32] = { 1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                         12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
                                         23, 24, 25, 26, 27, 28, 29, 30, 31, 32 };
const uint8_t trio_psk[32] = "thirty-two bytes that both know";

/* Memory, counted. */

static size_t bytes_now;
static size_t bytes_most;

static void *counted_resize(void *self, void *old, size_t size)
{
    size_t was = 0;
    uint8_t *block = old != NULL ? (uint8_t *)old - HEAD : NULL;
    (void)self;
    if (block != NULL)
        memcpy(&was, block, sizeof was);
    uint8_t *moved = realloc(block, size + HEAD);
    if (moved == NULL)
        return NULL;
    memcpy(moved, &size, sizeof size);
    bytes_now += size - was;
    if (bytes_now > bytes_most)
        bytes_most = bytes_now;
    return moved + HEAD;
}

static void counted_release(void *self, void *memory)
{
    size_t size;
    (void)self;
    if (memory == NULL)
        return;
    memcpy(&size, (uint8_t *)memory - HEAD, sizeof size);
    bytes_now -= size;
    free((uint8_t *)memory - HEAD);
}

static const coax_allocator counted = { NULL, counted_resize, counted_release };

size_t trio_bytes(void)
{
    return bytes_now;
}

size_t trio_most(void)
{
    return bytes_most;
}

void trio_mark(void)
{
    bytes_most = bytes_now;
}

/* What the ends are told. */

static coax_err code_of(const char *name)
{
    for (int code = 0; code < 200; code++) {
        if (strcmp(coax_err_name((coax_err)code), name) == 0)
            return (coax_err)code;
    }
    return COAX_OK;
}

/* The end of a connection that was never open: only the log knows of it in every case. */
static void note_failed(trio *t, const coax_log_pair *pairs, size_t n_pairs)
{
    coax_error why = COAX_ERROR_INIT;
    bool is_server = false;
    for (size_t i = 0; i < n_pairs; i++) {
        if (strcmp(pairs[i].key, "side") == 0)
            is_server = strcmp(pairs[i].value, "server") == 0;
        else if (strcmp(pairs[i].key, "code") == 0)
            why.code = code_of(pairs[i].value);
        else if (strcmp(pairs[i].key, "reason") == 0)
            (void)snprintf(why.text, sizeof why.text, "%s", pairs[i].value);
    }
    if (is_server && t->now.n_connects == 0)
        t->now.server = why;
}

static void keep_log(void *self, coax_log_level level, const char *event,
                     const coax_log_pair *pairs, size_t n_pairs)
{
    trio *t = self;
    if (strcmp(event, "connection_failed") == 0)
        note_failed(t, pairs, n_pairs);
    if (TRIO_LOG_MAX - t->log_len < 4096)
        return;
    char *at = t->log + t->log_len;
    size_t room = TRIO_LOG_MAX - t->log_len;
    int n = snprintf(at, room, "%s %s", coax_log_level_name(level), event);
    for (size_t i = 0; i < n_pairs && (size_t)n < room; i++)
        n += snprintf(at + n, room - (size_t)n, " %s=%s", pairs[i].key, pairs[i].value);
    if ((size_t)n < room)
        n += snprintf(at + n, room - (size_t)n, "\n");
    t->log_len += (size_t)n < room ? (size_t)n : room - 1;
}

static void on_connect(void *self, coax_peer peer)
{
    (void)peer;
    ((trio *)self)->now.n_connects++;
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    trio *t = self;
    (void)peer;
    t->now.n_disconnects++;
    t->now.server = *reason;
}

static void on_error(void *self, coax_peer peer, const coax_error *what)
{
    trio *t = self;
    (void)peer;
    (void)what;
    t->now.n_errors++;
}

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    trio *t = self;
    if (client != t->client)
        return;
    if (state == COAX_CLIENT_OPEN)
        t->now.n_opened++;
    if (state == COAX_CLIENT_CLOSED && t->now.n_closed++ == 0)
        t->now.client = *reason;
}

/* Setting up. */

static void open_loop(trio *t)
{
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    options.allocator = &counted;
    options.log = keep_log;
    options.log_self = t;
    options.log_level = COAX_LOG_DEBUG;
    if (t->sim != NULL)
        t->loop = cx_sim_loop_create(t->sim, &options);
    else
        t->loop = coax_loop_create(&options);
    assert_non_null(t->loop);
}

static coax_err open_server(trio *t, const coax_server_options *options, coax_error *error)
{
    coax_server_options chosen = COAX_SERVER_OPTIONS_INIT;
    coax_key *key = NULL;
    if (options != NULL)
        chosen = *options;
    if (chosen.accepts_per_s == 0)
        chosen.accepts_per_s = COAX_NEVER_MS; /* a sweep comes from one address, in no time */
    chosen.self = t;
    chosen.on_connect = on_connect;
    chosen.on_disconnect = on_disconnect;
    chosen.on_error = on_error;
    coax_err rc = coax_key_from_bytes(trio_server_secret, &key, error);
    if (rc != COAX_OK)
        return rc;
    coax_key_id(key, t->id);
    if (t->way != TRIO_PLAIN)
        chosen.key = key;
    if (t->way == TRIO_PSK)
        chosen.psk = (coax_bytes){ trio_psk, sizeof trio_psk };
    rc = coax_server_create(t->loop, &chosen, &t->server, error);
    coax_key_free(key);
    if (rc == COAX_OK)
        rc = ledger_serve(t);
    return rc;
}

/* A client that can reach the server, whatever the way. */
static void choose_options(trio *t)
{
    t->options = (coax_client_options)COAX_CLIENT_OPTIONS_INIT;
    if (t->way == TRIO_IK)
        t->options.server_id = t->id;
    else if (t->way != TRIO_PLAIN)
        t->options.trust = COAX_TRUST_ANY;
    if (t->way == TRIO_PSK)
        t->options.psk = (coax_bytes){ trio_psk, sizeof trio_psk };
}

void trio_open(trio *t, trio_way way, bool is_real, uint64_t seed,
               const coax_server_options *server)
{
    coax_error error = COAX_ERROR_INIT;
    char url[CX_URL_PRINT_MAX];
    const char *scheme = way == TRIO_PLAIN ? "plain+tcp" : "tcp";
    memset(t, 0, sizeof *t);
    t->bytes_before = bytes_now;
    t->n_clients = 70000; /* so that all take as many bytes */
    t->way = way;
    t->seed = seed;
    t->log = malloc(TRIO_LOG_MAX);
    t->sim = is_real ? NULL : cx_sim_create(seed);
    assert_true(t->log != NULL && (is_real || t->sim != NULL));
    t->log[0] = '\0';
    open_loop(t);
    coax_err rc = open_server(t, server, &error);
    (void)snprintf(url, sizeof url, "%s://%s", scheme, is_real ? "127.0.0.1:0" : "server:7");
    if (rc == COAX_OK)
        rc = coax_server_listen(t->server, url, &error);
    if (rc != COAX_OK)
        fail_msg("the server: %s", error.text);
    (void)coax_server_address(t->server, 0, t->url, sizeof t->url);
    (void)snprintf(url, sizeof url, "%s://%s", scheme, is_real ? "127.0.0.1:0" : "mitm:7");
    mitm_open(&t->mitm, t->loop, url, t->url);
    choose_options(t);
}

void trio_close(trio *t)
{
    coax_client_close(t->client);
    mitm_close(&t->mitm);
    assert_int_equal(coax_loop_destroy(t->loop), COAX_OK);
    mitm_forget(&t->mitm);
    assert_null(t->mitm.first);
    cx_sim_destroy(t->sim);
    free(t->log);
    assert_int_equal(bytes_now, t->bytes_before);
}

void trio_connect(trio *t)
{
    coax_error error = COAX_ERROR_INIT;
    char url[CX_URL_PRINT_MAX];
    assert_null(t->client);
    ledger_begin(t);
    t->log_len = 0;
    t->log[0] = '\0';
    t->options.self = t;
    t->options.on_state = on_state;
    (void)snprintf(url, sizeof url, "%s", t->mitm.url);
    if (coax_client_create(t->loop, url, &t->options, &t->client, &error) != COAX_OK)
        fail_msg("the client: %s", error.text);
}

void trio_connect_under(trio *t, const deed *one)
{
    deeds_set(&t->deeds, &t->mitm, one, t->seed + t->n_clients);
    trio_connect(t);
}

/* Time. */

uint64_t trio_now(const trio *t)
{
    return cx_loop_now(t->loop);
}

void trio_step(trio *t)
{
    if (t->sim != NULL) {
        (void)cx_sim_step(t->sim);
        return;
    }
    int wait_ms = coax_loop_timeout_ms(t->loop);
    struct pollfd fd = { .fd = coax_loop_fd(t->loop), .events = POLLIN };
    (void)poll(&fd, 1, wait_ms >= 0 && wait_ms < 10 ? wait_ms : 10);
    assert_int_equal(coax_loop_process(t->loop), COAX_OK);
}

bool trio_until(trio *t, bool (*is_so)(const trio *t), uint32_t ms)
{
    uint64_t end = trio_now(t) + ms * MS;
    while (!is_so(t)) {
        if (trio_now(t) >= end)
            return false;
        if (t->sim != NULL && !cx_sim_step(t->sim))
            return is_so(t);
        if (t->sim == NULL)
            trio_step(t);
    }
    return true;
}

static bool is_never(const trio *t)
{
    (void)t;
    return false;
}

void trio_wait(trio *t, uint32_t ms)
{
    if (t->sim != NULL)
        cx_sim_run_until(t->sim, trio_now(t) + ms * MS);
    else
        (void)trio_until(t, is_never, ms);
}

bool trio_is_open(const trio *t)
{
    return t->now.n_opened > 0;
}

bool trio_is_closed(const trio *t)
{
    return t->now.n_closed > 0;
}

bool trio_is_decided(const trio *t)
{
    return trio_is_open(t) || trio_is_closed(t);
}

bool trio_is_answered(const trio *t)
{
    for (uint32_t i = 0; i < t->now.n_asked; i++) {
        if (t->asks[i].n_ends == 0)
            return false;
    }
    return true;
}

bool trio_is_settled(const trio *t)
{
    if (!trio_is_answered(t))
        return false;
    return t->now.n_closed > 0 ? t->mitm.n_open == 0 : t->now.n_asked > 0;
}

bool trio_is_quiet(const trio *t)
{
    return t->mitm.n_open == 0 && coax_server_n_peers(t->server) == 0;
}

void trio_leave(trio *t)
{
    coax_client_close(t->client);
    t->client = NULL;
    t->mitm.script = NULL;
    t->mitm.crumbles = false;
    if (!trio_until(t, trio_is_quiet, 60000))
        ledger_wrong(t, "a connection is left behind");
    ledger_check(t);
}

void trio_check(trio *t)
{
    char words[200];
    if (t->now.wrong[0] != '\0')
        fail_msg("seed %llu, client %u, %s: %s", (unsigned long long)t->seed,
                 (unsigned)t->n_clients, deed_print(&t->deeds.list[0], words), t->now.wrong);
}

void trio_check_server(trio *t)
{
    const coax_client_options was = t->options;
    choose_options(t);
    trio_connect(t);
    trio_talk(t, 3, false);
    if (t->now.n_good != 2 || t->now.n_heard != 5)
        fail_msg("the next client did not find the server well: %s", t->now.client.text);
    trio_leave(t);
    trio_check(t);
    mitm_forget(&t->mitm);
    t->options = was;
}

bool trio_logged(const trio *t, const char *text)
{
    return strstr(t->log, text) != NULL;
}
