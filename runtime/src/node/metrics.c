/*
 * Reading what servers, clients and connections have counted.
 *
 * Read next: prometheus.c.
 */
#include <string.h>

#include <coax/metrics.h>

#include "node/client.h"
#include "node/server.h"

coax_err coax_server_read_metrics(const coax_server *server, coax_metrics *ret_metrics)
{
    if (server == NULL || ret_metrics == NULL || ret_metrics->size < sizeof ret_metrics->size)
        return COAX_ERR_MISUSE;
    cx_stats_read(&server->stats, ret_metrics);
    return COAX_OK;
}

coax_err coax_client_read_metrics(const coax_client *client, coax_metrics *ret_metrics)
{
    if (client == NULL || ret_metrics == NULL || ret_metrics->size < sizeof ret_metrics->size)
        return COAX_ERR_MISUSE;
    cx_stats_read(&client->stats, ret_metrics);
    return COAX_OK;
}

void coax_server_each_method(const coax_server *server, coax_method_metrics_fn fn, void *self)
{
    if (server != NULL && fn != NULL)
        cx_stats_each_method(&server->stats, fn, self);
}

void coax_client_each_method(const coax_client *client, coax_method_metrics_fn fn, void *self)
{
    if (client != NULL && fn != NULL)
        cx_stats_each_method(&client->stats, fn, self);
}

void coax_server_each_event(const coax_server *server, coax_event_metrics_fn fn, void *self)
{
    if (server != NULL && fn != NULL)
        cx_stats_each_event(&server->stats, fn, self);
}

void coax_client_each_event(const coax_client *client, coax_event_metrics_fn fn, void *self)
{
    if (client != NULL && fn != NULL)
        cx_stats_each_event(&client->stats, fn, self);
}

coax_err coax_peer_read_metrics(coax_peer peer, coax_peer_metrics *ret_metrics)
{
    if (ret_metrics == NULL || ret_metrics->size < sizeof ret_metrics->size)
        return COAX_ERR_MISUSE;
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint == NULL)
        return COAX_ERR_STALE;
    const cx_link_counts *counts = &endpoint->link.counts;
    coax_peer_metrics read;
    memset(&read, 0, sizeof read);
    read.size = ret_metrics->size < sizeof read ? ret_metrics->size : sizeof read;
    read.bytes_received = counts->bytes_received;
    read.bytes_sent = counts->bytes_sent;
    read.frames_received = counts->frames_received;
    read.frames_sent = endpoint->link.out.n_frames;
    read.pings_received = counts->pings_received;
    read.pings_sent = counts->pings_sent;
    read.queued_bytes = cx_endpoint_queued(endpoint);
    read.calls = cx_endpoint_n_calls(endpoint);
    read.handlers = cx_endpoint_n_handlers(endpoint);
    read.rtt_us = cx_link_rtt_us(&endpoint->link);
    memcpy(ret_metrics, &read, read.size);
    return COAX_OK;
}
