/*
 * Known hosts: any text answers or is refused with a line; what is added or replaced is found again, and every other
 * line stays.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "secure/known_hosts.h"

/* The text with a key for `address` must say so. */
static void edit(const char *text, size_t len, const char *address, bool replaces)
{
    static const uint8_t key[COAX_KEY_BYTES] = { 7 };
    char *edited = NULL;
    size_t edited_len = 0;
    cx_known_host host = { .n_keys = 0 };
    coax_error error = COAX_ERROR_INIT;
    coax_err err = cx_known_hosts_edit(text, len, address, key, "a note", replaces, &edited,
                                       &edited_len, &error);
    if (err == COAX_ERR_INVALID_ARGUMENT)
        return;
    if (err != COAX_OK ||
        cx_known_hosts_search("f", edited, edited_len, address, &host, NULL) != COAX_OK)
        abort();
    /* Behind eight others it is not looked at. */
    if (!cx_known_host_has(&host, key) && (replaces || host.n_keys < CX_KNOWN_KEYS_MAX))
        abort();
    if (!replaces && edited_len < len)
        abort();
    free(edited);
}

/* The first line is an address, the rest a file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cx_known_host host = { .n_keys = 0 };
    coax_error error = COAX_ERROR_INIT;
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    char *end = memchr(text, '\n', size);
    char *file = end != NULL ? end + 1 : text + size;
    size_t len = size - (size_t)(file - text);
    if (end != NULL)
        *end = '\0';
    coax_err err = cx_known_hosts_search("f", file, len, text, &host, &error);
    if (err != COAX_OK && (err != COAX_ERR_BAD_MESSAGE || strstr(error.text, "line ") == NULL))
        abort();
    for (uint32_t i = 0; i < host.n_keys; i++) {
        if (host.keys[i].line == 0)
            abort();
    }
    edit(file, len, text, false);
    edit(file, len, text, true);
    free(text);
    return 0;
}
