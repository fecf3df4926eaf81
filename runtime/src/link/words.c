/*
 * Mending words. A peer refuses text that is not UTF-8, and then the reason would be lost.
 */
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "link/words.h"

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
