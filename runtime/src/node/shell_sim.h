/*
 * Loops in a simulated world. For tests.
 */
#ifndef CX_NODE_SHELL_SIM_H
#define CX_NODE_SHELL_SIM_H

#include <coax/loop.h>

#include "transport/sim.h"

/**
 * A loop whose clock, timers, streams and randomness are the world's. `options` as for
 * coax_loop_create. NULL: no memory.
 */
coax_loop *cx_sim_loop_create(cx_sim *sim, const coax_loop_options *options);

/** Its node, for faults. */
cx_sim_node *cx_sim_loop_node(coax_loop *loop);

#endif
