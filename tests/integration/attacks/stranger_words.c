/*
 * What a stranger says and hears: frames by hand, and the opening's messages as bytes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stranger.h"

static void send_as_is(stranger *s, const cx_frame *frame, const void *payload, size_t len)
{
    uint8_t *bytes = malloc(CX_FRAME_HEADER + len);
    assert_non_null(bytes);
    cx_frame_encode(frame, bytes);
    if (len > 0)
        memcpy(bytes + CX_FRAME_HEADER, payload, len);
    stranger_seal(s, bytes, CX_FRAME_HEADER + len);
    free(bytes);
}

void stranger_send(stranger *s, cx_frame frame, const void *payload, size_t len)
{
    frame.length = (uint32_t)len;
    send_as_is(s, &frame, payload, len);
}

void stranger_send_false(stranger *s, cx_frame frame, const void *payload, size_t len)
{
    send_as_is(s, &frame, payload, len);
}

/* MessagePack, as far as it is needed: short texts, and bytes up to 64 KiB. */
static size_t put_text(uint8_t *at, const char *text)
{
    size_t len = strlen(text);
    at[0] = 0xd9;
    at[1] = (uint8_t)len;
    memcpy(at + 2, text, len);
    return 2 + len;
}

size_t stranger_credential(const char *mechanism, const char *user, coax_bytes proof,
                           uint8_t *ret_bytes, size_t cap)
{
    size_t at = 0;
    assert_true(strlen(mechanism) < 256 && strlen(user) < 256);
    assert_true(cap >= 16 + strlen(mechanism) + strlen(user) + proof.len);
    ret_bytes[at++] = 0x83;
    ret_bytes[at++] = 1;
    at += put_text(ret_bytes + at, mechanism);
    ret_bytes[at++] = 2;
    at += put_text(ret_bytes + at, user);
    ret_bytes[at++] = 3;
    ret_bytes[at++] = 0xc5;
    ret_bytes[at++] = (uint8_t)(proof.len >> 8);
    ret_bytes[at++] = (uint8_t)proof.len;
    if (proof.len > 0)
        memcpy(ret_bytes + at, proof.data, proof.len);
    return at + proof.len;
}

void stranger_hello(stranger *s, const char *name, coax_bytes credential)
{
    static const uint8_t limits[] = { 0x02, 0x00, 0x03, 0x85, 0x01, 0xcd, 0x80, 0x00, 0x02,
                                      0xce, 0x00, 0x40, 0x00, 0x00, 0x03, 0xcd, 0x04, 0x00,
                                      0x04, 0xce, 0x00, 0x04, 0x00, 0x00, 0x05, 0x00 };
    uint8_t hello[4096];
    size_t at = 0;
    assert_true(credential.len < 3500);
    hello[at++] = credential.len > 0 ? 0x84 : 0x83;
    hello[at++] = 1;
    at += put_text(hello + at, name);
    memcpy(hello + at, limits, sizeof limits);
    at += sizeof limits;
    if (credential.len > 0) {
        hello[at++] = 4;
        memcpy(hello + at, credential.data, credential.len);
        at += credential.len;
    }
    stranger_send(s, (cx_frame){ .type = CX_FRAME_HELLO }, hello, at);
}

const stranger_frame *stranger_heard(const stranger *s, uint8_t type)
{
    for (uint32_t i = s->n_heard; i > 0; i--) {
        if (s->heard[i - 1].frame.type == type)
            return &s->heard[i - 1];
    }
    return NULL;
}

bool stranger_heard_words(const stranger *s, uint8_t type, const char *words)
{
    size_t len = strlen(words);
    for (uint32_t i = 0; i < s->n_heard; i++) {
        const stranger_frame *at = &s->heard[i];
        for (size_t k = 0; at->frame.type == type && k + len <= at->frame.length; k++) {
            if (memcmp(at->payload + k, words, len) == 0)
                return true;
        }
    }
    return false;
}
