/*
 * Calls that this side started: found by their id on the wire, and ended once.
 *
 * cx_call_out_complete() is the only way out, whether an answer came, the deadline passed, the user cancelled
 * or the connection ended. It retires the call before it calls out, so nothing that the callback
 * does can meet the call again.
 *
 * A call's id is its slot's index, so that finding it is an array access, with some bits of the
 * slot's generation. Calls that end without an answer let their slot rest, so that a late answer
 * never meets a younger call. Read next: call_in.c.
 */
#include <stdio.h>
#include <string.h>

#include "coax/status.h"
#include "link/words.h"
#include "rpc/stream.h"

#define INDEX_BITS 20u
#define INDEX_MASK ((1u << INDEX_BITS) - 1u)
#define GENERATION_MASK 0x7ffu

uint32_t cx_call_out_wire_id(const cx_call_out *call)
{
    uint32_t role = call->endpoint->config->role == CX_ROLE_SERVER ? CX_CALL_ROLE_BIT : 0;
    /* One more than the index, because zero is not a call. */
    return role | (call->slot.generation & GENERATION_MASK) << INDEX_BITS | (call->slot.index + 1);
}

coax_call cx_call_out_handle(const cx_call_out *call)
{
    coax_call handle = { .loop = cx_core_loop(call->endpoint->core),
                         .index = call->slot.index,
                         .generation = call->slot.generation };
    return handle;
}

cx_call_out *cx_call_out_find(cx_endpoint *endpoint, uint32_t wire_id)
{
    cx_call_out *call = cx_slots_at(&endpoint->core->calls_out, (wire_id & INDEX_MASK) - 1);
    if (call == NULL || !call->slot.is_taken || call->endpoint != endpoint || call->is_cancelled ||
        cx_call_out_wire_id(call) != wire_id)
        return NULL;
    if (COAX_UNLIKELY(call->stream != NULL && call->stream->has_result))
        return NULL; /* the peer has ended it; its last word waits behind items */
    return call;
}

COAX_COLD static cx_watched watched(const cx_call_out *call)
{
    return (cx_watched){ .endpoint = call->endpoint,
                         .method = call->method,
                         .method_id = call->method->id,
                         .call = cx_call_out_handle(call) };
}

COAX_COLD static void end_stream(cx_call_out *call, bool is_answered)
{
    if (is_answered)
        cx_stream_stop_sending(call->stream);
    cx_stream_free(call->stream);
    call->stream = NULL;
}

/* Ends a call: the only place that runs its callback. `result` may point into result->memory. */
void cx_call_out_complete(cx_call_out *call, const coax_result *result, bool is_answered)
{
    cx_endpoint *endpoint = call->endpoint;
    cx_core *core = endpoint->core;
    coax_gen_done_fn done = call->done;
    coax_gen_any_fn user_fn = call->user_fn;
    void *self = call->self;
    cx_watch *watch = call->watch;
    cx_watched what;
    if (COAX_UNLIKELY(watch != NULL))
        what = watched(call);
    coax_result with_head;
    if (COAX_UNLIKELY(call->came_first != NULL)) {
        with_head = *result;
        cx_call_out_give_head(call, &with_head);
        result = &with_head;
    }

    cx_core_undefer(core, &call->work);
    cx_wheel_cancel(&core->host.wheel, &call->timer);
    cx_list_remove(&call->links);
    cx_list_remove(&call->siblings);
    if (COAX_UNLIKELY(call->parked != NULL))
        cx_unpark(call);
    if (COAX_UNLIKELY(endpoint->lot != NULL))
        cx_lot_continue(endpoint->lot);
    endpoint->n_calls -= !call->is_cancelled;
    if (COAX_UNLIKELY(call->stream != NULL))
        end_stream(call, is_answered);
    cx_stats_end(call->row, result->err, core->now - call->started_ns);
    if (is_answered)
        cx_slots_give(&core->calls_out, call);
    else
        cx_slots_retire(&core->calls_out, call);
    cx_drain_look(endpoint);
    if (COAX_UNLIKELY(watch != NULL))
        cx_watch_end(watch, &what, result->err, &result->status);
    done(self, user_fn, result);
    cx_memory_give(result->memory);
}

