/*
 * Items that arrive: judged, kept while nobody takes them, decoded one by one, delivered, and paid for with credit.
 *
 * An item is decoded when it is delivered and not before, so that what waits takes its bytes and no more, however
 * large it would decode. Its memory goes back to the pool when its callback has returned. Read next: stream_out.c.
 */
#include <coax/gen_server.h>

#include "rpc/stream.h"

/* Items delivered in one go; then the loop's other work has its turn. */
enum { BATCH = 256 };

/* Puts what is kept now on the connection's bill. */
static void charge(cx_stream_part *stream, size_t was)
{
    cx_endpoint *endpoint = cx_stream_endpoint(stream);
    endpoint->held = endpoint->held - was + stream->kept.bytes;
}

void cx_stream_drop_kept(cx_stream_part *stream)
{
    const size_t was = stream->kept.bytes;
    cx_kept_clear(&stream->kept, &cx_stream_endpoint(stream)->core->host.pool);
    charge(stream, was);
}

static bool may_deliver(const cx_stream_part *stream)
{
    return stream->is_receiving && !stream->is_paused && cx_stream_is_live(stream);
}

static void keep(cx_stream_part *stream, cx_message *message)
{
    cx_endpoint *endpoint = cx_stream_endpoint(stream);
    const cx_party party = cx_party_of(stream);
    const uint32_t max_held = endpoint->config->limits.max_held;
    if (endpoint->held > 0 && endpoint->held + message->len > max_held) {
        cx_party_fail(&party, COAX_ERR_RESOURCE_EXHAUSTED,
                      "%s: requests and items that wait hold %zu bytes, at most %u allowed "
                      "(max_held)",
                      cx_party_method(&party), endpoint->held, max_held);
        return;
    }
    const size_t was = stream->kept.bytes;
    if (!cx_kept_add(&stream->kept, &endpoint->core->host.pool, message)) {
        cx_party_fail(&party, COAX_ERR_NO_MEMORY, "%s: no memory for an item",
                      cx_party_method(&party));
        return;
    }
    charge(stream, was);
}

/* Counts an item as dealt with, and lets the peer send on when that makes up for half a window. */
static void give_back(cx_stream_part *stream, size_t len)
{
    cx_endpoint *endpoint = cx_stream_endpoint(stream);
    stream->used += len;
    if (stream->used < endpoint->config->limits.window / 2 || stream->peer_ended ||
        !cx_stream_is_live(stream))
        return;
    const cx_frame grant = { .type = CX_FRAME_WINDOW,
                             .call = cx_stream_wire_id(stream),
                             .method = (uint32_t)stream->used };
    if (!cx_link_send_empty(&endpoint->link, &grant, NULL)) {
        /* A peer that waits for it for ever would be silence. */
        cx_link_fail(&endpoint->link, COAX_ERR_NO_MEMORY, "no memory to let a stream go on");
        return;
    }
    stream->room += (int64_t)stream->used;
    stream->used = 0;
}

static const void *decode(const cx_stream_part *stream, const cx_message *message,
                          coax_memory *memory, coax_error *why)
{
    const coax_type *type = stream->in_type;
    const coax_bytes encoded = { message->data, message->len };
    const void *value = cx_memory_decode(memory, type, encoded, why);
    if (COAX_UNLIKELY(value == NULL))
        return NULL;
    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (COAX_LIKELY(type->check(value, &violations)))
        return value;
    coax_error_set(why, COAX_ERR_BAD_MESSAGE, "%s", violations.items[0].text);
    return NULL;
}

COAX_COLD static bool refuse_decoded(cx_stream_part *stream, const coax_error *why)
{
    const cx_party party = cx_party_of(stream);
    if (why->code == COAX_ERR_TOO_LARGE)
        cx_party_fail(&party, COAX_ERR_RESOURCE_EXHAUSTED,
                      "%s: an item decodes to more than max_decoded (%u bytes)",
                      cx_party_method(&party),
                      cx_stream_endpoint(stream)->config->limits.max_decoded);
    else
        cx_party_fail(&party,
                      why->code == COAX_ERR_NO_MEMORY ? COAX_ERR_NO_MEMORY : COAX_ERR_BAD_MESSAGE,
                      "%s: a bad item: %s", cx_party_method(&party), why->text);
    return false;
}

