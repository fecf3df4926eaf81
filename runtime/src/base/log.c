/*
 * The log: handing events to the user's sink, and a sink that writes lines.
 *
 * Knows nothing of who logs what. Read next: ../wire/README.md.
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

/* Quoted, with what could forge a line or a quote escaped: values may come from a peer. */
static void put_value(FILE *file, const char *value)
{
    fputc('"', file);
    for (; *value != '\0'; value++) {
        unsigned char byte = (unsigned char)*value;
        if (byte < 0x20 || byte == 0x7f)
            fprintf(file, "\\x%02x", byte);
        else if (byte == '"' || byte == '\\')
            fprintf(file, "\\%c", byte);
        else
            fputc(byte, file);
    }
    fputc('"', file);
}

void coax_log_to_file(void *self, coax_log_level level, const char *event,
                      const coax_log_pair *pairs, size_t n_pairs)
{
    FILE *file = self;
    fprintf(file, "%s %s", coax_log_level_name(level), event);
    for (size_t i = 0; i < n_pairs; i++) {
        fprintf(file, " %s=", pairs[i].key);
        put_value(file, pairs[i].value);
    }
    fputc('\n', file);
}
