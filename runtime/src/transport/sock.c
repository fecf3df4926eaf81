/*
 * One connected socket: reading into the loop's slab, writing at once, ending once.
 *
 * Knows nothing of how the socket came to be. Read next: dial.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "transport/sock.h"
#include "transport/uv_err.h"

/* Reads in one turn from one socket: enough to empty a busy one, few enough for others to be heard.
 */
#define READS_PER_TURN 8

#ifdef MSG_NOSIGNAL
#define SEND_FLAGS MSG_NOSIGNAL
#else
#define SEND_FLAGS 0 /* the socket has SO_NOSIGPIPE, see cx_socket_open */
#endif

/*
 * Unsent bytes the kernel takes at most: what waits there can't be overtaken any more. As much as
 * half a turn of the send queue, so that it is filled again before it runs dry.
 */
#define NOTSENT_MAX (128 * 1024)
/*
 * A peer that has gone without a word is found even if nobody asks it: after a minute of silence it
 * is probed every 10 s, and two minutes after the first byte or probe that it did not confirm the
 * connection breaks.
 */
#define KEEPALIVE_AFTER_S 60
#define KEEPALIVE_EVERY_S 10
#define KEEPALIVE_PROBES 6
#define UNCONFIRMED_MS 120000

static cx_sock *of(cx_stream *stream)
{
    return (cx_sock *)stream;
}

int cx_socket_open(int family)
{
    int fd = socket(family, SOCK_STREAM, 0);
    if (fd < 0)
        return cx_uv_from_errno(errno);
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
#ifdef SO_NOSIGPIPE
    int on = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    if (family != AF_UNIX)
        cx_socket_tune(fd);
    return fd;
}

static void set(int fd, int level, int option, int value)
{
    (void)setsockopt(fd, level, option, &value, sizeof value); /* an old kernel works without */
}

void cx_socket_tune(int fd)
{
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef TCP_KEEPIDLE
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_AFTER_S);
#elif defined TCP_KEEPALIVE
    set(fd, IPPROTO_TCP, TCP_KEEPALIVE, KEEPALIVE_AFTER_S);
#endif
#ifdef TCP_KEEPINTVL
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EVERY_S);
#endif
#ifdef TCP_KEEPCNT
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
#endif
#ifdef TCP_USER_TIMEOUT
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNCONFIRMED_MS);
#endif
#ifdef TCP_NOTSENT_LOWAT
    set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, NOTSENT_MAX);
#endif
}

void cx_sock_finish(cx_sock *sock)
{
    cx_net *net = sock->stream.net;
    coax_error why = COAX_ERROR_INIT;
    if (sock->why == UV_EOF)
        (void)coax_error_set(&why, COAX_ERR_UNAVAILABLE, "the peer closed the connection");
    else if (sock->why != 0 && sock->dialing != NULL)
        cx_dialing_words(sock->dialing, sock->why, &why);
    else if (sock->why != 0)
        (void)cx_uv_error(&why, sock->why, "the connection broke");
    if (why.code != COAX_OK && sock->dialing == NULL)
        why.code = COAX_ERR_UNAVAILABLE;
    cx_dialing_end(sock->dialing);
    sock->dialing = NULL;
    if (sock->stream.events != NULL)
        sock->stream.events->on_closed(sock->stream.self, &why);
    cx_net_release(net, sock->path);
    cx_net_release(net, sock);
    net->n_open--;
}

static void on_watcher_closed(uv_handle_t *handle)
{
    cx_sock *sock = handle->data;
    sock->poll_state = CX_POLL_NONE;
    cx_sock_finish(sock);
}

void cx_sock_unwatch(cx_sock *sock, uv_close_cb closed)
{
    uv_close((uv_handle_t *)&sock->poll, closed);
    sock->poll_state = CX_POLL_CLOSING;
    sock->polled = 0;
    close(sock->fd);
    sock->fd = -1;
}

void cx_sock_end(cx_sock *sock, int why)
{
    if (sock->state == CX_SOCK_CLOSING)
        return;
    sock->state = CX_SOCK_CLOSING;
    sock->why = why;
    if (sock->poll_state == CX_POLL_ACTIVE)
        cx_sock_unwatch(sock, on_watcher_closed);
    else if (sock->poll_state == CX_POLL_NONE)
        cx_dialing_defer_finish(sock->dialing);
    /* else the dial was between two addresses: its own closing callback finishes */
}

