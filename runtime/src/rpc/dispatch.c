/*
 * From the link's events to the rooms that handle them: the only switch on the types of a call's
 * frames.
 *
 * Read next: start.c for calls made here, arrive.c for calls handled here.
 */
#include <stdarg.h>
#include <stdio.h>

#include "rpc/events.h"
#include "rpc/login.h"
#include "rpc/stream.h"

static void on_open(cx_link *link)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    cx_stream_open_all(endpoint);
    endpoint->config->events->on_open(endpoint->self);
}

/* Of a stream, and from either side. */
static bool is_of_stream(uint8_t type)
{
    return type == CX_FRAME_ITEM || type == CX_FRAME_END;
}

static bool accepts(cx_link *link, const cx_frame *frame)
{
    if (is_of_stream(frame->type))
        return cx_stream_accepts(cx_endpoint_of(link), frame);
    if (frame->type == CX_FRAME_EVENT || cx_events_is_ask(frame->call))
        return cx_events_accept(cx_endpoint_of(link), frame);
    bool is_ours = ((frame->call & CX_CALL_ROLE_BIT) != 0) == (link->config.role == CX_ROLE_SERVER);
    return is_ours && cx_call_out_find(cx_endpoint_of(link), frame->call) != NULL;
}

static bool may_begin(cx_link *link, const cx_frame *frame, coax_error *ret_why)
{
    return cx_call_in_may_begin(cx_endpoint_of(link), frame, ret_why);
}

/* The end of a call: of one to a method, or of a SUBSCRIBE. */
static void on_answer(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message)
{
    if (COAX_UNLIKELY(cx_events_is_ask(frame->call)))
        cx_events_answer(endpoint, frame, message);
    else if (frame->type == CX_FRAME_RESPONSE)
        cx_call_out_reply(endpoint, frame, message);
    else
        cx_call_out_error(endpoint, frame, message);
}

static void on_message(cx_link *link, const cx_frame *frame, cx_message *message)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    switch (frame->type) {
    case CX_FRAME_REQUEST:
        if (cx_link_is_draining(link))
            cx_drain_refuse(endpoint, frame);
        else
            cx_call_in_request(endpoint, frame, message);
        break;
    case CX_FRAME_RESPONSE:
    case CX_FRAME_ERROR: on_answer(endpoint, frame, message); break;
    case CX_FRAME_HEAD: cx_call_out_head(endpoint, frame, message); break;
    case CX_FRAME_ONEWAY: cx_call_in_oneway(endpoint, frame, message); break;
    case CX_FRAME_CANCEL: cx_call_in_cancel(endpoint, frame); break;
    case CX_FRAME_ITEM: cx_stream_item(endpoint, frame, message); break;
    case CX_FRAME_END: cx_stream_end_frame(endpoint, frame, message); break;
    case CX_FRAME_WINDOW: cx_stream_window(endpoint, frame); break;
    case CX_FRAME_EVENT: cx_events_arrive(endpoint, frame, message); break;
    case CX_FRAME_SUBSCRIBE: cx_events_subscribe(endpoint, frame); break;
    case CX_FRAME_UNSUBSCRIBE: cx_events_unsubscribe(endpoint, frame); break;
    default: break; /* of a call that has ended */
    }
}

/* What only comes for calls that this side started. */
static bool is_answer(uint8_t type)
{
    return type == CX_FRAME_RESPONSE || type == CX_FRAME_ERROR || type == CX_FRAME_HEAD;
}

/*
 * A message that the peer may not send, longer than we take, or without what should stand in front of it: a request is
 * answered, an answer ends its call.
 */
static void on_refused(cx_link *link, const cx_frame *frame, const coax_error *why)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    const coax_err code = why->code == COAX_ERR_TOO_LARGE ? COAX_ERR_RESOURCE_EXHAUSTED : why->code;
    if (is_of_stream(frame->type)) {
        cx_stream_refused(endpoint, frame, why);
        return;
    }
    if (code == COAX_ERR_UNAUTHENTICATED || code == COAX_ERR_PERMISSION_DENIED)
        cx_note_denied(endpoint, frame->method, why->text);
    else
        cx_endpoint_report(endpoint, code, "%s", why->text);
    if (frame->type == CX_FRAME_REQUEST || frame->type == CX_FRAME_ONEWAY)
        cx_call_in_count_refused(endpoint, frame, 0, code);
    if (frame->type == CX_FRAME_REQUEST)
        cx_answer_or_close(endpoint, frame->call, code, why->text);
    if (!is_answer(frame->type))
        return;
    if (cx_events_is_ask(frame->call))
        cx_events_no_answer(endpoint, frame, why);
    cx_call_out *call = cx_call_out_find(endpoint, frame->call);
    if (call == NULL)
        return;
    const coax_err end = code == COAX_ERR_RESOURCE_EXHAUSTED ? code : COAX_ERR_INTERNAL;
    cx_call_out_tell(call, end);
    cx_call_out_end(call, end, why->text);
}

