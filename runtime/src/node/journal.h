/*
 * The log's entries about connections and listeners, made in one place so that they look alike (docs/logs.md).
 *
 * Each costs a compare where nobody listens to the log. Read next: journal.c.
 */
#ifndef CX_NODE_JOURNAL_H
#define CX_NODE_JOURNAL_H

#include "node/conn.h"

/** A listener was opened; the last one of `server`. */
void cx_journal_listening(const coax_server *server);
void cx_journal_opened(cx_conn *conn);
/** What the peer sent ends the connection. */
void cx_journal_bad_input(cx_conn *conn, const coax_error *reason);
/** The session of its peer is over. */
void cx_journal_expired(cx_conn *conn);
/** `is_open`: it was. */
void cx_journal_ended(cx_conn *conn, bool was_open, const coax_error *reason);

#endif
