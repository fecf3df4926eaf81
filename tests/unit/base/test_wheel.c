/*
 * The timer wheel against a sorted model, and what handlers may do to it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/wheel.h"

#define TICK ((uint64_t)1 << CX_WHEEL_TICK_BITS)
#define START UINT64_C(987654321)

typedef struct tested {
    cx_timer timer;
    uint64_t due;
    uint64_t fired_at; /* 0: not yet */
    unsigned n_fired;
    cx_wheel *wheel;
    struct tested *victim; /* cancelled when this one fires */
    bool rearms;
} tested;

static void on_due(cx_timer *timer, uint64_t now_ns)
{
    tested *is = CX_CONTAINER(timer, tested, timer);
    assert_false(cx_timer_is_armed(timer));
    is->fired_at = now_ns;
    is->n_fired++;
    if (is->victim != NULL)
        cx_wheel_cancel(is->wheel, &is->victim->timer);
    if (is->rearms)
        cx_wheel_arm(is->wheel, timer, now_ns);
}

static cx_wheel *new_wheel(void)
{
    cx_wheel *wheel = malloc(sizeof *wheel);
    assert_non_null(wheel);
    cx_wheel_init(wheel, START);
    return wheel;
}

static void arm(cx_wheel *wheel, tested *is, uint64_t due)
{
    is->wheel = wheel;
    is->due = due;
    is->fired_at = 0;
    cx_wheel_arm(wheel, &is->timer, due);
}

static void an_empty_wheel_has_nothing_to_do(void **state)
{
    cx_wheel *wheel = new_wheel();
    (void)state;
    assert_true(cx_wheel_next_ns(wheel) == CX_WHEEL_NEVER);
    assert_int_equal(cx_wheel_advance(wheel, START + 1000 * TICK), 0);
    assert_int_equal(cx_wheel_advance(wheel, 0), 0); /* a clock that goes back stands still */
    free(wheel);
}

static void a_timer_fires_never_early_and_less_than_a_tick_late(void **state)
{
    (void)state;
    for (uint64_t delay = 0; delay < 300 * TICK; delay += TICK / 3) {
        cx_wheel *wheel = new_wheel();
        tested is = { 0 };
        cx_timer_init(&is.timer, on_due);
        arm(wheel, &is, START + delay);
        for (uint64_t now = START; is.n_fired == 0; now += TICK / 4) {
            (void)cx_wheel_advance(wheel, now);
            assert_true(is.n_fired == 0 || now >= is.due);
            assert_true(is.n_fired != 0 || now < is.due + TICK + TICK / 4);
        }
        assert_int_equal(wheel->count, 0);
        free(wheel);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 20;
}

/* Delays of every magnitude, so that all levels are used. */
static uint64_t random_delay(uint64_t *seed)
{
    uint64_t bits = next_random(seed) % 50;
    return next_random(seed) % ((uint64_t)1 << (bits + 1));
}

static void check_round(cx_wheel *wheel, tested *all, size_t n, uint64_t before, uint64_t now)
{
    uint64_t next = cx_wheel_next_ns(wheel);
    (void)cx_wheel_advance(wheel, now);
    for (size_t i = 0; i < n; i++) {
        bool is_armed = cx_timer_is_armed(&all[i].timer);
        if (all[i].fired_at == now)
            assert_true(all[i].due <= now && next <= now);
        else if (is_armed)
            assert_true(all[i].due + TICK > now || all[i].due <= before);
    }
}

static void random_timers_fire_as_a_model_says(void **state)
{
    enum { N = 200, ROUNDS = 3000 };
    static tested all[N];
    cx_wheel *wheel = new_wheel();
    uint64_t seed = 42, now = START;
    unsigned n_fired = 0;
    (void)state;
    for (size_t i = 0; i < N; i++)
        cx_timer_init(&all[i].timer, on_due);
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t before = now;
        for (int k = 0; k < 4; k++) {
            tested *is = &all[next_random(&seed) % N];
            if (next_random(&seed) % 5 == 0)
                cx_wheel_cancel(wheel, &is->timer);
            else
                arm(wheel, is, now + random_delay(&seed));
        }
        /* Half the time exactly when the wheel asks for it. */
        uint64_t next = cx_wheel_next_ns(wheel);
        now = next_random(&seed) % 2 == 0 && next != CX_WHEEL_NEVER && next > now
                  ? next
                  : now + 1 + random_delay(&seed);
        check_round(wheel, all, N, before, now);
    }
    uint32_t n_armed = 0;
    for (size_t i = 0; i < N; i++) {
        n_armed += cx_timer_is_armed(&all[i].timer);
        n_fired += all[i].n_fired;
    }
    assert_int_equal(wheel->count, n_armed);
    assert_true(n_fired > ROUNDS / 2);
    free(wheel);
}

