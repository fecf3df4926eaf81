/*
 * The way in: bytes are split into frames, frames become messages, whatever the bytes' split was.
 *
 * A frame that lies whole in the caller's buffer is handled there. One that doesn't is kept
 * ("tail") until its rest comes, unless it belongs to a message of several frames: then its payload
 * goes straight into that message's memory. Nothing is kept before its header has been judged. Read
 * next: judge.c, opening.c, partial.c.
 */
#include <string.h>

#include "link/head.h"
#include "link/link_parts.h"

/* What stands in front of a message is wrong: it is looked at once more, for the words. */
COAX_COLD static void refuse_head(cx_link *link, const cx_frame *frame, cx_message *message)
{
    coax_error why;
    if (cx_head_take(frame, message, link->config.limits->max_metadata, &why) != COAX_OK)
        link->config.events->on_refused(link, frame, &why);
}

COAX_COLD static void refuse_long(cx_link *link, const cx_frame *frame, size_t len)
{
    const uint32_t most = link->config.limits->max_message;
    coax_error why;
    if (len <= most) {
        cx_link_fail(link, COAX_ERR_PROTOCOL, "%s with a message of %zu bytes",
                     cx_frame_name(frame->type), len);
        return;
    }
    (void)coax_error_set(&why, COAX_ERR_TOO_LARGE, "a %s passes max_message (%u bytes)",
                         cx_frame_name(frame->type), most);
    link->config.events->on_refused(link, frame, &why);
}

/* A whole message goes up, without its head. */
static void deliver(cx_link *link, const cx_frame *frame, cx_message *message)
{
    const coax_limits *limits = link->config.limits;
    const uint32_t bare = 1u << CX_FRAME_END | 1u << CX_FRAME_HEAD; /* have no message */
    const bool has_head = (frame->flags & (CX_FLAG_DEADLINE | CX_FLAG_META)) != 0;
    const size_t most = (bare >> frame->type & 1u) != 0 ? 0 : limits->max_message;
    link->beat.used_ns = link->beat.heard_ns;
    if (has_head && cx_head_take(frame, message, limits->max_metadata, NULL) != COAX_OK)
        refuse_head(link, frame, message);
    else if (COAX_UNLIKELY(message->len > most))
        refuse_long(link, frame, message->len);
    else
        link->config.events->on_message(link, frame, message);
}

/* Handles a frame all of which is there. `payload` may be gone when this returns. */
static void handle_whole(cx_link *link, const uint8_t *payload)
{
    const cx_frame frame = link->frame;
    cx_message message = { .data = payload, .len = frame.length };
    switch (frame.type) {
    case CX_FRAME_HELLO: cx_opening_hello(link, payload, frame.length); break;
    case CX_FRAME_WELCOME: cx_opening_welcome(link, payload, frame.length); break;
    case CX_FRAME_AUTH: cx_opening_auth(link, payload, frame.length); break;
    case CX_FRAME_GOAWAY: cx_opening_goaway(link, frame.aux, payload, frame.length); break;
    case CX_FRAME_PING: cx_heartbeat_on_ping(link, payload, frame.length); break;
    case CX_FRAME_PONG: cx_heartbeat_on_pong(link, payload, frame.length); break;
    case CX_FRAME_CANCEL: {
        cx_partial *partial = cx_partials_find(&link->partials, frame.call);
        if (partial != NULL)
            cx_partials_drop(&link->partials, &link->host->pool, partial);
        link->beat.used_ns = link->beat.heard_ns;
        link->config.events->on_message(link, &frame, &message);
        break;
    }
    case CX_FRAME_REQUEST: link->last_call = frame.call; /* fall through */
    default: deliver(link, &frame, &message);
    }
}

