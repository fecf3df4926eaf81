/*
 * Hand-written bytes. They come from docs/wire.md, not from the code under test, except for the
 * header's layout.
 */
#include <stdlib.h>
#include <string.h>

#include "coax/link.h"
#include "raw.h"

void raw_clear(raw *out)
{
    out->len = 0;
}

void raw_put(raw *out, const void *bytes, size_t len)
{
    if (len > sizeof out->bytes - out->len)
        exit(EXIT_FAILURE); /* a test's own mistake */
    if (len > 0)
        memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

void raw_header(raw *out, cx_frame frame, uint32_t length)
{
    uint8_t bytes[CX_FRAME_HEADER];
    frame.length = length;
    cx_frame_encode(&frame, bytes);
    raw_put(out, bytes, sizeof bytes);
}

void raw_frame(raw *out, cx_frame frame, const void *payload, size_t len)
{
    raw_header(out, frame, (uint32_t)len);
    raw_put(out, payload, len);
}

static void hello(raw *out, uint8_t type, cx_control_limits limits)
{
    uint8_t bytes[256];
    coax_writer writer;
    size_t len = 0;
    coax_writer_init(&writer, bytes, sizeof bytes);
    if (type == CX_FRAME_HELLO) {
        cx_control_hello value = { .name = coax_str_from("by hand"), .limits = limits };
        cx_control_hello_encode(&writer, &value);
    } else {
        cx_control_welcome value = { .name = coax_str_from("by hand"), .limits = limits };
        cx_control_welcome_encode(&writer, &value);
    }
    if (coax_writer_finish(&writer, &len) == COAX_OK)
        raw_frame(out, (cx_frame){ .type = type }, bytes, len);
}

void raw_hello_limits(raw *out, uint32_t max_frame, uint32_t max_message,
                      uint32_t max_concurrent_calls)
{
    cx_control_limits limits = { max_frame, max_message, max_concurrent_calls, 262144, 0 };
    hello(out, CX_FRAME_HELLO, limits);
}

void raw_hello(raw *out)
{
    raw_hello_limits(out, 32768, 4u << 20, 1024);
}

void raw_welcome(raw *out)
{
    cx_control_limits limits = { 32768, 4u << 20, 1024, 262144, 0 };
    hello(out, CX_FRAME_WELCOME, limits);
}

size_t raw_note(uint8_t *ret_bytes, size_t size, const echo_note *note)
{
    coax_writer writer;
    size_t len = 0;
    coax_writer_init(&writer, ret_bytes, size);
    echo_note_type.encode(&writer, note);
    return coax_writer_finish(&writer, &len) == COAX_OK ? len : 0;
}

void raw_request(raw *out, uint32_t call, uint64_t id)
{
    uint8_t bytes[64];
    echo_note note = echo_make(id, "raw");
    size_t len = raw_note(bytes, sizeof bytes, &note);
    cx_frame frame = { .type = CX_FRAME_REQUEST, .call = call, .method = echo_echo.id };
    raw_frame(out, frame, bytes, len);
}

/* Walks whole frames; false at the end. */
static bool next(const raw *in, size_t *at, cx_frame *ret, const uint8_t **ret_payload)
{
    if (in->len - *at < CX_FRAME_HEADER)
        return false;
    const uint8_t *bytes = in->bytes + *at;
    if (cx_frame_decode(bytes, ret, NULL) != COAX_OK ||
        in->len - *at - CX_FRAME_HEADER < ret->length)
        return false;
    *ret_payload = bytes + CX_FRAME_HEADER;
    *at += CX_FRAME_HEADER + ret->length;
    return true;
}

bool raw_find(const raw *in, uint8_t type, cx_frame *ret, const uint8_t **ret_payload)
{
    const uint8_t *payload;
    for (size_t at = 0; next(in, &at, ret, &payload);) {
        if (ret->type != type)
            continue;
        if (ret_payload != NULL)
            *ret_payload = payload;
        return true;
    }
    return false;
}

unsigned raw_count(const raw *in, uint8_t type)
{
    cx_frame frame;
    const uint8_t *payload;
    unsigned n = 0;
    for (size_t at = 0; next(in, &at, &frame, &payload);)
        n += frame.type == type;
    return n;
}
