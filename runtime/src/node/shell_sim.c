/*
 * The shell in the simulator: timers and wake-ups are events of the world, and a turn ends behind
 * each event.
 *
 * coax_loop_run on such a loop lets the whole world go on. Read next: tests/sim/README.md.
 */
#include <string.h>

#include "base/env_system.h"
#include "node/loop.h"
#include "node/options.h"
#include "node/shell_sim.h"

/* timer, awake, posts */
#define N_EVENTS 3u

typedef struct shell_sim {
    cx_shell shell;
    cx_sim_node node;
    coax_loop *loop;
    coax_allocator allocator;
    cx_sim_event timer;
    cx_sim_event awake;
    cx_sim_event posts;
    bool is_stopped;
} shell_sim;

static shell_sim *of(cx_shell *shell)
{
    return (shell_sim *)shell;
}

static void timer_due(void *self)
{
    cx_loop_due(((shell_sim *)self)->loop);
}

static void posts_due(void *self)
{
    cx_loop_run_posts(((shell_sim *)self)->loop);
}

/*
 * The turn that ends behind every event is all there is to do. The event has happened, so the next is to be asked for.
 */
static void awake_due(void *self)
{
    ((shell_sim *)self)->loop->is_awake = false;
}

static void end_turn(void *self)
{
    cx_loop_turn(((shell_sim *)self)->loop);
}

static void shell_arm(cx_shell *shell, uint64_t at_ns, uint64_t now_ns)
{
    shell_sim *s = of(shell);
    (void)now_ns;
    if (at_ns == UINT64_MAX)
        cx_sim_cancel(s->node.sim, &s->timer);
    else
        cx_sim_plan(s->node.sim, &s->timer, at_ns);
}

static void shell_stay_awake(cx_shell *shell, bool on)
{
    shell_sim *s = of(shell);
    if (on)
        cx_sim_plan(s->node.sim, &s->awake, 0);
    else
        cx_sim_cancel(s->node.sim, &s->awake);
}

static void shell_wake(cx_shell *shell)
{
    cx_sim_plan(of(shell)->node.sim, &of(shell)->posts, 0);
}

static void shell_hold(cx_shell *shell, int by)
{
    (void)shell;
    (void)by;
}

static void shell_run(cx_shell *shell, cx_run_mode mode)
{
    shell_sim *s = of(shell);
    cx_loop_turn(s->loop);
    if (mode == CX_RUN_NOWAIT)
        return;
    s->is_stopped = false;
    while (cx_sim_step(s->node.sim) && mode == CX_RUN_UNTIL_DONE && !s->is_stopped)
        continue;
}

static void shell_stop(cx_shell *shell)
{
    of(shell)->is_stopped = true;
}

static int shell_fd(const cx_shell *shell)
{
    (void)shell;
    return -1;
}

static int shell_timeout_ms(const cx_shell *shell)
{
    (void)shell;
    return 0;
}

static void shell_destroy(cx_shell *shell)
{
    shell_sim *s = of(shell);
    coax_allocator allocator = s->allocator;
    cx_sim_cancel(s->node.sim, &s->timer);
    cx_sim_cancel(s->node.sim, &s->awake);
    cx_sim_cancel(s->node.sim, &s->posts);
    cx_sim_unreserve(s->node.sim, N_EVENTS);
    cx_sim_remove_node(&s->node);
    allocator.release(allocator.self, s);
}

static const cx_shell_ops shell_ops = { .arm = shell_arm,
                                        .stay_awake = shell_stay_awake,
                                        .wake = shell_wake,
                                        .hold = shell_hold,
                                        .run = shell_run,
                                        .stop = shell_stop,
                                        .fd = shell_fd,
                                        .timeout_ms = shell_timeout_ms,
                                        .destroy = shell_destroy };

static uint64_t sim_now_ns(void *self)
{
    return cx_sim_now(self);
}

static void sim_random(void *self, uint8_t *ret_bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ret_bytes[i] = (uint8_t)cx_sim_random(self);
}

static void init_event(shell_sim *s, cx_sim_event *event, void (*happen)(void *self))
{
    event->happen = happen;
    event->self = s;
    event->node = &s->node;
}

static shell_sim *create_shell(cx_sim *sim, const coax_allocator *allocator)
{
    shell_sim *s = allocator->resize(allocator->self, NULL, sizeof *s);
    if (s == NULL || !cx_sim_reserve(sim, N_EVENTS)) {
        allocator->release(allocator->self, s);
        return NULL;
    }
    memset(s, 0, sizeof *s);
    s->shell.ops = &shell_ops;
    s->allocator = *allocator;
    cx_sim_add_node(sim, &s->node);
    s->node.end_turn = end_turn;
    s->node.self = s;
    init_event(s, &s->timer, timer_due);
    init_event(s, &s->awake, awake_due);
    init_event(s, &s->posts, posts_due);
    return s;
}

coax_loop *cx_sim_loop_create(cx_sim *sim, const coax_loop_options *options)
{
    coax_loop_options chosen;
    if (cx_options_take(&chosen, sizeof chosen, options, NULL) != COAX_OK)
        return NULL;
    coax_env env = *cx_env_system();
    if (chosen.allocator != NULL)
        env.allocator = *chosen.allocator;
    env.self = sim;
    env.now_ns = sim_now_ns;
    env.random = sim_random;
    shell_sim *s = create_shell(sim, &env.allocator);
    if (s == NULL)
        return NULL;
    coax_loop *loop = cx_loop_create(&s->shell, &env, &chosen);
    if (loop == NULL)
        return NULL;
    s->loop = loop;
    s->node.net = &loop->net;
    loop->net.sim = &s->node;
    return loop;
}

cx_sim_node *cx_sim_loop_node(coax_loop *loop)
{
    return &of(loop->shell)->node;
}