/* One pass over what has arrived. */
static void read_some(cx_sock *sock)
{
    cx_net *net = sock->stream.net;
    for (int i = 0; i < READS_PER_TURN && sock->is_reading && sock->state != CX_SOCK_CLOSING; i++) {
        ssize_t n = recv(sock->fd, net->slab, net->slab_size, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (n <= 0) {
            int why = n == 0 ? UV_EOF : cx_uv_from_errno(errno);
            cx_sock_end(sock, why);
            return;
        }
        sock->stream.events->on_data(sock->stream.self, net->slab, (size_t)n);
        cx_net_wipe(net, net->slab, (size_t)n);
        if ((size_t)n < net->slab_size && sock->state != CX_SOCK_BROKEN)
            return; /* it is empty: asking again would cost a system call */
    }
}

static void watch(cx_sock *sock);

static void on_event(uv_poll_t *poll, int status, int events)
{
    cx_sock *sock = poll->data;
    if (status < 0) {
        /* The socket has an error and libuv stopped watching. Reading finds what came before it,
         * then the error itself. */
        sock->polled = 0;
        events = UV_READABLE;
        sock->is_reading = true;
    }
    if (events & UV_READABLE)
        read_some(sock);
    if ((events & UV_WRITABLE) && sock->state == CX_SOCK_OPEN && sock->wants_room) {
        sock->wants_room = false;
        watch(sock);
        sock->stream.events->on_writable(sock->stream.self);
    }
    if (sock->state != CX_SOCK_CLOSING)
        watch(sock);
}

/* Tells the loop what is waited for, if that has changed: each change costs two system calls. */
static void watch(cx_sock *sock)
{
    if (sock->state == CX_SOCK_CLOSING || sock->poll_state != CX_POLL_ACTIVE)
        return;
    int wanted = (sock->is_reading ? UV_READABLE : 0) |
                 (sock->wants_room && sock->state == CX_SOCK_OPEN ? UV_WRITABLE : 0);
    if (wanted == sock->polled)
        return;
    int rc = wanted == 0 ? uv_poll_stop(&sock->poll) : uv_poll_start(&sock->poll, wanted, on_event);
    sock->polled = (uint8_t)wanted;
    if (rc != 0)
        cx_sock_end(sock, rc);
}

/* A write failed. What the peer said before it went, a reason perhaps, is worth reading. */
static coax_err broke(cx_sock *sock, int why)
{
    sock->state = CX_SOCK_BROKEN;
    sock->why = why;
    sock->wants_room = false;
    sock->is_reading = true;
    watch(sock);
    return COAX_ERR_UNAVAILABLE;
}

static ssize_t send_pieces(int fd, const coax_bytes *pieces, size_t n_pieces)
{
    struct iovec parts[CX_STREAM_PIECES_MAX];
    struct msghdr message;
    if (n_pieces == 1)
        return send(fd, pieces[0].data, pieces[0].len, SEND_FLAGS);
    for (size_t i = 0; i < n_pieces; i++) {
        parts[i].iov_base = (void *)(uintptr_t)pieces[i].data;
        parts[i].iov_len = pieces[i].len;
    }
    memset(&message, 0, sizeof message);
    message.msg_iov = parts;
    message.msg_iovlen = n_pieces;
    return sendmsg(fd, &message, SEND_FLAGS);
}

static coax_err sock_try_write(cx_stream *stream, const coax_bytes *pieces, size_t n_pieces,
                               size_t *ret_written)
{
    cx_sock *sock = of(stream);
    if (sock->state != CX_SOCK_OPEN)
        return COAX_ERR_UNAVAILABLE;
    size_t total = 0;
    for (size_t i = 0; i < n_pieces; i++)
        total += pieces[i].len;
    ssize_t n;
    do
        n = send_pieces(sock->fd, pieces, n_pieces);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS)
        return broke(sock, cx_uv_from_errno(errno));
    *ret_written = n < 0 ? 0 : (size_t)n;
    sock->wants_room = *ret_written < total;
    watch(sock);
    return COAX_OK;
}

static void sock_read(cx_stream *stream, bool on)
{
    cx_sock *sock = of(stream);
    if (sock->state == CX_SOCK_BROKEN)
        return;
    sock->is_reading = on;
    if (sock->state == CX_SOCK_OPEN)
        watch(sock);
}

static void sock_shutdown(cx_stream *stream)
{
    cx_sock *sock = of(stream);
    if (sock->state == CX_SOCK_OPEN)
        (void)shutdown(sock->fd, SHUT_WR); /* fails only where the connection is gone already */
}

static void sock_close(cx_stream *stream)
{
    cx_sock_end(of(stream), 0);
}

