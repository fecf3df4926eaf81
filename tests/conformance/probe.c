/*
 * The handlers of the conformance cases. Read next: stage.h.
 */
#include <stdlib.h>
#include <string.h>

#include "probe.h"

static void on_add(void *self, coax_call call, const probe_probe_add_request *request)
{
    probe *p = self;
    p->n_handled++;
    if (request->a == 13 || request->b == 13) {
        probe_unlucky unlucky = { .number = 13, .why = coax_str_from("unlucky") };
        (void)probe_probe_add_throw_unlucky(call, &unlucky);
        return;
    }
    if (request->b > UINT32_MAX - request->a) {
        probe_overflow overflow = { .limit = UINT32_MAX };
        (void)probe_probe_add_throw_overflow(call, &overflow);
        return;
    }
    if (p->closes_in_handler)
        coax_server_close(p->server);
    probe_probe_add_response reply = { .sum = request->a + request->b };
    (void)probe_probe_add_reply(call, &reply);
}

static void on_echo(void *self, coax_call call, const probe_probe_echo_request *request)
{
    probe_probe_echo_response reply = { .payload = request->payload };
    (void)self;
    (void)probe_probe_echo_reply(call, &reply);
}

static void on_grow(void *self, coax_call call, const probe_probe_grow_request *request)
{
    uint8_t *data = calloc(1, request->len + 1u);
    probe_probe_grow_response reply = { .payload = { data, request->len } };
    (void)self;
    if (data == NULL)
        (void)coax_call_fail(call, COAX_ERR_NO_MEMORY, "no memory for %u bytes",
                             (unsigned)request->len);
    else if (probe_probe_grow_reply(call, &reply) == COAX_ERR_WOULD_BLOCK)
        (void)coax_call_fail(call, COAX_ERR_RESOURCE_EXHAUSTED, "the queue is full");
    free(data);
}

static void on_name(void *self, coax_call call, const probe_probe_name_request *request)
{
    probe_probe_name_response reply = { .text = request->text };
    (void)self;
    (void)probe_probe_name_reply(call, &reply);
}

static void on_hold(void *self, coax_call call, const probe_probe_hold_request *request)
{
    probe *p = self;
    if (p->n_held == PROBE_HELD_MAX) {
        (void)coax_call_fail(call, COAX_ERR_RESOURCE_EXHAUSTED, "no room to hold it");
        return;
    }
    p->held[p->n_held] = call;
    p->tickets[p->n_held] = request->ticket;
    p->n_held++;
}

static void on_release(void *self, coax_call call, const probe_probe_release_request *request)
{
    probe *p = self;
    (void)request;
    probe_probe_release_response count = { .count = p->n_held };
    for (uint32_t i = p->n_held; i-- > 0;) { /* last in, first out: order is not promised */
        probe_probe_hold_response reply = { .ticket = p->tickets[i] };
        (void)probe_probe_hold_reply(p->held[i], &reply);
    }
    p->n_held = 0;
    (void)probe_probe_release_reply(call, &count);
}

static void on_fail(void *self, coax_call call, const probe_probe_fail_request *request)
{
    (void)self;
    (void)coax_call_fail(call, (coax_err)request->code, "%.*s", (int)request->words.len,
                         request->words.data);
}

/* What the next server said, and the call that waits for it. */
typedef struct hop {
    coax_call call;
    uint32_t left_here_ms;
} hop;

static void on_next_said(void *self, const probe_probe_remaining_result *result)
{
    hop *h = self;
    if (result->err != COAX_OK) {
        (void)coax_call_fail(h->call, result->err, "%s", result->status.message);
    } else {
        probe_probe_remaining_response reply = { .left_ms = result->reply->left_ms,
                                                 .left_here_ms = h->left_here_ms };
        (void)probe_probe_remaining_reply(h->call, &reply);
    }
    free(h);
}

static void on_remaining(void *self, coax_call call, const probe_probe_remaining_request *request)
{
    probe *p = self;
    uint32_t left = coax_call_remaining_ms(call);
    if (request->hops == 0 || p->next == NULL) {
        probe_probe_remaining_response reply = { .left_ms = left, .left_here_ms = left };
        (void)probe_probe_remaining_reply(call, &reply);
        return;
    }
    hop *h = malloc(sizeof *h);
    if (h == NULL)
        return;
    h->call = call;
    h->left_here_ms = left;
    probe_probe_remaining_request further = { .hops = request->hops - 1 };
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    options.parent = call;
    coax_err rc = probe_probe_remaining(p->next, &further, &options, on_next_said, h);
    if (rc != COAX_OK) {
        (void)coax_call_fail(call, rc, "the next server can't be called");
        free(h);
    }
}

