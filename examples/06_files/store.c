#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files_client.h"
#include "folder.h"
#include "transfer.h"

/* Where an earlier attempt stopped. */
static coax_err ask(coax_client *client, const char *remote, uint64_t *ret_offset)
{
    files_files_stored_request request = { coax_str_from(remote) };
    files_files_stored_result result;
    coax_err rc = files_files_stored_wait(client, &request, NULL, &result);
    if (rc == COAX_OK)
        *ret_offset = result.reply->size;
    else
        complain(remote, rc, result.status.message);
    files_files_stored_result_free(&result);
    return rc;
}

/* A put waits while the server's disk is behind. When the server ends the stream early, finish says why. */
static void put_pieces(coax_stream *stream, int fd, const char *remote, uint64_t at, uint64_t size)
{
    uint8_t bytes[FILES_MAX_PIECE];
    ssize_t n;
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        files_piece piece = { { bytes, (size_t)n } };
        if (files_files_store_put(stream, &piece) != COAX_OK)
            return;
        at += (uint64_t)n;
        show_progress(remote, at, size);
    }
    if (n < 0)
        coax_stream_cancel(stream);
}

static coax_err put_rest(coax_client *client, const char *remote, int fd, uint64_t offset,
                         const files_stat *whole)
{
    files_files_store_request request = { coax_str_from(remote), offset, *whole };
    files_files_store_result result;
    coax_stream *stream;
    coax_err rc = files_files_store_open(client, &request, NULL, &stream);
    if (rc != COAX_OK)
        return complain(remote, rc, coax_err_meaning(rc));
    if (offset > 0)
        fprintf(stderr, "%s: goes on at byte %llu\n", remote, (unsigned long long)offset);
    put_pieces(stream, fd, remote, offset, whole->size);
    rc = files_files_store_finish(stream, &result);
    if (rc != COAX_OK)
        complain(remote, rc, result.status.message);
    files_files_store_result_free(&result);
    return rc;
}

coax_err store_file(coax_client *client, const char *local, const char *remote)
{
    files_stat whole = { 0 };
    uint64_t offset = 0;
    int fd = open(local, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || folder_digest(fd, &whole.size, whole.digest) != 0)
        return complain(local, COAX_ERR_SYSTEM, strerror(errno));
    coax_err rc = ask(client, remote, &offset);
    if (offset > whole.size)
        offset = 0; /* of another file */
    if (rc == COAX_OK && lseek(fd, (off_t)offset, SEEK_SET) < 0)
        rc = complain(local, COAX_ERR_SYSTEM, strerror(errno));
    if (rc == COAX_OK)
        rc = put_rest(client, remote, fd, offset, &whole);
    close(fd);
    return rc;
}
