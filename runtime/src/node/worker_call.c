/*
 * Worker calls on their worker: the handler runs, and what it says is encoded and put down for the loop.
 *
 * A handle leads to its call through the loop's desk, under the mutex; behind that the call can't go away, because only
 * the return of the handler that asks can let it. Another thread that got hold of the handle is told
 * so. Answers are checked and encoded here, without the mutex; nothing here touches what is the
 * loop's own, its pools included. Read next: rpc/worker.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "node/workers.h"

/* Room behind a fresh record. */
#define FIRST_ROOM 256u

/* The call, with the mutex taken; or NULL, without it, and why not. */
static cx_worker_call *enter(coax_call handle, coax_err *ret_why)
{
    cx_desk *desk = handle.loop->desk;
    uint32_t index = handle.index & ~(CX_HANDLE_INBOUND | CX_HANDLE_WORKER);
    uv_thread_t self = uv_thread_self();
    *ret_why = COAX_ERR_STALE;
    if (desk == NULL) /* a handle that nobody gave: no worker has been here */
        return NULL;
    uv_mutex_lock(&desk->mutex);
    cx_worker_call *call = index < desk->count ? desk->calls[index] : NULL;
    if (call != NULL && call->generation == handle.generation && call->is_running) {
        if (!uv_thread_equal(&self, &call->thread))
            *ret_why = COAX_ERR_WRONG_THREAD;
        else if (!call->has_answered && !call->is_gone)
            return call;
    }
    uv_mutex_unlock(&desk->mutex);
    return NULL;
}

static void leave(cx_worker_call *call)
{
    uv_mutex_unlock(&call->loop->desk->mutex);
}

void cx_worker_unlock_and_post(cx_worker_call *call)
{
    bool posts = !call->is_posted;
    call->is_posted = true;
    coax_loop *loop = call->loop;
    leave(call);
    if (posts) /* else the loop has it already, and may be through with it by now */
        (void)cx_loop_add_own_post(loop, &call->post);
}

bool cx_sheet_reserve(cx_sheet *sheet, size_t cap, size_t used, bool wipes)
{
    if (sheet->cap >= cap)
        return true;
    uint8_t *data = wipes ? malloc(cap) : realloc(sheet->data, cap);
    if (data == NULL)
        return false;
    if (wipes && sheet->data != NULL) {
        memcpy(data, sheet->data, used);
        cx_wipe(sheet->data, used);
        free(sheet->data);
    }
    sheet->data = data;
    sheet->cap = cap;
    return true;
}

/* Room in the draft, `used` bytes of whose message stay. */
static bool reserve_draft(cx_worker_call *call, size_t used, size_t len)
{
    const size_t head = sizeof(cx_record);
    const bool has_room = call->draft.data != NULL;
    return cx_sheet_reserve(&call->draft, head + len, has_room && used > 0 ? head + used : 0,
                            call->wipes);
}

/* What the writer's grow needs to know. */
typedef struct drafting {
    cx_worker_call *call;
    size_t most; /* bytes of the message */
} drafting;

static bool grow(coax_writer *writer, size_t more)
{
    const drafting *it = writer->self;
    size_t used = (size_t)(writer->at - writer->start);
    if (more > it->most - used) {
        coax_writer_fail(writer, COAX_ERR_TOO_LARGE);
        return false;
    }
    size_t wanted = more > used ? used + more : used * 2;
    cx_sheet *draft = &it->call->draft;
    if (!reserve_draft(it->call, used, wanted)) {
        coax_writer_fail(writer, COAX_ERR_NO_MEMORY);
        return false;
    }
    size_t room = draft->cap - sizeof(cx_record);
    writer->start = draft->data + sizeof(cx_record);
    writer->at = writer->start + used;
    writer->end = writer->start + (room < it->most ? room : it->most);
    return true;
}

/* Encodes `value` behind the place of a record. */
static coax_err draft_value(cx_worker_call *call, const coax_type *type, const void *value,
                            size_t *ret_len)
{
    drafting it = { call, call->job.max_message };
    coax_writer writer;
    if (!reserve_draft(call, 0, FIRST_ROOM))
        return COAX_ERR_NO_MEMORY;
    size_t room = call->draft.cap - sizeof(cx_record);
    coax_writer_init(&writer, call->draft.data + sizeof(cx_record),
                     room < it.most ? room : it.most);
    writer.grow = grow;
    writer.self = &it;
    type->encode(&writer, value);
    coax_err err = coax_writer_finish(&writer, ret_len);
    if (err != COAX_OK && call->wipes)
        cx_wipe(call->draft.data, call->draft.cap);
    return err;
}

