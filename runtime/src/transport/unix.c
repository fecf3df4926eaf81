/*
 * unix:///path and, on Linux, unix://@name (the abstract name space, which leaves no file behind).
 *
 * A server that was killed leaves its socket file. Listening finds out whether anybody answers
 * there: if so the address is in use, if not the file is replaced. A lock on the folder keeps two
 * starting servers from taking each other's fresh socket for such a leftover. Read next: inproc.c.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* flock, O_DIRECTORY */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "transport/sock.h"
#include "transport/uv_err.h"

_Static_assert(sizeof((struct sockaddr_un *)0)->sun_path > CX_URL_PATH_MAX,
               "every path that the URL parser lets through fits");

static void unix_address(const cx_url *url, cx_address *ret_address)
{
    struct sockaddr_un *address = (struct sockaddr_un *)&ret_address->storage;
    size_t len = strlen(url->text);
    memset(ret_address, 0, sizeof *ret_address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path + (url->is_abstract ? 1 : 0), url->text, len);
    ret_address->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
}

static coax_err check_platform(const cx_url *url, coax_error *error)
{
#ifdef __linux__
    (void)url;
    (void)error;
    return COAX_OK;
#else
    if (!url->is_abstract)
        return COAX_OK;
    return coax_error_set(error, COAX_ERR_NOT_SUPPORTED,
                          "\"unix://@%s\": only Linux has abstract names; write unix:///path",
                          url->text);
#endif
}

static coax_err unix_dial(cx_net *net, const cx_url *url, const cx_stream_events *events,
                          void *self, cx_stream **ret_stream, coax_error *error)
{
    cx_address address;
    char shown[CX_URL_PRINT_MAX];
    coax_err rc = check_platform(url, error);
    if (rc != COAX_OK)
        return rc;
    unix_address(url, &address);
    (void)cx_url_print_place(url, shown, sizeof shown);
    char *path = cx_net_copy(net, shown);
    if (path == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to dial with");
    rc = cx_sock_dial(net, url, &address, events, self, ret_stream, error);
    if (rc != COAX_OK)
        cx_net_release(net, path);
    else
        ((cx_sock *)*ret_stream)->path = path;
    return rc;
}

/* Whether somebody accepts connections at `address`. */
static bool somebody_answers(const cx_address *address)
{
    int fd = cx_socket_open(AF_UNIX);
    if (fd < 0)
        return true; /* can't tell: better to refuse than to take a name away */
    int rc = connect(fd, (const struct sockaddr *)&address->storage, address->len);
    bool nobody = rc != 0 && errno == ECONNREFUSED;
    close(fd);
    return !nobody;
}

/* Holds the folder of `path` until the returned descriptor is closed; -1 where that can't be had,
 * which is no reason to stop. */
static int lock_folder(const char *path)
{
    char folder[CX_URL_PATH_MAX + 1];
    size_t len = (size_t)(strrchr(path, '/') - path);
    if (len == 0)
        len = 1;
    memcpy(folder, path, len);
    folder[len] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
            continue;
    return fd;
}

/* Makes way for a new socket where a dead server's file lies. @return 0, or libuv's code of why
 * not. */
static int clear_leftover(const cx_url *url, const cx_address *address)
{
    struct stat file;
    if (url->is_abstract)
        return UV_EADDRINUSE;
    if (lstat(url->text, &file) != 0)
        return errno == ENOENT ? 0 : cx_uv_from_errno(errno);
    if (!S_ISSOCK(file.st_mode) || somebody_answers(address))
        return UV_EADDRINUSE;
    return unlink(url->text) == 0 || errno == ENOENT ? 0 : cx_uv_from_errno(errno);
}

/* Binds and listens. @return 0 or libuv's code. */
static int bind_and_listen(int fd, const cx_url *url, const cx_address *address, int backlog)
{
    const struct sockaddr *at = (const struct sockaddr *)&address->storage;
    int rc = bind(fd, at, address->len);
    if (rc != 0 && errno == EADDRINUSE) {
        int code = clear_leftover(url, address);
        if (code != 0)
            return code;
        rc = bind(fd, at, address->len);
    }
    if (rc != 0)
        return cx_uv_from_errno(errno);
    if (listen(fd, backlog) == 0)
        return 0;
    int code = cx_uv_from_errno(errno);
    if (!url->is_abstract)
        (void)unlink(url->text);
    return code;
}

static coax_err explain(const cx_url *url, int code, coax_error *error)
{
    char shown[CX_URL_PRINT_MAX];
    struct stat file;
    (void)cx_url_print(url, shown, sizeof shown);
    if (code == UV_EADDRINUSE && !url->is_abstract && lstat(url->text, &file) == 0 &&
        !S_ISSOCK(file.st_mode))
        return coax_error_set(error, COAX_ERR_IN_USE,
                              "listening on %s: a file that is no socket is there; remove it or "
                              "use another path",
                              shown);
    coax_err rc = cx_uv_error(error, code, "listening on %s", shown);
    if (rc != COAX_ERR_IN_USE && rc != COAX_ERR_NO_MEMORY)
        rc = COAX_ERR_SYSTEM;
    if (error != NULL)
        error->code = rc;
    return rc;
}

/* Notes which file is ours, so that closing removes that one and no other. Without memory for its
 * name it stays, and the next server clears it. */
static void own_file(cx_sock_listener *listener, const cx_url *url)
{
    struct stat file;
    if (url->is_abstract || stat(url->text, &file) != 0)
        return;
    listener->path = cx_net_copy(listener->listener.net, url->text);
    listener->path_device = file.st_dev;
    listener->path_inode = file.st_ino;
}

static coax_err serve(cx_net *net, int fd, const cx_url *url, const cx_listener_events *events,
                      void *self, cx_listener **ret_listener, coax_error *error)
{
    char shown[CX_URL_PRINT_MAX];
    cx_sock_listener *listener = NULL;
    (void)cx_url_print_place(url, shown, sizeof shown);
    coax_err rc = cx_sock_serve(net, fd, shown, events, self, &listener, error);
    if (rc != COAX_OK) {
        close(fd);
        if (!url->is_abstract)
            (void)unlink(url->text);
        return rc;
    }
    own_file(listener, url);
    *ret_listener = &listener->listener;
    return COAX_OK;
}

static coax_err unix_listen(cx_net *net, const cx_url *url, int backlog,
                            const cx_listener_events *events, void *self,
                            cx_listener **ret_listener, coax_error *error)
{
    cx_address address;
    coax_err rc = check_platform(url, error);
    if (rc != COAX_OK)
        return rc;
    unix_address(url, &address);
    int fd = cx_socket_open(AF_UNIX);
    if (fd < 0)
        return explain(url, fd, error);
    int lock = url->is_abstract ? -1 : lock_folder(url->text);
    int code = bind_and_listen(fd, url, &address, backlog);
    if (code != 0)
        close(fd);
    rc = code != 0 ? explain(url, code, error)
                   : serve(net, fd, url, events, self, ret_listener, error);
    if (lock >= 0)
        close(lock);
    return rc;
}

const cx_transport cx_transport_unix = { "unix", unix_dial, unix_listen };
