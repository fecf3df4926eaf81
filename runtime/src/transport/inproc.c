/*
 * inproc://name: streams between two ends on one loop, for tests and for programs that serve
 * themselves.
 *
 * Names belong to a loop: the library has no global state, and two loops may run on two threads. A
 * dial from another loop finds nobody and is told so. Each end has an inbox; writing copies into
 * the other's, up to a limit, and a task hands it over, so that nothing runs inside the writer.
 * Knows no frames. Read next: sim.c.
 */
#include <stdio.h>
#include <string.h>

#include "transport/transport.h"

/* Most bytes one end holds for its reader; past it the writer waits. */
#define INBOX_MAX (256u * 1024u)
/* A larger empty inbox is given back. */
#define INBOX_KEEP (64u * 1024u)

struct cx_inproc_listener {
    cx_listener listener;
    cx_inproc_listener *next;
    cx_task closed;
    bool is_closing;
    char name[CX_URL_NAME_MAX + 1u];
};

typedef struct inbox {
    uint8_t *data;
    size_t len;
    size_t cap;
} inbox;

typedef enum end_state { END_DIALING = 1, END_OPEN, END_CLOSING } end_state;

/* Invariant: `other` points to a live end that points back, or is NULL. */
typedef struct end {
    cx_stream stream;
    struct end *other;
    inbox inbox;
    cx_task task;
    end_state state;
    bool is_reading;
    bool wants_room;  /* a write was cut short */
    bool has_room;    /* on_writable is due */
    bool other_ended; /* no more will come */
    bool has_ended;   /* shutdown */
    coax_err why;
    char name[CX_URL_NAME_MAX + 1u];
} end;

static end *of(cx_stream *stream)
{
    return (end *)stream;
}

static void schedule(end *e)
{
    e->stream.net->defer(e->stream.net, &e->task);
}

static void finish(end *e)
{
    cx_net *net = e->stream.net;
    coax_error why = COAX_ERROR_INIT;
    if (e->why == COAX_ERR_BAD_ADDRESS)
        (void)coax_error_set(&why, COAX_ERR_UNAVAILABLE,
                             "connecting to inproc://%s: nobody listens on that name on this loop; "
                             "in-process names belong to one loop, so use unix:// between loops",
                             e->name);
    else if (e->why == COAX_ERR_NO_MEMORY)
        (void)coax_error_set(&why, COAX_ERR_NO_MEMORY, "connecting to inproc://%s: no memory",
                             e->name);
    else if (e->why != COAX_OK)
        (void)coax_error_set(&why, COAX_ERR_UNAVAILABLE, "the peer closed the connection");
    if (e->stream.events != NULL)
        e->stream.events->on_closed(e->stream.self, &why);
    cx_net_wipe(net, e->inbox.data, e->inbox.len);
    cx_net_release(net, e->inbox.data);
    cx_net_release(net, e);
    net->n_open--;
    net->hold(net, -1);
}

/* Ends this side. The other reads what it has, then sees the end. */
static void end_close(end *e, coax_err why)
{
    if (e->state == END_CLOSING)
        return;
    e->state = END_CLOSING;
    e->why = why;
    if (e->other != NULL) {
        e->other->other = NULL;
        e->other->other_ended = true;
        schedule(e->other);
        e->other = NULL;
    }
    schedule(e);
}

/* Hands the inbox over. It is taken off first: the reader may cause more to arrive meanwhile. */
static void deliver(end *e)
{
    inbox full = e->inbox;
    e->inbox = (inbox){ NULL, 0, 0 };
    if (e->other != NULL && e->other->wants_room) {
        e->other->wants_room = false;
        e->other->has_room = true;
        schedule(e->other);
    }
    e->stream.events->on_data(e->stream.self, full.data, full.len);
    cx_net_wipe(e->stream.net, full.data, full.len);
    if (e->inbox.data == NULL && full.cap <= INBOX_KEEP)
        e->inbox = (inbox){ full.data, 0, full.cap };
    else
        cx_net_release(e->stream.net, full.data);
}

