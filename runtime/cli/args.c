/*
 * Reading options; see args.h.
 */
#include <string.h>

#include "args.h"
#include "out.h"

cli_args cli_args_of(const cli_command *command, int argc, char **argv)
{
    return (cli_args){ .command = command, .argc = argc, .argv = argv };
}

static int wrong(const cli_args *args, const char *word, const char *why)
{
    cli_complain(args->command->name, "%s %s; 'coax help %s' lists the options", word, why,
                 args->command->name);
    return CLI_ARGS_WRONG;
}

/* The option that a word names. @param ret_value  What is attached to it; NULL: nothing. */
static const cli_option *find(const cli_command *command, const char *word, const char **ret_value)
{
    size_t len = strcspn(word, "=");
    bool is_long = word[1] == '-';
    for (const cli_option *o = command->options; o->name != NULL; o++) {
        if (is_long && strlen(o->name) == len && strncmp(o->name, word, len) == 0) {
            *ret_value = word[len] == '=' ? word + len + 1 : NULL;
            return o;
        }
        if (!is_long && o->key == word[1]) {
            *ret_value = word[2] != '\0' ? word + 2 : NULL;
            return o;
        }
    }
    return NULL;
}

static int take_option(cli_args *args, const char *word)
{
    const char *value = NULL;
    const cli_option *option = find(args->command, word, &value);
    if (option == NULL)
        return wrong(args, word, "is no option of it");
    if (option->value == NULL)
        return value == NULL ? option->key : wrong(args, word, "takes no value");
    if (value == NULL && args->next < args->argc)
        value = args->argv[args->next++];
    if (value == NULL || value[0] == '\0')
        return wrong(args, word, "needs a value behind it");
    args->value = value;
    return option->key;
}

int cli_args_next(cli_args *args)
{
    if (args->next >= args->argc)
        return CLI_ARGS_END;
    const char *word = args->argv[args->next++];
    if (!args->only_operands && strcmp(word, "--") == 0) {
        args->only_operands = true;
        return cli_args_next(args);
    }
    if (!args->only_operands && word[0] == '-' && word[1] != '\0')
        return take_option(args, word);
    args->value = word;
    return CLI_ARGS_OPERAND;
}
