/*
 * Connections that have come and are not open yet: how many there may be, who goes when there are more, and
 * who is not even let in.
 *
 *     a socket is accepted -> cx_newcomers_admit (accepts_per_s of its address) -> a connection is made
 *     -> cx_newcomers_add (max_unopened) -> cx_newcomers_remove: it is open, or over
 *
 * Many honest clients may come in one moment, and so may many who never say a word. They differ in nothing but what they do
 * next, so when max_unopened is reached only those go that have had time enough to speak; if there are none the listeners
 * pause, and who waits at the system waits a little longer. Invariants: `unopened` has the connections that
 * count, in the order they came; at most one per listener is there above this loop's share. Decision 0029.
 * Read next: newcomers.c.
 */
#ifndef CX_NODE_NEWCOMERS_H
#define CX_NODE_NEWCOMERS_H

#include "node/server.h"

/** Of `first`, before it listens where addresses differ: their budget. Twice is once. COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_newcomers_make(coax_server *first, coax_error *error);
/** What each loop has of its own. */
void cx_newcomers_init(coax_server *server);
/** Works on a server that has none of it. */
void cx_newcomers_deinit(coax_server *server);

/** Whether somebody from there may come just now; else it is counted, and logged once in a while. */
bool cx_newcomers_admit(coax_server *server, const cx_origin *origin);

/**
 * Keeps a place for a connection that is about to be made on `server`'s loop. Any loop's thread. False: max_connections.
 * cx_newcomers_add takes it, or cx_newcomers_let_go gives it back.
 */
bool cx_newcomers_reserve(coax_server *server);
void cx_newcomers_let_go(coax_server *server);
/** Whether its loop has as many as it may have, those under way to it included. Any loop's thread. */
bool cx_newcomers_are_many(coax_server *server);

/** The connection is there: for it another may have to go. */
void cx_newcomers_add(coax_server *server, cx_conn *conn);
/** It is open, or has ended. Once each; nothing if it had to go before. */
void cx_newcomers_remove(coax_server *server, cx_conn *conn);

#endif
