/*
 * What a peer must not be able to do: nest without end, declare what isn't there, make the decoder take memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static coax_err decode_all(const uint8_t *data, size_t len, coax_arena *arena, coax_error *error)
{
    coax_reader in;
    kinds_all value;
    test_guarded guarded = test_guard(data, len);
    coax_reader_init(&in, guarded.data, len, arena);
    kinds_all_decode(&in, &value);
    coax_err err = coax_reader_finish(&in, error);
    test_unguard(&guarded);
    return err;
}

/* A message with an unknown field that nests `depth - 1` arrays, in a struct that is level one. */
static size_t put_nested_unknown(uint8_t *message, unsigned depth)
{
    size_t len = 0;
    message[len++] = 0x82;
    message[len++] = 0x01;
    message[len++] = 0x05;
    message[len++] = 0x63; /* id 99 */
    for (unsigned i = 1; i < depth; i++)
        message[len++] = 0x91;
    message[len++] = 0xc0;
    return len;
}

static void sixty_four_levels_are_read_and_sixty_five_refused(void **state)
{
    uint8_t message[128];
    kinds_inner inner;
    coax_error error;
    coax_reader in;
    (void)state;
    for (unsigned depth = 1; depth <= 70; depth++) {
        size_t len = put_nested_unknown(message, depth);
        coax_reader_init(&in, message, len, NULL);
        kinds_inner_decode(&in, &inner);
        assert_int_equal(coax_reader_finish(&in, &error),
                         depth <= 64 ? COAX_OK : COAX_ERR_TOO_DEEP);
        if (depth > 64)
            assert_non_null(strstr(error.text, "#99: nests deeper than 64 levels"));
    }
}

static void recursive_types_are_refused_past_the_limit(void **state)
{
    static const uint8_t level[] = { 0x81, 0xcd, 0x01, 0x2c }; /* {300: ...} */
    uint8_t message[sizeof level * 70 + 1];
    coax_arena arena = COAX_ARENA_INIT;
    coax_error error;
    (void)state;
    for (size_t n = 1; n <= 69; n++) {
        for (size_t i = 0; i < n; i++)
            memcpy(message + i * sizeof level, level, sizeof level);
        message[n * sizeof level] = 0x80;
        coax_err err = decode_all(message, n * sizeof level + 1, &arena, &error);
        /* n levels and the empty map inside; what is missing is only looked at on the way out. */
        assert_int_equal(err, n + 1 <= 64 ? COAX_ERR_BAD_MESSAGE : COAX_ERR_TOO_DEEP);
    }
    coax_arena_deinit(&arena);
}

static void depth_of_an_any_counts_from_where_it_stands(void **state)
{
    uint8_t message[128];
    coax_reader in;
    size_t count;
    (void)state;
    for (unsigned depth = 2; depth <= 70; depth++) {
        memset(message, 0x91, depth);
        message[depth] = 0xc0;
        coax_arena arena = COAX_ARENA_INIT;
        coax_reader_init(&in, message, depth + 1, &arena);
        (void)coax_read_list(&in, 1, 1, &count);
        (void)coax_read_any(&in);
        coax_list_done(&in);
        assert_int_equal(coax_reader_finish(&in, NULL), depth <= 64 ? COAX_OK : COAX_ERR_TOO_DEEP);
        coax_arena_deinit(&arena);
    }
}

/* Five bytes that declare four billion of something, for each field that counts. */
static void declared_counts_are_refused_before_memory_is_taken(void **state)
{
    static const struct {
        uint8_t id;
        uint8_t tag;
    } bombs[] = { { 12, 0xdb }, { 13, 0xc6 }, { 22, 0xdd }, { 23, 0xdd }, { 24, 0xdf },
                  { 25, 0xdf }, { 20, 0xdf }, { 21, 0xdf }, { 27, 0xdd }, { 17, 0xdd },
                  { 17, 0xdf }, { 17, 0xc9 }, { 99, 0xdd }, { 14, 0xc9 } };
    (void)state;
    for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        for (int is_huge = 0; is_huge < 2; is_huge++) {
            uint8_t message[16] = { 0x81, bombs[i].id, bombs[i].tag, is_huge ? 0xff : 0,
                                    0xff, 0xff,        0xff };
            coax_arena arena = COAX_ARENA_INIT;
            coax_error error;
            assert_int_equal(decode_all(message, sizeof message, &arena, &error),
                             COAX_ERR_BAD_MESSAGE);
            assert_true(arena.used <= 1024);
            coax_arena_deinit(&arena);
        }
    }
}

static void a_count_over_what_is_left_is_named(void **state)
{
    static const uint8_t message[] = { 0x81, 22, 0xdd, 0xff, 0xff, 0xff, 0xff, 1, 2 };
    coax_arena arena = COAX_ARENA_INIT;
    coax_error error;
    (void)state;
    assert_int_equal(decode_all(message, sizeof message, &arena, &error), COAX_ERR_BAD_MESSAGE);
    assert_string_equal(
        error.text,
        "numbers: declares 4294967295 items, more than the 2 bytes left can hold, at byte 7");
    coax_arena_deinit(&arena);
}

