/*
 * Records: pieces gathered, room that is just enough, keys that change on both sides and in time, nonces that end, reading
 * that pauses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "twins.h"

enum { TAG = 16, AROUND = 2 + TAG };

static wire *new_wire(void)
{
    wire *way = calloc(1, sizeof *way);
    assert_non_null(way);
    return way;
}

/* Counts the records in a run of bytes, and the empty ones among them. */
static size_t count_records(const wire *way, size_t *ret_empty)
{
    size_t n = 0;
    *ret_empty = 0;
    for (size_t at = 0; at < way->len; n++) {
        const size_t len = (size_t)way->bytes[at] | (size_t)way->bytes[at + 1] << 8;
        *ret_empty += len == TAG;
        at += 2 + len;
        assert_true(at <= way->len);
    }
    return n;
}

static void pieces_of_any_size_arrive_as_one_run(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    wire *way = new_wire(), *said = new_wire();
    uint8_t byte = 0;
    for (int round = 0; round < 200; round++) {
        coax_bytes pieces[8];
        const size_t n = 1 + fake_env_below(&it->env, 8);
        size_t total = 0, taken = 0;
        for (size_t i = 0; i < n; i++) {
            pieces[i].len = fake_env_below(&it->env, 4) == 0
                                ? 0
                                : fake_env_below(&it->env, i % 3 == 0 ? 40 : 9000);
            pieces[i].data = pieces[i].len > 0 ? said->bytes + total : NULL;
            total += pieces[i].len;
        }
        for (size_t i = 0; i < total; i++)
            said->bytes[i] = byte++;
        way->len = 0;
        assert_int_equal(cx_channel_seal(&it->client.channel, pieces, n, 0, way->bytes,
                                         cx_channel_sealed_max(&it->client.channel, total), &taken,
                                         &way->len),
                         COAX_OK);
        assert_int_equal(taken, total);
        assert_int_equal(way->len, total + (total + 16383) / 16384 * AROUND);
        it->server.got.len = 0;
        twin_receive(it, &it->server, way->bytes, way->len);
        assert_int_equal(it->server.got.len, total);
        assert_memory_equal(it->server.got.bytes, said->bytes, total);
    }
    free(way);
    free(said);
    twins_free(it);
}

static void little_room_takes_what_fits(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    const coax_bytes pieces[2] = { { (const uint8_t *)"some", 4 },
                                   { (const uint8_t *)" words", 6 } };
    size_t heard = 0;
    for (size_t cap = 0; cap < 40; cap++) {
        size_t taken = 99, len = 99;
        assert_int_equal(
            cx_channel_seal(&it->client.channel, pieces, 2, 0, way->bytes, cap, &taken, &len),
            COAX_OK);
        assert_int_equal(taken, cap <= AROUND ? 0 : cap - AROUND < 10 ? cap - AROUND : 10);
        assert_int_equal(len, taken > 0 ? taken + AROUND : 0);
        twin_receive(it, &it->server, way->bytes, len);
        heard += taken;
        assert_int_equal(it->server.got.len, heard);
    }
    assert_int_equal(it->server.n_failed, 0);
    free(way);
    twins_free(it);
}

static void whole_records_are_opened_where_they_lie(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    const size_t taken_before = it->env.n_taken;
    twin_seal(it, &it->client, "in place", 8, way);
    assert_int_equal(cx_channel_receive(&it->server.channel, way->bytes, way->len, 0), way->len);
    assert_ptr_equal(it->server.data_at, way->bytes + 2);
    assert_int_equal(it->env.n_taken, taken_before);            /* and without memory */
    assert_memory_equal(way->bytes + 2, "\0\0\0\0\0\0\0\0", 8); /* wiped behind the callback */
    free(way);
    twins_free(it);
}

