/*
 * Token buckets, and the table of them by address.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_env.h"
#include "session/budget.h"

#define MS UINT64_C(1000000)

static cx_origin at(uint32_t address)
{
    uint8_t bytes[4];
    memcpy(bytes, &address, sizeof bytes);
    return cx_origin_ipv4(bytes);
}

static void a_bucket_lets_a_burst_through_and_then_so_many_a_second(void **state)
{
    (void)state;
    const cx_rate rate = { .per_s = 10, .burst = 5 };
    cx_bucket bucket = { 0 };
    uint64_t now = 7 * CX_NS_PER_SECOND;
    for (int i = 0; i < 5; i++)
        assert_int_equal(cx_bucket_take(&bucket, &rate, 1, now), 0);
    assert_int_equal(cx_bucket_take(&bucket, &rate, 1, now), 100 * MS);
    assert_int_equal(cx_bucket_take(&bucket, &rate, 1, now + 99 * MS), 1 * MS);
    assert_int_equal(cx_bucket_take(&bucket, &rate, 1, now + 100 * MS), 0);
    assert_int_not_equal(cx_bucket_take(&bucket, &rate, 1, now + 100 * MS), 0);
    now += 60 * CX_NS_PER_SECOND; /* no more than a burst is saved up */
    for (int i = 0; i < 5; i++)
        assert_int_equal(cx_bucket_take(&bucket, &rate, 1, now), 0);
    assert_int_not_equal(cx_bucket_take(&bucket, &rate, 1, now), 0);
}

static void more_than_a_burst_is_let_through_once_and_paid_off(void **state)
{
    (void)state;
    const cx_rate rate = { .per_s = 1000, .burst = 1000 };
    cx_bucket bucket = { 0 };
    assert_int_equal(cx_bucket_take(&bucket, &rate, 5000, 1), 0);
    assert_int_equal(cx_bucket_take(&bucket, &rate, 1, 1), 4 * CX_NS_PER_SECOND + MS);
    assert_int_equal(cx_bucket_take(&bucket, &rate, 5000, 1), 5 * CX_NS_PER_SECOND);
    assert_int_equal(cx_bucket_take(&bucket, &rate, 1, 4 * CX_NS_PER_SECOND + MS + 1), 0);
}

static void the_largest_rates_and_amounts_do_not_overflow(void **state)
{
    (void)state;
    const cx_rate fast = { .per_s = UINT32_MAX, .burst = UINT64_C(10) * UINT32_MAX };
    const cx_rate slow = { .per_s = 1, .burst = 1 };
    cx_bucket bucket = { 0 };
    assert_int_equal(cx_bucket_take(&bucket, &fast, UINT32_MAX - 1u, 1), 0);
    bucket = (cx_bucket){ 0 };
    assert_int_equal(cx_bucket_take(&bucket, &slow, UINT64_MAX, 1), 0);
    assert_true(cx_bucket_take(&bucket, &slow, UINT64_MAX, 1) > 0);
    const cx_rate none = { 0, 0 };
    assert_int_equal(cx_bucket_take(&bucket, &none, UINT64_MAX, 1), 0);
}

static void each_address_has_a_budget_of_its_own(void **state)
{
    (void)state;
    fake_env fake;
    fake_env_init(&fake);
    cx_budget *budget = cx_budget_create(&fake.env, 10);
    for (uint32_t a = 1; a <= 3; a++) {
        const cx_origin origin = at(a);
        for (int i = 0; i < 100; i++)
            assert_true(cx_budget_admits(budget, &origin, 1));
        assert_false(cx_budget_admits(budget, &origin, 1));
    }
    const cx_origin local = { 0 };
    for (int i = 0; i < 1000; i++)
        assert_true(cx_budget_admits(budget, &local, 1));
    cx_budget_destroy(budget);
    assert_int_equal(fake.n_live, 0);
}

static void an_ipv6_network_is_one_address_and_a_mapped_one_is_ipv4(void **state)
{
    (void)state;
    const uint8_t first[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1 };
    const uint8_t second[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 7, 9, 9, 9, 9, 9, 9, 9, 9 };
    const uint8_t other[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1 };
    const uint8_t mapped[16] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1 };
    const cx_origin a = cx_origin_ipv6(first), b = cx_origin_ipv6(second);
    const cx_origin c = cx_origin_ipv6(other), d = cx_origin_ipv6(mapped);
    const cx_origin e = cx_origin_ipv4(mapped + 12);
    assert_true(cx_origin_is_equal(&a, &b));
    assert_false(cx_origin_is_equal(&a, &c));
    assert_true(cx_origin_is_equal(&d, &e));
}

static void a_flood_of_addresses_takes_no_memory_and_shuts_no_new_one_out(void **state)
{
    (void)state;
    fake_env fake;
    fake_env_init(&fake);
    cx_budget *budget = cx_budget_create(&fake.env, 1);
    size_t before = fake.bytes;
    for (uint32_t a = 1; a <= 100000; a++) {
        const cx_origin origin = at(a);
        assert_true(cx_budget_admits(budget, &origin, a));
    }
    assert_int_equal(fake.bytes, before);
    cx_budget_destroy(budget);
}

static void who_floods_while_few_others_come_is_not_forgotten(void **state)
{
    (void)state;
    fake_env fake;
    fake_env_init(&fake);
    cx_budget *budget = cx_budget_create(&fake.env, 10);
    const cx_origin flood = at(0xffffffff);
    uint32_t n = 0;
    for (uint32_t a = 1; a <= 20000; a++) { /* one connection of each of many others */
        const cx_origin origin = at(a);
        n += cx_budget_admits(budget, &flood, 1);
        assert_true(cx_budget_admits(budget, &origin, 1));
    }
    assert_int_equal(n, 100);
    cx_budget_destroy(budget);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_lets_a_burst_through_and_then_so_many_a_second),
        cmocka_unit_test(more_than_a_burst_is_let_through_once_and_paid_off),
        cmocka_unit_test(the_largest_rates_and_amounts_do_not_overflow),
        cmocka_unit_test(each_address_has_a_budget_of_its_own),
        cmocka_unit_test(an_ipv6_network_is_one_address_and_a_mapped_one_is_ipv4),
        cmocka_unit_test(a_flood_of_addresses_takes_no_memory_and_shuts_no_new_one_out),
        cmocka_unit_test(who_floods_while_few_others_come_is_not_forgotten),
    };
    return cmocka_run_group_tests_name("session_budget", tests, NULL, NULL);
}
