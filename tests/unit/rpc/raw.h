/*
 * Conversations written by hand: bytes of frames and messages, good and bad, and a reader
 * of what came back.
 */
#ifndef TEST_RAW_H
#define TEST_RAW_H

#include "echo.h"
#include "wire/frame.h"

#define RAW_MAX (1u << 20)

/* Bytes in a row. */
typedef struct raw {
    uint8_t bytes[RAW_MAX];
    size_t len;
} raw;

void raw_clear(raw *out);
void raw_put(raw *out, const void *bytes, size_t len);
/* A frame with this payload. */
void raw_frame(raw *out, cx_frame frame, const void *payload, size_t len);
/* A frame whose header declares `length`, with no payload yet. */
void raw_header(raw *out, cx_frame frame, uint32_t length);
/* A HELLO that takes the default sizes. */
void raw_hello(raw *out);
void raw_hello_limits(raw *out, uint32_t max_frame, uint32_t max_message,
                      uint32_t max_concurrent_calls);
void raw_welcome(raw *out);
/* One encoded note; returns its length. */
size_t raw_note(uint8_t *ret_bytes, size_t size, const echo_note *note);
/* A REQUEST of echo.Echo.echo. */
void raw_request(raw *out, uint32_t call, uint64_t id);

/*
 * The first frame of a type in a peer's answer; false when there is none. `ret_payload` may be
 * NULL.
 */
bool raw_find(const raw *in, uint8_t type, cx_frame *ret, const uint8_t **ret_payload);
/* How many frames of a type there are. */
unsigned raw_count(const raw *in, uint8_t type);

#endif
