/*
 * People and their secrets: a folder of one's own with a store of users, tokens, and keys. What every test of logins uses, and what the
 * test of secrets looks for afterwards.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_FOLK_H
#define TESTS_INTEGRATION_ATTACKS_FOLK_H

#include <coax/coax.h>

#define FOLK_ADA_PASSWORD "Ada's first Engine 1843!"
#define FOLK_BOB_PASSWORD "Bob counts 4711 coins at night"
#define FOLK_KEEPER_TOKEN "keeper-token-Xq81mZ0fLw27"
#define FOLK_CLERK_TOKEN "clerk-token-9rTeu45PplAo3"
#define FOLK_SHARED_PASSWORD "what everybody here has: 77 doors"

typedef struct folk {
    char folder[100];
    char store_path[140];
    char keys_path[140];  /* authorized_keys */
    char known_path[140]; /* known_hosts */
    coax_store *store;    /* ada (keeper), bob (clerk) */
    coax_key *cleo;       /* a key that authorized_keys lists (keeper) */
    char cleo_id[COAX_ID_SIZE];
} folk;

/* Cheap to guess: Argon2id with the least it may have. */
void folk_open(folk *f);
/* And removes the folder; whatever else lies in it fails the test. */
void folk_close(folk *f);

extern const coax_token folk_tokens[]; /* "kim" (keeper), "carl" (clerk) */

#endif
