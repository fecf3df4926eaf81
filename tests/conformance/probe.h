/*
 * The server side of the conformance cases.
 */
#ifndef TESTS_CONFORMANCE_PROBE_H
#define TESTS_CONFORMANCE_PROBE_H

#include <coax/coax.h>

#include "conformance_client.h"
#include "conformance_server.h"

#define PROBE_HELD_MAX 2048u

/** The state of the handlers of one server. Belongs to its loop's thread. */
typedef struct probe {
    coax_call held[PROBE_HELD_MAX];
    uint32_t tickets[PROBE_HELD_MAX];
    uint32_t n_held;
    uint32_t n_notes;
    uint32_t last_note;
    uint32_t second_answer;
    uint32_t n_connected;
    uint32_t n_disconnected;
    uint32_t n_errors;
    uint32_t n_writable;
    uint32_t n_handled;
    coax_error last_error;
    coax_error last_reason;
    char last_address[300]; /* of who disconnected */
    char last_name[64];
    coax_client *next; /* the next server, for `remaining`; NULL: this is the last */
    bool closes_in_handler;
    coax_server *server;
} probe;

coax_err probe_serve(coax_server *server, probe *p);

/** Hooks that count, for coax_server_options. */
void probe_on_connect(void *self, coax_peer peer);
void probe_on_disconnect(void *self, coax_peer peer, const coax_error *reason);
void probe_on_error(void *self, coax_peer peer, const coax_error *what);
void probe_on_writable(void *self, coax_peer peer);
/** Answers any unknown method with its own request. */
void probe_on_unknown(void *self, coax_call call, uint32_t method_id, coax_bytes request);

/** Serves Helper on a client. */
coax_err helper_serve(coax_client *client);

#endif
