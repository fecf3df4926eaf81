/*
 * Blocking calls: dialling, calling and sending from whichever thread.
 *
 * On a dialled client the caller runs the private loop, or waits for the thread that does
 * (turns.h). On any other loop the call is posted, and the caller waits for the thread that runs
 * it; it never waits for ever: a loop that nobody runs costs it the call's own timeout. Read next:
 * gen.c.
 */
#include <stdlib.h>
#include <string.h>

#include "node/gen.h"
#include "node/options.h"
#include "node/turns.h"

/* How long past its deadline a call is waited for, when the loop has stopped running. */
#define GRACE_MS 2000u

/* A call whose caller waits. On a private loop it lies on the caller's stack, else on the heap with
 * two owners. */
typedef struct waiting {
    cx_post post;
    coax_loop *loop;
    coax_client *client;
    const coax_method *method;
    const void *request;
    const coax_call_options *options;
    bool is_send; /* one-way: done when it has been queued */
    coax_result result;
    bool is_done;
    bool is_abandoned; /* the caller has given up; whoever comes next frees */
    bool is_shared;    /* on the heap */
    bool is_started;
} waiting;

/* Hands the result over, or throws it away where nobody waits any more. Loop's thread. */
static void set_done(waiting *w, const coax_result *result)
{
    cx_loop_shared *shared = &w->loop->shared;
    uv_mutex_lock(&shared->mutex);
    bool is_abandoned = w->is_abandoned;
    w->result = *result;
    w->is_done = true;
    if (shared->n_waiting > 0)
        uv_cond_broadcast(&shared->changed);
    uv_mutex_unlock(&shared->mutex);
    if (is_abandoned) {
        coax_memory_unref(result->memory);
        free(w);
    }
}

static void on_done(void *self, coax_gen_any_fn user_fn, const coax_result *result)
{
    (void)user_fn;
    (void)coax_memory_ref(result->memory);
    set_done(self, result);
}

/* A result for a call that could not start, with its words in memory that the caller releases. */
static coax_result refused(coax_loop *loop, const coax_error *error)
{
    size_t size = strlen(error->text) + 1;
    coax_result result = cx_gen_failure(error->code, coax_err_meaning(error->code));
    result.memory = size > 1 ? cx_memory_take(loop->core.memory, NULL, 0) : NULL;
    if (result.memory == NULL)
        return result;
    char *text = coax_arena_take(cx_memory_arena(result.memory), size, 1);
    if (text != NULL) {
        memcpy(text, error->text, size);
        result.status.message = text;
    }
    return result;
}

/* Loop's thread. */
static void start(waiting *w)
{
    coax_error error = COAX_ERROR_INIT;
    coax_call_options options = COAX_CALL_OPTIONS_INIT;
    coax_err rc =
        cx_options_take(&options, sizeof options,
                        w->options != NULL && w->options->size != 0 ? w->options : NULL, &error);
    if (w->options != NULL && w->options->size == 0)
        options = *w->options;
    options.size = sizeof options;
    coax_error *user_error = options.error;
    options.error = &error;
    if (rc == COAX_OK && w->is_send)
        rc = cx_gen_send_now(w->client, w->method, w->request, &options);
    else if (rc == COAX_OK)
        rc = cx_gen_call_now(w->client, w->method, w->request, &options, on_done, NULL, w);
    if (rc == COAX_OK && !w->is_send)
        return;
    error.code = rc;
    if (user_error != NULL && rc != COAX_OK)
        *user_error = error;
    coax_result result = rc == COAX_OK ? cx_gen_failure(COAX_OK, "") : refused(w->loop, &error);
    set_done(w, &result);
}

static void run_start(cx_post *post)
{
    waiting *w = (waiting *)post;
    coax_client *client = w->client;
    bool is_shared = w->is_shared;
    uv_mutex_lock(&w->loop->shared.mutex);
    bool is_abandoned = w->is_abandoned;
    w->is_started = true;
    uv_mutex_unlock(&w->loop->shared.mutex);
    if (is_abandoned)
        free(w);
    else
        start(w);
    if (is_shared)
        cx_client_seen(client);
}

