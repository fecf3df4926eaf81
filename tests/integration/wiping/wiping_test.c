/*
 * What has passed through a server and a client is gone from memory when both have closed: the process looks for it in
 * all it can write.
 *
 * Each way that messages take, twice: on connections that are not encrypted, where only @sensitive fields ask for it, and
 * on encrypted ones, whose keys are looked for as well. Read next: credentials_test.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/wipe.h"
#include "safe.h"
#include "wire/frame.h"

enum { LARGE = 1 << 20, SMALL = 100 };

static bool is_encrypted;

typedef struct visit {
    safe safe;
    coax_client *client;
} visit;

/* `options` NULL: none. `loops` 0: one, and nothing sensitive is served. */
static void open_visit_with(visit *v, coax_server_options *options, uint32_t loops)
{
    coax_error error = COAX_ERROR_INIT;
    coax_server_options server = COAX_SERVER_OPTIONS_INIT;
    coax_client_options client = COAX_CLIENT_OPTIONS_INIT;
    char id[COAX_ID_SIZE];
    coax_key *server_key = NULL, *client_key = NULL;
    assert_true(trace_begin());
    if (options != NULL)
        server = *options;
    if (is_encrypted) {
        server.key = server_key = safe_key(SAFE_SERVER_KEY);
        client.key = client_key = safe_key(SAFE_CLIENT_KEY);
        coax_key_id(server_key, id);
        client.server_id = id;
    }
    const char *url = is_encrypted ? "tcp://127.0.0.1:0" : "plain+tcp://127.0.0.1:0";
    if (loops > 0)
        safe_open(&v->safe, url, &server, loops);
    else
        safe_open_bare(&v->safe, url, &server);
    if (coax_dial(v->safe.url, &client, &v->client, &error) != COAX_OK)
        fail_msg("%s", error.text);
    coax_key_free(server_key);
    coax_key_free(client_key);
}

static void open_visit(visit *v, uint32_t loops)
{
    open_visit_with(v, NULL, loops);
}

static void close_visit(visit *v, const char *what)
{
    coax_client_close(v->client);
    safe_close(&v->safe);
    assert_int_equal(atomic_load(&v->safe.n_wrong), 0);
    assert_int_equal(trace_report(what), 0);
}

/* One call whose answer is looked at. @return how it ended. */
static coax_err keep(coax_client *client, uint32_t number, size_t len,
                     const coax_call_options *options)
{
    safe_box b;
    secrets_safe_keep_result result;
    safe_fill(&b, number, len);
    const secrets_safe_keep_request request = { b.box };
    coax_err err = secrets_safe_keep_wait(client, &request, options, &result);
    safe_empty(&b);
    if (err == COAX_OK)
        assert_true(safe_is(&result.reply->box, number + SAFE_ANSWER, len));
    secrets_safe_keep_result_free(&result);
    return err;
}

/* A call without secrets, answered behind all that came before it. */
static void add(coax_client *client)
{
    secrets_open_add_result result;
    const secrets_open_add_request request = { 1, 2 };
    assert_int_equal(secrets_open_add_wait(client, &request, NULL, &result), COAX_OK);
    secrets_open_add_result_free(&result);
}

static void the_search_finds_what_was_left(void **state)
{
    (void)state;
    assert_true(trace_begin());
    const uint8_t key[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    trace_finds finds;
    uint8_t *left = malloc(1000);
    assert_non_null(left);
    trace_hide(key, 8, 7);
    trace_put(left, 1000, 0x1234);
    left[0] = 0; /* pieces are enough */
    trace_find(&finds);
    assert_true(finds.n >= 61 && finds.n_shown > 0);
    assert_int_equal(finds.shown[0].number, 0x1234);
    assert_true(trace_is(left + 16, 900, 0x1234));
    cx_wipe(left, 1000);
    memcpy(left + 3, key, 8);
    trace_find(&finds);
    assert_true(finds.n > 0 &&
                finds.shown[0].number == 7); /* also the constant, where it was copied from */
    cx_wipe(left, 1000);
    free(left);
}

static void calls_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, 1);
    for (uint32_t i = 1; i < 20; i++)
        assert_int_equal(keep(v.client, i, SMALL, NULL), COAX_OK);
    assert_int_equal(keep(v.client, 30, 20000, NULL), COAX_OK);
    assert_int_equal(keep(v.client, 31, LARGE, NULL), COAX_OK);
    close_visit(&v, "calls");
}

