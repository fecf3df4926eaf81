/*
 * A client's half of events: what it wishes to hear, and who has asked for it.
 *
 * Handlers of one event share a wish, and a wish is asked for once on each connection. It is IDLE
 * without a connection, ASKED until the answer, then HELD or REFUSED; the next connection is asked
 * again whatever it was. A SUBSCRIBE is a call of its own kind: it ends by its answer, its timer or
 * the connection, and counts for nothing.
 *
 * Handlers may do anything to themselves, to each other and to the client while they are called, so
 * that a walk over them (cx_wish_visit) finds its next one in the subscriber, where whoever removes it moves
 * it on. Read next: events_arrive.c, events_out.c.
 */
#include <string.h>

#include "coax/status.h"
#include "rpc/events_parts.h"

static cx_pool *pool_of(const cx_subscriber *subscriber)
{
    return &subscriber->core->host.pool;
}

void cx_subscriber_init(cx_subscriber *subscriber, cx_core *core, const coax_limits *limits)
{
    memset(subscriber, 0, sizeof *subscriber);
    subscriber->core = core;
    subscriber->max = limits->max_subscriptions;
    cx_list_init(&subscriber->list);
}

/* ---- Handlers. ---- */

void cx_wish_visit(cx_wish *wish, cx_visit_fn fn, const void *what)
{
    cx_subscriber *subscriber = wish->subscriber;
    uint64_t this_visit = ++subscriber->n_visits;
    subscriber->visited = wish;
    subscriber->next = wish->handlers.next;
    while (subscriber->visited == wish && subscriber->next != &wish->handlers) {
        cx_subscription *subscription = CX_CONTAINER(subscriber->next, cx_subscription, links);
        subscriber->next = subscription->links.next;
        if (subscription->born != this_visit)
            fn(subscription, what);
    }
    subscriber->visited = NULL;
}

static void tell_one(cx_subscription *subscription, const void *what)
{
    const coax_status *status = what;
    cx_core_undefer(subscription->wish->subscriber->core, &subscription->status);
    cx_subscribe_args *args = &subscription->args;
    void (*on_first)(void *first_self, const coax_status *status) = args->on_first;
    void (*on_status)(void *self, const coax_status *status) = args->on_status;
    void *self = args->self;
    args->on_first = NULL;
    void *first_self = args->first_self;
    if (on_status != NULL)
        on_status(self, status);
    if (on_first != NULL)
        on_first(first_self, status);
}

static coax_status plain_status(coax_err code)
{
    coax_status status;
    memset(&status, 0, sizeof status);
    status.code = code;
    status.message = code != COAX_OK ? coax_err_meaning(code) : "";
    return status;
}

/* Tells one that came when the answer was there already. */
static void run_status(cx_work *work)
{
    cx_subscription *subscription = CX_CONTAINER(work, cx_subscription, status);
    const cx_wish *wish = subscription->wish;
    if (wish->state != CX_WISH_HELD && wish->state != CX_WISH_REFUSED)
        return; /* the next answer tells it with the others */
    coax_status status = plain_status(wish->state == CX_WISH_HELD ? COAX_OK : wish->refusal);
    tell_one(subscription, &status);
}

static void tell_soon(cx_wish *wish)
{
    for (cx_list *at = wish->handlers.next; at != &wish->handlers; at = at->next)
        cx_core_defer(wish->subscriber->core, &CX_CONTAINER(at, cx_subscription, links)->status);
}

/* Takes a handler out; its handle is stale from then on. */
static void remove_handler(cx_subscription *subscription)
{
    cx_subscriber *subscriber = subscription->wish->subscriber;
    if (subscriber->next == &subscription->links)
        subscriber->next = subscription->links.next;
    cx_core_undefer(subscriber->core, &subscription->status);
    cx_list_remove(&subscription->links);
    cx_slots_give(&subscriber->core->subscriptions, subscription);
}

/* ---- Wishes. ---- */

/* No answer is waited for any more. */
static void forget_ask(cx_wish *wish)
{
    cx_subscriber *subscriber = wish->subscriber;
    if (wish->state != CX_WISH_ASKED)
        return;
    cx_wheel_cancel(&subscriber->core->host.wheel, &wish->timer);
    cx_idtable_remove(&subscriber->asks, pool_of(subscriber), wish->ask);
}

/* The server is no longer to send it. */
static void unsubscribe(cx_wish *wish)
{
    cx_endpoint *endpoint = wish->subscriber->endpoint;
    const cx_frame frame = { .type = CX_FRAME_UNSUBSCRIBE, .method = wish->event->id };
    if (endpoint != NULL && (wish->state == CX_WISH_ASKED || wish->state == CX_WISH_HELD))
        (void)!cx_link_send_empty(&endpoint->link, &frame, NULL);
    forget_ask(wish);
    wish->state = CX_WISH_IDLE;
}

