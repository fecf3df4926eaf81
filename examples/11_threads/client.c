/*
 * Calls that take a while, a stream, and one that is given up. It fails if anything is not as it should be.
 *
 *     client [ADDRESS]        tcp://127.0.0.1:4410 when there is none
 *
 * Read first: primes.idl, server.c.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "primes_client.h"

static coax_err count(coax_client *client, uint32_t below, uint32_t timeout_ms, uint32_t *ret_count)
{
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.timeout_ms = timeout_ms;
    const primes_primes_count_request request = { .below = below };
    primes_primes_count_result result;
    coax_err rc = primes_primes_count_wait(client, &request, &options, &result);
    if (rc == COAX_OK)
        *ret_count = result.reply->count;
    primes_primes_count_result_free(&result);
    return rc;
}

/* Counts what the stream brings. */
static coax_err find(coax_client *client, uint32_t below, size_t *ret_count)
{
    coax_stream *stream = NULL;
    const primes_batch *batch;
    const primes_primes_find_request request = { .below = below };
    coax_err rc = primes_primes_find_open(client, &request, NULL, &stream);
    if (rc != COAX_OK)
        return rc;
    *ret_count = 0;
    while (primes_primes_find_next(stream, &batch))
        *ret_count += batch->numbers.count;
    primes_primes_find_result result;
    rc = primes_primes_find_finish(stream, &result);
    primes_primes_find_result_free(&result);
    return rc;
}

static bool visit(coax_client *client)
{
    uint32_t counted = 0;
    size_t found = 0;
    if (count(client, 100000, 0, &counted) != COAX_OK || counted != 9592)
        return false;
    printf("%u primes below 100000, counted on a worker\n", (unsigned)counted);
    if (find(client, 100000, &found) != COAX_OK || found != counted)
        return false;
    printf("%zu of them came in a stream\n", found);
    if (count(client, 5000000, 20, &counted) != COAX_ERR_DEADLINE_EXCEEDED)
        return false;
    printf("a longer count was given up after 20 ms\n");
    const primes_primes_ping_request request = { 0 };
    primes_primes_ping_result result;
    coax_err rc = primes_primes_ping_wait(client, &request, NULL, &result);
    primes_primes_ping_result_free(&result);
    return rc == COAX_OK;
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4410";
    coax_error error = COAX_ERROR_INIT;
    coax_client *client = NULL;
    if (coax_dial(url, NULL, &client, &error) != COAX_OK) {
        fprintf(stderr, "client: %s\n", error.text);
        return 1;
    }
    bool went_well = visit(client);
    coax_client_close(client);
    return went_well ? 0 : 1;
}
