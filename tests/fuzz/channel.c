/*
 * Two channels, and somebody between them who does what the input says.
 *
 * The input is a program: its first byte says which pattern, suite and options, then each byte is a step and the ones behind
 * it say how many bytes of which direction: pass on, flip, drop, repeat, reflect, put bytes of the input in. Others let the
 * sides say things, pause, compute later, refuse, grow old, run out of memory. So the input gets behind the handshake, which
 * bytes alone never would. Whatever happens: what a side hears is the beginning of what the other said, nothing comes after
 * a failure, each fails once, whoever was not meddled with does not fail at all, and nothing is left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_env.h"
#include "fuzz.h"
#include "secure/channel.h"
#include "secure/dh.h"

enum { PIPE = 1 << 17, STEPS_MAX = 500, SAY_MAX = 20000 };

/* Ends the program, which is how a fuzzer learns of a finding. */
#define demand(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* One side, and the bytes on their way to the other. */
typedef struct side {
    cx_channel channel;
    cx_channel_config config;
    cx_key_pair keys;
    struct side *peer;
    uint8_t pipe[PIPE];
    size_t n_pipe;
    uint64_t said;  /* bytes; byte i of a direction is i's lowest byte times 7 */
    uint64_t heard; /* of the peer's */
    bool is_ready;
    bool has_failed;
    bool is_paused;
    bool is_busy;
} side;

typedef struct talk {
    fake_env env;
    side client;
    side server;
    uint8_t psk[32];
    uint8_t other_psk[32];
    cx_channel_limits limits;
    bool is_meddled; /* failures are to be expected */
    const uint8_t *at;
    const uint8_t *end;
} talk;

static uint8_t next(talk *t)
{
    return t->at < t->end ? *t->at++ : 0;
}

static uint8_t pattern_byte(uint64_t i)
{
    return (uint8_t)(i * 7 + (i >> 8));
}

static void on_ready(void *self, const cx_channel_facts *facts)
{
    side *it = self;
    demand(!it->is_ready && !it->has_failed && facts->hash.len >= 32);
    demand(memcmp(facts->peer_key, it->peer->keys.public_key, 32) == 0);
    it->is_ready = true;
}

static bool on_data(void *self, const uint8_t *data, size_t len, uint64_t now)
{
    side *it = self;
    (void)now;
    demand(it->is_ready && !it->has_failed && len > 0 && len <= it->peer->said - it->heard);
    for (size_t i = 0; i < len; i++)
        demand(data[i] == pattern_byte(it->heard + i));
    it->heard += len;
    return !it->is_paused;
}

static void on_failed(void *self, const coax_error *why, cx_last last)
{
    side *it = self;
    demand(!it->has_failed && why->code != COAX_OK && why->text[0] != '\0');
    demand(last != CX_LAST_REFUSAL || cx_channel_output(&it->channel).len > 0);
    it->has_failed = true;
}

static bool may_compute(void *self)
{
    return !((side *)self)->is_busy;
}

static const cx_channel_events events = { NULL, on_ready, on_data, on_failed, may_compute };

static void prepare(talk *t, side *it, side *peer)
{
    it->peer = peer;
    cx_dh_generate(&t->env.env, &it->keys);
    it->config = (cx_channel_config){ .is_server = it == &t->server,
                                      .env = &t->env.env,
                                      .events = &events,
                                      .limits = &t->limits,
                                      .secret_key = it->keys.secret,
                                      .public_key = it->keys.public_key };
}

/* What the first bytes say. */
static bool set_up(talk *t)
{
    const uint8_t choice = next(t), memory = next(t);
    fake_env_init(&t->env);
    t->limits = (cx_channel_limits){ 3, 30000, UINT64_C(600000000000), 5000 };
    prepare(t, &t->client, &t->server);
    prepare(t, &t->server, &t->client);
    t->client.config.pattern = (uint8_t)(1 + choice % 3);
    t->client.config.suite =
        (choice & 4) != 0 && coax_suite_is_available(COAX_SUITE_AESGCM_SHA256) ? 2 : 1;
    if (t->client.config.pattern == CX_PATTERN_IK)
        t->client.config.peer_key =
            (choice & 16) != 0 ? t->client.keys.public_key : t->server.keys.public_key;
    if (t->client.config.pattern == CX_PATTERN_XXPSK3) {
        t->other_psk[0] = (choice & 16) != 0;
        t->client.config.psk = t->psk;
        t->server.config.psk = t->other_psk;
    }
    t->server.config.needs_known_key = (choice & 8) != 0 && t->server.config.psk == NULL;
    t->server.config.max_early_record = (choice & 32) != 0 ? 4112 : 0;
    t->is_meddled = (choice & (8 | 16 | 32)) != 0 || memory != 0;
    t->env.fail_from = memory;
    if (cx_channel_init(&t->client.channel, &t->client.config, &t->client, NULL) != COAX_OK)
        return false;
    demand(cx_channel_init(&t->server.channel, &t->server.config, &t->server, NULL) == COAX_OK);
    cx_channel_start(&t->client.channel);
    cx_channel_start(&t->server.channel);
    return true;
}

/* What the side has to say in clear goes into its pipe. */
static void drain(side *it)
{
    const coax_bytes output = cx_channel_output(&it->channel);
    const size_t n = output.len < PIPE - it->n_pipe ? output.len : PIPE - it->n_pipe;
    if (n > 0)
        memcpy(it->pipe + it->n_pipe, output.data, n);
    it->n_pipe += n;
    cx_channel_sent(&it->channel, n);
}

