/*
 * An endpoint's life, and its shell's way in.
 *
 * The end comes in two steps: the link closes wherever the reason was found, also inside a user's
 * call; the calls end and on_closed runs from cx_core_run. Read next: dispatch.c.
 */
#include <string.h>

#include "rpc/login.h"
#include "rpc/stream.h"

/* Calls that were answered while their receiver had paused end with that answer, unless this side gave them up. */
static void end_call(cx_call_out *call, const coax_error *reason)
{
    const cx_endpoint *endpoint = call->endpoint;
    const bool is_given_up = call->is_cancelled || endpoint->calls_end == COAX_ERR_CANCELLED;
    if (call->stream != NULL && call->stream->has_result && !is_given_up)
        cx_stream_flush(call->stream);
    else
        cx_call_out_end(call, endpoint->calls_end, reason->text);
}

/*
 * The second step: every call under way ends once, every handler's call is freed, the shell is
 * told.
 */
static void run_closing(cx_work *work)
{
    cx_endpoint *endpoint = CX_CONTAINER(work, cx_endpoint, closing);
    cx_core *core = endpoint->core;
    uint64_t peer = endpoint->peer;
    coax_error reason;
    cx_link_reason(&endpoint->link, &reason);
    if (endpoint->lot != NULL)
        cx_lot_detach(endpoint->lot);
    while (!cx_list_is_empty(&endpoint->calls)) {
        cx_call_out *call = CX_CONTAINER(endpoint->calls.next, cx_call_out, links);
        end_call(call, &reason);
    }
    while (!cx_list_is_empty(&endpoint->handlers))
        cx_call_in_lose(CX_CONTAINER(endpoint->handlers.next, cx_call_in, links));
    endpoint->config->events->on_closed(endpoint->self, &reason);
    /* The endpoint may be gone by now; its handle turns stale whether or not. */
    cx_idmap_remove(&core->peers, peer);
}

coax_err cx_endpoint_init(cx_endpoint *endpoint, cx_core *core, const cx_endpoint_config *config,
                          void *self)
{
    memset(endpoint, 0, sizeof *endpoint);
    endpoint->core = core;
    endpoint->config = config;
    endpoint->self = self;
    endpoint->calls_end = COAX_ERR_UNAVAILABLE;
    endpoint->closing.run = run_closing;
    endpoint->unblocking.run = cx_stream_unblock;
    endpoint->draining.run = cx_drain_run;
    cx_list_init(&endpoint->calls);
    cx_list_init(&endpoint->handlers);
    cx_list_init(&endpoint->blocked);
    coax_err err = cx_idmap_add(&core->peers, endpoint, &endpoint->peer);
    if (err != COAX_OK)
        return err;
    if (config->registry != NULL && config->registry->holds_sensitive)
        cx_pool_keep_secrets(&core->host.pool);
    const cx_link_config link = { .role = config->role,
                                  .name = config->name,
                                  .limits = &config->limits,
                                  .is_unattended = config->is_unattended,
                                  .events = &cx_dispatch_events };
    err = cx_link_init(&endpoint->link, &core->host, &link);
    if (err != COAX_OK)
        cx_idmap_remove(&core->peers, endpoint->peer);
    return err;
}

/* Frees a call without its callback: only for an endpoint that its shell gives up. */
static void drop_call(cx_call_out *call)
{
    cx_core *core = call->endpoint->core;
    cx_core_undefer(core, &call->work);
    cx_wheel_cancel(&core->host.wheel, &call->timer);
    cx_list_remove(&call->links);
    cx_list_remove(&call->siblings);
    if (call->parked != NULL)
        cx_unpark(call);
    cx_call_out_drop_head(call);
    cx_watch_drop(call->watch, core);
    cx_stream_free(call->stream);
    call->stream = NULL;
    cx_slots_give(&core->calls_out, call);
}

void cx_endpoint_deinit(cx_endpoint *endpoint)
{
    cx_core *core = endpoint->core;
    if (core == NULL)
        return;
    cx_core_undefer(core, &endpoint->closing);
    cx_core_undefer(core, &endpoint->unblocking);
    cx_events_closed(endpoint);
    if (endpoint->lot != NULL)
        cx_lot_detach(endpoint->lot);
    cx_core_undefer(core, &endpoint->draining);
    while (!cx_list_is_empty(&endpoint->calls))
        drop_call(CX_CONTAINER(endpoint->calls.next, cx_call_out, links));
    while (!cx_list_is_empty(&endpoint->handlers)) {
        cx_call_in *call = CX_CONTAINER(endpoint->handlers.next, cx_call_in, links);
        cx_watch_drop(call->watch, core);
        call->watch = NULL;
        cx_call_in_free(call);
    }
    cx_login_drop(endpoint);
    cx_link_deinit(&endpoint->link);
    cx_idmap_remove(&core->peers, endpoint->peer);
    memset(endpoint, 0, sizeof *endpoint);
}

