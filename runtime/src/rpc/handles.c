/*
 * The public functions on coax_call and coax_peer: look the handle up, then do it. A stale handle
 * finds nothing.
 */
#include <string.h>

#include "rpc/worker.h"

cx_call_out *cx_handle_out(coax_call call)
{
    if (call.loop == NULL || (call.index & CX_HANDLE_INBOUND) != 0)
        return NULL;
    return cx_slots_find(&cx_core_of(call.loop)->calls_out, call.index, call.generation);
}

cx_call_in *cx_handle_in(coax_call call)
{
    if (call.loop == NULL || (call.index & CX_HANDLE_INBOUND) == 0)
        return NULL;
    return cx_slots_find(&cx_core_of(call.loop)->calls_in, call.index & ~CX_HANDLE_INBOUND,
                         call.generation);
}

/* What both kinds of call have, of one that is under way. */
typedef struct live_call {
    cx_endpoint *endpoint; /* NULL: a worker's, whose loop is not ours to look at */
    uint64_t deadline;
    uint32_t method_id;
} live_call;

static bool find_live_worker(coax_call handle, live_call *ret)
{
    cx_worker_view view;
    bool is_live = cx_workers_of(handle)->view(handle, &view);
    if (is_live)
        *ret = (live_call){ NULL, view.deadline, view.method_id };
    return is_live;
}

static bool find_live(coax_call handle, live_call *ret)
{
    if (cx_is_worker(handle))
        return find_live_worker(handle, ret);
    const cx_call_in *in = cx_handle_in(handle);
    if (in != NULL && in->state == CX_CALL_RUNNING) {
        *ret = (live_call){ in->endpoint, in->deadline, in->method_id };
        return in->endpoint->link.state != CX_LINK_CLOSED;
    }
    const cx_call_out *out = cx_handle_out(handle);
    if (out != NULL && !out->is_cancelled) {
        *ret = (live_call){ out->endpoint, out->deadline, out->method->id };
        return out->endpoint->link.state != CX_LINK_CLOSED;
    }
    return false;
}

bool coax_call_is_live(coax_call call)
{
    live_call live;
    return find_live(call, &live);
}

coax_err coax_call_cancel(coax_call handle)
{
    live_call live;
    if (!find_live(handle, &live))
        return COAX_ERR_STALE;
    cx_call_out *call = cx_handle_out(handle);
    if (call == NULL)
        return COAX_ERR_MISUSE; /* a handler ends its call with coax_call_fail */
    cx_call_out_cancel(call, COAX_ERR_CANCELLED);
    return COAX_OK;
}

/* Where the user's pointer of a call is kept. A handler that answers in vain has it until then. */
static void **find_data(coax_call handle)
{
    cx_call_in *in = cx_handle_in(handle);
    if (in != NULL && in->state != CX_CALL_ENDED)
        return &in->data;
    cx_call_out *out = cx_handle_out(handle);
    return out != NULL ? &out->data : NULL;
}

coax_err coax_call_set_data(coax_call call, void *data)
{
    if (cx_is_worker(call))
        return cx_workers_of(call)->set_data(call, data);
    void **place = find_data(call);
    if (place == NULL)
        return COAX_ERR_STALE;
    *place = data;
    return COAX_OK;
}

void *coax_call_data(coax_call call)
{
    cx_worker_view view;
    if (cx_is_worker(call))
        return cx_workers_of(call)->view(call, &view) ? view.data : NULL;
    void **place = find_data(call);
    return place != NULL ? *place : NULL;
}

coax_peer coax_call_peer(coax_call call)
{
    live_call live;
    cx_worker_view view;
    if (cx_is_worker(call) && cx_workers_of(call)->view(call, &view))
        return view.peer;
    if (!cx_is_worker(call) && find_live(call, &live))
        return cx_endpoint_peer(live.endpoint);
    coax_peer none = { NULL, 0, 0 };
    return none;
}

uint32_t coax_call_remaining_ms(coax_call call)
{
    live_call live;
    if (!find_live(call, &live))
        return 0;
    if (live.deadline == CX_NO_DEADLINE)
        return UINT32_MAX;
    const coax_env *env = cx_core_of(call.loop)->host.env;
    uint64_t now =
        live.endpoint != NULL ? cx_core_now(live.endpoint->core) : env->now_ns(env->self);
    if (live.deadline <= now)
        return 0;
    uint64_t left_ms = (live.deadline - now + CX_NS_PER_MS - 1) / CX_NS_PER_MS;
    return left_ms < UINT32_MAX ? (uint32_t)left_ms : UINT32_MAX - 1;
}

uint32_t coax_call_method_id(coax_call call)
{
    live_call live;
    return find_live(call, &live) ? live.method_id : 0;
}

bool coax_peer_is_open(coax_peer peer)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    return endpoint != NULL && cx_endpoint_is_open(endpoint);
}

coax_err coax_peer_set_data(coax_peer peer, void *data)
{
    cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint == NULL)
        return COAX_ERR_STALE;
    endpoint->data = data;
    return COAX_OK;
}

void *coax_peer_data(coax_peer peer)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    return endpoint != NULL ? endpoint->data : NULL;
}

uint32_t coax_peer_rtt_us(coax_peer peer)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    return endpoint != NULL ? cx_link_rtt_us(&endpoint->link) : 0;
}

size_t coax_peer_name(coax_peer peer, char *buffer, size_t size)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    bool has_name = endpoint != NULL && endpoint->link.peer_name != NULL;
    size_t len = has_name ? endpoint->link.peer_name_len : 0;
    size_t n = len < size ? len : size - 1;
    if (size == 0)
        return len;
    if (n > 0)
        memcpy(buffer, endpoint->link.peer_name, n);
    buffer[n] = '\0';
    return len;
}

size_t coax_peer_address(coax_peer peer, char *buffer, size_t size)
{
    const cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint != NULL && endpoint->config->events->address != NULL)
        return endpoint->config->events->address(endpoint->self, buffer, size);
    if (size > 0)
        buffer[0] = '\0';
    return 0;
}

coax_err coax_peer_close(coax_peer peer, coax_err reason, const char *words)
{
    cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint == NULL || cx_endpoint_is_closed(endpoint))
        return COAX_ERR_STALE;
    cx_endpoint_close(endpoint, reason, COAX_ERR_UNAVAILABLE, words != NULL ? words : "");
    return COAX_OK;
}

coax_err coax_gen_call_to(coax_peer peer, const coax_method *method, const void *request,
                          const coax_call_options *options, coax_gen_done_fn done,
                          coax_gen_any_fn user_fn, void *self)
{
    cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint == NULL)
        return COAX_ERR_STALE;
    return cx_rpc_call(endpoint, method, request, options, done, user_fn, self);
}

coax_err coax_gen_stream_to(coax_peer peer, const coax_method *method, const void *request,
                            const coax_call_options *options, const coax_gen_stream_glue *glue,
                            const coax_gen_stream_fns *fns, void *self, coax_call *ret_call)
{
    cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    if (endpoint == NULL)
        return COAX_ERR_STALE;
    return cx_rpc_stream(endpoint, method, request, options, glue, fns, self, ret_call);
}

coax_err coax_gen_send_to(coax_peer peer, const coax_method *method, const void *request,
                          const coax_call_options *options)
{
    cx_endpoint *endpoint = cx_endpoint_from_peer(peer);
    return endpoint == NULL ? COAX_ERR_STALE : cx_rpc_send(endpoint, method, request, options);
}
