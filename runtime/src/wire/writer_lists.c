/*
 * Lists of scalars: a header, and items behind one check for room.
 *
 * Knows the fastest way to write many numbers; everything else is in writer.c. Read next: reader.c.
 */
#include <coax/writer.h>

/* Items are written in runs that surely fit, so that the check for room is one a run and not one an
 * item. */
enum { RUN = 64 };

/*
 * void coax_write_NAME_list(coax_writer *out, coax_NAME_list list), for numbers: `put` stores one
 * in at most `size` bytes. When a run's worst case doesn't fit, items go one by one, exactly.
 */
#define WRITE_NUMBERS(name, size, put)                                                             \
    void coax_write_##name##_list(coax_writer *out, coax_##name##_list list)                       \
    {                                                                                              \
        coax_write_list(out, list.count);                                                          \
        for (size_t i = 0; i < list.count && out->err == COAX_OK;) {                               \
            size_t run = list.count - i < RUN ? list.count - i : RUN;                              \
            if (coax_writer_has_room(out, run * (size))) {                                         \
                uint8_t *at = out->at;                                                             \
                for (size_t stop = i + run; i < stop; i++)                                         \
                    at = put(at, list.items[i]);                                                   \
                out->at = at;                                                                      \
            } else {                                                                               \
                for (size_t stop = i + run; i < stop; i++)                                         \
                    coax_write_##name(out, list.items[i]);                                         \
            }                                                                                      \
        }                                                                                          \
    }
WRITE_NUMBERS(bool, 1, coax_put_bool)
WRITE_NUMBERS(i8, COAX_NUMBER_MAX, coax_put_int)
WRITE_NUMBERS(i16, COAX_NUMBER_MAX, coax_put_int)
WRITE_NUMBERS(i32, COAX_NUMBER_MAX, coax_put_int)
WRITE_NUMBERS(i64, COAX_NUMBER_MAX, coax_put_int)
WRITE_NUMBERS(u8, COAX_NUMBER_MAX, coax_put_uint)
WRITE_NUMBERS(u16, COAX_NUMBER_MAX, coax_put_uint)
WRITE_NUMBERS(u32, COAX_NUMBER_MAX, coax_put_uint)
WRITE_NUMBERS(u64, COAX_NUMBER_MAX, coax_put_uint)
WRITE_NUMBERS(duration, COAX_NUMBER_MAX, coax_put_int)
WRITE_NUMBERS(f32, 5, coax_put_f32)
WRITE_NUMBERS(f64, 9, coax_put_f64)

/* The others one by one: each checks its own room. */
#define WRITE_EACH(name)                                                                           \
    void coax_write_##name##_list(coax_writer *out, coax_##name##_list list)                       \
    {                                                                                              \
        coax_write_list(out, list.count);                                                          \
        for (size_t i = 0; i < list.count && out->err == COAX_OK; i++)                             \
            coax_write_##name(out, list.items[i]);                                                 \
    }
WRITE_EACH(str)
WRITE_EACH(bytes)
WRITE_EACH(any)
WRITE_EACH(uuid)
WRITE_EACH(timestamp)
