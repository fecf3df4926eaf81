/*
 * OPAQUE-3DH (RFC 9807): logging in with a password that the server never sees.
 *
 * Pure functions over bytes: every random number is handed in, nothing is kept between calls but
 * what the caller holds, and nothing waits. Configuration: OPRF(ristretto255, SHA-512),
 * HKDF-SHA-512, HMAC-SHA-512, SHA-512, Argon2id. Who the client says it is, who the server is and
 * what connection this is (cx_opaque_names) must be the same at both ends, or the login fails.
 *
 *     client                                     server
 *     cx_opaque_start        --- KE1 --->        cx_opaque_respond  (record, or NULL: no such user)
 *     cx_opaque_finish       <-- KE2 ---
 *                            --- KE3 --->        cx_opaque_accept
 *
 * Knows no wire, no store and no clock. Only cx_opaque_finish and cx_opaque_register_finish are
 * slow (Argon2id); the server side costs the same whether the user exists or not. All functions may
 * be called from any thread. Decision record 0026. Read next: opaque_parts.h.
 */
#ifndef CX_SECURE_OPAQUE_H
#define CX_SECURE_OPAQUE_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/error.h>
#include <coax/password.h>

#define CX_OPAQUE_KE1 96u
#define CX_OPAQUE_KE2 320u
#define CX_OPAQUE_KE3 64u
#define CX_OPAQUE_KEY 64u /* a session key, an export key */
#define CX_OPAQUE_NAME_MAX 65535u
#define CX_OPAQUE_PASSWORD_MAX 2048u /* bytes; at least 1; as many as a client may show */

/* The library is ready (sodium_init, which may be called often and by many threads at once).
 * @return COAX_OK, COAX_ERR_SYSTEM. Everything below that can fail calls it. */
COAX_MUST_USE coax_err cx_opaque_ready(coax_error *error);

/* Whom a login is between, and where; borrowed. An empty `server` means the server's public key, as
 * does an empty `client` the client's (RFC 9807's defaults). coax: client = the user's name, server
 * empty, context = "coax1" and the handshake hash. */
typedef struct cx_opaque_names {
    coax_bytes client;
    coax_bytes server;
    coax_bytes context;
} cx_opaque_names;

/*
 * What stands between a password and its guesses. `is_identity` is for RFC 9807's test vectors and
 * nothing else.
 */
typedef struct cx_opaque_stretch {
    coax_password_cost cost;
    bool is_identity;
} cx_opaque_stretch;

/* Fills in the defaults where `cost` (NULL: all) has 0, and checks the bounds that password.h names.
 * The words name what is out of bounds. @return COAX_OK, COAX_ERR_INVALID_ARGUMENT. */
COAX_MUST_USE coax_err cx_password_cost_take(const coax_password_cost *cost,
                                             coax_password_cost *ret_cost, coax_error *error);

/* ---- client ---- */

/* Fresh for each login. */
typedef struct cx_opaque_client_random {
    uint8_t blind[64]; /* reduced to a scalar */
    uint8_t nonce[32];
    uint8_t keyshare_seed[32];
} cx_opaque_client_random;

/* A login between KE1 and KE2. Secret: wiped by cx_opaque_finish, or by cx_opaque_forget. Plain
 * bytes: may be copied to where a thread finishes it, if the other copy is wiped. */
typedef struct cx_opaque_login {
    uint8_t blind[32];
    uint8_t secret[32]; /* of the key share */
    uint8_t ke1[CX_OPAQUE_KE1];
} cx_opaque_login;

/* KE1. `random` is wiped. @return COAX_OK; COAX_ERR_INVALID_ARGUMENT: a password of no or too many
 * bytes; COAX_ERR_SYSTEM. */
COAX_MUST_USE coax_err cx_opaque_start(coax_bytes password, cx_opaque_client_random *random,
                                       cx_opaque_login *ret_login, uint8_t ret_ke1[CX_OPAQUE_KE1],
                                       coax_error *error);

/* What a finished login gives; wipe it (sodium_memzero, coax_wipe) when done. */
typedef struct cx_opaque_result {
    uint8_t ke3[CX_OPAQUE_KE3];
    uint8_t session_key[CX_OPAQUE_KEY]; /* the server has it too */
    uint8_t export_key[CX_OPAQUE_KEY];  /* the server never has it; of the password and record */
} cx_opaque_result;

/*
 * KE2 in, KE3 out; wipes `login` whatever happens. Takes Argon2id's time: run it off the loop.
 * After COAX_OK the server has proved that it holds the user's record.
 * @return COAX_OK; COAX_ERR_UNAUTHENTICATED: wrong password, no such user, another server or
 * connection, or changed bytes, which can't be told apart; COAX_ERR_INVALID_ARGUMENT: a cost out of
 * bounds; COAX_ERR_NO_MEMORY: Argon2id's; COAX_ERR_SYSTEM.
 */
