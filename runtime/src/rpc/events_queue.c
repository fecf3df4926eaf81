/*
 * What waits for one peer: a ring of references to events, bounded by what they count for.
 *
 * The link takes events when little else is unsent (its pull hook), in order; until then the policy
 * of a later emit may drop them. Each counts CX_EVENT_COST besides its bytes, so that a flood of
 * tiny ones is bounded as well. One that is longer than max_event_queue waits alone. The ring begins
 * in the follower itself and moves to the pool when it grows. Read next: groups.c.
 */
#include <stdio.h>
#include <string.h>

#include "rpc/events_parts.h"

void cx_event_queue_init(cx_event_queue *queue)
{
    memset(queue, 0, sizeof *queue);
    queue->ring = queue->at_hand;
    queue->capacity = CX_EVENTS_AT_HAND;
}

static size_t cost(const cx_shared *message)
{
    return cx_shared_bytes(message).len + CX_EVENT_COST;
}

static void shrink(cx_event_queue *queue, cx_pool *pool)
{
    if (queue->ring != queue->at_hand)
        cx_pool_give(pool, queue->ring, queue->capacity * sizeof queue->ring[0]);
    queue->ring = queue->at_hand;
    queue->capacity = CX_EVENTS_AT_HAND;
    queue->first = 0;
}

/* The ring's memory is given back when the last one has gone. */
static void drop_first(cx_event_queue *queue, cx_pool *pool)
{
    cx_waiting_event *first = &queue->ring[queue->first];
    queue->bytes -= cost(first->message);
    cx_shared_unref(first->message);
    queue->first = (queue->first + 1) & (queue->capacity - 1);
    if (--queue->count == 0)
        shrink(queue, pool);
}

void cx_event_queue_deinit(cx_event_queue *queue, cx_pool *pool)
{
    while (queue->count > 0)
        drop_first(queue, pool);
}

static bool grow(cx_event_queue *queue, cx_pool *pool)
{
    size_t cap;
    uint32_t capacity = queue->capacity * 2;
    cx_waiting_event *ring = cx_pool_take(pool, capacity * sizeof ring[0], &cap);
    if (ring == NULL)
        return false;
    uint32_t n_behind = queue->capacity - queue->first;
    memcpy(ring, queue->ring + queue->first, n_behind * sizeof ring[0]);
    memcpy(ring + n_behind, queue->ring, queue->first * sizeof ring[0]);
    if (queue->ring != queue->at_hand)
        cx_pool_give(pool, queue->ring, queue->capacity * sizeof ring[0]);
    queue->ring = ring;
    queue->capacity = capacity;
    queue->first = 0;
    return true;
}

static bool add(cx_event_queue *queue, cx_pool *pool, const cx_emission *emission)
{
    if (queue->count == queue->capacity && !grow(queue, pool))
        return false;
    cx_waiting_event *last = &queue->ring[(queue->first + queue->count) & (queue->capacity - 1)];
    last->message = cx_shared_ref(emission->message);
    last->event_id = emission->event->id;
    last->priority = emission->priority;
    queue->count++;
    queue->bytes += cost(emission->message);
    return true;
}

/* Whether one more of `size` has to wait for room. An empty queue takes any. */
static bool is_full(const cx_follower *follower, size_t size)
{
    const cx_event_queue *queue = &follower->queue;
    size_t max = follower->endpoint->config->limits.max_event_queue;
    return queue->count > 0 && (size > max || queue->bytes > max - size);
}

/* Whether the peer, and our own queue towards it, can take a message as long as this at all. */
static bool is_too_long(const cx_follower *follower, const cx_shared *message)
{
    const cx_endpoint *endpoint = follower->endpoint;
    size_t len = cx_shared_bytes(message).len;
    return len > endpoint->link.peer_max_message ||
           len + CX_FRAME_HEADER > endpoint->config->limits.max_send_queue;
}

