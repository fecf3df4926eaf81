/*
 * A server: listeners, the connections they accept, and one table of handlers.
 */
#ifndef COAX_SERVER_H
#define COAX_SERVER_H

#include <coax/auth.h>
#include <coax/call.h>
#include <coax/limits.h>
#include <coax/loop.h>
#include <coax/password.h>

COAX_BEGIN_DECLS

typedef enum coax_server_state {
    COAX_SERVER_IDLE = 1,  /* no listener yet */
    COAX_SERVER_LISTENING, /* started */
    COAX_SERVER_DRAINING,  /* no new connections, no new calls */
    COAX_SERVER_STOPPED    /* all connections have ended */
} coax_server_state;

/** "idle", "listening" ... Never NULL. Any thread. */
COAX_API const char *coax_server_state_name(coax_server_state state);

typedef struct coax_server_options {
    size_t size;
    const char *name; /* told to clients; copied; NULL: "" */
    coax_limits limits;
    uint32_t max_connections; /* 0: 10,000 */
    /* connections before WELCOME; past it the oldest goes; 0: 256 */
    uint32_t max_unopened;
    int backlog;                                    /* 0: 511 */
    void *self;                                     /* for the callbacks */
    void (*on_connect)(void *self, coax_peer peer); /* the connection is open */
    void (*on_disconnect)(void *self, coax_peer peer,
                          const coax_error *reason); /* the handle turns stale right after */
    /** Calls of methods nobody serves: answer with coax_call_reply_raw or coax_call_fail, now or
     * later. NULL: they get `unimplemented`. */
    void (*on_unknown)(void *self, coax_call call, uint32_t method_id, coax_bytes request);
    /**
     * Told of every connection or call that a peer's bad input ended, and of answers and items of
     * this side's that broke its own schema; `peer` may be unopened. Not of what interceptors or
     * on_subscribe refuse.
     */
    void (*on_error)(void *self, coax_peer peer, const coax_error *what);
    void (*on_writable)(void *self,
                        coax_peer peer); /* after COAX_ERR_WOULD_BLOCK towards this peer */
    /** Start, drain, stop. STOPPED is the last callback of a server that drained or was closed. */
    void (*on_state)(void *self, coax_server *server, coax_server_state state);
    /**
     * Whether a peer may subscribe; anything but COAX_OK refuses, with the words of `error`. NULL:
     * all may.
     */
    coax_err (*on_subscribe)(void *self, coax_peer peer, uint32_t event_id, coax_error *error);
    /**
     * Threads that serve, each with a loop: 0 and 1 are the caller's loop alone; at most 256. More:
     * the server starts loops - 1 threads when it first listens and joins them when it ends. TCP
     * connections are spread by the system where it can (SO_REUSEPORT on Linux), others dealt out
     * in turn; inproc:// ones stay on the caller's loop. Handlers and callbacks run on the thread
     * of their connection, so several at once, with one `self`: what they share is theirs to lock,
     * and the allocator and the log of the loop must be safe for threads. max_connections holds
     * over all loops; of max_unopened each has its share, past which its oldest goes. Services and
     * interceptors are added before the first listen (COAX_ERR_MISUSE afterwards, and the log says
     * so). Functions on the server belong on the caller's loop's thread, but for
     * coax_server_close, emits, and those that metrics.h allows anywhere.
     */
    uint32_t loops;
    /**
     * Threads for @blocking handlers, at most 1024; 0: COAX_DEFAULT_WORKERS. One pool for all
     * loops; a thread starts when a call finds none idle. The handler's coax_call may be used on
     * its worker only (COAX_ERR_WRONG_THREAD elsewhere): to reply, throw, fail, push, take, end,
     * for its metadata, data, deadline, method and peer, and as `parent`; the other functions
     * answer COAX_ERR_MISUSE. What belongs on the loop goes there by coax_loop_post(call.loop,
     * ...).
     */
    uint32_t n_workers;
    /* then drained, a tenth earlier or later; 0 and COAX_NEVER_MS: any */
    uint32_t max_connection_age_ms;
    uint32_t drain_timeout_ms; /* for a connection drained for its age; 0: 30,000 */
    /*
     * Security (docs/security.md). Paths and texts are copied; secrets lie in locked memory until
     * the server is freed. Listeners are encrypted, but for plain+ addresses and inproc://; a server that asks for
     * credentials refuses to listen on a plain+ address (COAX_ERR_INSECURE). Clients within the process (inproc://) need
     * neither psk nor the server's id, but credentials all the same.
     */
    const coax_key *key; /* this server's own; borrowed until it is created. NULL: key_file */
    /* made on the first start if it is not there (logged as key_created); NULL: "server_key" under
     * coax_default_path */
    const char *key_file;
    coax_bytes psk; /* 32 bytes that both sides know: only XXpsk3 is spoken then; empty: none */
    bool needs_known_key; /* clients that don't know this server's id get no answer: before any
                             arithmetic, by a keyed hash */
    const char *
        authorized_keys; /* a file: "id principal role,role" on each line; read again when it changes */
    const char *password;     /* one for everybody: principal "shared"; at most 2,048 bytes */
    coax_store *users;        /* borrowed, must outlive the server; its find serves all loops */
    const coax_token *tokens; /* up to the first with a NULL token; copied */
    /**
     * Asked for tokens that are not in `tokens`, for keys that are not in `authorized_keys`, and for
     * plain passwords: answer with coax_login_accept, _refuse or _defer, now or later, but within open_timeout_ms.
     */
    void (*on_login)(void *self, coax_login login, const coax_credential *credential);
    bool takes_plain_passwords; /* on_login sees user and password */
    coax_second_login second_login;
    /* Then drained, and the client logs in again; 0 and COAX_NEVER_MS: no end. With a drain_timeout_ms of
     * COAX_NEVER_MS nothing ends what goes on: calls, streams and subscriptions last beyond it. */
    uint32_t session_lifespan_ms;
    uint32_t
        login_failures; /* per user, and ten times as many per address, before waiting begins; 0: 5 */
    uint32_t login_delay_max_ms; /* the longest wait, doubled from 1 s on; 0: 300,000 */
    uint32_t
        accepts_per_s; /* new connections of one address (IPv6: a /64), with a burst of ten times
                                     as many; 0: 100; COAX_NEVER_MS: any */
} coax_server_options;

