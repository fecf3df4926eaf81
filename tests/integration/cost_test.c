/*
 * What a call costs, counted: system calls, writes in a turn, memory taken in steady state.
 *
 * The server is another process, so that each side's calls are its own.
 */
#include <malloc.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <uv.h>

#include "probe.h"
#include "process.h"
#include "syscalls.h"

/* Allocations through the loop's allocator, and through malloc by coax or libuv, since the last
 * reset. */
static uint32_t n_allocations;
static size_t live_bytes; /* of the loop's allocator */

static void *count_resize(void *self, void *old, size_t size)
{
    (void)self;
    n_allocations++;
    size_t was = malloc_usable_size(old);
    void *memory = realloc(old, size);
    if (memory != NULL)
        live_bytes += malloc_usable_size(memory) - was;
    return memory;
}

static void count_release(void *self, void *memory)
{
    (void)self;
    live_bytes -= malloc_usable_size(memory);
    free(memory);
}

static const coax_allocator counting = { NULL, count_resize, count_release };

static void *uv_malloc(size_t size)
{
    n_allocations++;
    return malloc(size);
}

static void *uv_realloc(void *old, size_t size)
{
    n_allocations++;
    return realloc(old, size);
}

static void *uv_calloc(size_t n, size_t size)
{
    n_allocations++;
    return calloc(n, size);
}

/* coax's own calls of malloc, which the linker leads here (--wrap). */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    n_allocations++;
    return __real_malloc(size);
}

/* A server that says how many system calls and allocations it has made, when it is asked to `fail`
 * with code 2. */
static probe served;

static void say_costs(void *self, coax_call call, const probe_probe_fail_request *request)
{
    system_calls calls = system_calls_so_far();
    (void)self;
    (void)request;
    (void)coax_call_fail(call, COAX_ERR_UNKNOWN, "%llu %llu %u",
                         (unsigned long long)system_calls_sum(&calls),
                         (unsigned long long)calls.n_writes, (unsigned)n_allocations);
}

static void add(void *self, coax_call call, const probe_probe_add_request *request)
{
    probe_probe_add_response reply = { .sum = request->a + request->b };
    (void)self;
    (void)probe_probe_add_reply(call, &reply);
}

static void serve(int say, const char *url)
{
    char address[300];
    coax_server *server = NULL;
    coax_loop_options options = COAX_LOOP_OPTIONS_INIT;
    options.allocator = &counting;
    coax_loop *loop = coax_loop_create(&options);
    probe_probe_handlers handlers = { .add = add, .fail = say_costs };
    if (coax_server_create(loop, NULL, &server, NULL) != COAX_OK ||
        probe_probe_serve(server, &handlers, &served) != COAX_OK ||
        coax_server_listen(server, url, NULL) != COAX_OK)
        return;
    (void)coax_server_address(server, 0, address, sizeof address);
    process_say(say, address);
    (void)coax_loop_run(loop);
}

typedef struct costs {
    unsigned long long n_calls;
    unsigned long long n_writes;
    unsigned n_allocations;
} costs;

static costs costs_there(coax_client *client)
{
    costs c = { 0, 0, 0 };
    probe_probe_fail_request request = { .code = 2, .words = { "", 0 } };
    probe_probe_fail_result result;
    assert_int_equal(probe_probe_fail_wait(client, &request, NULL, &result), COAX_ERR_UNKNOWN);
    assert_int_equal(
        sscanf(result.status.message, "%llu %llu %u", &c.n_calls, &c.n_writes, &c.n_allocations),
        3);
    probe_probe_fail_result_free(&result);
    return c;
}

static costs costs_here(void)
{
    system_calls calls = system_calls_so_far();
    return (costs){ system_calls_sum(&calls), calls.n_writes, n_allocations };
}

static void one_call(coax_client *client, uint32_t i)
{
    probe_probe_add_request request = { .a = i, .b = 1 };
    probe_probe_add_result result;
    assert_int_equal(probe_probe_add_wait(client, &request, NULL, &result), COAX_OK);
    probe_probe_add_result_free(&result);
}

enum { N = 1000 };

static void a_lone_call_costs_three_system_calls_and_one_write_on_each_side(void **state)
{
    char url[300];
    coax_client *client = NULL;
    process server = process_start(serve, *state);
    process_hear(&server, url, sizeof url);
    assert_int_equal(coax_dial(url, NULL, &client, NULL), COAX_OK);
    one_call(client, 0);
    costs there = costs_there(client);
    costs here = costs_here();
    for (uint32_t i = 0; i < N; i++)
        one_call(client, i);
    costs here_after = costs_here();
    costs there_after = costs_there(client);
    /* A turn may wake for a timer now and then: 3.1, not 3. */
    assert_in_range(here_after.n_calls - here.n_calls, 3 * N, N * 31 / 10);
    assert_in_range(there_after.n_calls - there.n_calls, 3 * N, N * 31 / 10);
    assert_int_equal(here_after.n_writes - here.n_writes, N);
    assert_in_range(there_after.n_writes - there.n_writes, N, N + 1);
    coax_client_close(client);
    process_kill(&server);
}

