/*
 * Folders and processes of tests; see scratch.h.
 */
#define _XOPEN_SOURCE 700 /* nftw */

#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"

#define NOBODY 65534u
#define CANNOT 126

int scratch_setup(void **state)
{
    const char *parent = getenv("TMPDIR"); /* everybody must be able to reach it */
    char *folder = malloc(200);
    assert_non_null(folder);
    (void)snprintf(folder, 200, "%s/coax-test-XXXXXX", parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0755), 0);
    *state = folder;
    return 0;
}

static int remove_one(const char *path, const struct stat *what, int kind, struct FTW *walk)
{
    (void)what;
    (void)kind;
    (void)walk;
    return remove(path);
}

int scratch_teardown(void **state)
{
    assert_int_equal(nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(*state);
    return 0;
}

const char *scratch_path(void **state, const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];
    (void)snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    return path;
}

void scratch_write(const char *path, const void *text, size_t len, unsigned mode)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
}

size_t scratch_read(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, size - 1, file);
    assert_int_equal(fclose(file), 0);
    text[len] = '\0';
    return len;
}

size_t scratch_count(const char *folder)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *e; (e = readdir(dir)) != NULL;)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    assert_int_equal(closedir(dir), 0);
    return n;
}

unsigned scratch_mode(const char *path)
{
    struct stat what;
    assert_int_equal(stat(path, &what), 0);
    return (unsigned)what.st_mode & 07777u;
}

static int result_of(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

int scratch_run(int (*run)(void *argument), void *argument)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(run(argument));
    return result_of(pid);
}

int scratch_run_as_nobody(int (*run)(void *argument), void *argument)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (getuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(CANNOT);
        _exit(run(argument));
    }
    int result = result_of(pid);
    return result == CANNOT ? -1 : result;
}

int scratch_race(unsigned n, int (*run)(void *argument, unsigned number), void *argument)
{
    int gate[2];
    pid_t pids[64];
    int sum = 0;
    char byte;
    assert_true(n <= 64 && pipe(gate) == 0);
    for (unsigned i = 0; i < n; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) {
            (void)close(gate[1]);
            (void)!read(gate[0], &byte, 1); /* until the other end is closed */
            _exit(run(argument, i));
        }
    }
    (void)close(gate[0]);
    (void)close(gate[1]);
    for (unsigned i = 0; i < n; i++)
        sum += result_of(pids[i]);
    return sum;
}
