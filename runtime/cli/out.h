/*
 * What the program says: complaints on standard error, JSON on standard output.
 */
#ifndef COAX_CLI_OUT_H
#define COAX_CLI_OUT_H

#include <coax/export.h>

/* "coax COMMAND: ..." and a newline, on standard error. */
void cli_complain(const char *command, const char *format, ...) COAX_PRINTF(2, 3);

/* A JSON string (RFC 8259) with its quotes. Bytes that are no UTF-8 become U+FFFD. */
void cli_print_json(const char *text);

#endif
