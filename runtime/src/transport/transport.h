/*
 * Byte streams, whatever carries them: what a transport offers, and what it promises.
 *
 * A transport is a table of two functions, dial and listen; a stream and a listener are tables too.
 * TCP, unix sockets, in-process pairs and the simulator implement them, and the node above knows
 * none of them.
 *
 * What holds for every function here
 *   Blocking     none blocks, but listen on a host name, which waits for the resolver.
 *   Threads      all belong on the loop's thread.
 *   Re-entrancy  all are legal inside any event, and none calls an event before it returns: events
 * come from the loop. Failure      a dial or listen that returns an error has left nothing behind,
 * and no event follows. A stream that fails later ends by itself: one on_closed with the reason,
 * and until then every function on it is harmless.
 *
 * Knows nothing of frames. Read next: sock.h, inproc.c.
 */
#ifndef CX_TRANSPORT_TRANSPORT_H
#define CX_TRANSPORT_TRANSPORT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/bytes.h>
#include <coax/env.h>
#include <coax/error.h>

#include "base/origin.h"
#include "base/wipe.h"
#include "transport/url.h"

struct uv_loop_s;

typedef struct cx_net cx_net;
typedef struct cx_stream cx_stream;
typedef struct cx_listener cx_listener;
typedef struct cx_inproc_listener cx_inproc_listener;

/** Most pieces one try_write takes. */
#define CX_STREAM_PIECES_MAX 64u

/** Something to run soon, once, from the loop. The owner keeps it where it is while it is queued.
 */
typedef struct cx_task {
    struct cx_task *next;
    void (*run)(void *self); /* the task is no longer queued, and may be freed or queued again */
    void *self;
    bool is_queued;
} cx_task;

/** What a transport needs of the loop it lives on. Owned by the loop, which outlives every stream.
 */
struct cx_net {
    struct uv_loop_s *uv; /* NULL in the simulator */
    const coax_allocator *allocator;
    uint8_t *slab; /* where bytes are read to; shared by all streams, valid until on_data returns */
    size_t slab_size;
    const atomic_bool *wipes; /* what was read is overwritten once on_data returns; NULL: never */
    /** Queues `task` if it is not queued. It runs in this turn or the next, never from inside. */
    void (*defer)(cx_net *net, cx_task *task);
    /** Keeps the loop running (+1), or no longer (-1), for what has no handle of libuv's. */
    void (*hold)(cx_net *net, int by);
    cx_inproc_listener *inproc; /* names taken on this loop */
    uint32_t n_open;            /* streams, listeners and look-ups not yet freed */
    struct cx_sim_node *sim;    /* the simulator's node; NULL outside */
};

/** What happens to a stream. Any of them may be called until on_closed, which is the last. */
typedef struct cx_stream_events {
    /** A dialled stream is connected. Accepted ones are from the start. */
    void (*on_open)(void *self);
    /**
     * Bytes came. They are gone when this returns: the receiver copies what it keeps. Until then they
     * are its own to write over.
     */
    void (*on_data)(void *self, uint8_t *data, size_t len);
    /** There is room again, after a try_write that took less than it was given. */
    void (*on_writable)(void *self);
    /**
     * It is over, exactly once; the stream is freed when this returns. `why->code` is COAX_OK after
     * close, and else says what the peer or the system did.
     */
    void (*on_closed)(void *self, const coax_error *why);
} cx_stream_events;

typedef struct cx_stream_ops {
    /**
     * Writes what the system takes now. What it doesn't take stays the caller's, who hears
     * on_writable and tries again.
     * @param pieces  At most CX_STREAM_PIECES_MAX; borrowed for the call.
     * @return COAX_OK with *ret_written up to the sum of the pieces; COAX_ERR_UNAVAILABLE once the
     * stream is broken, closed or not yet open: nothing was written, and what the peer sent before
     * is still delivered ahead of on_closed.
     */
    coax_err (*try_write)(cx_stream *stream, const coax_bytes *pieces, size_t n_pieces,
                          size_t *ret_written);
    /** Stops or resumes on_data. A paused stream learns late that the peer has gone. Starts on. */
    void (*read)(cx_stream *stream, bool on);
    /** Nothing more will be written: the peer sees the end behind what it has not read yet. Reading
     * goes on. */
    void (*shutdown)(cx_stream *stream);
    /** Ends it: no event but on_closed follows. Again is fine. */
    void (*close)(cx_stream *stream);
    /** The other end as a URL, cut to `size` with its NUL. Returns the full length. */
    size_t (*address)(const cx_stream *stream, char *buffer, size_t size);
} cx_stream_ops;

