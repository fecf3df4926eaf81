/*
 * Authorized keys and key files: any text is a table or is refused with a line, and a table finds every key that a line
 * of it begins with.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "secure/authorized.h"
#include "secure/keyfile.h"

static void check_name(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len > CX_AUTHORIZED_NAME_MAX || !cx_utf8_valid((const uint8_t *)name, len) ||
        strpbrk(name, " \t\r\n") != NULL)
        abort();
}

static void check_key(const cx_authorized_key *found)
{
    check_name(found->principal);
    if (found->line == 0 || found->n_roles > CX_AUTHORIZED_ROLES_MAX ||
        found->roles[found->n_roles] != NULL)
        abort();
    for (uint32_t i = 0; i < found->n_roles; i++)
        check_name(found->roles[i]);
}

/* Looks up whatever stands at the beginning of a line. */
static size_t look_up(const cx_authorized_table *table, const char *text)
{
    size_t n = 0;
    for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
        char id[COAX_ID_SIZE] = { 0 };
        uint8_t key[COAX_KEY_BYTES];
        at += strspn(at, " \t\r\n");
        strncpy(id, at, sizeof id - 1);
        if (!coax_id_parse(id, key))
            continue;
        const cx_authorized_key *found = cx_authorized_table_find(table, key);
        if (found == NULL || memcmp(found->key, key, sizeof key) != 0)
            abort();
        check_key(found);
        n++;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cx_authorized_table *table = NULL;
    coax_key *key = NULL;
    coax_error error = COAX_ERROR_INIT;
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    coax_err err = cx_authorized_parse(NULL, "f", text, size, &table, &error);
    if (err == COAX_OK && memchr(text, '\0', size) == NULL &&
        look_up(table, text) != cx_authorized_table_count(table))
        abort();
    if (err != COAX_OK && (err != COAX_ERR_BAD_MESSAGE || strstr(error.text, "line ") == NULL))
        abort();
    cx_authorized_table_free(table);
    if (cx_keyfile_parse("f", text, size, &key, &error) == COAX_OK)
        coax_key_free(key);
    else if (error.code != COAX_ERR_BAD_KEY)
        abort();
    free(text);
    return 0;
}
