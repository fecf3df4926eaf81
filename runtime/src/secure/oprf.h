/*
 * The oblivious pseudorandom function of RFC 9497 over ristretto255 with SHA-512.
 *
 * A client learns F(key, input) without showing the input, a server computes it without showing the
 * key. OPAQUE needs the base mode; the hashes take the mode because the verifiable ones, which only
 * tests compute, differ in it. Elements and scalars are their canonical encodings. Functions
 * that answer bool refuse, with false, what is no element, is the identity, or would give it; what they
 * were to return is then not to be used. Any thread, after cx_secure_init.
 */
#ifndef CX_SECURE_OPRF_H
#define CX_SECURE_OPRF_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/export.h>

#define CX_OPRF_ELEMENT 32u
#define CX_OPRF_SCALAR 32u
#define CX_OPRF_OUTPUT 64u
#define CX_OPRF_INPUT_MAX 65535u

typedef enum cx_oprf_mode {
    CX_OPRF_BASE = 0,
    CX_OPRF_VERIFIABLE = 1,
    CX_OPRF_PARTIAL = 2
} cx_oprf_mode;

/* RFC 9380's expand_message_xmd with SHA-512 for 64 bytes. `tag` has at most 255 bytes, the message
 * at most CX_OPRF_PIECES pieces. */
#define CX_OPRF_PIECES 8u
void cx_oprf_expand(const coax_bytes *message, size_t n_pieces, coax_bytes tag,
                    uint8_t ret_bytes[64]);

/* HashToScalar, under the name "HashToScalar-" or one that a procedure has for itself. */
void cx_oprf_hash_to_scalar(cx_oprf_mode mode, const char *name, const coax_bytes *message,
                            size_t n_pieces, uint8_t ret_scalar[CX_OPRF_SCALAR]);

/* HashToGroup. */
COAX_MUST_USE bool cx_oprf_hash_to_group(cx_oprf_mode mode, coax_bytes input,
                                         uint8_t ret_element[CX_OPRF_ELEMENT]);

/* factor * element, in constant time in the factor. Every multiplication of what came from outside goes through here. */
COAX_MUST_USE bool cx_oprf_multiply(const uint8_t factor[CX_OPRF_SCALAR],
                                    const uint8_t element[CX_OPRF_ELEMENT],
                                    uint8_t ret_element[CX_OPRF_ELEMENT]);

/* The encoding of an element other than the identity. */
bool cx_oprf_is_element(const uint8_t bytes[CX_OPRF_ELEMENT]);
/* The encoding of a scalar other than 0. Constant time. */
bool cx_oprf_is_scalar(const uint8_t bytes[CX_OPRF_SCALAR]);

/* DeriveKeyPair (section 3.2.1). `ret_public` may be NULL. */
COAX_MUST_USE bool cx_oprf_derive_key(cx_oprf_mode mode, const uint8_t seed[32], coax_bytes info,
                                      uint8_t ret_secret[CX_OPRF_SCALAR], uint8_t *ret_public);

/* Client: Blind. `random` is 64 uniform bytes, reduced to the scalar (RandomScalar, section 4.7.2). */
COAX_MUST_USE bool cx_oprf_blind(cx_oprf_mode mode, coax_bytes input, const uint8_t random[64],
                                 uint8_t ret_blind[CX_OPRF_SCALAR],
                                 uint8_t ret_element[CX_OPRF_ELEMENT]);

/* Server: BlindEvaluate of the base mode. */
COAX_MUST_USE bool cx_oprf_evaluate(const uint8_t key[CX_OPRF_SCALAR],
                                    const uint8_t element[CX_OPRF_ELEMENT],
                                    uint8_t ret_element[CX_OPRF_ELEMENT]);

/* Client: Finalize of the base mode. */
COAX_MUST_USE bool cx_oprf_finalize(coax_bytes input, const uint8_t blind[CX_OPRF_SCALAR],
                                    const uint8_t element[CX_OPRF_ELEMENT],
                                    uint8_t ret_output[CX_OPRF_OUTPUT]);

#endif
