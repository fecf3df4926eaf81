/*
 * How many connections one address may open in a second: a token bucket for each, in a fixed table.
 *
 * Asked before anything is made for a connection, so it has to be cheap and take no memory. Invariants: all memory is
 * there from the start; addresses are found by a keyed hash, so that nobody can choose whom he shares a set with; where
 * a set is full the bucket that is nearest to full goes, which loses least. Unix sockets and inproc:// are not limited:
 * who may open those may do worse. One thread, or a lock around it. Read next: budget.c.
 */
#ifndef CX_SESSION_BUDGET_H
#define CX_SESSION_BUDGET_H

#include <coax/env.h>

#include "base/bucket.h"
#include "base/origin.h"

typedef struct cx_budget cx_budget;

/* `per_s` with a burst of ten times as many; `env` is borrowed. NULL: no memory. About 64 KiB. */
cx_budget *cx_budget_create(const coax_env *env, uint32_t per_s);
/* NULL is fine. */
void cx_budget_destroy(cx_budget *budget);
/* Whether one more may come; it is counted then. NULL: any. */
bool cx_budget_admits(cx_budget *budget, const cx_origin *origin, uint64_t now_ns);

#endif
