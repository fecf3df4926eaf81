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
#define COAX_DEFAULT_WINDOW                                                                        \
    (256u * 1024u) /* bytes of items one stream may have on its way, each way */
#define COAX_DEFAULT_MAX_METADATA (8u * 1024u) /* bytes of one side's metadata of one call */
#define COAX_DEFAULT_MAX_SUBSCRIPTIONS 1024u   /* events one connection may have subscribed */
#define COAX_DEFAULT_MAX_GROUPS 256u           /* groups one connection may be in */
#define COAX_DEFAULT_MAX_EVENT_QUEUE                                                               \
    (1024u * 1024u)                              /* bytes of events that wait for one connection */
#define COAX_DEFAULT_HEARTBEAT_MS 30000u         /* silence after which the peer is asked */
#define COAX_DEFAULT_HEARTBEAT_TIMEOUT_MS 10000u /* silence after that which ends the connection */
#define COAX_DEFAULT_MIN_PING_MS 1000u           /* a peer may ask as often as this */
#define COAX_DEFAULT_CALL_TIMEOUT_MS 60000u
#define COAX_DEFAULT_CONNECT_TIMEOUT_MS 10000u
#define COAX_DEFAULT_DRAIN_TIMEOUT_MS 30000u
#define COAX_DEFAULT_WORKERS 4u
#define COAX_DEFAULT_ACCEPTS_PER_S 100u /* of one address, and ten times as many at once */

/** For times in milliseconds that have a default: not at all. */
#define COAX_NEVER_MS UINT32_MAX

typedef struct coax_limits {
    uint32_t max_frame;
    uint32_t max_message;
    uint32_t max_decoded;
    uint32_t max_concurrent_calls;
    uint32_t max_held; /* passed by max_decoded at most: it is judged before a request is decoded */
    uint32_t max_send_queue;
    uint32_t open_timeout_ms;
    uint32_t progress_timeout_ms;
    uint32_t window;
    uint32_t max_metadata;
    uint32_t max_subscriptions;
    uint32_t max_groups;
    uint32_t max_event_queue;
    uint32_t high_watermark; /* unsent bytes past which reading stops; 0: half of max_send_queue */
    /* and below which it goes on and on_writable comes; 0: half of the other */
    uint32_t low_watermark;
    /* COAX_NEVER_MS: don't ask. Never more often than the peer's min_ping_ms, and peers that nobody
     * runs between calls (coax_dial's clients) are not asked at all. */
    uint32_t heartbeat_ms;
    uint32_t heartbeat_timeout_ms; /* not COAX_NEVER_MS: set heartbeat_ms to that instead */
    uint32_t min_ping_ms;          /* told to the peer */
    /* no calls, streams, events for so long: close; 0 and COAX_NEVER_MS: don't */
    uint32_t idle_timeout_ms;
    /*
     * What one peer may ask for: past it calls, one-way messages and subscriptions are answered with
     * `resource_exhausted` and retry_after_ms, streams fail with it. A burst of as much as a second's is allowed.
     * 0 and COAX_NEVER_MS: no limit.
     */
    uint32_t max_calls_per_s;
    uint32_t max_bytes_per_s; /* of messages that arrive */
} coax_limits;

#define COAX_LIMITS_INIT                                                                           \
    {                                                                                              \
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0                              \
    }

#endif
