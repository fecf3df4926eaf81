/*
 * A server that asks who somebody is and clients that say it, in the simulator, and a page of what was told.
 *
 * Read next: gate.c, login_test.c.
 */
#ifndef TESTS_UNIT_NODE_GATE_H
#define TESTS_UNIT_NODE_GATE_H

#include "node/shell_sim.h"
#include "people.h"
#include "probe.h"
#include "transport/sim.h"

#define GATE_MS UINT64_C(1000000)
#define GATE_ASKED_MAX 64
#define GATE_CLIENTS_MAX 8

/* What on_login does. */
typedef enum gate_answer {
    GATE_KEEPS = 0, /* answers later: see gate.asked */
    GATE_ACCEPTS,
    GATE_REFUSES,
    GATE_DEFERS,
    GATE_CLOSES_PEER, /* and accepts, too late */
    GATE_CLOSES_SERVER
} gate_answer;

typedef struct gate {
    cx_sim *sim;
    coax_loop *loop;
    coax_server *server;
    coax_client *clients[GATE_CLIENTS_MAX];
    uint32_t n_clients;
    probe probe;
    const char *url;
    char text[8000];
    coax_error reason;    /* the last that a client was told */
    char log_reason[300]; /* the last that the log was told */
    coax_session session; /* the last that came in, with its texts below */
    char principal[256];
    char roles[256];
    void *data;
    gate_answer answer;
    const char *identity; /* who on_login lets in; NULL: the credential's user, or "somebody" */
    coax_login asked[GATE_ASKED_MAX];
    uint32_t n_asked;
    coax_peer asking; /* the last */
    char user[256];   /* of the last that was asked about */
    char secret[256];
    coax_mechanism mechanism;
    uint64_t opened_ms;    /* when the last came in */
    uint32_t n_secrets;    /* how often on_secret was asked */
    const char *secret_is; /* what it says; NULL: it gives up */
    bool closes_in_secret;
} gate;

void gate_open(gate *g, uint64_t seed);
/** Checks that nothing is left. */
void gate_close(gate *g);

coax_server_options gate_server_options(gate *g);
coax_client_options gate_client_options(gate *g);
/** The same, of somebody. */
coax_client_options gate_as(gate *g, const char *user, const char *password);
/** A server on g->url. */
void gate_serve(gate *g, const coax_server_options *options);
/** One more client. */
coax_client *gate_dial(gate *g, const coax_client_options *options);
void gate_run(gate *g, uint64_t ms);

void gate_write(gate *g, const char *format, ...) COAX_PRINTF(2, 3);
/** Fails unless the page is exactly `expected`, and begins a new one. */
void gate_is(gate *g, const char *expected);
void gate_forget(gate *g);

/** A call; its end is written as "add ok". */
coax_err gate_add(gate *g, coax_client *client);

/** For on_login and on_secret. */
void gate_on_login(void *self, coax_login login, const coax_credential *credential);
bool gate_on_secret(void *self, coax_client *client, char *buffer, size_t size);

#endif
