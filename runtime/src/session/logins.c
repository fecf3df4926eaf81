/*
 * What a server checks credentials against.
 *
 * Read next: login_in.c.
 */
#include <string.h>

#include "base/wipe.h"
#include "secure/channel.h"
#include "session/logins.h"

/* Connections of one principal that one newcomer may have to send away, one after the other. */
enum { EVICTIONS_MAX = 8 };

static void fill_random(const coax_env *env, void *bytes, size_t len)
{
    env->random(env->self, bytes, len);
}

/* What a store's secret is made of: a seed, and a scalar below the order of the group. */
static coax_err make_server(cx_opaque_server *server, const coax_env *env, coax_error *error)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    fill_random(env, secret, sizeof secret);
    secret[sizeof secret - 1] &= 0x0f; /* little-endian, and the order is above 2^252 */
    coax_err err = cx_opaque_server_init(server, secret, error);
    cx_wipe(secret, sizeof secret);
    return err;
}

/* Registers the password as its owner would, with both halves here. */
static coax_err enrol(cx_shared_password *shared, const coax_env *env, coax_bytes password,
                      coax_error *error)
{
    uint8_t random[64];
    uint8_t blind[32];
    uint8_t nonce[32];
    uint8_t request[COAX_REGISTER_REQUEST_BYTES];
    uint8_t response[COAX_REGISTER_RESPONSE_BYTES];
    const coax_bytes nobody = { (const uint8_t *)"", 0 };
    const cx_opaque_names names = { nobody, nobody, nobody };
    const cx_opaque_stretch stretch = { shared->cost, false };
    fill_random(env, random, sizeof random);
    fill_random(env, nonce, sizeof nonce);
    coax_err err = cx_opaque_register_start(password, random, blind, request, error);
    if (err == COAX_OK)
        err = cx_opaque_register_respond(&shared->server, nobody, request, response, error);
    if (err == COAX_OK)
        err = cx_opaque_register_finish(password, blind, &names, &stretch, nonce, response,
                                        shared->record, NULL, error);
    cx_wipe(random, sizeof random);
    cx_wipe(blind, sizeof blind);
    return err;
}

static coax_err make_shared(cx_logins *logins, const char *text, coax_error *error)
{
    const coax_env *env = logins->config.env;
    const coax_bytes password = { (const uint8_t *)text, strlen(text) };
    if (password.len == 0 || password.len > CX_SECRET_MAX)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "option `password` is %zu bytes long; use 1 to %u", password.len,
                              CX_SECRET_MAX);
    cx_shared_password *shared = cx_secret_take(sizeof *shared);
    if (shared == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no locked memory for a password");
    logins->shared = shared;
    coax_err err = cx_password_cost_take(NULL, &shared->cost, error);
    if (err == COAX_OK)
        err = make_server(&shared->server, env, error);
    return err == COAX_OK ? enrol(shared, env, password, error) : err;
}

coax_err cx_logins_create(const cx_logins_config *config, cx_logins **ret_logins, coax_error *error)
{
    const coax_env *env = config->env;
    cx_logins *logins = env->allocator.resize(env->allocator.self, NULL, sizeof *logins);
    if (logins == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for logins");
    memset(logins, 0, sizeof *logins);
    logins->config = *config;
    logins->config.password = NULL;
    logins->config.tokens = NULL;
    logins->config.authorized_keys = NULL;
    cx_seats_init(&logins->seats, env, &logins->config.guard);
    coax_err err = cx_secure_init(error);
    if (err == COAX_OK)
        err = cx_tokens_init(&logins->tokens, env, config->tokens, error);
    if (err == COAX_OK && config->authorized_keys != NULL)
        err = cx_authorized_open(env, config->authorized_keys, &logins->keys, error);
    if (err == COAX_OK && config->password != NULL)
        err = make_shared(logins, config->password, error);
    if (err != COAX_OK) {
        cx_logins_destroy(logins);
        return err;
    }
    *ret_logins = logins;
    return COAX_OK;
}

void cx_logins_destroy(cx_logins *logins)
{
    if (logins == NULL)
        return;
    const coax_env *env = logins->config.env;
    cx_tokens_deinit(&logins->tokens);
    if (logins->keys != NULL)
        cx_authorized_close(logins->keys);
    cx_secret_give(logins->shared);
    cx_seats_deinit(&logins->seats);
    env->allocator.release(env->allocator.self, logins);
}

coax_err cx_logins_find_key(cx_logins *logins, cx_pool *pool, const uint8_t key[COAX_KEY_BYTES],
                            cx_person **ret_person, coax_error *ret_flaw)
{
    coax_err err = COAX_ERR_NOT_FOUND;
    ret_flaw->code = COAX_OK;
    if (logins->keys == NULL)
        return err;
    cx_guard_lock(&logins->config.guard);
    (void)!cx_authorized_refresh(logins->keys, NULL, ret_flaw); /* else the table stays */
    const cx_authorized_key *found = cx_authorized_find(logins->keys, key);
    if (found != NULL)
        err = cx_person_make(pool, found->principal, found->roles, ret_person);
    cx_guard_unlock(&logins->config.guard);
    return err;
}

coax_err cx_logins_sit(cx_logins *logins, const char *principal, coax_peer peer,
                       bool *ret_has_replaced)
{
    coax_peer other = { NULL, 0, 0 };
    coax_peer gone;
    *ret_has_replaced = false;
    if (logins->config.second_login == COAX_SECOND_ALLOW)
        return COAX_OK;
    coax_err err = cx_seats_take(&logins->seats, principal, peer, NULL, &other);
    if (logins->config.second_login == COAX_SECOND_REFUSE)
        return err;
    /* Another newcomer may have been faster: then that one goes as well. */
    for (int i = 0; err == COAX_ERR_ALREADY_EXISTS && i < EVICTIONS_MAX; i++) {
        gone = other;
        if (!logins->config.evict(gone))
            return COAX_ERR_UNAVAILABLE;
        *ret_has_replaced = true;
        err = cx_seats_take(&logins->seats, principal, peer, &gone, &other);
    }
    return err == COAX_ERR_ALREADY_EXISTS ? COAX_ERR_UNAVAILABLE : err;
}

void cx_logins_leave(cx_logins *logins, const char *principal, coax_peer peer)
{
    if (logins->config.second_login != COAX_SECOND_ALLOW)
        cx_seats_leave(&logins->seats, principal, peer);
}
