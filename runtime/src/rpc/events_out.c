/*
 * A server's half of events: who has subscribed to what, and who gets what is emitted.
 *
 * A topic lists the peers of one event, so that an emit costs what it reaches and not what is
 * connected. Peers are found in topics and groups by hash tables over peer and event. A peer has a
 * follower as soon as it has subscribed or joined a group, until its link closes. An emit only
 * queues and marks connections; those found slow are logged and closed when all have been seen to, so
 * that nothing changes under a walk. Read next: events_queue.c, groups.c.
 */
#include <stdio.h>
#include <string.h>

#include "rpc/authorize.h"
#include "rpc/events_parts.h"

static cx_pool *pool_of(const cx_hub *hub)
{
    return &hub->core->host.pool;
}

void cx_hub_init(cx_hub *hub, cx_core *core, const cx_registry *registry, const coax_limits *limits)
{
    memset(hub, 0, sizeof *hub);
    hub->core = core;
    hub->registry = registry;
    hub->limits = limits;
    const coax_env *env = core->host.env;
    env->random(env->self, hub->key, sizeof hub->key);
}

void cx_hub_deinit(cx_hub *hub)
{
    if (hub->core == NULL)
        return;
    cx_idtable_deinit(&hub->topics, pool_of(hub));
    cx_idtable_deinit(&hub->follows, pool_of(hub));
    cx_idtable_deinit(&hub->groups, pool_of(hub));
    cx_idtable_deinit(&hub->members, pool_of(hub));
    memset(hub, 0, sizeof *hub);
}

/* ---- Peers. ---- */

cx_follower *cx_follower_of(cx_endpoint *endpoint)
{
    size_t cap;
    if (endpoint->follower != NULL)
        return endpoint->follower;
    cx_hub *hub = endpoint->config->hub;
    cx_follower *follower = cx_pool_take(pool_of(hub), sizeof *follower, &cap);
    if (follower == NULL)
        return NULL;
    memset(follower, 0, sizeof *follower);
    follower->endpoint = endpoint;
    follower->hub = hub;
    cx_list_init(&follower->follows);
    cx_list_init(&follower->memberships);
    cx_list_init(&follower->slow);
    cx_event_queue_init(&follower->queue);
    endpoint->follower = follower;
    return follower;
}

static uint64_t follow_key(const cx_endpoint *endpoint, uint32_t event_id)
{
    return (endpoint->peer & UINT32_MAX) << 32 | event_id;
}

static cx_follow *find_follow(const cx_hub *hub, const cx_endpoint *endpoint, uint32_t event_id)
{
    return cx_idtable_find(&hub->follows, follow_key(endpoint, event_id));
}

bool cx_follower_has(const cx_follower *follower, uint32_t event_id)
{
    return find_follow(follower->hub, follower->endpoint, event_id) != NULL;
}

static cx_topic *topic_for(cx_hub *hub, uint32_t event_id)
{
    size_t cap;
    cx_topic *topic = cx_idtable_find(&hub->topics, event_id);
    if (topic != NULL)
        return topic;
    topic = cx_pool_take(pool_of(hub), sizeof *topic, &cap);
    if (topic == NULL)
        return NULL;
    topic->event_id = event_id;
    topic->n_follows = 0;
    cx_list_init(&topic->follows);
    if (cx_idtable_add(&hub->topics, pool_of(hub), event_id, topic))
        return topic;
    cx_pool_give(pool_of(hub), topic, sizeof *topic);
    return NULL;
}

static void free_topic_if_empty(cx_hub *hub, cx_topic *topic)
{
    if (topic == NULL || topic->n_follows > 0)
        return;
    cx_idtable_remove(&hub->topics, pool_of(hub), topic->event_id);
    cx_pool_give(pool_of(hub), topic, sizeof *topic);
}

