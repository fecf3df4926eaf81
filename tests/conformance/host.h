/*
 * The host: who serves interop.idl, on a loop and on workers, and what it knows of its calls.
 *
 * One host may be served by a server of several loops, by workers, and by a client; its counters are for any thread.
 * Read next: host.c (one answer), host_flows.c (streams), host_worked.c (workers), host_turn.c (calls back).
 */
#ifndef TESTS_CONFORMANCE_HOST_H
#define TESTS_CONFORMANCE_HOST_H

#include <uv.h>

#include "chunks.h"
#include "interop_client.h"
#include "interop_server.h"

typedef struct host {
    uv_mutex_t mutex;
    uv_cond_t changed;
    /* Under the mutex. */
    uint32_t n_begun;
    uint32_t n_open; /* handlers that are not done with their calls */
    uint32_t
        n_left; /* of calls that nobody waits for any more: all, and those whose handlers are told why */
    uint32_t n_cancelled;
    uint32_t n_timed_out; /* or cancelled: the caller's clock and its word run a race to the host */
    uint32_t n_lost;
    uint32_t n_chunks;
    uint32_t n_connected;
    uint32_t n_disconnected;
    uint32_t n_stopped; /* servers */
    uint32_t n_subscribed;
    uint32_t n_notes;
    uint32_t last_note;
    uint64_t n_bytes;
    /* Fixed before anything runs. */
    coax_server *server; /* who emits */
} host;

void host_init(host *h);
/** Nothing of it runs any more. */
void host_deinit(host *h);
/** Adds every service of interop.idl that is served anywhere; those with @blocking methods if `has_workers`. */
coax_err host_serve(host *h, coax_server *server, bool has_workers);
/** Serves Interop. `self` is a host. */
coax_err host_serve_client(coax_client *client, void *self);

/** Adds to one of its counters. */
void host_count(host *h, uint32_t *counter, uint32_t by);
uint32_t host_read(host *h, const uint32_t *counter);
/** Waits until the counter is at least `wanted` (exactly 0 when that is 0), on a thread that runs no loop. */
void host_wait(host *h, const uint32_t *counter, uint32_t wanted);

/* What the files of the host share. */

/** A handler begins, and is done. */
void host_begin(host *h);
void host_end(host *h);
/** A chunk came. */
void host_note_chunk(host *h, size_t len);
/** Nobody waits for a call any more. */
void host_note_left(host *h, coax_err why);
/** Sends back the metadata that asks for it. */
void host_greet(coax_call call);
/** Ends a call as it was asked to. */
void host_fail(coax_call call, const interop_ending *ending);

void host_fill_flows(interop_interop_handlers *handlers);
void host_fill_turn(interop_interop_handlers *handlers);
coax_err host_serve_worked(host *h, coax_server *server);
coax_err host_serve_news(host *h, coax_server *server);

#endif
