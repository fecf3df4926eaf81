/*
 * Frames from one side to the other, as they are.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bridge.h"

static void flush(bridge *b)
{
    for (uint32_t i = 0; i < b->n_held && b->back.is_ready; i++) {
        stranger_send(&b->back, b->held[i], b->held_payload[i], b->held[i].length);
        free(b->held_payload[i]);
    }
    if (b->back.is_ready)
        b->n_held = 0;
}

static void from_client(void *self, stranger *s, const cx_frame *frame, const uint8_t *payload)
{
    bridge *b = self;
    (void)s;
    assert_true(b->n_held < 16);
    b->held[b->n_held] = *frame;
    b->held_payload[b->n_held] = malloc(frame->length + 1u);
    assert_non_null(b->held_payload[b->n_held]);
    memcpy(b->held_payload[b->n_held++], payload, frame->length);
    flush(b);
}

static void from_server(void *self, stranger *s, const cx_frame *frame, const uint8_t *payload)
{
    bridge *b = self;
    (void)s;
    if (b->front.is_ready && b->front.stream != NULL)
        stranger_send(&b->front, *frame, payload, frame->length);
}

void bridge_open(bridge *b, coax_loop *loop, const char *url, const char *target)
{
    memset(b, 0, sizeof *b);
    stranger_listen(&b->front, loop, url, NULL);
    stranger_dial(&b->back, loop, target, NULL);
    b->front.on_frame = from_client;
    b->front.self = b;
    b->back.on_frame = from_server;
    b->back.self = b;
}

void bridge_close(bridge *b)
{
    stranger_close(&b->front);
    stranger_close(&b->back);
}

void bridge_free(bridge *b)
{
    for (uint32_t i = 0; i < b->n_held; i++)
        free(b->held_payload[i]);
    stranger_free(&b->front);
    stranger_free(&b->back);
}

static bool has_heard(const stranger *s, const void *bytes, size_t len)
{
    for (uint32_t i = 0; i < s->n_heard; i++) {
        const stranger_frame *at = &s->heard[i];
        for (size_t k = 0; k + len <= at->frame.length; k++) {
            if (memcmp(at->payload + k, bytes, len) == 0)
                return true;
        }
    }
    return false;
}

bool bridge_has_read(const bridge *b, const void *bytes, size_t len)
{
    return has_heard(&b->front, bytes, len) || has_heard(&b->back, bytes, len);
}
