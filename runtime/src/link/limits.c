/*
 * A connection's limits: defaults filled in, values that can't work refused by name.
 */
#include <stddef.h>

#include "link/link.h"

/* One limit: where it is, its default, what it may be. */
typedef struct limit_rule {
    const char *name;
    size_t offset;
    uint32_t initial;
    uint32_t min;
    uint32_t max;
} limit_rule;

#define ROW(field, initial, min, max)                                                              \
    {                                                                                              \
#field, offsetof(coax_limits, field), initial, min, max                                    \
    }

/* A day. */
#define LONGEST_MS (24u * 3600 * 1000)

/* Every peer may send frames of CX_FRAME_MIN_MAX bytes before it knows our limits. */
static const limit_rule rules[] = {
    ROW(max_frame, COAX_DEFAULT_MAX_FRAME, CX_FRAME_MIN_MAX, 16u << 20),
    ROW(max_message, COAX_DEFAULT_MAX_MESSAGE, CX_FRAME_MIN_MAX, 1u << 30),
    ROW(max_decoded, COAX_DEFAULT_MAX_DECODED, CX_FRAME_MIN_MAX, UINT32_MAX),
    ROW(max_concurrent_calls, COAX_DEFAULT_MAX_CONCURRENT_CALLS, 1, 1u << 20),
    ROW(max_held, COAX_DEFAULT_MAX_HELD, CX_FRAME_MIN_MAX, UINT32_MAX),
    ROW(max_send_queue, COAX_DEFAULT_MAX_SEND_QUEUE, 2 * CX_FRAME_MIN_MAX, UINT32_MAX),
    ROW(open_timeout_ms, COAX_DEFAULT_OPEN_TIMEOUT_MS, 1, LONGEST_MS),
    ROW(progress_timeout_ms, COAX_DEFAULT_PROGRESS_TIMEOUT_MS, 1, LONGEST_MS),
    ROW(window, COAX_DEFAULT_WINDOW, CX_FRAME_MIN_MAX, 1u << 30),
    ROW(max_metadata, COAX_DEFAULT_MAX_METADATA, 64, UINT16_MAX),
    ROW(max_subscriptions, COAX_DEFAULT_MAX_SUBSCRIPTIONS, 1, 1u << 20),
    ROW(max_groups, COAX_DEFAULT_MAX_GROUPS, 1, 1u << 20),
    ROW(max_event_queue, COAX_DEFAULT_MAX_EVENT_QUEUE, CX_FRAME_MIN_MAX, UINT32_MAX),
    ROW(heartbeat_ms, COAX_DEFAULT_HEARTBEAT_MS, 1, COAX_NEVER_MS),
    ROW(heartbeat_timeout_ms, COAX_DEFAULT_HEARTBEAT_TIMEOUT_MS, 1, LONGEST_MS),
    ROW(min_ping_ms, COAX_DEFAULT_MIN_PING_MS, 1, LONGEST_MS),
    ROW(idle_timeout_ms, COAX_NEVER_MS, 1, COAX_NEVER_MS),
};

/* The watermarks' defaults and bounds follow from another limit. */
static coax_err resolve_watermarks(coax_limits *limits, coax_error *error)
{
    if (limits->high_watermark == 0)
        limits->high_watermark = limits->max_send_queue / 2;
    if (limits->low_watermark == 0)
        limits->low_watermark = limits->high_watermark / 2;
    if (limits->high_watermark > limits->max_send_queue)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "limits.high_watermark is %u, it can't pass max_send_queue (%u)",
                              limits->high_watermark, limits->max_send_queue);
    if (limits->low_watermark >= limits->high_watermark)
        return coax_error_set(error, COAX_ERR_BAD_OPTION,
                              "limits.low_watermark is %u, it must be below high_watermark (%u)",
                              limits->low_watermark, limits->high_watermark);
    return COAX_OK;
}

coax_err cx_limits_resolve(coax_limits *limits, coax_error *error)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const limit_rule *rule = &rules[i];
        uint32_t *value = (uint32_t *)(void *)((char *)limits + rule->offset);
        if (*value == 0)
            *value = rule->initial;
        if (*value < rule->min || *value > rule->max)
            return coax_error_set(error, COAX_ERR_BAD_OPTION,
                                  "limits.%s is %u, it must be %u to %u (0: %u)", rule->name,
                                  *value, rule->min, rule->max, rule->initial);
    }
    if (limits->max_calls_per_s == COAX_NEVER_MS)
        limits->max_calls_per_s = 0;
    if (limits->max_bytes_per_s == COAX_NEVER_MS)
        limits->max_bytes_per_s = 0;
    return resolve_watermarks(limits, error);
}
