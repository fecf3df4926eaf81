/*
 * Subscribing and waiting for the server's answer.
 *
 * The handler that waits is told of the first status by a hook of its own, so that the user's on_status goes on
 * as without. The wait ends with that status or with the client's call_timeout_ms, which a timer of the loop keeps; a
 * subscription whose wait failed is closed. Owners are counted: the thread, and the loop until the first status.
 * Read next: ../rpc/events_in.c.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "node/errand.h"
#include "node/gen.h"
#include "node/options.h"
#include "node/turns.h"

typedef struct wish_waiting {
    cx_errand errand;
    atomic_uint n_owners;
    coax_client *client;
    cx_subscribe_args args;
    coax_subscription subscription;
    cx_timer timer;
    uint32_t patience_ms;
    coax_err started;
    coax_error outcome; /* the words of `started`, then the first status */
    bool is_told;       /* under the loop's mutex */
    bool is_abandoned;  /* the thread has given up */
} wish_waiting;

static void let_go(wish_waiting *w)
{
    if (atomic_fetch_sub(&w->n_owners, 1) == 1)
        free(w);
}

static void hold_errand(cx_errand *errand)
{
    wish_waiting *w = CX_CONTAINER(errand, wish_waiting, errand);
    (void)atomic_fetch_add(&w->n_owners, 1);
    cx_client_posted(w->client);
}

static void let_errand_go(cx_errand *errand)
{
    wish_waiting *w = CX_CONTAINER(errand, wish_waiting, errand);
    if (errand->is_started)
        cx_client_seen(w->client);
    let_go(w);
}

/* The loop's last touch. */
static void tell(wish_waiting *w, coax_err code, const char *words)
{
    coax_loop *loop = w->errand.loop;
    cx_wheel_cancel(&loop->core.host.wheel, &w->timer);
    uv_mutex_lock(&loop->shared.mutex);
    (void)coax_error_set(&w->outcome, code, "%s", words);
    w->is_told = true;
    const bool is_abandoned = w->is_abandoned;
    if (loop->shared.n_waiting > 0)
        uv_cond_broadcast(&loop->shared.changed);
    uv_mutex_unlock(&loop->shared.mutex);
    if (code != COAX_OK || is_abandoned)
        (void)coax_subscription_close(w->subscription);
    let_go(w);
}

static void on_first(void *self, const coax_status *status)
{
    tell(self, status->code, status->message);
}

static void on_due(cx_timer *timer, uint64_t now)
{
    wish_waiting *w = CX_CONTAINER(timer, wish_waiting, timer);
    (void)now;
    tell(w, COAX_ERR_DEADLINE_EXCEEDED, "no answer within call_timeout_ms");
}

static void start(cx_errand *errand)
{
    wish_waiting *w = CX_CONTAINER(errand, wish_waiting, errand);
    coax_loop *loop = errand->loop;
    const uint64_t limit_ns = (uint64_t)w->patience_ms * 1000000u;
    cx_timer_init(&w->timer, on_due);
    (void)atomic_fetch_add(&w->n_owners, 1);
    w->started = cx_gen_subscribe_now(w->client, &w->args, &w->outcome, &w->subscription);
    if (w->started == COAX_OK)
        cx_wheel_arm(&loop->core.host.wheel, &w->timer, cx_loop_now(loop) + limit_ns);
    else
        let_go(w);
}

/* On a loop that another thread runs, or should. */
static void wait_for_runner(wish_waiting *w)
{
    cx_loop_shared *shared = &w->errand.loop->shared;
    const uint64_t limit_ns = (uint64_t)w->patience_ms * 1000000u;
    const uint64_t until = uv_hrtime() + limit_ns + CX_ERRAND_GRACE_NS;
    uv_mutex_lock(&shared->mutex);
    for (uint64_t now = uv_hrtime(); !w->is_told && now < until; now = uv_hrtime()) {
        shared->n_waiting++;
        (void)uv_cond_timedwait(&shared->changed, &shared->mutex, until - now);
        shared->n_waiting--;
    }
    w->is_abandoned = !w->is_told;
    uv_mutex_unlock(&shared->mutex);
}

/* @return the outcome, with its words. */
static coax_error wait_for_answer(wish_waiting *w)
{
    coax_error outcome = COAX_ERROR_INIT;
    coax_loop *loop = w->errand.loop;
    coax_err rc = cx_errand_do(&w->errand, w->patience_ms);
    if (rc == COAX_OK && w->started != COAX_OK)
        return w->outcome;
    if (rc == COAX_OK && loop->turns != NULL)
        cx_turns_wait(loop, &w->is_told);
    else if (rc == COAX_OK)
        wait_for_runner(w);
    if (rc == COAX_ERR_CLOSED)
        (void)coax_error_set(&outcome, rc, "the loop is being destroyed");
    else if (rc != COAX_OK || w->is_abandoned)
        (void)coax_error_set(&outcome, COAX_ERR_DEADLINE_EXCEEDED,
                             "nobody ran the client's loop in time");
    else
        outcome = w->outcome;
    return outcome;
}

static coax_err subscribe_and_wait(coax_client *client, const cx_subscribe_args *args,
                                   coax_error *error, coax_subscription *ret_subscription)
{
    coax_loop *loop = client->loop;
    wish_waiting *w = calloc(1, sizeof *w); /* the loop's allocator is the loop's thread's */
    if (w == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to wait for a subscription");
    atomic_init(&w->n_owners, 1);
    w->client = client;
    w->patience_ms = client->config.call_timeout_ms;
    w->args = *args;
    w->args.on_first = on_first;
    w->args.first_self = w;
    w->errand.loop = loop;
    w->errand.run = start;
    w->errand.hold = hold_errand;
    w->errand.let_go = let_errand_go;
    cx_turns_enter(loop);
    const coax_error outcome = wait_for_answer(w);
    cx_turns_leave(loop);
    if (outcome.code == COAX_OK && ret_subscription != NULL)
        *ret_subscription = w->subscription;
    let_go(w);
    if (outcome.code == COAX_OK)
        return COAX_OK;
    return coax_error_set(error, outcome.code, "%s: %s", args->event->name, outcome.text);
}

coax_err coax_gen_subscribe_wait(coax_client *client, const coax_method *event,
                                 coax_gen_event_fn glue, coax_gen_any_fn user_fn, void *self,
                                 const coax_subscribe_options *options,
                                 coax_subscription *ret_subscription)
{
    coax_subscribe_options chosen;
    coax_err rc = cx_options_take_small(&chosen, sizeof chosen, options, NULL);
    if (rc != COAX_OK)
        return rc;
    if (client == NULL || user_fn == NULL)
        return coax_error_set(chosen.error, COAX_ERR_MISUSE, "a client and a function are needed");
    if (cx_loop_is_own_thread(client->loop))
        return coax_error_set(chosen.error, COAX_ERR_DEADLOCK, "%s",
                              coax_err_meaning(COAX_ERR_DEADLOCK));
    const cx_subscribe_args args = { event, glue, user_fn, self, chosen.on_status, NULL, NULL };
    return subscribe_and_wait(client, &args, chosen.error, ret_subscription);
}
