/*
 * The two connections of a link: bytes in, bytes out, and how they end. What the bytes are is units.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "mitm_parts.h"
#include "transport/sim_parts.h"
#include "transport/sock.h"

/* What was sent before a reset should have arrived, and been read. */
#define RESET_AFTER_NS 5000000u

static void grow(uint8_t **bytes, size_t *cap, size_t need)
{
    if (need <= *cap)
        return;
    *cap = 2 * need;
    *bytes = realloc(*bytes, *cap);
    assert_non_null(*bytes);
}

/* The peer of a leg sees a reset. */
static void reset(mitm_leg *leg)
{
    if (leg->stream->net->sim != NULL) {
        cx_sim_end *other = ((cx_sim_end *)(void *)leg->stream)->other;
        if (other != NULL)
            cx_sim_end_break(other);
    } else {
        const struct linger now = { .l_onoff = 1, .l_linger = 0 };
        int fd = ((cx_sock *)(void *)leg->stream)->fd;
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    leg->stream->ops->close(leg->stream);
}

/* All has been written that ever will be. */
static void end_leg(mitm_leg *leg)
{
    mitm_link *link = leg->link;
    if (leg->how == MITM_FIN) {
        leg->stream->ops->shutdown(leg->stream);
    } else if (leg->how == MITM_RST) {
        uint64_t now = cx_loop_now(link->mitm->loop);
        if (link->reset_ns == 0)
            link->reset_ns = now + RESET_AFTER_NS;
        if (now >= link->reset_ns)
            reset(leg);
        else
            cx_wheel_arm(&link->mitm->loop->core.host.wheel, &link->timer, link->reset_ns);
    }
}

static void flush(mitm_leg *leg)
{
    mitm *m = leg->link->mitm;
    size_t at = 0;
    size_t n = 1;
    if (leg->stream == NULL || !leg->is_open || leg->link->held_until_ns > cx_loop_now(m->loop))
        return;
    while (at < leg->out_len && n > 0) {
        const coax_bytes piece = { leg->out + at, m->crumbles ? 1 : leg->out_len - at };
        n = 0;
        if (leg->stream->ops->try_write(leg->stream, &piece, 1, &n) != COAX_OK)
            at = leg->out_len; /* whom nobody can reach any more */
        at += n;
    }
    leg->out_len -= at <= leg->out_len ? at : leg->out_len;
    if (leg->out_len > 0)
        memmove(leg->out, leg->out + at, leg->out_len);
    else if (leg->is_ending)
        end_leg(leg);
}

void mitm_send(mitm_link *link, mitm_way way, const void *bytes, size_t len)
{
    mitm_leg *leg = &link->legs[way];
    if (link->is_cut || leg->stream == NULL || leg->is_ending || len == 0)
        return;
    grow(&leg->out, &leg->out_cap, leg->out_len + len);
    memcpy(leg->out + leg->out_len, bytes, len);
    leg->out_len += len;
    leg->n_sent += len;
    flush(leg);
}

static void end_soon(mitm_leg *leg, mitm_end_kind how)
{
    if (leg->is_ending || leg->stream == NULL)
        return;
    leg->is_ending = true;
    leg->how = how;
    flush(leg);
}

void mitm_cut(mitm_link *link, mitm_end_kind how)
{
    link->is_cut = true;
    if (how == MITM_SILENCE)
        return;
    end_soon(&link->legs[MITM_UP], how);
    end_soon(&link->legs[MITM_DOWN], how);
}

void mitm_hold(mitm_link *link, uint64_t ns)
{
    coax_loop *loop = link->mitm->loop;
    link->held_until_ns = cx_loop_now(loop) + ns;
    cx_wheel_arm(&loop->core.host.wheel, &link->timer, link->held_until_ns);
}

static void on_timer(cx_timer *timer, uint64_t now_ns)
{
    mitm_link *link = CX_CONTAINER(timer, mitm_link, timer);
    (void)now_ns;
    flush(&link->legs[MITM_UP]);
    flush(&link->legs[MITM_DOWN]);
}

/* A leg's stream: `self` is the leg. */

static void on_open(void *self)
{
    mitm_leg *leg = self;
    leg->is_open = true;
    flush(leg);
}

static void on_writable(void *self)
{
    flush(self);
}

/* Where the bytes from a leg go. */
static mitm_way way_from(const mitm_leg *leg)
{
    return leg == &leg->link->legs[MITM_UP] ? MITM_DOWN : MITM_UP;
}

static void on_data(void *self, uint8_t *data, size_t len)
{
    mitm_leg *leg = self;
    mitm_side *side = &leg->link->side[way_from(leg)];
    grow(&side->bytes, &side->cap, side->len + len);
    memcpy(side->bytes + side->len, data, len);
    side->len += len;
    mitm_take_units(leg->link, way_from(leg));
}

static void on_closed(void *self, const coax_error *why)
{
    mitm_leg *leg = self;
    mitm_link *link = leg->link;
    mitm_way way = way_from(leg);
    (void)why;
    leg->stream = NULL;
    mitm_take_rest(link, way);
    end_soon(&link->legs[way], MITM_FIN); /* silence, too, ends when one of them has had enough */
    if (link->legs[MITM_UP].stream == NULL && link->legs[MITM_DOWN].stream == NULL)
        link->mitm->n_open--;
}

static const cx_stream_events leg_events = { on_open, on_data, on_writable, on_closed };

static void on_accept(void *self, cx_stream *stream)
{
    mitm *m = self;
    coax_error error = COAX_ERROR_INIT;
    mitm_link *link = calloc(1, sizeof *link);
    assert_non_null(link);
    link->mitm = m;
    link->number = m->n_links++;
    link->next = m->first;
    m->first = link;
    m->n_open++;
    cx_timer_init(&link->timer, on_timer);
    link->legs[MITM_UP].link = link;
    link->legs[MITM_DOWN].link = link;
    stream->events = &leg_events;
    stream->self = &link->legs[MITM_DOWN];
    link->legs[MITM_DOWN].stream = stream;
    link->legs[MITM_DOWN].is_open = true;
    const cx_transport *transport = cx_transport_for(&m->loop->net, &m->target);
    coax_err rc = transport->dial(&m->loop->net, &m->target, &leg_events, &link->legs[MITM_UP],
                                  &link->legs[MITM_UP].stream, &error);
    if (rc != COAX_OK)
        fail_msg("the man in the middle can't dial: %s", error.text);
}

static void on_trouble(void *self, const coax_error *what)
{
    (void)self;
    fail_msg("the man in the middle can't accept: %s", what->text);
}

static void on_listener_closed(void *self)
{
    ((mitm *)self)->listener = NULL;
}

static const cx_listener_events listener_events = { .on_accept = on_accept,
                                                    .on_trouble = on_trouble,
                                                    .on_closed = on_listener_closed };

void mitm_open(mitm *m, coax_loop *loop, const char *url, const char *target)
{
    coax_error error = COAX_ERROR_INIT;
    cx_url here;
    memset(m, 0, sizeof *m);
    m->loop = loop;
    coax_err rc = cx_url_parse(url, &here, &error);
    if (rc == COAX_OK)
        rc = cx_url_parse(target, &m->target, &error);
    if (rc == COAX_OK)
        rc = cx_transport_for(&loop->net, &here)
                 ->listen(&loop->net, &here, 64, &listener_events, m, &m->listener, &error);
    if (rc != COAX_OK)
        fail_msg("the man in the middle can't listen: %s", error.text);
    (void)m->listener->ops->address(m->listener, m->url, sizeof m->url);
    const bool is_plain = here.is_plain; /* which listeners do not know */
    if (cx_url_parse(m->url, &here, &error) == COAX_OK) {
        here.is_plain = is_plain;
        (void)cx_url_print(&here, m->url, sizeof m->url);
    }
}

void mitm_close(mitm *m)
{
    if (m->listener != NULL)
        m->listener->ops->close(m->listener);
    for (mitm_link *link = m->first; link != NULL; link = link->next) {
        link->is_cut = true;
        cx_wheel_cancel(&m->loop->core.host.wheel, &link->timer);
        for (int i = 0; i < 2; i++) {
            if (link->legs[i].stream != NULL)
                link->legs[i].stream->ops->close(link->legs[i].stream);
        }
    }
}

static void free_link(mitm_link *link)
{
    if (cx_timer_is_armed(&link->timer))
        cx_wheel_cancel(&link->mitm->loop->core.host.wheel, &link->timer);
    for (int i = 0; i < 2; i++) {
        free(link->legs[i].out);
        mitm_free_units(&link->side[i]);
    }
    free(link);
}

void mitm_forget(mitm *m)
{
    mitm_link **at = &m->first;
    while (*at != NULL) {
        mitm_link *link = *at;
        if (link->legs[0].stream == NULL && link->legs[1].stream == NULL) {
            *at = link->next;
            free_link(link);
        } else {
            at = &link->next;
        }
    }
}

mitm_link *mitm_last(const mitm *m)
{
    return m->first;
}
