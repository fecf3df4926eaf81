/*
 * What a command of the `coax` program is.
 *
 * A command reads its words through args.h, prints its result on standard output, everything else on standard
 * error, and returns an exit status. Must not know: other commands. Read next: args.h, out.h.
 */
#ifndef COAX_CLI_CMD_H
#define COAX_CLI_CMD_H

/* Exit statuses; `coax help` says them. */
enum {
    CLI_OK = 0,
    CLI_FAILED = 1, /* it could not be done; standard error says why and what to do */
    CLI_USAGE = 2   /* the command line is wrong */
};

/* An option. The last of a table has no name. */
typedef struct cli_option {
    const char *name;  /* "--roles" */
    const char *value; /* what its value is called in the help; NULL: it has none */
    const char *help;
    int key; /* what cli_args_next returns; also its letter, if it is one */
} cli_option;

typedef struct cli_command {
    const char *name;
    const char *summary; /* a line */
    const char *usage;   /* behind "coax NAME " */
    const char *help;    /* paragraphs */
    const cli_option *options;
    int (*run)(const struct cli_command *command, int argc, char **argv);
} cli_command;

extern const cli_command cli_keygen;
extern const cli_command cli_id;
extern const cli_command cli_passwd;

#endif
