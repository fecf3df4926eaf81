/*
 * The gate: callbacks that write, and the world around them.
 */
#include "gate.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void gate_write(gate *g, const char *format, ...)
{
    size_t len = strlen(g->text);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(g->text + len, sizeof g->text - len, format, args);
    va_end(args);
    len = strlen(g->text);
    assert_true(len + 2 < sizeof g->text);
    g->text[len] = ' ';
    g->text[len + 1] = '\0';
}

void gate_forget(gate *g)
{
    g->text[0] = '\0';
}

void gate_is(gate *g, const char *expected)
{
    size_t len = strlen(g->text);
    if (len > 0)
        g->text[len - 1] = '\0';
    assert_string_equal(g->text, expected);
    gate_forget(g);
}

/* Logins are written down, without what differs from run to run. */
static void on_log(void *self, coax_log_level level, const char *event, const coax_log_pair *pairs,
                   size_t n_pairs)
{
    gate *g = self;
    (void)level;
    if (strncmp(event, "login_", 6) != 0 && strncmp(event, "session_", 8) != 0)
        return;
    gate_write(g, "[%s", event);
    for (size_t i = 0; i < n_pairs; i++) {
        assert_null(strstr(pairs[i].value, "right"));
        if (strcmp(pairs[i].key, "reason") == 0)
            (void)snprintf(g->log_reason, sizeof g->log_reason, "%s", pairs[i].value);
        if (strcmp(pairs[i].key, "principal") == 0 || strcmp(pairs[i].key, "user") == 0 ||
            strcmp(pairs[i].key, "mechanism") == 0)
            gate_write(g, "%s", pairs[i].value[0] != '\0' ? pairs[i].value : "-");
    }
    g->text[strlen(g->text) - 1] = '\0';
    gate_write(g, "]");
}

void gate_open(gate *g, uint64_t seed)
{
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    memset(g, 0, sizeof *g);
    g->url = "inproc://gate";
    g->sim = cx_sim_create(seed);
    assert_non_null(g->sim);
    options.log = on_log;
    options.log_self = g;
    g->loop = cx_sim_loop_create(g->sim, &options);
    assert_non_null(g->loop);
}

void gate_close(gate *g)
{
    assert_int_equal(coax_loop_destroy(g->loop), COAX_OK);
    assert_false(cx_sim_step(g->sim));
    cx_sim_destroy(g->sim);
}

static void on_connect(void *self, coax_peer peer)
{
    gate *g = self;
    size_t at = 0;
    assert_int_equal(coax_peer_session(peer, &g->session), COAX_OK);
    assert_int_not_equal(g->session.id, 0);
    (void)snprintf(g->principal, sizeof g->principal, "%s", g->session.principal);
    g->roles[0] = '\0';
    for (const char *const *role = g->session.roles; *role != NULL; role++) {
        assert_true(coax_peer_has_role(peer, *role));
        at += (size_t)snprintf(g->roles + at, sizeof g->roles - at, "%s,", *role);
    }
    g->data = coax_peer_data(peer);
    g->opened_ms = cx_sim_now(g->sim) / GATE_MS;
    gate_write(g, "+%s", g->principal[0] != '\0' ? g->principal : "nobody");
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    coax_session session;
    gate *g = self;
    assert_int_equal(coax_peer_session(peer, &session), COAX_OK);
    (void)reason;
    gate_write(g, "-%s", session.principal[0] != '\0' ? session.principal : "nobody");
}

