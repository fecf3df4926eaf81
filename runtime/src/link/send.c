/*
 * The way out: frames are encoded where they will be sent from, and handed to the shell in slices.
 *
 * A sender meets the limits while it encodes: the writer asks for room, and here is who says no.
 * What was written of a refused frame is forgotten, because nothing counts before its commit. Read
 * next: outq.c.
 */
#include <string.h>

#include <coax/call.h>

#include "link/head.h"
#include "link/link_parts.h"

/* Room asked for at first: most frames fit, and few blocks end in a frame that has to move. */
enum { FIRST_ROOM = 128 };

void cx_link_dirty(cx_link *link)
{
    if (link->is_dirty)
        return;
    link->is_dirty = true;
    link->config.events->on_dirty(link);
}

static size_t longest_small(const cx_link *link)
{
    return link->peer_max_frame < CX_OUTQ_SMALL ? link->peer_max_frame : CX_OUTQ_SMALL;
}

/* Puts the writer over the room, `used` bytes in. */
static void aim(cx_sending *sending, size_t used)
{
    coax_writer *writer = &sending->writer;
    size_t allowed = sending->room.cap != 0 ? sending->most : longest_small(sending->link);
    writer->start = sending->room.header + CX_FRAME_HEADER;
    writer->at = writer->start + used;
    writer->end = sending->room.limit;
    if ((size_t)(writer->end - writer->start) > allowed)
        writer->end = writer->start + allowed;
}

/* Whether a frame of `payload` bytes fits into the queue. */
static coax_err admit(const cx_link *link, size_t payload)
{
    size_t limit = link->config.limits->max_send_queue;
    if (payload + CX_FRAME_HEADER > limit)
        return COAX_ERR_TOO_LARGE;
    return link->out.queued > limit - payload - CX_FRAME_HEADER ? COAX_ERR_WOULD_BLOCK : COAX_OK;
}

static bool enlarge(coax_writer *writer, size_t more, coax_err err)
{
    cx_sending *sending = writer->self;
    cx_link *link = sending->link;
    size_t used = (size_t)(writer->at - writer->start);
    if (err == COAX_OK && more > sending->most - used)
        err = COAX_ERR_TOO_LARGE;
    if (err != COAX_OK) {
        coax_writer_fail(writer, err);
        return false;
    }
    size_t need = used + more;
    if (!cx_outq_enlarge(&link->out, &link->host->pool, &sending->room, used, need, sending->most,
                         need > longest_small(link))) {
        coax_writer_fail(writer, COAX_ERR_NO_MEMORY);
        return false;
    }
    aim(sending, used);
    return true;
}

static bool grow(coax_writer *writer, size_t more)
{
    const cx_sending *sending = writer->self;
    size_t used = (size_t)(writer->at - writer->start);
    if (more > sending->most - used)
        return enlarge(writer, more, COAX_ERR_TOO_LARGE);
    return enlarge(writer, more, admit(sending->link, used + more));
}

/* HELLO and the like leave in front of a queue that may be full already. */
static bool grow_own(coax_writer *writer, size_t more)
{
    return enlarge(writer, more, COAX_OK);
}

static coax_err begin_in(cx_link *link, const cx_frame *frame, cx_lane lane, bool as_bulk,
                         cx_sending *ret)
{
    if (!cx_outq_begin(&link->out, &link->host->pool, lane, FIRST_ROOM, as_bulk, &ret->room))
        return COAX_ERR_NO_MEMORY;
    ret->link = link;
    ret->frame = *frame;
    ret->head = 0;
    ret->most = link->peer_max_message;
    ret->writer.err = COAX_OK;
    ret->writer.grow = grow;
    ret->writer.self = ret;
    ret->writer.allocator = &link->host->env->allocator;
    aim(ret, 0);
    return COAX_OK;
}

coax_err cx_link_begin_own(cx_link *link, const cx_frame *frame, cx_lane lane, cx_sending *ret)
{
    coax_err err = begin_in(link, frame, lane, false, ret);
    ret->writer.grow = grow_own;
    return err;
}

static cx_lane lane_of(const cx_head *head)
{
    if (COAX_LIKELY(head == NULL || head->priority == COAX_PRIORITY_DEFAULT))
        return CX_LANE_NORMAL;
    switch (head->priority) {
    case COAX_PRIORITY_HIGH: return CX_LANE_HIGH;
    case COAX_PRIORITY_LOW: return CX_LANE_LOW;
    default: return CX_LANE_NORMAL;
    }
}

/* An ordered frame waits behind the large messages of its call, as one of them. */
static bool waits_in_chain(const cx_link *link, const cx_frame *frame, const cx_head *head)
{
    return head != NULL && head->is_ordered && cx_outq_has(&link->out, frame->call);
}

