/*
 * The writer: room, headers, text, bytes, extensions and the order of maps.
 *
 * Numbers are inline in <coax/writer_inline.h>; what is here is their exact twin for the last bytes
 * of a buffer, and everything too long to be worth a copy in each program. Knows nothing of frames.
 * Read next: writer_lists.c.
 */
#include <stdlib.h>
#include <string.h>

#include <coax/writer.h>

#include "base/copy.h"
#include "wire/keys.h"

void coax_writer_init(coax_writer *writer, uint8_t *buffer, size_t size)
{
    memset(writer, 0, sizeof *writer);
    writer->start = buffer;
    writer->at = buffer;
    writer->end = size != 0 ? buffer + size : buffer;
}

coax_err coax_writer_finish(const coax_writer *writer, size_t *ret_len)
{
    if (writer->err != COAX_OK)
        return writer->err;
    if (ret_len != NULL)
        *ret_len = (size_t)(writer->at - writer->start);
    return COAX_OK;
}

void coax_writer_fail(coax_writer *writer, coax_err err)
{
    if (writer->err != COAX_OK)
        return;
    writer->err = err;
    writer->end = writer->at;
}

bool coax_writer_more(coax_writer *writer, size_t more)
{
    if (writer->err != COAX_OK)
        return false;
    if (writer->grow != NULL)
        return writer->grow(writer, more);
    coax_writer_fail(writer, COAX_ERR_TOO_LARGE);
    return false;
}

/* Room for `size` bytes: in the buffer, or by growing it. */
static inline bool need(coax_writer *out, size_t size)
{
    return coax_writer_has_room(out, size) || coax_writer_more(out, size);
}

void coax_write_raw(coax_writer *out, const void *data, size_t len)
{
    if (!need(out, len))
        return;
    cx_copy(out->at, data, len);
    out->at += len;
}

/* Encodes to the side, where there is room for the longest form, and then asks for what it took. */
void coax_write_uint_near_end(coax_writer *out, bool has_key, uint32_t id, uint64_t value)
{
    uint8_t scratch[COAX_KEY_MAX + COAX_NUMBER_MAX];
    uint8_t *at = has_key ? coax_put_key(scratch, id) : scratch;
    at = coax_put_uint(at, value);
    coax_write_raw(out, scratch, (size_t)(at - scratch));
}

void coax_write_int_near_end(coax_writer *out, bool has_key, uint32_t id, int64_t value)
{
    uint8_t scratch[COAX_KEY_MAX + COAX_NUMBER_MAX];
    uint8_t *at = has_key ? coax_put_key(scratch, id) : scratch;
    at = coax_put_int(at, value);
    coax_write_raw(out, scratch, (size_t)(at - scratch));
}

/* The longest header: a tag and a 32-bit length. */
enum { HEADER_MAX = 5 };

/* What a family's header looks like: a fix form up to fix_max, then tags for 8, 16 and 32 bits
 * (tag8 0: no such form). */
typedef struct family {
    uint32_t fix_max; /* 0: no fix form */
    uint8_t fix, tag8, tag16, tag32;
} family;

static const family family_str = { 31, 0xa0, 0xd9, 0xda, 0xdb };
static const family family_bin = { 0, 0, 0xc4, 0xc5, 0xc6 };
static const family family_map = { 15, 0x80, 0, 0xde, 0xdf };
static const family family_array = { 15, 0x90, 0, 0xdc, 0xdd };

static inline uint8_t *put_header(uint8_t *at, const family *of, uint32_t len)
{
    if (of->fix != 0 && len <= of->fix_max) {
        *at = (uint8_t)(of->fix | len);
        return at + 1;
    }
    if (of->tag8 != 0 && len <= 0xff) {
        at[0] = of->tag8;
        at[1] = (uint8_t)len;
        return at + 2;
    }
    if (len <= 0xffff) {
        at[0] = of->tag16;
        coax_store_be16(at + 1, (uint16_t)len);
        return at + 3;
    }
    at[0] = of->tag32;
    coax_store_be32(at + 1, len);
    return at + 5;
}

/* Lengths on the wire have 32 bits. */
static bool fits_header(coax_writer *out, size_t len)
{
    if (COAX_LIKELY(len <= UINT32_MAX))
        return true;
    coax_writer_fail(out, COAX_ERR_TOO_LARGE);
    return false;
}

void coax_write_header_slow(coax_writer *out, bool is_map, size_t count)
{
    uint8_t scratch[HEADER_MAX];
    if (!fits_header(out, count))
        return;
    uint8_t *at = put_header(scratch, is_map ? &family_map : &family_array, (uint32_t)count);
    coax_write_raw(out, scratch, (size_t)(at - scratch));
}

