/*
 * One login at a server, from what HELLO shows to the verdict.
 *
 *     cx_login_in_hello  ->  decided                            keys, tokens, nothing, what is not taken
 *                        ->  looked up -> said (KE2) -> cx_login_in_auth (KE3) -> decided      passwords
 *                        ->  asked (on_login) -> decided        own rules
 *
 * Looking up and asking may take their time: the answer comes by coax_lookup_ and coax_login_ functions, whose
 * handles lead here, and is stale once the login has ended. Whoever guesses wrong and whoever does
 * not exist cost the same work and get the same words. Knows no link: it talks through its ops.
 * Read next: login_in.c, login_steps.c, rpc/login.c.
 */
#ifndef CX_SESSION_LOGIN_IN_H
#define CX_SESSION_LOGIN_IN_H

#include "base/idmap.h"
#include "link/link.h"
#include "session/logins.h"

/* What was decided, and for our own log why. */
typedef struct cx_verdict {
    coax_err code; /* COAX_OK: in */
    uint32_t retry_after_ms;
    cx_person *person; /* NULL: anonymous */
    bool is_full;
    bool has_data;
    bool has_replaced; /* an older connection of the same principal had to go */
    uint32_t lifespan_ms;
    void *data;
    const char *told;  /* to the peer */
    coax_error reason; /* for our log: more than the peer hears */
} cx_verdict;

typedef struct cx_login_in_ops {
    /* Sends AUTH. False: the connection is ending. */
    bool (*say)(void *self, const cx_step *step);
    /*
     * `verdict` is there. Not called inside cx_login_in_hello and cx_login_in_auth, which return whether it is; so
     * it runs inside a function of the user.
     */
    void (*on_decided)(void *self);
} cx_login_in_ops;

/* Whom it is about. Borrowed for the call. */
typedef struct cx_login_about {
    coax_peer peer;
    const cx_way_facts *way;
    bool has_public; /* something may be called without a login */
    uint64_t now;
} cx_login_about;

typedef enum cx_login_stage {
    CX_LOGIN_BEGUN = 0,
    CX_LOGIN_LOOKED_UP, /* a coax_lookup is out */
    CX_LOGIN_SAID,      /* KE2 has left, KE3 is to come */
    CX_LOGIN_ASKED,     /* a coax_login is out */
    CX_LOGIN_DECIDED,
    CX_LOGIN_OVER
} cx_login_stage;

/* Of the pool of its loop, whose memory it is wiped in when it has ended. */
typedef struct cx_login_in {
    const cx_login_in_ops *ops;
    void *self;
    cx_logins *logins;
    cx_pool *pool;
    const coax_env *env;
    cx_idmap *handles;
    uint64_t handle; /* 0: none out */
    coax_peer peer;
    uint64_t now;  /* of the last step */
    uint8_t stage; /* cx_login_stage */
    uint8_t mechanism;
    bool is_inside; /* in cx_login_in_hello or _auth */
    bool has_public;
    bool shows_nothing; /* it is known by its key at most */
    uint8_t context_len;
    cx_throttle_ticket ticket;
    cx_person *person; /* who it is if KE3 is right */
    char user[CX_PRINCIPAL_MAX + 1];
    char key_id[COAX_ID_SIZE];
    uint8_t context[5 + 64]; /* binds OPAQUE to this connection */
    uint8_t ke1[CX_OPAQUE_KE1];
    cx_opaque_expect expect;
    cx_verdict verdict;
    coax_error flaw; /* of the file of keys, for our log; COAX_OK: none */
} cx_login_in;

/* Prepares one in the caller's memory, which must not move. `handles` is its loop's. */
void cx_login_in_init(cx_login_in *login, cx_logins *logins, cx_pool *pool, const coax_env *env,
                      cx_idmap *handles, const cx_login_in_ops *ops, void *self);
/* HELLO. Returns whether it is decided. */
bool cx_login_in_hello(cx_login_in *login, const cx_shown *shown, const cx_login_about *about);
/* An AUTH that was due. Returns whether it is decided. */
bool cx_login_in_auth(cx_login_in *login, const cx_step *step, uint64_t now);
/*
 * The connection has ended, or the verdict has been acted upon: handles turn stale, what is secret is wiped. Fine
 * twice, and inside of on_login.
 */
void cx_login_in_end(cx_login_in *login, uint64_t now);

/* What the public functions do. `handle` leads to a login or is stale. */
coax_err cx_login_in_accept(cx_idmap *handles, uint64_t handle, const coax_identity *identity,
                            uint64_t now, coax_error *error);
/* `code`: COAX_ERR_UNAUTHENTICATED, or COAX_ERR_UNAVAILABLE when nobody could say. */
coax_err cx_login_in_reject(cx_idmap *handles, uint64_t handle, coax_err code, const char *words,
                            uint64_t now);
coax_err cx_login_in_found(cx_idmap *handles, uint64_t handle, const coax_user *user, uint64_t now);
coax_err cx_login_in_not_found(cx_idmap *handles, uint64_t handle, const char *words, uint64_t now);

#endif
