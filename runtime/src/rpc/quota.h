/*
 * What one peer may ask for in a second: max_calls_per_s and max_bytes_per_s.
 *
 * Asked of everything that a peer begins (requests, one-way messages, subscriptions) or goes on with (items, events) as
 * soon as the whole of it is there, before anything is decoded. Answers to our own calls are never refused. What is
 * refused costs its peer nothing but the refusal. Knows no clock. Read next: quota.c.
 */
#ifndef CX_RPC_QUOTA_H
#define CX_RPC_QUOTA_H

#include <coax/error.h>
#include <coax/limits.h>

#include "base/bucket.h"

typedef struct cx_quota {
    cx_bucket calls;
    cx_bucket bytes;
} cx_quota;

/*
 * Charges a message of `len` bytes, which begins a call or does not. Returns 0, or the milliseconds after which it might be
 * let in, with words that name the limit; then nothing was charged.
 */
COAX_COLD uint32_t cx_quota_judge(cx_quota *quota, const coax_limits *limits, bool is_call,
                                  size_t len, uint64_t now, coax_error *why);

/* Whether to ask at all. */
static inline bool cx_quota_is_set(const coax_limits *limits)
{
    return (limits->max_calls_per_s | limits->max_bytes_per_s) != 0;
}

#endif
