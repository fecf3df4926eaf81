/*
 * What the programs of the world do with streams: send while there is room, stop, go on, give up, answer late; and what
 * must come of it.
 *
 * Every sender has a number of items to send, and goes on only when it is told that there is room. So a promise of
 * on_writable, END or WINDOW that is not kept leaves a stream that never ends, which the settled world shows.
 */
#include <coax/gen_server.h>

#include "world.h"

static size_t any_item(sim_world *world)
{
    static const uint32_t bounds[] = { 1, 20, 200, 200, 3000, 3000, 20000, 70000 };
    return world_below(world, bounds[world_below(world, 8)] + 1);
}

static bool is_caller(const sim_world *world, const flow_end *end)
{
    return (const char *)end >= (const char *)world->flows &&
           (const char *)end < (const char *)(world->flows + SIM_FLOWS_MAX);
}

/* A handler that learns that nobody waits lets go of its call. */
static void let_go(flow_end *end)
{
    end->n_left = 0;
    if (coax_call_fail(end->call, COAX_ERR_ABORTED, "in vain") != COAX_ERR_STALE)
        world_fail(end->user, "a stale stream took an answer");
}

/* What a handler says when it has sent all it has, and its caller has too. */
static void answer(flow_end *end)
{
    const echo_note reply = echo_make(end->n_items, "sum");
    const coax_err err = end->method == &flow_sum ? coax_gen_reply(end->call, &flow_sum, &reply)
                                                  : coax_call_end(end->call);
    end->has_ended = err != COAX_ERR_WOULD_BLOCK; /* else it is tried again */
    if (err != COAX_OK && err != COAX_ERR_STALE && err != COAX_ERR_WOULD_BLOCK)
        world_fail(end->user, "a stream's end was refused: %s", coax_err_name(err));
}

static bool is_done(const flow_end *end)
{
    bool has_heard = end->method->request_item == NULL || end->n_peer_ended > 0;
    return end->n_left == 0 && has_heard;
}

static void send_on(flow_end *end)
{
    sim_world *world = end->user;
    const bool is_ours = is_caller(world, end);
    while (end->n_left > 0) {
        const coax_err err = flow_push(end, any_item(world));
        if (err == COAX_ERR_WOULD_BLOCK)
            return;
        if (err == COAX_ERR_TOO_LARGE)
            continue; /* another one will do */
        end->n_left--;
        if (err == COAX_OK)
            continue;
        if (err != COAX_ERR_STALE)
            world_fail(world, "an item was refused: %s", coax_err_name(err));
        if (!is_ours)
            let_go(end);
        return;
    }
    if (!is_ours && is_done(end))
        answer(end);
    if (is_ours && end->method->request_item != NULL)
        (void)coax_call_end(end->call);
}

static void on_item(flow_end *end, const echo_note *item)
{
    sim_world *world = end->user;
    (void)item;
    const uint32_t dice = world_below(world, 100);
    if (dice < 4)
        (void)coax_call_pause(end->call);
    else if (dice == 4 && is_caller(world, end))
        (void)coax_call_cancel(end->call);
    else if (dice == 5 && !is_caller(world, end))
        end->has_ended |= coax_call_fail(end->call, COAX_ERR_ABORTED, "enough") == COAX_OK;
}

static void on_peer_ended(flow_end *end)
{
    if (!end->was_live)
        let_go(end);
    else if (is_done(end))
        answer(end);
}

static void on_call(flow_end *end, const echo_note *request)
{
    sim_world *world = end->user;
    (void)request;
    end->on_item = on_item;
    end->on_writable = send_on;
    end->on_peer_ended = on_peer_ended;
    end->n_left = end->method->response_item != NULL ? world_below(world, 30) : 0;
    send_on(end);
}

coax_err flows_serve(sim_world *world, uint32_t node)
{
    flow_server *server = &world->servers[node];
    server->user = world;
    server->on_call = on_call;
    return flow_serve_in(&world->nodes[node].registry, server);
}