/* An IPv4 client of a listener on [::] shows as IPv4. */
static size_t print_mapped(const struct sockaddr_in6 *v6, char *buffer, size_t size)
{
    const uint8_t *a = v6->sin6_addr.s6_addr + 12;
    int n = snprintf(buffer, size, "tcp://%u.%u.%u.%u:%u", a[0], a[1], a[2], a[3],
                     (unsigned)ntohs(v6->sin6_port));
    return n < 0 ? 0 : (size_t)n;
}

static size_t sock_address(const cx_stream *stream, char *buffer, size_t size)
{
    const cx_sock *sock = (const cx_sock *)stream;
    char host[64] = "";
    int n = 0;
    if (sock->path != NULL) {
        n = snprintf(buffer, size, "%s", sock->path);
    } else if (sock->peer.any.sa_family == AF_INET) {
        uv_ip4_name(&sock->peer.v4, host, sizeof host);
        n = snprintf(buffer, size, "tcp://%s:%u", host, (unsigned)ntohs(sock->peer.v4.sin_port));
    } else if (sock->peer.any.sa_family == AF_INET6) {
        if (IN6_IS_ADDR_V4MAPPED(&sock->peer.v6.sin6_addr))
            return print_mapped(&sock->peer.v6, buffer, size);
        uv_ip6_name(&sock->peer.v6, host, sizeof host);
        n = snprintf(buffer, size, "tcp://[%s]:%u", host, (unsigned)ntohs(sock->peer.v6.sin6_port));
    } else if (size > 0) {
        buffer[0] = '\0';
    }
    return n < 0 ? 0 : (size_t)n;
}

static const cx_stream_ops sock_ops = { sock_try_write, sock_read, sock_shutdown, sock_close,
                                        sock_address };

cx_sock *cx_sock_create(cx_net *net)
{
    cx_sock *sock = cx_net_take(net, sizeof *sock);
    if (sock == NULL)
        return NULL;
    net->n_open++;
    sock->stream.ops = &sock_ops;
    sock->stream.net = net;
    sock->fd = -1;
    sock->state = CX_SOCK_DIALING;
    sock->is_reading = true;
    return sock;
}

int cx_sock_watch(cx_sock *sock, int fd, int events)
{
    int rc = uv_poll_init(sock->stream.net->uv, &sock->poll, fd);
    if (rc != 0)
        return rc;
    sock->poll.data = sock;
    sock->fd = fd;
    sock->poll_state = CX_POLL_ACTIVE;
    sock->polled = (uint8_t)events;
    rc = events == 0 ? 0 : uv_poll_start(&sock->poll, events, on_event);
    return rc; /* on failure the caller ends the stream, which closes fd */
}

cx_origin cx_socket_origin(const struct sockaddr_storage *peer)
{
    const cx_origin local = { .kind = CX_ORIGIN_LOCAL };
    uint8_t bytes[16];
    if (peer->ss_family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)peer)->sin_addr, 4);
        return cx_origin_ipv4(bytes);
    }
    if (peer->ss_family == AF_INET6) {
        memcpy(bytes, &((const struct sockaddr_in6 *)peer)->sin6_addr, 16);
        return cx_origin_ipv6(bytes);
    }
    return local;
}

/* Keeps what coax_peer_address will be asked for after the connection has gone. */
static void remember_peer(cx_sock *sock)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof peer;
    memset(&peer, 0, sizeof peer);
    if (getpeername(sock->fd, (struct sockaddr *)&peer, &len) != 0)
        return;
    sock->stream.origin = cx_socket_origin(&peer);
    if (peer.ss_family == AF_INET || peer.ss_family == AF_INET6)
        memcpy(&sock->peer, &peer, sizeof sock->peer);
}

cx_sock *cx_sock_adopt(cx_net *net, int fd, int *ret_code)
{
    *ret_code = UV_ENOMEM;
    cx_sock *sock = cx_sock_create(net);
    if (sock == NULL)
        return NULL;
    *ret_code = cx_sock_watch(sock, fd, 0);
    if (sock->poll_state == CX_POLL_NONE) {
        net->n_open--;
        cx_net_release(net, sock);
        return NULL;
    }
    sock->state = CX_SOCK_OPEN;
    remember_peer(sock);
    if (sock->peer.any.sa_family == AF_INET || sock->peer.any.sa_family == AF_INET6)
        cx_socket_tune(fd); /* not every system hands the listener's options down */
    watch(sock);
    return sock;
}

void cx_sock_opened(cx_sock *sock)
{
    sock->state = CX_SOCK_OPEN;
    remember_peer(sock);
    cx_dialing_end(sock->dialing);
    sock->dialing = NULL;
    watch(sock);
    sock->stream.events->on_open(sock->stream.self);
}