static void the_longest_record_there_is_opens(void **state)
{
    (void)state;
    const cx_channel_limits limits = { UINT64_MAX, UINT64_MAX, UINT64_MAX, 1u << 20 };
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    size_t n_empty;
    it->client.config.limits = &limits;
    twin_seal(it, &it->client, it->client.got.bytes, 65534 - TAG, way);
    assert_int_equal(count_records(way, &n_empty), 1);
    assert_int_equal(way->len, 65536);
    twin_receive(it, &it->server, way->bytes, 30000);
    twin_receive(it, &it->server, way->bytes + 30000, way->len - 30000);
    assert_int_equal(it->server.got.len, 65534 - TAG);
    free(way);
    twins_free(it);
}

/* Says `n` things of `len` bytes each way, and counts changes of key. */
static size_t talk(twins *it, size_t n, size_t len)
{
    wire *way = new_wire();
    size_t n_empty, total = 0;
    for (size_t i = 0; i < n; i++) {
        for (int side = 0; side < 2; side++) {
            twin *from = side == 0 ? &it->client : &it->server;
            way->len = 0;
            twin_seal(it, from, it->psk, len, way);
            (void)count_records(way, &n_empty);
            total += n_empty;
            twin_receive(it, side == 0 ? &it->server : &it->client, way->bytes, way->len);
        }
    }
    free(way);
    assert_int_equal(it->client.n_failed + it->server.n_failed, 0);
    return total;
}

static void keys_change_by_records_on_both_sides(void **state)
{
    (void)state;
    const cx_channel_limits limits = { 10, UINT64_MAX, UINT64_MAX, 16384 };
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    it->client.config.limits = it->server.config.limits = &limits;
    twins_start(it);
    twins_open(it);
    assert_int_equal(talk(it, 10, 8), 0);
    assert_true(cx_channel_wants_rekey(&it->client.channel, 0));
    assert_int_equal(talk(it, 1, 8), 2);
    assert_false(cx_channel_wants_rekey(&it->client.channel, 0));
    assert_int_equal(talk(it, 1000, 8), 200);
    assert_int_equal(it->client.got.len, 8 * 1011);
    twins_free(it);
}

static void keys_change_by_bytes(void **state)
{
    (void)state;
    const cx_channel_limits limits = { UINT64_MAX, 1000, UINT64_MAX, 16384 };
    twins *it = twins_new(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    it->client.config.limits = it->server.config.limits = &limits;
    twins_start(it);
    twins_open(it);
    assert_int_equal(talk(it, 40, 25), 0);
    assert_int_equal(talk(it, 1, 25), 2);
    assert_int_equal(talk(it, 40, 25), 2);
    twins_free(it);
}

static void keys_change_by_time_of_use(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_IK, COAX_SUITE_DEFAULT);
    const uint64_t minute = UINT64_C(60000000000);
    it->now = 5 * minute; /* nothing said yet: no key is in use */
    assert_int_equal(talk(it, 1, 8), 0);
    it->now = 15 * minute - 1;
    assert_int_equal(talk(it, 1, 8), 0);
    it->now = 15 * minute;
    assert_int_equal(talk(it, 1, 8), 2);
    it->now = 1000 * minute;
    assert_int_equal(talk(it, 3, 8), 2);
    twins_free(it);
}

static void a_key_change_within_one_seal_fits_the_room_promised(void **state)
{
    (void)state;
    const cx_channel_limits limits = { 1, UINT64_MAX, UINT64_MAX, 64 };
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    size_t n_empty;
    it->client.config.limits = it->server.config.limits = &limits;
    twins_start(it);
    twins_open(it);
    for (size_t len = 1; len < 700; len += 13) {
        way->len = 0;
        it->server.got.len = 0;
        twin_seal(it, &it->client, it->client.got.bytes, len, way);
        const size_t n = count_records(way, &n_empty);
        assert_int_equal(n - n_empty, (len + 63) / 64);
        assert_true(n_empty >= n - n_empty - 1);
        twin_receive(it, &it->server, way->bytes, way->len);
        assert_int_equal(it->server.got.len, len);
    }
    free(way);
    twins_free(it);
}