#define COAX_SERVER_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(coax_server_options), NULL, COAX_LIMITS_INIT, 0, 0, 0, NULL, NULL, NULL, NULL,      \
            NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL, NULL, { NULL, 0 }, false, NULL, NULL, NULL,  \
            NULL, NULL, false, COAX_SECOND_ALLOW, 0, 0, 0, 0                                       \
    }

/**
 * A server without listeners. `options` NULL: defaults; copied.
 * @param ret_server  Owned by the caller; release with coax_server_close (or with the loop).
 * @return COAX_OK, COAX_ERR_BAD_OPTION (named in `error`), COAX_ERR_NO_MEMORY; of `authorized_keys`, which is read here
 * first: COAX_ERR_NOT_FOUND, COAX_ERR_BAD_KEY (others may write it), COAX_ERR_BAD_MESSAGE (with the line),
 * COAX_ERR_SYSTEM. Loop's thread.
 */
COAX_API COAX_MUST_USE coax_err coax_server_create(coax_loop *loop,
                                                   const coax_server_options *options,
                                                   coax_server **ret_server, coax_error *error);

/**
 * Listens on one more address (see coax_client_create for the forms; port 0 takes a free one,
 * coax_server_address tells which).
 * @return COAX_OK, COAX_ERR_BAD_ADDRESS, COAX_ERR_IN_USE, COAX_ERR_SYSTEM, COAX_ERR_NO_MEMORY; COAX_ERR_INSECURE (a
 * plain+ address, and options that ask for credentials); why there is no key, as coax_server_id. Words in `error`. Host names are resolved before it returns. Loop's thread.
 */
COAX_API COAX_MUST_USE coax_err coax_server_listen(coax_server *server, const char *url,
                                                   coax_error *error);

/** The address of listener `index` (0: the first), port filled in; cut to `size` with its NUL.
 * Returns the full length, 0 when there is no such listener (or server). */
COAX_API size_t coax_server_address(const coax_server *server, size_t index, char *buffer,
                                    size_t size);

/**
 * The id clients may pin (coax_client_options.server_id), and, in `ret_key_file`, the path its key was read
 * from or written to ("": given as a key); NULL is fine for either. The key is loaded, or made, here or when the
 * server first listens on an encrypted address. @return COAX_OK; COAX_ERR_MISUSE (no server); why there is no
 * key: what coax_key_load_or_create returns, COAX_ERR_BAD_OPTION (no place for one). First loop's thread.
 */
COAX_API coax_err coax_server_id(const coax_server *server, char ret_id[COAX_ID_SIZE],
                                 const char **ret_key_file);

/**
 * Ends in good order: stops listening, tells every peer with GOAWAY, refuses new calls with
 * `unavailable`, lets calls under way finish for at most `timeout_ms` (0: 30,000), then closes what
 * is left; on_state says STOPPED at the end. The server is still to be closed by its owner. A
 * second drain can only shorten the time. @return COAX_OK, COAX_ERR_MISUSE (closed). First loop's
 * thread.
 */
COAX_API coax_err coax_server_drain(coax_server *server, uint32_t timeout_ms);

/** Where it stands; NULL is STOPPED. First loop's thread. */
COAX_API coax_server_state coax_server_get_state(const coax_server *server);

/** Open connections, over all loops; none for NULL. First loop's thread. */
COAX_API size_t coax_server_n_peers(const coax_server *server);

/**
 * Stops listening, closes every connection (their calls fail with `unavailable`), frees. NULL is
 * fine. Legal in any callback, handlers included, @blocking ones too (from those the loop closes it
 * a little later); handlers of calls under way find their handles stale. With on_state,
 * on_disconnect still comes for every open peer, and STOPPED last, from the loop; without it no
 * callback comes any more.
 */
COAX_API void coax_server_close(coax_server *server);

COAX_END_DECLS

#endif
