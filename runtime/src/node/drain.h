/*
 * How a server ends in good order, and what it tells of its states.
 *
 * A server with many loops drains each of them (shards.h): a part drains what is on its loop, closes, and
 * its thread ends; STOPPED is the first one's to tell, when all have. Read next: drain.c.
 */
#ifndef CX_NODE_DRAIN_H
#define CX_NODE_DRAIN_H

#include "node/server.h"

/** Told to clients of a server that drains: when dialling at once fails, wait so long. */
#define CX_DRAIN_RETRY_MS 1000u

/** Before the server is used, parts included. */
void cx_drain_init(coax_server *server);

/**
 * Drains what is on this loop, for `ms` at most (COAX_NEVER_MS: as long as it takes). Again can only
 * shorten that. The server's loop's thread.
 */
void cx_drain_for(coax_server *server, uint32_t ms);

/** A connection, a listener or a thread has ended: perhaps it was the last. */
void cx_drain_check(coax_server *server);

/** A connection has opened: it will grow old. */
void cx_drain_begin_age(cx_conn *conn);
/** It has, or it has been drained for long enough. */
void cx_drain_on_life_over(cx_conn *conn);

/** `first` is in this state now; on_state is told from the loop, each state once. */
void cx_drain_enter(coax_server *first, coax_server_state state);

#endif
