/*
 * Stores of users: what holds for somebody's own and for the file alike, and registration.
 *
 * Passwords are seen here only on the way through OPAQUE's registration, and are never kept. Knows no
 * file. Read next: store_file.c.
 */
#include <sodium.h>
#include <string.h>

#include "base/env_system.h"
#include "secure/opaque_parts.h"
#include "secure/store.h"

/* ---- names ---- */

coax_err cx_principal_check(const char *name, const char *const *roles, size_t *ret_n_roles,
                            coax_error *error)
{
    static const char rule[] = "must be 1 to 255 bytes of UTF-8 without control characters";
    size_t n = 0;
    if (name == NULL || !cx_principal_is_valid(name, strlen(name)))
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "a user's name %s", rule);
    for (; roles != NULL && roles[n] != NULL; n++) {
        if (n == CX_ROLES_MAX)
            return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT,
                                  "a user can have at most %u roles", CX_ROLES_MAX);
        if (!cx_principal_is_valid(roles[n], strlen(roles[n])))
            return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "role %zu %s", n + 1, rule);
    }
    if (ret_n_roles != NULL)
        *ret_n_roles = n;
    return COAX_OK;
}

/* ---- a store ---- */

void coax_store_secret_generate(uint8_t ret_secret[COAX_STORE_SECRET_BYTES])
{
    const coax_env *env = cx_env_system();
    uint8_t wide[64], *scalar;
    if (ret_secret == NULL)
        return;
    scalar = ret_secret + 64;
    env->random(env->self, ret_secret, 64);
    do {
        env->random(env->self, wide, sizeof wide);
        crypto_core_ristretto255_scalar_reduce(scalar, wide);
    } while (sodium_is_zero(scalar, CX_OPRF_SCALAR));
    sodium_memzero(wide, sizeof wide);
}

coax_err cx_store_make(const coax_store_ops *ops, void *self, cx_store_get_fn get,
                       const uint8_t secret[COAX_STORE_SECRET_BYTES],
                       const coax_password_cost *cost, coax_store **ret_store, coax_error *error)
{
    coax_password_cost taken;
    coax_err err = cx_opaque_ready(error);
    if (err == COAX_OK)
        err = cx_password_cost_take(cost, &taken, error);
    if (err != COAX_OK)
        return err;
    coax_store *store = sodium_malloc(sizeof *store);
    cx_opaque_server *server = sodium_malloc(sizeof *server);
    if (store == NULL || server == NULL)
        err = coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a store");
    else
        err = cx_opaque_server_init(server, secret, error);
    if (err != COAX_OK) {
        sodium_free(store);
        sodium_free(server);
        return err;
    }
    (void)sodium_mprotect_readonly(server);
    memset(store, 0, sizeof *store);
    memcpy(&store->ops, ops, ops->size < sizeof store->ops ? ops->size : sizeof store->ops);
    store->self = self;
    store->get = get;
    store->cost = taken;
    store->server = server;
    *ret_store = store;
    return COAX_OK;
}

coax_err coax_store_create(const coax_store_ops *ops, void *self, coax_store **ret_store,
                           coax_error *error)
{
    uint8_t secret[COAX_STORE_SECRET_BYTES] = { 0 }; /* refused, if load leaves it so */
    coax_password_cost cost = { 0, 0 };
    coax_store_ops taken = { 0 };
    if (ops == NULL || ret_store == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "ops and ret_store may not be NULL");
    memcpy(&taken, ops, ops->size < sizeof taken ? ops->size : sizeof taken);
    if (taken.find == NULL || taken.load == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "a store needs find, and load for its secret");
    coax_err err = taken.load(self, secret, &cost, error);
    if (err == COAX_OK)
        err = cx_store_make(ops, self, NULL, secret, &cost, ret_store, error);
    sodium_memzero(secret, sizeof secret);
    return err;
}

void coax_store_cost(const coax_store *store, coax_password_cost *ret_cost)
{
    if (ret_cost != NULL)
        *ret_cost = store != NULL ? store->cost : (coax_password_cost){ 0, 0 };
}

void coax_store_close(coax_store *store)
{
    if (store == NULL)
        return;
    if (store->ops.close != NULL)
        store->ops.close(store->self);
    union {
        const cx_opaque_server *kept;
        void *own;
    } server = { store->server };
    sodium_free(server.own);
    sodium_free(store);
}

coax_err cx_store_get(coax_store *store, const char *name, cx_store_answer_fn answer,
                      void *answer_self, coax_error *error)
{
    return store->get(store->self, name, answer, answer_self, error);
}

coax_err coax_store_put(coax_store *store, const coax_user *user, coax_error *error)
{
    if (store == NULL || user == NULL || user->size < sizeof *user)
        return coax_error_set(error, COAX_ERR_MISUSE, "no store or no user");
    if (store->ops.put == NULL)
        return coax_error_set(error, COAX_ERR_NOT_SUPPORTED, "this store has no put");
    coax_err err = cx_principal_check(user->name, user->roles, NULL, error);
    if (err != COAX_OK)
        return err;
    /* The client made it, and what is no key would fail every login of this user. */
    if (!cx_oprf_is_element(user->record))
        return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "the user's record holds no key");
    return store->ops.put(store->self, user, error);
}

