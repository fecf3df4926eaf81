/*
 * UTF-8 against a decoder written from the definition, on every short sequence and at every offset.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

/* Unicode 15, D92: decode the number, then see whether it is a scalar value in its shortest form. */
static size_t reference_sequence(const uint8_t *text, size_t len)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t want = text[0] < 0x80       ? 1
                  : text[0] >> 5 == 6  ? 2
                  : text[0] >> 4 == 14 ? 3
                  : text[0] >> 3 == 30 ? 4
                                       : 0;
    if (want == 0 || want > len)
        return 0;
    uint32_t number = want == 1 ? text[0] : text[0] & (0xffu >> (want + 1));
    for (size_t i = 1; i < want; i++) {
        if (text[i] >> 6 != 2)
            return 0;
        number = number << 6 | (text[i] & 0x3fu);
    }
    bool is_surrogate = number >= 0xd800 && number <= 0xdfff;
    return number >= least[want] && number <= 0x10ffff && !is_surrogate ? want : 0;
}

static size_t reference_prefix(const uint8_t *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        size_t sequence = reference_sequence(text + at, len - at);
        if (sequence == 0)
            break;
        at += sequence;
    }
    return at;
}

/* Four bytes cover every sequence: the lead from all bytes, the others from the edges of every range. */
static void every_sequence_is_judged_as_by_the_definition(void **state)
{
    static const uint8_t edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f,
                                     0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xff };
    enum { N = sizeof edges };
    (void)state;
    for (unsigned lead = 0; lead <= 0xff; lead++) {
        for (size_t i = 0; i < (size_t)N * N * N; i++) {
            const uint8_t text[] = { (uint8_t)lead, edges[i % N], edges[i / N % N],
                                     edges[i / N / N] };
            for (size_t len = 1; len <= 4; len++) {
                size_t prefix = reference_prefix(text, len);
                assert_int_equal(cx_utf8_valid_prefix(text, len), prefix);
                assert_int_equal(cx_utf8_valid(text, len), prefix == len);
            }
        }
    }
}

static void a_wrong_byte_is_found_at_every_place_of_long_text(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 40; len++) {
        uint8_t *text = malloc(len + 1); /* exact, so that a sanitizer sees a read past it */
        assert_non_null(text);
        memset(text, 'a', len);
        assert_true(cx_utf8_valid(text, len));
        assert_true(cx_utf8_is_ascii(text, len));
        for (size_t at = 0; at < len; at++) {
            text[at] = 0xff;
            assert_int_equal(cx_utf8_valid_prefix(text, len), at);
            assert_false(cx_utf8_is_ascii(text, len));
            text[at] = 'a';
        }
        free(text);
    }
}

static void characters_are_counted_and_not_bytes(void **state)
{
    static const uint8_t text[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80";
    (void)state;
    assert_int_equal(cx_utf8_count(text, sizeof text - 1), 4);
    assert_int_equal(cx_utf8_count(NULL, 0), 0);
    assert_true(cx_utf8_valid(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence_is_judged_as_by_the_definition),
        cmocka_unit_test(a_wrong_byte_is_found_at_every_place_of_long_text),
        cmocka_unit_test(characters_are_counted_and_not_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
