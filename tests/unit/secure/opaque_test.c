/*
 * OPAQUE: who gets in, who does not, and what is left behind. Published vectors are in tests/vectors; the known answer here stands for
 * them where those are not at hand, and holds Argon2id, which they have not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "opaque_pair.h"
#include "secure/sha512.h"

static void is_zero(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < len; i++)
        assert_int_equal(at[i], 0);
}

static void the_right_password_logs_in_and_both_ends_hold_one_key(void **state)
{
    opaque_pair pair;
    uint8_t key[CX_OPAQUE_KEY];
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    assert_int_equal(opaque_pair_finish(&pair), COAX_OK);
    assert_true(cx_opaque_accept(&pair.expect, pair.result.ke3, key));
    assert_memory_equal(key, pair.result.session_key, sizeof key);
}

/* The digest of everything that a login with fixed numbers gives, Argon2id included. */
static void a_login_with_fixed_numbers_gives_the_known_answer(void **state)
{
    static const uint8_t known[16] = { 0xc4, 0xfb, 0x39, 0x1a, 0xa4, 0x7b, 0xcd, 0x9a,
                                       0x87, 0x7f, 0xb3, 0xca, 0xeb, 0x4e, 0x96, 0xf8 };
    opaque_pair pair;
    uint8_t digest[CX_SHA512];
    (void)state;
    opaque_pair_init(&pair);
    pair.stretch = (cx_opaque_stretch){ { 8192, 2 }, false };
    opaque_pair_register(&pair, pair.record);
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    assert_int_equal(opaque_pair_finish(&pair), COAX_OK);
    const coax_bytes all[] = { cx_piece(pair.record, sizeof pair.record),
                               cx_piece(pair.ke1, sizeof pair.ke1),
                               cx_piece(pair.ke2, sizeof pair.ke2),
                               cx_piece(&pair.result, sizeof pair.result),
                               cx_piece(&pair.server, sizeof pair.server) };
    cx_sha512(all, sizeof all / sizeof all[0], digest);
    assert_memory_equal(digest, known, sizeof known);
}

static void a_wrong_password_is_refused_by_the_client_and_learns_no_ke3(void **state)
{
    static const char *const wrong[] = { "correct hors", "correct horse ", "Correct horse", "x" };
    opaque_pair pair;
    (void)state;
    opaque_pair_init(&pair);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        pair.password = cx_piece_text(wrong[i]);
        opaque_pair_must_start(&pair);
        opaque_pair_must_respond(&pair);
        assert_int_equal(opaque_pair_finish(&pair), COAX_ERR_UNAUTHENTICATED);
        is_zero(&pair.result, sizeof pair.result);
    }
}

/* A record works for one user of one server under one name: copied to another, or shown elsewhere, it is nothing. */
static void another_users_record_and_another_stores_record_log_nobody_in(void **state)
{
    opaque_pair pair;
    uint8_t of_bob[COAX_RECORD_BYTES];
    (void)state;
    opaque_pair_init(&pair);
    pair.names.client = cx_piece_text("bob");
    opaque_pair_register(&pair, of_bob);
    pair.names.client = cx_piece_text("alice");
    opaque_pair_must_start(&pair);
    assert_int_equal(opaque_pair_respond(&pair, of_bob), COAX_OK);
    assert_int_equal(opaque_pair_finish(&pair), COAX_ERR_UNAUTHENTICATED);
    pair.names.client = cx_piece_text("bob");
    opaque_pair_must_start(&pair);
    assert_int_equal(opaque_pair_respond(&pair, pair.record), COAX_OK);
    assert_int_equal(opaque_pair_finish(&pair), COAX_ERR_UNAUTHENTICATED);
    pair.server.oprf_seed[5] ^= 1;
    opaque_pair_must_start(&pair);
    assert_int_equal(opaque_pair_respond(&pair, of_bob), COAX_OK);
    assert_int_equal(opaque_pair_finish(&pair), COAX_ERR_UNAUTHENTICATED);
}

