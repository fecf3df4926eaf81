/*
 * tcp://host:port over IPv4 and IPv6.
 *
 * A name may stand for several addresses: a dial tries each, a listener takes the first that can be
 * bound. [::] listens on IPv4 as well. Knows nothing of frames. Read next: unix.c.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "transport/sock.h"
#include "transport/uv_err.h"

/* The socket address of a literal host. false: the URL has a name. */
static bool literal_address(const cx_url *url, cx_address *ret_address)
{
    memset(ret_address, 0, sizeof *ret_address);
    if (url->host_kind == CX_HOST_IPV4) {
        ret_address->len = sizeof(struct sockaddr_in);
        return uv_ip4_addr(url->text, url->port, (struct sockaddr_in *)&ret_address->storage) == 0;
    }
    if (url->host_kind == CX_HOST_IPV6) {
        ret_address->len = sizeof(struct sockaddr_in6);
        return uv_ip6_addr(url->text, url->port, (struct sockaddr_in6 *)&ret_address->storage) == 0;
    }
    return false;
}

static coax_err tcp_dial(cx_net *net, const cx_url *url, const cx_stream_events *events, void *self,
                         cx_stream **ret_stream, coax_error *error)
{
    cx_address address;
    if (url->port == 0)
        return coax_error_set(
            error, COAX_ERR_BAD_ADDRESS,
            "\"tcp://%s:0\": port 0 can't be dialled; it only asks a listener for "
            "a free port",
            url->text);
    bool is_literal = literal_address(url, &address);
    return cx_sock_dial(net, url, is_literal ? &address : NULL, events, self, ret_stream, error);
}

/* A listening socket on one address, or libuv's code (negative). */
static int listen_on(const struct sockaddr *address, socklen_t len, int backlog)
{
    int fd = cx_socket_open(address->sa_family);
    if (fd < 0)
        return fd;
    int on = 1;
    int off = 0;
    int rc = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (rc == 0 && address->sa_family == AF_INET6)
        rc = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (rc == 0)
        rc = bind(fd, address, len);
    if (rc == 0)
        rc = listen(fd, backlog);
    if (rc == 0)
        return fd;
    int code = cx_uv_from_errno(errno);
    close(fd);
    return code;
}

/* Tries what the resolver says, in its order. Waits for the resolver, as the interface promises. */
static int listen_on_name(cx_net *net, const cx_url *url, int backlog)
{
    uv_getaddrinfo_t request;
    struct addrinfo hints;
    char port[8];
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
    (void)snprintf(port, sizeof port, "%u", (unsigned)url->port);
    int fd = uv_getaddrinfo(net->uv, &request, NULL, url->text, port, &hints);
    if (fd != 0)
        return fd;
    fd = UV_EAI_NODATA;
    for (const struct addrinfo *at = request.addrinfo; at != NULL && fd < 0; at = at->ai_next)
        fd = listen_on(at->ai_addr, (socklen_t)at->ai_addrlen, backlog);
    uv_freeaddrinfo(request.addrinfo);
    return fd;
}

/* Where `fd` listens, as a URL. */
static void print_bound(int fd, char *buffer, size_t size)
{
    cx_address bound;
    cx_url url;
    memset(&url, 0, sizeof url);
    memset(&bound, 0, sizeof bound);
    bound.len = sizeof bound.storage;
    url.scheme = CX_SCHEME_TCP;
    (void)getsockname(fd, (struct sockaddr *)&bound.storage, &bound.len);
    if (bound.storage.ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&bound.storage;
        url.host_kind = CX_HOST_IPV6;
        url.port = ntohs(v6->sin6_port);
        (void)uv_ip6_name(v6, url.text, sizeof url.text);
    } else {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)&bound.storage;
        url.host_kind = CX_HOST_IPV4;
        url.port = ntohs(v4->sin_port);
        (void)uv_ip4_name(v4, url.text, sizeof url.text);
    }
    (void)cx_url_print(&url, buffer, size);
}

/* The codes a caller of listen can act on; the rest is the system's refusal. */
static coax_err listen_code(int code)
{
    coax_err err = cx_uv_code(code);
    if (err == COAX_ERR_IN_USE || err == COAX_ERR_NO_MEMORY || err == COAX_ERR_BAD_ADDRESS)
        return err;
    return code == UV_EAI_NONAME || code == UV_EAI_NODATA ? COAX_ERR_BAD_ADDRESS : COAX_ERR_SYSTEM;
}

static coax_err tcp_listen(cx_net *net, const cx_url *url, int backlog,
                           const cx_listener_events *events, void *self, cx_listener **ret_listener,
                           coax_error *error)
{
    cx_address address;
    char shown[CX_URL_PRINT_MAX];
    int fd = literal_address(url, &address)
                 ? listen_on((struct sockaddr *)&address.storage, address.len, backlog)
                 : listen_on_name(net, url, backlog);
    if (fd < 0) {
        (void)cx_url_print(url, shown, sizeof shown);
        (void)cx_uv_error(error, fd, "listening on %s", shown);
        if (error != NULL)
            error->code = listen_code(fd);
        return listen_code(fd);
    }
    print_bound(fd, shown, sizeof shown);
    cx_sock_listener *listener = NULL;
    coax_err rc = cx_sock_serve(net, fd, shown, events, self, &listener, error);
    if (rc != COAX_OK)
        close(fd);
    else
        *ret_listener = &listener->listener;
    return rc;
}

const cx_transport cx_transport_tcp = { "tcp", tcp_dial, tcp_listen };
