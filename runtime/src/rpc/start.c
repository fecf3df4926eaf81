/*
 * How a call or a one-way message begins: checked, given a deadline, encoded into the send queue,
 * filed.
 *
 * A request that breaks its schema, or that a limit refuses, ends here with words for the caller:
 * nothing has been sent, and no callback will come. Read next: call_out.c.
 */
#include <stddef.h>

#include "rpc/metadata.h"
#include "rpc/stream.h"
#include "rpc/worker.h"

/* Longer deadlines are not sent, because 32 bits of microseconds end at 71 minutes. */
#define LONGEST_TOLD_NS ((uint64_t)UINT32_MAX * CX_NS_PER_US)

/* Call ids of one-way messages: the low 20 bits name none of CX_CALLS_MAX slots. */
#define ONEWAY_INDEX 0xfffffu
#define GENERATION_SHIFT 20u
#define GENERATION_MASK 0x7ffu

/* One member of the caller's options, if their version has it. */
#define OPTION_GIVEN(options, member)                                                              \
    ((options) != NULL &&                                                                          \
     ((options)->size == 0 ||                                                                      \
      (options)->size >= offsetof(coax_call_options, member) + sizeof((options)->member)))

static coax_error *words_of(const coax_call_options *options)
{
    return OPTION_GIVEN(options, error) ? options->error : NULL;
}

bool cx_rpc_waits_for_ready(const coax_call_options *options)
{
    return OPTION_GIVEN(options, waits_for_ready) && options->waits_for_ready;
}

/*
 * Whether this side may send at all. A client may ahead of WELCOME; a server has nothing to say
 * before HELLO.
 */
static bool may_send(const cx_endpoint *endpoint)
{
    return (endpoint->link.state == CX_LINK_OPEN && !cx_link_peer_drains(&endpoint->link)) ||
           endpoint->link.state == CX_LINK_WELCOME;
}

COAX_COLD static coax_err refuse_to_send(const cx_endpoint *endpoint, coax_error *error)
{
    coax_error reason;
    if (endpoint->link.state == CX_LINK_OPEN)
        return coax_error_set(error, COAX_ERR_UNAVAILABLE,
                              "the peer drains this connection and takes no new calls on it");
    if (endpoint->link.state != CX_LINK_CLOSED)
        return coax_error_set(error, COAX_ERR_UNAVAILABLE,
                              "the client has not opened the connection yet");
    cx_link_reason(&endpoint->link, &reason);
    return coax_error_set(error, COAX_ERR_UNAVAILABLE, "%s", reason.text);
}

static coax_err check_request(const coax_method *method, const void *request, coax_error *error)
{
    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (COAX_LIKELY(method->request->check(request, &violations)))
        return COAX_OK;
    return coax_error_set(error, COAX_ERR_INVALID_ARGUMENT, "%s: %s", method->name,
                          violations.items[0].text);
}

/* What a call's parent allows. `ret_parent` gets NULL for a worker's, whose loop may be another one. */
static bool find_parent(coax_call handle, uint64_t *ret_deadline, cx_call_in **ret_parent)
{
    cx_worker_view view;
    *ret_parent = NULL;
    if (cx_is_worker(handle)) {
        bool is_live = cx_workers_of(handle)->view(handle, &view);
        *ret_deadline = is_live ? view.deadline : 0;
        return is_live;
    }
    cx_call_in *parent = cx_handle_in(handle);
    if (parent == NULL || parent->state != CX_CALL_RUNNING)
        return false;
    *ret_deadline = parent->deadline;
    *ret_parent = parent;
    return true;
}

/*
 * When the call must have ended: its own timeout (a stream has none by itself), bounded by what its parent has left. `ret_parent` is the parent
 * that it ends with, NULL without one or where that is on another loop.
 */
