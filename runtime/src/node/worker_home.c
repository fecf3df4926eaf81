/*
 * Worker calls on their loop: made, sent for, and let go.
 *
 * The loop takes what the worker wrote with one exchange of buffers, and sends it with the public functions, on the
 * call's own handle. Where there is no room the rest waits here and not in the worker, which is free for
 * another call once its handler has returned. Read next: worker_call.c.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "node/workers.h"

/* Larger buffers are given back when their call is over. */
#define SHEET_KEEP (64u * 1024u)

static cx_desk *make_desk(coax_loop *loop)
{
    cx_desk *desk = cx_net_take(&loop->net, sizeof *desk);
    if (desk == NULL)
        return NULL;
    if (uv_mutex_init(&desk->mutex) != 0) {
        cx_net_release(&loop->net, desk);
        return NULL;
    }
    cx_list_init(&desk->stuck);
    loop->desk = desk;
    return desk;
}

static void free_call(cx_worker_call *call)
{
    uv_cond_destroy(&call->changed);
    free(call->out.data);
    free(call->draft.data);
    free(call->sending.data);
    free(call);
}

void cx_worker_free_desk(coax_loop *loop)
{
    cx_desk *desk = loop->desk;
    if (desk == NULL)
        return;
    for (uint32_t i = 0; i < desk->count; i++)
        free_call(desk->calls[i]);
    free(desk->calls);
    uv_mutex_destroy(&desk->mutex);
    cx_net_release(&loop->net, desk);
    loop->desk = NULL;
}

/* Room for one more in the table. Under the mutex. */
static bool grow_table(cx_desk *desk)
{
    if (desk->count < desk->cap)
        return true;
    uint32_t cap = desk->cap == 0 ? 16 : desk->cap * 2;
    cx_worker_call **calls = realloc(desk->calls, cap * sizeof calls[0]);
    if (calls == NULL)
        return false;
    desk->calls = calls;
    desk->cap = cap;
    return true;
}

static cx_worker_call *make_call(cx_desk *desk)
{
    cx_worker_call *call = calloc(1, sizeof *call);
    if (call == NULL)
        return NULL;
    if (uv_cond_init(&call->changed) != 0) {
        free(call);
        return NULL;
    }
    uv_mutex_lock(&desk->mutex);
    bool has_room = grow_table(desk);
    if (has_room) {
        call->index = desk->count;
        desk->calls[desk->count++] = call;
    }
    uv_mutex_unlock(&desk->mutex);
    if (!has_room) {
        free_call(call);
        return NULL;
    }
    call->generation = 1;
    return call;
}

static cx_worker_call *take_call(cx_desk *desk)
{
    uv_mutex_lock(&desk->mutex);
    cx_worker_call *call = desk->free;
    if (call != NULL) {
        const size_t kept = offsetof(cx_worker_call, post);
        desk->free = call->next;
        memset((uint8_t *)call + kept, 0, sizeof *call - kept);
    }
    uv_mutex_unlock(&desk->mutex);
    return call != NULL ? call : make_call(desk);
}

static void trim(cx_sheet *sheet)
{
    sheet->len = 0;
    if (sheet->cap <= SHEET_KEEP)
        return;
    free(sheet->data);
    *sheet = (cx_sheet){ NULL, 0, 0 };
}

/* What was written there has been sent, or never will be. */
static void clear(const cx_worker_call *call, cx_sheet *sheet)
{
    if (call->wipes)
        cx_wipe(sheet->data, sheet->len);
    sheet->len = 0;
}

/* Its handle is stale from here on. */
static void give_call(cx_desk *desk, cx_worker_call *call)
{
    clear(call, &call->out);
    clear(call, &call->sending);
    if (call->wipes)
        cx_wipe(call->draft.data, call->draft.cap); /* its handler may have ended while it wrote */
    trim(&call->out);
    trim(&call->draft);
    trim(&call->sending);
    uv_mutex_lock(&desk->mutex);
    if (++call->generation == 0)
        call->generation = 1;
    call->is_running = false;
    call->next = desk->free;
    desk->free = call;
    uv_mutex_unlock(&desk->mutex);
}

