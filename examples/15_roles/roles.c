/*
 * Who may do what: @public, logins, roles. A shop with two tokens, and three clients that ask it for the same three
 * things: a visitor who shows nothing, a customer, a cashier. All on one loop, over inproc://; over a network
 * nothing but the address changes. Read first: shop.idl.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "shop_client.h"
#include "shop_server.h"

static void on_price(void *self, coax_call call, const shop_shop_price_request *request)
{
    (void)self;
    (void)request;
    shop_shop_price_reply(call, &(shop_shop_price_response){ .cents = 250 });
}

/* The schema has seen to it that somebody has logged in; who it is, the handler may ask. */
static void on_buy(void *self, coax_call call, const shop_shop_buy_request *request)
{
    uint32_t *n_sold = self;
    printf("server: %s buys %s\n", coax_call_principal(call), request->article.data);
    shop_shop_buy_reply(call, &(shop_shop_buy_response){ .receipt = ++*n_sold });
}

/* And what else it may be: finer rules than the schema's are the handler's own. */
static void on_refund(void *self, coax_call call, const shop_shop_refund_request *request)
{
    (void)self;
    if (request->receipt > 100 && !coax_call_has_role(call, "manager"))
        coax_call_fail(call, COAX_ERR_PERMISSION_DENIED, "old receipts are the manager's");
    else
        shop_shop_refund_reply(call, &(shop_shop_refund_response){ .cents = 250 });
}

/* One client after the other. */
typedef struct person {
    const char *name;
    const char *token; /* NULL: shows nothing */
    int n_left;
} person;

static void note(person *p, const char *what, const coax_status *status)
{
    p->n_left--;
    printf("%s: %s: %s%s%s\n", p->name, what, coax_err_name(status->code),
           status->code != COAX_OK ? ", " : "", status->code != COAX_OK ? status->message : "");
}

static void on_priced(void *self, const shop_shop_price_result *result)
{
    note(self, "price", &result->status);
}

static void on_bought(void *self, const shop_shop_buy_result *result)
{
    note(self, "buy", &result->status);
}

static void on_refunded(void *self, const shop_shop_refund_result *result)
{
    note(self, "refund", &result->status);
}

static coax_err visit(coax_loop *loop, person *p, coax_error *error)
{
    const shop_shop_price_request price = { .article = coax_str_from("tea") };
    const shop_shop_buy_request buy = { .article = coax_str_from("tea") };
    const shop_shop_refund_request refund = { .receipt = 1 };
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    coax_client *client = NULL;
    options.token = p->token;
    coax_err rc = coax_client_create(loop, "inproc://shop", &options, &client, error);
    if (rc == COAX_OK)
        rc = shop_shop_price(client, &price, NULL, on_priced, p);
    if (rc == COAX_OK)
        rc = shop_shop_buy(client, &buy, NULL, on_bought, p);
    if (rc == COAX_OK)
        rc = shop_shop_refund(client, &refund, NULL, on_refunded, p);
    for (p->n_left = 3; rc == COAX_OK && p->n_left > 0;)
        rc = coax_loop_process(loop);
    coax_client_close(client);
    return rc;
}

static coax_err serve(coax_loop *loop, uint32_t *n_sold, coax_error *error)
{
    static const char *const cashiers[] = { "cashier", NULL };
    static const coax_token tokens[] = { { "cust-9f31c0a7b2e4d586", "carl", NULL },
                                         { "cash-60d2a94b17cf83e5", "cora", cashiers },
                                         { NULL, NULL, NULL } };
    const shop_shop_handlers handlers = { on_price, on_buy, on_refund };
    coax_server *server = NULL;
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.tokens = tokens; /* real ones are not in a source file */
    coax_err rc = coax_server_create(loop, &options, &server, error);
    if (rc == COAX_OK)
        rc = shop_shop_serve(server, &handlers, n_sold);
    return rc == COAX_OK ? coax_server_listen(server, "inproc://shop", error) : rc;
}

int main(void)
{
    person people[] = { { "visitor", NULL, 0 },
                        { "customer", "cust-9f31c0a7b2e4d586", 0 },
                        { "cashier", "cash-60d2a94b17cf83e5", 0 } };
    uint32_t n_sold = 0;
    coax_error error = COAX_ERROR_INIT;
    coax_loop *loop = coax_loop_create(NULL);
    coax_err rc = serve(loop, &n_sold, &error);
    for (size_t i = 0; rc == COAX_OK && i < sizeof people / sizeof people[0]; i++)
        rc = visit(loop, &people[i], &error);
    if (rc != COAX_OK)
        fprintf(stderr, "roles: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return rc == COAX_OK ? 0 : 1;
}