/* The context holds the channel's hash: what a relay passes on between two channels fails at both ends. */
static void names_and_context_must_be_the_same_at_both_ends(void **state)
{
    opaque_pair pair;
    (void)state;
    opaque_pair_init(&pair);
    const cx_opaque_names right = pair.names;
    for (int which = 0; which < 3; which++) {
        coax_bytes *name = which == 0   ? &pair.names.client
                           : which == 1 ? &pair.names.server
                                        : &pair.names.context;
        opaque_pair_must_start(&pair);
        opaque_pair_must_respond(&pair);
        *name = cx_piece_text("somebody else");
        assert_int_equal(opaque_pair_finish(&pair), COAX_ERR_UNAUTHENTICATED);
        pair.names = right;
    }
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    assert_int_equal(opaque_pair_finish(&pair), COAX_OK);
}

static void a_user_that_is_not_there_is_answered_as_one_that_is(void **state)
{
    opaque_pair pair;
    uint8_t first[32];
    cx_opaque_expect expect;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    assert_int_equal(opaque_pair_respond(&pair, NULL), COAX_OK);
    memcpy(first, pair.ke2, sizeof first);
    expect = pair.expect;
    /* Asked again with the same KE1: the same element, as with users that are there. */
    assert_int_equal(opaque_pair_respond(&pair, NULL), COAX_OK);
    assert_memory_equal(pair.ke2, first, sizeof first);
    assert_int_equal(opaque_pair_finish(&pair), COAX_ERR_UNAUTHENTICATED);
    /* Even who guessed the right KE3 is not let in. */
    assert_false(cx_opaque_accept(&pair.expect, expect.ke3, NULL));
    uint8_t ke3[CX_OPAQUE_KE3];
    memcpy(ke3, expect.ke3, sizeof ke3);
    assert_false(cx_opaque_accept(&expect, ke3, NULL));
    pair.names.client = cx_piece_text("zoe");
    assert_int_equal(opaque_pair_respond(&pair, NULL), COAX_OK);
    assert_memory_not_equal(pair.ke2, first, sizeof first);
}

static void the_fake_record_is_the_same_after_a_restart(void **state)
{
    opaque_pair pair, again;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_init(&again);
    assert_memory_equal(&pair.server, &again.server, sizeof pair.server);
}

static void every_changed_byte_of_ke2_is_refused(void **state)
{
    opaque_pair pair, spoiled;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    for (size_t i = 0; i < CX_OPAQUE_KE2; i++) {
        spoiled = pair;
        spoiled.ke2[i] ^= (uint8_t)(1u << (i % 8));
        if (opaque_pair_finish(&spoiled) != COAX_ERR_UNAUTHENTICATED)
            fail_msg("byte %zu of KE2 may be changed", i);
    }
    assert_int_equal(opaque_pair_finish(&pair), COAX_OK);
}

/* The server proves what it sends, so it is the envelope that shows the client a record that was changed where it lies. */
static void every_changed_byte_of_a_record_is_refused(void **state)
{
    opaque_pair pair, spoiled;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    for (size_t i = 0; i < COAX_RECORD_BYTES; i++) {
        spoiled = pair;
        spoiled.record[i] ^= (uint8_t)(1u << (i % 8));
        coax_err err = opaque_pair_respond(&spoiled, spoiled.record);
        if (err == COAX_OK && opaque_pair_finish(&spoiled) != COAX_ERR_UNAUTHENTICATED)
            fail_msg("byte %zu of a record may be changed", i);
        else if (err != COAX_OK)
            assert_int_equal(err, COAX_ERR_BAD_KEY);
    }
}

/* Whether the server notices or the client does: there is no login. */
static void every_changed_byte_of_ke1_is_refused(void **state)
{
    opaque_pair pair, spoiled;
    size_t n_answered = 0;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    for (size_t i = 0; i < CX_OPAQUE_KE1; i++) {
        spoiled = pair;
        spoiled.ke1[i] ^= (uint8_t)(1u << (i % 8));
        coax_err err = opaque_pair_respond(&spoiled, spoiled.record);
        if (err == COAX_OK && opaque_pair_finish(&spoiled) != COAX_ERR_UNAUTHENTICATED)
            fail_msg("byte %zu of KE1 may be changed", i);
        else if (err != COAX_OK)
            assert_int_equal(err, COAX_ERR_UNAUTHENTICATED);
        n_answered += err == COAX_OK;
    }
    assert_true(n_answered >= 32); /* the nonce, at least */
}

