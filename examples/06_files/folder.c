#define _POSIX_C_SOURCE 200809L
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

bool folder_allows(const char *path)
{
    for (;;) {
        size_t len = strcspn(path, "/");
        if (len == 0 || (len <= 2 && strspn(path, ".") >= len))
            return false;
        if (path[len] == '\0')
            return true;
        path += len + 1;
    }
}

/* The folder that holds the last component of `path`, which `ret_name` then points to. */
static int open_parent(const char *root, const char *path, const char **ret_name)
{
    if (!folder_allows(path)) {
        errno = EPERM;
        return -1;
    }
    int at = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *slash;
    while (at >= 0 && (slash = strchr(path, '/')) != NULL) {
        char name[256];
        int next = -1;
        if ((size_t)snprintf(name, sizeof name, "%.*s", (int)(slash - path), path) < sizeof name)
            next = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        else
            errno = ENAMETOOLONG;
        int why = errno;
        close(at);
        errno = why;
        at = next;
        path = slash + 1;
    }
    *ret_name = path;
    return at;
}

int folder_open(const char *root, const char *path, int flags)
{
    const char *name;
    int parent = open_parent(root, path, &name);
    if (parent < 0)
        return -1;
    int fd = openat(parent, name, flags | O_NOFOLLOW | O_CLOEXEC, 0644);
    int why = errno;
    close(parent);
    errno = why;
    return fd;
}

int folder_rename(const char *root, const char *from, const char *to)
{
    const char *from_name, *to_name;
    int parent = open_parent(root, from, &from_name);
    int other = parent >= 0 ? open_parent(root, to, &to_name) : -1;
    int rc = other >= 0 ? renameat(parent, from_name, other, to_name) : -1;
    int why = errno;
    if (parent >= 0)
        close(parent);
    if (other >= 0)
        close(other);
    errno = why;
    return rc;
}

int folder_digest(int fd, uint64_t *ret_size, uint8_t ret_digest[32])
{
    static const size_t step = 65536;
    uint8_t bytes[65536];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 32);
    *ret_size = 0;
    if (lseek(fd, 0, SEEK_SET) < 0)
        return -1;
    ssize_t n;
    while ((n = read(fd, bytes, step)) != 0) {
        if (n < 0)
            return -1;
        crypto_generichash_update(&state, bytes, (size_t)n);
        *ret_size += (uint64_t)n;
    }
    crypto_generichash_final(&state, ret_digest, 32);
    return 0;
}
