/*
 * Users for tests of the store: cheap Argon2id, logins done by hand on both ends, lookups that copy what they find.
 */
#ifndef COAX_TESTS_STORE_PEOPLE_H
#define COAX_TESTS_STORE_PEOPLE_H

#include "secure/store.h"

/* The cheapest that is possible. */
extern const coax_password_cost people_cost;

/* What a lookup found. */
typedef struct people_found {
    bool is_answered;
    bool is_there;
    char name[256];
    char roles[512]; /* with commas */
    uint8_t record[COAX_RECORD_BYTES];
} people_found;

/* Looks up; the test fails when the store does. */
people_found people_find(coax_store *store, const char *name);

/* The same with the store's own result. */
coax_err people_try(coax_store *store, const char *name, people_found *ret_found,
                    coax_error *error);

/* A whole login by OPAQUE. @return what the client says, or COAX_ERR_TAMPERED when only the server refuses. */
coax_err people_login(coax_store *store, const char *name, const char *password);

/* A user with a record of random bytes (but a key at its front): quick, and nobody can log in. */
coax_user people_made_up(const char *name, const char *const *roles, unsigned seed);

#endif
