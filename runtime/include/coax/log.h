/*
 * Where the library's log goes: one function of the user's, called with an event's name and its
 * facts.
 *
 * Nothing is printed unless a sink is set. Event names are stable ("connection_closed"), so that
 * they can be counted and alerted on; values are facts about the event, never secrets.
 */
#ifndef COAX_LOG_H
#define COAX_LOG_H

#include <stddef.h>

#include <coax/export.h>

COAX_BEGIN_DECLS

typedef enum coax_log_level {
    COAX_LOG_ERROR = 0,
    COAX_LOG_WARN,
    COAX_LOG_INFO,
    COAX_LOG_DEBUG
} coax_log_level;

/** One fact: a key and its value as text. Borrowed for the call. */
typedef struct coax_log_pair {
    const char *key;
    const char *value;
} coax_log_pair;

/** Takes one event. Called on the thread that logs; must not call back into what logged. */
typedef void (*coax_log_fn)(void *self, coax_log_level level, const char *event,
                            const coax_log_pair *pairs, size_t n_pairs);

/** A sink that writes one line per event ("warn connection_closed reason=\"...\"") to the FILE that
 * is its `self`. */
COAX_API void coax_log_to_file(void *self, coax_log_level level, const char *event,
                               const coax_log_pair *pairs, size_t n_pairs);

/** "error", "warn", "info" or "debug". Any thread. */
COAX_API const char *coax_log_level_name(coax_log_level level);

COAX_END_DECLS

#endif
