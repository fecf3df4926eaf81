/*
 * coax-bench: runs the benchmarks that are named, or all of them.
 *
 *     coax-bench [--json] [--quick] [--list] [name...]
 *
 * Read next: codec.c.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"

typedef struct bench_entry {
    const char *name;
    bench_fn run;
} bench_entry;

static const bench_entry entries[] = {
    { "codec", bench_codec },     { "rpc_core", bench_rpc_core },   { "unary", bench_unary },
    { "flood", bench_flood },     { "large", bench_large },         { "costs", bench_costs },
    { "streams", bench_streams }, { "events", bench_events },       { "threads", bench_threads },
    { "secure", bench_secure },   { "passwords", bench_passwords }, { "security", bench_security },
    { "idlc", bench_idlc },
};
enum { N_ENTRIES = sizeof entries / sizeof entries[0] };

static const bench_entry *find_entry(const char *name)
{
    for (size_t i = 0; i < N_ENTRIES; i++) {
        if (strcmp(entries[i].name, name) == 0)
            return &entries[i];
    }
    return NULL;
}

static int run_named(bench_report *report, char **names, int n_names)
{
    for (int i = 0; i < n_names; i++) {
        if (strncmp(names[i], "--", 2) == 0)
            continue;
        const bench_entry *entry = find_entry(names[i]);
        if (entry == NULL) {
            fprintf(stderr, "coax-bench: no benchmark is named '%s'; --list shows them\n",
                    names[i]);
            return 2;
        }
        if (entry->run(report) != 0)
            return 1;
    }
    return 0;
}

static int run_all(bench_report *report)
{
    for (size_t i = 0; i < N_ENTRIES; i++) {
        if (entries[i].run(report) != 0)
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static bench_report report;
    bool wants_json = false, has_name = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            wants_json = true;
        } else if (strcmp(argv[i], "--quick") == 0) {
            report.is_quick = true;
        } else if (strcmp(argv[i], "--list") == 0) {
            for (size_t k = 0; k < N_ENTRIES; k++)
                puts(entries[k].name);
            return 0;
        } else if (strncmp(argv[i], "--", 2) == 0) {
            fprintf(stderr, "usage: coax-bench [--json] [--quick] [--list] [name...]\n");
            return 2;
        } else {
            has_name = true;
        }
    }
    int status = has_name ? run_named(&report, argv + 1, argc - 1) : run_all(&report);
    if (wants_json)
        bench_print_json(&report);
    else
        bench_print(&report);
    return status;
}
