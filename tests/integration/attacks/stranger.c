/*
 * Bytes of the transport, the channel, and frames by hand.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "stranger.h"

static void append(uint8_t **bytes, size_t *len, size_t *cap, const void *more, size_t n)
{
    if (*len + n > *cap) {
        *cap = 2 * (*len + n);
        *bytes = realloc(*bytes, *cap);
        assert_non_null(*bytes);
    }
    if (n > 0)
        memcpy(*bytes + *len, more, n);
    *len += n;
}

static void flush(stranger *s)
{
    while (s->out_len > 0 && s->stream != NULL && s->is_connected) {
        const coax_bytes piece = { s->out, s->out_len };
        size_t n = 0;
        if (s->stream->ops->try_write(s->stream, &piece, 1, &n) != COAX_OK || n == 0)
            return;
        s->out_len -= n;
        memmove(s->out, s->out + n, s->out_len);
    }
}

void stranger_send_raw(stranger *s, const void *bytes, size_t len)
{
    append(&s->out, &s->out_len, &s->out_cap, bytes, len);
    flush(s);
}

static void send_own(stranger *s)
{
    coax_bytes own = cx_channel_output(&s->channel);
    if (own.len == 0)
        return;
    stranger_send_raw(s, own.data, own.len);
    cx_channel_sent(&s->channel, own.len);
}

void stranger_seal(stranger *s, const void *bytes, size_t len)
{
    if (s->look.is_plain) {
        stranger_send_raw(s, bytes, len);
        return;
    }
    const coax_bytes piece = { bytes, len };
    size_t cap = cx_channel_sealed_max(&s->channel, len);
    size_t taken = 0;
    size_t n = 0;
    uint8_t *sealed = malloc(cap);
    assert_non_null(sealed);
    send_own(s);
    assert_int_equal(
        cx_channel_seal(&s->channel, &piece, 1, cx_loop_now(s->loop), sealed, cap, &taken, &n),
        COAX_OK);
    assert_int_equal(taken, len);
    stranger_send_raw(s, sealed, n);
    free(sealed);
}

/* Frames. */

static void hear(stranger *s, const cx_frame *frame, const uint8_t *payload)
{
    if (s->n_heard < STRANGER_HEARD_MAX) {
        stranger_frame *kept = &s->heard[s->n_heard++];
        kept->frame = *frame;
        kept->payload = malloc(frame->length + 1u);
        assert_non_null(kept->payload);
        memcpy(kept->payload, payload, frame->length);
    }
    if (s->on_frame != NULL)
        s->on_frame(s->self, s, frame, payload);
}

static void take_frames(stranger *s, const uint8_t *data, size_t len)
{
    size_t at = 0;
    cx_frame frame;
    append(&s->in, &s->in_len, &s->in_cap, data, len);
    while (s->in_len - at >= CX_FRAME_HEADER &&
           cx_frame_decode(s->in + at, &frame, NULL) == COAX_OK &&
           s->in_len - at - CX_FRAME_HEADER >= frame.length) {
        hear(s, &frame, s->in + at + CX_FRAME_HEADER);
        at += CX_FRAME_HEADER + frame.length;
    }
    s->in_len -= at;
    memmove(s->in, s->in + at, s->in_len);
}

/* The channel. */

static coax_err on_peer_key(void *self, const uint8_t key[COAX_KEY_BYTES], coax_error *why)
{
    (void)why;
    memcpy(((stranger *)self)->peer_key, key, COAX_KEY_BYTES);
    return COAX_OK;
}

static void on_ready(void *self, const cx_channel_facts *facts)
{
    stranger *s = self;
    s->is_ready = true;
    s->hash_len = facts->hash.len;
    memcpy(s->hash, facts->hash.data, facts->hash.len);
}

static bool on_opened(void *self, const uint8_t *data, size_t len, uint64_t now)
{
    (void)now;
    take_frames(self, data, len);
    return true;
}

static void on_failed(void *self, const coax_error *why, cx_last last)
{
    (void)last;
    ((stranger *)self)->failed = *why;
}

static const cx_channel_events channel_events = {
    .on_peer_key = on_peer_key, .on_ready = on_ready, .on_data = on_opened, .on_failed = on_failed
};

/* The transport. */

static void on_stream_open(void *self)
{
    stranger *s = self;
    s->is_connected = true;
    if (s->look.is_plain) {
        const uint8_t preface[8] = { 'C', 'O', 'A', 'X', 1 };
        s->is_ready = true;
        append(&s->out, &s->out_len, &s->out_cap, preface, s->is_server ? 0 : sizeof preface);
    } else {
        cx_channel_start(&s->channel);
        send_own(s);
    }
    flush(s);
}

