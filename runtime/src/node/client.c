/*
 * Clients: made from options, closed, freed. Their connections are reconnect.c's, what they call is
 * gen.c's, how they wait is wait.c's.
 *
 * Read next: reconnect.c, server.c.
 */
#include <string.h>

#include "node/client.h"
#include "node/options.h"
#include "node/turns.h"
#include "node/workers.h"

static void run_freeing(void *self)
{
    coax_client *client = self;
    if (cx_workers_are_busy(client->config.workers))
        return; /* its handlers have not all returned: cx_client_on_idle */
    uv_mutex_t *mutex = &client->loop->shared.mutex;
    uv_mutex_lock(mutex);
    client->frees_later = client->n_posted > 0;
    bool later = client->frees_later;
    uv_mutex_unlock(mutex);
    if (!later)
        cx_client_free(client);
}

void cx_client_free_soon(coax_client *client)
{
    client->freeing.run = run_freeing;
    client->freeing.self = client;
    client->loop->net.defer(&client->loop->net, &client->freeing);
}

void cx_client_on_idle(void *self)
{
    coax_client *client = self;
    if (client->is_released && client->state == COAX_CLIENT_CLOSED)
        cx_client_free_soon(client);
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
        cx_client_free_soon(client);
}

void cx_client_free(coax_client *client)
{
    cx_net *net = &client->loop->net;
    cx_client_discard(client);
    cx_subscriber_deinit(&client->subscriber);
    cx_workers_free(client->config.workers);
    cx_list_remove(&client->links);
    cx_registry_deinit(&client->registry);
    cx_interceptors_deinit(&client->interceptors);
    cx_stats_deinit(&client->stats);
    cx_trust_free(client->trust, client->loop);
    cx_secrets_free(&client->secrets, net);
    cx_net_release(net, client->name);
    cx_net_release(net, client->url);
    cx_net_release(net, client);
}

void cx_client_release(coax_client *client)
{
    static const coax_error why = { COAX_ERR_CANCELLED, "the client was closed" };
    if (client->is_released)
        return;
    client->is_released = true;
    if (client->state == COAX_CLIENT_CLOSED)
        cx_client_free_soon(client);
    else
        cx_client_end(client, &why, COAX_ERR_CANCELLED);
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

/* What only reconnecting looks at is refused without it, rather than ignored. */
static coax_err take_backoff(coax_client_options *options, coax_error *error)
{
    const char *name = options->backoff_min_ms != 0   ? "backoff_min_ms"
                       : options->backoff_max_ms != 0 ? "backoff_max_ms"
                       : options->max_attempts != 0   ? "max_attempts"
                                                      : NULL;
    if (!options->reconnects && name != NULL)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `%s` needs `reconnects`; set that, or leave it out", name);
    if (options->backoff_min_ms == COAX_NEVER_MS || options->backoff_max_ms == COAX_NEVER_MS)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `%s` can't be COAX_NEVER_MS; a client that is not to dial "
                              "again leaves `reconnects` out",
                              options->backoff_min_ms == COAX_NEVER_MS ? "backoff_min_ms"
                                                                       : "backoff_max_ms");
    cx_options_default(&options->backoff_min_ms, 100);
    if (options->backoff_max_ms == 0)
        options->backoff_max_ms = options->backoff_min_ms > 30000 ? options->backoff_min_ms : 30000;
    if (options->backoff_max_ms < options->backoff_min_ms)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `backoff_max_ms` (%u) is less than `backoff_min_ms` (%u)",
                              options->backoff_max_ms, options->backoff_min_ms);
    return COAX_OK;
}

static coax_err take_options(coax_client_options *ret_options, const coax_client_options *options,
                             coax_error *error)
{
    coax_err rc = cx_options_take(ret_options, sizeof *ret_options, options, error);
    if (rc == COAX_OK)
        rc = cx_options_finish(&ret_options->name, &ret_options->limits, error);
    if (rc == COAX_OK)
        rc = take_backoff(ret_options, error);
    if (rc != COAX_OK)
        return rc;
    cx_options_default(&ret_options->connect_timeout_ms, COAX_DEFAULT_CONNECT_TIMEOUT_MS);
    cx_options_default(&ret_options->call_timeout_ms, COAX_DEFAULT_CALL_TIMEOUT_MS);
    cx_options_default(&ret_options->drain_timeout_ms, COAX_DEFAULT_DRAIN_TIMEOUT_MS);
    return COAX_OK;
}

static bool ask_secret(void *self, char *buffer, size_t size)
{
    coax_client *client = self;
    client->has_given_up = !client->options.on_secret(client->options.self, client, buffer, size);
    return !client->has_given_up;
}

/* A client that dials nowhere yet. NULL: no memory. */
static coax_client *create(coax_loop *loop, const char *url, const coax_client_options *options)
{
    coax_client *client = cx_net_take(&loop->net, sizeof *client);
    if (client == NULL)
        return NULL;
    client->loop = loop;
    client->options = *options;
    client->name = cx_net_copy(&loop->net, options->name);
    client->url = cx_net_copy(&loop->net, url);
    cx_client_prepare(client);
    cx_list_init(&client->links);
    cx_registry_init(&client->registry, &loop->core.host.pool);
    cx_interceptors_init(&client->interceptors, &loop->core.host.pool);
    cx_subscriber_init(&client->subscriber, &loop->core, &options->limits);
    cx_stats_init(&client->stats, &loop->core.host.pool);
    client->config.role = CX_ROLE_CLIENT;
    client->config.name = client->name;
    client->config.is_unattended = loop->turns != NULL; /* coax_dial's: it runs while one waits */
    client->config.limits = options->limits;
    client->config.registry = &client->registry;
    client->config.interceptors = &client->interceptors;
    client->config.call_timeout_ms = options->call_timeout_ms;
    client->config.events = &cx_conn_events;
    client->config.stats = &client->stats;
    client->config.login_out = &client->secrets.config;
    if (options->token != NULL || options->password != NULL || options->on_secret != NULL)
        cx_pool_keep_secrets(&loop->core.host.pool);
    if (cx_secrets_take(&client->secrets, &loop->net, options, ask_secret, client) != COAX_OK ||
        client->name == NULL || client->url == NULL) {
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
    if (rc == COAX_OK)
        rc = cx_secrets_check(&chosen, error);
    if (rc != COAX_OK)
        return rc;
    coax_client *client = create(loop, url, &chosen);
    if (client == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a client");
    rc = cx_trust_create(loop, &parsed, &chosen, &client->trust, error);
    if (rc == COAX_OK)
        rc = cx_client_dial(client, error);
    if (rc != COAX_OK) {
        cx_client_free(client);
        return rc;
    }
    *ret_client = client;
    return COAX_OK;
}

coax_client_state coax_client_get_state(const coax_client *client)
{
    return client != NULL ? client->state : COAX_CLIENT_CLOSED;
}

coax_peer coax_client_peer(const coax_client *client)
{
    coax_peer none = { NULL, 0, 0 };
    return client != NULL && client->conn != NULL ? cx_endpoint_peer(&client->conn->endpoint)
                                                  : none;
}

coax_loop *coax_client_loop(const coax_client *client)
{
    return client != NULL ? client->loop : NULL;
}
