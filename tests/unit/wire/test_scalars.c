/*
 * Every scalar against msgpack-c: what one writes the other reads, in every width.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <msgpack.h>

#include "support.h"

enum { ROUNDS = 20000 };

/* Reads one value with msgpack-c, all of `len`. */
static msgpack_object unpack(msgpack_zone *zone, const uint8_t *data, size_t len)
{
    msgpack_object object;
    size_t offset = 0;
    assert_int_equal(msgpack_unpack((const char *)data, len, &offset, zone, &object),
                     MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(offset, len);
    return object;
}

typedef struct written {
    uint8_t bytes[64];
    size_t len;
} written;

#define WRITE(to, call)                                                                            \
    do {                                                                                           \
        coax_writer out;                                                                           \
        coax_writer_init(&out, (to)->bytes, sizeof(to)->bytes);                                    \
        call;                                                                                      \
        assert_int_equal(coax_writer_finish(&out, &(to)->len), COAX_OK);                           \
    } while (0)

/* Canonical is what msgpack-c packs too: shortest form, non-negative numbers as unsigned. */
static void assert_packs_alike(const written *ours, const msgpack_object *object)
{
    msgpack_sbuffer buffer;
    msgpack_packer packer;
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    msgpack_pack_object(&packer, *object);
    assert_int_equal(ours->len, buffer.size);
    assert_memory_equal(ours->bytes, buffer.data, buffer.size);
    msgpack_sbuffer_destroy(&buffer);
}

static void unsigned_numbers_are_written_as_msgpack_c_does(void **state)
{
    test_random random = { 1 };
    msgpack_zone zone;
    (void)state;
    msgpack_zone_init(&zone, 1024);
    for (int i = 0; i < ROUNDS; i++) {
        written is;
        uint64_t number = test_number(&random);
        WRITE(&is, coax_write_u64(&out, number));
        msgpack_object object = unpack(&zone, is.bytes, is.len);
        assert_int_equal(object.type, MSGPACK_OBJECT_POSITIVE_INTEGER);
        assert_true(object.via.u64 == number);
        assert_packs_alike(&is, &object);
    }
    msgpack_zone_destroy(&zone);
}

static int64_t random_signed(test_random *random)
{
    uint64_t number = test_number(random);
    return (int64_t)(test_below(random, 2) == 0 ? number : ~number);
}

static void signed_numbers_are_written_as_msgpack_c_does(void **state)
{
    test_random random = { 2 };
    msgpack_zone zone;
    (void)state;
    msgpack_zone_init(&zone, 1024);
    for (int i = 0; i < ROUNDS; i++) {
        written is;
        int64_t number = random_signed(&random);
        WRITE(&is, coax_write_i64(&out, number));
        msgpack_object object = unpack(&zone, is.bytes, is.len);
        assert_int_equal(object.type, number < 0 ? MSGPACK_OBJECT_NEGATIVE_INTEGER
                                                 : MSGPACK_OBJECT_POSITIVE_INTEGER);
        assert_true(object.via.i64 == number);
        assert_packs_alike(&is, &object);
    }
    msgpack_zone_destroy(&zone);
}

static void floats_are_written_in_their_own_width(void **state)
{
    test_random random = { 3 };
    msgpack_zone zone;
    (void)state;
    msgpack_zone_init(&zone, 1024);
    for (int i = 0; i < ROUNDS; i++) {
        written is;
        uint64_t bits = test_next(&random), back;
        double wide;
        memcpy(&wide, &bits, sizeof wide);
        WRITE(&is, coax_write_f64(&out, wide));
        assert_int_equal(is.len, 9);
        msgpack_object object = unpack(&zone, is.bytes, is.len);
        memcpy(&back, &object.via.f64, sizeof back);
        assert_true(back == bits);
        float narrow = (float)random_signed(&random);
        WRITE(&is, coax_write_f32(&out, narrow));
        assert_int_equal(is.len, 5);
        object = unpack(&zone, is.bytes, is.len);
        assert_true((float)object.via.f64 >= narrow && (float)object.via.f64 <= narrow);
    }
    msgpack_zone_destroy(&zone);
}

/* Puts `number` in the form with this tag (0xcc to 0xd3) and its width; false when it doesn't fit. */
static bool put_form(written *to, uint8_t tag, int64_t number, bool is_u64)
{
    unsigned width = 8u << (tag & 3u);
    bool is_signed = tag >= 0xd0;
    if (is_signed ? is_u64 : number < 0 && !is_u64)
        return false;
    if (is_signed && width < 64 &&
        (number < -((int64_t)1 << (width - 1)) || number >= (int64_t)1 << (width - 1)))
        return false;
    if (!is_signed && width < 64 && (is_u64 || number >= (int64_t)1 << width))
        return false;
    to->bytes[0] = tag;
    for (unsigned i = 0; i < width / 8; i++)
        to->bytes[1 + i] = (uint8_t)((uint64_t)number >> (width - 8 - 8 * i));
    to->len = 1 + width / 8;
    return true;
}

typedef struct read_of {
    coax_err err;
    int64_t number;
} read_of;

/* Reads with the reader of one C type, from in front of a guard page. */
#define READER(name)                                                                               \
    static read_of read_##name(const written *from)                                                \
    {                                                                                              \
        coax_reader in;                                                                            \
        test_guarded guarded = test_guard(from->bytes, from->len);                                 \
        coax_reader_init(&in, guarded.data, from->len, NULL);                                      \
        read_of is = { COAX_OK, (int64_t)coax_read_##name(&in) };                                  \
        is.err = coax_reader_finish(&in, NULL);                                                    \
        test_unguard(&guarded);                                                                    \
        return is;                                                                                 \
    }
READER(i8)
READER(i16)
READER(i32)
READER(i64)
READER(u8)
READER(u16)
READER(u32)
READER(u64)
READER(duration)

typedef struct integer_type {
    read_of (*read)(const written *from);
    int64_t min;
    uint64_t max;
} integer_type;

static const integer_type integer_types[] = {
    { read_i8, INT8_MIN, INT8_MAX },
    { read_i16, INT16_MIN, INT16_MAX },
    { read_i32, INT32_MIN, INT32_MAX },
    { read_i64, INT64_MIN, INT64_MAX },
    { read_u8, 0, UINT8_MAX },
    { read_u16, 0, UINT16_MAX },
    { read_u32, 0, UINT32_MAX },
    { read_u64, 0, UINT64_MAX },
    { read_duration, INT64_MIN, INT64_MAX },
};

static void assert_reads(const written *from, int64_t number, bool is_u64)
{
    for (size_t i = 0; i < sizeof integer_types / sizeof integer_types[0]; i++) {
        const integer_type *type = &integer_types[i];
        bool fits = is_u64 ? (uint64_t)number <= type->max
                           : number >= type->min && (number < 0 || (uint64_t)number <= type->max);
        read_of is = type->read(from);
        assert_int_equal(is.err, fits ? COAX_OK : COAX_ERR_BAD_MESSAGE);
        assert_true(is.number == (fits ? number : 0));
    }
}

static void integers_are_read_in_every_width_that_holds_them(void **state)
{
    test_random random = { 4 };
    (void)state;
    for (int i = 0; i < 600; i++) {
        int64_t number = random_signed(&random);
        for (unsigned tag = 0xcc; tag <= 0xd3; tag++) {
            written form;
            bool is_u64 = tag == 0xcf && number < 0; /* the same bits, as a number over INT64_MAX */
            if (put_form(&form, (uint8_t)tag, number, is_u64))
                assert_reads(&form, number, is_u64);
        }
    }
}

static void fix_forms_are_their_own_value(void **state)
{
    (void)state;
    for (int byte = 0; byte <= 0xff; byte++) {
        written form = { { (uint8_t)byte }, 1 };
        if (byte < 0x80 || byte >= 0xe0)
            assert_reads(&form, (int8_t)byte, false);
    }
}

#define READ_ONE(type, name, from, ret_err)                                                        \
    type read_value;                                                                               \
    do {                                                                                           \
        coax_reader reader_of_one;                                                                 \
        coax_reader_init(&reader_of_one, (from)->bytes, (from)->len, NULL);                        \
        read_value = coax_read_##name(&reader_of_one);                                             \
        *(ret_err) = coax_reader_finish(&reader_of_one, NULL);                                     \
    } while (0)

static void an_f32_takes_an_f64_only_of_the_same_value(void **state)
{
    static const struct {
        double wide;
        coax_err err;
    } cases[] = {
        { 1.5, COAX_OK },
        { -0.0, COAX_OK },
        { 0.1, COAX_ERR_BAD_MESSAGE },
        { 1e300, COAX_ERR_BAD_MESSAGE },
        { 16777216.0, COAX_OK },
        { 16777217.0, COAX_ERR_BAD_MESSAGE },
        { -1e300, COAX_ERR_BAD_MESSAGE },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        written is;
        coax_err err;
        WRITE(&is, coax_write_f64(&out, cases[i].wide));
        READ_ONE(float, f32, &is, &err);
        assert_int_equal(err, cases[i].err);
        if (err == COAX_OK)
            assert_true((double)read_value >= cases[i].wide && (double)read_value <= cases[i].wide);
    }
}

static void floats_that_are_not_finite_pass_between_widths(void **state)
{
    static const uint8_t forms[][9] = { { 0xcb, 0x7f, 0xf0 },
                                        { 0xcb, 0xff, 0xf0 },
                                        { 0xcb, 0x7f, 0xf8 } }; /* inf, -inf, NaN */
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        written is = { { 0 }, 9 };
        coax_err err;
        memcpy(is.bytes, forms[i], 9);
        READ_ONE(float, f32, &is, &err);
        assert_int_equal(err, COAX_OK);
        assert_false(read_value - read_value >= 0.0f);
    }
}

static void an_f64_takes_an_f32(void **state)
{
    written is;
    coax_err err;
    (void)state;
    WRITE(&is, coax_write_f32(&out, 2.5f));
    READ_ONE(double, f64, &is, &err);
    assert_int_equal(err, COAX_OK);
    assert_true(read_value >= 2.5 && read_value <= 2.5);
}

/* One sample of each family, and which readers may take it. */
static void scalars_refuse_every_other_family(void **state)
{
    static const struct {
        uint8_t bytes[12];
        size_t len;
        char family;
    } samples[] = { { { 0xc0 }, 1, 'n' },
                    { { 0xc3 }, 1, 'b' },
                    { { 0x05 }, 1, 'i' },
                    { { 0xca, 0, 0, 0, 0 }, 5, 'f' },
                    { { 0xa1, 'x' }, 2, 's' },
                    { { 0xc4, 1, 'x' }, 3, 'y' },
                    { { 0x90 }, 1, 'a' },
                    { { 0x80 }, 1, 'm' },
                    { { 0xd6, 0xff, 0, 0, 0, 0 }, 6, 't' },
                    { { 0xd4, 0x05, 0 }, 3, 'e' },
                    { { 0xc1 }, 1, 'r' } };
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        coax_arena arena = COAX_ARENA_INIT;
        coax_reader in;
        for (int reader = 0; reader < 7; reader++) {
            char takes = "bifsyt*"[reader];
            coax_reader_init(&in, samples[i].bytes, samples[i].len, &arena);
            switch (takes) {
            case 'b': (void)coax_read_bool(&in); break;
            case 'i': (void)coax_read_i32(&in); break;
            case 'f': (void)coax_read_f64(&in); break;
            case 's': (void)coax_read_str(&in); break;
            case 'y': (void)coax_read_bytes(&in); break;
            case 't': (void)coax_read_timestamp(&in); break;
            default: (void)coax_read_any(&in); break;
            }
            bool fits = takes == '*' ? samples[i].family != 'r' : takes == samples[i].family;
            assert_int_equal(coax_reader_finish(&in, NULL), fits ? COAX_OK : COAX_ERR_BAD_MESSAGE);
        }
        coax_arena_deinit(&arena);
    }
}

