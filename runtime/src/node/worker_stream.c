/*
 * Streams and metadata of worker calls: items both ways between the handler, which waits, and the loop, which does not.
 *
 * Outward the handler runs ahead of the credit by at most a window, then it waits. Inward the stream is paused until the
 * handler takes: what waits until then is kept encoded, and counts for max_held, whether the call has a thread yet or not. For a
 * handler that takes, the loop decodes some items ahead, at most a window of memory and one more; so what is decoded is bounded
 * by the threads of the pool. Read next: worker_home.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/env_system.h"
#include "node/workers.h"
#include "rpc/metadata.h"
#include "rpc/stream.h"

/* The handler is given more when it has this many left. */
#define FEW 8u

static void lock(cx_worker_call *call)
{
    uv_mutex_lock(&call->loop->desk->mutex);
}

static void unlock(cx_worker_call *call)
{
    uv_mutex_unlock(&call->loop->desk->mutex);
}

/* What the handler said is wrong, for on_error. It goes on. */
static void report(cx_worker_call *call, const char *words)
{
    cx_record record = { .kind = CX_RECORD_REPORT };
    coax_err err = cx_worker_draft_words(call, words, &record.len);
    if (err == COAX_OK)
        err = cx_worker_put(call, &record, CX_PUT);
    (void)err; /* then nobody hears of it */
}

coax_err cx_worker_push(coax_call handle, const coax_method *method, const void *item)
{
    coax_err err;
    cx_worker_call *call = cx_worker_find(handle, method, &err);
    if (call == NULL)
        return err;
    if (method->response_item == NULL || item == NULL)
        return COAX_ERR_MISUSE;
    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (COAX_UNLIKELY(!method->response_item->check(item, &violations))) {
        report(call, violations.items[0].text);
        return COAX_ERR_INVALID_ARGUMENT;
    }
    cx_record record = { .kind = CX_RECORD_ITEM };
    err = cx_worker_draft(call, method->response_item, item, method->max_reply, &record);
    call->has_begun = true;
    return err == COAX_OK ? cx_worker_put(call, &record, CX_PUT_WAITS) : err;
}

coax_err cx_worker_end(coax_call handle)
{
    coax_err err;
    cx_worker_call *call = cx_worker_find(handle, NULL, &err);
    if (call == NULL)
        return err;
    uint8_t kind = call->job.row->method->kind;
    if (kind != COAX_METHOD_SERVER_STREAM && kind != COAX_METHOD_BIDI_STREAM)
        return COAX_ERR_MISUSE;
    cx_record record = { .kind = CX_RECORD_END };
    err = cx_worker_draft_words(call, "", &record.len);
    return err == COAX_OK ? cx_worker_put(call, &record, CX_PUT_LAST) : err;
}

/* The handler has nothing left, and wants more. Under the mutex, which is let go meanwhile. */
static void ask_for_more(cx_worker_call *call)
{
    if (call->n_items > 0 || !call->is_paused || call->is_gone)
        return;
    call->is_paused = false;
    call->wants_resume = true;
    cx_worker_unlock_and_post(call);
    lock(call);
}

/* Waits for an item. Under the mutex. */
static bool take_one(cx_worker_call *call, cx_kept_item *ret)
{
    call->is_waiting = true;
    while (!call->is_gone && call->n_items == 0 && !call->peer_ended)
        uv_cond_wait(&call->changed, &call->loop->desk->mutex);
    call->is_waiting = false;
    if (call->is_gone || call->n_items == 0)
        return false;
    *ret = call->items[call->first_item];
    call->first_item = (call->first_item + 1) % CX_WORKER_ITEMS;
    call->n_items--;
    call->item_bytes -= cx_memory_size(ret->memory);
    return true;
}

bool cx_worker_take(coax_call handle, const coax_method *method, const void **ret_item)
{
    coax_err err;
    cx_kept_item taken;
    cx_worker_call *call = cx_worker_find(handle, method, &err);
    if (call == NULL || method->request_item == NULL)
        return false;
    coax_memory_unref(call->in_hand);
    call->in_hand = NULL;
    lock(call);
    ask_for_more(call);
    if (!take_one(call, &taken)) {
        unlock(call);
        return false;
    }
    bool resumes = call->is_paused && call->n_items <= FEW;
    if (resumes) {
        call->is_paused = false;
        call->wants_resume = true;
        cx_worker_unlock_and_post(call);
    } else {
        unlock(call);
    }
    call->in_hand = taken.memory;
    *ret_item = taken.item;
    return true;
}

/* On the loop: one more for the handler. */
static void on_item(void *self, coax_gen_any_fn user_fn, coax_call on_loop, const void *item)
{
    cx_worker_call *call = self;
    coax_memory *memory = coax_memory_ref(cx_stream_item_memory(on_loop));
    (void)user_fn;
    lock(call);
    uint32_t at = (call->first_item + call->n_items) % CX_WORKER_ITEMS;
    call->items[at] = (cx_kept_item){ item, memory };
    call->n_items++;
    call->item_bytes += cx_memory_size(memory);
    bool is_full = call->n_items == CX_WORKER_ITEMS || call->item_bytes >= call->job.window;
    call->is_paused = is_full;
    if (call->is_waiting)
        uv_cond_signal(&call->changed);
    unlock(call);
    if (is_full)
        (void)coax_call_pause(on_loop);
}

static void on_end(void *self, coax_call on_loop)
{
    cx_worker_call *call = self;
    (void)on_loop;
    lock(call);
    call->peer_ended = true;
    if (call->is_waiting)
        uv_cond_signal(&call->changed);
    unlock(call);
}