static void the_next_time_is_reached_in_few_steps(void **state)
{
    cx_wheel *wheel = new_wheel();
    tested is = { 0 };
    unsigned steps = 0;
    (void)state;
    cx_timer_init(&is.timer, on_due);
    arm(wheel, &is, START + ((uint64_t)1 << 60));
    while (is.n_fired == 0) {
        uint64_t next = cx_wheel_next_ns(wheel);
        assert_true(next <= is.due + TICK);
        (void)cx_wheel_advance(wheel, next);
        assert_true(++steps <= CX_WHEEL_LEVELS);
    }
    assert_true(is.fired_at >= is.due);
    free(wheel);
}

static void the_farthest_time_there_is_can_be_armed(void **state)
{
    cx_wheel *wheel = new_wheel();
    tested is = { 0 };
    (void)state;
    cx_timer_init(&is.timer, on_due);
    arm(wheel, &is, UINT64_MAX);
    assert_true(cx_wheel_next_ns(wheel) < CX_WHEEL_NEVER);
    (void)cx_wheel_advance(wheel, START + ((uint64_t)1 << 62));
    assert_int_equal(is.n_fired, 0);
    cx_wheel_cancel(wheel, &is.timer);
    cx_wheel_cancel(wheel, &is.timer);
    assert_true(cx_wheel_next_ns(wheel) == CX_WHEEL_NEVER);
    free(wheel);
}

static void a_handler_may_cancel_another_that_is_due_too(void **state)
{
    cx_wheel *wheel = new_wheel();
    tested first = { 0 }, second = { 0 };
    (void)state;
    cx_timer_init(&first.timer, on_due);
    cx_timer_init(&second.timer, on_due);
    arm(wheel, &first, START + 5 * TICK);
    arm(wheel, &second, START + 5 * TICK);
    first.victim = &second;
    second.victim = &first;
    assert_int_equal(cx_wheel_advance(wheel, START + 6 * TICK), 1);
    assert_int_equal(first.n_fired + second.n_fired, 1);
    assert_int_equal(wheel->count, 0);
    free(wheel);
}

static void a_handler_that_arms_itself_again_does_not_hold_the_loop(void **state)
{
    cx_wheel *wheel = new_wheel();
    tested is = { 0 };
    (void)state;
    cx_timer_init(&is.timer, on_due);
    is.rearms = true;
    arm(wheel, &is, START);
    assert_true(cx_wheel_advance(wheel, START + 100 * TICK) <= 100);
    assert_true(cx_timer_is_armed(&is.timer));
    is.rearms = false;
    assert_int_equal(cx_wheel_advance(wheel, START + 102 * TICK), 1);
    free(wheel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_wheel_has_nothing_to_do),
        cmocka_unit_test(a_timer_fires_never_early_and_less_than_a_tick_late),
        cmocka_unit_test(random_timers_fire_as_a_model_says),
        cmocka_unit_test(the_next_time_is_reached_in_few_steps),
        cmocka_unit_test(the_farthest_time_there_is_can_be_armed),
        cmocka_unit_test(a_handler_may_cancel_another_that_is_due_too),
        cmocka_unit_test(a_handler_that_arms_itself_again_does_not_hold_the_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
