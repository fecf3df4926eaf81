/*
 * Streams: the part a call has for them, the frames that end them, and what a broken rule costs.
 *
 * All that runs users' functions comes from here or from stream_in.c, in one put-off job per stream: first the items
 * that wait, then the end behind them, then whoever waits for room. After each of those the part is looked up again,
 * because a callback may have ended the call. Read next: stream_in.c, stream_out.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "link/words.h"
#include "rpc/stream.h"

cx_endpoint *cx_stream_endpoint(const cx_stream_part *stream)
{
    return stream->out != NULL ? stream->out->endpoint : stream->in->endpoint;
}

uint32_t cx_stream_wire_id(const cx_stream_part *stream)
{
    return stream->out != NULL ? cx_call_out_wire_id(stream->out) : stream->in->wire_id;
}

coax_call cx_stream_handle(const cx_stream_part *stream)
{
    return stream->out != NULL ? cx_call_out_handle(stream->out) : cx_call_in_handle(stream->in);
}

cx_stream_part *cx_stream_find(coax_call handle)
{
    const cx_call_out *out = cx_handle_out(handle);
    if (out != NULL)
        return out->stream;
    const cx_call_in *in = cx_handle_in(handle);
    return in != NULL && in->state != CX_CALL_ENDED ? in->stream : NULL;
}

bool cx_stream_is_live(const cx_stream_part *stream)
{
    if (cx_stream_endpoint(stream)->link.state == CX_LINK_CLOSED)
        return false;
    return stream->out != NULL ? !stream->out->is_cancelled : stream->in->state == CX_CALL_RUNNING;
}

void cx_stream_defer(cx_stream_part *stream)
{
    cx_core_defer(cx_stream_endpoint(stream)->core, &stream->work);
}

static void run(cx_work *work)
{
    cx_stream_part *stream = CX_CONTAINER(work, cx_stream_part, work);
    const coax_call handle = cx_stream_handle(stream);
    if (!cx_stream_is_live(stream)) {
        if (stream->in != NULL && stream->in->state == CX_CALL_ABANDONED)
            cx_stream_tell_gone(stream);
        return; /* a call made here hears of its end from elsewhere */
    }
    if (!cx_stream_deliver(stream))
        return;
    stream = cx_stream_find(handle);
    if (stream != NULL && cx_stream_is_live(stream))
        cx_stream_tell_writable(stream);
}

static cx_stream_part *create(cx_endpoint *endpoint)
{
    size_t cap;
    cx_stream_part *stream = cx_pool_take(&endpoint->core->host.pool, sizeof *stream, &cap);
    if (stream == NULL)
        return NULL;
    memset(stream, 0, sizeof *stream);
    stream->work.run = run;
    cx_list_init(&stream->blocked);
    stream->room = endpoint->config->limits.window;
    return stream;
}

cx_stream_part *cx_stream_for_caller(cx_call_out *call)
{
    cx_stream_part *stream = create(call->endpoint);
    if (stream == NULL)
        return NULL;
    const coax_method *method = call->method;
    stream->out = call;
    stream->out_type = method->request_item;
    stream->out_max = method->max_request;
    stream->in_type = method->response_item;
    stream->in_max = method->max_reply;
    stream->is_receiving = true;
    if (call->endpoint->link.state == CX_LINK_OPEN)
        cx_stream_open(stream);
    return stream;
}

cx_stream_part *cx_stream_for_handler(cx_call_in *call)
{
    cx_stream_part *stream = create(call->endpoint);
    if (stream == NULL)
        return NULL;
    const coax_method *method = call->method;
    stream->in = call;
    stream->out_type = method->response_item;
    stream->out_max = method->max_reply;
    stream->in_type = method->request_item;
    stream->in_max = method->max_request;
    cx_stream_open(stream);
    return stream;
}

void cx_stream_free(cx_stream_part *stream)
{
    if (stream == NULL)
        return;
    cx_core *core = cx_stream_endpoint(stream)->core;
    cx_core_undefer(core, &stream->work);
    cx_list_remove(&stream->blocked);
    cx_stream_drop_kept(stream);
    if (stream->has_result)
        cx_memory_give(stream->result.memory);
    cx_pool_give(&core->host.pool, stream, sizeof *stream);
}

/* Parties: a call by the frames that name it. */

static bool is_ours(const cx_endpoint *endpoint, uint32_t wire_id)
{
    return ((wire_id & CX_CALL_ROLE_BIT) != 0) == (endpoint->config->role == CX_ROLE_SERVER);
}

bool cx_party_find(cx_endpoint *endpoint, uint32_t wire_id, cx_party *ret)
{
    *ret = (cx_party){ NULL, NULL, NULL };
    if (is_ours(endpoint, wire_id)) {
        ret->out = cx_call_out_find(endpoint, wire_id);
        ret->stream = ret->out != NULL ? ret->out->stream : NULL;
    } else {
        ret->in = cx_call_in_find(endpoint, wire_id);
        ret->stream = ret->in != NULL ? ret->in->stream : NULL;
    }
    return ret->out != NULL || ret->in != NULL;
}

cx_party cx_party_of(cx_stream_part *stream)
{
    return (cx_party){ stream->out, stream->in, stream };
}

const char *cx_party_method(const cx_party *party)
{
    const coax_method *method = party->out != NULL ? party->out->method : party->in->method;
    return method != NULL ? method->name : "a method nobody here knows";
}

