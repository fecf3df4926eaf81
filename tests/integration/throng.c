/*
 * Sockets by the thousand, none of which may block the one thread that all of it runs on.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "throng.h"

/* The server's own side of what is open at once, lingering ones included, and some more. */
#define KEPT_BACK 1500u

uint32_t throng_most(uint32_t n)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    uint32_t most = limit.rlim_cur > 2 * KEPT_BACK ? (uint32_t)(limit.rlim_cur - KEPT_BACK)
                                                   : (uint32_t)limit.rlim_cur / 2;
    if (most >= n)
        return n;
    print_message("%u instead of %u: there are %llu descriptors\n", most, n,
                  (unsigned long long)limit.rlim_cur);
    return most;
}

uint64_t throng_now_us(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

void throng_open(throng *t, siege *s, uint32_t most)
{
    memset(t, 0, sizeof *t);
    t->siege = s;
    t->fds = calloc(most, sizeof *t->fds);
    assert_non_null(t->fds);
}

void throng_close(throng *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->fds[i] >= 0)
            close(t->fds[i]);
    }
    free(t->fds);
}

static int open_socket(uint32_t from)
{
    struct sockaddr_in own;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    memset(&own, 0, sizeof own);
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + from);
    if (from != 0)
        assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    return fd;
}

int throng_connect(throng *t, uint32_t from)
{
    struct sockaddr_in server;
    int fd = open_socket(from);
    memset(&server, 0, sizeof server);
    server.sin_family = AF_INET;
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.sin_port = htons((uint16_t)strtoul(strrchr(t->siege->url, ':') + 1, NULL, 10));
    if (connect(fd, (struct sockaddr *)&server, sizeof server) != 0)
        assert_int_equal(errno, EINPROGRESS);
    t->fds[t->n++] = fd;
    return fd;
}

void throng_say(int fd, const void *bytes, size_t len)
{
    (void)!send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool throng_hear(throng *t, int fd)
{
    uint8_t bytes[4096];
    ssize_t n;
    do {
        n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        t->n_heard += n > 0 ? (size_t)n : 0;
    } while (n > 0);
    return n < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOTCONN);
}

uint32_t throng_n_over(throng *t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->fds[i] >= 0 && !throng_hear(t, t->fds[i])) {
            close(t->fds[i]);
            t->fds[i] = -1;
        }
        n += t->fds[i] < 0;
    }
    return n;
}

void throng_good_call(throng *t)
{
    uint64_t begun = throng_now_us();
    siege_good_call(t->siege);
    uint64_t took = throng_now_us() - begun;
    t->slowest_call_us = took > t->slowest_call_us ? took : t->slowest_call_us;
}

static void on_answer(void *self, const siege_wall_add_result *result)
{
    bool *is_done = self;
    if (result->err != COAX_OK)
        fail_msg("a good client: %s", result->status.message);
    *is_done = true;
}

void throng_good_comes(throng *t, uint64_t most_us)
{
    const siege_wall_add_request request = { .a = 1, .b = 2 };
    coax_client *client;
    bool is_done = false;
    coax_error error = COAX_ERROR_INIT;
    uint64_t begun = throng_now_us();
    coax_err rc = coax_client_create(t->siege->loop, t->siege->url, NULL, &client, &error);
    if (rc == COAX_OK)
        rc = siege_wall_add(client, &request, NULL, on_answer, &is_done);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    while (!is_done)
        throng_good_call(t);
    uint64_t took = throng_now_us() - begun;
    t->slowest_coming_us = took > t->slowest_coming_us ? took : t->slowest_coming_us;
    if (took > most_us)
        fail_msg("a good client had to wait %llu ms, at most %llu are allowed",
                 (unsigned long long)took / 1000, (unsigned long long)most_us / 1000);
    t->n_came++;
    coax_client_close(client);
}

static void on_herd_state(void *self, coax_client *client, coax_client_state state,
                          const coax_error *reason)
{
    throng *t = self;
    (void)client;
    t->n_in += state == COAX_CLIENT_OPEN;
    if (state == COAX_CLIENT_CLOSED && reason->code != COAX_ERR_CANCELLED) {
        print_message("%s\n", reason->text);
        t->n_out++;
    }
}

void throng_herd(throng *t)
{
    enum { N = 999 }; /* and the good one */
    static coax_client *clients[N];
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_error error;
    options.self = t;
    options.on_state = on_herd_state;
    (void)throng_most(N);
    uint64_t begun = throng_now_us();
    for (int i = 0; i < N; i++)
        assert_int_equal(
            coax_client_create(t->siege->loop, t->siege->url, &options, &clients[i], &error),
            COAX_OK);
    while (t->n_in + t->n_out < N)
        throng_good_call(t);
    print_message("a thousand: %llu ms\n", (unsigned long long)(throng_now_us() - begun) / 1000);
    assert_int_equal(t->n_out, 0);
    for (int i = 0; i < N; i++)
        coax_client_close(clients[i]);
}
