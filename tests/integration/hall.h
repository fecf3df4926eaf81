/*
 * A server with many loops whose first loop a thread of its own runs, and the handlers of crowd.idl.
 */
#ifndef TESTS_INTEGRATION_HALL_H
#define TESTS_INTEGRATION_HALL_H

#include <stdatomic.h>

#include <uv.h>

#include "crowd_client.h"
#include "crowd_server.h"

typedef struct hall {
    coax_loop *loop;
    coax_server *server;
    uv_thread_t thread;
    bool has_thread;
    atomic_uint n_connects;
    atomic_uint n_disconnects;
    atomic_uint n_posted;
    char url[300];
} hall;

/** Loop and server, with the handlers; `options` NULL: so many loops and nothing else. */
void hall_make(hall *h, uint32_t loops, const coax_server_options *options);
/** Listens, and runs the loop. */
void hall_open(hall *h, const char *url);
void hall_run(hall *h);
/** Stops the thread, destroys the loop. */
void hall_close(hall *h);

/** Address of a new unix socket. */
const char *hall_unix_url(void);

/** Dials, or fails the test. */
coax_client *hall_dial(const hall *h);
/** Which loop has the connection of `client`, as a number. */
uint64_t hall_where(coax_client *client);

#endif
