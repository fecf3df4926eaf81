/*
 * Small text files by line and by word, for the files of this folder.
 *
 * A line ends with LF, or CR LF; the last may lack it. Words are parted by spaces and tabs. Nothing is
 * copied. Knows no file and no format.
 */
#ifndef CX_SECURE_LINES_H
#define CX_SECURE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Part of a text. */
typedef struct cx_slice {
    const char *data;
    size_t len;
} cx_slice;

typedef struct cx_lines {
    const char *at;
    const char *end;
    uint32_t number; /* of the line given last; the first is 1 */
} cx_lines;

static inline cx_lines cx_lines_of(const char *text, size_t len)
{
    return (cx_lines){ text, text + len, 0 };
}

/* The next line, without its end. @return false: there is none. */
static inline bool cx_lines_next(cx_lines *lines, cx_slice *ret_line)
{
    size_t left = (size_t)(lines->end - lines->at);
    if (left == 0)
        return false;
    const char *end = memchr(lines->at, '\n', left);
    size_t len = end != NULL ? (size_t)(end - lines->at) : left;
    *ret_line = (cx_slice){ lines->at, len > 0 && lines->at[len - 1] == '\r' ? len - 1 : len };
    lines->at += end != NULL ? len + 1 : len;
    lines->number++;
    return true;
}

static inline bool cx_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Takes the next word off the line's front. @return false: only blanks are left. */
static inline bool cx_slice_word(cx_slice *line, cx_slice *ret_word)
{
    while (line->len > 0 && cx_is_blank(line->data[0])) {
        line->data++;
        line->len--;
    }
    size_t len = 0;
    while (len < line->len && !cx_is_blank(line->data[len]))
        len++;
    *ret_word = (cx_slice){ line->data, len };
    line->data += len;
    line->len -= len;
    return len > 0;
}

static inline bool cx_slice_is(cx_slice slice, const char *text)
{
    return slice.len == strlen(text) && memcmp(slice.data, text, slice.len) == 0;
}

#endif
