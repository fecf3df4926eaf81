/*
 * Mending words. A peer refuses text that is not UTF-8, and then the reason would be lost.
 */
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "link/words.h"

/* A character of two or three bytes that nobody should have to look at: C1 controls, line breaks, turns. */
static size_t unfit_len(const uint8_t *at, size_t left)
{
    if (left >= 2 && at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
        return 2; /* U+0080 to U+009F */
    if (left < 3 || at[0] != 0xe2)
        return 0;
    if (at[1] == 0x80 && at[2] >= 0xa8 && at[2] <= 0xae)
        return 3;                                                   /* U+2028 to U+202E */
    return at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9 ? 3 : 0; /* U+2066 to U+2069 */
}

void cx_words_print(char *ret, const char *words, size_t len, cx_words_shape shape)
{
    const uint8_t *from = (const uint8_t *)words;
    char *to = ret;
    for (size_t at = 0, unfit; at<len; at += unfit> 0 ? unfit : 1) {
        uint8_t byte = from[at];
        unfit = unfit_len(from + at, len - at);
        if (byte == '\t' || byte == '\n' || byte == '\r')
            *to++ = shape == CX_WORDS_LINE ? ' ' : words[at];
        else
            *to++ = unfit > 0 || byte < ' ' || byte == 0x7f ? '?' : words[at];
    }
    *to = '\0';
}

enum { LONGEST_CHARACTER = 4 };

void cx_words_mend(char *words, size_t cut)
{
    size_t len = strlen(words);
    for (size_t at = 0; at < len;) {
        at += cx_utf8_valid_prefix((const uint8_t *)words + at, len - at);
        if (at == len)
            return;
        if (len == cut && len - at < LONGEST_CHARACTER) {
            words[at] = '\0';
            return;
        }
        words[at++] = '?';
    }
}
