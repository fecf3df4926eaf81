/*
 * Strangers who make an encrypted server compute: first messages that are valid, the same ones again, garbage, lengths that
 * lie, bytes that drip. The good client calls all the while, and new ones come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "throng.h"

/* What holds on two busy cores with sanitizers on; without them it is a tenth of it. */
#define CALL_MOST_US 500000u
#define COMING_MOST_US 5000000u

/* Preface (XX, ChaChaPoly), the length, and an ephemeral key: any 32 bytes are one. */
#define PREFACE_XX "COAX\x01\x01\x11\x00"
#define PREFACE_IK "COAX\x01\x01\x21\x00"
enum { FIRST_XX = 8 + 2 + 32, FIRST_IK = 8 + 16 + 2 + 96 };

static uint64_t seed = 1;

static void fill(uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        at[i] = (uint8_t)(seed >> 56);
    }
}

static void first_message(uint8_t bytes[FIRST_XX])
{
    memcpy(bytes, PREFACE_XX "\x20\x00", 10);
    fill(bytes + 10, 32);
    bytes[FIRST_XX - 1] &= 0x7f;
}

static void open_sealed(siege *s, const coax_server_options *options, throng *t, uint32_t most)
{
    siege_open_at(s, options, "tcp://127.0.0.1:0");
    throng_open(t, s, most);
    siege_mark();
}

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

/* Everybody says what `say` makes of him, from many addresses, and the good ones go on. */
static void flood(throng *t, uint32_t n, void (*say)(int fd, uint32_t i))
{
    for (uint32_t i = 1; i <= n; i++) {
        int fd = throng_connect(t, 1 + i % 150 * 256);
        say(fd, i);
        if (i % 50 == 0)
            throng_good_call(t);
        if (i % (n / 2) == 0)
            throng_good_comes(t, COMING_MOST_US);
    }
    for (int i = 0; i < 20; i++)
        throng_good_call(t);
}

static void say_first_message(int fd, uint32_t i)
{
    uint8_t bytes[FIRST_XX];
    (void)i;
    first_message(bytes);
    throng_say(fd, bytes, sizeof bytes);
}

static void valid_first_messages_hold_up_nobody_who_is_in(void **state)
{
    (void)state;
    siege s;
    throng t;
    open_sealed(&s, NULL, &t, 1000);
    size_t before = siege_bytes();
    flood(&t, 1000, say_first_message);
    assert_true(siege_most() < before + (8u << 20));
    leave(&t, "valid first messages");
}

static uint8_t recorded[FIRST_XX];

static void say_recorded(int fd, uint32_t i)
{
    (void)i;
    throng_say(fd, recorded, sizeof recorded);
}

static void a_first_message_that_is_played_again_and_again_gains_nothing(void **state)
{
    (void)state;
    siege s;
    throng t;
    first_message(recorded);
    open_sealed(&s, NULL, &t, 500);
    flood(&t, 500, say_recorded);
    assert_int_equal(s.n_connected, 3); /* the good ones */
    leave(&t, "replays");
}

static void say_garbage(int fd, uint32_t i)
{
    uint8_t bytes[200];
    fill(bytes, sizeof bytes);
    if (i % 4 != 0) /* else not even a preface */
        memcpy(bytes, PREFACE_XX, 8);
    if (i % 4 == 2) { /* a length that can't be */
        bytes[8] = 0xff;
        bytes[9] = 0xff;
    }
    if (i % 4 == 3) { /* a key of small order */
        memset(bytes + 8, 0, 34);
        bytes[8] = 32;
    }
    throng_say(fd, bytes, 10 + i % 180);
}

static void garbage_ends_where_it_begins(void **state)
{
    (void)state;
    enum { N = 600 };
    siege s;
    throng t;
    open_sealed(&s, NULL, &t, N);
    size_t before = siege_bytes();
    flood(&t, N, say_garbage);
    assert_true(siege_most() < before + (8u << 20));
    leave(&t, "garbage");
}

