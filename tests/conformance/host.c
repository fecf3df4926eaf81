/*
 * The host's counters, and the methods that answer with one message.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"

void host_init(host *h)
{
    memset(h, 0, sizeof *h);
    if (uv_mutex_init(&h->mutex) != 0 || uv_cond_init(&h->changed) != 0)
        abort();
}

void host_deinit(host *h)
{
    uv_cond_destroy(&h->changed);
    uv_mutex_destroy(&h->mutex);
}

void host_count(host *h, uint32_t *counter, uint32_t by)
{
    uv_mutex_lock(&h->mutex);
    *counter += by;
    uv_cond_broadcast(&h->changed);
    uv_mutex_unlock(&h->mutex);
}

uint32_t host_read(host *h, const uint32_t *counter)
{
    uv_mutex_lock(&h->mutex);
    uint32_t value = *counter;
    uv_mutex_unlock(&h->mutex);
    return value;
}

void host_wait(host *h, const uint32_t *counter, uint32_t wanted)
{
    uv_mutex_lock(&h->mutex);
    while (wanted == 0 ? *counter != 0 : *counter < wanted)
        uv_cond_wait(&h->changed, &h->mutex);
    uv_mutex_unlock(&h->mutex);
}

void host_begin(host *h)
{
    uv_mutex_lock(&h->mutex);
    h->n_begun++;
    h->n_open++;
    uv_cond_broadcast(&h->changed);
    uv_mutex_unlock(&h->mutex);
}

void host_end(host *h)
{
    uv_mutex_lock(&h->mutex);
    h->n_open--;
    uv_cond_broadcast(&h->changed);
    uv_mutex_unlock(&h->mutex);
}

void host_note_chunk(host *h, size_t len)
{
    uv_mutex_lock(&h->mutex);
    h->n_chunks++;
    h->n_bytes += len;
    uv_cond_broadcast(&h->changed);
    uv_mutex_unlock(&h->mutex);
}

void host_note_left(host *h, coax_err why)
{
    uv_mutex_lock(&h->mutex);
    h->n_left++;
    h->n_cancelled += why == COAX_ERR_CANCELLED ? 1 : 0;
    h->n_timed_out += why == COAX_ERR_DEADLINE_EXCEEDED ? 1 : 0;
    h->n_lost += why == COAX_ERR_UNAVAILABLE ? 1 : 0;
    uv_cond_broadcast(&h->changed);
    uv_mutex_unlock(&h->mutex);
}

void host_greet(coax_call call)
{
    static const char *const names[] = { "echo-initial", "echo-trailing-bin" };
    const coax_metadata *came = coax_call_metadata(call);
    for (int i = 0; i < 2; i++) {
        const coax_metadata_pair pair = { coax_str_from(names[i]),
                                          coax_metadata_find(came, names[i]) };
        const coax_metadata back = { &pair, 1 };
        if (pair.value.data == NULL)
            continue;
        coax_err rc =
            i == 0 ? coax_call_send_metadata(call, &back) : coax_call_set_trailer(call, &back);
        if (rc != COAX_OK && rc != COAX_ERR_STALE)
            abort();
    }
}

void host_fail(coax_call call, const interop_ending *ending)
{
    (void)coax_call_fail(call, (coax_err)ending->code, "%.*s", (int)ending->words.len,
                         ending->words.data);
}

/* A caller who is to wait for ever gives up, or is gone. */
static void on_left(void *self, coax_call call, coax_err why)
{
    host *h = self;
    host_note_left(h, why);
    (void)coax_call_fail(call, COAX_ERR_INTERNAL, "said to nobody");
    host_end(h);
}

static void on_empty(void *self, coax_call call, const interop_interop_empty_request *request)
{
    (void)self;
    (void)request;
    host_greet(call);
    interop_interop_empty_response reply = { 0 };
    (void)interop_interop_empty_reply(call, &reply);
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
    if (request->wait_ms != 0) {
        (void)coax_call_on_cancel(call, on_left, h);
        return;
    }
    if (!chunk_is_right(&came, 0))
        (void)interop_interop_unary_throw_bad_chunk(call, &bad);
    else if (request->ending != NULL)
        host_fail(call, request->ending);
    else
        (void)interop_interop_unary_reply(call, &reply);
    host_end(h);
}

static void on_urgent(void *self, coax_call call, const interop_interop_urgent_request *request)
{
    (void)self;
    interop_interop_urgent_response reply = { .number = request->number };
    (void)interop_interop_urgent_reply(call, &reply);
}

static void on_patient(void *self, coax_call call, const interop_unary *request)
{
    (void)self;
    interop_chunk reply = chunk_make(0, request->reply_len);
    (void)interop_interop_patient_reply(call, &reply);
}

/* A body of one byte asks for a reply that is too large. */
static void on_small(void *self, coax_call call, const interop_interop_small_request *request)
{
    (void)self;
    interop_interop_small_response reply = { .body = request->body };
    if (request->body.len == 1)
        reply.body = chunk_make(0, 4096).body;
    (void)interop_interop_small_reply(call, &reply);
}

static void on_seen(void *self, coax_call call, const interop_interop_seen_request *request)
{
    host *h = self;
    (void)request;
    uv_mutex_lock(&h->mutex);
    interop_seen reply = { .n_begun = h->n_begun,
                           .n_cancelled = h->n_cancelled,
                           .n_timed_out = h->n_timed_out,
                           .n_lost = h->n_lost,
                           .n_chunks = h->n_chunks,
                           .n_bytes = h->n_bytes,
                           .n_open = h->n_open };
    uv_mutex_unlock(&h->mutex);
    (void)interop_interop_seen_reply(call, &reply);
}

static void on_note(void *self, coax_call call, const interop_interop_note_request *request)
{
    host *h = self;
    (void)call;
    uv_mutex_lock(&h->mutex);
    h->last_note = request->number;
    h->n_notes++;
    uv_cond_broadcast(&h->changed);
    uv_mutex_unlock(&h->mutex);
}

static void on_hang_up(void *self, coax_call call, const interop_interop_hang_up_request *request)
{
    char words[201];
    (void)self;
    memcpy(words, request->words.data, request->words.len);
    words[request->words.len] = '\0';
    (void)coax_peer_close(coax_call_peer(call), COAX_ERR_ABORTED, words);
}

static void fill(interop_interop_handlers *handlers)
{
    memset(handlers, 0, sizeof *handlers);
    handlers->empty = on_empty;
    handlers->unary = on_unary;
    handlers->urgent = on_urgent;
    handlers->patient = on_patient;
    handlers->small_ = on_small;
    handlers->seen = on_seen;
    handlers->note = on_note;
    handlers->hang_up = on_hang_up;
    host_fill_flows(handlers);
    host_fill_turn(handlers);
}

coax_err host_serve(host *h, coax_server *server, bool has_workers)
{
    interop_interop_handlers handlers;
    fill(&handlers);
    h->server = server;
    coax_err rc = interop_interop_serve(server, &handlers, h);
    if (rc == COAX_OK && has_workers)
        rc = host_serve_worked(h, server);
    if (rc == COAX_OK)
        rc = host_serve_news(h, server);
    return rc;
}

coax_err host_serve_client(coax_client *client, void *self)
{
    interop_interop_handlers handlers;
    fill(&handlers);
    return interop_interop_serve_client(client, &handlers, self);
}
