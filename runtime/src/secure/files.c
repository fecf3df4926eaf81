/*
 * Files that decide who may do what: opening, judging, reading.
 *
 * Knows POSIX and no format. What is judged is what was opened, never a name. Read next:
 * files_write.c.
 */
#define _XOPEN_SOURCE 700 /* S_ISVTX */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <coax/key.h>

#include "secure/files.h"
#include "secure/files_parts.h"

const char *cx_file_shown(const char *path, char buffer[CX_FILE_SHOWN])
{
    size_t len = strlen(path);
    if (len == 0)
        return "an empty path";
    if (len < CX_FILE_SHOWN)
        return path;
    (void)snprintf(buffer, CX_FILE_SHOWN, "...%s", path + len - (CX_FILE_SHOWN - 4));
    return buffer;
}

void cx_file_start(const char *path, char ret_folder[CX_FILE_START])
{
    bool is_known = path[0] != '/' && getcwd(ret_folder, CX_FILE_START - 1) != NULL;
    size_t len = is_known ? strlen(ret_folder) : 0;
    if (len > 0)
        ret_folder[len++] = '/';
    ret_folder[len] = '\0';
}

coax_err cx_file_failed(const char *path, const char *what, int number, coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    char words[96];
    if (strerror_r(number, words, sizeof words) != 0)
        (void)snprintf(words, sizeof words, "error %d", number);
    return coax_error_set(error, number == ENOENT ? COAX_ERR_NOT_FOUND : COAX_ERR_SYSTEM,
                          "%s: can't %s it: %s", cx_file_shown(path, shown), what, words);
}

static coax_err bad(const char *path, coax_error *error, const char *why)
{
    char shown[CX_FILE_SHOWN];
    return coax_error_set(error, COAX_ERR_BAD_KEY, "%s: %s", cx_file_shown(path, shown), why);
}

/* The folder a path lies in, as text: "." for a bare name. @return false: no memory. */
bool cx_file_folder(const char *path, char **ret_folder)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    char *folder = malloc(len + 1);
    if (folder == NULL)
        return false;
    memcpy(folder, slash == NULL ? "." : path, len);
    folder[len] = '\0';
    *ret_folder = folder;
    return true;
}

/*
 * Who may write a folder may put other files in it. The sticky bit takes that back. A folder that a group may write was
 * given to that group on purpose (and is what a umask of 002 makes).
 */
static coax_err check_folder(const char *path, coax_error *error)
{
    struct stat what;
    char *folder = NULL;
    if (!cx_file_folder(path, &folder))
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a path");
    int status = stat(folder, &what);
    coax_err err = COAX_OK;
    if (status != 0)
        err = cx_file_failed(folder, "look at", errno, error);
    else if ((what.st_mode & S_IWOTH) != 0 && (what.st_mode & S_ISVTX) == 0)
        err = bad(path, error,
                  "everybody may put files into its folder, so it can't be trusted; chmod o-w that "
                  "folder, or move the file to one of its own");
    free(folder);
    return err;
}

/* The folder of the name, and behind a symbolic link that of the file as well. */
static coax_err check_folders(const char *path, coax_error *error)
{
    struct stat what;
    coax_err err = check_folder(path, error);
    if (err != COAX_OK || lstat(path, &what) != 0 || !S_ISLNK(what.st_mode))
        return err;
    char *real = realpath(path, NULL);
    if (real == NULL)
        return cx_file_failed(path, "follow", errno, error);
    err = check_folder(real, error);
    free(real);
    return err;
}

/* What is open under `fd`: a regular file of ours that others can't have changed. */
static coax_err check_open(const char *path, const struct stat *what, cx_file_access access,
                           coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    unsigned mode = (unsigned)what->st_mode & 07777u;
    if (!S_ISREG(what->st_mode))
        return bad(path, error, "is no regular file; name the file itself");
    if (what->st_uid != geteuid() && what->st_uid != 0)
        return coax_error_set(error, COAX_ERR_BAD_KEY,
                              "%s: belongs to user %lu, and this process runs as %lu; who owns it "
                              "can change it: chown it if it is yours",
                              cx_file_shown(path, shown), (unsigned long)what->st_uid,
                              (unsigned long)geteuid());
    if (access == CX_FILE_SECRET && (mode & 077u) != 0)
        return coax_error_set(error, COAX_ERR_BAD_KEY,
                              "%s: others may read or write it (mode %04o), so it is no secret; "
                              "chmod 600 it, and make a new one if somebody may have seen it",
                              cx_file_shown(path, shown), mode);
    if ((mode & 022u) != 0)
        return coax_error_set(error, COAX_ERR_BAD_KEY,
                              "%s: others may write it (mode %04o); check what is in it, then "
                              "chmod go-w it",
                              cx_file_shown(path, shown), mode);
    return check_folders(path, error);
}