static void connect_ends(end *e);

static void run(void *self)
{
    end *e = self;
    if (e->state == END_DIALING)
        connect_ends(e);
    else if (e->state == END_OPEN && e->has_room) {
        e->has_room = false;
        if (e->inbox.len > 0 || e->other_ended)
            schedule(e);
        e->stream.events->on_writable(e->stream.self);
    } else if (e->state == END_OPEN && e->is_reading && e->inbox.len > 0) {
        if (e->other_ended)
            schedule(e);
        deliver(e);
    } else if (e->state == END_OPEN && e->other_ended && e->inbox.len == 0) {
        e->state = END_CLOSING;
        e->why = COAX_ERR_UNAVAILABLE;
        schedule(e);
        if (e->other != NULL) { /* it had only shut down */
            e->other->other = NULL;
            e->other->other_ended = true;
            schedule(e->other);
            e->other = NULL;
        }
    } else if (e->state == END_CLOSING) {
        finish(e);
    }
}

/* Resizing would leave a copy behind where the system moves the block. */
static uint8_t *inbox_resize(cx_net *net, inbox *box, size_t cap)
{
    const coax_allocator *allocator = net->allocator;
    if (box->data == NULL || !cx_net_keeps_secrets(net))
        return allocator->resize(allocator->self, box->data, cap);
    uint8_t *data = allocator->resize(allocator->self, NULL, cap);
    if (data == NULL)
        return NULL;
    memcpy(data, box->data, box->len);
    cx_wipe(box->data, box->len);
    cx_net_release(net, box->data);
    return data;
}

/* Room for `more` bytes behind what the inbox holds. */
static bool inbox_reserve(cx_net *net, inbox *box, size_t more)
{
    if (box->cap - box->len >= more)
        return true;
    size_t cap = box->cap != 0 ? box->cap : 1024;
    while (cap - box->len < more)
        cap *= 2;
    uint8_t *data = inbox_resize(net, box, cap);
    if (data == NULL)
        return false;
    box->data = data;
    box->cap = cap;
    return true;
}

static coax_err end_try_write(cx_stream *stream, const coax_bytes *pieces, size_t n_pieces,
                              size_t *ret_written)
{
    end *e = of(stream);
    if (e->state != END_OPEN || e->other == NULL || e->has_ended)
        return COAX_ERR_UNAVAILABLE;
    inbox *box = &e->other->inbox;
    size_t written = 0;
    e->wants_room = false;
    for (size_t i = 0; i < n_pieces && !e->wants_room; i++) {
        size_t room = INBOX_MAX - box->len;
        size_t n = pieces[i].len <= room ? pieces[i].len : room;
        if (n > 0 && !inbox_reserve(stream->net, box, n)) {
            end_close(e, COAX_ERR_NO_MEMORY);
            return COAX_ERR_UNAVAILABLE;
        }
        if (n > 0)
            memcpy(box->data + box->len, pieces[i].data, n);
        box->len += n;
        written += n;
        e->wants_room = n < pieces[i].len;
    }
    if (written > 0 && e->other->is_reading)
        schedule(e->other);
    *ret_written = written;
    return COAX_OK;
}

static void end_read(cx_stream *stream, bool on)
{
    end *e = of(stream);
    e->is_reading = on;
    if (on && e->state == END_OPEN && (e->inbox.len > 0 || e->other_ended))
        schedule(e);
}

static void end_shutdown(cx_stream *stream)
{
    end *e = of(stream);
    e->has_ended = true;
    if (e->state != END_OPEN || e->other == NULL)
        return;
    e->other->other_ended = true;
    schedule(e->other);
}

static void close_stream(cx_stream *stream)
{
    end_close(of(stream), COAX_OK);
}

static size_t end_address(const cx_stream *stream, char *buffer, size_t size)
{
    int n = snprintf(buffer, size, "inproc://%s", ((const end *)stream)->name);
    return n < 0 ? 0 : (size_t)n;
}

