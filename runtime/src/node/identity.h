/*
 * A server's own key: where it comes from, and the channels that are made with it.
 *
 * Loaded, or made, when the first encrypted listener opens: servers on inproc:// alone touch no file. Read
 * next: identity.c, trust.h (the other side).
 */
#ifndef CX_NODE_IDENTITY_H
#define CX_NODE_IDENTITY_H

#include <coax/server.h>

#include "node/loop.h"
#include "secure/channel.h"

typedef struct cx_identity {
    coax_key *key;  /* NULL: not needed yet */
    coax_key *psk;  /* locked memory for 32 bytes; NULL: none */
    char *key_file; /* chosen by the user; NULL: the default, or a key was given */
    char *loaded;   /* where the key was read or written; NULL: it was given */
    bool needs_known_key;
    cx_channel_config config; /* for the connections of one loop; zeroed: not made yet */
} cx_identity;

/** Takes over what `options` say, copying it. @return COAX_OK, COAX_ERR_BAD_OPTION, COAX_ERR_NO_MEMORY. */
COAX_MUST_USE coax_err cx_identity_init(cx_identity *identity, coax_loop *loop,
                                        const coax_server_options *options, coax_error *error);
/** Works on a zeroed one. */
void cx_identity_deinit(cx_identity *identity, coax_loop *loop);

/** Has the key there and `config` made for `loop`. @return also what coax_key_load_or_create does. */
COAX_MUST_USE coax_err cx_identity_load(cx_identity *identity, coax_loop *loop, coax_error *error);

/** The same identity for another loop. `first` is loaded. */
COAX_MUST_USE coax_err cx_identity_share(cx_identity *identity, coax_loop *loop,
                                         const cx_identity *first, coax_error *error);

/**
 * Whether a server with these options may listen without encryption. @return COAX_OK, COAX_ERR_INSECURE with the name
 * of the option that forbids it.
 */
COAX_MUST_USE coax_err cx_identity_check_plain(const coax_server_options *options, const char *url,
                                               coax_error *error);

#endif
