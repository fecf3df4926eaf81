/*
 * A client that waits: reads a stream, writes one, and gives up on one.
 *
 *     client [ADDRESS]
 *
 * Read first: server.c. Read next: async.c.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "numbers_client.h"

/* Reads until there is nothing more, then asks how it ended. */
static bool count(coax_client *client, uint32_t up_to)
{
    coax_stream *stream = NULL;
    numbers_numbers_count_request request = { .up_to = up_to };
    coax_err rc = numbers_numbers_count_open(client, &request, NULL, &stream);
    if (rc != COAX_OK)
        return false;
    double sum = 0;
    for (const numbers_number *number; numbers_numbers_count_next(stream, &number);)
        sum += number->value;
    numbers_numbers_count_result result;
    rc = numbers_numbers_count_finish(stream, &result);
    if (rc == COAX_OK)
        printf("    the numbers up to %u come to %g\n", up_to, sum);
    else if (result.too_far != NULL)
        printf("    typed error TooFar: it counts to %u\n", result.too_far->limit);
    else
        printf("    %s: %s\n", coax_err_name(rc), result.status.message);
    numbers_numbers_count_result_free(&result);
    return rc == COAX_OK;
}

/* Sends; x_put waits where the server is slower. What went wrong on the way, x_finish tells. */
static bool sum(coax_client *client, uint32_t up_to)
{
    coax_stream *stream = NULL;
    numbers_numbers_sum_request request = { 0 };
    coax_err rc = numbers_numbers_sum_open(client, &request, NULL, &stream);
    if (rc != COAX_OK)
        return false;
    for (uint32_t i = 1; i <= up_to && rc == COAX_OK; i++)
        rc = numbers_numbers_sum_put(stream, &(numbers_number){ .value = i });
    numbers_numbers_sum_result result;
    rc = numbers_numbers_sum_finish(stream, &result);
    if (rc == COAX_OK)
        printf("    %u numbers come to %g\n", result.reply->count, result.reply->sum);
    else
        printf("    %s: %s\n", coax_err_name(rc), result.status.message);
    numbers_numbers_sum_result_free(&result);
    return rc == COAX_OK;
}

/* Wants three of a million: finishing a stream that is not read to its end cancels it. */
static bool peek(coax_client *client)
{
    coax_stream *stream = NULL;
    numbers_numbers_count_request request = { .up_to = 1000000 };
    if (numbers_numbers_count_open(client, &request, NULL, &stream) != COAX_OK)
        return false;
    const numbers_number *number;
    for (int i = 0; i < 3 && numbers_numbers_count_next(stream, &number); i++)
        printf("    %g\n", number->value);
    numbers_numbers_count_result result;
    coax_err rc = numbers_numbers_count_finish(stream, &result);
    printf("    and then %s\n", coax_err_name(rc));
    numbers_numbers_count_result_free(&result);
    return rc == COAX_ERR_CANCELLED;
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4410";
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    if (coax_dial(url, NULL, &client, &error) != COAX_OK) {
        fprintf(stderr, "client: %s\n", error.text);
        return 1;
    }
    printf("a stream that is read\n");
    bool is_good = count(client, 1000);
    printf("one that ends with an error\n");
    is_good = !count(client, 1000001) && is_good;
    printf("a stream that is written\n");
    is_good = sum(client, 1000) && is_good;
    printf("one that is not read to its end\n");
    is_good = peek(client) && is_good;
    coax_client_close(client);
    return is_good ? 0 : 1;
}
