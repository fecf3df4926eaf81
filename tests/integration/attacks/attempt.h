/*
 * Attempts: a server with some options, a client with others, and what comes of it. For tests of options.
 */
#ifndef TESTS_INTEGRATION_ATTACKS_ATTEMPT_H
#define TESTS_INTEGRATION_ATTACKS_ATTEMPT_H

#include "trio.h"

/* What became of a client. */
typedef struct attempt_result {
    coax_err code; /* COAX_OK: it opened, and was answered */
    char words[COAX_ERROR_TEXT_MAX];
} attempt_result;

extern const coax_server_options fresh;

/* In the simulator. */
void open_with(trio *t, trio_way way, coax_server_options options);
/* A client with t->options; it is gone when this returns. */
attempt_result try_client(trio *t);
/* The same, and this comes of it. */
void expect(trio *t, coax_err code);
/* A client that is refused when it is made, with the option's name. */
void expect_bad(trio *t, coax_client_options options, coax_err code, const char *name);
/* A server that is refused when it is made, or listens. */
void expect_bad_server(trio *t, coax_server_options options, coax_err code, const char *name);

#endif
