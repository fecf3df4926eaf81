/*
 * Serves the files of one folder.
 *
 *     server FOLDER [ADDRESS]        tcp://127.0.0.1:4416 when there is none
 *
 * Read first: files.idl. Read next: handlers.c, folder.c, client.c.
 */
#include <stdio.h>

#include <coax/coax.h>
#include <sodium.h>

#include "handlers.h"

int main(int argc, char **argv)
{
    coax_loop *loop = coax_loop_create(NULL);
    coax_server *server = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (argc < 2 || sodium_init() < 0) {
        fprintf(stderr, "usage: server FOLDER [ADDRESS]\n");
        return 2;
    }
    coax_err rc = coax_server_create(loop, NULL, &server, &error);
    if (rc == COAX_OK)
        rc = files_files_serve(server, &folder_handlers, argv[1]);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, argc > 2 ? argv[2] : "tcp://127.0.0.1:4416", &error);
    if (rc == COAX_OK) {
        char address[128];
        coax_server_address(server, 0, address, sizeof address);
        printf("%s\n", address);
        fflush(stdout);
        rc = coax_loop_run(loop);
    }
    if (rc != COAX_OK)
        fprintf(stderr, "server: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return rc == COAX_OK ? 0 : 1;
}
