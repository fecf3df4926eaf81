/*
 * The way back: replies, failures and typed errors, from handlers and from the runtime itself.
 *
 * Every answer ends its call, unless the send queue is full: then the handler is told and may try
 * again. An answer that the runtime owes by itself has nobody to try again; a peer that leaves no
 * room for it is closed. Read next: handles.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <coax/gen_server.h>

#include "coax/status.h"
#include "link/words.h"
#include "rpc/worker.h"

/*
 * A Status by hand, because a typed error goes into it as it is encoded, without a copy in between.
 * The field ids are those of schemas/coax/status.idl.
 */
static void encode_status(coax_writer *out, const char *words, uint32_t retry_after_ms,
                          const coax_type *type, const void *value)
{
    const coax_str message = { words, strlen(words) };
    coax_write_map(out, 2u + (type != NULL) + (retry_after_ms != 0));
    coax_write_str_field(out, 1, message);
    coax_write_u32_field(out, 2, type != NULL ? type->error_id : 0);
    if (type != NULL) {
        coax_write_key(out, 3);
        type->encode(out, value);
    }
    if (retry_after_ms != 0)
        coax_write_u32_field(out, 4, retry_after_ms);
}

static coax_err send_error(cx_endpoint *endpoint, uint32_t wire_id, const cx_head *head,
                           coax_err code, const char *words, uint32_t retry_after_ms,
                           const coax_type *type, const void *value)
{
    const cx_frame frame = { .type = CX_FRAME_ERROR,
                             .call = wire_id,
                             .aux = (uint16_t)coax_err_to_wire(code) };
    cx_sending sending;
    coax_err err = cx_link_begin(&endpoint->link, &frame, head, &sending);
    if (err != COAX_OK)
        return err;
    encode_status(&sending.writer, words, retry_after_ms, type, value);
    return cx_link_commit(&sending);
}

coax_err cx_answer_error(const cx_call_in *call, coax_err code, const char *words,
                         const coax_type *type, const void *value)
{
    cx_head room;
    coax_err err = send_error(call->endpoint, call->wire_id, cx_call_in_head(call, &room), code,
                              words, call->retry_after_ms, type, value);
    if (COAX_LIKELY(err == COAX_OK))
        cx_watch_told(call->watch, code, words, type != NULL ? type->error_id : 0);
    return err;
}

/* What became of an answer that the runtime owes. */
static void must_be_sent(cx_endpoint *endpoint, coax_err err)
{
    if (err == COAX_ERR_WOULD_BLOCK)
        cx_link_fail(&endpoint->link, COAX_ERR_RESOURCE_EXHAUSTED,
                     "the peer does not read its answers: max_send_queue (%u bytes) is full",
                     endpoint->config->limits.max_send_queue);
    else if (err != COAX_OK && err != COAX_ERR_CLOSED)
        cx_link_fail(&endpoint->link, err, "no memory to answer a call");
}

void cx_call_in_answer_or_close(const cx_call_in *call, coax_err code, const char *words)
{
    must_be_sent(call->endpoint, cx_answer_error(call, code, words, NULL, NULL));
}

void cx_answer_or_close(cx_endpoint *endpoint, uint32_t wire_id, coax_err code, const char *words)
{
    cx_answer_hint_or_close(endpoint, wire_id, code, words, 0);
}

void cx_answer_hint_or_close(cx_endpoint *endpoint, uint32_t wire_id, coax_err code,
                             const char *words, uint32_t retry_after_ms)
{
    must_be_sent(endpoint,
                 send_error(endpoint, wire_id, NULL, code, words, retry_after_ms, NULL, NULL));
}

coax_err cx_call_in_answering(coax_call handle, cx_call_in **ret)
{
    if (handle.loop != NULL && (handle.index & CX_HANDLE_INBOUND) == 0)
        return cx_handle_out(handle) != NULL ? COAX_ERR_MISUSE : COAX_ERR_STALE;
    cx_call_in *call = cx_handle_in(handle);
    if (call == NULL || call->state == CX_CALL_ENDED || call->state == CX_CALL_ARRIVING)
        return COAX_ERR_STALE;
    if (call->state == CX_CALL_ABANDONED || call->endpoint->link.state == CX_LINK_CLOSED) {
        cx_call_in_end(call);
        return COAX_ERR_STALE;
    }
    if (call->is_oneway)
        return COAX_ERR_MISUSE;
    *ret = call;
    return COAX_OK;
}

