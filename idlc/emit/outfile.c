/*
 * Comparing while writing. See outfile.h.
 */
#include "emit/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536u

static void fail(idl_outfile *file, const char *what)
{
    if (file->error != 0)
        return;
    file->error = errno != 0 ? errno : EIO;
    file->what = what;
}

/* Up to `len` bytes from `offset`; fewer only at the end of the file. -1 on failure. */
static ssize_t read_at(int fd, char *buffer, size_t len, size_t offset)
{
    size_t got = 0;
    while (got < len) {
        ssize_t n = pread(fd, buffer + got, len - got, (off_t)(offset + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

/* The temporary file, with what was equal so far copied from the old one. */
static void start_new(idl_outfile *file)
{
    file->new_fd = open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file->new_fd < 0) {
        fail(file, "create");
        return;
    }
    char block[BLOCK];
    for (size_t at = 0; at < file->offset;) {
        size_t len = file->offset - at < sizeof block ? file->offset - at : sizeof block;
        ssize_t n = read_at(file->old_fd, block, len, at);
        if (n != (ssize_t)len) {
            fail(file, "read");
            return;
        }
        if (!write_all(file->new_fd, block, len)) {
            fail(file, "write");
            return;
        }
        at += len;
    }
}

/* Copies the line that `text` begins with, cut to the excerpt's size. */
static void excerpt(char *to, const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && n + 1 < IDL_OUTFILE_EXCERPT && text[n] != '\n')
        n++;
    memcpy(to, text, n);
    to[n] = '\0';
}

/* Check mode: keeps line number and both lines. `data` begins a line and differs from the old text
 * at or before `equal`. */
static void note_difference(idl_outfile *file, const char *data, size_t len, size_t equal)
{
    size_t line_start = 0;
    file->line = file->n_lines + 1;
    for (size_t i = 0; i < equal; i++) {
        if (data[i] == '\n') {
            file->line++;
            line_start = i + 1;
        }
    }
    excerpt(file->wanted, data + line_start, len - line_start);
    char old[IDL_OUTFILE_EXCERPT];
    ssize_t n =
        file->old_fd < 0 ? 0 : read_at(file->old_fd, old, sizeof old, file->offset + line_start);
    excerpt(file->there, old, n > 0 ? (size_t)n : 0);
}

/* How many of the `len` bytes at `data` the old file has at the same place. */
static size_t equal_bytes(idl_outfile *file, const char *data, size_t len)
{
    char block[BLOCK];
    size_t equal = 0;
    while (equal < len) {
        size_t want = len - equal < sizeof block ? len - equal : sizeof block;
        ssize_t n = read_at(file->old_fd, block, want, file->offset + equal);
        if (n < 0)
            fail(file, "read");
        if (n <= 0)
            return equal;
        if (memcmp(block, data + equal, (size_t)n) == 0) {
            equal += (size_t)n;
            continue;
        }
        for (ssize_t i = 0; i < n && block[i] == data[equal]; i++)
            equal++;
        return equal;
    }
    return equal;
}

static void count_lines(idl_outfile *file, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        file->n_lines += data[i] == '\n';
}

/* A device or a pipe has nothing to compare with, and a rename would put a file in its place. */
static bool is_written_in_place(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static void open_in_place(idl_outfile *file)
{
    file->differs = true;
    if (file->is_check)
        errno = EINVAL;
    else
        file->new_fd = open(file->path, O_WRONLY | O_CLOEXEC);
    if (file->new_fd < 0)
        fail(file, "open");
}

void idl_outfile_open(idl_outfile *file, idl_arena *arena, const char *path, bool is_check)
{
    memset(file, 0, sizeof *file);
    file->path = path;
    file->is_check = is_check;
    file->new_fd = -1;
    file->old_fd = -1;
    if (is_written_in_place(path)) {
        open_in_place(file);
        return;
    }
    file->temporary = idl_arena_format(arena, "%s.%ld.tmp", path, (long)getpid());
    file->old_fd = open(path, O_RDONLY | O_CLOEXEC);
    if (file->old_fd >= 0)
        return;
    if (errno != ENOENT) {
        fail(file, "open");
    } else {
        file->differs = true;
        file->is_missing = true;
        if (!is_check)
            start_new(file);
    }
}

void idl_outfile_write(void *self, const char *data, size_t len)
{
    idl_outfile *file = (idl_outfile *)self;
    if (file->error != 0)
        return;
    if (!file->differs) {
        size_t equal = equal_bytes(file, data, len);
        if (equal < len && file->error == 0) {
            file->differs = true;
            if (file->is_check)
                note_difference(file, data, len, equal);
            else
                start_new(file);
        }
    }
    if (file->new_fd >= 0 && file->error == 0 && !write_all(file->new_fd, data, len))
        fail(file, "write");
    if (file->is_check && !file->differs)
        count_lines(file, data, len);
    file->offset += len;
}

/* The old file may go on where the new text ends. */
static void compare_ends(idl_outfile *file)
{
    char rest[IDL_OUTFILE_EXCERPT];
    ssize_t n = read_at(file->old_fd, rest, sizeof rest, file->offset);
    if (n < 0)
        fail(file, "read");
    if (n <= 0)
        return;
    file->differs = true;
    if (file->is_check) {
        file->line = file->n_lines + 1;
        excerpt(file->there, rest, (size_t)n);
    } else {
        start_new(file);
    }
}

bool idl_outfile_close(idl_outfile *file)
{
    if (file->error == 0 && !file->differs)
        compare_ends(file);
    if (file->old_fd >= 0)
        close(file->old_fd);
    if (file->new_fd >= 0) {
        if (close(file->new_fd) != 0)
            fail(file, "write");
        if (file->error == 0 && file->temporary != NULL && rename(file->temporary, file->path) != 0)
            fail(file, "replace");
        if (file->error != 0 && file->temporary != NULL)
            (void)unlink(file->temporary);
    }
    file->old_fd = -1;
    file->new_fd = -1;
    return file->error == 0;
}

static bool make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0)
        return true;
    if (errno != EEXIST)
        return false;
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(status.st_mode);
}

bool idl_make_folders(idl_arena *arena, const char *path)
{
    char *prefix = idl_arena_copy(arena, path, strlen(path));
    for (char *at = prefix + 1; prefix[0] != '\0' && *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (!make_folder(prefix))
            return false;
        *at = '/';
    }
    return make_folder(prefix);
}
