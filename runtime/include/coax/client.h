/*
 * A client: one connection to a server, and the calls on it. It may also serve: a connection is
 * symmetric once open.
 *
 * Invariants: every started call ends in exactly one callback, from the loop, never from inside the
 * call that started it; after coax_client_close nothing touches the user's memory once on_closed
 * has run.
 */
#ifndef COAX_CLIENT_H
#define COAX_CLIENT_H

#include <coax/auth.h>
#include <coax/call.h>
#include <coax/limits.h>
#include <coax/loop.h>

COAX_BEGIN_DECLS

typedef enum coax_client_state {
    COAX_CLIENT_CONNECTING = 1,
    COAX_CLIENT_OPEN,    /* WELCOME has arrived */
    COAX_CLIENT_CLOSED,  /* for good; `reason` says why */
    COAX_CLIENT_WAITING, /* reconnecting: the last attempt failed, the next comes after a while */
    /* the server takes no new calls; those under way go on. Not when reconnecting */
    COAX_CLIENT_DRAINING
} coax_client_state;

/** "connecting", "open" ... Never NULL. Any thread. */
COAX_API const char *coax_client_state_name(coax_client_state state);

typedef struct coax_client_options {
    size_t size;
    const char *name; /* told to the server; copied; NULL: "" */
    coax_limits limits;
    uint32_t connect_timeout_ms; /* 0: 10,000; for each dial, until WELCOME */
    /* for calls that name none and whose method has none, streams apart; 0: 60,000 */
    uint32_t call_timeout_ms;
    void *self; /* for the callbacks */
    void (*on_state)(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason);
    void (*on_writable)(
        void *self,
        coax_client *client);      /* after COAX_ERR_WOULD_BLOCK: the queue is below half again */
    const coax_loop_options *loop; /* coax_dial only: for its private loop */
    /**
     * Dial again whenever the connection ends for a reason that time may heal. Calls in flight end
     * with COAX_ERR_UNAVAILABLE; new ones fail at once or wait (coax_call_options.waits_for_ready);
     * subscriptions are restored.
     */
    bool reconnects;
    uint32_t
        backoff_min_ms; /* 0: 100. Doubled from one failure to the next, with jitter of a fifth */
    uint32_t backoff_max_ms;   /* 0: 30,000, or backoff_min_ms if that is longer */
    uint32_t max_attempts;     /* failures in a row after which it is CLOSED; 0: no end */
    uint32_t drain_timeout_ms; /* for calls under way when the server drains; 0: 30,000 */
    void (*on_connect)(void *self, coax_peer peer);   /* a connection is open */
    void (*on_disconnect)(void *self, coax_peer peer, /* the handle turns stale right after */
                          const coax_error *reason);
    /*
     * Security (docs/security.md). What is given as a path or text is copied; passwords and tokens
     * lie in locked memory until the client is freed. Connections to plain+ addresses are not encrypted: any of
     * these is refused with them (COAX_ERR_INSECURE). Within a process (inproc://) there is no handshake, and nobody in
     * between: what only a handshake needs (server_id to suite) is checked, and then of no effect.
     */
    const char *server_id;     /* the server's id, when it is known: then nothing else is trusted */
    coax_trust trust;          /* without server_id (else not looked at); 0: on first use */
    const char *known_hosts;   /* the same; NULL: "known_hosts" under coax_default_path */
    const coax_key *key;       /* this client's own; borrowed until it is created. NULL: key_file */
    const char *key_file;      /* must exist. NULL: a new key, for this client alone */
    coax_bytes psk;            /* 32 bytes that both sides know (XXpsk3); empty: none */
    coax_suite suite;          /* 0: ChaChaPoly, BLAKE2b */
    const char *user;          /* for users; NULL with `password`: the server's shared password */
    const char *password;      /* by OPAQUE, unless sends_plain_password; at most 2,048 bytes */
    const char *token;         /* instead of a password; "" with on_secret: that says it */
    bool sends_plain_password; /* the server may see it (LDAP, PAM behind it) */
    /**
     * Asked for the password before each login, in place of the one above (or for the token, where that is ""): fill
     * at most `size` bytes with it and a NUL; return false to give up (the client closes with `cancelled`).
     * The loop waits meanwhile.
     */
    bool (*on_secret)(void *self, coax_client *client, char *buffer, size_t size);
    const char *const *server_roles; /* the server's, for what this client serves; NULL: none */
} coax_client_options;

