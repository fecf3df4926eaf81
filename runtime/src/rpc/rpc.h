/*
 * The rpc layer as its shell sees it: one cx_core per loop, one cx_endpoint per connection, bytes
 * in and bytes out.
 *
 * A shell (node on libuv, the simulator in tests) owns the transport and the clock, and does this:
 *
 *     cx_core_init                         once per loop; struct coax_loop begins with the cx_core
 *     cx_endpoint_init                     per connection; calls may be started at once
 *     cx_endpoint_start                    the transport is connected
 *     cx_endpoint_receive                  as bytes arrive
 *     cx_endpoint_output, _sent            once a turn of the loop, when on_dirty has run
 *     cx_endpoint_lost                     the transport ended
 *     cx_core_advance, _run, _next         every turn: timers, put-off work, how long to sleep
 *     on_closed                            send the last output (GOAWAY), close the transport,
 *                                          cx_endpoint_deinit
 *
 * Every callback to the user runs inside cx_endpoint_receive, cx_endpoint_sent (on_writable only),
 * cx_core_advance or cx_core_run, never inside a call that the user made. Everything that fails
 * outside of those is put off to cx_core_run. Knows no socket and no clock. One thread per core.
 * Read next: core.h, endpoint.c, dispatch.c, start.c, call_out.c, arrive.c, call_in.c, answer.c.
 */
#ifndef CX_RPC_RPC_H
#define CX_RPC_RPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/call.h>
#include <coax/gen_client.h>

#include "link/link.h"
#include "base/list.h"
#include "rpc/core.h"
#include "rpc/events.h"
#include "rpc/grumble.h"
#include "rpc/quota.h"
#include "rpc/registry.h"
#include "rpc/stats.h"
#include "session/login_in.h"
#include "session/login_out.h"

typedef struct cx_endpoint cx_endpoint;

/* What an endpoint tells its shell. `self` is the one given to cx_endpoint_init. */
typedef struct cx_endpoint_events {
    /* The connection is open: WELCOME has passed. */
    void (*on_open)(void *self);
    /* There is output and there was none: flush once, when the turn ends. May run inside any
     * function of this file. */
    void (*on_dirty)(void *self);
    /* After a COAX_ERR_WOULD_BLOCK: the queue is below half again. */
    void (*on_writable)(void *self);
    /*
     * The end, exactly once, from cx_core_run: all calls have ended. What cx_endpoint_output still
     * gives (GOAWAY) should be sent if that is possible at once. After it no other event comes, and
     * cx_endpoint_deinit is allowed, also right here.
     */
    void (*on_closed)(void *self, const coax_error *reason);
    /* A peer's bad input, or a reply that breaks its own schema, ended a call. (What ends the
     * connection is on_closed's reason.) */
    void (*on_error)(void *self, const coax_error *what);
    /* A request of a method nobody serves; only with has_fallback. `request` is valid until the
     * call ends. */
    void (*on_unknown)(void *self, coax_call call, uint32_t method_id, coax_bytes request);
    /* The peer takes no new calls on this connection, and closes it when those under way have ended.
     * Inside cx_endpoint_receive. NULL: nothing follows from it. */
    void (*on_drain)(void *self, uint32_t retry_after_ms, const char *words);
    /* For coax_peer_address: writes at most `size` bytes with a NUL, returns the full length. */
    size_t (*address)(void *self, char *buffer, size_t size);
    /* What is known of the way its bytes take. `ret` is all zero. NULL: nothing. */
    void (*way)(void *self, cx_way_facts *ret);
    /*
     * Client: runs cx_stretch_run elsewhere, and cx_stretch_finish on this loop, also when the endpoint has ended
     * meanwhile. False: it can't. NULL: nobody could; it is done here and now.
     */
    bool (*stretch)(void *self, cx_stretch *stretch);
} cx_endpoint_events;

