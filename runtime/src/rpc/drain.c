/*
 * A connection that ends in good order: no new calls, those under way go on, then it closes.
 *
 * Either side may drain. The one that does says so (GOAWAY), answers requests that cross it with
 * `unavailable`, and closes when nothing is under way in either direction and everything has been
 * sent. It may still start calls itself: handlers under way may need them. The other side starts none
 * (start.c). One-way messages that cross are taken, because nobody could tell their sender. How
 * long all of that may take is the shell's to say. Read next: endpoint.c.
 */
#include "rpc/parts.h"

/* Whether there is nothing left to wait for. */
static bool is_drained(const cx_endpoint *endpoint)
{
    return endpoint->link.state == CX_LINK_OPEN && endpoint->n_calls == 0 &&
           endpoint->n_handlers == 0 && cx_link_queued(&endpoint->link) == 0 &&
           !cx_events_wait(endpoint);
}

void cx_drain_run(cx_work *work)
{
    cx_endpoint *endpoint = CX_CONTAINER(work, cx_endpoint, draining);
    if (is_drained(endpoint))
        cx_endpoint_close(endpoint, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE,
                          "the connection was drained: all calls have ended");
}

void cx_drain_end(cx_endpoint *endpoint)
{
    if (is_drained(endpoint))
        cx_core_defer(endpoint->core, &endpoint->draining);
}

void cx_drain_refuse(cx_endpoint *endpoint, const cx_frame *frame)
{
    cx_call_in_count_refused(endpoint, frame, 0, COAX_ERR_UNAVAILABLE);
    cx_answer_hint_or_close(endpoint, frame->call, COAX_ERR_UNAVAILABLE,
                            "this connection is being drained and takes no new calls",
                            endpoint->drain_retry_ms);
}

void cx_endpoint_drain(cx_endpoint *endpoint, uint32_t retry_after_ms, const char *words)
{
    if (endpoint->link.state == CX_LINK_CLOSED)
        return;
    endpoint->drain_retry_ms = retry_after_ms;
    /* Whoever is not open has no calls under way; and without memory to say it, closing says it. */
    if (!cx_link_drain(&endpoint->link, retry_after_ms, words))
        cx_endpoint_close(endpoint, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE, words);
    else
        cx_drain_look(endpoint);
}

void cx_drain_heard(cx_endpoint *endpoint, uint32_t retry_after_ms, const char *words)
{
    const cx_endpoint_events *events = endpoint->config->events;
    if (events->on_drain != NULL)
        events->on_drain(endpoint->self, retry_after_ms, words);
}
