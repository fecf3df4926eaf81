/*
 * Integers of any width, taken from bytes: what the reader's scalars and lists share.
 *
 * One branch a tag rather than one shift for all: a field's width hardly changes from message to message, so the branches
 * cost nothing, and the next read doesn't wait for this one's length.
 */
#ifndef CX_WIRE_INTEGERS_H
#define CX_WIRE_INTEGERS_H

#include <stddef.h>

#include <coax/endian.h>

/* Bytes behind the tag of a wide integer: 1, 2, 4 or 8; 0 for every other tag. */
static inline size_t cx_wide_len(uint8_t tag)
{
    return tag >= 0xcc && tag <= 0xd3 ? (size_t)1 << (tag & 3u) : 0;
}

/*
 * A positive fix form or uint 8 to 64 at `at`: the place behind it, or NULL when there is none or it is cut off.
 * Nothing is longer than 9 bytes, so only near the end is a tag's length looked at.
 */
static inline const uint8_t *cx_take_unsigned(const uint8_t *at, const uint8_t *end,
                                              uint64_t *ret_value)
{
    size_t left = (size_t)(end - at);
    if (left < 9 && (left == 0 || left <= cx_wide_len(*at)))
        return NULL;
    uint8_t tag = *at;
    if (tag < 0x80) {
        *ret_value = tag;
        return at + 1;
    }
    if (tag == 0xce) {
        *ret_value = coax_load_be32(at + 1);
        return at + 5;
    }
    if (tag == 0xcd) {
        *ret_value = coax_load_be16(at + 1);
        return at + 3;
    }
    if (tag == 0xcc) {
        *ret_value = at[1];
        return at + 2;
    }
    if (tag == 0xcf) {
        *ret_value = coax_load_be64(at + 1);
        return at + 9;
    }
    return NULL;
}

/* The same for a negative fix form or int 8 to 64, which may hold a value that isn't negative. */
static inline const uint8_t *cx_take_signed(const uint8_t *at, const uint8_t *end,
                                            int64_t *ret_value)
{
    size_t left = (size_t)(end - at);
    if (left < 9 && (left == 0 || left <= cx_wide_len(*at)))
        return NULL;
    uint8_t tag = *at;
    if (tag >= 0xe0) {
        *ret_value = (int8_t)tag;
        return at + 1;
    }
    if (tag == 0xd2) {
        *ret_value = (int32_t)coax_load_be32(at + 1);
        return at + 5;
    }
    if (tag == 0xd1) {
        *ret_value = (int16_t)coax_load_be16(at + 1);
        return at + 3;
    }
    if (tag == 0xd0) {
        *ret_value = (int8_t)at[1];
        return at + 2;
    }
    if (tag == 0xd3) {
        *ret_value = (int64_t)coax_load_be64(at + 1);
        return at + 9;
    }
    return NULL;
}

#endif
