/*
 * One handler for each kind of stream.
 *
 * Read first: numbers.idl. Read next: server.c, client.c.
 */
#include "handlers.h"

#include <stdlib.h>

enum { FARTHEST = 1000000 };

/* What one call needs between its callbacks. */
typedef struct work {
    uint32_t n; /* numbers sent, or received */
    uint32_t up_to;
    double sum;
} work;

static work *begin(coax_call call)
{
    work *w = calloc(1, sizeof *w);
    if (w == NULL)
        coax_call_fail(call, COAX_ERR_RESOURCE_EXHAUSTED, "no memory for one more call");
    return w;
}

/* Sends while there is room. It is called again when there is, and when the call is over. */
static void count_on(void *self, coax_call call)
{
    work *w = self;
    for (; w->n < w->up_to; w->n++) {
        numbers_number number = { .value = w->n + 1 };
        coax_err rc = numbers_numbers_count_push(call, &number);
        if (rc == COAX_ERR_WOULD_BLOCK)
            return;
        if (rc != COAX_OK)
            break; /* nobody wants the rest */
    }
    coax_call_end(call);
    free(w);
}

static void on_count(void *self, coax_call call, const numbers_numbers_count_request *request)
{
    (void)self;
    if (request->up_to > FARTHEST) {
        numbers_numbers_count_throw_too_far(call, &(numbers_too_far){ .limit = FARTHEST });
        return;
    }
    work *w = begin(call);
    if (w == NULL)
        return;
    w->up_to = request->up_to;
    coax_call_on_writable(call, count_on, w);
    count_on(w, call);
}

static void add(void *self, coax_call call, const numbers_number *item)
{
    work *w = self;
    (void)call;
    w->sum += item->value;
    w->n++;
}

/* The caller has no more, or nobody waits any more: then the reply is in vain, and harmless. */
static void sum_done(void *self, coax_call call)
{
    work *w = self;
    numbers_numbers_sum_response reply = { .sum = w->sum, .count = w->n };
    numbers_numbers_sum_reply(call, &reply);
    free(w);
}

static void on_sum(void *self, coax_call call, const numbers_numbers_sum_request *request)
{
    (void)self;
    (void)request;
    work *w = begin(call);
    if (w != NULL)
        numbers_numbers_sum_receive(call, add, sum_done, w);
}

/* A caller that does not read gets to send no more: its items wait until the answer has gone. */
static void answer(void *self, coax_call call)
{
    numbers_number so_far = { .value = ((work *)self)->sum };
    if (numbers_numbers_running_push(call, &so_far) == COAX_ERR_WOULD_BLOCK)
        coax_call_pause(call);
    else
        coax_call_resume(call);
}

static void add_and_answer(void *self, coax_call call, const numbers_number *item)
{
    add(self, call, item);
    answer(self, call);
}

static void running_done(void *self, coax_call call)
{
    coax_call_end(call);
    free(self);
}

static void on_running(void *self, coax_call call, const numbers_numbers_running_request *request)
{
    (void)self;
    (void)request;
    work *w = begin(call);
    if (w == NULL)
        return;
    coax_call_on_writable(call, answer, w);
    numbers_numbers_running_receive(call, add_and_answer, running_done, w);
}

const numbers_numbers_handlers handlers = { on_count, on_sum, on_running };
