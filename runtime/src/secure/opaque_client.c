/*
 * The client's steps of OPAQUE-3DH: logging in (RFC 9807, section 6), registering (section 5).
 *
 * What goes wrong after KE2 has one name, because a client can't know whether the password, the user,
 * the server or the way was wrong. Read next: opaque_server.c.
 */
#include <sodium.h>

#include "secure/opaque_parts.h"

coax_err cx_opaque_start(coax_bytes password, cx_opaque_client_random *random,
                         cx_opaque_login *ret_login, uint8_t ret_ke1[CX_OPAQUE_KE1],
                         coax_error *error)
{
    cx_opaque_login login;
    cx_opaque_ke1 ke1;
    coax_err err = cx_opaque_ready(error);
    if (err == COAX_OK)
        err = cx_opaque_check_password(password, error);
    if (err == COAX_OK &&
        (!cx_oprf_blind(CX_OPRF_BASE, password, random->blind, login.blind, ke1.blinded) ||
         !cx_opaque_derive_dh(random->keyshare_seed, login.secret, ke1.keyshare)))
        err = coax_error_set(error, COAX_ERR_SYSTEM, "the random numbers for a login are all zero");
    if (err == COAX_OK) {
        memcpy(ke1.nonce, random->nonce, sizeof ke1.nonce);
        memcpy(login.ke1, &ke1, sizeof ke1);
        memcpy(ret_ke1, &ke1, sizeof ke1);
        *ret_login = login;
    }
    sodium_memzero(&login, sizeof login);
    sodium_memzero(random, sizeof *random);
    return err;
}

void cx_opaque_forget(cx_opaque_login *login)
{
    if (login != NULL)
        sodium_memzero(login, sizeof *login);
}

/* Everything secret of one finish, wiped at once. */
typedef struct finish_work {
    uint8_t randomized[64];
    uint8_t masking_key[64];
    cx_opaque_hidden hidden;
    uint8_t private_key[32];
    uint8_t public_key[32];
    uint8_t export_key[64];
    uint8_t dh[96];
    cx_opaque_keys keys;
} finish_work;

/* RecoverCredentials, and AuthClientFinalize up to the server's proof. */
static bool recover(finish_work *work, const cx_opaque_login *login, const cx_opaque_names *names,
                    const cx_opaque_ke1 *ke1, const cx_opaque_ke2 *ke2)
{
    cx_opaque_masking_key(work->randomized, work->masking_key);
    cx_opaque_mask(work->masking_key, ke2->response.masking_nonce, ke2->response.masked,
                   (uint8_t *)&work->hidden);
    if (!cx_opaque_recover(work->randomized, &work->hidden, names, work->private_key,
                           work->public_key, work->export_key))
        return false;
    if (!cx_oprf_multiply(login->secret, ke2->keyshare, work->dh) ||
        !cx_oprf_multiply(login->secret, work->hidden.server_public_key, work->dh + 32) ||
        !cx_oprf_multiply(work->private_key, ke2->keyshare, work->dh + 64))
        return false;
    cx_opaque_names full =
        cx_opaque_full_names(names, work->public_key, work->hidden.server_public_key);
    cx_opaque_derive_keys(work->dh, &full, ke1, ke2, &work->keys);
    return sodium_memcmp(work->keys.server_mac, ke2->mac, sizeof ke2->mac) == 0;
}

static coax_err finish(finish_work *work, const cx_opaque_login *login, coax_bytes password,
                       const cx_opaque_names *names, const cx_opaque_stretch *stretch,
                       const uint8_t bytes[CX_OPAQUE_KE2], coax_error *error)
{
    cx_opaque_ke1 ke1;
    cx_opaque_ke2 ke2;
    memcpy(&ke1, login->ke1, sizeof ke1);
    memcpy(&ke2, bytes, sizeof ke2);
    coax_err err = cx_opaque_ready(error);
    if (err == COAX_OK)
        err = cx_opaque_check_password(password, error);
    if (err == COAX_OK)
        err = cx_opaque_check_names(names, error);
    if (err == COAX_OK)
        err = cx_opaque_randomize(password, login->blind, ke2.response.evaluated, stretch,
                                  work->randomized, error);
    if (err == COAX_OK && !recover(work, login, names, &ke1, &ke2))
        err = coax_error_set(error, COAX_ERR_UNAUTHENTICATED, "wrong user or password");
    return err;
}

coax_err cx_opaque_finish(cx_opaque_login *login, coax_bytes password, const cx_opaque_names *names,
                          const cx_opaque_stretch *stretch, const uint8_t ke2[CX_OPAQUE_KE2],
                          cx_opaque_result *ret_result, coax_error *error)
{
    finish_work work;
    coax_err err = finish(&work, login, password, names, stretch, ke2, error);
    if (err == COAX_OK) {
        memcpy(ret_result->ke3, work.keys.client_mac, sizeof ret_result->ke3);
        memcpy(ret_result->session_key, work.keys.session_key, sizeof ret_result->session_key);
        memcpy(ret_result->export_key, work.export_key, sizeof ret_result->export_key);
    }
    sodium_memzero(&work, sizeof work);
    cx_opaque_forget(login);
    return err;
}

coax_err cx_opaque_register_start(coax_bytes password, uint8_t blind_random[64],
                                  uint8_t ret_blind[32],
                                  uint8_t ret_request[COAX_REGISTER_REQUEST_BYTES],
                                  coax_error *error)
{
    coax_err err = cx_opaque_ready(error);
    if (err == COAX_OK)
        err = cx_opaque_check_password(password, error);
    if (err == COAX_OK &&
        !cx_oprf_blind(CX_OPRF_BASE, password, blind_random, ret_blind, ret_request))
        err = coax_error_set(error, COAX_ERR_SYSTEM,
                             "the random numbers for a registration are all zero");
    sodium_memzero(blind_random, 64);
    return err;
}

coax_err cx_opaque_register_finish(coax_bytes password, const uint8_t blind[32],
                                   const cx_opaque_names *names, const cx_opaque_stretch *stretch,
                                   const uint8_t envelope_nonce[32],
                                   const uint8_t response[COAX_REGISTER_RESPONSE_BYTES],
                                   uint8_t ret_record[COAX_RECORD_BYTES], uint8_t *ret_export_key,
                                   coax_error *error)
{
    const uint8_t *evaluated = response, *server_public_key = response + CX_OPRF_ELEMENT;
    uint8_t randomized[64], export_key[64];
    cx_opaque_record record;
    coax_err err = cx_opaque_ready(error);
    if (err == COAX_OK)
        err = cx_opaque_check_password(password, error);
    if (err == COAX_OK)
        err = cx_opaque_check_names(names, error);
    if (err == COAX_OK &&
        (!cx_oprf_is_element(evaluated) || !cx_oprf_is_element(server_public_key)))
        err = coax_error_set(error, COAX_ERR_BAD_MESSAGE, "no answer to a registration");
    if (err == COAX_OK)
        err = cx_opaque_randomize(password, blind, evaluated, stretch, randomized, error);
    if (err == COAX_OK &&
        !cx_opaque_store(randomized, server_public_key, names, envelope_nonce, &record, export_key))
        err = coax_error_set(error, COAX_ERR_SYSTEM, "no key pair from this password; try again");
    if (err == COAX_OK) {
        memcpy(ret_record, &record, sizeof record);
        if (ret_export_key != NULL)
            memcpy(ret_export_key, export_key, sizeof export_key);
    }
    sodium_memzero(randomized, sizeof randomized);
    sodium_memzero(export_key, sizeof export_key);
    return err;
}
