/*
 * struct coax_server: listeners, the connections they brought, one table of handlers.
 *
 * Invariants: `opened` and `unopened` hold every connection that counts against the limits, oldest
 * first; after the user has closed the server no callback of its options runs; it is freed when its
 * listeners are closed and its connections have ended. Read next: server.c.
 */
#ifndef CX_NODE_SERVER_H
#define CX_NODE_SERVER_H

#include <coax/server.h>

#include "node/conn.h"
#include "rpc/registry.h"

/** One address a server listens on. */
typedef struct cx_door {
    coax_server *server;
    cx_listener *listener;
    cx_list links; /* server->doors, in order of listening */
} cx_door;

struct coax_server {
    coax_loop *loop;
    cx_list links; /* loop->servers */
    cx_list doors;
    cx_list opened;
    cx_list unopened;
    uint32_t n_opened;
    uint32_t n_unopened;
    uint32_t n_conns; /* all that have not ended, refused ones as well */
    uint32_t n_doors;
    cx_endpoint_config config;
    cx_registry registry;
    cx_stats stats; /* of this loop; those of others have joined it */
    cx_task freeing;
    char *name;
    bool is_closed;
    coax_server_options options; /* `name` is not to be used: it was the user's */
};

#endif
