/*
 * The test vectors of RFC 9497 (appendix A) for ristretto255-SHA512, all three modes, from the working group's own file.
 *
 * Mode 0 (OPRF) is what OPAQUE runs on and is the library's. Modes 1 (VOPRF) and 2 (POPRF) share its keys, blinding and hashes; their
 * proofs are this test's (voprf_modes.c).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "secure/sha512.h"
#include "vectors.h"
#include "voprf_modes.h"

/* A suite's keys. */
typedef struct suite {
    cx_oprf_mode mode;
    uint8_t secret[32], public[32];
} suite;

/* One vector: a batch, whose values are parted by commas. */
typedef struct batch {
    size_t n;
    coax_bytes inputs[BATCH_MAX];
    coax_bytes info;
    uint8_t blinds[BATCH_MAX][32];
    uint8_t blinded[BATCH_MAX * 32];
    uint8_t evaluated[BATCH_MAX * 32];
    uint8_t outputs[BATCH_MAX * 64];
} batch;

/* Value `i` of a member; fails the test where there is none. Free with vectors_free. */
static coax_bytes value(const json *vector, const char *key, size_t i)
{
    char hex[512];
    const char *at = vectors_text(vector, key);
    for (; i > 0; i--) {
        at = strchr(at, ',');
        assert_non_null(at);
        at++;
    }
    (void)snprintf(hex, sizeof hex, "%.*s", (int)strcspn(at, ","), at);
    return vectors_from_hex(hex);
}

static void take(const json *vector, const char *key, size_t i, uint8_t *to, size_t len)
{
    coax_bytes bytes = value(vector, key, i);
    assert_int_equal(bytes.len, len);
    memcpy(to, bytes.data, len);
    vectors_free(bytes);
}

static void expect(const json *vector, const char *key, size_t i, const uint8_t *bytes, size_t len)
{
    coax_bytes wanted = value(vector, key, i);
    if (wanted.len != len || memcmp(wanted.data, bytes, len) != 0)
        fail_msg("%s, value %zu, is not what the vector says", key, i);
    vectors_free(wanted);
}

static suite derive_keys(const json *from)
{
    suite keys = { (cx_oprf_mode)strtol(json_member(from, "mode")->text, NULL, 10), { 0 }, { 0 } };
    coax_bytes seed = vectors_bytes(from, "seed"), info = vectors_bytes(from, "keyInfo");
    assert_int_equal(seed.len, 32);
    assert_true(cx_oprf_derive_key(keys.mode, seed.data, info, keys.secret, keys.public));
    vectors_check(from, "skSm", keys.secret, 32);
    if (keys.mode != CX_OPRF_BASE)
        vectors_check(from, "pkSm", keys.public, 32);
    vectors_free(seed);
    vectors_free(info);
    return keys;
}

static void blind_all(const suite *keys, const json *vector, batch *b)
{
    uint8_t random[64] = { 0 };
    for (size_t i = 0; i < b->n; i++) {
        b->inputs[i] = value(vector, "Input", i);
        take(vector, "Blind", i, random, 32);
        assert_true(
            cx_oprf_blind(keys->mode, b->inputs[i], random, b->blinds[i], b->blinded + 32 * i));
        assert_memory_equal(b->blinds[i], random, 32);
        expect(vector, "BlindedElement", i, b->blinded + 32 * i, 32);
    }
}

/* BlindEvaluate of every mode; `ret_key` is what the proof is about. */
static void evaluate_all(const suite *keys, const json *vector, batch *b, uint8_t ret_key[32])
{
    uint8_t factor[32], info[32];
    memcpy(factor, keys->secret, 32);
    memcpy(ret_key, keys->secret, 32);
    if (keys->mode == CX_OPRF_PARTIAL) {
        partial_scalar(b->info, info);
        crypto_core_ristretto255_scalar_add(ret_key, keys->secret, info);
        assert_int_equal(crypto_core_ristretto255_scalar_invert(factor, ret_key), 0);
    }
    for (size_t i = 0; i < b->n; i++) {
        assert_true(cx_oprf_evaluate(factor, b->blinded + 32 * i, b->evaluated + 32 * i));
        expect(vector, "EvaluationElement", i, b->evaluated + 32 * i, 32);
    }
}

