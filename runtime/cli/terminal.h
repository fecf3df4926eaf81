/*
 * Asking for a password without showing it.
 */
#ifndef COAX_CLI_TERMINAL_H
#define COAX_CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* A password's longest text, with its NUL. The caller wipes it. */
#define CLI_PASSWORD_SIZE 1025u

typedef enum cli_read {
    CLI_READ_OK,
    CLI_READ_EMPTY, /* an empty line, or no line at all */
    CLI_READ_TOO_LONG,
    CLI_READ_ODD,         /* it has a NUL in it */
    CLI_READ_NO_TERMINAL, /* there is nobody to ask */
    CLI_READ_FAILED       /* errno says how */
} cli_read;

/*
 * Shows `prompt` on the process's terminal, whatever standard input and output are, and reads a line with the echo off.
 * A signal that ends or stops the process finds the terminal as it was. One thread.
 */
cli_read cli_terminal_ask(const char *prompt, char ret_password[CLI_PASSWORD_SIZE]);

/* Reads the first line of standard input. */
cli_read cli_read_line(char ret_password[CLI_PASSWORD_SIZE]);

#endif