/* The peer gets the event from now on. False: no memory. */
static bool add_follow(cx_endpoint *endpoint, uint32_t event_id)
{
    size_t cap;
    cx_hub *hub = endpoint->config->hub;
    cx_follower *follower = cx_follower_of(endpoint);
    cx_topic *topic = follower != NULL ? topic_for(hub, event_id) : NULL;
    cx_follow *follow = topic != NULL ? cx_pool_take(pool_of(hub), sizeof *follow, &cap) : NULL;
    if (follow == NULL ||
        !cx_idtable_add(&hub->follows, pool_of(hub), follow_key(endpoint, event_id), follow)) {
        cx_pool_give(pool_of(hub), follow, sizeof *follow);
        free_topic_if_empty(hub, topic);
        return false;
    }
    follow->topic = topic;
    follow->follower = follower;
    cx_list_append(&topic->follows, &follow->in_topic);
    cx_list_append(&follower->follows, &follow->mine);
    topic->n_follows++;
    follower->n_follows++;
    return true;
}

static void remove_follow(cx_follow *follow)
{
    cx_follower *follower = follow->follower;
    cx_hub *hub = follower->hub;
    cx_topic *topic = follow->topic;
    cx_idtable_remove(&hub->follows, pool_of(hub), follow_key(follower->endpoint, topic->event_id));
    cx_list_remove(&follow->in_topic);
    cx_list_remove(&follow->mine);
    cx_pool_give(pool_of(hub), follow, sizeof *follow);
    follower->n_follows--;
    topic->n_follows--;
    free_topic_if_empty(hub, topic);
}

static void forget_follower(cx_follower *follower)
{
    cx_pool *pool = pool_of(follower->hub);
    while (!cx_list_is_empty(&follower->follows))
        remove_follow(CX_CONTAINER(follower->follows.next, cx_follow, mine));
    cx_groups_forget(follower);
    cx_event_queue_deinit(&follower->queue, pool);
    cx_list_remove(&follower->slow);
    follower->endpoint->follower = NULL;
    cx_pool_give(pool, follower, sizeof *follower);
}

void cx_events_closed(cx_endpoint *endpoint)
{
    if (endpoint->follower != NULL)
        forget_follower(endpoint->follower);
    if (endpoint->subscriber != NULL)
        cx_subscriber_let_go(endpoint->subscriber);
}

/* ---- SUBSCRIBE and UNSUBSCRIBE. ---- */

/* Nothing of an answer but that it is one. */
static void accept_it(cx_endpoint *endpoint, uint32_t call)
{
    const cx_frame frame = { .type = CX_FRAME_RESPONSE, .call = call };
    cx_sending sending;
    coax_err err = cx_link_begin(&endpoint->link, &frame, NULL, &sending);
    if (err == COAX_OK)
        err = cx_link_commit(&sending);
    if (err == COAX_ERR_WOULD_BLOCK)
        cx_link_fail(&endpoint->link, COAX_ERR_RESOURCE_EXHAUSTED,
                     "the peer does not read its answers: max_send_queue (%u bytes) is full",
                     endpoint->config->limits.max_send_queue);
    else if (err != COAX_OK && err != COAX_ERR_CLOSED)
        cx_link_fail(&endpoint->link, err, "no memory to answer a SUBSCRIBE");
}

/* What the peer has done wrong is reported here as well. */
static void refuse_it(cx_endpoint *endpoint, uint32_t call, coax_err code, const char *words)
{
    cx_endpoint_report(endpoint, code, "%s", words);
    cx_answer_or_close(endpoint, call, code, words);
}

/* Whether this peer may subscribe, as far as limits and the registry say. */
static bool admit(cx_endpoint *endpoint, const cx_frame *frame)
{
    const cx_hub *hub = endpoint->config->hub;
    char words[COAX_ERROR_TEXT_MAX];
    if (hub == NULL || cx_registry_find_event(hub->registry, frame->method) == NULL) {
        (void)snprintf(words, sizeof words, "nobody emits the event 0x%08x", frame->method);
        refuse_it(endpoint, frame->call, COAX_ERR_UNIMPLEMENTED, words);
        return false;
    }
    if (cx_link_is_draining(&endpoint->link)) {
        cx_answer_or_close(endpoint, frame->call, COAX_ERR_UNAVAILABLE,
                           "the connection is drained and takes nothing new");
        return false;
    }
    uint32_t max = endpoint->config->limits.max_subscriptions;
    if (endpoint->follower != NULL && endpoint->follower->n_follows >= max) {
        (void)snprintf(words, sizeof words,
                       "%u events are subscribed on this connection, and max_subscriptions allows "
                       "no more",
                       max);
        refuse_it(endpoint, frame->call, COAX_ERR_RESOURCE_EXHAUSTED, words);
        return false;
    }
    return true;
}