#define COAX_CLIENT_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(coax_client_options), NULL, COAX_LIMITS_INIT, 0, 0, NULL, NULL, NULL, NULL, false,  \
            0, 0, 0, 0, NULL, NULL, NULL, COAX_TRUST_FIRST_USE, NULL, NULL, NULL, { NULL, 0 },     \
            COAX_SUITE_DEFAULT, NULL, NULL, NULL, false, NULL, NULL                                \
    }

/**
 * Starts connecting on `loop`; calls may be made at once and leave when the connection opens.
 * @param url   tcp://host:port, tcp://[v6]:port, unix:///path (unix://@name: Linux abstract),
 * inproc://name (a server on the same loop: names are the loop's). Copied. Connections are encrypted;
 * plain+tcp:// and plain+unix:// are not, and reach only servers that listen so. inproc:// needs none.
 * @param ret_client  Owned by the caller; release with coax_client_close (or with the loop).
 * @return COAX_OK, COAX_ERR_BAD_ADDRESS, COAX_ERR_BAD_OPTION (also: no place for known_hosts), COAX_ERR_NO_MEMORY;
 * COAX_ERR_INSECURE (plain+, and an option that needs encryption); COAX_ERR_NOT_SUPPORTED (`suite`); of `key_file`
 * what coax_key_load returns; of known_hosts COAX_ERR_BAD_KEY (others may write it), COAX_ERR_BAD_MESSAGE (a line
 * that may be this server's can't be read), COAX_ERR_SYSTEM; words in `error`.
 * Failure to connect comes later: on_state with CLOSED, and every call made meanwhile ends with
 * COAX_ERR_UNAVAILABLE and the reason. Loop's thread.
 */
COAX_API COAX_MUST_USE coax_err coax_client_create(coax_loop *loop, const char *url,
                                                   const coax_client_options *options,
                                                   coax_client **ret_client, coax_error *error);

/**
 * A client on a private loop, for programs that wait (so inproc:// can't be dialled; the _wait
 * stubs also take a client of a loop that another thread runs): connects and waits until the
 * connection is open. The blocking stubs run the loop while they wait, from whichever thread calls;
 * several threads may call at once.
 * @return also COAX_ERR_UNAVAILABLE (nobody answers, refused), COAX_ERR_DEADLINE_EXCEEDED
 * (connect_timeout_ms). Any thread.
 */
COAX_API COAX_MUST_USE coax_err coax_dial(const char *url, const coax_client_options *options,
                                          coax_client **ret_client, coax_error *error);

/**
 * Closes and frees. NULL is fine. Legal in any callback, the client's own included, but @blocking
 * handlers, which post it (coax_loop_post); calls in flight
 * end with COAX_ERR_CANCELLED first, from the loop; on_state(CLOSED) is the last callback. A
 * dialled client is gone, private loop included, when this returns (not from its own callbacks:
 * there it is put off to the end of the turn).
 */
COAX_API void coax_client_close(coax_client *client);

/** Where the connection stands; NULL is CLOSED. Loop's thread. */
COAX_API coax_client_state coax_client_get_state(const coax_client *client);

/** The server as a peer, for the `_to` stubs and coax_peer_ functions; stale for NULL. */
COAX_API coax_peer coax_client_peer(const coax_client *client);

/** The loop it lives on; NULL for NULL. */
COAX_API coax_loop *coax_client_loop(const coax_client *client);

COAX_END_DECLS

#endif
