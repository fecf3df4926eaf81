/*
 * Subscribers that never read, over a real socket: a hundred megabytes are emitted, and the server's
 * memory stays where it was; those who read hear everything.
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

#include "news.h"
#include "raw.h"

/* The loop's memory: bytes out now, and the most there were. */
static size_t bytes_now;
static size_t bytes_most;

enum { HEAD = 16 };

static void *tracked_resize(void *self, void *old, size_t size)
{
    (void)self;
    size_t was = 0;
    uint8_t *block = old != NULL ? (uint8_t *)old - HEAD : NULL;
    if (block != NULL)
        memcpy(&was, block, sizeof was);
    uint8_t *moved = realloc(block, size + HEAD);
    if (moved == NULL)
        return NULL;
    memcpy(moved, &size, sizeof size);
    bytes_now += size - was;
    if (bytes_now > bytes_most)
        bytes_most = bytes_now;
    return moved + HEAD;
}

static void tracked_release(void *self, void *memory)
{
    size_t size;
    (void)self;
    if (memory == NULL)
        return;
    memcpy(&size, (uint8_t *)memory - HEAD, sizeof size);
    bytes_now -= size;
    free((uint8_t *)memory - HEAD);
}

static const coax_allocator tracked = { NULL, tracked_resize, tracked_release };

static struct flood {
    coax_loop *loop;
    coax_server *server;
    uint32_t n_subscribed;
    uint32_t n_gone;
    coax_error reason;
    char url[100];
} f;

static coax_err on_subscribe(void *self, coax_peer peer, uint32_t event_id, coax_error *error)
{
    (void)self;
    (void)peer;
    (void)event_id;
    (void)error;
    f.n_subscribed++;
    return COAX_OK;
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    (void)self;
    (void)peer;
    f.n_gone++;
    f.reason = *reason;
}

