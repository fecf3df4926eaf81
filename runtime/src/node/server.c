/*
 * Servers: accepting within limits, hooks, closing.
 *
 * Read next: doors.c, gen.c.
 */
#include <stdio.h>

#include "node/admission.h"
#include "node/drain.h"
#include "node/journal.h"
#include "node/newcomers.h"
#include "node/options.h"
#include "node/shards.h"
#include "node/workers.h"

static coax_server *server_of(cx_conn *conn)
{
    return conn->owner;
}

static void run_freeing(void *self)
{
    coax_server *server = self;
    cx_net *net = &server->loop->net;
    cx_core_undefer(&server->loop->core, &server->telling);
    cx_list_remove(&server->links);
    cx_shards_free(server->shards);
    cx_hub_deinit(&server->hub);
    cx_workers_free(server->config.workers);
    cx_identity_deinit(&server->identity, server->loop);
    cx_registry_deinit(&server->registry);
    cx_interceptors_deinit(&server->interceptors);
    cx_stats_deinit(&server->stats);
    cx_newcomers_deinit(server);
    cx_admission_free(server->admission);
    cx_net_release(net, server->name);
    cx_net_release(net, server);
}

void cx_server_on_idle(void *self)
{
    cx_server_free_when_done(self);
}

void cx_server_free_soon(coax_server *server)
{
    server->freeing.run = run_freeing;
    server->freeing.self = server;
    server->loop->net.defer(&server->loop->net, &server->freeing);
}

void cx_server_free_when_done(coax_server *server)
{
    cx_drain_check(server);
    if (!server->is_closed || server->n_conns > 0 || server->n_doors > 0 ||
        atomic_load(&server->n_pinned) > 0)
        return;
    if (server->first != server) {
        cx_shard_ended(server);
        return;
    }
    if (!cx_shards_are_over(server->shards) || cx_workers_are_busy(server->config.workers))
        return;
    server->is_over = true;
    cx_drain_enter(server, COAX_SERVER_STOPPED);
}

static void on_open(cx_conn *conn)
{
    coax_server *server = server_of(conn);
    if (conn->is_refused)
        return;
    cx_newcomers_remove(server, conn);
    cx_list_append(&server->opened, &conn->mine);
    conn->is_counted_open = true;
    atomic_fetch_sub(&server->first->n_unopened, 1);
    atomic_fetch_add(&server->first->n_opened, 1);
    cx_count_add(&server->stats.opened, 1);
    if (!server->is_closed && server->options.on_connect != NULL)
        server->options.on_connect(server->options.self, cx_endpoint_peer(&conn->endpoint));
    cx_drain_begin_age(conn);
}

static void on_writable(cx_conn *conn)
{
    coax_server *server = server_of(conn);
    if (!server->is_closed && server->options.on_writable != NULL)
        server->options.on_writable(server->options.self, cx_endpoint_peer(&conn->endpoint));
}

/* A call's bad input; the core has logged it. */
static void on_error(cx_conn *conn, const coax_error *what)
{
    coax_server *server = server_of(conn);
    if (!server->is_closed && server->options.on_error != NULL)
        server->options.on_error(server->options.self, cx_endpoint_peer(&conn->endpoint), what);
}

static void on_unknown(cx_conn *conn, coax_call call, uint32_t method_id, coax_bytes request)
{
    coax_server *server = server_of(conn);
    if (server->is_closed || server->options.on_unknown == NULL)
        (void)coax_call_fail(call, COAX_ERR_UNAVAILABLE, "the server is closing");
    else
        server->options.on_unknown(server->options.self, call, method_id, request);
}

/* Whether the connection ended because of what the peer sent, or failed to send in time. Other codes
 * are a program's own: coax_peer_close takes any. */
static bool was_bad_input(coax_err code)
{
    switch (code) {
    case COAX_ERR_PROTOCOL:
    case COAX_ERR_UNIMPLEMENTED:
    case COAX_ERR_RESOURCE_EXHAUSTED:
    case COAX_ERR_DEADLINE_EXCEEDED:
    case COAX_ERR_BAD_MESSAGE:
    case COAX_ERR_TOO_LARGE:
    case COAX_ERR_TOO_DEEP:
    case COAX_ERR_TAMPERED:
    case COAX_ERR_INSECURE: return true;
    default: return false;
    }
}