void cx_wish_answered(cx_wish *wish, const coax_status *status)
{
    forget_ask(wish);
    wish->state = status->code == COAX_OK ? CX_WISH_HELD : CX_WISH_REFUSED;
    wish->refusal = status->code;
    cx_wish_visit(wish, tell_one, status);
}

static void on_ask_due(cx_timer *timer, uint64_t now)
{
    (void)now;
    cx_wish *wish = CX_CONTAINER(timer, cx_wish, timer);
    const coax_status status = plain_status(COAX_ERR_DEADLINE_EXCEEDED);
    unsubscribe(wish);
    cx_wish_answered(wish, &status);
}

void cx_wish_put_off(cx_wish *wish)
{
    forget_ask(wish);
    wish->state = CX_WISH_IDLE;
}

static uint32_t next_ask_id(cx_subscriber *subscriber)
{
    uint32_t role = subscriber->endpoint->config->role == CX_ROLE_SERVER ? CX_CALL_ROLE_BIT : 0;
    uint32_t id;
    do {
        uint32_t n = subscriber->n_asks++;
        id = role | (n & 0x7ffu) << 20 | (CX_ASK_FIRST + (n >> 11) % CX_ASK_COUNT);
    } while (cx_idtable_find(&subscriber->asks, id) != NULL);
    return id;
}

/* Asks the connection, if there is one. COAX_ERR_NO_MEMORY: it was not asked. */
static coax_err ask(cx_wish *wish)
{
    cx_subscriber *subscriber = wish->subscriber;
    cx_endpoint *endpoint = subscriber->endpoint;
    if (endpoint == NULL)
        return COAX_OK;
    uint32_t id = next_ask_id(subscriber);
    const cx_frame frame = { .type = CX_FRAME_SUBSCRIBE, .call = id, .method = wish->event->id };
    if (!cx_idtable_add(&subscriber->asks, pool_of(subscriber), id, wish))
        return COAX_ERR_NO_MEMORY;
    if (!cx_link_send_empty(&endpoint->link, &frame, NULL)) {
        cx_idtable_remove(&subscriber->asks, pool_of(subscriber), id);
        return COAX_ERR_NO_MEMORY;
    }
    wish->state = CX_WISH_ASKED;
    wish->ask = id;
    uint64_t limit_ns = (uint64_t)endpoint->config->call_timeout_ms * CX_NS_PER_MS;
    cx_wheel_arm(&subscriber->core->host.wheel, &wish->timer,
                 cx_core_now(subscriber->core) + limit_ns);
    return COAX_OK;
}

static cx_wish *make_wish(cx_subscriber *subscriber, const coax_method *event)
{
    size_t cap;
    cx_wish *wish = cx_pool_take(pool_of(subscriber), sizeof *wish, &cap);
    if (wish == NULL)
        return NULL;
    memset(wish, 0, sizeof *wish);
    wish->subscriber = subscriber;
    wish->event = event;
    cx_list_init(&wish->handlers);
    cx_timer_init(&wish->timer, on_ask_due);
    if (!cx_idtable_add(&subscriber->wishes, pool_of(subscriber), event->id, wish)) {
        cx_pool_give(pool_of(subscriber), wish, sizeof *wish);
        return NULL;
    }
    cx_list_append(&subscriber->list, &wish->links);
    return wish;
}

static void free_wish(cx_wish *wish)
{
    cx_subscriber *subscriber = wish->subscriber;
    if (subscriber->visited == wish)
        subscriber->visited = NULL;
    forget_ask(wish);
    cx_idtable_remove(&subscriber->wishes, pool_of(subscriber), wish->event->id);
    cx_list_remove(&wish->links);
    cx_pool_give(pool_of(subscriber), wish, sizeof *wish);
}

/* The wish for an event, made if there is room for one more. */
static coax_err find_wish(cx_subscriber *subscriber, const coax_method *event, coax_error *error,
                          cx_wish **ret)
{
    cx_wish *wish = cx_idtable_find(&subscriber->wishes, event->id);
    if (wish == NULL && subscriber->wishes.count >= subscriber->max)
        return coax_error_set(error, COAX_ERR_RESOURCE_EXHAUSTED,
                              "%s: %u events are subscribed, and max_subscriptions allows no more",
                              event->name, subscriber->wishes.count);
    if (wish == NULL)
        wish = make_wish(subscriber, event);
    *ret = wish;
    return wish != NULL ? COAX_OK : COAX_ERR_NO_MEMORY;
}

/* The new handler's share of what its wish has come to. */
static coax_err begin(cx_wish *wish, cx_subscription *subscription)
{
    if (wish->state == CX_WISH_HELD)
        cx_core_defer(wish->subscriber->core, &subscription->status);
    if (wish->state == CX_WISH_IDLE || wish->state == CX_WISH_REFUSED)
        return ask(wish);
    return COAX_OK;
}