static void text_and_bytes_of_every_header_go_through_msgpack_c(void **state)
{
    static const size_t lens[] = { 0,  1,  3,  7,   8,   15,    16,    17,
                                   31, 32, 33, 255, 256, 65535, 65536, 70000 };
    uint8_t *buffer = malloc(80000);
    char *text = malloc(80000);
    (void)state;
    memset(text, 'a', 80000);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        coax_arena arena = COAX_ARENA_INIT;
        msgpack_zone zone;
        coax_writer out;
        coax_reader in;
        size_t len;
        coax_str str = { text, lens[i] };
        coax_bytes bytes = { (const uint8_t *)text, lens[i] };
        msgpack_zone_init(&zone, 1024);
        coax_writer_init(&out, buffer, 80000);
        coax_write_str(&out, str);
        assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
        msgpack_object object = unpack(&zone, buffer, len);
        assert_int_equal(object.type, MSGPACK_OBJECT_STR);
        assert_int_equal(object.via.str.size, lens[i]);
        coax_reader_init(&in, buffer, len, &arena);
        coax_str back = coax_read_str(&in);
        assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);
        assert_true(coax_str_equal(back, str));
        assert_int_equal(back.data[back.len], '\0');
        coax_writer_init(&out, buffer, 80000);
        coax_write_bytes(&out, bytes);
        assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
        object = unpack(&zone, buffer, len);
        assert_int_equal(object.type, MSGPACK_OBJECT_BIN);
        assert_int_equal(object.via.bin.size, lens[i]);
        msgpack_zone_destroy(&zone);
        coax_arena_deinit(&arena);
    }
    free(buffer);
    free(text);
}

