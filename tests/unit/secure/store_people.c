/*
 * Users for tests of the store.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/env_system.h"
#include "secure/sha512.h"
#include "store_people.h"

const coax_password_cost people_cost = { 8192, 1 };

static void keep(void *self, const coax_user *user)
{
    people_found *found = self;
    found->is_answered = true;
    found->is_there = user != NULL;
    if (user == NULL)
        return;
    (void)snprintf(found->name, sizeof found->name, "%s", user->name);
    for (size_t i = 0; user->roles[i] != NULL; i++) {
        size_t len = strlen(found->roles);
        (void)snprintf(found->roles + len, sizeof found->roles - len, "%s%s", i > 0 ? "," : "",
                       user->roles[i]);
    }
    memcpy(found->record, user->record, sizeof found->record);
}

coax_err people_try(coax_store *store, const char *name, people_found *ret_found, coax_error *error)
{
    memset(ret_found, 0, sizeof *ret_found);
    coax_err err = cx_store_get(store, name, keep, ret_found, error);
    assert_int_equal(ret_found->is_answered, err == COAX_OK);
    return err;
}

people_found people_find(coax_store *store, const char *name)
{
    people_found found;
    coax_error error = COAX_ERROR_INIT;
    if (people_try(store, name, &found, &error) != COAX_OK)
        fail_msg("%s", error.text);
    return found;
}

static void fill(void *bytes, size_t len)
{
    cx_env_system()->random(NULL, bytes, len);
}

coax_err people_login(coax_store *store, const char *name, const char *password)
{
    const cx_opaque_names names = { cx_piece_text(name), { NULL, 0 }, cx_piece_text("a channel") };
    const cx_opaque_stretch stretch = { store->cost, false };
    people_found found = people_find(store, name);
    cx_opaque_client_random client;
    cx_opaque_server_random server;
    cx_opaque_login login;
    cx_opaque_expect expect;
    cx_opaque_result result;
    uint8_t ke1[CX_OPAQUE_KE1], ke2[CX_OPAQUE_KE2], key[CX_OPAQUE_KEY];
    fill(&client, sizeof client);
    fill(&server, sizeof server);
    assert_int_equal(cx_opaque_start(cx_piece_text(password), &client, &login, ke1, NULL), COAX_OK);
    assert_int_equal(cx_opaque_respond(store->server, found.is_there ? found.record : NULL,
                                       cx_piece_text(name), &names, ke1, &server, &expect, ke2,
                                       NULL),
                     COAX_OK);
    coax_err err =
        cx_opaque_finish(&login, cx_piece_text(password), &names, &stretch, ke2, &result, NULL);
    if (err == COAX_OK && !cx_opaque_accept(&expect, result.ke3, key))
        err = COAX_ERR_TAMPERED;
    if (err == COAX_OK)
        assert_memory_equal(key, result.session_key, sizeof key);
    return err;
}

coax_user people_made_up(const char *name, const char *const *roles, unsigned seed)
{
    coax_user user = { sizeof user, name, roles, { 0 } };
    uint8_t wide[64];
    for (size_t i = 32; i < sizeof user.record; i++)
        user.record[i] = (uint8_t)(seed + i * 7);
    memset(wide, (int)(seed % 251) + 1, sizeof wide);
    (void)crypto_core_ristretto255_from_hash(user.record, wide);
    return user;
}
