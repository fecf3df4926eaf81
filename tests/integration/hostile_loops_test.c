/*
 * A server with many loops, and more connections than it takes: silent ones, half-open ones, whole ones. Those who speak
 * find a place, and when the flood is over all of it is free again.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "hall.h"
#include "raw.h"

enum { LOOPS = 4, AT_ONCE = 100, WAVES = 10 };

static uint32_t add(coax_client *client)
{
    const crowd_crowd_add_request request = { .a = 1, .b = 2 };
    crowd_crowd_add_result result;
    assert_int_equal(crowd_crowd_add_wait(client, &request, NULL, &result), COAX_OK);
    uint32_t sum = result.reply->sum;
    crowd_crowd_add_result_free(&result);
    return sum;
}

/* Says nothing, a part of something, or all that opens a connection. */
static void say(int fd, int how)
{
    if (how == 1)
        (void)!send(fd, "COAX\1\0", 6, MSG_NOSIGNAL);
    else if (how == 2)
        (void)!send(fd, "COAX\1\0\0\0\x10\0\0\0\xff\x0f\0\0", 16, MSG_NOSIGNAL);
    else if (how == 3)
        (void)!send(fd, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL);
}

static void silent_connections_leave_room_for_those_who_speak(void **state)
{
    (void)state;
    hall h;
    int fds[AT_ONCE];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.max_connections = 400;
    options.max_unopened = 20;
    options.accepts_per_s = COAX_NEVER_MS; /* more than a thousand come from here */
    hall_make(&h, LOOPS, &options);
    hall_open(&h, "plain+tcp://127.0.0.1:0");
    coax_client *good = hall_dial(&h);
    for (int wave = 0; wave < WAVES; wave++) {
        for (int i = 0; i < AT_ONCE; i++) {
            fds[i] = raw_connect(h.url);
            say(fds[i], i % 4);
        }
        assert_int_equal(add(good), 3);
        coax_client *late = hall_dial(&h); /* beside a hundred that don't speak */
        assert_int_equal(add(late), 3);
        coax_client_close(late);
        for (int i = 0; i < AT_ONCE; i++)
            close(fds[i]);
    }
    assert_int_equal(add(good), 3);
    coax_client_close(good);
    hall_close(&h);
    assert_int_equal(atomic_load(&h.n_connects), WAVES + 1);
}

/* Reads until the other side closes. */
static void hear_out(int fd)
{
    uint8_t bytes[4096];
    while (recv(fd, bytes, sizeof bytes, 0) > 0)
        continue;
}

static void connections_past_the_most_are_refused_and_their_places_are_free_afterwards(void **state)
{
    (void)state;
    hall h;
    int fds[AT_ONCE];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.max_connections = 30;
    hall_make(&h, LOOPS, &options);
    hall_open(&h, "plain+tcp://127.0.0.1:0");
    for (unsigned wave = 0; wave < WAVES; wave++) {
        unsigned before = atomic_load(&h.n_connects);
        for (int i = 0; i < AT_ONCE; i++) {
            fds[i] = raw_connect(h.url);
            raw_hello(fds[i]);
        }
        for (int i = 0; i < AT_ONCE; i++) {
            (void)shutdown(fds[i], SHUT_WR);
            hear_out(fds[i]);
            close(fds[i]);
        }
        assert_in_range(atomic_load(&h.n_connects) - before, 1, AT_ONCE);
    }
    coax_client *good = hall_dial(&h);
    assert_int_equal(add(good), 3);
    assert_int_equal(coax_server_n_peers(h.server), 1);
    coax_client_close(good);
    hall_close(&h);
    assert_int_equal(atomic_load(&h.n_connects), atomic_load(&h.n_disconnects));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silent_connections_leave_room_for_those_who_speak),
        cmocka_unit_test(
            connections_past_the_most_are_refused_and_their_places_are_free_afterwards),
    };
    return cmocka_run_group_tests_name("hostile_loops", tests, NULL, NULL);
}