/* On a private loop. The first one in starts its call itself: no post, no waking. */
static void wait_privately(waiting *w)
{
    coax_loop *loop = w->loop;
    cx_turns_enter(loop);
    if (cx_loop_take_run(loop) == COAX_OK) {
        w->is_started = true;
        cx_turns_catch_up(loop);
        cx_loop_enter(loop);
        start(w);
        cx_loop_leave(loop);
        cx_loop_turn(loop); /* a one-way message leaves now: perhaps nobody runs the loop again */
        cx_turns_run(loop, &w->is_done);
        cx_loop_give_run(loop);
    } else if (cx_loop_add_post(loop, &w->post) == COAX_OK) {
        cx_turns_wait(loop, &w->is_done);
    } else {
        w->result = cx_gen_failure(COAX_ERR_CLOSED, "the client is closing");
    }
}

/* Waits for a shared call at most until `until_ns`. @return whether it is over. Under the mutex. */
static bool wait_until(coax_loop *loop, const waiting *w, uint64_t until_ns)
{
    uint64_t now = uv_hrtime();
    if (w->is_done || now >= until_ns)
        return w->is_done;
    loop->shared.n_waiting++;
    (void)uv_cond_timedwait(&loop->shared.changed, &loop->shared.mutex, until_ns - now);
    loop->shared.n_waiting--;
    return w->is_done;
}

static uint32_t timeout_of(const waiting *w)
{
    if (w->options != NULL && w->options->timeout_ms != 0)
        return w->options->timeout_ms;
    return w->method->timeout_ms != 0 ? w->method->timeout_ms : w->client->config.call_timeout_ms;
}

/* On a loop that another thread runs, or should. @return false: the call has been given up, and `w`
 * is the loop's to free. */
static bool wait_for_runner(waiting *w)
{
    coax_loop *loop = w->loop;
    uint64_t limit = uv_hrtime() + ((uint64_t)timeout_of(w)) * 1000000u;
    uint64_t late = limit + (uint64_t)GRACE_MS * 1000000u;
    uv_mutex_lock(&loop->shared.mutex);
    while (!w->is_done && uv_hrtime() < (w->is_started ? late : limit))
        (void)wait_until(loop, w, w->is_started ? late : limit);
    bool is_done = w->is_done;
    w->is_abandoned = !is_done;
    uv_mutex_unlock(&loop->shared.mutex);
    return is_done;
}

static coax_result wait_shared(const waiting *call)
{
    waiting *w = malloc(sizeof *w);
    if (w == NULL)
        return cx_gen_failure(COAX_ERR_NO_MEMORY, coax_err_meaning(COAX_ERR_NO_MEMORY));
    *w = *call;
    w->is_shared = true;
    cx_client_posted(w->client);
    if (cx_loop_add_post(w->loop, &w->post) != COAX_OK) {
        free(w);
        return cx_gen_failure(COAX_ERR_CLOSED, "the loop is being destroyed");
    }
    if (!wait_for_runner(w))
        return cx_gen_failure(COAX_ERR_DEADLINE_EXCEEDED, "nobody ran the client's loop in time");
    coax_result result = w->result;
    free(w);
    return result;
}

static coax_result wait_for(waiting *w)
{
    coax_loop *loop = w->loop;
    w->post.run = run_start;
    if (cx_loop_is_own_thread(loop))
        return cx_gen_failure(COAX_ERR_DEADLOCK, coax_err_meaning(COAX_ERR_DEADLOCK));
    if (!w->client->is_dialled)
        return wait_shared(w);
    wait_privately(w);
    coax_result result = w->result;
    cx_turns_leave(loop); /* the loop and the client may be gone now */
    return result;
}

coax_err coax_gen_call_wait(coax_client *client, const coax_method *method, const void *request,
                            const coax_call_options *options, coax_result *ret_result)
{
    waiting w;
    if (client == NULL || request == NULL) {
        *ret_result = cx_gen_failure(COAX_ERR_MISUSE, "a client and a request are needed");
        return COAX_ERR_MISUSE;
    }
    memset(&w, 0, sizeof w);
    w.loop = client->loop;
    w.client = client;
    w.method = method;
    w.request = request;
    w.options = options;
    *ret_result = wait_for(&w);
    return ret_result->err;
}

coax_err cx_wait_send(coax_client *client, const coax_method *method, const void *request,
                      const coax_call_options *options)
{
    waiting w;
    memset(&w, 0, sizeof w);
    w.loop = client->loop;
    w.client = client;
    w.method = method;
    w.request = request;
    w.options = options;
    w.is_send = true;
    coax_result result = wait_for(&w);
    coax_memory_unref(result.memory);
    return result.err;
}
