/*
 * Writes MessagePack: canonical, straight into a bounded buffer, with a sticky error.
 *
 * After the first failure every call does nothing, so generated code writes one line per field and tests once
 * at the end (coax_writer_finish). Specification: https://github.com/msgpack/msgpack/blob/master/spec.md; always the shortest form.
 * One thread at a time.
 */
#ifndef COAX_WRITER_H
#define COAX_WRITER_H

#include <coax/bytes.h>
#include <coax/descriptor.h>
#include <coax/env.h>
#include <coax/error.h>

COAX_BEGIN_DECLS

/** Makes room for `more` bytes past writer->at by moving or growing the buffer; false when a limit or memory says no
 * (it then calls coax_writer_fail). */
typedef bool (*coax_writer_grow_fn)(coax_writer *writer, size_t more);

struct coax_writer {
    uint8_t *start;
    uint8_t *at;  /* next byte; start <= at <= end */
    uint8_t *end; /* == at once an error is set, so that every write takes the cold path */
    coax_err err;
    coax_writer_grow_fn grow; /* NULL: a fixed buffer */
    void *self;               /* for grow */
    const coax_allocator *allocator; /* for sorting unsorted maps, the only memory a writer takes; NULL: malloc */
};

/** Writes into `buffer`, which is borrowed; past `size` bytes the error is COAX_ERR_TOO_LARGE. */
COAX_API void coax_writer_init(coax_writer *writer, uint8_t *buffer, size_t size);

/** The sticky error, or COAX_OK. `ret_len` (NULL is fine) gets the bytes written, on success. */
COAX_API COAX_MUST_USE coax_err coax_writer_finish(const coax_writer *writer, size_t *ret_len);

/** Sets the sticky error if none is set. */
COAX_API void coax_writer_fail(coax_writer *writer, coax_err err);

/* CONTRACT for generated code. For every scalar S of
 *     bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 str bytes any uuid timestamp duration
 * there are
 *     void coax_write_S(coax_writer *out, T value);
 *     void coax_write_S_field(coax_writer *out, uint32_t id, T value);            key and value, one room check
 *     void coax_write_S_list(coax_writer *out, coax_S_list list);
 *     void coax_write_S_list_field(coax_writer *out, uint32_t id, coax_S_list list);
 * and
 *     void coax_write_map(coax_writer *out, uint32_t count);       a map header: then key, value, key, value ...
 *     void coax_write_list(coax_writer *out, size_t count);        an array header: then the items
 *     void coax_write_key(coax_writer *out, uint32_t id);
 *     void coax_write_nil(coax_writer *out);
 *     void coax_write_fixed(coax_writer *out, const uint8_t *data, size_t len);     u8[N]: bin N
 *     void coax_write_fixed_field(coax_writer *out, uint32_t id, const uint8_t *data, size_t len);
 *     const uint32_t *coax_write_map_order(coax_writer *out, const coax_type *map, const void *items, size_t count);
 *         For map<K,V>: the order in which to write the entries so that keys ascend; NULL when they do already (or on error).
 *         A duplicate key is COAX_ERR_INVALID_ARGUMENT. Then for each i: entry = order != NULL ? order[i] : i.
 *     void coax_write_map_order_done(coax_writer *out, const uint32_t *order);      gives the order back
 */

COAX_END_DECLS

#endif
