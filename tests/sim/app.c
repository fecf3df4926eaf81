/*
 * What the programs of the world do: call, keep, answer, forward, cancel; and what they must see.
 *
 * Each note carries a body made from its id, so that bytes that get lost, doubled or mixed up are
 * seen at once.
 */
#include <string.h>

#include "world.h"

enum { BODY_MAX = 120000, BODIES = 4099 };

/* All bodies lie in one pattern, made once: filling them would be most of a world's time. */
static const uint8_t *make_body(uint32_t id)
{
    static uint8_t pattern[BODIES + BODY_MAX];
    if (pattern[1] == 0) {
        for (size_t i = 0; i < sizeof pattern; i++)
            pattern[i] = (uint8_t)(i * 7u + (i >> 8));
    }
    return pattern + id * 31u % BODIES;
}

/* Whether a note is the one that was sent under its id. */
static bool is_whole(sim_world *world, const echo_note *note)
{
    if (note->id >= world->n_calls || note->body.len != world->calls[note->id].body_len)
        return false;
    return note->body.len == 0 ||
           memcmp(note->body.data, make_body((uint32_t)note->id), note->body.len) == 0;
}

static void keep(sim_world *world, coax_call call, uint32_t id, const echo_note *request)
{
    if (world->n_kept == SIM_CALLS_MAX)
        world_fail(world, "more calls are kept than were made");
    else
        world->kept[world->n_kept++] = (sim_kept){ call, id, request };
}

/* Answers a call with the note it brought, or an error; keeps it when the send queue is full. */
static void answer(sim_world *world, coax_call call, uint32_t id, uint32_t how)
{
    const echo_broken broken = { id % 1000 };
    size_t len = world->calls[id].body_len;
    echo_note note = { .text = coax_str_from("sim"), .id = id };
    note.body = (coax_bytes){ make_body(id), len };
    coax_err err;
    if (how < 80)
        err = coax_gen_reply(call, &echo_echo, &note);
    else if (how < 90)
        err = coax_call_fail(call, COAX_ERR_ABORTED, "no luck with %u", id);
    else
        err = coax_gen_throw(call, &echo_echo, &echo_broken_type, &broken);
    if (err == COAX_ERR_WOULD_BLOCK)
        keep(world, call, id, NULL);
    else if (err != COAX_OK && err != COAX_ERR_STALE && err != COAX_ERR_TOO_LARGE)
        world_fail(world, "an answer was refused: %s", coax_err_name(err));
}

static void on_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    sim_call *call = self;
    sim_world *world = call->world;
    uint32_t id = (uint32_t)(call - world->calls);
    (void)user_fn;
    call->n_done++;
    call->err = result->err;
    if (call->state != SIM_CALL_STARTED)
        world_fail(world, "call %u ended and was not under way", id);
    call->state = SIM_CALL_DONE;
    const echo_note *reply = result->reply;
    if (result->err == COAX_OK && (reply == NULL || reply->id != id || !is_whole(world, reply)))
        world_fail(world, "call %u got a reply that is not its own", id);
    if (result->status.message == NULL)
        world_fail(world, "call %u has no message", id);
    const echo_broken *broken = result->error;
    if (result->error_index == 1 && (broken == NULL || broken->id != id % 1000))
        world_fail(world, "call %u got a typed error that is not its own", id);
    /* The handler that forwarded answers with what it got. */
    if (call->parent.loop != NULL)
        answer(world, call->parent, call->parent_id, result->err == COAX_OK ? 0 : 85);
}

static size_t any_size(sim_world *world)
{
    static const uint32_t bounds[] = { 20, 20, 200, 200, 3000, 20000, BODY_MAX };
    return world_below(world, bounds[world_below(world, 7)]);
}

