/*
 * A folder of a test's own, files in it, and processes that run a function there.
 */
#ifndef COAX_TESTS_SCRATCH_H
#define COAX_TESTS_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

/* cmocka's setup and teardown: *state is the folder's path. It is removed with all that is in it. */
int scratch_setup(void **state);
int scratch_teardown(void **state);

/* folder/name, in one of a few buffers that are used in turn. */
const char *scratch_path(void **state, const char *name);

/* Writes a file with exactly this mode. */
void scratch_write(const char *path, const void *text, size_t len, unsigned mode);

/* Reads a file of less than `size` bytes, adds a NUL, returns the length. */
size_t scratch_read(const char *path, char *text, size_t size);

/* How many files are in a folder. */
size_t scratch_count(const char *folder);

/* The permissions of a file. */
unsigned scratch_mode(const char *path);

/* Runs `run` in a process of its own and returns its result, 0 to 125. */
int scratch_run(int (*run)(void *argument), void *argument);

/* The same as a user who is not root: this one, unless this one is. -1: can't be done here. */
int scratch_run_as_nobody(int (*run)(void *argument), void *argument);

/* Runs it in `n` processes at once, let go together; each gets its number. Returns the sum of the results. */
int scratch_race(unsigned n, int (*run)(void *argument, unsigned number), void *argument);

#endif
