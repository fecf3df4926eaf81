/*
 * The log: handing events to the user's sink.
 *
 * Knows nothing of who logs what. Read next: log_file.c.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"

/* Longest value that cx_log_fact makes; longer ones are cut. */
enum { FACT_MAX = 256 };

void cx_log_event(const cx_log *log, coax_log_level level, const char *event,
                  const coax_log_pair *pairs, size_t n_pairs)
{
    if (log != NULL && cx_log_wants(log, level))
        log->sink(log->self, level, event, pairs, n_pairs);
}

void cx_log_fact(const cx_log *log, coax_log_level level, const char *event, const char *key,
                 const char *format, ...)
{
    char value[FACT_MAX];
    if (log == NULL || !cx_log_wants(log, level))
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    coax_log_pair pair = { key, value };
    log->sink(log->self, level, event, &pair, 1);
}

const char *coax_log_level_name(coax_log_level level)
{
    switch (level) {
    case COAX_LOG_ERROR: return "error";
    case COAX_LOG_WARN: return "warn";
    case COAX_LOG_INFO: return "info";
    case COAX_LOG_DEBUG: return "debug";
    }
    return "unassigned";
}
