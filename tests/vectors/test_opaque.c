/*
 * The test vectors of RFC 9807 (appendix C), from the working group's own file: registration and
 * login byte by byte, with every intermediate value, and the answers about users that don't exist.
 *
 * coax speaks ristretto255 with SHA-512; vectors of other groups are named and skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "secure/opaque_parts.h"

#include "vectors.h"

/* One vector, decoded. */
typedef struct vector {
    const json *inputs, *intermediates, *outputs;
    coax_bytes password, user, seed, key, context, client, server;
    cx_opaque_names names;
    cx_opaque_server store;
} vector;

static const cx_opaque_stretch identity = { { 0, 0 }, true };

static vector decode(const json *from)
{
    vector v = { 0 };
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    v.inputs = json_member(from, "inputs");
    v.intermediates = json_member(from, "intermediates");
    v.outputs = json_member(from, "outputs");
    v.password = vectors_bytes(v.inputs, "password");
    v.user = vectors_bytes(v.inputs, "credential_identifier");
    v.seed = vectors_bytes(v.inputs, "oprf_seed");
    v.key = vectors_bytes(v.inputs, "server_private_key");
    v.client = vectors_bytes(v.inputs, "client_identity");
    v.server = vectors_bytes(v.inputs, "server_identity");
    v.context = vectors_bytes(json_member(from, "config"), "Context");
    v.names = (cx_opaque_names){ v.client, v.server, v.context };
    assert_int_equal(v.seed.len, 64);
    assert_int_equal(v.key.len, 32);
    memcpy(secret, v.seed.data, 64);
    memcpy(secret + 64, v.key.data, 32);
    assert_int_equal(cx_opaque_server_init(&v.store, secret, NULL), COAX_OK);
    vectors_check(v.inputs, "server_public_key", v.store.public_key, 32);
    return v;
}

static void release(vector *v)
{
    const coax_bytes all[] = { v->password, v->user,   v->seed,   v->key,
                               v->client,   v->server, v->context };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        vectors_free(all[i]);
}

/* Copies a member of exactly `len` bytes; the rest of `to` is as it was. */
static void take(const json *object, const char *key, uint8_t *to, size_t len)
{
    coax_bytes bytes = vectors_bytes(object, key);
    assert_int_equal(bytes.len, len);
    memcpy(to, bytes.data, len);
    vectors_free(bytes);
}

static void check_randomized(const vector *v, const uint8_t blind[32], const uint8_t evaluated[32])
{
    uint8_t randomized[64], masking_key[64];
    assert_int_equal(
        cx_opaque_randomize(v->password, blind, evaluated, &identity, randomized, NULL), COAX_OK);
    vectors_check(v->intermediates, "randomized_password", randomized, 64);
    cx_opaque_masking_key(randomized, masking_key);
    vectors_check(v->intermediates, "masking_key", masking_key, 64);
}

static void check_registration(vector *v, uint8_t ret_record[COAX_RECORD_BYTES])
{
    uint8_t random[64] = { 0 }, blind[32], nonce[32], oprf_key[32], export_key[64];
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], response[COAX_REGISTER_RESPONSE_BYTES];
    take(v->inputs, "blind_registration", random, 32);
    take(v->inputs, "envelope_nonce", nonce, 32);
    assert_int_equal(cx_opaque_register_start(v->password, random, blind, request, NULL), COAX_OK);
    vectors_check(v->inputs, "blind_registration", blind, 32);
    vectors_check(v->outputs, "registration_request", request, sizeof request);
    assert_true(cx_opaque_user_key(v->store.oprf_seed, v->user, oprf_key));
    vectors_check(v->intermediates, "oprf_key", oprf_key, 32);
    assert_int_equal(cx_opaque_register_respond(&v->store, v->user, request, response, NULL),
                     COAX_OK);
    vectors_check(v->outputs, "registration_response", response, sizeof response);
    check_randomized(v, blind, response);
    assert_int_equal(cx_opaque_register_finish(v->password, blind, &v->names, &identity, nonce,
                                               response, ret_record, export_key, NULL),
                     COAX_OK);
    vectors_check(v->outputs, "registration_upload", ret_record, COAX_RECORD_BYTES);
    vectors_check(v->outputs, "export_key", export_key, sizeof export_key);
    vectors_check(v->intermediates, "client_public_key", ret_record, 32);
    vectors_check(v->intermediates, "envelope", ret_record + 96, 96);
}

/* The keys that both ends derive, which no interface shows: from the server's side of the exchange. */
static void check_keys(const vector *v, const uint8_t record[COAX_RECORD_BYTES],
                       const uint8_t ke1_bytes[CX_OPAQUE_KE1],
                       const uint8_t ke2_bytes[CX_OPAQUE_KE2])
{
    uint8_t seed[32], secret[32], share[32], dh[96];
    cx_opaque_ke1 ke1;
    cx_opaque_ke2 ke2;
    cx_opaque_keys keys;
    memcpy(&ke1, ke1_bytes, sizeof ke1);
    memcpy(&ke2, ke2_bytes, sizeof ke2);
    take(v->inputs, "server_keyshare_seed", seed, 32);
    assert_true(cx_opaque_derive_dh(seed, secret, share));
    assert_true(cx_oprf_evaluate(secret, ke1.keyshare, dh));
    assert_true(cx_oprf_evaluate(v->store.private_key, ke1.keyshare, dh + 32));
    assert_true(cx_oprf_evaluate(secret, record, dh + 64));
    cx_opaque_names full = cx_opaque_full_names(&v->names, record, v->store.public_key);
    cx_opaque_derive_keys(dh, &full, &ke1, &ke2, &keys);
    vectors_check(v->intermediates, "handshake_secret", keys.handshake_secret, 64);
    vectors_check(v->intermediates, "server_mac_key", keys.server_mac_key, 64);
    vectors_check(v->intermediates, "client_mac_key", keys.client_mac_key, 64);
}

