/*
 * The private loops of a server that has more than one, and the threads that run them.
 *
 * Such a server is one struct coax_server for each loop: the user's, on the user's loop ("first"), and a
 * part on every private loop, which has that loop's connections, groups and listeners, so that none of it
 * needs a lock. Parts share the first one's table of handlers, which no longer changes, and its
 * counts, which are atomic. What one loop wants of another is posted.
 *
 *     first listen   cx_shards_start: loops, parts, threads          on the first loop's thread
 *     every listen   cx_shards_listen: a socket for each part, or sockets handed on one by one
 *     close          cx_shards_close: each part closes; when its last connection has ended its thread brings
 *                    its loop to an end and says so; the first loop joins it, and frees the loops
 *                    when the last one is joined, so that posts find them until then
 *
 * Invariants: `items` and `count` do not change while threads run; a part's fields are its thread's.
 * Read next: shards.c, handoff.c.
 */
#ifndef CX_NODE_SHARDS_H
#define CX_NODE_SHARDS_H

#include <stdatomic.h>

#include "node/server.h"

/** Most loops of one server. */
#define CX_LOOPS_MAX 256u

/** One private loop. */
typedef struct cx_shard {
    coax_server *part;
    coax_loop *loop;
    uv_thread_t thread;
    cx_post closing;  /* to the part's loop, once */
    cx_post over;     /* to the first loop, once: the thread is about to end */
    cx_post draining; /* to the part's loop: again when the time has been shortened */
    atomic_bool is_drain_posted;
    bool is_running; /* the first loop's: has a thread that is not joined */
    bool is_over;    /* the thread's own: the part has ended */
} cx_shard;

struct cx_shards {
    coax_server *first;
    coax_loop *loop; /* its loop */
    cx_post close_first;
    atomic_bool is_close_posted;
    bool has_failed; /* could not be started as a whole: goes away when what did start is over */
    uint32_t count;
    uint32_t n_running;
    atomic_uint drain_ms; /* what they were told; COAX_NEVER_MS: as long as it takes */
    uint32_t next;        /* whose turn it is to be handed a connection; count: the first loop's */
    bool is_closing;
    cx_shard items[];
};

/** Makes the loops and starts the threads, the first time. Failed ones end by themselves. */
COAX_MUST_USE coax_err cx_shards_start(coax_server *first, coax_error *error);

/** The parts listen where the first one's `door` does, or are handed its connections. */
COAX_MUST_USE coax_err cx_shards_listen(cx_door *door, coax_error *error);

/** For cx_listener_events.on_socket: whether the socket went to another loop. */
bool cx_shards_take_socket(cx_door *door, int fd);

/** Closes the parts. */
void cx_shards_close(cx_shards *shards);

/** Drains the parts, for `ms` at most; each closes when it has. NULL is fine. */
void cx_shards_drain(cx_shards *shards, uint32_t ms);

/** A part's last connection and listener are gone. Its own thread. */
void cx_shard_ended(coax_server *part);

/** Whether all threads have been joined. */
static inline bool cx_shards_are_over(const cx_shards *shards)
{
    return shards == NULL || shards->n_running == 0;
}

/** Frees what is left when they are. NULL is fine. */
void cx_shards_free(cx_shards *shards);

/** Something to be done on a part's loop. `arg` is whatever both sides agree on. */
typedef void (*cx_part_fn)(coax_server *part, void *arg);

/**
 * Has `fn(part, arg)` run on every private loop of `first`, on its thread. From any thread while the
 * server is there. @return how many will run it (a loop that has ended runs nothing any more), also
 * fewer where memory is short: then `ret_short` (NULL is fine) is set.
 */
uint32_t cx_shards_post(coax_server *first, cx_part_fn fn, void *arg, bool *ret_short);

/** The server object of the loop that the calling thread runs; `first` where it runs none of them. */
coax_server *cx_shards_here(coax_server *first);

/** coax_server_close on the thread of a private loop: passed on to the first loop. False: not on one. */
bool cx_shards_close_from_inside(coax_server *first);

#endif
