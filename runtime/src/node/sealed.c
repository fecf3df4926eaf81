/*
 * Bytes of a stream through a channel, both ways.
 *
 * Whatever the endpoint has to say is sealed at once and counts as sent; what the stream does not take is kept
 * here, and the endpoint told of it, so that backpressure and heartbeats see it. Read next: conn.c.
 */
#include <stdio.h>
#include <string.h>

#include "node/conn.h"
#include "node/turnstile.h"

/* Past a record's length and tag, what is worth a write. */
#define BUDGET_MIN 4096u

static uint64_t now_of(const cx_conn *conn)
{
    return cx_loop_now(conn->loop);
}

static cx_pool *pool_of(const cx_conn *conn)
{
    return &conn->loop->core.host.pool;
}

/* ---------------------------------------------------------------- what the channel says */

static coax_err on_peer_key(void *self, const uint8_t key[COAX_KEY_BYTES], coax_error *why)
{
    cx_conn *conn = self;
    if (conn->owner == NULL || conn->owner_ops->on_peer_key == NULL)
        return COAX_OK;
    coax_err err = conn->owner_ops->on_peer_key(conn, key, why);
    conn->wrap.as.sealed->has_refused_key = err != COAX_OK;
    return err;
}

static void on_ready(void *self, const cx_channel_facts *facts)
{
    cx_conn *conn = self;
    size_t cap;
    cx_proof *proof = cx_pool_take(pool_of(conn), sizeof *proof, &cap);
    if (proof == NULL) {
        cx_endpoint_close(&conn->endpoint, COAX_ERR_NO_MEMORY, COAX_ERR_UNAVAILABLE,
                          "no memory to open the connection");
        return;
    }
    memcpy(proof->peer_key, facts->peer_key, sizeof proof->peer_key);
    memcpy(proof->hash, facts->hash.data, facts->hash.len);
    proof->hash_len = (uint8_t)facts->hash.len;
    conn->wrap.as.sealed->proof = proof;
    conn->wrap.as.sealed->has_peer = true;
    if (conn->endpoint.config->role == CX_ROLE_CLIENT)
        cx_endpoint_start(&conn->endpoint, now_of(conn));
    cx_loop_add_dirty(conn->loop, conn);
}

static bool on_data(void *self, const uint8_t *data, size_t len, uint64_t now)
{
    cx_conn *conn = self;
    (void)now;
    cx_conn_feed(conn, data, len);
    return !conn->is_paused;
}

/* Nobody has vouched for it: bytes changed on the way, or words in clear. What this side itself refused is none of that. */
static bool is_hearsay(const cx_conn *conn, coax_err code)
{
    const cx_sealed *sealed = conn->wrap.as.sealed;
    const bool is_early = !sealed->has_peer && !sealed->has_refused_key;
    return conn->endpoint.config->role == CX_ROLE_CLIENT && code != COAX_ERR_BAD_KEY &&
           (is_early || sealed->channel.is_refused);
}

static void on_failed(void *self, const coax_error *why, cx_last last)
{
    cx_conn *conn = self;
    coax_error words = *why;
    conn->wrap.as.sealed->last = (uint8_t)last;
    conn->wrap.as.sealed->blames_peer = why->code != COAX_ERR_NO_MEMORY;
    conn->wrap.as.sealed->is_hearsay = is_hearsay(conn, why->code);
    if (conn->owner != NULL && conn->owner_ops->explain != NULL)
        conn->owner_ops->explain(conn, &words);
    if (last == CX_LAST_SEALED || last == CX_LAST_PLAIN_GOAWAY)
        cx_endpoint_close(&conn->endpoint, words.code, COAX_ERR_UNAVAILABLE, words.text);
    else
        cx_endpoint_lost(&conn->endpoint, words.code, words.text);
}

static bool may_compute(void *self)
{
    return cx_turnstile_admits(self);
}

