/*
 * Running, stopping, and work from other threads.
 *
 * Posts are a list under a mutex, and the shell is woken once for a burst of them. Posts of
 * coax_loop_post come from malloc: the loop's allocator belongs to the loop's thread. Read next:
 * conn.h.
 */
#include <stdlib.h>

#include "node/loop.h"
#include "node/turns.h"

/* A function posted by the user. */
typedef struct user_post {
    cx_post post;
    void (*fn)(void *self);
    void *self;
} user_post;

/* Under the mutex, so that destroy can't take the shell away. */
static void add(coax_loop *loop, cx_post *post)
{
    cx_loop_shared *shared = &loop->shared;
    post->next = NULL;
    if (shared->last != NULL)
        shared->last->next = post;
    else
        shared->first = post;
    shared->last = post;
    if (shared->is_woken)
        return;
    shared->is_woken = true;
    loop->shell->ops->wake(loop->shell);
}

coax_err cx_loop_add_post(coax_loop *loop, cx_post *post)
{
    uv_mutex_lock(&loop->shared.mutex);
    bool is_closed = loop->shared.is_closed;
    if (!is_closed)
        add(loop, post);
    uv_mutex_unlock(&loop->shared.mutex);
    return is_closed ? COAX_ERR_CLOSED : COAX_OK;
}

coax_err cx_loop_add_own_post(coax_loop *loop, cx_post *post)
{
    uv_mutex_lock(&loop->shared.mutex);
    bool is_ended = loop->shared.is_ended;
    if (!is_ended)
        add(loop, post);
    uv_mutex_unlock(&loop->shared.mutex);
    return is_ended ? COAX_ERR_CLOSED : COAX_OK;
}

void cx_loop_away(coax_loop *loop, int by)
{
    loop->n_away = by > 0 ? loop->n_away + 1 : loop->n_away - 1;
    loop->shell->ops->hold(loop->shell, by);
}

bool cx_loop_end_posts(coax_loop *loop)
{
    uv_mutex_lock(&loop->shared.mutex);
    bool is_ended = loop->shared.first == NULL;
    if (is_ended)
        loop->shared.is_ended = true;
    uv_mutex_unlock(&loop->shared.mutex);
    return is_ended;
}

void cx_loop_close_posts(coax_loop *loop)
{
    uv_mutex_lock(&loop->shared.mutex);
    loop->shared.is_closed = true;
    uv_mutex_unlock(&loop->shared.mutex);
}

bool cx_loop_has_posts(coax_loop *loop)
{
    uv_mutex_lock(&loop->shared.mutex);
    bool has = loop->shared.first != NULL;
    uv_mutex_unlock(&loop->shared.mutex);
    return has;
}

void cx_loop_run_posts(coax_loop *loop)
{
    cx_loop_shared *shared = &loop->shared;
    uv_mutex_lock(&shared->mutex);
    cx_post *post = shared->first;
    shared->first = NULL;
    shared->last = NULL;
    shared->is_woken = false;
    bool stops = shared->wants_stop;
    uv_mutex_unlock(&shared->mutex);
    cx_loop_enter(loop);
    while (post != NULL) {
        cx_post *next = post->next;
        post->run(post);
        post = next;
    }
    cx_loop_leave(loop);
    if (stops)
        loop->shell->ops->stop(loop->shell);
}

static void run_user_post(cx_post *post)
{
    user_post *mine = (user_post *)post;
    void (*fn)(void *self) = mine->fn;
    void *self = mine->self;
    free(mine);
    fn(self);
}

coax_err coax_loop_post(coax_loop *loop, void (*fn)(void *self), void *self)
{
    if (loop == NULL || fn == NULL)
        return COAX_ERR_MISUSE;
    user_post *post = malloc(sizeof *post);
    if (post == NULL)
        return COAX_ERR_NO_MEMORY;
    post->post.run = run_user_post;
    post->fn = fn;
    post->self = self;
    coax_err rc = cx_loop_add_post(loop, &post->post);
    if (rc != COAX_OK)
        free(post);
    return rc;
}

bool cx_loop_is_own_thread(coax_loop *loop)
{
    cx_loop_shared *shared = &loop->shared;
    uv_thread_t self = uv_thread_self();
    uv_mutex_lock(&shared->mutex);
    bool knows = loop->shell->is_foreign ? shared->has_thread : shared->has_runner;
    bool own = knows && uv_thread_equal(&self, &shared->thread);
    uv_mutex_unlock(&shared->mutex);
    return own;
}

