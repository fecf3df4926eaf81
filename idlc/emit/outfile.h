/*
 * An output file that changes on disk only if its text does.
 *
 * What comes in is compared with the file that is there; the first difference starts a temporary
 * file beside it, which takes its place at the end. So an equal file keeps its time stamp, a
 * failure leaves the old one whole, and memory does not grow with the text. In check mode nothing
 * is written and the first difference is kept for the report.
 *
 * Must not know: what the text is. Read next: emit.h.
 */
#ifndef IDL_EMIT_OUTFILE_H
#define IDL_EMIT_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "front/arena.h"

#define IDL_OUTFILE_EXCERPT 160u

typedef struct idl_outfile {
    const char *path;
    char *temporary; /* path of the new file; NULL: a device or a pipe, written in place */
    int old_fd;      /* -1: there is no old file */
    int new_fd;      /* -1: nothing differs so far */
    bool is_check;
    bool differs;
    size_t offset;    /* bytes taken so far */
    size_t n_lines;   /* in them */
    int error;        /* errno of the first failure; 0: fine */
    const char *what; /* it was doing: "open", "write" ... */
    /* Check mode: the first difference. */
    bool is_missing;
    size_t line;
    char there[IDL_OUTFILE_EXCERPT];
    char wanted[IDL_OUTFILE_EXCERPT];
} idl_outfile;

/* `path` is borrowed until the end; `arena` holds the temporary name. Failure shows in
 * idl_outfile_close. */
void idl_outfile_open(idl_outfile *file, idl_arena *arena, const char *path, bool is_check);

/* An idl_sink_fn: takes finished lines. After a failure it does nothing. */
void idl_outfile_write(void *self, const char *data, size_t len);

/* Ends the file: puts the new one in place, if there is one. False on failure: `error` and `what`
 * say why, and the old file is as it was. `differs` says whether the text was new. */
bool idl_outfile_close(idl_outfile *file);

/* Makes a folder and those above it. False, with errno, when one can't be made. */
bool idl_make_folders(idl_arena *arena, const char *path);

#endif
