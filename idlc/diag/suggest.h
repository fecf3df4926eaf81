/* "Did you mean": the nearest of the names in scope, if it is near enough to be a slip of the
 * finger.
 *
 * Feed candidates one by one, so that scopes need not be copied into a list:
 *
 *     idl_suggest suggest;
 *     idl_suggest_init(&suggest, "rnage");
 *     for (...) idl_suggest_offer(&suggest, name);
 *     const char *nearest = idl_suggest_best(&suggest);      // NULL: nothing near
 *
 * Cost per candidate is bounded (words over IDL_SUGGEST_MAX_LEN are never near), and ties go to the
 * candidate offered first, so the answer does not depend on hashing.
 *
 * Must not know: what the names are names of. Read next: render.h.
 */
#ifndef IDL_DIAG_SUGGEST_H
#define IDL_DIAG_SUGGEST_H

#include <stddef.h>

#define IDL_SUGGEST_MAX_LEN 48

typedef struct idl_suggest {
    const char *wanted; /* borrowed */
    const char *best;   /* borrowed from the caller of offer */
    size_t best_distance;
} idl_suggest;

void idl_suggest_init(idl_suggest *suggest, const char *wanted);
void idl_suggest_offer(idl_suggest *suggest, const char *candidate);

/* The nearest so far, NULL when none is within a third of the word's length (at least 1). */
const char *idl_suggest_best(const idl_suggest *suggest);

/* The same over a list that ends with NULL. */
const char *idl_suggest_among(const char *wanted, const char *const *candidates);

/* How many single insertions, deletions, replacements or swaps of neighbours lead from one word to
 * the other, ignoring case; anything over `limit` is given as `limit` + 1. */
size_t idl_edit_distance(const char *from, const char *to, size_t limit);

#endif
