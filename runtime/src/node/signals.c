/*
 * Draining on SIGTERM and SIGINT.
 *
 * libuv delivers signals to the loop, so nothing here runs in a signal handler. Its handles are unreferenced: a
 * loop with nothing else open still ends. What the program had installed before is put back, which
 * libuv does not do. Read next: drain.c.
 */
#include <signal.h>
#include <string.h>

#include "node/server.h"
#include "node/signals.h"

enum { N_SIGNALS = 2 };

struct cx_signals {
    coax_loop *loop;
    uv_signal_t handles[N_SIGNALS];
    struct sigaction before[N_SIGNALS];
    uint32_t n_handles;
    uint32_t drain_timeout_ms;
    bool is_draining;
};

static const int numbers[N_SIGNALS] = { SIGTERM, SIGINT };

static bool has_server(const coax_loop *loop)
{
    const cx_list *head = &loop->servers;
    for (cx_list *at = head->next; at != head; at = at->next) {
        const coax_server *server = CX_CONTAINER(at, const coax_server, links);
        if (coax_server_get_state(server) != COAX_SERVER_STOPPED)
            return true;
    }
    return false;
}

static void drain_all(cx_signals *signals)
{
    cx_list *head = &signals->loop->servers;
    signals->is_draining = true;
    for (cx_list *at = head->next; at != head; at = at->next)
        (void)coax_server_drain(CX_CONTAINER(at, coax_server, links), signals->drain_timeout_ms);
}

static void on_signal(uv_signal_t *handle, int number)
{
    cx_signals *signals = handle->data;
    coax_loop *loop = signals->loop;
    cx_loop_enter(loop);
    cx_log_fact(&loop->core.host.log, COAX_LOG_INFO, "signal_received", "signal", "%s",
                number == SIGINT ? "SIGINT" : "SIGTERM");
    if (!signals->is_draining && has_server(loop))
        drain_all(signals);
    else if (!signals->is_draining || number == SIGINT)
        coax_loop_stop(loop);
    cx_loop_leave(loop);
}

void cx_signals_server_stopped(coax_loop *loop)
{
    if (loop->signals != NULL && loop->signals->is_draining && !has_server(loop))
        coax_loop_stop(loop);
}

/* Puts back what the program had, unless that was libuv's own: then another loop listens, or did. */
static void give_back(const cx_signals *signals, uint32_t i)
{
    struct sigaction ours;
    struct sigaction after;
    const struct sigaction *before = &signals->before[i];
    uv_signal_t *handle = (uv_signal_t *)(uintptr_t)&signals->handles[i];
    bool knows = sigaction(numbers[i], NULL, &ours) == 0;
    (void)uv_signal_stop(handle);
    if (!knows || sigaction(numbers[i], NULL, &after) != 0 || after.sa_handler != SIG_DFL)
        return; /* somebody else's by now */
    if (before->sa_handler != ours.sa_handler)
        (void)sigaction(numbers[i], before, NULL);
}

static void on_closed(uv_handle_t *handle)
{
    cx_signals *signals = handle->data;
    cx_net *net = &signals->loop->net;
    net->n_open--;
    if (--signals->n_handles == 0)
        cx_net_release(net, signals);
}

static void close_handles(cx_signals *signals)
{
    uint32_t n = signals->n_handles;
    for (uint32_t i = 0; i < n; i++) {
        uv_handle_t *handle = (uv_handle_t *)&signals->handles[i];
        give_back(signals, i);
        uv_ref(handle); /* or nobody would wait for it to be closed */
        signals->loop->net.n_open++;
        uv_close(handle, on_closed);
    }
}

void cx_signals_close(coax_loop *loop)
{
    cx_signals *signals = loop->signals;
    loop->signals = NULL;
    if (signals != NULL)
        close_handles(signals);
}

/* One signal. @return 0 or libuv's code; the handle is to be closed also on failure. */
static int watch(cx_signals *signals, uint32_t i)
{
    uv_signal_t *handle = &signals->handles[i];
    int rc = uv_signal_init(signals->loop->net.uv, handle);
    if (rc != 0)
        return rc;
    handle->data = signals;
    signals->n_handles++;
    uv_unref((uv_handle_t *)handle);
    (void)sigaction(numbers[i], NULL, &signals->before[i]);
    return uv_signal_start(handle, on_signal, numbers[i]);
}

coax_err coax_loop_drain_on_signals(coax_loop *loop, uint32_t drain_timeout_ms)
{
    if (loop == NULL)
        return COAX_ERR_MISUSE;
    if (loop->net.uv == NULL)
        return COAX_ERR_NOT_SUPPORTED;
    if (loop->is_destroying)
        return COAX_ERR_CLOSED;
    if (loop->signals != NULL)
        return COAX_ERR_IN_USE;
    cx_signals *signals = cx_net_take(&loop->net, sizeof *signals);
    if (signals == NULL)
        return COAX_ERR_NO_MEMORY;
    signals->loop = loop;
    signals->drain_timeout_ms = drain_timeout_ms;
    int rc = watch(signals, 0);
    if (rc == 0)
        rc = watch(signals, 1);
    if (rc == 0) {
        loop->signals = signals;
        return COAX_OK;
    }
    if (signals->n_handles == 0)
        cx_net_release(&loop->net, signals);
    else
        close_handles(signals);
    return rc == UV_ENOMEM ? COAX_ERR_NO_MEMORY : COAX_ERR_SYSTEM;
}
