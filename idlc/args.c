/* Reading words. Short options are told from long ones by their first two characters only, so that `-W`
 * and `-Werror` can stand beside each other: the longest name that matches wins.
 */
#include "args.h"

#include "compile.h"
#include "diag/suggest.h"

#include <string.h>

idl_args idl_args_of(const idl_command *command, idl_diag *diag, int argc, char **argv)
{
    return (idl_args){ .command = command, .diag = diag, .argc = argc, .argv = argv };
}

/* How much of `word` an option's name covers; 0: it is another option. `-I` covers `-Ifolder`. */
static size_t match(const idl_option *option, const char *word)
{
    size_t len = strlen(option->name);
    if (strncmp(option->name, word, len) != 0)
        return 0;
    if (word[len] == '\0')
        return len;
    if (option->value == NULL)
        return 0;
    bool is_short = option->name[1] != '-';
    return is_short || word[len] == '=' ? len : 0;
}

static const idl_option *find_in(const idl_option *options, const char *word,
                                 const idl_option *best, size_t *best_len)
{
    for (; options != NULL && options->name != NULL; options++) {
        size_t len = match(options, word);
        if (len > *best_len) {
            best = options;
            *best_len = len;
        }
    }
    return best;
}

static void report_unknown(const idl_args *args, const char *word)
{
    const char *end = strchr(word, '=');
    size_t len = end != NULL ? (size_t)(end - word) : strlen(word);
    const char *name = idl_arena_copy(&args->diag->sources->arena, word, len);
    idl_report *r = idl_diag_report(args->diag, IDL_DIAG_UNKNOWN_OPTION, IDL_SPAN_NONE,
                                    "'%s' has no option '%s'", args->command->name, name);
    idl_suggest suggest;
    idl_suggest_init(&suggest, name);
    for (const idl_option *o = args->command->options; o != NULL && o->name != NULL; o++)
        idl_suggest_offer(&suggest, o->name);
    for (const idl_option *o = idl_compile_options; args->command->reads_schemas && o->name != NULL;
         o++)
        idl_suggest_offer(&suggest, o->name);
    const char *nearest = idl_suggest_best(&suggest);
    if (nearest != NULL)
        idl_report_help(args->diag, r, "did you mean '%s'?", nearest);
    else
        idl_report_help(args->diag, r, "'idlc help %s' lists the options", args->command->name);
}

/* The value behind '=', behind the letter, or in the next word. */
static bool take_value(idl_args *args, const idl_option *option, const char *rest)
{
    args->value = NULL;
    if (option->value == NULL)
        return true;
    if (*rest == '=')
        rest++;
    else if (*rest == '\0' && args->next < args->argc)
        rest = args->argv[args->next++];
    args->value = rest;
    if (*rest != '\0')
        return true;
    idl_diag_report(args->diag, IDL_DIAG_BAD_OPTION_VALUE, IDL_SPAN_NONE, "'%s' needs a value: %s",
                    option->name, option->value);
    return false;
}

int idl_args_next(idl_args *args)
{
    while (args->next < args->argc) {
        const char *word = args->argv[args->next++];
        if (!args->only_operands && strcmp(word, "--") == 0) {
            args->only_operands = true;
            continue;
        }
        if (args->only_operands || word[0] != '-' || word[1] == '\0') {
            args->value = word;
            return IDL_ARGS_OPERAND;
        }
        size_t len = 0;
        const idl_option *option = find_in(args->command->options, word, NULL, &len);
        if (args->command->reads_schemas)
            option = find_in(idl_compile_options, word, option, &len);
        if (option == NULL)
            report_unknown(args, word);
        else if (take_value(args, option, word + len))
            return option->key;
    }
    return IDL_ARGS_END;
}
