/*
 * The reader's scalars: what their inline halves leave, and text, bytes, extensions.
 *
 * Knows the widths of numbers and the families of bytes. Read next: reader_lists.c.
 */
#include <float.h>
#include <string.h>

#include "base/copy.h"
#include "base/utf8.h"
#include "wire/reader_parts.h"

/* The value behind a tag of 1, 2, 4 or 8 bytes, moved to the top of 64 bits. False, and a failure,
 * when it is cut off. */
static inline bool take_wide(coax_reader *in, const uint8_t *at, uint64_t *ret_top)
{
    size_t len = (size_t)1 << (*at & 3u);
    size_t left = coax_reader_left(in);
    if (COAX_LIKELY(left >= 9)) {
        *ret_top = coax_load_be64(at + 1);
    } else if (left >= 1 + len) {
        uint8_t padded[8] = { 0 };
        memcpy(padded, at + 1, len);
        *ret_top = coax_load_be64(padded);
    } else {
        cx_fail_truncated(in);
        return false;
    }
    in->at = at + 1 + len;
    return true;
}

/* The number of bits in front of the value that take_wide moved to the top. */
static inline unsigned shift_of(uint8_t tag)
{
    return 64u - (8u << (tag & 3u));
}

static COAX_COLD void fail_range(coax_reader *in, bool is_signed, int64_t min, uint64_t max)
{
    if (is_signed)
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the number does not fit %lld to %lld",
                         (long long)min, (long long)max);
    else
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the number does not fit 0 to %llu",
                         (unsigned long long)max);
}

/* An integer of any form: *ret_is_negative tells whether *ret_value is to be taken as int64_t.
 * False on error. */
static inline bool read_integer(coax_reader *in, uint64_t *ret_value, bool *ret_is_negative)
{
    const uint8_t *at = in->at;
    if (at == in->end) {
        cx_fail_expected(in, "an integer");
        return false;
    }
    uint8_t tag = *at;
    uint64_t top;
    *ret_is_negative = false;
    if (tag >= 0xcc && tag <= 0xcf) {
        if (!take_wide(in, at, &top))
            return false;
        *ret_value = top >> shift_of(tag);
    } else if (tag >= 0xd0 && tag <= 0xd3) {
        if (!take_wide(in, at, &top))
            return false;
        *ret_is_negative = top >> 63 != 0;
        /* An arithmetic shift, spelled without relying on one. */
        unsigned shift = shift_of(tag);
        *ret_value = *ret_is_negative ? ~(~top >> shift) : top >> shift;
    } else if (tag < 0x80) {
        in->at = at + 1;
        *ret_value = tag;
    } else if (tag >= 0xe0) {
        in->at = at + 1;
        *ret_is_negative = true;
        *ret_value = (uint64_t)(int64_t)(int8_t)tag;
    } else {
        cx_fail_expected(in, "an integer");
        return false;
    }
    return true;
}

uint64_t coax_read_uint_slow(coax_reader *in, uint64_t max)
{
    uint64_t value;
    bool is_negative;
    if (!read_integer(in, &value, &is_negative))
        return 0;
    if (COAX_LIKELY(!is_negative && value <= max))
        return value;
    fail_range(in, false, 0, max);
    return 0;
}

int64_t coax_read_int_slow(coax_reader *in, int64_t min, int64_t max)
{
    uint64_t value;
    bool is_negative;
    if (!read_integer(in, &value, &is_negative))
        return 0;
    if (is_negative ? (int64_t)value >= min : value <= (uint64_t)max)
        return (int64_t)value;
    fail_range(in, true, min, (uint64_t)max);
    return 0;
}

bool coax_read_bool_fail(coax_reader *in)
{
    cx_fail_expected(in, "a bool");
    return false;
}

double coax_read_f64_slow(coax_reader *in)
{
    if (in->at < in->end && *in->at == 0xca)
        return (double)coax_read_f32(in);
    if (in->at < in->end && *in->at == 0xcb)
        cx_fail_truncated(in);
    else
        cx_fail_expected(in, "a float");
    return 0;
}

/* An f64 that has the same value as a float becomes one; a conversion that would round or overflow
 * is refused. */
float coax_read_f32_slow(coax_reader *in)
{
    if (in->at < in->end && *in->at == 0xca) {
        cx_fail_truncated(in);
        return 0;
    }
    double wide = coax_read_f64(in);
    bool is_finite =
        wide - wide >= 0.0; /* false for NaN and the infinities, which convert exactly */
    bool fits = !is_finite || (wide >= -(double)FLT_MAX && wide <= (double)FLT_MAX);
    if (fits) {
        float narrow = (float)wide;
        bool is_same = (double)narrow >= wide && (double)narrow <= wide;
        if (!is_finite || is_same)
            return narrow;
    }
    coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the number has no exact f32");
    return 0;
}

#define HIGH_BITS UINT64_C(0x8080808080808080)

/*
 * Copies text and tells whether it is all ASCII. For short text the two are one pass over two words
 * that overlap in the middle (as in base/copy.h).
 */
