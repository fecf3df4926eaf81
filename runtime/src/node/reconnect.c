/*
 * A client's connections, one after the other: dialled, lost, waited for, dialled again; drained by
 * the server and replaced; and the end of them all.
 *
 *     CONNECTING -> OPEN -> (ended) -> WAITING -> CONNECTING ...      with `reconnects`
 *                       -> (drained) -> CONNECTING, the old one retires
 *                -> OPEN -> DRAINING -> CLOSED                        without
 *
 * The wait doubles from one failure to the next, and begins anew once a connection has lasted
 * longer than the wait before it: a server that takes connections only to drop them is not stormed.
 * A fifth of it is chance, so that clients that lost one server don't come back together. Knows
 * nothing of calls but where they go. Read next: client.c, docs/decisions/0019.
 */
#include <stdio.h>

#include "node/client.h"

#define NS_PER_MS 1000000u

static coax_client *client_of(cx_conn *conn)
{
    return conn->owner;
}

static void tell_state(coax_client *client, coax_client_state state)
{
    static const coax_error none = COAX_ERROR_INIT;
    bool has_reason = state != COAX_CLIENT_OPEN && client->reason.code != COAX_OK;
    coax_error reason = has_reason ? client->reason : none;
    client->state = state;
    if (client->options.on_state != NULL)
        client->options.on_state(client->options.self, client, state, &reason);
}

/* A client that waits has no socket that would keep the loop running. */
static void hold_loop(coax_client *client, bool holds)
{
    cx_net *net = &client->loop->net;
    if (client->holds_loop == holds)
        return;
    client->holds_loop = holds;
    net->hold(net, holds ? +1 : -1);
}

/* Everything that can end has ended. */
static void run_settling(cx_work *work)
{
    coax_client *client = CX_CONTAINER(work, coax_client, settling);
    cx_subscriber_end(&client->subscriber,
                      client->is_released ? COAX_ERR_CANCELLED : COAX_ERR_UNAVAILABLE,
                      client->reason.text);
    tell_state(client, COAX_CLIENT_CLOSED);
    if (client->is_released)
        cx_client_free_soon(client);
}

static void settle(coax_client *client)
{
    if (!client->is_ending || client->conn != NULL || client->has_lot ||
        !cx_list_is_empty(&client->retired) || client->state == COAX_CLIENT_CLOSED)
        return;
    cx_core_defer(&client->loop->core, &client->settling);
}

/*
 * Whether another attempt may go better. What the two sides are is not healed by time; what anybody on the way
 * may have done or said is: else one bit changed once would stop a client for good. The next handshake proves all
 * anew.
 */
static bool may_heal(const coax_client *client)
{
    if (client->is_hearsay)
        return true;
    switch (client->reason.code) {
    case COAX_ERR_PROTOCOL:
    case COAX_ERR_BAD_OPTION:
    case COAX_ERR_BAD_ADDRESS:
    case COAX_ERR_UNIMPLEMENTED:
    case COAX_ERR_UNAUTHENTICATED:
    case COAX_ERR_KEY_CHANGED:
    case COAX_ERR_KEY_UNKNOWN:
    case COAX_ERR_INSECURE:
    case COAX_ERR_NOT_SUPPORTED:
    case COAX_ERR_ABORTED: /* somebody else has logged in: two that reconnect would chase each other */
    case COAX_ERR_PERMISSION_DENIED: return false;
    default: return true;
    }
}

/* The next wait: double the last, and of it four fifths and some of the fifth. */
static uint32_t next_delay(coax_client *client)
{
    const coax_client_options *options = &client->options;
    uint64_t delay = (uint64_t)client->delay_ms * 2;
    if (delay < options->backoff_min_ms)
        delay = options->backoff_min_ms;
    if (delay > options->backoff_max_ms)
        delay = options->backoff_max_ms;
    client->delay_ms = (uint32_t)delay;
    uint32_t chance = 0;
    const coax_env *env = &client->loop->env;
    env->random(env->self, (uint8_t *)&chance, sizeof chance);
    uint32_t fifth = client->delay_ms / 5;
    uint32_t wait = client->delay_ms - (uint32_t)(chance % ((uint64_t)fifth + 1));
    uint32_t hint =
        client->hint_ms < options->backoff_max_ms ? client->hint_ms : options->backoff_max_ms;
    client->hint_ms = 0;
    return wait > hint ? wait : hint;
}

