/*
 * The tokens a server knows: looked up by a keyed digest, so that they themselves need not be kept.
 *
 * Made once, never changed: all loops of a server use one. What a digest begins with says where to
 * look, and only who has the table's key could learn anything from how long that takes. Read next:
 * tokens.c, logins.h.
 */
#ifndef CX_SESSION_TOKENS_H
#define CX_SESSION_TOKENS_H

#include <coax/auth.h>
#include <coax/env.h>

#include "secure/secret.h"
#include "session/session.h"

#define CX_TOKEN_MIN 16u /* bytes; a shorter one could be guessed */
#define CX_TOKEN_MAX CX_SECRET_MAX

typedef struct cx_token_entry {
    uint8_t digest[CX_DIGEST_BYTES];
    const char *principal;
    const char *const *roles; /* NULL-terminated */
} cx_token_entry;

typedef struct cx_tokens {
    const coax_env *env;
    uint8_t key[CX_DIGEST_BYTES];
    cx_token_entry *entries;
    uint32_t *places; /* index + 1 of an entry, by digest; 0: free */
    uint32_t mask;
    uint32_t count;
    void *texts; /* what the entries point into */
} cx_tokens;

/*
 * Of those up to the first with a NULL token; NULL: none. COAX_ERR_BAD_OPTION names the entry;
 * COAX_ERR_NO_MEMORY. On failure nothing is left.
 */
COAX_MUST_USE coax_err cx_tokens_init(cx_tokens *tokens, const coax_env *env,
                                      const coax_token *list, coax_error *error);
/* Works on a zeroed one. */
void cx_tokens_deinit(cx_tokens *tokens);

/* Whose it is; NULL: nobody's. */
const cx_token_entry *cx_tokens_find(const cx_tokens *tokens, coax_bytes token);

#endif