bool cx_loop_is_mine(coax_loop *loop)
{
    cx_loop_shared *shared = &loop->shared;
    uv_thread_t self = uv_thread_self();
    uv_mutex_lock(&shared->mutex);
    bool is_mine = shared->has_thread && uv_thread_equal(&self, &shared->thread);
    uv_mutex_unlock(&shared->mutex);
    return is_mine;
}

void cx_loop_note_thread(coax_loop *loop)
{
    loop->knows_thread = true;
    uv_mutex_lock(&loop->shared.mutex);
    loop->shared.has_thread = true;
    loop->shared.thread = uv_thread_self();
    uv_mutex_unlock(&loop->shared.mutex);
}

coax_err cx_loop_take_run(coax_loop *loop)
{
    cx_loop_shared *shared = &loop->shared;
    uv_thread_t self = uv_thread_self();
    coax_err rc = COAX_OK;
    uv_mutex_lock(&shared->mutex);
    if (shared->has_runner)
        rc = uv_thread_equal(&self, &shared->thread) ? COAX_ERR_DEADLOCK : COAX_ERR_WRONG_THREAD;
    if (rc == COAX_OK) {
        shared->has_runner = true;
        shared->has_thread = true;
        shared->thread = self;
    }
    uv_mutex_unlock(&shared->mutex);
    return rc;
}

coax_err cx_loop_take_run_outside(coax_loop *loop)
{
    coax_err rc = cx_loop_take_run(loop);
    if (rc == COAX_OK && loop->core.n_shown > 0) {
        cx_loop_give_run(loop);
        return COAX_ERR_DEADLOCK;
    }
    return rc;
}

void cx_loop_give_run(coax_loop *loop)
{
    uv_mutex_lock(&loop->shared.mutex);
    loop->shared.has_runner = false;
    if (loop->shared.n_waiting > 0)
        uv_cond_broadcast(&loop->shared.changed);
    uv_mutex_unlock(&loop->shared.mutex);
}

/* Whether somebody asked to stop; asking is used up. */
static bool take_stop(coax_loop *loop)
{
    uv_mutex_lock(&loop->shared.mutex);
    bool wanted = loop->shared.wants_stop;
    loop->shared.wants_stop = false;
    uv_mutex_unlock(&loop->shared.mutex);
    return wanted;
}

coax_err coax_loop_run(coax_loop *loop)
{
    if (loop == NULL || loop->shell->is_foreign || loop->is_private)
        return COAX_ERR_MISUSE;
    coax_err rc = cx_loop_take_run_outside(loop);
    if (rc != COAX_OK)
        return rc;
    bool stops = false;
    cx_turns_enter(loop);
    do {
        cx_loop_run_posts(
            loop); /* posts don't keep a loop running, so they may wait outside of it */
        loop->shell->ops->run(loop->shell, CX_RUN_UNTIL_DONE);
        stops = take_stop(loop);
    } while (!stops && cx_loop_has_posts(loop));
    cx_loop_give_run(loop);
    cx_turns_leave(loop);
    return COAX_OK;
}

void coax_loop_stop(coax_loop *loop)
{
    if (loop == NULL || loop->shell->is_foreign || loop->is_private)
        return; /* the user's loop is the user's to stop, and a server's the server's */
    cx_loop_shared *shared = &loop->shared;
    uv_mutex_lock(&shared->mutex);
    if (!shared->is_closed) {
        shared->wants_stop = true;
        shared->is_woken = true;
        loop->shell->ops->wake(loop->shell);
    }
    uv_mutex_unlock(&shared->mutex);
}

int coax_loop_fd(const coax_loop *loop)
{
    return loop != NULL ? loop->shell->ops->fd(loop->shell) : -1;
}

int coax_loop_timeout_ms(const coax_loop *loop)
{
    if (loop == NULL)
        return -1;
    return loop->is_pending ? 0 : loop->shell->ops->timeout_ms(loop->shell);
}

coax_err coax_loop_process(coax_loop *loop)
{
    if (loop == NULL || loop->shell->is_foreign || loop->is_private)
        return COAX_ERR_MISUSE;
    coax_err rc = cx_loop_take_run_outside(loop);
    if (rc != COAX_OK)
        return rc;
    cx_turns_enter(loop);
    loop->shell->ops->run(loop->shell, CX_RUN_NOWAIT);
    (void)take_stop(loop);
    cx_loop_give_run(loop);
    cx_turns_leave(loop);
    return COAX_OK;
}
