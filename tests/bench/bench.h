/*
 * What every benchmark shares: rows of figures and ratios, and a clock.
 *
 * A benchmark is a function that adds rows to a report; main.c lists them. Figures of one run are compared with each
 * other and with nothing else, so a goal is always a ratio.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_ROWS_MAX 256u

typedef struct bench_row {
    const char *group; /* "codec" */
    char name[64];
    const char *unit; /* "ns", "calls/s"; "x" for a ratio */
    double value;
    double goal;         /* of a ratio; 0: none */
    bool is_upper_bound; /* the ratio should be at most the goal, not at least */
} bench_row;

typedef struct bench_report {
    bench_row rows[BENCH_ROWS_MAX];
    size_t n_rows;
    bool is_quick; /* fewer and shorter rounds: to see that it runs, not to trust */
} bench_report;

/* 0, or 1 after saying on stderr what went wrong. */
typedef int (*bench_fn)(bench_report *report);

/* Adds a figure. `group` and `unit` are literals; the name is copied. Rows past BENCH_ROWS_MAX end the program. */
void bench_add(bench_report *report, const char *group, const char *name, double value,
               const char *unit);

/* Adds a ratio that should be at least `goal`, or 0 for none. */
void bench_add_ratio(bench_report *report, const char *group, const char *name, double ratio,
                     double goal);

/* Adds a ratio that should be at most `goal`. */
void bench_add_ratio_most(bench_report *report, const char *group, const char *name, double ratio,
                          double goal);

/* A table for people. */
void bench_print(const bench_report *report);

/* One JSON object per line, one line per row. */
void bench_print_json(const bench_report *report);

/* Monotonic nanoseconds. */
uint64_t bench_now_ns(void);

/* The median; sorts `values`. `count` is not 0. */
double bench_median(double *values, size_t count);

/* The value at `fraction` (0.99 for p99); sorts `values`. `count` is not 0. */
double bench_quantile(double *values, size_t count, double fraction);

/* The benchmarks. */
int bench_codec(bench_report *report);
int bench_rpc_core(bench_report *report);
int bench_unary(bench_report *report);
int bench_flood(bench_report *report);
int bench_large(bench_report *report);
int bench_costs(bench_report *report);
int bench_streams(bench_report *report);
int bench_events(bench_report *report);
int bench_threads(bench_report *report);
int bench_secure(bench_report *report);
int bench_passwords(bench_report *report);
int bench_security(bench_report *report);
int bench_idlc(bench_report *report);

#endif
