/*
 * The frame header: 16 bytes in front of every payload (docs/wire.md, "Frame header").
 *
 * Checks what a header can say by itself: known type, flags and aux allowed for it, a call id where
 * one belongs. Whether the frame may come now, and how long it may be, is the link's business.
 * Little-endian whatever the machine.
 */
#ifndef CX_WIRE_FRAME_H
#define CX_WIRE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include <coax/error.h>

#define CX_FRAME_HEADER 16u
/* What may stand in front of a message, and does not count for max_message: a deadline, and the
 * length of the metadata that follows it. */
#define CX_DEADLINE_LEN 4u
#define CX_META_LEN 2u
/* Every receiver takes frames of this payload, so it may be sent before the peer's limits are
 * known. */
#define CX_FRAME_MIN_MAX 4096u
/* The role bit of a call id: set on calls that the server opened. */
#define CX_CALL_ROLE_BIT 0x80000000u

typedef enum cx_frame_type {
    CX_FRAME_REQUEST = 1,
    CX_FRAME_RESPONSE = 2,
    CX_FRAME_ERROR = 3,
    CX_FRAME_ONEWAY = 4,
    CX_FRAME_EVENT = 5,
    CX_FRAME_ITEM = 6,
    CX_FRAME_END = 7,
    CX_FRAME_CANCEL = 8,
    CX_FRAME_WINDOW = 9,
    CX_FRAME_SUBSCRIBE = 10,
    CX_FRAME_UNSUBSCRIBE = 11,
    CX_FRAME_HEAD = 12,
    CX_FRAME_HELLO = 16,
    CX_FRAME_WELCOME = 17,
    CX_FRAME_AUTH = 18,
    CX_FRAME_GOAWAY = 19,
    CX_FRAME_RESUME = 20,
    CX_FRAME_PING = 24,
    CX_FRAME_PONG = 25,
    CX_FRAME_ACK = 26
} cx_frame_type;

/* Set on a type: a receiver that does not know it skips the frame. */
#define CX_FRAME_SKIPPABLE 0x80u

enum { CX_FLAG_MORE = 1, CX_FLAG_META = 2, CX_FLAG_COMPRESSED = 4, CX_FLAG_DEADLINE = 8 };

typedef struct cx_frame {
    uint8_t type; /* cx_frame_type, or an unknown one with CX_FRAME_SKIPPABLE */
    uint8_t flags;
    uint16_t aux;
    uint32_t length; /* of the payload */
    uint32_t call;
    uint32_t method;
} cx_frame;

static inline void cx_frame_put_u32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    at[2] = (uint8_t)(value >> 16);
    at[3] = (uint8_t)(value >> 24);
}

/* Writes CX_FRAME_HEADER bytes. */
static inline void cx_frame_encode(const cx_frame *frame, uint8_t *ret_bytes)
{
    ret_bytes[0] = frame->type;
    ret_bytes[1] = frame->flags;
    ret_bytes[2] = (uint8_t)frame->aux;
    ret_bytes[3] = (uint8_t)(frame->aux >> 8);
    cx_frame_put_u32(ret_bytes + 4, frame->length);
    cx_frame_put_u32(ret_bytes + 8, frame->call);
    cx_frame_put_u32(ret_bytes + 12, frame->method);
}

/*
 * Reads a header of CX_FRAME_HEADER bytes and checks it.
 * Returns COAX_OK (also for an unknown skippable type), COAX_ERR_UNIMPLEMENTED for another unknown
 * type, COAX_ERR_PROTOCOL for what breaks the rules; `error` has the words.
 */
COAX_MUST_USE coax_err cx_frame_decode(const uint8_t *bytes, cx_frame *ret, coax_error *error);

/* "REQUEST"; "an unknown type" otherwise. Never NULL. */
const char *cx_frame_name(uint8_t type);

/* Whether frames of this type carry a message that MORE may spread over several. */
static inline bool cx_frame_is_message(uint8_t type)
{
    const uint32_t messages = 1u << CX_FRAME_REQUEST | 1u << CX_FRAME_RESPONSE |
                              1u << CX_FRAME_ERROR | 1u << CX_FRAME_ONEWAY | 1u << CX_FRAME_EVENT |
                              1u << CX_FRAME_ITEM | 1u << CX_FRAME_END | 1u << CX_FRAME_HEAD;
    return type < 32 && (messages >> type & 1u) != 0;
}

#endif
