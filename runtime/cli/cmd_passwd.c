/*
 * coax passwd: who is in a store of users, and with which password.
 *
 * The password comes from the terminal, unseen, or from standard input; never from the command line, where every
 * user of the machine could read it. It is wiped as soon as the store has its record. Read next: terminal.h.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <coax/password.h>

#include "args.h"
#include "cmd.h"
#include "out.h"
#include "terminal.h"

#define ROLES_MAX 64u

enum { KEY_ROLES = 256, KEY_CREATE, KEY_STDIN, KEY_JSON, KEY_MEMORY, KEY_PASSES };

static const cli_option options[] = {
    { "--roles", "ROLE,ROLE", "with add, set and roles: the roles of the user", KEY_ROLES },
    { "--create", NULL, "with add: make the store if there is none", KEY_CREATE },
    { "--stdin", NULL, "read the password from standard input, one line", KEY_STDIN },
    { "--memory-kib", "N", "with --create: Argon2id's memory (8192 to 1048576; 65536)",
      KEY_MEMORY },
    { "--passes", "N", "with --create: Argon2id's passes (1 to 64; 3)", KEY_PASSES },
    { "--json", NULL, "with list: {\"file\": ..., \"users\": [{\"name\": ..., \"roles\": [...]}]}",
      KEY_JSON },
    { NULL, NULL, NULL, 0 },
};

typedef struct request {
    const cli_command *command;
    const char *file;
    const char *action;
    const char *user;
    char *role_text; /* "a,b", cut apart in place */
    const char *roles[ROLES_MAX + 1];
    coax_password_cost cost;
    bool has_roles, creates, from_stdin, is_json;
} request;

/* One action. */
typedef struct action {
    const char *name;
    int (*run)(const request *r, coax_store *store);
    bool takes_user;
    bool takes_password;
    bool takes_roles;
} action;

static int fail(const request *r, const char *words)
{
    cli_complain(r->command->name, "%s", words);
    return CLI_FAILED;
}

static int usage(const request *r, const char *why)
{
    cli_complain(r->command->name, "%s; 'coax help %s' says more", why, r->command->name);
    return CLI_USAGE;
}

/* ---------------------------------------------------------------- the password */

static int explain(const request *r, cli_read what)
{
    switch (what) {
    case CLI_READ_OK: return CLI_OK;
    case CLI_READ_EMPTY: return fail(r, "the password is empty; nothing was changed");
    case CLI_READ_TOO_LONG:
        return fail(r, "the password has more than 1024 bytes; nothing was changed");
    case CLI_READ_ODD: return fail(r, "the password has a NUL in it; nothing was changed");
    case CLI_READ_NO_TERMINAL:
        return fail(r, "there is no terminal to ask for the password; give it on standard input, "
                       "with --stdin");
    case CLI_READ_FAILED: break;
    }
    cli_complain(r->command->name, "can't read the password: %s", strerror(errno));
    return CLI_FAILED;
}

static int ask_twice(const request *r, char password[CLI_PASSWORD_SIZE])
{
    char again[CLI_PASSWORD_SIZE];
    char prompt[320];
    (void)snprintf(prompt, sizeof prompt, "Password for %.255s: ", r->user);
    int status = explain(r, cli_terminal_ask(prompt, password));
    if (status != CLI_OK)
        return status;
    status = explain(r, cli_terminal_ask("Once more: ", again));
    if (status == CLI_OK && strcmp(password, again) != 0)
        status = fail(r, "the two are not the same; nothing was changed");
    coax_wipe(again, sizeof again);
    return status;
}

static int get_password(const request *r, char password[CLI_PASSWORD_SIZE])
{
    if (!r->from_stdin)
        return ask_twice(r, password);
    if (isatty(STDIN_FILENO))
        return usage(r, "standard input is a terminal, which would show the password; leave "
                        "--stdin out to be asked");
    return explain(r, cli_read_line(password));
}

/* ---------------------------------------------------------------- users */

/* What is looked for among a store's users, and what was found. */
typedef struct search {
    const char *name;
    bool is_found;
    bool has_failed; /* no memory */
    char *role_text; /* of the one found, each role with its NUL */
    const char *roles[ROLES_MAX + 1];
} search;

static bool copy_roles(search *s, const char *const *roles)
{
    size_t size = 1;
    size_t n = 0;
    for (; roles != NULL && roles[n] != NULL && n < ROLES_MAX; n++)
        size += strlen(roles[n]) + 1;
    char *at = s->role_text = malloc(size);
    if (at == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(roles[i]) + 1;
        memcpy(at, roles[i], len);
        s->roles[i] = at;
        at += len;
    }
    s->roles[n] = NULL;
    return true;
}

static bool see_user(void *self, const coax_user *user)
{
    search *s = self;
    if (strcmp(user->name, s->name) != 0)
        return true;
    s->is_found = copy_roles(s, user->roles);
    s->has_failed = !s->is_found;
    return false;
}

