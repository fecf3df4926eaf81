/*
 * Whom a channel turns away, what it says to them, and what a client makes of words that anybody may have sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "secure/preface.h"
#include "twins.h"

/* Moves what one side has to say to the other. Returns how much. */
static size_t pass(twins *it, twin *from, twin *to)
{
    wire *way = calloc(1, sizeof *way);
    assert_non_null(way);
    const size_t len = twin_output(from, way);
    if (len > 0)
        twin_receive(it, to, way->bytes, len);
    free(way);
    return len;
}

/* Until nobody has anything to say. */
static void run(twins *it)
{
    twins_start(it);
    while (pass(it, &it->client, &it->server) + pass(it, &it->server, &it->client) > 0)
        ;
}

static void assert_ended(const twin *side, coax_err code, const char *words)
{
    assert_int_equal(side->n_failed, 1);
    if (side->why.code != code || strstr(side->why.text, words) == NULL)
        fail_msg("not %s '%s' but %s '%s'", coax_err_name(code), words,
                 coax_err_name(side->why.code), side->why.text);
}

/* Words that came in clear say so themselves. */
static void assert_told(const twin *client, coax_err code, const char *words)
{
    assert_ended(client, code, "refused before encryption (anybody on the way may have said so): ");
    assert_ended(client, code, words);
    assert_int_equal(client->last, CX_LAST_NOTHING);
    assert_false(client->is_ready);
}

static void who_wants_no_encryption_is_told_so_without_any(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    twins_start(it);
    twin_receive(it, &it->server, (const uint8_t *)"COAX\1\0\0\0", 8);
    assert_ended(&it->server, COAX_ERR_INSECURE, "only encrypted connections are taken here");
    assert_int_equal(it->server.last, CX_LAST_PLAIN_GOAWAY);
    assert_int_equal(cx_channel_output(&it->server.channel).len, 0);
    twins_free(it);
}

static void strangers_get_no_answer(void **state)
{
    static const struct {
        const char *bytes, *words;
    } strangers[] = { { "GET / HTTP/1.1\r\n", "the peer speaks HTTP, not coax" },
                      { "\x16\x03\x01\x02\x03\x04\x05\x06", "the peer speaks TLS" },
                      { "COAT\1\1\x11\1", "does not speak coax" } };
    (void)state;
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        twins_start(it);
        twin_receive(it, &it->server, (const uint8_t *)strangers[i].bytes,
                     strlen(strangers[i].bytes));
        assert_ended(&it->server, COAX_ERR_PROTOCOL, strangers[i].words);
        assert_int_equal(it->server.last, CX_LAST_NOTHING);
        assert_int_equal(cx_channel_output(&it->server.channel).len, 0);
        twins_free(it);
    }
}

/* A client's first bytes, with its preface changed. */
static void dial_with(twins *it, size_t at, uint8_t byte)
{
    wire *way = calloc(1, sizeof *way);
    assert_non_null(way);
    twins_start(it);
    (void)twin_output(&it->client, way);
    way->bytes[at] = byte;
    twin_receive(it, &it->server, way->bytes, way->len);
    free(way);
    (void)pass(it, &it->server, &it->client);
}

static void what_is_not_spoken_here_is_refused_by_name(void **state)
{
    static const struct {
        size_t at;
        uint8_t byte;
        coax_err code;
        const char *words;
    } cases[] = { { 4, 2, COAX_ERR_UNIMPLEMENTED, "version 2 of the protocol" },
                  { 6, 0x41, COAX_ERR_UNIMPLEMENTED, "pattern" },
                  { 6, 0x1f, COAX_ERR_UNIMPLEMENTED, "suite" },
                  { 6, 0x31, COAX_ERR_UNAUTHENTICATED, "no pre-shared key is set here" } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        dial_with(it, cases[i].at, cases[i].byte);
        assert_ended(&it->server, cases[i].code, cases[i].words);
        assert_int_equal(it->server.last, CX_LAST_REFUSAL);
        assert_told(&it->client, cases[i].code, cases[i].words);
        twins_free(it);
    }
}

static void a_suite_the_server_refuses_is_refused(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_CHACHAPOLY_BLAKE2B);
    it->server.config.refused_suites = 1u << COAX_SUITE_CHACHAPOLY_BLAKE2B;
    run(it);
    assert_told(&it->client, COAX_ERR_UNIMPLEMENTED, "suite");
    twins_free(it);
}