static void say_a_long_length(int fd, uint32_t i)
{
    static const char *const lengths[] = { "\xfe\xff", "\x21\x00", "\xff\xff", "\x1f\x00" };
    uint8_t bytes[10];
    memcpy(bytes, PREFACE_XX, 8);
    memcpy(bytes + 8, lengths[i % 4], 2);
    throng_say(fd, bytes, sizeof bytes);
}

static void a_length_that_cannot_be_is_refused_before_anything_behind_it(void **state)
{
    (void)state;
    enum { N = 400 };
    siege s;
    throng t;
    open_sealed(&s, NULL, &t, N);
    flood(&t, N, say_a_long_length);
    while (throng_n_over(&t) < N)
        throng_good_call(&t);
    leave(&t, "lengths");
}

static void a_handshake_that_drips_holds_no_place_for_long(void **state)
{
    (void)state;
    enum { WAVES = 3, EACH = 120 };
    siege s;
    throng t;
    uint8_t bytes[FIRST_XX];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.max_unopened = 64;
    first_message(bytes);
    open_sealed(&s, &options, &t, WAVES * EACH);
    for (int wave = 0; wave < WAVES; wave++) {
        for (uint32_t i = 0; i < EACH; i++)
            (void)throng_connect(&t, 1 + i * 256);
        for (size_t at = 0; at < sizeof bytes - 1; at++) {
            for (uint32_t i = 0; i < t.n; i++)
                throng_say(t.fds[i], bytes + at, 1);
            throng_good_call(&t);
        }
        throng_good_comes(&t, COMING_MOST_US);
    }
    leave(&t, "dripping");
}

static void say_as_if_known(int fd, uint32_t i)
{
    uint8_t bytes[FIRST_IK];
    fill(bytes, sizeof bytes);
    memcpy(bytes, i % 3 == 0 ? PREFACE_XX : PREFACE_IK, 8);
    bytes[8 + 16] = 96;
    bytes[8 + 17] = 0;
    throng_say(fd, bytes, sizeof bytes);
}

/* Whoever does not know the server's key is not answered at all. */
static void a_server_that_needs_to_be_known_says_nothing_to_strangers(void **state)
{
    (void)state;
    enum { N = 400 };
    siege s;
    throng t;
    char id[COAX_ID_SIZE];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    coax_client_options knows = COAX_CLIENT_OPTIONS_INIT;
    coax_key *key = NULL;
    assert_int_equal(coax_key_generate(&key, NULL), COAX_OK);
    coax_key_id(key, id);
    options.key = key;
    options.needs_known_key = true;
    knows.server_id = id;
    siege_open_with(&s, &options, "tcp://127.0.0.1:0", &knows);
    throng_open(&t, &s, N);
    for (uint32_t i = 1; i <= N; i++) {
        say_as_if_known(throng_connect(&t, 1 + i % 50 * 256), i);
        if (i % 20 == 0)
            throng_good_call(&t);
    }
    while (throng_n_over(&t) < N)
        throng_good_call(&t);
    assert_int_equal(t.n_heard, 0);
    leave(&t, "strangers");
    coax_key_free(key);
}

static void a_thousand_encrypted_clients_that_come_at_once_all_get_in(void **state)
{
    (void)state;
    siege s;
    throng t;
    open_sealed(&s, NULL, &t, 1);
    throng_herd(&t);
    leave(&t, "a thousand at once");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_first_messages_hold_up_nobody_who_is_in),
        cmocka_unit_test(a_first_message_that_is_played_again_and_again_gains_nothing),
        cmocka_unit_test(garbage_ends_where_it_begins),
        cmocka_unit_test(a_length_that_cannot_be_is_refused_before_anything_behind_it),
        cmocka_unit_test(a_handshake_that_drips_holds_no_place_for_long),
        cmocka_unit_test(a_server_that_needs_to_be_known_says_nothing_to_strangers),
        cmocka_unit_test(a_thousand_encrypted_clients_that_come_at_once_all_get_in),
    };
    return cmocka_run_group_tests_name("throng_sealed", tests, NULL, NULL);
}
