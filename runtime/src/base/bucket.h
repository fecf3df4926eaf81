/*
 * A token bucket as one number: when it will be full again.
 *
 * So many of something a second, and a burst of so many at once. What is asked for moves the moment on;
 * a moment further away than the burst lasts is refused, and costs nothing. (ATM Forum's GCRA.) No clock: time comes
 * as an argument. A zeroed one is full.
 */
#ifndef CX_BASE_BUCKET_H
#define CX_BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#define CX_NS_PER_SECOND UINT64_C(1000000000)

/* What a bucket lets through; many buckets share one. */
typedef struct cx_rate {
    uint64_t per_s; /* 0: no limit */
    uint64_t burst; /* at least 1 */
} cx_rate;

typedef struct cx_bucket {
    uint64_t full_ns;
} cx_bucket;

/* How long `n` take to come in, at most a year. */
static inline uint64_t cx_rate_ns(const cx_rate *rate, uint64_t n)
{
    const uint64_t most = UINT64_C(365) * 24 * 3600;
    uint64_t seconds = n / rate->per_s;
    uint64_t rest = n % rate->per_s; /* below 2^32, as rates are */
    if (seconds >= most)
        return most * CX_NS_PER_SECOND;
    return seconds * CX_NS_PER_SECOND + rest * CX_NS_PER_SECOND / rate->per_s;
}

/*
 * Takes `n`. More than a burst at once is let through when the bucket is full, and paid off afterwards, because it
 * could never be had otherwise. Returns 0, or in how many nanoseconds to ask again, and takes nothing.
 */
static inline uint64_t cx_bucket_take(cx_bucket *bucket, const cx_rate *rate, uint64_t n,
                                      uint64_t now)
{
    if (rate->per_s == 0)
        return 0;
    uint64_t room = cx_rate_ns(rate, rate->burst);
    uint64_t cost = cx_rate_ns(rate, n);
    uint64_t from = bucket->full_ns > now ? bucket->full_ns : now;
    uint64_t used = from - now;
    if (used > 0 && used + cost > room)
        return cost < room ? used + cost - room : used;
    bucket->full_ns = from + cost;
    return 0;
}

#endif
