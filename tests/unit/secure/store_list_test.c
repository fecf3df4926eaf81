/*
 * Listing a store: everybody once, from one moment, whatever is changed meanwhile.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"
#include "store_people.h"

/* What was told, and what is to be done meanwhile. */
typedef struct told {
    char names[256];
    unsigned n;
    unsigned most;
    coax_store *removes_from;
} told;

static bool note(void *self, const coax_user *user)
{
    told *t = self;
    size_t len = strlen(t->names);
    (void)snprintf(t->names + len, sizeof t->names - len, "%s%s", len > 0 ? " " : "", user->name);
    if (t->removes_from != NULL)
        assert_int_equal(coax_store_remove(t->removes_from, user->name, NULL), COAX_OK);
    return ++t->n < t->most;
}

static coax_store *make_three(void **state)
{
    static const char *const roles[] = { "admin", NULL };
    static const char *const names[] = { "alice", "bob", "carol" };
    coax_store *store = NULL;
    assert_int_equal(
        coax_store_create_file(scratch_path(state, "users"), &people_cost, &store, NULL), COAX_OK);
    for (unsigned i = 0; i < 3; i++) {
        const coax_user user = people_made_up(names[i], i == 0 ? roles : NULL, i);
        assert_int_equal(coax_store_put(store, &user, NULL), COAX_OK);
    }
    return store;
}

static void everybody_is_told_once_until_it_is_enough(void **state)
{
    coax_store *store = make_three(state);
    told all = { .most = 10 };
    told some = { .most = 2 };
    assert_int_equal(coax_store_list(store, note, &all, NULL), COAX_OK);
    assert_string_equal(all.names, "alice bob carol");
    assert_int_equal(coax_store_list(store, note, &some, NULL), COAX_OK);
    assert_string_equal(some.names, "alice bob");
    coax_store_close(store);
}

static void changes_made_meanwhile_are_not_among_them(void **state)
{
    coax_store *store = make_three(state);
    told all = { .most = 10, .removes_from = store };
    told none = { .most = 10 };
    assert_int_equal(coax_store_list(store, note, &all, NULL), COAX_OK);
    assert_string_equal(all.names, "alice bob carol");
    assert_int_equal(coax_store_list(store, note, &none, NULL), COAX_OK);
    assert_string_equal(none.names, "");
    coax_store_close(store);
}

static void a_file_that_broke_is_told_instead(void **state)
{
    coax_store *store = make_three(state);
    coax_error error = COAX_ERROR_INIT;
    told none = { .most = 10 };
    scratch_write(scratch_path(state, "users"), "nonsense\n", 9, 0600);
    assert_int_equal(coax_store_list(store, note, &none, &error), COAX_ERR_BAD_MESSAGE);
    assert_true(error.text[0] != '\0');
    assert_int_equal(none.n, 0);
    coax_store_close(store);
}

static void find_nobody(void *self, coax_lookup lookup, const char *name)
{
    (void)self;
    (void)lookup;
    fail_msg("nobody looks for %s", name);
}

static coax_err load(void *self, uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                     coax_password_cost *ret_cost, coax_error *error)
{
    (void)self;
    (void)error;
    coax_store_secret_generate(ret_secret);
    *ret_cost = people_cost;
    return COAX_OK;
}

static coax_err list_one(void *self, bool (*on_user)(void *on_user_self, const coax_user *user),
                         void *on_user_self, coax_error *error)
{
    const coax_user user = { sizeof user, self, NULL, { 0 } };
    (void)error;
    (void)on_user(on_user_self, &user);
    return COAX_OK;
}

static void a_store_of_ones_own_may_have_a_list(void **state)
{
    coax_store_ops ops = { .size = sizeof ops, .find = find_nobody, .load = load };
    coax_store *store = NULL;
    coax_error error = COAX_ERROR_INIT;
    char name[] = "dora";
    told all = { .most = 10 };
    (void)state;
    assert_int_equal(coax_store_create(&ops, name, &store, NULL), COAX_OK);
    assert_int_equal(coax_store_list(store, note, &all, &error), COAX_ERR_NOT_SUPPORTED);
    assert_int_equal(coax_store_list(store, NULL, NULL, &error), COAX_ERR_MISUSE);
    coax_store_close(store);
    ops.list = list_one;
    assert_int_equal(coax_store_create(&ops, name, &store, NULL), COAX_OK);
    assert_int_equal(coax_store_list(store, note, &all, &error), COAX_OK);
    assert_string_equal(all.names, "dora");
    coax_store_close(store);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(everybody_is_told_once_until_it_is_enough),
        ROW(changes_made_meanwhile_are_not_among_them),
        ROW(a_file_that_broke_is_told_instead),
        cmocka_unit_test(a_store_of_ones_own_may_have_a_list),
    };
    return cmocka_run_group_tests_name("lists of stores", tests, NULL, NULL);
}
