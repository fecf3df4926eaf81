/*
 * The inline half of <coax/reader.h>: the walk over a struct's fields, and numbers.
 *
 * Inline is what the common message takes: ids in ascending order, small numbers, one width.
 * Everything else, and every failure, is in runtime/src/wire/reader*.c. Not for inclusion on its
 * own.
 */
#ifndef COAX_READER_INLINE_H
#define COAX_READER_INLINE_H

#include <coax/endian.h>
#include <coax/reader.h>

COAX_BEGIN_DECLS

/* The slow halves. Each also reports the failure. */
COAX_API uint32_t coax_next_field_slow(coax_reader *in, coax_struct_scope *scope);
COAX_API COAX_COLD void coax_require_fields_fail(coax_reader *in, const coax_struct_scope *scope,
                                                 uint32_t word, uint64_t missing);
COAX_API uint64_t coax_read_uint_slow(coax_reader *in, uint64_t max);
COAX_API int64_t coax_read_int_slow(coax_reader *in, int64_t min, int64_t max);
COAX_API COAX_COLD bool coax_read_bool_fail(coax_reader *in);
COAX_API double coax_read_f64_slow(coax_reader *in);
COAX_API float coax_read_f32_slow(coax_reader *in);

static inline size_t coax_reader_left(const coax_reader *in)
{
    return (size_t)(in->end - in->at);
}

static inline void coax_leave_struct(coax_reader *in, const coax_struct_scope *scope)
{
    in->scope = scope->parent;
    in->depth--;
}

/* What coax_next_field_slow returns for the end of the struct; no field id is that large. */
#define COAX_NO_FIELD UINT32_MAX

/*
 * Sign-extending the byte makes all that is no fix form negative, so that one comparison tells
 * whether the expected id stands there. A nil behind it, or the message's end, is left to the slow
 * half.
 */
static inline bool coax_next_field(coax_reader *in, coax_struct_scope *scope, uint32_t *ret_id)
{
    const uint8_t *at = in->at;
    const uint16_t *expect = scope->expect;
    if (COAX_LIKELY(expect != scope->expect_end && in->end - at >= 2)) {
        if (COAX_LIKELY((int8_t)at[0] == (int32_t)*expect && at[1] != 0xc0)) {
            *ret_id = at[0];
            scope->expect = expect + 1;
            in->at = at + 1;
            return true;
        }
    }
    uint32_t id = coax_next_field_slow(in, scope);
    *ret_id = id;
    return id != COAX_NO_FIELD;
}

static inline void coax_require_fields(coax_reader *in, const coax_struct_scope *scope,
                                       uint32_t word, uint64_t mask)
{
    uint64_t missing = mask & ~scope->seen[word];
    if (COAX_UNLIKELY(missing != 0))
        coax_require_fields_fail(in, scope, word, missing);
}

/*
 * Numbers: what is in line are the two forms a field of its type has most, a fix form, which is its
 * own value, and the type's full width. Other widths take one call.
 */
#define COAX_READ_INTEGER(name, type, is_fix, tag, size, full, slow)                               \
    static inline type coax_read_##name(coax_reader *in)                                           \
    {                                                                                              \
        const uint8_t *at = in->at;                                                                \
        if (COAX_LIKELY(at < in->end) && (is_fix)) {                                               \
            in->at = at + 1;                                                                       \
            return (type)(int8_t)*at;                                                              \
        }                                                                                          \
        if (in->end - at >= (size) && *at == (tag)) {                                              \
            in->at = at + (size);                                                                  \
            return (type)(full);                                                                   \
        }                                                                                          \
        return (type)(slow);                                                                       \
    }
#define COAX_READ_UINT(name, type, tag, size, full, max)                                           \
    COAX_READ_INTEGER(name, type, *at < 0x80, tag, size, full, coax_read_uint_slow(in, (max)))
#define COAX_READ_INT(name, type, tag, size, full, min, max)                                       \
    COAX_READ_INTEGER(name, type, (int8_t)*at >= -32, tag, size, full,                             \
                      coax_read_int_slow(in, (min), (max)))
COAX_READ_UINT(u8, uint8_t, 0xcc, 2, at[1], UINT8_MAX)
COAX_READ_UINT(u16, uint16_t, 0xcd, 3, coax_load_be16(at + 1), UINT16_MAX)
COAX_READ_UINT(u32, uint32_t, 0xce, 5, coax_load_be32(at + 1), UINT32_MAX)
COAX_READ_UINT(u64, uint64_t, 0xcf, 9, coax_load_be64(at + 1), UINT64_MAX)
COAX_READ_INT(i8, int8_t, 0xd0, 2, at[1], INT8_MIN, INT8_MAX)
COAX_READ_INT(i16, int16_t, 0xd1, 3, coax_load_be16(at + 1), INT16_MIN, INT16_MAX)
COAX_READ_INT(i32, int32_t, 0xd2, 5, coax_load_be32(at + 1), INT32_MIN, INT32_MAX)
COAX_READ_INT(i64, int64_t, 0xd3, 9, coax_load_be64(at + 1), INT64_MIN, INT64_MAX)
COAX_READ_INT(duration, coax_duration, 0xd3, 9, coax_load_be64(at + 1), INT64_MIN, INT64_MAX)
#undef COAX_READ_UINT
#undef COAX_READ_INT
#undef COAX_READ_INTEGER

static inline bool coax_read_bool(coax_reader *in)
{
    const uint8_t *at = in->at;
    if (COAX_LIKELY(at < in->end) && COAX_LIKELY((*at | 1) == 0xc3)) {
        in->at = at + 1;
        return (*at & 1) != 0;
    }
    return coax_read_bool_fail(in);
}

static inline double coax_read_f64(coax_reader *in)
{
    const uint8_t *at = in->at;
    if (COAX_LIKELY(in->end - at >= 9) && COAX_LIKELY(*at == 0xcb)) {
        uint64_t bits = coax_load_be64(at + 1);
        double value;
        memcpy(&value, &bits, sizeof value);
        in->at = at + 9;
        return value;
    }
    return coax_read_f64_slow(in);
}

static inline float coax_read_f32(coax_reader *in)
{
    const uint8_t *at = in->at;
    if (COAX_LIKELY(in->end - at >= 5) && COAX_LIKELY(*at == 0xca)) {
        uint32_t bits = coax_load_be32(at + 1);
        float value;
        memcpy(&value, &bits, sizeof value);
        in->at = at + 5;
        return value;
    }
    return coax_read_f32_slow(in);
}

/** Leaves the level of coax_read_list or coax_read_array. */
static inline void coax_list_done(coax_reader *in)
{
    in->depth--;
}

/** Leaves the level of coax_read_union. */
static inline void coax_union_done(coax_reader *in, coax_struct_scope *scope)
{
    coax_leave_struct(in, scope);
}

COAX_END_DECLS

#endif
