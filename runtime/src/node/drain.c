/*
 * A server's states, its drain, and the age of its connections.
 *
 *     IDLE -> LISTENING -> DRAINING -> STOPPED
 *
 * States only go forward; some may be left out. They are told from the loop, in order, and STOPPED is the
 * last callback: a closed server is freed behind it. What drains is the endpoints' business
 * (rpc/drain.c); here it begins, and what takes too long is closed. Read next: signals.c.
 */
#include <stdio.h>

#include "node/drain.h"
#include "node/journal.h"
#include "node/options.h"
#include "node/shards.h"
#include "node/signals.h"
#include "node/workers.h"

#define NS_PER_MS UINT64_C(1000000)

static void tell(coax_server *first, coax_server_state state)
{
    cx_log_fact(&first->loop->core.host.log, COAX_LOG_INFO, "server_state", "state", "%s",
                coax_server_state_name(state));
    if (first->options.on_state != NULL)
        first->options.on_state(first->options.self, first, state);
}

static void run_telling(cx_work *work)
{
    coax_server *first = CX_CONTAINER(work, coax_server, telling);
    for (uint32_t state = COAX_SERVER_LISTENING; state <= COAX_SERVER_STOPPED; state++) {
        uint32_t bit = 1u << state;
        if ((first->entered & bit) == 0 || (first->told & bit) != 0)
            continue;
        first->told |= (uint8_t)bit;
        tell(first, (coax_server_state)state);
        if (state == COAX_SERVER_STOPPED)
            cx_signals_server_stopped(first->loop);
    }
    if (first->is_over)
        cx_server_free_soon(first);
}

void cx_drain_enter(coax_server *first, coax_server_state state)
{
    first->entered |= (uint8_t)(1u << state);
    atomic_store(&first->state, (unsigned)state);
    cx_core_defer(&first->loop->core, &first->telling);
}

coax_server_state coax_server_get_state(const coax_server *server)
{
    if (server == NULL)
        return COAX_SERVER_STOPPED;
    return (coax_server_state)atomic_load(&server->first->state);
}

static void close_all(cx_list *conns, const char *words)
{
    for (cx_list *at = conns->next; at != conns; at = at->next)
        cx_endpoint_close(&CX_CONTAINER(at, cx_conn, mine)->endpoint, COAX_ERR_UNAVAILABLE,
                          COAX_ERR_UNAVAILABLE, words);
}

static void on_drain_over(cx_timer *timer, uint64_t now_ns)
{
    coax_server *server = CX_CONTAINER(timer, coax_server, drain_timer);
    (void)now_ns;
    close_all(&server->opened, "the server drained, and the time for calls under way is over");
}

void cx_drain_init(coax_server *server)
{
    atomic_init(&server->state, (unsigned)COAX_SERVER_IDLE);
    server->telling.run = run_telling;
    cx_timer_init(&server->drain_timer, on_drain_over);
}

/* Nobody new, and nothing new from those who are there. */
static void begin(coax_server *server)
{
    server->is_draining = true;
    for (cx_list *at = server->doors.next; at != &server->doors; at = at->next) {
        cx_door *door = CX_CONTAINER(at, cx_door, links);
        door->listener->ops->close(door->listener);
    }
    close_all(&server->unopened, "the server is draining");
    for (cx_list *at = server->opened.next; at != &server->opened; at = at->next)
        cx_endpoint_drain(&CX_CONTAINER(at, cx_conn, mine)->endpoint, CX_DRAIN_RETRY_MS,
                          "the server is draining");
}

void cx_drain_for(coax_server *server, uint32_t ms)
{
    uint64_t until_ns =
        ms == COAX_NEVER_MS ? UINT64_MAX : cx_loop_now(server->loop) + ms * NS_PER_MS;
    if (server->is_closed || (server->is_draining && until_ns >= server->drain_until))
        return;
    server->drain_until = until_ns;
    if (until_ns != UINT64_MAX)
        cx_wheel_arm(&server->loop->core.host.wheel, &server->drain_timer, until_ns);
    cx_loop_rearm(server->loop);
    if (!server->is_draining)
        begin(server);
    cx_drain_check(server);
}

