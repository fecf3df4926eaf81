/*
 * Failed logins: who waits, how long, and what an attacker with many names or addresses gets out of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_env.h"
#include "session/throttle.h"

#define MS UINT64_C(1000000)
#define SECOND (1000 * MS)

typedef struct bed {
    fake_env fake;
    cx_throttle *throttle;
    uint64_t now;
} bed;

static void set_up(bed *b)
{
    fake_env_init(&b->fake);
    const cx_throttle_config config = { .env = &b->fake.env,
                                        .failures = 5,
                                        .delay_max_ms = 300000 };
    b->throttle = cx_throttle_create(&config);
    assert_non_null(b->throttle);
    b->now = 1000 * SECOND;
}

static void tear_down(bed *b)
{
    cx_throttle_destroy(b->throttle);
    assert_int_equal(b->fake.n_live, 0);
}

static coax_str named(const char *name)
{
    return (coax_str){ name, name != NULL ? strlen(name) : 0 };
}

static cx_origin at(uint32_t address)
{
    uint8_t bytes[4];
    memcpy(bytes, &address, sizeof bytes);
    return cx_origin_ipv4(bytes);
}

static uint32_t ask(bed *b, const char *user, uint32_t address, cx_throttle_ticket *ret)
{
    const cx_origin origin = at(address);
    return cx_throttle_ask(b->throttle, named(user), &origin, b->now, ret);
}

/* One try, which waits or fails. */
static uint32_t guess(bed *b, const char *user, uint32_t address)
{
    cx_throttle_ticket ticket;
    uint32_t wait = ask(b, user, address, &ticket);
    cx_throttle_failed(b->throttle, &ticket, b->now);
    return wait;
}

static uint32_t log_in(bed *b, const char *user, uint32_t address)
{
    cx_throttle_ticket ticket;
    uint32_t wait = ask(b, user, address, &ticket);
    cx_throttle_succeeded(b->throttle, &ticket, b->now);
    return wait;
}

static void after_five_failures_a_name_waits_and_twice_as_long_each_time(void **state)
{
    (void)state;
    bed b;
    set_up(&b);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(guess(&b, "ann", i), 0);
    uint32_t delay = 1000;
    for (int i = 0; i < 12; i++) {
        assert_int_equal(guess(&b, "ann", 9), delay); /* which does not count */
        b.now += delay * MS - 1;
        assert_int_equal(guess(&b, "ann", 9), 1);
        b.now += 1;
        assert_int_equal(guess(&b, "ann", 10), 0);
        delay = 2 * delay < 300000 ? 2 * delay : 300000;
    }
    assert_int_equal(guess(&b, "ben", 10), 0); /* others don't wait */
    tear_down(&b);
}

static void a_right_password_waits_as_well(void **state)
{
    (void)state;
    bed b;
    set_up(&b);
    for (int i = 0; i < 5; i++)
        assert_int_equal(guess(&b, "ann", 1), 0);
    assert_int_equal(log_in(&b, "ann", 1), 1000);
    b.now += SECOND;
    assert_int_equal(log_in(&b, "ann", 1), 0);
    tear_down(&b);
}

static void an_address_waits_after_ten_times_as_many_whatever_the_names(void **state)
{
    (void)state;
    bed b;
    char name[16];
    set_up(&b);
    for (int i = 0; i < 50; i++) {
        (void)snprintf(name, sizeof name, "user%d", i);
        assert_int_equal(guess(&b, name, 1), 0);
    }
    assert_int_equal(guess(&b, "somebody else", 1), 1000);
    assert_int_equal(guess(&b, "somebody else", 2), 0);
    tear_down(&b);
}

static void who_gives_no_name_is_judged_by_his_address(void **state)
{
    (void)state;
    bed b;
    set_up(&b);
    for (int i = 0; i < 5; i++)
        assert_int_equal(guess(&b, NULL, 1), 0);
    assert_int_equal(guess(&b, NULL, 1), 1000);
    assert_int_equal(guess(&b, NULL, 2), 0); /* nobody locks everybody out */
    assert_int_equal(guess(&b, "", 1), 0);   /* an empty name is a name */
    tear_down(&b);
}

