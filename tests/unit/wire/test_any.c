/*
 * any through msgpack-c: what is refused before msgpack-c sees it, what comes back, and the text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <coax/any.h>

#include "support.h"

static coax_any any_of(const void *bytes, size_t len)
{
    coax_any any = { bytes, len };
    return any;
}

#define ANY(literal) any_of("" literal, sizeof(literal) - 1)

static coax_err try_read(coax_any any, const coax_any_limits *limits, coax_error *error)
{
    msgpack_zone zone;
    msgpack_object object;
    msgpack_zone_init(&zone, 1024);
    coax_err err = coax_any_read(any, limits, &zone, &object, error);
    msgpack_zone_destroy(&zone);
    return err;
}

static void a_value_becomes_objects(void **state)
{
    msgpack_zone zone;
    msgpack_object object;
    (void)state;
    msgpack_zone_init(&zone, 1024);
    assert_int_equal(coax_any_read(ANY("\x92\x05\xa1x"), NULL, &zone, &object, NULL), COAX_OK);
    assert_int_equal(object.type, MSGPACK_OBJECT_ARRAY);
    assert_int_equal(object.via.array.size, 2);
    assert_int_equal(object.via.array.ptr[0].via.u64, 5);
    assert_memory_equal(object.via.array.ptr[1].via.str.ptr, "x", 1);
    msgpack_zone_destroy(&zone);
}

static void counts_that_are_not_true_never_reach_msgpack_c(void **state)
{
    coax_error error;
    (void)state;
    assert_int_equal(try_read(ANY("\xdd\xff\0\0\0"), NULL, &error), COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text,
                        "the any ends inside a value, or declares more than it holds, at byte 0");
    assert_int_equal(try_read(ANY("\xdf\xff\xff\xff\xff"), NULL, NULL), COAX_ERR_BAD_MESSAGE);
    assert_int_equal(try_read(ANY("\x91\xdb\xff\xff\xff\xff"), NULL, NULL), COAX_ERR_BAD_MESSAGE);
}

static void what_is_not_one_whole_value_is_refused(void **state)
{
    coax_any absent = { NULL, 0 };
    (void)state;
    assert_int_equal(try_read(absent, NULL, NULL), COAX_ERR_BAD_MESSAGE);
    assert_int_equal(try_read(ANY("\x01\x02"), NULL, NULL), COAX_ERR_BAD_MESSAGE);
    assert_int_equal(try_read(ANY("\x92\x01"), NULL, NULL), COAX_ERR_BAD_MESSAGE);
    assert_int_equal(try_read(ANY("\xc1"), NULL, NULL), COAX_ERR_BAD_MESSAGE);
}

static void depth_is_limited_to_what_msgpack_c_reads(void **state)
{
    uint8_t nested[64];
    coax_any_limits too_wide = { COAX_ANY_DEPTH_MAX + 1, 100 }, three = { 3, 100 };
    (void)state;
    memset(nested, 0x91, sizeof nested);
    for (size_t depth = 1; depth < 60; depth++) {
        nested[depth] = 0xc0;
        assert_int_equal(try_read(any_of(nested, depth + 1), NULL, NULL),
                         depth <= COAX_ANY_DEPTH_MAX ? COAX_OK : COAX_ERR_TOO_DEEP);
        assert_int_equal(try_read(any_of(nested, depth + 1), &three, NULL),
                         depth <= 3 ? COAX_OK : COAX_ERR_TOO_DEEP);
        nested[depth] = 0x91;
    }
    assert_int_equal(try_read(ANY("\xc0"), &too_wide, NULL), COAX_ERR_BAD_OPTION);
}

static void the_number_of_values_is_limited(void **state)
{
    coax_any_limits three = { 8, 3 };
    coax_error error;
    (void)state;
    assert_int_equal(try_read(ANY("\x92\x01\x02"), &three, NULL), COAX_OK);
    assert_int_equal(try_read(ANY("\x93\x01\x02\x03"), &three, &error), COAX_ERR_TOO_LARGE);
    assert_string_equal(error.text, "the any holds more values than the limit of 3");
}

static void an_object_becomes_a_value_again(void **state)
{
    static const char *const samples[] = { "\xc0", "\xc3", "\x2a", "\xff",
                                           "\x93\x01\xa1x\x81\x05\xc2" };
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        coax_any any = any_of(samples[i], strlen(samples[i])), back;
        coax_arena arena = COAX_ARENA_INIT;
        msgpack_zone zone;
        msgpack_object object;
        msgpack_zone_init(&zone, 1024);
        assert_int_equal(coax_any_read(any, NULL, &zone, &object, NULL), COAX_OK);
        assert_int_equal(coax_any_make(&object, &arena, &back, NULL), COAX_OK);
        assert_int_equal(back.len, any.len);
        assert_memory_equal(back.data, any.data, any.len);
        msgpack_zone_destroy(&zone);
        coax_arena_deinit(&arena);
    }
}

static void making_one_keeps_to_the_arenas_limit_and_to_depth(void **state)
{
    coax_arena arena;
    coax_any any;
    coax_error error;
    msgpack_object chain[COAX_ANY_DEPTH_MAX + 2];
    msgpack_object text = { .type = MSGPACK_OBJECT_STR };
    (void)state;
    text.via.str.ptr = "0123456789012345678901234567890123456789";
    text.via.str.size = 40;
    coax_arena_init(&arena, NULL, 32);
    assert_int_equal(coax_any_make(&text, &arena, &any, &error), COAX_ERR_TOO_LARGE);
    assert_string_equal(error.text, "42 bytes do not fit the arena's limit of 32");
    for (size_t i = 0; i < COAX_ANY_DEPTH_MAX + 2; i++) {
        chain[i].type = MSGPACK_OBJECT_ARRAY;
        chain[i].via.array.ptr = &chain[i + 1];
        chain[i].via.array.size = i == COAX_ANY_DEPTH_MAX + 1 ? 0 : 1;
    }
    assert_int_equal(coax_any_make(chain, &arena, &any, NULL), COAX_ERR_TOO_DEEP);
    coax_arena_deinit(&arena);
}

static void a_packers_buffer_must_hold_one_value(void **state)
{
    msgpack_sbuffer buffer;
    msgpack_packer packer;
    coax_any any;
    (void)state;
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    assert_int_equal(coax_any_from_buffer(&buffer, &any, NULL), COAX_ERR_BAD_MESSAGE);
    msgpack_pack_int(&packer, 5);
    assert_int_equal(coax_any_from_buffer(&buffer, &any, NULL), COAX_OK);
    assert_int_equal(any.len, 1);
    msgpack_pack_int(&packer, 6);
    assert_int_equal(coax_any_from_buffer(&buffer, &any, NULL), COAX_ERR_BAD_MESSAGE);
    msgpack_sbuffer_destroy(&buffer);
}

static void assert_text(coax_any any, const char *expected)
{
    char text[256];
    assert_int_equal(coax_any_text(any, text, sizeof text), strlen(expected));
    assert_string_equal(text, expected);
}

static void a_value_prints_as_json_where_it_can(void **state)
{
    (void)state;
    assert_text(ANY("\xc0"), "null");
    assert_text(ANY("\x93\xc2\xc3\xd0\x80"), "[false,true,-128]");
    assert_text(ANY("\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a"), "0.1");
    assert_text(ANY("\xcb\x7f\xf8\0\0\0\0\0\0"), "null");
    assert_text(ANY("\xa4\x22\x5c\x0a\x01"), "\"\\\"\\\\\\n\\u0001\"");
    assert_text(ANY("\xa3\x61\xff\x62"), "\"a\xef\xbf\xbd\x62\"");
    assert_text(ANY("\xc4\x02\xab\xcd"), "\"base16:abcd\"");
    assert_text(ANY("\x82\xa1k\x01\x05\x90"), "{\"k\":1,\"5\":[]}");
    assert_text(ANY("\x81\x90\x01"), "{\"...\":1}");
    assert_text(ANY("\xd6\xff\0\0\0\x05"), "{\"seconds\":5,\"nanoseconds\":0}");
    assert_text(ANY("\xd7\xff\0\0\0\x04\0\0\0\x05"), "{\"seconds\":5,\"nanoseconds\":1}");
    assert_text(ANY("\xc7\x0c\xff\0\0\0\x01\xff\xff\xff\xff\xff\xff\xff\xff"),
                "{\"seconds\":-1,\"nanoseconds\":1}");
    assert_text(ANY("\xd4\x05\x7f"), "{\"ext\":5,\"data\":\"base16:7f\"}");
    assert_text(ANY("\x92\x01"), "");
}

static void text_is_cut_between_characters(void **state)
{
    char text[8];
    (void)state;
    /* "aaaaa and a euro sign: the quote and five letters leave one byte, which would split it. */
    assert_int_equal(coax_any_text(ANY("\xa8\x61\x61\x61\x61\x61\xe2\x82\xac"), text, sizeof text),
                     10);
    assert_string_equal(text, "\"aaaaa");
    assert_int_equal(coax_any_text(ANY("\xa1x"), NULL, 0), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_becomes_objects),
        cmocka_unit_test(counts_that_are_not_true_never_reach_msgpack_c),
        cmocka_unit_test(what_is_not_one_whole_value_is_refused),
        cmocka_unit_test(depth_is_limited_to_what_msgpack_c_reads),
        cmocka_unit_test(the_number_of_values_is_limited),
        cmocka_unit_test(an_object_becomes_a_value_again),
        cmocka_unit_test(making_one_keeps_to_the_arenas_limit_and_to_depth),
        cmocka_unit_test(a_packers_buffer_must_hold_one_value),
        cmocka_unit_test(a_value_prints_as_json_where_it_can),
        cmocka_unit_test(text_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