/*
 * Asks the user. The peer is subscribed already, so that what is emitted meanwhile reaches it; when
 * it is refused that is thrown away where the queue is emptied.
 */
static bool is_allowed(cx_endpoint *endpoint, const cx_frame *frame)
{
    const cx_hub *hub = endpoint->config->hub;
    coax_error why = COAX_ERROR_INIT;
    coax_err err = hub->allows != NULL
                       ? hub->allows(hub->self, cx_endpoint_peer(endpoint), frame->method, &why)
                       : COAX_OK;
    if (endpoint->link.state == CX_LINK_CLOSED)
        return false;
    if (err == COAX_OK)
        return true;
    cx_events_unsubscribe(endpoint, frame);
    cx_answer_or_close(endpoint, frame->call, err,
                       why.text[0] != '\0' ? why.text : coax_err_meaning(err));
    return false;
}

/* Whether the peer has not asked for too much of late. */
static bool is_within_quota(cx_endpoint *endpoint, const cx_frame *frame)
{
    coax_error why;
    if (!cx_quota_is_set(&endpoint->config->limits))
        return true;
    uint32_t wait = cx_quota_judge(&endpoint->quota, &endpoint->config->limits, true, 0,
                                   cx_core_now(endpoint->core), &why);
    if (wait == 0)
        return true;
    cx_note_limited(endpoint, why.text);
    cx_answer_hint_or_close(endpoint, frame->call, why.code, why.text, wait);
    return false;
}

/* Whether roles let it; who has not logged in hears the same of events that there are not. */
static bool is_authorized(cx_endpoint *endpoint, const cx_frame *frame)
{
    const cx_hub *hub = endpoint->config->hub;
    const cx_row *row =
        hub != NULL ? cx_registry_find_event_row(hub->registry, frame->method) : NULL;
    coax_error why;
    if (COAX_LIKELY(cx_authorize(endpoint, row, frame->method, &why)))
        return true;
    cx_note_denied(endpoint, frame->method, why.text);
    cx_answer_or_close(endpoint, frame->call, why.code, why.text);
    return false;
}

void cx_events_subscribe(cx_endpoint *endpoint, const cx_frame *frame)
{
    const cx_hub *hub = endpoint->config->hub;
    if (!is_within_quota(endpoint, frame) || !is_authorized(endpoint, frame))
        return;
    if (hub != NULL && find_follow(hub, endpoint, frame->method) != NULL) {
        accept_it(endpoint, frame->call);
        return;
    }
    if (!admit(endpoint, frame))
        return;
    if (!add_follow(endpoint, frame->method)) {
        cx_answer_or_close(endpoint, frame->call, COAX_ERR_RESOURCE_EXHAUSTED,
                           "no memory for one more subscription");
        return;
    }
    if (is_allowed(endpoint, frame))
        accept_it(endpoint, frame->call);
}

void cx_events_unsubscribe(cx_endpoint *endpoint, const cx_frame *frame)
{
    const cx_hub *hub = endpoint->config->hub;
    cx_follow *follow = hub != NULL ? find_follow(hub, endpoint, frame->method) : NULL;
    if (follow != NULL)
        remove_follow(follow);
}

/* ---- Emitting. ---- */

static bool is_same(coax_peer a, const cx_endpoint *endpoint)
{
    coax_peer b = cx_endpoint_peer(endpoint);
    return a.loop == b.loop && a.index == b.index && a.generation == b.generation;
}

/* One emit on this loop. */
typedef struct emitting {
    const cx_emission *emission;
    coax_emit_report *report;
    cx_list slow; /* cx_follower.slow */
} emitting;