/* Who can't learn when the last callback has come is told nothing any more once it has closed. */
static bool hears_ends(const coax_server *server)
{
    return !server->is_closed || server->options.on_state != NULL;
}

static void on_ended(cx_conn *conn, const coax_error *why)
{
    coax_server *server = server_of(conn);
    coax_peer peer = cx_endpoint_peer(&conn->endpoint);
    bool was_open = conn->is_counted_open;
    server->n_conns--;
    cx_count_add(was_open ? &server->stats.ended : &server->stats.failed, 1);
    if (was_open)
        atomic_fetch_sub(&server->first->n_opened, 1);
    else if (!conn->is_refused)
        atomic_fetch_sub(&server->first->n_unopened, 1);
    if (!was_open)
        cx_newcomers_remove(server, conn);
    const bool has_bad_records = conn->wrap.is_sealed && conn->wrap.as.sealed->blames_peer;
    /* Who was told when to come back was turned away politely. */
    const bool is_polite = conn->is_refused || conn->endpoint.link.retry_after_ms != 0;
    if (!is_polite && (has_bad_records || was_bad_input(why->code))) {
        cx_journal_bad_input(conn, why);
        cx_count_add(&server->stats.bad_inputs, 1);
        on_error(conn, why);
    }
    if (was_open && hears_ends(server) && server->options.on_disconnect != NULL)
        server->options.on_disconnect(server->options.self, peer, why);
    cx_server_free_when_done(server);
}

static const cx_conn_owner owner_ops = { .on_open = on_open,
                                         .on_writable = on_writable,
                                         .on_error = on_error,
                                         .on_unknown = on_unknown,
                                         .on_life_over = cx_drain_on_life_over,
                                         .on_ended = on_ended };

/* Accepts only to say why not: the peer reads it and need not guess. */
static void refuse(coax_server *server, cx_conn *conn)
{
    char words[80];
    (void)snprintf(words, sizeof words,
                   "the server has %u connections and takes no more (max_connections)",
                   (unsigned)server->options.max_connections);
    cx_log_fact(&server->loop->core.host.log, COAX_LOG_WARN, "server_full", "reason", "%s", words);
    conn->is_refused = true;
    cx_count_add(&server->stats.refused, 1);
    cx_endpoint_close(&conn->endpoint, COAX_ERR_RESOURCE_EXHAUSTED, COAX_ERR_UNAVAILABLE, words);
}

/* A connection without its stream. NULL: no memory. */
static cx_conn *make_conn(coax_server *server, bool is_bare)
{
    cx_conn *conn = cx_conn_create(server->loop, &server->config, &owner_ops, server);
    if (conn == NULL || is_bare)
        return conn;
    cx_identity *identity = &server->identity;
    if (cx_identity_share(identity, server->loop, &server->first->identity, NULL) == COAX_OK &&
        cx_sealed_create(conn, &identity->config, NULL) == COAX_OK)
        return conn;
    cx_conn_discard(conn);
    return NULL;
}

void cx_server_accept(coax_server *server, cx_stream *stream, bool has_place, bool is_bare)
{
    cx_loop_enter(server->loop);
    cx_conn *conn = make_conn(server, is_bare);
    if (conn == NULL) {
        stream->events = &cx_deaf_events;
        stream->ops->close(stream);
        cx_log_fact(&server->loop->core.host.log, COAX_LOG_ERROR, "accept_failed", "reason",
                    "no memory for a connection");
        if (has_place)
            cx_newcomers_let_go(server);
        cx_loop_leave(server->loop);
        return;
    }
    cx_conn_accept(conn, stream);
    server->n_conns++;
    cx_count_add(&server->stats.accepted, 1);
    if (has_place || cx_newcomers_reserve(server))
        cx_newcomers_add(server, conn);
    else
        refuse(server, conn);
    cx_loop_leave(server->loop);
}