static coax_err find_deadline(const cx_endpoint *endpoint, const coax_method *method,
                              const coax_call_options *options, uint64_t now, uint64_t *ret,
                              cx_call_in **ret_parent)
{
    uint32_t timeout_ms = OPTION_GIVEN(options, timeout_ms) ? options->timeout_ms : 0;
    if (timeout_ms == 0)
        timeout_ms = method->timeout_ms;
    if (timeout_ms == 0 && !cx_stream_is_kind(method))
        timeout_ms = endpoint->config->call_timeout_ms;
    *ret = timeout_ms != 0 ? now + (uint64_t)timeout_ms * CX_NS_PER_MS : CX_NO_DEADLINE;
    *ret_parent = NULL;
    if (!OPTION_GIVEN(options, parent) || options->parent.loop == NULL)
        return COAX_OK;

    coax_error *error = words_of(options);
    uint64_t deadline;
    cx_call_in *parent;
    if (!find_parent(options->parent, &deadline, &parent))
        return coax_error_set(error, COAX_ERR_STALE, "%s: the parent call has ended", method->name);
    if (deadline <= now)
        return coax_error_set(error, COAX_ERR_DEADLINE_EXCEEDED,
                              "%s: the parent call's deadline has passed", method->name);
    if (deadline < *ret)
        *ret = deadline;
    if (parent != NULL && parent->endpoint->core == endpoint->core)
        *ret_parent = parent;
    return COAX_OK;
}

/* What the options put in front of the request. `ret` is to be freed. */
static coax_err make_metadata(const cx_endpoint *endpoint, const coax_call_options *options,
                              cx_encoded *ret)
{
    *ret = (cx_encoded){ .data = NULL };
    if (OPTION_GIVEN(options, priority) && (unsigned)options->priority > COAX_PRIORITY_LOW)
        return coax_error_set(words_of(options), COAX_ERR_BAD_OPTION,
                              "option `priority` is %d, which is none", (int)options->priority);
    if (!OPTION_GIVEN(options, metadata) || options->metadata == NULL)
        return COAX_OK;
    return cx_metadata_encode(&endpoint->core->host, options->metadata, CX_METADATA_INITIAL,
                              endpoint->config->limits.max_metadata, ret, words_of(options));
}

static uint8_t priority_of(const coax_method *method, const coax_call_options *options)
{
    if (OPTION_GIVEN(options, priority) && options->priority != COAX_PRIORITY_DEFAULT)
        return (uint8_t)options->priority;
    return cx_method_priority(method);
}

/* Encodes one message into the send queue. */
static inline coax_err send_message(cx_endpoint *endpoint, const cx_frame *frame,
                                    const coax_method *method, const cx_outgoing *out,
                                    const cx_head *head, cx_stats_row **ret_row, coax_error *error)
{
    cx_link *link = &endpoint->link;
    cx_sending sending;
    coax_err err = cx_link_begin(link, frame, head, &sending);
    if (COAX_LIKELY(err == COAX_OK)) {
        if (COAX_LIKELY(out->message.data == NULL))
            method->request->encode(&sending.writer, out->request);
        else
            coax_write_raw(&sending.writer, out->message.data, out->message.len);
        size_t len = cx_sending_len(&sending);
        if (method->max_request != 0 && sending.writer.err == COAX_OK &&
            len > method->max_request) {
            cx_link_abandon(&sending);
            return coax_error_set(error, COAX_ERR_TOO_LARGE,
                                  "%s: a request of %zu bytes, at most %u allowed (@max_request)",
                                  method->name, len, method->max_request);
        }
        err = cx_link_commit(&sending);
        if (COAX_LIKELY(err == COAX_OK)) {
            *ret_row = cx_stats_find(endpoint->config->stats, method, CX_ROW_OUTBOUND);
            cx_stats_begin(*ret_row, len);
        }
    }
    if (COAX_UNLIKELY(err != COAX_OK))
        cx_link_send_error(link, err, error);
    return err == COAX_ERR_CLOSED ? COAX_ERR_UNAVAILABLE : err;
}

const uint32_t *cx_call_out_left(const cx_call_out *call, uint64_t now, uint32_t *ret_us)
{
    uint64_t left = call->deadline > now ? call->deadline - now : 0;
    *ret_us = (uint32_t)(left / CX_NS_PER_US);
    return left <= LONGEST_TOLD_NS ? ret_us : NULL;
}