void app_call(sim_world *world, sim_end *from, coax_call parent, uint32_t parent_id)
{
    if (world->n_calls == SIM_CALLS_MAX)
        return;
    uint32_t id = world->n_calls++;
    sim_call *call = &world->calls[id];
    *call = (sim_call){ .world = world, .from = from, .body_len = any_size(world) };
    call->parent = parent;
    call->parent_id = parent_id;
    echo_note note = { .text = coax_str_from("sim"), .id = id };
    note.body = (coax_bytes){ make_body(id), call->body_len };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = 1 + world_below(world, 300);
    options.parent = parent;
    options.ret_call = &call->handle;
    call->deadline = world->fake.now + (uint64_t)options.timeout_ms * 1000000u;
    call->state = SIM_CALL_STARTED;
    coax_err err = cx_rpc_call(&from->endpoint, &echo_echo, &note, &options, on_done, NULL, call);
    if (err == COAX_OK)
        return;
    call->state = SIM_CALL_FREE;
    if (err != COAX_ERR_UNAVAILABLE && err != COAX_ERR_WOULD_BLOCK && err != COAX_ERR_TOO_LARGE &&
        err != COAX_ERR_RESOURCE_EXHAUSTED && err != COAX_ERR_DEADLINE_EXCEEDED)
        world_fail(world, "call %u could not start: %s", id, coax_err_name(err));
    if (parent.loop != NULL)
        answer(world, parent, parent_id, 85);
}

void app_hint(sim_world *world, sim_end *from)
{
    echo_note note = { .text = coax_str_from("hint"), .id = 0 };
    size_t len = any_size(world);
    note.body = (coax_bytes){ make_body(0), len };
    world->n_hints_sent += cx_rpc_send(&from->endpoint, &echo_hint, &note, NULL) == COAX_OK;
}

void app_cancel_one(sim_world *world)
{
    if (world->n_calls > 0)
        (void)coax_call_cancel(world->calls[world_below(world, world->n_calls)].handle);
}

void app_answer_one(sim_world *world, bool is_random)
{
    if (world->n_kept == 0)
        return;
    uint32_t at = is_random ? world_below(world, world->n_kept) : world->n_kept - 1;
    sim_kept kept = world->kept[at];
    world->kept[at] = world->kept[--world->n_kept];
    if (kept.request != NULL && coax_call_is_live(kept.call) && !is_whole(world, kept.request))
        world_fail(world, "a kept request changed");
    if (coax_call_is_live(kept.call))
        answer(world, kept.call, kept.id, is_random ? world_below(world, 100) : 0);
    else if (coax_call_fail(kept.call, COAX_ERR_ABORTED, "too late") != COAX_ERR_STALE)
        world_fail(world, "a stale call took an answer");
}

static sim_end *another_end(sim_world *world, const sim_node *node)
{
    for (uint32_t i = 0; i < 8; i++) {
        sim_end *end = world_any_end(world);
        if (end->node == node && cx_endpoint_is_open(&end->endpoint))
            return end;
    }
    return NULL;
}

static void on_echo(void *self, coax_call call, const echo_note *request)
{
    sim_node *node = self;
    sim_world *world = node->world;
    if (!is_whole(world, request)) {
        world_fail(world, "a request arrived that nobody sent");
        return;
    }
    if (++world->calls[request->id].n_handled > 1)
        world_fail(world, "call %u was handled twice", (unsigned)request->id);
    uint32_t how = world_below(world, 100);
    sim_end *onward = how < 10 ? another_end(world, node) : NULL;
    if (onward != NULL) {
        app_call(world, onward, call, (uint32_t)request->id);
    } else if (how < 40) {
        keep(world, call, (uint32_t)request->id, request);
    } else {
        answer(world, call, (uint32_t)request->id, world_below(world, 100));
    }
}

static void on_hint(void *self, coax_call call, const echo_note *request)
{
    sim_world *world = ((sim_node *)self)->world;
    (void)call;
    if (++world->n_hints_seen > world->n_hints_sent)
        world_fail(world, "more hints arrived than were sent");
    if (request->body.len > 0 && memcmp(request->body.data, make_body(0), request->body.len) != 0)
        world_fail(world, "a hint arrived damaged");
}

const echo_handlers app_handlers = { on_echo, on_hint, NULL, NULL };

void app_check(sim_world *world)
{
    for (uint32_t i = 0; i < world->n_calls; i++) {
        const sim_call *call = &world->calls[i];
        bool is_started = call->state != SIM_CALL_FREE;
        if (call->n_done > is_started)
            world_fail(world, "call %u ended %u times", i, call->n_done);
        /* A tick of the wheel late, at most. */
        if (call->state == SIM_CALL_STARTED && world->fake.now > call->deadline + 2200000u)
            world_fail(world, "call %u missed its deadline", i);
        if (call->n_handled > 1)
            world_fail(world, "call %u was handled %u times", i, call->n_handled);
    }
}