static COAX_COLD void write_block_near_end(coax_writer *out, const family *of, const uint8_t *data,
                                           size_t len)
{
    uint8_t scratch[HEADER_MAX];
    uint8_t *at = put_header(scratch, of, (uint32_t)len);
    /* Asked for as one, so that a grown buffer grows once. */
    if (!need(out, (size_t)(at - scratch) + len))
        return;
    coax_write_raw(out, scratch, (size_t)(at - scratch));
    coax_write_raw(out, data, len);
}

/* A header and its bytes: text and bin. */
static inline void write_block(coax_writer *out, const family *of, const uint8_t *data, size_t len)
{
    if (!fits_header(out, len))
        return;
    if (!coax_writer_has_room(out, HEADER_MAX + len)) {
        write_block_near_end(out, of, data, len);
        return;
    }
    uint8_t *at = put_header(out->at, of, (uint32_t)len);
    cx_copy(at, data, len);
    out->at = at + len;
}

void coax_write_str(coax_writer *out, coax_str value)
{
    write_block(out, &family_str, (const uint8_t *)value.data, value.len);
}

void coax_write_str_field(coax_writer *out, uint32_t id, coax_str value)
{
    coax_write_key(out, id);
    write_block(out, &family_str, (const uint8_t *)value.data, value.len);
}

void coax_write_bytes(coax_writer *out, coax_bytes value)
{
    write_block(out, &family_bin, value.data, value.len);
}

void coax_write_bytes_field(coax_writer *out, uint32_t id, coax_bytes value)
{
    coax_write_key(out, id);
    write_block(out, &family_bin, value.data, value.len);
}

void coax_write_fixed(coax_writer *out, const uint8_t *data, size_t len)
{
    write_block(out, &family_bin, data, len);
}

void coax_write_uuid(coax_writer *out, coax_uuid value)
{
    write_block(out, &family_bin, value.bytes, sizeof value.bytes);
}

void coax_write_any(coax_writer *out, coax_any value)
{
    if (value.data == NULL)
        coax_write_nil(out);
    else
        coax_write_raw(out, value.data, value.len);
}

/* The shortest of the three forms of ext -1: seconds in 32 bits, 34 bits beside the nanoseconds, or
 * 64 bits. */
void coax_write_timestamp(coax_writer *out, coax_timestamp value)
{
    uint8_t scratch[15];
    if (value.nanoseconds > 999999999u) {
        coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);
        return;
    }
    uint64_t seconds = (uint64_t)value.seconds;
    if (seconds >> 34 != 0) {
        memcpy(scratch, "\xc7\x0c\xff", 3);
        coax_store_be32(scratch + 3, value.nanoseconds);
        coax_store_be64(scratch + 7, seconds);
        coax_write_raw(out, scratch, 15);
    } else if (value.nanoseconds != 0 || seconds >> 32 != 0) {
        memcpy(scratch, "\xd7\xff", 2);
        coax_store_be64(scratch + 2, (uint64_t)value.nanoseconds << 34 | seconds);
        coax_write_raw(out, scratch, 10);
    } else {
        memcpy(scratch, "\xd6\xff", 2);
        coax_store_be32(scratch + 2, (uint32_t)seconds);
        coax_write_raw(out, scratch, 6);
    }
}

const uint32_t *coax_write_map_order(coax_writer *out, const coax_type *map, const void *items,
                                     size_t count)
{
    size_t at;
    if (out->err != COAX_OK || cx_keys_ascend(map, items, count, &at) || !fits_header(out, count))
        return NULL;
    size_t size = count * sizeof(uint32_t);
    uint32_t *order = out->allocator != NULL
                          ? out->allocator->resize(out->allocator->self, NULL, size)
                          : malloc(size);
    if (order == NULL) {
        coax_writer_fail(out, COAX_ERR_NO_MEMORY);
        return NULL;
    }
    cx_keys_sort(map, items, order, count);
    if (cx_keys_find_duplicate(map, items, order, count) == count)
        return order;
    coax_writer_fail(out, COAX_ERR_INVALID_ARGUMENT);
    coax_write_map_order_done(out, order);
    return NULL;
}

void coax_write_map_order_done(coax_writer *out, const uint32_t *order)
{
    if (order == NULL)
        return;
    /* Handed out const; ours to free. */
    void *memory = (void *)(uintptr_t)order;
    if (out->allocator != NULL)
        out->allocator->release(out->allocator->self, memory);
    else
        free(memory);
}
