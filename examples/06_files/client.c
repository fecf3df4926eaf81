/*
 * Fetches and stores files. Whatever breaks off, the same command again goes on where it stopped.
 *
 *     client fetch REMOTE LOCAL [ADDRESS]
 *     client store LOCAL REMOTE [ADDRESS]
 *
 * Read first: files.idl. Read next: fetch.c, store.c.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <coax/coax.h>
#include <sodium.h>

#include "transfer.h"

void show_progress(const char *what, uint64_t done, uint64_t size)
{
    static uint64_t tenth; /* the last one shown */
    bool is_terminal = isatty(STDERR_FILENO) != 0;
    uint64_t now = size > 0 ? done * 10 / size : 10;
    if (is_terminal || now != tenth)
        fprintf(stderr, "%s%s: %llu of %llu bytes%s", is_terminal ? "\r" : "", what,
                (unsigned long long)done, (unsigned long long)size,
                is_terminal && done < size ? "" : "\n");
    tenth = now;
}

coax_err complain(const char *what, coax_err rc, const char *words)
{
    fprintf(stderr, "%s: %s: %s\n", what, coax_err_name(rc), words);
    return rc;
}

int main(int argc, char **argv)
{
    bool fetches = argc >= 4 && strcmp(argv[1], "fetch") == 0;
    bool stores = argc >= 4 && strcmp(argv[1], "store") == 0;
    if ((!fetches && !stores) || sodium_init() < 0) {
        fprintf(stderr, "usage: client fetch REMOTE LOCAL [ADDRESS]\n"
                        "       client store LOCAL REMOTE [ADDRESS]\n");
        return 2;
    }
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    const char *url = argc > 4 ? argv[4] : "tcp://127.0.0.1:4416";
    coax_err rc = coax_dial(url, NULL, &client, &error);
    if (rc != COAX_OK)
        complain(url, rc, error.text);
    else
        rc = (fetches ? fetch_file : store_file)(client, argv[2], argv[3]);
    coax_client_close(client);
    return rc == COAX_OK ? 0 : 1;
}