/* @param ret_roles  In `found`, which is to be freed: those the user has now. */
static int look_up(const request *r, coax_store *store, search *found)
{
    coax_error error = COAX_ERROR_INIT;
    *found = (search){ .name = r->user };
    if (coax_store_list(store, see_user, found, &error) != COAX_OK)
        return fail(r, error.text);
    return found->has_failed ? fail(r, "no memory") : CLI_OK;
}

static int change(const request *r, coax_store *store, const char *const *roles)
{
    char password[CLI_PASSWORD_SIZE];
    coax_error error = COAX_ERROR_INIT;
    int status = get_password(r, password);
    if (status == CLI_OK &&
        coax_store_set_password(store, r->user, roles, password, &error) != COAX_OK)
        status = fail(r, error.text);
    coax_wipe(password, sizeof password);
    return status;
}

static int add(const request *r, coax_store *store)
{
    search found;
    int status = look_up(r, store, &found);
    if (status == CLI_OK && found.is_found) {
        cli_complain(r->command->name, "%s has a user %s already; 'set' changes the password",
                     r->file, r->user);
        status = CLI_FAILED;
    }
    if (status == CLI_OK)
        status = change(r, store, r->has_roles ? r->roles : NULL);
    free(found.role_text);
    return status;
}

static int set(const request *r, coax_store *store)
{
    search found;
    int status = look_up(r, store, &found);
    if (status == CLI_OK && !found.is_found) {
        cli_complain(r->command->name, "%s has no user %s; 'add' makes one", r->file, r->user);
        status = CLI_FAILED;
    }
    if (status == CLI_OK)
        status = change(r, store, r->has_roles ? r->roles : found.roles);
    free(found.role_text);
    return status;
}

/* Other roles, for which nobody needs to know the password. */
typedef struct reassignment {
    const request *r;
    coax_store *store;
    coax_error error;
    bool is_found;
} reassignment;

static bool reassign(void *self, const coax_user *user)
{
    reassignment *it = self;
    if (strcmp(user->name, it->r->user) != 0)
        return true;
    coax_user changed = *user;
    changed.roles = it->r->roles;
    it->is_found = true;
    (void)!coax_store_put(it->store, &changed, &it->error);
    return false;
}

static int set_roles(const request *r, coax_store *store)
{
    reassignment it = { r, store, COAX_ERROR_INIT, false };
    if (coax_store_list(store, reassign, &it, &it.error) != COAX_OK || it.error.code != COAX_OK)
        return fail(r, it.error.text);
    if (it.is_found)
        return CLI_OK;
    cli_complain(r->command->name, "%s has no user %s; 'add' makes one", r->file, r->user);
    return CLI_FAILED;
}

static int remove_user(const request *r, coax_store *store)
{
    coax_error error = COAX_ERROR_INIT;
    if (coax_store_remove(store, r->user, &error) != COAX_OK)
        return fail(r, error.text);
    return CLI_OK;
}

/* ---------------------------------------------------------------- listing */

typedef struct listing {
    bool is_json;
    bool has_one;
} listing;

static bool print_user(void *self, const coax_user *user)
{
    listing *l = self;
    if (l->is_json) {
        fputs(l->has_one ? ", {\"name\": " : "{\"name\": ", stdout);
        cli_print_json(user->name);
        fputs(", \"roles\": [", stdout);
    } else {
        fputs(user->name, stdout);
    }
    for (size_t i = 0; user->roles != NULL && user->roles[i] != NULL; i++) {
        fputs(i > 0 ? "," : l->is_json ? "" : "\t", stdout);
        if (l->is_json)
            cli_print_json(user->roles[i]);
        else
            fputs(user->roles[i], stdout);
    }
    fputs(l->is_json ? "]}" : "\n", stdout);
    l->has_one = true;
    return true;
}

static int list(const request *r, coax_store *store)
{
    coax_error error = COAX_ERROR_INIT;
    listing l = { r->is_json, false };
    if (r->is_json) {
        fputs("{\"file\": ", stdout);
        cli_print_json(r->file);
        fputs(", \"users\": [", stdout);
    }
    if (coax_store_list(store, print_user, &l, &error) != COAX_OK)
        return fail(r, error.text);
    if (r->is_json)
        puts("]}");
    return CLI_OK;
}

/* ---------------------------------------------------------------- the command line */

static const action actions[] = {
    { "add", add, true, true, true },          { "set", set, true, true, true },
    { "roles", set_roles, true, false, true }, { "remove", remove_user, true, false, false },
    { "list", list, false, false, false },
};

static int cut_roles(request *r, const char *text)
{
    size_t n = 0;
    free(r->role_text);
    r->role_text = strdup(text);
    if (r->role_text == NULL)
        return fail(r, "no memory");
    for (char *at = r->role_text; at != NULL; n++) {
        if (n == ROLES_MAX)
            return usage(r, "a user has at most 64 roles");
        char *comma = strchr(at, ',');
        if (comma != NULL)
            *comma++ = '\0';
        if (*at == '\0')
            return usage(r, "--roles has an empty role; roles are parted by one comma");
        if (strpbrk(at, " \t") != NULL)
            return usage(r, "--roles has a role with a blank in it; roles are parted by one comma");
        r->roles[n] = at;
        at = comma;
    }
    r->roles[n] = NULL;
    r->has_roles = true;
    return CLI_OK;
}

