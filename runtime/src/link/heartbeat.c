/*
 * Whether the peer is still there, how far away it is, and whether anybody needs the connection.
 *
 * One timer ("pulse") that is moved when it fires, not when bytes come: a busy connection costs it
 * one look per interval. A PING goes out when nothing has arrived for the interval, and now and then
 * on a busy connection, so that the round-trip time is known. Whatever arrives after a PING is a
 * sign of life, and so is a full socket that takes bytes again; an answer is only asked of a peer
 * that is silent otherwise. A timer that fires late says that nobody ran the loop: what has arrived
 * in the meantime is read before anything is decided. Read next: receive.c, docs/wire.md
 * "Heartbeat".
 */
#include <string.h>

#include "link/link_parts.h"

/* RFC 6298, section 2.3: alpha is 1/8. */
#define SRTT_SHARE 8
/* On a busy connection a round trip is measured each so many intervals. */
#define SAMPLE_EVERY 10u
/* PINGs of a peer that may come at once, because the network bunched them up. */
#define PINGS_AT_ONCE 4u
#define NS_PER_MS 1000000u

static uint64_t from_ms(uint32_t ms)
{
    return (uint64_t)ms * NS_PER_MS;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Time between PINGs; CX_WHEEL_NEVER: none are sent. */
static uint64_t interval_of(const cx_link *link)
{
    uint32_t own = link->config.limits->heartbeat_ms;
    uint32_t peers = link->peer_min_ping_ms;
    if (own == COAX_NEVER_MS || peers == 0)
        return CX_WHEEL_NEVER;
    return from_ms(own > peers ? own : peers);
}

/* When the next PING is due; CX_WHEEL_NEVER: none. */
static uint64_t ping_due(const cx_link *link)
{
    const cx_beat *beat = &link->beat;
    uint64_t interval = interval_of(link);
    if (interval == CX_WHEEL_NEVER)
        return CX_WHEEL_NEVER;
    uint64_t silent = beat->heard_ns + interval;
    uint64_t due = silent < beat->sample_ns ? silent : beat->sample_ns;
    return later(due, beat->ping_ns + interval);
}

/* When a PING that is under way has been waited for long enough. */
static uint64_t answer_due(const cx_link *link)
{
    const cx_beat *beat = &link->beat;
    uint64_t life = later(later(beat->ping_ns, beat->heard_ns), beat->moved_ns);
    return life + from_ms(link->config.limits->heartbeat_timeout_ms);
}

static uint64_t idle_due(const cx_link *link)
{
    uint32_t ms = link->config.limits->idle_timeout_ms;
    return ms == COAX_NEVER_MS ? CX_WHEEL_NEVER : link->beat.used_ns + from_ms(ms);
}

static void arm(cx_link *link)
{
    uint64_t beat = link->beat.awaits_pong ? answer_due(link) : ping_due(link);
    uint64_t idle = idle_due(link);
    uint64_t due = beat < idle ? beat : idle;
    if (due != CX_WHEEL_NEVER)
        cx_wheel_arm(&link->host->wheel, &link->pulse, due);
}

void cx_heartbeat_open(cx_link *link)
{
    cx_beat *beat = &link->beat;
    uint64_t interval = interval_of(link);
    beat->used_ns = beat->heard_ns;
    beat->sample_ns = interval == CX_WHEEL_NEVER ? CX_WHEEL_NEVER : beat->heard_ns + interval;
    arm(link);
}

static void send_ping(cx_link *link, uint64_t now)
{
    cx_beat *beat = &link->beat;
    cx_sending sending;
    const cx_frame frame = { .type = CX_FRAME_PING };
    beat->ping_ns = now; /* also without memory: the next one is tried an interval later */
    if (cx_link_begin_own(link, &frame, CX_LANE_CONTROL, &sending) != COAX_OK)
        return;
    link->host->env->random(link->host->env->self, beat->nonce, sizeof beat->nonce);
    coax_write_raw(&sending.writer, beat->nonce, sizeof beat->nonce);
    if (cx_link_commit_own(&sending) != COAX_OK)
        return;
    link->counts.pings_sent++;
    beat->awaits_pong = true;
    beat->seen_moves = beat->n_moves;
}

bool cx_link_is_late(cx_link *link, cx_timer *timer, bool *had_grace, uint64_t now)
{
    if (*had_grace || now < cx_timer_due_ns(&link->host->wheel, timer) + CX_LATE_NS)
        return false;
    *had_grace = true;
    cx_wheel_arm(&link->host->wheel, timer, now + CX_LATE_NS);
    return true;
}

/* Looks after an answer. Returns whether the pulse has been armed, or the link closed. */
static bool check_answer(cx_link *link, uint64_t now)
{
    cx_beat *beat = &link->beat;
    if (beat->n_moves != beat->seen_moves) {
        beat->seen_moves = beat->n_moves;
        beat->moved_ns = now;
    }
    if (now < answer_due(link))
        return false;
    if (!cx_link_is_late(link, &link->pulse, &beat->had_grace, now))
        cx_link_fail(link, COAX_ERR_UNAVAILABLE,
                     "the peer is silent: it did not answer a PING within heartbeat_timeout_ms "
                     "(%u)",
                     link->config.limits->heartbeat_timeout_ms);
    return true;
}

/* Closes a connection that nobody needs. Returns as check_answer. */
static bool check_idle(cx_link *link, uint64_t now)
{
    if (now < idle_due(link))
        return false;
    if (link->config.events->is_busy(link) || cx_link_queued(link) > 0) {
        link->beat.used_ns = now;
        return false;
    }
    if (!cx_link_is_late(link, &link->pulse, &link->beat.had_grace, now))
        cx_link_fail(link, COAX_ERR_UNAVAILABLE, "no calls for idle_timeout_ms (%u)",
                     link->config.limits->idle_timeout_ms);
    return true;
}

void cx_heartbeat_on_pulse(cx_timer *timer, uint64_t now)
{
    cx_link *link = CX_CONTAINER(timer, cx_link, pulse);
    if (link->state != CX_LINK_OPEN)
        return;
    if (link->beat.awaits_pong && check_answer(link, now))
        return;
    if (check_idle(link, now))
        return;
    link->beat.had_grace = false;
    if (!link->beat.awaits_pong && now >= ping_due(link))
        send_ping(link, now);
    arm(link);
}

/* Whether PINGs come faster than the peer was told; a few at once are the network's doing. */
static bool is_too_often(cx_link *link)
{
    cx_beat *beat = &link->beat;
    uint64_t gap = from_ms(link->config.limits->min_ping_ms);
    beat->pinged_ns = later(beat->pinged_ns, beat->heard_ns) + gap;
    return beat->pinged_ns - beat->heard_ns > PINGS_AT_ONCE * gap;
}

void cx_heartbeat_on_ping(cx_link *link, const uint8_t *payload, size_t len)
{
    const coax_limits *limits = link->config.limits;
    link->counts.pings_received++;
    if (len != CX_PING_LEN) {
        cx_link_fail(link, COAX_ERR_PROTOCOL, "PING of %zu bytes instead of %u", len, CX_PING_LEN);
        return;
    }
    if (is_too_often(link)) {
        cx_link_fail(link, COAX_ERR_RESOURCE_EXHAUSTED,
                     "too_many_pings: they come more often than min_ping_ms (%u)",
                     limits->min_ping_ms);
        return;
    }
    if (link->out.queued > limits->max_send_queue) {
        cx_link_fail(link, COAX_ERR_RESOURCE_EXHAUSTED,
                     "PINGs come faster than the peer reads: max_send_queue (%u bytes) is full",
                     limits->max_send_queue);
        return;
    }
    cx_sending sending;
    const cx_frame pong = { .type = CX_FRAME_PONG };
    if (cx_link_begin_own(link, &pong, CX_LANE_CONTROL, &sending) != COAX_OK)
        return; /* a PING that no memory was left to answer is a PING lost */
    coax_write_raw(&sending.writer, payload, len);
    (void)!cx_link_commit_own(&sending);
}

void cx_heartbeat_on_pong(cx_link *link, const uint8_t *payload, size_t len)
{
    cx_beat *beat = &link->beat;
    if (len != CX_PING_LEN || memcmp(payload, beat->nonce, CX_PING_LEN) != 0) {
        cx_link_fail(link, COAX_ERR_PROTOCOL, "PONG with bytes that were not in the PING");
        return;
    }
    uint64_t round_trip = beat->heard_ns - beat->ping_ns;
    beat->awaits_pong = false;
    beat->sample_ns = beat->heard_ns + SAMPLE_EVERY * interval_of(link);
    if (round_trip == 0)
        round_trip = 1; /* 0 would say that it is not known */
    if (beat->srtt_ns == 0)
        beat->srtt_ns = round_trip;
    else
        beat->srtt_ns = beat->srtt_ns - beat->srtt_ns / SRTT_SHARE + round_trip / SRTT_SHARE;
    arm(link);
}

uint32_t cx_link_rtt_us(const cx_link *link)
{
    uint64_t us = (link->beat.srtt_ns + 999u) / 1000u; /* known is never 0 */
    return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}
