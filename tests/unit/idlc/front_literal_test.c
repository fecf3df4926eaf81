/* Numbers, units and escapes. */
#include "front_support.h"

#include "front/literal.h"
#include "front/utf8.h"

#include <string.h>

static idl_ast_value read_number(const char *text, idl_number_error wanted)
{
    idl_ast_value value;
    size_t unit_at;
    assert_int_equal(idl_number_parse(text, strlen(text), &value, &unit_at), wanted);
    return value;
}

static void assert_integer(const char *text, uint64_t wanted)
{
    idl_ast_value value = read_number(text, IDL_NUMBER_OK);
    assert_int_equal(value.kind, IDL_AST_VALUE_INTEGER);
    assert_true(value.magnitude == wanted);
}

static void assert_duration(const char *text, uint64_t wanted)
{
    idl_ast_value value = read_number(text, IDL_NUMBER_OK);
    assert_int_equal(value.kind, IDL_AST_VALUE_DURATION);
    assert_true(value.magnitude == wanted);
}

static void assert_float(const char *text, double wanted)
{
    idl_ast_value value = read_number(text, IDL_NUMBER_OK);
    assert_int_equal(value.kind, IDL_AST_VALUE_FLOAT);
    assert_true(value.number == wanted);
}

static void integers_are_decimal_hexadecimal_or_binary(void **state)
{
    (void)state;
    assert_integer("0", 0);
    assert_integer("1_000_000", 1000000);
    assert_integer("0xfF", 255);
    assert_integer("0b1_01", 5);
    assert_integer("18446744073709551615", UINT64_MAX);
    assert_integer("0xffffffffffffffff", UINT64_MAX);
}

static void sizes_are_powers_of_two(void **state)
{
    (void)state;
    assert_integer("4KiB", 4096);
    assert_integer("1.5MiB", 1572864);
    assert_integer("2GiB", (uint64_t)1 << 31);
    assert_integer("0.5KiB", 512);
}

static void durations_are_whole_nanoseconds(void **state)
{
    (void)state;
    assert_duration("7ns", 7);
    assert_duration("1.5us", 1500);
    assert_duration("0.000001s", 1000);
    assert_duration("5s", 5000000000u);
    assert_duration("90min", UINT64_C(5400000000000));
    assert_duration("2.5h", UINT64_C(9000000000000));
    assert_duration("0.00000000025h", 900);
    assert_duration("1.0ns", 1);
}

static void floats_have_a_fraction_or_an_exponent(void **state)
{
    (void)state;
    assert_float("1.5", 1.5);
    assert_float("1e9", 1e9);
    assert_float("2.5e-3", 2.5e-3);
    assert_float("1_0.2_5", 10.25);
    assert_float("99999999999999999999.0", 1e20);
}

static void what_is_no_number_says_why(void **state)
{
    (void)state;
    read_number("1__0", IDL_NUMBER_MALFORMED);
    read_number("1_", IDL_NUMBER_MALFORMED);
    read_number("0x", IDL_NUMBER_MALFORMED);
    read_number("0b12", IDL_NUMBER_MALFORMED);
    read_number("0xfg", IDL_NUMBER_MALFORMED);
    read_number("18446744073709551616", IDL_NUMBER_TOO_LARGE);
    read_number("18446744073709551616s", IDL_NUMBER_TOO_LARGE);
    read_number("20000000000GiB", IDL_NUMBER_TOO_LARGE);
    read_number("6000000h", IDL_NUMBER_TOO_LARGE);
    read_number("1e999", IDL_NUMBER_TOO_LARGE);
    read_number("0.5ns", IDL_NUMBER_NOT_WHOLE);
    read_number("0.3KiB", IDL_NUMBER_NOT_WHOLE);
    read_number("5sec", IDL_NUMBER_BAD_UNIT);
    read_number("5kb", IDL_NUMBER_BAD_UNIT);
    read_number("1e", IDL_NUMBER_BAD_UNIT);
}

