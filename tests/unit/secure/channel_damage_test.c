/*
 * Somebody on the way: flips, drops, repeats, reorders, reflects, cuts and makes up, at every byte of the handshake and of
 * records. Nothing of it may reach on_data, and each ends with a name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "twins.h"

static const cx_pattern_id patterns[] = { CX_PATTERN_XX, CX_PATTERN_IK, CX_PATTERN_XXPSK3 };
enum { N_PATTERNS = 3 };

static wire *new_wire(void)
{
    wire *way = calloc(1, sizeof *way);
    assert_non_null(way);
    return way;
}

/*
 * A conversation in which each side says one thing as soon as it can. Byte number `at` of what the client (or server) sends
 * in clear is changed by `mask`. Returns whether there was such a byte.
 */
static bool talk_with_flip(cx_pattern_id pattern, bool at_client, size_t at, uint8_t mask)
{
    twins *it = twins_new(pattern, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    size_t sent = 0; /* by the side whose bytes are changed */
    bool is_hit = false;
    twins_start(it);
    for (int turn = 0; turn < 6; turn++) {
        twin *from = turn % 2 == 0 ? &it->client : &it->server;
        twin *to = turn % 2 == 0 ? &it->server : &it->client;
        way->len = 0;
        (void)twin_output(from, way);
        if ((turn % 2 == 0) == at_client) {
            if (at >= sent && at - sent < way->len) {
                way->bytes[at - sent] ^= mask;
                is_hit = true;
            }
            sent += way->len;
        }
        if (from->is_ready && from->n_failed == 0)
            twin_seal(it, from, "secret", 6, way);
        if (way->len > 0)
            twin_receive(it, to, way->bytes, way->len);
    }
    if (is_hit) {
        /* Whichever side was lied to: what it was told is never taken for the peer's word. */
        const twin *lied_to = at_client ? &it->server : &it->client;
        assert_int_equal(lied_to->got.len, 0);
        /* A length that grew leaves it waiting for what never comes, until its deadline; all else ends at once. */
        assert_true(lied_to->n_failed == 1 || !lied_to->is_ready);
        if (lied_to->n_failed == 1)
            assert_int_not_equal(lied_to->why.code, COAX_OK);
    } else {
        assert_true(it->client.got.len >= 6 && it->server.got.len >= 6);
    }
    free(way);
    twins_free(it);
    return is_hit;
}

static void no_byte_of_a_handshake_can_be_changed(void **state)
{
    (void)state;
    for (size_t p = 0; p < N_PATTERNS; p++) {
        for (int at_client = 0; at_client < 2; at_client++) {
            size_t at = 0;
            for (; talk_with_flip(patterns[p], at_client, at, (uint8_t)(1u << (at % 8))); at++)
                (void)talk_with_flip(patterns[p], at_client, at, 0x80);
            assert_true(at >= 50); /* the server's answer with IK */
        }
    }
}

/* Three records on their way from the server to the client. */
static size_t three_records(twins *it, wire *way, size_t ret_at[4])
{
    const char *said[3] = { "one", "the second", "and a third one" };
    for (int i = 0; i < 3; i++) {
        ret_at[i] = way->len;
        twin_seal(it, &it->server, said[i], strlen(said[i]), way);
    }
    ret_at[3] = way->len;
    return way->len;
}

static void assert_tampered_after(const twin *side, const char *heard)
{
    assert_int_equal(side->n_failed, 1);
    assert_int_equal(side->why.code, COAX_ERR_TAMPERED);
    assert_int_equal(side->last, CX_LAST_SEALED);
    assert_int_equal(side->got.len, strlen(heard));
    assert_memory_equal(side->got.bytes, heard, strlen(heard));
}

static void no_byte_of_a_record_can_be_changed(void **state)
{
    (void)state;
    size_t len = 1;
    for (size_t at = 0; at < len * 8; at++) {
        twins *it = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
        wire *way = new_wire();
        size_t starts[4];
        len = three_records(it, way, starts);
        way->bytes[at / 8] ^= (uint8_t)(1u << (at % 8));
        twin_receive(it, &it->client, way->bytes, way->len);
        const char *heard = at / 8 < starts[1] ? "" : at / 8 < starts[2] ? "one" : "onethe second";
        assert_int_equal(it->client.got.len, strlen(heard));
        assert_memory_equal(it->client.got.bytes, heard, strlen(heard));
        if (it->client.n_failed ==
            0) /* a length grew: it waits for more, which does not open either */
            twin_receive(it, &it->client, it->psk, sizeof it->psk);
        for (int i = 0; it->client.n_failed == 0 && i < 600; i++)
            twin_receive(it, &it->client, way->bytes, 120);
        assert_tampered_after(&it->client, heard);
        free(way);
        twins_free(it);
    }
}

static void records_open_once_and_in_order(void **state)
{
    static const struct {
        int order[4];
        int n;
        const char *heard;
    } cases[] = {
        { { 0, 0 }, 2, "one" },                                /* repeated */
        { { 0, 2 }, 2, "one" },                                /* one dropped */
        { { 1 }, 1, "" },                                      /* the first dropped */
        { { 0, 2, 1 }, 3, "one" },                             /* exchanged */
        { { 0, 1, 2, 1 }, 4, "onethe secondand a third one" }, /* an old one again */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        wire *way = new_wire();
        size_t at[4];
        (void)three_records(it, way, at);
        for (int k = 0; k < cases[i].n; k++) {
            const int which = cases[i].order[k];
            twin_receive(it, &it->client, way->bytes + at[which], at[which + 1] - at[which]);
        }
        assert_tampered_after(&it->client, cases[i].heard);
        free(way);
        twins_free(it);
    }
}

static void a_sides_own_records_do_not_open_for_it(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    twin_seal(it, &it->client, "mirror", 6, way);
    twin_receive(it, &it->client, way->bytes, way->len);
    assert_tampered_after(&it->client, "");
    free(way);
    twins_free(it);
}

static void records_of_another_connection_do_not_open(void **state)
{
    (void)state;
    twins *one = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    twins *two = twins_new(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    two->env.seed = 77; /* the same keys would be made else */
    two->client.keys = one->client.keys;
    two->server.keys = one->server.keys;
    twins_start(two);
    twins_open(two);
    wire *way = new_wire();
    twin_seal(one, &one->client, "from before", 11, way);
    twin_receive(two, &two->server, way->bytes, way->len);
    assert_tampered_after(&two->server, "");
    free(way);
    twins_free(one);
    twins_free(two);
}

/* All a client once said to a server with IK, said again: the handshake is answered, as nothing in it is fresh, but the
 * records behind it are of another key. */
static void a_replayed_connection_is_heard_by_nobody(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    wire *way = new_wire(), *answer = new_wire();
    twins_start(it);
    (void)twin_output(&it->client, way);
    twin_receive(it, &it->server, way->bytes, way->len);
    (void)twin_output(&it->server, answer);
    twin_receive(it, &it->client, answer->bytes, answer->len);
    const size_t handshake = way->len;
    twin_seal(it, &it->client, "pay 100", 7, way);
    twin_receive(it, &it->server, way->bytes + handshake, way->len - handshake);
    assert_int_equal(it->server.got.len, 7);

    cx_channel_deinit(&it->server.channel);
    it->server.is_ready = false;
    it->server.got.len = 0;
    assert_int_equal(cx_channel_init(&it->server.channel, &it->server.config, &it->server, NULL),
                     COAX_OK);
    twin_receive(it, &it->server, way->bytes, way->len);
    assert_tampered_after(&it->server, "");
    free(way);
    free(answer);
    twins_free(it);
}

static void lengths_that_no_record_has_are_tampering(void **state)
{
    static const uint8_t heads[][2] = { { 0, 0 }, { 1, 0 }, { 15, 0 }, { 0xff, 0xff } };
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        twin_receive(it, &it->server, heads[i], 2);
        assert_tampered_after(&it->server, "");
        assert_int_equal(cx_channel_held(&it->server.channel), 0);
        twins_free(it);
    }
}

static void a_long_record_before_the_login_is_refused_by_its_length(void **state)
{
    (void)state;
    const uint8_t head[2] = { 0x11, 0x10 }; /* 4113 */
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    it->server.config.max_early_record = 4096 + 16;
    twins_start(it);
    twins_open(it);
    twin_seal(it, &it->client, way->bytes + 8192, 4096, way);
    twin_receive(it, &it->server, way->bytes, way->len); /* as long as one may be */
    assert_int_equal(it->server.got.len, 4096);
    twin_receive(it, &it->server, head, 2);
    assert_int_equal(it->server.why.code, COAX_ERR_PROTOCOL);
    assert_non_null(
        strstr(it->server.why.text, "a record of 4113 bytes before the connection was open"));
    twins_free(it);

    it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    it->server.config.max_early_record = 4096 + 16;
    twins_start(it);
    twins_open(it);
    cx_channel_trust(&it->server.channel);
    way->len = 0;
    twin_seal(it, &it->client, way->bytes + 100000, 16000, way);
    twin_receive(it, &it->server, way->bytes, way->len);
    assert_int_equal(it->server.got.len, 16000);
    free(way);
    twins_free(it);
}

static void claims_of_long_records_cost_little_memory(void **state)
{
    (void)state;
    const uint8_t head[2] = { 0xfe, 0xff };
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    assert_int_equal(cx_channel_begun_ns(&it->server.channel), UINT64_MAX);
    it->now = 123;
    twin_receive(it, &it->server, head, 1);
    assert_int_equal(cx_channel_begun_ns(&it->server.channel), 123);
    it->now = 456;
    twin_receive(it, &it->server, head + 1, 1);
    assert_int_equal(cx_channel_held(&it->server.channel), 0);
    twin_receive(it, &it->server, head, 1);
    assert_true(cx_channel_held(&it->server.channel) <= 512);
    assert_int_equal(cx_channel_begun_ns(&it->server.channel), 123);
    twins_free(it);
}

static void after_tampering_the_other_direction_still_says_goodbye(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    twin_receive(it, &it->server, (const uint8_t *)"\x10\0aaaaaaaaaaaaaaaa", 18);
    assert_tampered_after(&it->server, "");
    twin_receive(it, &it->server, (const uint8_t *)"more", 4); /* thrown away */
    twins_say(it, &it->server, &it->client, "goodbye");
    twins_free(it);
}

static void without_memory_for_a_part_of_a_record_it_fails_by_name(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    twin_seal(it, &it->client, way->bytes + 100000, 5000, way);
    it->env.fail_from = it->env.n_taken + 2; /* the first block is small, and is there */
    twin_receive(it, &it->server, way->bytes, 10);
    assert_int_equal(it->server.n_failed, 0);
    twin_receive(it, &it->server, way->bytes + 10, way->len - 10);
    assert_int_equal(it->server.why.code, COAX_ERR_NO_MEMORY);
    assert_int_equal(it->server.got.len, 0);
    free(way);
    twins_free(it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_byte_of_a_handshake_can_be_changed),
        cmocka_unit_test(no_byte_of_a_record_can_be_changed),
        cmocka_unit_test(records_open_once_and_in_order),
        cmocka_unit_test(a_sides_own_records_do_not_open_for_it),
        cmocka_unit_test(records_of_another_connection_do_not_open),
        cmocka_unit_test(a_replayed_connection_is_heard_by_nobody),
        cmocka_unit_test(lengths_that_no_record_has_are_tampering),
        cmocka_unit_test(a_long_record_before_the_login_is_refused_by_its_length),
        cmocka_unit_test(claims_of_long_records_cost_little_memory),
        cmocka_unit_test(after_tampering_the_other_direction_still_says_goodbye),
        cmocka_unit_test(without_memory_for_a_part_of_a_record_it_fails_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
