/*
 * Stores of users: what goes in comes out, passwords log in, and what can't be is refused with words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"
#include "store_people.h"

static coax_store *make(void **state)
{
    coax_store *store = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (coax_store_create_file(scratch_path(state, "users"), &people_cost, &store, &error) !=
        COAX_OK)
        fail_msg("%s", error.text);
    return store;
}

static coax_store *open_again(void **state)
{
    coax_store *store = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (coax_store_open_file(scratch_path(state, "users"), &store, &error) != COAX_OK)
        fail_msg("%s", error.text);
    return store;
}

static void a_user_logs_in_with_the_password_that_was_set(void **state)
{
    static const char *const roles[] = { "reader", "writer of things", NULL };
    coax_store *store = make(state);
    assert_int_equal(coax_store_set_password(store, "alice", roles, "correct horse", NULL),
                     COAX_OK);
    assert_int_equal(coax_store_set_password(store, "bob", NULL, "battery", NULL), COAX_OK);
    assert_int_equal(people_login(store, "alice", "correct horse"), COAX_OK);
    coax_store_close(store);
    store = open_again(state);
    assert_int_equal(people_login(store, "alice", "correct horse"), COAX_OK);
    assert_int_equal(people_login(store, "bob", "battery"), COAX_OK);
    assert_string_equal(people_find(store, "alice").roles, "reader,writer of things");
    assert_string_equal(people_find(store, "bob").roles, "");
    coax_store_close(store);
}

static void a_wrong_password_and_a_user_that_is_not_there_look_the_same_to_the_client(void **state)
{
    coax_store *store = make(state);
    assert_int_equal(coax_store_set_password(store, "alice", NULL, "correct horse", NULL), COAX_OK);
    assert_int_equal(people_login(store, "alice", "wrong horse"), COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(people_login(store, "alicf", "correct horse"), COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(people_login(store, "Alice", "correct horse"), COAX_ERR_UNAUTHENTICATED);
    coax_store_close(store);
}

static void a_new_password_replaces_the_old_one_and_roles_with_it(void **state)
{
    static const char *const roles[] = { "admin", NULL };
    coax_store *store = make(state);
    assert_int_equal(coax_store_set_password(store, "alice", roles, "first", NULL), COAX_OK);
    assert_int_equal(coax_store_set_password(store, "bob", NULL, "his", NULL), COAX_OK);
    assert_int_equal(coax_store_set_password(store, "alice", NULL, "second", NULL), COAX_OK);
    assert_int_equal(people_login(store, "alice", "first"), COAX_ERR_UNAUTHENTICATED);
    assert_int_equal(people_login(store, "alice", "second"), COAX_OK);
    assert_int_equal(people_login(store, "bob", "his"), COAX_OK);
    assert_string_equal(people_find(store, "alice").roles, "");
    coax_store_close(store);
}

static void a_removed_user_is_gone_here_and_in_the_file(void **state)
{
    coax_error error = COAX_ERROR_INIT;
    coax_store *store = make(state);
    coax_user alice = people_made_up("alice", NULL, 1), bob = people_made_up("bob", NULL, 2);
    assert_int_equal(coax_store_put(store, &alice, NULL), COAX_OK);
    assert_int_equal(coax_store_put(store, &bob, NULL), COAX_OK);
    assert_int_equal(coax_store_remove(store, "alice", NULL), COAX_OK);
    assert_false(people_find(store, "alice").is_there);
    assert_int_equal(coax_store_remove(store, "alice", &error), COAX_ERR_NOT_FOUND);
    assert_non_null(strstr(error.text, "no such user"));
    coax_store_close(store);
    store = open_again(state);
    assert_false(people_find(store, "alice").is_there);
    assert_true(people_find(store, "bob").is_there);
    coax_store_close(store);
}

static void registration_in_three_steps_makes_a_record_that_logs_in(void **state)
{
    coax_registration *registration = NULL;
    coax_user user = { sizeof user, "carol", NULL, { 0 } };
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], response[COAX_REGISTER_RESPONSE_BYTES];
    coax_password_cost cost;
    coax_store *store = make(state);
    coax_store_cost(store, &cost);
    assert_memory_equal(&cost, &people_cost, sizeof cost);
    assert_int_equal(coax_register_begin("hers alone", &registration, request, NULL), COAX_OK);
    assert_int_equal(coax_register_respond(store, "carol", request, response, NULL), COAX_OK);
    assert_int_equal(
        coax_register_finish(registration, &cost, "carol", response, user.record, NULL), COAX_OK);
    assert_int_equal(coax_store_put(store, &user, NULL), COAX_OK);
    assert_int_equal(people_login(store, "carol", "hers alone"), COAX_OK);
    assert_int_equal(people_login(store, "carol", "his"), COAX_ERR_UNAUTHENTICATED);
    coax_store_close(store);
}

static void steps_of_registration_refuse_what_is_no_element(void **state)
{
    coax_registration *registration = NULL;
    uint8_t request[COAX_REGISTER_REQUEST_BYTES], record[COAX_RECORD_BYTES];
    uint8_t response[COAX_REGISTER_RESPONSE_BYTES] = { 0 };
    const uint8_t identity[COAX_REGISTER_REQUEST_BYTES] = { 0 };
    coax_store *store = make(state);
    assert_int_equal(coax_register_respond(store, "carol", identity, response, NULL),
                     COAX_ERR_BAD_MESSAGE);
    assert_int_equal(coax_register_begin("x", &registration, request, NULL), COAX_OK);
    assert_int_equal(
        coax_register_finish(registration, &people_cost, "carol", response, record, NULL),
        COAX_ERR_BAD_MESSAGE);
    assert_int_equal(coax_register_begin("x", &registration, request, NULL), COAX_OK);
    coax_registration_free(registration);
    coax_registration_free(NULL);
    coax_store_close(store);
}

static void bad_names_roles_passwords_and_records_are_refused(void **state)
{
    static const char *const bad_role[] = { "fine", "not\tfine", NULL };
    const char *too_many[66] = { NULL };
    char long_name[258], long_password[CX_OPAQUE_PASSWORD_MAX + 2];
    coax_error error = COAX_ERROR_INIT;
    coax_store *store = make(state);
    const char *names[] = { "", "a\nb", "a\x7f", "\xff", "a\xc2\x9b", long_name };
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    memset(long_password, 'p', sizeof long_password - 1);
    long_password[sizeof long_password - 1] = '\0';
    for (size_t i = 0; i < 65; i++)
        too_many[i] = "role";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(coax_store_set_password(store, names[i], NULL, "x", NULL),
                         COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_store_set_password(store, "a", bad_role, "x", &error),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.text, "role 2"));
    assert_int_equal(coax_store_set_password(store, "a", too_many, "x", NULL),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_store_set_password(store, "a", NULL, "", NULL),
                     COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_store_set_password(store, "a", NULL, long_password, NULL),
                     COAX_ERR_INVALID_ARGUMENT);
    coax_user user = people_made_up("a", NULL, 1);
    memset(user.record, 0xff, 32);
    assert_int_equal(coax_store_put(store, &user, NULL), COAX_ERR_INVALID_ARGUMENT);
    assert_int_equal(coax_store_put(store, NULL, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_store_put(NULL, &user, NULL), COAX_ERR_MISUSE);
    coax_store_close(store);
    coax_store_close(NULL);
}

static void costs_out_of_bounds_are_refused_by_name(void **state)
{
    static const struct {
        coax_password_cost cost;
        const char *named;
    } rows[] = {
        { { 8191, 1 }, "memory_kib" },
        { { 1048577, 1 }, "memory_kib" },
        { { 8192, 65 }, "passes" },
        { { 1048576, 5 }, "times passes" },
    };
    coax_password_cost taken;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        coax_store *store = NULL;
        coax_error error = COAX_ERROR_INIT;
        assert_int_equal(
            coax_store_create_file(scratch_path(state, "users"), &rows[i].cost, &store, &error),
            COAX_ERR_INVALID_ARGUMENT);
        assert_non_null(strstr(error.text, rows[i].named));
    }
    assert_int_equal(scratch_count(*state), 0);
    assert_int_equal(cx_password_cost_take(NULL, &taken, NULL), COAX_OK);
    assert_int_equal(taken.memory_kib, 65536);
    assert_int_equal(taken.passes, 3);
}

static void a_store_is_made_once_and_opened_only_if_it_is_there(void **state)
{
    coax_store *store = NULL, *other = NULL;
    coax_error error = COAX_ERROR_INIT;
    assert_int_equal(coax_store_open_file(scratch_path(state, "users"), &store, &error),
                     COAX_ERR_NOT_FOUND);
    store = make(state);
    assert_int_equal(
        coax_store_create_file(scratch_path(state, "users"), &people_cost, &other, &error),
        COAX_ERR_ALREADY_EXISTS);
    assert_int_equal(scratch_mode(scratch_path(state, "users")), 0600);
    assert_int_equal(scratch_mode(scratch_path(state, "users.secret")), 0600);
    coax_store_close(store);
    assert_int_equal(unlink(scratch_path(state, "users.secret")), 0);
    assert_int_equal(coax_store_open_file(scratch_path(state, "users"), &store, &error),
                     COAX_ERR_BAD_KEY);
    assert_non_null(strstr(error.text, "users.secret"));
}

static void a_creation_that_was_stopped_between_its_files_is_finished_by_the_next_one(void **state)
{
    coax_store *store = make(state);
    coax_store_close(store);
    assert_int_equal(unlink(scratch_path(state, "users")), 0);
    store = make(state);
    coax_store_close(store);
    coax_store_close(open_again(state));
}

static void another_stores_secret_is_told(void **state)
{
    char text[512];
    coax_store *store = make(state);
    coax_error error = COAX_ERROR_INIT;
    coax_store_close(store);
    assert_int_equal(
        coax_store_create_file(scratch_path(state, "others"), &people_cost, &store, NULL), COAX_OK);
    coax_store_close(store);
    size_t len = scratch_read(scratch_path(state, "others.secret"), text, sizeof text);
    scratch_write(scratch_path(state, "users.secret"), text, len, 0600);
    assert_int_equal(coax_store_open_file(scratch_path(state, "users"), &store, &error),
                     COAX_ERR_BAD_MESSAGE);
    assert_non_null(strstr(error.text, "users:1:"));
    assert_non_null(strstr(error.text, "another store"));
}

static void files_that_others_may_read_are_refused(void **state)
{
    static const char *const names[] = { "users", "users.secret" };
    char text[512];
    coax_store *store = make(state);
    coax_error error = COAX_ERROR_INIT;
    coax_store_close(store);
    for (size_t i = 0; i < 2; i++) {
        const char *path = scratch_path(state, names[i]);
        size_t len = scratch_read(path, text, sizeof text);
        scratch_write(path, text, len, 0640);
        assert_int_equal(coax_store_open_file(scratch_path(state, "users"), &store, &error),
                         COAX_ERR_BAD_KEY);
        assert_non_null(strstr(error.text, "chmod 600"));
        scratch_write(path, text, len, 0600);
    }
}

/* A store of the test's own, which holds one user and answers later: here, never. */
typedef struct own_store {
    uint8_t secret[COAX_STORE_SECRET_BYTES];
    coax_password_cost cost;
    coax_user put;
    int n_closed;
} own_store;

