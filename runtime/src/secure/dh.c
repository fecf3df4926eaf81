/*
 * X25519 (RFC 7748) for handshakes.
 *
 * Read next: handshake_state.c.
 */
#include <sodium.h>

#include "secure/dh.h"

void cx_dh_generate(const coax_env *env, cx_key_pair *ret_pair)
{
    env->random(env->self, ret_pair->secret, sizeof ret_pair->secret);
    cx_dh_public(ret_pair->secret, ret_pair->public_key);
}

void cx_dh_public(const uint8_t secret[CX_DH], uint8_t ret_public[CX_DH])
{
    (void)crypto_scalarmult_curve25519_base(ret_public, secret);
}

bool cx_dh(const uint8_t secret[CX_DH], const uint8_t public_key[CX_DH], uint8_t ret_shared[CX_DH])
{
    /* libsodium looks at the result as well; that a build of it might not is no reason to trust it. */
    return crypto_scalarmult_curve25519(ret_shared, secret, public_key) == 0 &&
           sodium_is_zero(ret_shared, CX_DH) == 0;
}
