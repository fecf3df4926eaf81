/*
 * Files that decide who may do what: making them, changing them, taking turns.
 *
 * Whole or not at all: the new bytes go to a file of their own in the same folder, to the disk, and
 * then get the name in one step: link(2) where nothing may be there, rename(2) where something is
 * replaced. Read next: known_hosts_file.c.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "secure/files.h"
#include "secure/files_parts.h"

/* Tries for a name nobody has, and for a lock: 200 of 5 ms. */
#define NAME_TRIES 1000u
#define LOCK_TRIES 200u
#define LOCK_PAUSE_NS (5 * 1000 * 1000)

static coax_err no_memory(coax_error *error)
{
    return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a path");
}

static coax_err write_failed(const char *path, int number, coax_error *error)
{
    coax_err err = cx_file_failed(path, "write", number, error);
    if (err == COAX_ERR_NOT_FOUND) /* of its folder, not of the file */
        err = COAX_ERR_SYSTEM;
    if (error != NULL)
        error->code = err;
    return err;
}

/*
 * Opens a new file beside `path`, whose name is written to `temp` (room for it: strlen(path) + 48). Who holds the lock has one
 * name for it, so that what a killed process left is cleared away by the next one.
 */
static int open_temp(const char *path, bool is_locked, char *temp, size_t size)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const char *slash = strrchr(path, '/');
    size_t folder_len = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    if (is_locked) {
        /* The whole name: files that begin alike have locks of their own. */
        (void)snprintf(temp, size, "%.*s.%s.new", (int)folder_len, path, path + folder_len);
        (void)unlink(temp);
        return open(temp, flags, 0600);
    }
    for (unsigned i = 0; i < NAME_TRIES; i++) {
        (void)snprintf(temp, size, "%.*s.%.64s.%ld.%u.new", (int)folder_len, path,
                       path + folder_len, (long)getpid(), i);
        int fd = open(temp, flags, 0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* Writes and waits for the disk. `lock` is NULL for a new file. Returns 0 or an errno. */
static int fill(int fd, const char *data, size_t len, const cx_file_lock *lock)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : ENOSPC;
        data += n;
        len -= (size_t)n;
    }
    /* Root changes files of servers that run as somebody else, who must be able to read them again. */
    if (lock != NULL && geteuid() == 0 && fchown(fd, (uid_t)lock->owner, (gid_t)lock->group) != 0)
        return errno;
    if (fchmod(fd, lock != NULL ? (mode_t)lock->mode : 0600) != 0 || fsync(fd) != 0)
        return errno;
    return 0;
}

/* A file beside `path` with these bytes, still open; its name is to be freed. Nothing is left behind on failure. */
static coax_err write_temp(const char *path, const void *data, size_t len, const cx_file_lock *lock,
                           char **ret_temp, int *ret_fd, coax_error *error)
{
    size_t size = strlen(path) + 128;
    char *temp = malloc(size);
    if (temp == NULL)
        return no_memory(error);
    int fd = open_temp(path, lock != NULL, temp, size);
    if (fd < 0) {
        int number = errno;
        free(temp);
        return write_failed(path, number, error);
    }
    int number = fill(fd, data, len, lock);
    if (number != 0) {
        (void)close(fd);
        (void)unlink(temp);
        free(temp);
        return write_failed(path, number, error);
    }
    *ret_temp = temp;
    *ret_fd = fd;
    return COAX_OK;
}

/* A name is on the disk once its folder is. Not every file system can say so: then it is as it is. */
static void sync_folder(const char *path)
{
    char *folder = NULL;
    if (!cx_file_folder(path, &folder))
        return;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}

coax_err cx_file_create(const char *path, const void *data, size_t len, coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    char *temp = NULL;
    struct stat what;
    /* Asked first only for the better words; link decides. */
    bool is_there = lstat(path, &what) == 0;
    int fd = -1;
    coax_err err = is_there ? COAX_OK : write_temp(path, data, len, NULL, &temp, &fd, error);
    if (err != COAX_OK)
        return err;
    if (fd >= 0)
        (void)close(fd); /* synced: nothing is left to fail */
    int number = is_there ? EEXIST : link(temp, path) == 0 ? 0 : errno;
    if (temp != NULL)
        (void)unlink(temp);
    free(temp);
    if (number == EEXIST)
        return coax_error_set(error, COAX_ERR_ALREADY_EXISTS,
                              "%s: exists already, and is never written over",
                              cx_file_shown(path, shown));
    if (number == EPERM || number == EOPNOTSUPP)
        return coax_error_set(error, COAX_ERR_SYSTEM,
                              "%s: its file system has no hard links, without which a key can't be "
                              "written safely; use another",
                              cx_file_shown(path, shown));
    if (number != 0)
        return write_failed(path, number, error);
    sync_folder(path);
    return COAX_OK;
}

coax_err cx_file_make_folders(const char *path, coax_error *error)
{
    char *folder = NULL;
    coax_err err = COAX_OK;
    struct stat what;
    if (!cx_file_folder(path, &folder))
        return no_memory(error);
    bool is_there =
        stat(folder, &what) == 0; /* the usual case, and the only one on read-only systems */
    for (char *at = folder; !is_there && err == COAX_OK && *at != '\0';) {
        at += strspn(at, "/");
        at += strcspn(at, "/");
        char end = *at;
        *at = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST && errno != EISDIR &&
            stat(folder, &what) != 0)
            err = cx_file_failed(folder, "make", errno, error);
        *at = end;
    }
    free(folder);
    if (err == COAX_ERR_NOT_FOUND && error != NULL)
        error->code = COAX_ERR_SYSTEM;
    return err == COAX_OK ? COAX_OK : COAX_ERR_SYSTEM;
}

