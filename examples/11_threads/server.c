/*
 * A server with two loops, each on a thread of its own, and four workers for handlers that take a while.
 *
 *     server [ADDRESS]        tcp://127.0.0.1:4410 when there is none
 *
 * Read first: primes.idl. Read next: client.c.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "primes_server.h"

static bool is_prime(uint32_t n)
{
    for (uint32_t d = 2; (uint64_t)d * d <= n; d++)
        if (n % d == 0)
            return false;
    return n >= 2;
}

/* On a worker: it may take its time, but looks now and then whether anybody still waits. */
static void on_count(void *self, coax_call call, const primes_primes_count_request *request)
{
    primes_primes_count_response response = { .count = 0 };
    (void)self;
    for (uint32_t n = 0; n < request->below; n++) {
        if (n % 10000 == 0 && !coax_call_is_live(call))
            return; /* cancelled, too late, or the caller is gone */
        response.count += is_prime(n);
    }
    primes_primes_count_reply(call, &response);
}

/* A push waits while the reader is behind, and fails once there is none. */
static void on_find(void *self, coax_call call, const primes_primes_find_request *request)
{
    uint32_t found[256];
    primes_batch batch = { .numbers = { found, 0 } };
    coax_err rc = COAX_OK;
    (void)self;
    for (uint32_t n = 0; n < request->below && rc == COAX_OK; n++) {
        if (is_prime(n))
            found[batch.numbers.count++] = n;
        if (batch.numbers.count < 256 && n + 1 < request->below)
            continue;
        rc = primes_primes_find_push(call, &batch);
        batch.numbers.count = 0;
    }
    coax_call_end(call);
}

/* On the loop of the connection, beside all that. */
static void on_ping(void *self, coax_call call, const primes_primes_ping_request *request)
{
    (void)self;
    (void)request;
    primes_primes_ping_response response = { 0 };
    primes_primes_ping_reply(call, &response);
}

static coax_err serve(coax_loop *loop, const char *url, coax_server **ret_server, coax_error *error)
{
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.loops = 2;
    options.n_workers = 4;
    coax_err rc = coax_server_create(loop, &options, ret_server, error);
    if (rc != COAX_OK)
        return rc;
    primes_primes_handlers handlers = { .count = on_count, .find = on_find, .ping = on_ping };
    rc = primes_primes_serve(*ret_server, &handlers, NULL);
    if (rc != COAX_OK)
        return coax_error_set(error, rc, "can't serve");
    return coax_server_listen(*ret_server, url, error);
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4410";
    coax_error error = COAX_ERROR_INIT;
    coax_server *server = NULL;
    coax_loop *loop = coax_loop_create(NULL);
    if (loop == NULL)
        return 1;
    coax_err rc = serve(loop, url, &server, &error);
    if (rc == COAX_OK)
        rc = coax_loop_drain_on_signals(loop, 1000);
    if (rc == COAX_OK) {
        char address[128];
        coax_server_address(server, 0, address, sizeof address);
        printf("%s\n", address);
        fflush(stdout);
        rc = coax_loop_run(loop);
    }
    if (rc != COAX_OK)
        fprintf(stderr, "server: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop); /* joins the threads */
    return rc == COAX_OK ? 0 : 1;
}
