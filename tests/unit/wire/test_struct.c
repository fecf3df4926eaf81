/*
 * Structs and unions from the wire: key order, unknown and duplicate keys, nil, what is absent, and the words for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

/* Decodes with `name`_decode from bytes in front of a guard page. */
#define DECODER(name, type)                                                                        \
    static coax_err decode_##name(const void *data, size_t len, coax_arena *arena, type *ret,      \
                                  coax_error *error)                                               \
    {                                                                                              \
        coax_reader in;                                                                            \
        test_guarded guarded = test_guard(data, len);                                              \
        coax_reader_init(&in, guarded.data, len, arena);                                           \
        name##_decode(&in, ret);                                                                   \
        coax_err err = coax_reader_finish(&in, error);                                             \
        test_unguard(&guarded);                                                                    \
        return err;                                                                                \
    }
DECODER(kinds_inner, kinds_inner)
DECODER(kinds_choice, kinds_choice)
DECODER(kinds_all, kinds_all)

static coax_error inner_error(const void *data, size_t len)
{
    coax_arena arena = COAX_ARENA_INIT;
    coax_error error;
    kinds_inner inner;
    (void)decode_kinds_inner(data, len, &arena, &inner, &error);
    coax_arena_deinit(&arena);
    return error;
}

#define INNER_ERROR(literal) inner_error("" literal, sizeof(literal) - 1)

static void keys_come_in_any_order(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    kinds_inner inner;
    (void)state;
    assert_int_equal(decode_kinds_inner("\x82\x02\xa1x\x01\x05", 6, &arena, &inner, NULL), COAX_OK);
    assert_int_equal(inner.a, 5);
    assert_string_equal(inner.b.data, "x");
    coax_arena_deinit(&arena);
}

/* Splits a message into its entries, so that they can be shuffled. */
typedef struct entry {
    const uint8_t *at;
    size_t len;
} entry;

static size_t split_entries(coax_bytes message, entry *entries)
{
    coax_reader in;
    coax_reader_init(&in, message.data, message.len, NULL);
    size_t header = message.data[0] == 0xde ? 3 : 1;
    size_t n =
        header == 1 ? message.data[0] & 0x0fu : (size_t)(message.data[1] << 8 | message.data[2]);
    in.at += header;
    for (size_t i = 0; i < n; i++) {
        entries[i].at = in.at;
        (void)coax_read_any(&in);
        (void)coax_read_any(&in);
        entries[i].len = (size_t)(in.at - entries[i].at);
    }
    return n;
}

static void shuffled_messages_decode_to_the_same_value(void **state)
{
    test_random random = { 11 };
    (void)state;
    for (int round = 0; round < 200; round++) {
        coax_arena arena = COAX_ARENA_INIT;
        kinds_all value, back;
        entry entries[64];
        test_fill_all(&random, &arena, &value, 1);
        coax_bytes message = test_encode_all(&arena, &value);
        size_t n = split_entries(message, entries);
        uint8_t *shuffled = coax_arena_take(&arena, message.len, 1);
        size_t len = (size_t)(entries[0].at - message.data);
        memcpy(shuffled, message.data, len);
        for (size_t left = n; left > 0; left--) {
            size_t pick = test_below(&random, left);
            memcpy(shuffled + len, entries[pick].at, entries[pick].len);
            len += entries[pick].len;
            entries[pick] = entries[left - 1];
        }
        assert_int_equal(len, message.len);
        /* Not from in front of a guard page: bytes and any of the value are views into the message. */
        coax_reader in;
        coax_reader_init(&in, shuffled, len, &arena);
        kinds_all_decode(&in, &back);
        assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);
        coax_bytes again = test_encode_all(&arena, &back);
        assert_int_equal(again.len, message.len);
        assert_memory_equal(again.data, message.data, message.len);
        coax_arena_deinit(&arena);
    }
}