/* Writes what stands in front of the message. */
static coax_err put_head(cx_sending *sending, const cx_head *head)
{
    if (COAX_LIKELY(head->metadata.data == NULL)) {
        cx_head_put_deadline(sending, head->deadline_us); /* the first room holds it */
        return COAX_OK;
    }
    cx_head_put(sending, head);
    coax_err err = sending->writer.err;
    if (err == COAX_ERR_WOULD_BLOCK)
        sending->link->is_blocked = true;
    if (err != COAX_OK)
        cx_link_abandon(sending);
    return err;
}

coax_err cx_link_begin(cx_link *link, const cx_frame *frame, const cx_head *head, cx_sending *ret)
{
    if (COAX_UNLIKELY(link->state == CX_LINK_CLOSED))
        return COAX_ERR_CLOSED;
    if (COAX_UNLIKELY(admit(link, 0) != COAX_OK)) {
        link->is_blocked = true;
        return COAX_ERR_WOULD_BLOCK;
    }
    coax_err err = begin_in(link, frame, lane_of(head), waits_in_chain(link, frame, head), ret);
    return err != COAX_OK || head == NULL ? err : put_head(ret, head);
}

size_t cx_sending_len(const cx_sending *sending)
{
    return (size_t)(sending->writer.at - sending->writer.start) - sending->head;
}

coax_err cx_link_commit_own(cx_sending *sending)
{
    cx_link *link = sending->link;
    sending->frame.length = (uint32_t)(sending->writer.at - sending->writer.start);
    if (!cx_outq_commit(&link->out, &link->host->pool, &sending->room, &sending->frame,
                        sending->head))
        return COAX_ERR_NO_MEMORY;
    cx_link_dirty(link);
    return COAX_OK;
}

/* For the idle time; the clock is asked only where there is one. */
static void note_use(cx_link *link)
{
    if (link->config.limits->idle_timeout_ms != COAX_NEVER_MS)
        link->beat.used_ns = link->host->env->now_ns(link->host->env->self);
}

coax_err cx_link_commit(cx_sending *sending)
{
    cx_link *link = sending->link;
    coax_err err = sending->writer.err;
    if (err == COAX_OK && cx_sending_len(sending) > link->peer_max_message)
        err = COAX_ERR_TOO_LARGE;
    if (err == COAX_OK)
        err = admit(link, (size_t)(sending->writer.at - sending->writer.start));
    if (COAX_LIKELY(err == COAX_OK)) {
        note_use(link);
        return cx_link_commit_own(sending);
    }
    if (err == COAX_ERR_WOULD_BLOCK)
        link->is_blocked = true;
    cx_link_abandon(sending);
    return err;
}

void cx_link_abandon(cx_sending *sending)
{
    cx_link *link = sending->link;
    cx_outq_abandon(&link->out, &link->host->pool, &sending->room);
}

void cx_link_send_error(const cx_link *link, coax_err err, coax_error *error)
{
    coax_error reason;
    switch (err) {
    case COAX_ERR_TOO_LARGE:
        coax_error_set(error, err,
                       "the message passes the peer's max_message (%u bytes) or the own "
                       "max_send_queue (%u bytes)",
                       link->peer_max_message, link->config.limits->max_send_queue);
        break;
    case COAX_ERR_WOULD_BLOCK:
        coax_error_set(error, err,
                       "%zu bytes are unsent and max_send_queue is %u: wait for on_writable",
                       link->out.queued, link->config.limits->max_send_queue);
        break;
    case COAX_ERR_CLOSED:
        cx_link_reason(link, &reason);
        coax_error_set(error, err, "the connection is closed: %s", reason.text);
        break;
    default: coax_error_set(error, err, "%s", coax_err_meaning(err));
    }
}

bool cx_link_send_empty(cx_link *link, const cx_frame *frame, const cx_head *head)
{
    cx_sending sending;
    note_use(link);
    return link->state != CX_LINK_CLOSED &&
           begin_in(link, frame, lane_of(head), waits_in_chain(link, frame, head), &sending) ==
               COAX_OK &&
           (head == NULL || put_head(&sending, head) == COAX_OK) &&
           cx_link_commit_own(&sending) == COAX_OK;
}

static coax_err send_copy(cx_link *link, const cx_frame *frame, coax_bytes bytes,
                          const cx_head *head)
{
    cx_sending sending;
    coax_err err = cx_link_begin(link, frame, head, &sending);
    if (err != COAX_OK)
        return err;
    coax_write_raw(&sending.writer, bytes.data, bytes.len);
    return cx_link_commit(&sending);
}