static void typed_errors_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, 1);
    assert_int_equal(keep(v.client, SAFE_THROWS, SMALL, NULL), COAX_ERR_FAILED_PRECONDITION);
    assert_int_equal(keep(v.client, SAFE_THROWS + 1, LARGE, NULL), COAX_ERR_FAILED_PRECONDITION);
    close_visit(&v, "errors");
}

static void calls_that_nobody_answers_leave_nothing(void **state)
{
    (void)state;
    visit v;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    open_visit(&v, 1);
    options.timeout_ms = 50;
    assert_int_equal(keep(v.client, SAFE_NEVER, SMALL, &options), COAX_ERR_DEADLINE_EXCEEDED);
    assert_int_equal(keep(v.client, SAFE_NEVER + 1, LARGE, &options), COAX_ERR_DEADLINE_EXCEEDED);
    close_visit(&v, "unanswered calls");
}

static void ignore(void *self, const secrets_safe_keep_result *result)
{
    (void)self;
    (void)result;
}

static void calls_under_way_when_the_client_closes_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, 1);
    for (uint32_t i = 0; i < 3; i++) { /* more than the socket takes at once */
        safe_box b;
        safe_fill(&b, 0x40 + i, 2 * LARGE);
        const secrets_safe_keep_request request = { b.box };
        assert_int_equal(secrets_safe_keep(v.client, &request, NULL, ignore, NULL), COAX_OK);
        safe_empty(&b);
    }
    add(v.client); /* runs the loop until part of them has left */
    close_visit(&v, "half sent");
}

static void one_way_messages_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, 1);
    for (uint32_t i = 0; i < 4; i++) {
        safe_box b;
        safe_fill(&b, 0x50 + i, i < 2 ? SMALL : LARGE);
        const secrets_safe_drop_request request = { b.box };
        assert_int_equal(secrets_safe_drop(v.client, &request, NULL), COAX_OK);
        safe_empty(&b);
    }
    while (atomic_load(&v.safe.n_dropped) < 4)
        add(v.client);
    close_visit(&v, "one-way messages");
}

static void pour(coax_client *client, uint32_t n, uint32_t len, uint32_t reads)
{
    coax_stream *stream = NULL;
    const secrets_box *item;
    secrets_safe_pour_result result;
    const secrets_safe_pour_request request = { n, len };
    uint32_t got = 0;
    assert_int_equal(secrets_safe_pour_open(client, &request, NULL, &stream), COAX_OK);
    while (got < reads && secrets_safe_pour_next(stream, &item)) {
        assert_true(safe_is(item, got + SAFE_ANSWER, len));
        got++;
    }
    (void)secrets_safe_pour_finish(stream, &result);
    secrets_safe_pour_result_free(&result);
}

static void items_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, 1);
    pour(v.client, 100, SMALL, UINT32_MAX);
    pour(v.client, 3, LARGE, UINT32_MAX);
    pour(v.client, 100, SMALL, 1); /* the others wait, and are dropped */
    pour(v.client, 3, LARGE, 1);
    pour(v.client, 100, SMALL, 0);
    close_visit(&v, "items");
}

static void items_of_the_caller_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, 1);
    coax_stream *stream = NULL;
    secrets_safe_fill_result result;
    const secrets_safe_fill_request request = { 0 };
    assert_int_equal(secrets_safe_fill_open(v.client, &request, NULL, &stream), COAX_OK);
    for (uint32_t i = 0; i < 60; i++) {
        safe_box b;
        safe_fill(&b, 0x100 + i, i % 20 == 19 ? 100000 : SMALL);
        assert_int_equal(secrets_safe_fill_put(stream, &b.box), COAX_OK);
        safe_empty(&b);
    }
    assert_int_equal(secrets_safe_fill_finish(stream, &result), COAX_OK);
    assert_true(trace_is(result.reply->word.data, result.reply->word.len, SAFE_ANSWER));
    secrets_safe_fill_result_free(&result);
    close_visit(&v, "the caller's items");
}

static void workers_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, 1);
    for (uint32_t i = 0; i < 6; i++) {
        safe_box b;
        secrets_safe_work_result result;
        const size_t len = i % 2 == 0 ? SMALL : LARGE;
        safe_fill(&b, 0x200 + i, len);
        const secrets_safe_work_request request = { b.box };
        assert_int_equal(secrets_safe_work_wait(v.client, &request, NULL, &result), COAX_OK);
        safe_empty(&b);
        assert_true(safe_is(&result.reply->box, 0x200 + i + SAFE_ANSWER, len));
        secrets_safe_work_result_free(&result);
    }
    close_visit(&v, "workers");
}