static void keys_of_every_integer_form_are_taken(void **state)
{
    static const char *const forms[] = { "\x01", "\xcc\x01", "\xd0\x01" };
    coax_arena arena = COAX_ARENA_INIT;
    kinds_inner inner;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        uint8_t message[8] = { 0x81 };
        size_t len = strlen(forms[i]);
        memcpy(message + 1, forms[i], len);
        message[1 + len] = 0x2a;
        assert_int_equal(decode_kinds_inner(message, 2 + len, &arena, &inner, NULL), COAX_OK);
        assert_int_equal(inner.a, 42);
    }
    assert_int_equal(decode_kinds_inner("\x81\xcf\0\0\0\0\0\0\0\x01\x2a", 11, &arena, &inner, NULL),
                     COAX_OK);
    assert_int_equal(decode_kinds_inner("\x81\xd3\0\0\0\0\0\0\0\x01\x2a", 11, &arena, &inner, NULL),
                     COAX_OK);
    coax_arena_deinit(&arena);
}

static void keys_that_are_no_field_ids_are_refused(void **state)
{
    (void)state;
    assert_string_equal(INNER_ERROR("\x81\xa1x\x05").text,
                        "expected a field id, found text, at byte 1");
    assert_string_equal(INNER_ERROR("\x81\xff\x05").text,
                        "the number does not fit 0 to 65535, at byte 1");
    assert_string_equal(INNER_ERROR("\x81\xce\0\x01\0\0\x05").text,
                        "the number does not fit 0 to 65535, at byte 1");
}

static void a_known_field_twice_is_refused(void **state)
{
    (void)state;
    assert_string_equal(INNER_ERROR("\x82\x01\x05\x01\x06").text,
                        "a: the field is there twice, at byte 4");
    assert_string_equal(INNER_ERROR("\x83\x01\x05\x02\xa0\x01\x06").text,
                        "a: the field is there twice, at byte 6");
    assert_string_equal(INNER_ERROR("\x83\x02\xa0\x01\x05\x02\xa0").text,
                        "b: the field is there twice, at byte 6");
    assert_string_equal(INNER_ERROR("\x82\x02\xc0\x02\xa0").text,
                        "b: the field is there twice, at byte 4");
}

static void an_unknown_field_twice_is_refused(void **state)
{
    (void)state;
    assert_string_equal(INNER_ERROR("\x83\x01\x05\x07\x00\x07\x00").text,
                        "#7: the field is there twice, at byte 6");
    assert_string_equal(INNER_ERROR("\x84\x07\x00\x01\x05\x09\x00\x07\x00").text,
                        "#7: the field is there twice, at byte 8");
}

static void unknown_fields_are_skipped_wherever_they_stand(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    kinds_inner inner;
    static const char message[] =
        "\x84\x09\x92\x01\x81\xa1k\xc0\x01\x05\x03\xc7\x02\x07zz\x02\xa1x";
    (void)state;
    assert_int_equal(decode_kinds_inner(message, sizeof message - 1, &arena, &inner, NULL),
                     COAX_OK);
    assert_int_equal(inner.a, 5);
    assert_string_equal(inner.b.data, "x");
    coax_arena_deinit(&arena);
}

/* 64 unknown ids may come in any order; more must ascend. */
static size_t put_unknown(uint8_t *message, unsigned n, bool ascends)
{
    size_t len = 3;
    message[0] = 0xde;
    message[1] = (uint8_t)((n + 1) >> 8);
    message[2] = (uint8_t)(n + 1);
    for (unsigned i = 0; i < n; i++) {
        unsigned id = 1000 + (ascends ? i : n - i);
        message[len++] = 0xcd;
        message[len++] = (uint8_t)(id >> 8);
        message[len++] = (uint8_t)id;
        message[len++] = 0xc0;
    }
    message[len++] = 0x01;
    message[len++] = 0x05;
    return len;
}