static void check_proof(const suite *keys, const json *vector, const batch *b,
                        const uint8_t key[32])
{
    const json *given = json_member(vector, "Proof");
    uint8_t r[32], element[32], proof[PROOF_BYTES];
    bool is_partial = keys->mode == CX_OPRF_PARTIAL;
    assert_non_null(given);
    take(given, "r", 0, r, 32);
    assert_int_equal(crypto_scalarmult_ristretto255_base(element, key), 0);
    proof_of what = { keys->mode,
                      key,
                      element,
                      is_partial ? b->evaluated : b->blinded,
                      is_partial ? b->blinded : b->evaluated,
                      b->n };
    proof_generate(&what, r, proof);
    vectors_check(given, "proof", proof, sizeof proof);
    what.key = NULL;
    assert_true(proof_verify(&what, proof));
    for (size_t bit = 0; bit < 8 * sizeof proof; bit += 13) {
        proof[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_false(proof_verify(&what, proof));
        proof[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}

/* Finalize: by the library in the base mode, and by hand in all of them. */
static void finalize_all(const suite *keys, const json *vector, const batch *b)
{
    uint8_t inverse[32], element[32], output[64];
    for (size_t i = 0; i < b->n; i++) {
        assert_int_equal(crypto_core_ristretto255_scalar_invert(inverse, b->blinds[i]), 0);
        assert_true(cx_oprf_evaluate(inverse, b->evaluated + 32 * i, element));
        modes_output(keys->mode, b->inputs[i], b->info, element, output);
        expect(vector, "Output", i, output, sizeof output);
        if (keys->mode == CX_OPRF_PARTIAL)
            continue;
        memset(output, 0, sizeof output);
        assert_true(cx_oprf_finalize(b->inputs[i], b->blinds[i], b->evaluated + 32 * i, output));
        expect(vector, "Output", i, output, sizeof output);
    }
}

static void run_vector(const suite *keys, const json *vector)
{
    batch b = { 0 };
    uint8_t key[32];
    b.n = (size_t)strtoul(json_member(vector, "Batch")->text, NULL, 10);
    assert_in_range(b.n, 1, BATCH_MAX);
    b.info = vectors_bytes(vector, "Info");
    blind_all(keys, vector, &b);
    evaluate_all(keys, vector, &b, key);
    if (keys->mode != CX_OPRF_BASE)
        check_proof(keys, vector, &b, key);
    finalize_all(keys, vector, &b);
    for (size_t i = 0; i < b.n; i++)
        vectors_free(b.inputs[i]);
    vectors_free(b.info);
}

static void every_mode_is_that_of_the_vectors(void **state)
{
    static const char *const names[] = { "OPRF: the library's", "VOPRF: with the test's proofs",
                                         "POPRF: with the test's proofs" };
    const json *all = *state;
    size_t n = 0;
    for (size_t i = 0; i < all->count; i++) {
        const json *vectors = json_member(&all->items[i], "vectors");
        assert_string_equal(vectors_text(&all->items[i], "identifier"), "ristretto255-SHA512");
        suite keys = derive_keys(&all->items[i]);
        assert_in_range(keys.mode, 0, 2);
        for (size_t k = 0; k < vectors->count; k++, n++)
            run_vector(&keys, &vectors->items[k]);
        print_message("mode %d, %zu vectors, %s\n", (int)keys.mode, vectors->count,
                      names[keys.mode]);
    }
    assert_int_equal(n, 8);
}

int main(void)
{
    json *all = vectors_open("voprf.json");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(every_mode_is_that_of_the_vectors, all),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_free(all);
    return failed;
}
