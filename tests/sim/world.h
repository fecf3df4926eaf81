/*
 * A small world of nodes that call each other over pipes that delay, split, join, break and half-
 * break, all from one seed.
 *
 * Every node has a core, every connection two endpoints and two pipes of bounded size. One step
 * does one thing: a node flushes, bytes arrive, time passes, somebody calls, answers, cancels,
 * closes, or a connection breaks. After each step world_check looks at what must hold at any time.
 * Read next: world.c, app.c, main.c.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "echo.h"
#include "fake_env.h"
#include "flow.h"
#include "rpc/rpc.h"

#define SIM_NODES_MAX 4u
#define SIM_CONNS_MAX 4u
#define SIM_CALLS_MAX 400u
#define SIM_PIPE_SIZE 40000u
#define SIM_FLOWS_MAX 60u /* no more than FLOW_ENDS_MAX */

typedef struct sim_world sim_world;
typedef struct sim_conn sim_conn;

typedef struct sim_node {
    cx_core core; /* first: it is the coax_loop */
    cx_registry registry;
    cx_endpoint_config as_client;
    cx_endpoint_config as_server;
    sim_world *world;
} sim_node;

/* One end of a connection; its pipe holds what it has sent and the other end has not yet got. */
typedef struct sim_end {
    cx_endpoint endpoint;
    sim_node *node;
    sim_conn *conn;
    bool is_live; /* until its deinit */
    bool is_dead; /* its transport has ended, and it has been told */
    bool is_over; /* on_closed has run */
    uint8_t pipe[SIM_PIPE_SIZE];
    size_t pipe_len;
} sim_end;

struct sim_conn {
    sim_end ends[2]; /* client, server */
    bool is_broken;  /* nothing passes any more; one end may not know yet */
    bool is_reset;   /* broken by the world, not closed by an end */
};

typedef enum sim_call_state { SIM_CALL_FREE = 0, SIM_CALL_STARTED, SIM_CALL_DONE } sim_call_state;

/* One call, from its start to after its end. The note's id is its index here. */
typedef struct sim_call {
    sim_world *world;
    sim_call_state state;
    sim_end *from;
    coax_call handle;
    size_t body_len;
    uint64_t deadline;
    uint32_t n_done;
    uint32_t n_handled;
    coax_err err;
    coax_call parent; /* the call it was made for, while handling it; or none */
    uint32_t parent_id;
} sim_call;

/* A call that a handler keeps, to answer later or again. */
typedef struct sim_kept {
    coax_call call;
    uint32_t id;
    const echo_note *request; /* NULL: it is no longer needed */
} sim_kept;

/* One stream, at its caller. Its index, and one, is its tag, by which its handler's end is found. */
typedef struct sim_flow {
    flow_end caller;
    bool is_started;
} sim_flow;

struct sim_world {
    fake_env fake;
    uint64_t seed;
    sim_node nodes[SIM_NODES_MAX];
    sim_conn conns[SIM_CONNS_MAX];
    uint32_t n_nodes;
    uint32_t n_conns;
    sim_call calls[SIM_CALLS_MAX];
    uint32_t n_calls;
    sim_kept kept[SIM_CALLS_MAX];
    uint32_t n_kept;
    flow_server servers[SIM_NODES_MAX];
    sim_flow flows[SIM_FLOWS_MAX];
    uint32_t n_flows;
    uint32_t n_hints_sent;
    uint32_t n_hints_seen;
    uint32_t n_steps;
    bool has_faults;   /* breaks and closes may happen */
    char failure[400]; /* the first broken rule; "" while all is well */
};

/* A world of 2 to 4 nodes and 1 to 4 connections, from its seed. false: no memory. */
bool world_init(sim_world *world, uint64_t seed);
void world_deinit(sim_world *world);
/* One random thing. */
void world_step(sim_world *world);
/* Lets everything arrive without faults, and answers what is kept, until nothing moves. */
void world_settle(sim_world *world);
/* Remembers the first rule that does not hold. */
void world_check(sim_world *world);
/* What must hold once nothing is on its way. */
void world_check_settled(sim_world *world);
void world_fail(sim_world *world, const char *format, ...) COAX_PRINTF(2, 3);

uint32_t world_below(sim_world *world, uint32_t n);
sim_end *world_any_end(sim_world *world);
/* Carries out what nodes have put off; false when there was nothing. */
bool world_run(sim_world *world);

/* app.c: what programs do. */
extern const echo_handlers app_handlers;
void app_call(sim_world *world, sim_end *from, coax_call parent, uint32_t parent_id);
void app_hint(sim_world *world, sim_end *from);
void app_cancel_one(sim_world *world);
void app_answer_one(sim_world *world, bool is_random);
void app_check(sim_world *world);

/* flows.c: what they do with streams. */
coax_err flows_serve(sim_world *world, uint32_t node);
void flows_start(sim_world *world, sim_end *from);
/* Pauses, resumes, cancels, receives late, or answers late. */
void flows_poke(sim_world *world);
/* Nobody is slow any more. */
void flows_settle(sim_world *world);
void flows_check(sim_world *world);
void flows_check_over(sim_world *world);

#endif
