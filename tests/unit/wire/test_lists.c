/*
 * Lists of every scalar: what is written is what item by item would be, and comes back; at every buffer's end too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

enum { ITEMS = 150, ROOM = 1 << 14 };

/* Any number of any width, cut to the type. */
#define NUMBER(type)                                                                               \
    ((type)(test_below(random, 2) == 0 ? test_number(random) : ~test_number(random)))

static coax_str any_text(test_random *random)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz";
    coax_str text = { letters, test_below(random, 50) };
    return text;
}

static coax_bytes any_bytes(test_random *random)
{
    coax_str text = any_text(random);
    coax_bytes bytes = { (const uint8_t *)text.data, text.len };
    return bytes;
}

static coax_any any_any(test_random *random)
{
    static const uint8_t values[] = { 0xc0, 0x93, 1, 2, 3 };
    coax_any any = { values, 1 };
    if (test_below(random, 2) == 0) {
        any.data = values + 1;
        any.len = 4;
    }
    return any;
}

static coax_uuid any_uuid(test_random *random)
{
    coax_uuid uuid;
    for (size_t i = 0; i < sizeof uuid.bytes; i++)
        uuid.bytes[i] = (uint8_t)test_next(random);
    return uuid;
}

static coax_timestamp any_timestamp(test_random *random)
{
    coax_timestamp time = { (int64_t)test_number(random),
                            (uint32_t)test_below(random, 1000000000) };
    return time;
}

/* Writes the items one by one behind a header: what the list's own writer must equal. */
#define TEST_LIST(name, type, make)                                                                \
    static size_t one_by_one_##name(uint8_t *room, const type *items, size_t count)                \
    {                                                                                              \
        coax_writer out;                                                                           \
        size_t len;                                                                                \
        coax_writer_init(&out, room, ROOM);                                                        \
        coax_write_list(&out, count);                                                              \
        for (size_t i = 0; i < count; i++)                                                         \
            coax_write_##name(&out, items[i]);                                                     \
        assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);                                 \
        return len;                                                                                \
    }                                                                                              \
    static void check_##name(coax_##name##_list list)                                              \
    {                                                                                              \
        static uint8_t expected[ROOM], again[ROOM];                                                \
        coax_arena arena = COAX_ARENA_INIT;                                                        \
        coax_writer out;                                                                           \
        coax_reader in;                                                                            \
        size_t len = one_by_one_##name(expected, list.items, list.count), written;                 \
        for (size_t size = len < 40 ? 0 : len - 40; size <= len; size++) {                         \
            coax_writer_init(&out, again, size);                                                   \
            coax_write_##name##_list(&out, list);                                                  \
            assert_int_equal(coax_writer_finish(&out, &written),                                   \
                             size < len ? COAX_ERR_TOO_LARGE : COAX_OK);                           \
        }                                                                                          \
        assert_int_equal(written, len);                                                            \
        assert_memory_equal(again, expected, len);                                                 \
        test_guarded guarded = test_guard(expected, len);                                          \
        coax_reader_init(&in, guarded.data, len, &arena);                                          \
        coax_##name##_list back = coax_read_##name##_list(&in);                                    \
        assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);                                  \
        assert_non_null(back.items);                                                               \
        assert_int_equal(back.count, list.count);                                                  \
        assert_int_equal(one_by_one_##name(again, back.items, back.count), len);                   \
        assert_memory_equal(again, expected, len);                                                 \
        for (size_t cut = 0; cut < len; cut += 1 + cut / 8) {                                      \
            coax_reader_init(&in, expected, cut, &arena);                                          \
            assert_null(coax_read_##name##_list(&in).items);                                       \
            assert_int_equal(coax_reader_finish(&in, NULL), COAX_ERR_BAD_MESSAGE);                 \
        }                                                                                          \
        test_unguard(&guarded);                                                                    \
        coax_arena_deinit(&arena);                                                                 \
    }                                                                                              \
    static void lists_of_##name##_are_written_whole_and_come_back(void **state)                    \
    {                                                                                              \
        static const size_t counts[] = { 0, 1, 15, 16, 63, 64, 65, ITEMS };                        \
        test_random seeded = { 31 }, *random = &seeded;                                            \
        type items[ITEMS];                                                                         \
        (void)state;                                                                               \
        for (size_t round = 0; round < sizeof counts / sizeof counts[0]; round++) {                \
            for (size_t i = 0; i < ITEMS; i++)                                                     \
                items[i] = make;                                                                   \
            coax_##name##_list list = { items, counts[round] };                                    \
            check_##name(list);                                                                    \
        }                                                                                          \
    }
TEST_LIST(bool, bool, test_below(random, 2) == 0)
TEST_LIST(i8, int8_t, NUMBER(int8_t))
TEST_LIST(i16, int16_t, NUMBER(int16_t))
TEST_LIST(i32, int32_t, NUMBER(int32_t))
TEST_LIST(i64, int64_t, NUMBER(int64_t))
TEST_LIST(u8, uint8_t, NUMBER(uint8_t))
TEST_LIST(u16, uint16_t, NUMBER(uint16_t))
TEST_LIST(u32, uint32_t, NUMBER(uint32_t))
TEST_LIST(u64, uint64_t, NUMBER(uint64_t))
TEST_LIST(f32, float, (float)NUMBER(int32_t))
TEST_LIST(f64, double, (double)NUMBER(int64_t))
TEST_LIST(str, coax_str, any_text(random))
TEST_LIST(bytes, coax_bytes, any_bytes(random))
TEST_LIST(any, coax_any, any_any(random))
TEST_LIST(uuid, coax_uuid, any_uuid(random))
TEST_LIST(timestamp, coax_timestamp, any_timestamp(random))
TEST_LIST(duration, coax_duration, NUMBER(coax_duration))

static void items_of_the_other_signedness_and_any_width_are_taken(void **state)
{
    static const uint8_t message[] = { 0x96, 0xd3, 0, 0,    0, 0, 0,    0, 0, 5, 0xcc, 200,
                                       0xd1, 0,    7, 0xd0, 9, 3, 0xce, 0, 1, 0, 0 };
    static const uint32_t expected[] = { 5, 200, 7, 9, 3, 65536 };
    coax_arena arena = COAX_ARENA_INIT;
    coax_reader in;
    (void)state;
    coax_reader_init(&in, message, sizeof message, &arena);
    coax_u32_list unsigned_list = coax_read_u32_list(&in);
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);
    coax_reader_init(&in, message, sizeof message, &arena);
    coax_i32_list signed_list = coax_read_i32_list(&in);
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(unsigned_list.items[i], expected[i]);
        assert_int_equal(signed_list.items[i], expected[i]);
    }
    coax_arena_deinit(&arena);
}