/* Where a message's bytes came from. */
typedef enum origin { ARRIVED, KEPT } origin;

static coax_memory *take_memory(cx_stream_part *stream, cx_message *message, origin from)
{
    cx_endpoint *endpoint = cx_stream_endpoint(stream);
    coax_memory *memory =
        cx_memory_take(endpoint->core->memory, message, endpoint->config->limits.max_decoded);
    if (from == KEPT) {
        const size_t was = stream->kept.bytes;
        size_t len = message->len;
        cx_message entry = { .len = len, .owned = message->owned, .owned_cap = message->owned_cap };
        cx_kept_drop_first(&stream->kept, &endpoint->core->host.pool, &entry);
        charge(stream, was);
    }
    return memory;
}

/* Returns the part, or NULL when the call has ended meanwhile. */
static cx_stream_part *deliver_one(cx_stream_part *stream, cx_message *message, origin from)
{
    const coax_call handle = cx_stream_handle(stream);
    const size_t len = message->len;
    coax_memory *memory = take_memory(stream, message, from);
    coax_error why = { .code = COAX_ERR_NO_MEMORY, .text = "no memory" };
    const void *item = memory != NULL ? decode(stream, message, memory, &why) : NULL;
    if (COAX_UNLIKELY(item == NULL)) {
        cx_memory_give(memory);
        refuse_decoded(stream, &why);
        return NULL;
    }
    stream->in_hand = memory;
    if (stream->item != NULL && stream->on_item != NULL)
        stream->item(stream->item_self, stream->on_item, handle, item);
    cx_memory_give(memory);
    stream = cx_stream_find(handle);
    if (stream == NULL)
        return NULL;
    stream->in_hand = NULL;
    give_back(stream, len);
    return stream;
}

/* Nothing waits any more: whatever stands behind the last item comes now. */
static bool tell_end(cx_stream_part *stream)
{
    if (stream->has_result) {
        const coax_result result = stream->result;
        stream->has_result = false;
        cx_call_out_complete(stream->out, &result, true);
        return false;
    }
    if (stream->in == NULL || !stream->peer_ended || stream->is_end_told)
        return true;
    const coax_call handle = cx_stream_handle(stream);
    stream->is_end_told = true;
    if (stream->on_end != NULL)
        stream->on_end(stream->item_self, handle);
    return cx_stream_find(handle) != NULL;
}

bool cx_stream_deliver(cx_stream_part *stream)
{
    for (uint32_t n = 0; may_deliver(stream) && !cx_kept_is_empty(&stream->kept); n++) {
        if (n == BATCH) {
            cx_stream_defer(stream);
            return true;
        }
        cx_message message;
        cx_kept_first(&stream->kept, &message);
        stream = deliver_one(stream, &message, KEPT);
        if (stream == NULL)
            return false;
    }
    return may_deliver(stream) ? tell_end(stream) : true;
}

/*
 * The connection has ended behind the peer's last word. All that waits has arrived, so it is delivered, whether or not the
 * receiver has paused: there is no peer left that pausing could slow down.
 */
void cx_stream_flush(cx_stream_part *stream)
{
    const coax_result result = stream->result;
    stream->has_result = false; /* whatever happens below, this comes once */
    while (stream != NULL && !stream->out->is_cancelled && !cx_kept_is_empty(&stream->kept)) {
        cx_message message;
        cx_kept_first(&stream->kept, &message);
        stream = deliver_one(stream, &message, KEPT);
    }
    if (stream != NULL && !stream->out->is_cancelled)
        cx_call_out_complete(stream->out, &result, true);
    else
        cx_memory_give(result.memory);
}

/* What is wrong with an item by its place and length; NULL: nothing. */
static const char *judge(const cx_stream_part *stream, size_t len, uint32_t window)
{
    if (stream == NULL || stream->in_type == NULL)
        return "has no stream from this side, and an ITEM came";
    if (stream->peer_ended)
        return "an ITEM after the END";
    if (len == 0)
        return "an ITEM without a message";
    if (stream->room < (int64_t)len && stream->room < (int64_t)(window / 2))
        return "an ITEM past the credit (window)";
    return NULL;
}

