/*
 * The store's file under change: by other processes, by hand, by several at once, by who is killed meanwhile, on a full disk.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"
#include "store_people.h"

enum { N_PROCESSES = 4, N_EACH = 15, NOBODY = 65534, FILE_MAX = 128 * 1024 };

static coax_store *open_at(const char *path)
{
    coax_store *store = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (coax_store_open_file(path, &store, &error) != COAX_OK)
        fail_msg("%s", error.text);
    return store;
}

static coax_store *make_at(const char *path)
{
    coax_store *store = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (coax_store_create_file(path, &people_cost, &store, &error) != COAX_OK)
        fail_msg("%s", error.text);
    return store;
}

static coax_err put(coax_store *store, const char *name, unsigned seed)
{
    coax_user user = people_made_up(name, NULL, seed);
    return coax_store_put(store, &user, NULL);
}

static void what_another_process_changed_is_seen(void **state)
{
    const char *path = scratch_path(state, "users");
    coax_store *here = make_at(path), *there = open_at(path);
    assert_false(people_find(here, "alice").is_there);
    assert_int_equal(put(there, "alice", 1), COAX_OK);
    assert_true(people_find(here, "alice").is_there);
    assert_int_equal(put(here, "bob", 2), COAX_OK);
    assert_true(people_find(there, "bob").is_there);
    assert_int_equal(coax_store_remove(there, "alice", NULL), COAX_OK);
    assert_false(people_find(here, "alice").is_there);
    assert_int_equal(put(here, "carol", 3),
                     COAX_OK); /* from what the file is now, alice not in it */
    assert_false(people_find(there, "alice").is_there);
    coax_store_close(here);
    coax_store_close(there);
}

/* In place, with as many bytes: within a tick of the clock nothing but the bytes shows it, so there are many tries. */
static void roles_changed_by_hand_are_seen(void **state)
{
    static const char *const roles[] = { "reader", NULL };
    static const char *const words[] = { "editor", "w r\xc3\xa4t", "a b c " };
    static char text[FILE_MAX];
    const char *path = scratch_path(state, "users");
    coax_store *store = make_at(path);
    coax_user alice = people_made_up("alice", roles, 1);
    assert_int_equal(coax_store_put(store, &alice, NULL), COAX_OK);
    assert_string_equal(people_find(store, "alice").roles, "reader");
    size_t len = scratch_read(path, text, sizeof text);
    char *role = strstr(text, "reader");
    assert_non_null(role);
    for (unsigned i = 0; i < 300; i++) {
        memcpy(role, words[i % 3], 6);
        scratch_write(path, text, len, 0600);
        assert_string_equal(people_find(store, "alice").roles, words[i % 3]);
    }
    coax_store_close(store);
}

static void a_file_damaged_while_it_is_used_lets_nobody_in_until_it_is_mended(void **state)
{
    static char text[FILE_MAX], after[FILE_MAX];
    const char *path = scratch_path(state, "users");
    coax_store *store = make_at(path);
    coax_error error = COAX_ERROR_INIT;
    people_found found;
    assert_int_equal(put(store, "alice", 1), COAX_OK);
    size_t len = scratch_read(path, text, sizeof text);
    scratch_write(path, text, len - 10, 0600);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(people_try(store, "alice", &found, &error), COAX_ERR_BAD_MESSAGE);
        assert_non_null(strstr(error.text, "users:2: "));
    }
    /* What is damaged is not written over. */
    assert_int_equal(put(store, "bob", 2), COAX_ERR_BAD_MESSAGE);
    assert_int_equal(coax_store_remove(store, "alice", NULL), COAX_ERR_BAD_MESSAGE);
    assert_int_equal(scratch_read(path, after, sizeof after), len - 10);
    assert_memory_equal(text, after, len - 10);
    scratch_write(path, text, len, 0600);
    assert_true(people_find(store, "alice").is_there);
    coax_store_close(store);
}

static void a_file_that_is_gone_or_open_for_others_lets_nobody_in(void **state)
{
    static char text[FILE_MAX];
    const char *path = scratch_path(state, "users");
    coax_store *store = make_at(path);
    people_found found;
    assert_int_equal(put(store, "alice", 1), COAX_OK);
    size_t len = scratch_read(path, text, sizeof text);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(people_try(store, "alice", &found, NULL), COAX_ERR_NOT_FOUND);
    assert_int_equal(put(store, "bob", 2), COAX_ERR_NOT_FOUND);
    scratch_write(path, text, len, 0644);
    assert_int_equal(people_try(store, "alice", &found, NULL), COAX_ERR_BAD_KEY);
    scratch_write(path, text, len, 0600);
    assert_true(people_find(store, "alice").is_there);
    coax_store_close(store);
}

