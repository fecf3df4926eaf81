/*
 * Where keys and known hosts lie by default.
 *
 * The one place of the library that reads the environment. Must not know what lies there. Read next:
 * files.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <coax/key.h>

/* What `variable` says; NULL when it is unset or empty. */
static const char *value_of(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The folder: a variable's value, and what comes below it. NULL: nothing says where. */
static const char *find_root(const char **ret_below)
{
    /* A program that runs with more rights than its caller must not read where the caller says. */
    if (getuid() != geteuid() || getgid() != getegid())
        return NULL;
    *ret_below = "";
    const char *root = value_of("COAX_HOME");
    if (root != NULL)
        return root;
    *ret_below = "/coax";
    root = value_of("XDG_CONFIG_HOME");
    if (root != NULL && root[0] == '/') /* relative ones are ignored, as its specification says */
        return root;
    *ret_below = "/.config/coax";
    return value_of("HOME");
}

size_t coax_default_path(const char *name, char *buffer, size_t size)
{
    const char *below = "";
    const char *root = find_root(&below);
    if (buffer == NULL)
        size = 0;
    if (size > 0)
        buffer[0] = '\0';
    if (root == NULL || name == NULL)
        return 0;
    int len = snprintf(buffer, size, "%s%s/%s", root, below, name);
    return len > 0 ? (size_t)len : 0;
}
