/*
 * One MessagePack token, and the extent of one whole value.
 *
 * Knows the format's table of tags and nothing of types. Read next: reader.c.
 */
#include <assert.h>

#include <coax/endian.h>
#include <coax/reader.h>

#include "wire/token.h"

/* What the tags from 0xc0 to 0xdf are: their family, the bytes of their length, and what is known
 * without it. */
typedef struct tag_row {
    uint8_t family;
    uint8_t len_size; /* bytes of the length or count behind the tag */
    uint8_t body;     /* of a body of fixed size */
} tag_row;

static const tag_row tag_rows[32] = {
    [0x00] = { CX_FAMILY_NIL, 0, 0 },   [0x01] = { CX_FAMILY_RESERVED, 0, 0 },
    [0x02] = { CX_FAMILY_BOOL, 0, 0 },  [0x03] = { CX_FAMILY_BOOL, 0, 0 },
    [0x04] = { CX_FAMILY_BIN, 1, 0 },   [0x05] = { CX_FAMILY_BIN, 2, 0 },
    [0x06] = { CX_FAMILY_BIN, 4, 0 },   [0x07] = { CX_FAMILY_EXT, 1, 0 },
    [0x08] = { CX_FAMILY_EXT, 2, 0 },   [0x09] = { CX_FAMILY_EXT, 4, 0 },
    [0x0a] = { CX_FAMILY_FLOAT, 0, 4 }, [0x0b] = { CX_FAMILY_FLOAT, 0, 8 },
    [0x0c] = { CX_FAMILY_UINT, 0, 1 },  [0x0d] = { CX_FAMILY_UINT, 0, 2 },
    [0x0e] = { CX_FAMILY_UINT, 0, 4 },  [0x0f] = { CX_FAMILY_UINT, 0, 8 },
    [0x10] = { CX_FAMILY_INT, 0, 1 },   [0x11] = { CX_FAMILY_INT, 0, 2 },
    [0x12] = { CX_FAMILY_INT, 0, 4 },   [0x13] = { CX_FAMILY_INT, 0, 8 },
    [0x14] = { CX_FAMILY_EXT, 0, 1 },   [0x15] = { CX_FAMILY_EXT, 0, 2 },
    [0x16] = { CX_FAMILY_EXT, 0, 4 },   [0x17] = { CX_FAMILY_EXT, 0, 8 },
    [0x18] = { CX_FAMILY_EXT, 0, 16 },  [0x19] = { CX_FAMILY_STR, 1, 0 },
    [0x1a] = { CX_FAMILY_STR, 2, 0 },   [0x1b] = { CX_FAMILY_STR, 4, 0 },
    [0x1c] = { CX_FAMILY_ARRAY, 2, 0 }, [0x1d] = { CX_FAMILY_ARRAY, 4, 0 },
    [0x1e] = { CX_FAMILY_MAP, 2, 0 },   [0x1f] = { CX_FAMILY_MAP, 4, 0 },
};

cx_family cx_tag_family(uint8_t tag)
{
    if (tag < 0x80)
        return CX_FAMILY_UINT;
    if (tag < 0x90)
        return CX_FAMILY_MAP;
    if (tag < 0xa0)
        return CX_FAMILY_ARRAY;
    if (tag < 0xc0)
        return CX_FAMILY_STR;
    if (tag < 0xe0)
        return (cx_family)tag_rows[tag - 0xc0].family;
    return CX_FAMILY_INT;
}

const char *cx_tag_name(uint8_t tag)
{
    static const char *const names[] = {
        [CX_FAMILY_NIL] = "nil",
        [CX_FAMILY_BOOL] = "a bool",
        [CX_FAMILY_UINT] = "an integer",
        [CX_FAMILY_INT] = "an integer",
        [CX_FAMILY_FLOAT] = "a float",
        [CX_FAMILY_STR] = "text",
        [CX_FAMILY_BIN] = "bytes",
        [CX_FAMILY_EXT] = "an extension",
        [CX_FAMILY_ARRAY] = "an array",
        [CX_FAMILY_MAP] = "a map",
        [CX_FAMILY_RESERVED] = "the reserved tag 0xc1",
    };
    return names[cx_tag_family(tag)];
}

