/*
 * S15, the second half: options that say how long, how often and how much. Each is set, and something is different.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "attempt.h"
#include "folk.h"

/* session_lifespan_ms */

static void the_lifespan_of_a_session(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        coax_server_options options = fresh;
        trio t;
        options.tokens = folk_tokens;
        options.session_lifespan_ms = i == 0 ? 0 : 3000;
        open_with(&t, TRIO_XX, options);
        t.options.token = FOLK_CLERK_TOKEN;
        trio_connect(&t);
        assert_true(trio_until(&t, trio_is_open, 10000));
        trio_wait(&t, 10000);
        assert_int_equal(t.now.n_closed, i);
        trio_leave(&t);
        trio_close(&t);
    }
}

/* login_failures, login_delay_max_ms */

static uint32_t guesses_until_it_waits(uint32_t failures, uint32_t delay_max_ms)
{
    coax_server_options options = fresh;
    uint32_t n = 0;
    trio t;
    options.tokens = folk_tokens;
    options.login_failures = failures;
    options.login_delay_max_ms = delay_max_ms;
    open_with(&t, TRIO_XX, options);
    t.options.token = "no token that is listed";
    coax_err code = COAX_ERR_UNAUTHENTICATED;
    while (code == COAX_ERR_UNAUTHENTICATED && n < 200) {
        code = try_client(&t).code;
        n++;
    }
    trio_close(&t);
    return n;
}

static void guesses_before_waiting_begins(void **state)
{
    (void)state;
    uint32_t one = guesses_until_it_waits(1, 0);
    uint32_t five = guesses_until_it_waits(0, 0);
    assert_true(one < 30 && five > one && five < 100);
}

/* Whether somebody who knows the token is let in `wait_ms` after many have guessed. */
static coax_err after_guesses(uint32_t delay_max_ms, uint32_t wait_ms)
{
    coax_server_options options = fresh;
    trio t;
    options.tokens = folk_tokens;
    options.login_failures = 1;
    options.login_delay_max_ms = delay_max_ms;
    open_with(&t, TRIO_XX, options);
    t.options.token = "no token that is listed";
    for (int i = 0; i < 60; i++) {
        (void)try_client(&t);
        trio_wait(&t, 3000);
    }
    trio_wait(&t, wait_ms);
    t.options.token = FOLK_CLERK_TOKEN;
    coax_err code = try_client(&t).code;
    trio_close(&t);
    return code;
}

static void the_longest_wait(void **state)
{
    (void)state;
    assert_int_equal(after_guesses(2000, 2500), COAX_OK);
    assert_int_equal(after_guesses(0, 2500), COAX_ERR_RESOURCE_EXHAUSTED);
}

/* accepts_per_s: by address, so on real sockets. */

static uint32_t let_in_of(uint32_t n, uint32_t accepts_per_s)
{
    coax_server_options options = fresh;
    uint32_t n_in = 0;
    trio t;
    options.accepts_per_s = accepts_per_s;
    trio_open(&t, TRIO_XX, true, 62, &options);
    for (uint32_t i = 0; i < n; i++)
        n_in += try_client(&t).code == COAX_OK ? 1 : 0;
    trio_close(&t);
    return n_in;
}

static void connections_of_one_address(void **state)
{
    (void)state;
    assert_int_equal(let_in_of(30, COAX_NEVER_MS), 30);
    uint32_t few = let_in_of(30, 1);
    assert_true(few >= 10 && few < 20);
}

/* max_calls_per_s, max_bytes_per_s */

static uint32_t answered_of(uint32_t n, uint32_t calls_per_s, uint32_t bytes_per_s)
{
    coax_server_options options = fresh;
    trio t;
    options.limits.max_calls_per_s = calls_per_s;
    options.limits.max_bytes_per_s = bytes_per_s;
    open_with(&t, TRIO_XX, options);
    trio_connect(&t);
    assert_true(trio_until(&t, trio_is_open, 10000));
    for (uint32_t i = 0; i < n; i++)
        (void)trio_ask_one(&t, TRIO_PUT, 1);
    assert_true(trio_until(&t, trio_is_answered, 10000));
    uint32_t good = t.now.n_good;
    if (good < n)
        assert_int_equal(t.now.last_err, COAX_ERR_RESOURCE_EXHAUSTED);
    trio_leave(&t);
    trio_check(&t);
    trio_close(&t);
    return good;
}

static void what_one_peer_may_ask_for(void **state)
{
    (void)state;
    assert_int_equal(answered_of(40, 0, 0), 40);
    uint32_t calls = answered_of(40, 5, 0);
    assert_true(calls >= 5 && calls < 15);
    uint32_t bytes = answered_of(40, 0, 1000);
    assert_true(bytes >= 1 && bytes < 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "S15: session_lifespan_ms", the_lifespan_of_a_session, NULL, NULL, NULL },
        { "S15: login_failures", guesses_before_waiting_begins, NULL, NULL, NULL },
        { "S15: login_delay_max_ms", the_longest_wait, NULL, NULL, NULL },
        { "S15: accepts_per_s", connections_of_one_address, NULL, NULL, NULL },
        { "S15: max_calls_per_s, max_bytes_per_s", what_one_peer_may_ask_for, NULL, NULL, NULL },
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
