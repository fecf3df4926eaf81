/*
 * Clients: dialling, states, closing. What they call is gen.c's, how they wait is wait.c's.
 *
 * Read next: server.c.
 */
#include <string.h>

#include "node/client.h"
#include "node/options.h"
#include "node/turns.h"

static coax_client *client_of(cx_conn *conn)
{
    return conn->owner;
}

static void tell_state(coax_client *client, const coax_error *reason)
{
    static const coax_error none = COAX_ERROR_INIT;
    if (client->on_state != NULL)
        client->on_state(client->self, client, client->state, reason != NULL ? reason : &none);
}

static void run_freeing(void *self)
{
    coax_client *client = self;
    uv_mutex_t *mutex = &client->loop->shared.mutex;
    uv_mutex_lock(mutex);
    client->frees_later = client->n_posted > 0;
    bool later = client->frees_later;
    uv_mutex_unlock(mutex);
    if (!later)
        cx_client_free(client);
}

static void free_soon(coax_client *client)
{
    client->freeing.run = run_freeing;
    client->freeing.self = client;
    client->loop->net.defer(&client->loop->net, &client->freeing);
}

void cx_client_posted(coax_client *client)
{
    uv_mutex_lock(&client->loop->shared.mutex);
    client->n_posted++;
    uv_mutex_unlock(&client->loop->shared.mutex);
}

void cx_client_seen(coax_client *client)
{
    uv_mutex_lock(&client->loop->shared.mutex);
    bool frees = --client->n_posted == 0 && client->frees_later;
    uv_mutex_unlock(&client->loop->shared.mutex);
    if (frees)
        free_soon(client);
}

static void on_open(cx_conn *conn)
{
    coax_client *client = client_of(conn);
    client->state = COAX_CLIENT_OPEN;
    cx_count_add(&client->stats.opened, 1);
    tell_state(client, NULL);
}

static void on_writable(cx_conn *conn)
{
    coax_client *client = client_of(conn);
    if (client->on_writable != NULL)
        client->on_writable(client->self, client);
}

/* The core has logged it, and the call that it ended tells its caller. */
static void on_error(cx_conn *conn, const coax_error *what)
{
    (void)conn;
    (void)what;
}

static void on_ended(cx_conn *conn, const coax_error *why)
{
    coax_client *client = client_of(conn);
    cx_count_add(client->state == COAX_CLIENT_OPEN ? &client->stats.ended : &client->stats.failed,
                 1);
    client->state = COAX_CLIENT_CLOSED;
    client->conn = NULL;
    client->reason = cx_net_take(&client->loop->net, sizeof *client->reason);
    if (client->reason != NULL)
        *client->reason = *why;
    tell_state(client, why);
    if (client->is_released)
        free_soon(client);
}

static const cx_conn_owner owner_ops = { on_open, on_writable, on_error, NULL, on_ended };

void cx_client_free(coax_client *client)
{
    cx_net *net = &client->loop->net;
    cx_list_remove(&client->links);
    cx_registry_deinit(&client->registry);
    cx_stats_deinit(&client->stats);
    cx_net_release(net, client->reason);
    cx_net_release(net, client->name);
    cx_net_release(net, client->url);
    cx_net_release(net, client);
}

void cx_client_end(coax_client *client, coax_err calls_end, const char *words)
{
    if (client->conn != NULL)
        cx_endpoint_close(&client->conn->endpoint, COAX_ERR_CANCELLED, calls_end, words);
}

void cx_client_release(coax_client *client)
{
    if (client->is_released)
        return;
    client->is_released = true;
    if (client->conn != NULL)
        cx_client_end(client, COAX_ERR_CANCELLED, "the client was closed");
    else
        free_soon(client);
}

void coax_client_close(coax_client *client)
{
    if (client == NULL)
        return;
    if (client->is_dialled)
        cx_turns_close(client);
    else
        cx_client_release(client);
}

