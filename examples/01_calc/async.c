/*
 * A client that doesn't wait: three calls are under way at once, and each ends in one callback.
 *
 *     async [ADDRESS]         tcp://127.0.0.1:4410 when there is none
 *
 * Read first: client.c.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "calc_client.h"

enum { N_CALLS = 3 };

typedef struct program {
    coax_client *client;
    int n_open; /* calls without a result so far */
    int n_good;
} program;

/* Runs once per call, from the loop. `result` and what it points to end when this returns. */
static void on_quotient(void *self, const calc_calculator_divide_result *result)
{
    program *p = self;
    if (result->status.code == COAX_OK) {
        printf("    %g\n", result->reply->quotient);
        p->n_good++;
    } else {
        printf("    %s: %s\n", coax_err_name(result->status.code), result->status.message);
    }
    if (--p->n_open == 0)
        coax_client_close(p->client); /* nothing is open any more, so the loop ends */
}

/* Started calls wait for the connection. One that can't start says so at once, and has no callback. */
static void start_calls(program *p)
{
    for (int i = 1; i <= N_CALLS; i++) {
        calc_operands request = CALC_OPERANDS_INIT;
        request.dividend = 100;
        request.divisor = i;
        coax_error error = COAX_ERROR_INIT;
        coax_call_options options = COAX_CALL_OPTIONS_INIT;
        options.timeout_ms = 2000;
        options.error = &error;
        if (calc_calculator_divide(p->client, &request, &options, on_quotient, p) == COAX_OK)
            p->n_open++;
        else
            fprintf(stderr, "async: %s\n", error.text);
    }
    if (p->n_open == 0)
        coax_client_close(p->client);
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4410";
    coax_loop *loop = coax_loop_create(NULL);
    if (loop == NULL)
        return 1;
    program p = { NULL, 0, 0 };
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = coax_client_create(loop, url, NULL, &p.client, &error);
    if (rc == COAX_OK) {
        printf("%d calls under way at once, answered by callback\n", N_CALLS);
        start_calls(&p);
        rc = coax_loop_run(loop);
    }
    if (rc != COAX_OK)
        fprintf(stderr, "async: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return p.n_good == N_CALLS ? 0 : 1;
}
