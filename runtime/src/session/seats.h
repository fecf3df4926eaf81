/*
 * Who is connected as whom, over all loops of a server: for its policy on a second login.
 *
 * A seat is a principal and the connection that has it; there is one seat for each principal. Locked by
 * the guard given at init. Bounded by the connections there may be. Read next: seats.c, logins.h.
 */
#ifndef CX_SESSION_SEATS_H
#define CX_SESSION_SEATS_H

#include <coax/auth.h>
#include <coax/env.h>

#include "session/guard.h"

typedef struct cx_seat {
    struct cx_seat *next; /* with the same hash */
    uint64_t hash;
    coax_peer peer;
    char principal[];
} cx_seat;

typedef struct cx_seats {
    const coax_env *env;
    const cx_guard *guard;
    cx_seat **rows;
    uint32_t n_rows; /* a power of 2; 0: none yet */
    uint32_t count;
    uint8_t key[16]; /* principals may be anybody's choice */
} cx_seats;

/* Both are borrowed. Takes no memory yet. */
void cx_seats_init(cx_seats *seats, const coax_env *env, const cx_guard *guard);
void cx_seats_deinit(cx_seats *seats);

/*
 * Takes the seat of `principal` for `peer` if it is free, or if `gone` (NULL: nobody) has it.
 * COAX_OK; COAX_ERR_ALREADY_EXISTS: `*ret_other` has it; COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_seats_take(cx_seats *seats, const char *principal, coax_peer peer,
                                     const coax_peer *gone, coax_peer *ret_other);
/* Gives it back if `peer` still has it. */
void cx_seats_leave(cx_seats *seats, const char *principal, coax_peer peer);

#endif
