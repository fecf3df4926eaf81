/*
 * What a frame may be: judged by its header alone, before a byte of its payload is kept.
 *
 * State, side, size, features, and for a message in several frames whether this one continues it
 * within the limits. Whoever fails is told by name which rule or limit it was. Read next:
 * receive.c.
 */
#include "link/head.h"
#include "link/link_parts.h"

static coax_err refuse_now(cx_link *link, const cx_frame *frame)
{
    const char *name = cx_frame_name(frame->type);
    if (frame->type == CX_FRAME_HELLO || frame->type == CX_FRAME_WELCOME ||
        frame->type == CX_FRAME_AUTH)
        cx_link_fail(link, COAX_ERR_PROTOCOL, "%s out of place", name);
    else if (frame->type == CX_FRAME_PONG)
        cx_link_fail(link, COAX_ERR_PROTOCOL, "PONG without a PING");
    else if (link->state != CX_LINK_OPEN)
        cx_link_fail(link, COAX_ERR_PROTOCOL, "%s before %s", name,
                     link->state == CX_LINK_HELLO  ? "HELLO"
                     : link->state == CX_LINK_AUTH ? "AUTH"
                                                   : "WELCOME");
    else
        cx_link_fail(link, COAX_ERR_UNIMPLEMENTED, "%s needs a feature that was not agreed", name);
    return COAX_ERR_PROTOCOL;
}

/* Whether a frame of this type may come now. */
static bool is_due(const cx_link *link, uint8_t type)
{
    const uint32_t when_open = 1u << CX_FRAME_REQUEST | 1u << CX_FRAME_RESPONSE |
                               1u << CX_FRAME_ERROR | 1u << CX_FRAME_ONEWAY | 1u << CX_FRAME_EVENT |
                               1u << CX_FRAME_ITEM | 1u << CX_FRAME_END | 1u << CX_FRAME_CANCEL |
                               1u << CX_FRAME_WINDOW | 1u << CX_FRAME_SUBSCRIBE |
                               1u << CX_FRAME_UNSUBSCRIBE | 1u << CX_FRAME_HEAD |
                               1u << CX_FRAME_PING | 1u << CX_FRAME_GOAWAY;
    if (COAX_LIKELY(link->state == CX_LINK_OPEN))
        return (when_open >> type & 1u) != 0 || (type == CX_FRAME_PONG && link->beat.awaits_pong);
    if (type == CX_FRAME_AUTH)
        return link->awaits_auth;
    uint8_t wanted = link->state == CX_LINK_HELLO     ? CX_FRAME_HELLO
                     : link->state == CX_LINK_WELCOME ? CX_FRAME_WELCOME
                                                      : CX_FRAME_GOAWAY;
    return type == wanted || type == CX_FRAME_GOAWAY;
}

/* Whether the call id of a frame names the side that may have opened the call. */
static bool is_from_right_side(const cx_link *link, const cx_frame *frame)
{
    if (frame->call == 0)
        return true;
    const uint32_t either_way = 1u << CX_FRAME_ITEM | 1u << CX_FRAME_END | 1u << CX_FRAME_WINDOW;
    if ((either_way >> frame->type & 1u) != 0)
        return true;
    const uint32_t answers = 1u << CX_FRAME_RESPONSE | 1u << CX_FRAME_ERROR | 1u << CX_FRAME_HEAD;
    bool is_answer = (answers >> frame->type & 1u) != 0;
    bool is_ours = ((frame->call & CX_CALL_ROLE_BIT) != 0) == (link->config.role == CX_ROLE_SERVER);
    return is_answer == is_ours;
}

/* What is left before WELCOME for payload. */
enum { EARLY_PAYLOAD = CX_EARLY_FRAMES - CX_FRAME_HEADER };

/* Longest payload a frame may have now. */
static uint32_t longest_frame(const cx_link *link)
{
    if (COAX_LIKELY(link->state == CX_LINK_OPEN))
        return link->config.limits->max_frame;
    return link->early_used < EARLY_PAYLOAD ? EARLY_PAYLOAD - link->early_used : 0;
}

/* Each frame counts: else a stranger could be heard until the open deadline. */
static bool admit_early(cx_link *link, const cx_frame *frame)
{
    if (link->state == CX_LINK_OPEN)
        return true;
    if (frame->length + CX_FRAME_HEADER <= longest_frame(link)) {
        link->early_used += frame->length + CX_FRAME_HEADER;
        return true;
    }
    cx_link_fail(link, COAX_ERR_RESOURCE_EXHAUSTED, "more than %d bytes before WELCOME",
                 CX_EARLY_MAX);
    return false;
}

