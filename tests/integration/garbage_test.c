/*
 * Clients that speak nonsense on a raw socket: each is told off by name, through on_error, and
 * nobody else notices.
 */
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe.h"
#include "raw.h"

/* A server and a good client, on one loop, and a raw socket beside them. */
typedef struct bench {
    coax_loop *loop;
    coax_server *server;
    coax_client *good;
    probe probe;
    char url[300];
    uint32_t n_good;
} bench;

static void on_good(void *self, const probe_probe_add_result *result)
{
    assert_int_equal(result->err, COAX_OK);
    ((bench *)self)->n_good++;
}

static void good_call(bench *b)
{
    uint32_t before = b->n_good;
    probe_probe_add_request request = { .a = 1, .b = 2 };
    assert_int_equal(probe_probe_add(b->good, &request, NULL, on_good, b), COAX_OK);
    while (b->n_good == before)
        assert_int_equal(coax_loop_process(b->loop), COAX_OK);
}

static void open_bench(bench *b)
{
    coax_error error = COAX_ERROR_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(b, 0, sizeof *b);
    options.self = &b->probe;
    options.on_connect = probe_on_connect;
    options.on_disconnect = probe_on_disconnect;
    options.on_error = probe_on_error;
    b->loop = coax_loop_create(NULL);
    coax_err rc = coax_server_create(b->loop, &options, &b->server, &error);
    if (rc == COAX_OK)
        rc = probe_serve(b->server, &b->probe);
    if (rc == COAX_OK)
        rc = coax_server_listen(b->server, "plain+tcp://127.0.0.1:0", &error);
    (void)coax_server_address(b->server, 0, b->url, sizeof b->url);
    if (rc == COAX_OK)
        rc = coax_client_create(b->loop, b->url, NULL, &b->good, &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
    good_call(b);
}

static void close_bench(bench *b)
{
    good_call(b);
    assert_int_equal(coax_server_n_peers(b->server), 1);
    assert_int_equal(coax_loop_destroy(b->loop), COAX_OK);
}

/* Reads until the server has closed; the last words it sent are left in `heard`. */
static size_t hear_out(bench *b, int fd, uint8_t *heard, size_t size)
{
    size_t len = 0;
    for (;;) {
        assert_int_equal(coax_loop_process(b->loop), COAX_OK);
        ssize_t n = recv(fd, heard + len, size - len, MSG_DONTWAIT);
        if (n == 0)
            return len;
        if (n > 0)
            len += (size_t)n;
    }
}

static bool holds(const uint8_t *data, size_t len, const char *words)
{
    size_t n = strlen(words);
    for (size_t i = 0; i + n <= len; i++)
        if (memcmp(data + i, words, n) == 0)
            return true;
    return false;
}

/* What is sent, and what the server must say of it: to its own program, and to the peer where it
 * can be told. */
typedef struct nonsense {
    const char *what;
    const char *bytes;
    size_t len;
    bool behind_hello; /* sent on a connection that has been opened properly */
    bool is_stranger;  /* does not speak coax: there is no use in telling it */
    const char *words;
    const char *told; /* what the peer hears; NULL: the same */
} nonsense;

#define BYTES(text) text, sizeof(text) - 1

/* type flags aux(2) length(4) call(4) method(4) */
static const nonsense all_nonsense[] = {
    { "an HTTP request", BYTES("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), false, true, "HTTP", NULL },
    { "a TLS hello", BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), false, true, "TLS",
      NULL },
    { "another magic", BYTES("COAL\x01\x00\x00\x00"), false, true, "does not speak coax", NULL },
    { "a later version", BYTES("COAX\x02\x00\x00\x00"), false, false, "version", NULL },
    { "encryption", BYTES("COAX\x01\x01\x11\x00"), false, false, "encryption",
      "are not encrypted" },
    { "an impossible security", BYTES("COAX\x01\x07\x00\x00"), false, false, "preface", NULL },
    { "a request before HELLO",
      BYTES("COAX\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x05\x00\x00\x00"),
      false, false, "HELLO", NULL },
    { "zeros",
      BYTES("COAX\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
      false, false, "", NULL },
    { "a length over the limit",
      BYTES("\x01\x00\x00\x00\xff\xff\xff\x7f\x01\x00\x00\x00\x05\x00\x00\x00"), true, false,
      "max_frame", NULL },
    { "an unknown type", BYTES("\x7e\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"),
      true, false, "type", NULL },
    { "unknown flags", BYTES("\x01\xf0\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x05\x00\x00\x00"),
      true, false, "flag", NULL },
    { "HELLO again", BYTES("\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
      true, false, "", NULL },
};

static void check_nonsense(const nonsense *n)
{
    static uint8_t heard[70000];
    bench b;
    open_bench(&b);
    int fd = raw_connect(b.url);
    if (n->behind_hello) {
        raw_hello(fd);
        while (b.probe.n_connected < 2)
            assert_int_equal(coax_loop_process(b.loop), COAX_OK);
    }
    uint32_t before = b.probe.n_errors;
    assert_int_equal(send(fd, n->bytes, n->len, MSG_NOSIGNAL), (ssize_t)n->len);
    size_t len = hear_out(&b, fd, heard, sizeof heard);
    close(fd);
    if (b.probe.n_errors != before + 1)
        fail_msg("%s: %u errors were told", n->what, (unsigned)(b.probe.n_errors - before));
    if (strstr(b.probe.last_error.text, n->words) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", n->what, b.probe.last_error.text, n->words);
    const char *said = b.probe.last_error.text;
    if (!n->is_stranger && !holds(heard, len, n->told != NULL ? n->told : said))
        fail_msg("%s: the peer was not told \"%s\"", n->what, said);
    close_bench(&b);
}

static void every_kind_of_nonsense_is_named_and_harms_its_own_connection_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_nonsense / sizeof all_nonsense[0]; i++)
        check_nonsense(&all_nonsense[i]);
}

static void random_bytes_never_harm_anybody_else(void **state)
{
    (void)state;
    static uint8_t heard[300000];
    uint64_t seed = 20240805;
    bench b;
    open_bench(&b);
    for (int round = 0; round < 60; round++) {
        uint8_t bytes[512];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            bytes[i] = (uint8_t)(seed >> 56);
        }
        int fd = raw_connect(b.url);
        if (round % 2 == 0)
            memcpy(bytes, "COAX\x01\0\0\0", 8);
        else if (round % 3 == 0)
            raw_hello(fd);
        assert_int_equal(send(fd, bytes, sizeof bytes, MSG_NOSIGNAL), sizeof bytes);
        (void)shutdown(fd, SHUT_WR);
        (void)hear_out(&b, fd, heard, sizeof heard);
        close(fd);
    }
    close_bench(&b);
}

static void a_garbage_payload_fails_its_call_and_not_the_connection(void **state)
{
    (void)state;
    static uint8_t heard[70000];
    bench b;
    open_bench(&b);
    int fd = raw_connect(b.url);
    raw_hello(fd);
    while (b.probe.n_connected < 2)
        assert_int_equal(coax_loop_process(b.loop), COAX_OK);
    uint8_t frame[16 + 5] = { 0x01, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0 };
    uint32_t method = PROBE_PACKET_PROBE_ADD;
    for (int i = 0; i < 4; i++)
        frame[12 + i] = (uint8_t)(method >> (8 * i));
    memcpy(frame + 16, "\xc1\xff\xc1\xff\xc1", 5);
    assert_int_equal(send(fd, frame, sizeof frame, MSG_NOSIGNAL), sizeof frame);
    while (b.probe.n_errors == 0)
        assert_int_equal(coax_loop_process(b.loop), COAX_OK);
    assert_int_equal(coax_server_n_peers(b.server), 2);
    /* The connection goes on: the same call, well formed. */
    memcpy(frame + 16, "\x82\x01\x02\x02\x03", 5);
    frame[8] = 2;
    assert_int_equal(send(fd, frame, sizeof frame, MSG_NOSIGNAL), sizeof frame);
    while (b.probe.n_handled < 2)
        assert_int_equal(coax_loop_process(b.loop), COAX_OK);
    (void)shutdown(fd, SHUT_WR);
    (void)hear_out(&b, fd, heard, sizeof heard);
    close(fd);
    close_bench(&b);
}

static void silent_connections_past_max_unopened_drop_the_oldest(void **state)
{
    (void)state;
    probe p;
    char url[300];
    uint8_t heard[1000];
    coax_server *server = NULL;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(&p, 0, sizeof p);
    options.self = &p;
    options.on_error = probe_on_error;
    options.max_unopened = 3;
    bench b;
    memset(&b, 0, sizeof b);
    b.loop = coax_loop_create(NULL);
    assert_int_equal(coax_server_create(b.loop, &options, &server, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(server, "plain+tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(server, 0, url, sizeof url);
    int fds[4];
    for (int i = 0; i < 4; i++) {
        fds[i] = raw_connect(url);
        for (int turn = 0; turn < 5; turn++)
            assert_int_equal(coax_loop_process(b.loop), COAX_OK);
    }
    size_t len = hear_out(&b, fds[0], heard, sizeof heard);
    assert_true(holds(heard, len, "max_unopened"));
    for (int i = 1; i < 4; i++)
        assert_int_equal(recv(fds[i], heard, sizeof heard, MSG_DONTWAIT), -1);
    assert_int_equal(coax_loop_destroy(b.loop), COAX_OK);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
}

/* Memory the server's loop holds. */
static size_t counted_bytes;

static void *count_resize(void *self, void *old, size_t size)
{
    size_t *block = old != NULL ? (size_t *)old - 2 : NULL;
    size_t was = block != NULL ? block[0] : 0;
    (void)self;
    size_t *grown = realloc(block, size + 2 * sizeof *grown);
    if (grown == NULL)
        return NULL;
    grown[0] = size;
    counted_bytes += size - was;
    return grown + 2;
}

static void count_release(void *self, void *memory)
{
    (void)self;
    if (memory == NULL)
        return;
    counted_bytes -= ((size_t *)memory - 2)[0];
    free((size_t *)memory - 2);
}

static void a_client_that_never_reads_is_not_read_from_for_ever(void **state)
{
    (void)state;
    static const coax_allocator counting = { NULL, count_resize, count_release };
    probe p;
    char url[300];
    coax_server *server = NULL;
    coax_loop_options loop_options = COAX_LOOP_OPTIONS_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(&p, 0, sizeof p);
    options.limits.max_send_queue = 4 * 1024 * 1024;
    options.self = &p;
    options.on_disconnect = probe_on_disconnect;
    loop_options.allocator = &counting;
    coax_loop *loop = coax_loop_create(&loop_options);
    assert_int_equal(coax_server_create(loop, &options, &server, NULL), COAX_OK);
    assert_int_equal(probe_serve(server, &p), COAX_OK);
    assert_int_equal(coax_server_listen(server, "plain+tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(server, 0, url, sizeof url);
    int fd = raw_connect(url);
    raw_hello(fd);
    uint8_t frame[16 + 5] = { 0x01, 0, 0, 0, 5, 0, 0, 0 };
    uint32_t method = PROBE_PACKET_PROBE_GROW;
    for (int i = 0; i < 4; i++)
        frame[12 + i] = (uint8_t)(method >> (8 * i));
    memcpy(frame + 16, "\x81\x01\xcd\x0f\xa0", 5); /* {1: 4000} */
    /* Requests of 21 bytes for replies of 4,000, until the server stops reading them. */
    uint32_t sent = 0;
    int idle = 0;
    while (idle < 200) {
        frame[8] = (uint8_t)(sent + 1);
        frame[9] = (uint8_t)((sent + 1) >> 8);
        frame[10] = (uint8_t)((sent + 1) >> 16);
        ssize_t n = send(fd, frame, 21, MSG_NOSIGNAL | MSG_DONTWAIT);
        sent += n == 21 ? 1 : 0;
        idle = n == 21 ? 0 : idle + 1;
        if (n > 0 && n < 21)
            break; /* the socket is full in the middle of a frame */
        if (sent % 64 == 0 || n < 0)
            assert_int_equal(coax_loop_process(loop), COAX_OK);
        assert_true(counted_bytes < 8u * 1024u * 1024u);
    }
    assert_true(sent > 1000);
    if (coax_server_n_peers(server) != 1)
        fail_msg("%s", p.last_reason.text);
    close(fd);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    assert_int_equal(counted_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_nonsense_is_named_and_harms_its_own_connection_only),
        cmocka_unit_test(random_bytes_never_harm_anybody_else),
        cmocka_unit_test(a_garbage_payload_fails_its_call_and_not_the_connection),
        cmocka_unit_test(silent_connections_past_max_unopened_drop_the_oldest),
        cmocka_unit_test(a_client_that_never_reads_is_not_read_from_for_ever),
    };
    return cmocka_run_group_tests_name("garbage", tests, NULL, NULL);
}
