/*
 * The board, and who may read and write it. Read first: notes.idl.
 */
#include "board.h"

#include <stdio.h>

#include "notes_server.h"

static void on_whoami(void *self, coax_call call, const notes_board_whoami_request *request)
{
    (void)self;
    (void)request;
    coax_session session;
    if (coax_peer_session(coax_call_peer(call), &session) != COAX_OK)
        return;
    notes_board_whoami_response response = {
        .name = coax_str_from(session.principal),
        .mechanism = coax_str_from(coax_mechanism_name(session.mechanism)),
    };
    notes_board_whoami_reply(call, &response);
}

/* Nobody gets here without the role: the schema says so. */
static void on_pin(void *self, coax_call call, const notes_board_pin_request *request)
{
    unsigned *count = self;
    fprintf(stderr, "%s pins: %s\n", coax_call_principal(call), request->note.data);
    notes_board_pin_response response = { .number = ++*count };
    notes_board_pin_reply(call, &response);
}

static coax_err serve(coax_loop *loop, const coax_server_options *options, const char *url,
                      unsigned *count, coax_error *error)
{
    char address[256];
    coax_server *server = NULL;
    const notes_board_handlers handlers = { .whoami = on_whoami, .pin = on_pin };
    coax_err rc = coax_server_create(loop, options, &server, error);
    if (rc != COAX_OK)
        return rc;
    rc = notes_board_serve(server, &handlers, count);
    if (rc != COAX_OK)
        return coax_error_set(error, rc, "can't serve");
    rc = coax_server_listen(server, url, error);
    if (rc != COAX_OK)
        return rc;
    coax_server_address(server, 0, address, sizeof address);
    printf("%s\n", address);
    fflush(stdout);
    return COAX_OK;
}

int board_run(coax_loop *loop, const coax_server_options *options, const char *url)
{
    unsigned count = 0;
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = serve(loop, options, url, &count, &error);
    if (rc == COAX_OK)
        rc = coax_loop_drain_on_signals(loop, 5000);
    if (rc == COAX_OK)
        rc = coax_loop_run(loop);
    if (rc != COAX_OK)
        fprintf(stderr, "server: %s: %s\n", coax_err_name(rc), error.text);
    return rc == COAX_OK ? 0 : 1;
}
