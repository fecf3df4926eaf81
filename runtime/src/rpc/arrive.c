/*
 * From a REQUEST or ONEWAY to its handler: admitted, shown to interceptors, decoded, checked, handed over.
 *
 * A request that is refused on the way is answered here and leaves nothing behind. What the connection's own limits
 * refuse costs no memory; interceptors look before anything is decoded. Read next: call_in.c, for how long a call
 * counts, and worker.c, for handlers on threads.
 */
#include <stdarg.h>
#include <stdio.h>

#include "link/words.h"
#include "rpc/authorize.h"
#include "rpc/metadata.h"
#include "rpc/stream.h"
#include "rpc/worker.h"

/* A request as it arrived, with what its handler needs found out step by step. */
typedef struct arrival {
    cx_endpoint *endpoint;
    const cx_frame *frame;
    cx_message *message;
    const cx_row *row; /* NULL: the fallback */
    uint64_t deadline;
    coax_memory *memory;
    const coax_metadata *metadata; /* NULL: none */
    const void *request;
    cx_call_in *call;        /* NULL: not made yet */
    cx_watch *watch;         /* of interceptors; NULL: none */
    uint32_t retry_after_ms; /* for a refusal; 0: nothing is known of that */
} arrival;

bool cx_call_in_may_begin(cx_endpoint *endpoint, const cx_frame *frame, coax_error *why)
{
    const cx_registry *registry = endpoint->config->registry;
    const cx_row *row = registry != NULL ? cx_registry_find(registry, frame->method) : NULL;
    return cx_authorize(endpoint, row, frame->method, why);
}

void cx_call_in_count_refused(cx_endpoint *endpoint, const cx_frame *frame, size_t len,
                              coax_err code)
{
    const cx_registry *registry = endpoint->config->registry;
    const cx_row *row = registry != NULL ? cx_registry_find(registry, frame->method) : NULL;
    cx_stats_refused(endpoint->config->stats, row != NULL ? row->method : NULL, len, code);
}

static cx_watched watched(const arrival *it)
{
    return (cx_watched){ .endpoint = it->endpoint,
                         .method = it->row != NULL ? it->row->method : NULL,
                         .method_id = it->frame->method,
                         .is_inbound = true,
                         .call = it->frame->type == CX_FRAME_REQUEST && it->call != NULL
                                     ? cx_call_in_handle(it->call)
                                     : (coax_call){ NULL, 0, 0 },
                         .metadata = it->metadata };
}

/* Lets go of what was taken for a request that will have no handler. */
COAX_COLD static void drop(arrival *it, coax_err code, const char *words)
{
    const cx_watched what = watched(it);
    const coax_status status = { .code = code, .message = words };
    if (it->watch != NULL)
        cx_watch_end(it->watch, &what, code, &status);
    if (it->call != NULL) {
        cx_stream_free(it->call->stream);
        it->call->stream = NULL;
        cx_slots_give(&it->endpoint->core->calls_in, it->call);
    }
    cx_memory_give(it->memory);
    it->watch = NULL;
    it->call = NULL;
    it->memory = NULL;
}

/* Answers a request that never reached a handler. */
COAX_COLD static void turn_away(arrival *it, coax_err code, const char *words)
{
    cx_call_in_count_refused(it->endpoint, it->frame, it->message->len, code);
    if (it->frame->type == CX_FRAME_REQUEST)
        cx_answer_hint_or_close(it->endpoint, it->frame->call, code, words, it->retry_after_ms);
    drop(it, code, words);
}

/* The same for what the peer got wrong. One-way messages have nobody to tell but our own side. */
COAX_COLD static void refuse(arrival *it, coax_err code, const char *words)
{
    cx_endpoint_report(it->endpoint, code, "%s", words);
    turn_away(it, code, words);
}

COAX_COLD static bool refuse_format(arrival *it, coax_err code, const char *format, ...)
    COAX_PRINTF(3, 4);
