/*
 * The reader's scalars: what their inline halves leave, and text, bytes, extensions.
 *
 * Knows the widths of numbers and the families of bytes. Read next: reader_lists.c.
 */
#include <float.h>
#include <string.h>

#include "base/copy.h"
#include "base/utf8.h"
#include "wire/integers.h"
#include "wire/reader_parts.h"

static COAX_COLD void fail_range(coax_reader *in, bool is_signed, int64_t min, uint64_t max)
{
    if (is_signed)
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the number does not fit %lld to %lld",
                         (long long)min, (long long)max);
    else
        coax_reader_fail(in, COAX_ERR_BAD_MESSAGE, "the number does not fit 0 to %llu",
                         (unsigned long long)max);
}

/* What stands here is no integer, or is cut off. */
static COAX_COLD void fail_integer(coax_reader *in)
{
    bool is_integer = in->at < in->end && (cx_tag_family(*in->at) == CX_FAMILY_UINT ||
                                           cx_tag_family(*in->at) == CX_FAMILY_INT);
    if (is_integer)
        cx_fail_truncated(in);
    else
        cx_fail_expected(in, "an integer");
}

uint64_t coax_read_uint_slow(coax_reader *in, uint64_t max)
{
    uint64_t value;
    int64_t signed_value;
    bool fits;
    const uint8_t *behind = cx_take_unsigned(in->at, in->end, &value);
    if (COAX_LIKELY(behind != NULL)) {
        fits = value <= max;
    } else {
        behind = cx_take_signed(in->at, in->end, &signed_value);
        if (behind == NULL) {
            fail_integer(in);
            return 0;
        }
        value = (uint64_t)signed_value;
        fits = signed_value >= 0 && value <= max;
    }
    if (COAX_UNLIKELY(!fits)) {
        fail_range(in, false, 0, max);
        return 0;
    }
    in->at = behind;
    return value;
}

int64_t coax_read_int_slow(coax_reader *in, int64_t min, int64_t max)
{
    int64_t value;
    uint64_t unsigned_value;
    bool fits;
    const uint8_t *behind = cx_take_signed(in->at, in->end, &value);
    if (behind != NULL) {
        fits = value >= min && value <= max;
    } else {
        behind = cx_take_unsigned(in->at, in->end, &unsigned_value);
        if (behind == NULL) {
            fail_integer(in);
            return 0;
        }
        value = (int64_t)unsigned_value;
        fits = unsigned_value <= (uint64_t)max;
    }
    if (COAX_UNLIKELY(!fits)) {
        fail_range(in, true, min, (uint64_t)max);
        return 0;
    }
    in->at = behind;
    return value;
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
    if (!cx_read_text_header(in, &len))
        return text;
    char *copy = coax_arena_take(in->arena, (size_t)len + 1, 1);
    if (COAX_UNLIKELY(copy == NULL)) {
        cx_fail_room(in, (size_t)len + 1, 1);
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

/* The bin family has no fix form; 8 bits of length are the usual case. */
static inline bool read_bin_header(coax_reader *in, uint32_t *ret_len)
{
    const uint8_t *at = in->at;
    if (COAX_LIKELY(in->end - at >= 2) && COAX_LIKELY(*at == 0xc4)) {
        *ret_len = at[1];
        in->at = at + 2;
    } else if (!cx_read_header_slow(in, &cx_header_bin, ret_len)) {
        return false;
    }
    if (COAX_LIKELY(*ret_len <= coax_reader_left(in)))
        return true;
    cx_fail_truncated(in);
    return false;
}

coax_bytes coax_read_bytes(coax_reader *in)
{
    coax_bytes bytes = { NULL, 0 };
    uint32_t len;
    if (!read_bin_header(in, &len))
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
