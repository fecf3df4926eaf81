/*
 * The till's client: three calls whose outcomes are known, then tells the server to end. Usage:
 * client URL
 */
#include <stdio.h>

#include <coax/coax.h>

#include "till_client.h"

static coax_err ask(coax_client *client, uint32_t count, int64_t *ret_cents, uint32_t *ret_left)
{
    shop_till_price_request request = { .item = coax_str_from("pear"), .count = count };
    shop_till_price_result result;
    coax_err rc = shop_till_price_wait(client, &request, NULL, &result);
    if (rc == COAX_OK)
        *ret_cents = result.reply->total.cents;
    else if (result.sold_out != NULL)
        *ret_left = result.sold_out->left;
    shop_till_price_result_free(&result);
    return rc;
}

int main(int argc, char **argv)
{
    coax_error error = COAX_ERROR_INIT;
    coax_client *client = NULL;
    if (argc != 2 || coax_dial(argv[1], NULL, &client, &error) != COAX_OK) {
        fprintf(stderr, "client: %s\n", error.text);
        return 1;
    }
    int64_t cents = 0;
    uint32_t left = 0;
    int is_good = ask(client, 3, &cents, &left) == COAX_OK && cents == 750;
    is_good =
        is_good && ask(client, 11, &cents, &left) == COAX_ERR_FAILED_PRECONDITION && left == 10;
    is_good = is_good && ask(client, 101, &cents, &left) == COAX_ERR_INVALID_ARGUMENT;
    shop_till_close_request request = { .reason = coax_str_from("the day is over") };
    is_good = shop_till_close(client, &request, NULL) == COAX_OK && is_good;
    coax_client_close(client);
    printf("%s\n",
           is_good ? "the till answered as it should" : "the till did not answer as it should");
    return is_good ? 0 : 1;
}
