/*
 * Taking a loop, or its mailbox, for one thing to be done.
 *
 * Read next: wait_stream.c.
 */
#include "node/errand.h"
#include "node/turns.h"

static void set_done(cx_errand *errand)
{
    cx_loop_shared *shared = &errand->loop->shared;
    uv_mutex_lock(&shared->mutex);
    errand->is_done = true;
    if (shared->n_waiting > 0)
        uv_cond_broadcast(&shared->changed);
    uv_mutex_unlock(&shared->mutex);
}

static void run_posted(cx_post *post)
{
    cx_errand *errand = CX_CONTAINER(post, cx_errand, post);
    uv_mutex_lock(&errand->loop->shared.mutex);
    bool is_given_up = errand->is_given_up;
    errand->is_started = true;
    uv_mutex_unlock(&errand->loop->shared.mutex);
    if (is_given_up) {
        errand->let_go(errand);
        return;
    }
    errand->run(errand);
    errand->let_go(errand); /* who waits is an owner still, and may use it again once it is done */
    set_done(errand);
}

/* The caller has the right to run the loop. What it did leaves now: perhaps nobody runs the loop again for long. */
static void run_here(coax_loop *loop, cx_post *post)
{
    cx_turns_catch_up(loop);
    cx_loop_enter(loop);
    post->run(post);
    cx_loop_leave(loop);
    cx_loop_turn(loop);
    cx_loop_give_run(loop);
}

/* Another thread runs the loop, or should. @return whether it has been done. */
static bool wait_for_runner(cx_errand *errand, uint32_t patience_ms)
{
    cx_loop_shared *shared = &errand->loop->shared;
    const uint64_t limit = uv_hrtime() + (uint64_t)patience_ms * 1000000u;
    uv_mutex_lock(&shared->mutex);
    /* What has started borrows from the waiting thread, and ends soon: it runs no user code. */
    while (!errand->is_done) {
        uint64_t now = uv_hrtime();
        if (!errand->is_started && now >= limit)
            break;
        shared->n_waiting++;
        (void)uv_cond_timedwait(&shared->changed, &shared->mutex,
                                errand->is_started ? CX_ERRAND_GRACE_NS : limit - now);
        shared->n_waiting--;
    }
    bool is_done = errand->is_done;
    errand->is_given_up = !is_done;
    uv_mutex_unlock(&shared->mutex);
    return is_done;
}

coax_err cx_errand_do(cx_errand *errand, uint32_t patience_ms)
{
    coax_loop *loop = errand->loop;
    errand->post.run = run_posted;
    errand->is_started = false;
    errand->is_done = false;
    errand->hold(errand);
    if (loop->turns != NULL && cx_loop_take_run(loop) == COAX_OK) {
        run_here(loop, &errand->post);
        return COAX_OK;
    }
    if (cx_loop_add_post(loop, &errand->post) != COAX_OK) {
        errand->let_go(errand);
        return COAX_ERR_CLOSED;
    }
    if (loop->turns != NULL) {
        cx_turns_wait(loop, &errand->is_done);
        return COAX_OK;
    }
    return wait_for_runner(errand, patience_ms) ? COAX_OK : COAX_ERR_DEADLINE_EXCEEDED;
}

coax_err cx_errand_send(coax_loop *loop, cx_post *post)
{
    if (loop->turns != NULL && cx_loop_take_run(loop) == COAX_OK) {
        run_here(loop, post);
        return COAX_OK;
    }
    return cx_loop_add_post(loop, post);
}