/* Shared by all connections of one server or client; borrowed, must outlive them. */
typedef struct cx_endpoint_config {
    cx_role role;
    const char *name;            /* told to the peer; not NULL, at most 255 bytes of UTF-8 */
    coax_limits limits;          /* resolved by cx_limits_resolve */
    const cx_registry *registry; /* what this side serves; rows may be added later; NULL: nothing */
    uint32_t call_timeout_ms;    /* for calls that name none and whose method has none; not 0 */
    bool is_unattended; /* nobody runs its loop between calls: the peer is asked not to ping it */
    bool has_fallback;  /* on_unknown takes unknown methods; else they get `unimplemented` */
    const cx_endpoint_events *events;
    cx_stats *stats; /* where this loop counts; NULL: nobody counts */
    cx_hub *hub;     /* a server's on this loop: subscribers and groups; NULL: none of either */
    const struct cx_interceptors *interceptors; /* NULL: none; more may be added later */
    struct cx_logins *logins;             /* a server's: what it asks of peers; NULL: nothing */
    const cx_login_out_config *login_out; /* a client's: what it shows; NULL: nothing */
    struct cx_workers *workers;           /* for @blocking handlers; NULL: they run on the loop */
} cx_endpoint_config;

/* Prepares an endpoint in the caller's memory, which must not move. COAX_ERR_NO_MEMORY: nothing to
 * deinit. */
COAX_MUST_USE coax_err cx_endpoint_init(cx_endpoint *endpoint, cx_core *core,
                                        const cx_endpoint_config *config, void *self);
/* Frees everything without any callback. Allowed in or after on_closed, and when no call has been
 * started. */
void cx_endpoint_deinit(cx_endpoint *endpoint);

/* The transport is connected: the open deadline begins. */
void cx_endpoint_start(cx_endpoint *endpoint, uint64_t now);
/* The deadline begins already; cx_endpoint_start follows: cx_link_connected. */
void cx_endpoint_connected(cx_endpoint *endpoint, uint64_t now, uint32_t others);
/* Bytes that arrived; borrowed for the call. Nothing happens on a closed endpoint. */
void cx_endpoint_receive(cx_endpoint *endpoint, const uint8_t *data, size_t len, uint64_t now);
/* What to send next, see cx_link_output: up to `max` slices that stay where they are until sent.
 * Returns how many. */
size_t cx_endpoint_output(cx_endpoint *endpoint, coax_bytes *ret_slices, size_t max);
/* `n` bytes of it have left. Then ask cx_endpoint_output again: large messages come in turns of
 * about 256 KiB. */
void cx_endpoint_sent(cx_endpoint *endpoint, size_t n);
/* What the shell keeps of what it took, and what it waits for: cx_link_keeps, cx_link_awaits. */
void cx_endpoint_keeps(cx_endpoint *endpoint, size_t n, bool moves);
void cx_endpoint_awaits(cx_endpoint *endpoint, uint64_t since, uint64_t now);
/* Unsent bytes. */
size_t cx_endpoint_queued(const cx_endpoint *endpoint);
/* The transport ended, by the peer (COAX_ERR_UNAVAILABLE) or by an error: no GOAWAY; calls end with
 * COAX_ERR_UNAVAILABLE and `words`. */
void cx_endpoint_lost(cx_endpoint *endpoint, coax_err code, const char *words);
/* The same for a peer that is not to be talked to after all: nothing that waits is sent to it. */
void cx_endpoint_cut(cx_endpoint *endpoint, coax_err code, const char *words);
/*
 * Closes from this side: GOAWAY with `code` and `words`; calls under way end with `calls_end`
 * (COAX_ERR_CANCELLED when a client closes, else COAX_ERR_UNAVAILABLE). Handles turn stale at once,
 * callbacks come from cx_core_run, on_closed last. Nothing when closed already.
 */
void cx_endpoint_close(cx_endpoint *endpoint, coax_err code, coax_err calls_end, const char *words);

/*
 * Ends in good order: the peer is told, late requests are answered with `unavailable`, and when no call is
 * under way in either direction and everything has been sent, the connection closes. Whoever calls
 * this limits the time. On a connection that is not open: closes. Twice is once.
 */
void cx_endpoint_drain(cx_endpoint *endpoint, uint32_t retry_after_ms, const char *words);

