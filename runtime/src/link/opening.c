/*
 * How a connection opens and how it says goodbye: HELLO, WELCOME, GOAWAY.
 *
 * The client speaks first, and may send requests right behind; the server answers once. Each tells
 * what it takes, and the sender obeys. The payloads are generated from schemas/coax/link.idl. What
 * stands before HELLO (preface, handshake) the link does not see. Read next: send.c.
 */
#include <string.h>

#include "coax/link.h"
#include "link/link_parts.h"
#include "link/words.h"

/* What a HELLO or WELCOME may decode to. */
enum { MEMORY_MAX = 2 * CX_EARLY_MAX };

static cx_control_limits own_limits(const cx_link *link)
{
    const coax_limits *limits = link->config.limits;
    cx_control_limits told = { .max_frame = limits->max_frame,
                               .max_message = limits->max_message,
                               .max_concurrent_calls = limits->max_concurrent_calls,
                               .window = limits->window,
                               .min_ping_ms =
                                   link->config.is_unattended ? 0 : limits->min_ping_ms };
    return told;
}

static void obey_limits(cx_link *link, const cx_control_limits *limits)
{
    link->peer_max_frame = limits->max_frame;
    link->peer_max_message = limits->max_message;
    link->peer_max_concurrent_calls = limits->max_concurrent_calls;
    link->peer_window = limits->window;
    link->peer_min_ping_ms = limits->min_ping_ms;
}

/* Queues what was encoded, or drops it. */
static coax_err finish(cx_sending *sending)
{
    if (sending->writer.err == COAX_OK)
        return cx_link_commit_own(sending);
    coax_err err = sending->writer.err;
    cx_link_abandon(sending);
    return err;
}

static coax_err queue_hello(cx_link *link, const cx_shown *shown)
{
    cx_sending sending;
    const cx_frame frame = { .type = CX_FRAME_HELLO };
    coax_err err = cx_link_begin_own(link, &frame, CX_LANE_CONTROL, &sending);
    if (err != COAX_OK)
        return err;
    const cx_control_credential credential = { shown->mechanism, shown->user, shown->proof };
    const cx_control_hello hello = { .name = coax_str_from(link->config.name),
                                     .limits = own_limits(link),
                                     .credential = shown->mechanism.len > 0 ? &credential : NULL };
    cx_control_hello_encode(&sending.writer, &hello);
    return finish(&sending);
}

void cx_opening_begin(cx_link *link)
{
    cx_shown shown = { .has_steps = false };
    const size_t before = link->out.queued;
    const uint32_t early_left = link->early_left;
    link->is_reserved = true; /* nothing stands in front of HELLO, also if there is none */
    link->early_left = 0;
    coax_err err = link->config.events->on_show(link, &shown);
    if (link->state == CX_LINK_CLOSED) /* the user may have been asked, and have had enough */
        return;
    if (err == COAX_OK)
        err = queue_hello(link, &shown);
    if (err != COAX_OK) {
        if (err == COAX_ERR_NO_MEMORY)
            cx_link_end(link, err, "no memory to open the connection");
        else
            cx_link_end(link, err, "there is nothing to log in with: %s", coax_err_meaning(err));
        return;
    }
    link->awaits_auth = shown.has_steps;
    link->is_reserved = shown.has_steps;
    /* What these bytes are in front of is queued behind them. */
    link->early_left = shown.has_steps ? (uint32_t)(link->out.queued - before) : early_left;
}

bool cx_link_say(cx_link *link, const cx_step *step)
{
    cx_sending sending;
    const size_t before = link->out.queued;
    const cx_frame frame = { .type = CX_FRAME_AUTH };
    coax_err err = cx_link_begin_own(link, &frame, CX_LANE_CONTROL, &sending);
    if (err == COAX_OK) {
        const cx_control_auth auth = { step->proof, step->memory_kib, step->passes };
        cx_control_auth_encode(&sending.writer, &auth);
        err = finish(&sending);
    }
    if (err != COAX_OK) {
        cx_link_fail(link, err, "no memory to open the connection");
        return false;
    }
    link->awaits_auth = link->config.role == CX_ROLE_SERVER;
    link->early_left += (uint32_t)(link->out.queued - before);
    return true;
}