static void own_find(void *self, coax_lookup lookup, const char *name)
{
    (void)self;
    (void)lookup;
    (void)name;
}

static coax_err own_put(void *self, const coax_user *user, coax_error *error)
{
    own_store *own = self;
    (void)error;
    own->put = *user;
    return COAX_OK;
}

static coax_err own_load(void *self, uint8_t ret_secret[COAX_STORE_SECRET_BYTES],
                         coax_password_cost *ret_cost, coax_error *error)
{
    own_store *own = self;
    (void)error;
    memcpy(ret_secret, own->secret, COAX_STORE_SECRET_BYTES);
    *ret_cost = own->cost;
    return COAX_OK;
}

static void own_close(void *self)
{
    ((own_store *)self)->n_closed++;
}

static void a_store_of_ones_own_is_asked_for_its_secret_once(void **state)
{
    const coax_store_ops ops = { sizeof ops, own_find, own_put, NULL, own_load, own_close, NULL };
    own_store own = { .cost = people_cost };
    coax_store *store = NULL;
    (void)state;
    coax_store_secret_generate(own.secret);
    assert_int_equal(coax_store_create(&ops, &own, &store, NULL), COAX_OK);
    assert_false(cx_store_is_immediate(store));
    assert_int_equal(coax_store_set_password(store, "dave", NULL, "his", NULL), COAX_OK);
    assert_string_equal(own.put.name, "dave");
    assert_int_equal(coax_store_remove(store, "dave", NULL), COAX_ERR_NOT_SUPPORTED);
    coax_store_close(store);
    assert_int_equal(own.n_closed, 1);
}

