/*
 * A waiting thread's stream as the loop sees it: the call's callbacks, and what is done on the thread's behalf.
 *
 * Everything here but the counting of owners runs on the loop's thread. Read next: wait_stream.c.
 */
#include <stdlib.h>
#include <string.h>

#include "node/client.h"
#include "node/options.h"
#include "node/stream.h"
#include "rpc/stream.h"

static void free_stream(coax_stream *stream)
{
    for (; stream->n_ready > 0; stream->n_ready--) {
        coax_memory_unref(stream->ready[stream->first].memory);
        stream->first = (stream->first + 1) % stream->max_ready;
    }
    free(stream->ready);
    coax_memory_unref(stream->in_hand);
    coax_memory_unref(stream->result.memory);
    free(stream);
}

void cx_stream_hold(coax_stream *stream)
{
    (void)atomic_fetch_add(&stream->n_owners, 1);
}

void cx_stream_let_go(coax_stream *stream)
{
    if (atomic_fetch_sub(&stream->n_owners, 1) == 1)
        free_stream(stream);
}

/* Under the mutex. */
static void wake(coax_stream *stream)
{
    stream->is_woken = true;
    if (stream->loop->shared.n_waiting > 0)
        uv_cond_broadcast(&stream->loop->shared.changed);
}

bool cx_stream_has_room(const coax_stream *stream)
{
    return stream->n_ready <= CX_STREAM_ITEMS / 2 && stream->ready_bytes <= CX_STREAM_BYTES / 2;
}

/* The call's callbacks. */

/* Room for one more. Under the mutex. */
static bool make_room(coax_stream *stream)
{
    if (stream->n_ready < stream->max_ready)
        return true;
    if (stream->max_ready > UINT32_MAX / 2 / sizeof *stream->ready)
        return false;
    cx_ready_item *larger = malloc(2 * stream->max_ready * sizeof *larger);
    if (larger == NULL)
        return false;
    for (uint32_t i = 0; i < stream->n_ready; i++)
        larger[i] = stream->ready[(stream->first + i) % stream->max_ready];
    free(stream->ready);
    stream->ready = larger;
    stream->max_ready *= 2;
    stream->first = 0;
    return true;
}

static void on_item(void *self, coax_gen_any_fn user_fn, coax_call call, const void *item)
{
    coax_stream *stream = self;
    (void)user_fn;
    coax_memory *memory = coax_memory_ref(cx_stream_item_memory(call));
    const size_t size = cx_memory_size(memory);
    uv_mutex_lock(&stream->loop->shared.mutex);
    if (!make_room(stream)) {
        uv_mutex_unlock(&stream->loop->shared.mutex);
        coax_memory_unref(memory);
        (void)coax_call_cancel(call); /* an item was lost, so the stream does not end well */
        return;
    }
    const uint32_t last = (stream->first + stream->n_ready++) % stream->max_ready;
    stream->ready[last] = (cx_ready_item){ memory, item, size };
    stream->ready_bytes += size;
    stream->is_paused =
        stream->n_ready >= CX_STREAM_ITEMS || stream->ready_bytes >= CX_STREAM_BYTES;
    const bool is_paused = stream->is_paused;
    wake(stream);
    uv_mutex_unlock(&stream->loop->shared.mutex);
    if (is_paused)
        (void)coax_call_pause(call);
}

static void on_writable(void *self, coax_call call)
{
    coax_stream *stream = self;
    (void)call;
    uv_mutex_lock(&stream->loop->shared.mutex);
    stream->is_writable = true;
    wake(stream);
    uv_mutex_unlock(&stream->loop->shared.mutex);
}

static void on_end(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    coax_stream *stream = self;
    (void)user_fn;
    (void)coax_memory_ref(result->memory);
    coax_loop *loop = stream->loop;
    uv_mutex_lock(&loop->shared.mutex);
    stream->result = *result;
    wake(stream);
    atomic_store(&stream->is_over, true);
    uv_mutex_unlock(&loop->shared.mutex);
    cx_stream_let_go(stream);
}

/* Stands where the user's typed functions would. */
static void unused(void)
{
}

static const coax_gen_stream_glue glue = { on_item, on_end };
static const coax_gen_stream_fns fns = { unused, on_writable, unused };

