/*
 * From a password to what OPAQUE computes with: the OPRF's output, stretched by Argon2id.
 *
 * The salt is 16 zero bytes, as RFC 9807 (section 7) has it: what is stretched is already different for
 * each user and server, by the OPRF's key. Parameters differ from the RFC's, see decision record 0026.
 * Read next: opaque_envelope.c.
 */
#include <sodium.h>
#include <string.h>

#include "secure/opaque_parts.h"

#define MEMORY_MIN_KIB 8192u
#define MEMORY_MAX_KIB 1048576u
#define PASSES_MAX 64u
#define WORK_MAX 4194304u /* KiB times passes: about as long as somebody waits */

coax_err cx_password_cost_take(const coax_password_cost *cost, coax_password_cost *ret_cost,
                               coax_error *error)
{
    coax_password_cost taken = cost != NULL ? *cost : (coax_password_cost){ 0, 0 };
    if (taken.memory_kib == 0)
        taken.memory_kib = 65536;
    if (taken.passes == 0)
        taken.passes = 3;
    if (taken.memory_kib < MEMORY_MIN_KIB || taken.memory_kib > MEMORY_MAX_KIB)
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT,
                              "the password cost's memory_kib is %u, and %u to %u is possible",
                              (unsigned)taken.memory_kib, MEMORY_MIN_KIB, MEMORY_MAX_KIB);
    if (taken.passes > PASSES_MAX)
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT,
                              "the password cost's passes is %u, and 1 to %u is possible",
                              (unsigned)taken.passes, PASSES_MAX);
    if ((uint64_t)taken.memory_kib * taken.passes > WORK_MAX)
        return coax_error_set(
            error, COAX_ERR_INVALID_ARGUMENT,
            "the password cost's memory_kib times passes is %llu, and %u is possible",
            (unsigned long long)taken.memory_kib * taken.passes, WORK_MAX);
    *ret_cost = taken;
    return COAX_OK;
}

coax_err cx_opaque_check_password(coax_bytes password, coax_error *error)
{
    if (password.len == 0)
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "the password is empty");
    if (password.len > CX_OPAQUE_PASSWORD_MAX)
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "the password has over %u bytes",
                              CX_OPAQUE_PASSWORD_MAX);
    return COAX_OK;
}

coax_err cx_opaque_check_names(const cx_opaque_names *names, coax_error *error)
{
    if (names->client.len > CX_OPAQUE_NAME_MAX || names->server.len > CX_OPAQUE_NAME_MAX ||
        names->context.len > CX_OPAQUE_NAME_MAX)
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT,
                              "a name or the context of a login has over %u bytes",
                              CX_OPAQUE_NAME_MAX);
    return COAX_OK;
}

static coax_err stretch_it(const uint8_t in[64], const cx_opaque_stretch *stretch, uint8_t out[64],
                           coax_error *error)
{
    static const uint8_t salt[crypto_pwhash_SALTBYTES] = { 0 };
    coax_password_cost cost;
    if (stretch->is_identity) {
        memcpy(out, in, 64);
        return COAX_OK;
    }
    coax_err err = cx_password_cost_take(&stretch->cost, &cost, error);
    if (err != COAX_OK)
        return err;
    /* With these bounds checked, memory is the only thing it can lack. */
    if (crypto_pwhash(out, 64, (const char *)in, 64, salt, cost.passes,
                      (size_t)cost.memory_kib * 1024u, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return coax_error_set(error, COAX_ERR_NO_MEMORY,
                              "no memory for the password's Argon2id, which takes %u KiB",
                              (unsigned)cost.memory_kib);
    return COAX_OK;
}

coax_err cx_opaque_randomize(coax_bytes password, const uint8_t blind[32],
                             const uint8_t evaluated[32], const cx_opaque_stretch *stretch,
                             uint8_t ret_randomized[64], coax_error *error)
{
    uint8_t both[2][64]; /* oprf_output, stretched_oprf_output */
    coax_err err = COAX_OK;
    if (!cx_oprf_finalize(password, blind, evaluated, both[0]))
        err = coax_error_set(error, COAX_ERR_UNAUTHENTICATED, "the server's answer is no element");
    else
        err = stretch_it(both[0], stretch, both[1], error);
    if (err == COAX_OK) {
        const coax_bytes input = cx_piece(both, sizeof both);
        cx_hkdf_extract(cx_piece(NULL, 0), &input, 1, ret_randomized);
    }
    sodium_memzero(both, sizeof both);
    return err;
}
