/*
 * The metadata of calls: what goes in front of messages, and what came with them, for both kinds of call.
 *
 * A handler's initial metadata leaves at once in a frame of its own (HEAD); its trailing metadata is kept encoded and
 * goes with whatever ends the call, whoever ends it. At the caller HEAD's is kept until the result takes it over.
 * Read next: metadata.c, answer.c, call_out.c.
 */
#include "rpc/metadata.h"
#include "rpc/worker.h"

/* What HEAD brought, in the memory that the result will own as well. */
struct cx_came_first {
    coax_memory *memory;
    size_t len; /* as it came */
    coax_metadata initial;
};

static const coax_metadata none = { NULL, 0 };

uint8_t cx_method_urgency(const coax_method *method)
{
    if ((method->flags & COAX_METHOD_PRIORITY_HIGH) != 0)
        return COAX_PRIORITY_HIGH;
    return (method->flags & COAX_METHOD_PRIORITY_LOW) != 0 ? COAX_PRIORITY_LOW
                                                           : COAX_PRIORITY_DEFAULT;
}

cx_head cx_call_in_full_head(const cx_call_in *call)
{
    return (cx_head){ .metadata = cx_encoded_bytes(&call->trailer),
                      .priority = cx_method_priority(call->method),
                      .is_ordered = call->has_begun || call->stream != NULL };
}

/* The call, if its handler may say something more about it. */
static coax_err find_speaking(coax_call handle, cx_call_in **ret)
{
    if (!coax_call_is_live(handle))
        return COAX_ERR_STALE;
    *ret = cx_handle_in(handle);
    return *ret == NULL || (*ret)->is_oneway ? COAX_ERR_MISUSE : COAX_OK;
}

/* How much of max_metadata the other part of this side's metadata leaves. */
static size_t left_for(const cx_call_in *call, size_t other)
{
    return call->endpoint->config->limits.max_metadata - other;
}

coax_err coax_call_send_metadata(coax_call handle, const coax_metadata *metadata)
{
    cx_call_in *call;
    if (cx_is_worker(handle))
        return cx_workers_of(handle)->send_metadata(handle, metadata);
    coax_err err = find_speaking(handle, &call);
    if (err != COAX_OK)
        return err;
    if (call->has_begun)
        return COAX_ERR_MISUSE;
    cx_encoded encoded;
    cx_link *link = &call->endpoint->link;
    cx_host *host = &call->endpoint->core->host;
    err = cx_metadata_encode(host, metadata, CX_METADATA_INITIAL, left_for(call, call->trailer.len),
                             &encoded, NULL);
    if (err != COAX_OK || encoded.data == NULL)
        return err;
    const cx_frame frame = { .type = CX_FRAME_HEAD, .call = call->wire_id };
    const cx_head head = { .metadata = cx_encoded_bytes(&encoded),
                           .priority = cx_method_priority(call->method) };
    cx_sending sending;
    err = cx_link_begin(link, &frame, &head, &sending);
    if (err == COAX_OK)
        err = cx_link_commit(&sending);
    if (err == COAX_OK) {
        call->has_begun = true;
        call->initial_len = (uint32_t)encoded.len;
    }
    cx_encoded_free(host, &encoded);
    return err == COAX_ERR_CLOSED ? COAX_ERR_STALE : err;
}

coax_err coax_call_set_trailer(coax_call handle, const coax_metadata *metadata)
{
    cx_call_in *call;
    if (cx_is_worker(handle))
        return cx_workers_of(handle)->set_trailer(handle, metadata);
    coax_err err = find_speaking(handle, &call);
    if (err != COAX_OK)
        return err;
    cx_encoded encoded;
    cx_host *host = &call->endpoint->core->host;
    err = cx_metadata_encode(host, metadata, CX_METADATA_TRAILING,
                             left_for(call, call->initial_len), &encoded, NULL);
    if (err != COAX_OK)
        return err;
    cx_encoded_free(host, &call->trailer);
    call->trailer = encoded;
    return COAX_OK;
}