static void put_into_mill(coax_stream *stream, uint32_t number, size_t len)
{
    safe_box b;
    safe_fill(&b, number, len);
    assert_int_equal(secrets_safe_mill_put(stream, &b.box), COAX_OK);
    safe_empty(&b);
}

static void items_of_workers_leave_nothing(void **state)
{
    (void)state;
    visit v;
    open_visit(&v, 1);
    for (uint32_t round = 0; round < 2; round++) { /* read to the end, and left in the middle */
        coax_stream *stream = NULL;
        secrets_safe_mill_result result;
        const secrets_box *item;
        const secrets_safe_mill_request request = { 0 };
        assert_int_equal(secrets_safe_mill_open(v.client, &request, NULL, &stream), COAX_OK);
        for (uint32_t i = 0; i < 30; i++)
            put_into_mill(stream, 0x300 + i, i % 10 == 9 ? 60000 : SMALL);
        for (uint32_t i = 0; i < (round == 0 ? 30u : 3u); i++) {
            assert_true(secrets_safe_mill_next(stream, &item));
            assert_true(safe_is(item, 0x300 + i, i % 10 == 9 ? 60000 : SMALL));
        }
        if (round == 0)
            assert_int_equal(coax_stream_end(stream), COAX_OK);
        (void)secrets_safe_mill_finish(stream, &result);
        secrets_safe_mill_result_free(&result);
    }
    close_visit(&v, "items of workers");
}

static void count_event(void *self, coax_peer peer, const secrets_box *event)
{
    (void)peer;
    uint32_t *n = self;
    *n += safe_is(event, event->number, event->blob.len);
}

static void tell(coax_client *client, uint32_t number, uint32_t len)
{
    secrets_safe_tell_result result;
    const secrets_safe_tell_request request = { number, len };
    assert_int_equal(secrets_safe_tell_wait(client, &request, NULL, &result), COAX_OK);
    secrets_safe_tell_result_free(&result);
}

static void see_events(uint32_t loops)
{
    visit v;
    uint32_t n = 0;
    open_visit(&v, loops);
    assert_int_equal(secrets_safe_told_subscribe_wait(v.client, count_event, &n, NULL, NULL),
                     COAX_OK);
    tell(v.client, 0x400, SMALL);
    tell(v.client, 0x401, LARGE);
    tell(v.client, 0x402, 20000);
    while (n < 3)
        tell(v.client, 0x403, SMALL);
    tell(v.client, 0x404, LARGE); /* may be on its way when the client closes */
    close_visit(&v, "events");
}

static void events_leave_nothing(void **state)
{
    (void)state;
    see_events(1);
}

static void events_on_several_loops_leave_nothing(void **state)
{
    (void)state;
    see_events(3);
}

static void refused_values_leave_nothing_and_are_not_repeated(void **state)
{
    (void)state;
    visit v;
    char pin[64];
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    secrets_safe_enter_result result;
    open_visit(&v, 1);
    options.error = &error;
    trace_put(pin, sizeof pin, 0x500);
    const secrets_safe_enter_request request = { { pin, sizeof pin }, 5 };
    coax_err err = secrets_safe_enter_wait(v.client, &request, &options, &result);
    cx_wipe(pin, sizeof pin);
    assert_int_equal(err, COAX_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(result.status.message, "pin"));
    secrets_safe_enter_result_free(&result);
    close_visit(&v, "refused values");
}

static void kept_results_leave_nothing_once_they_are_freed(void **state)
{
    (void)state;
    visit v;
    secrets_safe_keep_result results[4];
    trace_finds finds;
    open_visit(&v, 1);
    for (uint32_t i = 0; i < 4; i++) {
        safe_box b;
        safe_fill(&b, 0x600 + i, i < 2 ? SMALL : LARGE);
        const secrets_safe_keep_request request = { b.box };
        assert_int_equal(secrets_safe_keep_wait(v.client, &request, NULL, &results[i]), COAX_OK);
        safe_empty(&b);
    }
    coax_client_close(v.client); /* results outlive it, and the pool they come from */
    safe_close(&v.safe);
    trace_find(&finds);
    assert_true(finds.n > 0);
    for (uint32_t i = 0; i < 4; i++)
        secrets_safe_keep_result_free(&results[i]);
    assert_int_equal(trace_report("kept results"), 0);
}

