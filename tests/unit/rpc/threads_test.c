/*
 * Message memory is given back from other threads while its loop goes on, and after the loop's end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <pthread.h>

#include <cmocka.h>

#include "base/env_system.h"
#include "rpc/memory.h"

enum { N_THREADS = 4, N_EACH = 2000 };

/* What one thread is to give back. */
typedef struct share {
    coax_memory *memories[N_EACH];
    pthread_t thread;
} share;

static void *give_back(void *self)
{
    share *mine = self;
    for (unsigned i = 0; i < N_EACH; i++) {
        coax_memory *again = coax_memory_ref(mine->memories[i]);
        coax_memory_unref(mine->memories[i]);
        coax_memory_unref(again);
    }
    return NULL;
}

static void take_share(cx_memory_pool *pool, share *ret)
{
    for (unsigned i = 0; i < N_EACH; i++) {
        ret->memories[i] = cx_memory_take(pool, NULL, 4096);
        assert_non_null(ret->memories[i]);
        assert_non_null(coax_arena_take(cx_memory_arena(ret->memories[i]), 100, 8));
    }
}

static void start(share *shares)
{
    for (unsigned i = 0; i < N_THREADS; i++)
        assert_int_equal(pthread_create(&shares[i].thread, NULL, give_back, &shares[i]), 0);
}

static void join(share *shares)
{
    for (unsigned i = 0; i < N_THREADS; i++)
        assert_int_equal(pthread_join(shares[i].thread, NULL), 0);
}

static void memory_comes_back_from_other_threads(void **state)
{
    (void)state;
    static share shares[N_THREADS];
    cx_pool blocks;
    cx_pool_init(&blocks, &cx_env_system()->allocator);
    cx_memory_pool *pool = cx_memory_pool_create(&blocks);
    for (unsigned i = 0; i < N_THREADS; i++)
        take_share(pool, &shares[i]);
    start(shares);
    for (unsigned i = 0; i < 20000; i++) { /* the loop goes on meanwhile */
        coax_memory *memory = cx_memory_take(pool, NULL, 4096);
        assert_non_null(memory);
        cx_memory_give(memory);
    }
    join(shares);
    cx_memory_pool_close(pool);
    cx_pool_deinit(&blocks);
}

static void memory_outlives_its_pool_on_other_threads(void **state)
{
    (void)state;
    static share shares[N_THREADS];
    cx_pool blocks;
    cx_pool_init(&blocks, &cx_env_system()->allocator);
    cx_memory_pool *pool = cx_memory_pool_create(&blocks);
    for (unsigned i = 0; i < N_THREADS; i++)
        take_share(pool, &shares[i]);
    start(shares);
    cx_memory_pool_close(pool); /* in the middle of it */
    cx_pool_deinit(&blocks);
    join(shares);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_comes_back_from_other_threads),
        cmocka_unit_test(memory_outlives_its_pool_on_other_threads),
    };
    return cmocka_run_group_tests_name("rpc_threads", tests, NULL, NULL);
}
