/*
 * What connections came to, counted: so that a sweep over hundreds of places can say which ends each kind had.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_OUTCOME_H
#define TESTS_INTEGRATION_ATTACKS_OUTCOME_H

#include "trio.h"

/* One end may name any of these; COAX_OK ends the list. */
#define OUTCOME_CODES 8u

/* What is allowed: the first list for the client, the second for the server. */
typedef struct outcome_rule {
    coax_err client[OUTCOME_CODES];
    coax_err server[OUTCOME_CODES];
    bool may_open; /* WELCOME came before the deed */
    bool is_any;   /* for looking */
} outcome_rule;

typedef struct outcome_count {
    coax_err client;
    coax_err server;
    uint32_t n;
} outcome_count;

typedef struct outcomes {
    outcome_count list[64];
    uint32_t n;
    uint32_t n_all;
} outcomes;

/*
 * Connects under `one`, asks once, waits until all is settled, counts. Fails the test when the ledger has something against it,
 * when an end did not end within its time, or ended otherwise than `rule` allows.
 */
void outcome_of(trio *t, outcomes *o, const deed *one, const outcome_rule *rule);
void outcomes_print(const outcomes *o, const char *title);

#endif
