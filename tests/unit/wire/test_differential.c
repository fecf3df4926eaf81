/*
 * Straight code against the table interpreter: the same bytes, the same verdicts, the same words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"
#include "wire/interpret.h"
#include "wire/value.h"

enum { VALUES = 400, MUTATIONS = 15, ROOM = 1 << 20 };

typedef struct verdict {
    coax_err err;
    coax_error words;
    kinds_all value;
} verdict;

static verdict read_straight(const uint8_t *data, size_t len, coax_arena *arena)
{
    coax_reader in;
    verdict is = { COAX_OK, COAX_ERROR_INIT, { 0 } };
    coax_reader_init(&in, data, len, arena);
    kinds_all_decode(&in, &is.value);
    is.err = coax_reader_finish(&in, &is.words);
    return is;
}

static verdict read_by_table(const uint8_t *data, size_t len, coax_arena *arena)
{
    coax_reader in;
    verdict is = { COAX_OK, COAX_ERROR_INIT, { 0 } };
    coax_reader_init(&in, data, len, arena);
    cx_interpret_decode(&in, &kinds_all_type, &is.value);
    is.err = coax_reader_finish(&in, &is.words);
    return is;
}

static coax_bytes write_by_table(uint8_t *buffer, const kinds_all *value)
{
    coax_writer out;
    coax_bytes bytes = { buffer, 0 };
    coax_writer_init(&out, buffer, ROOM);
    cx_interpret_encode(&out, &kinds_all_type, value);
    assert_int_equal(coax_writer_finish(&out, &bytes.len), COAX_OK);
    return bytes;
}

/* Both read `data` from in front of a guard page; equal verdicts, words and values. */
static coax_err compare_readers(const uint8_t *data, size_t len)
{
    coax_arena straight_arena = COAX_ARENA_INIT, table_arena = COAX_ARENA_INIT;
    test_guarded guarded = test_guard(data, len);
    verdict straight = read_straight(guarded.data, len, &straight_arena);
    verdict table = read_by_table(guarded.data, len, &table_arena);
    assert_int_equal(straight.err, table.err);
    assert_string_equal(straight.words.text, table.words.text);
    if (straight.err == COAX_OK)
        assert_int_equal(
            cx_value_compare(&kinds_all_type, &straight.value, &table.value, COAX_DEPTH_MAX), 0);
    else
        assert_string_not_equal(straight.words.text, "");
    coax_arena_deinit(&straight_arena);
    coax_arena_deinit(&table_arena);
    test_unguard(&guarded);
    return straight.err;
}

static void both_encoders_write_the_same_bytes(void **state)
{
    test_random random = { 1 };
    uint8_t *buffer = malloc(ROOM);
    (void)state;
    assert_non_null(buffer);
    for (int i = 0; i < VALUES; i++) {
        coax_arena arena = COAX_ARENA_INIT;
        kinds_all value;
        test_fill_all(&random, &arena, &value, 3);
        coax_bytes straight = test_encode_all(&arena, &value);
        coax_bytes table = write_by_table(buffer, &value);
        assert_int_equal(straight.len, table.len);
        assert_memory_equal(straight.data, table.data, table.len);
        coax_arena_deinit(&arena);
    }
    free(buffer);
}

static void what_is_encoded_decodes_to_the_same_value_and_encodes_to_the_same_bytes(void **state)
{
    test_random random = { 2 };
    (void)state;
    for (int i = 0; i < VALUES; i++) {
        coax_arena arena = COAX_ARENA_INIT;
        kinds_all value;
        test_fill_all(&random, &arena, &value, 3);
        coax_bytes bytes = test_encode_all(&arena, &value);
        assert_int_equal(compare_readers(bytes.data, bytes.len), COAX_OK);
        verdict read = read_straight(bytes.data, bytes.len, &arena);
        coax_bytes again = test_encode_all(&arena, &read.value);
        assert_int_equal(again.len, bytes.len);
        assert_memory_equal(again.data, bytes.data, bytes.len);
        coax_arena_deinit(&arena);
    }
}

static void both_readers_judge_mutated_messages_alike(void **state)
{
    test_random random = { 3 };
    int n_refused = 0;
    (void)state;
    for (int i = 0; i < VALUES; i++) {
        coax_arena arena = COAX_ARENA_INIT;
        kinds_all value;
        test_fill_all(&random, &arena, &value, 1);
        coax_bytes bytes = test_encode_all(&arena, &value);
        uint8_t *copy = coax_arena_take(&arena, bytes.len, 1);
        for (int k = 0; k < MUTATIONS; k++) {
            memcpy(copy, bytes.data, bytes.len);
            for (uint64_t n = 1 + test_below(&random, 3); n > 0; n--)
                copy[test_below(&random, bytes.len)] = (uint8_t)test_next(&random);
            n_refused += compare_readers(copy, bytes.len) != COAX_OK;
        }
        coax_arena_deinit(&arena);
    }
    assert_true(n_refused > VALUES); /* else the mutations test nothing */
}

static void both_readers_refuse_every_prefix(void **state)
{
    test_random random = { 4 };
    (void)state;
    for (int i = 0; i < 12; i++) {
        coax_arena arena = COAX_ARENA_INIT;
        kinds_all value;
        test_fill_all(&random, &arena, &value, 1);
        value.bytes.len = value.bytes.len < 100 ? value.bytes.len : 100;
        coax_bytes bytes = test_encode_all(&arena, &value);
        for (size_t len = 0; len < bytes.len; len++)
            assert_int_equal(compare_readers(bytes.data, len), COAX_ERR_BAD_MESSAGE);
        coax_arena_deinit(&arena);
    }
}

/* Every buffer that is too small refuses, and what was written stays inside. */
static void encoders_refuse_every_buffer_that_is_too_small(void **state)
{
    test_random random = { 5 };
    coax_arena arena = COAX_ARENA_INIT;
    kinds_all value;
    coax_writer out;
    size_t len;
    (void)state;
    test_fill_all(&random, &arena, &value, 1);
    value.bytes.len = value.bytes.len < 100 ? value.bytes.len : 100;
    coax_bytes bytes = test_encode_all(&arena, &value);
    for (size_t size = 0; size <= bytes.len; size++) {
        test_guarded guarded = test_guard(bytes.data, size);
        coax_writer_init(&out, guarded.data, size);
        kinds_all_encode(&out, &value);
        assert_int_equal(coax_writer_finish(&out, &len),
                         size < bytes.len ? COAX_ERR_TOO_LARGE : COAX_OK);
        if (size == bytes.len)
            assert_memory_equal(guarded.data, bytes.data, bytes.len);
        coax_writer_init(&out, guarded.data, size);
        cx_interpret_encode(&out, &kinds_all_type, &value);
        assert_int_equal(coax_writer_finish(&out, &len),
                         size < bytes.len ? COAX_ERR_TOO_LARGE : COAX_OK);
        test_unguard(&guarded);
    }
    coax_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_encoders_write_the_same_bytes),
        cmocka_unit_test(what_is_encoded_decodes_to_the_same_value_and_encodes_to_the_same_bytes),
        cmocka_unit_test(both_readers_judge_mutated_messages_alike),
        cmocka_unit_test(both_readers_refuse_every_prefix),
        cmocka_unit_test(encoders_refuse_every_buffer_that_is_too_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