static void give(emitting *it, cx_follower *follower)
{
    if (is_same(it->emission->except, follower->endpoint))
        return;
    if (cx_follower_push(follower, it->emission, it->report))
        cx_list_append(&it->slow, &follower->slow);
}

static coax_err emit_to_one(cx_hub *hub, emitting *it)
{
    const cx_emission *emission = it->emission;
    const cx_endpoint *endpoint = cx_endpoint_from_peer(emission->peer);
    if (endpoint == NULL || endpoint->config->hub != hub || endpoint->link.state == CX_LINK_CLOSED)
        return COAX_ERR_STALE;
    if (endpoint->follower == NULL || !cx_follower_has(endpoint->follower, emission->event->id))
        return COAX_OK;
    if (emission->group != NULL &&
        !cx_group_has(hub, cx_group_find(hub, emission->group), endpoint->follower))
        return COAX_OK;
    give(it, endpoint->follower);
    return COAX_OK;
}

/* Walks whichever is shorter, the group or the topic. */
static void emit_to_group(cx_hub *hub, emitting *it, cx_topic *topic, cx_group *group)
{
    if (group->n_members <= topic->n_follows) {
        for (cx_list *at = group->members.next; at != &group->members; at = at->next) {
            cx_follower *follower = CX_CONTAINER(at, cx_member, in_group)->follower;
            if (cx_follower_has(follower, topic->event_id))
                give(it, follower);
        }
        return;
    }
    for (cx_list *at = topic->follows.next; at != &topic->follows; at = at->next) {
        cx_follower *follower = CX_CONTAINER(at, cx_follow, in_topic)->follower;
        if (cx_group_has(hub, group, follower))
            give(it, follower);
    }
}

static void emit_to_all(emitting *it, cx_topic *topic)
{
    for (cx_list *at = topic->follows.next; at != &topic->follows; at = at->next)
        give(it, CX_CONTAINER(at, cx_follow, in_topic)->follower);
}

/*
 * Notes who is slow, and closes them where the policy says so. Whoever hears of it may close others:
 * they leave this list by themselves.
 */
static void see_to_slow(emitting *it)
{
    while (!cx_list_is_empty(&it->slow)) {
        cx_follower *follower = CX_CONTAINER(it->slow.next, cx_follower, slow);
        cx_endpoint *endpoint = follower->endpoint;
        char words[128];
        (void)snprintf(words, sizeof words,
                       "a slow subscriber: %zu bytes of events wait, max_event_queue is %u",
                       follower->queue.bytes, endpoint->config->limits.max_event_queue);
        cx_list_remove(&follower->slow);
        cx_follower_note_slow(follower, it->emission->event);
        if (it->emission->policy == COAX_SLOW_DISCONNECT)
            cx_endpoint_close(endpoint, COAX_ERR_RESOURCE_EXHAUSTED, COAX_ERR_UNAVAILABLE, words);
    }
}

static coax_err emit_to(cx_hub *hub, emitting *it)
{
    const cx_emission *emission = it->emission;
    if (emission->peer.loop == cx_core_loop(hub->core))
        return emit_to_one(hub, it);
    if (emission->peer.loop != NULL)
        return COAX_OK;
    cx_topic *topic = cx_idtable_find(&hub->topics, emission->event->id);
    cx_group *group = emission->group != NULL ? cx_group_find(hub, emission->group) : NULL;
    if (topic != NULL && group != NULL)
        emit_to_group(hub, it, topic, group);
    else if (topic != NULL && emission->group == NULL)
        emit_to_all(it, topic);
    return COAX_OK;
}

coax_err cx_hub_emit(cx_hub *hub, const cx_emission *emission, coax_emit_report *report)
{
    emitting it = { .emission = emission, .report = report };
    cx_list_init(&it.slow);
    cx_core_note(hub->core, emission->event);
    hub->is_walking = true;
    coax_err err = emit_to(hub, &it);
    hub->is_walking = false;
    see_to_slow(&it);
    return err;
}
