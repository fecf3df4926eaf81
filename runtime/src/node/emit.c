/*
 * coax_gen_emit: from a value to the subscribers on every loop of a server.
 *
 * Checked and encoded once, in the calling thread, then one cx_hub_emit for each loop: at once on
 * the caller's own, posted to the others. A thread that runs none of them posts to the first loop,
 * which does the same from there. What is posted, or has an on_done, is a job: the loops add up in it
 * what became of the event, and the last one has on_done told where it began. Jobs come from malloc,
 * like everything that crosses threads, and so do messages then.
 *
 * Posts find their loops: private loops are freed when all of their threads have been joined, and a
 * thread that emits has not been; the server itself is pinned while a stranger's job is on its way.
 * Read next: the rpc layer's events_out.c.
 */
#include <stdlib.h>
#include <string.h>

#include <coax/gen_server.h>

#include "base/env_system.h"
#include "node/options.h"
#include "node/shards.h"

typedef struct emit_job emit_job;

/* One loop's share of a job. */
typedef struct emit_share {
    cx_post post;
    emit_job *job;
    coax_server *server; /* the first one, or a part */
} emit_share;

/* One emit under way. */
struct emit_job {
    cx_emission emission; /* `group` points at group_name */
    coax_server *first;
    coax_loop *from; /* where on_done is told */
    cx_work told;    /* there, when the job ended there */
    cx_post tell;    /* to there, when it ended on another */
    atomic_uint n_left;
    atomic_uint n_queued;
    atomic_uint n_dropped;
    atomic_uint n_disconnected;
    atomic_uint n_failed;
    void (*on_done)(void *self, const coax_emit_report *report);
    void *self;
    char group_name[CX_GROUP_NAME_MAX + 1];
    cx_post start; /* from a thread that runs none of the loops, to the first */
    emit_share shares[];
};

/* ---- What a hub asks of its server. ---- */

static coax_err may_subscribe(void *self, coax_peer peer, uint32_t event_id, coax_error *error)
{
    const coax_server *server = self;
    if (server->is_closed || server->options.on_subscribe == NULL)
        return COAX_OK;
    return server->options.on_subscribe(server->options.self, peer, event_id, error);
}

/*
 * A burst of events: they are sent now, where that can't call the user's on_writable from inside the
 * user's emit.
 */
static void flush_events(cx_endpoint *endpoint)
{
    if (!endpoint->link.is_blocked)
        cx_conn_flush(CX_CONTAINER(endpoint, cx_conn, endpoint));
}

void cx_server_init_hub(coax_server *server)
{
    cx_hub_init(&server->hub, &server->loop->core, server->config.registry, &server->config.limits);
    server->hub.allows = may_subscribe;
    server->hub.flush = flush_events;
    server->hub.self = server;
    server->config.hub = &server->hub;
}

/* ---- Jobs. ---- */

static void free_job(emit_job *job)
{
    cx_shared_unref(job->emission.message);
    free(job);
}

static void tell(emit_job *job)
{
    const coax_emit_report report = { atomic_load(&job->n_queued), atomic_load(&job->n_dropped),
                                      atomic_load(&job->n_disconnected),
                                      atomic_load(&job->n_failed) };
    job->on_done(job->self, &report);
    free_job(job);
}

static void run_told(cx_work *work)
{
    tell(CX_CONTAINER(work, emit_job, told));
}

static void run_tell(cx_post *post)
{
    tell(CX_CONTAINER(post, emit_job, tell));
}

static void add_report(emit_job *job, const coax_emit_report *report)
{
    atomic_fetch_add(&job->n_queued, report->n_queued);
    atomic_fetch_add(&job->n_dropped, report->n_dropped);
    atomic_fetch_add(&job->n_disconnected, report->n_disconnected);
    atomic_fetch_add(&job->n_failed, report->n_failed);
}

/* One share is done with, on `loop`. The last one ends the job. */
static void leave_job(emit_job *job, coax_loop *loop)
{
    if (atomic_fetch_sub(&job->n_left, 1) != 1)
        return;
    if (job->on_done == NULL)
        free_job(job);
    else if (job->from == loop)
        cx_core_defer(&loop->core, &job->told);
    else if (cx_loop_add_own_post(job->from, &job->tell) != COAX_OK &&
             cx_loop_add_own_post(job->first->loop, &job->tell) != COAX_OK)
        free_job(job); /* every loop that could tell has ended */
}