/* Sets the length or count that a token's header declared. */
static void set_length(cx_token *token, uint32_t len)
{
    if (token->family == CX_FAMILY_ARRAY)
        token->children = len;
    else if (token->family == CX_FAMILY_MAP)
        token->children = (uint64_t)len * 2;
    else
        token->body = len;
}

static cx_extent read_tabled(const uint8_t *at, const uint8_t *end, cx_token *token)
{
    const tag_row *row = &tag_rows[*at - 0xc0];
    if (row->family == CX_FAMILY_RESERVED)
        return CX_EXTENT_RESERVED;
    token->header = 1u + row->len_size + (row->family == CX_FAMILY_EXT);
    if ((size_t)(end - at) < token->header)
        return CX_EXTENT_TRUNCATED;
    token->body = row->body;
    if (row->len_size == 1)
        set_length(token, at[1]);
    else if (row->len_size == 2)
        set_length(token, coax_load_be16(at + 1));
    else if (row->len_size == 4)
        set_length(token, coax_load_be32(at + 1));
    return CX_EXTENT_WHOLE;
}

cx_extent cx_token_read(const uint8_t *at, const uint8_t *end, cx_token *ret_token)
{
    cx_token token = { CX_FAMILY_NIL, 1, 0, 0 };
    if (at == end)
        return CX_EXTENT_TRUNCATED;
    uint8_t tag = *at;
    token.family = cx_tag_family(tag);
    if (tag >= 0xc0 && tag < 0xe0) {
        cx_extent extent = read_tabled(at, end, &token);
        if (extent != CX_EXTENT_WHOLE)
            return extent;
    } else if (tag >= 0xa0 && tag < 0xc0) {
        set_length(&token, tag & 0x1fu);
    } else if (tag >= 0x80 && tag < 0xa0) {
        set_length(&token, tag & 0x0fu);
    }
    /* Every child is a byte at least, so this refuses a count that can't be true before anyone
     * believes it. */
    uint64_t behind = (size_t)(end - at) - token.header;
    if (token.body > behind || token.children > behind)
        return CX_EXTENT_TRUNCATED;
    *ret_token = token;
    return CX_EXTENT_WHOLE;
}

cx_extent cx_value_extent(const uint8_t *at, const uint8_t *end, uint32_t depth, size_t max_values,
                          size_t *ret_len)
{
    const uint8_t *start = at;
    size_t pending[COAX_DEPTH_MAX + 1]; /* values still to come on each level */
    uint32_t level = 0;
    cx_extent extent = CX_EXTENT_WHOLE;
    assert(depth <= COAX_DEPTH_MAX);
    pending[0] = 1;
    for (;;) {
        while (pending[level] == 0 && level > 0)
            level--;
        if (pending[level] == 0)
            break;
        pending[level]--;
        cx_token token;
        extent = max_values-- == 0 ? CX_EXTENT_TOO_MANY : cx_token_read(at, end, &token);
        if (extent != CX_EXTENT_WHOLE)
            break;
        at += token.header + token.body;
        if (token.family != CX_FAMILY_ARRAY && token.family != CX_FAMILY_MAP)
            continue;
        if (level == depth) {
            extent = CX_EXTENT_TOO_DEEP;
            break;
        }
        pending[++level] = (size_t)token.children;
    }
    *ret_len = (size_t)(at - start);
    return extent;
}

const char *cx_extent_text(cx_extent extent)
{
    switch (extent) {
    case CX_EXTENT_WHOLE: break;
    case CX_EXTENT_TRUNCATED: return "ends inside a value, or declares more than it holds";
    case CX_EXTENT_RESERVED: return "has the reserved tag 0xc1";
    case CX_EXTENT_TOO_DEEP: return "nests too deep";
    case CX_EXTENT_TOO_MANY: return "has too many values";
    }
    return NULL;
}
