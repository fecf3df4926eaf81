/*
 * The world: nodes, connections, pipes, faults, and the rules that hold whatever happens.
 */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

uint32_t world_below(sim_world *world, uint32_t n)
{
    return fake_env_below(&world->fake, n);
}

void world_fail(sim_world *world, const char *format, ...)
{
    if (world->failure[0] != '\0')
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(world->failure, sizeof world->failure, format, args);
    va_end(args);
}

static void on_work(cx_core *core)
{
    (void)core; /* world_run asks every core after every step */
}

static const cx_core_hooks hooks = { on_work };

static void on_nothing(void *self)
{
    (void)self;
}

static void on_closed(void *self, const coax_error *reason)
{
    sim_end *end = self;
    sim_world *world = end->node->world;
    if (end->is_over)
        world_fail(world, "an endpoint closed twice");
    end->is_over = true;
    if (cx_endpoint_n_calls(&end->endpoint) != 0 || cx_endpoint_n_handlers(&end->endpoint) != 0)
        world_fail(world, "an endpoint closed before its calls");
    if (!world->has_faults)
        world_fail(world, "a connection ended without a fault: %s", reason->text);
    if (reason->code == COAX_ERR_PROTOCOL || reason->code == COAX_ERR_UNIMPLEMENTED)
        world_fail(world, "honest peers broke the protocol: %s", reason->text);
}

static void on_error(void *self, const coax_error *what)
{
    sim_end *end = self;
    if (what->code != COAX_ERR_RESOURCE_EXHAUSTED && what->code != COAX_ERR_TOO_LARGE &&
        what->code != COAX_ERR_DEADLINE_EXCEEDED)
        world_fail(end->node->world, "an honest peer's input was refused: %s", what->text);
}

static const cx_endpoint_events events = { .on_open = on_nothing,
                                           .on_dirty = on_nothing,
                                           .on_writable = on_nothing,
                                           .on_closed = on_closed,
                                           .on_error = on_error };

static bool init_node(sim_world *world, sim_node *node)
{
    coax_limits limits = { .max_frame = 4096 + world_below(world, 30000),
                           .max_message = 20000 + world_below(world, 120000),
                           .max_concurrent_calls = 1 + world_below(world, 40),
                           .max_send_queue = 100000 + world_below(world, 300000),
                           .window = 4096 + world_below(world, 60000) };
    node->world = world;
    if (cx_limits_resolve(&limits, NULL) != COAX_OK ||
        cx_core_init(&node->core, &world->fake.env, &hooks, NULL) != COAX_OK)
        return false;
    cx_registry_init(&node->registry, &node->core.host.pool);
    if (cx_registry_add(&node->registry, &echo_gen_service, &app_handlers, node, NULL) != COAX_OK ||
        flows_serve(world, (uint32_t)(node - world->nodes)) != COAX_OK)
        return false;
    node->as_server = (cx_endpoint_config){ .role = CX_ROLE_SERVER,
                                            .name = "node",
                                            .limits = limits,
                                            .registry = &node->registry,
                                            .call_timeout_ms = 1000,
                                            .events = &events };
    node->as_client = node->as_server;
    node->as_client.role = CX_ROLE_CLIENT;
    return true;
}

static bool init_end(sim_world *world, sim_conn *conn, unsigned which, sim_node *node)
{
    sim_end *end = &conn->ends[which];
    end->node = node;
    end->conn = conn;
    end->is_dead = false;
    end->is_over = false;
    end->pipe_len = 0;
    const cx_endpoint_config *config = which == 0 ? &node->as_client : &node->as_server;
    end->is_live = cx_endpoint_init(&end->endpoint, &node->core, config, end) == COAX_OK;
    if (end->is_live)
        cx_endpoint_start(&end->endpoint, world->fake.now);
    return end->is_live;
}

static bool connect(sim_world *world, sim_conn *conn)
{
    uint32_t from = world_below(world, world->n_nodes);
    uint32_t to = (from + 1 + world_below(world, world->n_nodes - 1)) % world->n_nodes;
    conn->is_broken = false;
    conn->is_reset = false;
    return init_end(world, conn, 0, &world->nodes[from]) &&
           init_end(world, conn, 1, &world->nodes[to]);
}

bool world_init(sim_world *world, uint64_t seed)
{
    memset(world, 0, sizeof *world);
    fake_env_init(&world->fake);
    world->fake.seed = seed;
    world->seed = seed;
    world->has_faults = true;
    world->n_nodes = 2 + world_below(world, SIM_NODES_MAX - 1);
    world->n_conns = 1 + world_below(world, SIM_CONNS_MAX);
    for (uint32_t i = 0; i < world->n_nodes; i++) {
        if (!init_node(world, &world->nodes[i]))
            return false;
    }
    for (uint32_t i = 0; i < world->n_conns; i++) {
        if (!connect(world, &world->conns[i]))
            return false;
    }
    return true;
}