static void every_changed_byte_of_ke3_is_refused(void **state)
{
    opaque_pair pair;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    assert_int_equal(opaque_pair_finish(&pair), COAX_OK);
    for (size_t i = 0; i < CX_OPAQUE_KE3; i++) {
        cx_opaque_expect expect = pair.expect;
        uint8_t ke3[CX_OPAQUE_KE3];
        memcpy(ke3, pair.result.ke3, sizeof ke3);
        ke3[i] ^= (uint8_t)(1u << (i % 8));
        assert_false(cx_opaque_accept(&expect, ke3, NULL));
    }
}

static void ke3_is_tried_once(void **state)
{
    const uint8_t zeros[CX_OPAQUE_KE3] = { 0 };
    opaque_pair pair;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    assert_int_equal(opaque_pair_finish(&pair), COAX_OK);
    assert_false(cx_opaque_accept(&pair.expect, zeros, NULL));
    assert_false(cx_opaque_accept(&pair.expect, pair.result.ke3, NULL));
    assert_false(cx_opaque_accept(&pair.expect, zeros, NULL));
}

/* RFC 9496, appendix A.3, a few of each kind; the first is the identity. */
static const uint8_t bad_elements[][32] = {
    { 0 },
    { 0x01 },
    { 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
    { 0xf3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
    { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
    { 0x26, 0x94, 0x8d, 0x35, 0xca, 0x62, 0xe6, 0x43, 0xe2, 0x6a, 0x83,
      0x17, 0x73, 0x32, 0xe6, 0xb6, 0xaf, 0xeb, 0x9d, 0x08, 0xe4, 0x26,
      0x8b, 0x65, 0x0f, 0x1f, 0x5b, 0xbd, 0x8d, 0x81, 0xd3, 0x71 },
    /* the generator, with a bit that belongs to no encoding */
    { 0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
      0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
      0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0xf6 },
};

static void what_is_no_element_is_refused_wherever_one_belongs(void **state)
{
    static const size_t in_ke1[] = { 0, 64 }, in_ke2[] = { 0, 224 };
    opaque_pair pair, spoiled;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    for (size_t i = 0; i < sizeof bad_elements / sizeof bad_elements[0]; i++) {
        for (size_t k = 0; k < 2; k++) {
            spoiled = pair;
            memcpy(spoiled.ke1 + in_ke1[k], bad_elements[i], 32);
            assert_int_equal(opaque_pair_respond(&spoiled, spoiled.record),
                             COAX_ERR_UNAUTHENTICATED);
            assert_int_equal(opaque_pair_respond(&spoiled, NULL), COAX_ERR_UNAUTHENTICATED);
            spoiled = pair;
            memcpy(spoiled.ke2 + in_ke2[k], bad_elements[i], 32);
            assert_int_equal(opaque_pair_finish(&spoiled), COAX_ERR_UNAUTHENTICATED);
        }
        spoiled = pair;
        memcpy(spoiled.record, bad_elements[i], 32);
        assert_int_equal(opaque_pair_respond(&spoiled, spoiled.record), COAX_ERR_BAD_KEY);
    }
}

static void registration_refuses_what_is_no_element(void **state)
{
    opaque_pair pair;
    uint8_t random[64], blind[32], nonce[32] = { 0 }, record[COAX_RECORD_BYTES];
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], good[COAX_REGISTER_RESPONSE_BYTES];
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_numbers(&pair, random, sizeof random);
    assert_int_equal(cx_opaque_register_start(pair.password, random, blind, request, NULL),
                     COAX_OK);
    assert_int_equal(
        cx_opaque_register_respond(&pair.server, pair.names.client, request, good, NULL), COAX_OK);
    for (size_t i = 0; i < sizeof bad_elements / sizeof bad_elements[0]; i++) {
        uint8_t response[COAX_REGISTER_RESPONSE_BYTES];
        assert_int_equal(cx_opaque_register_respond(&pair.server, pair.names.client,
                                                    bad_elements[i], response, NULL),
                         COAX_ERR_BAD_MESSAGE);
        for (size_t k = 0; k < 2; k++) {
            memcpy(response, good, sizeof response);
            memcpy(response + 32 * k, bad_elements[i], 32);
            assert_int_equal(cx_opaque_register_finish(pair.password, blind, &pair.names,
                                                       &pair.stretch, nonce, response, record, NULL,
                                                       NULL),
                             COAX_ERR_BAD_MESSAGE);
        }
    }
}

static void random_numbers_that_are_all_zero_are_refused(void **state)
{
    cx_opaque_client_random random = { { 0 }, { 0 }, { 0 } };
    cx_opaque_login login;
    uint8_t ke1[CX_OPAQUE_KE1];
    (void)state;
    assert_int_equal(cx_opaque_start(cx_piece_text("x"), &random, &login, ke1, NULL),
                     COAX_ERR_SYSTEM);
}

static void nothing_secret_is_left_in_what_a_login_used(void **state)
{
    opaque_pair pair;
    cx_opaque_client_random client;
    cx_opaque_server_random server;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_numbers(&pair, &client, sizeof client);
    opaque_pair_numbers(&pair, &server, sizeof server);
    assert_int_equal(cx_opaque_start(pair.password, &client, &pair.login, pair.ke1, NULL), COAX_OK);
    is_zero(&client, sizeof client);
    assert_int_equal(cx_opaque_respond(&pair.server, pair.record, pair.names.client, &pair.names,
                                       pair.ke1, &server, &pair.expect, pair.ke2, NULL),
                     COAX_OK);
    is_zero(&server, sizeof server);
    assert_int_equal(opaque_pair_finish(&pair), COAX_OK);
    is_zero(&pair.login, sizeof pair.login);
    assert_true(cx_opaque_accept(&pair.expect, pair.result.ke3, NULL));
    is_zero(pair.expect.ke3, sizeof pair.expect.ke3);
    is_zero(pair.expect.session_key, sizeof pair.expect.session_key);
}

static void lengths_and_costs_out_of_bounds_are_refused(void **state)
{
    static uint8_t long_bytes[CX_OPAQUE_NAME_MAX + 1];
    opaque_pair pair;
    (void)state;
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    pair.names.context = cx_piece(long_bytes, sizeof long_bytes);
    assert_int_equal(opaque_pair_respond(&pair, pair.record), COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(opaque_pair_finish(&pair), COAX_ERR_INVALID_ARGUMENT);
    opaque_pair_init(&pair);
    opaque_pair_must_start(&pair);
    opaque_pair_must_respond(&pair);
    pair.stretch = (cx_opaque_stretch){ { 1024, 1 }, false };
    assert_int_equal(opaque_pair_finish(&pair), COAX_ERR_INVALID_ARGUMENT);
    is_zero(&pair.login, sizeof pair.login);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_password_logs_in_and_both_ends_hold_one_key),
        cmocka_unit_test(a_login_with_fixed_numbers_gives_the_known_answer),
        cmocka_unit_test(a_wrong_password_is_refused_by_the_client_and_learns_no_ke3),
        cmocka_unit_test(another_users_record_and_another_stores_record_log_nobody_in),
        cmocka_unit_test(names_and_context_must_be_the_same_at_both_ends),
        cmocka_unit_test(a_user_that_is_not_there_is_answered_as_one_that_is),
        cmocka_unit_test(the_fake_record_is_the_same_after_a_restart),
        cmocka_unit_test(every_changed_byte_of_ke2_is_refused),
        cmocka_unit_test(every_changed_byte_of_a_record_is_refused),
        cmocka_unit_test(every_changed_byte_of_ke1_is_refused),
        cmocka_unit_test(every_changed_byte_of_ke3_is_refused),
        cmocka_unit_test(ke3_is_tried_once),
        cmocka_unit_test(what_is_no_element_is_refused_wherever_one_belongs),
        cmocka_unit_test(registration_refuses_what_is_no_element),
        cmocka_unit_test(random_numbers_that_are_all_zero_are_refused),
        cmocka_unit_test(nothing_secret_is_left_in_what_a_login_used),
        cmocka_unit_test(lengths_and_costs_out_of_bounds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
