/*
 * What files.c and files_write.c share; nobody else includes it.
 */
#ifndef CX_SECURE_FILES_PARTS_H
#define CX_SECURE_FILES_PARTS_H

#include <sys/stat.h>

#include "secure/files.h"

/* "PATH: can't WHAT it: ..." @return COAX_ERR_NOT_FOUND for ENOENT, else COAX_ERR_SYSTEM. */
coax_err cx_file_failed(const char *path, const char *what, int number, coax_error *error);

/* The folder of a path, to be freed. @return false: no memory. */
bool cx_file_folder(const char *path, char **ret_folder);

cx_file_stamp cx_file_stamp_of(const struct stat *what);

/* Opens and judges. `flags` as for open(2). @return as cx_file_load. */
coax_err cx_file_open(const char *path, int flags, cx_file_access access, int *ret_fd,
                      struct stat *ret_what, coax_error *error);

/* Reads what is open from its beginning. @return as cx_file_load. */
coax_err cx_file_read(int fd, const char *path, const struct stat *what, size_t max,
                      cx_file_text *ret_text, coax_error *error);

#endif