COAX_MUST_USE coax_err cx_opaque_finish(cx_opaque_login *login, coax_bytes password,
                                        const cx_opaque_names *names,
                                        const cx_opaque_stretch *stretch,
                                        const uint8_t ke2[CX_OPAQUE_KE2],
                                        cx_opaque_result *ret_result, coax_error *error);

/* Wipes a login that will not be finished. Fine twice, NULL is fine. */
void cx_opaque_forget(cx_opaque_login *login);

/* ---- server ---- */

/*
 * A store's secret made ready. All of it is secret but public_key; belongs into locked memory (a
 * coax_store keeps one, see store.h). Never changes: any thread may use it.
 */
typedef struct cx_opaque_server {
    uint8_t oprf_seed[64];
    uint8_t private_key[32];
    uint8_t public_key[32];
    uint8_t
        fake_record[COAX_RECORD_BYTES]; /* stands in for users that don't exist (section 10.9) */
} cx_opaque_server;

/* @return COAX_OK; COAX_ERR_BAD_KEY: no secret that coax_store_secret_generate made;
 * COAX_ERR_SYSTEM. */
COAX_MUST_USE coax_err cx_opaque_server_init(cx_opaque_server *server,
                                             const uint8_t secret[COAX_STORE_SECRET_BYTES],
                                             coax_error *error);

/* Fresh for each login. */
typedef struct cx_opaque_server_random {
    uint8_t masking_nonce[32];
    uint8_t nonce[32];
    uint8_t keyshare_seed[32];
} cx_opaque_server_random;

/* What the server waits for after KE2. Secret: wiped by cx_opaque_accept, or with
 * cx_opaque_expect_wipe. */
typedef struct cx_opaque_expect {
    uint8_t ke3[CX_OPAQUE_KE3];
    uint8_t session_key[CX_OPAQUE_KEY];
    uint8_t is_fake; /* nobody gets in, whatever KE3 is */
} cx_opaque_expect;

/*
 * KE1 in, KE2 out. `record` NULL: there is no such user, and the answer comes from the fake record, with
 * the same work. `user` names the record in the store; coax uses names->client for it as well.
 * `random` is wiped.
 * @return COAX_OK; COAX_ERR_UNAUTHENTICATED: KE1 holds no valid elements; COAX_ERR_BAD_KEY: the record
 * holds no valid key, which is the store's fault; COAX_ERR_SYSTEM.
 */
COAX_MUST_USE coax_err cx_opaque_respond(const cx_opaque_server *server, const uint8_t *record,
                                         coax_bytes user, const cx_opaque_names *names,
                                         const uint8_t ke1[CX_OPAQUE_KE1],
                                         cx_opaque_server_random *random,
                                         cx_opaque_expect *ret_expect,
                                         uint8_t ret_ke2[CX_OPAQUE_KE2], coax_error *error);

/*
 * Whether KE3 is the right one, compared in constant time. Wipes `expect` whatever happens, so that
 * there is one try.
 * @param ret_session_key  NULL, or filled on true.
 */
bool cx_opaque_accept(cx_opaque_expect *expect, const uint8_t ke3[CX_OPAQUE_KE3],
                      uint8_t *ret_session_key);

void cx_opaque_expect_wipe(cx_opaque_expect *expect);

/* ---- registration: the same three steps wherever the password is typed ---- */

/* Client. `blind_random` is 64 bytes, wiped; `ret_blind` is secret. Errors as cx_opaque_start. */
COAX_MUST_USE coax_err cx_opaque_register_start(coax_bytes password, uint8_t blind_random[64],
                                                uint8_t ret_blind[32],
                                                uint8_t ret_request[COAX_REGISTER_REQUEST_BYTES],
                                                coax_error *error);

/* Server; keeps nothing. @return COAX_OK; COAX_ERR_BAD_MESSAGE: no valid element; COAX_ERR_SYSTEM. */
COAX_MUST_USE coax_err
cx_opaque_register_respond(const cx_opaque_server *server, coax_bytes user,
                           const uint8_t request[COAX_REGISTER_REQUEST_BYTES],
                           uint8_t ret_response[COAX_REGISTER_RESPONSE_BYTES], coax_error *error);

/*
 * Client: the record for the server's store. `names->context` is not used. Takes Argon2id's time.
 * @param ret_export_key  NULL, or CX_OPAQUE_KEY bytes.
 * @return COAX_OK; COAX_ERR_BAD_MESSAGE: no response of a server; COAX_ERR_INVALID_ARGUMENT (cost);
 * COAX_ERR_NO_MEMORY; COAX_ERR_SYSTEM.
 */
COAX_MUST_USE coax_err cx_opaque_register_finish(
    coax_bytes password, const uint8_t blind[32], const cx_opaque_names *names,
    const cx_opaque_stretch *stretch, const uint8_t envelope_nonce[32],
    const uint8_t response[COAX_REGISTER_RESPONSE_BYTES], uint8_t ret_record[COAX_RECORD_BYTES],
    uint8_t *ret_export_key, coax_error *error);

#endif
