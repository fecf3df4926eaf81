/*
 * Keys and known hosts when memory runs out at each allocation, and when threads of one process meet.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"
#include "secure/key.h"
#include "secure/known_hosts.h"

/* --- memory: the linker puts these in the place of malloc and sodium_malloc --- */

void *__real_malloc(size_t size);
void *__real_sodium_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_sodium_malloc(size_t size);

static unsigned left = UINT32_MAX; /* UINT32_MAX: any number */

static bool may_have(void)
{
    if (left == UINT32_MAX)
        return true;
    return left > 0 && left-- > 0;
}

void *__wrap_malloc(size_t size)
{
    return may_have() ? __real_malloc(size) : NULL;
}

void *__wrap_sodium_malloc(size_t size)
{
    return may_have() ? __real_sodium_malloc(size) : NULL;
}

/* Lets one allocation after the other fail, until `run` gets by. Returns how many there are. */
static unsigned starve(coax_err (*run)(const char *path, coax_error *error), void **state)
{
    for (unsigned n = 0; n < 100; n++) {
        char path[600];
        coax_error error = COAX_ERROR_INIT;
        (void)snprintf(path, sizeof path, "%s/%u", (const char *)*state, n);
        left = n;
        coax_err err = run(path, &error);
        left = UINT32_MAX;
        if (err == COAX_OK)
            return n;
        assert_int_equal(err, COAX_ERR_NO_MEMORY);
        assert_int_equal(error.code, COAX_ERR_NO_MEMORY);
        assert_int_not_equal(access(path, F_OK), 0); /* nothing half made */
    }
    fail_msg("it never gets by");
    return 0;
}

static coax_err make_key(const char *path, coax_error *error)
{
    coax_key *key = NULL;
    coax_key *again = NULL;
    coax_err err = coax_key_load_or_create(path, &key, NULL, error);
    if (err == COAX_OK) {
        err = coax_key_load(path, &again, error);
        if (err != COAX_OK)
            assert_int_equal(unlink(path), 0);
    }
    coax_key_free(key);
    coax_key_free(again);
    return err;
}

static coax_err meet(const char *path, coax_error *error)
{
    static const uint8_t key[COAX_KEY_BYTES] = { 1 };
    coax_err err = cx_known_hosts_add(path, "tcp://a:1", key, NULL, error);
    if (err != COAX_OK)
        (void)unlink(path); /* the lock made it, empty */
    return err;
}

static void a_key_is_made_or_there_is_no_memory(void **state)
{
    assert_in_range(starve(make_key, state), 5, 30);
}

static void a_server_is_met_or_there_is_no_memory(void **state)
{
    assert_in_range(starve(meet, state), 3, 30);
}

static void an_address_is_looked_up_or_there_is_no_memory(void **state)
{
    const char *path = scratch_path(state, "kept");
    cx_known_host host;
    coax_err err = COAX_ERR_NO_MEMORY;
    unsigned n = 0;
    scratch_write(path, "# nobody\n", 9, 0600);
    for (; err != COAX_OK; n++) {
        left = n;
        err = cx_known_hosts_find(path, "tcp://a:1", &host, NULL);
        left = UINT32_MAX;
        assert_true(err == COAX_OK || err == COAX_ERR_NO_MEMORY);
    }
    assert_in_range(n, 2, 10);
}

/* --- threads --- */

enum { N_THREADS = 6, N_HOSTS = 6 };

typedef struct job {
    char folder[512];
    unsigned number;
    char id[COAX_ID_SIZE];
    bool is_done;
} job;

static void *work(void *argument)
{
    job *j = argument;
    char path[600];
    char address[64];
    uint8_t key[COAX_KEY_BYTES] = { (uint8_t)j->number };
    coax_key *own = NULL;
    (void)snprintf(path, sizeof path, "%s/deep/key", j->folder);
    if (coax_key_load_or_create(path, &own, NULL, NULL) != COAX_OK)
        return NULL;
    coax_key_id(own, j->id);
    coax_key *kept = cx_key_ref(own);
    coax_key_free(own);
    coax_key_free(kept);
    (void)snprintf(path, sizeof path, "%s/deep/known_hosts", j->folder);
    for (unsigned i = 0; i < N_HOSTS; i++) {
        (void)snprintf(address, sizeof address, "tcp://h%u:%u", j->number, i);
        if (cx_known_hosts_add(path, address, key, NULL, NULL) != COAX_OK)
            return NULL;
    }
    j->is_done = true;
    return NULL;
}

static void threads_agree_on_a_key_and_lose_no_host(void **state)
{
    job jobs[N_THREADS];
    pthread_t threads[N_THREADS];
    char address[64];
    cx_known_host host;
    for (unsigned i = 0; i < N_THREADS; i++) {
        jobs[i] = (job){ .number = i };
        (void)snprintf(jobs[i].folder, sizeof jobs[i].folder, "%s", (const char *)*state);
        assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
    }
    for (unsigned i = 0; i < N_THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (unsigned i = 0; i < N_THREADS; i++) {
        assert_true(jobs[i].is_done);
        assert_string_equal(jobs[i].id, jobs[0].id);
        for (unsigned k = 0; k < N_HOSTS; k++) {
            (void)snprintf(address, sizeof address, "tcp://h%u:%u", i, k);
            assert_int_equal(
                cx_known_hosts_find(scratch_path(state, "deep/known_hosts"), address, &host, NULL),
                COAX_OK);
            assert_int_equal(host.n_keys, 1);
        }
    }
    assert_int_equal(scratch_count(scratch_path(state, "deep")), 2);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_key_is_made_or_there_is_no_memory),
        IN_A_FOLDER(a_server_is_met_or_there_is_no_memory),
        IN_A_FOLDER(an_address_is_looked_up_or_there_is_no_memory),
        IN_A_FOLDER(threads_agree_on_a_key_and_lose_no_host),
    };
    return cmocka_run_group_tests_name("identity at its limits", tests, NULL, NULL);
}