static coax_err take_options(coax_client_options *ret_options, const coax_client_options *options,
                             coax_error *error)
{
    coax_err rc = cx_options_take(ret_options, sizeof *ret_options, options, error);
    if (rc == COAX_OK)
        rc = cx_limits_resolve(&ret_options->limits, error);
    if (rc == COAX_OK)
        rc = cx_options_check_name(ret_options->name, error);
    if (rc != COAX_OK)
        return rc;
    if (ret_options->name == NULL)
        ret_options->name = "";
    if (ret_options->connect_timeout_ms == 0)
        ret_options->connect_timeout_ms = COAX_DEFAULT_CONNECT_TIMEOUT_MS;
    if (ret_options->call_timeout_ms == 0)
        ret_options->call_timeout_ms = COAX_DEFAULT_CALL_TIMEOUT_MS;
    return COAX_OK;
}

/* A client that dials nowhere yet. NULL: no memory. */
static coax_client *create(coax_loop *loop, const char *url, const coax_client_options *options)
{
    coax_client *client = cx_net_take(&loop->net, sizeof *client);
    if (client == NULL)
        return NULL;
    client->loop = loop;
    client->state = COAX_CLIENT_CONNECTING;
    client->name = cx_net_copy(&loop->net, options->name);
    client->url = cx_net_copy(&loop->net, url);
    client->self = options->self;
    client->on_state = options->on_state;
    client->on_writable = options->on_writable;
    cx_list_init(&client->links);
    cx_registry_init(&client->registry, &loop->core.host.pool);
    cx_stats_init(&client->stats, &loop->core.host.pool);
    client->config.role = CX_ROLE_CLIENT;
    client->config.name = client->name;
    client->config.limits = options->limits;
    client->config.registry = &client->registry;
    client->config.call_timeout_ms = options->call_timeout_ms;
    client->config.events = &cx_conn_events;
    client->config.stats = &client->stats;
    if (client->name != NULL && client->url != NULL)
        client->conn = cx_conn_create(loop, &client->config, &owner_ops, client);
    if (client->conn == NULL) {
        cx_client_free(client);
        return NULL;
    }
    cx_list_append(&loop->clients, &client->links);
    return client;
}

coax_err coax_client_create(coax_loop *loop, const char *url, const coax_client_options *options,
                            coax_client **ret_client, coax_error *error)
{
    coax_client_options chosen;
    cx_url parsed;
    if (loop == NULL || ret_client == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "a loop and a place for the client are "
                              "needed");
    if (loop->is_destroying)
        return coax_error_set(error, COAX_ERR_CLOSED, "the loop is being destroyed");
    coax_err rc = take_options(&chosen, options, error);
    if (rc == COAX_OK)
        rc = cx_url_parse(url, &parsed, error);
    if (rc != COAX_OK)
        return rc;
    coax_client *client = create(loop, url, &chosen);
    if (client == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a client");
    rc = cx_conn_dial(client->conn, &parsed, client->url, chosen.connect_timeout_ms, error);
    if (rc != COAX_OK) {
        cx_conn_discard(client->conn);
        cx_client_free(client);
        return rc;
    }
    *ret_client = client;
    return COAX_OK;
}

coax_client_state coax_client_get_state(const coax_client *client)
{
    return client->state;
}

coax_peer coax_client_peer(const coax_client *client)
{
    coax_peer none = { NULL, 0, 0 };
    return client->conn != NULL ? cx_endpoint_peer(&client->conn->endpoint) : none;
}

coax_loop *coax_client_loop(const coax_client *client)
{
    return client->loop;
}

cx_endpoint *cx_client_endpoint(coax_client *client, coax_error *error)
{
    if (client->conn != NULL)
        return &client->conn->endpoint;
    (void)coax_error_set(error, COAX_ERR_UNAVAILABLE, "the client is closed: %s",
                         client->reason != NULL ? client->reason->text
                                                : "no memory for the reason");
    return NULL;
}