static coax_err send_request(cx_call_out *call, cx_outgoing *out, coax_error *error)
{
    cx_endpoint *endpoint = call->endpoint;
    const coax_method *method = call->method;
    if (COAX_UNLIKELY(endpoint->is_lot))
        return cx_park(call, out, error);
    const cx_frame frame = { .type = CX_FRAME_REQUEST,
                             .call = cx_call_out_wire_id(call),
                             .method = method->id };
    uint32_t left_us;
    const cx_head head = { .deadline_us = cx_call_out_left(call, call->started_ns, &left_us),
                           .metadata = cx_encoded_bytes(&out->metadata),
                           .priority = call->priority };
    return send_message(endpoint, &frame, method, out, &head, &call->row, error);
}

/* Whether one more call may begin at all. */
static inline coax_err admit_call(const cx_endpoint *endpoint, const coax_method *method,
                                  bool is_stream, coax_error *error)
{
    const cx_link *link = &endpoint->link;
    if (COAX_UNLIKELY(!may_send(endpoint)))
        return refuse_to_send(endpoint, error);
    if (COAX_UNLIKELY(endpoint->n_calls >= link->peer_max_concurrent_calls))
        return coax_error_set(error, COAX_ERR_RESOURCE_EXHAUSTED,
                              "%s: %u calls are under way, and the peer's max_concurrent_calls "
                              "allows no more",
                              method->name, endpoint->n_calls);
    if (COAX_UNLIKELY(is_stream ? !cx_stream_is_kind(method) : method->kind != COAX_METHOD_UNARY))
        return coax_error_set(error, COAX_ERR_MISUSE, "%s is no %s method", method->name,
                              is_stream ? "streaming" : "unary");
    return COAX_OK;
}

static void file_call(cx_call_out *call, cx_call_in *parent, const coax_call_options *options)
{
    cx_endpoint *endpoint = call->endpoint;
    if (parent != NULL)
        cx_list_append(&parent->children, &call->siblings);
    cx_list_append(&endpoint->calls, &call->links);
    endpoint->n_calls++;
    if (call->deadline != CX_NO_DEADLINE)
        cx_wheel_arm(&endpoint->core->host.wheel, &call->timer, call->deadline);
    if (OPTION_GIVEN(options, ret_call) && options->ret_call != NULL)
        *options->ret_call = cx_call_out_handle(call);
}

/* Whom a call belongs to at its caller. */
typedef struct caller {
    coax_gen_done_fn done;
    coax_gen_any_fn user_fn;
    void *self;
    const coax_gen_stream_glue *glue; /* NULL: unary */
    const coax_gen_stream_fns *fns;
} caller;

/* A call that nobody has heard of yet; NULL: no memory. */
static cx_call_out *make_call(cx_endpoint *endpoint, const coax_method *method, const caller *whose)
{
    cx_call_out *call = cx_slots_take(&endpoint->core->calls_out);
    if (call == NULL)
        return NULL;
    call->endpoint = endpoint;
    call->method = method;
    call->done = whose->done;
    call->user_fn = whose->user_fn;
    call->self = whose->self;
    call->is_cancelled = false;
    call->parked = NULL;
    call->came_first = NULL;
    call->data = NULL;
    call->watch = NULL;
    call->stream = NULL;
    cx_list_init(&call->siblings);
    call->work.run = cx_call_out_on_cancelled;
    cx_timer_init(&call->timer, cx_call_out_on_due);
    if (COAX_LIKELY(whose->glue == NULL))
        return call;
    call->stream = cx_stream_for_caller(call);
    if (call->stream == NULL) {
        cx_slots_give(&endpoint->core->calls_out, call);
        return NULL;
    }
    call->stream->item = whose->glue->item;
    call->stream->on_item = whose->fns->on_item;
    call->stream->item_self = whose->self;
    call->stream->on_writable = whose->fns->on_writable;
    call->stream->writable_self = whose->self;
    return call;
}

