/*
 * Authorized keys as text: two passes over it make a table that never grows.
 *
 * The first pass judges every line and counts, the second fills. Names lie in one copy of the text, with NULs
 * where separators were. Knows no files. Read next: authorized_file.c.
 */
#include <string.h>

#include "base/env_system.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "secure/authorized.h"
#include "secure/files.h"
#include "secure/lines.h"
#include "secure/store.h"

struct cx_authorized_table {
    const coax_env *env;
    uint8_t hash_key[CX_SIPHASH_KEY];
    char *names;
    cx_authorized_key *keys;
    const char **roles; /* of all keys, each key's ended by NULL */
    uint32_t *index;    /* 1 + the place in `keys`; 0: free */
    size_t n_keys;
    size_t n_roles; /* slots of `roles` in use */
    size_t index_mask;
};

/* One line, understood. Nothing is copied. */
typedef struct entry {
    uint8_t key[COAX_KEY_BYTES];
    cx_slice principal;
    cx_slice roles; /* with commas; empty: none */
    size_t n_roles;
} entry;

static const char *const no_roles[] = { NULL };

/* ---------------------------------------------------------------- one line */

/* Takes the next role off a list. @return false: the list is over. */
static bool next_role(cx_slice *list, cx_slice *ret_role)
{
    if (list->data == NULL)
        return false;
    const char *comma = memchr(list->data, ',', list->len);
    *ret_role = (cx_slice){ list->data, comma != NULL ? (size_t)(comma - list->data) : list->len };
    if (comma == NULL) {
        list->data = NULL;
        return true;
    }
    list->len -= ret_role->len + 1;
    list->data = comma + 1;
    return true;
}

static const char *read_roles(cx_slice list, entry *e)
{
    cx_slice role;
    e->roles = list;
    while (next_role(&list, &role)) {
        if (role.len == 0)
            return "has an empty role: roles are parted by one comma and no blanks";
        if (!cx_principal_is_valid(role.data, role.len))
            return "has a role that is no name: 1 to 255 bytes of UTF-8 without control characters";
        if (++e->n_roles > CX_AUTHORIZED_ROLES_MAX)
            return "has more than 64 roles";
    }
    return NULL;
}

/* Returns what is wrong with a line; "" if it is empty or a comment; NULL: nothing. */
static const char *read_line(cx_slice line, entry *e)
{
    char id[COAX_ID_SIZE];
    cx_slice word;
    *e = (entry){ .n_roles = 0 };
    if (!cx_slice_word(&line, &word) || word.data[0] == '#')
        return "";
    if (word.len != sizeof id - 1)
        return "does not begin with an id of 52 lower-case letters and digits ('coax id' prints one)";
    memcpy(id, word.data, word.len);
    id[word.len] = '\0';
    if (!coax_id_parse(id, e->key))
        return "begins with an id with characters that ids don't have (they have a-z and 2-7)";
    if (!cx_slice_word(&line, &e->principal) || e->principal.data[0] == '#')
        return "has no principal behind the id: who comes in with this key?";
    if (!cx_principal_is_valid(e->principal.data, e->principal.len))
        return "has a principal that is no name: 1 to 255 bytes of UTF-8 without control "
               "characters";
    if (!cx_slice_word(&line, &word) || word.data[0] == '#')
        return NULL;
    const char *wrong = read_roles(word, e);
    if (wrong != NULL)
        return wrong;
    if (cx_slice_word(&line, &word) && word.data[0] != '#')
        return "has something behind the roles that is no comment (they begin with #); principals "
               "and roles have no blanks";
    return NULL;
}

/* ---------------------------------------------------------------- the table */

static coax_err damaged(const char *path, uint32_t line, const char *wrong, coax_error *error)
{
    char shown[CX_FILE_SHOWN];
    return coax_error_set(error, COAX_ERR_BAD_MESSAGE, "%s: line %u %s", cx_file_shown(path, shown),
                          (unsigned)line, wrong);
}

/* The first pass. `ret_n_roles` counts each key's NULL, where it has roles. */
static coax_err judge(const char *path, const char *text, size_t len, size_t *ret_n_keys,
                      size_t *ret_n_roles, coax_error *error)
{
    cx_lines lines = cx_lines_of(text, len);
    cx_slice line;
    entry e;
    *ret_n_keys = 0;
    *ret_n_roles = 0;
    while (cx_lines_next(&lines, &line)) {
        const char *wrong = read_line(line, &e);
        if (wrong != NULL && wrong[0] != '\0')
            return damaged(path, lines.number, wrong, error);
        if (wrong != NULL)
            continue;
        (*ret_n_keys)++;
        *ret_n_roles += e.n_roles > 0 ? e.n_roles + 1 : 0;
    }
    return COAX_OK;
}

