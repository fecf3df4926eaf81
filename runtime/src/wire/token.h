/*
 * One MessagePack token, and the extent of one whole value, without decoding either.
 *
 * Specification: https://github.com/msgpack/msgpack/blob/master/spec.md, "Formats". Nothing here
 * takes memory or recurses; a value is measured in time linear in its bytes.
 */
#ifndef CX_WIRE_TOKEN_H
#define CX_WIRE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cx_family {
    CX_FAMILY_NIL = 0,
    CX_FAMILY_BOOL,
    CX_FAMILY_UINT,
    CX_FAMILY_INT, /* negative fix form, and int 8 to 64, which may hold non-negative values too */
    CX_FAMILY_FLOAT,
    CX_FAMILY_STR,
    CX_FAMILY_BIN,
    CX_FAMILY_EXT,
    CX_FAMILY_ARRAY,
    CX_FAMILY_MAP,
    CX_FAMILY_RESERVED /* 0xc1 */
} cx_family;

/* A token is a header and a body; a container's children follow it. */
typedef struct cx_token {
    cx_family family;
    uint32_t header;   /* bytes up to the body: tag, length, and the type of an ext */
    uint32_t body;     /* bytes of text, bin or ext; bytes of a number; else 0 */
    uint64_t children; /* values inside: items, or keys and values; at most 2^33 */
} cx_token;

typedef enum cx_extent {
    CX_EXTENT_WHOLE = 0,
    CX_EXTENT_TRUNCATED, /* the bytes end inside a value, or a container declares more values than
                            bytes are left */
    CX_EXTENT_RESERVED,  /* tag 0xc1 */
    CX_EXTENT_TOO_DEEP,
    CX_EXTENT_TOO_MANY /* more values than allowed */
} cx_extent;

/* "an integer", "text", ...: what a tag announces, for error texts. */
const char *cx_tag_name(uint8_t tag);

cx_family cx_tag_family(uint8_t tag);

/* Reads the token at `at`. Its body is inside [at, end); its children are at least not more than
 * the bytes behind it. */
cx_extent cx_token_read(const uint8_t *at, const uint8_t *end, cx_token *ret_token);

/*
 * Measures the value at `at`: *ret_len bytes. `depth` is how many levels of containers it may have,
 * `max_values` how many values, itself and containers included. With another result than
 * CX_EXTENT_WHOLE, *ret_len says where it was found.
 */
cx_extent cx_value_extent(const uint8_t *at, const uint8_t *end, uint32_t depth, size_t max_values,
                          size_t *ret_len);

/* A sentence without its subject: "ends inside a value". NULL for CX_EXTENT_WHOLE. */
const char *cx_extent_text(cx_extent extent);

#endif