bool cx_endpoint_is_open(const cx_endpoint *endpoint);
bool cx_endpoint_is_closed(const cx_endpoint *endpoint);
/* The handle users get for it; stale once on_closed has returned. */
coax_peer cx_endpoint_peer(const cx_endpoint *endpoint);
/* NULL when stale; may be closed. */
cx_endpoint *cx_endpoint_from_peer(coax_peer peer);
/* Calls under way that this side started, and handlers alive on it. */
uint32_t cx_endpoint_n_calls(const cx_endpoint *endpoint);
uint32_t cx_endpoint_n_handlers(const cx_endpoint *endpoint);

/*
 * Checks, encodes, queues and files a call: what coax_gen_call documents (gen_client.h), on one
 * endpoint. Legal from init to close on a client, where calls wait in the queue until the
 * connection is open; on a server from on_open, before it COAX_ERR_UNAVAILABLE.
 */
COAX_MUST_USE coax_err cx_rpc_call(cx_endpoint *endpoint, const coax_method *method,
                                   const void *request, const coax_call_options *options,
                                   coax_gen_done_fn done, coax_gen_any_fn user_fn, void *self);
/* The same for a streaming method: coax_gen_stream. `ret_call` may be NULL. */
COAX_MUST_USE coax_err cx_rpc_stream(cx_endpoint *endpoint, const coax_method *method,
                                     const void *request, const coax_call_options *options,
                                     const coax_gen_stream_glue *glue,
                                     const coax_gen_stream_fns *fns, void *self,
                                     coax_call *ret_call);
/* Whether the caller wants the call to wait for a connection (lot.h). */
bool cx_rpc_waits_for_ready(const coax_call_options *options);
/* A one-way message: coax_gen_send. */
COAX_MUST_USE coax_err cx_rpc_send(cx_endpoint *endpoint, const coax_method *method,
                                   const void *request, const coax_call_options *options);

/* Implemented here from the public headers: every coax_call_ and coax_peer_ function,
 * coax_gen_call_to, coax_gen_send_to, coax_gen_stream_to, coax_gen_item, coax_gen_receive, coax_gen_reply, coax_gen_throw, coax_memory_ref,
 * coax_memory_unref. Left to node: what takes a coax_client or a coax_server. */

/* The low halves of counts: what is new since then is less than 2^32. */
typedef struct cx_told {
    uint32_t bytes_received;
    uint32_t bytes_sent;
    uint32_t frames_received;
    uint32_t frames_sent;
    uint32_t pings_received;
    uint32_t pings_sent;
} cx_told;

struct cx_endpoint {
    cx_link link; /* first: its events find the endpoint by it */
    cx_core *core;
    const cx_endpoint_config *config;
    void *self;
    uint64_t peer;                /* handle in core->peers */
    void *data;                   /* the user's: coax_peer_set_data */
    cx_session session;           /* who the peer is; zero until that is known */
    struct cx_entrance *entrance; /* a login under way (login.c); NULL: none */
    cx_list calls;                /* cx_call_out, oldest first */
    cx_list handlers;             /* cx_call_in, abandoned ones included */
    cx_list blocked; /* cx_stream_part.blocked: streams that wait for room in the queue */
    uint32_t n_calls;
    uint32_t n_handlers;
    size_t held; /* bytes of their requests, and of items that wait */
    uint32_t next_oneway;
    coax_err calls_end; /* what calls under way end with once it is closed */
    cx_work closing;    /* the put-off end */
    cx_work unblocking; /* who is in `blocked` is told that there is room */
    cx_work draining;   /* perhaps the last call of a drained connection has ended */
    cx_told told;       /* what config->stats knows of the link's counts */
    struct cx_lot *lot; /* calls that wait for a connection, and leave by this one; NULL: none */
    cx_subscriber *subscriber; /* whose events come from here; NULL: nobody's */
    cx_follower *follower;     /* its place in config->hub; NULL: not in any topic or group */
    bool is_lot;               /* the part of a lot (lot.h): never has a transport */
    uint32_t drain_retry_ms;   /* told to who asks while this side drains */
    cx_quota quota;            /* of what the peer asks for */
    cx_grumble limited;        /* what was refused */
    cx_grumble denied;
    uint64_t role_bits; /* of the session, as authorize.c has looked them up */
    const cx_person *roles_of;
    uint32_t n_roles_known;
};

#endif