static void many_unknown_fields_are_taken_if_they_ascend(void **state)
{
    static uint8_t message[8192];
    coax_arena arena = COAX_ARENA_INIT;
    kinds_inner inner;
    coax_error error;
    (void)state;
    size_t len = put_unknown(message, 1000, true);
    assert_int_equal(decode_kinds_inner(message, len, &arena, &inner, NULL), COAX_OK);
    len = put_unknown(message, 64, false);
    assert_int_equal(decode_kinds_inner(message, len, &arena, &inner, NULL), COAX_OK);
    len = put_unknown(message, 65, false);
    assert_int_equal(decode_kinds_inner(message, len, &arena, &inner, &error),
                     COAX_ERR_BAD_MESSAGE);
    assert_non_null(strstr(error.text, "more than 64 unknown fields"));
    coax_arena_deinit(&arena);
}

static void nil_stands_for_an_absent_optional(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    kinds_inner inner;
    (void)state;
    assert_int_equal(decode_kinds_inner("\x82\x01\x05\x02\xc0", 5, &arena, &inner, NULL), COAX_OK);
    assert_null(inner.b.data);
    coax_arena_deinit(&arena);
}

static void nil_for_a_required_field_is_refused(void **state)
{
    (void)state;
    assert_string_equal(INNER_ERROR("\x81\x01\xc0").text,
                        "a: expected an integer, found nil, at byte 2");
}

static void an_absent_required_field_is_named(void **state)
{
    (void)state;
    assert_string_equal(INNER_ERROR("\x80").text, "a: required, but absent, at byte 1");
    assert_string_equal(INNER_ERROR("\x81\x02\xa1x").text, "a: required, but absent, at byte 4");
}

static void bytes_behind_the_message_are_refused(void **state)
{
    (void)state;
    assert_string_equal(INNER_ERROR("\x81\x01\x05\xc0").text,
                        "1 bytes are left over behind the message, at byte 3");
}

static void errors_name_the_path_and_the_byte(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    kinds_all all;
    coax_error error;
    (void)state;
    assert_int_equal(decode_kinds_all("\x81\x14\x81\x01\xa1x", 6, &arena, &all, &error),
                     COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text, "inner.a: expected an integer, found text, at byte 4");
    assert_int_equal(decode_kinds_all("\x81\xcd\x01\x2c\x81\x14\x80", 7, &arena, &all, &error),
                     COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text, "parent.inner.a: required, but absent, at byte 7");
    assert_int_equal(decode_kinds_all("\x81\x15\x81\x01\x80", 5, &arena, &all, &error),
                     COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text, "choice.inner.a: required, but absent, at byte 5");
    coax_arena_deinit(&arena);
}

static void a_long_error_is_cut_and_stays_terminated(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    uint8_t message[64 * 4 + 1];
    kinds_all all;
    coax_error error;
    (void)state;
    for (size_t i = 0; i < 60; i++)
        memcpy(message + 4 * i, "\x81\xcd\x01\x2c", 4);
    message[240] = 0xc3;
    assert_int_equal(decode_kinds_all(message, 241, &arena, &all, &error), COAX_ERR_BAD_MESSAGE);
    assert_true(strlen(error.text) < sizeof error.text);
    assert_non_null(strstr(error.text, "expected a map, found a bool"));
    coax_arena_deinit(&arena);
}

static void a_default_fills_an_absent_field(void **state)
{
    test_random random = { 5 };
    coax_arena arena = COAX_ARENA_INIT;
    kinds_all value, back;
    entry entries[64];
    (void)state;
    test_fill_all(&random, &arena, &value, 0);
    coax_bytes message = test_encode_all(&arena, &value);
    size_t n = split_entries(message, entries);
    /* The last two are retries and extras. */
    uint8_t *copy = coax_arena_take(&arena, message.len, 1);
    size_t len = (size_t)(entries[n - 2].at - message.data);
    memcpy(copy, message.data, len);
    copy[2] = (uint8_t)(copy[2] - 2);
    assert_int_equal(decode_kinds_all(copy, len, &arena, &back, NULL), COAX_OK);
    assert_int_equal(back.retries, 7);
    assert_int_equal(back.extras.count, 0);
    coax_arena_deinit(&arena);
}