COAX_COLD static bool refuse_format(arrival *it, coax_err code, const char *format, ...)
{
    char words[2 * COAX_ERROR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    if (vsnprintf(words, sizeof words, format, args) < 0)
        words[0] = '\0';
    va_end(args);
    cx_words_mend(words, sizeof words - 1);
    refuse(it, code, words);
    return false;
}

/* It asks for too much in too short a time. No input is bad because of that. */
COAX_COLD static bool is_within_quota(arrival *it)
{
    cx_endpoint *endpoint = it->endpoint;
    const size_t len = it->message->len + it->message->metadata.len;
    coax_error why;
    it->retry_after_ms = cx_quota_judge(&endpoint->quota, &endpoint->config->limits, true, len,
                                        cx_core_now(endpoint->core), &why);
    if (it->retry_after_ms == 0)
        return true;
    cx_note_limited(endpoint, why.text);
    turn_away(it, why.code, why.text);
    return false;
}

static inline bool is_in_time(arrival *it)
{
    return COAX_LIKELY(!cx_quota_is_set(&it->endpoint->config->limits)) || is_within_quota(it);
}

/* Whether the peer may call it at all. Interceptors don't see what it may not. */
static inline bool is_allowed(arrival *it)
{
    coax_error why;
    if (COAX_LIKELY(cx_authorize(it->endpoint, it->row, it->frame->method, &why)))
        return true;
    cx_note_denied(it->endpoint, it->frame->method, why.text);
    turn_away(it, why.code, why.text);
    return false;
}

/* When the caller no longer waits. */
static bool take_deadline(arrival *it)
{
    it->deadline = CX_NO_DEADLINE;
    if (!it->message->has_deadline)
        return true;
    const uint32_t left_us = it->message->deadline_us;
    it->deadline = cx_core_now(it->endpoint->core) + (uint64_t)left_us * CX_NS_PER_US;
    if (left_us == 0)
        return refuse_format(it, COAX_ERR_DEADLINE_EXCEEDED,
                             "the deadline had passed when the request arrived");
    return true;
}

/* Looks for who handles it. */
static bool find_row(arrival *it)
{
    const cx_registry *registry = it->endpoint->config->registry;
    it->row = registry != NULL ? cx_registry_find(registry, it->frame->method) : NULL;
    if (COAX_LIKELY(it->row != NULL))
        cx_core_note(it->endpoint->core, it->row->method);
    return true;
}

/* Whether it may have this request. */
static inline bool judge_row(arrival *it)
{
    if (COAX_UNLIKELY(it->row == NULL)) {
        if (it->endpoint->config->has_fallback)
            return true;
        return refuse_format(it, COAX_ERR_UNIMPLEMENTED, "nobody serves the method 0x%08x",
                             it->frame->method);
    }
    const coax_method *method = it->row->method;
    bool is_oneway = it->frame->type == CX_FRAME_ONEWAY;
    if (COAX_UNLIKELY(is_oneway != (method->kind == COAX_METHOD_ONEWAY)))
        return refuse_format(it, COAX_ERR_UNIMPLEMENTED, "%s is %s", method->name,
                             is_oneway ? "not one-way" : "one-way, and has no answer");
    if (COAX_UNLIKELY(method->max_request != 0 && it->message->len > method->max_request))
        return refuse_format(it, COAX_ERR_RESOURCE_EXHAUSTED,
                             "%s: a request of %zu bytes, at most %u allowed (@max_request)",
                             method->name, it->message->len, method->max_request);
    return true;
}

static bool admit(arrival *it)
{
    cx_endpoint *endpoint = it->endpoint;
    uint32_t limit = endpoint->config->limits.max_concurrent_calls;
    if (COAX_UNLIKELY(endpoint->n_handlers >= limit))
        return refuse_format(it, COAX_ERR_RESOURCE_EXHAUSTED,
                             "max_concurrent_calls (%u) handlers are alive on this connection",
                             limit);
    uint32_t max_held = endpoint->config->limits.max_held;
    if (COAX_UNLIKELY(endpoint->n_handlers > 0 && endpoint->held + it->message->len > max_held))
        return refuse_format(it, COAX_ERR_RESOURCE_EXHAUSTED,
                             "requests under way hold %zu bytes, at most %u allowed (max_held)",
                             endpoint->held, max_held);
    if (COAX_UNLIKELY(cx_call_in_find(endpoint, it->frame->call) != NULL)) {
        cx_link_fail(&endpoint->link, COAX_ERR_PROTOCOL, "the call id 0x%08x is in use",
                     it->frame->call);
        return false;
    }
    return true;
}

/* Its handler is over when it returns, unless a worker is to run it: then it is alive like a call. */
static bool admit_oneway(arrival *it)
{
    cx_endpoint *endpoint = it->endpoint;
    uint32_t limit = endpoint->config->limits.max_concurrent_calls;
    if (it->row == NULL || !cx_worker_wanted(endpoint, it->row->method) ||
        endpoint->n_handlers < limit)
        return true;
    return refuse_format(it, COAX_ERR_RESOURCE_EXHAUSTED,
                         "%s is dropped: max_concurrent_calls (%u) handlers are alive on this "
                         "connection",
                         it->row->method->name, limit);
}

COAX_COLD static bool refuse_decoded(arrival *it, const coax_error *why)
{
    const char *name = it->row->method->name;
    if (why->code == COAX_ERR_TOO_LARGE)
        return refuse_format(it, COAX_ERR_RESOURCE_EXHAUSTED,
                             "%s: the request decodes to more than max_decoded (%u bytes)", name,
                             it->endpoint->config->limits.max_decoded);
    coax_err code =
        why->code == COAX_ERR_NO_MEMORY ? COAX_ERR_RESOURCE_EXHAUSTED : COAX_ERR_INVALID_ARGUMENT;
    return refuse_format(it, code, "%s: %s", name, why->text);
}

static bool decode_and_check(arrival *it)
{
    const coax_type *type = it->row->method->request;
    const coax_bytes encoded = { it->message->data, it->message->len };
    coax_error why;
    const void *request = cx_memory_decode(it->memory, type, encoded, &why);
    if (COAX_UNLIKELY(request == NULL))
        return refuse_decoded(it, &why);

    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (COAX_UNLIKELY(!type->check(request, &violations)))
        return refuse_format(it, COAX_ERR_INVALID_ARGUMENT, "%s: %s", it->row->method->name,
                             violations.items[0].text);
    it->request = request;
    return true;
}

COAX_COLD static bool decode_metadata(arrival *it)
{
    coax_arena *arena = cx_memory_arena(it->memory);
    coax_metadata *metadata = coax_arena_take(arena, sizeof *metadata, 8);
    coax_error why;
    coax_err err = COAX_ERR_NO_MEMORY;
    if (metadata == NULL)
        coax_error_set(&why, err, "no memory for the metadata");
    else
        err = cx_metadata_decode(it->message->metadata, CX_METADATA_INITIAL, arena, metadata, &why);
    it->metadata = metadata;
    if (COAX_LIKELY(err == COAX_OK))
        return true;
    return refuse_format(it, err == COAX_ERR_NO_MEMORY ? COAX_ERR_RESOURCE_EXHAUSTED : err, "%s",
                         why.text);
}

/* The request, and what came with it, in memory of its own. */
static inline bool take_memory(arrival *it)
{
    cx_endpoint *endpoint = it->endpoint;
    size_t limit = endpoint->config->limits.max_decoded;
    if (COAX_UNLIKELY(it->message->metadata.data != NULL))
        limit += cx_metadata_room(it->message->metadata.len);
    it->memory = cx_memory_take(endpoint->core->memory, it->message, limit);
    if (COAX_UNLIKELY(it->memory == NULL))
        return refuse_format(it, COAX_ERR_RESOURCE_EXHAUSTED, "no memory for the request");
    return it->message->metadata.data == NULL || decode_metadata(it);
}

static bool decode_request(arrival *it)
{
    return it->row == NULL || decode_and_check(it);
}

static void count_begin(cx_call_in *call, size_t request_len)
{
    cx_stats *stats = call->endpoint->config->stats;
    call->row = cx_stats_find(stats, call->method, CX_ROW_INBOUND);
    cx_stats_begin(call->row, request_len);
    if (stats != NULL)
        cx_count_add(&stats->handlers, 1);
}

/* A call with what it needs to be a stream, if it is one; NULL: no memory. */
static inline cx_call_in *take_call(cx_endpoint *endpoint, const coax_method *method)
{
    cx_call_in *call = cx_slots_take(&endpoint->core->calls_in);
    if (call == NULL)
        return NULL;
    call->endpoint = endpoint;
    call->method = method;
    call->data = NULL;
    call->metadata = NULL;
    call->state = CX_CALL_ARRIVING;
    call->retry_after_ms = 0;
    call->stream = NULL;
    if (COAX_LIKELY(method == NULL || !cx_stream_is_kind(method)))
        return call;
    call->stream = cx_stream_for_handler(call);
    if (call->stream != NULL)
        return call;
    cx_slots_give(&endpoint->core->calls_in, call);
    return NULL;
}

/*
 * Shows the request to the interceptors. Its call is there for them to name and to keep a pointer with; nothing else
 * can be done to it yet.
 */
COAX_COLD static bool show(arrival *it)
{
    cx_endpoint *endpoint = it->endpoint;
    it->call = take_call(endpoint, it->row != NULL ? it->row->method : NULL);
    if (it->call == NULL)
        return refuse_format(it, COAX_ERR_RESOURCE_EXHAUSTED, "no memory for one more call");
    it->call->method_id = it->frame->method;
    it->call->metadata = it->metadata;
    const cx_watched what = watched(it);
    coax_error why = COAX_ERROR_INIT;
    coax_err err = cx_watch_start(&what, it->message->len, &it->watch, &why);
    if (err != COAX_OK) { /* no input is bad because somebody may not call */
        cx_words_mend(why.text, sizeof why.text - 1);
        turn_away(it, coax_err_to_wire(err), why.text);
        return false;
    }
    if (endpoint->link.state != CX_LINK_CLOSED)
        return true;
    drop(it, COAX_ERR_UNAVAILABLE, "the connection was closed");
    return false;
}

static cx_call_in *make_call(arrival *it)
{
    cx_endpoint *endpoint = it->endpoint;
    cx_call_in *call = it->call;
    if (COAX_LIKELY(call == NULL))
        call = take_call(endpoint, it->row != NULL ? it->row->method : NULL);
    if (COAX_UNLIKELY(call == NULL)) {
        refuse_format(it, COAX_ERR_RESOURCE_EXHAUSTED, "no memory for one more call");
        return NULL;
    }
    cx_timer_init(&call->timer, cx_call_in_on_due);
    call->memory = it->memory;
    call->deadline = it->deadline;
    call->wire_id = it->frame->call;
    call->method_id = it->frame->method;
    cx_list_init(&call->children);
    call->on_cancel = NULL;
    call->metadata = it->metadata;
    call->watch = it->watch;
    call->trailer = (cx_encoded){ .data = NULL };
    call->initial_len = 0;
    call->has_begun = false;
    call->state = CX_CALL_RUNNING;
    call->is_oneway = it->frame->type == CX_FRAME_ONEWAY;
    call->is_filed = false;
    call->outcome = COAX_OK;
    call->arrived_ns = cx_core_now(endpoint->core);
    count_begin(call, it->message->len);
    cx_list_append(&endpoint->handlers, &call->links);
    endpoint->n_handlers++;
    call->held = cx_memory_size(it->memory);
    endpoint->held += call->held;
    return call;
}

/*
 * The handler has returned without an answer: from now on the peer and the deadline may find the
 * call.
 */
static void wait_for_answer(cx_call_in *call)
{
    cx_call_in_file(call);
    /* Without memory to file it a cancel will not find it, which wastes work and breaks nothing. */
    if (COAX_LIKELY(call->is_filed || call->stream == NULL))
        return;
    /* But a stream whose items found nobody would wait for ever. */
    const cx_party party = cx_party_of(call->stream);
    cx_party_fail(&party, COAX_ERR_NO_MEMORY, "no memory for one more stream");
}

static void run_handler(arrival *it)
{
    cx_call_in *call = make_call(it);
    if (call == NULL)
        return;
    cx_endpoint *endpoint = it->endpoint;
    coax_call handle = cx_call_in_handle(call);
    bool is_away = false;
    call->is_in_handler = true;
    if (it->row != NULL && cx_worker_wanted(endpoint, it->row->method)) {
        is_away = cx_worker_start(call, it->row, it->request);
    } else if (COAX_LIKELY(it->row != NULL)) {
        it->row->handle(it->row->handlers, it->row->self, handle, it->request);
    } else {
        const coax_bytes request = { it->message->data, it->message->len };
        endpoint->config->events->on_unknown(endpoint->self, handle, it->frame->method, request);
    }
    call->is_in_handler = false;
    if (call->state == CX_CALL_ENDED || (call->is_oneway && !is_away))
        cx_call_in_free(call);
    else if (endpoint->link.state != CX_LINK_CLOSED && !call->is_oneway)
        wait_for_answer(call);
}

/* Interceptors see what the connection's own limits let in, before it is judged and decoded. */
static bool take_request(arrival *it)
{
    if (COAX_LIKELY(!cx_is_intercepted(it->endpoint)))
        return judge_row(it) && take_memory(it) && decode_request(it);
    return take_memory(it) && show(it) && judge_row(it) && decode_request(it);
}

void cx_call_in_request(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message)
{
    arrival it = { .endpoint = endpoint, .frame = frame, .message = message };
    if (COAX_LIKELY(find_row(&it) && is_in_time(&it) && is_allowed(&it) && take_deadline(&it) &&
                    admit(&it) && take_request(&it)))
        run_handler(&it);
}

void cx_call_in_oneway(cx_endpoint *endpoint, const cx_frame *frame, cx_message *message)
{
    arrival it = { .endpoint = endpoint, .frame = frame, .message = message };
    if (find_row(&it) && is_in_time(&it) && is_allowed(&it) && take_deadline(&it) &&
        admit_oneway(&it) && take_request(&it))
        run_handler(&it);
}
