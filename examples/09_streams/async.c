/*
 * A client that does not wait: a stream both ways, all of it in callbacks.
 *
 *     async [ADDRESS]
 *
 * Read first: client.c.
 */
#include <stdio.h>

#include <coax/coax.h>

#include "numbers_client.h"

enum { N_NUMBERS = 100000 };

typedef struct program {
    coax_client *client;
    uint32_t n_sent;
    uint32_t n_answers;
    double last;
    bool is_good;
} program;

/* Sends while there is room. on_writable calls it again when there is. */
static void send_on(void *self, coax_call call)
{
    program *p = self;
    while (p->n_sent < N_NUMBERS) {
        numbers_number number = { .value = p->n_sent + 1 };
        if (numbers_numbers_running_send(call, &number) != COAX_OK)
            return; /* no room yet, or the stream is over and on_end says why */
        p->n_sent++;
    }
    coax_call_end(call); /* this side's half; answers still come */
}

static void on_item(void *self, coax_call call, const numbers_number *so_far)
{
    program *p = self;
    (void)call;
    p->n_answers++;
    p->last = so_far->value;
}

/* Once, and last: nothing comes after it. */
static void on_end(void *self, const numbers_numbers_running_result *result)
{
    program *p = self;
    p->is_good = result->err == COAX_OK && p->n_answers == N_NUMBERS;
    printf("    %s: %u answers, the last one %.0f\n", coax_err_name(result->err), p->n_answers,
           p->last);
    coax_client_close(p->client);
}

static coax_err start(program *p, coax_error *error)
{
    const numbers_numbers_running_events events = { .on_item = on_item,
                                                    .on_writable = send_on,
                                                    .on_end = on_end };
    numbers_numbers_running_request request = { 0 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.error = error;
    coax_call call;
    coax_err rc = numbers_numbers_running(p->client, &request, &options, &events, p, &call);
    if (rc == COAX_OK)
        send_on(p, call); /* refused until the connection is open; then on_writable comes */
    return rc;
}

int main(int argc, char **argv)
{
    const char *url = argc > 1 ? argv[1] : "tcp://127.0.0.1:4410";
    program p = { .n_sent = 0 };
    coax_error error = COAX_ERROR_INIT;
    coax_loop *loop = coax_loop_create(NULL);
    coax_err rc = coax_client_create(loop, url, NULL, &p.client, &error);
    printf("%d numbers both ways, at the pace of the slower side\n", N_NUMBERS);
    if (rc == COAX_OK)
        rc = start(&p, &error);
    if (rc == COAX_OK)
        rc = coax_loop_run(loop);
    if (rc != COAX_OK)
        fprintf(stderr, "async: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop);
    return p.is_good ? 0 : 1;
}
