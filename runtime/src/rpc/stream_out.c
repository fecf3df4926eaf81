/*
 * Items that leave: checked, encoded into the send queue, and paid for with the peer's credit.
 *
 * Where there is no credit or no room the sender hears COAX_ERR_WOULD_BLOCK, and is told once when what was refused
 * would fit. Nothing waits here: an item is in the queue or it is the user's. Read next: answer.c.
 */
#include "rpc/stream.h"
#include "rpc/worker.h"

/* Whether the credit allows an item of `len` bytes: rpc/stream.h says why half a window is enough. */
static bool covers(const cx_stream_part *stream, size_t len)
{
    return stream->out_window != 0 &&
           (stream->credit >= (int64_t)len || stream->credit >= (int64_t)(stream->out_window / 2));
}

/* If somebody waits and there is credit: sees that they are told, now or when the queue has room. */
static void wake(cx_stream_part *stream)
{
    if (stream->refused == 0 || stream->on_writable == NULL || !covers(stream, stream->refused))
        return;
    cx_endpoint *endpoint = cx_stream_endpoint(stream);
    if (!endpoint->link.is_blocked)
        cx_stream_defer(stream);
    else if (cx_list_is_empty(&stream->blocked))
        cx_list_append(&endpoint->blocked, &stream->blocked);
}

void cx_stream_open(cx_stream_part *stream)
{
    stream->out_window = cx_stream_endpoint(stream)->link.peer_window;
    stream->credit = stream->out_window;
    wake(stream);
}

void cx_stream_open_all(cx_endpoint *endpoint)
{
    for (cx_list *at = endpoint->calls.next; at != &endpoint->calls; at = at->next) {
        cx_stream_part *stream = CX_CONTAINER(at, cx_call_out, links)->stream;
        if (stream != NULL)
            cx_stream_open(stream);
    }
}

/*
 * One after another, as long as there is room: who fills the queue again waits behind all others, so nobody is passed
 * over for ever.
 */
void cx_stream_unblock(cx_work *work)
{
    cx_endpoint *endpoint = CX_CONTAINER(work, cx_endpoint, unblocking);
    while (!endpoint->link.is_blocked) {
        cx_list *next = cx_list_take_first(&endpoint->blocked);
        if (next == NULL)
            return;
        cx_stream_part *stream = CX_CONTAINER(next, cx_stream_part, blocked);
        if (cx_stream_is_live(stream))
            cx_stream_tell_writable(stream);
    }
}

void cx_stream_tell_writable(cx_stream_part *stream)
{
    if (stream->refused == 0 || stream->on_writable == NULL)
        return;
    if (!covers(stream, stream->refused) || cx_stream_endpoint(stream)->link.is_blocked) {
        wake(stream);
        return;
    }
    stream->refused = 0;
    stream->on_writable(stream->writable_self, cx_stream_handle(stream));
}

void cx_stream_window(cx_endpoint *endpoint, const cx_frame *frame)
{
    cx_party party;
    if (!cx_party_find(endpoint, frame->call, &party))
        return;
    cx_stream_part *stream = party.stream;
    const int64_t window = stream != NULL && stream->out_type != NULL ? stream->out_window : 0;
    const int64_t credit = window != 0 ? stream->credit : 0;
    if (credit + (int64_t)frame->method > window) {
        cx_link_fail(&endpoint->link, COAX_ERR_PROTOCOL,
                     "WINDOW for call 0x%08x grants %u bytes, more than were sent", frame->call,
                     frame->method);
        return;
    }
    stream->credit += (int64_t)frame->method;
    wake(stream);
}

/* Finds what an item is to be sent on. */
static coax_err find_sender(coax_call handle, const coax_method *method, cx_stream_part **ret)
{
    cx_stream_part *stream = cx_stream_find(handle);
    if (COAX_UNLIKELY(stream == NULL))
        return coax_call_is_live(handle) ? COAX_ERR_MISUSE : COAX_ERR_STALE;
    if (!cx_stream_is_live(stream))
        return COAX_ERR_STALE;
    const uint32_t method_id =
        stream->out != NULL ? stream->out->method->id : stream->in->method_id;
    if (stream->out_type == NULL || method->id != method_id)
        return COAX_ERR_MISUSE;
    if (stream->has_result)
        return COAX_ERR_STALE; /* the peer has ended the call */
    if (stream->out_ended)
        return COAX_ERR_CLOSED;
    *ret = stream;
    return COAX_OK;
}

static coax_err check(const cx_stream_part *stream, const coax_method *method,
                      const coax_type *type, const void *item)
{
    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (COAX_LIKELY(type->check(item, &violations)))
        return COAX_OK;
    cx_endpoint_report(cx_stream_endpoint(stream), COAX_ERR_INVALID_ARGUMENT,
                       "an item of %s was not sent: %s", method->name, violations.items[0].text);
    return COAX_ERR_INVALID_ARGUMENT;
}

/* There is no room for `len` bytes; 0: nobody knows how many. */
static coax_err refuse(cx_stream_part *stream, size_t len)
{
    if (len > 0)
        stream->refused = len;
    else if (stream->refused == 0)
        stream->refused = 1;
    wake(stream);
    return COAX_ERR_WOULD_BLOCK;
}

/* In front of what belongs to a stream: nothing, but it stays in order, and has its call's priority. */
static cx_head head_of(const cx_stream_part *stream)
{
    return (cx_head){ .priority = stream->out != NULL ? stream->out->priority
                                                      : cx_method_priority(stream->in->method),
                      .is_ordered = true };
}

