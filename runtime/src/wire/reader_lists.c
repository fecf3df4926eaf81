/*
 * The reader's lists of scalars: header, room in the arena, items.
 *
 * Knows the loop and nothing of the items, which are reader_scalars.c's. Read next: check.c.
 */
#include <stdalign.h>

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
        if (cx_read_count(in, &cx_header_array, 1, &count))                                        \
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
READ_LIST(i8, int8_t)
READ_LIST(i16, int16_t)
READ_LIST(i32, int32_t)
READ_LIST(i64, int64_t)
READ_LIST(u8, uint8_t)
READ_LIST(u16, uint16_t)
READ_LIST(u32, uint32_t)
READ_LIST(u64, uint64_t)
READ_LIST(f32, float)
READ_LIST(f64, double)
READ_LIST(str, coax_str)
READ_LIST(bytes, coax_bytes)
READ_LIST(uuid, coax_uuid)
READ_LIST(timestamp, coax_timestamp)
READ_LIST(duration, coax_duration)

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