static const cx_channel_events channel_events = { .on_peer_key = on_peer_key,
                                                  .on_ready = on_ready,
                                                  .on_data = on_data,
                                                  .on_failed = on_failed,
                                                  .may_compute = may_compute };

/* ---------------------------------------------------------------- life */

static void *take(void *self, size_t size, size_t *ret_cap)
{
    return cx_pool_take(self, size, ret_cap);
}

static void give(void *self, void *block, size_t cap)
{
    cx_pool_give(self, block, cap);
}

coax_err cx_sealed_prepare(coax_loop *loop, cx_channel_config *config, coax_error *error)
{
    if (loop->scratch == NULL)
        loop->scratch = loop->env.allocator.resize(loop->env.allocator.self, NULL, CX_SCRATCH_SIZE);
    if (loop->scratch == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to encrypt in");
    cx_pool_keep_secrets(&loop->core.host.pool); /* and an event is encoded before it has a peer */
    loop->channel_memory = (cx_channel_memory){ &loop->core.host.pool, take, give };
    config->env = &loop->env;
    config->memory = &loop->channel_memory;
    config->events = &channel_events;
    return COAX_OK;
}

coax_err cx_sealed_create(cx_conn *conn, const cx_channel_config *config, coax_error *error)
{
    cx_net *net = &conn->loop->net;
    cx_sealed *sealed = cx_net_take(net, sizeof *sealed);
    if (sealed == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for an encrypted connection");
    coax_err rc = cx_channel_init(&sealed->channel, config, conn, error);
    if (rc != COAX_OK) {
        cx_net_release(net, sealed);
        return rc;
    }
    sealed->budget = CX_SCRATCH_SIZE;
    conn->wrap.as.sealed = sealed;
    conn->wrap.is_sealed = true;
    return COAX_OK;
}

/* `len` bytes that have to wait. NULL: no memory. */
static cx_rest *make_rest(cx_conn *conn, const uint8_t *data, size_t len)
{
    size_t cap;
    cx_rest *rest = cx_pool_take(pool_of(conn), sizeof *rest + len, &cap);
    if (rest == NULL)
        return NULL;
    rest->at = 0;
    rest->len = (uint32_t)len;
    memcpy(rest->bytes, data, len);
    return rest;
}

static void free_rest(cx_conn *conn, cx_rest *rest)
{
    if (rest != NULL)
        cx_pool_give(pool_of(conn), rest, sizeof *rest + rest->len);
}

static void drop_proof(cx_conn *conn)
{
    cx_sealed *sealed = conn->wrap.as.sealed;
    cx_pool_give(pool_of(conn), sealed->proof, sizeof *sealed->proof);
    sealed->proof = NULL;
}

void cx_sealed_free(cx_conn *conn)
{
    cx_sealed *sealed = conn->wrap.as.sealed;
    if (!conn->wrap.is_sealed)
        return;
    free_rest(conn, sealed->kept);
    free_rest(conn, sealed->waiting);
    drop_proof(conn);
    cx_channel_deinit(&sealed->channel);
    coax_wipe(sealed, sizeof *sealed);
    cx_net_release(&conn->loop->net, sealed);
    conn->wrap.is_sealed = false;
}

void cx_sealed_start(cx_conn *conn)
{
    cx_endpoint_connected(&conn->endpoint, now_of(conn), CX_SEALED_EARLY);
    cx_channel_start(&conn->wrap.as.sealed->channel);
}

void cx_sealed_find_way(const cx_conn *conn, cx_way_facts *ret)
{
    const cx_proof *proof = conn->wrap.as.sealed->proof;
    ret->is_encrypted = true;
    ret->has_key = proof != NULL;
    if (proof == NULL)
        return;
    ret->hash_len = proof->hash_len;
    memcpy(ret->key, proof->peer_key, sizeof ret->key);
    memcpy(ret->hash, proof->hash, proof->hash_len);
}

void cx_sealed_trust(cx_conn *conn)
{
    cx_channel_trust(&conn->wrap.as.sealed->channel);
    drop_proof(conn);
}

/* ---------------------------------------------------------------- in */

/* Keeps what the channel did not take, and has reading stopped until it does. */
static void wait_with(cx_conn *conn, const uint8_t *data, size_t len)
{
    cx_sealed *sealed = conn->wrap.as.sealed;
    if (!conn->has_opened && len > COAX_DEFAULT_MAX_BEFORE_OPEN) {
        cx_endpoint_close(&conn->endpoint, COAX_ERR_RESOURCE_EXHAUSTED, COAX_ERR_UNAVAILABLE,
                          "more than 4096 bytes at once before WELCOME");
        return;
    }
    sealed->waiting = make_rest(conn, data, len);
    if (sealed->waiting == NULL)
        cx_endpoint_close(&conn->endpoint, COAX_ERR_NO_MEMORY, COAX_ERR_UNAVAILABLE,
                          "no memory to hold what was read");
}

/* Bytes are there. @return how many the channel took. */
static size_t receive(cx_conn *conn, uint8_t *data, size_t len)
{
    cx_channel *channel = &conn->wrap.as.sealed->channel;
    size_t n = cx_channel_receive(channel, data, len, now_of(conn));
    cx_endpoint_awaits(&conn->endpoint, cx_channel_begun_ns(channel), now_of(conn));
    if (cx_channel_output(channel).len > 0)
        cx_loop_add_dirty(conn->loop, conn);
    if (cx_channel_is_waiting(channel) && conn->stream != NULL)
        conn->stream->ops->read(conn->stream, false);
    return n;
}

void cx_sealed_receive(cx_conn *conn, uint8_t *data, size_t len)
{
    if (conn->wrap.as.sealed->waiting != NULL)
        return; /* reading was stopped, and yet more: the stream is broken, and ends */
    size_t n = receive(conn, data, len);
    if (n < len)
        wait_with(conn, data + n, len - n);
}

bool cx_sealed_resume(cx_conn *conn)
{
    cx_sealed *sealed = conn->wrap.as.sealed;
    cx_rest *waiting = sealed->waiting;
    if (cx_channel_is_waiting(&sealed->channel))
        cx_channel_resume(&sealed->channel, now_of(conn));
    if (cx_channel_output(&sealed->channel).len > 0)
        cx_loop_add_dirty(conn->loop, conn);
    if (waiting == NULL)
        return !cx_channel_is_waiting(&sealed->channel);
    waiting->at +=
        (uint32_t)receive(conn, waiting->bytes + waiting->at, waiting->len - waiting->at);
    if (waiting->at < waiting->len)
        return false;
    sealed->waiting = NULL;
    free_rest(conn, waiting);
    return !cx_channel_is_waiting(&sealed->channel);
}

/* ---------------------------------------------------------------- out */

/* What the stream takes at once is not known: a cut says so, and each whole write that it may be more. */
static void learn(cx_sealed *sealed, size_t len, size_t written)
{
    if (written < len)
        sealed->budget = written > BUDGET_MIN ? (uint32_t)written : BUDGET_MIN;
    else if (sealed->budget < CX_SCRATCH_SIZE && len >= sealed->budget / 2)
        sealed->budget *= 2;
}

/* Seals what the endpoint has to say, as much as fits. @return the length of it. */
static size_t seal_output(cx_conn *conn, uint8_t *out, size_t cap)
{
    coax_bytes pieces[CX_STREAM_PIECES_MAX];
    cx_channel *channel = &conn->wrap.as.sealed->channel;
    size_t taken = 0;
    size_t len = 0;
    if (!channel->is_sealing)
        return 0;
    size_t n = cx_endpoint_output(&conn->endpoint, pieces, CX_STREAM_PIECES_MAX);
    if (n == 0 ||
        cx_channel_seal(channel, pieces, n, now_of(conn), out, cap, &taken, &len) != COAX_OK)
        return 0;
    cx_endpoint_sent(&conn->endpoint, taken);
    return len;
}

/* What leaves next, in the loop's scratch: first what goes in clear. @return the length of it. */
static size_t prepare(cx_conn *conn)
{
    cx_channel *channel = &conn->wrap.as.sealed->channel;
    uint8_t *scratch = conn->loop->scratch;
    const coax_bytes clear = cx_channel_output(channel);
    if (clear.len > 0) {
        memcpy(scratch, clear.data, clear.len);
        cx_channel_sent(channel, clear.len);
    }
    size_t room = CX_SCRATCH_SIZE - clear.len;
    if (room > conn->wrap.as.sealed->budget)
        room = conn->wrap.as.sealed->budget;
    return clear.len + seal_output(conn, scratch + clear.len, room);
}

/* The stream took less than all: the rest can't be sealed again. */
static void keep(cx_conn *conn, const uint8_t *rest, size_t len)
{
    cx_sealed *sealed = conn->wrap.as.sealed;
    sealed->kept = make_rest(conn, rest, len);
    if (sealed->kept == NULL)
        cx_endpoint_lost(&conn->endpoint, COAX_ERR_NO_MEMORY,
                         "no memory for sealed bytes that the system did not take");
}

/* @return whether there is room for more. */
static bool write_kept(cx_conn *conn)
{
    cx_rest *kept = conn->wrap.as.sealed->kept;
    const coax_bytes piece = { kept->bytes + kept->at, kept->len - kept->at };
    size_t written = 0;
    if (conn->stream->ops->try_write(conn->stream, &piece, 1, &written) != COAX_OK)
        return false; /* the stream ends by itself, and says why */
    kept->at += (uint32_t)written;
    conn->is_blocked = written < piece.len;
    if (!conn->is_blocked) {
        conn->wrap.as.sealed->kept = NULL;
        free_rest(conn, kept);
    }
    cx_endpoint_keeps(&conn->endpoint, piece.len - written, written > 0);
    return !conn->is_blocked;
}

bool cx_sealed_write(cx_conn *conn)
{
    if (conn->wrap.as.sealed->kept != NULL && !write_kept(conn))
        return false;
    const coax_bytes piece = { conn->loop->scratch, prepare(conn) };
    size_t written = 0;
    if (piece.len == 0)
        return false;
    if (conn->stream->ops->try_write(conn->stream, &piece, 1, &written) != COAX_OK)
        return false;
    conn->is_blocked = written < piece.len;
    learn(conn->wrap.as.sealed, piece.len, written);
    if (conn->is_blocked)
        keep(conn, piece.data + written, piece.len - written);
    cx_endpoint_keeps(&conn->endpoint, piece.len - written, false);
    return !conn->is_blocked;
}

/* ---------------------------------------------------------------- the end */

void cx_sealed_refuse(cx_conn *conn, const coax_error *why)
{
    cx_channel *channel = &conn->wrap.as.sealed->channel;
    if (channel->state == CX_CHANNEL_OPENING)
        (void)cx_channel_refuse(channel, why->code, why->text);
}

void cx_sealed_explain_end(const cx_conn *conn, coax_error *why)
{
    const coax_error said = *why;
    const cx_channel *channel = &conn->wrap.as.sealed->channel;
    if (channel->state == CX_CHANNEL_READY)
        (void)coax_error_set(why, COAX_ERR_TRUNCATED,
                             "%.120s, without the goodbye that ends an encrypted connection: the "
                             "peer died, or somebody cut it off",
                             said.text);
    else if (channel->state == CX_CHANNEL_OPENING &&
             conn->endpoint.config->role == CX_ROLE_CLIENT && conn->is_connected)
        (void)coax_error_set(
            why, said.code,
            "%.60s, in the handshake and without a word: does a coax server listen "
            "there? It may take only clients that know its id (server_id); without "
            "encryption it is plain+tcp:// or plain+unix://",
            said.text);
}
