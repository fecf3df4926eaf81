/*
 * What lies between a stream's bytes and an endpoint's: the preface, and what it says comes next.
 *
 *     stream on_data -> cx_wrap_receive -> cx_conn_feed        write <- cx_wrap_ahead, the endpoint
 *
 * Part of a cx_conn, of which conn.c is the rest. Read next: wrap.c, secure/preface.h.
 */
#ifndef CX_NODE_WRAP_H
#define CX_NODE_WRAP_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/bytes.h>

#include "secure/preface.h"

typedef struct cx_conn cx_conn;

typedef struct cx_wrap {
    uint8_t
        preface[CX_PREFACE_LEN]; /* a server's: what has come of it; a client's: what it sends */
    uint8_t n_preface;           /* how much has come, or has left */
} cx_wrap;

/** A client's, before the stream is open. */
void cx_wrap_dial(cx_wrap *wrap);

/** Takes bytes that arrived; those of the endpoint go to cx_conn_feed. */
void cx_wrap_receive(cx_conn *conn, uint8_t *data, size_t len);

/** What leaves before the endpoint's output; empty: nothing, or no more. */
coax_bytes cx_wrap_ahead(const cx_wrap *wrap, bool is_client);

/** `written` bytes have left, those of cx_wrap_ahead first. @return those of the endpoint. */
size_t cx_wrap_sent(cx_wrap *wrap, bool is_client, size_t written);

#endif
