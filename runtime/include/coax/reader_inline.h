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
COAX_API bool coax_next_field_slow(coax_reader *in, coax_struct_scope *scope, uint32_t *ret_id);
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

static inline bool coax_next_field(coax_reader *in, coax_struct_scope *scope, uint32_t *ret_id)
{
    if (scope->remaining == 0) {
        coax_leave_struct(in, scope);
        return false;
    }
    const uint8_t *at = in->at;
    uint32_t next = scope->next;
    if (COAX_LIKELY(in->end - at >= 2 && next < scope->n_fields)) {
        uint32_t id = at[0];
        if (COAX_LIKELY(id == scope->ids[next] && id < 0x80 && at[1] != 0xc0)) {
            scope->seen[next / 64] |= (uint64_t)1 << (next % 64);
            scope->next = next + 1;
            scope->remaining--;
            scope->current = id;
            in->at = at + 1;
            *ret_id = id;
            return true;
        }
    }
    return coax_next_field_slow(in, scope, ret_id);
}

static inline void coax_require_fields(coax_reader *in, const coax_struct_scope *scope,
                                       uint32_t word, uint64_t mask)
{
    uint64_t missing = mask & ~scope->seen[word];
    if (COAX_UNLIKELY(missing != 0))
        coax_require_fields_fail(in, scope, word, missing);
}

/* Numbers: a fix form is its own value; what is wider takes one call. */
#define COAX_READ_UINT(name, type, max)                                                            \
    static inline type coax_read_##name(coax_reader *in)                                           \
    {                                                                                              \
        const uint8_t *at = in->at;                                                                \
        if (COAX_LIKELY(at < in->end) && *at < 0x80) {                                             \
            in->at = at + 1;                                                                       \
            return *at;                                                                            \
        }                                                                                          \
        return (type)coax_read_uint_slow(in, (max));                                               \
    }
COAX_READ_UINT(u8, uint8_t, UINT8_MAX)
COAX_READ_UINT(u16, uint16_t, UINT16_MAX)
COAX_READ_UINT(u32, uint32_t, UINT32_MAX)
COAX_READ_UINT(u64, uint64_t, UINT64_MAX)
#undef COAX_READ_UINT

#define COAX_READ_INT(name, type, min, max)                                                        \
    static inline type coax_read_##name(coax_reader *in)                                           \
    {                                                                                              \
        const uint8_t *at = in->at;                                                                \
        if (COAX_LIKELY(at < in->end) && (int8_t)*at >= -32) {                                     \
            in->at = at + 1;                                                                       \
            return (int8_t)*at;                                                                    \
        }                                                                                          \
        return (type)coax_read_int_slow(in, (min), (max));                                         \
    }
COAX_READ_INT(i8, int8_t, INT8_MIN, INT8_MAX)
COAX_READ_INT(i16, int16_t, INT16_MIN, INT16_MAX)
COAX_READ_INT(i32, int32_t, INT32_MIN, INT32_MAX)
COAX_READ_INT(i64, int64_t, INT64_MIN, INT64_MAX)
COAX_READ_INT(duration, coax_duration, INT64_MIN, INT64_MAX)
#undef COAX_READ_INT

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
