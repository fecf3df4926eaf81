/*
 * More connections than anybody may have before they are open: silent, slow, gone again. The good client calls all the while,
 * and new ones come. Encrypted connections have more of this in throng_sealed_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <coax/metrics.h>

#include "throng.h"

/* What holds on two busy cores with sanitizers on; without them it is a tenth of it. */
#define CALL_MOST_US 500000u
#define COMING_MOST_US 4000000u

static void leave(throng *t, const char *what)
{
    print_message("%s: %u connections, calls took at most %llu ms, %u newcomers at most %llu ms\n",
                  what, t->n, (unsigned long long)t->slowest_call_us / 1000, t->n_came,
                  (unsigned long long)t->slowest_coming_us / 1000);
    assert_true(t->slowest_call_us < CALL_MOST_US);
    siege *s = t->siege;
    throng_close(t);
    siege_close(s);
}

/* Many addresses, so that no budget of one address helps. */
static void five_thousand_silent_connections_shut_nobody_out(void **state)
{
    (void)state;
    siege s;
    throng t;
    const uint32_t n = throng_most(5000);
    siege_open(&s, NULL);
    throng_open(&t, &s, n);
    size_t before = siege_bytes();
    siege_mark();
    for (uint32_t i = 1; i <= n; i++) {
        (void)throng_connect(&t, 1 + i % 200 * 256);
        if (i % 32 == 0)
            throng_good_call(&t);
        if (i % 1000 == 0)
            throng_good_comes(&t, COMING_MOST_US);
    }
    assert_true(siege_most() < before + (8u << 20));
    leave(&t, "silent");
}

static void one_address_that_floods_is_cut_off_at_the_door(void **state)
{
    (void)state;
    siege s;
    throng t;
    const uint32_t n = throng_most(3000);
    siege_open(&s, NULL);
    throng_open(&t, &s, n);
    for (uint32_t i = 1; i <= n; i++) {
        (void)throng_connect(&t, 77);
        if (i % 32 == 0)
            throng_good_call(&t);
        if (i % 1000 == 0)
            throng_good_comes(&t, COMING_MOST_US);
    }
    while (throng_n_over(&t) < n - 1500)
        throng_good_call(&t);
    coax_metrics metrics = COAX_METRICS_INIT;
    assert_int_equal(coax_server_read_metrics(s.server, &metrics), COAX_OK);
    assert_true(metrics.connections_refused >= n - 1500);
    leave(&t, "one address");
}

static void a_thousand_clients_that_come_at_once_all_get_in(void **state)
{
    (void)state;
    siege s;
    throng t;
    siege_open(&s, NULL);
    throng_open(&t, &s, 1);
    throng_herd(&t);
    leave(&t, "a thousand at once");
}

/* Everybody sends the next byte of what opens a connection, and stops before the last. */
static void bytes_that_drip_hold_no_place_for_long(void **state)
{
    (void)state;
    enum { WAVES = 4, EACH = 120 };
    static const char opening[] = "COAX\x01\x00\x00\x00"
                                  "\x10\x00\x00\x00\x16\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                                  "\x82\x01\xa3raw\x03\x83\x01\xcd\x80\x00\x02\xce\x00\x40\x00";
    siege s;
    throng t;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.max_unopened = 64;
    siege_open(&s, &options);
    throng_open(&t, &s, WAVES * EACH);
    for (int wave = 0; wave < WAVES; wave++) {
        for (uint32_t i = 0; i < EACH; i++)
            (void)throng_connect(&t, 1 + i);
        for (size_t at = 0; at < sizeof opening - 1; at++) {
            for (uint32_t i = 0; i < t.n; i++)
                throng_say(t.fds[i], opening + at, 1);
            throng_good_call(&t);
        }
        throng_good_comes(&t, COMING_MOST_US);
    }
    leave(&t, "dripping");
}

static void connections_that_come_and_go_leave_nothing(void **state)
{
    (void)state;
    enum { N = 4000 };
    siege s;
    throng t;
    siege_open(&s, NULL);
    throng_open(&t, &s, N);
    size_t before = siege_bytes();
    siege_mark();
    for (uint32_t i = 1; i <= N; i++) {
        int fd = throng_connect(&t, 1 + i % 500 * 256);
        if (i % 3 == 0)
            throng_say(fd, "COAX\x01\x00\x00\x00", 8);
        if (i % 2 == 0) {
            close(fd);
            t.fds[t.n - 1] = -1;
        } else if (t.n > 40 && t.fds[t.n - 40] >= 0) {
            close(t.fds[t.n - 40]);
            t.fds[t.n - 40] = -1;
        }
        if (i % 16 == 0)
            throng_good_call(&t);
        if (i % 1000 == 0)
            throng_good_comes(&t, COMING_MOST_US);
    }
    assert_true(siege_most() < before + (8u << 20));
    leave(&t, "coming and going");
}

static void a_hello_that_is_too_long_is_refused_by_its_header(void **state)
{
    (void)state;
    enum { N = 200 };
    static const char *const heads[] = {
        "COAX\x01\x00\x00\x00\x10\x00\x00\x00\xff\xff\xff\x7f\x00\x00\x00\x00\x00\x00\x00\x00",
        "COAX\x01\x00\x00\x00\x10\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
    };
    siege s;
    throng t;
    siege_open(&s, NULL);
    throng_open(&t, &s, N);
    size_t before = siege_bytes();
    siege_mark();
    for (uint32_t i = 0; i < N; i++)
        throng_say(throng_connect(&t, 0), heads[i % 2], 24);
    while (throng_n_over(&t) < N)
        throng_good_call(&t);
    assert_non_null(strstr(s.last_error.text, "before WELCOME"));
    assert_true(siege_most() < before + (2u << 20));
    leave(&t, "too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_thousand_silent_connections_shut_nobody_out),
        cmocka_unit_test(one_address_that_floods_is_cut_off_at_the_door),
        cmocka_unit_test(a_thousand_clients_that_come_at_once_all_get_in),
        cmocka_unit_test(bytes_that_drip_hold_no_place_for_long),
        cmocka_unit_test(connections_that_come_and_go_leave_nothing),
        cmocka_unit_test(a_hello_that_is_too_long_is_refused_by_its_header),
    };
    return cmocka_run_group_tests_name("throng", tests, NULL, NULL);
}
