/*
 * The host's handlers on workers: the same answers as on a loop, by functions that wait.
 */
#include <string.h>

#include "host.h"

typedef coax_err (*push_fn)(coax_call call, const interop_chunk *item);

/* Begins a handler, and counts at its end who has left. */
static void end_worked(host *h, coax_call call, bool was_live)
{
    (void)call;
    if (!was_live)
        host_note_left(h, COAX_ERR_UNKNOWN);
    host_end(h);
}

/* Waits so long, or until nobody wants the answer. */
static void wait_for(host *h, coax_call call, uint32_t wait_ms)
{
    uint64_t until_ns = uv_hrtime() + (uint64_t)wait_ms * 1000000;
    uv_mutex_lock(&h->mutex);
    while (wait_ms != 0 && uv_hrtime() < until_ns && coax_call_is_live(call))
        (void)uv_cond_timedwait(&h->changed, &h->mutex, 1000000);
    uv_mutex_unlock(&h->mutex);
}

static void on_unary(void *self, coax_call call, const interop_unary *request)
{
    host *h = self;
    interop_chunk came = { .body = request->body };
    interop_chunk reply = chunk_make(0, request->reply_len);
    const interop_bad_chunk bad = { .index = 0, .why = coax_str_from("not the pattern") };
    host_begin(h);
    host_note_chunk(h, request->body.len);
    host_greet(call);
    wait_for(h, call, request->wait_ms);
    bool was_live = coax_call_is_live(call);
    if (!chunk_is_right(&came, 0))
        (void)interop_worked_unary_throw_bad_chunk(call, &bad);
    else if (request->ending != NULL)
        host_fail(call, request->ending);
    else
        (void)interop_worked_unary_reply(call, &reply);
    end_worked(h, call, was_live);
}

/* Sends what is asked for. @return whether the call goes on. */
static bool answer_order(host *h, coax_call call, push_fn push, const interop_order *order,
                         uint32_t *n_sent)
{
    for (size_t i = 0; i < order->wishes.count; i++) {
        const interop_wish *wish = &order->wishes.items[i];
        interop_chunk chunk = chunk_make(*n_sent, wish->len);
        wait_for(h, call, wish->wait_ms);
        coax_err rc = push(call, &chunk);
        if (rc != COAX_OK) {
            (void)coax_call_fail(call, COAX_ERR_INTERNAL, "push: %s", coax_err_name(rc));
            return false;
        }
        ++*n_sent;
    }
    if (order->ending == NULL)
        return true;
    host_fail(call, order->ending);
    return false;
}

static void on_output(void *self, coax_call call, const interop_order *request)
{
    host *h = self;
    uint32_t n_sent = 0;
    host_begin(h);
    host_greet(call);
    bool goes_on = answer_order(h, call, interop_worked_output_push, request, &n_sent);
    bool was_live = goes_on ? coax_call_is_live(call) : request->ending != NULL;
    if (goes_on)
        (void)coax_call_end(call);
    end_worked(h, call, was_live);
}

static void on_input(void *self, coax_call call, const interop_worked_input_request *request)
{
    host *h = self;
    interop_worked_input_response reply = { 0 };
    const interop_chunk *chunk;
    bool is_right = true;
    host_begin(h);
    host_greet(call);
    while (is_right && (!request->has_limit || reply.n_chunks < request->limit) &&
           interop_worked_input_take(call, &chunk)) {
        is_right = chunk_is_right(chunk, reply.n_chunks);
        host_note_chunk(h, chunk->body.len);
        reply.n_chunks += is_right ? 1 : 0;
        reply.n_bytes += chunk->body.len;
    }
    const interop_bad_chunk bad = { .index = reply.n_chunks,
                                    .why = coax_str_from("not the pattern") };
    bool was_live = coax_call_is_live(call);
    if (is_right)
        (void)interop_worked_input_reply(call, &reply);
    else
        (void)interop_worked_input_throw_bad_chunk(call, &bad);
    end_worked(h, call, was_live);
}

static void on_duplex(void *self, coax_call call, const interop_worked_duplex_request *request)
{
    host *h = self;
    const interop_order *order;
    uint32_t n_sent = 0;
    bool goes_on = true;
    (void)request;
    host_begin(h);
    host_greet(call);
    bool was_live = true;
    while (goes_on && interop_worked_duplex_take(call, &order)) {
        goes_on = answer_order(h, call, interop_worked_duplex_push, order, &n_sent);
        was_live = goes_on || order->ending != NULL;
    }
    if (goes_on) {
        was_live = coax_call_is_live(call);
        (void)coax_call_end(call);
    }
    end_worked(h, call, was_live);
}

static void on_note(void *self, coax_call call, const interop_worked_note_request *request)
{
    host *h = self;
    (void)call;
    (void)request;
    host_count(h, &h->n_notes, 1);
}

static void on_seen(void *self, coax_call call, const interop_worked_seen_request *request)
{
    host *h = self;
    (void)request;
    interop_seen reply = { .n_open = host_read(h, &h->n_open) };
    (void)interop_worked_seen_reply(call, &reply);
}

coax_err host_serve_worked(host *h, coax_server *server)
{
    const interop_worked_handlers handlers = { .unary = on_unary,
                                               .output = on_output,
                                               .input = on_input,
                                               .duplex = on_duplex,
                                               .note = on_note,
                                               .seen = on_seen };
    return interop_worked_serve(server, &handlers, h);
}