/* It has come home for good. */
static void let_go(cx_worker_call *call)
{
    cx_workers *pool = call->pool;
    coax_loop *loop = call->loop;
    coax_call on_loop = call->job.call;
    cx_list_remove(&call->stuck);
    cx_worker_drop_items(call);
    coax_memory_unref(call->job.memory);
    cx_person_unref(call->job.person, &loop->core.host.pool);
    give_call(loop->desk, call);
    cx_worker_settle(on_loop);
    cx_loop_away(loop, -1);
    atomic_fetch_sub(&pool->n_calls, 1);
    if (loop == pool->loop) /* else its owner hears when that loop has ended */
        pool->on_idle(pool->self);
}

static coax_err send_record(const cx_worker_call *call, const cx_record *record,
                            const uint8_t *data)
{
    const coax_method *method = call->job.row->method;
    const coax_bytes encoded = { data, record->len };
    switch (record->kind) {
    case CX_RECORD_REPLY: return cx_worker_reply(call->job.call, method, encoded);
    case CX_RECORD_THROW: return cx_worker_throw(call->job.call, method, record->type, encoded);
    case CX_RECORD_FAIL:
        return coax_call_fail(call->job.call, record->code, "%.*s", (int)record->len,
                              (const char *)data);
    case CX_RECORD_BAD: return cx_worker_bad_answer(call->job.call, (const char *)data);
    case CX_RECORD_REPORT: cx_worker_report(call->job.call, (const char *)data); return COAX_OK;
    case CX_RECORD_ITEM: return cx_worker_item(call->job.call, method, encoded);
    case CX_RECORD_END: return coax_call_end(call->job.call);
    case CX_RECORD_RETRY: return coax_call_set_retry(call->job.call, record->retry_after_ms);
    case CX_RECORD_METADATA:
    case CX_RECORD_TRAILER: return cx_worker_speak(call->job.call, record->kind, data);
    default: return COAX_ERR_MISUSE;
    }
}

/*
 * The next part of what the worker wrote. @return whether there is any; `ret_returned`: and no more will come, nor a
 * post, which would find another call in its place.
 */
static bool take_written(cx_worker_call *call, bool *ret_returned)
{
    cx_desk *desk = call->loop->desk;
    clear(call, &call->sending);
    uv_mutex_lock(&desk->mutex);
    cx_sheet empty = call->sending;
    call->sending = call->out;
    call->out = empty;
    call->out.len = 0;
    *ret_returned = call->has_returned && !call->is_posted;
    uv_mutex_unlock(&desk->mutex);
    call->at = 0;
    return call->sending.len > 0;
}

static size_t record_size(const cx_record *record)
{
    size_t size = sizeof *record + record->len;
    return (size + CX_RECORD_ALIGN - 1) / CX_RECORD_ALIGN * CX_RECORD_ALIGN;
}

static void mark_sent(cx_worker_call *call, size_t size)
{
    cx_desk *desk = call->loop->desk;
    call->at += size;
    uv_mutex_lock(&desk->mutex);
    call->unsent -= size;
    if (call->is_waiting)
        uv_cond_signal(&call->changed);
    uv_mutex_unlock(&desk->mutex);
}

/* There is no room: an item's stream will tell, and for the rest the connection does. */
static void wait_for_room(cx_worker_call *call, cx_record_kind kind)
{
    if (kind == CX_RECORD_ITEM)
        call->waits_for_credit = true;
    else if (cx_list_is_empty(&call->stuck))
        cx_list_append(&call->loop->desk->stuck, &call->stuck);
}

