/*
 * The Diffie-Hellman of strangers, a few in each turn of the loop.
 *
 * A handshake costs its server some tenths of a millisecond and its client, who may send random bytes, nothing. So those
 * of one turn are counted; past the most the connection waits in line, unread, and goes on in a later turn, in the
 * order it came. Open connections so wait for a few handshakes at most, however many come at once. Those in line are
 * among the unopened ones, of which there are max_unopened; none of them is dropped for being slow,
 * because it is not. Read next: turnstile.c, newcomers.h.
 */
#ifndef CX_NODE_TURNSTILE_H
#define CX_NODE_TURNSTILE_H

#include "node/conn.h"

/** Messages of handshakes that are computed in one turn. */
#define CX_COMPUTES_PER_TURN 8u

/** Whether `conn` may compute now (cx_channel_events.may_compute). False: it is in line, and will be resumed. */
bool cx_turnstile_admits(cx_conn *conn);

#endif
