/*
 * The preface: written, read back in any split, and everything else by its name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "secure/preface.h"

static void assert_refused(const void *bytes, size_t len, coax_err code, const char *words)
{
    cx_preface preface;
    coax_error why = COAX_ERROR_INIT;
    assert_int_equal(cx_preface_parse(bytes, len, &preface, &why), code);
    assert_int_equal(why.code, code);
    if (strstr(why.text, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, why.text);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const cx_preface written[] = {
        { CX_SECURITY_NONE, 0, 0 },
        { CX_SECURITY_NOISE, 1, 1 },
        { CX_SECURITY_NOISE, 3, 2 },
        { CX_SECURITY_NOISE, 15, 15 },
    };
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        uint8_t bytes[CX_PREFACE_LEN];
        cx_preface read;
        cx_preface_print(&written[i], bytes);
        assert_int_equal(cx_preface_parse(bytes, sizeof bytes, &read, NULL), COAX_OK);
        assert_memory_equal(&read, &written[i], sizeof read);
    }
}

static void the_bytes_are_those_of_the_specification(void **state)
{
    (void)state;
    uint8_t bytes[CX_PREFACE_LEN];
    cx_preface_print(&(cx_preface){ CX_SECURITY_NOISE, 3, 1 }, bytes);
    assert_memory_equal(bytes, "COAX\1\1\x31\0", 8);
    cx_preface_print(&(cx_preface){ CX_SECURITY_NONE, 0, 0 }, bytes);
    assert_memory_equal(bytes, "COAX\1\0\0\0", 8);
}

static void a_part_of_it_is_waited_for(void **state)
{
    (void)state;
    cx_preface preface;
    for (size_t len = 0; len < CX_PREFACE_LEN; len++)
        assert_int_equal(cx_preface_parse((const uint8_t *)"COAX\1\0\0\0", len, &preface, NULL),
                         COAX_ERR_WOULD_BLOCK);
}

static void a_stranger_is_named_by_four_bytes(void **state)
{
    (void)state;
    assert_refused("\x16\x03\x01\x02\x00\x01", 6, COAX_ERR_PROTOCOL, "the peer speaks TLS");
    assert_refused("GET / HTTP/1.1\r\n", 8, COAX_ERR_PROTOCOL, "the peer speaks HTTP, not coax");
    assert_refused("PRI * HTTP/2.0\r\n", 8, COAX_ERR_PROTOCOL, "the peer speaks HTTP/2, not coax");
    assert_refused("SSH-", 4, COAX_ERR_PROTOCOL, "the peer speaks SSH, not coax");
    assert_refused("PROXY TC", 8, COAX_ERR_PROTOCOL, "the peer speaks the PROXY protocol");
    assert_refused("\r\n\r\n\0\r\nQ", 8, COAX_ERR_PROTOCOL, "the peer speaks the PROXY protocol");
    assert_refused("\x00\x01\x02\x03", 4, COAX_ERR_PROTOCOL, "it began with 00 01 02 03");
    assert_refused("COAT\1\0\0\0", 8, COAX_ERR_PROTOCOL, "does not speak coax");
    assert_true(cx_preface_is_coax((const uint8_t *)"COAX"));
    assert_false(cx_preface_is_coax((const uint8_t *)"COAT"));
}

static void another_version_is_named(void **state)
{
    (void)state;
    assert_refused("COAX\2\0\0\0", 8, COAX_ERR_UNIMPLEMENTED,
                   "version 2 of the protocol is not spoken here, only version 1");
}

static void an_impossible_preface_is_refused(void **state)
{
    (void)state;
    assert_refused("COAX\1\0\0\1", 8, COAX_ERR_PROTOCOL, "an impossible preface");
    assert_refused("COAX\1\2\x11\0", 8, COAX_ERR_PROTOCOL, "an impossible preface");
    assert_refused("COAX\1\0\x11\0", 8, COAX_ERR_PROTOCOL, "an impossible preface");
    assert_refused("COAX\1\1\x10\0", 8, COAX_ERR_PROTOCOL, "an impossible preface");
    assert_refused("COAX\1\1\x01\0", 8, COAX_ERR_PROTOCOL, "an impossible preface");
}

static void a_refusal_is_printable_and_cut(void **state)
{
    (void)state;
    uint8_t bytes[CX_REFUSAL_MAX];
    char words[400];
    assert_int_equal(cx_refusal_print(COAX_ERR_UNAVAILABLE, "no\nroom", bytes), 13);
    assert_memory_equal(bytes, "\xff\xff\x0e\0\x07\0no?room", 13);
    memset(words, 'a', sizeof words);
    words[399] = '\0';
    assert_int_equal(cx_refusal_print(COAX_ERR_TAMPERED, words, bytes), CX_REFUSAL_MAX);
    assert_int_equal(bytes[4], 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(the_bytes_are_those_of_the_specification),
        cmocka_unit_test(a_part_of_it_is_waited_for),
        cmocka_unit_test(a_stranger_is_named_by_four_bytes),
        cmocka_unit_test(another_version_is_named),
        cmocka_unit_test(an_impossible_preface_is_refused),
        cmocka_unit_test(a_refusal_is_printable_and_cut),
    };
    return cmocka_run_group_tests_name("secure_preface", tests, NULL, NULL);
}
