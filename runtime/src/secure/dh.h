/*
 * Noise's DH functions (revision 34, section 12.1): X25519 over libsodium.
 */
#ifndef CX_SECURE_DH_H
#define CX_SECURE_DH_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/env.h>

#define CX_DH 32u /* DHLEN */

typedef struct cx_key_pair {
    uint8_t secret[CX_DH];
    uint8_t public_key[CX_DH];
} cx_key_pair;

/* GENERATE_KEYPAIR, from the environment's randomness. */
void cx_dh_generate(const coax_env *env, cx_key_pair *ret_pair);
/* The public half of a secret. */
void cx_dh_public(const uint8_t secret[CX_DH], uint8_t ret_public[CX_DH]);
/*
 * DH. False when all bits of the result would be zero: the peer's key is one of the few that give that with every
 * secret, and so prove nothing (section 14.4: an implementation may refuse them).
 */
bool cx_dh(const uint8_t secret[CX_DH], const uint8_t public_key[CX_DH], uint8_t ret_shared[CX_DH]);

#endif