/* Ends the call if its answer, of code `told`, is out; otherwise says what became of it. */
static coax_err finish(cx_call_in *call, coax_err err, coax_err told)
{
    call->outcome = err == COAX_OK ? told : COAX_ERR_UNAVAILABLE;
    if (err == COAX_OK || err == COAX_ERR_CLOSED)
        cx_call_in_end(call);
    return err == COAX_ERR_CLOSED ? COAX_ERR_STALE : err;
}

/*
 * Our own side's answer can't be sent: the caller learns that much, our side hears why, the call
 * ends.
 */
static coax_err fail_instead(cx_call_in *call, coax_err ret, coax_err told, const char *words)
{
    coax_err err = cx_answer_error(call, told, words, NULL, NULL);
    if (err == COAX_ERR_WOULD_BLOCK || err == COAX_ERR_NO_MEMORY)
        return err;
    call->outcome = told;
    cx_call_in_end(call);
    return ret;
}

static coax_err check_own(cx_call_in *call, const coax_type *type, const void *value)
{
    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (COAX_LIKELY(type->check(value, &violations)))
        return COAX_OK;
    cx_endpoint *endpoint = call->endpoint;
    const coax_method *method = call->method;
    coax_err err = fail_instead(call, COAX_ERR_INVALID_ARGUMENT, COAX_ERR_INTERNAL,
                                "the answer breaks the schema's rules");
    if (err == COAX_ERR_INVALID_ARGUMENT)
        cx_endpoint_report(endpoint, err, "the answer of %s: %s",
                           method != NULL ? method->name : "a call", violations.items[0].text);
    return err;
}

/*
 * Sends the frame that was begun; a reply that is too long, or can't be encoded, is told to the
 * caller as such.
 */
static coax_err commit_reply(cx_call_in *call, cx_sending *sending, uint32_t max_reply)
{
    char words[COAX_ERROR_TEXT_MAX];
    size_t len = cx_sending_len(sending);
    coax_err err;
    if (COAX_UNLIKELY(max_reply != 0 && sending->writer.err == COAX_OK && len > max_reply)) {
        cx_link_abandon(sending);
        snprintf(words, sizeof words, "a reply of %zu bytes, at most %u allowed (@max_reply)", len,
                 max_reply);
        return fail_instead(call, COAX_ERR_TOO_LARGE, COAX_ERR_RESOURCE_EXHAUSTED, words);
    }
    err = cx_link_commit(sending);
    if (COAX_LIKELY(err == COAX_OK)) {
        cx_stats_replied(call->row, len);
        cx_watch_replied(call->watch, len);
    }
    if (COAX_LIKELY(err == COAX_OK) || err == COAX_ERR_WOULD_BLOCK || err == COAX_ERR_NO_MEMORY)
        return finish(call, err, COAX_OK);
    coax_error why;
    cx_link_send_error(&call->endpoint->link, err, &why);
    bool is_large = err == COAX_ERR_TOO_LARGE;
    return fail_instead(call, err, is_large ? COAX_ERR_RESOURCE_EXHAUSTED : COAX_ERR_INTERNAL,
                        is_large ? "the reply passes max_message" : "the reply can't be encoded");
}

