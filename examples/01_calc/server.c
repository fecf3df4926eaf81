/*
 * The calculator's server: one handler per method, one loop, one listener.
 *
 *     server [ADDRESS]        tcp://127.0.0.1:4410 when there is none
 *
 * Read first: calc.idl. Read next: client.c.
 */
#include <math.h>
#include <stdio.h>

#include <coax/coax.h>

#include "calc_server.h"

/* A handler gets a request that has passed its schema's checks, and answers now or later. */
static void on_divide(void *self, coax_call call, const calc_operands *request)
{
    (void)self;
    if (request->divisor == 0) {
        calc_divide_by_zero error = { .dividend = request->dividend };
        calc_calculator_divide_throw_divide_by_zero(call, &error);
        return;
    }
    double quotient = request->dividend / request->divisor;
    if (request->rounding == CALC_ROUNDING_DOWN)
        quotient = floor(quotient);
    calc_calculator_divide_response response = { .quotient = quotient };
    calc_calculator_divide_reply(call, &response);
}

/* Keeps the call and never answers it. The deadline ends it, at the caller and here. */
static void on_ponder(void *self, coax_call call, const calc_calculator_ponder_request *request)
{
    (void)self;
    (void)call;
    (void)request;
}

/* Everything a peer does wrong is told here, and harms its own connection only. */
static void on_error(void *self, coax_peer peer, const coax_error *what)
{
    (void)self;
    char address[128];
    coax_peer_address(peer, address, sizeof address);
    fprintf(stderr, "server: %s: %s: %s\n", address, coax_err_name(what->code), what->text);
}

static coax_err serve(coax_loop *loop, const char *url, coax_server **ret_server, coax_error *error)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.name = "calc";
    options.on_error = on_error;
    coax_err rc = coax_server_create(loop, &options, ret_server, error);
    if (rc != COAX_OK)
        return rc;
    calc_calculator_handlers handlers = { .divide = on_divide, .ponder = on_ponder };
    rc = calc_calculator_serve(*ret_server, &handlers, NULL);
    if (rc != COAX_OK)
        return coax_error_set(error, rc, "can't serve the calculator");
    return coax_server_listen(*ret_server, url, error);
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4410";
    coax_loop *loop = coax_loop_create(NULL);
    if (loop == NULL)
        return 1;
    coax_error error = COAX_ERROR_INIT;
    coax_server *server = NULL;
    coax_err rc = serve(loop, url, &server, &error);
    if (rc == COAX_OK) {
        char address[128];
        coax_server_address(server, 0, address,
                            sizeof address); /* with the port, when 0 was asked for */
        printf("%s\n", address);
        fflush(stdout);
        rc = coax_loop_run(loop);
    }
    if (rc != COAX_OK)
        fprintf(stderr, "server: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop); /* closes the server too */
    return rc == COAX_OK ? 0 : 1;
}
