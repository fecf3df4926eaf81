/*
 * A simulated network on a virtual clock: the same code that runs on sockets runs here, and a seed
 * replays it.
 *
 * A world holds nodes (one loop each), the clock and a heap of things to happen. Nothing happens by
 * itself: cx_sim_step moves the clock to the next event and lets the node it belongs to act, then
 * ends that node's turn. What the network does to bytes is its weather: delay, fragmentation,
 * coalescing; faults are done to streams by hand or by chance. One thread. Read next: sim.c,
 * node/shell_sim.c.
 */
#ifndef CX_TRANSPORT_SIM_H
#define CX_TRANSPORT_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "transport/transport.h"

typedef struct cx_sim cx_sim;
typedef struct cx_sim_node cx_sim_node;
typedef struct cx_sim_event cx_sim_event;

/** How the network treats every stream dialled from now on. Zeroed: instant, whole, faultless. */
typedef struct cx_sim_weather {
    uint64_t min_delay_ns;
    uint64_t max_delay_ns;
    uint32_t max_piece;  /* bytes that arrive together, at most; 0: as written */
    uint32_t capacity;   /* bytes on the way that a stream takes before it is full; 0: 256 KiB */
    uint32_t refuse_ppm; /* dials refused, of a million */
    uint32_t reset_ppm;  /* writes that break the connection, of a million */
    bool coalesces;      /* what has arrived by now is delivered together */
} cx_sim_weather;

/** Something that will happen at `at_ns`. Lives in what it happens to; zeroed: not planned. */
struct cx_sim_event {
    uint64_t at_ns;
    uint64_t order; /* of two at the same time the one planned first */
    uint32_t place; /* 1 + index in the heap; 0: not planned */
    void (*happen)(void *self);
    void *self;
    cx_sim_node *node;
};

/** One loop in the world. Lives in its shell. */
struct cx_sim_node {
    cx_sim *sim;
    cx_net *net;
    cx_list links;
    cx_list listeners;
    void (*end_turn)(void *self);
    void *self;
};

/** An empty world. Memory comes from malloc. NULL: no memory. */
cx_sim *cx_sim_create(uint64_t seed);
/** All loops are destroyed. NULL is fine. */
void cx_sim_destroy(cx_sim *sim);

uint64_t cx_sim_now(const cx_sim *sim);
/** The next number of the seeded sequence. */
uint64_t cx_sim_random(cx_sim *sim);
/** From 0 to `below` - 1; 0 when `below` is 0. */
uint64_t cx_sim_below(cx_sim *sim, uint64_t below);
void cx_sim_set_weather(cx_sim *sim, const cx_sim_weather *weather);

/** Lets the next thing happen. @return false: nothing is planned. */
bool cx_sim_step(cx_sim *sim);
/** Lets everything happen until `at_ns`, and moves the clock there. */
void cx_sim_run_until(cx_sim *sim, uint64_t at_ns);
/** Steps taken so far. */
uint64_t cx_sim_steps(const cx_sim *sim);

void cx_sim_add_node(cx_sim *sim, cx_sim_node *node);
void cx_sim_remove_node(cx_sim_node *node);

/**
 * Makes room for `n` more events to be planned at once; whoever has events reserves for them.
 * @return false: no memory.
 */
bool cx_sim_reserve(cx_sim *sim, uint32_t n);
void cx_sim_unreserve(cx_sim *sim, uint32_t n);
/** Plans `event`, or moves it. */
void cx_sim_plan(cx_sim *sim, cx_sim_event *event, uint64_t at_ns);
void cx_sim_cancel(cx_sim *sim, cx_sim_event *event);

/* Faults, done to every connection that `node` has with anybody (NULL: to all connections). */

/** Both ends see the connection reset. */
void cx_sim_reset(cx_sim *sim, const cx_sim_node *node);
/** Nothing more arrives, and nobody is told. */
void cx_sim_black_hole(cx_sim *sim, const cx_sim_node *node);
/** What is on its way arrives no earlier than `until_ns`. */
void cx_sim_stall(cx_sim *sim, const cx_sim_node *node, uint64_t until_ns);

#endif