uint8_t *cx_worker_draft_room(cx_worker_call *call, size_t len)
{
    return reserve_draft(call, 0, len) ? call->draft.data + sizeof(cx_record) : NULL;
}

coax_err cx_worker_draft_words(cx_worker_call *call, const char *words, size_t *ret_len)
{
    size_t len = strlen(words);
    uint8_t *at = cx_worker_draft_room(call, len + 1);
    if (at == NULL)
        return COAX_ERR_NO_MEMORY;
    memcpy(at, words, len + 1);
    *ret_len = len + 1; /* whoever reads it on the loop looks for the end */
    return COAX_OK;
}

/* Moves the drafted record behind those that wait. Under the mutex. */
static coax_err put_down(cx_worker_call *call, const cx_record *record)
{
    size_t size = sizeof *record + record->len;
    size = (size + CX_RECORD_ALIGN - 1) / CX_RECORD_ALIGN * CX_RECORD_ALIGN;
    if (!reserve_draft(call, record->len, size - sizeof *record))
        return COAX_ERR_NO_MEMORY;
    memcpy(call->draft.data, record, sizeof *record);
    if (call->out.len == 0) {
        cx_sheet was = call->out;
        call->out = call->draft;
        call->draft = was;
    } else {
        if (call->out.cap - call->out.len < size &&
            !cx_sheet_reserve(&call->out,
                              call->out.len + (size > call->out.len ? size : call->out.len),
                              call->out.len, call->wipes))
            return COAX_ERR_NO_MEMORY;
        memcpy(call->out.data + call->out.len, call->draft.data, size);
        if (call->wipes)
            cx_wipe(call->draft.data, size);
    }
    call->out.len += size;
    call->unsent += size;
    return COAX_OK;
}

/* Waits until what has not been sent leaves room for `size` bytes. Under the mutex. */
static void wait_for_room(cx_worker_call *call, size_t size)
{
    call->is_waiting = true;
    while (!call->is_gone && call->unsent > 0 && call->unsent + size > call->job.window)
        uv_cond_wait(&call->changed, &call->loop->desk->mutex);
    call->is_waiting = false;
}

coax_err cx_worker_put(cx_worker_call *call, const cx_record *record, cx_put_how how)
{
    cx_desk *desk = call->loop->desk;
    uv_mutex_lock(&desk->mutex);
    if (how == CX_PUT_WAITS)
        wait_for_room(call, sizeof *record + record->len);
    coax_err err = call->is_gone ? COAX_ERR_STALE : put_down(call, record);
    if (err != COAX_OK) {
        leave(call);
        return err;
    }
    if (how == CX_PUT_LAST)
        call->has_answered = true;
    cx_worker_unlock_and_post(call);
    return COAX_OK;
}

/* The handler's answer is of no use: the caller learns that much, and our own side why. */
static coax_err answer_instead(cx_worker_call *call, coax_err ret, cx_record_kind kind,
                               coax_err code, const char *words)
{
    cx_record record = { .kind = kind, .code = code };
    coax_err err = cx_worker_draft_words(call, words, &record.len);
    if (err == COAX_OK)
        err = cx_worker_put(call, &record, CX_PUT_LAST);
    return err == COAX_OK ? ret : err;
}

coax_err cx_worker_draft(cx_worker_call *call, const coax_type *type, const void *value,
                         uint32_t max, cx_record *record)
{
    coax_err err = draft_value(call, type, value, &record->len);
    return err == COAX_OK && max != 0 && record->len > max ? COAX_ERR_TOO_LARGE : err;
}

/* Checks, encodes and puts down an answer that ends the call. */
static coax_err answer(cx_worker_call *call, cx_record *record, const coax_type *type,
                       const void *value, uint32_t max)
{
    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (COAX_UNLIKELY(!type->check(value, &violations)))
        return answer_instead(call, COAX_ERR_INVALID_ARGUMENT, CX_RECORD_BAD, COAX_ERR_INTERNAL,
                              violations.items[0].text);
    coax_err err = cx_worker_draft(call, type, value, max, record);
    if (COAX_LIKELY(err == COAX_OK))
        return cx_worker_put(call, record, CX_PUT_LAST);
    if (err == COAX_ERR_NO_MEMORY)
        return err;
    bool is_large = err == COAX_ERR_TOO_LARGE;
    return answer_instead(
        call, err, CX_RECORD_FAIL, is_large ? COAX_ERR_RESOURCE_EXHAUSTED : COAX_ERR_INTERNAL,
        is_large ? "the answer passes max_message or @max_reply" : "the answer can't be encoded");
}

