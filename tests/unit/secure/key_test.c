/*
 * Keys in memory, and ids.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "secure/key.h"

/* RFC 7748, section 6.1: Alice's. */
static const uint8_t alice_secret[] = { 0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d,
                                        0x3c, 0x16, 0xc1, 0x72, 0x51, 0xb2, 0x66, 0x45,
                                        0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0, 0x99, 0x2a,
                                        0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a };
static const uint8_t alice_public[] = { 0x85, 0x20, 0xf0, 0x09, 0x89, 0x30, 0xa7, 0x54,
                                        0x74, 0x8b, 0x7d, 0xdc, 0xb4, 0x3e, 0xf7, 0x5a,
                                        0x0d, 0xbf, 0x3a, 0x0d, 0x26, 0x38, 0x1a, 0xf4,
                                        0xeb, 0xa4, 0xa9, 0x8e, 0xaa, 0x9b, 0x4e, 0x6a };
/* By another implementation of base32. */
static const char alice_id[] = "quqpacmjgctvi5elpxolipxxlig36oqney4bv5hlusuy5ku3jzva";

static void a_public_half_is_the_one_of_the_standard(void **state)
{
    coax_key *key = NULL;
    uint8_t bytes[COAX_KEY_BYTES];
    char id[COAX_ID_SIZE];
    (void)state;
    assert_int_equal(coax_key_from_bytes(alice_secret, &key, NULL), COAX_OK);
    coax_key_public(key, bytes);
    assert_memory_equal(bytes, alice_public, sizeof bytes);
    coax_key_id(key, id);
    assert_string_equal(id, alice_id);
    assert_memory_equal(cx_key_secret(key), alice_secret, sizeof alice_secret);
    coax_key_free(key);
}

static void no_two_new_keys_are_alike(void **state)
{
    coax_key *a = NULL;
    coax_key *b = NULL;
    (void)state;
    assert_int_equal(coax_key_generate(&a, NULL), COAX_OK);
    assert_int_equal(coax_key_generate(&b, NULL), COAX_OK);
    assert_false(cx_key_same(cx_key_secret(a), cx_key_secret(b)));
    assert_false(cx_key_same(cx_key_public(a), cx_key_public(b)));
    coax_key_free(a);
    coax_key_free(b);
}

static void a_key_lives_as_long_as_its_last_owner(void **state)
{
    coax_key *key = NULL;
    (void)state;
    assert_int_equal(coax_key_from_bytes(alice_secret, &key, NULL), COAX_OK);
    coax_key *kept = cx_key_ref(key);
    coax_key_free(key);
    assert_memory_equal(cx_key_secret(kept), alice_secret, sizeof alice_secret);
    coax_key_free(kept);
    coax_key_free(NULL);
}

static void an_id_reads_back_as_its_key(void **state)
{
    uint8_t bytes[COAX_KEY_BYTES];
    uint8_t again[COAX_KEY_BYTES];
    char id[COAX_ID_SIZE];
    uint32_t seed = 1;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = (uint8_t)(seed >> 24);
        }
        coax_id_print(bytes, id);
        assert_int_equal(strlen(id), COAX_ID_SIZE - 1);
        assert_true(coax_id_parse(id, again));
        assert_memory_equal(bytes, again, sizeof bytes);
    }
}

static void one_key_has_one_text(void **state)
{
    uint8_t bytes[COAX_KEY_BYTES] = { 0 };
    char id[COAX_ID_SIZE + 4];
    (void)state;
    memset(id, 'a', sizeof id);
    id[52] = '\0';
    assert_true(coax_id_parse(id, bytes));
    id[51] = 'b'; /* the last letter holds one bit of the key: 'a' or 'q' */
    assert_false(coax_id_parse(id, bytes));
    id[51] = 'q';
    assert_true(coax_id_parse(id, bytes));
    assert_int_equal(bytes[31], 1);
    id[51] = '\0';
    assert_false(coax_id_parse(id, bytes));
    id[51] = 'a';
    id[52] = '=';
    assert_false(coax_id_parse(id, bytes));
    id[52] = '\0';
    static const char none[] = "A018 =-_.\n\x80\xff";
    for (size_t i = 0; i < sizeof none; i++) {
        id[20] = none[i];
        assert_false(coax_id_parse(id, bytes));
    }
    assert_false(coax_id_parse("", bytes));
}

static void a_refused_id_leaves_the_bytes_alone(void **state)
{
    uint8_t bytes[COAX_KEY_BYTES];
    char id[COAX_ID_SIZE];
    (void)state;
    memset(bytes, 0x5a, sizeof bytes);
    coax_id_print(alice_public, id);
    id[51] = '1';
    assert_false(coax_id_parse(id, bytes));
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], 0x5a);
}

static void wiping_overwrites_and_takes_nothing(void **state)
{
    uint8_t bytes[64];
    (void)state;
    memset(bytes, 1, sizeof bytes);
    coax_wipe(bytes, 32);
    assert_int_equal(bytes[0] | bytes[31], 0);
    assert_int_equal(bytes[32], 1);
    coax_wipe(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_public_half_is_the_one_of_the_standard),
        cmocka_unit_test(no_two_new_keys_are_alike),
        cmocka_unit_test(a_key_lives_as_long_as_its_last_owner),
        cmocka_unit_test(an_id_reads_back_as_its_key),
        cmocka_unit_test(one_key_has_one_text),
        cmocka_unit_test(a_refused_id_leaves_the_bytes_alone),
        cmocka_unit_test(wiping_overwrites_and_takes_nothing),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