/* What one loop did, in its own counts. */
static void count(coax_server *here, const cx_emission *emission, const coax_emit_report *report,
                  bool is_first)
{
    cx_stats_row *row = cx_stats_find(&here->stats, emission->event, CX_ROW_EVENT);
    if (row == NULL)
        return;
    cx_count_add(&row->event.emitted, is_first);
    cx_count_add(&row->event.queued, report->n_queued);
    cx_count_add(&row->event.dropped, report->n_dropped);
    cx_count_add(&row->event.disconnected, report->n_disconnected);
    cx_count_add(&row->event.failed, report->n_failed);
    cx_count_add(&row->event.bytes,
                 (uint64_t)report->n_queued * cx_shared_bytes(emission->message).len);
}

/* Emits on one loop, the caller's. */
static coax_err emit_on(coax_server *here, const cx_emission *emission, bool is_first,
                        coax_emit_report *ret_report)
{
    *ret_report = (coax_emit_report){ 0, 0, 0, 0 };
    if (here->is_closed)
        return COAX_OK;
    coax_err rc = cx_hub_emit(&here->hub, emission, ret_report);
    if (rc == COAX_OK)
        count(here, emission, ret_report, is_first);
    return rc;
}

/* On the share's loop. */
static void run_share(cx_post *post)
{
    emit_share *share = CX_CONTAINER(post, emit_share, post);
    coax_emit_report report;
    (void)emit_on(share->server, &share->job->emission, false, &report);
    add_report(share->job, &report);
    leave_job(share->job, share->server->loop);
}

/* Has the other loops emit as well; `here` has, and keeps the job alive meanwhile. */
static void spread(emit_job *job, const coax_server *here)
{
    cx_shards *shards = job->first->shards;
    uint32_t count = shards != NULL ? shards->count : 0;
    const coax_loop *only = job->emission.peer.loop;
    for (uint32_t i = 0; i <= count; i++) {
        coax_server *server = i == 0 ? job->first : shards->items[i - 1].part;
        emit_share *share = &job->shares[i];
        if (server == here || (only != NULL && only != server->loop))
            continue;
        share->post.run = run_share;
        share->job = job;
        share->server = server;
        atomic_fetch_add(&job->n_left, 1);
        if (cx_loop_add_own_post(server->loop, &share->post) != COAX_OK)
            atomic_fetch_sub(&job->n_left, 1); /* it has ended, and its subscribers with it */
    }
}

/* On the first loop: what a stranger's thread emitted. */
static void run_start(cx_post *post)
{
    emit_job *job = CX_CONTAINER(post, emit_job, start);
    coax_server *first = job->first;
    coax_emit_report report;
    if (!first->is_closed) {
        (void)emit_on(first, &job->emission, true, &report);
        add_report(job, &report);
        spread(job, first);
    }
    leave_job(job, first->loop);
    atomic_fetch_sub(&first->n_pinned, 1);
    cx_server_free_when_done(first);
}

/* A job with one share of its own, that holds all it needs of the caller's. NULL: no memory. */
static emit_job *make_job(coax_server *first, const cx_emission *emission,
                          const coax_emit_options *options)
{
    size_t n_shares = 1 + (first->shards != NULL ? (size_t)first->shards->count : 0);
    emit_job *job = calloc(1, sizeof *job + n_shares * sizeof job->shares[0]);
    if (job == NULL)
        return NULL;
    job->emission = *emission;
    job->emission.message = cx_shared_ref(emission->message);
    job->first = first;
    job->from = first->loop;
    job->told.run = run_told;
    job->tell.run = run_tell;
    job->start.run = run_start;
    atomic_store(&job->n_left, 1);
    job->on_done = options->on_done;
    job->self = options->self;
    if (options->group != NULL) {
        memcpy(job->group_name, options->group, strlen(options->group));
        job->emission.group = job->group_name;
    }
    return job;
}

/* ---- The emit. ---- */

/* The server object of the loop that this thread runs; NULL: a stranger's. */
static coax_server *find_here(coax_server *first)
{
    if (cx_loop_is_mine(first->loop))
        return first;
    coax_server *here = first->shards != NULL ? cx_shards_here(first) : first;
    return here != first ? here : NULL;
}

static bool is_ours(const coax_server *first, const coax_loop *loop)
{
    const cx_shards *shards = first->shards;
    for (uint32_t i = 0; shards != NULL && i < shards->count; i++) {
        if (shards->items[i].loop == loop)
            return true;
    }
    return loop == NULL || loop == first->loop;
}

