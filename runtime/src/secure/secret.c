/*
 * Locked memory and keyed digests, by libsodium.
 *
 * Read next: secret.h.
 */
#include <sodium.h>
#include <string.h>

#include "secure/channel.h"
#include "secure/secret.h"

void *cx_secret_take(size_t len)
{
    if (cx_secure_init(NULL) != COAX_OK)
        return NULL;
    void *secret = sodium_malloc(len);
    if (secret != NULL)
        memset(secret, 0, len); /* sodium_malloc fills it with something else */
    return secret;
}

void cx_secret_give(void *secret)
{
    sodium_free(secret);
}

/* What hashing leaves of a token on the stack below its caller, with room to spare. */
#define STACK_USED 2048u

void cx_secret_digest(const uint8_t key[CX_DIGEST_BYTES], coax_bytes token,
                      uint8_t ret_digest[CX_DIGEST_BYTES])
{
    /* The only failures are lengths out of bounds. */
    (void)crypto_generichash_blake2b(ret_digest, CX_DIGEST_BYTES, token.data, token.len, key,
                                     CX_DIGEST_BYTES);
    sodium_stackzero(STACK_USED);
}

bool cx_secret_is_same(const uint8_t a[CX_DIGEST_BYTES], const uint8_t b[CX_DIGEST_BYTES])
{
    return sodium_memcmp(a, b, CX_DIGEST_BYTES) == 0;
}
