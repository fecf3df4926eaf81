/*
 * What lies between a stream's bytes and an endpoint's: the preface, and what it says comes next.
 *
 *     stream on_data -> cx_wrap_receive -> [channel] -> cx_conn_feed
 *     write <- the preface, then [channel] <- the endpoint
 *
 * Part of a cx_conn, of which conn.c is the rest. Read next: wrap.c, secure/preface.h.
 */
#ifndef CX_NODE_WRAP_H
#define CX_NODE_WRAP_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/bytes.h>

#include "node/sealed.h"
#include "secure/preface.h"

typedef struct cx_wrap {
    bool is_sealed;
    uint8_t n_preface; /* plain: how much of it has come, or has left */
    union {
        cx_sealed *sealed; /* encrypted */
        uint8_t
            preface[CX_PREFACE_LEN]; /* plain: what has come of it (server), or is sent (client) */
    } as;
} cx_wrap;

/** A client's, before the stream is open. */
void cx_wrap_dial(cx_wrap *wrap);

/** Takes bytes that arrived; those of the endpoint go to cx_conn_feed. */
void cx_wrap_receive(cx_conn *conn, uint8_t *data, size_t len);

/** Goes on with what was not taken while reading had stopped. @return whether nothing is left of it. */
bool cx_wrap_resume(cx_conn *conn);

/** Writes what there is, once. @return whether there may be more to write. */
bool cx_wrap_write(cx_conn *conn);

#endif