/* Else whoever has a token, or sits beside others who log in, could guess four times between each two logins. */
static void logging_in_without_a_name_forgives_no_guesses(void **state)
{
    (void)state;
    bed b;
    set_up(&b);
    int n = 0;
    assert_int_equal(log_in(&b, NULL, 1), 0);
    while (n < 100 && guess(&b, NULL, 1) == 0) {
        n++;
        (void)log_in(&b, NULL, 1);
    }
    assert_int_equal(n, 5);
    tear_down(&b);
}

static void guesses_under_way_at_once_are_not_free(void **state)
{
    (void)state;
    bed b;
    cx_throttle_ticket tickets[100];
    uint32_t n = 0;
    set_up(&b);
    while (n < 100 && ask(&b, "ann", n, &tickets[n]) == 0)
        n++;
    assert_int_equal(n, 64);
    for (uint32_t i = 0; i < n; i++)
        cx_throttle_failed(b.throttle, &tickets[i], b.now);
    assert_true(guess(&b, "ann", 1000) > 200000); /* all of them count */
    b.now += 300 * SECOND;
    assert_int_equal(ask(&b, "ann", 1000, &tickets[0]), 0);
    assert_int_equal(ask(&b, "ann", 1001, &tickets[1]), 1000); /* one at a time */
    cx_throttle_failed(b.throttle, &tickets[0], b.now);
    tear_down(&b);
}

/* How often a name is judged to have failed is how long its failures take to be forgotten. */
static uint32_t minutes_until_two_may_guess(bed *b, const char *user)
{
    cx_throttle_ticket one, two;
    for (uint32_t minutes = 0; minutes < 10000; minutes += 5, b->now += 300 * SECOND) {
        const bool is_first = ask(b, user, 7, &one) == 0;
        const bool is_second = ask(b, user, 7, &two) == 0;
        cx_throttle_undecided(b->throttle, &one, b->now);
        cx_throttle_undecided(b->throttle, &two, b->now);
        if (is_first && is_second)
            return minutes;
    }
    return 10000;
}

static void guesses_at_once_take_as_long_to_forget_as_one_after_the_other(void **state)
{
    (void)state;
    bed b;
    cx_throttle_ticket tickets[64];
    set_up(&b);
    for (uint32_t i = 0; i < 64; i++)
        assert_int_equal(ask(&b, "ann", 1000 + i, &tickets[i]), 0);
    for (uint32_t i = 0; i < 64; i++)
        cx_throttle_failed(b.throttle, &tickets[i], b.now);
    assert_int_equal(guess(&b, "ann", 99), 300000); /* the wait itself has its limit */
    assert_int_equal(minutes_until_two_may_guess(&b, "ann"), 60 * 5);
    /* Others are behind an address, who have done nothing. */
    for (uint32_t i = 0; i < 64; i++)
        assert_int_equal(ask(&b, NULL, 7, &tickets[i]), 0);
    for (uint32_t i = 0; i < 64; i++)
        cx_throttle_failed(b.throttle, &tickets[i], b.now);
    assert_int_equal(minutes_until_two_may_guess(&b, NULL), 10 * 5);
    tear_down(&b);
}

