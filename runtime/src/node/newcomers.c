/*
 * The door: who is let in, and who is asked to leave while he has not said who he is.
 *
 * Time is counted from the accept, or from our answer to a whole message; a peer that sends byte by byte gains none by it. A connection that came while
 * this loop was busy may have spoken without having been heard: so a few turns must have passed as well.
 */
#include <inttypes.h>
#include <stdio.h>

#include "node/newcomers.h"

#define NS_PER_MS 1000000u
/* How long a connection may be there and have said nothing useful, when others wait. */
#define SILENT_MS 300u
/* And from our answer on, when the handshake is one round trip from its end. */
#define SPOKEN_MS 500u
/* And while it has to prove who it is: passwords take their time. */
#define JUDGED_MS 3000u
/* Turns of the loop in which it could have been heard: prepare and check are two. */
#define TURNS 4u
/* How soon to look again when nobody is old enough. */
#define LOOK_AGAIN_MS 10u
#define LOG_EVERY_NS UINT64_C(1000000000)

/* One table for all loops: an address has its budget once. */
struct cx_gatekeeper {
    uv_mutex_t mutex;
    cx_budget *budget; /* NULL: any number may come */
};

coax_err cx_newcomers_make(coax_server *first, coax_error *error)
{
    uint32_t per_s = first->options.accepts_per_s;
    if (per_s == COAX_NEVER_MS || first->gatekeeper != NULL)
        return COAX_OK;
    cx_gatekeeper *keeper = cx_net_take(&first->loop->net, sizeof *keeper);
    cx_budget *budget = keeper != NULL ? cx_budget_create(&first->loop->env, per_s) : NULL;
    if (budget == NULL || uv_mutex_init(&keeper->mutex) != 0) {
        cx_budget_destroy(budget);
        cx_net_release(&first->loop->net, keeper);
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a server");
    }
    keeper->budget = budget;
    first->gatekeeper = keeper;
    return COAX_OK;
}

static void look_again(cx_timer *timer, uint64_t now_ns);

void cx_newcomers_init(coax_server *server)
{
    cx_list_init(&server->unopened);
    cx_timer_init(&server->room_timer, look_again);
}

void cx_newcomers_deinit(coax_server *server)
{
    cx_gatekeeper *keeper = server->gatekeeper;
    cx_wheel_cancel(&server->loop->core.host.wheel, &server->room_timer);
    server->gatekeeper = NULL;
    if (keeper == NULL)
        return;
    uv_mutex_destroy(&keeper->mutex);
    cx_budget_destroy(keeper->budget);
    cx_net_release(&server->loop->net, keeper);
}

/* Accepts. */

