/*
 * Files that decide who may do what: read only if nobody else could have written them, written whole
 * or not at all.
 *
 * Every file is opened first and judged by what was opened, so that nothing can be put in its place in
 * between. It must be a regular file of this user's or root's; others may not write it (a secret one:
 * nor read it), nor the folder it lies in, unless that is sticky as /tmp is. Symbolic links are
 * followed when reading (deployments use them) and never when creating.
 *
 * This is the only part of secure that calls the system. Calls block as file systems do; waiting for a lock is
 * bounded. Any thread. Words always begin with the path.
 */
#ifndef CX_SECURE_FILES_H
#define CX_SECURE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coax/error.h>

/* What others may do with a file. */
typedef enum cx_file_access {
    CX_FILE_SECRET, /* nothing */
    CX_FILE_TRUSTED /* read it */
} cx_file_access;

/* Which state of which file: equal stamps mean that nothing was written since. */
typedef struct cx_file_stamp {
    uint64_t device, inode, size;
    int64_t modified_s, modified_ns, changed_s, changed_ns;
} cx_file_stamp;

/* A whole file. Invariant: data[len] is NUL. */
typedef struct cx_file_text {
    char *data;
    size_t len;
    cx_file_stamp stamp;
} cx_file_text;

/* Room for a path as words show it: long ones lose their beginning. */
#define CX_FILE_SHOWN 101u
const char *cx_file_shown(const char *path, char buffer[CX_FILE_SHOWN]);

/*
 * The folder that a relative path starts from, with its slash; "" if the path is absolute, or nobody can say. For files
 * that are looked at again later, when the process may have changed its folder.
 */
#define CX_FILE_START 4096u
void cx_file_start(const char *path, char ret_folder[CX_FILE_START]);

/*
 * Reads a file of at most `max` bytes. @return COAX_OK; COAX_ERR_NOT_FOUND; COAX_ERR_BAD_KEY (not
 * regular, not ours, too open, too large); COAX_ERR_SYSTEM; COAX_ERR_NO_MEMORY.
 */
coax_err cx_file_load(const char *path, cx_file_access access, size_t max, cx_file_text *ret_text,
                      coax_error *error);
/* Wipes and frees. An empty one is fine. */
void cx_file_text_deinit(cx_file_text *text);

/* The state it is in now. @return COAX_OK, COAX_ERR_NOT_FOUND, COAX_ERR_SYSTEM. */
coax_err cx_file_stamp_read(const char *path, cx_file_stamp *ret_stamp, coax_error *error);
bool cx_file_stamp_same(const cx_file_stamp *a, const cx_file_stamp *b);
/* Whether it may be written once more without a new stamp, because file systems count time coarsely. */
bool cx_file_stamp_is_recent(const cx_file_stamp *stamp);

/*
 * Writes a new file of mode 0600: to a name of its own first, then linked to `path` when all of it is on the disk.
 * @return COAX_OK, COAX_ERR_ALREADY_EXISTS (whatever is there, a link to nothing too), COAX_ERR_SYSTEM.
 */
coax_err cx_file_create(const char *path, const void *data, size_t len, coax_error *error);

/* Makes the folders that `path` lies in, mode 0700 each. @return COAX_OK, COAX_ERR_SYSTEM. */
coax_err cx_file_make_folders(const char *path, coax_error *error);

/*
 * One file under change. Processes and threads that change a file take turns; readers need no lock,
 * because a change is a rename.
 */
typedef struct cx_file_lock {
    int fd;
    uint32_t mode;
    uint64_t owner, group;
    cx_file_access access;
    char *path; /* with symbolic links resolved: it is the file that is replaced, not the link */
} cx_file_lock;

/*
 * Waits at most a second for others. A file that is not there is made, empty, mode 0600, if `creates`.
 * @return as cx_file_load, and COAX_ERR_UNAVAILABLE: somebody holds it for that long.
 */
coax_err cx_file_lock_take(const char *path, cx_file_access access, bool creates,
                           cx_file_lock *ret_lock, coax_error *error);
/* What is in it now. @return as cx_file_load. */
coax_err cx_file_lock_load(const cx_file_lock *lock, size_t max, cx_file_text *ret_text,
                           coax_error *error);
/*
 * Puts a new file in its place, with the old one's mode, and its owner if that is possible; once per lock.
 * @param ret_stamp  NULL, or the new file's. @return COAX_OK, COAX_ERR_SYSTEM.
 */
coax_err cx_file_lock_replace(const cx_file_lock *lock, const void *data, size_t len,
                              cx_file_stamp *ret_stamp, coax_error *error);
/* Lets go. */
void cx_file_lock_release(cx_file_lock *lock);

#endif