static void a_program_decides_about_so_many_of_an_address_at_once(void **state)
{
    (void)state;
    bed b;
    cx_throttle_ticket tickets[3], other, none = { .address = 0 };
    set_up(&b);
    cx_throttle_destroy(b.throttle);
    const cx_throttle_config config = {
        .env = &b.fake.env, .failures = 5, .delay_max_ms = 300000, .max_asked = 2
    };
    b.throttle = cx_throttle_create(&config);
    assert_int_equal(ask(&b, "ann", 1, &tickets[0]), 0);
    assert_int_equal(ask(&b, "ben", 1, &tickets[1]), 0);
    assert_int_equal(ask(&b, "cat", 1, &tickets[2]), 0);
    assert_int_equal(ask(&b, "dan", 2, &other), 0);
    assert_true(cx_throttle_may_ask(b.throttle, &tickets[0], b.now));
    assert_true(cx_throttle_may_ask(b.throttle, &tickets[1], b.now));
    assert_false(cx_throttle_may_ask(b.throttle, &tickets[2], b.now));
    assert_true(cx_throttle_may_ask(b.throttle, &other, b.now));
    cx_throttle_answered(b.throttle, &tickets[0], b.now); /* a store has answered */
    cx_throttle_answered(b.throttle, &tickets[0], b.now);
    assert_true(cx_throttle_may_ask(b.throttle, &tickets[2], b.now));
    assert_false(cx_throttle_may_ask(b.throttle, &tickets[0], b.now));
    cx_throttle_undecided(b.throttle, &tickets[1], b.now);
    assert_true(cx_throttle_may_ask(b.throttle, &tickets[0], b.now));
    cx_throttle_failed(b.throttle, &tickets[0], b.now);
    cx_throttle_succeeded(b.throttle, &tickets[2], b.now);
    cx_throttle_undecided(b.throttle, &other, b.now);
    assert_true(cx_throttle_may_ask(b.throttle, &none, b.now));
    assert_false(none.is_asked);
    assert_int_equal(ask(&b, "ann", 1, &tickets[0]), 0);
    assert_int_equal(ask(&b, "ben", 1, &tickets[1]), 0);
    assert_true(cx_throttle_may_ask(b.throttle, &tickets[0], b.now)); /* none is left over */
    assert_true(cx_throttle_may_ask(b.throttle, &tickets[1], b.now));
    tear_down(&b);
}

static void a_ticket_is_ended_once_and_an_empty_one_means_nothing(void **state)
{
    (void)state;
    bed b;
    cx_throttle_ticket ticket;
    set_up(&b);
    assert_int_equal(ask(&b, "ann", 1, &ticket), 0);
    for (int i = 0; i < 20; i++)
        cx_throttle_failed(b.throttle, &ticket, b.now);
    assert_int_equal(guess(&b, "ann", 1), 0);
    cx_throttle_failed(NULL, &ticket, b.now);
    const cx_origin origin = at(1);
    assert_int_equal(cx_throttle_ask(NULL, named("ann"), &origin, b.now, &ticket), 0);
    cx_throttle_succeeded(NULL, &ticket, b.now);
    tear_down(&b);
}

static void what_nobody_could_decide_is_not_counted(void **state)
{
    (void)state;
    bed b;
    cx_throttle_ticket ticket;
    set_up(&b);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(ask(&b, "ann", 1, &ticket), 0);
        cx_throttle_undecided(b.throttle, &ticket, b.now);
    }
    tear_down(&b);
}

static void who_logs_in_often_is_never_slowed_down(void **state)
{
    (void)state;
    bed b;
    cx_throttle_ticket tickets[200];
    set_up(&b);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(log_in(&b, "ann", 1), 0);
    for (int i = 0; i < 200; i++)
        assert_int_equal(ask(&b, "ann", 1, &tickets[i]), 0);
    for (int i = 0; i < 200; i++)
        cx_throttle_succeeded(b.throttle, &tickets[i], b.now);
    tear_down(&b);
}

