/*
 * Calls that wait for a connection: parked encoded, moved to a connection when there is one.
 *
 * A parked call is filed in the lot's endpoint as any other: its deadline, its cancel and its end are those of
 * call_out.c, which only must not tell a peer that has never heard of it. Moving is put-off work, so that the
 * callbacks of calls that can't be sent after all run from the loop. Read next: call_out.c.
 */
#include <string.h>

#include "rpc/stream.h"

/* What a parked call counts for beside its bytes. */
enum { OVERHEAD = 256 };

static cx_lot *lot_of(cx_endpoint *endpoint)
{
    return CX_CONTAINER(endpoint, cx_lot, endpoint);
}

static size_t weight(const cx_parked *parked)
{
    return parked->message.len + parked->metadata.len + OVERHEAD;
}

static bool is_roomy(const cx_lot *lot)
{
    return lot->held <= lot->endpoint.config->limits.max_send_queue / 2;
}

COAX_COLD static coax_err refuse_full(cx_lot *lot, coax_error *error)
{
    lot->is_blocked = true;
    return coax_error_set(error, COAX_ERR_WOULD_BLOCK,
                          "%zu bytes of calls wait for a connection and max_send_queue is %u: wait "
                          "for on_writable",
                          lot->held, lot->endpoint.config->limits.max_send_queue);
}

coax_err cx_encode_request(const cx_endpoint *endpoint, const coax_method *method, cx_outgoing *out,
                           coax_error *error)
{
    cx_host *host = &endpoint->core->host;
    bool is_limited = method->max_request != 0;
    size_t most = is_limited ? method->max_request : endpoint->config->limits.max_send_queue;
    if (out->message.data != NULL)
        return COAX_OK;
    coax_err err = cx_encode(host, method->request->encode, out->request, most, &out->message);
    if (err == COAX_ERR_TOO_LARGE)
        return coax_error_set(error, err, "%s: the request passes %zu bytes (%s)", method->name,
                              most, is_limited ? "@max_request" : "max_send_queue");
    return err == COAX_OK ? err : coax_error_set(error, err, "%s", coax_err_meaning(err));
}

