/*
 * A server with a service that not everybody may use, and a stranger who asks it by hand.
 *
 * Frames are written by the test, so that nothing at the caller's side helps. Read next: safe.c, vault.idl, stranger.h.
 */
#ifndef TESTS_ATTACKS_SAFE_H
#define TESTS_ATTACKS_SAFE_H

#include "folk.h"
#include "stranger.h"
#include "trio.h"

/* What a handler lets slip. */
#define SAFE_SECRET "the safe's combination is 31-07-1847"

typedef struct safe {
    trio trio;
    stranger s;
    folk folk;
    uint32_t n_calls; /* handlers that ran */
    coax_session last;
    char last_principal[260];
} safe;

/* Requests: {} and { times: 3 }. */
extern const coax_bytes safe_empty;
extern const coax_bytes safe_three;

coax_server_options safe_with_tokens(void);
/** `has_door`: serves also what is for everybody. */
void safe_open(safe *e, const coax_server_options *options, bool has_door);
/** Somebody with this token (NULL: nothing) and this name. */
void safe_come(safe *e, const char *token, const char *name);
bool safe_is_in(const safe *e);
void safe_go(safe *e);
/** Calls; the status, COAX_OK for a reply or an end, COAX_ERR_STALE without an answer. The words are left in `words`. */
coax_err safe_ask(safe *e, uint8_t type, uint32_t method, coax_bytes payload, char words[1100]);

#endif
