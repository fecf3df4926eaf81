/*
 * The loop: what happens when a turn ends, and how everything on it comes to an end.
 *
 * A turn's end runs tasks of transports, timers, what the core put off, and flushes connections
 * that have output: one write each, however much was said in the turn. What all of that causes is
 * done in the same turn's end, up to a few rounds, so that a lone call never waits and a busy one
 * does not starve reading. Knows connections as cx_conn only. Read next: post.c, conn.c.
 */
#include <string.h>

#include "base/env_system.h"
#include "node/client.h"
#include "node/conn.h"
#include "node/loop.h"
#include "node/options.h"
#include "node/server.h"
#include "node/signals.h"
#include "node/workers.h"

/* Rounds in one turn's end; what is left over waits for the next, which comes without sleeping. */
#define ROUNDS 4

static coax_loop *loop_of_net(cx_net *net)
{
    return CX_CONTAINER(net, coax_loop, net);
}

void cx_loop_want_turn(coax_loop *loop)
{
    loop->is_pending = true;
    if (loop->is_turning || loop->is_awake)
        return;
    loop->is_awake = true;
    loop->shell->ops->stay_awake(loop->shell, true);
}

static void defer(cx_net *net, cx_task *task)
{
    coax_loop *loop = loop_of_net(net);
    if (task->is_queued)
        return;
    task->is_queued = true;
    task->next = NULL;
    if (loop->last_task != NULL)
        loop->last_task->next = task;
    else
        loop->first_task = task;
    loop->last_task = task;
    cx_loop_want_turn(loop);
}

static void hold(cx_net *net, int by)
{
    coax_loop *loop = loop_of_net(net);
    loop->shell->ops->hold(loop->shell, by);
}

static void on_core_work(cx_core *core)
{
    cx_loop_want_turn((coax_loop *)(void *)core);
}

static const cx_core_hooks core_hooks = { on_core_work };

/* Those queued now; what they queue waits for the next round. */
static void run_tasks(coax_loop *loop)
{
    cx_task *task = loop->first_task;
    loop->first_task = NULL;
    loop->last_task = NULL;
    while (task != NULL) {
        cx_task *next = task->next;
        task->is_queued = false;
        task->run(task->self);
        task = next;
    }
}

void cx_loop_add_dirty(coax_loop *loop, cx_conn *conn)
{
    cx_list_remove(&conn->dirty);
    cx_list_append(&loop->dirty, &conn->dirty);
    cx_loop_want_turn(loop);
}

/* Those dirty now. The list is moved aside first: flushing one may make others dirty again. */
static void flush_dirty(coax_loop *loop)
{
    cx_list now;
    cx_list_init(&now);
    while (!cx_list_is_empty(&loop->dirty))
        cx_list_append(&now, cx_list_take_first(&loop->dirty));
    while (!cx_list_is_empty(&now))
        cx_conn_flush(CX_CONTAINER(cx_list_take_first(&now), cx_conn, dirty));
}

static void one_round(coax_loop *loop)
{
    loop->is_pending = false;
    run_tasks(loop);
    if (loop->is_due) {
        loop->is_due = false;
        cx_core_advance(&loop->core, cx_loop_now(loop));
    }
    if (cx_core_has_work(&loop->core))
        cx_core_run(&loop->core, cx_loop_now(loop));
    flush_dirty(loop);
    if (cx_core_has_work(&loop->core))
        cx_loop_want_turn(loop);
}

/* The shell's one timer follows the wheel, but is only moved when it must fire earlier: most
 * deadlines are never met. */
void cx_loop_rearm(coax_loop *loop)
{
    uint64_t next = cx_core_next(&loop->core);
    if (next >= loop->armed_ns)
        return;
    loop->armed_ns = next;
    loop->shell->ops->arm(loop->shell, next, cx_loop_now(loop));
}

void cx_loop_turn(coax_loop *loop)
{
    if (loop->is_turning)
        return;
    loop->n_turns++;
    if (!loop->knows_thread)
        cx_loop_note_thread(loop);
    if (loop->is_pending) {
        loop->is_turning = true;
        cx_loop_enter(loop);
        for (int i = 0; i < ROUNDS && loop->is_pending; i++)
            one_round(loop);
        cx_loop_leave(loop);
        loop->is_turning = false;
    }
    if (loop->is_pending != loop->is_awake) {
        loop->is_awake = loop->is_pending;
        loop->shell->ops->stay_awake(loop->shell, loop->is_awake);
    }
    cx_loop_rearm(loop);
}

void cx_loop_due(coax_loop *loop)
{
    loop->armed_ns = UINT64_MAX;
    loop->is_due = true;
    cx_loop_want_turn(loop);
    cx_loop_turn(loop);
}

void cx_loop_free(coax_loop *loop)
{
    coax_allocator allocator = loop->env.allocator;
    cx_shell *shell = loop->shell;
    cx_net_release(&loop->net, loop->turns);
    cx_worker_free_desk(loop);
    cx_core_deinit(&loop->core);
    uv_cond_destroy(&loop->shared.changed);
    uv_mutex_destroy(&loop->shared.mutex);
    allocator.release(allocator.self, loop->slab);
    allocator.release(allocator.self, loop->scratch);
    shell->ops->destroy(shell); /* its handles' last callbacks still find the loop */
    allocator.release(allocator.self, loop);
}