coax_err cx_subscriber_add(cx_subscriber *subscriber, const cx_subscribe_args *args,
                           coax_error *error, coax_subscription *ret)
{
    cx_core *core = subscriber->core;
    const coax_method *event = args->event;
    cx_wish *wish = NULL;
    cx_core_note(core, event);
    if (subscriber->is_ended)
        return coax_error_set(error, COAX_ERR_UNAVAILABLE, "%s: the client is closed", event->name);
    coax_err err = find_wish(subscriber, event, error, &wish);
    if (err == COAX_ERR_RESOURCE_EXHAUSTED)
        return err;
    cx_subscription *made = err == COAX_OK ? cx_slots_take(&core->subscriptions) : NULL;
    if (made != NULL) {
        made->wish = wish;
        made->args = *args;
        made->born = subscriber->n_visits;
        made->status = (cx_work){ .run = run_status };
        err = begin(wish, made);
        if (err == COAX_OK) {
            cx_list_append(&wish->handlers, &made->links);
            if (ret != NULL)
                *ret = (coax_subscription){ cx_core_loop(core), made->slot.index,
                                            made->slot.generation };
            return COAX_OK;
        }
        cx_slots_give(&core->subscriptions, made);
    }
    if (wish != NULL && cx_list_is_empty(&wish->handlers))
        free_wish(wish);
    return coax_error_set(error, COAX_ERR_NO_MEMORY, "%s: no memory for one more subscription",
                          event->name);
}

coax_err coax_subscription_close(coax_subscription handle)
{
    if (handle.loop == NULL)
        return COAX_ERR_STALE;
    cx_subscription *subscription =
        cx_slots_find(&cx_core_of(handle.loop)->subscriptions, handle.index, handle.generation);
    if (subscription == NULL)
        return COAX_ERR_STALE;
    cx_wish *wish = subscription->wish;
    remove_handler(subscription);
    if (!cx_list_is_empty(&wish->handlers))
        return COAX_OK;
    unsubscribe(wish);
    free_wish(wish);
    return COAX_OK;
}

/* ---- Connections. ---- */

void cx_subscriber_let_go(cx_subscriber *subscriber)
{
    cx_endpoint *endpoint = subscriber->endpoint;
    if (endpoint == NULL)
        return;
    for (cx_list *at = subscriber->list.next; at != &subscriber->list; at = at->next)
        unsubscribe(CX_CONTAINER(at, cx_wish, links));
    endpoint->subscriber = NULL;
    subscriber->endpoint = NULL;
}

void cx_subscriber_attach(cx_subscriber *subscriber, cx_endpoint *endpoint)
{
    if (subscriber->endpoint == endpoint || subscriber->is_ended ||
        endpoint->link.state == CX_LINK_CLOSED)
        return;
    cx_subscriber_let_go(subscriber);
    subscriber->endpoint = endpoint;
    endpoint->subscriber = subscriber;
    for (cx_list *at = subscriber->list.next; at != &subscriber->list; at = at->next) {
        cx_wish *wish = CX_CONTAINER(at, cx_wish, links);
        wish->state = CX_WISH_IDLE;
        if (ask(wish) == COAX_OK)
            continue;
        wish->state = CX_WISH_REFUSED;
        wish->refusal = COAX_ERR_NO_MEMORY;
        tell_soon(wish);
    }
}

void cx_subscriber_end(cx_subscriber *subscriber, coax_err code, const char *words)
{
    coax_status status = plain_status(code);
    if (words != NULL)
        status.message = words;
    if (subscriber->core == NULL || subscriber->is_ended)
        return;
    subscriber->is_ended = true;
    cx_subscriber_let_go(subscriber);
    while (!cx_list_is_empty(&subscriber->list)) {
        cx_wish *wish = CX_CONTAINER(subscriber->list.next, cx_wish, links);
        if (cx_list_is_empty(&wish->handlers)) {
            free_wish(wish);
            continue;
        }
        cx_subscription *first = CX_CONTAINER(wish->handlers.next, cx_subscription, links);
        const cx_subscribe_args args = first->args;
        remove_handler(first);
        if (args.on_status != NULL)
            args.on_status(args.self, &status);
        if (args.on_first != NULL)
            args.on_first(args.first_self, &status);
    }
}

void cx_subscriber_deinit(cx_subscriber *subscriber)
{
    if (subscriber->core == NULL)
        return;
    cx_subscriber_let_go(subscriber);
    while (!cx_list_is_empty(&subscriber->list)) {
        cx_wish *wish = CX_CONTAINER(subscriber->list.next, cx_wish, links);
        while (!cx_list_is_empty(&wish->handlers))
            remove_handler(CX_CONTAINER(wish->handlers.next, cx_subscription, links));
        free_wish(wish);
    }
    cx_idtable_deinit(&subscriber->asks, pool_of(subscriber));
    cx_idtable_deinit(&subscriber->wishes, pool_of(subscriber));
    memset(subscriber, 0, sizeof *subscriber);
}