/* A changed suite or pattern that both sides speak: the prologue differs, so nothing opens. */
static void a_preface_changed_on_the_way_opens_nothing(void **state)
{
    (void)state;
    if (!coax_suite_is_available(COAX_SUITE_AESGCM_SHA256))
        return;
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    dial_with(it, 6, 0x12);
    assert_false(it->client.is_ready);
    assert_ended(&it->client, COAX_ERR_TAMPERED, "does not open");
    twins_free(it);
}

static void a_server_with_a_pre_shared_key_speaks_to_nobody_without(void **state)
{
    (void)state;
    const cx_pattern_id patterns[] = { CX_PATTERN_XX, CX_PATTERN_IK };
    for (size_t i = 0; i < 2; i++) {
        twins *it = twins_new(patterns[i], COAX_SUITE_DEFAULT);
        it->server.config.psk = it->psk;
        run(it);
        assert_ended(&it->server, COAX_ERR_UNAUTHENTICATED, "only clients with the pre-shared key");
        assert_told(&it->client, COAX_ERR_UNAUTHENTICATED, "only clients with the pre-shared key");
        twins_free(it);
    }
}

static void another_pre_shared_key_is_refused_by_the_server(void **state)
{
    (void)state;
    uint8_t other[32] = { 1 };
    twins *it = twins_new(CX_PATTERN_XXPSK3, COAX_SUITE_DEFAULT);
    it->server.config.psk = other;
    run(it);
    assert_ended(&it->server, COAX_ERR_UNAUTHENTICATED, "the pre-shared keys differ");
    assert_false(it->server.is_ready);
    assert_int_equal(it->server.n_asked, 0);
    /* The client was ready already, and hears it where the first record should be. */
    assert_int_equal(it->client.n_failed, 1);
    assert_int_equal(it->client.why.code, COAX_ERR_UNAUTHENTICATED);
    assert_non_null(strstr(it->client.why.text, "anybody on the way may have said so"));
    assert_non_null(strstr(it->client.why.text, "the pre-shared keys differ"));
    twins_free(it);
}

static void a_client_that_dials_another_key_learns_that_it_changed(void **state)
{
    (void)state;
    cx_key_pair other;
    twins *it = twins_new(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    cx_dh_generate(&it->env.env, &other);
    it->client.config.peer_key = other.public_key;
    run(it);
    assert_ended(&it->server, COAX_ERR_FAILED_PRECONDITION, "another key");
    assert_int_equal(it->server.n_computes, 0); /* before any arithmetic */
    assert_told(&it->client, COAX_ERR_KEY_CHANGED, "another key");
    twins_free(it);
}

static void a_server_that_wants_to_be_known_is_silent_to_others(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        cx_key_pair other;
        twins *it = twins_new(i == 0 ? CX_PATTERN_XX : CX_PATTERN_IK, COAX_SUITE_DEFAULT);
        it->server.config.needs_known_key = true;
        cx_dh_generate(&it->env.env, &other);
        if (i == 1)
            it->client.config.peer_key = other.public_key;
        if (i == 2)
            dial_with(it, 30, 0xee); /* within the message: the gate covers it */
        else
            run(it);
        assert_int_equal(it->server.n_failed, 1);
        assert_int_equal(it->server.last, CX_LAST_NOTHING);
        assert_int_equal(it->server.n_computes, 0);
        assert_int_equal(cx_channel_output(&it->server.channel).len, 0);
        assert_int_equal(it->client.n_failed, 0);
        assert_int_equal(cx_channel_refuse(&it->server.channel, COAX_ERR_UNAVAILABLE, "x"),
                         CX_LAST_NOTHING);
        twins_free(it);
    }
}

static void a_server_that_wants_to_be_known_speaks_to_who_knows_it(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    it->server.config.needs_known_key = true;
    twins_start(it);
    twins_open(it);
    twins_say(it, &it->client, &it->server, "hello");
    twins_free(it);
}

static void silence_holds_for_plain_prefaces_and_for_an_owner_that_ends_it(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    it->server.config.needs_known_key = true;
    twins_start(it);
    assert_int_equal(cx_channel_refuse(&it->server.channel, COAX_ERR_UNAVAILABLE, "full"),
                     CX_LAST_NOTHING);
    cx_channel_deinit(&it->server.channel);
    assert_int_equal(cx_channel_init(&it->server.channel, &it->server.config, &it->server, NULL),
                     COAX_OK);
    twin_receive(it, &it->server, (const uint8_t *)"COAX\1\0\0\0", 8);
    assert_int_equal(it->server.last, CX_LAST_NOTHING);
    twins_free(it);
}

