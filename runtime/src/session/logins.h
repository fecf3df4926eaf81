/*
 * What a server asks of those who connect, and what it knows to check it with: one for all its loops.
 *
 * Made once from the server's options; what changes later (who is connected, keys that are read again, the
 * throttle) is locked. Knows no connection: one login under way is a cx_login_in. Read next:
 * logins.c, login_in.h.
 */
#ifndef CX_SESSION_LOGINS_H
#define CX_SESSION_LOGINS_H

#include <coax/server.h>

#include "secure/authorized.h"
#include "secure/opaque.h"
#include "session/guard.h"
#include "session/seats.h"
#include "session/session.h"
#include "session/throttle.h"
#include "session/tokens.h"

#define CX_SHARED_PRINCIPAL "shared" /* of who knows the password for everybody */

/* The texts and the list of tokens are read at cx_logins_create only; the rest is borrowed. */
typedef struct cx_logins_config {
    const coax_env *env; /* of a server with many loops: safe for threads */
    cx_guard guard;
    const char *password;
    const coax_token *tokens;
    const char *authorized_keys;
    coax_store *users;
    void (*on_login)(void *self, coax_login login, const coax_credential *credential);
    void *self;
    bool takes_plain_passwords;
    coax_second_login second_login;
    uint32_t lifespan_ms;  /* COAX_NEVER_MS: no end */
    cx_throttle *throttle; /* NULL: everybody may guess */
    /*
     * Closes the connection of `peer`, perhaps another loop's, because somebody else has its seat. False: it could
     * not be told to. NULL where second_login is not COAX_SECOND_REPLACE.
     */
    bool (*evict)(coax_peer peer);
} cx_logins_config;

/* The password for everybody, as a store with one nameless user. */
typedef struct cx_shared_password {
    cx_opaque_server server;
    uint8_t record[COAX_RECORD_BYTES];
    coax_password_cost cost;
} cx_shared_password;

typedef struct cx_logins {
    cx_logins_config config; /* without password, tokens and authorized_keys */
    cx_tokens tokens;
    cx_authorized *keys;        /* NULL: none; under the guard */
    cx_shared_password *shared; /* NULL: none; in locked memory */
    cx_seats seats;
} cx_logins;

/*
 * @param ret_logins  Owned. Takes Argon2id's time if there is a password.
 * COAX_OK; COAX_ERR_BAD_OPTION; what cx_authorized_open returns; COAX_ERR_SYSTEM; COAX_ERR_NO_MEMORY.
 */
COAX_MUST_USE coax_err cx_logins_create(const cx_logins_config *config, cx_logins **ret_logins,
                                        coax_error *error);
/* Wipes and frees, with all loops gone. NULL is fine. */
void cx_logins_destroy(cx_logins *logins);

/*
 * Who has `key`: COAX_OK with a new person, COAX_ERR_NOT_FOUND, COAX_ERR_NO_MEMORY. `ret_flaw` has words for this
 * side's log if the file of keys could not be read again (code COAX_OK: it could).
 */
COAX_MUST_USE coax_err cx_logins_find_key(cx_logins *logins, cx_pool *pool,
                                          const uint8_t key[COAX_KEY_BYTES], cx_person **ret_person,
                                          coax_error *ret_flaw);

/*
 * Takes the seat of a principal, as second_login says. COAX_OK; COAX_ERR_ALREADY_EXISTS: somebody else keeps it;
 * COAX_ERR_UNAVAILABLE: the other could not be told to go; COAX_ERR_NO_MEMORY. `ret_has_replaced`: somebody had to go.
 */
COAX_MUST_USE coax_err cx_logins_sit(cx_logins *logins, const char *principal, coax_peer peer,
                                     bool *ret_has_replaced);
/* The connection has ended. Fine for who has no seat. */
void cx_logins_leave(cx_logins *logins, const char *principal, coax_peer peer);

#endif