static void plan_attempt(coax_client *client)
{
    uint64_t wait_ns = (uint64_t)next_delay(client) * NS_PER_MS;
    hold_loop(client, true);
    cx_wheel_arm(&client->loop->core.host.wheel, &client->retry,
                 cx_loop_now(client->loop) + wait_ns);
    cx_loop_rearm(client->loop);
    char wait_ms[24];
    (void)snprintf(wait_ms, sizeof wait_ms, "%u", (unsigned)(wait_ns / NS_PER_MS));
    const coax_log_pair pairs[] = { { "address", client->url },
                                    { "wait_ms", wait_ms },
                                    { "reason", client->reason.text } };
    cx_log_event(&client->loop->core.host.log, COAX_LOG_INFO, "reconnect_waiting", pairs, 3);
    tell_state(client, COAX_CLIENT_WAITING);
}

/* Somebody should know that this one will not come back. */
static void note_surrender(const coax_client *client)
{
    const coax_log_pair pairs[] = { { "address", client->url }, { "reason", client->reason.text } };
    cx_log_event(&client->loop->core.host.log, COAX_LOG_ERROR, "reconnect_given_up", pairs, 2);
}

/* There is no connection, for the reason kept. `has_opened`: there was one. */
static void go_on(coax_client *client, bool has_opened)
{
    if (client->is_ending) {
        settle(client);
        return;
    }
    client->takes_early = false;
    if (!has_opened)
        client->n_failures++;
    uint32_t most = client->options.max_attempts;
    bool gives_up = most != 0 && client->n_failures >= most;
    if (gives_up || !client->options.reconnects || client->has_given_up || !may_heal(client)) {
        coax_error why = client->reason;
        if (client->options.reconnects)
            note_surrender(client);
        cx_client_end(client, &why, COAX_ERR_UNAVAILABLE);
    } else {
        plan_attempt(client);
    }
}

static void redial(coax_client *client)
{
    coax_error why = COAX_ERROR_INIT;
    if (cx_client_dial(client, &why) == COAX_OK) {
        tell_state(client, COAX_CLIENT_CONNECTING);
        return;
    }
    client->reason = why;
    client->is_hearsay = false;
    go_on(client, false);
}

static void on_retry(cx_timer *timer, uint64_t now_ns)
{
    coax_client *client = CX_CONTAINER(timer, coax_client, retry);
    (void)now_ns;
    hold_loop(client, false);
    redial(client);
}

static void on_open(cx_conn *conn)
{
    coax_client *client = client_of(conn);
    coax_error why = COAX_ERROR_INIT;
    if (client->trust != NULL && cx_trust_record(client->trust, conn, &why) != COAX_OK) {
        cx_endpoint_cut(&conn->endpoint, why.code, why.text);
        return;
    }
    conn->is_counted_open = true;
    cx_count_add(&client->stats.opened, 1);
    client->n_failures = 0;
    client->hint_ms = 0;
    client->opened_ns = cx_loop_now(client->loop);
    client->state = COAX_CLIENT_OPEN;
    if (client->has_lot)
        cx_endpoint_adopt(&conn->endpoint, &client->lot);
    cx_subscriber_attach(&client->subscriber, &conn->endpoint);
    if (client->options.on_connect != NULL)
        client->options.on_connect(client->options.self, cx_endpoint_peer(&conn->endpoint));
    if (!client->is_ending) /* the user may have closed it just now */
        tell_state(client, COAX_CLIENT_OPEN);
}

