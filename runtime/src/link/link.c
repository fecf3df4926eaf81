/*
 * A link's life: made, started, watched by its timer, ended once with a reason.
 *
 * The end is the same whoever finds it: what is incomplete is freed, the reason kept, GOAWAY queued
 * if somebody may read it, and the layer above told. Read next: receive.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "link/link_parts.h"
#include "link/words.h"

#define NS_PER_MS 1000000u

static void on_timer(cx_timer *timer, uint64_t now);

coax_err cx_link_init(cx_link *link, cx_host *host, const cx_link_config *config)
{
    memset(link, 0, sizeof *link);
    link->host = host;
    link->config = *config;
    cx_timer_init(&link->timer, on_timer);
    cx_timer_init(&link->pulse, cx_heartbeat_on_pulse);
    cx_partials_init(&link->partials);
    cx_outq_init(&link->out);
    /* What every peer takes, until it tells. */
    link->peer_max_frame = CX_FRAME_MIN_MAX;
    link->peer_max_message = UINT32_MAX;
    link->peer_max_concurrent_calls = COAX_DEFAULT_MAX_CONCURRENT_CALLS;
    link->peer_window = COAX_DEFAULT_WINDOW;
    link->early_left = CX_EARLY_FRAMES;
    link->below_ns = UINT64_MAX;
    link->state = config->role == CX_ROLE_SERVER ? CX_LINK_HELLO : CX_LINK_WELCOME;
    return COAX_OK;
}

/* Frees what a link holds of its peer's input. */
static void free_input(cx_link *link)
{
    cx_pool_give(&link->host->pool, link->tail, link->tail_cap);
    link->tail = NULL;
    link->tail_len = 0;
    link->tail_cap = 0;
    link->is_holding = false;
    link->frame_left = 0;
    cx_partials_deinit(&link->partials, &link->host->pool);
}

void cx_link_deinit(cx_link *link)
{
    if (link->host == NULL)
        return;
    cx_pool *pool = &link->host->pool;
    cx_wheel_cancel(&link->host->wheel, &link->timer);
    cx_wheel_cancel(&link->host->wheel, &link->pulse);
    free_input(link);
    cx_outq_deinit(&link->out, pool);
    cx_pool_give(pool, link->peer_name, link->peer_name_len + 1u);
    cx_pool_give(pool, link->reason, sizeof *link->reason);
    memset(link, 0, sizeof *link);
}

void cx_link_connected(cx_link *link, uint64_t now, uint32_t others)
{
    uint64_t limit = (uint64_t)link->config.limits->open_timeout_ms * NS_PER_MS;
    if (link->state == CX_LINK_CLOSED || link->state == CX_LINK_OPEN)
        return;
    link->early_left = CX_EARLY_FRAMES - others;
    cx_wheel_arm(&link->host->wheel, &link->timer, now + limit);
}

void cx_link_start(cx_link *link, uint64_t now)
{
    if (link->state == CX_LINK_CLOSED || link->state == CX_LINK_OPEN)
        return;
    if (!cx_timer_is_armed(&link->timer))
        cx_link_connected(link, now, 0);
    if (link->config.role == CX_ROLE_CLIENT)
        cx_opening_begin(link);
}

/* When the oldest incomplete thing began; false when all is complete. */
static bool oldest_wait(const cx_link *link, uint64_t *ret_since)
{
    bool has_frame = link->tail_len > 0 || link->frame_left > 0;
    uint64_t since = has_frame ? link->begun_ns : UINT64_MAX;
    if (link->below_ns < since)
        since = link->below_ns;
    if (!cx_list_is_empty(&link->partials.oldest)) {
        const cx_partial *oldest =
            CX_CONTAINER(link->partials.oldest.next, const cx_partial, links);
        if (oldest->progress_ns < since)
            since = oldest->progress_ns;
    }
    *ret_since = since;
    return since != UINT64_MAX;
}

static uint64_t progress_limit(const cx_link *link)
{
    return (uint64_t)link->config.limits->progress_timeout_ms * NS_PER_MS;
}

void cx_link_watch_progress(cx_link *link, uint64_t now)
{
    uint64_t since;
    if (link->state != CX_LINK_OPEN || cx_timer_is_armed(&link->timer) ||
        !oldest_wait(link, &since))
        return;
    cx_wheel_arm(&link->host->wheel, &link->timer, now + progress_limit(link));
}