/* The first `n` bytes of the pipe arrive, as far as the other side takes them. */
static void pass(talk *t, side *from, size_t n)
{
    n = n < from->n_pipe ? n : from->n_pipe;
    uint8_t *copy = malloc(n + 1); /* of its own, so that a byte too far is seen */
    demand(copy != NULL);
    memcpy(copy, from->pipe, n);
    size_t taken = cx_channel_receive(&from->peer->channel, copy, n, t->env.now);
    free(copy);
    demand(taken <= n);
    demand(taken == n || from->peer->is_paused || cx_channel_is_waiting(&from->peer->channel));
    memmove(from->pipe, from->pipe + taken, from->n_pipe - taken);
    from->n_pipe -= taken;
}

/* Seals from two pieces, where there is room. */
static void say(talk *t, side *from, size_t len)
{
    static uint8_t words[SAY_MAX];
    size_t taken = 0, sealed = 0;
    if (cx_channel_output(&from->channel).len > 0)
        return; /* it goes first */
    for (size_t i = 0; i < len; i++)
        words[i] = pattern_byte(from->said + i);
    const size_t cut = len / 3;
    const coax_bytes pieces[2] = { { words, cut }, { words + cut, len - cut } };
    coax_err err = cx_channel_seal(&from->channel, pieces, 2, t->env.now, from->pipe + from->n_pipe,
                                   PIPE - from->n_pipe, &taken, &sealed);
    if (err == COAX_OK) {
        demand(taken <= len && sealed <= PIPE - from->n_pipe);
        from->said += taken;
        from->n_pipe += sealed;
    }
}

/* Bytes of the input, where the pipe ends. */
static void make_up(talk *t, side *from, size_t n)
{
    for (size_t i = 0; i < n && from->n_pipe < PIPE; i++)
        from->pipe[from->n_pipe++] = next(t);
    t->is_meddled = t->is_meddled || n > 0;
}

static void meddle(talk *t, side *from, uint8_t how)
{
    const size_t len = from->n_pipe;
    if (len == 0)
        return;
    const size_t at = ((size_t)next(t) << 8 | next(t)) % len;
    const size_t n = 1 + next(t) % (len - at);
    t->is_meddled = true;
    if (how == 0) {
        from->pipe[at] ^= (uint8_t)(1u << (n % 8));
    } else if (how == 1) { /* drop */
        memmove(from->pipe + at, from->pipe + at + n, len - at - n);
        from->n_pipe -= n;
    } else if (how == 2 && n <= PIPE - len) { /* repeat */
        memcpy(from->pipe + len, from->pipe + at, n);
        from->n_pipe += n;
    } else if (how == 3 && n <= PIPE - from->peer->n_pipe) { /* reflect */
        memcpy(from->peer->pipe + from->peer->n_pipe, from->pipe + at, n);
        from->peer->n_pipe += n;
    }
}

static void step(talk *t)
{
    const uint8_t what = next(t);
    side *from = (what & 128) != 0 ? &t->server : &t->client;
    drain(&t->client);
    drain(&t->server);
    switch (what & 15) {
    case 0:
    case 1: pass(t, from, from->n_pipe); break;
    case 2: pass(t, from, 1 + next(t)); break;
    case 3: say(t, from, 1 + next(t)); break;
    case 4: say(t, from, (size_t)(next(t) << 8 | next(t)) % SAY_MAX); break;
    case 5: meddle(t, from, 0); break;
    case 6: meddle(t, from, 1); break;
    case 7: meddle(t, from, 2); break;
    case 8: meddle(t, from, 3); break;
    case 9: make_up(t, from, next(t) % 40); break;
    case 10: from->is_paused = !from->is_paused; break;
    case 11:
        from->is_busy = !from->is_busy;
        cx_channel_resume(&from->channel, t->env.now);
        break;
    case 12:
        t->is_meddled = true;
        (void)cx_channel_refuse(&from->channel, COAX_ERR_UNAVAILABLE, "full");
        break;
    case 13: t->env.now += UINT64_C(400000000000); break;
    case 14: cx_channel_trust(&from->channel); break;
    default: cx_channel_deinit(&from->channel); t->is_meddled = true;
    }
    demand(t->is_meddled || (!t->client.has_failed && !t->server.has_failed));
}

/* Nobody pauses any more: what was said arrives, unless somebody meddled. */
static void finish(talk *t)
{
    t->client.is_paused = t->server.is_paused = t->server.is_busy = false;
    for (int i = 0; i < 4; i++) {
        cx_channel_resume(&t->server.channel, t->env.now);
        drain(&t->client);
        pass(t, &t->client, PIPE);
        drain(&t->server);
        pass(t, &t->server, PIPE);
    }
    if (!t->is_meddled) {
        demand(t->client.is_ready && t->server.is_ready);
        demand(t->client.heard == t->server.said && t->server.heard == t->client.said);
        demand(t->env.n_live == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    talk *t = calloc(1, sizeof *t);
    demand(t != NULL);
    t->at = data;
    t->end = data + size;
    if (set_up(t)) {
        for (int i = 0; i < STEPS_MAX && t->at < t->end; i++)
            step(t);
        finish(t);
    }
    cx_channel_deinit(&t->client.channel);
    cx_channel_deinit(&t->server.channel);
    demand(t->env.n_live == 0);
    free(t);
    return 0;
}
