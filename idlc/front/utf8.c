/* UTF-8 as RFC 3629 has it, and how wide characters are in a terminal. Read next: literal.c. */
#include "front/utf8.h"

#include "base/utf8.h"

#include <stdbool.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0u) == 0x80u;
}

/* The second byte is where overlong forms, surrogates and the end of Unicode are decided
 * (RFC 3629, section 4). */
static bool second_byte_fits(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second <= 0x9F;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second <= 0x8F;
    default: return true;
    }
}

size_t idl_utf8_length(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (len == 0)
        return 0;
    if (bytes[0] < 0x80)
        return 1;
    size_t want = 0;
    if (bytes[0] >= 0xC2 && bytes[0] <= 0xDF)
        want = 2;
    else if (bytes[0] >= 0xE0 && bytes[0] <= 0xEF)
        want = 3;
    else if (bytes[0] >= 0xF0 && bytes[0] <= 0xF4)
        want = 4;
    if (want == 0 || len < want || !second_byte_fits(bytes[0], bytes[1]))
        return 0;
    for (size_t i = 1; i < want; i++) {
        if (!is_continuation(bytes[i]))
            return 0;
    }
    return want;
}

size_t idl_utf8_check(const char *text, size_t len)
{
    return cx_utf8_valid_prefix((const uint8_t *)text, len);
}

size_t idl_utf8_encode(uint32_t code_point, char *out)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        return 0;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t n_more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = { 0, 0xC0, 0xE0, 0xF0 };
    out[0] = (char)(leads[n_more] | (code_point >> (6 * n_more)));
    for (size_t i = 1; i <= n_more; i++)
        out[i] = (char)(0x80u | ((code_point >> (6 * (n_more - i))) & 0x3Fu));
    return n_more + 1;
}

static uint32_t decode(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (length <= 1)
        return bytes[0];
    uint32_t code_point = bytes[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code_point = (code_point << 6) | (bytes[i] & 0x3Fu);
    return code_point;
}

typedef struct interval {
    uint32_t first, last;
    unsigned width;
} interval;

/* The blocks that matter for people's names and comments, not the whole of Unicode's tables: a
 * caret one column off under a rare script is the worst that can happen. */
static const interval unusual[] = {
    { 0x0300, 0x036F, 0 },   { 0x0483, 0x0489, 0 },   { 0x0591, 0x05BD, 0 },
    { 0x064B, 0x065F, 0 },   { 0x1100, 0x115F, 2 },   { 0x1AB0, 0x1AFF, 0 },
    { 0x1DC0, 0x1DFF, 0 },   { 0x200B, 0x200F, 0 },   { 0x20D0, 0x20FF, 0 },
    { 0x2E80, 0x303E, 2 },   { 0x3041, 0x33FF, 2 },   { 0x3400, 0x4DBF, 2 },
    { 0x4E00, 0x9FFF, 2 },   { 0xA000, 0xA4CF, 2 },   { 0xAC00, 0xD7A3, 2 },
    { 0xF900, 0xFAFF, 2 },   { 0xFE00, 0xFE0F, 0 },   { 0xFE20, 0xFE2F, 0 },
    { 0xFE30, 0xFE6F, 2 },   { 0xFF00, 0xFF60, 2 },   { 0xFFE0, 0xFFE6, 2 },
    { 0x1F300, 0x1F64F, 2 }, { 0x1F680, 0x1F6FF, 2 }, { 0x1F900, 0x1F9FF, 2 },
    { 0x20000, 0x3FFFD, 2 },
};

unsigned idl_utf8_width(const char *text, size_t len)
{
    size_t length = idl_utf8_length(text, len);
    if (length == 0)
        return 1;
    uint32_t code_point = decode(text, length);
    for (size_t i = 0; i < sizeof unusual / sizeof unusual[0]; i++) {
        if (code_point >= unusual[i].first && code_point <= unusual[i].last)
            return unusual[i].width;
    }
    return 1;
}