/* A message that was queued before the peer told what it takes, and is too long for it. */
static void on_unsendable(cx_link *link, const cx_frame *frame, size_t len)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    char words[COAX_ERROR_TEXT_MAX];
    snprintf(words, sizeof words, "a %s of %zu bytes passes the peer's max_message (%u bytes)",
             cx_frame_name(frame->type), len, link->peer_max_message);
    cx_call_out *call = cx_call_out_find(endpoint, frame->call);
    if (call != NULL)
        cx_call_out_end(call, COAX_ERR_TOO_LARGE, words);
    else
        cx_endpoint_report(endpoint, COAX_ERR_TOO_LARGE, "%s", words);
}

static void on_dirty(cx_link *link)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    endpoint->config->events->on_dirty(endpoint->self);
}

static void on_writable(cx_link *link)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    if (!cx_list_is_empty(&endpoint->blocked))
        cx_core_defer(endpoint->core, &endpoint->unblocking);
    if (endpoint->lot != NULL)
        cx_lot_continue(endpoint->lot);
    endpoint->config->events->on_writable(endpoint->self);
}

static void on_pull(cx_link *link)
{
    cx_events_pull(cx_endpoint_of(link));
}

static void on_goaway_drain(cx_link *link, uint32_t retry_after_ms, const char *words)
{
    cx_drain_heard(cx_endpoint_of(link), retry_after_ms, words);
}

static bool is_busy(cx_link *link)
{
    const cx_endpoint *endpoint = cx_endpoint_of(link);
    return endpoint->n_calls > 0 || endpoint->n_handlers > 0 || cx_events_wait(endpoint);
}

static void on_closed(cx_link *link)
{
    cx_endpoint *endpoint = cx_endpoint_of(link);
    cx_events_closed(endpoint);
    cx_login_closed(endpoint);
    cx_core_defer(endpoint->core, &endpoint->closing);
}

const cx_link_events cx_dispatch_events = {
    .on_show = cx_login_on_show,
    .on_hello = cx_login_on_hello,
    .on_auth = cx_login_on_auth,
    .on_welcome = cx_login_on_welcome,
    .on_open = on_open,
    .accepts = accepts,
    .may_begin = may_begin,
    .on_message = on_message,
    .on_refused = on_refused,
    .on_dirty = on_dirty,
    .on_writable = on_writable,
    .on_pull = on_pull,
    .on_goaway_drain = on_goaway_drain,
    .is_busy = is_busy,
    .on_unsendable = on_unsendable,
    .on_closed = on_closed,
};

static void log_bad_input(cx_endpoint *endpoint, const coax_error *what)
{
    char address[300] = "";
    const cx_endpoint_events *events = endpoint->config->events;
    const cx_log *log = &endpoint->core->host.log;
    if (!cx_log_wants(log, COAX_LOG_WARN))
        return;
    if (events->address != NULL)
        (void)events->address(endpoint->self, address, sizeof address);
    const coax_log_pair pairs[] = { { "address", address }, { "reason", what->text } };
    cx_log_event(log, COAX_LOG_WARN, "bad_input", pairs, 2);
}

void cx_endpoint_report(cx_endpoint *endpoint, coax_err code, const char *format, ...)
{
    char words[2 * COAX_ERROR_TEXT_MAX]; /* cut at a character by coax_error_set */
    va_list args;
    va_start(args, format);
    if (vsnprintf(words, sizeof words, format, args) < 0)
        words[0] = '\0';
    va_end(args);
    coax_error what;
    coax_error_set(&what, code, "%s", words);
    log_bad_input(endpoint, &what);
    if (endpoint->config->stats != NULL)
        cx_count_add(&endpoint->config->stats->bad_inputs, 1);
    endpoint->config->events->on_error(endpoint->self, &what);
}
