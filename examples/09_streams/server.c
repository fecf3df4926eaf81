/*
 * The server of numbers: one loop, one listener.
 *
 *     server [ADDRESS]        tcp://127.0.0.1:4410 when there is none
 *
 * Read first: numbers.idl, handlers.c. Read next: client.c, async.c.
 */
#include <stdio.h>

#include "handlers.h"

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4410";
    char address[128];
    coax_error error = COAX_ERROR_INIT;
    coax_server *server = NULL;
    coax_loop *loop = coax_loop_create(NULL);
    coax_err rc = coax_server_create(loop, NULL, &server, &error);
    if (rc == COAX_OK)
        rc = numbers_numbers_serve(server, &handlers, NULL);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, url, &error);
    if (rc == COAX_OK) {
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
