/*
 * The report, the clock, the median. Read next: main.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

static bench_row *new_row(bench_report *report, const char *group, const char *name, double value,
                          const char *unit)
{
    if (report->n_rows == BENCH_ROWS_MAX) {
        fprintf(stderr, "bench: more than %u rows\n", BENCH_ROWS_MAX);
        exit(1);
    }
    bench_row *row = &report->rows[report->n_rows++];
    row->group = group;
    snprintf(row->name, sizeof row->name, "%s", name);
    row->unit = unit;
    row->value = value;
    row->goal = 0;
    row->is_upper_bound = false;
    return row;
}

void bench_add(bench_report *report, const char *group, const char *name, double value,
               const char *unit)
{
    (void)new_row(report, group, name, value, unit);
}

void bench_add_ratio(bench_report *report, const char *group, const char *name, double ratio,
                     double goal)
{
    new_row(report, group, name, ratio, "x")->goal = goal;
}

void bench_add_ratio_most(bench_report *report, const char *group, const char *name, double ratio,
                          double goal)
{
    bench_row *row = new_row(report, group, name, ratio, "x");
    row->goal = goal;
    row->is_upper_bound = true;
}

static bool meets_goal(const bench_row *row)
{
    return row->is_upper_bound ? row->value <= row->goal : row->value >= row->goal;
}

void bench_print(const bench_report *report)
{
    const char *group = "";
    for (size_t i = 0; i < report->n_rows; i++) {
        const bench_row *row = &report->rows[i];
        if (row->group != group) {
            printf("%s%s\n", i > 0 ? "\n" : "", row->group);
            group = row->group;
        }
        printf("  %-56s %12.*f %-8s", row->name, row->value < 100 ? 2 : 0, row->value, row->unit);
        if (row->goal > 0)
            printf(" goal %s %.2f: %s", row->is_upper_bound ? "<=" : ">=", row->goal,
                   meets_goal(row) ? "met" : "MISSED");
        putchar('\n');
    }
}

/* Names hold no quotes or control characters: they are ours. */
void bench_print_json(const bench_report *report)
{
    for (size_t i = 0; i < report->n_rows; i++) {
        const bench_row *row = &report->rows[i];
        printf("{\"group\":\"%s\",\"name\":\"%s\",\"value\":%.6g,\"unit\":\"%s\"", row->group,
               row->name, row->value, row->unit);
        if (row->goal > 0)
            printf(",\"goal\":%.6g,\"bound\":\"%s\",\"met\":%s", row->goal,
                   row->is_upper_bound ? "most" : "least", meets_goal(row) ? "true" : "false");
        puts("}");
    }
}

uint64_t bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double bench_quantile(double *values, size_t count, double fraction)
{
    qsort(values, count, sizeof *values, compare_doubles);
    size_t at = (size_t)(fraction * (double)(count - 1) + 0.5);
    return values[at];
}

double bench_median(double *values, size_t count)
{
    return bench_quantile(values, count, 0.5);
}
