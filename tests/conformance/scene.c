/*
 * Opening, closing and waiting, and how a call ended.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

static void on_connect(void *self, coax_peer peer)
{
    host *h = self;
    (void)peer;
    host_count(h, &h->n_connected, 1);
}

static void on_disconnect(void *self, coax_peer peer, const coax_error *reason)
{
    host *h = self;
    (void)peer;
    (void)reason;
    host_count(h, &h->n_disconnected, 1);
}

static coax_err on_subscribe(void *self, coax_peer peer, uint32_t event_id, coax_error *error)
{
    host *h = self;
    (void)peer;
    (void)event_id;
    (void)error;
    host_count(h, &h->n_subscribed, 1);
    return COAX_OK;
}

static void on_state(void *self, coax_server *server, coax_server_state state)
{
    host *h = self;
    (void)server;
    if (state == COAX_SERVER_STOPPED)
        host_count(h, &h->n_stopped, 1);
}

bool scene_has_workers(void)
{
    return !stage_is("sim");
}

static void open_host(scene *s, const coax_server_options *options, const char *url)
{
    coax_error error = COAX_ERROR_INIT;
    coax_server_options chosen = COAX_SERVER_OPTIONS_INIT;
    if (options != NULL)
        chosen = *options;
    chosen.name = "host";
    chosen.self = &s->host;
    chosen.on_connect = on_connect;
    chosen.on_disconnect = on_disconnect;
    chosen.on_state = on_state;
    if (chosen.on_subscribe == NULL)
        chosen.on_subscribe = on_subscribe;
    chosen.loops = stage_is("loops2") ? 2 : 0;
    coax_err rc = coax_server_create(s->stage.loop, &chosen, &s->stage.server, &error);
    if (rc == COAX_OK)
        rc = host_serve(&s->host, s->stage.server, scene_has_workers());
    if (rc == COAX_OK)
        rc = coax_server_listen(s->stage.server, url, &error);
    if (rc != COAX_OK)
        fail_msg("%s: %s", coax_err_name(rc), error.text);
    (void)coax_server_address(s->stage.server, 0, s->stage.url, sizeof s->stage.url);
}

void scene_open(scene *s, const coax_server_options *server, const coax_client_options *client)
{
    stage_begin(&s->stage);
    host_init(&s->host);
    host_init(&s->guest);
    s->stage.serve_client = host_serve_client;
    s->stage.serves_self = &s->guest;
    open_host(s, server, stage_new_url());
    stage_open_client(&s->stage, client);
}

void scene_open_again(scene *s)
{
    char url[300];
    (void)snprintf(url, sizeof url, "%s", s->stage.url);
    open_host(s, NULL, url);
}

void scene_close(scene *s)
{
    stage_close(&s->stage);
    assert_int_equal(s->host.n_open, 0);
    assert_int_equal(s->guest.n_open, 0);
    host_deinit(&s->host);
    host_deinit(&s->guest);
}

static bool is_reached(scene *s, const uint32_t *counter, uint32_t wanted)
{
    uint32_t value = host_read(&s->host, counter);
    return wanted == 0 ? value == 0 : value >= wanted;
}

void scene_wait(scene *s, const uint32_t *counter, uint32_t wanted)
{
    if (s->stage.style != STYLE_CALLBACK)
        host_wait(&s->host, counter, wanted);
    while (!is_reached(s, counter, wanted)) /* other threads don't wake this loop: look again */
        stage_step(&s->stage, 1);
}

/* Something done on the loop, and whether it has been. */
typedef struct errand {
    host *host;
    void (*fn)(void *self);
    void *self;
    uint32_t n_done;
} errand;

static void run_errand(void *self)
{
    errand *e = self;
    e->fn(e->self);
    host_count(e->host, &e->n_done, 1);
}

void scene_on_loop(scene *s, void (*fn)(void *self), void *self)
{
    errand e = { .host = &s->host, .fn = fn, .self = self };
    assert_int_equal(coax_loop_post(s->stage.loop, run_errand, &e), COAX_OK);
    scene_wait(s, &e.n_done, 1);
}

void scene_assert_alive(scene *s)
{
    ending e = ask_empty(s, NULL);
    assert_ends(&e, COAX_OK, NULL);
}

interop_unary unary_of(uint32_t reply_len, size_t body_len)
{
    interop_unary request = { .reply_len = reply_len, .body = chunk_make(0, body_len).body };
    return request;
}

static void keep_pairs(pairs *kept, const coax_metadata *metadata)
{
    kept->n = metadata->count;
    for (size_t i = 0; i < metadata->count && i < SCENE_PAIRS; i++) {
        const coax_metadata_pair *pair = &metadata->items[i];
        assert_true(pair->value.len <= SCENE_VALUE);
        (void)snprintf(kept->items[i].name, sizeof kept->items[i].name, "%s", pair->name.data);
        if (pair->value.len > 0)
            memcpy(kept->items[i].value, pair->value.data, pair->value.len);
        kept->items[i].len = pair->value.len;
    }
}

void ending_note(ending *e, const coax_status *status)
{
    e->err = status->code;
    assert_true(strlen(status->message) < sizeof e->words);
    (void)snprintf(e->words, sizeof e->words, "%s", status->message);
    keep_pairs(&e->initial, &status->initial);
    keep_pairs(&e->trailing, &status->trailing);
}

void assert_says(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

void assert_ends(const ending *e, coax_err err, const char *words)
{
    if (e->err != err)
        fail_msg("%s (%s), and not %s", coax_err_name(e->err), e->words, coax_err_name(err));
    if (words != NULL)
        assert_says(e->words, words);
}