static void text_that_is_not_utf8_is_refused_where_it_goes_wrong(void **state)
{
    static const uint8_t message[] = { 0xa5, 'a', 'b', 0xc3, 0x28, 'c' };
    coax_arena arena = COAX_ARENA_INIT;
    coax_reader in;
    coax_error error;
    (void)state;
    coax_reader_init(&in, message, sizeof message, &arena);
    coax_str text = coax_read_str(&in);
    assert_null(text.data);
    assert_int_equal(coax_reader_finish(&in, &error), COAX_ERR_BAD_MESSAGE);
    assert_string_equal(error.text, "the text is not UTF-8, at byte 3");
    coax_arena_deinit(&arena);
}

static void timestamps_take_the_shortest_form_and_come_back(void **state)
{
    static const struct {
        coax_timestamp time;
        size_t len;
    } cases[] = { { { 0, 0 }, 6 },
                  { { UINT32_MAX, 0 }, 6 },
                  { { (int64_t)UINT32_MAX + 1, 0 }, 10 },
                  { { 1, 1 }, 10 },
                  { { 0x3ffffffff, 999999999 }, 10 },
                  { { 0x400000000, 0 }, 15 },
                  { { -1, 0 }, 15 },
                  { { INT64_MIN, 999999999 }, 15 } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        written is;
        coax_err err;
        WRITE(&is, coax_write_timestamp(&out, cases[i].time));
        assert_int_equal(is.len, cases[i].len);
        READ_ONE(coax_timestamp, timestamp, &is, &err);
        assert_int_equal(err, COAX_OK);
        assert_true(read_value.seconds == cases[i].time.seconds);
        assert_int_equal(read_value.nanoseconds, cases[i].time.nanoseconds);
    }
}

