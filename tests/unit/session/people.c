/*
 * The people. Read next: people.h.
 */
#include "people.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static people_member *find_user(people *users, const char *name)
{
    for (uint32_t i = 0; i < users->n_users; i++)
        if (strcmp(users->items[i].name, name) == 0)
            return &users->items[i];
    return NULL;
}

static void answer(people *users, coax_lookup lookup, const char *name)
{
    const people_member *found = find_user(users, name);
    static const char *const roles[] = { "admin", "staff", NULL };
    coax_user user = { .size = sizeof user, .name = name };
    if (found != NULL) {
        memcpy(user.record, found->record, sizeof user.record);
        user.roles = strcmp(name, "alice") == 0 ? roles : NULL;
    }
    assert_int_equal(coax_lookup_found(lookup, found != NULL ? &user : NULL), COAX_OK);
    assert_int_equal(coax_lookup_found(lookup, NULL), COAX_ERR_STALE);
}

static void find(void *self, coax_lookup lookup, const char *name)
{
    people *users = self;
    users->n_finds++;
    (void)snprintf(users->name, sizeof users->name, "%s", name);
    users->lookup = lookup;
    if (!users->answers_later)
        answer(users, lookup, name);
}

void people_answer(people *users)
{
    answer(users, users->lookup, users->name);
}

static coax_err put(void *self, const coax_user *user, coax_error *error)
{
    people *users = self;
    people_member *mine = find_user(users, user->name);
    (void)error;
    if (mine == NULL)
        mine = &users->items[users->n_users++];
    (void)snprintf(mine->name, sizeof mine->name, "%s", user->name);
    memcpy(mine->record, user->record, sizeof mine->record);
    return COAX_OK;
}

static coax_err load(void *self, uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                     coax_password_cost *ret_cost, coax_error *error)
{
    people *users = self;
    (void)error;
    memcpy(ret_secret, users->secret, sizeof users->secret);
    *ret_cost = (coax_password_cost){ 8192, 1 }; /* the cheapest */
    return COAX_OK;
}

coax_store *people_open(people *users)
{
    static const coax_store_ops ops = {
        .size = sizeof ops, .find = find, .put = put, .load = load
    };
    coax_error error = COAX_ERROR_INIT;
    coax_store *store = NULL;
    memset(users, 0, sizeof *users);
    coax_store_secret_generate(users->secret);
    if (coax_store_create(&ops, users, &store, &error) != COAX_OK ||
        coax_store_set_password(store, "alice", NULL, "right", &error) != COAX_OK ||
        coax_store_set_password(store, "bob", NULL, "right", &error) != COAX_OK)
        fail_msg("%s", error.text);
    return store;
}
