/*
 * The library's own side of <coax/log.h>: a sink that may be absent, and a call that costs a
 * compare then.
 */
#ifndef CX_BASE_LOG_H
#define CX_BASE_LOG_H

#include <stdbool.h>

#include <coax/log.h>

/* A zeroed one is silent. */
typedef struct cx_log {
    coax_log_fn sink; /* NULL: silence */
    void *self;
    coax_log_level level; /* the least urgent one wanted */
} cx_log;

static inline bool cx_log_wants(const cx_log *log, coax_log_level level)
{
    return log->sink != NULL && level <= log->level;
}

/* Hands an event and its facts to the sink, if it wants them. `log` may be NULL. */
void cx_log_event(const cx_log *log, coax_log_level level, const char *event,
                  const coax_log_pair *pairs, size_t n_pairs);

/* The same for one fact made by printf: cx_log_fact(log, level, "accept_failed", "reason", "%s",
 * words). */
void cx_log_fact(const cx_log *log, coax_log_level level, const char *event, const char *key,
                 const char *format, ...) COAX_PRINTF(5, 6);

#endif
