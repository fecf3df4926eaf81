/*
 * The suites by number, and what users may ask about them.
 *
 * Their names are Noise's, but for AEGIS-256, which is not in its list (docs/decisions/0022). Read next: cipher.c,
 * hash.c.
 */
#include <sodium.h>

#include "secure/hash.h"
#include "secure/suite.h"

static const cx_suite suites[] = {
    [COAX_SUITE_CHACHAPOLY_BLAKE2B] = { "25519_ChaChaPoly_BLAKE2b", &cx_cipher_chachapoly,
                                        &cx_hash_blake2b },
    [COAX_SUITE_AESGCM_SHA256] = { "25519_AESGCM_SHA256", &cx_cipher_aesgcm, &cx_hash_sha256 },
    [COAX_SUITE_AEGIS256_SHA512] = { "25519_AEGIS256_SHA512", &cx_cipher_aegis256,
                                     &cx_hash_sha512 },
};

static const cx_suite *known(unsigned id)
{
    if (id == COAX_SUITE_DEFAULT)
        id = COAX_SUITE_CHACHAPOLY_BLAKE2B;
    return id < sizeof suites / sizeof suites[0] ? &suites[id] : NULL;
}

const cx_suite *cx_suite_find(unsigned id)
{
    const cx_suite *suite = id == COAX_SUITE_DEFAULT ? NULL : known(id);
    return suite != NULL && suite->cipher->is_available() ? suite : NULL;
}

bool coax_suite_is_available(coax_suite suite)
{
    const cx_suite *it = known((unsigned)suite);
    /* What the processor can do is known once libsodium has looked. */
    return it != NULL && sodium_init() >= 0 && it->cipher->is_available();
}

const char *coax_suite_name(coax_suite suite)
{
    const cx_suite *it = known((unsigned)suite);
    return it != NULL ? it->name : "unknown";
}
