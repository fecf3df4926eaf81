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

/* The id of the field being read in `scope`; 0 when none is. */
uint32_t cx_scope_current(const coax_struct_scope *scope);

/* Whether the field being read, or a struct around it, is @sensitive: then its value stays out of
 * the error. */
bool cx_reading_sensitive(const coax_reader *in);

/* The four families that have a length or count, by their tags. */
typedef struct cx_header_family {
    const char *name; /* "text" */
    uint8_t tag8;     /* 0: none */
    uint8_t tag16, tag32;
} cx_header_family;

extern const cx_header_family cx_header_str, cx_header_bin, cx_header_array, cx_header_map;

/* What is no fix form: lengths of 8, 16 and 32 bits, and every failure. */
bool cx_read_header_slow(coax_reader *in, const cx_header_family *of, uint32_t *ret_len);

/* Reads a header and moves behind it. False on error. Nothing is said yet about whether the bytes are there. */
static inline bool cx_read_header(coax_reader *in, const cx_header_family *of, uint8_t fix,
                                  uint8_t fix_mask, uint32_t *ret_len)
{
    const uint8_t *at = in->at;
    if (COAX_LIKELY(at < in->end) && COAX_LIKELY((uint8_t)(*at & ~fix_mask) == fix)) {
        *ret_len = *at & fix_mask;
        in->at = at + 1;
        return true;
    }
    return cx_read_header_slow(in, of, ret_len);
}

/* The header of text, with as many bytes behind it as it says. */
static inline bool cx_read_text_header(coax_reader *in, uint32_t *ret_len)
{
    if (!cx_read_header(in, &cx_header_str, 0xa0, 0x1f, ret_len))
        return false;
    if (COAX_LIKELY(*ret_len <= coax_reader_left(in)))
        return true;
    cx_fail_truncated(in);
    return false;
}

/* Enters a level; past the limit the reader fails. */
static inline bool cx_enter(coax_reader *in)
{
    if (COAX_LIKELY(in->depth++ < COAX_DEPTH_MAX))
        return true;
    coax_reader_fail(in, COAX_ERR_TOO_DEEP, "nests deeper than %u levels", COAX_DEPTH_MAX);
    return false;
}

/* Fails because a header declares more than the bytes left can hold. */
COAX_COLD void cx_fail_count(coax_reader *in, const cx_header_family *of, uint32_t count);

/* A header with a count that the bytes left can hold; enters a level, also on error. */
static inline bool cx_read_array_count(coax_reader *in, uint32_t *ret_count)
{
    if (!cx_enter(in) || !cx_read_header(in, &cx_header_array, 0x90, 0x0f, ret_count))
        return false;
    if (COAX_LIKELY(*ret_count <= coax_reader_left(in)))
        return true;
    cx_fail_count(in, &cx_header_array, *ret_count);
    return false;
}

/* The same for a map, whose entries are two bytes at least. */
static inline bool cx_read_map_count(coax_reader *in, uint32_t *ret_count)
{
    if (!cx_enter(in) || !cx_read_header(in, &cx_header_map, 0x80, 0x0f, ret_count))
        return false;
    if (COAX_LIKELY(*ret_count <= coax_reader_left(in) / 2))
        return true;
    cx_fail_count(in, &cx_header_map, *ret_count);
    return false;
}

/* Fails because the arena has no room for `count` elements, and names the limit if it was one. */
COAX_COLD void cx_fail_room(coax_reader *in, size_t count, size_t size);

/* `count` elements from the arena, not cleared. NULL, and a failure, when there is no room. */
static inline void *cx_read_room(coax_reader *in, size_t count, size_t size, size_t align)
{
    /* Factors of half a word can't overflow; others are divided. */
    bool is_small = ((count | size) >> (sizeof(size_t) * 4)) == 0;
    void *room = COAX_LIKELY(is_small) ? coax_arena_take(in->arena, count * size, align)
                                       : coax_arena_array(in->arena, count, size, align);
    if (COAX_UNLIKELY(room == NULL))
        cx_fail_room(in, count, size);
    return room;
}

#endif
