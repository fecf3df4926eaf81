/*
 * kawanet/msgpack-test-suite: values with every MessagePack encoding of them. Each encoding must read as its value, every
 * prefix must be refused, and what is written for the value must be among the encodings and the shortest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <coax/reader.h>
#include <coax/writer.h>

#include "json.h"

enum { ROOM = 256 };

typedef struct sample {
    uint8_t bytes[ROOM];
    size_t len;
} sample;

/* "d1-ff-00" */
static sample from_hex(const char *text)
{
    sample is = { { 0 }, 0 };
    for (char *end; *text != '\0'; text = *end == '-' ? end + 1 : end) {
        assert_true(is.len < ROOM);
        is.bytes[is.len++] = (uint8_t)strtoul(text, &end, 16);
    }
    return is;
}

/* Reads whatever `value` is; fails the test when something else is there. */
static void read_value(coax_reader *in, const json *value)
{
    size_t count;
    switch (value->kind) {
    case JSON_NULL: assert_int_equal(coax_read_any(in).data[0], 0xc0); break;
    case JSON_BOOL: assert_int_equal(coax_read_bool(in), value->truth); break;
    case JSON_STRING: assert_string_equal(coax_read_str(in).data, value->text); break;
    case JSON_NUMBER:
        if (in->at < in->end && (*in->at == 0xca || *in->at == 0xcb))
            assert_true(coax_read_f64(in) - strtod(value->text, NULL) == 0.0);
        else if (value->text[0] == '-')
            assert_true(coax_read_i64(in) == strtoll(value->text, NULL, 10));
        else
            assert_true(coax_read_u64(in) == strtoull(value->text, NULL, 10));
        break;
    case JSON_ARRAY:
        assert_non_null(coax_read_list(in, 1, 1, &count));
        assert_int_equal(count, value->count);
        for (size_t i = 0; i < count; i++)
            read_value(in, &value->items[i]);
        coax_list_done(in);
        break;
    case JSON_OBJECT:
        assert_non_null(coax_read_map(in, 1, 1, &count));
        assert_int_equal(count, value->count);
        for (size_t i = 0; i < count; i++) {
            assert_string_equal(coax_read_str(in).data, value->items[i].key);
            read_value(in, &value->items[i]);
        }
        coax_list_done(in);
        break;
    }
}

static void write_value(coax_writer *out, const json *value)
{
    switch (value->kind) {
    case JSON_NULL: coax_write_nil(out); break;
    case JSON_BOOL: coax_write_bool(out, value->truth); break;
    case JSON_STRING: coax_write_str(out, coax_str_from(value->text)); break;
    case JSON_NUMBER:
        if (value->text[0] == '-')
            coax_write_i64(out, strtoll(value->text, NULL, 10));
        else
            coax_write_u64(out, strtoull(value->text, NULL, 10));
        break;
    case JSON_ARRAY:
        coax_write_list(out, value->count);
        for (size_t i = 0; i < value->count; i++)
            write_value(out, &value->items[i]);
        break;
    case JSON_OBJECT:
        coax_write_map(out, (uint32_t)value->count);
        for (size_t i = 0; i < value->count; i++) {
            coax_write_str(out, coax_str_from(value->items[i].key));
            write_value(out, &value->items[i]);
        }
        break;
    }
}

static void read_binary(coax_reader *in, const json *value)
{
    sample expected = from_hex(value->text);
    coax_bytes bytes = coax_read_bytes(in);
    assert_non_null(bytes.data);
    assert_int_equal(bytes.len, expected.len);
    assert_memory_equal(bytes.data, expected.bytes, expected.len);
}

/* No field has an extension of its own, but every value may be skipped or kept as an any. */
static void read_ext(coax_reader *in, const json *value)
{
    sample body = from_hex(value->items[1].text);
    coax_any any = coax_read_any(in);
    assert_true(any.len > body.len);
    assert_int_equal(any.data[any.len - body.len - 1], strtol(value->items[0].text, NULL, 10));
    assert_memory_equal(any.data + any.len - body.len, body.bytes, body.len);
}