/* Where a key is, or the free place where it would be. */
static uint32_t *place_of(const cx_authorized_table *table, const uint8_t key[COAX_KEY_BYTES])
{
    size_t at = (size_t)cx_siphash(table->hash_key, key, COAX_KEY_BYTES) & table->index_mask;
    while (table->index[at] != 0 &&
           memcmp(table->keys[table->index[at] - 1].key, key, COAX_KEY_BYTES) != 0)
        at = (at + 1) & table->index_mask;
    return &table->index[at];
}

/* The name in the table's own copy of the text, with a NUL behind it. */
static const char *own_name(cx_authorized_table *table, const char *text, cx_slice name)
{
    char *own = table->names + (name.data - text);
    own[name.len] = '\0';
    return own;
}

static const char *const *own_roles(cx_authorized_table *table, const char *text, const entry *e)
{
    cx_slice list = e->roles;
    cx_slice role;
    const char **roles = table->roles + table->n_roles;
    if (e->n_roles == 0)
        return no_roles;
    while (next_role(&list, &role))
        table->roles[table->n_roles++] = own_name(table, text, role);
    table->roles[table->n_roles++] = NULL;
    return roles;
}

/* The second pass, over a text that was judged. */
static coax_err fill(cx_authorized_table *table, const char *path, const char *text, size_t len,
                     coax_error *error)
{
    cx_lines lines = cx_lines_of(text, len);
    cx_slice line;
    entry e;
    while (cx_lines_next(&lines, &line)) {
        if (read_line(line, &e) != NULL)
            continue;
        uint32_t *place = place_of(table, e.key);
        if (*place != 0) {
            char shown[CX_FILE_SHOWN];
            return coax_error_set(error, COAX_ERR_BAD_MESSAGE,
                                  "%s: line %u has the id of line %u once more; delete one of them",
                                  cx_file_shown(path, shown), (unsigned)lines.number,
                                  (unsigned)table->keys[*place - 1].line);
        }
        cx_authorized_key *key = &table->keys[table->n_keys++];
        *place = (uint32_t)table->n_keys;
        memcpy(key->key, e.key, COAX_KEY_BYTES);
        key->principal = own_name(table, text, e.principal);
        key->roles = own_roles(table, text, &e);
        key->n_roles = (uint32_t)e.n_roles;
        key->line = lines.number;
    }
    return COAX_OK;
}

/* At least one element, so that NULL always means that there is no memory. */
static void *take(const coax_env *env, size_t n, size_t size)
{
    n = n > 0 ? n : 1;
    return n > SIZE_MAX / size ? NULL : cx_resize(&env->allocator, NULL, n * size);
}

static bool reserve(cx_authorized_table *table, size_t len, size_t n_keys, size_t n_roles)
{
    size_t n_places = 8;
    while (n_places < 2 * n_keys) /* n_keys is below 2^19: the file's size is bounded */
        n_places *= 2;
    table->index_mask = n_places - 1;
    table->names = take(table->env, len + 1, 1);
    table->keys = take(table->env, n_keys, sizeof *table->keys);
    table->roles = take(table->env, n_roles, sizeof *table->roles);
    table->index = take(table->env, n_places, sizeof *table->index);
    if (table->names == NULL || table->keys == NULL || table->roles == NULL || table->index == NULL)
        return false;
    memset(table->index, 0, n_places * sizeof *table->index);
    return true;
}

coax_err cx_authorized_parse(const coax_env *env, const char *path, const char *text, size_t len,
                             cx_authorized_table **ret_table, coax_error *error)
{
    size_t n_keys = 0;
    size_t n_roles = 0;
    if (env == NULL)
        env = cx_env_system();
    if (len > CX_AUTHORIZED_MAX)
        return damaged(path, 1, "and what follows are too long: a file has at most 16 MiB", error);
    coax_err err = judge(path, text, len, &n_keys, &n_roles, error);
    if (err != COAX_OK)
        return err;
    cx_authorized_table *table = take(env, 1, sizeof *table);
    if (table == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for authorized keys");
    *table = (cx_authorized_table){ .env = env };
    env->random(env->self, table->hash_key, sizeof table->hash_key);
    if (!reserve(table, len, n_keys, n_roles)) {
        err = coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for authorized keys");
    } else {
        memcpy(table->names, text, len);
        err = fill(table, path, text, len, error);
    }
    if (err != COAX_OK) {
        cx_authorized_table_free(table);
        return err;
    }
    *ret_table = table;
    return COAX_OK;
}

const cx_authorized_key *cx_authorized_table_find(const cx_authorized_table *table,
                                                  const uint8_t key[COAX_KEY_BYTES])
{
    uint32_t place = *place_of(table, key);
    return place == 0 ? NULL : &table->keys[place - 1];
}

size_t cx_authorized_table_count(const cx_authorized_table *table)
{
    return table->n_keys;
}

void cx_authorized_table_free(cx_authorized_table *table)
{
    if (table == NULL)
        return;
    const coax_allocator *allocator = &table->env->allocator;
    cx_free(allocator, table->names);
    cx_free(allocator, table->keys);
    cx_free(allocator, table->roles);
    cx_free(allocator, table->index);
    cx_free(allocator, table);
}
