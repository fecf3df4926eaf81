/*
 * The host calls its caller: turn starts one call of the kind it is asked for and says what came of it.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"

/* One turning: the call it answers, the one it makes, and what has come. */
typedef struct turning {
    host *host;
    coax_call asked;
    coax_call made;
    uint32_t *lens;
    uint32_t n_lens;
    uint32_t n_sent;
    interop_ending ending; /* code 0: none */
    char words[200];
    bool has_ended; /* this side of the call made */
    interop_turned turned;
} turning;

static void finish(turning *t, const coax_status *status)
{
    t->turned.code = (uint32_t)status->code;
    t->turned.words = coax_str_from(status->message);
    (void)interop_interop_turn_reply(t->asked, &t->turned);
    host_end(t->host);
    free(t->lens);
    free(t);
}

static void note(turning *t, const interop_chunk *chunk)
{
    if (!chunk_is_right(chunk, t->turned.n_chunks))
        (void)coax_call_fail(t->asked, COAX_ERR_DATA_LOSS, "chunk %u is wrong",
                             (unsigned)t->turned.n_chunks);
    t->turned.n_chunks++;
    t->turned.n_bytes += chunk->body.len;
}

static void on_item(void *self, coax_call call, const interop_chunk *chunk)
{
    (void)call;
    note(self, chunk);
}

static void on_unary_said(void *self, const interop_interop_unary_result *result)
{
    if (result->reply != NULL)
        note(self, result->reply);
    finish(self, &result->status);
}

static void on_output_said(void *self, const interop_interop_output_result *result)
{
    finish(self, &result->status);
}

static void on_input_said(void *self, const interop_interop_input_result *result)
{
    turning *t = self;
    if (result->reply != NULL) {
        t->turned.n_chunks = result->reply->n_chunks;
        t->turned.n_bytes = result->reply->n_bytes;
    }
    finish(t, &result->status);
}

static void on_duplex_said(void *self, const interop_interop_duplex_result *result)
{
    finish(self, &result->status);
}

static const interop_ending *ending_of(const turning *t)
{
    return t->ending.code != 0 ? &t->ending : NULL;
}

static void send_chunks(void *self, coax_call call)
{
    turning *t = self;
    for (; t->n_sent < t->n_lens; t->n_sent++) {
        interop_chunk chunk = chunk_make(t->n_sent, t->lens[t->n_sent]);
        if (interop_interop_input_send(call, &chunk) != COAX_OK)
            return; /* on_writable follows, or on_end */
    }
    if (!t->has_ended)
        (void)coax_call_end(call);
    t->has_ended = true;
}

static void send_orders(void *self, coax_call call)
{
    turning *t = self;
    for (; t->n_sent < t->n_lens; t->n_sent++) {
        const interop_wish wish = { .len = t->lens[t->n_sent] };
        interop_order order = { .wishes = { &wish, 1 } };
        if (t->n_sent + 1 == t->n_lens)
            order.ending = ending_of(t);
        if (interop_interop_duplex_send(call, &order) != COAX_OK)
            return;
    }
    if (!t->has_ended)
        (void)coax_call_end(call);
    t->has_ended = true;
}

static coax_err turn_unary(turning *t, const coax_call_options *options)
{
    uint32_t len = t->n_lens > 0 ? t->lens[0] : 0;
    interop_unary request = { .reply_len = len, .body = chunk_make(0, len).body };
    request.ending = ending_of(t);
    return interop_interop_unary_to(coax_call_peer(t->asked), &request, options, on_unary_said, t);
}

static coax_err turn_output(turning *t, const coax_call_options *options)
{
    static const interop_interop_output_events events = { .on_item = on_item,
                                                          .on_end = on_output_said };
    interop_wish *wishes = calloc(t->n_lens + 1u, sizeof *wishes);
    if (wishes == NULL)
        abort();
    for (uint32_t i = 0; i < t->n_lens; i++)
        wishes[i].len = t->lens[i];
    const interop_order order = { .wishes = { wishes, t->n_lens }, .ending = ending_of(t) };
    coax_err rc =
        interop_interop_output_to(coax_call_peer(t->asked), &order, options, &events, t, &t->made);
    free(wishes);
    return rc;
}

static coax_err turn_input(turning *t, const coax_call_options *options)
{
    static const interop_interop_input_events events = { .on_writable = send_chunks,
                                                         .on_end = on_input_said };
    const interop_interop_input_request request = { 0 };
    coax_err rc =
        interop_interop_input_to(coax_call_peer(t->asked), &request, options, &events, t, &t->made);
    if (rc == COAX_OK)
        send_chunks(t, t->made);
    return rc;
}

static coax_err turn_duplex(turning *t, const coax_call_options *options)
{
    static const interop_interop_duplex_events events = { .on_item = on_item,
                                                          .on_writable = send_orders,
                                                          .on_end = on_duplex_said };
    const interop_interop_duplex_request request = { 0 };
    coax_err rc = interop_interop_duplex_to(coax_call_peer(t->asked), &request, options, &events, t,
                                            &t->made);
    if (rc == COAX_OK)
        send_orders(t, t->made);
    return rc;
}

static turning *begin(host *h, coax_call call, const interop_interop_turn_request *request)
{
    turning *t = calloc(1, sizeof *t);
    uint32_t *lens = calloc(request->lens.count + 1, sizeof *lens);
    if (t == NULL || lens == NULL)
        abort();
    t->host = h;
    t->asked = call;
    t->lens = lens;
    t->n_lens = (uint32_t)request->lens.count;
    if (t->n_lens > 0)
        memcpy(lens, request->lens.items, t->n_lens * sizeof *lens);
    if (request->ending != NULL) {
        size_t len = request->ending->words.len;
        len = len < sizeof t->words ? len : sizeof t->words - 1;
        memcpy(t->words, request->ending->words.data, len);
        t->ending.code = request->ending->code;
        t->ending.words = (coax_str){ t->words, len };
    }
    host_begin(h);
    return t;
}

static void on_turn(void *self, coax_call call, const interop_interop_turn_request *request)
{
    static coax_err (*const turns[])(
        turning *, const coax_call_options *) = { [INTEROP_KIND_UNARY] = turn_unary,
                                                  [INTEROP_KIND_OUTPUT] = turn_output,
                                                  [INTEROP_KIND_INPUT] = turn_input,
                                                  [INTEROP_KIND_DUPLEX] = turn_duplex };
    turning *t = begin(self, call, request);
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.parent = call;
    coax_err rc = turns[request->kind](t, &options);
    if (rc == COAX_OK)
        return;
    coax_status status = { .code = rc, .message = "the caller can't be called" };
    finish(t, &status);
}

void host_fill_turn(interop_interop_handlers *handlers)
{
    handlers->turn = on_turn;
}