static void calls_in_steady_state_take_no_memory_on_either_side(void **state)
{
    char url[300];
    coax_client *client = NULL;
    coax_loop_options loop_options = COAX_LOOP_OPTIONS_INIT;
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    loop_options.allocator = &counting;
    options.loop = &loop_options;
    process server = process_start(serve, *state);
    process_hear(&server, url, sizeof url);
    assert_int_equal(coax_dial(url, &options, &client, NULL), COAX_OK);
    for (uint32_t i = 0; i < N; i++)
        one_call(client, i);
    costs there = costs_there(client);
    (void)costs_there(client);
    uint32_t before = n_allocations;
    for (uint32_t i = 0; i < N; i++)
        one_call(client, i);
    assert_int_equal(n_allocations - before, 0);
    costs there_after = costs_there(client);
    assert_int_equal(there_after.n_allocations - there.n_allocations, 0);
    coax_client_close(client);
    process_kill(&server);
}

static uint32_t n_replies;

static void on_reply(void *self, const probe_probe_add_result *result)
{
    (void)self;
    assert_int_equal(result->err, COAX_OK);
    n_replies++;
}

static void calls_of_one_turn_leave_in_one_write(void **state)
{
    char url[300];
    coax_client *client = NULL;
    process server = process_start(serve, *state);
    process_hear(&server, url, sizeof url);
    coax_loop *loop = coax_loop_create(NULL);
    assert_int_equal(coax_client_create(loop, url, NULL, &client, NULL), COAX_OK);
    while (coax_client_get_state(client) != COAX_CLIENT_OPEN)
        assert_int_equal(coax_loop_process(loop), COAX_OK);
    const uint32_t first = n_replies;
    for (uint32_t round = 1; round <= 10; round++) {
        uint64_t before = system_calls_so_far().n_writes;
        probe_probe_add_request request = { .a = 1, .b = 1 };
        for (int i = 0; i < 128; i++)
            assert_int_equal(probe_probe_add(client, &request, NULL, on_reply, NULL), COAX_OK);
        assert_int_equal(system_calls_so_far().n_writes, before);
        while (n_replies - first < 128 * round)
            assert_int_equal(coax_loop_process(loop), COAX_OK);
        assert_int_equal(system_calls_so_far().n_writes - before, 1);
    }
    assert_int_equal(coax_loop_destroy(loop), COAX_OK);
    process_kill(&server);
}

static void memory_of_an_idle_connection_is_under_two_kibibytes_at_the_server(void **state)
{
    enum { CONNECTIONS = 200 };
    static coax_client *clients[CONNECTIONS];
    char url[300];
    coax_server *server = NULL;
    coax_loop *there = coax_loop_create(&(coax_loop_options){
        .size = sizeof(coax_loop_options), .allocator = &counting, .log_level = COAX_LOG_INFO });
    coax_loop *here = coax_loop_create(NULL);
    assert_int_equal(coax_server_create(there, NULL, &server, NULL), COAX_OK);
    assert_int_equal(coax_server_listen(server, *state, NULL), COAX_OK);
    (void)coax_server_address(server, 0, url, sizeof url);
    size_t before = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        if (i == 64)
            before = live_bytes;
        assert_int_equal(coax_client_create(here, url, NULL, &clients[i], NULL), COAX_OK);
        while (coax_client_get_state(clients[i]) != COAX_CLIENT_OPEN) {
            assert_int_equal(coax_loop_process(here), COAX_OK);
            assert_int_equal(coax_loop_process(there), COAX_OK);
        }
    }
    assert_in_range((live_bytes - before) / (CONNECTIONS - 64), 1, 2048);
    assert_int_equal(coax_loop_destroy(here), COAX_OK);
    assert_int_equal(coax_loop_destroy(there), COAX_OK);
}

/* Each of them without encryption and with it: it costs arithmetic, and nothing of this. */
#define BOTH(test)                                                                                 \
    { #test " (plain)", test, NULL, NULL, plain_url },                                             \
    {                                                                                              \
#test " (encrypted)", test, NULL, NULL, encrypted_url                                      \
    }

int main(void)
{
    static char plain_url[] = "plain+tcp://127.0.0.1:0";
    static char encrypted_url[] = "tcp://127.0.0.1:0";
    const struct CMUnitTest tests[] = {
        BOTH(a_lone_call_costs_three_system_calls_and_one_write_on_each_side),
        BOTH(calls_in_steady_state_take_no_memory_on_either_side),
        BOTH(calls_of_one_turn_leave_in_one_write),
        BOTH(memory_of_an_idle_connection_is_under_two_kibibytes_at_the_server),
    };
    if (uv_replace_allocator(uv_malloc, uv_realloc, uv_calloc, free) != 0)
        return 1;
    return cmocka_run_group_tests_name("cost", tests, NULL, NULL);
}
