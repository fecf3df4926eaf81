/*
 * The server's steps of OPAQUE-3DH, and what it says about users that don't exist.
 *
 * One fake record stands for all of them (RFC 9807, sections 6.3.2.2 and 10.9): made from the store's secret, so that it
 * is the same after a restart and on another machine, and answered with by the same work.
 */
#include <sodium.h>

#include "secure/channel.h"
#include "secure/opaque_parts.h"

coax_err cx_opaque_ready(coax_error *error)
{
    return cx_secure_init(error);
}

bool cx_opaque_user_key(const uint8_t oprf_seed[64], coax_bytes user, uint8_t ret_key[32])
{
    uint8_t seed[32];
    const coax_bytes info[] = { user, cx_piece_text("OprfKey") };
    cx_hkdf_expand(cx_piece(oprf_seed, 64), info, 2, seed, sizeof seed);
    bool is_done = cx_oprf_derive_key(CX_OPRF_BASE, seed, cx_piece_text("OPAQUE-DeriveKeyPair"),
                                      ret_key, NULL);
    sodium_memzero(seed, sizeof seed);
    return is_done;
}

/* Its envelope is zeros, as the RFC has it: hidden by the masking key, it looks like any other. */
static bool make_fake(const uint8_t oprf_seed[64], uint8_t ret_record[COAX_RECORD_BYTES])
{
    const coax_bytes mask = cx_piece_text("coax fake record: masking key");
    const coax_bytes key = cx_piece_text("coax fake record: client key");
    cx_opaque_record fake = { { 0 }, { 0 }, { { 0 }, { 0 } } };
    uint8_t seed[32], nobody[32];
    cx_hkdf_expand(cx_piece(oprf_seed, 64), &mask, 1, fake.masking_key, sizeof fake.masking_key);
    cx_hkdf_expand(cx_piece(oprf_seed, 64), &key, 1, seed, sizeof seed);
    bool is_done = cx_opaque_derive_dh(seed, nobody, fake.client_public_key);
    memcpy(ret_record, &fake, sizeof fake);
    sodium_memzero(&fake, sizeof fake);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(nobody, sizeof nobody);
    return is_done;
}

coax_err cx_opaque_server_init(cx_opaque_server *server,
                               const uint8_t secret[COAX_STORE_SECRET_BYTES], coax_error *error)
{
    coax_err err = cx_opaque_ready(error);
    if (err != COAX_OK)
        return err;
    memcpy(server->oprf_seed, secret, sizeof server->oprf_seed);
    memcpy(server->private_key, secret + sizeof server->oprf_seed, sizeof server->private_key);
    if (sodium_is_zero(secret, sizeof server->oprf_seed) ||
        !cx_oprf_is_scalar(server->private_key) ||
        crypto_scalarmult_ristretto255_base(server->public_key, server->private_key) != 0 ||
        !make_fake(server->oprf_seed, server->fake_record)) {
        sodium_memzero(server, sizeof *server);
        return coax_error_set(error, COAX_ERR_BAD_KEY,
                              "not the secret of a store: coax_store_secret_generate makes them");
    }
    return COAX_OK;
}

typedef struct respond_work {
    cx_opaque_record record;
    uint8_t user_key[32];
    cx_opaque_hidden hidden;
    uint8_t secret[32]; /* of the key share */
    uint8_t dh[96];
    cx_opaque_keys keys;
} respond_work;