static void print_origin(const cx_origin *origin, char *buffer, size_t size)
{
    const uint8_t *b = origin->bytes;
    if (origin->kind == CX_ORIGIN_IPV4)
        (void)snprintf(buffer, size, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
    else
        (void)snprintf(buffer, size, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", b[0], b[1], b[2],
                       b[3], b[4], b[5], b[6], b[7]);
}

/* Who floods decides how often this happens, and not how long the log is. */
static void note_turned_away(coax_server *server, const cx_origin *origin, uint64_t now)
{
    char address[48], times[24], reason[80];
    server->n_turned_away++;
    if (now < server->turned_away_ns)
        return;
    print_origin(origin, address, sizeof address);
    (void)snprintf(times, sizeof times, "%" PRIu64, server->n_turned_away);
    (void)snprintf(reason, sizeof reason,
                   "more than %u connections a second of one address (accepts_per_s)",
                   (unsigned)server->options.accepts_per_s);
    const coax_log_pair pairs[] = { { "address", address },
                                    { "times", times },
                                    { "reason", reason } };
    cx_log_event(&server->loop->core.host.log, COAX_LOG_WARN, "address_limited", pairs, 3);
    server->n_turned_away = 0;
    server->turned_away_ns = now + LOG_EVERY_NS;
}

bool cx_newcomers_admit(coax_server *server, const cx_origin *origin)
{
    cx_gatekeeper *keeper = server->first->gatekeeper;
    if (keeper == NULL)
        return true;
    uint64_t now = cx_loop_now(server->loop);
    uv_mutex_lock(&keeper->mutex);
    bool admits = cx_budget_admits(keeper->budget, origin, now);
    uv_mutex_unlock(&keeper->mutex);
    if (admits)
        return true;
    cx_count_add(&server->stats.accepted, 1);
    cx_count_add(&server->stats.refused, 1);
    cx_count_add(&server->stats.failed, 1);
    note_turned_away(server, origin, now);
    return false;
}

/* Places. */

bool cx_newcomers_reserve(coax_server *server)
{
    /* Two loops that accept at once may both find the last place taken; none passes the limit. */
    coax_server *first = server->first;
    uint32_t unopened = atomic_fetch_add(&first->n_unopened, 1);
    if (unopened + atomic_load(&first->n_opened) < first->options.max_connections) {
        atomic_fetch_add(&server->n_silent, 1);
        return true;
    }
    atomic_fetch_sub(&first->n_unopened, 1);
    return false;
}

void cx_newcomers_let_go(coax_server *server)
{
    atomic_fetch_sub(&server->n_silent, 1);
    atomic_fetch_sub(&server->first->n_unopened, 1);
}

/*
 * How many silent connections this loop may have. Each has its share, because a loop whose only silent connection has
 * just come would else drop that one for those of others.
 */
static uint32_t share_of(const coax_server *server)
{
    const coax_server_options *options = &server->options;
    return options->max_unopened / options->loops +
           (options->max_unopened % options->loops != 0 ? 1 : 0);
}

bool cx_newcomers_are_many(coax_server *server)
{
    return atomic_load(&server->n_silent) >= share_of(server);
}

/* Whether the next step is ours and not the peer's. */
static bool waits_for_us(const cx_conn *conn)
{
    const cx_link *link = &conn->endpoint.link;
    return !cx_list_is_empty(&conn->in_line) || conn->resume.is_queued ||
           (link->state == CX_LINK_AUTH && !link->awaits_auth);
}

/* When it may be dropped for others; UINT64_MAX: not yet known. */
static uint64_t patience_ends(const cx_conn *conn)
{
    if (waits_for_us(conn) || conn->loop->n_turns - conn->came_turn < TURNS)
        return UINT64_MAX;
    uint32_t ms = conn->endpoint.link.state == CX_LINK_AUTH ? JUDGED_MS
                  : conn->has_spoken                        ? SPOKEN_MS
                                                            : SILENT_MS;
    return conn->since_ns + (uint64_t)ms * NS_PER_MS;
}

/* The one that came first of those that have had their time; NULL: nobody has, and `ret_next` says when to look. */
static cx_conn *find_stale(coax_server *server, uint64_t now, uint64_t *ret_next)
{
    *ret_next = now + (uint64_t)JUDGED_MS * NS_PER_MS;
    for (cx_list *at = server->unopened.next; at != &server->unopened; at = at->next) {
        cx_conn *conn = CX_CONTAINER(at, cx_conn, mine);
        uint64_t ends = patience_ends(conn);
        if (ends <= now)
            return conn;
        if (ends == UINT64_MAX)
            ends = now + (uint64_t)LOOK_AGAIN_MS * NS_PER_MS;
        *ret_next = ends < *ret_next ? ends : *ret_next;
    }
    return NULL;
}

static void drop(coax_server *server, cx_conn *conn)
{
    char words[128];
    (void)snprintf(words, sizeof words,
                   "more than %u connections%s are not open, and this one has been waited for "
                   "(max_unopened)",
                   (unsigned)share_of(server), server->options.loops > 1 ? " of this loop" : "");
    cx_list_remove(&conn->mine);
    atomic_fetch_sub(&server->n_silent, 1);
    cx_count_add(&server->stats.refused, 1);
    cx_endpoint_close(&conn->endpoint, COAX_ERR_RESOURCE_EXHAUSTED, COAX_ERR_UNAVAILABLE, words);
}

/* Whether there is a listener on this loop that pauses, or does not any more. */
static bool pause_all(coax_server *server, bool on)
{
    bool is_any = false;
    for (cx_list *at = server->doors.next; at != &server->doors; at = at->next) {
        cx_listener *listener = CX_CONTAINER(at, cx_door, links)->listener;
        if (listener->ops->pause == NULL)
            continue;
        listener->ops->pause(listener, on);
        is_any = true;
    }
    server->is_paused = on && is_any;
    return is_any;
}

/* Nobody is to be dropped, and there are too many: the system keeps who comes, for a moment. */
static bool wait_for_room(coax_server *server, uint64_t next)
{
    if (!pause_all(server, true))
        return false;
    cx_wheel_arm(&server->loop->core.host.wheel, &server->room_timer, next);
    return true;
}

static void go_on_if_there_is_room(coax_server *server)
{
    if (!server->is_paused || atomic_load(&server->n_silent) > share_of(server))
        return;
    cx_wheel_cancel(&server->loop->core.host.wheel, &server->room_timer);
    (void)pause_all(server, false);
}

static void look_again(cx_timer *timer, uint64_t now_ns)
{
    coax_server *server = CX_CONTAINER(timer, coax_server, room_timer);
    uint64_t next;
    cx_conn *stale = find_stale(server, now_ns, &next);
    if (stale != NULL)
        drop(server, stale);
    else
        cx_wheel_arm(&server->loop->core.host.wheel, &server->room_timer, next);
    go_on_if_there_is_room(server);
}

void cx_newcomers_add(coax_server *server, cx_conn *conn)
{
    uint64_t now = cx_loop_now(server->loop);
    uint64_t next;
    conn->since_ns = now;
    conn->came_turn = server->loop->n_turns;
    cx_list_append(&server->unopened, &conn->mine);
    uint32_t excess = atomic_load(&server->n_silent);
    excess = excess > share_of(server) ? excess - share_of(server) : 0;
    if (excess == 0)
        return;
    cx_conn *stale = find_stale(server, now, &next);
    if (stale != NULL)
        drop(server, stale);
    else if (server->is_paused || !wait_for_room(server, next))
        drop(server, CX_CONTAINER(server->unopened.next, cx_conn, mine));
}

void cx_newcomers_remove(coax_server *server, cx_conn *conn)
{
    if (cx_list_is_empty(&conn->mine))
        return;
    cx_list_remove(&conn->mine);
    atomic_fetch_sub(&server->n_silent, 1);
    if (!server->is_closed)
        go_on_if_there_is_room(server);
}
