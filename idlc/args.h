/* A command's words, one by one: options with their values, and operands.
 *
 * Takes `--name=value`, `--name value`, `-Xvalue`, `-X value`, and `--` before operands that look like
 * options. What is wrong is reported and skipped, so one run reports all of it.
 *
 * Must not know: what options mean. Read next: compile.h.
 */
#ifndef IDL_ARGS_H
#define IDL_ARGS_H

#include "cmd.h"
#include "diag/diag.h"

#include <stdbool.h>

enum {
    IDL_ARGS_END = -1,
    IDL_ARGS_OPERAND = 1, /* `value` is the word */
};

typedef struct idl_args {
    const idl_command *command;
    idl_diag *diag;
    int argc;
    char **argv;
    int next;
    bool only_operands; /* behind `--` */
    const char *value;  /* of the option last returned, or the operand */
} idl_args;

idl_args idl_args_of(const idl_command *command, idl_diag *diag, int argc, char **argv);

/* The next option's key, IDL_ARGS_OPERAND or IDL_ARGS_END. */
int idl_args_next(idl_args *args);

#endif