void cx_follower_note_slow(cx_follower *follower, const coax_method *event)
{
    const cx_endpoint *endpoint = follower->endpoint;
    const cx_log *log = &endpoint->core->host.log;
    char address[256] = "";
    char reason[200];
    if (follower->is_slow)
        return;
    follower->is_slow = true;
    if (!cx_log_wants(log, COAX_LOG_WARN))
        return;
    if (endpoint->config->events->address != NULL)
        (void)endpoint->config->events->address(endpoint->self, address, sizeof address);
    (void)snprintf(reason, sizeof reason,
                   "%s: events of %zu bytes wait, at most %u may (max_event_queue)", event->name,
                   follower->queue.bytes, endpoint->config->limits.max_event_queue);
    const coax_log_pair pairs[] = { { "address", address }, { "reason", reason } };
    cx_log_event(log, COAX_LOG_WARN, "subscriber_slow", pairs, 2);
}

bool cx_follower_push(cx_follower *follower, const cx_emission *emission, coax_emit_report *report)
{
    cx_event_queue *queue = &follower->queue;
    cx_hub *hub = follower->hub;
    cx_pool *pool = &hub->core->host.pool;
    size_t size = cost(emission->message);
    if (is_too_long(follower, emission->message)) {
        report->n_failed++;
        return false;
    }
    if (is_full(follower, size) && hub->flush != NULL)
        hub->flush(follower->endpoint); /* a burst in one turn is not the peer's fault */
    if (queue->count == 0)
        follower->is_slow = false;
    const bool is_slow = is_full(follower, size);
    if (is_slow && emission->policy == COAX_SLOW_DISCONNECT) {
        report->n_disconnected++;
        return true;
    }
    for (; is_full(follower, size) && emission->policy == COAX_SLOW_DROP_OLDEST;
         report->n_dropped++)
        drop_first(queue, pool);
    if (is_full(follower, size)) {
        report->n_dropped++;
        return is_slow && !follower->is_slow;
    }
    if (!add(queue, pool, emission)) {
        report->n_failed++;
        return false;
    }
    report->n_queued++;
    cx_link_want_pull(&follower->endpoint->link);
    return is_slow && !follower->is_slow;
}

bool cx_events_wait(const cx_endpoint *endpoint)
{
    return endpoint->follower != NULL && endpoint->follower->queue.count > 0;
}

static uint32_t call_of(const cx_endpoint *endpoint, const cx_waiting_event *event)
{
    uint32_t role = endpoint->config->role == CX_ROLE_SERVER ? CX_CALL_ROLE_BIT : 0;
    switch (event->priority) {
    case COAX_PRIORITY_HIGH: return role | CX_EVENT_CALL;
    case COAX_PRIORITY_LOW: return role | (CX_EVENT_CALL - 2);
    default: return role | (CX_EVENT_CALL - 1);
    }
}

/* Hands the first one to the link. False: it stays where it is. */
static bool send_first(cx_follower *follower)
{
    cx_endpoint *endpoint = follower->endpoint;
    cx_waiting_event *first = &follower->queue.ring[follower->queue.first];
    const cx_frame frame = { .type = CX_FRAME_EVENT,
                             .call = call_of(endpoint, first),
                             .method = first->event_id };
    const cx_head head = { .priority = first->priority, .is_ordered = true };
    const size_t len = cx_shared_bytes(first->message).len;
    if (!cx_follower_has(follower, first->event_id))
        return true; /* unsubscribed since */
    /* Asked before the link is, which would have the user's on_writable called later. */
    if (len + CX_FRAME_HEADER + cx_link_queued(&endpoint->link) >
        endpoint->config->limits.max_send_queue)
        return false;
    coax_err err = cx_link_send_shared(&endpoint->link, &frame, first->message, &head);
    if (err != COAX_OK && !follower->hub->is_walking)
        cx_log_fact(&endpoint->core->host.log, COAX_LOG_WARN, "event_lost", "reason", "%s",
                    coax_err_meaning(err));
    return true;
}

void cx_events_pull(cx_endpoint *endpoint)
{
    cx_follower *follower = endpoint->follower;
    cx_pool *pool = &endpoint->core->host.pool;
    while (follower != NULL && follower->queue.count > 0 &&
           cx_link_queued(&endpoint->link) < CX_PULL_BELOW && send_first(follower))
        drop_first(&follower->queue, pool);
    endpoint->link.wants_pull = cx_events_wait(endpoint);
}
