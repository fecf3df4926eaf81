/*
 * A channel opens: every pattern, every suite, every split of the bytes; what each side knows afterwards, and in what
 * order it learns it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "twins.h"

static const cx_pattern_id patterns[] = { CX_PATTERN_XX, CX_PATTERN_IK, CX_PATTERN_XXPSK3 };
static const coax_suite suites[] = { COAX_SUITE_CHACHAPOLY_BLAKE2B, COAX_SUITE_AESGCM_SHA256,
                                     COAX_SUITE_AEGIS256_SHA512 };
enum { N_PATTERNS = 3, N_SUITES = 3 };

static wire *new_wire(void)
{
    wire *way = calloc(1, sizeof *way);
    assert_non_null(way);
    return way;
}

static void both_sides_know_each_other_in_every_pattern_and_suite(void **state)
{
    (void)state;
    for (size_t p = 0; p < N_PATTERNS; p++) {
        for (size_t s = 0; s < N_SUITES; s++) {
            if (!coax_suite_is_available(suites[s]))
                continue;
            twins *it = twins_opened(patterns[p], suites[s]);
            const twin *client = &it->client, *server = &it->server;
            assert_int_equal(client->facts.hash.len, server->facts.hash.len);
            assert_memory_equal(client->hash, server->hash, client->facts.hash.len);
            assert_memory_equal(client->peer_key, server->keys.public_key, 32);
            assert_memory_equal(server->peer_key, client->keys.public_key, 32);
            assert_int_equal(server->facts.pattern, patterns[p]);
            assert_int_equal(server->facts.suite, suites[s]);
            twins_say(it, &it->client, &it->server, "to the server");
            twins_say(it, &it->server, &it->client, "to the client");
            twins_free(it);
        }
    }
}

static void two_connections_of_the_same_keys_have_different_hashes(void **state)
{
    (void)state;
    twins *one = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    uint8_t first[64];
    memcpy(first, one->client.hash, sizeof first);
    cx_channel_deinit(&one->client.channel);
    cx_channel_deinit(&one->server.channel);
    one->client.is_ready = one->server.is_ready = false;
    twins_start(one);
    twins_open(one);
    assert_memory_not_equal(first, one->client.hash, sizeof first);
    twins_free(one);
}

/* Runs a whole conversation in pieces of at most `most` bytes. */
static void talk_in_pieces(cx_pattern_id pattern, size_t most)
{
    twins *it = twins_new(pattern, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    twins_start(it);
    for (int turn = 0; turn < 6; turn++) {
        twin *from = turn % 2 == 0 ? &it->client : &it->server;
        twin *to = turn % 2 == 0 ? &it->server : &it->client;
        way->len = 0;
        (void)twin_output(from, way);
        if (from->is_ready) { /* behind the handshake's last message, in one run with it */
            twin_seal(it, from, "first", 5, way);
            twin_seal(it, from, "and second", 10, way);
        }
        for (size_t at = 0; at < way->len; at += most)
            twin_receive(it, to, way->bytes + at, way->len - at < most ? way->len - at : most);
    }
    assert_int_equal(it->client.n_failed + it->server.n_failed, 0);
    assert_memory_equal(it->server.got.bytes, "firstand second", 15);
    assert_memory_equal(it->client.got.bytes, "firstand second", 15);
    assert_int_equal(cx_channel_held(&it->client.channel) + cx_channel_held(&it->server.channel),
                     0);
    free(way);
    twins_free(it);
}

static void any_split_of_the_bytes_is_fine(void **state)
{
    (void)state;
    for (size_t p = 0; p < N_PATTERNS; p++) {
        for (size_t most = 1; most < 400; most += most < 40 ? 1 : 7)
            talk_in_pieces(patterns[p], most);
    }
}

static void a_client_asks_about_the_servers_key_before_it_sends_its_own(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    it->client.answer = COAX_ERR_KEY_UNKNOWN;
    it->client.words = "nobody knows that key";
    twins_start(it);
    (void)twin_output(&it->client, way);
    twin_receive(it, &it->server, way->bytes, way->len);
    way->len = 0;
    (void)twin_output(&it->server, way);
    twin_receive(it, &it->client, way->bytes, way->len);
    assert_int_equal(it->client.n_asked, 1);
    assert_memory_equal(it->client.asked_key, it->server.keys.public_key, 32);
    assert_int_equal(it->client.why.code, COAX_ERR_KEY_UNKNOWN);
    assert_string_equal(it->client.why.text, "nobody knows that key");
    assert_int_equal(it->client.last, CX_LAST_NOTHING);
    assert_int_equal(cx_channel_output(&it->client.channel).len, 0);
    assert_int_equal(it->server.n_asked, 0);
    free(way);
    twins_free(it);
}

static void with_ik_the_client_is_not_asked_and_the_server_is(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    assert_int_equal(it->client.n_asked, 0);
    assert_int_equal(it->server.n_asked, 1);
    assert_memory_equal(it->server.asked_key, it->client.keys.public_key, 32);
    twins_free(it);
}

static void a_channel_that_is_ready_holds_no_memory(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    assert_int_equal(it->env.n_live, 0);
    assert_int_equal(cx_channel_held(&it->client.channel), 0);
    assert_true(sizeof(cx_channel) <= 320);
    twins_free(it);
}

static void a_server_takes_memory_with_the_first_byte_and_little_of_it(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    twins_start(it);
    assert_int_equal(cx_channel_held(&it->server.channel), 0);
    twin_receive(it, &it->server, (const uint8_t *)"C", 1);
    assert_true(cx_channel_held(&it->server.channel) > 0 &&
                cx_channel_held(&it->server.channel) <= 2048);
    twins_free(it);
}

static void arithmetic_waits_until_there_is_time_and_nothing_is_lost(void **state)
{
    (void)state;
    for (size_t p = 0; p < N_PATTERNS; p++) {
        twins *it = twins_new(patterns[p], COAX_SUITE_DEFAULT);
        wire *way = new_wire();
        twins_start(it);
        it->server.says_not_now = true;
        for (unsigned turn = 0; !it->server.is_ready; turn++) {
            assert_true(turn < 2);
            way->len = 0;
            (void)twin_output(&it->client, way);
            const size_t handshake = way->len;
            if (it->client.is_ready)
                twin_seal(it, &it->client, "right behind", 12, way);
            assert_int_equal(cx_channel_receive(&it->server.channel, way->bytes, way->len, it->now),
                             handshake);
            assert_true(cx_channel_is_waiting(&it->server.channel));
            assert_int_equal(
                cx_channel_receive(&it->server.channel, way->bytes + handshake, 1, it->now), 0);
            assert_int_equal(it->server.n_computes, turn + 1);
            assert_int_equal(cx_channel_output(&it->server.channel).len, 0);
            cx_channel_resume(&it->server.channel, it->now);
            assert_false(cx_channel_is_waiting(&it->server.channel));
            if (way->len > handshake)
                twin_receive(it, &it->server, way->bytes + handshake, way->len - handshake);
            way->len = 0;
            if (twin_output(&it->server, way) > 0)
                twin_receive(it, &it->client, way->bytes, way->len);
        }
        assert_int_equal(it->server.n_computes, patterns[p] == CX_PATTERN_IK ? 1 : 2);
        assert_int_equal(it->server.got.len, patterns[p] == CX_PATTERN_IK ? 0 : 12);
        free(way);
        twins_free(it);
    }
}

static void a_channel_may_end_at_any_step_of_its_opening(void **state)
{
    (void)state;
    for (size_t p = 0; p < N_PATTERNS; p++) {
        twins *whole = twins_new(patterns[p], COAX_SUITE_DEFAULT);
        wire *way = new_wire();
        twins_start(whole);
        (void)twin_output(&whole->client, way);
        for (size_t len = 0; len <= way->len; len++) {
            twins *it = twins_new(patterns[p], COAX_SUITE_DEFAULT);
            twins_start(it);
            twin_receive(it, &it->server, way->bytes, len);
            twins_free(it); /* nothing is left over */
        }
        free(way);
        twins_free(whole);
    }
}

static void deinit_works_twice_and_on_nothing(void **state)
{
    (void)state;
    cx_channel channel;
    memset(&channel, 0, sizeof channel);
    cx_channel_deinit(&channel);
    twins *it = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    cx_channel_deinit(&it->client.channel);
    cx_channel_deinit(&it->client.channel);
    assert_int_equal(it->client.n_failed, 0);
    twins_free(it);
}

static void without_memory_it_fails_by_name(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    coax_error why = COAX_ERROR_INIT;
    it->env.fail_from = 1;
    assert_int_equal(cx_channel_init(&it->client.channel, &it->client.config, &it->client, &why),
                     COAX_ERR_NO_MEMORY);
    assert_int_equal(why.code, COAX_ERR_NO_MEMORY);
    assert_int_equal(cx_channel_init(&it->server.channel, &it->server.config, &it->server, &why),
                     COAX_OK);
    twin_receive(it, &it->server, (const uint8_t *)"COAX", 4);
    assert_int_equal(it->server.n_failed, 1);
    assert_int_equal(it->server.why.code, COAX_ERR_NO_MEMORY);
    assert_int_equal(cx_channel_refuse(&it->server.channel, COAX_ERR_UNAVAILABLE, "full"),
                     CX_LAST_NOTHING);
    twins_free(it);
}

/* Whichever allocation fails, the side that met it ends by name or not at all, and nothing is left over. */
static void any_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t fail = 1; fail < 12; fail++) {
        twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        wire *way = new_wire();
        it->env.fail_from = fail;
        it->env.fail_count = 1;
        if (cx_channel_init(&it->client.channel, &it->client.config, &it->client, NULL) ==
            COAX_OK) {
            assert_int_equal(
                cx_channel_init(&it->server.channel, &it->server.config, &it->server, NULL),
                COAX_OK);
            cx_channel_start(&it->client.channel);
            for (int turn = 0; turn < 6; turn++) {
                twin *from = turn % 2 == 0 ? &it->client : &it->server;
                twin *to = turn % 2 == 0 ? &it->server : &it->client;
                way->len = 0;
                (void)twin_output(from, way);
                if (from->is_ready)
                    twin_seal(it, from, it->psk, 32, way);
                for (size_t at = 0; at < way->len; at += 7)
                    twin_receive(it, to, way->bytes + at, way->len - at < 7 ? way->len - at : 7);
            }
            if (it->client.n_failed + it->server.n_failed > 0)
                assert_int_equal((it->client.n_failed ? &it->client : &it->server)->why.code,
                                 COAX_ERR_NO_MEMORY);
        }
        free(way);
        twins_free(it);
    }
}

