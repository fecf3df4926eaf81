/*
 * struct coax_server: listeners, the connections they brought, one table of handlers.
 *
 * With many loops there is one for each (shards.h): the user's, which is `first`, and parts, whose
 * `registry` and `name` are the first one's.
 *
 * Invariants: `opened` and `unopened` hold every connection that counts against the limits, oldest
 * first; after the user has closed the server no callback of its options runs, but for on_disconnect and
 * STOPPED where there is an on_state; it is freed when its listeners are closed and its connections have ended. Read next:
 * server.c, doors.c, drain.h.
 */
#ifndef CX_NODE_SERVER_H
#define CX_NODE_SERVER_H

#include <stdatomic.h>

#include <coax/server.h>

#include "node/conn.h"
#include "node/identity.h"
#include "rpc/events.h"
#include "rpc/intercept.h"
#include "rpc/registry.h"
#include "session/budget.h"

typedef struct cx_gatekeeper cx_gatekeeper;

/** One address a server listens on. */
typedef struct cx_door {
    coax_server *server;
    cx_listener *listener;
    cx_list links; /* server->doors, in order of listening */
    bool is_plain; /* plain+: not encrypted */
    bool is_bare;  /* that, or inproc:// */
    bool deals;    /* hands what it accepts to all loops in turn */
} cx_door;

struct coax_server {
    coax_loop *loop;
    cx_list links; /* loop->servers */
    cx_list doors;
    cx_list opened;
    cx_list unopened;
    struct coax_server *first;      /* itself, but in parts */
    struct cx_shards *shards;       /* of `first`: its private loops; NULL: none (yet) */
    struct cx_shard *shard;         /* of a part */
    struct cx_shards *first_shards; /* of a part: those it is one of */
    atomic_uint n_opened;           /* of `first`: over all loops */
    atomic_uint n_unopened;
    uint32_t n_conns;     /* on this loop: all that have not ended, refused ones as well */
    atomic_uint n_silent; /* in `unopened`, and under way to it from other loops */
    uint32_t n_doors;
    cx_endpoint_config config;
    cx_registry registry;
    cx_interceptors interceptors;   /* the first one's, as the registry */
    struct cx_admission *admission; /* what it asks of peers, of all parts; NULL: nothing */
    cx_hub hub;
    cx_stats stats; /* of this loop; those of others have joined it */
    cx_task freeing;
    atomic_uint n_pinned; /* of `first`: what other threads want and its loop has not seen yet */
    cx_post far_close;    /* of `first`: a worker has closed it */
    atomic_bool is_close_posted;
    char *name;
    cx_identity identity; /* `config` is for this loop; the keys are the first one's */
    bool is_closed;
    bool is_over;      /* of `first`: closed, and all of it has ended */
    atomic_uint state; /* of `first`: coax_server_state */
    uint8_t entered;   /* of `first`: bits of the states it has been in, and of those told */
    uint8_t told;
    cx_work telling;
    bool is_draining;     /* drain.h: on this loop */
    uint64_t drain_until; /* UINT64_MAX: no limit */
    cx_timer drain_timer;
    cx_gatekeeper
        *gatekeeper;     /* of `first`: newcomers.h; NULL: nobody is turned away at the door */
    cx_timer room_timer; /* newcomers.h, on this loop, as what follows */
    bool is_paused;
    uint64_t n_turned_away; /* that no log line has told of yet */
    uint64_t turned_away_ns;
    coax_server_options options; /* `name` is not to be used: it was the user's */
};

typedef struct cx_shards cx_shards;

/** A part of `first` on a private loop, or NULL: no memory. And what frees it. */
coax_server *cx_server_create_part(coax_server *first, coax_loop *loop);
void cx_server_free_part(coax_server *part);

/**
 * Takes a connected stream, within the limits. `has_place`: cx_newcomers_reserve has seen to it; `is_bare`: without
 * encryption.
 */
void cx_server_accept(coax_server *server, cx_stream *stream, bool has_place, bool is_bare);

/** Listens on a socket that is bound already; `fd` is taken also on failure. */
COAX_MUST_USE coax_err cx_server_adopt_door(coax_server *server, int fd, const char *url,
                                            bool is_plain, coax_error *error);

/** Closes what is on this loop. */
void cx_server_close_here(coax_server *server);

/** Its @blocking handlers have returned. */
void cx_server_on_idle(void *self);

/** A connection, a listener or a thread has ended: frees it if it was closed and that was the last. */
void cx_server_free_when_done(coax_server *server);
/** Frees it, from a task. */
void cx_server_free_soon(coax_server *server);

/* emit.c */

/** Subscribers and groups of one loop of it; `server->config` is there. */
void cx_server_init_hub(coax_server *server);

#endif