/* A sender whose limits are other than the receiver's: one that never changes its key. */
static void a_peer_that_never_changes_its_key_is_cut_off(void **state)
{
    (void)state;
    const cx_channel_limits never = { UINT64_MAX, UINT64_MAX, UINT64_MAX, 16384 };
    const cx_channel_limits by_records = { 10, UINT64_MAX, UINT64_MAX, 16384 };
    const cx_channel_limits by_bytes = { UINT64_MAX, 1000, UINT64_MAX, 16384 };
    for (int i = 0; i < 2; i++) {
        twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        wire *way = new_wire();
        it->client.config.limits = &never;
        it->server.config.limits = i == 0 ? &by_records : &by_bytes;
        twins_start(it);
        twins_open(it);
        size_t n = 0;
        for (; it->server.n_failed == 0; n++) {
            assert_true(n < 30);
            way->len = 0;
            twin_seal(it, &it->client, it->client.got.bytes, 100, way);
            twin_receive(it, &it->server, way->bytes, way->len);
        }
        assert_true(n >= 20);
        assert_int_equal(it->server.why.code, COAX_ERR_PROTOCOL);
        assert_non_null(strstr(it->server.why.text, "a key that it should have changed"));
        assert_int_equal(it->server.last, CX_LAST_SEALED);
        free(way);
        twins_free(it);
    }
}

static void a_key_is_not_changed_before_it_was_used(void **state)
{
    (void)state;
    const cx_channel_limits eager = { 1, UINT64_MAX, UINT64_MAX, 16384 };
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    it->client.config.limits = &eager;
    twins_start(it);
    twins_open(it);
    /* An honest client: data, change, data. Then one that changes its key twice in a row. */
    twins_say(it, &it->client, &it->server, "one");
    twins_say(it, &it->client, &it->server, "two");
    for (int i = 0; i < 2; i++) {
        uint8_t *at = way->bytes + way->len;
        at[0] = TAG;
        at[1] = 0;
        assert_int_equal(cx_cipher_encrypt_with_ad(&it->client.channel.out.cipher,
                                                   (coax_bytes){ NULL, 0 }, at + 2, 0, at + 2),
                         COAX_OK);
        cx_cipher_rekey(&it->client.channel.out.cipher);
        way->len += AROUND;
    }
    twin_receive(it, &it->server, way->bytes, way->len);
    assert_int_equal(it->server.why.code, COAX_ERR_PROTOCOL);
    assert_non_null(strstr(it->server.why.text, "a key that it has not used"));
    free(way);
    twins_free(it);
}

static void a_side_that_does_not_follow_a_key_change_is_not_understood(void **state)
{
    (void)state;
    const cx_channel_limits limits = { 1, UINT64_MAX, UINT64_MAX, 16384 };
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    twins_say(it, &it->client, &it->server, "one");
    it->client.config.limits = &limits;
    twin_seal(it, &it->client, "two", 3, way);
    assert_int_equal(way->len, AROUND + AROUND + 3);
    twin_receive(it, &it->server, way->bytes + AROUND,
                 way->len - AROUND); /* the empty record is lost */
    assert_int_equal(it->server.why.code, COAX_ERR_TAMPERED);
    free(way);
    twins_free(it);
}

