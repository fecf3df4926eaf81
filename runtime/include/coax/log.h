/*
 * Where the library's log goes: one function of the user's, called with an event's name and its
 * facts.
 *
 * Nothing is printed unless a sink is set. Event names are stable ("connection_closed", a noun and
 * what became of it), so that they can be counted and alerted on; docs/logs.md lists them all, with
 * their levels and keys. Values are facts about the event, never secrets, never what calls carry;
 * some are a peer's words.
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

/**
 * A sink that writes one line per event in logfmt to the FILE that is its `self`:
 * time=2025-01-31T12:00:00.000000Z level=warn event=bad_input reason="..."
 * The time is the wall clock's, in UTC (RFC 3339); values are quoted and escaped as in JSON. Lines
 * stay whole when several threads write to one FILE. Any thread.
 */
COAX_API void coax_log_to_file(void *self, coax_log_level level, const char *event,
                               const coax_log_pair *pairs, size_t n_pairs);

/**
 * The same as one JSON object per line (RFC 8259):
 * {"time":"...","level":"warn","event":"bad_input","reason":"..."}; all values are strings. Any
 * thread.
 */
COAX_API void coax_log_json_to_file(void *self, coax_log_level level, const char *event,
                                    const coax_log_pair *pairs, size_t n_pairs);

/** "error", "warn", "info" or "debug". Any thread. */
COAX_API const char *coax_log_level_name(coax_log_level level);

COAX_END_DECLS

#endif