/* O_NONBLOCK: a pipe in the file's place must not make us wait. */
coax_err cx_file_open(const char *path, int flags, cx_file_access access, int *ret_fd,
                      struct stat *ret_what, coax_error *error)
{
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return cx_file_failed(path, "open", errno, error);
    coax_err err = COAX_OK;
    if (fstat(fd, ret_what) != 0)
        err = cx_file_failed(path, "look at", errno, error);
    else
        err = check_open(path, ret_what, access, error);
    if (err != COAX_OK) {
        (void)close(fd);
        return err;
    }
    *ret_fd = fd;
    return COAX_OK;
}

cx_file_stamp cx_file_stamp_of(const struct stat *what)
{
    return (cx_file_stamp){
        .device = (uint64_t)what->st_dev,
        .inode = (uint64_t)what->st_ino,
        .size = (uint64_t)what->st_size,
        .modified_s = (int64_t)what->st_mtim.tv_sec,
        .modified_ns = (int64_t)what->st_mtim.tv_nsec,
        .changed_s = (int64_t)what->st_ctim.tv_sec,
        .changed_ns = (int64_t)what->st_ctim.tv_nsec,
    };
}

/* Reads until the end, or until `size` bytes are there. */
static coax_err read_all(int fd, const char *path, char *data, size_t size, size_t *ret_len,
                         coax_error *error)
{
    size_t len = 0;
    while (len < size) {
        ssize_t n = pread(fd, data + len, size - len, (off_t)len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cx_file_failed(path, "read", errno, error);
        if (n == 0)
            break;
        len += (size_t)n;
    }
    *ret_len = len;
    return COAX_OK;
}

coax_err cx_file_read(int fd, const char *path, const struct stat *what, size_t max,
                      cx_file_text *ret_text, coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    if (what->st_size < 0 || (uintmax_t)what->st_size > max)
        return coax_error_set(error, COAX_ERR_BAD_KEY,
                              "%s: has %jd bytes, and at most %zu are read; is it the right file?",
                              cx_file_shown(path, shown), (intmax_t)what->st_size, max);
    /* One byte more than it has: a file that grows meanwhile is told from one that does not. */
    size_t size = (size_t)what->st_size + 1;
    cx_file_text text = { malloc(size + 1), 0, cx_file_stamp_of(what) };
    if (text.data == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to read a file");
    coax_err err = read_all(fd, path, text.data, size, &text.len, error);
    if (err == COAX_OK && text.len == size)
        err = coax_error_set(error, COAX_ERR_SYSTEM, "%s: was being written; try again",
                             cx_file_shown(path, shown));
    if (err != COAX_OK) {
        coax_wipe(text.data, size);
        free(text.data);
        return err;
    }
    text.data[text.len] = '\0';
    *ret_text = text;
    return COAX_OK;
}

coax_err cx_file_load(const char *path, cx_file_access access, size_t max, cx_file_text *ret_text,
                      coax_error *error)
{
    int fd = -1;
    struct stat what;
    coax_err err = cx_file_open(path, O_RDONLY, access, &fd, &what, error);
    if (err != COAX_OK)
        return err;
    err = cx_file_read(fd, path, &what, max, ret_text, error);
    (void)close(fd);
    return err;
}

void cx_file_text_deinit(cx_file_text *text)
{
    if (text->data != NULL)
        coax_wipe(text->data, text->len);
    free(text->data);
    text->data = NULL;
    text->len = 0;
}

coax_err cx_file_stamp_read(const char *path, cx_file_stamp *ret_stamp, coax_error *error)
{
    struct stat what;
    if (stat(path, &what) != 0)
        return cx_file_failed(path, "look at", errno, error);
    *ret_stamp = cx_file_stamp_of(&what);
    return COAX_OK;
}

bool cx_file_stamp_same(const cx_file_stamp *a, const cx_file_stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified_s == b->modified_s && a->modified_ns == b->modified_ns &&
           a->changed_s == b->changed_s && a->changed_ns == b->changed_ns;
}

/* Kernels take a file's time from their last tick, 1 to 10 ms ago. */
bool cx_file_stamp_is_recent(const cx_file_stamp *stamp)
{
    struct timespec now = { 0, 0 };
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return true;
    int64_t ms = ((int64_t)now.tv_sec - stamp->changed_s) * 1000 +
                 ((int64_t)now.tv_nsec - stamp->changed_ns) / 1000000;
    return ms < 50 && ms > -50;
}
