/*
 * Leading and following on a private loop, and closing it when nobody is inside.
 *
 * Read next: wait.c.
 */
#include "node/turns.h"

void cx_turns_enter(coax_loop *loop)
{
    if (loop->turns == NULL)
        return;
    uv_mutex_lock(&loop->shared.mutex);
    loop->turns->n_users++;
    uv_mutex_unlock(&loop->shared.mutex);
}

static void destroy(coax_loop *loop)
{
    cx_turns *turns = loop->turns;
    loop->turns = NULL;
    cx_net_release(&loop->net, turns);
    (void)coax_loop_destroy(loop); /* nobody runs it, and we are in no callback: it can't refuse */
}

void cx_turns_leave(coax_loop *loop)
{
    if (loop->turns == NULL)
        return;
    uv_mutex_lock(&loop->shared.mutex);
    bool is_last = --loop->turns->n_users == 0;
    bool destroys = is_last && loop->turns->destroys;
    if (loop->shared.n_waiting > 0)
        uv_cond_broadcast(&loop->shared.changed);
    uv_mutex_unlock(&loop->shared.mutex);
    if (destroys)
        destroy(loop);
}

/* Waits for a change. Under the mutex. */
static void wait_for_change(coax_loop *loop)
{
    loop->shared.n_waiting++;
    uv_cond_wait(&loop->shared.changed, &loop->shared.mutex);
    loop->shared.n_waiting--;
}

void cx_turns_catch_up(coax_loop *loop)
{
    if (loop->turns != NULL && loop->turns->catches_up)
        loop->shell->ops->run(loop->shell, CX_RUN_NOWAIT);
}

void cx_turns_run(coax_loop *loop, const bool *is_done)
{
    /* With nothing open libuv would not even look at posts. */
    loop->shell->ops->hold(loop->shell, +1);
    while (!*is_done)
        loop->shell->ops->run(loop->shell, CX_RUN_ONCE);
    loop->shell->ops->hold(loop->shell, -1);
}

/* Runs the loop until `*is_done`. Under the mutex, which is let go meanwhile. */
static void lead(coax_loop *loop, const bool *is_done)
{
    loop->shared.has_runner = true;
    loop->shared.thread = uv_thread_self();
    uv_mutex_unlock(&loop->shared.mutex);
    cx_turns_run(loop, is_done);
    uv_mutex_lock(&loop->shared.mutex);
    loop->shared.has_runner = false;
    if (loop->shared.n_waiting > 0)
        uv_cond_broadcast(&loop->shared.changed);
}

void cx_turns_wait(coax_loop *loop, const bool *is_done)
{
    uv_mutex_lock(&loop->shared.mutex);
    while (!*is_done) {
        if (loop->shared.has_runner)
            wait_for_change(loop);
        else
            lead(loop, is_done);
    }
    uv_mutex_unlock(&loop->shared.mutex);
}

/* Closing asked for by a thread while another leads. */
typedef struct closing {
    cx_post post;
    coax_client *client;
    coax_loop *loop;
    bool is_done;
} closing;

static void run_closing(cx_post *post)
{
    closing *c = (closing *)post;
    cx_client_release(c->client);
    uv_mutex_lock(&c->loop->shared.mutex);
    c->is_done = true;
    if (c->loop->shared.n_waiting > 0)
        uv_cond_broadcast(&c->loop->shared.changed);
    uv_mutex_unlock(&c->loop->shared.mutex);
}

static void wait_until_alone(coax_loop *loop)
{
    uv_mutex_lock(&loop->shared.mutex);
    while (loop->turns->n_users > 0)
        wait_for_change(loop);
    uv_mutex_unlock(&loop->shared.mutex);
}

void cx_turns_close(coax_client *client)
{
    coax_loop *loop = client->loop;
    bool inside = cx_loop_is_own_thread(loop);
    uv_mutex_lock(&loop->shared.mutex);
    bool again = loop->turns->is_closing;
    loop->turns->is_closing = true;
    loop->turns->destroys = inside;
    uv_mutex_unlock(&loop->shared.mutex);
    if (again)
        return;
    if (inside) {
        cx_client_release(client);
        coax_loop_stop(loop); /* in case the user runs it: nothing is left to run for */
        return;
    }
    closing c = { { NULL, run_closing }, client, loop, false };
    if (cx_loop_add_post(loop, &c.post) == COAX_OK)
        cx_turns_wait(loop, &c.is_done);
    wait_until_alone(loop);
    destroy(loop);
}
