/*
 * Whom a client trusts: which server's key it expects at its address, and what it shows of its own.
 *
 * Read next: trust.c, secure/known_hosts.h.
 */
#ifndef CX_NODE_TRUST_H
#define CX_NODE_TRUST_H

#include <coax/client.h>

#include "node/conn.h"
#include "secure/known_hosts.h"

typedef struct cx_trust_state {
    coax_key *key; /* this client's own */
    coax_key *psk; /* locked memory for 32 bytes; NULL: none */
    char *known_hosts;
    coax_trust trust;
    bool is_pinned;                   /* `expected` was given, and nothing else counts */
    bool is_new;                      /* nothing was known at the last dial */
    uint8_t expected[COAX_KEY_BYTES]; /* with IK */
    cx_known_host host;               /* what was known at the last dial */
    char address[CX_URL_PRINT_MAX];   /* as it stands in known_hosts */
    cx_channel_config config;         /* of the connection dialled last */
} cx_trust_state;

/**
 * What a client of `url` has to know, from its options; *ret_state stays NULL for connections that are not
 * encrypted. @return COAX_OK, COAX_ERR_BAD_OPTION, COAX_ERR_INSECURE (an option that needs encryption, with
 * plain+), COAX_ERR_NOT_SUPPORTED (the suite), what coax_key_load says, COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_trust_create(coax_loop *loop, const cx_url *url,
                                       const coax_client_options *options,
                                       cx_trust_state **ret_state, coax_error *error);
/** NULL is fine. */
void cx_trust_free(cx_trust_state *state, coax_loop *loop);

/**
 * Looks the server up and gives `conn` its channel. @return also COAX_ERR_BAD_KEY, COAX_ERR_BAD_MESSAGE,
 * COAX_ERR_SYSTEM: known_hosts can't be used.
 */
COAX_MUST_USE coax_err cx_trust_dial(cx_trust_state *state, cx_conn *conn, coax_error *error);

/** For cx_conn_owner.on_peer_key and .explain. */
coax_err cx_trust_judge(cx_trust_state *state, const uint8_t key[COAX_KEY_BYTES], coax_error *why);
void cx_trust_explain(const cx_trust_state *state, coax_error *why);

/** The connection is open: a server met for the first time is recorded. @return COAX_OK, or why it is not to be trusted
 * after all. */
COAX_MUST_USE coax_err cx_trust_record(cx_trust_state *state, const cx_conn *conn,
                                       coax_error *error);

#endif