void cx_drain_check(coax_server *server)
{
    if (!server->is_draining || server->is_closed || server->n_conns > 0 || server->n_doors > 0)
        return;
    cx_wheel_cancel(&server->loop->core.host.wheel, &server->drain_timer);
    if (server->first != server)
        cx_server_close_here(server); /* and its thread ends */
    else if (cx_shards_are_over(server->shards) && !cx_workers_are_busy(server->config.workers) &&
             coax_server_get_state(server) != COAX_SERVER_STOPPED)
        cx_drain_enter(server, COAX_SERVER_STOPPED);
}

coax_err coax_server_drain(coax_server *server, uint32_t timeout_ms)
{
    if (server == NULL || server->is_closed)
        return COAX_ERR_MISUSE;
    if (cx_shards_here(server) != server)
        return COAX_ERR_WRONG_THREAD;
    cx_options_default(&timeout_ms, COAX_DEFAULT_DRAIN_TIMEOUT_MS);
    if (!server->is_draining)
        cx_drain_enter(server, COAX_SERVER_DRAINING);
    cx_shards_drain(server->shards, timeout_ms);
    cx_drain_for(server, timeout_ms);
    return COAX_OK;
}

/* The age at which a connection is drained: a tenth earlier or later, so that those that came together
 * don't leave together. */
static uint32_t some_age(const coax_server *server)
{
    uint64_t age = server->options.max_connection_age_ms;
    uint64_t tenth = age / 10;
    uint32_t chance = 0;
    const coax_env *env = &server->loop->env;
    env->random(env->self, (uint8_t *)&chance, sizeof chance);
    age = age - tenth + chance % (2 * tenth + 1);
    return age < COAX_NEVER_MS ? (uint32_t)age : COAX_NEVER_MS - 1;
}

/* What is left of the peer's session. */
static uint32_t session_left(const cx_conn *conn)
{
    const uint64_t ends_ns = conn->endpoint.session.ends_ns;
    const uint64_t now_ns = cx_loop_now(conn->loop);
    if (ends_ns == CX_NEVER_NS)
        return COAX_NEVER_MS;
    const uint64_t left_ms = ends_ns > now_ns ? (ends_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS : 0;
    return left_ms < COAX_NEVER_MS ? (uint32_t)left_ms : COAX_NEVER_MS - 1;
}

void cx_drain_begin_age(cx_conn *conn)
{
    const coax_server *server = conn->owner;
    uint32_t age = server->options.max_connection_age_ms;
    uint32_t left = session_left(conn);
    if (age != 0 && age != COAX_NEVER_MS) {
        age = some_age(server);
        left = age < left ? age : left;
    }
    if (left != COAX_NEVER_MS && !server->is_draining)
        cx_conn_live_for(conn, left);
}

/* Why a connection that is to drain has had its time. */
static void find_end(cx_conn *conn, char *words, size_t size)
{
    const coax_server *server = conn->owner;
    if (conn->endpoint.session.ends_ns > cx_loop_now(conn->loop)) {
        (void)snprintf(words, size, "the connection has reached max_connection_age_ms (%u)",
                       (unsigned)server->options.max_connection_age_ms);
        return;
    }
    (void)snprintf(words, size, "the session has expired; log in again");
    cx_journal_expired(conn);
}

void cx_drain_on_life_over(cx_conn *conn)
{
    const coax_server *server = conn->owner;
    char words[96];
    if (server->is_draining)
        return; /* which has its own time */
    if (cx_link_is_draining(&conn->endpoint.link)) {
        (void)snprintf(words, sizeof words, "calls did not end within drain_timeout_ms (%u)",
                       (unsigned)server->options.drain_timeout_ms);
        cx_endpoint_close(&conn->endpoint, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE, words);
        return;
    }
    find_end(conn, words, sizeof words);
    cx_conn_live_for(conn, server->options.drain_timeout_ms);
    cx_endpoint_drain(&conn->endpoint, 0, words);
}
