/*
 * What a channel leaves behind: nothing. Every block it gives back is looked through for keys and for what was said, and so
 * are the struct and the caller's own memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "twins.h"

static const char secret_words[] = "the words that nobody else may read";

/* A channel's memory that keeps what it is given back, as it was. */
typedef struct keeper {
    cx_channel_memory memory; /* hand this out */
    struct {
        uint8_t *bytes;
        size_t cap;
    } given[64];
    size_t n_given;
    size_t n_out;
} keeper;

static void *take(void *self, size_t size, size_t *ret_cap)
{
    keeper *it = self;
    it->n_out++;
    *ret_cap = size;
    return calloc(1, size);
}

static void give(void *self, void *block, size_t cap)
{
    keeper *it = self;
    assert_true(it->n_given < 64);
    it->n_out--;
    it->given[it->n_given].bytes = block;
    it->given[it->n_given++].cap = cap;
}

static void keeper_init(keeper *it)
{
    memset(it, 0, sizeof *it);
    it->memory = (cx_channel_memory){ it, take, give };
}

static void keeper_deinit(keeper *it)
{
    for (size_t i = 0; i < it->n_given; i++)
        free(it->given[i].bytes);
}

static bool holds(const void *memory, size_t len, const void *what, size_t what_len)
{
    const uint8_t *at = memory;
    for (size_t i = 0; i + what_len <= len; i++) {
        if (memcmp(at + i, what, what_len) == 0)
            return true;
    }
    return false;
}

/* None of what was given back holds these bytes. */
static void assert_gone(const keeper *it, const void *what, size_t len)
{
    for (size_t i = 0; i < it->n_given; i++)
        assert_false(holds(it->given[i].bytes, it->given[i].cap, what, len));
}

/* Both directions' keys, from when both sides were ready. */
typedef struct known {
    uint8_t out[32], in[32];
} known;

static known keys_of(const cx_channel *channel)
{
    known keys;
    memcpy(keys.out, channel->out.cipher.k, 32);
    memcpy(keys.in, channel->in.cipher.k, 32);
    return keys;
}

static twins *kept_twins(keeper *it, cx_pattern_id pattern)
{
    twins *two = twins_new(pattern, COAX_SUITE_DEFAULT);
    keeper_init(it);
    two->client.config.memory = two->server.config.memory = &it->memory;
    twins_start(two);
    return two;
}

static void a_handshake_that_is_over_leaves_no_key(void **state)
{
    (void)state;
    for (int pattern = CX_PATTERN_XX; pattern <= CX_PATTERN_XXPSK3; pattern++) {
        keeper it;
        twins *two = kept_twins(&it, (cx_pattern_id)pattern);
        twins_open(two);
        assert_int_equal(it.n_out, 0);
        assert_int_equal(it.n_given, 2);
        const known keys = keys_of(&two->client.channel);
        assert_gone(&it, two->client.keys.secret, 32);
        assert_gone(&it, two->server.keys.secret, 32);
        assert_gone(&it, two->psk, 32);
        assert_gone(&it, keys.out, 32);
        assert_gone(&it, keys.in, 32);
        for (size_t i = 0; i < it.n_given;
             i++) { /* ephemeral keys, the chaining key: nothing at all is left */
            for (size_t k = 0; k < it.given[i].cap; k++)
                assert_int_equal(it.given[i].bytes[k], 0);
        }
        twins_free(two);
        keeper_deinit(&it);
    }
}

static void a_handshake_that_ends_early_leaves_no_key(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        keeper it;
        wire *way = calloc(1, sizeof *way);
        assert_non_null(way);
        twins *two = kept_twins(&it, CX_PATTERN_XX);
        (void)twin_output(&two->client, way);
        twin_receive(two, &two->server, way->bytes, way->len);
        if (i == 1)
            twin_receive(two, &two->server, (const uint8_t *)"nonsense", 8);
        if (i == 2) { /* the refusal has not left yet: the keys are gone already */
            (void)cx_channel_refuse(&two->server.channel, COAX_ERR_UNAVAILABLE, "full");
            assert_false(holds(two->server.channel.opening, cx_channel_held(&two->server.channel),
                               two->server.keys.secret, 32));
        }
        cx_channel_deinit(&two->client.channel);
        cx_channel_deinit(&two->server.channel);
        assert_int_equal(it.n_out, 0);
        assert_gone(&it, two->client.keys.secret, 32);
        assert_gone(&it, two->server.keys.secret, 32);
        free(way);
        twins_free(two);
        keeper_deinit(&it);
    }
}