static void guessing_in_a_name_does_not_shut_its_owner_out_where_he_is_known(void **state)
{
    (void)state;
    bed b;
    set_up(&b);
    assert_int_equal(log_in(&b, "ann", 1), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(guess(&b, "ann", 2), 0);
    assert_int_equal(log_in(&b, "ann", 3), 1000); /* elsewhere he waits */
    assert_int_equal(log_in(&b, "ann", 1), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(guess(&b, "ann", 1), 0);
    assert_int_equal(log_in(&b, "ann", 1), 1000); /* by his own failures there */
    tear_down(&b);
}

static void logging_in_elsewhere_gives_no_new_guesses(void **state)
{
    (void)state;
    bed b;
    set_up(&b);
    uint32_t n = 0;
    for (int i = 0; i < 20; i++) { /* the owner comes and goes while somebody guesses */
        assert_int_equal(log_in(&b, "ann", 1), 0);
        n += guess(&b, "ann", 2) == 0;
    }
    assert_int_equal(n, 5);
    tear_down(&b);
}

static void failures_are_forgotten_one_by_one(void **state)
{
    (void)state;
    bed b;
    set_up(&b);
    for (int i = 0; i < 4; i++)
        assert_int_equal(guess(&b, "ann", 1), 0);
    b.now += 300 * SECOND;
    for (int i = 0; i < 2; i++)
        assert_int_equal(guess(&b, "ann", 1), 0);
    assert_int_equal(guess(&b, "ann", 1), 1000);
    b.now += 24 * 3600 * SECOND;
    for (int i = 0; i < 5; i++)
        assert_int_equal(guess(&b, "ann", 1), 0);
    assert_int_equal(guess(&b, "ann", 1), 1000);
    tear_down(&b);
}

static void spraying_names_neither_frees_a_name_nor_locks_others_out(void **state)
{
    (void)state;
    bed b;
    char name[32];
    set_up(&b);
    size_t before = b.fake.bytes;
    for (uint32_t i = 0; i < 8; i++) {
        (void)guess(&b, "ann", i);
        b.now += 5 * SECOND; /* to be past the waits */
    }
    for (uint32_t i = 0; i < 50000; i++) { /* each name once, each from another address */
        (void)snprintf(name, sizeof name, "name%u", i);
        assert_int_equal(guess(&b, name, 1000 + i), 0);
    }
    assert_int_equal(b.fake.bytes, before);
    assert_int_not_equal(guess(&b, "ann", 7), 0); /* not forgotten */
    assert_int_equal(log_in(&b, "ben", 7), 0);
    tear_down(&b);
}

static void names_that_are_known_and_names_that_are_not_wait_alike(void **state)
{
    (void)state;
    bed b;
    set_up(&b);
    assert_int_equal(log_in(&b, "ann", 1), 0); /* she exists */
    for (int i = 0; i < 12; i++) {
        assert_int_equal(guess(&b, "ann", 5), guess(&b, "nobody", 6));
        b.now += 700 * MS;
    }
    tear_down(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_five_failures_a_name_waits_and_twice_as_long_each_time),
        cmocka_unit_test(a_right_password_waits_as_well),
        cmocka_unit_test(an_address_waits_after_ten_times_as_many_whatever_the_names),
        cmocka_unit_test(who_gives_no_name_is_judged_by_his_address),
        cmocka_unit_test(logging_in_without_a_name_forgives_no_guesses),
        cmocka_unit_test(guesses_under_way_at_once_are_not_free),
        cmocka_unit_test(guesses_at_once_take_as_long_to_forget_as_one_after_the_other),
        cmocka_unit_test(a_program_decides_about_so_many_of_an_address_at_once),
        cmocka_unit_test(a_ticket_is_ended_once_and_an_empty_one_means_nothing),
        cmocka_unit_test(what_nobody_could_decide_is_not_counted),
        cmocka_unit_test(who_logs_in_often_is_never_slowed_down),
        cmocka_unit_test(guessing_in_a_name_does_not_shut_its_owner_out_where_he_is_known),
        cmocka_unit_test(logging_in_elsewhere_gives_no_new_guesses),
        cmocka_unit_test(failures_are_forgotten_one_by_one),
        cmocka_unit_test(spraying_names_neither_frees_a_name_nor_locks_others_out),
        cmocka_unit_test(names_that_are_known_and_names_that_are_not_wait_alike),
    };
    return cmocka_run_group_tests_name("session_throttle", tests, NULL, NULL);
}
