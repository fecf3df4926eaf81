/*
 * coax id: what the id of a key file is, and which ids are known of a server.
 *
 * With --line it prints what a server's authorized_keys wants, judged by the code that will read it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coax/key.h>

#include "args.h"
#include "cmd.h"
#include "out.h"
#include "paths.h"
#include "secure/authorized.h"
#include "secure/known_hosts.h"

enum { KEY_LINE = 256, KEY_ROLES, KEY_KNOWN_HOSTS, KEY_JSON };

static const cli_option options[] = {
    { "--line", "PRINCIPAL", "print a line for authorized_keys that lets the key in as PRINCIPAL",
      KEY_LINE },
    { "--roles", "ROLE,ROLE", "with --line: the roles it has", KEY_ROLES },
    { "--known-hosts", "FILE", "with ADDRESS: the file to look in", KEY_KNOWN_HOSTS },
    { "--json", NULL, "print {\"file\": ..., \"id\": ...}; for ADDRESS {..., \"ids\": [...]}",
      KEY_JSON },
    { NULL, NULL, NULL, 0 },
};

typedef struct request {
    const cli_command *command;
    const char *what; /* a file or an address; NULL: the default server key */
    const char *principal;
    const char *roles;
    const char *known_hosts;
    bool is_json;
} request;

static int usage(const request *r, const char *why)
{
    cli_complain(r->command->name, "%s", why);
    return CLI_USAGE;
}

/* ---------------------------------------------------------------- a key file */

/* Prints the line if a server would take it. */
static int print_line(const request *r, const char *id)
{
    char line[1 << 16];
    coax_error error = COAX_ERROR_INIT;
    cx_authorized_table *table = NULL;
    int len = snprintf(line, sizeof line, "%s %s%s%s", id, r->principal,
                       r->roles != NULL ? " " : "", r->roles != NULL ? r->roles : "");
    if (len < 0 || (size_t)len >= sizeof line)
        return usage(r, "the principal and roles are too long");
    coax_err err = cx_authorized_parse(NULL, "authorized_keys", line, (size_t)len, &table, &error);
    /* A '#' or a line's end in them would make another line of it. */
    bool is_whole =
        err == COAX_OK && cx_authorized_table_count(table) == 1 &&
        strpbrk(r->principal, " \t\r\n") == NULL && r->principal[0] != '#' &&
        (r->roles == NULL || (strpbrk(r->roles, " \t\r\n") == NULL && r->roles[0] != '#'));
    cx_authorized_table_free(table);
    if (err != COAX_OK) {
        const char *what = strstr(error.text, " has "); /* behind the file and its line */
        cli_complain(r->command->name, "the line%s", what != NULL ? what : error.text);
        return CLI_USAGE;
    }
    if (!is_whole)
        return usage(r, "a principal and roles have no blanks and don't begin with #; roles are "
                        "parted by commas");
    puts(line);
    return CLI_OK;
}

static int show_key(const request *r, const char *path)
{
    coax_error error = COAX_ERROR_INIT;
    coax_key *key = NULL;
    char id[COAX_ID_SIZE];
    coax_err err = coax_key_load(path, &key, &error);
    if (err != COAX_OK) {
        cli_complain(r->command->name, "%s%s", error.text,
                     err == COAX_ERR_NOT_FOUND
                         ? "\n'coax keygen' makes a key; a server makes its own when it starts."
                         : "");
        return CLI_FAILED;
    }
    coax_key_id(key, id);
    coax_key_free(key);
    if (r->principal != NULL)
        return print_line(r, id);
    if (r->is_json) {
        fputs("{\"file\": ", stdout);
        cli_print_json(path);
        printf(", \"id\": \"%s\"}\n", id);
        return CLI_OK;
    }
    puts(id);
    return CLI_OK;
}

/* ---------------------------------------------------------------- a server that was met */