/* CreateCredentialResponse, AuthServerRespond. */
static coax_err respond(respond_work *work, const cx_opaque_server *server, coax_bytes user,
                        const cx_opaque_names *names, const cx_opaque_ke1 *ke1,
                        const cx_opaque_server_random *random, cx_opaque_ke2 *ke2,
                        coax_error *error)
{
    if (!cx_opaque_user_key(server->oprf_seed, user, work->user_key) ||
        !cx_opaque_derive_dh(random->keyshare_seed, work->secret, ke2->keyshare))
        return coax_error_set(error, COAX_ERR_SYSTEM, "no keys for a login; try again");
    if (!cx_oprf_evaluate(work->user_key, ke1->blinded, ke2->response.evaluated) ||
        !cx_oprf_multiply(work->secret, ke1->keyshare, work->dh) ||
        !cx_oprf_multiply(server->private_key, ke1->keyshare, work->dh + 32))
        return coax_error_set(error, COAX_ERR_UNAUTHENTICATED, "KE1 holds no valid elements");
    if (!cx_oprf_multiply(work->secret, work->record.client_public_key, work->dh + 64))
        return coax_error_set(error, COAX_ERR_BAD_KEY, "the user's record holds no valid key");
    memcpy(work->hidden.server_public_key, server->public_key, 32);
    work->hidden.envelope = work->record.envelope;
    memcpy(ke2->response.masking_nonce, random->masking_nonce, 32);
    memcpy(ke2->nonce, random->nonce, 32);
    cx_opaque_mask(work->record.masking_key, ke2->response.masking_nonce,
                   (const uint8_t *)&work->hidden, ke2->response.masked);
    cx_opaque_names full =
        cx_opaque_full_names(names, work->record.client_public_key, server->public_key);
    cx_opaque_derive_keys(work->dh, &full, ke1, ke2, &work->keys);
    memcpy(ke2->mac, work->keys.server_mac, sizeof ke2->mac);
    return COAX_OK;
}

coax_err cx_opaque_respond(const cx_opaque_server *server, const uint8_t *record, coax_bytes user,
                           const cx_opaque_names *names, const uint8_t ke1_bytes[CX_OPAQUE_KE1],
                           cx_opaque_server_random *random, cx_opaque_expect *ret_expect,
                           uint8_t ret_ke2[CX_OPAQUE_KE2], coax_error *error)
{
    respond_work work;
    cx_opaque_ke1 ke1;
    cx_opaque_ke2 ke2;
    memcpy(&ke1, ke1_bytes, sizeof ke1);
    memcpy(&work.record, record != NULL ? record : server->fake_record, sizeof work.record);
    coax_err err = cx_opaque_check_names(names, error);
    if (err == COAX_OK)
        err = respond(&work, server, user, names, &ke1, random, &ke2, error);
    if (err == COAX_OK) {
        memcpy(ret_ke2, &ke2, sizeof ke2);
        memcpy(ret_expect->ke3, work.keys.client_mac, sizeof ret_expect->ke3);
        memcpy(ret_expect->session_key, work.keys.session_key, sizeof ret_expect->session_key);
        ret_expect->is_fake = record == NULL;
    }
    sodium_memzero(&work, sizeof work);
    sodium_memzero(random, sizeof *random);
    return err;
}

bool cx_opaque_accept(cx_opaque_expect *expect, const uint8_t ke3[CX_OPAQUE_KE3],
                      uint8_t *ret_session_key)
{
    bool is_equal = sodium_memcmp(expect->ke3, ke3, CX_OPAQUE_KE3) == 0;
    bool is_right = is_equal && expect->is_fake == 0;
    if (is_right && ret_session_key != NULL)
        memcpy(ret_session_key, expect->session_key, CX_OPAQUE_KEY);
    cx_opaque_expect_wipe(expect);
    return is_right;
}

void cx_opaque_expect_wipe(cx_opaque_expect *expect)
{
    sodium_memzero(expect, sizeof *expect);
    expect->is_fake = 1; /* a KE3 of zeros must not be right from now on */
}

coax_err cx_opaque_register_respond(const cx_opaque_server *server, coax_bytes user,
                                    const uint8_t request[COAX_REGISTER_REQUEST_BYTES],
                                    uint8_t ret_response[COAX_REGISTER_RESPONSE_BYTES],
                                    coax_error *error)
{
    uint8_t key[32];
    coax_err err = COAX_OK;
    if (!cx_opaque_user_key(server->oprf_seed, user, key))
        err = coax_error_set(error, COAX_ERR_SYSTEM, "no key for this user");
    else if (!cx_oprf_evaluate(key, request, ret_response))
        err = coax_error_set(error, COAX_ERR_BAD_MESSAGE, "no request to register");
    else
        memcpy(ret_response + CX_OPRF_ELEMENT, server->public_key, 32);
    sodium_memzero(key, sizeof key);
    return err;
}