static void a_client_whose_key_is_refused_may_be_told_why(void **state)
{
    (void)state;
    const cx_pattern_id patterns[] = { CX_PATTERN_XX, CX_PATTERN_IK };
    for (int i = 0; i < 4; i++) {
        twins *it = twins_new(patterns[i % 2], COAX_SUITE_DEFAULT);
        it->server.answer = COAX_ERR_PERMISSION_DENIED;
        it->server.words = i < 2 ? "that key is not welcome" : NULL;
        run(it);
        assert_int_equal(it->server.n_asked, 1);
        assert_false(it->server.is_ready);
        assert_int_equal(it->server.why.code, COAX_ERR_PERMISSION_DENIED);
        assert_int_equal(it->server.last, i < 2 ? CX_LAST_REFUSAL : CX_LAST_NOTHING);
        if (i < 2)
            assert_ended(&it->client, COAX_ERR_PERMISSION_DENIED,
                         "said so): that key is not welcome");
        else
            assert_int_equal(it->client.n_failed, 0);
        twins_free(it);
    }
}

static void an_owner_may_end_what_is_not_ready_with_words(void **state)
{
    (void)state;
    for (int begun = 0; begun < 2; begun++) {
        twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        twins_start(it);
        if (begun)
            (void)pass(it, &it->client, &it->server);
        wire *way = calloc(1, sizeof *way);
        assert_non_null(way);
        (void)twin_output(&it->server, way); /* the answer, which is lost here */
        free(way);
        assert_int_equal(
            cx_channel_refuse(&it->server.channel, COAX_ERR_RESOURCE_EXHAUSTED, "full\n"),
            CX_LAST_REFUSAL);
        assert_int_equal(it->server.n_failed, 0);
        (void)pass(it, &it->server, &it->client);
        assert_told(&it->client, COAX_ERR_RESOURCE_EXHAUSTED, "full?");
        assert_int_equal(cx_channel_refuse(&it->client.channel, COAX_ERR_UNAVAILABLE, "x"),
                         CX_LAST_NOTHING);
        twins_free(it);
    }
    twins *ready = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    assert_int_equal(cx_channel_refuse(&ready->server.channel, COAX_ERR_UNAVAILABLE, "x"),
                     CX_LAST_SEALED);
    twins_say(ready, &ready->server, &ready->client, "still there");
    twins_free(ready);
}

static void words_in_clear_are_cut_and_made_printable(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        coax_err code;
        const char *words;
    } cases[] = {
        { "\xff\xff\x0e\0\x04\0busy", 10, COAX_ERR_UNAVAILABLE, "said so): busy" },
        { "\xff\xff\x0e\0\x04\0\x1b[2m", 10, COAX_ERR_UNAVAILABLE, "said so): ?[2m" },
        { "\xff\xff\x07\0\0\0", 6, COAX_ERR_PERMISSION_DENIED, "no reason given" },
        { "\xff\xff\0\0\0\0", 6, COAX_ERR_UNAVAILABLE, "no reason given" },
        { "\xff\xff\x99\x99\0\0", 6, COAX_ERR_UNAVAILABLE, "no reason given" },
        { "\xff\xff\x0e\0\0\x01", 6, COAX_ERR_PROTOCOL, "a refusal of 256 bytes" },
        { "HTTP/1.1 400 Bad", 16, COAX_ERR_PROTOCOL, "the peer speaks HTTP" },
        { "\x61\0\0\0", 4, COAX_ERR_PROTOCOL, "has 97 bytes where 96 were to come" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t split = 1; split <= cases[i].len; split++) {
            twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
            const uint8_t *bytes = (const uint8_t *)cases[i].bytes;
            twins_start(it);
            twin_receive(it, &it->client, bytes, split);
            twin_receive(it, &it->client, bytes + split, cases[i].len - split);
            assert_ended(&it->client, cases[i].code, cases[i].words);
            assert_int_equal(it->client.last, CX_LAST_NOTHING);
            twins_free(it);
        }
    }
}