static void calls_that_wait_for_a_connection_leave_nothing(void **state)
{
    (void)state;
    coax_client *client = NULL;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_call_options call = COAX_CALL_OPTIONS_INIT;
    coax_loop *loop = coax_loop_create(NULL);
    coax_error error = COAX_ERROR_INIT;
    assert_true(trace_begin());
    options.reconnects = true;
    call.waits_for_ready = true;
    if (coax_client_create(loop, "plain+unix:///nonexistent/coax", &options, &client, &error) !=
        COAX_OK)
        fail_msg("%s", error.text);
    for (uint32_t i = 0; i < 4; i++) {
        safe_box b;
        safe_fill(&b, 0x700 + i, i < 2 ? SMALL : LARGE);
        const secrets_safe_keep_request request = { b.box };
        assert_int_equal(secrets_safe_keep(client, &request, &call, ignore, NULL), COAX_OK);
        safe_empty(&b);
    }
    for (int i = 0; i < 20; i++)
        (void)coax_loop_process(loop);
    coax_client_close(client);
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    assert_int_equal(trace_report("waiting calls"), 0);
}

static void count_reply(void *self, const secrets_safe_keep_result *result)
{
    *(uint32_t *)self += result->err == COAX_OK;
}

static void streams_within_the_process_leave_nothing(void **state)
{
    (void)state;
    safe s;
    coax_client *client = NULL;
    uint32_t n = 0;
    assert_true(trace_begin());
    safe_make(&s, "inproc://safe", NULL, 1);
    assert_int_equal(coax_client_create(s.loop, s.url, NULL, &client, NULL), COAX_OK);
    for (uint32_t i = 0; i < 8; i++) { /* the last are under way when all is closed */
        safe_box b;
        safe_fill(&b, 0x800 + i, i % 2 == 0 ? SMALL : LARGE / 2);
        const secrets_safe_keep_request request = { b.box };
        assert_int_equal(secrets_safe_keep(client, &request, NULL, count_reply, &n), COAX_OK);
        safe_empty(&b);
    }
    while (n < 4)
        (void)coax_loop_process(s.loop);
    coax_client_close(client);
    safe_close(&s);
    assert_int_equal(atomic_load(&s.n_wrong), 0);
    assert_int_equal(trace_report("inproc"), 0);
}

