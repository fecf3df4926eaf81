/*
 * The value types generated structs are made of: text, bytes, lists of scalars, uuid, timestamp.
 *
 * Every one is a plain struct passed by value. Pointers are borrowed: in a decoded message from the
 * message's arena, in a message to encode from the caller.
 */
#ifndef COAX_BYTES_H
#define COAX_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <coax/export.h>

COAX_BEGIN_DECLS

/**
 * UTF-8 text. `data` is NULL when absent (an optional field) and else `len` bytes.
 * Decoded text is also NUL-terminated (the NUL isn't counted) and may hold NUL inside; text to
 * encode need not be terminated.
 */
typedef struct coax_str {
    const char *data;
    size_t len;
} coax_str;

/** Raw bytes. `data` is NULL when absent; a present empty value has a non-NULL `data`. */
typedef struct coax_bytes {
    const uint8_t *data;
    size_t len;
} coax_bytes;

/** One MessagePack value, still encoded. coax/any.h reads and writes it through msgpack-c. `data`
 * NULL: absent. */
typedef struct coax_any {
    const uint8_t *data;
    size_t len;
} coax_any;

/** A 16-byte UUID in network order (RFC 9562). */
typedef struct coax_uuid {
    uint8_t bytes[16];
} coax_uuid;

/** A point in time: seconds since 1970-01-01T00:00:00Z and 0 to 999,999,999 nanoseconds
 * (MessagePack's timestamp). */
typedef struct coax_timestamp {
    int64_t seconds;
    uint32_t nanoseconds;
} coax_timestamp;

/** A span of time in nanoseconds. */
typedef int64_t coax_duration;

/* Lists of scalars, shared by every schema; lists of a schema's own types are generated beside
 * them. `items` may be NULL only where `count` is 0. */
#define COAX_LIST_ROW(name, type)                                                                  \
    typedef struct coax_##name##_list {                                                            \
        const type *items;                                                                         \
        size_t count;                                                                              \
    } coax_##name##_list;
COAX_LIST_ROW(bool, bool)
COAX_LIST_ROW(i8, int8_t)
COAX_LIST_ROW(i16, int16_t)
COAX_LIST_ROW(i32, int32_t)
COAX_LIST_ROW(i64, int64_t)
COAX_LIST_ROW(u8, uint8_t)
COAX_LIST_ROW(u16, uint16_t)
COAX_LIST_ROW(u32, uint32_t)
COAX_LIST_ROW(u64, uint64_t)
COAX_LIST_ROW(f32, float)
COAX_LIST_ROW(f64, double)
COAX_LIST_ROW(str, coax_str)
COAX_LIST_ROW(bytes, coax_bytes)
COAX_LIST_ROW(any, coax_any)
COAX_LIST_ROW(uuid, coax_uuid)
COAX_LIST_ROW(timestamp, coax_timestamp)
COAX_LIST_ROW(duration, coax_duration)
#undef COAX_LIST_ROW

/** Borrows a NUL-terminated string; NULL gives an absent one. Any thread. */
static inline coax_str coax_str_from(const char *text)
{
    coax_str s = { text, text != NULL ? strlen(text) : 0 };
    return s;
}

/** Same bytes and same length. Two absent ones are equal; absent and empty are not. Any thread. */
static inline bool coax_str_equal(coax_str a, coax_str b)
{
    if ((a.data == NULL) != (b.data == NULL))
        return false;
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

COAX_END_DECLS

#endif
