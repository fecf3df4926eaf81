/*
 * A server with a password.
 *
 *     server ADDRESS                  one password for everybody: $NOTES_PASSWORD
 *     server ADDRESS USERS-FILE       everybody has a name and a password (coax passwd makes the file)
 *
 * Prints where it listens. Read first: board.c. Read next: client.c, rules.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "board.h"

/* One password for everybody: one line. */
static int share(coax_loop *loop, const char *url)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.password = getenv("NOTES_PASSWORD");
    return board_run(loop, &options, url);
}

/* Users: a file instead. */
static int name_everybody(coax_loop *loop, const char *url, coax_store *users)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.users = users;
    options.session_lifespan_ms = 8u * 60u * 60u * 1000u; /* a working day, then again */
    return board_run(loop, &options, url);
}

int main(int argc, char **argv)
{
    int status = 1;
    coax_store *users = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (argc < 2 || argc > 3 || (argc == 2 && getenv("NOTES_PASSWORD") == NULL)) {
        fprintf(stderr, "usage: NOTES_PASSWORD=... server ADDRESS\n"
                        "       server ADDRESS USERS-FILE\n");
        return 2;
    }
    coax_loop *loop = coax_loop_create(NULL);
    if (loop == NULL)
        fprintf(stderr, "server: no memory\n");
    else if (argc == 2)
        status = share(loop, argv[1]);
    else if (coax_store_open_file(argv[2], &users, &error) == COAX_OK)
        status = name_everybody(loop, argv[1], users);
    else
        fprintf(stderr, "server: %s\n", error.text);
    coax_loop_destroy(loop);
    coax_store_close(users); /* after the server, which went with its loop */
    return status;
}
