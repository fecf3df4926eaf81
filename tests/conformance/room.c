/*
 * The room: hooks that count, handlers that write down.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "room.h"

static void on_connect(void *self, coax_peer peer)
{
    room *r = self;
    char name[32];
    uint32_t number = 0;
    (void)coax_peer_name(peer, name, sizeof name);
    if (sscanf(name, "guest %u", &number) == 1 && number < ROOM_GUESTS)
        r->guests[number].peer = peer;
    r->n_connected++;
    if (r->on_connect != NULL)
        r->on_connect(r, peer);
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    room *r = self;
    (void)reason;
    r->n_gone++;
    assert_int_equal(coax_peer_join(peer, "den"), COAX_ERR_STALE);
    if (r->stage.server != NULL)
        r->size_at_end = coax_server_group_size(r->stage.server, "den");
}

static coax_err on_subscribe(void *self, coax_peer peer, uint32_t event_id, coax_error *error)
{
    room *r = self;
    (void)event_id;
    r->n_asked++;
    if (r->on_subscribe != NULL)
        r->on_subscribe(r, peer);
    if (r->verdict == COAX_OK)
        return COAX_OK;
    return coax_error_set(error, r->verdict, "members only");
}

void room_open_empty(room *r, const coax_limits *limits)
{
    memset(r, 0, sizeof *r);
    coax_server_options options = COAX_SERVER_OPTIONS_INIT;
    options.self = r;
    options.on_connect = on_connect;
    options.on_disconnect = on_disconnect;
    options.on_subscribe = on_subscribe;
    if (limits != NULL)
        options.limits = *limits;
    stage_open_servers(&r->stage, &options);
    assert_int_equal(news_news_serve(r->stage.server, NULL, NULL), COAX_OK);
    stage_run_some(&r->stage);
    r->n_connected = 0;
}

static void on_said(void *self, coax_peer peer, const news_line *event)
{
    guest *g = self;
    assert_true(coax_peer_is_open(peer));
    g->n_heard++;
    g->last = event->number;
    g->body_len = event->body.len;
    if (g->then != NULL)
        g->then(g);
}

static void on_alarm(void *self, coax_peer peer, const news_line *event)
{
    guest *g = self;
    (void)peer;
    (void)event;
    g->n_alarms++;
}

static void on_status(void *self, const coax_status *status)
{
    guest *g = self;
    assert_false(g->is_closed);
    g->n_statuses++;
    g->status = status->code;
    (void)snprintf(g->words, sizeof g->words, "%s", status->message);
    if (g->then_status != NULL)
        g->then_status(g);
}

static void on_state(void *self, coax_client *client, coax_client_state state,
                     const coax_error *reason)
{
    guest *g = self;
    (void)client;
    (void)reason;
    g->is_closed = state == COAX_CLIENT_CLOSED;
}

guest *room_enter(room *r, const coax_limits *limits)
{
    guest *g = &r->guests[r->n_guests];
    char name[32];
    (void)snprintf(name, sizeof name, "guest %u", (unsigned)r->n_guests++);
    coax_client_options options = COAX_CLIENT_OPTIONS_INIT;
    options.name = name;
    options.self = g;
    options.on_state = on_state;
    if (limits != NULL)
        options.limits = *limits;
    g->room = r;
    assert_int_equal(coax_client_create(r->stage.loop, r->stage.url, &options, &g->client, NULL),
                     COAX_OK);
    return g;
}

coax_err room_listen(guest *g)
{
    coax_subscribe_options options = COAX_SUBSCRIBE_OPTIONS_INIT;
    options.on_status = on_status;
    return news_news_said_subscribe(g->client, on_said, g, &options, &g->subscription);
}

void room_open(room *r, uint32_t n, const coax_limits *limits)
{
    room_open_empty(r, limits);
    for (uint32_t i = 0; i < n; i++) {
        guest *g = room_enter(r, NULL);
        assert_int_equal(room_listen(g), COAX_OK);
        assert_int_equal(news_news_alarm_subscribe(g->client, on_alarm, g, NULL, &g->alarm),
                         COAX_OK);
    }
    stage_run_until_count(&r->stage, &r->n_asked, 2 * n);
    room_settle(r);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(r->guests[i].n_statuses, 1);
        assert_int_equal(r->guests[i].status, COAX_OK);
    }
}

void room_settle(room *r)
{
    for (int i = 0; i < 30; i++)
        stage_run_some(&r->stage);
}

coax_err room_say(room *r, uint32_t number, size_t body_len, const coax_emit_options *options)
{
    static uint8_t body[4 * 1024 * 1024];
    news_line line = { .number = number, .room = coax_str_from("den") };
    if (body_len > 0)
        line.body = (coax_bytes){ body, body_len };
    return news_news_said_emit(r->stage.server, &line, options);
}

void room_close(room *r)
{
    stage_close(&r->stage);
}