static void a_suite_that_is_not_there_is_refused_before_anything_is_sent(void **state)
{
    (void)state;
    coax_error why = COAX_ERROR_INIT;
    twins *it = twins_new(CX_PATTERN_XX, (coax_suite)9);
    assert_int_equal(cx_channel_init(&it->client.channel, &it->client.config, &it->client, &why),
                     COAX_ERR_NOT_SUPPORTED);
    assert_false(coax_suite_is_available((coax_suite)9));
    assert_string_equal(coax_suite_name((coax_suite)9), "unknown");
    assert_string_equal(coax_suite_name(COAX_SUITE_DEFAULT), "25519_ChaChaPoly_BLAKE2b");
    if (!coax_suite_is_available(COAX_SUITE_AEGIS256_SHA512)) {
        it->client.config.suite = COAX_SUITE_AEGIS256_SHA512;
        assert_int_equal(
            cx_channel_init(&it->client.channel, &it->client.config, &it->client, &why),
            COAX_ERR_NOT_SUPPORTED);
        assert_non_null(strstr(why.text, "25519_AEGIS256_SHA512"));
    }
    twins_free(it);
}

static void keys_that_do_not_fit_the_pattern_are_misuse(void **state)
{
    (void)state;
    coax_error why = COAX_ERROR_INIT;
    twins *it = twins_new(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    it->client.config.peer_key = NULL;
    assert_int_equal(cx_channel_init(&it->client.channel, &it->client.config, NULL, &why),
                     COAX_ERR_MISUSE);
    it->client.config.pattern = CX_PATTERN_XXPSK3;
    assert_int_equal(cx_channel_init(&it->client.channel, &it->client.config, NULL, &why),
                     COAX_ERR_MISUSE);
    it->client.config.pattern = 4;
    assert_int_equal(cx_channel_init(&it->client.channel, &it->client.config, NULL, &why),
                     COAX_ERR_MISUSE);
    twins_free(it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_know_each_other_in_every_pattern_and_suite),
        cmocka_unit_test(two_connections_of_the_same_keys_have_different_hashes),
        cmocka_unit_test(any_split_of_the_bytes_is_fine),
        cmocka_unit_test(a_client_asks_about_the_servers_key_before_it_sends_its_own),
        cmocka_unit_test(with_ik_the_client_is_not_asked_and_the_server_is),
        cmocka_unit_test(a_channel_that_is_ready_holds_no_memory),
        cmocka_unit_test(a_server_takes_memory_with_the_first_byte_and_little_of_it),
        cmocka_unit_test(arithmetic_waits_until_there_is_time_and_nothing_is_lost),
        cmocka_unit_test(a_channel_may_end_at_any_step_of_its_opening),
        cmocka_unit_test(deinit_works_twice_and_on_nothing),
        cmocka_unit_test(without_memory_it_fails_by_name),
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(a_suite_that_is_not_there_is_refused_before_anything_is_sent),
        cmocka_unit_test(keys_that_do_not_fit_the_pattern_are_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