static void a_store_made_anew_under_a_running_one_is_refused(void **state)
{
    char path[600], secret[600];
    (void)snprintf(path, sizeof path, "%s", scratch_path(state, "users"));
    (void)snprintf(secret, sizeof secret, "%s", scratch_path(state, "users.secret"));
    coax_store *old = make_at(path);
    coax_error error = COAX_ERROR_INIT;
    people_found found;
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(secret), 0);
    coax_store *new = make_at(path);
    assert_int_equal(people_try(old, "alice", &found, &error), COAX_ERR_BAD_MESSAGE);
    assert_non_null(strstr(error.text, "another store"));
    assert_int_equal(put(old, "alice", 1), COAX_ERR_BAD_MESSAGE);
    assert_int_equal(put(new, "alice", 1), COAX_OK);
    coax_store_close(old);
    coax_store_close(new);
}

static int find_from_another_folder(void *argument)
{
    coax_store *store = NULL;
    if (chdir(argument) != 0 || coax_store_open_file("users", &store, NULL) != COAX_OK ||
        chdir("/") != 0)
        return 1;
    people_found found;
    int result = people_try(store, "alice", &found, NULL) == COAX_OK && found.is_there ? 0 : 1;
    coax_store_close(store);
    return result;
}

static void a_relative_path_stays_where_it_was_when_the_process_changes_its_folder(void **state)
{
    coax_store *store = make_at(scratch_path(state, "users"));
    assert_int_equal(put(store, "alice", 1), COAX_OK);
    coax_store_close(store);
    assert_int_equal(scratch_run(find_from_another_folder, *state), 0);
}

/* ---- several at once ---- */

static int put_many(void *argument, unsigned number)
{
    char name[32];
    coax_store *store = NULL;
    if (coax_store_open_file(argument, &store, NULL) != COAX_OK)
        return 1;
    int n_failed = 0;
    for (unsigned i = 0; i < N_EACH; i++) {
        (void)snprintf(name, sizeof name, "user-%u-%u", number, i);
        n_failed += put(store, name, i) != COAX_OK;
    }
    coax_store_close(store);
    return n_failed;
}

static void has_all(coax_store *store)
{
    char name[32];
    for (unsigned number = 0; number < N_PROCESSES; number++) {
        for (unsigned i = 0; i < N_EACH; i++) {
            (void)snprintf(name, sizeof name, "user-%u-%u", number, i);
            if (!people_find(store, name).is_there)
                fail_msg("%s was lost", name);
        }
    }
}

static void processes_that_write_at_once_lose_nothing(void **state)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s", scratch_path(state, "users"));
    coax_store *store = make_at(path);
    assert_int_equal(scratch_race(N_PROCESSES, put_many, path), 0);
    has_all(store);
    assert_int_equal(scratch_count(*state), 2);
    coax_store_close(store);
}

static int create(void *argument, unsigned number)
{
    coax_store *store = NULL;
    char name[32];
    coax_err err = coax_store_create_file(argument, &people_cost, &store, NULL);
    (void)snprintf(name, sizeof name, "user-%u", number);
    if (err == COAX_ERR_ALREADY_EXISTS)
        err = coax_store_open_file(argument, &store, NULL);
    int result = err == COAX_OK && put(store, name, number) == COAX_OK ? 0 : 1;
    coax_store_close(store);
    return result;
}

static void processes_that_make_a_store_at_once_get_one_store(void **state)
{
    char path[600], name[32];
    (void)snprintf(path, sizeof path, "%s", scratch_path(state, "users"));
    assert_int_equal(scratch_race(8, create, path), 0);
    coax_store *store = open_at(path);
    for (unsigned i = 0; i < 8; i++) {
        (void)snprintf(name, sizeof name, "user-%u", i);
        assert_true(people_find(store, name).is_there);
    }
    coax_store_close(store);
}

typedef struct thread_part {
    coax_store *store;
    unsigned number;
    int n_failed;
} thread_part;

static void *use_store(void *argument)
{
    thread_part *part = argument;
    char name[32];
    people_found found;
    for (unsigned i = 0; i < N_EACH; i++) {
        (void)snprintf(name, sizeof name, "user-%u-%u", part->number, i);
        part->n_failed += put(part->store, name, i) != COAX_OK;
        for (unsigned k = 0; k <= i; k++) {
            (void)snprintf(name, sizeof name, "user-%u-%u", part->number, k);
            part->n_failed +=
                people_try(part->store, name, &found, NULL) != COAX_OK || !found.is_there;
        }
    }
    return NULL;
}

static void threads_share_one_store(void **state)
{
    coax_store *store = make_at(scratch_path(state, "users"));
    pthread_t threads[N_PROCESSES];
    thread_part parts[N_PROCESSES];
    for (unsigned i = 0; i < N_PROCESSES; i++) {
        parts[i] = (thread_part){ store, i, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, use_store, &parts[i]), 0);
    }
    for (unsigned i = 0; i < N_PROCESSES; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(parts[i].n_failed, 0);
    }
    has_all(store);
    coax_store_close(store);
}

/* ---- killed, and full disks ---- */

/* Puts users for ever, and says the number of each that is in. */
static void put_until_killed(const char *path, int say, unsigned from)
{
    char name[32];
    coax_store *store = NULL;
    if (coax_store_open_file(path, &store, NULL) != COAX_OK)
        _exit(1);
    for (unsigned i = from;; i++) {
        (void)snprintf(name, sizeof name, "user-%u", i);
        if (put(store, name, i) != COAX_OK || write(say, &i, sizeof i) != (ssize_t)sizeof i)
            _exit(1);
    }
}

