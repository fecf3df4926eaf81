/*
 * The shell on libuv: prepare and check end a turn, one timer stands for the wheel, one async
 * wakes.
 *
 * Our handles keep nobody's loop alive: connections and listeners do, and what has no handle
 * through `hold`. The idle handle is active only while work is left over, because it keeps the loop
 * from sleeping. Knows no connection. Read next: loop.c.
 */
#include <string.h>

#include "node/loop.h"

typedef struct shell_uv {
    cx_shell shell;
    coax_loop *loop;
    coax_allocator allocator; /* a copy: the one it was made with need not outlive the call */
    uv_loop_t *uv;
    uv_loop_t own;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t idle;
    uv_timer_t timer;
    uv_async_t async;
    uint32_t n_handles;
    int holds;
} shell_uv;

static shell_uv *of(cx_shell *shell)
{
    return (shell_uv *)shell;
}

static void on_prepare(uv_prepare_t *handle)
{
    cx_loop_turn(((shell_uv *)handle->data)->loop);
}

static void on_check(uv_check_t *handle)
{
    cx_loop_turn(((shell_uv *)handle->data)->loop);
}

/* Only there to keep the loop awake; prepare does the work. */
static void on_idle(uv_idle_t *handle)
{
    (void)handle;
}

static void on_timer(uv_timer_t *handle)
{
    cx_loop_due(((shell_uv *)handle->data)->loop);
}

static void on_async(uv_async_t *handle)
{
    cx_loop_run_posts(((shell_uv *)handle->data)->loop);
}

static void shell_arm(cx_shell *shell, uint64_t at_ns, uint64_t now_ns)
{
    shell_uv *s = of(shell);
    if (at_ns == UINT64_MAX) {
        (void)uv_timer_stop(&s->timer);
        return;
    }
    uint64_t wait_ms = at_ns <= now_ns ? 0 : (at_ns - now_ns + 999999u) / 1000000u;
    (void)uv_timer_start(&s->timer, on_timer, wait_ms, 0); /* fails only while closing */
}

static void shell_stay_awake(cx_shell *shell, bool on)
{
    if (on)
        (void)uv_idle_start(&of(shell)->idle, on_idle);
    else
        (void)uv_idle_stop(&of(shell)->idle);
}

static void shell_wake(cx_shell *shell)
{
    (void)uv_async_send(&of(shell)->async);
}

static void shell_hold(cx_shell *shell, int by)
{
    shell_uv *s = of(shell);
    s->holds += by;
    if (s->holds > 0)
        uv_ref((uv_handle_t *)&s->async);
    else
        uv_unref((uv_handle_t *)&s->async);
}

static void shell_run(cx_shell *shell, cx_run_mode mode)
{
    static const uv_run_mode modes[] = { UV_RUN_DEFAULT, UV_RUN_ONCE, UV_RUN_NOWAIT };
    (void)uv_run(of(shell)->uv, modes[mode]);
}

static void shell_stop(cx_shell *shell)
{
    uv_stop(of(shell)->uv);
}

static int shell_fd(const cx_shell *shell)
{
    return uv_backend_fd(((const shell_uv *)shell)->uv);
}

static int shell_timeout_ms(const cx_shell *shell)
{
    return uv_backend_timeout(((const shell_uv *)shell)->uv);
}

static void on_handle_closed(uv_handle_t *handle)
{
    ((shell_uv *)handle->data)->n_handles--;
}

static void close_handles(shell_uv *s)
{
    uv_close((uv_handle_t *)&s->prepare, on_handle_closed);
    uv_close((uv_handle_t *)&s->check, on_handle_closed);
    uv_close((uv_handle_t *)&s->idle, on_handle_closed);
    uv_close((uv_handle_t *)&s->timer, on_handle_closed);
    uv_close((uv_handle_t *)&s->async, on_handle_closed);
}

static void shell_destroy(cx_shell *shell)
{
    shell_uv *s = of(shell);
    close_handles(s);
    while (s->n_handles > 0)
        (void)uv_run(s->uv, UV_RUN_ONCE);
    if (s->uv == &s->own)
        (void)uv_loop_close(&s->own);
    coax_allocator allocator = s->allocator;
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

static void adopt(shell_uv *s, uv_handle_t *handle)
{
    handle->data = s;
    uv_unref(handle);
    s->n_handles++;
}

/* Only the async can fail: it may need a descriptor. */
static int init_handles(shell_uv *s)
{
    int rc = uv_async_init(s->uv, &s->async, on_async);
    if (rc != 0)
        return rc;
    (void)uv_prepare_init(s->uv, &s->prepare);
    (void)uv_check_init(s->uv, &s->check);
    (void)uv_idle_init(s->uv, &s->idle);
    (void)uv_timer_init(s->uv, &s->timer);
    adopt(s, (uv_handle_t *)&s->async);
    adopt(s, (uv_handle_t *)&s->prepare);
    adopt(s, (uv_handle_t *)&s->check);
    adopt(s, (uv_handle_t *)&s->idle);
    adopt(s, (uv_handle_t *)&s->timer);
    uv_ref((uv_handle_t *)&s->idle); /* active while there is work, and then all is not done */
    return 0;
}

cx_shell *cx_shell_uv_create(struct uv_loop_s *uv, const coax_allocator *allocator)
{
    shell_uv *s = allocator->resize(allocator->self, NULL, sizeof *s);
    if (s == NULL)
        return NULL;
    memset(s, 0, sizeof *s);
    s->shell.ops = &shell_ops;
    s->shell.is_foreign = uv != NULL;
    s->allocator = *allocator;
    s->uv = uv != NULL ? uv : &s->own;
    if (uv == NULL && uv_loop_init(&s->own) != 0) {
        allocator->release(allocator->self, s);
        return NULL;
    }
    if (init_handles(s) != 0) {
        if (uv == NULL)
            (void)uv_loop_close(&s->own);
        allocator->release(allocator->self, s);
        return NULL;
    }
    return &s->shell;
}

struct uv_loop_s *cx_shell_uv_loop(cx_shell *shell)
{
    return of(shell)->uv;
}

void cx_shell_uv_start(cx_shell *shell, coax_loop *loop)
{
    shell_uv *s = of(shell);
    s->loop = loop;
    (void)uv_prepare_start(&s->prepare, on_prepare);
    (void)uv_check_start(&s->check, on_check);
}