void flows_start(sim_world *world, sim_end *from)
{
    static const coax_method *const methods[] = { &flow_list, &flow_sum, &flow_chat };
    if (world->n_flows == SIM_FLOWS_MAX)
        return;
    sim_flow *flow = &world->flows[world->n_flows++];
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = world_below(world, 3) == 0 ? 1 + world_below(world, 300) : 0;
    for (uint32_t i = 0; i < world->n_nodes; i++)
        world->servers[i].is_late = world_below(world, 5) == 0;
    flow->caller.user = world;
    flow->caller.tag = world->n_flows;
    flow->caller.on_item = on_item;
    flow->caller.on_writable = send_on;
    const coax_method *method = methods[world_below(world, 3)];
    flow->caller.n_left = method->request_item != NULL ? world_below(world, 30) : 0;
    coax_err err = flow_start_at(&from->endpoint, method, &options, &flow->caller);
    flow->is_started = err == COAX_OK;
    if (flow->is_started)
        send_on(&flow->caller);
    else if (err != COAX_ERR_UNAVAILABLE && err != COAX_ERR_WOULD_BLOCK &&
             err != COAX_ERR_RESOURCE_EXHAUSTED)
        world_fail(world, "a stream could not start: %s", coax_err_name(err));
}

/* The handler's end of a stream; NULL: its request has not arrived. */
static flow_end *handler_of(sim_world *world, uint32_t flow)
{
    for (uint32_t i = 0; i < world->n_nodes; i++) {
        flow_server *server = &world->servers[i];
        for (uint32_t j = 0; j < server->n_ends; j++) {
            if (server->ends[j].tag == flow + 1)
                return &server->ends[j];
        }
    }
    return NULL;
}

/* What was put off at a handler. */
static void catch_up(flow_end *end)
{
    if (end->method->request_item != NULL && !end->is_receiving)
        end->is_receiving = flow_receive(end) == COAX_OK;
    if (!end->has_ended && is_done(end))
        answer(end);
    /* Late and abandoned meanwhile: nobody else will tell it. */
    if (!end->is_receiving && end->method->request_item != NULL && !coax_call_is_live(end->call))
        let_go(end);
}

void flows_poke(sim_world *world)
{
    if (world->n_flows == 0)
        return;
    const uint32_t which = world_below(world, world->n_flows);
    flow_end *handler = handler_of(world, which);
    flow_end *end = world_below(world, 2) == 0 ? &world->flows[which].caller : handler;
    const uint32_t dice = world_below(world, 100);
    if (end == NULL)
        return;
    if (dice < 20)
        (void)coax_call_pause(end->call);
    else if (dice < 80)
        (void)coax_call_resume(end->call);
    else if (dice < 85 && end != handler)
        (void)coax_call_cancel(end->call);
    else if (end == handler)
        catch_up(end);
}

void flows_settle(sim_world *world)
{
    for (uint32_t i = 0; i < world->n_flows; i++) {
        flow_end *handler = handler_of(world, i);
        (void)coax_call_resume(world->flows[i].caller.call);
        if (handler == NULL)
            continue;
        (void)coax_call_resume(handler->call);
        catch_up(handler);
    }
}

static void check_end(sim_world *world, const flow_end *end, uint32_t flow)
{
    if (end->n_broken > 0)
        world_fail(world, "stream %u: an item was not what was sent", flow);
    if (end->n_after > 0)
        world_fail(world, "stream %u: something came after the end", flow);
}

void flows_check(sim_world *world)
{
    for (uint32_t i = 0; i < world->n_flows; i++) {
        const flow_end *caller = &world->flows[i].caller;
        const flow_end *handler = handler_of(world, i);
        check_end(world, caller, i);
        if (caller->result.n_done > world->flows[i].is_started)
            world_fail(world, "stream %u ended %u times", i, caller->result.n_done);
        if (handler == NULL)
            continue;
        check_end(world, handler, i);
        if (caller->result.n_done == 1 && caller->result.err == COAX_OK &&
            caller->n_items != handler->n_sent)
            world_fail(world, "stream %u succeeded, and items are missing", i);
        if (handler->n_peer_ended == 1 && handler->was_live && handler->n_items != caller->n_sent)
            world_fail(world, "stream %u was ended, and items are missing", i);
    }
}

void flows_check_over(sim_world *world)
{
    for (uint32_t i = 0; i < world->n_flows; i++) {
        if (world->flows[i].caller.result.n_done != world->flows[i].is_started)
            world_fail(world, "stream %u never ended", i);
    }
}