static bool init_parts(coax_loop *loop, const coax_loop_options *options)
{
    loop->slab = loop->env.allocator.resize(loop->env.allocator.self, NULL, CX_SLAB_SIZE);
    if (loop->slab == NULL)
        return false;
    if (uv_mutex_init(&loop->shared.mutex) != 0)
        return false;
    bool has_cond = uv_cond_init(&loop->shared.changed) == 0;
    if (has_cond && cx_core_init(&loop->core, &loop->env, &core_hooks, options) == COAX_OK)
        return true;
    if (has_cond)
        uv_cond_destroy(&loop->shared.changed);
    uv_mutex_destroy(&loop->shared.mutex);
    return false;
}

coax_loop *cx_loop_create(cx_shell *shell, const coax_env *env, const coax_loop_options *options)
{
    const coax_allocator *from = &env->allocator;
    coax_loop *loop = from->resize(from->self, NULL, sizeof *loop);
    if (loop == NULL) {
        shell->ops->destroy(shell);
        return NULL;
    }
    memset(loop, 0, sizeof *loop);
    loop->env = *env;
    loop->shell = shell;
    loop->armed_ns = UINT64_MAX;
    cx_list_init(&loop->clients);
    cx_list_init(&loop->servers);
    cx_list_init(&loop->conns);
    cx_list_init(&loop->dirty);
    cx_list_init(&loop->turnstile.line);
    cx_list_init(&loop->stretches);
    if (!init_parts(loop, options)) {
        from->release(from->self, loop->slab);
        shell->ops->destroy(shell);
        from->release(from->self, loop);
        return NULL;
    }
    loop->net.allocator = &loop->env.allocator;
    loop->net.slab = loop->slab;
    loop->net.slab_size = CX_SLAB_SIZE;
    loop->net.wipes = &loop->core.host.pool.wipes;
    loop->net.defer = defer;
    loop->net.hold = hold;
    return loop;
}

static coax_loop *create_on_uv(struct uv_loop_s *uv, const coax_loop_options *options)
{
    coax_loop_options chosen;
    if (cx_options_take(&chosen, sizeof chosen, options, NULL) != COAX_OK)
        return NULL;
    coax_env env = *cx_env_system();
    if (chosen.allocator != NULL)
        env.allocator = *chosen.allocator;
    cx_shell *shell = cx_shell_uv_create(uv, &env.allocator);
    if (shell == NULL)
        return NULL;
    coax_loop *loop = cx_loop_create(shell, &env, &chosen);
    if (loop == NULL)
        return NULL;
    loop->net.uv = cx_shell_uv_loop(shell);
    loop->core.workers = &cx_worker_ops; /* not in a simulated world, which has no threads */
    cx_shell_uv_start(shell, loop);
    return loop;
}

coax_loop *coax_loop_create(const coax_loop_options *options)
{
    return create_on_uv(NULL, options);
}

coax_loop *coax_loop_from_uv(struct uv_loop_s *uv, const coax_loop_options *options)
{
    return uv != NULL ? create_on_uv(uv, options) : NULL;
}

static bool is_busy(const coax_loop *loop)
{
    return !cx_list_is_empty(&loop->conns) || loop->net.n_open > 0 || loop->n_away > 0 ||
           loop->is_pending;
}

/* Ends clients, servers and what is left of their connections; the loop runs until all of it is
 * freed. */
void cx_loop_end(coax_loop *loop)
{
    static const coax_error why = { COAX_ERR_CANCELLED, "the loop was destroyed" };
    loop->is_destroying = true;
    cx_signals_close(loop);
    cx_loop_close_posts(loop);
    cx_loop_run_posts(loop);
    while (!cx_list_is_empty(&loop->servers))
        coax_server_close(CX_CONTAINER(loop->servers.next, coax_server, links));
    for (cx_list *at = loop->clients.next; at != &loop->clients; at = at->next)
        cx_client_end(CX_CONTAINER(at, coax_client, links), &why, COAX_ERR_UNAVAILABLE);
    cx_loop_turn(loop);
    do {
        cx_loop_run_posts(loop);
        cx_loop_turn(loop);
        while (is_busy(loop)) {
            loop->shell->ops->run(loop->shell, CX_RUN_ONCE);
            cx_loop_turn(loop); /* a shell without anything alive has not turned */
        }
    } while (!cx_loop_end_posts(loop));
    while (!cx_list_is_empty(&loop->clients))
        cx_client_free(CX_CONTAINER(loop->clients.next, coax_client, links));
}

coax_err coax_loop_destroy(coax_loop *loop)
{
    if (loop == NULL)
        return COAX_OK;
    if (loop->is_private)
        return COAX_ERR_MISUSE;
    coax_err rc = cx_loop_take_run_outside(loop);
    if (rc != COAX_OK)
        return rc;
    if (loop->depth > 0) { /* in a callback of a loop that the user's, or the simulator's, runs */
        cx_loop_give_run(loop);
        return COAX_ERR_DEADLOCK;
    }
    cx_loop_end(loop);
    cx_loop_free(loop);
    return COAX_OK;
}