static coax_err code_for(const cx_party *party, coax_err code)
{
    if (code == COAX_ERR_BAD_MESSAGE)
        return party->in != NULL ? COAX_ERR_INVALID_ARGUMENT : COAX_ERR_INTERNAL;
    return code == COAX_ERR_NO_MEMORY && party->in != NULL ? COAX_ERR_RESOURCE_EXHAUSTED : code;
}

void cx_party_fail(const cx_party *party, coax_err code, const char *format, ...)
{
    char words[2 * COAX_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    if (vsnprintf(words, sizeof words, format, args) < 0)
        words[0] = '\0';
    va_end(args);
    cx_words_mend(words, sizeof words - 1);

    code = code_for(party, code);
    cx_endpoint *endpoint = party->out != NULL ? party->out->endpoint : party->in->endpoint;
    cx_endpoint_report(endpoint, code, "%s", words);
    if (party->out != NULL) {
        cx_call_out_tell(party->out, code);
        cx_call_out_end(party->out, code, words);
        return;
    }
    /* What is on its way is worth nothing now. */
    (void)cx_link_forget(&endpoint->link, party->in->wire_id);
    cx_call_in_answer_or_close(party->in, code, words);
    cx_call_in_count_end(party->in, code);
    cx_call_in_abandon(party->in, COAX_ERR_CANCELLED);
}

bool cx_stream_accepts(cx_endpoint *endpoint, const cx_frame *frame)
{
    cx_party party;
    return cx_party_find(endpoint, frame->call, &party);
}

void cx_stream_refused(cx_endpoint *endpoint, const cx_frame *frame, const coax_error *why)
{
    cx_party party;
    if (cx_party_find(endpoint, frame->call, &party))
        cx_party_fail(&party, COAX_ERR_RESOURCE_EXHAUSTED, "%s", why->text);
}

/* Ends. */

/* The caller sends no more. */
static void end_requests(const cx_party *party)
{
    cx_stream_part *stream = party->stream;
    stream->peer_ended = true;
    (void)cx_stream_deliver(stream);
}

/* The handler ended a stream of replies with success. */
static void end_replies(const cx_party *party, const cx_message *message)
{
    coax_result result = { .err = COAX_OK, .status = { .code = COAX_OK, .message = "" } };
    coax_error why;
    if (cx_call_out_take_trailer(party->out, message, &result, &why) != COAX_OK) {
        cx_memory_give(result.memory);
        cx_party_fail(party, why.code == COAX_ERR_NO_MEMORY ? why.code : COAX_ERR_BAD_MESSAGE,
                      "the end of %s: %s", cx_party_method(party), why.text);
        return;
    }
    if (!cx_stream_puts_off(party->stream, &result))
        cx_call_out_complete(party->out, &result, true);
}

void cx_stream_end_frame(cx_endpoint *endpoint, const cx_frame *frame, const cx_message *message)
{
    cx_party party;
    if (!cx_party_find(endpoint, frame->call, &party))
        return;
    const cx_stream_part *stream = party.stream;
    if (stream == NULL || stream->in_type == NULL)
        cx_party_fail(&party, COAX_ERR_BAD_MESSAGE,
                      "%s has no stream from this side, and an END came", cx_party_method(&party));
    else if (stream->peer_ended)
        cx_party_fail(&party, COAX_ERR_BAD_MESSAGE, "%s: an END after the END",
                      cx_party_method(&party));
    else if (party.out != NULL)
        end_replies(&party, message);
    else
        end_requests(&party);
}

bool cx_stream_puts_off(cx_stream_part *stream, const coax_result *result)
{
    if (stream == NULL || (cx_kept_is_empty(&stream->kept) && !stream->is_paused))
        return false;
    cx_stream_stop_sending(stream);
    cx_wheel_cancel(&cx_stream_endpoint(stream)->core->host.wheel, &stream->out->timer);
    stream->peer_ended = true;
    stream->has_result = true;
    stream->result = *result;
    return true;
}

void cx_stream_stop_sending(cx_stream_part *stream)
{
    cx_link *link = &cx_stream_endpoint(stream)->link;
    const uint32_t id = cx_stream_wire_id(stream);
    stream->out_ended = true;
    stream->refused = 0;
    cx_list_remove(&stream->blocked);
    if (link->state == CX_LINK_CLOSED || !cx_link_is_sending(link, id))
        return;
    /* Of an item the peer may have the beginning, which it throws away when it sees CANCEL. */
    const cx_frame cancel = { .type = CX_FRAME_CANCEL, .call = id, .aux = COAX_ERR_CANCELLED };
    (void)cx_link_forget(link, id);
    (void)!cx_link_send_empty(link, &cancel, NULL);
}

void cx_stream_abandon(cx_stream_part *stream)
{
    if (stream == NULL)
        return;
    cx_stream_drop_kept(stream);
    if ((stream->is_receiving && !stream->is_end_told) || stream->refused != 0)
        cx_stream_defer(stream);
}

void cx_stream_tell_gone(cx_stream_part *stream)
{
    if (stream == NULL || stream->in->state != CX_CALL_ABANDONED)
        return;
    const coax_call handle = cx_stream_handle(stream);
    if (stream->is_receiving && !stream->is_end_told) {
        stream->is_end_told = true;
        if (stream->on_end != NULL)
            stream->on_end(stream->item_self, handle);
        stream = cx_stream_find(handle);
    }
    if (stream == NULL || stream->refused == 0 || stream->on_writable == NULL)
        return;
    stream->refused = 0;
    stream->on_writable(stream->writable_self, handle);
}
