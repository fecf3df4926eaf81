/*
 * What an emit to a thousand subscribers costs: memory for the event, however many hear it,
 * and time, which is printed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "news.h"

enum { EARS = 1000, MANY = 100 };

static uint32_t n_allocations;

static void *count_resize(void *self, void *old, size_t size)
{
    (void)self;
    n_allocations++;
    return realloc(old, size);
}

static void count_release(void *self, void *memory)
{
    (void)self;
    free(memory);
}

static const coax_allocator counting = { NULL, count_resize, count_release };

static uint32_t n_heard;
static uint32_t n_ready;

static void take(void *self, coax_gen_any_fn user_fn, coax_peer peer, const void *event)
{
    (void)self;
    (void)user_fn;
    (void)peer;
    (void)event;
    n_heard++;
}

static void on_status(void *self, const coax_status *status)
{
    (void)self;
    n_ready += status->code == COAX_OK;
}

static void user_fn(void)
{
}

static double now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static coax_loop *loop;
static coax_server *server;
static coax_peer others[10];

static void turn_until(const uint32_t *counter, uint32_t wanted)
{
    while (*counter < wanted)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
}

static void on_connect(void *self, coax_peer peer)
{
    static uint32_t n;
    (void)self;
    if (n < 10)
        others[n++] = peer;
}

static int open_all(void **state)
{
    (void)state;
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    coax_server_options how = COAX_SERVER_OPTIONS_INIT;
    coax_subscribe_options told = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.allocator = &counting;
    how.on_connect = on_connect;
    how.max_unopened = EARS;
    told.on_status = on_status;
    loop = coax_loop_create(&options);
    assert_int_equal(coax_server_create(loop, &how, &server, NULL), COAX_OK);
    assert_int_equal(coax_gen_serve(server, &news_gen_service, NULL, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(server, "inproc://cost", NULL), COAX_OK);
    for (uint32_t i = 0; i < EARS; i++) {
        coax_client *client = NULL;
        assert_int_equal(coax_client_create(loop, "inproc://cost", NULL, &client, NULL), COAX_OK);
        assert_int_equal(coax_gen_subscribe(client, &news_flash, take, user_fn, NULL, &told, NULL),
                         COAX_OK);
    }
    turn_until(&n_ready, EARS);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    return coax_loop_destroy(loop) == COAX_OK ? 0 : -1;
}

/* What `MANY` emits cost each, without and with what follows until everybody has heard. */
static void measure(size_t body_len, const coax_emit_options *options, uint32_t n_hearers)
{
    static uint8_t body[100000];
    echo_note note = echo_make(1, "cost");
    coax_emit_report report = { 0, 0, 0, 0 };
    coax_emit_options chosen = *options;
    note.body = (coax_bytes){ body, body_len };
    chosen.ret_report = &report;
    double emit_us = 0;
    uint32_t in_emits = 0;
    double begun_us = now_us();
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t heard = n_heard;
        uint32_t before = n_allocations;
        double at_us = now_us();
        assert_int_equal(coax_gen_emit(server, &news_flash, &note, &chosen), COAX_OK);
        emit_us += now_us() - at_us;
        in_emits += n_allocations - before;
        assert_int_equal(report.n_queued, n_hearers);
        turn_until(&n_heard, heard + n_hearers);
    }
    double all_us = now_us() - begun_us;
    print_message("%u bytes to %u: %.1f us an emit, %.0f us until all have heard\n",
                  (unsigned)body_len, (unsigned)n_hearers, emit_us / MANY, all_us / MANY);
    assert_in_range(in_emits, MANY, 2 * MANY); /* a long one is moved once while it is encoded */
}

static void memory_does_not_depend_on_how_many_hear(void **state)
{
    (void)state;
    const coax_emit_options to_all = COAX_EMIT_OPTIONS_INIT;
    measure(100, &to_all, EARS);
    measure(100, &to_all, EARS);
    measure(50000, &to_all, EARS);
}

static void an_emit_to_few_costs_what_it_reaches(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(coax_peer_join(others[i], "few"), COAX_OK);
    measure(100, &(coax_emit_options){ .group = "few" }, 10);
    measure(100, &(coax_emit_options){ .peer = others[3] }, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_does_not_depend_on_how_many_hear),
        cmocka_unit_test(an_emit_to_few_costs_what_it_reaches),
    };
    return cmocka_run_group_tests_name("events_cost", tests, open_all, close_all);
}