static void print_host(const request *r, const char *path, const cx_known_host *host)
{
    char id[COAX_ID_SIZE];
    if (r->is_json) {
        fputs("{\"file\": ", stdout);
        cli_print_json(path);
        fputs(", \"address\": ", stdout);
        cli_print_json(r->what);
        fputs(", \"ids\": [", stdout);
    }
    for (uint32_t i = 0; i < host->n_keys; i++) {
        coax_id_print(host->keys[i].key, id);
        if (r->is_json)
            printf("%s{\"id\": \"%s\", \"line\": %u}", i > 0 ? ", " : "", id,
                   (unsigned)host->keys[i].line);
        else
            puts(id);
    }
    if (r->is_json)
        puts("]}");
}

static int show_host(const request *r)
{
    char buffer[CLI_PATH_MAX];
    coax_error error = COAX_ERROR_INIT;
    cx_known_host host = { .n_keys = 0 };
    const char *path = r->known_hosts;
    if (path == NULL)
        path = cli_default_path(r->command, "known_hosts", false, buffer);
    if (path == NULL)
        return CLI_FAILED;
    if (cx_known_hosts_find(path, r->what, &host, &error) != COAX_OK) {
        cli_complain(r->command->name, "%s", error.text);
        return CLI_FAILED;
    }
    if (host.n_keys == 0) {
        cli_complain(r->command->name,
                     "nothing is known of %s in %s; addresses stand there as they were dialled",
                     r->what, path);
        return CLI_FAILED;
    }
    print_host(r, path, &host);
    return CLI_OK;
}

/* ---------------------------------------------------------------- the command line */

static bool take(request *r, int key, const char *value)
{
    switch (key) {
    case CLI_ARGS_OPERAND:
        if (r->what != NULL) {
            (void)usage(r, "names one file or one address");
            return false;
        }
        r->what = value;
        return true;
    case KEY_LINE: r->principal = value; return true;
    case KEY_ROLES: r->roles = value; return true;
    case KEY_KNOWN_HOSTS: r->known_hosts = value; return true;
    case KEY_JSON: r->is_json = true; return true;
    default: return false;
    }
}

static int run(const cli_command *command, int argc, char **argv)
{
    cli_args args = cli_args_of(command, argc, argv);
    request r = { .command = command };
    char buffer[CLI_PATH_MAX];
    for (int key; (key = cli_args_next(&args)) != CLI_ARGS_END;) {
        if (!take(&r, key, args.value))
            return CLI_USAGE;
    }
    bool is_address = r.what != NULL && strstr(r.what, "://") != NULL;
    if (r.roles != NULL && r.principal == NULL)
        return usage(&r, "--roles belongs to --line");
    if (r.principal != NULL && r.is_json)
        return usage(&r, "--line prints a line, and --json an object: choose one");
    if (is_address && r.principal != NULL)
        return usage(&r, "--line is for a key file: a server's id does not log in");
    if (!is_address && r.known_hosts != NULL)
        return usage(&r, "--known-hosts needs the address to look for, like tcp://host:port");
    if (is_address)
        return show_host(&r);
    if (r.what == NULL)
        r.what = cli_default_path(command, "server_key", false, buffer);
    return r.what != NULL ? show_key(&r, r.what) : CLI_FAILED;
}

const cli_command cli_id = {
    .name = "id",
    .summary = "print the id of a key file, or of a server that was met",
    .usage =
        "[FILE | ADDRESS] [--line PRINCIPAL [--roles ROLE,ROLE]] [--known-hosts FILE] [--json]",
    .help =
        "Prints the id of the key in FILE; without FILE, of the default server key. An id is public: clients pin\n"
        "it as server_id, and people compare it before they trust a server whose key is new or another.\n\n"
        "With ADDRESS (tcp://host:port, unix:///path: as it is dialled) it prints the ids that known_hosts has\n"
        "for it, one on each line.\n\n"
        "With --line it prints the line that lets the key in at a server:\n"
        "    coax id ~/.config/coax/key --line alice --roles admin,billing >>authorized_keys\n",
    .options = options,
    .run = run,
};
