/*
 * Streams and listeners over the system's stream sockets: what tcp.c and unix.c share.
 *
 * A socket is watched through uv_poll and read and written here, instead of through uv_tcp or
 * uv_pipe, because libuv 1.44 writes without MSG_NOSIGNAL: a program that did nothing about SIGPIPE
 * would die with its peer. It also saves memory: a uv_poll_t is a third smaller than a uv_tcp_t.
 *
 * Knows sockets, and neither names nor paths. Read next: sock.c, dial.c, listen.c, then tcp.c and
 * unix.c.
 */
#ifndef CX_TRANSPORT_SOCK_H
#define CX_TRANSPORT_SOCK_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <uv.h>

#include "transport/transport.h"

typedef enum cx_sock_state {
    CX_SOCK_DIALING = 1,
    CX_SOCK_OPEN,
    CX_SOCK_BROKEN, /* a write failed: what has arrived is still read, then it ends */
    CX_SOCK_CLOSING
} cx_sock_state;

/** What the watcher is at: uv_close takes a turn, and a dial needs a new watcher for each address.
 */
typedef enum cx_poll_state { CX_POLL_NONE = 0, CX_POLL_ACTIVE, CX_POLL_CLOSING } cx_poll_state;

typedef struct cx_dialing cx_dialing;

/**
 * Invariants: `fd` is open exactly while `poll_state` is CX_POLL_ACTIVE; `dialing` is there until
 * the stream opens or is freed; once CX_SOCK_CLOSING, only on_closed follows.
 */
typedef struct cx_sock {
    cx_stream stream;
    cx_dialing *dialing;
    char *path; /* unix: the address as a URL; NULL for TCP */
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } peer; /* TCP; kept because the system forgets it with the connection */
    int fd;
    int why;        /* libuv's code of what ended it; 0: closed here */
    uint8_t state;  /* cx_sock_state */
    uint8_t polled; /* what the watcher waits for: UV_READABLE, UV_WRITABLE */
    uint8_t poll_state;
    bool is_reading;
    bool wants_room;
    uv_poll_t poll;
} cx_sock;

/** An open stream around `fd`, taken on success. NULL: no memory, or the loop won't watch it
 * (*ret_code says). */
cx_sock *cx_sock_adopt(cx_net *net, int fd, int *ret_code);

/** A stream without a socket, for a dial. NULL: no memory. */
cx_sock *cx_sock_create(cx_net *net);

/** Watches `fd` (taken on success). @return 0 or libuv's code. */
int cx_sock_watch(cx_sock *sock, int fd, int events);

/** Stops watching and closes the socket; `closed` runs when the watcher is free again. */
void cx_sock_unwatch(cx_sock *sock, uv_close_cb closed);

/** A dial has come through: from now on it is read. */
void cx_sock_opened(cx_sock *sock);

/** Ends it with libuv's code `why` (0: closed here); on_closed follows from the loop. */
void cx_sock_end(cx_sock *sock, int why);

/** Calls on_closed and frees. Only from the loop. */
void cx_sock_finish(cx_sock *sock);

/** One address to try. */
typedef struct cx_address {
    struct sockaddr_storage storage;
    socklen_t len;
} cx_address;

/** Starts connecting to `address`, or with NULL to what the resolver says of the host in `url`. As
 * cx_transport.dial. */
coax_err cx_sock_dial(cx_net *net, const cx_url *url, const cx_address *address,
                      const cx_stream_events *events, void *self, cx_stream **ret_stream,
                      coax_error *error);

/** The dial is over (`sock` may be closing): lets go of what it held. NULL is fine. */
void cx_dialing_end(cx_dialing *dialing);

/** Runs cx_sock_finish from the loop, for a dial that has no watcher. */
void cx_dialing_defer_finish(cx_dialing *dialing);

/** Words for a dial that failed with libuv's `code`. */
void cx_dialing_words(const cx_dialing *dialing, int code, coax_error *ret_error);

typedef struct cx_sock_listener {
    cx_listener listener;
    uv_poll_t poll;
    uv_timer_t retry; /* when there is no descriptor left even to refuse with */
    int fd;
    int spare; /* a descriptor to give up, so that a connection can be refused when none is left;
                  -1: none */
    uint32_t n_handles;
    bool is_closing;
    bool is_paused;
    char *url;
    /* unix: the file to remove, if it is still ours */
    char *path;
    dev_t path_device;
    ino_t path_inode;
} cx_sock_listener;

/**
 * Serves a bound and listening `fd`, taken on success.
 * @param url  Where it listens, as a URL; copied.
 */
coax_err cx_sock_serve(cx_net *net, int fd, const char *url, const cx_listener_events *events,
                       void *self, cx_sock_listener **ret_listener, coax_error *error);

/** A stream socket that children do not inherit and that does not block, or libuv's code
 * (negative). */
int cx_socket_open(int family);

/** Where a peer with this address comes from. */
cx_origin cx_socket_origin(const struct sockaddr_storage *peer);

/** A TCP socket's options: no delay, a short queue of unsent bytes, and an end for dead peers. */
void cx_socket_tune(int fd);

#endif