static void on_writable(cx_conn *conn)
{
    coax_client *client = client_of(conn);
    if (client->options.on_writable != NULL && client->conn == conn)
        client->options.on_writable(client->options.self, client);
}

/* The core has logged it, and the call that it ended tells its caller. */
static void on_error(cx_conn *conn, const coax_error *what)
{
    (void)conn;
    (void)what;
}

/* One that lasted longer than it was waited for was a good one. */
static void judge_connection(coax_client *client)
{
    uint64_t lasted = cx_loop_now(client->loop) - client->opened_ns;
    if (lasted > (uint64_t)client->delay_ms * NS_PER_MS)
        client->delay_ms = 0;
}

static void on_ended(cx_conn *conn, const coax_error *why)
{
    coax_client *client = client_of(conn);
    bool was_open = conn->is_counted_open;
    bool is_current = conn == client->conn;
    cx_count_add(was_open ? &client->stats.ended : &client->stats.failed, 1);
    if (is_current)
        client->conn = NULL;
    cx_list_remove(&conn->mine);
    if (is_current && !client->is_ending)
        client->reason = *why;
    if (is_current)
        client->is_hearsay = conn->wrap.is_sealed && conn->wrap.as.sealed->is_hearsay;
    if (is_current && conn->endpoint.link.retry_after_ms != 0)
        client->hint_ms = conn->endpoint.link.retry_after_ms;
    if (was_open && client->options.on_disconnect != NULL)
        client->options.on_disconnect(client->options.self, cx_endpoint_peer(&conn->endpoint), why);
    if (!is_current) {
        settle(client);
        return;
    }
    if (was_open)
        judge_connection(client);
    go_on(client, was_open);
}

/* Connections whose calls a server lets run out, past which the next one is waited for. */
enum { RETIRED_MANY = 8 };

static bool has_many_retired(const coax_client *client)
{
    unsigned n = 0;
    for (const cx_list *at = client->retired.next; at != &client->retired; at = at->next)
        n++;
    return n > RETIRED_MANY;
}

/* The server takes no new calls on this connection. Another is dialled for them at once, unless this one was
 * hardly there, or the server drains one after the other and closes none: whoever does that is not stormed. */
static void on_drain(cx_conn *conn, uint32_t retry_after_ms, const char *words)
{
    coax_client *client = client_of(conn);
    if (client->is_ending || conn != client->conn)
        return;
    coax_error_set(&client->reason, COAX_ERR_UNAVAILABLE, "the server takes no new calls: %s",
                   words);
    cx_conn_live_for(conn, client->options.drain_timeout_ms);
    if (!client->options.reconnects) {
        tell_state(client, COAX_CLIENT_DRAINING);
        return;
    }
    uint64_t lasted = cx_loop_now(client->loop) - client->opened_ns;
    cx_lot_detach(&client->lot);
    client->conn = NULL;
    cx_list_append(&client->retired, &conn->mine);
    client->hint_ms = retry_after_ms;
    client->takes_early =
        lasted >= (uint64_t)client->options.backoff_min_ms * NS_PER_MS && !has_many_retired(client);
    if (client->takes_early) {
        client->delay_ms = 0;
        redial(client);
    } else {
        plan_attempt(client);
    }
}

/* Calls on a drained connection have had their time. */
static void on_life_over(cx_conn *conn)
{
    char words[96];
    (void)snprintf(words, sizeof words, "calls did not end within drain_timeout_ms (%u)",
                   (unsigned)client_of(conn)->options.drain_timeout_ms);
    cx_endpoint_close(&conn->endpoint, COAX_ERR_UNAVAILABLE, COAX_ERR_UNAVAILABLE, words);
}

static coax_err on_peer_key(cx_conn *conn, const uint8_t key[COAX_KEY_BYTES], coax_error *why)
{
    return cx_trust_judge(client_of(conn)->trust, key, why);
}

static void explain(cx_conn *conn, coax_error *why)
{
    cx_trust_explain(client_of(conn)->trust, why);
}

