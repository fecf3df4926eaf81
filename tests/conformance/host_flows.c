/*
 * The host's streams on a loop: a flow per call, which sends while there is room and is told when there is again.
 *
 * A flow ends in one of three ways: it has sent what it was asked for and ends the call; the call is over for it
 * (on_cancel), which it answers in vain; it fails the call. Each of them frees it, and no callback comes after.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"

typedef coax_err (*push_fn)(coax_call call, const interop_chunk *item);
typedef coax_err (*throw_fn)(coax_call call, const interop_bad_chunk *error);

typedef struct flow {
    host *host;
    push_fn push;
    throw_fn throws;
    interop_wish *wishes; /* all so far */
    uint32_t n_wishes;
    uint32_t n_sent;
    bool has_ending;
    interop_ending ending;
    bool answers;    /* what was asked for may be sent */
    bool ends;       /* when all is sent there is no more */
    uint32_t limit;  /* of input; 0: none */
    uint32_t n_came; /* chunks */
    uint64_t n_bytes;
} flow;

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static void flow_free(flow *f)
{
    host *h = f->host;
    free((void *)(uintptr_t)f->ending.words.data);
    free(f->wishes);
    free(f);
    host_end(h);
}

static void on_left(void *self, coax_call call, coax_err why)
{
    flow *f = self;
    host_note_left(f->host, why);
    if (coax_call_fail(call, COAX_ERR_INTERNAL, "said to nobody") != COAX_ERR_STALE)
        abort();
    flow_free(f);
}

static flow *flow_begin(host *h, coax_call call)
{
    flow *f = must(calloc(1, sizeof *f));
    f->host = h;
    host_begin(h);
    host_greet(call);
    if (coax_call_on_cancel(call, on_left, f) != COAX_OK)
        abort();
    return f;
}

/* What is asked for, behind what has been. */
static void take_order(flow *f, const interop_order *order)
{
    size_t n = order->wishes.count;
    f->wishes = must(realloc(f->wishes, (f->n_wishes + n + 1) * sizeof *f->wishes));
    if (n > 0)
        memcpy(f->wishes + f->n_wishes, order->wishes.items, n * sizeof *f->wishes);
    f->n_wishes += (uint32_t)n;
    if (order->ending == NULL || f->has_ending)
        return;
    char *words = must(malloc(order->ending->words.len + 1));
    memcpy(words, order->ending->words.data, order->ending->words.len);
    words[order->ending->words.len] = '\0';
    f->ending = *order->ending;
    f->ending.words = (coax_str){ words, order->ending->words.len };
    f->has_ending = true;
}

/* Sends what is asked for. @return false: the flow is over, and gone. */
static bool flow_send(flow *f, coax_call call)
{
    while (f->answers && f->n_sent < f->n_wishes) {
        const interop_wish *wish = &f->wishes[f->n_sent];
        interop_chunk chunk = chunk_make(f->n_sent, wish->len);
        if (wish->wait_ms != 0)
            return true;
        coax_err rc = f->push(call, &chunk);
        if (rc == COAX_ERR_WOULD_BLOCK || rc == COAX_ERR_STALE)
            return true; /* told by on_writable, or by on_cancel */
        if (rc != COAX_OK) {
            (void)coax_call_fail(call, COAX_ERR_INTERNAL, "push: %s", coax_err_name(rc));
            flow_free(f);
            return false;
        }
        f->n_sent++;
    }
    if (f->has_ending && f->answers)
        host_fail(call, &f->ending);
    else if (f->ends && f->answers)
        (void)coax_call_end(call);
    else
        return true;
    flow_free(f);
    return false;
}

static void on_writable(void *self, coax_call call)
{
    if (coax_call_is_live(call))
        (void)flow_send(self, call);
}

static void on_output(void *self, coax_call call, const interop_order *request)
{
    flow *f = flow_begin(self, call);
    f->push = interop_interop_output_push;
    f->answers = true;
    f->ends = true;
    take_order(f, request);
    (void)coax_call_on_writable(call, on_writable, f);
    (void)flow_send(f, call);
}

static void on_order(void *self, coax_call call, const interop_order *order)
{
    flow *f = self;
    take_order(f, order);
    (void)flow_send(f, call);
}

static void on_orders_end(void *self, coax_call call)
{
    flow *f = self;
    f->answers = true;
    f->ends = true;
    (void)flow_send(f, call);
}

static void on_duplex(void *self, coax_call call, const interop_interop_duplex_request *request)
{
    flow *f = flow_begin(self, call);
    (void)request;
    f->push = interop_interop_duplex_push;
    f->answers = true;
    (void)coax_call_on_writable(call, on_writable, f);
    (void)interop_interop_duplex_receive(call, on_order, on_orders_end, f);
}

static void on_half_duplex(void *self, coax_call call,
                           const interop_interop_half_duplex_request *request)
{
    flow *f = flow_begin(self, call);
    (void)request;
    f->push = interop_interop_half_duplex_push;
    (void)coax_call_on_writable(call, on_writable, f);
    (void)interop_interop_half_duplex_receive(call, on_order, on_orders_end, f);
}

static void answer_input(flow *f, coax_call call)
{
    interop_interop_input_response reply = { .n_chunks = f->n_came, .n_bytes = f->n_bytes };
    (void)interop_interop_input_reply(call, &reply);
    flow_free(f);
}

static void on_chunk(void *self, coax_call call, const interop_chunk *chunk)
{
    flow *f = self;
    const interop_bad_chunk bad = { .index = f->n_came, .why = coax_str_from("not the pattern") };
    if (!chunk_is_right(chunk, f->n_came)) {
        (void)f->throws(call, &bad);
        flow_free(f);
        return;
    }
    host_note_chunk(f->host, chunk->body.len);
    f->n_came++;
    f->n_bytes += chunk->body.len;
    if (f->n_came == f->limit)
        answer_input(f, call);
}

static void on_chunks_end(void *self, coax_call call)
{
    answer_input(self, call);
}

static void on_input(void *self, coax_call call, const interop_interop_input_request *request)
{
    flow *f = flow_begin(self, call);
    f->limit = request->has_limit ? request->limit : 0;
    f->throws = interop_interop_input_throw_bad_chunk;
    (void)interop_interop_input_receive(call, on_chunk, on_chunks_end, f);
}

/* What comes is counted and not answered; neither is the caller's end. */
static void on_hung_chunk(void *self, coax_call call, const interop_chunk *chunk)
{
    flow *f = self;
    (void)call;
    host_note_chunk(f->host, chunk->body.len);
}

static void on_hung_end(void *self, coax_call call)
{
    (void)self;
    (void)call;
}

static void on_hang(void *self, coax_call call, const interop_interop_hang_request *request)
{
    flow *f = flow_begin(self, call);
    (void)request;
    (void)interop_interop_hang_receive(call, on_hung_chunk, on_hung_end, f);
}

static void on_stare(void *self, coax_call call, const interop_interop_stare_request *request)
{
    (void)request;
    (void)flow_begin(self, call);
}

void host_fill_flows(interop_interop_handlers *handlers)
{
    handlers->output = on_output;
    handlers->input = on_input;
    handlers->duplex = on_duplex;
    handlers->half_duplex = on_half_duplex;
    handlers->hang = on_hang;
    handlers->stare = on_stare;
}
