/*
 * Logging: the library prints nothing; what it has to say goes to one function the user hands over.
 */
#ifndef COAX_LOG_H
#define COAX_LOG_H

#include <stddef.h>
#include <stdint.h>

#include <coax/export.h>

COAX_BEGIN_DECLS

typedef enum coax_log_level { COAX_LOG_ERROR = 1, COAX_LOG_WARN, COAX_LOG_INFO, COAX_LOG_DEBUG } coax_log_level;

/** One key and its value; `text` is NULL for a number. */
typedef struct coax_log_pair {
    const char *key;
    const char *text;
    int64_t number;
} coax_log_pair;

/** Gets every event at or above the loop's level, from the loop's thread; everything is borrowed for the call. Event names are stable. */
typedef void (*coax_log_fn)(void *self, coax_log_level level, const char *event, const coax_log_pair *pairs, size_t n_pairs);

COAX_END_DECLS

#endif