sim_end *world_any_end(sim_world *world)
{
    sim_conn *conn = &world->conns[world_below(world, world->n_conns)];
    return &conn->ends[world_below(world, 2)];
}

bool world_run(sim_world *world)
{
    bool has_run = false;
    for (uint32_t i = 0; i < world->n_nodes; i++) {
        cx_core *core = &world->nodes[i].core;
        for (unsigned turns = 0; cx_core_has_work(core) && turns < 100; turns++) {
            cx_core_run(core, world->fake.now);
            has_run = true;
        }
    }
    return has_run;
}

static sim_end *other_end(sim_end *end)
{
    return end == &end->conn->ends[0] ? &end->conn->ends[1] : &end->conn->ends[0];
}

/* One flush: as much of the output as the pipe takes now, cut anywhere. Returns the bytes. */
static size_t flush(sim_world *world, sim_end *end, size_t most)
{
    coax_bytes slices[16];
    size_t n = cx_endpoint_output(&end->endpoint, slices, 1 + world_below(world, 16));
    size_t room = SIM_PIPE_SIZE - end->pipe_len;
    size_t max = end->conn->is_broken ? 0 : most < room ? most : room;
    size_t len = 0;
    for (size_t i = 0; i < n && len < max; i++) {
        size_t part = slices[i].len < max - len ? slices[i].len : max - len;
        memcpy(end->pipe + end->pipe_len + len, slices[i].data, part);
        len += part;
    }
    end->pipe_len += len;
    cx_endpoint_sent(&end->endpoint, len);
    return len;
}

/*
 * Up to `most` bytes of a pipe arrive, in a block of exactly that size so that a read past it is
 * seen.
 */
static size_t arrive(sim_world *world, sim_end *from, size_t most)
{
    static uint8_t block[SIM_PIPE_SIZE];
    size_t len = from->pipe_len < most ? from->pipe_len : most;
    if (len == 0)
        return 0;
    memcpy(block, from->pipe, len);
    from->pipe_len -= len;
    memmove(from->pipe, from->pipe + len, from->pipe_len);
    cx_endpoint_receive(&other_end(from)->endpoint, block, len, world->fake.now);
    return len;
}

/* An end hears that its transport is gone. What was on its way to it is lost. */
static void tell_lost(sim_end *end)
{
    if (end->is_dead)
        return;
    end->is_dead = true;
    other_end(end)->pipe_len = 0;
    cx_endpoint_lost(&end->endpoint, COAX_ERR_UNAVAILABLE, "connection reset");
}

/* Both ends are over: the shell frees them, and dials again. */
static void renew(sim_world *world, sim_conn *conn)
{
    if (!conn->ends[0].is_over || !conn->ends[1].is_over)
        return;
    for (unsigned i = 0; i < 2; i++) {
        cx_endpoint_deinit(&conn->ends[i].endpoint);
        conn->ends[i].is_live = false;
    }
    if (!connect(world, conn))
        world_fail(world, "no memory to connect again");
}

static void break_one(sim_world *world)
{
    sim_end *end = world_any_end(world);
    if (world_below(world, 2) == 0) {
        end->conn->is_broken = true;
        tell_lost(end); /* the other end is left half open for now */
    } else {
        cx_endpoint_close(&end->endpoint, COAX_ERR_ABORTED, COAX_ERR_CANCELLED, "enough");
    }
}

/* What a shell does with ends that are broken or closed, sooner or later. */
static void tidy(sim_world *world)
{
    sim_conn *conn = &world->conns[world_below(world, world->n_conns)];
    for (unsigned i = 0; i < 2; i++) {
        sim_end *end = &conn->ends[i];
        bool is_finished = end->is_over && cx_endpoint_queued(&end->endpoint) == 0;
        if (is_finished && end->pipe_len == 0)
            conn->is_broken = true;
        if (conn->is_broken)
            tell_lost(end);
    }
    renew(world, conn);
}

static void let_time_pass(sim_world *world, uint32_t most_ms)
{
    world->fake.now += (uint64_t)world_below(world, most_ms * 1000) * 1000u;
    for (uint32_t i = 0; i < world->n_nodes; i++)
        cx_core_advance(&world->nodes[i].core, world->fake.now);
}

void world_step(sim_world *world)
{
    const coax_call none = { NULL, 0, 0 };
    uint32_t dice = world_below(world, 1000);
    world->n_steps++;
    if (dice < 350)
        flush(world, world_any_end(world), 1 + world_below(world, 20000));
    else if (dice < 700)
        arrive(world, world_any_end(world), 1 + world_below(world, dice % 3 == 0 ? 50 : 30000));
    else if (dice < 720)
        flows_start(world, world_any_end(world));
    else if (dice < 750)
        flows_poke(world);
    else if (dice < 800)
        app_call(world, world_any_end(world), none, 0);
    else if (dice < 860)
        app_answer_one(world, true);
    else if (dice < 890)
        app_hint(world, world_any_end(world));
    else if (dice < 920)
        app_cancel_one(world);
    else if (dice < 970)
        let_time_pass(world, 20);
    else if (dice < 975)
        break_one(world);
    else if (dice < 977)
        cx_endpoint_drain(&world_any_end(world)->endpoint, 0, "enough of it");
    else
        tidy(world);
    world_run(world);
}