coax_err coax_gen_reply(coax_call handle, const coax_method *method, const void *reply)
{
    cx_call_in *call;
    if (cx_is_worker(handle))
        return cx_workers_of(handle)->reply(handle, method, reply);
    coax_err err = cx_call_in_answering(handle, &call);
    if (err != COAX_OK)
        return err;
    if (method->id != call->method_id || method->response == NULL ||
        method->response_item != NULL || reply == NULL)
        return COAX_ERR_MISUSE; /* a stream of replies ends with coax_call_end */
    err = check_own(call, method->response, reply);
    if (err != COAX_OK)
        return err;
    const cx_frame frame = { .type = CX_FRAME_RESPONSE, .call = call->wire_id };
    cx_head room;
    cx_sending sending;
    err = cx_link_begin(&call->endpoint->link, &frame, cx_call_in_head(call, &room), &sending);
    if (err != COAX_OK)
        return finish(call, err, err);
    method->response->encode(&sending.writer, reply);
    return commit_reply(call, &sending, method->max_reply);
}

coax_err coax_call_reply_raw(coax_call handle, coax_bytes reply)
{
    cx_call_in *call;
    if (cx_is_worker(handle))
        return COAX_ERR_MISUSE; /* the fallback runs on the loop */
    coax_err err = cx_call_in_answering(handle, &call);
    if (err != COAX_OK)
        return err;
    if (call->method != NULL || (reply.data == NULL && reply.len > 0))
        return COAX_ERR_MISUSE;
    const cx_frame frame = { .type = CX_FRAME_RESPONSE, .call = call->wire_id };
    cx_head room;
    cx_sending sending;
    err = cx_link_begin(&call->endpoint->link, &frame, cx_call_in_head(call, &room), &sending);
    if (err != COAX_OK)
        return finish(call, err, err);
    coax_write_raw(&sending.writer, reply.data, reply.len);
    return commit_reply(call, &sending, 0);
}

static bool may_throw(const coax_method *method, const coax_type *type)
{
    for (uint32_t i = 0; i < method->n_errors; i++) {
        if (method->errors[i] == type)
            return true;
    }
    return false;
}

coax_err coax_gen_throw(coax_call handle, const coax_method *method, const coax_type *type,
                        const void *value)
{
    cx_call_in *call;
    if (cx_is_worker(handle))
        return cx_workers_of(handle)->throw_error(handle, method, type, value);
    coax_err err = cx_call_in_answering(handle, &call);
    if (err != COAX_OK)
        return err;
    if (method->id != call->method_id || !may_throw(method, type) || value == NULL)
        return COAX_ERR_MISUSE;
    err = check_own(call, type, value);
    if (err != COAX_OK)
        return err;
    err = cx_answer_error(call, type->status, type->name, type, value);
    if (err == COAX_ERR_TOO_LARGE)
        return fail_instead(call, err, COAX_ERR_RESOURCE_EXHAUSTED,
                            "the typed error passes max_message");
    if (err != COAX_OK && err != COAX_ERR_WOULD_BLOCK && err != COAX_ERR_NO_MEMORY &&
        err != COAX_ERR_CLOSED)
        return fail_instead(call, err, COAX_ERR_INTERNAL, "the typed error can't be encoded");
    return finish(call, err, type->status);
}

coax_err coax_call_set_retry(coax_call handle, uint32_t retry_after_ms)
{
    cx_call_in *call;
    if (cx_is_worker(handle))
        return cx_workers_of(handle)->set_retry(handle, retry_after_ms);
    coax_err err = cx_call_in_answering(handle, &call);
    if (err == COAX_OK)
        call->retry_after_ms = retry_after_ms;
    return err;
}

coax_err coax_call_fail(coax_call handle, coax_err code, const char *format, ...)
{
    cx_call_in *call = NULL;
    coax_err err = cx_is_worker(handle) ? COAX_OK : cx_call_in_answering(handle, &call);
    if (err != COAX_OK)
        return err;
    if (code == COAX_OK)
        return COAX_ERR_MISUSE;
    char words[CX_STATUS_WORDS_MAX + 1];
    va_list args;
    va_start(args, format);
    if (format == NULL || vsnprintf(words, sizeof words, format, args) < 0)
        snprintf(words, sizeof words, "%s", coax_err_meaning(code));
    va_end(args);
    cx_words_mend(words, CX_STATUS_WORDS_MAX);
    if (call == NULL)
        return cx_workers_of(handle)->fail(handle, code, words);
    err = cx_answer_error(call, code, words, NULL, NULL);
    return finish(call, err, code);
}
