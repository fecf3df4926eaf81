/*
 * Writes MessagePack: canonical, straight into a bounded buffer, with a sticky error.
 *
 * After the first failure every call does nothing, so generated code writes one line per field and
 * tests once at the end (coax_writer_finish). Specification:
 * https://github.com/msgpack/msgpack/blob/master/spec.md; always the shortest form. One thread at a
 * time.
 *
 * The scalar writers are `static inline` in <coax/writer_inline.h>, included at the end.
 */
#ifndef COAX_WRITER_H
#define COAX_WRITER_H

#include <coax/bytes.h>
#include <coax/descriptor.h>
#include <coax/env.h>
#include <coax/error.h>

COAX_BEGIN_DECLS

/** Makes room for `more` bytes past writer->at by moving or growing the buffer; false when a limit
 * or memory says no (it then calls coax_writer_fail). */
typedef bool (*coax_writer_grow_fn)(coax_writer *writer, size_t more);

/** Invariant: start <= at <= end; once an error is set, at == end and grow is never called again.
 */
struct coax_writer {
    uint8_t *start;
    uint8_t *at;  /* next byte */
    uint8_t *end; /* == at once an error is set, so that every write takes the cold path */
    coax_err err;
    coax_writer_grow_fn grow; /* NULL: a fixed buffer */
    void *self;               /* for grow */
    const coax_allocator
        *allocator; /* for sorting unsorted maps, the only memory a writer takes; NULL: malloc */
};

/** Writes into `buffer`, which is borrowed; past `size` bytes the error is COAX_ERR_TOO_LARGE. */
COAX_API void coax_writer_init(coax_writer *writer, uint8_t *buffer, size_t size);

/** The sticky error, or COAX_OK. `ret_len` (NULL is fine) gets the bytes written, on success. */
COAX_API COAX_MUST_USE coax_err coax_writer_finish(const coax_writer *writer, size_t *ret_len);

/** Sets the sticky error if none is set. */
COAX_API COAX_COLD void coax_writer_fail(coax_writer *writer, coax_err err);

/** Room for `more` bytes, asked of writer->grow; false (and a sticky error) when there is none. The
 * cold half of every write. */
COAX_API COAX_COLD bool coax_writer_more(coax_writer *writer, size_t more);

/** Appends `len` bytes as they are; for what is encoded already. */
COAX_API void coax_write_raw(coax_writer *out, const void *data, size_t len);

/* Headers and keys. */

/** A map header: then key, value, key, value ... Inline.
 *     void coax_write_map(coax_writer *out, uint32_t count);
 * An array header: then the items. Over UINT32_MAX items: COAX_ERR_TOO_LARGE. Inline.
 *     void coax_write_list(coax_writer *out, size_t count);
 * A field id in front of its value. Inline.
 *     void coax_write_key(coax_writer *out, uint32_t id);
 * What stands for no value. Inline.
 *     void coax_write_nil(coax_writer *out);
 */

/**
 * Scalars. For every S, with its C type T, of
 *     bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 str bytes any uuid timestamp duration
 * there are
 *     void coax_write_S(coax_writer *out, T value);
 *     void coax_write_S_field(coax_writer *out, uint32_t id, T value);           key and value
 *     void coax_write_S_list(coax_writer *out, coax_S_list list);                header and items
 *     void coax_write_S_list_field(coax_writer *out, uint32_t id, coax_S_list list);
 * The numeric ones are inline; these are not.
 *
 * Integers take the shortest form, f32 and f64 their own width, text is str and not checked (a
 * generated check did), bytes is bin, uuid is bin 16, duration an integer of nanoseconds, timestamp
 * the shortest of the three forms of ext -1 (nanoseconds of 1e9 or more:
 * COAX_ERR_INVALID_ARGUMENT), any is copied as it is and an absent one is nil.
 */
COAX_API void coax_write_str(coax_writer *out, coax_str value);
COAX_API void coax_write_str_field(coax_writer *out, uint32_t id, coax_str value);
COAX_API void coax_write_bytes(coax_writer *out, coax_bytes value);
COAX_API void coax_write_bytes_field(coax_writer *out, uint32_t id, coax_bytes value);
COAX_API void coax_write_any(coax_writer *out, coax_any value);
COAX_API void coax_write_uuid(coax_writer *out, coax_uuid value);
COAX_API void coax_write_timestamp(coax_writer *out, coax_timestamp value);

/** Lists of them, as said above. */
COAX_API void coax_write_bool_list(coax_writer *out, coax_bool_list list);
COAX_API void coax_write_i8_list(coax_writer *out, coax_i8_list list);
COAX_API void coax_write_i16_list(coax_writer *out, coax_i16_list list);
COAX_API void coax_write_i32_list(coax_writer *out, coax_i32_list list);
COAX_API void coax_write_i64_list(coax_writer *out, coax_i64_list list);
COAX_API void coax_write_u8_list(coax_writer *out, coax_u8_list list);
COAX_API void coax_write_u16_list(coax_writer *out, coax_u16_list list);
COAX_API void coax_write_u32_list(coax_writer *out, coax_u32_list list);
COAX_API void coax_write_u64_list(coax_writer *out, coax_u64_list list);
COAX_API void coax_write_f32_list(coax_writer *out, coax_f32_list list);
COAX_API void coax_write_f64_list(coax_writer *out, coax_f64_list list);
COAX_API void coax_write_str_list(coax_writer *out, coax_str_list list);
COAX_API void coax_write_bytes_list(coax_writer *out, coax_bytes_list list);
COAX_API void coax_write_any_list(coax_writer *out, coax_any_list list);
COAX_API void coax_write_uuid_list(coax_writer *out, coax_uuid_list list);
COAX_API void coax_write_timestamp_list(coax_writer *out, coax_timestamp_list list);
COAX_API void coax_write_duration_list(coax_writer *out, coax_duration_list list);

/** u8[N]: bin N, `data` is never absent. */
COAX_API void coax_write_fixed(coax_writer *out, const uint8_t *data, size_t len);

/**
 * The order in which to write a map's entries so that keys ascend (numbers by value, text and uuids
 * by bytes). NULL when they do already, and on error; then entry i comes i-th. A duplicate key is
 * COAX_ERR_INVALID_ARGUMENT. `map` is the map's type and `items` its entries. Give a non-NULL order
 * back with coax_write_map_order_done.
 */
COAX_API const uint32_t *coax_write_map_order(coax_writer *out, const coax_type *map,
                                              const void *items, size_t count);

/** Gives back what coax_write_map_order returned; NULL is fine. */
COAX_API void coax_write_map_order_done(coax_writer *out, const uint32_t *order);

COAX_END_DECLS

#include <coax/writer_inline.h>

#endif
