/*
 * The pool: its threads, and the queue in front of them.
 *
 * A thread is started when more calls wait than threads are idle, up to the limit. The queue needs no limit of its own:
 * each call in it counts as a handler alive of its connection. Read next: worker_home.c.
 */
#include <assert.h>

#include "node/threads.h"
#include "node/workers.h"

cx_workers *cx_workers_create(coax_loop *loop, uint32_t limit, void (*on_idle)(void *self),
                              void *self)
{
    cx_workers *workers =
        cx_net_take(&loop->net, sizeof *workers + limit * sizeof workers->threads[0]);
    if (workers == NULL)
        return NULL;
    workers->loop = loop;
    workers->limit = limit;
    workers->on_idle = on_idle;
    workers->self = self;
    atomic_init(&workers->n_calls, 0);
    bool has_mutex = uv_mutex_init(&workers->mutex) == 0;
    if (has_mutex && uv_cond_init(&workers->changed) == 0)
        return workers;
    if (has_mutex)
        uv_mutex_destroy(&workers->mutex);
    cx_net_release(&loop->net, workers);
    return NULL;
}

static const coax_method *find_blocking(const coax_gen_service *service)
{
    for (size_t i = 0; i < service->n_rows; i++)
        if ((service->rows[i].method->flags & COAX_METHOD_BLOCKING) != 0)
            return service->rows[i].method;
    return NULL;
}

coax_err cx_workers_for(const coax_gen_service *service, cx_endpoint_config *config,
                        coax_loop *loop, uint32_t limit, void (*on_idle)(void *self), void *self)
{
    const coax_method *method = find_blocking(service);
    if (method == NULL || config->workers != NULL)
        return COAX_OK;
    if (loop->core.workers == NULL) {
        cx_log_fact(&loop->core.host.log, COAX_LOG_ERROR, "serve_refused", "reason",
                    "%s is @blocking, but a simulated world has no threads", method->name);
        return COAX_ERR_NOT_SUPPORTED;
    }
    config->workers = cx_workers_create(loop, limit, on_idle, self);
    return config->workers != NULL ? COAX_OK : COAX_ERR_NO_MEMORY;
}

void cx_workers_free(cx_workers *workers)
{
    if (workers == NULL)
        return;
    assert(atomic_load(&workers->n_calls) == 0);
    uv_mutex_lock(&workers->mutex);
    workers->is_closing = true;
    uv_cond_broadcast(&workers->changed);
    uv_mutex_unlock(&workers->mutex);
    for (uint32_t i = 0; i < workers->n_threads; i++)
        (void)uv_thread_join(&workers->threads[i]);
    uv_cond_destroy(&workers->changed);
    uv_mutex_destroy(&workers->mutex);
    cx_net_release(&workers->loop->net, workers);
}

bool cx_workers_are_busy(const cx_workers *workers)
{
    return workers != NULL && atomic_load(&((cx_workers *)(uintptr_t)workers)->n_calls) > 0;
}

/* The next call; NULL: the pool is closing. Under the mutex. */
static cx_worker_call *take_first(cx_workers *workers)
{
    while (workers->first == NULL && !workers->is_closing) {
        workers->n_idle++;
        uv_cond_wait(&workers->changed, &workers->mutex);
        workers->n_idle--;
    }
    cx_worker_call *call = workers->first;
    if (call == NULL)
        return NULL;
    workers->first = call->next;
    if (workers->first == NULL)
        workers->last = NULL;
    workers->n_queued--;
    return call;
}

static void run_thread(void *arg)
{
    cx_workers *workers = arg;
    cx_worker_call *call;
    uv_mutex_lock(&workers->mutex);
    while ((call = take_first(workers)) != NULL) {
        uv_mutex_unlock(&workers->mutex);
        cx_worker_run(call);
        uv_mutex_lock(&workers->mutex);
    }
    uv_mutex_unlock(&workers->mutex);
}

/* One thread more, if that would help. false: there is none at all. Under the mutex. */
static bool have_threads(cx_workers *workers)
{
    if (workers->n_queued < workers->n_idle || workers->n_threads == workers->limit)
        return true;
    if (cx_thread_start(&workers->threads[workers->n_threads], run_thread, workers) == 0)
        workers->n_threads++;
    return workers->n_threads > 0;
}

coax_err cx_workers_queue(cx_workers *workers, cx_worker_call *call)
{
    uv_mutex_lock(&workers->mutex);
    bool taken = have_threads(workers);
    if (taken) {
        call->next = NULL;
        if (workers->last != NULL)
            workers->last->next = call;
        else
            workers->first = call;
        workers->last = call;
        workers->n_queued++;
        uv_cond_signal(&workers->changed);
    }
    uv_mutex_unlock(&workers->mutex);
    return taken ? COAX_OK : COAX_ERR_SYSTEM;
}