static void escapes_that_are_none_take_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = { "\\",    "\\q",          "\\x1",      "\\xg0", "\\u{}",
                                         "\\u{1", "\\u{1234567}", "\\u{d800}", "\\u1" };
    char out[4];
    size_t n_out;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(idl_escape_parse(wrong[i], strlen(wrong[i]), out, &n_out), 0);
    assert_int_equal(idl_escape_parse("\\u{41}", 6, out, &n_out), 6);
    assert_int_equal(n_out, 1);
    assert_int_equal(out[0], 'A');
}

static void characters_are_strict_utf8(void **state)
{
    (void)state;
    static const char *const wrong[] = { "\x80",
                                         "\xC1\x81",
                                         "\xE0\x9F\x80",
                                         "\xED\xA0\x80",
                                         "\xF0\x8F\x80\x80",
                                         "\xF4\x90\x80\x80",
                                         "\xF5\x80\x80\x80",
                                         "\xE2\x82",
                                         "\xE2\x82\x28" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(idl_utf8_length(wrong[i], strlen(wrong[i])), 0);
    static const char *const right[] = { "a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80" };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        assert_int_equal(idl_utf8_length(right[i], strlen(right[i])), i + 1);
    assert_int_equal(idl_utf8_width("\xF0\x9F\x98\x80", 4), 2);
    assert_int_equal(idl_utf8_width("\xCC\x81", 2), 0);
    assert_int_equal(idl_utf8_width("\xff", 1), 1);
}

static const idl_ast_string *string_of(bed *b, const char *name)
{
    const idl_ast_value *value = bed_decl(b, name)->value;
    assert_int_equal(value->kind, IDL_AST_VALUE_STRING);
    return &value->string;
}

static void escapes_are_decoded(void **state)
{
    (void)state;
    bed *b = bed_parse("const string s = \"a\\n\\t\\r\\\\\\\"\\x41\\u{e4}\\u{1F600}\";\n"
                       "const bytes b = \"\\xff\\x00z\";\n");
    assert_string_equal(bed_found(b), "");
    const idl_ast_string *text = string_of(b, "s");
    assert_string_equal(text->text, "a\n\t\r\\\"A\xC3\xA4\xF0\x9F\x98\x80");
    assert_true(text->is_utf8);
    const idl_ast_string *bytes = string_of(b, "b");
    assert_int_equal(bytes->len, 3);
    assert_memory_equal(bytes->text, "\xff\0z", 3);
    assert_false(bytes->is_utf8);
    bed_done(b);
}

static void assert_points_at(bed *b, uint32_t from, uint32_t to, const char *wanted)
{
    const idl_ast_string *string = string_of(b, "s");
    idl_span span = idl_string_span(&b->sources, string, from, to);
    const char *text = b->sources.items[0]->text;
    assert_int_equal(span.end - span.start, strlen(wanted));
    assert_memory_equal(text + span.start, wanted, strlen(wanted));
}

static void a_place_in_a_decoded_string_leads_back_into_the_literal(void **state)
{
    (void)state;
    bed *b = bed_parse("const string s = \"from \\\"\\u{e4}\\x21 to\";\n");
    assert_points_at(b, 0, 4, "from");
    assert_points_at(b, 5, 6, "\\\"");
    assert_points_at(b, 6, 8, "\\u{e4}");
    assert_points_at(b, 8, 9, "\\x21");
    assert_points_at(b, 10, 12, "to");
    assert_points_at(b, 12, 12, "");
    bed_done(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_decimal_hexadecimal_or_binary),
        cmocka_unit_test(sizes_are_powers_of_two),
        cmocka_unit_test(durations_are_whole_nanoseconds),
        cmocka_unit_test(floats_have_a_fraction_or_an_exponent),
        cmocka_unit_test(what_is_no_number_says_why),
        cmocka_unit_test(escapes_that_are_none_take_nothing),
        cmocka_unit_test(characters_are_strict_utf8),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(a_place_in_a_decoded_string_leads_back_into_the_literal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