void world_settle(sim_world *world)
{
    for (uint32_t i = 0; i < world->n_conns * 20u; i++)
        tidy(world);
    world_run(world);
    world->has_faults = false;
    for (uint32_t i = 0; i < world->n_conns; i++) {
        /* What closed only now may still end. */
        const sim_conn *conn = &world->conns[i];
        if (cx_endpoint_is_closed(&conn->ends[0].endpoint) ||
            cx_endpoint_is_closed(&conn->ends[1].endpoint) ||
            cx_link_is_draining(&conn->ends[0].endpoint.link) ||
            cx_link_is_draining(&conn->ends[1].endpoint.link) || conn->is_broken)
            world->has_faults = true;
    }
    for (size_t moved = 1; moved > 0;) {
        moved = world->n_kept;
        for (uint32_t i = 0; i < world->n_conns * 2; i++) {
            sim_end *end = &world->conns[i / 2].ends[i % 2];
            moved += flush(world, end, SIM_PIPE_SIZE);
            moved += arrive(world, end, SIM_PIPE_SIZE);
        }
        app_answer_one(world, false);
        flows_settle(world);
        moved += world_run(world);
        if (world->failure[0] != '\0')
            return;
    }
}

static void check_end(sim_world *world, const sim_end *end)
{
    const cx_link *link = &end->endpoint.link;
    const coax_limits *limits = link->config.limits;
    if (cx_endpoint_n_handlers(&end->endpoint) > limits->max_concurrent_calls)
        world_fail(world, "more handlers than max_concurrent_calls");
    /* GOAWAY, CANCEL and the headers of cuts pass the limit. */
    if (cx_endpoint_queued(&end->endpoint) > limits->max_send_queue + 20000u)
        world_fail(world, "more queued than max_send_queue");
    if (link->partials.bytes > (size_t)CX_PARTIALS_MESSAGES * limits->max_message)
        world_fail(world, "unfinished messages hold more than allowed");
    if (link->tail_cap > 2 * (limits->max_frame + CX_FRAME_HEADER))
        world_fail(world, "an unfinished frame holds more than allowed");
    if (link->state == CX_LINK_CLOSED && !cx_core_has_work(end->endpoint.core) && !end->is_over)
        world_fail(world, "an endpoint is closed and nobody was told");
}

void world_check(sim_world *world)
{
    for (uint32_t i = 0; i < world->n_nodes; i++) {
        if (world->nodes[i].core.host.pool.kept > CX_POOL_KEEP)
            world_fail(world, "a pool keeps more than allowed");
    }
    for (uint32_t i = 0; i < world->n_conns * 2; i++)
        check_end(world, &world->conns[i / 2].ends[i % 2]);
    app_check(world);
    flows_check(world);
}

void world_check_settled(sim_world *world)
{
    world_check(world);
    for (uint32_t i = 0; i < world->n_conns * 2; i++) {
        const sim_end *end = &world->conns[i / 2].ends[i % 2];
        if (cx_endpoint_n_calls(&end->endpoint) != 0)
            world_fail(world, "%u calls have not ended, though all was answered",
                       cx_endpoint_n_calls(&end->endpoint));
        if (cx_endpoint_n_handlers(&end->endpoint) != 0)
            world_fail(world, "%u handlers are alive, though all has ended",
                       cx_endpoint_n_handlers(&end->endpoint));
        if (cx_link_is_draining(&end->endpoint.link) && cx_endpoint_is_open(&end->endpoint))
            world_fail(world, "a drained connection is still open");
        if (cx_endpoint_queued(&end->endpoint) != 0 && !end->conn->is_broken)
            world_fail(world, "something is queued, though nothing moves");
    }
}

void world_deinit(sim_world *world)
{
    world->has_faults = true;
    for (uint32_t i = 0; i < world->n_conns * 2; i++) {
        sim_end *end = &world->conns[i / 2].ends[i % 2];
        if (end->is_live)
            tell_lost(end);
    }
    world_run(world);
    for (uint32_t i = 0; i < world->n_calls; i++) {
        if (world->calls[i].state == SIM_CALL_STARTED)
            world_fail(world, "call %u never ended", i);
    }
    flows_check_over(world);
    for (uint32_t i = 0; i < world->n_conns * 2; i++) {
        if (world->conns[i / 2].ends[i % 2].is_live)
            cx_endpoint_deinit(&world->conns[i / 2].ends[i % 2].endpoint);
    }
    for (uint32_t i = 0; i < world->n_nodes; i++) {
        cx_registry_deinit(&world->nodes[i].registry);
        cx_core_deinit(&world->nodes[i].core);
    }
    if (world->fake.n_live != 0)
        world_fail(world, "%zu blocks of memory were not given back", world->fake.n_live);
}
