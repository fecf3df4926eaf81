/*
 * Blocking streams: opened, read, written and finished by a thread that waits.
 *
 * Who waits on a dialled client runs its loop, or follows the thread that does (turns.h); on any other loop it waits for
 * the thread that runs it. A stream without a deadline may be silent for as long as it likes, so a waiting thread looks
 * now and then whether anybody runs the loop at all, and gives the stream up if nobody does. Read next: ../rpc/stream.h.
 */
#include <string.h>

#include "node/gen.h"
#include "node/stream.h"
#include "node/turns.h"

static bool is_over(const coax_stream *stream)
{
    return atomic_load((atomic_bool *)(uintptr_t)&stream->is_over);
}

static uv_mutex_t *mutex_of(coax_stream *stream)
{
    return &stream->loop->shared.mutex;
}

/* Has something done by the loop; the outcome is the stream's. Not on the loop's thread, and not when it is over. */
static coax_err on_loop(coax_stream *stream, cx_stream_op op)
{
    coax_loop *loop = stream->loop;
    stream->op = op;
    cx_turns_enter(loop);
    coax_err err = cx_errand_do(&stream->errand, stream->patience_ms);
    cx_turns_leave(loop);
    return err == COAX_OK ? stream->outcome : err;
}

/* Sends a post that needs no answer; the stream lives until it has run. */
static coax_err send_post(coax_stream *stream, cx_post *post)
{
    coax_loop *loop = stream->loop;
    cx_stream_hold(stream);
    cx_turns_enter(loop);
    coax_err err = cx_errand_send(loop, post);
    cx_turns_leave(loop);
    if (err != COAX_OK)
        cx_stream_let_go(stream);
    return err;
}

/* Looks whether there is room for more, or (`asks`) whether anybody runs the loop. */
static void nudge(coax_stream *stream, bool asks)
{
    uv_mutex_lock(mutex_of(stream));
    const bool wanted = asks || (stream->is_paused && cx_stream_has_room(stream));
    const bool sends = wanted && !stream->is_nudged;
    if (sends)
        stream->is_nudged = true;
    uv_mutex_unlock(mutex_of(stream));
    if (sends && send_post(stream, &stream->nudge) != COAX_OK)
        stream->is_given_up = true;
}

/* Waits for the thread that runs the loop, at most so long. @return whether something has happened. */
static bool wait_a_while(coax_stream *stream, uint64_t limit_ns)
{
    cx_loop_shared *shared = &stream->loop->shared;
    const uint64_t until = uv_hrtime() + limit_ns;
    uv_mutex_lock(&shared->mutex);
    for (uint64_t now = uv_hrtime(); !stream->is_woken && now < until; now = uv_hrtime()) {
        shared->n_waiting++;
        (void)uv_cond_timedwait(&shared->changed, &shared->mutex, until - now);
        shared->n_waiting--;
    }
    const bool is_woken = stream->is_woken;
    uv_mutex_unlock(&shared->mutex);
    return is_woken;
}

static bool is_nudged(coax_stream *stream)
{
    uv_mutex_lock(mutex_of(stream));
    const bool is_nudged = stream->is_nudged;
    uv_mutex_unlock(mutex_of(stream));
    return is_nudged;
}

/* Waits until something has happened since `is_woken` was cleared, or the stream is given up. */
static void wait_for_event(coax_stream *stream)
{
    coax_loop *loop = stream->loop;
    if (loop->turns != NULL) {
        cx_turns_enter(loop);
        cx_turns_wait(loop, &stream->is_woken);
        cx_turns_leave(loop);
        return;
    }
    while (!stream->is_given_up && !wait_a_while(stream, stream->patience_ms * UINT64_C(1000000))) {
        nudge(stream, true);
        if (!wait_a_while(stream, CX_ERRAND_GRACE_NS) && is_nudged(stream))
            stream->is_given_up = true;
    }
}

static bool is_own_thread(coax_stream *stream)
{
    return !is_over(stream) && cx_loop_is_own_thread(stream->loop);
}

