/*
 * Simulated streams and listeners: packets with a time of arrival, and one planned event for each
 * end.
 *
 * Whenever something about an end changes, its event is planned anew for the earliest thing it can
 * do, so that each step does one thing. Read next: node/shell_sim.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "transport/sim_parts.h"
#include "transport/uv_err.h"

#define DEFAULT_CAPACITY (256u * 1024u)

typedef struct sim_listener {
    cx_listener listener;
    cx_list links; /* node->listeners */
    cx_sim_event event;
    char url[CX_URL_PRINT_MAX];
} sim_listener;

static cx_sim_end *of(cx_stream *stream)
{
    return (cx_sim_end *)stream;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t delay(cx_sim_end *end)
{
    const cx_sim_weather *w = &end->weather;
    uint64_t spread = w->max_delay_ns > w->min_delay_ns ? w->max_delay_ns - w->min_delay_ns : 0;
    return w->min_delay_ns + cx_sim_below(end->sim, spread + 1);
}

/* When this end can next do something; UINT64_MAX: not before something else happens. */
static uint64_t next_act(const cx_sim_end *end)
{
    uint64_t now = end->sim->now_ns;
    if (end->state == CX_SIM_CLOSING || end->is_broken || end->has_room)
        return now;
    if (end->state != CX_SIM_OPEN)
        return later(end->acts_ns, end->not_before_ns);
    if (!end->is_reading)
        return UINT64_MAX;
    if (end->first != NULL)
        return later(later(end->first->arrives_ns, end->not_before_ns), now);
    return end->ended_ns == UINT64_MAX ? UINT64_MAX
                                       : later(later(end->ended_ns, end->not_before_ns), now);
}

static void plan(cx_sim_end *end)
{
    uint64_t at = next_act(end);
    if (at == UINT64_MAX)
        cx_sim_cancel(end->sim, &end->event);
    else
        cx_sim_plan(end->sim, &end->event, at);
}

/* Ends this side; the other hears of it after the usual delay. */
static void end_here(cx_sim_end *end, int why)
{
    if (end->state == CX_SIM_CLOSING)
        return;
    end->state = CX_SIM_CLOSING;
    end->why = why;
    cx_sim_end *other = end->other;
    if (other != NULL) {
        other->other = NULL;
        end->other = NULL;
        if (!end->is_lost && other->ended_ns == UINT64_MAX)
            other->ended_ns = later(end->sim->now_ns + delay(end),
                                    other->last != NULL ? other->last->arrives_ns : 0);
        plan(other);
    }
    plan(end);
}

void cx_sim_end_break(cx_sim_end *end)
{
    end->is_broken = true;
    plan(end);
}

void cx_sim_end_lose(cx_sim_end *end)
{
    end->is_lost = true;
    while (end->first != NULL) {
        cx_sim_packet *packet = end->first;
        end->first = packet->next;
        free(packet);
    }
    end->last = NULL;
    end->n_inbound = 0;
    end->ended_ns = UINT64_MAX;
    plan(end);
}

void cx_sim_end_stall(cx_sim_end *end, uint64_t until_ns)
{
    end->not_before_ns = later(end->not_before_ns, until_ns);
    plan(end);
}

static void finish(cx_sim_end *end)
{
    cx_net *net = end->stream.net;
    coax_error why = COAX_ERROR_INIT;
    if (end->why == UV_EOF)
        (void)coax_error_set(&why, COAX_ERR_UNAVAILABLE, "the peer closed the connection");
    else if (end->why == UV_ECONNREFUSED)
        (void)cx_uv_error(&why, end->why, "connecting to %s", end->url);
    else if (end->why != 0)
        (void)cx_uv_error(&why, end->why, "the connection broke");
    cx_sim_cancel(end->sim, &end->event);
    cx_list_remove(&end->links);
    if (end->stream.events != NULL)
        end->stream.events->on_closed(end->stream.self, &why);
    while (end->first != NULL) {
        cx_sim_packet *packet = end->first;
        end->first = packet->next;
        free(packet);
    }
    cx_sim_unreserve(end->sim, 1);
    cx_net_release(net, end);
    net->n_open--;
}

/* Takes what has arrived into the slab: one packet, or all of them where the weather joins them. */
static size_t take_arrived(cx_sim_end *end)
{
    cx_net *net = end->stream.net;
    size_t len = 0;
    while (end->first != NULL && end->first->arrives_ns <= end->sim->now_ns &&
           len + end->first->len <= net->slab_size && (len == 0 || end->weather.coalesces)) {
        cx_sim_packet *packet = end->first;
        memcpy(net->slab + len, packet->data, packet->len);
        len += packet->len;
        end->first = packet->next;
        if (end->first == NULL)
            end->last = NULL;
        free(packet);
    }
    end->n_inbound -= len;
    return len;
}

static size_t capacity(const cx_sim_end *end)
{
    return end->weather.capacity != 0 ? end->weather.capacity : DEFAULT_CAPACITY;
}

static void deliver(cx_sim_end *end)
{
    const cx_net *net = end->stream.net;
    size_t len = take_arrived(end);
    cx_sim_end *other = end->other;
    if (other != NULL && other->wants_room && end->n_inbound <= capacity(other) / 2) {
        other->wants_room = false;
        other->has_room = true;
        plan(other);
    }
    plan(end);
    end->stream.events->on_data(end->stream.self, net->slab, len);
    cx_net_wipe(net, net->slab, len);
}

static void go_on_dialling(cx_sim_end *end);

static void happen(void *self)
{
    cx_sim_end *end = self;
    if (end->state == CX_SIM_CLOSING) {
        finish(end);
    } else if (end->state == CX_SIM_DIALING) {
        go_on_dialling(end);
    } else if (end->is_broken) {
        end_here(end, UV_ECONNRESET);
    } else if (end->state == CX_SIM_OPENING) {
        end->state = CX_SIM_OPEN;
        plan(end);
        end->stream.events->on_open(end->stream.self);
    } else if (end->has_room) {
        end->has_room = false;
        plan(end);
        end->stream.events->on_writable(end->stream.self);
    } else if (end->first != NULL) {
        deliver(end);
    } else if (end->ended_ns <= end->sim->now_ns) {
        end_here(end, UV_EOF);
    }
}

/* One packet for `end` from the other side. */
static void send_packet(cx_sim_end *from, const uint8_t *data, size_t len)
{
    cx_sim_end *to = from->other;
    cx_sim_packet *packet = malloc(sizeof *packet + len);
    if (packet == NULL) {
        cx_sim_end_break(from);
        return;
    }
    uint64_t arrives = from->sim->now_ns + delay(from);
    packet->next = NULL;
    packet->len = len;
    packet->arrives_ns = to->last != NULL ? later(arrives, to->last->arrives_ns) : arrives;
    memcpy(packet->data, data, len);
    if (to->last != NULL)
        to->last->next = packet;
    else
        to->first = packet;
    to->last = packet;
    to->n_inbound += len;
}

static void send_pieces(cx_sim_end *end, const uint8_t *data, size_t len)
{
    size_t most = end->stream.net->slab_size;
    if (end->weather.max_piece != 0 && end->weather.max_piece < most)
        most = end->weather.max_piece;
    while (len > 0) {
        size_t n = end->weather.max_piece == 0 ? most : 1 + cx_sim_below(end->sim, most);
        if (n > len)
            n = len;
        send_packet(end, data, n);
        data += n;
        len -= n;
    }
}

static coax_err end_try_write(cx_stream *stream, const coax_bytes *pieces, size_t n_pieces,
                              size_t *ret_written)
{
    cx_sim_end *end = of(stream);
    if (end->state != CX_SIM_OPEN || end->has_ended || end->is_broken)
        return COAX_ERR_UNAVAILABLE;
    if (end->other == NULL && !end->is_lost)
        return COAX_ERR_UNAVAILABLE;
    if (cx_sim_below(end->sim, 1000000) < end->weather.reset_ppm) {
        cx_sim_end_break(end);
        return COAX_ERR_UNAVAILABLE;
    }
    size_t written = 0;
    end->wants_room = false;
    for (size_t i = 0; i < n_pieces && !end->wants_room; i++) {
        size_t used = end->is_lost ? 0 : end->other->n_inbound;
        size_t room = used < capacity(end) ? capacity(end) - used : 0;
        size_t n = pieces[i].len <= room ? pieces[i].len : room;
        if (!end->is_lost)
            send_pieces(end, pieces[i].data, n);
        written += n;
        end->wants_room = n < pieces[i].len;
    }
    if (end->other != NULL)
        plan(end->other);
    *ret_written = written;
    return COAX_OK;
}

static void end_read(cx_stream *stream, bool on)
{
    of(stream)->is_reading = on;
    plan(of(stream));
}

static void end_shutdown(cx_stream *stream)
{
    cx_sim_end *end = of(stream);
    end->has_ended = true;
    cx_sim_end *other = end->other;
    if (end->state != CX_SIM_OPEN || other == NULL || end->is_lost)
        return;
    other->ended_ns =
        later(end->sim->now_ns + delay(end), other->last != NULL ? other->last->arrives_ns : 0);
    plan(other);
}

static void end_close(cx_stream *stream)
{
    end_here(of(stream), 0);
}

static size_t end_address(const cx_stream *stream, char *buffer, size_t size)
{
    int n = snprintf(buffer, size, "%s", ((const cx_sim_end *)stream)->url);
    return n < 0 ? 0 : (size_t)n;
}

static const cx_stream_ops end_ops = { end_try_write, end_read, end_shutdown, end_close,
                                       end_address };

static cx_sim_end *create_end(cx_net *net, const char *url, cx_sim_state state)
{
    cx_sim_end *end = cx_net_take(net, sizeof *end);
    if (end == NULL || !cx_sim_reserve(net->sim->sim, 1)) {
        cx_net_release(net, end);
        return NULL;
    }
    net->n_open++;
    end->stream.ops = &end_ops;
    end->stream.net = net;
    end->sim = net->sim->sim;
    end->event.happen = happen;
    end->event.self = end;
    end->event.node = net->sim;
    end->weather = end->sim->weather;
    end->state = state;
    end->is_reading = true;
    end->ended_ns = UINT64_MAX;
    (void)snprintf(end->url, sizeof end->url, "%s", url);
    cx_list_append(&end->sim->ends, &end->links);
    return end;
}

static sim_listener *find(const cx_sim *sim, const char *url)
{
    for (cx_list *at = sim->nodes.next; at != &sim->nodes; at = at->next) {
        cx_sim_node *node = CX_CONTAINER(at, cx_sim_node, links);
        for (cx_list *l = node->listeners.next; l != &node->listeners; l = l->next) {
            sim_listener *listener = CX_CONTAINER(l, sim_listener, links);
            if (strcmp(listener->url, url) == 0)
                return listener;
        }
    }
    return NULL;
}

/* The dial has reached the other side: somebody is there, or not. */
static void go_on_dialling(cx_sim_end *end)
{
    sim_listener *listener = find(end->sim, end->url);
    bool refused = listener == NULL || cx_sim_below(end->sim, 1000000) < end->weather.refuse_ppm;
    cx_sim_end *accepted =
        refused ? NULL : create_end(listener->listener.net, end->url, CX_SIM_OPEN);
    if (accepted == NULL) {
        end_here(end, UV_ECONNREFUSED);
        return;
    }
    end->other = accepted;
    accepted->other = end;
    end->state = CX_SIM_OPENING;
    end->acts_ns = end->sim->now_ns + delay(end);
    plan(end);
    cx_sim_node *there = listener->listener.net->sim;
    listener->listener.events->on_accept(listener->listener.self, &accepted->stream);
    there->end_turn(there->self);
}

static coax_err sim_dial(cx_net *net, const cx_url *url, const cx_stream_events *events, void *self,
                         cx_stream **ret_stream, coax_error *error)
{
    char shown[CX_URL_PRINT_MAX];
    (void)cx_url_print_place(url, shown, sizeof shown);
    cx_sim_end *end = create_end(net, shown, CX_SIM_DIALING);
    if (end == NULL)
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory to dial with");
    end->stream.events = events;
    end->stream.self = self;
    end->acts_ns = end->sim->now_ns + delay(end);
    plan(end);
    *ret_stream = &end->stream;
    return COAX_OK;
}

static void listener_closed(void *self)
{
    sim_listener *listener = self;
    cx_net *net = listener->listener.net;
    listener->listener.events->on_closed(listener->listener.self);
    cx_sim_unreserve(net->sim->sim, 1);
    cx_net_release(net, listener);
    net->n_open--;
}

static void listener_close(cx_listener *base)
{
    sim_listener *listener = (sim_listener *)base;
    cx_list_remove(&listener->links);
    cx_sim_plan(base->net->sim->sim, &listener->event, 0);
}

static size_t listener_address(const cx_listener *base, char *buffer, size_t size)
{
    int n = snprintf(buffer, size, "%s", ((const sim_listener *)base)->url);
    return n < 0 ? 0 : (size_t)n;
}

static const cx_listener_ops listener_ops = { listener_close, listener_address, NULL, NULL };

static coax_err sim_listen(cx_net *net, const cx_url *url, int backlog,
                           const cx_listener_events *events, void *self, cx_listener **ret_listener,
                           coax_error *error)
{
    cx_url chosen = *url;
    char shown[CX_URL_PRINT_MAX];
    cx_sim *sim = net->sim->sim;
    (void)backlog;
    if (chosen.scheme == CX_SCHEME_TCP && chosen.port == 0)
        chosen.port = sim->next_port++;
    (void)cx_url_print_place(&chosen, shown, sizeof shown);
    if (find(sim, shown) != NULL)
        return coax_error_set(error, COAX_ERR_IN_USE, "listening on %s: the address is taken",
                              shown);
    sim_listener *listener = cx_net_take(net, sizeof *listener);
    if (listener == NULL || !cx_sim_reserve(sim, 1)) {
        cx_net_release(net, listener);
        return coax_error_set(error, COAX_ERR_NO_MEMORY, "no memory for a listener");
    }
    net->n_open++;
    listener->listener = (cx_listener){ &listener_ops, events, self, net };
    listener->event.happen = listener_closed;
    listener->event.self = listener;
    listener->event.node = net->sim;
    memcpy(listener->url, shown, sizeof shown);
    cx_list_append(&net->sim->listeners, &listener->links);
    *ret_listener = &listener->listener;
    return COAX_OK;
}

const cx_transport cx_transport_sim = { "sim", sim_dial, sim_listen };