/* Errands. */

static coax_err open_now(coax_stream *stream)
{
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    const coax_call_options *given = stream->options;
    coax_err rc = COAX_OK;
    if (given != NULL && given->size != 0)
        rc = cx_options_take(&options, sizeof options, given, &error);
    else if (given != NULL)
        options = *given;
    options.size = sizeof options;
    coax_error *user_error = options.error;
    options.error = &error;
    cx_stream_hold(stream);
    if (rc == COAX_OK)
        rc = coax_gen_stream(stream->client, stream->method, stream->message, &options, &glue, &fns,
                             stream, &stream->call);
    if (rc == COAX_OK)
        return rc;
    error.code = rc;
    if (user_error != NULL)
        *user_error = error;
    cx_stream_let_go(stream);
    return rc;
}

/* An end that waits behind items which nobody has read yet is known all the same. */
static coax_err put_now(coax_stream *stream)
{
    uv_mutex_lock(&stream->loop->shared.mutex);
    stream->is_writable = false;
    uv_mutex_unlock(&stream->loop->shared.mutex);
    coax_err err = coax_gen_item(stream->call, stream->method, stream->message);
    const cx_stream_part *part = err == COAX_ERR_STALE ? cx_stream_find(stream->call) : NULL;
    if (part == NULL || !part->has_result)
        return err;
    return part->result.err != COAX_OK ? part->result.err : COAX_ERR_CLOSED;
}

static coax_stream *stream_of(cx_errand *errand)
{
    return CX_CONTAINER(errand, coax_stream, errand);
}

static void run_errand(cx_errand *errand)
{
    coax_stream *stream = stream_of(errand);
    switch (stream->op) {
    case CX_STREAM_OPEN: stream->outcome = open_now(stream); break;
    case CX_STREAM_PUT: stream->outcome = put_now(stream); break;
    case CX_STREAM_END: stream->outcome = coax_call_end(stream->call); break;
    }
}

static void hold_errand(cx_errand *errand)
{
    coax_stream *stream = stream_of(errand);
    cx_stream_hold(stream);
    if (stream->op == CX_STREAM_OPEN)
        cx_client_posted(stream->client);
}

static void let_errand_go(cx_errand *errand)
{
    coax_stream *stream = stream_of(errand);
    if (stream->op == CX_STREAM_OPEN && errand->is_started)
        cx_client_seen(stream->client);
    cx_stream_let_go(stream);
}

/* The reader has caught up; or it wants to know whether anybody runs the loop. */
static void run_nudge(cx_post *post)
{
    coax_stream *stream = CX_CONTAINER(post, coax_stream, nudge);
    uv_mutex_lock(&stream->loop->shared.mutex);
    stream->is_nudged = false;
    const bool resumes = stream->is_paused && cx_stream_has_room(stream);
    if (resumes)
        stream->is_paused = false;
    uv_mutex_unlock(&stream->loop->shared.mutex);
    if (resumes)
        (void)coax_call_resume(stream->call);
    cx_stream_let_go(stream);
}

static void run_cancel(cx_post *post)
{
    coax_stream *stream = CX_CONTAINER(post, coax_stream, cancel);
    (void)coax_call_cancel(stream->call);
    cx_stream_let_go(stream);
}

coax_stream *cx_stream_create(coax_client *client)
{
    coax_stream *stream =
        calloc(1, sizeof *stream); /* the loop's allocator is the loop's thread's */
    if (stream == NULL)
        return NULL;
    stream->ready = malloc(CX_STREAM_ITEMS * sizeof *stream->ready);
    if (stream->ready == NULL) {
        free(stream);
        return NULL;
    }
    stream->max_ready = CX_STREAM_ITEMS;
    stream->loop = client->loop;
    stream->client = client;
    stream->patience_ms = client->config.call_timeout_ms;
    atomic_init(&stream->n_owners, 1);
    atomic_init(&stream->is_over, false);
    stream->errand.loop = client->loop;
    stream->errand.run = run_errand;
    stream->errand.hold = hold_errand;
    stream->errand.let_go = let_errand_go;
    stream->nudge.run = run_nudge;
    stream->cancel.run = run_cancel;
    return stream;
}
