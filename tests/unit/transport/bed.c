/*
 * The bed: tasks, memory that is counted, and recorders.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bed.h"

static bed *bed_of(cx_net *net)
{
    return (bed *)net; /* its first member */
}

static void *count_resize(void *self, void *old, size_t size)
{
    bed *b = self;
    void *memory = realloc(old, size);
    if (old == NULL && memory != NULL)
        b->n_taken++;
    return memory;
}

static void count_release(void *self, void *memory)
{
    bed *b = self;
    if (memory != NULL)
        b->n_taken--;
    free(memory);
}

static coax_allocator allocator;

static void on_idle(uv_idle_t *idle)
{
    (void)idle;
}

static void defer(cx_net *net, cx_task *task)
{
    bed *b = bed_of(net);
    if (task->is_queued)
        return;
    task->is_queued = true;
    task->next = NULL;
    if (b->last != NULL)
        b->last->next = task;
    else
        b->first = task;
    b->last = task;
    if (b->sim != NULL)
        cx_sim_plan(b->sim, &b->awake, 0);
    else
        uv_idle_start(&b->idle, on_idle);
}

static void run_tasks(bed *b)
{
    cx_task *task = b->first;
    b->first = NULL;
    b->last = NULL;
    if (b->sim == NULL)
        uv_idle_stop(&b->idle);
    while (task != NULL) {
        cx_task *next = task->next;
        task->is_queued = false;
        task->run(task->self);
        task = next;
    }
}

static void on_prepare(uv_prepare_t *prepare)
{
    run_tasks(prepare->data);
}

static void end_turn(void *self)
{
    run_tasks(self);
}

static void hold(cx_net *net, int by)
{
    (void)net;
    (void)by;
}

static void awake(void *self)
{
    (void)self;
}

void bed_make(bed *b, bool simulated)
{
    memset(b, 0, sizeof *b);
    allocator = (coax_allocator){ b, count_resize, count_release };
    b->net.allocator = &allocator;
    b->net.slab = b->slab;
    b->net.slab_size = sizeof b->slab;
    b->net.defer = defer;
    b->net.hold = hold;
    if (simulated) {
        b->sim = cx_sim_create(1);
        assert_non_null(b->sim);
        assert_true(cx_sim_reserve(b->sim, 1));
        cx_sim_add_node(b->sim, &b->node);
        b->node.net = &b->net;
        b->node.end_turn = end_turn;
        b->node.self = b;
        b->awake = (cx_sim_event){ 0, 0, 0, awake, NULL, &b->node };
        b->net.sim = &b->node;
        return;
    }
    assert_int_equal(uv_loop_init(&b->uv), 0);
    b->net.uv = &b->uv;
    uv_prepare_init(&b->uv, &b->prepare);
    b->prepare.data = b;
    uv_prepare_start(&b->prepare, on_prepare);
    uv_unref((uv_handle_t *)&b->prepare);
    uv_idle_init(&b->uv, &b->idle);
}

void bed_clear(bed *b)
{
    if (b->sim != NULL) {
        while (cx_sim_step(b->sim))
            continue;
        cx_sim_remove_node(&b->node);
        cx_sim_destroy(b->sim);
    } else {
        uv_run(&b->uv, UV_RUN_DEFAULT);
        uv_close((uv_handle_t *)&b->prepare, NULL);
        uv_close((uv_handle_t *)&b->idle, NULL);
        uv_run(&b->uv, UV_RUN_DEFAULT);
        assert_int_equal(uv_loop_close(&b->uv), 0);
    }
    assert_int_equal(b->net.n_open, 0);
    assert_int_equal(b->n_taken, 0);
}

/* One thing happens. @return false: nothing is left to happen. */
static bool step(bed *b)
{
    if (b->sim != NULL)
        return cx_sim_step(b->sim);
    return uv_run(&b->uv, UV_RUN_ONCE) != 0;
}

void bed_run_until(bed *b, const uint32_t *counter, uint32_t wanted)
{
    while (*counter < wanted && step(b))
        continue;
    assert_int_equal(*counter, wanted);
}

void bed_run_until_heard(bed *b, const ear *e, size_t wanted)
{
    while (e->n_heard < wanted && e->n_closed == 0 && step(b))
        continue;
    assert_int_equal(e->n_heard, wanted);
}

