/*
 * A server on a libuv loop that the program owns and runs, beside its own timers and signals.
 *
 *     server_uv [ADDRESS]     tcp://127.0.0.1:4411 when there is none; SIGINT or SIGTERM ends it
 *
 * Also shown: a handler that answers later. It keeps the call, a small value, and returns; other
 * calls go on. If the caller has gone by the time of the answer, the handle is stale and the answer
 * goes nowhere.
 *
 * Read first: wake.idl. Read next: client_poll.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include <uv.h>

#include <coax/coax.h>

#include "wake_server.h"

typedef struct alarm_clock {
    uv_timer_t timer;
    coax_call call;
    uint64_t started_ms;
} alarm_clock;

static void free_alarm(uv_handle_t *timer)
{
    free(timer->data);
}

static void on_alarm(uv_timer_t *timer)
{
    alarm_clock *alarm = timer->data;
    coax_duration waited = (coax_duration)(uv_now(timer->loop) - alarm->started_ms) * 1000000;
    if (wake_clock_after_reply(alarm->call, &(wake_clock_after_response){ .waited = waited }) ==
        COAX_ERR_STALE)
        fprintf(stderr, "server: the caller did not wait\n");
    uv_close((uv_handle_t *)timer, free_alarm);
}

static void on_after(void *self, coax_call call, const wake_clock_after_request *request)
{
    alarm_clock *alarm = malloc(sizeof *alarm);
    if (alarm == NULL) {
        coax_call_fail(call, COAX_ERR_RESOURCE_EXHAUSTED, "no memory for one more alarm");
        return;
    }
    alarm->call = call;
    alarm->started_ms = uv_now(self);
    uv_timer_init(self, &alarm->timer);
    alarm->timer.data = alarm;
    uv_timer_start(&alarm->timer, on_alarm, (uint64_t)(request->delay / 1000000), 0);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    uv_stop(signal->loop);
}

static coax_err serve(coax_loop *loop, uv_loop_t *uv, const char *url, coax_error *error)
{
    coax_server *server = NULL;
    coax_err rc = coax_server_create(loop, NULL, &server, error);
    if (rc != COAX_OK)
        return rc;
    wake_clock_handlers handlers = { .after = on_after };
    rc = wake_clock_serve(server, &handlers, uv); /* `uv` is what handlers get as `self` */
    if (rc == COAX_OK)
        rc = coax_server_listen(server, url, error);
    if (rc != COAX_OK)
        return rc;
    char address[128];
    coax_server_address(server, 0, address, sizeof address);
    printf("%s\n", address);
    fflush(stdout);
    return COAX_OK;
}

static void close_handle(uv_handle_t *handle, void *self)
{
    (void)self;
    if (!uv_is_closing(handle))
        uv_close(handle, handle->type == UV_TIMER ? free_alarm : NULL);
}

int main(int argc, char **argv)
{
    uv_loop_t uv;
    uv_signal_t signals[2];
    const int numbers[2] = { SIGINT, SIGTERM };
    if (uv_loop_init(&uv) != 0)
        return 1;
    coax_loop *loop = coax_loop_from_uv(&uv, NULL);
    coax_error error = COAX_ERROR_INIT;
    coax_err rc = COAX_ERR_NO_MEMORY;
    if (loop != NULL)
        rc = serve(loop, &uv, argc > 1 ? argv[1] : "tcp://127.0.0.1:4411", &error);
    for (int i = 0; rc == COAX_OK && i < 2; i++) {
        uv_signal_init(&uv, &signals[i]);
        uv_signal_start(&signals[i], on_signal, numbers[i]);
    }
    if (rc == COAX_OK)
        uv_run(&uv, UV_RUN_DEFAULT);
    else
        fprintf(stderr, "server: %s: %s\n", coax_err_name(rc), error.text);
    coax_loop_destroy(loop); /* ours first, so that what is left on the loop is the program's */
    uv_walk(&uv, close_handle, NULL);
    uv_run(&uv, UV_RUN_DEFAULT);
    return uv_loop_close(&uv) == 0 && rc == COAX_OK ? 0 : 1;
}