COAX_COLD static cx_watched watched(const cx_call_out *call, const coax_metadata *metadata)
{
    return (cx_watched){ .endpoint = call->endpoint,
                         .method = call->method,
                         .method_id = call->method->id,
                         .call = cx_call_out_handle(call),
                         .metadata = metadata };
}

static const coax_metadata *metadata_of(const coax_call_options *options)
{
    return OPTION_GIVEN(options, metadata) ? options->metadata : NULL;
}

/* Shows a call to the interceptors before anybody else knows of it. Until they have let it pass it can't be found. */
COAX_COLD static coax_err show(cx_call_out *call, cx_outgoing *out,
                               const coax_call_options *options)
{
    coax_error *error = words_of(options);
    coax_err err = cx_encode_request(call->endpoint, call->method, out, error);
    if (err != COAX_OK)
        return err;
    const cx_watched what = watched(call, metadata_of(options));
    call->is_cancelled = true;
    err = cx_watch_start(&what, out->message.len, &call->watch, error);
    call->is_cancelled = false;
    if (err != COAX_OK)
        return err;
    cx_watch_keep(call->watch, &what);
    return admit_call(call->endpoint, call->method, call->stream != NULL, error);
}

/* Sends and files a call that has been made. */
static coax_err begin(cx_call_out *call, cx_outgoing *out, const coax_call_options *options)
{
    cx_endpoint *endpoint = call->endpoint;
    cx_call_in *parent;
    coax_err err = COAX_OK;
    if (cx_is_intercepted(endpoint))
        err = show(call, out, options);
    if (COAX_LIKELY(err == COAX_OK))
        err = find_deadline(endpoint, call->method, options, call->started_ns, &call->deadline,
                            &parent);
    if (COAX_LIKELY(err == COAX_OK))
        err = send_request(call, out, words_of(options));
    if (COAX_LIKELY(err == COAX_OK))
        file_call(call, parent, options);
    return err;
}

/* A call that could not begin. */
COAX_COLD static void discard(cx_call_out *call, coax_err err)
{
    const cx_watched what = watched(call, NULL);
    call->is_cancelled = true;
    if (call->watch != NULL)
        cx_watch_end(call->watch, &what, err, NULL);
    cx_stream_free(call->stream);
    cx_slots_give(&call->endpoint->core->calls_out, call);
}

static coax_err start_call(cx_endpoint *endpoint, const coax_method *method, const void *request,
                           const coax_call_options *options, const caller *whose,
                           coax_call *ret_call)
{
    cx_core *core = endpoint->core;
    coax_error *error = words_of(options);
    cx_outgoing out = { .request = request };
    cx_core_note(core, method);
    coax_err err = admit_call(endpoint, method, whose->glue != NULL, error);
    if (err == COAX_OK)
        err = check_request(method, request, error);
    if (err == COAX_OK && options != NULL)
        err = make_metadata(endpoint, options, &out.metadata);
    if (err != COAX_OK)
        return err;

    cx_call_out *call = make_call(endpoint, method, whose);
    if (call == NULL) {
        err = coax_error_set(error, COAX_ERR_NO_MEMORY, "%s: no memory for one more call",
                             method->name);
    } else {
        call->started_ns = cx_core_now(core);
        call->priority = priority_of(method, options);
        err = begin(call, &out, options);
    }
    cx_encoded_free(&core->host, &out.message);
    cx_encoded_free(&core->host, &out.metadata);
    if (COAX_LIKELY(err == COAX_OK) && ret_call != NULL)
        *ret_call = cx_call_out_handle(call);
    if (COAX_UNLIKELY(err != COAX_OK) && call != NULL)
        discard(call, err);
    return err;
}

coax_err cx_rpc_call(cx_endpoint *endpoint, const coax_method *method, const void *request,
                     const coax_call_options *options, coax_gen_done_fn done,
                     coax_gen_any_fn user_fn, void *self)
{
    const caller whose = { .done = done, .user_fn = user_fn, .self = self };
    return start_call(endpoint, method, request, options, &whose, NULL);
}

