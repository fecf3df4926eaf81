/*
 * What the reader's files share: headers, levels, room, and the commonest failures.
 */
#ifndef CX_WIRE_READER_PARTS_H
#define CX_WIRE_READER_PARTS_H

#include <coax/reader.h>

#include "wire/token.h"

/* Fails because `expected` ("an integer") is not what stands at in->at, or because nothing does. */
COAX_COLD void cx_fail_expected(coax_reader *in, const char *expected);

/* Fails because the message ends inside a value. */
COAX_COLD void cx_fail_truncated(coax_reader *in);

/* Fails for the extent that a measured value had, `len` bytes on. */
COAX_COLD void cx_fail_extent(coax_reader *in, cx_extent extent, size_t len);

/* Whether the field being read, or a struct around it, is @sensitive: then its value stays out of
 * the error. */
bool cx_reading_sensitive(const coax_reader *in);

/* The four families that have a length or count, by their tags. */
typedef struct cx_header_family {
    const char *name;      /* "text" */
    uint8_t fix, fix_mask; /* a tag with (tag & ~fix_mask) == fix holds the length in its low bits;
                              fix 0: none */
    uint8_t tag8;          /* 0: none */
    uint8_t tag16, tag32;
} cx_header_family;

extern const cx_header_family cx_header_str, cx_header_bin, cx_header_array, cx_header_map;

/* Reads a header and moves behind it. False on error. Nothing is said yet about whether the bytes
 * are there. */
bool cx_read_header(coax_reader *in, const cx_header_family *of, uint32_t *ret_len);

/* The same, with `len` bytes known to follow; for text and bin. Out of line for what isn't a fix
 * form. */
static inline bool cx_read_block(coax_reader *in, const cx_header_family *of, uint32_t *ret_len)
{
    if (!cx_read_header(in, of, ret_len))
        return false;
    if (COAX_LIKELY(*ret_len <= coax_reader_left(in)))
        return true;
    cx_fail_truncated(in);
    return false;
}

/* An array or map header with a count of at most `bytes left / min_bytes`; enters a level, also on
 * error. */
bool cx_read_count(coax_reader *in, const cx_header_family *of, uint32_t min_bytes,
                   uint32_t *ret_count);

/* Enters a level; past the limit the reader fails. */
static inline bool cx_enter(coax_reader *in)
{
    if (COAX_LIKELY(in->depth++ < COAX_DEPTH_MAX))
        return true;
    coax_reader_fail(in, COAX_ERR_TOO_DEEP, "nests deeper than %u levels", COAX_DEPTH_MAX);
    return false;
}

/* `count` elements from the arena, not cleared. NULL, and a failure that names the limit, when
 * there is no room. */
void *cx_read_room(coax_reader *in, size_t count, size_t size, size_t align);

#endif