void cx_link_awaits(cx_link *link, uint64_t since, uint64_t now)
{
    link->beat.heard_ns = now;
    link->below_ns = since;
    if (COAX_UNLIKELY(since != UINT64_MAX))
        cx_link_watch_progress(link, now);
}

static void on_progress_due(cx_link *link, uint64_t now)
{
    uint64_t since;
    if (!oldest_wait(link, &since)) {
        link->had_grace = false;
        return;
    }
    uint64_t due = since + progress_limit(link);
    if (now < due)
        link->had_grace = false;
    if (now < due)
        cx_wheel_arm(&link->host->wheel, &link->timer, due);
    else if (!cx_link_is_late(link, &link->timer, &link->had_grace, now))
        cx_link_fail(link, COAX_ERR_DEADLINE_EXCEEDED,
                     "a frame or message was begun and did not go on for progress_timeout_ms (%u)",
                     link->config.limits->progress_timeout_ms);
}

static void on_timer(cx_timer *timer, uint64_t now)
{
    cx_link *link = CX_CONTAINER(timer, cx_link, timer);
    static const char *const missing[] = {
        [CX_LINK_HELLO] = "HELLO",
        [CX_LINK_AUTH] = "AUTH",
        [CX_LINK_WELCOME] = "WELCOME",
    };
    if (link->state == CX_LINK_OPEN)
        on_progress_due(link, now);
    else if (link->state == CX_LINK_AUTH && !link->awaits_auth) /* not the peer's fault */
        cx_link_fail(link, COAX_ERR_UNAVAILABLE,
                     "the login was not decided within open_timeout_ms (%u)",
                     link->config.limits->open_timeout_ms);
    else if (link->state != CX_LINK_CLOSED)
        cx_link_fail(link, COAX_ERR_DEADLINE_EXCEEDED,
                     "%s did not come within open_timeout_ms (%u)", missing[link->state],
                     link->config.limits->open_timeout_ms);
}

static void keep_reason(cx_link *link, coax_err code, const char *words)
{
    size_t cap;
    link->reason_code = code;
    link->reason = cx_pool_take(&link->host->pool, sizeof *link->reason, &cap);
    if (link->reason == NULL)
        return;
    coax_error_set(link->reason, code, "%s", words);
    cx_words_mend(link->reason->text, 0);
}

static void end(cx_link *link, coax_err code, const char *words, bool says_goaway)
{
    link->state = CX_LINK_CLOSED;
    cx_wheel_cancel(&link->host->wheel, &link->timer);
    cx_wheel_cancel(&link->host->wheel, &link->pulse);
    free_input(link);
    cx_outq_drop_bulk(&link->out, &link->host->pool);
    keep_reason(link, code, words);
    if (says_goaway)
        cx_opening_goaway_send(link);
    link->config.events->on_closed(link);
}

void cx_link_fail(cx_link *link, coax_err code, const char *format, ...)
{
    if (link->state == CX_LINK_CLOSED)
        return;
    char words[2 * COAX_ERROR_TEXT_MAX]; /* cut at a character when it is kept */
    va_list args;
    va_start(args, format);
    if (vsnprintf(words, sizeof words, format, args) < 0)
        words[0] = '\0';
    va_end(args);
    end(link, code, words, true);
}

void cx_link_end(cx_link *link, coax_err code, const char *format, ...)
{
    if (link->state == CX_LINK_CLOSED)
        return;
    char words[2 * COAX_ERROR_TEXT_MAX]; /* cut at a character when it is kept */
    va_list args;
    va_start(args, format);
    if (vsnprintf(words, sizeof words, format, args) < 0)
        words[0] = '\0';
    va_end(args);
    end(link, code, words, false);
}

void cx_link_keep_back(cx_link *link)
{
    link->is_reserved = true;
    link->early_left = 0;
}

void cx_link_reason(const cx_link *link, coax_error *ret)
{
    if (link->reason != NULL)
        *ret = *link->reason;
    else
        coax_error_set(ret, link->reason_code, "%s", coax_err_meaning(link->reason_code));
}