coax_err cx_link_send_shared(cx_link *link, const cx_frame *frame, cx_shared *message,
                             const cx_head *head)
{
    const coax_bytes bytes = cx_shared_bytes(message);
    bool has_head = head != NULL && (head->deadline_us != NULL || head->metadata.data != NULL);
    if (bytes.len <= longest_small(link) || has_head || link->state == CX_LINK_CLOSED)
        return send_copy(link, frame, bytes, head);
    coax_err err = bytes.len > link->peer_max_message ? COAX_ERR_TOO_LARGE : admit(link, bytes.len);
    if (err == COAX_OK &&
        !cx_outq_commit_shared(&link->out, &link->host->pool, lane_of(head), frame, message))
        err = COAX_ERR_NO_MEMORY;
    if (err == COAX_ERR_WOULD_BLOCK)
        link->is_blocked = true;
    if (err == COAX_OK) {
        note_use(link);
        cx_link_dirty(link);
    }
    return err;
}

/* Tells a sender that met a full queue that there is room again. */
static void wake_sender(cx_link *link)
{
    if (COAX_LIKELY(!link->is_blocked) || link->state == CX_LINK_CLOSED ||
        link->out.queued > link->config.limits->low_watermark)
        return;
    link->is_blocked = false;
    link->config.events->on_writable(link);
}

void cx_link_forget_parts(cx_link *link, uint32_t call)
{
    cx_partial *partial = cx_partials_find(&link->partials, call);
    if (partial != NULL)
        cx_partials_drop(&link->partials, &link->host->pool, partial);
}

bool cx_link_forget(cx_link *link, uint32_t call)
{
    cx_link_forget_parts(link, call);
    uint8_t type = cx_outq_forget(&link->out, &link->host->pool, call);
    /* The queue may be empty now, and then nothing else would come to wake the sender. */
    if (link->is_blocked && link->state != CX_LINK_CLOSED)
        cx_link_dirty(link);
    return type == CX_FRAME_REQUEST || type == CX_FRAME_ONEWAY;
}

bool cx_link_is_sending(const cx_link *link, uint32_t call)
{
    return cx_outq_has(&link->out, call);
}

/* Cuts the slices to `allowed` bytes in all. */
static size_t shorten(coax_bytes *slices, size_t n, size_t allowed)
{
    for (size_t i = 0; i < n; i++) {
        if (slices[i].len >= allowed) {
            slices[i].len = allowed;
            return allowed > 0 ? i + 1 : i;
        }
        allowed -= slices[i].len;
    }
    return n;
}

size_t cx_link_output(cx_link *link, coax_bytes *ret_slices, size_t max)
{
    link->is_dirty = false;
    wake_sender(link);
    if (link->wants_pull && link->out.queued < CX_PULL_BELOW && link->state == CX_LINK_OPEN) {
        link->is_dirty = true; /* what is pulled leaves at once: nobody needs to hear of it */
        link->config.events->on_pull(link);
        link->is_dirty = false;
    }
    cx_outq_rules rules = {
        .max_frame = link->peer_max_frame,
        .max_active = link->peer_max_concurrent_calls < CX_OUTQ_ACTIVE
                          ? link->peer_max_concurrent_calls
                          : CX_OUTQ_ACTIVE,
        .max_active_bytes = (size_t)CX_PARTIALS_MESSAGES * link->peer_max_message,
    };
    bool is_open = link->state == CX_LINK_OPEN;
    size_t n =
        cx_outq_gather(&link->out, &link->host->pool, is_open ? &rules : NULL, ret_slices, max);
    const bool is_short = link->state == CX_LINK_WELCOME || link->is_reserved;
    return is_short ? shorten(ret_slices, n, link->early_left) : n;
}

void cx_link_want_pull(cx_link *link)
{
    link->wants_pull = true;
    cx_link_dirty(link);
}

void cx_link_sent(cx_link *link, size_t n)
{
    bool was_stuck = link->beat.is_stuck;
    link->beat.is_stuck = n < cx_outq_handed(&link->out);
    if (was_stuck && n > 0)
        link->beat.n_moves++;
    cx_outq_sent(&link->out, &link->host->pool, n);
    link->counts.bytes_sent += n;
    if (link->state == CX_LINK_WELCOME || link->is_reserved)
        link->early_left -= (uint32_t)n;
    wake_sender(link);
}

void cx_link_keeps(cx_link *link, size_t n, bool moves)
{
    if (link->beat.is_stuck && moves)
        link->beat.n_moves++;
    link->beat.is_stuck = n > 0;
    link->kept = (uint32_t)n;
}

size_t cx_link_queued(const cx_link *link)
{
    return link->out.queued + link->kept;
}
