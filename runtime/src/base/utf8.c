/*
 * UTF-8 validation: eight ASCII bytes at a time, one sequence at a time where there is more.
 *
 * Knows nothing of where text comes from. Read next: arena.c.
 */
#include <string.h>

#include "base/utf8.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Where the first byte over 0x7f is, looking a word at a time; `len` if nowhere. */
static size_t ascii_prefix(const uint8_t *text, size_t len)
{
    size_t at = 0;
    while (len - at >= 8) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        if ((word & HIGH_BITS) != 0)
            break;
        at += 8;
    }
    while (at < len && text[at] < 0x80)
        at++;
    return at;
}

/* The length of the valid multi-byte sequence at `text`, 0 if there is none. The lead byte is over
 * 0x7f. */
static size_t sequence_len(const uint8_t *text, size_t len)
{
    uint8_t lead = text[0];
    size_t want = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || len < want)
        return 0;
    /* The second byte's range rules out overlong forms, surrogates and what is past U+10FFFF. */
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < want; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    }
    return want;
}

size_t cx_utf8_valid_prefix(const uint8_t *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        at += ascii_prefix(text + at, len - at);
        if (at == len)
            break;
        /* Stays here while the text isn't ASCII, since looking ahead by words wouldn't pay. */
        while (at < len && text[at] >= 0x80) {
            size_t sequence = sequence_len(text + at, len - at);
            if (sequence == 0)
                return at;
            at += sequence;
        }
    }
    return at;
}

bool cx_utf8_valid(const uint8_t *text, size_t len)
{
    return cx_utf8_valid_prefix(text, len) == len;
}

bool cx_utf8_is_ascii(const uint8_t *text, size_t len)
{
    return ascii_prefix(text, len) == len;
}

size_t cx_utf8_count(const uint8_t *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += (text[i] & 0xc0) != 0x80;
    return count;
}