static const cx_conn_owner owner_ops = { .on_open = on_open,
                                         .on_writable = on_writable,
                                         .on_error = on_error,
                                         .on_drain = on_drain,
                                         .on_peer_key = on_peer_key,
                                         .explain = explain,
                                         .on_life_over = on_life_over,
                                         .on_ended = on_ended };

static void on_lot_writable(void *self)
{
    coax_client *client = self;
    if (client->options.on_writable != NULL)
        client->options.on_writable(client->options.self, client);
}

static void on_lot_closed(void *self)
{
    coax_client *client = self;
    client->has_lot = false;
    settle(client);
}

static const cx_lot_events lot_events = { on_lot_writable, on_lot_closed };

void cx_client_prepare(coax_client *client)
{
    client->state = COAX_CLIENT_CONNECTING;
    client->takes_early = true;
    client->settling.run = run_settling;
    cx_list_init(&client->retired);
    cx_timer_init(&client->retry, on_retry);
    client->has_lot = client->options.reconnects;
    if (client->has_lot)
        cx_lot_init(&client->lot, &client->loop->core, &client->config, &lot_events, client);
}

coax_err cx_client_dial(coax_client *client, coax_error *error)
{
    cx_url url;
    coax_err rc = cx_url_parse(client->url, &url, error);
    if (rc != COAX_OK)
        return rc;
    cx_conn *conn = cx_conn_create(client->loop, &client->config, &owner_ops, client);
    if (conn == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a connection");
    if (client->trust != NULL)
        rc = cx_trust_dial(client->trust, conn, error);
    if (rc == COAX_OK)
        rc = cx_conn_dial(conn, &url, client->url, client->options.connect_timeout_ms, error);
    if (rc != COAX_OK)
        cx_conn_discard(conn);
    else
        client->conn = conn;
    /* Events of a connection that is being replaced go on coming until the new one is open. */
    if (rc == COAX_OK && client->subscriber.endpoint == NULL)
        cx_subscriber_attach(&client->subscriber, &conn->endpoint);
    return rc;
}

void cx_client_end(coax_client *client, const coax_error *why, coax_err calls_end)
{
    if (client->is_ending)
        return;
    client->is_ending = true;
    client->reason = *why;
    cx_wheel_cancel(&client->loop->core.host.wheel, &client->retry);
    hold_loop(client, false);
    if (client->conn != NULL)
        cx_endpoint_close(&client->conn->endpoint, why->code, calls_end, why->text);
    for (cx_list *at = client->retired.next; at != &client->retired; at = at->next)
        cx_endpoint_close(&CX_CONTAINER(at, cx_conn, mine)->endpoint, why->code, calls_end,
                          why->text);
    if (client->has_lot)
        cx_lot_close(&client->lot, calls_end, why->text);
    settle(client);
}

void cx_client_discard(coax_client *client)
{
    cx_core_undefer(&client->loop->core, &client->settling);
    cx_wheel_cancel(&client->loop->core.host.wheel, &client->retry);
    hold_loop(client, false);
    cx_lot_deinit(&client->lot);
}

cx_endpoint *cx_client_endpoint(coax_client *client, bool waits, coax_error *error)
{
    cx_conn *conn = client->conn;
    bool is_open = conn != NULL && cx_endpoint_is_open(&conn->endpoint);
    client->is_used = true;
    if (client->is_ending) {
        (void)coax_error_set(error, COAX_ERR_UNAVAILABLE, "the client is closed: %s",
                             client->reason.text);
        return NULL;
    }
    if (client->state == COAX_CLIENT_DRAINING) {
        (void)coax_error_set(error, COAX_ERR_UNAVAILABLE, "%s", client->reason.text);
        return NULL;
    }
    if (waits && !is_open && client->has_lot)
        return &client->lot.endpoint;
    if (is_open || (conn != NULL && client->takes_early))
        return &conn->endpoint;
    (void)coax_error_set(error, COAX_ERR_UNAVAILABLE, "there is no connection now: %s",
                         client->reason.text);
    return NULL;
}
