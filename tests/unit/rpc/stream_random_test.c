/*
 * Streams in random order of everything: items of all sizes both ways, pauses, ends, failures, cancels, deadlines, late
 * receivers, slow and broken connections. Items arrive whole and in order or the stream ends with a status; each end is
 * told once, nothing comes after it, nothing is left behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <coax/gen_server.h>

#include "flow.h"

#define N_STREAMS 30u

/* One random life of a connection. */
typedef struct life {
    pair two;
    flow_server servers[2]; /* on the client's side, on the server's */
    flow_end callers[N_STREAMS];
    bool is_started[N_STREAMS];
    bool at_server[N_STREAMS]; /* who made the call */
    unsigned n_streams;
    bool is_short_of_memory;
    uint64_t seed;
} life;

static uint32_t below(life *it, uint32_t n)
{
    return fake_env_below(&it->two.fake, n);
}

static void start_one(life *it)
{
    static const coax_method *const methods[] = { &flow_list, &flow_sum, &flow_chat, &flow_chat,
                                                  &flow_quick };
    if (it->n_streams == N_STREAMS)
        return;
    unsigned i = it->n_streams++;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = below(it, 3) == 0 ? 1 + below(it, 100) : 0;
    it->callers[i].tag = i + 1;
    it->at_server[i] = below(it, 3) == 0;
    pair_side *from = it->at_server[i] ? &it->two.server : &it->two.client;
    for (unsigned s = 0; s < 2; s++)
        it->servers[s].is_late = below(it, 4) == 0;
    it->is_started[i] =
        flow_start_with(from, methods[below(it, 5)], &options, &it->callers[i]) == COAX_OK;
}

/* The handler's end of a caller's; NULL when its request has not arrived. */
static flow_end *handler_of(life *it, unsigned i)
{
    flow_server *server = &it->servers[it->at_server[i] ? 0 : 1];
    for (unsigned j = 0; j < server->n_ends; j++) {
        if (server->ends[j].tag == i + 1)
            return &server->ends[j];
    }
    return NULL;
}

/* Some end of some stream; NULL: it isn't there. */
static flow_end *any_end(life *it, bool *ret_is_caller)
{
    if (it->n_streams == 0)
        return NULL;
    unsigned i = below(it, it->n_streams);
    *ret_is_caller = below(it, 2) == 0;
    return *ret_is_caller ? &it->callers[i] : handler_of(it, i);
}

static void push_some(life *it, flow_end *end)
{
    static const size_t sizes[] = { 0, 1, 20, 300, 5000, 5000, 40000, 300000 };
    uint32_t n = 1 + below(it, 6);
    while (n-- > 0 && flow_push(end, sizes[below(it, 8)]) == COAX_OK)
        continue;
}

/* A handler's own end of a call is remembered: on_end doesn't come after it. */
static void note_end(flow_end *end, coax_err err)
{
    if (err != COAX_OK && err != COAX_ERR_STALE)
        return;
    end->has_ended |= !coax_call_is_live(end->call);
}

static void answer(life *it, flow_end *end)
{
    const echo_note reply = echo_make(end->n_items, "reply");
    switch (below(it, 5)) {
    case 0: note_end(end, coax_call_fail(end->call, COAX_ERR_ABORTED, "no")); break;
    case 1:
        note_end(end,
                 coax_gen_throw(end->call, end->method, &echo_broken_type, &(echo_broken){ 5 }));
        break;
    default:
        if (end->method == &flow_sum)
            note_end(end, coax_gen_reply(end->call, end->method, &reply));
        else
            note_end(end, coax_call_end(end->call));
    }
}

static void act_on_one(life *it)
{
    bool is_caller = false;
    flow_end *end = any_end(it, &is_caller);
    if (end == NULL)
        return;
    uint32_t dice = below(it, 100);
    if (dice < 60)
        push_some(it, end);
    else if (dice < 70)
        (void)coax_call_pause(end->call);
    else if (dice < 84)
        (void)coax_call_resume(end->call);
    else if (dice < 90 && is_caller)
        (void)coax_call_end(end->call);
    else if (dice < 93 && is_caller)
        (void)coax_call_cancel(end->call);
    else if (dice < 93 && !end->is_receiving)
        end->is_receiving = flow_receive(end) == COAX_OK;
    else if (dice >= 93 && !is_caller)
        answer(it, end);
}

static void carry_some(life *it)
{
    bool to_server = below(it, 2) == 0;
    pair_side *from = to_server ? &it->two.client : &it->two.server;
    pair_side *to = to_server ? &it->two.server : &it->two.client;
    static uint8_t bytes[70000];
    size_t n = pair_take(from, bytes, 1 + below(it, below(it, 2) == 0 ? sizeof bytes : 300));
    pair_feed(&it->two, to, bytes, n, 0);
}

