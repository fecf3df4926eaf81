/*
 * Who may come in: how a client proves who it is, how a server decides, and what is known of a peer
 * afterwards.
 *
 *     nothing           everybody may connect; principal "", no roles
 *     shared password   coax_server_options.password, coax_client_options.password
 *     users             coax_server_options.users; user and password at the client (OPAQUE, RFC 9807)
 *     keys              coax_server_options.authorized_keys; key or key_file at the client
 *     tokens            coax_server_options.tokens, or on_login; token at the client
 *     own rules         coax_server_options.on_login, which may answer later
 *
 * A server with one of these lets in only who proves something, or, for methods that are @public,
 * anybody. Credentials travel only on encrypted connections (or inproc://). All handles and
 * functions belong on the loop's thread of the connection, unless they say otherwise.
 */
#ifndef COAX_AUTH_H
#define COAX_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/call.h>
#include <coax/key.h>

COAX_BEGIN_DECLS

/** How a peer proved who it is. */
typedef enum coax_mechanism {
    COAX_MECHANISM_NONE = 0, /* not at all */
    COAX_MECHANISM_KEY,      /* by its static key: in the handshake */
    COAX_MECHANISM_TOKEN,    /* a secret that names its bearer */
    COAX_MECHANISM_PASSWORD, /* OPAQUE: the server never sees the password */
    COAX_MECHANISM_PLAIN     /* user and password, seen by the server; off unless both sides ask */
} coax_mechanism;

/** "none", "key", "token", "password", "plain". Never NULL. Any thread. */
COAX_API const char *coax_mechanism_name(coax_mechanism mechanism);

/** Who somebody is. Everything is borrowed for the call it is given to. */
typedef struct coax_identity {
    size_t size;
    const char *principal;    /* 1 to 255 bytes of UTF-8 without control characters */
    const char *const *roles; /* NULL-terminated; NULL: none. At most 64, each like a principal */
    uint32_t lifespan_ms;     /* 0: the server's session_lifespan_ms; COAX_NEVER_MS: no end */
    /* The user's, borrowed: coax_peer_data of the peer from now on. Where the connection ends between
     * coax_login_accept and on_connect, neither on_connect nor on_disconnect comes to tell whoever made
     * it for this session: let it be something that outlives the session, or make it in on_connect
     * (coax_peer_set_data). */
    void *data;
} coax_identity;

#define COAX_IDENTITY_INIT                                                                         \
    {                                                                                              \
        sizeof(coax_identity), NULL, NULL, 0, NULL                                                 \
    }

/** One login under way at a server; stale once decided, or when the connection has ended. */
typedef struct coax_login {
    coax_loop *loop;
    uint32_t index;
    uint32_t generation;
} coax_login;

/** What a peer shows. Valid during the callback. */
typedef struct coax_credential {
    size_t size;
    coax_mechanism mechanism; /* KEY, TOKEN or PLAIN here */
    coax_peer peer;           /* unopened: for its address and name */
    const char *user;         /* PLAIN; else "" */
    coax_bytes secret;        /* the token, the password; wiped after the callback */
    const char *key_id; /* of the peer's static key, which it has proved to hold; "" on inproc:// */
    coax_bytes channel; /* the handshake hash: names this very connection */
} coax_credential;

/**
 * Lets the peer in. On the login's loop only, as all answers here: a thread that has looked something up posts
 * its answer there (coax_loop_post(login.loop, ...)). @return COAX_OK; COAX_ERR_STALE; COAX_ERR_MISUSE with words (a bad principal or
 * role; the login stays undecided).
 */
COAX_API coax_err coax_login_accept(coax_login login, const coax_identity *identity,
                                    coax_error *error);

/**
 * Turns it away. The peer learns `unauthenticated` and nothing else; `words` go into this side's log
 * only (NULL: none). Counts as a failure for throttling. @return COAX_OK, COAX_ERR_STALE.
 */
COAX_API coax_err coax_login_refuse(coax_login login, const char *words);

/** The verifier could not decide (its database is away, say): the peer gets `unavailable` and may come
 * again; nothing is counted. @return as coax_login_refuse. */
COAX_API coax_err coax_login_defer(coax_login login, const char *words);

/** One entry of coax_server_options.tokens. */
typedef struct coax_token {
    const char *token; /* at least 16 bytes, made by a generator: it is not a password */
    const char *principal;
    const char *const *roles; /* NULL-terminated; NULL: none */
} coax_token;

/** What becomes of a second connection of the same principal, over all loops of the server. */
typedef enum coax_second_login {
    COAX_SECOND_ALLOW = 0, /* as many as come */
    COAX_SECOND_REPLACE,   /* the older one is closed with `aborted` */
    COAX_SECOND_REFUSE     /* the newer one is refused with `already_exists` */
} coax_second_login;

/** What is known of a peer that was let in. Texts are valid until its connection ends. */
typedef struct coax_session {
    uint64_t id; /* random; names the session in logs, and proves nothing */
    coax_mechanism mechanism;
    bool is_encrypted;
    const char *principal;    /* "": anonymous */
    const char *const *roles; /* NULL-terminated, never NULL */
    const char *key_id;       /* "": plain */
    uint64_t age_ms;
    uint64_t remaining_ms; /* until it expires; UINT64_MAX: never */
} coax_session;

/**
 * Reads it. At a client the peer is the server: principal is its key's id. Not on a worker: there
 * coax_call_principal and coax_call_has_role.
 * @return COAX_OK, COAX_ERR_STALE (also before the connection is open).
 */
COAX_API coax_err coax_peer_session(coax_peer peer, coax_session *ret_session);

/** Whether the peer has the role; false when stale. */
COAX_API bool coax_peer_has_role(coax_peer peer, const char *role);

/**
 * Who made the call being handled: its principal; "" for anonymous ones and stale calls. Valid until
 * the call ends. On a worker too.
 */
COAX_API const char *coax_call_principal(coax_call call);
COAX_API bool coax_call_has_role(coax_call call, const char *role);

/** How a client trusts a server whose key it has not been told (coax_client_options.server_id). */
typedef enum coax_trust {
    COAX_TRUST_FIRST_USE =
        0,            /* a new server's key is written to known_hosts; another later: refused */
    COAX_TRUST_KNOWN, /* only servers in known_hosts */
    COAX_TRUST_ANY    /* whoever answers: no protection against who stands between */
} coax_trust;

/** The ciphers of a connection, named by who dials. */
typedef enum coax_suite {
    COAX_SUITE_DEFAULT = 0,        /* CHACHAPOLY */
    COAX_SUITE_CHACHAPOLY_BLAKE2B, /* Noise's 25519_ChaChaPoly_BLAKE2b: everywhere */
    COAX_SUITE_AESGCM_SHA256,      /* where both processors have AES */
    COAX_SUITE_AEGIS256_SHA512 /* where both have libsodium 1.0.19 or later; not in Noise's own list */
} coax_suite;

/** Whether this build and processor can do it. Any thread. */
COAX_API bool coax_suite_is_available(coax_suite suite);
/** "25519_ChaChaPoly_BLAKE2b" ... Never NULL. Any thread. */
COAX_API const char *coax_suite_name(coax_suite suite);

COAX_END_DECLS

#endif