static int take_number(request *r, const char *text, uint32_t *ret_number)
{
    char *end = NULL;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno != 0 || *end != '\0' || text[0] < '0' || text[0] > '9' || number == 0 ||
        number > UINT32_MAX) {
        cli_complain(r->command->name, "'%s' is no number of that kind", text);
        return CLI_USAGE;
    }
    *ret_number = (uint32_t)number;
    return CLI_OK;
}

static int take(request *r, int key, const char *value)
{
    switch (key) {
    case CLI_ARGS_OPERAND:
        if (r->user != NULL)
            return usage(r, "there is a word too many; a password is never taken from the command "
                            "line");
        *(r->file == NULL ? &r->file : r->action == NULL ? &r->action : &r->user) = value;
        return CLI_OK;
    case KEY_ROLES: return cut_roles(r, value);
    case KEY_MEMORY: return take_number(r, value, &r->cost.memory_kib);
    case KEY_PASSES: return take_number(r, value, &r->cost.passes);
    case KEY_CREATE: r->creates = true; return CLI_OK;
    case KEY_STDIN: r->from_stdin = true; return CLI_OK;
    case KEY_JSON: r->is_json = true; return CLI_OK;
    default: return CLI_USAGE;
    }
}

static int check(const request *r, const action *a)
{
    bool is_list = !a->takes_user;
    if (a->takes_user && r->user == NULL)
        return usage(r, "which user?");
    if (is_list && r->user != NULL)
        return usage(r, "list names no user");
    if (r->is_json && !is_list)
        return usage(r, "--json belongs to list");
    if (!a->takes_roles && r->has_roles)
        return usage(r, "--roles belongs to add, set and roles");
    if (!a->takes_password && r->from_stdin)
        return usage(r, "--stdin belongs to add and set");
    if (r->creates && strcmp(a->name, "add") != 0)
        return usage(r, "--create belongs to add");
    if (!r->creates && (r->cost.memory_kib != 0 || r->cost.passes != 0))
        return usage(r, "--memory-kib and --passes belong to --create: all users of a store cost "
                        "the same");
    return CLI_OK;
}

static int open_store(const request *r, coax_store **ret_store)
{
    coax_error error = COAX_ERROR_INIT;
    coax_err err = coax_store_open_file(r->file, ret_store, &error);
    if (err == COAX_ERR_NOT_FOUND && r->creates)
        err = coax_store_create_file(r->file, &r->cost, ret_store, &error);
    if (err != COAX_OK)
        cli_complain(r->command->name, "%s", error.text);
    return err == COAX_OK ? CLI_OK : CLI_FAILED;
}

static int act(const request *r)
{
    const action *a = NULL;
    coax_store *store = NULL;
    for (size_t i = 0; r->action != NULL && i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, r->action) == 0)
            a = &actions[i];
    }
    if (a == NULL)
        return usage(r, r->file == NULL ? "which file, and what with it?"
                                        : "say add, set, roles, remove or list behind the file");
    int status = check(r, a);
    if (status == CLI_OK)
        status = open_store(r, &store);
    if (status != CLI_OK)
        return status;
    status = a->run(r, store);
    coax_store_close(store);
    return status;
}

static int run(const cli_command *command, int argc, char **argv)
{
    const struct rlimit no_core = { 0, 0 };
    cli_args args = cli_args_of(command, argc, argv);
    request r = { .command = command };
    int status = CLI_OK;
    (void)setrlimit(RLIMIT_CORE, &no_core); /* a password does not belong on a disk */
    for (int key; status == CLI_OK && (key = cli_args_next(&args)) != CLI_ARGS_END;)
        status = take(&r, key, args.value);
    if (status == CLI_OK)
        status = act(&r);
    free(r.role_text);
    return status;
}

const cli_command cli_passwd = {
    .name = "passwd",
    .summary = "change who is in a store of users",
    .usage =
        "FILE add|set|roles|remove|list [USER] [--roles ROLE,ROLE] [--create] [--stdin] [--json]",
    .help =
        "FILE is a store of users, as coax_store_open_file reads it. It holds no passwords and nothing that logs\n"
        "in; a running server looks at it at the next login.\n\n"
        "  add USER      a new user; with --create in a new store, if there is none\n"
        "  set USER      another password; the roles stay unless --roles says which\n"
        "  roles USER    other roles, without a password: those of --roles; without that none\n"
        "  remove USER   the user is no more\n"
        "  list          each user on a line: name, tab, roles with commas\n\n"
        "The password is asked for on the terminal, twice and unseen, or read from standard input with --stdin.\n"
        "It is never taken from the command line, which every user of the machine can read.\n",
    .options = options,
    .run = run,
};