/*
 * A local end. The words are copied to memory of their own, because a kept result outlives the
 * connection.
 */
static coax_result local_result(cx_call_out *call, coax_err code, const char *words)
{
    coax_result result = { .err = code,
                           .status = { .code = code, .message = coax_err_meaning(code) } };
    if (words == NULL)
        return result;
    size_t size = strlen(words) + 1;
    coax_memory *memory = cx_memory_take(call->endpoint->core->memory, NULL, size + 1024);
    char *copy = memory != NULL ? coax_arena_take(cx_memory_arena(memory), size, 1) : NULL;
    if (copy != NULL) {
        memcpy(copy, words, size);
        result.status.message = copy;
    }
    result.memory = memory;
    return result;
}

void cx_call_out_end(cx_call_out *call, coax_err code, const char *words)
{
    coax_result result = local_result(call, code, words);
    cx_call_out_complete(call, &result, false);
}

void cx_call_out_tell(cx_call_out *call, coax_err code)
{
    if (call->parked != NULL)
        return;
    cx_link *link = &call->endpoint->link;
    uint32_t id = cx_call_out_wire_id(call);
    const cx_frame frame = { .type = CX_FRAME_CANCEL, .call = id, .aux = (uint16_t)code };
    if (!cx_link_forget(link, id))
        (void)!cx_link_send_empty(link, &frame, NULL); /* a peer that isn't told answers in vain */
}

void cx_call_out_on_due(cx_timer *timer, uint64_t now)
{
    (void)now;
    cx_call_out *call = CX_CONTAINER(timer, cx_call_out, timer);
    cx_call_out_tell(call, COAX_ERR_DEADLINE_EXCEEDED);
    cx_call_out_end(call, COAX_ERR_DEADLINE_EXCEEDED,
                    call->parked != NULL ? "there was no connection before the deadline" : NULL);
}

void cx_call_out_on_cancelled(cx_work *work)
{
    cx_call_out *call = CX_CONTAINER(work, cx_call_out, work);
    cx_call_out_end(call, call->ending, NULL);
}

/* An answer that can't be used ends the call all the same, with words about the peer. */
static void complete_bad(cx_call_out *call, coax_memory *memory, coax_err err, const char *words)
{
    cx_endpoint *endpoint = call->endpoint;
    const char *name = call->method->name;
    char text[COAX_ERROR_TEXT_MAX];
    if (err == COAX_ERR_TOO_LARGE)
        snprintf(text, sizeof text, "the answer of %s decodes to more than max_decoded (%u bytes)",
                 name, endpoint->config->limits.max_decoded);
    else
        snprintf(text, sizeof text, "the answer of %s: %.*s", name, COAX_ERROR_TEXT_MAX / 2, words);
    coax_err code = err == COAX_ERR_TOO_LARGE   ? COAX_ERR_RESOURCE_EXHAUSTED
                    : err == COAX_ERR_NO_MEMORY ? COAX_ERR_NO_MEMORY
                                                : COAX_ERR_INTERNAL;
    cx_memory_give(memory);
    coax_result result = local_result(call, code, text);
    cx_endpoint_report(endpoint, code, "%s", text);
    cx_call_out_complete(call, &result, true);
}