static coax_err keep_name(cx_link *link, coax_str name)
{
    if (name.len == 0)
        return COAX_OK;
    size_t cap;
    link->peer_name = cx_pool_take(&link->host->pool, name.len + 1, &cap);
    if (link->peer_name == NULL)
        return COAX_ERR_NO_MEMORY;
    memcpy(link->peer_name, name.data, name.len);
    link->peer_name[name.len] = '\0';
    link->peer_name_len = (uint16_t)name.len;
    return COAX_OK;
}

/* Decodes and checks; a failure closes the link, and names the frame. */
static bool read_payload(cx_link *link, const coax_type *type, const char *frame,
                         const uint8_t *payload, size_t len, coax_arena *arena, void *ret)
{
    coax_reader reader;
    coax_error why = COAX_ERROR_INIT;
    coax_reader_init(&reader, payload, len, arena);
    type->decode(&reader, ret);
    if (coax_reader_finish(&reader, &why) != COAX_OK) {
        cx_link_fail(link, COAX_ERR_PROTOCOL, "%s: %s", frame, why.text);
        return false;
    }
    coax_violations violations;
    coax_violations_init(&violations, COAX_CHECK_FIRST);
    if (!type->check(ret, &violations)) {
        cx_link_fail(link, COAX_ERR_PROTOCOL, "%s: %s", frame, violations.items[0].text);
        return false;
    }
    return true;
}

/* Both sides know each other now. */
static void open_link(cx_link *link)
{
    link->state = CX_LINK_OPEN;
    link->awaits_auth = false;
    link->is_reserved = false;
    cx_wheel_cancel(&link->host->wheel, &link->timer);
    cx_heartbeat_open(link);
    link->config.events->on_open(link);
    cx_frame header;
    size_t len;
    cx_outq_refuse_longer(&link->out, &link->host->pool, link->peer_max_message);
    while (cx_outq_take_refused(&link->out, &link->host->pool, &header, &len)) {
        if (link->state == CX_LINK_OPEN)
            link->config.events->on_unsendable(link, &header, len);
    }
    if (link->out.queued > 0 && link->state == CX_LINK_OPEN)
        cx_link_dirty(link);
}

static bool send_welcome(cx_link *link)
{
    cx_sending sending;
    const cx_frame frame = { .type = CX_FRAME_WELCOME };
    if (cx_link_begin_own(link, &frame, CX_LANE_CONTROL, &sending) != COAX_OK)
        return false;
    cx_control_welcome welcome = { .name = coax_str_from(link->config.name),
                                   .limits = own_limits(link) };
    cx_control_welcome_encode(&sending.writer, &welcome);
    return finish(&sending) == COAX_OK;
}

void cx_opening_hello(cx_link *link, const uint8_t *payload, size_t len)
{
    coax_arena arena;
    cx_control_hello hello;
    coax_arena_init(&arena, &link->host->env->allocator, MEMORY_MAX);
    arena.wipes = true; /* a token or a password may be in it */
    link->early_used += (uint32_t)len + CX_FRAME_HEADER;
    if (read_payload(link, &cx_control_hello_type, "HELLO", payload, len, &arena, &hello)) {
        const cx_control_credential *credential = hello.credential;
        cx_shown shown = { .has_steps = false };
        if (credential != NULL)
            shown = (cx_shown){ credential->mechanism, credential->user, credential->proof, false };
        obey_limits(link, &hello.limits);
        link->state = CX_LINK_AUTH;
        if (keep_name(link, hello.name) != COAX_OK)
            cx_link_fail(link, COAX_ERR_NO_MEMORY, "no memory to open the connection");
        else
            link->config.events->on_hello(link, &shown);
    }
    coax_arena_deinit(&arena);
}

void cx_link_accept(cx_link *link, uint64_t now)
{
    if (link->state != CX_LINK_AUTH)
        return;
    if (!send_welcome(link)) {
        cx_link_fail(link, COAX_ERR_NO_MEMORY, "no memory to open the connection");
        return;
    }
    open_link(link);
    if (link->state == CX_LINK_OPEN)
        cx_link_take_held(link, now);
}

void cx_link_turn_away(cx_link *link, coax_err code, uint32_t retry_after_ms, const char *words)
{
    if (link->state != CX_LINK_AUTH)
        return;
    link->retry_after_ms = retry_after_ms;
    cx_link_fail(link, code, "%s", words);
}

