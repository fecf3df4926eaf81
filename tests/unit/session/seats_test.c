/*
 * Seats: one for each principal, whoever asks for it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake_env.h"
#include "session/seats.h"

enum { PEOPLE = 500, STEPS = 20000 };

static const cx_guard nobody_else = { NULL, NULL, NULL };

static coax_peer peer_of(uint32_t index)
{
    const coax_peer peer = { NULL, index, 1 };
    return peer;
}

static void a_seat_is_taken_once_and_given_back_by_who_has_it(void **state)
{
    (void)state;
    fake_env fake;
    cx_seats seats;
    coax_peer other = { NULL, 0, 0 };
    const coax_peer one = peer_of(1);
    fake_env_init(&fake);
    cx_seats_init(&seats, &fake.env, &nobody_else);
    assert_int_equal(cx_seats_take(&seats, "alice", one, NULL, &other), COAX_OK);
    assert_int_equal(cx_seats_take(&seats, "alice", peer_of(2), NULL, &other),
                     COAX_ERR_ALREADY_EXISTS);
    assert_int_equal(other.index, 1);
    assert_int_equal(cx_seats_take(&seats, "bob", peer_of(2), NULL, &other), COAX_OK);
    cx_seats_leave(&seats, "alice", peer_of(2)); /* not his */
    cx_seats_leave(&seats, "carol", peer_of(2)); /* nobody's */
    assert_int_equal(cx_seats_take(&seats, "alice", peer_of(3), NULL, &other),
                     COAX_ERR_ALREADY_EXISTS);
    assert_int_equal(cx_seats_take(&seats, "alice", peer_of(3), &one, &other), COAX_OK);
    cx_seats_leave(&seats, "alice", one); /* not any more */
    assert_int_equal(cx_seats_take(&seats, "alice", one, NULL, &other), COAX_ERR_ALREADY_EXISTS);
    cx_seats_leave(&seats, "alice", peer_of(3));
    assert_int_equal(cx_seats_take(&seats, "alice", one, NULL, &other), COAX_OK);
    cx_seats_deinit(&seats);
    assert_int_equal(fake.n_live, 0);
}

/* Against a plain array. */
static void many_come_and_go_in_any_order(void **state)
{
    (void)state;
    fake_env fake;
    cx_seats seats;
    uint32_t has[PEOPLE] = { 0 };
    uint32_t taken = 0;
    fake_env_init(&fake);
    cx_seats_init(&seats, &fake.env, &nobody_else);
    for (uint32_t i = 1; i <= STEPS; i++) {
        char name[16];
        coax_peer other = { NULL, 0, 0 };
        const uint32_t who = fake_env_below(&fake, PEOPLE);
        (void)snprintf(name, sizeof name, "%u", (unsigned)who);
        if (fake_env_below(&fake, 2) == 0) {
            coax_err err = cx_seats_take(&seats, name, peer_of(i), NULL, &other);
            assert_int_equal(err, has[who] == 0 ? COAX_OK : COAX_ERR_ALREADY_EXISTS);
            taken += has[who] == 0 ? 1 : 0;
            has[who] = has[who] == 0 ? i : has[who];
        } else {
            cx_seats_leave(&seats, name, peer_of(has[who] != 0 ? has[who] : i));
            taken -= has[who] != 0 ? 1 : 0;
            has[who] = 0;
        }
        assert_int_equal(seats.count, taken);
    }
    cx_seats_deinit(&seats);
    assert_int_equal(fake.n_live, 0);
}

static void memory_that_runs_out_is_said_and_a_table_that_can_not_grow_goes_on(void **state)
{
    (void)state;
    fake_env fake;
    cx_seats seats;
    coax_peer other = { NULL, 0, 0 };
    fake_env_init(&fake);
    cx_seats_init(&seats, &fake.env, &nobody_else);
    fake.fail_from = 1;
    fake.fail_count = 1;
    assert_int_equal(cx_seats_take(&seats, "alice", peer_of(1), NULL, &other), COAX_ERR_NO_MEMORY);
    fake.fail_from = fake.n_taken + 2; /* the table is there, the seat is not */
    assert_int_equal(cx_seats_take(&seats, "alice", peer_of(1), NULL, &other), COAX_ERR_NO_MEMORY);
    fake.fail_from = 0;
    for (uint32_t i = 0; i < 64; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%u", (unsigned)i);
        assert_int_equal(cx_seats_take(&seats, name, peer_of(i), NULL, &other), COAX_OK);
    }
    const uint32_t rows = seats.n_rows;
    fake.fail_from = fake.n_taken + 1; /* it would grow now */
    fake.fail_count = 1;
    assert_int_equal(cx_seats_take(&seats, "one more", peer_of(99), NULL, &other), COAX_OK);
    assert_int_equal(seats.n_rows, rows);
    cx_seats_deinit(&seats);
    assert_int_equal(fake.n_live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seat_is_taken_once_and_given_back_by_who_has_it),
        cmocka_unit_test(many_come_and_go_in_any_order),
        cmocka_unit_test(memory_that_runs_out_is_said_and_a_table_that_can_not_grow_goes_on),
    };
    return cmocka_run_group_tests_name("session_seats", tests, NULL, NULL);
}