/* A client by hand: its first bytes, then requests that are whole or not. */
static int connect_by_hand(const char *url)
{
    static const uint8_t hello[] =
        "COAX\x01\0\0\0\x10\0\0\0\x1d\0\0\0\0\0\0\0\0\0\0\0\x83\x01\xa0\x02\0\x03"
        "\x85\x01\xcd\x80\0\x02\xce\0\x40\0\0\x03\xcd\x04\0\x04\xce\0\x04\0\0\x05";
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    address.sin_port = htons((uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(fd, hello, sizeof hello, MSG_NOSIGNAL), sizeof hello);
    return fd;
}

/* Sends `sent` bytes of a frame of a request. `room` is wiped. */
static void send_frame(int fd, uint8_t *room, size_t room_len, uint32_t call, uint8_t flags,
                       size_t sent)
{
    safe_box b;
    coax_writer out;
    size_t len = 0;
    safe_fill(&b, call, room_len - 1000);
    const secrets_safe_keep_request request = { b.box };
    coax_writer_init(&out, room + CX_FRAME_HEADER, room_len - CX_FRAME_HEADER);
    secrets_safe_keep_request_encode(&out, &request);
    assert_int_equal(coax_writer_finish(&out, &len), COAX_OK);
    safe_empty(&b);
    const cx_frame frame = { .type = CX_FRAME_REQUEST,
                             .flags = flags,
                             .length = (uint32_t)len,
                             .call = call,
                             .method = SECRETS_PACKET_SAFE_KEEP };
    cx_frame_encode(&frame, room);
    if (sent > CX_FRAME_HEADER + len)
        sent = CX_FRAME_HEADER + len;
    for (size_t at = 0; at < sent;) {
        const ssize_t n = send(fd, room + at, sent - at, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n <= 0)
            break; /* the server has stopped reading */
        at += (size_t)n;
    }
    cx_wipe(room, room_len);
}

static void half_a_request_leaves_nothing(void **state)
{
    (void)state;
    visit v;
    uint8_t room[20000];
    open_visit(&v, 1);
    const size_t halves[] = { 100, 9000, sizeof room };
    for (size_t i = 0; i < 3; i++) { /* a header and a little, a half, and a first frame of two */
        int fd = connect_by_hand(v.safe.url);
        send_frame(fd, room, sizeof room, 0x900 + (uint32_t)i, i == 2 ? CX_FLAG_MORE : 0,
                   halves[i]);
        add(v.client); /* it has been read by now */
        add(v.client);
        close(fd);
    }
    close_visit(&v, "half a request");
}

static void what_waits_for_a_peer_that_does_not_read_leaves_nothing(void **state)
{
    (void)state;
    visit v;
    uint8_t room[20000];
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.limits.max_send_queue = 4 * 65536;
    open_visit_with(&v, &options, 1);
    int fd = connect_by_hand(v.safe.url);
    for (uint32_t i = 0; i < 600; i++) /* 12 MB: more than the kernel and the queue hold */
        send_frame(fd, room, sizeof room, 0xa00 + i, 0, sizeof room);
    assert_int_equal(keep(v.client, 1, SMALL, NULL), COAX_OK);
    close(fd);
    close_visit(&v, "a peer that does not read");
}

static void count_heard(void *self, coax_peer peer, const secrets_open_heard_request *event)
{
    (void)peer;
    *(uint32_t *)self += trace_is(event->words.data, event->words.len, SAFE_ANSWER);
}

/* Nothing of it is @sensitive, but the connection is encrypted. */
static void what_is_not_sensitive_leaves_nothing_either(void **state)
{
    (void)state;
    visit v;
    uint32_t n = 0;
    coax_session session;
    open_visit(&v, 0);
    assert_int_equal(coax_peer_session(coax_client_peer(v.client), &session), COAX_OK);
    assert_true(session.is_encrypted);
    assert_int_equal(secrets_open_heard_subscribe_wait(v.client, count_heard, &n, NULL, NULL),
                     COAX_OK);
    static const size_t lengths[] = { 100, 20000, LARGE };
    for (size_t i = 0; i < 3; i++) {
        secrets_open_say_result result;
        uint8_t *words = malloc(lengths[i]);
        assert_non_null(words);
        trace_put(words, lengths[i], 0x1000);
        const secrets_open_say_request request = { { words, lengths[i] } };
        assert_int_equal(secrets_open_say_wait(v.client, &request, NULL, &result), COAX_OK);
        assert_true(trace_is(result.reply->words.data, lengths[i], SAFE_ANSWER));
        secrets_open_say_result_free(&result);
        cx_wipe(words, lengths[i]);
        free(words);
    }
    while (n < 3)
        add(v.client);
    close_visit(&v, "what is not sensitive");
}

static int encrypt(void **state)
{
    (void)state;
    is_encrypted = true;
    return 0;
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest on_any[] = {
        cmocka_unit_test(calls_leave_nothing),
        cmocka_unit_test(typed_errors_leave_nothing),
        cmocka_unit_test(calls_that_nobody_answers_leave_nothing),
        cmocka_unit_test(calls_under_way_when_the_client_closes_leave_nothing),
        cmocka_unit_test(one_way_messages_leave_nothing),
        cmocka_unit_test(items_leave_nothing),
        cmocka_unit_test(items_of_the_caller_leave_nothing),
        cmocka_unit_test(workers_leave_nothing),
        cmocka_unit_test(items_of_workers_leave_nothing),
        cmocka_unit_test(events_leave_nothing),
        cmocka_unit_test(events_on_several_loops_leave_nothing),
        cmocka_unit_test(refused_values_leave_nothing_and_are_not_repeated),
        cmocka_unit_test(kept_results_leave_nothing_once_they_are_freed),
    };
    const struct CMUnitTest on_plain[] = {
        cmocka_unit_test(the_search_finds_what_was_left),
        cmocka_unit_test(calls_that_wait_for_a_connection_leave_nothing),
        cmocka_unit_test(streams_within_the_process_leave_nothing),
        cmocka_unit_test(half_a_request_leaves_nothing),
        cmocka_unit_test(what_waits_for_a_peer_that_does_not_read_leaves_nothing),
    };
    const struct CMUnitTest on_encrypted[] = {
        cmocka_unit_test(what_is_not_sensitive_leaves_nothing_either),
    };
    trace_bind_now(argv);
    if (!trace_begin()) {
        puts("skipped: this system shows no /proc/self/mem");
        return 77;
    }
    int n_failed = cmocka_run_group_tests_name("plain, by hand", on_plain, NULL, NULL);
    n_failed += cmocka_run_group_tests_name("plain", on_any, NULL, NULL);
    n_failed += cmocka_run_group_tests_name("encrypted", on_any, encrypt, NULL);
    n_failed += cmocka_run_group_tests_name("encrypted alone", on_encrypted, encrypt, NULL);
    return n_failed;
}
