/*
 * coax: keys, ids and passwords from the command line.
 *
 * From words to a command, and to an exit status. Must not know: what any command does. Read next:
 * cmd.h, args.h, then the commands.
 */
#define _XOPEN_SOURCE 700 /* SIGXFSZ */

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <coax/version.h>

#include "cmd.h"

static const cli_command *const commands[] = { &cli_keygen, &cli_id, &cli_passwd };

#define N_COMMANDS (sizeof commands / sizeof commands[0])

static const cli_command *find(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static int print_usage(FILE *out)
{
    fputs("coax looks after keys, ids and passwords of coax servers and clients.\n\n"
          "usage: coax COMMAND [OPTIONS] [WORD...]\n\n"
          "commands:\n",
          out);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs(
        "  help      explain a command: coax help COMMAND\n\n"
        "coax --version prints the version.\n"
        "Files that are not named lie in $COAX_HOME, or $XDG_CONFIG_HOME/coax, or ~/.config/coax.\n"
        "Exit status: 0 it is done, 1 it could not be done, 2 the command line is wrong. Results go to\n"
        "standard output; whatever else there is to say, to standard error.\n",
        out);
    return CLI_OK;
}

static int print_help(const cli_command *command)
{
    printf("usage: coax %s %s\n\n%s\noptions:\n", command->name, command->usage, command->help);
    for (const cli_option *o = command->options; o->name != NULL; o++) {
        char left[48];
        char letter[8] = "";
        if (o->key < 128)
            (void)snprintf(letter, sizeof letter, "-%c, ", o->key);
        (void)snprintf(left, sizeof left, "%s%s%s%s", letter, o->name, o->value != NULL ? " " : "",
                       o->value != NULL ? o->value : "");
        printf("  %-24s %s\n", left, o->help);
    }
    return CLI_OK;
}

static int report_unknown(const char *name)
{
    fprintf(stderr, "coax: there is no %s '%s'; the commands are",
            name[0] == '-' ? "option" : "command", name);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(stderr, " %s,", commands[i]->name);
    fputs(" help\n", stderr);
    return CLI_USAGE;
}

static int help(int argc, char **argv)
{
    if (argc == 0)
        return print_usage(stdout);
    const cli_command *command = find(argv[0]);
    return command != NULL ? print_help(command) : report_unknown(argv[0]);
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return CLI_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help(argc - 2, argv + 2);
    if (strcmp(name, "--version") == 0) {
        puts("coax " COAX_VERSION);
        return CLI_OK;
    }
    const cli_command *command = find(name);
    if (command == NULL)
        return report_unknown(name);
    if (asks_for_help(argc - 2, argv + 2))
        return print_help(command);
    return command->run(command, argc - 2, argv + 2);
}

int main(int argc, char **argv)
{
    /* A file that may not grow is an error to report, like a full disk; not the end of the process. */
    (void)signal(SIGXFSZ, SIG_IGN);
    int status = dispatch(argc, argv);
    /* Output that did not arrive (a full disk, a closed pipe) must not look like success. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "coax: can't write standard output: %s\n", strerror(errno));
        return CLI_FAILED;
    }
    return status;
}