void gate_on_login(void *self, coax_login login, const coax_credential *credential)
{
    gate *g = self;
    coax_error error = COAX_ERROR_INIT;
    coax_identity identity = COAX_IDENTITY_INIT;
    static const char *const roles[] = { "guest", NULL };
    assert_true(g->n_asked < GATE_ASKED_MAX);
    assert_false(coax_peer_is_open(credential->peer));
    g->mechanism = credential->mechanism;
    g->asking = credential->peer;
    (void)snprintf(g->user, sizeof g->user, "%s", credential->user);
    assert_true(credential->secret.len < sizeof g->secret);
    memcpy(g->secret, credential->secret.data, credential->secret.len);
    g->secret[credential->secret.len] = '\0';
    g->asked[g->n_asked++] = login;
    gate_write(g, "?%s", coax_mechanism_name(credential->mechanism));
    identity.principal = g->identity != NULL           ? g->identity
                         : credential->user[0] != '\0' ? credential->user
                                                       : "somebody";
    identity.roles = roles;
    switch (g->answer) {
    case GATE_KEEPS: break;
    case GATE_ACCEPTS:
        assert_int_equal(coax_login_accept(login, &identity, &error), COAX_OK);
        break;
    case GATE_REFUSES: assert_int_equal(coax_login_refuse(login, "not today"), COAX_OK); break;
    case GATE_DEFERS: assert_int_equal(coax_login_defer(login, NULL), COAX_OK); break;
    case GATE_CLOSES_PEER:
        assert_int_equal(coax_peer_close(credential->peer, COAX_ERR_UNAVAILABLE, "no"), COAX_OK);
        assert_int_equal(coax_login_accept(login, &identity, &error), COAX_ERR_STALE);
        break;
    case GATE_CLOSES_SERVER:
        coax_server_close(g->server);
        assert_int_equal(coax_login_accept(login, &identity, &error), COAX_ERR_STALE);
        break;
    }
}

coax_server_options gate_server_options(gate *g)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.self = g;
    options.on_connect = on_connect;
    options.on_disconnect = on_disconnect;
    return options;
}

void gate_serve(gate *g, const coax_server_options *options)
{
    coax_error error = COAX_ERROR_INIT;
    if (coax_server_create(g->loop, options, &g->server, &error) != COAX_OK ||
        probe_serve(g->server, &g->probe) != COAX_OK ||
        coax_server_listen(g->server, g->url, &error) != COAX_OK)
        fail_msg("%s", error.text);
}

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    gate *g = self;
    uint32_t i = g->n_clients;
    while (i > 0 && g->clients[i - 1] !=
                        client) /* the newest: memory of one that has gone may be used again */
        i--;
    if (i > 0 && state == COAX_CLIENT_CLOSED)
        gate_write(g, "%u:closed:%s", (unsigned)(i - 1), coax_err_name(reason->code));
    else if (i > 0)
        gate_write(g, "%u:%s", (unsigned)(i - 1), coax_client_state_name(state));
    if (reason->code != COAX_OK)
        g->reason = *reason;
}

bool gate_on_secret(void *self, coax_client *client, char *buffer, size_t size)
{
    gate *g = self;
    g->n_secrets++;
    if (g->closes_in_secret)
        coax_client_close(client);
    if (g->secret_is != NULL)
        (void)snprintf(buffer, size, "%s", g->secret_is);
    return g->secret_is != NULL;
}

coax_client_options gate_client_options(gate *g)
{
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.self = g;
    options.on_state = on_state;
    return options;
}

coax_client_options gate_as(gate *g, const char *user, const char *password)
{
    coax_client_options client = gate_client_options(g);
    client.user = user;
    client.password = password;
    return client;
}

coax_client *gate_dial(gate *g, const coax_client_options *options)
{
    coax_error error = COAX_ERROR_INIT;
    assert_true(g->n_clients < GATE_CLIENTS_MAX);
    if (coax_client_create(g->loop, g->url, options, &g->clients[g->n_clients], &error) != COAX_OK)
        fail_msg("%s", error.text);
    return g->clients[g->n_clients++];
}

void gate_run(gate *g, uint64_t ms)
{
    cx_sim_run_until(g->sim, cx_sim_now(g->sim) + ms * GATE_MS);
}

static void on_added(void *self, const probe_probe_add_result *result)
{
    gate_write(self, "add %s", coax_err_name(result->err));
}

coax_err gate_add(gate *g, coax_client *client)
{
    probe_probe_add_request request = { .a = 1, .b = 2 };
    return probe_probe_add(client, &request, NULL, on_added, g);
}