static coax_err take_options(coax_server_options *ret_options, const coax_server_options *options,
                             coax_error *error)
{
    coax_err rc = cx_options_take(ret_options, sizeof *ret_options, options, error);
    if (rc == COAX_OK)
        rc = cx_options_finish(&ret_options->name, &ret_options->limits, error);
    if (rc != COAX_OK)
        return rc;
    if (ret_options->backlog < 0)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `backlog` is %d; use 0 for the default or a positive number",
                              ret_options->backlog);
    cx_options_default(&ret_options->max_connections, COAX_DEFAULT_MAX_CONNECTIONS);
    cx_options_default(&ret_options->max_unopened, COAX_DEFAULT_MAX_UNOPENED);
    cx_options_default(&ret_options->drain_timeout_ms, COAX_DEFAULT_DRAIN_TIMEOUT_MS);
    if (ret_options->backlog == 0)
        ret_options->backlog = 511;
    cx_options_default(&ret_options->accepts_per_s, COAX_DEFAULT_ACCEPTS_PER_S);
    cx_options_default(&ret_options->loops, 1);
    cx_options_default(&ret_options->n_workers, COAX_DEFAULT_WORKERS);
    return COAX_OK;
}

static coax_err check_threads(const coax_loop *loop, const coax_server_options *options,
                              coax_error *error)
{
    if (options->loops > CX_LOOPS_MAX)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `loops` is %u; at most %u are allowed",
                              (unsigned)options->loops, CX_LOOPS_MAX);
    if (options->n_workers > CX_WORKERS_MAX)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `n_workers` is %u; at most %u are allowed",
                              (unsigned)options->n_workers, CX_WORKERS_MAX);
    if (options->loops > 1 && loop->net.uv == NULL)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `loops` is %u, but a simulated world has no threads",
                              (unsigned)options->loops);
    return COAX_OK;
}

/* What every one has of its own, whatever loop it is on. */
static void init_here(coax_server *server, coax_loop *loop)
{
    server->loop = loop;
    cx_list_init(&server->doors);
    cx_list_init(&server->opened);
    cx_newcomers_init(server);
    cx_list_init(&server->links);
    cx_drain_init(server);
}

coax_server *cx_server_create_part(coax_server *first, coax_loop *loop)
{
    coax_server *part = cx_net_take(&loop->net, sizeof *part);
    if (part == NULL)
        return NULL;
    init_here(part, loop);
    part->first = first;
    part->name = first->name;
    part->options = first->options;
    part->config = first->config;
    cx_stats_init(&part->stats, &loop->core.host.pool);
    part->config.stats = &part->stats;
    cx_stats_join(&first->stats, &part->stats);
    cx_server_init_hub(part);
    return part;
}

void cx_server_free_part(coax_server *part)
{
    cx_stats_part(&part->first->stats, &part->stats);
    cx_stats_deinit(&part->stats);
    cx_newcomers_deinit(part);
    cx_hub_deinit(&part->hub);
    cx_net_release(&part->loop->net, part);
}

