/*
 * What a coax_store is inside: the user's table, the secret made ready, the cost.
 *
 * Invariants: nothing here changes once a store was created, so that every loop of a server may use
 * one store at once; what a file store changes lies behind its own lock (`self`). Knows no file.
 * Read next: password.h for what each function promises, opaque.h for what `server` is used for.
 */
#ifndef CX_SECURE_STORE_H
#define CX_SECURE_STORE_H

#include <coax/password.h>

#include "secure/opaque.h"

struct coax_store {
    coax_store_ops ops;
    void *self;
    coax_password_cost cost;        /* sent with KE2: the client stretches its password so */
    const cx_opaque_server *server; /* in locked memory */
};

/*
 * Asks the store for `name`; the answer comes to coax_lookup_found or coax_lookup_failed with
 * `lookup`, perhaps before this returns. On the thread of the lookup's loop.
 */
void cx_store_find(coax_store *store, coax_lookup lookup, const char *name);

/* Whether `name` can be a principal or a role: 1 to 255 bytes of UTF-8 without control characters. */
bool cx_principal_is_valid(const char *name);

#endif