static void the_arenas_limit_is_kept_and_named(void **state)
{
    test_random random = { 21 };
    coax_arena values = COAX_ARENA_INIT;
    kinds_all value;
    (void)state;
    test_fill_all(&random, &values, &value, 2);
    coax_bytes message = test_encode_all(&values, &value);
    bool was_refused = false, was_taken = false;
    for (size_t limit = 64; limit < 65536; limit += limit / 4) {
        coax_arena arena;
        coax_error error;
        coax_arena_init(&arena, NULL, limit);
        coax_err err = decode_all(message.data, message.len, &arena, &error);
        assert_true(arena.used <= limit);
        if (err == COAX_OK) {
            was_taken = true;
        } else {
            char expected[64];
            was_refused = true;
            assert_int_equal(err, COAX_ERR_TOO_LARGE);
            snprintf(expected, sizeof expected, "pass the limit of %zu bytes", limit);
            assert_non_null(strstr(error.text, expected));
        }
        coax_arena_deinit(&arena);
    }
    assert_true(was_refused && was_taken);
    coax_arena_deinit(&values);
}

static void every_failing_allocation_is_an_error_that_says_so(void **state)
{
    test_random random = { 22 };
    coax_arena values = COAX_ARENA_INIT;
    kinds_all value;
    (void)state;
    test_fill_all(&random, &values, &value, 3);
    coax_bytes message = test_encode_all(&values, &value);
    for (size_t fail_at = 1;; fail_at++) {
        test_allocator allocator;
        coax_arena arena;
        coax_error error;
        test_allocator_init(&allocator, fail_at);
        coax_arena_init(&arena, &allocator.table, 0);
        coax_err err = decode_all(message.data, message.len, &arena, &error);
        coax_arena_deinit(&arena);
        assert_int_equal(allocator.n_live, 0);
        if (err == COAX_OK) {
            assert_true(fail_at > 1);
            break;
        }
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
        assert_non_null(strstr(error.text, "no memory for"));
    }
    coax_arena_deinit(&values);
}

/* A map whose keys don't ascend needs an index to write, and that may fail. */
static void a_failing_allocation_while_writing_is_an_error(void **state)
{
    static const kinds_count_entry entries[] = { { { "b", 1 }, 1 }, { { "a", 1 }, 2 } };
    test_allocator allocator;
    uint8_t room[64];
    coax_writer out;
    (void)state;
    test_allocator_init(&allocator, 1);
    coax_writer_init(&out, room, sizeof room);
    out.allocator = &allocator.table;
    assert_null(coax_write_map_order(&out, &kinds_count_map_type, entries, 2));
    assert_int_equal(coax_writer_finish(&out, NULL), COAX_ERR_NO_MEMORY);
    test_allocator_init(&allocator, 0);
    coax_writer_init(&out, room, sizeof room);
    out.allocator = &allocator.table;
    const uint32_t *order = coax_write_map_order(&out, &kinds_count_map_type, entries, 2);
    assert_non_null(order);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 0);
    coax_write_map_order_done(&out, order);
    assert_int_equal(allocator.n_live, 0);
}

static void duplicate_keys_of_a_map_are_refused_both_ways(void **state)
{
    static const kinds_count_entry entries[] = { { { "b", 1 }, 1 },
                                                 { { "a", 1 }, 2 },
                                                 { { "b", 1 }, 3 } };
    static const uint8_t sorted[] = { 0x82, 0xa1, 'a', 1, 0xa1, 'a', 2 };
    static const uint8_t unsorted[] = { 0x83, 0xa1, 'b', 1, 0xa1, 'a', 2, 0xa1, 'b', 3 };
    const struct {
        const uint8_t *data;
        size_t len;
    } messages[] = { { sorted, sizeof sorted }, { unsorted, sizeof unsorted } };
    uint8_t room[64];
    coax_writer out;
    (void)state;
    coax_writer_init(&out, room, sizeof room);
    assert_null(coax_write_map_order(&out, &kinds_count_map_type, entries, 3));
    assert_int_equal(coax_writer_finish(&out, NULL), COAX_ERR_INVALID_ARGUMENT);
    for (size_t i = 0; i < 2; i++) {
        uint8_t message[16] = { 0x81, 24 };
        coax_arena arena = COAX_ARENA_INIT;
        coax_error error;
        memcpy(message + 2, messages[i].data, messages[i].len);
        assert_int_equal(decode_all(message, 2 + messages[i].len, &arena, &error),
                         COAX_ERR_BAD_MESSAGE);
        assert_non_null(strstr(error.text, "have the same key"));
        coax_arena_deinit(&arena);
    }
}

