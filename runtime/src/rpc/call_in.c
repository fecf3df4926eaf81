/*
 * Calls that this side answers: how they are found, what is kept until the answer, and how they end.
 *
 * How long a call counts. Every request handed to a handler is "alive" and counts for
 * max_concurrent_calls until the handler ends it: by a reply, a failure or a typed error, inside
 * the handler or later. A cancel from the caller, or the deadline, ends the call for the caller;
 * its handle is stale from then on and its id is free. But the handler is still at work, so the
 * call goes on counting ("abandoned") until the handler calls reply, fail or throw on the stale
 * handle, which answers COAX_ERR_STALE and lets go, or until the connection ends. So a peer that
 * cancels what it has just started gains nothing. The request's memory lives as long, and at least
 * until the handler returns. One-way messages end when their handler returns.
 *
 * Read next: arrive.c, cancel.c, answer.c.
 */
#include "rpc/stream.h"

static uint64_t waiting_key(const cx_endpoint *endpoint, uint32_t wire_id)
{
    return (endpoint->peer & UINT32_MAX) << 32 | wire_id;
}

cx_call_in *cx_call_in_find(cx_endpoint *endpoint, uint32_t wire_id)
{
    return cx_idtable_find(&endpoint->core->waiting, waiting_key(endpoint, wire_id));
}

coax_call cx_call_in_handle(const cx_call_in *call)
{
    coax_call handle = { .loop = cx_core_loop(call->endpoint->core),
                         .index = call->slot.index | CX_HANDLE_INBOUND,
                         .generation = call->slot.generation };
    return handle;
}

void cx_call_in_file(cx_call_in *call)
{
    cx_core *core = call->endpoint->core;
    if (call->deadline != CX_NO_DEADLINE)
        cx_wheel_arm(&core->host.wheel, &call->timer, call->deadline);
    call->is_filed = cx_idtable_add(&core->waiting, &core->host.pool,
                                    waiting_key(call->endpoint, call->wire_id), call);
}

void cx_call_in_unfile(cx_call_in *call)
{
    cx_core *core = call->endpoint->core;
    cx_wheel_cancel(&core->host.wheel, &call->timer);
    if (call->is_filed)
        cx_idtable_remove(&core->waiting, &core->host.pool,
                          waiting_key(call->endpoint, call->wire_id));
    call->is_filed = false;
}

/* Tells the interceptors. Meanwhile the handle is stale, so that they can't end the call. */
COAX_COLD static void end_watch(cx_call_in *call, coax_err code)
{
    cx_watch *watch = call->watch;
    const uint8_t state = call->state;
    const cx_watched what = { .endpoint = call->endpoint,
                              .method = call->method,
                              .method_id = call->method_id,
                              .is_inbound = true,
                              .call = cx_call_in_handle(call),
                              .metadata = call->metadata };
    call->watch = NULL;
    call->state = CX_CALL_ENDED;
    cx_watch_end(watch, &what, code, NULL);
    call->state = state;
}

/*
 * How it ended for its caller: once, wherever that is known first. An answer given inside the handler is timed when
 * all that came with its request has been handled: the turn's time stands still there, and it leaves no earlier.
 */
void cx_call_in_count_end(cx_call_in *call, coax_err code)
{
    cx_core *core = call->endpoint->core;
    if (COAX_UNLIKELY(call->watch != NULL))
        end_watch(call, code);
    if (call->row == NULL)
        return;
    if (call->is_oneway)
        cx_stats_end_oneway(call->row, code);
    else if (call->is_in_handler)
        cx_stats_end_at_once(call->endpoint->config->stats, call->row, code);
    else
        cx_stats_end(call->row, code, cx_core_now(core) - call->arrived_ns);
    call->row = NULL;
}

void cx_call_in_free(cx_call_in *call)
{
    cx_core *core = call->endpoint->core;
    cx_call_in_count_end(call, call->is_oneway ? COAX_OK : COAX_ERR_UNAVAILABLE);
    if (call->endpoint->config->stats != NULL)
        cx_count_add(&call->endpoint->config->stats->handlers, (uint64_t)-1);
    if (call->stream != NULL && call->is_filed)
        cx_link_forget_parts(&call->endpoint->link, call->wire_id); /* of an item nobody takes */
    cx_call_in_unfile(call);
    while (cx_list_take_first(&call->children) != NULL)
        continue; /* they go on by themselves */
    if (COAX_UNLIKELY(call->stream != NULL))
        cx_stream_free(call->stream);
    call->stream = NULL;
    cx_list_remove(&call->links);
    call->endpoint->n_handlers--;
    cx_drain_look(call->endpoint);
    call->endpoint->held -= call->held;
    cx_encoded_free(&core->host, &call->trailer);
    cx_memory_give(call->memory);
    cx_slots_give(&core->calls_in, call);
}

void cx_call_in_end(cx_call_in *call)
{
    cx_call_in_count_end(call, call->outcome);
    if (call->is_in_handler)
        call->state = CX_CALL_ENDED;
    else
        cx_call_in_free(call);
}

void cx_call_in_on_due(cx_timer *timer, uint64_t now)
{
    (void)now;
    cx_call_in *call = CX_CONTAINER(timer, cx_call_in, timer);
    if (call->stream != NULL)
        (void)cx_link_forget(&call->endpoint->link, call->wire_id);
    cx_call_in_answer_or_close(call, COAX_ERR_DEADLINE_EXCEEDED,
                               "the handler did not answer before the deadline");
    cx_call_in_abandon(call, COAX_ERR_DEADLINE_EXCEEDED);
}

void cx_call_in_cancel(cx_endpoint *endpoint, const cx_frame *frame)
{
    cx_call_in *call = cx_call_in_find(endpoint, frame->call);
    if (call == NULL || call->stream != NULL)
        (void)cx_link_forget(&endpoint->link,
                             frame->call); /* a long answer, or items, on their way */
    if (call != NULL)
        cx_call_in_abandon(call, COAX_ERR_CANCELLED);
}
