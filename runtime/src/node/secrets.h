/*
 * What a client logs in with: its options looked through, the password or token in locked memory.
 *
 * Read next: secrets.c, session/login_out.h.
 */
#ifndef CX_NODE_SECRETS_H
#define CX_NODE_SECRETS_H

#include <coax/client.h>

#include "node/loop.h"
#include "session/login_out.h"

typedef struct cx_secrets {
    cx_login_out_config config;
    char *user;
    char *secret; /* locked; NULL: none, or asked for */
    void *roles;  /* what config.server_roles points into */
} cx_secrets;

/** Whether the options make sense. @return COAX_OK; COAX_ERR_BAD_OPTION, named. */
COAX_MUST_USE coax_err cx_secrets_check(const coax_client_options *options, coax_error *error);

/** Copies what cx_secrets_check has let through. `ask` gets `self`. COAX_ERR_NO_MEMORY: to be freed all the same. */
COAX_MUST_USE coax_err cx_secrets_take(cx_secrets *secrets, cx_net *net,
                                       const coax_client_options *options,
                                       bool (*ask)(void *self, char *buffer, size_t size),
                                       void *self);
/** Wipes. Works on zeroed ones. */
void cx_secrets_free(cx_secrets *secrets, cx_net *net);

/**
 * Runs `stretch` on a thread of libuv's, behind others of the same client, and finishes it on `loop`, which waits for it
 * before it ends. False: there are no threads here, or no memory.
 */
bool cx_secrets_stretch(coax_loop *loop, cx_stretch *stretch);
/** How many are being run. */
uint32_t cx_secrets_n_stretches(const coax_loop *loop);

#endif