static void timestamps_with_too_many_nanoseconds_are_refused_both_ways(void **state)
{
    static const uint8_t message[] = { 0xc7, 12, 0xff, 0x3b, 0x9a, 0xca, 0x00, 0,
                                       0,    0,  0,    0,    0,    0,    0 };
    uint8_t room[16];
    coax_writer out;
    coax_reader in;
    coax_timestamp time = { 0, 1000000000 };
    (void)state;
    coax_writer_init(&out, room, sizeof room);
    coax_write_timestamp(&out, time);
    assert_int_equal(coax_writer_finish(&out, NULL), COAX_ERR_INVALID_ARGUMENT);
    coax_reader_init(&in, message, sizeof message, NULL);
    (void)coax_read_timestamp(&in);
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_ERR_BAD_MESSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsigned_numbers_are_written_as_msgpack_c_does),
        cmocka_unit_test(signed_numbers_are_written_as_msgpack_c_does),
        cmocka_unit_test(floats_are_written_in_their_own_width),
        cmocka_unit_test(integers_are_read_in_every_width_that_holds_them),
        cmocka_unit_test(fix_forms_are_their_own_value),
        cmocka_unit_test(an_f32_takes_an_f64_only_of_the_same_value),
        cmocka_unit_test(floats_that_are_not_finite_pass_between_widths),
        cmocka_unit_test(an_f64_takes_an_f32),
        cmocka_unit_test(scalars_refuse_every_other_family),
        cmocka_unit_test(text_and_bytes_of_every_header_go_through_msgpack_c),
        cmocka_unit_test(text_that_is_not_utf8_is_refused_where_it_goes_wrong),
        cmocka_unit_test(timestamps_take_the_shortest_form_and_come_back),
        cmocka_unit_test(timestamps_with_too_many_nanoseconds_are_refused_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
