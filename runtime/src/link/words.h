/*
 * Words on their way to a peer, and from one: whatever a program put in, what leaves is valid UTF-8;
 * whatever a peer put in, what comes out can be shown and logged.
 */
#ifndef CX_LINK_WORDS_H
#define CX_LINK_WORDS_H

#include <stddef.h>

/*
 * Replaces bytes that are no UTF-8 with '?'. A character that was split because the words were cut
 * at `cut` bytes is dropped instead; 0: they were not cut.
 */
void cx_words_mend(char *words, size_t cut);

/* What becomes of tabs and line breaks. */
typedef enum cx_words_shape {
    CX_WORDS_LINE = 1, /* spaces: it is shown or logged as one line */
    CX_WORDS_TEXT      /* they stay: it goes to a program, whose log sink escapes them */
} cx_words_shape;

/*
 * Makes valid UTF-8 fit to be looked at: control characters other than tabs and line breaks, and those that turn the direction of
 * writing, become '?'. Writes at most `len` bytes and a NUL to `ret`, which may be `words`.
 */
void cx_words_print(char *ret, const char *words, size_t len, cx_words_shape shape);

#endif