static void check_login(vector *v, const uint8_t record[COAX_RECORD_BYTES])
{
    cx_opaque_client_random client = { { 0 }, { 0 }, { 0 } };
    cx_opaque_server_random server;
    cx_opaque_login login;
    cx_opaque_expect expect;
    cx_opaque_result result;
    uint8_t ke1[CX_OPAQUE_KE1], ke2[CX_OPAQUE_KE2], session_key[CX_OPAQUE_KEY];
    take(v->inputs, "blind_login", client.blind, 32);
    take(v->inputs, "client_nonce", client.nonce, 32);
    take(v->inputs, "client_keyshare_seed", client.keyshare_seed, 32);
    take(v->inputs, "masking_nonce", server.masking_nonce, 32);
    take(v->inputs, "server_nonce", server.nonce, 32);
    take(v->inputs, "server_keyshare_seed", server.keyshare_seed, 32);
    assert_int_equal(cx_opaque_start(v->password, &client, &login, ke1, NULL), COAX_OK);
    vectors_check(v->outputs, "KE1", ke1, sizeof ke1);
    assert_int_equal(
        cx_opaque_respond(&v->store, record, v->user, &v->names, ke1, &server, &expect, ke2, NULL),
        COAX_OK);
    vectors_check(v->outputs, "KE2", ke2, sizeof ke2);
    check_keys(v, record, ke1, ke2);
    assert_int_equal(
        cx_opaque_finish(&login, v->password, &v->names, &identity, ke2, &result, NULL), COAX_OK);
    vectors_check(v->outputs, "KE3", result.ke3, sizeof result.ke3);
    vectors_check(v->outputs, "session_key", result.session_key, sizeof result.session_key);
    vectors_check(v->outputs, "export_key", result.export_key, sizeof result.export_key);
    assert_true(cx_opaque_accept(&expect, result.ke3, session_key));
    vectors_check(v->outputs, "session_key", session_key, sizeof session_key);
}

/* The RFC's fake vectors give the record's two parts, and KE1 from outside. */
static void check_fake(vector *v)
{
    uint8_t ke1[CX_OPAQUE_KE1], ke2[CX_OPAQUE_KE2];
    cx_opaque_record record = { { 0 }, { 0 }, { { 0 }, { 0 } } };
    cx_opaque_server_random server;
    cx_opaque_expect expect;
    take(v->inputs, "KE1", ke1, sizeof ke1);
    take(v->inputs, "client_public_key", record.client_public_key, 32);
    take(v->inputs, "masking_key", record.masking_key, 64);
    take(v->inputs, "masking_nonce", server.masking_nonce, 32);
    take(v->inputs, "server_nonce", server.nonce, 32);
    take(v->inputs, "server_keyshare_seed", server.keyshare_seed, 32);
    memcpy(v->store.fake_record, &record, sizeof record);
    assert_int_equal(
        cx_opaque_respond(&v->store, NULL, v->user, &v->names, ke1, &server, &expect, ke2, NULL),
        COAX_OK);
    vectors_check(v->outputs, "KE2", ke2, sizeof ke2);
    assert_int_equal(expect.is_fake, 1);
}

/* All of them, real or fake ones. Returns how many were run. */
static size_t run(const json *all, bool is_fake)
{
    size_t n = 0;
    for (size_t i = 0; i < all->count; i++) {
        const json *config = json_member(&all->items[i], "config");
        const char *group = vectors_text(config, "Group");
        if ((strcmp(vectors_text(config, "Fake"), "True") == 0) != is_fake)
            continue;
        if (strcmp(group, "ristretto255") != 0) {
            print_message("skipped: vector %zu, group %s\n", i, group);
            continue;
        }
        uint8_t record[COAX_RECORD_BYTES];
        vector v = decode(&all->items[i]);
        if (is_fake) {
            check_fake(&v);
        } else {
            check_registration(&v, record);
            check_login(&v, record);
        }
        print_message("vector %zu, group %s, %s: all of it\n", i, group,
                      is_fake                  ? "fake"
                      : v.names.client.len > 0 ? "with names"
                                               : "without names");
        release(&v);
        n++;
    }
    return n;
}

static void registrations_and_logins_are_those_of_the_vectors(void **state)
{
    assert_int_equal(run(*state, false), 2);
}

static void answers_about_unknown_users_are_those_of_the_vectors(void **state)
{
    assert_int_equal(run(*state, true), 1);
}

int main(void)
{
    json *all = vectors_open("opaque.json");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(registrations_and_logins_are_those_of_the_vectors, all),
        cmocka_unit_test_prestate(answers_about_unknown_users_are_those_of_the_vectors, all),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_free(all);
    return failed;
}