/* Whether max_bytes_per_s lets it in; else the call has failed. */
COAX_COLD static bool is_within_quota(cx_endpoint *endpoint, const cx_party *party, size_t len)
{
    coax_error why;
    uint32_t wait = cx_quota_judge(&endpoint->quota, &endpoint->config->limits, false, len,
                                   cx_core_now(endpoint->core), &why);
    if (wait == 0)
        return true;
    cx_note_limited(endpoint, why.text);
    if (party->in != NULL)
        party->in->retry_after_ms = wait;
    cx_party_fail(party, why.code, "%s: %s", cx_party_method(party), why.text);
    return false;
}

void cx_stream_item(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message)
{
    cx_party party;
    if (!cx_party_find(endpoint, frame->call, &party))
        return; /* it has ended, and this was on its way */
    cx_stream_part *stream = party.stream;
    const char *wrong = judge(stream, message->len, endpoint->config->limits.window);
    if (COAX_UNLIKELY(wrong != NULL)) {
        cx_party_fail(&party, COAX_ERR_BAD_MESSAGE, "%s: %s", cx_party_method(&party), wrong);
        return;
    }
    if (COAX_UNLIKELY(stream->in_max != 0 && message->len > stream->in_max)) {
        cx_party_fail(&party, party.in != NULL ? COAX_ERR_RESOURCE_EXHAUSTED : COAX_ERR_BAD_MESSAGE,
                      "%s: an item of %zu bytes, at most %u allowed (@%s)", cx_party_method(&party),
                      message->len, stream->in_max, party.in != NULL ? "max_request" : "max_reply");
        return;
    }
    if (COAX_UNLIKELY(cx_quota_is_set(&endpoint->config->limits)) &&
        !is_within_quota(endpoint, &party, message->len + message->metadata.len))
        return;
    stream->room -= (int64_t)message->len;
    cx_stats_item_received(cx_stream_row(stream), message->len);
    cx_watch_item_in(cx_stream_watch(stream), message->len);
    if (COAX_LIKELY(may_deliver(stream) && cx_kept_is_empty(&stream->kept)))
        (void)deliver_one(stream, message, ARRIVED);
    else
        keep(stream, message);
}

coax_memory *cx_stream_item_memory(coax_call call)
{
    const cx_stream_part *stream = cx_stream_find(call);
    return stream != NULL ? stream->in_hand : NULL;
}

/* What the user says about it. */

coax_err coax_gen_receive(coax_call handle, const coax_method *method, coax_gen_item_fn glue,
                          coax_gen_any_fn on_item, coax_call_fn on_end, void *self)
{
    const cx_call_in *call = cx_handle_in(handle);
    cx_stream_part *stream = call != NULL ? call->stream : NULL;
    if (call == NULL || call->state != CX_CALL_RUNNING ||
        call->endpoint->link.state == CX_LINK_CLOSED)
        return COAX_ERR_STALE;
    if (stream == NULL || stream->in_type == NULL || stream->is_receiving ||
        method->id != call->method_id)
        return COAX_ERR_MISUSE;
    stream->is_receiving = true;
    stream->item = glue;
    stream->on_item = on_item;
    stream->on_end = on_end;
    stream->item_self = self;
    if (!cx_kept_is_empty(&stream->kept) || stream->peer_ended)
        cx_stream_defer(stream);
    return COAX_OK;
}

/* The stream of items that may be paused. */
static coax_err find_arriving(coax_call handle, cx_stream_part **ret)
{
    if (!coax_call_is_live(handle))
        return COAX_ERR_STALE;
    *ret = cx_stream_find(handle);
    return *ret != NULL && (*ret)->in_type != NULL ? COAX_OK : COAX_ERR_MISUSE;
}

coax_err coax_call_pause(coax_call call)
{
    cx_stream_part *stream;
    coax_err err = find_arriving(call, &stream);
    if (err == COAX_OK)
        stream->is_paused = true;
    return err;
}

coax_err coax_call_resume(coax_call call)
{
    cx_stream_part *stream;
    coax_err err = find_arriving(call, &stream);
    if (err != COAX_OK || !stream->is_paused)
        return err;
    stream->is_paused = false;
    if (!cx_kept_is_empty(&stream->kept) || stream->peer_ended)
        cx_stream_defer(stream);
    return COAX_OK;
}
