/*
 * A command's words, one by one: options with their values, and operands.
 *
 * Takes --name VALUE, --name=VALUE, -n VALUE, -nVALUE, and -- before operands that look like options. Must not know:
 * what options mean.
 */
#ifndef COAX_CLI_ARGS_H
#define COAX_CLI_ARGS_H

#include <stdbool.h>

#include "cmd.h"

enum {
    CLI_ARGS_END = -1,
    CLI_ARGS_OPERAND = -2, /* `value` is the word */
    CLI_ARGS_WRONG = -3    /* was said; the command returns CLI_USAGE */
};

typedef struct cli_args {
    const cli_command *command;
    int argc;
    char **argv;
    int next;
    bool only_operands; /* behind -- */
    const char *value;  /* of the option returned last, or the operand */
} cli_args;

cli_args cli_args_of(const cli_command *command, int argc, char **argv);

/* The next option's key, or one of the above. */
int cli_args_next(cli_args *args);

#endif
