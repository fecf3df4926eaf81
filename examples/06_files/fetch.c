#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files_client.h"
#include "folder.h"
#include "transfer.h"

static coax_err ask(coax_client *client, const char *remote, files_stat *ret)
{
    files_files_stat_request request = { coax_str_from(remote) };
    files_files_stat_result result;
    coax_err rc = files_files_stat_wait(client, &request, NULL, &result);
    if (rc == COAX_OK)
        *ret = *result.reply;
    else
        complain(remote, rc, result.status.message);
    files_files_stat_result_free(&result);
    return rc;
}

/* Reads the pieces behind `offset` into the file. */
static coax_err take_rest(coax_client *client, const char *remote, int fd, uint64_t offset,
                          uint64_t size)
{
    files_files_fetch_request request = { coax_str_from(remote), offset };
    files_files_fetch_result result;
    const files_piece *piece;
    coax_stream *stream;
    coax_err rc = files_files_fetch_open(client, &request, NULL, &stream);
    if (rc != COAX_OK)
        return complain(remote, rc, coax_err_meaning(rc));
    while (files_files_fetch_next(stream, &piece)) {
        if (write(fd, piece->data.data, piece->data.len) != (ssize_t)piece->data.len)
            coax_stream_cancel(stream);
        offset += piece->data.len;
        show_progress(remote, offset, size);
    }
    rc = files_files_fetch_finish(stream, &result);
    if (rc != COAX_OK)
        complain(remote, rc, result.status.message);
    files_files_fetch_result_free(&result);
    return rc;
}

/* The digest is of the whole file, so it proves the part of an earlier attempt as well. */
static coax_err keep_if_whole(int fd, const files_stat *stat, const char *part, const char *local)
{
    files_stat have = { 0 };
    if (folder_digest(fd, &have.size, have.digest) != 0)
        return complain(local, COAX_ERR_SYSTEM, strerror(errno));
    if (memcmp(have.digest, stat->digest, sizeof have.digest) != 0) {
        unlink(part);
        return complain(local, COAX_ERR_DATA_LOSS,
                        "the digest differs; the next attempt begins anew");
    }
    if (rename(part, local) != 0)
        return complain(local, COAX_ERR_SYSTEM, strerror(errno));
    return COAX_OK;
}

coax_err fetch_file(coax_client *client, const char *remote, const char *local)
{
    char part[600];
    files_stat stat;
    snprintf(part, sizeof part, "%s.part", local);
    coax_err rc = ask(client, remote, &stat);
    if (rc != COAX_OK)
        return rc;
    int fd = open(part, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    off_t have = fd >= 0 ? lseek(fd, 0, SEEK_END) : -1;
    if (have < 0)
        return complain(part, COAX_ERR_SYSTEM, strerror(errno));
    if (have > 0)
        fprintf(stderr, "%s: goes on at byte %lld\n", remote, (long long)have);
    rc = take_rest(client, remote, fd, (uint64_t)have, stat.size);
    if (rc == COAX_OK)
        rc = keep_if_whole(fd, &stat, part, local);
    close(fd);
    return rc;
}
