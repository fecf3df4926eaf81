/*
 * What a coax_store is inside: somebody's table of functions or our file, the secret made ready, the
 * cost.
 *
 * Invariants: nothing here changes once a store was created, so that every loop of a server may use
 * one store at once; what a file store changes lies behind its own lock. A store either answers at
 * once (get: the file store) or takes a lookup (ops.find: somebody's own). Knows no file and no
 * loop. Read next: password.h for what each function promises, store_file.c.
 */
#ifndef CX_SECURE_STORE_H
#define CX_SECURE_STORE_H

#include <coax/password.h>

#include "secure/opaque.h"

/* An answer: `user` NULL: there is none of that name. Borrowed until this returns. */
typedef void (*cx_store_answer_fn)(void *self, const coax_user *user);

typedef coax_err (*cx_store_get_fn)(void *self, const char *name, cx_store_answer_fn answer,
                                    void *answer_self, coax_error *error);

struct coax_store {
    coax_store_ops ops; /* find is NULL exactly when `get` is not */
    void *self;
    cx_store_get_fn get;
    coax_password_cost cost;        /* sent with KE2: the client stretches its password so */
    const cx_opaque_server *server; /* in locked memory */
};

/*
 * Whether the store answers at once, by cx_store_get. Else call
 * store->ops.find(store->self, lookup, name), and the answer comes through coax_lookup_found or _failed, perhaps
 * before find returns.
 */
static inline bool cx_store_is_immediate(const coax_store *store)
{
    return store->get != NULL;
}

/*
 * Looks `name` up now, on any thread, and calls `answer` once, without a lock held.
 * @return COAX_OK: answered; else the store can't be read, the words say why, and `answer` was not called.
 */
COAX_MUST_USE coax_err cx_store_get(coax_store *store, const char *name, cx_store_answer_fn answer,
                                    void *answer_self, coax_error *error);

/* A store of either kind around a secret and a cost that were loaded. Wipes nothing of the caller's.
 * @return COAX_OK, COAX_ERR_BAD_KEY, COAX_ERR_INVALID_ARGUMENT (cost), COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_store_make(const coax_store_ops *ops, void *self, cx_store_get_fn get,
                                     const uint8_t secret[COAX_STORE_SECRET_BYTES],
                                     const coax_password_cost *cost, coax_store **ret_store,
                                     coax_error *error);

/* Whether `name` can be a principal or a role: 1 to 255 bytes of UTF-8 without control characters. */
bool cx_principal_is_valid(const char *name, size_t len);
#define CX_PRINCIPAL_MAX 255u
#define CX_ROLES_MAX 64u

/* @return COAX_OK; COAX_ERR_INVALID_ARGUMENT: the name or a role, with words. `ret_n_roles` may be NULL. */
COAX_MUST_USE coax_err cx_principal_check(const char *name, const char *const *roles,
                                          size_t *ret_n_roles, coax_error *error);

#endif