/* Once a record has come, the server has accepted what it was told: nothing in clear counts any more. */
static void a_refusal_behind_the_first_record_is_tampering(void **state)
{
    (void)state;
    for (size_t split = 1; split < 10; split++) {
        for (int is_early = 0; is_early < 2; is_early++) {
            twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
            const uint8_t *bytes = (const uint8_t *)"\xff\xff\x0e\0\x04\0busy";
            if (!is_early)
                twins_say(it, &it->server, &it->client, "hello");
            twin_receive(it, &it->client, bytes, split);
            twin_receive(it, &it->client, bytes + split, 10 - split);
            if (is_early)
                assert_ended(&it->client, COAX_ERR_UNAVAILABLE, "said so): busy");
            else
                assert_ended(&it->client, COAX_ERR_TAMPERED, "can't be");
            twins_free(it);
        }
    }
    twins *it = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    twin_receive(it, &it->client, (const uint8_t *)"\xff\xff\x0e\0\0\0", 6);
    assert_ended(&it->client, COAX_ERR_TAMPERED, "can't be");
    twins_free(it);
}

static void messages_of_any_other_length_are_refused_before_they_are_read(void **state)
{
    (void)state;
    for (unsigned len = 0; len < 200; len++) {
        twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        const uint8_t bytes[10] = { 'C', 'O', 'A', 'X', 1, 1, 0x11, 0, (uint8_t)len, 0 };
        twins_start(it);
        twin_receive(it, &it->server, bytes, sizeof bytes);
        if (len == 32)
            assert_int_equal(it->server.n_failed, 0);
        else
            assert_ended(&it->server, COAX_ERR_PROTOCOL, "another length");
        twins_free(it);
    }
}

/* Keys of low order: the result of the Diffie-Hellman is zero whatever the other side's secret is. */
static void keys_that_prove_nothing_are_refused(void **state)
{
    static const uint8_t low[3][32] = {
        { 0 },
        { 1 },
        { 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
          0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
          0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 },
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        uint8_t bytes[42] = { 'C', 'O', 'A', 'X', 1, 1, 0x11, 0, 32, 0 };
        memcpy(bytes + 10, low[i], 32);
        twins_start(it);
        twin_receive(it, &it->server, bytes, sizeof bytes);
        assert_ended(&it->server, COAX_ERR_PROTOCOL, "proves nothing");
        assert_int_equal(it->server.last, CX_LAST_REFUSAL);

        uint8_t answer[98] = { 96, 0 };
        memcpy(answer + 2, low[i], 32);
        twin_receive(it, &it->client, answer, sizeof answer);
        assert_ended(&it->client, COAX_ERR_PROTOCOL, "proves nothing");
        twins_free(it);

        it = twins_new(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
        it->client.config.peer_key = low[i];
        twins_start(it);
        assert_ended(&it->client, COAX_ERR_BAD_KEY, "not a usable one");
        assert_int_equal(cx_channel_output(&it->client.channel).len, 0);
        twins_free(it);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_wants_no_encryption_is_told_so_without_any),
        cmocka_unit_test(strangers_get_no_answer),
        cmocka_unit_test(what_is_not_spoken_here_is_refused_by_name),
        cmocka_unit_test(a_suite_the_server_refuses_is_refused),
        cmocka_unit_test(a_preface_changed_on_the_way_opens_nothing),
        cmocka_unit_test(a_server_with_a_pre_shared_key_speaks_to_nobody_without),
        cmocka_unit_test(another_pre_shared_key_is_refused_by_the_server),
        cmocka_unit_test(a_client_that_dials_another_key_learns_that_it_changed),
        cmocka_unit_test(a_server_that_wants_to_be_known_is_silent_to_others),
        cmocka_unit_test(a_server_that_wants_to_be_known_speaks_to_who_knows_it),
        cmocka_unit_test(silence_holds_for_plain_prefaces_and_for_an_owner_that_ends_it),
        cmocka_unit_test(a_client_whose_key_is_refused_may_be_told_why),
        cmocka_unit_test(an_owner_may_end_what_is_not_ready_with_words),
        cmocka_unit_test(words_in_clear_are_cut_and_made_printable),
        cmocka_unit_test(a_refusal_behind_the_first_record_is_tampering),
        cmocka_unit_test(messages_of_any_other_length_are_refused_before_they_are_read),
        cmocka_unit_test(keys_that_prove_nothing_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
