/*
 * Whose turn it is to run a dialled client's private loop.
 *
 * The loop has no thread of its own: a thread that waits for its call runs the loop (it leads), the
 * others wait for it and take over when it leaves. So a program with one thread pays no hop, and
 * one with many is served as well. Read next: wait.c.
 */
#ifndef CX_NODE_TURNS_H
#define CX_NODE_TURNS_H

#include "node/client.h"

/** Under loop->shared.mutex. */
typedef struct cx_turns {
    uint32_t n_users; /* threads inside a blocking call, or running the loop themselves */
    bool is_closing;  /* nobody enters any more */
    bool catches_up;  /* its client reconnects: set before anybody enters */
    bool destroys;    /* closed in a callback: the last to leave destroys the loop */
} cx_turns;

/**
 * Around running or waiting for a private loop; nothing for other loops. The loop may be gone after
 * the second.
 */
void cx_turns_enter(coax_loop *loop);
void cx_turns_leave(coax_loop *loop);

/**
 * Lets the loop notice what has happened since it last ran, where the client reconnects: a connection that has
 * ended meanwhile would take a call only to lose it. Costs a system call. The caller has the right to
 * run; nothing for other loops.
 */
void cx_turns_catch_up(coax_loop *loop);

/** coax_client_close for a dialled one. */
void cx_turns_close(coax_client *client);

/**
 * Leads, or waits for the leader, until `*is_done`, which is only written under the loop's mutex.
 */
void cx_turns_wait(coax_loop *loop, const bool *is_done);

/**
 * Runs the loop until `*is_done`, which this thread sets while it runs it. The caller has the right
 * to run.
 */
void cx_turns_run(coax_loop *loop, const bool *is_done);

#endif
