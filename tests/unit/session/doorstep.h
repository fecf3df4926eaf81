/*
 * A pair of endpoints whose server asks who comes, as if within one process: what the tests of logins by hand share.
 *
 * Read next: doorstep.c.
 */
#ifndef TESTS_UNIT_SESSION_DOORSTEP_H
#define TESTS_UNIT_SESSION_DOORSTEP_H

#include "pair.h"
#include "people.h"
#include "raw.h"

#define DOORSTEP_TOKEN "token-of-the-robot-0"

typedef struct doorstep {
    pair two;
    people users;
    coax_store *store;
    cx_logins *logins;
    cx_login_out_config shows;
    cx_endpoint_events client_events;
    cx_endpoint_events server_events;
    coax_login asked; /* the last */
    uint32_t n_asked;
    coax_mechanism mechanism; /* of the last that was asked about, and its key */
    char key_id[COAX_ID_SIZE];
    bool is_far;      /* neither encrypted nor local */
    bool has_key;     /* the client has shown one in the handshake */
    cx_stretch *away; /* a stretch that somebody else has to run; used with keeps_stretch */
    bool keeps_stretch;
} doorstep;

/* Two endpoints, not yet made; the server knows a token and users, and asks about everything else. */
void doorstep_init(doorstep *d);
/* Endpoints on both sides, started. Nothing has passed. */
void doorstep_make(doorstep *d);
void doorstep_deinit(doorstep *d);

/* HELLO with a credential; `mechanism` NULL: without. */
void doorstep_hello(raw *out, const char *mechanism, const char *user, const void *proof,
                    size_t len);
/* AUTH. */
void doorstep_auth(raw *out, const void *proof, size_t len, uint32_t memory_kib, uint32_t passes);
/* The client shows this from now on. */
void doorstep_show(doorstep *d, coax_mechanism mechanism, const char *user, const char *secret);
/* Lets the last one in who was asked about. */
coax_err doorstep_accept(doorstep *d, const char *principal);

#endif