/* The last byte of a frame that was not kept has come. */
static void finish_streamed(cx_link *link, uint64_t now)
{
    if (link->skips) {
        link->skips = false;
        return;
    }
    cx_pool *pool = &link->host->pool;
    cx_partial *partial = cx_partials_find(&link->partials, link->frame.call);
    if (partial == NULL)
        return;
    if ((link->frame.flags & CX_FLAG_MORE) != 0) {
        cx_partials_touch(&link->partials, partial, now);
        return;
    }
    if (partial->is_refused) {
        cx_partials_drop(&link->partials, pool, partial);
        return;
    }
    cx_frame first = partial->header;
    first.flags &= (uint8_t)~CX_FLAG_MORE;
    cx_message message = { .data = NULL };
    uint8_t *data =
        cx_partials_take(&link->partials, pool, partial, &message.len, &message.owned_cap);
    message.data = data;
    message.owned = data;
    if (first.type == CX_FRAME_REQUEST)
        link->last_call = first.call;
    const size_t used = message.len;
    deliver(link, &first, &message);
    cx_pool_give_used(pool, message.owned, message.owned_cap, used);
}

/* The length of the metadata is there: it is judged before any of it is kept. */
static void learn_head(cx_link *link, cx_partial *partial)
{
    const coax_limits *limits = link->config.limits;
    const uint32_t prefix = partial->head;
    coax_error why = COAX_ERROR_INIT;
    partial->head = cx_head_len(partial->header.flags, partial->data);
    partial->knows_head = true;
    if (partial->head - prefix > limits->max_metadata)
        (void)cx_head_refuse(&partial->header, partial->head - prefix, limits->max_metadata, &why);
    if (why.code != COAX_OK)
        (void)cx_link_refuse(link, partial, &why);
    else
        cx_link_judge_rest(link, partial);
}

/* Takes payload bytes of a frame that is not kept. */
static size_t stream(cx_link *link, const uint8_t *data, size_t len, uint64_t now)
{
    size_t n = len < link->frame_left ? len : link->frame_left;
    cx_partial *partial = link->skips ? NULL : cx_partials_find(&link->partials, link->frame.call);
    if (COAX_UNLIKELY(partial != NULL && !partial->knows_head && !partial->is_refused &&
                      n > partial->head - partial->len))
        n = partial->head - partial->len;
    size_t most = (size_t)link->config.limits->max_message + (partial != NULL ? partial->head : 0);
    if (partial != NULL &&
        !cx_partials_append(&link->partials, &link->host->pool, partial, data, n, most)) {
        cx_link_fail(link, COAX_ERR_NO_MEMORY, "no memory for a message of %zu bytes so far",
                     partial->len);
        return n;
    }
    link->frame_left -= (uint32_t)n;
    if (COAX_UNLIKELY(partial != NULL && !partial->knows_head && partial->len == partial->head))
        learn_head(link, partial);
    if (link->frame_left == 0 && link->state != CX_LINK_CLOSED)
        finish_streamed(link, now);
    return n;
}

static void begin_stream(cx_link *link, uint64_t now)
{
    link->frame_left = link->frame.length;
    link->begun_ns = now;
    if (link->frame_left == 0)
        finish_streamed(link, now);
}

/* Appends to the tail; false: no memory, the link is closed. */
static bool keep(cx_link *link, const uint8_t *data, size_t len)
{
    size_t need = link->tail_len + len;
    if (need > link->tail_cap) {
        size_t cap = link->tail_cap;
        uint8_t *tail = cx_pool_grow(&link->host->pool, link->tail, &cap, link->tail_len, need);
        if (tail == NULL) {
            cx_link_fail(link, COAX_ERR_NO_MEMORY, "no memory for a frame");
            return false;
        }
        link->tail = tail;
        link->tail_cap = (uint32_t)cap;
    }
    memcpy(link->tail + link->tail_len, data, len);
    link->tail_len = (uint32_t)need;
    return true;
}

/*
 * Empties the tail and hands its memory over, so that what it holds outlives even the link's end.
 */
static uint8_t *detach_tail(cx_link *link, size_t *ret_cap)
{
    uint8_t *tail = link->tail;
    *ret_cap = link->tail_cap;
    link->tail = NULL;
    link->tail_len = 0;
    link->tail_cap = 0;
    return tail;
}

static void drop_tail(cx_link *link)
{
    size_t cap;
    uint8_t *tail = detach_tail(link, &cap);
    cx_pool_give(&link->host->pool, tail, cap);
}

