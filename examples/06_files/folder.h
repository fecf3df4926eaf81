/*
 * Files below one folder, whatever path a peer asks for; and their digests.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a path stays below the folder by its text: relative, no empty, `.` or `..` component. */
bool folder_allows(const char *path);

/*
 * Opens `path` below the folder `root`, one component after the other and through no symbolic link,
 * so that nothing in the folder leads out of it. `flags` as for open(2); folders are not made.
 * Returns a descriptor, or -1 with errno: EPERM when the path is not allowed.
 */
int folder_open(const char *root, const char *path, int flags);

/* Gives a file another name in its own folder. Returns 0, or -1 with errno. */
int folder_rename(const char *root, const char *from, const char *to);

/* BLAKE2b-256 and size of an open file, read from its beginning. Returns 0, or -1 with errno. */
int folder_digest(int fd, uint64_t *ret_size, uint8_t ret_digest[32]);

#endif
