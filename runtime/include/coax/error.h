/*
 * Errors are values: one enum, and a caller-owned record for the words.
 *
 * A function that can fail returns coax_err and, where the reason needs words, fills a coax_error
 * that the caller owns. There is no thread-local error and nothing is printed.
 */
#ifndef COAX_ERROR_H
#define COAX_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include <coax/export.h>

COAX_BEGIN_DECLS

/** All results. 0 to 16 cross the wire (gRPC's canonical codes), 100 and above stay local; see
 * error.def. */
typedef enum coax_err {
#define COAX_ERR_ROW(symbol, number, name, meaning) symbol = number,
#include <coax/error.def>
#undef COAX_ERR_ROW
} coax_err;

/** Longest message a coax_error holds, with its NUL. Longer ones are cut at a character boundary.
 */
#define COAX_ERROR_TEXT_MAX 256

/**
 * What went wrong, in words, owned by the caller.
 * Invariant: `text` is always NUL-terminated UTF-8; `code` is COAX_OK and `text` empty until
 * something fails.
 */
typedef struct coax_error {
    coax_err code;
    char text[COAX_ERROR_TEXT_MAX];
} coax_error;

#define COAX_ERROR_INIT                                                                            \
    {                                                                                              \
        COAX_OK,                                                                                   \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/** The stable lower-case name ("deadline_exceeded"); "unassigned" for a number no version assigned.
 * Never NULL. Any thread. */
COAX_API const char *coax_err_name(coax_err code);

/** What the error means and what to do, one sentence. Never NULL. Any thread. */
COAX_API const char *coax_err_meaning(coax_err code);

/** The code that stands for `code` on the wire: itself up to 16, the nearest canonical one for
 * local ones. Any thread. */
COAX_API coax_err coax_err_to_wire(coax_err code);

/** Fills `error` (NULL is fine) and returns `code`, so that a failing path is one line. Any thread.
 */
COAX_API coax_err coax_error_set(coax_error *error, coax_err code, const char *format, ...)
    COAX_PRINTF(3, 4);

COAX_END_DECLS

#endif
