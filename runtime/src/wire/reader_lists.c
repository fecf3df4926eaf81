/*
 * The reader's lists of scalars: header, room in the arena, items.
 *
 * Knows the loop and nothing of the items, which are reader_scalars.c's. Read next: check.c.
 */
#include <stdalign.h>

#include "wire/integers.h"
#include "wire/reader_parts.h"

/*
 * coax_NAME_list coax_read_NAME_list(coax_reader *in). Room isn't cleared, since every item is
 * written; on error the list is absent.
 */
#define READ_LIST(name, type)                                                                      \
    coax_##name##_list coax_read_##name##_list(coax_reader *in)                                    \
    {                                                                                              \
        coax_##name##_list list = { NULL, 0 };                                                     \
        uint32_t count;                                                                            \
        type *items = NULL;                                                                        \
        if (cx_read_array_count(in, &count))                                                       \
            items = cx_read_room(in, count, sizeof(type), alignof(type));                          \
        in->depth--;                                                                               \
        if (items == NULL)                                                                         \
            return list;                                                                           \
        for (uint32_t i = 0; i < count; i++) {                                                     \
            items[i] = coax_read_##name(in);                                                       \
            if (COAX_UNLIKELY(in->err != COAX_OK))                                                 \
                return list;                                                                       \
        }                                                                                          \
        list.items = items;                                                                        \
        list.count = count;                                                                        \
        return list;                                                                               \
    }
READ_LIST(bool, bool)
READ_LIST(f32, float)
READ_LIST(f64, double)
READ_LIST(str, coax_str)
READ_LIST(bytes, coax_bytes)
READ_LIST(uuid, coax_uuid)
READ_LIST(timestamp, coax_timestamp)

/*
 * The same for integers. The loop keeps its place in a register and takes what is of the usual signedness itself; the
 * rest, and what doesn't fit, is the scalar reader's.
 */
#define READ_INTEGERS(name, type, wide, take, fits)                                                \
    coax_##name##_list coax_read_##name##_list(coax_reader *in)                                    \
    {                                                                                              \
        coax_##name##_list list = { NULL, 0 };                                                     \
        uint32_t count;                                                                            \
        type *items = NULL;                                                                        \
        if (cx_read_array_count(in, &count))                                                       \
            items = cx_read_room(in, count, sizeof(type), alignof(type));                          \
        in->depth--;                                                                               \
        if (items == NULL)                                                                         \
            return list;                                                                           \
        const uint8_t *at = in->at, *end = in->end;                                                \
        for (uint32_t i = 0; i < count; i++) {                                                     \
            wide value;                                                                            \
            const uint8_t *behind = take(at, end, &value);                                         \
            if (COAX_LIKELY(behind != NULL && (fits))) {                                           \
                items[i] = (type)value;                                                            \
                at = behind;                                                                       \
                continue;                                                                          \
            }                                                                                      \
            in->at = at;                                                                           \
            items[i] = coax_read_##name(in);                                                       \
            if (in->err != COAX_OK)                                                                \
                return list;                                                                       \
            at = in->at;                                                                           \
        }                                                                                          \
        in->at = at;                                                                               \
        list.items = items;                                                                        \
        list.count = count;                                                                        \
        return list;                                                                               \
    }
/* A byte of a positive fix form is its own value in signed lists too. */
static inline const uint8_t *take_int(const uint8_t *at, const uint8_t *end, int64_t *ret_value)
{
    if (at < end && *at < 0x80) {
        *ret_value = *at;
        return at + 1;
    }
    return cx_take_signed(at, end, ret_value);
}
READ_INTEGERS(i8, int8_t, int64_t, take_int, value >= INT8_MIN && value <= INT8_MAX)
READ_INTEGERS(i16, int16_t, int64_t, take_int, value >= INT16_MIN && value <= INT16_MAX)
READ_INTEGERS(i32, int32_t, int64_t, take_int, value >= INT32_MIN && value <= INT32_MAX)
READ_INTEGERS(i64, int64_t, int64_t, take_int, true)
READ_INTEGERS(u8, uint8_t, uint64_t, cx_take_unsigned, value <= UINT8_MAX)
READ_INTEGERS(u16, uint16_t, uint64_t, cx_take_unsigned, value <= UINT16_MAX)
READ_INTEGERS(u32, uint32_t, uint64_t, cx_take_unsigned, value <= UINT32_MAX)
READ_INTEGERS(u64, uint64_t, uint64_t, cx_take_unsigned, true)
READ_INTEGERS(duration, coax_duration, int64_t, take_int, true)

/* What an item nests counts from inside the list, so this one stays on its level while it reads. */
coax_any_list coax_read_any_list(coax_reader *in)
{
    coax_any_list list = { NULL, 0 };
    size_t count;
    coax_any *items = coax_read_list(in, sizeof *items, alignof(coax_any), &count);
    for (size_t i = 0; i < count; i++)
        items[i] = coax_read_any(in);
    coax_list_done(in);
    if (in->err != COAX_OK)
        return list;
    list.items = items;
    list.count = count;
    return list;
}
