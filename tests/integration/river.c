/*
 * The river: its handlers, opening and closing. Read next: wait_stream_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "river.h"

/* What a handler remembers of its call; goes with its end. */
typedef struct flow {
    river *river;
    uint32_t next;
    uint32_t to;
    uint32_t size;
    uint32_t fail_at;
    uint64_t sum;
    uint32_t count;
    uint32_t stop_at;
    bool fails;
    bool waits; /* an item found no room */
} flow;

static uint8_t zeros[2 * 1024 * 1024];

static flow *make_flow(river *r, coax_call call)
{
    flow *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    f->river = r;
    (void)coax_call_set_data(call, f);
    return f;
}

static river_drop drop_of(uint32_t number, uint32_t size)
{
    river_drop drop = { .number = number, .body = { zeros, size } };
    return drop;
}

static void end_count(flow *f, coax_call call)
{
    if (f->next == f->fail_at && f->fail_at != 0) {
        const river_dry dry = { .at = f->next };
        (void)river_river_count_throw_dry(call, &dry);
    } else {
        (void)coax_call_end(call);
    }
    free(f);
}

static void pour(void *self, coax_call call)
{
    flow *f = self;
    if (!coax_call_is_live(call)) {
        (void)coax_call_end(call);
        free(f);
        return;
    }
    for (; f->next < f->to && (f->fail_at == 0 || f->next < f->fail_at); f->next++) {
        river_drop drop = drop_of(f->next, f->size);
        if (river_river_count_push(call, &drop) != COAX_OK)
            return; /* on_writable follows, also when the call is lost */
        atomic_fetch_add(&f->river->n_pushed, 1);
    }
    end_count(f, call);
}

static void count_cancel(void *self, coax_call call, coax_err why)
{
    river *r = self;
    (void)call;
    (void)why;
    atomic_fetch_add(&r->n_cancelled, 1);
}

static void on_count(void *self, coax_call call, const river_river_count_request *request)
{
    flow *f = make_flow(self, call);
    f->to = request->to;
    f->size = request->size;
    f->fail_at = request->fail_at;
    (void)coax_call_on_cancel(call, count_cancel, self);
    (void)coax_call_on_writable(call, pour, f);
    pour(f, call);
}

static void let_drip_go(void *self, coax_call call, coax_err why)
{
    count_cancel(self, call, why);
    (void)coax_call_end(call);
}

static void on_drip(void *self, coax_call call, const river_river_drip_request *request)
{
    const river_drop drop = drop_of(7, 3);
    (void)request;
    (void)coax_call_on_cancel(call, let_drip_go, self);
    if (river_river_drip_push(call, &drop) != COAX_OK)
        (void)coax_call_fail(call, COAX_ERR_INTERNAL, "the one drop found no room");
}

static void answer_sum(flow *f, coax_call call)
{
    const river_dry dry = { .at = f->count };
    const river_river_sum_response reply = { .sum = f->sum, .count = f->count };
    if (f->fails)
        (void)river_river_sum_throw_dry(call, &dry);
    else
        (void)river_river_sum_reply(call, &reply);
}

static void on_sum_item(void *self, coax_call call, const river_drop *item)
{
    flow *f = self;
    f->sum += item->number;
    f->count++;
    if (f->stop_at == 0 || f->count != f->stop_at)
        return;
    answer_sum(f, call);
    free(f);
}

static void on_sum_end(void *self, coax_call call)
{
    answer_sum(self, call);
    free(self);
}

static void on_sum(void *self, coax_call call, const river_river_sum_request *request)
{
    flow *f = make_flow(self, call);
    f->stop_at = request->stop_at;
    f->fails = request->fails;
    (void)river_river_sum_receive(call, on_sum_item, on_sum_end, f);
}

/* An echo holds one item at most: it stops reading while its answer has no room. */
static void echo_again(void *self, coax_call call)
{
    flow *f = self;
    const river_drop drop = drop_of(f->next, f->size);
    f->waits = river_river_echo_push(call, &drop) == COAX_ERR_WOULD_BLOCK;
    if (!f->waits)
        (void)coax_call_resume(call);
}

static void on_echo_item(void *self, coax_call call, const river_drop *item)
{
    flow *f = self;
    f->next = item->number;
    f->size = (uint32_t)item->body.len;
    f->waits = river_river_echo_push(call, item) == COAX_ERR_WOULD_BLOCK;
    if (f->waits)
        (void)coax_call_pause(call);
}

static void on_echo_end(void *self, coax_call call)
{
    (void)coax_call_end(call);
    free(self);
}

static void on_echo(void *self, coax_call call, const river_river_echo_request *request)
{
    flow *f = make_flow(self, call);
    (void)request;
    (void)coax_call_on_cancel(call, count_cancel, self);
    (void)coax_call_on_writable(call, echo_again, f);
    (void)river_river_echo_receive(call, on_echo_item, on_echo_end, f);
}

static const river_river_handlers handlers = {
    .count = on_count, .drip = on_drip, .sum = on_sum, .echo = on_echo
};

static coax_err on_subscribe(void *self, coax_peer peer, uint32_t event_id, coax_error *error)
{
    river *r = self;
    (void)peer;
    (void)event_id;
    if (atomic_load(&r->refuses))
        return coax_error_set(error, COAX_ERR_PERMISSION_DENIED, "not for you");
    return COAX_OK;
}

static void run_loop(void *self)
{
    (void)coax_loop_run(self);
}

void river_open(river *r, river_kind kind, const coax_client_options *options)
{
    coax_server_options server = COAX_SERVER_OPTIONS_INIT;
    coax_error error = COAX_ERROR_INIT;
    server.self = r;
    server.on_subscribe = on_subscribe;
    memset(r, 0, sizeof *r);
    r->loop = coax_loop_create(NULL);
    coax_err rc = coax_server_create(r->loop, &server, &r->server, &error);
    if (rc == COAX_OK)
        rc = river_river_serve(r->server, &handlers, r);
    if (rc == COAX_OK)
        rc = coax_server_listen(r->server, "tcp://127.0.0.1:0", &error);
    (void)coax_server_address(r->server, 0, r->url, sizeof r->url);
    if (rc == COAX_OK && kind == RIVER_SHARED)
        rc = coax_client_create(r->loop, r->url, options, &r->client, &error);
    assert_int_equal(uv_thread_create(&r->thread, run_loop, r->loop), 0);
    if (rc == COAX_OK && kind == RIVER_DIALLED)
        rc = coax_dial(r->url, options, &r->client, &error);
    if (rc != COAX_OK)
        fail_msg("%s", error.text);
}

void river_close(river *r)
{
    if (r->client != NULL && coax_client_loop(r->client) != r->loop)
        coax_client_close(r->client);
    coax_loop_stop(r->loop);
    assert_int_equal(uv_thread_join(&r->thread), 0);
    assert_int_equal(coax_loop_destroy(r->loop), COAX_OK);
}

typedef struct visit {
    void (*fn)(void *self);
    void *self;
    uv_sem_t done;
} visit;

static void run_visit(void *self)
{
    visit *v = self;
    v->fn(v->self);
    uv_sem_post(&v->done);
}

void river_on_loop(river *r, void (*fn)(void *self), void *self)
{
    visit v = { .fn = fn, .self = self };
    assert_int_equal(uv_sem_init(&v.done, 0), 0);
    assert_int_equal(coax_loop_post(r->loop, run_visit, &v), COAX_OK);
    uv_sem_wait(&v.done);
    uv_sem_destroy(&v.done);
}
