/*
 * coax keygen: a new key in a file.
 *
 * Prints the id alone on standard output, so that scripts can take it. Never writes over a file: whoever
 * knows the old id would take the new key for an attack, so moving the old one away is left to people.
 */
#include <stdbool.h>
#include <stdio.h>

#include <coax/key.h>

#include "args.h"
#include "cmd.h"
#include "out.h"
#include "paths.h"

enum { KEY_JSON = 256 };

static const cli_option options[] = {
    { "--output", "FILE", "where to; otherwise the default server key", 'o' },
    { "--json", NULL, "print {\"file\": ..., \"id\": ...}", KEY_JSON },
    { NULL, NULL, NULL, 0 },
};

static int make(const cli_command *command, const char *path, bool is_json)
{
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    char id[COAX_ID_SIZE];
    coax_err err = coax_key_generate(&key, &error);
    if (err == COAX_OK)
        err = coax_key_save(key, path, &error);
    if (err == COAX_OK)
        coax_key_id(key, id);
    coax_key_free(key);
    if (err != COAX_OK) {
        cli_complain(command->name, "%s%s", error.text,
                     err == COAX_ERR_ALREADY_EXISTS
                         ? "\nIf it is to be another, move the old one away first: everybody who "
                           "knows its id must be told the new one."
                         : "");
        return CLI_FAILED;
    }
    if (is_json) {
        fputs("{\"file\": ", stdout);
        cli_print_json(path);
        printf(", \"id\": \"%s\"}\n", id);
        return CLI_OK;
    }
    fprintf(stderr, "A new key is in %s: keep it to yourself. Its id, for everybody:\n", path);
    puts(id);
    return CLI_OK;
}

static int run(const cli_command *command, int argc, char **argv)
{
    cli_args args = cli_args_of(command, argc, argv);
    char buffer[CLI_PATH_MAX];
    const char *path = NULL;
    bool is_json = false;
    for (int key; (key = cli_args_next(&args)) != CLI_ARGS_END;) {
        if (key == 'o')
            path = args.value;
        else if (key == KEY_JSON)
            is_json = true;
        else if (key == CLI_ARGS_OPERAND) {
            cli_complain(command->name, "'%s' is too much; a file is named with -o", args.value);
            return CLI_USAGE;
        } else
            return CLI_USAGE;
    }
    if (path == NULL) {
        path = cli_default_path(command, "server_key", true, buffer);
        if (path == NULL)
            return CLI_FAILED;
    }
    return make(command, path, is_json);
}

const cli_command cli_keygen = {
    .name = "keygen",
    .summary = "make a new key and print its id",
    .usage = "[-o FILE] [--json]",
    .help =
        "Makes a new secret key, writes it to FILE (mode 0600) and prints its id, which is public: 52 letters\n"
        "and digits that servers list in authorized_keys and clients pin as server_id. Without -o the key goes\n"
        "where servers look for theirs: server_key, see 'coax help'. A server that finds none there makes it by\n"
        "itself. A file that exists is never written over.\n",
    .options = options,
    .run = run,
};
