/*
 * Who the peer of a connection is, once it has been let in.
 *
 * Every open connection has one: at a server that asks for nothing it is anonymous and may do
 * everything ("full"); at one that asks for credentials it belongs to whoever proved something, or
 * is anonymous and may only call what is @public. At a client it says what the server is, and what
 * the server may call here. Knows no frames and no loops. Read next: session.c, rpc/login.c.
 *
 * Invariants: `person` is NULL or is referred to from here; `id` is not 0 once the connection is open.
 */
#ifndef CX_SESSION_SESSION_H
#define CX_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/auth.h>

#include "base/origin.h"
#include "link/pool.h"
#include "secure/store.h"

#define CX_NEVER_NS UINT64_MAX
#define CX_SECRET_MAX 2048u /* bytes of a password or token */

/*
 * A principal and its roles, in one block of the pool of its loop. Counted, because calls on workers
 * outlive their connection; counted on the loop's thread only.
 */
typedef struct cx_person {
    size_t cap; /* of the block */
    uint32_t refs;
    uint32_t n_roles;
    const char *principal;
    const char *roles[]; /* n_roles, and a NULL */
} cx_person;

typedef struct cx_session {
    uint64_t id; /* random; 0: not open yet */
    uint64_t begun_ns;
    uint64_t ends_ns;  /* CX_NEVER_NS: never */
    cx_person *person; /* NULL: anonymous, without roles */
    uint8_t mechanism; /* coax_mechanism */
    bool is_full;      /* may call what names no roles; else only what is @public */
    bool is_encrypted;
    char key_id[COAX_ID_SIZE]; /* the peer's; "": none */
} cx_session;

/* What is known of the way a peer's bytes take, for those who judge what it shows. */
typedef struct cx_way_facts {
    bool is_encrypted;
    bool is_local; /* inproc://: nobody stands between */
    bool has_key;
    uint8_t hash_len;
    uint8_t key[COAX_KEY_BYTES]; /* the peer's static key, which it has proved to hold */
    uint8_t hash[64];            /* of the handshake: names this very connection */
    cx_origin origin;            /* a server's peer */
} cx_way_facts;

/*
 * A person of these; both are copied, and have been checked (cx_person_check). COAX_OK,
 * COAX_ERR_NO_MEMORY. `roles` NULL: none.
 */
COAX_MUST_USE coax_err cx_person_make(cx_pool *pool, const char *principal,
                                      const char *const *roles, cx_person **ret_person);
/* Whether a principal and roles are what coax_identity asks for; COAX_ERR_MISUSE with words. */
COAX_MUST_USE coax_err cx_person_check(const char *principal, const char *const *roles,
                                       coax_error *error);
static inline cx_person *cx_person_ref(cx_person *person)
{
    if (person != NULL)
        person->refs++;
    return person;
}
/* NULL is fine. */
void cx_person_unref(cx_person *person, cx_pool *pool);

/* "" and an empty list for NULL. */
const char *cx_person_principal(const cx_person *person);
const char *const *cx_person_roles(const cx_person *person);
bool cx_person_has_role(const cx_person *person, const char *role);

static inline bool cx_session_has_role(const cx_session *session, const char *role)
{
    return session->person != NULL && cx_person_has_role(session->person, role);
}

/* Gives back what it holds. Works on a zeroed one. */
void cx_session_deinit(cx_session *session, cx_pool *pool);

/* As coax_peer_session. */
void cx_session_read(const cx_session *session, uint64_t now, coax_session *ret_session);

#endif