cx_worker_call *cx_worker_find(coax_call handle, const coax_method *method, coax_err *ret_why)
{
    cx_worker_call *call = enter(handle, ret_why);
    if (call == NULL)
        return NULL;
    leave(call);
    const coax_method *own = call->job.row->method;
    if (own->kind != COAX_METHOD_ONEWAY && (method == NULL || method->id == own->id))
        return call;
    *ret_why = COAX_ERR_MISUSE;
    return NULL;
}

static coax_err reply(coax_call handle, const coax_method *method, const void *value)
{
    coax_err err;
    cx_worker_call *call = cx_worker_find(handle, method, &err);
    if (call == NULL)
        return err;
    if (method->response == NULL || method->response_item != NULL || value == NULL)
        return COAX_ERR_MISUSE;
    cx_record record = { .kind = CX_RECORD_REPLY };
    return answer(call, &record, method->response, value, method->max_reply);
}

static bool may_throw(const coax_method *method, const coax_type *type)
{
    for (uint32_t i = 0; i < method->n_errors; i++)
        if (method->errors[i] == type)
            return true;
    return false;
}

static coax_err throw_error(coax_call handle, const coax_method *method, const coax_type *type,
                            const void *value)
{
    coax_err err;
    cx_worker_call *call = cx_worker_find(handle, method, &err);
    if (call == NULL)
        return err;
    if (!may_throw(method, type) || value == NULL)
        return COAX_ERR_MISUSE;
    cx_record record = { .kind = CX_RECORD_THROW, .type = type };
    return answer(call, &record, type, value, 0);
}

static coax_err fail(coax_call handle, coax_err code, const char *words)
{
    coax_err err;
    cx_worker_call *call = cx_worker_find(handle, NULL, &err);
    return call != NULL ? answer_instead(call, COAX_OK, CX_RECORD_FAIL, code, words) : err;
}

static coax_err set_retry(coax_call handle, uint32_t retry_after_ms)
{
    coax_err err;
    cx_worker_call *call = cx_worker_find(handle, NULL, &err);
    const cx_record record = { .kind = CX_RECORD_RETRY, .retry_after_ms = retry_after_ms };
    return call != NULL ? cx_worker_put(call, &record, CX_PUT) : err;
}

static coax_err set_data(coax_call handle, void *data)
{
    coax_err err;
    cx_worker_call *call = enter(handle, &err);
    if (call == NULL)
        return err;
    call->data = data;
    leave(call);
    return COAX_OK;
}

/* Asked by children of the call as well, which start on other threads. */
static bool view(coax_call handle, cx_worker_view *ret)
{
    cx_desk *desk = handle.loop->desk;
    uint32_t index = handle.index & ~(CX_HANDLE_INBOUND | CX_HANDLE_WORKER);
    if (desk == NULL)
        return false;
    uv_mutex_lock(&desk->mutex);
    const cx_worker_call *call = index < desk->count ? desk->calls[index] : NULL;
    bool is_live = call != NULL && call->generation == handle.generation && call->is_running &&
                   !call->has_answered && !call->is_gone;
    if (is_live)
        *ret = (cx_worker_view){ .peer = call->peer,
                                 .deadline = call->job.deadline,
                                 .method_id = call->job.row->method->id,
                                 .metadata = call->job.metadata,
                                 .data = call->data,
                                 .person = call->job.person };
    uv_mutex_unlock(&desk->mutex);
    return is_live;
}

/* Whether somebody still waits for it; then it is this thread's. */
static bool begin_run(cx_worker_call *call, coax_call *ret_handle)
{
    cx_desk *desk = call->loop->desk;
    uv_mutex_lock(&desk->mutex);
    call->thread = uv_thread_self();
    call->is_running = !call->is_gone;
    *ret_handle = (coax_call){ call->loop, call->index | CX_HANDLE_INBOUND | CX_HANDLE_WORKER,
                               call->generation };
    bool runs = call->is_running;
    uv_mutex_unlock(&desk->mutex);
    return runs;
}

void cx_worker_run(cx_worker_call *call)
{
    coax_call handle;
    const cx_row *row = call->job.row;
    if (begin_run(call, &handle))
        row->handle(row->handlers, row->self, handle, call->job.request);
    uv_mutex_lock(&call->loop->desk->mutex);
    call->is_running = false;
    call->has_returned = true;
    cx_worker_unlock_and_post(call);
}

const struct cx_worker_ops cx_worker_ops = { .start = cx_worker_begin,
                                             .reply = reply,
                                             .throw_error = throw_error,
                                             .fail = fail,
                                             .item = cx_worker_push,
                                             .end = cx_worker_end,
                                             .take = cx_worker_take,
                                             .send_metadata = cx_worker_send_metadata,
                                             .set_trailer = cx_worker_set_trailer,
                                             .set_retry = set_retry,
                                             .set_data = set_data,
                                             .view = view };