static void the_last_nonce_is_never_used(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    cx_cipher_set_nonce(&it->client.channel.out.cipher, UINT64_MAX - 1);
    cx_cipher_set_nonce(&it->server.channel.in.cipher, UINT64_MAX - 1);
    twins_say(it, &it->client, &it->server, "the last");
    uint8_t out[64];
    const coax_bytes piece = { (const uint8_t *)"no more", 7 };
    size_t taken, len;
    assert_int_equal(
        cx_channel_seal(&it->client.channel, &piece, 1, 0, out, sizeof out, &taken, &len),
        COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(it->client.why.code, COAX_ERR_RESOURCE_EXHAUSTED);
    assert_int_equal(it->client.last, CX_LAST_NOTHING);
    assert_int_equal(
        cx_channel_seal(&it->client.channel, &piece, 1, 0, out, sizeof out, &taken, &len),
        COAX_ERR_CLOSED);
    memset(out, 0, sizeof out);
    out[0] = 20;
    twin_receive(it, &it->server, out, 22);
    assert_int_equal(it->server.why.code, COAX_ERR_RESOURCE_EXHAUSTED);
    twins_free(it);
}

static void reading_pauses_behind_a_record_and_goes_on_there(void **state)
{
    (void)state;
    twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    wire *way = new_wire();
    twin_seal(it, &it->client, "one", 3, way);
    const size_t first = way->len;
    twin_seal(it, &it->client, "two", 3, way);
    it->server.says_enough = true;
    assert_int_equal(cx_channel_receive(&it->server.channel, way->bytes, way->len, 0), first);
    assert_int_equal(it->server.n_data, 1);
    it->server.says_enough = false;
    twin_receive(it, &it->server, way->bytes + first, way->len - first);
    assert_memory_equal(it->server.got.bytes, "onetwo", 6);
    /* The same for a record that came in parts. */
    way->len = 0;
    twin_seal(it, &it->client, "three", 5, way);
    twin_seal(it, &it->client, "four", 4, way);
    twin_receive(it, &it->server, way->bytes, 9);
    it->server.says_enough = true;
    assert_int_equal(cx_channel_receive(&it->server.channel, way->bytes + 9, way->len - 9, 0),
                     AROUND + 5 - 9);
    it->server.says_enough = false;
    twin_receive(it, &it->server, way->bytes + AROUND + 5, AROUND + 4);
    assert_memory_equal(it->server.got.bytes, "onetwothreefour", 15);
    free(way);
    twins_free(it);
}

static void a_channel_may_end_while_it_hands_data_on(void **state)
{
    (void)state;
    for (int in_parts = 0; in_parts < 2; in_parts++) {
        twins *it = twins_opened(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
        wire *way = new_wire();
        it->server.ends_in_data = true;
        twin_seal(it, &it->client, "last", 4, way);
        twin_seal(it, &it->client, "lost", 4, way);
        if (in_parts)
            twin_receive(it, &it->server, way->bytes, 5);
        const size_t from = in_parts ? 5 : 0;
        size_t taken =
            cx_channel_receive(&it->server.channel, way->bytes + from, way->len - from, 0);
        assert_int_equal(taken, way->len - from); /* the rest is thrown away */
        assert_int_equal(it->server.got.len, 4);
        assert_int_equal(it->server.n_failed, 0);
        free(way);
        twins_free(it);
    }
}

static void nothing_is_sealed_before_it_is_ready(void **state)
{
    (void)state;
    twins *it = twins_new(CX_PATTERN_XX, COAX_SUITE_DEFAULT);
    uint8_t out[64];
    const coax_bytes piece = { (const uint8_t *)"early", 5 };
    size_t taken, len;
    twins_start(it);
    assert_int_equal(
        cx_channel_seal(&it->client.channel, &piece, 1, 0, out, sizeof out, &taken, &len),
        COAX_ERR_CLOSED);
    twins_free(it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_any_size_arrive_as_one_run),
        cmocka_unit_test(little_room_takes_what_fits),
        cmocka_unit_test(whole_records_are_opened_where_they_lie),
        cmocka_unit_test(the_longest_record_there_is_opens),
        cmocka_unit_test(keys_change_by_records_on_both_sides),
        cmocka_unit_test(keys_change_by_bytes),
        cmocka_unit_test(keys_change_by_time_of_use),
        cmocka_unit_test(a_key_change_within_one_seal_fits_the_room_promised),
        cmocka_unit_test(a_peer_that_never_changes_its_key_is_cut_off),
        cmocka_unit_test(a_key_is_not_changed_before_it_was_used),
        cmocka_unit_test(a_side_that_does_not_follow_a_key_change_is_not_understood),
        cmocka_unit_test(the_last_nonce_is_never_used),
        cmocka_unit_test(reading_pauses_behind_a_record_and_goes_on_there),
        cmocka_unit_test(a_channel_may_end_while_it_hands_data_on),
        cmocka_unit_test(nothing_is_sealed_before_it_is_ready),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