static void open_server(void)
{
    coax_loop_options loop = COAX_LOOP_OPTIONS_INIT;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    memset(&f, 0, sizeof f);
    loop.allocator = &tracked;
    options.on_subscribe = on_subscribe;
    options.on_disconnect = on_disconnect;
    f.loop = coax_loop_create(&loop);
    assert_int_equal(coax_server_create(f.loop, &options, &f.server, NULL), COAX_OK);
    assert_int_equal(coax_gen_serve(f.server, &news_gen_service, NULL, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(f.server, "plain+tcp://127.0.0.1:0", NULL), COAX_OK);
    (void)coax_server_address(f.server, 0, f.url, sizeof f.url);
}

/* A socket that has subscribed to flash and reads nothing any more. */
static int deaf_subscriber(void)
{
    static const uint8_t subscribe[16] = {
        CX_FRAME_SUBSCRIBE, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0xe0, 0x0b, 0, 0
    };
    int fd = raw_connect(f.url);
    uint32_t wanted = f.n_subscribed + 1;
    raw_hello(fd);
    assert_int_equal(send(fd, subscribe, sizeof subscribe, MSG_NOSIGNAL), sizeof subscribe);
    while (f.n_subscribed < wanted)
        assert_int_equal(coax_loop_process(f.loop), COAX_OK);
    return fd;
}

static coax_emit_report emit(uint64_t id, size_t body_len, coax_slow_policy policy)
{
    static uint8_t body[2 * 1024 * 1024];
    coax_emit_report report;
    echo_note note = echo_make(id, "flood");
    note.body = (coax_bytes){ body, body_len };
    const coax_emit_options options = { .policy = policy, .ret_report = &report };
    assert_int_equal(coax_gen_emit(f.server, &news_flash, &note, &options), COAX_OK);
    assert_int_equal(coax_loop_process(f.loop), COAX_OK);
    return report;
}

static void flood_with(coax_slow_policy policy, size_t body_len)
{
    open_server();
    int fds[3] = { deaf_subscriber(), deaf_subscriber(), deaf_subscriber() };
    size_t before = bytes_now;
    bytes_most = bytes_now;
    uint32_t n_dropped = 0;
    uint32_t n_disconnected = 0;
    uint32_t n_emits = (uint32_t)(100 * 1024 * 1024 / body_len);
    for (uint32_t i = 0; i < n_emits; i++) {
        coax_emit_report report = emit(i, body_len, policy);
        n_dropped += report.n_dropped;
        n_disconnected += report.n_disconnected;
    }
    /* The queues hold the same events: 1 MiB of them once, and for each what the link has taken. */
    assert_in_range(bytes_most - before, 1000, 1024 * 1024 + 2 * body_len + 3 * 600 * 1024);
    if (policy == COAX_SLOW_DISCONNECT) {
        assert_int_equal(n_disconnected, 3);
        while (f.n_gone < 3)
            assert_int_equal(coax_loop_process(f.loop), COAX_OK);
        assert_int_equal(f.reason.code, COAX_ERR_RESOURCE_EXHAUSTED);
        assert_non_null(strstr(f.reason.text, "max_event_queue"));
    } else {
        assert_true(n_dropped > n_emits * 2);
        assert_int_equal(f.n_gone, 0);
    }
    for (unsigned i = 0; i < 3; i++)
        close(fds[i]);
    assert_int_equal(coax_loop_destroy(f.loop), COAX_OK);
    assert_int_equal(bytes_now, 0);
}

static void memory_is_bounded_when_the_newest_are_dropped(void **state)
{
    (void)state;
    flood_with(COAX_SLOW_DROP_NEWEST, 10000);
}

static void memory_is_bounded_when_the_oldest_are_dropped(void **state)
{
    (void)state;
    flood_with(COAX_SLOW_DROP_OLDEST, 10000);
    flood_with(COAX_SLOW_DROP_OLDEST, 1024 * 1024);
}

static void memory_is_bounded_when_slow_ones_are_disconnected(void **state)
{
    (void)state;
    flood_with(COAX_SLOW_DISCONNECT, 10000);
}

typedef struct reader {
    uint32_t n_events;
    uint32_t n_subscribed;
    uint64_t last;
    bool is_disordered;
} reader;

static void take(void *self, coax_gen_any_fn user_fn, coax_peer peer, const void *event)
{
    const echo_note *note = event;
    reader *r = self;
    (void)user_fn;
    (void)peer;
    r->is_disordered |= r->n_events > 0 && note->id != r->last + 1;
    r->last = note->id;
    r->n_events++;
}

static void user_fn(void)
{
}

static void one_that_reads_hears_everything_beside_those_that_do_not(void **state)
{
    (void)state;
    enum { N = 2000 };
    reader r = { 0 };
    coax_client *client = NULL;
    open_server();
    int fds[2] = { deaf_subscriber(), deaf_subscriber() };
    assert_int_equal(coax_client_create(f.loop, f.url, NULL, &client, NULL), COAX_OK);
    assert_int_equal(coax_gen_subscribe(client, &news_flash, take, user_fn, &r, NULL, NULL),
                     COAX_OK);
    while (f.n_subscribed < 3)
        assert_int_equal(coax_loop_process(f.loop), COAX_OK);
    for (uint32_t i = 0; i < N; i++) {
        (void)emit(i, 10000, i % 2 == 0 ? COAX_SLOW_DROP_OLDEST : COAX_SLOW_DROP_NEWEST);
        while (r.n_events < i + 1)
            assert_int_equal(coax_loop_process(f.loop), COAX_OK);
    }
    assert_false(r.is_disordered);
    close(fds[0]);
    close(fds[1]);
    assert_int_equal(coax_loop_destroy(f.loop), COAX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_bounded_when_the_newest_are_dropped),
        cmocka_unit_test(memory_is_bounded_when_the_oldest_are_dropped),
        cmocka_unit_test(memory_is_bounded_when_slow_ones_are_disconnected),
        cmocka_unit_test(one_that_reads_hears_everything_beside_those_that_do_not),
    };
    return cmocka_run_group_tests_name("events_flood", tests, NULL, NULL);
}