/**
 * The head of every implementation. `events` and `self` are whoever owns the stream now. `origin` says where an
 * accepted one comes from.
 */
struct cx_stream {
    const cx_stream_ops *ops;
    const cx_stream_events *events;
    void *self;
    cx_net *net;
    cx_origin origin;
};

typedef struct cx_listener_events {
    /** A connection came. The receiver sets stream->events and stream->self, or closes it, before
     * it returns. */
    void (*on_accept)(void *self, cx_stream *stream);
    /** A connection could not be accepted (no descriptors left, no memory). The listener goes on.
     */
    void (*on_trouble)(void *self, const coax_error *what);
    /** The listener is freed when this returns. */
    void (*on_closed)(void *self);
    /**
     * NULL, or asked before a stream is made of an accepted socket: true takes it away, for
     * cx_stream_adopt on another loop. Not by listeners that have no sockets.
     */
    bool (*on_socket)(void *self, int fd);
    /**
     * NULL, or asked of each socket before anything is made for it: false closes it, and its peer sees
     * the connection reset. Not by listeners that have no sockets.
     */
    bool (*admits)(void *self, const cx_origin *origin);
} cx_listener_events;

typedef struct cx_listener_ops {
    /** Stops listening, frees the address at once; on_closed follows. Again is fine. */
    void (*close)(cx_listener *listener);
    /** Where it listens, with the port the system chose. As cx_stream_ops.address. */
    size_t (*address)(const cx_listener *listener, char *buffer, size_t size);
    /**
     * One more listening socket on the same address, for cx_listener_adopt on another loop; the system
     * spreads connections over them. COAX_ERR_NOT_SUPPORTED: it can't, so on_socket must. NULL: no
     * sockets, so all connections stay on this loop.
     */
    coax_err (*share)(cx_listener *listener, int backlog, int *ret_fd, coax_error *error);
    /** Stops accepting for a while (connections wait at the system), or goes on. Twice is once. NULL: it can't. */
    void (*pause)(cx_listener *listener, bool on);
} cx_listener_ops;

struct cx_listener {
    const cx_listener_ops *ops;
    const cx_listener_events *events;
    void *self;
    cx_net *net;
};

typedef struct cx_transport {
    const char *name;
    /** Starts connecting to `url`. One of on_open and on_closed follows. Names are looked up
     * meanwhile. */
    coax_err (*dial)(cx_net *net, const cx_url *url, const cx_stream_events *events, void *self,
                     cx_stream **ret_stream, coax_error *error);
    /** Listens on `url`. @return COAX_ERR_BAD_ADDRESS, _IN_USE, _SYSTEM, _NO_MEMORY,
     * _NOT_SUPPORTED. */
    coax_err (*listen)(cx_net *net, const cx_url *url, int backlog,
                       const cx_listener_events *events, void *self, cx_listener **ret_listener,
                       coax_error *error);
} cx_transport;

extern const cx_transport cx_transport_tcp;
extern const cx_transport cx_transport_unix;
extern const cx_transport cx_transport_inproc;
extern const cx_transport cx_transport_sim;

/** The transport for `url` on `net`: in the simulator everything but inproc is simulated. Never
 * NULL. */
const cx_transport *cx_transport_for(const cx_net *net, const cx_url *url);

/**
 * A connected stream of a socket that on_socket took on another loop; `url` is that listener's. The
 * caller sets events and self before it returns to the loop: nothing has been read yet. `fd` is taken also on
 * failure. NULL: no memory, or the system won't watch it, as `error` says.
 */
cx_stream *cx_stream_adopt(cx_net *net, int fd, const char *url, coax_error *error);

/** Listens on a socket from share. `fd` is taken also on failure. */
coax_err cx_listener_adopt(cx_net *net, int fd, const char *url, const cx_listener_events *events,
                           void *self, cx_listener **ret_listener, coax_error *error);

/** Whether something passes through this loop that must not stay in memory. */
static inline bool cx_net_keeps_secrets(const cx_net *net)
{
    return net->wipes != NULL &&
           COAX_UNLIKELY(atomic_load_explicit(net->wipes, memory_order_relaxed));
}

/** Then overwrites bytes that nobody needs any more. */
static inline void cx_net_wipe(const cx_net *net, void *bytes, size_t len)
{
    if (cx_net_keeps_secrets(net))
        cx_wipe(bytes, len);
}

/** `size` zeroed bytes from the loop's allocator, or NULL. */
void *cx_net_take(cx_net *net, size_t size);

/** `text` copied into the loop's memory, or NULL. */
char *cx_net_copy(cx_net *net, const char *text);

/** Gives memory back. NULL is fine. */
void cx_net_release(cx_net *net, void *memory);

#endif
