/*
 * A client in a program that has a loop of its own, here poll(2). coax gives it a descriptor to
 * watch and the longest time to wait, and does its work when asked to.
 *
 *     client_poll [ADDRESS]   tcp://127.0.0.1:4411 when there is none
 *
 * Two calls are started, the slow one first. The fast one is answered first: a slow handler delays
 * nobody else.
 *
 * Read first: wake.idl, server_uv.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include <coax/coax.h>

#include "wake_client.h"

static const coax_duration MS = 1000000;

typedef struct program {
    int n_open;
    coax_duration waited[2]; /* in the order of the answers */
    int n_answers;
} program;

static void on_awake(void *self, const wake_clock_after_result *result)
{
    program *p = self;
    p->n_open--;
    if (result->status.code != COAX_OK) {
        fprintf(stderr, "client: %s: %s\n", coax_err_name(result->status.code),
                result->status.message);
        return;
    }
    printf("    woken after %d ms\n", (int)(result->reply->waited / MS));
    p->waited[p->n_answers++] = result->reply->waited;
}

static bool start_call(program *p, coax_client *client, coax_duration delay)
{
    wake_clock_after_request request = { .delay = delay };
    if (wake_clock_after(client, &request, NULL, on_awake, p) != COAX_OK)
        return false;
    p->n_open++;
    return true;
}

/* The program's own loop. It would watch its other descriptors in the same poll. */
static bool run(program *p, coax_loop *loop)
{
    struct pollfd watched = { .fd = coax_loop_fd(loop), .events = POLLIN };
    while (p->n_open > 0) {
        if (poll(&watched, 1, coax_loop_timeout_ms(loop)) < 0 && errno != EINTR)
            return false;
        if (coax_loop_process(loop) != COAX_OK)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    coax_loop *loop = coax_loop_create(NULL);
    if (loop == NULL)
        return 1;
    program p = { 0 };
    coax_client *client = NULL;
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = coax_client_create(loop, argc > 1 ? argv[1] : "tcp://127.0.0.1:4411", NULL,
                                     &client, &error);
    if (rc != COAX_OK)
        fprintf(stderr, "client: %s\n", error.text);
    bool is_fine = rc == COAX_OK && start_call(&p, client, 300 * MS) &&
                   start_call(&p, client, 50 * MS) && run(&p, loop) && p.n_answers == 2 &&
                   p.waited[0] < p.waited[1];
    coax_loop_destroy(loop); /* closes the client too */
    return is_fine ? 0 : 1;
}
