/*
 * The inline half of <coax/writer.h>: headers, keys and numbers.
 *
 * Each write asks once for the most room it may need; when the end of the
 * buffer is near, an exact and cold twin takes over. Not for inclusion on its own.
 */
#ifndef COAX_WRITER_INLINE_H
#define COAX_WRITER_INLINE_H

#include <coax/endian.h>
#include <coax/writer.h>

COAX_BEGIN_DECLS

/* The most bytes a key takes (uint 16), and a number behind it. */
#define COAX_KEY_MAX 3u
#define COAX_NUMBER_MAX 9u

/* The cold twins, exact about room. With has_key false `id` is not written. */
COAX_API COAX_COLD void coax_write_uint_near_end(coax_writer *out, bool has_key, uint32_t id,
                                                 uint64_t value);
COAX_API COAX_COLD void coax_write_int_near_end(coax_writer *out, bool has_key, uint32_t id,
                                                int64_t value);
COAX_API COAX_COLD void coax_write_header_slow(coax_writer *out, bool is_map, size_t count);

static inline bool coax_writer_has_room(const coax_writer *out, size_t size)
{
    return COAX_LIKELY((size_t)(out->end - out->at) >= size);
}

/* Stores a key; the caller has made room for COAX_KEY_MAX. With a constant id this is one or two
 * stores. */
static inline uint8_t *coax_put_key(uint8_t *at, uint32_t id)
{
    if (COAX_LIKELY(id < 0x80)) {
        *at = (uint8_t)id;
        return at + 1;
    }
    if (id <= 0xff) {
        at[0] = 0xcc;
        at[1] = (uint8_t)id;
        return at + 2;
    }
    at[0] = 0xcd;
    coax_store_be16(at + 1, (uint16_t)id);
    return at + 3;
}

/*
 * Stores the shortest form; the caller has made room for COAX_NUMBER_MAX. One branch a width: a
 * field's width hardly changes from message to message, and for a narrow type the compiler drops
 * what can't be.
 */
static inline uint8_t *coax_put_uint(uint8_t *at, uint64_t value)
{
    if (value < 0x80) {
        *at = (uint8_t)value;
        return at + 1;
    }
    if (value <= 0xff) {
        at[0] = 0xcc;
        at[1] = (uint8_t)value;
        return at + 2;
    }
    if (value <= 0xffff) {
        at[0] = 0xcd;
        coax_store_be16(at + 1, (uint16_t)value);
        return at + 3;
    }
    if (value <= 0xffffffff) {
        at[0] = 0xce;
        coax_store_be32(at + 1, (uint32_t)value);
        return at + 5;
    }
    at[0] = 0xcf;
    coax_store_be64(at + 1, value);
    return at + 9;
}

static inline uint8_t *coax_put_int(uint8_t *at, int64_t value)
{
    if (value >= 0)
        return coax_put_uint(at, (uint64_t)value);
    if (value >= -32) {
        *at = (uint8_t)value;
        return at + 1;
    }
    if (value >= INT8_MIN) {
        at[0] = 0xd0;
        at[1] = (uint8_t)value;
        return at + 2;
    }
    if (value >= INT16_MIN) {
        at[0] = 0xd1;
        coax_store_be16(at + 1, (uint16_t)value);
        return at + 3;
    }
    if (value >= INT32_MIN) {
        at[0] = 0xd2;
        coax_store_be32(at + 1, (uint32_t)value);
        return at + 5;
    }
    at[0] = 0xd3;
    coax_store_be64(at + 1, (uint64_t)value);
    return at + 9;
}

static inline uint8_t *coax_put_f64(uint8_t *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    at[0] = 0xcb;
    coax_store_be64(at + 1, bits);
    return at + 9;
}

static inline uint8_t *coax_put_f32(uint8_t *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    at[0] = 0xca;
    coax_store_be32(at + 1, bits);
    return at + 5;
}

static inline void coax_write_map(coax_writer *out, uint32_t count)
{
    if (COAX_LIKELY(count < 16) && coax_writer_has_room(out, 1))
        *out->at++ = (uint8_t)(0x80u | count);
    else
        coax_write_header_slow(out, true, count);
}

static inline void coax_write_list(coax_writer *out, size_t count)
{
    if (COAX_LIKELY(count < 16) && coax_writer_has_room(out, 1))
        *out->at++ = (uint8_t)(0x90u | count);
    else
        coax_write_header_slow(out, false, count);
}

static inline void coax_write_key(coax_writer *out, uint32_t id)
{
    if (coax_writer_has_room(out, COAX_KEY_MAX))
        out->at = coax_put_key(out->at, id);
    else
        coax_write_uint_near_end(out, false, 0, id);
}

static inline void coax_write_u64(coax_writer *out, uint64_t value)
{
    if (coax_writer_has_room(out, COAX_NUMBER_MAX))
        out->at = coax_put_uint(out->at, value);
    else
        coax_write_uint_near_end(out, false, 0, value);
}

static inline void coax_write_u64_field(coax_writer *out, uint32_t id, uint64_t value)
{
    if (coax_writer_has_room(out, COAX_KEY_MAX + COAX_NUMBER_MAX))
        out->at = coax_put_uint(coax_put_key(out->at, id), value);
    else
        coax_write_uint_near_end(out, true, id, value);
}

