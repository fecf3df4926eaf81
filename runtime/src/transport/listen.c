/*
 * Accepting: one watcher for each listening socket, several connections a turn, and a way out when
 * descriptors run out.
 *
 * Without descriptors accept fails, the socket stays ready, and the loop would spin. So each
 * listener keeps a spare one: given up, it lets the connection be accepted and closed at once, so
 * that the peer learns. Where even the spare is gone, listening rests for a moment. Read next:
 * tcp.c, unix.c.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* accept4: no moment in which a child could inherit the connection */
#endif
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transport/sock.h"
#include "transport/uv_err.h"

#define ACCEPTS_PER_TURN 32
#define REST_MS 100u

static void on_ready(uv_poll_t *poll, int status, int events);

static cx_sock_listener *of(cx_listener *listener)
{
    return (cx_sock_listener *)listener;
}

/* `ret_peer` NULL: nobody asks. */
static int accept_one(int fd, struct sockaddr_storage *ret_peer)
{
    struct sockaddr *peer = (struct sockaddr *)ret_peer;
    socklen_t size = sizeof *ret_peer;
    socklen_t *len = ret_peer != NULL ? &size : NULL;
    if (ret_peer != NULL)
        memset(ret_peer, 0, sizeof *ret_peer);
#ifdef __linux__
    return accept4(fd, peer, len, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
    int accepted = accept(fd, peer, len);
    if (accepted >= 0) {
        (void)fcntl(accepted, F_SETFD, FD_CLOEXEC);
        (void)fcntl(accepted, F_SETFL, O_NONBLOCK);
    }
    return accepted;
#endif
}

static void report(cx_sock_listener *listener, int code)
{
    coax_error what = COAX_ERROR_INIT;
    (void)cx_uv_error(&what, code, "accepting on %s", listener->url);
    if (code == UV_EMFILE || code == UV_ENFILE)
        what.code = COAX_ERR_RESOURCE_EXHAUSTED;
    listener->listener.events->on_trouble(listener->listener.self, &what);
}

static void on_rested(uv_timer_t *timer)
{
    cx_sock_listener *listener = timer->data;
    if (!listener->is_closing && !listener->is_paused)
        (void)uv_poll_start(&listener->poll, UV_READABLE, on_ready);
}

static void rest(cx_sock_listener *listener)
{
    (void)uv_poll_stop(&listener->poll);
    (void)uv_timer_start(&listener->retry, on_rested, REST_MS, 0);
}

static int open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* No descriptor is left: refuses one connection with the spare, or rests. */
static void refuse_one(cx_sock_listener *listener)
{
    if (listener->spare < 0)
        listener->spare = open_spare();
    if (listener->spare < 0) {
        rest(listener);
        return;
    }
    close(listener->spare);
    int fd = accept_one(listener->fd, NULL);
    if (fd >= 0)
        close(fd);
    listener->spare = open_spare();
}

/* A stream of an accepted socket, which is closed on failure; then *ret_code is libuv's. */
static cx_stream *adopt(cx_net *net, int fd, const char *url, int *ret_code)
{
    cx_sock *sock = cx_sock_adopt(net, fd, ret_code);
    if (sock == NULL) {
        close(fd);
        return NULL;
    }
    if (sock->peer.any.sa_family == AF_INET || sock->peer.any.sa_family == AF_INET6) {
        int on = 1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    } else {
        sock->path = cx_net_copy(net, url);
    }
    return &sock->stream;
}

/* Nothing that it has sent is answered, and no state of the connection is kept by the system either. */
static void turn_away(int fd)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

static void welcome(cx_sock_listener *listener, int fd, const struct sockaddr_storage *peer)
{
    const cx_listener_events *events = listener->listener.events;
    const cx_origin origin = cx_socket_origin(peer);
    int code = 0;
    if (events->admits != NULL && !events->admits(listener->listener.self, &origin)) {
        turn_away(fd);
        return;
    }
    if (events->on_socket != NULL && events->on_socket(listener->listener.self, fd))
        return;
    cx_stream *stream = adopt(listener->listener.net, fd, listener->url, &code);
    if (stream == NULL)
        report(listener, code);
    else
        events->on_accept(listener->listener.self, stream);
}

/* @return whether to go on accepting in this turn. */
static bool accept_next(cx_sock_listener *listener)
{
    struct sockaddr_storage peer;
    int fd = accept_one(listener->fd, &peer);
    if (fd >= 0) {
        welcome(listener, fd, &peer);
        return true;
    }
    int code = cx_uv_from_errno(errno);
    if (code == UV_EINTR || code == UV_ECONNABORTED)
        return true;
    if (code == UV_EAGAIN)
        return false;
    report(listener, code);
    if (listener->is_closing)
        return false;
    if (code == UV_EMFILE || code == UV_ENFILE)
        refuse_one(listener);
    else
        rest(listener);
    return false;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    cx_sock_listener *listener = poll->data;
    (void)events;
    if (status < 0) { /* libuv has stopped watching a socket in error */
        report(listener, status);
        rest(listener);
        return;
    }
    for (int i = 0; i < ACCEPTS_PER_TURN && !listener->is_closing && !listener->is_paused; i++)
        if (!accept_next(listener))
            return;
}

static void on_handle_closed(uv_handle_t *handle)
{
    cx_sock_listener *listener = handle->data;
    if (--listener->n_handles > 0)
        return;
    cx_net *net = listener->listener.net;
    listener->listener.events->on_closed(listener->listener.self);
    cx_net_release(net, listener->path);
    cx_net_release(net, listener->url);
    cx_net_release(net, listener);
    net->n_open--;
}

/* Removes the socket file unless somebody has put another in its place. */
static void remove_file(const cx_sock_listener *listener)
{
    struct stat now;
    if (listener->path == NULL || stat(listener->path, &now) != 0)
        return;
    if (now.st_dev == listener->path_device && now.st_ino == listener->path_inode)
        (void)unlink(listener->path);
}

static void listener_close(cx_listener *base)
{
    cx_sock_listener *listener = of(base);
    if (listener->is_closing)
        return;
    listener->is_closing = true;
    uv_close((uv_handle_t *)&listener->poll, on_handle_closed);
    uv_close((uv_handle_t *)&listener->retry, on_handle_closed);
    remove_file(listener);
    close(listener->fd);
    if (listener->spare >= 0)
        close(listener->spare);
}

static void listener_pause(cx_listener *base, bool on)
{
    cx_sock_listener *listener = of(base);
    if (listener->is_paused == on)
        return;
    listener->is_paused = on;
    if (listener->is_closing || uv_is_active((uv_handle_t *)&listener->retry))
        return; /* it rests anyway, and looks when it has */
    if (on)
        (void)uv_poll_stop(&listener->poll);
    else
        (void)uv_poll_start(&listener->poll, UV_READABLE, on_ready);
}

static size_t listener_address(const cx_listener *base, char *buffer, size_t size)
{
    const cx_sock_listener *listener = (const cx_sock_listener *)base;
    int n = snprintf(buffer, size, "%s", listener->url);
    return n < 0 ? 0 : (size_t)n;
}

/*
 * Only Linux spreads connections over the sockets of one port; elsewhere SO_REUSEPORT means something
 * else, or the last one gets all. The option is set behind bind, so that a port in use was found to be.
 */
#if defined(__linux__) && defined(SO_REUSEPORT)
static int open_second(int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    int on = 1;
    int off = 0;
    memset(&address, 0, sizeof address);
    if (getsockname(fd, (struct sockaddr *)&address, &len) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
        return cx_uv_from_errno(errno);
    int second = cx_socket_open(address.ss_family);
    if (second < 0)
        return second;
    int rc = setsockopt(second, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (rc == 0)
        rc = setsockopt(second, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (rc == 0 && address.ss_family == AF_INET6)
        rc = setsockopt(second, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (rc == 0)
        rc = bind(second, (struct sockaddr *)&address, len);
    if (rc == 0)
        return second;
    int code = cx_uv_from_errno(errno);
    close(second);
    return code;
}

static bool can_share(const cx_sock_listener *listener)
{
    return strncmp(listener->url, "tcp:", 4) == 0;
}
#else
static int open_second(int fd)
{
    (void)fd;
    return UV_ENOTSUP;
}

static bool can_share(const cx_sock_listener *listener)
{
    (void)listener;
    return false;
}
#endif

static coax_err listener_share(cx_listener *base, int backlog, int *ret_fd, coax_error *error)
{
    const cx_sock_listener *listener = of(base);
    if (!can_share(listener))
        return coax_error_set(error, COAX_ERR_NOT_SUPPORTED,
                              "%s: the system spreads no connections of its kind", listener->url);
    int fd = open_second(listener->fd);
    if (fd >= 0 && listen(fd, backlog) != 0) {
        int code = cx_uv_from_errno(errno);
        close(fd);
        fd = code;
    }
    if (fd < 0) {
        (void)cx_uv_error(error, fd, "listening on %s for one more loop", listener->url);
        if (error != NULL)
            error->code = COAX_ERR_SYSTEM;
        return COAX_ERR_SYSTEM;
    }
    *ret_fd = fd;
    return COAX_OK;
}

static const cx_listener_ops listener_ops = { listener_close, listener_address, listener_share,
                                              listener_pause };

coax_err cx_sock_serve(cx_net *net, int fd, const char *url, const cx_listener_events *events,
                       void *self, cx_sock_listener **ret_listener, coax_error *error)
{
    cx_sock_listener *listener = cx_net_take(net, sizeof *listener);
    char *copy = listener != NULL ? cx_net_copy(net, url) : NULL;
    if (copy == NULL) {
        cx_net_release(net, listener);
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a listener");
    }
    int rc = uv_poll_init(net->uv, &listener->poll, fd);
    if (rc != 0) {
        cx_net_release(net, copy);
        cx_net_release(net, listener);
        (void)cx_uv_error(error, rc, "watching %s", url);
        return COAX_ERR_SYSTEM;
    }
    (void)uv_timer_init(net->uv, &listener->retry); /* can't fail */
    listener->listener = (cx_listener){ &listener_ops, events, self, net };
    listener->poll.data = listener;
    listener->retry.data = listener;
    listener->n_handles = 2;
    net->n_open++;
    listener->fd = fd;
    listener->spare = open_spare();
    listener->url = copy;
    (void)uv_poll_start(&listener->poll, UV_READABLE,
                        on_ready); /* fails for flags it doesn't know */
    *ret_listener = listener;
    return COAX_OK;
}

cx_stream *cx_stream_adopt(cx_net *net, int fd, const char *url, coax_error *error)
{
    int code = 0;
    cx_stream *stream = adopt(net, fd, url, &code);
    if (stream == NULL)
        (void)cx_uv_error(error, code, "accepting on %s", url);
    return stream;
}

coax_err cx_listener_adopt(cx_net *net, int fd, const char *url, const cx_listener_events *events,
                           void *self, cx_listener **ret_listener, coax_error *error)
{
    cx_sock_listener *listener = NULL;
    coax_err rc = cx_sock_serve(net, fd, url, events, self, &listener, error);
    if (rc != COAX_OK)
        close(fd);
    else
        *ret_listener = &listener->listener;
    return rc;
}