static void the_struct_holds_no_key_after_its_end(void **state)
{
    (void)state;
    keeper it;
    twins *two = kept_twins(&it, CX_PATTERN_XX);
    twins_open(two);
    const known keys = keys_of(&two->client.channel);
    cx_channel_deinit(&two->client.channel);
    assert_false(holds(&two->client.channel, sizeof(cx_channel), keys.out, 32));
    assert_false(holds(&two->client.channel, sizeof(cx_channel), keys.in, 32));
    twins_free(two);
    keeper_deinit(&it);
}

static void an_old_key_is_gone_once_it_was_changed(void **state)
{
    (void)state;
    static const cx_channel_limits soon = { 1, UINT64_MAX, UINT64_MAX, 16384 };
    keeper it;
    twins *two = kept_twins(&it, CX_PATTERN_XX);
    two->client.config.limits = &soon;
    twins_open(two);
    const known keys = keys_of(&two->client.channel);
    twins_say(two, &two->client, &two->server, "one");
    twins_say(two, &two->client, &two->server, "two");
    assert_false(holds(&two->client.channel, sizeof(cx_channel), keys.out, 32));
    assert_false(holds(&two->server.channel, sizeof(cx_channel), keys.out, 32));
    twins_free(two);
    keeper_deinit(&it);
}

static void what_was_said_is_gone_from_the_readers_memory(void **state)
{
    (void)state;
    for (int in_parts = 0; in_parts < 2; in_parts++) {
        keeper it;
        wire *way = calloc(1, sizeof *way);
        assert_non_null(way);
        twins *two = kept_twins(&it, CX_PATTERN_IK);
        twins_open(two);
        twin_seal(two, &two->client, secret_words, sizeof secret_words, way);
        size_t at = 0;
        if (in_parts)
            at = cx_channel_receive(&two->server.channel, way->bytes, 7, 0);
        at += cx_channel_receive(&two->server.channel, way->bytes + at, way->len - at, 0);
        assert_int_equal(at, way->len);
        assert_memory_equal(two->server.got.bytes, secret_words, sizeof secret_words);
        assert_false(holds(way->bytes, way->len, secret_words, 8));
        assert_int_equal(it.n_out, 0);
        assert_gone(&it, secret_words, 8);
        free(way);
        twins_free(two);
        keeper_deinit(&it);
    }
}

/* Pieces are gathered where the record will be: when it can't be sealed, they must not stay there in clear. */
static void what_could_not_be_sealed_does_not_lie_there(void **state)
{
    (void)state;
    uint8_t out[128];
    size_t taken, len;
    keeper it;
    twins *two = kept_twins(&it, CX_PATTERN_XX);
    twins_open(two);
    const coax_bytes pieces[2] = { { (const uint8_t *)secret_words, 20 },
                                   { (const uint8_t *)secret_words + 20, 10 } };
    cx_cipher_set_nonce(&two->client.channel.out.cipher, UINT64_MAX);
    assert_int_equal(
        cx_channel_seal(&two->client.channel, pieces, 2, 0, out, sizeof out, &taken, &len),
        COAX_ERR_RESOURCE_EXHAUSTED);
    assert_false(holds(out, sizeof out, secret_words, 8));
    twins_free(two);
    keeper_deinit(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_that_is_over_leaves_no_key),
        cmocka_unit_test(a_handshake_that_ends_early_leaves_no_key),
        cmocka_unit_test(the_struct_holds_no_key_after_its_end),
        cmocka_unit_test(an_old_key_is_gone_once_it_was_changed),
        cmocka_unit_test(what_was_said_is_gone_from_the_readers_memory),
        cmocka_unit_test(what_could_not_be_sealed_does_not_lie_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