/* The cold half of judge_header: what is wrong with a header that does not even decode. */
COAX_COLD static coax_err refuse_header(cx_link *link, const uint8_t *bytes)
{
    coax_error error;
    coax_err err = cx_frame_decode(bytes, &link->frame, &error);
    const char *stranger = link->state == CX_LINK_WELCOME ? cx_preface_stranger(bytes) : NULL;
    if (stranger != NULL)
        cx_link_end(link, COAX_ERR_PROTOCOL, "the server speaks %s, not coax", stranger);
    else
        cx_link_fail(link, err, "%s", error.text);
    return err;
}

COAX_COLD static coax_err refuse_length(cx_link *link, const cx_frame *frame)
{
    cx_link_fail(link, COAX_ERR_RESOURCE_EXHAUSTED, "%s of %u bytes, at most %u allowed (%s)",
                 cx_frame_name(frame->type), frame->length, longest_frame(link),
                 link->state == CX_LINK_OPEN ? "max_frame" : "before WELCOME");
    return COAX_ERR_RESOURCE_EXHAUSTED;
}

COAX_COLD static coax_err refuse_flags_or_side(cx_link *link, const cx_frame *frame)
{
    if (!is_from_right_side(link, frame))
        cx_link_fail(link, COAX_ERR_PROTOCOL, "%s for call 0x%08x, which the other side would open",
                     cx_frame_name(frame->type), frame->call);
    else
        cx_link_fail(link, COAX_ERR_UNIMPLEMENTED,
                     "%s with the flags 0x%02x, which need a feature that was not agreed",
                     cx_frame_name(frame->type), frame->flags);
    return COAX_ERR_PROTOCOL;
}

/* Judges what every frame must obey; a failure has closed the link. */
static coax_err judge_header(cx_link *link, const uint8_t *bytes)
{
    cx_frame *frame = &link->frame;
    if (COAX_UNLIKELY(cx_frame_decode(bytes, frame, NULL) != COAX_OK))
        return refuse_header(link, bytes);
    if (COAX_UNLIKELY(frame->length > longest_frame(link)))
        return refuse_length(link, frame);
    if ((frame->type & CX_FRAME_SKIPPABLE) != 0)
        return COAX_OK;
    if (COAX_UNLIKELY(!is_due(link, frame->type)))
        return refuse_now(link, frame);
    if (COAX_UNLIKELY(!is_from_right_side(link, frame) || (frame->flags & CX_FLAG_COMPRESSED) != 0))
        return refuse_flags_or_side(link, frame);
    return COAX_OK;
}

/* END and HEAD carry metadata only. */
static size_t longest_message(const cx_link *link, uint8_t type)
{
    return type == CX_FRAME_END || type == CX_FRAME_HEAD ? 0 : link->config.limits->max_message;
}

/* `partial` is NULL when nothing of the message has come. */
static size_t longest_head(const cx_link *link, const cx_partial *partial, uint8_t flags)
{
    return partial != NULL && partial->knows_head
               ? partial->head
               : cx_head_most(flags, link->config.limits->max_metadata);
}

cx_frame_way cx_link_refuse(cx_link *link, cx_partial *partial, const coax_error *why)
{
    cx_frame header = partial != NULL ? partial->header : link->frame;
    if (partial != NULL)
        cx_partials_refuse(&link->partials, &link->host->pool, partial);
    else
        link->skips = true;
    link->config.events->on_refused(link, &header, why);
    return link->state == CX_LINK_CLOSED ? CX_WAY_CLOSED : CX_WAY_STREAM;
}

/* Throws a message away that is too long; `partial` is NULL when it is one frame. */
static cx_frame_way refuse_message(cx_link *link, cx_partial *partial, const cx_frame *first)
{
    const cx_frame header = *first;
    const bool is_metadata =
        (header.flags & CX_FLAG_META) != 0 && (partial == NULL || !partial->knows_head);
    if (longest_message(link, header.type) == 0 && !is_metadata) {
        cx_link_fail(link, COAX_ERR_PROTOCOL, "%s with a message", cx_frame_name(header.type));
        return CX_WAY_CLOSED;
    }
    coax_error why = COAX_ERROR_INIT;
    if (longest_message(link, header.type) == 0)
        (void)cx_head_refuse(&header, (partial != NULL ? partial->len : 0) + link->frame.length,
                             link->config.limits->max_metadata, &why);
    else
        coax_error_set(&why, COAX_ERR_TOO_LARGE, "a %s passes max_message (%u bytes)",
                       cx_frame_name(header.type), link->config.limits->max_message);
    return cx_link_refuse(link, partial, &why);
}

/*
 * The first frame was let in because its head might have been the longest; now it is known how long the head is, and
 * how much of the frame is message.
 */