coax_err coax_store_remove(coax_store *store, const char *name, coax_error *error)
{
    if (store == NULL || name == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "no store or no name");
    if (store->ops.remove == NULL)
        return coax_error_set(error, COAX_ERR_NOT_SUPPORTED, "this store has no remove");
    return store->ops.remove(store->self, name, error);
}

coax_err coax_store_list(coax_store *store, bool (*on_user)(void *self, const coax_user *user),
                         void *self, coax_error *error)
{
    if (store == NULL || on_user == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "no store or no on_user");
    if (store->ops.list == NULL)
        return coax_error_set(error, COAX_ERR_NOT_SUPPORTED, "this store has no list");
    return store->ops.list(store->self, on_user, self, error);
}

/* ---- registration ---- */

/* Lies in locked memory. */
struct coax_registration {
    uint8_t blind[CX_OPRF_SCALAR];
    size_t password_len;
    uint8_t password[];
};

coax_err coax_register_begin(const char *password, coax_registration **ret_registration,
                             uint8_t ret_request[COAX_REGISTER_REQUEST_BYTES], coax_error *error)
{
    const coax_env *env = cx_env_system();
    uint8_t random[64];
    if (password == NULL || ret_registration == NULL || ret_request == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "password, ret_registration and ret_request may not be NULL");
    const coax_bytes typed = cx_piece(password, strlen(password));
    coax_err err = cx_opaque_check_password(typed, error);
    if (err == COAX_OK)
        err = cx_opaque_ready(error);
    if (err != COAX_OK)
        return err;
    /* sodium_malloc puts a block's end at a page's end: the size decides how it is aligned. */
    coax_registration *registration =
        sodium_malloc((sizeof *registration + typed.len + 15) & ~(size_t)15);
    if (registration == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a registration");
    registration->password_len = typed.len;
    memcpy(registration->password, typed.data, typed.len);
    env->random(env->self, random, sizeof random);
    err = cx_opaque_register_start(typed, random, registration->blind, ret_request, error);
    if (err == COAX_OK)
        *ret_registration = registration;
    else
        coax_registration_free(registration);
    return err;
}

coax_err coax_register_respond(coax_store *store, const char *name,
                               const uint8_t request[COAX_REGISTER_REQUEST_BYTES],
                               uint8_t ret_response[COAX_REGISTER_RESPONSE_BYTES],
                               coax_error *error)
{
    if (store == NULL || request == NULL || ret_response == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "store, request and ret_response may not be NULL");
    coax_err err = cx_principal_check(name, NULL, NULL, error);
    if (err != COAX_OK)
        return err;
    return cx_opaque_register_respond(store->server, cx_piece_text(name), request, ret_response,
                                      error);
}

coax_err coax_register_finish(coax_registration *registration, const coax_password_cost *cost,
                              const char *name,
                              const uint8_t response[COAX_REGISTER_RESPONSE_BYTES],
                              uint8_t ret_record[COAX_RECORD_BYTES], coax_error *error)
{
    const coax_env *env = cx_env_system();
    uint8_t nonce[32];
    cx_opaque_stretch stretch = { { 0, 0 }, false };
    if (registration == NULL || response == NULL || ret_record == NULL) {
        coax_registration_free(registration);
        return coax_error_set(error, COAX_ERR_MISUSE,
                              "registration, response and ret_record may not be NULL");
    }
    coax_err err = cx_principal_check(name, NULL, NULL, error);
    if (err == COAX_OK)
        err = cx_password_cost_take(cost, &stretch.cost, error);
    if (err == COAX_OK) {
        const cx_opaque_names names = { cx_piece_text(name), { NULL, 0 }, { NULL, 0 } };
        env->random(env->self, nonce, sizeof nonce);
        err = cx_opaque_register_finish(
            cx_piece(registration->password, registration->password_len), registration->blind,
            &names, &stretch, nonce, response, ret_record, NULL, error);
    }
    coax_registration_free(registration);
    return err;
}

void coax_registration_free(coax_registration *registration)
{
    sodium_free(registration);
}

/* All three steps in one place. */
static coax_err make_record(const coax_store *store, const char *name, const char *password,
                            uint8_t ret_record[COAX_RECORD_BYTES], coax_error *error)
{
    coax_registration *registration = NULL;
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], response[COAX_REGISTER_RESPONSE_BYTES];
    coax_err err = coax_register_begin(password, &registration, request, error);
    if (err != COAX_OK)
        return err;
    err = cx_opaque_register_respond(store->server, cx_piece_text(name), request, response, error);
    if (err == COAX_OK)
        return coax_register_finish(registration, &store->cost, name, response, ret_record, error);
    coax_registration_free(registration);
    return err;
}

coax_err coax_store_set_password(coax_store *store, const char *name, const char *const *roles,
                                 const char *password, coax_error *error)
{
    coax_user user = { sizeof user, name, roles, { 0 } };
    if (store == NULL || password == NULL)
        return coax_error_set(error, COAX_ERR_MISUSE, "no store or no password");
    if (store->ops.put == NULL)
        return coax_error_set(error, COAX_ERR_NOT_SUPPORTED, "this store has no put");
    coax_err err = cx_principal_check(name, roles, NULL, error);
    if (err == COAX_OK)
        err = make_record(store, name, password, user.record, error);
    if (err == COAX_OK)
        err = store->ops.put(store->self, &user, error);
    sodium_memzero(user.record, sizeof user.record);
    return err;
}
