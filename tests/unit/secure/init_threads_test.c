/*
 * libsodium is made ready by whoever comes first, on any thread.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include <coax/key.h>

#include "secure/channel.h"

enum { THREADS = 8, ROUNDS = 200 };

static void *begin(void *arg)
{
    unsigned *n_good = arg;
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t secret[32] = { 1 };
        *n_good += cx_secure_init(NULL) == COAX_OK && coax_suite_is_available(COAX_SUITE_DEFAULT);
        coax_wipe(secret, sizeof secret);
    }
    return NULL;
}

static void many_threads_get_libsodium_ready_at_once(void **state)
{
    pthread_t threads[THREADS];
    unsigned n_good[THREADS] = { 0 };
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, begin, &n_good[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(n_good[i], ROUNDS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        many_threads_get_libsodium_ready_at_once) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
