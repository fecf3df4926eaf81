/*
 * Ends before the answer: calls that are cancelled here, and handlers that learn that nobody waits.
 *
 * A cancel travels on: what a handler started with its call as `parent` is cancelled as soon as the
 * handler's own call is abandoned, and the next node does the same when the CANCEL arrives there. So
 * nothing here recurses, however deep the chain is. A call that was answered lets its children go:
 * they may be what the handler does after it has answered.
 *
 * Callbacks come from the loop: an abandoned call is found by a frame, a timer or the put-off end of
 * a connection. Read next: answer.c, for how an answer in vain lets go.
 */
#include "rpc/stream.h"

void cx_call_out_cancel(cx_call_out *call, coax_err code)
{
    cx_endpoint *endpoint = call->endpoint;
    if (call->is_cancelled)
        return;
    cx_call_out_tell(call, code);
    cx_wheel_cancel(&endpoint->core->host.wheel, &call->timer);
    cx_list_remove(&call->siblings);
    call->is_cancelled = true;
    call->ending = code;
    endpoint->n_calls--; /* it takes nobody's place while it waits for its callback */
    cx_core_defer(endpoint->core, &call->work);
}

/*
 * Cancelling runs no user code. A child that has the parent's own deadline ends with that, whichever of the two timers
 * came first. One whose connection has ended will hear of that instead.
 */
static void cancel_children(cx_call_in *call)
{
    uint64_t now = cx_core_now(call->endpoint->core);
    for (cx_list *next; (next = cx_list_take_first(&call->children)) != NULL;) {
        cx_call_out *child = CX_CONTAINER(next, cx_call_out, siblings);
        if (child->endpoint->link.state != CX_LINK_CLOSED)
            cx_call_out_cancel(child, child->deadline <= now ? COAX_ERR_DEADLINE_EXCEEDED
                                                             : COAX_ERR_CANCELLED);
    }
}

/* The handler may answer in vain inside of `fn`; then the call is freed when `fn` has returned. */
static void tell_handler(cx_call_in *call, coax_err why)
{
    void (*fn)(void *self, coax_call call, coax_err why) = call->on_cancel;
    if (fn == NULL)
        return;
    bool was_in_handler = call->is_in_handler;
    call->on_cancel = NULL;
    call->is_in_handler = true;
    fn(call->cancel_self, cx_call_in_handle(call), why);
    call->is_in_handler = was_in_handler;
    if (call->state == CX_CALL_ENDED && !was_in_handler)
        cx_call_in_free(call);
}

void cx_call_in_abandon(cx_call_in *call, coax_err why)
{
    cx_call_in_count_end(call, why);
    cx_call_in_unfile(call);
    call->state = CX_CALL_ABANDONED;
    cx_stream_abandon(call->stream);
    cancel_children(call);
    tell_handler(call, why);
}

void cx_call_in_lose(cx_call_in *call)
{
    call->is_in_handler = true; /* whatever its handler does when told, it is freed here */
    if (call->state == CX_CALL_RUNNING)
        cx_call_in_abandon(call, COAX_ERR_UNAVAILABLE);
    cx_stream_tell_gone(call->stream);
    cx_call_in_free(call);
}

coax_err coax_call_on_cancel(coax_call handle, void (*fn)(void *self, coax_call call, coax_err why),
                             void *self)
{
    if (!coax_call_is_live(handle))
        return COAX_ERR_STALE;
    cx_call_in *call = cx_handle_in(handle);
    if (call == NULL)
        return COAX_ERR_MISUSE;
    call->on_cancel = fn;
    call->cancel_self = self;
    return COAX_OK;
}
