/*
 * A server that ends in good order: at SIGTERM or Ctrl-C it takes no new calls, lets those under way finish, and
 * returns from main.
 *
 *     server [ADDRESS]        tcp://127.0.0.1:4420 when there is none
 *
 * Read first: clerk.idl. Read next: client.c.
 */
#include <stdio.h>
#include <unistd.h>

#include <coax/coax.h>

#include "clerk_server.h"

static void on_stamp(void *self, coax_call call, const clerk_clerk_stamp_request *request)
{
    (void)self;
    clerk_clerk_stamp_response response = { .number = request->number, .clerk = getpid() };
    clerk_clerk_stamp_reply(call, &response);
}

/* LISTENING, DRAINING, STOPPED: each once, from the loop. */
static void on_state(void *self, coax_server *server, coax_server_state state)
{
    (void)self;
    fprintf(stderr, "server: %s, %zu clients\n", coax_server_state_name(state),
            coax_server_n_peers(server));
}

static coax_err serve(coax_loop *loop, const char *url, coax_server **ret_server, coax_error *error)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.name = "clerk";
    options.on_state = on_state;
    options.max_connection_age_ms = 10 * 60 * 1000; /* so that clients spread over new servers */
    coax_err rc = coax_server_create(loop, &options, ret_server, error);
    if (rc != COAX_OK)
        return rc;
    clerk_clerk_handlers handlers = { .stamp = on_stamp };
    rc = clerk_clerk_serve(*ret_server, &handlers, NULL);
    if (rc != COAX_OK)
        return coax_error_set(error, rc, "can't serve");
    return coax_server_listen(*ret_server, url, error);
}

static coax_err run(coax_loop *loop, const char *url, coax_error *error)
{
    coax_server *server = NULL;
    coax_err rc = serve(loop, url, &server, error);
    if (rc == COAX_OK)
        rc = coax_loop_drain_on_signals(loop, 5000); /* ms for calls under way */
    if (rc != COAX_OK)
        return rc;
    char address[128];
    coax_server_address(server, 0, address, sizeof address);
    printf("%s\n", address);
    fflush(stdout);
    return coax_loop_run(loop); /* until all servers of the loop have stopped */
}

int main(int argc, char **argv)
{
    coax_error error = COAX_ERROR_INIT;
    coax_loop *loop = coax_loop_create(NULL);
    if (loop == NULL)
        return 1;
    coax_err rc = run(loop, argc > 1 ? argv[1] : "tcp://127.0.0.1:4420", &error);
    if (rc != COAX_OK)
        fprintf(stderr, "server: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return rc == COAX_OK ? 0 : 1;
}
