/*
 * How long idlc takes, and how much memory: 1,000 and 10,000 structs of 8 fields, from the file to six outputs.
 *
 * Processor time of the child, the least of some runs, because a build machine is never quiet. Outputs are made
 * anew in each run. The program is the one of this build (IDLC_PATH).
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

enum { N_OUTPUTS = 6, PATH_MAX_LEN = 200 };

typedef struct figure {
    double cpu_ms;
    double memory_mib;
} figure;

static int complain(const char *what)
{
    fprintf(stderr, "idlc: %s: %s\n", what, strerror(errno));
    return 1;
}

static int write_schema(const char *path, unsigned n)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return complain(path);
    fputs("namespace big;\n", file);
    for (unsigned i = 0; i < n; i++) {
        fprintf(
            file,
            "\n/// Record number %u.\nstruct Record%u {\n    1: u32 id;\n    2: string name;\n"
            "    3: f64 ratio;\n    4: bool is_open;\n    5: list<u32> numbers;\n    6: bytes blob;\n"
            "    7: i64 when;\n",
            i, i);
        if (i == 0)
            fputs("    8: u64? before;\n}\n", file);
        else
            fprintf(file, "    8: Record%u? before;\n}\n", i - 1);
    }
    return fclose(file) == 0 ? 0 : complain(path);
}

/* The highest memory use is only known for all children together, so the largest schema has to come last. */
static int run_once(char *schema, char *folder, figure *ret)
{
    char program[] = "idlc", command[] = "c", option[] = "-o";
    char *argv[] = { program, command, option, folder, schema, NULL };
    struct rusage before, after;
    pid_t child = 0;
    int status = 0;
    getrusage(RUSAGE_CHILDREN, &before);
    errno = posix_spawn(&child, IDLC_PATH, NULL, NULL, argv, environ);
    if (errno != 0)
        return complain(IDLC_PATH);
    if (waitpid(child, &status, 0) != child || status != 0)
        return complain("the compiler failed");
    getrusage(RUSAGE_CHILDREN, &after);
    ret->cpu_ms = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1e3 +
                  (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e3 +
                  (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1e3 +
                  (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e3;
    ret->memory_mib = (double)after.ru_maxrss / 1024.0;
    return 0;
}

static void remove_outputs(const char *folder, const char *stem)
{
    static const char *const suffixes[N_OUTPUTS] = { ".h",        ".c",        "_client.h",
                                                     "_client.c", "_server.h", "_server.c" };
    for (size_t i = 0; i < N_OUTPUTS; i++) {
        char path[PATH_MAX_LEN + 40];
        snprintf(path, sizeof path, "%s/%s%s", folder, stem, suffixes[i]);
        (void)unlink(path);
    }
}

static int measure(bench_report *report, char *folder, unsigned n, double goal_ms)
{
    char schema[PATH_MAX_LEN + 20], name[64];
    double best = 0, memory = 0;
    int n_runs = report->is_quick ? 2 : 12;
    snprintf(schema, sizeof schema, "%s/big.idl", folder);
    if (write_schema(schema, n) != 0)
        return 1;
    for (int i = 0; i < n_runs; i++) {
        figure one;
        remove_outputs(folder, "big");
        if (run_once(schema, folder, &one) != 0)
            return 1;
        best = i == 0 || one.cpu_ms < best ? one.cpu_ms : best;
        memory = one.memory_mib;
    }
    remove_outputs(folder, "big");
    (void)unlink(schema);
    snprintf(name, sizeof name, "%u structs of 8 fields", n);
    bench_add(report, "idlc", name, best, "ms");
    snprintf(name, sizeof name, "%u structs, of %.0f ms", n, goal_ms);
    bench_add_ratio_most(report, "idlc", name, best / goal_ms, 1.0);
    snprintf(name, sizeof name, "%u structs, memory", n);
    bench_add(report, "idlc", name, memory, "MiB");
    return 0;
}

int bench_idlc(bench_report *report)
{
    const char *parent = getenv("TMPDIR");
    char folder[PATH_MAX_LEN];
    snprintf(folder, sizeof folder, "%s/coax-bench-XXXXXX", parent != NULL ? parent : "/tmp");
    if (mkdtemp(folder) == NULL)
        return complain(folder);
    int status = measure(report, folder, 1000, 10.0);
    if (status == 0)
        status = measure(report, folder, 10000, 100.0);
    (void)rmdir(folder);
    return status;
}