/* The tail holds a whole header. Returns whether the whole frame is there as well. */
static bool take_tail_header(cx_link *link, uint64_t now)
{
    switch (cx_link_judge(link, link->tail, now)) {
    case CX_WAY_CLOSED: return false;
    case CX_WAY_WHOLE: return link->frame.length == 0;
    case CX_WAY_STREAM: break;
    }
    drop_tail(link);
    begin_stream(link, now);
    return false;
}

/* Adds to an incomplete frame. */
static size_t top_up(cx_link *link, const uint8_t *data, size_t len, uint64_t now)
{
    bool has_header = link->tail_len >= CX_FRAME_HEADER;
    size_t wanted = CX_FRAME_HEADER + (has_header ? (size_t)link->frame.length : 0);
    size_t n = wanted - link->tail_len < len ? wanted - link->tail_len : len;
    if (link->tail_len == 0)
        link->begun_ns = now;
    if (!keep(link, data, n) || link->tail_len < wanted)
        return n;
    if (has_header || take_tail_header(link, now)) {
        size_t cap;
        uint8_t *tail = detach_tail(link, &cap);
        handle_whole(link, tail + CX_FRAME_HEADER);
        cx_pool_give_used(&link->host->pool, tail, cap, wanted);
    }
    return n;
}

/* Takes a frame from where it lies, if enough of it is there. */
static size_t take_frame(cx_link *link, const uint8_t *data, size_t len, uint64_t now)
{
    if (len < CX_FRAME_HEADER)
        return top_up(link, data, len, now);
    switch (cx_link_judge(link, data, now)) {
    case CX_WAY_CLOSED: return len;
    case CX_WAY_STREAM: begin_stream(link, now); return CX_FRAME_HEADER;
    case CX_WAY_WHOLE: break;
    }
    size_t total = CX_FRAME_HEADER + (size_t)link->frame.length;
    if (len >= total) {
        handle_whole(link, data + CX_FRAME_HEADER);
        return total;
    }
    link->begun_ns = now;
    (void)!keep(link, data, len);
    return len;
}

/*
 * Whether what comes waits until the peer has been let in: from the first frame of a call on. Who has a step of its
 * login to say says nothing else before.
 */
static bool is_held(const cx_link *link, uint8_t type)
{
    if (link->state != CX_LINK_AUTH || link->awaits_auth || link->is_holding)
        return link->is_holding;
    return link->tail_len == 0 && (type < CX_FRAME_HELLO || type == CX_FRAME_PING);
}

static size_t hold(cx_link *link, const uint8_t *data, size_t len)
{
    const size_t room = CX_EARLY_FRAMES;
    if (len > room - link->early_used - link->tail_len) {
        cx_link_fail(link, COAX_ERR_RESOURCE_EXHAUSTED, "more than %u bytes before WELCOME",
                     CX_EARLY_MAX);
        return len;
    }
    if (keep(link, data, len))
        link->is_holding = true;
    return len;
}

static void take_bytes(cx_link *link, const uint8_t *data, size_t len, uint64_t now)
{
    while (len > 0 && link->state != CX_LINK_CLOSED) {
        size_t n;
        if (link->frame_left > 0)
            n = stream(link, data, len, now);
        else if (COAX_UNLIKELY(link->state == CX_LINK_AUTH) && is_held(link, data[0]))
            n = hold(link, data, len);
        else if (link->tail_len > 0)
            n = top_up(link, data, len, now);
        else
            n = take_frame(link, data, len, now);
        data += n;
        len -= n;
    }
    cx_link_watch_progress(link, now);
}

void cx_link_receive(cx_link *link, const uint8_t *data, size_t len, uint64_t now)
{
    link->counts.bytes_received += len;
    link->beat.heard_ns = now;
    take_bytes(link, data, len, now);
}

void cx_link_take_held(cx_link *link, uint64_t now)
{
    if (!link->is_holding)
        return;
    size_t cap;
    const size_t len = link->tail_len;
    link->is_holding = false;
    uint8_t *held = detach_tail(link, &cap);
    take_bytes(link, held, len, now);
    cx_pool_give(&link->host->pool, held, cap);
}