coax_err coax_server_create(coax_loop *loop, const coax_server_options *options,
                            coax_server **ret_server, coax_error *error)
{
    coax_server_options chosen;
    cx_admission *admission = NULL;
    if (loop == NULL || ret_server == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "a loop and a place for the server are "
                              "needed");
    if (loop->is_destroying)
        return coax_error_set(error, COAX_ERR_CLOSED, "the loop is being destroyed");
    coax_err rc = take_options(&chosen, options, error);
    if (rc == COAX_OK)
        rc = check_threads(loop, &chosen, error);
    if (rc == COAX_OK)
        rc = cx_admission_create(loop, &chosen, &admission, error);
    if (rc != COAX_OK)
        return rc;
    coax_server *server = cx_net_take(&loop->net, sizeof *server);
    char *name = cx_net_copy(&loop->net, chosen.name);
    if (server == NULL || name == NULL)
        rc = coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a server");
    else
        rc = cx_identity_init(&server->identity, loop, &chosen, error);
    if (rc != COAX_OK) {
        cx_admission_free(admission);
        cx_net_release(&loop->net, name);
        cx_net_release(&loop->net, server);
        return rc;
    }
    init_here(server, loop);
    server->first = server;
    server->name = name;
    server->options = chosen;
    server->admission = admission;
    cx_list_append(&loop->servers, &server->links);
    cx_registry_init(&server->registry, &loop->core.host.pool);
    cx_stats_init(&server->stats, &loop->core.host.pool);
    cx_interceptors_init(&server->interceptors, &loop->core.host.pool);
    server->config = (cx_endpoint_config){ .role = CX_ROLE_SERVER,
                                           .name = name,
                                           .limits = chosen.limits,
                                           .registry = &server->registry,
                                           .call_timeout_ms = COAX_DEFAULT_CALL_TIMEOUT_MS,
                                           .has_fallback = chosen.on_unknown != NULL,
                                           .events = &cx_conn_events,
                                           .interceptors = &server->interceptors,
                                           .stats = &server->stats,
                                           .logins = admission != NULL ? admission->logins : NULL };
    cx_server_init_hub(server);
    *ret_server = server;
    return COAX_OK;
}

coax_err coax_server_id(const coax_server *server, char ret_id[COAX_ID_SIZE],
                        const char **ret_key_file)
{
    if (server == NULL)
        return COAX_ERR_MISUSE;
    cx_identity *identity = &server->first->identity;
    coax_err rc = cx_identity_load(identity, server->first->loop, NULL);
    if (rc != COAX_OK)
        return rc;
    if (ret_id != NULL)
        coax_key_id(identity->key, ret_id);
    if (ret_key_file != NULL)
        *ret_key_file = identity->loaded != NULL ? identity->loaded : "";
    return COAX_OK;
}

size_t coax_server_n_peers(const coax_server *server)
{
    return server != NULL ? atomic_load(&server->first->n_opened) : 0;
}

static void close_all(cx_list *conns)
{
    for (cx_list *at = conns->next; at != conns; at = at->next)
        cx_endpoint_close(&CX_CONTAINER(at, cx_conn, mine)->endpoint, COAX_ERR_UNAVAILABLE,
                          COAX_ERR_UNAVAILABLE, "the server was closed");
}

void cx_server_close_here(coax_server *server)
{
    server->is_closed = true;
    cx_wheel_cancel(&server->loop->core.host.wheel, &server->drain_timer);
    cx_list_remove(&server->links);
    for (cx_list *at = server->doors.next; at != &server->doors; at = at->next) {
        cx_door *door = CX_CONTAINER(at, cx_door, links);
        door->listener->ops->close(door->listener);
    }
    close_all(&server->opened);
    close_all(&server->unopened);
    cx_server_free_when_done(server);
}

static void run_far_close(cx_post *post)
{
    coax_server *server = CX_CONTAINER(post, coax_server, far_close);
    atomic_fetch_sub(&server->n_pinned, 1);
    if (server->is_closed)
        cx_server_free_when_done(server);
    else
        coax_server_close(server);
}

/*
 * A @blocking handler closes its server: while it runs the server can't end, and its loop is another
 * thread's, which closes it.
 */
static bool close_from_worker(coax_server *server)
{
    if (!cx_workers_are_busy(server->config.workers) || cx_loop_is_mine(server->loop))
        return false;
    if (atomic_exchange(&server->is_close_posted, true))
        return true;
    atomic_fetch_add(&server->n_pinned, 1);
    server->far_close.run = run_far_close;
    if (cx_loop_add_own_post(server->loop, &server->far_close) != COAX_OK)
        atomic_fetch_sub(&server->n_pinned, 1); /* the loop has ended, and the server with it */
    return true;
}

void coax_server_close(coax_server *server)
{
    if (server == NULL || cx_shards_close_from_inside(server) || close_from_worker(server) ||
        server->is_closed)
        return;
    cx_shards_close(server->shards);
    cx_server_close_here(server);
}