coax_err cx_park(cx_call_out *call, cx_outgoing *out, coax_error *error)
{
    cx_lot *lot = lot_of(call->endpoint);
    cx_pool *pool = &lot->endpoint.core->host.pool;
    size_t limit = lot->endpoint.config->limits.max_send_queue;
    size_t cap;
    if (lot->held > 0 && lot->held + OVERHEAD > limit)
        return refuse_full(lot, error);
    coax_err err = cx_encode_request(&lot->endpoint, call->method, out, error);
    if (err != COAX_OK)
        return err;
    const cx_parked fresh = { .message = out->message, .metadata = out->metadata };
    if (lot->held > 0 && lot->held + weight(&fresh) > limit)
        return refuse_full(lot, error);
    cx_parked *parked = cx_pool_take(pool, sizeof *parked, &cap);
    if (parked == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to keep the call");
    *parked = fresh;
    parked->cap = cap;
    out->message = (cx_encoded){ .data = NULL };
    out->metadata = (cx_encoded){ .data = NULL };
    call->parked = parked;
    lot->held += weight(parked);
    call->row = cx_stats_find(lot->endpoint.config->stats, call->method, CX_ROW_OUTBOUND);
    cx_stats_begin(call->row, parked->message.len);
    return COAX_OK;
}

void cx_unpark(cx_call_out *call)
{
    cx_lot *lot = lot_of(call->endpoint);
    cx_host *host = &lot->endpoint.core->host;
    lot->held -= weight(call->parked);
    cx_encoded_free(host, &call->parked->message);
    cx_encoded_free(host, &call->parked->metadata);
    cx_pool_give(&host->pool, call->parked, call->parked->cap);
    call->parked = NULL;
    if (lot->is_blocked && is_roomy(lot))
        cx_core_defer(lot->endpoint.core, &lot->moving);
}

static coax_err send_parked(const cx_call_out *call, cx_endpoint *live)
{
    const cx_frame frame = { .type = CX_FRAME_REQUEST,
                             .call = cx_call_out_wire_id(call),
                             .method = call->method->id };
    uint32_t left_us;
    cx_sending sending;
    const cx_head head = { .deadline_us = cx_call_out_left(call, cx_core_now(live->core), &left_us),
                           .metadata = cx_encoded_bytes(&call->parked->metadata),
                           .priority = call->priority };
    coax_err err = cx_link_begin(&live->link, &frame, &head, &sending);
    if (err != COAX_OK)
        return err;
    coax_write_raw(&sending.writer, call->parked->message.data, call->parked->message.len);
    return cx_link_commit(&sending);
}

static void move(cx_call_out *call, cx_endpoint *live)
{
    cx_unpark(call);
    call->endpoint->n_calls--;
    cx_list_remove(&call->links);
    call->endpoint = live;
    live->n_calls++;
    cx_list_append(&live->calls, &call->links);
    cx_stream_moved(call->stream);
}

/* Something else than room is missing: the call ends, and its callback may change everything here. */
static void end_unsendable(cx_lot *lot, cx_call_out *call, coax_err err)
{
    coax_error why;
    cx_link_send_error(&lot->live->link, err, &why);
    cx_core_defer(lot->endpoint.core, &lot->moving);
    cx_call_out_end(call, err, why.text);
}

/* Cancelled ones stay where they are: they are gone when this turn is over. */
static void move_all(cx_lot *lot)
{
    cx_endpoint *live = lot->live;
    const cx_list *head = &lot->endpoint.calls;
    for (cx_list *at = head->next, *next; at != head; at = next) {
        cx_call_out *call = CX_CONTAINER(at, cx_call_out, links);
        next = at->next;
        if (call->is_cancelled)
            continue;
        if (live->n_calls >= live->link.peer_max_concurrent_calls)
            return;
        coax_err err = send_parked(call, live);
        if (err == COAX_ERR_WOULD_BLOCK || err == COAX_ERR_CLOSED)
            return;
        if (err != COAX_OK) {
            end_unsendable(lot, call, err);
            return;
        }
        move(call, live);
    }
}

static void run_moving(cx_work *work)
{
    cx_lot *lot = CX_CONTAINER(work, cx_lot, moving);
    if (lot->endpoint.link.state == CX_LINK_CLOSED)
        return;
    if (lot->live != NULL)
        move_all(lot);
    if (!lot->is_blocked || !is_roomy(lot))
        return;
    lot->is_blocked = false;
    if (lot->events->on_writable != NULL)
        lot->events->on_writable(lot->endpoint.self);
}

static void run_closing(cx_work *work)
{
    cx_endpoint *endpoint = CX_CONTAINER(work, cx_endpoint, closing);
    cx_lot *lot = lot_of(endpoint);
    while (!cx_list_is_empty(&endpoint->calls)) {
        cx_call_out *call = CX_CONTAINER(endpoint->calls.next, cx_call_out, links);
        cx_call_out_end(call, endpoint->calls_end, lot->reason.text);
    }
    if (lot->events->on_closed != NULL)
        lot->events->on_closed(endpoint->self);
}

void cx_lot_init(cx_lot *lot, cx_core *core, const cx_endpoint_config *config,
                 const cx_lot_events *events, void *self)
{
    cx_endpoint *endpoint = &lot->endpoint;
    memset(lot, 0, sizeof *lot);
    lot->events = events;
    lot->moving.run = run_moving;
    endpoint->core = core;
    endpoint->config = config;
    endpoint->self = self;
    endpoint->is_lot = true;
    endpoint->calls_end = COAX_ERR_UNAVAILABLE;
    endpoint->closing.run = run_closing;
    endpoint->link.state = CX_LINK_WELCOME;
    endpoint->link.peer_max_concurrent_calls = UINT32_MAX;
    cx_list_init(&endpoint->calls);
    cx_list_init(&endpoint->handlers);
    cx_list_init(&endpoint->blocked);
}

void cx_lot_deinit(cx_lot *lot)
{
    if (lot->endpoint.core == NULL)
        return;
    cx_lot_detach(lot);
    lot->is_blocked = false;
    cx_core *core = lot->endpoint.core;
    cx_endpoint_deinit(&lot->endpoint);
    cx_core_undefer(core, &lot->moving);
}

void cx_endpoint_adopt(cx_endpoint *live, cx_lot *lot)
{
    cx_lot_detach(lot);
    lot->live = live;
    live->lot = lot;
    cx_core_defer(live->core, &lot->moving);
}

void cx_lot_detach(cx_lot *lot)
{
    if (lot->live != NULL)
        lot->live->lot = NULL;
    lot->live = NULL;
}

void cx_lot_continue(cx_lot *lot)
{
    if (!cx_list_is_empty(&lot->endpoint.calls))
        cx_core_defer(lot->endpoint.core, &lot->moving);
}

void cx_lot_close(cx_lot *lot, coax_err code, const char *words)
{
    cx_endpoint *endpoint = &lot->endpoint;
    if (endpoint->link.state == CX_LINK_CLOSED)
        return;
    cx_lot_detach(lot);
    coax_error_set(&lot->reason, code, "%s", words);
    endpoint->calls_end = code;
    endpoint->link.state = CX_LINK_CLOSED;
    endpoint->link.reason_code = code;
    cx_core_defer(endpoint->core, &endpoint->closing);
}

uint32_t cx_lot_n_calls(const cx_lot *lot)
{
    return lot->endpoint.n_calls;
}