static void on_stream_data(void *self, uint8_t *data, size_t len)
{
    stranger *s = self;
    if (s->look.is_plain) {
        size_t preface = s->is_server && s->n_bytes < 8 ? 8 - (size_t)s->n_bytes : 0;
        s->n_bytes += len;
        if (len > preface)
            take_frames(s, data + preface, len - preface);
        return;
    }
    s->n_bytes += len;
    size_t taken = cx_channel_receive(&s->channel, data, len, cx_loop_now(s->loop));
    assert_true(taken == len || s->failed.code != COAX_OK);
    if (s->stream != NULL)
        send_own(s);
}

static void on_stream_writable(void *self)
{
    flush(self);
}

static void on_stream_closed(void *self, const coax_error *why)
{
    stranger *s = self;
    (void)why;
    s->stream = NULL;
    s->is_over = true;
}

static const cx_stream_events stream_events = { on_stream_open, on_stream_data, on_stream_writable,
                                                on_stream_closed };

static void init(stranger *s, coax_loop *loop, const stranger_look *look, bool is_server)
{
    memset(s, 0, sizeof *s);
    s->loop = loop;
    s->env = loop->env;
    s->is_server = is_server;
    if (look != NULL)
        s->look = *look;
    loop->env.random(loop->env.self, s->secret, sizeof s->secret);
    if (s->look.secret != NULL)
        memcpy(s->secret, s->look.secret, sizeof s->secret);
    assert_int_equal(crypto_scalarmult_base(s->public_key, s->secret), 0);
    if (s->look.public_key != NULL)
        memcpy(s->public_key, s->look.public_key, sizeof s->public_key);
    if (s->look.is_plain)
        return;
    s->config = (cx_channel_config){ .is_server = is_server,
                                     .env = &s->env,
                                     .events = &channel_events,
                                     .secret_key = s->secret,
                                     .public_key = s->public_key,
                                     .psk = s->look.psk,
                                     .pattern = s->look.pattern != 0 ? s->look.pattern
                                                                     : (uint8_t)CX_PATTERN_XX,
                                     .suite = s->look.suite,
                                     .peer_key = s->look.peer_key };
    coax_error error = COAX_ERROR_INIT;
    if (cx_channel_init(&s->channel, &s->config, s, &error) != COAX_OK)
        fail_msg("the stranger's channel: %s", error.text);
}

void stranger_dial(stranger *s, coax_loop *loop, const char *url, const stranger_look *look)
{
    cx_url parsed;
    coax_error error = COAX_ERROR_INIT;
    init(s, loop, look, false);
    coax_err rc = cx_url_parse(url, &parsed, &error);
    if (rc == COAX_OK)
        rc = cx_transport_for(&loop->net, &parsed)
                 ->dial(&loop->net, &parsed, &stream_events, s, &s->stream, &error);
    if (rc != COAX_OK)
        fail_msg("the stranger can't dial: %s", error.text);
}

static void on_accept(void *self, cx_stream *stream)
{
    stranger *s = self;
    if (s->stream != NULL || s->is_over) {
        stream->ops->close(stream);
        return;
    }
    stream->events = &stream_events;
    stream->self = s;
    s->stream = stream;
    on_stream_open(s);
}

static void on_trouble(void *self, const coax_error *what)
{
    (void)self;
    fail_msg("the stranger can't accept: %s", what->text);
}

static void on_listener_closed(void *self)
{
    ((stranger *)self)->listener = NULL;
}

static const cx_listener_events listener_events = { on_accept, on_trouble, on_listener_closed, NULL,
                                                    NULL };

void stranger_listen(stranger *s, coax_loop *loop, const char *url, const stranger_look *look)
{
    cx_url parsed;
    coax_error error = COAX_ERROR_INIT;
    init(s, loop, look, true);
    coax_err rc = cx_url_parse(url, &parsed, &error);
    if (rc == COAX_OK)
        rc = cx_transport_for(&loop->net, &parsed)
                 ->listen(&loop->net, &parsed, 8, &listener_events, s, &s->listener, &error);
    if (rc != COAX_OK)
        fail_msg("the stranger can't listen: %s", error.text);
    (void)s->listener->ops->address(s->listener, s->url, sizeof s->url);
}

void stranger_close(stranger *s)
{
    if (s->stream != NULL)
        s->stream->ops->close(s->stream);
    if (s->listener != NULL)
        s->listener->ops->close(s->listener);
}

void stranger_forget(stranger *s)
{
    for (uint32_t i = 0; i < s->n_heard; i++)
        free(s->heard[i].payload);
    s->n_heard = 0;
}

void stranger_free(stranger *s)
{
    if (!s->look.is_plain)
        cx_channel_deinit(&s->channel);
    stranger_forget(s);
    free(s->in);
    free(s->out);
    memset(s, 0, sizeof *s);
}
