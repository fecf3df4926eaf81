/*
 * The limits of a connection, their defaults, and nothing else. Zero in an option means the default
 * here.
 *
 * Each is checked before memory is taken, and named in the error it causes (docs/wire.md,
 * "Limits").
 */
#ifndef COAX_LIMITS_H
#define COAX_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#define COAX_DEFAULT_MAX_FRAME (32u * 1024u)           /* bytes of payload in one frame */
#define COAX_DEFAULT_MAX_MESSAGE (4u * 1024u * 1024u)  /* bytes of one request or reply */
#define COAX_DEFAULT_MAX_DECODED (16u * 1024u * 1024u) /* memory one message may decode to */
#define COAX_DEFAULT_MAX_CONCURRENT_CALLS 1024u        /* handlers alive per connection */
#define COAX_DEFAULT_MAX_HELD (64u * 1024u * 1024u) /* requests of handlers alive per connection */
#define COAX_DEFAULT_MAX_SEND_QUEUE (8u * 1024u * 1024u) /* unsent bytes per connection */
#define COAX_DEFAULT_MAX_CONNECTIONS 10000u
#define COAX_DEFAULT_MAX_UNOPENED                                                                  \
    256u /* connections before WELCOME; past it the oldest is dropped */
#define COAX_DEFAULT_MAX_BEFORE_OPEN (4u * 1024u) /* bytes buffered before WELCOME */
#define COAX_DEFAULT_OPEN_TIMEOUT_MS 5000u        /* everything before WELCOME */
#define COAX_DEFAULT_PROGRESS_TIMEOUT_MS 30000u   /* a frame or message once begun */
#define COAX_DEFAULT_CALL_TIMEOUT_MS 60000u
#define COAX_DEFAULT_CONNECT_TIMEOUT_MS 10000u

typedef struct coax_limits {
    uint32_t max_frame;
    uint32_t max_message;
    uint32_t max_decoded;
    uint32_t max_concurrent_calls;
    uint32_t max_held; /* passed by max_decoded at most: it is judged before a request is decoded */
    uint32_t max_send_queue;
    uint32_t open_timeout_ms;
    uint32_t progress_timeout_ms;
} coax_limits;

#endif
