/*
 * Who has guessed wrong too often waits: failed logins, counted per user and per address.
 *
 * Whoever logs in takes a ticket before anything is done for him, and every ticket is ended once:
 *
 *     cx_throttle_ask         0: go on; else the milliseconds to wait, and nothing may be looked at or computed
 *     cx_throttle_succeeded   he was who he said
 *     cx_throttle_failed      he was not, or he left before it was known: whoever has heard the server's half of an
 *                             OPAQUE login knows whether he guessed right without ever answering
 *     cx_throttle_undecided   nobody could say (the verifier is away): nothing is counted
 *
 * Invariants: memory is fixed from the start; no name or address is kept, only their keyed hashes, so that
 * names that exist and names that don't are the same thing here; time comes as an argument. Decision 0029 says
 * why it is as it is. Any thread, where the config has a lock. Read next: throttle.c.
 */
#ifndef CX_SESSION_THROTTLE_H
#define CX_SESSION_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/env.h>
#include <coax/error.h>

#include "base/origin.h"

typedef struct cx_throttle cx_throttle;

typedef struct cx_throttle_config {
    const coax_env *env;   /* borrowed: memory, and the hashes' key */
    uint32_t failures;     /* of one user before waiting begins; ten times as many of one address */
    uint32_t delay_max_ms; /* the longest wait; it is 1 s at first and doubled by each failure */
    uint32_t max_asked;    /* logins of one address that a program may be deciding; 0: any number */
    /* Around everything, where several loops share it; NULL: one thread. */
    void (*lock)(void *self);
    void (*unlock)(void *self);
    void *self;
} cx_throttle_config;

/* One login under way. All zero: none, and ending it does nothing. */
typedef struct cx_throttle_ticket {
    uint64_t user;    /* keyed hashes */
    uint64_t address; /* 0: no ticket */
    uint64_t pair;    /* 0: he has no name */
    bool is_known;    /* this user has logged in from this address before */
    bool is_asked;    /* somebody has been asked about it: cx_throttle_may_ask */
} cx_throttle_ticket;

/* NULL: no memory. About 330 KiB. */
cx_throttle *cx_throttle_create(const cx_throttle_config *config);
/* NULL is fine. */
void cx_throttle_destroy(cx_throttle *throttle);

/*
 * Whether `user` may try to log in from `origin` now. `user.data` NULL: he has no name (a shared password, a token), and
 * his address stands for him. Without a throttle (NULL) everybody may.
 * Returns 0 and the ticket, which must be ended; or milliseconds, at least 1, and an empty ticket.
 */
uint32_t cx_throttle_ask(cx_throttle *throttle, coax_str user, const cx_origin *origin,
                         uint64_t now_ns, cx_throttle_ticket *ret_ticket);
/*
 * Whether a program may be asked about the login now, which may take its time: else those of one address would have all the
 * places that connections have while they are not open. True: until the ticket is ended, or cx_throttle_answered.
 */
bool cx_throttle_may_ask(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns);
/* The program has answered, and the login goes on. */
void cx_throttle_answered(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns);
/* Each empties the ticket. */
void cx_throttle_succeeded(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns);
void cx_throttle_failed(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns);
void cx_throttle_undecided(cx_throttle *throttle, cx_throttle_ticket *ticket, uint64_t now_ns);

#endif