static void a_union_has_exactly_one_entry(void **state)
{
    coax_arena arena = COAX_ARENA_INIT;
    kinds_choice choice;
    coax_error error;
    (void)state;
    assert_int_equal(decode_kinds_choice("\x80", 1, &arena, &choice, &error), COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text, "a union has exactly one entry, found 0, at byte 1");
    assert_int_equal(decode_kinds_choice("\x82\x02\x05\x03\xa0", 5, &arena, &choice, &error),
                     COAX_ERR_BAD_MESSAGE);
    assert_int_equal(decode_kinds_choice("\x81\x00\x05", 3, &arena, &choice, &error),
                     COAX_ERR_BAD_MESSAGE);
    assert_int_equal(decode_kinds_choice("\x81\x02\x05", 3, &arena, &choice, &error), COAX_OK);
    assert_int_equal(choice.kind, KINDS_CHOICE_NUMBER);
    assert_int_equal(choice.as.number, 5);
    coax_arena_deinit(&arena);
}

static void an_unknown_variant_of_an_open_union_survives(void **state)
{
    static const char message[] = "\x81\x09\x92\x01\x02";
    coax_arena arena = COAX_ARENA_INIT;
    kinds_choice choice;
    coax_writer out;
    uint8_t again[16];
    size_t len;
    coax_reader in;
    (void)state;
    coax_reader_init(&in, (const uint8_t *)message, sizeof message - 1, &arena);
    kinds_choice_decode(&in, &choice);
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);
    assert_int_equal((int)choice.kind, 9);
    coax_writer_init(&out, again, sizeof again);
    kinds_choice_encode(&out, &choice);
    assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
    assert_int_equal(len, sizeof message - 1);
    assert_memory_equal(again, message, len);
    coax_arena_deinit(&arena);
}

static void an_unknown_variant_of_a_strict_union_is_refused(void **state)
{
    coax_type strict = kinds_choice_type;
    coax_struct_scope scope;
    coax_reader in;
    coax_error error;
    (void)state;
    strict.is_strict = true;
    coax_reader_init(&in, (const uint8_t *)"\x81\x09\x05", 3, NULL);
    assert_int_equal(coax_read_union(&in, &scope, &strict), 9);
    assert_null(coax_read_unknown_variant(&in, &strict).data);
    coax_union_done(&in, &scope);
    assert_int_equal(coax_reader_finish(&in, &error), COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text,
                        "#9: kinds.Choice is strict and has no such variant, at byte 2");
}

static void strict_enums_and_flags_refuse_what_they_do_not_name(void **state)
{
    coax_reader in;
    coax_error error;
    (void)state;
    coax_reader_init(&in, NULL, 0, NULL);
    coax_expect_enum(&in, &kinds_side_type, 2);
    coax_expect_enum(&in, &kinds_rights_type, 3);
    assert_int_equal(coax_reader_finish(&in, &error), COAX_OK);
    coax_expect_enum(&in, &kinds_side_type, 3);
    assert_int_equal(coax_reader_finish(&in, &error), COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text,
                        "3 is a number that kinds.Side, which is strict, does not name, at byte 0");
    coax_reader_init(&in, NULL, 0, NULL);
    coax_expect_enum(&in, &kinds_rights_type, 4);
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_ERR_BAD_MESSAGE);
}

