/*
 * Calls on workers, as the loop sees them: handed over, answered with what was encoded elsewhere, ended.
 *
 * What is encoded already is sent as a value of a type whose encoder copies it, so that every rule of answer.c holds for
 * it too. Read next: node/workers.c.
 */
#include "rpc/stream.h"
#include "rpc/worker.h"

static void encode_copy(coax_writer *out, const void *value)
{
    const coax_bytes *bytes = value;
    coax_write_raw(out, bytes->data, bytes->len);
}

static bool check_nothing(const void *value, coax_violations *why)
{
    (void)value;
    (void)why;
    return true; /* the worker has */
}

/* `type` of what is encoded already. */
static coax_type encoded_type(const coax_type *type)
{
    coax_type copy = *type;
    copy.encode = encode_copy;
    copy.check = check_nothing;
    return copy;
}

/* The runtime answers in the handler's place. */
static void answer_for(cx_call_in *call, coax_err code, const char *words)
{
    cx_call_in_answer_or_close(call, code, words);
    call->outcome = code;
    cx_call_in_end(call);
}

bool cx_worker_start(cx_call_in *call, const cx_row *row, const void *request)
{
    const cx_endpoint *endpoint = call->endpoint;
    const cx_worker_job job = { .call = cx_call_in_handle(call),
                                .row = row,
                                .request = request,
                                .memory = call->memory,
                                .deadline = call->deadline,
                                .window = endpoint->config->limits.window,
                                .max_message = endpoint->link.peer_max_message,
                                .max_metadata = endpoint->config->limits.max_metadata,
                                .metadata = coax_call_metadata(cx_call_in_handle(call)),
                                .person = endpoint->session.person };
    coax_err err = endpoint->core->workers->start(endpoint->config->workers, &job);
    if (err == COAX_OK)
        return true;
    cx_endpoint_report(call->endpoint, err, "%s: no memory or no thread for a worker",
                       row->method->name);
    if (call->is_oneway)
        return false;
    answer_for(call, COAX_ERR_RESOURCE_EXHAUSTED, "no worker can be had");
    return false;
}

void cx_worker_settle(coax_call handle)
{
    cx_call_in *call = cx_handle_in(handle);
    if (call == NULL || call->state == CX_CALL_ENDED)
        return;
    if (call->is_oneway || call->state == CX_CALL_ABANDONED ||
        call->endpoint->link.state == CX_LINK_CLOSED) {
        cx_call_in_end(call);
        return;
    }
    cx_endpoint_report(call->endpoint, COAX_ERR_INTERNAL,
                       "the @blocking handler of %s returned without an answer",
                       call->method->name);
    answer_for(call, COAX_ERR_INTERNAL, "the handler returned without an answer");
}

coax_err cx_worker_bad_answer(coax_call handle, const char *why)
{
    cx_call_in *call = cx_handle_in(handle);
    if (call == NULL || call->state != CX_CALL_RUNNING)
        return COAX_ERR_STALE;
    cx_endpoint_report(call->endpoint, COAX_ERR_INVALID_ARGUMENT, "the answer of %s: %s",
                       call->method->name, why);
    answer_for(call, COAX_ERR_INTERNAL, "the answer breaks the schema's rules");
    return COAX_OK;
}

void cx_worker_report(coax_call handle, const char *why)
{
    const cx_call_in *call = cx_handle_in(handle);
    if (call != NULL && call->state == CX_CALL_RUNNING)
        cx_endpoint_report(call->endpoint, COAX_ERR_INVALID_ARGUMENT,
                           "an item of %s was not sent: %s", call->method->name, why);
}

coax_err cx_worker_reply(coax_call call, const coax_method *method, coax_bytes encoded)
{
    const coax_type type = encoded_type(method->response);
    coax_method copy = *method;
    copy.response = &type;
    return coax_gen_reply(call, &copy, &encoded);
}

coax_err cx_worker_throw(coax_call call, const coax_method *method, const coax_type *error,
                         coax_bytes encoded)
{
    const coax_type type = encoded_type(error);
    const coax_type *const errors[] = { &type };
    coax_method copy = *method;
    copy.errors = errors;
    copy.n_errors = 1;
    return coax_gen_throw(call, &copy, &type, &encoded);
}

coax_err cx_worker_item(coax_call call, const coax_method *method, coax_bytes encoded)
{
    const coax_type type = encoded_type(method->response_item);
    return cx_stream_send(call, method, &type, &encoded);
}

bool coax_gen_take(coax_call call, const coax_method *method, const void **ret_item)
{
    return cx_is_worker(call) && cx_workers_of(call)->take(call, method, ret_item);
}
