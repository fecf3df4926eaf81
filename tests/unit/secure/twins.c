/*
 * What the tests of the channel share. Everything is repeatable: keys and randomness come from a seeded generator.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "twins.h"

static coax_err on_peer_key(void *self, const uint8_t key[COAX_KEY_BYTES], coax_error *why)
{
    twin *side = self;
    side->n_asked++;
    memcpy(side->asked_key, key, sizeof side->asked_key);
    if (side->answer != COAX_OK && side->words != NULL)
        coax_error_set(why, side->answer, "%s", side->words);
    return side->answer;
}

static void on_ready(void *self, const cx_channel_facts *facts)
{
    twin *side = self;
    assert_false(side->is_ready);
    side->is_ready = true;
    side->facts = *facts;
    memcpy(side->hash, facts->hash.data, facts->hash.len);
    memcpy(side->peer_key, facts->peer_key, sizeof side->peer_key);
    side->facts.hash.data = side->hash;
    side->facts.peer_key = side->peer_key;
}

static bool on_data(void *self, const uint8_t *data, size_t len, uint64_t now)
{
    twin *side = self;
    (void)now;
    assert_true(side->is_ready && side->n_failed == 0 && len > 0);
    assert_true(len <= TWINS_ROOM - side->got.len);
    memcpy(side->got.bytes + side->got.len, data, len);
    side->got.len += len;
    side->n_data++;
    side->data_at = data;
    if (side->ends_in_data)
        cx_channel_deinit(&side->channel);
    return !side->says_enough;
}

static void on_failed(void *self, const coax_error *why, cx_last last)
{
    twin *side = self;
    side->n_failed++;
    side->why = *why;
    side->last = last;
    assert_int_equal(side->n_failed, 1);
    assert_true(why->code != COAX_OK && why->text[0] != '\0');
}

static bool may_compute(void *self)
{
    twin *side = self;
    side->n_computes++;
    return !side->says_not_now;
}

static const cx_channel_events events = { on_peer_key, on_ready, on_data, on_failed, may_compute };

static void prepare(twins *it, twin *side, bool is_server)
{
    cx_dh_generate(&it->env.env, &side->keys);
    side->config = (cx_channel_config){ .is_server = is_server,
                                        .env = &it->env.env,
                                        .events = &events,
                                        .secret_key = side->keys.secret,
                                        .public_key = side->keys.public_key };
}

twins *twins_new(cx_pattern_id pattern, coax_suite suite)
{
    twins *it = calloc(1, sizeof *it);
    assert_non_null(it);
    fake_env_init(&it->env);
    it->env.env.random(it->env.env.self, it->psk, sizeof it->psk);
    prepare(it, &it->client, false);
    prepare(it, &it->server, true);
    it->client.config.pattern = (uint8_t)pattern;
    it->client.config.suite = (uint8_t)suite;
    if (pattern == CX_PATTERN_IK)
        it->client.config.peer_key = it->server.keys.public_key;
    if (pattern == CX_PATTERN_XXPSK3)
        it->client.config.psk = it->server.config.psk = it->psk;
    return it;
}

void twins_free(twins *it)
{
    cx_channel_deinit(&it->client.channel);
    cx_channel_deinit(&it->server.channel);
    assert_int_equal(it->env.n_live, 0);
    free(it);
}

void twins_start(twins *it)
{
    assert_int_equal(cx_channel_init(&it->client.channel, &it->client.config, &it->client, NULL),
                     COAX_OK);
    assert_int_equal(cx_channel_init(&it->server.channel, &it->server.config, &it->server, NULL),
                     COAX_OK);
    cx_channel_start(&it->client.channel);
    cx_channel_start(&it->server.channel);
}

size_t twin_output(twin *side, wire *to)
{
    const coax_bytes output = cx_channel_output(&side->channel);
    assert_true(output.len <= TWINS_ROOM - to->len);
    if (output.len > 0)
        memcpy(to->bytes + to->len, output.data, output.len);
    to->len += output.len;
    cx_channel_sent(&side->channel, output.len);
    return output.len;
}

void twin_receive(twins *it, twin *side, const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len + 1); /* of its own, so that a byte too far is seen */
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    assert_int_equal(cx_channel_receive(&side->channel, copy, len, it->now), len);
    free(copy);
}

void twins_open(twins *it)
{
    wire *way = calloc(1, sizeof *way);
    assert_non_null(way);
    for (int turn = 0; turn < 3; turn++) {
        twin *from = turn % 2 == 0 ? &it->client : &it->server;
        way->len = 0;
        if (twin_output(from, way) > 0)
            twin_receive(it, turn % 2 == 0 ? &it->server : &it->client, way->bytes, way->len);
    }
    free(way);
    assert_true(it->client.is_ready && it->server.is_ready);
    assert_true(cx_channel_is_ready(&it->client.channel) &&
                cx_channel_is_ready(&it->server.channel));
}

twins *twins_opened(cx_pattern_id pattern, coax_suite suite)
{
    twins *it = twins_new(pattern, suite);
    twins_start(it);
    twins_open(it);
    return it;
}

void twin_seal(twins *it, twin *side, const void *data, size_t len, wire *to)
{
    const coax_bytes piece = { data, len };
    size_t taken = 0, sealed = 0;
    assert_true(cx_channel_sealed_max(&side->channel, len) <= TWINS_ROOM - to->len);
    assert_int_equal(cx_channel_seal(&side->channel, &piece, 1, it->now, to->bytes + to->len,
                                     cx_channel_sealed_max(&side->channel, len), &taken, &sealed),
                     COAX_OK);
    assert_int_equal(taken, len);
    to->len += sealed;
}

void twins_say(twins *it, twin *from, twin *to, const char *text)
{
    wire *way = calloc(1, sizeof *way);
    assert_non_null(way);
    const size_t before = to->got.len;
    twin_seal(it, from, text, strlen(text), way);
    twin_receive(it, to, way->bytes, way->len);
    free(way);
    assert_int_equal(to->got.len, before + strlen(text));
    assert_memory_equal(to->got.bytes + before, text, strlen(text));
}
