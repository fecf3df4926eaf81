/*
 * One connection: a stream below, an endpoint above, and what passes between them.
 *
 *     stream on_data -> wrap.h -> cx_endpoint_receive   endpoint on_dirty -> end of turn -> try_write
 *
 * Life: created -> connected (the stream is) -> ended (the endpoint is closed, all its calls are
 * over, the owner has been told) -> freed when the stream is closed too. Between the last two it
 * lingers: the reason has been sent, and what the peer still says is read and thrown away, because
 * closing a socket with unread bytes would take the reason back. Invariants: `stream` is NULL
 * before it is attached and once it is closed; `owner` is NULL once the owner has been told. Read
 * next: conn.c.
 */
#ifndef CX_NODE_CONN_H
#define CX_NODE_CONN_H

#include "node/loop.h"
#include "node/wrap.h"
#include "rpc/rpc.h"

/** Past this much output a flush does not wait for the end of the turn. */
#define CX_FLUSH_AT (128u * 1024u)
/** Bytes given to the endpoint at once, where reading may stop in between. */
#define CX_FEED 8192u
/** How long an ended connection waits for the peer to have read why. */
#define CX_LINGER_NS 1000000000u
/** Ended connections that may wait at once on one loop. */
#define CX_LINGERING_MAX 256u

/** What a client or server wants to know of its connections. All run from the loop. */
typedef struct cx_conn_owner {
    void (*on_open)(cx_conn *conn);
    void (*on_writable)(cx_conn *conn);
    void (*on_error)(cx_conn *conn, const coax_error *what);
    void (*on_unknown)(cx_conn *conn, coax_call call, uint32_t method_id, coax_bytes request);
    /** The peer takes no new calls. NULL: nothing follows from that. */
    void (*on_drain)(cx_conn *conn, uint32_t retry_after_ms, const char *words);
    /** The peer's static key, in the handshake: anything but COAX_OK refuses it. NULL: any is fine. */
    coax_err (*on_peer_key)(cx_conn *conn, const uint8_t key[COAX_KEY_BYTES], coax_error *why);
    /** The channel has failed: may add to the words. NULL: nothing to add. */
    void (*explain)(cx_conn *conn, coax_error *why);
    /** The time given to cx_conn_live_for is over. */
    void (*on_life_over)(cx_conn *conn);
    /** The endpoint has ended. The connection forgets its owner when this returns. */
    void (*on_ended)(cx_conn *conn, const coax_error *why);
} cx_conn_owner;

struct cx_conn {
    cx_endpoint endpoint;
    cx_wrap wrap;
    coax_loop *loop;
    cx_stream *stream;
    const cx_conn_owner *owner_ops;
    void *owner;         /* coax_client or coax_server */
    cx_list links;       /* loop->conns */
    cx_list mine;        /* for the owner */
    cx_list dirty;       /* loop->dirty */
    cx_work resume;      /* reading goes on */
    cx_rest *held;       /* what had been opened when reading stopped; NULL: nothing */
    cx_timer timer;      /* connecting; while open cx_conn_live_for; then lingering */
    const char *target;  /* dialled: the URL, the owner's; NULL once it is gone */
    char *last_address;  /* the peer's, once the stream is closed */
    cx_list in_line;     /* turnstile.h */
    uint64_t since_ns;   /* accepted, or the last message of a handshake was computed */
    uint32_t came_turn;  /* the loop's, when it was accepted */
    uint32_t timeout_ms; /* for connecting */
    bool has_spoken : 1; /* a server's: a whole message of the handshake has come */
    bool
        is_counted_open : 1; /* the owner's count of open ones includes it: on_disconnect will follow */
    bool is_refused : 1;     /* accepted only to be told that there is no room */
    bool is_connected : 1;
    bool has_opened : 1; /* WELCOME has passed */
    bool is_blocked : 1; /* the stream is full: on_writable will come */
    bool is_paused : 1;  /* reading has stopped, because the peer does not read */
    bool
        pauses : 1; /* whether it may: accepted ones only, so that two ends never wait for each other */
    bool is_ended : 1;
    bool is_lingering : 1;
};

/**
 * An endpoint without a stream. `config->events` must be cx_conn_events. NULL: no memory. Encrypted with
 * cx_sealed_create, before it gets its stream; plain without.
 */
cx_conn *cx_conn_create(coax_loop *loop, const cx_endpoint_config *config,
                        const cx_conn_owner *owner_ops, void *owner);

/**
 * Starts dialling `url`, whose text `target` the owner keeps. On failure the connection is as
 * before.
 */
COAX_MUST_USE coax_err cx_conn_dial(cx_conn *conn, const cx_url *url, const char *target,
                                    uint32_t timeout_ms, coax_error *error);

/** Takes an accepted stream, which is connected. */
void cx_conn_accept(cx_conn *conn, cx_stream *stream);

/**
 * Has the owner told (on_life_over) when the connection is still there after `ms`. Again moves it;
 * COAX_NEVER_MS takes it back.
 */
void cx_conn_live_for(cx_conn *conn, uint32_t ms);

/** Sends what there is, as far as the stream takes it. */
void cx_conn_flush(cx_conn *conn);

/** Flushes if a lot has gathered. */
void cx_conn_flush_if_full(cx_conn *conn);

/** For wrap.c: bytes of the endpoint have come. They are given to it, or held while reading has stopped. */
void cx_conn_feed(cx_conn *conn, const uint8_t *data, size_t len);

/** Frees one that never got a stream and has no calls. */
void cx_conn_discard(cx_conn *conn);

/** For a stream that is closed at once and whose end nobody wants to hear of. */
extern const cx_stream_events cx_deaf_events;

/** What every endpoint of a cx_conn reports to. */
extern const cx_endpoint_events cx_conn_events;

#endif
