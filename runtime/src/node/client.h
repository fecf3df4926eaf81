/*
 * struct coax_client: one dialled connection, what it serves, and what the user wants to hear.
 *
 * Invariants: `conn` is there until the connection has ended; the client is freed when the user has
 * closed it and the connection has ended, from a task, so that closing is legal anywhere. Read
 * next: client.c, wait.c.
 */
#ifndef CX_NODE_CLIENT_H
#define CX_NODE_CLIENT_H

#include <coax/client.h>

#include "node/conn.h"
#include "rpc/registry.h"

struct coax_client {
    coax_loop *loop;
    cx_conn *conn; /* NULL once it has ended */
    cx_list links; /* loop->clients */
    cx_endpoint_config config;
    cx_registry registry;
    cx_stats stats;
    cx_task freeing;
    coax_client_state state;
    coax_error *reason; /* why it is closed; NULL before, or when there was no memory for it */
    bool is_released;   /* the user has closed it */
    bool is_dialled;    /* on a private loop */
    uint32_t
        /* blocking calls of other threads that the loop has not seen yet; under its mutex */
        n_posted;
    bool frees_later; /* when they have been seen */
    char *name;
    char *url;
    void *self;
    void (*on_state)(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason);
    void (*on_writable)(void *self, coax_client *client);
};

/** Ends the connection: calls in flight end with `calls_end`. Nothing when it has ended already. */
void cx_client_end(coax_client *client, coax_err calls_end, const char *words);

/** coax_client_close for a client on a loop that somebody else runs. */
void cx_client_release(coax_client *client);

/**
 * Counts a blocking call on its way to the loop, which keeps the client in memory, and counts it
 * off.
 */
void cx_client_posted(coax_client *client);
void cx_client_seen(coax_client *client);

/** Frees one whose connection has ended. */
void cx_client_free(coax_client *client);

/** Where calls go, or NULL with the reason in `error`. */
cx_endpoint *cx_client_endpoint(coax_client *client, coax_error *error);

#endif