coax_err coax_gen_stream_open(coax_client *client, const coax_method *method, const void *request,
                              const coax_call_options *options, coax_stream **ret_stream)
{
    coax_error *words = options != NULL ? options->error : NULL;
    if (client == NULL || request == NULL || ret_stream == NULL)
        return coax_error_set(words, COAX_ERR_MISUSE,
                              "a client, a request and a place for the stream are needed");
    if (cx_loop_is_own_thread(client->loop))
        return coax_error_set(words, COAX_ERR_DEADLOCK, "%s", coax_err_meaning(COAX_ERR_DEADLOCK));
    coax_stream *stream = cx_stream_create(client);
    if (stream == NULL)
        return coax_error_set(words, COAX_ERR_NO_MEMORY, "no memory for a stream");
    stream->method = method;
    stream->message = request;
    stream->options = options;
    coax_err err = on_loop(stream, CX_STREAM_OPEN);
    if (err == COAX_OK) {
        stream->client = NULL;
        *ret_stream = stream;
        return COAX_OK;
    }
    if (err == COAX_ERR_DEADLINE_EXCEEDED && words != NULL && words->code != err)
        coax_error_set(words, err, "nobody ran the client's loop in time");
    cx_stream_let_go(stream);
    return err;
}

/* Takes the first item that lies ready. Under the mutex, or when the stream is over. */
static bool take_ready(coax_stream *stream, const void **ret_item)
{
    if (stream->n_ready == 0)
        return false;
    const cx_ready_item *ready = &stream->ready[stream->first];
    stream->in_hand = ready->memory;
    stream->ready_bytes -= ready->size;
    *ret_item = ready->item;
    stream->first = (stream->first + 1) % stream->max_ready;
    stream->n_ready--;
    return true;
}

static void put_down(coax_stream *stream)
{
    coax_memory_unref(stream->in_hand);
    stream->in_hand = NULL;
}

/* What can be told without waiting. */
typedef enum reading { READ_ITEM, READ_END, READ_NOTHING_YET } reading;

static reading try_next(coax_stream *stream, const void **ret_item)
{
    if (is_over(stream))
        return !stream->is_cancelled && take_ready(stream, ret_item) ? READ_ITEM : READ_END;
    uv_mutex_lock(mutex_of(stream));
    reading ret = READ_NOTHING_YET;
    if (stream->is_cancelled)
        ret = READ_END;
    else if (take_ready(stream, ret_item))
        ret = READ_ITEM;
    else
        stream->is_woken = is_over(stream);
    const bool wants_more = stream->is_paused && cx_stream_has_room(stream) &&
                            /* who runs the loop itself gets many at a time for one turn */
                            (stream->loop->turns == NULL || stream->n_ready == 0);
    uv_mutex_unlock(mutex_of(stream));
    if (wants_more && ret != READ_END)
        nudge(stream, false);
    return ret;
}

bool coax_gen_stream_next(coax_stream *stream, const coax_method *method, const void **ret_item)
{
    if (stream == NULL || method->id != stream->method->id)
        return false;
    put_down(stream);
    for (;;) {
        reading now = try_next(stream, ret_item);
        if (now != READ_NOTHING_YET)
            return now == READ_ITEM;
        if (stream->is_given_up || is_own_thread(stream))
            return false;
        wait_for_event(stream);
    }
}

/* Why nothing can be sent on a stream that is over. */
static coax_err why_over(const coax_stream *stream)
{
    return stream->result.err != COAX_OK ? stream->result.err : COAX_ERR_CLOSED;
}

/* There was no room: until there is, or the stream is over. */
static void wait_for_room(coax_stream *stream)
{
    for (;;) {
        uv_mutex_lock(mutex_of(stream));
        const bool waits = !stream->is_writable && !stream->is_cancelled && !is_over(stream);
        if (waits)
            stream->is_woken = false;
        uv_mutex_unlock(mutex_of(stream));
        if (!waits || stream->is_given_up)
            return;
        wait_for_event(stream);
    }
}

/* The call has ended, and on_end is on its way. */
static void wait_for_end(coax_stream *stream)
{
    while (!is_over(stream) && !stream->is_given_up) {
        uv_mutex_lock(mutex_of(stream));
        stream->is_woken = is_over(stream);
        uv_mutex_unlock(mutex_of(stream));
        wait_for_event(stream);
    }
}

static bool is_cancelled(coax_stream *stream)
{
    if (is_over(stream))
        return stream->is_cancelled;
    uv_mutex_lock(mutex_of(stream));
    const bool is_cancelled = stream->is_cancelled;
    uv_mutex_unlock(mutex_of(stream));
    return is_cancelled;
}