static inline bool copy_is_ascii(char *to, const uint8_t *from, size_t len)
{
    if (len > 16) {
        memcpy(to, from, len);
        return cx_utf8_is_ascii(from, len);
    }
    uint64_t bits = 0;
    if (len >= 8) {
        uint64_t first, last;
        memcpy(&first, from, 8);
        memcpy(&last, from + len - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + len - 8, &last, 8);
        bits = first | last;
    } else if (len >= 4) {
        uint32_t first, last;
        memcpy(&first, from, 4);
        memcpy(&last, from + len - 4, 4);
        memcpy(to, &first, 4);
        memcpy(to + len - 4, &last, 4);
        bits = first | last;
    } else {
        for (size_t i = 0; i < len; i++) {
            to[i] = (char)from[i];
            bits |= from[i];
        }
    }
    return (bits & HIGH_BITS) == 0;
}

static COAX_COLD void fail_utf8(coax_reader *in, uint32_t len)
{
    in->at += cx_utf8_valid_prefix(in->at, len);
    coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the text is not UTF-8");
}

coax_str coax_read_str(coax_reader *in)
{
    coax_str text = { NULL, 0 };
    uint32_t len;
    if (!cx_read_block(in, &cx_header_str, &len))
        return text;
    char *copy = coax_arena_take(in->arena, (size_t)len + 1, 1);
    if (COAX_UNLIKELY(copy == NULL)) {
        cx_read_room(in, (size_t)len + 1, 1, 1); /* says why */
        return text;
    }
    if (!copy_is_ascii(copy, in->at, len) && !cx_utf8_valid(in->at, len)) {
        fail_utf8(in, len);
        return text;
    }
    copy[len] = '\0';
    in->at += len;
    text.data = copy;
    text.len = len;
    return text;
}

coax_bytes coax_read_bytes(coax_reader *in)
{
    coax_bytes bytes = { NULL, 0 };
    uint32_t len;
    if (!cx_read_block(in, &cx_header_bin, &len))
        return bytes;
    bytes.data = in->at;
    bytes.len = len;
    in->at += len;
    return bytes;
}

void coax_read_fixed(coax_reader *in, uint8_t *ret, size_t len)
{
    coax_bytes bytes = coax_read_bytes(in);
    if (bytes.data != NULL && bytes.len == len) {
        memcpy(ret, bytes.data, len);
        return;
    }
    if (bytes.data != NULL)
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "expected exactly %zu bytes, found %zu", len,
                         bytes.len);
    memset(ret, 0, len);
}

coax_uuid coax_read_uuid(coax_reader *in)
{
    coax_uuid uuid;
    coax_read_fixed(in, uuid.bytes, sizeof uuid.bytes);
    return uuid;
}

/* One whole value from here on, within what is left of the depth. False on error. */
static bool pass_value(coax_reader *in)
{
    size_t len;
    cx_extent extent;
    /* A level was entered past the limit only on error, and then nothing gets here. */
    if (in->err != COAX_OK)
        return false;
    extent = cx_value_extent(in->at, in->end, COAX_DEPTH_MAX - in->depth, SIZE_MAX, &len);
    if (extent != CX_EXTENT_WHOLE) {
        cx_fail_extent(in, extent, len);
        return false;
    }
    in->at += len;
    return true;
}

coax_any coax_read_any(coax_reader *in)
{
    coax_any any = { NULL, 0 };
    const uint8_t *start = in->at;
    if (!pass_value(in))
        return any;
    any.data = start;
    any.len = (size_t)(in->at - start);
    return any;
}

void coax_skip_field(coax_reader *in)
{
    (void)pass_value(in);
}

/* Specification: "Timestamp extension type". */
coax_timestamp coax_read_timestamp(coax_reader *in)
{
    coax_timestamp zero = { 0, 0 }, time = { 0, 0 };
    cx_token token;
    if (in->at == in->end || cx_tag_family(*in->at) != CX_FAMILY_EXT) {
        cx_fail_expected(in, "a timestamp");
        return zero;
    }
    cx_extent extent = cx_token_read(in->at, in->end, &token);
    if (extent != CX_EXTENT_WHOLE) {
        cx_fail_extent(in, extent, 0);
        return zero;
    }
    const uint8_t *body = in->at + token.header;
    if (body[-1] != 0xff || (token.body != 4 && token.body != 8 && token.body != 12)) {
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "expected a timestamp, found another extension");
        return zero;
    }
    if (token.body == 4) {
        time.seconds = coax_load_be32(body);
    } else if (token.body == 8) {
        uint64_t both = coax_load_be64(body);
        time.nanoseconds = (uint32_t)(both >> 34);
        time.seconds = (int64_t)(both & (((uint64_t)1 << 34) - 1));
    } else {
        time.nanoseconds = coax_load_be32(body);
        time.seconds = (int64_t)coax_load_be64(body + 4);
    }
    if (time.nanoseconds > 999999999u) {
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "a timestamp has at most 999999999 nanoseconds");
        return zero;
    }
    in->at = body + token.body;
    return time;
}
