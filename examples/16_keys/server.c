/*
 * A server that lets in whose key stands in a file, as sshd does.
 *
 *     server KEY-FILE AUTHORIZED-KEYS [ADDRESS]        tcp://127.0.0.1:4423 when there is none
 *
 * Its own key is made on the first start. Read first: drawers.idl. Read next: client.c, keys.sh.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "drawers_server.h"

static void on_whoami(void *self, coax_call call, const drawers_drawers_whoami_request *request)
{
    (void)self;
    (void)request;
    drawers_drawers_whoami_response response = { coax_str_from(coax_call_principal(call)) };
    drawers_drawers_whoami_reply(call, &response);
}

/* Nobody gets here without the role: the schema says so. */
static void on_look(void *self, coax_call call, const drawers_drawers_look_request *request)
{
    (void)self;
    printf("%s looks into %s\n", coax_call_principal(call), request->drawer.data);
    fflush(stdout);
    drawers_drawers_look_response response = { coax_str_from("the spare key of the office") };
    drawers_drawers_look_reply(call, &response);
}

static coax_err serve(coax_loop *loop, char **words, coax_server **ret_server, coax_error *error)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.name = "drawers";
    options.key_file = words[1];
    options.authorized_keys = words[2];
    coax_err rc = coax_server_create(loop, &options, ret_server, error);
    if (rc != COAX_OK)
        return rc;
    drawers_drawers_handlers handlers = { .whoami = on_whoami, .look = on_look };
    rc = drawers_drawers_serve(*ret_server, &handlers, NULL);
    if (rc != COAX_OK)
        return coax_error_set(error, rc, "can't serve");
    return coax_server_listen(*ret_server, words[3] != NULL ? words[3] : "tcp://127.0.0.1:4423",
                              error);
}

/* Where it listens, and the id that clients will see. */
static coax_err introduce(const coax_server *server)
{
    char address[256];
    char id[COAX_ID_SIZE];
    coax_err rc = coax_server_id(server, id, NULL);
    if (rc != COAX_OK)
        return rc;
    coax_server_address(server, 0, address, sizeof address);
    printf("%s %s\n", address, id);
    fflush(stdout);
    return COAX_OK;
}

int main(int argc, char **argv)
{
    coax_error error = COAX_ERROR_INIT;
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: server KEY-FILE AUTHORIZED-KEYS [ADDRESS]\n");
        return 2;
    }
    coax_loop *loop = coax_loop_create(NULL);
    coax_server *server = NULL;
    coax_err rc = loop != NULL ? serve(loop, argv, &server, &error) : COAX_ERR_NO_MEMORY;
    if (rc == COAX_OK)
        rc = coax_loop_drain_on_signals(loop, 5000);
    if (rc == COAX_OK)
        rc = introduce(server);
    if (rc == COAX_OK)
        rc = coax_loop_run(loop);
    if (rc != COAX_OK)
        fprintf(stderr, "server: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return rc == COAX_OK ? 0 : 1;
}
