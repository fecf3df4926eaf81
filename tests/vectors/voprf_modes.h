/*
 * The verifiable modes of RFC 9497, for its vectors alone: coax has no use for them, since in OPAQUE the envelope proves what a
 * proof would. They are made from the library's own hashes, which is what the vectors then check.
 */
#ifndef TESTS_VECTORS_VOPRF_MODES_H
#define TESTS_VECTORS_VOPRF_MODES_H

#include <stdbool.h>

#include "secure/oprf.h"

enum { PROOF_BYTES = 64, BATCH_MAX = 4 };

/* One batch as both ends see it. Elements lie one behind the other. */
typedef struct proof_of {
    cx_oprf_mode mode;
    const uint8_t *key; /* A's factor, secret; NULL when verifying */
    const uint8_t *b;   /* the key's element */
    const uint8_t *c;
    const uint8_t *d;
    size_t n;
} proof_of;

/* GenerateProof with A the generator, and its scalar r. */
void proof_generate(const proof_of *what, const uint8_t r[32], uint8_t ret_proof[PROOF_BYTES]);
/* VerifyProof. */
bool proof_verify(const proof_of *what, const uint8_t proof[PROOF_BYTES]);

/* POPRF's HashToScalar of the framed info. */
void partial_scalar(coax_bytes info, uint8_t ret_scalar[32]);

/* Finalize, also with POPRF's info (mode 2), after unblinding. */
void modes_output(cx_oprf_mode mode, coax_bytes input, coax_bytes info, const uint8_t element[32],
                  uint8_t ret_output[64]);

#endif