static coax_err emit_here(coax_server *here, const cx_emission *emission,
                          const coax_emit_options *options)
{
    coax_emit_report report;
    emit_job *job = NULL;
    if (here->is_closed)
        return coax_error_set(options->error, COAX_ERR_CLOSED, "the server is closed");
    if (cx_registry_find_event(here->hub.registry, emission->event->id) == NULL)
        return coax_error_set(options->error, COAX_ERR_MISUSE,
                              "the event's service is not served here, so nobody can subscribe");
    if (options->on_done != NULL || here->first->shards != NULL) {
        job = make_job(here->first, emission, options);
        if (job == NULL)
            return coax_error_set(options->error, COAX_ERR_NO_MEMORY, "no memory for an emit");
        job->from = here->loop;
    }
    coax_err rc = emit_on(here, emission, true, &report);
    if (options->ret_report != NULL)
        *options->ret_report = report;
    if (rc != COAX_OK && job != NULL)
        free_job(job);
    if (rc != COAX_OK)
        return coax_error_set(options->error, rc, "the peer to emit to is gone");
    if (job == NULL)
        return COAX_OK;
    add_report(job, &report);
    spread(job, here);
    leave_job(job, here->loop);
    return COAX_OK;
}

static coax_err emit_from_outside(coax_server *first, const cx_emission *emission,
                                  const coax_emit_options *options)
{
    emit_job *job = make_job(first, emission, options);
    if (job == NULL)
        return coax_error_set(options->error, COAX_ERR_NO_MEMORY, "no memory for an emit");
    if (options->ret_report != NULL)
        memset(options->ret_report, 0, sizeof *options->ret_report);
    atomic_fetch_add(&first->n_pinned, 1);
    coax_err rc = cx_loop_add_post(first->loop, &job->start);
    if (rc == COAX_OK)
        return COAX_OK;
    atomic_fetch_sub(&first->n_pinned, 1);
    free_job(job);
    return coax_error_set(options->error, rc, "the server's loop is being destroyed");
}

static coax_err check(const coax_server *server, const coax_method *event, const void *value,
                      const coax_emit_options *options)
{
    coax_error *error = options->error;
    if (server == NULL || value == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "a server and an event are needed");
    if (options->group != NULL && !cx_group_name_is_valid(options->group))
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT,
                              "%s: a group's name has 1 to %u bytes", event->name,
                              CX_GROUP_NAME_MAX);
    if (options->policy > COAX_SLOW_DISCONNECT)
        return coax_error_set(error, COAX_ERR_BAD_OPTION, "option `policy` is %d, no policy",
                              (int)options->policy);
    if (!is_ours(server, options->peer.loop))
        return coax_error_set(error, COAX_ERR_STALE, "the peer to emit to is not this server's");
    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (event->request->check(value, &violations))
        return COAX_OK;
    return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "%s: %s", event->name,
                          violations.items[0].text);
}

static coax_err encode(const coax_server *first, const coax_method *event, const void *value,
                       bool is_shared, coax_error *error, cx_shared **ret)
{
    uint32_t most = first->config.limits.max_message;
    const coax_allocator *allocator =
        is_shared ? &cx_env_system()->allocator : &first->loop->env.allocator;
    const bool wipes = (event->flags & COAX_METHOD_SENSITIVE) != 0 ||
                       cx_pool_keeps_secrets(&first->loop->core.host.pool);
    coax_err rc = cx_shared_encode(allocator, event->request->encode, value, most, wipes, ret);
    if (rc == COAX_ERR_TOO_LARGE)
        return coax_error_set(error, rc, "%s: the event passes max_message (%u bytes)", event->name,
                              most);
    if (rc != COAX_OK)
        return coax_error_set(error, rc, "%s: %s", event->name, coax_err_meaning(rc));
    return COAX_OK;
}

static uint8_t priority_of(const coax_method *event)
{
    if ((event->flags & COAX_METHOD_PRIORITY_HIGH) != 0)
        return COAX_PRIORITY_HIGH;
    return (event->flags & COAX_METHOD_PRIORITY_LOW) != 0 ? COAX_PRIORITY_LOW
                                                          : COAX_PRIORITY_NORMAL;
}

coax_err coax_gen_emit(coax_server *server, const coax_method *event, const void *value,
                       const coax_emit_options *given)
{
    coax_emit_options options;
    coax_err rc = cx_options_take_small(&options, sizeof options, given, NULL);
    if (rc == COAX_OK)
        rc = check(server, event, value, &options);
    if (rc != COAX_OK)
        return rc;
    coax_server *here = find_here(server);
    cx_shared *message;
    rc = encode(server, event, value, here == NULL || server->shards != NULL, options.error,
                &message);
    if (rc != COAX_OK)
        return rc;
    const cx_emission emission = { .event = event,
                                   .message = message,
                                   .peer = options.peer,
                                   .except = options.except,
                                   .group = options.group,
                                   .policy = options.policy,
                                   .priority = priority_of(event) };
    rc = here != NULL ? emit_here(here, &emission, &options)
                      : emit_from_outside(server, &emission, &options);
    cx_shared_unref(message);
    return rc;
}

size_t coax_server_group_size(coax_server *server, const char *group)
{
    if (server == NULL)
        return 0;
    const coax_server *here = find_here(server);
    return cx_hub_group_size(here != NULL ? &here->hub : &server->hub, group);
}
