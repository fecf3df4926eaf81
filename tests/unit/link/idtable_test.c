/*
 * The table of keys that a peer chose: found, removed, and not slow because of the choice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_env.h"
#include "link/idtable.h"

enum { N = 1000 };

static uint32_t longest_run(const cx_idtable *table)
{
    uint32_t longest = 0, run = 0;
    for (uint32_t i = 0; i < 2 * (table->mask + 1); i++) {
        run = table->entries[i & table->mask].value != NULL ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void assert_spread(const uint64_t *keys)
{
    fake_env fake;
    cx_pool pool;
    cx_idtable table = { NULL, 0, 0 };
    fake_env_init(&fake);
    cx_pool_init(&pool, &fake.env.allocator);
    for (int i = 0; i < N; i++)
        assert_true(cx_idtable_add(&table, &pool, keys[i], (void *)(uintptr_t)&keys[i]));
    assert_true(longest_run(&table) < 200); /* some 30, were it chance */
    for (int i = 0; i < N; i++)
        assert_ptr_equal(cx_idtable_find(&table, keys[i]), &keys[i]);
    for (int i = 0; i < N; i += 2)
        assert_ptr_equal(cx_idtable_remove(&table, &pool, keys[i]), &keys[i]);
    for (int i = 0; i < N; i++)
        assert_ptr_equal(cx_idtable_find(&table, keys[i]), i % 2 == 0 ? NULL : &keys[i]);
    cx_idtable_deinit(&table, &pool);
    cx_pool_deinit(&pool);
    assert_int_equal(fake.n_live, 0);
}

static void keys_that_would_collide_in_a_plain_hash_are_spread(void **state)
{
    (void)state;
    static uint64_t keys[N];
    uint64_t key = 1;
    for (int i = 0; i < N; key++) {
        if (((key * 0x9e3779b97f4a7c15u) >> 32 & 0xfff) < 4)
            keys[i++] = key;
    }
    assert_spread(keys);
}

static void keys_that_count_up_or_differ_in_high_bits_are_spread(void **state)
{
    (void)state;
    static uint64_t keys[N];
    for (unsigned shift = 1; shift <= 51; shift += 10) {
        for (uint64_t i = 0; i < N; i++)
            keys[i] = (i + 1) << shift | 1u;
        assert_spread(keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_would_collide_in_a_plain_hash_are_spread),
        cmocka_unit_test(keys_that_count_up_or_differ_in_high_bits_are_spread),
    };
    return cmocka_run_group_tests_name("idtable", tests, NULL, NULL);
}