/* A type of 200 fields crosses the words of the seen set, and its ids one byte. */
static void a_type_of_many_fields_keeps_count_of_all(void **state)
{
    enum { N = 200 };
    static coax_field fields[N];
    static uint16_t ids[N];
    static uint64_t optional[4];
    coax_type type = { .name = "Many",
                       .kind = COAX_KIND_STRUCT,
                       .n_fields = N,
                       .fields = fields,
                       .ids = ids,
                       .optional = optional };
    uint8_t message[3 + N * 4];
    (void)state;
    for (uint16_t i = 0; i < N; i++) {
        ids[i] = (uint16_t)(i + 1);
        fields[i].name = "f";
        fields[i].id = ids[i];
    }
    for (int skipped = -1; skipped < N; skipped++) {
        coax_writer out;
        coax_reader in;
        coax_struct_scope scope;
        size_t len;
        coax_writer_init(&out, message, sizeof message);
        coax_write_map(&out, skipped < 0 ? N : N - 1);
        for (int i = 0; i < N; i++) {
            if (i != skipped)
                coax_write_u8_field(&out, (uint32_t)i + 1, (uint8_t)i);
        }
        assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
        coax_reader_init(&in, message, len, NULL);
        coax_read_struct(&in, &scope, &type);
        uint32_t n = 0;
        for (uint32_t id; coax_next_field(&in, &scope, &id); n++)
            assert_int_equal(coax_read_u8(&in), id - 1);
        assert_int_equal(n, skipped < 0 ? N : N - 1);
        for (uint32_t word = 0; word < 4; word++)
            coax_require_fields(&in, &scope, word, word < 3 ? UINT64_MAX : 0xffu);
        assert_int_equal(coax_reader_finish(&in, NULL),
                         skipped < 0 ? COAX_OK : COAX_ERR_BAD_MESSAGE);
    }
}

static void an_empty_struct_is_a_map_of_nothing(void **state)
{
    static const coax_type empty = { .name = "Empty", .kind = COAX_KIND_STRUCT };
    coax_struct_scope scope;
    coax_reader in;
    uint32_t id;
    (void)state;
    coax_reader_init(&in, (const uint8_t *)"\x80", 1, NULL);
    coax_read_struct(&in, &scope, &empty);
    assert_false(coax_next_field(&in, &scope, &id));
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);
    coax_reader_init(&in, (const uint8_t *)"\x81\x05\x06", 3, NULL);
    coax_read_struct(&in, &scope, &empty);
    assert_true(coax_next_field(&in, &scope, &id));
    coax_skip_field(&in);
    assert_false(coax_next_field(&in, &scope, &id));
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_in_any_order),
        cmocka_unit_test(shuffled_messages_decode_to_the_same_value),
        cmocka_unit_test(keys_of_every_integer_form_are_taken),
        cmocka_unit_test(keys_that_are_no_field_ids_are_refused),
        cmocka_unit_test(a_known_field_twice_is_refused),
        cmocka_unit_test(an_unknown_field_twice_is_refused),
        cmocka_unit_test(unknown_fields_are_skipped_wherever_they_stand),
        cmocka_unit_test(many_unknown_fields_are_taken_if_they_ascend),
        cmocka_unit_test(nil_stands_for_an_absent_optional),
        cmocka_unit_test(nil_for_a_required_field_is_refused),
        cmocka_unit_test(an_absent_required_field_is_named),
        cmocka_unit_test(bytes_behind_the_message_are_refused),
        cmocka_unit_test(errors_name_the_path_and_the_byte),
        cmocka_unit_test(a_long_error_is_cut_and_stays_terminated),
        cmocka_unit_test(a_default_fills_an_absent_field),
        cmocka_unit_test(a_union_has_exactly_one_entry),
        cmocka_unit_test(an_unknown_variant_of_an_open_union_survives),
        cmocka_unit_test(an_unknown_variant_of_a_strict_union_is_refused),
        cmocka_unit_test(strict_enums_and_flags_refuse_what_they_do_not_name),
        cmocka_unit_test(a_type_of_many_fields_keeps_count_of_all),
        cmocka_unit_test(an_empty_struct_is_a_map_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