/* ---------------------------------------------------------------- changing */

/* The real name of the file that `path` leads to, to be freed. */
static coax_err resolve(const char *path, bool creates, char **ret_real, coax_error *error)
{
    char *real = realpath(path, NULL);
    if (real == NULL && errno == ENOENT && creates) {
        struct stat what;
        if (lstat(path, &what) == 0 && S_ISLNK(what.st_mode)) { /* who laid it chose the place */
            char shown[CX_FILE_SHOWN];
            return coax_error_set(error, COAX_ERR_SYSTEM,
                                  "%s: is a symbolic link to nothing; remove it",
                                  cx_file_shown(path, shown));
        }
        real = strdup(path); /* opened without following links */
        if (real == NULL)
            return no_memory(error);
    }
    if (real == NULL)
        return cx_file_failed(path, "open", errno, error);
    *ret_real = real;
    return COAX_OK;
}

/* Waits for the lock. Locks belong to open files, so that threads of one process take turns too. */
static coax_err wait_for_lock(int fd, const char *path, coax_error *error)
{
    const struct timespec pause = { 0, LOCK_PAUSE_NS };
    char shown[CX_FILE_SHOWN];
    for (unsigned i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return cx_file_failed(path, "lock", errno, error);
        if (i == LOCK_TRIES)
            return coax_error_set(error, COAX_ERR_UNAVAILABLE,
                                  "%s: another process has it locked for over a second; see which "
                                  "(fuser), and try again",
                                  cx_file_shown(path, shown));
        (void)nanosleep(&pause, NULL);
    }
    return COAX_OK;
}

/* Opens and locks. @param ret_is_current  false: while we waited, another file got the name. */
static coax_err lock_once(const char *real, cx_file_access access, bool creates, int *ret_fd,
                          struct stat *ret_what, bool *ret_is_current, coax_error *error)
{
    int fd = -1;
    struct stat now;
    int flags = O_RDWR | O_NOFOLLOW | (creates ? O_CREAT : 0);
    coax_err err = cx_file_open(real, flags, access, &fd, ret_what, error);
    if (err != COAX_OK)
        return err;
    err = wait_for_lock(fd, real, error);
    if (err == COAX_OK && fstat(fd, ret_what) != 0)
        err = cx_file_failed(real, "look at", errno, error);
    if (err != COAX_OK) {
        (void)close(fd);
        return err;
    }
    *ret_is_current =
        stat(real, &now) == 0 && now.st_ino == ret_what->st_ino && now.st_dev == ret_what->st_dev;
    if (*ret_is_current)
        *ret_fd = fd;
    else
        (void)close(fd);
    return COAX_OK;
}

coax_err cx_file_lock_take(const char *path, cx_file_access access, bool creates,
                           cx_file_lock *ret_lock, coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    cx_file_lock lock = { -1, 0, 0, 0, access, NULL };
    struct stat what;
    bool is_current = false;
    coax_err err = resolve(path, creates, &lock.path, error);
    for (unsigned i = 0; err == COAX_OK && !is_current && i < NAME_TRIES; i++)
        err = lock_once(lock.path, access, creates, &lock.fd, &what, &is_current, error);
    if (err == COAX_OK && !is_current)
        err = coax_error_set(error, COAX_ERR_UNAVAILABLE,
                             "%s: other processes keep replacing it; try again",
                             cx_file_shown(path, shown));
    if (err != COAX_OK) {
        free(lock.path);
        return err;
    }
    lock.mode = (uint32_t)what.st_mode & 0777u;
    lock.owner = (uint64_t)what.st_uid;
    lock.group = (uint64_t)what.st_gid;
    *ret_lock = lock;
    return COAX_OK;
}

coax_err cx_file_lock_load(const cx_file_lock *lock, size_t max, cx_file_text *ret_text,
                           coax_error *error)
{
    struct stat what;
    if (fstat(lock->fd, &what) != 0)
        return cx_file_failed(lock->path, "look at", errno, error);
    return cx_file_read(lock->fd, lock->path, &what, max, ret_text, error);
}

coax_err cx_file_lock_replace(const cx_file_lock *lock, const void *data, size_t len,
                              cx_file_stamp *ret_stamp, coax_error *error)
{
    char *temp = NULL;
    int fd = -1;
    struct stat what;
    coax_err err = write_temp(lock->path, data, len, lock, &temp, &fd, error);
    if (err != COAX_OK)
        return err;
    if (rename(temp, lock->path) != 0) {
        err = write_failed(lock->path, errno, error);
        (void)unlink(temp);
    } else {
        sync_folder(lock->path);
        /* Of the file we wrote: by its name somebody else's might be there already. */
        if (ret_stamp != NULL && fstat(fd, &what) == 0)
            *ret_stamp = cx_file_stamp_of(&what);
    }
    (void)close(fd);
    free(temp);
    return err;
}

void cx_file_lock_release(cx_file_lock *lock)
{
    if (lock->fd >= 0)
        (void)close(lock->fd);
    free(lock->path);
    lock->fd = -1;
    lock->path = NULL;
}
