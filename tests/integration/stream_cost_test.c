/*
 * What an item of a stream costs, counted: writes, and memory taken in steady state. Both ends are here, on a loop each, over a
 * real socket.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "syscalls.h"
#include "tide_client.h"
#include "tide_server.h"

/* Allocations through the loops' allocator, and through malloc by coax or libuv. */
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

/* coax's own calls of malloc, which the linker leads here (--wrap). */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    n_allocations++;
    return __real_malloc(size);
}

/* Both ends of one stream. */
typedef struct tide {
    coax_loop *there;
    coax_loop *here;
    coax_server *server;
    coax_client *client;
    coax_call caller;
    coax_call handler;
    bool gives_back;
    uint32_t n_there;
    uint32_t n_here;
    uint32_t n_ends;
} tide;

static void take(void *self, coax_call call, const tide_drop *item)
{
    tide *t = self;
    assert_int_equal(item->number, t->n_there++);
    if (t->gives_back)
        assert_int_equal(tide_tide_turn_push(call, item), COAX_OK);
}

static void ebb(void *self, coax_call call)
{
    (void)self;
    (void)coax_call_end(call);
}

static void on_turn(void *self, coax_call call, const tide_tide_turn_request *request)
{
    tide *t = self;
    (void)request;
    t->handler = call;
    assert_int_equal(tide_tide_turn_receive(call, take, ebb, t), COAX_OK);
}

static void on_item(void *self, coax_call call, const tide_drop *item)
{
    tide *t = self;
    (void)call;
    assert_int_equal(item->number, t->n_here++);
}

static void on_end(void *self, const tide_tide_turn_result *result)
{
    tide *t = self;
    assert_int_equal(result->err, COAX_OK);
    t->n_ends++;
}

static void turn_once(tide *t)
{
    assert_int_equal(coax_loop_process(t->here), COAX_OK);
    assert_int_equal(coax_loop_process(t->there), COAX_OK);
}

static int set_up(void **state)
{
    static tide t;
    char url[300];
    memset(&t, 0, sizeof t);
    *state = &t;
    const coax_loop_options options = { .size = sizeof options, .allocator = &counting };
    const tide_tide_handlers handlers = { on_turn };
    const tide_tide_turn_events events = { on_item, NULL, on_end };
    const tide_tide_turn_request request = { 0 };
    t.there = coax_loop_create(&options);
    t.here = coax_loop_create(&options);
    if (coax_server_create(t.there, NULL, &t.server, NULL) != COAX_OK ||
        tide_tide_serve(t.server, &handlers, &t) != COAX_OK ||
        coax_server_listen(t.server, "plain+tcp://127.0.0.1:0", NULL) != COAX_OK)
        return -1;
    (void)coax_server_address(t.server, 0, url, sizeof url);
    if (coax_client_create(t.here, url, NULL, &t.client, NULL) != COAX_OK ||
        tide_tide_turn(t.client, &request, NULL, &events, &t, &t.caller) != COAX_OK)
        return -1;
    while (t.handler.loop == NULL || coax_client_get_state(t.client) != COAX_CLIENT_OPEN)
        turn_once(&t);
    return 0;
}

static int tear_down(void **state)
{
    tide *t = *state;
    assert_int_equal(coax_call_end(t->caller), COAX_OK);
    while (t->n_ends == 0)
        turn_once(t);
    assert_int_equal(coax_loop_destroy(t->here), COAX_OK);
    assert_int_equal(coax_loop_destroy(t->there), COAX_OK);
    return 0;
}

static tide_drop make_drop(uint32_t number, size_t len)
{
    static const uint8_t load[10000];
    return (tide_drop){ .number = number, .load = { load, len } };
}

/* Sends some, and has them back. */
static void pass(tide *t, uint32_t n, size_t len)
{
    for (uint32_t i = 0; i < n; i++) {
        const tide_drop drop = make_drop(t->n_here + i, len);
        assert_int_equal(tide_tide_turn_send(t->caller, &drop), COAX_OK);
    }
    for (uint32_t wanted = t->n_here + n; t->n_here < wanted;)
        turn_once(t);
}

static void items_in_steady_state_take_no_memory(void **state)
{
    tide *t = *state;
    t->gives_back = true;
    for (int i = 0; i < 200; i++) {
        pass(t, 10, 100);
        pass(t, 3, 9000);
    }
    uint32_t before = n_allocations;
    for (int i = 0; i < 500; i++) {
        pass(t, 10, 100);
        pass(t, 3, 9000);
    }
    assert_int_equal(n_allocations - before, 0);
}

static void items_of_one_turn_leave_in_one_write(void **state)
{
    tide *t = *state;
    t->gives_back = true;
    pass(t, 100, 20);
    uint64_t before = system_calls_so_far().n_writes;
    pass(t, 100, 20);
    /* One there, one back. The kernel may hand over what came in two parts. */
    assert_in_range(system_calls_so_far().n_writes - before, 2, 4);
}

static void a_receiver_writes_for_half_windows_and_not_for_items(void **state)
{
    tide *t = *state;
    const tide_drop drop = make_drop(0, 1000);
    enum { N = 1000 }; /* about a megabyte: eight halves of a window */
    uint64_t before = system_calls_so_far().n_writes;
    for (uint32_t i = 0; i < N; i++) {
        tide_drop next = drop;
        next.number = i;
        assert_int_equal(tide_tide_turn_send(t->caller, &next), COAX_OK);
        while (t->n_there == i)
            turn_once(t);
    }
    assert_in_range(system_calls_so_far().n_writes - before, N, N + 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(items_in_steady_state_take_no_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(items_of_one_turn_leave_in_one_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_receiver_writes_for_half_windows_and_not_for_items,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests_name("stream_cost", tests, NULL, NULL);
}
