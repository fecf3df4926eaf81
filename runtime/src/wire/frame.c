/*
 * The frame header's two directions, and one table of what each type allows.
 *
 * Everything here comes from docs/wire.md. Read next: link/receive.c, the reader of headers.
 */
#include <stddef.h>

#include "wire/frame.h"

/* What belongs into the fields of one type. */
typedef struct frame_rule {
    const char *name; /* NULL: no such type */
    uint8_t flags;    /* the ones it may have */
    uint8_t has_call; /* NO: must be zero, YES: must be there */
    uint8_t has_method;
    uint8_t has_status;  /* aux */
    uint8_t has_payload; /* NO or MAYBE */
} frame_rule;

enum { NO = 0, YES = 1, MAYBE = 2 };
enum {
    CUT = CX_FLAG_MORE | CX_FLAG_COMPRESSED,
    MESSAGE = CUT | CX_FLAG_META,
};

static const frame_rule rules[] = {
    [CX_FRAME_REQUEST] = { "REQUEST", MESSAGE | CX_FLAG_DEADLINE, YES, YES, NO, MAYBE },
    [CX_FRAME_RESPONSE] = { "RESPONSE", MESSAGE, YES, NO, NO, MAYBE },
    [CX_FRAME_ERROR] = { "ERROR", MESSAGE, YES, NO, YES, MAYBE },
    [CX_FRAME_ONEWAY] = { "ONEWAY", MESSAGE | CX_FLAG_DEADLINE, YES, YES, NO, MAYBE },
    [CX_FRAME_EVENT] = { "EVENT", CUT, YES, YES, NO, MAYBE },
    [CX_FRAME_ITEM] = { "ITEM", MESSAGE, YES, NO, NO, MAYBE },
    [CX_FRAME_END] = { "END", CX_FLAG_MORE | CX_FLAG_META, YES, NO, NO, MAYBE },
    [CX_FRAME_CANCEL] = { "CANCEL", 0, YES, NO, YES, NO },
    [CX_FRAME_WINDOW] = { "WINDOW", 0, YES, YES, NO, NO },
    [CX_FRAME_SUBSCRIBE] = { "SUBSCRIBE", 0, YES, YES, NO, NO },
    [CX_FRAME_UNSUBSCRIBE] = { "UNSUBSCRIBE", 0, NO, YES, NO, NO },
    [CX_FRAME_HEAD] = { "HEAD", CX_FLAG_MORE | CX_FLAG_META, YES, NO, NO, MAYBE },
    [CX_FRAME_HELLO] = { "HELLO", 0, NO, NO, NO, MAYBE },
    [CX_FRAME_WELCOME] = { "WELCOME", 0, NO, NO, NO, MAYBE },
    [CX_FRAME_AUTH] = { "AUTH", 0, NO, NO, NO, MAYBE },
    [CX_FRAME_GOAWAY] = { "GOAWAY", 0, NO, NO, MAYBE, MAYBE },
    [CX_FRAME_RESUME] = { "RESUME", 0, NO, NO, NO, MAYBE },
    [CX_FRAME_PING] = { "PING", 0, NO, NO, NO, MAYBE },
    [CX_FRAME_PONG] = { "PONG", 0, NO, NO, NO, MAYBE },
    [CX_FRAME_ACK] = { "ACK", 0, NO, NO, NO, MAYBE },
};

static const frame_rule *rule_of(uint8_t type)
{
    if (type >= sizeof rules / sizeof rules[0] || rules[type].name == NULL)
        return NULL;
    return &rules[type];
}

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The role bit alone is no call. */
static bool names_call(const cx_frame *frame)
{
    return (frame->call & ~CX_CALL_ROLE_BIT) != 0;
}

COAX_COLD static coax_err refuse_type(uint8_t type, coax_error *error)
{
    return coax_error_set(error, COAX_ERR_UNIMPLEMENTED, "a frame of the unknown type %u", type);
}

COAX_COLD static coax_err refuse(const cx_frame *frame, const frame_rule *rule, coax_error *error)
{
    unsigned excess = frame->flags & (unsigned)~rule->flags;
    if (excess != 0)
        return coax_error_set(error, COAX_ERR_PROTOCOL,
                              "%s with the flags 0x%02x, which it can't have", rule->name, excess);
    if ((frame->flags & CX_FLAG_MORE) != 0 && frame->length == 0)
        return coax_error_set(error, COAX_ERR_PROTOCOL, "%s with MORE and no payload", rule->name);
    if (rule->has_status == YES && frame->aux == 0)
        return coax_error_set(error, COAX_ERR_PROTOCOL, "%s without a status", rule->name);
    if (rule->has_status == NO && frame->aux != 0)
        return coax_error_set(error, COAX_ERR_PROTOCOL, "%s with aux %u instead of 0", rule->name,
                              frame->aux);
    if (rule->has_call == YES && !names_call(frame))
        return coax_error_set(error, COAX_ERR_PROTOCOL, "%s without a call id", rule->name);
    if (rule->has_payload == NO && frame->length != 0)
        return coax_error_set(error, COAX_ERR_PROTOCOL, "%s with a payload of %u bytes", rule->name,
                              frame->length);
    return coax_error_set(error, COAX_ERR_PROTOCOL,
                          "%s with call %u and method 0x%08x, out of place", rule->name,
                          frame->call, frame->method);
}

coax_err cx_frame_decode(const uint8_t *bytes, cx_frame *ret, coax_error *error)
{
    ret->type = bytes[0];
    ret->flags = bytes[1];
    ret->aux = (uint16_t)(bytes[2] | bytes[3] << 8);
    ret->length = get_u32(bytes + 4);
    ret->call = get_u32(bytes + 8);
    ret->method = get_u32(bytes + 12);

    const frame_rule *rule = rule_of(ret->type);
    if (COAX_UNLIKELY(rule == NULL))
        return (ret->type & CX_FRAME_SKIPPABLE) != 0 ? COAX_OK : refuse_type(ret->type, error);
    bool is_fine = (ret->flags & ~rule->flags) == 0 &&
                   ((ret->flags & CX_FLAG_MORE) == 0 || ret->length > 0) &&
                   (rule->has_status == MAYBE || (ret->aux != 0) == rule->has_status) &&
                   (rule->has_call == YES ? names_call(ret) : ret->call == 0) &&
                   (rule->has_payload == MAYBE || ret->length == 0) &&
                   (rule->has_method == YES || ret->method == 0);
    return COAX_LIKELY(is_fine) ? COAX_OK : refuse(ret, rule, error);
}

const char *cx_frame_name(uint8_t type)
{
    const frame_rule *rule = rule_of(type);
    return rule != NULL ? rule->name : "an unknown type";
}