void cx_endpoint_connected(cx_endpoint *endpoint, uint64_t now, uint32_t others)
{
    cx_link_connected(&endpoint->link, now, others);
}

void cx_endpoint_start(cx_endpoint *endpoint, uint64_t now)
{
    cx_link_start(&endpoint->link, now);
}

/* Adds what is new of `now` to `sum`. */
static void add_news(cx_count *sum, uint64_t now, uint32_t *told)
{
    cx_count_add(sum, (uint32_t)now - *told);
    *told = (uint32_t)now;
}

/* The link counts for its connection; what is new of that is added to what its owner counts. */
static void count_traffic(cx_endpoint *endpoint)
{
    cx_stats *stats = endpoint->config->stats;
    const cx_link_counts *now = &endpoint->link.counts;
    cx_told *told = &endpoint->told;
    if (stats == NULL)
        return;
    add_news(&stats->bytes_received, now->bytes_received, &told->bytes_received);
    add_news(&stats->bytes_sent, now->bytes_sent, &told->bytes_sent);
    add_news(&stats->frames_received, now->frames_received, &told->frames_received);
    add_news(&stats->frames_sent, endpoint->link.out.n_frames, &told->frames_sent);
    add_news(&stats->pings_received, now->pings_received, &told->pings_received);
    add_news(&stats->pings_sent, now->pings_sent, &told->pings_sent);
}

/* Times the calls that were answered as they came. */
static void settle(cx_endpoint *endpoint)
{
    const cx_core *core = endpoint->core;
    uint64_t now = core->host.env->now_ns(core->host.env->self);
    cx_stats_settle(endpoint->config->stats, now > core->now ? now - core->now : 0);
}

void cx_endpoint_receive(cx_endpoint *endpoint, const uint8_t *data, size_t len, uint64_t now)
{
    cx_core *core = endpoint->core;
    uint64_t was = cx_core_enter(core, now);
    cx_link_receive(&endpoint->link, data, len, now);
    if (cx_stats_is_unsettled(endpoint->config->stats))
        settle(endpoint);
    count_traffic(endpoint);
    cx_core_leave(core, was);
}

size_t cx_endpoint_output(cx_endpoint *endpoint, coax_bytes *ret_slices, size_t max)
{
    return cx_link_output(&endpoint->link, ret_slices, max);
}

void cx_endpoint_sent(cx_endpoint *endpoint, size_t n)
{
    cx_link_sent(&endpoint->link, n);
    cx_drain_look(endpoint);
    count_traffic(endpoint);
}

void cx_endpoint_keeps(cx_endpoint *endpoint, size_t n, bool moves)
{
    cx_link_keeps(&endpoint->link, n, moves);
    if (n == 0)
        cx_drain_look(endpoint);
}

void cx_endpoint_awaits(cx_endpoint *endpoint, uint64_t since, uint64_t now)
{
    cx_link_awaits(&endpoint->link, since, now);
}

size_t cx_endpoint_queued(const cx_endpoint *endpoint)
{
    return cx_link_queued(&endpoint->link);
}

void cx_endpoint_lost(cx_endpoint *endpoint, coax_err code, const char *words)
{
    cx_link_end(&endpoint->link, code, "%s", words);
}

void cx_endpoint_cut(cx_endpoint *endpoint, coax_err code, const char *words)
{
    cx_link_keep_back(&endpoint->link);
    cx_link_end(&endpoint->link, code, "%s", words);
}

void cx_endpoint_close(cx_endpoint *endpoint, coax_err code, coax_err calls_end, const char *words)
{
    if (endpoint->link.state == CX_LINK_CLOSED)
        return;
    endpoint->calls_end = calls_end;
    cx_link_fail(&endpoint->link, code, "%s", words);
}

bool cx_endpoint_is_open(const cx_endpoint *endpoint)
{
    return endpoint->link.state == CX_LINK_OPEN;
}

bool cx_endpoint_is_closed(const cx_endpoint *endpoint)
{
    return endpoint->link.state == CX_LINK_CLOSED;
}

coax_peer cx_endpoint_peer(const cx_endpoint *endpoint)
{
    coax_peer peer = { .loop = cx_core_loop(endpoint->core),
                       .index = (uint32_t)endpoint->peer,
                       .generation = (uint32_t)(endpoint->peer >> 32) };
    return peer;
}

cx_endpoint *cx_endpoint_from_peer(coax_peer peer)
{
    if (peer.loop == NULL)
        return NULL;
    return cx_idmap_get(&cx_core_of(peer.loop)->peers,
                        (uint64_t)peer.generation << 32 | peer.index);
}

uint32_t cx_endpoint_n_calls(const cx_endpoint *endpoint)
{
    return endpoint->n_calls;
}

uint32_t cx_endpoint_n_handlers(const cx_endpoint *endpoint)
{
    return endpoint->n_handlers;
}