/* How far asking back has come. */
typedef struct asking {
    coax_call call;
    uint32_t n_left;
    uint32_t sum;
} asking;

static void on_twice_said(void *self, const probe_helper_twice_result *result)
{
    asking *a = self;
    if (result->err == COAX_OK)
        a->sum += result->reply->number;
    if (--a->n_left > 0)
        return;
    probe_probe_ask_back_response reply = { .sum = a->sum };
    (void)probe_probe_ask_back_reply(a->call, &reply);
    free(a);
}

static void on_ask_back(void *self, coax_call call, const probe_probe_ask_back_request *request)
{
    (void)self;
    asking *a = calloc(1, sizeof *a);
    if (a == NULL)
        return;
    a->call = call;
    a->n_left = request->times;
    probe_helper_twice_request twice = { .number = request->number };
    for (uint32_t i = 0; i < request->times; i++) {
        if (probe_helper_twice_to(coax_call_peer(call), &twice, NULL, on_twice_said, a) == COAX_OK)
            continue;
        (void)coax_call_fail(call, COAX_ERR_INTERNAL, "asking back failed");
        if (i == 0)
            free(a);
        return;
    }
}

static void on_hang_up(void *self, coax_call call, const probe_probe_hang_up_request *request)
{
    (void)self;
    (void)request;
    (void)coax_peer_close(coax_call_peer(call), COAX_ERR_ABORTED, "hung up as asked");
}

static void on_answer_twice(void *self, coax_call call,
                            const probe_probe_answer_twice_request *request)
{
    probe *p = self;
    (void)request;
    probe_probe_answer_twice_response reply = { .first = 1 };
    (void)probe_probe_answer_twice_reply(call, &reply);
    p->second_answer = (uint32_t)probe_probe_answer_twice_reply(call, &reply);
}

static void on_seen(void *self, coax_call call, const probe_probe_seen_request *request)
{
    probe *p = self;
    (void)request;
    probe_probe_seen_response reply = { .notes = p->n_notes,
                                        .last = p->last_note,
                                        .second_answer = p->second_answer };
    (void)probe_probe_seen_reply(call, &reply);
}

static void on_note(void *self, coax_call call, const probe_probe_note_request *request)
{
    probe *p = self;
    (void)call;
    p->n_notes++;
    p->last_note = request->number;
}

coax_err probe_serve(coax_server *server, probe *p)
{
    probe_probe_handlers handlers = {
        .add = on_add,
        .echo = on_echo,
        .grow = on_grow,
        .name = on_name,
        .hold = on_hold,
        .release = on_release,
        .fail = on_fail,
        .remaining = on_remaining,
        .ask_back = on_ask_back,
        .hang_up = on_hang_up,
        .answer_twice = on_answer_twice,
        .seen = on_seen,
        .note = on_note,
    };
    p->server = server;
    return probe_probe_serve(server, &handlers, p);
}

void probe_on_connect(void *self, coax_peer peer)
{
    probe *p = self;
    (void)peer;
    p->n_connected++;
}

void probe_on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    probe *p = self;
    p->n_disconnected++;
    p->last_reason = *reason;
    (void)coax_peer_address(peer, p->last_address, sizeof p->last_address);
    (void)coax_peer_name(peer, p->last_name, sizeof p->last_name);
}

void probe_on_error(void *self, coax_peer peer, const coax_error *what)
{
    probe *p = self;
    (void)peer;
    p->n_errors++;
    p->last_error = *what;
}

void probe_on_writable(void *self, coax_peer peer)
{
    probe *p = self;
    (void)peer;
    p->n_writable++;
}

void probe_on_unknown(void *self, coax_call call, uint32_t method_id, coax_bytes request)
{
    (void)self;
    if (method_id != coax_call_method_id(call))
        (void)coax_call_fail(call, COAX_ERR_INTERNAL, "two ids for one method");
    else
        (void)coax_call_reply_raw(call, request);
}

static void on_twice(void *self, coax_call call, const probe_helper_twice_request *request)
{
    (void)self;
    probe_helper_twice_response reply = { .number = request->number * 2 };
    (void)probe_helper_twice_reply(call, &reply);
}

coax_err helper_serve(coax_client *client)
{
    probe_helper_handlers handlers = { .twice = on_twice };
    return probe_helper_serve_client(client, &handlers, NULL);
}