void bed_run_some(bed *b)
{
    for (int i = 0; i < 20; i++) {
        if (b->sim != NULL)
            (void)cx_sim_step(b->sim);
        else
            (void)uv_run(&b->uv, UV_RUN_NOWAIT);
    }
}

static void on_open(void *self)
{
    ear *e = self;
    assert_false(e->is_inside);
    assert_int_equal(e->n_closed, 0);
    e->n_open++;
}

static void on_data(void *self, uint8_t *data, size_t len)
{
    ear *e = self;
    assert_false(e->is_inside);
    assert_int_equal(e->n_closed, 0);
    assert_true(len > 0);
    if (e->heard == NULL)
        e->heard = malloc(BED_HEARD_MAX);
    assert_non_null(e->heard);
    assert_true(e->n_heard + len <= BED_HEARD_MAX);
    memcpy(e->heard + e->n_heard, data, len);
    e->n_heard += len;
    if (e->closes_on_data)
        e->stream->ops->close(e->stream);
}

static void on_writable(void *self)
{
    ear *e = self;
    assert_false(e->is_inside);
    assert_int_equal(e->n_closed, 0);
    e->n_writable++;
}

static void on_closed(void *self, const coax_error *why)
{
    ear *e = self;
    assert_false(e->is_inside);
    e->n_closed++;
    e->why = *why;
    e->stream = NULL;
}

static const cx_stream_events ear_events = { on_open, on_data, on_writable, on_closed };

static void on_accept(void *self, cx_stream *stream)
{
    door *d = self;
    ear *e = &d->accepted[d->n_accepted++];
    stream->events = &ear_events;
    stream->self = e;
    e->stream = stream;
}

static void on_trouble(void *self, const coax_error *what)
{
    (void)self;
    fail_msg("%s", what->text);
}

static void on_door_closed(void *self)
{
    ((door *)self)->n_closed++;
}

static const cx_listener_events door_events = { .on_accept = on_accept,
                                                .on_trouble = on_trouble,
                                                .on_closed = on_door_closed };

coax_err bed_listen(bed *b, const char *text, door *d, coax_error *error)
{
    cx_url url;
    coax_err rc = cx_url_parse(text, &url, error);
    if (rc != COAX_OK)
        return rc;
    return cx_transport_for(&b->net, &url)
        ->listen(&b->net, &url, 128, &door_events, d, &d->listener, error);
}

coax_err bed_dial(bed *b, const char *text, const door *d, ear *e, coax_error *error)
{
    char address[CX_URL_PRINT_MAX];
    cx_url url;
    if (text == NULL) {
        (void)d->listener->ops->address(d->listener, address, sizeof address);
        text = address;
    }
    coax_err rc = cx_url_parse(text, &url, error);
    if (rc != COAX_OK)
        return rc;
    e->is_inside = true;
    rc = cx_transport_for(&b->net, &url)->dial(&b->net, &url, &ear_events, e, &e->stream, error);
    e->is_inside = false;
    return rc;
}

void bed_connect(bed *b, const char *listen_url, door *d, ear *client, ear *server)
{
    coax_error error = COAX_ERROR_INIT;
    d->accepted = server;
    if (bed_listen(b, listen_url, d, &error) != COAX_OK)
        fail_msg("%s", error.text);
    assert_int_equal(bed_dial(b, NULL, d, client, &error), COAX_OK);
    bed_run_until(b, &client->n_open, 1);
    bed_run_until(b, &d->n_accepted, 1);
}

void bed_write_all(bed *b, ear *e, const uint8_t *data, size_t len)
{
    while (len > 0) {
        coax_bytes piece = { data, len };
        size_t written = 0;
        uint32_t n = e->n_writable;
        e->is_inside = true;
        assert_int_equal(e->stream->ops->try_write(e->stream, &piece, 1, &written), COAX_OK);
        e->is_inside = false;
        data += written;
        len -= written;
        if (len > 0)
            bed_run_until(b, &e->n_writable, n + 1);
    }
}

void ear_clear(ear *e)
{
    free(e->heard);
    memset(e, 0, sizeof *e);
}
