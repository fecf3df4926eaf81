/*
 * SIGTERM and SIGINT, for loops that drain on them.
 */
#ifndef CX_NODE_SIGNALS_H
#define CX_NODE_SIGNALS_H

#include "node/loop.h"

/** A server of this loop has stopped: if that was what a signal asked for, and it was the last, the loop
 * stops. */
void cx_signals_server_stopped(coax_loop *loop);

/** Gives the signals back, when the loop ends. The loop waits for what this closes. */
void cx_signals_close(coax_loop *loop);

#endif