/* What the case is about: its member that isn't the encodings. */
static const json *subject_of(const json *vector)
{
    const json *exact = json_member(vector, "bignum");
    for (size_t i = 0; i < vector->count && exact == NULL; i++) {
        if (strcmp(vector->items[i].key, "msgpack") != 0)
            exact = &vector->items[i];
    }
    assert_non_null(exact);
    return exact;
}

static void check_encoding(const json *subject, const sample *encoding)
{
    coax_arena arena = COAX_ARENA_INIT;
    coax_reader in;
    json number = *subject;
    coax_reader_init(&in, encoding->bytes, encoding->len, &arena);
    if (strcmp(subject->key, "binary") == 0) {
        read_binary(&in, subject);
    } else if (strcmp(subject->key, "ext") == 0) {
        read_ext(&in, subject);
    } else {
        if (strcmp(subject->key, "bignum") == 0)
            number.kind = JSON_NUMBER; /* text, because JSON's numbers are doubles to many */
        read_value(&in, &number);
    }
    assert_int_equal(coax_reader_finish(&in, NULL), COAX_OK);
    for (size_t len = 0; len < encoding->len; len++) {
        coax_reader_init(&in, encoding->bytes, len, &arena);
        assert_null(coax_read_any(&in).data);
        assert_int_equal(coax_reader_finish(&in, NULL), COAX_ERR_BAD_MESSAGE);
    }
    coax_arena_deinit(&arena);
}

static void check_writing(const json *subject, const json *encodings)
{
    coax_writer out;
    uint8_t room[ROOM];
    size_t len, shortest = SIZE_MAX;
    bool is_among = false;
    json value = *subject;
    sample bytes;
    coax_writer_init(&out, room, sizeof room);
    if (strcmp(subject->key, "ext") == 0)
        return;
    if (strcmp(subject->key, "binary") == 0) {
        bytes = from_hex(subject->text);
        coax_write_fixed(&out, bytes.bytes, bytes.len);
    } else {
        if (strcmp(subject->key, "bignum") == 0)
            value.kind = JSON_NUMBER;
        write_value(&out, &value);
    }
    assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
    for (size_t i = 0; i < encodings->count; i++) {
        sample encoding = from_hex(encodings->items[i].text);
        bool is_float = encoding.bytes[0] == 0xca ||
                        encoding.bytes[0] == 0xcb; /* never written for an integer */
        shortest = !is_float && encoding.len < shortest ? encoding.len : shortest;
        is_among = is_among || (encoding.len == len && memcmp(encoding.bytes, room, len) == 0);
    }
    assert_true(len <= shortest);
    /* The suite leaves some unsigned forms out; those are written in as many bytes. */
    assert_true(is_among || strcmp(subject->key, "bignum") == 0);
}

static void every_encoding_of_the_suite_reads_as_its_value(void **state)
{
    json *suite = json_read_file(COAX_VECTORS_DIR "/msgpack.json");
    size_t n_cases = 0;
    (void)state;
    if (suite == NULL) {
        print_message("skipped: " COAX_VECTORS_DIR "/msgpack.json is not there\n");
        skip();
    }
    for (size_t group = 0; group < suite->count; group++) {
        for (size_t i = 0; i < suite->items[group].count; i++) {
            const json *vector = &suite->items[group].items[i];
            const json *encodings = json_member(vector, "msgpack");
            assert_non_null(encodings);
            for (size_t k = 0; k < encodings->count; k++, n_cases++) {
                sample encoding = from_hex(encodings->items[k].text);
                check_encoding(subject_of(vector), &encoding);
            }
            check_writing(subject_of(vector), encodings);
        }
    }
    assert_true(n_cases > 100);
    json_free(suite);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        every_encoding_of_the_suite_reads_as_its_value) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
