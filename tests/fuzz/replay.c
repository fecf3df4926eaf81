/*
 * Runs a fuzz target over files, for builds without libFuzzer: usage replay FILE|FOLDER...
 *
 * Each input is handed over in a heap block of exactly its size, so that a sanitizer sees a read
 * one byte past it. It knows nothing of the targets. An empty corpus is a failure, because it would
 * test nothing for ever.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fuzz.h"

enum { PATH_CAP = 4096, INPUT_CAP = 64 << 20 };

static bool run_file(const char *path, size_t len)
{
    bool is_run = false;
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(len);
    if (file != NULL && (data != NULL || len == 0) && fread(data, 1, len, file) == len) {
        /* Named before it runs, so that the log of a crash says which input it was. */
        printf("%s\n", path);
        fflush(stdout);
        LLVMFuzzerTestOneInput(data, len);
        is_run = true;
    } else {
        fprintf(stderr, "%s: cannot be read\n", path);
    }
    free(data);
    if (file != NULL)
        fclose(file);
    return is_run;
}

/* Runs one file, or every file of one folder; folders in it are not entered. Returns how many ran,
 * or -1. */
static long run_path(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0 || info.st_size > INPUT_CAP) {
        fprintf(stderr, "%s: does not exist or is over %d bytes\n", path, INPUT_CAP);
        return -1;
    }
    if (!S_ISDIR(info.st_mode))
        return run_file(path, (size_t)info.st_size) ? 1 : -1;

    DIR *folder = opendir(path);
    if (folder == NULL) {
        fprintf(stderr, "%s: cannot be listed\n", path);
        return -1;
    }
    long n_run = 0;
    for (struct dirent *entry; n_run >= 0 && (entry = readdir(folder)) != NULL;) {
        char inside[PATH_CAP];
        int len = snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        if (len < 0 || len >= PATH_CAP || stat(inside, &info) != 0 || info.st_size > INPUT_CAP)
            n_run = -1;
        else if (S_ISREG(info.st_mode))
            n_run = run_file(inside, (size_t)info.st_size) ? n_run + 1 : -1;
    }
    closedir(folder);
    return n_run;
}

int main(int argc, char **argv)
{
    long total = 0;
    for (int i = 1; i < argc; i++) {
        long n_run = run_path(argv[i]);
        if (n_run < 0)
            return EXIT_FAILURE;
        total += n_run;
    }
    printf("%ld inputs replayed\n", total);
    if (total == 0)
        fprintf(stderr, "nothing to replay: put at least one input into the corpus\n");
    return total > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
