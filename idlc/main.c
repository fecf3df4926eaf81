/* idlc: from the command line to a command, and to an exit status.
 *
 * Must not know: what any command does. Read next: cmd.h, compile.h, then the stages in the order of
 * README.md.
 */
#include "cmd.h"
#include "compile.h"
#include "diag/suggest.h"

#include <coax/version.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const idl_command *const commands[] = {
    &idl_cmd_c,
    &idl_cmd_check,
    &idl_cmd_explain,
    &idl_cmd_json,
};

#define N_COMMANDS (sizeof commands / sizeof commands[0])

static const idl_command *find_command(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static int print_usage(FILE *out)
{
    fputs("idlc compiles coax schemas (*.idl).\n\n"
          "usage: idlc COMMAND [OPTIONS] [FILE...]\n\n"
          "commands:\n",
          out);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs(
        "  help      explain a command: idlc help COMMAND\n\n"
        "idlc --version prints the version.\n"
        "Exit status: 0 all is well, 1 a schema is wrong, 2 the command line or a file is wrong.\n",
        out);
    return IDL_EXIT_OK;
}

static void print_options(const idl_option *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        char left[40];
        const char *between = options->name[1] == '-' ? "=" : " ";
        if (options->value != NULL)
            snprintf(left, sizeof left, "%s%s%s", options->name, between, options->value);
        else
            snprintf(left, sizeof left, "%s", options->name);
        printf("  %-22s %s\n", left, options->help);
    }
}

static int print_help(const idl_command *command)
{
    printf("usage: idlc %s %s\n\n", command->name, command->usage);
    if (command->help != NULL)
        printf("%s\n", command->help);
    if (command->options != NULL || command->reads_schemas)
        puts("options:");
    print_options(command->options);
    if (command->reads_schemas)
        print_options(idl_compile_options);
    return IDL_EXIT_OK;
}

static int report_unknown(const char *name)
{
    idl_compile c;
    idl_compile_init(&c);
    bool is_option = name[0] == '-';
    idl_report *r = idl_diag_report(
        &c.diag, is_option ? IDL_DIAG_UNKNOWN_OPTION : IDL_DIAG_UNKNOWN_COMMAND, IDL_SPAN_NONE,
        "there is no %s '%s'", is_option ? "option" : "command", name);
    idl_suggest suggest;
    idl_suggest_init(&suggest, name);
    for (size_t i = 0; i < N_COMMANDS; i++)
        idl_suggest_offer(&suggest, commands[i]->name);
    idl_suggest_offer(&suggest, "help");
    idl_suggest_offer(&suggest, "--help");
    idl_suggest_offer(&suggest, "--version");
    if (idl_suggest_best(&suggest) != NULL)
        idl_report_help(&c.diag, r, "did you mean '%s'?", idl_suggest_best(&suggest));
    else
        idl_report_help(&c.diag, r, "'idlc --help' lists the commands");
    return idl_compile_finish(&c);
}

static int help(int argc, char **argv)
{
    if (argc == 0)
        return print_usage(stdout);
    const idl_command *command = find_command(argv[0]);
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
        return IDL_EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help(argc - 2, argv + 2);
    if (strcmp(name, "--version") == 0) {
        puts("idlc " COAX_VERSION);
        return IDL_EXIT_OK;
    }
    const idl_command *command = find_command(name);
    if (command == NULL)
        return report_unknown(name);
    if (asks_for_help(argc - 2, argv + 2))
        return print_help(command);
    return command->run(command, argc - 2, argv + 2);
}

int main(int argc, char **argv)
{
    int status = dispatch(argc, argv);
    /* Output that did not arrive (a full disk, a closed pipe) must not look like success. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "idlc: error[E0007]: can't write standard output: %s\n", strerror(errno));
        return IDL_EXIT_USAGE;
    }
    return status;
}