coax_err coax_gen_stream_put(coax_stream *stream, const coax_method *method, const void *item)
{
    if (stream == NULL || item == NULL || method->id != stream->method->id)
        return COAX_ERR_MISUSE;
    if (is_own_thread(stream))
        return COAX_ERR_DEADLOCK;
    stream->message = item;
    while (!is_over(stream) && !stream->is_given_up && !is_cancelled(stream)) {
        coax_err err = on_loop(stream, CX_STREAM_PUT);
        if (err == COAX_ERR_STALE)
            wait_for_end(stream);
        else if (err == COAX_ERR_WOULD_BLOCK)
            wait_for_room(stream);
        else
            return err;
    }
    if (stream->is_given_up)
        return COAX_ERR_DEADLINE_EXCEEDED;
    return is_cancelled(stream) ? COAX_ERR_CANCELLED : why_over(stream);
}

coax_err coax_stream_end(coax_stream *stream)
{
    if (stream == NULL || stream->method->request_item == NULL)
        return COAX_ERR_MISUSE;
    if (is_over(stream))
        return COAX_ERR_CLOSED;
    coax_err err = cx_loop_is_own_thread(stream->loop) ? coax_call_end(stream->call)
                                                       : on_loop(stream, CX_STREAM_END);
    return err == COAX_ERR_STALE ? COAX_ERR_CLOSED : err;
}

coax_err coax_stream_cancel(coax_stream *stream)
{
    if (stream == NULL)
        return COAX_ERR_MISUSE;
    if (is_over(stream))
        return COAX_ERR_CLOSED;
    uv_mutex_lock(mutex_of(stream));
    const bool is_first = !stream->is_cancelled && !is_over(stream);
    if (is_first)
        stream->is_cancelled = true;
    uv_mutex_unlock(mutex_of(stream));
    if (!is_first)
        return COAX_ERR_CLOSED;
    if (!cx_loop_is_own_thread(stream->loop))
        return send_post(stream, &stream->cancel);
    (void)coax_call_cancel(stream->call);
    return COAX_OK;
}

coax_call coax_stream_call(const coax_stream *stream)
{
    const coax_call none = { NULL, 0, 0 };
    return stream != NULL ? stream->call : none;
}

static bool has_ready(coax_stream *stream)
{
    uv_mutex_lock(mutex_of(stream));
    const bool has = stream->n_ready > 0;
    stream->is_woken = is_over(stream) || has;
    uv_mutex_unlock(mutex_of(stream));
    return has;
}

/* Waits for the status, and stops the stream where items come that nobody reads. */
static void wait_for_status(coax_stream *stream)
{
    while (!is_over(stream) && !stream->is_given_up) {
        if (has_ready(stream) && !is_cancelled(stream))
            (void)coax_stream_cancel(stream);
        else if (is_cancelled(stream))
            wait_for_end(stream);
        else
            wait_for_event(stream);
    }
}

/* The result of a stream that is over, or given up. */
static coax_result outcome_of(coax_stream *stream)
{
    if (!is_over(stream)) {
        (void)coax_stream_cancel(stream); /* for when somebody runs the loop after all */
        return cx_gen_failure(COAX_ERR_DEADLINE_EXCEEDED, "nobody ran the client's loop in time");
    }
    coax_result result = stream->result;
    if (result.err == COAX_OK && (stream->is_cancelled || stream->n_ready > 0))
        return cx_gen_failure(COAX_ERR_CANCELLED, stream->n_ready > 0
                                                      ? "items were left unread"
                                                      : coax_err_meaning(COAX_ERR_CANCELLED));
    stream->result.memory = NULL; /* it is the caller's now */
    return result;
}

coax_err coax_gen_stream_finish(coax_stream *stream, const coax_method *method,
                                coax_result *ret_result)
{
    if (stream == NULL || method->id != stream->method->id) {
        *ret_result = cx_gen_failure(COAX_ERR_MISUSE, "a stream of this method is needed");
        return COAX_ERR_MISUSE;
    }
    put_down(stream);
    if (is_own_thread(stream)) {
        (void)coax_stream_cancel(stream);
        *ret_result = cx_gen_failure(COAX_ERR_DEADLOCK, coax_err_meaning(COAX_ERR_DEADLOCK));
    } else {
        if (!is_over(stream) && !stream->is_given_up && method->request_item != NULL)
            (void)on_loop(stream, CX_STREAM_END); /* it may have ended already */
        wait_for_status(stream);
        *ret_result = outcome_of(stream);
    }
    cx_stream_let_go(stream);
    return ret_result->err;
}
