/*
 * Copies short runs of bytes without calling memcpy, which costs more than the copy for a field's
 * worth of text.
 */
#ifndef CX_BASE_COPY_H
#define CX_BASE_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Up to this many bytes are copied in line. */
#define CX_COPY_SHORT 32u

/*
 * Copies `len` bytes that don't overlap; both pointers may be NULL when `len` is 0. Each size class
 * is copied as two words that may overlap in the middle, so that nothing outside either buffer is
 * touched.
 */
static inline void cx_copy(uint8_t *to, const uint8_t *from, size_t len)
{
    if (len > CX_COPY_SHORT) {
        memcpy(to, from, len);
    } else if (len >= 16) {
        uint64_t words[4];
        memcpy(words, from, 16);
        memcpy(words + 2, from + len - 16, 16);
        memcpy(to, words, 16);
        memcpy(to + len - 16, words + 2, 16);
    } else if (len >= 8) {
        uint64_t first, last;
        memcpy(&first, from, 8);
        memcpy(&last, from + len - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + len - 8, &last, 8);
    } else if (len >= 4) {
        uint32_t first, last;
        memcpy(&first, from, 4);
        memcpy(&last, from + len - 4, 4);
        memcpy(to, &first, 4);
        memcpy(to + len - 4, &last, 4);
    } else if (len > 0) {
        to[0] = from[0];
        to[len / 2] = from[len / 2];
        to[len - 1] = from[len - 1];
    }
}

#endif
