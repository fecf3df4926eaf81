/*
 * The till's server: prints its address, serves, and ends when a client tells it to. Usage: server
 * URL
 */
#include <stdio.h>

#include <coax/coax.h>

#include "till_server.h"

enum { CENTS_EACH = 250, IN_STOCK = 10 };

static void on_price(void *self, coax_call call, const shop_till_price_request *request)
{
    (void)self;
    if (request->count > IN_STOCK) {
        shop_sold_out sold_out = { .left = IN_STOCK };
        shop_till_price_throw_sold_out(call, &sold_out);
        return;
    }
    shop_till_price_response response = { .total = { .cents =
                                                         (int64_t)request->count * CENTS_EACH } };
    shop_till_price_reply(call, &response);
}

static void on_close(void *self, coax_call call, const shop_till_close_request *request)
{
    (void)call;
    (void)request;
    coax_loop_stop(self);
}

int main(int argc, char **argv)
{
    coax_error error = COAX_ERROR_INIT;
    coax_server *server = NULL;
    coax_loop *loop = coax_loop_create(NULL);
    if (argc != 2 || loop == NULL)
        return 2;
    shop_till_handlers handlers = { .price = on_price, .close = on_close };
    coax_err rc = coax_server_create(loop, NULL, &server, &error);
    if (rc == COAX_OK)
        rc = shop_till_serve(server, &handlers, loop);
    if (rc == COAX_OK)
        rc = coax_server_listen(server, argv[1], &error);
    if (rc == COAX_OK) {
        char address[256];
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