coax_err cx_rpc_stream(cx_endpoint *endpoint, const coax_method *method, const void *request,
                       const coax_call_options *options, const coax_gen_stream_glue *glue,
                       const coax_gen_stream_fns *fns, void *self, coax_call *ret_call)
{
    if (glue == NULL || fns == NULL || fns->on_end == NULL)
        return coax_error_set(words_of(options), COAX_ERR_MISUSE, "%s: a stream needs on_end",
                              method->name);
    const caller whose = {
        .done = glue->end, .user_fn = fns->on_end, .self = self, .glue = glue, .fns = fns
    };
    return start_call(endpoint, method, request, options, &whose, ret_call);
}

/*
 * An id for a one-way message: no answer will name it, but its frames must not be mixed up with
 * another's.
 */
static uint32_t next_oneway_id(cx_endpoint *endpoint)
{
    uint32_t role = endpoint->config->role == CX_ROLE_SERVER ? CX_CALL_ROLE_BIT : 0;
    uint32_t id;
    do {
        uint32_t turn = endpoint->next_oneway++ & GENERATION_MASK;
        id = role | turn << GENERATION_SHIFT | ONEWAY_INDEX;
    } while (cx_link_is_sending(&endpoint->link, id));
    return id;
}

/* Sends a one-way message that has been checked. */
static coax_err send_oneway(cx_endpoint *endpoint, const coax_method *method, cx_outgoing *out,
                            const coax_call_options *options)
{
    const cx_frame frame = { .type = CX_FRAME_ONEWAY,
                             .call = next_oneway_id(endpoint),
                             .method = method->id };
    const cx_head head = { .metadata = cx_encoded_bytes(&out->metadata),
                           .priority = priority_of(method, options) };
    cx_stats_row *row = NULL;
    coax_err err = send_message(endpoint, &frame, method, out, &head, &row, words_of(options));
    if (err == COAX_OK)
        cx_stats_end_oneway(row, COAX_OK);
    return err;
}

/* The same with interceptors: the message is over when it has been queued. */
static coax_err send_shown(cx_endpoint *endpoint, const coax_method *method, cx_outgoing *out,
                           const coax_call_options *options)
{
    const cx_watched what = { .endpoint = endpoint,
                              .method = method,
                              .method_id = method->id,
                              .metadata = metadata_of(options) };
    cx_watch *watch;
    coax_err err = cx_encode_request(endpoint, method, out, words_of(options));
    if (err == COAX_OK)
        err = cx_watch_start(&what, out->message.len, &watch, words_of(options));
    if (err != COAX_OK)
        return err;
    err = send_oneway(endpoint, method, out, options);
    cx_watch_end(watch, &what, err, NULL);
    return err;
}

coax_err cx_rpc_send(cx_endpoint *endpoint, const coax_method *method, const void *request,
                     const coax_call_options *options)
{
    coax_error *error = words_of(options);
    cx_outgoing out = { .request = request };
    cx_core_note(endpoint->core, method);
    if (!may_send(endpoint))
        return refuse_to_send(endpoint, error);
    if (endpoint->is_lot)
        return coax_error_set(error, COAX_ERR_UNAVAILABLE,
                              "there is no connection, and a one-way message waits for none");
    if (method->kind != COAX_METHOD_ONEWAY)
        return coax_error_set(error, COAX_ERR_MISUSE, "%s is no one-way method", method->name);
    coax_err err = check_request(method, request, error);
    if (err == COAX_OK)
        err = make_metadata(endpoint, options, &out.metadata);
    if (err != COAX_OK)
        return err;
    err = cx_is_intercepted(endpoint) ? send_shown(endpoint, method, &out, options)
                                      : send_oneway(endpoint, method, &out, options);
    cx_encoded_free(&endpoint->core->host, &out.message);
    cx_encoded_free(&endpoint->core->host, &out.metadata);
    return err;
}