static void a_store_of_ones_own_with_a_bad_secret_or_cost_is_refused(void **state)
{
    const coax_store_ops ops = { sizeof ops, own_find, NULL, NULL, own_load, NULL, NULL };
    const coax_store_ops no_load = { sizeof ops, own_find, NULL, NULL, NULL, NULL, NULL };
    own_store own = { .cost = { 1, 1 } };
    coax_store *store = NULL;
    (void)state;
    coax_store_secret_generate(own.secret);
    assert_int_equal(coax_store_create(&ops, &own, &store, NULL), COAX_ERR_INVALID_ARGUMENT);
    own.cost = people_cost;
    memset(own.secret + 64, 0xff, 32); /* no scalar */
    assert_int_equal(coax_store_create(&ops, &own, &store, NULL), COAX_ERR_BAD_KEY);
    memset(own.secret, 0, sizeof own.secret);
    assert_int_equal(coax_store_create(&ops, &own, &store, NULL), COAX_ERR_BAD_KEY);
    assert_int_equal(coax_store_create(&no_load, &own, &store, NULL), COAX_ERR_MISUSE);
    assert_int_equal(coax_store_create(NULL, &own, &store, NULL), COAX_ERR_MISUSE);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(a_user_logs_in_with_the_password_that_was_set),
        ROW(a_wrong_password_and_a_user_that_is_not_there_look_the_same_to_the_client),
        ROW(a_new_password_replaces_the_old_one_and_roles_with_it),
        ROW(a_removed_user_is_gone_here_and_in_the_file),
        ROW(registration_in_three_steps_makes_a_record_that_logs_in),
        ROW(steps_of_registration_refuse_what_is_no_element),
        ROW(bad_names_roles_passwords_and_records_are_refused),
        ROW(costs_out_of_bounds_are_refused_by_name),
        ROW(a_store_is_made_once_and_opened_only_if_it_is_there),
        ROW(a_creation_that_was_stopped_between_its_files_is_finished_by_the_next_one),
        ROW(another_stores_secret_is_told),
        ROW(files_that_others_may_read_are_refused),
        cmocka_unit_test(a_store_of_ones_own_is_asked_for_its_secret_once),
        cmocka_unit_test(a_store_of_ones_own_with_a_bad_secret_or_cost_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
