/*
 * The file store when memory runs out: at each allocation in turn, in every function. What was asked for fails with no_memory, or is
 * done; nothing is lost, nothing leaks, and the next try works.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_env.h"
#include "scratch.h"
#include "secure/store_file.h"
#include "store_people.h"

/* Enough for the list and the index to grow once. */
enum { N_BEFORE = 63 };

static const char *const roles[] = { "reader", NULL };

typedef struct bed {
    fake_env fake;
    coax_store *store;
    char path[600];
} bed;

static coax_err open_bed(bed *b, coax_error *error)
{
    return cx_store_open_file(&b->fake.env.allocator, b->path, &b->store, error);
}

static void init_bed(bed *b, void **state)
{
    char name[32];
    memset(b, 0, sizeof *b);
    fake_env_init(&b->fake);
    (void)snprintf(b->path, sizeof b->path, "%s", scratch_path(state, "users"));
    assert_int_equal(
        cx_store_create_file(&b->fake.env.allocator, b->path, &people_cost, &b->store, NULL),
        COAX_OK);
    for (unsigned i = 0; i < N_BEFORE; i++) {
        (void)snprintf(name, sizeof name, "user-%u", i);
        coax_user user = people_made_up(name, roles, i);
        assert_int_equal(coax_store_put(b->store, &user, NULL), COAX_OK);
    }
}

static void deinit_bed(bed *b)
{
    coax_store_close(b->store);
    assert_int_equal(b->fake.n_live, 0);
}

/* From now on allocation `n` fails, once. */
static void fail_at(bed *b, size_t n)
{
    b->fake.fail_from = b->fake.n_taken + n;
    b->fake.fail_count = 1;
}

static bool has_failed(const bed *b)
{
    return b->fake.n_taken >= b->fake.fail_from;
}

static void all_are_there(bed *b)
{
    char name[32];
    b->fake.fail_from = 0;
    for (unsigned i = 0; i < N_BEFORE; i++) {
        (void)snprintf(name, sizeof name, "user-%u", i);
        assert_string_equal(people_find(b->store, name).roles, "reader");
    }
}

static void opening_without_memory_fails_and_leaks_nothing(void **state)
{
    bed b;
    size_t n_failed = 0;
    init_bed(&b, state);
    coax_store_close(b.store);
    for (size_t n = 1;; n++, n_failed++) {
        coax_error error = COAX_ERROR_INIT;
        fail_at(&b, n);
        b.store = NULL;
        coax_err err = open_bed(&b, &error);
        if (!has_failed(&b)) {
            assert_int_equal(err, COAX_OK);
            break;
        }
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
        assert_true(error.text[0] != '\0');
        assert_null(b.store);
        assert_int_equal(b.fake.n_live, 0);
    }
    assert_true(n_failed > N_BEFORE);
    all_are_there(&b);
    deinit_bed(&b);
}

static void making_a_store_without_memory_leaves_what_the_next_try_finishes(void **state)
{
    bed b = { .store = NULL };
    char secret[600];
    fake_env_init(&b.fake);
    (void)snprintf(b.path, sizeof b.path, "%s", scratch_path(state, "users"));
    (void)snprintf(secret, sizeof secret, "%s", scratch_path(state, "users.secret"));
    for (size_t n = 1;; n++) {
        fail_at(&b, n);
        b.store = NULL;
        coax_err err =
            cx_store_create_file(&b.fake.env.allocator, b.path, &people_cost, &b.store, NULL);
        if (!has_failed(&b)) {
            assert_int_equal(err, COAX_OK);
            break;
        }
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
        assert_int_equal(b.fake.n_live, 0);
        /* Made, but not opened: opening it is what is left to do. */
        if (unlink(b.path) == 0 && n % 2 == 0)
            assert_int_equal(unlink(secret), 0);
    }
    deinit_bed(&b);
}

static void putting_without_memory_changes_nothing(void **state)
{
    bed b;
    people_found found;
    init_bed(&b, state);
    coax_user more = people_made_up("one more", roles, 99);
    for (size_t n = 1;; n++) {
        fail_at(&b, n);
        coax_err err = coax_store_put(b.store, &more, NULL);
        if (!has_failed(&b)) {
            assert_int_equal(err, COAX_OK);
            break;
        }
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
        b.fake.fail_from = 0;
        assert_int_equal(people_try(b.store, "one more", &found, NULL), COAX_OK);
        assert_false(found.is_there);
        assert_int_equal(scratch_count(*state), 2);
    }
    assert_true(people_find(b.store, "one more").is_there);
    all_are_there(&b);
    deinit_bed(&b);
}

static void replacing_and_removing_without_memory_change_nothing(void **state)
{
    bed b;
    init_bed(&b, state);
    coax_user changed = people_made_up("user-7", NULL, 99);
    for (size_t n = 1;; n++) {
        fail_at(&b, n);
        coax_err err = coax_store_put(b.store, &changed, NULL);
        if (!has_failed(&b))
            break;
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
        all_are_there(&b);
    }
    assert_string_equal(people_find(b.store, "user-7").roles, "");
    for (size_t n = 1;; n++) {
        fail_at(&b, n);
        coax_err err = coax_store_remove(b.store, "user-7", NULL);
        if (!has_failed(&b)) {
            assert_int_equal(err, COAX_OK);
            break;
        }
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
        b.fake.fail_from = 0;
        assert_true(people_find(b.store, "user-7").is_there);
    }
    assert_false(people_find(b.store, "user-7").is_there);
    deinit_bed(&b);
}

/* Another process changed the file, and there is no memory to read it: nobody is let in by what was there before. */
static void a_changed_file_that_cant_be_read_for_lack_of_memory_is_read_later(void **state)
{
    bed b;
    people_found found;
    coax_store *there = NULL;
    init_bed(&b, state);
    assert_int_equal(coax_store_open_file(b.path, &there, NULL), COAX_OK);
    assert_int_equal(coax_store_remove(there, "user-7", NULL), COAX_OK);
    coax_store_close(there);
    for (size_t n = 1;; n++) {
        fail_at(&b, n);
        coax_err err = people_try(b.store, "user-7", &found, NULL);
        if (!has_failed(&b)) {
            assert_int_equal(err, COAX_OK);
            break;
        }
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
    }
    assert_false(found.is_there);
    assert_true(people_find(b.store, "user-8").is_there);
    deinit_bed(&b);
}

/* After the first reading has settled a lookup takes no memory at all. */
static void lookups_take_no_memory(void **state)
{
    bed b;
    init_bed(&b, state);
    assert_true(people_find(b.store, "user-1").is_there);
    size_t before = b.fake.n_taken;
    all_are_there(&b);
    assert_false(people_find(b.store, "nobody").is_there);
    assert_int_equal(b.fake.n_taken, before);
    deinit_bed(&b);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(opening_without_memory_fails_and_leaks_nothing),
        ROW(making_a_store_without_memory_leaves_what_the_next_try_finishes),
        ROW(putting_without_memory_changes_nothing),
        ROW(replacing_and_removing_without_memory_change_nothing),
        ROW(a_changed_file_that_cant_be_read_for_lack_of_memory_is_read_later),
        ROW(lookups_take_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