static void an_item_out_of_range_is_refused(void **state)
{
    static const uint8_t large[] = { 0x91, 0xcd, 1, 0 }, negative[] = { 0x91, 0xff },
                         small[] = { 0x91, 0xd1, 0xff, 0 };
    coax_arena arena = COAX_ARENA_INIT;
    coax_reader in;
    (void)state;
    coax_reader_init(&in, large, sizeof large, &arena);
    assert_null(coax_read_u8_list(&in).items);
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_ERR_BAD_MESSAGE);
    coax_reader_init(&in, negative, sizeof negative, &arena);
    assert_null(coax_read_u64_list(&in).items);
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_ERR_BAD_MESSAGE);
    coax_reader_init(&in, small, sizeof small, &arena);
    assert_null(coax_read_i8_list(&in).items);
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_ERR_BAD_MESSAGE);
    coax_arena_deinit(&arena);
}

#define LIST_TEST(name) cmocka_unit_test(lists_of_##name##_are_written_whole_and_come_back)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIST_TEST(bool),
        LIST_TEST(i8),
        LIST_TEST(i16),
        LIST_TEST(i32),
        LIST_TEST(i64),
        LIST_TEST(u8),
        LIST_TEST(u16),
        LIST_TEST(u32),
        LIST_TEST(u64),
        LIST_TEST(f32),
        LIST_TEST(f64),
        LIST_TEST(str),
        LIST_TEST(bytes),
        LIST_TEST(any),
        LIST_TEST(uuid),
        LIST_TEST(timestamp),
        LIST_TEST(duration),
        cmocka_unit_test(items_of_the_other_signedness_and_any_width_are_taken),
        cmocka_unit_test(an_item_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