const coax_metadata *coax_call_metadata(coax_call handle)
{
    cx_worker_view view;
    if (cx_is_worker(handle))
        return cx_workers_of(handle)->view(handle, &view) ? view.metadata : &none;
    const cx_call_in *in = cx_handle_in(handle);
    if (in != NULL)
        return in->state != CX_CALL_ENDED && in->metadata != NULL ? in->metadata : &none;
    const cx_call_out *out = cx_handle_out(handle);
    return out != NULL && out->came_first != NULL ? &out->came_first->initial : &none;
}

/* Decodes what HEAD brought into memory of its own. */
static coax_err take_first(cx_call_out *call, coax_bytes encoded, coax_error *why)
{
    size_t limit = call->endpoint->config->limits.max_decoded + cx_metadata_room(encoded.len);
    coax_memory *memory = cx_memory_take(call->endpoint->core->memory, NULL, limit);
    cx_came_first *came =
        memory != NULL ? coax_arena_take(cx_memory_arena(memory), sizeof *came, 8) : NULL;
    coax_err err = COAX_ERR_NO_MEMORY;
    if (came == NULL)
        (void)coax_error_set(why, err, "no memory for the metadata");
    else
        err = cx_metadata_decode(encoded, CX_METADATA_INITIAL, cx_memory_arena(memory),
                                 &came->initial, why);
    if (err != COAX_OK) {
        cx_memory_give(memory);
        return err;
    }
    came->memory = memory;
    came->len = encoded.len;
    call->came_first = came;
    return COAX_OK;
}

void cx_call_out_head(cx_endpoint *endpoint, const cx_frame *frame, const cx_message *message)
{
    cx_call_out *call = cx_call_out_find(endpoint, frame->call);
    coax_error why;
    if (call == NULL)
        return;
    coax_err err = COAX_OK;
    if (call->came_first != NULL)
        err = coax_error_set(&why, COAX_ERR_INVALID_ARGUMENT, "a second HEAD");
    else
        err = take_first(call, message->metadata, &why);
    if (err == COAX_OK)
        return;
    coax_error words;
    coax_err code = err == COAX_ERR_NO_MEMORY ? err : COAX_ERR_INTERNAL;
    (void)coax_error_set(&words, code, "the answer of %s: %s", call->method->name, why.text);
    cx_endpoint_report(endpoint, code, "%s", words.text);
    cx_call_out_tell(call, code);
    cx_call_out_end(call, code, words.text);
}

void cx_call_out_give_head(cx_call_out *call, coax_result *result)
{
    cx_came_first *came = call->came_first;
    call->came_first = NULL;
    if (came == NULL)
        return;
    result->status.initial = came->initial;
    if (result->memory == NULL)
        result->memory = came->memory;
    else
        cx_memory_join(result->memory, came->memory);
}

void cx_call_out_drop_head(cx_call_out *call)
{
    if (call->came_first != NULL)
        cx_memory_give(call->came_first->memory);
    call->came_first = NULL;
}

coax_err cx_call_out_take_trailer(const cx_call_out *call, const cx_message *message,
                                  coax_result *result, coax_error *why)
{
    size_t room = cx_metadata_room(message->metadata.len);
    size_t before = call->came_first != NULL ? call->came_first->len : 0;
    uint32_t most = call->endpoint->config->limits.max_metadata;
    if (message->metadata.data == NULL)
        return COAX_OK;
    if (before + message->metadata.len > most) /* each alone has passed the link */
        return coax_error_set(why, COAX_ERR_INVALID_ARGUMENT,
                              "metadata of %zu bytes in both parts, at most %u allowed "
                              "(max_metadata)",
                              before + message->metadata.len, most);
    if (result->memory == NULL)
        result->memory = cx_memory_take(call->endpoint->core->memory, NULL,
                                        call->endpoint->config->limits.max_decoded);
    if (result->memory == NULL)
        return coax_error_set(why, COAX_ERR_NO_MEMORY, "no memory for the metadata");
    coax_arena *arena = cx_memory_arena(result->memory);
    arena->limit += room;
    return cx_metadata_decode(message->metadata, CX_METADATA_TRAILING, arena,
                              &result->status.trailing, why);
}