static void end_connection(life *it)
{
    pair_side *side = below(it, 2) == 0 ? &it->two.client : &it->two.server;
    if (below(it, 2) == 0)
        cx_endpoint_close(&side->endpoint, COAX_ERR_ABORTED, COAX_ERR_CANCELLED, "random");
    else
        cx_endpoint_lost(&side->endpoint, COAX_ERR_UNAVAILABLE, "random");
}

/* Soon an allocation will fail, or a few. */
static void run_short(life *it)
{
    it->two.fake.fail_from = it->two.fake.n_taken + 1 + below(it, 10);
    it->two.fake.fail_count = 1 + below(it, 3);
}

static void one_step(life *it)
{
    uint32_t dice = below(it, 1000);
    if (it->is_short_of_memory && dice % 20 == 0)
        run_short(it);
    if (dice < 100)
        start_one(it);
    else if (dice < 600)
        act_on_one(it);
    else if (dice < 970)
        carry_some(it);
    else if (dice < 985)
        pair_pump(&it->two);
    else if (dice < 998)
        pair_advance(&it->two, below(it, 40));
    else if (dice == 999)
        end_connection(it);
}

static void expect(const life *it, bool holds, unsigned i, const char *what)
{
    if (!holds)
        fail_msg("seed %llu, stream %u: %s", (unsigned long long)it->seed, i, what);
}

/* What must hold at any time. */
static void check(life *it)
{
    for (unsigned i = 0; i < it->n_streams; i++) {
        const flow_end *caller = &it->callers[i];
        const flow_end *handler = handler_of(it, i);
        expect(it, caller->result.n_done <= it->is_started[i], i, "ended more than once");
        expect(it, caller->n_after == 0, i, "something came after its end");
        expect(it, caller->n_broken == 0, i, "an item was not what was sent");
        if (handler == NULL)
            continue;
        expect(it, handler->n_peer_ended <= 1, i, "its handler was told twice");
        expect(it, handler->n_after == 0, i, "something came to its handler after the end");
        expect(it, handler->n_broken == 0, i, "an item to its handler was not what was sent");
        expect(it, caller->n_items <= handler->n_sent && handler->n_items <= caller->n_sent, i,
               "more came than was sent");
        if (caller->result.n_done == 1 && caller->result.err == COAX_OK)
            expect(it, caller->n_items == handler->n_sent, i, "success, and items are missing");
        if (handler->n_peer_ended == 1 && handler->was_live)
            expect(it, handler->n_items == caller->n_sent, i, "ended, and items are missing");
    }
}

static void check_over(life *it)
{
    check(it);
    for (unsigned i = 0; i < it->n_streams; i++) {
        const flow_end *handler = handler_of(it, i);
        expect(it, it->callers[i].result.n_done == it->is_started[i], i, "did not end");
        if (handler != NULL && handler->is_receiving)
            expect(it, handler->n_peer_ended == 1 || handler->has_ended, i,
                   "its handler was not told");
    }
    expect(it, it->two.client.endpoint.held + it->two.server.endpoint.held == 0, 0, "held bytes");
    expect(it, cx_endpoint_n_handlers(&it->two.client.endpoint) == 0, 0, "a handler is left");
    expect(it, cx_endpoint_n_handlers(&it->two.server.endpoint) == 0, 0, "a handler is left");
}

static void live(uint64_t seed, bool is_short_of_memory)
{
    static life it;
    memset(&it, 0, sizeof it);
    it.seed = seed;
    pair_init(&it.two);
    it.two.fake.seed = seed;
    it.two.client.config.limits.window = 4096u << below(&it, 6);
    it.two.server.config.limits.window = 4096u << below(&it, 6);
    it.two.server.config.limits.max_send_queue = below(&it, 2) == 0 ? 500000 : 0;
    if (below(&it, 2) == 0)
        pair_connect(&it.two);
    else
        assert_int_equal(pair_make(&it.two), COAX_OK);
    assert_int_equal(flow_serve(&it.two.client, &it.servers[0]), COAX_OK);
    assert_int_equal(flow_serve(&it.two.server, &it.servers[1]), COAX_OK);
    it.is_short_of_memory = is_short_of_memory;
    for (unsigned i = 0; i < 600; i++) {
        one_step(&it);
        check(&it);
    }
    if (below(&it, 2) == 0) {
        pair_pump(&it.two);
        check(&it);
    }
    it.two.fake.fail_from = 0;
    pair_break(&it.two, "over");
    check_over(&it);
    pair_deinit(&it.two);
    if (it.two.fake.n_live != 0)
        fail_msg("seed %llu: %zu blocks leaked", (unsigned long long)seed, it.two.fake.n_live);
}

static void items_arrive_in_order_or_the_stream_ends_with_a_status(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++)
        live(seed, false);
}

static void so_they_do_while_memory_runs_out(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++)
        live(seed, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_arrive_in_order_or_the_stream_ends_with_a_status),
        cmocka_unit_test(so_they_do_while_memory_runs_out),
    };
    return cmocka_run_group_tests_name("rpc_stream_random", tests, NULL, NULL);
}