void cx_link_judge_rest(cx_link *link, cx_partial *partial)
{
    if (link->frame_left >
        longest_message(link, partial->header.type) + partial->head - partial->len)
        (void)refuse_message(link, partial, &partial->header);
}

static cx_frame_way begin_partial(cx_link *link, uint64_t now)
{
    const cx_frame *frame = &link->frame;
    bool is_new = frame->type == CX_FRAME_REQUEST || frame->type == CX_FRAME_ONEWAY;
    if (!is_new && !link->config.events->accepts(link, frame)) {
        link->skips = true;
        return CX_WAY_STREAM;
    }
    if (cx_partial_counts(frame->type) &&
        link->partials.n_requests >= link->config.limits->max_concurrent_calls) {
        cx_link_fail(link, COAX_ERR_RESOURCE_EXHAUSTED,
                     "more than max_concurrent_calls (%u) requests were begun and not finished",
                     link->config.limits->max_concurrent_calls);
        return CX_WAY_CLOSED;
    }
    cx_partial *partial = cx_partials_add(&link->partials, &link->host->pool, frame, now);
    if (partial == NULL) {
        cx_link_fail(link, COAX_ERR_NO_MEMORY, "no memory for a message");
        return CX_WAY_CLOSED;
    }
    partial->head = cx_head_prefix(frame->flags);
    partial->knows_head = (frame->flags & CX_FLAG_META) == 0;
    coax_error why;
    if (is_new && COAX_UNLIKELY(!link->config.events->may_begin(link, frame, &why)))
        return cx_link_refuse(link, partial, &why);
    return CX_WAY_STREAM;
}

/* Judges one frame of a message that has several, and finds or makes the message it belongs to. */
static cx_frame_way judge_part(cx_link *link, cx_partial *partial, uint64_t now)
{
    const cx_frame *frame = &link->frame;
    if (partial == NULL) {
        cx_frame_way way = begin_partial(link, now);
        if (way != CX_WAY_STREAM || link->skips)
            return way;
        partial = cx_partials_find(&link->partials, frame->call);
    } else if (frame->type != partial->header.type || frame->method != partial->header.method ||
               frame->aux != partial->header.aux || (frame->flags & ~CX_FLAG_MORE) != 0) {
        cx_link_fail(link, COAX_ERR_PROTOCOL,
                     "%s for call 0x%08x does not continue the %s under way",
                     cx_frame_name(frame->type), frame->call, cx_frame_name(partial->header.type));
        return CX_WAY_CLOSED;
    }
    if (partial->is_refused)
        return CX_WAY_STREAM;
    size_t max_message = link->config.limits->max_message;
    if (frame->length > longest_message(link, partial->header.type) +
                            longest_head(link, partial, partial->header.flags) - partial->len)
        return refuse_message(link, partial, &partial->header);
    if (link->partials.bytes + frame->length > CX_PARTIALS_MESSAGES * max_message) {
        cx_link_fail(link, COAX_ERR_RESOURCE_EXHAUSTED,
                     "unfinished messages hold more than %u times max_message (%zu bytes)",
                     CX_PARTIALS_MESSAGES, max_message);
        return CX_WAY_CLOSED;
    }
    return CX_WAY_STREAM;
}

/* A message of one frame. Most are short enough whatever stands in front of them. */
static cx_frame_way judge_alone(cx_link *link, const cx_frame *frame)
{
    const size_t most = longest_message(link, frame->type);
    if (COAX_LIKELY(frame->length <= most) ||
        frame->length <= most + longest_head(link, NULL, frame->flags))
        return CX_WAY_WHOLE;
    return refuse_message(link, NULL, frame);
}

cx_frame_way cx_link_judge(cx_link *link, const uint8_t *bytes, uint64_t now)
{
    if (judge_header(link, bytes) != COAX_OK)
        return CX_WAY_CLOSED;
    const cx_frame *frame = &link->frame;
    link->counts.frames_received++;
    if ((frame->type & CX_FRAME_SKIPPABLE) != 0) {
        link->skips = true;
        return admit_early(link, frame) ? CX_WAY_STREAM : CX_WAY_CLOSED;
    }
    if (!cx_frame_is_message(frame->type))
        return CX_WAY_WHOLE;
    cx_partial *partial = cx_partials_find(&link->partials, frame->call);
    if (COAX_UNLIKELY(partial != NULL && frame->type == CX_FRAME_ERROR &&
                      partial->header.type != CX_FRAME_ERROR)) {
        /* The call fails while a message of it is under way: the rest of that does not come. */
        cx_partials_drop(&link->partials, &link->host->pool, partial);
        partial = NULL;
    }
    if (COAX_UNLIKELY(partial != NULL || (frame->flags & CX_FLAG_MORE) != 0))
        return judge_part(link, partial, now);
    return judge_alone(link, frame);
}