static const cx_stream_ops end_ops = { end_try_write, end_read, end_shutdown, close_stream,
                                       end_address };

static end *create_end(cx_net *net, const char *name, end_state state)
{
    end *e = cx_net_take(net, sizeof *e);
    if (e == NULL)
        return NULL;
    e->stream.ops = &end_ops;
    e->stream.net = net;
    e->task.run = run;
    e->task.self = e;
    e->state = state;
    e->is_reading = true;
    memcpy(e->name, name, strlen(name) + 1);
    net->n_open++;
    net->hold(net, +1);
    return e;
}

static cx_inproc_listener *find(const cx_net *net, const char *name)
{
    cx_inproc_listener *at = net->inproc;
    while (at != NULL && strcmp(at->name, name) != 0)
        at = at->next;
    return at;
}

static void connect_ends(end *e)
{
    cx_net *net = e->stream.net;
    cx_inproc_listener *listener = find(net, e->name);
    end *accepted = listener != NULL ? create_end(net, e->name, END_OPEN) : NULL;
    if (accepted == NULL) {
        end_close(e, listener == NULL ? COAX_ERR_BAD_ADDRESS : COAX_ERR_NO_MEMORY);
        return;
    }
    e->state = END_OPEN;
    e->other = accepted;
    accepted->other = e;
    listener->listener.events->on_accept(listener->listener.self, &accepted->stream);
    if (e->state == END_OPEN)
        e->stream.events->on_open(e->stream.self);
}

static coax_err inproc_dial(cx_net *net, const cx_url *url, const cx_stream_events *events,
                            void *self, cx_stream **ret_stream, coax_error *error)
{
    end *e = create_end(net, url->text, END_DIALING);
    if (e == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to dial with");
    e->stream.events = events;
    e->stream.self = self;
    schedule(e);
    *ret_stream = &e->stream;
    return COAX_OK;
}

static void run_closed(void *self)
{
    cx_inproc_listener *listener = self;
    cx_net *net = listener->listener.net;
    listener->listener.events->on_closed(listener->listener.self);
    cx_net_release(net, listener);
    net->n_open--;
    net->hold(net, -1);
}

static void listener_close(cx_listener *base)
{
    cx_inproc_listener *listener = (cx_inproc_listener *)base;
    if (listener->is_closing)
        return;
    listener->is_closing = true;
    cx_inproc_listener **at = &base->net->inproc;
    while (*at != listener)
        at = &(*at)->next;
    *at = listener->next;
    base->net->defer(base->net, &listener->closed);
}

static size_t listener_address(const cx_listener *base, char *buffer, size_t size)
{
    int n = snprintf(buffer, size, "inproc://%s", ((const cx_inproc_listener *)base)->name);
    return n < 0 ? 0 : (size_t)n;
}

static const cx_listener_ops listener_ops = { listener_close, listener_address, NULL, NULL };

static coax_err inproc_listen(cx_net *net, const cx_url *url, int backlog,
                              const cx_listener_events *events, void *self,
                              cx_listener **ret_listener, coax_error *error)
{
    (void)backlog;
    if (find(net, url->text) != NULL)
        return coax_error_set(error, COAX_ERR_IN_USE,
                              "listening on inproc://%s: the name is taken on this loop",
                              url->text);
    cx_inproc_listener *listener = cx_net_take(net, sizeof *listener);
    if (listener == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a listener");
    listener->listener = (cx_listener){ &listener_ops, events, self, net };
    listener->closed.run = run_closed;
    listener->closed.self = listener;
    memcpy(listener->name, url->text, strlen(url->text) + 1);
    listener->next = net->inproc;
    net->inproc = listener;
    net->n_open++;
    net->hold(net, +1);
    *ret_listener = &listener->listener;
    return COAX_OK;
}

const cx_transport cx_transport_inproc = { "inproc", inproc_dial, inproc_listen };
