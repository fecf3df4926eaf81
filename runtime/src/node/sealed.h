/*
 * An encrypted connection's channel, between its stream and its endpoint.
 *
 *     stream -> cx_sealed_receive -> cx_channel -> cx_conn_feed
 *     endpoint -> cx_sealed_write: sealed into the loop's scratch, one write, the rest is kept
 *
 * Part of a cx_conn, whose wrap leads here. Knows neither keys nor whom to trust: those are the owner's
 * (identity.h, trust.h). Read next: sealed.c, secure/channel.h.
 *
 * Invariants: `kept` is there only while the stream is full; `waiting` only while the endpoint takes nothing
 * or the channel waits for its turn to compute, and reading is stopped as long.
 */
#ifndef CX_NODE_SEALED_H
#define CX_NODE_SEALED_H

#include "secure/channel.h"
#include "session/session.h"

typedef struct cx_conn cx_conn;

/**
 * Where a write is sealed to; one for all connections of a loop. Four records: with as much as a turn of the send
 * queue the peer would wait for all of a large message before it opens any of it (measured: a quarter less).
 */
#define CX_SCRATCH_SIZE (66u * 1024u)

/**
 * Of the bytes a client may send before WELCOME: what a handshake, and the lengths and tags of a few records
 * take.
 */
#define CX_SEALED_EARLY 256u

/** Bytes that can't go on yet. From the pool. */
typedef struct cx_rest {
    uint32_t at;
    uint32_t len;
    uint8_t bytes[];
} cx_rest;

/** Who the peer is by the handshake. From the pool, until the connection is open. */
typedef struct cx_proof {
    uint8_t hash_len;
    uint8_t peer_key[COAX_KEY_BYTES];
    uint8_t hash[CX_HASH_MAX];
} cx_proof;

typedef struct cx_sealed {
    cx_channel channel;
    cx_rest *kept;    /* sealed, and not taken by the stream */
    cx_rest *waiting; /* came, and is not opened yet */
    cx_proof *proof;  /* NULL: not known yet, or of no use any more */
    uint32_t
        budget; /* sealed at once: about what the stream takes, so that urgent frames wait for little */
    uint8_t last;             /* cx_last, once the channel has failed */
    bool blames_peer : 1;     /* the channel has failed, and not for want of memory */
    bool has_peer : 1;        /* the handshake is over */
    bool has_refused_key : 1; /* the owner did not like the peer's */
    bool
        is_hearsay : 1; /* client: it failed before the server had proved anything, so anybody on the way may be why */
} cx_sealed;

/** Fills in what is the same for all connections of a loop. COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_sealed_prepare(coax_loop *loop, cx_channel_config *config,
                                         coax_error *error);

/**
 * Gives `conn` a channel, before it has a stream. `config` is the owner's, and outlives it.
 * @return COAX_OK, COAX_ERR_NO_MEMORY, COAX_ERR_NOT_SUPPORTED (the suite).
 */
COAX_MUST_USE coax_err cx_sealed_create(cx_conn *conn, const cx_channel_config *config,
                                        coax_error *error);
/** Wipes and frees. */
void cx_sealed_free(cx_conn *conn);

/** A dialled stream is connected. */
void cx_sealed_start(cx_conn *conn);

void cx_sealed_receive(cx_conn *conn, uint8_t *data, size_t len);
/** Goes on with what waits. @return whether nothing waits any more. */
bool cx_sealed_resume(cx_conn *conn);

/** Writes what there is, once. @return whether there may be more to write. */
bool cx_sealed_write(cx_conn *conn);

/** The endpoint has ended: a peer that no record can reach yet may be told in clear. */
void cx_sealed_refuse(cx_conn *conn, const coax_error *why);

/** Why a stream's end ends this connection: an encrypted one has a goodbye of its own. */
void cx_sealed_explain_end(const cx_conn *conn, coax_error *why);

/** What is known of the peer by the channel. */
void cx_sealed_find_way(const cx_conn *conn, cx_way_facts *ret);

/** The peer has been let in, and its owner has been told. */
void cx_sealed_trust(cx_conn *conn);

#endif
