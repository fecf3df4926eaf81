/*
 * The handlers: they run on worker threads (@blocking), so a read, a push or a take simply waits.
 *
 * Read first: files.idl, folder.h.
 */
#define _POSIX_C_SOURCE 200809L
#include "handlers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"

/* Says why with what the system said. What is not allowed is the same for every method. */
static void fail(coax_call call, const char *path)
{
    coax_err code = errno == ENOENT ? COAX_ERR_NOT_FOUND : COAX_ERR_UNKNOWN;
    if (errno == EPERM || errno == ELOOP || errno == ENOTDIR)
        code = COAX_ERR_PERMISSION_DENIED;
    coax_call_fail(call, code, "%s: %s", path, strerror(errno));
}

static void on_stat(void *root, coax_call call, const files_files_stat_request *request)
{
    files_stat stat = { 0 };
    int fd = folder_open(root, request->path.data, O_RDONLY);
    if (fd >= 0 && folder_digest(fd, &stat.size, stat.digest) == 0)
        files_files_stat_reply(call, &stat);
    else
        fail(call, request->path.data);
    if (fd >= 0)
        close(fd);
}

static void on_fetch(void *root, coax_call call, const files_files_fetch_request *request)
{
    uint8_t bytes[FILES_MAX_PIECE];
    ssize_t n = -1;
    int fd = folder_open(root, request->path.data, O_RDONLY);
    if (fd >= 0 && lseek(fd, (off_t)request->offset, SEEK_SET) >= 0)
        while ((n = read(fd, bytes, sizeof bytes)) > 0) {
            files_piece piece = { { bytes, (size_t)n } };
            if (files_files_fetch_push(call, &piece) != COAX_OK)
                break; /* nobody wants it any more */
        }
    if (n < 0)
        fail(call, request->path.data);
    else
        coax_call_end(call);
    if (fd >= 0)
        close(fd);
}

/* What has arrived waits under another name. False: errno. */
static bool part_of(const char *path, char part[600])
{
    snprintf(part, 600, "%s.part", path);
    return folder_allows(path) || (errno = EPERM, false);
}

static void on_stored(void *root, coax_call call, const files_files_stored_request *request)
{
    char part[600];
    int fd = part_of(request->path.data, part) ? folder_open(root, part, O_RDONLY) : -1;
    if (fd < 0 && errno != ENOENT) {
        fail(call, request->path.data);
        return;
    }
    off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
    files_files_stored_reply(call, &(files_files_stored_response){ .size = (uint64_t)size });
    if (fd >= 0)
        close(fd);
}

/* Writes the pieces that come, `left` bytes and no more. True: the caller has sent all. */
static bool take_pieces(coax_call call, int fd, uint64_t left)
{
    const files_piece *piece;
    while (files_files_store_take(call, &piece)) {
        errno = EFBIG;
        if (piece->data.len > left ||
            write(fd, piece->data.data, piece->data.len) != (ssize_t)piece->data.len)
            return false;
        left -= piece->data.len;
    }
    errno = ECANCELED;
    return coax_call_is_live(call);
}

static void on_store(void *root, coax_call call, const files_files_store_request *request)
{
    char part[600];
    files_stat have = { 0 };
    const char *path = request->path.data;
    int fd = part_of(path, part) ? folder_open(root, part, O_RDWR | O_CREAT) : -1;
    bool is_fine = fd >= 0 && ftruncate(fd, (off_t)request->offset) == 0 &&
                   lseek(fd, 0, SEEK_END) >= 0 &&
                   take_pieces(call, fd, request->whole.size - request->offset) &&
                   folder_digest(fd, &have.size, have.digest) == 0;
    if (is_fine && memcmp(have.digest, request->whole.digest, sizeof have.digest) != 0 &&
        ftruncate(fd, 0) == 0)
        coax_call_fail(call, COAX_ERR_DATA_LOSS, "%s: the digest differs: store it anew", path);
    else if (is_fine && folder_rename(root, part, path) == 0)
        files_files_store_reply(call, &have);
    else
        fail(call, path);
    if (fd >= 0)
        close(fd);
}

const files_files_handlers folder_handlers = {
    .stat = on_stat, .fetch = on_fetch, .stored = on_stored, .store = on_store
};
