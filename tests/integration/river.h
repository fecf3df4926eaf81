/*
 * The river: a server of streams on a loop of its own thread, and a client of one of two kinds.
 */
#ifndef TESTS_INTEGRATION_RIVER_H
#define TESTS_INTEGRATION_RIVER_H

#include <stdatomic.h>

#include <uv.h>

#include "river_client.h"
#include "river_server.h"

typedef enum river_kind {
    RIVER_DIALLED, /* who waits runs the client's loop */
    RIVER_SHARED   /* the client is on the server's loop, which the server's thread runs */
} river_kind;

typedef struct river {
    coax_loop *loop;
    coax_server *server;
    coax_client *client;
    uv_thread_t thread;
    char url[300];
    atomic_uint n_cancelled; /* handlers that heard of it */
    atomic_uint n_pushed;
    atomic_bool refuses; /* subscriptions */
} river;

/** `options` NULL: defaults. */
void river_open(river *r, river_kind kind, const coax_client_options *options);
void river_close(river *r);
/** Runs `fn(self)` on the server's loop and waits for it. */
void river_on_loop(river *r, void (*fn)(void *self), void *self);

#endif