static inline void coax_write_i64(coax_writer *out, int64_t value)
{
    if (coax_writer_has_room(out, COAX_NUMBER_MAX))
        out->at = coax_put_int(out->at, value);
    else
        coax_write_int_near_end(out, false, 0, value);
}

static inline void coax_write_i64_field(coax_writer *out, uint32_t id, int64_t value)
{
    if (coax_writer_has_room(out, COAX_KEY_MAX + COAX_NUMBER_MAX))
        out->at = coax_put_int(coax_put_key(out->at, id), value);
    else
        coax_write_int_near_end(out, true, id, value);
}

/* The narrower integers are the wide ones with another C type: their encodings are the same. */
#define COAX_WRITE_NARROW(name, type, wide)                                                        \
    static inline void coax_write_##name(coax_writer *out, type value)                             \
    {                                                                                              \
        coax_write_##wide(out, value);                                                             \
    }                                                                                              \
    static inline void coax_write_##name##_field(coax_writer *out, uint32_t id, type value)        \
    {                                                                                              \
        coax_write_##wide##_field(out, id, value);                                                 \
    }
COAX_WRITE_NARROW(u8, uint8_t, u64)
COAX_WRITE_NARROW(u16, uint16_t, u64)
COAX_WRITE_NARROW(u32, uint32_t, u64)
COAX_WRITE_NARROW(i8, int8_t, i64)
COAX_WRITE_NARROW(i16, int16_t, i64)
COAX_WRITE_NARROW(i32, int32_t, i64)
COAX_WRITE_NARROW(duration, coax_duration, i64)
#undef COAX_WRITE_NARROW

/* What has one width is stored in place when it fits and otherwise refused or grown for. */
#define COAX_WRITE_PLAIN(name, type, size, put)                                                    \
    static inline void coax_write_##name(coax_writer *out, type value)                             \
    {                                                                                              \
        if (coax_writer_has_room(out, (size)) || coax_writer_more(out, (size)))                    \
            out->at = put(out->at, value);                                                         \
    }                                                                                              \
    static inline void coax_write_##name##_field(coax_writer *out, uint32_t id, type value)        \
    {                                                                                              \
        if (coax_writer_has_room(out, COAX_KEY_MAX + (size))) {                                    \
            out->at = put(coax_put_key(out->at, id), value);                                       \
            return;                                                                                \
        }                                                                                          \
        coax_write_key(out, id);                                                                   \
        coax_write_##name(out, value);                                                             \
    }
static inline uint8_t *coax_put_bool(uint8_t *at, bool value)
{
    *at = value ? 0xc3 : 0xc2;
    return at + 1;
}
COAX_WRITE_PLAIN(bool, bool, 1u, coax_put_bool)
COAX_WRITE_PLAIN(f32, float, 5u, coax_put_f32)
COAX_WRITE_PLAIN(f64, double, 9u, coax_put_f64)
#undef COAX_WRITE_PLAIN

static inline void coax_write_nil(coax_writer *out)
{
    if (coax_writer_has_room(out, 1) || coax_writer_more(out, 1))
        *out->at++ = 0xc0;
}

/* A key, and then what is not inline. */
#define COAX_WRITE_FIELD(name, type)                                                               \
    static inline void coax_write_##name##_field(coax_writer *out, uint32_t id, type value)        \
    {                                                                                              \
        coax_write_key(out, id);                                                                   \
        coax_write_##name(out, value);                                                             \
    }
COAX_WRITE_FIELD(any, coax_any)
COAX_WRITE_FIELD(uuid, coax_uuid)
COAX_WRITE_FIELD(timestamp, coax_timestamp)
COAX_WRITE_FIELD(bool_list, coax_bool_list)
COAX_WRITE_FIELD(i8_list, coax_i8_list)
COAX_WRITE_FIELD(i16_list, coax_i16_list)
COAX_WRITE_FIELD(i32_list, coax_i32_list)
COAX_WRITE_FIELD(i64_list, coax_i64_list)
COAX_WRITE_FIELD(u8_list, coax_u8_list)
COAX_WRITE_FIELD(u16_list, coax_u16_list)
COAX_WRITE_FIELD(u32_list, coax_u32_list)
COAX_WRITE_FIELD(u64_list, coax_u64_list)
COAX_WRITE_FIELD(f32_list, coax_f32_list)
COAX_WRITE_FIELD(f64_list, coax_f64_list)
COAX_WRITE_FIELD(str_list, coax_str_list)
COAX_WRITE_FIELD(bytes_list, coax_bytes_list)
COAX_WRITE_FIELD(any_list, coax_any_list)
COAX_WRITE_FIELD(uuid_list, coax_uuid_list)
COAX_WRITE_FIELD(timestamp_list, coax_timestamp_list)
COAX_WRITE_FIELD(duration_list, coax_duration_list)
#undef COAX_WRITE_FIELD

/** u8[N] behind its key. */
static inline void coax_write_fixed_field(coax_writer *out, uint32_t id, const uint8_t *data,
                                          size_t len)
{
    coax_write_key(out, id);
    coax_write_fixed(out, data, len);
}

COAX_END_DECLS

#endif
