/*
 * A bucket each for calls and for bytes; a burst of as much as a second's is let through.
 */
#include <stddef.h>

#include "rpc/quota.h"

#define NS_PER_MS 1000000u

/* Says which limit it was, and how long to wait. */
static uint32_t refuse(const char *name, uint32_t limit, uint64_t ns, coax_error *why)
{
    coax_error_set(why, COAX_ERR_RESOURCE_EXHAUSTED, "this peer asks for more than %s (%u)", name,
                   limit);
    uint64_t ms = ns / NS_PER_MS + (ns % NS_PER_MS != 0);
    return ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

uint32_t cx_quota_judge(cx_quota *quota, const coax_limits *limits, bool is_call, size_t len,
                        uint64_t now, coax_error *why)
{
    const cx_rate calls = { limits->max_calls_per_s, limits->max_calls_per_s };
    const cx_rate bytes = { limits->max_bytes_per_s, limits->max_bytes_per_s };
    const cx_bucket before = quota->calls;
    uint64_t wait = is_call ? cx_bucket_take(&quota->calls, &calls, 1, now) : 0;
    if (wait > 0)
        return refuse("max_calls_per_s", limits->max_calls_per_s, wait, why);
    wait = cx_bucket_take(&quota->bytes, &bytes, len, now);
    if (wait == 0)
        return 0;
    quota->calls = before;
    return refuse("max_bytes_per_s", limits->max_bytes_per_s, wait, why);
}