/* It only has to be there: on_item knows what to do. */
static void no_function(void)
{
}

coax_err cx_worker_open_stream(cx_worker_call *call, coax_call_fn on_room)
{
    const coax_method *method = call->job.row->method;
    coax_err rc = COAX_OK;
    if (method->request_item != NULL)
        rc = coax_gen_receive(call->job.call, method, on_item, no_function, on_end, call);
    if (rc == COAX_OK && method->request_item != NULL) {
        rc = coax_call_pause(call->job.call);
        call->is_paused = true; /* no other thread knows the call yet */
    }
    if (rc == COAX_OK && method->response_item != NULL)
        rc = coax_call_on_writable(call->job.call, on_room, call);
    return rc;
}

void cx_worker_drop_items(cx_worker_call *call)
{
    coax_memory_unref(call->in_hand);
    call->in_hand = NULL;
    for (; call->n_items > 0; call->n_items--) {
        coax_memory_unref(call->items[call->first_item].memory);
        call->first_item = (call->first_item + 1) % CX_WORKER_ITEMS;
    }
    call->item_bytes = 0;
}

/* How long it is on the wire; the pools of the loop are not ours, so a pool of its own. */
static coax_err measure(const coax_metadata *metadata, cx_metadata_part part, size_t most,
                        size_t *ret_len)
{
    cx_host host;
    cx_encoded encoded;
    memset(&host, 0, sizeof host);
    host.env = cx_env_system();
    cx_pool_init(&host.pool, &host.env->allocator);
    coax_err err = cx_metadata_encode(&host, metadata, part, most, &encoded, NULL);
    if (err == COAX_OK) {
        *ret_len = encoded.len;
        cx_encoded_free(&host, &encoded);
    }
    cx_pool_deinit(&host.pool);
    return err;
}

/* Pairs behind one another: two lengths, then the bytes. */
static uint8_t *put_str(uint8_t *at, coax_str text)
{
    memcpy(at, &text.len, sizeof text.len);
    if (text.len > 0)
        memcpy(at + sizeof text.len, text.data, text.len);
    return at + sizeof text.len + text.len;
}

static coax_err draft_pairs(cx_worker_call *call, const coax_metadata *metadata, size_t *ret_len)
{
    size_t len = sizeof metadata->count;
    for (size_t i = 0; i < metadata->count; i++)
        len += 2 * sizeof(size_t) + metadata->items[i].name.len + metadata->items[i].value.len;
    uint8_t *at = cx_worker_draft_room(call, len);
    if (at == NULL)
        return COAX_ERR_NO_MEMORY;
    memcpy(at, &metadata->count, sizeof metadata->count);
    at += sizeof metadata->count;
    for (size_t i = 0; i < metadata->count; i++)
        at = put_str(put_str(at, metadata->items[i].name), metadata->items[i].value);
    *ret_len = len;
    return COAX_OK;
}

static coax_err say(cx_worker_call *call, cx_record_kind kind, const coax_metadata *metadata)
{
    cx_record record = { .kind = kind };
    coax_err err = draft_pairs(call, metadata, &record.len);
    return err == COAX_OK ? cx_worker_put(call, &record, CX_PUT) : err;
}

coax_err cx_worker_send_metadata(coax_call handle, const coax_metadata *metadata)
{
    coax_err err;
    size_t len = 0;
    cx_worker_call *call = cx_worker_find(handle, NULL, &err);
    if (call == NULL)
        return err;
    if (call->has_begun)
        return COAX_ERR_MISUSE;
    err = measure(metadata, CX_METADATA_INITIAL, call->job.max_metadata - call->trailer_len, &len);
    if (err == COAX_OK && len > 0)
        err = say(call, CX_RECORD_METADATA, metadata);
    if (err == COAX_OK && len > 0) {
        call->has_begun = true;
        call->initial_len = len;
    }
    return err;
}

coax_err cx_worker_set_trailer(coax_call handle, const coax_metadata *metadata)
{
    coax_err err;
    size_t len = 0;
    cx_worker_call *call = cx_worker_find(handle, NULL, &err);
    if (call == NULL)
        return err;
    err = measure(metadata, CX_METADATA_TRAILING, call->job.max_metadata - call->initial_len, &len);
    if (err == COAX_OK)
        err = say(call, CX_RECORD_TRAILER, metadata);
    if (err == COAX_OK)
        call->trailer_len = len;
    return err;
}

static const uint8_t *get_str(const uint8_t *at, coax_str *ret)
{
    memcpy(&ret->len, at, sizeof ret->len);
    ret->data = (const char *)at + sizeof ret->len;
    return at + sizeof ret->len + ret->len;
}

coax_err cx_worker_speak(coax_call on_loop, cx_record_kind kind, const uint8_t *at)
{
    coax_metadata metadata;
    memcpy(&metadata.count, at, sizeof metadata.count);
    at += sizeof metadata.count;
    coax_metadata_pair *pairs = calloc(metadata.count + 1, sizeof *pairs);
    if (pairs == NULL)
        return COAX_ERR_NO_MEMORY;
    for (size_t i = 0; i < metadata.count; i++)
        at = get_str(get_str(at, &pairs[i].name), &pairs[i].value);
    metadata.items = pairs;
    coax_err err = kind == CX_RECORD_METADATA ? coax_call_send_metadata(on_loop, &metadata)
                                              : coax_call_set_trailer(on_loop, &metadata);
    free(pairs);
    return err;
}