/* Sends as much as there is room for. The call may be gone afterwards. */
static void send_written(cx_worker_call *call)
{
    bool has_returned = false;
    while (call->at < call->sending.len || take_written(call, &has_returned)) {
        const cx_record *record = (const cx_record *)(const void *)(call->sending.data + call->at);
        coax_err err = send_record(call, record, call->sending.data + call->at + sizeof *record);
        if (err == COAX_ERR_WOULD_BLOCK) {
            wait_for_room(call, record->kind);
            return;
        }
        /* Nothing is left out in silence. A call that has ended swallows the rest. */
        if (err != COAX_OK && err != COAX_ERR_STALE)
            (void)coax_call_fail(call->job.call, COAX_ERR_RESOURCE_EXHAUSTED,
                                 "what a handler said can't be sent: %s", coax_err_meaning(err));
        mark_sent(call, record_size(record));
    }
    if (has_returned)
        let_go(call);
}

static bool is_held_up(const cx_worker_call *call)
{
    return call->waits_for_credit || !cx_list_is_empty(&call->stuck);
}

void cx_worker_run_home(cx_post *post)
{
    cx_worker_call *call = CX_CONTAINER(post, cx_worker_call, post);
    cx_desk *desk = call->loop->desk;
    uv_mutex_lock(&desk->mutex);
    call->is_posted = false;
    bool resumes = call->wants_resume;
    call->wants_resume = false;
    uv_mutex_unlock(&desk->mutex);
    if (resumes)
        (void)coax_call_resume(call->job.call);
    if (!is_held_up(call))
        send_written(call);
}

/* The credit covers the item that waits. */
static void on_room(void *self, coax_call on_loop)
{
    cx_worker_call *call = self;
    (void)on_loop;
    if (!call->waits_for_credit)
        return;
    call->waits_for_credit = false;
    send_written(call);
}

void cx_worker_retry(coax_loop *loop)
{
    cx_list now;
    if (loop->desk == NULL || cx_list_is_empty(&loop->desk->stuck))
        return;
    cx_list_init(&now);
    cx_list_append_all(&now, &loop->desk->stuck);
    for (cx_list *next; (next = cx_list_take_first(&now)) != NULL;)
        send_written(CX_CONTAINER(next, cx_worker_call, stuck));
}

/* Nobody waits for the answer any more. */
static void on_gone(void *self, coax_call on_loop, coax_err why)
{
    cx_worker_call *call = self;
    cx_desk *desk = call->loop->desk;
    (void)on_loop;
    (void)why;
    uv_mutex_lock(&desk->mutex);
    call->is_gone = true;
    if (call->is_waiting)
        uv_cond_signal(&call->changed);
    uv_mutex_unlock(&desk->mutex);
    if (!is_held_up(call))
        return;
    call->waits_for_credit = false;
    cx_list_remove(&call->stuck);
    send_written(call); /* in vain, which ends it */
}

coax_err cx_worker_begin(cx_workers *pool, const cx_worker_job *job)
{
    coax_loop *loop = job->call.loop;
    cx_desk *desk = loop->desk != NULL ? loop->desk : make_desk(loop);
    cx_worker_call *call = desk != NULL ? take_call(desk) : NULL;
    if (call == NULL)
        return COAX_ERR_NO_MEMORY;
    call->post.run = cx_worker_run_home;
    call->pool = pool;
    call->loop = loop;
    call->job = *job;
    call->wipes = cx_pool_keeps_secrets(&loop->core.host.pool);
    call->peer = coax_call_peer(job->call);
    cx_list_init(&call->stuck);
    atomic_fetch_add(&pool->n_calls, 1); /* before a worker can ask whether any is busy */
    coax_err rc = coax_call_on_cancel(job->call, on_gone, call);
    if (rc == COAX_OK)
        rc = cx_worker_open_stream(call, on_room);
    if (rc == COAX_OK)
        rc = cx_workers_queue(pool, call);
    if (rc != COAX_OK) {
        (void)coax_call_on_cancel(job->call, NULL, NULL);
        (void)coax_call_on_writable(job->call, NULL, NULL);
        give_call(desk, call);
        atomic_fetch_sub(&pool->n_calls, 1);
        return rc;
    }
    (void)coax_memory_ref(job->memory);
    (void)cx_person_ref(job->person);
    cx_loop_away(loop, +1);
    return COAX_OK;
}