static void a_hundred_thousand_shuffled_keys_are_sorted_in_bounded_time(void **state)
{
    enum { N = 100000 };
    test_random random = { 23 };
    kinds_inner_entry *entries = calloc(N, sizeof *entries);
    coax_writer out;
    uint8_t room[8];
    (void)state;
    for (size_t i = 0; i < N; i++)
        entries[i].key = (int32_t)(i ^ 0x15555u) - 40000; /* distinct, and in saw teeth */
    for (size_t i = N; i > 1; i--) {
        size_t k = test_below(&random, i);
        kinds_inner_entry swap = entries[k];
        entries[k] = entries[i - 1];
        entries[i - 1] = swap;
    }
    coax_writer_init(&out, room, sizeof room);
    const uint32_t *order = coax_write_map_order(&out, &kinds_inner_map_type, entries, N);
    assert_non_null(order);
    for (size_t i = 1; i < N; i++)
        assert_true(entries[order[i - 1]].key < entries[order[i]].key);
    coax_write_map_order_done(&out, order);
    free(entries);
}

static void after_the_first_failure_every_read_is_zero_and_the_first_words_stay(void **state)
{
    static const uint8_t message[] = { 0xa1, 'x', 0x05, 0xc3, 0x81, 0x01, 0x05,
                                       0x93, 1,   2,    3,    0xc4, 1,    'y' };
    coax_arena arena = COAX_ARENA_INIT;
    coax_struct_scope scope;
    coax_reader in;
    coax_error error;
    size_t count = 7;
    uint32_t id;
    (void)state;
    coax_reader_init(&in, message, sizeof message, &arena);
    assert_int_equal(coax_read_u32(&in), 0);
    assert_int_equal(coax_read_u8(&in), 0);
    assert_false(coax_read_bool(&in));
    assert_true(coax_read_f64(&in) <= 0.0);
    assert_null(coax_read_str(&in).data);
    assert_null(coax_read_bytes(&in).data);
    assert_null(coax_read_any(&in).data);
    assert_int_equal(coax_read_timestamp(&in).seconds, 0);
    coax_read_struct(&in, &scope, &kinds_inner_type);
    assert_false(coax_next_field(&in, &scope, &id));
    assert_null(coax_read_list(&in, 1, 1, &count));
    assert_int_equal(count, 0);
    assert_null(coax_read_u32_list(&in).items);
    assert_null(coax_read_object(&in, 8, 8));
    assert_int_equal(coax_reader_finish(&in, &error), COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text, "expected an integer, found text, at byte 0");
    assert_int_equal(arena.used, 0);
}

static void after_the_first_failure_nothing_more_is_written(void **state)
{
    uint8_t room[64] = { 0 };
    coax_writer out;
    coax_str text = { "0123456789", 10 };
    static const uint32_t numbers[] = { 1, 2, 3 };
    coax_u32_list list = { numbers, 3 };
    coax_timestamp wrong = { 0, UINT32_MAX };
    (void)state;
    coax_writer_init(&out, room, sizeof room);
    coax_write_u8(&out, 1);
    coax_write_timestamp(&out, wrong);
    coax_write_u64_field(&out, 1, 2);
    coax_write_f64(&out, 1.0);
    coax_write_str(&out, text);
    coax_write_map(&out, 3);
    coax_write_u32_list(&out, list);
    coax_write_nil(&out);
    assert_int_equal(coax_writer_finish(&out, NULL), COAX_ERR_INVALID_ARGUMENT);
    for (size_t i = 1; i < sizeof room; i++)
        assert_int_equal(room[i], 0);
}

static void steady_decoding_takes_no_memory(void **state)
{
    test_random random = { 24 };
    coax_arena values = COAX_ARENA_INIT, arena;
    kinds_all value;
    test_allocator allocator;
    (void)state;
    test_fill_all(&random, &values, &value, 2);
    coax_bytes message = test_encode_all(&values, &value);
    test_allocator_init(&allocator, 0);
    coax_arena_init(&arena, &allocator.table, 0);
    for (int i = 0; i < 4; i++) {
        coax_arena_reset(&arena);
        assert_int_equal(decode_all(message.data, message.len, &arena, NULL), COAX_OK);
    }
    size_t taken = allocator.n_taken;
    for (int i = 0; i < 100; i++) {
        coax_arena_reset(&arena);
        assert_int_equal(decode_all(message.data, message.len, &arena, NULL), COAX_OK);
    }
    assert_int_equal(allocator.n_taken, taken);
    coax_arena_deinit(&arena);
    coax_arena_deinit(&values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixty_four_levels_are_read_and_sixty_five_refused),
        cmocka_unit_test(recursive_types_are_refused_past_the_limit),
        cmocka_unit_test(depth_of_an_any_counts_from_where_it_stands),
        cmocka_unit_test(declared_counts_are_refused_before_memory_is_taken),
        cmocka_unit_test(a_count_over_what_is_left_is_named),
        cmocka_unit_test(the_arenas_limit_is_kept_and_named),
        cmocka_unit_test(every_failing_allocation_is_an_error_that_says_so),
        cmocka_unit_test(a_failing_allocation_while_writing_is_an_error),
        cmocka_unit_test(duplicate_keys_of_a_map_are_refused_both_ways),
        cmocka_unit_test(a_hundred_thousand_shuffled_keys_are_sorted_in_bounded_time),
        cmocka_unit_test(after_the_first_failure_every_read_is_zero_and_the_first_words_stay),
        cmocka_unit_test(after_the_first_failure_nothing_more_is_written),
        cmocka_unit_test(steady_decoding_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