/* Kills such a process when it has said `n` numbers; returns one more than the last that it said. */
static unsigned kill_after(const char *path, unsigned from, unsigned n)
{
    int ends[2];
    unsigned last = from;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        put_until_killed(path, ends[1], from);
    (void)close(ends[1]);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
    assert_int_equal(kill(pid, SIGKILL), 0);
    while (read(ends[0], &last, sizeof last) == (ssize_t)sizeof last)
        continue;
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    (void)close(ends[0]);
    return last + 1;
}

static void a_process_killed_while_it_writes_leaves_the_old_file_or_the_new_one(void **state)
{
    char path[600], name[32];
    unsigned n = 0;
    (void)snprintf(path, sizeof path, "%s", scratch_path(state, "users"));
    coax_store *store = make_at(path);
    for (unsigned round = 0; round < 30; round++) {
        n = kill_after(path, n, 1 + round % 3);
        for (unsigned i = 0; i < n; i++) {
            (void)snprintf(name, sizeof name, "user-%u", i);
            if (!people_find(store, name).is_there)
                fail_msg("round %u lost %s of %u", round, name, n);
        }
    }
    /* users, users.secret, and what the last one may have left */
    assert_in_range(scratch_count(*state), 2, 3);
    assert_int_equal(put(store, "after", 1), COAX_OK);
    assert_int_equal(scratch_count(*state), 2);
    coax_store_close(store);
}

static int put_on_a_full_disk(void *argument)
{
    coax_store *store = argument;
    coax_error error = COAX_ERROR_INIT;
    coax_user user = people_made_up("one too many", NULL, 1);
    people_found found;
    const struct rlimit limit = { 400, 400 };
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 100;
    if (coax_store_put(store, &user, &error) != COAX_ERR_SYSTEM ||
        strstr(error.text, "write") == NULL)
        return 1;
    /* and goes on with what it had */
    if (people_try(store, "alice", &found, NULL) != COAX_OK || !found.is_there)
        return 2;
    if (people_try(store, "one too many", &found, NULL) != COAX_OK || found.is_there)
        return 3;
    return coax_store_remove(store, "alice", NULL) == COAX_OK ? 0 : 4; /* that makes it smaller */
}

static void a_full_disk_changes_nothing_and_leaves_nothing_behind(void **state)
{
    static char before[FILE_MAX], after[FILE_MAX];
    const char *path = scratch_path(state, "users");
    coax_store *store = make_at(path);
    assert_int_equal(put(store, "alice", 1), COAX_OK);
    size_t len = scratch_read(path, before, sizeof before);
    assert_true(len < 400);
    assert_int_equal(scratch_run(put_on_a_full_disk, store), 0);
    assert_int_equal(scratch_count(*state), 2);
    assert_true(scratch_read(path, after, sizeof after) < len);
    assert_false(people_find(store, "alice").is_there);
    coax_store_close(store);
}

static void a_changed_file_keeps_its_group(void **state)
{
    const char *path = scratch_path(state, "users");
    struct stat what;
    coax_store *store = make_at(path);
    if (geteuid() != 0) {
        coax_store_close(store);
        print_message("skipped: only root can give a file to any group\n");
        skip();
    }
    assert_int_equal(chown(path, 0, NOBODY), 0);
    assert_int_equal(put(store, "alice", 1), COAX_OK);
    assert_int_equal(stat(path, &what), 0);
    assert_int_equal(what.st_gid, NOBODY);
    coax_store_close(store);
}

static void roots_process_refuses_somebody_elses_file_and_says_what_to_do(void **state)
{
    const char *path = scratch_path(state, "users");
    coax_store *store = make_at(path);
    coax_error error = COAX_ERROR_INIT;
    people_found found;
    if (geteuid() != 0) {
        coax_store_close(store);
        print_message("skipped: only root can give a file away\n");
        skip();
    }
    assert_int_equal(chown(path, NOBODY, NOBODY), 0);
    assert_int_equal(people_try(store, "alice", &found, &error), COAX_ERR_BAD_KEY);
    assert_non_null(strstr(error.text, "chown"));
    coax_store_close(store);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(what_another_process_changed_is_seen),
        ROW(roles_changed_by_hand_are_seen),
        ROW(a_file_damaged_while_it_is_used_lets_nobody_in_until_it_is_mended),
        ROW(a_file_that_is_gone_or_open_for_others_lets_nobody_in),
        ROW(a_store_made_anew_under_a_running_one_is_refused),
        ROW(a_relative_path_stays_where_it_was_when_the_process_changes_its_folder),
        ROW(processes_that_write_at_once_lose_nothing),
        ROW(processes_that_make_a_store_at_once_get_one_store),
        ROW(threads_share_one_store),
        ROW(a_process_killed_while_it_writes_leaves_the_old_file_or_the_new_one),
        ROW(a_full_disk_changes_nothing_and_leaves_nothing_behind),
        ROW(a_changed_file_keeps_its_group),
        ROW(roots_process_refuses_somebody_elses_file_and_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