void cx_call_out_reply(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message)
{
    cx_call_out *call = cx_call_out_find(endpoint, frame->call);
    if (call == NULL)
        return;
    if (COAX_UNLIKELY(call->method->response == NULL || call->method->response_item != NULL)) {
        complete_bad(call, NULL, COAX_ERR_BAD_MESSAGE, "it is a reply, and should be a stream");
        return;
    }
    uint32_t max_reply = call->method->max_reply;
    if (COAX_UNLIKELY(max_reply != 0 && message->len > max_reply)) {
        complete_bad(call, NULL, COAX_ERR_BAD_MESSAGE, "it is longer than its @max_reply");
        return;
    }
    cx_stats_replied(call->row, message->len);
    cx_watch_replied(call->watch, message->len);
    coax_memory *memory =
        cx_memory_take(endpoint->core->memory, message, endpoint->config->limits.max_decoded);
    if (COAX_UNLIKELY(memory == NULL)) {
        complete_bad(call, NULL, COAX_ERR_NO_MEMORY, "no memory for it");
        return;
    }
    coax_error why;
    void *reply = cx_memory_decode(memory, call->method->response,
                                   (coax_bytes){ message->data, message->len }, &why);
    if (COAX_UNLIKELY(reply == NULL)) {
        complete_bad(call, memory, why.code, why.text);
        return;
    }
    coax_result result = { .err = COAX_OK,
                           .status = { .code = COAX_OK, .message = "" },
                           .memory = memory,
                           .reply = reply };
    if (COAX_UNLIKELY(message->metadata.data != NULL) &&
        cx_call_out_take_trailer(call, message, &result, &why) != COAX_OK) {
        complete_bad(call, memory, why.code, why.text);
        return;
    }
    cx_call_out_complete(call, &result, true);
}

/*
 * Finds the typed error among those the method may throw. One that this schema doesn't know stays
 * encoded in the details.
 */
static void decode_typed(const coax_method *method, coax_result *result)
{
    const coax_status *status = &result->status;
    for (uint32_t i = 0; i < method->n_errors; i++) {
        const coax_type *type = method->errors[i];
        if (status->error_id == 0 || type->error_id != status->error_id ||
            status->details.data == NULL)
            continue;
        coax_error why;
        result->error = cx_memory_decode(result->memory, type, status->details, &why);
        if (result->error != NULL)
            result->error_index = i + 1;
        return;
    }
}

void cx_call_out_error(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message)
{
    cx_call_out *call = cx_call_out_find(endpoint, frame->call);
    if (call == NULL)
        return;
    coax_memory *memory =
        cx_memory_take(endpoint->core->memory, message, endpoint->config->limits.max_decoded);
    if (memory == NULL) {
        complete_bad(call, NULL, COAX_ERR_NO_MEMORY, "no memory for it");
        return;
    }
    coax_error why;
    const cx_control_status *status = cx_memory_decode(
        memory, &cx_control_status_type, (coax_bytes){ message->data, message->len }, &why);
    if (status == NULL) {
        complete_bad(call, memory, why.code, why.text);
        return;
    }
    char *text = coax_arena_take(cx_memory_arena(memory), status->message.len + 1, 1);
    if (text == NULL) {
        complete_bad(call, memory, COAX_ERR_NO_MEMORY, "no memory for it");
        return;
    }
    cx_words_print(text, status->message.data, status->message.len, CX_WORDS_TEXT);
    /* A code that no version assigned yet is at least no success. */
    coax_err code =
        frame->aux <= COAX_ERR_UNAUTHENTICATED ? (coax_err)frame->aux : COAX_ERR_UNKNOWN;
    coax_result result = { .err = code,
                           .status = { .code = code,
                                       .message = text,
                                       .error_id = status->error_id,
                                       .details = { status->details.data, status->details.len },
                                       .retry_after_ms = status->retry_after_ms },
                           .memory = memory };
    if (COAX_UNLIKELY(message->metadata.data != NULL) &&
        cx_call_out_take_trailer(call, message, &result, &why) != COAX_OK) {
        complete_bad(call, memory, why.code, why.text);
        return;
    }
    decode_typed(call->method, &result);
    if (cx_stream_puts_off(call->stream, &result))
        return;
    cx_call_out_complete(call, &result, true);
}
