/*
 * Connecting: look the name up, then try its addresses in the resolver's order until one answers.
 *
 * Each attempt has a socket and a turn of the watcher; the next begins when the last watcher is
 * closed. Nothing here limits the time: whoever dials closes the stream when it has taken too long.
 * Read next: listen.c.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "transport/sock.h"
#include "transport/uv_err.h"

/* Invariant: `sock` is NULL once the dial has ended; the resolver's answer then only frees this. */
struct cx_dialing {
    cx_net *net;
    cx_sock *sock;
    uv_getaddrinfo_t request;
    bool is_resolving;
    bool was_resolved;
    struct addrinfo *found; /* the resolver's list; freed with this */
    struct addrinfo *next;  /* to try */
    cx_address literal;     /* the only address, when `found` is NULL */
    bool literal_tried;
    int last_code; /* of the last attempt that failed */
    cx_task finish;
    cx_url url;
};

static void free_dialing(cx_dialing *dialing)
{
    cx_net *net = dialing->net;
    if (dialing->found != NULL)
        uv_freeaddrinfo(dialing->found);
    cx_net_release(net, dialing);
    net->n_open--;
}

void cx_dialing_end(cx_dialing *dialing)
{
    if (dialing == NULL)
        return;
    dialing->sock = NULL;
    if (dialing->is_resolving)
        (void)uv_cancel((uv_req_t *)&dialing->request); /* a look-up under way ends by itself */
    else
        free_dialing(dialing);
}

void cx_dialing_words(const cx_dialing *dialing, int code, coax_error *ret_error)
{
    char url[CX_URL_PRINT_MAX];
    (void)cx_url_print(&dialing->url, url, sizeof url);
    bool by_name = dialing->url.scheme == CX_SCHEME_TCP && dialing->url.host_kind == CX_HOST_NAME;
    if (by_name && !dialing->was_resolved)
        (void)cx_uv_error(ret_error, code, "looking up the host of %s", url);
    else
        (void)cx_uv_error(ret_error, code, "connecting to %s", url);
    if (code == UV_ECANCELED)
        ret_error->code = COAX_ERR_CANCELLED;
    else if (ret_error->code != COAX_ERR_NO_MEMORY)
        ret_error->code = COAX_ERR_UNAVAILABLE;
}

static void run_finish(void *self)
{
    cx_dialing *dialing = self;
    cx_sock_finish(dialing->sock);
}

void cx_dialing_defer_finish(cx_dialing *dialing)
{
    dialing->finish.run = run_finish;
    dialing->finish.self = dialing;
    dialing->net->defer(dialing->net, &dialing->finish);
}

static void try_next(cx_sock *sock);

static void on_attempt_closed(uv_handle_t *handle)
{
    cx_sock *sock = handle->data;
    sock->poll_state = CX_POLL_NONE;
    if (sock->state == CX_SOCK_CLOSING)
        cx_sock_finish(sock);
    else
        try_next(sock);
}

/* The socket can be written, or has an error: the attempt is decided. */
static void on_attempt(uv_poll_t *poll, int status, int events)
{
    cx_sock *sock = poll->data;
    int error = 0;
    socklen_t len = sizeof error;
    (void)status; /* libuv reports the socket's error as EBADF; the socket knows better */
    (void)events;
    if (getsockopt(sock->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        error = errno;
    if (error == 0) {
        cx_sock_opened(sock);
        return;
    }
    sock->dialing->last_code = cx_uv_from_errno(error);
    cx_sock_unwatch(sock, on_attempt_closed);
}

/* Begins one attempt. On failure nothing is left of it. @return 0 or libuv's code. */
static int attempt(cx_sock *sock, int family, const struct sockaddr *address, socklen_t len)
{
    int fd = cx_socket_open(family);
    if (fd < 0)
        return fd;
    int rc;
    do
        rc = connect(fd, address, len);
    while (rc != 0 && errno == EINTR);
    if (rc != 0 && errno != EINPROGRESS) {
        int code = cx_uv_from_errno(errno);
        close(fd);
        return code;
    }
    int code = cx_sock_watch(sock, fd, 0);
    if (sock->poll_state == CX_POLL_NONE) {
        close(fd);
        return code;
    }
    sock->polled = UV_WRITABLE;
    return uv_poll_start(&sock->poll, UV_WRITABLE, on_attempt);
}

/* The next address to try, or NULL. */
static const struct sockaddr *take_address(cx_dialing *dialing, socklen_t *ret_len)
{
    if (dialing->found == NULL) {
        if (dialing->literal_tried)
            return NULL;
        dialing->literal_tried = true;
        *ret_len = dialing->literal.len;
        return (const struct sockaddr *)&dialing->literal.storage;
    }
    struct addrinfo *at = dialing->next;
    if (at == NULL)
        return NULL;
    dialing->next = at->ai_next;
    *ret_len = (socklen_t)at->ai_addrlen;
    return at->ai_addr;
}

/* Tries addresses until one is under way; ends the stream when none is left. */
static void try_next(cx_sock *sock)
{
    cx_dialing *dialing = sock->dialing;
    socklen_t len = 0;
    const struct sockaddr *address;
    while ((address = take_address(dialing, &len)) != NULL) {
        int code = attempt(sock, address->sa_family, address, len);
        if (code == 0)
            return;
        dialing->last_code = code;
        if (sock->poll_state == CX_POLL_ACTIVE) {
            cx_sock_unwatch(sock, on_attempt_closed);
            return;
        }
    }
    cx_sock_end(sock, dialing->last_code != 0 ? dialing->last_code : UV_EAI_NODATA);
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    cx_dialing *dialing = request->data;
    cx_sock *sock = dialing->sock;
    dialing->is_resolving = false;
    dialing->found = found;
    dialing->next = found;
    if (sock == NULL) {
        free_dialing(dialing);
        return;
    }
    if (sock->state == CX_SOCK_CLOSING)
        return; /* its finish is queued */
    if (status != 0) {
        cx_sock_end(sock, status);
        return;
    }
    dialing->was_resolved = true;
    try_next(sock);
}

static int start_resolving(cx_dialing *dialing)
{
    struct addrinfo hints;
    char port[8];
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    (void)snprintf(port, sizeof port, "%u", (unsigned)dialing->url.port);
    dialing->request.data = dialing;
    int rc = uv_getaddrinfo(dialing->net->uv, &dialing->request, on_resolved, dialing->url.text,
                            port, &hints);
    dialing->is_resolving = rc == 0;
    return rc;
}

coax_err cx_sock_dial(cx_net *net, const cx_url *url, const cx_address *address,
                      const cx_stream_events *events, void *self, cx_stream **ret_stream,
                      coax_error *error)
{
    cx_sock *sock = cx_sock_create(net);
    cx_dialing *dialing = sock != NULL ? cx_net_take(net, sizeof *dialing) : NULL;
    if (dialing == NULL) {
        net->n_open -= sock != NULL ? 1 : 0;
        cx_net_release(net, sock);
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to dial with");
    }
    net->n_open++;
    dialing->net = net;
    dialing->sock = sock;
    dialing->url = *url;
    sock->dialing = dialing;
    sock->stream.events = events;
    sock->stream.self = self;
    if (address != NULL) {
        dialing->literal = *address;
        try_next(sock);
    } else {
        int rc = start_resolving(dialing);
        if (rc != 0)
            cx_sock_end(sock, rc);
    }
    *ret_stream = &sock->stream;
    return COAX_OK;
}
