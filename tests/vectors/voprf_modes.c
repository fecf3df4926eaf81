/*
 * Proofs of discrete logarithms in batches (RFC 9497, section 2.2), and the partially oblivious mode's parts.
 */
#include <sodium.h>
#include <string.h>

#include "secure/sha512.h"
#include "voprf_modes.h"

/* What is hashed, written out: everything with its length in front. */
typedef struct transcript {
    uint8_t bytes[512];
    size_t len;
} transcript;

static void add(transcript *t, const void *data, size_t len)
{
    memcpy(t->bytes + t->len, data, len);
    t->len += len;
}

static void add_number(transcript *t, size_t number)
{
    const uint8_t bytes[2] = { (uint8_t)(number >> 8), (uint8_t)number };
    add(t, bytes, sizeof bytes);
}

static void add_framed(transcript *t, const void *data, size_t len)
{
    add_number(t, len);
    add(t, data, len);
}

static void to_scalar(const transcript *t, cx_oprf_mode mode, uint8_t ret_scalar[32])
{
    const coax_bytes message = cx_piece(t->bytes, t->len);
    cx_oprf_hash_to_scalar(mode, "HashToScalar-", &message, 1, ret_scalar);
}

static void make_seed(const proof_of *what, uint8_t ret_seed[64])
{
    static const char name[] = "Seed-OPRFV1-", suite[] = "-ristretto255-SHA512";
    const uint8_t mode = (uint8_t)what->mode;
    transcript tag = { { 0 }, 0 }, t = { { 0 }, 0 };
    add(&tag, name, sizeof name - 1);
    add(&tag, &mode, 1);
    add(&tag, suite, sizeof suite - 1);
    add_framed(&t, what->b, 32);
    add_framed(&t, tag.bytes, tag.len);
    const coax_bytes all = cx_piece(t.bytes, t.len);
    cx_sha512(&all, 1, ret_seed);
}

/* sum += factor * element. */
static void add_product(uint8_t sum[32], const uint8_t factor[32], const uint8_t element[32])
{
    uint8_t product[32] = { 0 };
    if (crypto_scalarmult_ristretto255(product, factor, element) != 0)
        memset(product, 0, sizeof product); /* the identity */
    (void)crypto_core_ristretto255_add(sum, sum, product);
}

/* ComputeComposites. */
static void compose(const proof_of *what, uint8_t ret_m[32], uint8_t ret_z[32])
{
    uint8_t seed[64], factor[32];
    make_seed(what, seed);
    memset(ret_m, 0, 32);
    memset(ret_z, 0, 32);
    for (size_t i = 0; i < what->n; i++) {
        transcript t = { { 0 }, 0 };
        add_framed(&t, seed, sizeof seed);
        add_number(&t, i);
        add_framed(&t, what->c + 32 * i, 32);
        add_framed(&t, what->d + 32 * i, 32);
        add(&t, "Composite", 9);
        to_scalar(&t, what->mode, factor);
        add_product(ret_m, factor, what->c + 32 * i);
        add_product(ret_z, factor, what->d + 32 * i);
    }
}

static void challenge(const proof_of *what, const uint8_t m[32], const uint8_t z[32],
                      const uint8_t t2[32], const uint8_t t3[32], uint8_t ret_c[32])
{
    transcript t = { { 0 }, 0 };
    add_framed(&t, what->b, 32);
    add_framed(&t, m, 32);
    add_framed(&t, z, 32);
    add_framed(&t, t2, 32);
    add_framed(&t, t3, 32);
    add(&t, "Challenge", 9);
    to_scalar(&t, what->mode, ret_c);
}

void proof_generate(const proof_of *what, const uint8_t r[32], uint8_t ret_proof[PROOF_BYTES])
{
    uint8_t m[32], z[32], t2[32], t3[32], product[32];
    compose(what, m, z);
    (void)crypto_scalarmult_ristretto255_base(t2, r);
    if (crypto_scalarmult_ristretto255(t3, r, m) != 0)
        memset(t3, 0, sizeof t3);
    challenge(what, m, z, t2, t3, ret_proof);
    crypto_core_ristretto255_scalar_mul(product, ret_proof, what->key);
    crypto_core_ristretto255_scalar_sub(ret_proof + 32, r, product);
}

bool proof_verify(const proof_of *what, const uint8_t proof[PROOF_BYTES])
{
    const uint8_t *c = proof, *s = proof + 32;
    uint8_t m[32], z[32], t2[32] = { 0 }, t3[32] = { 0 }, wanted[32];
    compose(what, m, z);
    (void)crypto_scalarmult_ristretto255_base(t2, s);
    add_product(t2, c, what->b);
    add_product(t3, s, m);
    add_product(t3, c, z);
    challenge(what, m, z, t2, t3, wanted);
    return sodium_memcmp(wanted, c, 32) == 0;
}

void partial_scalar(coax_bytes info, uint8_t ret_scalar[32])
{
    transcript t = { { 0 }, 0 };
    add(&t, "Info", 4);
    add_framed(&t, info.data, info.len);
    to_scalar(&t, CX_OPRF_PARTIAL, ret_scalar);
}

void modes_output(cx_oprf_mode mode, coax_bytes input, coax_bytes info, const uint8_t element[32],
                  uint8_t ret_output[64])
{
    transcript t = { { 0 }, 0 };
    add_framed(&t, input.data, input.len);
    if (mode == CX_OPRF_PARTIAL)
        add_framed(&t, info.data, info.len);
    add_framed(&t, element, 32);
    add(&t, "Finalize", 8);
    const coax_bytes all = cx_piece(t.bytes, t.len);
    cx_sha512(&all, 1, ret_output);
}