/* Sends what was encoded, if it may go. */
static coax_err commit(cx_stream_part *stream, cx_sending *sending)
{
    const size_t len = cx_sending_len(sending);
    const bool is_whole = sending->writer.err == COAX_OK;
    if (COAX_UNLIKELY(is_whole && stream->out_max != 0 && len > stream->out_max)) {
        cx_link_abandon(sending);
        return COAX_ERR_TOO_LARGE;
    }
    if (COAX_UNLIKELY(is_whole && !covers(stream, len))) {
        cx_link_abandon(sending);
        return refuse(stream, len);
    }
    coax_err err = cx_link_commit(sending);
    if (COAX_LIKELY(err == COAX_OK)) {
        stream->credit -= (int64_t)len;
        if (stream->in != NULL)
            stream->in->has_begun = true;
        cx_stats_item_sent(cx_stream_row(stream), len);
        cx_watch_item_out(cx_stream_watch(stream), len);
    }
    return err == COAX_ERR_WOULD_BLOCK ? refuse(stream, len) : err;
}

coax_err coax_gen_item(coax_call handle, const coax_method *method, const void *item)
{
    return COAX_UNLIKELY(cx_is_worker(handle)) ? cx_workers_of(handle)->item(handle, method, item)
                                               : cx_stream_send(handle, method, NULL, item);
}

coax_err cx_stream_send(coax_call handle, const coax_method *method, const coax_type *as,
                        const void *item)
{
    cx_stream_part *stream;
    coax_err err = find_sender(handle, method, &stream);
    const coax_type *type = err != COAX_OK || as != NULL ? as : stream->out_type;
    if (COAX_LIKELY(err == COAX_OK))
        err = item != NULL ? check(stream, method, type, item) : COAX_ERR_MISUSE;
    if (err != COAX_OK)
        return err;
    if (stream->out_window == 0 || stream->credit <= 0)
        return refuse(stream, 0);

    const cx_frame frame = { .type = CX_FRAME_ITEM, .call = cx_stream_wire_id(stream) };
    const cx_head head = head_of(stream);
    cx_sending sending;
    err = cx_link_begin(&cx_stream_endpoint(stream)->link, &frame, &head, &sending);
    if (COAX_LIKELY(err == COAX_OK)) {
        type->encode(&sending.writer, item);
        err = commit(stream, &sending);
    } else if (err == COAX_ERR_WOULD_BLOCK) {
        refuse(stream, 0);
    }
    return err == COAX_ERR_CLOSED ? COAX_ERR_STALE : err;
}

coax_err coax_call_on_writable(coax_call call, coax_call_fn fn, void *self)
{
    if (!coax_call_is_live(call))
        return COAX_ERR_STALE;
    cx_stream_part *stream = cx_stream_find(call);
    if (stream == NULL || stream->out_type == NULL)
        return COAX_ERR_MISUSE;
    stream->on_writable = fn;
    stream->writable_self = self;
    wake(stream);
    return COAX_OK;
}

/* Queues END; it has a place however full the queue is, because each call has one only. */
static coax_err send_end(cx_endpoint *endpoint, uint32_t wire_id, const cx_head *head)
{
    const cx_frame frame = { .type = CX_FRAME_END, .call = wire_id };
    if (cx_link_send_empty(&endpoint->link, &frame, head))
        return COAX_OK;
    /* A peer that waits for it for ever would be silence. */
    cx_link_fail(&endpoint->link, COAX_ERR_NO_MEMORY, "no memory to end a stream");
    return COAX_ERR_STALE;
}

void cx_stream_moved(cx_stream_part *stream)
{
    if (stream == NULL)
        return;
    cx_stream_open(stream);
    const cx_head head = head_of(stream);
    if (stream->out_ended)
        (void)send_end(cx_stream_endpoint(stream), cx_stream_wire_id(stream), &head);
}

/* At the caller: what the peer sends goes on. */
static coax_err end_requests(coax_call handle)
{
    if (!coax_call_is_live(handle))
        return COAX_ERR_STALE;
    cx_stream_part *stream = cx_stream_find(handle);
    if (stream == NULL || stream->out_type == NULL)
        return COAX_ERR_MISUSE;
    if (stream->has_result)
        return COAX_ERR_STALE;
    if (stream->out_ended)
        return COAX_ERR_CLOSED;
    stream->out_ended = true;
    stream->refused = 0;
    cx_list_remove(&stream->blocked);
    if (stream->out->parked != NULL)
        return COAX_OK; /* it follows the request when that leaves */
    const cx_head head = head_of(stream);
    return send_end(cx_stream_endpoint(stream), cx_stream_wire_id(stream), &head);
}

/* In a handler: the call has ended with success. */
static coax_err end_replies(coax_call handle)
{
    cx_call_in *call;
    coax_err err = cx_call_in_answering(handle, &call);
    if (err != COAX_OK)
        return err;
    if (call->stream == NULL || call->method->kind == COAX_METHOD_CLIENT_STREAM)
        return COAX_ERR_MISUSE;
    const cx_head head = cx_call_in_full_head(call);
    err = send_end(call->endpoint, call->wire_id, &head);
    cx_call_in_end(call);
    return err;
}

coax_err coax_call_end(coax_call call)
{
    if (COAX_UNLIKELY(cx_is_worker(call)))
        return cx_workers_of(call)->end(call);
    return (call.index & CX_HANDLE_INBOUND) != 0 ? end_replies(call) : end_requests(call);
}
