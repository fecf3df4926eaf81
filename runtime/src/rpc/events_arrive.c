/*
 * What comes to a subscriber: events for its handlers, and answers to what it asked.
 *
 * An event is decoded once for all of its handlers. One that can't be decoded is reported and
 * skipped, because it belongs to no call that could fail; one that nobody wishes was under way when
 * it was unsubscribed. Constraints are not checked again (docs/decisions/0009). Read next:
 * events_out.c.
 */
#include <stdio.h>

#include "coax/status.h"
#include "rpc/events_parts.h"

static cx_wish *wish_for(const cx_endpoint *endpoint, uint32_t event_id)
{
    const cx_subscriber *subscriber = endpoint->subscriber;
    cx_wish *wish = subscriber != NULL ? cx_idtable_find(&subscriber->wishes, event_id) : NULL;
    bool is_wanted = wish != NULL && (wish->state == CX_WISH_ASKED || wish->state == CX_WISH_HELD);
    return is_wanted ? wish : NULL;
}

static cx_wish *asked_by(const cx_endpoint *endpoint, uint32_t call)
{
    const cx_subscriber *subscriber = endpoint->subscriber;
    return subscriber != NULL ? cx_idtable_find(&subscriber->asks, call) : NULL;
}

bool cx_events_accept(const cx_endpoint *endpoint, const cx_frame *frame)
{
    return frame->type == CX_FRAME_EVENT ? wish_for(endpoint, frame->method) != NULL
                                         : asked_by(endpoint, frame->call) != NULL;
}

/* One event on its way through the handlers. */
typedef struct delivery {
    cx_endpoint *endpoint;
    const void *event;
} delivery;

static void deliver(cx_subscription *subscription, const void *what)
{
    const delivery *it = what;
    const cx_subscribe_args *args = &subscription->args;
    if (it->endpoint->link.state == CX_LINK_CLOSED)
        return; /* a handler before this one has closed the client */
    args->glue(args->self, args->user_fn, cx_endpoint_peer(it->endpoint), it->event);
}

static void report_bad(cx_endpoint *endpoint, const coax_method *event, const coax_error *why)
{
    if (why->code == COAX_ERR_TOO_LARGE)
        cx_endpoint_report(endpoint, COAX_ERR_RESOURCE_EXHAUSTED,
                           "the event %s decodes to more than max_decoded (%u bytes)", event->name,
                           endpoint->config->limits.max_decoded);
    else
        cx_endpoint_report(endpoint, why->code, "the event %s: %s", event->name, why->text);
}

static void count(cx_wish *wish, size_t len)
{
    const cx_endpoint *endpoint = wish->subscriber->endpoint;
    if (wish->row == NULL)
        wish->row = cx_stats_find(endpoint->config->stats, wish->event, CX_ROW_EVENT);
    if (wish->row == NULL)
        return;
    cx_count_add(&wish->row->event.received, 1);
    cx_count_add(&wish->row->event.bytes, len);
}

/* Nobody waits for an answer: what comes past max_bytes_per_s is dropped, and counted. */
COAX_COLD static bool is_within_quota(cx_endpoint *endpoint, const cx_wish *wish, size_t len)
{
    coax_error why;
    if (cx_quota_judge(&endpoint->quota, &endpoint->config->limits, false, len,
                       cx_core_now(endpoint->core), &why) == 0)
        return true;
    char words[COAX_ERROR_TEXT_MAX];
    (void)snprintf(words, sizeof words, "the event %.100s is dropped: %.100s", wish->event->name,
                   why.text);
    cx_note_limited(endpoint, words);
    return false;
}

void cx_events_arrive(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message)
{
    cx_wish *wish = wish_for(endpoint, frame->method);
    if (wish == NULL)
        return;
    if (COAX_UNLIKELY(cx_quota_is_set(&endpoint->config->limits)) &&
        !is_within_quota(endpoint, wish, message->len))
        return;
    coax_error why;
    coax_memory *memory =
        cx_memory_take(endpoint->core->memory, message, endpoint->config->limits.max_decoded);
    if (memory == NULL) {
        coax_error_set(&why, COAX_ERR_NO_MEMORY, "no memory for it");
        report_bad(endpoint, wish->event, &why);
        return;
    }
    const size_t len = message->len;
    const void *event = cx_memory_decode(memory, wish->event->request,
                                         (coax_bytes){ message->data, message->len }, &why);
    if (event != NULL) {
        count(wish, len);
        const delivery it = { endpoint, event };
        cx_wish_visit(wish, deliver, &it);
    } else {
        report_bad(endpoint, wish->event, &why);
    }
    cx_memory_give(memory);
}

static void answer_with(cx_wish *wish, coax_err code, const char *words, uint32_t retry_after_ms)
{
    const coax_status status = { .code = code, .message = words, .retry_after_ms = retry_after_ms };
    cx_wish_answered(wish, &status);
}

/* The server takes nothing new on this connection; the next one is asked. */
static bool is_put_off(const cx_endpoint *endpoint, coax_err code)
{
    return code == COAX_ERR_UNAVAILABLE && cx_link_peer_drains(&endpoint->link);
}

static void take_refusal(cx_endpoint *endpoint, cx_wish *wish, const cx_frame *frame,
                         cx_message *message)
{
    coax_err code =
        frame->aux <= COAX_ERR_UNAUTHENTICATED ? (coax_err)frame->aux : COAX_ERR_UNKNOWN;
    if (is_put_off(endpoint, code)) {
        cx_wish_put_off(wish);
        return;
    }
    coax_error why;
    const cx_control_status *told = NULL;
    coax_memory *memory =
        cx_memory_take(endpoint->core->memory, message, endpoint->config->limits.max_decoded);
    if (memory != NULL)
        told = cx_memory_decode(memory, &cx_control_status_type,
                                (coax_bytes){ message->data, message->len }, &why);
    if (told != NULL)
        answer_with(wish, code, told->message.data, told->retry_after_ms);
    else
        answer_with(wish, code, coax_err_meaning(code), 0);
    cx_memory_give(memory);
}

void cx_events_answer(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message)
{
    cx_wish *wish = asked_by(endpoint, frame->call);
    if (wish == NULL)
        return;
    if (frame->type == CX_FRAME_ERROR)
        take_refusal(endpoint, wish, frame, message);
    else
        answer_with(wish, COAX_OK, "", 0);
}

void cx_events_no_answer(cx_endpoint *endpoint, const cx_frame *frame, const coax_error *why)
{
    cx_wish *wish = asked_by(endpoint, frame->call);
    if (wish != NULL)
        answer_with(wish, COAX_ERR_INTERNAL, why->text, 0);
}