void cx_opening_auth(cx_link *link, const uint8_t *payload, size_t len)
{
    coax_arena arena;
    cx_control_auth auth;
    coax_arena_init(&arena, &link->host->env->allocator, MEMORY_MAX);
    arena.wipes = true;
    link->early_used += (uint32_t)len + CX_FRAME_HEADER;
    link->awaits_auth = false;
    if (read_payload(link, &cx_control_auth_type, "AUTH", payload, len, &arena, &auth)) {
        const cx_step step = { auth.proof, auth.memory_kib, auth.passes };
        link->config.events->on_auth(link, &step);
    }
    coax_arena_deinit(&arena);
}

void cx_opening_welcome(cx_link *link, const uint8_t *payload, size_t len)
{
    coax_arena arena;
    cx_control_welcome welcome;
    coax_arena_init(&arena, &link->host->env->allocator, MEMORY_MAX);
    if (read_payload(link, &cx_control_welcome_type, "WELCOME", payload, len, &arena, &welcome)) {
        obey_limits(link, &welcome.limits);
        if (welcome.features != 0)
            cx_link_fail(link, COAX_ERR_PROTOCOL,
                         "WELCOME agrees to features that were not offered");
        else if (keep_name(link, welcome.name) != COAX_OK)
            cx_link_fail(link, COAX_ERR_NO_MEMORY, "no memory to open the connection");
        else if (link->config.events->on_welcome(link))
            open_link(link);
    }
    coax_arena_deinit(&arena);
}

static coax_err known_code(uint16_t code)
{
    return code == COAX_OK || code > COAX_ERR_UNAUTHENTICATED ? COAX_ERR_UNAVAILABLE
                                                              : (coax_err)code;
}

void cx_opening_goaway(cx_link *link, uint16_t code, const uint8_t *payload, size_t len)
{
    coax_arena arena;
    cx_control_goaway goaway;
    coax_arena_init(&arena, &link->host->env->allocator, MEMORY_MAX);
    if (read_payload(link, &cx_control_goaway_type, "GOAWAY", payload, len, &arena, &goaway)) {
        char words[CX_CONTROL_MAX_WORDS + 1];
        cx_words_print(words, goaway.words.data, goaway.words.len,
                       CX_WORDS_LINE); /* they go into logs */
        if (!goaway.is_drain || link->state != CX_LINK_OPEN) {
            link->retry_after_ms = goaway.retry_after_ms;
            cx_link_end(link, known_code(code), "the peer closed the connection: %s",
                        words[0] != '\0' ? words : "it gave no reason");
        } else if (!link->peer_drains) {
            link->peer_drains = true;
            link->config.events->on_goaway_drain(link, goaway.retry_after_ms, words);
        }
    }
    coax_arena_deinit(&arena);
}

static bool send_goaway(cx_link *link, coax_err code, cx_lane lane, const cx_control_goaway *goaway)
{
    cx_sending sending;
    const cx_frame frame = { .type = CX_FRAME_GOAWAY, .aux = (uint16_t)coax_err_to_wire(code) };
    if (cx_link_begin_own(link, &frame, lane, &sending) != COAX_OK)
        return false;
    cx_control_goaway_encode(&sending.writer, goaway);
    return finish(&sending) == COAX_OK;
}

void cx_opening_goaway_send(cx_link *link)
{
    coax_error reason;
    cx_link_reason(link, &reason);
    const cx_control_goaway goaway = { .words = coax_str_from(reason.text),
                                       .retry_after_ms = link->retry_after_ms };
    /*
     * Behind all that is queued: what has been answered is told. But what was for a server that has not proved itself
     * stays here.
     */
    const size_t before = link->out.queued;
    const cx_lane lane = link->is_reserved ? CX_LANE_CONTROL : CX_LANE_LOW;
    if (send_goaway(link, link->reason_code, lane, &goaway))
        link->early_left += (uint32_t)(link->out.queued - before);
}

bool cx_link_drain(cx_link *link, uint32_t retry_after_ms, const char *words)
{
    if (link->state != CX_LINK_OPEN)
        return false;
    if (link->is_draining)
        return true;
    coax_error told = COAX_ERROR_INIT;
    coax_error_set(&told, COAX_ERR_UNAVAILABLE, "%s", words);
    cx_words_mend(told.text, 0);
    const cx_control_goaway goaway = { .words = coax_str_from(told.text),
                                       .is_drain = true,
                                       .retry_after_ms = retry_after_ms,
                                       .last_call = link->last_call };
    link->is_draining = send_goaway(link, COAX_ERR_UNAVAILABLE, CX_LANE_CONTROL, &goaway);
    return link->is_draining;
}
