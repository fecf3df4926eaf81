/*
 * A client that reads slowly over real TCP: small calls are answered while a large answer is under
 * way, after no more bytes than the kernel had taken.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe.h"
#include "raw.h"

#define HEADER 16u
#define LARGE 4000000u
#define SOCKET_BUFFER 32768

/* A server on its loop, and a raw client beside it. */
typedef struct bench {
    coax_loop *loop;
    coax_server *server;
    probe probe;
    int fd;
    /* What has been read, frame by frame. */
    uint8_t header[HEADER];
    size_t header_len;
    size_t payload_left;
    size_t n_read;
    uint32_t call;      /* of the frame being read */
    uint32_t answered;  /* the last small call whose answer is there */
    bool large_is_over; /* the last frame of call 1 has begun */
} bench;

static uint32_t packet_id(const char *name)
{
    uint32_t h = 0x811c9dc5u;
    for (; *name != '\0'; name++)
        h = (h ^ (uint8_t)*name) * 0x01000193u;
    return h;
}

static void put_u32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void send_request(bench *b, uint32_t call, const char *method, const void *payload,
                         size_t len)
{
    uint8_t frame[64] = { 1 };
    put_u32(frame + 4, (uint32_t)len);
    put_u32(frame + 8, call);
    put_u32(frame + 12, packet_id(method));
    memcpy(frame + HEADER, payload, len);
    assert_int_equal(send(b->fd, frame, HEADER + len, MSG_NOSIGNAL), (ssize_t)(HEADER + len));
}

static void open_bench(bench *b)
{
    char url[300];
    int size = SOCKET_BUFFER;
    coax_error error = COAX_ERROR_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(b, 0, sizeof *b);
    b->loop = coax_loop_create(NULL);
    coax_err rc = coax_server_create(b->loop, &options, &b->server, &error);
    if (rc == COAX_OK)
        rc = probe_serve(b->server, &b->probe);
    if (rc == COAX_OK)
        rc = coax_server_listen(b->server, "plain+tcp://127.0.0.1:0", &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    (void)coax_server_address(b->server, 0, url, sizeof url);
    b->fd = raw_connect(url);
    assert_int_equal(setsockopt(b->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), 0);
    raw_hello(b->fd);
}

static void close_bench(bench *b)
{
    close(b->fd);
    assert_int_equal(coax_loop_destroy(b->loop), COAX_OK);
}

static void take(bench *b, const uint8_t *data, size_t len)
{
    b->n_read += len;
    while (len > 0) {
        bool in_header = b->header_len < HEADER;
        size_t wanted = in_header ? HEADER - b->header_len : b->payload_left;
        size_t n = wanted < len ? wanted : len;
        if (in_header)
            memcpy(b->header + b->header_len, data, n);
        if (in_header)
            b->header_len += n;
        else
            b->payload_left -= n;
        data += n;
        len -= n;
        if (in_header && b->header_len == HEADER) {
            b->payload_left = get_u32(b->header + 4);
            b->call = get_u32(b->header + 8);
            if (b->call == 1 && (b->header[1] & 1) == 0)
                b->large_is_over = true;
        }
        if (b->header_len == HEADER && b->payload_left == 0) {
            b->header_len = 0;
            if (b->call > 1)
                b->answered = b->call;
        }
    }
}

/* Lets the server run, then reads a little. */
static void read_some(bench *b)
{
    uint8_t bytes[4096];
    assert_int_equal(coax_loop_process(b->loop), COAX_OK);
    ssize_t n = recv(b->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n > 0)
        take(b, bytes, (size_t)n);
}

static void read_until(bench *b, uint32_t call)
{
    while (b->answered != call && !b->large_is_over)
        read_some(b);
}

static void small_calls_are_answered_while_a_large_one_is_under_way(void **state)
{
    (void)state;
    bench b;
    open_bench(&b);
    uint8_t grow[] = { 0x81,        1, 0xce, LARGE >> 24, LARGE >> 16 & 0xff, LARGE >> 8 & 0xff,
                       LARGE & 0xff };
    send_request(&b, 1, "probe.Probe.grow", grow, sizeof grow);
    while (b.n_read < 100000)
        read_some(&b);
    for (uint32_t call = 2; call < 7; call++) {
        size_t before = b.n_read;
        send_request(&b, call, "probe.Probe.add", "\x82\x01\x01\x02\x02", 5);
        read_until(&b, call);
        assert_false(b.large_is_over);
        assert_true(b.n_read - before < LARGE / 8);
    }
    while (!b.large_is_over || b.header_len != 0)
        read_some(&b);
    assert_int_equal(b.probe.n_errors, 0);
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_calls_are_answered_while_a_large_one_is_under_way),
    };
    return cmocka_run_group_tests_name("slow_reader", tests, NULL, NULL);
}
